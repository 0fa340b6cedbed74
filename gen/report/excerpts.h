/* Excerpts: the lines of evidence around what findings point at. */
#pragma once
#include "report/report.h"

/* Fill r->excerpts, each line that a finding of as points at once, and let the findings
 * of r, which stand there with their places, refer to them. Works with so many threads,
 * each with an arena of its own; what it keeps lives in these. */
void excerpts_build(struct arena *const *arenas, unsigned threads,
                    const struct assessment *as, struct report *r);
