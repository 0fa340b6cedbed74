/* Runtime properties and inline code of an application: what in them seems to name
 * resources. Keys are the developer's choice, so values decide and key names only hint.
 */
#include "model/properties.h"

#include "model/model.h"
#include "model/naming.h"
#include "model/secrets.h"

#include "base/buf.h"
#include "json/json.h"

#include <ctype.h>
#include <string.h>

/* A key that hints at a name. Keys are compared in lower case with '_' and '-' as '.'. */
struct hint {
    struct str key;
    const char *type;
};

/* clang-format off */
static const struct hint hints[] = {
    {STR("*delivery*stream*"),   "delivery-stream"},
    {STR("firehose"),            "delivery-stream"},
    {STR("firehose*name"),       "delivery-stream"},
    {STR("firehose*stream"),     "delivery-stream"},
    {STR("*.firehose*name"),     "delivery-stream"},
    {STR("*.firehose"),          "delivery-stream"},
    {STR("stream"),              "stream"},
    {STR("stream.name"),         "stream"},
    {STR("*.stream"),            "stream"},
    {STR("*.stream.name"),       "stream"},
    {STR("*streamname"),         "stream"},
    {STR("inputstream"),         "stream"},
    {STR("outputstream"),        "stream"},
    {STR("bucket"),              "bucket"},
    {STR("bucket.name"),         "bucket"},
    {STR("*.bucket"),            "bucket"},
    {STR("*.bucket.name"),       "bucket"},
    {STR("*bucketname"),         "bucket"},
    {STR("table.name"),          "table"},
    {STR("tablename"),           "table"},
    {STR("*.table.name"),        "table"},
    {STR("*dynamodb*table*"),    "table"},
    {STR("secret.name"),         "secret"},
    {STR("secret.id"),           "secret"},
    {STR("secret.arn"),          "secret"},
    {STR("secretname"),          "secret"},
    {STR("secretid"),            "secret"},
    {STR("*.secret.name"),       "secret"},
    {STR("*.secret.id"),         "secret"},
    {STR("*.secret.arn"),        "secret"},
    {STR("*secretsmanager*name"), "secret"},
    {STR("credentials.secret"),  "secret"},
    {STR("keystore.secret"),     "secret"},
    {STR("truststore.secret"),   "secret"},
    {STR("catalog.db"),          "database"},
    {STR("database.name"),       "database"},
    {STR("*.database.name"),     "database"},
    {STR("glue*database*"),      "database"},
};
/* clang-format on */

enum { HINTS = sizeof hints / sizeof *hints, KEY_MAX_BYTES = 200 };

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

bool property_could_name(const char *type, struct str value)
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

bool property_has(struct str s, const char *const *words)
{
    for (; *words; words++)
        if (str_has_nocase(s, str_from(*words)))
            return true;
    return false;
}

struct str property_value(const struct property_group *g, struct str key)
{
    for (size_t i = 0; i < g->pairs.n; i++)
        if (str_eq_nocase(g->pairs.v[i].key, key))
            return g->pairs.v[i].value;
    return STR("");
}

static const char *const sources[] = {"input", "source", "consumer", NULL};
static const char *const sinks[] = {"output", "sink", "producer", "dest", NULL};

/* Read from or written to, as far as names tell. */
static const char *use_of(const struct property_group *g, struct str key)
{
    /* Connectors that only write: the table need not stand behind an INSERT INTO here. */
    static const char *const writers[] = {"firehose", "dynamodb", "sqs", NULL};
    if (g->table.n)
        return g->sink || property_has(property_value(g, STR("connector")), writers)
                   ? "sink"
                   : "source";
    bool source = property_has(key, sources), sink = property_has(key, sinks);
    if (source == sink) {
        source = property_has(g->id, sources);
        sink = property_has(g->id, sinks);
    }
    return source == sink ? "property" : source ? "source" : "sink";
}

/* The region that the pairs beside key name for it: PREFIX.region for PREFIX.name, then
 * aws.region and the like, then the only *.region of the group; else none. */
static struct str region_of(const struct property_group *g, struct str key)
{
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
        struct str v = property_value(g, str_from(usual[i]));
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
    return regions == 1 ? best : STR("");
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

/* The word of text that stands at i by itself: an ARN, a location, a queue's URL, a
 * broker. Gives how many bytes it took, 0 for none. */
static size_t word_at(struct str text, size_t i, struct clue_word *out)
{
    struct str rest = str_sub(text, i, text.n);
    bool start = i == 0 || !isalnum((unsigned char)text.p[i - 1]);
    size_t n = 0;
    switch (rest.p[0]) {
    case 'a':
        n = start && str_starts(rest, STR("arn:")) ? arn_span(rest) : 0;
        *out = (struct clue_word){WORD_ARN, str_sub(rest, 0, n)};
        return n;
    case 's':
        if (!start || !str_starts(rest, STR("s3")))
            return 0;
        while (n < rest.n && rest.p[n] != '/')
            n++;
        n = n + 2 < rest.n ? host_end(rest, n + 2) : rest.n;
        *out = (struct clue_word){WORD_BUCKET, s3_uri_bucket(str_sub(rest, 0, n))};
        return out->text.n ? n : 0;
    case ':':
        if (!str_starts(rest, STR("://sqs.")))
            return 0;
        for (n = 3; n < rest.n && !isspace((unsigned char)rest.p[n]) &&
                    !strchr("'\",;)}", rest.p[n]);)
            n++;
        *out = (struct clue_word){WORD_QUEUE, str_sub(rest, 7, n)};
        return n;
    default:
        if (!str_starts(rest, STR(".kafka.")) &&
            !str_starts(rest, STR(".kafka-serverless.")) &&
            !str_starts(rest, STR(".es.amazonaws.")))
            return 0;
        n = host_end(text, i);
        *out = (struct clue_word){rest.p[1] == 'k' ? WORD_BROKER : WORD_DOMAIN,
                                  str_sub(text, host_start(text, i), n)};
        return n - i;
    }
}

static void read_words(struct arena *a, struct str text, struct clue *c)
{
    for (size_t i = 0; i < text.n;) {
        char at = text.p[i];
        struct clue_word word;
        size_t n = at == 'a' || at == 's' || at == ':' || at == '.'
                       ? word_at(text, i, &word)
                       : 0;
        if (n)
            *vec_push(a, &c->words) = word;
        i += n ? n : 1;
    }
}

/* What a key hints at; NULL: nothing. */
static const char *hinted(const struct property_group *g, struct str key)
{
    /* The console's tutorials have a group "bucket" with a key "name". */
    char group[KEY_MAX_BYTES];
    if (str_eq(key, STR("name")) && str_starts(plain_key(g->id, group), STR("bucket")))
        return "bucket";
    for (size_t i = 0; key.n && i < HINTS; i++) {
        char last = hints[i].key.p[hints[i].key.n - 1];
        if ((last == '*' || last == key.p[key.n - 1]) && str_glob(hints[i].key, key))
            return hints[i].type;
    }
    return NULL;
}

/* The clue of one pair; false: there is none. */
static bool read_pair(struct arena *a, const struct property_group *g,
                      const struct property *pair, struct clue *c)
{
    char buf[KEY_MAX_BYTES];
    *c = (struct clue){.group = g, .pair = pair, .region = STR("")};
    read_words(a, pair->value, c);
    struct str key = plain_key(pair->key, buf);
    if (!c->words.n)
        c->type = hinted(g, key);
    if (c->type && !property_could_name(c->type, pair->value))
        c->type = NULL;
    if (!c->words.n && !c->type)
        return false;
    if (c->type)
        c->region = region_of(g, pair->key);
    c->use = use_of(g, key);
    return true;
}

/* The property groups of an application, each pair where it stands. */
static void read_groups(struct arena *keep, struct arena *scratch,
                        const struct json *groups, struct str pointer, struct clues *out)
{
    struct buf place = BUF_INIT;
    size_t index = 0;
    for (const struct json *n = json_first(groups); n; n = json_next(n), index++) {
        struct property_group *g = ARENA_NEW(scratch, struct property_group);
        g->id = json_str(json_get(n, STR("PropertyGroupId")));
        const struct json *map = json_get(n, STR("PropertyMap"));
        g->pairs.cap = json_size(map);
        g->pairs.v = ARENA_ARRAY(scratch, struct property, g->pairs.cap);
        for (const struct json *p = json_is(map, JSON_OBJECT) ? json_first(map) : NULL; p;
             p = json_next(p)) {
            struct property *pair = vec_push(scratch, &g->pairs);
            *pair = (struct property){json_key(p), json_str(p), 0};
        }
        for (size_t i = 0; i < g->pairs.n; i++) {
            const struct property *pair = &g->pairs.v[i];
            struct clue c;
            if (!pair->value.n || !read_pair(scratch, g, pair, &c))
                continue;
            buf_clear(&place);
            buf_fmt(&place, "%.*s/%zu/PropertyMap", STR_ARG(pointer), index);
            json_pointer_add(&place, pair->key);
            c.link = "property";
            c.pointer = buf_dup(keep, &place);
            c.via = STR_CAT(keep, STR("property "), g->id, STR("/"), pair->key);
            *vec_push(scratch, &out->list) = c;
        }
    }
    buf_free(&place);
}

/* Inline code: options of SQL tables, then whatever stands in the text by itself. */
static void read_code(struct arena *keep, struct arena *scratch, struct str code,
                      struct str pointer, struct clues *out)
{
    struct property_groups tables = sql_tables(scratch, code);
    struct clue c;
    for (size_t i = 0; i < tables.n; i++) {
        const struct property_group *g = &tables.v[i];
        for (size_t k = 0; k < g->pairs.n; k++) {
            const struct property *pair = &g->pairs.v[k];
            if (!read_pair(scratch, g, pair, &c))
                continue;
            c.link = "inline-code";
            c.pointer = pointer;
            c.via =
                STR_CAT(keep, STR("inline code, table "), g->id, STR(", "), pair->key);
            *vec_push(scratch, &out->list) = c;
        }
    }
    static const struct property_group none;
    c = (struct clue){.group = &none,
                      .region = STR(""),
                      .link = "inline-code",
                      .use = "property",
                      .pointer = pointer,
                      .via = STR("inline code")};
    read_words(scratch, code, &c);
    if (c.words.n)
        *vec_push(scratch, &out->list) = c;
}

void properties_read(struct arena *keep, struct arena *scratch, const struct exhibit *x,
                     struct clues *out)
{
    const struct json *conf = json_dig(x->node, "ApplicationDetail",
                                       "ApplicationConfigurationDescription", NULL);
    read_groups(keep, scratch,
                json_dig(conf, "EnvironmentPropertyDescriptions",
                         "PropertyGroupDescriptions", NULL),
                STR("/ApplicationDetail/ApplicationConfigurationDescription/"
                    "EnvironmentPropertyDescriptions/PropertyGroupDescriptions"),
                out);
    struct str code = json_str(json_dig(conf, "ApplicationCodeConfigurationDescription",
                                        "CodeContentDescription", "TextContent", NULL));
    if (code.n)
        read_code(keep, scratch, code,
                  STR("/ApplicationDetail/ApplicationConfigurationDescription/"
                      "ApplicationCodeConfigurationDescription/CodeContentDescription/"
                      "TextContent"),
                  out);
}

const struct clue *clue_copy(struct arena *a, const struct clue *c)
{
    struct clue *copy = ARENA_NEW(a, struct clue);
    *copy = *c;
    copy->words.v = ARENA_ARRAY(a, struct clue_word, c->words.n);
    for (size_t i = 0; i < c->words.n; i++)
        copy->words.v[i] = c->words.v[i];
    /* Only a hint is weighed by what stands beside it. */
    copy->group = NULL;
    copy->pair = NULL;
    if (!c->type)
        return copy;
    struct property_group *g = ARENA_NEW(a, struct property_group);
    *g = *c->group;
    g->pairs.v = ARENA_ARRAY(a, struct property, g->pairs.n);
    for (size_t i = 0; i < g->pairs.n; i++)
        g->pairs.v[i] = c->group->pairs.v[i];
    copy->group = g;
    copy->pair = &g->pairs.v[c->pair - c->group->pairs.v];
    return copy;
}
