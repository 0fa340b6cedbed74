/* Facts from an application's configuration texts: credentials and unprotected
 * connections, in properties, inline code, older versions and the job plan. */
#include "model/fact.h"
#include "model/secrets.h"

#include "base/buf.h"
#include "base/map.h"

#include <ctype.h>
#include <string.h>

#define VERSION "kinesisanalytics:DescribeApplicationVersion"

enum { MAX_CREDENTIALS = 200 }; /* listed of one place; that there are more is said */

/* Where a text stands. */
struct spot {
    struct fact *f;
    struct json *credentials, *connections;
    const char *where;
    struct str group, key, value;
    const struct document *doc;
    struct str pointer; /* of a property: that of the configuration */
    bool property;
    size_t index; /* of its group */
    struct str version;
    const char *counted; /* the place that n counts */
    size_t n;
};

/* Written only for what is found: most texts hold nothing. */
static struct str pointer_of(const struct spot *at)
{
    if (!at->property)
        return at->pointer;
    struct buf out = BUF_INIT;
    buf_fmt(&out,
            "%.*s/EnvironmentPropertyDescriptions/PropertyGroupDescriptions/%zu/"
            "PropertyMap",
            STR_ARG(at->pointer), at->index);
    json_pointer_add(&out, at->key);
    struct str pointer = buf_dup(at->f->a, &out);
    buf_free(&out);
    return pointer;
}

static void credential(struct spot *at, struct secret s)
{
    struct fact *f = at->f;
    struct str part = str_sub(at->value, s.start, s.start + s.len);
    struct buf shown = BUF_INIT;
    if (at->counted != at->where)
        at->n = 0;
    at->counted = at->where;
    if (++at->n > MAX_CREDENTIALS) {
        if (at->n == MAX_CREDENTIALS + 1)
            fact_undecided(
                f, "credentials", at->doc, pointer_of(at),
                str_fmt(f->a, "more than %d credentials (%s); the rest is not listed",
                        MAX_CREDENTIALS, at->where));
        return;
    }
    secret_mask(&shown, at->key, part);
    struct json *o = fact_item(f, at->credentials);
    int64_t version = 0;
    str_int(at->version, &version);
    bool key_id = strstr(s.kind, "access-key-id") != NULL;
    fact_z(f, o, "kind", s.kind);
    fact_z(f, o, "where", at->where);
    fact_view(f, o, "group", at->group);
    fact_view(f, o, "key", at->key);
    fact_bool(f, o, "certain", s.certain);
    fact_bool(f, o, "placeholder", s.placeholder);
    fact_view(f, o, "tag", secret_tag(f->a, part));
    fact_str(f, o, "shown",
             key_id || s.placeholder ? buf_view(&shown)
                                     : str_fmt(f->a, "(masked %s)", s.kind));
    fact_bool(f, o, "provider_basic",
              str_has_nocase(at->key, STR("credentials.provider.basic")) ||
                  str_has_nocase(at->key, STR("credentials.basic")) ||
                  str_has_nocase(at->key, STR(".provider.basic.")));
    fact_num(f, o, "version", (double)version);
    fact_view(f, o, "account", key_id ? secret_account(f->a, part) : STR(""));
    fact_at(f, o, at->doc, pointer_of(at));
    buf_free(&shown);
}

/* All secrets of one value under its name. */
static void credentials(struct spot *at)
{
    struct str whole = at->value, rest = whole, name = at->key;
    size_t base = 0;
    while (rest.n) {
        struct secret s = secret_find(name, rest);
        if (!s.kind)
            return;
        size_t end = s.start + s.len;
        s.start += base;
        credential(at, s);
        base += end;
        rest = str_sub(whole, base, whole.n);
        name = STR("");
    }
}

static void found_in_text(void *ctx, struct secret s)
{
    credential(ctx, s);
}

static void connection(struct spot *at, const char *kind)
{
    struct fact *f = at->f;
    struct buf shown = BUF_INIT;
    struct json *o = fact_item(f, at->connections);
    secret_mask(&shown, at->key, at->value);
    fact_z(f, o, "kind", kind);
    fact_view(f, o, "group", at->group);
    fact_view(f, o, "key", at->key);
    fact_str(f, o, "shown", buf_view(&shown));
    fact_at(f, o, at->doc, pointer_of(at));
    buf_free(&shown);
}

/* Addresses that nobody connects to over a network: this machine, and names of XML. */
static bool local(struct str value)
{
    static const char *const hosts[] = {"localhost", "127.",   "[::1]",   "www.w3.org/",
                                        "schemas.",  "xmlns.", "xml.org/"};
    size_t at = str_find(value, STR("://"));
    struct str host = str_sub(value, at == (size_t)-1 ? 0 : at + 3, value.n);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (str_starts(host, str_from(hosts[i])))
            return true;
    return false;
}

/* One pair: does it open a connection without protection? */
static void connections(struct spot *at)
{
    struct str v = str_trim(at->value), k = at->key;
    if (str_ends(k, STR("security.protocol")) &&
        (str_eq_nocase(v, STR("PLAINTEXT")) || str_eq_nocase(v, STR("SASL_PLAINTEXT"))))
        connection(at, "plaintext-kafka");
    else if (str_ends(k, STR("bootstrap.servers")) && str_has(v, STR(":9092")) &&
             str_has(v, STR(".amazonaws.com")))
        connection(at, "plaintext-kafka");
    else if (str_ends(k, STR("trust.all.certificates")) && str_eq_nocase(v, STR("true")))
        connection(at, "tls-off");
    else if (str_ends(k, STR("ssl.endpoint.identification.algorithm")) && !v.n)
        connection(at, "tls-off");
    else if (str_starts(v, STR("http://")) && !local(v))
        connection(at, "http");
    else if (str_starts(v, STR("jdbc:")) && !local(v) &&
             (str_has_nocase(v, STR("ssl=false")) ||
              str_has_nocase(v, STR("useSSL=false")) ||
              str_has_nocase(v, STR("sslmode=disable")) ||
              str_has_nocase(v, STR("encrypt=false"))))
        connection(at, "jdbc-no-tls");
}

/* The property groups of a configuration. now: of the current version, whose connections
 * count. */
static void properties(struct spot *at, const struct json *conf, struct str base,
                       bool now)
{
    const struct json *groups = json_dig(conf, "EnvironmentPropertyDescriptions",
                                         "PropertyGroupDescriptions", NULL);
    at->pointer = base;
    at->property = true;
    at->index = 0;
    for (const struct json *n = json_first(groups); n; n = json_next(n), at->index++) {
        const struct json *map = json_get(n, STR("PropertyMap"));
        at->group = json_str(json_get(n, STR("PropertyGroupId")));
        for (const struct json *p = json_is(map, JSON_OBJECT) ? json_first(map) : NULL; p;
             p = json_next(p)) {
            at->key = json_key(p);
            at->value = json_str(p);
            credentials(at);
            if (now)
                connections(at);
        }
    }
    at->property = false;
    at->group = at->key = STR("");
}

static void text(struct spot *at, const struct json *n, struct str pointer)
{
    at->value = json_str(n);
    at->pointer = pointer;
    if (at->value.n)
        secret_scan(at->value, found_in_text, at);
}

/* Properties and code of one configuration. */
static void configuration(struct spot *at, const struct json *conf, struct str base,
                          bool now)
{
    properties(at, conf, base, now);
    if (now)
        at->where = "inline-code";
    text(at,
         json_dig(conf, "ApplicationCodeConfigurationDescription",
                  "CodeContentDescription", "TextContent", NULL),
         str_fmt(at->f->a,
                 "%.*s/ApplicationCodeConfigurationDescription/CodeContentDescription/"
                 "TextContent",
                 STR_ARG(base)));
}

static void version_row(struct spot *at, struct json *list, struct str version,
                        bool described, const struct exhibit *x, struct str pointer)
{
    struct fact *f = at->f;
    int64_t number = 0;
    str_int(version, &number);
    struct json *o = fact_item(f, list);
    fact_num(f, o, "version", (double)number);
    fact_bool(f, o, "described", described);
    fact_at(f, o, x->doc, pointer);
    if (!described)
        fact_unknown_part(f, "versions", f->s, VERSION, version,
                          str_fmt(f->a,
                                  "version %.*s of the application is not in evidence",
                                  STR_ARG(version))
                              .p);
}

/* The older versions that there are, as far as they are listed or described. */
static void version_list(struct spot *at, struct str current)
{
    const char *kind = "kinesisanalytics:ListApplicationVersions";
    struct fact *f = at->f;
    struct json *list = fact_list(f, "versions");
    struct map described = MAP_INIT;
    const struct exhibit *x = subject_exhibit(f->s, VERSION);
    for (; exhibit_goes_on(f->s, x, VERSION); x++) {
        struct str version = json_scalar(
            json_dig(x->node, "ApplicationVersionDetail", "ApplicationVersionId", NULL));
        if (!version.n || str_eq(version, current))
            continue;
        *map_put(f->scratch, &described, version) = f;
        version_row(at, list, version, true, x, STR("/ApplicationVersionDetail"));
    }
    size_t i = 0;
    x = subject_exhibit(f->s, kind);
    const struct json *all =
        x ? json_get(x->node, STR("ApplicationVersionSummaries")) : NULL;
    for (const struct json *n = json_first(all); n; n = json_next(n), i++) {
        struct str version = json_scalar(json_get(n, STR("ApplicationVersionId")));
        if (version.n && !str_eq(version, current) && !map_get(&described, version))
            version_row(at, list, version, false, x,
                        str_fmt(f->a, "/ApplicationVersionSummaries/%zu", i));
    }
}

/* What was in an older version can still be read from it. */
static void versions(struct spot *at, struct str current)
{
    const struct subject *s = at->f->s;
    const struct exhibit *x = subject_exhibit(s, VERSION);
    version_list(at, current);
    for (; exhibit_goes_on(s, x, VERSION); x++) {
        const struct json *n = json_get(x->node, STR("ApplicationVersionDetail"));
        struct str version = json_scalar(json_get(n, STR("ApplicationVersionId")));
        if (!n || str_eq(version, current))
            continue;
        at->where = "version";
        at->version = version;
        at->doc = x->doc;
        configuration(
            at, json_get(n, STR("ApplicationConfigurationDescription")),
            STR("/ApplicationVersionDetail/ApplicationConfigurationDescription"), false);
    }
    at->version = STR("");
}

void facts_configuration(struct fact *f, const struct exhibit *x)
{
    const struct json *detail = json_get(x->node, STR("ApplicationDetail"));
    const struct json *conf =
        json_get(detail, STR("ApplicationConfigurationDescription"));
    struct str version = json_scalar(json_get(detail, STR("ApplicationVersionId")));
    struct spot at = {.f = f,
                      .credentials = fact_list(f, "credentials"),
                      .connections = fact_list(f, "connections"),
                      .where = "property",
                      .doc = x->doc};
    configuration(&at, conf,
                  STR("/ApplicationDetail/ApplicationConfigurationDescription"), true);
    at.where = "job-plan";
    text(&at,
         json_dig(conf, "FlinkApplicationConfigurationDescription", "JobPlanDescription",
                  NULL),
         STR("/ApplicationDetail/ApplicationConfigurationDescription/"
             "FlinkApplicationConfigurationDescription/JobPlanDescription"));
    versions(&at, version);
}

void facts_credential(struct fact *f, struct json *list, const char *where,
                      struct str key, struct str value, const struct document *doc,
                      struct str pointer)
{
    struct spot at = {.f = f,
                      .credentials = list,
                      .where = where,
                      .key = key,
                      .value = value,
                      .doc = doc,
                      .pointer = pointer};
    credentials(&at);
}
