/* Unit tests of gen/iam/lint: what is suspicious, and what is not. */
#include "iam_make.h"

#include "iam/lint.h"

#include <string.h>

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

#define V(statements) "{'Version':'2012-10-17','Statement':[" statements "]}"
#define ST(action, resource, more)                                                       \
    "{'Effect':'Allow','Action':" action ",'Resource':" resource more "}"
#define S(action, resource) V(ST(action, resource, ""))
#define C(cond) V(ST("'s3:GetObject'", "'arn:aws:s3:::b/*'", ",'Condition':{" cond "}"))
#define T(principal, action, more)                                                       \
    V("{'Effect':'Allow','Principal':" principal ",'Action':'" action "'" more "}")

/* clang-format off */
static const struct {
    enum policy_kind kind;
    const char *json, *found; /* code and pointer of each */
} rows[] = {
    {POLICY_IDENTITY_INLINE, S("'s3:GetObject'", "'arn:aws:s3:::b/*'"), ""},
    {POLICY_IDENTITY_INLINE, S("['s3:GetObject','s3:ListBucket']", "['arn:aws:s3:::b','arn:aws:s3:::b/*']"), ""},
    {POLICY_IDENTITY_INLINE, S("'s3:*'", "['arn:aws:s3:::b','arn:aws:s3:::b/*']"), ""},
    {POLICY_IDENTITY_INLINE, S("'kinesis:*'", "'arn:aws:kinesis:us-east-1:111122223333:stream/a'"), ""},
    {POLICY_IDENTITY_INLINE, "{'Statement':[]}", "IAM-130"},
    {POLICY_IDENTITY_INLINE, "{'Version':'2008-10-17','Statement':" ST("'s3:GetObject'", "'arn:aws:s3:::${aws:username}/*'", "") "}", "IAM-131/Statement/Resource"},
    {POLICY_IDENTITY_INLINE, V("{'Sid':'a','Effect':'Deny','Action':'*','Resource':'*'},{'Sid':'a','Effect':'Allow','Action':'s3:GetObject','Resource':'*'}"), "IAM-132/Statement/1/Sid"},
    {POLICY_IDENTITY_INLINE, S("'kinesys:GetRecords'", "'*'"), "IAM-133/Statement/0/Action"},
    {POLICY_IDENTITY_INLINE, S("['kinesis:GetRecord','kinesis:GetRecords']", "'*'"), "IAM-134/Statement/0/Action/0"},
    {POLICY_IDENTITY_INLINE, S("'s3:GetObject '", "'*'"), "IAM-135/Statement/0/Action"},
    {POLICY_IDENTITY_INLINE, S("'*:*'", "'arn:aws:s3:::b'"), "IAM-136/Statement/0/Action"},
    {POLICY_IDENTITY_INLINE, S("'GetObject'", "'*'"), "IAM-136/Statement/0/Action"},
    {POLICY_IDENTITY_INLINE, S("'kinesis:Foo*'", "'*'"), "IAM-137/Statement/0/Action"},
    {POLICY_IDENTITY_INLINE, S("'kinesis:GetRecords'", "'arn:aws:kinesis'"), "IAM-138/Statement/0/Resource"},
    {POLICY_IDENTITY_INLINE, S("'kinesis:GetRecords'", "'my-stream'"), "IAM-138/Statement/0/Resource IAM-139/Statement/0/Action"},
    {POLICY_IDENTITY_INLINE, S("'s3:GetObject'", "'arn:aws:s3:::b'"), "IAM-139/Statement/0/Action"},
    {POLICY_IDENTITY_INLINE, S("'s3:*'", "'arn:aws:s3:::b'"), "IAM-139/Statement/0/Action"},
    {POLICY_IDENTITY_INLINE, S("'s3:ListAllMyBuckets'", "'arn:aws:s3:::*'"), "IAM-139/Statement/0/Action"},
    {POLICY_IDENTITY_INLINE, S("'kinesis:GetRecords'", "'arn:aws:*:us-east-1:111122223333:stream/a'"), "IAM-140/Statement/0/Resource"},
    {POLICY_IDENTITY_INLINE, V("{'Effect':'Allow','NotAction':'iam:*','Resource':'arn:aws:s3:::b/*'}"), "IAM-142/Statement/0/NotAction"},
    {POLICY_IDENTITY_INLINE, V("{'Effect':'Deny','NotAction':'iam:*','Resource':'*'}"), ""},
    {POLICY_IDENTITY_INLINE, V("{'Effect':'Allow','Action':'s3:GetObject','NotResource':'arn:aws:s3:::b/*'}"), "IAM-143/Statement/0/NotResource"},
    {POLICY_RESOURCE, V("{'Effect':'Allow','Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*','NotPrincipal':{'AWS':'111122223333'}}"), "IAM-144/Statement/0/NotPrincipal"},
    {POLICY_IDENTITY_INLINE, C("'StringEquals':{'s3:vpc':'x'}"), "IAM-145/Statement/0/Condition/StringEquals/s3:vpc"},
    {POLICY_IDENTITY_INLINE, C("'StringEquals':{'aws:SourceIp':'192.0.2.1'}"), "IAM-146/Statement/0/Condition/StringEquals/aws:SourceIp"},
    {POLICY_IDENTITY_INLINE, C("'ForAnyValue:StringEquals':{'aws:SourceVpce':'vpce-1'}"), "IAM-147/Statement/0/Condition/ForAnyValue:StringEquals/aws:SourceVpce"},
    {POLICY_IDENTITY_INLINE, C("'StringEquals':{'aws:TagKeys':'a'}"), "IAM-148/Statement/0/Condition/StringEquals/aws:TagKeys"},
    {POLICY_IDENTITY_INLINE, C("'StringEquals':{'aws:SourceVpce':'vpce-*'}"), "IAM-149/Statement/0/Condition/StringEquals/aws:SourceVpce"},
    {POLICY_IDENTITY_INLINE, C("'StringEqualsIfExists':{'aws:SourceVpce':'vpce-1'}"), "IAM-150/Statement/0/Condition/StringEqualsIfExists/aws:SourceVpce"},
    {POLICY_IDENTITY_INLINE, C("'StringEqualsIfExists':{'aws:SourceVpce':'vpce-1'},'StringLike':{'aws:SourceVpce':'vpce-*'}"), ""},
    {POLICY_IDENTITY_INLINE, C("'IpAddress':{'aws:SourceIp':'0.0.0.0/0'}"), "IAM-151/Statement/0/Condition/IpAddress/aws:SourceIp"},
    {POLICY_IDENTITY_INLINE, C("'IpAddress':{'aws:SourceIp':'192.0.2.0/24'}"), ""},
    {POLICY_IDENTITY_INLINE, C("'DateLessThan':{'aws:CurrentTime':'soon'}"), "IAM-152/Statement/0/Condition/DateLessThan/aws:CurrentTime"},
    {POLICY_IDENTITY_INLINE, C("'Bool':{'aws:SecureTransport':['true','maybe']}"), "IAM-152/Statement/0/Condition/Bool/aws:SecureTransport/1"},
    {POLICY_IDENTITY_INLINE, C("'ForAllValues:Null':{'aws:TagKeys':'true'}"), "IAM-153/Statement/0/Condition/ForAllValues:Null/aws:TagKeys"},
    {POLICY_IDENTITY_INLINE, S("'iam:PassRole'", "'*'"), "IAM-155/Statement/0"},
    {POLICY_IDENTITY_INLINE, V(ST("'iam:PassRole'", "'*'", ",'Condition':{'StringEquals':{'iam:PassedToService':'lambda.amazonaws.com'}}")), ""},
    {POLICY_IDENTITY_INLINE, S("'iam:CreateServiceLinkedRole'", "'*'"), "IAM-156/Statement/0"},
    {POLICY_IDENTITY_INLINE, S("['kinesis:Get*','kinesis:GetRecords']", "'*'"), "IAM-157/Statement/0/Action/1"},
    {POLICY_IDENTITY_INLINE, S("'s3:GetObject'", "['arn:aws:s3:::b/*','arn:aws:s3:::b/x/*']"), "IAM-158/Statement/0/Resource/1"},
    {POLICY_IDENTITY_INLINE, S("'kinesis:GetRecords'", "'arn:awss:kinesis:us-east-1:111122223333:stream/a'"), "IAM-171/Statement/0/Resource"},
    {POLICY_IDENTITY_INLINE, S("'kinesis:GetRecords'", "'arn:aws:kinesis:us-eest-1:111122223333:stream/a'"), "IAM-171/Statement/0/Resource"},
    {POLICY_IDENTITY_INLINE, S("'kinesis:GetRecords'", "'arn:aws:kinesis:us-east-1:1111222233:stream/a'"), "IAM-171/Statement/0/Resource"},
    {POLICY_IDENTITY_INLINE, S("'kinesis:GetRecords'", "'arn:aws:kinesis::111122223333:stream/a'"), "IAM-171/Statement/0/Resource"},
    {POLICY_IDENTITY_INLINE, S("'kinesis:GetRecords'", "'arn:aws:kinesis:us-east-1::stream/a'"), "IAM-171/Statement/0/Resource"},
    {POLICY_IDENTITY_INLINE, S("'kinesis:GetRecords'", "'arn:aws:Kinesis:us-east-1:111122223333:stream/a'"), "IAM-171/Statement/0/Resource"},
    {POLICY_IDENTITY_INLINE, S("'kinesis:GetRecords'", "'arn:aws:kinesis:us-east-1:<account>:stream/a'"), "IAM-171/Statement/0/Resource"},
    {POLICY_IDENTITY_INLINE, S("'kinesis:GetRecords'", "'arn:aws:kinesis:us-east-1:111122223333:stream/<name>'"), "IAM-171/Statement/0/Resource"},
    {POLICY_IDENTITY_INLINE, S("'kinesis:GetRecords'", "'arn:aws-us-gov:kinesis:us-gov-west-1:111122223333:stream/a'"), ""},
    {POLICY_IDENTITY_INLINE, S("'kinesis:GetRecords'", "'arn:aws:kinesis:*:111122223333:stream/a'"), ""},
    {POLICY_IDENTITY_INLINE, S("'kinesis:GetRecords'", "'arn:aws:kinesis:ap-southeast-2:*:stream/a'"), ""},
    {POLICY_IDENTITY_INLINE, S("'iam:GetRole'", "'arn:aws:iam::111122223333:role/r'"), ""},
    {POLICY_IDENTITY_INLINE, C("'IpAddress':{'aws:SourceIp':'203.0.113.7/24'}"), "IAM-172/Statement/0/Condition/IpAddress/aws:SourceIp"},
    {POLICY_IDENTITY_INLINE, C(""), "IAM-173/Statement/0/Condition"},
    {POLICY_IDENTITY_INLINE, C("'StringEquals':{}"), "IAM-173/Statement/0/Condition/StringEquals"},
    {POLICY_IDENTITY_INLINE, C("'StringLike':{'aws:SourceVpce':['vpce-1*','vpce-12']}"), "IAM-174/Statement/0/Condition/StringLike/aws:SourceVpce/1"},
    {POLICY_IDENTITY_INLINE, S("'s3:GetObject'", "'arn:aws:s3:::b/${aws:Nope}/*'"), "IAM-175/Statement/0/Resource"},
    {POLICY_IDENTITY_INLINE, S("'s3:GetObject'", "'arn:aws:s3:::b/${aws:PrincipalTag/team, x}/*'"), ""},
    {POLICY_IDENTITY_INLINE, C("'Bool':{'aws:SecureTransport':['true','false']}"), "IAM-151/Statement/0/Condition/Bool/aws:SecureTransport"},
    {POLICY_IDENTITY_INLINE, C("'ArnLike':{'aws:ARN':'arn:aws:iam::111122223333:role/r'}"), "IAM-176/Statement/0/Condition/ArnLike/aws:ARN"},
    {POLICY_IDENTITY_INLINE, V("{'Effect':'Deny','Action':['kinesis:DeleteStream','health:DescribeEvents'],'Resource':'*','Condition':{'StringEquals':{'aws:ResourceTag/team':'x'}}}"), "IAM-177/Statement/0/Condition/StringEquals/aws:ResourceTag~1team"},
    {POLICY_IDENTITY_INLINE, V("{'Effect':'Allow','Action':['kinesis:DeleteStream','health:DescribeEvents'],'Resource':'*','Condition':{'StringEquals':{'aws:ResourceTag/team':'x'}}}"), "IAM-178/Statement/0/Condition/StringEquals/aws:ResourceTag~1team"},
    {POLICY_IDENTITY_INLINE, V("{'Effect':'Deny','Action':'kinesis:*','Resource':'*','Condition':{'StringNotEquals':{'aws:ResourceTag/team':'x'}}}"), ""},
    {POLICY_IDENTITY_INLINE, C("'StringEquals':{'aws:Nope':'x'}"), "IAM-145/Statement/0/Condition/StringEquals/aws:Nope"},
    {POLICY_IDENTITY_INLINE, S("'s3:GetObject'", "'arn:aws:s3:::b/\\u0436/*'"), "IAM-167/Statement/0/Resource"},
    {POLICY_IDENTITY_INLINE, V(ST("'s3:GetObject'", "'*'", "") "," ST("'S3:getobject'", "'*'", "")), "IAM-159/Statement/1"},
    {POLICY_TRUST, T("{'AWS':'111122223333'}", "sts:AssumeRole", ""), ""},
    {POLICY_TRUST, T("{'AWS':'111122223333'}", "s3:GetObject", ""), "IAM-160/Statement/0/Action"},
    {POLICY_TRUST, T("{'Federated':'arn:aws:iam::111122223333:saml-provider/p'}", "sts:AssumeRoleWithWebIdentity", ",'Condition':{'StringEquals':{'SAML:aud':'https://signin.aws.amazon.com/saml'}}"), "IAM-160/Statement/0/Action"},
    {POLICY_RCP, V("{'Effect':'Deny','Principal':'*','Action':'s3:*','Resource':'*'}"), ""},
    {POLICY_RCP, V("{'Effect':'Allow','Principal':'*','Action':'s3:*','Resource':'*'}"), "IAM-161/Statement/0"},
    {POLICY_RCP, V("{'Effect':'Deny','Principal':'*','Action':'kinesis:*','Resource':'*'}"), "IAM-161/Statement/0"},
    {POLICY_TRUST, T("{'Service':'kinesisanalytics.amazonaws.com'}", "sts:AssumeRole", ""), "IAM-162/Statement/0/Principal"},
    {POLICY_TRUST, T("{'Federated':'accounts.google.com'}", "sts:AssumeRoleWithWebIdentity", ""), "IAM-163/Statement/0/Principal"},
    {POLICY_IDENTITY_INLINE, C("'StringEquals':{'aws:SourceVpce':'vpce-1','AWS:sourcevpce':'vpce-2'}"), "IAM-164/Statement/0/Condition/StringEquals/AWS:sourcevpce"},
    {POLICY_IDENTITY_INLINE, S("'s3:GetObject'", "'arn:aws:s3:::${aws:username/*'"), "IAM-166/Statement/0/Resource"},
    {POLICY_IDENTITY_INLINE, S("'s3:GetObject'", "'arn:aws:s3:::b/\xe2\x82\xac'"), "IAM-167"},
    {POLICY_IDENTITY_INLINE, C("'IpAddress':{'aws:SourceIp':'10.0.0.0/8'}"), "IAM-168/Statement/0/Condition/IpAddress/aws:SourceIp"},
    {POLICY_IDENTITY_INLINE, V(ST("'s3:GetObject'", "'*'", ",'Sid':''")), "IAM-169/Statement/0/Sid"},
    {POLICY_TRUST, T("{'AWS':'AROAEXAMPLEID23456789'}", "sts:AssumeRole", ""), "IAM-170/Statement/0/Principal"},
};
/* clang-format on */

static struct str found_in(const struct policy *p)
{
    struct policy_issues out = {0};
    lint_policy(x, p, &out);
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < out.n; i++)
        buf_fmt(&b, "%s%s%.*s", i ? " " : "", out.v[i].kind->code,
                STR_ARG(out.v[i].pointer));
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

START_TEST(lint)
{
    struct policy *p = iam_policy(a, rows[_i].json, rows[_i].kind);
    ck_assert_str_eq(found_in(p).p, rows[_i].found);
}
END_TEST

START_TEST(over_quota)
{
    struct buf b = BUF_INIT;
    buf_z(&b,
          "{'Version':'2012-10-17','Statement':{'Effect':'Allow','Action':'s3:GetObject',"
          "'Resource':['arn:aws:s3:::b/*'");
    for (int i = 0; i < 300; i++)
        buf_fmt(&b, ",'arn:aws:s3:::c%d/very/long/path/of/objects/*'", i);
    buf_z(&b, "]}}");
    ck_assert_str_eq(found_in(iam_policy(a, b.p, POLICY_IDENTITY_INLINE)).p, "IAM-154");
    buf_free(&b);
}
END_TEST

/* Every kind has a row of its own. */
START_TEST(every_kind_is_tested)
{
    size_t n;
    const struct diag_kind *const *kinds = lint_kinds(&n);
    for (size_t i = 0; i < n; i++) {
        bool seen = strcmp(kinds[i]->code, "IAM-154") == 0;
        for (size_t k = 0; k < sizeof rows / sizeof *rows && !seen; k++)
            seen = strstr(rows[k].found, kinds[i]->code) != NULL;
        ck_assert_msg(seen, "%s", kinds[i]->code);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("iam_lint");
    TCase *tc = tcase_create("lint");
    tcase_add_checked_fixture(tc, setup, teardown);
    unit_rows(tc, lint, rows);
    tcase_add_test(tc, over_quota);
    tcase_add_test(tc, every_kind_is_tested);
    suite_add_tcase(s, tc);
    return unit_run(s, "iam_lint");
}
