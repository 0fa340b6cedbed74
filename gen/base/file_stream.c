/* Read files piece by piece; list and remove trees without following links. */
#include "base/file_stream.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/digest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE_BYTES = 1 << 16, OPEN_FOLDERS = 32 };

/* clang-format off */
static const struct diag_kind NOT_PLAIN = {"FIL-110", DIAG_ERROR, "not a plain file",
    "give the file itself: links, FIFOs, sockets and devices are not read"};
static const struct diag_kind TREE_TOO_LARGE = {"FIL-111", DIAG_ERROR, "folder holds too much",
    "at most 2,000,000 files, 64 folders deep, are read at once"};
const struct diag_kind FILE_ALREADY_THERE = {"FIL-122", DIAG_ERROR, "output is there already",
    "remove it or choose another name with -o"};
/* clang-format on */

struct file_in {
    int fd;
    char piece[PIECE_BYTES];
};

static struct file_in *open_plain(const char *path, struct str name, int flags,
                                  struct diag *dx)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
    if (fd < 0 && errno == ELOOP) {
        diag_file(dx, &NOT_PLAIN, name, "a symbolic link");
        return NULL;
    }
    if (fd < 0 || fstat(fd, &st) != 0) {
        diag_file(dx, &FILE_CANNOT_READ, name, "%s", strerror(errno));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    if (!S_ISREG(st.st_mode)) {
        diag_file(dx, &NOT_PLAIN, name, NULL);
        close(fd);
        return NULL;
    }
    struct file_in *f = mem_alloc(sizeof *f);
    f->fd = fd;
    return f;
}

struct file_in *file_open(const char *path, struct str name, struct diag *dx)
{
    return open_plain(path, name, O_NOFOLLOW, dx);
}

struct file_in *file_open_followed(const char *path, struct str name, struct diag *dx)
{
    return open_plain(path, name, 0, dx);
}

bool file_sha256(struct arena *a, const char *path, struct str name, struct diag *dx,
                 struct str *sha256, uint64_t *size_bytes)
{
    struct file_in *f = file_open_followed(path, name, dx);
    struct digest *d = f ? digest_begin() : NULL;
    unsigned char sum[DIGEST_BYTES];
    struct str piece = STR("");
    bool ok;
    if (!f)
        return false;
    *size_bytes = 0;
    while ((ok = file_next(f, &piece)) && piece.n) {
        digest_add(d, piece);
        *size_bytes += piece.n;
    }
    digest_end(d, sum);
    *sha256 = digest_digits(a, sum, sizeof sum);
    if (!ok)
        diag_file(dx, &FILE_CANNOT_READ, name, "%s", strerror(errno));
    file_close(f);
    return ok;
}

bool file_next(struct file_in *f, struct str *piece)
{
    ssize_t n;
    do
        n = read(f->fd, f->piece, sizeof f->piece);
    while (n < 0 && errno == EINTR);
    *piece = (struct str){f->piece, n > 0 ? (size_t)n : 0};
    return n >= 0;
}

int64_t file_seek(struct file_in *f, int64_t offset, int whence)
{
    return lseek(f->fd, (off_t)offset, whence);
}

void file_close(struct file_in *f)
{
    if (!f)
        return;
    close(f->fd);
    free(f);
}

struct walk_all {
    struct arena *a;
    struct diag *dx;
    struct file_items *out;
    bool ok;
};

static void walk_folder(struct walk_all *w, const char *path, struct str relative,
                        unsigned depth);

static void walk_item(struct walk_all *w, const char *path, struct str relative,
                      unsigned depth)
{
    struct stat st;
    if (lstat(path, &st) != 0) {
        diag_file(w->dx, &FILE_CANNOT_READ, str_from(path), "%s", strerror(errno));
        w->ok = false;
        return;
    }
    if (w->out->n >= FILE_WALK_MAX || depth > FILE_WALK_DEPTH) {
        if (w->ok)
            diag_file(w->dx, &TREE_TOO_LARGE, str_from(path), NULL);
        w->ok = false;
        return;
    }
    *vec_push(w->a, w->out) = (struct file_item){
        .path = str_from(path),
        .relative = relative,
        .size_bytes = (uint64_t)st.st_size,
        .kind = S_ISREG(st.st_mode)   ? FILE_KIND_REGULAR
                : S_ISDIR(st.st_mode) ? FILE_KIND_FOLDER
                : S_ISLNK(st.st_mode) ? FILE_KIND_LINK
                                      : FILE_KIND_OTHER,
    };
    if (S_ISDIR(st.st_mode))
        walk_folder(w, path, relative, depth + 1);
}

static void walk_folder(struct walk_all *w, const char *path, struct str relative,
                        unsigned depth)
{
    DIR *dir = opendir(path);
    if (!dir) {
        diag_file(w->dx, &FILE_CANNOT_READ, str_from(path), "%s", strerror(errno));
        w->ok = false;
        return;
    }
    for (struct dirent *e; w->ok && (e = readdir(dir));) {
        struct str name = str_from(e->d_name);
        if (str_eq(name, STR(".")) || str_eq(name, STR("..")))
            continue;
        struct str below = str_from(file_join(w->a, relative, name));
        walk_item(w, file_join(w->a, str_from(path), name), below, depth);
    }
    closedir(dir);
}

static int by_relative(const void *x, const void *y)
{
    const struct file_item *a = x, *b = y;
    return str_cmp(a->relative, b->relative);
}

bool file_walk_all(struct arena *a, const char *root, struct diag *dx,
                   struct file_items *out)
{
    struct walk_all w = {.a = a, .dx = dx, .out = out, .ok = true};
    walk_folder(&w, root, STR(""), 0);
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, by_relative);
    return w.ok;
}

bool file_sync(const char *folder, struct diag *dx)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && syncfs(fd) == 0;
    if (!ok)
        diag_file(dx, &FILE_CANNOT_WRITE, str_from(folder), "%s", strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

bool file_rename(const char *from, const char *to, struct diag *dx)
{
    struct stat st;
    if (lstat(to, &st) == 0) {
        diag_file(dx, &FILE_ALREADY_THERE, str_from(to), NULL);
        return false;
    }
    if (rename(from, to) == 0)
        return true;
    diag_file(dx, &FILE_CANNOT_CREATE, str_from(to), "%s", strerror(errno));
    return false;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    remove(path);
    return 0;
}

void file_remove_tree(const char *path)
{
    nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

bool file_remove_below(const char *folder, struct str relative)
{
    enum { DEPTH_MAX = 8 };
    int at[DEPTH_MAX + 1];
    char *names[DEPTH_MAX + 1];
    size_t n = 0;
    bool more = true, ok = false;
    struct arena *a = arena_new();
    at[0] = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (more && at[n] >= 0 && n < DEPTH_MAX) {
        struct str part;
        more = str_cut(relative, '/', &part, &relative);
        names[n] = str_z(a, part);
        if (!more)
            ok = unlinkat(at[n], names[n], 0) == 0;
        else
            at[n + 1] =
                openat(at[n], names[n], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        n += more;
    }
    for (;; n--) {
        if (at[n] >= 0)
            close(at[n]);
        if (!n)
            break;
        if (ok)
            unlinkat(at[n - 1], names[n - 1], AT_REMOVEDIR);
    }
    arena_free(a);
    return ok;
}
