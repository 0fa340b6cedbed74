/* Archives of a pack: .tar.gz, .tar and .zip, written with the same bytes for the same
 * pack, read entry by entry without unpacking to disk. The one user of libarchive. */
#pragma once
#include "base/file_stream.h"

struct arena;
struct diag;

enum archive_kind { ARCHIVE_NONE, ARCHIVE_TAR, ARCHIVE_TAR_GZ, ARCHIVE_ZIP };

/* By the ending of a file's name: .tar, .tar.gz or .tgz, .zip. */
enum archive_kind archive_kind_of(struct str path, size_t *stem_bytes);

/* Write: entries in the order that they are added, owner 0, mode 644. tar: ustar, time
 * mtime; gzip without name and time. zip: time 1980-01-01, since its local times would
 * depend on the zone. */
struct archive_out;
struct archive_out *archive_create(const char *path, enum archive_kind kind,
                                   int64_t mtime, struct diag *dx);
/* Start an entry of size_bytes; its bytes follow by archive_add. False when it broke:
 * then archive_commit says so. */
bool archive_begin(struct archive_out *out, struct str path, uint64_t size_bytes);
bool archive_add(struct archive_out *out, struct str bytes);
/* The whole file or nothing; records PAK-163 or FIL-12x. Frees out. */
bool archive_commit(struct archive_out *out, struct diag *dx);
void archive_drop(struct archive_out *out); /* NULL is taken */

/* Read. */
struct archive_in;
struct archive_in *archive_open(const char *path, struct diag *dx);
struct archive_item {
    struct str path; /* borrowed until the next call; empty when it cannot be told */
    enum file_kind kind;
};
/* 1: there is one; 0: the end; -1 after recording PAK-113. */
int archive_next(struct archive_in *in, struct archive_item *item, struct diag *dx);
/* The next piece of its bytes, borrowed; empty at the end. False after recording. */
bool archive_piece(struct archive_in *in, struct str *piece, struct diag *dx);
void archive_close(struct archive_in *in); /* NULL is taken */
