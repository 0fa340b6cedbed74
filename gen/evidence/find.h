/* Which files are evidence, and what reports call them. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

struct diag;

struct evidence_file {
    struct str shown; /* path as reports show it: relative to the argument */
    struct str typed; /* path as the user typed it, and how it is opened; "-" */
    bool must;        /* named by the user: read it whatever its ending */
};
struct evidence_files {
    struct evidence_file *v;
    size_t n, cap;
};

/* Find the evidence in files, folders and "-". Of a pack's folder: its evidence alone.
 * The list stands in own, its paths in a. False after recording that a path cannot be
 * read. */
bool evidence_find(struct arena *a, struct arena *own, const char *const *paths, size_t n,
                   unsigned threads, struct evidence_files *out, struct diag *dx);
