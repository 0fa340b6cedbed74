/* Statements made ready to reason with. */
#include "iam/rules.h"

#include <string.h>

struct iam *iam_new(struct arena *a, struct actions *table)
{
    struct iam *x = ARENA_NEW(a, struct iam);
    x->a = a;
    x->table = table;
    x->cache = ARENA_NEW(a, struct iam_cache);
    x->cache->a = x->cache->work = a;
    return x;
}

void iam_restart(struct iam *x, struct arena *work)
{
    x->a = x->cache->work = work;
    memset(x->cache->arns, 0, sizeof x->cache->arns);
    x->cache->policies = MAP_INIT;
}

struct iam *iam_with(struct iam *x, struct arena *results)
{
    struct iam *y = ARENA_NEW(results, struct iam);
    *y = (struct iam){results, x->table, x->cache, x->only};
    return y;
}

const struct action_text *iam_text(struct iam *x, struct str text)
{
    struct action_text *t = map_get(&x->cache->texts, text);
    if (!t) {
        struct arena *a = x->cache->a;
        t = ARENA_NEW(a, struct action_text);
        t->kind = actions_expand(a, x->table, text, &t->set);
        *map_put(a, &x->cache->texts, str_dup(a, text)) = t;
    }
    return t;
}

const struct action_set *iam_actions(struct iam *x, struct str text)
{
    return &iam_text(x, text)->set;
}

const struct action_key *iam_global_key(struct iam *x, struct str text)
{
    struct arena *a = x->cache->a;
    struct action_key *key = map_get(&x->cache->keys, text);
    if (!key) {
        key = ARENA_NEW(a, struct action_key);
        actions_global_key(x->table, text, key);
        *map_put(a, &x->cache->keys, str_dup(a, text)) = key;
    }
    return key->name.n ? key : NULL;
}

const struct action *iam_action(struct iam *x, struct str text)
{
    if (str_find_char(text, '*') != (size_t)-1 || str_find_char(text, '?') != (size_t)-1)
        return NULL;
    uint32_t row = action_set_next(iam_actions(x, text), 0);
    return row == UINT32_MAX ? NULL : actions_get(x->table, row);
}

const struct action_set *iam_kept(struct iam *x, const void *key)
{
    return map_get(&x->cache->sets, (struct str){(const char *)&key, sizeof key});
}

const struct action_set *iam_keep(struct iam *x, const void *key, struct action_set set)
{
    struct arena *a = x->cache->a;
    struct str name = str_dup(a, (struct str){(const char *)&key, sizeof key});
    struct action_set *s = ARENA_NEW(a, struct action_set);
    *s = set;
    *map_put(a, &x->cache->sets, name) = s;
    return s;
}

const struct action_set *iam_actions_all(struct iam *x, const char *const *texts,
                                         size_t n)
{
    const struct action_set *kept = iam_kept(x, texts);
    struct action_set s = {0};
    if (kept)
        return kept;
    for (size_t i = 0; i < n; i++)
        s = action_set_or(x->cache->a, s, *iam_actions(x, str_from(texts[i])));
    return iam_keep(x, texts, s);
}

const struct arn_pattern *iam_arn(struct iam *x, struct str text, enum arn_use use,
                                  bool variables)
{
    variables = variables && str_find_char(text, '$') != (size_t)-1;
    struct map *known = &x->cache->arns[use][variables];
    struct arena *a = x->cache->work;
    void **slot = map_put_copy(a, known, text);
    if (!*slot) {
        struct arn_pattern *p = ARENA_NEW(a, struct arn_pattern);
        *p = arn_pattern_make(a, known->entries[known->n - 1].key, use, variables);
        *slot = p;
    }
    return *slot;
}

static void compile_actions(struct iam *x, const struct policy_statement *st,
                            struct rule *rule)
{
    const struct action_text **v =
        ARENA_ARRAY(x->a, const struct action_text *, st->nactions);
    const struct action_set **sets =
        ARENA_ARRAY(x->a, const struct action_set *, st->nactions);
    size_t rows = 0;
    bool known = true;
    for (size_t i = 0; i < st->nactions; i++) {
        v[i] = iam_text(x, st->actions[i]);
        sets[i] = &v[i]->set;
        rows += action_set_count(sets[i]);
        known = known && !sets[i]->others;
    }
    rule->texts = v;
    rule->actions = action_set_sum(x->a, sets, st->nactions);
    rule->apart = known && action_set_count(&rule->actions) == rows;
    rule->not_action = st->not_action;
    if (st->not_action)
        rule->actions =
            action_set_minus(x->a, actions_all(x->a, x->table), rule->actions);
}

static void compile_resources(struct iam *x, const struct policy_statement *st,
                              struct rule *rule)
{
    enum arn_use use = policy_kind_arn_use(st->policy->source.kind);
    size_t n = st->has_resource ? st->nresources : 1;
    const struct arn_pattern **v = ARENA_ARRAY(x->a, const struct arn_pattern *, n);
    for (size_t i = 0; i < n; i++) {
        struct str text = st->has_resource ? st->resources[i] : STR("*");
        v[i] = iam_arn(x, text, use, st->policy->variables);
        rule->variables = rule->variables || v[i]->variables;
    }
    rule->resources = v;
    rule->nresources = n;
    rule->not_resource = st->not_resource;
}

/* Once per statement, since the same policy hangs on many roles. */
static void compile_taken(struct iam *x, struct rule *rule)
{
    struct action_set *v = ARENA_ARRAY(x->a, struct action_set, rule->nresources);
    for (size_t i = 0; i < rule->nresources; i++)
        if (!rule->resources[i]->nothing)
            v[i] = iam_taking(x, rule->actions, rule->resources[i]);
    rule->taken = v;
}

/* The services of what is asked about; 0 when they are not few, or not all known. */
enum { NEAR_MAX = 4 };
static size_t services_of(struct iam *x, struct str out[NEAR_MAX])
{
    size_t n = 0;
    if (!x->only || x->only->others)
        return 0;
    for (uint32_t row = action_set_next(x->only, 0); row != UINT32_MAX;) {
        const struct action_service *sv = actions_get(x->table, row)->service;
        if (n == NEAR_MAX)
            return 0;
        out[n++] = sv->prefix;
        row = action_set_next(x->only, sv->first + sv->count);
    }
    return n;
}

/* The service that a text names; false when a wildcard leaves it open. */
static bool service_of(struct str text, struct str *prefix)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        *prefix = (struct str){text.p, i};
        if (c == ':' || c == '*' || c == '?')
            return c == ':';
    }
    return false;
}

/* Do the texts of a statement all name other services than these? Then what they stand
 * for need not be looked up. */
static bool elsewhere(const struct policy_statement *st, const struct str *near, size_t n)
{
    for (size_t i = 0; i < st->nactions; i++) {
        struct str prefix;
        bool open = st->not_action || !service_of(st->actions[i], &prefix);
        for (size_t k = 0; k < n && !open; k++)
            open = prefix.n == near[k].n && str_eq_nocase(prefix, near[k]);
        if (open)
            return false;
    }
    return n > 0;
}

const struct rules *iam_rules(struct iam *x, const struct policy *p)
{
    const void *both[] = {p, x->only};
    struct str key = {(const char *)both, sizeof both};
    struct rules *r = map_get(&x->cache->policies, key);
    if (r)
        return r;
    struct iam keep = {x->cache->work, x->table, x->cache, x->only};
    x = &keep;
    r = ARENA_NEW(x->a, struct rules);
    r->policy = p;
    r->n = p->nstatements;
    struct rule *v = ARENA_ARRAY(x->a, struct rule, r->n);
    struct str near[NEAR_MAX];
    size_t nnear = services_of(x, near);
    for (size_t i = 0; i < r->n; i++) {
        v[i].st = &p->statements[i];
        if (v[i].st->broken)
            continue;
        v[i].passed = elsewhere(v[i].st, near, nnear);
        if (v[i].passed)
            continue;
        compile_actions(x, v[i].st, &v[i]);
        v[i].passed = x->only && !action_set_meets(v[i].actions, *x->only);
        if (v[i].passed)
            continue;
        compile_resources(x, v[i].st, &v[i]);
        v[i].narrowing = narrow_statement(x->a, v[i].st);
        if (v[i].st->effect == POLICY_ALLOW)
            compile_taken(x, &v[i]);
    }
    r->v = v;
    *map_put(x->a, &x->cache->policies, str_dup(x->a, key)) = r;
    return r;
}

/* A variable stands for one unknown text: it may meet, but never proves containment. */
enum rule_reach arn_reach(const struct arn_pattern *p, const struct arn_pattern *r)
{
    if (arn_meets(r, p) == PATTERN_NO)
        return RULE_NONE;
    if (!p->variables && arn_within(r, p) == PATTERN_YES)
        return RULE_WHOLE;
    return RULE_SOME;
}

enum rule_reach rule_reach(const struct rule *rule, const struct arn_pattern *r)
{
    enum rule_reach best = RULE_NONE;
    for (size_t i = 0; i < rule->nresources && best != RULE_WHOLE; i++) {
        enum rule_reach one = arn_reach(rule->resources[i], r);
        best = one > best ? one : best;
    }
    if (!rule->not_resource)
        return best;
    return best == RULE_NONE ? RULE_WHOLE : best == RULE_WHOLE ? RULE_NONE : RULE_SOME;
}

/* What is known of a service's resource types, each asked for at most once. */
enum { TYPES_MAX = 512, TYPE_NEW = 0, TYPE_NO, TYPE_YES };
struct types {
    const struct action_service *sv;
    const struct arn_pattern *p;
    bool (*ask)(const struct action_type *type, const struct arn_pattern *p);
    unsigned char known[TYPES_MAX]; /* TYPE_NEW, TYPE_NO or TYPE_YES */
};

static bool type_ask(struct types *t, size_t i)
{
    if (i >= TYPES_MAX)
        return t->ask(&t->sv->types[i], t->p);
    if (t->known[i] == TYPE_NEW)
        t->known[i] = t->ask(&t->sv->types[i], t->p) ? TYPE_YES : TYPE_NO;
    return t->known[i] == TYPE_YES;
}

/* Keep the rows of s that fit says yes to, service by service. */
static struct action_set filter(struct iam *x, struct action_set s, struct types *t,
                                bool (*fit)(struct types *t, const struct action *act))
{
    if (t->p->any || s.lo >= s.hi)
        return s;
    uint64_t *w = arena_alloc8(x->a, (s.hi - s.lo) * sizeof *w);
    for (uint32_t row = action_set_next(&s, 0); row != UINT32_MAX;) {
        const struct action *act = actions_get(x->table, row);
        if (!act)
            break;
        t->sv = act->service;
        memset(t->known, TYPE_NEW, t->sv->ntypes < TYPES_MAX ? t->sv->ntypes : TYPES_MAX);
        uint32_t end = t->sv->first + t->sv->count;
        for (; row < end; row = action_set_next(&s, row + 1))
            if (fit(t, &t->sv->actions[row - t->sv->first]))
                w[row / 64 - s.lo] |= UINT64_C(1) << (row % 64);
    }
    s.words = w;
    return s;
}

static bool fits_some(struct types *t, const struct action *act)
{
    for (size_t i = 0; i < act->ntypes; i++)
        if (type_ask(t, act->types[i]))
            return true;
    return action_takes_odd(act, t->p);
}

struct action_set iam_taking(struct iam *x, struct action_set s,
                             const struct arn_pattern *p)
{
    struct types t = {.p = p, .ask = action_type_meets};
    return filter(x, s, &t, fits_some);
}

static bool type_inside(const struct action_type *type, const struct arn_pattern *p)
{
    for (size_t k = 0; k < type->npatterns; k++) {
        /* An account lives in one partition: the table's * there is no wider. */
        struct arn_pattern one = type->patterns[k];
        one.part[ARN_PARTITION] = p->part[ARN_PARTITION];
        if (arn_within(&one, p) != PATTERN_YES)
            return false;
    }
    return true;
}

static bool fits_all(struct types *t, const struct action *act)
{
    bool yes = act->ntypes > 0;
    for (size_t i = 0; yes && i < act->ntypes; i++)
        yes = type_ask(t, act->types[i]);
    return yes;
}

struct action_set iam_inside(struct iam *x, struct action_set s,
                             const struct arn_pattern *p)
{
    if (p->variables || p->nothing)
        return (struct action_set){0};
    struct types t = {.p = p, .ask = type_inside};
    struct action_set in = filter(x, s, &t, fits_all);
    if (!p->any)
        in.others = NULL;
    return in;
}
