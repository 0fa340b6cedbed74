/* Risky grants: paths and lists over what is granted. */
#include "iam/risk.h"

#include "iam/request.h"
#include "iam/risk_table.h"

#include <string.h>

enum { MAX_MEMBERS = 8 };

const char *risk_kind_name(enum risk_kind kind)
{
    static const char *const names[RISK_KINDS] = {"admin",
                                                  "privilege-escalation",
                                                  "credentials-exposure",
                                                  "resource-exposure",
                                                  "data-read",
                                                  "tampering",
                                                  "self-management"};
    return names[kind];
}

size_t rule_cause(const struct rule *rule, uint32_t row)
{
    const struct policy_statement *st = rule->st;
    for (size_t i = 0; !st->not_action && i < st->nactions; i++)
        if (action_set_has(&rule->texts[i]->set, row))
            return i;
    return SIZE_MAX;
}

struct work {
    struct iam *x;
    const struct effective *e;
    const struct risk_options *options;
    struct risks *out;
    const struct grant *admin, *iam_all;
};

static bool expected(const struct work *w, uint32_t row)
{
    return action_set_has(&w->options->expected, row);
}

/* Does some condition of the statement shut this service out of iam:PassRole? */
static bool may_pass_to(const struct work *w, const struct grant *g, const char *service)
{
    struct str name = str_from(service);
    struct request_key key = {STR("iam:PassedToService"), &name, 1};
    struct request_context ctx = {&key, 1, false};
    return conditions_hold(w->x->a, g->st->conditions, g->st->nconditions, &ctx,
                           g->st->policy->variables) != TRUTH_NO;
}

/* Only the principal's own role, or an application that runs as it: nothing to gain. */
static bool only_itself(const struct work *w, const struct grant *g)
{
    bool own = w->options->role_arn.n && str_eq(g->r->text, w->options->role_arn);
    for (size_t i = 0; i < w->options->nown && !own; i++)
        own = str_eq(g->r->text, w->options->own[i]);
    return own && !g->negated;
}

/* The best grant of one action: whole before unsure, unconditional before conditional. */
static const struct grant *find_grant(const struct work *w, struct str action,
                                      const char *passed_to, uint32_t *row)
{
    const struct grant *best = NULL;
    *row = action_set_next(iam_actions(w->x, action), 0);
    if (*row == UINT32_MAX || !action_set_has(&w->e->actions, *row))
        return NULL;
    bool pass = str_eq(action, STR("iam:PassRole"));
    bool assume = str_eq(action, STR("sts:AssumeRole"));
    bool itself = pass || assume || str_starts(action, STR("kinesisanalytics:"));
    for (size_t i = 0; i < w->e->n; i++) {
        const struct grant *g = &w->e->v[i];
        if (!action_set_has(&g->actions, *row))
            continue;
        if (itself && only_itself(w, g))
            continue;
        /* Roles that the application is set up to take are its task. */
        if (assume && expected(w, *row) && !grant_everywhere(g))
            continue;
        if (pass && passed_to && !may_pass_to(w, g, passed_to))
            continue;
        if (!best || (best->conditional && !g->conditional))
            best = g;
    }
    return best;
}

bool grant_everywhere(const struct grant *g)
{
    if (g->r->any || g->negated)
        return true;
    struct pattern r = g->r->part[ARN_RESOURCE];
    if (!r.n || r.t[r.n - 1] != PATTERN_STAR)
        return false;
    if (r.t[0] == PATTERN_STAR || pattern_matches(g->r->part[ARN_SERVICE], STR("s3")))
        return r.t[0] == PATTERN_STAR;
    for (size_t i = 0; i + 1 < r.n; i++)
        if (r.t[i] == PATTERN_STAR || ((r.t[i] == '/' || r.t[i] == ':') && i + 2 < r.n))
            return false;
    return r.t[r.n - 2] == '/' || r.t[r.n - 2] == ':';
}

static struct risk *new_risk(struct work *w, enum risk_kind kind, const char *id,
                             const char *what, const struct risk_member *m, size_t n)
{
    struct risk_member *copy = ARENA_ARRAY(w->x->a, struct risk_member, n);
    struct risk *r = vec_push(w->x->a, w->out);
    *r = (struct risk){
        .kind = kind, .id = id, .what = what, .members = copy, .nmembers = n};
    r->on_everything = true;
    bool by_admin = w->admin != NULL, by_iam = w->iam_all != NULL;
    for (size_t i = 0; i < n; i++) {
        copy[i] = m[i];
        const struct grant *g = m[i].grant;
        r->on_everything = r->on_everything && grant_everywhere(g);
        r->conditional =
            r->conditional || g->conditional ||
            (m[i].row != ACTION_NONE && action_set_has(&g->unsure, m[i].row));
        by_iam = by_iam && str_starts(m[i].action, STR("iam:"));
    }
    r->covered = kind != RISK_ADMIN && (by_admin || (by_iam && n == 1));
    return r;
}

static bool find_member(struct work *w, struct str alternatives, const char *passed_to,
                        struct risk_member *out)
{
    while (alternatives.n) {
        struct str one;
        uint32_t row = 0;
        str_cut(alternatives, '|', &one, &alternatives);
        const struct grant *g = find_grant(w, one, passed_to, &row);
        if (g) {
            *out = (struct risk_member){one, row, g, rule_cause(g->rule, row)};
            return true;
        }
    }
    return false;
}

/* The actions that a path cannot do without: members that have no alternative. */
static struct action_set required(struct iam *x, const struct risk_path *path)
{
    struct action_set s = {0};
    struct str list = str_from(path->members), word;
    while (list.n) {
        str_cut(list, ' ', &word, &list);
        if (str_find_char(word, '|') == (size_t)-1)
            s = action_set_or(x->cache->a, s, *iam_actions(x, word));
    }
    return s;
}

/* The same of every path, kept in the context. */
static const struct action_set *all_required(struct iam *x, const struct risk_path *paths,
                                             size_t n)
{
    if (!x->cache->paths) {
        struct action_set *v = ARENA_ARRAY(x->cache->a, struct action_set, n);
        for (size_t i = 0; i < n; i++)
            v[i] = required(x, &paths[i]);
        x->cache->paths = v;
    }
    return x->cache->paths;
}

static void find_path(struct work *w, const struct risk_path *path)
{
    struct risk_member m[MAX_MEMBERS];
    size_t n = 0;
    struct str list = str_from(path->members), word;
    while (list.n && n < MAX_MEMBERS) {
        str_cut(list, ' ', &word, &list);
        if (!find_member(w, word, path->passed_to, &m[n++]))
            return;
    }
    struct risk *r = new_risk(w, RISK_ESCALATION, path->id, path->what, m, n);
    r->needs_target = path->needs_target;
    r->by_analogy = path->by_analogy;
}

/* The JAR that the application itself runs: whoever takes over the job makes that last.
 */
static void find_code_write(struct work *w)
{
    const struct action *act = iam_action(w->x, STR("s3:PutObject"));
    for (size_t i = 0; act && i < w->options->ncodes; i++) {
        const struct arn_pattern *code =
            iam_arn(w->x, w->options->codes[i], ARN_IN_IDENTITY, false);
        size_t from = 0;
        enum rule_reach reach;
        const struct grant *g = effective_on(w->e, act->row, code, &from, &reach);
        if (!g)
            continue;
        struct risk_member m = {STR("s3:PutObject"), act->row, g,
                                rule_cause(g->rule, act->row)};
        struct risk *r =
            new_risk(w, RISK_ESCALATION, "code-write",
                     "overwrites the code that the application itself runs", &m, 1);
        r->by_analogy = true;
        return;
    }
}

/* The actions that the list of a kind names, kept in the context. */
static const struct action_set *named(struct iam *x, enum risk_kind kind)
{
    static const char keys[RISK_KINDS];
    const struct action_set *kept = iam_kept(x, &keys[kind]);
    struct action_set s = {0};
    if (kept)
        return kept;
    for (const char *const *z = risk_list(kind); *z; z++)
        s = action_set_or(x->cache->a, s, *iam_actions(x, str_from(*z)));
    s.others = NULL;
    return iam_keep(x, &keys[kind], s);
}

/* Actions that alone are a path to other identities' rights, and what most paths take. */
static const struct action_set *escalating(struct iam *x)
{
    static const char key;
    const struct action_set *kept = iam_kept(x, &key);
    if (kept)
        return kept;
    size_t n;
    const struct risk_path *p = risk_paths(&n);
    struct action_set s = *iam_actions(x, STR("iam:PassRole"));
    for (size_t i = 0; i < n; i++)
        if (!strpbrk(p[i].members, " |"))
            s = action_set_or(x->cache->a, s, *iam_actions(x, str_from(p[i].members)));
    return iam_keep(x, &key, s);
}

/* Exposure is told from the action itself, so only the services that a grant names are
 * read from the table. */
static bool exposes(const struct action *act)
{
    return act && (act->level == ACTION_PERMISSIONS || act->manages);
}

/* Is the action in the list of a kind? */
static bool listed(struct iam *x, enum risk_kind kind, uint32_t row)
{
    return action_set_has(named(x, kind), row) ||
           (kind == RISK_EXPOSURE && exposes(actions_get(x->table, row)));
}

/* One risk per grant of a kind: all actions of it that are in the list. */
static void find_listed(struct work *w, enum risk_kind kind, const char *id,
                        const char *what)
{
    struct iam *x = w->x;
    const struct action_set *list = named(x, kind);
    for (size_t i = 0; i < w->e->n; i++) {
        const struct grant *g = &w->e->v[i];
        VEC(struct risk_member) m = {0};
        if (kind != RISK_EXPOSURE && !action_set_meets(g->actions, *list))
            continue;
        struct action_set rows =
            kind == RISK_EXPOSURE ? g->actions : action_set_and(x->a, g->actions, *list);
        const struct action *act = NULL;
        for (uint32_t row = action_set_next(&rows, 0); row != UINT32_MAX;
             row = action_set_next(&rows, row + 1)) {
            act = actions_get_near(x->table, act, row);
            if ((kind != RISK_EXPOSURE || action_set_has(list, row) || exposes(act)) &&
                !expected(w, row))
                *vec_push(x->a, &m) = (struct risk_member){action_text(x->a, act), row, g,
                                                           rule_cause(g->rule, row)};
        }
        if (m.n)
            new_risk(w, kind, id, what, m.v, m.n);
    }
}

bool risk_lists(struct iam *x, enum risk_kind kind, uint32_t row)
{
    return kind == RISK_ESCALATION ? action_set_has(escalating(x), row)
                                   : listed(x, kind, row);
}

static void find_admin(struct work *w)
{
    size_t most = actions_count(w->x->table);
    const struct action_set *iam = iam_actions(w->x, STR("iam:*"));
    for (size_t i = 0; i < w->e->n; i++) {
        const struct grant *g = &w->e->v[i];
        if (!grant_everywhere(g) || g->conditional)
            continue;
        size_t n = action_set_count(&g->actions);
        /* NotAction of one harmless service is administration in all but name. */
        bool admin = n == most || (g->open_ended && action_set_within(*iam, g->actions));
        if (!w->iam_all && action_set_within(*iam, g->actions))
            w->iam_all = g;
        if (admin && !w->admin) {
            struct risk_member m = {STR("*"), ACTION_NONE, g, rule_cause(g->rule, 0)};
            new_risk(w, RISK_ADMIN, "admin", "every action on everything", &m, 1);
            w->admin = g;
        }
    }
    if (w->iam_all && !w->admin) {
        struct risk_member m = {STR("iam:*"), ACTION_NONE, w->iam_all,
                                rule_cause(w->iam_all->rule, action_set_next(iam, 0))};
        const struct grant *keep = w->iam_all;
        w->iam_all = NULL;
        new_risk(w, RISK_ESCALATION, "iam-all", "manages every identity and its rights",
                 &m, 1);
        w->iam_all = keep;
    }
}

struct risks *risks_of(struct iam *x, const struct effective *e,
                       const struct risk_options *options)
{
    struct work w = {.x = x, .e = e, .options = options};
    w.out = ARENA_NEW(x->a, struct risks);
    find_admin(&w);
    size_t n;
    const struct risk_path *paths = risk_paths(&n);
    const struct action_set *needed = all_required(x, paths, n);
    for (size_t i = 0; i < n; i++)
        if (action_set_within(needed[i], e->actions))
            find_path(&w, &paths[i]);
    find_code_write(&w);
    find_listed(&w, RISK_CREDENTIALS, "credentials", "hands out credentials");
    find_listed(&w, RISK_EXPOSURE, "exposure", "changes who may do what");
    find_listed(&w, RISK_DATA, "data", "reads data");
    find_listed(&w, RISK_TAMPER, "tamper", "destroys data, keys, logs or trails");
    find_listed(&w, RISK_SELF, "self", "manages the service that runs the application");
    return w.out;
}
