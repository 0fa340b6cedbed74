/* Archives, by libarchive: the one file that includes it. */
#include "pack/archive.h"

#include "base/arena.h"
#include "base/diag.h"
#include "pack/message.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRY_MODE = 0644, PIECE_BYTES = 1 << 16 };

/* clang-format off */
static const struct { const char *ending; enum archive_kind kind; } endings[] = {
    {".tar.gz", ARCHIVE_TAR_GZ},
    {".tgz",    ARCHIVE_TAR_GZ},
    {".tar",    ARCHIVE_TAR},
    {".zip",    ARCHIVE_ZIP},
};
/* clang-format on */

enum archive_kind archive_kind_of(struct str path, size_t *stem_bytes)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct str e = str_from(endings[i].ending);
        if (path.n > e.n && str_eq_nocase(str_sub(path, path.n - e.n, path.n), e)) {
            *stem_bytes = path.n - e.n;
            return endings[i].kind;
        }
    }
    *stem_bytes = path.n;
    return ARCHIVE_NONE;
}

struct archive_out {
    struct archive *ar;
    struct archive_entry *entry;
    struct arena *a; /* of the file */
    struct file_out *file;
    const char *name; /* borrowed */
    int64_t mtime;
    enum archive_kind kind;
    bool broke;
    bool dead; /* what libarchive still writes when it is freed goes nowhere */
};

static la_ssize_t give(struct archive *ar, void *ctx, const void *p, size_t n)
{
    struct archive_out *out = ctx;
    (void)ar;
    if (out->dead)
        return (la_ssize_t)n;
    return file_out_write(out->file, (struct str){p, n}) ? (la_ssize_t)n : -1;
}

static bool set_format(struct archive_out *out)
{
    struct archive *ar = out->ar;
    int worst = ARCHIVE_OK, r;
    /* Neither pads the end of the file to a tape block. */
    archive_write_set_bytes_in_last_block(ar, 1);
    if (out->kind == ARCHIVE_ZIP) {
        r = archive_write_set_format_zip(ar);
        worst = r < worst ? r : worst;
        r = archive_write_set_format_option(ar, "zip", "compression", "deflate");
        return (r < worst ? r : worst) == ARCHIVE_OK;
    }
    worst = archive_write_set_format_ustar(ar);
    if (out->kind == ARCHIVE_TAR_GZ) {
        r = archive_write_add_filter_gzip(ar);
        worst = r < worst ? r : worst;
        r = archive_write_set_filter_option(ar, "gzip", "compression-level", "9");
        worst = r < worst ? r : worst;
        r = archive_write_set_filter_option(ar, "gzip", "timestamp", NULL);
        worst = r < worst ? r : worst;
    }
    return worst == ARCHIVE_OK;
}

struct archive_out *archive_create(const char *path, enum archive_kind kind,
                                   int64_t mtime, struct diag *dx)
{
    struct arena *a = arena_new();
    struct file_out *file = file_out_open(a, path, dx);
    if (!file) {
        arena_free(a);
        return NULL;
    }
    struct archive_out *out = mem_alloc(sizeof *out);
    *out = (struct archive_out){
        .a = a, .file = file, .name = path, .mtime = mtime, .kind = kind};
    out->ar = archive_write_new();
    out->entry = archive_entry_new();
    out->broke = !out->ar || !out->entry || !set_format(out) ||
                 archive_write_open2(out->ar, out, NULL, give, NULL, NULL) != ARCHIVE_OK;
    return out;
}

bool archive_begin(struct archive_out *out, struct str path, uint64_t size_bytes)
{
    if (out->broke)
        return false;
    char *name = mem_alloc(path.n + 1);
    memcpy(name, path.p, path.n);
    name[path.n] = '\0';
    archive_entry_clear(out->entry);
    archive_entry_set_pathname(out->entry, name);
    archive_entry_set_filetype(out->entry, AE_IFREG);
    archive_entry_set_perm(out->entry, ENTRY_MODE);
    archive_entry_set_size(out->entry, (la_int64_t)size_bytes);
    if (out->kind != ARCHIVE_ZIP)
        archive_entry_set_mtime(out->entry, (time_t)out->mtime, 0);
    free(name);
    out->broke = archive_write_header(out->ar, out->entry) != ARCHIVE_OK;
    return !out->broke;
}

bool archive_add(struct archive_out *out, struct str bytes)
{
    while (bytes.n && !out->broke) {
        la_ssize_t n = archive_write_data(out->ar, bytes.p, bytes.n);
        out->broke = n <= 0;
        if (n > 0)
            bytes = str_sub(bytes, (size_t)n, bytes.n);
    }
    return !out->broke;
}

static void out_free(struct archive_out *out)
{
    archive_entry_free(out->entry);
    arena_free(out->a);
    free(out);
}

bool archive_commit(struct archive_out *out, struct diag *dx)
{
    if (!out->broke)
        out->broke = archive_write_close(out->ar) != ARCHIVE_OK;
    bool ok = !out->broke;
    if (!ok) {
        const char *why = out->ar ? archive_error_string(out->ar) : NULL;
        diag_file(dx, &PAK_ARCHIVE_BROKE, str_from(out->name), "%s",
                  why ? why : "writing broke");
    }
    ok = file_out_close(out->file, ok) && ok;
    out->dead = true;
    archive_write_free(out->ar);
    out_free(out);
    return ok;
}

void archive_drop(struct archive_out *out)
{
    if (!out)
        return;
    out->dead = true;
    archive_write_free(out->ar);
    file_out_close(out->file, false);
    out_free(out);
}

struct archive_in {
    struct archive *ar;
    struct file_in *file;
    struct str name; /* as the user typed it; borrowed */
    char piece[PIECE_BYTES];
};

static la_ssize_t take(struct archive *ar, void *ctx, const void **p)
{
    struct archive_in *in = ctx;
    struct str piece;
    if (!file_next(in->file, &piece)) {
        archive_set_error(ar, EIO, "reading broke");
        return -1;
    }
    *p = piece.p;
    return (la_ssize_t)piece.n;
}

static la_int64_t seek(struct archive *ar, void *ctx, la_int64_t offset, int whence)
{
    struct archive_in *in = ctx;
    (void)ar;
    int64_t at = file_seek(in->file, offset, whence);
    return at < 0 ? ARCHIVE_FATAL : at;
}

static void say(struct archive_in *in, struct diag *dx)
{
    const char *why = in->ar ? archive_error_string(in->ar) : NULL;
    diag_file(dx, &PAK_BAD_ARCHIVE, in->name, "%s", why ? why : "it is damaged");
}

struct archive_in *archive_open(const char *path, struct diag *dx)
{
    struct str name = str_from(path);
    struct file_in *file = file_open(path, name, dx);
    if (!file)
        return NULL;
    struct archive_in *in = mem_alloc(sizeof *in);
    *in = (struct archive_in){.ar = archive_read_new(), .file = file, .name = name};
    struct archive *ar = in->ar;
    /* Only what pack writes: a reader of forty formats is forty chances to be fooled. */
    bool ok = ar && archive_read_support_format_tar(ar) == ARCHIVE_OK &&
              archive_read_support_format_zip(ar) == ARCHIVE_OK &&
              archive_read_support_filter_gzip(ar) == ARCHIVE_OK &&
              archive_read_set_read_callback(ar, take) == ARCHIVE_OK &&
              archive_read_set_seek_callback(ar, seek) == ARCHIVE_OK &&
              archive_read_set_callback_data(ar, in) == ARCHIVE_OK &&
              archive_read_open1(ar) == ARCHIVE_OK;
    if (ok)
        return in;
    say(in, dx);
    archive_close(in);
    return NULL;
}

int archive_next(struct archive_in *in, struct archive_item *item, struct diag *dx)
{
    struct archive_entry *e;
    int r = archive_read_next_header(in->ar, &e);
    if (r == ARCHIVE_EOF)
        return 0;
    /* A warning is about names or attributes that cannot be told: no pack has such. */
    if (r != ARCHIVE_OK) {
        say(in, dx);
        return -1;
    }
    unsigned type = archive_entry_filetype(e);
    item->path = str_from(archive_entry_pathname(e));
    item->kind = archive_entry_hardlink(e) || archive_entry_symlink(e) ? FILE_KIND_LINK
                 : type == AE_IFREG                                    ? FILE_KIND_REGULAR
                 : type == AE_IFDIR                                    ? FILE_KIND_FOLDER
                                                                       : FILE_KIND_OTHER;
    return 1;
}

bool archive_piece(struct archive_in *in, struct str *piece, struct diag *dx)
{
    la_ssize_t n = archive_read_data(in->ar, in->piece, sizeof in->piece);
    *piece = (struct str){in->piece, n > 0 ? (size_t)n : 0};
    if (n < 0)
        say(in, dx);
    return n >= 0;
}

void archive_close(struct archive_in *in)
{
    if (!in)
        return;
    archive_read_free(in->ar);
    file_close(in->file);
    free(in);
}
