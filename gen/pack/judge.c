/* Judge the evidence of a pack. */
#include "pack/judge.h"

#include "assess/waive.h"
#include "base/diag.h"
#include "catalog/waiver.h"

struct report *pack_judge(struct arena *a, const struct pack_case *c, struct diag *dx)
{
    struct diag *quiet = diag_new(a);
    struct catalog *catalog = catalog_load_memory(a, c->catalog, c->ncatalog, dx);
    struct waivers *waivers = NULL;
    if (!catalog)
        return NULL;
    for (size_t i = 0; i < c->nparams; i++)
        if (!catalog_set_param(a, catalog, c->params[i], dx))
            return NULL;
    if (c->waivers && !(waivers = waivers_read(a, c->waivers, catalog, dx)))
        return NULL;
    struct evidence *ev = evidence_load_memory(a, c->evidence, c->nevidence, quiet);
    struct model_options options = {
        .now = c->as_of, .threads = c->threads, .actions = catalog->actions};
    struct model *m = ev ? model_build(a, ev, &options, quiet) : NULL;
    struct assessment *as = m ? assess(a, m, catalog, c->threads, dx) : NULL;
    if (!as)
        return NULL;
    if (waivers)
        waivers_apply(a, as, waivers, quiet);
    struct report *r = report_build(a, as, c->threads);
    r->redacted = c->redacted;
    return r;
}
