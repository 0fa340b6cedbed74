/* Find the files that are evidence, with their bytes as collected. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

struct diag;

struct gathered_file {
    struct str name;  /* as reports show it: relative to its argument */
    const char *path; /* where it stands; NULL: bytes alone (standard input, masked) */
    struct str bytes; /* not inflated */
    struct str sha256;
    bool index; /* an index.json of the home layout */
    /* of a masked file: */
    struct str original_sha256;
    uint64_t original_size_bytes;
    uint32_t masked; /* values */
};
struct gathered {
    VEC(struct gathered_file) files; /* sorted by name */
};

/* Read the evidence in files and folders, as evidence_load finds it, and name the files
 * as it does. Bytes live in raw, all else in a. False after recording. */
bool gather(struct arena *a, struct arena *raw, const char *const *paths, size_t n,
            struct gathered *out, struct diag *dx);

/* Bring them into order again after their names changed. */
void gather_sort(struct gathered *files);
