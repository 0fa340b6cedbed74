/* Waivers and attestations: what people have accepted or vouched for, until when. Format:
 * controls/README.md, "Waivers and attestations"; schema: controls/waivers.schema.json.
 */
#pragma once
#include "catalog/catalog.h"

/* A fail (or an undecided test) that somebody has accepted until a day. */
struct waiver {
    const struct check *check;     /* NULL: every check of the control */
    const struct control *control; /* NULL when check is set */
    struct str subject;            /* glob over ARNs; also matched against plain names */
    struct str reason, approver, ticket;
    struct str until; /* last day, inclusive, UTC: "2027-01-31" */
    int64_t ends;     /* first second after it */
    struct origin origin;
    uint32_t number;
};

/* A manual test that somebody vouches for. */
struct attestation {
    const struct check *check; /* a manual one */
    struct str subject, statement, by, until;
    struct str document, sha256; /* the signed document: name and 64 hex digits */
    int64_t ends;
    struct origin origin, at_document;
    uint32_t number;
};

struct waivers {
    const struct text *text;
    VEC(struct waiver) waivers;
    VEC(struct attestation) attestations;
};

/* Read a waiver file. Everything is checked: unknown keys, ids that the catalog does not
 * have, dates, empty reasons. NULL after recording WVR-1xx in dx. text must outlive it.
 */
struct waivers *waivers_read(struct arena *a, const struct text *text,
                             const struct catalog *catalog, struct diag *dx);

/* Is the document that was signed this one? False after recording WVR-109.
 * sha256  of the document, 64 lower-case hex digits */
bool attestation_fits(const struct attestation *t, struct str sha256, struct diag *dx);

/* Does glob cover this ARN or name? */
bool waiver_covers(struct str glob, struct str arn, struct str name);
