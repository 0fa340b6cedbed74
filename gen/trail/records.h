/* Where documents hold CloudTrail records: answers of lookup-events hold each as text,
 * log files as it is. */
#pragma once
#include "evidence/evidence.h"

/* An answer of lookup-events? */
bool records_lookup(const struct document *d);

/* Does it hold records, and can they be read? */
bool records_in(const struct document *d);

/* Call row for each item of Events (lookup-events) or Records. scratch is emptied between
 * rows. */
void records_walk(const struct document *d,
                  void (*row)(void *ctx, struct arena *scratch, const struct json *n,
                              size_t index),
                  void *ctx);

/* The pointer of the record of an item. */
struct str records_pointer(struct arena *a, const struct document *d, size_t index);

/* The text of a member; "" when there is none. */
struct str records_text(const struct json *n, const char *key);
