/* data/index.json: what a pack holds, where each file came from, and how it was judged.
 * Also the index that gen/evidence reads, so that `kdaudit report PACK` works. */
#pragma once
#include "base/arena.h"
#include "base/text.h"

struct buf;
struct diag;
struct json;

enum { PACK_FORMAT = 1 };

/* One evidence file. */
struct pack_entry {
    struct str path;   /* below data/: "evidence/..." */
    struct str name;   /* where it came from, as reports of the original would show it */
    struct str sha256; /* of the bytes in the pack */
    uint64_t size_bytes;
    struct str account, region, service, operation; /* "" when not known */
    const struct json *parameters;                  /* CLI options; NULL when not known */
    int64_t collected;                              /* WHEN_NONE when not known */
    int64_t exit_code;                              /* -1 when not known */
    struct str error_code, error_message;
    struct str original_sha256; /* redacted packs: of the bytes as collected */
    uint64_t original_size_bytes;
    uint32_t masked; /* redacted packs: values masked in it */
    size_t pos;      /* of its entry in index.json, when read */
};

/* Any other file below data/: catalog, templates, waivers, results, reports. */
struct pack_part {
    struct str path, sha256;
    struct str name; /* its name where it came from, when that is another; catalog files
                        are read by it */
    uint64_t size_bytes;
    size_t pos;
};

struct pack_index {
    struct str version; /* of the kdaudit that packed */
    int64_t as_of;
    struct str catalog_id, catalog_version, catalog_sha256;
    VEC(struct str) params; /* NAME=VALUE, in the order given */
    bool redacted;
    struct str redaction_key; /* "given" or "derived" */
    VEC(struct pack_entry) entries;
    VEC(struct pack_part) parts;
};

void pack_index_write(struct buf *out, const struct pack_index *ix);

/* Read it back. NULL after recording PAK-130 or JSN-1xx. Lives in a and in the text. */
struct pack_index *pack_index_read(struct arena *a, const struct text *text,
                                   struct diag *dx);
/* A copy in a without the entries, and with nothing in it that points elsewhere. */
struct pack_index *pack_index_short(struct arena *a, const struct pack_index *ix);
