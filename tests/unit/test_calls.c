/* Unit tests of gen/trail's calls of roles, and of what facts make of them. */
#include "model_kit.h"

#include "model/rights.h"
#include "trail/calls.h"

static struct kit k;

static void setup(void)
{
    k = kit_new_with_actions();
}

static void teardown(void)
{
    arena_free(k.a);
}

#define PLACE "us-east-1:" ACCT
#define ROLE_ARN "arn:aws:iam::" ACCT ":role/r"

/* One record of the role: service, call, more members. */
static const char *record(const char *service, const char *name, const char *time,
                          const char *more)
{
    return str_fmt(
               k.a,
               "{\"eventVersion\":\"1.08\",\"eventID\":\"%s%s%s\",\"eventTime\":\"%s\","
               "\"eventSource\":\"%s.amazonaws.com\",\"eventName\":\"%s\","
               "\"awsRegion\":\"us-east-1\",\"recipientAccountId\":\"" ACCT "\","
               "\"userIdentity\":{\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::" ACCT
               ":assumed-role/r/s\",\"sessionContext\":{\"sessionIssuer\":{\"type\":"
               "\"Role\",\"arn\":\"" ROLE_ARN "\"}}}%s%s}",
               service, name, time, time, service, name, more[0] ? "," : "", more)
        .p;
}

static void logs(const char *records)
{
    kit_add(&k, "cloudtrail:Records", "", "",
            str_fmt(k.a, "{\"Records\":[%s]}", records).p);
}

static struct trail_calls *read_calls(void)
{
    struct map *roles = ARENA_NEW(k.a, struct map);
    *map_put(k.a, roles, STR(ROLE_ARN)) = roles;
    return trail_calls_read(k.a, &k.ev, roles, 1);
}

static const struct {
    const char *service, *name, *more;
    const char *call; /* source|name|resource|denied */
} rows[] = {
    {"kinesis", "DescribeStreamSummary", "\"requestParameters\":{\"streamName\":\"s\"}",
     "kinesis.amazonaws.com|DescribeStreamSummary|arn:aws:kinesis:" PLACE ":stream/s|"},
    {"kinesis", "GetRecords",
     "\"requestParameters\":{\"streamARN\":\"arn:aws:kinesis:" PLACE ":stream/s\"}",
     "kinesis.amazonaws.com|GetRecords|arn:aws:kinesis:" PLACE ":stream/s|"},
    {"s3", "GetObject", "\"requestParameters\":{\"bucketName\":\"b\",\"key\":\"a/b\"}",
     "s3.amazonaws.com|GetObject|arn:aws:s3:::b/*|"},
    {"s3", "ListObjects", "\"requestParameters\":{\"bucketName\":\"b\"}",
     "s3.amazonaws.com|ListObjects|arn:aws:s3:::b|"},
    {"s3", "PutObject",
     "\"resources\":[{\"type\":\"AWS::S3::Object\",\"ARN\":\"arn:aws:s3:::b/k\"},{"
     "\"type\":\"AWS::S3::Bucket\",\"ARN\":\"arn:aws:s3:::b\"}]",
     "s3.amazonaws.com|PutObject|arn:aws:s3:::b/*|"},
    {"logs", "PutLogEvents",
     "\"requestParameters\":{\"logGroupName\":\"/g\",\"logStreamName\":\"s\"}",
     "logs.amazonaws.com|PutLogEvents|arn:aws:logs:" PLACE ":log-group:/g:*|"},
    {"secretsmanager", "GetSecretValue", "\"requestParameters\":{\"secretId\":\"db\"}",
     "secretsmanager.amazonaws.com|GetSecretValue|arn:aws:secretsmanager:" PLACE
     ":secret:db-??????|"},
    {"kms", "Decrypt",
     "\"resources\":[{\"type\":\"AWS::KMS::Key\",\"ARN\":\"arn:aws:kms:" PLACE
     ":key/1\"}]",
     "kms.amazonaws.com|Decrypt|arn:aws:kms:" PLACE ":key/1|"},
    {"ec2", "DescribeVpcs", "", "ec2.amazonaws.com|DescribeVpcs||"},
    {"kinesis", "PutRecords",
     "\"errorCode\":\"AccessDeniedException\",\"requestParameters\":{\"streamName\":"
     "\"t\"}",
     "kinesis.amazonaws.com|PutRecords|arn:aws:kinesis:" PLACE ":stream/t|denied"},
    {"s3", "ListObjects",
     "\"errorCode\":\"AccessDenied\",\"errorMessage\":\"User: x is not authorized to "
     "perform: s3:ListBucket on resource: \\\"arn:aws:s3:::b\\\" because\"",
     "s3.amazonaws.com|ListBucket||denied"},
    {"s3", "ListObjects",
     "\"errorCode\":\"AccessDenied\",\"errorMessage\":\"User: x is not authorized to "
     "perform: s3:ListBucket on resource: arn:aws:s3:::b because no\"",
     "s3.amazonaws.com|ListBucket|arn:aws:s3:::b|denied"},
    {"kinesis", "DescribeStream", "\"errorCode\":\"ResourceNotFoundException\"",
     "kinesis.amazonaws.com|DescribeStream||"},
};
static void expect(const struct trail_calls *t, const char *call)
{
    struct trail_caller *c = map_get(&t->callers, STR(ROLE_ARN));
    ck_assert(c && c->n == 1);
    struct str is =
        str_fmt(k.a, "%.*s|%.*s|%.*s|%s", STR_ARG(c->v[0].source), STR_ARG(c->v[0].name),
                STR_ARG(c->v[0].resource), c->v[0].denied ? "denied" : "");
    ck_assert_str_eq(str_z(k.a, is), call);
}
START_TEST(call)
{
    const char *r =
        record(rows[_i].service, rows[_i].name, "2026-11-01T00:00:00Z", rows[_i].more);
    logs(r);
    expect(read_calls(), rows[_i].call);
}
END_TEST

/* The same from lookup-events, where the record stands in a string. */
START_TEST(lookup)
{
    const char *r =
        record(rows[_i].service, rows[_i].name, "2026-11-01T00:00:00Z", rows[_i].more);
    struct buf b = BUF_INIT;
    for (const char *c = r; *c; c++)
        buf_fmt(&b, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
    kit_add(
        &k, "cloudtrail:LookupEvents", "", "",
        str_fmt(k.a,
                "{\"Events\":[{\"EventId\":\"1\",\"EventTime\":\"2026-11-01T00:00:00Z\""
                ",\"CloudTrailEvent\":\"%.*s\"}]}",
                STR_ARG(buf_view(&b)))
            .p);
    expect(read_calls(), rows[_i].call);
    buf_free(&b);
}
END_TEST

START_TEST(counts)
{
    logs(str_fmt(k.a, "%s,%s,%s",
                 record("ec2", "DescribeVpcs", "2026-11-01T00:00:00Z", ""),
                 record("ec2", "DescribeVpcs", "2026-11-03T00:00:00Z", ""),
                 record("ec2", "DescribeSubnets", "2026-11-02T00:00:00Z", ""))
             .p);
    struct trail_calls *t = read_calls();
    struct trail_caller *c = map_get(&t->callers, STR(ROLE_ARN));
    ck_assert_uint_eq(c->n, 2);
    ck_assert_uint_eq(c->v[1].count, 2);
    ck_assert_str_eq(str_z(k.a, when_text(k.a, c->v[1].last)), "2026-11-03T00:00:00Z");
    ck_assert_str_eq(str_z(k.a, c->v[1].pointer), "/Records/1");
    /* Three days without a gap. */
    ck_assert_uint_eq(t->nreach, 1);
    ck_assert_int_eq(when_days(t->reach[0].from, t->reach[0].to), 3);
}
END_TEST

START_TEST(gap)
{
    logs(str_fmt(k.a, "%s,%s", record("ec2", "DescribeVpcs", "2026-09-01T00:00:00Z", ""),
                 record("ec2", "DescribeVpcs", "2026-11-03T00:00:00Z", ""))
             .p);
    ck_assert_int_eq(when_days(read_calls()->reach[0].from, read_calls()->reach[0].to),
                     1);
}
END_TEST

/* Somebody else, and answers to a question about one service. */
START_TEST(others)
{
    kit_add(&k, "cloudtrail:LookupEvents", "", "",
            "{\"Events\":[{\"EventId\":\"1\",\"EventTime\":\"2026-11-01T00:00:00Z\","
            "\"EventSource\":\"kinesisanalytics.amazonaws.com\",\"CloudTrailEvent\":"
            "\"{\\\"userIdentity\\\":{\\\"type\\\":\\\"IAMUser\\\"}}\"}]}");
    struct trail_calls *t = read_calls();
    ck_assert_uint_eq(t->callers.n, 0);
    ck_assert_uint_eq(t->nreach, 0);
}
END_TEST

/* Facts: a call that nothing needs makes the right no excess, a refused one does not. */
static void application(const char *statements)
{
    kit_add(&k, "kinesisanalytics:DescribeApplication", "orders", "",
            "{\"ApplicationDetail\":{\"ApplicationARN\":\"arn:aws:kinesisanalytics:" PLACE
            ":application/orders\",\"ApplicationName\":\"orders\",\"RuntimeEnvironment\":"
            "\"SQL-1_0\",\"ServiceExecutionRole\":\"" ROLE_ARN
            "\",\"ApplicationConfigurationDescription\":{}}}");
    kit_add(&k, "iam:GetRolePolicy", "r", "p",
            str_fmt(k.a,
                    "{\"RoleName\":\"r\",\"PolicyName\":\"p\",\"PolicyDocument\":{"
                    "\"Version\":\"2012-10-17\",\"Statement\":[%s]}}",
                    statements)
                .p);
    kit_add(&k, "iam:ListRolePolicies", "r", "", "{\"PolicyNames\":[\"p\"]}");
    kit_add(&k, "iam:ListAttachedRolePolicies", "r", "", "{\"AttachedPolicies\":[]}");
    kit_add(&k, "iam:GetRole", ROLE_ARN, "",
            "{\"Role\":{\"RoleName\":\"r\",\"Arn\":\"" ROLE_ARN
            "\",\"CreateDate\":\"2026-01-01T00:00:00Z\"}}");
}

#define ALLOW "{\"Effect\":\"Allow\",\"Action\":\"ec2:DescribeVpcs\",\"Resource\":\"*\"}"

START_TEST(used)
{
    application(ALLOW);
    logs(record("ec2", "DescribeVpcs", "2026-11-01T00:00:00Z", ""));
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/excess"), "[]");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/calls/0/outcome"), "\"allowed\"");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/calls/0/granted"), "true");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/use_seen/days"), "1");
}
END_TEST

START_TEST(refused)
{
    application(ALLOW);
    logs(record("ec2", "DescribeVpcs", "2026-11-01T00:00:00Z",
                "\"errorCode\":\"Client.UnauthorizedOperation\""));
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/excess/0/verdict"), "\"excess\"");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/calls/0/outcome"), "\"refused\"");
}
END_TEST

/* Records of every day of the window: what does not show was not used. */
START_TEST(idle)
{
    application(
        "{\"Effect\":\"Allow\",\"Action\":[\"ec2:DescribeVpcs\",\"iam:PassRole\"],"
        "\"Resource\":\"*\"}");
    struct buf b = BUF_INIT;
    for (int day = 1; day <= 60; day++)
        buf_fmt(&b, "%s%s", b.n ? "," : "",
                record("ec2", "DescribeSubnets",
                       str_fmt(k.a, "2026-%02d-%02dT00:00:00Z", 9 + (day - 1) / 30,
                               (day - 1) % 30 + 1)
                           .p,
                       ""));
    logs(buf_dup(k.a, &b).p);
    buf_free(&b);
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/unused/0/atoms"),
                     "[\"ec2:DescribeVpcs\"]");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/use_seen/never"),
                     "[\"iam:PassRole\"]");
    ck_assert_str_eq(kit_view(&k, ROLE_ARN, "/facts/excess/0/idle"), "\"unknown\"");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("calls");
    TCase *t = tcase_create("all");
    tcase_add_checked_fixture(t, setup, teardown);
    unit_rows(t, call, rows);
    unit_rows(t, lookup, rows);
    tcase_add_test(t, counts);
    tcase_add_test(t, gap);
    tcase_add_test(t, others);
    tcase_add_test(t, used);
    tcase_add_test(t, refused);
    tcase_add_test(t, idle);
    suite_add_tcase(s, t);
    return unit_run(s, "calls");
}
