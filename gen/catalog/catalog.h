/* The control catalog: controls and checks as data, read and checked before anything is
 * judged. Format: controls/README.md. */
#pragma once
#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"

struct diag;
struct json;
struct path;
struct path_set;
struct tmpl;

enum __attribute__((packed)) severity {
    SEVERITY_INFO,
    SEVERITY_LOW,
    SEVERITY_MEDIUM,
    SEVERITY_HIGH,
    SEVERITY_CRITICAL
};
const char *severity_name(enum severity s);

/* A parameter that tunes a check: --param NAME=VALUE overrides its default. */
enum param_type { PARAM_BOOLEAN, PARAM_INTEGER, PARAM_STRING, PARAM_LIST };
struct param {
    struct str name; /* unique in the catalog */
    enum param_type type;
    const struct json *value; /* the default, or what the user gave */
    const struct json *fallback;
    struct str help;
    int64_t min, max;           /* of an integer */
    const struct json *choices; /* of a string: an array; NULL: anything */
    struct origin origin;       /* in catalog.json */
};
const char *param_type_name(enum param_type t);

/* One kind of evidence that a check rests on; alternatives are separated by '|'. */
enum { NEED_MAX_KINDS = 4 };
struct check_need {
    const char *kinds[NEED_MAX_KINDS + 1]; /* operation rows; NULL after the last */
    size_t rows[NEED_MAX_KINDS];           /* their numbers */
    int64_t max_age_days;                  /* 0: any age */
    const struct param *max_age; /* when a parameter says it; else max_age_days does */
    bool optional; /* used when there, but its absence does not make the test unknown */
    bool partial;  /* a truncated answer is enough, for what can only be found in it */
};
int64_t need_max_age_days(const struct check_need *n);

struct reference {
    struct str framework; /* "nist-800-53-r5" */
    struct str id;        /* "AC-6" */
};

struct check {
    struct str id, title; /* "KDA-3.2" */
    enum severity severity;
    const char *subject; /* subject type */
    VEC(struct check_need) needs;
    struct path *applies; /* NULL: always */
    struct path *require; /* exactly one of require and forbid */
    struct path *forbid;
    struct path *undecided; /* selects what is not known: then the test is unknown */
    struct path *at; /* what to point at; NULL: what was selected, or the evidence */
    VEC(struct str) facts;         /* facts that require and forbid name: $.facts.NAME */
    VEC(struct str) applies_facts; /* the same for applies */
    VEC(struct str) at_facts;      /* the same for at */
    /* The same for undecided; of what unknown says, the facts that it is about. */
    VEC(struct str) undecided_facts;
    bool raw;               /* require, forbid or at select parts of raw answers */
    bool applies_elsewhere; /* applies looks only at what other subjects' evidence says */
    VEC(const struct param *) params; /* that its queries and needs use */
    VEC(struct str) show;             /* members of the selected node to print; all */
    struct tmpl *message;             /* over the selected node: finding's sentence */
    struct tmpl *pass_message; /* one sentence for a pass; NULL: made from expected */
    struct str pass;           /* its text; empty when there is none */
    bool pass_plain;           /* that names members of the subject alone (pass.h) */
    struct str expected;       /* what good looks like, in words */
    struct str basis;          /* "inherited": the service always does it; else empty */
    struct str basis_source;   /* page that says so */
    bool manual;               /* needs a person: attestation */
    struct str remedy;         /* Markdown */
    struct tmpl *command;      /* command that mends it; NULL when there is none */
    size_t command_number;     /* in the catalog's commands, from 1; 0: it is none */
    struct str prose;          /* Markdown: how it is tested */
    VEC(struct reference) references;
    struct control *control;
    struct origin origin;
    size_t number;
};

struct control {
    struct str id, title; /* "KDA-1" */
    struct str statement; /* Markdown */
    struct str rationale; /* Markdown: why it matters */
    struct str prose;     /* Markdown: how it is tested */
    struct str source;    /* URL of the practice */
    VEC(struct reference) references;
    VEC(struct check *) checks;
    struct origin origin;
};

struct framework {
    struct str id, title, url;
};

struct catalog {
    struct str id, version, title, source;
    struct str sha256; /* empty until it is sealed */
    VEC(struct control *) controls;
    VEC(struct check *) checks; /* all, in order */
    VEC(struct framework) frameworks;
    struct map params;        /* name -> struct param */
    struct path_set *queries; /* of all checks */
    struct map commands; /* text -> first check, of those that name the subject alone */
    VEC(const struct text *) files; /* exact bytes used, for packs */
    struct str actions;             /* bytes of iam-actions.json */
};

/* Read the catalog in a folder. Everything is checked: ids, unknown keys (did you mean),
 * queries, subject types, evidence kinds, parameters, prose present. NULL after recording
 * at least one CAT-1xx error in dx. */
struct catalog *catalog_load(struct arena *a, const char *folder, struct diag *dx);

/* The same from files in memory (tests, fuzzing): names as in the folder. Borrowed; the
 * bytes must be followed by a NUL. */
struct catalog *catalog_load_memory(struct arena *a, const struct text *files, size_t n,
                                    struct diag *dx);

/* Fill in sha256: over the SHA-256 and the name of each file used, in order of their
 * names; no two catalogs share it. Judging needs none, and it takes as long as reading.
 */
void catalog_seal(struct arena *a, struct catalog *c);

/* The keys that the objects of a catalog may have: what the reader checks, what
 * controls/README.md lists. */
struct catalog_key {
    const char *object; /* "catalog", "control", "check", "need", "parameter", ... */
    const char *name;
    unsigned types; /* 1 << enum json_type, JSON_TRUE for both booleans */
    bool required;
    const char *help;
};
const struct catalog_key *catalog_keys(size_t *n);

/* Set a parameter from "NAME=VALUE"; a list is VALUE,VALUE. False after recording
 * CAT-2xx.
 */
bool catalog_set_param(struct arena *a, struct catalog *c, struct str assignment,
                       struct diag *dx);

/* The function extensions that queries may use (path.h), with their help; ctx of a run is
 * a struct query_ctx. */
struct query_ctx {
    const struct catalog *catalog;
    int64_t now;
};
struct path_func;
const struct path_func *catalog_functions(size_t *n);

/* A check or control by id, without regard to case; NULL when there is none. */
const struct check *catalog_check(const struct catalog *c, struct str id);
const struct control *catalog_control(const struct catalog *c, struct str id);
