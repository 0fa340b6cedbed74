/* The member names of the objects that a scan stands in: finds a name that comes twice.
 */
#pragma once
#include "base/str.h"

struct key {
    uint32_t pos, len; /* between the quotes, as written */
};

/* Names of all open objects, innermost last. */
struct keys {
    uint32_t *hashes; /* of the unescaped names: side by side, to be searched fast */
    struct key *v;
    size_t n, cap;
};

/* What one object knows of its own names. */
struct key_set {
    size_t first;   /* its names are keys.v[first..n) */
    uint64_t bloom; /* a bit per hash: an unset one means that the name is new */
};

/* Objects with more names than this are checked when they close, by sorting: no choice of
 * names makes that slow. */
enum { KEYS_SEARCH_MAX = 128 };

void keys_free(struct keys *k);

/* Add a name, between the quotes, valid JSON. Gives the earlier one that is the same when
 * unescaped, or NULL. */
const struct key *keys_add(struct keys *k, struct key_set *set, struct str bytes,
                           struct key key, bool escaped);

/* The object closes: drop its names. False when two are the same; then *again is the
 * earliest that repeats another, *first. */
bool keys_close(struct keys *k, const struct key_set *set, struct str bytes,
                struct key *first, struct key *again);
