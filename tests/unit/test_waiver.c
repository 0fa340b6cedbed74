/* Unit tests of waivers and attestations: reading, faults, and what they change. */
#include "unit.h"

#include "assess/waive.h"
#include "base/when.h"

static struct arena *a;
static struct diag *dx;
static struct control control = {.id = {"K", 1}};
static struct check failing = {.id = {"K-1", 3}, .control = &control};
static struct check by_hand = {.id = {"K-2", 3}, .control = &control, .manual = true};

static void setup(void)
{
    a = arena_new();
    dx = diag_new(a);
}

static void teardown(void)
{
    arena_free(a);
}

static const struct catalog *catalog(void)
{
    struct catalog *c = ARENA_NEW(a, struct catalog);
    *vec_push(a, &c->controls) = &control;
    *vec_push(a, &c->checks) = &failing;
    *vec_push(a, &c->checks) = &by_hand;
    return c;
}

static struct waivers *read_text(const char *json)
{
    struct text *t = ARENA_NEW(a, struct text);
    *t = (struct text){STR("w.json"), str_dup(a, str_from(json))};
    return waivers_read(a, t, catalog(), dx);
}

#define REST "\"reason\": \"r\", \"approver\": \"eve\", \"until\": \"2027-01-31\""
#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
    const char *in, *err;
} bad[] = {
    {"[]", "1:1 WVR-101"},
    {"{\"waivers\": {}}", "1:13 WVR-101"},
    {"{\"waivers\": [7]}", "1:14 WVR-101"},
    {"{\"waiver\": []}", "1:12 WVR-102"},
    {"{\"waivers\": [{\"check\": \"K-1\", \"subject\": \"*\", \"why\": \"x\", " REST
     "}]}",
     "1:54 WVR-102"},
    {"{\"waivers\": [{\"check\": \"K-1\", " REST "}]}", "1:14 WVR-103"},
    {"{\"waivers\": [{\"check\": \"K-1\", \"subject\": \" \", " REST "}]}",
     "1:42 WVR-103"},
    {"{\"waivers\": [{\"subject\": \"*\", " REST "}]}", "1:14 WVR-103"},
    {"{\"waivers\": [{\"check\": \"K-9\", \"subject\": \"*\", " REST "}]}",
     "1:24 WVR-104"},
    {"{\"waivers\": [{\"control\": \"X\", \"subject\": \"*\", " REST "}]}",
     "1:26 WVR-104"},
    {"{\"waivers\": [{\"check\": \"K-1\", \"subject\": \"*\", \"reason\": \"r\", "
     "\"approver\": "
     "\"e\", \"until\": \"2027-02-30\"}]}",
     "1:88 WVR-105"},
    {"{\"waivers\": [{\"check\": \"K-1\", \"control\": \"K\", \"subject\": \"*\", " REST
     "}]}",
     "1:14 WVR-106"},
    {"{\"attestations\": [{\"check\": \"K-1\", \"subject\": \"*\", \"statement\": \"s\", "
     "\"by\": \"e\", \"until\": \"2027-01-31\", \"document\": \"d\", \"sha256\": "
     "\"" DIGEST "\"}]}",
     "1:29 WVR-107"},
    {"{\"attestations\": [{\"check\": \"K-2\", \"subject\": \"*\", \"statement\": \"s\", "
     "\"by\": \"e\", \"until\": \"2027-01-31\", \"document\": \"d\", \"sha256\": "
     "\"ABC\"}]}",
     "1:131 WVR-108"},
};
START_TEST(refuses_with_place)
{
    ck_assert_ptr_null(read_text(bad[_i].in));
    ck_assert_str_eq(unit_first_error(a, dx).p, bad[_i].err);
}
END_TEST

/* Judge one test on the day and apply the file. */
static struct test applied(const char *json, struct check *check, enum result result,
                           const char *day)
{
    static struct subject subject = {.arn = {"arn:aws:iam::1:role/orders", 26},
                                     .name = {"orders", 6}};
    struct waivers *w = read_text(json);
    ck_assert_ptr_nonnull(w);
    struct test test = {.check = check, .subject = &subject, .result = result};
    struct assessment as = {.tests = &test, .n = 1, .now = WHEN_NONE};
    if (*day)
        ck_assert(when_read(str_from(day), &as.now));
    waivers_apply(a, &as, w, dx);
    return test;
}

#define WAIVER(who, glob)                                                                \
    "{\"waivers\": [{" who ", \"subject\": \"" glob "\", " REST "}]}"
static const struct {
    const char *json;
    enum result result;
    const char *day;
    enum disposition want;
    const char *warning;
} waived[] = {
    {WAIVER("\"check\": \"K-1\"", "*role/orders"), RESULT_FAIL, "2027-01-31T23:59:59Z",
     DISPOSITION_WAIVED, NULL},
    {WAIVER("\"check\": \"K-1\"", "orders"), RESULT_FAIL, "2026-11-23",
     DISPOSITION_WAIVED, NULL},
    {WAIVER("\"control\": \"K\"", "*"), RESULT_FAIL, "2026-11-23", DISPOSITION_WAIVED,
     "WVR-122"},
    {WAIVER("\"check\": \"K-1\"", "arn:*:role/*"), RESULT_FAIL, "2026-11-23",
     DISPOSITION_WAIVED, NULL},
    {WAIVER("\"check\": \"K-1\"", "*"), RESULT_FAIL, "2027-02-01T00:00:00Z",
     DISPOSITION_WAIVER_EXPIRED, "WVR-123"},
    {WAIVER("\"check\": \"K-1\"", "*"), RESULT_FAIL, "", DISPOSITION_WAIVER_EXPIRED,
     "WVR-123"},
    {WAIVER("\"check\": \"K-1\"", "*"), RESULT_UNKNOWN, "2026-11-23", DISPOSITION_WAIVED,
     "WVR-122"},
    {WAIVER("\"check\": \"K-1\"", "*"), RESULT_PASS, "2026-11-23", DISPOSITION_OPEN,
     "WVR-121"},
    {WAIVER("\"check\": \"K-2\"", "*"), RESULT_FAIL, "2026-11-23", DISPOSITION_OPEN,
     "WVR-121"},
    {WAIVER("\"check\": \"K-1\"", "*role/other"), RESULT_FAIL, "2026-11-23",
     DISPOSITION_OPEN, "WVR-121"},
};
START_TEST(waives)
{
    struct test t = applied(waived[_i].json, &failing, waived[_i].result, waived[_i].day);
    ck_assert_int_eq(t.result, waived[_i].result);
    ck_assert_int_eq(t.disposition, waived[_i].want);
    const char *warning = diag_first(dx, DIAG_WARNING);
    if (waived[_i].warning)
        ck_assert_str_eq(warning, waived[_i].warning);
    else
        ck_assert_ptr_null(warning);
}
END_TEST

START_TEST(warns_of_wide_globs)
{
    struct subject subjects[4] = {{.arn = STR("arn:a")},
                                  {.arn = STR("arn:b")},
                                  {.arn = STR("arn:c")},
                                  {.arn = STR("arn:d")}};
    struct test tests[4];
    for (int i = 0; i < 4; i++)
        tests[i] = (struct test){
            .check = &failing, .subject = &subjects[i], .result = RESULT_FAIL};
    struct assessment as = {.tests = tests, .n = 4, .now = 0};
    waivers_apply(a, &as, read_text(WAIVER("\"check\": \"K-1\"", "arn:*")), dx);
    ck_assert_str_eq(diag_first(dx, DIAG_WARNING), "WVR-122");
}
END_TEST

#define ATTEST                                                                           \
    "{\"attestations\": [{\"check\": \"K-2\", \"subject\": \"*\", \"statement\": "       \
    "\"s\", "                                                                            \
    "\"by\": \"eve\", \"until\": \"2027-01-31\", \"document\": \"d\", \"sha256\": "      \
    "\"" DIGEST "\"}]}"
START_TEST(holds_documents_against_attestations)
{
    const struct waivers *w = read_text(ATTEST);
    ck_assert(attestation_fits(&w->attestations.v[0], STR(DIGEST), dx));
    ck_assert_uint_eq(diag_len(dx), 0);
    ck_assert(!attestation_fits(&w->attestations.v[0], STR("00"), dx));
    ck_assert_str_eq(unit_first_error(a, dx).p, "1:118 WVR-109");
}
END_TEST

START_TEST(attests)
{
    struct test t = applied(ATTEST, &by_hand, RESULT_MANUAL, "2026-11-23");
    ck_assert_int_eq(t.result, RESULT_PASS);
    ck_assert_str_eq(t.message.p, "Attested by eve until 2027-01-31: s");
    t = applied(ATTEST, &by_hand, RESULT_MANUAL, "2027-02-01");
    ck_assert_int_eq(t.result, RESULT_MANUAL);
    ck_assert_str_eq(t.message.p, "The attestation by eve expired after 2027-01-31");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("waiver");
    TCase *c = tcase_create("waiver");
    tcase_add_checked_fixture(c, setup, teardown);
    unit_rows(c, refuses_with_place, bad);
    unit_rows(c, waives, waived);
    tcase_add_test(c, warns_of_wide_globs);
    tcase_add_test(c, holds_documents_against_attestations);
    tcase_add_test(c, attests);
    suite_add_tcase(s, c);
    return unit_run(s, "waiver");
}
