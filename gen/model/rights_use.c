/* What a role was seen to use: service last accessed data of IAM. IAM User Guide,
 * "Refining permissions using last accessed information". */
#include "model/rights.h"

#include "json/json.h"

/* The services of a finished report, with the actions that it tracks. */
static void last_accessed(const struct fact *f, const struct subject *role,
                          struct use_evidence *ev)
{
    const struct exhibit *x = subject_exhibit(role, "iam:GetServiceLastAccessedDetails");
    const struct json *n = x ? x->node : NULL;
    if (!n || !str_eq(json_str(json_get(n, STR("JobStatus"))), STR("COMPLETED")) ||
        json_bool(json_get(n, STR("IsTruncated"))))
        return;
    VEC(struct use_service) services = {0};
    for (const struct json *s = json_first(json_get(n, STR("ServicesLastAccessed"))); s;
         s = json_next(s)) {
        VEC(struct use_tracked) tracked = {0};
        for (const struct json *t =
                 json_first(json_get(s, STR("TrackedActionsLastAccessed")));
             t; t = json_next(t)) {
            struct use_tracked row = {json_str(json_get(t, STR("ActionName"))),
                                      WHEN_NONE};
            when_read(json_scalar(json_get(t, STR("LastAccessedTime"))), &row.last);
            *vec_push(f->scratch, &tracked) = row;
        }
        struct use_service row = {
            .prefix = json_str(json_get(s, STR("ServiceNamespace"))), .last = WHEN_NONE};
        when_read(json_scalar(json_get(s, STR("LastAuthenticated"))), &row.last);
        row.actions = tracked.v;
        row.nactions = tracked.n;
        *vec_push(f->scratch, &services) = row;
    }
    ev->has_last_accessed = true;
    ev->services = services.v;
    ev->nservices = services.n;
}

struct use_evidence *rights_use(const struct fact *f, const struct subject *role,
                                int64_t window_days)
{
    struct use_evidence *ev = ARENA_NEW(f->scratch, struct use_evidence);
    const struct exhibit *x;
    struct str pointer;
    ev->from = ev->to = ev->role_created = WHEN_NONE;
    ev->now = f->m->now;
    ev->window_days = window_days;
    when_read(json_scalar(identity_member(f, role, "CreateDate", &x, &pointer)),
              &ev->role_created);
    last_accessed(f, role, ev);
    return ev;
}
