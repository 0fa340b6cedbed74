/* What an answer of lookup-events was asked for, and so which calls it would show. */
#pragma once
#include "base/arena.h"
#include "base/map.h"

#include <stdint.h>

struct exhibit;
struct model;
struct subject;

/* Would the answer show every call of a service ("kms") in its region? It
 * would when it was asked for these, as its parameters or its file's name say; without a
 * word on that when some of its events are of the service, and for the Flink service also
 * when it has no events, since that is what kdaudit asks for. Partial answers are the
 * caller's to leave out. a: for texts on the way. */
bool lookup_tells_service(struct arena *a, const struct exhibit *x, struct str service);

/* An answer that was asked for what has this name or ARN. */
struct sight_name {
    struct str name;
    bool part;
};

/* What the record in evidence would show of one region of one account: rows of
 * trail_neighbour_rows, as bits by their number. */
struct sight {
    struct str region;
    uint64_t told, part; /* every such call; those that an answer shows in part */
    VEC(struct sight_name) names;
};

/* Read what lookup-events was asked for, and where there are log files: account ->
 * struct sights. */
struct sights {
    VEC(struct sight) v;
};
void sights_read(struct arena *a, const struct model *m, struct map *out);

/* NULL when there is no record of the region. */
const struct sight *sight_of(const struct map *sights, struct str account,
                             struct str region);

/* Would it show every call of these rows about s? *part: some answer is not whole. */
bool sight_shows(const struct sight *v, uint64_t rows, const struct subject *s,
                 bool *part);
