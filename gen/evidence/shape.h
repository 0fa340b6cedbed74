/* The shape language of operation.h: does an answer look like an operation's, and what
 * stands at a path. */
#pragma once
#include "base/map.h"
#include "evidence/operation.h"

struct json;

/* Do all words of the shape language hold for root? */
bool shape_holds(struct str words, const struct json *root);

/* Does root have the shape of op's answer? */
bool shape_matches(const struct operation *op, const struct json *root);

/* Is the shape too common to be known without the operation's name? */
bool shape_weak(const struct operation *op);

/* Does root look like the inside of op's answer, its top key lost (--query)? */
bool shape_inner(const struct operation *op, const struct json *root);

/* The node at a path of the table: A.B, A[].B (first element); NULL when it is not there.
 */
const struct json *shape_at(const struct json *root, struct str path);

/* Call each for every node at a path, all elements of its arrays, until it gives false.
 */
void shape_each(const struct json *root, struct str path,
                bool (*each)(void *ctx, const struct json *node), void *ctx);

/* The first of the alternatives in word ("A.Arn/A.Name") that is a scalar with text; NULL
 * when none is. */
const struct json *shape_first(const struct json *root, struct str word);

/* Rows by the key that their shape starts with: built once for a run, then only read. */
struct shape_index {
    struct map by_key; /* key -> struct shape_rows */
};
struct shape_rows {
    const struct operation **v;
    size_t n, cap;
};
void shape_index_build(struct arena *a, struct shape_index *ix);

/* The rows whose shape root has, weak ones last; at most max are stored. Gives how many.
 */
enum { SHAPE_MAX = 16 };
size_t shape_candidates(const struct shape_index *ix, const struct json *root,
                        const struct operation **found, size_t max);
