/* CloudTrail: what roles were seen to call, in any service, successful and refused; and
 * how far the records reach. Format: CloudTrail User Guide, "record contents". */
#pragma once
#include "base/map.h"
#include "evidence/evidence.h"

/* The calls of one role that have all of this in common. */
struct trail_call {
    struct str source, name; /* eventSource, eventName; of a refusal whose message names
                                the action: the service's source, and the action */
    struct str resource; /* ARN pattern: of objects all of the bucket, of log streams all
                            of the group; empty: the record names none */
    bool denied;
    size_t count;
    int64_t last;
    const struct document *doc; /* the last one */
    struct str pointer;
};

struct trail_caller {
    struct str arn;       /* of the role */
    struct trail_call *v; /* by name, resource, outcome */
    size_t n, cap;
    struct map rows; /* while they are collected */
};

/* How far the records of an account and region reach back without a day's gap. Answers
 * that were asked for one service only do not count. */
struct trail_reach {
    struct str account, region;
    int64_t from, to;
};

struct trail_calls {
    struct map callers; /* ARN of a role -> struct trail_caller; only those with calls */
    struct trail_reach *reach;
    size_t nreach;
    struct map data; /* "account|eventSource" of which data events are recorded */
};

/* Read the calls of these roles (keys of callers: their ARNs). threads 0: all processors.
 * Lives in arena a. */
struct trail_calls *trail_calls_read(struct arena *a, const struct evidence *ev,
                                     const struct map *callers, unsigned threads);
