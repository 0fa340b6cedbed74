/* JSONPath (RFC 9535): compile a query, run it, name the places it found. */
#pragma once
#include "base/text.h"
#include "json/json.h"

struct arena;
struct diag;
struct path;

/* The type system of RFC 9535, 2.4.1. */
enum path_kind { PATH_VALUE, PATH_LOGICAL, PATH_NODES };

/* A value as functions see it: JSON, or Nothing (node NULL). */
struct path_value {
    const struct json *node;
};

/* One node that a query selected: its value, and how it was reached from the root. */
struct path_step;
struct path_node {
    const struct json *node;
    const struct path_step *step; /* NULL for the root itself */
};
struct path_step {
    const struct path_step *up; /* towards the root, NULL at its child */
    struct str key;             /* member name, p NULL for an element */
    size_t index;               /* element index */
};
struct path_nodes {
    struct path_node *v;
    size_t n, cap;
};

/* What a run needs beyond the tree: scratch memory, and what extension functions look at.
 */
struct path_known;
struct path_env {
    struct arena *a;          /* results and steps live here */
    void *ctx;                /* handed to the functions */
    struct path_known *known; /* of the root, by a set's queries; NULL: each finds out */
};

/* A function extension. Arguments arrive by declared kind: value, logical or nodes. The
 * same arguments and ctx give the same result: it may be asked once for many nodes. */
struct path_arg {
    enum path_kind kind;
    struct path_value value;
    bool logical;
    struct path_nodes nodes;
};
struct path_func {
    const char *name;
    enum path_kind result;
    unsigned char nargs;
    enum path_kind args[4];
    void (*run)(const struct path_env *env, const struct path_arg *args,
                struct path_arg *result);
    const char *help; /* for `kdaudit controls --functions` and controls/README.md */
};

/* The functions that every query has: length, count, match, search, value (RFC 9535,
 * 2.4). Their run is NULL. */
const struct path_func *path_functions(size_t *n);

enum {
    PATH_MAX_DEPTH = 32,     /* nesting of filters, groups, calls and ! in a query */
    PATH_MAX_SEGMENTS = 128, /* of one query */
    PATH_MAX_BYTES = 1 << 16 /* of a query's text */
};

/* Compile a query. src lies inside text, whose name and places the messages use.
 * funcs  extensions beside path_functions; nfuncs of them; may be NULL; must live as long
 *        as the result.
 * Returns NULL after recording JPA-1xx in dx with the column of the fault. A literal
 * pattern of match or search that is no I-Regexp (RFC 9485) is a warning, JPA-125: by RFC
 * 9535 it matches nothing. The result never changes: any thread may run it. */
struct path *path_parse(struct arena *a, const struct text *text, struct str src,
                        const struct path_func *funcs, size_t nfuncs, struct diag *dx);

/* Queries that will all be asked of the same roots: equal ones are compiled once and give
 * the same struct path; those that begin alike at the root ($.a.b) go there once for each
 * root, and so does path_test with each query. Lives in arena a, as do its queries. One
 * thread at a time may add to it; then any may run them. */
struct path_set;
struct path_set *path_set_new(struct arena *a, const struct path_func *funcs,
                              size_t nfuncs);
struct path *path_set_parse(struct path_set *set, const struct text *text, struct str src,
                            struct diag *dx);

/* Room for what the set's queries find out about one root, in arena a: for env.known of
 * all runs on that root, as long as neither it nor what ctx says changes. */
struct path_known *path_known_new(struct arena *a, const struct path_set *set);

/* All nodes that p selects below root, in the order of RFC 9535. At most PATH_MAX_NODES
 * are visited, where keeping one counts as eight more; past that, or when a regular
 * expression runs into its limit, false is returned, and the list holds what was found so
 * far. */
enum { PATH_MAX_NODES = 10000000 };
bool path_run(const struct path *p, const struct json *root, const struct path_env *env,
              struct path_nodes *out);

/* Does p select anything? Stops at the first. False also when a limit was reached before:
 * path_test tells the two apart. */
bool path_any(const struct path *p, const struct json *root, const struct path_env *env);

/* The same in *found; returns false when a limit was reached, so that *found == false
 * means nothing. */
bool path_test(const struct path *p, const struct json *root, const struct path_env *env,
               bool *found);

/* The query's leading member names ($.a['b'].c gives a, b, c), at most max: what part of
 * a document a query can look at. Gives how many were stored. */
size_t path_prefix(const struct path *p, struct str *names, size_t max);

/* Names passed as a string literal to function name anywhere in p (param('x')): the
 * catalog checks them. Gives how many; at most max are stored, with their offsets in the
 * query. */
size_t path_literals(const struct path *p, const char *function, struct str *literals,
                     size_t *offsets, size_t max);

/* Append the query in its canonical form: names bracketed and quoted, blanks in fixed
 * places ($.a[?@.b==1] gives $['a'][?@['b'] == 1]). */
void path_canonical(struct buf *out, const struct path *p);

/* Append the normalized path (RFC 9535, 2.7): $['a'][0]. */
void path_normalized(struct buf *out, const struct path_step *step);

/* Append the same place as a JSON Pointer (RFC 6901), leaving out the first skip steps.
 */
void path_pointer(struct buf *out, const struct path_step *step, size_t skip);

/* Number of steps from the root, and the i-th of them. */
size_t path_depth(const struct path_step *step);
const struct path_step *path_step_at(const struct path_step *step, size_t i);
