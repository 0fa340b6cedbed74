/* What a verdict, a severity, and a resource are called in each machine format: the
 * tables that all of them are made from, and the identities they share. */
#pragma once
#include "base/buf.h"
#include "base/digest.h"
#include "report/report.h"

/* A test's result and disposition as the formats tell them apart. */
enum verdict {
    VERDICT_PASS,
    VERDICT_FAIL,
    VERDICT_UNKNOWN,
    VERDICT_NOT_APPLICABLE,
    VERDICT_WAIVED,
    VERDICT_MANUAL,
    VERDICT_ERROR,
    VERDICT_KNOWN,
    VERDICTS
};
enum verdict machine_verdict(const struct report_test *t);

enum in_toto_list { LIST_NONE, LIST_PASSED, LIST_WARNED, LIST_FAILED };

struct verdict_row {
    const char *name;       /* in CSV, properties, and texts */
    const char *prefix;     /* said before the message where a format shows no verdict */
    const char *sarif_kind; /* its level is "none" unless it is "fail" */
    bool sarif_alert;       /* among the results for code scanning */
    bool oscal_satisfied;   /* state; else not-satisfied */
    const char *oscal_reason;
    int ocsf_status;       /* compliance.status_id */
    const char *ocsf_name; /* compliance.status */
    const char *hdf;
    const char *asff;
    enum in_toto_list in_toto;
};
const struct verdict_row *machine_verdict_row(enum verdict v);

struct severity_row {
    const char *name;
    const char *sarif_level;    /* of a fail */
    const char *sarif_security; /* security-severity; NULL: no security alert */
    const char *sarif_problem;
    int ocsf;
    const char *ocsf_name;
    double hdf_impact;
    const char *asff;
};
const struct severity_row *machine_severity_row(enum severity s);

struct resource_row {
    const char *type; /* of a subject */
    const char *cloudformation;
    const char *asff; /* NULL: "Other" */
};
const struct resource_row *machine_resource_row(struct str subject_type);

/* The waiver or attestation behind a test; all empty when there is none. */
struct machine_waiver {
    struct str reason, by, until, ticket;
};
struct machine_waiver machine_waiver(const struct report_test *t);
/* The last second that it holds, UTC; WHEN_NONE when no date is known. */
int64_t machine_waiver_end(const struct machine_waiver *w);

/* Does a waiver in force accept it? An undecided test stays undecided, but is not acted
 * on.
 */
bool machine_waived(const struct report_test *t);
const char *machine_reason(const struct report_test *t); /* "" for none */

/* A sentence for the test, its title when it says nothing. */
struct str machine_message(struct arena *a, const struct report_test *t);

/* Where the test points first; NULL when it rests on no evidence. */
const struct report_spot *machine_spot(const struct report_test *t);
/* Call visit for every place of the test that lies in evidence: findings, then spots. */
void machine_spots(const struct report_test *t,
                   void (*visit)(void *ctx, const struct report_spot *s,
                                 const struct report_finding *f),
                   void *ctx);
/* When the oldest evidence of the test was collected; as_of when it rests on none. */
int64_t machine_collected(const struct report *r, const struct report_test *t);
int64_t machine_as_of(const struct report *r); /* 0 when none is known */

/* The identity of a test over all runs: SHA-256 in hex over check, account, region and
 * subject. */
void machine_fingerprint(const struct report_test *t, char out[2 * DIGEST_BYTES + 1]);

/* The version 5 UUID of something of ours: a kind of thing, and texts that name it. */
#define MACHINE_NS "https://kdaudit.example/ns/oscal"
void machine_uuid(char out[UUID_TEXT], const char *kind, const struct str *parts,
                  size_t n);

/* CONTROL.check; a check's id that begins with its control's stands alone. */
void machine_rule_id(struct buf *out, const struct report_check *c);
/* A path as a relative URI reference: no scheme, no leading slash, percent-encoded. */
void machine_uri(struct buf *out, struct str path);
/* "aws", "aws-cn", "aws-us-gov", ... from an ARN, else from the region. */
struct str machine_partition(const struct report_subject *s);
/* Is it twelve digits? */
bool machine_account(struct str id);
bool machine_sha256(struct str hex); /* 64 lower-case hex digits */
