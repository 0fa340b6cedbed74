/* Granted minus needed: what a role may do and its application does not ask for. */
#pragma once
#include "iam/needs.h"
#include "iam/risk.h"

enum compare_verdict {
    COMPARE_FITS,           /* granted as needed, or closer */
    COMPARE_EXCESS,         /* nothing needs the action */
    COMPARE_UNACCOUNTED,    /* nothing in evidence needs it, but code may */
    COMPARE_OVERBROAD,      /* needed, on fewer resources */
    COMPARE_WRONG_RESOURCE, /* needed, on other resources: often a stale name */
    COMPARE_DEAD,           /* asked for, but no resource fits: grants nothing */
    COMPARE_MISSING,        /* needed, and not granted */
    COMPARE_VERDICTS
};
const char *compare_verdict_name(enum compare_verdict v);

enum compare_severity {
    COMPARE_INFO,
    COMPARE_LOW,
    COMPARE_MEDIUM,
    COMPARE_HIGH,
    COMPARE_CRITICAL
};
const char *compare_severity_name(enum compare_severity s);

/* One cause: a text in a statement (or a need, for MISSING) with one verdict. */
struct compare_row {
    enum compare_verdict verdict;
    enum compare_severity severity;
    const struct policy_statement *st; /* NULL for MISSING */
    size_t text;                       /* index in st->actions; SIZE_MAX: NotAction */
    struct action_set actions;         /* that the text causes with this verdict */
    struct str worst[3]; /* "prefix:Name", the worst first; empty: fewer; of FITS: none */
    const struct str *resources; /* granted patterns, as written */
    size_t nresources;
    const struct need **needs; /* what is needed instead (OVERBROAD, WRONG); of MISSING:
                                  the one */
    size_t nneeds;
    const struct str
        *instead; /* resources to write instead, each once (OVERBROAD, WRONG) */
    size_t ninstead;
    bool unsure;      /* some Deny or limit touches it */
    bool conditional; /* a condition really narrows it */
    bool everywhere;  /* no resource is named */
    bool star_only;   /* every action of the row takes only *: never OVERBROAD */
};

struct comparison {
    struct compare_row *v; /* in order of statements and texts, MISSING last */
    size_t n, cap;
    bool upper_bound; /* as in effective */
};

/* use_known: events or last-accessed data of the role are in evidence, so that a data
 * action that nothing accounts for is called excess. */
struct comparison *compare_needs(struct iam *x, const struct effective *e,
                                 const struct needs *needs, bool use_known);
