/* The pipeline as the commands run it. */
#include "cli/run.h"

#include "assess/waive.h"
#include "base/diag.h"
#include "base/file_stream.h"
#include "base/threads.h"
#include "base/when.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "pack/check.h"
#include "pack/index.h"
#include "pack/open.h"
#include "render/render.h"
#include "report/diff.h"
#include "report/results.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef KDAUDIT_PREFIX
#define KDAUDIT_PREFIX "/usr/local"
#endif

/* clang-format off */
static const struct diag_kind BAD_TIME = {"CLI-101", DIAG_ERROR, "not a time",
    "give a date or an RFC 3339 time such as 2026-11-23T10:00:00Z"};
static const struct diag_kind NO_OPERAND = {"CLI-102", DIAG_ERROR, "no evidence given",
    "name the folders or files that hold the AWS CLI's output"};
static const struct diag_kind BAD_FAIL_ON = {"CLI-103", DIAG_ERROR, "unknown result in --fail-on",
    "use a comma-separated list of fail, unknown, manual, error, or none"};
static const struct diag_kind NO_DATA = {"CLI-104", DIAG_ERROR, "cannot find the folder",
    "give it with --controls and --templates, or set KDAUDIT_DATA to the folder that holds both"};
/* clang-format on */

static const char *probe(const struct invocation *in, struct str base, const char *folder)
{
    const char *path = file_join(in->a, base, str_from(folder));
    return file_type(path) == FILE_FOLDER ? path : NULL;
}

/* The folder that path stands in. */
static struct str above(struct str path)
{
    return str_sub(path, 0, str_find_last(path, '/'));
}

const char *run_data(const struct invocation *in, const char *folder)
{
    const char *home = getenv("KDAUDIT_DATA"), *found = NULL;
    if (home && *home)
        found = probe(in, str_from(home), folder);
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self);
    if (!found && n > 0) {
        /* PREFIX/bin/kdaudit has PREFIX/share/kdaudit; TOP/build/KIND/kdaudit has TOP. */
        struct str prefix = above(above((struct str){self, (size_t)n}));
        found = probe(in, str_fmt(in->a, "%.*s/share/kdaudit", STR_ARG(prefix)), folder);
        if (!found && str_ends(prefix, STR("/build")))
            found = probe(in, above(prefix), folder);
    }
    if (!found)
        found = probe(in, STR(KDAUDIT_PREFIX "/share/kdaudit"), folder);
    if (!found)
        diag_file(in->dx, &NO_DATA, STR(""), "%s", folder);
    return found;
}

int run_catalog(const struct invocation *in, struct run *r)
{
    const char *folder = in->controls ? in->controls : run_data(in, "controls");
    if (!folder || !(r->catalog = catalog_load(in->a, folder, in->dx)))
        return EXIT_BAD_CATALOG;
    bool ok = true;
    for (size_t i = 0; i < in->nparams; i++)
        ok &= catalog_set_param(in->a, r->catalog, str_from(in->params[i]), in->dx);
    return ok ? 0 : EXIT_USAGE;
}

/* Signed documents stand beside the file that attests them; those that are there must be
 * what was signed. */
static bool check_documents(const struct invocation *in, const struct waivers *w)
{
    bool ok = true;
    for (size_t i = 0; i < w->attestations.n; i++) {
        const struct attestation *t = &w->attestations.v[i];
        const char *path = run_document(in->a, in->waivers, t->document);
        struct str sha256;
        uint64_t size_bytes;
        if (file_type(path) != FILE_REGULAR)
            continue;
        ok &= file_sha256(in->a, path, t->document, in->dx, &sha256, &size_bytes) &&
              attestation_fits(t, sha256, in->dx);
    }
    return ok;
}

const char *run_document(struct arena *a, const char *waivers, struct str document)
{
    struct str folder = str_from(waivers);
    size_t slash = str_find_last(folder, '/');
    if (slash == (size_t)-1 || (document.n && document.p[0] == '/'))
        return str_z(a, document);
    folder.n = slash ? slash : 1;
    return file_join(a, folder, document);
}

/* A waiver file that cannot be trusted whole is not used at all. */
int run_waivers(const struct invocation *in, struct run *r)
{
    struct text *text = ARENA_NEW(in->a, struct text);
    text->name = str_from(in->waivers);
    if (!file_read(in->a, in->waivers, text->name, in->dx, &text->bytes))
        return EXIT_NO_INPUT;
    r->waivers = waivers_read(in->a, text, r->catalog, in->dx);
    return r->waivers && check_documents(in, r->waivers) ? 0 : EXIT_BAD_CATALOG;
}

/* Of a pack, the results as they were packed: its hashes must be right. */
static int results_of_pack(const struct invocation *in, const char *path,
                           struct text *text)
{
    size_t errors = diag_count(in->dx, DIAG_ERROR);
    struct pack *p = pack_open(in->a, path, PACK_NEED_RESULTS, in->dx);
    if (!p || !check_bag(in->a, p, in->dx) || diag_count(in->dx, DIAG_ERROR) > errors)
        return EXIT_NO_INPUT;
    text->bytes = pack_find(p, STR("data/results.json"))->text.bytes;
    return 0;
}

const char *run_results_path(const struct invocation *in, const char *path)
{
    if (file_type(path) != FILE_FOLDER || pack_is(in->a, path))
        return path;
    const char *below = file_join(in->a, str_from(path), STR("results.json"));
    return file_type(below) == FILE_REGULAR ? below : path;
}

const struct text *run_results_text(const struct invocation *in, const char *path,
                                    int *code)
{
    struct text *text = ARENA_NEW(in->a, struct text);
    text->name = str_from(path);
    *code = 0;
    if (file_type(path) != FILE_REGULAR || pack_is(in->a, path))
        return NULL;
    if (!file_read(in->a, path, text->name, in->dx, &text->bytes))
        *code = EXIT_NO_INPUT;
    return !*code && results_is(text) ? text : NULL;
}

int run_results(const struct invocation *in, const char *path, struct report **r,
                const struct text **text)
{
    struct text *own = ARENA_NEW(in->a, struct text);
    path = run_results_path(in, path);
    own->name = str_from(path);
    if (pack_is(in->a, path)) {
        int code = results_of_pack(in, path, own);
        if (code)
            return code;
    } else if (!file_read(in->a, path, own->name, in->dx, &own->bytes)) {
        return EXIT_NO_INPUT;
    }
    if (text)
        *text = own;
    *r = results_read(in->a, own, in->dx);
    return *r ? 0 : EXIT_NO_INPUT;
}

static void progress(void *ctx, size_t done, size_t total)
{
    terminal_progress(ctx, "reading evidence:", done, total);
}

int run_operands(const struct invocation *in, size_t operands)
{
    if (operands)
        return 0;
    diag_file(in->dx, &NO_OPERAND, STR(""), NULL);
    return EXIT_USAGE;
}

/* Was the evidence of this folder masked? A bag that kdaudit did not make says nothing.
 */
static bool is_redacted(const struct invocation *in)
{
    struct diag *quiet = diag_new(in->a);
    struct text *text = ARENA_NEW(in->a, struct text);
    const char *path =
        file_join(in->a, str_from(in->operands[0]), STR("data/index.json"));
    text->name = str_from(path);
    if (!file_read(in->a, path, text->name, quiet, &text->bytes))
        return false;
    const struct pack_index *ix = pack_index_read(in->a, text, quiet);
    return ix && ix->redacted;
}

/* Evidence out of an archive, without unpacking it to disk. */
static int load_archive(const struct invocation *in,
                        const struct evidence_options *options, struct run *r)
{
    size_t errors = diag_count(in->dx, DIAG_ERROR), n = 0;
    struct pack *p = pack_open(in->a, in->operands[0], PACK_NEED_CASE, in->dx);
    if (!p || !check_bag(in->a, p, in->dx) || diag_count(in->dx, DIAG_ERROR) > errors)
        return EXIT_NO_INPUT;
    const struct pack_index *ix = check_index(in->a, p, in->dx);
    if (!ix)
        return EXIT_NO_INPUT;
    r->redacted = ix->redacted;
    struct evidence_input *inputs = ARENA_ARRAY(in->a, struct evidence_input, p->n);
    for (size_t i = 0; i < p->n; i++)
        if (pack_is_evidence(p->v[i]->path))
            inputs[n++] = pack_input_of(p->v[i]);
    r->evidence = evidence_load_inputs(in->a, inputs, n, options, in->dx);
    return r->evidence ? 0 : EXIT_NO_INPUT;
}

int run_evidence(const struct invocation *in, size_t operands, struct run *r)
{
    int code = run_operands(in, operands);
    if (code)
        return code;
    struct evidence_options options = {.threads = in->threads,
                                       .progress = progress,
                                       .progress_ctx = (void *)in,
                                       .names = r->names,
                                       .nnames = r->nnames};
    bool pack = operands == 1 && pack_is(in->a, in->operands[0]);
    if (pack && file_type(in->operands[0]) == FILE_REGULAR) {
        code = load_archive(in, &options, r);
    } else {
        r->redacted = pack && is_redacted(in);
        r->evidence = evidence_load(in->a, in->operands, operands, &options, in->dx);
        code = r->evidence ? 0 : EXIT_NO_INPUT;
    }
    terminal_progress_end(in);
    return code;
}

bool run_as_of(const struct invocation *in, int64_t fallback, int64_t *when)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    const char *given = in->as_of ? in->as_of : epoch && *epoch ? epoch : NULL;
    *when = fallback;
    if (!given || when_read(str_from(given), when))
        return true;
    diag_file(in->dx, &BAD_TIME, STR(""), "\"%s\"", given);
    return false;
}

/* What a run reads, each with its own memory and messages: no step needs another. The
 * first whose fault counts comes first. */
enum { READ_CATALOG, READ_EVIDENCE, READS };

struct reading {
    struct run *r;
    size_t operands;
    struct {
        struct invocation in;
        int code;
    } of[READS];
};

static void read_input(void *ctx, size_t step, unsigned worker)
{
    (void)worker;
    struct reading *rd = ctx;
    const struct invocation *in = &rd->of[step].in;
    int code = 0;
    if (step == READ_CATALOG)
        arena_expect_much(in->a);
    if (step == READ_EVIDENCE)
        code = run_evidence(in, rd->operands, rd->r);
    else
        code = run_catalog(in, rd->r);
    if (!code && step == READ_CATALOG && in->waivers)
        code = run_waivers(in, rd->r);
    if (!code && step == READ_CATALOG && in->baseline)
        code = run_results(in, in->baseline, &rd->r->baseline, &rd->r->baseline_text);
    rd->of[step].code = code;
}

static int read_inputs(const struct invocation *in, size_t operands, struct run *r)
{
    struct reading rd = {.r = r, .operands = operands};
    for (size_t i = 0; i < READS; i++) {
        struct invocation *own = &rd.of[i].in;
        *own = *in;
        own->a = arena_new();
        arena_adopt(in->a, own->a);
        own->dx = diag_new(own->a);
    }
    threads_for(READS, in->threads, read_input, &rd);
    for (size_t i = 0; i < READS; i++) {
        diag_merge(in->dx, rd.of[i].in.dx);
        if (rd.of[i].code)
            return rd.of[i].code;
    }
    return 0;
}

static int build_model(const struct invocation *in, struct run *r, bool bare)
{
    struct model_options options = {
        .threads = in->threads, .actions = r->catalog->actions, .bare = bare};
    if (!run_as_of(in, r->evidence->newest, &options.now))
        return EXIT_USAGE;
    r->model = model_build(in->a, r->evidence, &options, in->dx);
    return r->model ? 0 : EXIT_NO_INPUT;
}

static int build(const struct invocation *in, size_t operands, struct run *r, bool bare)
{
    int code = run_operands(in, operands);
    if (!code)
        code = read_inputs(in, operands, r);
    return code ? code : build_model(in, r, bare);
}

int run_model(const struct invocation *in, size_t operands, struct run *r)
{
    return build(in, operands, r, false);
}

int run_bare_model(const struct invocation *in, size_t operands, struct run *r)
{
    return build(in, operands, r, true);
}

/* What only the report needs: made beside the model, of which much is one thread's. */
struct later {
    struct invocation in;
    struct run *r;
    int code;
    struct aside *aside;
};

static void make_later(void *ctx)
{
    struct later *l = ctx;
    catalog_seal(l->in.a, l->r->catalog);
    l->code = run_templates(&l->in, l->r->template_parts, &l->r->templates);
}

static void begin_later(const struct invocation *in, struct run *r, struct later *l)
{
    *l = (struct later){.in = *in, .r = r};
    l->in.a = arena_new();
    arena_adopt(in->a, l->in.a);
    l->in.dx = diag_new(l->in.a);
    l->aside = aside_begin(in->threads, make_later, l);
}

static int end_later(const struct invocation *in, struct later *l)
{
    aside_end(l->aside);
    diag_merge(in->dx, l->in.dx);
    return l->code;
}

int run_report(const struct invocation *in, size_t operands, struct run *r)
{
    struct later later;
    int code = run_operands(in, operands), late;
    if (!code)
        code = read_inputs(in, operands, r);
    if (code)
        return code;
    begin_later(in, r, &later);
    code = build_model(in, r, false);
    if (!code)
        r->assessment = assess(in->a, r->model, r->catalog, in->threads, in->dx);
    late = end_later(in, &later);
    if (code || late)
        return code ? code : late;
    if (!r->assessment)
        return EXIT_INTERNAL;
    if (r->waivers)
        waivers_apply(in->a, r->assessment, r->waivers, in->dx);
    if (r->baseline)
        baseline_apply(r->assessment, r->baseline);
    r->report = report_build(in->a, r->assessment, in->threads);
    r->report->redacted = r->redacted;
    return 0;
}

int run_templates(const struct invocation *in, unsigned parts, struct templates **t)
{
    const char *folder = "";
    if (parts)
        folder = in->templates ? in->templates : run_data(in, "templates");
    *t = folder ? templates_load(in->a, folder, parts, in->dx) : NULL;
    return *t ? 0 : EXIT_BAD_CATALOG;
}

static bool fails_on(const struct invocation *in, const char *word, bool *bad)
{
    static const char *const words[] = {"fail", "unknown", "manual", "error", "none"};
    struct str rest = str_from(in->fail_on ? in->fail_on : "fail,unknown,error"), one;
    bool more = true, found = false;
    while (more) {
        more = str_cut(rest, ',', &one, &rest);
        one = str_trim(one);
        bool known = false;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            known |= str_eq(one, str_from(words[i]));
        if (!known && !*bad)
            diag_file(in->dx, &BAD_FAIL_ON, STR(""), "\"%.*s\"", STR_ARG(one));
        *bad |= !known;
        found |= str_eq(one, str_from(word));
    }
    return found;
}

int run_verdict(const struct invocation *in, const struct report *r)
{
    const struct report_counts *c = &r->counts;
    bool bad = false;
    bool fail = fails_on(in, "fail", &bad), unknown = fails_on(in, "unknown", &bad);
    bool manual = fails_on(in, "manual", &bad), error = fails_on(in, "error", &bad);
    if (bad)
        return -1;
    if (in->exit_zero)
        return EXIT_OK;
    if (!c->judged)
        return EXIT_NOTHING;
    if (fail && c->fail > c->waived + c->known)
        return EXIT_FAILED;
    uint32_t open = (unknown ? c->unknown : 0) + (error ? c->error : 0);
    if (open > c->accepted_unknown || (manual && c->manual))
        return EXIT_UNDECIDED;
    return EXIT_OK;
}

int run_output_code(const struct invocation *in)
{
    int code = 0;
    for (size_t i = 0; i < diag_len(in->dx); i++) {
        struct diag_view v = diag_get(in->dx, i);
        if (strcmp(v.code, FILE_CANNOT_WRITE.code) == 0)
            code = EXIT_IO;
        else if (!code && (strcmp(v.code, FILE_CANNOT_CREATE.code) == 0 ||
                           strcmp(v.code, FILE_ALREADY_THERE.code) == 0 ||
                           strcmp(v.code, FILE_BUSY.code) == 0))
            code = EXIT_CANNOT_CREATE;
    }
    return code;
}
