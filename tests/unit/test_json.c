/* Unit tests of the JSON reader, tree, and writer. */
#include "unit.h"

#include "base/threads.h"
#include "json/json.h"
#include "json/write.h"

#include <math.h>
#include <stdlib.h>
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

/* The text is copied to its exact size, so that ASan sees a read past its end. */
static struct text *document(struct str bytes)
{
    struct text *t = ARENA_NEW(a, struct text);
    t->name = STR("t.json");
    char *p = mem_alloc(bytes.n + 1);
    memcpy(p, bytes.p, bytes.n);
    p[bytes.n] = '\0';
    t->bytes = (struct str){p, bytes.n};
    return t;
}

static void drop(struct text *t)
{
    char *p = (char *)t->bytes.p;
    t->bytes = STR("");
    free(p);
}

static const struct json *read(const char *z)
{
    struct text *t = ARENA_NEW(a, struct text);
    struct diag *dx = diag_new(a);
    t->name = STR("t.json");
    t->bytes = str_dup(a, str_from(z));
    const struct json *n = json_read(a, t, dx);
    ck_assert_msg(n != NULL, "%s: %s", z, unit_first_error(a, dx).p);
    return n;
}

static const char *written(const struct json *n, bool indent, bool sorted)
{
    struct buf out = BUF_INIT;
    json_write(&out, n, indent, sorted);
    const char *z = buf_dup(a, &out).p;
    buf_free(&out);
    return z;
}

/* clang-format off */
#define IN(literal) {"" literal, sizeof(literal) - 1}
static const struct { struct str in; const char *err; } bad[] = {
    {IN("[01]"),                     "1:2 JSN-103"},
    {IN("[-01]"),                    "1:2 JSN-103"},
    {IN("[+1]"),                     "1:2 JSN-103"},
    {IN("[.5]"),                     "1:2 JSN-103"},
    {IN("[1.]"),                     "1:2 JSN-103"},
    {IN("[1e]"),                     "1:2 JSN-103"},
    {IN("[1e+]"),                    "1:2 JSN-103"},
    {IN("[0x1F]"),                   "1:2 JSN-103"},
    {IN("[1_000]"),                  "1:2 JSN-103"},
    {IN("[1.2.3]"),                  "1:2 JSN-103"},
    {IN("[-]"),                      "1:2 JSN-103"},
    {IN("[1\x00]"),                  "1:3 JSN-109"},
    {IN("*"),                        "1:1 JSN-101"},
    {IN("[a]"),                      "1:2 JSN-101"},
    {IN("[tru]"),                    "1:2 JSN-101"},
    {IN("[1 2]"),                    "1:4 JSN-101"},
    {IN("[1;2]"),                    "1:3 JSN-101"},
    {IN("{\"a\" 1}"),                "1:6 JSN-101"},
    {IN("{\"a\":}"),                 "1:6 JSN-101"},
    {IN("{1:2}"),                    "1:2 JSN-101"},
    {IN("{a:1}"),                    "1:2 JSN-116"},
    {IN("[,1]"),                     "1:2 JSN-101"},
    {IN("[1,,2]"),                   "1:4 JSN-101"},
    {IN("[1}"),                      "1:3 JSN-101"},
    {IN("[}"),                       "1:2 JSN-101"},
    {IN("{]"),                       "1:2 JSN-101"},
    {IN("{\"a\":1]"),                "1:7 JSN-101"},
    {IN("]"),                        "1:1 JSN-101"},
    {IN("<html>"),                   "1:1 JSN-101"},
    {IN("\nAn error occurred (AccessDenied)"), "2:1 JSN-101"},
    {IN("\x1f\x8b\x08"),             "1:1 JSN-101"},
    {IN("["),                        "1:2 JSN-102"},
    {IN("{"),                        "1:2 JSN-102"},
    {IN("[1"),                       "1:3 JSN-102"},
    {IN("[1,"),                      "1:4 JSN-102"},
    {IN("[1, "),                     "1:5 JSN-102"},
    {IN("{\"a\""),                   "1:5 JSN-102"},
    {IN("{\"a\":"),                  "1:6 JSN-102"},
    {IN("{\"a\":1,"),                "1:8 JSN-102"},
    {IN("[\"abc"),                   "1:6 JSN-102"},
    {IN("[\"abc\\"),                 "1:7 JSN-102"},
    {IN("[\"abc\\u12"),              "1:10 JSN-102"},
    {IN("[\"\xE2\x82"),              "1:4 JSN-102"},
    {IN("\""),                       "1:2 JSN-102"},
    {IN("tru"),                      "1:4 JSN-102"},
    {IN("-"),                        "1:2 JSN-102"},
    {IN("1."),                       "1:3 JSN-102"},
    {IN("1e"),                       "1:3 JSN-102"},
    {IN("[\"\\x\"]"),                "1:3 JSN-104"},
    {IN("[\"ab\\'\"]"),              "1:5 JSN-104"},
    {IN("[\"\\u12G4\"]"),            "1:3 JSN-104"},
    {IN("[\"\\U0041\"]"),            "1:3 JSN-104"},
    {IN("[\"a\nb\"]"),               "1:4 JSN-105"},
    {IN("[\"a\tb\"]"),               "1:4 JSN-105"},
    {IN("[\"\x1f\"]"),               "1:3 JSN-105"},
    {IN("[\"0123456789abcdef\x01\"]"), "1:19 JSN-105"},
    {IN("[\"é\xff\"]"),              "1:4 JSN-106"},
    {IN("[\"\xC0\xAF\"]"),           "1:3 JSN-106"},
    {IN("[\"\xED\xA0\x80\"]"),       "1:3 JSN-106"},
    {IN("[\"\xF4\x90\x80\x80\"]"),   "1:3 JSN-106"},
    {IN("[\"\xE2\x82\"]"),           "1:3 JSN-106"},
    {IN("\"\xE2\""),               "1:2 JSN-106"},
    {IN("[\xff]"),                   "1:2 JSN-106"},
    {IN("{\"a\":1,}"),               "1:8 JSN-107"},
    {IN("[1,]"),                     "1:4 JSN-107"},
    {IN("[1,\n]"),                   "2:1 JSN-107"},
    {IN("{\"a\":1,\"b\":2,\"a\":3}"), "1:14 JSN-108"},
    {IN("{\"a\":1,\"\\u0061\":3}"),  "1:8 JSN-108"},
    {IN("{\"\\/\":1,\"/\":3}"),      "1:9 JSN-108"},
    {IN("{\"\\uD83D\\uDE00\":1,\"\xF0\x9F\x98\x80\":3}"), "1:19 JSN-108"},
    {IN("{\"\":1,\"\":3}"),          "1:7 JSN-108"},
    {IN("{\"a\":{\"b\":1},\"b\":{},\"a\":3}"), "1:21 JSN-108"},
    {IN("[\"\\u0000\"]"),            "1:3 JSN-109"},
    {IN("{\"Effect\\u0000x\":1}"),   "1:9 JSN-109"},
    {IN("[\"a\x00\"]"),              "1:4 JSN-109"},
    {IN("[1]\x00"),                  "1:4 JSN-109"},
    {IN("[1] x"),                    "1:5 JSN-111"},
    {IN("{}{}"),                     "1:3 JSN-111"},
    {IN("{}\n{}"),                   "2:1 JSN-111"},
    {IN("1]"),                       "1:2 JSN-111"},
    {IN("\xff\xfe[\0]\0"),           "1:1 JSN-112"},
    {IN("\xfe\xff\0[\0]"),           "1:1 JSN-112"},
    {IN("\xff\xfe\0\0[\0\0\0"),      "1:1 JSN-112"},
    {IN("\0\0\xfe\xff\0\0\0["),      "1:1 JSN-112"},
    {IN("[\0]\0"),                   "1:1 JSN-112"},
    {IN("\0[\0]"),                   "1:1 JSN-112"},
    {IN("[\0\0\0]\0\0\0"),           "1:1 JSN-112"},
    {IN("\0\0\0[\0\0\0]"),           "1:1 JSN-112"},
    {IN(""),                         "1:1 JSN-113"},
    {IN(" \r\n\t "),                 "1:1 JSN-113"},
    {IN("\xEF\xBB\xBF"),             "1:2 JSN-113"},
    {IN("[1e400]"),                  "1:2 JSN-114"},
    {IN("[-1.8e308]"),               "1:2 JSN-114"},
    {IN("[\"\\uD83D\"]"),            "1:3 JSN-115"},
    {IN("[\"\\uDE00\\uD83D\"]"),     "1:3 JSN-115"},
    {IN("[\"\\uD83D\\u0041\"]"),     "1:3 JSN-115"},
    {IN("[\"\\uD83D\\n\"]"),         "1:3 JSN-115"},
    {IN("{'a':1}"),                  "1:2 JSN-116"},
    {IN("[1 // one\n]"),             "1:4 JSN-116"},
    {IN("/* all */[1]"),             "1:1 JSN-116"},
    {IN("# x\n[1]"),                 "1:1 JSN-116"},
    {IN("[NaN]"),                    "1:2 JSN-116"},
    {IN("[-Infinity]"),              "1:2 JSN-116"},
    {IN("[True]"),                   "1:2 JSN-116"},
    {IN("[None]"),                   "1:2 JSN-116"},
};
/* clang-format on */
START_TEST(refuses_with_place)
{
    struct text *t = document(bad[_i].in);
    struct diag *dx = diag_new(a);
    ck_assert_ptr_null(json_read(a, t, dx));
    ck_assert_str_eq(unit_first_error(a, dx).p, bad[_i].err);
    ck_assert_uint_eq(diag_count(dx, DIAG_ERROR), 1);
    drop(t);
}
END_TEST

START_TEST(refuses_large)
{
    /* Refused before a byte is read. */
    struct text t = {STR("t.json"), {"", (size_t)JSON_MAX_BYTES + 1}};
    struct diag *dx = diag_new(a);
    ck_assert_ptr_null(json_read(a, &t, dx));
    ck_assert_str_eq(diag_first(dx, DIAG_ERROR), "JSN-117");
}
END_TEST

START_TEST(names_both_places)
{
    struct text t = {STR("t.json"), STR("{\"a\": 1,\n \"\\u0061\": 2}")};
    struct diag *dx = diag_new(a);
    struct buf out = BUF_INIT;
    ck_assert_ptr_null(json_read(a, &t, dx));
    diag_print(dx, &out, false);
    ck_assert_str_eq(out.p, "t.json:2:2: error: a name is used twice in one object: "
                            "\"\\u0061\" [JSN-108]\n"
                            "     2 |  \"\\u0061\": 2}\n"
                            "       |  ^~~~~~~~\n"
                            "t.json:1:2: note: first used here\n"
                            "  to mend: keep one of the two: readers do not agree which "
                            "of them counts\n");
    buf_free(&out);
}
END_TEST

/* Nesting and names in numbers that only a program writes. */
static struct str repeated(const char *z, size_t n, const char *tail)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < n; i++)
        buf_z(&b, z);
    buf_z(&b, tail);
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

static const struct {
    size_t levels;
    const char *err;
} depths[] = {{200, "ok"},
              {201, "1:201 JSN-110"},
              {1000, "1:201 JSN-110"},
              {1000000, "1:201 JSN-110"}};
START_TEST(limits_depth)
{
    struct buf b = BUF_INIT;
    buf_repeat(&b, '[', depths[_i].levels);
    buf_repeat(&b, ']', depths[_i].levels);
    struct text t = {STR("t.json"), buf_view(&b)};
    struct diag *dx = diag_new(a);
    const struct json *n = json_read(a, &t, dx);
    ck_assert_str_eq(unit_first_error(a, dx).p, depths[_i].err);
    ck_assert_int_eq(n != NULL, depths[_i].levels <= JSON_MAX_DEPTH);
    if (n)
        ck_assert_str_eq(written(n, false, false), b.p);
    buf_free(&b);
}
END_TEST

START_TEST(limits_depth_of_objects)
{
    struct text t = {STR("t.json"), repeated("{\"a\":", 201, "")};
    struct diag *dx = diag_new(a);
    ck_assert_ptr_null(json_read(a, &t, dx));
    ck_assert_str_eq(unit_first_error(a, dx).p, "1:1001 JSN-110");
}
END_TEST

static const size_t name_counts[] = {2, 63, 127, 128, 129, 130, 500, 20000};
START_TEST(finds_a_name_twice_among_many)
{
    size_t n = name_counts[_i];
    for (int again = 0; again < 2; again++) {
        struct buf b = BUF_INIT;
        buf_z(&b, "{\n");
        for (size_t i = 0; i < n; i++)
            buf_fmt(&b, "\"k%zu\":{\"x\":1,\"y\":2},\n",
                    again && i == n - 1 ? n / 2 - 1 : i);
        buf_z(&b, "\"end\":0}");
        struct text t = {STR("t.json"), buf_view(&b)};
        struct diag *dx = diag_new(a);
        json_read(a, &t, dx);
        ck_assert_str_eq(unit_first_error(a, dx).p,
                         again ? str_fmt(a, "%zu:1 JSN-108", n + 1).p : "ok");
        buf_free(&b);
    }
}
END_TEST

/* What is read, as the writer gives it back. */
static const struct {
    const char *in, *out;
} good[] = {
    {"null", "null"},
    {" true ", "true"},
    {"\xEF\xBB\xBF[1]", "[1]"},
    {"\r\n\t[ false , \"x\" ]\n", "[false,\"x\"]"},
    {"{}", "{}"},
    {"{ }", "{}"},
    {"[\n]", "[]"},
    {"[[],{},[{}]]", "[[],{},[{}]]"},
    {"{\"b\":1,\"a\":{\"c\":[1,2]}}", "{\"b\":1,\"a\":{\"c\":[1,2]}}"},
    {"9007199254740993", "9007199254740993"},
    {"1234567890123460", "1234567890123460"},
    {"-0", "-0"},
    {"[0,-0.0,1E5,1e-400,0.10]", "[0,-0.0,1E5,1e-400,0.10]"},
    {"[1.7976931348623157e308]", "[1.7976931348623157e308]"},
    {"1234567890123456789012345678901234567890123456789012345678901234567890",
     "1234567890123456789012345678901234567890123456789012345678901234567890"},
    {"\"\\u0041\\/\\b\\f\\n\\r\\t\\\"\\\\\"", "\"A/\\b\\f\\n\\r\\t\\\"\\\\\""},
    {"\"\\u0001\\u001f\\u007f\"", "\"\\u0001\\u001f\x7f\""},
    {"\"\\uD83D\\uDE00\"", "\"\xF0\x9F\x98\x80\""},
    {"\"\\u2028\\u2029\\u00e9\\uFFFF\"",
     "\"\xE2\x80\xA8\xE2\x80\xA9\xC3\xA9\xEF\xBF\xBF\""},
    {"\"0123456789abcde\\u00e9"
     "0123456789abcdef0123456789\"",
     "\"0123456789abcdeé0123456789abcdef0123456789\""},
    {"{\"a\":1,\"A\":2,\"\":3,\"a \":4}", "{\"a\":1,\"A\":2,\"\":3,\"a \":4}"},
};
START_TEST(round_trip)
{
    struct text *t = document(str_from(good[_i].in));
    struct diag *dx = diag_new(a);
    const struct json *n = json_read(a, t, dx);
    ck_assert_str_eq(unit_first_error(a, dx).p, "ok");
    ck_assert_str_eq(written(n, false, false), good[_i].out);
    drop(t);
}
END_TEST

START_TEST(layout)
{
    const struct json *n = read("{\"b\":[1,{\"z\":2,\"y\":[]}],\"a\":{},\"B\":[[]]}");
    ck_assert_str_eq(written(n, true, false), "{\n"
                                              "  \"b\": [\n"
                                              "    1,\n"
                                              "    {\n"
                                              "      \"z\": 2,\n"
                                              "      \"y\": []\n"
                                              "    }\n"
                                              "  ],\n"
                                              "  \"a\": {},\n"
                                              "  \"B\": [\n"
                                              "    []\n"
                                              "  ]\n"
                                              "}");
    ck_assert_str_eq(written(n, false, true),
                     "{\"B\":[[]],\"a\":{},\"b\":[1,{\"y\":[],\"z\":2}]}");
}
END_TEST

static const struct {
    double v;
    const char *out;
} numbers[] = {
    {0, "0"},
    {-0.0, "-0"},
    {42, "42"},
    {-7, "-7"},
    {9007199254740992.0, "9007199254740992"},
    {1234567890123460, "1234567890123460"},
    {1e21, "1e+21"},
    {0.1, "0.1"},
    {1.0 / 3, "0.3333333333333333"},
    {0.1 + 0.2, "0.30000000000000004"},
    {5e-324, "5e-324"},
};
START_TEST(built_numbers)
{
    const struct json *n = json_new_num(a, numbers[_i].v);
    ck_assert_str_eq(written(n, false, false), numbers[_i].out);
    ck_assert_str_eq(json_scalar(n).p, numbers[_i].out);
}
END_TEST

static const struct {
    struct str in;
    const char *out;
} strings[] = {
    {IN("plain"), "\"plain\""},
    {IN("q\"b\\s/"), "\"q\\\"b\\\\s/\""},
    {IN("\x01\x1f\x7f"), "\"\\u0001\\u001f\x7f\""},
    {IN("bad\xff\xC3"), "\"bad\xEF\xBF\xBD\xEF\xBF\xBD\""},
    {IN("a\0b"), "\"a\\u0000b\""},
    /* Across the sixteen bytes that are looked at together. */
    {IN(""), "\"\""},
    {IN("0123456789abcde\"\n"), "\"0123456789abcde\\\"\\n\""},
    {IN("0123456789abcdef"), "\"0123456789abcdef\""},
    {IN("01234\t6789abcde\xC3\xA9g\\"), "\"01234\\t6789abcde\xC3\xA9g\\\\\""},
};
START_TEST(written_strings)
{
    struct buf out = BUF_INIT;
    json_write_str(&out, strings[_i].in);
    ck_assert_str_eq(out.p, strings[_i].out);
    buf_free(&out);
}
END_TEST

/* Each value knows where it stands, and its name's place is found from there. */
static const struct {
    const char *pointer, *starts; /* "": no name */
    const char *name;
} values[] = {
    {"", "{\n", ""},
    {"/a", "1,", "\"a\""},
    {"/b", "[ true", "\"b\""},
    {"/b/0", "true", ""},
    {"/b/1", "{\"c\" : null", ""},
    {"/b/1/c", "null", "\"c\""},
    {"/b/2", "[]", ""},
    {"/b/3", "-1.5e3", ""},
    {"/é\\\"x", "\"y\\\"\"", "\"é\\\\\\\"x\""},
    {"/z", "{}", "\"z\""},
    {"/z2", "\"end\"", "\"z\\u0032\""},
};
static const char *const values_text =
    "\xEF\xBB\xBF{\n  \"a\": 1,\n  \"b\" : [ true, {\"c\" : null}, [], -1.5e3 ],\n"
    "  \"é\\\\\\\"x\"\n:\t\"y\\\"\", \"z\": {}, \"z\\u0032\": \"end\"\n}\n";
static const size_t values_len[] = {0, 1, 34, 4, 12, 4, 2, 6, 5, 2, 5};
START_TEST(places)
{
    struct text t = {STR("t"), str_from(values_text)};
    struct diag *dx = diag_new(a);
    const struct json *root = json_read(a, &t, dx);
    ck_assert_str_eq(unit_first_error(a, dx).p, "ok");
    const struct json *n = json_pointer(root, str_from(values[_i].pointer));
    ck_assert_ptr_nonnull(n);
    struct origin o = json_origin(n, &t);
    ck_assert(
        str_starts(str_sub(t.bytes, o.pos, t.bytes.n), str_from(values[_i].starts)));
    if (_i)
        ck_assert_uint_eq(o.len, values_len[_i]);
    else
        ck_assert_uint_eq(o.pos + o.len + 1, t.bytes.n);
    size_t name = json_key_pos(&t, o.pos);
    if (*values[_i].name)
        ck_assert(
            str_starts(str_sub(t.bytes, name, t.bytes.n), str_from(values[_i].name)));
    else
        ck_assert_uint_eq(name, o.pos);
}
END_TEST

/* RFC 6901, section 5, and what leads nowhere. */
static const struct {
    const char *pointer, *out;
} pointers[] = {
    {"/foo", "[\"bar\",\"baz\"]"},
    {"/foo/0", "\"bar\""},
    {"/", "0"},
    {"/a~1b", "1"},
    {"/c%d", "2"},
    {"/e^f", "3"},
    {"/g|h", "4"},
    {"/i\\j", "5"},
    {"/k\"l", "6"},
    {"/ ", "7"},
    {"/m~0n", "8"},
    {"/~01", "9"},
    {"/~1", NULL},
    {"foo", NULL},
    {"/foo/2", NULL},
    {"/foo/00", NULL},
    {"/foo/-", NULL},
    {"/foo/", NULL},
    {"/foo/99999999999999999999", NULL},
    {"/foo/0/x", NULL},
    {"/m~", NULL},
    {"/m~2n", NULL},
    {"/fo", NULL},
    {"/fooo", NULL},
};
START_TEST(pointer)
{
    const struct json *root =
        read("{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,"
             "\"i\\\\j\":5,\"k\\\"l\":6,\" \":7,\"m~n\":8,\"~1\":9}");
    const struct json *n = json_pointer(root, str_from(pointers[_i].pointer));
    if (!pointers[_i].out)
        ck_assert_ptr_null(n);
    else
        ck_assert_str_eq(written(n, false, false), pointers[_i].out);
    if (_i == 0)
        ck_assert_ptr_eq(json_pointer(root, STR("")), root);
}
END_TEST

START_TEST(pointer_tokens)
{
    struct buf out = BUF_INIT;
    json_pointer_add(&out, STR("a/b"));
    json_pointer_add(&out, STR("m~n"));
    json_pointer_add(&out, STR(""));
    ck_assert_str_eq(out.p, "/a~1b/m~0n/");
    buf_free(&out);
}
END_TEST

static const struct {
    const char *x, *y;
    bool same;
} pairs[] = {
    {"1", "1.0", true},
    {"100", "1e2", true},
    {"0", "-0", true},
    {"1", "\"1\"", false},
    {"null", "false", false},
    {"\"a\"", "\"\\u0061\"", true},
    {"[1,2]", "[2,1]", false},
    {"[1,2]", "[1,2,3]", false},
    {"[]", "{}", false},
    {"{\"a\":1,\"b\":[2]}", "{\"b\":[2],\"a\":1}", true},
    {"{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}", false},
    {"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
    {"{\"a\":{\"x\":1,\"y\":2}}", "{\"a\":{\"y\":2,\"x\":1}}", true},
    {"{\"a\":{\"x\":1,\"y\":2}}", "{\"a\":{\"y\":1,\"x\":2}}", false},
};
START_TEST(equality)
{
    const struct json *x = read(pairs[_i].x), *y = read(pairs[_i].y);
    ck_assert_int_eq(json_equal(x, y), pairs[_i].same);
    ck_assert_int_eq(json_equal(y, x), pairs[_i].same);
    ck_assert(json_equal(x, x));
    ck_assert(!json_equal(x, NULL));
}
END_TEST

START_TEST(access)
{
    const struct json *n = read(
        "{\"s\":\"text\",\"n\":2.50,\"t\":true,\"a\":[1,2,3],\"o\":{\"p\":{\"q\":7}}}");
    ck_assert(str_eq(json_str(json_get(n, STR("s"))), STR("text")));
    ck_assert(json_num(json_get(n, STR("n"))) == 2.5);
    ck_assert(str_eq(json_scalar(json_get(n, STR("n"))), STR("2.50")));
    ck_assert(str_eq(json_scalar(json_get(n, STR("t"))), STR("true")));
    ck_assert(json_bool(json_get(n, STR("t"))));
    ck_assert_uint_eq(json_size(json_get(n, STR("a"))), 3);
    ck_assert(json_num(json_at(json_get(n, STR("a")), 2)) == 3);
    ck_assert_ptr_null(json_at(json_get(n, STR("a")), 3));
    ck_assert(json_num(json_dig(n, "o", "p", "q", NULL)) == 7);
    ck_assert_ptr_null(json_dig(n, "o", "x", "q", NULL));
    ck_assert_ptr_null(json_get(n, STR("S")));
    ck_assert_ptr_null(json_get(n, STR("s\0x")));
    ck_assert_ptr_null(json_get(n, STR("")));
    ck_assert_ptr_null(json_get(json_get(n, STR("a")), STR("s")));
    ck_assert(str_eq(json_key(json_next(json_first(n))), STR("n")));
    ck_assert(str_eq(json_key(n), STR("")));
    /* The wrong type, or nothing. */
    ck_assert(str_eq(json_str(json_get(n, STR("n"))), STR("")));
    ck_assert(json_num(json_get(n, STR("s"))) == 0);
    ck_assert(!json_bool(NULL) && !json_is(NULL, JSON_NULL) && !json_first(NULL));
    ck_assert(str_eq(json_str(NULL), STR("")) && str_eq(json_scalar(NULL), STR("")));
    ck_assert(json_num(NULL) == 0 && !json_next(NULL) && !json_get(NULL, STR("a")));
    ck_assert_uint_eq(json_pos(NULL), 0);
}
END_TEST

START_TEST(not_finite_is_null)
{
    ck_assert(json_is(json_new_num(a, INFINITY), JSON_NULL));
    ck_assert(json_is(json_new_num(a, NAN), JSON_NULL));
    struct buf out = BUF_INIT;
    json_write_num(&out, -INFINITY);
    ck_assert_str_eq(out.p, "null");
    buf_free(&out);
}
END_TEST

START_TEST(building)
{
    struct json *o = json_new_object(a), *v = json_new_array(a);
    json_set_str(a, o, STR("s"), STR("x\0y"));
    json_set_num(a, o, STR("n"), 3);
    json_set_bool(a, o, STR("t"), true);
    json_set(a, o, STR("z"), json_new_null(a));
    json_set(a, o, STR("v"), v);
    json_push(v, json_new_bool(a, false));
    json_push(v, json_new_str(a, STR("")));
    json_push(v, json_new_object(a));
    ck_assert_str_eq(written(o, false, false),
                     "{\"s\":\"x\xEF\xBF\xBDy\",\"n\":3,\"t\":true,\"z\":null,"
                     "\"v\":[false,\"\",{}]}");
    ck_assert_uint_eq(json_pos(o), 0);

    struct text t = {STR("t.json"), STR("{\"a\": 1, \"b\": 2}")};
    struct json *was_read = json_read(a, &t, diag_new(a));
    json_set_num(a, was_read, STR("c"), 3);
    ck_assert_str_eq(written(was_read, false, false), "{\"a\":1,\"b\":2,\"c\":3}");
}
END_TEST

START_TEST(refs)
{
    const struct json *doc =
        read("{\"a\": {\"k\": [1, 20]}, \"n\": 12345678901234567890}");
    const struct json *target = json_get(doc, STR("a"));
    struct json *o = json_new_object(a), *late = json_new_array(a);
    struct json *r = json_set(a, o, STR("shown"), json_new_ref(a, target));
    json_set(a, o, STR("again"), json_new_ref(a, r));
    json_set(a, o, STR("n"), json_new_ref(a, json_get(doc, STR("n"))));
    json_set(a, o, STR("late"), json_new_ref(a, late));
    json_push(late, json_new_num(a, 5));
    ck_assert_str_eq(written(o, false, false),
                     "{\"shown\":{\"k\":[1,20]},\"again\":{\"k\":[1,20]},"
                     "\"n\":12345678901234567890,\"late\":[5]}");
    ck_assert_ptr_eq(json_target(r), target);
    ck_assert_ptr_eq(json_target(json_get(o, STR("again"))), target);
    ck_assert_ptr_eq(json_target(target), target);
    ck_assert_ptr_null(json_target(NULL));
    ck_assert_uint_eq(json_pos(r), 6);
    ck_assert(str_eq(json_key(r), STR("shown")) && str_eq(json_key(target), STR("a")));
    ck_assert(json_is(r, JSON_OBJECT) && json_equal(r, target));
    ck_assert(json_num(json_pointer(o, STR("/again/k/1"))) == 20);
    ck_assert_ptr_eq(json_first(r), json_first(target));
}
END_TEST

/* The hooks that cJSON takes hold for all threads: trees must not mix. */
enum { THREADS = 4, DOCUMENTS = 64 };
struct parallel {
    struct arena *arenas[THREADS];
    struct str in[DOCUMENTS], out[DOCUMENTS];
};

static void read_one(void *ctx, size_t i, unsigned worker)
{
    struct parallel *p = ctx;
    struct arena *mine = p->arenas[worker];
    struct text t = {STR("t.json"), p->in[i]};
    struct buf out = BUF_INIT;
    json_write(&out, json_read(mine, &t, diag_new(mine)), false, false);
    p->out[i] = buf_dup(mine, &out);
    buf_free(&out);
}

START_TEST(reads_in_parallel)
{
    struct parallel p = {0};
    for (int i = 0; i < THREADS; i++)
        p.arenas[i] = arena_new();
    for (size_t i = 0; i < DOCUMENTS; i++)
        p.in[i] = str_fmt(a, "[%.*s0]",
                          STR_ARG(repeated("{\"name\":[\"text\",1.5]},", 200 + i, "")));
    threads_for(DOCUMENTS, THREADS, read_one, &p);
    for (size_t i = 0; i < DOCUMENTS; i++)
        ck_assert(str_eq(p.in[i], p.out[i]));
    for (int i = 0; i < THREADS; i++)
        arena_free(p.arenas[i]);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("json");
    TCase *c = tcase_create("json");
    tcase_add_checked_fixture(c, setup, teardown);
    unit_rows(c, refuses_with_place, bad);
    tcase_add_test(c, refuses_large);
    tcase_add_test(c, names_both_places);
    unit_rows(c, limits_depth, depths);
    tcase_add_test(c, limits_depth_of_objects);
    unit_rows(c, finds_a_name_twice_among_many, name_counts);
    unit_rows(c, round_trip, good);
    tcase_add_test(c, layout);
    unit_rows(c, built_numbers, numbers);
    unit_rows(c, written_strings, strings);
    unit_rows(c, places, values);
    unit_rows(c, pointer, pointers);
    tcase_add_test(c, pointer_tokens);
    unit_rows(c, equality, pairs);
    tcase_add_test(c, access);
    tcase_add_test(c, not_finite_is_null);
    tcase_add_test(c, building);
    tcase_add_test(c, refs);
    tcase_add_test(c, reads_in_parallel);
    suite_add_tcase(s, c);
    return unit_run(s, "json");
}
