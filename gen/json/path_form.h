/* A compiled JSONPath: what path_parse.c and path_plan.c make, path_eval.c runs,
 * path_write.c prints. */
#pragma once
#include "base/map.h"
#include "json/path.h"

struct regex;

enum path_selector_kind {
    SELECT_NAME,
    SELECT_ANY,
    SELECT_INDEX,
    SELECT_SLICE,
    SELECT_FILTER
};

struct path_selector {
    enum path_selector_kind kind;
    bool has_start, has_end;
    struct str name;
    int64_t start, end, step; /* start is the index of SELECT_INDEX */
    const struct path_expr *filter;
    bool fixed; /* filter: no @ of its own in it, so one answer for all children */
    const struct path_query
        *is;      /* filter: only children that equal this one's node pass */
    size_t sheet; /* filter: number of the sheet that lays out the list; 0: none */
};

struct path_segment {
    bool deep;   /* .. before it: applies to all descendants too */
    size_t hops; /* this many segments from here select at most one node each */
    size_t n;    /* selectors */
    struct path_selector *v;
};

struct path_query {
    bool relative; /* starts at @, not at $ */
    bool single;   /* a singular query (RFC 9535, 2.3.5.1) */
    size_t n;
    struct path_segment *v;
    size_t blank;  /* offset + 1 of a blank that a comparison does not allow, or 0 */
    size_t lead;   /* number of its first hops from the root in the set; 0: none */
    size_t column; /* of a filter with a sheet: that of its first name, from 1; 0: none */
};

enum path_op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE };

enum path_expr_kind {
    EXPR_OR, /* of the n terms, at least two */
    EXPR_AND,
    EXPR_NOT,     /* of terms[0] */
    EXPR_COMPARE, /* terms[0] op terms[1] */
    EXPR_QUERY,   /* its nodes, its only node's value, or that there are any */
    EXPR_LITERAL,
    EXPR_CALL
};

enum path_builtin {
    CALL_LENGTH,
    CALL_COUNT,
    CALL_MATCH,
    CALL_SEARCH,
    CALL_VALUE,
    CALL_EXTENSION
};

struct path_expr {
    enum path_expr_kind kind;
    size_t pos, len; /* in the query's text */
    size_t n;        /* terms, or arguments of a call */
    const struct path_expr **terms;
    const struct path_expr **tried; /* of EXPR_AND: terms in the order of their trial */
    enum path_op op;
    const struct path_query *query;
    /* A literal: its value, and the same as a node for functions. */
    enum json_type type;
    struct str text; /* a string's value; a number as it was written */
    double number;
    const struct json *node;
    /* A call; regex is the compiled pattern of match and search when it is a literal and
     * an I-Regexp. */
    enum path_builtin call;
    const struct path_func *func;
    const struct regex *regex;
};

struct path {
    struct str src;
    struct path_query query;
    size_t number; /* in the set; 0: in none */
};

/* A list that filters look at, and the names that they ask its items for. */
struct path_sheet {
    size_t number; /* of the lead to it, from 1 */
    size_t filters;
    struct {
        struct str *v;
        size_t n, cap;
    } names;
};

struct path_set {
    struct arena *a;
    const struct path_func *funcs;
    size_t nfuncs;
    struct map queries; /* source to struct path */
    struct map leads;   /* first hops from the root to struct path_sheet */
};

/* What is known of one root, by number - 1. */
enum path_answer { ANSWER_NONE, ANSWER_NO, ANSWER_YES };
struct path_known {
    struct arena *a;
    const struct path_set *set;
    const struct json **nodes; /* where leads lead; NULL: not known */
    unsigned char *tests;      /* enum path_answer: whether queries select anything */
    /* Of the list where a lead leads: for each item, the members of the sheet's names,
     * NULL those that it has not. NULL: not laid out yet. */
    const struct json ***cells;
};

/* path_plan.c. The terms of an EXPR_AND as they are tried: first those that seldom hold,
 * by what they look like, since one that does not ends the trial. In arena a. */
const struct path_expr **path_tried(struct arena *a, const struct path_expr *e);
/* The query in @ == $.some.value, when the filter e is true only if that is; or NULL. */
const struct path_query *path_filter_is(const struct path_expr *e);
/* Does it select at most one node? How many such there are from each segment of q on. */
bool path_is_hop(const struct path_segment *s);
void path_count_hops(struct path_query *q);

/* path_parse, for a query of set unless that is NULL. */
struct path *path_parse_in(struct path_set *set, struct arena *a, const struct text *text,
                           struct str src, const struct path_func *funcs, size_t nfuncs,
                           struct diag *dx);
/* The number of the n hops that queries begin with at the root, from 1. */
size_t path_set_lead(struct path_set *set, const struct path_segment *hops, size_t n);
/* A filter looks at where a lead leads; */
void path_sheet_filter(struct path_set *set, size_t lead);
/* it asks for name there: its column, from 1. */
size_t path_sheet_column(struct path_set *set, size_t lead, struct str name);
/* The cells of the list where a lead leads, row by row; *width is how many each has. NULL
 * when too few filters look at it for that to pay. */
const struct json *const *path_sheet_cells(struct path_known *k, size_t lead,
                                           const struct json *list, size_t *width);

extern const char *const path_op_signs[]; /* by enum path_op */
