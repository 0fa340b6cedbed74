/* From verdicts to what is said: places, excerpts, and copies of what reports show. */
#include "report/report.h"

#include "assess/looks.h"
#include "assess/waive.h"
#include "base/bits.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/threads.h"
#include "base/utf8.h"
#include "base/when.h"
#include "json/json.h"
#include "json/write.h"
#include "report/excerpts.h"
#include "report/rights.h"
#include "report/version.h"
#include "trail/trail.h"

#include <string.h>

enum {
    INDEX_FROM_BYTES = 1 << 12, /* larger documents get an index of their places */
    BLOCK_TESTS = 2048,
};

/* The places that most passes of a subject share: the majority vote of Boyer and Moore,
 * in one walk over the tests. */
struct vote {
    const struct spot *spots;
    uint32_t nspots, n;
};

struct build {
    struct assessment *as;
    struct report *r;
    struct text_index **indexes;  /* by document number; NULL for small ones */
    struct report_check **checks; /* by catalog number */
    struct vote *votes;           /* by subject number */
    unsigned threads;
    /* One for each worker: for what stays (and one more, see finish_or_cut), and for what
     * is needed until all places are known. */
    struct arena **arenas, **works;
};

/* Who a document is about: the first subject that has it as an exhibit, best as a whole.
 */
static void name_subjects(struct build *b)
{
    const struct model *m = b->as->model;
    for (int part = 0; part < 2; part++)
        for (size_t i = 0; i < m->n; i++)
            for (size_t j = 0; j < m->v[i]->exhibits.n; j++) {
                const struct exhibit *x = &m->v[i]->exhibits.v[j];
                struct str *subject = &b->r->evidence.v[x->doc->number].subject;
                if (!subject->n && (part || !x->pointer.n))
                    *subject = m->v[i]->arn;
            }
}

static void build_evidence(struct build *b, struct arena *a)
{
    const struct evidence *ev = b->as->model->evidence;
    struct report *r = b->r;
    struct digest *all = digest_begin();
    unsigned char digest[DIGEST_BYTES];
    r->evidence.n = ev->n;
    for (size_t i = 0; i < ev->n; i++) {
        const struct document *d = ev->v[i];
        r->evidence.v[i] = (struct report_evidence){
            .number = (uint32_t)i,
            .path = d->path,
            .sha256 = d->sha256,
            .kind = d->op ? str_from(d->op->kind) : STR(""),
            .account = d->account,
            .region = d->region,
            .size_bytes = d->size_bytes,
            .collected = d->collected,
            .state = document_state_name(d->state),
            .why = d->why,
            .why_code = d->why_code,
            .error_code = d->error_code,
            .partial = d->partial,
        };
        const struct str line[] = {d->sha256, STR("  "), d->path, STR("\n")};
        for (size_t k = 0; k < sizeof line / sizeof *line; k++)
            digest_add(all, line[k]);
    }
    digest_end(all, digest);
    r->evidence_sha256 = digest_digits(a, digest, sizeof digest);
    name_subjects(b);
}

static void build_references(struct arena *a, const struct catalog *c,
                             const struct reference *from, size_t n, void *list)
{
    REPORT_LIST(struct report_reference) *out = list;
    for (size_t i = 0; i < n; i++) {
        struct report_reference *to = vec_push(a, out);
        to->framework = from[i].framework;
        to->id = from[i].id;
        for (size_t j = 0; j < c->frameworks.n; j++)
            if (str_eq(c->frameworks.v[j].id, from[i].framework)) {
                to->title = c->frameworks.v[j].title;
                to->url = c->frameworks.v[j].url;
            }
    }
}

static void build_check(struct build *b, struct arena *a, const struct check *from,
                        struct report_check *to)
{
    *to = (struct report_check){
        .id = from->id,
        .title = from->title,
        .subject_type = str_from(from->subject),
        .expected = from->expected,
        .basis = from->basis,
        .basis_source = from->basis_source,
        .pass = from->pass,
        .prose = from->prose,
        .remedy = from->remedy,
        .severity = from->severity,
        .manual = from->manual,
    };
    build_references(a, b->as->catalog, from->references.v, from->references.n,
                     &to->references);
    b->checks[from->number] = to;
}

static void build_catalog(struct build *b, struct arena *a)
{
    const struct catalog *c = b->as->catalog;
    struct report *r = b->r;
    r->catalog =
        (struct report_catalog){c->id, c->version, c->title, c->source, c->sha256};
    r->controls.v = ARENA_ARRAY(a, struct report_control, c->controls.n + 1);
    r->controls.n = c->controls.n;
    for (size_t i = 0; i < c->controls.n; i++) {
        const struct control *from = c->controls.v[i];
        struct report_control *to = &r->controls.v[i];
        to->id = from->id;
        to->title = from->title;
        to->statement = from->statement;
        to->rationale = from->rationale;
        to->source = from->source;
        build_references(a, c, from->references.v, from->references.n, &to->references);
        to->checks.v = ARENA_ARRAY(a, struct report_check, from->checks.n + 1);
        to->checks.n = from->checks.n;
        for (size_t j = 0; j < from->checks.n; j++)
            build_check(b, a, from->checks.v[j], &to->checks.v[j]);
    }
    for (size_t i = 0; i < c->params.n; i++) {
        const struct param *from = c->params.entries[i].value;
        struct report_param *to = vec_push(a, &r->params);
        struct buf value = BUF_INIT, fallback = BUF_INIT;
        json_write(&value, from->value, false, false);
        json_write(&fallback, from->fallback, false, false);
        to->name = from->name;
        to->help = from->help;
        to->value = buf_dup(a, &value);
        to->fallback = buf_dup(a, &fallback);
        to->changed = !json_equal(from->value, from->fallback);
        buf_free(&value);
        buf_free(&fallback);
    }
}

static void build_waivers(struct build *b, struct arena *a)
{
    const struct waivers *w = b->as->waivers;
    if (w)
        b->r->waivers_sha256 = digest_hex(a, w->text->bytes);
    for (size_t i = 0; w && i < w->waivers.n; i++) {
        const struct waiver *from = &w->waivers.v[i];
        *vec_push(a, &b->r->waivers) = (struct report_waiver){
            .number = (uint32_t)i,
            .kind = "waiver",
            .id = from->check ? from->check->id : from->control->id,
            .subject = from->subject,
            .reason = from->reason,
            .by = from->approver,
            .until = from->until,
            .ticket = from->ticket,
            .expired = waiver_expired(from->ends, b->as->now),
        };
    }
    for (size_t i = 0; w && i < w->attestations.n; i++) {
        const struct attestation *from = &w->attestations.v[i];
        *vec_push(a, &b->r->waivers) = (struct report_waiver){
            .number = (uint32_t)(w->waivers.n + i),
            .kind = "attestation",
            .id = from->check->id,
            .subject = from->subject,
            .reason = from->statement,
            .by = from->by,
            .until = from->until,
            .document = from->document,
            .sha256 = from->sha256,
            .expired = waiver_expired(from->ends, b->as->now),
        };
    }
}

/* Trails do not stand in the application's own answer, yet it rests on them. */
static void link_trails(struct build *b, struct arena *a, const struct subject *from,
                        struct report_subject *to)
{
    const struct subject *trail;
    for (size_t i = 0; (trail = application_recorder(from, i)); i++)
        *vec_push(a, &to->links) =
            (struct report_link){STR("trail"), &b->r->subjects.v[trail->number]};
}

/* The links of the model; of an application also its trails, which stand there already,
 * and its account. */
static void build_links(struct build *b, struct arena *a, const struct subject *from,
                        const struct map *accounts, struct report_subject *to)
{
    const struct subject *account =
        strcmp(from->type, "application") == 0 ? map_get(accounts, from->account) : NULL;
    size_t n = from->links.n + to->links.n + (account != NULL);
    struct report_link *v = ARENA_ROOM(a, struct report_link, n), *at = v;
    for (size_t i = 0; i < from->links.n; i++)
        *at++ = (struct report_link){str_from(from->links.v[i].name),
                                     &b->r->subjects.v[from->links.v[i].to->number]};
    for (size_t i = 0; i < to->links.n; i++)
        *at++ = to->links.v[i];
    if (account)
        *at = (struct report_link){STR("account"), &b->r->subjects.v[account->number]};
    to->links.v = v;
    to->links.n = to->links.cap = n;
}

static void build_subjects(struct build *b, struct arena *a)
{
    struct map accounts = MAP_INIT; /* id -> its subject */
    const struct model *m = b->as->model;
    struct report *r = b->r;
    r->subjects.n = m->n;
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->v[i]->type, "account") == 0)
            *map_put(a, &accounts, m->v[i]->account) = m->v[i];
    for (size_t i = 0; i < m->n; i++) {
        const struct subject *from = m->v[i];
        struct report_subject *to = &r->subjects.v[i];
        to->arn = from->arn;
        to->type = str_from(from->type);
        to->name = from->name;
        to->account = from->account;
        to->region = from->region;
        to->foreign = from->foreign;
        to->listed_only = from->listed_only;
        build_links(b, a, from, &accounts, to);
    }
}

/* Before places in d are asked for. work: one of b->works. */
static void know_lines(struct build *b, struct arena *work, const struct document *d)
{
    if (d->text.bytes.n >= INDEX_FROM_BYTES && !b->indexes[d->number])
        b->indexes[d->number] = text_index_new(work, &d->text);
}

static struct report_spot spot_in(const struct build *b, const struct document *doc,
                                  struct str pointer, size_t pos)
{
    struct report_spot s = {.pointer = pointer};
    if (!doc)
        return s;
    s.evidence = &b->r->evidence.v[doc->number];
    if (!doc->text.bytes.n)
        return s;
    struct place p = b->indexes[doc->number]
                         ? text_index_place(b->indexes[doc->number], pos)
                         : text_place(&doc->text, pos);
    s.line = p.line;
    s.column = p.column;
    return s;
}

static struct report_spot spot_of_event(struct build *b, struct arena *work,
                                        const struct trail_event *e)
{
    know_lines(b, work, e->doc);
    return spot_in(b, e->doc, e->pointer,
                   json_pos(json_pointer(e->doc->root, e->pointer)));
}

static void build_calls(struct build *b, struct arena *a, struct arena *work,
                        const struct subject *s)
{
    for (size_t i = 0; s->events && i < s->events->list.n; i++) {
        const struct trail_event *e = s->events->list.v[i];
        *vec_push(a, &b->r->calls) = (struct report_call){
            .time = e->when,
            .who = e->who,
            .principal_type = e->principal_type,
            .credentials = str_from(e->credentials),
            .ip = e->ip,
            .event = e->name,
            .class = str_from(event_class_name(e->kind)),
            .outcome = e->outcome,
            .user_agent = e->agent,
            .application =
                strcmp(s->type, "application") == 0 ? &b->r->subjects.v[s->number] : NULL,
            .subject = &b->r->subjects.v[s->number],
            .spot = spot_of_event(b, work, e),
        };
    }
}

static void build_applications(struct build *b, struct arena *a, struct arena *work)
{
    const struct model *m = b->as->model;
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++)
        n += strcmp(m->v[i]->type, "application") == 0;
    b->r->applications.v = ARENA_ARRAY(a, struct report_application, n);
    b->r->applications.cap = n;
    for (size_t i = 0; i < m->n; i++) {
        const struct subject *s = m->v[i];
        if (strcmp(s->type, "application") != 0)
            continue;
        const struct brief *brief = application_brief(s);
        *vec_push(a, &b->r->applications) = (struct report_application){
            .subject = &b->r->subjects.v[i],
            .runtime = brief->runtime,
            .status = brief->status,
            .mode = brief->mode,
            .family = str_from(brief->family),
            .described = brief->described,
        };
        link_trails(b, a, s, &b->r->subjects.v[i]);
        build_calls(b, a, work, s);
    }
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->v[i]->type, "application") != 0 && m->v[i]->scope == SCOPE_IN)
            build_calls(b, a, work, m->v[i]);
    b->r->applications_listed = (uint32_t)b->r->applications.n;
}

/* Findings of one test are often mended by one command: said once. */
static struct str shared_command(const struct test *t)
{
    for (size_t i = 1; i < t->nfindings; i++)
        if (!str_eq(t->findings[i].command, t->findings[0].command))
            return STR("");
    return t->nfindings > 1 ? t->findings[0].command : STR("");
}

static bool same_spots(const struct vote *x, const struct test *y)
{
    bool same = x->nspots == y->nspots;
    for (size_t i = 0; same && x->spots != y->spots && i < x->nspots; i++)
        same = x->spots[i].doc == y->spots[i].doc &&
               str_eq(x->spots[i].pointer, y->spots[i].pointer);
    return same;
}

static void vote(struct build *b)
{
    for (size_t i = 0; i < b->as->n; i++) {
        const struct test *t = &b->as->tests[i];
        struct vote *v = &b->votes[t->subject->number];
        if (t->result != RESULT_PASS)
            continue;
        if (!v->n)
            *v = (struct vote){t->spots, t->nspots, 0};
        if (same_spots(v, t))
            v->n++;
        else
            v->n--;
    }
}

static struct report_spot *build_spots(const struct build *b, struct arena *a,
                                       const struct spot *from, size_t n)
{
    struct report_spot *v = ARENA_ROOM(a, struct report_spot, n);
    for (size_t i = 0; i < n; i++)
        v[i] = spot_in(b, from[i].doc, from[i].pointer, from[i].pos);
    return v;
}

static bool is_waived(const struct test *t)
{
    return t->disposition == DISPOSITION_WAIVED ||
           t->disposition == DISPOSITION_WAIVER_EXPIRED;
}

static void build_test(const struct build *b, struct arena *a, const struct test *from,
                       struct report_test *to)
{
    const struct vote *common = &b->votes[from->subject->number];
    *to = (struct report_test){
        .check = b->checks[from->check->number],
        .subject = &b->r->subjects.v[from->subject->number],
        .result = from->result,
        .reason = from->reason,
        .disposition = from->disposition,
        .basis = from->attested && from->result == RESULT_PASS ? BASIS_ATTESTED
                                                               : BASIS_EVIDENCE,
        .known_since =
            from->disposition == DISPOSITION_KNOWN ? from->known_since : WHEN_NONE,
        .message = from->message,
        .command = shared_command(from),
        .more_findings = from->more_findings,
    };
    if (is_waived(from))
        to->waiver = &b->r->waivers.v[from->waiver->number];
    if (from->attested)
        to->waiver =
            &b->r->waivers.v[b->as->waivers->waivers.n + from->attestation->number];
    to->findings.n = from->nfindings;
    if (from->nfindings)
        to->findings.v = ARENA_ROOM(a, struct report_finding, from->nfindings);
    for (size_t i = 0; i < from->nfindings; i++) {
        const struct finding *f = &from->findings[i];
        to->findings.v[i] = (struct report_finding){
            .message = f->message,
            .actual = f->actual,
            .expected = from->check->expected,
            .command = f->command,
            .kind = str_from(f->kind),
            .spot = spot_in(b, f->spot.doc, f->spot.pointer, f->spot.pos),
        };
    }
    to->spots.n = from->nspots;
    if (!from->nspots)
        return;
    if (from->result == RESULT_PASS && same_spots(common, from))
        to->spots.v = to->subject->spots.v;
    else
        to->spots.v = build_spots(b, a, from->spots, from->nspots);
}

static void build_common(void *ctx, size_t block, unsigned worker)
{
    struct build *b = ctx;
    size_t to = (block + 1) * BLOCK_TESTS;
    for (size_t i = block * BLOCK_TESTS; i < to && i < b->r->subjects.n; i++) {
        const struct vote *v = &b->votes[i];
        struct report_subject *s = &b->r->subjects.v[i];
        if (v->nspots)
            s->spots.v = build_spots(b, b->arenas[worker], v->spots, v->nspots);
        s->spots.n = v->nspots;
    }
}

static void build_block(void *ctx, size_t block, unsigned worker)
{
    struct build *b = ctx;
    size_t to = (block + 1) * BLOCK_TESTS;
    for (size_t i = block * BLOCK_TESTS; i < to && i < b->as->n; i++)
        build_test(b, b->arenas[worker], &b->as->tests[i], &b->r->tests.v[i]);
}

static size_t blocks_of(size_t n)
{
    return (n + BLOCK_TESTS - 1) / BLOCK_TESTS;
}

/* What needs the trees of the evidence, and little room. */
static void with_trees(void *ctx, size_t step, unsigned worker)
{
    struct build *b = ctx;
    if (step == 0)
        build_applications(b, b->arenas[worker], b->works[worker]);
    else
        report_build_proposals(b->arenas[worker], b->r, b->as, b->threads);
}

/* What needs none of the others; then, by number from here on, the lines of documents. */
enum { ACCESS, SUBJECTS, VOTE, EVIDENCE, CATALOG, DOCUMENTS };
static void without_trees(void *ctx, size_t step, unsigned worker)
{
    struct build *b = ctx;
    struct arena *a = b->arenas[worker];
    switch (step) {
    case ACCESS:
        report_build_access(a, b->r, b->as->model);
        break;
    case SUBJECTS:
        build_subjects(b, a);
        break;
    case VOTE:
        vote(b);
        break;
    case EVIDENCE:
        build_evidence(b, a);
        break;
    case CATALOG:
        build_catalog(b, a);
        build_waivers(b, a);
        break;
    default:
        know_lines(b, b->works[worker], b->as->model->evidence->v[step - DOCUMENTS]);
    }
}

static void list_checks(const struct build *b, struct arena *a, size_t document,
                        struct report_use *use)
{
    const struct looks *l = b->as->looks;
    const uint64_t *needed = looks_needed(l, document), *read = looks_read(l, document);
    for (size_t i = 0; i < b->as->catalog->checks.n; i++)
        if (bits_has(needed, i))
            *vec_push(a, &use->needed) = (struct report_looker){b->checks[i]};
        else if (bits_has(read, i))
            *vec_push(a, &use->facts) = (struct report_looker){b->checks[i]};
}

/* Files of one kind are mostly used for the same, which then stands once. */
static void build_uses(struct build *b, struct arena *a, struct arena *own)
{
    const struct model *m = b->as->model;
    const struct looks *l = b->as->looks;
    size_t row = l ? looks_words(l) * sizeof(uint64_t) : 0;
    char *key = ARENA_ARRAY(own, char, 2 * row + 2);
    struct map known = MAP_INIT; /* what they were used for -> its number */
    const uint32_t **of = ARENA_ARRAY(own, const uint32_t *, m->evidence->n + 1);
    for (size_t i = 0; i < m->evidence->n && l; i++) {
        const struct document *d = m->evidence->v[i];
        if (!document_state_usable(d->state))
            continue;
        bool names = reads_marked(&m->marks, READS_NAMES, d);
        bool shown = reads_marked(&m->marks, READS_REPORT, d) ||
                     reads_marked(&m->marks, READS_EVENTS, d) ||
                     reads_marked(&m->marks, READS_CHANGERS, d);
        memcpy(key, looks_needed(l, i), row);
        memcpy(key + row, looks_read(l, i), row);
        key[2 * row] = (char)names;
        key[2 * row + 1] = (char)shown;
        struct str use = {key, 2 * row + 2};
        of[i] = map_get(&known, use);
        if (!of[i]) {
            uint32_t *number = ARENA_NEW(own, uint32_t);
            *number = (uint32_t)b->r->uses.n;
            struct report_use *new = vec_push(a, &b->r->uses);
            *new = (struct report_use){.number = *number, .names = names, .shown = shown};
            list_checks(b, a, i, new);
            *map_put(own, &known, str_dup(own, use)) = number;
            of[i] = number;
        }
    }
    for (size_t i = 0; i < m->evidence->n; i++)
        b->r->evidence.v[i].use = of[i] ? &b->r->uses.v[*of[i]] : NULL;
}

/* Neither looks at what the other fills in: each has arenas of its own. */
static void finish_or_cut(void *ctx, size_t step, unsigned worker)
{
    struct build *b = ctx;
    (void)worker;
    if (step == 0)
        report_finish(b->arenas[b->threads], b->r, b->threads);
    else
        excerpts_build(b->arenas, b->threads, b->as, b->r);
}

struct report *report_build(struct arena *a, struct assessment *as, unsigned threads)
{
    struct report *r = ARENA_NEW(a, struct report);
    struct arena *own = arena_new();
    size_t documents = as->model->evidence->n;
    if (!threads)
        threads = threads_available();
    struct build b = {
        .as = as,
        .r = r,
        .indexes = ARENA_ARRAY(own, struct text_index *, documents + 1),
        .checks = ARENA_ARRAY(a, struct report_check *, as->catalog->checks.n + 1),
        .votes = ARENA_ARRAY(own, struct vote, as->model->n + 1),
        .threads = threads,
        .arenas = arena_new_workers(a, threads + 1),
        .works = arena_new_workers(own, threads),
    };
    r->format = REPORT_FORMAT;
    r->version = STR(KDAUDIT_VERSION);
    r->as_of = as->now;
    r->subjects.v = ARENA_ARRAY(a, struct report_subject, as->model->n + 1);
    r->evidence.v = ARENA_ROOM(a, struct report_evidence, documents);
    threads_for(2, threads, with_trees, &b);
    /* With them gone there is enough room for the rest. */
    model_forget(as->model);
    threads_for(DOCUMENTS + documents, threads, without_trees, &b);
    build_uses(&b, a, own);
    r->tests.v = ARENA_ROOM(a, struct report_test, as->n);
    r->tests.n = as->n;
    threads_for(blocks_of(r->subjects.n), threads, build_common, &b);
    threads_for(blocks_of(as->n), threads, build_block, &b);
    threads_for(2, threads, finish_or_cut, &b);
    arena_free(own);
    assess_forget(as);
    return r;
}
