/* Unit tests of gen/base/unified.c. */
#include "unit.h"

#include "base/unified.h"

static struct buf out;

static void begin(void)
{
    buf_clear(&out);
}

static void end(void)
{
    buf_free(&out);
}

static const struct {
    const char *old, *new, *diff;
} rows[] = {
    {"", "", ""},
    {"a\nb\n", "a\nb\n", ""},
    {"a\n", "b\n", "--- x\n+++ y\n@@ -1 +1 @@\n-a\n+b\n"},
    {"", "a\nb\n", "--- x\n+++ y\n@@ -0,0 +1,2 @@\n+a\n+b\n"},
    {"a\nb\n", "", "--- x\n+++ y\n@@ -1,2 +0,0 @@\n-a\n-b\n"},
    {"a", "a\n", "--- x\n+++ y\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"},
    {"a", "b",
     "--- x\n+++ y\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at "
     "end of file\n"},
    {"1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nx\n6\n7\n8\n",
     "--- x\n+++ y\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n"},
    /* Two changes six lines apart share a hunk, seven do not. */
    {"a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
     "--- x\n+++ y\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n"},
    {"a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
     "--- x\n+++ y\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n "
     "7\n-b\n"
     "+B\n"},
    {"a\nb\nc\n", "b\nc\nd\n", "--- x\n+++ y\n@@ -1,3 +1,3 @@\n-a\n b\n c\n+d\n"},
};

START_TEST(differences)
{
    unified_diff(&out, STR("x"), str_from(rows[_i].old), STR("y"),
                 str_from(rows[_i].new));
    ck_assert_str_eq(buf_view(&out).p ? buf_view(&out).p : "", rows[_i].diff);
}
END_TEST

/* Too many lines to compare all pairs: still a diff, only a longer one. */
START_TEST(large)
{
    struct buf old = BUF_INIT, new = BUF_INIT;
    for (int i = 0; i < 5000; i++) {
        buf_fmt(&old, "%d\n", i);
        buf_fmt(&new, "%d\n", i + 1);
    }
    unified_diff(&out, STR(""), buf_view(&old), STR("y"), buf_view(&new));
    ck_assert(str_starts(buf_view(&out),
                         STR("--- /dev/null\n+++ y\n@@ -1,5000 +1,5000 @@\n-0\n")));
    buf_free(&old);
    buf_free(&new);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("unified");
    TCase *t = tcase_create("unified");
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_loop_test(t, differences, 0, sizeof rows / sizeof *rows);
    tcase_add_test(t, large);
    suite_add_tcase(s, t);
    return unit_run(s, "unified");
}
