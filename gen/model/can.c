/* Questions to the model: one request, all policies in evidence that bear on it. */
#include "model/can.h"

#include "base/diag.h"
#include "iam/actions.h"
#include "iam/arn.h"
#include "model/fact.h"
#include "model/organization.h"
#include "model/rights.h"
#include "model/storage.h"

#include <string.h>

/* Types whose policy must itself allow, also in the same account. */
static bool decides(const struct subject *resource, struct str action)
{
    if (!resource)
        return false;
    if (strcmp(resource->type, "key") == 0)
        return true;
    return strcmp(resource->type, "role") == 0 && str_starts(action, STR("sts:"));
}

/* The policies of the principal, sorted into what grants and what limits. */
struct sides {
    VEC(const struct policy *) identity;
    const struct policy *boundary;
    bool identity_missing, boundary_missing;
};

static struct sides sides_of(struct arena *a, const struct identity *id)
{
    struct sides s = {0};
    for (size_t i = 0; i < id->held.n; i++) {
        const struct held *h = &id->held.v[i];
        bool boundary = strcmp(h->kind, "boundary") == 0;
        if (boundary)
            s.boundary = h->policy;
        else if (h->policy)
            *vec_push(a, &s.identity) = h->policy;
        s.boundary_missing |= boundary && !h->policy;
        s.identity_missing |= !boundary && !h->policy;
    }
    s.identity_missing |= !id->inline_listed || !id->managed_listed;
    return s;
}

/* The policy that guards the resource: its own, or a role's trust policy. */
static const struct policy *guard(const struct fact *f, const struct subject *resource)
{
    const struct exhibit *x;
    struct str pointer;
    if (!resource)
        return NULL;
    if (strcmp(resource->type, "role") != 0)
        return access_policy(f, resource, &x, &pointer);
    return rights_trust(f, resource, &x, &pointer);
}

/* Organization policies: of the principal's account, unless it is a service, and of the
 * resource's. */
static void organization(const struct fact *f, struct str principal, struct str owner,
                         struct evaluate_policies *p)
{
    struct str account = arn_part(principal, ARN_ACCOUNT);
    struct organization_limits of = {0}, at = {0};
    if (account.n && organization_binds(principal))
        of = organization_limits(f->m->organization, account);
    if (owner.n)
        at = organization_limits(f->m->organization, owner);
    struct effective_limit *v =
        ARENA_ARRAY(f->a, struct effective_limit, of.nservices + at.nresources + 1);
    for (size_t i = 0; i < of.nservices; i++)
        v[p->nlimits++] = of.services[i];
    for (size_t i = 0; i < at.nresources; i++)
        v[p->nlimits++] = at.resources[i];
    p->limits = v;
}

/* An object or a log stream is guarded by what it lies in. */
static const struct subject *find_resource(struct arena *a, const struct model *m,
                                           struct str arn)
{
    const struct subject *s = model_find(m, arn);
    struct str bucket;
    if (!s && str_has(arn, STR(":s3:::")) && str_cut(arn, '/', &bucket, NULL))
        s = model_find(m, str_dup(a, bucket));
    return s;
}

static bool is_identity(const struct subject *s)
{
    return strcmp(s->type, "role") == 0 || strcmp(s->type, "user") == 0;
}

/* A role or user by its name alone, when one has it; other things may share it. */
static const struct subject *find_principal(const struct model *m, struct str name)
{
    const struct subject *found = model_find(m, name);
    size_t n = 0;
    for (size_t i = 0; !found && i < m->n; i++)
        n += is_identity(m->v[i]) && str_eq(m->v[i]->name, name);
    for (size_t i = 0; n == 1 && !found && i < m->n; i++)
        if (is_identity(m->v[i]) && str_eq(m->v[i]->name, name))
            found = m->v[i];
    return found;
}

struct answer model_can(struct arena *a, const struct model *m, struct str actions,
                        const struct question *q, struct diag *dx)
{
    struct answer answer = {.principal = find_principal(m, q->principal),
                            .principal_arn = q->principal};
    struct actions *table = actions_open(a, actions, dx);
    if (!table)
        return answer;
    struct fact f = {.a = a, .scratch = a, .iam = iam_new(a, table), .m = m};
    if (answer.principal)
        answer.principal_arn = answer.principal->arn;
    if (!str_eq(q->resource, STR("*")))
        answer.resource = find_resource(a, m, q->resource);
    struct sides s = {.identity_missing = true};
    if (answer.principal)
        s = sides_of(a, identity_read(&f, answer.principal));
    const struct policy *own = guard(&f, answer.resource);
    struct evaluate_request request = {
        .principal = answer.principal_arn,
        .action = q->action,
        .resource = q->resource,
        .resource_account = answer.resource ? answer.resource->account : STR(""),
        .context = {.keys = q->keys, .nkeys = q->nkeys},
    };
    struct evaluate_policies policies = {
        .identity = s.identity.v,
        .nidentity = s.identity.n,
        .identity_missing = s.identity_missing,
        .boundary = s.boundary,
        .boundary_missing = s.boundary_missing,
        .resource = &own,
        .nresource = own != NULL,
        .resource_missing =
            !own && (!answer.resource || decides(answer.resource, q->action) ||
                     access_missing(answer.resource)),
        .resource_may_allow = true,
        .resource_decides = decides(answer.resource, q->action),
        .session = q->session,
        .nsession = q->nsession,
    };
    if (str_eq(q->resource, STR("*")))
        policies.resource_missing = false;
    struct str service;
    str_cut(q->action, ':', &service, NULL);
    organization(&f, answer.principal_arn,
                 actions_in_rcp(table, service) ? request.resource_account : STR(""),
                 &policies);
    answer.evaluation = evaluate(f.iam, &request, &policies);
    return answer;
}

struct evaluation *policies_can(struct arena *a, const struct policy *const *policies,
                                size_t n, struct str actions, const struct question *q,
                                struct diag *dx)
{
    struct actions *table = actions_open(a, actions, dx);
    if (!table)
        return NULL;
    struct evaluate_request request = {
        /* Nobody named: somebody, of whom nothing is known. */
        .principal = q->principal.n ? q->principal : STR("*"),
        .action = q->action,
        .resource = q->resource,
        .context = {.keys = q->keys, .nkeys = q->nkeys},
    };
    static const struct effective_limit above = {
        .what = "boundary and organization policies are not in evidence",
        .missing = true};
    struct evaluate_policies all = {.identity = policies,
                                    .nidentity = n,
                                    .limits = &above,
                                    .nlimits = 1,
                                    .session = q->session,
                                    .nsession = q->nsession,
                                    .resource_missing = true};
    return evaluate(iam_new(a, table), &request, &all);
}
