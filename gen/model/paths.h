/* Many paths through one answer, followed at once: the steps that they share are looked
 * up once. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

struct json;

/* A step of the paths, and those behind it. */
struct paths {
    struct str name;            /* a member; "*": any */
    bool list;                  /* each element of what stands there */
    size_t row;                 /* number + 1 of the path that ends here; 0: none does */
    struct paths *first, *next; /* the steps behind it; others at its place */
};

/* A text at the end of a path. */
struct paths_hit {
    size_t row;
    struct str value;
    struct str pointer; /* JSON Pointer: that of the start, and on */
};

struct paths_hits {
    VEC(struct paths_hit) list;
};

/* Add a path with its number, from the empty step root on: members joined by '.', "[]"
 * after a list, "*" for any member. Steps live in arena a; path is borrowed. */
void paths_add(struct arena *a, struct paths *root, const char *path, size_t row);

/* All texts at the ends of the paths through n, which stands at pointer: by row, then as
 * they stand. The list lives in scratch, pointers in a. Any thread. */
void paths_follow(struct arena *a, struct arena *scratch, const struct paths *root,
                  const struct json *n, struct str pointer, struct paths_hits *out);
