/* One page: filled in, checked, handed over. */
#pragma once
#include "render/render.h"
#include "render/report_view.h"

/* A page: what it is made of, and what it must be. */
struct sheet {
    const char *template;
    struct page page;
    struct str path;
    enum { SHEET_FREE, SHEET_XML, SHEET_JUNIT } form; /* anything, well-formed, valid */
    size_t max_bytes;                                 /* 0: as many as it takes */
    const char *list; /* name of the lists that it is long by; NULL: made in one piece */
    size_t items;     /* of them */
};

/* Everything that is needed to write a sheet but the sheet. */
struct press {
    const struct templates *t;
    const struct render_options *options;
    const struct sink *sink;
};

/* Write a sheet with so many threads at most. *full, when not NULL, says that it grew
 * past its max_bytes; then there is no file, and nothing is recorded. */
bool sheet_write(struct arena *a, const struct press *press, const struct sheet *sheet,
                 unsigned threads, bool *full, struct diag *dx);

/* Hand over bytes that stand in memory, and be done with them. */
bool sheet_give(const struct sink *sink, struct arena *a, struct str path,
                struct buf *bytes, struct diag *dx);
