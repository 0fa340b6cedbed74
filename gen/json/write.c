/* JSON text out. */
#include "json/write.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/lanes.h"
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
    ESCAPE_BYTES = 6,   /* what one byte may become */
};

/* Which bytes cannot be copied as they are: all but printable ASCII, and of that quotes
 * and backslashes. */
static lanes odd_of(lanes v)
{
    return (v < ' ') | (v == '"') | (v == '\\');
}

/* How many lanes come before the first odd one, when there is one. */
static size_t plain_of(lanes odd)
{
    uint64_t half[2];
    memcpy(half, &odd, sizeof half);
    size_t n = 0;
    if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
        return (size_t)(half[0] ? __builtin_ctzll(half[0])
                                : 64 + __builtin_ctzll(half[1])) /
               8;
    while (!odd[n])
        n++;
    return n;
}

/* One control character. Gives the end of what it wrote. */
static char *escape(char *to, unsigned char c)
{
    static const char names[] = "\bb\ff\nn\rr\tt", digits[] = "0123456789abcdef";
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

/* Write the character that s begins with, which cannot be copied. Gives how many bytes of
 * s it takes. */
static size_t write_odd(char **to, struct str s)
{
    char c = *s.p;
    if (c == '"' || c == '\\') {
        *(*to)++ = '\\';
        *(*to)++ = c;
        return 1;
    }
    if ((unsigned char)c < ' ') {
        *to = escape(*to, (unsigned char)c);
        return 1;
    }
    size_t n = utf8_decode(s, NULL);
    memcpy(*to, n ? s.p : "\xEF\xBF\xBD", n ? n : 3);
    *to += n ? n : 3;
    return n ? n : 1;
}

/* Write s, for which there is room; a character that goes on in rest is whole there.
 * Gives how many bytes of s were written. */
static size_t write_piece(char **end, struct str s, struct str rest)
{
    char *to = *end;
    size_t i = 0;
    while (i < s.n) {
        size_t n = s.n - i;
        lanes odd;
        if (n >= LANES) {
            lanes v = lanes_at(s.p + i);
            n = LANES;
            memcpy(to, &v, LANES);
            odd = odd_of(v);
        } else {
            odd = odd_of(lanes_few(s.p + i, n));
            memcpy(to, s.p + i, n);
            if (lanes_any(odd)) { /* once more, in order */
                lanes v = {0};
                memcpy(&v, s.p + i, n);
                odd = odd_of(v);
            }
        }
        bool whole = !lanes_any(odd);
        n = whole ? n : plain_of(odd);
        to += n;
        i += n;
        if (!whole)
            i += write_odd(&to, str_sub(rest, i, rest.n));
    }
    *end = to;
    return i;
}

void json_write_str(struct buf *out, struct str s)
{
    buf_c(out, '"');
    do {
        struct str piece = str_sub(s, 0, PIECE_BYTES);
        buf_reserve(out, piece.n * ESCAPE_BYTES + LANES);
        char *to = out->p + out->n;
        size_t n = write_piece(&to, piece, s);
        out->n = (size_t)(to - out->p);
        s = str_sub(s, n, s.n);
    } while (s.n);
    out->p[out->n++] = '"'; /* lanes left room */
    out->p[out->n] = '\0';
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
