/* Unit tests of gen/base: text, places, times, digests, maps, diagnostics. */
#include "unit.h"

#include "base/arena.h"
#include "base/digest.h"
#include "base/lanes.h"
#include "base/map.h"
#include "base/text.h"
#include "base/threads.h"
#include "base/utf8.h"
#include "base/when.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}

static void teardown(void)
{
    arena_free(a);
}

static const struct {
    const char *pattern, *text;
    bool match;
} globs[] = {
    {"*", "", true},       {"", "", true},         {"?", "", false},
    {"a*c", "abbc", true}, {"a*c", "ac", true},    {"a*c", "acd", false},
    {"?", "é", true},      {"*é?", "xéy", true},   {"**", "abc", true},
    {"a?c", "abc", true},  {"a?c", "ac", false},   {"*a*b*", "xxaxxbxx", true},
    {"*ab", "aab", true},  {"*aab", "aaab", true}, {"ab", "AB", false},
};
START_TEST(glob)
{
    ck_assert_int_eq(str_glob(str_from(globs[_i].pattern), str_from(globs[_i].text)),
                     globs[_i].match);
}
END_TEST

static const struct {
    const char *in, *out;
} times[] = {
    {"2021-11-18T09:41:02-08:00", "2021-11-18T17:41:02Z"},
    {"2023-07-10T11:45:00Z", "2023-07-10T11:45:00Z"},
    {"2021-04-15T14:43:56.123000-0700", "2021-04-15T21:43:56Z"},
    {"1454022144.869", "2016-01-28T23:02:24Z"},
    {"1597859016000", "2020-08-19T17:43:36Z"},
    {"1970-01-01", "1970-01-01T00:00:00Z"},
    {"2024-02-29T00:00:00", "2024-02-29T00:00:00Z"},
    {"2023-02-29T00:00:00Z", ""},
    {"2023-13-01", ""},
    {"yesterday", ""},
    {"", ""},
    {"-5", ""},
    {"2023-07-10T11:45:00+", ""},
    {"2023-07-10T11:45:00.Z", ""},
};
START_TEST(time_forms)
{
    int64_t when = WHEN_NONE;
    if (!when_read(str_from(times[_i].in), &when))
        when = WHEN_NONE;
    ck_assert_str_eq(when_text(a, when).p, times[_i].out);
}
END_TEST

START_TEST(days_between)
{
    ck_assert_int_eq(when_days(0, 86400), 1);
    ck_assert_int_eq(when_days(0, 86399), 0);
    ck_assert_int_eq(when_days(86400, 0), -1);
    ck_assert_int_eq(when_days(1, 0), -1);
}
END_TEST

/* FIPS 180-4 examples. */
START_TEST(sha256)
{
    ck_assert_str_eq(digest_hex(a, STR("abc")).p,
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    ck_assert_str_eq(digest_hex(a, STR("")).p,
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
END_TEST

/* RFC 4648, section 10, and faults. */
static const struct {
    const char *plain, *coded;
} base64[] = {{"", ""},
              {"f", "Zg=="},
              {"fo", "Zm8="},
              {"foo", "Zm9v"},
              {"foob", "Zm9vYg=="},
              {"fooba", "Zm9vYmE="},
              {"foobar", "Zm9vYmFy"}};
START_TEST(base64_both_ways)
{
    struct str coded = str_from(base64[_i].coded), plain = str_from(base64[_i].plain);
    ck_assert(str_eq(base64_encode(a, plain), coded));
    ck_assert(str_eq(base64_decode(a, coded), plain));
}
END_TEST

static const char *const bad_base64[] = {"Z", "Zg=", "Zm9v!", "Zg==Zg==", "===="};
START_TEST(base64_refuses)
{
    ck_assert_ptr_null(base64_decode(a, str_from(bad_base64[_i])).p);
}
END_TEST

static const struct {
    const char *in, *out;
} seen[] = {
    {"plain", "plain"},
    {"a\tb\n", "a␉b␊"},
    {"\x7f", "␡"},
    {"a\xE2\x80\xAE"
     "b",
     "a<U+202E>b"},
    {"\xEF\xBF\xBF", "<U+FFFF>"},
    {"\xF0\x9F\xBF\xBE", "<U+1FFFE>"},
    {"\xC3\x28", "\xEF\xBF\xBD("},
    {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"\xC2\x85", "<U+0085>"},
    {"é漢", "é漢"},
};
START_TEST(visible)
{
    ck_assert_str_eq(utf8_visible(a, str_from(seen[_i].in)).p, seen[_i].out);
}
END_TEST

START_TEST(places)
{
    struct text t = {STR("t"), STR("ab\n\nc\xC3\xA9x\n")};
    struct text_index *ix = text_index_new(a, &t);
    for (size_t i = 0; i <= t.bytes.n; i++) {
        struct place p = text_place(&t, i), q = text_index_place(ix, i);
        ck_assert_uint_eq(p.line, q.line);
        ck_assert_uint_eq(p.column, q.column);
    }
    struct place x = text_place(&t, 7);
    ck_assert_uint_eq(x.line, 3);
    ck_assert_uint_eq(x.column, 3);
    ck_assert(str_eq(text_line(&t, 5, NULL), STR("c\xC3\xA9x")));
}
END_TEST

/* A text of many blocks, with lines of all lengths and characters that stand across the
 * blocks' edges: the index says what counting says. */
START_TEST(places_in_long_texts)
{
    static const char *const words[] = {"a", "\xC3\xA9", "\n", "\xF0\x9F\x98\x80", "bcd"};
    struct buf b = BUF_INIT;
    for (uint32_t x = 1; b.n < 20000; x = x * 1103515245 + 12345)
        buf_z(&b, words[(x >> 16) % (b.n < 12000 ? 5 : 2)]); /* at last one long line */
    struct text t = {STR("t"), buf_view(&b)};
    struct text_index *ix = text_index_new(a, &t);
    struct place p = {1, 1};
    for (size_t i = 0; i <= b.n; i++) {
        struct place q = text_place(&t, i), r = text_index_place(ix, i);
        ck_assert_uint_eq(p.line, q.line);
        ck_assert_uint_eq(p.column, q.column);
        ck_assert_uint_eq(p.line, r.line);
        ck_assert_uint_eq(p.column, r.column);
        if (b.p[i] == '\n')
            p = (struct place){p.line + 1, 1};
        else
            p.column += ((unsigned char)b.p[i] & 0xC0) != 0x80;
    }
    ck_assert_uint_gt(p.line, 5);
    buf_free(&b);
}
END_TEST

START_TEST(map_keeps_order)
{
    struct map m = MAP_INIT;
    for (int i = 0; i < 1000; i++)
        *map_put(a, &m, str_fmt(a, "k%d", i % 500)) =
            str_fmt(a, "v%d", i).p == NULL ? NULL : a;
    ck_assert_uint_eq(m.n, 500);
    ck_assert(str_eq(m.entries[499].key, STR("k499")));
    ck_assert_ptr_eq(map_get(&m, STR("k0")), a);
    ck_assert_ptr_null(map_get(&m, STR("k500")));
}
END_TEST

/* What we format ourselves is what the library says, cut or not. */
#define SAME_AS_PRINTF(...)                                                              \
    do {                                                                                 \
        char expected[512];                                                              \
        int n = snprintf(expected, sizeof expected, __VA_ARGS__);                        \
        struct str got = str_fmt(a, __VA_ARGS__);                                        \
        struct buf b = BUF_INIT;                                                         \
        buf_fmt(&b, __VA_ARGS__);                                                        \
        ck_assert_int_eq((int)got.n, n);                                                 \
        ck_assert_str_eq(got.p, expected);                                               \
        ck_assert_str_eq(b.p, expected);                                                 \
        buf_free(&b);                                                                    \
    } while (0)

START_TEST(formats)
{
    char wide[400];
    memset(wide, 'w', sizeof wide);
    SAME_AS_PRINTF("plain");
    SAME_AS_PRINTF("%s and %.*s|%.*s|100 %%", "one", 3, "twofold", 0, "none");
    SAME_AS_PRINTF("%.*s", 9, "nul\0behind");
    SAME_AS_PRINTF("%c%c", 'x', 'y');
    SAME_AS_PRINTF("%d %d %d %d", 0, -1, INT_MAX, INT_MIN);
    SAME_AS_PRINTF("%u %zu %x %X", UINT_MAX, SIZE_MAX, 0xBEEFu, 0xBEEFu);
    SAME_AS_PRINTF("%lld %llu %ld %lu", LLONG_MIN, ULLONG_MAX, LONG_MIN, ULONG_MAX);
    SAME_AS_PRINTF("%02X|%012llx|%04d|%03zu", 7u, 0xABCull, -12, (size_t)12345);
    SAME_AS_PRINTF("%5u|%3d|%6u|%1d", 12u, -123456, 0u, 5);
    /* Left to the library: */
    SAME_AS_PRINTF("%-9.*s|%-8s|%4s|%.2s", 3, "abcdef", "left", "r", "cut");
    SAME_AS_PRINTF("%.*g %5.1f %e", 17, 0.1, 2.25, 1e300);
    SAME_AS_PRINTF("%s %-4d %+d %#x %100d", "mixed", 5, 5, 255u, 1);
    SAME_AS_PRINTF("%.*s%.*s", 400, wide, 17, wide);
}
END_TEST

START_TEST(distances)
{
    ck_assert_uint_eq(str_distance(STR("formt"), STR("format"), 3), 1);
    ck_assert_uint_eq(str_distance(STR("foramt"), STR("format"), 3), 1);
    ck_assert_uint_eq(str_distance(STR("abc"), STR("xyz"), 2), 3);
}
END_TEST

static const struct diag_kind twice = {"CAT-104", DIAG_ERROR, "control id is used twice",
                                       "give each control an id of its own"};
START_TEST(diag_layout)
{
    struct text t = {STR("c.json"), STR("{\n  \"id\": \"KDA-7\",\n}")};
    struct diag *dx = diag_new(a);
    diag_at(dx, &twice, (struct origin){&t, 10, 7}, "\"KDA-7\"");
    diag_note(dx, (struct origin){&t, 0, 1}, "first used here");
    struct buf out = BUF_INIT;
    diag_print(dx, &out, false);
    ck_assert_str_eq(out.p,
                     "c.json:2:9: error: control id is used twice: \"KDA-7\" [CAT-104]\n"
                     "     2 |   \"id\": \"KDA-7\",\n"
                     "       |         ^~~~~~~\n"
                     "c.json:1:1: note: first used here\n"
                     "  to mend: give each control an id of its own\n");
    buf_free(&out);
    ck_assert_uint_eq(diag_count(dx, DIAG_ERROR), 1);
}
END_TEST

static const struct {
    const char *word, *quoted;
} shell_words[] = {
    {"orders-flink", "orders-flink"},
    {"arn:aws:iam::111122223333:role/r+=,.@-", "arn:aws:iam::111122223333:role/r+=,.@-"},
    {"", "''"},
    {"two words", "'two words'"},
    {"$(reboot)", "'$(reboot)'"},
    {"it's", "'it'\\''s'"},
    {"~", "'~'"},
    {"a\nb", "'a\nb'"},
};
START_TEST(shell)
{
    struct buf b = BUF_INIT;
    buf_shell(&b, str_from(shell_words[_i].word));
    ck_assert_str_eq(b.p, shell_words[_i].quoted);
    buf_free(&b);
}
END_TEST

static void double_it(void *ctx)
{
    *(int *)ctx *= 2;
}

START_TEST(beside_the_rest)
{
    for (unsigned threads = 0; threads < 3; threads++) {
        int n = 21;
        aside_end(aside_begin(threads, double_it, &n));
        ck_assert_int_eq(n, 42);
    }
}
END_TEST

static const struct {
    size_t n;
    unsigned threads;
    size_t most, batch;
} shares[] = {
    {0, 2, 16, 1}, {19, 2, 16, 1}, {100, 2, 16, 6}, {10000, 2, 16, 16}, {100, 8, 64, 1},
};
START_TEST(batches)
{
    ck_assert_uint_eq(threads_batch(shares[_i].n, shares[_i].threads, shares[_i].most),
                      shares[_i].batch);
}
END_TEST

/* What an arena gives is zero, also where another one wrote before. */
static const size_t pieces[] = {8, 100, 5000, 1 << 15, 1 << 17, 3 << 19, 5 << 20};
START_TEST(zeroes_again)
{
    size_t n = pieces[_i];
    bool zero = true;
    for (int round = 0; round < 3; round++) {
        struct arena *own = arena_new();
        arena_expect_much(own);
        for (size_t given = 0; given < 8 << 20; given += 2 * n) {
            memset(arena_bytes(own, n), 0xFF, n);
            char *p = arena_alloc(own, n);
            zero = zero && p[0] == 0 && memcmp(p, p + 1, n - 1) == 0;
            memset(p, 0xFF, n);
        }
        arena_free(own);
    }
    ck_assert(zero);
}
END_TEST

START_TEST(arrays_grow)
{
    struct arena *own = arena_new();
    memset(arena_array(own, 1, 7 << 20), 0xFF, 7 << 20);
    arena_clear(own);
    arena_expect_much(own);
    VEC(size_t) v = {0};
    bool ok = true;
    for (size_t i = 0; i < 1 << 19; i++) {
        size_t *last = vec_push(own, &v);
        ok = ok && !*last;
        *last = i;
    }
    for (size_t i = 0; i < v.n; i++)
        ok = ok && v.v[i] == i;
    ck_assert(ok);
    arena_free(own);
}
END_TEST

/* Each of few bytes is looked at, and none beside them: there room ends. */
START_TEST(few_bytes)
{
    char *p = mem_alloc((size_t)_i);
    memset(p, 'a', (size_t)_i);
    ck_assert(!lanes_any(lanes_few(p, (size_t)_i) != 'a'));
    for (int at = 0; at < _i; at++) {
        p[at] = '\n';
        ck_assert(lanes_any(lanes_few(p, (size_t)_i) == '\n'));
        ck_assert_uint_eq(utf8_plain((struct str){p, (size_t)_i}, false), (size_t)at);
        p[at] = 'a';
    }
    free(p);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("base");
    TCase *c = tcase_create("base");
    tcase_add_checked_fixture(c, setup, teardown);
    unit_rows(c, shell, shell_words);
    unit_rows(c, glob, globs);
    unit_rows(c, time_forms, times);
    tcase_add_test(c, days_between);
    tcase_add_test(c, sha256);
    unit_rows(c, base64_both_ways, base64);
    unit_rows(c, base64_refuses, bad_base64);
    unit_rows(c, visible, seen);
    tcase_add_test(c, places);
    tcase_add_test(c, places_in_long_texts);
    tcase_add_test(c, map_keeps_order);
    tcase_add_test(c, formats);
    tcase_add_test(c, distances);
    tcase_add_test(c, diag_layout);
    tcase_add_test(c, beside_the_rest);
    unit_rows(c, batches, shares);
    unit_rows(c, zeroes_again, pieces);
    tcase_add_test(c, arrays_grow);
    tcase_add_loop_test(c, few_bytes, 1, 16);
    suite_add_tcase(s, c);
    return unit_run(s, "base");
}
