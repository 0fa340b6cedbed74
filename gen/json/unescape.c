/* Undo the escapes of JSON strings. */
#include "json/unescape.h"

static uint32_t hex4(const char *p)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t c = (unsigned char)p[i];
        v = v << 4 | (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return v;
}

/* The code point of the \u escape, or the two of a pair, whose digits start at *p. */
static uint32_t code_point(const char **p)
{
    uint32_t cp = hex4(*p);
    *p += 4;
    if (cp >= 0xD800 && cp < 0xDC00) {
        cp = 0x10000 + ((cp - 0xD800) << 10) + (hex4(*p + 2) - 0xDC00);
        *p += 6;
    }
    return cp;
}

/* What the escape of one character means: itself mostly. */
static char plain(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

void json_unescape(struct buf *out, struct str s)
{
    const char *p = s.p, *end = p + s.n;
    buf_reserve(out, s.n); /* no escape is shorter than what it means */
    char *to = out->p + out->n;
    while (p < end) {
        /* JSON in a string has a quote every few bytes: too near for memchr. */
        if (*p != '\\') {
            *to++ = *p++;
        } else if (p[1] != 'u') {
            *to++ = plain(p[1]);
            p += 2;
        } else {
            p += 2;
            out->n = (size_t)(to - out->p);
            buf_point(out, code_point(&p));
            to = out->p + out->n;
        }
    }
    *to = '\0';
    out->n = (size_t)(to - out->p);
}
