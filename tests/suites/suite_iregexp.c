/* I-Regexp (RFC 9485): patterns, what they match and find, and what is no I-Regexp. */
#include "json/regex.h"
#include "path_suite.h"

/* Does running the pattern give what the test wants, where it wants anything? */
static bool gives(struct arena *a, const struct json *test, bool whole,
                  struct regex_scratch **scratch)
{
    const struct json *want = json_get(test, whole ? STR("match") : STR("search"));
    if (!want)
        return true;
    struct iregexp_fault fault;
    struct str pattern = suite_text(a, json_get(test, STR("regex")));
    struct str subject = suite_text(a, json_get(test, STR("subject")));
    enum regex_result yes = json_bool(want) ? REGEX_YES : REGEX_NO;
    const struct regex *re = regex_new(a, pattern, whole, &fault);
    size_t budget = 1000;
    return re && regex_run(re, scratch, subject, &budget) == yes &&
           regex_run_text(pattern, whole, scratch, subject, &budget) == yes;
}

static bool passes(struct arena *a, const struct json *test,
                   struct regex_scratch **scratch)
{
    struct iregexp_fault fault;
    if (json_bool(json_get(test, STR("invalid"))))
        return !iregexp_check(json_str(json_get(test, STR("regex"))), NULL, &fault) &&
               fault.why;
    return gives(a, test, true, scratch) && gives(a, test, false, scratch);
}

int main(void)
{
    unsigned long passed = 0, failed = 0;
    struct arena *a = arena_new();
    struct regex_scratch *scratch = NULL;
    bool there;
    const struct json *tests = suite_tests(a, "suites/iregexp/iregexp.json", &there);
    for (const struct json *t = json_first(tests); t; t = json_next(t)) {
        bool ok = passes(a, t, &scratch);
        passed += ok;
        failed += !ok;
        if (!ok)
            printf("%s: %s\n", json_str(json_get(t, STR("name"))).p,
                   json_str(json_get(t, STR("regex"))).p);
    }
    regex_scratch_free(scratch);
    arena_free(a);
    failed += there && passed + failed < 154;
    return unit_report("iregexp", passed, failed, there ? 0 : 1);
}
