/* Facts: computed for each subject by itself, on several threads. */
#include "model/facts.h"

#include "model/build.h"

#include "json/json.h"

const struct fact_row *fact_rows(size_t *n)
{
    *n = 0;
    return NULL;
}

void build_facts(struct model *m, struct arena *a, const struct model_options *options,
                 struct diag *dx)
{
    (void)m;
    (void)a;
    (void)options;
    (void)dx;
}
