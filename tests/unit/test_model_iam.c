/* Unit tests of gen/model's facts that rest on policies: roles, access, keys, changers.
 */
#include "model_kit.h"

static struct kit k;

static void setup(void)
{
    k = kit_new_with_actions();
}

static void teardown(void)
{
    arena_free(k.a);
}

#define APP_ARN "arn:aws:kinesisanalytics:us-east-1:111122223333:application/orders"
#define ROLE_ARN "arn:aws:iam::111122223333:role/r"
#define STREAM_ARN "arn:aws:kinesis:us-east-1:111122223333:stream/s"
#define KEY_ARN "arn:aws:kms:us-east-1:111122223333:key/k1"

static void app(void)
{
    kit_add(&k, "kinesisanalytics:DescribeApplication", APP_ARN, "",
            "{\"ApplicationDetail\":{\"ApplicationARN\":\"" APP_ARN
            "\",\"ApplicationName\":"
            "\"orders\",\"RuntimeEnvironment\":\"FLINK-1_20\",\"ServiceExecutionRole\":"
            "\"" ROLE_ARN "\",\"ApplicationConfigurationDescription\":{"
            "\"EnvironmentPropertyDescriptions\":{\"PropertyGroupDescriptions\":[{"
            "\"PropertyGroupId\":\"Input\",\"PropertyMap\":{\"stream.arn\":\"" STREAM_ARN
            "\"}}]}}}}");
}

/* The application's role with one inline policy of these statements. */
static void role(const char *statements, const char *trust)
{
    app();
    kit_add(&k, "iam:GetRolePolicy", "r", "p",
            str_fmt(k.a,
                    "{\"RoleName\":\"r\",\"PolicyName\":\"p\",\"PolicyDocument\":{"
                    "\"Version\":\"2012-10-17\",\"Statement\":[%s]}}",
                    statements)
                .p);
    kit_add(&k, "iam:ListRolePolicies", "r", "", "{\"PolicyNames\":[\"p\"]}");
    kit_add(&k, "iam:ListAttachedRolePolicies", "r", "", "{\"AttachedPolicies\":[]}");
    kit_add(&k, "iam:GetRole", ROLE_ARN, "",
            str_fmt(k.a,
                    "{\"Role\":{\"RoleName\":\"r\",\"Arn\":\"%s\",\"CreateDate\":"
                    "\"2026-01-01T00:00:00Z\",\"AssumeRolePolicyDocument\":{\"Version\":"
                    "\"2012-10-17\",\"Statement\":[%s]}}}",
                    ROLE_ARN, trust)
                .p);
}

#define ALLOW(action, resource)                                                          \
    "{\"Effect\":\"Allow\",\"Action\":" action ",\"Resource\":" resource "}"
#define TRUST                                                                            \
    "{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"kinesisanalytics.amazonaws."     \
    "com\"},"                                                                            \
    "\"Action\":\"sts:AssumeRole\"}"

static const struct {
    const char *statements, *pointer, *value;
} grants[] = {
    {ALLOW("\"*\"", "\"*\""), "/grants/0/all_actions", "true"},
    {ALLOW("\"*\"", "\"*\""), "/escalations/0/kind", "\"admin\""},
    {ALLOW("\"kinesis:*\"", "\"*\""), "/grants/0/service_wildcard", "true"},
    {ALLOW("\"kinesis:*\"", "\"*\""), "/grants/0/service", "\"kinesis\""},
    {ALLOW("\"kinesis:Get*\"", "\"*\""), "/grants/0/service_wildcard", "false"},
    {ALLOW("[\"kinesis:GetRecords\",\"kinesis:ListShards\"]", "\"" STREAM_ARN "\""),
     "/grants/1/action", "\"kinesis:ListShards\""},
    {ALLOW("\"kinesis:GetRecords\"", "\"" STREAM_ARN "\""), "/grants/0/star_resource",
     "false"},
    {ALLOW("\"kinesis:GetRecords\"", "\"arn:aws:kinesis:*:*:*\""),
     "/grants/0/star_resource", "true"},
    {ALLOW("\"s3:GetObject\"", "\"arn:aws:s3:::*\""), "/grants/0/star_resource", "true"},
    {ALLOW("\"ec2:DescribeVpcs\"", "\"*\""), "/grants/0/star_needed", "true"},
    {ALLOW("\"s3:GetObject\"", "\"*\""), "/grants/0/star_needed", "false"},
    {ALLOW("\"s3:GetObject\"", "\"*\""), "/grants/0/takes_resource",
     "[\"s3:GetObject\"]"},
    {ALLOW("\"s3:GetObject\"", "\"*\""), "/grants/0/levels/read", "1"},
    {ALLOW("\"s3:GetObject\"", "\"*\"") ",{\"Effect\":\"Deny\",\"Action\":\"s3:*\","
                                        "\"Resource\":\"*\"}",
     "/grants/0/denied", "\"yes\""},
    {ALLOW("\"s3:*\"", "\"*\"") ",{\"Effect\":\"Deny\",\"Action\":\"s3:PutObject\","
                                "\"Resource\":\"*\"}",
     "/grants/0/denied", "\"partly\""},
    {ALLOW("\"s3:GetObject\"", "\"arn:aws:s3:::b\""), "/grants/0/dead", "true"},
    {ALLOW("\"s3:GetObject \"", "\"*\""), "/grants/0/dead", "true"},
    {"{\"Effect\":\"Allow\",\"NotAction\":\"iam:*\",\"Resource\":\"*\"}",
     "/grants/0/not_action", "true"},
    {"{\"Effect\":\"Allow\",\"NotAction\":\"iam:*\",\"Resource\":\"*\"}",
     "/grants/0/action", "\"all but iam:*\""},
    {"{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"NotResource\":\"arn:aws:s3:::b/"
     "*\"}",
     "/grants/0/not_resource", "true"},
    {"{\"Effect\":\"Allow\",\"Action\":\"kms:Decrypt\",\"Resource\":\"*\",\"Condition\":{"
     "\"StringEquals\":{\"kms:ViaService\":\"kinesis.us-east-1.amazonaws.com\"}}}",
     "/grants/0/narrowed", "true"},
    {"{\"Effect\":\"Allow\",\"Action\":\"kms:Decrypt\",\"Resource\":\"*\",\"Condition\":{"
     "\"Bool\":{\"aws:SecureTransport\":\"true\"}}}",
     "/grants/0/narrowed", "false"},
    {ALLOW("\"kinesisanalytics:UpdateApplication\"", "\"*\""), "/manages/0/action",
     "\"kinesisanalytics:UpdateApplication\""},
    {ALLOW("\"kinesisanalytics:DescribeApplication\"", "\"*\""), "/manages/0", ""},
    {ALLOW("\"iam:PassRole\"", "\"*\""), "/passes/0/star", "true"},
    {ALLOW("\"iam:PassRole\"", "\"arn:aws:iam::111122223333:role/*\""), "/passes/0/star",
     "true"},
    {ALLOW("\"iam:PassRole\"", "\"arn:aws:iam::111122223333:role/x\""),
     "/passes/0/limited", "false"},
    {"{\"Effect\":\"Allow\",\"Action\":\"iam:PassRole\",\"Resource\":\"arn:aws:iam::"
     "111122223333:role/x\",\"Condition\":{\"StringEquals\":{\"iam:PassedToService\":"
     "\"kinesisanalytics.amazonaws.com\"}}}",
     "/passes/0/limited", "true"},
    {ALLOW("\"cloudtrail:StopLogging\"", "\"*\""), "/tampers/0/service",
     "\"cloudtrail\""},
    {ALLOW("\"iam:PutRolePolicy\"", "\"*\""), "/escalations/0/set",
     "\"iam:PutRolePolicy\""},
    {ALLOW("\"kinesis:GetRecords\"", "\"" STREAM_ARN "\""), "/policies/0/document",
     "true"},
    /* No trails in evidence: nor is what they write to. */
    {ALLOW("\"kinesis:GetRecords\"", "\"" STREAM_ARN "\""), "/unknown/0/about",
     "\"writes_bucket\""},
    {ALLOW("\"kinesis:GetRecords\"", "\"" STREAM_ARN "\""), "/unknown/1/about",
     "\"missing\""},
    {ALLOW("\"kinesis:GetRecords\"", "\"" STREAM_ARN "\""), "/unknown/2", ""},
    {ALLOW("\"nosuch:Thing\"", "\"*\"") ",{\"Effect\":\"allow\"}", "/issues/0/policy",
     "\"p\""},
    {ALLOW("\"s3:GetObject\"", "\"*\""), "/grants/0/at/pointer",
     "\"/PolicyDocument/Statement/0\""},
    {ALLOW("\"s3:GetObject\"", "\"*\""), "/serves/0/arn", "\"" APP_ARN "\""},
    {ALLOW("\"s3:GetObject\"", "\"*\""), "/last_used/tracked", "true"},
};
START_TEST(role_grants)
{
    role(grants[_i].statements, TRUST);
    kit_build(&k);
    ck_assert_str_eq(
        kit_view(&k, ROLE_ARN, str_fmt(k.a, "/facts%s", grants[_i].pointer).p),
        grants[_i].value);
}
END_TEST

#define CONDITION(text)                                                                  \
    "{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"kinesisanalytics.amazonaws."     \
    "com\"},"                                                                            \
    "\"Action\":\"sts:AssumeRole\",\"Condition\":{" text "}}"
static const struct {
    const char *statements, *pointer, *value;
} trusts[] = {
    {TRUST, "/trust/0/expected", "true"},
    {TRUST, "/trust/0/narrowed", "false"},
    {TRUST, "/trust/0/admits_application", "\"yes\""},
    {CONDITION("\"StringEquals\":{\"aws:SourceAccount\":\"111122223333\"},\"ArnEquals\":{"
               "\"aws:SourceArn\":\"" APP_ARN "\"}"),
     "/trust/0/source_arn", "true"},
    {CONDITION("\"StringEquals\":{\"aws:SourceAccount\":\"111122223333\"},\"ArnEquals\":{"
               "\"aws:SourceArn\":\"" APP_ARN "\"}"),
     "/trust/0/admits_application", "\"yes\""},
    {CONDITION(
         "\"ArnLike\":{\"aws:SourceArn\":\"arn:aws:kinesisanalytics::111122223333:*\"}"),
     "/trust/0/admits_application", "\"no\""},
    {"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:AssumeRole\"}",
     "/trust/0/kind", "\"everyone\""},
    {"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"AROARTX3GSDS4USAMPLEX\"},\"Action\":"
     "\"sts:AssumeRole\"}",
     "/trust/0/kind", "\"dead\""},
    {"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::444455556666:root\"},"
     "\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":"
     "\"x\"}}}",
     "/trust/0/external_id", "true"},
    {"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111122223333\"},\"Action\":"
     "\"sts:AssumeRole\"}",
     "/trust/0/own_account", "true"},
    {"{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"kinesisanalytics.amazonaws.com."
     "cn\"},\"Action\":\"sts:AssumeRole\"}",
     "/trust/0/expected", "true"},
};
START_TEST(role_trust)
{
    role(ALLOW("\"kinesis:GetRecords\"", "\"" STREAM_ARN "\""), trusts[_i].statements);
    kit_build(&k);
    ck_assert_str_eq(
        kit_view(&k, ROLE_ARN, str_fmt(k.a, "/facts%s", trusts[_i].pointer).p),
        trusts[_i].value);
}
END_TEST

/* What is not in evidence of a role's policies is said, with the command. */
START_TEST(role_incomplete)
{
    app();
    kit_add(&k, "iam:ListRolePolicies", "r", "", "{\"PolicyNames\":[\"gone\"]}");
    kit_add(&k, "iam:ListAttachedRolePolicies", "r", "",
            "{\"AttachedPolicies\":[{\"PolicyName\":\"AmazonS3FullAccess\",\"PolicyArn\":"
            "\"arn:aws:iam::aws:policy/AmazonS3FullAccess\"}]}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/policies/0/document"), "false");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/policies/1/broad"), "true");
    ck_assert_str_eq(
        kit_view(&k, ROLE_ARN, "/facts/unknown/0/command"),
        "\"aws iam get-role-policy --role-name r --policy-name gone --output "
        "json\"");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/unknown/1/kind"),
                     "\"iam:GetPolicyVersion\"");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/unknown/2/about"),
                     "\"writes_bucket\"");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/unknown/3/about"), "\"trust\"");
}
END_TEST

/* Account details hold policies as objects or percent-encoded text (B4). */
START_TEST(role_from_details)
{
    app();
    kit_add(
        &k, "iam:GetAccountAuthorizationDetails", "", "",
        "{\"RoleDetailList\":[{\"RoleName\":\"r\",\"Arn\":\"" ROLE_ARN
        "\",\"AssumeRolePolicyDocument\":\"%7B%22Statement%22%3A%5B"
        "%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22"
        "kinesisanalytics.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%"
        "5D"
        "%7D\",\"RolePolicyList\":[{\"PolicyName\":\"in\",\"PolicyDocument\":{"
        "\"Version\":"
        "\"2012-10-17\",\"Statement\":" ALLOW(
            "\"kinesis:*\"",
            "\"*\"") "}}],\"AttachedManagedPolicies\":[{\"PolicyName\":\"m\","
                     "\"PolicyArn\":\"arn:aws:"
                     "iam::111122223333:policy/"
                     "m\"}]}],\"Policies\":[{\"PolicyName\":\"m\",\"Arn\":"
                     "\"arn:aws:iam::111122223333:policy/"
                     "m\",\"PolicyVersionList\":[{\"VersionId\":"
                     "\"v1\",\"IsDefaultVersion\":false,\"Document\":{"
                     "\"Statement\":" ALLOW(
                         "\"*\"",
                         "\"*\"") "}},{\"VersionId\":\"v2\",\"IsDefaultVersion\":true,"
                                  "\"Document\":{\"Version\":\"2012-10-17\","
                                  "\"Statement\":" ALLOW("\"sqs:SendMessage\"",
                                                         "\"*\"") "}}]}]}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/grants/0/action"), "\"kinesis:*\"");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/grants/1/action"),
                     "\"sqs:SendMessage\"");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/grants/2"), "");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/policies/1/default_version"),
                     "\"v2\"");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/trust/0/expected"), "true");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/trust/0/at/pointer"),
                     "\"/RoleDetailList/0/AssumeRolePolicyDocument\"");
}
END_TEST

/* Resource policies: bucket, queue, key, stream; text in text (B4). */
static const struct {
    const char *kind, *name, *wrap, *policy, *subject, *pointer, *value;
} access_rows[] = {
    {"s3:GetBucketPolicy", "b-1", "{\"Policy\":%s}",
     "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:"
     "GetObject\","
     "\"Resource\":\"arn:aws:s3:::b-1/*\"}]}",
     "b-1", "/access/0/public", "true"},
    {"s3:GetBucketPolicy", "b-1", "{\"Policy\":%s}",
     "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:"
     "GetObject\","
     "\"Resource\":\"arn:aws:s3:::b-1/*\"}]}",
     "b-1", "/public/policy", "\"yes\""},
    {"s3:GetBucketPolicy", "b-1", "{\"Policy\":%s}",
     "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*"
     "\","
     "\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b-1/*\",\"Condition\":{"
     "\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}}]}",
     "b-1", "/access/0/public", "false"},
    {"sqs:GetQueueAttributes", "arn:aws:sqs:us-east-1:111122223333:q",
     "{\"Attributes\":{\"Policy\":%s}}",
     "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"},"
     "\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}}",
     "q", "/access/0/foreign", "true"},
    {"kms:GetKeyPolicy", KEY_ARN, "{\"Policy\":%s}",
     "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Root\",\"Effect\":\"Allow\","
     "\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},\"Action\":\"kms:*\","
     "\"Resource\":\"*\"}]}",
     "k1", "/access/0/own_account", "true"},
    {"kinesis:GetResourcePolicy", STREAM_ARN, "{\"Policy\":%s}", "{}", "s", "/access",
     "[]"},
    {"kinesis:GetResourcePolicy", STREAM_ARN, "{\"Policy\":%s}", "", "s", "/access",
     "[]"},
    {"s3:GetBucketPolicy", "b-1", "{\"Policy\":%s}", "{\"Statement\":[", "b-1",
     "/unknown/0/reason", "\"absent\""},
};
/* Every kind of entry, through the policy of every type of resource. */
static const struct {
    const char *kind, *name, *before, *after, *subject;
} guarded[] = {
    {"s3:GetBucketPolicy", "b-1", "{\"Policy\":", "}", "b-1"},
    {"kinesis:GetResourcePolicy", STREAM_ARN, "{\"Policy\":", "}", "s"},
    {"sqs:GetQueueAttributes", "arn:aws:sqs:us-east-1:111122223333:q",
     "{\"Attributes\":{\"Policy\":", "}}", "q"},
    {"sns:GetTopicAttributes", "arn:aws:sns:us-east-1:111122223333:t",
     "{\"Attributes\":{\"Policy\":", "}}", "t"},
    {"kms:GetKeyPolicy", KEY_ARN, "{\"Policy\":", "}", "k1"},
    {"secretsmanager:GetResourcePolicy",
     "arn:aws:secretsmanager:us-east-1:111122223333:secret:x-AbCdEf",
     "{\"ARN\":\"arn:aws:secretsmanager:us-east-1:111122223333:secret:x-AbCdEf\","
     "\"Name\":"
     "\"x\",\"ResourcePolicy\":",
     "}", "x"},
};
static const struct {
    const char *principal, *condition, *kind, *public, *foreign, *narrowed, *unguarded,
        *weight;
} entries[] = {
    {"\"*\"", "{}", "everyone", "true", "false", "false", "false", "critical"},
    {"{\"AWS\":\"*\"}", "{\"Bool\":{\"aws:SecureTransport\":\"true\"}}", "everyone",
     "true", "false", "false", "false", "critical"},
    {"\"*\"", "{\"StringEquals\":{\"s3:prefix\":\"a\"}}", "everyone", "true", "false",
     "false", "false", "critical"},
    {"\"*\"", "{\"IpAddress\":{\"aws:SourceIp\":\"203.0.113.0/24\"}}", "everyone", "true",
     "false", "true", "false", "critical"},
    {"\"*\"", "{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-a1b2c3d4e5\"}}", "everyone",
     "false", "false", "true", "false", "none"},
    {"\"*\"", "{\"StringLike\":{\"aws:PrincipalOrgID\":\"*\"}}", "everyone", "true",
     "false", "false", "false", "critical"},
    {"\"*\"", "{\"StringEquals\":{\"aws:PrincipalAccount\":\"999988887777\"}}",
     "everyone", "false", "true", "true", "false", "high"},
    {"{\"AWS\":\"999988887777\"}", "{}", "account", "false", "true", "false", "false",
     "high"},
    {"{\"AWS\":\"111122223333\"}", "{}", "account", "false", "false", "false", "false",
     "none"},
    {"{\"Service\":\"sns.amazonaws.com\"}", "{}", "service", "false", "false", "false",
     "true", "medium"},
    {"{\"Service\":\"sns.amazonaws.com\"}",
     "{\"StringEquals\":{\"aws:SourceAccount\":\"111122223333\"}}", "service", "false",
     "false", "true", "false", "none"},
    {"{\"AWS\":\"AROAEXAMPLEID23456789\"}", "{}", "dead", "false", "false", "false",
     "false", "low"},
    {"{\"AWS\":\"111122223333\"}",
     "{\"StringEquals\":{\"aws:PrincipalArn\":\"arn:aws:iam::111122223333:role/*\"}}",
     "account", "false", "false", "false", "false", "low"},
};
enum { ENTRIES = sizeof entries / sizeof *entries };

START_TEST(access_of_every_type)
{
    size_t g = (size_t)_i / ENTRIES, e = (size_t)_i % ENTRIES;
    struct buf text = BUF_INIT;
    json_write_str(
        &text,
        str_fmt(k.a,
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                "\"Principal\":%s,\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":"
                "%s}]}",
                entries[e].principal, entries[e].condition));
    kit_add(&k, guarded[g].kind, guarded[g].name, "",
            str_fmt(k.a, "%s%s%s", guarded[g].before, text.p, guarded[g].after).p);
    buf_free(&text);
    kit_build(&k);
    const struct {
        const char *member, *value;
        bool text;
    } want[] = {{"kind", entries[e].kind, true},
                {"public", entries[e].public, false},
                {"foreign", entries[e].foreign, false},
                {"narrowed", entries[e].narrowed, false},
                {"unguarded", entries[e].unguarded, false},
                {"weight", entries[e].weight, true}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        const char *got = kit_view(&k, guarded[g].subject,
                                   str_fmt(k.a, "/facts/access/0/%s", want[i].member).p);
        struct str expected = want[i].text ? str_fmt(k.a, "\"%s\"", want[i].value)
                                           : str_from(want[i].value);
        ck_assert_msg(str_eq(str_from(got), expected), "%s: %s", want[i].member, got);
    }
}
END_TEST

START_TEST(access)
{
    struct buf text = BUF_INIT;
    json_write_str(&text, str_from(access_rows[_i].policy));
    struct str json = STR("");
    size_t at = str_find(str_from(access_rows[_i].wrap), STR("%s"));
    struct str wrap = str_from(access_rows[_i].wrap);
    struct str head = str_sub(wrap, 0, at), tail = str_sub(wrap, at + 2, wrap.n);
    json = str_fmt(k.a, "%.*s%s%.*s", STR_ARG(head), text.p, STR_ARG(tail));
    buf_free(&text);
    kit_add(&k, access_rows[_i].kind, access_rows[_i].name, "", json.p);
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, access_rows[_i].subject,
                              str_fmt(k.a, "/facts%s", access_rows[_i].pointer).p),
                     access_rows[_i].value);
}
END_TEST

#define DELEGATES                                                                        \
    "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},"  \
    "\"Action\":\"kms:*\",\"Resource\":\"*\"}"

/* May the role use the key of the stream that its application reads? */
static const struct {
    const char *key_policy, *grant, *allowed;
} key_uses[] = {
    {"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},"
     "\"Action\":\"kms:*\",\"Resource\":\"*\"}",
     ALLOW("\"kms:Decrypt\"", "\"" KEY_ARN "\""), "yes"},
    {"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},"
     "\"Action\":\"kms:*\",\"Resource\":\"*\"}",
     ALLOW("\"kinesis:GetRecords\"", "\"*\""), "no"},
    {"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" ROLE_ARN "\"},\"Action\":"
     "\"kms:Decrypt\",\"Resource\":\"*\"}",
     ALLOW("\"kinesis:GetRecords\"", "\"*\""), "yes"},
    {"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:role/"
     "other\"},"
     "\"Action\":\"kms:*\",\"Resource\":\"*\"}",
     ALLOW("\"kms:Decrypt\"", "\"*\""), "no"},
    {"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" ROLE_ARN "\"},\"Action\":"
     "\"kms:Decrypt\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"kms:"
     "ViaService\":"
     "\"kinesis.us-east-1.amazonaws.com\"}}}",
     ALLOW("\"kinesis:GetRecords\"", "\"*\""), "conditional"},
    {"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" ROLE_ARN
     "\"},\"Action\":\"kms:*\","
     "\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"" ROLE_ARN "\"},"
     "\"Action\":\"kms:Decrypt\",\"Resource\":\"*\"}",
     ALLOW("\"kinesis:GetRecords\"", "\"*\""), "conditional"},
    {DELEGATES, ALLOW("\"kms:Dec*\"", "\"arn:aws:kms:*:1111?2223333:key/*\""), "yes"},
    {DELEGATES, ALLOW("\"kms:Decrypt\"", "\"arn:aws:kms:*:*:key/${aws:userid}\""),
     "conditional"},
    {DELEGATES, ALLOW("\"kms:Decrypt\"", "\"arn:aws:kms:*:*:key/k2\""), "no"},
    {DELEGATES,
     "{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"NotResource\":\"" KEY_ARN "2\"}",
     "yes"},
    {DELEGATES,
     "{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"NotResource\":\"" KEY_ARN "\"}", "no"},
    {DELEGATES, "{\"Effect\":\"Allow\",\"NotAction\":\"iam:*\",\"Resource\":\"*\"}",
     "yes"},
    {DELEGATES,
     ALLOW("\"kms:Decrypt\"", "\"*\"") ",{\"Effect\":\"Deny\",\"Action\":\"KMS:Decrypt\","
                                       "\"Resource\":\"*\",\"Condition\":{\"Bool\":{"
                                       "\"aws:SecureTransport\":\"false\"}}}",
     "conditional"},
    {DELEGATES, "{\"Effect\":\"Allow\",\"Action\":\"kms:Decrypt\"}", "unknown"},
};
static void key_with_policy(const char *statements)
{
    kit_add(
        &k, "kinesis:DescribeStreamSummary", STREAM_ARN, "",
        "{\"StreamDescriptionSummary\":{\"EncryptionType\":\"KMS\",\"KeyId\":\"" KEY_ARN
        "\"}}");
    struct buf text = BUF_INIT;
    json_write_str(&text, str_fmt(k.a, "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}",
                                  statements));
    kit_add(&k, "kms:GetKeyPolicy", KEY_ARN, "",
            str_fmt(k.a, "{\"Policy\":%s}", text.p).p);
    buf_free(&text);
}

/* The role is there: what of the key? */
static void check_key_use(int i)
{
    key_with_policy(key_uses[i].key_policy);
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "k1", "/facts/role_use/0/allowed"),
                     str_fmt(k.a, "\"%s\"", key_uses[i].allowed).p);
}

START_TEST(key_use)
{
    role(key_uses[_i].grant, TRUST);
    check_key_use(_i);
}
END_TEST

/* The same where the rights of all identities are worked out first. */
START_TEST(key_use_by_details)
{
    app();
    kit_add(&k, "iam:GetAccountAuthorizationDetails", "", "",
            str_fmt(k.a,
                    "{\"RoleDetailList\":[{\"RoleName\":\"r\",\"Arn\":\"" ROLE_ARN
                    "\",\"RolePolicyList\":[{\"PolicyName\":\"p\",\"PolicyDocument\":{"
                    "\"Version\":\"2012-10-17\",\"Statement\":[%s]}}],"
                    "\"AttachedManagedPolicies\":[]}]}",
                    key_uses[_i].grant)
                .p);
    check_key_use(_i);
}
END_TEST

/* The service's own use of an application's key. */
START_TEST(key_service_use)
{
    kit_add(&k, "kinesisanalytics:DescribeApplication", APP_ARN, "",
            "{\"ApplicationDetail\":{\"ApplicationConfigurationDescription\":{"
            "\"ApplicationEncryptionConfigurationDescription\":{\"KeyType\":"
            "\"CUSTOMER_MANAGED_KEY\",\"KeyId\":\"" KEY_ARN "\"}}}}");
    kit_add(
        &k, "kms:GetKeyPolicy", KEY_ARN, "",
        "{\"Policy\":\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{"
        "\\\"Effect\\\":\\\"Allow\\\",\\\"Principal\\\":{\\\"Service\\\":"
        "\\\"kinesisanalytics.amazonaws.com\\\"},\\\"Action\\\":[\\\"kms:DescribeKey\\\","
        "\\\"kms:GenerateDataKey\\\",\\\"kms:Decrypt\\\"],\\\"Resource\\\":\\\"*\\\"}]}"
        "\"}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "k1", "/facts/service_use/0/missing"), "[]");
    ck_assert_str_eq(kit_view(&k, "k1", "/facts/service_use/1/missing"),
                     "[\"kms:DescribeKey\",\"kms:Decrypt\","
                     "\"kms:GenerateDataKeyWithoutPlaintext\",\"kms:CreateGrant\"]");
}
END_TEST

/* Who may change the application: by user, group and role, with boundaries and Denies. */
START_TEST(changers)
{
    app();
    kit_add(
        &k, "iam:GetAccountAuthorizationDetails", "", "",
        "{\"UserDetailList\":[{\"UserName\":\"admin\",\"Arn\":\"arn:aws:iam::"
        "111122223333:"
        "user/admin\",\"UserPolicyList\":[{\"PolicyName\":\"all\",\"PolicyDocument\":{"
        "\"Version\":\"2012-10-17\",\"Statement\":" ALLOW(
            "\"*\"",
            "\"*\"") "}}]},{\"UserName\":\"dev\",\"Arn\":\"arn:aws:iam::111122223333:"
                     "user/dev\","
                     "\"GroupList\":[\"g\"]},{\"UserName\":\"none\",\"Arn\":\"arn:aws:"
                     "iam::111122223333:"
                     "user/"
                     "none\",\"UserPolicyList\":[{\"PolicyName\":\"other\","
                     "\"PolicyDocument\":{"
                     "\"Version\":\"2012-10-17\",\"Statement\":" ALLOW(
                         "\"kinesisanalytics:*\"",
                         "\"arn:aws:kinesisanalytics:us-east-1:111122223333:application/"
                         "x\"") "}}]}],\"GroupDetailList\":[{\"GroupName\":\"g\",\"Arn\":"
                                "\"arn:aws:iam::"
                                "111122223333:group/"
                                "g\",\"GroupPolicyList\":[{\"PolicyName\":\"url\","
                                "\"PolicyDocument\":{\"Version\":\"2012-10-17\","
                                "\"Statement\":" ALLOW(
                                    "\"kinesisanalytics:CreateApplicationPresignedUrl\"",
                                    "\"" APP_ARN
                                    "\"") "}}]}],\"RoleDetailList\":[{\"RoleName\":"
                                          "\"denied\",\"Arn\":\"arn:aws:iam::"
                                          "111122223333:role/"
                                          "denied\",\"RolePolicyList\":[{\"PolicyName\":"
                                          "\"p\","
                                          "\"PolicyDocument\":{\"Version\":\"2012-10-"
                                          "17\",\"Statement\":[" ALLOW(
                                              "\"kinesisanalytics:*\"",
                                              "\"*\"") ",{\"Effect\":\"Deny\",\"Action\":"
                                                       "\"kinesisanalytics:*\","
                                                       "\"Resource\":\"*\"}]}}]}],"
                                                       "\"Policies\":[]}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/changers/0/name"), "\"admin\"");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/changers/0/admin"), "true");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/changers/0/level"), "\"code\"");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/changers/1/name"), "\"dev\"");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/changers/1/level"), "\"url\"");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/changers/1/via"),
                     "[\"url (group g)\"]");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/changers/2"), "");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/holders/2/kind"), "\"group\"");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/holders/2/members"), "1");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/holders/2/via"), "[\"url\"]");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/holders/0/rights/7"),
                     "\"permissions\"");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/holders/3"), "");
}
END_TEST

/* Identities that hold one right or another over the application, and what they pass. */
static const struct {
    const char *statement, *rights, *pass, *conditional;
} rights[] = {
    {ALLOW("[\"kinesisanalytics:UpdateApplication\",\"iam:PassRole\"]", "\"*\""),
     "[\"code\"]", "\"any\"", "false"},
    {ALLOW("\"kinesisanalytics:UpdateApplication\"",
           "\"*\"") "," ALLOW("\"iam:PassRole\"", "\"" ROLE_ARN "\""),
     "[\"code\"]", "\"own\"", "false"},
    {ALLOW(
         "\"kinesisanalytics:UpdateApplication\"",
         "\"*\"") ",{\"Effect\":\"Allow\",\"Action\":\"iam:PassRole\",\"Resource\":\"*\","
                  "\"Condition\":{\"StringEquals\":{\"iam:PassedToService\":"
                  "\"lambda.amazonaws.com\"}}}",
     "[\"code\"]", "\"none\"", "false"},
    {ALLOW(
         "\"kinesisanalytics:UpdateApplication\"",
         "\"*\"") ",{\"Effect\":\"Allow\",\"Action\":\"iam:PassRole\",\"Resource\":\"*\","
                  "\"Condition\":{\"StringEquals\":{\"iam:PassedToService\":"
                  "\"kinesisanalytics.amazonaws.com\"}}}",
     "[\"code\"]", "\"any\"", "false"},
    {ALLOW("\"kinesisanalytics:CreateApplicationPresignedUrl\"", "\"*\""), "[\"url\"]",
     "\"none\"", "false"},
    {ALLOW("\"kinesisanalytics:Describe*\"", "\"" APP_ARN "\""), "[\"read\"]", "\"none\"",
     "false"},
    {ALLOW("\"kinesisanalytics:ListApplications\"", "\"*\""), "[\"list\"]", "\"none\"",
     "false"},
    {ALLOW("\"kinesisanalytics:ListApplications\"", "\"" APP_ARN "\""), "", "", ""},
    {ALLOW("\"kinesisanalytics:TagResource\"", "\"*\""), "[\"tagging\"]", "\"none\"",
     "false"},
    {"{\"Effect\":\"Allow\",\"Action\":\"kinesisanalytics:StopApplication\",\"Resource\":"
     "\"*\",\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}}",
     "[\"delete\"]", "\"none\"", "true"},
    {ALLOW(
         "\"kinesisanalytics:StartApplication\"",
         "\"*\"") ",{\"Effect\":\"Deny\",\"Action\":\"kinesisanalytics:*\",\"Resource\":"
                  "\"" APP_ARN "\"}",
     "", "", ""},
    {ALLOW(
         "\"kinesisanalytics:StartApplication\"",
         "\"*\"") ",{\"Effect\":\"Deny\",\"Action\":\"kinesisanalytics:*\",\"Resource\":"
                  "\"" APP_ARN "-2\"}",
     "[\"write\"]", "\"none\"", "false"},
    {ALLOW(
         "\"kinesisanalytics:StartApplication\"",
         "\"*\"") ",{\"Effect\":\"Deny\",\"Action\":\"kinesisanalytics:*\",\"Resource\":"
                  "\"*\",\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":"
                  "\"false\"}}}",
     "[\"write\"]", "\"none\"", "true"},
    {ALLOW("[\"kinesisanalytics:UpdateApplication\",\"iam:PassRole\"]",
           "[\"" APP_ARN "\",\"arn:aws:iam::111122223333:role/flink-*\"]"),
     "[\"code\"]", "\"named\"", "false"},
    {"{\"Effect\":\"Allow\",\"NotAction\":\"kinesisanalytics:*\",\"Resource\":\"*\"}", "",
     "", ""},
    {"{\"Effect\":\"Allow\",\"Action\":\"kinesisanalytics:StartApplication\","
     "\"NotResource\":"
     "\"" APP_ARN "\"}",
     "", "", ""},
    {ALLOW("\"iam:*\"", "\"*\""), "", "", ""},
    /* Found by how the name begins, whatever stands before it. */
    {ALLOW("\"kinesisanalytics:StartApplication\"",
           "\"ARN:AWS:KinesisAnalytics:*:1111????3333:application/or*\""),
     "[\"write\"]", "\"none\"", "false"},
    {ALLOW("\"kinesisanalytics:StartApplication\"",
           "\"arn:aws:kinesisanalytics:*:*:application/${aws:PrincipalTag/app}\""),
     "[\"write\"]", "\"none\"", "false"},
    {ALLOW("\"kinesisanalytics:StartApplication\"",
           "[\"arn:*\",\"arn:aws:kinesisanalytics:*:*:application/orders\"]"),
     "[\"write\"]", "\"none\"", "false"},
    {ALLOW("\"kinesisanalytics:StartApplication\"",
           "\"arn:aws:kinesisanalytics:*:*:application/orders2*\""),
     "", "", ""},
    {ALLOW("\"kinesisanalytics:StartApplication\"",
           "\"arn:aws:kinesisanalytics:*:*:application/Orders\""),
     "", "", ""},
};

START_TEST(holders)
{
    app();
    kit_add(&k, "iam:GetAccountAuthorizationDetails", "", "",
            str_z(k.a, str_fmt(k.a,
                               "{\"UserDetailList\":[],\"GroupDetailList\":[],"
                               "\"RoleDetailList\":[{\"RoleName\":\"r\",\"Arn\":"
                               "\"arn:aws:iam::111122223333:role/r\",\"RolePolicyList\":"
                               "[{\"PolicyName\":\"p\",\"PolicyDocument\":{\"Version\":"
                               "\"2012-10-17\",\"Statement\":[%s]}}]}],\"Policies\":[]}",
                               rights[_i].statement)));
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/holders/0/rights"),
                     rights[_i].rights);
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/holders/0/pass_role"),
                     rights[_i].pass);
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/holders/0/conditional"),
                     rights[_i].conditional);
}
END_TEST

/* A policy that cannot be read, or is not there, may grant: that is said, not guessed. */
static const struct {
    const char *policies, *what;
} doubtful[] = {
    {"\"RolePolicyList\":[{\"PolicyName\":\"p\",\"PolicyDocument\":{\"Version\":\"2012-"
     "10-17\","
     "\"Statement\":[{\"Effect\":\"Allow\",\"Action\":7,\"Resource\":\"*\"}]}}]",
     "\"a policy of an identity of the account cannot be read, so that it may grant "
     "rights "
     "over the application\""},
    {"\"RolePolicyList\":[],\"AttachedManagedPolicies\":[{\"PolicyName\":\"m\","
     "\"PolicyArn\":"
     "\"arn:aws:iam::111122223333:policy/m\"}]",
     "\"role r may hold more rights over it: an attached policy is not in evidence\""},
    {"\"RolePolicyList\":[],\"AttachedManagedPolicies\":[]", ""},
};

START_TEST(holders_in_doubt)
{
    app();
    kit_add(
        &k, "iam:GetAccountAuthorizationDetails", "", "",
        str_z(k.a, str_fmt(k.a,
                           "{\"UserDetailList\":[],\"GroupDetailList\":[],"
                           "\"RoleDetailList\":[{\"RoleName\":\"r\",\"Arn\":"
                           "\"arn:aws:iam::111122223333:role/r\",%s}],\"Policies\":[]}",
                           doubtful[_i].policies)));
    kit_build(&k);
    struct json *view = subject_view(k.a, kit_find(&k, "orders"));
    const struct json *n = json_pointer(view, STR("/facts/unknown"));
    struct buf out = BUF_INIT;
    size_t about = 0;
    for (n = json_first(n); n; n = json_next(n)) {
        if (!str_eq(json_str(json_get(n, STR("about"))), STR("holders")))
            continue;
        json_write(&out, json_get(n, STR("what")), false, false);
        about++;
    }
    ck_assert_str_eq(about ? out.p : "", doubtful[_i].what);
    buf_free(&out);
}
END_TEST

START_TEST(trail_bucket)
{
    role(ALLOW("\"s3:PutObject\"", "\"arn:aws:s3:::logs-1/*\""), TRUST);
    kit_add(&k, "cloudtrail:DescribeTrails", "", "",
            "{\"trailList\":[{\"Name\":\"t\",\"TrailARN\":\"arn:aws:cloudtrail:us-east-1:"
            "111122223333:trail/"
            "t\",\"HomeRegion\":\"us-east-1\",\"S3BucketName\":\"logs-1\"}]"
            "}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/writes_bucket/0/action"),
                     "\"s3:PutObject\"");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/writes_bucket/1"), "");
}
END_TEST

/* "*" of a policy in one account opens no bucket of another. */
START_TEST(trail_bucket_elsewhere)
{
    role(ALLOW("\"s3:PutObject\"", "\"*\""), TRUST);
    struct document *d = kit_add(
        &k, "cloudtrail:DescribeTrails", "", "",
        "{\"trailList\":[{\"Name\":\"t\",\"TrailARN\":\"arn:aws:cloudtrail:us-east-1:"
        "444455556666:trail/t\",\"HomeRegion\":\"us-east-1\",\"S3BucketName\":"
        "\"logs-2\"}]}");
    d->account = STR("444455556666");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/writes_bucket/0"), "");
}
END_TEST

START_TEST(services)
{
    role(ALLOW("\"kinesis:GetRecords\"", "\"" STREAM_ARN "\""), TRUST);
    kit_add(
        &k, "iam:GetServiceLastAccessedDetails", ROLE_ARN, "job",
        "{\"JobStatus\":\"COMPLETED\",\"IsTruncated\":false,\"ServicesLastAccessed\":[{"
        "\"ServiceNamespace\":\"kinesis\",\"LastAuthenticated\":\"2026-11-19T00:00:00Z\"}"
        ",{"
        "\"ServiceNamespace\":\"sqs\"},{\"ServiceNamespace\":\"s3\","
        "\"LastAuthenticated\":"
        "\"2026-06-01T00:00:00Z\"}]}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/used_services/0/days"), "1");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/unused_services/0/service"),
                     "\"sqs\"");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/unused_services/0/days"), "323");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/unused_services/1/service"),
                     "\"s3\"");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("model_iam");
    TCase *t = tcase_create("all");
    tcase_add_checked_fixture(t, setup, teardown);
    unit_rows(t, role_grants, grants);
    unit_rows(t, role_trust, trusts);
    tcase_add_test(t, role_incomplete);
    tcase_add_test(t, role_from_details);
    unit_rows(t, access, access_rows);
    tcase_add_loop_test(t, access_of_every_type, 0,
                        ENTRIES * (int)(sizeof guarded / sizeof *guarded));
    unit_rows(t, key_use, key_uses);
    unit_rows(t, key_use_by_details, key_uses);
    tcase_add_test(t, key_service_use);
    tcase_add_test(t, changers);
    unit_rows(t, holders_in_doubt, doubtful);
    tcase_add_loop_test(t, holders, 0, sizeof rights / sizeof *rights);
    tcase_add_test(t, trail_bucket);
    tcase_add_test(t, trail_bucket_elsewhere);
    tcase_add_test(t, services);
    suite_add_tcase(s, t);
    return unit_run(s, "model_iam");
}
