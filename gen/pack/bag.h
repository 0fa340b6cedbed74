/* A bag (RFC 8493) being put together, and written as a folder or an archive. */
#pragma once
#include "base/arena.h"
#include "base/map.h"

struct diag;
struct file_work;

/* One file of the bag: bytes in memory, a file that is read once more when the bag is
 * written, or bytes that are asked for then. They must still have this hash. */
struct bag_item {
    struct str path; /* below the bag */
    struct str bytes;
    const char *file; /* NULL: none */
    bool (*read)(const void *ctx, struct arena *a, struct str *bytes, struct diag *dx);
    const void *ctx; /* of read; NULL: in memory */
    struct str sha256;
    uint64_t size_bytes;
    bool placed; /* file is one of bag_file_open: it stands where the bag is made */
};

struct bag {
    struct arena *a;
    struct str base; /* its own name, for archives */
    int64_t time;    /* of its files, in archives */
    VEC(struct bag_item) items;
    struct str tag_manifest, id; /* after bag_close; id: SHA-256 of the tag manifest */
    const char *to;              /* after bag_open */
    struct file_work *work;      /* folder in which it is being made */
    /* Told each folder that is being made, and NULL when it is whole or gone; or NULL. */
    void (*making)(const char *folder);
};

/* Say where the bag will stand: a folder that must not be there yet, or an archive by the
 * ending of its name. What a run that was killed left beside it goes, with a warning;
 * what another run is at stays. False after recording FIL-12x. Then bag_write or bag_drop
 * must follow. */
bool bag_open(struct bag *b, const char *to, struct diag *dx);
/* Leave nothing behind. */
void bag_drop(struct bag *b);

/* Room for so many items more, when it is known how many there will be. */
void bag_reserve(struct bag *b, size_t n);

void bag_add(struct bag *b, struct str path, struct str bytes);
void bag_add_file(struct bag *b, struct str path, const char *file, struct str sha256,
                  uint64_t size_bytes);
/* read gives the bytes in arena a, each time it is asked; false after recording. */
void bag_add_read(struct bag *b, struct str path,
                  bool (*read)(const void *ctx, struct arena *a, struct str *bytes,
                               struct diag *dx),
                  const void *ctx, struct str sha256, uint64_t size_bytes);

/* A file that is written as it is made, without being kept in memory. NULL after
 * recording FIL-12x. The item stands in the bag after bag_file_close has kept it; NULL
 * when it was not kept or writing broke. */
struct bag_file;
struct bag_file *bag_file_open(struct bag *b, struct str path, struct diag *dx);
bool bag_file_write(struct bag_file *f, struct str bytes);
const struct bag_item *bag_file_close(struct bag_file *f, bool keep);

struct bag_info {
    struct str label, value;
};

/* Add bagit.txt, bag-info.txt (info, then Payload-Oxum), manifest-sha256.txt and
 * tagmanifest-sha256.txt. README.txt must be there already; what is added later stands in
 * no manifest. */
void bag_close(struct bag *b, const struct bag_info *info, size_t n);

/* Write it, whole or not at all; bag_open is done here when it was not. Records FIL-12x,
 * PAK-160 (a file changed meanwhile), PAK-163. */
bool bag_write(struct bag *b, const char *to, struct diag *dx);
