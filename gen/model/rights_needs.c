/* What one application asks of its roles: the targets that its configuration, properties
 * and inline code name. Managed Service for Apache Flink Developer Guide: IAM, VPC,
 * Studio; Kinesis Data Analytics for SQL Developer Guide: IAM. */
#include "model/rights.h"

#include "base/buf.h"

#include <string.h>

#define DESCRIBE "kinesisanalytics:DescribeApplication"
#define CONF "ApplicationConfigurationDescription"
#define AT_CONF "/ApplicationDetail/" CONF

/* One application, looked at for one role. */
struct work {
    const struct fact *f;
    const struct subject *app;
    const struct document *doc;
    struct str execution; /* ARN of the execution role */
    struct str role;      /* whose part is wanted */
    VEC(struct need_target) out;
    size_t reads, writes, both; /* resources of the properties, by use */
    struct {
        const struct document *doc;
        struct str pointer;
        const struct json *node;
    } above; /* what the last link stands in */
};

static struct str member(const struct json *n, const char *key)
{
    return json_str(json_get(n, str_from(key)));
}

/* Add a target that is asked of role (empty: the execution role). */
static struct need_target *add(struct work *w, enum need_kind kind, enum need_grade grade,
                               struct str role, struct str arn)
{
    if (!str_eq(role.n ? role : w->execution, w->role) || (!arn.n && kind != NEED_VPC))
        return NULL;
    struct need_target *t = vec_push(w->f->scratch, &w->out);
    *t = (struct need_target){.kind = kind, .grade = grade, .arn = arn};
    t->at.text = &w->doc->text;
    return t;
}

static void place(struct need_target *t, struct str why, const struct json *n,
                  struct str pointer)
{
    t->why = why;
    t->at.pos = json_pos(n);
    t->pointer = pointer;
}

/* What says how a resource is encrypted; types whose key is not the role's business have
 * no row. */
static const struct key_row {
    const char *type, *kind;
} key_rows[] = {
    /* clang-format off */
    {"bucket", "s3:GetBucketEncryption"},
    {"queue",  "sqs:GetQueueAttributes"},
    {"secret", "secretsmanager:DescribeSecret"},
    {"stream", "kinesis:DescribeStreamSummary"},
    {"stream", "kinesis:DescribeStream"},
    {"table",  "dynamodb:DescribeTable"},
    {"topic",  "sns:GetTopicAttributes"},
    /* clang-format on */
};

const char *rights_key_kind(const struct subject *s)
{
    const char *kind = NULL;
    for (size_t i = 0; i < sizeof key_rows / sizeof *key_rows; i++) {
        if (strcmp(s->type, key_rows[i].type) != 0)
            continue;
        const struct exhibit *x = subject_exhibit(s, key_rows[i].kind);
        if (x && document_answers(x->doc))
            return NULL;
        kind = kind ? kind : key_rows[i].kind;
    }
    return kind;
}

/* Any key of a resource's place. */
static struct str any_key(struct work *w, const struct subject *s)
{
    struct str star = STR("*");
    return STR_CAT(w->f->scratch, STR("arn:"), w->app->partition, STR(":kms:"),
                   region_is(s->region) ? s->region : star, STR(":"),
                   s->account.n ? s->account : star, STR(":key/*"));
}

/* The customer key of a resource, if it has one. An alias that evidence does not resolve
 * may be any key of its place. */
static void key_of(struct work *w, const struct subject *s, struct need_target *t)
{
    const struct link *l = s && t ? subject_link(s, "key") : NULL;
    if (s && t && !l && rights_key_kind(s)) {
        t->kms_unknown = true;
        t->kms_key = any_key(w, s);
    }
    if (!l || str_starts(l->to->name, STR("alias/aws/")) ||
        map_get(&w->f->m->aws_keys, l->to->arn))
        return;
    struct str manager = json_str(json_dig(subject_answer(l->to, "kms:DescribeKey"),
                                           "KeyMetadata", "KeyManager", NULL));
    if (str_eq(manager, STR("AWS")))
        return;
    t->kms_key = l->to->arn;
    t->kms_loose = !manager.n;
    if (str_starts(l->to->name, STR("alias/")))
        t->kms_key = any_key(w, l->to);
}

static const struct subject *named(const struct work *w, struct str arn)
{
    return arn.n ? map_get(&w->f->m->by_arn, arn) : NULL;
}

/* An object in S3: {BucketARN, FileKey, ObjectVersion}. */
static void object(struct work *w, const struct json *n, struct str role, const char *why,
                   bool code, const char *pointer)
{
    struct str bucket = member(n, "BucketARN"), key = member(n, "FileKey");
    if (!bucket.n)
        return;
    struct str arn =
        key.n ? str_fmt(w->f->scratch, "%.*s/%.*s", STR_ARG(bucket), STR_ARG(key))
              : str_fmt(w->f->scratch, "%.*s/*", STR_ARG(bucket));
    enum need_kind kind = !code                          ? NEED_OBJECT
                          : member(n, "ObjectVersion").n ? NEED_CODE_VERSION
                                                         : NEED_CODE;
    struct need_target *t = add(w, kind, NEED_CERTAIN, role, arn);
    if (!t)
        return;
    place(t, str_from(why), n, str_from(pointer));
    key_of(w, named(w, bucket), t);
}

static void code(struct work *w, const struct json *conf)
{
    object(w,
           json_dig(conf, "ApplicationCodeConfigurationDescription",
                    "CodeContentDescription", "S3ApplicationCodeLocationDescription",
                    NULL),
           STR(""), "application code", true,
           AT_CONF "/ApplicationCodeConfigurationDescription/CodeContentDescription/"
                   "S3ApplicationCodeLocationDescription");
}

static void logs(struct work *w, const struct json *detail)
{
    size_t i = 0;
    for (const struct json *n =
             json_first(json_get(detail, STR("CloudWatchLoggingOptionDescriptions")));
         n; n = json_next(n), i++) {
        struct need_target *t = add(w, NEED_LOG_STREAM, NEED_CERTAIN,
                                    member(n, "RoleARN"), member(n, "LogStreamARN"));
        if (t)
            place(t, STR("CloudWatch logging option"), json_get(n, STR("LogStreamARN")),
                  STR_CAT(w->f->scratch,
                          STR("/ApplicationDetail/CloudWatchLoggingOptionDescriptions/"),
                          str_uint(w->f->scratch, i), STR("/LogStreamARN")));
    }
}

static void network(struct work *w, const struct json *conf)
{
    const struct json *n =
        json_first(json_get(conf, STR("VpcConfigurationDescriptions")));
    struct need_target *t = n ? add(w, NEED_VPC, NEED_CERTAIN, STR(""), STR("")) : NULL;
    if (t)
        place(t, STR("VPC configuration"), n,
              STR(AT_CONF "/VpcConfigurationDescriptions/0"));
    const struct link *vpc = subject_link(w->app, "vpc");
    const struct subject *owner = vpc ? vpc->to : w->app;
    static const struct {
        const char *list, *type;
    } parts[] = {{"SubnetIds", "subnet"}, {"SecurityGroupIds", "security-group"}};
    for (size_t i = 0; t && i < 2; i++) {
        size_t k = 0;
        for (const struct json *id = json_first(json_get(n, str_from(parts[i].list))); id;
             id = json_next(id), k++) {
            struct str arn =
                STR_CAT(w->f->scratch, STR("arn:"), w->app->partition, STR(":ec2:"),
                        w->app->region, STR(":"), owner->account, STR(":"),
                        str_from(parts[i].type), STR("/"), json_str(id));
            struct need_target *part = add(w, NEED_NETWORK, NEED_CERTAIN, STR(""), arn);
            place(part, STR("VPC configuration"), id,
                  STR_CAT(w->f->scratch, STR(AT_CONF "/VpcConfigurationDescriptions/0/"),
                          str_from(parts[i].list), STR("/"), str_uint(w->f->scratch, k)));
        }
    }
}

/* SQL applications: inputs and outputs may have roles of their own. */
static const struct sql_row {
    const char *list;  /* below SqlApplicationConfigurationDescription */
    const char *outer; /* member that holds inner; "" for none */
    const char *inner;
    enum need_kind kind;
    const char *why;
} sql_rows[] = {
    /* clang-format off */
    {"InputDescriptions",  "", "KinesisStreamsInputDescription",   NEED_STREAM_SOURCE,   "input"},
    {"InputDescriptions",  "", "KinesisFirehoseInputDescription",  NEED_FIREHOSE_SOURCE, "input"},
    {"InputDescriptions",  "InputProcessingConfigurationDescription", "InputLambdaProcessorDescription",
                                                                   NEED_LAMBDA,          "input processor"},
    {"OutputDescriptions", "", "KinesisStreamsOutputDescription",  NEED_STREAM_SINK,     "output"},
    {"OutputDescriptions", "", "KinesisFirehoseOutputDescription", NEED_FIREHOSE_SINK,   "output"},
    {"OutputDescriptions", "", "LambdaOutputDescription",          NEED_LAMBDA,          "output"},
    /* clang-format on */
};

static void sql_item(struct work *w, const struct sql_row *row, const struct json *item,
                     size_t i)
{
    const struct json *n = row->outer[0] ? json_get(item, str_from(row->outer)) : item;
    n = json_get(n, str_from(row->inner));
    struct str arn = member(n, "ResourceARN");
    struct need_target *t = add(w, row->kind, NEED_CERTAIN, member(n, "RoleARN"), arn);
    if (!t)
        return;
    place(t, str_from(row->why), json_get(n, STR("ResourceARN")),
          str_fmt(w->f->scratch,
                  AT_CONF "/SqlApplicationConfigurationDescription/%s/%zu%s%s/%s/"
                          "ResourceARN",
                  row->list, i, row->outer[0] ? "/" : "", row->outer, row->inner));
    key_of(w, named(w, arn), t);
}

static void sql(struct work *w, const struct json *conf)
{
    const struct json *n = json_get(conf, STR("SqlApplicationConfigurationDescription"));
    for (size_t r = 0; n && r < sizeof sql_rows / sizeof *sql_rows; r++) {
        size_t i = 0;
        for (const struct json *item =
                 json_first(json_get(n, str_from(sql_rows[r].list)));
             item; item = json_next(item))
            sql_item(w, &sql_rows[r], item, i++);
    }
    size_t i = 0;
    for (const struct json *item =
             json_first(json_get(n, STR("ReferenceDataSourceDescriptions")));
         item; item = json_next(item), i++) {
        const struct json *s3 = json_get(item, STR("S3ReferenceDataSourceDescription"));
        struct str at = str_fmt(w->f->scratch,
                                AT_CONF "/SqlApplicationConfigurationDescription/"
                                        "ReferenceDataSourceDescriptions/%zu/"
                                        "S3ReferenceDataSourceDescription",
                                i);
        object(w, s3, member(s3, "ReferenceRoleARN"), "reference data", false,
               str_z(w->f->scratch, at));
    }
}

static void studio(struct work *w, const struct json *conf)
{
    const struct json *n =
        json_get(conf, STR("ZeppelinApplicationConfigurationDescription"));
    const struct json *db =
        json_dig(n, "CatalogConfigurationDescription",
                 "GlueDataCatalogConfigurationDescription", "DatabaseARN", NULL);
    struct need_target *t = add(w, NEED_CATALOG, NEED_CERTAIN, STR(""), json_str(db));
    if (t)
        place(t, STR("Glue catalog of the notebook"), db,
              STR(AT_CONF "/ZeppelinApplicationConfigurationDescription/"
                          "CatalogConfigurationDescription/"
                          "GlueDataCatalogConfigurationDescription/DatabaseARN"));
    const struct json *deploy = json_dig(n, "DeployAsApplicationConfigurationDescription",
                                         "S3ContentLocationDescription", NULL);
    struct str bucket = member(deploy, "BucketARN"), base = member(deploy, "BasePath");
    t = bucket.n ? add(w, NEED_BUCKET, NEED_INDICATED, STR(""),
                       base.n ? str_fmt(w->f->scratch, "%.*s/%.*s", STR_ARG(bucket),
                                        STR_ARG(base))
                              : bucket)
                 : NULL;
    if (t) {
        place(t, STR("deployment of the notebook"), deploy,
              STR(AT_CONF "/ZeppelinApplicationConfigurationDescription/"
                          "DeployAsApplicationConfigurationDescription/"
                          "S3ContentLocationDescription"));
        key_of(w, named(w, bucket), t);
    }
    size_t i = 0;
    for (const struct json *item =
             json_first(json_get(n, STR("CustomArtifactsConfigurationDescription")));
         item; item = json_next(item), i++) {
        struct str at = str_fmt(w->f->scratch,
                                AT_CONF "/ZeppelinApplicationConfigurationDescription/"
                                        "CustomArtifactsConfigurationDescription/%zu/"
                                        "S3ContentLocationDescription",
                                i);
        object(w, json_get(item, STR("S3ContentLocationDescription")), STR(""),
               "custom artifact", true, str_z(w->f->scratch, at));
    }
}

/* What stands around a property: the pairs of its group, or all of the code. */
struct around {
    const struct json *node;  /* of the value, or the code */
    const struct json *group; /* PropertyMap; NULL in code */
    struct str text;          /* the value, or the code */
};

/* Links of one group follow each other: it is looked up once. */
static struct around around_of(struct work *w, const struct link *l)
{
    struct around out = {0};
    size_t slash = str_find_last(l->pointer, '/');
    struct str above = str_sub(l->pointer, 0, slash == (size_t)-1 ? 0 : slash);
    if (w->above.doc != l->doc || !str_eq(w->above.pointer, above)) {
        w->above.doc = l->doc;
        w->above.pointer = above;
        w->above.node = json_pointer(l->doc->root, above);
    }
    out.node = json_pointer(w->above.node, str_sub(l->pointer, above.n, l->pointer.n));
    out.text = json_str(out.node);
    if (strcmp(l->name, "property") == 0 && slash != (size_t)-1)
        out.group = w->above.node;
    return out;
}

/* Does the group (or the code) say word anywhere in its values? */
static bool says(const struct around *r, const char *word)
{
    if (!r->group)
        return str_has_nocase(r->text, str_from(word));
    for (const struct json *n = json_first(r->group); n; n = json_next(n))
        if (str_has_nocase(json_str(n), str_from(word)))
            return true;
    return false;
}

/* Up to where a location goes in free text. */
static size_t location_end(struct str s, size_t i)
{
    while (i < s.n && (unsigned char)s.p[i] > ' ' && !strchr("'\",;`()<>|{}$*?", s.p[i]))
        i++;
    return i;
}

/* The bucket with the prefix that the text gives it: s3://BUCKET/PREFIX or the ARN of its
 * objects; the bucket alone when it gives none, or several. */
static struct str bucket_prefix(struct work *w, const struct subject *bucket,
                                struct str text)
{
    static const char *const before[] = {"://", ":::"};
    struct str found = STR("");
    for (size_t b = 0; b < 2; b++) {
        struct str head =
            STR_CAT(w->f->scratch, str_from(before[b]), bucket->name, STR("/"));
        for (size_t at = 0; at < text.n;) {
            size_t hit = str_find(str_sub(text, at, text.n), head);
            if (hit == (size_t)-1)
                break;
            size_t from = at + hit + head.n, to = location_end(text, from);
            struct str prefix = str_sub(text, from, to);
            if (found.n && !str_eq(found, prefix))
                return bucket->arn;
            found = prefix;
            at = to;
        }
    }
    while (str_ends(found, STR("/")))
        found.n--;
    return found.n
               ? str_fmt(w->f->scratch, "%.*s/%.*s", STR_ARG(bucket->arn), STR_ARG(found))
               : bucket->arn;
}

/* A cluster known by its name only has an ARN without the last part. */
static struct str cluster_arn(struct work *w, struct str arn)
{
    size_t slash = str_find_char(arn, '/');
    return slash != (size_t)-1 &&
                   str_find_char(str_sub(arn, slash + 1, arn.n), '/') == (size_t)-1
               ? str_fmt(w->f->scratch, "%.*s/*", STR_ARG(arn))
               : arn;
}

/* Does the application speak to the cluster as its role? 0 no, 1 maybe, 2 yes. */
static int cluster_by_iam(const struct subject *cluster, const struct around *r)
{
    const struct json *sasl =
        json_dig(subject_answer(cluster, "kafka:DescribeClusterV2"), "ClusterInfo",
                 "Provisioned", "ClientAuthentication", "Sasl", "Iam", "Enabled", NULL);
    if (says(r, "AWS_MSK_IAM") || says(r, ":9098") || says(r, ":9198"))
        return 2;
    if (says(r, "SCRAM") || says(r, ":9092") || says(r, ":9094") || says(r, ":9096") ||
        says(r, ":9196") || says(r, ":9194") || (sasl && !json_bool(sasl)))
        return 0;
    return 1;
}

enum direction { READS, WRITES, EITHER };

static enum direction direction_of(const struct link *l)
{
    return strcmp(l->use, "source") == 0 ? READS
           : strcmp(l->use, "sink") == 0 ? WRITES
                                         : EITHER;
}

static enum need_kind pick(enum direction d, enum need_kind reads, enum need_kind writes,
                           enum need_kind either)
{
    return d == READS ? reads : d == WRITES ? writes : either;
}

/* Kinds by the type of what a property names. false: the role needs nothing of it. */
static bool property_kind(struct work *w, const struct link *l, const struct around *r,
                          struct need_target *t)
{
    enum direction d = direction_of(l);
    const struct subject *to = l->to;
    const char *type = to->type;
    t->arn = to->arn;
    t->loose = d == EITHER;
    if (strcmp(type, "stream") == 0) {
        t->kind = pick(d, says(r, "EFO") ? NEED_STREAM_FANOUT : NEED_STREAM_SOURCE,
                       NEED_STREAM_SINK, NEED_STREAM);
    } else if (strcmp(type, "delivery-stream") == 0) {
        t->kind = NEED_FIREHOSE_SINK;
        t->loose = false;
    } else if (strcmp(type, "bucket") == 0) {
        t->kind = pick(d, NEED_BUCKET_SOURCE, NEED_BUCKET_SINK, NEED_BUCKET);
        t->arn = bucket_prefix(w, to, r->text);
    } else if (strcmp(type, "cluster") == 0) {
        int by_iam = cluster_by_iam(to, r);
        t->arn = cluster_arn(w, to->arn);
        t->loose = t->loose || by_iam < 2;
        t->kind =
            by_iam == 2 ? pick(d, NEED_MSK_SOURCE, NEED_MSK_SINK, NEED_MSK) : NEED_MSK;
        return by_iam > 0;
    } else if (strcmp(type, "table") == 0) {
        bool stream = str_has(r->text, STR("/stream/"));
        t->kind =
            stream ? NEED_TABLE_STREAM : pick(d, NEED_TABLE, NEED_TABLE_SINK, NEED_TABLE);
    } else if (strcmp(type, "queue") == 0) {
        t->kind = NEED_QUEUE_SINK;
    } else if (strcmp(type, "topic") == 0) {
        t->kind = NEED_TOPIC_SINK;
    } else if (strcmp(type, "secret") == 0) {
        t->kind = NEED_SECRET;
        t->loose = true; /* the code decides when it is read */
    } else if (strcmp(type, "role") == 0) {
        t->kind = NEED_ROLE;
        t->loose = true;
    } else if (strcmp(type, "function") == 0) {
        t->kind = NEED_LAMBDA;
    } else if (strcmp(type, "database") == 0) {
        t->kind = NEED_CATALOG;
    } else if (strcmp(type, "domain") == 0) {
        t->kind = NEED_OPENSEARCH;
    } else if (strcmp(type, "key") == 0) {
        t->kind = NEED_KEY;
    } else {
        return false;
    }
    return true;
}

/* Which way data goes, for telling whether the properties account for it. */
static void count(struct work *w, const struct link *l)
{
    static const char *const data[] = {"stream", "delivery-stream", "bucket", "cluster",
                                       "table",  "queue",           "topic",  "domain"};
    enum direction d = direction_of(l);
    for (size_t i = 0; i < sizeof data / sizeof *data; i++)
        if (strcmp(l->to->type, data[i]) == 0) {
            w->reads += d == READS;
            w->writes += d == WRITES;
            w->both += d == EITHER;
        }
}

static void properties(struct work *w)
{
    bool execution = str_eq(w->role, w->execution);
    for (size_t i = 0; execution && i < w->app->links.n; i++) {
        const struct link *l = &w->app->links.v[i];
        if (link_configured(l))
            continue;
        struct around r = around_of(w, l);
        struct need_target t = {.grade = NEED_INDICATED, .why = l->via};
        count(w, l);
        if (!property_kind(w, l, &r, &t))
            continue;
        t.at = (struct origin){&l->doc->text, json_pos(r.node), 0};
        t.pointer = l->pointer;
        key_of(w, l->to, &t);
        *vec_push(w->f->scratch, &w->out) = t;
        /* An ARN of a cluster is of use only to look its brokers up. */
        if (t.kind == NEED_MSK && str_has(r.text, STR(":kafka:"))) {
            t.kind = NEED_MSK_LOOKUP;
            *vec_push(w->f->scratch, &w->out) = t;
        }
    }
}

/* Prometheus: https://aps-workspaces.REGION.amazonaws.com/workspaces/ID/... */
static void prometheus(struct work *w, const struct json *conf)
{
    const struct json *groups = json_dig(conf, "EnvironmentPropertyDescriptions",
                                         "PropertyGroupDescriptions", NULL);
    size_t i = 0;
    for (const struct json *g = json_first(groups); g; g = json_next(g), i++)
        for (const struct json *n = json_first(json_get(g, STR("PropertyMap"))); n;
             n = json_next(n)) {
            struct str v = json_str(n), region, id;
            size_t at = str_find(v, STR("aps-workspaces."));
            if (at == (size_t)-1)
                continue;
            str_cut(str_sub(v, at + 15, v.n), '.', &region, &v);
            at = str_find(v, STR("/workspaces/"));
            if (at == (size_t)-1 || !region_is(region))
                continue;
            str_cut(str_sub(v, at + 12, v.n), '/', &id, NULL);
            struct need_target *t =
                add(w, NEED_PROMETHEUS, NEED_INDICATED, STR(""),
                    str_fmt(w->f->scratch, "arn:%.*s:aps:%.*s:%.*s:workspace/%.*s",
                            STR_ARG(w->app->partition), STR_ARG(region),
                            STR_ARG(w->app->account), STR_ARG(id)));
            if (!t)
                continue;
            struct buf p = BUF_INIT;
            buf_fmt(&p,
                    AT_CONF "/EnvironmentPropertyDescriptions/"
                            "PropertyGroupDescriptions/%zu/PropertyMap",
                    i);
            json_pointer_add(&p, json_key(n));
            place(t,
                  str_fmt(w->f->scratch, "property %.*s/%.*s",
                          STR_ARG(member(g, "PropertyGroupId")), STR_ARG(json_key(n))),
                  n, buf_dup(w->f->scratch, &p));
            buf_free(&p);
        }
}

struct need_app rights_app(const struct fact *f, const struct subject *app,
                           const struct subject *role, bool *described)
{
    const struct exhibit *x = subject_exhibit(app, DESCRIBE);
    const struct json *detail = x ? json_get(x->node, STR("ApplicationDetail")) : NULL;
    struct need_app out = {.arn = app->arn};
    *described = detail != NULL;
    if (!detail)
        return out;
    const struct json *conf = json_get(detail, STR(CONF));
    struct work w = {.f = f,
                     .app = app,
                     .doc = x->doc,
                     .execution = member(detail, "ServiceExecutionRole")};
    w.role = role ? role->arn : w.execution;
    code(&w, conf);
    logs(&w, detail);
    network(&w, conf);
    sql(&w, conf);
    studio(&w, conf);
    properties(&w);
    prometheus(&w, conf);
    struct str runtime = member(detail, "RuntimeEnvironment");
    out.targets = w.out.v;
    out.ntargets = w.out.n;
    out.studio = str_starts(runtime, STR("ZEPPELIN"));
    /* SQL applications have no code of their own; a notebook may hold anything. Other
     * code is accounted for when the properties name what it reads and what it writes. */
    out.properties_known = str_starts(runtime, STR("SQL")) ||
                           (!out.studio && !app->doubts.n && w.reads + w.both &&
                            w.writes + w.both && w.reads + w.writes + w.both > 1);
    return out;
}
