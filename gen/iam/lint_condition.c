/* Policy lint: conditions that do not do what they look like. */
#include "iam/lint_kinds.h"

#include "base/buf.h"
#include "base/digest.h"
#include "base/when.h"
#include "iam/narrow.h"
#include "iam/request.h"
#include "json/json.h"

#include <stdlib.h>

enum {
    VALUES_MAX = 100,
    LOOK_MAX = 300, /* actions of a statement whose keys are looked at */
    TAGGED_MAX = 10 /* its services, for keys of tags */
};

/* The family that a key's type asks. String operators also take most other types; numbers
 * and dates do not compare as texts. */
static bool type_fits(const struct condition *c, char type)
{
    switch (c->family) {
    case CONDITION_NULL:
    case CONDITION_UNKNOWN:
        return true;
    case CONDITION_STRING:
        return type == 'S' || type == 'A';
    case CONDITION_ARN:
        return type == 'A' || type == 'S';
    case CONDITION_NUMERIC:
        return type == 'N';
    case CONDITION_DATE:
        return type == 'D';
    case CONDITION_BOOL:
        return type == 'B';
    case CONDITION_IP:
        return type == 'I';
    case CONDITION_BINARY:
        return type == 'S' || type == 'Y';
    }
    return true;
}

static bool value_fits(struct arena *a, const struct condition *c, struct str v)
{
    int64_t when;
    struct arn_pattern p;
    char *end;
    if (str_has(v, STR("${")))
        return true;
    switch (c->family) {
    case CONDITION_BOOL:
    case CONDITION_NULL:
        return str_eq_nocase(v, STR("true")) || str_eq_nocase(v, STR("false"));
    case CONDITION_IP:
        return ip_within(STR("192.0.2.1"), v) != TRUTH_UNKNOWN;
    case CONDITION_DATE:
        return when_read(v, &when);
    case CONDITION_NUMERIC: {
        const char *z = str_z(a, v);
        (void)strtod(z, &end);
        return v.n && *end == '\0';
    }
    case CONDITION_ARN:
        p = arn_pattern_make(a, v, ARN_IN_CONDITION, false);
        return !p.nothing;
    case CONDITION_BINARY:
        return base64_decode(a, v).p != NULL;
    default:
        return true;
    }
}

static bool is_private(struct str v)
{
    static const char *const nets[] = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                                       "127.0.0.0/8", "fc00::/7"};
    struct str ip;
    str_cut(v, '/', &ip, NULL);
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++)
        if (ip_within(ip, str_from(nets[i])) == TRUTH_YES)
            return true;
    return false;
}

/* Find the key among the statement's actions; false: none has it. */
static bool find_key(struct lint *l, const struct rule *rule, struct str key,
                     struct action_key *out)
{
    const struct action_key *global = iam_global_key(l->x, key);
    if (global) {
        *out = *global;
        return true;
    }
    struct str prefix;
    bool colon = str_cut(key, ':', &prefix, NULL);
    if (str_eq_nocase(prefix, STR("aws")) && colon)
        return false;
    size_t looked = 0;
    for (uint32_t row = action_set_next(&rule->actions, 0); row != UINT32_MAX;
         row = action_set_next(&rule->actions, row + 1)) {
        const struct action *act = actions_get(l->x->table, row);
        if (act && actions_own_key(act, key, out))
            return true;
        if (++looked > LOOK_MAX)
            break;
    }
    *out = (struct action_key){.type = 0};
    /* Beyond the look, for unknown actions, and for claims of providers: no word on it.
     */
    return looked > LOOK_MAX || looked == 0 || !colon ||
           !actions_knows(l->x->table, prefix) || str_eq(prefix, STR("sts"));
}

/* The table's name of a key of tags, or NULL: aws:ResourceTag/team. */
static const char *tag_key(struct str key)
{
    static const struct {
        const char *start, *name;
    } tags[] = {{"aws:ResourceTag/", "aws:ResourceTag/${TagKey}"},
                {"aws:RequestTag/", "aws:RequestTag/${TagKey}"},
                {"aws:TagKeys", "aws:TagKeys"}};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        struct str start = str_from(tags[i].start);
        if (str_eq_nocase(str_sub(key, 0, start.n), start))
            return tags[i].name;
    }
    return NULL;
}

static bool service_has_key(const struct action_service *s, const char *name)
{
    for (size_t i = 0; i < s->nkeys; i++)
        if (str_eq_nocase(s->keys[i].name, str_from(name)))
            return true;
    return false;
}

/* Services of the statement that no key of tags comes with. Over all services the writer
 * means those that have them. */
static void check_tags(struct lint *l, const struct rule *rule, const struct condition *c,
                       struct str element)
{
    const char *name = tag_key(c->key);
    struct buf without = BUF_INIT;
    size_t services = 0, n = 0;
    if (!name || condition_holds_without_key(c))
        return;
    for (uint32_t row = action_set_next(&rule->actions, 0); row != UINT32_MAX;) {
        const struct action_service *s = actions_get(l->x->table, row)->service;
        if (++services > TAGGED_MAX)
            break;
        if (!service_has_key(s, name))
            buf_fmt(&without, "%s%.*s", n++ ? ", " : "", STR_ARG(s->prefix));
        row = action_set_next(&rule->actions, s->first + s->count);
    }
    if (n && services <= TAGGED_MAX)
        lint_say(
            l, rule->st->effect == POLICY_DENY ? &LINT_TAG_DENIED : &LINT_TAG_ALLOWED,
            rule->st, element, SIZE_MAX,
            str_fmt(l->x->a, "%.*s, %.*s", STR_ARG(c->key), STR_ARG(buf_view(&without))));
    buf_free(&without);
}

static void check_key(struct lint *l, const struct rule *rule, const struct condition *c,
                      struct str element)
{
    const struct policy_statement *st = rule->st;
    struct arena *a = l->x->a;
    struct action_key key;
    if (str_eq_nocase(c->key, STR("aws:ARN"))) {
        lint_say(l, &LINT_OLD_KEY, st, element, SIZE_MAX, c->key);
        return;
    }
    check_tags(l, rule, c, element);
    if (!find_key(l, rule, c->key, &key)) {
        lint_say(l, &LINT_UNKNOWN_KEY, st, element, SIZE_MAX, c->key);
        return;
    }
    if (!key.type || c->family == CONDITION_NULL)
        return;
    if (!type_fits(c, key.type))
        lint_say(l, &LINT_KEY_TYPE, st, element, SIZE_MAX,
                 str_fmt(a, "%.*s on %.*s", STR_ARG(c->op), STR_ARG(c->key)));
    if (c->set != CONDITION_PLAIN && !key.many)
        lint_say(l, &LINT_SET_ON_SINGLE, st, element, SIZE_MAX, c->key);
    else if (c->set == CONDITION_PLAIN && key.many)
        lint_say(l, &LINT_PLAIN_ON_MANY, st, element, SIZE_MAX, c->key);
}

/* 203.0.113.7/8: one address of a network is not in the network that it names. */
static bool has_host_bits(struct str v)
{
    struct str ip, bits;
    unsigned part[4] = {0};
    uint32_t address = 0;
    int64_t n;
    if (!str_cut(v, '/', &ip, &bits) || !str_int(bits, &n) || n < 0 || n > 32)
        return false;
    for (size_t i = 0; i < 4; i++) {
        struct str one;
        int64_t value;
        str_cut(ip, '.', &one, &ip);
        if (!str_int(one, &value) || value < 0 || value > 255)
            return false;
        part[i] = (unsigned)value;
        address = address << 8 | part[i];
    }
    return n < 32 && (address & (UINT32_MAX >> n)) != 0;
}

/* Does another value of the condition include this one? Both ways the first stays. */
static bool includes(const struct condition *c, size_t i)
{
    bool like = c->family == CONDITION_STRING && c->compare == COMPARE_LIKE;
    for (size_t k = 0; k < c->nvalues && c->nvalues <= VALUES_MAX; k++) {
        if (k == i)
            continue;
        bool same = str_eq(c->values[k], c->values[i]);
        bool wider = like && !str_has(c->values[i], STR("${")) &&
                     str_find_char(c->values[i], '*') == (size_t)-1 &&
                     str_find_char(c->values[i], '?') == (size_t)-1 &&
                     str_glob(c->values[k], c->values[i]);
        if (same ? k < i : wider)
            return true;
    }
    return false;
}

static void check_values(struct lint *l, const struct rule *rule,
                         const struct condition *c, struct str element)
{
    const struct policy_statement *st = rule->st;
    bool source_ip = str_eq_nocase(c->key, STR("aws:SourceIp"));
    for (size_t i = 0; i < c->nvalues; i++) {
        struct str v = c->values[i];
        if (!value_fits(l->x->a, c, v))
            lint_say(l, &LINT_BAD_VALUE, st, element, i, v);
        else if (c->family == CONDITION_IP && source_ip && is_private(v))
            lint_say(l, &LINT_PRIVATE_IP, st, element, i, v);
        else if (c->family == CONDITION_IP && has_host_bits(v))
            lint_say(l, &LINT_HOST_BITS, st, element, i, v);
        if (includes(c, i))
            lint_say(l, &LINT_REDUNDANT_VALUE, st, element, i, v);
        if (c->family == CONDITION_STRING && c->compare != COMPARE_LIKE &&
            !str_has(v, STR("${")) &&
            (str_find_char(v, '*') != (size_t)-1 || str_find_char(v, '?') != (size_t)-1))
            lint_say(l, &LINT_STAR_WITHOUT_LIKE, st, element, i, v);
        if (!l->p->variables && str_has(v, STR("${")))
            lint_say(l, &LINT_DEAD_VARIABLE, st, element, i, v);
    }
}

/* A second entry of the same key that shuts out requests without it. */
static bool required(const struct policy_statement *st, const struct condition *c)
{
    for (size_t i = 0; i < st->nconditions; i++) {
        const struct condition *d = &st->conditions[i];
        if (d != c && str_eq_nocase(d->key, c->key) && !condition_holds_without_key(d))
            return true;
    }
    return false;
}

static bool has_value(const struct condition *c, struct str v)
{
    for (size_t i = 0; i < c->nvalues; i++)
        if (str_eq_nocase(c->values[i], v))
            return true;
    return false;
}

static void check_effect(struct lint *l, const struct rule *rule,
                         const struct condition *c, struct str element)
{
    const struct policy_statement *st = rule->st;
    if (c->family == CONDITION_NULL || c->family == CONDITION_UNKNOWN) {
        if (c->family == CONDITION_NULL && c->set != CONDITION_PLAIN)
            lint_say(l, &LINT_NULL_SET, st, element, SIZE_MAX, c->op);
        return;
    }
    if (st->effect != POLICY_ALLOW)
        return;
    if (c->family == CONDITION_BOOL && has_value(c, STR("true")) &&
        has_value(c, STR("false"))) {
        lint_say(l, &LINT_HOLLOW, st, element, SIZE_MAX, c->key);
    } else if (condition_holds_without_key(c)) {
        if (!required(st, c))
            lint_say(l, &LINT_OPEN_WITHOUT_KEY, st, element, SIZE_MAX, c->key);
    } else if (rule->narrowing.effects[c - st->conditions] == NARROW_HOLLOW) {
        lint_say(l, &LINT_HOLLOW, st, element, SIZE_MAX, c->key);
    }
}

/* {} and {"StringEquals": {}} */
static void check_empty(struct lint *l, const struct policy_statement *st)
{
    const struct json *all = json_get(st->node, STR("Condition"));
    if (all && !json_size(all))
        lint_say(l, &LINT_EMPTY_CONDITION, st, STR("Condition"), SIZE_MAX, STR(""));
    for (const struct json *n = json_first(all); n; n = json_next(n))
        if (json_is(n, JSON_OBJECT) && !json_size(n))
            lint_say(l, &LINT_EMPTY_CONDITION, st,
                     str_fmt(l->x->a, "Condition/%.*s", STR_ARG(json_key(n))), SIZE_MAX,
                     STR(""));
}

void lint_conditions(struct lint *l, const struct rule *rule)
{
    const struct policy_statement *st = rule->st;
    check_empty(l, st);
    for (size_t i = 0; i < st->nconditions; i++) {
        const struct condition *c = &st->conditions[i];
        struct buf path = BUF_INIT;
        buf_fmt(&path, "Condition/%.*s", STR_ARG(c->op));
        json_pointer_add(&path, c->key);
        struct str element = buf_dup(l->x->a, &path);
        buf_free(&path);
        if (c->family != CONDITION_UNKNOWN)
            check_key(l, rule, c, element);
        check_values(l, rule, c, element);
        check_effect(l, rule, c, element);
        for (size_t k = 0; k < i; k++)
            if (str_eq(st->conditions[k].op, c->op) &&
                str_eq_nocase(st->conditions[k].key, c->key))
                lint_say(l, &LINT_SAME_KEY, st, element, SIZE_MAX, c->key);
    }
}
