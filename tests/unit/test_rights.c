/* Unit tests of gen/model's rights: what applications need, and what their roles have. */
#include "model_kit.h"

#include "base/file.h"
#include "model/rights.h"

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
#define APP_ARN "arn:aws:kinesisanalytics:" PLACE ":application/orders"
#define ROLE_ARN "arn:aws:iam::" ACCT ":role/r"

/* An application: members of its detail, then of its configuration. */
static void app(const char *detail, const char *conf)
{
    kit_add(&k, "kinesisanalytics:DescribeApplication", APP_ARN, "",
            str_fmt(k.a,
                    "{\"ApplicationDetail\":{\"ApplicationARN\":\"" APP_ARN "\","
                    "\"ApplicationName\":\"orders\",\"ServiceExecutionRole\":\"" ROLE_ARN
                    "\",%s,\"ApplicationConfigurationDescription\":{%s}}}",
                    detail, conf)
                .p);
}

static const char *properties(const char *group, const char *pairs)
{
    return str_fmt(k.a,
                   "\"EnvironmentPropertyDescriptions\":{\"PropertyGroupDescriptions\":[{"
                   "\"PropertyGroupId\":\"%s\",\"PropertyMap\":{%s}}]}",
                   group, pairs)
        .p;
}

static struct rights *read_rights(void)
{
    kit_build(&k);
    struct rights *r = model_rights(k.a, k.m, k.actions, kit_find(&k, ROLE_ARN), 0, k.dx);
    ck_assert(r != NULL);
    return r;
}

/* "ACTION RESOURCE GRADE" of every need, '!' before a must; one a line. */
static const char *lines(const struct needs *needs)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < needs->n; i++)
        if (!needs->v[i].tolerated)
            buf_fmt(&b, "%s%.*s %.*s\n", needs->v[i].must ? "!" : "",
                    STR_ARG(needs->v[i].action), STR_ARG(needs->v[i].resource));
    struct str s = buf_dup(k.a, &b);
    buf_free(&b);
    return str_z(k.a, s);
}

#define FLINK "\"RuntimeEnvironment\":\"FLINK-1_20\""
#define SQL "\"RuntimeEnvironment\":\"SQL-1_0\""
#define STUDIO "\"RuntimeEnvironment\":\"ZEPPELIN-FLINK-3_0\""
#define STREAM "arn:aws:kinesis:" PLACE ":stream/"

static const struct {
    const char *detail, *conf, *group, *pairs;
    const char *has;     /* a line */
    const char *pointer; /* of its target; NULL: not asked */
    bool accounted;
} needed[] = {
    {FLINK,
     "\"ApplicationCodeConfigurationDescription\":{\"CodeContentDescription\":{"
     "\"S3ApplicationCodeLocationDescription\":{\"BucketARN\":\"arn:aws:s3:::code\","
     "\"FileKey\":\"a/b.jar\"}}}",
     NULL, NULL, "!s3:GetObject arn:aws:s3:::code/a/b.jar\n", NULL, false},
    {FLINK,
     "\"ApplicationCodeConfigurationDescription\":{\"CodeContentDescription\":{"
     "\"S3ApplicationCodeLocationDescription\":{\"BucketARN\":\"arn:aws:s3:::code\","
     "\"FileKey\":\"b.jar\",\"ObjectVersion\":\"v1\"}}}",
     NULL, NULL, "!s3:GetObjectVersion arn:aws:s3:::code/b.jar\n", NULL, false},
    {FLINK
     ",\"CloudWatchLoggingOptionDescriptions\":[{\"LogStreamARN\":\"arn:aws:logs:" PLACE
     ":log-group:/g:log-stream:s\"}]",
     "\"FlinkApplicationConfigurationDescription\":{}", NULL, NULL,
     "!logs:PutLogEvents arn:aws:logs:" PLACE ":log-group:/g:log-stream:s\n",
     "/ApplicationDetail/CloudWatchLoggingOptionDescriptions/0/LogStreamARN", false},
    {FLINK,
     "\"VpcConfigurationDescriptions\":[{\"VpcId\":\"vpc-1\",\"SubnetIds\":[\"s-1\"],"
     "\"SecurityGroupIds\":[]}]",
     NULL, NULL, "!ec2:CreateNetworkInterface arn:aws:ec2:" PLACE ":subnet/s-1\n",
     "/ApplicationDetail/ApplicationConfigurationDescription/"
     "VpcConfigurationDescriptions/0/SubnetIds/0",
     false},
    {FLINK, NULL, "Source", "\"stream.arn\":\"" STREAM "s\"",
     "!kinesis:GetRecords " STREAM "s\n",
     "/ApplicationDetail/ApplicationConfigurationDescription/"
     "EnvironmentPropertyDescriptions/PropertyGroupDescriptions/0/PropertyMap/stream.arn",
     false},
    {FLINK, NULL, "Source",
     "\"stream.arn\":\"" STREAM "s\",\"source.reader.type\":\"EFO\"",
     "!kinesis:SubscribeToShard " STREAM "s/consumer/*\n", NULL, false},
    {FLINK, NULL, "Io",
     "\"input.stream.arn\":\"" STREAM "s\",\"output.stream.arn\":\"" STREAM "t\"",
     "!kinesis:PutRecords " STREAM "t\n", NULL, true},
    {FLINK, NULL, "Io", "\"stream.arn\":\"" STREAM "s\"",
     "kinesis:PutRecords " STREAM "s\n", NULL, false},
    {FLINK, NULL, "Sink", "\"path\":\"s3://lake/a/b/\"",
     "!s3:PutObject arn:aws:s3:::lake/a/b/*\n", NULL, false},
    {FLINK, NULL, "Sink", "\"path\":\"s3://lake/a/b/\"",
     "s3:ListBucket arn:aws:s3:::lake\n", NULL, false},
    {FLINK, NULL, "Sink", "\"bucket.name\":\"lake\"",
     "!s3:PutObject arn:aws:s3:::lake/*\n", NULL, false},
    {FLINK, NULL, "Source",
     "\"bootstrap.servers\":\"b-1.events.abc.c2.kafka.us-east-1.amazonaws.com:9098\"",
     "!kafka-cluster:ReadData arn:aws:kafka:" PLACE ":topic/events/*/*\n", NULL, false},
    {FLINK, NULL, "Sink", "\"queue\":\"https://sqs.us-east-1.amazonaws.com/" ACCT "/q\"",
     "!sqs:SendMessage arn:aws:sqs:" PLACE ":q\n", NULL, false},
    {FLINK, NULL, "Sink", "\"topic\":\"arn:aws:sns:" PLACE ":t\"",
     "!sns:Publish arn:aws:sns:" PLACE ":t\n", NULL, false},
    {FLINK, NULL, "Sink", "\"table\":\"arn:aws:dynamodb:" PLACE ":table/t\"",
     "!dynamodb:BatchWriteItem arn:aws:dynamodb:" PLACE ":table/t\n", NULL, false},
    {FLINK, NULL, "Db",
     "\"secret\":\"arn:aws:secretsmanager:" PLACE ":secret:db-Abc123\"",
     "secretsmanager:GetSecretValue arn:aws:secretsmanager:" PLACE ":secret:db-Abc123\n",
     NULL, false},
    {FLINK, NULL, "Db", "\"role\":\"arn:aws:iam::444455556666:role/x\"",
     "sts:AssumeRole arn:aws:iam::444455556666:role/x\n", NULL, false},
    {FLINK, NULL, "Metrics",
     "\"url\":\"https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/"
     "remote_write\"",
     "!aps:RemoteWrite arn:aws:aps:eu-west-1:" ACCT ":workspace/ws-1\n",
     "/ApplicationDetail/ApplicationConfigurationDescription/"
     "EnvironmentPropertyDescriptions/PropertyGroupDescriptions/0/PropertyMap/url",
     false},
    {SQL,
     "\"SqlApplicationConfigurationDescription\":{\"InputDescriptions\":[{"
     "\"KinesisStreamsInputDescription\":{\"ResourceARN\":\"" STREAM "s\"}}]}",
     NULL, NULL, "!kinesis:GetRecords " STREAM "s\n",
     "/ApplicationDetail/ApplicationConfigurationDescription/"
     "SqlApplicationConfigurationDescription/InputDescriptions/0/"
     "KinesisStreamsInputDescription/ResourceARN",
     true},
    {SQL,
     "\"SqlApplicationConfigurationDescription\":{\"InputDescriptions\":[{"
     "\"InputProcessingConfigurationDescription\":{\"InputLambdaProcessorDescription\":{"
     "\"ResourceARN\":\"arn:aws:lambda:" PLACE ":function:f\"}}}]}",
     NULL, NULL, "!lambda:InvokeFunction arn:aws:lambda:" PLACE ":function:f\n",
     "/ApplicationDetail/ApplicationConfigurationDescription/"
     "SqlApplicationConfigurationDescription/InputDescriptions/0/"
     "InputProcessingConfigurationDescription/InputLambdaProcessorDescription/"
     "ResourceARN",
     true},
    {SQL,
     "\"SqlApplicationConfigurationDescription\":{\"ReferenceDataSourceDescriptions\":[{"
     "\"S3ReferenceDataSourceDescription\":{\"BucketARN\":\"arn:aws:s3:::ref\","
     "\"FileKey\":\"t.csv\"}}]}",
     NULL, NULL, "!s3:GetObject arn:aws:s3:::ref/t.csv\n", NULL, true},
    {STUDIO,
     "\"ZeppelinApplicationConfigurationDescription\":{"
     "\"CatalogConfigurationDescription\""
     ":{\"GlueDataCatalogConfigurationDescription\":{\"DatabaseARN\":\"arn:aws:"
     "glue:" PLACE ":database/db\"}}}",
     NULL, NULL, "!glue:GetTables arn:aws:glue:" PLACE ":table/db/*\n", NULL, false},
    {STUDIO,
     "\"ZeppelinApplicationConfigurationDescription\":{"
     "\"DeployAsApplicationConfigurationDescription\":{\"S3ContentLocationDescription\":{"
     "\"BucketARN\":\"arn:aws:s3:::b\",\"BasePath\":\"p\"}}}",
     NULL, NULL, "s3:PutObject arn:aws:s3:::b/p/*\n", NULL, false},
};
START_TEST(needs)
{
    app(needed[_i].detail, needed[_i].conf
                               ? needed[_i].conf
                               : properties(needed[_i].group, needed[_i].pairs));
    struct rights *r = read_rights();
    struct str all = str_fmt(k.a, "\n%s", lines(r->needs));
    ck_assert_msg(str_has(all, str_fmt(k.a, "\n%s", needed[_i].has)), "%s", all.p);
    ck_assert_int_eq(r->needs->accounted, needed[_i].accounted);
    bool found = !needed[_i].pointer;
    for (size_t i = 0; i < r->needs->n && !found; i++)
        found = str_eq(r->needs->v[i].target->pointer, str_from(needed[_i].pointer));
    ck_assert_msg(found, "no target at %s", needed[_i].pointer);
}
END_TEST

/* Roles of an SQL application's input ask for the input only. */
START_TEST(roles_apart)
{
    app(SQL, "\"SqlApplicationConfigurationDescription\":{\"InputDescriptions\":[{"
             "\"KinesisStreamsInputDescription\":{\"ResourceARN\":\"" STREAM "s\","
             "\"RoleARN\":\"arn:aws:iam::" ACCT ":role/input\"}}],"
             "\"OutputDescriptions\":[{\"KinesisStreamsOutputDescription\":{"
             "\"ResourceARN\":\"" STREAM "t\"}}]}");
    struct rights *r = read_rights();
    ck_assert(!strstr(lines(r->needs), STREAM "s"));
    ck_assert(strstr(lines(r->needs), STREAM "t"));
    r = model_rights(k.a, k.m, k.actions, kit_find(&k, "input"), 0, k.dx);
    ck_assert(strstr(lines(r->needs), STREAM "s"));
    ck_assert(!strstr(lines(r->needs), STREAM "t"));
}
END_TEST

/* The key of a stream: a must when a customer manages it, not when that is not known. */
START_TEST(keys)
{
    app(FLINK, properties("Source", "\"stream.arn\":\"" STREAM "s\""));
    kit_add(&k, "kinesis:DescribeStreamSummary", STREAM "s", "",
            "{\"StreamDescriptionSummary\":{\"StreamName\":\"s\",\"StreamARN\":\"" STREAM
            "s\",\"EncryptionType\":\"KMS\",\"KeyId\":\"arn:aws:kms:" PLACE
            ":key/k1\"}}");
    struct rights *r = read_rights();
    ck_assert(strstr(lines(r->needs), "\nkms:Decrypt arn:aws:kms:" PLACE ":key/k1"));
    kit_add(&k, "kms:DescribeKey", "k1", "",
            "{\"KeyMetadata\":{\"KeyId\":\"k1\",\"Arn\":\"arn:aws:kms:" PLACE
            ":key/k1\",\"KeyManager\":\"CUSTOMER\"}}");
    r = read_rights();
    ck_assert(strstr(lines(r->needs), "\n!kms:Decrypt arn:aws:kms:" PLACE ":key/k1"));
}
END_TEST

START_TEST(undescribed)
{
    kit_error(&k, "iam:GetRole", ROLE_ARN, "AccessDenied");
    struct rights *r = read_rights();
    ck_assert(r->comparison == NULL && r->napps == 0 && r->effective->incomplete);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("rights");
    TCase *t = tcase_create("all");
    tcase_add_checked_fixture(t, setup, teardown);
    unit_rows(t, needs, needed);
    tcase_add_test(t, roles_apart);
    tcase_add_test(t, keys);
    tcase_add_test(t, undescribed);
    suite_add_tcase(s, t);
    return unit_run(s, "rights");
}
