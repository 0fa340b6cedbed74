/* Everything about a report that follows from its stored part: counts, lists, order. */
#include "report/derive.h"
#include "report/rights.h"
#include "report/tally.h"

#include "base/bits.h"
#include "base/buf.h"
#include "base/threads.h"

#include <stdlib.h>
#include <string.h>

enum { CLOSURE_DEPTH = 5, USED_FOR_MAX = 12, FACTS_FOR_MAX = 4 };

/* What counts of a test, in eight bytes: a test itself is far to fetch, and those of a
 * resource lie far apart. */
struct mark {
    uint32_t class : 8, check : 24;
    uint32_t subject;
};

/* What there is of a check. */
struct counted {
    struct tally tally;
    const struct report_subject *last; /* of its tests so far */
    bool misplaced;                    /* they do not stand by place */
};

/* What is needed until all is counted. */
struct finishing {
    struct arena *a; /* for what stays */
    struct arena *own;
    struct report *r;
    const struct tally_class *classes;
    struct mark *marks;     /* by number of the test: its place among all */
    struct counted *checks; /* by number */
    uint32_t *controls;     /* of each check, their numbers */
    uint32_t *runs;         /* by number of the resource: see in_place */
};

static size_t number_of(const struct finishing *f, const struct report_test *t)
{
    return (size_t)(t - f->r->tests.v);
}

static const struct mark *mark_of(const struct finishing *f, const struct report_test *t)
{
    return &f->marks[number_of(f, t)];
}

static const struct tally_class *class_of(const struct finishing *f,
                                          const struct report_test *t)
{
    return &f->classes[mark_of(f, t)->class];
}

/* Worst first, of tests that already stand in the order of checks and subjects: there may
 * be hundreds of thousands. */
static void sort_counted(const struct finishing *f, struct report_test **v, size_t n)
{
    size_t start[TALLY_ORDERS] = {0}, at = 0;
    struct report_test **from = mem_alloc(n * sizeof(struct report_test *));
    for (size_t i = 0; i < n; i++) {
        from[i] = v[i];
        start[class_of(f, v[i])->order]++;
    }
    for (size_t k = 0; k < TALLY_ORDERS; k++) {
        size_t many = start[k];
        start[k] = at;
        at += many;
    }
    for (size_t i = 0; i < n; i++)
        v[start[class_of(f, from[i])->order]++] = from[i];
    free(from);
}

/* By account, region, ARN. */
static int place_order(const struct report_subject *x, const struct report_subject *y)
{
    int c = str_cmp(x->account, y->account);
    if (!c)
        c = str_cmp(x->region, y->region);
    return c ? c : str_cmp(x->arn, y->arn);
}

static int by_place(const void *x, const void *y)
{
    const struct report_test *const *a = x, *const *b = y;
    return place_order((*a)->subject, (*b)->subject);
}

/* Resources mostly stand by place: they are numbered by runs that do, so that nearly all
 * of them can be told apart without looking at texts. */
static void number_runs(struct finishing *f)
{
    const struct report *r = f->r;
    uint32_t run = 0;
    f->runs = ARENA_ROOM(f->own, uint32_t, r->subjects.n);
    for (size_t i = 0; i < r->subjects.n; i++) {
        run += i && place_order(&r->subjects.v[i - 1], &r->subjects.v[i]) > 0;
        f->runs[i] = run;
    }
}

/* Does x, a resource before y in the report, come before it by place too? */
static bool in_place(const struct finishing *f, const struct report_subject *x,
                     const struct report_subject *y)
{
    return f->runs[x->number] == f->runs[y->number] || place_order(x, y) <= 0;
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
    ((list).v = arena_room((a), (list).n, sizeof *(list).v), (list).cap = (list).n,      \
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

/* Read each test once: its mark, and what it adds to its check. */
static void mark_tests(struct finishing *f)
{
    struct report *r = f->r;
    f->marks = ARENA_ROOM(f->own, struct mark, r->tests.n);
    f->checks = ARENA_ARRAY(f->own, struct counted, r->checks.n);
    f->controls = ARENA_ROOM(f->own, uint32_t, r->checks.n);
    for (size_t i = 0; i < r->checks.n; i++)
        f->controls[i] = r->checks.v[i]->control->number;
    for (size_t i = 0; i < r->tests.n; i++) {
        const struct report_test *t = &r->tests.v[i];
        unsigned class = tally_class_of(t);
        struct counted *check = &f->checks[t->check->number];
        struct report_subject *s = (struct report_subject *)t->subject;
        f->marks[i] = (struct mark){class, t->check->number, s->number};
        tally_test(&check->tally, &f->classes[class], i);
        if (check->last && !in_place(f, check->last, s))
            check->misplaced = true;
        check->last = s;
        s->tests.n++;
        s->attention.n += f->classes[class].open;
        r->accepted_tests.n += f->classes[class].accepted;
        if (t->waiver)
            ((struct report_waiver *)t->waiver)->used++;
    }
}

static void count_checks(struct finishing *f)
{
    struct report *r = f->r;
    struct tally all = {0};
    for (size_t i = 0; i < r->controls.n; i++) {
        struct tally sum = {0};
        for (size_t j = 0; j < r->controls.v[i].checks.n; j++) {
            struct report_check *check = &r->controls.v[i].checks.v[j];
            check->counts = tally_counts(&f->checks[check->number].tally);
            tally_add(&sum, &f->checks[check->number].tally);
        }
        r->controls.v[i].counts = tally_counts(&sum);
        tally_add(&all, &sum);
    }
    r->counts = tally_counts(&all);
}

static size_t count_open(const struct report_counts *c)
{
    return c->fail + c->unknown + c->error + c->manual - c->waived - c->known -
           c->accepted_unknown;
}

static void make_room(struct finishing *f)
{
    struct report *r = f->r;
    for (size_t i = 0; i < r->subjects.n; i++) {
        MAKE_ROOM(f->a, r->subjects.v[i].tests);
        MAKE_ROOM(f->a, r->subjects.v[i].attention);
    }
    for (size_t i = 0; i < r->checks.n; i++) {
        struct report_check *check = r->checks.v[i];
        check->tests.n = check->counts.total;
        check->attention.n = count_open(&check->counts);
        check->quiet.n = check->tests.n - check->attention.n;
        MAKE_ROOM(f->a, check->tests);
        MAKE_ROOM(f->a, check->attention);
        MAKE_ROOM(f->a, check->quiet);
    }
    r->attention.n = count_open(&r->counts);
    MAKE_ROOM(f->a, r->attention);
    MAKE_ROOM(f->a, r->accepted_tests);
}

/* All tests of a check, and its quiet ones, stand by place, the others with the worst
 * first. */
static void sort_check(const struct finishing *f, struct report_check *check)
{
    bool misplaced = f->checks[check->number].misplaced;
    if (misplaced)
        qsort(check->tests.v, check->tests.n, sizeof *check->tests.v, by_place);
    if (misplaced && check->quiet.n)
        qsort(check->quiet.v, check->quiet.n, sizeof *check->quiet.v, by_place);
    sort_counted(f, check->attention.v, check->attention.n);
    check->first_attention.v = check->attention.v;
    check->first_attention.n = at_most(check->attention.n, REPORT_FIRST);
    check->top_attention.v = check->attention.v;
    check->top_attention.n = at_most(check->attention.n, REPORT_TOP_CHECK);
    check->first_quiet.v = check->quiet.v;
    check->first_quiet.n = at_most(check->quiet.n, REPORT_FIRST);
}

static void index_tests(struct finishing *f)
{
    struct report *r = f->r;
    make_room(f);
    for (size_t i = 0; i < r->tests.n; i++) {
        const struct mark *m = &f->marks[i];
        struct report_test *t = &r->tests.v[i];
        struct report_subject *s = &r->subjects.v[m->subject];
        struct report_check *check = r->checks.v[m->check];
        const struct tally_class *class = &f->classes[m->class];
        s->tests.v[s->tests.n++] = t;
        check->tests.v[check->tests.n++] = t;
        if (class->accepted)
            r->accepted_tests.v[r->accepted_tests.n++] = t;
        if (class->open) {
            s->attention.v[s->attention.n++] = t;
            check->attention.v[check->attention.n++] = t;
            r->attention.v[r->attention.n++] = t;
        } else {
            check->quiet.v[check->quiet.n++] = t;
        }
    }
    for (size_t i = 0; i < r->checks.n; i++)
        sort_check(f, r->checks.v[i]);
    sort_counted(f, r->attention.v, r->attention.n);
    sort_counted(f, r->accepted_tests.v, r->accepted_tests.n);
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
    map_expect(own, &seen, r->subjects.n);
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

/* A row of the matrix: one tally for each control. */
static void row_add(const struct finishing *f, struct tally *row,
                    const struct report_subject *s)
{
    for (size_t i = 0; i < s->tests.n; i++) {
        size_t number = number_of(f, s->tests.v[i]);
        const struct mark *m = &f->marks[number];
        tally_test(&row[f->controls[m->check]], &f->classes[m->class], number);
    }
}

/* Its cells, one for each control; *counts: of all of them. */
static struct report_cell *row_close(const struct finishing *f, const struct tally *row,
                                     struct report_counts *counts)
{
    const struct report *r = f->r;
    struct report_cell *cells = ARENA_ROOM(f->a, struct report_cell, r->controls.n);
    struct tally sum = {0};
    for (size_t i = 0; i < r->controls.n; i++) {
        cells[i] = (struct report_cell){.control = &r->controls.v[i],
                                        .counts = tally_counts(&row[i]),
                                        .worst = tally_worst(&row[i]),
                                        .tested = row[i].worst != 0};
        tally_add(&sum, &row[i]);
    }
    *counts = tally_counts(&sum);
    return cells;
}

static bool is_application(const struct report_subject *s)
{
    return str_eq(s->type, STR("application"));
}

/* What an application depends on: along the links, not into other applications. found:
 * room for all resources; mark: by number, of the last application that came to it. */
static void close_over(struct arena *a, struct report_application *app,
                       struct report_subject **found, uint32_t *mark)
{
    uint32_t stamp = app->number + 1;
    size_t n = 0, from = 0, to;
    found[n++] = app->subject;
    mark[app->subject->number] = stamp;
    for (int depth = 0; depth < CLOSURE_DEPTH && from < n; depth++)
        for (to = n; from < to; from++) {
            const struct report_subject *s = found[from];
            for (size_t i = 0; i < s->links.n; i++) {
                struct report_subject *next = (struct report_subject *)s->links.v[i].to;
                if (mark[next->number] == stamp || is_application(next))
                    continue;
                mark[next->number] = stamp;
                found[n++] = next;
            }
        }
    app->subjects.v = ARENA_ROOM(a, struct report_subject *, n);
    app->subjects.n = app->subjects.cap = n;
    memcpy(app->subjects.v, found, n * sizeof(struct report_subject *));
    for (size_t i = 0; i < n; i++)
        found[i]->applications.n++;
}

static void finish_application(const struct finishing *f, struct report_application *app,
                               struct tally *row)
{
    struct report *r = f->r;
    memset(row, 0, r->controls.n * sizeof *row);
    for (size_t i = 0; i < app->subjects.n; i++) {
        struct report_subject *s = app->subjects.v[i];
        s->applications.v[s->applications.n++] = app;
        row_add(f, row, s);
    }
    app->cells.v = row_close(f, row, &app->counts);
    app->cells.n = r->controls.n;
    app->judged = app->subject->counts.judged > 0;
    app->attention.n = count_open(&app->counts);
    MAKE_ROOM(f->a, app->attention);
    r->applications_described += app->described;
    r->applications_judged += app->judged;
}

/* The open tests of all stand with the worst first: so they come to each. */
static void hand_attention(const struct finishing *f)
{
    struct report *r = f->r;
    for (size_t i = 0; i < r->attention.n; i++) {
        struct report_test *t = r->attention.v[i];
        const struct report_subject *s = &r->subjects.v[mark_of(f, t)->subject];
        for (size_t k = 0; k < s->applications.n; k++) {
            struct report_application *app = s->applications.v[k];
            app->attention.v[app->attention.n++] = t;
        }
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

static void hand_calls(struct arena *a, struct report *r)
{
    for (size_t i = 0; i < r->calls.n; i++) {
        const struct report_call *call = &r->calls.v[i];
        if (call->application && call->application->application)
            *vec_push(a, &call->application->application->calls) = call;
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

static void finish_applications(const struct finishing *f)
{
    struct report *r = f->r;
    size_t n = r->subjects.n;
    struct report_subject **found = ARENA_ROOM(f->own, struct report_subject *, n);
    uint32_t *mark = ARENA_ARRAY(f->own, uint32_t, n);
    struct tally *row = ARENA_ARRAY(f->own, struct tally, r->controls.n);
    for (size_t i = 0; i < r->applications.n; i++) {
        struct report_application *app = &r->applications.v[i];
        app->number = (uint32_t)i;
        app->subject->application = app;
        close_over(f->a, app, found, mark);
    }
    for (size_t i = 0; i < n; i++)
        MAKE_ROOM(f->a, r->subjects.v[i].applications);
    for (size_t i = 0; i < r->applications.n; i++)
        finish_application(f, &r->applications.v[i], row);
    hand_attention(f);
    hand_calls(f->a, r);
}

static int by_id(const void *x, const void *y)
{
    return str_cmp(((const struct report_account *)x)->id,
                   ((const struct report_account *)y)->id);
}

/* The accounts of what is tested. */
static void list_accounts(const struct finishing *f, struct map *ids)
{
    struct report *r = f->r;
    struct str last = STR("");
    for (size_t i = 0; i < r->subjects.n; i++) {
        const struct report_subject *s = &r->subjects.v[i];
        if (s->tests.n && s->account.n && !str_eq(s->account, last))
            map_put(f->own, ids, last = s->account);
    }
    for (size_t i = 0; i < ids->n; i++)
        vec_push(f->a, &r->accounts)->id = ids->entries[i].key;
    if (r->accounts.n > 1)
        qsort(r->accounts.v, r->accounts.n, sizeof *r->accounts.v, by_id);
    for (size_t i = 0; i < r->accounts.n; i++)
        *map_put(f->own, ids, r->accounts.v[i].id) = &r->accounts.v[i];
}

/* What each resource shows, which its account shows too. */
static void count_subjects(const struct finishing *f, struct tally *accounts)
{
    struct report *r = f->r;
    struct tally *row = ARENA_ARRAY(f->own, struct tally, r->controls.n);
    for (size_t i = 0; i < r->subjects.n; i++) {
        struct report_subject *s = &r->subjects.v[i];
        struct tally sum = {0}, *all = accounts;
        if (s->home)
            all += (size_t)(s->home - r->accounts.v) * r->controls.n;
        memset(row, 0, r->controls.n * sizeof *row);
        row_add(f, row, s);
        for (size_t k = 0; k < r->controls.n; k++) {
            tally_add(&sum, &row[k]);
            if (s->home)
                tally_add(&all[k], &row[k]);
        }
        s->counts = tally_counts(&sum);
        s->tested = s->tests.n > 0;
        s->worst = tally_worst(&sum);
    }
}

/* Each account with its own; most stand beside others of the same. */
static void finish_accounts(const struct finishing *f)
{
    struct arena *a = f->a;
    struct report *r = f->r;
    struct map ids = MAP_INIT;
    list_accounts(f, &ids);
    struct report_account *account = NULL;
    for (size_t i = 0; i < r->subjects.n; i++) {
        struct report_subject *s = &r->subjects.v[i];
        if (!account || !str_eq(account->id, s->account))
            account = map_get(&ids, s->account);
        s->home = account;
        if (account)
            *vec_push(a, &account->subjects) = s;
        else
            *vec_push(a, &r->loose_subjects) = s;
    }
    for (size_t i = 0; i < r->applications.n; i++) {
        account = (struct report_account *)r->applications.v[i].subject->home;
        if (account)
            *vec_push(a, &account->applications) = &r->applications.v[i];
    }
    for (size_t i = 0; i < r->evidence.n; i++) {
        struct report_evidence *e = &r->evidence.v[i];
        if (!account || !str_eq(account->id, e->account))
            account = map_get(&ids, e->account);
        if (account)
            *vec_push(a, &account->evidence) = e;
        else
            *vec_push(a, &r->loose_evidence) = e;
    }
    struct tally *rows =
        ARENA_ARRAY(f->own, struct tally, (size_t)r->accounts.n * r->controls.n);
    count_subjects(f, rows);
    for (size_t i = 0; i < r->accounts.n; i++) {
        account = &r->accounts.v[i];
        account->cells.v = row_close(f, &rows[i * r->controls.n], &account->counts);
        account->cells.n = r->controls.n;
    }
}

/* Which checks have results that point into a file, as bits by their number. */
struct usage {
    struct arena *own;
    uint32_t *last_test; /* by file, counted from 1; 0: none */
    uint64_t *cited;     /* words for each file */
    uint64_t *rest;      /* of one file: checks that looked at it besides */
    size_t words;
    size_t room; /* ids that may still be listed of a file */
};

static void use_spot(struct usage *u, const struct report_spot *spot,
                     const struct report_check *check, uint32_t test)
{
    if (!spot->evidence)
        return;
    struct report_evidence *e = (struct report_evidence *)spot->evidence;
    if (u->last_test[e->number] == test + 1)
        return;
    u->last_test[e->number] = test + 1;
    e->used++;
    bits_set(&u->cited[e->number * u->words], check->number);
}

/* LEAD and the ids of checks, as many as there is room for, and how many more. */
static void say_checks(struct buf *out, struct usage *u, const struct report *r,
                       const char *lead, const uint64_t *bits)
{
    size_t listed = 0, more = 0;
    for (size_t w = 0; w < u->words; w++)
        for (uint64_t left = bits[w]; left; left &= left - 1) {
            const struct report_check *check =
                r->checks.v[w * 64 + (size_t)__builtin_ctzll(left)];
            if (!u->room) {
                more++;
                continue;
            }
            u->room--;
            buf_z(out, listed++ ? ", " : lead);
            buf_str(out, check->id);
        }
    if (more && listed)
        buf_fmt(out, " and %zu more", more);
    else if (more)
        buf_fmt(out, "%s%zu more", lead, more);
}

/* The checks of a list that are not among the cited ones. */
static const uint64_t *find_rest(struct usage *u, const struct report_looker *v, size_t n,
                                 const uint64_t *cited)
{
    memset(u->rest, 0, u->words * sizeof *u->rest);
    for (size_t i = 0; i < n; i++)
        bits_set(u->rest, v[i].check->number);
    for (size_t w = 0; w < u->words; w++)
        u->rest[w] &= ~cited[w];
    return u->rest;
}

/* In words: whose results point into it, who else looked at it; else, that nobody did. */
static void say_use(struct buf *out, struct usage *u, const struct report *r,
                    const struct report_evidence *e)
{
    const struct report_use *use = e->use;
    const uint64_t *cited = &u->cited[e->number * u->words];
    u->room = USED_FOR_MAX;
    say_checks(out, u, r, "cited by ", cited);
    if (!use)
        return;
    say_checks(out, u, r, out->n ? "; needed by " : "needed by ",
               find_rest(u, use->needed.v, use->needed.n, cited));
    u->room = at_most(u->room, FACTS_FOR_MAX);
    say_checks(out, u, r, out->n ? "; in facts for " : "in facts for ",
               find_rest(u, use->facts.v, use->facts.n, cited));
    if (out->n)
        return;
    if (use->names)
        buf_z(out, "tells what there is and what answers are about; ");
    else if (use->shown)
        buf_z(out, "shown in the report; ");
    buf_z(out, "no check looks at it");
}

static void finish_evidence(struct arena *a, struct report *r)
{
    struct usage u = {.own = arena_new(), .words = bits_words(r->checks.n)};
    struct buf text = BUF_INIT;
    u.last_test = ARENA_ARRAY(u.own, uint32_t, r->evidence.n + 1);
    u.cited = ARENA_ARRAY(u.own, uint64_t, r->evidence.n * u.words);
    u.rest = ARENA_ARRAY(u.own, uint64_t, u.words);
    for (size_t i = 0; i < r->evidence.n; i++)
        r->evidence.v[i].used = 0;
    for (size_t i = 0; i < r->tests.n; i++) {
        const struct report_test *t = &r->tests.v[i];
        for (size_t j = 0; j < t->spots.n; j++)
            use_spot(&u, &t->spots.v[j], t->check, (uint32_t)i);
        for (size_t j = 0; j < t->findings.n; j++)
            use_spot(&u, &t->findings.v[j].spot, t->check, (uint32_t)i);
    }
    for (size_t i = 0; i < r->evidence.n; i++) {
        struct report_evidence *e = &r->evidence.v[i];
        buf_clear(&text);
        say_use(&text, &u, r, e);
        e->used_for = buf_dup(a, &text);
        r->evidence_used += e->used > 0;
        r->evidence_unusable += derive_evidence_unusable(e);
    }
    buf_free(&text);
    arena_free(u.own);
}

const char *report_verdict(const struct report_counts *c)
{
    if (!c->judged)
        return "nothing-judged";
    if (c->fail > c->waived + c->known)
        return "fail";
    return c->unknown + c->error > c->accepted_unknown ? "unknown" : "pass";
}

static void finish_counts(struct arena *a, struct report *r)
{
    struct finishing f = {.a = a, .own = arena_new(), .r = r};
    f.classes = tally_classes(f.own);
    number_runs(&f);
    mark_tests(&f);
    count_checks(&f);
    index_tests(&f);
    finish_accounts(&f);
    finish_applications(&f);
    arena_free(f.own);
    report_rights_finish(a, r);
    r->verdict = report_verdict(&r->counts);
}

static void finish_names(struct report *r)
{
    for (size_t i = 0; i < r->subjects.n; i++)
        r->subjects.v[i].arn_hash = str_hash(r->subjects.v[i].arn);
    mark_ambiguous(r);
}

/* None looks at what another fills in: each has an arena of its own. */
struct parts {
    struct arena *arenas[2];
    struct report *r;
};
enum { COUNTS, NAMES, EVIDENCE, PARTS };
static void finish_part(void *ctx, size_t part, unsigned worker)
{
    const struct parts *p = ctx;
    (void)worker;
    if (part == COUNTS)
        finish_counts(p->arenas[0], p->r);
    else if (part == NAMES)
        finish_names(p->r);
    else
        finish_evidence(p->arenas[1], p->r);
}

void report_finish(struct arena *a, struct report *r, unsigned threads)
{
    struct parts p = {{a, arena_new()}, r};
    arena_adopt(a, p.arenas[1]);
    for (size_t i = 0; i < r->subjects.n; i++)
        r->subjects.v[i].number = (uint32_t)i;
    index_checks(a, r);
    threads_for(PARTS, threads, finish_part, &p);
}
