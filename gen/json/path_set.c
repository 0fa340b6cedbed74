/* Queries that are asked of the same roots: equal ones are one, and what is known of a
 * root is found out once. */
#include "json/path_lex.h"

#include "base/arena.h"
#include "base/buf.h"

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

size_t path_set_lead(struct path_set *set, const struct path_query *q)
{
    struct buf key = BUF_INIT;
    for (size_t i = 0; i < q->v[0].hops; i++) {
        const struct path_selector *s = q->v[i].v;
        bool name = s->kind == SELECT_NAME;
        buf_c(&key, name ? 'n' : 'i');
        if (name)
            json_pointer_add(&key, s->name);
        else
            buf_int(&key, s->start);
    }
    void **slot = map_put(set->a, &set->leads, buf_dup(set->a, &key));
    size_t *number = *slot;
    buf_free(&key);
    if (!number) {
        *slot = number = ARENA_NEW(set->a, size_t);
        *number = set->leads.n;
    }
    return *number;
}

struct path_known *path_known_new(struct arena *a, const struct path_set *set)
{
    struct path_known *k = ARENA_NEW(a, struct path_known);
    k->nodes = ARENA_ARRAY(a, const struct json *, set->leads.n);
    k->tests = ARENA_ARRAY(a, unsigned char, set->queries.n);
    return k;
}
