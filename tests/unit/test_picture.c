/* Unit tests of the picture of an application: shapes, words, links, bounds. */
#include "render_kit.h"

#include "render/picture.h"
#include "render/xmlcheck.h"

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

static size_t count(struct str s, const char *needle)
{
    size_t n = 0, at;
    while ((at = str_find(s, str_from(needle))) != (size_t)-1) {
        s = str_sub(s, at + 1, s.n);
        n++;
    }
    return n;
}

static bool well_formed(struct str svg)
{
    struct diag *dx = diag_new(a);
    struct text text = {STR("picture.svg"), svg};
    return xml_check(a, &text, dx) && diag_len(dx) == 0;
}

START_TEST(shows_every_resource_once)
{
    struct report *r = kit_report(a, 2, STR(""));
    struct str svg = picture_svg(a, &r->applications.v[1]);
    ck_assert(well_formed(svg));
    ck_assert_uint_eq(count(svg, "<a href=\"#s-"), 2);
    ck_assert_uint_eq(count(svg, "role=\"group\""), 1);
    /* The role fails, the key passes: a class, a shape, a word for each. */
    ck_assert_uint_eq(count(svg, "class=\"k m-fail\""), 2); /* and the application */
    ck_assert_uint_eq(count(svg, "class=\"k m-pass\""), 1);
    ck_assert(str_has(svg, STR("IAM role · 1 failed")));
    ck_assert(str_has(svg, STR("KMS key · 1 passed")));
    ck_assert(str_has(svg, STR("Failed: IAM role role. Passed: KMS key key. </desc>")));
    ck_assert(!str_has(svg, STR("style=")));
}
END_TEST

START_TEST(text_adds_no_element)
{
    static const char hostile[] =
        "<b x=\"1\">&]]>\xE2\x80\xAE漢字漢字漢字漢字漢字漢字漢字漢字";
    struct report *r = kit_report(a, 1, STR(""));
    size_t plain = count(picture_svg(a, &r->applications.v[0]), "<");
    r = kit_report(a, 1, str_from(hostile));
    struct str svg = picture_svg(a, &r->applications.v[0]);
    ck_assert(well_formed(svg));
    ck_assert_uint_eq(count(svg, "<"), plain);
}
END_TEST

/* An application with n keys. */
static struct str with_keys(size_t n)
{
    struct report *r = kit_report(a, (unsigned)n + 1, STR(""));
    struct report_application *app = &r->applications.v[0];
    app->subjects.n = 1;
    for (size_t i = 0; i < r->subjects.n && app->subjects.n <= n; i++)
        if (str_eq(r->subjects.v[i].type, STR("key")))
            *vec_push(a, &app->subjects) = &r->subjects.v[i];
    ck_assert_uint_eq(app->subjects.n, n + 1);
    return picture_svg(a, app);
}

static const struct {
    size_t keys, links;
    const char *says;
} sizes[] = {
    {0, 0, "0 resources"},
    {1, 1, "KMS key · 1 unknown"},
    {PICTURE_MAX_NODES, PICTURE_MAX_NODES, "KMS key · 1 passed"},
    {PICTURE_MAX_NODES + 1, 1, "25 KMS keys"},
    {PICTURE_MAX_NODES + 1, 1, "13 unknown"},
    {300, 1, "300 KMS keys"},
};
START_TEST(is_bounded)
{
    struct str svg = with_keys(sizes[_i].keys);
    ck_assert(well_formed(svg));
    ck_assert_uint_eq(count(svg, "<a href="), sizes[_i].links);
    ck_assert_msg(str_has(svg, str_from(sizes[_i].says)), "%s", str_z(a, svg));
    ck_assert_uint_lt(svg.n, 40000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("picture");
    TCase *tc = tcase_create("svg");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, shows_every_resource_once);
    tcase_add_test(tc, text_adds_no_element);
    unit_rows(tc, is_bounded, sizes);
    suite_add_tcase(suite, tc);
    return unit_run(suite, "picture");
}
