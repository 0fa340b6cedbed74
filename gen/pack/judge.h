/* Judge the evidence of a pack: the same way when it is packed and when it is verified.
 */
#pragma once
#include "evidence/evidence.h"
#include "report/report.h"

struct diag;

/* A signed document of the pack, as attestations name it. */
struct pack_document {
    struct str name, sha256;
};

struct pack_case {
    const struct evidence_input *evidence; /* "data/evidence/...", "data/index.json" */
    size_t nevidence;
    const struct text
        *catalog; /* names as in the catalog's folder; NUL after the bytes */
    size_t ncatalog;
    const struct text *waivers;  /* NULL: none */
    const struct text *baseline; /* a results.json; NULL: none */
    const struct pack_document *documents;
    size_t ndocuments;
    const struct str *params; /* NAME=VALUE */
    size_t nparams;
    int64_t as_of;
    unsigned threads;      /* 0: all processors; the result does not depend on it */
    unsigned load_threads; /* of them, when evidence is read */
    bool redacted;
    struct diag *said; /* gets the warnings about waivers; NULL: nobody wants them */
};

/* NULL after recording what is wrong with the catalog, the parameters or the waivers.
 * Warnings about the evidence are left out: whoever packed has seen them. */
struct report *pack_judge(struct arena *a, const struct pack_case *c, struct diag *dx);
