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

enum {
    PIECE_BYTES = 4096, /* of a string, for which room is made at once */
    ESCAPE_BYTES = 6    /* what one byte may become */
};

/* Which of eight bytes cannot be copied as they are: the first that is marked, by its
 * high bit, is no printable ASCII, or a quote, or a backslash; later marks may be wrong.
 */
static uint64_t marks(uint64_t v)
{
    const uint64_t ones = 0x0101010101010101u, high = ones << 7;
    uint64_t quote = v ^ ones * '"', slash = v ^ ones * '\\';
    /* Of a byte below 0x80, one less than k sets the high bit where it is less than k. */
    return ((v - ones * ' ') | (quote - ones) | (slash - ones) | v) & high;
}

/* How many bytes come before the first that is marked: on a machine whose first byte is
 * not the lowest, fewer perhaps. */
static size_t before(uint64_t marked)
{
    return (size_t)(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_ctzll(marked)
                                                              : __builtin_clzll(marked)) /
           8;
}

/* One control character, quote or backslash. Gives the end of what it wrote. */
static char *escape(char *to, unsigned char c)
{
    static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt", digits[] = "0123456789abcdef";
    *to++ = '\\';
    for (const char *name = names; *name; name += 2)
        if (*name == (char)c) {
            *to++ = name[1];
            return to;
        }
    memcpy(to, "u00", 3);
    to[3] = digits[c >> 4];
    to[4] = digits[c & 15];
    return to + 5;
}

/* Write s, for which there is room; a character that goes on in rest is whole there.
 * Gives how many bytes of s were written. */
static size_t write_piece(char **to, struct str s, struct str rest)
{
    size_t i = 0;
    while (i < s.n) {
        uint64_t v;
        if (s.n - i >= sizeof v) {
            memcpy(&v, s.p + i, sizeof v);
            memcpy(*to, &v, sizeof v);
            uint64_t marked = marks(v);
            size_t n = marked ? before(marked) : sizeof v;
            i += n;
            *to += n;
            if (!marked)
                continue;
        }
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x80) {
            size_t n = utf8_decode(str_sub(rest, i, rest.n), NULL);
            memcpy(*to, n ? s.p + i : "\xEF\xBF\xBD", n ? n : 3);
            *to += n ? n : 3;
            i += n ? n : 1;
            continue;
        }
        if (c < ' ' || c == '"' || c == '\\')
            *to = escape(*to, c);
        else
            *(*to)++ = (char)c;
        i++;
    }
    return i;
}

void json_write_str(struct buf *out, struct str s)
{
    buf_c(out, '"');
    while (s.n) {
        struct str piece = str_sub(s, 0, PIECE_BYTES);
        buf_reserve(out, piece.n * ESCAPE_BYTES + sizeof(uint64_t));
        char *to = out->p + out->n;
        size_t n = write_piece(&to, piece, s);
        out->n = (size_t)(to - out->p);
        s = str_sub(s, n, s.n);
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
