/* SHA-256 (FIPS 180-4), UUIDs from names, and base64, by OpenSSL. */
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

/* The version 5 UUID of a name in a namespace (RFC 9562, 5.5: SHA-1, for identity and not
 * for safety): 36 characters and a NUL. */
enum { UUID_BYTES = 16, UUID_TEXT = 37 };
void digest_uuid5(const unsigned char space[UUID_BYTES], struct str name,
                  char out[UUID_TEXT]);

/* Base64 of the digest, as a Content-Security-Policy wants it. */
struct str digest_base64(struct arena *a, struct str s);

/* Base64 (RFC 4648, both alphabets, padding optional, white space skipped) to bytes.
 * p is NULL when s is none. */
struct str base64_decode(struct arena *a, struct str s);
struct str base64_encode(struct arena *a, struct str s);
