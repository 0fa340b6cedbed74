/* results.json: the one source of every other output. Schema:
 * templates/results.schema.json. */
#pragma once
#include "report/report.h"

struct buf;
struct diag;
struct text;

/* Write it: members in the order of the tables, empty ones left out, one line for each
 * item of a long list. Same report, same bytes. */
void results_write(struct buf *out, const struct report *r);

/* The same in pieces, so that the whole never stands in memory: made by so many threads
 * (0: all processors), given to part in order and one at a time, each from any of them.
 * False as soon as part says so. */
bool results_stream(const struct report *r, unsigned threads,
                    bool (*part)(void *ctx, struct str bytes), void *ctx);

/* Read it back. NULL after recording RES-1xx (wrong format number, shape, dangling
 * reference) in dx. The text must outlive the report. */
struct report *results_read(struct arena *a, const struct text *text, struct diag *dx);

/* Is this text a results.json (by its first members)? */
bool results_is(const struct text *text);

/* The JSON Schema (draft-07) of results.json, made from the same tables. */
void results_schema(struct buf *out);
