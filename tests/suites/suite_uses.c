/* What reports say that files were used for is true: each file of a sample in turn is
 * taken away, and all is judged again. When a result or a fact is another then, the
 * report must not have said that nothing looks at the file; when a test becomes unknown
 * for want of it, its check must have been named, unless it is one that says what others
 * are about. */
#include "judged.h"

#include "base/buf.h"
#include "json/json.h"
#include "json/write.h"
#include "report/report.h"

#include <unistd.h>

static const char *const samples[] = {"quickstart", "hardened", "organization"};

static unsigned long passed, failed;
static struct catalog *catalog;

/* One run: "CHECK ARN" -> struct test, ARN -> one that it passed or failed, ARN -> its
 * facts and links as text, path -> struct report_evidence (when asked for). */
struct run {
    struct map tests, judged, facts, files;
};

static void note_facts(struct arena *a, const struct model *m, struct run *run)
{
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < m->n; i++) {
        if (!map_get(&run->judged, m->v[i]->arn))
            continue; /* nobody got as far as its facts */
        struct json *view = subject_view(a, m->v[i]);
        struct str *text = ARENA_NEW(a, struct str);
        buf_clear(&out);
        json_write(&out, json_get(view, STR("facts")), false, true);
        json_write(&out, json_get(view, STR("links")), false, true);
        *text = buf_dup(a, &out);
        *map_put(a, &run->facts, m->v[i]->arn) = text;
    }
    buf_free(&out);
}

static struct run run_of(struct arena *a, const char *folder, int64_t now, bool files)
{
    struct assessment *as = judged(a, catalog, folder, now);
    struct run run = {.tests = judged_tests(a, as)};
    for (size_t i = 0; i < run.tests.n; i++) {
        struct test *t = run.tests.entries[i].value;
        if (t->result == RESULT_PASS || t->result == RESULT_FAIL)
            *map_put(a, &run.judged, t->subject->arn) = t;
    }
    note_facts(a, as->model, &run);
    struct report *r = files ? report_build(a, as, 1) : NULL;
    for (size_t i = 0; r && i < r->evidence.n; i++)
        *map_put(a, &run.files, r->evidence.v[i].path) = &r->evidence.v[i];
    return run;
}

static bool names_check(const struct report_evidence *e, struct str id)
{
    for (size_t i = 0; e->use && i < e->use->needed.n; i++)
        if (str_eq(e->use->needed.v[i].check->id, id))
            return true;
    for (size_t i = 0; e->use && i < e->use->facts.n; i++)
        if (str_eq(e->use->facts.v[i].check->id, id))
            return true;
    return str_has(e->used_for, id);
}

static void fault(const struct report_evidence *e, struct str what, const char *why)
{
    failed++;
    printf("%.*s (%.*s): %.*s %s\n", STR_ARG(e->path), STR_ARG(e->used_for),
           STR_ARG(what), why);
}

/* What the file says when its results and facts are as they were, and when not. */
static void compare(const struct run *before, const struct run *after,
                    const struct report_evidence *e)
{
    bool idle = e->use && !e->used && !e->use->needed.n && !e->use->facts.n &&
                !e->use->names && !e->use->shown;
    unsigned long faults = failed;
    for (size_t i = 0; i < before->tests.n; i++) {
        struct str key = before->tests.entries[i].key;
        const struct test *was = before->tests.entries[i].value;
        const struct test *is = map_get(&after->tests, key);
        bool same = is && is->result == was->result && is->reason == was->reason;
        if (!same && idle)
            fault(e, key, "is judged otherwise without it");
        if (is && is->result == RESULT_UNKNOWN && was->result != RESULT_UNKNOWN &&
            !names_check(e, was->check->id) && !(e->use && e->use->names))
            fault(e, key, "is unknown without it");
    }
    for (size_t i = 0; i < before->facts.n && idle; i++) {
        const struct str *was = before->facts.entries[i].value;
        const struct str *is = map_get(&after->facts, before->facts.entries[i].key);
        if (!is || !str_eq(*was, *is))
            fault(e, before->facts.entries[i].key, "has other facts without it");
    }
    passed += faults == failed;
}

static void try_sample(const char *name, const char *scratch)
{
    struct arena *keep = arena_new();
    struct file_list files = {0};
    int64_t now;
    const char *copy = judged_copy(keep, name, scratch, &files, &now);
    if (!copy) {
        failed++;
        return;
    }
    struct run before = run_of(keep, copy, now, true);
    for (size_t i = 0; i < files.n; i++) {
        const char *path = files.v[i].path.p;
        const struct report_evidence *e = map_get(&before.files, files.v[i].relative);
        const char *aside = str_fmt(keep, "%s/aside", scratch).p;
        if (!e)
            continue; /* index.json: it is about the others */
        if (e->use && !e->used_for.n)
            fault(e, e->kind, "is recognised, and nothing is said of it");
        if (rename(path, aside) != 0)
            failed++;
        struct arena *a = arena_new();
        struct run after = run_of(a, copy, now, false);
        compare(&before, &after, e);
        arena_free(a);
        if (rename(aside, path) != 0)
            failed++;
    }
    arena_free(keep);
}

int main(void)
{
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    char scratch[] = "/tmp/kdaudit-uses-XXXXXX";
    catalog = catalog_load(a, "controls", dx);
    if (!catalog || !mkdtemp(scratch)) {
        puts("no catalog, or no scratch folder");
        return unit_report("uses", 0, 1, 0);
    }
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        try_sample(samples[i], scratch);
    if (system(str_fmt(a, "rm -rf %s", scratch).p) != 0)
        puts("the scratch folder stays");
    arena_free(a);
    return unit_report("uses", passed, failed, 0);
}
