/* Files read piece by piece, and trees as they stand: what is too large for file_read,
 * and what must not follow links. The other half of file.c: nothing else touches files.
 */
#pragma once
#include "base/file.h"

/* A file being read. */
struct file_in;

/* Open a regular file; a symbolic link, FIFO or device is refused. NULL after recording
 * FIL-1xx in dx. name is the path as messages should show it. */
struct file_in *file_open(const char *path, struct str name, struct diag *dx);

/* The same, links followed: for files that the user chose. */
struct file_in *file_open_followed(const char *path, struct str name, struct diag *dx);

/* SHA-256 (64 hex digits, in a) and size of a regular file, links followed, without
 * keeping it in memory. False after recording FIL-1xx. */
bool file_sha256(struct arena *a, const char *path, struct str name, struct diag *dx,
                 struct str *sha256, uint64_t *size_bytes);

/* The next piece, at most 64 KiB, borrowed until the next call; empty at the end. False
 * when reading broke (nothing is recorded: the caller knows what it was reading). */
bool file_next(struct file_in *f, struct str *piece);

/* Go to an offset; whence as of lseek(2). The new offset, or -1. */
int64_t file_seek(struct file_in *f, int64_t offset, int whence);
void file_close(struct file_in *f); /* NULL is taken */

/* Everything below a folder as it stands, dot files too, links not followed. */
enum file_kind { FILE_KIND_REGULAR, FILE_KIND_FOLDER, FILE_KIND_LINK, FILE_KIND_OTHER };
struct file_item {
    struct str path;     /* root + "/" + relative */
    struct str relative; /* '/'-separated */
    uint64_t size_bytes;
    enum file_kind kind;
};
struct file_items {
    struct file_item *v; /* sorted by bytes of relative */
    size_t n, cap;
};
/* At most FILE_WALK_MAX items, FILE_WALK_DEPTH deep: more is an error. */
bool file_walk_all(struct arena *a, const char *root, struct diag *dx,
                   struct file_items *out);

/* Wait until all below a folder is on the disk. */
bool file_sync(const char *folder, struct diag *dx);

/* Give a finished folder its name; a file or folder of that name is not replaced. */
bool file_rename(const char *from, const char *to, struct diag *dx);

/* Remove the file relative below folder, and the folders between that are empty then.
 * Links are not followed: a file behind one stays. False when it could not go. */
bool file_remove_below(const char *folder, struct str relative);

/* Remove a folder and all below it, links not followed. What cannot go, stays. */
void file_remove_tree(const char *path);

extern const struct diag_kind FILE_ALREADY_THERE;
