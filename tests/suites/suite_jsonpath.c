/* The JSONPath compliance suite (RFC 9535): values and places of every answered test,
 * refusal of every invalid selector. */
#include "path_suite.h"

/* One answer with its paths, out of one or several allowed ones. */
static bool answered(const struct path_nodes *nodes, const struct json *test)
{
    const struct json *one = json_get(test, STR("result"));
    if (one)
        return suite_same_values(nodes, one) &&
               suite_same_paths(nodes, json_get(test, STR("result_paths")));
    const struct json *values = json_first(json_get(test, STR("results")));
    const struct json *paths = json_first(json_get(test, STR("results_paths")));
    for (; values && paths; values = json_next(values), paths = json_next(paths))
        if (suite_same_values(nodes, values) && suite_same_paths(nodes, paths))
            return true;
    return false;
}

/* The root's children behind the path are the values, and path_any says the same. */
static bool passes(struct arena *a, const struct json *test)
{
    struct path *p = suite_path(a, suite_text(a, json_get(test, STR("selector"))));
    if (json_bool(json_get(test, STR("invalid_selector"))))
        return !p;
    const struct json *root = json_get(test, STR("document"));
    struct path_env env = {.a = a};
    struct path_nodes nodes;
    return p && path_run(p, root, &env, &nodes) && answered(&nodes, test) &&
           path_any(p, root, &env) == (nodes.n > 0);
}

int main(void)
{
    unsigned long passed = 0, failed = 0;
    struct arena *a = arena_new();
    bool there;
    const struct json *tests = suite_tests(a, "suites/jsonpath-cts/cts.json", &there);
    for (const struct json *t = json_first(tests); t; t = json_next(t)) {
        if (passes(a, t)) {
            passed++;
            continue;
        }
        failed++;
        printf("%s\n", json_str(json_get(t, STR("name"))).p);
    }
    arena_free(a);
    failed += there && passed + failed < 703;
    return unit_report("jsonpath-cts", passed, failed, there ? 0 : 1);
}
