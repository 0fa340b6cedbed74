/* Questions to the action table: names, patterns, levels, condition keys, resources. */
#include "iam/actions_table.h"

#include "base/arena.h"

#include <string.h>

/* Where the service checks something else than AWS's Service Authorization Reference
 * says: a grant on such a resource works and is never called dead. */
/* clang-format off */
static const struct action_exception exceptions[] = {
    {"kinesis:DeregisterStreamConsumer", "arn:*:kinesis:*:*:stream/*",
     "Managed Service for Apache Flink guide, enhanced fan-out policy: granted on the stream"},
    {"kinesis:UpdateShardCount", "arn:*:kinesis:*:*:stream/*",
     "Kinesis Data Streams guide, controlling access: the stream is the resource"},
    {"kinesis:UpdateStreamMode", "arn:*:kinesis:*:*:stream/*",
     "Kinesis Data Streams guide, controlling access: the stream is the resource"},
    {"kinesis:EnableEnhancedMonitoring", "arn:*:kinesis:*:*:stream/*",
     "Kinesis Data Streams guide, controlling access: the stream is the resource"},
    {"kinesis:DisableEnhancedMonitoring", "arn:*:kinesis:*:*:stream/*",
     "Kinesis Data Streams guide, controlling access: the stream is the resource"},
    {"logs:DescribeLogGroups", "arn:*:logs:*:*:log-group:*",
     "Managed Service for Apache Flink guide, CloudWatch logging policy"},
    {"logs:DescribeLogStreams", "arn:*:logs:*:*:log-group:*:log-stream:*",
     "Managed Service for Apache Flink guide, CloudWatch logging policy"},
    {"s3:GetObject", "arn:*:s3:::*/*", "S3 guide: object actions take object ARNs"},
    {"secretsmanager:GetSecretValue", "arn:*:secretsmanager:*:*:secret:*",
     "Secrets Manager guide: six random characters end the ARN"},
};
/* clang-format on */

const struct action_exception *action_exceptions(size_t *n)
{
    *n = sizeof exceptions / sizeof *exceptions;
    return exceptions;
}

struct str actions_date(const struct actions *t)
{
    return t->date;
}

uint32_t actions_count(const struct actions *t)
{
    return t->rows;
}

const char *action_level_name(enum action_level level)
{
    static const char *const names[ACTION_LEVELS] = {"List", "Read", "Write", "Tagging",
                                                     "Permissions management"};
    return names[level];
}

static struct service_slot *slot_of(const struct actions *t, struct str prefix)
{
    char lower[64];
    if (!prefix.n || prefix.n > sizeof lower)
        return NULL;
    for (size_t i = 0; i < prefix.n; i++) {
        char c = prefix.p[i];
        lower[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return map_get(&t->by_prefix, (struct str){lower, prefix.n});
}

bool actions_knows(const struct actions *t, struct str prefix)
{
    return slot_of(t, prefix) != NULL;
}

const struct action_service *actions_service(struct actions *t, struct str prefix)
{
    struct service_slot *slot = slot_of(t, prefix);
    return slot ? actions_parse(t, (size_t)(slot - t->slots)) : NULL;
}

const struct action_service *actions_service_at(struct actions *t, size_t i)
{
    return i < t->nslots ? actions_parse(t, i) : NULL;
}

size_t actions_slot_of(const struct actions *t, uint32_t row)
{
    size_t i = t->near[row / 64];
    while (i + 1 < t->nslots && t->slots[i + 1].first <= row)
        i++;
    return i;
}

const struct action *actions_get(struct actions *t, uint32_t row)
{
    if (row >= t->rows)
        return NULL;
    const struct action_service *sv = actions_parse(t, actions_slot_of(t, row));
    return &sv->actions[row - sv->first];
}

const struct action *actions_find(struct actions *t, struct str text)
{
    struct str prefix, name;
    if (!str_cut(text, ':', &prefix, &name))
        return NULL;
    const struct action_service *sv = actions_service(t, prefix);
    for (uint32_t i = 0; sv && i < sv->count; i++)
        if (str_eq_nocase(sv->actions[i].name, name))
            return &sv->actions[i];
    return NULL;
}

struct str action_text(struct arena *a, const struct action *act)
{
    struct str prefix = act->service->prefix, name = act->name;
    char *p = arena_alloc8(a, prefix.n + 1 + name.n + 1);
    memcpy(p, prefix.p, prefix.n);
    p[prefix.n] = ':';
    memcpy(p + prefix.n + 1, name.p, name.n);
    return (struct str){p, prefix.n + 1 + name.n};
}

struct action_set actions_all(struct arena *a, const struct actions *t)
{
    static const struct action_others everything = {.all_but = true};
    struct action_set all = action_set_rows(a, 0, t->rows);
    all.others = &everything;
    return all;
}

static bool has_any(struct str s, const char *chars)
{
    for (; *chars; chars++)
        if (str_find_char(s, *chars) != (size_t)-1)
            return true;
    return false;
}

static bool only_stars(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '*')
            return false;
    return s.n > 0;
}

static enum action_text_kind expand_name(struct arena *a, struct actions *t,
                                         struct service_slot *slot, struct str text,
                                         struct str name, struct action_set *out)
{
    if (only_stars(name)) {
        *out = action_set_rows(a, slot->first, slot->count);
        return ACTION_TEXT_KNOWN;
    }
    struct str lower = str_lower(a, name);
    bool wild = has_any(name, "*?"), found = false;
    uint32_t lo = slot->first / 64, hi = (slot->first + slot->count) / 64 + 1;
    uint64_t *words = NULL;
    const struct str *names = actions_names(t, slot);
    for (uint32_t i = 0; i < slot->count; i++) {
        struct str full = names[i];
        char small[128];
        if (full.n > sizeof small || (!wild && full.n != name.n))
            continue;
        for (size_t k = 0; k < full.n; k++)
            small[k] =
                (char)(full.p[k] >= 'A' && full.p[k] <= 'Z' ? full.p[k] + 32 : full.p[k]);
        struct str known = {small, full.n};
        if (!(wild ? str_glob(lower, known) : str_eq(lower, known)))
            continue;
        if (!words)
            words = arena_alloc8(a, (hi - lo) * sizeof *words);
        uint32_t row = slot->first + i;
        words[row / 64 - lo] |= UINT64_C(1) << (row % 64);
        found = true;
        if (!wild)
            break;
    }
    if (found) {
        for (; !words[0]; words++)
            lo++;
        while (!words[hi - lo - 1])
            hi--;
        *out = (struct action_set){.words = words, .lo = lo, .hi = hi};
        return ACTION_TEXT_KNOWN;
    }
    if (!wild)
        *out = action_set_other(a, str_lower(a, text));
    return ACTION_TEXT_UNKNOWN_ACTION;
}

enum action_text_kind actions_expand(struct arena *a, struct actions *t, struct str text,
                                     struct action_set *out)
{
    *out = (struct action_set){0};
    struct str prefix, name;
    bool colon = str_cut(text, ':', &prefix, &name);
    if (only_stars(prefix) && (!colon || only_stars(name))) {
        *out = actions_all(a, t);
        return ACTION_TEXT_ALL;
    }
    if (has_any(text, " \t\r\n,"))
        return ACTION_TEXT_DEAD;
    if (!colon || !prefix.n || has_any(prefix, "*?"))
        return ACTION_TEXT_MALFORMED;
    if (!name.n)
        return ACTION_TEXT_DEAD;
    struct service_slot *slot = slot_of(t, prefix);
    if (slot)
        return expand_name(a, t, slot, text, name, out);
    if (!has_any(name, "*?"))
        *out = action_set_other(a, str_lower(a, text));
    return ACTION_TEXT_UNKNOWN_SERVICE;
}

struct str actions_nearest(struct arena *a, struct actions *t, struct str text)
{
    struct str prefix, name, best = STR("");
    bool colon = str_cut(text, ':', &prefix, &name);
    const struct action_service *sv = actions_service(t, prefix);
    unsigned least = 3;
    if (!sv) {
        struct str lower = str_lower(a, prefix);
        for (size_t i = 0; i < t->nslots; i++) {
            unsigned d = str_distance(lower, t->slots[i].prefix, least);
            if (d < least) {
                least = d;
                best = t->slots[i].prefix;
            }
        }
        return best.n && colon ? str_fmt(a, "%.*s:%.*s", STR_ARG(best), STR_ARG(name))
                               : best;
    }
    const struct action *near = NULL;
    struct str lower = str_lower(a, name);
    for (uint32_t i = 0; i < sv->count; i++) {
        unsigned d = str_distance(lower, str_lower(a, sv->actions[i].name), least);
        if (d < least) {
            least = d;
            near = &sv->actions[i];
        }
    }
    return near ? action_text(a, near) : best;
}

void actions_levels(struct actions *t, const struct action_set *s,
                    size_t levels[ACTION_LEVELS])
{
    for (size_t i = 0; i < ACTION_LEVELS; i++)
        levels[i] = 0;
    uint32_t row = action_set_next(s, 0);
    while (row != UINT32_MAX && row < t->rows) {
        size_t k = actions_slot_of(t, row);
        const struct service_slot *slot = &t->slots[k];
        uint32_t end = slot->first + slot->count;
        if (action_set_count_in(s, slot->first, end) == slot->count) {
            for (size_t i = 0; i < ACTION_LEVELS; i++)
                levels[i] += slot->levels[i];
            row = action_set_next(s, end);
            continue;
        }
        const struct action_service *sv = actions_parse(t, k);
        for (; row < end; row = action_set_next(s, row + 1))
            levels[sv->actions[row - sv->first].level]++;
    }
}

/* Does key, without case, fit a name of the table, where ${...} and <...> are any text?
 */
static bool stands_for(struct str name, struct str key)
{
    size_t at = str_find(name, STR("${"));
    if (at == (size_t)-1)
        at = str_find_char(name, '<');
    if (at == (size_t)-1)
        return str_eq_nocase(name, key);
    return key.n > at && str_eq_nocase(str_sub(name, 0, at), str_sub(key, 0, at));
}

/* The same of a key of a service: few have its length, and few hold any text. */
static bool key_fits(const struct action_key *known, struct str key)
{
    return known->open ? stands_for(known->name, key)
                       : known->name.n == key.n && str_eq_nocase(known->name, key);
}

bool actions_global_key(const struct actions *t, struct str key, struct action_key *out)
{
    for (size_t i = 0; i < t->nglobals; i++)
        if (stands_for(t->globals[i].name, key)) {
            struct str type = t->globals[i].value;
            *out = (struct action_key){t->globals[i].name, type.p[0],
                                       str_ends(type, STR("+")), false};
            return true;
        }
    return false;
}

bool actions_own_key(const struct action *act, struct str key, struct action_key *out)
{
    const struct action_service *sv = act->service;
    for (size_t i = 0; i < act->nkeys; i++)
        if (key_fits(&sv->keys[act->keys[i]], key)) {
            *out = sv->keys[act->keys[i]];
            return true;
        }
    for (size_t i = 0; i < act->ntypes; i++) {
        const struct action_type *type = &sv->types[act->types[i]];
        for (size_t k = 0; k < type->nkeys; k++)
            if (key_fits(&sv->keys[type->keys[k]], key)) {
                *out = sv->keys[type->keys[k]];
                return true;
            }
    }
    return false;
}

bool actions_key(const struct actions *t, const struct action *act, struct str key,
                 struct action_key *out)
{
    return actions_own_key(act, key, out) || actions_global_key(t, key, out);
}

bool actions_in_rcp(const struct actions *t, struct str prefix)
{
    struct str list = t->rcp, w;
    while (scan_word(&list, &w))
        if (str_eq_nocase(w, prefix))
            return true;
    return false;
}

struct str actions_event_prefix(const struct actions *t, struct str source)
{
    static const struct str tail = {".amazonaws.com", 14};
    if (str_ends(source, tail))
        source.n -= tail.n;
    for (size_t i = 0; i < t->nsources; i++)
        if (str_eq(t->sources[i].name, source))
            return t->sources[i].value;
    return source;
}

/* The row of the event table for prefix and name: a list of action names; false: none. */
static bool event_row(const struct actions *t, struct str prefix, struct str name,
                      struct str *out)
{
    struct scan s = {t->event.p, t->event.p + t->event.n, false};
    if (!scan_eat(&s, '{'))
        return false;
    while (!s.bad && !scan_eat(&s, '}')) {
        bool here = str_eq(scan_string(&s), prefix);
        if (!scan_eat(&s, ':') || !scan_eat(&s, '{'))
            return false;
        while (!s.bad && !scan_eat(&s, '}')) {
            struct str event = scan_string(&s);
            scan_eat(&s, ':');
            struct str list = scan_string(&s);
            scan_eat(&s, ',');
            if (here && str_eq(event, name)) {
                *out = list;
                return true;
            }
        }
        scan_eat(&s, ',');
    }
    return false;
}

/* Lambda's event names end in the API's date, some with a suffix: "Invoke20150331". */
static struct str without_date(struct str name)
{
    size_t n = name.n;
    while (n && ((name.p[n - 1] >= '0' && name.p[n - 1] <= '9') || name.p[n - 1] == '_' ||
                 (n > 1 && name.p[n - 1] == 'v' && name.p[n - 2] >= '0' &&
                  name.p[n - 2] <= '9')))
        n--;
    return name.n - n >= 8 ? str_sub(name, 0, n) : name;
}

const struct str *actions_of_event(struct arena *a, struct actions *t, struct str source,
                                   struct str name, size_t *n)
{
    VEC(struct str) v = {0};
    struct str prefix = actions_event_prefix(t, source), list, w;
    if (str_eq(prefix, STR("lambda")))
        name = without_date(name);
    if (event_row(t, prefix, name, &list)) {
        while (scan_word(&list, &w))
            *vec_push(a, &v) = str_fmt(a, "%.*s:%.*s", STR_ARG(prefix), STR_ARG(w));
    } else {
        *vec_push(a, &v) = str_fmt(a, "%.*s:%.*s", STR_ARG(prefix), STR_ARG(name));
    }
    *n = v.n;
    return v.v;
}

static size_t count_token(struct pattern p, uint32_t token)
{
    size_t n = 0;
    for (size_t i = 0; i < p.n; i++)
        n += p.t[i] == token;
    return n;
}

static bool too_deep(const struct action_type *type, size_t k,
                     const struct arn_pattern *p)
{
    uint32_t c = (unsigned char)type->separator;
    return c && count_token(p->part[ARN_RESOURCE], c) >
                    count_token(type->patterns[k].part[ARN_RESOURCE], c);
}

bool action_type_meets(const struct action_type *type, const struct arn_pattern *p)
{
    for (size_t k = 0; k < type->npatterns && !p->nothing; k++)
        if (arn_meets(p, &type->patterns[k]) != PATTERN_NO && !too_deep(type, k, p))
            return true;
    return false;
}

bool action_takes_odd(const struct action *act, const struct arn_pattern *p)
{
    for (size_t i = 0; i < act->nodd && !p->nothing; i++)
        if (arn_meets(p, &act->odd[i]) != PATTERN_NO)
            return true;
    return false;
}

bool action_star_only(const struct action *act)
{
    return act->ntypes == 0 && !act->nodd;
}

bool action_takes(const struct action *act, const struct arn_pattern *p)
{
    const struct action_service *sv = act->service;
    for (size_t i = 0; i < act->ntypes && !p->any; i++)
        if (action_type_meets(&sv->types[act->types[i]], p))
            return true;
    return p->any || action_takes_odd(act, p);
}
