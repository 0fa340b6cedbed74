/* gzip (RFC 1952) in memory, by libdeflate. */
#pragma once
#include "base/str.h"

struct arena;

enum gzip_result { GZIP_OK, GZIP_BAD, GZIP_CUT, GZIP_TOO_LARGE };

bool gzip_is(struct str s); /* starts with the gzip magic */

/* Inflate all members of s into arena a (a NUL follows the bytes). GZIP_TOO_LARGE when
 * the result would exceed max_bytes; GZIP_CUT when the input ends inside a member. */
enum gzip_result gzip_inflate(struct arena *a, struct str s, size_t max_bytes,
                              struct str *out);
