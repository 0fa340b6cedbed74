/* What a role was seen to use: service last accessed data of IAM, and CloudTrail records.
 * IAM User Guide, "Refining permissions using last accessed information"; CloudTrail User
 * Guide, "Logging data events". */
#include "model/rights.h"

#include "model/coverage.h"

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

/* Calls that CloudTrail recorded. */
static void calls(const struct fact *f, const struct subject *role,
                  struct use_evidence *ev)
{
    const struct trail_caller *c =
        f->sh ? map_get(&f->sh->role_calls->callers, role->arn) : NULL;
    struct use_event *v = ARENA_ARRAY(f->scratch, struct use_event, c ? c->n + 1 : 1);
    for (size_t i = 0; c && i < c->n; i++)
        v[ev->nevents++] = (struct use_event){
            c->v[i].source, c->v[i].name, c->v[i].resource, c->v[i].last, c->v[i].denied};
    ev->events = v;
}

static const struct trail_reach *reach_of(const struct fact *f, struct str account,
                                          struct str region)
{
    const struct trail_calls *t = f->sh->role_calls;
    for (size_t i = 0; i < t->nreach; i++)
        if (str_eq(t->reach[i].account, account) && str_eq(t->reach[i].region, region))
            return &t->reach[i];
    return NULL;
}

/* How far the records reach in every region where the role works. */
static void reach(const struct fact *f, const struct rights *r, struct use_evidence *ev)
{
    for (size_t i = 0; f->sh && i < r->napps; i++) {
        const struct trail_reach *one = reach_of(f, r->role->account, r->apps[i]->region);
        if (!one) {
            ev->from = ev->to = WHEN_NONE;
            return;
        }
        ev->from = ev->from == WHEN_NONE || one->from > ev->from ? one->from : ev->from;
        ev->to = ev->to == WHEN_NONE || one->to < ev->to ? one->to : ev->to;
    }
    /* Global services write to one region of each partition. */
    struct str home = partition_home(r->role->partition);
    const struct trail_reach *global = f->sh ? reach_of(f, r->role->account, home) : NULL;
    ev->global_events = global && ev->from != WHEN_NONE && global->from <= ev->from &&
                        global->to >= ev->to;
}

/* Services whose data events show: the records have some, and a trail of the account
 * selects them for all resources. */
static void data_services(const struct fact *f, const struct subject *role,
                          struct use_evidence *ev)
{
    static const struct {
        const char *prefix, *type;
    } rows[] = {
        {"dynamodb", "AWS::DynamoDB::Table"}, {"kinesis", "AWS::Kinesis::Stream"},
        {"lambda", "AWS::Lambda::Function"},  {"s3", "AWS::S3::Object"},
        {"sns", "AWS::SNS::Topic"},           {"sqs", "AWS::SQS::Queue"},
    };
    enum { ROWS = sizeof rows / sizeof *rows };
    struct str *v = ARENA_ARRAY(f->scratch, struct str, ROWS);
    for (size_t i = 0; f->sh && i < ROWS; i++) {
        struct str id = STR_CAT(f->scratch, role->account, STR("|"),
                                str_from(rows[i].prefix), STR(".amazonaws.com"));
        if (map_get(&f->sh->role_calls->data, id) && coverage_data(f, role, rows[i].type))
            v[ev->ndata_services++] = str_from(rows[i].prefix);
    }
    ev->data_services = v;
}

struct use_evidence *rights_use(const struct fact *f, const struct rights *r,
                                int64_t window_days)
{
    struct use_evidence *ev = ARENA_NEW(f->scratch, struct use_evidence);
    const struct exhibit *x;
    struct str pointer;
    ev->from = ev->to = ev->role_created = WHEN_NONE;
    ev->now = f->m->now;
    ev->window_days = window_days;
    when_read(json_scalar(identity_member(f, r->role, "CreateDate", &x, &pointer)),
              &ev->role_created);
    last_accessed(f, r->role, ev);
    calls(f, r->role, ev);
    reach(f, r, ev);
    data_services(f, r->role, ev);
    return ev;
}
