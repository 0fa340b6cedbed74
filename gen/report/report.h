/* The report: everything that any output says, as plain data. results.json holds what is
 * marked stored in report_fields.c; report_finish derives the rest, so that every format
 * is a pure function of results.json. */
#pragma once
#include "assess/assess.h"
#include "base/arena.h"
#include "base/map.h"

struct diag;

enum {
    REPORT_FORMAT = 3,
    REPORT_TOP = 50,            /* tests that short reports list */
    REPORT_FIRST = 100,         /* tests of a check that a page of a large report lists */
    REPORT_TOP_CHECK = 10,      /* tests of a check that a page of a wiki lists */
    REPORT_TOP_USERS = 10,      /* applications of a resource that they list */
    REPORT_TOP_CALLS = 50,      /* API calls that they list */
    REPORT_TOP_EVIDENCE = 1000, /* evidence files that they list */
    REPORT_TOP_ACCESS = 50,     /* rows of access that they list */
    REPORT_ACCESS = 1000,  /* rows of access that are kept, the gravest of each account */
    REPORT_HOLDERS = 20,   /* identities of a row that are kept */
    REPORT_PROPOSALS = 50, /* roles that get a proposed policy, the worst */
    REPORT_TOP_PROPOSALS = 5, /* of them that short reports show */
    REPORT_TOP_FINDINGS = 3   /* findings of a test that they list */
};

/* Score: severity-weighted share of the judged tests that pass: critical 10, high 5,
 * medium 3, low 1, info 0; unknown and error count against it, waived as passed. 0..100,
 * rounded down, so that 100 means nothing is wrong. */
struct report_counts {
    uint32_t pass, fail, unknown, manual, not_applicable, error;
    uint32_t accepted_unknown;                  /* undecided ones, waived or known */
    uint32_t waived, known;                     /* of the fails: not open */
    uint32_t critical, high, medium, low, info; /* open fails by severity */
    uint32_t total, judged;                     /* judged: pass + fail */
    uint32_t score_unwaived;                    /* the same with waived fails as fails */
    uint32_t score;                             /* 0..100, see above */
    bool scored;                                /* false when nothing was judged */
};

struct report_reference {
    struct str framework, title, url, id;
};

struct report_catalog {
    struct str id, version, title, source, sha256;
};

struct report_param {
    struct str name, value, fallback, help;
    bool changed;
};

/* A VEC of fewer bytes: of a large organisation there are a million of them. */
#define REPORT_LIST(T)                                                                   \
    struct {                                                                             \
        T *v;                                                                            \
        uint32_t n, cap;                                                                 \
    }

struct report_check;

/* A check that looked at a file. */
struct report_looker {
    const struct report_check *check;
};
/* What files were used for, beside the results that point into them. Files that were used
 * for the same share one. Checks stand in catalog order. */
struct report_use {
    uint32_t number;
    bool names, shown;                        /* see their help in report_fields.c */
    REPORT_LIST(struct report_looker) needed; /* by these checks */
    REPORT_LIST(struct report_looker) facts;  /* from it, at which these looked */
};

/* One evidence file. */
struct report_evidence {
    uint32_t number;
    struct str path, sha256, kind, account, region, subject;
    uint64_t size_bytes;
    int64_t collected;
    const char *state; /* "answer", "empty", "error", "invalid", "unbound",
                          "unrecognised", "refused" */
    struct str why, why_code, error_code;
    bool partial;
    const struct report_use *use; /* NULL: it could not be used, or that is not known */
    uint32_t used;                /* tests that rest on it */
    struct str used_for;          /* what for, in words with the ids of checks */
};

struct report_spot {
    const struct report_evidence *evidence; /* NULL: nowhere */
    struct str pointer;
    uint32_t line, column;
};

/* Lines of the evidence around a place, secrets masked. Findings on the same line share
 * one. */
struct report_excerpt {
    uint32_t number;
    uint32_t first_line;
    struct report_spot spot; /* what the first of these findings points at */
    struct str text;         /* lines joined by LF */
};
struct report_excerpt_line {
    uint32_t number;
    struct str text;
    bool marked;
};

struct report_finding {
    struct str message, actual, expected, command, kind;
    struct report_spot spot;
    const struct report_excerpt *excerpt; /* NULL: nothing to show */
};

struct report_control;
struct report_application;

/* A waiver or an attestation of the file that was given. */
struct report_waiver {
    uint32_t number;
    const char *kind;   /* "waiver" or "attestation" */
    struct str id;      /* of the check or control */
    struct str subject; /* glob */
    struct str reason;  /* why it was accepted, or what was stated */
    struct str by, until, ticket, document, sha256;
    bool expired;
    /* derived */
    uint32_t used; /* tests that it covers */
};

struct report_check {
    struct str id, title, subject_type, expected, basis, basis_source, prose, remedy;
    struct str pass; /* what a pass says: Mustache over the subject; empty: expected */
    enum severity severity;
    bool manual;
    REPORT_LIST(struct report_reference) references;
    /* derived */
    struct report_control *control;
    struct report_counts counts;
    REPORT_LIST(struct report_test *) tests; /* all, by subject */
    REPORT_LIST(struct report_test *)
    attention; /* fail, unknown, error, manual; worst first */
    REPORT_LIST(struct report_test *) quiet; /* pass, not-applicable, waived */
    /* At most REPORT_FIRST of either: what a page of a large report lists. */
    REPORT_LIST(struct report_test *) first_attention;
    REPORT_LIST(struct report_test *) first_quiet;
    REPORT_LIST(struct report_test *) top_attention; /* at most REPORT_TOP_CHECK */
    uint32_t number;
};

struct report_control {
    struct str id, title, statement, rationale, source;
    REPORT_LIST(struct report_reference) references;
    REPORT_LIST(struct report_check) checks;
    /* derived */
    struct report_counts counts;
    uint32_t number;
};

struct report_link {
    struct str name;
    const struct report_subject *to;
};

struct report_subject {
    struct str arn, type, name, account, region;
    bool foreign, listed_only;
    /* derived; beside the name, which tests are listed by */
    bool tested;
    bool ambiguous; /* another of its type in the same place has the same name */
    enum result worst;
    /* read */
    REPORT_LIST(struct report_link) links;
    REPORT_LIST(struct report_spot) spots;   /* what most of its passes rest on */
    REPORT_LIST(struct report_test *) tests; /* in the order of checks */
    /* derived */
    uint32_t number;
    struct report_counts counts;
    REPORT_LIST(struct report_test *) attention;           /* those of them to act on */
    REPORT_LIST(struct report_application *) applications; /* that depend on it */
    const struct report_proposal *proposal;                /* of a role; NULL */
    const struct report_account *home;      /* NULL: its account has no row in accounts */
    struct report_application *application; /* that it is; NULL */
    uint64_t arn_hash;
};

/* What a result rests on. */
enum __attribute__((packed)) basis { BASIS_EVIDENCE, BASIS_ATTESTED };

struct report_test {
    const struct report_check *check;
    const struct report_subject *subject;
    enum result result;
    enum reason reason;
    enum disposition disposition;
    enum basis basis;
    uint32_t more_findings; /* that are not listed */
    int64_t known_since; /* known: when the first run that had it was judged; WHEN_NONE */
    struct str message;  /* empty: what follows from the rest (report_message) */
    struct str command;  /* of all its findings, when they are several and share one */
    REPORT_LIST(struct report_finding) findings;
    REPORT_LIST(struct report_spot) spots;
    const struct report_waiver *waiver; /* that covers it, in force or not; NULL */
};

/* One API call on an application, as CloudTrail recorded it: the four things that the
 * fourth practice names, and what came of it. */
struct report_call {
    int64_t time;
    struct str who, principal_type, credentials, ip, event, class, outcome, user_agent;
    const struct report_subject *application; /* NULL: on something it rests on */
    const struct report_subject *subject;     /* what the call is about */
    struct report_spot spot;
};

/* One user, group or role that may touch applications. */
struct report_holder {
    struct str arn, name, kind;
    struct str via;   /* the policies that give it */
    uint32_t members; /* users of a group */
};
struct report_access_on {
    const struct report_subject *application;
};
/* Identities with the same rights over the same applications. */
struct report_access {
    struct str account, actions;
    struct str pass; /* roles that they may hand to the service: none, own, named, any */
    bool code, dashboard, delete, write, tagging, read, list, permissions;
    bool admin;       /* may write policies of roles everywhere */
    bool conditional; /* all of it only on a condition */
    bool all;         /* every application of the account */
    REPORT_LIST(struct report_access_on) applications; /* none when all */
    REPORT_LIST(struct report_holder) holders;
    uint32_t more_holders, more_applications; /* that are not listed */
};

/* The policies that a role should have, as a difference to those that it has. */
struct report_proposal {
    const struct report_subject *role;
    struct str diff;      /* unified */
    struct str not_known; /* why it may be incomplete */
    struct str unproved;  /* what could not be proved; empty: proved */
    struct str command;   /* that writes it */
};
struct report_diff_line {
    struct str text;
    bool added, removed, head;
};

/* One cell of the control x application (or account) matrix. */
struct report_cell {
    const struct report_control *control;
    struct report_counts counts;
    enum result worst;
    bool tested;
};

struct report_application {
    struct report_subject *subject;
    struct str runtime, status, mode, family;
    bool described;
    /* derived */
    bool judged;
    struct report_counts counts;
    REPORT_LIST(struct report_cell) cells;
    REPORT_LIST(struct report_subject *) subjects; /* what it depends on, itself first */
    REPORT_LIST(struct report_test *) attention;   /* of those subjects, worst first */
    REPORT_LIST(const struct report_call *) calls;
    REPORT_LIST(const struct report_access *) access;
    uint32_t number;
};

struct report_account {
    struct str id;
    struct report_counts counts;
    REPORT_LIST(struct report_cell) cells;
    REPORT_LIST(const struct report_application *) applications;
    REPORT_LIST(const struct report_subject *) subjects;
    REPORT_LIST(const struct report_evidence *) evidence;
    REPORT_LIST(const struct report_access *) access;
    REPORT_LIST(const struct report_proposal *) proposals;
};

struct report {
    uint32_t format;
    struct str version; /* of kdaudit */
    int64_t as_of;
    bool redacted; /* the evidence was masked before it was judged */
    struct report_catalog catalog;
    struct str waivers_sha256;  /* of the file of waivers; empty when none was given */
    struct str evidence_sha256; /* over "HASH  PATH\n" of every file, sorted */
    REPORT_LIST(struct report_param) params;
    REPORT_LIST(struct report_use) uses; /* none: what files were used for is not known */
    REPORT_LIST(struct report_evidence) evidence;
    REPORT_LIST(struct report_excerpt) excerpts;
    REPORT_LIST(struct report_waiver) waivers;
    REPORT_LIST(struct report_control) controls;
    REPORT_LIST(struct report_subject) subjects;
    REPORT_LIST(struct report_application) applications;
    REPORT_LIST(struct report_test) tests; /* by check, then subject */
    REPORT_LIST(struct report_call) calls;
    REPORT_LIST(struct report_access) access;
    uint32_t access_more; /* rows that are not kept */
    REPORT_LIST(struct report_proposal) proposals;
    uint32_t applications_listed;
    /* derived */
    const char *verdict; /* "fail", "unknown", "pass", "nothing-judged" */
    struct report_counts counts;
    uint32_t applications_described, applications_judged;
    uint32_t evidence_used, evidence_unusable;
    REPORT_LIST(struct report_check *) checks;
    REPORT_LIST(struct report_test *) attention;      /* worst first, open ones */
    REPORT_LIST(struct report_test *) attention_top;  /* at most REPORT_TOP of them */
    REPORT_LIST(struct report_test *) accepted_tests; /* waived or known */
    REPORT_LIST(struct report_test *) accepted_top;   /* at most REPORT_TOP of them */
    uint32_t attention_more;                          /* how many are not among these */
    REPORT_LIST(struct report_account) accounts;
    /* What belongs to none of them. */
    REPORT_LIST(const struct report_subject *) loose_subjects;
    REPORT_LIST(const struct report_evidence *) loose_evidence;
};

/* Say what the assessment found. Excerpts and places are worked out here. The trees of
 * the evidence go (model_forget), and the tests of as (assess_forget). */
struct report *report_build(struct arena *a, struct assessment *as, unsigned threads);

/* Give each subject its tests. */
void report_hand_tests(struct arena *a, struct report *r);

/* Fill in everything marked derived. threads 0: all processors. Called by report_build
 * and results_read. */
void report_finish(struct arena *a, struct report *r, unsigned threads);

/* "fail", "unknown", "pass" or "nothing-judged": what counts say together. Waived and
 * known tests are not open; manual ones do not decide it. */
const char *report_verdict(const struct report_counts *c);

/* Add up counts; scores do not add up and stay as they are. */
void report_counts_add(struct report_counts *to, const struct report_counts *from);

/* Lower is worse: the order of reports. */
int report_rank(enum result result, enum disposition disposition);

/* Is this test one that the reader must act on (open fail, unknown, error, manual)? */
bool report_open(const struct report_test *t);

/* What a test says in one sentence; in arena a when it follows from the rest. */
struct str report_message(struct arena *a, const struct report_test *t);

/* The lines of an excerpt. */
size_t report_excerpt_lines(struct arena *a, const struct report_excerpt *x,
                            struct report_excerpt_line **lines);
