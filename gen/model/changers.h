/* Inside of the rights over applications: what is kept of each identity, shared by the
 * file that collects it and the one that asks it. */
#pragma once
#include "model/holders.h"
#include "model/key_rights.h"

enum { ACTIONS_MAX = 64 };

/* The actions of the service: the gravest first, then by what they allow. */
struct calls {
    const struct action *v[ACTIONS_MAX];
    enum right right[ACTIONS_MAX];
    size_t n;
    const struct action *pass, *admin;
    struct action_set all; /* of them */
};

/* An unconditional Deny that touches a grant. */
struct refusal {
    uint64_t actions;
    const struct arn_pattern *r;
    size_t n;
    bool all_but; /* NotResource */
};

/* One of its grants over the service. */
struct reach {
    uint64_t actions; /* a bit for each of calls */
    struct str text;  /* of the resource pattern */
    struct arn_pattern r;
    const struct arn_pattern *except; /* NotResource */
    size_t nexcept;
    const struct refusal *refusals;
    size_t nrefusals;
    struct str policy; /* its name, and the group that it comes through */
    bool conditional;
    bool any; /* of iam:PassRole: names no role */
    const struct document *doc;
    struct str pointer;
    size_t pos; /* of what stands there */
};

/* One identity. */
struct changer {
    const struct subject *s;
    VEC(struct reach) grants, passes; /* of the service; of iam:PassRole to it */
    bool admin;
    bool everywhere;               /* no grant names an application */
    struct str doubt;              /* why it may hold more than grants say; or empty */
    size_t members;                /* of a group */
    struct part *unread;           /* a policy of it that cannot be read; or NULL */
    const struct key_rights *keys; /* of a role that applications run as; or NULL */
    struct json *item; /* of the fact, when it is the same for all applications */
};

/* What c holds over an application with this role, as an item of the fact; NULL: nothing.
 * arn "*": over any. */
struct json *changer_item(struct fact *f, const struct changer *c, struct str arn,
                          struct str role);

/* Those of the application's account that may hold something over it, by their order: all
 * whose grants begin as its name does. In arena a, or borrowed. */
struct changers changers_near(struct arena *a, const struct shared *sh,
                              const struct subject *app);

/* Those of an account with a grant that names no application: NULL when there are none.
 */
const struct changers *changers_of(struct arena *a, const struct shared *sh,
                                   struct str account);
