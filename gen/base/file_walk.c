/* The files of a tree, in order. What stands in its folders is looked up level by level,
 * by several threads where there are many; what is made of it is one thread's work, so
 * that links are met in the same order whatever the threads. */
#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/threads.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Fewer folders are not worth a thread, fewer names no huge page for what comes of them.
 */
enum { FOLDERS_MIN = 16, NAMES_MANY = 1 << 13, WORKERS_MAX = 64 };

/* clang-format off */
static const struct diag_kind PASSED_OVER = {"FIL-105", DIAG_WARNING, "not a regular file, passed over",
    "remove it from the evidence folder"};
static const struct diag_kind LINK_LOOP = {"FIL-106", DIAG_WARNING, "folder is linked more than once",
    "remove the symbolic link; the folder was read once"};
static const struct diag_kind TREE_TOO_DEEP = {"FIL-107", DIAG_ERROR, "folders nest too deeply",
    "evidence folders may nest 64 deep"};
static const struct diag_kind TREE_TOO_WIDE = {"FIL-108", DIAG_ERROR, "too many files",
    "split the evidence: at most 2,000,000 files are read at once"};
static const struct diag_kind BROKEN_LINK = {"FIL-109", DIAG_WARNING, "symbolic link leads nowhere",
    "remove it, or restore the file that it names"};
/* clang-format on */

struct folder_id {
    dev_t dev;
    ino_t ino;
};

/* A folder, and the names in it, sorted. */
struct folder {
    struct str path;
    struct folder_id id;
    bool looked; /* into; then what follows is known */
    int error;   /* why it cannot be read; 0: it was */
    struct found *v;
    size_t n, cap;
};

/* A name in a folder; what it names, when the file system tells. */
struct found {
    struct str path;
    const char *name; /* its end */
    bool regular;
    struct folder *below; /* a folder; NULL: not known to be one */
};

struct walk {
    struct arena *a;
    struct diag *dx;
    struct file_list *out;
    size_t root; /* length of the root in every path, its slash included */
    VEC(struct folder_id) seen;
    bool full;
};

static int by_name(const void *x, const void *y)
{
    return strcmp(((const struct found *)x)->name, ((const struct found *)y)->name);
}

static struct folder *folder_new(struct arena *a, struct str path)
{
    struct folder *f = ARENA_NEW(a, struct folder);
    f->path = path;
    return f;
}

/* Find out what stands in f, unless that is known. */
static void look(struct arena *a, struct folder *f)
{
    struct stat st;
    if (f->looked)
        return;
    DIR *dir = opendir(f->path.p);
    f->looked = true;
    if (!dir || fstat(dirfd(dir), &st) != 0) {
        f->error = errno;
        if (dir)
            closedir(dir);
        return;
    }
    f->id = (struct folder_id){st.st_dev, st.st_ino};
    for (struct dirent *e; (e = readdir(dir));) {
        if (e->d_name[0] == '.')
            continue;
        struct found *one = vec_push(a, f);
        struct str name = str_from(e->d_name);
        one->path = str_from(file_join(a, f->path, name));
        one->name = one->path.p + (one->path.n - name.n);
        one->regular = e->d_type == DT_REG;
        if (e->d_type == DT_DIR)
            one->below = folder_new(a, one->path);
    }
    closedir(dir);
    if (f->n)
        qsort(f->v, f->n, sizeof *f->v, by_name);
}

/* Folders equally deep. */
struct level {
    struct folder **v;
    size_t n, cap;
    struct arena *arenas[WORKERS_MAX];
};

static void look_one(void *ctx, size_t i, unsigned worker)
{
    const struct level *l = ctx;
    look(l->arenas[worker], l->v[i]);
}

/* Look into root and all folders below, but for those behind links, those too deep, and
 * what comes when there are too many names. */
static struct folder *look_below(struct arena *a, const char *root, unsigned threads)
{
    struct folder *top = folder_new(a, str_from(root));
    struct level level = {0};
    size_t names = 0;
    if (!threads)
        threads = threads_available();
    threads = threads > WORKERS_MAX ? WORKERS_MAX : threads;
    level.arenas[0] = a;
    for (unsigned i = 1; i < threads; i++) {
        level.arenas[i] = arena_new();
        arena_adopt(a, level.arenas[i]);
    }
    *vec_push(a, &level) = top;
    for (unsigned depth = 0; level.n && depth <= FILE_WALK_DEPTH && names < FILE_WALK_MAX;
         depth++) {
        threads_for(level.n, level.n < FOLDERS_MIN ? 1 : threads, look_one, &level);
        VEC(struct folder *) next = {0};
        for (size_t i = 0; i < level.n; i++) {
            const struct folder *f = level.v[i];
            names += f->n;
            for (size_t k = 0; k < f->n; k++)
                if (f->v[k].below)
                    *vec_push(a, &next) = f->v[k].below;
        }
        level.v = next.v;
        level.n = next.n;
    }
    if (names >= NAMES_MANY)
        arena_expect_much(a);
    return top;
}

static bool seen_before(const struct walk *w, struct folder_id id)
{
    for (size_t i = 0; i < w->seen.n; i++)
        if (w->seen.v[i].dev == id.dev && w->seen.v[i].ino == id.ino)
            return true;
    return false;
}

static void add_file(struct walk *w, struct str path)
{
    if (w->out->n >= FILE_WALK_MAX) {
        if (!w->full)
            diag_file(w->dx, &TREE_TOO_WIDE, path, NULL);
        w->full = true;
        return;
    }
    *vec_push(w->a, w->out) =
        (struct file_entry){.path = path, .relative = str_sub(path, w->root, path.n)};
}

static void walk_folder(struct walk *w, struct folder *f, unsigned depth);

/* A folder in a folder of that depth. */
static void enter(struct walk *w, struct folder *f, unsigned depth)
{
    if (depth >= FILE_WALK_DEPTH)
        diag_file(w->dx, &TREE_TOO_DEEP, f->path, NULL);
    else
        walk_folder(w, f, depth + 1);
}

/* A link, or what the file system does not tell. */
static void walk_entry(struct walk *w, struct str path, unsigned depth)
{
    struct stat st, link;
    if (lstat(path.p, &link) != 0 || stat(path.p, &st) != 0) {
        diag_file(w->dx, &BROKEN_LINK, path, NULL);
    } else if (S_ISREG(st.st_mode)) {
        add_file(w, path);
    } else if (!S_ISDIR(st.st_mode)) {
        diag_file(w->dx, &PASSED_OVER, path, NULL);
    } else if (seen_before(w, (struct folder_id){st.st_dev, st.st_ino})) {
        if (S_ISLNK(link.st_mode))
            diag_file(w->dx, &LINK_LOOP, path, NULL);
    } else {
        enter(w, folder_new(w->a, path), depth);
    }
}

static void walk_folder(struct walk *w, struct folder *f, unsigned depth)
{
    look(w->a, f);
    if (f->error) {
        diag_file(w->dx, &FILE_CANNOT_READ, f->path, "%s", strerror(f->error));
        return;
    }
    *vec_push(w->a, &w->seen) = f->id;
    for (size_t i = 0; i < f->n && !w->full; i++) {
        const struct found *one = &f->v[i];
        if (!w->root)
            w->root = (size_t)(one->name - one->path.p);
        if (one->regular) {
            add_file(w, one->path);
        } else if (!one->below) {
            walk_entry(w, one->path, depth);
        } else {
            look(w->a, one->below);
            if (one->below->error || !seen_before(w, one->below->id))
                enter(w, one->below, depth);
        }
    }
}

static int by_relative(const void *x, const void *y)
{
    const struct file_entry *a = x, *b = y;
    return str_cmp(a->relative, b->relative);
}

/* Folders in order mostly give files in order. */
static void sort(struct file_entry *v, size_t n)
{
    size_t i = 1;
    while (i < n && by_relative(&v[i - 1], &v[i]) <= 0)
        i++;
    if (i < n)
        qsort(v, n, sizeof *v, by_relative);
}

bool file_walk_with(struct arena *a, const char *root, unsigned threads, struct diag *dx,
                    struct file_list *out)
{
    struct stat st;
    bool there = stat(root, &st) == 0;
    if (!there || !S_ISDIR(st.st_mode)) {
        diag_file(dx, &FILE_CANNOT_READ, str_from(root), "%s",
                  strerror(there ? ENOTDIR : errno));
        return false;
    }
    struct walk w = {.a = a, .dx = dx, .out = out};
    size_t errors = diag_count(dx, DIAG_ERROR), first = out->n;
    walk_folder(&w, look_below(a, root, threads), 0);
    sort(out->v + first, out->n - first);
    return out->n > first || diag_count(dx, DIAG_ERROR) == errors;
}

bool file_walk(struct arena *a, const char *root, struct diag *dx, struct file_list *out)
{
    return file_walk_with(a, root, 1, dx, out);
}
