/* Unit tests of wikis: names, links, pages, and the folder that they are written to. */
#include "unit.h"

#include "base/file_stream.h"
#include "base/map.h"
#include "cli/options.h"
#include "render/wiki_folder.h"
#include "render_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct arena *a;
static struct diag *dx;
static struct templates *t;
static char folder[64];

static void setup(void)
{
    a = arena_new();
    dx = diag_new(a);
    t = templates_load(a, "templates", TEMPLATES_ALL, dx);
    ck_assert_ptr_nonnull(t);
    snprintf(folder, sizeof folder, "/tmp/kdaudit-wiki-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    arena_free(a);
    file_remove_tree(folder);
}

static const struct wiki_dialect *dialect(const char *name)
{
    return wiki_dialect_find(str_from(name));
}

static const struct {
    const char *in, *out;
} words[] = {
    {"", ""},
    {"orders-flink", "orders-flink"},
    {"orders flink", "orders flink"},
    {"orders_flink.v2", "orders-flink-v2"},
    {"--a  --  b--", "a b"},
    {"a/../b", "a-b"},
    {"[[x|y]]{{z}}<b>", "x-y-z-b"},
    {"\xE2\x80\xAE"
     "abc",
     "abc"},
    {"\xC3\xA9t\xC3\xA9", "t"},
    {"KDA-1.2", "KDA-1-2"},
    {"%2e%2e", "2e-2e"},
};
START_TEST(word_is_plain)
{
    ck_assert_str_eq(wiki_word(a, str_from(words[_i].in)).p, words[_i].out);
}
END_TEST

/* What each dialect makes of a page below another, and of a heading on it. */
static const struct {
    const char *dialect, *path, *link, *here;
} links[] = {
    {"azure", "Account-1/Application-a%2Db-1.md",
     "[x](/Account-1/Application-a%2Db-1#kda-1-2-a-b)", "[x](#kda-1-2-a-b)"},
    {"bitbucket", "Application-a-b-1.md",
     "[x](Application-a-b-1#markdown-header-kda-1-2-a-b)",
     "[x](#markdown-header-kda-1-2-a-b)"},
    {"confluence", "Application-a-b-1.xml",
     "<ac:link ac:anchor=\"kda-1-2-a-b\"><ri:page ri:content-title=\"kdaudit / "
     "Application a-b 1\"/><ac:link-body>x</ac:link-body></ac:link>",
     "<ac:link ac:anchor=\"kda-1-2-a-b\"><ac:link-body>x</ac:link-body></ac:link>"},
    {"github", "Application-a-b-1.md", "[x](Application-a-b-1#kda-1-2-a-b)",
     "[x](#kda-1-2-a-b)"},
    {"gitlab", "Account-1/Application-a-b-1.md",
     "[x](/Account-1/Application-a-b-1#kda-1-2-a-b)", "[x](#kda-1-2-a-b)"},
    {"mediawiki", "Application_a-b_1.wiki", "[[Kdaudit/Application a-b 1#kda-1-2-a-b|x]]",
     "[[#kda-1-2-a-b|x]]"},
};
START_TEST(links_follow_the_dialect)
{
    const struct wiki_dialect *d = dialect(links[_i].dialect);
    struct wiki w = {.dialect = d};
    struct wiki_page up = {.kind = WIKI_ACCOUNT, .title = STR("Account 1")};
    struct wiki_page page = {.kind = WIKI_APPLICATION, .title = STR("Application a-b 1")};
    up.path = wiki_path(a, d, up.kind, up.title, NULL);
    page.path = wiki_path(a, d, page.kind, page.title, &up);
    page.target = wiki_target(a, d, page.path, page.title);
    ck_assert_str_eq(page.path.p, links[_i].path);
    struct wiki_place to = {&page, STR("KDA-1-2 a-b")}, nowhere = {0};
    const struct wiki_page *from[] = {&up, &page};
    const char *want[] = {links[_i].link, links[_i].here};
    for (int i = 0; i < 2; i++)
        ck_assert_str_eq(str_fmt(a, "%.*sx%.*s", STR_ARG(wiki_open(a, &w, from[i], to)),
                                 STR_ARG(wiki_close(a, &w, from[i], to)))
                             .p,
                         want[i]);
    ck_assert_uint_eq(wiki_open(a, &w, &up, nowhere).n, 0);
    ck_assert_uint_eq(wiki_close(a, &w, &up, nowhere).n, 0);
}
END_TEST

/* A report with applications of these names and nothing else. */
static struct report *named(const char *const *names, size_t n)
{
    struct buf out = BUF_INIT;
    buf_z(&out,
          "{\"kdaudit\":\"results\",\"format\":3,\"version\":\"1\",\"catalog\":{"
          "\"id\":\"c\"},\"controls\":[{\"id\":\"K-1\",\"checks\":[{\"id\":\"K-1.1\","
          "\"severity\":\"low\"}]}],\"subjects\":[");
    for (size_t i = 0; i < n; i++) {
        buf_fmt(&out,
                "%s{\"type\":\"application\",\"account\":\"1\",\"region\":\"r\","
                "\"arn\":\"arn:%zu\",\"name\":",
                i ? "," : "", i);
        json_write_str(&out, str_from(names[i]));
        buf_c(&out, '}');
    }
    buf_z(&out, "],\"applications\":[");
    for (size_t i = 0; i < n; i++)
        buf_fmt(&out, "%s{\"subject\":\"arn:%zu\"}", i ? "," : "", i);
    buf_z(&out, "],\"tests\":[");
    for (size_t i = 0; i < n; i++)
        buf_fmt(&out,
                "%s{\"check\":\"K-1.1\",\"result\":\"pass\",\"subject\":\"arn:%zu\"}",
                i ? "," : "", i);
    buf_z(&out, "]}");
    struct text *text = ARENA_NEW(a, struct text);
    *text = (struct text){STR("results.json"), buf_dup(a, &out)};
    buf_free(&out);
    struct report *r = results_of(a, text, dx);
    ck_assert_ptr_nonnull(r);
    return r;
}

static const struct {
    const char *names[3];
    const char *files; /* of the applications, on GitHub */
} twins[] = {
    {{"a", "b"}, "Application-a-1-r.md Application-b-1-r.md"},
    {{"a-b", "a_b"}, "Application-a-b-1-r.md Application-a-b-1-r-a1dcce0a0f.md"},
    {{"a_b", "a-b"}, "Application-a-b-1-r-3b77e0827c.md Application-a-b-1-r.md"},
    {{"Orders", "orders"},
     "Application-Orders-1-r-3b77e0827c.md Application-orders-1-r.md"},
    {{"ORDERS"}, "Application-ORDERS-1-r.md"},
    {{"same", "same"}, "Application-same-1-r.md Application-same-1-r-2.md"},
    {{"", "\xE2\x80\xAE"},
     "Application-without-a-name-1-r-3b77e0827c.md "
     "Application-without-a-name-1-r-a1dcce0a0f.md"},
    {{"a 1 r 2", "a", "a"},
     "Application-a-1-r-2-1-r.md Application-a-1-r.md Application-a-1-r-2.md"},
};
START_TEST(twins_are_told_apart)
{
    size_t n = 0;
    while (n < 3 && twins[_i].names[n])
        n++;
    struct wiki *w = wiki_plan(a, named(twins[_i].names, n), dialect("github"));
    struct buf got = BUF_INIT;
    for (size_t i = 0; i < n; i++)
        buf_fmt(&got, "%s%s", i ? " " : "", w->of_application[i]->path.p);
    ck_assert_str_eq(got.p, twins[_i].files);
    buf_free(&got);
}
END_TEST

/* Of many applications: every page small enough, every name its own, all of them told. */
START_TEST(many_pages_stay_small)
{
    enum { MANY = 1000, MAX_BYTES = 256 << 10 };
    struct report *r = kit_report(a, MANY, STR(""));
    size_t n;
    const struct wiki_dialect *rows = wiki_dialect_rows(&n);
    const struct wiki_dialect *d = &rows[_i];
    struct wiki *w = wiki_plan(a, r, d);
    struct map seen = MAP_INIT;
    ck_assert_uint_gt(w->pages.n, MANY);
    for (size_t i = 0; i < w->pages.n; i++) {
        const struct wiki_page *page = w->pages.v[i];
        void **slot = map_put(a, &seen, str_lower(a, page->path));
        ck_assert_msg(!*slot, "%s twice", page->path.p);
        *slot = w;
        ck_assert_uint_le(page->path.n, 235);
        if (page->kind == WIKI_APPLICATION && i % 20)
            continue;
        struct buf out = BUF_INIT;
        ck_assert(wiki_render(a, w, t, page, &out, dx));
        ck_assert_msg(out.n <= MAX_BYTES, "%s: %zu bytes", page->path.p, out.n);
        buf_free(&out);
    }
    for (size_t i = 0; i < r->tests.n; i++)
        ck_assert_ptr_nonnull(wiki_place_of(w, "test", &r->tests.v[i]).page);
    for (size_t i = 0; i < r->evidence.n; i++)
        ck_assert_ptr_nonnull(w->of_evidence[i].page);
}
END_TEST

static struct wiki_update update(const struct report *r, const char *how,
                                 struct wiki_update u, bool ok)
{
    dx = diag_new(a);
    u.threads = 2;
    bool got = wiki_update(a, wiki_plan(a, r, dialect(how)), t, folder, &u, dx);
    ck_assert_msg(got == ok, "%s", diag_first(dx, DIAG_NOTE));
    return u;
}

static char *at(const char *name)
{
    return file_join(a, str_from(folder), str_from(name));
}

static void put(const char *name, const char *text)
{
    ck_assert(file_write(at(name), str_from(text), dx));
}

static const char *said(void)
{
    const char *code = diag_first(dx, DIAG_WARNING);
    return code ? code : "nothing";
}

static const struct wiki_update plain, prune = {.prune = true},
                                       force = {.force = true, .prune = true};

START_TEST(folder_holds_what_changed)
{
    static const char *const two[] = {"one", "two"}, *const one[] = {"one"};
    const char *gone = "Application-two-1-r.md";
    struct wiki_update u = update(named(two, 2), "github", plain, true);
    ck_assert_uint_eq(u.written, u.pages);
    u = update(named(two, 2), "github", plain, true);
    ck_assert_uint_eq(u.written, 0);
    ck_assert_uint_eq(u.same, u.pages);
    /* Lines that git ends in another way are no change. */
    put("Exceptions.md", "");
    struct buf crlf = BUF_INIT;
    u = update(named(two, 2), "github", force, true);
    struct str text;
    ck_assert(file_read(a, at("Exceptions.md"), STR("x"), dx, &text));
    for (size_t i = 0; i < text.n; i++)
        buf_fmt(&crlf, "%s%c", text.p[i] == '\n' ? "\r" : "", text.p[i]);
    put("Exceptions.md", crlf.p);
    buf_free(&crlf);
    u = update(named(two, 2), "github", plain, true);
    ck_assert_uint_eq(u.written, 0);
    /* A page vanishes: kept, then removed. */
    u = update(named(one, 1), "github", plain, true);
    ck_assert_str_eq(said(), "WIK-103");
    ck_assert_uint_eq(u.vanished, 1);
    ck_assert_int_eq(file_type(at(gone)), FILE_REGULAR);
    u = update(named(one, 1), "github", prune, true);
    ck_assert_str_eq(said(), "nothing");
    ck_assert_uint_eq(u.removed, 1);
    ck_assert_int_eq(file_type(at(gone)), FILE_ABSENT);
    u = update(named(one, 1), "github", prune, true);
    ck_assert_uint_eq(u.removed + u.written, 0);
}
END_TEST

START_TEST(folder_keeps_what_people_wrote)
{
    static const char *const two[] = {"one", "two"}, *const one[] = {"one"};
    const char *gone = "Application-two-1-r.md";
    put("Home.md", "welcome\n");
    put("Notes.md", "ours\n");
    struct wiki_update u = update(named(two, 2), "github", plain, false);
    ck_assert_str_eq(said(), "WIK-104");
    ck_assert_uint_eq(u.edited, 1);
    ck_assert_uint_eq(u.written, u.pages - 1);
    struct str text;
    ck_assert(file_read(a, at("Home.md"), STR("x"), dx, &text));
    ck_assert_str_eq(text.p, "welcome\n");
    u = update(named(two, 2), "github", force, true);
    ck_assert_uint_eq(u.written, 1);
    /* A page that somebody changed since. */
    put("Findings.md", "mine\n");
    u = update(named(two, 2), "github", plain, false);
    u = update(named(two, 2), "github", plain, false);
    ck_assert_uint_eq(u.edited, 1);
    unlink(at("Findings.md"));
    u = update(named(two, 2), "github", plain, true);
    ck_assert_uint_eq(u.written, 1);
    /* One that vanishes. */
    put(gone, "mine\n");
    u = update(named(one, 1), "github", prune, true);
    ck_assert_str_eq(said(), "WIK-105");
    ck_assert_uint_eq(u.removed, 0);
    ck_assert_int_eq(file_type(at(gone)), FILE_REGULAR);
    u = update(named(one, 1), "github", force, true);
    ck_assert_int_eq(file_type(at(gone)), FILE_ABSENT);
    ck_assert_int_eq(file_type(at("Notes.md")), FILE_REGULAR);
}
END_TEST

START_TEST(prune_takes_empty_folders)
{
    static const char *const none[] = {NULL};
    update(kit_report(a, 2, STR("")), "azure", plain, true);
    ck_assert_int_eq(file_type(at("Account-111122223333/.order")), FILE_REGULAR);
    struct wiki_update u = update(named(none, 0), "azure", prune, true);
    ck_assert_str_eq(said(), "WIK-106");
    ck_assert_uint_eq(u.removed, 0);
    u = update(named(none, 0), "azure", force, true);
    ck_assert_uint_gt(u.removed, 4);
    ck_assert_int_eq(file_type(at("Account-111122223333")), FILE_ABSENT);
    ck_assert_int_eq(file_type(folder), FILE_FOLDER);
}
END_TEST

/* Lists that nobody should trust: what is said, and nothing is touched. */
static const struct {
    const char *list, *code;
} lists[] = {
    {"", "JSN-"},
    {"[]", "WIK-101"},
    {"{\"kdaudit-wiki\": 2}", "WIK-101"},
    {"{\"kdaudit-wiki\": 1, \"dialect\": \"gitlab\", \"pages\": []}", "WIK-102"},
    {"{\"kdaudit-wiki\": 1, \"dialect\": \"github\", \"pages\": [{\"path\": \"../x\"}]}",
     "WIK-101"},
    {"{\"kdaudit-wiki\": 1, \"dialect\": \"github\", \"pages\": [{\"path\": \"/x\"}]}",
     "WIK-101"},
    {"{\"kdaudit-wiki\": 1, \"dialect\": \"github\", \"pages\": [{\"path\": "
     "\"a/.git/c\"}]}",
     "WIK-101"},
    {"{\"kdaudit-wiki\": 1, \"dialect\": \"github\", \"pages\": [{\"path\": \"a\\nb\"}]}",
     "WIK-101"},
    {"{\"kdaudit-wiki\": 1, \"dialect\": \"github\", \"pages\": [{}]}", "WIK-101"},
};
START_TEST(lists_are_not_trusted)
{
    static const char *const one[] = {"one"};
    put(".kdaudit-wiki.json", lists[_i].list);
    update(named(one, 1), "github", force, false);
    ck_assert_str_eq(str_sub(str_from(said()), 0, strlen(lists[_i].code)).p, said());
    ck_assert_int_eq(strncmp(said(), lists[_i].code, strlen(lists[_i].code)), 0);
    ck_assert_int_eq(file_type(at("Home.md")), FILE_ABSENT);
}
END_TEST

/* A page behind a symbolic link is not removed, whatever the list says. */
START_TEST(links_are_not_followed)
{
    static const char *const one[] = {"one"};
    ck_assert(file_make_folder(at("real"), dx));
    put("real/page.md", "text");
    ck_assert_int_eq(symlink("real", at("link")), 0);
    put(".kdaudit-wiki.json",
        "{\"kdaudit-wiki\": 1, \"dialect\": \"github\", \"pages\": [{\"path\": "
        "\"link/page.md\", \"sha256\": "
        "\"982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1\"}]}");
    struct wiki_update u = update(named(one, 1), "github", prune, true);
    ck_assert_uint_eq(u.removed, 0);
    ck_assert_int_eq(file_type(at("real/page.md")), FILE_REGULAR);
}
END_TEST

/* --help and completions name the dialects that there are. */
START_TEST(command_names_the_dialects)
{
    size_t n;
    const struct wiki_dialect *rows = wiki_dialect_rows(&n);
    const struct command *c = command_find(STR("wiki"));
    struct buf names = BUF_INIT;
    for (size_t i = 0; i < n; i++) {
        buf_fmt(&names, "%s%s", i ? " " : "", rows[i].name);
        ck_assert(i == 0 || strcmp(rows[i - 1].name, rows[i].name) < 0);
    }
    for (size_t i = 0; i < c->nopts; i++)
        if (c->opts[i].id == OPT_DIALECT)
            ck_assert_str_eq(c->opts[i].values, names.p);
    buf_free(&names);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wiki");
    TCase *names = tcase_create("names"), *where = tcase_create("folder");
    size_t n;
    wiki_dialect_rows(&n);
    tcase_add_checked_fixture(names, setup, teardown);
    unit_rows(names, word_is_plain, words);
    unit_rows(names, links_follow_the_dialect, links);
    unit_rows(names, twins_are_told_apart, twins);
    tcase_add_test(names, command_names_the_dialects);
    tcase_add_loop_test(names, many_pages_stay_small, 0, (int)n);
    tcase_set_timeout(names, 60);
    suite_add_tcase(suite, names);
    tcase_add_checked_fixture(where, setup, teardown);
    tcase_add_test(where, folder_holds_what_changed);
    tcase_add_test(where, folder_keeps_what_people_wrote);
    tcase_add_test(where, prune_takes_empty_folders);
    unit_rows(where, lists_are_not_trusted, lists);
    tcase_add_test(where, links_are_not_followed);
    suite_add_tcase(suite, where);
    return unit_run(suite, "wiki");
}
