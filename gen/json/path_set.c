/* Queries that are asked of the same roots: equal ones are one, and what is known of a
 * root is found out once. A list that many of them filter is laid out as a sheet: each of
 * its items is walked through once for all names that they ask it for. */
#include "json/path_lex.h"

#include "base/arena.h"
#include "base/buf.h"

enum { SHEET_MIN_FILTERS = 3 }; /* fewer do not repay it */

struct path_set *path_set_new(struct arena *a, const struct path_func *funcs,
                              size_t nfuncs)
{
    struct path_set *set = ARENA_NEW(a, struct path_set);
    *set = (struct path_set){.a = a, .funcs = funcs, .nfuncs = nfuncs};
    return set;
}

struct path *path_set_parse(struct path_set *set, const struct text *text, struct str src,
                            struct diag *dx)
{
    struct path *p = map_get(&set->queries, src);
    if (p)
        return p;
    size_t said = diag_len(dx);
    p = path_parse_in(set, set->a, text, src, set->funcs, set->nfuncs, dx);
    /* One with a warning is read again, which then names the other place too. */
    if (p && diag_len(dx) == said) {
        *map_put(set->a, &set->queries, p->src) = p;
        p->number = set->queries.n;
    }
    return p;
}

size_t path_set_lead(struct path_set *set, const struct path_segment *hops, size_t n)
{
    struct buf key = BUF_INIT;
    for (size_t i = 0; i < n; i++) {
        const struct path_selector *s = hops[i].v;
        bool name = s->kind == SELECT_NAME;
        buf_c(&key, name ? 'n' : 'i');
        if (name)
            json_pointer_add(&key, s->name);
        else
            buf_int(&key, s->start);
    }
    void **slot = map_put(set->a, &set->leads, buf_dup(set->a, &key));
    struct path_sheet *sheet = *slot;
    buf_free(&key);
    if (!sheet) {
        *slot = sheet = ARENA_NEW(set->a, struct path_sheet);
        sheet->number = set->leads.n;
    }
    return sheet->number;
}

static struct path_sheet *sheet_of(const struct path_set *set, size_t lead)
{
    return set->leads.entries[lead - 1].value;
}

size_t path_sheet_column(struct path_set *set, size_t lead, struct str name)
{
    struct path_sheet *sheet = sheet_of(set, lead);
    for (size_t i = 0; i < sheet->names.n; i++)
        if (str_eq(sheet->names.v[i], name))
            return i + 1;
    *vec_push(set->a, &sheet->names) = name;
    return sheet->names.n;
}

void path_sheet_filter(struct path_set *set, size_t lead)
{
    sheet_of(set, lead)->filters++;
}

const struct json *const *path_sheet_cells(struct path_known *k, size_t lead,
                                           const struct json *list, size_t *width)
{
    const struct path_sheet *sheet = sheet_of(k->set, lead);
    const struct json **cells = k->cells[lead - 1];
    *width = sheet->names.n;
    if (cells || sheet->filters < SHEET_MIN_FILTERS || !json_is(list, JSON_ARRAY))
        return cells;
    cells = ARENA_ARRAY(k->a, const struct json *, json_size(list) * *width);
    json_table(list, sheet->names.v, *width, cells);
    return k->cells[lead - 1] = cells;
}

struct path_known *path_known_new(struct arena *a, const struct path_set *set)
{
    struct path_known *k = ARENA_NEW(a, struct path_known);
    k->a = a;
    k->set = set;
    k->nodes = ARENA_ARRAY(a, const struct json *, set->leads.n);
    k->tests = ARENA_ARRAY(a, unsigned char, set->queries.n);
    k->cells = ARENA_ARRAY(a, const struct json **, set->leads.n);
    return k;
}
