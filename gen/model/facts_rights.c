/* Facts of a role about its rights beside its task: what is too much and what should
 * stand there instead, what is missing, what lay idle, what was refused, and what its
 * policies say that nobody meant. */
#include "model/rights.h"

#include "base/buf.h"
#include "iam/evaluate.h"
#include "iam/lint.h"
#include "json/json.h"
#include "json/write.h"
#include "model/storage.h"

#include <string.h>

enum {
    MAX_ATOMS = 12, /* names in one list: the worst, then as they come */
    IDLE_DAYS = 30, /* younger use is no sign of idleness */
    MAX_CALLS = 200,
    MAX_LOOKED_AT = 500, /* actions: of more, as of *, little is said one by one */
    MAX_SPANS = 8,       /* different idle times told apart in one statement */
};

/* The work on one role. */
struct work {
    struct fact *f;
    const struct rights *r;
    const struct comparison *c;
};

static const struct held *held_of(const struct rights *r, const struct policy *p)
{
    for (size_t i = 0; i < r->identity->held.n; i++)
        if (r->identity->held.v[i].policy == p)
            return &r->identity->held.v[i];
    return NULL;
}

/* Which statement an object is about, and where it stands. */
static void say_statement(struct work *w, struct json *o,
                          const struct policy_statement *st)
{
    struct fact *f = w->f;
    const struct held *h = held_of(w->r, st->policy);
    fact_view(f, o, "policy", st->policy->source.name);
    fact_view(f, o, "policy_arn", h ? h->arn : STR(""));
    fact_z(f, o, "kind", h ? h->kind : "");
    fact_bool(f, o, "aws_managed", h && h->aws);
    json_set_literal(o, "sid", fact_of_policy(f, st->policy, st->sid));
    fact_num(f, o, "statement", (double)st->index);
    fact_at_statement(f, o, st);
}

/* Names of a set: those in first, then others, at most MAX_ATOMS. */
static struct json *names(struct work *w, const struct action_set *s,
                          const struct str *first, size_t nfirst)
{
    struct fact *f = w->f;
    struct json *list = json_new_array(f->a);
    size_t n = 0;
    for (; n < nfirst && first[n].n; n++)
        json_push(list, json_new_str(f->a, first[n]));
    size_t led = n;
    for (uint32_t row = action_set_next(s, 0); row != UINT32_MAX && n < MAX_ATOMS;
         row = action_set_next(s, row + 1)) {
        struct str name = action_text(f->scratch, actions_get(f->iam->table, row));
        bool have = false;
        for (size_t i = 0; i < led && !have; i++)
            have = str_eq(first[i], name);
        if (have)
            continue;
        n++;
        json_push(list, json_new_str(f->a, name));
    }
    bool named = s->others && !s->others->all_but;
    for (size_t i = 0; named && i < s->others->n && n < MAX_ATOMS; i++, n++)
        json_push(list, json_new_str(f->a, s->others->names[i]));
    return list;
}

static void add_text(struct fact *f, struct json *list, struct str text)
{
    for (const struct json *n = json_first(list); n; n = json_next(n))
        if (str_eq(json_str(n), text))
            return;
    json_push(list, json_new_str(f->a, text));
}

/* What is the matter with the rows of one statement and one verdict. */
struct cause {
    const struct policy_statement *st;
    enum compare_verdict verdict;
    struct action_set actions;
    struct str worst[3];
    enum compare_severity severity;
    bool everywhere, unsure, conditional, any;
    struct json *texts, *resources, *instead;
};

static void add_row(struct work *w, struct cause *c, const struct compare_row *row)
{
    struct fact *f = w->f;
    if (!c->any || row->severity > c->severity) {
        c->severity = row->severity;
        memcpy(c->worst, row->worst, sizeof c->worst);
    }
    c->any = true;
    c->actions = action_set_or(f->scratch, c->actions, row->actions);
    c->everywhere = c->everywhere || row->everywhere;
    c->unsure = c->unsure || row->unsure;
    c->conditional = c->conditional || row->conditional;
    struct buf text = BUF_INIT;
    if (row->text != SIZE_MAX)
        buf_str(&text, row->st->actions[row->text]);
    for (size_t i = 0; row->text == SIZE_MAX && i < row->st->nactions; i++)
        buf_fmt(&text, "%s%.*s", i ? ", " : "all but ", STR_ARG(row->st->actions[i]));
    add_text(f, c->texts, buf_view(&text));
    buf_free(&text);
    for (size_t i = 0; i < row->nresources; i++)
        add_text(f, c->resources, row->resources[i]);
    for (size_t i = 0; i < row->ninstead; i++)
        add_text(f, c->instead, row->instead[i]);
}

/* Were all of the actions idle, as far as records tell? */
static const char *idle_word(struct work *w, struct action_set s, int64_t *days)
{
    *days = -1;
    if (!w->r->use_known || action_set_count(&s) > MAX_LOOKED_AT)
        return "unknown";
    for (uint32_t row = action_set_next(&s, 0); row != UINT32_MAX;
         row = action_set_next(&s, row + 1)) {
        struct use_row u = use_of(w->f->iam, w->r->use, row);
        if (u.value == USE_USED)
            return "no";
        if (u.idle_days < IDLE_DAYS)
            return "unknown";
        *days = *days < 0 || u.idle_days < *days ? u.idle_days : *days;
    }
    return *days >= 0 ? "yes" : "unknown";
}

/* instead: what its statement should say. */
static void cause_row(struct work *w, struct json *list, const struct cause *c,
                      struct str instead)
{
    struct fact *f = w->f;
    struct json *o = fact_item(f, list);
    int64_t days;
    const char *idle = idle_word(w, c->actions, &days);
    fact_z(f, o, "verdict", compare_verdict_name(c->verdict));
    fact_z(f, o, "severity", compare_severity_name(c->severity));
    json_set(f->a, o, STR("texts"), c->texts);
    json_set(f->a, o, STR("atoms"), names(w, &c->actions, c->worst, 3));
    fact_num(f, o, "count",
             (double)(action_set_count(&c->actions) + action_set_nothers(&c->actions)));
    json_set(f->a, o, STR("resources"), c->resources);
    json_set(f->a, o, STR("instead"), c->instead);
    fact_bool(f, o, "everywhere", c->everywhere);
    fact_bool(f, o, "conditional", c->conditional);
    fact_bool(f, o, "unsure", c->unsure);
    fact_z(f, o, "idle", idle);
    if (days >= 0)
        fact_num(f, o, "idle_days", (double)days);
    fact_z(f, o, "fate",
           instead.n ? minimal_fate_name(minimal_fate_of(w->c, c->st)) : "remove");
    fact_str(f, o, "replacement", instead);
    say_statement(w, o, c->st);
}

/* An unaccounted right that records show idle is too much after all. */
static enum compare_verdict verdict_of(struct work *w, const struct compare_row *row)
{
    int64_t days;
    if (row->verdict == COMPARE_UNACCOUNTED &&
        strcmp(idle_word(w, row->actions, &days), "yes") == 0)
        return COMPARE_EXCESS;
    return row->verdict;
}

/* Rows of dead texts only where nothing of the text lives: of a pattern such as s3:* on
 * objects, the actions on buckets are no loss. */
static bool counts(struct work *w, size_t at)
{
    const struct compare_row *row = &w->c->v[at];
    if (row->verdict == COMPARE_FITS || row->verdict == COMPARE_MISSING)
        return false;
    for (size_t i = 0; row->verdict == COMPARE_DEAD && i < w->c->n; i++)
        if (w->c->v[i].st == row->st && w->c->v[i].text == row->text && i != at)
            return false;
    return true;
}

static void excess(struct work *w)
{
    struct json *list = fact_list(w->f, "excess");
    for (size_t i = 0; i < w->c->n;) {
        const struct policy_statement *st = w->c->v[i].st;
        struct cause causes[COMPARE_VERDICTS] = {0};
        for (; i < w->c->n && w->c->v[i].st == st; i++) {
            if (!counts(w, i))
                continue;
            struct cause *c = &causes[verdict_of(w, &w->c->v[i])];
            if (!c->any) {
                c->st = st;
                c->verdict = (enum compare_verdict)(c - causes);
                c->texts = json_new_array(w->f->a);
                c->resources = json_new_array(w->f->a);
                c->instead = json_new_array(w->f->a);
            }
            add_row(w, c, &w->c->v[i]);
        }
        bool any = false;
        for (size_t k = 0; k < COMPARE_VERDICTS; k++)
            any = any || causes[k].any;
        struct str instead = any ? rights_replacement(w->f, w->r, st) : STR("");
        for (size_t k = 0; k < COMPARE_VERDICTS; k++)
            if (causes[k].any)
                cause_row(w, list, &causes[k], instead);
    }
}

/* The subject whose own policy may grant what is missing: buckets for their objects. */
static const struct subject *guarded(const struct work *w, struct str resource)
{
    struct str bucket;
    const struct subject *s = map_get(&w->f->m->by_arn, resource);
    if (!s && str_cut(resource, '/', &bucket, NULL))
        s = map_get(&w->f->m->by_arn, bucket);
    return s;
}

/* A resource that the pattern matches. */
static struct str sample(struct arena *a, struct str pattern)
{
    char *p = str_z(a, pattern);
    for (size_t i = 0; i < pattern.n; i++)
        if (p[i] == '*' || p[i] == '?')
            p[i] = 'x';
    return (struct str){p, pattern.n};
}

/* Does the resource's own policy let the role in, so that the role's need not? */
static enum truth granted_there(struct work *w, const struct need *need)
{
    struct fact *f = w->f;
    const struct subject *s = guarded(w, need->resource);
    /* Of another account, the role's own policies must allow it too. */
    if (need->star_only || !s || !str_eq(s->account, f->s->account))
        return TRUTH_NO;
    const struct exhibit *x;
    struct str pointer;
    const struct policy *own = access_policy(f, s, &x, &pointer);
    if (!own)
        return access_missing(s) ? TRUTH_UNKNOWN : TRUTH_NO;
    VEC(const struct policy *) identity = {0};
    for (size_t i = 0; i < w->r->identity->held.n; i++) {
        const struct held *h = &w->r->identity->held.v[i];
        if (h->policy && strcmp(h->kind, "boundary") != 0)
            *vec_push(f->scratch, &identity) = h->policy;
    }
    struct request_key via = {STR("kms:ViaService"), &need->via, 1};
    struct evaluate_request q = {.principal = f->s->arn,
                                 .action = need->action,
                                 .resource = sample(f->scratch, need->resource),
                                 .resource_account = s->account,
                                 .context = {&via, need->via.n ? 1 : 0, false}};
    struct evaluate_policies p = {.identity = identity.v,
                                  .nidentity = identity.n,
                                  .resource = &own,
                                  .nresource = 1,
                                  .resource_decides = strcmp(s->type, "key") == 0};
    enum evaluate_verdict v = evaluate(f->iam, &q, &p)->verdict;
    return v == EVALUATE_ALLOWED   ? TRUTH_YES
           : v == EVALUATE_DEPENDS ? TRUTH_UNKNOWN
                                   : TRUTH_NO;
}

/* Once for each resource. */
static void maybe_there(struct work *w, const struct need *need, struct map *asked)
{
    struct fact *f = w->f;
    const struct subject *s = guarded(w, need->resource);
    void **slot = map_put(f->scratch, asked, s->arn);
    if (*slot)
        return;
    *slot = w;
    if (access_missing(s))
        fact_unknown(f, "missing", s, access_missing(s), STR(""),
                     "its policy may grant what the role lacks, and is not in evidence");
    else
        fact_undecided(f, "missing", fact_document(need->target->at.text),
                       need->target->pointer,
                       str_fmt(f->a,
                               "the policy of %.*s grants %.*s to the role under "
                               "conditions that are not known",
                               STR_ARG(s->arn), STR_ARG(need->action)));
}

/* Keys that are not known well enough to say what right to them is missing. */
static void keys_unknown(struct work *w, struct map *asked)
{
    struct fact *f = w->f;
    const struct needs *needs = w->r->needs;
    for (size_t i = 0; i < needs->n; i++) {
        const struct need *need = &needs->v[i];
        const struct need_target *t = need->target;
        const struct subject *s = t->kms_unknown ? guarded(w, t->arn) : NULL;
        const char *kind = s ? rights_key_kind(s) : NULL;
        bool loose = t->kms_loose && need->via.n && !needs_met(need, w->r->effective);
        if (loose && (s = map_get(&f->m->by_arn, t->kms_key)))
            kind = "kms:DescribeKey";
        void **slot = kind ? map_put(f->scratch, asked, s->arn) : NULL;
        if (!slot || *slot)
            continue;
        *slot = w;
        fact_unknown(f, "missing", s, kind, STR(""),
                     loose
                         ? "whether a customer manages the key, so that the role needs a "
                           "right to it, is not in evidence"
                         : "whether a key encrypts it, so that the role needs a right to "
                           "it, is not in evidence");
    }
}

/* The statement that would grant what is missing. */
static struct str statement_for(struct work *w, const struct json *actions,
                                const struct need *need)
{
    struct arena *a = w->f->scratch;
    struct json *o = json_new_object(a);
    json_set_str(a, o, STR("Effect"), STR("Allow"));
    json_set(a, o, STR("Action"),
             json_size(actions) == 1 ? json_new_str(a, json_str(json_first(actions)))
                                     : json_new_ref(a, actions));
    json_set_str(a, o, STR("Resource"), need->resource);
    if (need->via.n) {
        struct json *op = json_new_object(a);
        json_set_str(a, op, STR("kms:ViaService"), need->via);
        json_set(a, json_set(a, o, STR("Condition"), json_new_object(a)),
                 STR("StringEquals"), op);
    }
    struct buf b = BUF_INIT;
    json_write(&b, o, false, false);
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

static bool same_place(const struct need *x, const struct need *y)
{
    return x->target == y->target && str_eq(x->resource, y->resource) &&
           str_eq(x->via, y->via);
}

/* One entry for the rights that one resource of one target lacks. */
static void missing(struct work *w)
{
    struct fact *f = w->f;
    struct json *list = fact_list(f, "missing");
    const struct need **need = ARENA_ARRAY(f->scratch, const struct need *, w->c->n + 1);
    struct map asked = MAP_INIT;
    size_t n = 0;
    for (size_t i = 0; i < w->c->n; i++) {
        const struct compare_row *row = &w->c->v[i];
        if (row->verdict != COMPARE_MISSING)
            continue;
        enum truth there = granted_there(w, row->needs[0]);
        if (there == TRUTH_NO)
            need[n++] = row->needs[0];
        else if (there == TRUTH_UNKNOWN)
            maybe_there(w, row->needs[0], &asked);
    }
    keys_unknown(w, &asked);
    for (size_t i = 0; i < n; i++) {
        if (!need[i])
            continue;
        const struct need *lead = need[i];
        struct json *o = fact_item(f, list);
        struct json *actions = json_set(f->a, o, STR("actions"), json_new_array(f->a));
        for (size_t k = i; k < n; k++)
            if (need[k] && same_place(lead, need[k])) {
                json_push(actions, json_new_str(f->a, need[k]->action));
                need[k] = NULL;
            }
        fact_str(f, o, "resource", lead->resource);
        fact_z(f, o, "grade", lead->grade == NEED_CERTAIN ? "certain" : "indicated");
        fact_z(f, o, "severity", lead->grade == NEED_CERTAIN ? "medium" : "low");
        fact_z(f, o, "kind", need_kind_name(lead->target->kind));
        fact_str(f, o, "why", lead->target->why);
        fact_z(f, o, "source", lead->source);
        fact_str(f, o, "statement", statement_for(w, actions, lead));
        fact_at(f, o, fact_document(lead->target->at.text), lead->target->pointer);
    }
}

/* Actions of one statement that lay idle for the same time. */
struct span {
    int64_t days;
    struct action_set actions;
    const char *why;
};

/* Idle actions of one statement that nothing needs. Services that were never used are
 * unused_services. */
static size_t spans_of(struct work *w, struct action_set s, struct span spans[MAX_SPANS])
{
    struct fact *f = w->f;
    size_t n = 0;
    for (uint32_t row = action_set_next(&s, 0); row != UINT32_MAX;
         row = action_set_next(&s, row + 1)) {
        struct use_row u = use_of(f->iam, w->r->use, row);
        if (u.value != USE_UNUSED || u.idle_days < IDLE_DAYS)
            continue;
        size_t k = 0;
        while (k < n && spans[k].days != u.idle_days && k + 1 < MAX_SPANS)
            k++;
        if (k == n)
            spans[n++] = (struct span){.days = u.idle_days, .why = u.why};
        /* Past the last span: the shortest time is said of all in it. */
        spans[k].days = u.idle_days < spans[k].days ? u.idle_days : spans[k].days;
        spans[k].actions = action_set_or(f->scratch, spans[k].actions,
                                         action_set_rows(f->scratch, row, 1));
    }
    return n;
}

/* Of a statement's actions, those of services that last accessed data call used. */
static struct action_set in_use(struct work *w, struct action_set s)
{
    struct fact *f = w->f;
    const struct use_evidence *ev = w->r->use_evidence;
    for (size_t i = 0; ev->has_last_accessed && i < ev->nservices; i++) {
        const struct action_service *sv =
            ev->services[i].last == WHEN_NONE ||
                    when_days(ev->services[i].last, ev->now) > IDLE_DAYS
                ? actions_service(f->iam->table, ev->services[i].prefix)
                : NULL;
        if (sv)
            s = action_set_minus(f->scratch, s,
                                 action_set_rows(f->scratch, sv->first, sv->count));
    }
    return s;
}

static void unused(struct work *w)
{
    struct fact *f = w->f;
    int64_t days;
    if (!w->r->use_known)
        return;
    static const struct str none;
    struct json *list = fact_list(f, "unused");
    if (!fact_days(f, 0, &days))
        fact_undecided(f, "unused", NULL, STR(""),
                       STR("no time is known to count idle days to"));
    struct action_set needed = w->r->needs->actions;
    const struct effective *e = w->r->effective;
    for (size_t i = 0; i < e->n;) {
        const struct policy_statement *st = e->v[i].st;
        struct action_set s = {0};
        for (; i < e->n && e->v[i].st == st; i++)
            s = action_set_or(f->scratch, s, e->v[i].actions);
        struct span spans[MAX_SPANS];
        size_t n = spans_of(w, in_use(w, action_set_minus(f->scratch, s, needed)), spans);
        for (size_t k = 0; k < n; k++) {
            struct json *o = fact_item(f, list);
            json_set(f->a, o, STR("atoms"), names(w, &spans[k].actions, &none, 0));
            fact_num(f, o, "count", (double)action_set_count(&spans[k].actions));
            fact_num(f, o, "days", (double)spans[k].days);
            fact_z(f, o, "why", spans[k].why);
            json_set(f->a, o, STR("resources"),
                     fact_policy_texts(f, st->policy, st->resources, st->nresources));
            say_statement(w, o, st);
        }
    }
}

/* The calls that CloudTrail recorded of the role, refused ones apart by their outcome. */
static void calls(struct work *w)
{
    struct fact *f = w->f;
    const struct trail_caller *c = map_get(&f->sh->role_calls->callers, f->s->arn);
    if (!c)
        return;
    struct action_set needed = w->r->needs->actions;
    struct json *list = fact_list(f, "calls");
    for (size_t i = 0; i < c->n && i < MAX_CALLS; i++) {
        const struct trail_call *call = &c->v[i];
        size_t n;
        const struct str *names =
            actions_of_event(f->scratch, f->iam->table, call->source, call->name, &n);
        struct json *o = fact_item(f, list);
        bool asked = false, granted = n > 0;
        for (size_t k = 0; k < n; k++) {
            const struct action *act = actions_find(f->iam->table, names[k]);
            asked = asked || (act && action_set_has(&needed, act->row));
            granted =
                granted && act && action_set_has(&w->r->effective->actions, act->row);
        }
        json_set(f->a, o, STR("actions"), fact_texts(f, names, n));
        fact_str(f, o, "resource", call->resource);
        fact_z(f, o, "outcome", call->denied ? "refused" : "allowed");
        fact_bool(f, o, "needed", asked);
        fact_bool(f, o, "granted", granted);
        fact_num(f, o, "count", (double)call->count);
        fact_view(f, o, "last", when_text(f->a, call->last));
        fact_age(f, o, "days", NULL, call->last);
        fact_at(f, o, call->doc, call->pointer);
    }
}

/* How far use would show: what every word about idle rights rests on. */
static void sight(struct work *w)
{
    struct fact *f = w->f;
    const struct use_evidence *ev = w->r->use_evidence;
    struct json *o = fact_object(f, "use_seen");
    fact_bool(f, o, "last_accessed", ev->has_last_accessed);
    fact_view(f, o, "from", when_date(f->a, ev->from));
    fact_view(f, o, "to", when_date(f->a, ev->to));
    fact_num(f, o, "days",
             ev->from == WHEN_NONE ? 0 : (double)when_days(ev->from, ev->to));
    json_set(f->a, o, STR("data_services"),
             fact_texts(f, ev->data_services, ev->ndata_services));
    fact_age(f, o, "role_days", NULL, ev->role_created);
    /* Granted actions of which no record is ever made. */
    struct json *never = json_set(f->a, o, STR("never"), json_new_array(f->a));
    struct action_set s = w->r->effective->actions;
    size_t n = 0;
    bool few = action_set_count(&s) <= MAX_LOOKED_AT;
    const struct action *act = NULL;
    for (uint32_t row = action_set_next(&s, 0); few && row != UINT32_MAX && n < MAX_ATOMS;
         row = action_set_next(&s, row + 1)) {
        act = actions_get_near(f->iam->table, act, row);
        if (use_sight_of(w->r->use, act) == USE_NEVER) {
            json_push(never, json_new_view(f->a, action_text(f->a, act)));
            n++;
        }
    }
}

/* What other facts say with more of what is around it. */
static const char *said_by(struct str code)
{
    static const struct {
        const char *code, *fact;
    } rows[] = {
        {"IAM-135", "grants"}, {"IAM-136", "grants"}, {"IAM-142", "grants"},
        {"IAM-143", "grants"}, {"IAM-144", "trust"},  {"IAM-155", "passes"},
        {"IAM-162", "trust"},  {"IAM-170", "trust"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq(code, str_from(rows[i].code)))
            return rows[i].fact;
    return "";
}

/* The text of a dead action is a grant that is dead. */
static bool wholly_dead(struct work *w, const struct policy *p,
                        const struct policy_issue *s)
{
    const struct effective *e = w->r->effective;
    if (!str_eq(str_from(s->kind->code), STR("IAM-139")) || s->statement == SIZE_MAX)
        return false;
    const struct policy_statement *st = &p->statements[s->statement];
    for (size_t i = 0; i < e->n; i++)
        if (e->v[i].st == st && !action_set_empty(&e->v[i].actions) && st->nactions == 1)
            return false;
    return true;
}

static void lint_row(struct work *w, struct json *list, const struct policy *p,
                     const struct policy_issue *s)
{
    static const char *const levels[] = {
        [DIAG_ERROR] = "error", [DIAG_WARNING] = "warning", [DIAG_NOTE] = "note"};
    struct fact *f = w->f;
    struct json *o = fact_item(f, list);
    const struct policy_statement *st =
        s->statement == SIZE_MAX ? NULL : &p->statements[s->statement];
    const char *said = said_by(str_from(s->kind->code));
    fact_z(f, o, "code", s->kind->code);
    fact_z(f, o, "level", levels[s->kind->level]);
    fact_z(f, o, "message", s->kind->what);
    fact_str(f, o, "detail", s->detail);
    fact_z(f, o, "mend", s->kind->mend);
    fact_z(f, o, "said", wholly_dead(w, p, s) ? "grants" : said);
    fact_view(f, o, "policy", p->source.name);
    fact_z(f, o, "kind", policy_kind_name(p->source.kind));
    json_set_literal(o, "sid", fact_of_policy(f, p, st ? st->sid : STR("")));
    fact_at(f, o, fact_document(p->source.text), s->pointer);
}

static void lint_of(struct work *w, struct json *list, const struct policy *p)
{
    struct policy_issues found = {0};
    lint_policy(w->f->iam, p, &found);
    for (size_t i = 0; i < found.n; i++)
        lint_row(w, list, p, &found.v[i]);
}

static void lint(struct work *w, const struct policy *trust)
{
    struct json *list = fact_list(w->f, "lint");
    for (size_t i = 0; i < w->r->identity->held.n; i++) {
        const struct held *h = &w->r->identity->held.v[i];
        if (h->policy && !h->aws) /* AWS's own cannot be edited */
            lint_of(w, list, h->policy);
    }
    if (trust)
        lint_of(w, list, trust);
}

static void unknown_needs(struct fact *f, const struct subject *app)
{
    static const char *const about[] = {"excess", "missing", "unused"};
    for (size_t i = 0; i < sizeof about / sizeof *about; i++)
        fact_unknown(f, about[i], app, "kinesisanalytics:DescribeApplication", STR(""),
                     "what the application needs is not in evidence");
}

void facts_rights(struct fact *f, const struct rights *r)
{
    struct work w = {.f = f, .r = r, .c = r->comparison};
    lint(&w, r->trust);
    calls(&w);
    sight(&w);
    if (!r->comparison) {
        if (r->undescribed)
            unknown_needs(f, r->undescribed);
        return;
    }
    excess(&w);
    fact_unseen_users(f, "excess");
    if (r->effective->incomplete)
        fact_list(f, "missing"); /* what is not known may grant it */
    else
        missing(&w);
    unused(&w);
}
