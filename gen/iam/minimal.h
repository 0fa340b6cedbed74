/* The policies that a role should have: from what its application needs and was seen to
 * use, with the proof that they suffice and grant nothing beyond. */
#pragma once
#include "iam/compare.h"

struct json;

/* A right that was used successfully, from events. */
struct minimal_use {
    struct str action;   /* "kinesis:GetRecords" */
    struct str resource; /* ARN; empty: the event names none, and the row is left out */
};

struct minimal_options {
    struct str role_arn;
    const struct minimal_use *used;
    size_t nused;
    const struct policy_statement *const *denies; /* of the present policies: kept */
    size_t ndenies;
    bool only_must;   /* leave out what depends on the code */
    size_t max_chars; /* of one document, white space not counted; 0: 10,240 (inline) */
};

/* One statement of the proposal, for explanations. */
struct minimal_statement {
    struct str sid;
    size_t document;
    struct str why; /* "stream source: property group ConsumerConfig" */
    bool star_only; /* the actions take no resource */
    bool kept;      /* an existing Deny */
    const struct need **needs;
    size_t nneeds;
};

struct minimal {
    struct json **documents; /* policy objects; more than one when over the size */
    struct str *texts;       /* the same, indented, with a line feed at the end */
    size_t ndocuments;
    struct minimal_statement *statements;
    size_t nstatements;
    const struct str *left_out; /* used actions without a resource: add them by hand */
    size_t nleft_out;
    bool proved;                /* all of the below is empty */
    const struct str *unproved; /* clauses: what could not be proved */
    size_t nunproved;
    size_t added; /* atoms that the present policies do not grant: what was missing */
};

/* Propose the permissions. present: what the role has now (for added). */
struct minimal *minimal_policy(struct iam *x, const struct needs *needs,
                               const struct effective *present,
                               const struct minimal_options *options);

/* The trust policy for the applications that run as the role; texts[0] is the document.
 */
struct minimal *minimal_trust(struct iam *x, const struct str *apps, size_t n,
                              struct str service);

/* What becomes of a present Allow beside the proposal. */
enum minimal_fate { MINIMAL_KEEP, MINIMAL_NARROW, MINIMAL_REMOVE };
enum minimal_fate minimal_fate_of(const struct comparison *c,
                                  const struct policy_statement *st);
const char *minimal_fate_name(enum minimal_fate fate);
