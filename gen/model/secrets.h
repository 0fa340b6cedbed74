/* Credentials in text: find them, say which kind, never show them. */
#pragma once
#include "base/str.h"

struct arena;
struct buf;

/* What a value is, judged by itself and by the name it stands under (may be empty). */
struct secret {
    const char *kind; /* "aws-access-key-id", "aws-secret-access-key", "password", ... ;
                         NULL: none */
    bool placeholder; /* EXAMPLE, <...>, ${...}, xxxx: looks like one but is none */
    bool certain; /* by format or exact key name; false: by a generic name or entropy */
    size_t start, len; /* the secret part of the value */
};
struct secret secret_find(struct str name, struct str value);

/* All secrets in free text (SQL, Python, a user agent): calls found for each. */
void secret_scan(struct str text, void (*found)(void *ctx, struct secret s), void *ctx);

/* Append value with every secret in it replaced: "AKIA…7XYZ (masked aws-access-key-id)"
 * keeps at most a prefix and the last 4 of an access key id, nothing of other kinds. */
void secret_mask(struct buf *out, struct str name, struct str value);

/* Append lines of JSON text (an excerpt of a document, any cut) with the secrets masked.
 */
void secret_mask_json(struct buf *out, struct str lines);

/* First 12 hex digits of SHA-256 of the secret: tells equal ones apart without showing
 * them. */
struct str secret_tag(struct arena *a, struct str value);

/* The account that an access key id belongs to: 12 digits coded in it (keys made since
 * about 2019); empty when it cannot be read. */
struct str secret_account(struct arena *a, struct str key_id);
