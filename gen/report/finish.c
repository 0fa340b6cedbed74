/* Everything about a report that follows from its stored part: counts, lists, order. */
#include "report/derive.h"
#include "report/rights.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

enum { CLOSURE_DEPTH = 5, USED_FOR_MAX = 12 };

/* clang-format off */
static const uint32_t weights[] = {
    [SEVERITY_INFO] = 0, [SEVERITY_LOW] = 1, [SEVERITY_MEDIUM] = 3,
    [SEVERITY_HIGH] = 5, [SEVERITY_CRITICAL] = 10,
};
/* clang-format on */

int report_rank(enum result result, enum disposition disposition)
{
    bool accepted = disposition == DISPOSITION_WAIVED || disposition == DISPOSITION_KNOWN;
    switch (result) {
    case RESULT_FAIL:
        return accepted ? 4 : 0;
    case RESULT_ERROR:
        return accepted ? 4 : 1;
    case RESULT_UNKNOWN:
        return accepted ? 4 : 2;
    case RESULT_MANUAL:
        return 3;
    case RESULT_PASS:
        return 5;
    case RESULT_NOT_APPLICABLE:
        break;
    }
    return 6;
}

bool report_open(const struct report_test *t)
{
    return report_rank(t->result, t->disposition) <= 3;
}

static uint32_t *severity_count(struct report_counts *c, enum severity s)
{
    switch (s) {
    case SEVERITY_CRITICAL:
        return &c->critical;
    case SEVERITY_HIGH:
        return &c->high;
    case SEVERITY_MEDIUM:
        return &c->medium;
    case SEVERITY_LOW:
        return &c->low;
    case SEVERITY_INFO:
        break;
    }
    return &c->info;
}

static void count_test(struct report_counts *c, const struct report_test *t)
{
    c->total++;
    switch (t->result) {
    case RESULT_PASS:
        c->pass++;
        c->judged++;
        break;
    case RESULT_FAIL:
        c->fail++;
        c->judged++;
        break;
    case RESULT_UNKNOWN:
        c->unknown++;
        break;
    case RESULT_MANUAL:
        c->manual++;
        break;
    case RESULT_NOT_APPLICABLE:
        c->not_applicable++;
        break;
    case RESULT_ERROR:
        c->error++;
        break;
    }
    bool accepted =
        t->disposition == DISPOSITION_WAIVED || t->disposition == DISPOSITION_KNOWN;
    if (t->result == RESULT_UNKNOWN || t->result == RESULT_ERROR)
        c->accepted_unknown += accepted;
    if (t->result != RESULT_FAIL)
        return;
    if (t->disposition == DISPOSITION_WAIVED)
        c->waived++;
    else if (t->disposition == DISPOSITION_KNOWN)
        c->known++;
    else
        ++*severity_count(c, t->check->severity);
}

/* Weights of the tests that count for a score: all, passed, and accepted by a waiver. */
struct weight {
    uint64_t all, good, waived;
};

static void weigh(struct weight *sum, const struct report_test *t)
{
    if (t->result == RESULT_NOT_APPLICABLE || t->result == RESULT_MANUAL)
        return;
    uint32_t w = weights[t->check->severity];
    sum->all += w;
    if (t->result == RESULT_PASS)
        sum->good += w;
    else if (t->disposition == DISPOSITION_WAIVED)
        sum->waived += w;
}

static void set_score(struct report_counts *c, const struct weight *sum)
{
    c->scored = c->judged > 0 && sum->all > 0;
    if (!c->scored)
        return;
    c->score = (uint32_t)((sum->good + sum->waived) * 100 / sum->all);
    c->score_unwaived = (uint32_t)(sum->good * 100 / sum->all);
}

static void tally_tests(struct report_counts *c, struct report_test *const *tests,
                        size_t n)
{
    struct weight sum = {0};
    for (size_t i = 0; i < n; i++) {
        count_test(c, tests[i]);
        weigh(&sum, tests[i]);
    }
    set_score(c, &sum);
}

static int compare_tests(const struct report_test *x, const struct report_test *y)
{
    int c =
        report_rank(x->result, x->disposition) - report_rank(y->result, y->disposition);
    if (!c)
        c = (int)y->check->severity - (int)x->check->severity;
    if (!c)
        c = (x->check->number > y->check->number) - (x->check->number < y->check->number);
    if (!c)
        c = (x->subject->number > y->subject->number) -
            (x->subject->number < y->subject->number);
    return c;
}

static int worst_first(const void *x, const void *y)
{
    return compare_tests(*(struct report_test *const *)x,
                         *(struct report_test *const *)y);
}

static void sort_tests(struct report_test **v, size_t n)
{
    if (n > 1)
        qsort(v, n, sizeof *v, worst_first);
}

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

static bool is_accepted(const struct report_test *t)
{
    return t->disposition == DISPOSITION_WAIVED || t->disposition == DISPOSITION_KNOWN;
}

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
        r->accepted_tests.n += is_accepted(t);
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
        if (is_accepted(t))
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

static enum result worst_of(struct report_test *const *tests, size_t n)
{
    const struct report_test *worst = tests[0];
    for (size_t i = 1; i < n; i++)
        if (compare_tests(tests[i], worst) < 0)
            worst = tests[i];
    return worst->result;
}

static void count_all(struct report *r)
{
    struct weight sum = {0};
    for (size_t i = 0; i < r->tests.n; i++) {
        count_test(&r->counts, &r->tests.v[i]);
        weigh(&sum, &r->tests.v[i]);
    }
    set_score(&r->counts, &sum);
    for (size_t i = 0; i < r->controls.n; i++) {
        struct report_control *control = &r->controls.v[i];
        sum = (struct weight){0};
        for (size_t j = 0; j < control->checks.n; j++) {
            struct report_check *check = &control->checks.v[j];
            tally_tests(&check->counts, check->tests.v, check->tests.n);
            sort_counted(check->attention.v, check->attention.n);
            check->first_attention.v = check->attention.v;
            check->first_attention.n = at_most(check->attention.n, REPORT_FIRST);
            check->top_attention.v = check->attention.v;
            check->top_attention.n = at_most(check->attention.n, REPORT_TOP_CHECK);
            check->first_quiet.v = check->quiet.v;
            check->first_quiet.n = at_most(check->quiet.n, REPORT_FIRST);
            for (size_t k = 0; k < check->tests.n; k++) {
                count_test(&control->counts, check->tests.v[k]);
                weigh(&sum, check->tests.v[k]);
            }
        }
        set_score(&control->counts, &sum);
    }
    for (size_t i = 0; i < r->subjects.n; i++) {
        struct report_subject *s = &r->subjects.v[i];
        tally_tests(&s->counts, s->tests.v, s->tests.n);
        s->arn_hash = str_hash(s->arn);
        s->tested = s->tests.n > 0;
        if (s->tested)
            s->worst = worst_of(s->tests.v, s->tests.n);
    }
}

/* One cell for each control, from lists of tests. */
struct row {
    struct report_cell *cells;
    const struct report_test **worst;
    struct weight *sums;
};

static struct row row_new(struct arena *a, struct report *r)
{
    struct row row = {ARENA_ARRAY(a, struct report_cell, r->controls.n),
                      ARENA_ARRAY(a, const struct report_test *, r->controls.n),
                      ARENA_ARRAY(a, struct weight, r->controls.n)};
    for (size_t i = 0; i < r->controls.n; i++)
        row.cells[i].control = &r->controls.v[i];
    return row;
}

static void row_add(struct row *row, const struct report_test *t)
{
    uint32_t i = t->check->control->number;
    count_test(&row->cells[i].counts, t);
    weigh(&row->sums[i], t);
    if (!row->worst[i] || compare_tests(t, row->worst[i]) < 0)
        row->worst[i] = t;
}

static void row_close(struct row *row, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        set_score(&row->cells[i].counts, &row->sums[i]);
        row->cells[i].tested = row->worst[i] != NULL;
        if (row->worst[i])
            row->cells[i].worst = row->worst[i]->result;
    }
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
                               struct report_application *app, uint32_t *mark)
{
    close_over(a, app, mark, app->number + 1);
    struct row row = row_new(a, r);
    struct weight sum = {0};
    for (size_t i = 0; i < app->subjects.n; i++) {
        struct report_subject *s = app->subjects.v[i];
        *vec_push(a, &s->applications) = app;
        for (size_t j = 0; j < s->tests.n; j++) {
            struct report_test *t = s->tests.v[j];
            count_test(&app->counts, t);
            weigh(&sum, t);
            row_add(&row, t);
            if (report_open(t))
                *vec_push(a, &app->attention) = t;
        }
    }
    set_score(&app->counts, &sum);
    row_close(&row, r->controls.n);
    app->cells.v = row.cells;
    app->cells.n = r->controls.n;
    app->judged = app->subject->counts.judged > 0;
    sort_tests(app->attention.v, app->attention.n);
    r->applications_described += app->described;
    r->applications_judged += app->judged;
}

/* Calls stand in the order of the report's list: at one time that order is kept. */
static int newest_first(const void *x, const void *y)
{
    const struct report_call *const *l = x, *const *r = y;
    if ((*l)->time != (*r)->time)
        return (*l)->time > (*r)->time ? -1 : 1;
    return *l < *r ? -1 : *l > *r;
}

static void finish_applications(struct arena *a, struct report *r)
{
    uint32_t *mark = ARENA_ARRAY(a, uint32_t, r->subjects.n + 1);
    struct map by_arn = MAP_INIT;
    for (size_t i = 0; i < r->applications.n; i++) {
        r->applications.v[i].number = (uint32_t)i;
        finish_application(a, r, &r->applications.v[i], mark);
        *map_put(a, &by_arn, r->applications.v[i].subject->arn) = &r->applications.v[i];
    }
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

static void finish_accounts(struct arena *a, struct report *r)
{
    struct map ids = MAP_INIT;
    for (size_t i = 0; i < r->subjects.n; i++)
        if (r->subjects.v[i].account.n && r->subjects.v[i].tested)
            map_put(a, &ids, r->subjects.v[i].account);
    for (size_t i = 0; i < ids.n; i++)
        vec_push(a, &r->accounts)->id = ids.entries[i].key;
    if (r->accounts.n > 1)
        qsort(r->accounts.v, r->accounts.n, sizeof *r->accounts.v, by_id);
    struct row *rows = ARENA_ARRAY(a, struct row, r->accounts.n + 1);
    struct weight *sums = ARENA_ARRAY(a, struct weight, r->accounts.n + 1);
    for (size_t i = 0; i < r->accounts.n; i++) {
        rows[i] = row_new(a, r);
        *map_put(a, &ids, r->accounts.v[i].id) = &r->accounts.v[i];
    }
    for (size_t i = 0; i < r->tests.n; i++) {
        struct report_account *account = map_get(&ids, r->tests.v[i].subject->account);
        if (!account)
            continue;
        size_t k = (size_t)(account - r->accounts.v);
        count_test(&account->counts, &r->tests.v[i]);
        weigh(&sums[k], &r->tests.v[i]);
        row_add(&rows[k], &r->tests.v[i]);
    }
    for (size_t i = 0; i < r->accounts.n; i++) {
        set_score(&r->accounts.v[i].counts, &sums[i]);
        row_close(&rows[i], r->controls.n);
        r->accounts.v[i].cells.v = rows[i].cells;
        r->accounts.v[i].cells.n = r->controls.n;
    }
    for (size_t i = 0; i < r->applications.n; i++) {
        struct report_account *account =
            map_get(&ids, r->applications.v[i].subject->account);
        if (account)
            *vec_push(a, &account->applications) = &r->applications.v[i];
    }
    for (size_t i = 0; i < r->subjects.n; i++) {
        struct report_subject *s = &r->subjects.v[i];
        struct report_account *account = map_get(&ids, s->account);
        s->home = account;
        if (account)
            *vec_push(a, &account->subjects) = s;
        else
            *vec_push(a, &r->loose_subjects) = s;
    }
    for (size_t i = 0; i < r->evidence.n; i++) {
        struct report_account *account = map_get(&ids, r->evidence.v[i].account);
        if (account)
            *vec_push(a, &account->evidence) = &r->evidence.v[i];
        else
            *vec_push(a, &r->loose_evidence) = &r->evidence.v[i];
    }
}

/* Which checks rest on a file: a list for each, in catalog order. */
struct usage {
    uint32_t last_test;
    uint32_t last_check;
    uint32_t checks;
    struct buf ids;
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
    if (u->last_check == check->number + 1)
        return;
    u->last_check = check->number + 1;
    if (++u->checks <= USED_FOR_MAX)
        buf_fmt(&u->ids, "%s%.*s", u->checks > 1 ? ", " : "", STR_ARG(check->id));
    else if (u->checks == USED_FOR_MAX + 1)
        buf_z(&u->ids, ", …");
}

static void finish_evidence(struct arena *a, struct report *r)
{
    struct usage *usage = ARENA_ARRAY(a, struct usage, r->evidence.n + 1);
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
        e->used_for = usage[i].ids.n ? buf_dup(a, &usage[i].ids) : STR("");
        buf_free(&usage[i].ids);
        r->evidence_used += e->used > 0;
        r->evidence_unusable += derive_evidence_unusable(e);
    }
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
    count_all(r);
    finish_applications(a, r);
    finish_accounts(a, r);
    finish_evidence(a, r);
    report_rights_finish(a, r);
    const struct report_counts *c = &r->counts;
    r->verdict = report_verdict(c);
}
