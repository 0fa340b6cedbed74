/* Facts of what was done, as CloudTrail recorded it: to applications, and to what they
 * rest on. */
#include "model/coverage.h"
#include "model/fact.h"
#include "model/lookups.h"

#include "base/map.h"

#include <stdlib.h>
#include <string.h>

/* Were events of a service in the subject's region collected, and all that there were?
 * Log files are taken as they are: nothing says which there would be. */
static void events_known(struct fact *f, const char *service)
{
    const struct subject *account = account_subject(f->m, f->s->account);
    bool any = false, part = false;
    for (int logs = 0; logs < 2 && account; logs++) {
        const char *kind = logs ? "cloudtrail:Records" : "cloudtrail:LookupEvents";
        const struct exhibit *x = subject_exhibit(account, kind);
        for (; exhibit_goes_on(account, x, kind); x++) {
            if (!x->node || !str_eq(x->doc->region, f->s->region) ||
                (!logs && !lookup_tells_service(f->scratch, x, str_from(service))))
                continue;
            any = true;
            part = part || (!logs && x->doc->partial);
        }
    }
    if (any && !part)
        return;
    const char *what = part ? "not all events of the service are in evidence"
                            : "events of the service in the region are not in evidence";
    fact_unknown_asked(
        f, "activity", account ? account : f->s, "cloudtrail:LookupEvents", what,
        str_fmt(f->a,
                "aws cloudtrail lookup-events --lookup-attributes "
                "AttributeKey=EventSource,AttributeValue=%s.amazonaws.com --region %.*s "
                "--output json",
                service, STR_ARG(f->s->region)));
}

/* Rows of trail_neighbour_rows about one type of subject, as bits by their number. */
struct watch_rows {
    uint64_t all;                  /* of what was done to it */
    uint64_t global, taken, local; /* of these that matter to applications, by where */
};

void neighbours_read(struct arena *a, struct shared *sh)
{
    size_t ntypes, nrows;
    subject_type_rows(&ntypes);
    const struct trail_neighbour *rows = trail_neighbour_rows(&nrows);
    sh->watch_rows = ARENA_ARRAY(a, struct watch_rows, ntypes);
    for (size_t i = 0; i < nrows; i++) {
        struct watch_rows *w = &sh->watch_rows[subject_type_order(rows[i].type)];
        uint64_t row = (uint64_t)1 << i;
        w->all |= row;
        if (rows[i].kind != EVENT_OPERATIONAL)
            *(strcmp(rows[i].source, "iam") == 0   ? &w->global
              : strcmp(rows[i].source, "sts") == 0 ? &w->taken
                                                   : &w->local) |= row;
    }
}

static struct json *event_row(struct fact *f, struct json *list,
                              const struct trail_event *e)
{
    struct json *o = fact_item(f, list);
    fact_view(f, o, "time", e->time);
    fact_view(f, o, "who", e->who);
    fact_view(f, o, "principal", e->principal);
    fact_view(f, o, "principal_type", e->principal_type);
    fact_z(f, o, "credentials", e->credentials);
    fact_view(f, o, "ip", e->ip);
    fact_view(f, o, "event", e->name);
    fact_z(f, o, "class", event_class_name(e->kind));
    fact_view(f, o, "outcome", e->outcome);
    fact_bool(f, o, "failed", e->failed);
    fact_bool(f, o, "read_only", e->read_only);
    fact_view(f, o, "user_agent", e->agent);
    fact_view(f, o, "event_id", e->id);
    fact_at(f, o, e->doc, e->pointer);
    return o;
}

void facts_activity(struct fact *f)
{
    bool app = subject_is(f->s, "application");
    if (!app && !f->sh->watch_rows[f->s->order].all)
        return;
    struct json *list = fact_list(f, "activity");
    const struct events *events = f->s->events;
    for (size_t i = 0; events && i < events->list.n; i++)
        event_row(f, list, events->list.v[i]);
    if (app)
        events_known(f, "kinesisanalytics");
    else if (subject_is(f->s, "trail"))
        events_known(f, "cloudtrail");
}

/* An event of something that the application rests on. */
struct near {
    const struct trail_event *e;
    const struct subject *s;
    const char *use;
};

/* Where calls that change something are recorded, or calls that take a role; and whether
 * some would not show in the evidence. */
struct watch {
    struct str account, region;
    const struct subject *role; /* or NULL */
    bool blind, part;           /* part: an answer is there, but not whole */
};

struct nearby {
    struct fact *f;
    struct map seen; /* subjects */
    VEC(struct near) list;
    VEC(struct watch) watches;
};

/* Would the record in evidence show every call of these rows about s? */
static void watch_at(struct nearby *n, uint64_t rows, const struct subject *s,
                     struct str account, struct str region, bool is_role)
{
    const struct subject *role = is_role ? s : NULL;
    struct watch *w = NULL;
    if (!rows)
        return;
    for (size_t i = 0; i < n->watches.n && !w; i++) {
        struct watch *x = &n->watches.v[i];
        if (x->role == role && str_eq(x->account, account) && str_eq(x->region, region))
            w = x;
    }
    if (!w) {
        w = vec_push(n->f->scratch, &n->watches);
        *w = (struct watch){.account = account, .region = region, .role = role};
    }
    const struct sight *sight = sight_of(&n->f->sh->sights, account, region);
    if (!sight_shows(sight, rows, s, &w->part))
        w->blind = true;
}

/* Is it in evidence what was done to s, if anything was? */
static void watch(struct nearby *n, const struct subject *s)
{
    const struct watch_rows *rows = &n->f->sh->watch_rows[s->order];
    const struct subject *app = n->f->s;
    struct str account = s->account.n ? s->account : app->account;
    struct str home = partition_home(app->partition);
    if (!account_is(account))
        return; /* of AWS itself */
    /* Calls of the global endpoints are recorded at home; a role's caller may also have
     * used that of the application's region. */
    watch_at(n, rows->global, s, account, home, false);
    watch_at(n, rows->taken, s, account, home, true);
    watch_at(n, rows->taken, s, account, app->region, true);
    watch_at(n, rows->local, s, account, region_is(s->region) ? s->region : app->region,
             false);
}

static void say_blind(struct fact *f, const struct watch *w)
{
    const struct subject *account = account_subject(f->m, w->account), *role = w->role;
    /* Services take roles all day: others are told role by role. */
    struct str what =
        role ? str_fmt(f->a, "calls that take the role %.*s", STR_ARG(role->name))
             : STR("calls that change what it rests on");
    struct str asked =
        role ? str_fmt(f->a, "ResourceName,AttributeValue=%.*s", STR_ARG(role->arn))
             : STR("ReadOnly,AttributeValue=false");
    fact_unknown_asked(
        f, "neighbours", account ? account : f->s, "cloudtrail:LookupEvents",
        str_fmt(f->a, "%.*s in %.*s of account %.*s are not%s in evidence", STR_ARG(what),
                STR_ARG(w->region), STR_ARG(w->account), w->part ? " all" : "")
            .p,
        str_fmt(f->a,
                "aws cloudtrail lookup-events --lookup-attributes "
                "AttributeKey=%.*s --region %.*s --output json",
                STR_ARG(asked), STR_ARG(w->region)));
}

static void add(struct nearby *n, const struct subject *s, const char *use)
{
    if (subject_is(s, "application"))
        return;
    void **slot = map_put(n->f->scratch, &n->seen, subject_id(s));
    if (*slot)
        return;
    *slot = n;
    if (!subject_is(s, "trail")) /* their own tests say */
        watch(n, s);
    const struct events *events = s->events;
    for (size_t i = 0; events && i < events->list.n; i++)
        *vec_push(n->f->scratch, &n->list) = (struct near){events->list.v[i], s, use};
}

static int newest_first(const void *x, const void *y)
{
    const struct near *l = x, *r = y;
    if (l->e->when != r->e->when)
        return l->e->when > r->e->when ? -1 : 1;
    int c = str_cmp(l->e->id, r->e->id);
    return c ? c : str_cmp(l->s->arn, r->s->arn);
}

void facts_neighbours(struct fact *f)
{
    struct nearby n = {.f = f};
    struct json *list = fact_list(f, "neighbours");
    /* What it uses, and the keys, buckets and policies behind that. */
    for (size_t i = 0; i < f->s->links.n; i++) {
        const struct link *l = &f->s->links.v[i];
        add(&n, l->to, l->use);
        for (size_t k = 0; k < l->to->links.n; k++)
            add(&n, l->to->links.v[k].to, l->to->links.v[k].use);
    }
    for (size_t i = 0; i < f->area->ncovers; i++) {
        const struct coverage *c = f->area->covers[i].by;
        if (c->multi_region || str_eq(c->region, f->s->region))
            add(&n, c->subject, "trail");
    }
    if (n.list.n > 1)
        qsort(n.list.v, n.list.n, sizeof *n.list.v, newest_first);
    for (size_t i = 0; i < n.list.n; i++) {
        const struct near *x = &n.list.v[i];
        struct json *o = event_row(f, list, x->e);
        fact_view(f, o, "arn", x->s->arn);
        fact_z(f, o, "type", x->s->type);
        fact_view(f, o, "name", x->s->name);
        fact_z(f, o, "use", x->use);
    }
    for (int roles = 0; roles < 2; roles++)
        for (size_t i = 0; i < n.watches.n; i++)
            if (n.watches.v[i].blind && !n.watches.v[i].role == !roles)
                say_blind(f, &n.watches.v[i]);
}
