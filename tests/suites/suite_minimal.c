/* A role that is exactly the proposed policy passes every check of roles: for the
 * applications of the samples, and for shapes of applications. The proposal is put into
 * the evidence as the role's only policy, with the proposed trust policy. */
#include "../unit/unit.h"

#include "assess/assess.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/when.h"
#include "catalog/catalog.h"
#include "evidence/evidence.h"
#include "json/json.h"
#include "json/write.h"
#include "model/rights.h"

#include <stdio.h>
#include <string.h>

#define FLINK "kinesisanalytics.amazonaws.com"
#define ACCT "111122223333"
#define PLACE "us-east-1:" ACCT

static unsigned long passed, failed;
static struct catalog *catalog;
static int64_t now;

struct inputs {
    VEC(struct evidence_input) v;
};

static void add(struct arena *a, struct inputs *in, struct str path, struct str bytes)
{
    *vec_push(a, &in->v) =
        (struct evidence_input){.path = path, .bytes = str_dup(a, bytes)};
}

static struct model *model_of(struct arena *a, const struct inputs *in)
{
    struct diag *dx = diag_new(a);
    struct model_options how = {.now = now, .threads = 1, .actions = catalog->actions};
    return model_build(a, evidence_load_memory(a, in->v.v, in->v.n, dx), &how, dx);
}

static struct str text_of(struct arena *a, const struct json *n)
{
    struct buf b = BUF_INIT;
    json_write(&b, n, true, false);
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

/* Evidence about the role's policies and use, which the proposal replaces. */
static bool about_role(struct str path, struct str role)
{
    static const char *const kinds[] = {"/get-role~", "/list-role-policies~",
                                        "/list-attached-role-policies~",
                                        "/get-role-policy~"};
    if (str_has(path, STR("get-account-authorization-details")) ||
        str_has(path, STR("service-last-accessed")))
        return true;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t at = str_find(path, str_from(kinds[i]));
        struct str rest =
            at == (size_t)-1 ? STR("") : str_sub(path, at + strlen(kinds[i]), path.n);
        if (rest.n && str_starts(rest, role) && rest.n > role.n &&
            (rest.p[role.n] == '.' || rest.p[role.n] == '~'))
            return true;
    }
    return false;
}

/* The answers of IAM about the role with the proposal. */
static void propose(struct arena *a, struct inputs *out, const struct subject *role,
                    const struct minimal *m, const struct minimal *trust,
                    const struct needs *needs)
{
    struct str base = str_fmt(a, "%.*s/global/iam/", STR_ARG(role->account));
    struct json *o = json_new_object(a), *r = json_new_object(a);
    json_set(a, o, STR("Role"), r);
    json_set_str(a, r, STR("RoleName"), role->name);
    json_set_str(a, r, STR("Arn"), role->arn);
    json_set_str(a, r, STR("CreateDate"), STR("2026-01-01T00:00:00Z"));
    json_set(a, r, STR("AssumeRolePolicyDocument"), trust->documents[0]);
    struct json *used = json_set(a, r, STR("RoleLastUsed"), json_new_object(a));
    json_set_str(a, used, STR("LastUsedDate"), when_text(a, now));
    json_set_str(a, used, STR("Region"), STR("us-east-1"));
    add(a, out, str_fmt(a, "%.*sget-role~%.*s.json", STR_ARG(base), STR_ARG(role->name)),
        text_of(a, o));

    o = json_new_object(a);
    struct json *names = json_set(a, o, STR("PolicyNames"), json_new_array(a));
    /* Where nothing is needed, no policy is. */
    for (size_t i = 0; i < m->ndocuments && m->nstatements; i++) {
        struct str name = str_fmt(a, "proposed%zu", i);
        struct json *p = json_new_object(a);
        json_push(names, json_new_str(a, name));
        json_set_str(a, p, STR("RoleName"), role->name);
        json_set_str(a, p, STR("PolicyName"), name);
        json_set(a, p, STR("PolicyDocument"), m->documents[i]);
        add(a, out,
            str_fmt(a, "%.*sget-role-policy~%.*s~%.*s.json", STR_ARG(base),
                    STR_ARG(role->name), STR_ARG(name)),
            text_of(a, p));
    }
    add(a, out,
        str_fmt(a, "%.*slist-role-policies~%.*s.json", STR_ARG(base),
                STR_ARG(role->name)),
        text_of(a, o));
    add(a, out,
        str_fmt(a, "%.*slist-attached-role-policies~%.*s.json", STR_ARG(base),
                STR_ARG(role->name)),
        STR("{\"AttachedPolicies\":[]}"));

    /* Every service of the proposal was used just now. */
    o = json_new_object(a);
    json_set_str(a, o, STR("JobStatus"), STR("COMPLETED"));
    json_set_bool(a, o, STR("IsTruncated"), false);
    struct json *list = json_set(a, o, STR("ServicesLastAccessed"), json_new_array(a));
    for (size_t i = 0; i < needs->n; i++) {
        struct str prefix;
        struct json *s = json_push(list, json_new_object(a));
        str_cut(needs->v[i].action, ':', &prefix, NULL);
        json_set_str(a, s, STR("ServiceName"), prefix);
        json_set_str(a, s, STR("ServiceNamespace"), prefix);
        json_set_str(a, s, STR("LastAuthenticated"), when_text(a, now));
    }
    add(a, out, str_fmt(a, "%.*sget-service-last-accessed-details~1.json", STR_ARG(base)),
        text_of(a, o));
    struct buf name = BUF_INIT;
    for (size_t i = 0; i < role->arn.n; i++)
        buf_fmt(&name,
                role->arn.p[i] == ':'   ? "_3A"
                : role->arn.p[i] == '/' ? "_2F"
                                        : "%c",
                role->arn.p[i]);
    add(a, out,
        str_fmt(a, "%.*sgenerate-service-last-accessed-details~%.*s.json", STR_ARG(base),
                STR_ARG(buf_view(&name))),
        STR("{\"JobId\":\"1\"}"));
    buf_free(&name);
}

/* What no policy of the role can settle. */
static const struct {
    const char *role, *check, *why;
} beyond[] = {
    {"inventory-sync", "KDA-1.45", "its stream, of another account, is not in evidence"},
    {"sensor-sql", "KDA-1.23", "Access Analyzer's finding is about the trust it had"},
};

static bool excused(const struct test *t)
{
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++)
        if (str_eq(t->subject->name, str_from(beyond[i].role)) &&
            str_eq(t->check->id, str_from(beyond[i].check)))
            return true;
    return false;
}

/* Every check of KDA-1 and KDA-2 on the role must pass, or have nothing to judge. */
static void judge(struct arena *a, const char *label, const struct inputs *in,
                  struct str arn, const struct minimal *m)
{
    const struct model *model = model_of(a, in);
    struct assessment *as = assess(a, model, catalog, 1, diag_new(a));
    size_t judged = 0;
    for (size_t i = 0; i < as->n; i++) {
        const struct test *t = &as->tests[i];
        bool ours = str_starts(t->check->id, STR("KDA-1.")) ||
                    str_starts(t->check->id, STR("KDA-2."));
        if (!ours || !str_eq(t->subject->arn, arn) || excused(t))
            continue;
        judged++;
        if (t->result == RESULT_PASS || t->result == RESULT_NOT_APPLICABLE) {
            passed++;
            continue;
        }
        failed++;
        printf("%s: %.*s: %s: %.*s\n", label, STR_ARG(t->check->id),
               result_name(t->result), t->nfindings ? (int)t->findings[0].message.n : 0,
               t->nfindings ? t->findings[0].message.p : "");
    }
    if (!judged || !m->proved) {
        failed++;
        printf("%s: %s%.*s\n", label, judged ? "not proved: " : "nothing judged",
               m->nunproved ? (int)m->unproved[0].n : 0,
               m->nunproved ? m->unproved[0].p : "");
    }
}

/* Propose for one role of the evidence, and judge it with that. */
static void try_role(const char *label, const struct inputs *in, const struct model *m,
                     const struct subject *role, bool only_must)
{
    struct arena *a = arena_new();
    struct rights *r = model_rights(a, m, catalog->actions, role, 0, diag_new(a));
    struct inputs out = {0};
    r->proposal.only_must = only_must;
    const struct minimal *p =
        minimal_policy(r->iam, r->needs, r->effective, &r->proposal);
    const struct minimal *trust =
        minimal_trust(r->iam, &r->apps[0]->arn, 1, str_from(FLINK));
    for (size_t i = 0; i < in->v.n; i++)
        if (!about_role(in->v.v[i].path, role->name))
            *vec_push(a, &out.v) = in->v.v[i];
    propose(a, &out, role, p, trust, r->needs);
    struct str name =
        str_fmt(a, "%s %.*s%s", label, STR_ARG(role->name), only_must ? " (must)" : "");
    judge(a, str_z(a, name), &out, role->arn, p);
    arena_free(a);
}

static void try_all(const char *label, const struct inputs *in)
{
    struct arena *a = arena_new();
    const struct model *m = model_of(a, in);
    for (size_t i = 0; i < m->n; i++) {
        const struct subject *s = m->v[i];
        size_t n = 0;
        if (strcmp(s->type, "role") == 0)
            rights_apps(a, s, &n);
        /* A shared role is a finding by itself; so is one of an application that is not
         * described, or of another account. */
        if (n != 1 || s->foreign)
            continue;
        bool described;
        struct fact f = {.a = a, .scratch = a, .m = m, .sh = m->shared, .s = s};
        rights_app(&f, rights_apps(a, s, &n)[0], s, &described);
        if (!described)
            continue;
        try_role(label, in, m, s, false);
        try_role(label, in, m, s, true);
    }
    arena_free(a);
}

static void try_sample(const char *name)
{
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    struct file_list files = {0};
    struct inputs in = {0};
    if (!file_walk(a, str_fmt(a, "samples/%s", name).p, dx, &files)) {
        failed++;
        printf("samples/%s cannot be read\n", name);
    }
    for (size_t i = 0; i < files.n; i++) {
        struct str bytes;
        if (file_read(a, files.v[i].path.p, files.v[i].path, dx, &bytes))
            add(a, &in, files.v[i].relative, bytes);
    }
    try_all(name, &in);
    arena_free(a);
}

#define STREAM "arn:aws:kinesis:" PLACE ":stream/"
#define PROPERTIES(pairs)                                                                \
    "\"EnvironmentPropertyDescriptions\":{\"PropertyGroupDescriptions\":[{"              \
    "\"PropertyGroupId\":\"Io\",\"PropertyMap\":{" pairs "}}]}"
#define CODE                                                                             \
    "\"ApplicationCodeConfigurationDescription\":{\"CodeContentType\":\"ZIPFILE\","      \
    "\"CodeContentDescription\":{\"S3ApplicationCodeLocationDescription\":{"             \
    "\"BucketARN\":\"arn:aws:s3:::code\",\"FileKey\":\"app.jar\"}}}"

/* Shapes of applications: what the detail and the configuration say. */
static const struct {
    const char *name, *detail, *conf;
} shapes[] = {
    {"code", "\"RuntimeEnvironment\":\"FLINK-1_20\"", CODE},
    {"logs",
     "\"RuntimeEnvironment\":\"FLINK-1_20\",\"CloudWatchLoggingOptionDescriptions\":[{"
     "\"LogStreamARN\":\"arn:aws:logs:" PLACE ":log-group:/g:log-stream:s\"}]",
     CODE},
    {"network", "\"RuntimeEnvironment\":\"FLINK-1_20\"",
     CODE ",\"VpcConfigurationDescriptions\":[{\"VpcId\":\"vpc-1\",\"SubnetIds\":"
          "[\"subnet-1\"],\"SecurityGroupIds\":[\"sg-1\"]}]"},
    {"streams", "\"RuntimeEnvironment\":\"FLINK-1_20\"",
     CODE "," PROPERTIES("\"input.stream.arn\":\"" STREAM
                         "plain\",\"output.stream.arn\":\"" STREAM "sealed\"")},
    {"fan-out", "\"RuntimeEnvironment\":\"FLINK-1_20\"",
     PROPERTIES("\"source.stream.arn\":\"" STREAM
                "sealed\",\"source.reader.type\":\"EFO\",\"sink.stream.arn\":\"" STREAM
                "plain\"")},
    {"a stream, no direction", "\"RuntimeEnvironment\":\"FLINK-1_20\"",
     PROPERTIES("\"stream.arn\":\"" STREAM "sealed\"")},
    {"lake", "\"RuntimeEnvironment\":\"FLINK-1_20\"",
     PROPERTIES("\"source.stream.arn\":\"" STREAM
                "plain\",\"sink.path\":\"s3://lake/a/b/\"")},
    {"firehose", "\"RuntimeEnvironment\":\"FLINK-1_20\"",
     PROPERTIES("\"source.stream.arn\":\"" STREAM
                "plain\",\"sink\":\"arn:aws:firehose:" PLACE ":deliverystream/d\"")},
    {"kafka", "\"RuntimeEnvironment\":\"FLINK-1_20\"",
     PROPERTIES("\"source.brokers\":\"b-1.events.abc.c2.kafka.us-east-1.amazonaws.com:"
                "9098\",\"sink.stream.arn\":\"" STREAM "plain\"")},
    {"table, queue, topic", "\"RuntimeEnvironment\":\"FLINK-1_20\"",
     PROPERTIES("\"source.stream.arn\":\"" STREAM
                "plain\",\"sink.table\":\"arn:aws:dynamodb:" PLACE
                ":table/t\",\"sink.queue\":\"arn:aws:sqs:" PLACE
                ":q\",\"sink.topic\":\"arn:aws:sns:" PLACE ":t\"")},
    {"secret", "\"RuntimeEnvironment\":\"FLINK-1_20\"",
     PROPERTIES("\"source.stream.arn\":\"" STREAM
                "plain\",\"secret.arn\":\"arn:aws:secretsmanager:" PLACE
                ":secret:db-Abc123\"")},
    {"role of another account", "\"RuntimeEnvironment\":\"FLINK-1_20\"",
     PROPERTIES("\"source.role\":\"arn:aws:iam::444455556666:role/reader\"")},
    {"prometheus", "\"RuntimeEnvironment\":\"FLINK-1_20\"",
     PROPERTIES("\"url\":\"https://aps-workspaces.us-east-1.amazonaws.com/workspaces/"
                "ws-1/api/v1/remote_write\"")},
    {"nothing", "\"RuntimeEnvironment\":\"FLINK-1_20\"",
     "\"FlinkApplicationConfigurationDescription\":{}"},
    {"SQL", "\"RuntimeEnvironment\":\"SQL-1_0\"",
     "\"SqlApplicationConfigurationDescription\":{\"InputDescriptions\":[{"
     "\"KinesisStreamsInputDescription\":{\"ResourceARN\":\"" STREAM "sealed\"},"
     "\"InputProcessingConfigurationDescription\":{\"InputLambdaProcessorDescription\":{"
     "\"ResourceARN\":\"arn:aws:lambda:" PLACE ":function:f\"}}}],\"OutputDescriptions\":"
     "[{\"KinesisFirehoseOutputDescription\":{\"ResourceARN\":\"arn:aws:firehose:" PLACE
     ":deliverystream/d\"}}],\"ReferenceDataSourceDescriptions\":[{"
     "\"S3ReferenceDataSourceDescription\":{\"BucketARN\":\"arn:aws:s3:::code\","
     "\"FileKey\":\"t.csv\"}}]}"},
    {"Studio", "\"RuntimeEnvironment\":\"ZEPPELIN-FLINK-3_0\"",
     "\"ZeppelinApplicationConfigurationDescription\":{"
     "\"CatalogConfigurationDescription\""
     ":{\"GlueDataCatalogConfigurationDescription\":{\"DatabaseARN\":\"arn:aws:"
     "glue:" PLACE ":database/db\"}},\"DeployAsApplicationConfigurationDescription\":{"
     "\"S3ContentLocationDescription\":{\"BucketARN\":\"arn:aws:s3:::lake\",\"BasePath\":"
     "\"p\"}}}"},
};

/* What the shapes use, each with or without a customer key. */
static const struct {
    const char *path, *bytes;
} around[] = {
    {"us-east-1/kinesis/describe-stream-summary~plain.json",
     "{\"StreamDescriptionSummary\":{\"StreamName\":\"plain\",\"StreamARN\":\"" STREAM
     "plain\",\"StreamStatus\":\"ACTIVE\",\"RetentionPeriodHours\":24,"
     "\"EncryptionType\":\"NONE\"}}"},
    {"us-east-1/kinesis/describe-stream-summary~sealed.json",
     "{\"StreamDescriptionSummary\":{\"StreamName\":\"sealed\",\"StreamARN\":\"" STREAM
     "sealed\",\"StreamStatus\":\"ACTIVE\",\"RetentionPeriodHours\":24,"
     "\"EncryptionType\":\"KMS\",\"KeyId\":\"arn:aws:kms:" PLACE ":key/k1\"}}"},
    {"us-east-1/kms/describe-key~k1.json",
     "{\"KeyMetadata\":{\"KeyId\":\"k1\",\"Arn\":\"arn:aws:kms:" PLACE
     ":key/k1\",\"KeyManager\":\"CUSTOMER\",\"KeyState\":\"Enabled\",\"Enabled\":true}}"},
    {"us-east-1/s3api/get-bucket-encryption~code.json",
     "{\"ServerSideEncryptionConfiguration\":{\"Rules\":[{"
     "\"ApplyServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"AES256\"}}]}}"},
    {"us-east-1/s3api/get-bucket-encryption~lake.json",
     "{\"ServerSideEncryptionConfiguration\":{\"Rules\":[{"
     "\"ApplyServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"aws:kms\","
     "\"KMSMasterKeyID\":\"arn:aws:kms:" PLACE ":key/k1\"}}]}}"},
    {"us-east-1/dynamodb/describe-table~t.json",
     "{\"Table\":{\"TableName\":\"t\",\"TableArn\":\"arn:aws:dynamodb:" PLACE
     ":table/t\",\"TableStatus\":\"ACTIVE\"}}"},
    {"us-east-1/sqs/get-queue-attributes~q.json",
     "{\"Attributes\":{\"QueueArn\":\"arn:aws:sqs:" PLACE ":q\"}}"},
    {"us-east-1/sns/get-topic-attributes~t.json",
     "{\"Attributes\":{\"TopicArn\":\"arn:aws:sns:" PLACE ":t\"}}"},
    {"us-east-1/secretsmanager/describe-secret~db-Abc123.json",
     "{\"ARN\":\"arn:aws:secretsmanager:" PLACE
     ":secret:db-Abc123\",\"Name\":\"db\",\"VersionIdsToStages\":{},\"CreatedDate\":"
     "\"2026-01-01T00:00:00Z\",\"KmsKeyId\":\"arn:aws:kms:" PLACE ":key/k1\"}"},
    {"us-east-1/accessanalyzer/list-analyzers.json",
     "{\"analyzers\":[{\"arn\":\"arn:aws:access-analyzer:" PLACE
     ":analyzer/a\",\"name\":\"a\",\"type\":\"ACCOUNT\",\"createdAt\":"
     "\"2026-01-01T00:00:00Z\",\"status\":\"ACTIVE\"}]}"},
    {"us-east-1/accessanalyzer/list-findings.json", "{\"findings\":[]}"},
};

static void try_shape(size_t i)
{
    struct arena *a = arena_new();
    struct inputs in = {0};
    for (size_t k = 0; k < sizeof around / sizeof *around; k++)
        add(a, &in, str_fmt(a, ACCT "/%s", around[k].path), str_from(around[k].bytes));
    add(a, &in,
        STR(ACCT "/us-east-1/kinesisanalyticsv2/describe-application~orders.json"),
        str_fmt(
            a,
            "{\"ApplicationDetail\":{\"ApplicationARN\":\"arn:aws:kinesisanalytics:" PLACE
            ":application/orders\",\"ApplicationName\":\"orders\","
            "\"ApplicationStatus\":\"RUNNING\",\"ApplicationVersionId\":1,%s,"
            "\"ServiceExecutionRole\":\"arn:aws:iam::" ACCT
            ":role/r\",\"ApplicationConfigurationDescription\":{%s}}}",
            shapes[i].detail, shapes[i].conf));
    try_all(shapes[i].name, &in);
    arena_free(a);
}

int main(void)
{
    struct arena *a = arena_new();
    when_read(STR("2026-11-20T12:00:00Z"), &now);
    catalog = catalog_load(a, "controls", diag_new(a));
    if (!catalog)
        return unit_report("minimal", 0, 1, 0);
    try_sample("quickstart");
    try_sample("hardened");
    try_sample("organization");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        try_shape(i);
    arena_free(a);
    return unit_report("minimal", passed, failed, 0);
}
