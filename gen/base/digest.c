/* SHA-256, UUIDs from names, and base64: the one file that includes OpenSSL. */
#include "base/digest.h"

#include "base/arena.h"

/* The functions of OpenSSL 1.1: those of 3.0 first read a configuration and look for a
 * provider, which takes longer than to hash a hundred files. */
#define OPENSSL_API_COMPAT 10100
#include <openssl/sha.h>

#include <stdlib.h>
#include <string.h>

void digest_sha256(struct str s, unsigned char out[DIGEST_BYTES])
{
    SHA256_CTX sha;
    SHA256_Init(&sha);
    SHA256_Update(&sha, s.p, s.n);
    SHA256_Final(out, &sha);
}

struct str digest_digits(struct arena *a, const unsigned char *p, size_t n)
{
    static const char hex[] = "0123456789abcdef";
    char *out = arena_alloc8(a, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = hex[p[i] >> 4];
        out[2 * i + 1] = hex[p[i] & 15];
    }
    return (struct str){out, 2 * n};
}

struct str digest_hex(struct arena *a, struct str s)
{
    unsigned char d[DIGEST_BYTES];
    digest_sha256(s, d);
    return digest_digits(a, d, sizeof d);
}

struct digest {
    SHA256_CTX sha;
};

struct digest *digest_begin(void)
{
    struct digest *d = mem_alloc(sizeof *d);
    SHA256_Init(&d->sha);
    return d;
}

void digest_add(struct digest *d, struct str s)
{
    SHA256_Update(&d->sha, s.p, s.n);
}

void digest_end(struct digest *d, unsigned char out[DIGEST_BYTES])
{
    SHA256_Final(out, &d->sha);
    free(d);
}

void digest_keyed(struct str key, struct str s, unsigned char out[DIGEST_BYTES])
{
    enum { BLOCK = 64 };
    unsigned char block[BLOCK] = {0}, inner[DIGEST_BYTES];
    if (key.n > BLOCK)
        digest_sha256(key, block);
    else if (key.n)
        memcpy(block, key.p, key.n);
    for (size_t i = 0; i < BLOCK; i++)
        block[i] ^= 0x36;
    struct digest *d = digest_begin();
    digest_add(d, (struct str){(const char *)block, BLOCK});
    digest_add(d, s);
    digest_end(d, inner);
    for (size_t i = 0; i < BLOCK; i++)
        block[i] ^= 0x36 ^ 0x5c;
    d = digest_begin();
    digest_add(d, (struct str){(const char *)block, BLOCK});
    digest_add(d, (struct str){(const char *)inner, sizeof inner});
    digest_end(d, out);
}

void digest_uuid5(const unsigned char space[UUID_BYTES], struct str name,
                  char out[UUID_TEXT])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char d[SHA_DIGEST_LENGTH];
    unsigned char *in = mem_alloc(UUID_BYTES + name.n);
    memcpy(in, space, UUID_BYTES);
    if (name.n)
        memcpy(in + UUID_BYTES, name.p, name.n);
    SHA_CTX sha;
    SHA1_Init(&sha);
    SHA1_Update(&sha, in, UUID_BYTES + name.n);
    SHA1_Final(d, &sha);
    free(in);
    d[6] = (unsigned char)((d[6] & 0x0F) | 0x50); /* version 5 */
    d[8] = (unsigned char)((d[8] & 0x3F) | 0x80); /* variant 10 */
    size_t n = 0;
    for (size_t i = 0; i < UUID_BYTES; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out[n++] = '-';
        out[n++] = hex[d[i] >> 4];
        out[n++] = hex[d[i] & 15];
    }
    out[n] = '\0';
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
