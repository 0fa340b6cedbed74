/* The effective grants of a principal: what its Allows come to after Denies, boundary and
 * organization policies. IAM User Guide, "Policy evaluation logic". */
#pragma once
#include "iam/rules.h"

/* One group of policies of which some must allow: a boundary, the SCPs of one level. */
struct effective_limit {
    const char *what; /* clause: "service control policies do not allow it", or that they
                         are not in evidence */
    const struct policy *const *policies;
    size_t n;
    bool missing; /* not all is in evidence: only the Denies of policies count */
};

struct effective_input {
    const struct policy *const
        *identity; /* inline, attached, of groups: all that grant */
    size_t nidentity;
    bool identity_missing; /* some attached policy is not in evidence */
    const struct effective_limit *limits;
    size_t nlimits;
};

/* An Allow statement on one of its resource patterns (or, for NotResource, on everything
 * but its patterns): the atoms {action, resource, condition} that share a cause. */
struct grant {
    const struct policy_statement *st;
    size_t resource;             /* index in st->resources; 0 when negated or none */
    const struct arn_pattern *r; /* the pattern granted; of NotResource: * */
    const struct rule *rule;
    bool negated;    /* NotResource: rule->resources are left out of r */
    bool narrowed;   /* r is a limit's pattern inside the statement's */
    bool open_ended; /* NotAction */
    bool conditional;

    struct action_set actions; /* granted: the atoms */
    struct action_set unsure;  /* of these: partly or on a condition denied or limited */
    struct action_set dead;    /* asked for, but no resource of theirs fits r */
    struct action_set denied;  /* taken away by an unconditional Deny */
    struct action_set limited; /* taken away by a boundary or organization policy */
    struct action_set folded;  /* of actions: another grant says the same or more */
    const struct policy_statement **deniers; /* that took away or touch */
    size_t ndeniers;
};

struct effective {
    struct grant *v; /* in order of policies, statements, resources */
    size_t n, cap;
    struct action_set actions; /* of all grants */
    bool upper_bound; /* a limit or policy is not in evidence, or something is unsure */
    const char *unknown[8]; /* why it is an upper bound, for people */
    size_t nunknown;
    const struct policy_statement **broken; /* could not be read: grants unknown */
    size_t nbroken, broken_cap;
    bool incomplete; /* a policy is unreadable, broken or missing: may grant more */
};

/* Work out the grants: with x->only, what there is of these actions; of others little is
 * said. The policies must outlive x's arena, where the result lives. */
struct effective *effective_grants(struct iam *x, const struct effective_input *in);

/* Walk the atoms of a result: every action of every grant. name is "prefix:Name"; action
 * is NULL for one that the table does not know. Start with a zeroed struct. */
struct atom {
    const struct grant *grant;
    const struct action *action;
    struct str name;
    bool unsure, folded;
    size_t at_grant, at_other; /* where the walk stands */
    uint32_t at_row;
};
bool effective_next(struct iam *x, const struct effective *e, struct atom *atom);

/* Some grant of the action (a row) that may reach the concrete ARN or pattern, at or
 * after index *from; NULL at the end. reach tells whether all of r is granted. */
const struct grant *effective_on(const struct effective *e, uint32_t row,
                                 const struct arn_pattern *r, size_t *from,
                                 enum rule_reach *reach);

/* How a grant's resources lie to r. */
enum rule_reach grant_reach(const struct grant *g, const struct arn_pattern *r);
