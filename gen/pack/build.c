/* Make a pack of evidence. */
#include "pack/build.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/digest.h"
#include "base/file_stream.h"
#include "base/when.h"
#include "evidence/index.h"
#include "evidence/name.h"
#include "json/json.h"
#include "pack/gather.h"
#include "pack/index.h"
#include "pack/judge.h"
#include "pack/message.h"
#include "pack/name.h"
#include "pack/readme.h"
#include "pack/redact.h"
#include "render/machine.h"
#include "render/render.h"
#include "report/results.h"
#include "report/version.h"

#include <stdlib.h>
#include <string.h>

struct build {
    struct arena *a;
    const struct pack_options *options;
    struct diag *dx;
    struct gathered files;
    struct arena *looked; /* what look_at_evidence loads */
    struct map by_name;   /* name -> index_entry of a collector's index */
    struct map by_stem;   /* the same without endings */
    struct map documents; /* name -> document */
    struct pack_names names;
    struct text waivers; /* as they are packed: masked, when redacting */
    struct str *params;
    struct pack_index index;
    struct bag *bag;
};

static size_t depth_of(struct str path)
{
    size_t n = 0;
    for (size_t i = 0; i < path.n; i++)
        n += path.p[i] == '/';
    return n;
}

/* What collectors wrote down; an index nearer to a file wins, so outer ones are read
 * first. */
static void read_indexes(struct build *b)
{
    size_t left = 0;
    for (size_t i = 0; i < b->files.files.n; i++)
        left += b->files.files.v[i].index;
    for (size_t depth = 0; left; depth++)
        for (size_t i = 0; i < b->files.files.n; i++) {
            const struct gathered_file *f = &b->files.files.v[i];
            if (!f->index || depth_of(f->name) != depth)
                continue;
            struct text *t = ARENA_NEW(b->a, struct text);
            *t = (struct text){f->name, str_dup(b->a, f->bytes)};
            index_read(b->a, t, &b->by_name, diag_new(b->a));
            left--;
        }
    for (size_t i = 0; i < b->by_name.n; i++)
        *map_put(b->a, &b->by_stem, name_stem(b->by_name.entries[i].key)) =
            b->by_name.entries[i].value;
}

static const struct index_entry *entry_of(const struct build *b, struct str name)
{
    const struct index_entry *e = map_get(&b->by_name, name);
    return e ? e : map_get(&b->by_stem, name_stem(name));
}

/* Load it under its own names: for what each file is, for the messages, for the time. */
static bool look_at_evidence(struct build *b, int64_t *newest)
{
    struct arena *scratch = b->looked;
    size_t n = b->files.files.n;
    struct evidence_input *inputs = ARENA_ARRAY(scratch, struct evidence_input, n + 1);
    for (size_t i = 0; i < n; i++)
        inputs[i] =
            (struct evidence_input){b->files.files.v[i].name, b->files.files.v[i].bytes};
    struct evidence *ev = evidence_load_memory(scratch, inputs, n, b->dx);
    for (size_t i = 0; ev && i < ev->n; i++)
        *map_put(scratch, &b->documents, ev->v[i]->path) = ev->v[i];
    *newest = ev ? ev->newest : WHEN_NONE;
    return ev != NULL;
}

/* The options that a file's name gave, for a file that gets another name in the pack. */
static const struct json *parameters_of(struct build *b, const struct document *d)
{
    struct str words = str_from(d->op->param), first, second;
    str_cut(words, ' ', &first, &second);
    str_cut(second, ' ', &second, NULL);
    struct json *o = json_new_object(b->a);
    if (first.n && d->name.n && !str_eq(first, STR("-")))
        json_set_str(b->a, o, first, d->name);
    if (second.n && d->name2.n)
        json_set_str(b->a, o, second, d->name2);
    return json_first(o) ? o : NULL;
}

static void describe(struct build *b, const struct gathered_file *f, struct pack_entry *e)
{
    const struct index_entry *said = entry_of(b, f->name);
    const struct document *d = map_get(&b->documents, f->name);
    bool moved = !str_ends(e->path, f->name);
    if (said) {
        e->account = said->account;
        e->region = said->region;
        e->service = said->service;
        e->operation = said->operation;
        e->parameters = said->parameters;
        e->collected = said->collected;
        e->exit_code = said->exit_code;
        e->error_code = said->error_code;
        e->error_message = said->error_message;
    } else if (d && d->op) {
        e->account = str_dup(b->a, d->account);
        e->region = str_dup(b->a, d->region);
        e->service = str_from(d->op->service);
        e->operation = str_from(d->op->command);
        e->parameters = moved ? parameters_of(b, d) : NULL;
    }
}

static struct str packed_name(struct build *b, struct str name)
{
    bool packed = str_starts(name, STR("evidence/"));
    return pack_name(b->a, &b->names, packed ? STR("data") : STR("data/evidence"), name);
}

/* A file that stands in no list of the index but parts. */
static void add_part(struct build *b, struct str path, struct str name, struct str sha256,
                     uint64_t size_bytes)
{
    struct str below = str_sub(path, strlen("data/"), path.n);
    *vec_push(b->a, &b->index.parts) = (struct pack_part){
        .path = below,
        .name = name.n && !str_ends(below, name) ? name : STR(""),
        .sha256 = sha256,
        .size_bytes = size_bytes,
    };
}

static void add_bytes(struct build *b, const char *folder, struct str name,
                      struct str bytes)
{
    struct str path = pack_name(b->a, &b->names, str_from(folder), name);
    bag_add(b->bag, path, bytes);
    add_part(b, path, name, digest_hex(b->a, bytes), bytes.n);
}

/* Name every evidence file, put it into the bag and the index. */
static void add_evidence(struct build *b)
{
    for (size_t i = 0; i < b->files.files.n; i++) {
        const struct gathered_file *f = &b->files.files.v[i];
        if (f->index && !b->options->redact) {
            add_bytes(b, "data/collector", f->name, str_dup(b->a, f->bytes));
            continue;
        }
        if (f->index)
            continue;
        struct pack_entry *e = vec_push(b->a, &b->index.entries);
        struct str path = packed_name(b, f->name);
        *e = (struct pack_entry){
            .path = str_sub(path, strlen("data/"), path.n),
            .name = f->name,
            .sha256 = f->sha256,
            .size_bytes = f->bytes.n,
            .collected = WHEN_NONE,
            .exit_code = -1,
            .original_sha256 = f->original_sha256,
            .original_size_bytes = f->original_size_bytes,
            .masked = f->masked,
        };
        describe(b, f, e);
        if (f->path)
            bag_add_file(b->bag, path, f->path, f->sha256, f->bytes.n);
        else
            bag_add(b->bag, path, f->bytes);
    }
}

/* A catalog is flat: its files are known by their own names. */
static struct str last_part(struct str path)
{
    return str_sub(path, str_find_last(path, '/') + 1, path.n);
}

/* Judge what stands in the bag, under the names that it has there. */
static struct report *judge(struct build *b)
{
    const struct pack_options *o = b->options;
    struct pack_case c = {
        .waivers = o->waivers ? &b->waivers : NULL,
        .params = b->params,
        .nparams = o->nparams,
        .as_of = b->index.as_of,
        .threads = o->threads,
        .redacted = o->redact,
    };
    struct buf index = BUF_INIT;
    pack_index_write(&index, &b->index);
    struct evidence_input *inputs =
        ARENA_ARRAY(b->a, struct evidence_input, b->files.files.n + 1);
    size_t n = 0, entry = 0;
    for (size_t i = 0; i < b->files.files.n; i++) {
        const struct gathered_file *f = &b->files.files.v[i];
        if (f->index)
            continue;
        struct str path = b->index.entries.v[entry++].path;
        inputs[n++] =
            (struct evidence_input){str_fmt(b->a, "data/%.*s", STR_ARG(path)), f->bytes};
    }
    inputs[n++] = (struct evidence_input){STR("data/index.json"), buf_dup(b->a, &index)};
    buf_free(&index);
    struct text *catalog = ARENA_ARRAY(b->a, struct text, o->catalog->files.n + 1);
    for (size_t i = 0; i < o->catalog->files.n; i++) {
        catalog[i] = *o->catalog->files.v[i];
        catalog[i].name = last_part(catalog[i].name);
    }
    c.evidence = inputs;
    c.nevidence = n;
    c.catalog = catalog;
    c.ncatalog = o->catalog->files.n;
    return pack_judge(b->a, &c, b->dx);
}

static bool hash_file(struct build *b, const char *path, struct str *sha256,
                      uint64_t *size_bytes)
{
    struct str bytes;
    struct arena *scratch = arena_new();
    bool ok = file_read_raw(scratch, path, str_from(path), b->dx, &bytes);
    if (ok) {
        *sha256 = digest_hex(b->a, bytes);
        *size_bytes = bytes.n;
    }
    arena_free(scratch);
    return ok;
}

static bool add_templates(struct build *b)
{
    struct file_list files = {0};
    if (!file_walk(b->a, b->options->template_folder, b->dx, &files))
        return false;
    for (size_t i = 0; i < files.n; i++) {
        const struct file_entry *f = &files.v[i];
        struct str sha256, path;
        uint64_t size_bytes;
        if (!hash_file(b, f->path.p, &sha256, &size_bytes))
            return false;
        path = pack_name(b->a, &b->names, STR("data/templates"), f->relative);
        bag_add_file(b->bag, path, f->path.p, sha256, size_bytes);
        add_part(b, path, f->relative, sha256, size_bytes);
    }
    return true;
}

/* results.json stands beside the reports, the Statement in attestation/. */
static bool wanted(const struct pack_options *o, const struct format *f)
{
    if (strcmp(f->name, "json") == 0 || strcmp(f->name, "in-toto") == 0)
        return false;
    for (size_t i = 0; i < o->nformats; i++)
        if (o->formats[i] == f)
            return true;
    return f->standard;
}

static bool add_reports(struct build *b, const struct report *r)
{
    size_t n;
    const struct format *rows = format_rows(&n);
    struct buf results = BUF_INIT;
    results_write(&results, r);
    add_bytes(b, "data", STR("results.json"), buf_dup(b->a, &results));
    buf_free(&results);
    struct render_options options = {.max_bytes = b->options->max_bytes,
                                     .threads = b->options->threads};
    for (size_t i = 0; i < n; i++) {
        struct output out = {0};
        if (!wanted(b->options, &rows[i]))
            continue;
        if (!render(b->a, r, &rows[i], b->options->templates, &options, &out, b->dx))
            return false;
        for (size_t k = 0; k < out.files.n; k++)
            add_bytes(b, "data/reports", out.files.v[k].path, out.files.v[k].bytes);
    }
    return true;
}

static int by_part(const void *x, const void *y)
{
    const struct pack_part *a = x, *b = y;
    return str_cmp(a->path, b->path);
}

/* "kdaudit-pack-CATALOG-20261123T100000Z" */
static struct str base_name(struct build *b)
{
    enum { ID_MAX = 24 };
    struct str when = when_text(b->a, b->index.as_of);
    struct buf out = BUF_INIT;
    buf_z(&out, "kdaudit-pack-");
    struct str id = str_sub(b->index.catalog_id, 0, ID_MAX);
    for (size_t i = 0; i < id.n; i++)
        buf_c(&out, id.p[i] && strchr("abcdefghijklmnopqrstuvwxyz0123456789"
                                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ._-",
                                      id.p[i])
                        ? id.p[i]
                        : '_');
    buf_c(&out, '-');
    for (size_t i = 0; i < when.n; i++)
        if (when.p[i] != '-' && when.p[i] != ':')
            buf_c(&out, when.p[i]);
    struct str s = buf_dup(b->a, &out);
    buf_free(&out);
    return s;
}

/* README.txt, index.json, manifests. */
static void finish(struct build *b, const struct report *r)
{
    struct buf out = BUF_INIT;
    qsort(b->index.parts.v, b->index.parts.n, sizeof *b->index.parts.v, by_part);
    pack_index_write(&out, &b->index);
    struct str index = buf_dup(b->a, &out);
    bag_add(b->bag, STR("data/index.json"), index);
    buf_clear(&out);
    pack_readme(&out, &b->index, r);
    bag_add(b->bag, STR("README.txt"), buf_dup(b->a, &out));
    buf_free(&out);
    struct bag_info info[PACK_INFO_MAX + 3];
    size_t n = 0;
    for (; n < b->options->ninfo && n < PACK_INFO_MAX; n++)
        info[n] = b->options->info[n];
    info[n++] = (struct bag_info){STR("Bag-Software-Agent"),
                                  str_fmt(b->a, "kdaudit %.*s", STR_ARG(r->version))};
    info[n++] = (struct bag_info){STR("Bagging-Date"), when_date(b->a, r->as_of)};
    info[n++] = (struct bag_info){
        STR("External-Identifier"),
        str_fmt(b->a, "kdaudit:%.*s", STR_ARG(digest_hex(b->a, index)))};
    bag_close(b->bag, info, n);
    struct machine_subject subject = {STR("tagmanifest-sha256.txt"), b->bag->id};
    machine_in_toto_of(&out, r, &subject, 1);
    bag_add(b->bag, STR("attestation/test-result.intoto.json"), buf_dup(b->a, &out));
    buf_free(&out);
}

/* Waivers and parameters as given; masked with the evidence, so that they still fit it.
 */
static bool copy_given(struct build *b)
{
    const struct pack_options *o = b->options;
    struct redact_also also = {ARENA_ARRAY(b->a, struct str, o->nparams + 1), 0};
    for (; also.n < o->nparams; also.n++)
        also.texts[also.n] = o->params[also.n];
    if (o->waivers)
        also.texts[also.n++] = o->waivers->bytes;
    if (o->redact && !redact(b->a, &b->files, o->redact_key, &also, b->dx))
        return false;
    b->params = also.texts;
    if (o->waivers)
        b->waivers = (struct text){o->waivers->name, also.texts[also.n - 1]};
    return true;
}

/* All that needs the raw bytes. */
static struct report *pack_evidence(struct build *b, struct arena *raw)
{
    const struct pack_options *o = b->options;
    int64_t newest;
    if (!gather(b->a, raw, o->evidence, o->nevidence, &b->files, b->dx))
        return NULL;
    if (!copy_given(b))
        return NULL;
    read_indexes(b);
    if (!look_at_evidence(b, &newest))
        return NULL;
    b->index.as_of = o->as_of == WHEN_NONE ? newest : o->as_of;
    if (b->index.as_of == WHEN_NONE) {
        diag_file(b->dx, &PAK_NO_TIME, STR(""), NULL);
        return NULL;
    }
    for (size_t i = 0; i < o->nparams; i++)
        *vec_push(b->a, &b->index.params) = b->params[i];
    b->index.version = STR(KDAUDIT_VERSION);
    b->index.catalog_id = o->catalog->id;
    b->index.catalog_version = o->catalog->version;
    b->index.catalog_sha256 = o->catalog->sha256;
    b->index.redacted = o->redact;
    b->index.redaction_key = o->redact_key.n ? STR("given") : STR("derived");
    add_evidence(b);
    return judge(b);
}

bool pack_build(struct arena *a, const struct pack_options *options,
                struct pack_made *made, struct diag *dx)
{
    struct build b = {.a = a, .options = options, .dx = dx};
    struct arena *raw = arena_new();
    b.bag = ARENA_NEW(a, struct bag);
    b.bag->a = a;
    b.looked = arena_new();
    size_t said = diag_len(dx);
    struct report *r = pack_evidence(&b, raw);
    arena_free(raw);
    /* Messages point into the text that they are about. */
    if (diag_len(dx) > said)
        arena_adopt(a, b.looked);
    else
        arena_free(b.looked);
    if (!r)
        return false;
    for (size_t i = 0; i < options->catalog->files.n; i++)
        add_bytes(&b, "data/catalog", last_part(options->catalog->files.v[i]->name),
                  options->catalog->files.v[i]->bytes);
    if (options->waivers)
        add_bytes(&b, "data", STR("waivers.json"), b.waivers.bytes);
    if (!add_templates(&b) || !add_reports(&b, r))
        return false;
    b.bag->base = base_name(&b);
    b.bag->time = b.index.as_of;
    finish(&b, r);
    *made = (struct pack_made){b.bag, r};
    return true;
}
