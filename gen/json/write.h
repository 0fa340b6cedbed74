/* JSON text out: our own writer, since cJSON's loses digits. */
#pragma once
#include "base/str.h"

struct buf;
struct json;

/* Write the tree with two spaces of indent per level (indent true) or on one line.
 * sorted: members in order of their names' bytes. Numbers that were read come out digit
 * for digit; built ones plain when whole, else with the fewest digits that read back the
 * same. */
void json_write(struct buf *out, const struct json *n, bool indent, bool sorted);

/* A JSON string with quotes: control characters escaped, everything else as UTF-8. */
void json_write_str(struct buf *out, struct str s);
void json_write_num(struct buf *out, double v);
