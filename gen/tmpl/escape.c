/* Escapers: one function for each way of writing a value, and the table that finds it. */
#include "tmpl/escape.h"

#include "base/lanes.h"

#include <assert.h>
#include <string.h>

/* Which escapers change an ASCII character. All change visible characters only: what
 * cannot be seen is gone after vis. */
enum {
    MARKUP = 1, /* HTML and XML */
    JSON = 2,
    CSV = 4,
    WIKI = 8,  /* every ASCII character but letters, digits, and the space */
    TAGS = 16, /* of markup those that mean something outside of tags */
};

/* clang-format off */
static const unsigned char special[128] = {
    ['!'] = WIKI, ['"'] = WIKI | MARKUP | JSON | CSV, ['#'] = WIKI, ['$'] = WIKI,
    ['%'] = WIKI, ['&'] = WIKI | MARKUP | TAGS | JSON, ['\''] = WIKI | MARKUP, ['('] = WIKI,
    [')'] = WIKI, ['*'] = WIKI, ['+'] = WIKI, [','] = WIKI, ['-'] = WIKI, ['.'] = WIKI,
    ['/'] = WIKI, [':'] = WIKI, [';'] = WIKI, ['<'] = WIKI | MARKUP | TAGS | JSON, ['='] = WIKI,
    ['>'] = WIKI | MARKUP | TAGS | JSON, ['?'] = WIKI, ['@'] = WIKI, ['['] = WIKI,
    ['\\'] = WIKI | JSON, [']'] = WIKI, ['^'] = WIKI, ['_'] = WIKI, ['`'] = WIKI,
    ['{'] = WIKI, ['|'] = WIKI, ['}'] = WIKI, ['~'] = WIKI,
};
/* clang-format on */

struct str escape_vis(struct buf *tmp, struct str s)
{
    if (utf8_plain(s, false) == s.n)
        return s;
    utf8_vis(tmp, s);
    return buf_view(tmp);
}

struct str escape_vis_lines(struct buf *tmp, struct str s)
{
    if (utf8_plain(s, true) == s.n)
        return s;
    utf8_vis_lines(tmp, s);
    return buf_view(tmp);
}

/* May one of these bytes be in the class, or need vis? */
static inline bool any_special(lanes v, unsigned class)
{
    /* < and > differ in one bit. */
    lanes odd = (v < ' ') | (v == 0x7F) | (v == '&') | ((v & ~2) == '<');
    if (class != TAGS)
        odd |= (v == '"') | (v == '\'') | (v == '\\');
    return lanes_any(odd);
}

/* How many bytes at the start of s are printable ASCII and not of the class. */
static size_t harmless(struct str s, unsigned class)
{
    size_t n = 0;
    if (class != WIKI) {
        while (n + LANES <= s.n && !any_special(lanes_at(s.p + n), class))
            n += LANES;
        size_t left = s.n - n;
        if (!left || (left < LANES && !any_special(lanes_few(s.p + n, left), class)))
            return s.n;
    }
    while (n < s.n && s.p[n] >= ' ' && s.p[n] < 0x7F &&
           !(special[(unsigned char)s.p[n]] & class))
        n++;
    return n;
}

/* Write v with put in place of each character of the class. */
static void replace(struct buf *out, struct str v, unsigned class,
                    void (*put)(struct buf *out, unsigned char c))
{
    while (v.n) {
        size_t n = harmless(v, class);
        while (n < v.n &&
               !((unsigned char)v.p[n] < 0x80 && special[(unsigned char)v.p[n]] & class))
            n++;
        buf_str(out, str_sub(v, 0, n));
        if (n < v.n)
            put(out, (unsigned char)v.p[n++]);
        v = str_sub(v, n, v.n);
    }
}

/* The same after vis, which leaves alone what most values are made of. */
static void replace_vis(struct buf *out, struct str s, unsigned class,
                        void (*put)(struct buf *out, unsigned char c),
                        struct str (*vis)(struct buf *tmp, struct str s))
{
    size_t n = harmless(s, class);
    buf_str(out, str_sub(s, 0, n));
    if (n == s.n)
        return;
    struct buf tmp = BUF_INIT;
    replace(out, vis(&tmp, str_sub(s, n, s.n)), class, put);
    buf_free(&tmp);
}

static void put_markup(struct buf *out, unsigned char c)
{
    buf_str(out, c == '&'   ? STR("&amp;")
                 : c == '<' ? STR("&lt;")
                 : c == '>' ? STR("&gt;")
                 : c == '"' ? STR("&quot;")
                            : STR("&#39;"));
}

static void put_json(struct buf *out, unsigned char c)
{
    /* formats.md 3.1: nothing that could end a script element or begin a comment. */
    if (c == '"' || c == '\\') {
        buf_c(out, '\\');
        buf_c(out, (char)c);
    } else {
        buf_str(out, c == '&'   ? STR("\\u0026")
                     : c == '<' ? STR("\\u003c")
                                : STR("\\u003e"));
    }
}

static void put_csv(struct buf *out, unsigned char c)
{
    buf_c(out, (char)c);
    buf_c(out, (char)c);
}

void escape_number(struct buf *out, unsigned char c)
{
    buf_str(out, STR("&#"));
    buf_int(out, c);
    buf_c(out, ';');
}

static void none(struct buf *out, struct str s)
{
    buf_str(out, s);
}

static void markup(struct buf *out, struct str s)
{
    replace_vis(out, s, MARKUP, put_markup, escape_vis);
}

static void markup_block(struct buf *out, struct str s)
{
    replace_vis(out, s, MARKUP, put_markup, escape_vis_lines);
}

static void markup_content(struct buf *out, struct str s)
{
    replace_vis(out, s, TAGS, put_markup, escape_vis);
}

/* Write s with cut before the > of every ]]>. */
static void cdata_cut(struct buf *out, struct str s, struct str cut)
{
    struct buf tmp = BUF_INIT;
    struct str v = escape_vis_lines(&tmp, s);
    while (v.n) {
        /* The brackets may have been written before this value. */
        if (v.p[0] == '>' && str_ends(buf_view(out), STR("]]")))
            buf_str(out, cut);
        size_t n = str_find_char(str_sub(v, 1, v.n), '>');
        n = n == (size_t)-1 ? v.n : n + 1;
        buf_str(out, str_sub(v, 0, n));
        v = str_sub(v, n, v.n);
    }
    buf_free(&tmp);
}

static void cdata(struct buf *out, struct str s)
{
    cdata_cut(out, s, STR(" "));
}

/* formats.md 2.7: the first section takes ]], the second begins with >. */
static void cdata_split(struct buf *out, struct str s)
{
    cdata_cut(out, s, STR("]]><![CDATA["));
}

/* Is s printable ASCII and line feeds, without & < and >? */
static bool is_content(struct str s)
{
    size_t i = 0;
    for (; i + LANES <= s.n; i += LANES) {
        lanes v = lanes_at(s.p + i);
        if (lanes_any(((v < ' ') & (v != '\n')) | (v == 0x7F) | (v == '&') |
                      ((v & ~2) == '<')))
            return false;
    }
    while (i < s.n && (s.p[i] == '\n' || harmless(str_sub(s, i, i + 1), TAGS)))
        i++;
    return i == s.n;
}

/* libxml2 reads plain text in half the time that CDATA takes, CDATA faster than text
 * beyond ASCII; and readers that do not decode references show both as they are. */
static void xml_content(struct buf *out, struct str s)
{
    if (is_content(s)) {
        buf_str(out, s);
        return;
    }
    buf_str(out, STR("<![CDATA["));
    cdata(out, s);
    buf_str(out, STR("]]>"));
}

static void json_inside(struct buf *out, struct str s)
{
    replace_vis(out, s, JSON, put_json, escape_vis);
}

/* formats.md 5.6 (CWE-1236): spreadsheets read a field as a formula by its first
 * character, quotes or not. */
static bool is_formula(struct str s)
{
    if (s.n && (s.p[0] == '\t' || s.p[0] == '\r'))
        return true;
    while (s.n && s.p[0] == ' ')
        s = str_sub(s, 1, s.n);
    uint32_t cp = 0;
    utf8_decode(s, &cp);
    return cp == '=' || cp == '+' || cp == '-' || cp == '@' || cp == 0xFF1D ||
           cp == 0xFF0B || cp == 0xFF0D || cp == 0xFF20;
}

static void csv(struct buf *out, struct str s)
{
    buf_c(out, '"');
    if (is_formula(s))
        buf_c(out, '\'');
    replace_vis(out, s, CSV, put_csv, escape_vis);
    buf_c(out, '"');
}

/* formats.md 2.7. */
static void mediawiki(struct buf *out, struct str s)
{
    struct buf tmp = BUF_INIT;
    struct str v = escape_vis(&tmp, s);
    for (size_t from = 0; from <= v.n;) {
        size_t space = str_find_char(str_sub(v, from, v.n), ' ');
        struct str word = str_sub(v, from, space == (size_t)-1 ? v.n : from + space);
        replace(out, word, WIKI, escape_number);
        from += word.n;
        if (from == v.n)
            break;
        /* A space at the start of a line makes it preformatted; one after these words
         * makes a link of them and the number that follows. */
        bool magic = !from || str_ends(word, STR("RFC")) || str_ends(word, STR("PMID")) ||
                     str_ends(word, STR("ISBN"));
        buf_str(out, magic ? STR("&#32;") : STR(" "));
        from++;
    }
    buf_free(&tmp);
}

static void mediawiki_block(struct buf *out, struct str s)
{
    struct buf tmp = BUF_INIT;
    escape_numbers(out, escape_vis_lines(&tmp, s));
    buf_free(&tmp);
}

/* Is s a URL that a link may lead to: https, http or mailto, or a relative one on the
 * same host? */
static bool url_ok(struct str s)
{
    size_t colon = str_find_char(s, ':'), n = 0;
    while (n < s.n && !strchr("/?#", s.p[n]))
        n++;
    if (str_starts(s, STR("//")) || str_starts(s, STR("/\\")) || str_starts(s, STR("\\")))
        return false;
    if (colon >= n)
        return true;
    struct str scheme = str_sub(s, 0, colon);
    return str_eq_nocase(scheme, STR("https")) || str_eq_nocase(scheme, STR("http")) ||
           str_eq_nocase(scheme, STR("mailto"));
}

/* formats.md 2.5, links. The ampersand is written as a reference, which Markdown, HTML
 * and XML all read back: alone it would let "javascript&colon;..." through as a relative
 * URL. */
static void url(struct buf *out, struct str s)
{
    static const char kept[] = "._~:/?#@!$*+,;=%-";
    if (!url_ok(s))
        return;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i], lower = c | 0x20;
        if ((lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
            (c && strchr(kept, c)))
            buf_c(out, (char)c);
        else if (c == '&')
            buf_str(out, STR("&amp;"));
        else
            buf_fmt(out, "%%%02X", c);
    }
}

/* clang-format off */
static void (*const escapers[])(struct buf *out, struct str s) = {
    [ESCAPE_NONE]          = none,
    [ESCAPE_TEXT]          = utf8_vis,
    [ESCAPE_HTML]          = markup,
    [ESCAPE_HTML_BLOCK]    = markup_block,
    [ESCAPE_HTML_CONTENT]  = markup_content,
    [ESCAPE_XML]           = markup,
    [ESCAPE_CDATA]         = cdata,
    [ESCAPE_CDATA_SPLIT]   = cdata_split,
    [ESCAPE_XML_CONTENT]   = xml_content,
    [ESCAPE_MD]            = escape_md_text,
    [ESCAPE_MD_CODE]       = escape_md_code,
    [ESCAPE_MD_CELL]       = escape_md_cell,
    [ESCAPE_MD_BLOCK]      = escape_md_block_json,
    [ESCAPE_MD_BLOCK_TEXT] = escape_md_block_text,
    [ESCAPE_MD_BLOCK_DIFF] = escape_md_block_diff,
    [ESCAPE_MEDIAWIKI]     = mediawiki,
    [ESCAPE_MEDIAWIKI_BLOCK] = mediawiki_block,
    [ESCAPE_URL]           = url,
    [ESCAPE_JSON]          = json_inside,
    [ESCAPE_CSV]           = csv,
    [ESCAPE_PROSE_HTML]    = markup_block,
    [ESCAPE_PROSE_MD]      = utf8_vis_lines,
};
/* clang-format on */

void escape_write(struct buf *out, enum escape how, struct str value)
{
    assert((size_t)how < sizeof escapers / sizeof *escapers);
    escapers[how](out, value);
}

void escape_numbers(struct buf *out, struct str v)
{
    replace(out, v, WIKI, escape_number);
}
