/* Unit tests of gen/model/paths: many paths through one answer give what each gives. */
#include "unit.h"

#include "base/buf.h"
#include "base/diag.h"
#include "json/json.h"
#include "model/paths.h"

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}

static void teardown(void)
{
    arena_free(a);
}

/* Paths by row, separated by blanks; found: "row value pointer" of each. */
static const struct {
    const char *paths, *text, *found;
} rows[] = {
    {"a.b a.c", "{\"a\":{\"c\":\"1\",\"b\":\"2\"}}", "0 2 /x/a/b\n1 1 /x/a/c\n"},
    /* By row first, then as they stand. */
    {"l[].b l[].a", "{\"l\":[{\"a\":\"1\",\"b\":\"2\"},{\"b\":\"3\"}]}",
     "0 2 /x/l/0/b\n0 3 /x/l/1/b\n1 1 /x/l/0/a\n"},
    {"*.k a.k", "{\"a\":{\"k\":\"1\"},\"b\":{\"k\":\"2\"},\"c\":\"3\"}",
     "0 1 /x/a/k\n0 2 /x/b/k\n1 1 /x/a/k\n"},
    {"l[] l", "{\"l\":[\"1\",2,\"3\"]}", "0 1 /x/l/0\n0 3 /x/l/2\n"},
    {"l[] l", "{\"l\":\"1\"}", "1 1 /x/l\n"},
    {"a a.b", "{\"a\":{\"b\":\"1\"}}", "1 1 /x/a/b\n"},
    {"*.k", "{\"a/b~\":{\"k\":\"1\"},\"\":{\"k\":\"2\"}}",
     "0 1 /x/a~1b~0/k\n0 2 /x//k\n"},
    {"a.b c[] *.d", "{\"a\":null,\"c\":{},\"d\":[]}", ""},
    {"a", "[\"a\"]", ""},
};

START_TEST(follow)
{
    struct paths root = {0};
    struct paths_hits hits = {0};
    struct str rest = str_from(rows[_i].paths), path;
    for (size_t row = 0; rest.n; row++) {
        str_cut(rest, ' ', &path, &rest);
        paths_add(a, &root, str_z(a, path), row);
    }
    struct text text = {STR("t"), str_from(rows[_i].text)};
    const struct json *n = json_read(a, &text, diag_new(a));
    ck_assert_ptr_nonnull(n);
    paths_follow(a, a, &root, n, STR("/x"), &hits);
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < hits.list.n; i++)
        buf_fmt(&out, "%zu %.*s %.*s\n", hits.list.v[i].row,
                STR_ARG(hits.list.v[i].value), STR_ARG(hits.list.v[i].pointer));
    ck_assert_str_eq(str_z(a, buf_view(&out)), rows[_i].found);
    buf_free(&out);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("paths");
    TCase *t = tcase_create("paths");
    tcase_add_checked_fixture(t, setup, teardown);
    unit_rows(t, follow, rows);
    suite_add_tcase(s, t);
    return unit_run(s, "paths");
}
