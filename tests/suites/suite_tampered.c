/* The hardened sample with one thing changed, from bytes to verdicts: the check that
 * looks for it has to see it, and what only looks like it must not matter. */
#include "../unit/unit.h"

#include "assess/assess.h"
#include "base/file.h"
#include "base/when.h"
#include "catalog/catalog.h"
#include "evidence/evidence.h"

#include <stdio.h>
#include <string.h>

#define KEY "kms/describe-key~defecaee-fddf-48f7-874b-f9f7b6d10e13"
#define KEY_POLICY "kms/get-key-policy~defecaee-fddf-48f7-874b-f9f7b6d10e13"
#define ROTATION "kms/get-key-rotation-status~defecaee-fddf-48f7-874b-f9f7b6d10e13"
#define APP "kinesisanalyticsv2/describe-application~orders-flink"
#define ROLE "iam/get-role~orders-flink-role"
#define POLICY "iam/get-role-policy~orders-flink-role"
#define BUCKET_POLICY "s3api/get-bucket-policy~orders-artifacts"
#define STATUS "cloudtrail/get-trail-status"
#define SELECTORS "cloudtrail/get-event-selectors"
#define EVENTS                                                                           \
    "cloudtrail/lookup-events~AttributeKey_3DEventSource_2CAttributeValue_3Dcloudtrail"
/* One more statement, property, event. */
#define FIRST "\"Statement\": ["
#define GRANT(action, resource)                                                          \
    FIRST "{\"Effect\": \"Allow\", \"Action\": \"" action "\", \"Resource\": \""         \
          "" resource "\"},"
#define LETS(principal, more)                                                            \
    "\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Principal\\\":" principal ","  \
    "\\\"Action\\\":\\\"s3:GetObject\\\",\\\"Resource\\\":"                              \
    "\\\"arn:aws:s3:::orders-artifacts-111122223333/*\\\"" more "},"
#define PROPERTY(key, value) "\"PropertyMap\": {\"" key "\": \"" value "\","
#define EVENT(source, name, parameters)                                                  \
    "\"Events\": [{\"EventId\": \"x\", \"EventName\": \"" name "\", \"EventTime\": "     \
    "\"2026-11-19T10:00:00Z\", \"EventSource\": \"" source                               \
    "\", \"CloudTrailEvent\": \"{\\\"eventVersion\\\":\\\"1.11\\\",\\\"eventID\\\":"     \
    "\\\"x\\\",\\\"eventTime\\\":\\\"2026-11-19T10:00:00Z\\\",\\\"awsRegion\\\":"        \
    "\\\"us-east-1\\\",\\\"recipientAccountId\\\":\\\"111122223333\\\","                 \
    "\\\"userIdentity\\\":{\\\"type\\\":\\\"IAMUser\\\",\\\"userName\\\":\\\"eve\\\"},"  \
    "\\\"eventSource\\\":\\\"" source "\\\",\\\"eventName\\\":\\\"" name                 \
    "\\\",\\\"requestParameters\\\":{" parameters "}}\"},"

/* clang-format off */
static const struct {
    const char *file;       /* part of its path; the first that has it */
    const char *was, *is;   /* the first place of it in the file; NULL: all of it */
    const char *check;
    enum result result;
} rows[] = {
    /* KDA-1 */
    {POLICY, FIRST, GRANT("*", "*"), "KDA-1.2", RESULT_FAIL},
    {POLICY, FIRST, GRANT("*:*", "*"), "KDA-1.2", RESULT_FAIL},
    {POLICY, FIRST, GRANT("S3:*", "arn:aws:s3:::orders-lake-111122223333/*"), "KDA-1.3", RESULT_FAIL},
    {POLICY, FIRST, FIRST "{\"Effect\": \"Allow\", \"NotAction\": \"iam:*\", \"Resource\": \"*\"},", "KDA-1.4", RESULT_FAIL},
    {POLICY, FIRST, FIRST "{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"NotResource\": \"arn:aws:s3:::x/*\"},", "KDA-1.4", RESULT_FAIL},
    {POLICY, FIRST, GRANT("s3:Get*", "*"), "KDA-1.5", RESULT_FAIL},
    {POLICY, FIRST, GRANT("ec2:DescribeVpcs", "*"), "KDA-1.5", RESULT_PASS},
    {POLICY, FIRST, GRANT("kinesisanalytics:UpdateApplication", "*"), "KDA-1.7", RESULT_FAIL},
    {POLICY, FIRST, GRANT("iam:PassRole", "*"), "KDA-1.8", RESULT_FAIL},
    {"iam/list-attached-role-policies~orders-flink-role", "\"AttachedPolicies\": []", "\"AttachedPolicies\": [{\"PolicyName\": \"AdministratorAccess\", \"PolicyArn\": \"arn:aws:iam::aws:policy/AdministratorAccess\"}]", "KDA-1.6", RESULT_FAIL},
    {BUCKET_POLICY, "\\\"Statement\\\":[", LETS("\\\"*\\\"", ""), "KDA-1.14", RESULT_FAIL},
    {BUCKET_POLICY, "\\\"Statement\\\":[", LETS("\\\"*\\\"", ",\\\"Condition\\\":{\\\"StringLike\\\":{\\\"aws:Referer\\\":\\\"https://x/*\\\"}}"), "KDA-1.14", RESULT_FAIL},
    {BUCKET_POLICY, "\\\"Statement\\\":[", LETS("\\\"*\\\"", ",\\\"Condition\\\":{\\\"StringEquals\\\":{\\\"aws:PrincipalOrgID\\\":\\\"o-abcdefghij\\\"}}"), "KDA-1.14", RESULT_PASS},
    {BUCKET_POLICY, "\\\"Statement\\\":[", LETS("{\\\"AWS\\\":\\\"999988887777\\\"}", ""), "KDA-1.14", RESULT_FAIL},
    {KEY_POLICY, "\\\"Statement\\\": [", "\\\"Statement\\\": [{\\\"Effect\\\":\\\"Allow\\\",\\\"Principal\\\":\\\"*\\\",\\\"Action\\\":\\\"kms:Decrypt\\\",\\\"Resource\\\":\\\"*\\\"},", "KDA-1.17", RESULT_FAIL},
    {"secretsmanager/get-resource-policy~orders_2Fpayment", "{", "{\"ResourcePolicy\": \"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Principal\\\":\\\"*\\\",\\\"Action\\\":\\\"secretsmanager:GetSecretValue\\\",\\\"Resource\\\":\\\"*\\\"}]}\",", "KDA-1.19", RESULT_FAIL},
    {"accessanalyzer/list-analyzers", "\"type\": \"ACCOUNT\"", "\"type\": \"ACCOUNT_UNUSED_ACCESS\"", "KDA-1.21", RESULT_FAIL},
    {"ec2/describe-security-groups", "\"IpPermissions\": []", "\"IpPermissions\": [{\"IpProtocol\": \"-1\", \"Ipv6Ranges\": [{\"CidrIpv6\": \"::/0\"}]}]", "KDA-1.25", RESULT_FAIL},
    {BUCKET_POLICY, NULL, "{\"Error\": {\"Code\": \"NoSuchBucket\", \"Message\": \"no\"}}", "KDA-1.52", RESULT_FAIL},
    /* KDA-2 */
    {APP, "\"ServiceExecutionRole\"", "\"Other\"", "KDA-2.1", RESULT_FAIL},
    {APP, "arn:aws:iam::111122223333:role/orders-flink-role", "arn:aws:iam::999988887777:role/orders-flink-role", "KDA-2.2", RESULT_FAIL},
    {ROLE, "\"Service\": \"kinesisanalytics.amazonaws.com\"", "\"Service\": [\"kinesisanalytics.amazonaws.com\", \"ec2.amazonaws.com\"]", "KDA-2.4", RESULT_FAIL},
    {ROLE, "\"StringEquals\"", "\"StringEqualsIfExists\"", "KDA-2.5", RESULT_PASS}, /* aws:SourceArn still limits it */
    {ROLE, "\"Condition\"", "\"Sid\": \"x\", \"Conditions\"", "KDA-2.5", RESULT_UNKNOWN}, /* IAM takes no such policy: it cannot be read */
    {ROLE, "\"aws:SourceAccount\": \"111122223333\"", "\"aws:SourceAccount\": \"999988887777\"", "KDA-2.6", RESULT_FAIL},
    {APP, "\"PropertyMap\": {", PROPERTY("aws.credentials.basic.secretkey", "q8Vw3nLx7YtR5mZs2Kd9Pf4Hb6Jc1Ga0Xe8Uo5Wi"), "KDA-2.7", RESULT_FAIL},
    {APP, "\"PropertyMap\": {", PROPERTY("aws.credentials.provider.basic.accesskeyid", "AKIAIOSFODNN7EXAMPLE"), "KDA-2.7", RESULT_PASS},
    {APP, "\"PropertyMap\": {", PROPERTY("password", "{{resolve:secretsmanager:orders/db:SecretString:password}}"), "KDA-2.7", RESULT_PASS},
    {APP, "\"PropertyMap\": {", PROPERTY("sasl.jaas.config", "software.amazon.msk.auth.iam.IAMLoginModule required;"), "KDA-2.7", RESULT_PASS},
    {APP, "\"PropertyMap\": {", PROPERTY("url.db", "jdbc:mysql://h/db?user=app&password=S3cr3t-pw&useSSL=true"), "KDA-2.7", RESULT_FAIL},
    {APP, "\"PropertyMap\": {", PROPERTY("checksum", "d41d8cd98f00b204e9800998ecf8427e"), "KDA-2.8", RESULT_PASS},
    {"describe-application-version~orders-flink~1", "\"PropertyMap\": {", PROPERTY("aws.secretKey", "q8Vw3nLx7YtR5mZs2Kd9Pf4Hb6Jc1Ga0Xe8Uo5Wi"), "KDA-2.10", RESULT_FAIL},
    {"firehose/describe-delivery-stream", "\"Destinations\": [", "\"Destinations\": [{\"DestinationId\": \"2\", \"SplunkDestinationDescription\": {\"HECEndpoint\": \"https://x\", \"HECToken\": \"9f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0\"}},", "KDA-2.11", RESULT_FAIL},
    {"iam/get-account-summary", "\"AccountAccessKeysPresent\": 0", "\"AccountAccessKeysPresent\": 1", "KDA-2.14", RESULT_FAIL},
    /* KDA-3 */
    {"kinesis/describe-stream-summary~orders.json", "\"EncryptionType\": \"KMS\"", "\"EncryptionType\": \"NONE\"", "KDA-3.3", RESULT_FAIL},
    {"kinesis/describe-stream-summary~orders.json", "\"StreamStatus\": \"ACTIVE\"", "\"StreamStatus\": \"UPDATING\"", "KDA-3.3", RESULT_UNKNOWN},
    {"firehose/describe-delivery-stream", "\"Status\": \"ENABLED\"", "\"Status\": \"DISABLED\"", "KDA-3.4", RESULT_FAIL},
    {"firehose/describe-delivery-stream", "\"DirectPut\"", "\"KinesisStreamAsSource\"", "KDA-3.4", RESULT_NOT_APPLICABLE},
    {BUCKET_POLICY, "aws:SecureTransport", "aws:Other", "KDA-3.7", RESULT_FAIL},
    {KEY, "\"KeyState\": \"Enabled\"", "\"KeyState\": \"PendingDeletion\"", "KDA-3.8", RESULT_FAIL},
    {ROTATION, "\"KeyRotationEnabled\": true", "\"KeyRotationEnabled\": false", "KDA-3.9", RESULT_FAIL},
    {KEY, "\"Origin\": \"AWS_KMS\"", "\"Origin\": \"EXTERNAL\"", "KDA-3.9", RESULT_NOT_APPLICABLE},
    {"dynamodb/describe-table", "\"SSEType\": \"KMS\"", "\"SSEType\": \"KMS\", \"InaccessibleEncryptionDateTime\": 1790000000.0", "KDA-3.12", RESULT_FAIL},
    {APP, "\"PropertyMap\": {", PROPERTY("security.protocol", "SASL_PLAINTEXT"), "KDA-3.21", RESULT_FAIL},
    {APP, "\"PropertyMap\": {", PROPERTY("api", "http://payments.example.com/v2"), "KDA-3.21", RESULT_FAIL},
    {APP, "\"PropertyMap\": {", PROPERTY("xmlns", "http://www.w3.org/2001/XMLSchema"), "KDA-3.21", RESULT_PASS},
    {APP, "\"PropertyMap\": {", PROPERTY("api", "http://localhost:8080/"), "KDA-3.21", RESULT_PASS},
    /* KDA-4 */
    {APP, "\"PropertyMap\": {", PROPERTY("out", "s3a://another-bucket-1/x"), "KDA-1.22", RESULT_UNKNOWN},
    {APP, "\"PropertyMap\": {", PROPERTY("q", "https://sqs.us-east-1.amazonaws.com/111122223333/alerts"), "KDA-3.13", RESULT_UNKNOWN},
    {APP, "\"PropertyMap\": {", PROPERTY("stream.arn2", "arn:aws:kinesis:us-east-1:999988887777:stream/theirs"), "KDA-3.3", RESULT_UNKNOWN},
    {APP, "\"PropertyMap\": {", PROPERTY("bootstrap.servers", "boot-abcd1234.c1.kafka-serverless.us-east-1.amazonaws.com:9098"), "KDA-3.16", RESULT_UNKNOWN},
    {"describe-application~orders-flink", "\"ApplicationEncryptionConfigurationDescription\"", "\"Other\"", "KDA-3.2", RESULT_PASS}, /* its snapshots have the key */
    {STATUS, "\"IsLogging\": true", "\"IsLogging\": false", "KDA-4.1", RESULT_FAIL},
    {STATUS, "\"IsLogging\": true", "\"IsLogging\": false", "KDA-4.3", RESULT_FAIL},
    {STATUS, "\"LatestDeliveryTime\": \"2026-11-20", "\"LatestDeliveryTime\": \"2026-11-10", "KDA-4.4", RESULT_FAIL},
    {STATUS, "{", "{\"LatestDeliveryError\": \"AccessDenied\",", "KDA-4.4", RESULT_FAIL},
    {SELECTORS, "\"Management\"", "\"Data\"", "KDA-4.1", RESULT_FAIL},
    {SELECTORS, "\"FieldSelectors\": [", "\"FieldSelectors\": [{\"Field\": \"eventSource\", \"NotEquals\": [\"kinesisanalytics.amazonaws.com\"]},", "KDA-4.1", RESULT_FAIL},
    {SELECTORS, "\"FieldSelectors\": [", "\"FieldSelectors\": [{\"Field\": \"readOnly\", \"Equals\": [\"false\"]},", "KDA-4.2", RESULT_FAIL},
    {SELECTORS, "\"FieldSelectors\": [", "\"FieldSelectors\": [{\"Field\": \"eventSource\", \"NotEquals\": [\"kms.amazonaws.com\"]},", "KDA-4.19", RESULT_FAIL},
    {"cloudtrail/describe-trails", "\"LogFileValidationEnabled\": true", "\"LogFileValidationEnabled\": false", "KDA-4.6", RESULT_FAIL},
    {POLICY, FIRST, GRANT("s3:PutObject", "arn:aws:s3:::orders-cloudtrail-111122223333/*"), "KDA-4.9", RESULT_FAIL},
    {POLICY, FIRST, GRANT("cloudtrail:StopLogging", "*"), "KDA-4.10", RESULT_FAIL},
    {POLICY, FIRST, GRANT("s3:DeleteObject", "arn:aws:s3:::orders-lake-111122223333/enriched/*"), "KDA-4.10", RESULT_PASS},
    {"cloudtrail/describe-trails", "\"KmsKeyId\"", "\"Other\"", "KDA-4.11", RESULT_FAIL},
    {"cloudtrail/describe-trails", "\"CloudWatchLogsLogGroupArn\"", "\"Other\"", "KDA-4.12", RESULT_FAIL},
    {"cloudwatch/describe-alarms", "\"ActionsEnabled\": true", "\"ActionsEnabled\": false", "KDA-4.13", RESULT_PASS}, /* there are more */
    {"cloudwatch/describe-alarms", NULL, "{\"MetricAlarms\": [], \"CompositeAlarms\": []}", "KDA-4.13", RESULT_FAIL},
    {APP, "\"CloudWatchLoggingOptionDescriptions\"", "\"Other\"", "KDA-4.14", RESULT_FAIL},
    {"logs/describe-log-groups~_2Faws_2Fkinesis-analytics", "\"retentionInDays\": 400", "\"retentionInDays\": 30", "KDA-4.15", RESULT_FAIL},
    {"cloudtrail/describe-trails", "\"IsMultiRegionTrail\": true", "\"IsMultiRegionTrail\": false", "KDA-4.18", RESULT_FAIL},
    {EVENTS, "\"Events\": [", EVENT("cloudtrail.amazonaws.com", "StopLogging", "\\\"name\\\":\\\"account-trail\\\""), "KDA-4.22", RESULT_FAIL},
    {EVENTS, "\"Events\": [", EVENT("cloudtrail.amazonaws.com", "StopLogging", "\\\"name\\\":\\\"another\\\""), "KDA-4.22", RESULT_PASS},
    {EVENTS, "\"Events\": [", EVENT("kms.amazonaws.com", "ScheduleKeyDeletion", "\\\"keyId\\\":\\\"defecaee-fddf-48f7-874b-f9f7b6d10e13\\\""), "KDA-4.23", RESULT_FAIL},
    {EVENTS, "\"Events\": [", EVENT("sts.amazonaws.com", "AssumeRole", "\\\"roleArn\\\":\\\"arn:aws:iam::111122223333:role/orders-flink-role\\\""), "KDA-4.23", RESULT_FAIL},
    {EVENTS, "\"Events\": [", EVENT("iam.amazonaws.com", "PutRolePolicy", "\\\"roleName\\\":\\\"orders-flink-role\\\""), "KDA-4.23", RESULT_PASS},
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof *rows };

static const struct assessment *judge_all(struct arena *a,
                                          const struct evidence_input *in, size_t n,
                                          const struct catalog *c)
{
    struct diag *dx = diag_new(a);
    struct model_options options = {.threads = 1, .actions = c->actions};
    when_read(STR("2026-11-20T12:00:00Z"), &options.now);
    struct evidence *ev = evidence_load_memory(a, in, n, dx);
    return assess(a, model_build(a, ev, &options, dx), c, 1, dx);
}

/* The worst result of a check that is the one asked for; else the first of another. */
static const struct test *find_result(const struct assessment *as, const char *check,
                                      enum result result)
{
    const struct test *other = NULL;
    for (size_t i = 0; i < as->n; i++) {
        const struct test *t = &as->tests[i];
        if (!str_eq(t->check->id, str_from(check)))
            continue;
        if (t->result == result)
            return t;
        other = other ? other : t;
    }
    return other;
}

/* A pass has to hold for every subject that the change could touch. */
static bool fails_anywhere(const struct assessment *as, const char *check)
{
    for (size_t i = 0; i < as->n; i++)
        if (str_eq(as->tests[i].check->id, str_from(check)) &&
            as->tests[i].result == RESULT_FAIL)
            return true;
    return false;
}

static bool tamper(struct arena *a, struct evidence_input *in, size_t n, size_t row)
{
    for (size_t i = 0; i < n; i++) {
        if (!str_has(in[i].path, str_from(rows[row].file)))
            continue;
        struct str was = rows[row].was ? str_from(rows[row].was) : in[i].bytes;
        size_t at = rows[row].was ? str_find(in[i].bytes, was) : 0;
        if (at == (size_t)-1)
            return false;
        struct str head = str_sub(in[i].bytes, 0, at);
        struct str tail = str_sub(in[i].bytes, at + was.n, in[i].bytes.n);
        in[i].bytes =
            str_fmt(a, "%.*s%s%.*s", STR_ARG(head), rows[row].is, STR_ARG(tail));
        return true;
    }
    return false;
}

static struct str replaced(struct arena *a, struct str s, const char *was, const char *is)
{
    struct buf out = BUF_INIT;
    struct str key = str_from(was);
    for (size_t at; (at = str_find(s, key)) != (size_t)-1;) {
        buf_str(&out, str_sub(s, 0, at));
        buf_z(&out, is);
        s = str_sub(s, at + key.n, s.n);
    }
    buf_str(&out, s);
    struct str text = buf_dup(a, &out);
    buf_free(&out);
    return text;
}

/* The same sample in another partition (B16): nothing may hang on "arn:aws:". */
static bool moved(const struct evidence_input *whole, size_t n, const struct catalog *c,
                  const char *partition, const char *region, const char *service)
{
    /* Where IAM's calls are recorded when not in the region itself: there were none. */
    static const char *const home[] = {"ReadOnly_2CAttributeValue_3Dfalse",
                                       "EventName_2CAttributeValue_3DAssumeRole"};
    struct arena *a = arena_new();
    struct evidence_input *in = ARENA_ARRAY(a, struct evidence_input, n + 2);
    for (size_t i = 0; i < 2; i++)
        in[n + i] = (struct evidence_input){
            .path = str_fmt(a,
                            "111122223333/cn-north-1/cloudtrail/"
                            "lookup-events~AttributeKey_3D%s.json",
                            home[i]),
            .bytes = STR("{\"Events\": []}")};
    const char *arn = str_fmt(a, "arn:%s:", partition).p;
    const char *name = str_fmt(a, "arn_3A%s_3A", partition).p;
    for (size_t i = 0; i < n; i++) {
        in[i].path = replaced(a, whole[i].path, "us-east-1", region);
        in[i].path = replaced(a, in[i].path, "arn_3Aaws_3A", name);
        in[i].bytes = replaced(a, whole[i].bytes, "us-east-1", region);
        in[i].bytes = replaced(a, in[i].bytes, "arn_3Aaws_3A", name);
        in[i].bytes = replaced(a, in[i].bytes, "arn:aws:", arn);
        if (str_has(in[i].path, STR("/iam/")) || str_has(in[i].path, STR("/kms/")))
            in[i].bytes =
                replaced(a, in[i].bytes, "kinesisanalytics.amazonaws.com", service);
    }
    bool away = strcmp(region, "cn-northwest-1") == 0;
    const struct assessment *as = judge_all(a, in, away ? n + 2 : n, c);
    bool good = as->n > 0;
    for (size_t i = 0; i < as->n; i++) {
        const struct test *t = &as->tests[i];
        if (t->result != RESULT_FAIL && t->result != RESULT_UNKNOWN)
            continue;
        printf("%s: %.*s: %.*s\n", partition, STR_ARG(t->check->id), STR_ARG(t->message));
        good = false;
    }
    arena_free(a);
    return good;
}

int main(void)
{
    unsigned long passed = 0, failed = 0;
    struct arena *outer = arena_new();
    struct diag *dx = diag_new(outer);
    struct file_list files = {0};
    const struct catalog *c = catalog_load(outer, "controls", dx);
    if (!c || !file_walk(outer, "samples/hardened", dx, &files))
        return unit_report("suite_tampered", 0, 1, 0);
    struct evidence_input *whole = ARENA_ARRAY(outer, struct evidence_input, files.n);
    for (size_t i = 0; i < files.n; i++) {
        whole[i].path = files.v[i].relative;
        file_read(outer, files.v[i].path.p, files.v[i].path, dx, &whole[i].bytes);
    }
    for (size_t row = 0; row < ROWS; row++) {
        struct arena *a = arena_new();
        struct evidence_input *in = ARENA_ARRAY(a, struct evidence_input, files.n);
        memcpy(in, whole, files.n * sizeof *in);
        bool found = tamper(a, in, files.n, row);
        const struct assessment *as = judge_all(a, in, files.n, c);
        const struct test *t = find_result(as, rows[row].check, rows[row].result);
        bool right =
            found && t && t->result == rows[row].result &&
            (rows[row].result != RESULT_PASS || !fails_anywhere(as, rows[row].check));
        passed += right;
        failed += !right;
        if (!right)
            printf("row %zu, %s, %s: %s: %s\n", row, rows[row].file, rows[row].check,
                   found ? t ? result_name(t->result) : "no test" : "the text is gone",
                   rows[row].is);
        arena_free(a);
    }
    static const char *const places[][3] = {
        {"aws-us-gov", "us-gov-west-1", "kinesisanalytics.amazonaws.com"},
        {"aws-cn", "cn-north-1", "kinesisanalytics.amazonaws.com"},
        {"aws-cn", "cn-northwest-1", "kinesisanalytics.amazonaws.com.cn"},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        bool good = moved(whole, files.n, c, places[i][0], places[i][1], places[i][2]);
        passed += good;
        failed += !good;
    }
    arena_free(outer);
    return unit_report("suite_tampered", passed, failed, 0);
}
