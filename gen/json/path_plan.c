/* How a compiled JSONPath is run: what can be known of a query before there is a tree. */
#include "json/path_form.h"

#include "base/arena.h"

/* How likely a test is to hold, by what it looks like: only where it costs and changes
 * nothing to ask for it before others. */
enum { SELDOM, EITHER_SELDOM, SOMETIMES, OFTEN, MOSTLY, NOT_KNOWN };

static int compare_likely(const struct path_expr *e)
{
    if (e->kind != EXPR_COMPARE || e->op > OP_NE || e->terms[0]->kind != EXPR_QUERY ||
        e->terms[1]->kind != EXPR_LITERAL)
        return NOT_KNOWN;
    enum json_type type = e->terms[1]->type;
    return e->op == OP_NE       ? MOSTLY
           : type == JSON_TRUE  ? SELDOM
           : type == JSON_FALSE ? OFTEN
                                : SOMETIMES;
}

static int likely(const struct path_expr *e)
{
    if (e->kind != EXPR_OR)
        return compare_likely(e);
    for (size_t i = 0; i < e->n; i++)
        if (compare_likely(e->terms[i]) != SELDOM)
            return NOT_KNOWN;
    return EITHER_SELDOM;
}

const struct path_expr **path_tried(struct arena *a, const struct path_expr *e)
{
    const struct path_expr **tried = ARENA_ARRAY(a, const struct path_expr *, e->n);
    size_t n = 0;
    for (int rank = SELDOM; rank <= NOT_KNOWN; rank++)
        for (size_t i = 0; i < e->n; i++)
            if (likely(e->terms[i]) == rank)
                tried[n++] = e->terms[i];
    return tried;
}

const struct path_query *path_filter_is(const struct path_expr *e)
{
    if (e->kind == EXPR_AND)
        return path_filter_is(e->terms[0]);
    if (e->kind != EXPR_COMPARE || e->op != OP_EQ || e->terms[0]->kind != EXPR_QUERY ||
        e->terms[1]->kind != EXPR_QUERY)
        return NULL;
    const struct path_query *left = e->terms[0]->query, *right = e->terms[1]->query;
    return left->relative && !left->n && !right->relative ? right : NULL;
}

bool path_is_hop(const struct path_segment *s)
{
    return !s->deep && s->n == 1 &&
           (s->v->kind == SELECT_NAME || s->v->kind == SELECT_INDEX);
}

void path_count_hops(struct path_query *q)
{
    size_t hops = 0;
    for (size_t i = q->n; i-- > 0;) {
        struct path_segment *s = &q->v[i];
        s->hops = hops = path_is_hop(s) ? hops + 1 : 0;
    }
    q->single = hops == q->n;
}
