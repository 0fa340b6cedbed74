/* Put a bag together and write it. */
#include "pack/bag.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/digest.h"
#include "base/file_stream.h"
#include "base/file_work.h"
#include "pack/archive.h"
#include "pack/manifest.h"
#include "pack/message.h"

#include <stdlib.h>
#include <string.h>

enum { RESERVE_MORE = 256 }; /* catalog, templates, reports */

void bag_reserve(struct bag *b, size_t n)
{
    size_t cap = b->items.n + n + RESERVE_MORE;
    struct bag_item *v = ARENA_ARRAY(b->a, struct bag_item, cap);
    if (b->items.n)
        memcpy(v, b->items.v, b->items.n * sizeof *v);
    b->items.v = v;
    b->items.cap = cap;
}

void bag_add(struct bag *b, struct str path, struct str bytes)
{
    *vec_push(b->a, &b->items) = (struct bag_item){
        .path = path,
        .bytes = bytes,
        .sha256 = digest_hex(b->a, bytes),
        .size_bytes = bytes.n,
    };
}

void bag_add_file(struct bag *b, struct str path, const char *file, struct str sha256,
                  uint64_t size_bytes)
{
    *vec_push(b->a, &b->items) = (struct bag_item){
        .path = path, .file = file, .sha256 = sha256, .size_bytes = size_bytes};
}

void bag_add_read(struct bag *b, struct str path,
                  bool (*read)(const void *ctx, struct arena *a, struct str *bytes,
                               struct diag *dx),
                  const void *ctx, struct str sha256, uint64_t size_bytes)
{
    *vec_push(b->a, &b->items) = (struct bag_item){.path = path,
                                                   .read = read,
                                                   .ctx = ctx,
                                                   .sha256 = sha256,
                                                   .size_bytes = size_bytes};
}

/* Tell whom it concerns, should the run be interrupted, that there is something to
 * remove, or not any more. */
static void tell(const struct bag *b, bool making)
{
    if (b->making)
        b->making(making ? file_work_path(b->work) : NULL);
}

static bool begin_work(struct bag *b, const char *path, struct diag *dx)
{
    b->work = file_work_open(b->a, path, dx);
    if (b->work)
        tell(b, true);
    return b->work != NULL;
}

static void end_work(struct bag *b)
{
    if (b->work)
        file_work_close(b->work);
    tell(b, false);
    b->work = NULL;
}

static bool is_folder(const struct bag *b)
{
    size_t stem;
    return archive_kind_of(str_from(b->to), &stem) == ARCHIVE_NONE;
}

bool bag_open(struct bag *b, const char *to, struct diag *dx)
{
    struct str name = str_from(to);
    while (name.n > 1 && name.p[name.n - 1] == '/')
        name.n--;
    b->to = str_z(b->a, name);
    b->work = NULL;
    const char *partial = str_fmt(b->a, "%s.partial", b->to).p;
    const char *parts = str_fmt(b->a, "%s.parts", b->to).p;
    if (!is_folder(b)) /* its folder is made when something must be put there */
        return !file_work_left(parts) || file_work_sweep(parts, dx);
    struct str above = str_sub(name, 0, str_find_last(name, '/'));
    if (file_type(b->to) != FILE_ABSENT) {
        diag_file(dx, &FILE_ALREADY_THERE, name, NULL);
        return false;
    }
    if (above.n && above.n < name.n && !file_make_folder(str_z(b->a, above), dx))
        return false;
    return begin_work(b, partial, dx);
}

void bag_drop(struct bag *b)
{
    if (b->work)
        end_work(b);
}

struct bag_file {
    struct bag *bag;
    struct str path;
    const char *file;
    struct file_out *out;
    struct digest *digest;
    uint64_t size_bytes;
};

/* The folder of a file below the bag's own. */
static bool make_folder_of(struct bag *b, const char *path, struct diag *dx)
{
    struct str own = str_sub(str_from(path), 0, str_find_last(str_from(path), '/'));
    return file_make_folder(str_z(b->a, own), dx);
}

struct bag_file *bag_file_open(struct bag *b, struct str path, struct diag *dx)
{
    /* FILE.partial is the archive itself, while it is written. */
    if (!b->work && !begin_work(b, str_fmt(b->a, "%s.parts", b->to).p, dx))
        return NULL;
    struct bag_file *f = ARENA_NEW(b->a, struct bag_file);
    *f = (struct bag_file){.bag = b, .path = str_dup(b->a, path)};
    f->file = file_join(b->a, str_from(file_work_content(b->work)), path);
    if (!make_folder_of(b, f->file, dx))
        return NULL;
    f->out = file_out_open(b->a, f->file, dx);
    if (!f->out)
        return NULL;
    file_out_unsynced(f->out);
    f->digest = digest_begin();
    return f;
}

bool bag_file_write(struct bag_file *f, struct str bytes)
{
    digest_add(f->digest, bytes);
    f->size_bytes += bytes.n;
    return file_out_write(f->out, bytes);
}

const struct bag_item *bag_file_close(struct bag_file *f, bool keep)
{
    unsigned char sum[DIGEST_BYTES];
    struct bag *b = f->bag;
    digest_end(f->digest, sum);
    if (!file_out_close(f->out, keep) || !keep)
        return NULL;
    bag_add_file(b, f->path, f->file, digest_digits(b->a, sum, sizeof sum),
                 f->size_bytes);
    struct bag_item *item = &b->items.v[b->items.n - 1];
    item->placed = true;
    return item;
}

static int by_path(const void *x, const void *y)
{
    const struct bag_item *a = x, *b = y;
    return str_cmp(a->path, b->path);
}

static void sort(struct bag *b)
{
    if (b->items.n)
        qsort(b->items.v, b->items.n, sizeof *b->items.v, by_path);
}

static void add_buf(struct bag *b, const char *path, struct buf *bytes)
{
    bag_add(b, str_from(path), buf_dup(b->a, bytes));
    buf_free(bytes);
}

/* Manifest of the items that are payload, or of those that are not. */
static void manifest(struct bag *b, bool payload, struct buf *out)
{
    sort(b);
    for (size_t i = 0; i < b->items.n; i++)
        if (str_starts(b->items.v[i].path, STR("data/")) == payload)
            manifest_line(out, b->items.v[i].sha256, b->items.v[i].path);
}

void bag_close(struct bag *b, const struct bag_info *info, size_t n)
{
    struct buf out = BUF_INIT;
    uint64_t bytes = 0, files = 0;
    manifest(b, true, &out);
    add_buf(b, "manifest-sha256.txt", &out);
    for (size_t i = 0; i < b->items.n; i++)
        if (str_starts(b->items.v[i].path, STR("data/"))) {
            bytes += b->items.v[i].size_bytes;
            files++;
        }
    for (size_t i = 0; i < n; i++)
        bag_info_line(&out, info[i].label, info[i].value);
    bag_info_line(
        &out, STR("Payload-Oxum"),
        str_fmt(b->a, "%llu.%llu", (unsigned long long)bytes, (unsigned long long)files));
    add_buf(b, "bag-info.txt", &out);
    bag_add(b, STR("bagit.txt"), STR(BAG_DECLARATION));
    manifest(b, false, &out);
    b->tag_manifest = buf_dup(b->a, &out);
    b->id = digest_hex(b->a, b->tag_manifest);
    add_buf(b, "tagmanifest-sha256.txt", &out);
}

/* Where bytes go: a file of a folder, or an entry of an archive. */
struct target {
    struct archive_out *archive; /* NULL: a file */
    struct file_out *file;
};

static bool add(const struct target *s, struct str bytes)
{
    return s->archive ? archive_add(s->archive, bytes) : file_out_write(s->file, bytes);
}

/* Bytes that are asked for: one file of them in memory at a time. */
static bool copy_read(const struct bag_item *item, const struct target *s,
                      struct diag *dx)
{
    struct arena *scratch = arena_new();
    struct str bytes;
    bool ok = item->read(item->ctx, scratch, &bytes, dx);
    if (ok && !str_eq(digest_hex(scratch, bytes), item->sha256)) {
        diag_file(dx, &PAK_CHANGING, item->path, NULL);
        ok = false;
    }
    ok = ok && add(s, bytes);
    arena_free(scratch);
    return ok;
}

/* Copy an item; a file that is not any more what was judged is refused. */
static bool copy(struct bag *b, const struct bag_item *item, const struct target *s,
                 struct diag *dx)
{
    if (item->read)
        return copy_read(item, s, dx);
    if (!item->file)
        return add(s, item->bytes);
    struct file_in *in = file_open_followed(item->file, str_from(item->file), dx);
    if (!in)
        return false;
    struct digest *d = digest_begin();
    struct str piece = STR("");
    uint64_t size_bytes = 0;
    bool ok, fits = true;
    while ((ok = file_next(in, &piece)) && piece.n && fits) {
        digest_add(d, piece);
        size_bytes += piece.n;
        /* An entry's size was announced: never more than that. */
        fits = size_bytes <= item->size_bytes && add(s, piece);
    }
    unsigned char sum[DIGEST_BYTES];
    digest_end(d, sum);
    file_close(in);
    if (!ok)
        diag_file(dx, &FILE_CANNOT_READ, str_from(item->file), "reading broke");
    else if (size_bytes != item->size_bytes ||
             (fits && !str_eq(digest_digits(b->a, sum, sizeof sum), item->sha256))) {
        diag_file(dx, &PAK_CHANGING, str_from(item->file), NULL);
        ok = false;
    }
    return ok && fits;
}

static bool write_archive(struct bag *b, struct diag *dx)
{
    size_t stem, errors = diag_count(dx, DIAG_ERROR);
    struct target s = {.archive = archive_create(
                           b->to, archive_kind_of(str_from(b->to), &stem), b->time, dx)};
    struct buf path = BUF_INIT;
    if (!s.archive)
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < b->items.n; i++) {
        const struct bag_item *item = &b->items.v[i];
        buf_clear(&path);
        buf_fmt(&path, "%.*s/%.*s", STR_ARG(b->base), STR_ARG(item->path));
        ok = archive_begin(s.archive, buf_view(&path), item->size_bytes) &&
             copy(b, item, &s, dx);
    }
    buf_free(&path);
    /* What broke in the archive itself is said by archive_commit. */
    if (ok || diag_count(dx, DIAG_ERROR) == errors)
        return archive_commit(s.archive, dx);
    archive_drop(s.archive);
    return false;
}

static bool write_item(struct bag *b, const struct bag_item *item, struct str *made,
                       struct diag *dx)
{
    if (item->placed)
        return true;
    struct arena *scratch = arena_new();
    char *path = file_join(scratch, str_from(file_work_content(b->work)), item->path);
    struct str own = str_sub(item->path, 0, str_find_last(item->path, '/'));
    bool ok = true;
    if (own.n < item->path.n && !str_eq(own, *made)) {
        *made = own;
        ok = make_folder_of(b, path, dx);
    }
    struct target s = {.file = ok ? file_out_open(scratch, path, dx) : NULL};
    if (s.file) {
        file_out_unsynced(s.file);
        ok = copy(b, item, &s, dx);
        ok = file_out_close(s.file, ok) && ok;
    }
    arena_free(scratch);
    return ok && s.file;
}

static bool write_folder(struct bag *b, struct diag *dx)
{
    struct str made = STR("");
    for (size_t i = 0; i < b->items.n; i++)
        if (!write_item(b, &b->items.v[i], &made, dx))
            return false;
    const char *content = file_work_content(b->work);
    if (!file_sync(content, dx))
        return false;
    /* From here on it must not be taken away. */
    tell(b, false);
    return file_rename(content, b->to, dx);
}

bool bag_write(struct bag *b, const char *to, struct diag *dx)
{
    if (!b->to && !bag_open(b, to, dx))
        return false;
    sort(b);
    bool ok = is_folder(b) ? write_folder(b, dx) : write_archive(b, dx);
    bag_drop(b);
    b->to = NULL;
    return ok;
}
