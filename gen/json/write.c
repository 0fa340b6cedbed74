/* JSON text out. */
#include "json/write.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "json/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An array or object that is being written. */
struct level {
    const struct json *next;    /* child that comes next, in document order */
    const struct json **sorted; /* or all children, n of them, in order of names */
    size_t i, n;
    bool object;
};

struct writer {
    struct buf *out;
    bool indent, sort;
    struct level *levels; /* a stack of our own: trees may nest as deep as they like */
    size_t depth, cap;
};

static void escape(struct buf *out, unsigned char c)
{
    switch (c) {
    case '"':
        buf_z(out, "\\\"");
        break;
    case '\\':
        buf_z(out, "\\\\");
        break;
    case '\b':
        buf_z(out, "\\b");
        break;
    case '\f':
        buf_z(out, "\\f");
        break;
    case '\n':
        buf_z(out, "\\n");
        break;
    case '\r':
        buf_z(out, "\\r");
        break;
    case '\t':
        buf_z(out, "\\t");
        break;
    default:
        buf_fmt(out, "\\u%04x", c);
    }
}

/* How many bytes from the start of s stand in a JSON string as they are: printable ASCII
 * but quote and backslash. Eight at a time: most of what is written is such text. */
static size_t plain(struct str s)
{
    const uint64_t ones = 0x0101010101010101u, high = ones << 7;
    size_t i = 0;
    for (uint64_t v; i + sizeof v <= s.n; i += sizeof v) {
        memcpy(&v, s.p + i, sizeof v);
        uint64_t quote = v ^ ones * '"', slash = v ^ ones * '\\';
        /* A byte below k leaves its high bit in (byte - k) & ~byte, and so does 0. */
        uint64_t low = (v - ones * ' ') | (quote - ones) | (slash - ones);
        if ((low | v) & high)
            break;
    }
    while (i < s.n && s.p[i] >= ' ' && s.p[i] < 0x7F && s.p[i] != '"' && s.p[i] != '\\')
        i++;
    return i;
}

void json_write_str(struct buf *out, struct str s)
{
    buf_c(out, '"');
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        while (i < s.n && (unsigned char)s.p[i] >= ' ' && s.p[i] != '"' &&
               s.p[i] != '\\') {
            size_t n = plain(str_sub(s, i, s.n));
            n = n ? n : utf8_decode(str_sub(s, i, s.n), NULL);
            if (!n)
                break;
            i += n;
        }
        buf_str(out, str_sub(s, from, i));
        if (i == s.n)
            break;
        if ((unsigned char)s.p[i] >= 0x80)
            buf_point(out, 0xFFFD);
        else
            escape(out, (unsigned char)s.p[i]);
        i++;
    }
    buf_c(out, '"');
}

void json_write_num(struct buf *out, double v)
{
    char text[40];
    if (!isfinite(v)) {
        buf_z(out, "null");
        return;
    }
    if (v == floor(v) && fabs(v) <= 9007199254740992.0) {
        buf_z(out, v == 0 && signbit(v) ? "-" : "");
        buf_int(out, (int64_t)v);
        return;
    }
    /* Any double keeps 15 digits, but for those next to zero, which hold fewer. */
    for (int digits = fabs(v) < 1e-300 ? 1 : 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    buf_z(out, text);
}

static int by_key(const void *x, const void *y)
{
    return str_cmp(json_key(*(const struct json *const *)x),
                   json_key(*(const struct json *const *)y));
}

static void enter(struct writer *w, const struct json *n)
{
    if (w->depth == w->cap) {
        w->cap = w->cap ? w->cap * 2 : 32;
        w->levels = mem_realloc(w->levels, w->cap * sizeof *w->levels);
    }
    struct level *l = &w->levels[w->depth++];
    *l = (struct level){.next = json_first(n), .object = json_is(n, JSON_OBJECT)};
    if (!w->sort || !l->object || !l->next)
        return;
    l->n = json_size(n);
    l->sorted = mem_alloc(l->n * sizeof(struct json *));
    for (size_t i = 0; i < l->n; i++, l->next = json_next(l->next))
        l->sorted[i] = l->next;
    qsort(l->sorted, l->n, sizeof *l->sorted, by_key);
}

static const struct json *take(struct level *l)
{
    const struct json *n = l->next;
    if (l->sorted)
        return l->i < l->n ? l->sorted[l->i++] : NULL;
    l->next = json_next(n);
    return n;
}

static void line(struct writer *w)
{
    if (!w->indent)
        return;
    buf_c(w->out, '\n');
    buf_repeat(w->out, ' ', 2 * w->depth);
}

/* Write n, or open it when it holds children. */
static void value(struct writer *w, const struct json *n)
{
    enum json_type type = json_type(n);
    if (type == JSON_STRING)
        json_write_str(w->out, json_str(n));
    else if (type == JSON_NULL)
        buf_z(w->out, "null");
    else if (type != JSON_ARRAY && type != JSON_OBJECT)
        buf_str(w->out, json_scalar(n));
    else if (!json_first(n))
        buf_z(w->out, type == JSON_ARRAY ? "[]" : "{}");
    else {
        buf_c(w->out, type == JSON_ARRAY ? '[' : '{');
        enter(w, n);
        line(w);
    }
}

void json_write(struct buf *out, const struct json *n, bool indent, bool sorted)
{
    struct writer w = {.out = out, .indent = indent, .sort = sorted};
    value(&w, n);
    bool first = w.depth > 0;
    while (w.depth) {
        struct level *l = &w.levels[w.depth - 1];
        const struct json *child = take(l);
        if (!child) {
            bool object = l->object;
            free(l->sorted);
            w.depth--;
            line(&w);
            buf_c(out, object ? '}' : ']');
            first = false;
            continue;
        }
        if (!first) {
            buf_c(out, ',');
            line(&w);
        }
        if (l->object) {
            json_write_str(out, json_key(child));
            buf_z(out, indent ? ": " : ":");
        }
        size_t depth = w.depth;
        value(&w, child);
        first = w.depth > depth;
    }
    free(w.levels);
}
