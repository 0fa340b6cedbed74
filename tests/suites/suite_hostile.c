/* Hostile strings through the escapers of HTML, XML, MediaWiki and CSV, read back by
 * another parser: no element may be added, and the text must be the one that was put in,
 * made visible. */
#include "hostile.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

static struct str attribute(struct arena *a, const xmlNode *n, const char *name)
{
    xmlChar *c = xmlGetProp(n, (const xmlChar *)name);
    struct str s = str_dup(a, str_from((const char *)c));
    xmlFree(c);
    return s;
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
static const struct check checks[] = {
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

int main(void)
{
    struct arena *a = arena_new();
    struct tally tally = {0};
    unsigned long skipped = 0;
    struct strings all = strings_read(a, &skipped);
    run_checks(&all, checks, sizeof checks / sizeof *checks, &tally);
    arena_free(a);
    xmlCleanupParser();
    return unit_report("hostile", tally.passed, tally.failed, skipped);
}
