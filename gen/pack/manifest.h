/* The tag files of a bag (RFC 8493): manifests, bagit.txt and bag-info.txt, written and
 * read. */
#pragma once
#include "base/arena.h"
#include "base/text.h"

struct buf;
struct diag;

#define BAG_DECLARATION "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

/* A line of a manifest: 64 lower-case hex digits, two spaces, a path below the bag. */
void manifest_line(struct buf *out, struct str sha256, struct str path);

struct manifest_entry {
    struct str sha256, path;
    size_t pos; /* of its line */
};
struct manifest {
    VEC(struct manifest_entry) entries;
};

/* Read a manifest as kdaudit writes it: sorted by bytes of path, each path once, LF after
 * each line. Records PAK-106 for each line that is otherwise, and reads on; false when
 * there was one. Entries are borrowed from the text. */
bool manifest_read(struct arena *a, const struct text *text, struct manifest *out,
                   struct diag *dx);

/* A line of bag-info.txt, folded at 79 columns (RFC 8493, 2.2.2). */
void bag_info_line(struct buf *out, struct str label, struct str value);

/* The value of a label, without regard to case, unfolded; *times how often it stands
 * there. */
struct str bag_info_get(struct arena *a, struct str text, struct str label,
                        size_t *times);

/* May a user give this label with --bag-info? NULL, or why not. */
const char *bag_info_fault(struct str label, struct str value);
