/* Lines with their secrets masked, each once. */
#include "report/masked.h"

#include "base/arena.h"
#include "model/secrets.h"

struct masked_lines *masked_lines_new(struct arena *a, unsigned n)
{
    struct masked_lines *v = ARENA_ARRAY(a, struct masked_lines, n);
    for (unsigned i = 0; i < n; i++)
        v[i].a = arena_new();
    return v;
}

void masked_lines_free(struct masked_lines *v, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        arena_free(v[i].a);
        buf_free(&v[i].work);
    }
}

struct str masked_line(struct masked_lines *lines, struct str line)
{
    void **slot = map_put(lines->a, &lines->known, line);
    if (*slot)
        return *(const struct str *)*slot;
    struct str *shown = ARENA_NEW(lines->a, struct str);
    buf_clear(&lines->work);
    secret_mask_json(&lines->work, line);
    bool same = str_eq(buf_view(&lines->work), line);
    *shown = same ? line : buf_dup(lines->a, &lines->work);
    *slot = shown;
    return *shown;
}
