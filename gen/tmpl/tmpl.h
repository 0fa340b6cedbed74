/* Mustache (spec 1.4 core): compile a template, render it over any data, escape by
 * output. */
#pragma once
#include "base/text.h"

struct arena;
struct buf;
struct diag;
struct tmpl;

/* How values are written. The output kind gives the default; a named section
 * ({{#code}}...{{/code}}) changes it for the values (not the literal text) inside it,
 * those of partials included. "vis" is utf8_vis: nothing invisible stays. */
enum escape {
    ESCAPE_NONE,         /* as it is: for values that are marked safe */
    ESCAPE_TEXT,         /* vis: plain text output */
    ESCAPE_HTML,         /* text and double-quoted attributes: vis, then & < > " ' */
    ESCAPE_HTML_BLOCK,   /* as HTML, but line feeds stay: inside <pre> */
    ESCAPE_HTML_CONTENT, /* as HTML, but quotes stay: between tags, never an attribute */
    ESCAPE_XML,          /* as HTML, so tab, CR, LF are pictures: attributes and text */
    ESCAPE_CDATA,        /* inside <![CDATA[ ]]>: vis by line, ]]> becomes ]] > */
    ESCAPE_CDATA_SPLIT,  /* the same, but ]]> is split over two sections, nothing added */
    ESCAPE_XML_CONTENT,  /* all that an element holds: ASCII without & < > as it is, by
                          * line, else one CDATA section */
    ESCAPE_MD,           /* md_text: one line of prose that cannot start anything */
    ESCAPE_MD_CODE,      /* md_code: a code span */
    ESCAPE_MD_CELL,      /* md_code inside a table cell */
    ESCAPE_MD_BLOCK,     /* a whole fenced block on lines of its own, marked json */
    ESCAPE_MD_BLOCK_TEXT,   /* the same, marked text */
    ESCAPE_MD_BLOCK_DIFF,   /* the same, marked diff */
    ESCAPE_MEDIAWIKI,       /* wikitext in which no character means anything */
    ESCAPE_MEDIAWIKI_BLOCK, /* the same by line: inside <pre> */
    ESCAPE_URL,        /* a link target: https, http, mailto or relative; else empty */
    ESCAPE_JSON,       /* inside a JSON string, also within HTML */
    ESCAPE_CSV,        /* one CSV field with quotes, formulas neutralised */
    ESCAPE_PROSE_HTML, /* catalog Markdown to HTML, by the prose function of the caller */
    ESCAPE_PROSE_MD,   /* catalog Markdown into Markdown: as it is, vis by line */
};

/* Append one value through an escaper. It looks at the end of out where the join matters
 * (a back-tick before a code span, ]] before >), and begins a fenced block on a new line,
 * indented as far as the line that it stands in. ESCAPE_PROSE_HTML needs the caller's
 * prose function, so here it is ESCAPE_HTML_BLOCK. */
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
     * Equal names in one template have the same name.p: worth comparing first. */
    bool (*get)(void *ctx, struct view v, struct str name, struct view *out);
    /* Instead of get, where v.kind alone tells which names v has and of which kind their
     * values are: each name is then looked for once in each chain of kinds. What name
     * means in views of v's kind, NULL when they have no such name; */
    const void *(*member)(void *ctx, struct view v, struct str name);
    /* and make of one of them that member of it, which may be nothing. */
    void (*take)(void *ctx, struct view *v, const void *member);
    size_t (*count)(void *ctx, struct view v);
    struct view (*item)(void *ctx, struct view v, size_t i);
    /* The item after item number i of list, where item(i + 1) would have to walk. May be
     * NULL. */
    struct view (*next)(void *ctx, struct view list, struct view item, size_t i);
    /* The text of a VIEW_TEXT value, borrowed or in scratch memory a. It need last only
     * until the next call. */
    struct str (*text)(void *ctx, struct arena *a, struct view v);
    /* That scratch memory, which spares an arena for each of many short renderings. NULL:
     * a rendering makes its own. */
    struct arena *scratch;
    /* May {{{name}}} print this value unescaped? NULL: never. */
    bool (*safe)(void *ctx, struct view v);
    /* The known name nearest to an unknown one, looked up in v, for "did you mean"; empty
     * when none is near. May be NULL. */
    struct str (*nearest)(void *ctx, struct view v, struct str name);
};

/* A named section: what {{#name}} means when the data knows no such name; with strict,
 * always. */
struct tmpl_mode {
    const char *name;
    enum escape how;
    const char *help;
};

/* Partials that templates of the same options share, each compiled once. Lives in arena
 * a, as must its templates. */
struct tmpl_set;
struct tmpl_set *tmpl_set_new(struct arena *a);

struct tmpl_options {
    enum escape escape;            /* the output's own escaper */
    const struct tmpl_mode *modes; /* named sections allowed in this output */
    size_t nmodes;
    /* Unknown names, missing or circular partials, lists printed as text, and {{{ }}} of
     * unsafe values are errors. Without it they are what the Mustache spec says. */
    bool strict;
    /* Text of a partial by name, NULL when there is none: from a fixed set, never a path.
     * The text must live as long as the template. */
    const struct text *(*partial)(void *ctx, struct str name);
    void *partial_ctx;
    struct tmpl_set *set; /* NULL: the template shares nothing */
    /* Catalog Markdown to safe HTML, for ESCAPE_PROSE_HTML (cmark lives in render/). */
    void (*prose)(struct buf *out, struct str markdown);
    /* Limits of one rendering; 0 for TMPL_MAX_BYTES and TMPL_MAX_STEPS. */
    size_t max_bytes, max_steps;
};

enum {
    TMPL_MAX_DEPTH = 32,            /* sections and partials inside each other */
    TMPL_MAX_TEXT_BYTES = 16 << 20, /* of one template or partial */
    TMPL_MAX_BYTES = 1 << 30,       /* of what one rendering writes */
    TMPL_MAX_STEPS = 1 << 28,       /* tags and texts that one rendering runs */
};

/* Compile (Mustache spec 1.4, all required modules). text, options->modes and the
 * partials must outlive the template, which lives in arena a and never changes again:
 * any number of threads may render it at once. Every fault (unclosed tag or section, bad
 * delimiter or name, missing partial, recursion) is recorded in dx as TPL-1xx with its
 * place; NULL when there was one. */
struct tmpl *tmpl_parse(struct arena *a, const struct text *text,
                        const struct tmpl_options *options, struct diag *dx);

/* Append the rendering over root to out. Strict: unknown names are TPL-201 at their tag,
 * each tag once. False after an error; out then holds a part of the output. */
bool tmpl_render(const struct tmpl *t, const struct tmpl_data *data, struct view root,
                 struct buf *out, struct diag *dx);

/* The same in pieces that end with a line, of about TMPL_PART_BYTES, so that the whole
 * never stands in memory: part gets them in order and may end the rendering by giving
 * false. */
enum { TMPL_PART_BYTES = 1 << 16 };
bool tmpl_stream(const struct tmpl *t, const struct tmpl_data *data, struct view root,
                 bool (*part)(void *ctx, struct str bytes), void *ctx, struct diag *dx);

/* A share of a rendering, for threads that make one text together. The items of all lists
 * called list are counted as they come: it has those from number `from` up to `to`, and
 * of what stands around items that which comes when as many are done. Shares that follow
 * each other are the rendering. */
struct tmpl_share {
    struct str list;
    size_t from, to;
};

/* Render a share. What the others have comes too, mine false, for a reader that needs a
 * whole: there every list has its first item only. */
bool tmpl_stream_share(const struct tmpl *t, const struct tmpl_data *data,
                       struct view root, const struct tmpl_share *share,
                       bool (*part)(void *ctx, struct str bytes, bool mine), void *ctx,
                       struct diag *dx);

/* One name that a template (or a partial that was compiled with it) uses, for checks
 * before any data is there. Names of modes (strict), of partials, and "." are left out.
 */
struct tmpl_use {
    struct str name; /* as written: may be dotted */
    struct origin at;
    bool section, raw; /* {{#name}} or {{^name}}; {{{name}}} */
};
void tmpl_uses(const struct tmpl *t, void (*use)(void *ctx, const struct tmpl_use *u),
               void *ctx);

/* A data provider over JSON trees: what the Mustache spec calls a hash. null and "" are
 * nothing, false is false, 0 is a text. Nothing is safe. */
struct json;
struct tmpl_data tmpl_json_data(void);
struct view tmpl_json_view(const struct json *n);
