/* Credentials in texts that hold more than one value - code, JSON, excerpts of documents:
 * find them all, and write the text without them. */
#include "model/secrets_parts.h"

#include "base/arena.h"
#include "base/buf.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
    SCAN_MAX_DEPTH = 6,      /* strings in strings */
    VALUE_MAX_SECRETS = 500, /* more in one value: the rest of it is one */
};

/* Scanning: quoted texts and bare words, with the name that stands before them. */
struct scan {
    struct str text; /* the whole, for offsets */
    void (*found)(void *ctx, struct secret s);
    void *ctx;
};

/* All secrets of one value that stands at offset base of the text. False when nothing can
 * be found in parts of it: it was taken whole, or holds none, and its words are as in it:
 * nothing is assigned or quoted. */
static bool scan_value(const struct scan *sc, struct str name, struct str value)
{
    size_t base = (size_t)(value.p - sc->text.p), found = 0;
    while (value.n) {
        unsigned classes;
        struct secret s = secret_look(name, value, &classes);
        /* Each is looked for in all that is left: a bound on the work. */
        if (s.kind && ++found > VALUE_MAX_SECRETS)
            s = (struct secret){"secret", false, false, 0, value.n};
        if (!s.kind)
            return found || classes & (COLON | EQUALS | QUOTE);
        size_t start = s.start, len = s.len;
        s.start += base;
        sc->found(sc->ctx, s);
        if (start == 0 && len == value.n)
            return false;
        /* What is left is judged by itself: the name spoke for the whole. */
        base += start + len;
        value = str_sub(value, start + len, value.n);
        name = STR("");
    }
    return true;
}

/* A quote with the backslashes before it: \" in a JSON text in a string. */
static size_t quote_at(struct str s, size_t i, size_t *slashes, char *quote)
{
    size_t n = 0;
    while (i + n < s.n && s.p[i + n] == '\\')
        n++;
    if (i + n >= s.n || (s.p[i + n] != '"' && s.p[i + n] != '\'' && s.p[i + n] != '`'))
        return 0;
    *slashes = n;
    *quote = s.p[i + n];
    return n + 1;
}

/* The end of the text that a quote with so many backslashes opened: offset of its closing
 * one, or s.n. */
static size_t closing(struct str s, size_t i, size_t slashes, char quote)
{
    size_t plain = str_find_char(str_sub(s, i, s.n), quote);
    if (!slashes && plain <= s.n && !memchr(s.p + i, '\\', plain))
        return i + plain;
    while (i < s.n) {
        if (s.p[i] == '\\') {
            size_t n = 0;
            while (i + n < s.n && s.p[i + n] == '\\')
                n++;
            if (i + n < s.n && s.p[i + n] == quote && n == slashes)
                return i;
            i += n + (n > slashes || (i + n < s.n && s.p[i + n] != quote));
            if (n < slashes && i < s.n && s.p[i] == quote)
                return i - n;
            continue;
        }
        if (s.p[i] == quote && !slashes)
            return i;
        i++;
    }
    return s.n;
}

/* A bare word may hold what splits others: URLs and base64 have ':', '=' and more. Plain
 * is one that does not. */
static size_t bare_end(struct str s, size_t i, bool *plain)
{
    size_t end = i, first;
    while (end < s.n && secret_is(s.p[end], BARE))
        end++;
    first = end;
    if (end + 2 < s.n && memcmp(s.p + end, "://", 3) == 0)
        while (end < s.n && !secret_is(s.p[end], SPACE) &&
               !strchr("\"'`\\,)}]", s.p[end]))
            end++;
    while (end < s.n && s.p[end] == '=' && end - i >= 16 &&
           (end + 1 == s.n || !secret_is(s.p[end + 1], BARE)))
        end++;
    *plain = end == first;
    return end;
}

/* An ARN is a name: "secret:" in one is a resource type, no assignment. Where it ends,
 * and what in it might still be a value; 0 when none starts at i. */
static size_t arn_end(struct str s, size_t i, struct str *value)
{
    size_t end = i, colons = 0, from = i;
    if (!str_starts(str_sub(s, i, s.n), STR("arn:")))
        return 0;
    for (; end < s.n && !secret_is(s.p[end], SPACE) && !strchr("\"'`\\,)}]", s.p[end]);
         end++)
        if (s.p[end] == ':' && ++colons == 5)
            from = end + 1;
    *value = str_sub(s, from, end);
    if (str_starts(*value, STR("secret:")))
        *value = str_sub(*value, 7, value->n);
    return colons >= 5 ? end : 0;
}

static void scan_level(const struct scan *sc, struct str s, unsigned depth)
{
    struct str word = STR("");
    bool assigned = false, plain = false;
    for (size_t i = 0; i < s.n;) {
        size_t slashes;
        char quote, c = s.p[i];
        bool word_starts = secret_is(c, BARE);
        size_t opened = word_starts ? 0 : quote_at(s, i, &slashes, &quote);
        struct str value;
        size_t next;
        if (c == 'a' && (next = arn_end(s, i, &value))) {
            scan_value(sc, STR(""), value);
            word = STR("");
            assigned = false;
            i = next;
            continue;
        }
        if (opened) {
            size_t end = closing(s, i + opened, slashes, quote);
            value = str_sub(s, i + opened, end);
            next = end + (end < s.n ? slashes + 1 : 0);
        } else if (word_starts) {
            next = bare_end(s, i, &plain);
            value = str_sub(s, i, next);
            if (plain && !assigned && value.n < RUN_MIN_BYTES) {
                word = value; /* nothing gives it away: neither its form nor a name */
                i = next;
                continue;
            }
        } else {
            assigned = c == '=' || c == ':'
                           ? word.n > 0
                           : assigned && (secret_is(c, SPACE) || c == '>' || c == '\\');
            if (!assigned && !secret_is(c, SPACE) && c != '\\')
                word = STR("");
            i++;
            continue;
        }
        struct str name = assigned ? word : STR("");
        bool deeper = scan_value(sc, name, value);
        if (opened && deeper && depth < SCAN_MAX_DEPTH)
            scan_level(sc, value, depth + 1);
        word = value;
        assigned = false;
        i = next > i ? next : i + 1;
    }
}

void secret_scan(struct str text, void (*found)(void *ctx, struct secret s), void *ctx)
{
    struct scan sc = {text, found, ctx};
    scan_level(&sc, text, 0);
}

/* Stretches of a text that must not be shown. */
struct spans {
    struct secret *v;
    size_t n, cap;
};

static void collect(void *ctx, struct secret s)
{
    struct spans *out = ctx;
    if (out->n == out->cap) {
        out->cap = out->cap ? out->cap * 2 : 8;
        out->v = mem_realloc(out->v, out->cap * sizeof *out->v);
    }
    out->v[out->n++] = s;
}

/* What a reader sees instead. */
static void write_masked(struct buf *out, struct str part, const char *kind)
{
    if (strstr(kind, "access-key-id") && part.n == KEY_ID_BYTES) {
        buf_str(out, str_sub(part, 0, 4));
        buf_z(out, "…");
        buf_str(out, str_sub(part, part.n - 4, part.n));
        buf_c(out, ' ');
    }
    buf_fmt(out, "(masked %s)", kind);
}

static int by_start(const void *a, const void *b)
{
    const struct secret *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->len > y->len ? -1 : x->len < y->len;
}

/* Write text with the spans replaced; overlapping ones become one. */
static void write_spans(struct buf *out, struct str text, struct spans *spans)
{
    size_t at = 0;
    if (spans->n > 1)
        qsort(spans->v, spans->n, sizeof *spans->v, by_start);
    for (size_t i = 0; i < spans->n;) {
        struct secret s = spans->v[i];
        size_t end = s.start + s.len;
        bool one = true;
        for (i++; i < spans->n && spans->v[i].start < end; i++) {
            size_t e = spans->v[i].start + spans->v[i].len;
            one = one && spans->v[i].start == s.start && e == end;
            end = e > end ? e : end;
        }
        if (s.start > at)
            buf_str(out, str_sub(text, at, s.start));
        struct str part = str_sub(text, s.start > at ? s.start : at, end);
        if (s.placeholder && secret_placeholder(part))
            buf_str(out, part);
        else
            write_masked(out, one ? part : STR(""), s.kind);
        at = end;
    }
    buf_str(out, str_sub(text, at, text.n));
}

void secret_mask(struct buf *out, struct str name, struct str value)
{
    struct spans spans = {0};
    struct scan sc = {value, collect, &spans};
    if (scan_value(&sc, name, value))
        scan_level(&sc, value, 1);
    write_spans(out, value, &spans);
    free(spans.v);
}

/* Does an excerpt start inside a string? Then what its first quote closes has lost its
 * name. */
static size_t cut_string(struct str s)
{
    size_t i = 0;
    while (i < s.n && s.p[i] != '"') {
        i += s.p[i] == '\\' && i + 1 < s.n ? 2 : 1;
    }
    if (i >= s.n)
        return 0;
    /* Before an opening quote stands only structure. */
    for (size_t k = 0; k < i; k++)
        if (!isspace((unsigned char)s.p[k]) && !strchr("{}[],:0123456789.-+eE", s.p[k])) {
            struct str head = str_trim(str_sub(s, 0, i));
            while (head.n && strchr(",:}] \r\n\t", head.p[head.n - 1]))
                head.n--;
            if (str_ends(head, STR("true")) || str_ends(head, STR("false")) ||
                str_ends(head, STR("null")))
                return 0;
            return i;
        }
    return 0;
}

/* Runs that touch an end of the excerpt may be a part of something longer. */
static void collect_edges(struct spans *spans, struct str s)
{
    size_t from = s.n, to = 0;
    while (from && secret_is(s.p[from - 1], BASE64))
        from--;
    while (to < s.n && secret_is(s.p[to], BASE64))
        to++;
    struct str runs[2] = {str_sub(s, from, s.n), str_sub(s, 0, to)};
    for (size_t i = 0; i < 2; i++) {
        struct letters c = secret_letters(runs[i]);
        bool key_id =
            runs[i].n >= 8 && !c.lower &&
            (i || str_starts(runs[i], STR("AKIA")) || str_starts(runs[i], STR("ASIA")));
        bool secret = runs[i].n >= 12 && c.upper && c.lower && c.digit;
        if (key_id || secret)
            collect(spans, (struct secret){"cut-off text", false, false,
                                           (size_t)(runs[i].p - s.p), runs[i].n});
    }
}

void secret_mask_json(struct buf *out, struct str lines)
{
    struct spans spans = {0};
    struct scan sc = {lines, collect, &spans};
    scan_level(&sc, lines, 0);
    size_t cut = cut_string(lines);
    if (cut) {
        collect(&spans, (struct secret){"cut-off text", false, false, 0, cut});
        scan_level(&sc, str_sub(lines, cut + 1, lines.n), 0);
    }
    collect_edges(&spans, lines);
    write_spans(out, lines, &spans);
    free(spans.v);
}
