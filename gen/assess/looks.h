/* Which checks looked at which documents. A check looks at a document that meets one of
 * its needs, and at those that facts were worked out from which its queries name (in one
 * go with others of the subject: facts.c has the rows). Only tests that got so far count:
 * of one that does not apply, what that rests on. */
#pragma once
#include "catalog/catalog.h"
#include "model/model.h"

struct looks;

/* Which facts the checks of a catalog look at, once for all workers. In arena a. */
struct looks_jobs;
const struct looks_jobs *looks_jobs(struct arena *a, const struct catalog *c);

/* For one worker; two of the same model and jobs may be added up. Lives in arena a. */
struct looks *looks_new(struct arena *a, const struct model *m,
                        const struct looks_jobs *jobs);

/* What to give to subject_view_read of the subject that comes next. l may be NULL. */
struct reads *looks_reads(struct looks *l);
/* A check is judged on that subject: d meets a need of it. */
void looks_need(struct looks *l, const struct check *c, const struct document *d);
/* It looked at the facts that applies names, and when all, at those of its other queries.
 */
void looks_facts(struct looks *l, const struct check *c, bool all);
/* All checks of the subject are judged. */
void looks_next(struct looks *l);

void looks_add(struct looks *to, const struct looks *from);
/* After the last of all workers. */
void looks_finish(struct looks *l);

/* Then, of a document: the checks that needed it, and those that looked at facts from it,
 * as bits (base/bits.h) by check number, in looks_words words. */
size_t looks_words(const struct looks *l);
const uint64_t *looks_needed(const struct looks *l, size_t document);
const uint64_t *looks_read(const struct looks *l, size_t document);
