/* Run a compiled JSONPath (RFC 9535) on a tree. */
#include "json/path_form.h"

#include "base/arena.h"
#include "json/regex.h"

#include <stdlib.h>

/* Segments are applied depth first, node by node: that gives the order of RFC 9535
 * without a list of nodes between two segments. Where the run stands is a chain of frames
 * on the C stack; steps are made of it only when a node is kept. The stack is bounded by
 * JSON_MAX_DEPTH, PATH_MAX_SEGMENTS and PATH_MAX_DEPTH. */
struct frame {
    const struct json *node;
    struct frame *up;               /* NULL at the root */
    const struct path_segment *hop; /* led here from up by this many single segments */
    size_t hops;
    size_t index; /* without hops: in the parent; OF_MEMBER for a member */
    const struct path_step *kept;
    const struct json *const *cells; /* an item of a sheet: its members; NULL: of none */
};
static const size_t OF_MEMBER = (size_t)-1;

/* What is kept in the caller's arena counts as this many visits, which bounds it. */
enum { KEEP_COST = 8 };

struct run {
    const struct path_env *env;
    struct frame root;
    size_t left; /* nodes that may still be visited */
    bool cut;    /* a limit was reached: unwind */
    struct regex_scratch *scratch;
};

enum sink { SINK_ANY, SINK_ONE, SINK_COUNT, SINK_LIST };

/* One query being applied. */
struct walk {
    struct run *run;
    const struct path_query *q;
    enum sink sink;
    size_t found;
    const struct json *first;
    struct path_nodes *list;
};

static bool go(struct walk *w, size_t seg, struct frame *at);
static bool test(struct run *r, const struct path_expr *e, struct frame *at);
static const struct json *single(struct run *r, const struct path_query *q,
                                 struct frame *at);

static bool tick(struct run *r, size_t n)
{
    if (r->left < n) {
        r->left = 0;
        r->cut = true;
        return false;
    }
    r->left -= n;
    return true;
}

/* The element that an index means, counted from the end when negative; NULL when there is
 * none. *index becomes the index from the start. */
static const struct json *element(struct run *r, const struct json *array, int64_t *index)
{
    if (!json_is(array, JSON_ARRAY))
        return NULL;
    if (*index < 0) {
        size_t n = json_size(array);
        if (!tick(r, n))
            return NULL;
        *index += (int64_t)n;
    }
    return *index < 0 ? NULL : json_at(array, (size_t)*index);
}

/* Follow count segments of one name or index each. */
static const struct json *hop(struct run *r, const struct json *n,
                              const struct path_segment *s, size_t count)
{
    for (; count && n; count--, s++) {
        int64_t index = s->v->start;
        n = s->v->kind == SELECT_NAME ? json_get(n, s->v->name) : element(r, n, &index);
    }
    return n;
}

/* Follow the single segments that stand at seg: from the root once for all queries. */
static const struct json *lead(struct run *r, const struct path_query *q, size_t seg,
                               const struct json *n)
{
    static const char absent;
    const struct path_segment *s = &q->v[seg];
    struct path_known *k = seg || !q->lead ? NULL : r->env->known;
    const struct json **known = k ? &k->nodes[q->lead - 1] : NULL;
    if (known && *known)
        return *known == (const void *)&absent ? NULL : *known;
    n = tick(r, s->hops) ? hop(r, n, s, s->hops) : NULL;
    if (known && !r->cut)
        *known = n ? n : (const void *)&absent;
    return n;
}

/* Results. */

static const struct path_step *step_new(struct arena *a, const struct path_step *up,
                                        struct str key, size_t index)
{
    struct path_step *s = arena_alloc8(a, sizeof *s);
    s->up = up;
    if (index != OF_MEMBER)
        s->index = index;
    else
        s->key = key.p ? key : STR("");
    return s;
}

/* The steps that lead to a frame, shared by all nodes below it. */
static const struct path_step *keep(struct run *r, struct frame *f)
{
    if (!f->up)
        return NULL;
    if (f->kept)
        return f->kept;
    const struct path_step *step = keep(r, f->up);
    if (!f->hops)
        return f->kept = step_new(r->env->a, step, json_key(f->node), f->index);
    for (size_t i = 0; i < f->hops; i++) {
        const struct path_selector *s = f->hop[i].v;
        int64_t index = s->start;
        bool member = s->kind == SELECT_NAME;
        if (!member && index < 0)
            element(r, hop(r, f->up->node, f->hop, i), &index);
        step = step_new(r->env->a, step, s->name, member ? OF_MEMBER : (size_t)index);
    }
    return f->kept = step;
}

/* A node came out at the query's end; true when no more are wanted. */
static bool found(struct walk *w, struct frame *at)
{
    w->found++;
    if (w->sink == SINK_ANY)
        return true;
    if (w->sink == SINK_ONE) {
        w->first = at->node;
        return w->found > 1;
    }
    if (w->sink == SINK_LIST) {
        struct path_nodes *list = w->list;
        if (!tick(w->run, KEEP_COST))
            return true;
        struct path_node *node = vec_push(w->run->env->a, list);
        node->node = at->node;
        node->step = keep(w->run, at);
    }
    return false;
}

/* Selectors: each gives true when the walk is over. */

static bool child(struct walk *w, size_t seg, struct frame *at, const struct json *node,
                  size_t index)
{
    if (!node)
        return w->run->cut;
    struct frame f = {.node = node, .up = at, .index = index};
    return !tick(w->run, 1) || go(w, seg + 1, &f);
}

static bool children(struct walk *w, size_t seg, struct frame *at,
                     const struct path_selector *s)
{
    size_t index = 0;
    const struct path_expr *filter = s->filter;
    if (s->fixed) {
        if (!json_first(at->node) || !test(w->run, filter, at))
            return w->run->cut;
        filter = NULL;
    }
    bool array = json_is(at->node, JSON_ARRAY);
    size_t width = 0;
    const struct json *const *cells = NULL;
    if (filter && s->sheet && w->run->env->known)
        cells = path_sheet_cells(w->run->env->known, s->sheet, at->node, &width);
    const struct json *is = s->is ? single(w->run, s->is, at) : NULL;
    for (const struct json *n = json_first(at->node); n; n = json_next(n), index++) {
        if (!tick(w->run, 1))
            return true;
        if (s->is && !(is && json_is(n, json_type(is))))
            continue;
        struct frame f = {.node = n, .up = at, .index = array ? index : OF_MEMBER};
        f.cells = cells ? cells + index * width : NULL;
        if (filter && !test(w->run, filter, &f)) {
            if (w->run->cut)
                return true;
            continue;
        }
        if (w->run->cut || go(w, seg + 1, &f))
            return true;
    }
    return false;
}

static int64_t clamp(int64_t v, int64_t lo, int64_t hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

static bool slice_on(struct walk *w, size_t seg, struct frame *at, int64_t start,
                     int64_t end, int64_t step)
{
    const struct json *n = json_at(at->node, (size_t)start);
    while (n && start < end) {
        if (child(w, seg, at, n, (size_t)start))
            return true;
        for (int64_t k = 0; k < step && n; k++)
            n = json_next(n);
        start += step;
    }
    return false;
}

/* Children are a chain that goes forward only: hold those from 0 to start. */
static bool slice_back(struct walk *w, size_t seg, struct frame *at, int64_t start,
                       int64_t end, int64_t step)
{
    const struct json **all = mem_alloc(((size_t)start + 1) * sizeof *all);
    const struct json *n = json_first(at->node);
    for (int64_t i = 0; i <= start; i++, n = json_next(n))
        all[i] = n;
    bool over = false;
    for (int64_t i = start; i > end && !over; i += step)
        over = child(w, seg, at, all[i], (size_t)i);
    free(all);
    return over;
}

/* RFC 9535, 2.3.4.2.2. */
static bool slice(struct walk *w, size_t seg, struct frame *at,
                  const struct path_selector *s)
{
    if (!json_is(at->node, JSON_ARRAY) || s->step == 0)
        return false;
    int64_t len = (int64_t)json_size(at->node);
    if (!tick(w->run, (size_t)len))
        return true;
    bool back = s->step < 0;
    int64_t start = s->has_start ? s->start : back ? len - 1 : 0;
    int64_t end = s->has_end ? s->end : back ? -len - 1 : len;
    start = clamp(start < 0 ? start + len : start, back ? -1 : 0, back ? len - 1 : len);
    end = clamp(end < 0 ? end + len : end, back ? -1 : 0, back ? len - 1 : len);
    if (back ? start <= end : start >= end)
        return false;
    return back ? slice_back(w, seg, at, start, end, s->step)
                : slice_on(w, seg, at, start, end, s->step);
}

/* Apply the segment's selectors to one node. */
static bool selectors(struct walk *w, size_t seg, struct frame *at)
{
    const struct path_segment *segment = &w->q->v[seg];
    for (size_t i = 0; i < segment->n; i++) {
        const struct path_selector *s = &segment->v[i];
        int64_t index = s->start;
        bool over = false;
        switch (s->kind) {
        case SELECT_NAME:
            over = child(w, seg, at, json_get(at->node, s->name), OF_MEMBER);
            break;
        case SELECT_INDEX: {
            const struct json *n = element(w->run, at->node, &index);
            over = child(w, seg, at, n, (size_t)index);
            break;
        }
        case SELECT_SLICE:
            over = slice(w, seg, at, s);
            break;
        case SELECT_ANY:
        case SELECT_FILTER:
            over = children(w, seg, at, s);
        }
        if (over)
            return true;
    }
    return false;
}

/* The node, then its descendants, each before its own (RFC 9535, 2.5.2.2). */
static bool descend(struct walk *w, size_t seg, struct frame *at)
{
    if (selectors(w, seg, at))
        return true;
    size_t index = 0;
    bool array = json_is(at->node, JSON_ARRAY);
    for (const struct json *n = json_first(at->node); n; n = json_next(n), index++) {
        struct frame f = {.node = n, .up = at, .index = array ? index : OF_MEMBER};
        if (!tick(w->run, 1) || descend(w, seg, &f))
            return true;
    }
    return false;
}

/* Apply the query from segment seg on; true when the walk is over. */
static bool go(struct walk *w, size_t seg, struct frame *at)
{
    if (seg == w->q->n)
        return found(w, at);
    const struct path_segment *s = &w->q->v[seg];
    if (s->deep)
        return descend(w, seg, at);
    if (!s->hops)
        return selectors(w, seg, at);
    struct frame f = {.up = at, .hop = s, .hops = s->hops};
    f.node = lead(w->run, w->q, seg, at->node);
    return f.node ? go(w, seg + s->hops, &f) : w->run->cut;
}

static struct walk walk(struct run *r, const struct path_query *q, struct frame *at,
                        enum sink sink, struct path_nodes *list)
{
    struct walk w = {.run = r, .q = q, .sink = sink, .list = list};
    go(&w, 0, q->relative ? at : &r->root);
    return w;
}

/* The node of a singular query, or NULL. */
static const struct json *single(struct run *r, const struct path_query *q,
                                 struct frame *at)
{
    if (!q->relative)
        return q->n ? lead(r, q, 0, r->root.node) : r->root.node;
    if (!tick(r, q->n))
        return NULL;
    bool cell = q->column && at->cells;
    const struct json *n = cell ? at->cells[q->column - 1] : at->node;
    return q->n > cell ? hop(r, n, q->v + cell, q->n - cell) : n;
}

/* Values and comparison. */

struct value {
    bool nothing;
    enum json_type type;
    double number;
    struct str text;
    const struct json *node; /* NULL for a number that a function made */
};
static const struct value NOTHING = {.nothing = true};

static struct value of_node(const struct json *n)
{
    if (!n)
        return NOTHING;
    struct value v = {.type = json_type(n), .node = n};
    if (v.type == JSON_STRING)
        v.text = json_str(n);
    else if (v.type == JSON_NUMBER)
        v.number = json_num(n);
    return v;
}

static struct value call_value(struct run *r, const struct path_expr *e,
                               struct frame *at);

static struct value value_of(struct run *r, const struct path_expr *e, struct frame *at)
{
    if (e->kind == EXPR_LITERAL)
        return (struct value){
            .type = e->type, .number = e->number, .text = e->text, .node = e->node};
    return e->kind == EXPR_QUERY ? of_node(single(r, e->query, at))
                                 : call_value(r, e, at);
}

/* Trees: charged like a walk over what had to be looked at. */
static bool equal_trees(struct run *r, const struct json *x, const struct json *y)
{
    bool is = json_equal_within(x, y, &r->left);
    r->cut |= !r->left;
    return is;
}

static bool equal(struct run *r, const struct value *x, const struct value *y)
{
    if (x->nothing || y->nothing)
        return x->nothing && y->nothing;
    if (x->type != y->type)
        return false;
    switch (x->type) {
    case JSON_NUMBER:
        return x->number == y->number;
    case JSON_STRING:
        return str_eq(x->text, y->text);
    case JSON_ARRAY:
    case JSON_OBJECT:
        return equal_trees(r, x->node, y->node);
    default:
        return true;
    }
}

static bool less(const struct value *x, const struct value *y)
{
    if (x->nothing || y->nothing || x->type != y->type)
        return false;
    return x->type == JSON_NUMBER   ? x->number < y->number
           : x->type == JSON_STRING ? str_cmp(x->text, y->text) < 0
                                    : false;
}

/* The comparisons that nearly all checks make need no values: with a literal, */
static bool is_literal(const struct json *n, const struct path_expr *e)
{
    if (!json_is(n, e->type))
        return false;
    return e->type == JSON_STRING   ? str_eq(json_str(n), e->text)
           : e->type == JSON_NUMBER ? json_num(n) == e->number
                                    : true;
}

/* and of the nodes of two queries. */
static bool same(struct run *r, const struct json *x, const struct json *y)
{
    return x && y ? equal_trees(r, x, y) : !x && !y;
}

/* RFC 9535, 2.3.5.2.2. */
static bool compare(struct run *r, const struct path_expr *e, struct frame *at)
{
    const struct path_expr *left = e->terms[0], *right = e->terms[1];
    if (e->op <= OP_NE && left->kind == EXPR_QUERY && right->kind == EXPR_LITERAL)
        return is_literal(single(r, left->query, at), right) == (e->op == OP_EQ);
    if (e->op <= OP_NE && left->kind == EXPR_QUERY && right->kind == EXPR_QUERY)
        return same(r, single(r, left->query, at), single(r, right->query, at)) ==
               (e->op == OP_EQ);
    struct value x = value_of(r, left, at), y = value_of(r, right, at);
    switch (e->op) {
    case OP_EQ:
        return equal(r, &x, &y);
    case OP_NE:
        return !equal(r, &x, &y);
    case OP_LT:
        return less(&x, &y);
    case OP_LE:
        return less(&x, &y) || equal(r, &x, &y);
    case OP_GT:
        return less(&y, &x);
    default:
        return less(&y, &x) || equal(r, &x, &y);
    }
}

/* Functions. */

/* A value as a node, as extensions want it; NULL for Nothing. */
static const struct json *node_of(struct run *r, const struct path_expr *e,
                                  struct frame *at)
{
    if (e->kind == EXPR_LITERAL)
        return e->node;
    if (e->kind == EXPR_QUERY)
        return single(r, e->query, at);
    struct value v = call_value(r, e, at);
    if (v.nothing || v.node)
        return v.node;
    return tick(r, KEEP_COST) ? json_new_num(r->env->a, v.number) : NULL;
}

static struct path_arg extension(struct run *r, const struct path_expr *e,
                                 struct frame *at)
{
    struct path_arg args[4], result = {.kind = e->func->result};
    for (size_t i = 0; i < e->n; i++) {
        const struct path_expr *term = e->terms[i];
        args[i] = (struct path_arg){.kind = e->func->args[i]};
        if (args[i].kind == PATH_VALUE) {
            args[i].value.node = node_of(r, term, at);
        } else if (args[i].kind == PATH_LOGICAL) {
            args[i].logical = test(r, term, at);
        } else if (term->kind == EXPR_QUERY) {
            walk(r, term->query, at, SINK_LIST, &args[i].nodes);
        } else {
            args[i].nodes = extension(r, term, at).nodes;
        }
    }
    if (!r->cut && tick(r, 1))
        e->func->run(r->env, args, &result);
    return result;
}

/* The nodes that a count() or value() looks at: how many, and the only one. */
static size_t nodes_of(struct run *r, const struct path_expr *e, struct frame *at,
                       enum sink sink, const struct json **only)
{
    if (e->kind == EXPR_QUERY) {
        struct walk w = walk(r, e->query, at, sink, NULL);
        *only = w.found == 1 ? w.first : NULL;
        return w.found;
    }
    struct path_nodes nodes = extension(r, e, at).nodes;
    *only = nodes.n == 1 ? nodes.v->node : NULL;
    return nodes.n;
}

static size_t count_points(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

static struct value number(size_t n)
{
    return (struct value){.type = JSON_NUMBER, .number = (double)n};
}

static struct value length(struct run *r, const struct value *v)
{
    if (v->nothing || v->type < JSON_STRING)
        return NOTHING;
    if (v->type == JSON_STRING)
        return tick(r, v->text.n / 64) ? number(count_points(v->text)) : NOTHING;
    size_t n = json_size(v->node);
    return tick(r, n) ? number(n) : NOTHING;
}

static struct value call_value(struct run *r, const struct path_expr *e, struct frame *at)
{
    const struct json *only;
    switch (e->call) {
    case CALL_LENGTH: {
        struct value v = value_of(r, e->terms[0], at);
        return length(r, &v);
    }
    case CALL_COUNT:
        return number(nodes_of(r, e->terms[0], at, SINK_COUNT, &only));
    case CALL_VALUE:
        nodes_of(r, e->terms[0], at, SINK_ONE, &only);
        return of_node(only);
    default:
        return of_node(extension(r, e, at).value.node);
    }
}

/* match() and search(), RFC 9535, 2.4.6 and 2.4.7. */
static bool match(struct run *r, const struct path_expr *e, struct frame *at)
{
    struct value text = value_of(r, e->terms[0], at);
    if (text.nothing || text.type != JSON_STRING)
        return false;
    enum regex_result result = REGEX_NO;
    if (e->regex) {
        result = regex_run(e->regex, &r->scratch, text.text, &r->left);
    } else if (e->terms[1]->kind != EXPR_LITERAL) {
        struct value pattern = value_of(r, e->terms[1], at);
        if (!pattern.nothing && pattern.type == JSON_STRING)
            result = regex_run_text(pattern.text, e->call == CALL_MATCH, &r->scratch,
                                    text.text, &r->left);
    }
    if (result == REGEX_CUT)
        r->cut = true;
    return result == REGEX_YES;
}

static bool call_test(struct run *r, const struct path_expr *e, struct frame *at)
{
    if (e->call == CALL_MATCH || e->call == CALL_SEARCH)
        return match(r, e, at);
    struct path_arg result = extension(r, e, at);
    return e->func->result == PATH_NODES ? result.nodes.n > 0 : result.logical;
}

static bool test(struct run *r, const struct path_expr *e, struct frame *at)
{
    switch (e->kind) {
    case EXPR_OR:
        for (size_t i = 0; i < e->n; i++)
            if (test(r, e->terms[i], at))
                return true;
        return false;
    case EXPR_AND:
        for (size_t i = 0; i < e->n; i++)
            if (!test(r, e->tried[i], at))
                return false;
        return true;
    case EXPR_NOT:
        return !test(r, e->terms[0], at);
    case EXPR_COMPARE:
        return compare(r, e, at);
    case EXPR_QUERY:
        if (e->query->single)
            return single(r, e->query, at) != NULL;
        return walk(r, e->query, at, SINK_ANY, NULL).found > 0;
    case EXPR_CALL:
        return call_test(r, e, at);
    default:
        return false; /* a literal is no test: path_parse.c refuses it */
    }
}

static struct run run_new(const struct json *root, const struct path_env *env)
{
    return (struct run){.env = env, .root.node = root, .left = PATH_MAX_NODES};
}

bool path_run(const struct path *p, const struct json *root, const struct path_env *env,
              struct path_nodes *out)
{
    struct run r = run_new(root, env);
    *out = (struct path_nodes){0};
    if (root)
        walk(&r, &p->query, &r.root, SINK_LIST, out);
    regex_scratch_free(r.scratch);
    return !r.cut;
}

bool path_test(const struct path *p, const struct json *root, const struct path_env *env,
               bool *found_any)
{
    unsigned char *answer =
        p->number && env->known ? &env->known->tests[p->number - 1] : NULL;
    if (answer && *answer) {
        *found_any = *answer == ANSWER_YES;
        return true;
    }
    struct run r = run_new(root, env);
    *found_any = root && walk(&r, &p->query, &r.root, SINK_ANY, NULL).found > 0;
    regex_scratch_free(r.scratch);
    if (answer && !r.cut)
        *answer = *found_any ? ANSWER_YES : ANSWER_NO;
    return !r.cut;
}

bool path_any(const struct path *p, const struct json *root, const struct path_env *env)
{
    bool any;
    return path_test(p, root, env, &any) && any;
}
