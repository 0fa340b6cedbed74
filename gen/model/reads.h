/* Which documents the model and its facts are read from, so that a report can say of each
 * file what it was used for. Who looks a document up does not say so: subject_exhibit and
 * its like do, to whatever is being worked out on their thread. */
#pragma once
#include "base/arena.h"
#include "evidence/evidence.h"

#include <stdint.h>

/* What is worked out once for all subjects. */
enum reads_group {
    READS_NAMES,    /* which resources there are, and what answers are about */
    READS_REPORT,   /* what reports tell of applications beside verdicts */
    READS_EVENTS,   /* calls that CloudTrail recorded */
    READS_COVERAGE, /* what trails record */
    READS_FINDINGS, /* findings of other tools, credential reports */
    READS_CHANGERS, /* who may change applications */
    READS_LIMITS,   /* policies of the organization */
    READS_GROUPS
};

/* The groups that each document of a model was read for, as bits. Any thread. */
struct reads_marks {
    _Atomic unsigned char *of; /* by number of the document; NULL: nobody asks */
    size_t n;
};

/* What facts of one subject were read from: by number of the document the jobs that read
 * it (facts.c), and the documents that have any. For one thread. */
struct reads {
    uint32_t *jobs;
    VEC(const struct document *) docs;
    struct arena *a;
};

/* Work for which documents are looked up: a group of marks, or a job of one subject. */
struct reads_for {
    const struct reads_marks *marks;
    struct reads *reads;
    uint32_t bits; /* 1 << group, or 1 << job; 0: nobody asks */
};

struct reads_marks reads_marks_new(struct arena *a, const struct evidence *ev);
struct reads *reads_new(struct arena *a, const struct evidence *ev);
/* Forget what was read for the last subject. */
void reads_clear(struct reads *r);

/* From now on this thread looks documents up for this; returns for what it did before,
 * which has to be set again. */
struct reads_for reads_begin(struct reads_for what);
struct reads_for reads_group(const struct reads_marks *m, enum reads_group g);

/* d was looked up. */
void reads_note(const struct document *d);
/* d belongs to a group. */
void reads_mark(const struct reads_marks *m, enum reads_group g,
                const struct document *d);
bool reads_marked(const struct reads_marks *m, enum reads_group g,
                  const struct document *d);
