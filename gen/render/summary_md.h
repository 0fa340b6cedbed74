/* The summary for CI: a step summary, or a comment on a pull request. */
#pragma once
#include "report/report.h"

struct buf;

/* Append Markdown of at most max_bytes bytes: the verdict and the counts, a table of what
 * is open, worst first, and the rest folded. What does not fit is left out and counted:
 * first whole lists (passed, waived, not applicable, for a person), then rows of the
 * table, from its end; nothing is ever cut inside a row or a fold. The heading and the
 * counts are written whatever max_bytes is (below 1 KB). It begins with a line feed, so
 * that it may follow other text. */
void summary_md(struct buf *out, const struct report *r, size_t max_bytes);
