/* Templates tried on reports that have everything, and nothing: what only rendering
 * shows, found before there is a report to write. */
#include "base/diag.h"
#include "render/render.h"
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

bool templates_try(struct arena *a, const struct templates *t, struct diag *dx)
{
    size_t n;
    const struct format *rows = format_rows(&n);
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        bool fine = true;
        for (int bare = 0; bare < 2 && rows[i].template && fine; bare++) {
            const struct report *r = report_exemplar(a, bare, dx);
            fine = r && try_format(a, r, &rows[i], t, dx);
        }
        ok &= fine;
    }
    return ok;
}
