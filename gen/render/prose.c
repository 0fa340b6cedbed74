/* Catalog prose as safe HTML, storage format and wikitext: the one file that includes
 * cmark. */
#include "render/prose.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "tmpl/tmpl.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

enum { PROSE_MAX_BYTES = 64 << 10 };

static bool good_target(const char *url)
{
    struct str s = str_from(url);
    return str_starts(s, STR("https:")) || str_starts(s, STR("http:")) ||
           str_starts(s, STR("mailto:")) || str_starts(s, STR("#"));
}

/* Take out what must not reach a page: raw HTML, images, other links (their text stays).
 */
static void make_safe(cmark_node *doc)
{
    cmark_iter *it = cmark_iter_new(doc);
    cmark_event_type event;
    while ((event = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
        cmark_node *n = cmark_iter_get_node(it);
        cmark_node_type type = cmark_node_get_type(n);
        bool leaf = type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE;
        if (leaf) {
            cmark_node_free(n);
            continue;
        }
        if (event != CMARK_EVENT_EXIT)
            continue;
        bool bad_link = type == CMARK_NODE_LINK && !good_target(cmark_node_get_url(n));
        if (type != CMARK_NODE_IMAGE && !bad_link)
            continue;
        for (cmark_node *c; (c = cmark_node_first_child(n));)
            cmark_node_insert_before(n, c);
        cmark_node_free(n);
    }
    cmark_iter_free(it);
}

/* Parse markdown without what must not reach a page. NULL when memory is out; the caller
 * frees. */
static cmark_node *parse(struct str markdown)
{
    struct buf seen = BUF_INIT;
    utf8_vis_lines(&seen, str_sub(markdown, 0, PROSE_MAX_BYTES));
    cmark_node *doc =
        cmark_parse_document(seen.p ? seen.p : "", seen.n, CMARK_OPT_DEFAULT);
    buf_free(&seen);
    if (doc)
        make_safe(doc);
    return doc;
}

static void write_html(struct buf *out, cmark_node *doc)
{
    char *html = cmark_render_html(doc, CMARK_OPT_DEFAULT);
    if (html)
        buf_z(out, html);
    free(html);
}

void prose_html(struct buf *out, struct str markdown)
{
    cmark_node *doc = parse(markdown);
    if (!doc)
        return;
    write_html(out, doc);
    cmark_node_free(doc);
}

/* A class of the language is all that cmark adds beside the text. */
static void drop_languages(cmark_node *doc)
{
    cmark_iter *it = cmark_iter_new(doc);
    while (cmark_iter_next(it) != CMARK_EVENT_DONE) {
        cmark_node *n = cmark_iter_get_node(it);
        if (cmark_node_get_type(n) == CMARK_NODE_CODE_BLOCK)
            cmark_node_set_fence_info(n, "");
    }
    cmark_iter_free(it);
}

void prose_storage(struct buf *out, struct str markdown)
{
    cmark_node *doc = parse(markdown);
    if (!doc)
        return;
    drop_languages(doc);
    write_html(out, doc);
    cmark_node_free(doc);
}

/* clang-format off */
/* How MediaWiki writes what cmark found; headings would stand in the page's contents. */
static const struct wikitext {
    cmark_node_type type;
    const char *open, *close;
} wikitext[] = {
    {CMARK_NODE_BLOCK_QUOTE, "<blockquote>\n", "</blockquote>\n"},
    {CMARK_NODE_ITEM,        "<li>",            "</li>\n"},
    {CMARK_NODE_PARAGRAPH,   "<p>",             "</p>\n"},
    {CMARK_NODE_HEADING,     "<p><strong>",     "</strong></p>\n"},
    {CMARK_NODE_EMPH,        "<em>",            "</em>"},
    {CMARK_NODE_STRONG,      "<strong>",        "</strong>"},
};
/* clang-format on */

static void put_wikitext(struct buf *out, enum escape how, const char *open,
                         const char *text, const char *close)
{
    buf_z(out, open);
    escape_write(out, how, str_from(text));
    buf_z(out, close);
}

static void write_wikitext(struct buf *out, cmark_node *n, bool enter)
{
    cmark_node_type type = cmark_node_get_type(n);
    bool ordered =
        type == CMARK_NODE_LIST && cmark_node_get_list_type(n) == CMARK_ORDERED_LIST;
    switch (type) {
    case CMARK_NODE_TEXT:
        put_wikitext(out, ESCAPE_MEDIAWIKI_BLOCK, "", cmark_node_get_literal(n), "");
        return;
    case CMARK_NODE_CODE:
        put_wikitext(out, ESCAPE_MEDIAWIKI, "<code>", cmark_node_get_literal(n),
                     "</code>");
        return;
    case CMARK_NODE_CODE_BLOCK:
        put_wikitext(out, ESCAPE_MEDIAWIKI_BLOCK, "<pre>", cmark_node_get_literal(n),
                     "</pre>\n");
        return;
    case CMARK_NODE_SOFTBREAK:
        buf_c(out, ' ');
        return;
    case CMARK_NODE_LINEBREAK:
        buf_z(out, "<br>");
        return;
    case CMARK_NODE_LIST:
        buf_z(out, enter ? (ordered ? "<ol>\n" : "<ul>\n")
                         : (ordered ? "</ol>\n" : "</ul>\n"));
        return;
    case CMARK_NODE_LINK:
        if (enter && cmark_node_get_url(n)[0] != '#')
            put_wikitext(out, ESCAPE_URL, "[", cmark_node_get_url(n), " ");
        else if (cmark_node_get_url(n)[0] != '#')
            buf_c(out, ']');
        return;
    default:
        for (size_t i = 0; i < sizeof wikitext / sizeof *wikitext; i++)
            if (wikitext[i].type == type)
                buf_z(out, enter ? wikitext[i].open : wikitext[i].close);
    }
}

void prose_wikitext(struct buf *out, struct str markdown)
{
    cmark_node *doc = parse(markdown);
    if (!doc)
        return;
    cmark_iter *it = cmark_iter_new(doc);
    cmark_event_type event;
    while ((event = cmark_iter_next(it)) != CMARK_EVENT_DONE)
        write_wikitext(out, cmark_iter_get_node(it), event == CMARK_EVENT_ENTER);
    cmark_iter_free(it);
    cmark_node_free(doc);
}
