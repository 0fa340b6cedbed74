/* Facts of a role that applications run as: its policies, what they grant, who may take
 * it, what it can reach beyond its task. */
#include "model/organization.h"
#include "model/rights.h"

#include "base/buf.h"
#include "base/when.h"
#include "evidence/operation.h"
#include "iam/trust.h"

#include <string.h>

#define FLINK "kinesisanalytics.amazonaws.com"

enum {
    TRACKED_DAYS = 90,     /* a younger role says little by not being used */
    REMEMBERED_DAYS = 400, /* IAM's tracking period */
    IDLE_DAYS = 30,
    UNUSED_DAYS = 1, /* checks have a window of their own */
    MAX_NAMES = 3
};

/* The work on one role. */
struct work {
    struct fact *f;
    const struct rights *rights;
    const struct identity *id;
    const struct effective *e;
    struct action_set manage;              /* actions that change applications */
    const struct action *pass;             /* iam:PassRole */
    struct json *one_level[ACTION_LEVELS]; /* levels of one action; NULL: not made yet */
    struct str prefix;                     /* of the last text */
    struct json *service;                  /* that it stands for; NULL: none yet */
};

static bool ends_broad(const struct held *h)
{
    return h->aws && (str_eq(h->name, STR("AdministratorAccess")) ||
                      str_eq(h->name, STR("PowerUserAccess")) ||
                      str_ends(h->name, STR("FullAccess")));
}

static void no_text(struct fact *f, const struct held *h)
{
    bool inside = strcmp(h->kind, "inline") == 0;
    fact_unknown_part(
        f, "policies", h->of, inside ? "iam:GetRolePolicy" : "iam:GetPolicyVersion",
        inside ? h->name : h->version, "the text of a policy is not in evidence");
}

static void policies(struct work *w)
{
    struct fact *f = w->f;
    struct json *list = fact_list(f, "policies"), *issues = fact_list(f, "issues");
    for (size_t i = 0; i < w->id->held.n; i++) {
        const struct held *h = &w->id->held.v[i];
        const struct policy *p = h->policy;
        struct json *o = fact_item(f, list);
        fact_view(f, o, "name", h->name);
        fact_view(f, o, "arn", h->arn);
        fact_z(f, o, "kind", h->kind);
        fact_bool(f, o, "aws_managed", h->aws);
        fact_bool(f, o, "broad", ends_broad(h));
        fact_bool(f, o, "document", p != NULL);
        fact_view(f, o, "default_version", h->version);
        fact_num(f, o, "statements", p ? (double)p->nstatements : 0);
        fact_num(f, o, "issues", p ? (double)p->issues.n : 0);
        fact_at(f, o, h->doc, h->pointer);
        for (size_t k = 0; p && k < p->issues.n; k++) {
            const struct policy_issue *s = &p->issues.v[k];
            struct json *x = fact_item(f, issues);
            fact_view(f, x, "policy", h->name);
            fact_z(f, x, "code", s->kind->code);
            fact_str(f, x, "message",
                     s->detail.n
                         ? str_fmt(f->a, "%s: %.*s", s->kind->what, STR_ARG(s->detail))
                         : str_from(s->kind->what));
            const struct document *doc = fact_document(p->source.text);
            fact_at(f, x, doc, s->pointer);
        }
        if (!p)
            no_text(f, h);
        else if (p->faulty)
            fact_faulty_policy(f, "policies", fact_document(p->source.text), p);
    }
    if (!w->id->inline_listed)
        fact_unknown(f, "policies", f->s, "iam:ListRolePolicies", STR(""),
                     "the role's inline policies are not in evidence");
    if (!w->id->managed_listed)
        fact_unknown(f, "policies", f->s, "iam:ListAttachedRolePolicies", STR(""),
                     "the role's attached policies are not in evidence");
}

/* What stands above the role: its boundary, and the policies of its organization. */
static void limits(struct work *w)
{
    struct fact *f = w->f;
    struct json *list = fact_list(f, "limits");
    for (size_t i = 0; i < w->id->held.n; i++) {
        const struct held *h = &w->id->held.v[i];
        if (strcmp(h->kind, "boundary") != 0)
            continue;
        struct json *o = fact_item(f, list);
        fact_z(f, o, "kind", "permissions boundary");
        fact_view(f, o, "target", f->s->arn);
        json_set(f->a, o, STR("policies"), fact_texts(f, &h->name, 1));
        fact_bool(f, o, "known", h->policy != NULL);
        fact_at(f, o, h->doc, h->pointer);
    }
    size_t n;
    const struct organization_level *v =
        organization_levels(f->m->organization, f->s->account, &n);
    for (size_t i = 0; i < n; i++) {
        if (!v[i].resources && !organization_binds(f->s->arn))
            continue;
        struct json *o = fact_item(f, list);
        fact_z(f, o, "kind",
               v[i].resources ? "resource control policies" : "service control policies");
        fact_view(f, o, "target", v[i].target);
        json_set(f->a, o, STR("policies"), fact_texts(f, v[i].names, v[i].nnames));
        fact_bool(f, o, "known", v[i].known);
        fact_at(f, o, v[i].doc, STR(""));
    }
}

/* One Allow: what it says, what it came to, and what all facts about it show. */
struct allow {
    const struct held *h;
    const struct policy_statement *st;
    const struct rule *rule;
    VEC(const struct grant *) grants;
    size_t from, to; /* all its rows of the comparison are among these */
    bool star;       /* some resource takes all of its service */
    bool whole;      /* all that it says is granted, without an if */
    struct json *policy, *sid, *number, *resources, *conditions, *at;
};

/* What became of the actions of one text in the grants of its statement. */
struct fate {
    bool granted, denied, dead, unsure;
    const char *word;
};

static struct fate fate_of(const struct allow *l, const struct action_set *set)
{
    struct fate out = {.word = "no"};
    for (size_t i = 0; i < l->grants.n; i++) {
        const struct grant *g = l->grants.v[i];
        out.granted = out.granted || action_set_meets(g->actions, *set);
        if (l->whole)
            continue;
        out.denied = out.denied || action_set_meets(g->denied, *set) ||
                     action_set_meets(g->limited, *set);
        out.unsure = out.unsure || action_set_meets(g->unsure, *set);
        out.dead = out.dead || action_set_meets(g->dead, *set);
    }
    out.word = !out.granted && out.denied ? "yes"
               : out.denied               ? "partly"
               : out.unsure               ? "conditionally"
                                          : "no";
    return out;
}

/* Does some resource take all of its service? */
static bool star(const struct rule *rule)
{
    bool named = rule->st->has_resource && !rule->not_resource;
    for (size_t i = 0; i < rule->nresources && named; i++) {
        const struct arn_pattern *p = rule->resources[i];
        if (!p->nothing && (p->any || pattern_is_any(p->part[ARN_RESOURCE])))
            return true;
    }
    return false;
}

/* Up to three actions that take a resource; false when there are none. */
static bool taking(struct work *w, const struct action_set *set, struct json *names)
{
    size_t n = 0;
    const struct action *act = NULL;
    for (uint32_t row = action_set_next(set, 0); row != UINT32_MAX && n < MAX_NAMES;
         row = action_set_next(set, row + 1)) {
        act = actions_get_near(w->f->iam->table, act, row);
        if (action_star_only(act))
            continue;
        n++;
        json_push(names, json_new_view(w->f->a, action_text(w->f->a, act)));
    }
    return n > 0;
}

static const char *dead_why(enum action_text_kind kind, const struct fate *fate)
{
    if (kind == ACTION_TEXT_DEAD || kind == ACTION_TEXT_MALFORMED)
        return "no action has this name: white space, a comma, or no colon";
    if (fate->dead && !fate->granted && !fate->denied)
        return "none of the statement's resources is of a type that the action takes";
    return NULL;
}

/* How many actions of each level. Most texts stand for one action: these share theirs. */
static struct json *levels(struct work *w, const struct action_set *set)
{
    static const char *const names[ACTION_LEVELS] = {"list", "read", "write", "tagging",
                                                     "permissions"};
    size_t count[ACTION_LEVELS] = {0};
    struct json **one = NULL, *l;
    uint32_t row = action_set_single(set);
    if (row != UINT32_MAX) {
        enum action_level level = actions_get(w->f->iam->table, row)->level;
        count[level] = 1;
        one = &w->one_level[level];
        if (*one)
            return json_new_ref(w->f->a, *one);
    } else {
        actions_levels(w->f->iam->table, set, count);
    }
    l = json_new_object(w->f->a);
    for (size_t i = 0; i < ACTION_LEVELS; i++)
        fact_num(w->f, l, names[i], (double)count[i]);
    if (one)
        *one = l;
    return l;
}

static struct str service_of(struct str text, bool all)
{
    struct str prefix;
    return all || !str_cut(text, ':', &prefix, NULL) ? STR("") : prefix;
}

/* The same in lower case, as a node. Texts of one service follow each other. */
static struct json *service_node(struct work *w, struct str prefix)
{
    if (w->service && str_eq(w->prefix, prefix))
        return json_new_ref(w->f->a, w->service);
    w->prefix = prefix;
    w->service = json_new_view(w->f->a, str_lower(w->f->a, prefix));
    return w->service;
}

/* How many atoms of a text go beyond what the applications need. */
static size_t beyond(const struct comparison *c, const struct allow *l, size_t which)
{
    size_t n = 0;
    for (size_t i = l->from; i < l->to; i++)
        if (c->v[i].st == l->st && c->v[i].text == which &&
            c->v[i].verdict != COMPARE_FITS && c->v[i].verdict != COMPARE_DEAD)
            n +=
                action_set_count(&c->v[i].actions) + action_set_nothers(&c->v[i].actions);
    return n;
}

static void shared(struct fact *f, struct json *o, const char *name, struct json *value)
{
    if (value)
        json_set_literal(o, name, json_new_ref(f->a, value));
}

/* One row: a text of Action, or all of a NotAction. */
static void grant_row(struct work *w, struct json *list, const struct allow *l,
                      size_t which, struct str text, const struct action_set *set,
                      enum action_text_kind kind)
{
    struct fact *f = w->f;
    const struct policy_statement *st = l->st;
    struct json *o = fact_item(f, list);
    struct fate fate = fate_of(l, set);
    const char *why = dead_why(kind, &fate);
    bool all = kind == ACTION_TEXT_ALL;
    struct str prefix = st->not_action ? STR("") : service_of(text, all);
    const struct narrowing *narrow = &l->rule->narrowing;
    shared(f, o, "policy", l->policy);
    shared(f, o, "sid", l->sid);
    shared(f, o, "statement", l->number);
    json_set_literal(o, "action", fact_of_policy(f, st->policy, text));
    json_set_literal(o, "service", service_node(w, prefix));
    fact_bool(f, o, "all_actions", all && !st->not_action);
    fact_bool(f, o, "service_wildcard",
              prefix.n && str_eq(str_sub(text, prefix.n, text.n), STR(":*")));
    fact_bool(f, o, "not_action", st->not_action);
    fact_bool(f, o, "not_resource", st->not_resource);
    shared(f, o, "resources", l->resources);
    fact_bool(f, o, "star_resource", l->star);
    struct json *names = json_new_array(f->a);
    bool takes = taking(w, set, names);
    fact_bool(f, o, "star_needed", !takes && !action_set_empty(set));
    json_set_literal(o, "takes_resource", names);
    fact_num(f, o, "actions", (double)action_set_count(set));
    json_set_literal(o, "levels", levels(w, set));
    shared(f, o, "conditions", l->conditions);
    if (w->rights->comparison)
        fact_num(f, o, "beyond", (double)beyond(w->rights->comparison, l, which));
    fact_bool(f, o, "narrowed", (narrow->by & NARROW_REAL) != 0);
    fact_z(f, o, "denied", fate.word);
    fact_bool(f, o, "dead", why != NULL || narrow->never);
    fact_z(f, o, "dead_why",
           why             ? why
           : narrow->never ? "its condition can never hold"
                           : "");
    shared(f, o, "at", l->at);
}

static void manage_row(struct work *w, struct json *list, const struct allow *l,
                       struct str action)
{
    struct fact *f = w->f;
    struct json *o = fact_item(f, list);
    json_set_literal(o, "action", fact_of_policy(f, l->st->policy, action));
    shared(f, o, "policy", l->policy);
    shared(f, o, "sid", l->sid);
    shared(f, o, "at", l->at);
}

/* The services that an Allow of iam:PassRole names, and whether it names roles too. */
static void pass_row(struct work *w, struct json *list, const struct allow *l)
{
    struct fact *f = w->f;
    const struct policy_statement *st = l->st;
    struct json *o = fact_item(f, list);
    struct json *to = json_new_array(f->a);
    for (size_t i = 0; i < st->nconditions; i++)
        if (str_eq_nocase(st->conditions[i].key, STR("iam:PassedToService")))
            for (size_t k = 0; k < st->conditions[i].nvalues; k++)
                json_push(to, fact_of_policy(f, st->policy, st->conditions[i].values[k]));
    bool everywhere = l->star || st->not_resource;
    /* "role/" and a star is every role of the account: no better than a star. */
    for (size_t i = 0; i < st->nresources; i++) {
        struct arn_parts parts;
        everywhere = everywhere || (arn_parts_read(st->resources[i], &parts) &&
                                    str_eq(parts.resource, STR("role/*")));
    }
    shared(f, o, "resources", l->resources);
    json_set_literal(o, "to_services", to);
    fact_bool(f, o, "star", everywhere);
    fact_bool(f, o, "limited",
              !everywhere && (l->rule->narrowing.by & NARROW_PASSED_TO) != 0);
    shared(f, o, "policy", l->policy);
    shared(f, o, "sid", l->sid);
    shared(f, o, "at", l->at);
}

struct lists {
    struct json *grants, *manages, *passes;
};

/* One text of an Allow. */
static void text_rows(struct work *w, struct lists *lists, const struct allow *l,
                      size_t which, struct str text, const struct action_set *set,
                      enum action_text_kind kind)
{
    grant_row(w, lists->grants, l, which, text, set, kind);
    if (!action_set_meets(*set, w->manage))
        return;
    struct action_set both = action_set_and(w->f->scratch, *set, w->manage);
    if (fate_of(l, &both).granted)
        manage_row(w, lists->manages, l, text);
}

static struct allow allow_of(struct work *w, const struct held *h,
                             const struct rule *rule)
{
    struct fact *f = w->f;
    const struct policy_statement *st = rule->st;
    struct allow l = {.h = h, .st = st, .rule = rule, .whole = true};
    for (size_t i = 0; i < w->e->n; i++) {
        const struct grant *g = &w->e->v[i];
        if (g->st != st)
            continue;
        *vec_push(f->scratch, &l.grants) = g;
        l.whole = l.whole && action_set_empty(&g->denied) &&
                  action_set_empty(&g->limited) && action_set_empty(&g->unsure) &&
                  action_set_empty(&g->dead);
    }
    const struct comparison *c = w->rights->comparison;
    for (size_t i = 0; c && i < c->n; i++)
        if (c->v[i].st == st) {
            l.from = l.to ? l.from : i;
            l.to = i + 1;
        }
    l.star = star(l.rule);
    l.policy = json_new_view(f->a, h->name);
    l.sid = fact_of_policy(f, st->policy, st->sid);
    l.number = json_new_num(f->a, (double)st->index);
    l.resources = fact_policy_texts(f, st->policy, st->resources, st->nresources);
    l.conditions = fact_condition_keys(f, st);
    l.at = fact_place_statement(f, st);
    return l;
}

static void statement(struct work *w, struct lists *lists, const struct held *h,
                      const struct rule *rule)
{
    struct fact *f = w->f;
    const struct policy_statement *st = rule->st;
    const struct allow l = allow_of(w, h, rule);
    if (st->not_action) {
        struct buf text = BUF_INIT;
        for (size_t i = 0; i < st->nactions; i++)
            buf_fmt(&text, "%s%.*s", i ? ", " : "all but ", STR_ARG(st->actions[i]));
        text_rows(w, lists, &l, SIZE_MAX, buf_dup(f->a, &text), &l.rule->actions,
                  ACTION_TEXT_ALL);
        buf_free(&text);
    }
    for (size_t i = 0; i < st->nactions && !st->not_action; i++)
        text_rows(w, lists, &l, i, st->actions[i], &l.rule->texts[i]->set,
                  l.rule->texts[i]->kind);
    if (!w->pass || !action_set_has(&l.rule->actions, w->pass->row))
        return;
    struct action_set one = action_set_rows(f->scratch, w->pass->row, 1);
    if (fate_of(&l, &one).granted)
        pass_row(w, lists->passes, &l);
}

static void grants(struct work *w)
{
    struct fact *f = w->f;
    struct lists l = {fact_list(f, "grants"), fact_list(f, "manages"),
                      fact_list(f, "passes")};
    for (size_t i = 0; i < w->id->held.n; i++) {
        const struct held *h = &w->id->held.v[i];
        if (!h->policy || strcmp(h->kind, "boundary") == 0)
            continue;
        const struct rules *rules = iam_rules(f->iam, h->policy);
        for (size_t k = 0; k < rules->n; k++)
            if (rules->v[k].st->effect == POLICY_ALLOW && !rules->v[k].st->broken)
                statement(w, &l, h, &rules->v[k]);
    }
}

/* Applications that run as f->s, each once: one may name its role for several uses. */
static size_t serves(struct fact *f, const struct subject ***apps)
{
    struct json *list = fact_list(f, "serves");
    size_t n = 0;
    *apps = ARENA_ARRAY(f->scratch, const struct subject *, f->s->used_by.n + 1);
    for (size_t i = 0; i < f->s->used_by.n; i++) {
        const struct link *l = f->s->used_by.v[i];
        if (strcmp(l->from->type, "application") != 0 || !link_configured(l) ||
            (n && (*apps)[n - 1] == l->from))
            continue;
        (*apps)[n++] = l->from;
        struct json *o = fact_item(f, list);
        fact_view(f, o, "arn", l->from->arn);
        fact_view(f, o, "name", l->from->name);
        fact_view(f, o, "account", l->from->account);
        fact_view(f, o, "region", l->from->region);
        fact_z(f, o, "use", l->use);
        fact_at_link(f, o, l);
    }
    fact_unseen_users(f, "serves");
    return n;
}

/* One Allow of the trust policy for one principal; over all applications, the worst. */
static void trust_row(struct fact *f, struct json *list, const struct trust_entry *e,
                      const char *admits)
{
    const struct principal *p = e->principal;
    struct json *o = fact_item(f, list);
    struct buf action = BUF_INIT;
    unsigned by = e->narrowing.by;
    for (size_t i = 0; i < e->st->nactions; i++)
        buf_fmt(&action, "%s%.*s", i ? ", " : "", STR_ARG(e->st->actions[i]));
    struct str account = p ? p->account : STR("");
    json_set_literal(o, "sid", fact_of_policy(f, e->st->policy, e->st->sid));
    fact_str(f, o, "principal", p ? p->value : STR("everyone else"));
    fact_z(f, o, "kind",
           !p                          ? "everyone-but"
           : p->kind == PRINCIPAL_DEAD ? "dead"
                                       : principal_kind_name(p->kind));
    fact_str(f, o, "service", p && p->kind == PRINCIPAL_SERVICE ? p->value : STR(""));
    fact_str(f, o, "account", account);
    fact_bool(f, o, "own_account", account.n && str_eq(account, f->s->account));
    fact_str(f, o, "action", buf_view(&action));
    fact_bool(f, o, "expected", e->class == TRUST_OWN_SERVICE);
    fact_bool(f, o, "source_arn", (by & NARROW_SOURCE_ARN) != 0);
    fact_bool(f, o, "source_account", (by & NARROW_SOURCE_ACCOUNT) != 0);
    fact_bool(f, o, "external_id", (by & NARROW_EXTERNAL_ID) != 0);
    fact_bool(f, o, "narrowed", (by & NARROW_REAL) != 0);
    fact_z(f, o, "admits_application", admits);
    fact_z(f, o, "weight", trust_weight_name(e->weight));
    fact_z(f, o, "why", e->why ? e->why : "");
    fact_at_statement(f, o, e->st);
    buf_free(&action);
}

static const char *truth_word(enum truth t)
{
    return t == TRUTH_YES ? "yes" : t == TRUTH_NO ? "no" : "unknown";
}

static void trust(struct fact *f, const struct rights *r, const struct subject **apps,
                  size_t napps)
{
    struct json *list = fact_list(f, "trust");
    const struct policy *p = r->trust;
    const struct exhibit *x = r->trust_at;
    if (!p) {
        fact_unknown(f, "trust", f->s, "iam:GetRole", STR(""),
                     "the role's trust policy is not in evidence");
        return;
    }
    struct trust_view view = {.account = f->s->account,
                              .service = STR(FLINK),
                              .source_arn = napps ? apps[0]->arn : STR(""),
                              .known = f->sh->known,
                              .nknown = f->sh->nknown};
    const struct trust *t = trust_read(f->iam, p, &view);
    const char **admits = ARENA_ARRAY(f->scratch, const char *, t->n + 1);
    for (size_t i = 0; i < t->n; i++)
        admits[i] = napps ? truth_word(t->v[i].admits) : "unknown";
    for (size_t k = 1; k < napps; k++) {
        view.source_arn = apps[k]->arn;
        const struct trust *more = trust_read(f->iam, p, &view);
        for (size_t i = 0; i < t->n && i < more->n; i++)
            if (strcmp(admits[i], "no") != 0)
                admits[i] = more->v[i].admits == TRUTH_YES
                                ? admits[i]
                                : truth_word(more->v[i].admits);
    }
    for (size_t i = 0; i < t->n; i++)
        trust_row(f, list, &t->v[i], admits[i]);
    if (t->faulty)
        fact_faulty_policy(f, "trust", x->doc, p);
}

static void last_used(struct fact *f)
{
    const struct exhibit *x = NULL, *created_x;
    struct str pointer = STR(""), created_pointer;
    const struct json *used = identity_member(f, f->s, "RoleLastUsed", &x, &pointer);
    const struct json *date =
        identity_member(f, f->s, "CreateDate", &created_x, &created_pointer);
    int64_t when = WHEN_NONE, created = WHEN_NONE;
    if (!used && !date)
        return;
    when_read(json_scalar(json_get(used, STR("LastUsedDate"))), &when);
    when_read(json_scalar(date), &created);
    struct json *o = fact_object(f, "last_used");
    fact_view(f, o, "time", when_text(f->a, when));
    fact_view(f, o, "region", json_str(json_get(used, STR("Region"))));
    int64_t age = 0;
    fact_age(f, o, "days", "last_used", when);
    bool dated = created != WHEN_NONE && fact_days(f, created, &age);
    if (dated)
        fact_num(f, o, "created_days", (double)age);
    fact_bool(f, o, "tracked", dated && age >= TRACKED_DAYS);
    fact_at(f, o, x ? x->doc : created_x->doc, x ? pointer : created_pointer);
}

/* Days since the role was made, at most what the service remembers; 0: not known. */
static int64_t watched_days(struct fact *f)
{
    const struct exhibit *x;
    struct str pointer;
    int64_t when;
    const struct json *date = identity_member(f, f->s, "CreateDate", &x, &pointer);
    if (!date || !when_read(json_scalar(date), &when))
        return 0;
    int64_t days;
    if (!fact_days(f, when, &days))
        return 0;
    return days < REMEMBERED_DAYS ? days : REMEMBERED_DAYS;
}

/* Does an application ask for some action of the service? */
static bool needs_service(const struct rights *r, struct str prefix)
{
    for (size_t i = 0; r && i < r->needs->n; i++) {
        struct str own;
        str_cut(r->needs->v[i].action, ':', &own, NULL);
        if (str_eq_nocase(own, prefix))
            return true;
    }
    return false;
}

static struct json *service(struct fact *f, struct json *list, struct str name,
                            int64_t when, int64_t days, const struct exhibit *x, size_t i)
{
    struct json *o = fact_item(f, list);
    fact_view(f, o, "service", name);
    fact_view(f, o, "last", when_text(f->a, when));
    fact_num(f, o, "days", (double)days);
    fact_at(f, o, x->doc, str_fmt(f->scratch, "/ServicesLastAccessed/%zu", i));
    return o;
}

/* Service last accessed. A service that was used long ago stands in both lists: unused
 * for so many days. */
static void services(struct fact *f, const struct rights *r)
{
    const struct exhibit *x = subject_exhibit(f->s, "iam:GetServiceLastAccessedDetails");
    const struct json *n = x ? x->node : NULL;
    if (!n || !str_eq(json_str(json_get(n, STR("JobStatus"))), STR("COMPLETED")) ||
        json_bool(json_get(n, STR("IsTruncated"))))
        return;
    struct json *used = fact_list(f, "used_services");
    struct json *unused = fact_list(f, "unused_services");
    int64_t watched = watched_days(f);
    size_t i = 0;
    for (const struct json *s = json_first(json_get(n, STR("ServicesLastAccessed"))); s;
         s = json_next(s), i++) {
        int64_t when = WHEN_NONE;
        struct str name = json_str(json_get(s, STR("ServiceNamespace")));
        bool is_used =
            when_read(json_scalar(json_get(s, STR("LastAuthenticated"))), &when);
        int64_t days = watched;
        if (is_used && !fact_days(f, when, &days))
            days = 0;
        if (is_used)
            service(f, used, name, when, days, x, i);
        if (!is_used || days >= IDLE_DAYS)
            fact_bool(f, service(f, unused, name, when, days, x, i), "needed",
                      needs_service(r, name));
    }
}

void facts_role(struct fact *f)
{
    const struct subject **apps;
    size_t napps = serves(f, &apps);
    struct rights *rights = f->iam && napps ? rights_read(f, f->s, UNUSED_DAYS) : NULL;
    last_used(f);
    services(f, rights);
    if (!rights)
        return;
    struct work w = {
        .f = f, .rights = rights, .id = rights->identity, .e = rights->effective};
    w.manage = changing_actions(f->scratch, f->iam);
    w.pass = iam_action(f->iam, STR("iam:PassRole"));
    policies(&w);
    limits(&w);
    grants(&w);
    facts_risk(f, rights);
    facts_rights(f, rights);
    trust(f, rights, apps, napps);
}
