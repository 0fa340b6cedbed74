/* Statements made ready to reason with. */
#include "iam/rules.h"

#include <string.h>

struct iam *iam_new(struct arena *a, struct actions *table)
{
    struct iam *x = ARENA_NEW(a, struct iam);
    x->a = a;
    x->table = table;
    return x;
}

const struct action_set *iam_actions(struct iam *x, struct str text)
{
    void **slot = map_put(x->a, &x->texts, text);
    if (!*slot) {
        struct action_set *s = ARENA_NEW(x->a, struct action_set);
        actions_expand(x->a, x->table, text, s);
        *slot = s;
    }
    return *slot;
}

const struct arn_pattern *iam_arn(struct iam *x, struct str text, enum arn_use use,
                                  bool variables)
{
    char small[512];
    struct str key = {small, text.n + 1};
    char mark = (char)('a' + (int)use * 2 + variables);
    char *room = key.n <= sizeof small ? small : arena_alloc8(x->a, key.n);
    room[0] = mark;
    memcpy(room + 1, text.p, text.n);
    key.p = room;
    struct arn_pattern *p = map_get(&x->arns, key);
    if (!p) {
        p = ARENA_NEW(x->a, struct arn_pattern);
        *p = arn_pattern_make(x->a, text, use, variables);
        *map_put(x->a, &x->arns, str_dup(x->a, key)) = p;
    }
    return p;
}

static void compile_actions(struct iam *x, const struct policy_statement *st,
                            struct rule *rule)
{
    for (size_t i = 0; i < st->nactions; i++) {
        const struct action_set *one = iam_actions(x, st->actions[i]);
        rule->actions = i ? action_set_or(x->a, rule->actions, *one) : *one;
    }
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
    struct arn_pattern *v = ARENA_ARRAY(x->a, struct arn_pattern, n);
    for (size_t i = 0; i < n; i++) {
        struct str text = st->has_resource ? st->resources[i] : STR("*");
        v[i] = *iam_arn(x, text, use, st->policy->variables);
        rule->variables = rule->variables || v[i].variables;
    }
    rule->resources = v;
    rule->nresources = n;
    rule->not_resource = st->not_resource;
}

const struct rules *iam_rules(struct iam *x, const struct policy *p)
{
    struct str key = {(const char *)&p, sizeof p};
    struct rules *r = map_get(&x->policies, key);
    if (r)
        return r;
    r = ARENA_NEW(x->a, struct rules);
    r->policy = p;
    r->n = p->nstatements;
    struct rule *v = ARENA_ARRAY(x->a, struct rule, r->n);
    for (size_t i = 0; i < r->n; i++) {
        v[i].st = &p->statements[i];
        if (v[i].st->broken)
            continue;
        compile_actions(x, v[i].st, &v[i]);
        compile_resources(x, v[i].st, &v[i]);
    }
    r->v = v;
    *map_put(x->a, &x->policies, str_dup(x->a, key)) = r;
    return r;
}

/* A variable stands for one unknown text: it may meet, but never proves containment. */
static enum rule_reach reach_one(const struct arn_pattern *p, const struct arn_pattern *r)
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
        enum rule_reach one = reach_one(&rule->resources[i], r);
        best = one > best ? one : best;
    }
    if (!rule->not_resource)
        return best;
    return best == RULE_NONE ? RULE_WHOLE : best == RULE_WHOLE ? RULE_NONE : RULE_SOME;
}

/* Keep the rows of s that ask says yes to, service by service. */
static struct action_set filter(struct iam *x, struct action_set s,
                                const struct arn_pattern *p,
                                bool (*ask)(const struct action *,
                                            const struct arn_pattern *))
{
    if (p->any || s.lo >= s.hi)
        return s;
    uint64_t *w = arena_alloc8(x->a, (s.hi - s.lo) * sizeof *w);
    for (uint32_t row = action_set_next(&s, 0); row != UINT32_MAX;
         row = action_set_next(&s, row + 1)) {
        const struct action *act = actions_get(x->table, row);
        if (act && ask(act, p))
            w[row / 64 - s.lo] |= UINT64_C(1) << (row % 64);
    }
    s.words = w;
    return s;
}

struct action_set iam_taking(struct iam *x, struct action_set s,
                             const struct arn_pattern *p)
{
    return filter(x, s, p, action_takes);
}

static bool lies_inside(const struct action *act, const struct arn_pattern *p)
{
    const struct action_service *sv = act->service;
    for (size_t i = 0; i < act->ntypes; i++) {
        const struct action_type *type = &sv->types[act->types[i]];
        for (size_t k = 0; k < type->npatterns; k++) {
            /* An account lives in one partition: the table's * there is no wider. */
            struct arn_pattern one = type->patterns[k];
            one.part[ARN_PARTITION] = p->part[ARN_PARTITION];
            if (arn_within(&one, p) != PATTERN_YES)
                return false;
        }
    }
    return act->ntypes > 0;
}

struct action_set iam_inside(struct iam *x, struct action_set s,
                             const struct arn_pattern *p)
{
    if (p->variables || p->nothing)
        return (struct action_set){0};
    struct action_set in = filter(x, s, p, lies_inside);
    if (!p->any) {
        in.others = NULL;
        in.nothers = 0;
        in.all_others = false;
    }
    return in;
}
