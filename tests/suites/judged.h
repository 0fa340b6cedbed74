/* What suites share that change a copy of a sample and judge it again. */
#pragma once
#include "../unit/unit.h"

#include "assess/assess.h"
#include "base/file.h"
#include "base/map.h"
#include "catalog/catalog.h"
#include "evidence/evidence.h"
#include "model/model.h"

#include <stdio.h>
#include <stdlib.h>

/* Copy samples/NAME into the folder scratch. Its files, and the time to which ages count
 * whatever is left of them; the path of the copy, or NULL after saying so. */
static const char *judged_copy(struct arena *a, const char *name, const char *scratch,
                               struct file_list *files, int64_t *now)
{
    struct diag *dx = diag_new(a);
    const char *copy = str_fmt(a, "%s/%s", scratch, name).p;
    if (system(str_fmt(a, "cp -R samples/%s %s", name, scratch).p) != 0 ||
        !file_walk(a, copy, dx, files)) {
        printf("cannot copy samples/%s\n", name);
        return NULL;
    }
    *now = evidence_load(a, &copy, 1, &(struct evidence_options){0}, dx)->newest;
    return copy;
}

static struct assessment *judged(struct arena *a, const struct catalog *catalog,
                                 const char *folder, int64_t now)
{
    struct diag *dx = diag_new(a);
    struct evidence_options options = {.threads = 1};
    struct evidence *ev = evidence_load(a, &folder, 1, &options, dx);
    struct model_options how = {.now = now, .threads = 1, .actions = catalog->actions};
    return assess(a, model_build(a, ev, &how, dx), catalog, 1, dx);
}

/* "CHECK ARN" -> struct test, which stays when a report takes the assessment's. */
static struct map judged_tests(struct arena *a, const struct assessment *as)
{
    struct map out = MAP_INIT;
    for (size_t i = 0; i < as->n; i++) {
        struct test *t = ARENA_NEW(a, struct test);
        *t = as->tests[i];
        *map_put(
            a, &out,
            str_fmt(a, "%.*s %.*s", STR_ARG(t->check->id), STR_ARG(t->subject->arn))) = t;
    }
    return out;
}
