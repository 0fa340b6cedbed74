/* A pack being read: from a folder, an archive or memory, file after file, in bounded
 * memory: of most files the hash and size alone stay. */
#pragma once
#include "base/arena.h"
#include "base/file_stream.h"
#include "base/map.h"
#include "base/text.h"
#include "evidence/evidence.h"

struct diag;

enum {
    PACK_MAX_FILES = 2000000,
    PACK_MAX_FILE_BYTES = 1 << 30,
};
#define PACK_MAX_BYTES ((uint64_t)16 << 30) /* all files, inflated */
#define PACK_MAX_KEPT ((uint64_t)4 << 30)   /* of what judging again needs */

struct pack_file {
    struct str path; /* below the bag */
    struct str sha256;
    uint64_t size_bytes;
    bool kept; /* text holds its bytes, NUL after; its name is the path */
    bool listed;
    const char *file; /* of a folder: where it can be read again; NULL: nowhere */
    struct text text;
};

struct pack {
    struct pack_file **v; /* sorted by bytes of path */
    size_t n, cap;
    struct map by_path;
};

/* The file at a path; NULL when there is none. */
struct pack_file *pack_find(const struct pack *p, struct str path);

/* What stays in memory beside the tag files. */
enum pack_need {
    PACK_NEED_CASE, /* all that judging again needs; of a folder, evidence and results are
 left where they are */
    PACK_NEED_RESULTS, /* results.json */
};

/* Where files come from. */
struct pack_found {
    struct str path;
    enum file_kind kind;
    const char *file; /* where it can be read again; NULL: nowhere */
};
struct pack_source {
    void *ctx;
    /* 1: *found is set; 0: the end; -1 after recording */
    int (*next)(void *ctx, struct pack_found *found, struct diag *dx);
    /* the next piece of the file, borrowed; empty at the end; false after recording */
    bool (*piece)(void *ctx, struct str *piece, struct diag *dx);
    bool one_folder; /* paths start with the bag's own name: an archive */
};

/* Read all of a source. Paths that must not be, links, devices, twins and fetch.txt are
 * recorded (PAK-10n) and passed over unread. NULL when the source itself broke. */
struct pack *pack_read(struct arena *a, const struct pack_source *from,
                       enum pack_need need, struct diag *dx);

/* The same for a folder or an archive on disk. */
struct pack *pack_open(struct arena *a, const char *path, enum pack_need need,
                       struct diag *dx);

/* Does a path look like a pack: a folder with bagit.txt, or the name of an archive? */
bool pack_is(struct arena *a, const char *path);

/* The bytes of a file, a NUL after them: kept ones, or read again into a. The first
 * parameter is a struct pack_file. False after recording. */
bool pack_bytes(const void *file, struct arena *a, struct str *bytes, struct diag *dx);

/* Is it one of the files that evidence is loaded from: evidence, or the index? */
bool pack_is_evidence(struct str path);
/* The same file as evidence_load_inputs takes it; f must outlive the evidence. */
struct evidence_input pack_input_of(const struct pack_file *f);

/* The same for files in memory (tests, fuzzing). */
struct pack_input {
    struct str path, bytes;
    enum file_kind kind;
};
struct pack *pack_of_memory(struct arena *a, const struct pack_input *inputs, size_t n,
                            struct diag *dx);
