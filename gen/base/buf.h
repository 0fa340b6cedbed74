/* Text being written: owns its bytes, grows, always NUL-terminated. */
#pragma once
#include "base/str.h"

struct buf {
    char *p;
    size_t n, cap;
};

#define BUF_INIT ((struct buf){0})

void buf_free(struct buf *b); /* and makes it empty, ready for use again */
void buf_clear(struct buf *b);
void buf_grow(struct buf *b, size_t more);

/* Room for more bytes beyond n. */
static inline void buf_reserve(struct buf *b, size_t more)
{
    if (b->cap - b->n <= more)
        buf_grow(b, more);
}

static inline void buf_c(struct buf *b, char c)
{
    buf_reserve(b, 1);
    b->p[b->n++] = c;
    b->p[b->n] = '\0';
}

static inline void buf_str(struct buf *b, struct str s)
{
    buf_reserve(b, s.n);
    if (s.n)
        memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
    b->p[b->n] = '\0';
}

static inline void buf_z(struct buf *b, const char *z)
{
    buf_str(b, str_from(z));
}

void buf_repeat(struct buf *b, char c, size_t n);
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_int(struct buf *b, int64_t v);
void buf_point(struct buf *b, uint32_t cp); /* code point, as UTF-8 */

/* A word of a shell command, quoted when it holds more than plain characters: names in
 * evidence may be anything, and people paste commands. */
void buf_shell(struct buf *b, struct str word);

/* What is written so far, borrowed until the next change. */
struct str buf_view(const struct buf *b);

/* A copy of it in arena a. */
struct str buf_dup(struct arena *a, const struct buf *b);
