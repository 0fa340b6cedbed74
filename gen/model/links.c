/* Links: which other subjects the fields of an answer name. One table; adding a field is
 * a row. */
#include "model/build.h"
#include "model/paths.h"
#include "model/properties.h"

#include "base/threads.h"
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
    const char *path; /* paths.h */
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
    /* Roles of an application come first. */
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

enum {
    ROWS = sizeof rows / sizeof *rows,
    BATCH = 64, /* subjects that a worker takes at once */
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

static void resolve_field(struct build *b, struct subject *from, const struct exhibit *x,
                          const struct paths_hit *hit)
{
    const struct row *row = &rows[hit->row];
    struct place_in_aws where = exhibit_place(from, x);
    struct link l = {.name = row->link,
                     .to = resolve(b, row, hit->value, &where),
                     .use = row->use,
                     .via = str_from(row->path),
                     .doc = x->doc,
                     .pointer = hit->pointer};
    size_t dot = str_find_last(l.via, '.');
    if (dot != (size_t)-1)
        l.via = str_sub(l.via, dot + 1, l.via.n);
    if (str_ends(l.via, STR("[]")))
        l.via.n -= 2;
    build_link(b, from, l);
}

/* The paths of each kind; only those to roles. Map: kind -> struct paths. */
static struct map read_rows(struct arena *a, bool roles_only)
{
    struct map kinds = MAP_INIT;
    for (size_t i = 0; i < ROWS; i++) {
        if (roles_only && strcmp(rows[i].type, "role") != 0)
            continue;
        void **slot = map_put(a, &kinds, str_from(rows[i].kind));
        if (!*slot)
            *slot = ARENA_NEW(a, struct paths);
        paths_add(a, *slot, rows[i].path, i);
    }
    return kinds;
}

/* A role that the description of an application names. */
struct role_name {
    const struct subject *app;
    const struct exhibit *x;
    struct paths_hit hit;
};

/* All of them, found on several threads. */
struct role_names {
    const struct model *m;
    const struct paths *paths;
    struct arena **arenas; /* of the workers */
    struct role_batch {
        VEC(struct role_name) list;
    } * batches;
};

static void find_roles(void *ctx, size_t batch, unsigned worker)
{
    const struct role_names *r = ctx;
    const struct model *m = r->m;
    struct arena *a = r->arenas[worker];
    struct paths_hits hits = {0};
    for (size_t i = batch * BATCH; i < (batch + 1) * BATCH && i < m->n; i++) {
        const struct subject *s = m->v[i];
        for (size_t j = 0; subject_is(s, "application") && j < s->exhibits.n; j++) {
            const struct exhibit *x = &s->exhibits.v[j];
            if (strcmp(x->kind, APP) != 0)
                continue;
            paths_follow(a, a, r->paths, x->node, x->pointer, &hits);
            for (size_t k = 0; k < hits.list.n; k++)
                *vec_push(a, &r->batches[batch].list) =
                    (struct role_name){s, x, hits.list.v[k]};
        }
    }
}

void build_role_links(struct build *b)
{
    struct arena *own = arena_new();
    struct map kinds = read_rows(own, true);
    size_t n = (b->m->n + BATCH - 1) / BATCH;
    struct role_names r = {b->m, map_get(&kinds, STR(APP)),
                           arena_new_workers(own, b->threads),
                           ARENA_ARRAY(own, struct role_batch, n)};
    threads_for(n, b->threads, find_roles, &r);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < r.batches[i].list.n; k++) {
            const struct role_name *name = &r.batches[i].list.v[k];
            struct place_in_aws where = exhibit_place(name->app, name->x);
            resolve(b, &rows[name->hit.row], name->hit.value, &where);
        }
    arena_free(own);
}

/* One name in an exhibit: of a field, or a clue. */
struct name {
    const struct exhibit *x;
    size_t order; /* among all names of the subject */
    const struct paths_hit *field;
    const struct clue *clue;
};

/* The names of a subject that wait. */
struct rest {
    VEC(struct name) open;
    size_t names; /* all that there are */
};

struct worker {
    struct build b;        /* b.a is emptied after each subject */
    struct arena *scratch; /* for names that wait */
};

/* Exhibits are read on several threads, and what names a subject whose ARN is known is
 * settled there. Who is meant by the rest is settled for one subject after the other: it
 * may be made, or what was named before may decide. */
struct reading {
    struct build *b;
    struct map kinds;
    struct rest *of; /* for each of the first n subjects */
    size_t n;
    struct worker *workers;
};

static void settle_name(struct build *b, struct subject *s, const struct name *name)
{
    b->open = false;
    b->order = name->order;
    if (name->field)
        resolve_field(b, s, name->x, name->field);
    else
        clue_resolve(b, s, name->x->doc, name->clue);
}

/* Settle it if that is certain; else it waits, as a copy in scratch: the rest is gone
 * with b->a. */
static void try_name(struct worker *w, struct subject *s, struct name name,
                     struct rest *rest)
{
    name.order = rest->names++;
    settle_name(&w->b, s, &name);
    if (!w->b.open)
        return;
    if (name.field) {
        struct paths_hit *copy = ARENA_NEW(w->scratch, struct paths_hit);
        *copy = *name.field;
        name.field = copy;
    } else {
        name.clue = clue_copy(w->scratch, name.clue);
    }
    *vec_push(w->scratch, &rest->open) = name;
}

static void read_exhibit(struct worker *w, struct subject *s, const struct exhibit *x,
                         const struct paths *paths, struct rest *rest)
{
    struct arena *keep = w->b.keep;
    struct paths_hits fields = {0};
    struct clues clues = {0};
    paths_follow(keep, w->b.a, paths, x->node, x->pointer, &fields);
    if (strcmp(x->kind, APP) == 0)
        properties_read(keep, w->b.a, x, &clues);
    size_t n = fields.list.n + clues.list.n;
    if (n && !s->links.n) {
        s->links.v = ARENA_ARRAY(keep, struct link, n);
        s->links.cap = n;
    }
    for (size_t i = 0; i < fields.list.n; i++)
        try_name(w, s, (struct name){.x = x, .field = &fields.list.v[i]}, rest);
    for (size_t i = 0; i < clues.list.n; i++)
        try_name(w, s, (struct name){.x = x, .clue = &clues.list.v[i]}, rest);
}

static void read_subjects(void *ctx, size_t item, unsigned worker)
{
    struct reading *rd = ctx;
    struct worker *w = &rd->workers[worker];
    for (size_t i = item * BATCH; i < (item + 1) * BATCH && i < rd->n; i++) {
        struct subject *s = w->b.m->v[i];
        for (size_t k = 0; k < s->exhibits.n; k++) {
            const struct exhibit *x = &s->exhibits.v[k];
            const struct paths *paths = map_get(&rd->kinds, str_from(x->kind));
            if (x->node && paths)
                read_exhibit(w, s, x, paths, &rd->of[i]);
        }
        arena_rewind(w->b.a);
    }
}

/* A Glue database lies in the catalog of its account and region. */
static void link_catalog(struct build *b, struct subject *s)
{
    if (!subject_is(s, "database") || !s->account.n || !s->region.n)
        return;
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

void build_links(struct build *b)
{
    struct arena *own = arena_new();
    struct reading rd = {.b = b, .n = b->m->n, .kinds = read_rows(own, false)};
    build_brokers(b);
    rd.of = ARENA_ARRAY(own, struct rest, rd.n);
    rd.workers = ARENA_ARRAY(own, struct worker, b->threads);
    for (unsigned i = 0; i < b->threads; i++) {
        struct build *early = &rd.workers[i].b;
        *early = *b;
        early->early = true;
        early->a = arena_new();
        early->keep = arena_new();
        rd.workers[i].scratch = arena_new();
        arena_adopt(own, early->a);
        arena_adopt(b->a, early->keep);
        arena_adopt(own, rd.workers[i].scratch);
    }
    threads_for((rd.n + BATCH - 1) / BATCH, b->threads, read_subjects, &rd);
    /* The list grows: what is named is a subject too, but has nothing that names more,
     * except a database, which lies in a catalog. */
    for (size_t i = 0; i < b->m->n; i++) {
        struct subject *s = b->m->v[i];
        const struct rest *rest = i < rd.n ? &rd.of[i] : NULL;
        for (size_t k = 0; rest && k < rest->open.n; k++)
            settle_name(b, s, &rest->open.v[k]);
        link_catalog(b, s);
    }
    arena_free(own);
}

const struct link *subject_link(const struct subject *s, const char *name)
{
    for (size_t i = 0; i < s->links.n; i++)
        if (str_is(s->links.v[i].name, name)) {
            if (s->links.v[i].doc)
                reads_note(s->links.v[i].doc);
            return &s->links.v[i];
        }
    return NULL;
}
