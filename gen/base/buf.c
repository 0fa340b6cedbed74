/* Text being written. */
#include "base/buf.h"

#include "base/arena.h"

#include "base/format.h"
#include <stdlib.h>
#include <string.h>

void buf_free(struct buf *b)
{
    free(b->p);
    *b = BUF_INIT;
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    if (b->p)
        b->p[0] = '\0';
}

void buf_grow(struct buf *b, size_t more)
{
    size_t cap = b->cap ? b->cap * 2 : 256;
    if (cap < b->n + more + 1)
        cap = b->n + more + 1;
    b->p = mem_realloc(b->p, cap);
    b->cap = cap;
}

void buf_repeat(struct buf *b, char c, size_t n)
{
    buf_reserve(b, n);
    memset(b->p + b->n, c, n);
    b->n += n;
    b->p[b->n] = '\0';
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    buf_reserve(b, 64);
    size_t room = b->cap - b->n;
    int n = format_text(b->p + b->n, room, fmt, ap);
    va_end(ap);
    if (n > 0 && (size_t)n >= room) {
        buf_reserve(b, (size_t)n);
        format_text(b->p + b->n, (size_t)n + 1, fmt, again);
    }
    b->n += n > 0 ? (size_t)n : 0;
    b->p[b->n] = '\0';
    va_end(again);
}

void buf_int(struct buf *b, int64_t v)
{
    char digits[24];
    size_t i = sizeof digits;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do {
        digits[--i] = (char)('0' + u % 10);
        u /= 10;
    } while (u);
    if (v < 0)
        digits[--i] = '-';
    buf_str(b, (struct str){digits + i, sizeof digits - i});
}

void buf_point(struct buf *b, uint32_t cp)
{
    char out[4];
    size_t n = 0;
    if (cp < 0x80) {
        out[n++] = (char)cp;
    } else if (cp < 0x800) {
        out[n++] = (char)(0xC0 | cp >> 6);
        out[n++] = (char)(0x80 | (cp & 0x3F));
    } else if (cp < 0x10000) {
        out[n++] = (char)(0xE0 | cp >> 12);
        out[n++] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[n++] = (char)(0x80 | (cp & 0x3F));
    } else {
        out[n++] = (char)(0xF0 | cp >> 18);
        out[n++] = (char)(0x80 | (cp >> 12 & 0x3F));
        out[n++] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[n++] = (char)(0x80 | (cp & 0x3F));
    }
    buf_str(b, (struct str){out, n});
}

/* A bit for each of the bytes from first to last, of the 64 that they are among. */
#define RUN(first, last) (UINT64_MAX >> (63 - ((last) - (first))) << (first) % 64)

void buf_shell(struct buf *b, struct str word)
{
    /* + , - . / 0-9 : and @ A-Z and a-z are runs; the others stand alone. */
    static const uint64_t plain[4] = {RUN('+', ':') | RUN('=', '=') | RUN('%', '%'),
                                      RUN('@', 'Z') | RUN('_', '_') | RUN('a', 'z')};
    bool bare = word.n > 0;
    for (size_t i = 0; i < word.n && bare; i++) {
        unsigned char c = (unsigned char)word.p[i];
        bare = plain[c / 64] >> c % 64 & 1;
    }
    if (bare) {
        buf_str(b, word);
        return;
    }
    buf_c(b, '\'');
    struct str run;
    while (str_cut(word, '\'', &run, &word)) {
        buf_str(b, run);
        buf_z(b, "'\\''");
    }
    buf_str(b, run);
    buf_c(b, '\'');
}

struct str buf_view(const struct buf *b)
{
    return b->p ? (struct str){b->p, b->n} : STR("");
}

struct str buf_dup(struct arena *a, const struct buf *b)
{
    return str_dup(a, buf_view(b));
}
