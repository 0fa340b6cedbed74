/* Unit tests of long pages, which are made and checked in shares. */
#include "render_kit.h"
#include "unit.h"

#include "base/diag.h"
#include "base/file.h"
#include "render/render.h"

#include <stdlib.h>

static struct arena *a;
static struct diag *dx;
static char folder[64];

static void setup(void)
{
    a = arena_new();
    dx = diag_new(a);
    strcpy(folder, "/tmp/kdaudit-sheet-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
    arena_free(a);
}

/* The JUnit templates with one text of junit.xml replaced. */
static struct templates *changed(const char *what, const char *by)
{
    static const char *const names[] = {"junit.xml", "junit-extended.xml", "junit.xsd"};
    ck_assert(file_make_folder(file_join(a, str_from(folder), STR("junit")), dx));
    for (size_t i = 0; i < 3; i++) {
        struct str bytes, name = str_from(names[i]);
        struct buf out = BUF_INIT;
        ck_assert(
            file_read(a, STR_CAT(a, STR("templates/junit/"), name).p, name, dx, &bytes));
        size_t at = i == 0 ? str_find(bytes, str_from(what)) : bytes.n;
        ck_assert_uint_ne(at, (size_t)-1);
        buf_str(&out, str_sub(bytes, 0, at));
        buf_z(&out, i == 0 ? by : "");
        buf_str(&out, str_sub(bytes, i == 0 ? at + strlen(what) : at, bytes.n));
        const char *to = file_join(a, str_from(folder), STR_CAT(a, STR("junit/"), name));
        ck_assert(file_write(to, buf_view(&out), dx));
        buf_free(&out);
    }
    struct templates *t = templates_load(a, folder, TEMPLATES_JUNIT, dx);
    ck_assert_ptr_nonnull(t);
    return t;
}

/* Of 9,000 tests, in five shares: a role's, a key's and an application's of 3,000. One in
 * the midst of the last share is known since a time, and broken by most of these. */
static const struct {
    const char *what, *by;
    bool good;
} templates[] = {
    {"", "", true},
    {"{{#checks}}", "{{#checks}}<!-- {{title}} -->", true},
    {"{{#tests}}", "{{#tests}}{{#subject.tests}}{{#check}}{{/check}}{{/subject.tests}}",
     true},
    {"<skipped ", "{{#known_since}}<b>{{/known_since}}<skipped ", false},
    {"<skipped ", "{{#known_since}}<b/>{{/known_since}}<skipped ", false},
    {"<skipped ", "{{#known_since}}<![CDATA[{{/known_since}}<skipped ", false},
    {"<skipped ", "{{#known_since}}<!-- {{/known_since}}<skipped ", false},
    {"<skipped ", "{{#known_since}}</testcase>{{/known_since}}<skipped ", false},
    {"<skipped ", "<skipped{{#known_since}}=\"{{/known_since}} ", false},
    {"<testcase ",
     "{{#known_since}}<system-out/><system-err/></testsuite><testsuite name=\"x\" "
     "package=\"x\" id=\"1\" timestamp=\"2025-01-01T00:00:00\" hostname=\"x\" "
     "tests=\"1\" "
     "failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0\">{{/known_since}}<testcase ",
     false},
    {"<testcase ",
     "{{#known_since}}<system-out/><system-err/></testsuite><testsuite name=\"x\" "
     "package=\"x\" id=\"1\" timestamp=\"2025-01-01T00:00:00\" hostname=\"x\" "
     "tests=\"1\" "
     "failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0\"><properties/>{{/known_since}}"
     "<testcase ",
     true},
    {"<skipped message", "<skipped{{^known_since}} message{{/known_since}}", false},
    {"<system-out/>", "", false},
};

START_TEST(in_shares)
{
    struct report *r = kit_report(a, 3000, STR(""));
    struct templates *t = changed(templates[_i].what, templates[_i].by);
    struct output out[2] = {0};
    struct str said[2];
    r->tests.v[8500].known_since = r->as_of;
    for (size_t i = 0; i < 2; i++) {
        struct render_options options = {.whole = i};
        struct diag *met = diag_new(a);
        bool ok = render(a, r, format_find(STR("junit")), t, &options, &out[i], met);
        said[i] = unit_first_error(a, met);
        ck_assert_int_eq(ok, templates[_i].good);
        ck_assert_uint_eq(out[i].files.n, ok);
        ck_assert_msg(ok || str_has(said[i], STR("RND-11")), "%s", said[i].p);
    }
    ck_assert_str_eq(said[0].p, said[1].p);
    if (templates[_i].good)
        ck_assert(str_eq(out[0].files.v[0].bytes, out[1].files.v[0].bytes));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("sheet");
    TCase *c = tcase_create("sheet");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    unit_rows(c, in_shares, templates);
    suite_add_tcase(s, c);
    return unit_run(s, "sheet");
}
