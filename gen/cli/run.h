/* The pipeline as the commands run it: each step once, faults turned into exit codes. */
#pragma once
#include "report/report.h"

struct invocation;
struct templates;

struct run {
    struct evidence *evidence;
    bool redacted; /* it stands in a redacted pack */
    struct catalog *catalog;
    struct waivers *waivers;          /* of --waivers; NULL */
    struct report *baseline;          /* of --baseline; NULL */
    const struct text *baseline_text; /* its results.json */
    struct model *model;
    struct assessment *assessment;
    struct report *report;
    const struct str *names; /* asked for: see run_bare_model */
    size_t nnames;
    struct templates *templates;
    unsigned template_parts; /* to be read too, beside the rest */
};

/* Each gives 0 or the exit code; what went wrong is in in->dx. Later steps run earlier
 * ones. */
int run_operands(const struct invocation *in, size_t operands); /* is there evidence? */
int run_catalog(const struct invocation *in, struct run *r);
int run_evidence(const struct invocation *in, size_t operands, struct run *r);
int run_model(const struct invocation *in, size_t operands, struct run *r);
/* Subjects and links without facts: for one question. With r->names, only what concerns
 * these is read of accounts' authorization details. */
int run_bare_model(const struct invocation *in, size_t operands, struct run *r);
int run_report(const struct invocation *in, size_t operands, struct run *r);
int run_waivers(const struct invocation *in, struct run *r); /* after run_catalog */
/* Where a document stands that an attestation in the file waivers names. */
const char *run_document(struct arena *a, const char *waivers, struct str document);
/* The time of --as-of, else of SOURCE_DATE_EPOCH, else fallback. False after recording.
 */
bool run_as_of(const struct invocation *in, int64_t fallback, int64_t *when);
/* The results.json in a folder of reports (not in a pack); else path itself. */
const char *run_results_path(const struct invocation *in, const char *path);

/* The text of path, a file, when that is a results.json. NULL when it is evidence, or
 * cannot be read: then *code says so. */
const struct text *run_results_text(const struct invocation *in, const char *path,
                                    int *code);

/* Read a results.json, or the one in a folder of reports or in a pack: *text (may be
 * NULL) gets it. */
int run_results(const struct invocation *in, const char *path, struct report **r,
                const struct text **text);
int run_templates(const struct invocation *in, unsigned parts, struct templates **t);

/* The folder that holds controls/ and templates/: KDAUDIT_DATA, beside the program (build
 * tree or PREFIX/share/kdaudit), or the one that it was built for. */
const char *run_data(const struct invocation *in, const char *folder);

/* The exit code that a report deserves under --fail-on and --exit-zero; -1 for a bad
 * list. */
int run_verdict(const struct invocation *in, const struct report *r);

/* 73 when an output could not be created, 74 when writing broke, 0 when all is well. */
int run_output_code(const struct invocation *in);
