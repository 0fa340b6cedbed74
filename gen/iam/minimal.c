/* The policies that a role should have, and the proof. */
#include "iam/minimal.h"

#include "base/buf.h"
#include "iam/evaluate.h"
#include "iam/lint.h"
#include "iam/trust.h"
#include "json/json.h"
#include "json/write.h"

#include <stdlib.h>

enum { INLINE_CHARS = 10240 };

/* Rights that share resource, condition and reason; later, resources that share rights.
 */
struct group {
    struct str sid, why, via;
    VEC(struct str) more_vias; /* other services through which the same key is used */
    bool star_only;
    VEC(struct str) actions;
    VEC(struct str) resources;
    VEC(const struct need *) needs;
    bool merged;
    size_t rank; /* of the present statement that grants it; SIZE_MAX: none does */
    size_t at;   /* the order of the needs */
};

struct work {
    struct iam *x;
    struct arena *a;
    const struct needs *needs;
    const struct effective *present;
    const struct minimal_options *o;
    VEC(struct group) groups;
    VEC(struct minimal_statement) statements;
    VEC(struct json *) nodes; /* beside statements: what they look like */
    VEC(struct str) unproved, left_out;
    struct minimal *out;
};

static size_t most_chars(const struct work *w)
{
    return w->o->max_chars ? w->o->max_chars : INLINE_CHARS;
}

/* "stream source" -> "StreamSource": letters and digits only. */
static struct str sid_of(struct arena *a, const char *words, const char *before)
{
    struct buf b = BUF_INIT;
    buf_z(&b, before);
    bool up = true;
    for (const char *c = words; *c; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                      (*c >= '0' && *c <= '9');
        if (letter)
            buf_c(&b, up && *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c);
        up = !letter;
    }
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

static bool add_text(struct work *w, struct group *g, struct str action)
{
    for (size_t i = 0; i < g->actions.n; i++)
        if (str_eq(g->actions.v[i], action))
            return false;
    *vec_push(w->a, &g->actions) = action;
    return true;
}

static struct group *group_for(struct work *w, struct str sid, struct str resource,
                               struct str via)
{
    for (size_t i = 0; i < w->groups.n; i++) {
        struct group *g = &w->groups.v[i];
        if (str_eq(g->sid, sid) && str_eq(g->resources.v[0], resource) &&
            str_eq(g->via, via))
            return g;
    }
    struct group *g = vec_push(w->a, &w->groups);
    g->sid = sid;
    g->via = via;
    *vec_push(w->a, &g->resources) = resource;
    return g;
}

/* An optional row that only repeats a surer one on wider resources. */
static bool repeats(const struct work *w, const struct need *need)
{
    for (size_t i = 0; i < w->needs->n && !need->must; i++) {
        const struct need *other = &w->needs->v[i];
        if (other != need && other->must && other->row == need->row &&
            arn_within(other->r, need->r) == PATTERN_YES)
            return true;
    }
    return false;
}

/* What the code may or may not do is left out where it does without it today: where the
 * present policies, all known, do not grant it. */
static bool done_without(const struct work *w, const struct need *need)
{
    size_t from = 0;
    enum rule_reach reach;
    if (need->must || !w->present || w->present->incomplete || !w->present->n)
        return false;
    return need->row == ACTION_NONE ||
           !effective_on(w->present, need->row, need->r, &from, &reach);
}

static void collect_needs(struct work *w)
{
    for (size_t i = 0; i < w->needs->n; i++) {
        const struct need *need = &w->needs->v[i];
        if ((w->o->only_must && !need->must) || need->tolerated || repeats(w, need) ||
            done_without(w, need))
            continue;
        const char *kind = need_kind_name(need->target->kind);
        struct str sid = sid_of(w->a, kind, "");
        if (need->star_only)
            sid = STR("TakesNoResource");
        else if (need->via.n)
            sid = sid_of(w->a, kind, "KeyOf");
        struct group *g = group_for(w, sid, need->resource, need->via);
        g->star_only = need->star_only;
        if (!g->why.n)
            g->why = need->target->why.n
                         ? str_fmt(w->a, "%s: %.*s", kind, STR_ARG(need->target->why))
                         : str_from(kind);
        add_text(w, g, need->action);
        *vec_push(w->a, &g->needs) = need;
    }
}

static void collect_used(struct work *w)
{
    for (size_t i = 0; i < w->o->nused; i++) {
        const struct minimal_use *use = &w->o->used[i];
        const struct action *act = actions_find(w->x->table, use->action);
        bool star = act && action_star_only(act);
        if (!use->resource.n && !star) {
            *vec_push(w->a, &w->left_out) = use->action;
            continue;
        }
        bool have = false;
        const struct arn_pattern *r =
            iam_arn(w->x, use->resource, ARN_IN_IDENTITY, false);
        for (size_t k = 0; k < w->needs->n && !have; k++)
            have = str_eq_nocase(w->needs->v[k].action, use->action) &&
                   (star || arn_within(r, w->needs->v[k].r) == PATTERN_YES);
        if (have)
            continue;
        struct group *g = group_for(w, star ? STR("TakesNoResource") : STR("SeenInUse"),
                                    star ? STR("*") : use->resource, STR(""));
        g->star_only = star;
        if (!g->why.n)
            g->why = STR("used, as CloudTrail shows");
        add_text(w, g, act ? action_text(w->a, act) : use->action);
    }
}

static int by_text(const void *p, const void *q)
{
    return str_cmp(*(const struct str *)p, *(const struct str *)q);
}

static bool same_actions(const struct group *g, const struct group *h)
{
    if (g->actions.n != h->actions.n)
        return false;
    for (size_t i = 0; i < g->actions.n; i++)
        if (!str_eq(g->actions.v[i], h->actions.v[i]))
            return false;
    return true;
}

static void take_needs(struct work *w, struct group *g, struct group *h)
{
    for (size_t i = 0; i < h->needs.n; i++)
        *vec_push(w->a, &g->needs) = h->needs.v[i];
    h->merged = true;
}

/* One key through several services: one statement with all of them in its condition. */
static void merge_vias(struct work *w)
{
    for (size_t i = 0; i < w->groups.n; i++) {
        struct group *g = &w->groups.v[i];
        for (size_t k = i + 1; g->via.n && !g->merged && k < w->groups.n; k++) {
            struct group *h = &w->groups.v[k];
            if (h->merged || !h->via.n || !same_actions(g, h) ||
                !str_eq(g->resources.v[0], h->resources.v[0]))
                continue;
            if (!str_eq(g->via, h->via))
                *vec_push(w->a, &g->more_vias) = h->via;
            g->sid = STR("KeyThroughServices");
            take_needs(w, g, h);
        }
    }
}

static bool same_rights(const struct group *g, const struct group *h)
{
    return str_eq(g->via, h->via) && !g->more_vias.n && !h->more_vias.n &&
           str_eq(g->sid, h->sid) && same_actions(g, h);
}

static void merge(struct work *w)
{
    for (size_t i = 0; i < w->groups.n; i++)
        qsort(w->groups.v[i].actions.v, w->groups.v[i].actions.n, sizeof(struct str),
              by_text);
    merge_vias(w);
    for (size_t i = 0; i < w->groups.n; i++) {
        struct group *g = &w->groups.v[i];
        for (size_t k = i + 1; !g->merged && k < w->groups.n; k++) {
            struct group *h = &w->groups.v[k];
            if (h->merged || !same_rights(g, h))
                continue;
            *vec_push(w->a, &g->resources) = h->resources.v[0];
            take_needs(w, g, h);
        }
        qsort(g->resources.v, g->resources.n, sizeof(struct str), by_text);
    }
}

static struct json *one_or_many(struct arena *a, const struct str *v, size_t n)
{
    if (n == 1)
        return json_new_str(a, v[0]);
    struct json *list = json_new_array(a);
    for (size_t i = 0; i < n; i++)
        json_push(list, json_new_str(a, v[i]));
    return list;
}

/* Sids are unique in a document: a number behind the later ones. */
static struct str unique_sid(struct work *w, struct str sid)
{
    size_t same = 0;
    for (size_t i = 0; i < w->statements.n; i++)
        same += str_starts(w->statements.v[i].sid, sid);
    return same ? str_fmt(w->a, "%.*s%zu", STR_ARG(sid), same + 1) : sid;
}

/* The services of kms:ViaService, each once. */
static struct str *vias_of(struct arena *a, const struct group *g, size_t *n)
{
    struct str *v = ARENA_ARRAY(a, struct str, g->more_vias.n + 1);
    *n = 0;
    if (g->via.n)
        v[(*n)++] = g->via;
    for (size_t i = 0; i < g->more_vias.n; i++)
        v[(*n)++] = g->more_vias.v[i];
    qsort(v, *n, sizeof *v, by_text);
    return v;
}

static struct json *condition_of(struct arena *a, const struct group *g)
{
    struct json *all = json_new_object(a), *op = json_new_object(a);
    size_t n;
    const struct str *vias = vias_of(a, g, &n);
    json_set(a, op, STR("kms:ViaService"), one_or_many(a, vias, n));
    json_set(a, all, STR("StringEquals"), op);
    return all;
}

static bool same_texts(const struct str *v, size_t n, const struct str *u, size_t m)
{
    for (size_t i = 0; i < n; i++) {
        bool have = false;
        for (size_t k = 0; k < m; k++)
            have = have || str_eq(v[i], u[k]);
        if (!have)
            return false;
    }
    return n == m;
}

/* Does a present statement say just what the group will? */
static bool says_the_same(struct work *w, const struct group *g,
                          const struct policy_statement *st)
{
    size_t n;
    const struct str *vias = vias_of(w->a, g, &n);
    bool plain = !n && !st->nconditions;
    const struct condition *c = st->nconditions == 1 ? &st->conditions[0] : NULL;
    bool via = n && c && str_eq_nocase(c->op, STR("StringEquals")) &&
               str_eq_nocase(c->key, STR("kms:ViaService")) &&
               same_texts(vias, n, c->values, c->nvalues);
    return (plain || via) && !st->not_action && !st->not_resource &&
           same_texts(g->actions.v, g->actions.n, st->actions, st->nactions) &&
           same_texts(g->resources.v, g->resources.n, st->resources, st->nresources);
}

/* The name of the present statement when that says the same. */
static struct str present_sid(struct work *w, const struct group *g)
{
    if (g->rank == SIZE_MAX)
        return STR("");
    const struct policy_statement *st = w->present->v[g->rank].st;
    for (size_t i = 0; i < w->statements.n; i++)
        if (str_eq(w->statements.v[i].sid, st->sid))
            return STR("");
    return says_the_same(w, g, st) ? st->sid : STR("");
}

/* One statement on resources [from, to) of the group. */
static void add_part(struct work *w, const struct group *g, size_t from, size_t to)
{
    struct arena *a = w->a;
    struct json *st = json_new_object(a);
    struct str sid = present_sid(w, g);
    if (!sid.n)
        sid = unique_sid(w, g->sid);
    json_set_str(a, st, STR("Sid"), sid);
    json_set_str(a, st, STR("Effect"), STR("Allow"));
    json_set(a, st, STR("Action"), one_or_many(a, g->actions.v, g->actions.n));
    json_set(a, st, STR("Resource"), one_or_many(a, g->resources.v + from, to - from));
    if (g->via.n)
        json_set(a, st, STR("Condition"), condition_of(a, g));
    struct minimal_statement row = {.sid = sid, .why = g->why, .star_only = g->star_only};
    row.needs = ARENA_ARRAY(a, const struct need *, g->needs.n);
    for (size_t i = 0; i < g->needs.n; i++)
        for (size_t k = from; k < to; k++)
            if (str_eq(g->needs.v[i]->resource, g->resources.v[k])) {
                row.needs[row.nneeds++] = g->needs.v[i];
                break;
            }
    *vec_push(a, &w->statements) = row;
    *vec_push(a, &w->nodes) = st;
}

/* Resources that do not fit into one document are dealt over several statements. */
static void add_statement(struct work *w, const struct group *g)
{
    size_t fixed = 400, from = 0, chars = 0, most = most_chars(w);
    for (size_t i = 0; i < g->actions.n; i++)
        fixed += g->actions.v[i].n + 3;
    for (size_t i = 0; i < g->resources.n; i++) {
        size_t n = g->resources.v[i].n + 3;
        if (i > from && fixed + chars + n > most) {
            add_part(w, g, from, i);
            from = i;
            chars = 0;
        }
        chars += n;
    }
    add_part(w, g, from, g->resources.n);
}

/* Where the present policies grant what the group asks: their order is kept, so that a
 * difference shows what changes and not what moved. */
static void rank(struct work *w)
{
    for (size_t i = 0; i < w->groups.n; i++) {
        struct group *g = &w->groups.v[i];
        enum rule_reach reach;
        g->rank = SIZE_MAX;
        for (size_t k = 0; w->present && k < w->present->n && g->rank == SIZE_MAX; k++)
            if (says_the_same(w, g, w->present->v[k].st))
                g->rank = k;
        for (size_t k = 0; w->present && k < g->needs.n && g->rank == SIZE_MAX; k++) {
            const struct need *need = g->needs.v[k];
            size_t from = 0;
            if (need->row != ACTION_NONE &&
                effective_on(w->present, need->row, need->r, &from, &reach))
                g->rank = from - 1;
        }
    }
}

static int by_rank(const void *p, const void *q)
{
    const struct group *g = p, *h = q;
    if (g->rank != h->rank)
        return g->rank < h->rank ? -1 : 1;
    return g->at < h->at ? -1 : g->at > h->at;
}

static void in_order(struct work *w)
{
    rank(w);
    for (size_t i = 0; i < w->groups.n; i++)
        w->groups.v[i].at = i;
    if (w->groups.n)
        qsort(w->groups.v, w->groups.n, sizeof *w->groups.v, by_rank);
}

static void keep_denies(struct work *w)
{
    for (size_t i = 0; i < w->o->ndenies; i++) {
        const struct policy_statement *st = w->o->denies[i];
        *vec_push(w->a, &w->statements) = (struct minimal_statement){
            .sid = st->sid, .why = STR("present Deny, kept"), .kept = true};
        *vec_push(w->a, &w->nodes) = json_new_ref(w->a, st->node);
    }
}

static struct str text_of(struct arena *a, const struct json *doc, bool indent)
{
    struct buf b = BUF_INIT;
    json_write(&b, doc, indent, false);
    if (indent && !str_ends(buf_view(&b), STR("\n")))
        buf_c(&b, '\n');
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

static struct json *new_document(struct arena *a, struct json **list)
{
    struct json *doc = json_new_object(a);
    json_set_str(a, doc, STR("Version"), STR("2012-10-17"));
    *list = json_set(a, doc, STR("Statement"), json_new_array(a));
    return doc;
}

/* Deal the statements out: a new document when the next one would be too large. */
static void deal(struct work *w)
{
    struct arena *a = w->a;
    size_t most = most_chars(w), chars = 0;
    VEC(struct json *) docs = {0};
    struct json *list = NULL;
    for (size_t i = 0; i < w->nodes.n; i++) {
        size_t n = text_of(a, w->nodes.v[i], false).n + 1;
        if (!list || chars + n > most) {
            *vec_push(a, &docs) = new_document(a, &list);
            chars = sizeof "{\"Version\":\"2012-10-17\",\"Statement\":[]}";
        }
        chars += n;
        json_push(list, w->nodes.v[i]);
        w->statements.v[i].document = docs.n - 1;
    }
    if (!docs.n)
        *vec_push(a, &docs) = new_document(a, &list);
    w->out->documents = docs.v;
    w->out->ndocuments = docs.n;
    w->out->texts = ARENA_ARRAY(a, struct str, docs.n);
    for (size_t i = 0; i < docs.n; i++)
        w->out->texts[i] = text_of(a, docs.v[i], true);
}

/* Read the proposal back, as AWS would get it. */
static const struct policy *read_back(struct work *w, size_t i, enum policy_kind kind)
{
    struct text *t = ARENA_NEW(w->a, struct text);
    *t = (struct text){STR("proposal"), w->out->texts[i]};
    struct policy_source s = {.text = t, .kind = kind};
    s.node = json_read(w->a, t, diag_new(w->a));
    return policy_read(w->a, &s);
}

static void fail(struct work *w, struct str clause)
{
    *vec_push(w->a, &w->unproved) = clause;
}

/* One resource that a pattern matches. */
static struct str sample(struct work *w, struct str pattern)
{
    if (str_eq(pattern, STR("*")))
        return pattern;
    struct str s = str_dup(w->a, pattern);
    char *p = str_z(w->a, s);
    for (size_t i = 0; i < s.n; i++)
        if (p[i] == '*' || p[i] == '?')
            p[i] = 'x';
    return (struct str){p, s.n};
}

static void prove_allowed(struct work *w, const struct policy *const *v, size_t n)
{
    struct evaluate_policies p = {.identity = v, .nidentity = n};
    for (size_t i = 0; i < w->statements.n; i++)
        for (size_t k = 0; k < w->statements.v[i].nneeds; k++) {
            const struct need *need = w->statements.v[i].needs[k];
            struct request_key via = {STR("kms:ViaService"), &need->via, 1};
            struct evaluate_request q = {
                .principal = w->o->role_arn,
                .action = need->action,
                .resource = sample(w, need->resource),
                /* the other account's side is not ours to write */
                .resource_account = arn_part(w->o->role_arn, ARN_ACCOUNT),
                .context = {&via, need->via.n ? 1 : 0, false}};
            struct evaluation *e = evaluate(w->x, &q, &p);
            if (e->verdict != EVALUATE_ALLOWED)
                fail(w,
                     str_fmt(w->a, "%.*s on %.*s is %s", STR_ARG(need->action),
                             STR_ARG(need->resource), evaluate_verdict_name(e->verdict)));
        }
}

static void prove_nothing_more(struct work *w, const struct effective *e,
                               const struct effective *present)
{
    struct atom atom = {0};
    while (effective_next(w->x, e, &atom)) {
        bool asked = !atom.action;
        for (size_t i = 0; i < w->needs->n && !asked && atom.action; i++)
            asked = w->needs->v[i].row == atom.action->row &&
                    arn_within(atom.grant->r, w->needs->v[i].r) == PATTERN_YES;
        for (size_t i = 0; i < w->o->nused && !asked; i++)
            asked = str_eq_nocase(w->o->used[i].action, atom.name);
        if (!asked)
            fail(w, str_fmt(w->a, "%.*s on %.*s is not asked for", STR_ARG(atom.name),
                            STR_ARG(atom.grant->r->text)));
        bool had = !present || !atom.action;
        size_t from = 0;
        enum rule_reach reach;
        while (!had &&
               effective_on(present, atom.action->row, atom.grant->r, &from, &reach))
            had = reach == RULE_WHOLE;
        w->out->added += !had;
    }
}

static void prove_clean(struct work *w, const struct policy *const *v, size_t n,
                        const struct effective *e)
{
    for (size_t i = 0; i < n; i++) {
        struct policy_issues found = {0};
        lint_policy(w->x, v[i], &found);
        for (size_t k = 0; k < v[i]->issues.n; k++)
            fail(w, str_from(v[i]->issues.v[k].kind->what));
        for (size_t k = 0; k < found.n; k++) {
            size_t at = found.v[k].statement;
            bool kept = at != SIZE_MAX && v[i]->statements[at].effect == POLICY_DENY;
            if (found.v[k].kind->level != DIAG_NOTE && !kept)
                fail(w, str_fmt(w->a, "%s (%.*s)", found.v[k].kind->what,
                                STR_ARG(found.v[k].detail)));
        }
    }
    struct comparison *c = compare_needs(w->x, e, w->needs, true);
    for (size_t i = 0; i < c->n; i++) {
        enum compare_verdict verdict = c->v[i].verdict;
        bool used = verdict == COMPARE_EXCESS && w->o->nused;
        if (verdict != COMPARE_FITS && !used)
            fail(w, str_fmt(w->a, "%.*s is %s", STR_ARG(c->v[i].worst[0]),
                            compare_verdict_name(verdict)));
    }
}

static struct minimal *finish(struct work *w)
{
    struct minimal *m = w->out;
    m->statements = w->statements.v;
    m->nstatements = w->statements.n;
    m->left_out = w->left_out.v;
    m->nleft_out = w->left_out.n;
    m->unproved = w->unproved.v;
    m->nunproved = w->unproved.n;
    m->proved = w->unproved.n == 0;
    return m;
}

struct minimal *minimal_policy(struct iam *x, const struct needs *needs,
                               const struct effective *present,
                               const struct minimal_options *options)
{
    struct work w = {.x = x, .a = x->a, .needs = needs, .present = present, .o = options};
    w.out = ARENA_NEW(x->a, struct minimal);
    collect_needs(&w);
    collect_used(&w);
    merge(&w);
    in_order(&w);
    for (size_t i = 0; i < w.groups.n; i++)
        if (!w.groups.v[i].merged)
            add_statement(&w, &w.groups.v[i]);
    keep_denies(&w);
    deal(&w);

    size_t n = w.out->ndocuments;
    const struct policy **v = ARENA_ARRAY(x->a, const struct policy *, n);
    for (size_t i = 0; i < n; i++)
        v[i] = read_back(&w, i, POLICY_IDENTITY_INLINE);
    if (w.nodes.n) {
        struct effective_input in = {v, n, false, NULL, 0};
        struct effective *e = effective_grants(x, &in);
        prove_allowed(&w, v, n);
        prove_nothing_more(&w, e, present);
        prove_clean(&w, v, n, e);
    }
    return finish(&w);
}

/* The texts of one part of the ARNs, each once. */
static struct json *parts(struct arena *a, const struct str *arns, size_t n,
                          struct str (*part)(struct str))
{
    struct str *v = ARENA_ARRAY(a, struct str, n);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        struct str s = part(arns[i]);
        bool have = false;
        for (size_t k = 0; k < count; k++)
            have = have || str_eq(v[k], s);
        if (!have)
            v[count++] = s;
    }
    return one_or_many(a, v, count);
}

static struct str account_of(struct str arn)
{
    return arn_part(arn, ARN_ACCOUNT);
}

static struct str all_of(struct str arn)
{
    return arn;
}

static void prove_trust(struct work *w, const struct str *apps, size_t n,
                        struct str service)
{
    const struct policy *p = read_back(w, 0, POLICY_TRUST);
    if (p->issues.n)
        fail(w, str_from(p->issues.v[0].kind->what));
    for (size_t k = 0; k < n; k++) {
        struct trust_view view = {account_of(apps[k]), service, apps[k], NULL, 0};
        struct trust *t = trust_read(w->x, p, &view);
        if (t->service_admitted != TRUTH_YES)
            fail(w,
                 str_fmt(w->a, "the service is not admitted for %.*s", STR_ARG(apps[k])));
        for (size_t i = 0; i < t->n; i++)
            if (t->v[i].weight != TRUST_FINE)
                fail(w, str_from(t->v[i].why));
    }
}

struct minimal *minimal_trust(struct iam *x, const struct str *apps, size_t n,
                              struct str service)
{
    struct arena *a = x->a;
    struct minimal_options none = {0};
    struct work w = {.x = x, .a = a, .o = &none, .out = ARENA_NEW(a, struct minimal)};
    struct json *st = json_new_object(a), *who = json_new_object(a);
    json_set_str(a, st, STR("Effect"), STR("Allow"));
    json_set_str(a, who, STR("Service"), service);
    json_set(a, st, STR("Principal"), who);
    json_set_str(a, st, STR("Action"), STR("sts:AssumeRole"));
    struct json *when = json_set(a, st, STR("Condition"), json_new_object(a));
    struct json *op = json_set(a, when, STR("StringEquals"), json_new_object(a));
    json_set(a, op, STR("aws:SourceAccount"), parts(a, apps, n, account_of));
    op = json_set(a, when, STR("ArnEquals"), json_new_object(a));
    json_set(a, op, STR("aws:SourceArn"), parts(a, apps, n, all_of));
    *vec_push(a, &w.nodes) = st;
    *vec_push(a, &w.statements) = (struct minimal_statement){
        .why = n > 1 ? STR("the service, for these applications")
                     : STR("the service, for this application")};
    deal(&w);
    prove_trust(&w, apps, n, service);
    return finish(&w);
}

const char *minimal_fate_name(enum minimal_fate fate)
{
    static const char *const names[] = {"keep", "narrow", "remove"};
    return names[fate];
}

enum minimal_fate minimal_fate_of(const struct comparison *c,
                                  const struct policy_statement *st)
{
    bool fits = false, other = false, needed = false;
    for (size_t i = 0; i < c->n; i++) {
        if (c->v[i].st != st)
            continue;
        fits = fits || c->v[i].verdict == COMPARE_FITS;
        needed = needed || c->v[i].verdict == COMPARE_OVERBROAD ||
                 c->v[i].verdict == COMPARE_UNACCOUNTED;
        other = other || c->v[i].verdict != COMPARE_FITS;
    }
    if (!fits && !needed)
        return MINIMAL_REMOVE;
    return other ? MINIMAL_NARROW : MINIMAL_KEEP;
}
