/* The template set: every file of the folder is read, every template compiled. */
#include "render/templates.h"

#include "base/diag.h"
#include "base/file.h"
#include "base/map.h"
#include "base/utf8.h"
#include "render/prose.h"
#include "render/report_view.h"

#include <string.h>

/* clang-format off */
static const struct diag_kind MISSING = {"RND-101", DIAG_ERROR, "the template folder lacks a file",
    "copy the whole templates/ folder and change the copy"};
static const struct diag_kind UNKNOWN_NAME = {"RND-102", DIAG_ERROR, "unknown name in a template",
    "kdaudit templates lists the names"};
static const struct diag_kind UNSAFE_FILE = {"RND-103", DIAG_ERROR, "style or script holds a character that HTML would read",
    "write it without < and &, which would end or escape it in the page"};

/* What the templates of an output may do. */
struct kind {
    enum escape escape;
    const struct tmpl_mode *modes;
    size_t nmodes;
    void (*prose)(struct buf *out, struct str markdown);
};
static const struct tmpl_mode html_modes[] = {
    {"block",   ESCAPE_HTML_BLOCK,   "text with its line breaks, for <pre>"},
    {"content", ESCAPE_HTML_CONTENT, "text between tags, never in an attribute: quotes stay"},
    {"prose",   ESCAPE_PROSE_HTML,   "catalog Markdown as HTML"},
    {"url",     ESCAPE_URL,          "the target of a link"},
};
static const struct tmpl_mode xml_modes[] = {
    {"cdata",   ESCAPE_CDATA,       "text inside <![CDATA[ ]]>"},
    {"content", ESCAPE_XML_CONTENT, "all that an element holds: plain text, or one CDATA section"},
};
static const struct tmpl_mode confluence_modes[] = {
    {"cdata", ESCAPE_CDATA_SPLIT, "text inside <![CDATA[ ]]>"},
    {"prose", ESCAPE_PROSE_HTML,  "catalog Markdown in storage format"},
    {"url",   ESCAPE_URL,         "the target of a link"},
};
static const struct tmpl_mode mediawiki_modes[] = {
    {"block", ESCAPE_MEDIAWIKI_BLOCK, "text with its line breaks, for <pre>"},
    {"prose", ESCAPE_PROSE_HTML,      "catalog Markdown as wikitext"},
    {"url",   ESCAPE_URL,             "the target of a link"},
};
static const struct tmpl_mode md_modes[] = {
    {"block", ESCAPE_MD_BLOCK_TEXT, "a fenced block"},
    {"cell",  ESCAPE_MD_CELL,       "a code span in a table cell"},
    {"code",  ESCAPE_MD_CODE,       "a code span"},
    {"json",  ESCAPE_MD_BLOCK,      "a fenced block of JSON"},
    {"patch", ESCAPE_MD_BLOCK_DIFF, "a fenced block of differences"},
    {"prose", ESCAPE_PROSE_MD,      "catalog Markdown as it is"},
    {"url",   ESCAPE_URL,           "the target of a link"},
};

#define MODES(v) v, sizeof(v) / sizeof *(v)
static const struct kind html = {ESCAPE_HTML, MODES(html_modes), prose_html};
static const struct kind xml = {ESCAPE_XML, MODES(xml_modes), NULL};
static const struct kind markdown = {ESCAPE_MD, MODES(md_modes), NULL};
static const struct kind confluence = {ESCAPE_XML, MODES(confluence_modes), prose_storage};
static const struct kind mediawiki = {ESCAPE_MEDIAWIKI, MODES(mediawiki_modes), prose_wikitext};

/* What must be there: templates, with what their output allows, and plain files. */
static const struct row {
    const char *path;
    const struct kind *kind; /* NULL: a plain file */
} rows[] = {
    {"html/account.html",                &html},
    {"html/control.html",                &html},
    {"html/index.html",                  &html},
    {"html/report.html",                 &html},
    {"html/script.js",                   NULL},
    {"html/style.css",                   NULL},
    {"junit/junit-extended.xml",         &xml},
    {"junit/junit.xml",                  &xml},
    {"junit/junit.xsd",                  NULL},
    {"markdown/report.md",               &markdown},
    {"wiki/confluence/account.xml",      &confluence},
    {"wiki/confluence/accounts.xml",     &confluence},
    {"wiki/confluence/application.xml",  &confluence},
    {"wiki/confluence/applications.xml", &confluence},
    {"wiki/confluence/control.xml",      &confluence},
    {"wiki/confluence/evidence.xml",     &confluence},
    {"wiki/confluence/exceptions.xml",   &confluence},
    {"wiki/confluence/findings.xml",     &confluence},
    {"wiki/confluence/home.xml",         &confluence},
    {"wiki/confluence/resources.xml",    &confluence},
    {"wiki/markdown/account.md",         &markdown},
    {"wiki/markdown/accounts.md",        &markdown},
    {"wiki/markdown/application.md",     &markdown},
    {"wiki/markdown/applications.md",    &markdown},
    {"wiki/markdown/control.md",         &markdown},
    {"wiki/markdown/evidence.md",        &markdown},
    {"wiki/markdown/exceptions.md",      &markdown},
    {"wiki/markdown/findings.md",        &markdown},
    {"wiki/markdown/home.md",            &markdown},
    {"wiki/markdown/resources.md",       &markdown},
    {"wiki/markdown/sidebar.md",         &markdown},
    {"wiki/mediawiki/account.wiki",      &mediawiki},
    {"wiki/mediawiki/accounts.wiki",     &mediawiki},
    {"wiki/mediawiki/application.wiki",  &mediawiki},
    {"wiki/mediawiki/applications.wiki", &mediawiki},
    {"wiki/mediawiki/control.wiki",      &mediawiki},
    {"wiki/mediawiki/evidence.wiki",     &mediawiki},
    {"wiki/mediawiki/exceptions.wiki",   &mediawiki},
    {"wiki/mediawiki/findings.wiki",     &mediawiki},
    {"wiki/mediawiki/home.wiki",         &mediawiki},
    {"wiki/mediawiki/resources.wiki",    &mediawiki},
};
enum { NROWS = sizeof rows / sizeof *rows };

/* clang-format on */

/* In the order of the bits of enum templates_part. */
static const char *const folders[] = {"html/", "junit/", "markdown/", "wiki/"};

unsigned templates_part(struct str path)
{
    for (unsigned i = 0; i < sizeof folders / sizeof *folders; i++)
        if (str_starts(path, str_from(folders[i])))
            return 1u << i;
    return 0;
}

/* Templates of one kind share their partials. */
struct shelf {
    const struct kind *kind;
    struct tmpl_set *set;
};

struct templates {
    struct arena *a;
    struct map files; /* path -> struct text, whose bytes are read when they are needed */
    struct diag *dx;  /* while it is loaded */
    VEC(struct shelf) shelves;
    const struct tmpl *compiled[NROWS];
};

static struct tmpl_set *set_of(struct templates *t, const struct kind *kind)
{
    for (size_t i = 0; i < t->shelves.n; i++)
        if (t->shelves.v[i].kind == kind)
            return t->shelves.v[i].set;
    struct shelf *shelf = vec_push(t->a, &t->shelves);
    *shelf = (struct shelf){kind, tmpl_set_new(t->a)};
    return shelf->set;
}

static const struct text *file_text(struct templates *t, struct str path)
{
    struct text *text = map_get(&t->files, path);
    if (text && !text->bytes.p &&
        !file_read(t->a, text->name.p, text->name, t->dx, &text->bytes))
        return NULL;
    return text;
}

/* {{>html/finding}} is the file html/finding.mustache of the folder. */
static const struct text *partial(void *ctx, struct str name)
{
    struct templates *t = ctx;
    return file_text(t, STR_CAT(t->a, name, STR(".mustache")));
}

struct checking {
    const struct map *names;
    struct diag *dx;
    bool ok;
};

static void check_use(void *ctx, const struct tmpl_use *use)
{
    struct checking *c = ctx;
    struct str rest = use->name, part;
    bool more = true;
    while (more) {
        more = str_cut(rest, '.', &part, &rest);
        if (map_get(c->names, part))
            continue;
        diag_at(c->dx, &UNKNOWN_NAME, use->at, "\"%.*s\"", STR_ARG(part));
        c->ok = false;
    }
}

static bool compile(struct templates *t, size_t i, const struct map *names,
                    struct diag *dx)
{
    const struct text *text = file_text(t, str_from(rows[i].path));
    struct tmpl_options options = {
        .escape = rows[i].kind->escape,
        .modes = rows[i].kind->modes,
        .nmodes = rows[i].kind->nmodes,
        .strict = true,
        .partial = partial,
        .partial_ctx = t,
        .set = set_of(t, rows[i].kind),
        .prose = rows[i].kind->prose,
    };
    t->compiled[i] = tmpl_parse(t->a, text, &options, dx);
    if (!t->compiled[i])
        return false;
    struct checking c = {names, dx, true};
    tmpl_uses(t->compiled[i], check_use, &c);
    return c.ok;
}

/* Style and script stand in a page that must also be well-formed XML. */
static bool check_plain(const struct text *text, struct diag *dx)
{
    for (size_t i = 0; i < text->bytes.n; i++)
        if (text->bytes.p[i] == '<' || text->bytes.p[i] == '&') {
            diag_at(dx, &UNSAFE_FILE, (struct origin){text, i, 1}, NULL);
            return false;
        }
    return true;
}

struct templates *templates_load(struct arena *a, const char *folder, unsigned parts,
                                 struct diag *dx)
{
    struct templates *t = ARENA_NEW(a, struct templates);
    struct file_list list = {0};
    t->a = a;
    t->dx = dx;
    if (parts && !file_walk(a, folder, dx, &list))
        return NULL;
    bool ok = true;
    for (size_t i = 0; i < list.n; i++) {
        struct text *text = ARENA_NEW(a, struct text);
        text->name = list.v[i].path;
        *map_put(a, &t->files, list.v[i].relative) = text;
    }
    struct map names = view_names(a);
    for (size_t i = 0; i < NROWS; i++) {
        if (!(templates_part(str_from(rows[i].path)) & parts))
            continue;
        size_t errors = diag_count(dx, DIAG_ERROR);
        const struct text *text = file_text(t, str_from(rows[i].path));
        if (!text && diag_count(dx, DIAG_ERROR) > errors) {
            ok = false;
        } else if (!text) {
            diag_file(dx, &MISSING, str_from(folder), "%s", rows[i].path);
            ok = false;
        } else if (rows[i].kind) {
            ok &= compile(t, i, &names, dx);
        } else if (!str_ends(str_from(rows[i].path), STR(".xsd"))) {
            ok &= check_plain(text, dx);
        }
    }
    return ok ? t : NULL;
}

const struct tmpl *templates_get(const struct templates *t, const char *path)
{
    for (size_t i = 0; i < NROWS; i++)
        if (strcmp(rows[i].path, path) == 0)
            return t->compiled[i];
    return NULL;
}

struct str templates_file(const struct templates *t, const char *path)
{
    const struct text *text = map_get(&t->files, str_from(path));
    return text ? text->bytes : STR("");
}
