/* Granted minus used: what the evidence of use says of each action, and what it cannot
 * say. CloudTrail User Guide, "Logging data events"; IAM User Guide, "Refining
 * permissions using last accessed information". */
#pragma once
#include "base/when.h"
#include "iam/rules.h"

/* Can use of an action be seen at all? */
enum use_sight {
    USE_NEVER, /* no record of that name exists: permission-only, iam:PassRole, MSK data
                */
    USE_DATA,  /* a data event: only where a trail selects it */
    USE_MANAGEMENT, /* a management event */
};

enum use_value {
    USE_USED,      /* a successful event */
    USE_ATTEMPTED, /* last accessed at some time; denied calls count there too */
    USE_DENIED,    /* only refused calls: missing, or suspicious */
    USE_UNUSED,    /* visible over the whole window, and not used in it */
    USE_UNKNOWN    /* not visible, or not long enough */
};
const char *use_value_name(enum use_value v);

/* One call of the principal, from a CloudTrail record. */
struct use_event {
    struct str source, name; /* eventSource, eventName */
    struct str resource;     /* ARN; empty when the record names none */
    int64_t when;
    bool denied;
};

/* One row of TrackedActionsLastAccessed. */
struct use_tracked {
    struct str name;
    int64_t last; /* WHEN_NONE: never in the period */
};

/* One service of get-service-last-accessed-details. */
struct use_service {
    struct str prefix;
    int64_t last;                      /* WHEN_NONE: never in the period */
    const struct use_tracked *actions; /* only what is listed is tracked */
    size_t nactions;
};

struct use_evidence {
    const struct use_event *events;
    size_t nevents;
    int64_t from, to; /* what the events cover; WHEN_NONE: no CloudTrail evidence */
    const struct str *data_services; /* prefixes whose data events a trail selects */
    size_t ndata_services;
    bool global_events; /* the events reach over the region of global services too */
    bool has_last_accessed;
    const struct use_service *services;
    size_t nservices;
    int64_t role_created, now;
    int64_t window_days; /* how long nothing must have happened; 0: 90 */
};

struct use_row {
    enum use_sight sight;
    enum use_value value;
    int64_t last;      /* WHEN_NONE: not known */
    int64_t idle_days; /* for so long it was not used, as far as records reach; -1: they
                          do not tell */
    size_t events;     /* successful ones */
    const struct str *resources; /* used, each once */
    size_t nresources;
    const char *why; /* one clause for people */
};

struct use;

/* Index the evidence; it must outlive the result. */
struct use *use_index(struct iam *x, const struct use_evidence *ev);

/* Where use of an action would show. */
enum use_sight use_sight_of(const struct use *u, const struct action *act);

/* What is known of one action. */
struct use_row use_of(struct iam *x, const struct use *u, uint32_t row);

/* Of a set, the actions with this value. Whole services that were never accessed cost no
 * look at their actions. */
struct action_set use_filter(struct iam *x, const struct use *u, struct action_set s,
                             enum use_value value);
