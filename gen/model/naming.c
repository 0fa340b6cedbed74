/* Names of AWS resources: ARNs to subjects and back. */
#include "model/naming.h"

#include "base/arena.h"

#include <ctype.h>
#include <string.h>

enum { ARN_MAX_BYTES = 2048 };

/* How a type's ARN looks. Rows of one service are tried in order. */
struct form {
    const char *type;
    struct str service;
    struct str prefix; /* of the resource part */
    char stop;         /* the name ends before this; 0: at the end */
    bool global;       /* region is empty in the ARN */
    bool last;         /* the name is what follows the last '/': IAM paths */
};

/* clang-format off */
static const struct form forms[] = {
    /* type               service                  prefix                    stop global last */
    {"application",      STR("kinesisanalytics"), STR("application/"),      '/', false, false},
    {"role",             STR("iam"),              STR("role/"),             0,   true,  true},
    {"user",             STR("iam"),              STR("user/"),             0,   true,  true},
    {"group",            STR("iam"),              STR("group/"),            0,   true,  true},
    {"policy",           STR("iam"),              STR("policy/"),           0,   true,  true},
    {"account",          STR("iam"),              STR("root"),              0,   true,  false},
    {"stream",           STR("kinesis"),          STR("stream/"),           '/', false, false},
    {"delivery-stream",  STR("firehose"),         STR("deliverystream/"),   '/', false, false},
    {"bucket",           STR("s3"),               STR(""),                  '/', true,  false},
    {"table",            STR("dynamodb"),         STR("table/"),            '/', false, false},
    {"queue",            STR("sqs"),              STR(""),                  0,   false, false},
    {"topic",            STR("sns"),              STR(""),                  ':', false, false},
    {"cluster",          STR("kafka"),            STR("cluster/"),          '/', false, false},
    {"cluster",          STR("kafka"),            STR("topic/"),            '/', false, false},
    {"cluster",          STR("kafka"),            STR("group/"),            '/', false, false},
    {"cluster",          STR("kafka"),            STR("transactional-id/"), '/', false, false},
    {"secret",           STR("secretsmanager"),   STR("secret:"),           0,   false, false},
    {"domain",           STR("es"),               STR("domain/"),           '/', false, false},
    {"function",         STR("lambda"),           STR("function:"),         ':', false, false},
    {"database",         STR("glue"),             STR("database/"),         '/', false, false},
    {"database",         STR("glue"),             STR("table/"),            '/', false, false},
    {"catalog",          STR("glue"),             STR("catalog"),           0,   false, false},
    {"key",              STR("kms"),              STR("key/"),              0,   false, false},
    {"key",              STR("kms"),              STR("alias/"),            0,   false, false},
    {"log-group",        STR("logs"),             STR("log-group:"),        ':', false, false},
    {"trail",            STR("cloudtrail"),       STR("trail/"),            0,   false, false},
    {"event-data-store", STR("cloudtrail"),       STR("eventdatastore/"),   0,   false, false},
    {"vpc",              STR("ec2"),              STR("vpc/"),              0,   false, false},
    {"security-group",   STR("ec2"),              STR("security-group/"),   0,   false, false},
    {"vpc-endpoint",     STR("ec2"),              STR("vpc-endpoint/"),     0,   false, false},
};
/* clang-format on */

enum { FORMS = sizeof forms / sizeof *forms };

bool arn_parts_read(struct str s, struct arn_parts *out)
{
    if (!str_starts(s, STR("arn:")) || s.n > ARN_MAX_BYTES)
        return false;
    struct str rest = str_sub(s, 4, s.n);
    if (!str_cut(rest, ':', &out->partition, &rest) ||
        !str_cut(rest, ':', &out->service, &rest) ||
        !str_cut(rest, ':', &out->region, &rest) ||
        !str_cut(rest, ':', &out->account, &rest))
        return false;
    out->resource = rest;
    return out->partition.n && out->service.n && rest.n;
}

size_t arn_span(struct str text)
{
    size_t n = 0, colons = 0;
    while (n < text.n && n < ARN_MAX_BYTES) {
        unsigned char c = (unsigned char)text.p[n];
        if (c == ':')
            colons++;
        else if (!isalnum(c) && !strchr("-_./*?$+=,@~#", c))
            break;
        else if (c == ',' && colons >= 5)
            break; /* a list of ARNs */
        n++;
    }
    while (n && strchr(".,:", text.p[n - 1]))
        n--; /* the end of a sentence */
    struct arn_parts parts;
    return arn_parts_read(str_sub(text, 0, n), &parts) ? n : 0;
}

bool region_is(struct str s)
{
    /* Two to four letters, words, one digit: aws-evidence.md B16, formats.md 6. */
    size_t dashes = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '-')
            dashes++;
        else if (!(s.p[i] >= 'a' && s.p[i] <= 'z') &&
                 !(i + 1 == s.n && isdigit((unsigned char)s.p[i])))
            return false;
    }
    size_t first = str_find_char(s, '-');
    return s.n >= 8 && s.n <= 24 && dashes >= 2 && first >= 2 && first <= 4 &&
           isdigit((unsigned char)s.p[s.n - 1]) && s.p[s.n - 2] == '-';
}

bool account_is(struct str s)
{
    if (s.n != 12)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!isdigit((unsigned char)s.p[i]))
            return false;
    return true;
}

bool bucket_name_is(struct str s)
{
    if (s.n < 3 || s.n > 63 || !isalnum((unsigned char)s.p[0]) ||
        !isalnum((unsigned char)s.p[s.n - 1]))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '-')
            return false;
    }
    return true;
}

struct str s3_uri_bucket(struct str s)
{
    static const char *const schemes[] = {"s3://", "s3a://", "s3n://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        struct str scheme = str_from(schemes[i]);
        if (!str_starts(s, scheme))
            continue;
        struct str rest = str_sub(s, scheme.n, s.n), bucket;
        str_cut(rest, '/', &bucket, NULL);
        return bucket_name_is(bucket) ? bucket : STR("");
    }
    return STR("");
}

struct str partition_dns(struct str partition)
{
    static const char *const rows[][2] = {
        {"aws-cn", "amazonaws.com.cn"},  {"aws-eusc", "amazonaws.eu"},
        {"aws-iso", "c2s.ic.gov"},       {"aws-iso-b", "sc2s.sgov.gov"},
        {"aws-iso-e", "cloud.adc-e.uk"}, {"aws-iso-f", "csp.hci.ic.gov"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq(partition, str_from(rows[i][0])))
            return str_from(rows[i][1]);
    return STR("amazonaws.com");
}

struct str partition_home(struct str partition)
{
    return str_eq(partition, STR("aws-cn"))       ? STR("cn-north-1")
           : str_eq(partition, STR("aws-us-gov")) ? STR("us-gov-west-1")
                                                  : STR("us-east-1");
}

/* arn:PART:SERVICE:REGION:ACCOUNT:RESOURCE, whole in one piece. */
static struct str join(struct arena *a, const struct arn_parts *r)
{
    return STR_CAT(a, STR("arn:"), r->partition, STR(":"), r->service, STR(":"),
                   r->region, STR(":"), r->account, STR(":"), r->resource);
}

/* The name in resource by form f, and how many bytes of resource belong to the ARN. */
static struct str name_of(const struct form *f, struct str resource, size_t *keep)
{
    size_t skip = f->prefix.n;
    struct str rest = str_sub(resource, skip, resource.n);
    *keep = resource.n;
    if (f->last) {
        size_t slash = str_find_last(rest, '/');
        return slash == (size_t)-1 ? rest : str_sub(rest, slash + 1, rest.n);
    }
    size_t stop = f->stop ? str_find_char(rest, f->stop) : (size_t)-1;
    if (stop == (size_t)-1)
        return rest;
    *keep = skip + stop;
    return str_sub(rest, 0, stop);
}

/* Types whose ARN is more than prefix and name. False: nothing special about it. */
static bool special(struct arena *a, const struct arn_parts *parts, const struct form *f,
                    struct naming *out)
{
    struct arn_parts r = *parts;
    if (str_is(f->type, "cluster")) {
        /* cluster/NAME/UUID; topics and groups: topic/NAME/UUID/TOPIC. */
        struct str rest, name, uuid;
        str_cut(parts->resource, '/', NULL, &rest);
        str_cut(rest, '/', &name, &rest);
        str_cut(rest, '/', &uuid, NULL);
        r.resource = uuid.n
                         ? str_fmt(a, "cluster/%.*s/%.*s", STR_ARG(name), STR_ARG(uuid))
                         : str_fmt(a, "cluster/%.*s", STR_ARG(name));
        out->arn = join(a, &r);
        out->name = name;
        return true;
    }
    if (str_eq(f->prefix, STR("table/")) && str_is(f->type, "database")) {
        r.resource = str_fmt(a, "database/%.*s", STR_ARG(out->name));
        out->arn = join(a, &r);
        return true;
    }
    if (str_is(f->type, "secret")) {
        /* NAME-XXXXXX: six random characters that are no part of the name. */
        struct str n = out->name;
        if (n.n > 7 && n.p[n.n - 7] == '-')
            out->name = str_sub(n, 0, n.n - 7);
        return false;
    }
    if (str_is(f->type, "catalog"))
        out->name = parts->account;
    if (str_is(f->type, "account"))
        out->name = parts->account;
    out->alias = str_eq(f->prefix, STR("alias/"));
    if (out->alias)
        out->name = parts->resource;
    return false;
}

bool naming_of_arn(struct arena *a, struct str text, struct naming *out)
{
    struct arn_parts parts;
    *out = (struct naming){0};
    if (!arn_parts_read(text, &parts))
        return false;
    out->account = parts.account;
    out->region = parts.region;
    out->partition = parts.partition;
    /* arn:aws:sts::ACCT:assumed-role/ROLE/SESSION drops the role's path (B20). */
    if (str_eq(parts.service, STR("sts")) &&
        str_starts(parts.resource, STR("assumed-role/"))) {
        struct str role;
        str_cut(str_sub(parts.resource, 13, parts.resource.n), '/', &role, NULL);
        struct place_in_aws where = {parts.partition, STR(""), parts.account};
        *out = naming_of_name(a, "role", role, &where);
        return true;
    }
    for (size_t i = 0; i < FORMS; i++) {
        const struct form *f = &forms[i];
        if (!str_eq(parts.service, f->service) || !str_starts(parts.resource, f->prefix))
            continue;
        size_t keep;
        out->type = f->type;
        out->name = name_of(f, parts.resource, &keep);
        if (f->global)
            out->region = str_is(f->type, "bucket") ? STR("") : STR("global");
        if (special(a, &parts, f, out))
            return true;
        if (keep == parts.resource.n) {
            out->arn = text;
            return true;
        }
        size_t head = (size_t)(parts.resource.p - text.p);
        out->arn = str_sub(text, 0, head + keep);
        return out->name.n > 0;
    }
    out->type = "other";
    out->arn = text;
    out->name = parts.resource;
    return true;
}

struct naming naming_of_name(struct arena *a, const char *type, struct str name,
                             const struct place_in_aws *where)
{
    struct naming out = {.type = type,
                         .name = name,
                         .account = where->account,
                         .region = where->region,
                         .partition = where->partition.n ? where->partition : STR("aws")};
    const struct form *f = NULL;
    bool alias = str_is(type, "key") && str_starts(name, STR("alias/"));
    for (size_t i = 0; i < FORMS && !f; i++)
        if (str_is(forms[i].type, type))
            f = &forms[i];
    struct arn_parts r = {.partition = out.partition,
                          .service = f ? f->service : STR(""),
                          .region = f && f->global ? STR("") : out.region,
                          .account = out.account};
    if (str_is(type, "bucket")) {
        r.account = STR("");
        out.region = STR("");
    } else if (f && f->global) {
        out.region = STR("global");
    }
    struct str prefix = f ? f->prefix : STR("");
    if (alias || str_is(type, "account") || str_is(type, "catalog")) {
        out.alias = alias;
        r.resource = alias ? name : prefix;
    } else {
        r.resource = STR_CAT(a, prefix, name);
    }
    /* An IAM name may come with its path: the name is what follows the last '/'. */
    if (f && f->last && str_find_last(name, '/') != (size_t)-1)
        out.name = str_sub(name, str_find_last(name, '/') + 1, name.n);
    out.arn = join(a, &r);
    return out;
}
