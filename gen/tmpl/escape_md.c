/* Values in Markdown: prose, code spans, fenced blocks that hold whatever comes. */
#include "tmpl/escape.h"

#include <string.h>

enum { BLOCK_MAX_INDENT = 32 }; /* of lists in each other; each line repeats it */

/* Length of the longest run of back-ticks. */
static size_t ticks(struct str v)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < v.n; i++) {
        run = v.p[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

/* <code> with character references, and no e-mail address that GFM would link: its
 * autolinks work on decoded text, so an element must stand before the @. */
static void code_html(struct buf *out, struct str v)
{
    buf_str(out, STR("<code>"));
    struct str head;
    while (str_cut(v, '@', &head, &v)) {
        escape_numbers(out, head);
        buf_str(out, STR("<wbr>&#64;"));
    }
    escape_numbers(out, head);
    buf_str(out, STR("</code>"));
}

/* v with its pipes escaped, which would end a table cell. */
static struct str in_cell(struct buf *tmp, struct str v)
{
    struct str head;
    if (str_find_char(v, '|') == (size_t)-1)
        return v;
    while (str_cut(v, '|', &head, &v)) {
        buf_str(tmp, head);
        buf_str(tmp, STR("\\|"));
    }
    buf_str(tmp, head);
    return buf_view(tmp);
}

static void code_span(struct buf *out, struct str v)
{
    size_t n = 1 + ticks(v), spaces = 0;
    while (spaces < v.n && v.p[spaces] == ' ')
        spaces++;
    char first = v.p[0], last = v.p[v.n - 1];
    bool pad =
        spaces < v.n && (first == ' ' || first == '`' || last == ' ' || last == '`');
    /* A back-tick or backslash right before would change what opens the span. */
    if (out->n && strchr("`\\", out->p[out->n - 1]))
        buf_c(out, ' ');
    buf_repeat(out, '`', n);
    buf_str(out, pad ? STR(" ") : STR(""));
    buf_str(out, v);
    buf_str(out, pad ? STR(" ") : STR(""));
    buf_repeat(out, '`', n);
}

static void code(struct buf *out, struct str s, bool in_table)
{
    struct buf tmp = BUF_INIT, cell = BUF_INIT;
    struct str v = escape_vis(&tmp, s);
    if (!v.n)
        buf_str(out, STR("*(empty)*"));
    /* Gollum cuts [[...]] and <<...>> out of the source before it looks for code;
     * renderers of tables disagree about a backslash before an escaped pipe. */
    else if (str_has(v, STR("[[")) || str_has(v, STR("<<")) ||
             (in_table && str_has(v, STR("\\|"))))
        code_html(out, v);
    else
        code_span(out, in_table ? in_cell(&cell, v) : v);
    buf_free(&tmp);
    buf_free(&cell);
}

void escape_md_code(struct buf *out, struct str s)
{
    code(out, s, false);
}

void escape_md_cell(struct buf *out, struct str s)
{
    code(out, s, true);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_alnum(char c)
{
    return is_alpha(c) || (c >= '0' && c <= '9');
}

/* s trimmed, each run of white space one space, then vis: s itself, or put into tmp. */
static struct str one_line(struct buf *tmp, struct str s)
{
    bool same = true;
    for (size_t i = 0; i < s.n && same; i++)
        same = s.p[i] > ' ' && s.p[i] < 0x7F
                   ? true
                   : s.p[i] == ' ' && i && i + 1 < s.n && s.p[i + 1] != ' ';
    if (same)
        return s;
    struct buf words = BUF_INIT;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_space(s.p[i])) {
            if (i && is_space(s.p[i - 1]) && words.n)
                buf_c(&words, ' ');
            buf_c(&words, s.p[i]);
        }
    }
    utf8_vis(tmp, buf_view(&words));
    buf_free(&words);
    return buf_view(tmp);
}

/* May v.p[i], one of - . ( ) =, stand as it is within a line? */
static bool harmless(struct str v, size_t i)
{
    char c = v.p[i];
    if (c == '.')
        return !str_eq_nocase(str_sub(v, i < 3 ? i : i - 3, i), STR("www"));
    if (c == '-' || c == '=')
        return !(i && v.p[i - 1] == c) && !(i + 1 < v.n && v.p[i + 1] == c);
    return true;
}

/* Bytes at the start of v that mean nothing anywhere; *seen when a letter is among them.
 */
static size_t prose_run(struct str v, bool *seen)
{
    size_t n = 0;
    for (; n < v.n; n++) {
        bool letter = (unsigned char)v.p[n] >= 0x80 || is_alpha(v.p[n]);
        if (!letter && !is_alnum(v.p[n]) && !strchr(" ,;?/'\"", v.p[n]))
            break;
        *seen |= letter;
    }
    return n;
}

/* Does :name: begin at i, which hosts would make a picture of? Of numbers, as times and
 * places have them, only two are names. Not within an ARN, which people copy; there no
 * picture's name is likely. */
static bool emoji(struct str v, size_t i)
{
    size_t end = i + 1, word = i;
    bool number = true;
    for (; end < v.n && ((is_alnum(v.p[end]) && !(v.p[end] >= 'A' && v.p[end] <= 'Z')) ||
                         strchr("_+-", v.p[end]));
         end++)
        number &= v.p[end] >= '0' && v.p[end] <= '9';
    while (word && !is_space(v.p[word - 1]))
        word--;
    struct str before = str_sub(v, word, i), name = str_sub(v, i + 1, end);
    if (number && !str_eq(name, STR("100")) && !str_eq(name, STR("1234")))
        return false;
    return end < v.n && v.p[end] == ':' && !str_starts(before, STR("arn")) &&
           !str_starts(before, STR("aws"));
}

void escape_md_text(struct buf *out, struct str s)
{
    struct buf tmp = BUF_INIT;
    struct str v = one_line(&tmp, s);
    bool seen = false; /* something that keeps the line from starting a block */
    for (size_t i = 0; i < v.n; i++) {
        size_t n = prose_run(str_sub(v, i, v.n), &seen);
        buf_str(out, str_sub(v, i, i + n));
        i += n;
        if (i == v.n)
            break;
        char c = v.p[i], next = i + 1 < v.n ? v.p[i + 1] : ' ';
        if (seen && strchr("-.()=", c) && harmless(v, i))
            buf_c(out, c);
        else
            escape_number(out, (unsigned char)c);
        /* Hosts look for mentions and references in decoded text. */
        if ((strchr("@#!$%~&^", c) && (is_alnum(next) || next == '"' || next == '_')) ||
            (c == ':' && emoji(v, i)))
            buf_str(out, STR("&#8203;"));
    }
    buf_free(&tmp);
}

/* Where a block may begin: cut the blanks before it and end the line that they do not
 * fill; gives how many columns of blanks the block's lines need to stay in their list
 * item. */
static size_t block_start(struct buf *out)
{
    size_t from = out->n;
    while (from && out->p[from - 1] == ' ')
        from--;
    size_t blanks = out->n - from;
    if (!out->n)
        return 0;
    if (from && out->p[from - 1] != '\n') {
        buf_str(out, STR("\n\n"));
        return 0;
    }
    out->n = from;
    out->p[from] = '\0';
    /* Deep in blanks, a fence after a paragraph would go on with it: an empty line ends
     * the paragraph. */
    if (blanks && from && !(from > 1 && out->p[from - 2] == '\n'))
        buf_c(out, '\n');
    return blanks > BLOCK_MAX_INDENT ? 0 : blanks;
}

static void block(struct buf *out, struct str s, struct str info)
{
    struct buf tmp = BUF_INIT;
    struct str v = escape_vis_lines(&tmp, s), line;
    size_t fence = ticks(v) + 1, blanks = block_start(out);
    if (fence < 3)
        fence = 3;
    buf_repeat(out, ' ', blanks);
    buf_repeat(out, '`', fence);
    buf_str(out, info);
    buf_c(out, '\n');
    while (v.n) {
        str_cut(v, '\n', &line, &v);
        buf_repeat(out, ' ', line.n ? blanks : 0);
        buf_str(out, line);
        buf_c(out, '\n');
    }
    buf_repeat(out, ' ', blanks);
    buf_repeat(out, '`', fence);
    /* Always the line's end: a text right after the fence would keep it from closing. */
    buf_c(out, '\n');
    buf_free(&tmp);
}

void escape_md_block_json(struct buf *out, struct str s)
{
    block(out, s, STR("json"));
}

void escape_md_block_text(struct buf *out, struct str s)
{
    block(out, s, STR("text"));
}

void escape_md_block_diff(struct buf *out, struct str s)
{
    block(out, s, STR("diff"));
}
