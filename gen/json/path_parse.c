/* Compile a JSONPath (RFC 9535): the grammar of appendix A, and the types of 2.4.3. */
#include "json/path_lex.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "json/regex.h"

#include <assert.h>
#include <string.h>

/* clang-format off */
/* By enum path_builtin. */
static const struct path_func builtins[] = {
    {"length", PATH_VALUE,   1, {PATH_VALUE},             NULL, "number of characters, elements or members"},
    {"count",  PATH_VALUE,   1, {PATH_NODES},             NULL, "number of nodes that a path selects"},
    {"match",  PATH_LOGICAL, 2, {PATH_VALUE, PATH_VALUE}, NULL, "the whole text matches the regular expression (RFC 9485)"},
    {"search", PATH_LOGICAL, 2, {PATH_VALUE, PATH_VALUE}, NULL, "some part of the text matches the regular expression"},
    {"value",  PATH_VALUE,   1, {PATH_NODES},             NULL, "the value of the only node that a path selects"},
};
/* clang-format on */

enum { NBUILTINS = sizeof builtins / sizeof *builtins };

const char *const path_op_signs[] = {"==", "!=", "<", "<=", ">", ">="};

const struct path_func *path_functions(size_t *n)
{
    *n = NBUILTINS;
    return builtins;
}

struct selectors {
    struct path_selector *v;
    size_t n, cap;
};

static struct path_expr *or_expr(struct path_reader *r);
static bool segments(struct path_reader *r, struct path_query *q);

static bool enter(struct path_reader *r)
{
    if (r->depth++ < PATH_MAX_DEPTH)
        return true;
    return path_fail(r, FAULT_DEPTH, r->i, 1);
}

static void leave(struct path_reader *r)
{
    r->depth--;
}

/* A fault at the code point that stands here, or at the end. */
static bool fail_here(struct path_reader *r, enum path_fault fault)
{
    return path_fail(r, fault, r->i, path_point_len(r, r->i));
}

static struct path_expr *expr_new(struct path_reader *r, enum path_expr_kind kind,
                                  size_t pos)
{
    struct path_expr *e = ARENA_NEW(r->a, struct path_expr);
    e->kind = kind;
    e->pos = pos;
    e->len = r->i - pos;
    return e;
}

/* Types (RFC 9535, 2.4.3). */

static const char *const kind_names[] = {"a value", "true or false", "nodes"};

static const char *what_is(const struct path_expr *e)
{
    switch (e->kind) {
    case EXPR_LITERAL:
        return "a literal";
    case EXPR_QUERY:
        return e->query->single ? "a path to one node" : "a path to several nodes";
    case EXPR_CALL:
        return kind_names[e->func->result];
    default:
        return "true or false";
    }
}

/* e stands alone where a test is wanted: a path tests that something is there. */
static bool check_test(struct path_reader *r, const struct path_expr *e)
{
    if (e->kind == EXPR_LITERAL)
        return path_fail(r, FAULT_LITERAL_TEST, e->pos, e->len);
    if (e->kind == EXPR_CALL && e->func->result == PATH_VALUE) {
        diag_at(r->dx, &path_faults[FAULT_RESULT_KIND], path_origin(r, e->pos, e->len),
                "%s() gives a value, which is no test by itself", e->func->name);
        return false;
    }
    return true;
}

static bool check_comparable(struct path_reader *r, const struct path_expr *e)
{
    if (e->kind == EXPR_LITERAL)
        return true;
    if (e->kind == EXPR_QUERY) {
        if (!e->query->single)
            return path_fail(r, FAULT_NOT_SINGLE, e->pos, e->len);
        return !e->query->blank || path_fail(r, FAULT_BLANK, e->query->blank - 1, 1);
    }
    if (e->kind != EXPR_CALL)
        return path_fail(r, FAULT_COMPARE_LOGICAL, e->pos, e->len);
    if (e->func->result == PATH_VALUE)
        return true;
    diag_at(r->dx, &path_faults[FAULT_RESULT_KIND], path_origin(r, e->pos, e->len),
            "%s() gives %s, which cannot be compared", e->func->name,
            kind_names[e->func->result]);
    return false;
}

static bool fits(const struct path_expr *e, enum path_kind kind)
{
    switch (e->kind) {
    case EXPR_LITERAL:
        return kind == PATH_VALUE;
    case EXPR_QUERY:
        return kind != PATH_VALUE || e->query->single;
    case EXPR_CALL:
        return kind == e->func->result ||
               (kind == PATH_LOGICAL && e->func->result == PATH_NODES);
    default:
        return kind == PATH_LOGICAL;
    }
}

/* Function calls. */

static const struct path_func *find_function(struct path_reader *r, struct str name,
                                             enum path_builtin *call)
{
    size_t pos = (size_t)(name.p - r->s.p);
    const char *near = NULL;
    unsigned best = 3;
    for (size_t i = 0; i < NBUILTINS + r->nfuncs; i++) {
        const struct path_func *f =
            i < NBUILTINS ? &builtins[i] : &r->funcs[i - NBUILTINS];
        if (str_eq(name, str_from(f->name))) {
            *call = i < NBUILTINS ? (enum path_builtin)i : CALL_EXTENSION;
            return f;
        }
        unsigned d = str_eq_nocase(name, str_from(f->name))
                         ? 0
                         : str_distance(name, str_from(f->name), 2);
        if (d < best && d < name.n) {
            best = d;
            near = f->name;
        }
    }
    diag_at(r->dx, &path_faults[FAULT_FUNCTION], path_origin(r, pos, name.n),
            near ? "\"%.*s\"; did you mean %s()?" : "\"%.*s\"", STR_ARG(name), near);
    return NULL;
}

static bool check_arg(struct path_reader *r, const struct path_func *f, size_t i,
                      const struct path_expr *e)
{
    if (i >= f->nargs) {
        diag_at(r->dx, &path_faults[FAULT_ARG_COUNT], path_origin(r, e->pos, e->len),
                "%s() takes %d", f->name, f->nargs);
        return false;
    }
    if (fits(e, f->args[i]))
        return true;
    diag_at(r->dx, &path_faults[FAULT_ARG_KIND], path_origin(r, e->pos, e->len),
            "%s() wants %s here, this is %s", f->name, kind_names[f->args[i]],
            what_is(e));
    return false;
}

/* A literal pattern is compiled once, here. */
static void compile_pattern(struct path_reader *r, struct path_expr *call)
{
    assert(call->n == 2);
    const struct path_expr *e = call->terms[1];
    if (e->kind != EXPR_LITERAL || e->type != JSON_STRING)
        return;
    struct iregexp_fault fault;
    call->regex = regex_new(r->a, e->text, call->call == CALL_MATCH, &fault);
    if (!call->regex)
        diag_at(r->dx, &path_faults[FAULT_PATTERN], path_origin(r, e->pos, e->len),
                "at its byte %zu: %s", fault.pos + 1, fault.why);
}

/* name( args ); r stands behind the parenthesis. */
static struct path_expr *call_expr(struct path_reader *r, struct str name)
{
    enum path_builtin call;
    const struct path_func *f = find_function(r, name, &call);
    if (!f || !enter(r))
        return NULL;
    VEC(const struct path_expr *) args = {0};
    path_blanks(r);
    while (path_peek(r, 0) != ')' || args.n) {
        const struct path_expr *e = or_expr(r);
        if (!e || !check_arg(r, f, args.n, e))
            return NULL;
        *vec_push(r->a, &args) = e;
        path_blanks(r);
        if (!path_take(r, ','))
            break;
        path_blanks(r);
    }
    if (!path_take(r, ')')) {
        fail_here(r, FAULT_PAREN);
        return NULL;
    }
    leave(r);
    if (args.n < f->nargs) {
        diag_at(r->dx, &path_faults[FAULT_ARG_COUNT], path_origin(r, r->i - 1, 1),
                "%s() takes %d, %zu given", f->name, f->nargs, args.n);
        return NULL;
    }
    struct path_expr *e = expr_new(r, EXPR_CALL, (size_t)(name.p - r->s.p));
    e->call = call;
    e->func = f;
    e->n = args.n;
    e->terms = args.v;
    if (call == CALL_MATCH || call == CALL_SEARCH)
        compile_pattern(r, e);
    return e;
}

/* Operands. */

static struct path_expr *query_expr(struct path_reader *r)
{
    size_t pos = r->i;
    struct path_query *q = ARENA_NEW(r->a, struct path_query);
    q->relative = r->s.p[r->i++] == '@';
    r->relative |= q->relative;
    if (!segments(r, q))
        return NULL;
    struct path_expr *e = expr_new(r, EXPR_QUERY, pos);
    e->query = q;
    return e;
}

static struct path_expr *literal_expr(struct path_reader *r)
{
    size_t pos = r->i;
    int c = path_peek(r, 0);
    struct path_expr lit = {.type = JSON_STRING};
    if (c == '"' || c == '\'') {
        if (!path_string(r, &lit.text))
            return NULL;
        lit.node = json_new_str(r->a, lit.text);
    } else {
        lit.type = JSON_NUMBER;
        if (!path_number(r, &lit.text, &lit.number))
            return NULL;
        lit.node = json_new_num(r->a, lit.number);
    }
    struct path_expr *e = expr_new(r, EXPR_LITERAL, pos);
    e->type = lit.type;
    e->text = lit.text;
    e->number = lit.number;
    e->node = lit.node;
    return e;
}

/* true, false, null, or a function call. */
static struct path_expr *word_expr(struct path_reader *r)
{
    size_t pos = r->i;
    struct str name = path_name(r);
    if (path_take(r, '('))
        return call_expr(r, name);
    struct path_expr *e = expr_new(r, EXPR_LITERAL, pos);
    if (str_eq(name, STR("null"))) {
        e->type = JSON_NULL;
        e->node = json_new_null(r->a);
        return e;
    }
    if (str_eq(name, STR("true")) || str_eq(name, STR("false"))) {
        e->type = name.p[0] == 't' ? JSON_TRUE : JSON_FALSE;
        e->node = json_new_bool(r->a, e->type == JSON_TRUE);
        return e;
    }
    path_blanks(r);
    if (r->i > pos + name.n && path_peek(r, 0) == '(')
        path_fail(r, FAULT_BLANK, pos + name.n, 1);
    else
        diag_at(r->dx, &path_faults[FAULT_EXPRESSION], path_origin(r, pos, name.n),
                "\"%.*s\"; a path starts with @ or $, a text stands in quotes",
                STR_ARG(name));
    return NULL;
}

static struct path_expr *operand(struct path_reader *r)
{
    int c = path_peek(r, 0);
    if (c == '@' || c == '$')
        return query_expr(r);
    if (c == '"' || c == '\'' || c == '-' || path_is_digit(c))
        return literal_expr(r);
    if (path_is_name_start(c))
        return word_expr(r);
    fail_here(r, FAULT_EXPRESSION);
    return NULL;
}

/* Logical expressions. */

/* Step over a comparison operator; 0 when none stands here, -1 after a fault. */
static int take_op(struct path_reader *r, enum path_op *op)
{
    int c = path_peek(r, 0), next = path_peek(r, 1);
    size_t len = next == '=' ? 2 : 1;
    bool known = true;
    if (c == '<')
        *op = len == 2 ? OP_LE : OP_LT;
    else if (c == '>')
        *op = len == 2 ? OP_GE : OP_GT;
    else if (c == '=' && len == 2)
        *op = OP_EQ;
    else if (c == '!' && len == 2)
        *op = OP_NE;
    else if (c != '=' && c != '~' && c != '!')
        return 0;
    else
        len = next == '~' ? 2 : 1, known = false;
    if (known && c != '<' && c != '>' && path_peek(r, 2) == '=') /* === and !== */
        len = 3, known = false;
    if (!known) {
        path_fail(r, FAULT_OPERATOR, r->i, len);
        return -1;
    }
    r->i += len;
    return 1;
}

/* After a group or a negation no comparison may follow. */
static bool check_no_op(struct path_reader *r)
{
    size_t save = r->i;
    path_blanks(r);
    size_t at = r->i;
    enum path_op op;
    int found = take_op(r, &op);
    if (found > 0)
        return path_fail(r, FAULT_COMPARE_LOGICAL, at, r->i - at);
    r->i = save;
    return found == 0;
}

/* ( expression ); r stands behind the opening parenthesis. */
static struct path_expr *group(struct path_reader *r)
{
    path_blanks(r);
    struct path_expr *e = or_expr(r);
    if (!e || !check_test(r, e))
        return NULL;
    path_blanks(r);
    if (!path_take(r, ')')) {
        fail_here(r, FAULT_PAREN);
        return NULL;
    }
    return e;
}

/* Behind a !: a group, a path or a function. */
static struct path_expr *negated(struct path_reader *r, size_t pos)
{
    path_blanks(r);
    struct path_expr *e = path_take(r, '(') ? group(r) : operand(r);
    if (!e || !check_test(r, e))
        return NULL;
    struct path_expr *not = expr_new(r, EXPR_NOT, pos);
    not ->n = 1;
    not ->terms = ARENA_ARRAY(r->a, const struct path_expr *, 1);
    not ->terms[0] = e;
    return not ;
}

static struct path_expr *compare_expr(struct path_reader *r)
{
    struct path_expr *left = operand(r);
    if (!left)
        return NULL;
    size_t save = r->i;
    path_blanks(r);
    enum path_op op;
    int found = take_op(r, &op);
    if (found < 0)
        return NULL;
    if (!found) {
        r->i = save;
        return left;
    }
    path_blanks(r);
    struct path_expr *right = operand(r);
    if (!right || !check_comparable(r, left) || !check_comparable(r, right))
        return NULL;
    struct path_expr *e = expr_new(r, EXPR_COMPARE, left->pos);
    e->op = op;
    e->n = 2;
    e->terms = ARENA_ARRAY(r->a, const struct path_expr *, 2);
    e->terms[0] = left;
    e->terms[1] = right;
    return check_no_op(r) ? e : NULL;
}

static struct path_expr *basic_expr(struct path_reader *r)
{
    size_t pos = r->i;
    int c = path_peek(r, 0);
    if (c != '(' && (c != '!' || path_peek(r, 1) == '='))
        return compare_expr(r);
    if (!enter(r))
        return NULL;
    r->i++;
    struct path_expr *e = c == '(' ? group(r) : negated(r, pos);
    if (!e || !check_no_op(r))
        return NULL;
    leave(r);
    if (e->kind != EXPR_QUERY && e->kind != EXPR_CALL)
        return e;
    /* (@.a) is a test, and no longer a path that a function could take. */
    struct path_expr *test = expr_new(r, EXPR_AND, pos);
    test->n = 1;
    test->terms = test->tried = ARENA_ARRAY(r->a, const struct path_expr *, 1);
    test->terms[0] = e;
    return test;
}

/* Terms joined by && or ||. One term alone comes back as it is, not yet checked to be a
 * test: it may be a function's argument. */
static struct path_expr *joined(struct path_reader *r, char sign,
                                enum path_expr_kind kind,
                                struct path_expr *(*term)(struct path_reader *))
{
    struct path_expr *first = term(r);
    if (!first)
        return NULL;
    VEC(const struct path_expr *) terms = {0};
    *vec_push(r->a, &terms) = first;
    for (;;) {
        size_t save = r->i;
        path_blanks(r);
        if (path_peek(r, 0) != sign) {
            r->i = save;
            break;
        }
        if (path_peek(r, 1) != sign) {
            path_fail(r, FAULT_OPERATOR, r->i, 1);
            return NULL;
        }
        if (terms.n == 1 && !check_test(r, first))
            return NULL;
        r->i += 2;
        path_blanks(r);
        struct path_expr *next = term(r);
        if (!next || !check_test(r, next))
            return NULL;
        *vec_push(r->a, &terms) = next;
    }
    if (terms.n == 1)
        return first;
    struct path_expr *e = expr_new(r, kind, first->pos);
    e->n = terms.n;
    e->terms = terms.v;
    if (kind == EXPR_AND)
        e->tried = path_tried(r->a, e);
    return e;
}

static struct path_expr *and_expr(struct path_reader *r)
{
    return joined(r, '&', EXPR_AND, basic_expr);
}

static struct path_expr *or_expr(struct path_reader *r)
{
    return joined(r, '|', EXPR_OR, and_expr);
}

/* Selectors and segments. */

/* What is left of a slice; r stands at its first colon, start is read. */
static bool slice(struct path_reader *r, struct path_selector *out)
{
    out->kind = SELECT_SLICE;
    out->step = 1;
    r->i++;
    path_blanks(r);
    if (path_is_digit(path_peek(r, 0)) || path_peek(r, 0) == '-') {
        out->has_end = true;
        if (!path_integer(r, &out->end))
            return false;
    }
    size_t save = r->i;
    path_blanks(r);
    if (!path_take(r, ':')) {
        r->i = save;
        return true;
    }
    save = r->i;
    path_blanks(r);
    if (path_is_digit(path_peek(r, 0)) || path_peek(r, 0) == '-')
        return path_integer(r, &out->step);
    r->i = save;
    return true;
}

static bool index_or_slice(struct path_reader *r, struct path_selector *out)
{
    out->kind = SELECT_INDEX;
    if (path_peek(r, 0) != ':') {
        out->has_start = true;
        if (!path_integer(r, &out->start))
            return false;
    }
    size_t save = r->i;
    path_blanks(r);
    if (path_peek(r, 0) == ':')
        return slice(r, out);
    r->i = save;
    return true;
}

static bool filter(struct path_reader *r, struct path_selector *out)
{
    out->kind = SELECT_FILTER;
    r->i++;
    if (!enter(r))
        return false;
    path_blanks(r);
    bool outer = r->relative;
    r->relative = false;
    struct path_expr *e = or_expr(r);
    if (!e || !check_test(r, e))
        return false;
    leave(r);
    out->filter = e;
    out->fixed = !r->relative;
    out->is = path_filter_is(e);
    out->sheet = r->sheet;
    if (r->sheet)
        path_sheet_filter(r->set, r->sheet);
    r->relative = outer;
    return true;
}

static bool selector(struct path_reader *r, struct path_selector *out)
{
    int c = path_peek(r, 0);
    if (c == '"' || c == '\'')
        return path_string(r, &out->name);
    if (c == '?')
        return filter(r, out);
    if (c == '*') {
        r->i++;
        out->kind = SELECT_ANY;
        return true;
    }
    if (path_is_digit(c) || c == '-' || c == ':')
        return index_or_slice(r, out);
    if (!path_is_name_start(c))
        return fail_here(r, FAULT_SELECTOR);
    size_t pos = r->i;
    struct str name = path_name(r);
    diag_at(r->dx, &path_faults[FAULT_SELECTOR], path_origin(r, pos, name.n),
            "put the name in quotes: [\"%.*s\"]", STR_ARG(name));
    return false;
}

/* [ selector, .. ]; r stands behind the bracket. */
static bool bracketed(struct path_reader *r, struct selectors *out, size_t *blank)
{
    size_t before;
    do {
        before = r->i;
        path_blanks(r);
        if (r->i > before && !*blank)
            *blank = before + 1;
        if (!selector(r, vec_push(r->a, out)))
            return false;
        before = r->i;
        path_blanks(r);
        if (r->i > before && !*blank)
            *blank = before + 1;
    } while (path_take(r, ','));
    return path_take(r, ']') || fail_here(r, FAULT_BRACKET);
}

/* A name or * behind a dot. */
static bool dotted(struct path_reader *r, struct selectors *out)
{
    struct path_selector *s = vec_push(r->a, out);
    int c = path_peek(r, 0);
    if (c == '*') {
        r->i++;
        s->kind = SELECT_ANY;
        return true;
    }
    if (path_is_name_start(c)) {
        s->name = path_name(r);
        return true;
    }
    bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    return fail_here(r, blank ? FAULT_BLANK : FAULT_NAME);
}

/* The sheet for filters behind the first n segments of q. */
static size_t sheet_behind(struct path_reader *r, const struct path_query *q,
                           const struct path_segment *v, size_t n)
{
    size_t hops = 0;
    while (hops < n && path_is_hop(&v[hops]))
        hops++;
    return r->set && !q->relative && n && hops == n ? path_set_lead(r->set, v, n) : 0;
}

/* The segments behind $ or @; stops before what cannot be one. */
static bool segments(struct path_reader *r, struct path_query *q)
{
    VEC(struct path_segment) segs = {0};
    size_t sheet = r->sheet; /* of the filter that q stands in */
    for (;;) {
        size_t save = r->i;
        path_blanks(r);
        size_t pos = r->i;
        bool dot = path_take(r, '.');
        if (!dot && path_peek(r, 0) != '[') {
            r->i = save;
            break;
        }
        if (segs.n == PATH_MAX_SEGMENTS)
            return path_fail(r, FAULT_SIZE, pos, 1);
        bool deep = dot && path_take(r, '.');
        struct selectors list = {0};
        r->sheet = deep ? 0 : sheet_behind(r, q, segs.v, segs.n);
        bool ok = (!dot || deep) && path_take(r, '[') ? bracketed(r, &list, &q->blank)
                                                      : dotted(r, &list);
        r->sheet = sheet;
        if (!ok)
            return false;
        *vec_push(r->a, &segs) =
            (struct path_segment){.deep = deep, .n = list.n, .v = list.v};
    }
    q->n = segs.n;
    q->v = segs.v;
    path_count_hops(q);
    if (r->set && !q->relative && q->n && q->v[0].hops)
        q->lead = path_set_lead(r->set, q->v, q->v[0].hops);
    if (sheet && q->relative && q->n && q->v[0].hops && q->v[0].v->kind == SELECT_NAME)
        q->column = path_sheet_column(r->set, sheet, q->v[0].v->name);
    return true;
}

/* The offset of src in text; 0 when it is a copy from elsewhere. */
static size_t base_of(const struct text *text, struct str src)
{
    uintptr_t at = (uintptr_t)src.p, start = (uintptr_t)text->bytes.p;
    return at >= start && at - start <= text->bytes.n ? at - start : 0;
}

struct path *path_parse_in(struct path_set *set, struct arena *a, const struct text *text,
                           struct str src, const struct path_func *funcs, size_t nfuncs,
                           struct diag *dx)
{
    struct path_reader r = {.a = a,
                            .text = text,
                            .base = base_of(text, src),
                            .s = src,
                            .funcs = funcs,
                            .nfuncs = nfuncs,
                            .set = set,
                            .dx = dx};
    size_t bad = utf8_check(src);
    bool ok = false;
    if (src.n > PATH_MAX_BYTES)
        path_fail(&r, FAULT_SIZE, PATH_MAX_BYTES, 1);
    else if (bad < src.n)
        path_fail(&r, FAULT_UTF8, bad, 1);
    else if (src.n && strchr(" \t\n\r", src.p[0]) && src.p[0])
        path_fail(&r, FAULT_BLANK, 0, 1);
    else if (path_peek(&r, 0) != '$')
        fail_here(&r, FAULT_ROOT);
    else
        ok = true;
    if (!ok)
        return NULL;
    struct path *p = ARENA_NEW(a, struct path);
    r.s = p->src = str_dup(a, src);
    r.i = 1;
    if (!segments(&r, &p->query))
        return NULL;
    if (r.i < r.s.n) {
        bool blank = strchr(" \t\n\r", r.s.p[r.i]) && r.s.p[r.i];
        size_t at = r.i;
        path_blanks(&r);
        if (blank && r.i == r.s.n)
            path_fail(&r, FAULT_BLANK, at, 1);
        else
            fail_here(&r, FAULT_AFTER);
        return NULL;
    }
    return p;
}

struct path *path_parse(struct arena *a, const struct text *text, struct str src,
                        const struct path_func *funcs, size_t nfuncs, struct diag *dx)
{
    return path_parse_in(NULL, a, text, src, funcs, nfuncs, dx);
}
