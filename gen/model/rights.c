/* The rights of a role, put together: policies, needs, use, and what is too much. */
#include "model/rights.h"

#include "base/buf.h"

#include <string.h>

/* Does the link make the application run as the role, or hand work to it? */
static bool runs_as(const struct link *l)
{
    return subject_is(l->from, "application") && link_configured(l);
}

const struct subject *const *rights_apps(struct arena *a, const struct subject *role,
                                         size_t *n)
{
    const struct subject **v =
        ARENA_ARRAY(a, const struct subject *, role->used_by.n + 1);
    *n = 0;
    for (size_t i = 0; i < role->used_by.n; i++) {
        const struct link *l = role->used_by.v[i];
        bool have = !runs_as(l);
        for (size_t k = *n; k-- > 0 && !have;)
            have = v[k] == l->from;
        if (!have)
            v[(*n)++] = l->from;
    }
    return v;
}

struct map rights_callers(struct arena *a, const struct model *m)
{
    struct map roles = MAP_INIT;
    for (size_t i = 0; i < m->n; i++) {
        struct subject *s = m->v[i];
        if (strcmp(s->type, "role") != 0)
            continue;
        for (size_t k = 0; k < s->used_by.n; k++)
            if (runs_as(s->used_by.v[k])) {
                *map_put(a, &roles, s->arn) = s;
                break;
            }
    }
    return roles;
}

/* What the applications ask of the role. */
static void read_needs(const struct fact *f, struct rights *r)
{
    struct need_app *apps = ARENA_ARRAY(f->scratch, struct need_app, r->napps + 1);
    for (size_t i = 0; i < r->napps; i++) {
        bool described;
        apps[i] = rights_app(f, r->apps[i], r->role, &described);
        if (!described && !r->undescribed)
            r->undescribed = r->apps[i];
    }
    r->needs = needs_of_all(f->iam, apps, r->napps);
}

/* Rights that were used successfully, with the resource where the record names one. */
static struct need_used *used_rights(const struct fact *f, const struct rights *r,
                                     size_t *n)
{
    VEC(struct need_used) v = {0};
    const struct action_set *s = &r->effective->actions;
    for (size_t i = 0; i < r->use_evidence->nevents; i++) {
        const struct use_event *e = &r->use_evidence->events[i];
        size_t names;
        const struct str *name = e->denied ? NULL
                                           : actions_of_event(f->scratch, f->iam->table,
                                                              e->source, e->name, &names);
        for (size_t k = 0; name && k < names; k++) {
            const struct action *act = actions_find(f->iam->table, name[k]);
            bool have = !act || !action_set_has(s, act->row);
            for (size_t m = 0; m < v.n && !have; m++)
                have = str_eq(v.v[m].action, name[k]) &&
                       str_eq(v.v[m].resource, e->resource);
            if (!have)
                *vec_push(f->scratch, &v) = (struct need_used){name[k], e->resource};
        }
    }
    *n = v.n;
    return v.v;
}

/* What a proposal keeps: Denies of the role, and rights in use. */
static void propose(const struct fact *f, struct rights *r, const struct need_used *used,
                    size_t nused)
{
    VEC(const struct policy_statement *) denies = {0};
    for (size_t i = 0; i < r->identity->held.n; i++) {
        const struct held *h = &r->identity->held.v[i];
        for (size_t k = 0;
             h->policy && strcmp(h->kind, "boundary") != 0 && k < h->policy->nstatements;
             k++) {
            const struct policy_statement *st = &h->policy->statements[k];
            if (st->effect == POLICY_DENY && !st->broken)
                *vec_push(f->scratch, &denies) = st;
        }
    }
    struct minimal_use *u = ARENA_ARRAY(f->scratch, struct minimal_use, nused + 1);
    for (size_t i = 0; i < nused; i++)
        u[i] = (struct minimal_use){used[i].action, used[i].resource};
    r->proposal = (struct minimal_options){.role_arn = r->role->arn,
                                           .used = u,
                                           .nused = nused,
                                           .denies = denies.v,
                                           .ndenies = denies.n};
}

const struct policy *rights_trust(const struct fact *f, const struct subject *role,
                                  const struct exhibit **x, struct str *pointer)
{
    const struct json *n =
        identity_member(f, role, "AssumeRolePolicyDocument", x, pointer);
    if (!n)
        return NULL;
    struct policy_source source = {.text = &(*x)->doc->text,
                                   .pointer = *pointer,
                                   .node = n,
                                   .name = role->name,
                                   .arn = role->arn,
                                   .kind = POLICY_TRUST};
    return policy_read(f->scratch, &source);
}

struct rights *rights_read(const struct fact *f, const struct subject *role,
                           int64_t window_days)
{
    struct rights *r = ARENA_NEW(f->scratch, struct rights);
    r->iam = f->iam;
    r->role = role;
    r->apps = rights_apps(f->scratch, role, &r->napps);
    r->identity = identity_read(f, role);
    r->effective = identity_effective(f, r->identity);
    struct str pointer;
    r->trust = rights_trust(f, role, &r->trust_at, &pointer);
    read_needs(f, r);
    r->use_evidence = rights_use(f, r, window_days);
    r->use_known = r->use_evidence->has_last_accessed || r->use_evidence->nevents ||
                   r->use_evidence->from != WHEN_NONE;
    r->use = use_index(f->iam, r->use_evidence);
    size_t nused;
    const struct need_used *used = used_rights(f, r, &nused);
    propose(f, r, used, nused);
    if (!r->undescribed && r->napps)
        r->comparison = compare_needs(
            f->iam, r->effective,
            nused ? needs_with_used(f->iam, r->needs, used, nused) : r->needs, false);
    return r;
}

struct iam *model_iam(struct arena *a, const struct model *m, struct str actions,
                      struct diag *dx)
{
    struct actions *table = m->shared && m->shared->actions
                                ? m->shared->actions
                                : actions_open(a, actions, dx);
    return table ? iam_new(a, table) : NULL;
}

struct rights *model_rights(struct arena *a, const struct model *m, struct str actions,
                            const struct subject *role, int64_t window_days,
                            struct diag *dx)
{
    struct iam *x = model_iam(a, m, actions, dx);
    struct fact f = {.a = a, .scratch = a, .iam = x, .sh = m->shared, .m = m, .s = role};
    return x ? rights_read(&f, role, window_days) : NULL;
}

const struct document *rights_document(struct origin at)
{
    return fact_document(at.text);
}
