/* Hostile strings through the escapers of Markdown, read back by cmark, and by the
 * cmark-gfm program for tables: no element may be added, and the text must be the one
 * that was put in, made visible. */
#include "hostile.h"

#include <cmark.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <unistd.h>

enum { BATCH_ROWS = 500 };

/* What md_text has to show: white space collapsed, then made visible. */
static struct str prose(struct arena *a, struct str s)
{
    char *p = str_z(a, s);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (!strchr(" \t\r\n\v\f", s.p[i]) || !s.p[i])
            p[n++] = s.p[i];
        else if (n && p[n - 1] != ' ')
            p[n++] = ' ';
    n -= n && p[n - 1] == ' ';
    return seen(a, (struct str){p, n});
}

static bool is(cmark_node *n, cmark_node_type type)
{
    return n && cmark_node_get_type(n) == type;
}

static bool only(cmark_node *parent, cmark_node_type type)
{
    return is(cmark_node_first_child(parent), type) &&
           !cmark_node_next(cmark_node_first_child(parent));
}

/* The children of n are text, or <code>, </code>, <wbr> when html; join the text. */
static bool inlines(struct buf *out, cmark_node *n, bool html)
{
    for (n = cmark_node_first_child(n); n; n = cmark_node_next(n)) {
        struct str s = str_from(cmark_node_get_literal(n));
        if (is(n, CMARK_NODE_TEXT))
            buf_str(out, s);
        else if (!html || !is(n, CMARK_NODE_HTML_INLINE) ||
                 (!str_eq(s, STR("<code>")) && !str_eq(s, STR("</code>")) &&
                  !str_eq(s, STR("<wbr>"))))
            return false;
    }
    return true;
}

static cmark_node *parse(const struct buf *md)
{
    return cmark_parse_document(md->p ? md->p : "", md->n, CMARK_OPT_DEFAULT);
}

static bool code_is(cmark_node *paragraph, struct str want)
{
    cmark_node *first = cmark_node_first_child(paragraph);
    if (!want.n)
        return only(paragraph, CMARK_NODE_EMPH);
    if (is(first, CMARK_NODE_CODE))
        return !cmark_node_next(first) &&
               str_eq(str_from(cmark_node_get_literal(first)), want);
    struct buf text = BUF_INIT;
    bool ok = is(first, CMARK_NODE_HTML_INLINE) && inlines(&text, paragraph, true) &&
              str_eq(buf_view(&text), want);
    buf_free(&text);
    return ok;
}

static bool md_code(struct arena *a, struct str s)
{
    struct buf md = BUF_INIT;
    escape_write(&md, ESCAPE_MD_CODE, s);
    cmark_node *doc = parse(&md);
    bool ok = only(doc, CMARK_NODE_PARAGRAPH) &&
              code_is(cmark_node_first_child(doc), seen(a, s));
    cmark_node_free(doc);
    buf_free(&md);
    return ok;
}

/* Two spans side by side keep apart. */
static bool md_code_twice(struct arena *a, struct str s)
{
    struct buf md = BUF_INIT;
    escape_write(&md, ESCAPE_MD_CODE, STR("x"));
    escape_write(&md, ESCAPE_MD_CODE, s);
    cmark_node *doc = parse(&md), *p = cmark_node_first_child(doc);
    bool ok =
        only(doc, CMARK_NODE_PARAGRAPH) && is(cmark_node_first_child(p), CMARK_NODE_CODE);
    if (ok) {
        cmark_node_free(cmark_node_first_child(p));
        cmark_node *gap = cmark_node_first_child(p);
        if (is(gap, CMARK_NODE_TEXT) && !strcmp(cmark_node_get_literal(gap), " "))
            cmark_node_free(gap);
        ok = code_is(p, seen(a, s));
    }
    cmark_node_free(doc);
    buf_free(&md);
    return ok;
}

static bool md_text_in(struct arena *a, struct str s, const char *before,
                       cmark_node_type type)
{
    struct str want = prose(a, s);
    struct buf md = BUF_INIT, text = BUF_INIT;
    buf_z(&md, before);
    escape_write(&md, ESCAPE_MD, s);
    cmark_node *doc = parse(&md), *n = doc;
    bool ok = !want.n;
    while (want.n && n && !ok && (n == doc || !cmark_node_next(n))) {
        n = cmark_node_first_child(n);
        ok = is(n, type) && !cmark_node_next(n);
    }
    if (want.n)
        ok = ok && inlines(&text, n, false) &&
             str_eq(replaced(a, buf_view(&text), STR("\xE2\x80\x8B"), STR("")), want);
    cmark_node_free(doc);
    buf_free(&md);
    buf_free(&text);
    return ok;
}

static bool md_text(struct arena *a, struct str s)
{
    return md_text_in(a, s, "", CMARK_NODE_PARAGRAPH);
}

static bool md_text_heading(struct arena *a, struct str s)
{
    return md_text_in(a, s, "## ", CMARK_NODE_HEADING);
}

static bool md_text_item(struct arena *a, struct str s)
{
    return md_text_in(a, s, "- ", CMARK_NODE_PARAGRAPH);
}

static bool block_is(struct arena *a, cmark_node *n, struct str s, const char *info)
{
    struct str want = seen_lines(a, s);
    if (want.n && want.p[want.n - 1] != '\n')
        want = str_fmt(a, "%.*s\n", STR_ARG(want));
    return is(n, CMARK_NODE_CODE_BLOCK) && !strcmp(cmark_node_get_fence_info(n), info) &&
           str_eq(str_from(cmark_node_get_literal(n)), want);
}

static bool md_block(struct arena *a, struct str s)
{
    struct buf md = BUF_INIT;
    buf_z(&md, "before\n");
    escape_write(&md, ESCAPE_MD_BLOCK, s);
    buf_z(&md, "after\n");
    cmark_node *doc = parse(&md), *n = cmark_node_first_child(doc);
    bool ok = is(n, CMARK_NODE_PARAGRAPH) && block_is(a, cmark_node_next(n), s, "json");
    n = ok ? cmark_node_next(cmark_node_next(n)) : NULL;
    ok = ok && is(n, CMARK_NODE_PARAGRAPH) && !cmark_node_next(n);
    cmark_node_free(doc);
    buf_free(&md);
    return ok;
}

static bool md_block_item(struct arena *a, struct str s)
{
    struct buf md = BUF_INIT;
    buf_z(&md, "- before\n  ");
    escape_write(&md, ESCAPE_MD_BLOCK_TEXT, s);
    cmark_node *doc = parse(&md), *list = cmark_node_first_child(doc);
    cmark_node *item = list ? cmark_node_first_child(list) : NULL;
    bool ok = only(doc, CMARK_NODE_LIST) && only(list, CMARK_NODE_ITEM);
    cmark_node *n = ok ? cmark_node_next(cmark_node_first_child(item)) : NULL;
    ok = ok && n && block_is(a, n, s, "text") && !cmark_node_next(n);
    cmark_node_free(doc);
    buf_free(&md);
    return ok;
}

static bool md_url(struct arena *a, struct str s)
{
    (void)a;
    struct buf md = BUF_INIT;
    buf_z(&md, "[x](");
    escape_write(&md, ESCAPE_URL, s);
    buf_z(&md, ")");
    cmark_node *doc = parse(&md);
    bool ok = only(doc, CMARK_NODE_PARAGRAPH);
    cmark_node *p = cmark_node_first_child(doc);
    ok = ok && only(p, CMARK_NODE_LINK) &&
         only(cmark_node_first_child(p), CMARK_NODE_TEXT) &&
         leads_well(cmark_node_get_url(cmark_node_first_child(p)));
    cmark_node_free(doc);
    buf_free(&md);
    return ok;
}

/* clang-format off */
static const struct check checks[] = {
    {"code span",              md_code},
    {"code span after one",    md_code_twice},
    {"prose",                  md_text},
    {"prose in a heading",     md_text_heading},
    {"prose in a list",        md_text_item},
    {"fenced block",           md_block},
    {"fenced block in a list", md_block_item},
    {"Markdown link",          md_url},
};
/* clang-format on */

/* Table cells, by the cmark-gfm program with the extensions that hosts use. */

/* The cell's text when it holds nothing but text, or code, or <code> and <wbr>. */
static struct str cell_text(struct arena *a, const xmlNode *cell)
{
    struct buf out = BUF_INIT;
    for (const xmlNode *n = cell->children; n; n = n->next) {
        struct str s = content(a, n);
        bool tag = named(n, "html_inline") &&
                   (str_eq(s, STR("<code>")) || str_eq(s, STR("</code>")) ||
                    str_eq(s, STR("<wbr>")));
        if (named(n, "text") || named(n, "code"))
            buf_str(&out, s);
        else if (n->type == XML_ELEMENT_NODE && !tag && !named(n, "emph"))
            buf_fmt(&out, "<%s>", n->name);
    }
    struct str s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

static xmlDoc *gfm(const struct buf *md)
{
    char in[] = "/tmp/kdaudit-hostile-XXXXXX";
    int fd = mkstemp(in);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "wb");
    if (!f)
        return NULL;
    fwrite(md->p, 1, md->n, f);
    fclose(f);
    struct buf command = BUF_INIT, text = BUF_INIT;
    buf_fmt(&command,
            "cmark-gfm -t xml -e table -e autolink -e strikethrough -e tagfilter %s", in);
    FILE *pipe = popen(command.p, "r");
    char piece[65536];
    for (size_t n; pipe && (n = fread(piece, 1, sizeof piece, pipe)) > 0;)
        buf_str(&text, (struct str){piece, n});
    xmlDoc *doc =
        pipe && pclose(pipe) == 0
            ? xmlReadMemory(text.p, (int)text.n, NULL, "UTF-8",
                            XML_PARSE_NOERROR | XML_PARSE_NONET | XML_PARSE_HUGE)
            : NULL;
    remove(in);
    buf_free(&command);
    buf_free(&text);
    return doc;
}

static const xmlNode *element(const xmlNode *n)
{
    while (n && n->type != XML_ELEMENT_NODE)
        n = n->next;
    return n;
}

static bool row_is(struct arena *a, const xmlNode *row, struct str s)
{
    struct str code = seen(a, s), text = prose(a, s);
    const xmlNode *c1 = row ? element(row->children) : NULL;
    const xmlNode *c2 = c1 ? element(c1->next) : NULL;
    if (!c2 || element(c2->next))
        return false;
    struct str got = cell_text(a, c2);
    got = replaced(a, got, STR("\xE2\x80\x8B"), STR(""));
    return str_eq(cell_text(a, c1), code) && str_eq(got, text);
}

static void tables(struct arena *a, const struct strings *all, struct tally *tally)
{
    for (size_t from = 0; from < all->n; from += BATCH_ROWS) {
        size_t to = from + BATCH_ROWS < all->n ? from + BATCH_ROWS : all->n;
        struct buf md = BUF_INIT;
        buf_z(&md, "| code | prose |\n|---|---|\n");
        for (size_t i = from; i < to; i++) {
            buf_z(&md, "| ");
            escape_write(&md, ESCAPE_MD_CELL, all->v[i]);
            buf_z(&md, " | ");
            escape_write(&md, ESCAPE_MD, all->v[i]);
            buf_z(&md, " |\n");
        }
        xmlDoc *doc = gfm(&md);
        const xmlNode *n = doc ? element(xmlDocGetRootElement(doc)->children) : NULL;
        n = n ? element(n->children) : NULL; /* the header row */
        for (size_t i = from; i < to; i++) {
            n = n ? element(n->next) : NULL;
            count(a, tally, row_is(a, n, all->v[i]), "table row", all->v[i]);
        }
        xmlFreeDoc(doc);
        buf_free(&md);
    }
}

int main(void)
{
    struct arena *a = arena_new();
    struct tally tally = {0};
    unsigned long skipped = 0;
    struct strings all = strings_read(a, &skipped);
    run_checks(&all, checks, sizeof checks / sizeof *checks, &tally);
    if (system("command -v cmark-gfm >/dev/null 2>&1") == 0)
        tables(a, &all, &tally);
    else
        skipped += all.n;
    arena_free(a);
    xmlCleanupParser();
    return unit_report("hostile_md", tally.passed, tally.failed, skipped);
}
