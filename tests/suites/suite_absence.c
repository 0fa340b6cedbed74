/* Evidence taken away decides nothing: each file of a sample in turn is removed, cut
 * short, emptied, refused, and all is judged again. What failed or was unknown must then
 * fail or be unknown still, nothing new may pass, and nothing that passed may fail. */
#include "../unit/unit.h"

#include "assess/assess.h"
#include "base/file.h"
#include "base/map.h"
#include "catalog/catalog.h"
#include "evidence/evidence.h"
#include "model/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum way { REMOVED, CUT, EMPTIED, REFUSED, WAYS };
static const char *const way_names[] = {"removed", "cut short", "emptied", "refused"};
static const char refusal[] =
    "\nAn error occurred (AccessDenied) when calling the Any operation: not allowed\n";

struct sample {
    const char *folder;
    bool all_ways; /* or only REMOVED, where there are many files */
};
static const struct sample samples[] = {{"quickstart", true}, {"organization", false}};

static unsigned long passed, failed;
static struct catalog *catalog;

/* "CHECK ARN" -> result + 1 */
static struct map judged(struct arena *a, const char *folder, int64_t now)
{
    struct map out = {0};
    struct diag *dx = diag_new(a);
    struct evidence_options options = {.threads = 1};
    struct evidence *ev = evidence_load(a, &folder, 1, &options, dx);
    struct model_options how = {.now = now, .threads = 1, .actions = catalog->actions};
    struct model *m = model_build(a, ev, &how, dx);
    struct assessment *as = assess(a, m, catalog, 1, dx);
    for (size_t i = 0; as && i < as->n; i++) {
        const struct test *t = &as->tests[i];
        *map_put(a, &out,
                 str_fmt(a, "%.*s %.*s", STR_ARG(t->check->id),
                         STR_ARG(t->subject->arn))) = (void *)t;
    }
    return out;
}

/* Better than it was? A test that is gone is no better: its subject is not known any
 * more, and nobody says that it is fine. Likewise a key that nothing is known to use. */
static bool better(const struct test *was, const struct test *is)
{
    if (is->result != RESULT_PASS && is->result != RESULT_NOT_APPLICABLE)
        return false;
    if (strcmp(is->subject->type, "key") == 0 && is->result == RESULT_NOT_APPLICABLE &&
        !is->subject->used_by.n)
        return false;
    return is->result == RESULT_PASS ? !was || was->result != RESULT_PASS
                                     : was && was->result != RESULT_PASS &&
                                           was->result != RESULT_NOT_APPLICABLE;
}

/* Does it fail for want of evidence? */
static bool worse(const struct test *was, const struct test *is)
{
    return was && was->result == RESULT_PASS && is->result == RESULT_FAIL;
}

static void compare(const struct map *before, const struct map *after, struct str path,
                    const char *way)
{
    for (size_t i = 0; i < after->n; i++) {
        const struct test *is = after->entries[i].value;
        const struct test *was = map_get(before, after->entries[i].key);
        if (!better(was, is) && !worse(was, is)) {
            passed++;
            continue;
        }
        failed++;
        printf("%.*s %s: %.*s: %s, was %s\n", STR_ARG(path), way,
               STR_ARG(after->entries[i].key), result_name(is->result),
               was ? result_name(was->result) : "not there");
    }
}

static void put(const char *path, struct str bytes)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f) != 0) {
        printf("cannot write %s\n", path);
        exit(1);
    }
}

/* PATH.json -> PATH.err, beside which no answer may stand */
static const char *refused_path(struct arena *a, const char *path)
{
    struct str stem = str_from(path);
    size_t dot = str_find_last(stem, '.');
    return str_fmt(a, "%.*s.err", (int)dot, stem.p).p;
}

static void spoil(struct arena *a, const char *path, struct str bytes, enum way way)
{
    switch (way) {
    case CUT:
        put(path, str_sub(bytes, 0, bytes.n / 2));
        break;
    case EMPTIED:
        put(path, STR(""));
        break;
    case REFUSED:
        unlink(path);
        put(refused_path(a, path), str_from(refusal));
        break;
    default:
        unlink(path);
    }
}

static void restore(struct arena *a, const char *path, struct str bytes, enum way way)
{
    if (way == REFUSED)
        unlink(refused_path(a, path));
    put(path, bytes);
}

/* These answer no check: they say when answers were collected, and what there is. */
static bool sets_scope(struct str path)
{
    return str_ends(path, STR("index.json")) ||
           str_ends(path, STR("list-applications.json"));
}

static void try_sample(const struct sample *s, const char *scratch)
{
    struct arena *keep = arena_new();
    struct diag *dx = diag_new(keep);
    struct file_list files = {0};
    const char *copy = str_fmt(keep, "%s/%s", scratch, s->folder).p;
    if (system(str_fmt(keep, "cp -R samples/%s %s", s->folder, scratch).p) != 0 ||
        !file_walk(keep, copy, dx, &files)) {
        printf("cannot copy samples/%s\n", s->folder);
        failed++;
        return;
    }
    /* Ages count to one time, whatever is left. */
    int64_t now =
        evidence_load(keep, &copy, 1, &(struct evidence_options){0}, dx)->newest;
    struct map before = judged(keep, copy, now);
    for (size_t i = 0; i < files.n; i++) {
        const char *path = files.v[i].path.p;
        struct str bytes;
        if (sets_scope(files.v[i].relative))
            continue;
        if (!file_read(keep, path, files.v[i].path, dx, &bytes))
            failed++;
        bool error = str_ends(files.v[i].relative, STR(".err"));
        for (enum way w = REMOVED; w < (s->all_ways ? WAYS : CUT); w++) {
            if (error && w == REFUSED)
                continue;
            struct arena *a = arena_new();
            spoil(a, path, bytes, w);
            struct map after = judged(a, copy, now);
            compare(&before, &after, files.v[i].relative, way_names[w]);
            restore(a, path, bytes, w);
            arena_free(a);
        }
    }
    arena_free(keep);
}

int main(void)
{
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    char scratch[] = "/tmp/kdaudit-absence-XXXXXX";
    catalog = catalog_load(a, "controls", dx);
    if (!catalog || !mkdtemp(scratch)) {
        puts("no catalog, or no scratch folder");
        return unit_report("absence", 0, 1, 0);
    }
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        try_sample(&samples[i], scratch);
    if (system(str_fmt(a, "rm -rf %s", scratch).p) != 0)
        puts("the scratch folder stays");
    arena_free(a);
    return unit_report("absence", passed, failed, 0);
}
