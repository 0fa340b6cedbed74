/* The records of a document, one after the other. */
#include "trail/records.h"

#include "json/json.h"

#include <string.h>

bool records_lookup(const struct document *d)
{
    return strcmp(d->op->kind, "cloudtrail:LookupEvents") == 0;
}

bool records_in(const struct document *d)
{
    return d->state == DOCUMENT_ANSWER && d->op &&
           (records_lookup(d) || strcmp(d->op->kind, "cloudtrail:Records") == 0);
}

void records_walk(const struct document *d,
                  void (*row)(void *ctx, struct arena *scratch, const struct json *n,
                              size_t index),
                  void *ctx)
{
    struct arena *scratch = arena_new();
    const char *list = records_lookup(d) ? "Events" : "Records";
    size_t index = 0;
    for (const struct json *n = json_first(json_get(d->root, str_from(list))); n;
         n = json_next(n), index++) {
        row(ctx, scratch, n, index);
        arena_rewind(scratch);
    }
    arena_free(scratch);
}

struct str records_pointer(struct arena *a, const struct document *d, size_t index)
{
    return str_fmt(a, records_lookup(d) ? "/Events/%zu/CloudTrailEvent" : "/Records/%zu",
                   index);
}

struct str records_text(const struct json *n, const char *key)
{
    return json_str(json_get(n, str_from(key)));
}
