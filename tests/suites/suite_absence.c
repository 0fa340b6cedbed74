/* Evidence taken away decides nothing: each file of a sample in turn is removed, cut
 * short, emptied, refused, and all is judged again. What failed or was unknown must then
 * fail or be unknown still, nothing new may pass, and nothing that passed may fail. */
#include "judged.h"

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
    int64_t now;
    const char *copy = judged_copy(keep, s->folder, scratch, &files, &now);
    if (!copy) {
        failed++;
        return;
    }
    struct map before = judged_tests(keep, judged(keep, catalog, copy, now));
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
            struct map after = judged_tests(a, judged(a, catalog, copy, now));
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
