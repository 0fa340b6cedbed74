/* The output formats: a row each, and how each is made. */
#include "render/render.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/threads.h"
#include "render/junit.h"
#include "render/machine.h"
#include "render/report_view.h"
#include "render/summary_md.h"
#include "render/templates.h"
#include "render/xmlcheck.h"
#include "report/derive.h"
#include "report/results.h"

#include <string.h>

enum {
    SPLIT_FROM_TESTS = 60000, /* so many tests never fit one page: not even tried */
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

/* Render one page into a buffer. */
static bool fill(const struct templates *t, const char *template, const struct page *page,
                 struct buf *out, struct diag *dx)
{
    struct arena *a = arena_new();
    struct tmpl_data data = view_data(a);
    bool ok = tmpl_render(templates_get(t, template), &data, view_page(page), out, dx);
    arena_free(a);
    return ok;
}

static struct page page_of(const struct report *r, const struct templates *t)
{
    return (struct page){
        .report = r,
        .style = templates_file(t, "html/style.css"),
        .script = templates_file(t, "html/script.js"),
    };
}

/* Hand a checked page over, and be done with its bytes. */
static bool give(const struct sink *sink, struct arena *a, struct str path,
                 struct buf *bytes, struct diag *dx)
{
    void *file = sink->open(sink->ctx, a, path, dx);
    bool written = file && sink->write(file, buf_view(bytes));
    bool ok = file && sink->close(file, written) && written;
    buf_free(bytes);
    return ok;
}

/* The page as messages point into it: they are printed after its buffer is gone. */
static struct text *page_text(struct arena *a, struct str name, struct str bytes)
{
    struct text *text = ARENA_NEW(a, struct text);
    *text = (struct text){name, bytes};
    return text;
}

static bool page_checked(struct arena *a, struct str name, const struct buf *bytes,
                         struct diag *dx)
{
    struct text *text = page_text(a, name, buf_view(bytes));
    if (xml_check(text, dx))
        return true;
    text->bytes = str_dup(a, text->bytes);
    return false;
}

/* A page of a split report. */
struct sheet {
    const char *template;
    struct page page;
    struct str path;
    struct arena *a;
    struct diag *dx;
    bool ok;
};

struct sheets {
    const struct templates *t;
    const struct sink *sink;
    struct sheet *v;
};

/* Pages are given out as they are done: together they may be larger than memory should
 * be. */
static void fill_sheet(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    struct sheets *s = ctx;
    struct sheet *sheet = &s->v[i];
    struct buf bytes = BUF_INIT;
    sheet->ok = fill(s->t, sheet->template, &sheet->page, &bytes, sheet->dx) &&
                page_checked(sheet->a, sheet->path, &bytes, sheet->dx) &&
                give(s->sink, sheet->a, sheet->path, &bytes, sheet->dx);
    buf_free(&bytes);
}

static bool split_html(struct arena *a, const struct report *r, const struct templates *t,
                       const struct render_options *options, const struct sink *sink,
                       struct diag *dx)
{
    size_t n = 1 + r->controls.n + r->accounts.n;
    struct sheets s = {t, sink, ARENA_ARRAY(a, struct sheet, n)};
    for (size_t i = 0; i < n; i++) {
        struct sheet *sheet = &s.v[i];
        sheet->a = arena_new();
        arena_adopt(a, sheet->a);
        sheet->dx = diag_new(sheet->a);
        sheet->page = page_of(r, t);
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
    threads_for(n, options->threads, fill_sheet, &s);
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        diag_merge(dx, s.v[i].dx);
        ok &= s.v[i].ok;
    }
    return ok;
}

static bool render_html(struct arena *a, const struct report *r,
                        const struct templates *t, const struct render_options *options,
                        const struct sink *sink, struct diag *dx)
{
    size_t max = options->max_bytes ? options->max_bytes : RENDER_HTML_MAX_BYTES;
    bool whole = options->whole;
    if (!whole && r->tests.n >= SPLIT_FROM_TESTS)
        return split_html(a, r, t, options, sink, dx);
    struct buf bytes = BUF_INIT;
    struct page page = page_of(r, t);
    bool ok = fill(t, "html/report.html", &page, &bytes, dx);
    if (ok && !whole && bytes.n > max) {
        buf_free(&bytes);
        return split_html(a, r, t, options, sink, dx);
    }
    ok = ok && page_checked(a, STR("report.html"), &bytes, dx);
    ok = ok && give(sink, a, STR("report.html"), &bytes, dx);
    buf_free(&bytes);
    return ok;
}

static bool render_markdown(struct arena *a, const struct report *r,
                            const struct format *f, const struct templates *t,
                            const struct sink *sink, struct diag *dx)
{
    struct buf bytes = BUF_INIT;
    struct page page = page_of(r, t);
    bool ok = fill(t, f->template, &page, &bytes, dx) &&
              give(sink, a, str_from(f->file), &bytes, dx);
    buf_free(&bytes);
    return ok;
}

/* One JUnit file. Extended ones fit no schema, and are held against XML alone. */
static bool junit_part(struct arena *a, const struct report *r, const struct templates *t,
                       bool extended, struct str path, const struct sink *sink,
                       struct diag *dx)
{
    struct buf bytes = BUF_INIT;
    struct page page = page_of(r, t);
    bool ok = fill(t, extended ? "junit/junit-extended.xml" : "junit/junit.xml", &page,
                   &bytes, dx);
    struct text *text = page_text(a, path, buf_view(&bytes));
    struct text *schema =
        page_text(a, STR("junit/junit.xsd"), templates_file(t, "junit/junit.xsd"));
    if (ok) {
        ok = extended ? xml_check(text, dx) : xml_check_schema(text, schema, dx);
        text->bytes = ok ? text->bytes : str_dup(a, text->bytes);
    }
    ok = ok && give(sink, a, path, &bytes, dx);
    buf_free(&bytes);
    return ok;
}

static bool render_junit(struct arena *a, const struct report *r,
                         const struct templates *t, const struct render_options *options,
                         const struct sink *sink, struct diag *dx)
{
    bool extended = options->junit_extended, ok = true;
    if (!options->junit_split)
        return junit_part(a, r, t, extended, STR("junit.xml"), sink, dx);
    struct report_parts parts = junit_split(a, r, options->junit_split);
    for (size_t i = 0; i < parts.n && ok; i++)
        ok = junit_part(a, &parts.v[i], t, extended, str_fmt(a, "junit-%03zu.xml", i + 1),
                        sink, dx);
    return ok;
}

bool render_to(struct arena *a, const struct report *r, const struct format *f,
               const struct templates *t, const struct render_options *options,
               const struct sink *sink, struct diag *dx)
{
    if (strcmp(f->name, "html") == 0)
        return render_html(a, r, t, options, sink, dx);
    if (strcmp(f->name, "junit") == 0)
        return render_junit(a, r, t, options, sink, dx);
    if (f->template)
        return render_markdown(a, r, f, t, sink, dx);
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
        return give(sink, a, str_from(f->file), &bytes, dx);
    }
    void *file = sink->open(sink->ctx, a, str_from(f->file), dx);
    bool written = file && results_stream(r, sink->write, file);
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
