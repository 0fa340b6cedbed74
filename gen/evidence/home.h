/* Where an answer stands in the home layout: the other direction of name_read. */
#pragma once
#include "base/str.h"

struct arena;
struct buf;

/* Does a qualifier hold this byte as it is? */
bool home_plain(char c);

/* One qualifier as a file name writes it: bytes outside [A-Za-z0-9.-] as _HH, in capitals
 * ('_' is _5F). Longer ones than file systems take are cut, and get '~' and ten digits of
 * the SHA-256 of s; name_read tells those by that. */
void home_qualifier(struct buf *out, struct arena *a, struct str s);

/* ACCOUNT/REGION/SERVICE/COMMAND~QUALIFIER..., without an ending. region "" stands as
 * "global". Lives in a. Layout: samples/README.md. */
struct str home_path(struct arena *a, struct str account, struct str region,
                     struct str service, struct str command, const struct str *qualifiers,
                     size_t n);
