/* The baseline of a redacted pack: of an old results.json, what a comparison needs. */
#pragma once
#include "pack/redact.h"
#include "report/report.h"

struct buf;

/* Take out of an old report all but the checks, the resources' ARNs and which test had
 * which result; list the ARNs in also, where redact masks them. Resources without one are
 * left out, since only ARNs show where a name in them is. */
void baseline_strip(struct arena *a, struct report *r, struct redact_also *also);

/* Write it with the masked ARNs, in the order of baseline_strip. */
void baseline_write(struct buf *out, struct report *r, const struct str *arns);
