/* What is wrong with the user's input, where, and how to mend it: recorded by the stages,
 * printed by cli/ at the end, sorted. */
#pragma once
#include "base/text.h"

struct arena;
struct buf;
struct diag;

enum diag_level { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR };

/* A row of a module's message table. A code never changes its meaning. */
struct diag_kind {
    const char *code; /* "CAT-104" */
    enum diag_level level;
    const char *what; /* "control id is used twice" */
    const char *mend; /* "give each control an id of its own" */
};

/* An empty record in arena a. One record belongs to one thread; diag_merge joins them. */
struct diag *diag_new(struct arena *a);

/* Record kind at a place. fmt (may be NULL) is the detail behind the message; untrusted
 * text in it is made visible when printed. After DIAG_MAX records only counts go on. */
void diag_at(struct diag *dx, const struct diag_kind *kind, struct origin at,
             const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The same for a whole file, or for no file (empty name). */
void diag_file(struct diag *dx, const struct diag_kind *kind, struct str name,
               const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* A second place that belongs to the record just made. */
void diag_note(struct diag *dx, struct origin at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Move what other recorded into dx. Both must live equally long. */
void diag_merge(struct diag *dx, const struct diag *other);

/* Copy all that records point into: the texts that they are about may go then, and what
 * was merged. */
void diag_settle(struct diag *dx);

/* Forget every record: they have been printed. */
void diag_clear(struct diag *dx);

size_t diag_count(const struct diag *dx, enum diag_level level);

/* Code of the first record of at least this level in order of recording, or NULL. */
const char *diag_first(const struct diag *dx, enum diag_level level);

/* One record for readers that are programs (evidence index, tests). */
struct diag_view {
    const char *code;
    enum diag_level level;
    struct str file;
    struct place place; /* 0:0 when the whole file is meant */
    struct str message; /* "what: detail" */
    const char *mend;
};
size_t diag_len(const struct diag *dx);
struct diag_view diag_get(const struct diag *dx, size_t i);

/* Write all records, sorted by file, place and code, as
 *   file:line:column: error: what: detail [CODE]
 * with the line, a caret and how to mend it. colour adds ANSI escapes. */
void diag_print(const struct diag *dx, struct buf *out, bool colour);
