/* Paths as text: canonical queries, normalized paths, pointers; and what a query names.
 */
#include "json/path_form.h"

#include "base/buf.h"

#include <string.h>

/* A name as RFC 9535, 2.7 writes it: '..' with as few escapes as can be. */
static void quoted(struct buf *out, struct str s)
{
    static const char plain[] = "\b\t\n\f\r'\\", letters[] = "btnfr'\\";
    buf_c(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        const char *at = c ? strchr(plain, c) : NULL;
        if (at) {
            buf_c(out, '\\');
            buf_c(out, letters[at - plain]);
        } else if ((unsigned char)c < 0x20) {
            buf_fmt(out, "\\u%04x", (unsigned)c);
        } else {
            buf_c(out, c);
        }
    }
    buf_c(out, '\'');
}

/* Steps. */

size_t path_depth(const struct path_step *step)
{
    size_t n = 0;
    for (; step; step = step->up)
        n++;
    return n;
}

const struct path_step *path_step_at(const struct path_step *step, size_t i)
{
    size_t n = path_depth(step);
    for (; step && --n > i; step = step->up)
        ;
    return step;
}

void path_normalized(struct buf *out, const struct path_step *step)
{
    size_t n = path_depth(step);
    buf_c(out, '$');
    for (size_t i = 0; i < n; i++) {
        const struct path_step *s = path_step_at(step, i);
        buf_c(out, '[');
        if (s->key.p)
            quoted(out, s->key);
        else
            buf_int(out, (int64_t)s->index);
        buf_c(out, ']');
    }
}

void path_pointer(struct buf *out, const struct path_step *step, size_t skip)
{
    size_t n = path_depth(step);
    for (size_t i = skip; i < n; i++) {
        const struct path_step *s = path_step_at(step, i);
        if (s->key.p)
            json_pointer_add(out, s->key);
        else
            buf_fmt(out, "/%zu", s->index);
    }
}

/* Queries. */

static void expr(struct buf *out, const struct path_expr *e);

static void selector(struct buf *out, const struct path_selector *s)
{
    switch (s->kind) {
    case SELECT_NAME:
        quoted(out, s->name);
        break;
    case SELECT_ANY:
        buf_c(out, '*');
        break;
    case SELECT_INDEX:
        buf_int(out, s->start);
        break;
    case SELECT_SLICE:
        if (s->has_start)
            buf_int(out, s->start);
        buf_c(out, ':');
        if (s->has_end)
            buf_int(out, s->end);
        buf_c(out, ':');
        buf_int(out, s->step);
        break;
    case SELECT_FILTER:
        buf_c(out, '?');
        expr(out, s->filter);
    }
}

static void query(struct buf *out, const struct path_query *q)
{
    buf_c(out, q->relative ? '@' : '$');
    for (size_t i = 0; i < q->n; i++) {
        buf_z(out, q->v[i].deep ? "..[" : "[");
        for (size_t k = 0; k < q->v[i].n; k++) {
            if (k)
                buf_z(out, ", ");
            selector(out, &q->v[i].v[k]);
        }
        buf_c(out, ']');
    }
}

static void literal(struct buf *out, const struct path_expr *e)
{
    static const char *const words[] = {"null", "false", "true"}; /* by enum json_type */
    if (e->type == JSON_STRING)
        quoted(out, e->text);
    else if (e->type == JSON_NUMBER)
        buf_str(out, e->text);
    else
        buf_z(out, words[e->type]);
}

/* How tightly an expression holds together. */
static int strength(const struct path_expr *e)
{
    switch (e->kind) {
    case EXPR_OR:
        return 0;
    case EXPR_AND:
        return e->n > 1 ? 1 : strength(e->terms[0]);
    case EXPR_COMPARE:
        return 2;
    default:
        return 3;
    }
}

static void term(struct buf *out, const struct path_expr *e, int least)
{
    bool parens = strength(e) < least;
    if (parens)
        buf_c(out, '(');
    expr(out, e);
    if (parens)
        buf_c(out, ')');
}

static void expr(struct buf *out, const struct path_expr *e)
{
    const char *between = e->kind == EXPR_OR    ? " || "
                          : e->kind == EXPR_AND ? " && "
                                                : ", ";
    int least = e->kind == EXPR_OR ? 1 : e->kind == EXPR_AND && e->n > 1 ? 2 : 0;
    switch (e->kind) {
    case EXPR_NOT:
        buf_c(out, '!');
        term(out, e->terms[0], 3);
        return;
    case EXPR_COMPARE:
        expr(out, e->terms[0]);
        buf_fmt(out, " %s ", path_op_signs[e->op]);
        expr(out, e->terms[1]);
        return;
    case EXPR_QUERY:
        query(out, e->query);
        return;
    case EXPR_LITERAL:
        literal(out, e);
        return;
    case EXPR_CALL:
        buf_fmt(out, "%s(", e->func->name);
        break;
    default:
        break;
    }
    for (size_t i = 0; i < e->n; i++) {
        if (i)
            buf_z(out, between);
        term(out, e->terms[i], least);
    }
    if (e->kind == EXPR_CALL)
        buf_c(out, ')');
}

void path_canonical(struct buf *out, const struct path *p)
{
    query(out, &p->query);
}

size_t path_prefix(const struct path *p, struct str *names, size_t max)
{
    const struct path_query *q = &p->query;
    size_t n = 0;
    while (n < max && n < q->n && q->v[n].hops && q->v[n].v->kind == SELECT_NAME) {
        names[n] = q->v[n].v->name;
        n++;
    }
    return n;
}

/* Literals. */

struct search {
    struct str function;
    struct str *literals;
    size_t *offsets;
    size_t n, max;
};

static void search_query(struct search *s, const struct path_query *q);

static void search_expr(struct search *s, const struct path_expr *e)
{
    if (e->kind == EXPR_QUERY)
        search_query(s, e->query);
    bool ours = e->kind == EXPR_CALL && str_eq(str_from(e->func->name), s->function);
    for (size_t i = 0; i < e->n; i++) {
        const struct path_expr *t = e->terms[i];
        if (ours && t->kind == EXPR_LITERAL && t->type == JSON_STRING) {
            if (s->n < s->max) {
                s->literals[s->n] = t->text;
                s->offsets[s->n] = t->pos;
            }
            s->n++;
        }
        search_expr(s, t);
    }
}

static void search_query(struct search *s, const struct path_query *q)
{
    for (size_t i = 0; i < q->n; i++)
        for (size_t k = 0; k < q->v[i].n; k++)
            if (q->v[i].v[k].filter)
                search_expr(s, q->v[i].v[k].filter);
}

size_t path_literals(const struct path *p, const char *function, struct str *literals,
                     size_t *offsets, size_t max)
{
    struct search s = {.function = str_from(function),
                       .literals = literals,
                       .offsets = offsets,
                       .max = max};
    search_query(&s, &p->query);
    return s.n;
}
