/* Suspicious things in policies that AWS takes: dead, wider or narrower than they look.
 */
#pragma once
#include "iam/rules.h"

/* What it can say, for documentation and tests. */
const struct diag_kind *const *lint_kinds(size_t *n);

/* Judge one policy that was read; what it finds is appended to out (the reader's own
 * issues are not repeated). Broken statements are passed over. */
void lint_policy(struct iam *x, const struct policy *p, struct policy_issues *out);
