/* What is missing: every answer that undecided tests wait for, and the call that gets it.
 */
#pragma once
#include "base/arena.h"
#include "base/str.h"

struct assessment;
struct buf;
struct check;
struct document;
struct finding;
struct json;
struct model;
struct operation;
struct subject;

enum { GAP_WORDS_MAX = 24 };

struct gap {
    const struct finding *finding;   /* the first that waits for it: command, reason */
    const struct operation *op;      /* that the command calls; NULL: not in the table */
    const struct subject *subject;   /* NULL: not in the model */
    const struct check *check;       /* the first that waits for it */
    const struct document *instead;  /* elsewhere in evidence, of no use; NULL */
    size_t tests;                    /* that wait for it */
    struct str words[GAP_WORDS_MAX]; /* of the command, without quotes */
    size_t nwords;
    struct str account; /* whose credentials the call takes; "" when nothing says it */
    struct str file;  /* where the answer belongs in the evidence folder, without ending;
                         "" when  hold is set */
    const char *hold; /* what keeps the command from being run as it is; NULL */
};

struct gaps {
    struct arena *a;
    const struct model *model;
    struct gap **v; /* each command once, in the order of the tests */
    size_t n;
};

/* Lives in a, borrows from m and as. */
struct gaps *gaps_find(struct arena *a, const struct model *m,
                       const struct assessment *as);

/* The list for people: why, what for, and the command with the files that it fills. */
void gaps_text(struct buf *out, const struct gaps *g);
/* The same for programs. */
struct json *gaps_json(struct arena *a, const struct gaps *g);
/* The line that says of one what waits for it, without '#' and line feed. */
void gap_reason(struct buf *out, const struct gap *x);
/* A POSIX sh script that collects everything that can be collected, account by account,
 * and keeps refusals, times and exit codes. */
void gaps_script(struct buf *out, const struct gaps *g);
