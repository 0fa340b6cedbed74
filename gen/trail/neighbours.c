/* Calls of other services that change what applications rest on: the trails that watch
 * them, the roles that they run as, their streams, buckets, keys, and logs. */
#include "trail/trail.h"

/* clang-format off */
static const struct trail_neighbour rows[] = {
    /* source, event, subject type, member of requestParameters, class */
    {"cloudtrail",     "DeleteEventDataStore",          "event-data-store", "eventDataStore",     EVENT_DESTRUCTIVE},
    {"cloudtrail",     "DeleteTrail",                   "trail",            "name",               EVENT_DESTRUCTIVE},
    {"cloudtrail",     "PutEventSelectors",             "trail",            "trailName",          EVENT_SENSITIVE},
    {"cloudtrail",     "StartEventDataStoreIngestion",  "event-data-store", "eventDataStore",     EVENT_OPERATIONAL},
    {"cloudtrail",     "StartLogging",                  "trail",            "name",               EVENT_OPERATIONAL},
    {"cloudtrail",     "StopEventDataStoreIngestion",   "event-data-store", "eventDataStore",     EVENT_DESTRUCTIVE},
    {"cloudtrail",     "StopLogging",                   "trail",            "name",               EVENT_DESTRUCTIVE},
    {"cloudtrail",     "UpdateEventDataStore",          "event-data-store", "eventDataStore",     EVENT_SENSITIVE},
    {"cloudtrail",     "UpdateTrail",                   "trail",            "name",               EVENT_SENSITIVE},
    {"dynamodb",       "DeleteTable",                   "table",            "tableName",          EVENT_DESTRUCTIVE},
    {"firehose",       "DeleteDeliveryStream",          "delivery-stream",  "deliveryStreamName", EVENT_DESTRUCTIVE},
    {"firehose",       "StartDeliveryStreamEncryption", "delivery-stream",  "deliveryStreamName", EVENT_SENSITIVE},
    {"firehose",       "StopDeliveryStreamEncryption",  "delivery-stream",  "deliveryStreamName", EVENT_DESTRUCTIVE},
    {"firehose",       "UpdateDestination",             "delivery-stream",  "deliveryStreamName", EVENT_SENSITIVE},
    {"iam",            "AttachRolePolicy",              "role",             "roleName",           EVENT_SENSITIVE},
    {"iam",            "CreateAccessKey",               "user",             "userName",           EVENT_SENSITIVE},
    {"iam",            "CreatePolicyVersion",           "policy",           "policyArn",          EVENT_SENSITIVE},
    {"iam",            "DeleteRole",                    "role",             "roleName",           EVENT_DESTRUCTIVE},
    {"iam",            "DeleteRolePermissionsBoundary", "role",             "roleName",           EVENT_SENSITIVE},
    {"iam",            "DeleteRolePolicy",              "role",             "roleName",           EVENT_SENSITIVE},
    {"iam",            "DetachRolePolicy",              "role",             "roleName",           EVENT_SENSITIVE},
    {"iam",            "PutRolePermissionsBoundary",    "role",             "roleName",           EVENT_SENSITIVE},
    {"iam",            "PutRolePolicy",                 "role",             "roleName",           EVENT_SENSITIVE},
    {"iam",            "SetDefaultPolicyVersion",       "policy",           "policyArn",          EVENT_SENSITIVE},
    {"iam",            "UpdateAssumeRolePolicy",        "role",             "roleName",           EVENT_SENSITIVE},
    {"kinesis",        "DeleteResourcePolicy",          "stream",           "resourceARN",        EVENT_SENSITIVE},
    {"kinesis",        "DeleteStream",                  "stream",           "streamName",         EVENT_DESTRUCTIVE},
    {"kinesis",        "PutResourcePolicy",             "stream",           "resourceARN",        EVENT_SENSITIVE},
    {"kinesis",        "StartStreamEncryption",         "stream",           "streamName",         EVENT_SENSITIVE},
    {"kinesis",        "StopStreamEncryption",          "stream",           "streamName",         EVENT_DESTRUCTIVE},
    {"kms",            "CancelKeyDeletion",             "key",              "keyId",              EVENT_OPERATIONAL},
    {"kms",            "CreateGrant",                   "key",              "keyId",              EVENT_SENSITIVE},
    {"kms",            "DisableKey",                    "key",              "keyId",              EVENT_DESTRUCTIVE},
    {"kms",            "DisableKeyRotation",            "key",              "keyId",              EVENT_DESTRUCTIVE},
    {"kms",            "EnableKey",                     "key",              "keyId",              EVENT_OPERATIONAL},
    {"kms",            "PutKeyPolicy",                  "key",              "keyId",              EVENT_SENSITIVE},
    {"kms",            "ScheduleKeyDeletion",           "key",              "keyId",              EVENT_DESTRUCTIVE},
    {"logs",           "DeleteLogGroup",                "log-group",        "logGroupName",       EVENT_DESTRUCTIVE},
    {"logs",           "DeleteLogStream",               "log-group",        "logGroupName",       EVENT_DESTRUCTIVE},
    {"logs",           "DisassociateKmsKey",            "log-group",        "logGroupName",       EVENT_DESTRUCTIVE},
    {"logs",           "PutRetentionPolicy",            "log-group",        "logGroupName",       EVENT_SENSITIVE},
    {"s3",             "DeleteBucket",                  "bucket",           "bucketName",         EVENT_DESTRUCTIVE},
    {"s3",             "DeleteBucketEncryption",        "bucket",           "bucketName",         EVENT_DESTRUCTIVE},
    {"s3",             "DeleteBucketPolicy",            "bucket",           "bucketName",         EVENT_SENSITIVE},
    {"s3",             "DeleteBucketPublicAccessBlock", "bucket",           "bucketName",         EVENT_DESTRUCTIVE},
    {"s3",             "PutBucketAcl",                  "bucket",           "bucketName",         EVENT_SENSITIVE},
    {"s3",             "PutBucketEncryption",           "bucket",           "bucketName",         EVENT_SENSITIVE},
    {"s3",             "PutBucketPolicy",               "bucket",           "bucketName",         EVENT_SENSITIVE},
    {"s3",             "PutBucketPublicAccessBlock",    "bucket",           "bucketName",         EVENT_SENSITIVE},
    {"s3",             "PutBucketVersioning",           "bucket",           "bucketName",         EVENT_SENSITIVE},
    {"secretsmanager", "DeleteSecret",                  "secret",           "secretId",           EVENT_DESTRUCTIVE},
    {"secretsmanager", "PutResourcePolicy",             "secret",           "secretId",           EVENT_SENSITIVE},
    {"sqs",            "DeleteQueue",                   "queue",            "queueUrl",           EVENT_DESTRUCTIVE},
    {"sts",            "AssumeRole",                    "role",             "roleArn",            EVENT_SENSITIVE},
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof *rows };

const struct trail_neighbour *trail_neighbour_rows(size_t *n)
{
    *n = ROWS;
    return rows;
}

const struct trail_neighbour *trail_neighbour(struct str source, struct str event)
{
    /* "kms.amazonaws.com"; China has another end. */
    struct str service, rest;
    if (!str_cut(source, '.', &service, &rest) || !str_starts(rest, STR("amazonaws.")))
        return NULL;
    size_t low = 0, high = ROWS;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int c = str_cmp(service, str_from(rows[mid].source));
        if (c == 0)
            c = str_cmp(event, str_from(rows[mid].event));
        if (c == 0)
            return &rows[mid];
        if (c < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}
