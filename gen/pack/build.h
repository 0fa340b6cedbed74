/* Make a pack of evidence: judge it, and put all that was used and said into a bag. */
#pragma once
#include "pack/bag.h"
#include "report/report.h"

struct catalog;
struct format;
struct render_options;
struct templates;
struct text;
struct diag;

enum { PACK_INFO_MAX = 16 };

struct pack_options {
    const char *const *evidence; /* files and folders, as for report */
    size_t nevidence;
    const struct catalog *catalog; /* its files are packed */
    const struct text *waivers;    /* NULL: none */
    const char *waiver_folder;     /* in which signed documents stand that waivers name */
    const struct text *baseline;   /* a results.json; NULL: none */
    const struct format *const *formats; /* reports beside the standard ones */
    size_t nformats;
    const struct templates *templates;
    const char *template_folder; /* its files are packed */
    const struct str *params;    /* NAME=VALUE */
    size_t nparams;
    const struct bag_info *info; /* lines for bag-info.txt that the user gave */
    size_t ninfo;
    int64_t as_of; /* WHEN_NONE: the newest evidence */
    unsigned threads;
    const struct render_options *render;
    bool redact;
    struct str redact_key; /* empty: derived from the evidence */
};

struct pack_made {
    struct bag *bag;
    struct report *report; /* as it stands in the pack */
};

/* Fill bag, which bag_open has opened. False after recording what is wrong: then it must
 * be dropped. It is closed: what is added later (signature, attestation) stands in no
 * manifest. */
bool pack_build(struct arena *a, const struct pack_options *options, struct bag *bag,
                struct pack_made *made, struct diag *dx);
