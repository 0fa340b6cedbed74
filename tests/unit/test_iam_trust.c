/* Unit tests of gen/iam/trust and narrow: who is let in, and how narrowly. */
#include "iam_make.h"

#include "iam/trust.h"

static struct arena *a;
static struct iam *x;

static void setup(void)
{
    a = arena_new();
    x = iam_new(a, iam_table(a));
}

static void teardown(void)
{
    arena_free(a);
}

#define APP "arn:aws:kinesisanalytics:us-east-1:111122223333:application/orders"
#define T(principal, more)                                                               \
    "{'Effect':'Allow','Principal':" principal ",'Action':'sts:AssumeRole'" more "}"
#define OWN "{'Service':'kinesisanalytics.amazonaws.com'}"
#define IF(text) ",'Condition':{" text "}"
#define ACCOUNT "'StringEquals':{'aws:SourceAccount':'111122223333'}"
#define SOURCE(arn) "'ArnLike':{'aws:SourceArn':'" arn "'}"

/* clang-format off */
static const struct {
    const char *statement;
    enum trust_class class;
    enum trust_weight weight;
    enum truth admitted;
} trusts[] = {
    {T(OWN, IF(ACCOUNT "," SOURCE(APP))), TRUST_OWN_SERVICE, TRUST_FINE, TRUTH_YES},
    {T(OWN, IF(ACCOUNT)), TRUST_OWN_SERVICE, TRUST_LOW, TRUTH_YES},
    {T(OWN, ""), TRUST_OWN_SERVICE, TRUST_MEDIUM, TRUTH_YES},
    {T(OWN, IF(SOURCE("arn:aws:kinesisanalytics:us-east-1:111122223333:application/*"))), TRUST_OWN_SERVICE, TRUST_LOW, TRUTH_YES},
    {T(OWN, IF(SOURCE("arn:aws:kinesisanalytics::111122223333:*"))), TRUST_OWN_SERVICE, TRUST_HIGH, TRUTH_NO},
    {T(OWN, IF(SOURCE("arn:aws:kinesisanalytics:eu-west-1:111122223333:application/orders"))), TRUST_OWN_SERVICE, TRUST_HIGH, TRUTH_NO},
    {T(OWN, IF("'StringEquals':{'aws:SourceArn':'arn:aws:kinesisanalytics:us-east-1:111122223333:application/*'}")), TRUST_OWN_SERVICE, TRUST_LOW, TRUTH_NO},
    {T(OWN, IF("'StringEquals':{'aws:SourceAccount':'999988887777'}")), TRUST_OWN_SERVICE, TRUST_HIGH, TRUTH_NO},
    {T(OWN, IF("'StringEqualsIfExists':{'aws:SourceAccount':'111122223333'}")), TRUST_OWN_SERVICE, TRUST_MEDIUM, TRUTH_YES},
    {T(OWN, IF("'ArnLike':{'aws:SourceArn':'arn:aws:*:*:*:*'}")), TRUST_OWN_SERVICE, TRUST_MEDIUM, TRUTH_YES},
    {T(OWN, IF("'Bool':{'aws:SecureTransport':true}")), TRUST_OWN_SERVICE, TRUST_MEDIUM, TRUTH_UNKNOWN},
    {T("{'Service':'ec2.amazonaws.com'}", ""), TRUST_OTHER_SERVICE, TRUST_MEDIUM, TRUTH_NO},
    {T("'*'", ""), TRUST_EVERYONE, TRUST_CRITICAL, TRUTH_YES},
    {T("{'AWS':'*'}", IF("'Bool':{'aws:SecureTransport':'true'}")), TRUST_EVERYONE, TRUST_CRITICAL, TRUTH_UNKNOWN},
    {T("{'AWS':'*'}", IF("'StringEquals':{'aws:PrincipalOrgID':'o-a1b2c3d4e5'}")), TRUST_EVERYONE, TRUST_FINE, TRUTH_UNKNOWN},
    {T("{'AWS':'*'}", IF("'StringLike':{'aws:PrincipalOrgID':'*'}")), TRUST_EVERYONE, TRUST_CRITICAL, TRUTH_UNKNOWN},
    {T("{'AWS':'*'}", IF("'StringEquals':{'aws:PrincipalAccount':'999988887777'}")), TRUST_EVERYONE, TRUST_HIGH, TRUTH_UNKNOWN},
    {T("{'AWS':'*'}", IF("'ArnLike':{'aws:PrincipalArn':'arn:aws:iam::111122223333:role/ops-*'}")), TRUST_EVERYONE, TRUST_FINE, TRUTH_UNKNOWN},
    {T("{'AWS':'*'}", IF("'ArnLike':{'aws:PrincipalArn':'arn:aws:iam::*:role/ops'}")), TRUST_EVERYONE, TRUST_CRITICAL, TRUTH_UNKNOWN},
    {T("{'AWS':'111122223333'}", ""), TRUST_OWN_ACCOUNT, TRUST_MEDIUM, TRUTH_NO},
    {T("{'AWS':'arn:aws:iam::111122223333:role/admin'}", ""), TRUST_OWN_IDENTITY, TRUST_LOW, TRUTH_NO},
    {T("{'AWS':'444455556666'}", ""), TRUST_KNOWN_ACCOUNT, TRUST_LOW, TRUTH_NO},
    {T("{'AWS':'999988887777'}", ""), TRUST_FOREIGN, TRUST_HIGH, TRUTH_NO},
    {T("{'AWS':'999988887777'}", IF("'StringEquals':{'sts:ExternalId':'x1'}")), TRUST_FOREIGN, TRUST_MEDIUM, TRUTH_NO},
    {T("{'AWS':'AROAEXAMPLEID23456789'}", ""), TRUST_DEAD, TRUST_LOW, TRUTH_NO},
    {T("{'AWS':'arn:aws:iam::111122223333:role/*'}", ""), TRUST_MALFORMED, TRUST_LOW, TRUTH_NO},
    {T("{'Federated':'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com'}", ""), TRUST_FEDERATED, TRUST_HIGH, TRUTH_NO},
    {T("{'Federated':'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com'}", IF("'StringEquals':{'token.actions.githubusercontent.com:sub':'repo:o/r:ref:refs/heads/main'}")), TRUST_FEDERATED, TRUST_FINE, TRUTH_NO},
    {"{'Effect':'Allow','NotPrincipal':{'AWS':'111122223333'},'Action':'sts:AssumeRole'}", TRUST_ALL_BUT, TRUST_CRITICAL, TRUTH_NO},
    {T(OWN, IF(ACCOUNT "," SOURCE(APP))) ",{'Effect':'Deny','Principal':'*','Action':'*'}", TRUST_OWN_SERVICE, TRUST_FINE, TRUTH_NO},
    {T("'*'", "") ",{'Effect':'Deny','Principal':'*','Action':'sts:*','Condition':{'StringNotEquals':{'aws:PrincipalOrgID':'o-a1b2c3d4e5'}}}", TRUST_EVERYONE, TRUST_FINE, TRUTH_UNKNOWN},
    {T("'*'", "") ",{'Effect':'Deny','Principal':'*','Action':'sts:TagSession','Condition':{'StringNotEquals':{'aws:PrincipalOrgID':'o-a1b2c3d4e5'}}}", TRUST_EVERYONE, TRUST_CRITICAL, TRUTH_UNKNOWN},
};
/* clang-format on */

static const struct trust_view *the_view(void)
{
    static const struct str known[] = {{"444455556666", 12}};
    static const struct trust_view view = {{"111122223333", 12},
                                           {"kinesisanalytics.amazonaws.com", 30},
                                           {APP, sizeof APP - 1},
                                           known,
                                           1};
    return &view;
}

START_TEST(trust_policies)
{
    struct policy *p = iam_statements(a, trusts[_i].statement, POLICY_TRUST);
    struct trust *t = trust_read(x, p, the_view());
    ck_assert_uint_eq(t->n, 1);
    ck_assert_str_eq(trust_class_name(t->v[0].class), trust_class_name(trusts[_i].class));
    ck_assert_msg(t->v[0].weight == trusts[_i].weight, "%s: %s",
                  trust_weight_name(t->v[0].weight), t->v[0].why);
    ck_assert_int_eq(t->v[0].weight != TRUST_FINE, t->v[0].why != NULL);
    ck_assert_int_eq(t->service_admitted, trusts[_i].admitted);
}
END_TEST

#define R(principal, more)                                                               \
    "{'Effect':'Allow','Principal':" principal                                           \
    ",'Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'" more "}"

/* clang-format off */
static const struct {
    const char *statement;
    bool open, crosses, unguarded;
    enum trust_weight weight;
} resources[] = {
    {R("'*'", ""), true, false, false, TRUST_CRITICAL},
    {R("'*'", IF("'IpAddress':{'aws:SourceIp':'0.0.0.0/0'}")), true, false, false, TRUST_CRITICAL},
    {R("'*'", IF("'StringEquals':{'aws:SourceVpce':'vpce-1a2b3c4d'}")), false, false, false, TRUST_FINE},
    {R("'*'", IF("'StringNotEquals':{'aws:SourceVpce':'vpce-1a2b3c4d'}")), true, false, false, TRUST_CRITICAL},
    {R("{'AWS':'111122223333'}", ""), false, false, false, TRUST_FINE},
    {R("{'AWS':'999988887777'}", ""), false, true, false, TRUST_HIGH},
    {R("{'Service':'logging.s3.amazonaws.com'}", ""), false, false, true, TRUST_MEDIUM},
    {R("{'Service':'logging.s3.amazonaws.com'}", IF(ACCOUNT)), false, false, false, TRUST_FINE},
    {R("{'Service':'logs.amazonaws.com'}", IF("'ArnLike':{'kms:EncryptionContext:aws:logs:arn':'arn:aws:logs:us-east-1:111122223333:log-group:*'}")), false, false, false, TRUST_FINE},
    {R("{'Service':'logs.amazonaws.com'}", IF("'ArnLike':{'kms:EncryptionContext:aws:logs:arn':'arn:aws:logs:us-east-1:*:log-group:*'}")), false, false, true, TRUST_MEDIUM},
    {R("{'Service':'sns.amazonaws.com'}", IF("'ArnEquals':{'aws:SourceArn':'arn:aws:sns:us-east-1:111122223333:t'}")), false, false, false, TRUST_FINE},
    {R("{'Service':'sns.amazonaws.com'}", IF("'StringEquals':{'aws:SourceOrgID':'o-a1b2c3d4e5'}")), false, false, false, TRUST_FINE},
    {R("{'Service':'sns.amazonaws.com'}", IF("'StringLike':{'aws:SourceArn':'*'}")), false, false, true, TRUST_MEDIUM},
    {R("{'Service':'sns.amazonaws.com'}", IF("'StringEqualsIfExists':{'aws:SourceAccount':'111122223333'}")), false, false, true, TRUST_MEDIUM},
    {R("{'AWS':'AROAEXAMPLEID23456789'}", ""), false, false, false, TRUST_LOW},
    {R("{'AWS':'arn:aws:iam::111122223333:role/*'}", ""), false, false, false, TRUST_LOW},
    {"{'Effect':'Allow','NotPrincipal':{'AWS':'111122223333'},'Action':'s3:*','Resource':'arn:aws:s3:::b/*'}", true, false, false, TRUST_CRITICAL},
    {R("{'AWS':'*'}", IF("'StringEquals':{'aws:PrincipalOrgID':'o-a1b2c3d4e5'}")), false, false, false, TRUST_FINE},
    {R("{'AWS':'*'}", IF("'StringLike':{'aws:PrincipalOrgID':'o-*'}")), true, false, false, TRUST_CRITICAL},
    {R("{'AWS':'*'}", IF("'ForAnyValue:StringLike':{'aws:PrincipalOrgPaths':'o-a1b2c3d4e5/*'}")), false, false, false, TRUST_FINE},
    {R("{'AWS':'*'}", IF("'StringEquals':{'s3:prefix':'a/'}")), true, false, false, TRUST_CRITICAL},
    {R("{'AWS':'*'}", IF("'StringEquals':{'kms:CallerAccount':'111122223333'}")), false, false, false, TRUST_FINE},
    {R("{'AWS':'*'}", IF("'StringEquals':{'kms:ViaService':'s3.us-east-1.amazonaws.com'}")), true, false, false, TRUST_CRITICAL},
    {R("{'AWS':'*'}", IF("'ArnLike':{'aws:PrincipalArn':'*'}")), true, false, false, TRUST_CRITICAL},
    {R("{'AWS':'*'}", IF("'StringNotEquals':{'aws:PrincipalAccount':'999988887777'}")), true, false, false, TRUST_CRITICAL},
    {R("{'Federated':'cognito-identity.amazonaws.com'}", ""), false, false, false, TRUST_HIGH},
    {R("{'CanonicalUser':'79a59df900b949e5'}", ""), false, false, false, TRUST_LOW},
    {R("'*'", IF("'StringEquals':{'aws:PrincipalArn':'arn:aws:iam::111122223333:role/*'}")), false, false, false, TRUST_LOW},
};
/* clang-format on */
START_TEST(resource_policies)
{
    struct policy *p = iam_statements(a, resources[_i].statement, POLICY_RESOURCE);
    struct trust *t = trust_read(x, p, the_view());
    ck_assert_uint_eq(t->n, 1);
    ck_assert_int_eq(t->v[0].open, resources[_i].open);
    ck_assert_int_eq(t->v[0].crosses, resources[_i].crosses);
    ck_assert_int_eq(t->v[0].unguarded, resources[_i].unguarded);
    ck_assert_int_eq(t->v[0].weight, resources[_i].weight);
}
END_TEST

START_TEST(names_of_narrowing)
{
    struct policy *p = iam_statements(
        a, T("'*'", IF(ACCOUNT ",'StringLike':{'s3:prefix':'*'}")), POLICY_TRUST);
    struct narrowing n = narrow_statement(a, &p->statements[0]);
    ck_assert_str_eq(narrow_names(a, n.by).p, "aws:SourceAccount");
    ck_assert_str_eq(narrow_names(a, n.hollow).p, "s3:prefix");
    ck_assert_uint_eq(n.naccounts, 1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("iam_trust");
    TCase *tc = tcase_create("trust");
    tcase_add_checked_fixture(tc, setup, teardown);
    unit_rows(tc, trust_policies, trusts);
    unit_rows(tc, resource_policies, resources);
    tcase_add_test(tc, names_of_narrowing);
    suite_add_tcase(s, tc);
    return unit_run(s, "iam_trust");
}
