/* Who holds rights over applications: users, groups and roles of accounts whose
 * authorization details are in evidence. */
#include "model/changers.h"

#include "iam/request.h"

#include "base/threads.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define DETAILS "iam:GetAccountAuthorizationDetails"
/* Who may call this may do anything. */
#define ADMIN STR("iam:PutRolePolicy")

/* Calls that say more than their access level: the gravest first. */
static const struct {
    const char *action;
    enum right right;
} grave[] = {
    {"UpdateApplication", RIGHT_CODE},
    {"RollbackApplication", RIGHT_CODE},
    {"CreateApplication", RIGHT_CODE},
    {"AddApplicationInput", RIGHT_CODE},
    {"AddApplicationInputProcessingConfiguration", RIGHT_CODE},
    {"AddApplicationOutput", RIGHT_CODE},
    {"AddApplicationReferenceDataSource", RIGHT_CODE},
    {"AddApplicationVpcConfiguration", RIGHT_CODE},
    {"CreateApplicationPresignedUrl", RIGHT_URL},
    {"DeleteApplication", RIGHT_DELETE},
    {"DeleteApplicationCloudWatchLoggingOption", RIGHT_DELETE},
    {"DeleteApplicationInputProcessingConfiguration", RIGHT_DELETE},
    {"DeleteApplicationOutput", RIGHT_DELETE},
    {"DeleteApplicationReferenceDataSource", RIGHT_DELETE},
    {"DeleteApplicationSnapshot", RIGHT_DELETE},
    {"DeleteApplicationVpcConfiguration", RIGHT_DELETE},
    {"StopApplication", RIGHT_DELETE},
};

enum { GRAVE = sizeof grave / sizeof *grave, BATCH_MAX = 64 };

static enum right right_of(const struct action *act)
{
    static const enum right rights[ACTION_LEVELS] = {[ACTION_LIST] = RIGHT_LIST,
                                                     [ACTION_READ] = RIGHT_READ,
                                                     [ACTION_WRITE] = RIGHT_WRITE,
                                                     [ACTION_TAGGING] = RIGHT_TAGGING,
                                                     [ACTION_PERMISSIONS] =
                                                         RIGHT_PERMISSIONS};
    return rights[act->level];
}

static void add_call(struct calls *c, const struct action *act, enum right right)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->v[i] == act)
            return;
    if (!act || c->n == ACTIONS_MAX)
        return;
    c->right[c->n] = right;
    c->v[c->n++] = act;
}

static const struct calls *calls_read(struct arena *a, struct actions *table)
{
    struct calls *c = ARENA_NEW(a, struct calls);
    const struct action_service *sv = actions_service(table, STR("kinesisanalytics"));
    for (size_t i = 0; i < GRAVE; i++) {
        struct str name = str_fmt(a, "kinesisanalytics:%s", grave[i].action);
        add_call(c, actions_find(table, name), grave[i].right);
    }
    for (int right = 0; sv && right < RIGHTS; right++)
        for (uint32_t i = 0; i < sv->count; i++)
            if (right_of(&sv->actions[i]) == (enum right)right)
                add_call(c, &sv->actions[i], (enum right)right);
    c->pass = actions_find(table, STR("iam:PassRole"));
    c->admin = actions_find(table, STR("iam:PutRolePolicy"));
    for (size_t i = 0; i < c->n; i++)
        c->all = action_set_or(a, c->all, action_set_rows(a, c->v[i]->row, 1));
    if (c->pass)
        c->all = action_set_or(a, c->all, action_set_rows(a, c->pass->row, 1));
    if (c->admin)
        c->all = action_set_or(a, c->all, action_set_rows(a, c->admin->row, 1));
    return c;
}

struct action_set changing_actions(struct arena *a, struct iam *x)
{
    static const char key;
    const struct action_set *kept = iam_kept(x, &key);
    if (kept)
        return *kept;
    const struct calls *c = calls_read(a, x->table);
    struct action_set all = {0};
    for (size_t i = 0; i < c->n; i++)
        if (c->right[i] < RIGHT_READ || c->right[i] == RIGHT_PERMISSIONS)
            all = action_set_or(x->cache->a, all,
                                action_set_rows(x->cache->a, c->v[i]->row, 1));
    return *iam_keep(x, &key, all);
}

struct job {
    const struct shared *sh;
    struct changer *v;
    size_t n, batch;
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

/* The policy of a grant, and the group that it comes through. */
static struct str policy_of(struct arena *a, const struct identity *id,
                            const struct grant *g)
{
    for (size_t i = 0; i < id->held.n; i++) {
        const struct held *h = &id->held.v[i];
        if (h->policy == g->st->policy && h->through)
            return str_fmt(a, "%.*s (group %.*s)", STR_ARG(h->name),
                           STR_ARG(h->through->name));
    }
    return str_dup(a, g->st->policy->source.name);
}

static const struct arn_pattern *patterns(struct arena *a, const struct rule *rule)
{
    struct arn_pattern *v = ARENA_ARRAY(a, struct arn_pattern, rule->nresources);
    for (size_t i = 0; i < rule->nresources; i++)
        v[i] = arn_pattern_make(a, str_dup(a, rule->resources[i]->text), ARN_IN_IDENTITY,
                                rule->st->policy->variables);
    return v;
}

/* What stays of a grant when the work on its identity is done. */
static struct reach kept(struct arena *a, const struct identity *id,
                         const struct grant *g)
{
    struct reach r = {.text = str_dup(a, g->r->text), .policy = policy_of(a, id, g)};
    r.r = arn_pattern_make(a, r.text, ARN_IN_IDENTITY, g->st->policy->variables);
    r.conditional = g->conditional;
    r.doc = fact_document(g->st->policy->source.text);
    r.pointer = str_dup(a, fact_statement_pointer(g->st));
    r.pos = fact_statement_pos(g->st);
    if (g->negated) {
        r.except = patterns(a, g->rule);
        r.nexcept = g->rule->nresources;
    }
    return r;
}

static uint64_t calls_in(const struct calls *calls, const struct action_set *s)
{
    uint64_t mask = 0;
    for (size_t i = 0; i < calls->n; i++)
        mask |= action_set_has(s, calls->v[i]->row) ? UINT64_C(1) << i : 0;
    return mask;
}

/* The Denies near a grant that can be asked about one application; false when there are
 * others, or a limit. */
static bool refusals(struct fact *f, struct arena *stay, const struct identity *id,
                     const struct grant *g, const struct calls *calls, struct reach *r)
{
    struct refusal *v = ARENA_ARRAY(stay, struct refusal, g->ndeniers);
    for (size_t i = 0; i < id->held.n; i++)
        if (strcmp(id->held.v[i].kind, "boundary") == 0)
            return false;
    for (size_t i = 0; i < g->ndeniers; i++) {
        const struct policy_statement *st = g->deniers[i];
        const struct rule *rule = &iam_rules(f->iam, st->policy)->v[st->index];
        uint64_t mask = calls_in(calls, &rule->actions);
        if (!mask)
            continue;
        if (st->effect != POLICY_DENY || st->nconditions || rule->variables)
            return false;
        v[r->nrefusals++] = (struct refusal){mask, patterns(stay, rule), rule->nresources,
                                             rule->not_resource};
    }
    r->refusals = v;
    return true;
}

static void keep(struct fact *f, struct arena *a, struct changer *c,
                 const struct identity *id, const struct grant *g,
                 const struct calls *calls)
{
    uint64_t mask = calls_in(calls, &g->actions), unsure = calls_in(calls, &g->unsure);
    if (!mask)
        return;
    struct reach r = kept(a, id, g);
    if (unsure && refusals(f, a, id, g, calls, &r) && r.nrefusals)
        unsure = 0;
    c->everywhere = c->everywhere && names_none(g) && !g->negated;
    r.actions = mask & ~unsure;
    if (r.actions)
        *vec_push(a, &c->grants) = r;
    r.actions = mask & unsure;
    r.conditional = true;
    if (r.actions)
        *vec_push(a, &c->grants) = r;
}

/* May the grant of iam:PassRole hand roles to the service? */
static bool passes_to_it(struct arena *a, const struct grant *g)
{
    struct str service = STR("kinesisanalytics.amazonaws.com");
    struct request_key key = {STR("iam:PassedToService"), &service, 1};
    struct request_context ctx = {&key, 1, false};
    return conditions_hold(a, g->st->conditions, g->st->nconditions, &ctx,
                           g->st->policy->variables) != TRUTH_NO;
}

/* "role/" and a star is every role of the account: no better than a star. */
static void keep_pass(struct arena *a, struct changer *c, const struct identity *id,
                      const struct grant *g)
{
    struct reach r = kept(a, id, g);
    struct arn_parts p;
    r.any = g->negated || names_none(g) ||
            (arn_parts_read(r.text, &p) && str_eq(p.resource, STR("role/*")));
    *vec_push(a, &c->passes) = r;
}

/* What it holds does not depend on the application. */
static bool the_same_for_all(const struct changer *c)
{
    for (size_t i = 0; i < c->grants.n; i++)
        if (!c->grants.v[i].r.any || c->grants.v[i].nexcept || c->grants.v[i].nrefusals)
            return false;
    for (size_t i = 0; i < c->passes.n; i++)
        if (literal(c->passes.v[i].text))
            return false;
    return c->grants.n > 0;
}

/* A policy that is not there may grant more; one that cannot be read is `unread`. */
static void read_doubt(struct changer *c, const struct effective *e)
{
    if (e->incomplete && !c->unread && e->nunknown)
        c->doubt = str_from(e->unknown[0]);
}

/* Where a policy cannot be read. */
static struct part *unread_part(struct arena *stay, const struct policy *p)
{
    struct part *part = ARENA_NEW(stay, struct part);
    part->doc = fact_document(p->source.text);
    part->pointer =
        str_dup(stay, p->issues.n ? p->issues.v[0].pointer : p->source.pointer);
    return part;
}

/* Do applications run as it? They stand first. */
static bool serves(const struct subject *s)
{
    return s->used_by.n && subject_is(s->used_by.v[0]->from, "application");
}

static void look(struct fact *f, struct arena *stay, struct changer *c,
                 const struct calls *calls)
{
    f->s = c->s;
    const struct identity *id = identity_read(f, c->s);
    const struct effective *e = identity_effective(f, id);
    c->everywhere = true;
    for (size_t i = 0; i < id->held.n; i++) {
        const struct policy *p = id->held.v[i].policy;
        if (!p || !p->faulty)
            continue;
        c->unread = unread_part(stay, p);
        break;
    }
    for (size_t k = 0; k < e->n; k++) {
        const struct grant *g = &e->v[k];
        keep(f, stay, c, id, g, calls);
        if (calls->pass && action_set_has(&g->actions, calls->pass->row) &&
            passes_to_it(f->scratch, g))
            keep_pass(stay, c, id, g);
        c->admin =
            c->admin || (calls->admin && action_set_has(&g->actions, calls->admin->row) &&
                         names_none(g) && !g->conditional);
    }
    read_doubt(c, e);
    if (serves(c->s))
        c->keys = key_rights_of(stay, f->iam, id, e);
    if (the_same_for_all(c)) {
        struct fact own = *f;
        own.a = stay;
        c->item = changer_item(&own, c, STR("*"), STR(""));
    }
}

static void look_batch(void *ctx, size_t item, unsigned worker)
{
    struct job *job = ctx;
    struct arena *lasting = arena_new(), *a = arena_new();
    struct fact f = {.a = a, .scratch = a, .sh = job->sh, .m = job->sh->m};
    f.iam = iam_new(lasting, job->sh->actions);
    struct action_set only =
        action_set_or(lasting, job->sh->calls->all, *key_rights_actions(f.iam));
    f.iam->only = &only;
    struct reads_for before = reads_group(&job->sh->m->marks, READS_CHANGERS);
    for (size_t i = item * job->batch; i < (item + 1) * job->batch && i < job->n; i++) {
        iam_restart(f.iam, a);
        look(&f, job->arenas[worker], &job->v[i], job->sh->calls);
        arena_rewind(a);
    }
    reads_begin(before);
    arena_free(a);
    arena_free(lasting);
}

/* Service-linked roles are AWS's own. */
static bool counts(const struct subject *s)
{
    if (strcmp(s->type, "user") != 0 && strcmp(s->type, "role") != 0 &&
        strcmp(s->type, "group") != 0)
        return false;
    return subject_answer(s, DETAILS) && !str_has(s->arn, STR("/aws-service-role/"));
}

static void put(struct arena *a, struct map *m, struct str key, const struct changer *c)
{
    void **slot = map_put(a, m, key);
    if (!*slot)
        *slot = ARENA_NEW(a, struct changers);
    struct changers *list = *slot;
    if (!list->v.n || list->v.v[list->v.n - 1] != c)
        *vec_push(a, &list->v) = c;
}

/* The resource part of a grant's pattern up to its first wildcard: every application that
 * the pattern takes has a name that begins so. */
static struct str literal_start(const struct reach *r)
{
    struct str name = arn_part(r->text, ARN_RESOURCE);
    size_t n = 0;
    while (n < name.n && n < STARTS_MAX && !strchr("*?$", name.p[n]))
        n++;
    return str_sub(name, 0, n);
}

static struct str index_key(struct arena *a, struct str account, struct str start)
{
    return STR_CAT(a, account, STR("|"), start);
}

static void index_changer(struct arena *a, struct shared *sh, const struct changer *c)
{
    for (size_t i = 0; i < c->grants.n; i++) {
        struct str start = literal_start(&c->grants.v[i]);
        sh->starts[start.n] = true;
        put(a, &sh->changers, index_key(a, c->s->account, start), c);
    }
    if (c->doubt.n)
        put(a, &sh->doubts, c->s->account, c);
    if (c->keys && !c->keys->odd)
        *map_put(a, &sh->keys, c->s->arn) = (void *)c->keys;
}

/* The two in order, each once. */
static struct changers merge(struct arena *a, const struct changers *x,
                             const struct changers *y)
{
    struct changers out = {0};
    for (size_t i = 0, k = 0; i < x->v.n || k < y->v.n;) {
        bool left = k == y->v.n || (i < x->v.n && x->v.v[i] <= y->v.v[k]);
        const struct changer *c = left ? x->v.v[i++] : y->v.v[k++];
        if (!out.v.n || out.v.v[out.v.n - 1] != c)
            *vec_push(a, &out.v) = c;
    }
    return out;
}

struct changers changers_near(struct arena *a, const struct shared *sh,
                              const struct subject *app)
{
    struct changers out = {0};
    struct str name = arn_part(app->arn, ARN_RESOURCE);
    for (size_t n = 0; n <= name.n && n <= STARTS_MAX; n++) {
        struct str start = str_sub(name, 0, n);
        const struct changers *list =
            sh->starts[n] ? map_get(&sh->changers, index_key(a, app->account, start))
                          : NULL;
        if (list)
            out = out.v.n ? merge(a, &out, list) : *list;
    }
    return out;
}

const struct changers *changers_of(struct arena *a, const struct shared *sh,
                                   struct str account)
{
    return map_get(&sh->changers, index_key(a, account, STR("")));
}

static void count_members(struct job *job)
{
    const struct model *m = job->sh->m;
    size_t *n = calloc(m->n + 1, sizeof *n);
    for (size_t i = 0; n && i < m->n; i++)
        for (size_t k = 0; strcmp(m->v[i]->type, "user") == 0 && k < m->v[i]->links.n;
             k++)
            if (strcmp(m->v[i]->links.v[k].name, "group") == 0)
                n[m->v[i]->links.v[k].to->number]++;
    for (size_t i = 0; n && i < job->n; i++)
        job->v[i].members = n[job->v[i].s->number];
    free(n);
}

void changers_read(struct arena *a, struct shared *sh, unsigned threads)
{
    const struct model *m = sh->m;
    struct job job = {.sh = sh, .arenas = arena_new_workers(a, threads)};
    if (!sh->actions)
        return;
    sh->calls = calls_read(a, sh->actions);
    VEC(struct changer) all = {0};
    for (size_t i = 0; i < m->n; i++)
        if (counts(m->v[i]))
            *vec_push(a, &all) = (struct changer){.s = m->v[i]};
    size_t n = job.n = all.n;
    job.v = all.v;
    count_members(&job);
    assert(threads);
    /* What is learnt of actions lasts for a batch: no smaller ones than threads need. */
    job.batch = n / threads < BATCH_MAX ? n / threads + 1 : BATCH_MAX;
    threads_for((n + job.batch - 1) / job.batch, threads, look_batch, &job);
    for (size_t i = 0; i < n; i++) {
        index_changer(a, sh, &job.v[i]);
        if (job.v[i].unread && !map_get(&sh->unread, job.v[i].s->account))
            *map_put(a, &sh->unread, job.v[i].s->account) = job.v[i].unread;
    }
}
