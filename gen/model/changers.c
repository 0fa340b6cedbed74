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

enum { ACTIONS = sizeof actions / sizeof *actions };

/* One identity and its grants over the service. */
struct changer {
    const struct subject *s;
    struct arena *a; /* of the grants */
    const struct effective *e;
    uint32_t rows[ACTIONS];
    bool admin;
    bool everywhere; /* no grant names an application: one item serves all */
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
};

/* A grant of these actions that does not name applications. */
static bool names_none(const struct grant *g)
{
    return g->r->any || pattern_is_any(g->r->part[ARN_RESOURCE]);
}

static void look(void *ctx, size_t i, unsigned worker)
{
    struct job *job = ctx;
    struct changer *c = &job->v[i];
    (void)worker;
    struct arena *a = arena_new();
    struct fact f = {.a = a, .scratch = a, .sh = job->sh, .m = job->sh->m, .s = c->s};
    f.iam = iam_new(a, job->sh->actions);
    const struct identity *id = identity_read(&f, c->s);
    const struct effective *e = identity_effective(&f, id);
    struct action_set set = changing_actions(a, f.iam);
    const struct action *admin = actions_find(f.iam->table, STR("iam:PutRolePolicy"));
    if (!action_set_meets(e->actions, set)) {
        arena_free(a);
        return;
    }
    c->a = a;
    c->e = e;
    c->everywhere = true;
    for (size_t k = 0; k < ACTIONS; k++) {
        struct str name = str_fmt(a, "kinesisanalytics:%s", actions[k].action);
        const struct action *act = actions_find(f.iam->table, name);
        c->rows[k] = act ? act->row : ACTION_NONE;
    }
    for (size_t k = 0; k < e->n; k++) {
        const struct grant *g = &e->v[k];
        if (!action_set_meets(g->actions, set))
            continue;
        c->everywhere = c->everywhere && names_none(g) && !g->negated;
        c->admin = c->admin || (admin && action_set_has(&g->actions, admin->row) &&
                                names_none(g) && !g->conditional);
    }
}

/* Identities that a call is made as: groups speak through their users. Service-linked
 * roles are AWS's own. */
static bool counts(const struct subject *s)
{
    if (strcmp(s->type, "user") != 0 && strcmp(s->type, "role") != 0)
        return false;
    return subject_answer(s, DETAILS) && !str_has(s->arn, STR("/aws-service-role/"));
}

void changers_read(struct arena *a, struct shared *sh, unsigned threads)
{
    const struct model *m = sh->m;
    size_t n = 0;
    if (!sh->actions)
        return;
    struct changer *all = ARENA_ARRAY(a, struct changer, m->n + 1);
    for (size_t i = 0; i < m->n; i++)
        if (counts(m->v[i]))
            all[n++].s = m->v[i];
    struct job job = {sh, all};
    threads_for(n, threads, look, &job);
    for (size_t i = 0; i < n; i++) {
        if (!all[i].e)
            continue;
        arena_adopt(a, all[i].a);
        all[sh->nchangers++] = all[i];
    }
    sh->changers = all;
}

static void add_name(struct fact *f, struct json *list, struct str name)
{
    for (const struct json *n = json_first(list); n; n = json_next(n))
        if (str_eq(json_str(n), name))
            return;
    json_push(list, json_new_str(f->a, name));
}

/* What c may do to the application that r matches; false: nothing. */
static bool item(struct fact *f, struct json *list, const struct changer *c,
                 const struct arn_pattern *r)
{
    struct json *names = json_new_array(f->a), *via = json_new_array(f->a);
    const struct policy_statement *first = NULL;
    const char *level = NULL;
    for (size_t k = 0; k < ACTIONS; k++) {
        size_t from = 0;
        enum rule_reach reach;
        const struct grant *g = c->rows[k] == ACTION_NONE
                                    ? NULL
                                    : effective_on(c->e, c->rows[k], r, &from, &reach);
        if (!g)
            continue;
        first = first ? first : g->st;
        level = level ? level : actions[k].level;
        json_push(names, json_new_str(f->a, str_from(actions[k].action)));
        add_name(f, via, g->st->policy->source.name);
    }
    if (!first)
        return false;
    struct json *o = fact_item(f, list);
    fact_str(f, o, "identity", c->s->arn);
    fact_str(f, o, "name", c->s->name);
    fact_z(f, o, "kind", c->s->type);
    json_set(f->a, o, STR("actions"), names);
    fact_z(f, o, "level", level);
    json_set(f->a, o, STR("via"), via);
    fact_bool(f, o, "admin", c->admin);
    fact_bool(f, o, "all_applications", c->everywhere);
    fact_at(f, o, fact_document(first->policy->source.text),
            fact_statement_pointer(first));
    return true;
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
    const struct arn_pattern *r = iam_arn(f->iam, f->s->arn, ARN_IN_IDENTITY, false);
    for (size_t i = 0; i < f->sh->nchangers; i++)
        if (str_eq(f->sh->changers[i].s->account, f->s->account))
            item(f, list, &f->sh->changers[i], r);
}
