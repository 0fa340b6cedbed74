/* What a verdict, a severity, and a resource are called in each machine format. */
#include "render/machine_map.h"

#include "base/when.h"

#include <string.h>

/* clang-format off */
static const struct verdict_row verdicts[] = {
    /*                          name              prefix             SARIF kind      alert  OSCAL          OCSF                    HDF        ASFF             in-toto */
    [VERDICT_PASS]           = {"pass",           "",                "pass",          false, true,  "pass",  1, "Pass",           "passed",  "PASSED",        LIST_PASSED},
    [VERDICT_FAIL]           = {"fail",           "",                "fail",          true,  false, "fail",  3, "Fail",           "failed",  "FAILED",        LIST_FAILED},
    [VERDICT_UNKNOWN]        = {"unknown",        "Unknown: ",       "open",          true,  false, "other", 2, "Warning",        "error",   "WARNING",       LIST_FAILED},
    [VERDICT_NOT_APPLICABLE] = {"not-applicable", "Not applicable: ", "notApplicable", false, true, "other", 99, "Not Applicable", "skipped", "NOT_AVAILABLE", LIST_NONE},
    [VERDICT_WAIVED]         = {"waived",         "Waived: ",        "fail",          false, false, "fail",  3, "Fail",           "failed",  "FAILED",        LIST_WARNED},
    [VERDICT_MANUAL]         = {"manual",         "Manual: ",        "review",        false, false, "other", 99, "Manual",        "skipped", "NOT_AVAILABLE", LIST_WARNED},
    [VERDICT_ERROR]          = {"error",          "Check broke: ",   "open",          true,  false, "other", 2, "Warning",        "error",   "WARNING",       LIST_FAILED},
    [VERDICT_KNOWN]          = {"known",          "Known: ",         "fail",          true,  false, "fail",  3, "Fail",           "failed",  "FAILED",        LIST_WARNED},
};

static const struct severity_row severities[] = {
    /*                    name        level      security problem           OCSF                impact ASFF */
    [SEVERITY_INFO]     = {"info",     "note",    NULL,    "recommendation", 1, "Informational", 0.0,  "INFORMATIONAL"},
    [SEVERITY_LOW]      = {"low",      "note",    "2.0",   "recommendation", 2, "Low",           0.3,  "LOW"},
    [SEVERITY_MEDIUM]   = {"medium",   "warning", "5.5",   "warning",        3, "Medium",        0.5,  "MEDIUM"},
    [SEVERITY_HIGH]     = {"high",     "error",   "8.0",   "error",          4, "High",          0.7,  "HIGH"},
    [SEVERITY_CRITICAL] = {"critical", "error",   "9.5",   "error",          5, "Critical",      0.9,  "CRITICAL"},
};

/* Sorted by type. */
static const struct resource_row resources[] = {
    {"account",          "AWS::::Account",                     "AwsAccount"},
    {"application",      "AWS::KinesisAnalyticsV2::Application", NULL},
    {"bucket",           "AWS::S3::Bucket",                    "AwsS3Bucket"},
    {"catalog",          "AWS::Glue::DataCatalog",             NULL},
    {"cluster",          "AWS::MSK::Cluster",                  "AwsMskCluster"},
    {"database",         "AWS::Glue::Database",                NULL},
    {"delivery-stream",  "AWS::KinesisFirehose::DeliveryStream", NULL},
    {"domain",           "AWS::OpenSearchService::Domain",     "AwsOpenSearchServiceDomain"},
    {"event-data-store", "AWS::CloudTrail::EventDataStore",    NULL},
    {"function",         "AWS::Lambda::Function",              "AwsLambdaFunction"},
    {"group",            "AWS::IAM::Group",                    "AwsIamGroup"},
    {"key",              "AWS::KMS::Key",                      "AwsKmsKey"},
    {"log-group",        "AWS::Logs::LogGroup",                NULL},
    {"policy",           "AWS::IAM::ManagedPolicy",            "AwsIamPolicy"},
    {"queue",            "AWS::SQS::Queue",                    "AwsSqsQueue"},
    {"role",             "AWS::IAM::Role",                     "AwsIamRole"},
    {"secret",           "AWS::SecretsManager::Secret",        "AwsSecretsManagerSecret"},
    {"security-group",   "AWS::EC2::SecurityGroup",            "AwsEc2SecurityGroup"},
    {"stream",           "AWS::Kinesis::Stream",               "AwsKinesisStream"},
    {"table",            "AWS::DynamoDB::Table",               "AwsDynamoDbTable"},
    {"topic",            "AWS::SNS::Topic",                    "AwsSnsTopic"},
    {"trail",            "AWS::CloudTrail::Trail",             "AwsCloudTrailTrail"},
    {"user",             "AWS::IAM::User",                     "AwsIamUser"},
    {"vpc",              "AWS::EC2::VPC",                      "AwsEc2Vpc"},
    {"vpc-endpoint",     "AWS::EC2::VPCEndpoint",              NULL},
};
/* clang-format on */

enum verdict machine_verdict(const struct report_test *t)
{
    switch (t->result) {
    case RESULT_PASS:
        return VERDICT_PASS;
    case RESULT_UNKNOWN:
        return VERDICT_UNKNOWN;
    case RESULT_MANUAL:
        return VERDICT_MANUAL;
    case RESULT_NOT_APPLICABLE:
        return VERDICT_NOT_APPLICABLE;
    case RESULT_ERROR:
        return VERDICT_ERROR;
    case RESULT_FAIL:
        break;
    }
    if (t->disposition == DISPOSITION_WAIVED)
        return VERDICT_WAIVED;
    return t->disposition == DISPOSITION_KNOWN ? VERDICT_KNOWN : VERDICT_FAIL;
}

const struct verdict_row *machine_verdict_row(enum verdict v)
{
    return &verdicts[v];
}

const struct severity_row *machine_severity_row(enum severity s)
{
    return &severities[s];
}

const struct resource_row *machine_resource_row(struct str subject_type)
{
    static const struct resource_row other = {"other", "Other", NULL};
    for (size_t i = 0; i < sizeof resources / sizeof *resources; i++)
        if (str_eq(subject_type, str_from(resources[i].type)))
            return &resources[i];
    return &other;
}

struct machine_waiver machine_waiver(const struct report_test *t)
{
    const struct report_waiver *w = t->waiver;
    if (w)
        return (struct machine_waiver){w->reason, w->by, w->until, w->ticket};
    return (struct machine_waiver){.reason = STR("")};
}

bool machine_waived(const struct report_test *t)
{
    return t->disposition == DISPOSITION_WAIVED &&
           (t->result == RESULT_FAIL || t->result == RESULT_UNKNOWN);
}

const char *machine_reason(const struct report_test *t)
{
    return t->reason == REASON_NONE ? "" : reason_name(t->reason);
}

int64_t machine_waiver_end(const struct machine_waiver *w)
{
    int64_t day;
    return when_read(w->until, &day) ? day + 24 * 60 * 60 - 1 : WHEN_NONE;
}

struct str machine_message(struct arena *a, const struct report_test *t)
{
    struct str message = report_message(a, t);
    return str_trim(message).n ? message : t->check->title;
}

const struct report_spot *machine_spot(const struct report_test *t)
{
    for (size_t i = 0; i < t->findings.n; i++)
        if (t->findings.v[i].spot.evidence)
            return &t->findings.v[i].spot;
    for (size_t i = 0; i < t->spots.n; i++)
        if (t->spots.v[i].evidence)
            return &t->spots.v[i];
    return NULL;
}

void machine_spots(const struct report_test *t,
                   void (*visit)(void *ctx, const struct report_spot *s,
                                 const struct report_finding *f),
                   void *ctx)
{
    for (size_t i = 0; i < t->findings.n; i++)
        if (t->findings.v[i].spot.evidence)
            visit(ctx, &t->findings.v[i].spot, &t->findings.v[i]);
    for (size_t i = 0; i < t->spots.n; i++)
        if (t->spots.v[i].evidence)
            visit(ctx, &t->spots.v[i], NULL);
}

int64_t machine_as_of(const struct report *r)
{
    return r->as_of == WHEN_NONE ? 0 : r->as_of;
}

static void older(void *ctx, const struct report_spot *s, const struct report_finding *f)
{
    (void)f;
    int64_t *oldest = ctx, when = s->evidence->collected;
    if (when != WHEN_NONE && (*oldest == WHEN_NONE || when < *oldest))
        *oldest = when;
}

int64_t machine_collected(const struct report *r, const struct report_test *t)
{
    int64_t oldest = WHEN_NONE;
    machine_spots(t, older, &oldest);
    return oldest == WHEN_NONE ? machine_as_of(r) : oldest;
}

/* Texts joined so that no two lists of texts give the same bytes. */
static void join(struct buf *out, const struct str *parts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf_fmt(out, "%zu:", parts[i].n);
        buf_str(out, parts[i]);
    }
}

void machine_fingerprint(const struct report_test *t, char out[2 * DIGEST_BYTES + 1])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char d[DIGEST_BYTES];
    struct buf all = BUF_INIT;
    const struct report_subject *s = t->subject;
    join(&all, (struct str[]){t->check->id, s->account, s->region, s->arn}, 4);
    digest_sha256(buf_view(&all), d);
    buf_free(&all);
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        out[2 * i] = hex[d[i] >> 4];
        out[2 * i + 1] = hex[d[i] & 15];
    }
    out[2 * DIGEST_BYTES] = '\0';
}

void machine_uuid(char out[UUID_TEXT], const char *kind, const struct str *parts,
                  size_t n)
{
    /* The version 5 UUID of MACHINE_NS in the name space of URLs (RFC 9562, 6.6). */
    static const unsigned char space[UUID_BYTES] = {0xf6, 0xda, 0xd0, 0xc7, 0xaf, 0x9c,
                                                    0x5a, 0xf9, 0xbf, 0x65, 0xfe, 0x64,
                                                    0xaf, 0x80, 0x0c, 0x07};
    struct buf name = BUF_INIT;
    buf_z(&name, kind);
    buf_c(&name, ' ');
    join(&name, parts, n);
    digest_uuid5(space, buf_view(&name), out);
    buf_free(&name);
}

void machine_rule_id(struct buf *out, const struct report_check *c)
{
    struct str control = c->control->id, id = c->id;
    bool within = str_starts(id, control) && id.n > control.n && id.p[control.n] == '.';
    size_t from = out->n;
    if (!within) {
        buf_str(out, control);
        buf_c(out, '.');
    }
    buf_str(out, id);
    for (size_t i = from; i < out->n; i++) {
        unsigned char ch = (unsigned char)out->p[i];
        if (ch <= ' ' || ch >= 0x7F || ch == '/') /* a slash would make it a hierarchy */
            out->p[i] = '_';
    }
}

void machine_uri(struct buf *out, struct str path)
{
    while (path.n && path.p[0] == '/')
        path = str_sub(path, 1, path.n);
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        bool bare = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    (c >= '0' && c <= '9') || (c && strchr("-._~/", c));
        if (bare)
            buf_c(out, (char)c);
        else
            buf_fmt(out, "%%%02X", c);
    }
}

/* clang-format off */
static const struct {
    const char *region, *partition;
} partitions[] = {
    {"cn-", "aws-cn"}, {"us-gov-", "aws-us-gov"}, {"us-iso-", "aws-iso"},
    {"us-isob-", "aws-iso-b"}, {"eusc-", "aws-eusc"},
};
/* clang-format on */

struct str machine_partition(const struct report_subject *s)
{
    struct str head, rest;
    if (str_cut(s->arn, ':', &head, &rest) && str_eq(head, STR("arn")) &&
        str_cut(rest, ':', &head, NULL) && str_starts(head, STR("aws")))
        return head;
    for (size_t i = 0; i < sizeof partitions / sizeof *partitions; i++)
        if (str_starts(s->region, str_from(partitions[i].region)))
            return str_from(partitions[i].partition);
    return STR("aws");
}

bool machine_account(struct str id)
{
    for (size_t i = 0; i < id.n; i++)
        if (id.p[i] < '0' || id.p[i] > '9')
            return false;
    return id.n == 12;
}

bool machine_sha256(struct str hex)
{
    for (size_t i = 0; i < hex.n; i++)
        if (!strchr("0123456789abcdef", hex.p[i]) || !hex.p[i])
            return false;
    return hex.n == (size_t)2 * DIGEST_BYTES;
}
