/* Note which checks looked at which documents. */
#include "assess/looks.h"

#include "base/bits.h"
#include "model/build.h"

#include <string.h>

enum { JOBS_MAX = 32 };

/* The jobs that make the facts which a check names. */
struct check_jobs {
    uint32_t applies, all;
};

struct looks_jobs {
    struct check_jobs *checks; /* by number */
    size_t n;
};

struct looks {
    const struct model *m;
    const struct looks_jobs *jobs;
    size_t words, docs;
    uint64_t *needed, *read; /* words for each document */
    /* By job: the checks that looked at its facts, of this subject and of all. */
    uint64_t *now, *ever;
    struct reads *reads;
};

static uint32_t jobs_of(const struct check *c, const struct str *facts, size_t n)
{
    uint32_t jobs = 0;
    for (size_t i = 0; i < n; i++)
        jobs |= facts_jobs(c->subject, facts[i]);
    return jobs;
}

const struct looks_jobs *looks_jobs(struct arena *a, const struct catalog *c)
{
    struct looks_jobs *jobs = ARENA_NEW(a, struct looks_jobs);
    jobs->n = c->checks.n;
    jobs->checks = ARENA_ARRAY(a, struct check_jobs, jobs->n);
    for (size_t i = 0; i < jobs->n; i++) {
        const struct check *k = c->checks.v[i];
        uint32_t applies = jobs_of(k, k->applies_facts.v, k->applies_facts.n);
        jobs->checks[k->number] = (struct check_jobs){
            applies, applies | jobs_of(k, k->facts.v, k->facts.n) |
                         jobs_of(k, k->at_facts.v, k->at_facts.n) |
                         jobs_of(k, k->undecided_facts.v, k->undecided_facts.n)};
    }
    return jobs;
}

struct looks *looks_new(struct arena *a, const struct model *m,
                        const struct looks_jobs *jobs)
{
    struct looks *l = ARENA_NEW(a, struct looks);
    *l = (struct looks){.m = m,
                        .jobs = jobs,
                        .words = bits_words(jobs->n),
                        .docs = m->evidence->n,
                        .reads = reads_new(a, m->evidence)};
    l->needed = ARENA_ARRAY(a, uint64_t, l->docs * l->words);
    l->read = ARENA_ARRAY(a, uint64_t, l->docs * l->words);
    l->now = ARENA_ARRAY(a, uint64_t, JOBS_MAX * l->words);
    l->ever = ARENA_ARRAY(a, uint64_t, JOBS_MAX * l->words);
    return l;
}

struct reads *looks_reads(struct looks *l)
{
    return l ? l->reads : NULL;
}

static void add(uint64_t *to, const uint64_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] |= from[i];
}

void looks_need(struct looks *l, const struct check *c, const struct document *d)
{
    bits_set(&l->needed[d->number * l->words], c->number);
}

void looks_facts(struct looks *l, const struct check *c, bool all)
{
    const struct check_jobs *jobs = &l->jobs->checks[c->number];
    uint32_t left = all ? jobs->all : jobs->applies;
    for (; left; left &= left - 1)
        bits_set(&l->now[(unsigned)__builtin_ctz(left) * l->words], c->number);
}

void looks_next(struct looks *l)
{
    for (size_t i = 0; i < l->reads->docs.n; i++) {
        size_t d = l->reads->docs.v[i]->number;
        uint32_t left = l->reads->jobs[d];
        for (; left; left &= left - 1)
            add(&l->read[d * l->words], &l->now[(unsigned)__builtin_ctz(left) * l->words],
                l->words);
    }
    add(l->ever, l->now, JOBS_MAX * l->words);
    memset(l->now, 0, JOBS_MAX * l->words * sizeof *l->now);
    reads_clear(l->reads);
}

void looks_add(struct looks *to, const struct looks *from)
{
    add(to->needed, from->needed, to->docs * to->words);
    add(to->read, from->read, to->docs * to->words);
    add(to->ever, from->ever, JOBS_MAX * to->words);
}

/* What was worked out for all subjects: whoever looked at facts that rest on it. */
static void finish_group(struct looks *l, enum reads_group g, uint64_t *checks)
{
    memset(checks, 0, l->words * sizeof *checks);
    for (unsigned job = 0; job < JOBS_MAX; job++)
        if (facts_groups(job) >> g & 1)
            add(checks, &l->ever[job * l->words], l->words);
    for (size_t i = 0; i < l->docs; i++)
        if (reads_marked(&l->m->marks, g, l->m->evidence->v[i]))
            add(&l->read[i * l->words], checks, l->words);
}

void looks_finish(struct looks *l)
{
    for (int g = 0; g < READS_GROUPS; g++)
        finish_group(l, (enum reads_group)g, l->now);
}

size_t looks_words(const struct looks *l)
{
    return l->words;
}

const uint64_t *looks_needed(const struct looks *l, size_t document)
{
    return &l->needed[document * l->words];
}

const uint64_t *looks_read(const struct looks *l, size_t document)
{
    return &l->read[document * l->words];
}
