/* report and render: judge, write every format, say it in short. */
#include "base/buf.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/threads.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/summary.h"
#include "cli/terminal.h"
#include "render/render.h"
#include "report/results.h"

#include <string.h>

enum { FORMATS_MAX = 32 };

/* clang-format off */
static const struct diag_kind UNKNOWN_FORMAT = {"CLI-110", DIAG_ERROR, "unknown format",
    "see kdaudit report --help for the formats"};
static const struct diag_kind MANY_TO_STDOUT = {"CLI-111", DIAG_ERROR, "several files cannot go to standard output",
    "give one format, or a folder with -o"};
static const struct diag_kind ONE_RESULTS = {"CLI-112", DIAG_ERROR, "render takes one results.json",
    "name the results.json that kdaudit report wrote, or a pack"};
/* clang-format on */

static const char *format_name(size_t i)
{
    size_t n;
    const struct format *rows = format_rows(&n);
    return i < n ? rows[i].name : NULL;
}

/* The formats asked for; the standard ones when none was named. */
static bool pick_formats(const struct invocation *in, const struct format **picked,
                         size_t *n)
{
    size_t rows;
    const struct format *all = format_rows(&rows);
    *n = 0;
    for (size_t i = 0; !in->nformats && i < rows; i++)
        if (all[i].standard)
            picked[(*n)++] = &all[i];
    for (size_t i = 0; i < in->nformats; i++) {
        picked[*n] = format_find(in->formats[i]);
        if (picked[*n]) {
            (*n)++;
            continue;
        }
        struct str near = options_suggest(in->a, in->formats[i], format_name);
        diag_file(in->dx, &UNKNOWN_FORMAT, STR(""), "\"%.*s\"%.*s",
                  STR_ARG(in->formats[i]), STR_ARG(near));
        return false;
    }
    return true;
}

static bool to_standard(const struct invocation *in)
{
    return in->output && strcmp(in->output, "-") == 0;
}

/* A sink that writes files below -o, or to standard output. */
static void *files_open(void *ctx, struct arena *a, struct str path, struct diag *dx)
{
    const struct invocation *in = ctx;
    const char *full = "-";
    if (in->output && !to_standard(in)) {
        full = file_join(a, str_from(in->output), path);
        struct str folder = str_from(full);
        folder.n = str_find_last(folder, '/');
        if (!file_make_folder(str_z(a, folder), dx))
            return NULL;
    }
    return file_out_open(a, full, dx);
}

static bool files_write(void *file, struct str bytes)
{
    return file_out_write(file, bytes);
}

static bool files_close(void *file, bool keep)
{
    return file_out_close(file, keep);
}

/* All formats: several at once, each with its own memory and messages. */
struct writing {
    const struct invocation *in;
    const struct report *r;
    const struct format *const *formats;
    const struct templates *t;
    size_t order[FORMATS_MAX]; /* in which they begin */
    struct {
        struct arena *a;
        struct diag *dx;
        bool ok;
    } of[FORMATS_MAX];
};

/* Those made by templates begin first: they take longest, and their pieces are made and
 * checked one after the other, while the code of others can use the threads left. */
static void order_formats(struct writing *w, size_t n)
{
    size_t at = 0;
    for (size_t i = 0; i < n; i++)
        if (w->formats[i]->template)
            w->order[at++] = i;
    for (size_t i = 0; i < n; i++)
        if (!w->formats[i]->template)
            w->order[at++] = i;
}

static void write_format(void *ctx, size_t item, unsigned worker)
{
    (void)worker;
    struct writing *w = ctx;
    size_t i = w->order[item];
    const struct invocation *in = w->in;
    struct render_options options = {.max_bytes = in->max_bytes,
                                     .junit_extended = in->junit_extended,
                                     .junit_split = in->junit_split,
                                     .csv_bom = in->csv_bom,
                                     .threads = in->threads};
    struct sink sink = {(void *)in, files_open, files_write, files_close};
    /* One stream cannot hold several pages. */
    options.whole = !in->output || to_standard(in);
    w->of[i].ok =
        render_to(w->of[i].a, w->r, w->formats[i], w->t, &options, &sink, w->of[i].dx);
}

static int write_formats(const struct invocation *in, const struct report *r,
                         const struct format *const *formats, size_t n,
                         const struct templates *t)
{
    struct writing w = {.in = in, .r = r, .formats = formats, .t = t};
    int code = 0;
    /* Once, not for each format: so is the message when it cannot be made. */
    if (in->output && !to_standard(in) && !file_make_folder(in->output, in->dx))
        return EXIT_CANNOT_CREATE;
    for (size_t i = 0; i < n; i++) {
        w.of[i].a = arena_new();
        w.of[i].dx = diag_new(w.of[i].a);
    }
    order_formats(&w, n);
    threads_for(n, in->threads, write_format, &w);
    for (size_t i = 0; i < n; i++) {
        arena_adopt(in->a, w.of[i].a);
        diag_merge(in->dx, w.of[i].dx);
        if (w.of[i].ok || code)
            continue;
        code = run_output_code(in);
        code = code ? code : EXIT_BAD_CATALOG;
    }
    return code;
}

/* One stream takes one file: say so when more would go there. */
static bool several_to_standard(const struct invocation *in,
                                const struct format *const *formats, size_t n)
{
    if (in->output && !to_standard(in))
        return false;
    bool parts = in->junit_split && strcmp(formats[0]->name, "junit") == 0;
    if (n == 1 && !parts)
        return false;
    diag_file(in->dx, &MANY_TO_STDOUT, STR(""), parts ? "--junit-split" : NULL);
    return true;
}

/* The templates that these formats need; all of them when they are the user's own, so
 * that every fault is told at once. */
static unsigned template_parts(const struct invocation *in,
                               const struct format *const *formats, size_t n)
{
    unsigned parts = in->templates ? TEMPLATES_ALL : 0;
    for (size_t i = 0; i < n; i++)
        parts |= format_templates(formats[i]);
    return parts;
}

int command_report(const struct invocation *in)
{
    const struct format *formats[FORMATS_MAX];
    size_t n;
    struct run r = {0};
    struct report nothing = {0};
    if (!pick_formats(in, formats, &n) || run_verdict(in, &nothing) < 0)
        return EXIT_USAGE;
    bool write = in->output || in->nformats;
    if (write && several_to_standard(in, formats, n))
        return EXIT_USAGE;
    r.template_parts = template_parts(in, formats, write ? n : 0);
    int code = run_report(in, in->noperands, &r);
    if (code)
        return code;
    if (write)
        code = write_formats(in, r.report, formats, n, r.templates);
    if (code)
        return code;
    bool streamed = write && (!in->output || to_standard(in));
    if (!in->quiet && !streamed) {
        struct buf out = BUF_INIT;
        summary_write(&out, r.report,
                      &(struct summary_options){.colour = terminal_colour(in, false),
                                                .columns = terminal_columns(),
                                                .rows = terminal_rows(),
                                                .folder = in->output});
        /* First what was wrong, so that the verdict is what stays on the screen. */
        terminal_messages(in);
        terminal_print(buf_view(&out));
        buf_free(&out);
    }
    return run_verdict(in, r.report);
}

int command_render(const struct invocation *in)
{
    const struct format *formats[FORMATS_MAX];
    size_t n;
    struct templates *t;
    if (in->noperands != 1) {
        diag_file(in->dx, &ONE_RESULTS, STR(""), "%zu operands", in->noperands);
        return EXIT_USAGE;
    }
    if (!pick_formats(in, formats, &n))
        return EXIT_USAGE;
    if (several_to_standard(in, formats, n))
        return EXIT_USAGE;
    int code = run_templates(in, template_parts(in, formats, n), &t);
    if (code)
        return code;
    struct report *r;
    code = run_results(in, in->operands[0], &r, NULL);
    return code ? code : write_formats(in, r, formats, n, t);
}
