/* Files: read whole, write whole or not at all. */
#include "base/file.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/file_work.h"
#include "base/gzip.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_STEP_BYTES = 1 << 16, GZIP_MAX_RATIO = 1000 };

/* clang-format off */
const struct diag_kind FILE_CANNOT_READ = {"FIL-101", DIAG_ERROR, "cannot read file",
    "check that it exists, is a file or folder, and that you may read it"};
static const struct diag_kind NOT_REGULAR = {"FIL-102", DIAG_ERROR, "not a regular file",
    "give a file or a folder; FIFOs, sockets and devices are not read"};
static const struct diag_kind TOO_LARGE = {"FIL-103", DIAG_ERROR, "file is too large",
    "split it: at most 1 GiB is read from one file, also after inflating"};
static const struct diag_kind BAD_GZIP = {"FIL-104", DIAG_ERROR, "gzip file is damaged",
    "fetch it again, or unpack what can be saved with gzip -dc"};
const struct diag_kind FILE_BUSY = {"FIL-123", DIAG_ERROR, "another run is making this output",
    "wait until it is done, or choose another name with -o"};
const struct diag_kind FILE_CANNOT_CREATE = {"FIL-120", DIAG_ERROR, "cannot create output",
    "choose another place with -o, or make the folder writable"};
const struct diag_kind FILE_CANNOT_WRITE = {"FIL-121", DIAG_ERROR, "cannot write output",
    "make room on the disk, then run it again; no half-written file was left"};
/* clang-format on */

/* All bytes of fd, at most FILE_MAX_BYTES + 1, into arena a. expect is a hint. */
static bool read_all(struct arena *a, int fd, size_t expect, struct str *out)
{
    struct buf b = BUF_INIT;
    char *fixed = NULL;
    size_t n = 0, cap = 0;
    bool ok = true;
    if (expect) { /* and a byte more, so that one read finds the end */
        cap = expect + 1;
        fixed = arena_bytes(a, cap + 1);
    }
    for (;;) {
        char *to;
        size_t room;
        if (n < cap) {
            to = fixed + n;
            room = cap - n;
        } else {
            /* The file is longer than stat said, or has no size: go on in a buffer. */
            buf_reserve(&b, READ_STEP_BYTES);
            to = b.p + b.n;
            room = READ_STEP_BYTES;
        }
        ssize_t got = read(fd, to, room);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            ok = got == 0;
            break;
        }
        if (n < cap)
            n += (size_t)got;
        else
            b.n += (size_t)got;
        if (n + b.n > FILE_MAX_BYTES || (expect && n == expect && (size_t)got < room))
            break;
    }
    if (b.n) {
        char *joined = arena_bytes(a, n + b.n + 1);
        if (n)
            memcpy(joined, fixed, n);
        memcpy(joined + n, b.p, b.n);
        fixed = joined;
        n += b.n;
    }
    if (fixed)
        fixed[n] = '\0';
    *out = (struct str){fixed ? fixed : "", n};
    buf_free(&b);
    return ok;
}

static bool inflate(struct arena *a, struct str name, struct diag *dx, struct str *bytes)
{
    size_t max = bytes->n > FILE_MAX_BYTES / GZIP_MAX_RATIO ? FILE_MAX_BYTES
                                                            : bytes->n * GZIP_MAX_RATIO;
    struct str packed = *bytes;
    switch (gzip_inflate(a, packed, max, bytes)) {
    case GZIP_OK:
        return true;
    case GZIP_TOO_LARGE:
        diag_file(dx, &TOO_LARGE, name, "it inflates to more than %zu bytes", max);
        return false;
    case GZIP_CUT:
        diag_file(dx, &BAD_GZIP, name, "it ends too early");
        return false;
    case GZIP_BAD:
        break;
    }
    diag_file(dx, &BAD_GZIP, name, NULL);
    return false;
}

struct file_near {
    int folder; /* -1: none */
    struct str path;
    char room[PATH_MAX]; /* that it stands in, a NUL behind it */
};

struct file_near *file_near_new(struct arena *a)
{
    struct file_near *near = ARENA_NEW(a, struct file_near);
    near->folder = -1;
    return near;
}

void file_near_close(struct file_near *near)
{
    if (near->folder >= 0)
        close(near->folder);
    near->folder = -1;
}

/* Open the folder of path, unless it is the one that is open. Where the name begins in
 * path, or 0 when the folder cannot be opened. */
static size_t go_near(struct file_near *near, const char *path)
{
    struct str folder = str_from(path);
    folder.n = str_find_last(folder, '/') + 1; /* none is -1 */
    if (!folder.n || folder.n >= sizeof near->room)
        return 0;
    if (near->folder >= 0 && str_eq(near->path, folder))
        return folder.n;
    file_near_close(near);
    memcpy(near->room, folder.p, folder.n);
    near->room[folder.n] = '\0';
    near->path = (struct str){near->room, folder.n};
    near->folder = open(near->room, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return near->folder >= 0 ? folder.n : 0;
}

static int open_near(struct file_near *near, const char *path)
{
    /* O_NONBLOCK: opening a FIFO must not wait for a writer. */
    enum { HOW = O_RDONLY | O_CLOEXEC | O_NONBLOCK };
    size_t name = near ? go_near(near, path) : 0;
    return openat(name ? near->folder : AT_FDCWD, path + name, HOW);
}

static bool read_raw(struct arena *a, struct file_near *near, const char *path,
                     struct str name, struct diag *dx, struct str *out)
{
    bool ok = false, standard = strcmp(path, "-") == 0;
    struct stat st = {0};
    int fd = standard ? STDIN_FILENO : open_near(near, path);
    if (fd < 0 || fstat(fd, &st) != 0) {
        diag_file(dx, &FILE_CANNOT_READ, name, "%s", strerror(errno));
        goto done;
    }
    if (!standard && !S_ISREG(st.st_mode)) {
        diag_file(dx, &NOT_REGULAR, name, NULL);
        goto done;
    }
    if (st.st_size > FILE_MAX_BYTES) {
        diag_file(dx, &TOO_LARGE, name, "%lld bytes", (long long)st.st_size);
        goto done;
    }
    if (!read_all(a, fd, S_ISREG(st.st_mode) ? (size_t)st.st_size : 0, out)) {
        diag_file(dx, &FILE_CANNOT_READ, name, "%s", strerror(errno));
        goto done;
    }
    if (out->n > FILE_MAX_BYTES) {
        diag_file(dx, &TOO_LARGE, name, NULL);
        goto done;
    }
    ok = true;
done:
    if (fd >= 0 && !standard)
        close(fd);
    return ok;
}

bool file_read(struct arena *a, const char *path, struct str name, struct diag *dx,
               struct str *out)
{
    struct str packed;
    return file_read_both(a, NULL, path, name, dx, &packed, out);
}

bool file_read_both(struct arena *a, struct file_near *near, const char *path,
                    struct str name, struct diag *dx, struct str *packed, struct str *out)
{
    if (!read_raw(a, near, path, name, dx, packed))
        return false;
    *out = *packed;
    return !gzip_is(*out) || inflate(a, name, dx, out);
}

bool file_read_raw(struct arena *a, const char *path, struct str name, struct diag *dx,
                   struct str *out)
{
    return read_raw(a, NULL, path, name, dx, out);
}

enum file_type file_type(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return FILE_ABSENT;
    return S_ISREG(st.st_mode)   ? FILE_REGULAR
           : S_ISDIR(st.st_mode) ? FILE_FOLDER
                                 : FILE_OTHER;
}

bool file_is_empty(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && st.st_size == 0;
}

char *file_join(struct arena *a, struct str folder, struct str name)
{
    while (folder.n > 1 && folder.p[folder.n - 1] == '/')
        folder.n--;
    size_t slash = folder.n && folder.p[folder.n - 1] != '/' && name.n ? 1 : 0;
    char *p = arena_alloc8(a, folder.n + slash + name.n + 1);
    memcpy(p, folder.p, folder.n);
    memcpy(p + folder.n, "/", slash);
    memcpy(p + folder.n + slash, name.p, name.n);
    return p;
}

static bool write_all(int fd, struct str bytes)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = str_sub(bytes, (size_t)n, bytes.n);
    }
    return true;
}

struct file_out {
    const char *path;
    char *temporary;
    struct diag *dx;
    int fd;
    bool standard, broken, unsynced;
    bool unnamed; /* no name until it is whole: nothing is left behind by a killed run */
};

/* "/proc/self/fd/3": how a file without a name is given one, open(2). */
struct fd_path {
    char text[32];
};
static struct fd_path fd_path(int fd)
{
    struct fd_path p;
    snprintf(p.text, sizeof p.text, "/proc/self/fd/%d", fd);
    return p;
}

/* A file without a name in the folder of path; -1 where there cannot be one: not every
 * file system has them, and not every place has /proc. */
static int open_unnamed(struct arena *a, const char *path)
{
    struct str name = str_from(path);
    size_t slash = str_find_last(name, '/');
    const char *folder = slash == (size_t)-1 ? "."
                         : !slash            ? "/"
                                             : str_z(a, str_sub(name, 0, slash));
    int fd = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
    if (fd >= 0 && access(fd_path(fd).text, F_OK) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* PATH.partial, empty: what a run that was killed left is written over, what another run
 * is writing is not. */
static int open_named(const struct file_out *f)
{
    enum { TRIES = 8 };
    for (int i = 0; i < TRIES; i++) {
        int fd = open(f->temporary, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (fd < 0) {
            diag_file(f->dx, &FILE_CANNOT_CREATE, str_from(f->path), "%s",
                      strerror(errno));
            return -1;
        }
        enum file_hold held = file_hold(fd, f->temporary);
        bool ours = held == FILE_HOLD_OURS || held == FILE_HOLD_UNKNOWN;
        if (ours && ftruncate(fd, 0) == 0)
            return fd;
        if (ours)
            diag_file(f->dx, &FILE_CANNOT_WRITE, str_from(f->path), "%s",
                      strerror(errno));
        close(fd);
        if (ours)
            return -1;
        if (held == FILE_HOLD_BUSY)
            break;
    }
    diag_file(f->dx, &FILE_BUSY, str_from(f->path), NULL);
    return -1;
}

struct file_out *file_out_open(struct arena *a, const char *path, struct diag *dx)
{
    struct file_out *f = ARENA_NEW(a, struct file_out);
    *f = (struct file_out){.path = path, .dx = dx, .fd = STDOUT_FILENO};
    f->standard = strcmp(path, "-") == 0;
    if (f->standard)
        return f;
    f->temporary = (char *)str_fmt(a, "%s.partial", path).p;
    f->fd = open_unnamed(a, path);
    f->unnamed = f->fd >= 0;
    if (f->unnamed)
        return f;
    f->fd = open_named(f);
    return f->fd >= 0 ? f : NULL;
}

bool file_out_write(struct file_out *f, struct str bytes)
{
    if (!f->broken && !write_all(f->fd, bytes)) {
        diag_file(f->dx, &FILE_CANNOT_WRITE, str_from(f->path), "%s", strerror(errno));
        f->broken = true;
    }
    return !f->broken;
}

void file_out_unsynced(struct file_out *f)
{
    f->unsynced = true;
}

/* Give the file its name, in place of what has it now. */
static bool give_name(const struct file_out *f)
{
    if (f->unnamed) {
        const struct fd_path from = fd_path(f->fd);
        if (linkat(AT_FDCWD, from.text, AT_FDCWD, f->path, AT_SYMLINK_FOLLOW) == 0)
            return true;
        /* A link replaces nothing; a rename does. */
        if (errno != EEXIST || (unlink(f->temporary) != 0 && errno != ENOENT) ||
            linkat(AT_FDCWD, from.text, AT_FDCWD, f->temporary, AT_SYMLINK_FOLLOW) != 0)
            return false;
    }
    if (rename(f->temporary, f->path) == 0)
        return true;
    int why = errno;
    unlink(f->temporary);
    errno = why;
    return false;
}

bool file_out_close(struct file_out *f, bool keep)
{
    const struct diag_kind *fault = NULL;
    if (f->standard)
        return !f->broken;
    keep = keep && !f->broken;
    if (keep && !f->unsynced && fsync(f->fd) != 0)
        fault = &FILE_CANNOT_WRITE;
    int why = errno;
    /* Over a network it may be now that the disk is found full. The name is held on to.
     */
    int held = f->unnamed ? -1 : dup(f->fd);
    if (!f->unnamed && close(f->fd) != 0 && !fault) {
        fault = &FILE_CANNOT_WRITE;
        why = errno;
    }
    if (keep && !fault && !give_name(f)) {
        fault = &FILE_CANNOT_CREATE;
        why = errno;
    }
    if (keep && fault)
        diag_file(f->dx, fault, str_from(f->path), "%s", strerror(why));
    if (f->unnamed)
        close(f->fd);
    else if (!keep || fault)
        unlink(f->temporary);
    if (held >= 0)
        close(held);
    return keep && !fault;
}

bool file_write(const char *path, struct str bytes, struct diag *dx)
{
    struct arena *a = arena_new();
    struct file_out *f = file_out_open(a, path, dx);
    bool ok = f && file_out_write(f, bytes);
    ok = f && file_out_close(f, ok) && ok;
    arena_free(a);
    return ok;
}

bool file_make_folder(const char *path, struct diag *dx)
{
    struct buf part = BUF_INIT;
    bool ok = true;
    for (size_t i = 0; ok; i++) {
        if (path[i] && (path[i] != '/' || i == 0)) {
            buf_c(&part, path[i]);
            continue;
        }
        if (part.n && mkdir(part.p, 0777) != 0 && errno != EEXIST) {
            diag_file(dx, &FILE_CANNOT_CREATE, str_from(path), "%s", strerror(errno));
            ok = false;
        }
        if (!path[i])
            break;
        buf_c(&part, '/');
    }
    if (ok && file_type(path) != FILE_FOLDER) {
        diag_file(dx, &FILE_CANNOT_CREATE, str_from(path), "%s", strerror(ENOTDIR));
        ok = false;
    }
    buf_free(&part);
    return ok;
}
