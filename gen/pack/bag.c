/* Put a bag together and write it. */
#include "pack/bag.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/digest.h"
#include "base/file_stream.h"
#include "pack/archive.h"
#include "pack/manifest.h"
#include "pack/message.h"

#include <stdlib.h>

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

/* Copy an item; a file that is not any more what was judged is refused. */
static bool copy(struct bag *b, const struct bag_item *item, const struct target *s,
                 struct diag *dx)
{
    if (!item->file)
        return add(s, item->bytes);
    struct file_in *in = file_open(item->file, str_from(item->file), dx);
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

static bool write_archive(struct bag *b, const char *to, enum archive_kind kind,
                          struct diag *dx)
{
    struct target s = {.archive = archive_create(to, kind, b->time, dx)};
    size_t errors = diag_count(dx, DIAG_ERROR);
    if (!s.archive)
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < b->items.n; i++) {
        const struct bag_item *item = &b->items.v[i];
        struct str path =
            str_fmt(b->a, "%.*s/%.*s", STR_ARG(b->base), STR_ARG(item->path));
        ok = archive_begin(s.archive, path, item->size_bytes) && copy(b, item, &s, dx);
    }
    /* What broke in the archive itself is said by archive_commit. */
    if (ok || diag_count(dx, DIAG_ERROR) == errors)
        return archive_commit(s.archive, dx);
    archive_drop(s.archive);
    return false;
}

static bool write_item(struct bag *b, const char *folder, const struct bag_item *item,
                       struct str *made, struct diag *dx)
{
    char *path = file_join(b->a, str_from(folder), item->path);
    struct str own = str_sub(str_from(path), 0, str_find_last(str_from(path), '/'));
    if (!str_eq(own, *made)) {
        *made = own;
        if (!file_make_folder(str_z(b->a, own), dx))
            return false;
    }
    struct target s = {.file = file_out_open(b->a, path, dx)};
    if (!s.file)
        return false;
    file_out_unsynced(s.file);
    bool ok = copy(b, item, &s, dx);
    return file_out_close(s.file, ok) && ok;
}

static bool write_folder(struct bag *b, const char *to, struct diag *dx)
{
    struct str name = str_from(to), made = STR("");
    while (name.n > 1 && name.p[name.n - 1] == '/')
        name.n--;
    char *final = str_z(b->a, name);
    const char *partial = str_fmt(b->a, "%s.partial", final).p;
    struct str above = str_sub(name, 0, str_find_last(name, '/'));
    if (file_type(final) != FILE_ABSENT)
        return file_new_folder(final, dx); /* records that it is there */
    if (above.n && above.n < name.n && !file_make_folder(str_z(b->a, above), dx))
        return false;
    if (!file_new_folder(partial, dx))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < b->items.n; i++)
        ok = write_item(b, partial, &b->items.v[i], &made, dx);
    ok = ok && file_rename(partial, final, dx);
    if (!ok)
        file_remove_tree(partial);
    return ok;
}

bool bag_write(struct bag *b, const char *to, struct diag *dx)
{
    size_t stem;
    enum archive_kind kind = archive_kind_of(str_from(to), &stem);
    sort(b);
    return kind == ARCHIVE_NONE ? write_folder(b, to, dx)
                                : write_archive(b, to, kind, dx);
}
