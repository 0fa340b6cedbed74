/* Unit tests of gen/iam/pattern: the algebra against brute force, and its limits. */
#include "unit.h"

#include "iam/pattern.h"

#include <stdio.h>
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

/* All texts up to a length over an alphabet, in order of length. */
static size_t all_texts(const char *alphabet, size_t length, char (*out)[8])
{
    size_t n = 1, from = 0;
    out[0][0] = '\0';
    for (size_t len = 1; len <= length; len++) {
        size_t to = n;
        for (size_t i = from; i < to; i++)
            for (const char *c = alphabet; *c; c++) {
                memcpy(out[n], out[i], 8);
                out[n][len - 1] = *c;
                out[n++][len] = '\0';
            }
        from = to;
    }
    return n;
}

/* Every ordered pair of patterns up to length 4 over {a, b, *, ?}, against every text up
 * to length 6 over {a, b, c}: c stands for every letter that is in neither. Two such
 * patterns that meet do so within 6 letters, and so do a pattern and what another misses:
 * positions of both are at most 5 each. */
START_TEST(algebra_is_exact)
{
    enum { PATTERNS = 341, TEXTS = 1093, WORDS = (TEXTS + 63) / 64 };
    static char patterns[PATTERNS][8], texts[TEXTS][8];
    static uint64_t lang[PATTERNS][WORDS];
    static struct pattern p[PATTERNS];
    ck_assert_uint_eq(all_texts("ab*?", 4, patterns), PATTERNS);
    ck_assert_uint_eq(all_texts("abc", 6, texts), TEXTS);
    for (size_t i = 0; i < PATTERNS; i++) {
        p[i] = pattern_make(a, str_from(patterns[i]), true);
        for (size_t k = 0; k < TEXTS; k++) {
            bool want = str_glob(str_from(patterns[i]), str_from(texts[k]));
            if (want)
                lang[i][k / 64] |= UINT64_C(1) << (k % 64);
            if (pattern_matches(p[i], str_from(texts[k])) != want)
                ck_abort_msg("%s on %s", patterns[i], texts[k]);
        }
    }
    size_t wrong = 0;
    for (size_t i = 0; i < PATTERNS; i++)
        for (size_t j = 0; j < PATTERNS; j++) {
            bool meets = false, within = true;
            for (size_t w = 0; w < WORDS; w++) {
                meets = meets || (lang[i][w] & lang[j][w]);
                within = within && !(lang[i][w] & ~lang[j][w]);
            }
            if ((pattern_meets(p[i], p[j]) == PATTERN_YES) != meets ||
                (pattern_within(p[i], p[j]) == PATTERN_YES) != within) {
                wrong++;
                fprintf(stderr, "%s and %s\n", patterns[i], patterns[j]);
            }
        }
    ck_assert_uint_eq(wrong, 0);
}
END_TEST

static const struct {
    const char *p, *q[3];
    enum pattern_answer within;
} unions[] = {
    {"a*", {"a", "a?*"}, PATTERN_YES},
    {"a*", {"aa*", "ab*"}, PATTERN_NO},
    {"?", {"a", "b"}, PATTERN_NO},
    {"*", {"", "?", "??*"}, PATTERN_YES},
    {"s*", {"s3*", "sqs*"}, PATTERN_NO},
    {"a", {"b", "a"}, PATTERN_YES},
    {"*a", {"*?"}, PATTERN_YES},
    {"", {"*"}, PATTERN_YES},
    {"*é", {"*?"}, PATTERN_YES},
    {"??", {"é"}, PATTERN_NO},
    {"stream/x", {"stream/*"}, PATTERN_YES},
};
START_TEST(union_of_patterns)
{
    struct pattern q[3];
    size_t n = 0;
    for (; n < 3 && unions[_i].q[n]; n++)
        q[n] = pattern_make(a, str_from(unions[_i].q[n]), true);
    struct pattern p = pattern_make(a, str_from(unions[_i].p), true);
    ck_assert_int_eq(pattern_within_any(p, q, n), unions[_i].within);
}
END_TEST

static const struct {
    const char *in, *text;
    bool variables, matches;
} variables[] = {
    {"home/${aws:username}/*", "home/ann/x", true, true},
    {"home/${aws:username}/*", "house/ann/x", true, false},
    {"a${*}b", "a*b", false, true},
    {"a${*}b", "axb", false, false},
    {"a${?}", "a?", false, true},
    {"${$}x", "$x", false, true},
    {"${open", "${open", false, true},
    {"${aws:PrincipalTag/team, 'none'}", "any", true, true},
};
START_TEST(variables_are_wild)
{
    bool seen;
    struct pattern p = pattern_make_variables(a, str_from(variables[_i].in), &seen);
    ck_assert_int_eq(seen, variables[_i].variables);
    ck_assert_int_eq(pattern_matches(p, str_from(variables[_i].text)),
                     variables[_i].matches);
}
END_TEST

/* Hostile patterns end in bounded time with an answer that claims nothing. */
START_TEST(bounded)
{
    struct buf p = BUF_INIT, q = BUF_INIT;
    for (int i = 0; i < 300; i++) {
        buf_z(&p, "*a?b");
        buf_z(&q, "?*ba*");
    }
    buf_z(&q, "c");
    struct pattern x = pattern_make(a, buf_view(&p), true);
    struct pattern y = pattern_make(a, buf_view(&q), true);
    ck_assert_int_ne(pattern_within(x, y), PATTERN_YES);
    ck_assert_int_ne(pattern_meets(x, y), PATTERN_YES);
    buf_repeat(&p, 'a', 10000);
    x = pattern_make(a, buf_view(&p), true);
    buf_z(&p, "?");
    y = pattern_make(a, buf_view(&p), true);
    ck_assert_int_eq(pattern_meets(x, y), PATTERN_UNPROVED);
    buf_free(&p);
    buf_free(&q);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("iam_pattern");
    TCase *tc = tcase_create("pattern");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, algebra_is_exact);
    unit_rows(tc, union_of_patterns, unions);
    unit_rows(tc, variables_are_wild, variables);
    tcase_add_test(tc, bounded);
    suite_add_tcase(s, tc);
    return unit_run(s, "iam_pattern");
}
