/* UTF-8: check, decode, and make what cannot be seen visible. */
#pragma once
#include "base/str.h"

struct buf;

/* Bytes of the well-formed code point at the start of s (Unicode 15, table 3-7); 0 when s
 * is empty or starts with none. *cp may be NULL. */
size_t utf8_decode(struct str s, uint32_t *cp);

/* The same, but 1 for a bad byte: for walking text that may be anything. 0 only at the
 * end. */
size_t utf8_len(struct str s);

/* Offset of the first byte that is not well-formed UTF-8, or s.n. */
size_t utf8_check(struct str s);

/* Columns that s takes in a terminal: East Asian wide characters count 2, combining marks
 * 0. */
size_t utf8_columns(struct str s);

/* How many bytes at the start of s are printable ASCII, or line feeds too. */
size_t utf8_plain(struct str s, bool lines);

/* Append s with everything invisible or illegal in XML 1.0 made visible: C0 controls and
 * DEL as their Unicode pictures, C1, bidi, zero-width, tag and non-characters as
 * <U+XXXX>, bad bytes as U+FFFD. Every format writes untrusted text through this. */
void utf8_vis(struct buf *out, struct str s);

/* The same, but line feeds stay, and a carriage return before one is dropped: for blocks.
 */
void utf8_vis_lines(struct buf *out, struct str s);

/* A copy of s through utf8_vis in arena a; s itself when nothing would change. */
struct str utf8_visible(struct arena *a, struct str s);
