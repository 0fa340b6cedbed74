/* The oddities of AWS answers that break naive readers, one row or more for each, from
 * bytes to what the checks see. */
#include "iam_table.h"
#include "unit.h"

#include "base/file.h"
#include "base/when.h"
#include "evidence/evidence.h"
#include "json/json.h"
#include "json/write.h"
#include "model/model.h"
#include "model/secrets.h"

#include <string.h>

#define ACCOUNT "111122223333"
#define HOME ACCOUNT "/us-east-1/"
#define GLOBAL ACCOUNT "/global/"
#define APP_ARN "arn:aws:kinesisanalytics:us-east-1:" ACCOUNT ":application/a"
#define ROLE_ARN "arn:aws:iam::" ACCOUNT ":role/r"
#define KEY_ARN                                                                          \
    "arn:aws:kms:us-east-1:" ACCOUNT ":key/0a1b2c3d-0000-4000-8000-000000000001"

/* An application that runs as role r, with more members of its description. */
#define APP(more)                                                                        \
    {                                                                                    \
        HOME "kinesisanalyticsv2/describe-application~a.json",                           \
            "{\"ApplicationDetail\": {\"ApplicationARN\": \"" APP_ARN                    \
            "\", \"ApplicationName\": \"a\", \"RuntimeEnvironment\": \"FLINK-1_20\", "   \
            "\"ApplicationStatus\": \"RUNNING\", \"ApplicationVersionId\": 1, "          \
            "\"ServiceExecutionRole\": \"" ROLE_ARN "\"" more "}}",                      \
            0                                                                            \
    }
#define PROPERTIES(map)                                                                  \
    ", \"ApplicationConfigurationDescription\": {\"EnvironmentPropertyDescriptions\": "  \
    "{\"PropertyGroupDescriptions\": [{\"PropertyGroupId\": \"g\", \"PropertyMap\": "    \
    "{" map "}}]}}"
#define ROLE(trust)                                                                      \
    {                                                                                    \
        GLOBAL "iam/get-role~r.json",                                                    \
            "{\"Role\": {\"Path\": \"/\", \"RoleName\": \"r\", \"RoleId\": "             \
            "\"AROA2QWERTYUIOPASDFGH\", \"Arn\": \"" ROLE_ARN                            \
            "\", \"CreateDate\": \"2024-01-01T00:00:00+00:00\", "                        \
            "\"AssumeRolePolicyDocument\": " trust "}}",                                 \
            0                                                                            \
    }
#define TRUST(principal)                                                                 \
    "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", "             \
    "\"Principal\": " principal ", \"Action\": \"sts:AssumeRole\"}]}"
#define SERVICE "{\"Service\": \"kinesisanalytics.amazonaws.com\"}"
#define INLINE(document)                                                                 \
    {                                                                                    \
        GLOBAL "iam/get-role-policy~r~p.json",                                           \
            "{\"RoleName\": \"r\", \"PolicyName\": \"p\", \"PolicyDocument\": " document \
            "}",                                                                         \
            0                                                                            \
    }
#define STREAM(encryption)                                                               \
    {                                                                                    \
        HOME "kinesis/describe-stream-summary~s.json",                                   \
            "{\"StreamDescriptionSummary\": {\"StreamName\": \"s\", \"StreamARN\": "     \
            "\"arn:aws:kinesis:us-east-1:" ACCOUNT ":stream/s\", \"StreamStatus\": "     \
            "\"ACTIVE\", \"RetentionPeriodHours\": 24, \"StreamCreationTimestamp\": "    \
            "1597859016.0, \"EnhancedMonitoring\": [], \"OpenShardCount\": 1" encryption \
            "}}",                                                                        \
            0                                                                            \
    }
#define TRAIL(region)                                                                    \
    {                                                                                    \
        HOME "cloudtrail/describe-trails.json",                                          \
            "{\"trailList\": [{\"Name\": \"t\", \"TrailARN\": "                          \
            "\"arn:aws:cloudtrail:" region ":" ACCOUNT                                   \
            ":trail/t\", \"HomeRegion\": \"" region                                      \
            "\", \"S3BucketName\": \"logs\", \"IsMultiRegionTrail\": false, "            \
            "\"IncludeGlobalServiceEvents\": true, \"LogFileValidationEnabled\": true, " \
            "\"HasCustomEventSelectors\": false, \"HasInsightSelectors\": false, "       \
            "\"IsOrganizationTrail\": false}]}",                                         \
            0                                                                            \
    }
#define FIREHOSE(more)                                                                   \
    {                                                                                    \
        HOME "firehose/describe-delivery-stream~d.json",                                 \
            "{\"DeliveryStreamDescription\": {\"DeliveryStreamName\": \"d\", "           \
            "\"DeliveryStreamARN\": \"arn:aws:firehose:us-east-1:" ACCOUNT               \
            ":deliverystream/d\", \"DeliveryStreamStatus\": \"ACTIVE\", "                \
            "\"DeliveryStreamType\": \"DirectPut\", \"VersionId\": \"1\", "              \
            "\"HasMoreDestinations\": false" more "}}",                                  \
            0                                                                            \
    }
#define BUCKET_VERSIONING HOME "s3api/get-bucket-versioning~b.json"

static const struct {
    const char *id, *what;
    struct {
        const char *path, *bytes;
        size_t n; /* 0: up to the NUL */
    } files[4];
    const char *subject; /* NULL: want is the state of the first file, and its code */
    const char *pointer, *want;
} rows[] = {
    {"B1",
     "one value or an array, everywhere",
     {APP(""), ROLE(TRUST(SERVICE)),
      INLINE("{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", "
             "\"Action\": \"kinesis:PutRecord\", \"Resource\": \"*\"}}")},
     ROLE_ARN,
     "/facts/grants/0/action",
     "\"kinesis:PutRecord\""},
    {"B1",
     "a single statement, and a condition whose value is a boolean",
     {{HOME "s3api/get-bucket-policy~b.json",
       "{\"Policy\": \"{\\\"Statement\\\": {\\\"Effect\\\": \\\"Deny\\\", "
       "\\\"Principal\\\": \\\"*\\\", \\\"Action\\\": [\\\"s3:*\\\"], \\\"Resource\\\": "
       "[\\\"arn:aws:s3:::b\\\", \\\"arn:aws:s3:::b/*\\\"], \\\"Condition\\\": "
       "{\\\"Bool\\\": {\\\"aws:SecureTransport\\\": false}}}}\"}",
       0}},
     "arn:aws:s3:::b",
     "/facts/tls_only/enforced",
     "\"yes\""},
    {"B1",
     "several principals of one kind",
     {APP(""), ROLE(TRUST("{\"Service\": [\"kinesisanalytics.amazonaws.com\", "
                          "\"ec2.amazonaws.com\"]}"))},
     ROLE_ARN,
     "/facts/trust/1/service",
     "\"ec2.amazonaws.com\""},
    {"B2",
     "a bare star is everybody",
     {APP(""), ROLE(TRUST("\"*\""))},
     ROLE_ARN,
     "/facts/trust/0/kind",
     "\"everyone\""},
    {"B2",
     "so is AWS: star",
     {APP(""), ROLE(TRUST("{\"AWS\": \"*\"}"))},
     ROLE_ARN,
     "/facts/trust/0/kind",
     "\"everyone\""},
    {"B2",
     "a bare unique id is a deleted principal",
     {APP(""), ROLE(TRUST("{\"AWS\": \"AROA2QWERTYUIOPASDFGH\"}"))},
     ROLE_ARN,
     "/facts/trust/0/kind",
     "\"dead\""},
    {"B3",
     "actions compare without case",
     {APP(""), ROLE(TRUST(SERVICE)),
      INLINE("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", "
             "\"Action\": [\"KINESIS:putrecord\"], \"Resource\": [\"*\"]}]}")},
     ROLE_ARN,
     "/facts/grants/0/actions",
     "1"},
    {"B3",
     "star colon star is everything",
     {APP(""), ROLE(TRUST(SERVICE)),
      INLINE("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", "
             "\"Action\": [\"*:*\"], \"Resource\": [\"*\"]}]}")},
     ROLE_ARN,
     "/facts/grants/0/all_actions",
     "true"},
    {"B3",
     "NotAction with Allow is everything else",
     {APP(""), ROLE(TRUST(SERVICE)),
      INLINE("{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", "
             "\"NotAction\": [\"iam:*\"], \"Resource\": [\"*\"]}]}")},
     ROLE_ARN,
     "/facts/grants/0/not_action",
     "true"},
    {"B4",
     "percent-encoded policy",
     {APP(""), ROLE(TRUST(SERVICE)),
      INLINE(
          "\"%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22"
          "%3A%22Allow%22%2C%22Action%22%3A%22kinesis%3AGetRecords%22%2C%22Resource%22%3A"
          "%22%2A%22%7D%5D%7D\"")},
     ROLE_ARN,
     "/facts/grants/0/action",
     "\"kinesis:GetRecords\""},
    {"B4",
     "policy as a string of JSON",
     {APP(""), ROLE(TRUST(SERVICE)),
      INLINE("\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":"
             "\\\"Allow\\\",\\\"Action\\\":\\\"kinesis:GetRecords\\\",\\\"Resource\\\":"
             "\\\"*\\\"}]}\"")},
     ROLE_ARN,
     "/facts/grants/0/action",
     "\"kinesis:GetRecords\""},
    {"B5",
     "zero bytes without an exit code",
     {{BUCKET_VERSIONING, "", 0}},
     NULL,
     NULL,
     "invalid EVI-122"},
    {"B5",
     "zero bytes and exit code 0",
     {{BUCKET_VERSIONING, "", 0},
      {"index.json",
       "{\"format\": 1, \"files\": [{\"path\": \"" BUCKET_VERSIONING
       "\", \"account\": \"" ACCOUNT "\", \"region\": \"us-east-1\", \"service\": "
       "\"s3api\", \"operation\": \"get-bucket-versioning\", \"parameters\": "
       "{\"bucket\": "
       "\"b\"}, \"collected\": \"2026-11-20T00:00:00Z\", \"exit_code\": 0}]}",
       0}},
     "arn:aws:s3:::b",
     "/facts/versioning",
     "\"never\""},
    {"B6",
     "epoch seconds with a fraction",
     {TRAIL("us-east-1"),
      {HOME "cloudtrail/get-trail-status~arn_3Aaws_3Acloudtrail_3Aus-east-1_3A" ACCOUNT
            "_3Atrail_2Ft.json",
       "{\"IsLogging\": true, \"LatestDeliveryTime\": 1454022144.869}", 0}},
     "arn:aws:cloudtrail:us-east-1:" ACCOUNT ":trail/t",
     "/facts/status/latest_delivery",
     "\"2016-01-28T23:02:24Z\""},
    {"B6",
     "local zone of the collector",
     {TRAIL("us-east-1"),
      {HOME "cloudtrail/get-trail-status~arn_3Aaws_3Acloudtrail_3Aus-east-1_3A" ACCOUNT
            "_3Atrail_2Ft.json",
       "{\"IsLogging\": true, \"LatestDeliveryTime\": \"2021-11-18T09:41:02-08:00\"}",
       0}},
     "arn:aws:cloudtrail:us-east-1:" ACCOUNT ":trail/t",
     "/facts/status/latest_delivery",
     "\"2021-11-18T17:41:02Z\""},
    {"B6",
     "milliseconds",
     {TRAIL("us-east-1"),
      {HOME "cloudtrail/get-trail-status~arn_3Aaws_3Acloudtrail_3Aus-east-1_3A" ACCOUNT
            "_3Atrail_2Ft.json",
       "{\"IsLogging\": true, \"LatestDeliveryTime\": 1454022144869}", 0}},
     "arn:aws:cloudtrail:us-east-1:" ACCOUNT ":trail/t",
     "/facts/status/latest_delivery",
     "\"2016-01-28T23:02:24Z\""},
    {"B6",
     "a number in a string",
     {TRAIL("us-east-1"),
      {HOME "cloudtrail/get-trail-status~arn_3Aaws_3Acloudtrail_3Aus-east-1_3A" ACCOUNT
            "_3Atrail_2Ft.json",
       "{\"IsLogging\": true, \"LatestDeliveryTime\": \"1454022144\"}", 0}},
     "arn:aws:cloudtrail:us-east-1:" ACCOUNT ":trail/t",
     "/facts/status/latest_delivery",
     "\"2016-01-28T23:02:24Z\""},
    {"B6",
     "an offset without colon",
     {TRAIL("us-east-1"),
      {HOME "cloudtrail/get-trail-status~arn_3Aaws_3Acloudtrail_3Aus-east-1_3A" ACCOUNT
            "_3Atrail_2Ft.json",
       "{\"IsLogging\": true, \"LatestDeliveryTime\": "
       "\"2021-11-18T09:41:02.123456-0800\"}",
       0}},
     "arn:aws:cloudtrail:us-east-1:" ACCOUNT ":trail/t",
     "/facts/status/latest_delivery",
     "\"2021-11-18T17:41:02Z\""},
    {"B7",
     "a leftover NextToken",
     {{HOME "kinesis/list-streams.json",
       "{\"StreamNames\": [\"s\"], \"NextToken\": \"eyJOZXh0\"}", 0}},
     NULL,
     NULL,
     "answer partial"},
    {"B8",
     "one page of ten, and more exist",
     {{HOME "firehose/list-delivery-streams.json",
       "{\"DeliveryStreamNames\": [\"d\"], \"HasMoreDeliveryStreams\": true}", 0}},
     NULL,
     NULL,
     "answer partial"},
    {"B9",
     "absent SSEDescription is encrypted by a key that AWS owns",
     {{HOME "dynamodb/describe-table~t.json",
       "{\"Table\": {\"TableName\": \"t\", \"TableArn\": "
       "\"arn:aws:dynamodb:us-east-1:" ACCOUNT
       ":table/t\", \"TableStatus\": \"ACTIVE\"}}",
       0}},
     "arn:aws:dynamodb:us-east-1:" ACCOUNT ":table/t",
     "/facts/encryption/kind",
     "\"owned\""},
    {"B9",
     "absent delivery stream encryption is none",
     {FIREHOSE("")},
     "arn:aws:firehose:us-east-1:" ACCOUNT ":deliverystream/d",
     "/facts/encryption/encrypted",
     "\"no\""},
    {"B9",
     "a file that is missing is neither: a table that is only listed",
     {{HOME "dynamodb/list-tables.json", "{\"TableNames\": [\"t\"]}", 0}},
     "arn:aws:dynamodb:us-east-1:" ACCOUNT ":table/t",
     "/listed_only",
     "true"},
    {"B10",
     "credential report: base64 of CSV with a column more than documented",
     {{GLOBAL "iam/get-credential-report.json",
       "{\"Content\": "
       "\"dXNlcixhcm4sdXNlcl9jcmVhdGlvbl90aW1lLHBhc3N3b3JkX2VuYWJsZWQsbWZhX2FjdGl2ZSxhY2N"
       "lc3Nf"
       "a2V5XzFfYWN0aXZlLGFjY2Vzc19rZXlfMV9sYXN0X3JvdGF0ZWQsYWNjZXNzX2tleV8xX2xhc3RfdXNlZ"
       "F9k"
       "YXRlLGFjY2Vzc19rZXlfMV9sYXN0X3VzZWRfcmVnaW9uLGFjY2Vzc19rZXlfMV9sYXN0X3VzZWRfc2Vyd"
       "mlj"
       "ZSxhY2Nlc3Nfa2V5XzJfYWN0aXZlLGFkZGl0aW9uYWxfY3JlZGVudGlhbHNfaW5mbwo8cm9vdF9hY2Nvd"
       "W50"
       "Pixhcm46YXdzOmlhbTo6MTExMTIyMjIzMzMzOnJvb3QsMjAyMC0wMS0wMVQwMDowMDowMCswMDowMCxub"
       "3Rf"
       "c3VwcG9ydGVkLHRydWUsdHJ1ZSwyMDIxLTAxLTAxVDAwOjAwOjAwKzAwOjAwLE4vQSxOL0EsTi9BLGZhb"
       "HNl"
       "LCJ4LCB5Igo=\", \"ReportFormat\": \"text/csv\", \"GeneratedTime\": "
       "\"2026-11-20T00:00:00+00:00\"}",
       0}},
     ACCOUNT,
     "/facts/root_keys/present",
     "\"yes\""},
    {"B10",
     "decoded, quoted, TRUE in capitals, sentinels",
     {{GLOBAL "iam/credentials.csv",
       "user,arn,user_creation_time,access_key_1_active,access_key_1_last_rotated,"
       "access_key_2_active\n\"<root_account>\",arn:aws:iam::" ACCOUNT
       ":root,2020-01-01T00:00:00+00:00,FALSE,N/A,no_information\n",
       0}},
     ACCOUNT,
     "/facts/root_keys/present",
     "\"no\""},
    {"B11",
     "a record of CloudTrail inside a string",
     {APP(""),
      {HOME "cloudtrail/lookup-events~x.json",
       "{\"Events\": [{\"EventId\": \"e1\", \"EventName\": \"StartApplication\", "
       "\"EventSource\": \"kinesisanalytics.amazonaws.com\", \"CloudTrailEvent\": "
       "\"{\\\"eventVersion\\\":\\\"1.08\\\",\\\"userIdentity\\\":{\\\"type\\\":"
       "\\\"Root\\\","
       "\\\"accountId\\\":\\\"" ACCOUNT
       "\\\"},\\\"eventTime\\\":\\\"2026-11-19T10:00:00Z\\\","
       "\\\"eventSource\\\":\\\"kinesisanalytics.amazonaws.com\\\",\\\"eventName\\\":"
       "\\\"StartApplication\\\",\\\"awsRegion\\\":\\\"us-east-1\\\","
       "\\\"sourceIPAddress\\\":"
       "\\\"203.0.113.9\\\",\\\"requestParameters\\\":{\\\"applicationName\\\":\\\"a\\\"}"
       ","
       "\\\"responseElements\\\":null,\\\"eventID\\\":\\\"e1\\\",\\\"eventType\\\":"
       "\\\"AwsApiCall\\\",\\\"recipientAccountId\\\":\\\"" ACCOUNT "\\\"}\"}]}",
       0}},
     APP_ARN,
     "/facts/activity/0/ip",
     "\"203.0.113.9\""},
    {"B12",
     "trailList begins with a small letter",
     {TRAIL("us-east-1")},
     "arn:aws:cloudtrail:us-east-1:" ACCOUNT ":trail/t",
     "/facts/validation",
     "true"},
    {"B13",
     "an answer that names nothing, in a pile",
     {{"get-trail-status.json", "{\"IsLogging\": true}", 0}},
     NULL,
     NULL,
     "unbound EVI-115"},
    {"B14",
     "a trail of one region covers no other",
     {APP(""), TRAIL("eu-west-1")},
     APP_ARN,
     "/facts/trails/0/covers_region",
     "false"},
    {"B14",
     "a region that was not collected is unknown",
     {APP(""),
      {ACCOUNT "/eu-west-1/cloudtrail/describe-trails.json", "{\"trailList\": []}", 0}},
     APP_ARN,
     "/facts/covered_writes",
     "\"unknown\""},
    {"B15",
     "a stream of another account",
     {APP(PROPERTIES(
         "\"stream.arn\": \"arn:aws:kinesis:us-east-1:210987654321:stream/theirs\""))},
     APP_ARN,
     "/facts/dependencies/0/foreign",
     "true"},
    {"B16",
     "the partition is not always aws",
     {{"111122223333/cn-north-1/kinesis/describe-stream-summary~s.json",
       "{\"StreamDescriptionSummary\": {\"StreamName\": \"s\", \"StreamARN\": "
       "\"arn:aws-cn:kinesis:cn-north-1:111122223333:stream/s\", \"StreamStatus\": "
       "\"ACTIVE\", "
       "\"EncryptionType\": \"KMS\", \"KeyId\": \"alias/aws/kinesis\"}}",
       0}},
     "arn:aws-cn:kinesis:cn-north-1:111122223333:stream/s",
     "/partition",
     "\"aws-cn\""},
    {"B16",
     "GovCloud",
     {{"111122223333/us-gov-west-1/kinesis/describe-stream-summary~s.json",
       "{\"StreamDescriptionSummary\": {\"StreamName\": \"s\", \"StreamARN\": "
       "\"arn:aws-us-gov:kinesis:us-gov-west-1:111122223333:stream/s\", "
       "\"StreamStatus\": "
       "\"ACTIVE\", \"EncryptionType\": \"KMS\", \"KeyId\": "
       "\"0a1b2c3d-0000-4000-8000-000000000001\"}}",
       0}},
     "arn:aws-us-gov:kinesis:us-gov-west-1:111122223333:stream/s",
     "/links/key/0",
     "\"arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/"
     "0a1b2c3d-0000-4000-8000-000000000001\""},
    {"B17",
     "a key under its alias",
     {STREAM(", \"EncryptionType\": \"KMS\", \"KeyId\": \"alias/mine\""),
      {HOME "kms/list-aliases.json",
       "{\"Aliases\": [{\"AliasName\": \"alias/mine\", \"AliasArn\": "
       "\"arn:aws:kms:us-east-1:" ACCOUNT ":alias/mine\", \"TargetKeyId\": "
       "\"0a1b2c3d-0000-4000-8000-000000000001\"}]}",
       0}},
     "arn:aws:kinesis:us-east-1:" ACCOUNT ":stream/s",
     "/facts/encryption/key_arn",
     "\"" KEY_ARN "\""},
    {"B17",
     "a bare id",
     {STREAM(", \"EncryptionType\": \"KMS\", \"KeyId\": "
             "\"0a1b2c3d-0000-4000-8000-000000000001\""),
      {HOME "kms/list-aliases.json",
       "{\"Aliases\": [{\"AliasName\": \"alias/mine\", \"AliasArn\": "
       "\"arn:aws:kms:us-east-1:" ACCOUNT ":alias/mine\", \"TargetKeyId\": "
       "\"0a1b2c3d-0000-4000-8000-000000000001\"}]}",
       0}},
     "arn:aws:kinesis:us-east-1:" ACCOUNT ":stream/s",
     "/facts/encryption/key_arn",
     "\"" KEY_ARN "\""},
    {"B17",
     "its ARN",
     {STREAM(", \"EncryptionType\": \"KMS\", \"KeyId\": \"" KEY_ARN "\""),
      {HOME "kms/list-aliases.json",
       "{\"Aliases\": [{\"AliasName\": \"alias/mine\", \"AliasArn\": "
       "\"arn:aws:kms:us-east-1:" ACCOUNT ":alias/mine\", \"TargetKeyId\": "
       "\"0a1b2c3d-0000-4000-8000-000000000001\"}]}",
       0}},
     "arn:aws:kinesis:us-east-1:" ACCOUNT ":stream/s",
     "/facts/encryption/key_arn",
     "\"" KEY_ARN "\""},
    {"B17",
     "the ARN of its alias",
     {STREAM(", \"EncryptionType\": \"KMS\", \"KeyId\": \"arn:aws:kms:us-east-1:" ACCOUNT
             ":alias/mine\""),
      {HOME "kms/list-aliases.json",
       "{\"Aliases\": [{\"AliasName\": \"alias/mine\", \"AliasArn\": "
       "\"arn:aws:kms:us-east-1:" ACCOUNT ":alias/mine\", \"TargetKeyId\": "
       "\"0a1b2c3d-0000-4000-8000-000000000001\"}]}",
       0}},
     "arn:aws:kinesis:us-east-1:" ACCOUNT ":stream/s",
     "/facts/encryption/key_arn",
     "\"" KEY_ARN "\""},
    {"B17",
     "a multi-region key",
     {STREAM(", \"EncryptionType\": \"KMS\", \"KeyId\": "
             "\"mrk-0a1b2c3d000040008000000000000001\""),
      {HOME "kms/list-aliases.json",
       "{\"Aliases\": [{\"AliasName\": \"alias/mine\", \"AliasArn\": "
       "\"arn:aws:kms:us-east-1:" ACCOUNT ":alias/mine\", \"TargetKeyId\": "
       "\"0a1b2c3d-0000-4000-8000-000000000001\"}]}",
       0}},
     "arn:aws:kinesis:us-east-1:" ACCOUNT ":stream/s",
     "/facts/encryption/key_arn",
     "\"arn:aws:kms:us-east-1:" ACCOUNT ":key/mrk-0a1b2c3d000040008000000000000001\""},
    {"B18",
     "encrypted by a key that AWS manages",
     {STREAM(", \"EncryptionType\": \"KMS\", \"KeyId\": \"alias/aws/kinesis\"")},
     "arn:aws:kinesis:us-east-1:" ACCOUNT ":stream/s",
     "/facts/encryption/customer_key",
     "\"no\""},
    {"B19",
     "ENABLING is not encrypted yet",
     {FIREHOSE(", \"DeliveryStreamEncryptionConfiguration\": {\"Status\": \"ENABLING\", "
               "\"KeyType\": \"AWS_OWNED_CMK\"}")},
     "arn:aws:firehose:us-east-1:" ACCOUNT ":deliverystream/d",
     "/facts/encryption/encrypted",
     "\"transition\""},
    {"B19",
     "a table that is UPDATING its encryption",
     {{HOME "dynamodb/describe-table~t.json",
       "{\"Table\": {\"TableName\": \"t\", \"TableArn\": "
       "\"arn:aws:dynamodb:us-east-1:" ACCOUNT
       ":table/t\", \"TableStatus\": \"ACTIVE\", \"SSEDescription\": {\"Status\": "
       "\"UPDATING\"}}}",
       0}},
     "arn:aws:dynamodb:us-east-1:" ACCOUNT ":table/t",
     "/facts/encryption/in_transition",
     "true"},
    {"B20",
     "the path of a role is no part of its name",
     {{HOME "kinesisanalyticsv2/describe-application~a.json",
       "{\"ApplicationDetail\": {\"ApplicationARN\": \"" APP_ARN
       "\", \"ApplicationName\": \"a\", \"RuntimeEnvironment\": \"FLINK-1_20\", "
       "\"ApplicationStatus\": \"RUNNING\", \"ApplicationVersionId\": 1, "
       "\"ServiceExecutionRole\": \"arn:aws:iam::" ACCOUNT
       ":role/service-role/deep/r\"}}",
       0}},
     APP_ARN,
     "/facts/roles/0/name",
     "\"r\""},
    {"B20",
     "a session's ARN drops the path of its role",
     {APP(PROPERTIES("\"as\": \"arn:aws:sts::" ACCOUNT ":assumed-role/x/session\"")),
      {GLOBAL "iam/list-roles.json",
       "{\"Roles\": [{\"RoleName\": \"x\", \"Arn\": \"arn:aws:iam::" ACCOUNT
       ":role/service-role/x\", \"Path\": \"/service-role/\", \"RoleId\": \"AROAX\"}]}",
       0}},
     APP_ARN,
     "/links/property/0",
     "\"arn:aws:iam::" ACCOUNT ":role/service-role/x\""},
    {"B21",
     "a log group with and without :*",
     {APP(", \"CloudWatchLoggingOptionDescriptions\": [{\"LogStreamARN\": "
          "\"arn:aws:logs:us-east-1:" ACCOUNT ":log-group:/x/a:log-stream:y\"}]"),
      {HOME "logs/describe-log-groups.json",
       "{\"logGroups\": [{\"logGroupName\": \"/x/a\", \"arn\": "
       "\"arn:aws:logs:us-east-1:" ACCOUNT ":log-group:/x/a:*\", \"retentionInDays\": "
       "30, \"storedBytes\": 9007199254740993}]}",
       0}},
     "arn:aws:logs:us-east-1:" ACCOUNT ":log-group:/x/a",
     "/facts/retention_days",
     "30"},
    {"B22",
     "broken as published",
     {{HOME "kinesis/describe-stream-summary~s.json",
       "{\"StreamDescriptionSummary\": {\"StreamCreationTimestamp\": 2019-09-01,}}", 0}},
     NULL,
     NULL,
     "invalid JSN-103"},
    {"B23",
     "numbers beyond 2^53 keep their digits",
     {{HOME "logs/describe-log-groups.json",
       "{\"logGroups\": [{\"logGroupName\": \"/x/a\", \"arn\": "
       "\"arn:aws:logs:us-east-1:" ACCOUNT
       ":log-group:/x/a:*\", \"storedBytes\": 9007199254740993}]}",
       0}},
     "arn:aws:logs:us-east-1:" ACCOUNT ":log-group:/x/a",
     "/evidence/logs:DescribeLogGroups/storedBytes",
     "9007199254740993"},
    {"B24",
     "UTF-16 with a byte order mark",
     {{HOME "kinesis/list-streams.json", "\xFF\xFE{\0}\0", 6}},
     NULL,
     NULL,
     "invalid JSN-112"},
    {"B24",
     "UTF-8 with one",
     {{HOME "kinesis/list-streams.json", "\xEF\xBB\xBF{\"StreamNames\": []}", 0}},
     NULL,
     NULL,
     "answer"},
    {"B25",
     "a token in an answer is found, and not shown",
     {FIREHOSE(", \"Destinations\": [{\"DestinationId\": \"1\", "
               "\"SplunkDestinationDescription\": {\"HECEndpoint\": \"https://x\", "
               "\"HECToken\": \"9f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0\"}}]")},
     "arn:aws:firehose:us-east-1:" ACCOUNT ":deliverystream/d",
     "/facts/credentials/0/key",
     "\"HECToken\""},
    {"B24",
     "UTF-16, the other way round",
     {{HOME "kinesis/list-streams.json", "\xFE\xFF\0{\0}", 6}},
     NULL,
     NULL,
     "invalid JSN-112"},
    {"B26",
     "keys of maps hold dots and slashes",
     {APP(PROPERTIES("\"a.b/c\": \"arn:aws:kinesis:us-east-1:" ACCOUNT ":stream/s\""))},
     APP_ARN,
     "/facts/dependencies/0/at/pointer",
     "\"/ApplicationDetail/ApplicationConfigurationDescription/"
     "EnvironmentPropertyDescriptions/PropertyGroupDescriptions/0/PropertyMap/a.b~1c\""},
    {"B26",
     "keys that are there twice: which one counts would be a guess",
     {{HOME "kinesis/list-streams.json",
       "{\"StreamNames\": [], \"StreamNames\": [\"s\"]}", 0}},
     NULL,
     NULL,
     "invalid JSN-108"},
    {"B26",
     "the order of keys says nothing",
     {{HOME "dynamodb/describe-table~t.json",
       "{\"Table\": {\"TableStatus\": \"ACTIVE\", \"TableArn\": "
       "\"arn:aws:dynamodb:us-east-1:" ACCOUNT ":table/t\", \"TableName\": \"t\"}}",
       0}},
     "arn:aws:dynamodb:us-east-1:" ACCOUNT ":table/t",
     "/facts/encryption/kind",
     "\"owned\""},
};

static struct arena *a;
static struct diag *dx;

static void setup(void)
{
    a = arena_new();
    dx = diag_new(a);
}

static void teardown(void)
{
    arena_free(a);
}

static const char *state_of(const struct document *d)
{
    static const char *const names[] = {"answer",  "empty",        "error",  "invalid",
                                        "unbound", "unrecognised", "refused"};
    return str_fmt(a, "%s%s%.*s%s", names[d->state], d->why_code.n ? " " : "",
                   STR_ARG(d->why_code), d->partial ? " partial" : "")
        .p;
}

static const char *seen(const struct evidence *ev, const char *subject,
                        const char *pointer)
{
    struct model_options options = {.threads = 1};
    options.actions = iam_table_bytes(a);
    ck_assert(when_read(STR("2026-11-20T00:00:00Z"), &options.now));
    const struct model *m = model_build(a, ev, &options, dx);
    const struct subject *s = model_find(m, str_from(subject));
    if (!s)
        return "no such subject";
    struct json *view = subject_view(a, s);
    struct buf out = BUF_INIT;
    const struct json *n = json_pointer(view, str_from(pointer));
    json_write(&out, n ? n : view, false, false);
    struct str text = buf_dup(a, &out);
    buf_free(&out);
    return text.p;
}

START_TEST(oddity)
{
    struct evidence_input inputs[4];
    size_t n = 0;
    for (; n < 4 && rows[_i].files[n].path; n++) {
        struct str bytes = str_from(rows[_i].files[n].bytes);
        if (rows[_i].files[n].n)
            bytes.n = rows[_i].files[n].n;
        inputs[n] = (struct evidence_input){.path = str_from(rows[_i].files[n].path),
                                            .bytes = bytes};
    }
    struct evidence *ev = evidence_load_memory(a, inputs, n, dx);
    ck_assert_ptr_nonnull(ev);
    const char *got = NULL;
    if (rows[_i].subject)
        got = seen(ev, rows[_i].subject, rows[_i].pointer);
    for (size_t i = 0; !got && i < ev->n; i++)
        if (str_eq(ev->v[i]->path, inputs[0].path))
            got = state_of(ev->v[i]);
    ck_assert_msg(got && strcmp(got, rows[_i].want) == 0, "%s, %s: %.900s", rows[_i].id,
                  rows[_i].what, got ? got : "the file is gone");
}
END_TEST

/* B25: what a user sees of evidence that holds secrets, wherever they stand. */
static const struct {
    const char *what, *secret;
    struct {
        const char *path, *bytes;
        size_t n;
    } file;
    const char *subject;
} hidden[] = {
    {"a token of a destination", "9f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0",
     FIREHOSE(", \"Destinations\": [{\"DestinationId\": \"1\", "
              "\"SplunkDestinationDescription\": {\"HECEndpoint\": \"https://x\", "
              "\"HECToken\": \"9f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0\"}}]"),
     "arn:aws:firehose:us-east-1:" ACCOUNT ":deliverystream/d"},
    {"a property", "wJalrXUtnFEMI9K7MDENGabPxRfiCYzzzzzzzzzz",
     APP(PROPERTIES("\"aws.credentials.provider.basic.secretkey\": "
                    "\"wJalrXUtnFEMI9K7MDENGabPxRfiCYzzzzzzzzzz\"")),
     APP_ARN},
    {"inline code", "correct-horse-battery",
     APP(", \"ApplicationConfigurationDescription\": "
         "{\"ApplicationCodeConfigurationDescription\": {\"CodeContentType\": "
         "\"PLAINTEXT\", \"CodeContentDescription\": {\"TextContent\": "
         "\"url = 'jdbc:postgresql://u:correct-horse-battery@h/db'\"}}}"),
     APP_ARN},
};
START_TEST(not_shown)
{
    struct evidence_input in = {.path = str_from(hidden[_i].file.path),
                                .bytes = str_from(hidden[_i].file.bytes)};
    struct evidence *ev = evidence_load_memory(a, &in, 1, dx);
    struct str view = str_from(seen(ev, hidden[_i].subject, "/nowhere"));
    ck_assert_msg(str_has(view, str_from(hidden[_i].secret)), "%s", hidden[_i].what);
    struct buf out = BUF_INIT;
    secret_mask_json(&out, view);
    ck_assert_msg(!str_has(buf_view(&out), str_from(hidden[_i].secret)), "%s: %s",
                  hidden[_i].what, out.p);
    buf_free(&out);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("oddities");
    TCase *c = tcase_create("oddities");
    tcase_add_checked_fixture(c, setup, teardown);
    unit_rows(c, oddity, rows);
    unit_rows(c, not_shown, hidden);
    suite_add_tcase(s, c);
    return unit_run(s, "oddities");
}
