/* Facts of what was done, as CloudTrail recorded it: to applications, and to what they
 * rest on. */
#include "model/coverage.h"
#include "model/fact.h"

#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#define SERVICE "kinesisanalytics.amazonaws.com"

/* What a file's name says after the operation: "AttributeKey_EventSource_...". */
static struct str asked_by_name(const struct document *d)
{
    struct str name = d->path;
    size_t at = str_find_last(name, '/');
    name = str_sub(name, at == (size_t)-1 ? 0 : at + 1, name.n);
    static const char *const marks[] = {"AttributeValue", "lookup-events",
                                        "lookup_events", "LookupEvents"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if ((at = str_find(name, str_from(marks[i]))) != (size_t)-1)
            return str_sub(name, at + strlen(marks[i]), name.n);
    return STR("");
}

/* Does this answer of lookup-events tell of a service ("kms.amazonaws.com")? It does when
 * it was asked for, as its parameters or its name say; else when its events are of the
 * service. An answer without events that nothing tells more about is one about the Flink
 * service, as kdaudit asks for it. */
static bool looks_up(const struct exhibit *x, struct str source)
{
    const struct json *asked = json_get(x->doc->parameters, STR("lookup-attributes"));
    struct str attribute = json_str(asked), service;
    for (const struct json *n = json_first(asked); n; n = json_next(n))
        attribute = json_str(json_get(n, STR("AttributeValue")));
    if (!attribute.n)
        attribute = asked_by_name(x->doc);
    str_cut(source, '.', &service, NULL);
    if (str_has_nocase(attribute, service))
        return true;
    if (asked || str_has(x->doc->path, STR("AttributeValue")))
        return false;
    const struct json *events = json_get(x->node, STR("Events"));
    for (const struct json *n = json_first(events); n; n = json_next(n))
        if (str_eq(json_str(json_get(n, STR("EventSource"))), source))
            return true;
    return !json_size(events) && str_eq(source, STR(SERVICE));
}

/* Were events of a service in the subject's region collected, and all that there were?
 * Log files are taken as they are: nothing says which there would be. */
static void events_known(struct fact *f, const char *source)
{
    const struct subject *account = account_subject(f->m, f->s->account);
    bool any = false, part = false;
    for (int logs = 0; logs < 2 && account; logs++) {
        const char *kind = logs ? "cloudtrail:Records" : "cloudtrail:LookupEvents";
        const struct exhibit *x = subject_exhibit(account, kind);
        for (; exhibit_goes_on(account, x, kind); x++) {
            if (!x->node || !str_eq(x->doc->region, f->s->region) ||
                (!logs && !looks_up(x, str_from(source))))
                continue;
            any = true;
            part = part || (!logs && x->doc->partial);
        }
    }
    if (any && !part)
        return;
    const char *what = part ? "not all events of the service are in evidence"
                            : "events of the service in the region are not in evidence";
    fact_unknown_asked(f, "activity", account ? account : f->s, "cloudtrail:LookupEvents",
                       what,
                       str_fmt(f->a,
                               "aws cloudtrail lookup-events --lookup-attributes "
                               "AttributeKey=EventSource,AttributeValue=%s --region %.*s "
                               "--output json",
                               source, STR_ARG(f->s->region)));
}

/* Types that have events: applications, and what rows of the trail's table name. */
static bool has_events(const char *type)
{
    size_t n;
    const struct trail_neighbour *rows = trail_neighbour_rows(&n);
    bool has = strcmp(type, "application") == 0;
    for (size_t i = 0; i < n && !has; i++)
        has = strcmp(rows[i].type, type) == 0;
    return has;
}

static struct json *event_row(struct fact *f, struct json *list,
                              const struct trail_event *e)
{
    struct json *o = fact_item(f, list);
    fact_str(f, o, "time", e->time);
    fact_str(f, o, "who", e->who);
    fact_str(f, o, "principal", e->principal);
    fact_str(f, o, "principal_type", e->principal_type);
    fact_z(f, o, "credentials", e->credentials);
    fact_str(f, o, "ip", e->ip);
    fact_str(f, o, "event", e->name);
    fact_z(f, o, "class", event_class_name(e->kind));
    fact_str(f, o, "outcome", e->outcome);
    fact_bool(f, o, "failed", e->failed);
    fact_bool(f, o, "read_only", e->read_only);
    fact_str(f, o, "user_agent", e->agent);
    fact_str(f, o, "event_id", e->id);
    fact_at(f, o, e->doc, e->pointer);
    return o;
}

void facts_activity(struct fact *f)
{
    if (!has_events(f->s->type))
        return;
    struct json *list = fact_list(f, "activity");
    const struct events *events = map_get(&f->sh->events, f->s->arn);
    for (size_t i = 0; events && i < events->list.n; i++)
        event_row(f, list, events->list.v[i]);
    if (strcmp(f->s->type, "application") == 0)
        events_known(f, SERVICE);
    else if (strcmp(f->s->type, "trail") == 0)
        events_known(f, "cloudtrail.amazonaws.com");
}

/* An event of something that the application rests on. */
struct near {
    const struct trail_event *e;
    const struct subject *s;
    const char *use;
};

struct nearby {
    struct fact *f;
    struct map seen; /* ARNs of subjects */
    VEC(struct near) list;
};

static void add_events(struct nearby *n, const struct subject *s, const char *use)
{
    const struct events *events = map_get(&n->f->sh->events, s->arn);
    if (!events || strcmp(s->type, "application") == 0)
        return;
    void **slot = map_put(n->f->scratch, &n->seen, s->arn);
    if (*slot)
        return;
    *slot = n;
    for (size_t i = 0; i < events->list.n; i++)
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
        add_events(&n, l->to, l->use);
        for (size_t k = 0; k < l->to->links.n; k++)
            add_events(&n, l->to->links.v[k].to, l->to->links.v[k].use);
    }
    for (size_t i = 0; i < f->sh->ncoverage; i++) {
        const struct coverage *c = &f->sh->coverage[i];
        if (coverage_concerns(f->m, c, f->s) &&
            (c->multi_region || str_eq(c->region, f->s->region)))
            add_events(&n, c->subject, "trail");
    }
    if (n.list.n > 1)
        qsort(n.list.v, n.list.n, sizeof *n.list.v, newest_first);
    for (size_t i = 0; i < n.list.n; i++) {
        const struct near *x = &n.list.v[i];
        struct json *o = event_row(f, list, x->e);
        fact_str(f, o, "arn", x->s->arn);
        fact_z(f, o, "type", x->s->type);
        fact_str(f, o, "name", x->s->name);
        fact_z(f, o, "use", x->use);
    }
}
