/* Catalog prose as safe HTML: the one file that includes cmark. */
#include "render/prose.h"

#include "base/buf.h"
#include "base/utf8.h"

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

void prose_html(struct buf *out, struct str markdown)
{
    struct buf seen = BUF_INIT;
    utf8_vis_lines(&seen, str_sub(markdown, 0, PROSE_MAX_BYTES));
    cmark_node *doc =
        cmark_parse_document(seen.p ? seen.p : "", seen.n, CMARK_OPT_DEFAULT);
    char *html = NULL;
    if (!doc)
        goto done;
    make_safe(doc);
    html = cmark_render_html(doc, CMARK_OPT_DEFAULT);
    if (html)
        buf_z(out, html);
done:
    free(html);
    if (doc)
        cmark_node_free(doc);
    buf_free(&seen);
}
