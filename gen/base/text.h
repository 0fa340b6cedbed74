/* A named text and places in it. Columns count code points from 1 (style of the
 * diagnostics). */
#pragma once
#include "base/str.h"

struct text {
    struct str name; /* as the user knows it: path as given, "-" for stdin, "<builtin>" */
    struct str bytes;
};

/* A stretch of a text: where something came from. text NULL: from nowhere that can be
 * shown. */
struct origin {
    const struct text *text;
    size_t pos, len; /* bytes */
};

struct place {
    uint32_t line, column; /* from 1 */
};

/* Line and column of byte pos (clipped to the end). Reads the text up to pos. */
struct place text_place(const struct text *t, size_t pos);

/* The line (without its end) that byte pos stands in; *start is its offset when not NULL.
 */
struct str text_line(const struct text *t, size_t pos, size_t *start);

/* Offset of the start of a line (from 1), or the length of the text when there are fewer.
 */
size_t text_line_start(const struct text *t, uint32_t line);

/* An index of places, for many look-ups in one text: each reads a few hundred bytes of
 * it, however long its lines are. Lives in the arena. */
struct text_index {
    const struct text *text;
    struct place *places; /* of every so many bytes */
};
struct text_index *text_index_new(struct arena *a, const struct text *t);
struct place text_index_place(const struct text_index *ix, size_t pos);
