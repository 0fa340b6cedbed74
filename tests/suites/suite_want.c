/* Evidence taken away from a sample, one file at a time: want of evidence may leave a
 * test undecided, but never make it pass, fail or not apply. */
#include "../unit/unit.h"

#include "assess/assess.h"
#include "base/file.h"
#include "base/map.h"
#include "base/when.h"
#include "catalog/catalog.h"
#include "evidence/evidence.h"

#include <stdio.h>
#include <string.h>

static unsigned long passed, failed;

/* What a sample's application or stream uses is not known without its description, so
 * these may take applicability from what they name. */
static const char *const inventories[] = {"describe-application~",
                                          "describe-stream-summary~"};

static bool names_others(struct str path)
{
    for (size_t i = 0; i < sizeof inventories / sizeof *inventories; i++)
        if (str_has(path, str_from(inventories[i])))
            return true;
    return false;
}

struct run {
    struct arena *a;
    struct map results; /* "CHECK SUBJECT" -> struct test */
};

static struct run judge_all(const struct evidence_input *in, size_t n,
                            const struct catalog *c, struct str actions)
{
    struct run r = {.a = arena_new()};
    struct diag *dx = diag_new(r.a);
    struct model_options options = {.threads = 1, .actions = actions};
    when_read(STR("2026-11-20T12:00:00Z"), &options.now);
    struct evidence *ev = evidence_load_memory(r.a, in, n, dx);
    struct model *m = model_build(r.a, ev, &options, dx);
    struct assessment *as = assess(r.a, m, c, 1, dx);
    for (size_t i = 0; i < as->n; i++) {
        struct test *t = &as->tests[i];
        *map_put(r.a, &r.results,
                 str_fmt(r.a, "%.*s %.*s", STR_ARG(t->check->id),
                         STR_ARG(t->subject->arn))) = t;
    }
    return r;
}

/* May a test change so when a file is gone? */
static bool fair(enum result with, enum result without, struct str path)
{
    return with == without || without == RESULT_UNKNOWN ||
           with == RESULT_NOT_APPLICABLE ||
           (without == RESULT_NOT_APPLICABLE && names_others(path));
}

static void compare(const struct run *whole, const struct run *part, struct str path)
{
    for (size_t i = 0; i < whole->results.n; i++) {
        const struct map_entry *e = &whole->results.entries[i];
        const struct test *with = e->value, *without = map_get(&part->results, e->key);
        if (!without || fair(with->result, without->result, path)) {
            passed++;
            continue;
        }
        failed++;
        printf("without %.*s: %.*s: %s, was %s: %.*s\n", STR_ARG(path), STR_ARG(e->key),
               result_name(without->result), result_name(with->result),
               STR_ARG(without->message));
    }
}

static void run_sample(const char *folder, const struct catalog *c, struct str actions)
{
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    struct file_list files = {0};
    if (!file_walk(a, folder, dx, &files)) {
        failed++;
        arena_free(a);
        return;
    }
    struct evidence_input *all = ARENA_ARRAY(a, struct evidence_input, files.n);
    struct evidence_input *some = ARENA_ARRAY(a, struct evidence_input, files.n);
    for (size_t i = 0; i < files.n; i++) {
        all[i].path = files.v[i].relative;
        file_read(a, files.v[i].path.p, files.v[i].path, dx, &all[i].bytes);
    }
    struct run whole = judge_all(all, files.n, c, actions);
    for (size_t gone = 0; gone < files.n; gone++) {
        if (str_eq(all[gone].path, STR("index.json")))
            continue;
        size_t n = 0;
        for (size_t i = 0; i < files.n; i++)
            if (i != gone)
                some[n++] = all[i];
        struct run part = judge_all(some, n, c, actions);
        compare(&whole, &part, all[gone].path);
        arena_free(part.a);
    }
    arena_free(whole.a);
    arena_free(a);
}

int main(void)
{
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    struct str actions;
    const struct catalog *c = catalog_load(a, "controls", dx);
    if (!c || !file_read(a, "controls/iam-actions.json", STR("actions"), dx, &actions))
        return unit_report("suite_want", 0, 1, 0);
    run_sample("samples/quickstart", c, actions);
    run_sample("samples/hardened", c, actions);
    arena_free(a);
    return unit_report("suite_want", passed, failed, 0);
}
