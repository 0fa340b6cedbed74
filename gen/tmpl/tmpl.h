/* Mustache (spec 1.4 core): compile a template, render it over any data, escape by
 * output. */
#pragma once
#include "base/text.h"

struct arena;
struct buf;
struct diag;
struct tmpl;

/* How values are written. The output kind gives the default; a named section
 * ({{#code}}...{{/code}}) changes it for the values (not the literal text) inside it. */
enum escape {
    ESCAPE_NONE,    /* as it is: for values that are marked safe, and plain text output */
    ESCAPE_HTML,    /* text and double-quoted attributes: & < > " ', after vis */
    ESCAPE_XML,     /* as HTML, and tab, CR, LF as pictures: attributes and text */
    ESCAPE_CDATA,   /* inside <![CDATA[ ]]>: vis by line, ]]> broken up */
    ESCAPE_MD,      /* md_text: one line of prose that cannot start anything */
    ESCAPE_MD_CODE, /* md_code: a code span */
    ESCAPE_MD_CELL, /* md_code inside a table cell */
    ESCAPE_MD_BLOCK,   /* the inside and the fences of a fenced block */
    ESCAPE_URL,        /* a link target: https, http, mailto or relative; else empty */
    ESCAPE_JSON,       /* inside a JSON string within HTML */
    ESCAPE_CSV,        /* one CSV field with quotes, formulas neutralised */
    ESCAPE_PROSE_HTML, /* catalog Markdown to HTML, by the prose function of the caller */
    ESCAPE_PROSE_MD,   /* catalog Markdown into Markdown: as it is, made visible */
};

/* Write one value through an escaper (formats.md 1.4, 2.5, 3.1, 5.6). */
void escape_write(struct buf *out, enum escape how, struct str value);

/* Where values come from. A view is one value: a text, a list, a thing with names, or
 * nothing. p and kind belong to the provider. */
struct view {
    const void *p;
    const void *kind;
    size_t i; /* free for the provider: an index, a flag */
};
enum view_is { VIEW_NOTHING, VIEW_FALSE, VIEW_TEXT, VIEW_LIST, VIEW_THING };

struct tmpl_data {
    void *ctx;
    enum view_is (*is)(void *ctx, struct view v);
    /* Member name of v. False when v has no such name; then the next outer one is asked.
     */
    bool (*get)(void *ctx, struct view v, struct str name, struct view *out);
    size_t (*count)(void *ctx, struct view v);
    struct view (*item)(void *ctx, struct view v, size_t i);
    /* The text of a VIEW_TEXT value, in scratch memory a. */
    struct str (*text)(void *ctx, struct arena *a, struct view v);
    /* May {{{name}}} print this value unescaped? NULL: never. */
    bool (*safe)(void *ctx, struct view v);
};

/* A named section: what {{#name}} means when the data knows no such name. */
struct tmpl_mode {
    const char *name;
    enum escape how;
    const char *help;
};

struct tmpl_options {
    enum escape escape;            /* the output's own escaper */
    const struct tmpl_mode *modes; /* named sections allowed in this output */
    size_t nmodes;
    bool strict; /* unknown names and {{{ }}} of unsafe values are errors */
    /* Text of a partial by name, NULL when there is none: from a fixed set, never a path.
     */
    const struct text *(*partial)(void *ctx, struct str name);
    void *partial_ctx;
    /* Catalog Markdown to safe HTML, for ESCAPE_PROSE_HTML (cmark lives in render/). */
    void (*prose)(struct buf *out, struct str markdown);
};

enum { TMPL_MAX_DEPTH = 32, TMPL_MAX_BYTES = 1 << 30 };

/* Compile. Every fault (unclosed tag or section, bad delimiter, missing partial,
 * recursion) is recorded in dx as TPL-1xx with its place; NULL when there was one. */
struct tmpl *tmpl_parse(struct arena *a, const struct text *text,
                        const struct tmpl_options *options, struct diag *dx);

/* Render over root. Strict: unknown names are TPL-2xx at their tag. False after an error.
 */
bool tmpl_render(const struct tmpl *t, const struct tmpl_data *data, struct view root,
                 struct buf *out, struct diag *dx);

/* A data provider over JSON trees, not strict: what the Mustache spec calls a hash. */
struct json;
struct tmpl_data tmpl_json_data(void);
struct view tmpl_json_view(const struct json *n);
