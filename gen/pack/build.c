/* Make a pack of evidence. */
#include "pack/build.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/digest.h"
#include "base/file_stream.h"
#include "base/when.h"
#include "catalog/waiver.h"
#include "evidence/index.h"
#include "evidence/name.h"
#include "json/json.h"
#include "pack/baseline.h"
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
    struct map by_name; /* name -> index_entry of a collector's index */
    struct map by_stem; /* the same without endings */
    struct map seen;    /* name -> seen */
    struct pack_names names;
    struct text waivers, baseline; /* as they are packed: masked, when redacting */
    const struct pack_document *documents; /* that attestations name */
    size_t ndocuments;
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

/* Masks are made by one thread. */
static unsigned threads_of(const struct build *b)
{
    return b->options->redact ? 1 : b->options->threads;
}

static struct evidence_input input_of(const struct gathered_file *f, struct str path)
{
    return (struct evidence_input){
        .path = path, .read = gather_read, .ctx = f, .size_bytes = f->size_bytes};
}

/* What collectors wrote down; an index nearer to a file wins, so outer ones are read
 * first. */
static bool read_indexes(struct build *b)
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
            t->name = f->name;
            if (!gather_read(f, b->a, &t->bytes, b->dx))
                return false;
            index_read(b->a, b->a, t, &b->by_name, diag_new(b->a));
            left--;
        }
    for (size_t i = 0; i < b->by_name.n; i++)
        *map_put(b->a, &b->by_stem, name_stem(b->by_name.entries[i].key)) =
            b->by_name.entries[i].value;
    return true;
}

static const struct index_entry *entry_of(const struct build *b, struct str name)
{
    const struct index_entry *e = map_get(&b->by_name, name);
    return e ? e : map_get(&b->by_stem, name_stem(name));
}

/* What one look at a file told, for a file that no index tells of. */
struct seen {
    struct str account, region;
    const struct operation *op;
    const struct json *parameters; /* options that its name gave */
};

/* The options that a file's name gave, for a file that gets another name in the pack. */
static const struct json *parameters_of(struct arena *a, const struct document *d)
{
    struct str words = str_from(d->op->param), first, second;
    str_cut(words, ' ', &first, &second);
    str_cut(second, ' ', &second, NULL);
    struct json *o = json_new_object(a);
    if (first.n && d->name.n && !str_eq(first, STR("-")))
        json_set_str(a, o, first, d->name);
    if (second.n && d->name2.n)
        json_set_str(a, o, second, d->name2);
    return json_first(o) ? o : NULL;
}

/* Load all under its own names: for what each file is, for the messages, for the time.
 * Nothing of it stays but what the index needs: it is loaded again under the names that
 * it has in the pack. */
static bool look_at_evidence(struct build *b, int64_t *newest)
{
    struct arena *scratch = arena_new();
    struct diag *said = diag_new(b->a);
    size_t n = b->files.files.n;
    struct evidence_input *inputs = ARENA_ARRAY(scratch, struct evidence_input, n + 1);
    struct evidence_options options = {.threads = threads_of(b)};
    for (size_t i = 0; i < n; i++)
        inputs[i] = input_of(&b->files.files.v[i], b->files.files.v[i].name);
    struct evidence *ev = evidence_load_inputs(scratch, inputs, n, &options, said);
    for (size_t i = 0; ev && i < ev->n; i++) {
        const struct document *d = ev->v[i];
        if (!d->op || entry_of(b, d->path))
            continue;
        struct seen *s = ARENA_NEW(b->a, struct seen);
        s->op = d->op;
        s->account = str_dup(b->a, d->account);
        s->region = str_dup(b->a, d->region);
        s->parameters = parameters_of(b->a, d);
        *map_put(b->a, &b->seen, str_dup(b->a, d->path)) = s;
    }
    *newest = ev ? ev->newest : WHEN_NONE;
    diag_settle(said);
    diag_merge(b->dx, said);
    arena_free(scratch);
    return ev != NULL;
}

static void describe(struct build *b, const struct gathered_file *f, struct pack_entry *e)
{
    const struct index_entry *said = entry_of(b, f->name);
    const struct seen *seen = map_get(&b->seen, f->name);
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
    } else if (seen) {
        e->account = seen->account;
        e->region = seen->region;
        e->service = str_from(seen->op->service);
        e->operation = str_from(seen->op->command);
        e->parameters = moved ? seen->parameters : NULL;
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

/* A file goes into the bag as it stands, or masked. */
static void add_gathered(struct build *b, struct str path, const struct gathered_file *f)
{
    if (f->mask)
        bag_add_read(b->bag, path, gather_read, f, f->sha256, f->size_bytes);
    else if (f->path)
        bag_add_file(b->bag, path, f->path, f->sha256, f->size_bytes);
    else
        bag_add(b->bag, path, f->bytes);
}

/* Name every evidence file, put it into the bag and the index. */
static void add_evidence(struct build *b)
{
    size_t n = b->files.files.n;
    b->index.entries.v = ARENA_ARRAY(b->a, struct pack_entry, n);
    b->index.entries.cap = n;
    bag_reserve(b->bag, n);
    for (size_t i = 0; i < b->files.files.n; i++) {
        const struct gathered_file *f = &b->files.files.v[i];
        if (f->index && !b->options->redact) {
            struct str path = pack_name(b->a, &b->names, STR("data/collector"), f->name);
            add_gathered(b, path, f);
            add_part(b, path, f->name, f->sha256, f->size_bytes);
        }
        if (f->index)
            continue;
        struct pack_entry *e = vec_push(b->a, &b->index.entries);
        struct str path = packed_name(b, f->name);
        *e = (struct pack_entry){
            .path = str_sub(path, strlen("data/"), path.n),
            .name = f->name,
            .sha256 = f->sha256,
            .size_bytes = f->size_bytes,
            .collected = WHEN_NONE,
            .exit_code = -1,
            .original_sha256 = f->original_sha256,
            .original_size_bytes = f->original_size_bytes,
            .masked = f->masked,
        };
        describe(b, f, e);
        add_gathered(b, path, f);
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
        .baseline = o->baseline ? &b->baseline : NULL,
        .documents = b->documents,
        .ndocuments = b->ndocuments,
        .threads = o->threads,
        .load_threads = threads_of(b),
        .redacted = o->redact,
        .said = b->dx,
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
        inputs[n++] = input_of(f, str_fmt(b->a, "data/%.*s", STR_ARG(path)));
    }
    inputs[n++] = (struct evidence_input){
        .path = STR("data/index.json"), .bytes = buf_dup(b->a, &index), .lasting = true};
    buf_free(&index); /* what was judged points into the copy */
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

static bool add_templates(struct build *b)
{
    struct file_list files = {0};
    if (!file_walk(b->a, b->options->template_folder, b->dx, &files))
        return false;
    for (size_t i = 0; i < files.n; i++) {
        const struct file_entry *f = &files.v[i];
        struct str sha256, path;
        uint64_t size_bytes;
        if (!file_sha256(b->a, f->path.p, f->path, b->dx, &sha256, &size_bytes))
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

/* A sink that writes below a folder of the bag, and notes what it wrote in the index. */
struct shelf {
    struct build *b;
    const char *folder; /* "data/reports" */
};
struct shelved {
    struct build *b;
    struct str name;
    struct bag_file *file;
};

static void *shelf_open(void *ctx, struct arena *a, struct str path, struct diag *dx)
{
    const struct shelf *shelf = ctx;
    struct build *b = shelf->b;
    struct shelved *s = ARENA_NEW(a, struct shelved);
    s->b = b;
    s->name = str_dup(b->a, path);
    s->file = bag_file_open(
        b->bag, pack_name(b->a, &b->names, str_from(shelf->folder), path), dx);
    return s->file ? s : NULL;
}

static bool shelf_write(void *file, struct str bytes)
{
    return bag_file_write(((struct shelved *)file)->file, bytes);
}

static bool shelf_close(void *file, bool keep)
{
    struct shelved *s = file;
    const struct bag_item *item = bag_file_close(s->file, keep);
    if (item)
        add_part(s->b, item->path, s->name, item->sha256, item->size_bytes);
    return item != NULL;
}

static bool add_reports(struct build *b, const struct report *r)
{
    size_t n;
    const struct format *rows = format_rows(&n);
    struct render_options options = *b->options->render;
    struct shelf data = {b, "data"}, reports = {b, "data/reports"};
    struct sink sink = {&reports, shelf_open, shelf_write, shelf_close};
    struct shelved *results = shelf_open(&data, b->a, STR("results.json"), b->dx);
    bool ok = results && results_stream(r, 1, shelf_write, results);
    if (!results || !shelf_close(results, ok) || !ok)
        return false;
    options.threads = 1; /* the bag takes one file at a time */
    for (size_t i = 0; ok && i < n; i++)
        if (wanted(b->options, &rows[i]))
            ok = render_to(b->a, r, &rows[i], b->options->templates, &options, &sink,
                           b->dx);
    return ok;
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

/* Put bytes into the bag, and free them; their hash, empty after recording. */
static struct str put(struct build *b, const char *path, struct buf *bytes)
{
    struct bag_file *f = bag_file_open(b->bag, str_from(path), b->dx);
    bool ok = f && bag_file_write(f, buf_view(bytes));
    const struct bag_item *item = f ? bag_file_close(f, ok) : NULL;
    buf_free(bytes);
    return item ? item->sha256 : STR("");
}

/* README.txt, index.json, manifests. */
static bool finish(struct build *b, const struct report *r)
{
    struct buf out = BUF_INIT;
    qsort(b->index.parts.v, b->index.parts.n, sizeof *b->index.parts.v, by_part);
    pack_index_write(&out, &b->index);
    struct str index = put(b, "data/index.json", &out);
    pack_readme(&out, &b->index, r);
    put(b, "README.txt", &out);
    struct bag_info info[PACK_INFO_MAX + 3];
    size_t n = 0;
    for (; n < b->options->ninfo && n < PACK_INFO_MAX; n++)
        info[n] = b->options->info[n];
    info[n++] = (struct bag_info){STR("Bag-Software-Agent"),
                                  str_fmt(b->a, "kdaudit %.*s", STR_ARG(r->version))};
    info[n++] = (struct bag_info){STR("Bagging-Date"), when_date(b->a, r->as_of)};
    info[n++] = (struct bag_info){STR("External-Identifier"),
                                  str_fmt(b->a, "kdaudit:%.*s", STR_ARG(index))};
    bag_close(b->bag, info, n);
    struct machine_subject subject = {STR("tagmanifest-sha256.txt"), b->bag->id};
    machine_in_toto_of(&out, r, &subject, 1);
    return index.n && put(b, "attestation/test-result.intoto.json", &out).n;
}

/* Waivers, parameters and baseline as given; masked with the evidence, so that they still
 * fit it. */
static bool copy_given(struct build *b)
{
    const struct pack_options *o = b->options;
    struct report *old = NULL;
    struct redact_also arns = {0};
    if (o->redact && o->baseline) {
        if (!(old = results_read(b->a, o->baseline, b->dx)))
            return false;
        baseline_strip(b->a, old, &arns);
    }
    struct redact_also also = {ARENA_ARRAY(b->a, struct str, o->nparams + arns.n + 1), 0};
    for (; also.n < o->nparams; also.n++)
        also.texts[also.n] = o->params[also.n];
    if (o->waivers)
        also.texts[also.n++] = o->waivers->bytes;
    struct str *masked = &also.texts[also.n];
    for (size_t i = 0; i < arns.n; i++)
        also.texts[also.n++] = arns.texts[i];
    if (o->redact && !redact(b->a, &b->files, o->redact_key, &also, b->dx))
        return false;
    b->params = also.texts;
    if (o->waivers)
        b->waivers = (struct text){o->waivers->name, also.texts[o->nparams]};
    if (o->baseline)
        b->baseline = *o->baseline;
    if (old) {
        struct buf out = BUF_INIT;
        baseline_write(&out, old, masked);
        b->baseline.bytes = buf_dup(b->a, &out);
        buf_free(&out);
    }
    return true;
}

/* The signed documents that attestations name and that are there. A redacted pack leaves
 * them out: nobody can mask a signed document. */
static bool add_documents(struct build *b)
{
    const struct pack_options *o = b->options;
    if (!o->waivers || !o->waiver_folder || o->redact)
        return true;
    struct waivers *w = waivers_read(b->a, o->waivers, o->catalog, b->dx);
    if (!w)
        return false;
    struct pack_document *v = ARENA_ARRAY(b->a, struct pack_document, w->attestations.n);
    for (size_t i = 0; i < w->attestations.n; i++) {
        struct str name = w->attestations.v[i].document;
        bool again = false;
        for (size_t k = 0; k < b->ndocuments; k++)
            again |= str_eq(v[k].name, name);
        bool rooted = name.n && name.p[0] == '/';
        const char *file = rooted ? str_z(b->a, name)
                                  : file_join(b->a, str_from(o->waiver_folder), name);
        struct str sha256;
        uint64_t size_bytes;
        if (again || file_type(file) != FILE_REGULAR)
            continue;
        if (!file_sha256(b->a, file, name, b->dx, &sha256, &size_bytes))
            return false;
        struct str path = pack_name(b->a, &b->names, STR("data/documents"), name);
        bag_add_file(b->bag, path, file, sha256, size_bytes);
        add_part(b, path, name, sha256, size_bytes);
        v[b->ndocuments++] = (struct pack_document){name, sha256};
    }
    b->documents = v;
    return true;
}

/* All that comes before the reports. */
static struct report *pack_evidence(struct build *b)
{
    const struct pack_options *o = b->options;
    int64_t newest;
    if (!gather(b->a, o->evidence, o->nevidence, &b->files, b->dx) || !copy_given(b) ||
        !read_indexes(b) || !look_at_evidence(b, &newest))
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
    return add_documents(b) ? judge(b) : NULL;
}

bool pack_build(struct arena *a, const struct pack_options *options, struct bag *bag,
                struct pack_made *made, struct diag *dx)
{
    struct build *b = ARENA_NEW(a, struct build); /* messages point into its texts */
    *b = (struct build){.a = a, .options = options, .dx = dx, .bag = bag};
    struct report *r = pack_evidence(b);
    if (!r)
        return false;
    for (size_t i = 0; i < options->catalog->files.n; i++)
        add_bytes(b, "data/catalog", last_part(options->catalog->files.v[i]->name),
                  options->catalog->files.v[i]->bytes);
    if (options->waivers)
        add_bytes(b, "data", STR("waivers.json"), b->waivers.bytes);
    if (options->baseline)
        add_bytes(b, "data", STR("baseline.json"), b->baseline.bytes);
    if (!add_templates(b) || !add_reports(b, r))
        return false;
    bag->base = base_name(b);
    bag->time = b->index.as_of;
    if (!finish(b, r))
        return false;
    *made = (struct pack_made){bag, r};
    return true;
}
