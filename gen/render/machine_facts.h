/* What each format says of a run and of a test beside its verdict: redaction, the score
 * before and after waivers, who accepted or attested what until when, what the baseline
 * knows. One table for all formats, each of which puts the facts where it has room. */
#pragma once
#include "report/report.h"

struct emit;

struct machine_fact {
    const char *name; /* "score-without-waivers": letters and '-' */
    struct str value; /* never empty */
};
enum { MACHINE_FACTS_MAX = 12 };

/* Of the run: redacted, score, score-without-waivers, waived, known. How many. */
size_t machine_run_facts(struct arena *a, const struct report *r,
                         struct machine_fact out[MACHINE_FACTS_MAX]);
/* Of a test: its waiver or attestation with reason, approver, end and document; since
 * when the baseline knows it; its basis when that is not evidence. */
size_t machine_test_facts(struct arena *a, const struct report_test *t,
                          struct machine_fact out[MACHINE_FACTS_MAX]);

/* Write facts as members of the open object: prefix, then the name, every '-' as joint.
 */
void machine_facts_emit(struct emit *e, const struct machine_fact *facts, size_t n,
                        const char *prefix, char joint, size_t max_bytes);

/* "waivers": every waiver and attestation that was given, used or not, as a list. */
void machine_waivers_emit(struct emit *e, const struct report *r);

/* What stands before a test's message where a format shows no verdict: "Waived until
 * 2027-01-31 by A. Lovelace: ", "Waiver expired after 2026-11-01: ",
 * "Known since 2026-11-01: ", "Unknown: "; empty for a pass
 * or an open fail. */
struct str machine_prefix(struct arena *a, const struct report_test *t);
