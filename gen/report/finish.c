/* Everything about a report that follows from its stored part: counts, lists, order. */
#include "report/derive.h"
#include "report/rights.h"
#include "report/tally.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

enum { CLOSURE_DEPTH = 5, USED_FOR_MAX = 12 };

enum { RANKS = 7, SEVERITIES = SEVERITY_CRITICAL + 1, ORDERS = RANKS * SEVERITIES };

static size_t order_of(const struct report_test *t)
{
    size_t rank = (size_t)report_rank(t->result, t->disposition);
    return rank * SEVERITIES + (size_t)(SEVERITY_CRITICAL - (int)t->check->severity);
}

/* The same for tests that already stand in the order of checks and subjects: there may be
 * hundreds of thousands. */
static void sort_counted(struct report_test **v, size_t n)
{
    size_t start[ORDERS] = {0}, at = 0;
    struct report_test **from = mem_alloc(n * sizeof(struct report_test *));
    for (size_t i = 0; i < n; i++) {
        from[i] = v[i];
        start[order_of(v[i])]++;
    }
    for (size_t k = 0; k < ORDERS; k++) {
        size_t many = start[k];
        start[k] = at;
        at += many;
    }
    for (size_t i = 0; i < n; i++)
        v[start[order_of(from[i])]++] = from[i];
    free(from);
}

/* By account, region, ARN. */
static int by_place(const void *x, const void *y)
{
    const struct report_subject *a = *(struct report_subject *const *)x;
    const struct report_subject *b = *(struct report_subject *const *)y;
    int c = str_cmp(a->account, b->account);
    if (!c)
        c = str_cmp(a->region, b->region);
    return c ? c : str_cmp(a->arn, b->arn);
}

static void index_checks(struct arena *a, struct report *r)
{
    for (size_t i = 0; i < r->controls.n; i++) {
        struct report_control *control = &r->controls.v[i];
        control->number = (uint32_t)i;
        for (size_t j = 0; j < control->checks.n; j++) {
            struct report_check *check = &control->checks.v[j];
            check->control = control;
            check->number = (uint32_t)r->checks.n;
            *vec_push(a, &r->checks) = check;
        }
    }
}

static size_t at_most(size_t n, size_t limit)
{
    return n < limit ? n : limit;
}

/* Room for the n items that a list was counted to have. */
#define MAKE_ROOM(a, list)                                                               \
    ((list).v = arena_array((a), (list).n, sizeof *(list).v), (list).cap = (list).n,     \
     (list).n = 0)

void report_hand_tests(struct arena *a, struct report *r)
{
    for (size_t i = 0; i < r->subjects.n; i++)
        r->subjects.v[i].tests.n = 0;
    for (size_t i = 0; i < r->tests.n; i++)
        ((struct report_subject *)r->tests.v[i].subject)->tests.n++;
    for (size_t i = 0; i < r->subjects.n; i++)
        MAKE_ROOM(a, r->subjects.v[i].tests);
    for (size_t i = 0; i < r->tests.n; i++) {
        struct report_subject *s = (struct report_subject *)r->tests.v[i].subject;
        s->tests.v[s->tests.n++] = &r->tests.v[i];
    }
}

static void make_room(struct arena *a, struct report *r)
{
    for (size_t i = 0; i < r->tests.n; i++) {
        const struct report_test *t = &r->tests.v[i];
        struct report_check *check = (struct report_check *)t->check;
        bool open = report_open(t);
        check->tests.n++;
        check->attention.n += open;
        check->quiet.n += !open;
        r->attention.n += open;
        r->accepted_tests.n += disposition_accepts(t->disposition);
    }
    MAKE_ROOM(a, r->attention);
    MAKE_ROOM(a, r->accepted_tests);
    for (size_t i = 0; i < r->checks.n; i++) {
        MAKE_ROOM(a, r->checks.v[i]->tests);
        MAKE_ROOM(a, r->checks.v[i]->attention);
        MAKE_ROOM(a, r->checks.v[i]->quiet);
    }
}

/* All tests of a check, and its quiet ones, stand by place: so they come from the
 * subjects in that order. */
static void index_places(struct report *r)
{
    size_t n = r->subjects.n;
    struct report_subject **places = mem_alloc(n * sizeof(struct report_subject *));
    for (size_t i = 0; i < n; i++)
        places[i] = &r->subjects.v[i];
    if (n > 1)
        qsort(places, n, sizeof(struct report_subject *), by_place);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < places[i]->tests.n; j++) {
            struct report_test *t = places[i]->tests.v[j];
            struct report_check *check = (struct report_check *)t->check;
            check->tests.v[check->tests.n++] = t;
            if (!report_open(t))
                check->quiet.v[check->quiet.n++] = t;
        }
    free(places);
}

static void index_tests(struct arena *a, struct report *r)
{
    report_hand_tests(a, r);
    make_room(a, r);
    for (size_t i = 0; i < r->tests.n; i++) {
        struct report_test *t = &r->tests.v[i];
        struct report_check *check = (struct report_check *)t->check;
        if (t->waiver)
            ((struct report_waiver *)t->waiver)->used++;
        if (disposition_accepts(t->disposition))
            r->accepted_tests.v[r->accepted_tests.n++] = t;
        if (!report_open(t))
            continue;
        check->attention.v[check->attention.n++] = t;
        r->attention.v[r->attention.n++] = t;
    }
    index_places(r);
    sort_counted(r->attention.v, r->attention.n);
    sort_counted(r->accepted_tests.v, r->accepted_tests.n);
    r->accepted_top.v = r->accepted_tests.v;
    r->accepted_top.n = at_most(r->accepted_tests.n, REPORT_TOP);
    r->attention_top.v = r->attention.v;
    r->attention_top.n = at_most(r->attention.n, REPORT_TOP);
    r->attention_more = (uint32_t)(r->attention.n - r->attention_top.n);
}

/* Names that stand for two resources of one type in one place must give way to ARNs. */
static void mark_ambiguous(struct report *r)
{
    struct arena *own = arena_new();
    struct map seen = MAP_INIT;
    for (size_t i = 0; i < r->subjects.n; i++) {
        struct report_subject *s = &r->subjects.v[i];
        struct str key = STR_CAT(own, s->type, STR(" "), s->account, STR(" "), s->region,
                                 STR(" "), s->name);
        void **first = map_put(own, &seen, key);
        if (*first)
            s->ambiguous = ((struct report_subject *)*first)->ambiguous = true;
        else
            *first = s;
    }
    arena_free(own);
}

/* What a resource shows of one control. */
struct part {
    uint32_t control;
    struct tally tally;
};

/* The parts of all resources, one after the other: the tests of a resource lie far apart,
 * so they are looked at once. */
struct parts {
    struct arena *own;
    struct part *v;
    size_t *first; /* by number of the resource, and the end */
};

static struct parts part_subjects(struct report *r)
{
    struct parts p = {.own = arena_new()};
    size_t n = 0;
    for (size_t i = 0; i < r->subjects.n; i++)
        n += at_most(r->subjects.v[i].tests.n, r->controls.n);
    p.v = ARENA_ARRAY(p.own, struct part, n + 1);
    p.first = ARENA_ARRAY(p.own, size_t, r->subjects.n + 1);
    n = 0;
    for (size_t i = 0; i < r->subjects.n; i++) {
        const struct report_subject *s = &r->subjects.v[i];
        p.first[i] = n;
        for (size_t j = 0; j < s->tests.n; j++) {
            const struct report_test *t = s->tests.v[j];
            uint32_t control = t->check->control->number;
            if (n == p.first[i] || p.v[n - 1].control != control)
                p.v[n++].control = control;
            tally_test(&p.v[n - 1].tally, t);
        }
    }
    p.first[r->subjects.n] = n;
    return p;
}

static void count_check(struct report_check *check, struct tally *control)
{
    struct tally sum = {0};
    for (size_t k = 0; k < check->tests.n; k++)
        tally_test(&sum, check->tests.v[k]);
    check->counts = tally_counts(&sum);
    tally_add(control, &sum);
    sort_counted(check->attention.v, check->attention.n);
    check->first_attention.v = check->attention.v;
    check->first_attention.n = at_most(check->attention.n, REPORT_FIRST);
    check->top_attention.v = check->attention.v;
    check->top_attention.n = at_most(check->attention.n, REPORT_TOP_CHECK);
    check->first_quiet.v = check->quiet.v;
    check->first_quiet.n = at_most(check->quiet.n, REPORT_FIRST);
}

static void count_all(struct report *r, const struct parts *parts)
{
    struct tally all = {0};
    for (size_t i = 0; i < r->controls.n; i++) {
        struct tally sum = {0};
        for (size_t j = 0; j < r->controls.v[i].checks.n; j++)
            count_check(&r->controls.v[i].checks.v[j], &sum);
        r->controls.v[i].counts = tally_counts(&sum);
        tally_add(&all, &sum);
    }
    r->counts = tally_counts(&all);
    for (size_t i = 0; i < r->subjects.n; i++) {
        struct report_subject *s = &r->subjects.v[i];
        struct tally sum = {0};
        for (size_t k = parts->first[i]; k < parts->first[i + 1]; k++)
            tally_add(&sum, &parts->v[k].tally);
        s->arn_hash = str_hash(s->arn);
        s->counts = tally_counts(&sum);
        s->tested = sum.worst != NULL;
        if (sum.worst)
            s->worst = sum.worst->result;
    }
}

/* A row of the matrix: one tally for each control. */
static void row_add(struct tally *row, const struct parts *parts,
                    const struct report_subject *s)
{
    for (size_t k = parts->first[s->number]; k < parts->first[s->number + 1]; k++)
        tally_add(&row[parts->v[k].control], &parts->v[k].tally);
}

/* Its cells, one for each control; *counts: of all of them. */
static struct report_cell *row_close(struct arena *a, struct report *r,
                                     const struct tally *row,
                                     struct report_counts *counts)
{
    struct report_cell *cells = ARENA_ARRAY(a, struct report_cell, r->controls.n);
    struct tally sum = {0};
    for (size_t i = 0; i < r->controls.n; i++) {
        cells[i] = (struct report_cell){.control = &r->controls.v[i],
                                        .counts = tally_counts(&row[i]),
                                        .tested = row[i].worst != NULL};
        if (row[i].worst)
            cells[i].worst = row[i].worst->result;
        tally_add(&sum, &row[i]);
    }
    *counts = tally_counts(&sum);
    return cells;
}

static bool is_application(const struct report_subject *s)
{
    return str_eq(s->type, STR("application"));
}

/* What an application depends on: along the links, not into other applications. */
static void close_over(struct arena *a, struct report_application *app, uint32_t *mark,
                       uint32_t stamp)
{
    size_t from = 0, to;
    *vec_push(a, &app->subjects) = app->subject;
    mark[app->subject->number] = stamp;
    for (int depth = 0; depth < CLOSURE_DEPTH && from < app->subjects.n; depth++) {
        to = app->subjects.n;
        for (; from < to; from++) {
            const struct report_subject *s = app->subjects.v[from];
            for (size_t i = 0; i < s->links.n; i++) {
                struct report_subject *next = (struct report_subject *)s->links.v[i].to;
                if (mark[next->number] == stamp || is_application(next))
                    continue;
                mark[next->number] = stamp;
                *vec_push(a, &app->subjects) = next;
            }
        }
    }
}

static void finish_application(struct arena *a, struct report *r,
                               struct report_application *app, uint32_t *mark,
                               const struct parts *parts)
{
    struct tally *row = ARENA_ARRAY(parts->own, struct tally, r->controls.n);
    close_over(a, app, mark, app->number + 1);
    for (size_t i = 0; i < app->subjects.n; i++) {
        *vec_push(a, &app->subjects.v[i]->applications) = app;
        row_add(row, parts, app->subjects.v[i]);
    }
    app->cells.v = row_close(a, r, row, &app->counts);
    app->cells.n = r->controls.n;
    app->judged = app->subject->counts.judged > 0;
    r->applications_described += app->described;
    r->applications_judged += app->judged;
}

/* The open tests of all stand with the worst first: so they come to each. */
static void hand_attention(struct arena *a, struct report *r)
{
    for (size_t i = 0; i < r->attention.n; i++) {
        struct report_test *t = r->attention.v[i];
        for (size_t k = 0; k < t->subject->applications.n; k++)
            *vec_push(a, &t->subject->applications.v[k]->attention) = t;
    }
}

/* Calls stand in the order of the report's list: at one time that order is kept. */
static int newest_first(const void *x, const void *y)
{
    const struct report_call *const *l = x, *const *r = y;
    if ((*l)->time != (*r)->time)
        return (*l)->time > (*r)->time ? -1 : 1;
    return *l < *r ? -1 : *l > *r;
}

static void finish_applications(struct arena *a, struct report *r,
                                const struct parts *parts)
{
    uint32_t *mark = ARENA_ARRAY(a, uint32_t, r->subjects.n + 1);
    struct map by_arn = MAP_INIT;
    for (size_t i = 0; i < r->applications.n; i++) {
        r->applications.v[i].number = (uint32_t)i;
        finish_application(a, r, &r->applications.v[i], mark, parts);
        *map_put(a, &by_arn, r->applications.v[i].subject->arn) = &r->applications.v[i];
    }
    hand_attention(a, r);
    for (size_t i = 0; i < r->calls.n; i++) {
        const struct report_call *call = &r->calls.v[i];
        struct report_application *app =
            call->application ? map_get(&by_arn, call->application->arn) : NULL;
        if (app)
            *vec_push(a, &app->calls) = call;
        for (size_t k = 0;
             !call->application && call->subject && k < call->subject->applications.n;
             k++)
            *vec_push(a, &call->subject->applications.v[k]->calls) = call;
    }
    for (size_t i = 0; i < r->applications.n; i++)
        if (r->applications.v[i].calls.n > 1)
            qsort(r->applications.v[i].calls.v, r->applications.v[i].calls.n,
                  sizeof *r->applications.v[i].calls.v, newest_first);
}

static int by_id(const void *x, const void *y)
{
    return str_cmp(((const struct report_account *)x)->id,
                   ((const struct report_account *)y)->id);
}

static void finish_accounts(struct arena *a, struct report *r, const struct parts *parts)
{
    struct map ids = MAP_INIT;
    for (size_t i = 0; i < r->subjects.n; i++)
        if (r->subjects.v[i].account.n && r->subjects.v[i].tested)
            map_put(a, &ids, r->subjects.v[i].account);
    for (size_t i = 0; i < ids.n; i++)
        vec_push(a, &r->accounts)->id = ids.entries[i].key;
    if (r->accounts.n > 1)
        qsort(r->accounts.v, r->accounts.n, sizeof *r->accounts.v, by_id);
    struct tally *rows =
        ARENA_ARRAY(parts->own, struct tally, r->accounts.n * r->controls.n);
    for (size_t i = 0; i < r->accounts.n; i++)
        *map_put(a, &ids, r->accounts.v[i].id) = &r->accounts.v[i];
    for (size_t i = 0; i < r->subjects.n; i++) {
        struct report_subject *s = &r->subjects.v[i];
        struct report_account *account = map_get(&ids, s->account);
        s->home = account;
        if (!account) {
            *vec_push(a, &r->loose_subjects) = s;
            continue;
        }
        *vec_push(a, &account->subjects) = s;
        row_add(&rows[(size_t)(account - r->accounts.v) * r->controls.n], parts, s);
    }
    for (size_t i = 0; i < r->accounts.n; i++) {
        struct report_account *account = &r->accounts.v[i];
        account->cells.v = row_close(a, r, &rows[i * r->controls.n], &account->counts);
        account->cells.n = r->controls.n;
    }
    for (size_t i = 0; i < r->applications.n; i++) {
        struct report_account *account =
            map_get(&ids, r->applications.v[i].subject->account);
        if (account)
            *vec_push(a, &account->applications) = &r->applications.v[i];
    }
    for (size_t i = 0; i < r->evidence.n; i++) {
        struct report_account *account = map_get(&ids, r->evidence.v[i].account);
        if (account)
            *vec_push(a, &account->evidence) = &r->evidence.v[i];
        else
            *vec_push(a, &r->loose_evidence) = &r->evidence.v[i];
    }
}

/* Which checks rest on a file, in catalog order. */
struct usage {
    uint32_t last_test; /* counted from 1; 0: none */
    uint32_t checks;    /* the first of them: */
    const struct report_check *v[USED_FOR_MAX];
    const struct report_check *last;
};

static void use_spot(struct usage *usage, const struct report_spot *spot,
                     const struct report_check *check, uint32_t test)
{
    if (!spot->evidence)
        return;
    struct report_evidence *e = (struct report_evidence *)spot->evidence;
    struct usage *u = &usage[e->number];
    if (u->last_test == test + 1)
        return;
    u->last_test = test + 1;
    e->used++;
    if (u->last == check)
        return;
    u->last = check;
    if (u->checks < USED_FOR_MAX)
        u->v[u->checks] = check;
    u->checks++;
}

static struct str used_for(struct arena *a, const struct usage *u)
{
    struct str parts[2 * USED_FOR_MAX + 1];
    size_t n = 0;
    for (size_t i = 0; i < u->checks && i < USED_FOR_MAX; i++) {
        if (i)
            parts[n++] = STR(", ");
        parts[n++] = u->v[i]->id;
    }
    if (u->checks > USED_FOR_MAX)
        parts[n++] = STR(", …");
    return n ? str_cat(a, parts, n) : STR("");
}

static void finish_evidence(struct arena *a, struct report *r)
{
    struct arena *own = arena_new();
    struct usage *usage = ARENA_ARRAY(own, struct usage, r->evidence.n + 1);
    for (size_t i = 0; i < r->evidence.n; i++)
        r->evidence.v[i].used = 0;
    for (size_t i = 0; i < r->tests.n; i++) {
        const struct report_test *t = &r->tests.v[i];
        for (size_t j = 0; j < t->spots.n; j++)
            use_spot(usage, &t->spots.v[j], t->check, (uint32_t)i);
        for (size_t j = 0; j < t->findings.n; j++)
            use_spot(usage, &t->findings.v[j].spot, t->check, (uint32_t)i);
    }
    for (size_t i = 0; i < r->evidence.n; i++) {
        struct report_evidence *e = &r->evidence.v[i];
        e->used_for = used_for(a, &usage[i]);
        r->evidence_used += e->used > 0;
        r->evidence_unusable += derive_evidence_unusable(e);
    }
    arena_free(own);
}

const char *report_verdict(const struct report_counts *c)
{
    if (!c->judged)
        return "nothing-judged";
    if (c->fail > c->waived + c->known)
        return "fail";
    return c->unknown + c->error > c->accepted_unknown ? "unknown" : "pass";
}

void report_finish(struct arena *a, struct report *r)
{
    for (size_t i = 0; i < r->subjects.n; i++)
        r->subjects.v[i].number = (uint32_t)i;
    mark_ambiguous(r);
    index_checks(a, r);
    index_tests(a, r);
    struct parts parts = part_subjects(r);
    count_all(r, &parts);
    finish_applications(a, r, &parts);
    finish_accounts(a, r, &parts);
    arena_free(parts.own);
    finish_evidence(a, r);
    report_rights_finish(a, r);
    const struct report_counts *c = &r->counts;
    r->verdict = report_verdict(c);
}
