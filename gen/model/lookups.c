/* What an answer of lookup-events was asked for: by its parameters in the index, by its
 * file's name, or by its events. CloudTrail API Reference, LookupEvents. */
#include "model/lookups.h"

#include "evidence/name.h"
#include "json/json.h"
#include "model/model.h"
#include "trail/trail.h"

#include <assert.h>
#include <string.h>

/* One attribute: a call of lookup-events takes one. */
struct asked {
    struct str key, value; /* key empty: only a word is known */
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* "ReadOnly-false": people shorten names. */
static struct asked read_short(struct str s)
{
    static const char *const keys[] = {"EventName", "EventSource", "ReadOnly",
                                       "ResourceName"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct str key = str_from(keys[i]);
        if (s.n > key.n + 1 && str_eq_nocase(str_sub(s, 0, key.n), key) &&
            !is_word(s.p[key.n]))
            return (struct asked){key, str_sub(s, key.n + 1, s.n)};
    }
    return (struct asked){STR(""), s};
}

/* "AttributeKey=EventSource,AttributeValue=...", or what a file's name made of it. */
static struct asked read_text(struct str s)
{
    struct asked out = read_short(s);
    size_t key = str_find(s, STR("AttributeKey"));
    size_t value = str_find(s, STR("AttributeValue"));
    if (value == (size_t)-1)
        return out;
    size_t from = value + strlen("AttributeValue") + 1;
    out.value = str_sub(s, from < s.n ? from : s.n, s.n);
    if (key == (size_t)-1 || key > value)
        return out;
    from = key + strlen("AttributeKey") + 1;
    out.key = str_sub(s, from, value > from ? value - 1 : from);
    return out;
}

/* What the file's name says after the operation. */
static struct asked read_name(struct arena *a, const struct document *d)
{
    static const char *const marks[] = {"lookup-events", "lookup_events", "LookupEvents"};
    struct str name = name_stem(d->path);
    name = str_sub(name, str_find_last(name, '/') + 1, name.n);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t at = str_find(name, str_from(marks[i]));
        if (at == (size_t)-1)
            continue;
        at += strlen(marks[i]);
        at += at < name.n; /* what separates them */
        return read_text(name_decode(a, str_sub(name, at, name.n)));
    }
    return read_text(name_decode(a, name));
}

static struct asked read_asked(struct arena *a, const struct exhibit *x)
{
    const struct json *n = json_get(x->doc->parameters, STR("lookup-attributes"));
    if (json_is(n, JSON_ARRAY))
        n = json_first(n);
    if (json_is(n, JSON_STRING))
        return read_text(json_str(n));
    if (json_is(n, JSON_OBJECT))
        return (struct asked){json_str(json_get(n, STR("AttributeKey"))),
                              json_str(json_get(n, STR("AttributeValue")))};
    return read_name(a, x->doc);
}

/* Is the service's name ("kms") a word of s? "kinesis" is none of "kinesisanalytics"; the
 * CLI's name of a service may have a version behind it. */
static bool has_service(struct str s, struct str service)
{
    for (size_t i = 0; i < s.n;) {
        size_t end = i;
        while (end < s.n && is_word(s.p[end]))
            end++;
        struct str word = str_sub(s, i, end);
        if (str_ends(word, STR("v2")))
            word.n -= 2;
        if (str_eq_nocase(word, service))
            return true;
        i = end + 1;
    }
    return false;
}

static bool shows_service(const struct exhibit *x, struct str service)
{
    const struct json *events = json_get(x->node, STR("Events"));
    for (const struct json *n = json_first(events); n; n = json_next(n)) {
        struct str name;
        str_cut(json_str(json_get(n, STR("EventSource"))), '.', &name, NULL);
        if (str_eq(name, service))
            return true;
    }
    return !json_size(events) && str_eq(service, STR("kinesisanalytics"));
}

static bool tells_service(const struct exhibit *x, struct asked asked, struct str service)
{
    if (asked.key.n && !str_eq(asked.key, STR("EventSource")))
        return false;
    return has_service(asked.value, service) ||
           (!asked.key.n && shows_service(x, service));
}

bool lookup_tells_service(struct arena *a, const struct exhibit *x, struct str service)
{
    return tells_service(x, read_asked(a, x), service);
}

static uint64_t rows_told(const struct exhibit *x, struct asked asked)
{
    size_t n;
    const struct trail_neighbour *rows = trail_neighbour_rows(&n);
    uint64_t out = 0;
    assert(n <= 64);
    for (size_t i = 0; i < n; i++) {
        /* Of the calls in the table it alone changes nothing by itself. */
        bool reads = strcmp(rows[i].event, "AssumeRole") == 0;
        bool told = tells_service(x, asked, str_from(rows[i].source));
        if (str_eq(asked.key, STR("ReadOnly")))
            told = str_eq_nocase(asked.value, reads ? STR("true") : STR("false"));
        else if (str_eq(asked.key, STR("EventName")))
            told = str_eq(asked.value, str_from(rows[i].event));
        out |= (uint64_t)told << i;
    }
    return out;
}

static struct sight *sight_at(struct arena *a, struct map *out, struct str account,
                              struct str region)
{
    void **slot = map_put(a, out, account);
    if (!*slot)
        *slot = ARENA_NEW(a, struct sights);
    struct sights *all = *slot;
    for (size_t i = 0; i < all->v.n; i++)
        if (str_eq(all->v.v[i].region, region))
            return &all->v.v[i];
    struct sight *v = vec_push(a, &all->v);
    *v = (struct sight){.region = region};
    return v;
}

static void read_lookup(struct arena *a, struct sight *v, const struct exhibit *x)
{
    struct asked asked = read_asked(a, x);
    uint64_t told = rows_told(x, asked);
    bool part = x->doc->partial;
    *(part ? &v->part : &v->told) |= told;
    if (asked.value.n && (!asked.key.n || str_eq(asked.key, STR("ResourceName"))))
        *vec_push(a, &v->names) = (struct sight_name){asked.value, part};
}

void sights_read(struct arena *a, const struct model *m, struct map *out)
{
    for (size_t i = 0; i < m->n; i++) {
        const struct subject *s = m->v[i];
        if (strcmp(s->type, "account") != 0)
            continue;
        for (size_t k = 0; k < s->exhibits.n; k++) {
            const struct exhibit *x = &s->exhibits.v[k];
            if (strcmp(x->kind, "cloudtrail:Records") == 0)
                sight_at(a, out, s->account, x->doc->region)->told = UINT64_MAX;
            else if (strcmp(x->kind, "cloudtrail:LookupEvents") == 0 && x->node)
                read_lookup(a, sight_at(a, out, s->account, x->doc->region), x);
        }
    }
}

const struct sight *sight_of(const struct map *sights, struct str account,
                             struct str region)
{
    const struct sights *all = map_get(sights, account);
    for (size_t i = 0; all && i < all->v.n; i++)
        if (str_eq(all->v.v[i].region, region))
            return &all->v.v[i];
    return NULL;
}

bool sight_shows(const struct sight *v, uint64_t rows, const struct subject *s,
                 bool *part)
{
    if (!v)
        return false;
    rows &= ~v->told;
    *part = *part || (rows & v->part);
    bool shown = !rows;
    for (size_t i = 0; i < v->names.n && !shown; i++) {
        const struct sight_name *n = &v->names.v[i];
        if (!str_eq(n->name, s->arn) && !str_eq(n->name, s->name))
            continue;
        shown = !n->part;
        *part = *part || n->part;
    }
    return shown;
}
