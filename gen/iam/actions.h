/* The action table: what IAM actions exist, their access level, the resources and the
 * condition keys that they take. Data: controls/iam-actions.json. */
#pragma once
#include "iam/actionset.h"
#include "iam/arn.h"

struct diag;

enum action_level {
    ACTION_LIST,
    ACTION_READ,
    ACTION_WRITE,
    ACTION_TAGGING,
    ACTION_PERMISSIONS,
    ACTION_LEVELS
};

struct action_key {
    struct str name; /* may hold ${TagKey} for any tag key */
    char type;       /* S string, A ARN, B bool, N number, D date, I IP address */
    bool many;       /* several values in one request: needs a set operator */
    bool open;       /* holds ${...} or <...>, which are any text */
};

struct action_type {
    struct str name;
    const struct arn_pattern *patterns; /* one, or AWS's alternatives */
    size_t npatterns;
    char separator;       /* that names of this type never hold; 0: not known */
    const uint16_t *keys; /* indexes into the service's keys, such as its tags */
    size_t nkeys;
};

struct action_service;

struct action {
    uint32_t row;
    struct str name; /* "GetRecords" */
    const struct action_service *service;
    enum action_level level; /* as AWS states it */
    bool permission_only;    /* no API call of that name: never in CloudTrail */
    bool manages;            /* not of level Permissions, yet changes who may do what */
    const uint16_t *types;   /* indexes into the service's types; none: star-only */
    const bool *required;    /* beside types: a grant must cover one of that type */
    size_t ntypes;
    const uint16_t *keys; /* indexes into the service's keys */
    size_t nkeys;
    const struct arn_pattern *odd; /* resources that it takes beside those of its types */
    size_t nodd;
};

struct action_service {
    struct str prefix;
    uint32_t first, count; /* its rows */
    uint32_t levels[ACTION_LEVELS];
    const struct action *actions; /* count of them */
    const struct action_type *types;
    size_t ntypes;
    const struct action_key *keys;
    size_t nkeys;
};

struct actions;

enum { ACTION_NONE = UINT32_MAX };

/* Index the table in bytes (which must outlive it): one line per service, services parsed
 * when first asked for. NULL after recording IAM-1xx in dx. The table may be used by
 * several threads at once. Lives in arena a. */
struct actions *actions_open(struct arena *a, struct str bytes, struct diag *dx);

struct str actions_date(const struct actions *t); /* "2026-09-26" */
uint32_t actions_count(const struct actions *t);

/* The service with this prefix (any case), parsed; NULL when the table has none. */
const struct action_service *actions_service(struct actions *t, struct str prefix);

/* Does the table know the prefix? Costs no parse. */
bool actions_knows(const struct actions *t, struct str prefix);

/* The i-th service, or NULL behind the last: for walking all of them. */
const struct action_service *actions_service_at(struct actions *t, size_t i);

/* The action in a row, or named "prefix:Name" without wildcards (any case); NULL. */
const struct action *actions_get(struct actions *t, uint32_t row);
const struct action *actions_find(struct actions *t, struct str text);
/* The same as actions_get, quicker when last (or NULL) is of the same service: for going
 * through sets. */
static inline const struct action *actions_get_near(struct actions *t,
                                                    const struct action *last,
                                                    uint32_t row)
{
    const struct action_service *sv = last ? last->service : NULL;
    return sv && row - sv->first < sv->count ? &sv->actions[row - sv->first]
                                             : actions_get(t, row);
}

/* "prefix:Name" as AWS writes it, in arena a. */
struct str action_text(struct arena *a, const struct action *act);

/* The word for a level: "List", ..., "Permissions management". */
const char *action_level_name(enum action_level level);

/* What the text of an Action element stands for (IAM User Guide, "IAM JSON policy
 * elements: Action"). */
enum action_text_kind {
    ACTION_TEXT_ALL,             /* *, or *:* */
    ACTION_TEXT_KNOWN,           /* one action of the table, or a pattern that has some */
    ACTION_TEXT_UNKNOWN_SERVICE, /* no such prefix in the table */
    ACTION_TEXT_UNKNOWN_ACTION,  /* prefix known, name not, or pattern without a match */
    ACTION_TEXT_DEAD,      /* stored by AWS, matches nothing: space, comma, no name */
    ACTION_TEXT_MALFORMED, /* AWS refuses it: no colon, wildcard in the prefix */
};

/* The actions that text stands for. Unknown literal names are in out->others. Both kinds
 * of fault leave out empty. */
enum action_text_kind actions_expand(struct arena *a, struct actions *t, struct str text,
                                     struct action_set *out);

/* Every action of the table and every unknown one. */
struct action_set actions_all(struct arena *a, const struct actions *t);

/* The nearest known "prefix:Name" or prefix to text, for "did you mean"; empty. */
struct str actions_nearest(struct arena *a, struct actions *t, struct str text);

/* Rows of a set per level, by whole services without parsing them. */
void actions_levels(struct actions *t, const struct action_set *s,
                    size_t levels[ACTION_LEVELS]);

/* Type of a global condition key (aws:...), any case, tag keys included; false: unknown.
 */
bool actions_global_key(const struct actions *t, struct str key, struct action_key *out);

/* Type of a condition key for one action: its own or its resource types'; or global. */
bool actions_own_key(const struct action *act, struct str key, struct action_key *out);
bool actions_key(const struct actions *t, const struct action *act, struct str key,
                 struct action_key *out);

/* Do the service's resources honour resource control policies? */
bool actions_in_rcp(const struct actions *t, struct str prefix);

/* CloudTrail: the IAM prefix of an eventSource ("monitoring.amazonaws.com"), and the
 * actions that a call of that name is checked against: texts "prefix:Name" in arena a,
 * *n of them, none when the call needs no permission. */
struct str actions_event_prefix(const struct actions *t, struct str source);
const struct str *actions_of_event(struct arena *a, struct actions *t, struct str source,
                                   struct str name, size_t *n);

/* Can an ARN pattern match a resource that the action is checked against? Consults the
 * action's types and the exceptions where services differ from AWS's table. */
bool action_takes(const struct action *act, const struct arn_pattern *p);

/* Can it match a resource of one type of the service? */
bool action_type_meets(const struct action_type *type, const struct arn_pattern *p);
/* A resource that the exceptions add to the action's types? */
bool action_takes_odd(const struct action *act, const struct arn_pattern *p);

/* Only Resource "*" grants it (no types, and no exception). */
bool action_star_only(const struct action *act);

/* Places where the service checks other resources than AWS's table says. */
struct action_exception {
    const char *action, *pattern, *source;
};
const struct action_exception *action_exceptions(size_t *n);
