/* Unit tests of gen/model's facts: one table of answers and what they come to, and the
 * cases that need several. */
#include "model_kit.h"

#include "model/facts.h"

static struct kit k;

static void setup(void)
{
    k = kit_new();
}

static void teardown(void)
{
    arena_free(k.a);
}

/* One answer, one fact. json NULL: an empty answer; starting with '!': an error code. */
static const struct {
    const char *kind, *name, *json, *subject, *pointer, *value;
} facts[] = {
#define STREAM "kinesis:DescribeStreamSummary"
#define S_ARN "arn:aws:kinesis:us-east-1:111122223333:stream/s"
    {STREAM, S_ARN, "{\"StreamDescriptionSummary\":{\"EncryptionType\":\"NONE\"}}", "s",
     "/encryption/type", "\"NONE\""},
    {STREAM, S_ARN, "{\"StreamDescriptionSummary\":{}}", "s", "/encryption/type",
     "\"NONE\""},
    {STREAM, S_ARN,
     "{\"StreamDescriptionSummary\":{\"EncryptionType\":\"KMS\",\"KeyId\":\"alias/aws/"
     "kinesis\",\"StreamStatus\":\"UPDATING\"}}",
     "s", "/encryption/customer_key", "\"no\""},
    {STREAM, S_ARN,
     "{\"StreamDescriptionSummary\":{\"EncryptionType\":\"KMS\",\"KeyId\":\"alias/aws/"
     "kinesis\",\"StreamStatus\":\"UPDATING\"}}",
     "s", "/encryption/in_transition", "true"},
    {STREAM, S_ARN,
     "{\"StreamDescriptionSummary\":{\"EncryptionType\":\"KMS\",\"KeyId\":\"k1\"}}", "s",
     "/encryption/customer_key", "\"unknown\""},
    {STREAM, S_ARN,
     "{\"StreamDescriptionSummary\":{\"EncryptionType\":\"KMS\",\"KeyId\":\"k1\"}}", "s",
     "/unknown/0/command",
     "\"aws kms describe-key --key-id arn:aws:kms:us-east-1:111122223333:key/k1 --region "
     "us-east-1 --output json\""},
    {STREAM, S_ARN, "!AccessDeniedException", "s", "/encryption", ""},
#define FIREHOSE "firehose:DescribeDeliveryStream"
#define D_ARN "arn:aws:firehose:us-east-1:111122223333:deliverystream/d"
#define DELIVERY(more) "{\"DeliveryStreamDescription\":{" more "}}"
    {FIREHOSE, D_ARN, DELIVERY("\"DeliveryStreamType\":\"DirectPut\""), "d",
     "/encryption/encrypted", "\"no\""},
    {FIREHOSE, D_ARN,
     DELIVERY("\"DeliveryStreamType\":\"DirectPut\","
              "\"DeliveryStreamEncryptionConfiguration\":{\"Status\":\"ENABLING\"}"),
     "d", "/encryption/encrypted", "\"transition\""},
    {FIREHOSE, D_ARN,
     DELIVERY(
         "\"DeliveryStreamType\":\"DirectPut\","
         "\"DeliveryStreamEncryptionConfiguration\":{\"Status\":\"ENABLING_FAILED\"}"),
     "d", "/unknown/0/reason", "\"undecided\""},
    {FIREHOSE, D_ARN,
     DELIVERY(
         "\"DeliveryStreamType\":\"DirectPut\","
         "\"DeliveryStreamEncryptionConfiguration\":{\"Status\":\"ENABLED\",\"KeyType\":"
         "\"CUSTOMER_MANAGED_CMK\"}"),
     "d", "/encryption/customer_key", "\"yes\""},
    {FIREHOSE, D_ARN, DELIVERY("\"DeliveryStreamType\":\"KinesisStreamAsSource\""), "d",
     "/encryption/applies", "false"},
    {FIREHOSE, D_ARN,
     DELIVERY(
         "\"Destinations\":[{\"S3DestinationDescription\":{\"BucketARN\":\"arn:aws:s3:::"
         "b-1\"},\"ExtendedS3DestinationDescription\":{\"BucketARN\":\"arn:aws:s3:::b-"
         "1\","
         "\"EncryptionConfiguration\":{\"NoEncryptionConfig\":\"NoEncryption\"}}}]"),
     "d", "/destinations/1", ""},
    {FIREHOSE, D_ARN,
     DELIVERY(
         "\"Destinations\":[{\"SplunkDestinationDescription\":{\"HECToken\":\"0a1b2c3d-"
         "1111\",\"S3DestinationDescription\":{\"BucketARN\":\"arn:aws:s3:::b-1\","
         "\"EncryptionConfiguration\":{\"KMSEncryptionConfig\":{\"AWSKMSKeyARN\":\"k\"}}}"
         "}}"
         "]"),
     "d", "/credentials/0/shown", "\"(masked token)\""},
    {FIREHOSE, D_ARN,
     DELIVERY(
         "\"Destinations\":[{\"SplunkDestinationDescription\":{\"HECToken\":\"0a1b2c3d-"
         "1111\",\"S3DestinationDescription\":{\"BucketARN\":\"arn:aws:s3:::b-1\","
         "\"EncryptionConfiguration\":{\"KMSEncryptionConfig\":{\"AWSKMSKeyARN\":\"k\"}}}"
         "}}"
         "]"),
     "d", "/destinations/0/secret_manager", "\"no\""},
#define TABLE "dynamodb:DescribeTable"
#define T_ARN "arn:aws:dynamodb:us-east-1:111122223333:table/t"
    {TABLE, T_ARN, "{\"Table\":{\"TableStatus\":\"ACTIVE\"}}", "t", "/encryption/kind",
     "\"owned\""},
    {TABLE, T_ARN, "{\"Table\":{\"TableStatus\":\"ACTIVE\"}}", "t",
     "/encryption/customer_key", "\"no\""},
    {TABLE, T_ARN,
     "{\"Table\":{\"SSEDescription\":{\"KMSMasterKeyArn\":\"arn:aws:kms:us-east-1:"
     "111122223333:key/k\",\"InaccessibleEncryptionDateTime\":1}}}",
     "t", "/encryption/accessible", "false"},
#define QUEUE "sqs:GetQueueAttributes"
#define Q_ARN "arn:aws:sqs:us-east-1:111122223333:q"
    {QUEUE, Q_ARN, "{\"Attributes\":{\"SqsManagedSseEnabled\":\"true\"}}", "q",
     "/encryption/kind", "\"SSE-SQS\""},
    {QUEUE, Q_ARN, "{\"Attributes\":{\"KmsMasterKeyId\":\"alias/aws/sqs\"}}", "q",
     "/encryption/customer_key", "\"no\""},
    {QUEUE, Q_ARN,
     "{\"Attributes\":{\"QueueArn\":\"x\",\"SqsManagedSseEnabled\":\"false\"}}", "q",
     "/encryption/encrypted", "\"no\""},
    {QUEUE, Q_ARN, "{\"Attributes\":{\"VisibilityTimeout\":\"30\"}}", "q", "/encryption",
     ""},
    {QUEUE, Q_ARN, NULL, "q", "/encryption", ""},
    {"sns:GetTopicAttributes", "arn:aws:sns:us-east-1:111122223333:n",
     "{\"Attributes\":{\"TopicArn\":\"x\"}}", "n", "/encryption/encrypted", "\"no\""},
    {"logs:DescribeLogGroups", "",
     "{\"logGroups\":[{\"logGroupName\":\"g\",\"arn\":\"arn:aws:logs:us-east-1:"
     "111122223333:"
     "log-group:g:*\",\"retentionInDays\":30}]}",
     "g", "/retention_days", "30"},
    {"logs:DescribeLogGroups", "",
     "{\"logGroups\":[{\"logGroupName\":\"g\",\"arn\":\"arn:aws:logs:us-east-1:"
     "111122223333:"
     "log-group:g:*\"}]}",
     "g", "/encryption/kind", "\"service\""},
    {"secretsmanager:DescribeSecret",
     "arn:aws:secretsmanager:us-east-1:111122223333:secret:x-AbCdEf",
     "{\"ARN\":\"x\",\"RotationEnabled\":null}", "x", "/rotation/enabled", "false"},
    {"opensearch:DescribeDomain", "arn:aws:es:us-east-1:111122223333:domain/o",
     "{\"DomainStatus\":{\"EncryptionAtRestOptions\":{\"Enabled\":true},"
     "\"DomainEndpointOptions\":{\"TLSSecurityPolicy\":\"Policy-Min-TLS-1-0-2019-07\"}}}",
     "o", "/in_transit/tls_1_2", "false"},
    {"glue:GetDataCatalogEncryptionSettings", "",
     "{\"DataCatalogEncryptionSettings\":{\"EncryptionAtRest\":{"
     "\"CatalogEncryptionMode\":"
     "\"DISABLED\"}}}",
     "arn:aws:glue:us-east-1:111122223333:catalog", "/encryption/encrypted", "\"no\""},
    {"kafka:DescribeClusterV2", "arn:aws:kafka:us-east-1:111122223333:cluster/c/u",
     "{\"ClusterInfo\":{\"ClusterType\":\"PROVISIONED\",\"Provisioned\":{"
     "\"EncryptionInfo\":{"
     "\"EncryptionInTransit\":{\"ClientBroker\":\"TLS_PLAINTEXT\",\"InCluster\":false}},"
     "\"ClientAuthentication\":{\"Unauthenticated\":{\"Enabled\":true}}}}}",
     "c", "/in_transit/client_broker", "\"TLS_PLAINTEXT\""},
    {"kafka:DescribeClusterV2", "arn:aws:kafka:us-east-1:111122223333:cluster/c/u",
     "{\"ClusterInfo\":{\"ClusterType\":\"SERVERLESS\",\"Serverless\":{}}}", "c",
     "/authentication/iam", "true"},
    /* No way to authenticate is set up: everybody may connect. */
    {"kafka:DescribeClusterV2", "arn:aws:kafka:us-east-1:111122223333:cluster/c/u",
     "{\"ClusterInfo\":{\"ClusterType\":\"PROVISIONED\",\"Provisioned\":{}}}", "c",
     "/authentication/unauthenticated", "true"},
    {"kafka:DescribeClusterV2", "arn:aws:kafka:us-east-1:111122223333:cluster/c/u",
     "{\"ClusterInfo\":{\"ClusterType\":\"PROVISIONED\",\"Provisioned\":{"
     "\"ClientAuthentication\":{\"Sasl\":{\"Scram\":{\"Enabled\":true}}}}}}",
     "c", "/authentication/unauthenticated", "false"},
    {"kafka:ListClustersV2", "",
     "{\"ClusterInfoList\":[{\"ClusterName\":\"c\",\"ClusterType\":\"PROVISIONED\","
     "\"ClusterArn\":\"arn:aws:kafka:us-east-1:111122223333:cluster/c/u\","
     "\"Provisioned\":{\"EncryptionInfo\":{\"EncryptionInTransit\":{\"ClientBroker\":"
     "\"PLAINTEXT\"}}}}]}",
     "c", "/in_transit/client_broker", "\"PLAINTEXT\""},
    {"kafka:ListClusters", "",
     "{\"ClusterInfoList\":[{\"ClusterName\":\"c\",\"ClusterArn\":\"arn:aws:kafka:us-"
     "east-1:111122223333:cluster/c/u\",\"ClientAuthentication\":{\"Tls\":{"
     "\"CertificateAuthorityArnList\":[\"x\"]}}}]}",
     "c", "/authentication/tls", "true"},
#define KEY "kms:DescribeKey"
#define K_ARN "arn:aws:kms:us-east-1:111122223333:key/k"
    {KEY, K_ARN,
     "{\"KeyMetadata\":{\"KeyManager\":\"CUSTOMER\",\"KeyState\":\"PendingDeletion\","
     "\"DeletionDate\":1700000000}}",
     "k", "/state/pending_deletion", "true"},
    {KEY, K_ARN, "{\"KeyMetadata\":{\"KeyManager\":\"AWS\",\"KeyState\":\"Enabled\"}}",
     "k", "/state/rotation", "\"yes\""},
    {KEY, K_ARN,
     "{\"KeyMetadata\":{\"KeyManager\":\"CUSTOMER\",\"KeyState\":\"Enabled\",\"Origin\":"
     "\"EXTERNAL\"}}",
     "k", "/state/rotation", "\"not-applicable\""},
    {KEY, K_ARN,
     "{\"KeyMetadata\":{\"KeyManager\":\"CUSTOMER\",\"KeyState\":\"Enabled\"}}", "k",
     "/unknown/0/kind", "\"kms:GetKeyRotationStatus\""},
    {KEY, K_ARN,
     "{\"KeyMetadata\":{\"KeyManager\":\"CUSTOMER\",\"KeyState\":\"Updating\"}}", "k",
     "/state/usable", "true"},
    {"s3:GetBucketVersioning", "b-1", NULL, "b-1", "/versioning", "\"never\""},
    {"s3:GetBucketVersioning", "b-1", "{\"Status\":\"Suspended\"}", "b-1", "/versioning",
     "\"Suspended\""},
    {"s3:GetBucketVersioning", "b-1", "!AccessDenied", "b-1", "/versioning",
     "\"unknown\""},
    {"s3:GetBucketEncryption", "b-1", "!ServerSideEncryptionConfigurationNotFoundError",
     "b-1", "/encryption/algorithm", "\"none\""},
    {"s3:GetBucketEncryption", "b-1",
     "{\"ServerSideEncryptionConfiguration\":{\"Rules\":[{"
     "\"ApplyServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"aws:kms\"}}]}}",
     "b-1", "/encryption/customer_key", "\"no\""},
    {"s3:GetBucketPolicy", "b-1", "!NoSuchBucket", "b-1", "/existence/exists", "\"no\""},
    {"s3:GetBucketPolicy", "b-1", "!NoSuchBucketPolicy", "b-1", "/existence/exists",
     "\"yes\""},
    {"s3:GetBucketPolicy", "b-1", "!AccessDenied", "b-1", "/existence/exists",
     "\"unknown\""},
    {"s3:GetBucketPolicy", "b-1", "!NoSuchBucketPolicy", "b-1", "/public/policy",
     "\"no\""},
    {"s3:GetBucketPolicy", "b-1", "!NoSuchBucketPolicy", "b-1", "/tls_only/enforced",
     "\"no\""},
    {"s3:GetBucketPolicyStatus", "b-1", "{\"PolicyStatus\":{\"IsPublic\":true}}", "b-1",
     "/public/public", "\"unknown\""},
    {"ec2:DescribeSecurityGroups", "",
     "{\"SecurityGroups\":[{\"GroupId\":\"sg-1\",\"IpPermissions\":[{\"IpProtocol\":\"-"
     "1\","
     "\"IpRanges\":[{\"CidrIp\":\"10.0.0.0/8\"},{\"CidrIp\":\"0.0.0.0/0\"}]}]}]}",
     "sg-1", "/open/0/to_port", "65535"},
    {"iam:GetAccountSummary", "", "{\"SummaryMap\":{\"AccountAccessKeysPresent\":1}}",
     ACCT, "/root_keys/present", "\"yes\""},
    {"iam:GetUser", "arn:aws:iam::111122223333:user/u", "{\"User\":{}}", ACCT,
     "/root_keys/present", "\"unknown\""},
    {"s3control:GetPublicAccessBlock", ACCT, "!NoSuchPublicAccessBlockConfiguration",
     ACCT, "/public_access_block/all", "false"},
    {"accessanalyzer:ListAnalyzers", "",
     "{\"analyzers\":[{\"arn\":\"a\",\"type\":\"ACCOUNT\",\"status\":\"ACTIVE\"}]}", ACCT,
     "/analyzers/0/external", "true"},
    {"macie2:GetFindings", "",
     "{\"findings\":[{\"id\":\"1\",\"type\":\"SensitiveData:S3Object/"
     "Credentials\",\"count\":"
     "3,\"resourcesAffected\":{\"s3Bucket\":{\"arn\":\"arn:aws:s3:::b-1\"}}}]}",
     ACCT, "/root_keys/present", "\"unknown\""},
};
START_TEST(fact)
{
    const char *json = facts[_i].json;
    if (json && json[0] == '!')
        kit_error(&k, facts[_i].kind, facts[_i].name, json + 1);
    else
        kit_add(&k, facts[_i].kind, facts[_i].name, "", json);
    kit_build(&k);
    struct str pointer = str_fmt(k.a, "/facts%s", facts[_i].pointer);
    ck_assert_str_eq(kit_view(&k, facts[_i].subject, pointer.p), facts[_i].value);
}
END_TEST

/* Public: policy, ACL, block of bucket and account ("-": not in evidence). */
static const struct {
    const char *policy, *acl, *block, *account, *public, *blocked;
} opens[] = {
    {"yes", "no", "none", "none", "yes", "no"},
    {"yes", "no", "all", "none", "no", "yes"},
    {"yes", "no", "none", "all", "no", "yes"},
    {"no", "yes", "none", "none", "yes", "no"},
    {"no", "yes", "none", "all", "no", "yes"},
    {"no", "no", "none", "-", "no", "unknown"},
    {"-", "no", "none", "none", "unknown", "no"},
    {"-", "-", "all", "-", "no", "yes"},
    {"yes", "no", "-", "-", "unknown", "unknown"},
};
START_TEST(bucket_public)
{
    static const char all[] =
        "{\"PublicAccessBlockConfiguration\":{\"BlockPublicAcls\":true,"
        "\"IgnorePublicAcls\":"
        "true,\"BlockPublicPolicy\":true,\"RestrictPublicBuckets\":true}}";
    kit_add(&k, "s3:GetBucketVersioning", "b-1", "", NULL);
    if (strcmp(opens[_i].policy, "-") != 0)
        kit_add(&k, "s3:GetBucketPolicyStatus", "b-1", "",
                opens[_i].policy[0] == 'y' ? "{\"PolicyStatus\":{\"IsPublic\":true}}"
                                           : "{\"PolicyStatus\":{\"IsPublic\":false}}");
    if (strcmp(opens[_i].acl, "-") != 0)
        kit_add(
            &k, "s3:GetBucketAcl", "b-1", "",
            opens[_i].acl[0] == 'y'
                ? "{\"Grants\":[{\"Grantee\":{\"URI\":\"http://acs.amazonaws.com/groups/"
                  "global/AllUsers\"},\"Permission\":\"READ\"}]}"
                : "{\"Grants\":[]}");
    if (opens[_i].block[0] == 'a')
        kit_add(&k, "s3:GetPublicAccessBlock", "b-1", "", all);
    else if (opens[_i].block[0] == 'n')
        kit_error(&k, "s3:GetPublicAccessBlock", "b-1",
                  "NoSuchPublicAccessBlockConfiguration");
    if (opens[_i].account[0] == 'a')
        kit_add(&k, "s3control:GetPublicAccessBlock", ACCT, "", all);
    else if (opens[_i].account[0] == 'n')
        kit_error(&k, "s3control:GetPublicAccessBlock", ACCT,
                  "NoSuchPublicAccessBlockConfiguration");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "b-1", "/facts/public/public"),
                     str_fmt(k.a, "\"%s\"", opens[_i].public).p);
    ck_assert_str_eq(kit_view(&k, "b-1", "/facts/public/blocked"),
                     str_fmt(k.a, "\"%s\"", opens[_i].blocked).p);
}
END_TEST

/* Bucket policies that refuse requests without TLS, and such that only look like it. */
static const struct {
    const char *policy, *enforced;
} tls[] = {
    {"{\"Statement\":[{\"Sid\":\"T\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":"
     "\"s3:*\",\"Resource\":[\"arn:aws:s3:::b-1\",\"arn:aws:s3:::b-1/*\"],\"Condition\":{"
     "\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}",
     "yes"},
    {"{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"*\"},\"Action\":[\"S3:"
     "*\"],"
     "\"Resource\":\"*\",\"Condition\":{\"bool\":{\"AWS:securetransport\":false}}}}",
     "yes"},
    {"{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\","
     "\"Resource\":\"arn:aws:s3:::b-1/"
     "*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":"
     "\"false\"}}}]}",
     "no"},
    {"{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:"
     "GetObject\","
     "\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}",
     "no"},
    {"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\","
     "\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}",
     "no"},
    {"{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\","
     "\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\","
     "\"aws:MultiFactorAuthPresent\":\"false\"}}}]}",
     "no"},
    {"broken", "no"},
};
START_TEST(bucket_tls)
{
    struct buf text = BUF_INIT;
    json_write_str(&text, str_from(tls[_i].policy));
    kit_add(&k, "s3:GetBucketPolicy", "b-1", "",
            str_fmt(k.a, "{\"Policy\":%s}", text.p).p);
    buf_free(&text);
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "b-1", "/facts/tls_only/enforced"),
                     str_fmt(k.a, "\"%s\"", tls[_i].enforced).p);
}
END_TEST

/* Selectors: does a trail record the service's calls (A.9.1)? */
#define FIELD(name, op, values) "{\"Field\":\"" name "\",\"" op "\":[" values "]}"
#define ADVANCED(fields)                                                                 \
    "{\"AdvancedEventSelectors\":[{\"Name\":\"x\",\"FieldSelectors\":[" fields "]}]}"
#define MANAGEMENT FIELD("eventCategory", "Equals", "\"Management\"")
static const struct {
    const char *selectors, *writes, *reads;
} selectors[] = {
    {"{}", "yes", "yes"},
    {"{\"EventSelectors\":[]}", "yes", "yes"},
    {"{\"EventSelectors\":[{\"ReadWriteType\":\"All\",\"IncludeManagementEvents\":true}]"
     "}",
     "yes", "yes"},
    {"{\"EventSelectors\":[{\"ReadWriteType\":\"WriteOnly\",\"IncludeManagementEvents\":"
     "true}]}",
     "yes", "no"},
    {"{\"EventSelectors\":[{\"ReadWriteType\":\"ReadOnly\",\"IncludeManagementEvents\":"
     "true}"
     "]}",
     "no", "yes"},
    {"{\"EventSelectors\":[{\"ReadWriteType\":\"All\",\"IncludeManagementEvents\":false}]"
     "}",
     "no", "no"},
    {"{\"EventSelectors\":[{\"ReadWriteType\":\"All\",\"IncludeManagementEvents\":true,"
     "\"ExcludeManagementEventSources\":[\"kms.amazonaws.com\"]}]}",
     "yes", "yes"},
    {ADVANCED(MANAGEMENT), "yes", "yes"},
    {ADVANCED(FIELD("eventCategory", "Equals", "\"Data\"")), "no", "no"},
    {ADVANCED(MANAGEMENT "," FIELD("readOnly", "Equals", "\"false\"")), "yes", "no"},
    {ADVANCED(MANAGEMENT "," FIELD("readOnly", "Equals", "\"true\"")), "no", "yes"},
    {ADVANCED(MANAGEMENT "," FIELD("eventSource", "NotEquals",
                                   "\"kinesisanalytics.amazonaws.com\"")),
     "no", "no"},
    {ADVANCED(MANAGEMENT "," FIELD("eventSource", "NotEquals", "\"kms.amazonaws.com\"")),
     "yes", "yes"},
    {ADVANCED(MANAGEMENT "," FIELD("eventSource", "NotStartsWith", "\"kinesis\"")), "no",
     "no"},
    {ADVANCED(MANAGEMENT "," FIELD("eventSource", "Equals", "\"s3.amazonaws.com\"")),
     "no", "no"},
    {ADVANCED(MANAGEMENT "," FIELD("eventName", "NotEquals", "\"DescribeApplication\"")),
     "partial", "partial"},
};
#define TRAIL_ARN "arn:aws:cloudtrail:us-east-1:111122223333:trail/t"
START_TEST(trail_selectors)
{
    kit_add(&k, "cloudtrail:GetEventSelectors", TRAIL_ARN, "", selectors[_i].selectors);
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "t", "/facts/selectors/writes"),
                     str_fmt(k.a, "\"%s\"", selectors[_i].writes).p);
    ck_assert_str_eq(kit_view(&k, "t", "/facts/selectors/reads"),
                     str_fmt(k.a, "\"%s\"", selectors[_i].reads).p);
}
END_TEST

#define APP_ARN "arn:aws:kinesisanalytics:us-east-1:111122223333:application/orders"
static void app(const char *configuration)
{
    kit_add(
        &k, "kinesisanalytics:DescribeApplication", APP_ARN, "",
        str_fmt(k.a,
                "{\"ApplicationDetail\":{\"ApplicationARN\":\"" APP_ARN "\","
                "\"ApplicationName\":\"orders\",\"RuntimeEnvironment\":\"FLINK-1_20\","
                "\"ApplicationVersionId\":3,\"ServiceExecutionRole\":\"arn:aws:iam::"
                "111122223333:role/r\",\"ApplicationConfigurationDescription\":{%s}}}",
                configuration)
            .p);
}

/* Coverage of an application by one trail. */
static const struct {
    const char *trail;   /* describe-trails item, "" for no answer */
    const char *logging; /* get-trail-status */
    const char *stores;  /* event data stores, "" for no answer */
    const char *writes;
} covers[] = {
    {"\"HomeRegion\":\"us-east-1\",\"HasCustomEventSelectors\":false", "true", "", "yes"},
    {"\"HomeRegion\":\"eu-west-1\",\"HasCustomEventSelectors\":false", "true", "[]",
     "no"},
    {"\"HomeRegion\":\"eu-west-1\",\"HasCustomEventSelectors\":false", "true", "",
     "unknown"},
    {"\"HomeRegion\":\"eu-west-1\",\"IsMultiRegionTrail\":true,"
     "\"HasCustomEventSelectors\":"
     "false",
     "true", "[]", "yes"},
    {"\"HomeRegion\":\"us-east-1\",\"HasCustomEventSelectors\":false", "false", "[]",
     "no"},
    {"\"HomeRegion\":\"us-east-1\",\"HasCustomEventSelectors\":false", "", "[]",
     "unknown"},
    {"\"HomeRegion\":\"us-east-1\",\"HasCustomEventSelectors\":true", "true", "[]",
     "unknown"},
    {"", "", "[]", "unknown"},
    {"\"HomeRegion\":\"eu-west-1\",\"HasCustomEventSelectors\":false", "true",
     "[{\"EventDataStoreArn\":\"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/"
     "u\","
     "\"Name\":\"lake\",\"Status\":\"ENABLED\",\"AdvancedEventSelectors\":[{"
     "\"FieldSelectors\":[{\"Field\":\"eventCategory\",\"Equals\":[\"Management\"]}]}]}]",
     "yes"},
};
START_TEST(application_covered)
{
    app("");
    if (covers[_i].trail[0])
        kit_add(&k, "cloudtrail:DescribeTrails", "", "",
                str_fmt(k.a, "{\"trailList\":[{\"Name\":\"t\",\"TrailARN\":\"%s\",%s}]}",
                        TRAIL_ARN, covers[_i].trail)
                    .p);
    if (covers[_i].logging[0])
        kit_add(&k, "cloudtrail:GetTrailStatus", TRAIL_ARN, "",
                str_fmt(k.a, "{\"IsLogging\":%s}", covers[_i].logging).p);
    if (covers[_i].stores[0])
        kit_add(&k, "cloudtrail:ListEventDataStores", "", "",
                str_fmt(k.a, "{\"EventDataStores\":%s}", covers[_i].stores).p);
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/covered_writes"),
                     str_fmt(k.a, "\"%s\"", covers[_i].writes).p);
    if (strcmp(covers[_i].writes, "unknown") == 0)
        ck_assert_str_eq(kit_view(&k, "orders", "/facts/unknown/1/about"), "\"trails\"");
}
END_TEST

/* Is access to the bucket of trail t logged, or do the data events of trail u show it? */
#define TAKES_LOGS                                                                       \
    ADVANCED(FIELD("eventCategory", "Equals", "\"Data\"") "," FIELD(                     \
        "resources.type", "Equals",                                                      \
        "\"AWS::S3::Object\"") "," FIELD("resources.ARN", "StartsWith",                  \
                                         "\"arn:aws:s3:::logs/\""))
static const struct {
    const char *log;       /* of the bucket: an answer, "" for an empty one, NULL none */
    const char *bucket;    /* of u */
    const char *logging;   /* of u; "" no answer */
    const char *selectors; /* of u; "" no answer */
    const char *says;      /* logged, recorded, how many unknown items about it */
} accesses[] = {
    {"{\"LoggingEnabled\":{\"TargetBucket\":\"x\",\"TargetPrefix\":\"\"}}", "else", "",
     "", "yes unknown 0"},
    {"", "else", "false", "", "no no 0"},
    {"{}", "else", "false", "", "no no 0"},
    {NULL, "else", "false", "", "unknown no 1"},
    {"", "else", "true", TAKES_LOGS, "no yes 0"},
    {NULL, "else", "true", TAKES_LOGS, "unknown yes 0"},
    {"", "else", "false", TAKES_LOGS, "no no 0"},
    {"", "logs", "true", TAKES_LOGS, "no no 0"}, /* goes with what it should show */
    {"", "else", "true", ADVANCED(MANAGEMENT), "no no 0"},
    {"", "else", "true", "", "no unknown 1"},
    {"", "else", "", TAKES_LOGS, "no unknown 1"},
    {NULL, "else", "", TAKES_LOGS, "unknown unknown 2"},
};

static size_t asked_about(const char *what)
{
    size_t n = 0;
    for (size_t i = 0;; i++) {
        const char *about =
            kit_view(&k, "t", str_fmt(k.a, "/facts/unknown/%zu/about", i).p);
        if (about[0] != '"')
            return n;
        n += strcmp(about, what) == 0;
    }
}

START_TEST(bucket_accesses)
{
    kit_add(&k, "cloudtrail:DescribeTrails", "", "",
            str_fmt(k.a,
                    "{\"trailList\":[{\"Name\":\"t\",\"TrailARN\":\"" TRAIL_ARN "\","
                    "\"S3BucketName\":\"logs\",\"HasCustomEventSelectors\":false,"
                    "\"HomeRegion\":\"us-east-1\"},{\"Name\":\"u\",\"TrailARN\":"
                    "\"" TRAIL_ARN "/u\",\"S3BucketName\":\"%s\",\"HomeRegion\":"
                    "\"us-east-1\",\"HasCustomEventSelectors\":true}]}",
                    accesses[_i].bucket)
                .p);
    kit_add(&k, "s3:GetBucketVersioning", "logs", "", "{\"Status\":\"Enabled\"}");
    if (accesses[_i].log) {
        struct document *d = kit_add(&k, "s3:GetBucketLogging", "logs", "",
                                     accesses[_i].log[0] ? accesses[_i].log : "{}");
        if (!accesses[_i].log[0]) {
            d->state = DOCUMENT_EMPTY;
            d->root = NULL;
        }
    }
    if (accesses[_i].logging[0])
        kit_add(&k, "cloudtrail:GetTrailStatus", TRAIL_ARN "/u", "",
                str_fmt(k.a, "{\"IsLogging\":%s}", accesses[_i].logging).p);
    if (accesses[_i].selectors[0])
        kit_add(&k, "cloudtrail:GetEventSelectors", TRAIL_ARN "/u", "",
                accesses[_i].selectors);
    kit_build(&k);
    const char *logged = kit_view(&k, "t", "/facts/bucket_access/logged");
    const char *recorded = kit_view(&k, "t", "/facts/bucket_access/recorded");
    struct str says = str_fmt(k.a, "%.*s %.*s %zu", (int)strlen(logged) - 2, logged + 1,
                              (int)strlen(recorded) - 2, recorded + 1,
                              asked_about("\"bucket_access\""));
    ck_assert_str_eq(says.p, accesses[_i].says);
}
END_TEST

/* Credentials: properties, older versions, inline code; nothing of them is shown. */
START_TEST(application_credentials)
{
    app("\"EnvironmentPropertyDescriptions\":{\"PropertyGroupDescriptions\":[{"
        "\"PropertyGroupId\":\"G\",\"PropertyMap\":{\"aws.credentials.provider.basic."
        "accesskeyid\":\"AKIARTX3GSDS4USAMPLE\",\"security.protocol\":\"PLAINTEXT\","
        "\"a/b\":\"jdbc:mysql://h/x?password=hunter2!&useSSL=false\"}}]},"
        "\"ApplicationCodeConfigurationDescription\":{\"CodeContentType\":\"PLAINTEXT\","
        "\"CodeContentDescription\":{\"TextContent\":\"x WITH ('password' = "
        "'hunter3!')\"}}");
    kit_add(
        &k, "kinesisanalytics:DescribeApplicationVersion", APP_ARN, "2",
        "{\"ApplicationVersionDetail\":{\"ApplicationVersionId\":2,"
        "\"ApplicationConfigurationDescription\":{\"EnvironmentPropertyDescriptions\":{"
        "\"PropertyGroupDescriptions\":[{\"PropertyGroupId\":\"G\",\"PropertyMap\":{"
        "\"db.password\":\"hunter4!\"}}]}}}}");
    kit_add(
        &k, "kinesisanalytics:DescribeApplicationVersion", APP_ARN, "3",
        "{\"ApplicationVersionDetail\":{\"ApplicationVersionId\":3,"
        "\"ApplicationConfigurationDescription\":{\"EnvironmentPropertyDescriptions\":{"
        "\"PropertyGroupDescriptions\":[{\"PropertyGroupId\":\"G\",\"PropertyMap\":{"
        "\"db.password\":\"hunter5!\"}}]}}}}");
    kit_build(&k);
    static const char *const want[][3] = {
        {"/where", "property", "aws-access-key-id"},
        {"/where", "property", "jdbc-password"},
        {"/where", "inline-code", "password"},
        {"/where", "version", "password"},
    };
    for (size_t i = 0; i < 4; i++) {
        struct str at = str_fmt(k.a, "/facts/credentials/%zu", i);
        ck_assert_str_eq(kit_view(&k, "orders", str_fmt(k.a, "%s/where", at.p).p),
                         str_fmt(k.a, "\"%s\"", want[i][1]).p);
        ck_assert_str_eq(kit_view(&k, "orders", str_fmt(k.a, "%s/kind", at.p).p),
                         str_fmt(k.a, "\"%s\"", want[i][2]).p);
    }
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/credentials/4"), "");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/credentials/0/provider_basic"),
                     "true");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/credentials/1/at/pointer"),
                     "\"/ApplicationDetail/ApplicationConfigurationDescription/"
                     "EnvironmentPropertyDescriptions/PropertyGroupDescriptions/0/"
                     "PropertyMap/a~1b\"");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/connections/0/kind"),
                     "\"plaintext-kafka\"");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/connections/1/kind"),
                     "\"jdbc-no-tls\"");
    const char *all = kit_view(&k, "orders", "/facts");
    ck_assert_ptr_null(strstr(all, "hunter"));
    ck_assert_ptr_null(strstr(all, "RTX3GSDS"));
}
END_TEST

START_TEST(application_roles_and_code)
{
    app("\"ApplicationCodeConfigurationDescription\":{\"CodeContentType\":\"ZIPFILE\","
        "\"CodeContentDescription\":{\"S3ApplicationCodeLocationDescription\":{"
        "\"BucketARN\":"
        "\"arn:aws:s3:::code-1\",\"FileKey\":\"a.jar\"}}}");
    kit_add(
        &k, "kinesisanalytics:DescribeApplication",
        "arn:aws:kinesisanalytics:us-east-1:111122223333:application/other", "",
        "{\"ApplicationDetail\":{\"ServiceExecutionRole\":\"arn:aws:iam::111122223333:"
        "role/r\"}}");
    kit_error(&k, "iam:GetRole", "r", "NoSuchEntity");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/roles/0/exists"), "\"no\"");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/roles/0/shared_with"),
                     "[\"arn:aws:kinesisanalytics:us-east-1:111122223333:application/"
                     "other\"]");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/code/0/protected"), "\"unknown\"");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/unknown/0/kind"),
                     "\"s3:GetBucketVersioning\"");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/unknown/1/kind"),
                     "\"cloudtrail:DescribeTrails\"");
    ck_assert_str_eq(kit_view(&k, "code-1", "/facts/uses/0/use"), "\"code\"");
}
END_TEST

/* A key is used by the application through the stream that it encrypts. */
START_TEST(uses_through)
{
    app("\"EnvironmentPropertyDescriptions\":{\"PropertyGroupDescriptions\":[{"
        "\"PropertyGroupId\":\"G\",\"PropertyMap\":{\"stream.arn\":\"" S_ARN "\"}}]}");
    kit_add(
        &k, STREAM, S_ARN, "",
        "{\"StreamDescriptionSummary\":{\"EncryptionType\":\"KMS\",\"KeyId\":\"k1\"}}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "k1", "/facts/uses/0/subject"), "\"" S_ARN "\"");
    ck_assert_str_eq(kit_view(&k, "k1", "/facts/uses/1/application"), "\"" APP_ARN "\"");
    ck_assert_str_eq(kit_view(&k, "k1", "/facts/uses/1/through"), "\"" S_ARN "\"");
}
END_TEST

#define STREAM_PROPERTY                                                                  \
    "\"EnvironmentPropertyDescriptions\":{\"PropertyGroupDescriptions\":[{"              \
    "\"PropertyGroupId\":\"G\",\"PropertyMap\":{\"stream.arn\":\"" S_ARN "\"}}]}"

START_TEST(access_keys)
{
    app(STREAM_PROPERTY);
    kit_add(&k, "iam:ListAccessKeys", "u", "",
            "{\"AccessKeyMetadata\":[{\"UserName\":\"u\",\"AccessKeyId\":"
            "\"AKIARTX3GSDS4USAMPLE\",\"Status\":\"Active\",\"CreateDate\":"
            "\"2026-10-21T00:00:00Z\"}]}");
    kit_add(&k, "iam:GetAccessKeyLastUsed", "u", "AKIARTX3GSDS4USAMPLE",
            "{\"UserName\":\"u\",\"AccessKeyLastUsed\":{\"LastUsedDate\":"
            "\"2026-11-19T00:00:00Z\",\"ServiceName\":\"kinesis\",\"Region\":\"us-east-"
            "1\"}}");
    /* A report beside it: another user, and root with a key (B10: base64 of CSV). */
    kit_add(
        &k, "iam:GetCredentialReport", "", "",
        "{\"ReportFormat\":\"text/csv\",\"Content\":\""
        "dXNlcixhY2Nlc3Nfa2V5XzFfYWN0aXZlLGFjY2Vzc19rZXlfMV9sYXN0X3JvdGF0ZWQsYWNjZXNzX2"
        "tleV8xX2xhc3RfdXNlZF9zZXJ2aWNlLGFjY2Vzc19rZXlfMl9hY3RpdmUKPHJvb3RfYWNjb3VudD4s"
        "dHJ1ZSxOL0EsTi9BLGZhbHNlCnYsdHJ1ZSwyMDI2LTExLTEwVDAwOjAwOjAwWixzMyxmYWxzZQo="
        "\"}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "u", "/facts/access_keys/0/id"), "\"AKIA…MPLE\"");
    ck_assert_str_eq(kit_view(&k, "u", "/facts/access_keys/0/age_days"), "30");
    ck_assert_str_eq(
        kit_view(&k, "u", "/facts/access_keys/0/used_by_application_services"),
        "\"yes\"");
    ck_assert_str_eq(kit_view(&k, ACCT, "/facts/root_keys/present"), "\"yes\"");
    ck_assert_str_eq(kit_view(&k, ACCT, "/facts/access_keys/1/user"), "\"v\"");
    ck_assert_str_eq(kit_view(&k, ACCT, "/facts/access_keys/1/last_service"), "\"s3\"");
    /* No application of the account works with S3. */
    ck_assert_str_eq(
        kit_view(&k, "v", "/facts/access_keys/0/used_by_application_services"), "\"no\"");
}
END_TEST

/* A report alone: its users are subjects, a user in two rows has the keys of both, and
 * the last use of a key that only list-access-keys names by id. */
#define REPORT_HEAD                                                                      \
    "user,arn,access_key_1_active,access_key_1_last_rotated,"                            \
    "access_key_1_last_used_date,access_key_1_last_used_service,access_key_2_active,"    \
    "access_key_2_last_rotated\\n"
#define REPORT_ROW(user, one, two)                                                       \
    user ",arn:aws:iam::111122223333:user/x/" user "," one "," two "\\n"
START_TEST(report_users)
{
    kit_add(&k, "iam:GetCredentialReport", "", "",
            "{\"Content\":\"" REPORT_HEAD REPORT_ROW(
                "v", "true,2026-11-10T00:00:00+00:00,N/A,N/A",
                "FALSE,N/A") REPORT_ROW("v", "true,2026-11-10T00:00:00+00:00,N/A,N/A",
                                        "TRUE,2020-01-01T00:00:00Z")
                REPORT_ROW("w", "true,2026-10-21T00:00:00+00:00,2026-11-01T00:00:00Z,s3",
                           "false,N/A") "\"}");
    kit_add(&k, "iam:ListAccessKeys", "w", "",
            "{\"AccessKeyMetadata\":[{\"UserName\":\"w\",\"AccessKeyId\":"
            "\"AKIARTX3GSDS4USAMPLE\",\"Status\":\"Active\",\"CreateDate\":"
            "\"2026-10-21T00:00:00Z\"}]}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "v", "/arn"), "\"arn:aws:iam::111122223333:user/x/v\"");
    ck_assert_str_eq(kit_view(&k, "v", "/facts/access_keys/0/id"), "\"1\"");
    ck_assert_str_eq(kit_view(&k, "v", "/facts/access_keys/1/id"), "\"2\"");
    ck_assert_str_eq(kit_view(&k, "v", "/facts/access_keys/1/active"), "true");
    ck_assert_str_eq(kit_view(&k, "v", "/facts/access_keys/1/at/pointer"),
                     "\"/Content/1\"");
    ck_assert_str_eq(kit_view(&k, "v", "/facts/access_keys/2"), "");
    ck_assert_str_eq(kit_view(&k, "v", "/evidence/iam:GetCredentialReport/user"),
                     "\"v\"");
    ck_assert_str_eq(kit_view(&k, "w", "/facts/access_keys/0/last_service"), "\"s3\"");
    ck_assert_str_eq(kit_view(&k, "w", "/facts/unknown"), "");
    ck_assert_str_eq(kit_view(&k, ACCT, "/facts/double_keys/0/user"), "\"v\"");
    ck_assert_str_eq(kit_view(&k, ACCT, "/facts/double_keys/0/keys"), "2");
    ck_assert_str_eq(kit_view(&k, ACCT, "/facts/double_keys/1"), "");
}
END_TEST

/* Where events of the service were not collected, or not all, that is said. */
static const struct {
    const char *path, *answer, *reason;
} lookups[] = {
    {"lookup-events~AttributeKey_3DEventSource_2CAttributeValue_3Dkinesisanalytics."
     "amazonaws.com.json",
     "{\"Events\":[]}", ""},
    {"lookup-events.json", "{\"Events\":[]}", ""},
    {"cloudtrail-lookup-events-kinesisanalytics.json",
     "{\"Events\":[{\"EventSource\":\"x.amazonaws.com\"}]}", ""},
    {"cloudtrail/lookup-events-AttributeKey_EventSource_AttributeValue_kinesisanalytics_"
     "amazonaws_com.json",
     "{\"Events\":[]}", ""},
    {"lookup-events.json",
     "{\"Events\":[{\"EventSource\":\"kinesisanalytics.amazonaws.com\"}]}", ""},
    {"lookup-events.json", "{\"Events\":[{\"EventSource\":\"iam.amazonaws.com\"}]}",
     "\"absent\""},
    {"lookup-events~AttributeKey_3DEventSource_2CAttributeValue_3Dkms.amazonaws.com.json",
     "{\"Events\":[]}", "\"absent\""},
    {NULL, NULL, "\"absent\""},
};
START_TEST(events_known)
{
    app("");
    if (lookups[_i].path)
        kit_add(&k, "cloudtrail:LookupEvents", "", "", lookups[_i].answer)->path =
            str_from(lookups[_i].path);
    kit_build(&k);
    const struct json *view = subject_view(k.a, kit_find(&k, "orders"));
    const char *reason = "";
    for (const struct json *n = json_first(json_dig(view, "facts", "unknown", NULL)); n;
         n = json_next(n))
        if (str_eq(json_str(json_get(n, STR("about"))), STR("activity")))
            reason =
                str_fmt(k.a, "\"%.*s\"", STR_ARG(json_str(json_get(n, STR("reason"))))).p;
    ck_assert_str_eq(reason, lookups[_i].reason);
}
END_TEST

/* Older versions: those listed and not described are asked for one by one. */
START_TEST(older_versions)
{
    app("");
    kit_add(&k, "kinesisanalytics:ListApplicationVersions", APP_ARN, "",
            "{\"ApplicationVersionSummaries\":[{\"ApplicationVersionId\":3},{"
            "\"ApplicationVersionId\":2},{\"ApplicationVersionId\":1}]}");
    kit_add(&k, "kinesisanalytics:DescribeApplicationVersion", APP_ARN, "1",
            "{\"ApplicationVersionDetail\":{\"ApplicationVersionId\":1}}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/versions/0/described"), "true");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/versions/1/version"), "2");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/versions/2"), "");
    const struct json *view = subject_view(k.a, kit_find(&k, "orders"));
    struct str command = STR("");
    for (const struct json *n = json_first(json_dig(view, "facts", "unknown", NULL)); n;
         n = json_next(n))
        if (str_eq(json_str(json_get(n, STR("about"))), STR("versions")))
            command = json_str(json_get(n, STR("command")));
    ck_assert_str_eq(str_z(k.a, command),
                     "aws kinesisanalyticsv2 describe-application-version "
                     "--application-name orders --application-version-id 2 --region "
                     "us-east-1 --output json");
}
END_TEST

/* More credentials than are listed: said, and the other places are still searched. */
START_TEST(many_credentials)
{
    struct buf conf = BUF_INIT;
    buf_z(&conf,
          "\"ApplicationCodeConfigurationDescription\":{\"CodeContentDescription\":"
          "{\"TextContent\":\"x = AKIARTX3GSDS4USAMPLE\"}},"
          "\"EnvironmentPropertyDescriptions\":{\"PropertyGroupDescriptions\":[{"
          "\"PropertyGroupId\":\"G\",\"PropertyMap\":{");
    for (int i = 0; i < 300; i++)
        buf_fmt(&conf, "%s\"p%d.password\":\"hunter-%d-secret\"", i ? "," : "", i, i);
    buf_z(&conf, "}}]}");
    app(conf.p);
    buf_free(&conf);
    kit_build(&k);
    const struct json *view = subject_view(k.a, kit_find(&k, "orders"));
    size_t property = 0, code = 0;
    for (const struct json *n = json_first(json_dig(view, "facts", "credentials", NULL));
         n; n = json_next(n)) {
        property += str_eq(json_str(json_get(n, STR("where"))), STR("property"));
        code += str_eq(json_str(json_get(n, STR("where"))), STR("inline-code"));
    }
    ck_assert_uint_eq(property, 200);
    ck_assert_uint_eq(code, 1);
    bool said = false;
    for (const struct json *n = json_first(json_dig(view, "facts", "unknown", NULL)); n;
         n = json_next(n))
        said = said || str_eq(json_str(json_get(n, STR("about"))), STR("credentials"));
    ck_assert(said);
}
END_TEST

/* What was done to the things that an application rests on, in their own facts and in the
 * application's. */
#define EVENT(id, time, source, event, parameters)                                       \
    "{\"eventVersion\":\"1.11\",\"eventID\":\"" id "\",\"eventTime\":\"2026-11-" time    \
    "T00:00:00Z\",\"awsRegion\":\"us-east-1\",\"recipientAccountId\":\"111122223333\","  \
    "\"userIdentity\":{\"type\":\"Root\",\"accountId\":\"111122223333\"},"               \
    "\"eventSource\":\"" source ".amazonaws.com\",\"eventName\":\"" event                \
    "\",\"requestParameters\":{" parameters "}}"
START_TEST(neighbours)
{
    app(STREAM_PROPERTY);
    kit_add(&k, STREAM, S_ARN, "",
            "{\"StreamDescriptionSummary\":{\"EncryptionType\":\"KMS\",\"KeyId\":\"k1\"}"
            "}");
    kit_add(&k, "cloudtrail:DescribeTrails", "", "",
            "{\"trailList\":[{\"Name\":\"t\",\"TrailARN\":\"arn:aws:cloudtrail:us-east-1:"
            "111122223333:trail/t\",\"S3BucketName\":\"logs\"}]}");
    kit_add(
        &k, "cloudtrail:Records", "", "",
        "{\"Records\":[" EVENT("1", "01", "kinesis", "StopStreamEncryption", "\"streamName\":\"s\"") "," EVENT(
            "2", "02", "kms", "DisableKey",
            "\"keyId\":\"k1\"") "," EVENT("3", "03", "iam", "PutRolePolicy",
                                          "\"roleName\":\"r\"") "," EVENT("4", "04",
                                                                          "cloudtrail",
                                                                          "StopLogging",
                                                                          "\"name\":"
                                                                          "\"t\"") "," EVENT("5",
                                                                                             "05",
                                                                                             "kms",
                                                                                             "DisableKey",
                                                                                             "\"keyId\":\"other\"") "]}");
    kit_build(&k);
    static const char *const names[] = {"\"t\"", "\"r\"", "\"k1\"", "\"s\""};
    for (int i = 0; i < 4; i++)
        ck_assert_str_eq(
            kit_view(&k, "orders", str_fmt(k.a, "/facts/neighbours/%d/name", i).p),
            names[i]);
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/neighbours/4"), "");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/neighbours/2/event"),
                     "\"DisableKey\"");
    ck_assert_str_eq(kit_view(&k, "orders", "/facts/activity/0"), "");
    ck_assert_str_eq(kit_view(&k, "s", "/facts/activity/0/class"), "\"destructive\"");
    ck_assert_str_eq(kit_view(&k, "t", "/facts/activity/0/credentials"), "\"root\"");
}
END_TEST

/* Whether calls that change what an application rests on would show: its role r (of IAM,
 * and taken) and its stream s (of Kinesis), all in us-east-1. What is left open. */
#define LOOKUP(key, value)                                                               \
    "cloudtrail/lookup-events~AttributeKey_3D" key "_2CAttributeValue_3D" value ".json"
static const struct {
    const char *kind, *paths[3], *answer, *open;
} watches[] = {
    {NULL, {NULL}, NULL, "ReadOnly=false r"},
    {"cloudtrail:Records", {"log.json"}, "{\"Records\":[]}", ""},
    {"", {LOOKUP("ReadOnly", "false")}, NULL, "r"},
    {"", {LOOKUP("ReadOnly", "true")}, NULL, "ReadOnly=false"},
    {"",
     {"cloudtrail-lookup-events-ReadOnly-false.json",
      "lookup-events-EventName=AssumeRole.json"},
     NULL,
     ""},
    {"", {"cloudtrail-lookup-events-readonly-true.json"}, NULL, "ReadOnly=false"},
    {"", {LOOKUP("ReadOnly", "false"), LOOKUP("EventName", "AssumeRole")}, NULL, ""},
    {"", {LOOKUP("ReadOnly", "false"), "cloudtrail-lookup-events-r.json"}, NULL, ""},
    {"", {LOOKUP("ReadOnly", "false"), LOOKUP("ResourceName", "other")}, NULL, "r"},
    {"", {LOOKUP("ReadOnly", "false"), "cloudtrail-lookup-events-sts.json"}, NULL, ""},
    {"",
     {LOOKUP("EventSource", "iam.amazonaws.com"), "lookup-events-kinesis.json"},
     NULL,
     "r"},
    {"",
     {LOOKUP("EventSource", "iam.amazonaws.com"), "lookup-events-kinesisanalytics.json"},
     NULL,
     "ReadOnly=false r"},
    {"", {LOOKUP("EventName", "DeleteStream")}, NULL, "ReadOnly=false r"},
    {"",
     {LOOKUP("ReadOnly", "false")},
     "{\"Events\":[],\"NextToken\":\"more\"}",
     "ReadOnly=false, part r"},
};
START_TEST(neighbours_known)
{
    app(STREAM_PROPERTY);
    for (int i = 0; i < 3 && watches[_i].paths[i]; i++) {
        const char *kind =
            *watches[_i].kind ? watches[_i].kind : "cloudtrail:LookupEvents";
        const char *answer = watches[_i].answer ? watches[_i].answer : "{\"Events\":[]}";
        struct document *d = kit_add(&k, kind, "", "", answer);
        d->path = str_from(watches[_i].paths[i]);
        d->partial = str_has(str_from(answer), STR("NextToken"));
    }
    kit_build(&k);
    const struct json *view = subject_view(k.a, kit_find(&k, "orders"));
    struct buf open = BUF_INIT;
    for (const struct json *n = json_first(json_dig(view, "facts", "unknown", NULL)); n;
         n = json_next(n)) {
        struct str command = json_str(json_get(n, STR("command")));
        if (!str_eq(json_str(json_get(n, STR("about"))), STR("neighbours")))
            continue;
        if (str_has(command, STR("=ReadOnly,AttributeValue=false --region us-east-1")))
            buf_z(&open, "ReadOnly=false");
        else if (str_has(command, STR("=ResourceName,AttributeValue=arn:aws:iam::"
                                      "111122223333:role/r ")))
            buf_z(&open, open.n ? " r" : "r");
        else
            buf_str(&open, command);
        if (str_has(json_str(json_get(n, STR("what"))), STR("not all")))
            buf_z(&open, ", part");
    }
    ck_assert_str_eq(open.p ? open.p : "", watches[_i].open);
    buf_free(&open);
}
END_TEST

/* Data events of the stream s and of the bucket b-1, by what the selectors say: reads and
 * writes of each, yes, no, unknown. */
#define DATA_BASIC(rw, values)                                                           \
    "{\"EventSelectors\":[{\"ReadWriteType\":\"" rw "\",\"DataResources\":[{\"Type\":"   \
    "\"AWS::S3::Object\",\"Values\":[" values "]}]}]}"
#define DATA_FIELD(name, operator, values)                                               \
    ",{\"Field\":\"" name "\",\"" operator"\":[" values "]}"
#define DATA_EVENTS(type, fields)                                                        \
    "{\"FieldSelectors\":[{\"Field\":\"eventCategory\",\"Equals\":[\"Data\"]"            \
    "}" DATA_FIELD("resources.type", "Equals", "\"" type "\"") fields "]}"
#define ENTRIES(entries) "{\"AdvancedEventSelectors\":[" entries "]}"
#define OBJECT "AWS::S3::Object"
#define RECORD "AWS::Kinesis::Stream"
#define DATA_ARN "resources.ARN"
static const struct {
    const char *selectors, *logging, *want; /* reads and writes of s, then of b-1 */
} data_rows[] = {
    /* clang-format off */
    {NULL, "true", "unknown unknown unknown unknown"},
    {"{\"EventSelectors\":[{\"ReadWriteType\":\"All\",\"IncludeManagementEvents\":true}]}", "true", "no no no no"},
    {DATA_BASIC("All", "\"arn:aws:s3\""), "true", "no no yes yes"},
    {DATA_BASIC("All", "\"arn:aws:s3:::\""), "true", "no no yes yes"},
    {DATA_BASIC("All", "\"arn:aws:s3\""), "false", "no no no no"},
    {DATA_BASIC("All", "\"arn:aws:s3\""), NULL, "no no unknown unknown"},
    {DATA_BASIC("WriteOnly", "\"arn:aws:s3:::b-1/\""), "true", "no no no yes"},
    {DATA_BASIC("ReadOnly", "\"arn:aws:s3:::b-1\""), "true", "no no yes no"},
    {DATA_BASIC("All", "\"arn:aws:s3:::b-1/raw/\",\"arn:aws:s3:::b\",\"arn:aws:s3:::b-12/\""), "true", "no no no no"},
    {ENTRIES(DATA_EVENTS(OBJECT, "")), "true", "no no yes yes"},
    {ENTRIES(DATA_EVENTS(OBJECT, "") "," DATA_EVENTS(RECORD, "")), "true", "yes yes yes yes"},
    {ENTRIES(DATA_EVENTS(OBJECT, DATA_FIELD(DATA_ARN, "StartsWith", "\"arn:aws:s3:::b-1/\""))), "true", "no no yes yes"},
    {ENTRIES(DATA_EVENTS(OBJECT, DATA_FIELD(DATA_ARN, "StartsWith", "\"arn:aws:s3:::b-\""))), "true", "no no yes yes"},
    {ENTRIES(DATA_EVENTS(OBJECT, DATA_FIELD(DATA_ARN, "StartsWith", "\"arn:aws:s3:::b-1/raw/\""))), "true", "no no no no"},
    {ENTRIES(DATA_EVENTS(OBJECT, DATA_FIELD(DATA_ARN, "NotStartsWith", "\"arn:aws:s3:::b-1/raw/\""))), "true", "no no no no"},
    {ENTRIES(DATA_EVENTS(OBJECT, DATA_FIELD(DATA_ARN, "NotStartsWith", "\"arn:aws:s3:::other/\""))), "true", "no no yes yes"},
    {ENTRIES(DATA_EVENTS(OBJECT, DATA_FIELD(DATA_ARN, "NotEquals", "\"arn:aws:s3:::b-1/key\""))), "true", "no no no no"},
    {ENTRIES(DATA_EVENTS(OBJECT, DATA_FIELD(DATA_ARN, "EndsWith", "\".csv\""))), "true", "no no no no"},
    {ENTRIES(DATA_EVENTS(OBJECT, DATA_FIELD(DATA_ARN, "NotEndsWith", "\".tmp\""))), "true", "no no no no"},
    {ENTRIES(DATA_EVENTS(OBJECT, DATA_FIELD(DATA_ARN, "Equals", "\"arn:aws:s3:::b-1/\""))), "true", "no no no no"},
    {ENTRIES(DATA_EVENTS(OBJECT, DATA_FIELD("eventName", "Equals", "\"PutObject\""))), "true", "no no no no"},
    {ENTRIES(DATA_EVENTS(OBJECT, DATA_FIELD("readOnly", "Equals", "\"false\""))), "true", "no no no yes"},
    {ENTRIES(DATA_EVENTS(OBJECT, DATA_FIELD("readOnly", "Equals", "\"false\"")) "," DATA_EVENTS(OBJECT, DATA_FIELD("readOnly", "Equals", "\"true\""))), "true", "no no yes yes"},
    {ENTRIES(DATA_EVENTS(RECORD, DATA_FIELD(DATA_ARN, "Equals", "\"" S_ARN "\""))), "true", "yes yes no no"},
    {ENTRIES(DATA_EVENTS(RECORD, DATA_FIELD(DATA_ARN, "Equals", "\"" S_ARN "2\""))), "true", "no no no no"},
    {ENTRIES(DATA_EVENTS(RECORD, DATA_FIELD(DATA_ARN, "NotEquals", "\"" S_ARN "\""))), "true", "no no no no"},
    {ENTRIES(DATA_EVENTS(RECORD, DATA_FIELD(DATA_ARN, "EndsWith", "\"stream/s\""))), "true", "yes yes no no"},
    {ENTRIES(DATA_EVENTS("AWS::DynamoDB::Table", "")), "true", "no no no no"},
    /* clang-format on */
};
START_TEST(data_events)
{
    app("\"EnvironmentPropertyDescriptions\":{\"PropertyGroupDescriptions\":[{"
        "\"PropertyGroupId\":\"G\",\"PropertyMap\":{\"stream.arn\":\"" S_ARN
        "\",\"path\":\"s3://b-1/x\"}}]}");
    kit_add(&k, "cloudtrail:ListEventDataStores", "", "", "{\"EventDataStores\":[]}");
    kit_add(&k, "cloudtrail:DescribeTrails", "", "",
            "{\"trailList\":[{\"Name\":\"t\",\"TrailARN\":\"" TRAIL_ARN
            "\",\"S3BucketName\":\"logs\",\"IsMultiRegionTrail\":true}]}");
    if (data_rows[_i].selectors)
        kit_add(&k, "cloudtrail:GetEventSelectors", TRAIL_ARN, "",
                data_rows[_i].selectors);
    if (data_rows[_i].logging)
        kit_add(&k, "cloudtrail:GetTrailStatus", TRAIL_ARN, "",
                str_fmt(k.a, "{\"IsLogging\":%s}", data_rows[_i].logging).p);
    kit_build(&k);
    const struct json *view = subject_view(k.a, kit_find(&k, "orders"));
    static const char *const types[] = {"stream", "bucket"}, *const sides[] = {"reads",
                                                                               "writes"};
    struct buf got = BUF_INIT;
    for (int i = 0; i < 4; i++)
        for (const struct json *n =
                 json_first(json_dig(view, "facts", "data_events", NULL));
             n; n = json_next(n))
            if (str_eq(json_str(json_get(n, STR("type"))), str_from(types[i / 2])))
                buf_fmt(&got, "%s%.*s", got.n ? " " : "",
                        STR_ARG(json_str(json_get(n, str_from(sides[i % 2])))));
    ck_assert_str_eq(got.p, data_rows[_i].want);
    buf_free(&got);
}
END_TEST

/* Without any time in evidence no age is known, and no key old. */
START_TEST(no_time)
{
    kit_add(&k, "iam:ListAccessKeys", "u", "",
            "{\"AccessKeyMetadata\":[{\"AccessKeyId\":\"AKIARTX3GSDS4USAMPLE\","
            "\"Status\":\"Active\",\"CreateDate\":\"2020-01-01T00:00:00Z\"}]}");
    kit_build_at(&k, WHEN_NONE);
    ck_assert_str_eq(kit_view(&k, "u", "/facts/access_keys/0/age_days"), "");
    ck_assert_str_eq(kit_view(&k, "u", "/facts/unknown/0/about"), "\"access_keys\"");
    ck_assert_str_eq(kit_view(&k, "u", "/facts/unknown/0/reason"), "\"undecided\"");
}
END_TEST

START_TEST(findings)
{
    kit_add(&k, "s3:GetBucketVersioning", "b-1", "", NULL);
    kit_add(&k, "accessanalyzer:ListFindings", "", "",
            "{\"findings\":[{\"id\":\"f1\",\"resource\":\"arn:aws:s3:::b-1\",\"status\":"
            "\"ACTIVE\",\"isPublic\":true,\"principal\":{\"AWS\":\"*\"}},{\"id\":\"f2\","
            "\"resource\":\"arn:aws:s3:::b-1\",\"status\":\"ARCHIVED\"}]}");
    kit_add(&k, "accessanalyzer:ListFindingsV2", "", "",
            "{\"findings\":[{\"id\":\"f1\",\"resource\":\"arn:aws:s3:::b-1\",\"status\":"
            "\"ACTIVE\",\"findingType\":\"ExternalAccess\"}]}");
    kit_add(
        &k, "macie2:GetFindings", "", "",
        "{\"findings\":[{\"id\":\"1\",\"type\":\"SensitiveData:S3Object/Credentials\","
        "\"count\":3,\"resourcesAffected\":{\"s3Bucket\":{\"arn\":\"arn:aws:s3:::b-1\"}}}"
        "]}");
    kit_build(&k);
    ck_assert_str_eq(kit_view(&k, "b-1", "/facts/exposures/0/public"), "true");
    ck_assert_str_eq(kit_view(&k, "b-1", "/facts/exposures/1"), "");
    ck_assert_str_eq(kit_view(&k, "b-1", "/facts/sensitive_findings/0/count"), "3");
}
END_TEST

/* Every fact that is computed stands in the table, with its fields. */
START_TEST(fact_table)
{
    size_t n, types;
    const struct fact_row *rows = fact_rows(&n);
    const struct subject_type *type = subject_type_rows(&types);
    for (size_t i = 0; i < n; i++) {
        bool known = strcmp(rows[i].subject, "*") == 0;
        for (size_t t = 0; t < types; t++)
            known = known || strcmp(rows[i].subject, type[t].name) == 0;
        ck_assert_msg(known, "no type %s", rows[i].subject);
        if (i && strcmp(rows[i - 1].subject, rows[i].subject) == 0)
            ck_assert_str_lt(rows[i - 1].fact, rows[i].fact);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("model_facts");
    TCase *t = tcase_create("all");
    tcase_add_checked_fixture(t, setup, teardown);
    unit_rows(t, fact, facts);
    unit_rows(t, bucket_public, opens);
    unit_rows(t, bucket_tls, tls);
    unit_rows(t, trail_selectors, selectors);
    unit_rows(t, application_covered, covers);
    unit_rows(t, bucket_accesses, accesses);
    tcase_add_test(t, application_credentials);
    tcase_add_test(t, application_roles_and_code);
    tcase_add_test(t, uses_through);
    tcase_add_test(t, access_keys);
    tcase_add_test(t, report_users);
    unit_rows(t, events_known, lookups);
    tcase_add_test(t, no_time);
    tcase_add_test(t, neighbours);
    unit_rows(t, neighbours_known, watches);
    unit_rows(t, data_events, data_rows);
    tcase_add_test(t, older_versions);
    tcase_add_test(t, many_credentials);
    tcase_add_test(t, findings);
    tcase_add_test(t, fact_table);
    suite_add_tcase(s, t);
    return unit_run(s, "model_facts");
}
