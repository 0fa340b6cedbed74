/* The machine formats: each a pure function of the report. What they call things:
 * machine_map.h. */
#pragma once
#include "report/report.h"

struct buf;

/* OSCAL 1.1.3 (NIST): assessment-results, and the catalog that it refers to. */
void machine_oscal_results(struct buf *out, const struct report *r);
void machine_oscal_catalog(struct buf *out, const struct report *r);

/* SARIF 2.1.0 as code scanning takes it: fails and unknowns alone, at most
 * SARIF_MAX_RESULTS of them, worst first; or every test, with its kind and waivers. */
enum { SARIF_MAX_RESULTS = 25000 };
void machine_sarif(struct buf *out, const struct report *r);
void machine_sarif_all(struct buf *out, const struct report *r);

/* OCSF 1.8.0 Compliance Finding (class 2003), one object a line for each test. */
void machine_ocsf(struct buf *out, const struct report *r);

/* Heimdall Data Format (exec-json): a control for each check. */
void machine_hdf(struct buf *out, const struct report *r);

/* AWS Security Finding Format, version 2018-10-08: an array of findings. CreatedAt is the
 * time of the run, so a first import decides it. */
void machine_asff(struct buf *out, const struct report *r);

/* in-toto Statement v1 with a test-result v0.1 predicate, unsigned.
 * subjects  what the results are about, at least one: a name, and its SHA-256 in hex.
 * machine_in_toto names the results.json of the report. */
struct machine_subject {
    struct str name, sha256;
};
void machine_in_toto_of(struct buf *out, const struct report *r,
                        const struct machine_subject *subjects, size_t n);
void machine_in_toto(struct buf *out, const struct report *r);

/* RFC 4180, one row for each test; formulas are neutralised (CWE-1236). */
void machine_csv(struct buf *out, const struct report *r);
