/* One request against all policies that bear on it, in three values. IAM User Guide,
 * "Policy evaluation logic", "Cross-account policy evaluation logic". */
#pragma once
#include "iam/effective.h"
#include "iam/request.h"

struct evaluate_request {
    struct str principal; /* ARN of a role, user or session, a service's name, or * for an
                             identity of which nothing is known */
    struct str action;    /* "kinesis:GetRecords" */
    struct str resource;  /* ARN, or * for an action that takes no resource */
    struct str resource_account; /* empty: from the ARN, else the principal's */
    struct request_context
        context; /* keys given; what follows from the principal is added */
};

struct evaluate_policies {
    const struct policy *const *identity;
    size_t nidentity;
    bool identity_missing;
    const struct effective_limit *limits; /* SCPs, RCPs, endpoint: bind every principal */
    size_t nlimits;
    const struct policy *boundary; /* NULL: none */
    bool boundary_missing;         /* named, not in evidence */
    const struct policy *const *resource;
    size_t nresource;
    bool resource_missing;   /* may exist, not in evidence */
    bool resource_may_allow; /* missing, and could let in callers of the same account */
    bool resource_decides;   /* KMS key policy, role trust: must allow in any case */
    const struct policy *const *session;
    size_t nsession; /* 0: no session policy */
};

enum evaluate_verdict {
    EVALUATE_ALLOWED,
    EVALUATE_DENIED,  /* by a Deny */
    EVALUATE_REFUSED, /* nothing allows it, or a limit does not */
    EVALUATE_DEPENDS  /* on keys or policies that are not known */
};
const char *evaluate_verdict_name(enum evaluate_verdict v);

/* A statement that bears on the verdict. */
struct evaluate_reason {
    const struct policy_statement *st;
    enum truth holds;             /* YES or UNKNOWN */
    const struct condition *asks; /* the first condition that is not known; or NULL */
};

struct evaluation {
    enum evaluate_verdict verdict;
    struct evaluate_reason *v; /* Denies first, then Allows, in order of policies */
    size_t n, cap;
    bool upper_bound;   /* a layer has no evidence: no more than this is allowed */
    const char *why[6]; /* clauses for people: which layer refuses or is not known */
    size_t nwhy;
};

/* Does text, an element of Action, name the action? */
bool evaluate_action(struct str text, struct str action);

struct evaluation *evaluate(struct iam *x, const struct evaluate_request *request,
                            const struct evaluate_policies *policies);
