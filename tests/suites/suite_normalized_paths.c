/* How locations (RFC 9535, 2.7) and canonical queries are written. */
#include "path_suite.h"

static bool normalized(struct arena *a, const struct json *test)
{
    struct path *p = suite_path(a, json_str(json_get(test, STR("query"))));
    struct path_env env = {.a = a};
    struct path_nodes nodes;
    return p && path_run(p, json_get(test, STR("document")), &env, &nodes) &&
           suite_same_paths(&nodes, json_get(test, STR("paths")));
}

/* The canonical form, and the same again from the canonical form. */
static bool canonical(struct arena *a, const struct json *test)
{
    struct str want = json_str(json_get(test, STR("canonical")));
    struct str queries[] = {json_str(json_get(test, STR("query"))), want};
    bool same = true;
    for (int i = 0; i < 2; i++) {
        struct buf b = BUF_INIT;
        struct path *p = suite_path(a, queries[i]);
        if (p)
            path_canonical(&b, p);
        same &= p && str_eq(buf_view(&b), want);
        buf_free(&b);
    }
    return same;
}

/* clang-format off */
static const struct {
    const char *file;
    unsigned long n;
    bool (*passes)(struct arena *a, const struct json *test);
} files[] = {
    {"suites/jsonpath-normalized-paths/normalized_paths.json", 15, normalized},
    {"suites/jsonpath-normalized-paths/canonical_paths.json",  26, canonical},
};
/* clang-format on */

int main(void)
{
    unsigned long passed = 0, failed = 0, skipped = 0;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        bool there;
        unsigned long run = 0;
        const struct json *tests = suite_tests(a, files[i].file, &there);
        for (const struct json *t = json_first(tests); t; t = json_next(t), run++) {
            bool ok = files[i].passes(a, t);
            passed += ok;
            failed += !ok;
            if (!ok)
                printf("%s: %s\n", files[i].file, json_str(json_get(t, STR("name"))).p);
        }
        skipped += !there;
        failed += there && run < files[i].n;
    }
    arena_free(a);
    return unit_report("jsonpath-normalized-paths", passed, failed, skipped);
}
