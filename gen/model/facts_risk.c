/* Facts of a role about risk: what its grants come to together. Lists: iam/risk.h. */
#include "model/rights.h"

#include "base/buf.h"
#include "iam/risk.h"

enum { MAX_ACTIONS = 12 };

/* The statement that an object is about: its policy, its Sid, its place. */
static void say_statement(struct fact *f, struct json *o,
                          const struct policy_statement *st)
{
    fact_view(f, o, "policy", st->policy->source.name);
    json_set_literal(o, "sid", fact_of_policy(f, st->policy, st->sid));
    fact_at_statement(f, o, st);
}

static void escalation(struct fact *f, struct json *list, const struct risk *r)
{
    struct json *o = fact_item(f, list);
    struct buf set = BUF_INIT;
    struct json *needs = json_new_array(f->a), *from = json_new_array(f->a);
    for (size_t i = 0; i < r->nmembers; i++) {
        const struct risk_member *m = &r->members[i];
        buf_fmt(&set, "%s%.*s", i ? " + " : "", STR_ARG(m->action));
        json_push(needs, json_new_str(f->a, m->action));
        if (m->grant)
            json_push(from, json_new_view(f->a, m->grant->st->policy->source.name));
    }
    fact_str(f, o, "set", set.n ? buf_view(&set) : str_from(r->id));
    json_set(f->a, o, STR("needs"), needs);
    fact_z(f, o, "title", r->what);
    fact_bool(f, o, "target", r->needs_target);
    json_set(f->a, o, STR("policies"), from);
    fact_z(f, o, "kind", risk_kind_name(r->kind));
    fact_bool(f, o, "conditional", r->conditional);
    if (r->nmembers && r->members[0].grant) {
        const struct policy_statement *st = r->members[0].grant->st;
        fact_at_statement(f, o, st);
    }
    buf_free(&set);
}

static void tamper(struct fact *f, struct json *list, const struct risk *r)
{
    for (size_t i = 0; i < r->nmembers; i++) {
        const struct risk_member *m = &r->members[i];
        if (!m->grant)
            continue;
        struct json *o = fact_item(f, list);
        struct str service;
        str_cut(m->action, ':', &service, NULL);
        fact_str(f, o, "action", m->action);
        say_statement(f, o, m->grant->st);
        fact_str(f, o, "service", service);
        fact_str(f, o, "resource", m->grant->r->text);
    }
}

/* The other lists: of each statement what is in the list and nothing needs. */
static void listed(struct fact *f, struct json *list, const struct risk *r)
{
    const struct grant *g = r->members[0].grant;
    const struct json *last = NULL;
    /* passes and escalations say it. */
    if (r->nmembers == 1 && str_eq(r->members[0].action, STR("iam:PassRole")))
        return;
    for (const struct json *n = json_first(list); n; n = json_next(n))
        last = n;
    struct str pointer = fact_statement_pointer(g->st);
    bool same =
        last && str_eq(json_str(json_dig(last, "at", "pointer", NULL)), pointer) &&
        str_eq(json_str(json_get(last, STR("policy"))), g->st->policy->source.name) &&
        str_eq(json_str(json_get(last, STR("kind"))), str_from(risk_kind_name(r->kind)));
    if (same)
        return;
    struct json *o = fact_item(f, list);
    fact_z(f, o, "kind", risk_kind_name(r->kind));
    fact_z(f, o, "title", r->what);
    struct json *actions = json_set(f->a, o, STR("actions"), json_new_array(f->a));
    for (size_t i = 0; i < r->nmembers && i < MAX_ACTIONS; i++)
        json_push(actions, json_new_str(f->a, r->members[i].action));
    fact_num(f, o, "count", (double)r->nmembers);
    json_set(f->a, o, STR("resources"),
             fact_policy_texts(f, g->st->policy, g->st->resources, g->st->nresources));
    fact_bool(f, o, "everywhere", r->on_everything);
    fact_bool(f, o, "conditional", r->conditional);
    fact_bool(f, o, "covered", r->covered);
    say_statement(f, o, g->st);
}

static void risks(struct fact *f, const struct rights *r)
{
    struct json *ways = fact_list(f, "escalations"), *tampers = fact_list(f, "tampers");
    struct json *list = fact_list(f, "risks");
    struct risk_options options = {.role_arn = f->s->arn, .expected = r->needs->actions};
    struct str *codes = ARENA_ARRAY(f->scratch, struct str, r->needs->n + 1);
    for (size_t i = 0; i < r->needs->n; i++) {
        const struct need_target *t = r->needs->v[i].target;
        bool code = t->kind == NEED_CODE || t->kind == NEED_CODE_VERSION;
        if (code && (!options.ncodes || !str_eq(codes[options.ncodes - 1], t->arn)))
            codes[options.ncodes++] = t->arn;
    }
    struct str *own = ARENA_ARRAY(f->scratch, struct str, r->napps + 1);
    for (size_t i = 0; i < r->napps; i++)
        own[options.nown++] = r->apps[i]->arn;
    options.own = own;
    options.codes = codes;
    const struct risks *all = risks_of(f->iam, r->effective, &options);
    for (size_t i = 0; i < all->n; i++) {
        const struct risk *risk = &all->v[i];
        if (risk->kind == RISK_ESCALATION || risk->kind == RISK_ADMIN) {
            if (!risk->covered)
                escalation(f, ways, risk);
        } else if (risk->kind == RISK_TAMPER) {
            tamper(f, tampers, risk);
        } else {
            listed(f, list, risk);
        }
    }
}

/* Were the trails listed where the application runs? Else their buckets are not known. */
static void trails_known(struct fact *f, const struct subject *app)
{
    const char *kind = "cloudtrail:DescribeTrails";
    const struct exhibit *x = account_exhibit(f->m, app->account, kind, app->region);
    const struct subject *account = account_subject(f->m, app->account);
    if (!x || !document_answers(x->doc) || x->doc->partial)
        fact_unknown(f, "writes_bucket", account ? account : app, kind, app->region,
                     "trails of the region are not in evidence, nor their buckets");
}

/* Buckets that trails write to: may the role write there too? */
static void writes_bucket(struct fact *f, const struct rights *r)
{
    static const struct {
        const char *action;
        bool object;
    } writes[] = {
        {"s3:PutObject", true},
        {"s3:DeleteObject", true},
        {"s3:DeleteObjectVersion", true},
        {"s3:PutBucketPolicy", false},
        {"s3:DeleteBucketPolicy", false},
        {"s3:PutLifecycleConfiguration", false},
        {"s3:PutBucketVersioning", false},
        {"s3:DeleteBucket", false},
    };
    struct json *list = fact_list(f, "writes_bucket");
    const struct subject *last = NULL;
    for (size_t i = 0; i < r->napps; i++)
        if (!i || !str_eq(r->apps[i]->region, r->apps[i - 1]->region))
            trails_known(f, r->apps[i]);
    for (size_t i = 0; i < f->sh->ncoverage; i++) {
        const struct subject *trail = f->sh->coverage[i].subject;
        const struct link *l = subject_link(trail, "bucket");
        if (!l || l->to == last)
            continue;
        last = l->to;
        /* Its own policies open no bucket of another account: that bucket's policy must
         * admit it as well, and is judged by itself. */
        if (l->to->account.n && !str_eq(l->to->account, f->s->account))
            continue;
        for (size_t k = 0; k < sizeof writes / sizeof *writes; k++) {
            const struct action *act = iam_action(f->iam, str_from(writes[k].action));
            if (!act || !action_set_has(&r->effective->actions, act->row))
                continue;
            struct str where = str_fmt(f->scratch, writes[k].object ? "%.*s/*" : "%.*s",
                                       STR_ARG(l->to->arn));
            const struct arn_pattern *there =
                iam_arn(f->iam, where, ARN_IN_IDENTITY, false);
            size_t from = 0;
            enum rule_reach reach;
            const struct grant *g =
                effective_on(r->effective, act->row, there, &from, &reach);
            if (!g)
                continue;
            struct json *o = fact_item(f, list);
            fact_z(f, o, "action", writes[k].action);
            say_statement(f, o, g->st);
            fact_view(f, o, "trail", trail->arn);
            fact_view(f, o, "bucket", l->to->arn);
        }
    }
}

void facts_risk(struct fact *f, const struct rights *r)
{
    risks(f, r);
    writes_bucket(f, r);
}
