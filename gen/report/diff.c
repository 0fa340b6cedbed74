/* Compare two runs, test by test. */
#include "report/diff.h"

#include "base/map.h"

#include <stdlib.h>

/* clang-format off */
static const struct {
    const char *name;
    bool worse;
} changes[CHANGES] = {
    [CHANGE_NEW]      = {"new",              true},
    [CHANGE_EXPIRED]  = {"waiver-expired",   true},
    [CHANGE_UNKNOWN]  = {"newly-unknown",    true},
    [CHANGE_STILL]    = {"still-open",       false},
    [CHANGE_WAIVED]   = {"newly-waived",     false},
    [CHANGE_FIXED]    = {"fixed",            false},
    [CHANGE_DECIDED]  = {"newly-decided",    false},
    [CHANGE_EVIDENCE] = {"evidence-changed", false},
};
/* clang-format on */

const char *change_name(enum change c)
{
    return changes[c].name;
}

bool change_worse(enum change c)
{
    return changes[c].worse;
}

static struct str key_of(struct arena *a, struct str check, struct str arn)
{
    return str_fmt(a, "%.*s %.*s", STR_ARG(check), STR_ARG(arn));
}

static struct map index_tests(struct arena *a, const struct report *r)
{
    struct map m = MAP_INIT;
    for (size_t i = 0; i < r->tests.n; i++) {
        struct report_test *t = &r->tests.v[i];
        *map_put(a, &m, key_of(a, t->check->id, t->subject->arn)) = t;
    }
    return m;
}

static bool undecided(const struct report_test *t)
{
    return t->result == RESULT_UNKNOWN || t->result == RESULT_ERROR;
}

static bool open_fail(const struct report_test *t)
{
    return t && t->result == RESULT_FAIL &&
           t->disposition != DISPOSITION_WAIVED; /* a baseline accepts nothing */
}

/* Do both rest on files with the same bytes, place by place? */
static bool same_evidence(const struct report_test *x, const struct report_test *y)
{
    if (x->spots.n != y->spots.n || x->findings.n != y->findings.n)
        return false;
    for (size_t i = 0; i < x->spots.n + x->findings.n; i++) {
        const struct report_spot *p =
            i < x->spots.n ? &x->spots.v[i] : &x->findings.v[i - x->spots.n].spot;
        const struct report_spot *q =
            i < y->spots.n ? &y->spots.v[i] : &y->findings.v[i - y->spots.n].spot;
        if (!p->evidence != !q->evidence ||
            (p->evidence && !str_eq(p->evidence->sha256, q->evidence->sha256)))
            return false;
    }
    return true;
}

/* What became of a test; CHANGES when there is nothing to say. */
static enum change change_of(const struct report_test *before,
                             const struct report_test *after)
{
    if (after->disposition == DISPOSITION_WAIVER_EXPIRED &&
        (!before || before->disposition == DISPOSITION_WAIVED))
        return CHANGE_EXPIRED;
    if (open_fail(after))
        return open_fail(before) ? CHANGE_STILL : CHANGE_NEW;
    if (after->disposition == DISPOSITION_WAIVED)
        return before && before->disposition == DISPOSITION_WAIVED ? CHANGES
                                                                   : CHANGE_WAIVED;
    if (undecided(after))
        return before && undecided(before) ? CHANGES : CHANGE_UNKNOWN;
    if (before && before->result == RESULT_FAIL && after->result != RESULT_FAIL)
        return CHANGE_FIXED;
    if (before && undecided(before))
        return CHANGE_DECIDED;
    if (before && before->result == after->result && !same_evidence(before, after))
        return CHANGE_EVIDENCE;
    return CHANGES;
}

static int by_change(const void *x, const void *y)
{
    const struct diff_row *a = x, *b = y;
    const struct report_test *s = a->after ? a->after : a->before;
    const struct report_test *t = b->after ? b->after : b->before;
    int c = (int)a->change - (int)b->change;
    if (!c)
        c = (int)t->check->severity - (int)s->check->severity;
    if (!c)
        c = str_cmp(s->check->id, t->check->id);
    return c ? c : str_cmp(s->subject->arn, t->subject->arn);
}

static void add(struct arena *a, struct diff *d, enum change c,
                const struct report_test *before, const struct report_test *after)
{
    struct str message = after ? report_message(a, after) : STR("the resource is gone");
    *vec_push(a, &d->rows) = (struct diff_row){c, before, after, message};
    d->counts[c]++;
    d->worse |= change_worse(c);
}

static struct map index_subjects(struct arena *a, const struct report *r)
{
    struct map arns = MAP_INIT;
    for (size_t i = 0; i < r->subjects.n; i++)
        *map_put(a, &arns, r->subjects.v[i].arn) = &r->subjects.v[i];
    return arns;
}

struct diff *diff_reports(struct arena *a, const struct report *before,
                          const struct report *after)
{
    struct diff *d = ARENA_NEW(a, struct diff);
    d->before = before;
    d->after = after;
    struct map old = index_tests(a, before), new = index_tests(a, after);
    for (size_t i = 0; i < new.n; i++) {
        const struct report_test *was = map_get(&old, new.entries[i].key);
        enum change c = change_of(was, new.entries[i].value);
        if (c != CHANGES)
            add(a, d, c, was, new.entries[i].value);
    }
    /* A resource that is gone took its fails with it. */
    for (size_t i = 0; i < old.n; i++)
        if (!map_get(&new, old.entries[i].key) && open_fail(old.entries[i].value))
            add(a, d, CHANGE_FIXED, old.entries[i].value, NULL);
    struct map were = index_subjects(a, before), are = index_subjects(a, after);
    for (size_t i = 0; i < are.n; i++)
        if (!map_get(&were, are.entries[i].key))
            *vec_push(a, &d->appeared) = are.entries[i].value;
    for (size_t i = 0; i < were.n; i++)
        if (!map_get(&are, were.entries[i].key))
            *vec_push(a, &d->vanished) = were.entries[i].value;
    if (d->rows.n > 1)
        qsort(d->rows.v, d->rows.n, sizeof *d->rows.v, by_change);
    return d;
}

size_t baseline_apply(struct assessment *as, const struct report *old)
{
    struct arena *a = arena_new();
    struct map tests = index_tests(a, old);
    size_t known = 0;
    for (size_t i = 0; i < as->n; i++) {
        struct test *t = &as->tests[i];
        bool finding = t->result == RESULT_FAIL || t->result == RESULT_UNKNOWN ||
                       t->result == RESULT_ERROR;
        if (!finding || t->disposition != DISPOSITION_OPEN)
            continue;
        const struct report_test *was =
            map_get(&tests, key_of(a, t->check->id, t->subject->arn));
        /* An undecided test must not hide a fail that is found later. */
        if (!was || was->result != t->result || was->disposition == DISPOSITION_WAIVED)
            continue;
        t->disposition = DISPOSITION_KNOWN;
        t->known_since = was->known_since == WHEN_NONE ? old->as_of : was->known_since;
        known++;
    }
    arena_free(a);
    return known;
}
