/* Judge one check on one subject. The order of the questions is the meaning of the
 * results; controls/README.md tells it to who writes checks:
 *   1. applies selects nothing: not-applicable, when that is known (below)
 *   2. manual: a person has to judge
 *   3. needed evidence is stale: unknown, whatever it says
 *   4. forbid selects something: fail, even when other evidence is missing
 *   5. needed evidence is missing, denied, not whole: unknown
 *   6. a fact that the query looks at is not there or could not be decided, or undecided
 *      selects something: unknown
 *   7. require selects nothing: fail; but unknown when a fact that `at` looks at is not
 *      there or could not be decided
 *   8. pass */
#include "assess/judge.h"

#include "json/json.h"

#include <string.h>

static struct finding *add_finding(struct bench *b, struct test *t)
{
    if (t->nfindings == TEST_MAX_FINDINGS) {
        t->more_findings++;
        return NULL;
    }
    if (!b->findings)
        b->findings = ARENA_ARRAY(b->keep, struct finding, TEST_MAX_FINDINGS);
    t->findings = b->findings;
    t->findings[t->nfindings] = (struct finding){0};
    return &t->findings[t->nfindings++];
}

/* They are gathered on the bench: how many there will be is not known before. */
static void keep_findings(struct bench *b, struct test *t)
{
    if (!t->nfindings)
        return;
    t->findings = ARENA_ARRAY(b->rows, struct finding, t->nfindings);
    memcpy(t->findings, b->findings, t->nfindings * sizeof *t->findings);
}

struct str assess_sum_up(struct arena *a, struct str first, uint32_t more)
{
    return more ? str_fmt(a, "%.*s (and %u more)", STR_ARG(first), more) : first;
}

static void sum_up(struct bench *b, struct test *t)
{
    t->message = assess_sum_up(b->keep, t->findings[0].message,
                               t->nfindings - 1 + t->more_findings);
}

static void set_error(struct bench *b, struct hearing *h, const struct check *c,
                      struct test *t)
{
    t->result = RESULT_ERROR;
    t->reason = REASON_NONE;
    t->message = STR("The check broke: a query went past a limit.");
    diag_at(b->dx, &ASS_LIMIT, c->origin, "%.*s on %.*s", STR_ARG(c->id),
            STR_ARG(h->s->arn));
}

/* ---- unknown ---- */

struct lacks {
    struct proof_need v[16];
    const struct check_need *need[16];
    size_t n;
    struct proof *met[16]; /* of the needs that lack nothing */
    size_t nmet;
    bool stale;
};

static void find_lacks(struct bench *b, struct hearing *h, const struct check *c,
                       struct lacks *out)
{
    out->n = out->nmet = 0;
    out->stale = false;
    for (size_t i = 0; i < c->needs.n && out->n < 16; i++) {
        const struct check_need *need = &c->needs.v[i];
        struct proof_need p = proof_need(b, h, need);
        bool absent = p.reason == REASON_ABSENT || p.reason == REASON_FOREIGN;
        if (p.reason == REASON_NONE && out->nmet < 16)
            out->met[out->nmet++] = p.proof;
        if (p.reason == REASON_NONE || (need->optional && absent))
            continue;
        out->stale |= p.reason == REASON_STALE;
        out->need[out->n] = need;
        out->v[out->n++] = p;
    }
}

static void say_lacks(struct bench *b, struct hearing *h, const struct lacks *l,
                      struct test *t)
{
    for (size_t i = 0; i < l->n; i++) {
        struct finding *f = add_finding(b, t);
        if (!f)
            return;
        const struct proof_need *p = &l->v[i];
        f->message = proof_says(b, h, l->need[i], p);
        f->kind = p->proof->kind;
        f->about = h->s->arn;
        f->reason = p->reason;
        f->spot = spot_of_proof(p->proof);
        f->command = proof_command(b, h, p->proof);
    }
}

static enum reason reason_read(struct str name)
{
    for (int r = REASON_ABSENT; r <= REASON_UNDECIDED; r++)
        if (str_eq(str_from(reason_name((enum reason)r)), name))
            return (enum reason)r;
    return REASON_UNDECIDED;
}

/* What is said of one thing that could not be decided: an item of facts.unknown says why
 * and what would settle it; of anything else only the check's words are known. */
static struct finding doubt_of(struct bench *b, struct hearing *h, const struct check *c,
                               const struct path_node *n)
{
    const struct json *item = n->node;
    struct str what = json_str(json_get(item, STR("what")));
    struct str kind = json_str(json_get(item, STR("kind")));
    const struct operation *op = kind.n ? operation_of_kind(kind) : NULL;
    struct finding f = {
        .message = words_keep(b, what),
        .kind = op ? op->kind : NULL,
        .about = words_keep(b, json_str(json_get(item, STR("subject")))),
        .reason = REASON_UNDECIDED,
        .spot =
            n->step ? spot_of_node(b, h, n) : spot_of_at(b, h, json_get(item, STR("at"))),
        .command = words_keep(b, json_str(json_get(item, STR("command")))),
    };
    if (what.n) {
        f.reason = reason_read(json_str(json_get(item, STR("reason"))));
        return f;
    }
    f.message = str_fmt(b->keep, "The evidence does not tell whether this holds: %.*s.",
                        STR_ARG(c->title));
    f.actual = words_actual(b, c, n);
    return f;
}

static void say_doubt(struct bench *b, struct test *t, const struct finding *said)
{
    if (t->reason == REASON_NONE)
        t->reason = said->reason;
    struct finding *f = add_finding(b, t);
    if (f)
        *f = *said;
}

/* Items of facts.unknown about some of these facts. */
static bool doubts(struct bench *b, struct hearing *h, const struct check *c,
                   const struct str *names, size_t n, struct test *t)
{
    bool any = false;
    for (size_t i = 0; i < h->unknown.n; i++) {
        struct unknown *d = &h->unknown.v[i];
        if (!str_is_among(d->about, names, n))
            continue;
        any = true;
        if (!d->said)
            d->finding = doubt_of(b, h, c, &(struct path_node){.node = d->item});
        d->said = !d->finding.actual.n; /* else it is in the check's words */
        say_doubt(b, t, &d->finding);
    }
    return any;
}

static void end_unknown(struct bench *b, const struct lacks *l, struct test *t)
{
    t->result = RESULT_UNKNOWN;
    if (l->n && t->nfindings)
        t->reason = l->v[0].reason;
    sum_up(b, t);
}

/* ---- not applicable, manual, pass ---- */

static struct str title_says(struct bench *b, const struct check *c, const char *rest)
{
    return str_fmt(b->keep, "%.*s%s", STR_ARG(c->title), rest);
}

static void add_spot(struct test *t, struct spot *room, struct spot s)
{
    for (uint32_t i = 0; i < t->nspots; i++)
        if (room[i].doc == s.doc && str_eq(room[i].pointer, s.pointer))
            return;
    if (s.doc && t->nspots < TEST_MAX_SPOTS)
        room[t->nspots++] = s;
}

/* What a pass rests on: what `at` or require selected, else the evidence it needed. */
static void pass_spots(struct bench *b, struct hearing *h, const struct check *c,
                       const struct lacks *l, struct test *t)
{
    struct spot room[TEST_MAX_SPOTS] = {{0}};
    const struct path *p = c->at ? c->at : c->require;
    struct path_nodes nodes = {0};
    if (p && path_run(p, h->view, &h->env, &nodes))
        for (size_t i = 0; i < nodes.n && t->nspots < TEST_MAX_SPOTS; i++)
            add_spot(t, room, spot_of_node(b, h, &nodes.v[i]));
    for (size_t i = 0; i < l->nmet && !nodes.n; i++)
        add_spot(t, room, spot_of_proof(l->met[i]));
    size_t bytes = t->nspots * sizeof *room;
    if (bytes && (t->nspots != h->nspots || memcmp(room, h->spots, bytes) != 0)) {
        h->spots = ARENA_ARRAY(b->rows, struct spot, t->nspots);
        h->nspots = t->nspots;
        memcpy(h->spots, room, bytes);
    }
    t->spots = bytes ? h->spots : NULL;
}

enum { PLAIN_BYTES = 500 }; /* longer names make a sentence that has to be cut */

static void end_pass(struct bench *b, struct hearing *h, const struct check *c,
                     const struct lacks *l, struct test *t)
{
    t->result = RESULT_PASS;
    pass_spots(b, h, c, l, t);
    /* Most passes say what their check says of every subject: not kept here. */
    if (c->pass_plain && h->s->arn.n + h->s->name.n < PLAIN_BYTES)
        return;
    if (c->pass_message)
        t->message = words_say(b, h, c, c->pass_message, NULL, false);
    if (!t->message.n)
        t->message = c->expected;
}

/* ---- fail ---- */

static void say_fail(struct bench *b, struct hearing *h, const struct check *c,
                     struct test *t, const struct path_node *n, const struct spot *at)
{
    struct finding *f = add_finding(b, t);
    if (!f)
        return;
    const struct json *node = n ? n->node : NULL;
    f->message = words_say(b, h, c, c->message, node, false);
    if (!f->message.n)
        f->message = title_says(b, c, ": this does not hold.");
    if (c->command)
        f->command = words_command(b, h, c, node);
    if (n) {
        f->actual = words_actual(b, c, n);
        f->spot = spot_of_node(b, h, n);
    }
    if (at && at->doc)
        f->spot = *at;
    for (size_t i = 0; i < c->needs.n && !f->spot.doc; i++)
        f->spot = spot_of_proof(proof_of(b, h, &c->needs.v[i], 0));
}

static void fail_forbidden(struct bench *b, struct hearing *h, const struct check *c,
                           struct test *t, const struct path_nodes *nodes)
{
    struct path_nodes at = {0};
    struct spot spot = {0};
    if (c->at && path_run(c->at, h->view, &h->env, &at) && at.n)
        spot = spot_of_node(b, h, &at.v[0]);
    t->result = RESULT_FAIL;
    for (size_t i = 0; i < nodes->n; i++) {
        if (i < TEST_MAX_FINDINGS)
            say_fail(b, h, c, t, &nodes->v[i], &spot);
        else
            t->more_findings++;
    }
    sum_up(b, t);
}

static void fail_required(struct bench *b, struct hearing *h, const struct check *c,
                          struct test *t)
{
    struct path_nodes at = {0};
    t->result = RESULT_FAIL;
    if (c->at)
        path_run(c->at, h->view, &h->env, &at);
    say_fail(b, h, c, t, at.n ? &at.v[0] : NULL, NULL);
    sum_up(b, t);
}

/* ---- the order ---- */

/* applies selects nothing. Is that known? It is when applies looks only at what others'
 * evidence says of the subject, or at facts that the model could decide: an object or a
 * scalar is there only then; a list may be empty for want of evidence. */
static bool applies_decided(const struct hearing *h, const struct check *c)
{
    if (c->applies_elsewhere)
        return true;
    for (size_t i = 0; i < c->applies_facts.n; i++) {
        const struct json *fact = json_get(h->facts, c->applies_facts.v[i]);
        if (!fact || json_is(fact, JSON_ARRAY))
            return false;
    }
    return c->applies_facts.n > 0;
}

/* Say what this test looked at, for the list of evidence: the facts that applies names,
 * or all; */
static void note_facts(struct bench *b, const struct check *c, bool all)
{
    if (b->looks)
        looks_facts(b->looks, c, all);
}

/* and what meets its needs. */
static void note_needs(struct bench *b, const struct check *c, const struct lacks *l)
{
    for (size_t i = 0; b->looks && i < l->nmet; i++) {
        const struct proof *p = l->met[i];
        if (!p->all)
            looks_need(b->looks, c, p->exhibit->doc);
        for (size_t k = 0; p->all && k < p->n; k++)
            looks_need(b->looks, c, p->first[k].doc);
    }
}

/* Most tests end here: what they need is looked for only where it matters. */
static void not_applied(struct bench *b, struct hearing *h, const struct check *c,
                        struct test *t)
{
    struct lacks lacks;
    bool decided = applies_decided(h, c);
    lacks.n = 0;
    note_facts(b, c, false);
    if (!decided) {
        find_lacks(b, h, c, &lacks);
        note_needs(b, c, &lacks);
        say_lacks(b, h, &lacks, t);
    }
    if (doubts(b, h, c, c->applies_facts.v, c->applies_facts.n, t) && decided)
        find_lacks(b, h, c, &lacks);
    if (t->nfindings) {
        end_unknown(b, &lacks, t);
        return;
    }
    t->result = RESULT_NOT_APPLICABLE;
    t->message = STR(ASSESS_NOT_APPLICABLE);
}

/* A fact that the query looks at is not there at all: the model had nothing to compute it
 * from. An empty list would be there. */
static bool lacks_fact(struct bench *b, struct hearing *h, const struct str *names,
                       size_t n, struct test *t)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        struct str name = names[i];
        if (json_get(h->facts, name) || str_eq(name, STR("unknown")))
            continue;
        any = true;
        t->reason = t->reason == REASON_NONE ? REASON_UNDECIDED : t->reason;
        struct finding *f = add_finding(b, t);
        if (!f)
            break;
        f->message = str_fmt(b->keep, "The evidence says nothing about %.*s of %.*s.",
                             STR_ARG(name), STR_ARG(h->s->name));
    }
    return any;
}

/* Facts that could not be decided, or are not there. */
static bool unsure(struct bench *b, struct hearing *h, const struct check *c,
                   const struct str *names, size_t n, struct test *t)
{
    return doubts(b, h, c, names, n, t) || lacks_fact(b, h, names, n, t);
}

/* Whether something undecided stands against a pass. False in *ok: a limit was hit. */
static bool undecided(struct bench *b, struct hearing *h, const struct check *c,
                      struct test *t, bool *ok)
{
    bool any = unsure(b, h, c, c->facts.v, c->facts.n, t);
    if (!c->undecided)
        return any;
    struct path_nodes nodes = {0};
    bool found;
    *ok = path_test(c->undecided, h->view, &h->env, &found);
    if (found)
        *ok = path_run(c->undecided, h->view, &h->env, &nodes);
    /* The model may say more on why than the node itself does. */
    if (nodes.n && !any && doubts(b, h, c, c->at_facts.v, c->at_facts.n, t))
        return true;
    for (size_t i = 0; i < nodes.n; i++) {
        struct finding said = doubt_of(b, h, c, &nodes.v[i]);
        say_doubt(b, t, &said);
    }
    return any || nodes.n;
}

/* Nothing that must be there is: is it missing, or not known? A check with a query for
 * what is undecided has said so there; a doubt about some other side of the fact is none.
 */
static bool open_at(struct bench *b, struct hearing *h, const struct check *c,
                    struct test *t)
{
    return (!c->undecided && doubts(b, h, c, c->at_facts.v, c->at_facts.n, t)) ||
           lacks_fact(b, h, c->at_facts.v, c->at_facts.n, t);
}

/* forbid: true when the test is decided by it. */
static bool forbidden(struct bench *b, struct hearing *h, const struct check *c,
                      struct test *t)
{
    struct path_nodes nodes = {0};
    if (!c->forbid)
        return false;
    if (!path_run(c->forbid, h->view, &h->env, &nodes)) {
        set_error(b, h, c, t);
        return true;
    }
    if (nodes.n)
        fail_forbidden(b, h, c, t, &nodes);
    return nodes.n > 0;
}

static void decide(struct bench *b, struct hearing *h, const struct check *c,
                   struct test *t)
{
    struct lacks lacks;
    bool found = true, ok = true;
    if (c->applies && !path_test(c->applies, h->view, &h->env, &found)) {
        set_error(b, h, c, t);
        return;
    }
    if (!found) {
        not_applied(b, h, c, t);
        return;
    }
    note_facts(b, c, !c->manual);
    if (c->manual) {
        t->result = RESULT_MANUAL;
        t->message = title_says(b, c, ASSESS_MANUAL);
        return;
    }
    find_lacks(b, h, c, &lacks);
    note_needs(b, c, &lacks);
    if (!lacks.stale && forbidden(b, h, c, t))
        return;
    if (lacks.n) {
        say_lacks(b, h, &lacks, t);
        end_unknown(b, &lacks, t);
        return;
    }
    if (undecided(b, h, c, t, &ok)) {
        end_unknown(b, &lacks, t);
        return;
    }
    if (ok && c->require)
        ok = path_test(c->require, h->view, &h->env, &found);
    if (!ok)
        set_error(b, h, c, t);
    else if (c->require && !found && open_at(b, h, c, t))
        end_unknown(b, &lacks, t);
    else if (c->require && !found)
        fail_required(b, h, c, t);
    else
        end_pass(b, h, c, &lacks, t);
}

void judge(struct bench *b, struct hearing *h, const struct check *c, struct test *t)
{
    decide(b, h, c, t);
    keep_findings(b, t);
}
