/* ARNs and ARN patterns: split, complete, match, meet, lie within one another. */
#pragma once
#include "iam/pattern.h"

enum arn_part {
    ARN_PREFIX,
    ARN_PARTITION,
    ARN_SERVICE,
    ARN_REGION,
    ARN_ACCOUNT,
    ARN_RESOURCE,
    ARN_PARTS
};

/* arn:partition:service:region:account:resource, cut at the first five colons. */
struct arn {
    struct str part[ARN_PARTS];
};

/* False (and what there is, the rest empty) when s has fewer than six parts or does not
 * begin with "arn:". */
bool arn_split(struct str s, struct arn *out);

/* One part, or the empty text when s is no whole ARN. */
struct str arn_part(struct str s, enum arn_part part);

/* Twelve digits. */
bool arn_is_account(struct str s);

/* Where a pattern stands: that decides what a pattern of fewer than six parts means. */
enum arn_use {
    ARN_IN_IDENTITY,  /* also boundary, session: missing parts count as * */
    ARN_IN_RESOURCE,  /* only when a wildcard is present; else nothing matches */
    ARN_IN_SCP,       /* refused, unless the last part ends in * */
    ARN_IN_RCP,       /* refused */
    ARN_IN_CONDITION, /* ArnLike: refused, but * alone matches everything */
    ARN_USES
};

struct arn_pattern {
    struct str text; /* as written */
    struct pattern part[ARN_PARTS];
    bool any; /* only stars: everything, and the literal * that star-only actions ask */
    bool nothing;    /* no resource can match */
    bool incomplete; /* fewer than six parts */
    bool variables;  /* ${...} replaced by *: an upper bound */
};

/* Compile text. variables: replace ${...} behind the fifth colon (Version 2012-10-17
 * only; IAM User Guide, "Policy elements: variables and tags"); otherwise they are plain
 * text. All parts but the last compare without case. Lives in arena a; text is borrowed.
 */
struct arn_pattern arn_pattern_make(struct arena *a, struct str text, enum arn_use use,
                                    bool variables);

/* Does the concrete arn match? arn "*" is what an action without resource types asks. */
bool arn_matches(const struct arn_pattern *p, struct str arn);

/* Is there an ARN that both match; does q match all that p does? A part's wildcards never
 * reach over a colon of the first five. */
enum pattern_answer arn_meets(const struct arn_pattern *p, const struct arn_pattern *q);
enum pattern_answer arn_within(const struct arn_pattern *p, const struct arn_pattern *q);
