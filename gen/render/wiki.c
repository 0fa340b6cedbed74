/* Where things are told of in a wiki, and the bytes of its pages. */
#include "render/wiki.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "render/report_view.h"
#include "render/templates.h"
#include "render/xmlcheck.h"

#include <string.h>

/* clang-format off */
/* The template of each kind of page, in the folder of its form. */
static const char *const templates[][3] = {
    /*                       WIKI_MARKDOWN                   WIKI_CONFLUENCE                     WIKI_MEDIAWIKI */
    [WIKI_HOME]          = {"wiki/markdown/home.md",         "wiki/confluence/home.xml",         "wiki/mediawiki/home.wiki"},
    [WIKI_FINDINGS]      = {"wiki/markdown/findings.md",     "wiki/confluence/findings.xml",     "wiki/mediawiki/findings.wiki"},
    [WIKI_FINDINGS_PART] = {"wiki/markdown/findings.md",     "wiki/confluence/findings.xml",     "wiki/mediawiki/findings.wiki"},
    [WIKI_EXCEPTIONS]    = {"wiki/markdown/exceptions.md",   "wiki/confluence/exceptions.xml",   "wiki/mediawiki/exceptions.wiki"},
    [WIKI_EVIDENCE]      = {"wiki/markdown/evidence.md",     "wiki/confluence/evidence.xml",     "wiki/mediawiki/evidence.wiki"},
    [WIKI_EVIDENCE_PART] = {"wiki/markdown/evidence.md",     "wiki/confluence/evidence.xml",     "wiki/mediawiki/evidence.wiki"},
    [WIKI_ACCOUNTS]      = {"wiki/markdown/accounts.md",     "wiki/confluence/accounts.xml",     "wiki/mediawiki/accounts.wiki"},
    [WIKI_CONTROL]       = {"wiki/markdown/control.md",      "wiki/confluence/control.xml",      "wiki/mediawiki/control.wiki"},
    [WIKI_ACCOUNT]       = {"wiki/markdown/account.md",      "wiki/confluence/account.xml",      "wiki/mediawiki/account.wiki"},
    [WIKI_APPLICATIONS]  = {"wiki/markdown/applications.md", "wiki/confluence/applications.xml", "wiki/mediawiki/applications.wiki"},
    [WIKI_APPLICATION]   = {"wiki/markdown/application.md",  "wiki/confluence/application.xml",  "wiki/mediawiki/application.wiki"},
    [WIKI_RESOURCES]     = {"wiki/markdown/resources.md",    "wiki/confluence/resources.xml",    "wiki/mediawiki/resources.wiki"},
    [WIKI_SIDEBAR]       = {"wiki/markdown/sidebar.md",      NULL,                               NULL},
};
/* clang-format on */

/* Around a page in Confluence's storage format, to make it a document. */
static const char storage_head[] =
    "<page xmlns:ac=\"http://www.atlassian.com/schema/confluence/4/ac/\" "
    "xmlns:ri=\"http://www.atlassian.com/schema/confluence/4/ri/\">";
static const char storage_foot[] = "</page>";

static struct wiki_place of_page(const struct wiki_page *page)
{
    return (struct wiki_place){page, STR("")};
}

struct wiki_place wiki_place_of(const struct wiki *w, const char *shape,
                                const void *thing)
{
    const struct report *r = w->report;
    if (strcmp(shape, "wiki_page") == 0)
        return of_page(thing);
    if (strcmp(shape, "control") == 0)
        return of_page(w->of_control[((const struct report_control *)thing)->number]);
    if (strcmp(shape, "account") == 0)
        return of_page(
            w->of_account[(const struct report_account *)thing - r->accounts.v]);
    if (strcmp(shape, "application") == 0)
        return of_page(
            w->of_application[((const struct report_application *)thing)->number]);
    if (strcmp(shape, "check") == 0)
        return w->of_check[((const struct report_check *)thing)->number];
    if (strcmp(shape, "subject") == 0)
        return w->of_subject[((const struct report_subject *)thing)->number];
    if (strcmp(shape, "evidence") == 0)
        return w->of_evidence[(const struct report_evidence *)thing - r->evidence.v];
    const struct report_test *t = thing;
    struct wiki_place place = w->of_test[t - r->tests.v];
    return place.page ? place : w->of_subject[t->subject->number];
}

struct str wiki_name(struct arena *a, const struct wiki *w, const struct wiki_page *from,
                     const char *name, const char *shape, const void *thing)
{
    struct wiki_place place = wiki_place_of(w, shape, thing);
    if (strcmp(name, "link_open") == 0)
        return wiki_open(a, w, from, place);
    if (strcmp(name, "link_close") == 0)
        return wiki_close(a, w, from, place);
    if (strcmp(name, "wiki_heading") == 0)
        return place.heading;
    return wiki_anchor(a, w->dialect, place.heading);
}

static struct str base_name(struct str path)
{
    size_t slash = str_find_last(path, '/');
    return str_sub(path, slash == (size_t)-1 ? 0 : slash + 1, path.n);
}

/* A file .order: the names of the pages in its folder, the first page first. */
static void write_order(const struct wiki_page *page, struct buf *out)
{
    for (size_t i = 0; i < page->below.n; i++) {
        struct str name = base_name(page->below.v[i]->path);
        buf_str(out, str_sub(name, 0, str_find_last(name, '.')));
        buf_c(out, '\n');
    }
}

/* Is a page in storage format well-formed? Messages point into it as it was written. */
static bool storage_checked(struct arena *a, const struct wiki_page *page,
                            const struct buf *bytes, struct diag *dx)
{
    struct buf whole = BUF_INIT;
    buf_z(&whole, storage_head);
    buf_str(&whole, buf_view(bytes));
    buf_z(&whole, storage_foot);
    struct text *text = ARENA_NEW(a, struct text);
    *text = (struct text){page->path, buf_view(&whole)};
    bool ok = xml_check(a, text, dx);
    text->bytes = ok ? STR("") : str_dup(a, text->bytes);
    buf_free(&whole);
    return ok;
}

bool wiki_render(struct arena *keep, const struct wiki *w, const struct templates *t,
                 const struct wiki_page *page, struct buf *out, struct diag *dx)
{
    if (page->kind == WIKI_ORDER) {
        write_order(page, out);
        return true;
    }
    struct arena *a = arena_new();
    struct page root = {.report = w->report,
                        .control = page->control,
                        .account = page->account,
                        .application = page->application,
                        .wiki = w,
                        .sheet = page};
    struct tmpl_data data = view_data(a, &root);
    const char *template = templates[page->kind][w->dialect->form];
    bool ok = tmpl_render(templates_get(t, template), &data, view_page(&root), out, dx);
    if (ok && w->dialect->form == WIKI_CONFLUENCE)
        ok = storage_checked(keep, page, out, dx);
    arena_free(a);
    return ok;
}
