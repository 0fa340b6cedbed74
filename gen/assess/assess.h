/* Judge: every check on every subject of its type. One test, one result, with its
 * reasons. */
#pragma once
#include "base/arena.h"
#include "catalog/catalog.h"
#include "model/model.h"

struct diag;
struct json;
struct looks;

enum __attribute__((packed)) result {
    RESULT_PASS,
    RESULT_FAIL,
    RESULT_UNKNOWN,
    RESULT_MANUAL,
    RESULT_NOT_APPLICABLE,
    RESULT_ERROR
};
const char *result_name(
    enum result r); /* "pass", "fail", "unknown", "manual", "not-applicable", "error" */

/* Why a test is unknown; mandatory there, REASON_NONE elsewhere. */
enum __attribute__((packed)) reason {
    REASON_NONE,
    REASON_ABSENT,
    REASON_DENIED,
    REASON_TRUNCATED,
    REASON_STALE,
    REASON_INVALID,
    REASON_FOREIGN,
    REASON_UNDECIDED
};
const char *reason_name(enum reason r); /* "absent", ... */

struct test;

enum __attribute__((packed)) disposition {
    DISPOSITION_OPEN,
    DISPOSITION_WAIVED,
    DISPOSITION_WAIVER_EXPIRED,
    DISPOSITION_KNOWN
};
const char *disposition_name(enum disposition d);
/* Is a test of it accepted as it is: waived, or known? */
bool disposition_accepts(enum disposition d);

/* What a test says, whether or not it keeps the sentence: made in arena a when not. */
struct str assess_message(struct arena *a, const struct test *t);

/* The sentence for a whole test: its first finding's, with how many more there are. */
struct str assess_sum_up(struct arena *a, struct str first, uint32_t more);
/* That of every test that does not apply; of one that needs a person, after the check's
 * title; of a finding that evidence is absent, after its kind, " of " and a name. */
#define ASSESS_NOT_APPLICABLE "Nothing here is what this check is about."
#define ASSESS_MANUAL ": a person has to judge this."
#define ASSESS_ABSENT " is not in evidence."

/* Where something rests on: a value in a document. */
struct spot {
    const struct document *doc; /* NULL when there is no evidence at all */
    struct str pointer;         /* JSON Pointer in doc ("" is the whole) */
    size_t pos;                 /* byte in doc->text */
};

/* What a failing or unknown test says. */
struct finding {
    struct str message; /* one sentence */
    struct spot spot;
    struct str actual;  /* the value found, as JSON, secrets masked, at most 200 bytes */
    struct str command; /* that mends it, or that collects what is missing */
    const char *kind;   /* evidence kind that is missing; NULL for a fail */
    struct str about;   /* ARN of the subject that it would be evidence of */
    enum reason reason; /* why it is missing; REASON_NONE for a fail */
};

enum { TEST_MAX_FINDINGS = 100, TEST_MAX_SPOTS = 8 };

struct test {
    const struct check *check;
    const struct subject *subject;
    struct str message; /* one sentence; empty for a pass: as its check says (pass.h) */
    struct finding *findings; /* fail and unknown: at least one */
    struct spot *spots;       /* pass: what it rests on */
    /* In few bytes, a cache line for all: of a large organisation there are a million
     * tests. */
    enum result result : 4;
    enum reason reason : 4;
    enum disposition disposition : 4;
    unsigned nspots : 4;
    unsigned nfindings : 15;
    bool attested : 1;
    uint32_t more_findings;          /* that are not listed */
    union {                          /* what decided it besides the evidence */
        const struct waiver *waiver; /* DISPOSITION_WAIVED, DISPOSITION_WAIVER_EXPIRED */
        const struct attestation *attestation; /* attested, in force or not */
        int64_t known_since; /* DISPOSITION_KNOWN: when the first run that had it was
                                judged */
    };
};

struct assessment {
    const struct model *model;
    const struct catalog *catalog;
    struct test *tests; /* by check (catalog order), then subject (model order) */
    size_t n;
    int64_t now;
    const struct waivers *waivers; /* that were applied (waive.h); NULL */
    const struct looks *looks;     /* which checks looked at which documents; or NULL */
    struct arena *rows;            /* tests, findings and spots, but no texts */
};

/* One check on one subject whose view (subject_view's form) is given: what `assess` does
 * for each test. m may be NULL: then facts' places lead nowhere. For tests. */
struct test assess_one(struct arena *a, const struct model *m, const struct catalog *c,
                       const struct check *check, const struct subject *s,
                       const struct json *view, int64_t now, struct diag *dx);

/* Judge everything. threads 0: all processors; the result does not depend on it. A query
 * that breaks makes that test RESULT_ERROR and is recorded as ASS-1xx. */
struct assessment *assess(struct arena *a, const struct model *m, const struct catalog *c,
                          unsigned threads, struct diag *dx);

/* Let the tests go, once a report has them: n is 0 from then on. Texts stay. */
void assess_forget(struct assessment *as);
