/* Links: which other subjects the fields of an answer name. One table; adding a field is
 * a row. */
#include "model/build.h"

#include "base/buf.h"
#include "json/json.h"

#include <string.h>

/* How a field names its subject. */
enum form {
    REF,    /* an ARN of the type, or a name that stands where the answer stands */
    KEY,    /* a KMS reference in any of its five spellings */
    BUCKET, /* a bucket name or ARN */
    S3_URI, /* s3://bucket/prefix */
};

struct row {
    const char *kind;
    const char *path; /* members joined by '.', "[]" after a list, "*" any member */
    const char *link, *use, *type;
    enum form form;
};

#define APP "kinesisanalytics:DescribeApplication"
#define CONF "ApplicationDetail.ApplicationConfigurationDescription."
#define SQL CONF "SqlApplicationConfigurationDescription."
#define STUDIO CONF "ZeppelinApplicationConfigurationDescription."
#define FIREHOSE "firehose:DescribeDeliveryStream"
#define DELIVERY "DeliveryStreamDescription."
#define DEST DELIVERY "Destinations[]."

/* clang-format off */
static const struct row rows[] = {
    /* Roles of an application come first: build_role_links reads only these. */
    {APP, "ApplicationDetail.ServiceExecutionRole",                                "role",             "execution", "role", REF},
    {APP, SQL "InputDescriptions[].KinesisStreamsInputDescription.RoleARN",        "input-role",       "input",     "role", REF},
    {APP, SQL "InputDescriptions[].KinesisFirehoseInputDescription.RoleARN",       "input-role",       "input",     "role", REF},
    {APP, SQL "InputDescriptions[].InputProcessingConfigurationDescription.InputLambdaProcessorDescription.RoleARN", "lambda-role", "lambda", "role", REF},
    {APP, SQL "OutputDescriptions[].KinesisStreamsOutputDescription.RoleARN",      "output-role",      "output",    "role", REF},
    {APP, SQL "OutputDescriptions[].KinesisFirehoseOutputDescription.RoleARN",     "output-role",      "output",    "role", REF},
    {APP, SQL "OutputDescriptions[].LambdaOutputDescription.RoleARN",              "output-role",      "output",    "role", REF},
    {APP, SQL "ReferenceDataSourceDescriptions[].S3ReferenceDataSourceDescription.ReferenceRoleARN", "reference-role", "reference", "role", REF},
    {APP, "ApplicationDetail.CloudWatchLoggingOptionDescriptions[].RoleARN",       "log-role",         "log",       "role", REF},

    {APP, CONF "ApplicationCodeConfigurationDescription.CodeContentDescription.S3ApplicationCodeLocationDescription.BucketARN", "code-bucket", "code", "bucket", BUCKET},
    {APP, CONF "ApplicationEncryptionConfigurationDescription.KeyId",              "key",              "key",       "key", KEY},
    {APP, CONF "VpcConfigurationDescriptions[].VpcId",                             "vpc",              "network",   "vpc", REF},
    {APP, CONF "VpcConfigurationDescriptions[].SecurityGroupIds[]",                "security-group",   "network",   "security-group", REF},
    {APP, SQL "InputDescriptions[].KinesisStreamsInputDescription.ResourceARN",    "source-stream",    "source",    "stream", REF},
    {APP, SQL "InputDescriptions[].KinesisFirehoseInputDescription.ResourceARN",   "source-delivery-stream", "source", "delivery-stream", REF},
    {APP, SQL "InputDescriptions[].InputProcessingConfigurationDescription.InputLambdaProcessorDescription.ResourceARN", "input-function", "source", "function", REF},
    {APP, SQL "OutputDescriptions[].KinesisStreamsOutputDescription.ResourceARN",  "sink-stream",      "sink",      "stream", REF},
    {APP, SQL "OutputDescriptions[].KinesisFirehoseOutputDescription.ResourceARN", "sink-delivery-stream", "sink",  "delivery-stream", REF},
    {APP, SQL "OutputDescriptions[].LambdaOutputDescription.ResourceARN",          "output-function",  "sink",      "function", REF},
    {APP, SQL "ReferenceDataSourceDescriptions[].S3ReferenceDataSourceDescription.BucketARN", "reference-bucket", "reference", "bucket", BUCKET},
    {APP, STUDIO "CatalogConfigurationDescription.GlueDataCatalogConfigurationDescription.DatabaseARN", "database", "catalog", "database", REF},
    {APP, STUDIO "DeployAsApplicationConfigurationDescription.S3ContentLocationDescription.BucketARN", "deploy-bucket", "deploy", "bucket", BUCKET},
    {APP, STUDIO "CustomArtifactsConfigurationDescription[].S3ContentLocationDescription.BucketARN", "artifact-bucket", "artifact", "bucket", BUCKET},
    {APP, "ApplicationDetail.CloudWatchLoggingOptionDescriptions[].LogStreamARN",  "log-group",        "log",       "log-group", REF},
    {"kinesisanalytics:ListApplicationSnapshots", "SnapshotSummaries[].ApplicationEncryptionConfigurationDescription.KeyId", "snapshot-key", "key", "key", KEY},

    {"iam:GetRole", "Role.PermissionsBoundary.PermissionsBoundaryArn",             "boundary",         "boundary",  "policy", REF},
    {"iam:ListAttachedRolePolicies", "AttachedPolicies[].PolicyArn",               "managed-policy",   "policy",    "policy", REF},
    {"iam:GetAccountAuthorizationDetails", "AttachedManagedPolicies[].PolicyArn",  "managed-policy",   "policy",    "policy", REF},
    {"iam:GetAccountAuthorizationDetails", "PermissionsBoundary.PermissionsBoundaryArn", "boundary",   "boundary",  "policy", REF},
    {"iam:GetAccountAuthorizationDetails", "GroupList[]",                          "group",            "group",     "group", REF},
    {"iam:ListAttachedUserPolicies", "AttachedPolicies[].PolicyArn",               "managed-policy",   "policy",    "policy", REF},
    {"iam:ListGroupsForUser", "Groups[].Arn",                                      "group",            "group",     "group", REF},

    {"kinesis:DescribeStreamSummary", "StreamDescriptionSummary.KeyId",            "key",              "key",       "key", KEY},
    {"kinesis:DescribeStream", "StreamDescription.KeyId",                          "key",              "key",       "key", KEY},

    {FIREHOSE, DELIVERY "DeliveryStreamEncryptionConfiguration.KeyARN",            "key",              "key",       "key", KEY},
    {FIREHOSE, DELIVERY "Source.KinesisStreamSourceDescription.KinesisStreamARN",  "source-stream",    "source",    "stream", REF},
    {FIREHOSE, DELIVERY "Source.KinesisStreamSourceDescription.RoleARN",           "source-role",      "source",    "role", REF},
    {FIREHOSE, DELIVERY "Source.MSKSourceDescription.MSKClusterARN",               "source-cluster",   "source",    "cluster", REF},
    {FIREHOSE, DEST "S3DestinationDescription.BucketARN",                          "destination-bucket", "destination", "bucket", BUCKET},
    {FIREHOSE, DEST "ExtendedS3DestinationDescription.BucketARN",                  "destination-bucket", "destination", "bucket", BUCKET},
    {FIREHOSE, DEST "*.S3DestinationDescription.BucketARN",                        "destination-bucket", "destination", "bucket", BUCKET},
    {FIREHOSE, DEST "*.S3BackupDescription.BucketARN",                             "backup-bucket",    "backup",    "bucket", BUCKET},
    {FIREHOSE, DEST "*.RoleARN",                                                   "role",             "destination", "role", REF},
    {FIREHOSE, DEST "*.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN",  "destination-key",  "key",       "key", KEY},
    {FIREHOSE, DEST "*.S3DestinationDescription.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN", "destination-key", "key", "key", KEY},
    {FIREHOSE, DEST "*.SecretsManagerConfiguration.SecretARN",                     "secret",           "secret",    "secret", REF},
    {FIREHOSE, DEST "AmazonopensearchserviceDestinationDescription.DomainARN",     "destination-domain", "destination", "domain", REF},
    {FIREHOSE, DEST "ElasticsearchDestinationDescription.DomainARN",               "destination-domain", "destination", "domain", REF},
    {FIREHOSE, DEST "*.ProcessingConfiguration.Processors[].Parameters[].ParameterValue", "function",  "processing", "function", REF},

    {"s3:GetBucketEncryption", "ServerSideEncryptionConfiguration.Rules[].ApplyServerSideEncryptionByDefault.KMSMasterKeyID", "key", "key", "key", KEY},
    {"s3:GetBucketLogging", "LoggingEnabled.TargetBucket",                      "log-bucket",       "log",       "bucket", BUCKET},
    {"logs:DescribeLogGroups", "kmsKeyId",                                         "key",              "key",       "key", KEY},
    {"dynamodb:DescribeTable", "Table.SSEDescription.KMSMasterKeyArn",             "key",              "key",       "key", KEY},
    {"sqs:GetQueueAttributes", "Attributes.KmsMasterKeyId",                        "key",              "key",       "key", KEY},
    {"sns:GetTopicAttributes", "Attributes.KmsMasterKeyId",                        "key",              "key",       "key", KEY},
    {"secretsmanager:DescribeSecret", "KmsKeyId",                                  "key",              "key",       "key", KEY},
    {"kafka:DescribeClusterV2", "ClusterInfo.Provisioned.EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId", "key", "key", "key", KEY},
    {"kafka:ListClustersV2", "Provisioned.EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId", "key",    "key",       "key", KEY},
    {"kafka:ListClusters", "EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId",   "key",              "key",       "key", KEY},
    {"kafka:DescribeCluster", "ClusterInfo.EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId", "key", "key",       "key", KEY},
    {"opensearch:DescribeDomain", "DomainStatus.EncryptionAtRestOptions.KmsKeyId", "key",              "key",       "key", KEY},
    {"glue:GetDataCatalogEncryptionSettings", "DataCatalogEncryptionSettings.EncryptionAtRest.SseAwsKmsKeyId", "key", "key", "key", KEY},
    {"glue:GetDataCatalogEncryptionSettings", "DataCatalogEncryptionSettings.ConnectionPasswordEncryption.AwsKmsKeyId", "password-key", "key", "key", KEY},
    {"glue:GetDatabase", "Database.LocationUri",                                   "location-bucket",  "catalog",   "bucket", S3_URI},

    {"cloudtrail:DescribeTrails", "S3BucketName",                                  "bucket",           "trail",     "bucket", BUCKET},
    {"cloudtrail:DescribeTrails", "KmsKeyId",                                      "key",              "key",       "key", KEY},
    {"cloudtrail:DescribeTrails", "CloudWatchLogsLogGroupArn",                     "log-group",        "trail",     "log-group", REF},
    {"cloudtrail:GetTrail", "Trail.S3BucketName",                                  "bucket",           "trail",     "bucket", BUCKET},
    {"cloudtrail:GetTrail", "Trail.KmsKeyId",                                      "key",              "key",       "key", KEY},
    {"cloudtrail:GetTrail", "Trail.CloudWatchLogsLogGroupArn",                     "log-group",        "trail",     "log-group", REF},
    {"cloudtrail:GetEventDataStore", "KmsKeyId",                                   "key",              "key",       "key", KEY},
    {"ec2:DescribeVpcEndpoints", "VpcId",                                          "vpc",              "network",   "vpc", REF},
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof *rows };

/* A walk of one row's path through one answer. */
struct walk {
    struct build *b;
    struct subject *from;
    const struct exhibit *x;
    const struct row *row;
    struct buf pointer;
    bool subject_only;
};

/* The subject that value names by the row's form. */
static struct subject *resolve(struct build *b, const struct row *row, struct str value,
                               const struct place_in_aws *where)
{
    struct str bucket;
    switch (row->form) {
    case BUCKET:
        return build_reference(b, "bucket", value, where);
    case S3_URI:
        bucket = s3_uri_bucket(value);
        return bucket.n ? build_reference(b, "bucket", bucket, where) : NULL;
    case KEY:
    case REF:
        break;
    }
    /* Parameters of a Firehose processor are of many kinds: only ARNs are of interest. */
    if (strcmp(row->use, "processing") == 0 && !str_starts(value, STR("arn:")))
        return NULL;
    return build_reference(b, row->type, value, where);
}

/* Where names in this answer stand: a global subject's regional names have its
 * document's region (a bucket's key). */
static struct place_in_aws exhibit_place(const struct subject *s, const struct exhibit *x)
{
    struct place_in_aws where = subject_place(s);
    if (!region_is(where.region))
        where.region = region_is(x->doc->region) ? x->doc->region : STR("");
    if (!where.account.n)
        where.account = x->doc->account;
    if (!where.partition.n)
        where.partition = x->doc->partition;
    return where;
}

static void found(struct walk *w, const struct json *n)
{
    struct place_in_aws where = exhibit_place(w->from, w->x);
    struct subject *to = resolve(w->b, w->row, json_str(n), &where);
    if (!to || w->subject_only)
        return;
    struct link l = {.name = w->row->link,
                     .to = to,
                     .use = w->row->use,
                     .via = str_from(w->row->path),
                     .doc = w->x->doc};
    size_t dot = str_find_last(l.via, '.');
    if (dot != (size_t)-1)
        l.via = str_sub(l.via, dot + 1, l.via.n);
    if (str_ends(l.via, STR("[]")))
        l.via.n -= 2;
    l.pointer = buf_dup(w->b->a, &w->pointer);
    build_link(w->b, w->from, l);
}

/* Follow path below n. The depth is that of the row's path: at most a dozen. */
static void follow(struct walk *w, const struct json *n, struct str path)
{
    if (!n)
        return;
    if (!path.n) {
        if (json_is(n, JSON_STRING))
            found(w, n);
        return;
    }
    struct str step, rest;
    str_cut(path, '.', &step, &rest);
    bool list = str_ends(step, STR("[]"));
    if (list)
        step.n -= 2;
    size_t mark = w->pointer.n;
    if (str_eq(step, STR("*"))) {
        for (const struct json *c = json_first(n); c && json_is(n, JSON_OBJECT);
             c = json_next(c)) {
            json_pointer_add(&w->pointer, json_key(c));
            follow(w, c, rest);
            w->pointer.n = mark;
        }
        return;
    }
    n = json_get(n, step);
    if (!n)
        return;
    json_pointer_add(&w->pointer, step);
    if (!list) {
        follow(w, n, rest);
    } else if (json_is(n, JSON_ARRAY)) {
        size_t inner = w->pointer.n, index = 0;
        for (const struct json *c = json_first(n); c; c = json_next(c), index++) {
            buf_fmt(&w->pointer, "/%zu", index);
            follow(w, c, rest);
            w->pointer.n = inner;
        }
    }
    w->pointer.n = mark;
}

/* Rows of a kind stand together; first is the first of them, ROWS when there is none. */
static size_t first_row(const char *kind)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].kind, kind) == 0)
            return i;
    return ROWS;
}

static void link_exhibit(struct build *b, struct subject *s, const struct exhibit *x,
                         struct buf *pointer, bool roles_only)
{
    struct walk w = {.b = b, .from = s, .x = x, .subject_only = roles_only};
    for (size_t i = first_row(x->kind); i < ROWS && strcmp(rows[i].kind, x->kind) == 0;
         i++) {
        if (roles_only && strcmp(rows[i].type, "role") != 0)
            break;
        w.row = &rows[i];
        w.pointer = *pointer;
        buf_clear(&w.pointer);
        buf_str(&w.pointer, x->pointer);
        follow(&w, x->node, str_from(rows[i].path));
        *pointer = w.pointer;
    }
}

void build_role_links(struct build *b)
{
    struct buf pointer = BUF_INIT;
    for (size_t i = 0; i < b->m->n; i++) {
        struct subject *s = b->m->v[i];
        if (strcmp(s->type, "application") != 0)
            continue;
        for (size_t j = 0; j < s->exhibits.n; j++)
            if (strcmp(s->exhibits.v[j].kind, APP) == 0)
                link_exhibit(b, s, &s->exhibits.v[j], &pointer, true);
    }
    buf_free(&pointer);
}

static void link_subject(struct build *b, struct subject *s, struct buf *pointer)
{
    for (size_t i = 0; i < s->exhibits.n; i++) {
        const struct exhibit *x = &s->exhibits.v[i];
        if (!x->node)
            continue;
        link_exhibit(b, s, x, pointer, false);
        if (strcmp(x->kind, APP) == 0)
            build_properties(b, s, x);
    }
    /* A Glue database lies in the catalog of its account and region. */
    if (strcmp(s->type, "database") == 0 && s->account.n && s->region.n) {
        struct place_in_aws where = subject_place(s);
        struct str arn =
            str_fmt(b->a, "arn:%.*s:glue:%.*s:%.*s:catalog", STR_ARG(where.partition),
                    STR_ARG(where.region), STR_ARG(where.account));
        struct link l = {.name = "catalog",
                         .to = build_reference(b, "catalog", arn, &where),
                         .use = "catalog",
                         .via = STR("database"),
                         .doc = s->exhibits.n ? s->exhibits.v[0].doc : NULL};
        build_link(b, s, l);
    }
}

void build_links(struct build *b)
{
    struct buf pointer = BUF_INIT;
    build_brokers(b);
    /* The list grows: what is named is a subject too, but has nothing that names more,
     * except a database, which lies in a catalog. */
    for (size_t i = 0; i < b->m->n; i++)
        link_subject(b, b->m->v[i], &pointer);
    buf_free(&pointer);
}

const struct link *subject_link(const struct subject *s, const char *name)
{
    for (size_t i = 0; i < s->links.n; i++)
        if (strcmp(s->links.v[i].name, name) == 0)
            return &s->links.v[i];
    return NULL;
}
