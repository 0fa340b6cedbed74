/* Find the files that are evidence: what each is called, its size and hash. Their bytes
 * stay where they are, and are read when they are wanted. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

struct diag;
struct mask;

struct gathered_file {
    struct str name;  /* as reports show it: relative to its argument */
    const char *path; /* where it stands; NULL: bytes (standard input) */
    struct str bytes; /* NUL after them */
    struct str sha256;
    uint64_t size_bytes;
    bool index;        /* an index.json of the home layout */
    struct mask *mask; /* what masks it; NULL: it is packed as it is */
    /* of a masked file: */
    struct str original_sha256;
    uint64_t original_size_bytes;
    uint32_t masked; /* values */
};
struct gathered {
    VEC(struct gathered_file) files; /* sorted by name */
};

/* Find the evidence in files and folders, as evidence_load does, and name the files as it
 * does. False after recording. */
bool gather(struct arena *a, const char *const *paths, size_t n, struct gathered *out,
            struct diag *dx);

/* The bytes of a file as they are packed (not inflated, masked), a NUL after them, in
 * arena a. False after recording. Not from several threads when it is masked. The first
 * parameter is a struct gathered_file. */
bool gather_read(const void *file, struct arena *a, struct str *bytes, struct diag *dx);

/* Bring them into order again after their names changed. */
void gather_sort(struct gathered *files);
