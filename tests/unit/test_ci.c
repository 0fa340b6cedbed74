/* Unit tests of what CI reads: the summary within its budget, JUnit extended and in
 * parts.
 */
#include "machine_kit.h"
#include "unit.h"

#include "render/junit.h"
#include "render/render.h"
#include "render/summary_md.h"

#include <string.h>

static size_t occurrences(struct str s, const char *what)
{
    size_t n = 0, at;
    for (; (at = str_find(s, str_from(what))) != (size_t)-1; n++)
        s = str_sub(s, at + strlen(what), s.n);
    return n;
}

static size_t pipes(struct str line)
{
    size_t n = 0;
    for (size_t i = 0; i < line.n; i++)
        n += line.p[i] == '|' && (i == 0 || line.p[i - 1] != '\\');
    return n;
}

/* No fold is left open, no row is cut: each has the columns of its table. */
static void check_whole(struct str out)
{
    ck_assert(str_starts(out, STR("\n## kdaudit ")));
    ck_assert_uint_eq(occurrences(out, "<details>"), occurrences(out, "\n</details>\n"));
    ck_assert_uint_eq(occurrences(out, "</summary>\n\n|"), occurrences(out, "<details>"));
    ck_assert_int_eq(out.p[out.n - 1], '\n');
    size_t columns = 0;
    for (bool more = true; more;) {
        struct str line;
        more = str_cut(out, '\n', &line, &out);
        bool row = str_starts(line, STR("| "));
        if (row && columns)
            ck_assert_msg(pipes(line) == columns, "%.*s", STR_ARG(line));
        if (row)
            ck_assert(str_ends(line, STR(" |")));
        columns = row ? pipes(line) : 0;
    }
}

static struct str summary(const struct report *r, size_t max)
{
    struct buf out = BUF_INIT;
    summary_md(&out, r, max);
    struct str s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

START_TEST(summary_says)
{
    static const char *const said[] = {
        "\n## kdaudit fail\n",
        "| **fail** | critical | `K-1.1` |",
        "ev/a b#1.json:7:1",
        "| **unknown** | low |",
        "<summary>Needs a person: 1</summary>",
        "<summary>Waived and known: 3</summary>",
        "<summary>Not applicable: 1</summary>",
        "<summary>Passed: 2</summary>",
        "until 2027-01-31 by Ada&#58; Moves in May",
        "| 2 | 4 | 1 | 1 | 1 | 1 | 2 | 1 |",
        "Without the waivers the score is 22.",
        "Redacted: ",
    };
    struct str out = summary(sample_every(), RENDER_SUMMARY_MAX_BYTES);
    check_whole(out);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        ck_assert_msg(str_has(out, str_from(said[i])), "lacks %s:\n%.1500s", said[i],
                      out.p);
    ck_assert(!str_has(out, STR("left out")));
}
END_TEST

START_TEST(summary_fits)
{
    struct report *r = sample_every();
    size_t all = summary(r, SIZE_MAX).n, least = summary(r, 1).n, before = 0;
    for (size_t max = 1; max < all; max += 7) {
        struct str out = summary(r, max);
        check_whole(out);
        ck_assert_msg(out.n <= max || out.n <= least, "%zu bytes of %zu", out.n, max);
        ck_assert(str_has(out, STR("left out")));
        /* More room never shows fewer rows. */
        size_t rows = occurrences(out, "\n| **");
        ck_assert_uint_ge(rows, before);
        before = rows;
    }
    ck_assert(!str_has(summary(r, all), STR("left out")));
    ck_assert_uint_lt(least, 1024);
}
END_TEST

START_TEST(summary_is_harmless)
{
    struct str out = summary(sample_hostile((size_t)_i), RENDER_SUMMARY_MAX_BYTES);
    check_whole(out);
    ck_assert(!str_has(out, STR("\n=")));
}
END_TEST

START_TEST(summary_of_nothing)
{
    struct str out = summary(sample_empty(), RENDER_SUMMARY_MAX_BYTES);
    check_whole(out);
    ck_assert(str_starts(out, STR("\n## kdaudit nothing judged\n")));
}
END_TEST

/* Every test stands in one part, in order; a control is divided only when it must be. */
START_TEST(splits)
{
    uint32_t max = (uint32_t)_i;
    struct report *r = sample_every();
    struct report_parts parts = junit_split(a, r, max);
    size_t n = 0, suites = 0;
    for (size_t i = 0; i < parts.n; i++) {
        size_t here = 0;
        for (size_t c = 0; c < parts.v[i].controls.n; c++) {
            const struct report_control *control = &parts.v[i].controls.v[c];
            size_t of_control = 0;
            suites++;
            for (size_t k = 0; k < control->checks.n; k++)
                of_control += control->checks.v[k].tests.n;
            ck_assert_uint_eq(of_control, control->counts.total);
            const struct report_counts *x = &control->counts;
            ck_assert_uint_eq(x->pass + x->fail + x->unknown + x->manual +
                                  x->not_applicable + x->error,
                              x->total);
            here += of_control;
        }
        ck_assert_uint_le(here, max);
        ck_assert_uint_gt(here, 0);
        n += here;
    }
    ck_assert_uint_eq(n, r->tests.n);
    if (max >= 7)
        ck_assert_uint_eq(suites, 2); /* no control has more than 7 tests */
}
END_TEST

static struct templates *all_templates(void)
{
    struct templates *t = templates_load(a, "templates", TEMPLATES_ALL, dx);
    ck_assert_msg(t != NULL, "%s", unit_first_error(a, dx).p);
    return t;
}

/* clang-format off */
static const struct { struct render_options options; size_t files; const char *first, *said[12]; } junits[] = {
    {{0}, 1, "junit.xml", {"<testsuites>", " tests=\"7\" failures=\"2\" errors=\"1\" skipped=\"3\"", " tests=\"6\" failures=\"0\" errors=\"3\" skipped=\"2\"", NULL}},
    {{.junit_split = 6}, 3, "junit-001.xml", {"tests=\"6\"", NULL}},
    {{.junit_split = 1}, 13, "junit-001.xml", {"tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\"", NULL}},
    {{.junit_split = 5000}, 1, "junit-001.xml", {"<testsuites>", NULL}},
    {{.junit_extended = true}, 1, "junit.xml",
     {" file=\"ev/a b#1.json\" line=\"3\">", "name=\"kdaudit.severity\" value=\"critical\"", "name=\"kdaudit.verdict\" value=\"waived\"", "<skipped message=\"Waived until 2027-01-31 by Ada: w\">", "waiver:   Moves in May", "kdaudit.score_without_waivers", "kdaudit.redacted", "name=\"kdaudit.attestation\" value=\"K-1.2 * until 2027-02-28 by Bo: Looked\"", "name=\"kdaudit.waiver\" value=\"Moves in May\"",
      "name=\"kdaudit.evidence.sha256\" value=\"67efb7ab", NULL}},
    {{.junit_extended = true, .junit_split = 6}, 3, "junit-001.xml", {" file=\"", NULL}},
};
/* clang-format on */

START_TEST(writes_junit)
{
    struct templates *t = all_templates();
    struct output out = {0};
    ck_assert_msg(render(a, sample_every(), format_find(STR("junit")), t,
                         &junits[_i].options, &out, dx),
                  "%s", unit_first_error(a, dx).p);
    ck_assert_uint_eq(out.files.n, junits[_i].files);
    ck_assert(str_eq(out.files.v[0].path, str_from(junits[_i].first)));
    for (size_t i = 0; junits[_i].said[i]; i++)
        ck_assert_msg(str_has(out.files.v[0].bytes, str_from(junits[_i].said[i])) &&
                          !str_has(out.files.v[0].bytes, STR("file=\"\"")),
                      "lacks %s:\n%.1500s", junits[_i].said[i], out.files.v[0].bytes.p);
}
END_TEST

static const struct {
    const char *message, *line;
} lines[] = {
    {"short | and `code`", "short ¦ and 'code'"},
    {"sixteen bytes and a pipe |", "sixteen bytes and a pipe ¦"},
    {"sixteen bytes to`", "sixteen bytes to'"},
    {"sixteen bytes to  two", "sixteen bytes to two"},
    {"twice sixteen bytes of text, and  x", "twice sixteen bytes of text, and x"},
    {" all of it is calm here ", "all of it is calm here"},
};
START_TEST(junit_says_one_line)
{
    struct report_test test = {.result = RESULT_FAIL,
                               .message = str_from(lines[_i].message)};
    struct str line = junit_message(a, &test);
    ck_assert_msg(str_eq(line, str_from(lines[_i].line)), "%.*s", STR_ARG(line));
}
END_TEST

START_TEST(junit_of_hostile)
{
    struct templates *t = all_templates();
    for (size_t i = 0; i < 2; i++) {
        struct render_options options = {.junit_extended = i};
        struct output out = {0};
        ck_assert_msg(render(a, sample_hostile((size_t)_i), format_find(STR("junit")), t,
                             &options, &out, dx),
                      "%s", diag_len(dx) ? diag_get(dx, 0).message.p : "");
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("ci");
    TCase *tc = tcase_create("ci");
    int nhostile = (int)(sizeof hostile / sizeof *hostile);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, summary_says);
    tcase_add_test(tc, summary_fits);
    tcase_add_loop_test(tc, summary_is_harmless, 0, nhostile);
    tcase_add_test(tc, summary_of_nothing);
    tcase_add_loop_test(tc, splits, 1, 15);
    unit_rows(tc, writes_junit, junits);
    unit_rows(tc, junit_says_one_line, lines);
    tcase_add_loop_test(tc, junit_of_hostile, 0, nhostile);
    suite_add_tcase(s, tc);
    return unit_run(s, "ci");
}
