/* Compare two runs: what got worse, what was mended, what only changed its evidence. */
#pragma once
#include "report/report.h"

struct buf;

enum change {
    CHANGE_NEW,      /* open fail that the old run did not have */
    CHANGE_EXPIRED,  /* its waiver has run out since */
    CHANGE_UNKNOWN,  /* was decided, cannot be decided now */
    CHANGE_STILL,    /* open fail in both */
    CHANGE_WAIVED,   /* accepted since */
    CHANGE_FIXED,    /* failed, does not any more */
    CHANGE_DECIDED,  /* could not be decided, passes or does not apply now */
    CHANGE_EVIDENCE, /* same result, other bytes */
    CHANGES,
};
const char *change_name(
    enum change c); /* "new", "waiver-expired", "newly-unknown", ... */
bool change_worse(enum change c);

struct diff_row {
    enum change change;
    const struct report_test *before, *after; /* one may be NULL */
    struct str message;                       /* what it says now */
};

struct diff {
    const struct report *before, *after;
    VEC(struct diff_row) rows; /* by change (worst first), then severity, check, ARN */
    VEC(const struct report_subject *) appeared, vanished;
    size_t counts[CHANGES];
    bool worse;
};

/* Tests are the same when check id and ARN are. */
struct diff *diff_reports(struct arena *a, const struct report *before,
                          const struct report *after);

/* Write it for a terminal (colour), as Markdown for a pull request, or as JSON. */
void diff_text(struct buf *out, const struct diff *d, bool colour);
void diff_markdown(struct buf *out, const struct diff *d);
void diff_json(struct buf *out, const struct diff *d);

/* Mark the fails and undecided tests of as that the old report has open (or known) too as
 * known. Gives how many. */
size_t baseline_apply(struct assessment *as, const struct report *old);
