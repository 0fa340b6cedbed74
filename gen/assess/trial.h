/* What the checks would say of a role that had other policies: the last part of the proof
 * of a proposal. */
#pragma once
#include "assess/assess.h"

struct trial_finding {
    const struct check *check;
    struct str message;
};

struct trial {
    VEC(struct trial_finding) v; /* what fails because of the new policies */
    size_t judged;               /* checks that passed or failed */
    bool done;                   /* false: the role could not be judged at all */
};

/* Judge role, of m, as if policies (texts of documents) were its inline policies, with
 * nothing attached, and trust its trust policy. Other evidence of its account stays as
 * it is. A finding counts when it points at one of the new policies. */
struct trial *trial_role(struct arena *a, const struct model *m, const struct catalog *c,
                         const struct subject *role, const struct str *policies, size_t n,
                         struct str trust, struct diag *dx);
