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

void json_unescape(struct buf *out, struct str s)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    const char *p = s.p, *end = p + s.n;
    while (p < end) {
        const char *slash = memchr(p, '\\', (size_t)(end - p));
        buf_str(out, (struct str){p, (size_t)((slash ? slash : end) - p)});
        if (!slash)
            break;
        char c = slash[1];
        p = slash + 2;
        if (c == 'u') {
            buf_point(out, code_point(&p));
        } else {
            const char *e = strchr(from, c);
            buf_c(out, e ? to[e - from] : c);
        }
    }
}
