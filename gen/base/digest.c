/* SHA-256 and base64: the one file that includes OpenSSL. */
#include "base/digest.h"

#include "base/arena.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <string.h>

void digest_sha256(struct str s, unsigned char out[DIGEST_BYTES])
{
    SHA256((const unsigned char *)(s.p ? s.p : ""), s.n, out);
}

struct str digest_hex(struct arena *a, struct str s)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char d[DIGEST_BYTES];
    digest_sha256(s, d);
    char *p = arena_alloc8(a, (size_t)2 * DIGEST_BYTES + 1);
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        p[2 * i] = hex[d[i] >> 4];
        p[2 * i + 1] = hex[d[i] & 15];
    }
    return (struct str){p, (size_t)2 * DIGEST_BYTES};
}

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct str base64_encode(struct arena *a, struct str s)
{
    char *p = arena_alloc8(a, (s.n + 2) / 3 * 4 + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i += 3) {
        size_t left = s.n - i;
        uint32_t v = (uint32_t)(unsigned char)s.p[i] << 16;
        if (left > 1)
            v |= (uint32_t)(unsigned char)s.p[i + 1] << 8;
        if (left > 2)
            v |= (unsigned char)s.p[i + 2];
        p[n++] = alphabet[v >> 18];
        p[n++] = alphabet[v >> 12 & 63];
        p[n++] = left > 1 ? alphabet[v >> 6 & 63] : '=';
        p[n++] = left > 2 ? alphabet[v & 63] : '=';
    }
    return (struct str){p, n};
}

struct str digest_base64(struct arena *a, struct str s)
{
    unsigned char d[DIGEST_BYTES];
    digest_sha256(s, d);
    return base64_encode(a, (struct str){(const char *)d, DIGEST_BYTES});
}

static int sextet(char c)
{
    if (c == '-')
        return 62;
    if (c == '_')
        return 63;
    const char *at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

struct str base64_decode(struct arena *a, struct str s)
{
    static const struct str none = {NULL, 0};
    char *p = arena_alloc8(a, s.n / 4 * 3 + 4);
    size_t n = 0, digits = 0, pads = 0;
    uint32_t v = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == ' ' || (c >= '\t' && c <= '\r'))
            continue;
        if (c == '=') {
            pads++;
            continue;
        }
        int six = sextet(c);
        if (six < 0 || pads)
            return none;
        v = v << 6 | (uint32_t)six;
        if (++digits % 4 == 0) {
            p[n++] = (char)(v >> 16);
            p[n++] = (char)(v >> 8);
            p[n++] = (char)v;
            v = 0;
        }
    }
    size_t rest = digits % 4;
    if (rest == 1 || pads > 2 || (pads && (rest + pads) % 4))
        return none;
    if (rest == 2)
        p[n++] = (char)(v >> 4);
    if (rest == 3) {
        p[n++] = (char)(v >> 10);
        p[n++] = (char)(v >> 2);
    }
    return (struct str){p, n};
}
