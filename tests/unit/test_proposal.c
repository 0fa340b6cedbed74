/* Unit tests of gen/model/proposal.c: the policies that a role should have, beside those
 * that it has. */
#include "model_kit.h"

#include "base/file.h"
#include "model/proposal.h"

#define APP_ARN "arn:aws:kinesisanalytics:us-east-1:111122223333:application/"
#define ROLE_ARN "arn:aws:iam::111122223333:role/r"
#define STREAM "arn:aws:kinesis:us-east-1:111122223333:stream/"

static struct kit k;

static void setup(void)
{
    k = kit_new_with_actions();
}

static void teardown(void)
{
    arena_free(k.a);
}

static void app(const char *name, const char *stream)
{
    kit_add(&k, "kinesisanalytics:DescribeApplication",
            str_fmt(k.a, APP_ARN "%s", name).p, "",
            str_fmt(k.a,
                    "{\"ApplicationDetail\":{\"ApplicationARN\":\"" APP_ARN
                    "%s\",\"ApplicationName\":\"%s\",\"ServiceExecutionRole\":\"" ROLE_ARN
                    "\",\"RuntimeEnvironment\":\"FLINK-1_20\","
                    "\"ApplicationConfigurationDescription\":{"
                    "\"EnvironmentPropertyDescriptions\":{"
                    "\"PropertyGroupDescriptions\":[{\"PropertyGroupId\":\"Source\","
                    "\"PropertyMap\":{\"stream.arn\":\"" STREAM "%s\"}}]}}}}",
                    name, name, stream)
                .p);
}

/* A role with one inline policy; more: further members of the role. */
static void role(const char *statement, const char *more)
{
    kit_add(&k, "iam:GetAccountAuthorizationDetails", "", "",
            str_fmt(k.a,
                    "{\"UserDetailList\":[],\"GroupDetailList\":[],\"RoleDetailList\":[{"
                    "\"RoleName\":\"r\",\"Arn\":\"" ROLE_ARN
                    "\",\"AssumeRolePolicyDocument\":{\"Version\":\"2012-10-17\","
                    "\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":"
                    "\"kinesisanalytics.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}"
                    ",\"RolePolicyList\":[{\"PolicyName\":\"p\",\"PolicyDocument\":{"
                    "\"Version\":\"2012-10-17\",\"Statement\":[%s]}}],"
                    "\"AttachedManagedPolicies\":[]%s}],\"Policies\":[{\"PolicyName\":"
                    "\"edge\",\"Arn\":\"arn:aws:iam::111122223333:policy/edge\","
                    "\"DefaultVersionId\":\"v1\",\"PolicyVersionList\":[{\"VersionId\":"
                    "\"v1\",\"IsDefaultVersion\":true,\"Document\":{\"Version\":"
                    "\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"
                    "\"s3:*\",\"Resource\":\"*\"}]}}]}]}",
                    statement, more)
                .p);
}

static struct proposal *propose(const char *application)
{
    kit_build(&k);
    struct proposal *p =
        proposal_make(k.a, k.m, k.actions, kit_find(&k, ROLE_ARN),
                      application ? kit_find(&k, application) : NULL, false, k.dx);
    ck_assert_ptr_nonnull(p);
    return p;
}

static bool doubted(const struct proposal *p, const char *word)
{
    for (size_t i = 0; i < p->ndoubts; i++)
        if (str_has(str_from(p->doubts[i]), str_from(word)))
            return true;
    return false;
}

#define WIDE                                                                             \
    "{\"Sid\":\"All\",\"Effect\":\"Allow\",\"Action\":\"kinesis:*\",\"Resource\":\"*\"}"
#define DENY "{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\"}"

START_TEST(narrows)
{
    app("orders", "s");
    role(WIDE "," DENY, "");
    struct proposal *p = propose(NULL);
    ck_assert(p->permissions->proved && p->trust->proved && !p->managed);
    ck_assert_str_eq(p->names[0].p, "r-minimal");
    ck_assert_uint_eq(p->nfates, 1);
    ck_assert_int_eq(p->fates[0].fate, MINIMAL_NARROW);
    ck_assert(str_has(p->permissions->texts[0], STR("\"Deny\"")));
    struct str diff = proposal_diff(k.a, p);
    ck_assert(str_has(diff, STR("--- r/p.json\n+++ r/r-minimal.json\n")));
    ck_assert(str_has(diff, STR("\n-      \"Action\": \"kinesis:*\",\n")));
    ck_assert(str_has(diff, STR("+      \"Resource\": \"" STREAM "s\"\n")));
    ck_assert(str_has(diff, STR("--- r/trust.json\n")));
    ck_assert(str_has(diff, STR("\"aws:SourceArn\": \"" APP_ARN "orders\"")));
    ck_assert(!doubted(p, "boundary"));
}
END_TEST

/* One of two applications of a role: its needs alone; both: those of both. */
START_TEST(shared_role)
{
    app("orders", "s");
    app("returns", "t");
    role(WIDE, "");
    struct proposal *one = propose("orders");
    ck_assert(!str_has(one->permissions->texts[0], STR(STREAM "t")));
    ck_assert(!str_has(one->trust->texts[0], STR("returns")));
    ck_assert_uint_eq(one->rights->napps, 2);
    struct proposal *both = propose(NULL);
    ck_assert(str_has(both->permissions->texts[0], STR(STREAM "t")));
    ck_assert(str_has(both->trust->texts[0], STR("returns")));
    ck_assert(both->trust->proved);
}
END_TEST

/* What the boundary keeps away cannot be granted. */
START_TEST(boundary)
{
    app("orders", "s");
    role(WIDE, ",\"PermissionsBoundary\":{\"PermissionsBoundaryType\":"
               "\"Policy\",\"PermissionsBoundaryArn\":"
               "\"arn:aws:iam::111122223333:policy/edge\"}");
    ck_assert(doubted(propose(NULL), "boundary"));
}
END_TEST

START_TEST(attached)
{
    app("orders", "s");
    role(WIDE, "");
    kit_add(&k, "iam:ListAttachedRolePolicies", ROLE_ARN, "",
            "{\"AttachedPolicies\":[{\"PolicyName\":\"AmazonS3FullAccess\",\"PolicyArn\":"
            "\"arn:aws:iam::aws:policy/AmazonS3FullAccess\"}]}");
    struct proposal *p = propose(NULL);
    ck_assert(doubted(p, "not in evidence"));
    ck_assert(str_has(proposal_diff(k.a, p),
                      STR("# detach arn:aws:iam::aws:policy/AmazonS3FullAccess (managed "
                          "by AWS)\n")));
}
END_TEST

START_TEST(undescribed)
{
    role(WIDE, "");
    struct proposal *p = propose(NULL);
    ck_assert(p->permissions == NULL && proposal_diff(k.a, p).n == 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("proposal");
    TCase *t = tcase_create("all");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, narrows);
    tcase_add_test(t, shared_role);
    tcase_add_test(t, boundary);
    tcase_add_test(t, attached);
    tcase_add_test(t, undescribed);
    suite_add_tcase(s, t);
    return unit_run(s, "proposal");
}
