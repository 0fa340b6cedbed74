/* Hostile strings through every escaper, read back by a parser that others wrote: no
 * element may be added, and the text must be the one that was put in, made visible. */
#include "../unit/unit.h"

#include "base/file.h"
#include "base/utf8.h"
#include "json/json.h"
#include "tmpl/tmpl.h"

#include <cmark.h>
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RANDOM_STRINGS = 3000, BATCH_ROWS = 500, SHOWN_FAILURES = 20 };

/* Pieces that mean something to a parser somewhere; joined at random. */
static const char *const fragments[] = {
    "`",
    "``",
    "```",
    "~~~",
    "|",
    "\\|",
    "\\",
    "\\\\|",
    "<",
    ">",
    "<b>",
    "</td>",
    "<!--",
    "-->",
    "&amp;",
    "&#124;",
    "&",
    "[",
    "]",
    "(",
    ")",
    "[a](b)",
    "![a](b)",
    "[[a]]",
    "<<T()>>",
    "*",
    "**",
    "_",
    "__",
    "~~",
    "#",
    "# ",
    "- ",
    "+ ",
    "1. ",
    "1) ",
    "> ",
    "===",
    "---",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "    ",
    " ",
    "@me",
    "a@b.cc",
    "#1",
    "www.a.bc",
    "http:",
    "//a.bc",
    "https://x",
    "mailto:a",
    "$a$",
    ":tada:",
    "]]>",
    "]]",
    "<![CDATA[",
    "\"",
    "'",
    "=1",
    "+1",
    "\x1B[31m",
    "\x7F",
    "\xFF",
    "\xC3",
    "\xE2\x80\xAE",
    "\xE2\x80\x8B",
    "\xEF\xBF\xBF",
    "é",
    "漢",
    "{{a}}",
    "<script>",
    "</script>",
    "</code>",
    "javascript:x",
    "&colon;",
};

static struct str written(struct arena *a, enum escape how, struct str s)
{
    struct buf out = BUF_INIT;
    escape_write(&out, how, s);
    s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

static struct str seen(struct arena *a, struct str s)
{
    return written(a, ESCAPE_TEXT, s);
}

static struct str seen_lines(struct arena *a, struct str s)
{
    return written(a, ESCAPE_PROSE_MD, s);
}

/* s with every from written as to. */
static struct str replaced(struct arena *a, struct str s, struct str from, struct str to)
{
    struct buf out = BUF_INIT;
    for (size_t at; (at = str_find(s, from)) != (size_t)-1;) {
        buf_str(&out, str_sub(s, 0, at));
        buf_str(&out, to);
        s = str_sub(s, at + from.n, s.n);
    }
    buf_str(&out, s);
    s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

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

/* Markdown, by cmark. */

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

/* Where a link leads, as the reader understands it: nowhere but these. */
static bool leads_well(const char *url)
{
    struct str u = str_from(url);
    size_t colon = str_find_char(u, ':'), stop = strcspn(url, "/?#");
    return !str_starts(u, STR("//")) &&
           (colon == (size_t)-1 || colon > stop ||
            str_eq_nocase(str_sub(u, 0, colon), STR("https")) ||
            str_eq_nocase(str_sub(u, 0, colon), STR("http")) ||
            str_eq_nocase(str_sub(u, 0, colon), STR("mailto")));
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

/* HTML and XML, by libxml2. */

static struct str content(struct arena *a, const xmlNode *n)
{
    xmlChar *c = xmlNodeGetContent(n);
    struct str s = str_dup(a, str_from((const char *)c));
    xmlFree(c);
    return s;
}

static struct str attribute(struct arena *a, const xmlNode *n, const char *name)
{
    xmlChar *c = xmlGetProp(n, (const xmlChar *)name);
    struct str s = str_dup(a, str_from((const char *)c));
    xmlFree(c);
    return s;
}

static bool named(const xmlNode *n, const char *name)
{
    return n && n->type == XML_ELEMENT_NODE && !strcmp((const char *)n->name, name);
}

/* n is <name>, alone, and holds nothing but one text of one kind. */
static bool leaf(const xmlNode *n, const char *name)
{
    if (!named(n, name) || n->next)
        return false;
    for (const xmlNode *c = n->children; c; c = c->next)
        if (c->type != XML_TEXT_NODE && c->type != XML_CDATA_SECTION_NODE)
            return false;
    return true;
}

static xmlDoc *html(const struct buf *body)
{
    struct buf page = BUF_INIT;
    buf_fmt(&page, "<!DOCTYPE html><html><body>%.*s</body></html>",
            STR_ARG(buf_view(body)));
    xmlDoc *doc = htmlReadMemory(page.p, (int)page.n, NULL, "UTF-8",
                                 HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                     HTML_PARSE_NONET | HTML_PARSE_RECOVER);
    buf_free(&page);
    return doc;
}

/* The only element of the page's body. */
static const xmlNode *html_only(const xmlDoc *doc)
{
    const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    const xmlNode *body = root ? root->children : NULL;
    return named(body, "body") && !body->next ? body->children : NULL;
}

static bool html_text(struct arena *a, struct str s)
{
    struct str want = seen(a, s);
    struct buf body = BUF_INIT;
    buf_z(&body, "<p title=\"");
    escape_write(&body, ESCAPE_HTML, s);
    buf_z(&body, "\">");
    escape_write(&body, ESCAPE_HTML, s);
    buf_z(&body, "</p>");
    xmlDoc *doc = html(&body);
    const xmlNode *p = html_only(doc);
    bool ok = leaf(p, "p") && !p->properties->next && str_eq(content(a, p), want) &&
              str_eq(attribute(a, p, "title"), want);
    xmlFreeDoc(doc);
    buf_free(&body);
    return ok;
}

static bool html_block(struct arena *a, struct str s)
{
    struct buf body = BUF_INIT;
    buf_z(&body, "<pre>");
    escape_write(&body, ESCAPE_HTML_BLOCK, s);
    buf_z(&body, "</pre>");
    xmlDoc *doc = html(&body);
    const xmlNode *p = html_only(doc);
    bool ok = leaf(p, "pre") && str_eq(content(a, p), seen_lines(a, s));
    xmlFreeDoc(doc);
    buf_free(&body);
    return ok;
}

static bool html_url(struct arena *a, struct str s)
{
    struct buf body = BUF_INIT;
    buf_z(&body, "<a href=\"");
    escape_write(&body, ESCAPE_URL, s);
    buf_z(&body, "\">x</a>");
    xmlDoc *doc = html(&body);
    const xmlNode *p = html_only(doc);
    bool ok =
        leaf(p, "a") && !p->properties->next && leads_well(attribute(a, p, "href").p);
    xmlFreeDoc(doc);
    buf_free(&body);
    return ok;
}

static bool html_json(struct arena *a, struct str s)
{
    struct buf body = BUF_INIT;
    buf_z(&body, "<div><script type=\"application/json\">\"");
    escape_write(&body, ESCAPE_JSON, s);
    buf_z(&body, "\"</script></div>");
    xmlDoc *doc = html(&body);
    const xmlNode *p = html_only(doc);
    bool ok = named(p, "div") && !p->next && leaf(p->children, "script");
    if (ok) {
        struct diag *dx = diag_new(a);
        struct text text = {STR("script"), content(a, p)};
        const struct json *n = json_read(a, &text, dx);
        ok = json_is(n, JSON_STRING) && str_eq(json_str(n), seen(a, s));
    }
    xmlFreeDoc(doc);
    buf_free(&body);
    return ok;
}

static xmlDoc *xml(const struct buf *text)
{
    return xmlReadMemory(text->p, (int)text->n, NULL, "UTF-8",
                         XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET);
}

static bool xml_text(struct arena *a, struct str s)
{
    struct str want = seen(a, s);
    struct buf text = BUF_INIT;
    buf_z(&text, "<t a=\"");
    escape_write(&text, ESCAPE_XML, s);
    buf_z(&text, "\">");
    escape_write(&text, ESCAPE_XML, s);
    buf_z(&text, "</t>");
    xmlDoc *doc = xml(&text);
    const xmlNode *t = doc ? xmlDocGetRootElement(doc) : NULL;
    bool ok = leaf(t, "t") && !t->properties->next && str_eq(content(a, t), want) &&
              str_eq(attribute(a, t, "a"), want);
    xmlFreeDoc(doc);
    buf_free(&text);
    return ok;
}

static bool xml_cdata_as(struct arena *a, struct str s, enum escape how, struct str want)
{
    struct buf text = BUF_INIT;
    buf_z(&text, "<t><![CDATA[");
    escape_write(&text, how, s);
    buf_z(&text, "]]></t>");
    xmlDoc *doc = xml(&text);
    const xmlNode *t = doc ? xmlDocGetRootElement(doc) : NULL;
    bool ok = leaf(t, "t") && str_eq(content(a, t), want);
    xmlFreeDoc(doc);
    buf_free(&text);
    return ok;
}

static bool xml_cdata(struct arena *a, struct str s)
{
    return xml_cdata_as(a, s, ESCAPE_CDATA,
                        replaced(a, seen_lines(a, s), STR("]]>"), STR("]] >")));
}

static bool xml_cdata_split(struct arena *a, struct str s)
{
    return xml_cdata_as(a, s, ESCAPE_CDATA_SPLIT, seen_lines(a, s));
}

/* No wikitext parser is at hand: show that only harmless characters are left, and that
 * the references say the same text. */
static bool mediawiki(struct arena *a, struct str s)
{
    struct str w = written(a, ESCAPE_MEDIAWIKI, s);
    for (size_t i = 0; i < w.n; i++) {
        unsigned char c = (unsigned char)w.p[i];
        if (str_starts(str_sub(w, i, w.n), STR("&#")))
            i += 1 + strspn(w.p + i + 2, "0123456789") + 1;
        else if (c < 0x80 && c != ' ' && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') &&
                 !(c >= '0' && c <= '9'))
            return false;
    }
    struct buf text = BUF_INIT;
    buf_fmt(&text, "<t>%.*s</t>", STR_ARG(w));
    xmlDoc *doc = xml(&text);
    const xmlNode *t = doc ? xmlDocGetRootElement(doc) : NULL;
    bool ok =
        leaf(t, "t") && str_eq(content(a, t), seen(a, s)) && (!w.n || w.p[0] != ' ');
    xmlFreeDoc(doc);
    buf_free(&text);
    return ok;
}

/* One quoted field (RFC 4180, 2) at the start of line. */
static bool field(struct str *line, struct buf *out)
{
    if (!line->n || line->p[0] != '"')
        return false;
    for (size_t i = 1; i < line->n; i++) {
        if (line->p[i] != '"') {
            buf_c(out, line->p[i]);
        } else if (i + 1 < line->n && line->p[i + 1] == '"') {
            buf_c(out, line->p[i++]);
        } else {
            *line = str_sub(*line, i + 1, line->n);
            return true;
        }
    }
    return false;
}

static bool csv(struct arena *a, struct str s)
{
    struct str want = seen(a, s), rest = written(a, ESCAPE_CSV, s);
    struct buf got = BUF_INIT;
    bool ok = str_find_char(rest, '\n') == (size_t)-1 && field(&rest, &got) && !rest.n;
    struct str v = buf_view(&got);
    size_t blanks = v.n ? strspn(v.p, " ") : 0;
    ok = ok && (!v.n || !strchr("=+-@\t\r", v.p[blanks]) || !v.p[blanks]);
    if (ok && v.n && v.p[0] == '\'' && !(want.n && want.p[0] == '\''))
        v = str_sub(v, 1, v.n);
    ok = ok && str_eq(v, want);
    buf_free(&got);
    return ok;
}

/* clang-format off */
static const struct {
    const char *name;
    bool (*run)(struct arena *a, struct str s);
} checks[] = {
    {"code span",              md_code},
    {"code span after one",    md_code_twice},
    {"prose",                  md_text},
    {"prose in a heading",     md_text_heading},
    {"prose in a list",        md_text_item},
    {"fenced block",           md_block},
    {"fenced block in a list", md_block_item},
    {"Markdown link",          md_url},
    {"HTML",                   html_text},
    {"HTML block",             html_block},
    {"HTML link",              html_url},
    {"JSON in HTML",           html_json},
    {"XML",                    xml_text},
    {"CDATA",                  xml_cdata},
    {"CDATA, split",           xml_cdata_split},
    {"MediaWiki",              mediawiki},
    {"CSV",                    csv},
};
/* clang-format on */

struct strings {
    VEC(struct str);
};

struct tally {
    unsigned long passed, failed;
};

static void count(struct arena *a, struct tally *tally, bool ok, const char *name,
                  struct str s)
{
    tally->passed += ok;
    tally->failed += !ok;
    if (!ok && tally->failed <= SHOWN_FAILURES)
        printf("%s: %.*s\n", name, STR_ARG(seen(a, s)));
}

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
        else if (named(n, "emph"))
            buf_str(&out, STR(""));
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

static void add(struct arena *a, struct strings *all, struct str s)
{
    *vec_push(a, all) = s;
}

static void add_random(struct arena *a, struct strings *all)
{
    uint32_t x = 2463534242u; /* xorshift32: the same strings in every run */
    for (int i = 0; i < RANDOM_STRINGS; i++) {
        struct buf s = BUF_INIT;
        for (int k = 1 + i % 9; k > 0; k--) {
            x ^= x << 13, x ^= x >> 17, x ^= x << 5;
            buf_z(&s, fragments[x % (sizeof fragments / sizeof *fragments)]);
        }
        add(a, all, buf_dup(a, &s));
        buf_free(&s);
    }
}

static struct str file(struct arena *a, const char *below, struct diag *dx)
{
    const char *path = unit_shared(below);
    struct str bytes = STR("");
    if (path)
        file_read(a, path, str_from(below), dx, &bytes);
    return bytes;
}

/* False when the suites are not there. */
static bool add_suites(struct arena *a, struct strings *all)
{
    struct diag *dx = diag_new(a);
    struct text *blns = ARENA_NEW(a, struct text);
    *blns = (struct text){STR("blns"), file(a, "suites/blns/blns.json", dx)};
    struct str lines[] = {
        file(a, "suites/hostile-markup/h5sc-vectors.txt", dx),
        file(a, "suites/hostile-markup/payloadbox-xss-payload-list.txt", dx),
    };
    if (!blns->bytes.n || !lines[0].n || !lines[1].n)
        return false;
    for (const struct json *n = json_first(json_read(a, blns, dx)); n; n = json_next(n))
        add(a, all, json_str(n));
    struct str line;
    for (size_t i = 0; i < 2; i++)
        while (lines[i].n) {
            str_cut(lines[i], '\n', &line, &lines[i]);
            /* Most of h5sc's vectors share one line. */
            for (size_t at; (at = str_find(line, STR("<div id="))) != (size_t)-1;) {
                add(a, all, str_sub(line, 0, at));
                line = str_sub(line, at + 1, line.n);
            }
            add(a, all, line);
        }
    return true;
}

int main(void)
{
    struct arena *a = arena_new();
    struct strings all = {0};
    struct tally tally = {0};
    unsigned long skipped = 0;
    add(a, &all, STR(""));
    add_random(a, &all);
    skipped += !add_suites(a, &all);
    for (size_t i = 0; i < all.n; i++) {
        struct arena *own = arena_new();
        for (size_t k = 0; k < sizeof checks / sizeof *checks; k++)
            count(own, &tally, checks[k].run(own, all.v[i]), checks[k].name, all.v[i]);
        arena_free(own);
    }
    if (system("command -v cmark-gfm >/dev/null 2>&1") == 0)
        tables(a, &all, &tally);
    else
        skipped += all.n;
    arena_free(a);
    xmlCleanupParser();
    return unit_report("hostile", tally.passed, tally.failed, skipped);
}
