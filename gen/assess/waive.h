/* Apply waivers and attestations to what was judged. */
#pragma once
#include "assess/assess.h"
#include "catalog/waiver.h"

/* Set the disposition of every fail and undecided test that a waiver covers: waived, or
 * waiver-expired when as->now lies after its last day. Manual tests with an attestation
 * in force become pass; with an expired one they stay manual. A waiver's result never
 * changes. Unused and expired entries, and globs that cover more than half of the tests
 * of their checks or any name at all, are recorded as WVR-12x warnings in dx. */
void waivers_apply(struct arena *a, struct assessment *as, const struct waivers *w,
                   struct diag *dx);

/* Does what ends then (its first second after) hold no longer? Without a known time
 * nothing can be called in force. */
bool waiver_expired(int64_t ends, int64_t now);
