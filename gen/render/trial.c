/* Templates tried on reports that have everything, and nothing: what only rendering
 * shows, found before there is a report to write. */
#include "base/buf.h"
#include "base/diag.h"
#include "render/render.h"
#include "render/wiki.h"
#include "report/exemplar.h"

static void *nowhere_open(void *ctx, struct arena *a, struct str path, struct diag *dx)
{
    (void)a, (void)path, (void)dx;
    return ctx;
}

static bool nowhere_write(void *file, struct str bytes)
{
    (void)file, (void)bytes;
    return true;
}

static bool nowhere_close(void *file, bool keep)
{
    (void)file;
    return keep;
}

/* Every way to write one format: whole, in pieces, with all that can be asked for. */
static bool try_format(struct arena *a, const struct report *r, const struct format *f,
                       const struct templates *t, struct diag *dx)
{
    static const struct render_options ways[] = {
        {.threads = 1, .whole = true},
        {.threads = 1, .max_bytes = 1, .junit_split = 1},
        {.threads = 1, .whole = true, .junit_extended = true},
    };
    int somewhere;
    struct sink nowhere = {&somewhere, nowhere_open, nowhere_write, nowhere_close};
    bool ok = true;
    /* The first fault is enough: the other ways would mostly show it again. */
    for (size_t i = 0; i < sizeof ways / sizeof *ways && ok; i++)
        ok = render_to(a, r, f, t, &ways[i], &nowhere, dx);
    return ok;
}

/* Every page of a wiki in one dialect; then, as if the first page were one, those of the
 * kinds that only larger reports have. */
static bool try_wiki(struct arena *a, const struct report *r, const struct templates *t,
                     const struct wiki_dialect *dialect, struct diag *dx)
{
    const struct wiki *w = wiki_plan(a, r, dialect);
    struct wiki_page other = *w->home;
    struct buf bytes = BUF_INIT;
    bool met[WIKI_SIDEBAR] = {false}, ok = true; /* a side bar is there or cannot be */
    for (size_t i = 0; i < w->pages.n && ok; i++) {
        const struct wiki_page *page = w->pages.v[i];
        if (page->kind < WIKI_SIDEBAR)
            met[page->kind] = true;
        other.control = page->control ? page->control : other.control;
        other.account = page->account ? page->account : other.account;
        other.application = page->application ? page->application : other.application;
        buf_clear(&bytes);
        ok = wiki_render(a, w, t, page, &bytes, dx);
    }
    for (other.kind = 0; other.kind < WIKI_SIDEBAR && ok; other.kind++) {
        buf_clear(&bytes);
        ok = met[other.kind] || wiki_render(a, w, t, &other, &bytes, dx);
    }
    buf_free(&bytes);
    return ok;
}

bool templates_try(struct arena *a, const struct templates *t, struct diag *dx)
{
    const struct report *full = report_exemplar(a, false, dx);
    const struct report *bare = full ? report_exemplar(a, true, dx) : NULL;
    if (!bare)
        return false;
    size_t n;
    bool ok = true;
    const struct format *rows = format_rows(&n);
    for (size_t i = 0; i < n; i++)
        if (rows[i].template)
            ok &= try_format(a, full, &rows[i], t, dx) &&
                  try_format(a, bare, &rows[i], t, dx);
    const struct wiki_dialect *dialects = wiki_dialect_rows(&n);
    bool faulty[WIKI_MEDIAWIKI + 1] = {false}; /* dialects of a form share templates */
    for (size_t i = 0; i < n; i++)
        if (!faulty[dialects[i].form])
            faulty[dialects[i].form] = !(try_wiki(a, full, t, &dialects[i], dx) &&
                                         try_wiki(a, bare, t, &dialects[i], dx));
    for (size_t i = 0; i <= WIKI_MEDIAWIKI; i++)
        ok &= !faulty[i];
    return ok;
}
