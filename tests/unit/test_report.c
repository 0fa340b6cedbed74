/* Unit tests of gen/report: results.json there and back, counts, order, texts. */
#include "unit.h"

#include "base/file.h"
#include "json/json.h"
#include "report/derive.h"
#include "report/exemplar.h"
#include "report/fields.h"
#include "report/results.h"
#include "report/rights.h"

#include <string.h>

static struct arena *a;
static struct diag *dx;

static void setup(void)
{
    a = arena_new();
    dx = diag_new(a);
}

static void teardown(void)
{
    arena_free(a);
}

/* Two controls, three checks, an application with a role, a second application. */
static const char sample[] =
    "{\n  \"kdaudit\": \"results\",\n  \"format\": 3,\n"
    "  \"access\": [\n"
    "    {\"account\": \"111122223333\", \"actions\": \"UpdateApplication\", \"all\": "
    "true, "
    "\"code\": true, \"holders\": [{\"arn\": \"arn:u\", \"kind\": \"user\", \"name\": "
    "\"u\", \"via\": \"p\"}], \"pass\": \"none\"},\n"
    "    {\"account\": \"111122223333\", \"applications\": [{\"application\": "
    "\"arn:app1\"}], \"conditional\": true, \"holders\": [{\"kind\": \"group\", "
    "\"members\": 2, \"name\": \"g\"}], \"more_holders\": 7, \"read\": true}\n  ],\n"
    "  \"applications\": [\n"
    "    {\"described\": true, \"family\": \"flink\", \"mode\": \"STREAMING\", "
    "\"runtime\": \"FLINK-1_20\", \"status\": \"RUNNING\", \"subject\": \"arn:app1\"},\n"
    "    {\"subject\": \"arn:app2\"}\n  ],\n"
    "  \"applications_listed\": 2,\n"
    "  \"as_of\": \"2026-11-23T10:00:00Z\",\n"
    "  \"calls\": [\n"
    "    {\"application\": \"arn:app1\", \"event\": \"UpdateApplication\", \"ip\": "
    "\"203.0.113.7\", \"outcome\": \"success\", \"time\": \"2026-11-20T08:00:00Z\", "
    "\"who\": \"ada\"}\n  ],\n"
    "  \"catalog\": {\"id\": \"kda\", \"title\": \"T\", \"version\": \"1.0.0\"},\n"
    "  \"controls\": [\n"
    "    {\"checks\": [{\"expected\": \"E\", \"id\": \"K-1.1\", \"severity\": "
    "\"critical\", \"subject_type\": \"application\", \"title\": \"One\"}, "
    "{\"id\": \"K-1.2\", \"severity\": \"low\", \"subject_type\": \"role\", \"title\": "
    "\"Two\"}], \"id\": \"K-1\", \"title\": \"First\"},\n"
    "    {\"checks\": [{\"id\": \"K-2.1\", \"severity\": \"high\", \"subject_type\": "
    "\"application\", \"title\": \"Three\"}], \"id\": \"K-2\", \"title\": \"Second\"}\n  "
    "],\n"
    "  \"evidence\": [\n"
    "    {\"account\": \"111122223333\", \"kind\": \"iam:GetRole\", \"number\": 0, "
    "\"path\": \"a.json\", \"sha256\": \"00\", \"size_bytes\": 12, \"state\": "
    "\"answer\", \"use\": 0, \"used\": 2, \"used_for\": "
    "\"cited by K-1.1, K-1.2; in facts for K-2.1\"},\n"
    "    {\"number\": 1, \"path\": \"b.json\", \"state\": \"invalid\", \"why\": \"cut\", "
    "\"why_code\": \"JSN-102\"}\n  ],\n"
    "  \"excerpts\": [\n"
    "    {\"first_line\": 2, \"number\": 0, \"spot\": {\"column\": 1, \"evidence\": 0, "
    "\"line\": 3}, \"text\": \"x\\ny\"}\n  "
    "],\n"
    "  \"proposals\": [\n"
    "    {\"command\": \"kdaudit policy\", \"diff\": \"--- a\\n+++ b\\n@@ -1 +1 "
    "@@\\n-x\\n+y"
    "\\n\", \"role\": \"arn:role\"}\n  ],\n"
    "  \"subjects\": [\n"
    "    {\"account\": \"111122223333\", \"arn\": \"arn:app1\", \"links\": [{\"name\": "
    "\"role\", \"to\": \"arn:role\"}], \"name\": \"app1\", \"region\": \"us-east-1\", "
    "\"type\": \"application\", \"tests\": [\n"
    "      {\"check\": \"K-1.1\", \"message\": \"ok\", "
    "\"result\": \"pass\", \"spots\": [{\"column\": 5, \"evidence\": 0, \"line\": 3, "
    "\"pointer\": \"/Role\"}]},\n"
    "      {\"check\": \"K-2.1\", \"disposition\": \"waived\", \"findings\": "
    "[{\"message\": \"w\"}], \"result\": \"fail\", \"waiver\": 0}\n    ]},\n"
    "    {\"account\": \"111122223333\", \"arn\": \"arn:app2\", \"name\": \"app2\", "
    "\"region\": \"us-east-1\", \"type\": \"application\", \"tests\": [\n"
    "      {\"check\": \"K-1.1\", \"findings\": [{\"kind\": \"k\"}], "
    "\"reason\": \"absent\", \"result\": \"unknown\"},\n"
    "      {\"check\": \"K-2.1\", \"message\": \"n\", \"result\": \"not-applicable\"}\n"
    "    ]},\n"
    "    {\"account\": \"111122223333\", \"arn\": \"arn:role\", \"name\": \"r\", "
    "\"region\": \"global\", \"type\": \"role\", \"tests\": [\n"
    "      {\"check\": \"K-1.2\", \"findings\": [{\"actual\": "
    "\"\\\"*\\\"\", \"excerpt\": 0, \"message\": \"bad\"}], \"result\": \"fail\"}\n"
    "    ]}\n  ],\n"
    "  \"uses\": [\n    {\"facts\": [{\"check\": \"K-2.1\"}], \"needed\": [{\"check\": "
    "\"K-1.2\"}], \"number\": 0}\n  ],\n"
    "  \"version\": \"1.0.0\",\n"
    "  \"waivers\": [\n    {\"by\": \"eve\", \"id\": \"K-2.1\", \"kind\": \"waiver\", "
    "\"number\": 0, \"reason\": \"R\", \"subject\": \"*\", \"until\": \"2027-01-31\"}\n  "
    "]\n}\n";

static struct report *read_text(const char *json)
{
    struct text *t = ARENA_NEW(a, struct text);
    *t = (struct text){STR("results.json"), str_dup(a, str_from(json))};
    return results_read(a, t, dx);
}

/* Rows of access come to the applications and accounts that they are about. */
START_TEST(rights)
{
    struct report *r = read_text(sample);
    ck_assert_uint_eq(r->accounts.n, 1);
    ck_assert_uint_eq(r->accounts.v[0].access.n, 2);
    ck_assert_uint_eq(r->applications.v[0].access.n, 2);
    ck_assert_uint_eq(r->applications.v[1].access.n, 1);
    const struct report_access *all = &r->access.v[0], *one = &r->access.v[1];
    ck_assert(str_eq(derive_access_where(a, all), STR("all of the account")));
    ck_assert(str_eq(derive_access_where(a, one), STR("app1")));
    ck_assert(str_eq(derive_access_who(a, one), STR("group g and 5 more")));
    ck_assert(str_eq(derive_access_held(a, all), STR("yes")));
    ck_assert(str_eq(derive_access_held(a, one), STR("if")));
    ck_assert(str_eq(derive_access_rights(a, all), STR("code")));
    const struct report_proposal *p = &r->proposals.v[0];
    void *items;
    ck_assert_uint_eq(derive_proposal_lines(a, p, &items), 5);
    const struct report_diff_line *l = items;
    ck_assert(l[0].head && l[1].head && l[2].head && l[3].removed && l[4].added);
    ck_assert_ptr_eq(p->role->proposal, p);
    ck_assert(derive_proposal_proved(p));
}
END_TEST

START_TEST(there_and_back)
{
    struct report *r = read_text(sample);
    ck_assert_str_eq(unit_first_error(a, dx).p, "ok");
    ck_assert_ptr_nonnull(r);
    struct buf out = BUF_INIT;
    results_write(&out, r);
    struct report *again = read_text(out.p);
    ck_assert_ptr_nonnull(again);
    struct buf twice = BUF_INIT;
    results_write(&twice, again);
    ck_assert(str_eq(buf_view(&out), buf_view(&twice)));
    /* The params line is always written; nothing else is added. */
    struct str with = buf_view(&out), empty = STR("  \"params\": [],\n");
    size_t at = str_find(with, empty);
    ck_assert_uint_ne(at, (size_t)-1);
    struct str rest = str_fmt(a, "%.*s%.*s", (int)at, with.p,
                              STR_ARG(str_sub(with, at + empty.n, with.n)));
    size_t same = 0; /* libcheck cannot print texts this long */
    while (same < rest.n && rest.p[same] == sample[same])
        same++;
    ck_assert_msg(same == rest.n && !sample[same], "differs at: %.60s", rest.p + same);
    buf_free(&out);
    buf_free(&twice);
}
END_TEST

/* Tests of a role, and what is said of them where results.json says nothing. */
static const struct {
    const char *test, *message;
    size_t spots;
    const char *pointer;
} implied[] = {
    {"\"check\": \"P\", \"result\": \"pass\"", "r of 1 in eu is arn:r.", 1, "/r"},
    {"\"check\": \"P\", \"result\": \"pass\", \"spots\": []", "r of 1 in eu is arn:r.", 0,
     NULL},
    {"\"check\": \"P\", \"message\": \"so\", \"result\": \"pass\"", "so", 1, "/r"},
    {"\"check\": \"E\", \"result\": \"pass\"", "Good.", 1, "/r"},
    {"\"check\": \"O\", \"result\": \"pass\"", "", 1, "/r"}, /* names a fact */
    {"\"check\": \"E\", \"result\": \"manual\"", "T: a person has to judge this.", 0,
     NULL},
    {"\"check\": \"E\", \"result\": \"not-applicable\"",
     "Nothing here is what this check is about.", 0, NULL},
    {"\"check\": \"E\", \"findings\": [{\"kind\": \"s3:GetBucketAcl\"}], \"result\": "
     "\"unknown\"",
     "s3:GetBucketAcl of r is not in evidence.", 0, ""},
    {"\"check\": \"E\", \"findings\": [{\"excerpt\": 0, \"message\": \"Bad.\"}], "
     "\"result\": \"fail\"",
     "Bad.", 0, "/x"},
    {"\"check\": \"E\", \"findings\": [{\"excerpt\": 0, \"message\": \"Bad.\", \"spot\": "
     "{\"column\": 9, \"evidence\": 0, \"line\": 3, \"pointer\": \"/y\"}}], \"result\": "
     "\"fail\"",
     "Bad.", 0, "/y"},
};
START_TEST(what_is_left_out)
{
    struct str json = str_fmt(
        a,
        "{\"kdaudit\": \"results\", \"format\": 3, \"controls\": [{\"checks\": "
        "[{\"id\": \"P\", \"pass\": \"{{name}} of {{account}} in {{region}} is "
        "{{arn}}.\"}, {\"expected\": \"Good.\", \"id\": \"E\", \"title\": \"T\"}, "
        "{\"id\": \"O\", \"pass\": \"{{facts.x}} of {{name}}\"}]}], \"evidence\": "
        "[{\"number\": 0, \"state\": \"answer\"}], \"excerpts\": [{\"first_line\": 1, "
        "\"number\": 0, \"spot\": {\"column\": 5, \"evidence\": 0, \"line\": 3, "
        "\"pointer\": \"/x\"}}], \"subjects\": [{\"account\": \"1\", \"arn\": \"arn:r\", "
        "\"name\": \"r\", \"region\": \"eu\", \"spots\": [{\"evidence\": 0, \"pointer\": "
        "\"/r\"}], \"tests\": [{%s}]}]}",
        implied[_i].test);
    struct report *r = read_text(json.p);
    ck_assert_str_eq(unit_first_error(a, dx).p, "ok");
    const struct report_test *t = &r->tests.v[0];
    ck_assert_str_eq(str_z(a, report_message(a, t)), implied[_i].message);
    ck_assert_uint_eq(t->spots.n, implied[_i].spots);
    const struct report_spot *spot = t->findings.n ? &t->findings.v[0].spot
                                     : t->spots.n  ? t->spots.v
                                                   : NULL;
    ck_assert(!implied[_i].pointer ==
              !(spot && str_eq(spot->pointer, str_from(implied[_i].pointer))));
    struct buf out = BUF_INIT;
    results_write(&out, r);
    ck_assert_msg(str_has(buf_view(&out), str_fmt(a, "      {%s}\n", implied[_i].test)),
                  "%s", strstr(out.p, "\"subjects\""));
    buf_free(&out);
}
END_TEST

/* Tests may stand in any order below a resource. */
START_TEST(tests_are_sorted)
{
    struct report *r = read_text(
        "{\"kdaudit\": \"results\", \"format\": 3, \"controls\": [{\"checks\": [{\"id\": "
        "\"A\"}, {\"id\": \"B\"}]}], \"subjects\": [{\"arn\": \"x\", \"tests\": "
        "[{\"check\": \"B\", \"result\": \"pass\"}, {\"check\": \"A\", \"result\": "
        "\"pass\"}]}, {\"arn\": \"y\", \"tests\": [{\"check\": \"A\", \"result\": "
        "\"pass\"}]}]}");
    struct buf said = BUF_INIT;
    for (size_t i = 0; i < r->tests.n; i++)
        buf_fmt(&said, "%.*s%.*s ", STR_ARG(r->tests.v[i].check->id),
                STR_ARG(r->tests.v[i].subject->arn));
    ck_assert_str_eq(said.p, "Ax Ay Bx ");
    ck_assert_uint_eq(r->subjects.v[0].tests.n, 2);
    buf_free(&said);
}
END_TEST

START_TEST(counts)
{
    struct report *r = read_text(sample);
    ck_assert_uint_eq(r->counts.total, 5);
    ck_assert_uint_eq(r->counts.pass, 1);
    ck_assert_uint_eq(r->counts.fail, 2);
    ck_assert_uint_eq(r->counts.waived, 1);
    ck_assert_uint_eq(r->counts.low, 1);
    ck_assert_uint_eq(r->counts.critical, 0);
    /* critical pass 10 + waived high 5, of 10 + 10 (unknown) + 1 (low fail) + 5 */
    ck_assert_uint_eq(r->counts.score, 15 * 100 / 26);
    ck_assert_uint_eq(r->counts.score_unwaived, 10 * 100 / 26);
    ck_assert_uint_eq(r->waivers.v[0].used, 1);
    ck_assert_str_eq(r->verdict, "fail");
    ck_assert_uint_eq(r->applications_described, 1);
    ck_assert_uint_eq(r->applications_judged, 1);
    ck_assert_uint_eq(r->evidence_unusable, 1);
    ck_assert_uint_eq(r->evidence.v[0].used, 2);
    ck_assert_str_eq(r->evidence.v[0].used_for.p,
                     "cited by K-1.1, K-1.2; in facts for K-2.1");
}
END_TEST

START_TEST(order_and_closure)
{
    struct report *r = read_text(sample);
    ck_assert_uint_eq(r->attention.n, 2);
    ck_assert_int_eq(r->attention.v[0]->result, RESULT_FAIL);
    ck_assert_int_eq(r->attention.v[1]->result, RESULT_UNKNOWN);
    const struct report_application *app = &r->applications.v[0];
    ck_assert_uint_eq(app->subjects.n, 2);
    ck_assert_uint_eq(app->attention.n, 1);
    ck_assert_uint_eq(app->calls.n, 1);
    ck_assert_uint_eq(app->cells.n, 2);
    ck_assert_str_eq(derive_cell_summary(a, &app->cells.v[0]).p, "1 failed");
    ck_assert_str_eq(derive_cell_mark(a, &app->cells.v[1]).p, "pass");
    ck_assert_str_eq(derive_test_name(a, &r->tests.v[0]).p,
                     "K-1.1 111122223333/us-east-1 app1");
    ck_assert_str_eq(derive_spot_place(a, &r->tests.v[0].spots.v[0]).p, "a.json:3:5");
    ck_assert_str_eq(derive_excerpt_numbered(a, r->tests.v[2].findings.v[0].excerpt).p,
                     "     2 | x\n>    3 | y");
}
END_TEST

/* What is said of a file: A1 to A14 are checks, of which those in cited have results that
 * point into it; use: what else is known. */
static const struct {
    const char *cited, *use, *says;
} uses[] = {
    {"", "", ""},
    {"1", "", "cited by A1"},
    {"", "\"needed\": []", "no check looks at it"},
    {"", "\"names\": true",
     "tells what there is and what answers are about; no check looks at it"},
    {"", "\"shown\": true", "shown in the report; no check looks at it"},
    {"", "\"names\": true, \"needed\": [{\"check\": \"A2\"}]", "needed by A2"},
    {"1", "\"needed\": [{\"check\": \"A1\"}, {\"check\": \"A2\"}]",
     "cited by A1; needed by A2"},
    {"1", "\"facts\": [{\"check\": \"A2\"}], \"needed\": [{\"check\": \"A3\"}]",
     "cited by A1; needed by A3; in facts for A2"},
    {"",
     "\"facts\": [{\"check\": \"A2\"}, {\"check\": \"A3\"}, {\"check\": \"A4\"}, "
     "{\"check\": \"A5\"}, {\"check\": \"A6\"}]",
     "in facts for A2, A3, A4, A5 and 1 more"},
    {"1 2 3 4 5 6 7 8 9 10 11 12 13", "\"needed\": [{\"check\": \"A14\"}]",
     "cited by A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12 and 1 more; needed by 1 "
     "more"},
};
START_TEST(says_what_a_file_was_used_for)
{
    struct buf json = BUF_INIT;
    bool use = uses[_i].use[0];
    buf_z(&json,
          "{\"kdaudit\": \"results\", \"format\": 3, \"controls\": [{\"checks\": [");
    for (int i = 1; i <= 14; i++)
        buf_fmt(&json, "%s{\"id\": \"A%d\"}", i > 1 ? ", " : "", i);
    buf_fmt(&json, "]}], \"evidence\": [{\"number\": 0, \"state\": \"answer\"%s}], ",
            use ? ", \"use\": 0" : "");
    if (use)
        buf_fmt(&json, "\"uses\": [{\"number\": 0, %s}], ", uses[_i].use);
    buf_z(&json, "\"subjects\": [{\"arn\": \"p\", \"tests\": [");
    struct str cited = str_from(uses[_i].cited), one;
    for (size_t i = 0; cited.n; i++) {
        str_cut(cited, ' ', &one, &cited);
        buf_fmt(&json,
                "%s{\"check\": \"A%.*s\", \"result\": \"pass\", \"spots\": "
                "[{\"evidence\": 0}]}",
                i ? ", " : "", STR_ARG(one));
    }
    buf_z(&json, "]}]}");
    struct report *r = read_text(json.p);
    ck_assert_str_eq(r->evidence.v[0].used_for.p, uses[_i].says);
    buf_free(&json);
}
END_TEST

/* Of a check all tests and the quiet ones stand by account and region, wherever their
 * resources do; open ones with the worst first, then in the order of the file. */
START_TEST(tests_stand_by_place)
{
    struct report *r = read_text(
        "{\"kdaudit\": \"results\", \"format\": 3, \"controls\": [{\"checks\": [{\"id\": "
        "\"A\"}]}], \"subjects\": ["
        "{\"account\": \"2\", \"arn\": \"p\", \"tests\": [{\"check\": \"A\", "
        "\"result\": \"unknown\"}]}, "
        "{\"account\": \"2\", \"arn\": \"q\", \"tests\": [{\"check\": \"A\", "
        "\"result\": \"pass\"}]}, "
        "{\"account\": \"1\", \"arn\": \"s\", \"tests\": [{\"check\": \"A\", "
        "\"result\": \"fail\"}]}, "
        "{\"account\": \"1\", \"arn\": \"t\", \"region\": \"r\", \"tests\": "
        "[{\"check\": \"A\", \"result\": \"pass\"}]}, "
        "{\"account\": \"1\", \"arn\": \"u\", \"tests\": [{\"check\": \"A\", "
        "\"result\": \"pass\"}]}]}");
    const struct report_check *c = r->checks.v[0];
    struct buf said = BUF_INIT;
    for (size_t i = 0; i < c->tests.n; i++)
        buf_str(&said, c->tests.v[i]->subject->arn);
    buf_c(&said, ' ');
    for (size_t i = 0; i < c->quiet.n; i++)
        buf_str(&said, c->quiet.v[i]->subject->arn);
    buf_c(&said, ' ');
    for (size_t i = 0; i < c->attention.n; i++)
        buf_str(&said, c->attention.v[i]->subject->arn);
    ck_assert_str_eq(said.p, "sutpq utq sp");
    buf_free(&said);
}
END_TEST

/* Which of several accepted tests is worst: the graver one, then the first check. */
START_TEST(worst_of_accepted)
{
    struct report *r = read_text(
        "{\"kdaudit\": \"results\", \"format\": 3, \"controls\": [{\"checks\": "
        "[{\"id\": \"A\", \"severity\": \"low\"}, "
        "{\"id\": \"B\", \"severity\": \"high\"}, "
        "{\"id\": \"C\", \"severity\": \"high\"}]}], \"subjects\": [{\"arn\": \"x\", "
        "\"tests\": ["
        "{\"check\": \"A\", \"disposition\": \"waived\", \"result\": \"fail\"}, "
        "{\"check\": \"B\", \"disposition\": \"known\", \"result\": \"unknown\"}, "
        "{\"check\": \"C\", \"disposition\": \"waived\", \"result\": \"fail\"}]}]}");
    ck_assert_int_eq(r->subjects.v[0].worst, RESULT_UNKNOWN);
    ck_assert_uint_eq(r->accepted_tests.n, 3);
    ck_assert(str_eq(r->accepted_tests.v[0]->check->id, STR("B")));
    ck_assert_str_eq(r->verdict, "pass");
}
END_TEST

static const struct {
    const char *from, *to, *code;
} faults[] = {
    {"\"kdaudit\": \"results\"", "\"kdaudit\": \"pack\"", "RES-101"},
    {"\"format\": 3", "\"format\": 1", "RES-102"},
    {"\"format\": 3", "\"format\": 2", "RES-102"},
    {"\"as_of\": \"2026-11-23T10:00:00Z\"", "\"as_of\": 7", "RES-103"},
    {"\"applications_listed\": 2", "\"applications_listed\": -1", "RES-103"},
    {"\"check\": \"K-1.1\"", "\"check\": \"K-9.9\"", "RES-104"},
    {"\"evidence\": 0", "\"evidence\": 7", "RES-104"},
    {"\"application\": \"arn:app1\"}]", "\"application\": \"arn:none\"}]", "RES-104"},
    {"\"application\": \"arn:app1\"}]", "\"x\": 1}]", "RES-104"},
    {"\"role\": \"arn:role\"", "\"role\": \"arn:none\"", "RES-104"},
    {"\"to\": \"arn:role\"", "\"to\": \"arn:none\"", "RES-104"},
    {"\"subject\": \"arn:app2\"}\n  ]", "\"mode\": \"x\"}\n  ]", "RES-104"},
    {"\"number\": 1", "\"number\": 5", "RES-104"},
    {"\"result\": \"pass\"", "\"result\": \"perfect\"", "RES-105"},
    {"\"waiver\": 0", "\"waiver\": 4", "RES-104"},
    {"\"kind\": \"waiver\"", "\"kind\": \"promise\"", "RES-105"},
    {"\"state\": \"invalid\"", "\"state\": \"odd\"", "RES-105"},
};
START_TEST(refuses)
{
    struct str s = str_from(sample), from = str_from(faults[_i].from);
    size_t at = str_find(s, from);
    ck_assert_uint_ne(at, (size_t)-1);
    struct str bad = str_fmt(a, "%.*s%s%.*s", (int)at, s.p, faults[_i].to,
                             STR_ARG(str_sub(s, at + from.n, s.n)));
    ck_assert_ptr_null(read_text(bad.p));
    ck_assert_str_eq(diag_first(dx, DIAG_ERROR), faults[_i].code);
}
END_TEST

START_TEST(unknown_members_are_ignored)
{
    struct str s = str_from(sample);
    struct str more =
        str_fmt(a, "{\n  \"kdaudit\": \"results\",\n  \"news\": [1, {\"x\": null}],%.*s",
                STR_ARG(str_sub(s, str_find(s, STR("\n  \"format\"")), s.n)));
    ck_assert_ptr_nonnull(read_text(more.p));
}
END_TEST

/* Every shape's rows must be sorted by name, since they are searched by halves. */
static void check_sorted(const struct shape *s, int depth)
{
    for (size_t i = 0; i < s->n; i++) {
        ck_assert_ptr_eq(shape_field(s, str_from(s->fields[i].name)), &s->fields[i]);
        ck_assert_ptr_nonnull(s->fields[i].help);
        if (i)
            ck_assert_int_lt(strcmp(s->fields[i - 1].name, s->fields[i].name), 0);
        if (s->fields[i].shape && depth < 5)
            check_sorted(s->fields[i].shape, depth + 1);
    }
}

START_TEST(tables_are_sorted)
{
    check_sorted(report_shape(), 0);
}
END_TEST

START_TEST(schema_is_json)
{
    struct buf out = BUF_INIT;
    results_schema(&out);
    struct text t = {STR("schema"), buf_view(&out)};
    struct json *schema = json_read(a, &t, dx);
    ck_assert_ptr_nonnull(schema);
    ck_assert_ptr_nonnull(
        json_dig(schema, "definitions", "finding", "properties", "spot", NULL));
    /* What is published is what the program prints: make both the same again with
     * `kdaudit templates --schema`. */
    struct str file;
    ck_assert(file_read(a, "templates/results.schema.json", STR("schema"), dx, &file));
    ck_assert(str_eq(file, buf_view(&out)));
    buf_free(&out);
}
END_TEST

/* Has thing, or anything in it, a stored field that says nothing? */
static void check_full(const struct shape *s, const void *thing, unsigned depth)
{
    for (size_t i = 0; i < s->n && depth < 6; i++) {
        const struct field *f = &s->fields[i];
        if (!f->stored || f->kind == FIELD_BOOL || f->kind == FIELD_UINT ||
            f->kind == FIELD_SIZE || f->kind == FIELD_WORD)
            continue;
        ck_assert_msg(field_truth(f, thing), "%s.%s is empty", s->name, f->name);
        if (f->kind == FIELD_LIST)
            check_full(f->shape, field_item(f, thing, 0), depth + 1);
        else if (f->kind == FIELD_THING)
            check_full(f->shape, field_thing(f, thing), depth + 1);
    }
}

START_TEST(exemplar_has_everything)
{
    const struct report *r = report_exemplar(a, false, dx);
    ck_assert_ptr_nonnull(r);
    check_full(report_shape(), r, 0);
    bool results[RESULT_ERROR + 1] = {0}, dispositions[DISPOSITION_KNOWN + 1] = {0};
    for (size_t i = 0; i < r->tests.n; i++) {
        results[r->tests.v[i].result] = true;
        dispositions[r->tests.v[i].disposition] = true;
    }
    for (size_t i = 0; i <= RESULT_ERROR; i++)
        ck_assert(results[i]);
    for (size_t i = 0; i <= DISPOSITION_KNOWN; i++)
        ck_assert(dispositions[i]);
    const struct report *bare = report_exemplar(a, true, dx);
    ck_assert_ptr_nonnull(bare);
    ck_assert_uint_eq(bare->tests.n, 0);
    ck_assert_str_eq(bare->verdict, "nothing-judged");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("report");
    TCase *c = tcase_create("report");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, rights);
    tcase_add_test(c, there_and_back);
    unit_rows(c, what_is_left_out, implied);
    tcase_add_test(c, tests_are_sorted);
    tcase_add_test(c, counts);
    tcase_add_test(c, order_and_closure);
    tcase_add_test(c, tests_stand_by_place);
    unit_rows(c, says_what_a_file_was_used_for, uses);
    tcase_add_test(c, worst_of_accepted);
    unit_rows(c, refuses, faults);
    tcase_add_test(c, unknown_members_are_ignored);
    tcase_add_test(c, tables_are_sorted);
    tcase_add_test(c, schema_is_json);
    tcase_add_test(c, exemplar_has_everything);
    suite_add_tcase(s, c);
    return unit_run(s, "report");
}
