/* A bag (RFC 8493) being put together, and written as a folder or an archive. */
#pragma once
#include "base/arena.h"
#include "base/map.h"

struct diag;

/* One file of the bag: bytes in memory, or the path of a file that is read once more when
 * the bag is written, and must then still have this hash. */
struct bag_item {
    struct str path; /* below the bag */
    struct str bytes;
    const char *file; /* NULL: in memory */
    struct str sha256;
    uint64_t size_bytes;
};

struct bag {
    struct arena *a;
    struct str base; /* its own name, for archives */
    int64_t time;    /* of its files, in archives */
    VEC(struct bag_item) items;
    struct str tag_manifest, id; /* after bag_close; id: SHA-256 of the tag manifest */
};

void bag_add(struct bag *b, struct str path, struct str bytes);
void bag_add_file(struct bag *b, struct str path, const char *file, struct str sha256,
                  uint64_t size_bytes);

struct bag_info {
    struct str label, value;
};

/* Add bagit.txt, bag-info.txt (info, then Payload-Oxum), manifest-sha256.txt and
 * tagmanifest-sha256.txt. README.txt must be there already; what is added later stands in
 * no manifest. */
void bag_close(struct bag *b, const struct bag_info *info, size_t n);

/* Write it: a folder that must not be there yet, or an archive by the ending of its name.
 * Whole or not at all. Records FIL-12x, PAK-160 (a file changed meanwhile), PAK-163. */
bool bag_write(struct bag *b, const char *to, struct diag *dx);
