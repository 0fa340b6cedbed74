/* A report in parts of so many tests each, for readers that take no more in one file. */
#include "render/junit.h"

#include "base/arena.h"

struct split {
    struct arena *a;
    const struct report *r;
    uint32_t max, used; /* tests of the part being filled */
    VEC(struct report) parts;
};

static struct report *new_part(struct split *s)
{
    struct report *part = vec_push(s->a, &s->parts);
    *part = *s->r;
    part->controls.v = NULL;
    part->controls.n = part->controls.cap = 0;
    s->used = 0;
    return part;
}

static void count(struct report_counts *c, const struct report_test *t)
{
    bool waived = t->disposition == DISPOSITION_WAIVED;
    bool known = t->disposition == DISPOSITION_KNOWN;
    bool fail = t->result == RESULT_FAIL, unknown = t->result == RESULT_UNKNOWN;
    c->total++;
    c->pass += t->result == RESULT_PASS;
    c->fail += fail;
    c->unknown += unknown;
    c->manual += t->result == RESULT_MANUAL;
    c->not_applicable += t->result == RESULT_NOT_APPLICABLE;
    c->error += t->result == RESULT_ERROR;
    c->waived += fail && waived;
    c->known += fail && known;
    c->accepted_unknown += unknown && (waived || known);
}

/* A control with its tests from..to (of all its checks, in order), and their counts. */
static struct report_control slice(struct arena *a, const struct report_control *whole,
                                   size_t from, size_t to)
{
    struct report_control c = *whole;
    uint32_t score = c.counts.score;
    size_t at = 0;
    c.counts = (struct report_counts){.score = score, .scored = whole->counts.scored};
    c.checks.v = ARENA_ARRAY(a, struct report_check, whole->checks.n);
    for (size_t i = 0; i < whole->checks.n; i++) {
        const struct report_check *check = &whole->checks.v[i];
        size_t n = check->tests.n;
        size_t first = from > at ? from - at : 0, last = to > at ? to - at : 0;
        first = first < n ? first : n;
        last = last < n ? last : n;
        c.checks.v[i] = *check;
        c.checks.v[i].tests.v = n ? check->tests.v + first : NULL;
        c.checks.v[i].tests.n = last - first;
        for (size_t j = first; j < last; j++)
            count(&c.counts, check->tests.v[j]);
        at += n;
    }
    return c;
}

static void add(struct split *s, const struct report_control *c, size_t from, size_t to)
{
    struct report *part = &s->parts.v[s->parts.n - 1];
    if (s->used && s->used + (to - from) > s->max)
        part = new_part(s);
    struct report_control *put = vec_push(s->a, &part->controls);
    *put = slice(s->a, c, from, to);
    put->number = (uint32_t)part->controls.n - 1;
    s->used += (uint32_t)(to - from);
}

struct report_parts junit_split(struct arena *a, const struct report *r, uint32_t max)
{
    struct split s = {.a = a, .r = r, .max = max ? max : 1};
    new_part(&s);
    for (size_t i = 0; i < r->controls.n; i++) {
        const struct report_control *c = &r->controls.v[i];
        size_t n = c->counts.total;
        for (size_t from = 0; from < n; from += s.max)
            add(&s, c, from, from + s.max < n ? from + s.max : n);
    }
    return (struct report_parts){s.parts.v, s.parts.n};
}
