/* Judge every check on every subject of its type, by several threads; what comes out does
 * not depend on how many. */
#include "assess/assess.h"

#include "assess/judge.h"
#include "base/diag.h"
#include "base/threads.h"
#include "catalog/pass.h"
#include "json/json.h"

#include <string.h>

static const char *const results[] = {"pass",   "fail",           "unknown",
                                      "manual", "not-applicable", "error"};
static const char *const reasons[] = {"none",  "absent",  "denied",  "truncated",
                                      "stale", "invalid", "foreign", "undecided"};
static const char *const dispositions[] = {"open", "waived", "waiver-expired", "known"};

const char *result_name(enum result r)
{
    return results[r];
}

const char *reason_name(enum reason r)
{
    return reasons[r];
}

const char *disposition_name(enum disposition d)
{
    return dispositions[d];
}

bool disposition_accepts(enum disposition d)
{
    return d == DISPOSITION_WAIVED || d == DISPOSITION_KNOWN;
}

struct str assess_message(struct arena *a, const struct test *t)
{
    const struct subject *s = t->subject;
    struct pass_names of = {s->name, s->account, s->region, s->arn};
    return t->message.n || t->result != RESULT_PASS ? t->message
                                                    : pass_says(a, t->check->pass, &of);
}

/* The subjects of one type that are, or may be, in scope, and the checks that look at
 * them. */
struct group {
    const char *type;
    VEC(const struct subject *) subjects;
    VEC(const struct check *) checks;
};

enum { BATCH_MAX = 16, WORKERS_MAX = 64 };

struct batch {
    const struct group *group;
    size_t from, to; /* subjects of the group */
};

struct job {
    struct arena *a, *rows;
    const struct model *m;
    const struct catalog *c;
    struct test *tests;
    size_t *first_test; /* by check number */
    VEC(struct group) groups;
    VEC(struct batch) batches;
    struct diag **dx;              /* by batch: merged in their order */
    const struct looks_jobs *jobs; /* NULL: nobody asks what checks look at */
    struct bench benches[WORKERS_MAX];
};

static void hear(struct bench *b, struct hearing *h, const struct subject *s,
                 const struct json *view)
{
    h->s = s;
    h->view = view;
    h->facts = json_get(view, STR("facts"));
    h->unknown.v = NULL;
    h->unknown.n = h->unknown.cap = 0;
    for (const struct json *i = json_first(json_get(h->facts, STR("unknown"))); i;
         i = json_next(i))
        *vec_push(b->scratch, &h->unknown) =
            (struct unknown){.item = i, .about = json_str(json_get(i, STR("about")))};
    h->env = (struct path_env){b->scratch, &b->query,
                               path_known_new(b->scratch, b->catalog->queries)};
    h->proofs = proofs_new(b);
    h->nspots = 0;
    h->commands = NULL;
}

static void work(void *ctx, size_t item, unsigned worker)
{
    struct job *j = ctx;
    struct bench *b = &j->benches[worker];
    const struct batch *batch = &j->batches.v[item];
    struct hearing h;
    if (!b->keep) {
        b->keep = arena_new();
        b->rows = arena_new();
        b->scratch = arena_new();
        b->m = j->m;
        b->catalog = j->c;
        b->query = (struct query_ctx){j->c, j->m->now};
        if (j->jobs)
            b->looks = looks_new(b->keep, j->m, j->jobs);
    }
    b->dx = j->dx[item] = diag_new(b->keep);
    for (size_t i = batch->from; i < batch->to; i++) {
        const struct subject *s = batch->group->subjects.v[i];
        arena_rewind(b->scratch);
        hear(b, &h, s, subject_view_read(b->scratch, s, looks_reads(b->looks)));
        for (size_t k = 0; k < batch->group->checks.n; k++) {
            const struct check *c = batch->group->checks.v[k];
            /* First written here: the system clears its memory on all threads then. */
            struct test *t = &j->tests[j->first_test[c->number] + i];
            t->check = c;
            t->subject = s;
            judge(b, &h, c, t);
        }
        if (b->looks)
            looks_next(b->looks);
    }
}

static void group_subjects(struct job *j)
{
    const struct model *m = j->m;
    struct group *g = NULL;
    for (size_t i = 0; i < m->n; i++) {
        const struct subject *s = m->v[i];
        if (!g || strcmp(g->type, s->type) != 0) {
            g = vec_push(j->a, &j->groups);
            *g = (struct group){.type = s->type};
        }
        if (s->scope != SCOPE_OUT)
            *vec_push(j->a, &g->subjects) = s;
    }
}

/* Places of all tests, in order of checks, then subjects. */
static size_t lay_out(struct job *j, unsigned threads)
{
    size_t n = 0, batch = threads_batch(j->m->n, threads, BATCH_MAX);
    for (size_t i = 0; i < j->c->checks.n; i++) {
        const struct check *c = j->c->checks.v[i];
        j->first_test[i] = n;
        for (size_t k = 0; k < j->groups.n; k++) {
            struct group *g = &j->groups.v[k];
            if (strcmp(g->type, c->subject) != 0)
                continue;
            *vec_push(j->a, &g->checks) = c;
            n += g->subjects.n;
        }
    }
    j->tests = ARENA_ARRAY(j->rows, struct test, n);
    for (size_t k = 0; k < j->groups.n; k++) {
        const struct group *g = &j->groups.v[k];
        size_t count = g->checks.n ? g->subjects.n : 0;
        for (size_t s = 0; s < count; s += batch)
            *vec_push(j->a, &j->batches) =
                (struct batch){g, s, s + batch < count ? s + batch : count};
    }
    return n;
}

/* What all workers noted, in one; NULL when there was nothing to judge. */
static const struct looks *add_up(struct job *j)
{
    struct looks *sum = NULL;
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        struct looks *l = j->benches[i].looks;
        if (sum && l)
            looks_add(sum, l);
        sum = sum ? sum : l;
    }
    if (sum)
        looks_finish(sum);
    return sum;
}

struct assessment *assess(struct arena *a, const struct model *m, const struct catalog *c,
                          unsigned threads, struct diag *dx)
{
    struct job *j = ARENA_NEW(a, struct job);
    *j = (struct job){.a = a, .rows = arena_new(), .m = m, .c = c};
    arena_adopt(a, j->rows);
    j->first_test = ARENA_ARRAY(a, size_t, c->checks.n);
    if (m->marks.of)
        j->jobs = looks_jobs(a, c);
    group_subjects(j);
    size_t n = lay_out(j, threads);
    j->dx = ARENA_ARRAY(a, struct diag *, j->batches.n);
    threads_for(j->batches.n, threads, work, j);
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        struct bench *b = &j->benches[i];
        arena_free(b->scratch);
        buf_free(&b->buf);
        buf_free(&b->value);
        if (!b->keep)
            continue;
        arena_adopt(a, b->keep);
        arena_adopt(j->rows, b->rows);
    }
    for (size_t i = 0; i < j->batches.n; i++)
        diag_merge(dx, j->dx[i]);
    struct assessment *as = ARENA_NEW(a, struct assessment);
    *as = (struct assessment){
        .model = m, .catalog = c, .tests = j->tests, .n = n, .now = m->now};
    as->rows = j->rows;
    as->looks = add_up(j);
    return as;
}

void assess_forget(struct assessment *as)
{
    as->tests = NULL;
    as->n = 0;
    arena_clear(as->rows);
}

struct test assess_one(struct arena *a, const struct model *m, const struct catalog *c,
                       const struct check *check, const struct subject *s,
                       const struct json *view, int64_t now, struct diag *dx)
{
    struct bench b = {.m = m,
                      .catalog = c,
                      .query = {c, now},
                      .keep = a,
                      .rows = a,
                      .scratch = arena_new(),
                      .dx = dx};
    struct hearing h;
    struct test t = {.check = check, .subject = s};
    hear(&b, &h, s, view);
    judge(&b, &h, check, &t);
    arena_free(b.scratch);
    buf_free(&b.buf);
    buf_free(&b.value);
    return t;
}
