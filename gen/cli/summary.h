/* The terminal summary of a report: one screen, worst first. */
#pragma once
#include "base/str.h"

struct buf;
struct report;

struct summary_options {
    bool colour;
    unsigned columns, rows;
    const char *folder; /* where the reports went; NULL: nowhere */
};

/* Append the summary: verdict and score, a row for each practice, the worst open tests
 * that fit, evidence that could not be used, and where to look next. */
void summary_write(struct buf *out, const struct report *r,
                   const struct summary_options *o);
