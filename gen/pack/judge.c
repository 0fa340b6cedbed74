/* Judge the evidence of a pack. */
#include "pack/judge.h"

#include "assess/waive.h"
#include "base/diag.h"
#include "catalog/waiver.h"
#include "report/diff.h"
#include "report/results.h"

/* What was signed must be what is in the pack. */
static bool check_documents(const struct waivers *w, const struct pack_case *c,
                            struct diag *dx)
{
    bool ok = true;
    for (size_t i = 0; i < w->attestations.n; i++)
        for (size_t k = 0; k < c->ndocuments; k++)
            if (str_eq(w->attestations.v[i].document, c->documents[k].name))
                ok &= attestation_fits(&w->attestations.v[i], c->documents[k].sha256, dx);
    return ok;
}

static struct assessment *judge_evidence(struct arena *a, const struct pack_case *c,
                                         const struct catalog *catalog, struct diag *dx)
{
    struct diag *quiet = diag_new(a);
    struct evidence_options load = {.threads = c->load_threads};
    struct evidence *ev =
        evidence_load_inputs(a, c->evidence, c->nevidence, &load, quiet);
    struct model_options options = {
        .now = c->as_of, .threads = c->threads, .actions = catalog->actions};
    struct model *m = ev ? model_build(a, ev, &options, quiet) : NULL;
    return m ? assess(a, m, catalog, c->threads, dx) : NULL;
}

struct report *pack_judge(struct arena *a, const struct pack_case *c, struct diag *dx)
{
    struct catalog *catalog = catalog_load_memory(a, c->catalog, c->ncatalog, dx);
    struct waivers *waivers = NULL;
    struct report *baseline = NULL;
    if (!catalog)
        return NULL;
    for (size_t i = 0; i < c->nparams; i++)
        if (!catalog_set_param(a, catalog, c->params[i], dx))
            return NULL;
    if (c->waivers && (!(waivers = waivers_read(a, c->waivers, catalog, dx)) ||
                       !check_documents(waivers, c, dx)))
        return NULL;
    if (c->baseline && !(baseline = results_read(a, c->baseline, dx)))
        return NULL;
    catalog_seal(a, catalog);
    struct assessment *as = judge_evidence(a, c, catalog, dx);
    if (!as)
        return NULL;
    if (waivers)
        waivers_apply(a, as, waivers, c->said ? c->said : diag_new(a));
    if (baseline)
        baseline_apply(as, baseline);
    struct report *r = report_build(a, as, c->threads);
    r->redacted = c->redacted;
    return r;
}
