/* What the escapes in a JSON string stand for. */
#pragma once
#include "base/buf.h"

/* Append what s, the inside of a valid JSON string, means (RFC 8259, section 7). */
void json_unescape(struct buf *out, struct str s);
