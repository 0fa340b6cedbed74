/* Lines as reports show them: with their secrets masked. */
#pragma once
#include "base/buf.h"
#include "base/map.h"

struct arena;

/* Most lines of evidence stand in it many times, so each is looked at once. One of these
 * belongs to one thread. */
struct masked_lines {
    struct arena *a; /* for what they keep */
    struct map known;
    struct buf work;
};

/* n of them, in arena a. */
struct masked_lines *masked_lines_new(struct arena *a, unsigned n);
void masked_lines_free(struct masked_lines *v, unsigned n);

/* A line (without its end) with its secrets masked: the line itself when it has none.
 * Both live until masked_lines_free. */
struct str masked_line(struct masked_lines *lines, struct str line);
