/* The output formats: a row each, and how each is made. */
#include "render/render.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/threads.h"
#include "render/junit.h"
#include "render/machine.h"
#include "render/sheet.h"
#include "render/summary_md.h"
#include "render/templates.h"
#include "report/derive.h"
#include "report/results.h"

#include <string.h>

enum {
    PAGE_TEST_BYTES = 512, /* what a test takes of a page at least: about */
};

/* clang-format off */
static const struct format rows[] = {
    /* name          file                            template              code                   standard */
    {"asff",          "results.asff.json",            NULL,                 machine_asff,          false, "findings for AWS Security Hub (ASFF)"},
    {"csv",           "results.csv",                  NULL,                 machine_csv,           false, "a row for each test, for spreadsheets"},
    {"hdf",           "results.hdf.json",             NULL,                 machine_hdf,           false, "for MITRE Heimdall (InSpec exec-json)"},
    {"html",          "report.html",                  "html/report.html",   NULL,                  true,  "one page with everything, for people: opens from disk, needs no network"},
    {"in-toto",       "test-result.intoto.json",      NULL,                 machine_in_toto,       false, "an in-toto Statement with the test result, unsigned"},
    {"json",          "results.json",                 NULL,                 results_write,         true,  "everything, for programs; the source of all other formats"},
    {"junit",         "junit.xml",                    "junit/junit.xml",    NULL,                  true,  "test results for CI"},
    {"markdown",      "report.md",                    "markdown/report.md", NULL,                  true,  "for wikis, pull requests and CI summaries"},
    {"ocsf",          "results.ocsf.ndjson",          NULL,                 machine_ocsf,          false, "OCSF 1.8.0 Compliance Findings, one a line"},
    {"oscal",         "oscal-assessment-results.json", NULL,                machine_oscal_results, false, "OSCAL 1.1.3 assessment results"},
    {"oscal-catalog", "oscal-catalog.json",           NULL,                 machine_oscal_catalog, false, "the control catalog as OSCAL 1.1.3"},
    {"sarif",         "results.sarif",                NULL,                 machine_sarif,         false, "fails and unknowns for code scanning (SARIF 2.1.0)"},
    {"sarif-all",     "results-all.sarif",            NULL,                 machine_sarif_all,     false, "every test as SARIF 2.1.0, with kinds and waivers"},
    {"summary",       "summary.md",                   NULL,                 NULL,                  false, "Markdown for a CI step summary or a comment, at most --max-bytes (60000)"},
};
/* clang-format on */

const struct format *format_rows(size_t *n)
{
    *n = sizeof rows / sizeof *rows;
    return rows;
}

const struct format *format_find(struct str name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq(name, str_from(rows[i].name)))
            return &rows[i];
    return NULL;
}

unsigned format_templates(const struct format *f)
{
    return f->template ? templates_part(str_from(f->template)) : 0;
}

static struct page page_of(const struct report *r, const struct templates *t)
{
    return (struct page){
        .report = r,
        .style = templates_file(t, "html/style.css"),
        .script = templates_file(t, "html/script.js"),
    };
}

/* The pages of a split report, each with its own memory and messages. */
struct sheets {
    const struct press *press;
    struct sheet *v;
    struct {
        struct arena *a;
        struct diag *dx;
        bool ok;
    } * of;
};

static void fill_sheet(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    struct sheets *s = ctx;
    s->of[i].ok = sheet_write(s->of[i].a, s->press, &s->v[i], 1, NULL, s->of[i].dx);
}

static bool split_html(struct arena *a, const struct report *r, const struct press *press,
                       struct diag *dx)
{
    size_t n = 1 + r->controls.n + r->accounts.n;
    struct sheets s = {press, ARENA_ARRAY(a, struct sheet, n), NULL};
    s.of = arena_array(a, n, sizeof *s.of);
    for (size_t i = 0; i < n; i++) {
        struct sheet *sheet = &s.v[i];
        s.of[i].a = arena_new();
        arena_adopt(a, s.of[i].a);
        s.of[i].dx = diag_new(s.of[i].a);
        sheet->form = SHEET_XML;
        sheet->page = page_of(r, press->t);
        sheet->page.split = true;
        sheet->template = "html/index.html";
        sheet->path = STR("report.html");
        if (i == 0)
            continue;
        if (i <= r->controls.n) {
            sheet->template = "html/control.html";
            sheet->page.control = &r->controls.v[i - 1];
            sheet->path =
                extra_find("control", STR("page_file"))->text(a, sheet->page.control);
        } else {
            sheet->template = "html/account.html";
            sheet->page.account = &r->accounts.v[i - 1 - r->controls.n];
            sheet->path =
                extra_find("account", STR("page_file"))->text(a, sheet->page.account);
        }
    }
    threads_for(n, press->options->threads, fill_sheet, &s);
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        diag_merge(dx, s.of[i].dx);
        ok &= s.of[i].ok;
    }
    return ok;
}

static bool render_html(struct arena *a, const struct report *r,
                        const struct press *press, struct diag *dx)
{
    const struct render_options *options = press->options;
    struct sheet sheet = {.template = "html/report.html",
                          .page = page_of(r, press->t),
                          .path = STR("report.html"),
                          .form = SHEET_XML};
    bool full = false;
    if (!options->whole)
        sheet.max_bytes = options->max_bytes ? options->max_bytes : RENDER_HTML_MAX_BYTES;
    if (!options->whole && (size_t)r->tests.n * PAGE_TEST_BYTES > sheet.max_bytes)
        return split_html(a, r, press, dx);
    bool ok = sheet_write(a, press, &sheet, options->threads, &full, dx);
    return full ? split_html(a, r, press, dx) : ok;
}

static bool render_markdown(struct arena *a, const struct report *r,
                            const struct format *f, const struct press *press,
                            struct diag *dx)
{
    struct sheet sheet = {
        .template = f->template, .page = page_of(r, press->t), .path = str_from(f->file)};
    return sheet_write(a, press, &sheet, press->options->threads, NULL, dx);
}

/* One JUnit file. Extended ones fit no schema, and are held against XML alone. */
static bool junit_part(struct arena *a, const struct report *r, const struct press *press,
                       struct str path, struct diag *dx)
{
    bool extended = press->options->junit_extended;
    size_t cases = 0;
    for (size_t i = 0; i < r->controls.n; i++)
        cases += r->controls.v[i].counts.total;
    struct sheet sheet = {.template =
                              extended ? "junit/junit-extended.xml" : "junit/junit.xml",
                          .page = page_of(r, press->t),
                          .path = path,
                          .form = extended ? SHEET_XML : SHEET_JUNIT,
                          .list = "tests",
                          .items = cases};
    return sheet_write(a, press, &sheet, press->options->threads, NULL, dx);
}

static bool render_junit(struct arena *a, const struct report *r,
                         const struct press *press, struct diag *dx)
{
    bool ok = true;
    if (!press->options->junit_split)
        return junit_part(a, r, press, STR("junit.xml"), dx);
    struct report_parts parts = junit_split(a, r, press->options->junit_split);
    for (size_t i = 0; i < parts.n && ok; i++)
        ok = junit_part(a, &parts.v[i], press, str_fmt(a, "junit-%03zu.xml", i + 1), dx);
    return ok;
}

bool render_to(struct arena *a, const struct report *r, const struct format *f,
               const struct templates *t, const struct render_options *options,
               const struct sink *sink, struct diag *dx)
{
    struct press press = {t, options, sink};
    if (strcmp(f->name, "html") == 0)
        return render_html(a, r, &press, dx);
    if (strcmp(f->name, "junit") == 0)
        return render_junit(a, r, &press, dx);
    if (f->template)
        return render_markdown(a, r, f, &press, dx);
    if (f->write != results_write) {
        struct buf bytes = BUF_INIT;
        if (f->write == machine_csv && options->csv_bom)
            buf_z(&bytes, "\xEF\xBB\xBF");
        if (f->write)
            f->write(&bytes, r);
        else
            summary_md(&bytes, r,
                       options->max_bytes ? options->max_bytes
                                          : RENDER_SUMMARY_MAX_BYTES);
        return sheet_give(sink, a, str_from(f->file), &bytes, dx);
    }
    void *file = sink->open(sink->ctx, a, str_from(f->file), dx);
    bool written = file && results_stream(r, options->threads, sink->write, file);
    return file && sink->close(file, written) && written;
}

/* A sink into memory. */
struct memory {
    struct arena *a;
    struct output *out;
    struct str path;
    struct buf bytes;
};

static void *memory_open(void *ctx, struct arena *a, struct str path, struct diag *dx)
{
    struct memory *m = ctx;
    (void)a, (void)dx;
    m->path = path;
    return m;
}

static bool memory_write(void *file, struct str bytes)
{
    buf_str(&((struct memory *)file)->bytes, bytes);
    return true;
}

static bool memory_close(void *file, bool keep)
{
    struct memory *m = file;
    if (keep)
        *vec_push(m->a, &m->out->files) =
            (struct output_file){m->path, buf_dup(m->a, &m->bytes)};
    buf_free(&m->bytes);
    return true;
}

bool render(struct arena *a, const struct report *r, const struct format *f,
            const struct templates *t, const struct render_options *options,
            struct output *out, struct diag *dx)
{
    struct memory m = {.a = a, .out = out};
    struct sink sink = {&m, memory_open, memory_write, memory_close};
    struct render_options one = *options;
    one.threads = 1; /* files come one after another, the main one first */
    return render_to(a, r, f, t, &one, &sink, dx);
}
