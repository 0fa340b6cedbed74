/* Note which documents are looked up, and for what. */
#include "model/reads.h"

#include <assert.h>
#include <stdatomic.h>

/* Lookups stand in a hundred places, which have no other way to say for whom they work.
 */
static _Thread_local struct reads_for now;

struct reads_marks reads_marks_new(struct arena *a, const struct evidence *ev)
{
    return (struct reads_marks){ARENA_ARRAY(a, _Atomic unsigned char, ev->n + 1), ev->n};
}

struct reads *reads_new(struct arena *a, const struct evidence *ev)
{
    struct reads *r = ARENA_NEW(a, struct reads);
    r->a = a;
    r->jobs = ARENA_ARRAY(a, uint32_t, ev->n + 1);
    return r;
}

void reads_clear(struct reads *r)
{
    for (size_t i = 0; i < r->docs.n; i++)
        r->jobs[r->docs.v[i]->number] = 0;
    r->docs.n = 0;
}

struct reads_for reads_begin(struct reads_for what)
{
    struct reads_for before = now;
    now = what;
    return before;
}

struct reads_for reads_group(const struct reads_marks *m, enum reads_group g)
{
    return reads_begin((struct reads_for){.marks = m, .bits = m->of ? 1u << g : 0});
}

/* Several threads mark at once; most marks stand already. */
static void mark(const struct reads_marks *m, uint32_t bits, const struct document *d)
{
    assert(d->number < m->n);
    _Atomic unsigned char *of = &m->of[d->number];
    if ((atomic_load_explicit(of, memory_order_relaxed) & bits) != bits)
        atomic_fetch_or_explicit(of, (unsigned char)bits, memory_order_relaxed);
}

void reads_note(const struct document *d)
{
    struct reads *r = now.reads;
    if (!now.bits)
        return;
    if (!r) {
        mark(now.marks, now.bits, d);
        return;
    }
    uint32_t *jobs = &r->jobs[d->number];
    if (!*jobs)
        *vec_push(r->a, &r->docs) = d;
    *jobs |= now.bits;
}

void reads_mark(const struct reads_marks *m, enum reads_group g, const struct document *d)
{
    if (m->of)
        mark(m, 1u << g, d);
}

bool reads_marked(const struct reads_marks *m, enum reads_group g,
                  const struct document *d)
{
    return m->of &&
           (atomic_load_explicit(&m->of[d->number], memory_order_relaxed) >> g) & 1;
}
