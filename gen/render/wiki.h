/* A report as the pages of a wiki: which pages there are, what each is called in each
 * dialect, how they link to one another, and the bytes of each (formats.md 2.1 to 2.3,
 * 2.7). */
#pragma once
#include "render/render.h"

/* What a page is written in; the dialects of one form share their templates. */
enum wiki_form { WIKI_MARKDOWN, WIKI_CONFLUENCE, WIKI_MEDIAWIKI };

/* One dialect: a row of the table in wiki_dialect.c. */
struct wiki_dialect {
    const char *name; /* "github" */
    enum wiki_form form;
    const char *home;          /* file of the first page, without its ending */
    const char *sidebar;       /* the same of the side bar; NULL: it has none */
    const char *title_prefix;  /* where the titles of many wikis share one space */
    const char *link_root;     /* before the path of a page in a link */
    const char *anchor_prefix; /* before the id of a heading */
    const char *hyphen;        /* a real hyphen in a file's name; a space is "-" or "_" */
    bool tree;                 /* pages may stand below others, in folders */
    bool order;                /* a file .order in each folder names the pages in it */
    const char *contents; /* asks for a table of contents; NULL: none, or by itself */
    bool folds;           /* <details> works */
    const char *help;
};
const struct wiki_dialect *wiki_dialect_rows(size_t *n);
const struct wiki_dialect *wiki_dialect_find(struct str name); /* NULL: there is none */

enum wiki_kind {
    WIKI_HOME,
    WIKI_FINDINGS,
    WIKI_FINDINGS_PART,
    WIKI_EXCEPTIONS,
    WIKI_EVIDENCE,
    WIKI_EVIDENCE_PART,
    WIKI_ACCOUNTS,
    WIKI_CONTROL,
    WIKI_ACCOUNT,
    WIKI_APPLICATIONS, /* those of an account, where its page cannot list all */
    WIKI_APPLICATION,
    WIKI_RESOURCES, /* resources of an account that are not of one application alone */
    WIKI_SIDEBAR,
    WIKI_ORDER,
};

enum {
    WIKI_TITLE_MAX = 60,   /* bytes of a name within a title; longer ones are cut */
    WIKI_ROWS = 250,       /* rows of a table that is a page's main thing */
    WIKI_SHORT_ROWS = 100, /* of one that is beside it, or has a cell for each control */
    WIKI_WORST = 10,       /* tests that the first page names */
    WIKI_PART_BYTES = 100 << 10, /* of sections on one page, as estimated */
};

#define WIKI_SLICE(T)                                                                    \
    struct {                                                                             \
        T *v;                                                                            \
        size_t n, cap;                                                                   \
    }

/* One page, and the slices of the report's lists that stand on it. */
struct wiki_page {
    enum wiki_kind kind;
    struct str title;                     /* letters, digits, single spaces and hyphens */
    struct str path;                      /* its file below the wiki's folder */
    struct str target;                    /* how links name it */
    struct wiki_page *up;                 /* the page that it belongs to; NULL: none */
    struct wiki_page *crumb;              /* the same, when that is not the first page */
    struct wiki_page *next;               /* the next part of a list */
    WIKI_SLICE(struct wiki_page *) below; /* pages that belong to it */
    const struct report_control *control;
    const struct report_account *account;
    const struct report_application *application;
    WIKI_SLICE(const struct report_account *) accounts;
    WIKI_SLICE(const struct report_application *) applications;
    WIKI_SLICE(const struct report_evidence *) evidence;
    WIKI_SLICE(const struct report_subject *) subjects;  /* told of in full */
    WIKI_SLICE(const struct report_subject *) resources; /* a row each */
    WIKI_SLICE(const struct report_test *) tests;        /* a row each */
    WIKI_SLICE(const struct report_waiver *) waivers;
    uint32_t more_tests, more_resources, more_applications, more_accounts;
    uint32_t rows; /* items of the list that the page is a part of */
};

/* Where something is told of: a page, and a heading on it (empty: the page itself). */
struct wiki_place {
    const struct wiki_page *page;
    struct str heading;
};

struct wiki {
    const struct report *report;
    const struct wiki_dialect *dialect;
    WIKI_SLICE(struct wiki_page *) pages; /* each after the one that it belongs to */
    struct wiki_page *home, *findings, *exceptions, *evidence;
    struct wiki_page *accounts; /* NULL when the first page lists them all */
    /* By number, or index in the report. */
    struct wiki_page **of_control, **of_account, **of_application;
    struct wiki_place *of_check, *of_subject, *of_test, *of_evidence;
};

/* Plan the wiki of r: every page, its name and its slices. The names follow from the
 * report's things alone and are the same in every run; two that the dialect could not
 * tell apart are made to differ by a hash. Lives in arena a. */
struct wiki *wiki_plan(struct arena *a, const struct report *r,
                       const struct wiki_dialect *dialect);

/* s as part of a title or heading: letters, digits, single spaces and single hyphens. */
struct str wiki_word(struct arena *a, struct str s);

/* The file of a page, below the folder of the page up (NULL: at the top). */
struct str wiki_path(struct arena *a, const struct wiki_dialect *d, enum wiki_kind kind,
                     struct str title, const struct wiki_page *up);
/* How a link names the page: from its file and title. */
struct str wiki_target(struct arena *a, const struct wiki_dialect *d, struct str path,
                       struct str title);
/* The id that the dialect gives a heading. */
struct str wiki_anchor(struct arena *a, const struct wiki_dialect *d, struct str heading);

/* Markup before and after the text of a link from one page to a place; empty where there
 * is no such place. */
struct str wiki_open(struct arena *a, const struct wiki *w, const struct wiki_page *from,
                     struct wiki_place to);
struct str wiki_close(struct arena *a, const struct wiki *w, const struct wiki_page *from,
                      struct wiki_place to);

/* Where a thing of the report is told of. shape: "account", "application", "check",
 * "control", "evidence", "subject", "test", "waiver", or "wiki_page". */
struct wiki_place wiki_place_of(const struct wiki *w, const char *shape,
                                const void *thing);

/* What a name that depends on the page means there: "link_open", "link_close",
 * "wiki_heading" or "wiki_anchor" of a thing. */
struct str wiki_name(struct arena *a, const struct wiki *w, const struct wiki_page *from,
                     const char *name, const char *shape, const void *thing);

/* Append the bytes of one page. False after recording TPL-2xx or RND-110; what messages
 * point into lives in arena a. */
bool wiki_render(struct arena *a, const struct wiki *w, const struct templates *t,
                 const struct wiki_page *page, struct buf *out, struct diag *dx);
