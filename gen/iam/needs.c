/* What an application needs. */
#include "iam/needs.h"

const char *need_kind_name(enum need_kind kind)
{
    static const char *const names[NEED_KINDS] = {
        "code object",
        "code object version",
        "log stream",
        "VPC",
        "network",
        "stream source",
        "stream fan-out",
        "stream sink",
        "stream",
        "delivery source",
        "delivery sink",
        "bucket source",
        "bucket sink",
        "bucket",
        "object",
        "MSK cluster",
        "MSK source",
        "MSK sink",
        "MSK broker look-up",
        "table sink",
        "table stream",
        "table",
        "queue sink",
        "topic sink",
        "secret",
        "role",
        "function",
        "Glue database",
        "Prometheus",
        "OpenSearch",
        "key",
        "seen in use",
    };
    return names[kind];
}

#define FLINK "Managed Service for Apache Flink Developer Guide"
#define SQLG "Kinesis Data Analytics for SQL Developer Guide"

/* In resource: {} the target's ARN, {group} its log group, {bucket} its bucket,
 * {objects} its objects, {name:TYPE} the cluster's path with another type, {glue:TYPE}.
 */
/* clang-format off */
static const struct need_rule {
    enum need_kind kind;
    bool must;
    const char *actions, *resource, *source;
} rules[] = {
    {NEED_CODE,         true,  "s3:GetObject", "{}", FLINK},
    {NEED_CODE_VERSION, true,  "s3:GetObject s3:GetObjectVersion", "{}", FLINK},
    {NEED_LOG_STREAM,   true,  "logs:DescribeLogGroups", "{log-groups}", FLINK},
    {NEED_LOG_STREAM,   true,  "logs:DescribeLogStreams", "{group}:log-stream:*", FLINK},
    {NEED_LOG_STREAM,   true,  "logs:PutLogEvents", "{}", FLINK},
    {NEED_VPC,          true,  "ec2:DescribeVpcs ec2:DescribeSubnets ec2:DescribeSecurityGroups "
                               "ec2:DescribeDhcpOptions ec2:DescribeNetworkInterfaces", "*", FLINK},
    {NEED_VPC,          true,  "ec2:CreateNetworkInterface ec2:CreateNetworkInterfacePermission "
                               "ec2:DeleteNetworkInterface", "{ec2:network-interface}", FLINK},
    {NEED_NETWORK,      true,  "ec2:CreateNetworkInterface", "{}", FLINK},

    {NEED_STREAM_SOURCE, true, "kinesis:ListShards kinesis:GetShardIterator kinesis:GetRecords", "{}", FLINK},
    {NEED_STREAM_SOURCE, false, "kinesis:DescribeStream kinesis:DescribeStreamSummary", "{}", FLINK},
    {NEED_STREAM_FANOUT, true, "kinesis:ListShards", "{}", FLINK},
    {NEED_STREAM_FANOUT, false, "kinesis:DescribeStream kinesis:DescribeStreamSummary "
                               "kinesis:GetShardIterator kinesis:GetRecords "
                               "kinesis:RegisterStreamConsumer kinesis:ListStreamConsumers "
                               "kinesis:DeregisterStreamConsumer", "{}", FLINK},
    {NEED_STREAM_FANOUT, true, "kinesis:DescribeStreamConsumer kinesis:SubscribeToShard", "{}/consumer/*", FLINK},
    {NEED_STREAM_FANOUT, false, "kinesis:DeregisterStreamConsumer", "{}/consumer/*", FLINK},
    {NEED_STREAM_SINK,  true,  "kinesis:PutRecords", "{}", FLINK},
    {NEED_STREAM_SINK,  false, "kinesis:PutRecord kinesis:DescribeStream kinesis:DescribeStreamSummary kinesis:ListShards", "{}", FLINK},
    {NEED_STREAM,       false, "kinesis:DescribeStream kinesis:DescribeStreamSummary kinesis:ListShards "
                               "kinesis:GetShardIterator kinesis:GetRecords kinesis:PutRecord "
                               "kinesis:PutRecords kinesis:RegisterStreamConsumer "
                               "kinesis:ListStreamConsumers kinesis:DeregisterStreamConsumer", "{}", FLINK},
    {NEED_STREAM,       false, "kinesis:DescribeStreamConsumer kinesis:SubscribeToShard "
                               "kinesis:DeregisterStreamConsumer", "{}/consumer/*", FLINK},

    {NEED_FIREHOSE_SOURCE, true, "firehose:DescribeDeliveryStream firehose:Get*", "{}", SQLG},
    {NEED_FIREHOSE_SINK, true, "firehose:PutRecordBatch", "{}", FLINK},
    {NEED_FIREHOSE_SINK, false, "firehose:PutRecord firehose:DescribeDeliveryStream", "{}", FLINK},

    {NEED_BUCKET_SOURCE, true, "s3:GetObject", "{objects}", FLINK},
    {NEED_BUCKET_SOURCE, true, "s3:ListBucket", "{bucket}", FLINK},
    {NEED_BUCKET_SINK,  true,  "s3:PutObject", "{objects}", FLINK},
    {NEED_BUCKET_SINK,  false, "s3:GetObject s3:AbortMultipartUpload s3:ListMultipartUploadParts", "{objects}", FLINK},
    {NEED_BUCKET_SINK,  false, "s3:ListBucket s3:ListBucketMultipartUploads", "{bucket}", FLINK},
    {NEED_BUCKET,       false, "s3:GetObject s3:PutObject s3:DeleteObject s3:AbortMultipartUpload "
                               "s3:ListMultipartUploadParts", "{objects}", FLINK},
    {NEED_BUCKET,       false, "s3:ListBucket s3:ListBucketMultipartUploads s3:GetBucketLocation", "{bucket}", FLINK},
    {NEED_OBJECT,       true,  "s3:GetObject", "{}", SQLG},

    {NEED_MSK,          false, "kafka-cluster:Connect kafka-cluster:DescribeCluster "
                               "kafka-cluster:DescribeClusterDynamicConfiguration "
                               "kafka-cluster:WriteDataIdempotently", "{}", "MSK Developer Guide, IAM access control"},
    {NEED_MSK,          false, "kafka-cluster:DescribeTopic kafka-cluster:ReadData kafka-cluster:WriteData "
                               "kafka-cluster:DescribeTopicDynamicConfiguration", "{name:topic}", "MSK Developer Guide, IAM access control"},
    {NEED_MSK,          false, "kafka-cluster:DescribeGroup kafka-cluster:AlterGroup", "{name:group}", "MSK Developer Guide, IAM access control"},
    {NEED_MSK,          false, "kafka-cluster:DescribeTransactionalId kafka-cluster:AlterTransactionalId", "{name:transactional-id}", "MSK Developer Guide, IAM access control"},
    {NEED_MSK_SOURCE,   true,  "kafka-cluster:Connect", "{}", "MSK Developer Guide, IAM access control"},
    {NEED_MSK_SOURCE,   false, "kafka-cluster:DescribeCluster", "{}", "MSK Developer Guide, IAM access control"},
    {NEED_MSK_SOURCE,   true,  "kafka-cluster:DescribeTopic kafka-cluster:ReadData", "{name:topic}", "MSK Developer Guide, IAM access control"},
    {NEED_MSK_SOURCE,   true,  "kafka-cluster:DescribeGroup kafka-cluster:AlterGroup", "{name:group}", "MSK Developer Guide, IAM access control"},
    {NEED_MSK_SINK,     true,  "kafka-cluster:Connect", "{}", "MSK Developer Guide, IAM access control"},
    {NEED_MSK_SINK,     false, "kafka-cluster:DescribeCluster kafka-cluster:WriteDataIdempotently", "{}", "MSK Developer Guide, IAM access control"},
    {NEED_MSK_SINK,     true,  "kafka-cluster:DescribeTopic kafka-cluster:WriteData", "{name:topic}", "MSK Developer Guide, IAM access control"},
    {NEED_MSK_SINK,     false, "kafka-cluster:DescribeTransactionalId kafka-cluster:AlterTransactionalId", "{name:transactional-id}", "MSK Developer Guide, IAM access control"},
    {NEED_MSK_LOOKUP,   true,  "kafka:GetBootstrapBrokers", "*", "MSK Developer Guide"},
    {NEED_MSK_LOOKUP,   false, "kafka:DescribeCluster kafka:DescribeClusterV2", "{}", "MSK Developer Guide"},

    {NEED_TABLE_SINK,   true,  "dynamodb:BatchWriteItem", "{}", "Apache Flink DynamoDB connector"},
    {NEED_TABLE_SINK,   false, "dynamodb:PutItem dynamodb:UpdateItem dynamodb:DescribeTable", "{}", "Apache Flink DynamoDB connector"},
    {NEED_TABLE_STREAM, true,  "dynamodb:DescribeStream dynamodb:GetShardIterator dynamodb:GetRecords", "{}/stream/*", "DynamoDB Developer Guide, Streams"},
    {NEED_TABLE_STREAM, false, "dynamodb:ListStreams", "*", "DynamoDB Developer Guide, Streams"},
    {NEED_TABLE,        false, "dynamodb:BatchWriteItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:GetItem "
                               "dynamodb:BatchGetItem dynamodb:Query dynamodb:DescribeTable", "{}", "DynamoDB Developer Guide"},
    {NEED_QUEUE_SINK,   true,  "sqs:SendMessage", "{}", "Apache Flink SQS connector"},
    {NEED_QUEUE_SINK,   false, "sqs:GetQueueUrl sqs:GetQueueAttributes", "{}", "Apache Flink SQS connector"},
    {NEED_TOPIC_SINK,   true,  "sns:Publish", "{}", "SNS Developer Guide"},
    {NEED_SECRET,       true,  "secretsmanager:GetSecretValue", "{secret}", "Secrets Manager User Guide"},
    {NEED_SECRET,       false, "secretsmanager:DescribeSecret", "{secret}", "Secrets Manager User Guide"},
    {NEED_ROLE,         true,  "sts:AssumeRole", "{}", FLINK},
    {NEED_LAMBDA,       true,  "lambda:InvokeFunction", "{}", SQLG},
    {NEED_LAMBDA,       false, "lambda:GetFunctionConfiguration", "{}", SQLG},
    {NEED_CATALOG,      true,  "glue:GetDatabase glue:GetDatabases", "{glue:catalog}", FLINK},
    {NEED_CATALOG,      true,  "glue:GetDatabase glue:GetDatabases glue:GetTable glue:GetTables", "{}", FLINK},
    {NEED_CATALOG,      true,  "glue:GetTable glue:GetTables", "{glue:table}", FLINK},
    {NEED_CATALOG,      true,  "glue:GetTable glue:GetTables", "{glue:catalog}", FLINK},
    {NEED_CATALOG,      false, "glue:CreateTable glue:UpdateTable glue:GetPartitions glue:GetUserDefinedFunction", "{}", FLINK},
    {NEED_CATALOG,      false, "glue:CreateTable glue:UpdateTable glue:GetPartitions", "{glue:table}", FLINK},
    {NEED_CATALOG,      false, "glue:GetConnection glue:CreateTable glue:UpdateTable glue:GetPartitions "
                               "glue:GetUserDefinedFunction", "{glue:catalog}", FLINK},
    {NEED_CATALOG,      false, "glue:GetConnection", "{glue:connection}", FLINK},
    {NEED_CATALOG,      false, "glue:GetUserDefinedFunction", "{glue:userDefinedFunction}", FLINK},
    {NEED_PROMETHEUS,   true,  "aps:RemoteWrite", "{}", "Amazon Managed Service for Prometheus User Guide"},
    {NEED_OPENSEARCH,   false, "es:ESHttpPost es:ESHttpPut es:ESHttpGet es:ESHttpHead", "{}/*", "OpenSearch Service Developer Guide"},
    {NEED_KEY,          false, "kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey", "{}", "KMS Developer Guide"},
};

/* What the guides' and the console's own policies grant beyond the need: no finding. */
static const struct {
    enum need_kind kind;
    const char *actions, *resource;
} tolerated[] = {
    {NEED_CODE,       "s3:GetObjectVersion",     "{}"},
    {NEED_LOG_STREAM, "logs:DescribeLogStreams", "{group}:*"},
    {NEED_SECRET,     "secretsmanager:GetSecretValue secretsmanager:DescribeSecret", "{any-secret}"},
    {NEED_LAMBDA,     "lambda:InvokeFunction lambda:GetFunctionConfiguration", "{}:*"},
    {NEED_CATALOG,    "glue:GetDatabases", "*"},
    {NEED_CATALOG,    "glue:GetDatabase glue:GetDatabases glue:GetTable glue:GetTables glue:CreateTable "
                      "glue:UpdateTable glue:GetPartitions glue:GetUserDefinedFunction", "{glue:database/hive}"},
    {NEED_VPC,        "ec2:CreateNetworkInterface ec2:CreateNetworkInterfacePermission "
                      "ec2:DeleteNetworkInterface", "*"},
};

/* Customer keys: which right through which service. */
static const struct {
    enum need_kind kind;
    const char *actions, *service;
} keys[] = {
    {NEED_CODE,          "kms:Decrypt", "s3"},
    {NEED_CODE_VERSION,  "kms:Decrypt", "s3"},
    {NEED_OBJECT,        "kms:Decrypt", "s3"},
    {NEED_STREAM_SOURCE, "kms:Decrypt", "kinesis"},
    {NEED_STREAM_FANOUT, "kms:Decrypt", "kinesis"},
    {NEED_STREAM_SINK,   "kms:GenerateDataKey", "kinesis"},
    {NEED_STREAM,        "kms:Decrypt kms:GenerateDataKey", "kinesis"},
    {NEED_BUCKET_SOURCE, "kms:Decrypt", "s3"},
    {NEED_BUCKET_SINK,   "kms:GenerateDataKey kms:Decrypt", "s3"},
    {NEED_BUCKET,        "kms:Decrypt kms:GenerateDataKey", "s3"},
    {NEED_TABLE_SINK,    "kms:Decrypt", "dynamodb"},
    {NEED_TABLE_STREAM,  "kms:Decrypt", "dynamodb"},
    {NEED_TABLE,         "kms:Decrypt", "dynamodb"},
    {NEED_QUEUE_SINK,    "kms:GenerateDataKey kms:Decrypt", "sqs"},
    {NEED_TOPIC_SINK,    "kms:GenerateDataKey kms:Decrypt", "sns"},
    {NEED_SECRET,        "kms:Decrypt", "secretsmanager"},
};
/* clang-format on */

struct work {
    struct iam *x;
    struct needs *out;
    size_t known; /* needs at the start of out that stand apart from what is added */
    const struct arn_pattern *star;
    const struct arn_pattern *last; /* what was asked for last: often the next as well */
    struct arn app;
    const struct need_target *target;
};

static struct str with(struct work *w, struct str arn, const char *tail)
{
    return str_ends(arn, STR("*")) ? arn : STR_CAT(w->x->a, arn, str_from(tail));
}

/* The part of an S3 ARN up to the bucket. */
static struct str bucket_of(struct str arn)
{
    size_t at = str_find_char(arn, '/');
    return str_sub(arn, 0, at == (size_t)-1 ? arn.n : at);
}

static struct str objects_of(struct work *w, struct str arn)
{
    if (str_find_char(arn, '/') == (size_t)-1)
        return with(w, arn, "/*");
    return with(w, arn, str_ends(arn, STR("/")) ? "*" : "/*");
}

/* arn:P:kafka:R:A:cluster/NAME/UUID with another type behind it. */
static struct str of_cluster(struct work *w, struct str arn, struct str type)
{
    struct arn c;
    struct str path;
    if (!arn_split(arn, &c) || !str_cut(c.part[ARN_RESOURCE], '/', NULL, &path))
        return arn;
    return str_fmt(w->x->a, "arn:%.*s:kafka:%.*s:%.*s:%.*s/%.*s/*",
                   STR_ARG(c.part[ARN_PARTITION]), STR_ARG(c.part[ARN_REGION]),
                   STR_ARG(c.part[ARN_ACCOUNT]), STR_ARG(type), STR_ARG(path));
}

static struct str of_glue(struct work *w, struct str arn, struct str type)
{
    struct arn c;
    struct str name;
    if (!arn_split(arn, &c) || !str_cut(c.part[ARN_RESOURCE], '/', NULL, &name))
        return arn;
    struct str base =
        str_fmt(w->x->a, "arn:%.*s:glue:%.*s:%.*s:%.*s", STR_ARG(c.part[ARN_PARTITION]),
                STR_ARG(c.part[ARN_REGION]), STR_ARG(c.part[ARN_ACCOUNT]), STR_ARG(type));
    if (str_eq(type, STR("catalog")) || str_starts(type, STR("database/")))
        return base;
    if (str_eq(type, STR("connection")))
        return with(w, base, "/*");
    return str_fmt(w->x->a, "%.*s/%.*s/*", STR_ARG(base), STR_ARG(name));
}

static struct str log_group_of(struct str arn)
{
    size_t at = str_find(arn, STR(":log-stream:"));
    return at == (size_t)-1 ? arn : str_sub(arn, 0, at);
}

/* Secrets end in - and six random characters, which configuration often leaves out.
 * any: whatever they are, as AWS's guide writes policies. */
static struct str secret_of(struct work *w, struct str arn, bool any)
{
    size_t n = arn.n;
    bool full = n > 7 && arn.p[n - 7] == '-';
    for (size_t i = full ? n - 6 : n; i < n; i++) {
        char c = arn.p[i];
        full = full && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9'));
    }
    if (any && full)
        arn.n -= 7;
    return full && !any ? arn : with(w, arn, "-??????");
}

static struct str place_of(struct work *w, struct str like)
{
    struct str arn = w->target->arn, P = w->app.part[ARN_PARTITION];
    struct str R = w->app.part[ARN_REGION], A = w->app.part[ARN_ACCOUNT];
    if (str_eq(like, STR("{}")))
        return arn; /* most are */
    if (str_eq(like, STR("{log-groups}")))
        return STR_CAT(w->x->a, STR("arn:"), P, STR(":logs:"), R, STR(":"), A,
                       STR(":log-group:*"));
    if (str_starts(like, STR("{ec2:")))
        return STR_CAT(w->x->a, STR("arn:"), P, STR(":ec2:"), R, STR(":"), A, STR(":"),
                       str_sub(like, 5, like.n - 1), STR("/*"));
    if (str_eq(like, STR("{objects}")))
        return objects_of(w, arn);
    if (str_eq(like, STR("{bucket}")))
        return bucket_of(arn);
    if (str_eq(like, STR("{secret}")) || str_eq(like, STR("{any-secret}")))
        return secret_of(w, arn, like.n > 8);
    if (str_starts(like, STR("{name:")))
        return of_cluster(w, arn, str_sub(like, 6, like.n - 1));
    if (str_starts(like, STR("{glue:")))
        return of_glue(w, arn, str_sub(like, 6, like.n - 1));
    if (str_starts(like, STR("{group}")))
        return STR_CAT(w->x->a, log_group_of(arn), str_sub(like, 7, like.n));
    if (str_starts(like, STR("{}")))
        return STR_CAT(w->x->a, arn, str_sub(like, 2, like.n));
    return like;
}

/* One action that rules name, as the context knows it. */
struct word {
    struct str action;
    const struct action *act; /* NULL: not in the table */
    bool star_only;
};

/* A row of one of the tables, read. */
struct ask {
    VEC(struct word) words; /* actions; of patterns, those that they stand for */
    struct str resource, service;
    bool must;
    const char *source;
};

/* What targets of one kind ask for: its rows of rules, of tolerated, of keys. */
struct asks {
    VEC(struct ask) rules, tolerated, keys;
};

static struct word read_word(struct iam *x, struct str text)
{
    const struct action *act = iam_action(x, text);
    return (struct word){.action = act ? action_text(x->cache->a, act) : text,
                         .act = act,
                         .star_only = act && action_star_only(act)};
}

static struct ask read_ask(struct iam *x, const char *actions, const char *resource,
                           const char *source)
{
    struct arena *a = x->cache->a;
    struct ask out = {.resource = str_from(resource), .source = source};
    struct str list = str_from(actions), word;
    while (list.n) {
        str_cut(list, ' ', &word, &list);
        if (str_find_char(word, '*') == (size_t)-1) {
            *vec_push(a, &out.words) = read_word(x, word);
            continue;
        }
        const struct action_set *s = iam_actions(x, word);
        for (uint32_t r = action_set_next(s, 0); r != UINT32_MAX;
             r = action_set_next(s, r + 1))
            *vec_push(a, &out.words) =
                read_word(x, action_text(a, actions_get(x->table, r)));
    }
    return out;
}

static struct asks *read_asks(struct iam *x, enum need_kind kind)
{
    struct arena *a = x->cache->a;
    struct asks *out = ARENA_NEW(a, struct asks);
    struct ask *ask;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].kind == kind) {
            ask = vec_push(a, &out->rules);
            *ask = read_ask(x, rules[i].actions, rules[i].resource, rules[i].source);
            ask->must = rules[i].must;
        }
    for (size_t i = 0; i < sizeof tolerated / sizeof *tolerated; i++)
        if (tolerated[i].kind == kind) {
            ask = vec_push(a, &out->tolerated);
            *ask = read_ask(x, tolerated[i].actions, tolerated[i].resource, FLINK);
        }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].kind == kind) {
            ask = vec_push(a, &out->keys);
            *ask =
                read_ask(x, keys[i].actions, "", "KMS Developer Guide, kms:ViaService");
            ask->service = str_from(keys[i].service);
        }
    return out;
}

/* The tables never change: what a kind asks for is read once per context. */
static const struct asks *asks_of(struct iam *x, enum need_kind kind)
{
    if (!x->cache->asks)
        x->cache->asks = ARENA_ARRAY(x->cache->a, const struct asks *, NEED_KINDS);
    if (!x->cache->asks[kind])
        x->cache->asks[kind] = read_asks(x, kind);
    return x->cache->asks[kind];
}

/* The need that says the same already; NULL. */
static struct need *find(struct work *w, const struct word *word,
                         const struct arn_pattern *r, struct str via)
{
    uint32_t row = word->act ? word->act->row : ACTION_NONE;
    for (uint32_t i = w->out->first[row % NEED_SLOTS]; i > w->known;
         i = w->out->v[i - 1].next) {
        struct need *n = &w->out->v[i - 1];
        if (n->row == row && n->r == r && str_eq(n->via, via) &&
            (row != ACTION_NONE || str_eq(n->action, word->action)))
            return n;
    }
    return NULL;
}

static void append(struct work *w, struct need need)
{
    struct needs *out = w->out;
    uint32_t *slot = &out->first[need.row % NEED_SLOTS];
    need.next = *slot;
    *vec_push(w->x->a, out) = need;
    *slot = (uint32_t)out->n;
}

static void add(struct work *w, const struct word *word, const struct arn_pattern *r,
                bool must, struct str via, const char *source)
{
    if (word->star_only)
        r = w->star;
    struct need *old = find(w, word, r, via);
    if (old) {
        old->tolerated = false; /* asked for by another target */
        old->must = old->must || (must && !w->target->loose);
        if (w->target->grade < old->grade) {
            old->grade = w->target->grade;
            old->target = w->target;
        }
        return;
    }
    append(w, (struct need){.action = word->action,
                            .row = word->act ? word->act->row : ACTION_NONE,
                            .r = r,
                            .resource = r->text,
                            .star_only = word->act ? word->star_only : r == w->star,
                            .must = must && !w->target->loose,
                            .via = via,
                            .grade = w->target->grade,
                            .target = w->target,
                            .source = source});
}

static void add_words(struct work *w, const struct ask *ask, struct str resource,
                      bool must, struct str via)
{
    if (!w->last || !str_eq(w->last->text, resource))
        w->last = iam_arn(w->x, resource, ARN_IN_IDENTITY, false);
    const struct arn_pattern *r = w->last;
    for (size_t i = 0; i < ask->words.n; i++)
        add(w, &ask->words.v[i], r, must, via, ask->source);
}

static struct work start(struct iam *x)
{
    enum { MOSTLY = 80 };
    struct needs *out = ARENA_NEW(x->a, struct needs);
    out->v = ARENA_ARRAY(x->a, struct need, MOSTLY);
    out->cap = MOSTLY;
    return (struct work){
        .x = x, .out = out, .star = iam_arn(x, STR("*"), ARN_IN_IDENTITY, false)};
}

/* What the key of a target is needed for. */
static void add_key(struct work *w, const struct need_target *t, const struct asks *asks)
{
    struct str region = arn_part(t->arn, ARN_REGION);
    if (!region.n)
        region = w->app.part[ARN_REGION];
    bool must = t->kind != NEED_STREAM && t->kind != NEED_BUCKET && !t->kms_loose &&
                !t->kms_unknown;
    size_t before = w->out->n;
    for (size_t i = 0; i < asks->keys.n; i++)
        add_words(w, &asks->keys.v[i], t->kms_key, must,
                  STR_CAT(w->x->a, asks->keys.v[i].service, STR("."), region,
                          STR(".amazonaws.com")));
    for (size_t i = before; t->kms_unknown && i < w->out->n; i++)
        w->out->v[i].tolerated = true;
}

static void add_target(struct work *w, const struct need_target *t)
{
    const struct asks *asks = asks_of(w->x, t->kind);
    w->target = t;
    for (size_t i = 0; i < asks->rules.n; i++) {
        const struct ask *ask = &asks->rules.v[i];
        add_words(w, ask, place_of(w, ask->resource), ask->must, STR(""));
    }
    size_t before = w->out->n;
    for (size_t i = 0; i < asks->tolerated.n; i++) {
        const struct ask *ask = &asks->tolerated.v[i];
        add_words(w, ask, place_of(w, ask->resource), false, STR(""));
    }
    for (size_t i = before; i < w->out->n; i++)
        w->out->v[i].tolerated = true;
    if (t->kms_key.n)
        add_key(w, t, asks);
}

/* All is in: sum it up. */
static struct needs *finish(struct work *w)
{
    struct needs *out = w->out;
    uint32_t *rows = ARENA_ARRAY(w->x->a, uint32_t, out->n);
    size_t n = 0;
    for (size_t i = 0; i < out->n; i++)
        if (out->v[i].row != ACTION_NONE)
            rows[n++] = out->v[i].row;
    out->actions = action_set_of(w->x->a, rows, n);
    return out;
}

struct needs *needs_of_all(struct iam *x, const struct need_app *apps, size_t n)
{
    struct work w = start(x);
    struct needs *out = w.out;
    out->accounted = n > 0;
    for (size_t i = 0; i < n; i++) {
        arn_split(apps[i].arn, &w.app);
        out->accounted = out->accounted && apps[i].properties_known;
        for (size_t k = 0; k < apps[i].ntargets; k++)
            add_target(&w, &apps[i].targets[k]);
    }
    return finish(&w);
}

struct needs *needs_of(struct iam *x, const struct need_app *app)
{
    return needs_of_all(x, app, 1);
}

struct needs *needs_with_used(struct iam *x, const struct needs *needs,
                              const struct need_used *used, size_t n)
{
    static const struct need_target seen = {
        .kind = NEED_USE, .grade = NEED_INDICATED, .why = {"CloudTrail", 10}};
    struct work w = start(x);
    struct needs *out = w.out;
    w.target = &seen;
    out->accounted = needs->accounted;
    for (size_t i = 0; i < needs->n; i++)
        append(&w, needs->v[i]);
    w.known = out->n;
    for (size_t i = 0; i < n; i++) {
        const struct word word = read_word(x, used[i].action);
        struct str resource = used[i].resource.n ? used[i].resource : STR("*");
        add(&w, &word, iam_arn(x, resource, ARN_IN_IDENTITY, false), false, STR(""),
            "CloudTrail User Guide");
    }
    return finish(&w);
}

enum rule_reach need_covered(const struct need *need, const struct grant *g)
{
    if (need->row == ACTION_NONE ? !action_set_has_other(&g->actions, need->action)
                                 : !action_set_has(&g->actions, need->row))
        return RULE_NONE;
    if (need->star_only && need->r->any)
        return g->r->any && !g->negated ? RULE_WHOLE : RULE_SOME;
    /* The guide says * where narrower is possible: what was narrowed by hand is trusted.
     */
    if (need->r->any)
        return RULE_WHOLE;
    return grant_reach(g, need->r);
}

/* Where the guides disagree on the resource, a grant on either suffices. */
static bool covered_elsewhere(const struct needs *needs, const struct need *need,
                              const struct effective *e)
{
    bool either = str_eq(need->action, STR("kinesis:DeregisterStreamConsumer")) ||
                  str_starts(need->action, STR("lambda:"));
    bool groups = str_eq(need->action, STR("logs:DescribeLogGroups")) ||
                  str_eq(need->action, STR("logs:DescribeLogStreams"));
    for (size_t i = 0; (either || groups) && i < needs->n; i++) {
        const struct need *other = &needs->v[i];
        size_t from = 0;
        enum rule_reach reach;
        if (other->row == need->row &&
            effective_on(e, need->row, other->r, &from, &reach) &&
            (groups || reach == RULE_WHOLE))
            return true;
    }
    return false;
}

/* A pattern stands for one resource that is not known better. */
static bool is_pattern(const struct need *need)
{
    return str_find_char(need->resource, '*') != (size_t)-1 ||
           str_find_char(need->resource, '?') != (size_t)-1;
}

bool needs_met(const struct need *need, const struct effective *e)
{
    for (size_t i = 0; i < e->n; i++) {
        if (need->row != ACTION_NONE && !action_set_has(&e->v[i].actions, need->row))
            continue; /* nearly all */
        enum rule_reach reach = need_covered(need, &e->v[i]);
        bool part = reach == RULE_SOME && !need->star_only &&
                    (is_pattern(need) || e->v[i].rule->variables);
        if (reach == RULE_WHOLE || part)
            return true;
    }
    return false;
}

bool need_missing(const struct needs *needs, const struct need *need,
                  const struct effective *e)
{
    return !needs_met(need, e) && !covered_elsewhere(needs, need, e);
}
