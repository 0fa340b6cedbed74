/* Make, lock, recognise and remove folders of work that is not finished. */
#include "base/file_work.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* clang-format off */
static const struct diag_kind SWEPT = {"FIL-124", DIAG_WARNING, "an earlier run was killed; what it left is removed",
    "nothing has to be done: this run begins anew"};
/* clang-format on */

static const char mark_name[] = ".kdaudit-unfinished";
static const char mark_text[] = "kdaudit makes something here. When no kdaudit is "
                                "running, this folder can be removed.\n";

struct file_work {
    const char *path, *content, *mark;
    int fd; /* of path; holds the lock */
};

enum file_hold file_hold(int fd, const char *path)
{
    struct stat is, at;
    bool locked = flock(fd, LOCK_EX | LOCK_NB) == 0;
    if (!locked && errno == EWOULDBLOCK)
        return FILE_HOLD_BUSY;
    /* Whoever had it may have finished between open and flock. */
    bool same = fstat(fd, &is) == 0 && lstat(path, &at) == 0 && is.st_ino == at.st_ino &&
                is.st_dev == at.st_dev;
    return !same ? FILE_HOLD_GONE : locked ? FILE_HOLD_OURS : FILE_HOLD_UNKNOWN;
}

static int open_folder(const char *path)
{
    return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool is_marked(int folder)
{
    char text[sizeof mark_text];
    int fd = openat(folder, mark_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
    if (fd >= 0)
        close(fd);
    return n == (ssize_t)sizeof mark_text - 1 && memcmp(text, mark_text, (size_t)n) == 0;
}

/* The mark goes last: a sweep that is killed too can be gone on with. Whatever somebody
 * else put beside it stays, and then the folder does. */
static bool remove_work(const struct file_work *w)
{
    file_remove_tree(w->content);
    return file_type(w->content) == FILE_ABSENT && unlink(w->mark) == 0 &&
           rmdir(w->path) == 0;
}

static struct file_work work_at(struct arena *a, const char *path)
{
    struct str folder = str_from(path);
    return (struct file_work){.path = path,
                              .content = file_join(a, folder, STR("content")),
                              .mark = file_join(a, folder, str_from(mark_name)),
                              .fd = -1};
}

/* Remove what stands at path, open as fd, when a dead run made it. */
static bool sweep(int fd, const char *path, struct diag *dx)
{
    if (!is_marked(fd)) {
        diag_file(dx, &FILE_ALREADY_THERE, str_from(path), NULL);
        return false;
    }
    enum file_hold held = file_hold(fd, path);
    if (held == FILE_HOLD_GONE)
        return true;
    if (held != FILE_HOLD_OURS) {
        diag_file(dx, held == FILE_HOLD_BUSY ? &FILE_BUSY : &FILE_ALREADY_THERE,
                  str_from(path), NULL);
        return false;
    }
    struct arena *a = arena_new();
    struct file_work w = work_at(a, path);
    bool ok = remove_work(&w);
    arena_free(a);
    diag_file(dx, ok ? &SWEPT : &FILE_ALREADY_THERE, str_from(path), NULL);
    return ok;
}

bool file_work_left(const char *path)
{
    int fd = open_folder(path);
    bool left = fd >= 0 && is_marked(fd);
    if (fd >= 0)
        close(fd);
    return left;
}

bool file_work_sweep(const char *path, struct diag *dx)
{
    struct stat st;
    int fd = open_folder(path);
    if (fd < 0 && lstat(path, &st) != 0)
        return true;
    if (fd < 0) {
        diag_file(dx, &FILE_ALREADY_THERE, str_from(path), NULL);
        return false;
    }
    bool ok = sweep(fd, path, dx);
    close(fd);
    return ok;
}

/* Take the folder that was just made: false when another run was there in between. */
static bool take(struct file_work *w)
{
    w->fd = open_folder(w->path);
    enum file_hold held = w->fd < 0 ? FILE_HOLD_GONE : file_hold(w->fd, w->path);
    if (held == FILE_HOLD_OURS || held == FILE_HOLD_UNKNOWN)
        return true;
    if (w->fd >= 0)
        close(w->fd);
    w->fd = -1;
    return false;
}

static bool furnish(const struct file_work *w)
{
    int fd = open(w->mark, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    ssize_t n = fd < 0 ? -1 : write(fd, mark_text, sizeof mark_text - 1);
    if (fd >= 0)
        close(fd);
    return n == (ssize_t)sizeof mark_text - 1 && mkdir(w->content, 0777) == 0;
}

struct file_work *file_work_open(struct arena *a, const char *path, struct diag *dx)
{
    enum { TRIES = 8 };
    struct file_work *w = ARENA_NEW(a, struct file_work);
    *w = work_at(a, path);
    for (int i = 0; i < TRIES; i++) {
        if (mkdir(path, 0777) == 0) {
            if (!take(w))
                continue;
            if (furnish(w))
                return w;
            diag_file(dx, &FILE_CANNOT_CREATE, str_from(path), "%s", strerror(errno));
            file_work_close(w);
            return NULL;
        }
        if (errno != EEXIST) {
            diag_file(dx, &FILE_CANNOT_CREATE, str_from(path), "%s", strerror(errno));
            return NULL;
        }
        if (!file_work_sweep(path, dx))
            return NULL;
    }
    diag_file(dx, &FILE_BUSY, str_from(path), NULL);
    return NULL;
}

const char *file_work_path(const struct file_work *w)
{
    return w->path;
}

const char *file_work_content(const struct file_work *w)
{
    return w->content;
}

void file_work_close(struct file_work *w)
{
    if (w->fd < 0)
        return;
    if (!remove_work(w))
        rmdir(w->path); /* it has no mark yet */
    close(w->fd);
    w->fd = -1;
}
