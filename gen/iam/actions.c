/* The action table: index its lines, parse a service when it is first asked for. */
#include "iam/actions_table.h"

#include "base/arena.h"
#include "base/diag.h"

#include <string.h>

static const struct diag_kind BAD_TABLE = {
    "IAM-101", DIAG_ERROR, "the table of IAM actions cannot be read",
    "restore iam-actions.json from the distribution"};

enum { MAX_SERVICES = 4096, MAX_ACTIONS = 1 << 20 };

bool scan_eat(struct scan *s, char c)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\n' || *s->p == '\t'))
        s->p++;
    if (s->p < s->end && *s->p == c) {
        s->p++;
        return true;
    }
    return false;
}

struct str scan_string(struct scan *s)
{
    if (!scan_eat(s, '"')) {
        s->bad = true;
        return STR("");
    }
    const char *q = memchr(s->p, '"', (size_t)(s->end - s->p));
    if (!q) {
        s->bad = true;
        return STR("");
    }
    struct str text = {s->p, (size_t)(q - s->p)};
    s->p = q + 1;
    return text;
}

void scan_skip(struct scan *s)
{
    int depth = 0;
    do {
        while (s->p < s->end && (*s->p == ',' || *s->p == ':' || *s->p == ' ' ||
                                 *s->p == '\n' || *s->p == '\t' || !*s->p))
            s->p++;
        if (s->p >= s->end) {
            s->bad = true;
            return;
        }
        if (*s->p == '"') {
            scan_string(s);
        } else if (*s->p == '{' || *s->p == '[') {
            depth++;
            s->p++;
        } else if (*s->p == '}' || *s->p == ']') {
            depth--;
            s->p++;
        } else {
            while (s->p < s->end && !strchr(",]}", *s->p))
                s->p++;
        }
    } while (depth > 0 && !s->bad);
}

bool scan_word(struct str *list, struct str *word)
{
    while (list->n && list->p[0] == ' ')
        *list = str_sub(*list, 1, list->n);
    if (!list->n)
        return false;
    str_cut(*list, ' ', word, list);
    return true;
}

static size_t words(struct str list)
{
    size_t n = 0;
    struct str w;
    while (scan_word(&list, &w))
        n++;
    return n;
}

/* Numbers below limit, as an array. */
static uint16_t *numbers(struct arena *a, struct str list, size_t limit, size_t *n,
                         bool *bad)
{
    uint16_t *v = ARENA_ARRAY(a, uint16_t, list.n / 2 + 1);
    *n = 0;
    for (size_t i = 0; i < list.n;) {
        size_t k = 0, from = i;
        for (; i < list.n && list.p[i] >= '0' && list.p[i] <= '9' && k < limit; i++)
            k = k * 10 + (size_t)(list.p[i] - '0');
        if (i > from && k < limit && (i == list.n || list.p[i] == ' ')) {
            v[(*n)++] = (uint16_t)k;
        } else if (i > from || list.p[i] != ' ') {
            *bad = true;
            break;
        }
        i++;
    }
    return v;
}

/* What a line holds, found before anything of it is built. */
struct line {
    struct scan types, groups;
    struct str keys, key_types;
    bool has_types, has_groups;
};

static void find_members(struct scan *s, struct line *out)
{
    if (!scan_eat(s, '{'))
        s->bad = true;
    while (!s->bad && !scan_eat(s, '}')) {
        struct str key = scan_string(s);
        if (!scan_eat(s, ':'))
            s->bad = true;
        if (str_eq(key, STR("k"))) {
            out->keys = scan_string(s);
        } else if (str_eq(key, STR("kt"))) {
            out->key_types = scan_string(s);
        } else {
            if (str_eq(key, STR("t"))) {
                out->types = *s;
                out->has_types = true;
            } else if (str_eq(key, STR("a"))) {
                out->groups = *s;
                out->has_groups = true;
            }
            scan_skip(s);
        }
        scan_eat(s, ',');
    }
}

static void read_keys(struct arena *a, const struct line *line,
                      struct action_service *out)
{
    struct str keys = line->keys, types = line->key_types, key, type;
    struct action_key *v = ARENA_ARRAY(a, struct action_key, words(keys));
    while (scan_word(&keys, &key)) {
        if (!scan_word(&types, &type))
            type = STR("S");
        bool open = str_find_char(key, '$') != (size_t)-1 ||
                    str_find_char(key, '<') != (size_t)-1;
        v[out->nkeys++] =
            (struct action_key){key, type.p[0], str_ends(type, STR("+")), open};
    }
    out->keys = v;
}

static void read_type(struct arena *a, struct scan *s, struct action_type *out,
                      size_t nkeys)
{
    out->name = scan_string(s);
    if (!scan_eat(s, ':'))
        s->bad = true;
    bool pair = scan_eat(s, '[');
    struct str patterns = scan_string(s), w;
    if (pair) {
        scan_eat(s, ',');
        out->keys = numbers(a, scan_string(s), nkeys, &out->nkeys, &s->bad);
        if (!scan_eat(s, ']'))
            s->bad = true;
    }
    struct arn_pattern *v = ARENA_ARRAY(a, struct arn_pattern, words(patterns));
    while (scan_word(&patterns, &w))
        v[out->npatterns++] = arn_pattern_make(a, w, ARN_IN_IDENTITY, false);
    out->patterns = v;
}

/* Names that never hold a separator: AWS's templates write them as any text, which would
 * let an object's ARN pass for a bucket's. */
/* clang-format off */
static const struct {
    const char *service, *type;
    char separator;
} plain_names[] = {
    {"dynamodb", "table",          '/'},
    {"firehose", "deliverystream", '/'},
    {"kinesis",  "stream",         '/'},
    {"kms",      "key",            '/'},
    {"s3",       "bucket",         '/'},
    {"sns",      "topic",          ':'},
    {"sqs",      "queue",          ':'},
};
/* clang-format on */

static char separator_of(struct str service, struct str type)
{
    for (size_t i = 0; i < sizeof plain_names / sizeof *plain_names; i++)
        if (str_eq(service, str_from(plain_names[i].service)) &&
            str_eq(type, str_from(plain_names[i].type)))
            return plain_names[i].separator;
    return '\0';
}

static void read_types(struct arena *a, struct scan s, struct action_service *out,
                       bool *bad)
{
    VEC(struct action_type) v = {0};
    if (!scan_eat(&s, '{'))
        s.bad = true;
    while (!s.bad && !scan_eat(&s, '}')) {
        struct action_type *type = vec_push(a, &v);
        read_type(a, &s, type, out->nkeys);
        type->separator = separator_of(out->prefix, type->name);
        scan_eat(&s, ',');
    }
    out->types = v.v;
    out->ntypes = v.n;
    *bad = *bad || s.bad || v.n > UINT16_MAX;
}

/* The resource types of a group: names, each with * when it is required. */
static void group_types(struct arena *a, struct str list, const struct action_service *sv,
                        struct action *out, bool *bad)
{
    size_t n = words(list);
    uint16_t *types = ARENA_ARRAY(a, uint16_t, n);
    bool *required = ARENA_ARRAY(a, bool, n);
    struct str w;
    for (size_t i = 0; scan_word(&list, &w); i++) {
        required[i] = str_ends(w, STR("*"));
        w = str_sub(w, 0, w.n - required[i]);
        size_t k = 0;
        while (k < sv->ntypes && !str_eq(sv->types[k].name, w))
            k++;
        if (k == sv->ntypes)
            *bad = true;
        types[i] = (uint16_t)k;
    }
    out->types = types;
    out->required = required;
    out->ntypes = *bad ? 0 : n;
}

static enum action_level level_of(struct str s, bool *bad)
{
    static const char letters[] = "LRWTP";
    const char *at = s.n == 1 ? strchr(letters, s.p[0]) : NULL;
    if (!at || !*at)
        *bad = true;
    return at && *at ? (enum action_level)(at - letters) : ACTION_LIST;
}

/* Names of actions, each with marks behind it: ~ and +. */
static void read_names(struct str list, struct str *out, uint32_t limit, uint32_t *n)
{
    const char *p = list.p, *end = list.p + list.n;
    while (p < end && *n < limit) {
        const char *name = p;
        while (p < end && *p != ' ')
            p++;
        size_t len = (size_t)(p - name);
        while (len && (name[len - 1] == '~' || name[len - 1] == '+'))
            len--;
        if (p > name)
            out[(*n)++] = (struct str){name, len};
        p += p < end;
    }
}

static const void *parse_names(struct arena *a, const struct service_slot *slot)
{
    struct str *out = ARENA_ARRAY(a, struct str, slot->count);
    struct scan s = {slot->line.p, slot->line.p + slot->line.n, false};
    struct line line = {0};
    find_members(&s, &line);
    struct scan *groups = &line.groups;
    uint32_t n = 0;
    if (s.bad || !line.has_groups || !scan_eat(groups, '['))
        return out;
    while (!groups->bad && scan_eat(groups, '[')) {
        scan_string(groups);
        scan_eat(groups, ',');
        read_names(scan_string(groups), out, slot->count, &n);
        while (scan_eat(groups, ','))
            scan_string(groups);
        groups->bad |= !scan_eat(groups, ']');
        scan_eat(groups, ',');
    }
    return out;
}

/* One group [level, names, types, keys]: its actions share everything but the name. */
static void read_group(struct arena *a, struct scan *s, struct action_service *sv,
                       struct action *all, uint32_t *n)
{
    if (!scan_eat(s, '['))
        s->bad = true;
    struct action like = {.service = sv, .level = level_of(scan_string(s), &s->bad)};
    scan_eat(s, ',');
    struct str names = scan_string(s), name;
    if (scan_eat(s, ','))
        group_types(a, scan_string(s), sv, &like, &s->bad);
    if (scan_eat(s, ','))
        like.keys = numbers(a, scan_string(s), sv->nkeys, &like.nkeys, &s->bad);
    if (!scan_eat(s, ']'))
        s->bad = true;
    while (!s->bad && scan_word(&names, &name)) {
        if (*n == sv->count) {
            s->bad = true;
            return;
        }
        struct action *act = &all[*n];
        *act = like;
        act->row = sv->first + (*n)++;
        for (; name.n && strchr("~+", name.p[name.n - 1]); name.n--) {
            if (name.p[name.n - 1] == '~')
                act->permission_only = true;
            else
                act->manages = true;
        }
        act->name = name;
    }
}

/* What the exceptions add to the service's actions. */
static void read_odd(struct arena *a, const struct action_service *sv, struct action *all)
{
    size_t n;
    const struct action_exception *rows = action_exceptions(&n);
    for (size_t i = 0; i < n; i++) {
        struct str prefix, name;
        str_cut(str_from(rows[i].action), ':', &prefix, &name);
        for (uint32_t k = 0; str_eq(prefix, sv->prefix) && k < sv->count; k++) {
            if (!str_eq(all[k].name, name))
                continue;
            struct arn_pattern *v = ARENA_ARRAY(a, struct arn_pattern, all[k].nodd + 1);
            for (size_t j = 0; j < all[k].nodd; j++)
                v[j] = all[k].odd[j];
            v[all[k].nodd++] =
                arn_pattern_make(a, str_from(rows[i].pattern), ARN_IN_IDENTITY, false);
            all[k].odd = v;
        }
    }
}

static const void *parse_line(struct arena *a, const struct service_slot *slot)
{
    struct action_service *sv = ARENA_NEW(a, struct action_service);
    sv->prefix = slot->prefix;
    sv->first = slot->first;
    sv->count = slot->count;
    memcpy(sv->levels, slot->levels, sizeof sv->levels);
    struct action *all = ARENA_ARRAY(a, struct action, sv->count);
    for (uint32_t i = 0; i < sv->count; i++)
        all[i] = (struct action){.row = sv->first + i, .service = sv};
    sv->actions = all;

    struct scan s = {slot->line.p, slot->line.p + slot->line.n, false};
    struct line line = {0};
    find_members(&s, &line);
    if (s.bad)
        return sv;
    bool bad = false;
    read_keys(a, &line, sv);
    if (line.has_types)
        read_types(a, line.types, sv, &bad);
    uint32_t n = 0;
    if (line.has_groups && !bad && scan_eat(&line.groups, '['))
        while (!line.groups.bad && !scan_eat(&line.groups, ']')) {
            read_group(a, &line.groups, sv, all, &n);
            scan_eat(&line.groups, ',');
        }
    read_odd(a, sv, all);
    return sv;
}

/* What make makes of a slot, made once, by the first thread that asks. */
static const void *once(struct actions *t, const struct service_slot *slot,
                        _Atomic(const void *) *made,
                        const void *(*make)(struct arena *a,
                                            const struct service_slot *s))
{
    const void *p = atomic_load_explicit(made, memory_order_acquire);
    if (p)
        return p;
    pthread_mutex_lock(&t->lock);
    p = atomic_load_explicit(made, memory_order_relaxed);
    if (!p) {
        p = make(t->a, slot);
        atomic_store_explicit(made, p, memory_order_release);
    }
    pthread_mutex_unlock(&t->lock);
    return p;
}

const struct action_service *actions_parse_new(struct actions *t, size_t i)
{
    return once(t, &t->slots[i], &t->slots[i].parsed, parse_line);
}

const struct str *actions_names(struct actions *t, struct service_slot *slot)
{
    return once(t, slot, &slot->names, parse_names);
}

static void read_pairs(struct arena *a, struct str list, struct pair **out, size_t *n)
{
    struct pair *v = ARENA_ARRAY(a, struct pair, words(list) / 2 + 1);
    *n = 0;
    struct str name, value;
    while (scan_word(&list, &name) && scan_word(&list, &value))
        v[(*n)++] = (struct pair){name, value};
    *out = v;
}

/* "n" comes first in a service's line: counts per level, so that rows can be numbered
 * without a parse. */
static bool read_counts(struct service_slot *slot)
{
    struct scan s = {slot->line.p, slot->line.p + slot->line.n, false};
    if (!scan_eat(&s, '{') || !str_eq(scan_string(&s), STR("n")) || !scan_eat(&s, ':'))
        return false;
    struct str list = scan_string(&s), w;
    for (size_t i = 0; i < ACTION_LEVELS; i++) {
        int64_t k;
        if (!scan_word(&list, &w) || !str_int(w, &k) || k < 0 || k > MAX_ACTIONS)
            return false;
        slot->levels[i] = (uint32_t)k;
        slot->count += (uint32_t)k;
    }
    return true;
}

static bool read_head(struct actions *t, struct str key, struct str line)
{
    struct scan s = {line.p, line.p + line.n, false};
    if (str_eq(key, STR("_"))) {
        size_t at = str_find(line, STR("\"date\":"));
        if (at == (size_t)-1)
            return false;
        s.p = line.p + at + 7;
        t->date = scan_string(&s);
    } else if (str_eq(key, STR("_global"))) {
        read_pairs(t->a, scan_string(&s), &t->globals, &t->nglobals);
    } else if (str_eq(key, STR("_source"))) {
        read_pairs(t->a, scan_string(&s), &t->sources, &t->nsources);
    } else if (str_eq(key, STR("_rcp"))) {
        t->rcp = scan_string(&s);
    } else if (str_eq(key, STR("_event"))) {
        t->event = line;
    }
    return !s.bad;
}

static bool index_line(struct actions *t, struct str line)
{
    struct scan s = {line.p, line.p + line.n, false};
    struct str key = scan_string(&s);
    if (s.bad || !scan_eat(&s, ':'))
        return false;
    struct str rest = {s.p, (size_t)(s.end - s.p)};
    if (str_ends(rest, STR(",")))
        rest.n--;
    if (str_starts(key, STR("_")))
        return read_head(t, key, rest);
    if (t->nslots == MAX_SERVICES ||
        (t->nslots && str_cmp(t->slots[t->nslots - 1].prefix, key) >= 0))
        return false;
    struct service_slot *slot = &t->slots[t->nslots++];
    slot->prefix = key;
    slot->line = rest;
    slot->first = t->rows;
    if (!read_counts(slot) || slot->count > MAX_ACTIONS - t->rows)
        return false;
    t->rows += slot->count;
    *map_put(t->a, &t->by_prefix, key) = slot;
    return true;
}

static void index_rows(struct actions *t)
{
    t->near = ARENA_ARRAY(t->a, uint16_t, t->rows / 64 + 1);
    size_t slot = 0;
    for (uint32_t i = 0; i * 64 < t->rows; i++) {
        while (slot + 1 < t->nslots && t->slots[slot + 1].first <= i * 64)
            slot++;
        t->near[i] = (uint16_t)slot;
    }
}

struct actions *actions_open(struct arena *a, struct str bytes, struct diag *dx)
{
    struct actions *t = ARENA_NEW(a, struct actions);
    t->a = arena_new();
    arena_adopt(a, t->a);
    pthread_mutex_init(&t->lock, NULL);
    t->slots = arena_array(a, MAX_SERVICES, sizeof *t->slots);
    struct str rest = bytes, line;
    size_t number = 0;
    bool ok = true;
    while (ok && rest.n) {
        str_cut(rest, '\n', &line, &rest);
        number++;
        line = str_trim(line);
        if (line.n > 1)
            ok = index_line(t, line);
    }
    if (!ok || !t->nslots || !t->date.n) {
        diag_file(dx, &BAD_TABLE, STR("iam-actions.json"), "line %zu", number);
        return NULL;
    }
    index_rows(t);
    return t;
}
