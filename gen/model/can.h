/* Questions to the model: may this principal do that, as far as the evidence tells? */
#pragma once
#include "iam/evaluate.h"
#include "model/model.h"

/* One request and what is known about it. */
struct question {
    struct str principal; /* ARN or unique name of a role or user in the evidence; or the
                             name of a service, or the ARN of somebody else */
    struct str action;    /* "kinesis:GetRecords" */
    struct str resource;  /* ARN; * for an action that takes none */
    const struct request_key *keys;
    size_t nkeys;
    const struct policy *const *session; /* that the caller's session was made with */
    size_t nsession;
};

struct answer {
    const struct subject *principal; /* NULL: not in the evidence */
    const struct subject *resource;  /* NULL: not in the evidence, or * */
    struct str principal_arn;
    struct evaluation *evaluation; /* NULL: the table of actions cannot be read */
};

/* Evaluate one request over the identity's policies (groups' too), its boundary, the
 * policies of its organization and its session, and the policy of the resource. actions:
 * the bytes of controls/iam-actions.json. */
struct answer model_can(struct arena *a, const struct model *m, struct str actions,
                        const struct question *q, struct diag *dx);

/* The same over bare identity policies, without evidence. */
struct evaluation *policies_can(struct arena *a, const struct policy *const *policies,
                                size_t n, struct str actions, const struct question *q,
                                struct diag *dx);
