/* Render a report: results + template -> bytes, checked before anybody sees them. */
#pragma once
#include "report/report.h"

struct buf;
struct diag;

/* One output format: a row of the table in formats.c. */
struct format {
    const char *name;     /* "markdown" */
    const char *file;     /* file that it writes below -o: "report.md" */
    const char *template; /* its template, "markdown/report.md"; NULL: written by code */
    void (*write)(struct buf *out, const struct report *r); /* that code */
    bool standard; /* written when no format is named */
    const char *help;
};
const struct format *format_rows(size_t *n);
const struct format *format_find(struct str name); /* NULL when there is none */

/* The templates of one folder (templates/, or --templates DIR): read whole and compiled,
 * so that every fault in any of them is found before a report is written; of parts, a sum
 * of the bits below, and no others. */
struct templates;
enum templates_part { /* subfolders, for the outputs that they make */
                      TEMPLATES_HTML = 1,
                      TEMPLATES_JUNIT = 2,
                      TEMPLATES_MARKDOWN = 4,
                      TEMPLATES_WIKI = 8,
                      TEMPLATES_ALL = 15
};
struct templates *templates_load(struct arena *a, const char *folder, unsigned parts,
                                 struct diag *dx);

/* The parts that a format needs. */
unsigned format_templates(const struct format *f);

/* Render every format that has templates, and the wiki in every dialect, from reports
 * made up for it (exemplar.h), and give nothing out: finds markup that is not
 * well-formed, JUnit that is not valid, {{{name}}} of unsafe values, a broken schema.
 * What is recorded points into pages in arena a. */
bool templates_try(struct arena *a, const struct templates *t, struct diag *dx);

struct render_options {
    /* HTML: above it an index and a page per control; summary: cut to it. 0: the default.
     */
    uint32_t max_bytes;
    bool whole;           /* one file was asked for: HTML is never divided */
    bool junit_extended;  /* file, line and properties of each case; fits no schema */
    uint32_t junit_split; /* JUnit: so many cases a file at most; 0: one file */
    bool csv_bom;         /* CSV begins with a byte order mark: Excel takes it as UTF-8 */
    unsigned threads;
};
enum { RENDER_HTML_MAX_BYTES = 10 << 20, RENDER_SUMMARY_MAX_BYTES = 60000 };

struct output_file {
    struct str path; /* relative, '/'-separated */
    struct str bytes;
};
struct output {
    VEC(struct output_file) files; /* the format's main file first */
};

/* Where rendered files go. open gives a file, in arena a, or NULL when it failed and has
 * said so in dx; it is called from several threads, each with an a and dx of its own.
 * close is called once for each file, keep false when it must not be seen. */
struct sink {
    void *ctx;
    void *(*open)(void *ctx, struct arena *a, struct str path, struct diag *dx);
    bool (*write)(void *file, struct str bytes);
    bool (*close)(void *file, bool keep);
};

/* Render r in one format. JUnit must be valid under the schema in templates/junit/, HTML
 * must parse (libxml2), else that file is not given out. False after recording TPL-2xx or
 * RND-1xx, or when the sink failed. */
bool render_to(struct arena *a, const struct report *r, const struct format *f,
               const struct templates *t, const struct render_options *options,
               const struct sink *sink, struct diag *dx);

/* The same into memory, in arena a. */
bool render(struct arena *a, const struct report *r, const struct format *f,
            const struct templates *t, const struct render_options *options,
            struct output *out, struct diag *dx);

/* The names that templates may use, as Markdown (templates/README.md) and as text
 * (`kdaudit templates`): shape by shape, from the report's tables. */
void render_names(struct buf *out, bool markdown);
