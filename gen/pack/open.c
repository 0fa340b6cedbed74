/* Read a pack, whatever holds it. */
#include "pack/open.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/digest.h"
#include "pack/archive.h"
#include "pack/message.h"
#include "pack/name.h"

#include <stdlib.h>

/* clang-format off */
/* What stays in memory: tag files, and what judging again needs. */
static const char *const kept[] = {
    "README.txt", "attestation/", "bag-info.txt", "bagit.txt", "data/catalog/", "data/evidence/",
    "data/index.json", "data/results.json", "data/waivers", "manifest-sha256.txt", "signatures/",
    "tagmanifest-sha256.txt",
};
/* clang-format on */

struct pack_file *pack_find(const struct pack *p, struct str path)
{
    return map_get(&p->by_path, path);
}

static bool is_kept(struct str path)
{
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        struct str k = str_from(kept[i]);
        bool whole = str_ends(k, STR(".txt")) || str_ends(k, STR(".json"));
        if (whole ? str_eq(path, k) : str_starts(path, k))
            return true;
    }
    return false;
}

struct reading {
    struct arena *a;
    const struct pack_source *from;
    struct diag *dx;
    struct pack *pack;
    struct map lower; /* paths without regard to case */
    struct str base;
    bool has_base;
    uint64_t bytes, kept;
};

static bool too_large(struct reading *r, struct str path)
{
    diag_file(r->dx, &PAK_TOO_LARGE, path, NULL);
    return false;
}

static bool read_file(struct reading *r, struct pack_file *f)
{
    struct buf bytes = BUF_INIT;
    struct str piece;
    struct digest *d = digest_begin();
    bool ok;
    f->kept = is_kept(f->path);
    while ((ok = r->from->piece(r->from->ctx, &piece, r->dx)) && piece.n) {
        f->size_bytes += piece.n;
        r->bytes += piece.n;
        r->kept += f->kept ? piece.n : 0;
        if (f->size_bytes > PACK_MAX_FILE_BYTES || r->bytes > PACK_MAX_BYTES ||
            r->kept > PACK_MAX_KEPT) {
            ok = too_large(r, f->path);
            break;
        }
        digest_add(d, piece);
        if (f->kept)
            buf_str(&bytes, piece);
    }
    unsigned char sum[DIGEST_BYTES];
    digest_end(d, sum);
    f->sha256 = digest_digits(r->a, sum, sizeof sum);
    f->text.name = f->path;
    f->text.bytes = f->kept ? buf_dup(r->a, &bytes) : STR("");
    buf_free(&bytes);
    return ok;
}

/* The path below the bag; false when it does not stand below the bag's folder. */
static bool cut_base(struct reading *r, struct str *path, enum file_kind kind)
{
    struct str base, rest;
    bool below = str_cut(*path, '/', &base, &rest);
    if (!r->has_base && (below || kind == FILE_KIND_FOLDER)) {
        r->base = str_dup(r->a, base);
        r->has_base = true;
    }
    if (!r->has_base || !str_eq(base, r->base) || (!below && kind != FILE_KIND_FOLDER)) {
        diag_file(r->dx, &PAK_BASE, str_dup(r->a, *path), NULL);
        return false;
    }
    *path = rest;
    return true;
}

/* A new file of this path; NULL after recording why it must not be read. */
static struct pack_file *admit(struct reading *r, struct str path, enum file_kind kind)
{
    const char *fault = pack_path_fault(path);
    struct str name = str_dup(r->a, path);
    if (fault) {
        diag_file(r->dx, &PAK_BAD_PATH, name, "%s", fault);
        return NULL;
    }
    if (kind != FILE_KIND_REGULAR && kind != FILE_KIND_FOLDER) {
        diag_file(r->dx, &PAK_NOT_PLAIN, name, "%s",
                  kind == FILE_KIND_LINK ? "a link" : "a device, FIFO or socket");
        return NULL;
    }
    if (kind == FILE_KIND_FOLDER)
        return NULL;
    if (str_eq_nocase(path, STR("fetch.txt"))) {
        diag_file(r->dx, &PAK_FETCH, name, NULL);
        return NULL;
    }
    void **twin = map_put(r->a, &r->lower, str_lower(r->a, path));
    const struct pack_file *other = *twin;
    if (other && str_eq(other->path, path)) {
        diag_file(r->dx, &PAK_TWICE, name, NULL);
        return NULL;
    }
    if (other) {
        diag_file(r->dx, &PAK_TWINS, name, "the other is %.*s", STR_ARG(other->path));
        return NULL;
    }
    struct pack_file *f = ARENA_NEW(r->a, struct pack_file);
    f->path = name;
    *twin = f;
    *map_put(r->a, &r->pack->by_path, f->path) = f;
    *vec_push(r->a, r->pack) = f;
    return f;
}

/* One entry; false when reading cannot go on. */
static bool read_one(struct reading *r, struct str path, enum file_kind kind)
{
    while (kind == FILE_KIND_FOLDER && path.n && path.p[path.n - 1] == '/')
        path.n--;
    if (r->from->one_folder && !cut_base(r, &path, kind))
        return true;
    if (kind == FILE_KIND_FOLDER && !path.n)
        return true;
    if (r->pack->n >= PACK_MAX_FILES)
        return too_large(r, path);
    struct pack_file *f = admit(r, path, kind);
    return !f || read_file(r, f);
}

static int by_path(const void *x, const void *y)
{
    const struct pack_file *const *a = x, *const *b = y;
    return str_cmp((*a)->path, (*b)->path);
}

struct pack *pack_read(struct arena *a, const struct pack_source *from, struct diag *dx)
{
    struct reading r = {
        .a = a, .from = from, .dx = dx, .pack = ARENA_NEW(a, struct pack)};
    struct str path;
    enum file_kind kind;
    int got;
    while ((got = from->next(from->ctx, &path, &kind, dx)) > 0)
        if (!read_one(&r, path, kind))
            return NULL;
    if (got < 0)
        return NULL;
    if (r.pack->n)
        qsort(r.pack->v, r.pack->n, sizeof *r.pack->v, by_path);
    return r.pack;
}

struct folder {
    struct file_items items;
    size_t at;
    struct file_in *open;
};

static int folder_next(void *ctx, struct str *path, enum file_kind *kind, struct diag *dx)
{
    struct folder *f = ctx;
    (void)dx;
    file_close(f->open);
    f->open = NULL;
    if (f->at == f->items.n)
        return 0;
    *path = f->items.v[f->at].relative;
    *kind = f->items.v[f->at++].kind;
    return 1;
}

static bool folder_piece(void *ctx, struct str *piece, struct diag *dx)
{
    struct folder *f = ctx;
    const struct file_item *item = &f->items.v[f->at - 1];
    if (!f->open)
        f->open = file_open(item->path.p, item->path, dx);
    if (!f->open)
        return false;
    if (file_next(f->open, piece))
        return true;
    diag_file(dx, &FILE_CANNOT_READ, item->path, "reading broke");
    return false;
}

static int packed_next(void *ctx, struct str *path, enum file_kind *kind, struct diag *dx)
{
    struct archive_item item;
    int got = archive_next(ctx, &item, dx);
    if (got > 0) {
        *path = item.path;
        *kind = item.kind;
    }
    return got;
}

static bool packed_piece(void *ctx, struct str *piece, struct diag *dx)
{
    return archive_piece(ctx, piece, dx);
}

struct pack *pack_open(struct arena *a, const char *path, struct diag *dx)
{
    struct pack *p = NULL;
    if (file_type(path) == FILE_FOLDER) {
        struct folder f = {0};
        struct pack_source from = {&f, folder_next, folder_piece, false};
        if (file_walk_all(a, path, dx, &f.items))
            p = pack_read(a, &from, dx);
        file_close(f.open);
        return p;
    }
    struct archive_in *in = archive_open(path, dx);
    if (in) {
        struct pack_source from = {in, packed_next, packed_piece, true};
        p = pack_read(a, &from, dx);
    }
    archive_close(in);
    return p;
}

struct memory {
    const struct pack_input *v;
    size_t n, at;
    bool given;
};

static int memory_next(void *ctx, struct str *path, enum file_kind *kind, struct diag *dx)
{
    struct memory *m = ctx;
    (void)dx;
    if (m->at == m->n)
        return 0;
    *path = m->v[m->at].path;
    *kind = m->v[m->at++].kind;
    m->given = false;
    return 1;
}

static bool memory_piece(void *ctx, struct str *piece, struct diag *dx)
{
    struct memory *m = ctx;
    (void)dx;
    *piece = m->given ? STR("") : m->v[m->at - 1].bytes;
    m->given = true;
    return true;
}

struct pack *pack_of_memory(struct arena *a, const struct pack_input *inputs, size_t n,
                            struct diag *dx)
{
    struct memory m = {.v = inputs, .n = n};
    struct pack_source from = {&m, memory_next, memory_piece, false};
    return pack_read(a, &from, dx);
}
