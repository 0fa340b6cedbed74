/* The policies that a role should have, beside those that it has: what `kdaudit policy`
 * writes and reports show as a difference. */
#pragma once
#include "model/rights.h"

/* What becomes of one Allow that the role has now. */
struct proposal_fate {
    const struct policy_statement *st;
    enum minimal_fate fate;
    struct str why; /* "excess: s3:DeleteBucket, s3:PutObject and 12 more" */
};

struct proposal {
    struct rights *rights;
    const struct subject *role;
    const struct subject *const *apps; /* that it is for */
    size_t napps;
    struct minimal *permissions, *trust;
    const struct str
        *names;   /* of the permissions' documents: "orders-flink-role-minimal" */
    bool managed; /* too large for inline policies: managed ones */
    struct proposal_fate *fates;
    size_t nfates;
    const char *doubts[6]; /* why it cannot be complete: evidence that is missing */
    size_t ndoubts;
    const struct subject *undescribed; /* then there are no permissions and no trust */
};

/* Propose for role and the applications that run as it, or only for app (NULL: all).
 * only_must: leave out what depends on the code. Everything lives in arena a. NULL when
 * the table of actions cannot be read (recorded in dx). */
struct proposal *proposal_make(struct arena *a, const struct model *m, struct str actions,
                               const struct subject *role, const struct subject *app,
                               bool only_must, struct diag *dx);

/* The role's policies and trust policy beside the proposed ones, as unified diffs; of
 * attached policies also a line that says to detach them. */
struct str proposal_diff(struct arena *a, const struct proposal *p);

/* Both for the whole role, with what facts have learnt of actions: for reports, which ask
 * for many, also from several threads. The table must have been read with the model.
 * *out: the proposal; its rights->iam is NULL. Empty when there is nothing to propose. */
struct str proposal_diff_of(struct arena *a, const struct model *m,
                            const struct subject *role, struct proposal **out);
