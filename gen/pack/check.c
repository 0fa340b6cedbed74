/* Check the bag, its hashes, its index. */
#include "pack/check.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/digest.h"
#include "pack/index.h"
#include "pack/manifest.h"
#include "pack/message.h"

/* clang-format off */
/* The files that every pack has, in order; listed: the tag manifest must name them. */
static const struct { const char *path; bool listed; } parts[] = {
    {"README.txt",             true},
    {"attestation/test-result.intoto.json", false},
    {"bag-info.txt",           true},
    {"bagit.txt",              true},
    {"data/index.json",        false},
    {"data/results.json",      false},
    {"manifest-sha256.txt",    true},
    {"tagmanifest-sha256.txt", false},
};
/* Files that may come after the tag manifest was made: it cannot name them. */
static const char *const later[] = {
    "attestation/test-result.intoto.json", "signatures/allowed_signers",
    "signatures/tagmanifest-sha256.txt.sig", "signatures/tagmanifest-sha256.txt.tsq",
    "signatures/tagmanifest-sha256.txt.tsr",
};
/* clang-format on */

static bool is_payload(struct str path)
{
    return str_starts(path, STR("data/"));
}

static bool must_be_tagged(struct str path)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].listed && str_eq(path, str_from(parts[i].path)))
            return true;
    return false;
}

static bool is_known_tag(struct str path)
{
    for (size_t i = 0; i < sizeof later / sizeof *later; i++)
        if (str_eq(path, str_from(later[i])))
            return true;
    return must_be_tagged(path) || str_eq(path, STR("tagmanifest-sha256.txt"));
}

static void check_parts(const struct pack *p, struct diag *dx)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!pack_find(p, str_from(parts[i].path)))
            diag_file(dx, &PAK_MISSING_PART, str_from(parts[i].path), NULL);
    for (size_t i = 0; i < p->n; i++)
        if (!is_payload(p->v[i]->path) && !is_known_tag(p->v[i]->path))
            diag_file(dx, &PAK_STRAY, p->v[i]->path, NULL);
    const struct pack_file *bagit = pack_find(p, STR("bagit.txt"));
    if (bagit && !str_eq(bagit->text.bytes, STR(BAG_DECLARATION)))
        diag_file(dx, &PAK_DECLARATION, bagit->path, NULL);
}

/* Every line of a manifest names a file that is there, is of its kind, and has that hash.
 */
static void check_manifest(const struct pack *p, const char *name, bool payload,
                           struct diag *dx)
{
    const struct pack_file *file = pack_find(p, str_from(name));
    struct manifest m = {0};
    if (!file)
        return;
    struct arena *scratch = arena_new();
    manifest_read(scratch, &file->text, &m, dx);
    for (size_t i = 0; i < m.entries.n; i++) {
        const struct manifest_entry *e = &m.entries.v[i];
        struct origin at = {&file->text, e->pos, 1};
        struct pack_file *f = pack_find(p, e->path);
        if (is_payload(e->path) != payload || (!payload && !must_be_tagged(e->path)))
            diag_at(dx, &PAK_WRONG_LIST, at, "%.*s", STR_ARG(e->path));
        else if (!f)
            diag_at(dx, &PAK_NOT_THERE, at, "%.*s", STR_ARG(e->path));
        else if (!str_eq(f->sha256, e->sha256))
            diag_at(dx, &PAK_CHANGED, at, "%.*s has SHA-256 %.*s", STR_ARG(e->path),
                    STR_ARG(f->sha256));
        if (f)
            f->listed = true;
    }
    arena_free(scratch);
}

static void check_listed(const struct pack *p, struct diag *dx)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct pack_file *f = p->v[i];
        if (!f->listed && (is_payload(f->path) || must_be_tagged(f->path)))
            diag_file(dx, &PAK_NOT_LISTED, f->path, NULL);
    }
}

static void check_info(struct arena *a, const struct pack *p, struct diag *dx)
{
    const struct pack_file *info = pack_find(p, STR("bag-info.txt"));
    const struct pack_file *index = pack_find(p, STR("data/index.json"));
    unsigned long long bytes = 0, files = 0;
    size_t times;
    if (!info || !index)
        return;
    for (size_t i = 0; i < p->n; i++)
        if (is_payload(p->v[i]->path)) {
            bytes += p->v[i]->size_bytes;
            files++;
        }
    struct str oxum = bag_info_get(a, info->text.bytes, STR("Payload-Oxum"), &times);
    struct str found = str_fmt(a, "%llu.%llu", bytes, files);
    if (times != 1 || !str_eq(oxum, found))
        diag_file(dx, &PAK_OXUM, info->path, "it says %.*s, data/ has %.*s",
                  STR_ARG(oxum), STR_ARG(found));
    struct str id = bag_info_get(a, info->text.bytes, STR("External-Identifier"), &times);
    found = str_fmt(a, "kdaudit:%.*s", STR_ARG(index->sha256));
    if (times != 1 || !str_eq(id, found))
        diag_file(dx, &PAK_INFO, info->path, "it says \"%.*s\"", STR_ARG(id));
}

bool check_bag(struct arena *a, struct pack *p, struct diag *dx)
{
    size_t errors = diag_count(dx, DIAG_ERROR);
    check_parts(p, dx);
    check_manifest(p, "tagmanifest-sha256.txt", false, dx);
    check_manifest(p, "manifest-sha256.txt", true, dx);
    check_listed(p, dx);
    check_info(a, p, dx);
    return diag_count(dx, DIAG_ERROR) == errors;
}

/* A line of the index: the file is there, once, and as it says. */
static void check_line(struct arena *a, const struct pack *p, const struct text *index,
                       struct str path, struct str sha256, uint64_t size_bytes,
                       size_t pos, struct map *seen, struct diag *dx)
{
    struct str full = str_fmt(a, "data/%.*s", STR_ARG(path));
    const struct pack_file *f = pack_find(p, full);
    struct origin at = {index, pos, 1};
    if (!f) {
        diag_at(dx, &PAK_INDEX_EXTRA, at, "%.*s", STR_ARG(full));
        return;
    }
    void **slot = map_put(a, seen, f->path);
    if (*slot || !str_eq(f->sha256, sha256) || f->size_bytes != size_bytes)
        diag_at(dx, &PAK_INDEX_DIFFERS, at, "%.*s%s", STR_ARG(full),
                *slot ? " stands in it twice" : "");
    *slot = (void *)f;
}

static struct pack_index *read_and_check(struct arena *a, const struct pack *p,
                                         const struct pack_file *file, struct diag *dx)
{
    size_t errors = diag_count(dx, DIAG_ERROR);
    struct map seen = MAP_INIT;
    struct pack_index *ix = pack_index_read(a, &file->text, dx);
    if (!ix)
        return NULL;
    for (size_t i = 0; i < ix->entries.n; i++) {
        const struct pack_entry *e = &ix->entries.v[i];
        check_line(a, p, &file->text, e->path, e->sha256, e->size_bytes, e->pos, &seen,
                   dx);
    }
    for (size_t i = 0; i < ix->parts.n; i++) {
        const struct pack_part *e = &ix->parts.v[i];
        check_line(a, p, &file->text, e->path, e->sha256, e->size_bytes, e->pos, &seen,
                   dx);
    }
    for (size_t i = 0; i < p->n; i++) {
        const struct pack_file *f = p->v[i];
        if (is_payload(f->path) && f != file && !map_get(&seen, f->path))
            diag_file(dx, &PAK_INDEX_MISSES, f->path, NULL);
    }
    return diag_count(dx, DIAG_ERROR) == errors ? ix : NULL;
}

struct pack_index *check_index(struct arena *a, const struct pack *p, struct diag *dx)
{
    const struct pack_file *file = pack_find(p, STR("data/index.json"));
    if (!file) {
        diag_file(dx, &PAK_INDEX_UNREADABLE, STR("data/index.json"), "it is not there");
        return NULL;
    }
    /* What one entry takes is little, but a pack may have 100,000 of them. */
    struct arena *scratch = arena_new();
    const struct pack_index *ix = read_and_check(scratch, p, file, dx);
    struct pack_index *kept = ix ? pack_index_short(a, ix) : NULL;
    arena_free(scratch);
    return kept;
}
