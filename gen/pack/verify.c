/* Verify a pack. */
#include "pack/verify.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/file_stream.h"
#include "pack/check.h"
#include "pack/index.h"
#include "pack/judge.h"
#include "render/machine.h"
#include "report/results.h"

#include <string.h>

/* What a part was called where it came from. */
static struct str own_name(const struct pack_part *part, const char *folder)
{
    return part->name.n ? part->name : str_sub(part->path, strlen(folder), part->path.n);
}

/* The evidence, catalog, waivers and parameters of a pack. */
static void gather_case(struct arena *a, const struct pack *p,
                        const struct pack_index *ix, struct pack_case *c)
{
    struct evidence_input *evidence = ARENA_ARRAY(a, struct evidence_input, p->n);
    struct text *catalog = ARENA_ARRAY(a, struct text, ix->parts.n + 1);
    struct pack_document *documents =
        ARENA_ARRAY(a, struct pack_document, ix->parts.n + 1);
    *c = (struct pack_case){
        .evidence = evidence,
        .catalog = catalog,
        .documents = documents,
        .params = ix->params.v,
        .nparams = ix->params.n,
        .as_of = ix->as_of,
        .redacted = ix->redacted,
    };
    for (size_t i = 0; i < p->n; i++) {
        const struct pack_file *f = p->v[i];
        if (pack_is_evidence(f->path))
            evidence[c->nevidence++] = pack_input_of(f);
    }
    for (size_t i = 0; i < ix->parts.n; i++) {
        const struct pack_part *part = &ix->parts.v[i];
        const struct pack_file *f =
            pack_find(p, str_fmt(a, "data/%.*s", STR_ARG(part->path)));
        if (str_eq(part->path, STR("waivers.json")))
            c->waivers = &f->text;
        if (str_eq(part->path, STR("baseline.json")))
            c->baseline = &f->text;
        if (str_starts(part->path, STR("documents/")))
            documents[c->ndocuments++] =
                (struct pack_document){own_name(part, "documents/"), part->sha256};
        if (!str_starts(part->path, STR("catalog/")))
            continue;
        catalog[c->ncatalog++] = (struct text){own_name(part, "catalog/"), f->text.bytes};
    }
}

/* The first line in which two texts differ. */
static uint32_t differs_at(struct str x, struct str y, size_t *pos, struct str *other)
{
    uint32_t line = 1;
    struct str from = x, a, b;
    do {
        *pos = (size_t)(x.p - from.p);
        bool more = str_cut(x, '\n', &a, &x), also = str_cut(y, '\n', &b, &y);
        *other = b;
        if (!str_eq(a, b) || more != also)
            return line;
        line++;
    } while (x.n && y.n);
    *pos = from.n - x.n;
    return line;
}

/* Are the results that come piece by piece the packed ones? */
struct comparison {
    struct file_in *file; /* where the packed ones are read; NULL: rest is all of them */
    struct str rest;
    bool same;
};

static bool compare_piece(void *ctx, struct str bytes)
{
    struct comparison *c = ctx;
    while (c->same && bytes.n) {
        if (!c->rest.n && c->file && !file_next(c->file, &c->rest))
            c->rest = STR("");
        size_t n = bytes.n < c->rest.n ? bytes.n : c->rest.n;
        c->same = n && str_eq(str_sub(bytes, 0, n), str_sub(c->rest, 0, n));
        c->rest = str_sub(c->rest, n, c->rest.n);
        bytes = str_sub(bytes, n, bytes.n);
    }
    return c->same; /* the rest need not be made when it is not */
}

static bool same_results(const struct report *r, const struct pack_file *packed,
                         struct diag *dx)
{
    struct comparison c = {.rest = packed->text.bytes, .same = true};
    struct str more = STR("");
    if (!packed->kept && packed->file)
        c.file = file_open(packed->file, packed->path, dx);
    results_stream(r, 1, compare_piece, &c);
    if (c.same && !c.rest.n && c.file && !file_next(c.file, &more))
        c.same = false;
    file_close(c.file);
    return c.same && !c.rest.n && !more.n;
}

/* Say where results.json and what the evidence gives part. */
static void say_difference(struct arena *a, const struct pack_file *file,
                           const struct report *r, struct str own, struct diag *dx)
{
    enum { SHOWN_BYTES = 120 };
    struct text *packed = ARENA_NEW(a, struct text);
    struct buf out = BUF_INIT;
    struct str other;
    size_t pos;
    packed->name = file->path;
    if (!pack_bytes(file, a, &packed->bytes, dx))
        return;
    results_write(&out, r);
    struct str anew = buf_dup(a, &out);
    buf_free(&out);
    differs_at(packed->bytes, anew, &pos, &other);
    struct origin at = {packed, pos, 1};
    other = str_sub(other, 0, SHOWN_BYTES);
    if (str_eq(own, r->version))
        diag_at(dx, &PAK_RESULTS_DIFFER, at, "judged anew, this line is: %.*s",
                STR_ARG(other));
    else
        diag_at(dx, &PAK_RESULTS_DIFFER, at,
                "kdaudit %.*s made the pack, this is %.*s; judged anew, this line is: "
                "%.*s",
                STR_ARG(r->version), STR_ARG(own), STR_ARG(other));
}

static bool compare_results(struct arena *a, const struct pack *p, struct report *r,
                            const struct pack_index *ix, struct diag *dx)
{
    const struct pack_file *packed = pack_find(p, STR("data/results.json"));
    struct str own = r->version;
    /* Another version may well judge alike; only if not, its number is of interest. */
    r->version = ix->version;
    bool same = same_results(r, packed, dx);
    if (!same)
        say_difference(a, packed, r, own, dx);
    r->version = own;
    return same;
}

/* The Statement is made of the tag manifest's hash and the results, so it needs no hash
 * of its own. */
static bool compare_attestation(struct arena *a, const struct pack_verified *v,
                                struct report *r, const struct pack_index *ix,
                                struct diag *dx)
{
    if (!v->attestation)
        return true;
    struct machine_subject subject = {STR("tagmanifest-sha256.txt"), v->id};
    struct str own = r->version, other;
    struct buf out = BUF_INIT;
    size_t pos;
    r->version = ix->version;
    machine_in_toto_of(&out, r, &subject, 1);
    r->version = own;
    struct str anew = buf_dup(a, &out);
    buf_free(&out);
    if (str_eq(anew, v->attestation->bytes))
        return true;
    differs_at(v->attestation->bytes, anew, &pos, &other);
    diag_at(dx, &PAK_STATEMENT_DIFFERS, (struct origin){v->attestation, pos, 1}, NULL);
    return false;
}

static const struct text *text_of(const struct pack *p, const char *path)
{
    const struct pack_file *f = pack_find(p, str_from(path));
    return f ? &f->text : NULL;
}

enum pack_stage pack_verify_read(struct arena *a, struct pack *p, unsigned threads,
                                 struct pack_verified *out, struct diag *dx)
{
    size_t errors = diag_count(dx, DIAG_ERROR);
    struct pack_case c;
    *out = (struct pack_verified){
        .pack = p,
        .tag_manifest = text_of(p, "tagmanifest-sha256.txt"),
        .signature = text_of(p, "signatures/tagmanifest-sha256.txt.sig"),
        .attestation = text_of(p, "attestation/test-result.intoto.json"),
    };
    if (out->tag_manifest)
        out->id = pack_find(p, STR("tagmanifest-sha256.txt"))->sha256;
    if (!check_bag(a, p, dx) || diag_count(dx, DIAG_ERROR) > errors) {
        enum pack_stage first = PACK_HASH;
        for (size_t i = 0; i < diag_len(dx); i++)
            if (pack_stage_of(diag_get(dx, i).code) < first)
                first = pack_stage_of(diag_get(dx, i).code);
        return first;
    }
    struct pack_index *ix = check_index(a, p, dx);
    if (!ix)
        return PACK_INDEX;
    out->redacted = ix->redacted;
    out->version = ix->version;
    gather_case(a, p, ix, &c);
    c.threads = threads;
    c.load_threads = threads;
    out->report = pack_judge(a, &c, dx);
    if (!out->report) {
        diag_file(dx, &PAK_CANNOT_JUDGE, STR("data/catalog"), NULL);
        return PACK_RESULTS;
    }
    bool same = compare_results(a, p, out->report, ix, dx) &&
                compare_attestation(a, out, out->report, ix, dx);
    return same ? PACK_STAGES : PACK_RESULTS;
}

enum pack_stage pack_verify(struct arena *a, const char *path, unsigned threads,
                            struct pack_verified *out, struct diag *dx)
{
    struct diag *reading = diag_new(a);
    struct pack *p = pack_open(a, path, PACK_NEED_CASE, reading);
    bool clean = diag_count(reading, DIAG_ERROR) == 0;
    diag_merge(dx, reading);
    *out = (struct pack_verified){0};
    if (!p)
        return PACK_STRUCTURE;
    enum pack_stage stage = pack_verify_read(a, p, threads, out, dx);
    return clean ? stage : PACK_STRUCTURE;
}
