/* Unit tests of gen/model: subjects, exhibits, links, what properties and SQL name. */
#include "model_kit.h"

#include "model/naming.h"
#include "model/properties.h"

static struct kit k;

static void setup(void)
{
    k = kit_new();
}

static void teardown(void)
{
    arena_free(k.a);
}

/* ARNs and names (B15, B16, B20, B21). */
static const struct {
    const char *arn, *type, *canonical, *name, *region;
} arns[] = {
    {"arn:aws:kinesisanalytics:us-east-1:111122223333:application/a", "application",
     "arn:aws:kinesisanalytics:us-east-1:111122223333:application/a", "a", "us-east-1"},
    {"arn:aws:iam::111122223333:role/service-role/kinesis-analytics-App", "role",
     "arn:aws:iam::111122223333:role/service-role/kinesis-analytics-App",
     "kinesis-analytics-App", "global"},
    {"arn:aws:sts::111122223333:assumed-role/r/session", "role",
     "arn:aws:iam::111122223333:role/r", "r", "global"},
    {"arn:aws:s3:::b/a/key.jar", "bucket", "arn:aws:s3:::b", "b", ""},
    {"arn:aws-cn:s3:::b", "bucket", "arn:aws-cn:s3:::b", "b", ""},
    {"arn:aws:kinesis:us-east-1:111122223333:stream/s/consumer/c:123", "stream",
     "arn:aws:kinesis:us-east-1:111122223333:stream/s", "s", "us-east-1"},
    {"arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/2024-01-01T00:00:00.000",
     "table", "arn:aws:dynamodb:us-east-1:111122223333:table/t", "t", "us-east-1"},
    {"arn:aws:logs:us-east-1:111122223333:log-group:/aws/kinesis-analytics/a:*",
     "log-group",
     "arn:aws:logs:us-east-1:111122223333:log-group:/aws/kinesis-analytics/a",
     "/aws/kinesis-analytics/a", "us-east-1"},
    {"arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:s", "log-group",
     "arn:aws:logs:us-east-1:111122223333:log-group:g", "g", "us-east-1"},
    {"arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1", "key",
     "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1", "mrk-1", "us-gov-west-1"},
    {"arn:aws:kms:us-east-1:111122223333:alias/aws/kinesis", "key",
     "arn:aws:kms:us-east-1:111122223333:alias/aws/kinesis", "alias/aws/kinesis",
     "us-east-1"},
    {"arn:aws:kafka:us-east-1:111122223333:topic/c/uuid-1/t", "cluster",
     "arn:aws:kafka:us-east-1:111122223333:cluster/c/uuid-1", "c", "us-east-1"},
    {"arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf", "secret",
     "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf", "prod/db",
     "us-east-1"},
    {"arn:aws:glue:us-east-1:111122223333:table/db/t", "database",
     "arn:aws:glue:us-east-1:111122223333:database/db", "db", "us-east-1"},
    {"arn:aws:sqs:us-east-1:111122223333:q", "queue",
     "arn:aws:sqs:us-east-1:111122223333:q", "q", "us-east-1"},
    {"arn:aws:lambda:us-east-1:111122223333:function:f:PROD", "function",
     "arn:aws:lambda:us-east-1:111122223333:function:f", "f", "us-east-1"},
    {"arn:aws:iam::aws:policy/AmazonS3FullAccess", "policy",
     "arn:aws:iam::aws:policy/AmazonS3FullAccess", "AmazonS3FullAccess", "global"},
    {"arn:aws:aps:us-east-1:111122223333:workspace/ws-1", "other",
     "arn:aws:aps:us-east-1:111122223333:workspace/ws-1", "workspace/ws-1", "us-east-1"},
    {"arn:aws:s3", NULL, "", "", ""},
    {"orders", NULL, "", "", ""},
};
START_TEST(arn_names)
{
    struct naming n;
    bool ok = naming_of_arn(k.a, str_from(arns[_i].arn), &n);
    ck_assert_int_eq(ok, arns[_i].type != NULL);
    if (!ok)
        return;
    ck_assert_str_eq(n.type, arns[_i].type);
    ck_assert_str_eq(str_dup(k.a, n.arn).p, arns[_i].canonical);
    ck_assert_str_eq(str_dup(k.a, n.name).p, arns[_i].name);
    ck_assert_str_eq(str_dup(k.a, n.region).p, arns[_i].region);
}
END_TEST

#define APP_ARN "arn:aws:kinesisanalytics:" REGION ":" ACCT ":application/orders"
#define ROLE_ARN "arn:aws:iam::" ACCT ":role/service-role/orders-role"

/* An application with this configuration. */
static void app(const char *more)
{
    struct str json = str_fmt(
        k.a,
        "{\"ApplicationDetail\":{\"ApplicationARN\":\"" APP_ARN "\",\"ApplicationName\":"
        "\"orders\",\"RuntimeEnvironment\":\"FLINK-1_20\",\"ServiceExecutionRole\":"
        "\"" ROLE_ARN "\"%s%s}}",
        more[0] ? "," : "", more);
    kit_add(&k, "kinesisanalytics:DescribeApplication", APP_ARN, "", json.p);
}

/* One property group with these pairs. */
static void app_properties(const char *group, const char *pairs)
{
    app(str_fmt(k.a,
                "\"ApplicationConfigurationDescription\":{"
                "\"EnvironmentPropertyDescriptions\":{\"PropertyGroupDescriptions\":[{"
                "\"PropertyGroupId\":\"%s\",\"PropertyMap\":{%s}}]}}",
                group, pairs)
            .p);
}

static void app_code(const char *code)
{
    struct buf out = BUF_INIT;
    json_write_str(&out, str_from(code));
    app(str_fmt(k.a,
                "\"ApplicationConfigurationDescription\":{"
                "\"ApplicationCodeConfigurationDescription\":{\"CodeContentType\":"
                "\"PLAINTEXT\",\"CodeContentDescription\":{\"TextContent\":%s}}}",
                out.p)
            .p);
    buf_free(&out);
}

START_TEST(subjects_and_names)
{
    app("");
    kit_add(&k, "iam:GetRolePolicy", "orders-role", "p1",
            "{\"RoleName\":\"orders-role\",\"PolicyName\":\"p1\",\"PolicyDocument\":{}}");
    kit_add(&k, "iam:GetRolePolicy", "orders-role", "p2",
            "{\"RoleName\":\"orders-role\",\"PolicyName\":\"p2\",\"PolicyDocument\":{}}");
    kit_add(&k, "iam:ListRolePolicies", "orders-role", "",
            "{\"PolicyNames\":[\"p1\",\"p2\"]}");
    kit_build(&k);
    /* The role's path is known from the application: both names are one subject (B20). */
    ck_assert_str_eq(kit_view(&k, "orders-role", "/arn"), "\"" ROLE_ARN "\"");
    ck_assert_str_eq(kit_view(&k, "orders", "/links/role"), "[\"" ROLE_ARN "\"]");
    ck_assert_str_eq(
        kit_view(&k, "orders-role", "/evidence/iam:GetRolePolicy/1/PolicyName"),
        "\"p2\"");
    ck_assert_str_eq(kit_view(&k, "orders-role", "/evidence/iam:ListRolePolicies"),
                     "{\"PolicyNames\":[\"p1\",\"p2\"]}");
    ck_assert_str_eq(kit_view(&k, "orders-role", "/listed_only"), "false");
    const struct subject *role = kit_find(&k, "orders-role");
    ck_assert_uint_eq(role->used_by.n, 1);
    ck_assert(str_eq(role->used_by.v[0]->from->arn, STR(APP_ARN)));
    ck_assert_ptr_eq(k.m->v[0], role->used_by.v[0]->from);
}
END_TEST

/* Linked resources are subjects without evidence; foreign accounts are marked (B15). */
START_TEST(linked_without_evidence)
{
    app_properties("p",
                   "\"stream.arn\":\"arn:aws:kinesis:eu-west-1:444455556666:stream/"
                   "far\",\"x\":\"arn:aws:kinesis:us-east-1:111122223333:stream/near\"");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "far", "/foreign"), "true");
    ck_assert_str_eq(kit_view(&k, "far", "/listed_only"), "true");
    ck_assert_str_eq(kit_view(&k, "near", "/foreign"), "false");
    ck_assert_str_eq(
        subject_missing(k.m, kit_find(&k, "near"), "kinesis:DescribeStreamSummary"),
        "absent");
    ck_assert_str_eq(
        subject_missing(k.m, kit_find(&k, "far"), "kinesis:DescribeStreamSummary"),
        "foreign");
    ck_assert_str_eq(
        subject_command(k.a, kit_find(&k, "near"), "kinesis:DescribeStreamSummary").p,
        "aws kinesis describe-stream-summary --stream-name near --region us-east-1 "
        "--output json");
    ck_assert_uint_eq(subject_command(k.a, kit_find(&k, "near"), "no:Such").n, 0);
}
END_TEST

/* Two describe-trails answers in two regions show the same trail (shadow copies). */
START_TEST(shadow_trails)
{
    const char *list =
        "{\"trailList\":[{\"Name\":\"t\",\"TrailARN\":\"arn:aws:cloudtrail:"
        "us-east-1:111122223333:trail/t\",\"HomeRegion\":\"us-east-1\","
        "\"S3BucketName\":\"logs-bucket\"}]}";
    kit_add(&k, "cloudtrail:DescribeTrails", "", "", list);
    k.region = "eu-west-1";
    kit_add(&k, "cloudtrail:DescribeTrails", "", "", list);
    kit_add(&k, "cloudtrail:GetTrailStatus", "t", "", "{\"IsLogging\":true}");
    kit_build(&k);
    const struct subject *t = kit_find(&k, "t");
    ck_assert_uint_eq(t->exhibits.n, 2);
    ck_assert_str_eq(kit_view(&k, "t", "/evidence/cloudtrail:DescribeTrails/HomeRegion"),
                     "\"us-east-1\"");
    ck_assert_str_eq(kit_view(&k, "t", "/evidence/cloudtrail:GetTrailStatus/IsLogging"),
                     "true");
    ck_assert_str_eq(kit_view(&k, "t", "/links/bucket"),
                     "[\"arn:aws:s3:::logs-bucket\"]");
    ck_assert_str_eq(kit_view(&k, ACCT,
                              "/evidence/cloudtrail:DescribeTrails/1/trailList/0/"
                              "Name"),
                     "\"t\"");
}
END_TEST

/* Log groups: arn with ":*" and logGroupArn without are one (B21); prefixes show
 * siblings.
 */
START_TEST(log_groups)
{
    app("\"CloudWatchLoggingOptionDescriptions\":[{\"LogStreamARN\":\"arn:aws:"
        "logs:" REGION ":" ACCT
        ":log-group:/aws/kinesis-analytics/orders:log-stream:s\"}]");
    kit_add(
        &k, "logs:DescribeLogGroups", "/aws/kinesis-analytics/orders", "",
        "{\"logGroups\":[{\"logGroupName\":\"/aws/kinesis-analytics/orders\",\"arn\":"
        "\"arn:aws:logs:us-east-1:111122223333:log-group:/aws/kinesis-analytics/"
        "orders:*\",\"kmsKeyId\":\"arn:aws:kms:us-east-1:111122223333:key/k1\"},"
        "{\"logGroupName\":\"/aws/kinesis-analytics/orders-2\",\"arn\":\"arn:aws:logs:"
        "us-east-1:111122223333:log-group:/aws/kinesis-analytics/orders-2:*\"}]}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "orders", "/links/log-group"),
                     "[\"arn:aws:logs:us-east-1:111122223333:log-group:/aws/"
                     "kinesis-analytics/orders\"]");
    ck_assert_str_eq(kit_view(&k, "/aws/kinesis-analytics/orders", "/links/key"),
                     "[\"arn:aws:kms:us-east-1:111122223333:key/k1\"]");
    ck_assert_uint_eq(kit_find(&k, "/aws/kinesis-analytics/orders-2")->exhibits.n, 1);
}
END_TEST

/* Five spellings of one key (B17). */
static const char *const key_spellings[] = {
    "11111111-2222-3333-4444-555555555555",
    "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555",
    "alias/orders",
    "arn:aws:kms:us-east-1:111122223333:alias/orders",
};
START_TEST(key_names)
{
    kit_add(
        &k, "kms:ListAliases", "", "",
        "{\"Aliases\":[{\"AliasName\":\"alias/orders\",\"AliasArn\":\"arn:aws:kms:us-"
        "east-1:111122223333:alias/orders\",\"TargetKeyId\":\"11111111-2222-3333-4444-"
        "555555555555\"},{\"AliasName\":\"alias/aws/none\"}]}");
    kit_add(
        &k, "kinesis:DescribeStreamSummary",
        "arn:aws:kinesis:us-east-1:111122223333:stream/s", "",
        str_fmt(k.a,
                "{\"StreamDescriptionSummary\":{\"StreamARN\":\"x\",\"KeyId\":\"%s\"}}",
                key_spellings[_i])
            .p);
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "s", "/links/key"),
                     "[\"arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-"
                     "555555555555\"]");
}
END_TEST

START_TEST(key_of_another_region)
{
    k.region = "eu-west-1";
    kit_add(&k, "kms:DescribeKey", "alias/x", "",
            "{\"KeyMetadata\":{\"KeyId\":\"k9\",\"Arn\":\"arn:aws:kms:eu-west-1:"
            "111122223333:key/k9\"}}");
    k.region = "us-east-1";
    kit_add(&k, "kinesis:DescribeStreamSummary",
            "arn:aws:kinesis:us-east-1:111122223333:stream/s", "",
            "{\"StreamDescriptionSummary\":{\"KeyId\":\"alias/x\"}}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "k9", "/region"), "\"eu-west-1\"");
    ck_assert_str_eq(kit_view(&k, "s", "/links/key"),
                     "[\"arn:aws:kms:us-east-1:111122223333:alias/x\"]");
}
END_TEST

/* The newest usable answer counts; a refusal never hides an answer. */
START_TEST(newest_answer)
{
    const char *arn = "arn:aws:kinesis:us-east-1:111122223333:stream/s";
    const char *kind = "kinesis:DescribeStreamSummary";
    kit_add(&k, kind, arn, "", "{\"n\":1}")->collected = 100;
    kit_add(&k, kind, arn, "", "{\"n\":2}")->collected = 300;
    kit_add(&k, kind, arn, "", "{\"n\":3}")->collected = 200;
    kit_error(&k, kind, arn, "AccessDeniedException")->collected = 400;
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "s", "/evidence/kinesis:DescribeStreamSummary/n"), "2");
    ck_assert_ptr_null(subject_missing(k.m, kit_find(&k, "s"), kind));
}
END_TEST

static const struct {
    const char *kind, *code, *reason;
} reasons[] = {
    {"s3:GetBucketPolicy", "NoSuchBucketPolicy", NULL},
    {"s3:GetBucketPolicy", "AccessDenied", "denied"},
    {"s3:GetBucketVersioning", NULL, NULL},
};
START_TEST(errors_that_answer)
{
    if (reasons[_i].code)
        kit_error(&k, reasons[_i].kind, "b-1", reasons[_i].code);
    else
        kit_add(&k, reasons[_i].kind, "b-1", "", NULL);
    kit_build(&k);
    ck_assert_pstr_eq(subject_missing(k.m, kit_find(&k, "b-1"), reasons[_i].kind),
                      reasons[_i].reason);
    if (reasons[_i].code) {
        struct str code = str_fmt(k.a, "\"%s\"", reasons[_i].code);
        struct str at = str_fmt(k.a, "/evidence/%s/Error/Code", reasons[_i].kind);
        ck_assert_str_eq(kit_view(&k, "b-1", at.p), code.p);
    }
}
END_TEST

START_TEST(truncated_and_listed)
{
    kit_add(&k, "iam:ListAttachedRolePolicies", "r", "", "{\"AttachedPolicies\":[]}")
        ->partial = true;
    kit_add(
        &k, "kinesisanalytics:ListApplications", "", "",
        "{\"ApplicationSummaries\":[{\"ApplicationName\":\"orders\",\"ApplicationARN\":"
        "\"" APP_ARN "\"}]}");
    kit_error(&k, "logs:DescribeLogGroups", "g", "AccessDeniedException");
    kit_add(&k, "logs:DescribeLogStreams", "g", "", "{\"logStreams\":[]}");
    kit_build(&k);
    ck_assert_str_eq(
        subject_missing(k.m, kit_find(&k, "r"), "iam:ListAttachedRolePolicies"),
        "truncated");
    ck_assert_str_eq(subject_missing(k.m, kit_find(&k, "orders"),
                                     "kinesisanalytics:DescribeApplication"),
                     "absent");
    ck_assert(kit_find(&k, "orders")->listed_only);
    ck_assert_str_eq(subject_missing(k.m, kit_find(&k, "g"), "logs:DescribeLogGroups"),
                     "denied");
}
END_TEST

START_TEST(account_details)
{
    kit_add(
        &k, "iam:GetAccountAuthorizationDetails", "", "",
        "{\"RoleDetailList\":[{\"RoleName\":\"r\",\"Arn\":\"arn:aws:iam::111122223333:"
        "role/p/r\",\"AttachedManagedPolicies\":[{\"PolicyArn\":\"arn:aws:iam::aws:"
        "policy/ReadOnlyAccess\"}]}],\"UserDetailList\":[{\"UserName\":\"u\",\"Arn\":"
        "\"arn:aws:iam::111122223333:user/u\",\"GroupList\":[\"g\"]}],"
        "\"GroupDetailList\":[{\"GroupName\":\"g\",\"Arn\":\"arn:aws:iam::111122223333:"
        "group/g\"}],\"Policies\":[]}");
    kit_add(&k, "iam:GetAccessKeyLastUsed", "u", "AKIARTX3GSDS4USAMPLE",
            "{\"UserName\":\"u\",\"AccessKeyLastUsed\":{}}");
    kit_add(&k, "iam:GenerateServiceLastAccessedDetails",
            "arn:aws:iam::111122223333:role/p/r", "job-1", "{\"JobId\":\"job-1\"}");
    kit_add(&k, "iam:GetServiceLastAccessedDetails", "", "job-1",
            "{\"JobStatus\":\"COMPLETED\",\"ServicesLastAccessed\":[]}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "r", "/links/managed-policy"),
                     "[\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]");
    ck_assert_str_eq(kit_view(&k, "ReadOnlyAccess", "/foreign"), "false");
    ck_assert_str_eq(kit_view(&k, "u", "/links/group"),
                     "[\"arn:aws:iam::111122223333:group/g\"]");
    ck_assert_str_eq(
        kit_view(&k, "r", "/evidence/iam:GetServiceLastAccessedDetails/JobStatus"),
        "\"COMPLETED\"");
    ck_assert_uint_eq(kit_find(&k, "u")->exhibits.n, 2);
}
END_TEST

/* Properties: pairs -> "type name region use", one line per link, sorted by ARN. */
static const struct {
    const char *group, *pairs, *links;
} properties[] = {
    {"p", "\"stream.name\":\"orders-in\",\"flink.stream.initpos\":\"LATEST\"",
     "stream orders-in us-east-1 property\n"},
    {"ConsumerConfigProperties",
     "\"input.stream.name\":\"s1\",\"aws.region\":\"eu-west-1\"",
     "stream s1 eu-west-1 source\n"},
    {"p", "\"INPUT_STREAM\":\"s1\"", "stream s1 us-east-1 source\n"},
    {"p",
     "\"input.stream.name\":\"s1\",\"input.stream.region\":\"eu-west-1\","
     "\"aws.region\":\"us-east-2\"",
     "stream s1 eu-west-1 source\n"},
    {"p", "\"stream.arn\":\"arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/x\"",
     "table t us-east-1 property\n"},
    {"OutputFirehose", "\"stream.name\":\"d1\"", "delivery-stream d1 us-east-1 sink\n"},
    {"p", "\"delivery-stream\":\"d1\"", "delivery-stream d1 us-east-1 property\n"},
    {"p", "\"firehose.region\":\"us-east-1\"", ""},
    {"ProducerConfigProperties", "\"output.stream.name\":\"either\"", "?"},
    {"p", "\"path\":\"s3a://bucket-1/prefix/x\"", "bucket bucket-1  property\n"},
    {"p", "\"jars\":\"s3://bucket-1/a.jar,s3://bucket-2/b.jar\"",
     "bucket bucket-1  property\nbucket bucket-2  property\n"},
    {"bucket", "\"name\":\"bucket-1\"", "bucket bucket-1  property\n"},
    {"p", "\"name\":\"bucket-1\"", ""},
    {"p", "\"truststore.bucket\":\"bucket-1\",\"truststore.path\":\"k.jks\"",
     "bucket bucket-1  property\n"},
    {"p", "\"bucket.name\":\"<your-bucket>\"", ""},
    {"p",
     "\"bootstrap.servers\":\"b-1.Orders.abc123.c2.kafka.us-east-1.amazonaws.com:"
     "9098,b-2.Orders.abc123.c2.kafka.us-east-1.amazonaws.com:9098\"",
     "cluster Orders us-east-1 property\n"},
    /* Serverless: the name is not in the host, the cluster is a subject all the same. */
    {"KafkaSource",
     "\"bootstrap.servers\":\"boot-abcd1234.c1.kafka-serverless.us-east-1.amazonaws.com:"
     "9098\"",
     "cluster boot-abcd1234 us-east-1 source\n"},
    {"p",
     "\"bootstrap.servers\":\"boot-x.c1.kafka-serverless.cn-north-1.amazonaws.com.cn:"
     "9098\"",
     "cluster boot-x cn-north-1 property\n"},
    {"p", "\"bootstrap.servers\":\"kafka-1.example.com:9094\"", ""},
    {"p", "\"sqs-url\":\"https://sqs.eu-west-1.amazonaws.com/444455556666/q1\"",
     "queue q1 eu-west-1 property\n"},
    {"p", "\"secret.name\":\"prod/db\"", "secret prod/db us-east-1 property\n"},
    {"p", "\"credentials.secret\":\"AKIARTX3GSDS4USAMPLE\"", ""},
    {"p",
     "\"endpoint\":\"https://search-logs-abcdefghijklmnopqrstuvwxyz.us-east-1.es."
     "amazonaws.com\"",
     "domain logs us-east-1 property\n"},
    {"p", "\"table.name\":\"t1\",\"url\":\"jdbc:postgresql://h/db\"", ""},
    {"p", "\"table.name\":\"t1\"", "?"},
    {"DynamoSink", "\"table.name\":\"t1\"", "table t1 us-east-1 sink\n"},
    {"p", "\"role.arn\":\"arn:aws:iam::444455556666:role/x\"",
     "role x global property\n"},
    {"p", "\"aps\":\"arn:aws:aps:us-east-1:111122223333:workspace/ws-1\"",
     "other workspace/ws-1 us-east-1 property\n"},
    {"p", "\"note\":\"see arn:aws:sns:us-east-1:111122223333:topic-1, please\"",
     "topic topic-1 us-east-1 property\n"},
    {"p", "\"output.stream\":\"true\",\"x\":\"\",\"parallelism\":\"4\"", ""},
};

/* Links that stand in properties or code, as lines. */
static const char *named(const struct subject *s)
{
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < s->links.n; i++) {
        const struct link *l = &s->links.v[i];
        if (strcmp(l->name, "property") == 0 || strcmp(l->name, "inline-code") == 0)
            buf_fmt(&out, "%s %.*s %.*s %s\n", l->to->type, STR_ARG(l->to->name),
                    STR_ARG(l->to->region), l->use);
    }
    for (size_t i = 0; i < s->doubts.n; i++)
        buf_z(&out, "?");
    struct str text = buf_dup(k.a, &out);
    buf_free(&out);
    return text.p;
}

START_TEST(property_names)
{
    app_properties(properties[_i].group, properties[_i].pairs);
    kit_build(&k);
    const struct subject *s = kit_find(&k, APP_ARN);
    ck_assert_str_eq(named(s), properties[_i].links);
    for (size_t i = 0; i < s->links.n; i++)
        if (s->links.v[i].doc)
            ck_assert_ptr_nonnull(
                json_pointer(s->links.v[i].doc->root, s->links.v[i].pointer));
}
END_TEST

/* Evidence decides what a name means. */
START_TEST(property_known)
{
    app_properties("p",
                   "\"output.stream.name\":\"either\",\"table.name\":\"t1\","
                   "\"bootstrap.servers\":\"b-1.orders.x.c2.kafka.us-east-1.amazonaws."
                   "com:9098\",\"secret.name\":\"prod/db\"");
    kit_add(&k, "firehose:ListDeliveryStreams", "", "",
            "{\"DeliveryStreamNames\":[\"either\"]}");
    kit_add(&k, "dynamodb:ListTables", "", "", "{\"TableNames\":[\"t1\"]}");
    kit_add(&k, "kafka:ListClustersV2", "", "",
            "{\"ClusterInfoList\":[{\"ClusterName\":\"Orders\",\"ClusterArn\":\"arn:aws:"
            "kafka:us-east-1:111122223333:cluster/Orders/uuid-1\"}]}");
    kit_add(&k, "secretsmanager:DescribeSecret",
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf", "",
            "{\"ARN\":\"arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-"
            "AbCdEf\",\"Name\":\"prod/db\"}");
    kit_build(&k);
    ck_assert_str_eq(named(kit_find(&k, APP_ARN)),
                     "table t1 us-east-1 property\n"
                     "delivery-stream either us-east-1 sink\n"
                     "cluster Orders us-east-1 property\n"
                     "secret prod/db us-east-1 property\n");
}
END_TEST

/* Of two names for one thing the first counts, also when who it means is settled later:
 * a secret's ARN without its last characters. */
START_TEST(first_name)
{
    app_properties(
        "p", "\"a\":\"arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db\","
             "\"b\":\"arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-"
             "AbCdEf\"");
    kit_add(&k, "secretsmanager:DescribeSecret",
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf", "",
            "{\"Name\":\"prod/db\"}");
    kit_build(&k);
    const struct subject *s = kit_find(&k, APP_ARN);
    ck_assert_str_eq(named(s), "secret prod/db us-east-1 property\n");
    const struct link *l = subject_link(s, "property");
    ck_assert_str_eq(str_z(k.a, l->via), "property p/a");
    ck_assert(str_ends(l->pointer, STR("/PropertyMap/a")));
}
END_TEST

/* ARNs in names of files, where ':' and '/' cannot stand. */
START_TEST(file_words)
{
    kit_add(&k, "cloudtrail:DescribeTrails", "", "",
            "{\"trailList\":[{\"Name\":\"my_trail\",\"TrailARN\":"
            "\"arn:aws:cloudtrail:us-east-1:111122223333:trail/my_trail\"}]}");
    kit_add(&k, "cloudtrail:GetTrailStatus",
            "arn_aws_cloudtrail_us-east-1_111122223333_trail_my_trail", "",
            "{\"IsLogging\":true}");
    kit_add(&k, "iam:ListPolicies", "", "",
            "{\"Policies\":[{\"PolicyName\":\"p\",\"Arn\":"
            "\"arn:aws:iam::111122223333:policy/x/p\"}]}");
    kit_add(&k, "iam:GetPolicyVersion", "arn-aws-iam--111122223333-policy-x-p-v2", "v2",
            "{\"PolicyVersion\":{\"VersionId\":\"v2\",\"Document\":{}}}");
    kit_add(&k, "cloudtrail:GetTrailStatus",
            "arn_aws_cloudtrail_us-east-1_111122223333_trail_other", "",
            "{\"IsLogging\":true}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "my_trail", "/facts/status/logging"), "\"yes\"");
    ck_assert_ptr_nonnull(subject_exhibit(
        kit_find(&k, "arn:aws:iam::111122223333:policy/x/p"), "iam:GetPolicyVersion"));
    ck_assert_uint_eq(diag_len(k.dx), 1);
    ck_assert_str_eq(diag_get(k.dx, 0).code, "MOD-102");
}
END_TEST

/* Which cluster a broker is of, by get-bootstrap-brokers; and how to find out. */
START_TEST(brokers)
{
    app_properties("p", "\"bootstrap.servers\":\"boot-abcd1234.c1.kafka-serverless.us-"
                        "east-1.amazonaws.com:9098\"");
    kit_build(&k);
    const struct subject *s = kit_find(&k, "boot-abcd1234");
    ck_assert_str_eq(str_z(k.a, subject_command(k.a, s, "kafka:DescribeClusterV2")),
                     "aws kafka list-clusters-v2 --region us-east-1 --output json");
    kit_add(&k, "kafka:ListClustersV2", "", "",
            "{\"ClusterInfoList\":[{\"ClusterName\":\"events\",\"ClusterType\":"
            "\"SERVERLESS\",\"ClusterArn\":\"arn:aws:kafka:us-east-1:111122223333:"
            "cluster/events/uuid-1\",\"Serverless\":{}}]}");
    kit_build(&k);
    s = kit_find(&k, "boot-abcd1234");
    ck_assert_str_eq(str_z(k.a, subject_command(k.a, s, "kafka:DescribeClusterV2")),
                     "aws kafka get-bootstrap-brokers --cluster-arn <cluster> --region "
                     "us-east-1 --output json");
    kit_add(
        &k, "kafka:GetBootstrapBrokers",
        "arn:aws:kafka:us-east-1:111122223333:cluster/events/uuid-1", "",
        "{\"BootstrapBrokerStringSaslIam\":\"boot-zzz.c1.kafka-serverless.us-east-1."
        "amazonaws.com:9098, boot-abcd1234.c1.kafka-serverless.us-east-1.amazonaws.com"
        ":9098\"}");
    kit_build(&k);
    ck_assert_str_eq(named(kit_find(&k, APP_ARN)), "cluster events us-east-1 property\n");
    ck_assert_str_eq(kit_view(&k, "events", "/facts/authentication/iam"), "true");
}
END_TEST

static const struct {
    const char *code, *links;
} codes[] = {
    {"CREATE TABLE src (a INT) WITH ('connector' = 'kinesis', 'stream' = 'in-1', "
     "'aws.region' = 'eu-west-1');\nCREATE TABLE `snk` WITH ('connector'='kinesis',\n"
     "'stream'='out-1') ; INSERT INTO snk SELECT * FROM src;",
     "stream in-1 eu-west-1 source\nstream out-1 us-east-1 sink\n"},
    {"CREATE TABLE t WITH ('connector' = 'firehose', 'delivery-stream' = 'd1')",
     "delivery-stream d1 us-east-1 sink\n"},
    {"create temporary table if not exists x.t with ('connector' = 'filesystem', "
     "'path' = 's3://bucket-1/x')",
     "bucket bucket-1  source\n"},
    {"CREATE TABLE t WITH ('connector' = 'dynamodb', 'table-name' = 't1')",
     "table t1 us-east-1 sink\n"},
    {"-- 'stream' = 'no'\n/* WITH ('stream' = 'no') */ SELECT 1", ""},
    {"env.read(\"s3://bucket-9/x\") # arn:aws:kinesis:us-east-1:111122223333:stream/s",
     "stream s us-east-1 property\nbucket bucket-9  property\n"},
    {"WITH (", ""},
    {"WITH ('a' =", ""},
    {"WITH ('a' 'b'", ""},
    {"'", ""},
};
START_TEST(code_names)
{
    app_code(codes[_i].code);
    kit_build(&k);
    ck_assert_str_eq(named(kit_find(&k, APP_ARN)), codes[_i].links);
}
END_TEST

/* SQL application of the old API: roles of inputs, outputs, reference data. */
START_TEST(sql_application)
{
    app("\"ApplicationConfigurationDescription\":{"
        "\"SqlApplicationConfigurationDescription\":"
        "{\"InputDescriptions\":[{\"KinesisStreamsInputDescription\":{\"ResourceARN\":"
        "\"arn:aws:kinesis:us-east-1:111122223333:stream/in\",\"RoleARN\":\"arn:aws:iam::"
        "111122223333:role/old-in\"},\"InputProcessingConfigurationDescription\":{"
        "\"InputLambdaProcessorDescription\":{\"ResourceARN\":\"arn:aws:lambda:us-east-1:"
        "111122223333:function:f\",\"RoleARN\":\"arn:aws:iam::111122223333:role/"
        "old-fn\"}}}],"
        "\"OutputDescriptions\":[{\"KinesisFirehoseOutputDescription\":{\"ResourceARN\":"
        "\"arn:aws:firehose:us-east-1:111122223333:deliverystream/"
        "out\",\"RoleARN\":\"arn:"
        "aws:iam::111122223333:role/old-out\"}}],\"ReferenceDataSourceDescriptions\":[{"
        "\"S3ReferenceDataSourceDescription\":{\"BucketARN\":\"arn:aws:s3:::ref-bucket\","
        "\"FileKey\":\"x\",\"ReferenceRoleARN\":\"arn:aws:iam::111122223333:role/"
        "old-ref\"}}]"
        "}}");
    kit_build(&k);
    const struct subject *s = kit_find(&k, APP_ARN);
    static const char *const want[][2] = {
        {"input-function", "f"},
        {"input-role", "old-in"},
        {"lambda-role", "old-fn"},
        {"output-role", "old-out"},
        {"reference-bucket", "ref-bucket"},
        {"reference-role", "old-ref"},
        {"role", "orders-role"},
        {"sink-delivery-stream", "out"},
        {"source-stream", "in"},
    };
    ck_assert_uint_eq(s->links.n, sizeof want / sizeof *want);
    for (size_t i = 0; i < s->links.n; i++) {
        ck_assert_str_eq(s->links.v[i].name, want[i][0]);
        ck_assert(str_eq(s->links.v[i].to->name, str_from(want[i][1])));
    }
}
END_TEST

/* Studio notebook: catalog, artifacts, deployment; a database lies in a catalog. */
START_TEST(studio_application)
{
    app("\"ApplicationConfigurationDescription\":{"
        "\"ZeppelinApplicationConfigurationDescription"
        "\":{\"CatalogConfigurationDescription\":{"
        "\"GlueDataCatalogConfigurationDescription\":{"
        "\"DatabaseARN\":\"arn:aws:glue:us-east-1:111122223333:database/db1\"}},"
        "\"DeployAsApplicationConfigurationDescription\":{"
        "\"S3ContentLocationDescription\":{"
        "\"BucketARN\":\"arn:aws:s3:::deploy-1\"}},"
        "\"CustomArtifactsConfigurationDescription\":"
        "[{\"ArtifactType\":\"UDF\",\"S3ContentLocationDescription\":{\"BucketARN\":"
        "\"arn:aws:"
        "s3:::artifacts-1\",\"FileKey\":\"u.jar\"}}]}}");
    kit_add(&k, "glue:GetDatabase", "db1", "",
            "{\"Database\":{\"Name\":\"db1\",\"LocationUri\":\"s3://lake-1/db1/\"}}");
    kit_add(&k, "glue:GetDataCatalogEncryptionSettings", "", "",
            "{\"DataCatalogEncryptionSettings\":{}}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, APP_ARN, "/links/database/0"),
                     "\"arn:aws:glue:us-east-1:111122223333:database/db1\"");
    ck_assert_str_eq(kit_view(&k, APP_ARN, "/links/deploy-bucket/0"),
                     "\"arn:aws:s3:::deploy-1\"");
    ck_assert_str_eq(kit_view(&k, APP_ARN, "/links/artifact-bucket/0"),
                     "\"arn:aws:s3:::artifacts-1\"");
    ck_assert_str_eq(kit_view(&k, "db1", "/links/location-bucket/0"),
                     "\"arn:aws:s3:::lake-1\"");
    ck_assert_str_eq(kit_view(&k, "db1", "/links/catalog/0"),
                     "\"arn:aws:glue:us-east-1:111122223333:catalog\"");
    ck_assert_uint_eq(
        kit_find(&k, "arn:aws:glue:us-east-1:111122223333:catalog")->exhibits.n, 1);
}
END_TEST

START_TEST(delivery_stream)
{
    kit_add(
        &k, "firehose:DescribeDeliveryStream",
        "arn:aws:firehose:us-east-1:111122223333:deliverystream/d", "",
        "{\"DeliveryStreamDescription\":{\"Source\":{\"KinesisStreamSourceDescription\":{"
        "\"KinesisStreamARN\":\"arn:aws:kinesis:us-east-1:111122223333:stream/src\"}},"
        "\"Destinations\":[{\"ExtendedS3DestinationDescription\":{\"BucketARN\":\"arn:"
        "aws:"
        "s3:::dest-1\",\"RoleARN\":\"arn:aws:iam::111122223333:role/fh\","
        "\"EncryptionConfiguration\":{\"KMSEncryptionConfig\":{\"AWSKMSKeyARN\":\"arn:"
        "aws:"
        "kms:us-east-1:111122223333:key/"
        "k1\"}}},\"S3DestinationDescription\":{\"BucketARN\""
        ":\"arn:aws:s3:::dest-1\"}}]}}");
    kit_build(&k);
    const struct subject *s = kit_find(&k, "d");
    ck_assert_uint_eq(s->links.n, 4);
    ck_assert_str_eq(
        kit_view(&k, "d", "/links"),
        "{\"destination-bucket\":[\"arn:aws:s3:::dest-1\"],"
        "\"destination-key\":[\"arn:aws:kms:us-east-1:111122223333:key/k1\"],"
        "\"role\":[\"arn:aws:iam::111122223333:role/fh\"],"
        "\"source-stream\":[\"arn:aws:kinesis:us-east-1:111122223333:stream/"
        "src\"]}");
}
END_TEST

/* Bucket: account from where its evidence stands, region from its location. */
static const struct {
    const char *location, *region;
} locations[] = {
    {"null", "us-east-1"},
    {"\"EU\"", "eu-west-1"},
    {"\"eu-central-1\"", "eu-central-1"},
};
START_TEST(bucket_place)
{
    kit_add(&k, "s3:GetBucketLocation", "b-1", "",
            str_fmt(k.a, "{\"LocationConstraint\":%s}", locations[_i].location).p);
    kit_add(&k, "s3:GetBucketEncryption", "b-1", "",
            "{\"ServerSideEncryptionConfiguration\":{\"Rules\":[{"
            "\"ApplyServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"aws:kms\","
            "\"KMSMasterKeyID\":\"k1\"}}]}}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "b-1", "/account"), "\"" ACCT "\"");
    ck_assert_str_eq(
        kit_view(&k, "b-1", "/links/key/0"),
        str_fmt(k.a, "\"arn:aws:kms:%s:" ACCT ":key/k1\"", locations[_i].region).p);
}
END_TEST

/* Names with shell characters are quoted in commands. */
START_TEST(command_quotes)
{
    kit_add(&k, "kinesisanalytics:ListApplicationSnapshots", "a'b $(x)", "",
            "{\"SnapshotSummaries\":[]}");
    kit_build(&k);
    const struct subject *s = kit_find(&k, "a'b $(x)");
    ck_assert_str_eq(
        subject_command(k.a, s, "kinesisanalytics:ListApplicationSnapshots").p,
        "aws kinesisanalyticsv2 list-application-snapshots --application-name "
        "'a'\\''b $(x)' --region us-east-1 --output json");
    ck_assert_str_eq(
        subject_command(k.a, s, "accessanalyzer:ListFindings").p,
        "aws accessanalyzer list-findings --analyzer-arn <analyzer> --region us-east-1 "
        "--output json");
}
END_TEST

/* What takes a request first: the request, then the answer with the id it gave. */
START_TEST(command_in_two_steps)
{
    static const char kind[] = "iam:GetServiceLastAccessedDetails";
    kit_add(&k, "iam:GetRole", "r", "",
            "{\"Role\":{\"RoleName\":\"r\",\"Arn\":"
            "\"arn:aws:iam::" ACCT ":role/r\"}}");
    kit_add(&k, "iam:GetRole", "q", "",
            "{\"Role\":{\"RoleName\":\"q\",\"Arn\":"
            "\"arn:aws:iam::" ACCT ":role/q\"}}");
    kit_add(&k, "iam:GenerateServiceLastAccessedDetails", "q", "",
            "{\"JobId\":\"9a8b\"}");
    kit_build(&k);
    ck_assert_str_eq(subject_command(k.a, kit_find(&k, "r"), kind).p,
                     "aws iam generate-service-last-accessed-details --arn "
                     "arn:aws:iam::" ACCT
                     ":role/r --granularity ACTION_LEVEL --output json");
    ck_assert_str_eq(subject_missing(k.m, kit_find(&k, "r"), kind), "absent");
    ck_assert_str_eq(
        subject_command(k.a, kit_find(&k, "q"), kind).p,
        "aws iam get-service-last-accessed-details --job-id 9a8b --output json");
    ck_assert_str_eq(subject_missing(k.m, kit_find(&k, "q"), kind), "absent");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("model");
    TCase *t = tcase_create("all");
    tcase_add_checked_fixture(t, setup, teardown);
    unit_rows(t, arn_names, arns);
    tcase_add_test(t, subjects_and_names);
    tcase_add_test(t, linked_without_evidence);
    tcase_add_test(t, shadow_trails);
    tcase_add_test(t, log_groups);
    unit_rows(t, key_names, key_spellings);
    tcase_add_test(t, key_of_another_region);
    tcase_add_test(t, newest_answer);
    unit_rows(t, errors_that_answer, reasons);
    tcase_add_test(t, truncated_and_listed);
    tcase_add_test(t, account_details);
    unit_rows(t, property_names, properties);
    tcase_add_test(t, property_known);
    tcase_add_test(t, first_name);
    tcase_add_test(t, brokers);
    tcase_add_test(t, file_words);
    unit_rows(t, code_names, codes);
    tcase_add_test(t, sql_application);
    tcase_add_test(t, studio_application);
    tcase_add_test(t, delivery_stream);
    unit_rows(t, bucket_place, locations);
    tcase_add_test(t, command_quotes);
    tcase_add_test(t, command_in_two_steps);
    suite_add_tcase(s, t);
    return unit_run(s, "model");
}
