/* Runtime properties and inline code of an application: the resources they name. Keys are
 * the developer's choice, so values decide and key names only hint. */
#include "model/properties.h"

#include "model/build.h"
#include "model/secrets.h"

#include "base/buf.h"
#include "json/json.h"

#include <ctype.h>
#include <string.h>

/* A key that hints at a name. Keys are compared in lower case with '_' and '-' as '.'. */
struct hint {
    const char *key;
    const char *type;
};

/* clang-format off */
static const struct hint hints[] = {
    {"*delivery*stream*",   "delivery-stream"},
    {"firehose",            "delivery-stream"},
    {"firehose*name",       "delivery-stream"},
    {"firehose*stream",     "delivery-stream"},
    {"*.firehose*name",     "delivery-stream"},
    {"*.firehose",          "delivery-stream"},
    {"stream",              "stream"},
    {"stream.name",         "stream"},
    {"*.stream",            "stream"},
    {"*.stream.name",       "stream"},
    {"*streamname",         "stream"},
    {"inputstream",         "stream"},
    {"outputstream",        "stream"},
    {"bucket",              "bucket"},
    {"bucket.name",         "bucket"},
    {"*.bucket",            "bucket"},
    {"*.bucket.name",       "bucket"},
    {"*bucketname",         "bucket"},
    {"table.name",          "table"},
    {"tablename",           "table"},
    {"*.table.name",        "table"},
    {"*dynamodb*table*",    "table"},
    {"secret.name",         "secret"},
    {"secret.id",           "secret"},
    {"secret.arn",          "secret"},
    {"secretname",          "secret"},
    {"secretid",            "secret"},
    {"*.secret.name",       "secret"},
    {"*.secret.id",         "secret"},
    {"*.secret.arn",        "secret"},
    {"*secretsmanager*name", "secret"},
    {"credentials.secret",  "secret"},
    {"keystore.secret",     "secret"},
    {"truststore.secret",   "secret"},
    {"catalog.db",          "database"},
    {"database.name",       "database"},
    {"*.database.name",     "database"},
    {"glue*database*",      "database"},
};
/* clang-format on */

enum { HINTS = sizeof hints / sizeof *hints, KEY_MAX_BYTES = 200 };

/* Where a group stands, and what was found about it. */
struct site {
    struct build *b;
    struct arena *own; /* for what this application alone needs */
    struct subject *app;
    const struct document *doc;
    struct str pointer; /* of the value at hand */
    struct str via;
    const char *link; /* "property" or "inline-code" */
    const struct property_group *group;
    const struct property *pair;
    const char *use;
};

/* Lower case, '_' and '-' as '.', into a fixed buffer: keys longer than it hint at
 * nothing. */
static struct str plain_key(struct str key, char out[KEY_MAX_BYTES])
{
    if (key.n > KEY_MAX_BYTES)
        return STR("");
    for (size_t i = 0; i < key.n; i++) {
        char c = (char)tolower((unsigned char)key.p[i]);
        out[i] = c == '_' || c == '-' ? '.' : c;
    }
    return (struct str){out, key.n};
}

/* Could value be the name of such a thing? Sample values and flags are not. */
static bool name_is(const char *type, struct str value)
{
    static const char *const never[] = {"true",         "false", "latest",
                                        "trim_horizon", "none",  "null"};
    if (strcmp(type, "bucket") == 0)
        return bucket_name_is(value);
    const char *more = strcmp(type, "secret") == 0 ? "_.-/+=@" : "_.-";
    bool letter = false;
    if (!value.n || value.n > 255)
        return false;
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if (!isalnum(c) && !strchr(more, c))
            return false;
        letter = letter || isalpha(c);
    }
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (str_eq_nocase(value, str_from(never[i])))
            return false;
    return letter && secret_find(STR(""), value).kind == NULL;
}

static bool names_any(struct str s, const char *const *words)
{
    for (; *words; words++)
        if (str_has_nocase(s, str_from(*words)))
            return true;
    return false;
}

static const char *const sources[] = {"input", "source", "consumer", NULL};
static const char *const sinks[] = {"output", "sink", "producer", "dest", NULL};

static struct str pair_value(const struct property_group *g, struct str key)
{
    for (size_t i = 0; i < g->pairs.n; i++)
        if (str_eq_nocase(g->pairs.v[i].key, key))
            return g->pairs.v[i].value;
    return STR("");
}

/* Read from or written to, as far as names tell. */
static const char *use_of(const struct property_group *g, struct str key)
{
    /* Connectors that only write: the table need not stand behind an INSERT INTO here. */
    static const char *const writers[] = {"firehose", "dynamodb", "sqs", NULL};
    if (g->table.n)
        return g->sink || names_any(pair_value(g, STR("connector")), writers) ? "sink"
                                                                              : "source";
    bool source = names_any(key, sources), sink = names_any(key, sinks);
    if (source == sink) {
        source = names_any(g->id, sources);
        sink = names_any(g->id, sinks);
    }
    return source == sink ? "property" : source ? "source" : "sink";
}

/* The region that the pairs beside key name for it: PREFIX.region for PREFIX.name, then
 * aws.region and the like, then the only *.region of the group; else the
 * application's. */
static struct str region_of(const struct site *at, struct str key)
{
    const struct property_group *g = at->group;
    struct str head = key, best = STR("");
    while (head.n) {
        size_t dot = str_find_last(head, '.');
        head = dot == (size_t)-1 ? STR("") : str_sub(head, 0, dot);
        for (size_t i = 0; head.n && i < g->pairs.n; i++) {
            struct str k = g->pairs.v[i].key;
            if (k.n == head.n + 7 && str_starts(k, head) && str_ends(k, STR(".region")) &&
                region_is(g->pairs.v[i].value))
                return g->pairs.v[i].value;
        }
    }
    static const char *const usual[] = {"stream.region", "aws.region", "region"};
    for (size_t i = 0; i < 3; i++) {
        struct str v = pair_value(g, str_from(usual[i]));
        if (region_is(v))
            return v;
    }
    size_t regions = 0;
    for (size_t i = 0; i < g->pairs.n; i++)
        if (str_ends(g->pairs.v[i].key, STR(".region")) &&
            region_is(g->pairs.v[i].value)) {
            best = g->pairs.v[i].value;
            regions++;
        }
    return regions == 1 ? best : at->app->region;
}

static void add(const struct site *at, struct subject *to)
{
    struct link l = {.name = at->link,
                     .to = to,
                     .use = at->use,
                     .via = at->via,
                     .doc = at->doc,
                     .pointer = at->pointer};
    build_link(at->b, at->app, l);
}

static void doubt(const struct site *at, const char *what)
{
    struct doubt *d = vec_push(at->b->a, &at->app->doubts);
    d->what = str_fmt(at->b->a, "%.*s names \"%.*s\", which may be %s", STR_ARG(at->via),
                      STR_ARG(at->pair->value), what);
    d->doc = at->doc;
    d->pointer = at->pointer;
}

/* The end of a run of host name characters from i, forwards or back. */
static size_t host_end(struct str s, size_t i)
{
    while (i < s.n && (isalnum((unsigned char)s.p[i]) || s.p[i] == '.' || s.p[i] == '-'))
        i++;
    return i;
}

static size_t host_start(struct str s, size_t i)
{
    while (i &&
           (isalnum((unsigned char)s.p[i - 1]) || s.p[i - 1] == '.' || s.p[i - 1] == '-'))
        i--;
    return i;
}

/* The hosts of one BootstrapBrokerString...: "HOST:PORT,HOST:PORT". */
static void read_brokers(struct build *b, struct subject *cluster, struct str list)
{
    struct str one, host;
    while (list.n) {
        str_cut(list, ',', &one, &list);
        str_cut(str_trim(one), ':', &host, NULL);
        if (host.n)
            *map_put(b->a, &b->brokers, host) = cluster;
    }
}

void build_brokers(struct build *b)
{
    for (size_t i = 0; i < b->m->n; i++) {
        struct subject *s = b->m->v[i];
        if (strcmp(s->type, "cluster") != 0)
            continue;
        const struct json *answer = subject_answer(s, "kafka:GetBootstrapBrokers");
        for (const struct json *n = json_first(answer); n; n = json_next(n))
            if (str_starts(json_key(n), STR("BootstrapBrokerString")))
                read_brokers(b, s, json_str(n));
    }
}

/* A broker of MSK belongs to the cluster whose get-bootstrap-brokers names it; else
 * b-1.NAME.HASH.c2.kafka.REGION.amazonaws.com says the cluster's name, and a serverless
 * cluster, boot-ID.c1.kafka-serverless.REGION..., goes by that first label. */
static void broker(const struct site *at, struct str host)
{
    struct str first, name, rest, region;
    struct subject *s = map_get(&at->b->brokers, host);
    size_t kafka = str_find(host, STR(".kafka"));
    if (s) {
        add(at, s);
        return;
    }
    str_cut(host, '.', &first, &rest);
    str_cut(rest, '.', &name, NULL);
    str_cut(str_sub(host, kafka + 1, host.n), '.', NULL, &rest);
    str_cut(rest, '.', &region, NULL);
    if (str_starts(first, STR("boot-")))
        name = first;
    else if (!str_starts(first, STR("b-")))
        return;
    if (!region_is(region) || !name.n)
        return;
    struct place_in_aws where = {at->app->partition, region, at->app->account};
    s = model_named(at->b->m, "cluster", where.account, where.region, name);
    add(at, s ? s : build_reference(at->b, "cluster", name, &where));
}

/* OpenSearch: search-NAME-26CHARS.REGION.es.amazonaws.com, or vpc-NAME-... */
static void domain(const struct site *at, struct str host)
{
    struct str label, rest, region;
    str_cut(host, '.', &label, &rest);
    str_cut(rest, '.', &region, NULL);
    size_t head = str_starts(label, STR("search-")) ? 7
                  : str_starts(label, STR("vpc-"))  ? 4
                                                    : 0;
    size_t dash = str_find_last(label, '-');
    if (!head || dash == (size_t)-1 || dash <= head || !region_is(region))
        return;
    struct place_in_aws where = {at->app->partition, region, at->app->account};
    add(at, build_reference(at->b, "domain", str_sub(label, head, dash), &where));
}

/* A word of text that stands by itself: an ARN, a location, a queue's URL, a broker.
 * Gives how many bytes it took, 0 for none. */
static size_t standing(const struct site *at, struct str text, size_t i)
{
    struct build *b = at->b;
    struct place_in_aws where = subject_place(at->app);
    struct str rest = str_sub(text, i, text.n);
    bool start = i == 0 || !isalnum((unsigned char)text.p[i - 1]);
    if (start && str_starts(rest, STR("arn:"))) {
        size_t n = arn_span(rest);
        if (n)
            add(at, build_reference(b, NULL, str_sub(rest, 0, n), &where));
        return n;
    }
    if (start && str_starts(rest, STR("s3"))) {
        size_t n = 0;
        while (n < rest.n && rest.p[n] != '/')
            n++;
        n = n + 2 < rest.n ? host_end(rest, n + 2) : rest.n;
        struct str bucket = s3_uri_bucket(str_sub(rest, 0, n));
        if (bucket.n)
            add(at, build_reference(b, "bucket", bucket, &where));
        return bucket.n ? n : 0;
    }
    if (str_starts(rest, STR("://sqs."))) {
        size_t to = i + 3;
        while (to < text.n && !isspace((unsigned char)text.p[to]) &&
               !strchr("'\",;)}", text.p[to]))
            to++;
        struct str region, account, name, url = str_sub(text, i + 7, to);
        str_cut(url, '.', &region, &url);
        str_cut(url, '/', NULL, &url);
        str_cut(url, '/', &account, &name);
        if (region_is(region) && account_is(account) && name_is("queue", name)) {
            struct str arn =
                str_fmt(b->a, "arn:%.*s:sqs:%.*s:%.*s:%.*s", STR_ARG(where.partition),
                        STR_ARG(region), STR_ARG(account), STR_ARG(name));
            add(at, build_reference(b, "queue", arn, &where));
        }
        return to - i;
    }
    if (str_starts(rest, STR(".kafka.")) || str_starts(rest, STR(".kafka-serverless.")) ||
        str_starts(rest, STR(".es.amazonaws."))) {
        size_t end = host_end(text, i);
        struct str host = str_sub(text, host_start(text, i), end);
        if (rest.p[1] == 'k')
            broker(at, host);
        else
            domain(at, host);
        return end - i;
    }
    return 0;
}

/* Everything in text that names a resource by itself. True when there was something. */
static bool scan_text(const struct site *at, struct str text)
{
    size_t before = at->app->links.n;
    bool any = false;
    for (size_t i = 0; i < text.n;) {
        char c = text.p[i];
        size_t n =
            c == 'a' || c == 's' || c == ':' || c == '.' ? standing(at, text, i) : 0;
        any = any || n;
        i += n ? n : 1;
    }
    return any || at->app->links.n > before;
}

static const char *const firehose_words[] = {"firehose", "delivery", NULL};
static const char *const dynamo_words[] = {"dynamo", "ddb", NULL};
static const char *const lake_words[] = {"iceberg", "glue", "hive",   "hudi",
                                         "catalog", "jdbc", "paimon", NULL};

/* Does the group speak of this: its id, its connector, or one of its keys? */
static bool group_hints(const struct site *at, const char *const *words)
{
    const struct property_group *g = at->group;
    if (names_any(g->id, words) || names_any(pair_value(g, STR("connector")), words))
        return true;
    for (size_t i = 0; i < g->pairs.n; i++)
        if (names_any(g->pairs.v[i].key, words))
            return true;
    return false;
}

static bool group_has_jdbc(const struct property_group *g)
{
    for (size_t i = 0; i < g->pairs.n; i++)
        if (str_starts(g->pairs.v[i].value, STR("jdbc:")))
            return true;
    return false;
}

static struct subject *known(const struct site *at, const char *type,
                             const struct place_in_aws *where)
{
    struct naming n = naming_of_name(at->b->a, type, at->pair->value, where);
    struct subject *s = map_get(&at->b->m->by_arn, n.arn);
    return s ? s : model_named(at->b->m, type, n.account, n.region, n.name);
}

/* stream.name is a Kinesis stream for some developers and a Firehose stream for others:
 * evidence decides, then the words around it. */
static void stream_name(const struct site *at, const struct place_in_aws *where)
{
    struct subject *stream = known(at, "stream", where);
    struct subject *delivery = known(at, "delivery-stream", where);
    bool firehose = group_hints(at, firehose_words);
    struct str connector = pair_value(at->group, STR("connector"));
    bool kinesis = str_starts(connector, STR("kinesis")) ||
                   strcmp(at->use, "source") == 0 ||
                   pair_value(at->group, STR("flink.stream.initpos")).n;
    if (firehose && !stream) {
        add(at, build_reference(at->b, "delivery-stream", at->pair->value, where));
    } else if (stream && (!delivery || kinesis)) {
        add(at, stream);
    } else if (delivery && !stream && !kinesis) {
        add(at, delivery);
    } else if (kinesis) {
        add(at, build_reference(at->b, "stream", at->pair->value, where));
    } else {
        doubt(at, "a Kinesis stream or a Firehose stream");
    }
}

static void table_name(const struct site *at, const struct place_in_aws *where)
{
    struct subject *s = known(at, "table", where);
    char buf[KEY_MAX_BYTES];
    bool dynamo = group_hints(at, dynamo_words) ||
                  names_any(plain_key(at->pair->key, buf), dynamo_words);
    if (s || dynamo)
        add(at, s ? s : build_reference(at->b, "table", at->pair->value, where));
    else if (!group_has_jdbc(at->group) && !group_hints(at, lake_words))
        doubt(at, "a DynamoDB table or a table of something else");
}

/* A name that its key hints at. */
static void hinted(const struct site *at, const char *type)
{
    struct place_in_aws where = subject_place(at->app);
    where.region = region_of(at, at->pair->key);
    if (!name_is(type, at->pair->value))
        return;
    if (strcmp(type, "stream") == 0) {
        stream_name(at, &where);
    } else if (strcmp(type, "table") == 0) {
        table_name(at, &where);
    } else if (strcmp(type, "database") == 0) {
        static const char *const glue[] = {"glue", NULL};
        struct subject *s = known(at, type, &where);
        if (s || group_hints(at, glue))
            add(at, s ? s : build_reference(at->b, type, at->pair->value, &where));
    } else {
        add(at, build_reference(at->b, type, at->pair->value, &where));
    }
}

static void read_pair(struct site *at)
{
    char buf[KEY_MAX_BYTES];
    struct str key = plain_key(at->pair->key, buf);
    at->use = use_of(at->group, key);
    if (scan_text(at, at->pair->value))
        return;
    /* The console's tutorials have a group "bucket" with a key "name". */
    char group[KEY_MAX_BYTES];
    if (str_eq(key, STR("name")) &&
        str_starts(plain_key(at->group->id, group), STR("bucket"))) {
        hinted(at, "bucket");
        return;
    }
    for (size_t i = 0; i < HINTS; i++) {
        if (!str_glob(str_from(hints[i].key), key))
            continue;
        hinted(at, hints[i].type);
        return;
    }
}

/* The property groups of an application, each pair where it stands. */
static void read_groups(struct site *at, const struct json *groups, struct str pointer)
{
    struct buf place = BUF_INIT;
    size_t index = 0;
    for (const struct json *n = json_first(groups); n; n = json_next(n), index++) {
        struct property_group *g = ARENA_NEW(at->own, struct property_group);
        g->id = json_str(json_get(n, STR("PropertyGroupId")));
        const struct json *map = json_get(n, STR("PropertyMap"));
        for (const struct json *p = json_is(map, JSON_OBJECT) ? json_first(map) : NULL; p;
             p = json_next(p)) {
            struct property *pair = vec_push(at->own, &g->pairs);
            *pair = (struct property){json_key(p), json_str(p), 0};
        }
        at->group = g;
        for (size_t i = 0; i < g->pairs.n; i++) {
            at->pair = &g->pairs.v[i];
            if (!at->pair->value.n)
                continue;
            buf_clear(&place);
            buf_fmt(&place, "%.*s/%zu/PropertyMap", STR_ARG(pointer), index);
            json_pointer_add(&place, at->pair->key);
            size_t links = at->app->links.n, doubts = at->app->doubts.n;
            at->pointer = buf_view(&place);
            at->via = STR("");
            read_pair(at);
            /* Copies only where something was found: most properties name nothing. */
            struct str keep = STR(""), via = STR("");
            if (at->app->links.n > links || at->app->doubts.n > doubts) {
                keep = buf_dup(at->b->a, &place);
                via = str_fmt(at->b->a, "property %.*s/%.*s", STR_ARG(g->id),
                              STR_ARG(at->pair->key));
            }
            for (size_t k = links; k < at->app->links.n; k++) {
                at->app->links.v[k].pointer = keep;
                at->app->links.v[k].via = via;
            }
            for (size_t k = doubts; k < at->app->doubts.n; k++) {
                struct doubt *d = &at->app->doubts.v[k];
                d->pointer = keep;
                d->what = str_fmt(at->b->a, "%.*s%.*s", STR_ARG(via), STR_ARG(d->what));
            }
        }
    }
    buf_free(&place);
}

/* Inline code: options of SQL tables, then whatever stands in the text by itself. */
static void read_code(struct site *at, struct str code)
{
    struct property_groups tables = sql_tables(at->b->a, code);
    const struct property_group *group = tables.v;
    at->via = STR("inline code");
    for (size_t i = 0; i < tables.n; i++) {
        at->group = group + i;
        for (size_t k = 0; k < at->group->pairs.n; k++) {
            at->pair = &at->group->pairs.v[k];
            at->via = str_fmt(at->b->a, "inline code, table %.*s, %.*s",
                              STR_ARG(at->group->id), STR_ARG(at->pair->key));
            read_pair(at);
        }
    }
    static const struct property_group none;
    struct property *whole = ARENA_NEW(at->b->a, struct property);
    *whole = (struct property){STR(""), STR("the code"), 0};
    at->group = &none;
    at->pair = whole;
    at->use = "property";
    at->via = STR("inline code");
    scan_text(at, code);
}

void build_properties(struct build *b, struct subject *app, const struct exhibit *x)
{
    const struct json *conf = json_dig(x->node, "ApplicationDetail",
                                       "ApplicationConfigurationDescription", NULL);
    struct arena *own = arena_new();
    struct site at = {.b = b, .own = own, .app = app, .doc = x->doc, .link = "property"};
    read_groups(&at,
                json_dig(conf, "EnvironmentPropertyDescriptions",
                         "PropertyGroupDescriptions", NULL),
                STR("/ApplicationDetail/ApplicationConfigurationDescription/"
                    "EnvironmentPropertyDescriptions/PropertyGroupDescriptions"));
    arena_free(own);
    struct str code = json_str(json_dig(conf, "ApplicationCodeConfigurationDescription",
                                        "CodeContentDescription", "TextContent", NULL));
    if (!code.n)
        return;
    at.link = "inline-code";
    at.pointer = STR("/ApplicationDetail/ApplicationConfigurationDescription/"
                     "ApplicationCodeConfigurationDescription/CodeContentDescription/"
                     "TextContent");
    read_code(&at, code);
}
