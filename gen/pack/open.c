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
/* What stays in memory, sorted: tag files, and what judging again needs. A path that ends
 * in '/' is a folder. */
static const struct {
    const char *path;
    bool results;  /* also when results.json alone is wanted */
    bool reread;   /* not when it can be read again */
} kept[] = {
    {"README.txt",             true,  false},
    {"attestation/",           false, false},
    {"bag-info.txt",           true,  false},
    {"bagit.txt",              true,  false},
    {"data/baseline.json",     false, false},
    {"data/catalog/",          false, false},
    {"data/evidence/",         false, true},
    {"data/index.json",        false, false},
    {"data/results.json",      true,  true},
    {"data/waivers.json",      false, false},
    {"manifest-sha256.txt",    true,  false},
    {"signatures/",            false, false},
    {"tagmanifest-sha256.txt", true,  false},
};
/* clang-format on */

struct pack_file *pack_find(const struct pack *p, struct str path)
{
    return map_get(&p->by_path, path);
}

static bool is_kept(struct str path, bool again, enum pack_need need)
{
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        struct str k = str_from(kept[i].path);
        bool folder = str_ends(k, STR("/"));
        if (folder ? str_starts(path, k) : str_eq(path, k))
            return need == PACK_NEED_RESULTS ? kept[i].results
                                             : !(again && kept[i].reread);
    }
    return false;
}

struct reading {
    struct arena *a;
    const struct pack_source *from;
    enum pack_need need;
    struct diag *dx;
    struct pack *pack;
    struct arena *scratch;   /* goes when all is read */
    struct map lower;        /* paths without regard to case; in scratch */
    VEC(struct str) folders; /* met as such; in scratch */
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
    f->kept = is_kept(f->path, f->file != NULL, r->need);
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
    if (kind == FILE_KIND_FOLDER) {
        *vec_push(r->scratch, &r->folders) = str_fmt(r->scratch, "%.*s/", STR_ARG(path));
        return NULL;
    }
    if (str_eq_nocase(path, STR("fetch.txt"))) {
        diag_file(r->dx, &PAK_FETCH, name, NULL);
        return NULL;
    }
    void **twin = map_put(r->scratch, &r->lower, str_lower(r->scratch, path));
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
static bool read_one(struct reading *r, const struct pack_found *found)
{
    struct str path = found->path;
    enum file_kind kind = found->kind;
    while (kind == FILE_KIND_FOLDER && path.n && path.p[path.n - 1] == '/')
        path.n--;
    if (r->from->one_folder && !cut_base(r, &path, kind))
        return true;
    if (kind == FILE_KIND_FOLDER && !path.n)
        return true;
    if (r->pack->n >= PACK_MAX_FILES)
        return too_large(r, path);
    struct pack_file *f = admit(r, path, kind);
    if (!f)
        return true;
    f->file = found->file;
    return read_file(r, f);
}

static int by_path(const void *x, const void *y)
{
    const struct pack_file *const *a = x, *const *b = y;
    return str_cmp((*a)->path, (*b)->path);
}

/* Every folder is there for a file. */
static void check_folders(struct reading *r)
{
    for (size_t i = 0; i < r->folders.n; i++) {
        struct str folder = r->folders.v[i];
        size_t low = 0, high = r->pack->n;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (str_cmp(r->pack->v[middle]->path, folder) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == r->pack->n || !str_starts(r->pack->v[low]->path, folder))
            diag_file(r->dx, &PAK_EMPTY_FOLDER, folder, NULL);
    }
}

struct pack *pack_read(struct arena *a, const struct pack_source *from,
                       enum pack_need need, struct diag *dx)
{
    struct reading r = {
        .a = a, .from = from, .need = need, .dx = dx, .pack = ARENA_NEW(a, struct pack)};
    r.scratch = arena_new();
    struct pack_found found = {0};
    int got;
    while ((got = from->next(from->ctx, &found, dx)) > 0)
        if (!read_one(&r, &found)) {
            got = -1;
            break;
        }
    if (r.pack->n)
        qsort(r.pack->v, r.pack->n, sizeof *r.pack->v, by_path);
    if (got == 0)
        check_folders(&r);
    arena_free(r.scratch);
    return got < 0 ? NULL : r.pack;
}

struct folder {
    struct file_items items;
    size_t at;
    struct file_in *open;
};

static int folder_next(void *ctx, struct pack_found *found, struct diag *dx)
{
    struct folder *f = ctx;
    (void)dx;
    file_close(f->open);
    f->open = NULL;
    if (f->at == f->items.n)
        return 0;
    const struct file_item *item = &f->items.v[f->at++];
    *found = (struct pack_found){item->relative, item->kind, item->path.p};
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

static int packed_next(void *ctx, struct pack_found *found, struct diag *dx)
{
    struct archive_item item;
    int got = archive_next(ctx, &item, dx);
    if (got > 0)
        *found = (struct pack_found){item.path, item.kind, NULL};
    return got;
}

static bool packed_piece(void *ctx, struct str *piece, struct diag *dx)
{
    return archive_piece(ctx, piece, dx);
}

struct pack *pack_open(struct arena *a, const char *path, enum pack_need need,
                       struct diag *dx)
{
    struct pack *p = NULL;
    if (file_type(path) == FILE_FOLDER) {
        struct folder f = {0};
        struct pack_source from = {&f, folder_next, folder_piece, false};
        if (file_walk_all(a, path, dx, &f.items))
            p = pack_read(a, &from, need, dx);
        file_close(f.open);
        return p;
    }
    struct archive_in *in = archive_open(path, dx);
    if (in) {
        struct pack_source from = {in, packed_next, packed_piece, true};
        p = pack_read(a, &from, need, dx);
    }
    archive_close(in);
    return p;
}

bool pack_is(struct arena *a, const char *path)
{
    size_t stem;
    enum file_type type = file_type(path);
    if (type == FILE_FOLDER)
        return file_type(file_join(a, str_from(path), STR("bagit.txt"))) == FILE_REGULAR;
    return type != FILE_ABSENT && archive_kind_of(str_from(path), &stem) != ARCHIVE_NONE;
}

bool pack_bytes(const void *file, struct arena *a, struct str *bytes, struct diag *dx)
{
    const struct pack_file *f = file;
    *bytes = f->text.bytes;
    return f->kept || !f->file || file_read_raw(a, f->file, f->path, dx, bytes);
}

bool pack_is_evidence(struct str path)
{
    return str_starts(path, STR("data/evidence/")) ||
           str_eq(path, STR("data/index.json"));
}

struct evidence_input pack_input_of(const struct pack_file *f)
{
    return (struct evidence_input){
        .path = f->path,
        .bytes = f->text.bytes,
        .lasting = true,
        .read = f->kept ? NULL : pack_bytes,
        .ctx = f,
        .size_bytes = f->size_bytes,
    };
}

struct memory {
    const struct pack_input *v;
    size_t n, at;
    bool given;
};

static int memory_next(void *ctx, struct pack_found *found, struct diag *dx)
{
    struct memory *m = ctx;
    (void)dx;
    if (m->at == m->n)
        return 0;
    *found = (struct pack_found){m->v[m->at].path, m->v[m->at].kind, NULL};
    m->at++;
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
    return pack_read(a, &from, PACK_NEED_CASE, dx);
}
