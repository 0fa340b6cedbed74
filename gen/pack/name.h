/* Names inside a pack: which are allowed, and how others are written in that alphabet. */
#pragma once
#include "base/map.h"

/* Paths of a pack use A-Z a-z 0-9 . _ ~ - and '/': where BagIt (RFC 8493, 2.1.3),
 * sha256sum and ustar agree on how a name is written, and every file system can hold it.
 */
enum {
    PACK_PATH_MAX = 200,    /* bytes of a path below the bag */
    PACK_SEGMENT_MAX = 100, /* bytes between two slashes: a name field of ustar */
    PACK_FOLDER_MAX = 90,   /* bytes before the last slash: fits ustar's prefix with the
                               bag's own name before it */
    PACK_BASE_MAX = 64,     /* bytes of the bag's own name */
};

/* What is wrong with a path below the bag; NULL when nothing is. */
const char *pack_path_fault(struct str path);

/* Names given out so far, so that no two are equal without regard to case. */
struct pack_names {
    struct map taken; /* lower-case path -> itself */
};

/* A path below folder ("data/evidence") for a file that is called name where it comes
 * from: name itself when it is allowed and free, else what is left of it with a hash of
 * the whole before the ending. Files that differ in their ending alone (x.json, x.err)
 * still do so after. Lives in a. */
struct str pack_name(struct arena *a, struct pack_names *names, struct str folder,
                     struct str name);
