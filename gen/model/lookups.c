/* What an answer of lookup-events was asked for: by its parameters in the index, by its
 * file's name, or by its events. CloudTrail API Reference, LookupEvents. */
#include "model/lookups.h"

#include "evidence/name.h"
#include "json/json.h"
#include "model/model.h"
#include "trail/trail.h"

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

bool lookup_tells(struct arena *a, const struct exhibit *x,
                  const struct trail_neighbour *row, const struct subject *s)
{
    struct asked asked = read_asked(a, x);
    /* Of the calls in the table it alone changes nothing by itself. */
    bool reads = strcmp(row->event, "AssumeRole") == 0;
    if (str_eq(asked.key, STR("ReadOnly")))
        return str_eq_nocase(asked.value, reads ? STR("true") : STR("false"));
    if (str_eq(asked.key, STR("EventName")))
        return str_eq(asked.value, str_from(row->event));
    bool named = str_eq(asked.value, s->arn) || str_eq(asked.value, s->name);
    if (named && asked.value.n &&
        (!asked.key.n || str_eq(asked.key, STR("ResourceName"))))
        return true;
    return tells_service(x, asked, str_from(row->source));
}
