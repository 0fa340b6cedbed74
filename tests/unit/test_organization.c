/* Unit tests of gen/model's organization policies: which levels bind an account, what is
 * not known of them, and what they do to rights and questions. */
#include "model_kit.h"

#include "base/file.h"
#include "model/can.h"
#include "model/organization.h"

static struct kit k;

static void setup(void)
{
    k = kit_new_with_actions();
}

static void teardown(void)
{
    arena_free(k.a);
}

#define SCP "\"SERVICE_CONTROL_POLICY\""
#define RCP "\"RESOURCE_CONTROL_POLICY\""
#define FULL "{\"Id\":\"p-FullAWSAccess\",\"Name\":\"FullAWSAccess\",\"Type\":" SCP "}"
#define GUARD "{\"Id\":\"p-guard\",\"Name\":\"Guard\",\"Type\":" SCP "}"
#define WALL "{\"Id\":\"p-wall\",\"Name\":\"Wall\",\"Type\":" RCP "}"

static void attached(const char *target, const char *policies)
{
    kit_add(&k, "organizations:ListPoliciesForTarget", target, "",
            str_fmt(k.a, "{\"Policies\":[%s]}", policies).p);
}

static void parent(const char *child, const char *id, const char *type)
{
    kit_add(&k, "organizations:ListParents", child, "",
            str_fmt(k.a, "{\"Parents\":[{\"Id\":\"%s\",\"Type\":\"%s\"}]}", id, type).p);
}

static void policy(const char *id, const char *type, const char *statement)
{
    struct str text = str_fmt(k.a, "{'Version':'2012-10-17','Statement':%s}", statement);
    char *content = str_z(k.a, text);
    struct buf b = BUF_INIT;
    for (char *c = content; *c; c++)
        buf_z(&b, *c == '\'' ? "\\\"" : (char[]){*c, 0});
    kit_add(&k, "organizations:DescribePolicy", id, "",
            str_fmt(k.a,
                    "{\"Policy\":{\"PolicySummary\":{\"Id\":\"%s\",\"Name\":\"%s\","
                    "\"Type\":%s,\"AwsManaged\":false},\"Content\":\"%.*s\"}}",
                    id, id, type, STR_ARG(buf_view(&b)))
                .p);
    buf_free(&b);
}

static void roots(const char *types)
{
    kit_add(&k, "organizations:ListRoots", "", "",
            str_fmt(k.a, "{\"Roots\":[{\"Id\":\"r-1\",\"PolicyTypes\":[%s]}]}", types).p);
}

static void role(void)
{
    kit_add(&k, "iam:GetRolePolicy", "r", "p",
            "{\"RoleName\":\"r\",\"PolicyName\":\"p\",\"PolicyDocument\":{\"Version\":"
            "\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":[\"s3:*\","
            "\"iam:*\"],\"Resource\":\"*\"}}}");
    kit_add(&k, "iam:ListRolePolicies", "r", "", "{\"PolicyNames\":[\"p\"]}");
    kit_add(&k, "iam:ListAttachedRolePolicies", "r", "", "{\"AttachedPolicies\":[]}");
}

/* A letter for each thing that is in evidence: A, U, R the policies of account, unit and
 * root; a, u their parents; G the guard on the unit instead; g its text; m the account is
 * the management account; n in no organization; b consolidated billing; t types enabled;
 * o types off; W an RCP on the root; w its text; T the guard's targets only. */
static void build(const char *what)
{
    role();
    for (; *what; what++)
        switch (*what) {
        case 'A':
            attached(ACCT, FULL);
            break;
        case 'U':
            attached("ou-1", FULL);
            break;
        case 'G':
            attached("ou-1", FULL "," GUARD);
            break;
        case 'R':
            attached("r-1", FULL);
            break;
        case 'W':
            attached("r-1", WALL);
            break;
        case 'a':
            parent(ACCT, "ou-1", "ORGANIZATIONAL_UNIT");
            break;
        case 'u':
            parent("ou-1", "r-1", "ROOT");
            break;
        case 'g':
            policy("p-guard", SCP, "[{'Effect':'Deny','Action':'iam:*','Resource':'*'}]");
            break;
        case 'l':
            policy("p-guard", SCP,
                   "[{'Effect':'Allow','Action':'s3:Get*','Resource':'*'}]");
            break;
        case 'w':
            policy("p-wall", RCP,
                   "[{'Effect':'Deny','Principal':'*','Action':'s3:*','Resource':'*'}]");
            break;
        case 'L':
            attached("ou-1", GUARD);
            break;
        case 'T':
            kit_add(&k, "organizations:ListTargetsForPolicy", "p-guard", "",
                    "{\"Targets\":[{\"TargetId\":\"ou-1\",\"Type\":"
                    "\"ORGANIZATIONAL_UNIT\"}]}");
            break;
        case 'm':
            kit_add(&k, "organizations:DescribeOrganization", "", "",
                    "{\"Organization\":{\"Id\":\"o-1\",\"MasterAccountId\":\"" ACCT
                    "\",\"FeatureSet\":\"ALL\"}}");
            break;
        case 'n':
            kit_error(&k, "organizations:DescribeOrganization", "",
                      "AWSOrganizationsNotInUseException");
            break;
        case 'b':
            kit_add(&k, "organizations:DescribeOrganization", "", "",
                    "{\"Organization\":{\"Id\":\"o-1\",\"MasterAccountId\":"
                    "\"999988887777\",\"FeatureSet\":\"CONSOLIDATED_BILLING\"}}");
            break;
        case 't':
            roots("{\"Type\":" SCP ",\"Status\":\"ENABLED\"},{\"Type\":" RCP
                  ",\"Status\":\"ENABLED\"}");
            break;
        case 'o':
            roots("{\"Type\":" SCP ",\"Status\":\"ENABLED\"}");
            break;
        default:
            ck_abort_msg("%c", *what);
        }
    kit_build(&k);
}

static const struct {
    const char *evidence;
    const char *action, *resource;
    const char *verdict;
    bool upper_bound;
} questions[] = {
    {"", "s3:GetObject", "arn:aws:s3:::b/k", "allowed", true},
    {"n", "s3:GetObject", "arn:aws:s3:::b/k", "allowed", false},
    {"b", "s3:GetObject", "arn:aws:s3:::b/k", "allowed", false},
    {"m", "iam:GetRole", "*", "allowed", false},
    {"mgG", "iam:GetRole", "*", "allowed", false},
    {"AaURuo", "s3:GetObject", "arn:aws:s3:::b/k", "allowed", false},
    {"AaUR", "s3:GetObject", "arn:aws:s3:::b/k", "allowed", true}, /* the unit's parent */
    {"AaRuo", "s3:GetObject", "arn:aws:s3:::b/k", "allowed", true}, /* the unit itself */
    {"AaGRuog", "iam:GetRole", "*", "explicitly denied", false},
    {"AaGRuo", "iam:GetRole", "*", "allowed", true},           /* no text */
    {"AaGug", "iam:GetRole", "*", "explicitly denied", false}, /* root not known */
    {"AaTRuog", "iam:GetRole", "*", "explicitly denied", false},
    {"AaLRuol", "s3:GetObject", "arn:aws:s3:::b/k", "allowed", false},
    {"AaLRuol", "s3:PutObject", "arn:aws:s3:::b/k", "implicitly denied", false},
    {"AaURutWw", "iam:GetRole", "*", "allowed", false},
    {"AaURutW", "iam:GetRole", "*", "allowed", false}, /* not a service of RCPs */
};
START_TEST(question)
{
    build(questions[_i].evidence);
    struct question q = {.principal = STR("r"),
                         .action = str_from(questions[_i].action),
                         .resource = str_from(questions[_i].resource)};
    struct answer a = model_can(k.a, k.m, k.actions, &q, k.dx);
    ck_assert_str_eq(evaluate_verdict_name(a.evaluation->verdict), questions[_i].verdict);
    ck_assert_int_eq(a.evaluation->upper_bound, questions[_i].upper_bound);
}
END_TEST

/* RCPs bind the resources of the account, whoever asks. */
START_TEST(resources)
{
    build("AaURutWw");
    kit_add(&k, "s3:GetBucketLocation", "b", "", "{\"LocationConstraint\":null}");
    kit_build(&k);
    struct question q = {.principal = STR("r"),
                         .action = STR("s3:GetObject"),
                         .resource = STR("arn:aws:s3:::b/k")};
    struct answer a = model_can(k.a, k.m, k.actions, &q, k.dx);
    ck_assert_str_eq(evaluate_verdict_name(a.evaluation->verdict), "explicitly denied");
}
END_TEST

/* Levels that facts show: target and whether it is known. */
static const struct {
    const char *evidence, *levels;
} level_rows[] = {
    {"", ""},
    {"n", ""},
    {"AaURuo", ACCT "+ ou-1+ r-1+ "},
    {"AaRuo", ACCT "+ ou-1- r-1+ "},
    {"AaGRuo", ACCT "+ ou-1- r-1+ "},
    {"AaGRuog", ACCT "+ ou-1+ r-1+ "},
};
START_TEST(levels)
{
    build(level_rows[_i].evidence);
    size_t n;
    const struct organization_level *v =
        organization_levels(k.m->organization, STR(ACCT), &n);
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%.*s%c ", STR_ARG(v[i].target), v[i].known ? '+' : '-');
    buf_c(&b, '\0');
    ck_assert_str_eq(b.p, level_rows[_i].levels);
    buf_free(&b);
}
END_TEST

START_TEST(loops)
{
    role();
    attached(ACCT, FULL);
    parent(ACCT, "ou-1", "ORGANIZATIONAL_UNIT");
    parent("ou-1", "ou-2", "ORGANIZATIONAL_UNIT");
    parent("ou-2", "ou-1", "ORGANIZATIONAL_UNIT");
    kit_build(&k);
    struct organization_limits l = organization_limits(k.m->organization, STR(ACCT));
    ck_assert(l.nservices > 1 && l.services[l.nservices - 1].missing);
}
END_TEST

START_TEST(service_roles)
{
    ck_assert(!organization_binds(
        STR("arn:aws:iam::" ACCT ":role/aws-service-role/kafka.amazonaws.com/X")));
    ck_assert(organization_binds(STR("arn:aws:iam::" ACCT ":role/r")));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("organization");
    TCase *t = tcase_create("all");
    tcase_add_checked_fixture(t, setup, teardown);
    unit_rows(t, question, questions);
    tcase_add_test(t, resources);
    unit_rows(t, levels, level_rows);
    tcase_add_test(t, loops);
    tcase_add_test(t, service_roles);
    suite_add_tcase(s, t);
    return unit_run(s, "organization");
}
