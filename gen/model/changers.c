/* Who may change applications: users and roles of accounts whose authorization details
 * are in evidence. */
#include "model/identity.h"

#include "base/threads.h"

#include <stdlib.h>
#include <string.h>

#define DETAILS "iam:GetAccountAuthorizationDetails"

/* What a call can do, the gravest first. */
static const struct {
    const char *action, *level;
} actions[] = {
    {"UpdateApplication", "code"},
    {"RollbackApplication", "code"},
    {"CreateApplication", "code"},
    {"AddApplicationInput", "code"},
    {"AddApplicationInputProcessingConfiguration", "code"},
    {"AddApplicationOutput", "code"},
    {"AddApplicationReferenceDataSource", "code"},
    {"AddApplicationVpcConfiguration", "code"},
    {"CreateApplicationPresignedUrl", "url"},
    {"DeleteApplication", "delete"},
    {"DeleteApplicationCloudWatchLoggingOption", "delete"},
    {"DeleteApplicationInputProcessingConfiguration", "delete"},
    {"DeleteApplicationOutput", "delete"},
    {"DeleteApplicationReferenceDataSource", "delete"},
    {"DeleteApplicationSnapshot", "delete"},
    {"DeleteApplicationVpcConfiguration", "delete"},
    {"StopApplication", "delete"},
    {"StartApplication", "write"},
    {"CreateApplicationSnapshot", "write"},
    {"AddApplicationCloudWatchLoggingOption", "write"},
    {"UpdateApplicationMaintenanceConfiguration", "write"},
    {"TagResource", "write"},
    {"UntagResource", "write"},
};

enum { ACTIONS = sizeof actions / sizeof *actions, BATCH = 64 };

/* One of its grants over the service. */
struct reach {
    uint32_t actions; /* a bit for each row above */
    struct str text;  /* of the resource pattern */
    struct arn_pattern r;
    const struct arn_pattern *except; /* NotResource */
    size_t nexcept;
    struct str policy; /* its name */
    const struct document *doc;
    struct str pointer;
};

/* One identity. */
struct changer {
    const struct subject *s;
    VEC(struct reach) grants;
    bool admin;
    bool everywhere; /* no grant names an application */
    bool wild;       /* some grant must be matched: it is more than one literal ARN */
};

struct action_set changing_actions(struct arena *a, struct iam *x)
{
    struct action_set all = {0};
    for (size_t i = 0; i < ACTIONS; i++) {
        struct str name = str_fmt(a, "kinesisanalytics:%s", actions[i].action);
        const struct action *act = actions_find(x->table, name);
        if (act)
            all = action_set_or(a, all, action_set_rows(a, act->row, 1));
    }
    return all;
}

struct job {
    const struct shared *sh;
    struct changer *v;
    size_t n;
    struct arena **arenas; /* of the workers: what stays */
};

/* A grant of these actions that does not name applications. */
static bool names_none(const struct grant *g)
{
    return g->r->any || pattern_is_any(g->r->part[ARN_RESOURCE]);
}

/* An ARN as it stands, in the case that ARNs are written in. */
static bool literal(struct str text)
{
    struct arn_parts p;
    for (size_t i = 0; i < text.n; i++)
        if (strchr("*?$", text.p[i]))
            return false;
    if (!arn_parts_read(text, &p))
        return false;
    for (const char *c = text.p; c < p.resource.p; c++)
        if (*c >= 'A' && *c <= 'Z')
            return false;
    return true;
}

/* What stays of a grant when the work on its identity is done. */
static void keep(struct arena *a, struct changer *c, const struct grant *g, uint32_t mask)
{
    struct reach *r = vec_push(a, &c->grants);
    r->actions = mask;
    r->text = str_dup(a, g->r->text);
    r->r = arn_pattern_make(a, r->text, ARN_IN_IDENTITY, g->st->policy->variables);
    r->policy = str_dup(a, g->st->policy->source.name);
    r->doc = fact_document(g->st->policy->source.text);
    r->pointer = str_dup(a, fact_statement_pointer(g->st));
    c->wild = c->wild || g->negated || !literal(r->text);
    if (!g->negated)
        return;
    struct arn_pattern *v = ARENA_ARRAY(a, struct arn_pattern, g->rule->nresources);
    for (size_t i = 0; i < g->rule->nresources; i++)
        v[i] = arn_pattern_make(a, str_dup(a, g->rule->resources[i].text),
                                ARN_IN_IDENTITY, g->st->policy->variables);
    r->except = v;
    r->nexcept = g->rule->nresources;
}

static void look(struct fact *f, struct arena *stay, struct changer *c,
                 const struct action *const *acts)
{
    f->s = c->s;
    const struct effective *e = identity_effective(f, identity_read(f, c->s));
    const struct action *admin = actions_find(f->iam->table, STR("iam:PutRolePolicy"));
    c->everywhere = true;
    for (size_t k = 0; k < e->n; k++) {
        const struct grant *g = &e->v[k];
        uint32_t mask = 0;
        for (size_t i = 0; i < ACTIONS; i++)
            if (acts[i] && action_set_has(&g->actions, acts[i]->row))
                mask |= (uint32_t)1 << i;
        if (!mask)
            continue;
        keep(stay, c, g, mask);
        c->everywhere = c->everywhere && names_none(g) && !g->negated;
        c->admin = c->admin || (admin && action_set_has(&g->actions, admin->row) &&
                                names_none(g) && !g->conditional);
    }
}

static void look_batch(void *ctx, size_t item, unsigned worker)
{
    struct job *job = ctx;
    struct arena *a = arena_new();
    struct fact f = {.a = a, .scratch = a, .sh = job->sh, .m = job->sh->m};
    const struct action *acts[ACTIONS];
    f.iam = iam_new(a, job->sh->actions);
    for (size_t i = 0; i < ACTIONS; i++)
        acts[i] = actions_find(job->sh->actions,
                               str_fmt(a, "kinesisanalytics:%s", actions[i].action));
    for (size_t i = item * BATCH; i < (item + 1) * BATCH && i < job->n; i++)
        look(&f, job->arenas[worker], &job->v[i], acts);
    arena_free(a);
}

/* Identities that a call is made as: groups speak through their users. Service-linked
 * roles are AWS's own. */
static bool counts(const struct subject *s)
{
    if (strcmp(s->type, "user") != 0 && strcmp(s->type, "role") != 0)
        return false;
    return subject_answer(s, DETAILS) && !str_has(s->arn, STR("/aws-service-role/"));
}

/* By literal ARN, or by account when a pattern must be matched. */
static void index_changer(struct arena *a, struct shared *sh, const struct changer *c)
{
    for (size_t i = 0; i < c->grants.n; i++) {
        struct str key = c->wild ? c->s->account : c->grants.v[i].text;
        void **slot = map_put(a, &sh->changers, key);
        if (!*slot)
            *slot = ARENA_NEW(a, struct changers);
        struct changers *list = *slot;
        if (!list->v.n || list->v.v[list->v.n - 1] != c)
            *vec_push(a, &list->v) = c;
    }
}

void changers_read(struct arena *a, struct shared *sh, unsigned threads)
{
    const struct model *m = sh->m;
    struct job job = {sh, NULL, 0, ARENA_ARRAY(a, struct arena *, threads)};
    if (!sh->actions)
        return;
    for (size_t i = 0; i < m->n; i++)
        job.n += counts(m->v[i]);
    job.v = ARENA_ARRAY(a, struct changer, job.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++)
        if (counts(m->v[i]))
            job.v[n++].s = m->v[i];
    for (unsigned i = 0; i < threads; i++) {
        job.arenas[i] = arena_new();
        arena_adopt(a, job.arenas[i]);
    }
    threads_for((n + BATCH - 1) / BATCH, threads, look_batch, &job);
    for (size_t i = 0; i < n; i++)
        index_changer(a, sh, &job.v[i]);
}

static void add_name(struct fact *f, struct json *list, struct str name)
{
    for (const struct json *n = json_first(list); n; n = json_next(n))
        if (str_eq(json_str(n), name))
            return;
    json_push(list, json_new_str(f->a, name));
}

static bool reaches(const struct reach *r, struct str arn)
{
    if (!arn_matches(&r->r, arn))
        return false;
    for (size_t i = 0; i < r->nexcept; i++)
        if (arn_matches(&r->except[i], arn))
            return false;
    return true;
}

/* What c may do to f->s. */
static void item(struct fact *f, struct json *list, const struct changer *c)
{
    uint32_t may = 0;
    const struct reach *first = NULL;
    struct json *names = json_new_array(f->a), *via = json_new_array(f->a);
    for (size_t i = 0; i < c->grants.n; i++) {
        const struct reach *r = &c->grants.v[i];
        if (!reaches(r, f->s->arn))
            continue;
        first = first ? first : r;
        may |= r->actions;
        add_name(f, via, r->policy);
    }
    if (!first)
        return;
    const char *level = NULL;
    for (size_t k = 0; k < ACTIONS; k++) {
        if (!(may >> k & 1))
            continue;
        level = level ? level : actions[k].level;
        json_push(names, json_new_str(f->a, str_from(actions[k].action)));
    }
    struct json *o = fact_item(f, list);
    fact_str(f, o, "identity", c->s->arn);
    fact_str(f, o, "name", c->s->name);
    fact_z(f, o, "kind", c->s->type);
    json_set(f->a, o, STR("actions"), names);
    fact_z(f, o, "level", level);
    json_set(f->a, o, STR("via"), via);
    fact_bool(f, o, "admin", c->admin);
    fact_bool(f, o, "all_applications", c->everywhere);
    fact_at(f, o, first->doc, first->pointer);
}

/* Those who name f->s, and those of its account who must be matched, by their order. */
static void both(struct fact *f, struct json *list, const struct changers *x,
                 const struct changers *y)
{
    size_t i = 0, k = 0, nx = x ? x->v.n : 0, ny = y ? y->v.n : 0;
    while (i < nx || k < ny) {
        bool left = k >= ny || (i < nx && x->v.v[i] < y->v.v[k]);
        const struct changer *c = left ? x->v.v[i++] : y->v.v[k++];
        /* A literal ARN of another account grants nothing by itself. */
        if (str_eq(c->s->account, f->s->account))
            item(f, list, c);
    }
}

void facts_changers(struct fact *f)
{
    struct json *list = fact_list(f, "changers");
    const struct exhibit *x = account_exhibit(f->m, f->s->account, DETAILS, STR(""));
    if (!f->iam)
        return;
    if (!x || !x->node) {
        const struct subject *account = account_subject(f->m, f->s->account);
        if (account)
            fact_unknown(f, "changers", account, DETAILS, STR(""),
                         "who may change the application is not in evidence");
        return;
    }
    both(f, list, map_get(&f->sh->changers, f->s->arn),
         map_get(&f->sh->changers, f->s->account));
}
