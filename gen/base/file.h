/* Files: the only place that touches the file system. */
#pragma once
#include "base/str.h"

struct arena;
struct diag;

enum { FILE_MAX_BYTES = 1 << 30 }; /* of one input, also after inflating */

/* Read a regular file whole into arena a (NUL follows the bytes); "-" is standard input.
 * A file that ends in .gz, or starts like gzip, is inflated (RFC 1952, all members), at
 * most FILE_MAX_BYTES and 1000 times its size. name is the path as the messages should
 * show it. False after recording FIL-1xx in dx. Devices, FIFOs and sockets are refused
 * unread. */
bool file_read(struct arena *a, const char *path, struct str name, struct diag *dx,
               struct str *out);

/* The same, and the bytes as they stand in the file, before inflating (for digests). Of
 * many files those that lie in one folder are opened from there, which takes half the
 * time: near keeps the last one open; NULL for a file alone. */
struct file_near;
bool file_read_both(struct arena *a, struct file_near *near, const char *path,
                    struct str name, struct diag *dx, struct str *packed,
                    struct str *out);
struct file_near *file_near_new(struct arena *a);
void file_near_close(struct file_near *near);

/* The same without inflating. */
bool file_read_raw(struct arena *a, const char *path, struct str name, struct diag *dx,
                   struct str *out);

/* What stands at a path, links followed. */
enum file_type { FILE_ABSENT, FILE_REGULAR, FILE_FOLDER, FILE_OTHER };
enum file_type file_type(const char *path);

/* Does the file at path hold nothing? */
bool file_is_empty(const char *path);

struct file_entry {
    struct str path;     /* root + "/" + relative */
    struct str relative; /* '/'-separated; the end of path */
};
struct file_list {
    struct file_entry *v; /* sorted by bytes of relative */
    size_t n, cap;
};

/* All regular files below root, names that start with a dot left out. Symbolic links are
 * followed once: a folder is never entered twice, so a loop ends with a warning FIL-106.
 * FIFOs, devices and sockets are passed over with a warning. At most FILE_WALK_MAX files.
 * False after recording an error when root itself cannot be read. */
enum { FILE_WALK_MAX = 2000000, FILE_WALK_DEPTH = 64 };
bool file_walk(struct arena *a, const char *root, struct diag *dx, struct file_list *out);

/* The same with several threads (0: all processors), for trees of many folders. */
bool file_walk_with(struct arena *a, const char *root, unsigned threads, struct diag *dx,
                    struct file_list *out);

/* Write a file whole or not at all: into a file without a name where the file system has
 * such (a run that is killed then leaves nothing), else into PATH.partial; fsync; name.
 * A PATH.partial that
 * another run is writing is left to it: FILE_BUSY. "-" writes to standard output. Records
 * FILE_CANNOT_CREATE (exit 73) or FILE_CANNOT_WRITE (exit 74). */
bool file_write(const char *path, struct str bytes, struct diag *dx);

/* The same, piece by piece: nothing stands at path until file_out_close keeps it. NULL
 * (and false) after recording FILE_CANNOT_CREATE or FILE_CANNOT_WRITE; then close must
 * still be called with what was opened, and leaves nothing behind. */
struct file_out;
struct file_out *file_out_open(struct arena *a, const char *path, struct diag *dx);
bool file_out_write(struct file_out *f, struct str bytes);
bool file_out_close(struct file_out *f, bool keep);
/* Leave fsync to file_sync: for the many files of a folder that gets its name last. */
void file_out_unsynced(struct file_out *f);

/* Make a folder and those above it. */
bool file_make_folder(const char *path, struct diag *dx);

/* a/b from its two halves, in arena a. */
char *file_join(struct arena *a, struct str folder, struct str name);

extern const struct diag_kind FILE_BUSY, FILE_CANNOT_READ, FILE_CANNOT_CREATE,
    FILE_CANNOT_WRITE;
