/* Unit tests of the HTML and Markdown templates, rendered from the folder templates/. */
#include "render_kit.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/map.h"
#include "render/render.h"
#include "render/xmlcheck.h"
#include "report/derive.h"

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

static void show_faults(void)
{
    struct buf said = BUF_INIT;
    diag_print(dx, &said, false);
    if (said.n)
        fprintf(stderr, "%s", said.p);
    buf_free(&said);
}

static struct output rendered(const struct report *r, const char *format,
                              uint32_t max_bytes)
{
    struct output out = {0};
    struct render_options options = {.max_bytes = max_bytes, .threads = 2};
    struct templates *t = templates_load(a, "templates", TEMPLATES_ALL, dx);
    bool ok =
        t && r && render(a, r, format_find(str_from(format)), t, &options, &out, dx);
    if (!ok)
        show_faults();
    ck_assert(ok);
    ck_assert_uint_eq(diag_len(dx), 0);
    return out;
}

static struct str page(unsigned applications, struct str word)
{
    return rendered(kit_report(a, applications, word), "html", 0).files.v[0].bytes;
}

static size_t count(struct str s, const char *needle)
{
    size_t n = 0, at;
    while ((at = str_find(s, str_from(needle))) != (size_t)-1) {
        s = str_sub(s, at + strlen(needle), s.n);
        n++;
    }
    return n;
}

/* The text between the first open and the next close behind it. */
static struct str between(struct str s, const char *open, const char *close)
{
    size_t at = str_find(s, str_from(open));
    ck_assert_msg(at != (size_t)-1, "no %s", open);
    s = str_sub(s, at + strlen(open), s.n);
    return str_sub(s, 0, str_find(s, str_from(close)));
}

/* formats.md 3.4: the order of the page. */
static const char *const order[] = {
    "id=\"summary\"",
    "listed 3, described 3, judged 0",
    "id=\"matrix\"",
    "id=\"open\"",
    ">Failed",
    ">Could not be decided<",
    ">To be checked by a person<",
    ">Accepted",
    "id=\"checks\"",
    "id=\"controls\"",
    "id=\"c-k-1\"",
    "id=\"check-k-1-1\"",
    "id=\"c-k-2\"",
    "id=\"applications\"",
    "<svg class=\"pic\"",
    ">Recorded API calls<",
    "id=\"resources\"",
    "id=\"evidence\"",
    "0123456789abcdef",
    "id=\"method\"",
    ">Parameters<",
    ">Waivers and attestations<",
    ">How to verify this report<",
    "id=\"glossary\"",
};
START_TEST(page_is_in_order)
{
    struct str html = page(3, STR(""));
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        size_t at = str_find(html, str_from(order[i]));
        ck_assert_msg(at != (size_t)-1, "missing here: %s", order[i]);
        html = str_sub(html, at, html.n);
    }
}
END_TEST

static const char *const said[] = {
    "<html lang=\"en\">",
    "kdaudit: fail, Catalog , 2025-06-15</title>",
    "<dt>Place</dt><dd>a/b.json:3:5</dd>",
    "<dt>Pointer</dt><dd>/A/</dd>",
    "<dt>Found</dt><dd>found </dd>",
    "<dt>Expected</dt><dd class=\"words\">wanted </dd>",
    "<mark><i>3</i>three ",
    "<pre class=\"command\"><code>aws x </code>",
    "2 more findings of this test were not kept.",
    "<p>Do <em>it</em>.</p>",
    "Basis: inherited",
    "<td>192.0.2.1 </td>",
    "AccessDenied",
    "-p 'age=9'",
    "since </bdi>",
    "until 2026-01-01",
    "<span class=\"m m-waived\">waived</span>",
    "not JSON",
};
START_TEST(page_says)
{
    ck_assert_msg(str_has(page(2, STR("")), str_from(said[_i])), "%s", said[_i]);
}
END_TEST

static const char *const never[] = {" style=", " onclick=",  " onload=", "<img",
                                    "<link",   "<iframe",    "src=",     "url(",
                                    "@import", "javascript:"};
START_TEST(page_asks_for_nothing)
{
    struct str html = page(3, STR(""));
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        ck_assert_msg(!str_has(html, str_from(never[i])), "%s", never[i]);
}
END_TEST

START_TEST(policy_names_style_and_script)
{
    struct str html = page(1, STR(""));
    struct str policy = between(html, "Content-Security-Policy\" content=\"", "\"");
    struct str style = between(html, "<style>", "</style>");
    struct str script = between(html, "<script>", "</script>");
    ck_assert(str_has(policy, digest_base64(a, style)));
    ck_assert(str_has(policy, digest_base64(a, script)));
    ck_assert(str_has(policy, STR("default-src 'none'")));
    ck_assert(!str_has(policy, STR("unsafe")));
    ck_assert(str_find(html, STR("<meta charset")) <
              str_find(html, STR("Content-Security-Policy")));
}
END_TEST

/* clang-format off */
static const char *const hostile[] = {
    "<script>alert(1)</script>", "</style><b>", "\"><b onclick=\"x\">", "' onload='x",
    "]]><x>", "<!-- ", "&amp;&#60;b&#62;", "{{version}}{{{style}}}", "javascript:x",
    "\xE2\x80\xAEgpj", "a\tb\x1B[2J", "</code></pre></td></tr></table>",
};
/* clang-format on */
/* Quotes inside of tags; those between them mean nothing. */
static size_t tag_quotes(struct str html)
{
    struct str tag, rest = html;
    size_t n = 0;
    while (str_cut(rest, '<', &tag, &rest) && str_cut(rest, '>', &tag, &rest))
        n += count(tag, "\"");
    return n;
}

START_TEST(text_adds_no_element)
{
    struct str plain = page(2, STR("")), html = page(2, str_from(hostile[_i]));
    ck_assert_uint_eq(count(html, "<"), count(plain, "<"));
    ck_assert_uint_eq(tag_quotes(html), tag_quotes(plain));
    ck_assert_uint_eq(count(html, ">"), count(plain, ">"));
}
END_TEST

struct links {
    struct map ids; /* "file#id" */
    size_t n;
};

static void find_ids(struct links *l, struct str file, struct str html)
{
    while (true) {
        size_t at = str_find(html, STR(" id=\""));
        if (at == (size_t)-1)
            return;
        html = str_sub(html, at + 5, html.n);
        struct str id = str_sub(html, 0, str_find_char(html, '"'));
        struct str key = str_fmt(a, "%.*s#%.*s", STR_ARG(file), STR_ARG(id));
        ck_assert_msg(!map_get(&l->ids, key), "twice: %s", key.p);
        *map_put(a, &l->ids, key) = l;
    }
}

static void check_links(struct links *l, const struct output *out, struct str file,
                        struct str html)
{
    while (true) {
        size_t at = str_find(html, STR(" href=\""));
        if (at == (size_t)-1)
            return;
        html = str_sub(html, at + 7, html.n);
        struct str to = str_sub(html, 0, str_find_char(html, '"'));
        if (str_starts(to, STR("http")))
            continue;
        l->n++;
        struct str name, id;
        bool part = str_cut(to, '#', &name, &id), found = false;
        name = name.n ? name : file;
        for (size_t i = 0; i < out->files.n; i++)
            found |= str_eq(out->files.v[i].path, name);
        struct str key = str_fmt(a, "%.*s#%.*s", STR_ARG(name), STR_ARG(id));
        ck_assert_msg(found && (!part || map_get(&l->ids, key)), "%.*s: link to %.*s",
                      STR_ARG(file), STR_ARG(to));
    }
}

static const struct {
    unsigned applications;
    uint32_t max_bytes;
    size_t files;
} layouts[] = {
    {0, 0, 1},          {1, 0, 1},
    {5, 0, 1},          {5, 1000, 5}, /* index, two controls, two accounts */
    {5, UINT32_MAX, 1},
};
START_TEST(links_lead_somewhere)
{
    struct report *r = kit_report(a, layouts[_i].applications, STR(" "));
    struct output out = rendered(r, "html", layouts[_i].max_bytes);
    struct links l = {MAP_INIT, 0};
    ck_assert_uint_eq(out.files.n, layouts[_i].files);
    ck_assert(str_eq(out.files.v[0].path, STR("report.html")));
    for (size_t i = 0; i < out.files.n; i++)
        find_ids(&l, out.files.v[i].path, out.files.v[i].bytes);
    for (size_t i = 0; i < out.files.n; i++)
        check_links(&l, &out, out.files.v[i].path, out.files.v[i].bytes);
    ck_assert_uint_gt(l.n, 10);
}
END_TEST

/* Every test of the report has its place on exactly one page. */
START_TEST(split_loses_nothing)
{
    struct report *r = kit_report(a, 40, STR(""));
    struct output out = rendered(r, "html", 1000);
    for (size_t i = 0; i < r->tests.n; i++) {
        struct str id =
            str_fmt(a, " id=\"%.*s\"", STR_ARG(derive_test_anchor(a, &r->tests.v[i])));
        size_t n = 0;
        for (size_t j = 0; j < out.files.n; j++)
            n += str_has(out.files.v[j].bytes, id);
        ck_assert_msg(n == 1, "%s", id.p);
    }
}
END_TEST

/* However many resources there are, a page lists so many of a check and says so. */
START_TEST(split_is_bounded)
{
    struct report *r = kit_report(a, 600, STR(""));
    struct output out = rendered(r, "html", 1000);
    struct str control = out.files.v[1].bytes;
    ck_assert_uint_eq(count(control, "<article class=\"test t-fail\""), REPORT_FIRST);
    ck_assert(str_has(control, STR("These are the worst 100.")));
    ck_assert(str_has(control, STR("These are the first 100;")));
    struct links l = {MAP_INIT, 0};
    for (size_t i = 0; i < out.files.n; i++)
        find_ids(&l, out.files.v[i].path, out.files.v[i].bytes);
    for (size_t i = 0; i < out.files.n; i++)
        check_links(&l, &out, out.files.v[i].path, out.files.v[i].bytes);
}
END_TEST

static struct str markdown(unsigned applications, struct str word)
{
    return rendered(kit_report(a, applications, word), "markdown", 0).files.v[0].bytes;
}

static const char *const md_order[] = {
    "# ",
    "**FAIL.**",
    "| score | failed |",
    "listed 3",
    "## Where it stands",
    "| account |",
    "| application |",
    "## Failed",
    "`a/b.json:3:5`",
    "## Could not be decided",
    "denied",
    "aws x ",
    "## To be checked by a person",
    "<details>",
    "```text\n     2 | two\n>    3 | three",
    "</details>",
    "## Accepted",
    "until `2026-01-01`",
    "## Checks",
    "## Recorded API calls",
    "192.0.2.1",
    "## Method",
};
START_TEST(markdown_is_in_order)
{
    struct str md = markdown(3, STR(""));
    for (size_t i = 0; i < sizeof md_order / sizeof *md_order; i++) {
        size_t at = str_find(md, str_from(md_order[i]));
        ck_assert_msg(at != (size_t)-1, "missing here: %s in %s", md_order[i],
                      str_z(a, md));
        md = str_sub(md, at, md.n);
    }
}
END_TEST

/* Lines, table rows and headings are the templates' own, whatever the evidence holds. */
START_TEST(markdown_text_adds_nothing)
{
    static const char *const marks[] = {"\n", "\n|", "\n#", "\n```", "<details>", "\n>"};
    struct str plain = markdown(2, STR("")), md = markdown(2, str_from(hostile[_i]));
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        ck_assert_uint_eq(count(md, marks[i]), count(plain, marks[i]));
}
END_TEST

/* formats.md 2.2: headings that get the same id everywhere. */
START_TEST(markdown_headings_are_plain)
{
    struct str rest = markdown(2, STR("")), line;
    bool more = true;
    while (more) {
        more = str_cut(rest, '\n', &line, &rest);
        for (size_t i = 0; str_starts(line, STR("#")) && i < line.n; i++)
            ck_assert_msg(line.p[i] == '#' || line.p[i] == ' ' || line.p[i] == '-' ||
                              (line.p[i] >= 'A' && line.p[i] <= 'Z') ||
                              (line.p[i] >= 'a' && line.p[i] <= 'z'),
                          "%.*s", STR_ARG(line));
    }
}
END_TEST

START_TEST(markdown_stays_small)
{
    struct str md = markdown(3000, STR(""));
    ck_assert_uint_lt(md.n, 80000);
    ck_assert(str_has(md, STR("more open tests are in")));
}
END_TEST

/* The table of names in templates/README.md is what the program prints. */
START_TEST(readme_lists_every_name)
{
    struct str readme = STR("");
    ck_assert(file_read(a, "templates/README.md", STR("README.md"), dx, &readme));
    struct buf names = BUF_INIT;
    render_names(&names, true);
    ck_assert_msg(
        str_has(readme, buf_view(&names)),
        "put the output of `kdaudit templates --markdown` behind \"## Names\" in "
        "templates/README.md");
    buf_free(&names);
}
END_TEST

/* A fault is told with its line in the whole, in whatever piece it came. */
static const struct {
    const char *pieces[3], *said;
} documents[] = {
    {{"<a>\n", "<b/>\n", "</a>\n"}, "ok"},
    {{"<a>\n\n\n", "<b>\n", "</c>\n</b></a>\n"}, "5:1 RND-110"},
    {{"<a>\n", "<b c=d/>\n", "</a>\n"}, "2:1 RND-110"},
    {{"<a>\n", "\n", "<b/>\n"}, "4:1 RND-110"},
    {{"", "", ""}, "1:1 RND-110"},
};

START_TEST(pieces_are_checked)
{
    struct xml_check *c = xml_check_begin(a, STR("page"), NULL, dx);
    bool good = true;
    for (int i = 0; i < 3; i++)
        good = xml_check_add(c, str_from(documents[_i].pieces[i])) && good;
    good = xml_check_end(c) && good;
    ck_assert_str_eq(unit_first_error(a, dx).p, documents[_i].said);
    ck_assert_int_eq(good, strcmp(documents[_i].said, "ok") == 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("render_html");
    TCase *html = tcase_create("html"), *md = tcase_create("markdown");
    tcase_add_checked_fixture(html, setup, teardown);
    tcase_add_test(html, page_is_in_order);
    unit_rows(html, page_says, said);
    tcase_add_test(html, page_asks_for_nothing);
    tcase_add_test(html, policy_names_style_and_script);
    unit_rows(html, text_adds_no_element, hostile);
    unit_rows(html, links_lead_somewhere, layouts);
    tcase_add_test(html, split_loses_nothing);
    tcase_add_test(html, split_is_bounded);
    unit_rows(html, pieces_are_checked, documents);
    suite_add_tcase(suite, html);
    tcase_add_checked_fixture(md, setup, teardown);
    tcase_add_test(md, markdown_is_in_order);
    unit_rows(md, markdown_text_adds_nothing, hostile);
    tcase_add_test(md, markdown_headings_are_plain);
    tcase_add_test(md, markdown_stays_small);
    tcase_add_test(md, readme_lists_every_name);
    suite_add_tcase(suite, md);
    return unit_run(suite, "render_html");
}
