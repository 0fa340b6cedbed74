/* The report as templates see it: the names of report_fields.c, and what only a page has.
 */
#pragma once
#include "report/fields.h"
#include "tmpl/tmpl.h"

struct wiki;
struct wiki_page;

/* One page being rendered: the root of every template. Its own names come first, then
 * those of the report. */
struct page {
    const struct report *report;
    struct str style, script; /* text of html/style.css and html/script.js */
    const struct report_control
        *control; /* the page is about this one; NULL: all or index */
    const struct report_account
        *account; /* the page is about this one; NULL: all or index */
    const struct report_application *application; /* the same */
    const struct wiki *wiki;       /* the wiki that it is a page of; NULL: of none */
    const struct wiki_page *sheet; /* which page; holds slices of the report's lists */
    bool split;                    /* the report has several pages, and this is one */
};

/* A name that only templates know: computed from a struct of the report. Rows in
 * extras.c, sorted by shape, then name. */
struct extra {
    const char *shape, *name;
    /* Both NULL: it depends on the page that it is written on (text_on_page). */
    struct str (*text)(struct arena *a, const void *thing);
    bool (*flag)(const void *thing);
    bool safe; /* markup made by us: {{{name}}} may print it */
    const char *help;
};
const struct extra *extra_rows(size_t *n);
const struct extra *extra_find(const char *shape, struct str name);

/* The provider for tmpl_render; one for each thread at a time. Computed lists live in a.
 */
struct tmpl_data view_data(struct arena *a, const struct page *page);
struct view view_page(const struct page *page);

/* Every name of any shape, with a value that is not NULL: what templates are checked
 * against when loaded. */
struct map view_names(struct arena *a);
