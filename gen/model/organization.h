/* Policies of an organization: service control policies bind the principals of an
 * account, resource control policies its resources, at every level from the root down.
 * AWS Organizations User Guide, "SCP evaluation", "RCP evaluation". */
#pragma once
#include "iam/effective.h"
#include "model/model.h"

struct organization;

/* Read what evidence there is, from whatever account it was asked. Lives in arena a. */
const struct organization *organization_read(struct arena *a, const struct model *m);

/* The limits of one account, a group for each level: at every level some policy must
 * allow, and none deny. A level that is not in evidence is a missing limit. None for the
 * management account, and for accounts without an organization. */
struct organization_limits {
    const struct effective_limit *services; /* on its principals */
    size_t nservices;
    const struct effective_limit *resources; /* on its resources */
    size_t nresources;
};
struct organization_limits organization_limits(const struct organization *o,
                                               struct str account);

/* Service control policies do not bind a role of a service. */
bool organization_binds(struct str principal);

/* One level of an account, for facts. */
struct organization_level {
    struct str target;       /* account, organizational unit, root */
    bool resources;          /* of resource control policies */
    bool known;              /* its policies are in evidence, with their texts */
    const struct str *names; /* of its policies */
    size_t nnames;
    const struct document *doc; /* that lists them; NULL when not known */
};
const struct organization_level *organization_levels(const struct organization *o,
                                                     struct str account, size_t *n);
