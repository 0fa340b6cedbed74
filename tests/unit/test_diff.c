/* Unit tests of gen/report/diff: every kind of change, the baseline, the three outputs.
 */
#include "unit.h"

#include "base/buf.h"
#include "json/json.h"
#include "report/diff.h"
#include "results_kit.h"

#include <string.h>

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}

static void teardown(void)
{
    arena_free(a);
}

/* A results.json with one check and one resource whose test has these members; none: no
 * resource. */
static struct report *report_with(const char *test, const char *sha256)
{
    static const char form[] =
        "{\"kdaudit\": \"results\", \"format\": 3, \"version\": \"1\", \"controls\": "
        "[{\"id\": "
        "\"K\", \"title\": \"T\", \"checks\": [{\"id\": \"K-1\", \"severity\": \"high\", "
        "\"title\": \"t\"}]}], \"evidence\": [{\"number\": 0, \"path\": \"e\", "
        "\"state\": "
        "\"answer\", \"sha256\": \"%s\"}], \"subjects\": [%s], \"tests\": [%s]}";
    struct str body =
        *test ? str_fmt(a,
                        "{\"check\": \"K-1\", \"subject\": \"arn:x\", "
                        "\"message\": \"m|m\", \"spots\": [{\"evidence\": 0}], %s}",
                        test)
              : STR("");
    struct text *t = ARENA_NEW(a, struct text);
    t->name = STR("r");
    t->bytes = str_fmt(
        a, form, sha256,
        *test ? "{\"arn\": \"arn:x\", \"type\": \"role\", \"name\": \"x\"}" : "", body.p);
    struct diag *dx = diag_new(a);
    struct report *r = results_of(a, t, dx);
    ck_assert_str_eq(unit_first_error(a, dx).p, "ok");
    return r;
}

#define FAIL "\"result\": \"fail\", \"disposition\": \"open\""
#define KNOWN "\"result\": \"fail\", \"disposition\": \"known\""
#define WAIVED "\"result\": \"fail\", \"disposition\": \"waived\""
#define EXPIRED "\"result\": \"fail\", \"disposition\": \"waiver-expired\""
#define PASS "\"result\": \"pass\", \"disposition\": \"open\""
#define UNKNOWN                                                                          \
    "\"result\": \"unknown\", \"reason\": \"absent\", \"disposition\": \"open\""

static const struct {
    const char *before, *after, *change;
    bool worse;
} rows[] = {
    {FAIL, KNOWN, "still-open", false},
    {KNOWN, FAIL, "still-open", false},
    {KNOWN, PASS, "fixed", false},
    {PASS, FAIL, "new", true},
    {"", FAIL, "new", true},
    {UNKNOWN, FAIL, "new", true},
    {WAIVED, EXPIRED, "waiver-expired", true},
    {PASS, UNKNOWN, "newly-unknown", true},
    {FAIL, UNKNOWN, "newly-unknown", true},
    {FAIL, FAIL, "still-open", false},
    {EXPIRED, EXPIRED, "still-open", false},
    {FAIL, WAIVED, "newly-waived", false},
    {FAIL, PASS, "fixed", false},
    {FAIL, "", "fixed", false},
    {UNKNOWN, PASS, "newly-decided", false},
    {PASS, PASS, "", false},
    {WAIVED, WAIVED, "", false},
    {UNKNOWN, UNKNOWN, "", false},
};
START_TEST(change_of_a_test)
{
    struct diff *d = diff_reports(a, report_with(rows[_i].before, "aa"),
                                  report_with(rows[_i].after, "aa"));
    ck_assert_uint_eq(d->rows.n, *rows[_i].change ? 1 : 0);
    if (d->rows.n)
        ck_assert_str_eq(change_name(d->rows.v[0].change), rows[_i].change);
    ck_assert_int_eq(d->worse, rows[_i].worse);
}
END_TEST

START_TEST(evidence_changed)
{
    struct diff *d = diff_reports(a, report_with(PASS, "aa"), report_with(PASS, "bb"));
    ck_assert_uint_eq(d->counts[CHANGE_EVIDENCE], 1);
    ck_assert(!d->worse);
}
END_TEST

START_TEST(subjects_come_and_go)
{
    struct diff *d = diff_reports(a, report_with("", "aa"), report_with(PASS, "aa"));
    ck_assert_uint_eq(d->appeared.n, 1);
    d = diff_reports(a, report_with(PASS, "aa"), report_with("", "aa"));
    ck_assert_uint_eq(d->vanished.n, 1);
}
END_TEST

START_TEST(written_forms)
{
    struct diff *d = diff_reports(a, report_with(PASS, "aa"), report_with(FAIL, "aa"));
    struct buf out = BUF_INIT;
    diff_text(&out, d, false);
    ck_assert_str_eq(out.p, "WORSE: score 100 -> 0, new 1\n\nNew: 1\n"
                            "  K-1       high     x: m|m\n");
    buf_clear(&out);
    diff_markdown(&out, d);
    ck_assert(str_has(buf_view(&out), STR("| `K-1` | high | `arn:x` | `m\\|m` |\n")));
    buf_clear(&out);
    diff_json(&out, d);
    struct text t = {STR("d"), buf_view(&out)};
    struct json *root = json_read(a, &t, diag_new(a));
    ck_assert_ptr_nonnull(root);
    ck_assert(json_bool(json_get(root, STR("worse"))));
    ck_assert_uint_eq(json_size(json_get(root, STR("tests"))), 1);
    buf_free(&out);
}
END_TEST

static const struct {
    const char *old;
    enum result now;
    enum disposition want;
} baselines[] = {
    {FAIL, RESULT_FAIL, DISPOSITION_KNOWN},
    {PASS, RESULT_FAIL, DISPOSITION_OPEN},
    {UNKNOWN, RESULT_FAIL, DISPOSITION_OPEN},
    {UNKNOWN, RESULT_UNKNOWN, DISPOSITION_KNOWN},
    {WAIVED, RESULT_FAIL, DISPOSITION_OPEN},
    {FAIL, RESULT_PASS, DISPOSITION_OPEN},
    {"", RESULT_FAIL, DISPOSITION_OPEN},
};
START_TEST(baseline)
{
    struct check check = {.id = STR("K-1")};
    struct subject subject = {.arn = STR("arn:x")};
    struct test test = {
        .check = &check, .subject = &subject, .result = baselines[_i].now};
    struct assessment as = {.tests = &test, .n = 1};
    baseline_apply(&as, report_with(baselines[_i].old, "aa"));
    ck_assert_int_eq(test.disposition, baselines[_i].want);
}
END_TEST

/* A comparison of many tests still fits a comment, and ends where a row ends. */
START_TEST(markdown_fits_a_comment)
{
    enum { MANY = 2000 };
    struct buf subjects = BUF_INIT, tests = BUF_INIT;
    for (int i = 0; i < MANY; i++) {
        buf_fmt(&subjects, "%s{\"arn\": \"arn:aws:s3:::%0*d\", \"type\": \"bucket\"}",
                i ? "," : "", 40 + i % 400, i);
        buf_fmt(&tests,
                "%s{\"check\": \"K-1\", \"subject\": \"arn:aws:s3:::%0*d\", "
                "\"message\": \"m|m `x`\", " FAIL "}",
                i ? "," : "", 40 + i % 400, i);
    }
    struct text *t = ARENA_NEW(a, struct text);
    t->name = STR("r");
    t->bytes =
        str_fmt(a,
                "{\"kdaudit\": \"results\", \"format\": %d, \"version\": \"1\", "
                "\"controls\": [{\"id\": \"K\", \"title\": \"T\", \"checks\": "
                "[{\"id\": \"K-1\", \"severity\": \"high\", \"title\": "
                "\"t\"}]}], \"evidence\": [], \"subjects\": [%s], \"tests\": [%s]}",
                REPORT_FORMAT, subjects.p, tests.p);
    buf_free(&subjects);
    buf_free(&tests);
    struct diag *dx = diag_new(a);
    struct report *after = results_of(a, t, dx);
    ck_assert_str_eq(unit_first_error(a, dx).p, "ok");
    struct buf out = BUF_INIT;
    diff_markdown(&out, diff_reports(a, report_with("", "00"), after));
    ck_assert_uint_lt(out.n, 65536);
    ck_assert_uint_gt(out.n, 50000);
    ck_assert(str_has(buf_view(&out), STR(" more are left out here")));
    struct str rest = buf_view(&out), line;
    while (rest.n) {
        str_cut(rest, '\n', &line, &rest);
        if (line.n && line.p[0] == '|')
            ck_assert_int_eq(line.p[line.n - 1], '|');
    }
    buf_free(&out);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("diff");
    TCase *c = tcase_create("diff");
    tcase_add_checked_fixture(c, setup, teardown);
    unit_rows(c, change_of_a_test, rows);
    tcase_add_test(c, evidence_changed);
    tcase_add_test(c, subjects_come_and_go);
    tcase_add_test(c, written_forms);
    unit_rows(c, baseline, baselines);
    tcase_add_test(c, markdown_fits_a_comment);
    suite_add_tcase(s, c);
    return unit_run(s, "diff");
}
