/* Effective grants: Allows, less Denies, within limits. */
#include "iam/effective.h"

enum { FOLD_MAX = 400 };

struct work {
    struct iam *x;
    const struct effective_input *in;
    struct effective *out;
    const struct arn_pattern *star;
};

static void say_unknown(struct effective *e, const char *why)
{
    e->upper_bound = true;
    for (size_t i = 0; i < e->nunknown; i++)
        if (e->unknown[i] == why)
            return;
    if (e->nunknown < sizeof e->unknown / sizeof *e->unknown)
        e->unknown[e->nunknown++] = why;
}

static void note_broken(struct work *w, const struct policy *p)
{
    struct effective *e = w->out;
    for (size_t i = 0; i < p->nstatements; i++)
        if (p->statements[i].broken) {
            e->broken = arena_grow(w->x->a, e->broken, e->nbroken, &e->broken_cap,
                                   sizeof *e->broken);
            e->broken[e->nbroken++] = &p->statements[i];
        }
    if (p->faulty) {
        e->incomplete = true;
        say_unknown(e, "a policy has faults and cannot be judged whole");
    }
}

enum rule_reach grant_reach(const struct grant *g, const struct arn_pattern *r)
{
    return g->negated ? rule_reach(g->rule, r) : arn_reach(g->r, r);
}

/* How the resources of a rule lie to those of a grant. */
static enum rule_reach over_grant(const struct rule *rule, const struct grant *g)
{
    if (!g->negated)
        return rule_reach(rule, g->r);
    /* The grant is everything but some patterns. */
    for (size_t i = 0; !rule->not_resource && i < rule->nresources; i++) {
        if (rule->resources[i]->any)
            return RULE_WHOLE;
        if (rule_reach(g->rule, rule->resources[i]) != RULE_NONE)
            return RULE_SOME;
    }
    if (!rule->not_resource)
        return RULE_NONE;
    /* Both leave something out: whole when the rule leaves out no more than the grant. */
    for (size_t i = 0; i < rule->nresources; i++)
        if (rule->variables || rule_reach(g->rule, rule->resources[i]) != RULE_NONE)
            return RULE_SOME;
    return RULE_WHOLE;
}

static void add_denier(struct work *w, struct grant *g, const struct policy_statement *st)
{
    for (size_t i = 0; i < g->ndeniers; i++)
        if (g->deniers[i] == st)
            return;
    size_t cap = g->ndeniers; /* few: grown one by one */
    const struct policy_statement **v =
        ARENA_ARRAY(w->x->a, const struct policy_statement *, cap + 1);
    for (size_t i = 0; i < cap; i++)
        v[i] = g->deniers[i];
    v[cap] = st;
    g->deniers = v;
    g->ndeniers = cap + 1;
}

static void deny(struct work *w, struct grant *g, const struct rule *rule)
{
    struct arena *a = w->x->a;
    if (!action_set_meets(g->actions, rule->actions))
        return;
    enum rule_reach reach = over_grant(rule, g);
    if (reach == RULE_NONE)
        return;
    struct action_set hit = action_set_and(a, g->actions, rule->actions), whole = {0};
    add_denier(w, g, rule->st);
    if (rule->st->nconditions == 0) {
        if (reach == RULE_WHOLE)
            whole = hit;
        for (size_t i = 0;
             reach == RULE_SOME && !rule->not_resource && i < rule->nresources; i++)
            whole = action_set_or(a, whole, iam_inside(w->x, hit, rule->resources[i]));
    }
    g->denied = action_set_or(a, g->denied, whole);
    g->actions = action_set_minus(a, g->actions, whole);
    g->unsure = action_set_or(a, action_set_minus(a, g->unsure, whole),
                              action_set_minus(a, hit, whole));
}

/* Is it a statement of this effect that says something here? */
static bool says(const struct rule *rule, enum policy_effect effect)
{
    return !rule->st->broken && !rule->passed && rule->st->effect == effect;
}

/* All that some policies deny, of every grant. */
static void deny_all(struct work *w, const struct policy *const *policies, size_t n)
{
    VEC(const struct rule *) denies = {0};
    for (size_t p = 0; p < n; p++) {
        const struct rules *rules = iam_rules(w->x, policies[p]);
        for (size_t i = 0; i < rules->n; i++)
            if (says(&rules->v[i], POLICY_DENY))
                *vec_push(w->x->a, &denies) = &rules->v[i];
    }
    for (size_t i = 0; denies.n && i < w->out->n; i++)
        for (size_t k = 0; k < denies.n; k++)
            deny(w, &w->out->v[i], denies.v[k]);
}

static struct grant *new_grant(struct work *w)
{
    return vec_push(w->x->a, w->out);
}

/* A part of grant g that a limit's own, narrower pattern lets through. */
static void add_piece(struct work *w, struct grant like, const struct arn_pattern *r,
                      struct action_set actions, bool conditional)
{
    if (action_set_empty(&actions))
        return;
    like.r = r;
    like.narrowed = true;
    like.negated = false;
    like.actions = actions;
    like.unsure = conditional ? actions : action_set_and(w->x->a, like.unsure, actions);
    like.dead = like.denied = like.limited = (struct action_set){0};
    *new_grant(w) = like;
}

/* What of g one limit lets through: whole at g's own resources, unsure there, or in
 * pieces. g is an index: pieces move the vector. */
static void limit(struct work *w, size_t at, const struct effective_limit *lim)
{
    struct arena *a = w->x->a;
    struct grant g = w->out->v[at];
    struct action_set whole = {0}, unsure = {0}, pieces = {0};
    for (size_t k = 0; k < lim->n; k++) {
        const struct policy *p = lim->policies[k];
        if (p->faulty)
            unsure = g.actions;
        const struct rules *rules = iam_rules(w->x, p);
        for (size_t i = 0; i < rules->n; i++) {
            const struct rule *rule = &rules->v[i];
            if (!says(rule, POLICY_ALLOW) || !action_set_meets(g.actions, rule->actions))
                continue;
            enum rule_reach reach = over_grant(rule, &g);
            struct action_set hit = action_set_and(a, g.actions, rule->actions);
            if (reach == RULE_WHOLE && rule->st->nconditions == 0)
                whole = action_set_or(a, whole, hit);
            else if (reach == RULE_WHOLE ||
                     (reach == RULE_SOME &&
                      (rule->not_resource || rule->variables || g.negated)))
                unsure = action_set_or(a, unsure, hit);
            else if (reach == RULE_SOME)
                pieces = action_set_or(a, pieces, hit);
        }
    }
    unsure = action_set_minus(a, unsure, whole);
    struct action_set here = action_set_or(a, whole, unsure);
    pieces = action_set_minus(a, pieces, here);
    struct action_set left = action_set_minus(a, g.actions, here), reached = {0};
    for (size_t k = 0; !action_set_empty(&pieces) && k < lim->n; k++) {
        const struct rules *rules = iam_rules(w->x, lim->policies[k]);
        for (size_t i = 0; i < rules->n; i++) {
            const struct rule *rule = &rules->v[i];
            if (!says(rule, POLICY_ALLOW) || rule->not_resource)
                continue;
            struct action_set hit = action_set_and(a, pieces, rule->actions);
            for (size_t j = 0; !action_set_empty(&hit) && j < rule->nresources; j++) {
                const struct arn_pattern *r = rule->resources[j];
                if (arn_meets(r, g.r) == PATTERN_NO)
                    continue;
                bool inside = arn_within(r, g.r) == PATTERN_YES;
                struct action_set live = iam_taking(w->x, hit, r);
                reached = action_set_or(a, reached, live);
                add_piece(w, g, inside ? r : g.r, live, !inside || rule->st->nconditions);
            }
        }
    }
    struct grant *own = &w->out->v[at];
    own->actions = here;
    own->unsure = action_set_or(a, action_set_and(a, own->unsure, here), unsure);
    own->limited = action_set_or(a, own->limited, action_set_minus(a, left, reached));
}

/* The atoms of one Allow on one of its resources, before anything takes them away. */
static void allow(struct work *w, const struct rule *rule, size_t i)
{
    struct grant *g = new_grant(w);
    g->st = rule->st;
    g->rule = rule;
    g->resource = i;
    g->negated = rule->not_resource;
    g->r = rule->not_resource ? w->star : rule->resources[i];
    g->open_ended = rule->not_action;
    g->conditional = rule->st->nconditions > 0;
    if (g->r->nothing) {
        g->dead = rule->actions;
        return;
    }
    g->actions = rule->not_resource ? rule->actions : rule->taken[i];
    if (!g->r->any)
        g->dead = action_set_minus(w->x->a, rule->actions, g->actions);
}

static void allow_all(struct work *w, const struct policy *p)
{
    const struct rules *rules = iam_rules(w->x, p);
    for (size_t i = 0; i < rules->n; i++) {
        const struct rule *rule = &rules->v[i];
        if (!says(rule, POLICY_ALLOW))
            continue;
        size_t n = rule->not_resource ? 1 : rule->nresources;
        for (size_t k = 0; k < n; k++)
            allow(w, rule, k);
    }
}

/* An action on one resource is dead only when no resource of the statement fits it: the
 * bucket and its objects stand in one list. */
static void settle_dead(struct work *w)
{
    struct effective *e = w->out;
    for (size_t i = 0; i < e->n;) {
        size_t end = i;
        struct action_set live = {0};
        for (; end < e->n && e->v[end].st == e->v[i].st; end++)
            live = action_set_or(w->x->a, live, e->v[end].actions);
        for (; i < end; i++)
            e->v[i].dead = action_set_minus(w->x->a, e->v[i].dead, live);
    }
}

static bool same_conditions(const struct policy_statement *s,
                            const struct policy_statement *t)
{
    if (s == t)
        return true;
    if (s->nconditions != t->nconditions)
        return false;
    for (size_t i = 0; i < s->nconditions; i++) {
        const struct condition *c = &s->conditions[i], *d = &t->conditions[i];
        if (!str_eq_nocase(c->op, d->op) || !str_eq_nocase(c->key, d->key) ||
            c->nvalues != d->nvalues)
            return false;
        for (size_t k = 0; k < c->nvalues; k++)
            if (!str_eq(c->values[k], d->values[k]))
                return false;
    }
    return true;
}

/* Is grant g inside grant h, with an equal or no condition? */
static bool says_no_more(const struct grant *g, const struct grant *h)
{
    if (h->conditional && !same_conditions(g->st, h->st))
        return false;
    if (h->r->variables && !str_eq(h->r->text, g->r->text))
        return false;
    if (h->negated || g->negated)
        return h->negated == g->negated ? over_grant(h->rule, g) == RULE_WHOLE
                                        : h->r->any && !h->negated;
    return arn_within(g->r, h->r) == PATTERN_YES;
}

/* What grant g shares with h, which says as much. */
static void fold_into(struct work *w, struct grant *g, const struct grant *h)
{
    struct action_set both = action_set_and(w->x->a, g->actions, h->actions);
    both = action_set_minus(w->x->a, both, h->unsure);
    g->folded = action_set_or(w->x->a, g->folded, both);
}

static void fold(struct work *w)
{
    struct effective *e = w->out;
    for (size_t i = 0; e->n <= FOLD_MAX && i < e->n; i++)
        for (size_t k = i + 1; k < e->n; k++) {
            struct grant *g = &e->v[i], *h = &e->v[k];
            if (!action_set_meets(g->actions, h->actions))
                continue;
            if (says_no_more(h, g)) /* equal: the first stays */
                fold_into(w, h, g);
            else if (says_no_more(g, h))
                fold_into(w, g, h);
        }
}

/* Does one statement of the limit allow everything, as most organizations have it? */
static bool allows_all(struct work *w, const struct effective_limit *lim)
{
    for (size_t k = 0; k < lim->n; k++) {
        const struct rules *rules = iam_rules(w->x, lim->policies[k]);
        for (size_t i = 0; i < rules->n; i++) {
            const struct rule *rule = &rules->v[i];
            if (says(rule, POLICY_ALLOW) && !rule->not_action && !rule->not_resource &&
                !rule->st->nconditions && rule->nresources && rule->resources[0]->any &&
                rule->st->nactions && str_eq(rule->st->actions[0], STR("*")))
                return true;
        }
    }
    return false;
}

static void apply_limits(struct work *w)
{
    for (size_t k = 0; k < w->in->nlimits; k++) {
        const struct effective_limit *lim = &w->in->limits[k];
        if (lim->missing)
            say_unknown(w->out, lim->what);
        for (size_t i = 0; i < lim->n; i++)
            note_broken(w, lim->policies[i]);
        bool limits = !lim->missing && !allows_all(w, lim);
        for (size_t i = 0, n = w->out->n; limits && i < n; i++)
            limit(w, i, lim);
        deny_all(w, lim->policies, lim->n);
    }
}

struct effective *effective_grants(struct iam *x, const struct effective_input *in)
{
    struct effective *e = ARENA_NEW(x->a, struct effective);
    struct work w = {x, in, e, iam_arn(x, STR("*"), ARN_IN_IDENTITY, false)};
    if (in->identity_missing) {
        e->incomplete = true;
        say_unknown(e, "an attached policy is not in evidence");
    }
    for (size_t i = 0; i < in->nidentity; i++) {
        note_broken(&w, in->identity[i]);
        allow_all(&w, in->identity[i]);
    }
    settle_dead(&w);
    deny_all(&w, in->identity, in->nidentity);
    apply_limits(&w);
    fold(&w);
    const struct action_set **sets = ARENA_ARRAY(x->a, const struct action_set *, e->n);
    for (size_t i = 0; i < e->n; i++)
        sets[i] = &e->v[i].actions;
    e->actions = action_set_sum(x->a, sets, e->n);
    return e;
}

bool effective_next(struct iam *x, const struct effective *e, struct atom *atom)
{
    for (; atom->at_grant < e->n;
         atom->at_grant++, atom->at_row = 0, atom->at_other = 0) {
        const struct grant *g = &e->v[atom->at_grant];
        atom->grant = g;
        uint32_t row = action_set_next(&g->actions, atom->at_row);
        if (row != UINT32_MAX) {
            atom->at_row = row + 1;
            atom->action = actions_get(x->table, row);
            atom->name = action_text(x->a, atom->action);
            atom->unsure = action_set_has(&g->unsure, row);
            atom->folded = action_set_has(&g->folded, row);
            return true;
        }
        atom->at_row = UINT32_MAX;
        const struct action_others *o = g->actions.others;
        if (o && !o->all_but && atom->at_other < o->n) {
            atom->action = NULL;
            atom->name = o->names[atom->at_other++];
            atom->unsure = action_set_has_other(&g->unsure, atom->name);
            atom->folded = action_set_has_other(&g->folded, atom->name);
            return true;
        }
    }
    return false;
}

const struct grant *effective_on(const struct effective *e, uint32_t row,
                                 const struct arn_pattern *r, size_t *from,
                                 enum rule_reach *reach)
{
    while (*from < e->n) {
        const struct grant *g = &e->v[(*from)++];
        if (!action_set_has(&g->actions, row))
            continue;
        *reach = grant_reach(g, r);
        if (*reach != RULE_NONE)
            return g;
    }
    return NULL;
}
