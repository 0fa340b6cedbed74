/* SHA-256 (FIPS 180-4), by OpenSSL. */
#pragma once
#include "base/str.h"

struct arena;

enum { DIGEST_BYTES = 32 };

void digest_sha256(struct str s, unsigned char out[DIGEST_BYTES]);

/* 64 lower-case hex digits. */
struct str digest_hex(struct arena *a, struct str s);

/* The same piece by piece: digest_end gives the digest and frees d. */
struct digest;
struct digest *digest_begin(void);
void digest_add(struct digest *d, struct str s);
void digest_end(struct digest *d, unsigned char out[DIGEST_BYTES]);

/* Bytes as lower-case hex digits. */
struct str digest_digits(struct arena *a, const unsigned char *p, size_t n);

/* HMAC-SHA-256 (RFC 2104). */
void digest_keyed(struct str key, struct str s, unsigned char out[DIGEST_BYTES]);

/* Base64 of the digest, as a Content-Security-Policy wants it. */
struct str digest_base64(struct arena *a, struct str s);

/* Base64 (RFC 4648, both alphabets, padding optional, white space skipped) to bytes.
 * p is NULL when s is none. */
struct str base64_decode(struct arena *a, struct str s);
struct str base64_encode(struct arena *a, struct str s);
