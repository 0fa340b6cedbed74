/* Unit tests of gen/trail: records to events, who called, each once. */
#include "model_kit.h"

#include "trail/trail.h"

static struct kit k;

static void setup(void)
{
    k = kit_new();
}

static void teardown(void)
{
    arena_free(k.a);
}

#define EVENT(more)                                                                      \
    "{\"eventVersion\":\"1.11\",\"eventTime\":\"2026-11-19T10:00:00Z\",\"eventSource\":" \
    "\"kinesisanalytics.amazonaws.com\",\"awsRegion\":\"us-east-1\","                    \
    "\"recipientAccountId"                                                               \
    "\":\"111122223333\"," more "}"

/* A log file of these records. */
static struct trail *log_file(const char *records)
{
    kit_add(&k, "cloudtrail:Records", "", "",
            str_fmt(k.a, "{\"Records\":[%s]}", records).p);
    return trail_read(k.a, &k.ev, 1, k.dx);
}

static const struct {
    const char *identity, *who, *principal, *credentials;
} identities[] = {
    {"{\"type\":\"Root\",\"accountId\":\"111122223333\",\"arn\":\"arn:aws:iam::"
     "111122223333:root\"}",
     "root of 111122223333", "arn:aws:iam::111122223333:root", "root"},
    {"{\"type\":\"IAMUser\",\"userName\":\"alice\",\"arn\":\"arn:aws:iam::111122223333:"
     "user/alice\",\"accessKeyId\":\"AKIARTX3GSDS4USAMPLE\"}",
     "alice", "arn:aws:iam::111122223333:user/alice", "long-term"},
    {"{\"type\":\"IAMUser\",\"userName\":\"alice\",\"arn\":\"arn:aws:iam::111122223333:"
     "user/alice\",\"accessKeyId\":\"ASIARTX3GSDS4USAMPLE\"}",
     "alice", "arn:aws:iam::111122223333:user/alice", "temporary"},
    {"{\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/dev/"
     "bob\","
     "\"principalId\":\"AROA:bob\"}",
     "dev/bob", "arn:aws:sts::111122223333:assumed-role/dev/bob", "role"},
    {"{\"type\":\"AWSService\",\"invokedBy\":\"kinesisanalytics.amazonaws.com\"}",
     "kinesisanalytics.amazonaws.com", "kinesisanalytics.amazonaws.com", "service"},
    {"{\"accountId\":\"111122223333\",\"invokedBy\":\"x.amazonaws.com\"}",
     "x.amazonaws.com", "x.amazonaws.com", "service"},
    {"{\"type\":\"WebIdentityUser\",\"principalId\":\"web:1\"}", "web:1", "web:1",
     "federated"},
    {"{\"type\":\"IAMUser\",\"userName\":\"HIDDEN_DUE_TO_SECURITY_REASONS\","
     "\"accountId\":\"111122223333\"}",
     "111122223333", "111122223333", "long-term"},
    {"{\"type\":\"AWSAccount\",\"accountId\":\"444455556666\"}", "444455556666",
     "444455556666", "unknown"},
    {"null", "", "", "unknown"},
};
START_TEST(identity)
{
    struct str more = str_fmt(k.a,
                              "\"eventID\":\"e\",\"eventName\":\"UpdateApplication\","
                              "\"userIdentity\":%s",
                              identities[_i].identity);
    struct trail *t = log_file(str_fmt(k.a, EVENT("%s"), more.p).p);
    ck_assert_uint_eq(t->n, 1);
    ck_assert_str_eq(str_dup(k.a, t->v[0].who).p, identities[_i].who);
    ck_assert_str_eq(str_dup(k.a, t->v[0].principal).p, identities[_i].principal);
    ck_assert_str_eq(t->v[0].credentials, identities[_i].credentials);
}
END_TEST

static const struct {
    const char *more, *application, *outcome;
} calls[] = {
    {"\"requestParameters\":{\"applicationName\":\"orders\"}", "orders", "success"},
    {"\"responseElements\":{\"applicationDetail\":{\"applicationARN\":\"arn:x\"}}",
     "arn:x", "success"},
    {"\"requestParameters\":{\"resourceARN\":\"arn:y\"},\"responseElements\":null",
     "arn:y", "success"},
    {"\"requestParameters\":null,\"resources\":[{\"ARN\":\"arn:aws:kinesisanalytics:us-"
     "east-"
     "1:111122223333:application/z\"}]",
     "arn:aws:kinesisanalytics:us-east-1:111122223333:application/z", "success"},
    {"\"errorCode\":\"AccessDenied\"", "", "AccessDenied"},
    {"\"errorCode\":\"DryRunOperationException\"", "", "success"},
};
START_TEST(application)
{
    struct trail *t = log_file(
        str_fmt(k.a, EVENT("\"eventID\":\"e\",\"eventName\":\"X\",%s"), calls[_i].more)
            .p);
    ck_assert_uint_eq(t->n, 1);
    ck_assert_str_eq(str_dup(k.a, t->v[0].about).p, calls[_i].application);
    ck_assert_str_eq(str_dup(k.a, t->v[0].outcome).p, calls[_i].outcome);
    ck_assert_str_eq(event_class_name(t->v[0].kind), "other");
}
END_TEST

/* Each eventID once; a correction takes the place of what it corrects. */
START_TEST(once)
{
    /* clang-format off */
    struct trail *t = log_file(
        EVENT("\"eventID\":\"a\",\"eventName\":\"StopApplication\"") ","
        EVENT("\"eventID\":\"a\",\"eventName\":\"StopApplication\"") ","
        EVENT("\"eventID\":\"b\",\"eventName\":\"Old\"") ","
        EVENT("\"eventID\":\"c\",\"eventName\":\"New\",\"addendum\":"
              "{\"reason\":\"UPDATED_DATA\",\"originalEventID\":\"b\"}") ","
        EVENT("\"eventID\":\"d\",\"eventName\":\"Before\"") ","
        EVENT("\"eventID\":\"d\",\"eventName\":\"After\",\"addendum\":"
              "{\"reason\":\"UPDATED_DATA\",\"originalEventID\":\"d\"}"));
    /* clang-format on */
    ck_assert_uint_eq(t->records, 6);
    ck_assert_uint_eq(t->duplicates, 1);
    ck_assert_uint_eq(t->replaced, 2);
    ck_assert_uint_eq(t->n, 3);
    ck_assert(str_eq(t->v[0].name, STR("StopApplication")));
    ck_assert_str_eq(event_class_name(t->v[0].kind), "destructive");
    ck_assert(str_eq(t->v[1].name, STR("New")));
    ck_assert(str_eq(t->v[2].name, STR("After")));
}
END_TEST

static const struct {
    const char *record, *code;
    size_t n;
} odd[] = {
    {"{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-01-01T00:00:00Z\",\"eventSource\":"
     "\"kinesisanalytics.amazonaws.com\"}",
     "", 1},
    {"{\"eventVersion\":\"2.0\",\"eventTime\":\"2026-01-01T00:00:00Z\",\"eventSource\":"
     "\"kinesisanalytics.amazonaws.com\"}",
     "TRL-102", 0},
    {"{\"eventVersion\":\"1.08\"}", "TRL-101", 0},
    {"7", "TRL-101", 0},
    {"{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-01-01T00:00:00Z\",\"eventSource\":"
     "\"s3.amazonaws.com\"}",
     "", 0},
};
START_TEST(odd_records)
{
    struct trail *t = log_file(odd[_i].record);
    ck_assert_uint_eq(t->n, odd[_i].n);
    const char *code = diag_first(k.dx, DIAG_NOTE);
    ck_assert_str_eq(code ? code : "", odd[_i].code);
}
END_TEST

/* lookup-events: the record is text in the event (B11); other services are not parsed. */
START_TEST(lookup)
{
    kit_add(
        &k, "cloudtrail:LookupEvents", "", "",
        "{\"Events\":[{\"EventId\":\"e1\",\"EventSource\":\"kinesisanalytics.amazonaws."
        "com\",\"CloudTrailEvent\":\"{\\\"eventVersion\\\":\\\"1.09\\\","
        "\\\"eventTime\\\":\\\"2026-11-19T10:00:00Z\\\",\\\"eventSource\\\":"
        "\\\"kinesisanalytics.amazonaws.com\\\",\\\"eventName\\\":"
        "\\\"StartApplication\\\",\\\"eventID\\\":\\\"e1\\\",\\\"requestParameters\\\":"
        "{\\\"applicationName\\\":\\\"orders\\\"}}\"},"
        "{\"EventId\":\"e2\",\"EventSource\":\"s3.amazonaws.com\",\"EventTime\":1,"
        "\"CloudTrailEvent\":\"broken\"},"
        "{\"EventId\":\"e3\",\"CloudTrailEvent\":\"broken\"}]}");
    kit_add(&k, "kinesisanalytics:ListApplicationSnapshots",
            "arn:aws:kinesisanalytics:us-east-1:111122223333:application/orders", "",
            "{\"SnapshotSummaries\":[]}");
    struct trail *t = trail_read(k.a, &k.ev, 1, k.dx);
    ck_assert_uint_eq(t->n, 1);
    ck_assert_uint_eq(t->records, 3);
    ck_assert(str_eq(t->v[0].pointer, STR("/Events/0/CloudTrailEvent")));
    ck_assert(str_eq(t->v[0].region, STR("us-east-1")));
    ck_assert_str_eq(diag_first(k.dx, DIAG_NOTE), "TRL-101");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/activity/0/event"),
                     "\"StartApplication\"");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/activity/0/class"),
                     "\"operational\"");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/activity/0/at/pointer"),
                     "\"/Events/0/CloudTrailEvent\"");
}
END_TEST

/* Calls of other services that change what applications rest on. */
static const struct {
    const char *source, *event, *more, *want; /* "type about class", "" for none */
} neighbours[] = {
    {"cloudtrail.amazonaws.com", "StopLogging",
     "\"requestParameters\":{\"name\":\"arn:aws:cloudtrail:us-east-1:111122223333:trail/"
     "t\"}",
     "trail arn:aws:cloudtrail:us-east-1:111122223333:trail/t destructive"},
    {"cloudtrail.amazonaws.com", "PutEventSelectors",
     "\"requestParameters\":{\"trailName\":\"t\"}", "trail t sensitive"},
    {"cloudtrail.amazonaws.com", "DescribeTrails", "\"requestParameters\":null", ""},
    {"kms.amazonaws.com", "ScheduleKeyDeletion",
     "\"requestParameters\":{\"keyId\":\"k1\",\"pendingWindowInDays\":7}",
     "key k1 destructive"},
    {"kinesis.amazonaws.com", "DeleteStream",
     "\"requestParameters\":{\"streamARN\":\"arn:aws:kinesis:us-east-1:111122223333:"
     "stream/s\"}",
     "stream arn:aws:kinesis:us-east-1:111122223333:stream/s destructive"},
    {"s3.amazonaws.com", "PutBucketPolicy",
     "\"requestParameters\":{\"bucketName\":\"b-1\",\"Host\":\"x\"}",
     "bucket b-1 sensitive"},
    {"sqs.amazonaws.com", "DeleteQueue",
     "\"requestParameters\":{\"queueUrl\":\"https://sqs.us-east-1.amazonaws.com/"
     "111122223333/q\"}",
     "queue q destructive"},
    {"sts.amazonaws.com", "AssumeRole",
     "\"userIdentity\":{\"type\":\"AssumedRole\"},\"requestParameters\":{\"roleArn\":"
     "\"arn:aws:iam::111122223333:role/r\"}",
     "role arn:aws:iam::111122223333:role/r sensitive"},
    {"sts.amazonaws.com", "AssumeRole",
     "\"userIdentity\":{\"type\":\"AWSService\",\"invokedBy\":\"kinesisanalytics."
     "amazonaws.com\"},\"requestParameters\":{\"roleArn\":\"arn:aws:iam::111122223333:"
     "role/r\"}",
     ""},
    {"iam.amazonaws.com", "PutRolePolicy",
     "\"requestParameters\":null,\"resources\":[{\"ARN\":\"arn:aws:iam::111122223333:"
     "role/r\"}]",
     "role arn:aws:iam::111122223333:role/r sensitive"},
    {"rds.amazonaws.com", "StopLogging", "\"requestParameters\":{\"name\":\"t\"}", ""},
    {"kms", "DisableKey", "\"requestParameters\":{\"keyId\":\"k1\"}", ""},
};
START_TEST(neighbour)
{
    struct trail *t = log_file(
        str_fmt(k.a,
                "{\"eventVersion\":\"1.11\",\"eventTime\":\"2026-11-19T10:00:00Z\","
                "\"eventID\":\"n1\",\"eventSource\":\"%s\",\"eventName\":\"%s\",%s}",
                neighbours[_i].source, neighbours[_i].event, neighbours[_i].more)
            .p);
    const char *got =
        t->n ? str_fmt(k.a, "%s %.*s %s", t->v[0].type, STR_ARG(t->v[0].about),
                       event_class_name(t->v[0].kind))
                   .p
             : "";
    ck_assert_str_eq(got, neighbours[_i].want);
    ck_assert_uint_eq(t->records, 1);
}
END_TEST

START_TEST(neighbour_rows)
{
    size_t n;
    const struct trail_neighbour *rows = trail_neighbour_rows(&n);
    for (size_t i = 0; i < n; i++) {
        int c = i ? strcmp(rows[i - 1].source, rows[i].source) : -1;
        ck_assert(c < 0 || (c == 0 && strcmp(rows[i - 1].event, rows[i].event) < 0));
        ck_assert_ptr_eq(
            trail_neighbour(str_fmt(k.a, "%s.amazonaws.com.cn", rows[i].source),
                            str_from(rows[i].event)),
            &rows[i]);
    }
}
END_TEST

START_TEST(class_rows)
{
    size_t n;
    const struct trail_event_row *rows = trail_event_rows(&n);
    for (size_t i = 1; i < n; i++)
        ck_assert_str_lt(rows[i - 1].name, rows[i].name);
    ck_assert_int_eq(trail_class(STR("CreateApplicationPresignedUrl")), EVENT_SENSITIVE);
    ck_assert_int_eq(trail_class(STR("ListApplications")), EVENT_READ);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("trail");
    TCase *t = tcase_create("all");
    tcase_add_checked_fixture(t, setup, teardown);
    unit_rows(t, identity, identities);
    unit_rows(t, application, calls);
    unit_rows(t, neighbour, neighbours);
    tcase_add_test(t, neighbour_rows);
    tcase_add_test(t, once);
    unit_rows(t, odd_records, odd);
    tcase_add_test(t, lookup);
    tcase_add_test(t, class_rows);
    suite_add_tcase(s, t);
    return unit_run(s, "trail");
}
