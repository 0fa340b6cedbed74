/* What is known of one request: its condition keys, and whether conditions hold for it.
 */
#pragma once
#include "iam/condition.h"

enum truth { TRUTH_NO, TRUTH_YES, TRUTH_UNKNOWN };

enum truth truth_and(enum truth x, enum truth y);
enum truth truth_or(enum truth x, enum truth y);
enum truth truth_not(enum truth x);

struct request_key {
    struct str name; /* compares without case */
    const struct str *values;
    size_t nvalues; /* 0: the request surely does not carry the key */
};

struct request_context {
    const struct request_key *keys;
    size_t nkeys;
    bool closed; /* keys that are not listed are absent; otherwise they are unknown */
};

/* The key's row, or NULL. */
const struct request_key *request_find(const struct request_context *ctx,
                                       struct str name);

/* Does one condition hold? variables: the policy's Version lets ${...} count. IAM User
 * Guide, "Condition operators", "Single-valued vs. multivalued context keys". */
enum truth condition_holds(struct arena *a, const struct condition *c,
                           const struct request_context *ctx, bool variables);

/* All conditions of a statement (AND). */
enum truth conditions_hold(struct arena *a, const struct condition *v, size_t n,
                           const struct request_context *ctx, bool variables);

/* The pattern of text with its variables replaced by what the request says; a value's own
 * wildcards are literal. TRUTH_NO: some variable has no value and no default, so nothing
 * matches; TRUTH_UNKNOWN: some variable is not known (then it is *). */
enum truth request_pattern(struct arena *a, struct str text, bool wild, bool variables,
                           const struct request_context *ctx, struct pattern *out);

/* Is ip inside cidr (v4 or v6; without a prefix length one address)? TRUTH_UNKNOWN when
 * either cannot be read. */
enum truth ip_within(struct str ip, struct str cidr);
