/* What an answer of lookup-events was asked for, and so which calls it would show. */
#pragma once
#include "base/str.h"

struct arena;
struct exhibit;
struct subject;
struct trail_neighbour;

/* Would the answer show every call of a service ("kms") in its region? It
 * would when it was asked for these, as its parameters or its file's name say; without a
 * word on that when some of its events are of the service, and for the Flink service also
 * when it has no events, since that is what kdaudit asks for. Partial answers are the
 * caller's to leave out. a: for texts on the way. */
bool lookup_tells_service(struct arena *a, const struct exhibit *x, struct str service);

/* Would it show every such call about s? Also when it was asked for the event by name,
 * for what s is named, or for all calls that write. */
bool lookup_tells(struct arena *a, const struct exhibit *x,
                  const struct trail_neighbour *row, const struct subject *s);
