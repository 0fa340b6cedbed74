/* Unit tests of JSONPath: faults with their places, functions, limits, paths as text. */
#include "unit.h"

#include "base/threads.h"
#include "json/path.h"
#include "json/regex.h"

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

/* Extensions, one of each kind. */

static void run_starts(const struct path_env *env, const struct path_arg *args,
                       struct path_arg *result)
{
    (void)env;
    result->logical =
        json_is(args[0].value.node, JSON_STRING) &&
        str_starts(json_str(args[0].value.node), json_str(args[1].value.node));
}

static void run_param(const struct path_env *env, const struct path_arg *args,
                      struct path_arg *result)
{
    result->value.node = json_get(env->ctx, json_str(args[0].value.node));
}

static void run_both(const struct path_env *env, const struct path_arg *args,
                     struct path_arg *result)
{
    (void)env;
    result->logical = args[0].logical && args[1].logical;
}

static void run_strings(const struct path_env *env, const struct path_arg *args,
                        struct path_arg *result)
{
    for (size_t i = 0; i < args[0].nodes.n; i++)
        if (json_is(args[0].nodes.v[i].node, JSON_STRING))
            *(struct path_node *)vec_push(env->a, &result->nodes) = args[0].nodes.v[i];
}

/* The depth of the place that the only node came from. */
static void run_depth(const struct path_env *env, const struct path_arg *args,
                      struct path_arg *result)
{
    if (args[0].nodes.n)
        result->value.node =
            json_new_num(env->a, (double)path_depth(args[0].nodes.v[0].step));
}

static void run_is(const struct path_env *env, const struct path_arg *args,
                   struct path_arg *result)
{
    (void)env;
    result->logical = args[0].value.node && json_num(args[0].value.node) == 2;
}

static const struct path_func funcs[] = {
    {"starts", PATH_LOGICAL, 2, {PATH_VALUE, PATH_VALUE}, run_starts, ""},
    {"param", PATH_VALUE, 1, {PATH_VALUE}, run_param, ""},
    {"both", PATH_LOGICAL, 2, {PATH_LOGICAL, PATH_LOGICAL}, run_both, ""},
    {"strings", PATH_NODES, 1, {PATH_NODES}, run_strings, ""},
    {"depth", PATH_VALUE, 1, {PATH_NODES}, run_depth, ""},
    {"is_two", PATH_LOGICAL, 1, {PATH_VALUE}, run_is, ""},
};

static struct path *parse(struct str query)
{
    struct text *text = ARENA_NEW(a, struct text);
    *text = (struct text){STR("q"), query};
    return path_parse(a, text, query, funcs, sizeof funcs / sizeof *funcs, dx);
}

static const struct json *read(const char *document)
{
    struct text *text = ARENA_NEW(a, struct text);
    *text = (struct text){STR("d"), str_from(document)};
    const struct json *n = json_read(a, text, dx);
    ck_assert_msg(n != NULL, "%s", document);
    return n;
}

/* clang-format off */
static const struct { const char *in, *err; } bad[] = {
    {"",                             "1:1 JPA-101"},
    {"a.b",                          "1:1 JPA-101"},
    {"@.a",                          "1:1 JPA-101"},
    {"$.a\xFF",                      "1:4 JPA-102"},
    {"$.\xED\xA0\x80",               "1:3 JPA-102"},
    {"$a",                           "1:2 JPA-103"},
    {"$.a-b",                        "1:4 JPA-103"},
    {"$.a]",                         "1:4 JPA-103"},
    {"$.a b",                        "1:5 JPA-103"},
    {" $.a",                         "1:1 JPA-104"},
    {"$.a ",                         "1:4 JPA-104"},
    {"$.a\n",                        "1:4 JPA-104"},
    {"$. a",                         "1:3 JPA-104"},
    {"$.. a",                        "1:4 JPA-104"},
    {"$[?count (@.*) == 1]",         "1:9 JPA-104"},
    {"$[?@[ 'a'] == 1]",             "1:6 JPA-104"},
    {"$[?1 == @['a' ]]",             "1:14 JPA-104"},
    {"$['a",                         "1:3 JPA-105"},
    {"$['a\\",                       "1:5 JPA-105"},
    {"$[?@.a == \"x']",              "1:11 JPA-105"},
    {"$['\\x']",                     "1:4 JPA-106"},
    {"$['\\\"']",                    "1:4 JPA-106"},
    {"$[\"\\'\"]",                   "1:4 JPA-106"},
    {"$['a\\u12G4']",                "1:5 JPA-106"},
    {"$['\\uD800']",                 "1:4 JPA-106"},
    {"$['\\uD800\\u0041']",          "1:4 JPA-106"},
    {"$['\\uDC00\\uD800']",          "1:4 JPA-106"},
    {"$['a\tb']",                    "1:5 JPA-107"},
    {"$[01]",                        "1:3 JPA-108"},
    {"$[-0]",                        "1:3 JPA-108"},
    {"$[-]",                         "1:3 JPA-108"},
    {"$[0:-0]",                      "1:5 JPA-108"},
    {"$[::00]",                      "1:5 JPA-108"},
    {"$[9007199254740992]",          "1:3 JPA-108"},
    {"$[-9007199254740992]",         "1:3 JPA-108"},
    {"$[99999999999999999999999]",   "1:3 JPA-108"},
    {"$[]",                          "1:3 JPA-109"},
    {"$[a]",                         "1:3 JPA-109"},
    {"$['a',]",                      "1:7 JPA-109"},
    {"$[@.a]",                       "1:3 JPA-109"},
    {"$['a'",                        "1:6 JPA-110"},
    {"$[1 2]",                       "1:5 JPA-110"},
    {"$[1.0]",                       "1:4 JPA-110"},
    {"$[0:1:2:3]",                   "1:8 JPA-110"},
    {"$.",                           "1:3 JPA-111"},
    {"$..",                          "1:4 JPA-111"},
    {"$.1",                          "1:3 JPA-111"},
    {"$.['a']",                      "1:3 JPA-111"},
    {"$...a",                        "1:4 JPA-111"},
    {"$[?lenght(@.a) == 1]",         "1:4 JPA-112"},
    {"$[?Count(@.*) == 1]",          "1:4 JPA-112"},
    {"$[?éé(@.*)]",                  "1:4 JPA-112"},
    {"$[?length() == 1]",            "1:11 JPA-113"},
    {"$[?length(@.a, @.b) == 1]",    "1:16 JPA-113"},
    {"$[?match(@.a)]",               "1:13 JPA-113"},
    {"$[?length(@.*) == 1]",         "1:11 JPA-114"},
    {"$[?count(1) == 1]",            "1:10 JPA-114"},
    {"$[?count(length(@)) == 1]",    "1:10 JPA-114"},
    {"$[?count((@.*)) == 1]",        "1:10 JPA-114"},
    {"$[?length(@.a || @.b) == 1]",  "1:11 JPA-114"},
    {"$[?length(strings(@.*)) == 1]","1:11 JPA-114"},
    {"$[?both(@.a, 'x')]",           "1:14 JPA-114"},
    {"$[?length(@.a)]",              "1:4 JPA-115"},
    {"$[?!length(@.a)]",             "1:5 JPA-115"},
    {"$[?match(@.a, 'x') == true]",  "1:4 JPA-115"},
    {"$[?1 == strings(@.*)]",        "1:9 JPA-115"},
    {"$[?@.* == 1]",                 "1:4 JPA-116"},
    {"$[?1 == @..a]",                "1:9 JPA-116"},
    {"$[?@[0, 1] == 1]",             "1:4 JPA-116"},
    {"$[?true]",                     "1:4 JPA-117"},
    {"$[?@.a && 'x']",               "1:11 JPA-117"},
    {"$[?(1)]",                      "1:5 JPA-117"},
    {"$[?]",                         "1:4 JPA-118"},
    {"$[?a == 1]",                   "1:4 JPA-118"},
    {"$[?@.a == ]",                  "1:11 JPA-118"},
    {"$[?@.a == True]",              "1:11 JPA-118"},
    {"$[?@.a &&]",                   "1:10 JPA-118"},
    {"$[?!!@.a]",                    "1:5 JPA-118"},
    {"$[?count(@.*,) == 1]",         "1:14 JPA-118"},
    {"$[?@.a == [1]]",               "1:11 JPA-118"},
    {"$[?@.a == 01]",                "1:11 JPA-121"},
    {"$[?@.a == 1.]",                "1:11 JPA-121"},
    {"$[?@.a == 1e]",                "1:11 JPA-121"},
    {"$[?@.a == 1e999]",             "1:11 JPA-121"},
    {"$[?(@.a) == 1]",               "1:10 JPA-122"},
    {"$[?!@.a == 1]",                "1:9 JPA-122"},
    {"$[?@.a == 1 == 2]",            "1:13 JPA-122"},
    {"$[?@.a == (@.b)]",             "1:11 JPA-118"},
    {"$[?@.a = 1]",                  "1:8 JPA-123"},
    {"$[?@.a === 1]",                "1:8 JPA-123"},
    {"$[?@.a !== 1]",                "1:8 JPA-123"},
    {"$[?@.a =~ 'x']",               "1:8 JPA-123"},
    {"$[?@.a & @.b]",                "1:8 JPA-123"},
    {"$[?@.a | @.b]",                "1:8 JPA-123"},
    {"$[?@.a ! @.b]",                "1:8 JPA-123"},
    {"$[?(@.a]",                     "1:8 JPA-124"},
    {"$[?count(@.* == 1]",           "1:10 JPA-116"},
    {"$[?count(@.*]",                "1:13 JPA-124"},
    {"$.é['ü'].x[\n 0 1]",           "2:4 JPA-110"},
};
/* clang-format on */
START_TEST(rejects_with_place)
{
    ck_assert_ptr_null(parse(str_from(bad[_i].in)));
    ck_assert_msg(strcmp(unit_first_error(a, dx).p, bad[_i].err) == 0, "%s: %s, not %s",
                  bad[_i].in, unit_first_error(a, dx).p, bad[_i].err);
    ck_assert_uint_eq(diag_count(dx, DIAG_ERROR), 1);
}
END_TEST

/* What grows without bound is refused in time. */
static const struct {
    const char *head, *repeat, *tail, *err;
    size_t times;
} large[] = {
    {"$", "[?@", "", "1:100 JPA-119", 40},
    {"$[?", "(", "@.a", "1:35 JPA-119", 1000},
    {"$[?", "!(", "@.a", "1:66 JPA-119", 100},
    {"$[?", "length(", "@.a", "1:228 JPA-119", 40},
    {"$", ".a", "", "1:258 JPA-120", 129},
    {"$", ".a", "", "ok", 128},
    {"$['", "a", "']", "1:65537 JPA-120", 1 << 16},
    {"$[?@.a", " && @.a", "]", "ok", 9000},
    {"$[0", ",0", "]", "ok", 30000},
};
START_TEST(bounds_of_queries)
{
    struct buf b = BUF_INIT;
    buf_z(&b, large[_i].head);
    for (size_t i = 0; i < large[_i].times; i++)
        buf_z(&b, large[_i].repeat);
    buf_z(&b, large[_i].tail);
    struct path *p = parse(buf_dup(a, &b));
    buf_free(&b);
    ck_assert_str_eq(unit_first_error(a, dx).p, large[_i].err);
    ck_assert((p != NULL) == (strcmp(large[_i].err, "ok") == 0));
}
END_TEST

static const struct {
    const char *query, *message;
} advice[] = {
    {"$[?lenght(@.a) == 1]", "unknown function: \"lenght\"; did you mean length()?"},
    {"$[?LENGTH(@.a) == 1]", "unknown function: \"LENGTH\"; did you mean length()?"},
    {"$[?param2(@.a) == 1]", "unknown function: \"param2\"; did you mean param()?"},
    {"$[?frobnicate(@.a)]", "unknown function: \"frobnicate\""},
    {"$[name]", "no selector here: put the name in quotes: [\"name\"]"},
    {"$[?length(@.*) == 1]",
     "argument of the wrong kind: length() wants a value here, this "
     "is a path to several nodes"},
    {"$[?starts('a') == 1]", "wrong number of arguments: starts() takes 2, 1 given"},
    {"$[?match(@, '\\\\d+')]",
     "pattern is no I-Regexp: it matches nothing: at its byte 1: no escape of I-Regexp; "
     "there are \\n \\r \\t \\p{..} \\P{..} and a backslash before ( ) * + - . ? [ \\ ] "
     "^ { | "
     "}"},
};
START_TEST(says_what_to_do)
{
    parse(str_from(advice[_i].query));
    ck_assert_uint_eq(diag_len(dx), 1);
    ck_assert_str_eq(str_dup(a, diag_get(dx, 0).message).p, advice[_i].message);
}
END_TEST

/* The place counts from where the query stands in its file. */
START_TEST(place_in_a_file)
{
    struct text text = {STR("c.json"), STR("{\n  \"query\": \"$.a[?@.b = 1]\"\n}")};
    size_t at = str_find_char(text.bytes, '$');
    struct str src = str_sub(text.bytes, at, at + strlen("$.a[?@.b = 1]"));
    ck_assert_ptr_null(path_parse(a, &text, src, NULL, 0, dx));
    ck_assert_str_eq(unit_first_error(a, dx).p, "2:22 JPA-123");
}
END_TEST

static const char DOCUMENT[] =
    "{\"a\":[1,2,\"x\",\"xy\",null,true],\"o\":{\"k\":2,\"k~/"
    "\":[[0]],\"'\\\\\":3,\"\\u0001\":4},"
    "\"e\":\"(a+)+$\",\"s\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\",\"n\":1e2,\"\":"
    "5}";

/* clang-format off */
static const struct { const char *query, *paths; } selects[] = {
    {"$",                                  "$"},
    {"$['']",                              "$['']"},
    {"$.o[\"'\\\\\"]",                     "$['o']['\\'\\\\']"},
    {"$.o['\\u0001']",                     "$['o']['\\u0001']"},
    {"$.o['k~/'][0][-1]",                  "$['o']['k~/'][0][0]"},
    {"$.a[-1]",                            "$['a'][5]"},
    {"$.a[6,-7]",                          ""},
    {"$.a[1:4:2]",                         "$['a'][1] $['a'][3]"},
    {"$.a[4:1:-2]",                        "$['a'][4] $['a'][2]"},
    {"$.a[::-3]",                          "$['a'][5] $['a'][2]"},
    {"$.a[::0]",                           ""},
    {"$.a[-9007199254740991:9007199254740991:9007199254740991]", "$['a'][0]"},
    {"$.a[9007199254740991::-9007199254740991]", "$['a'][5]"},
    {"$.a[0,0]",                           "$['a'][0] $['a'][0]"},
    {"$.o[0]",                             ""},
    {"$.o[?@ == 2]",                       "$['o']['k']"},
    {"$..[?@ == 0]",                       "$['o']['k~/'][0][0]"},
    {"$[?@ == 100]",                       "$['n']"},
    {"$[?@ == $.o]",                       "$['o']"},
    {"$[?@ == @.nothing]",                 ""},
    {"$.a[?$.o.k]",                        "$['a'][0] $['a'][1] $['a'][2] $['a'][3] $['a'][4] $['a'][5]"},
    {"$.a[?$.o.nothing]",                  ""},
    {"$.e[?$.o]",                          ""},
    {"$[?$.a[?@ == 1] && $.o[?@.x]]",      ""},
    {"$.a[?$.a[?@ == 1] && @ == 1]",       "$['a'][0]"},
    {"$.a[?@ == 1 && $.a[?$.o]]",          "$['a'][0]"},
    {"$.a[?@.x == $.y]",                   "$['a'][0] $['a'][1] $['a'][2] $['a'][3] $['a'][4] $['a'][5]"},
    {"$.a[?@ >= 'x' && @ < 'xy' || @ == null]", "$['a'][2] $['a'][4]"},
    {"$.a[?!(@ == 1 || @ == 2) && @ != true]", "$['a'][2] $['a'][3] $['a'][4]"},
    {"$.a[?length(@) == 2]",               "$['a'][3]"},
    {"$[?count(@.*) == length(@)]",        "$['a'] $['o']"},
    {"$.a[?search(@, $.p)]",               ""},
    {"$.a[?match(@, 'x|y')]",              "$['a'][2]"},
    {"$.a[?starts(@, 'x')]",               "$['a'][2] $['a'][3]"},
    {"$.a[?!starts(@, 'x') && both(@, !@.q)]", "$['a'][0] $['a'][1] $['a'][4] $['a'][5]"},
    {"$.a[?@ == param('two')]",            "$['a'][1]"},
    {"$.a[?@ == param('none')]",           ""},
    {"$[?strings(@.*)]",                   "$['a']"},
    {"$[?count(strings(@.*)) == 2]",       "$['a']"},
    {"$[?both(strings(@.*), @[0])]",       "$['a']"},
    {"$.a[?depth(@) == 2]",                "$['a'][0] $['a'][1] $['a'][2] $['a'][3] $['a'][4] $['a'][5]"},
    {"$.o[?depth(@[0][0]) == 4]",          "$['o']['k~/']"},
    {"$.a[?depth(@.x) == 2]",              ""},
    {"$.a[?is_two(length(@))]",            "$['a'][3]"},
    {"$.a[?is_two(count(@.*))]",           ""},
    {"$.a[?is_two(value($.o.k))]",         "$['a'][0] $['a'][1] $['a'][2] $['a'][3] $['a'][4] $['a'][5]"},
    {"$.o[?value(@..*[0]) == 0]",          "$['o']['k~/']"},
};
/* clang-format on */
START_TEST(selects_with_paths)
{
    struct text params = {STR("p"), STR("{\"two\":2}")};
    struct path_env env = {.a = a, .ctx = json_read(a, &params, dx)};
    const struct json *root = read(DOCUMENT);
    struct path *p = parse(str_from(selects[_i].query));
    ck_assert_msg(p != NULL, "%s: %s", selects[_i].query, unit_first_error(a, dx).p);
    struct path_nodes nodes;
    ck_assert(path_run(p, root, &env, &nodes));
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < nodes.n; i++) {
        if (i)
            buf_c(&b, ' ');
        path_normalized(&b, nodes.v[i].step);
    }
    ck_assert_str_eq(buf_dup(a, &b).p, selects[_i].paths);
    ck_assert_int_eq(path_any(p, root, &env), nodes.n > 0);
    /* Each normalized path leads to the same node, as does each pointer. */
    for (size_t i = 0; i < nodes.n; i++) {
        buf_clear(&b);
        path_normalized(&b, nodes.v[i].step);
        struct path_nodes again;
        ck_assert(path_run(parse(buf_dup(a, &b)), root, &env, &again));
        ck_assert_uint_eq(again.n, 1);
        ck_assert_ptr_eq(again.v[0].node, nodes.v[i].node);
        buf_clear(&b);
        path_pointer(&b, nodes.v[i].step, 0);
        ck_assert_ptr_eq(json_pointer(root, buf_view(&b)), nodes.v[i].node);
    }
    buf_free(&b);
}
END_TEST

/* As queries of one set, asked twice of a root and once of another, they give the same.
 */
START_TEST(selects_with_a_set)
{
    enum { NROWS = sizeof selects / sizeof *selects };
    struct text params = {STR("p"), STR("{\"two\":2}")};
    struct json *ctx = json_read(a, &params, dx);
    struct path_set *set = path_set_new(a, funcs, sizeof funcs / sizeof *funcs);
    struct path *queries[NROWS];
    for (size_t i = 0; i < NROWS; i++) {
        struct text *t = ARENA_NEW(a, struct text);
        *t = (struct text){STR("q"), str_from(selects[i].query)};
        queries[i] = path_set_parse(set, t, t->bytes, dx);
        ck_assert_ptr_eq(path_set_parse(set, t, t->bytes, dx), queries[i]);
    }
    const struct json *roots[] = {read(DOCUMENT), read("{\"a\":[7]}"), read("[]")};
    for (size_t r = 0; r < 3; r++) {
        struct path_env env = {.a = a, .ctx = ctx}, knows = env;
        knows.known = path_known_new(a, set);
        for (size_t i = 0; i < 2 * (size_t)NROWS; i++) {
            const struct path *p = queries[i % NROWS];
            struct path_nodes one, two;
            ck_assert(path_run(p, roots[r], &env, &one));
            ck_assert_int_eq(path_any(p, roots[r], &knows), one.n > 0);
            ck_assert(path_run(p, roots[r], &knows, &two));
            ck_assert_uint_eq(one.n, two.n);
            for (size_t k = 0; k < one.n; k++)
                ck_assert_ptr_eq(one.v[k].node, two.v[k].node);
        }
    }
}
END_TEST

/* Filters of one set that look at the same list, which is then laid out for all. */
/* clang-format off */
static const struct { const char *query, *paths; } laid_out[] = {
    {"$.l[?@.a == 1]",                     "0 5"},
    {"$.l[?@.b == 1]",                     "2"},
    {"$.l[?@['a'] == 1 && @.b == 2]",      "0"},
    {"$.l[?@.b.c[0] == 3]",                "1 4"},
    {"$.l[?@.b.c]",                        "1 4"},
    {"$.l[?!@.b]",                         "3 5 6 7"},
    {"$.l[?@.aa || @['']]",                "1 5"},
    {"$.l[?@[0] == 'a']",                  "3"},
    {"$.l[?@.b[?@.a == 1 || @ == 1]]",     ""},
    {"$.l[?@.b[?@[0] == 3]]",              "1 4"},
    {"$.l[?@.z == 1]",                     "6"},
    {"$.l[?@.a == 1 && $.l[?@.z]].a",      "0 5"},
    {"$.l[?$.l[?@.b.c[0] == 3] && @.aa]",  "1"},
    {"$.l[?@ == 7, ?@.a == 1, 0]",         "7 0 5 0"},
    {"$['l'][?count(@.b.c.*) == 1]",       "1 4"},
    {"$.l[?@.b != 3 && !@.aa && @.a == 1 && @.b == 2]", "0"},
    {"$.l[?@.b != 2 && (@.a == true || @.z == 1 || @.aa == 1) && @.a != 2]", "1 6"},
    {"$.l[?@.a != 1 && @.b.c && @.z == false]", ""},
    {"$.k[?@.a == 1]",                     "x"},
    {"$.k[?@.b]",                          "y"},
    {"$.k[?@.a && !@.b]",                  "x"},
    {"$.k.x[?@.a]",                        ""},
};
/* clang-format on */
START_TEST(selects_from_what_is_laid_out)
{
    enum { NROWS = sizeof laid_out / sizeof *laid_out };
    struct path_set *set = path_set_new(a, NULL, 0);
    struct path *queries[NROWS];
    for (size_t i = 0; i < NROWS; i++) {
        struct text t = {STR("q"), str_from(laid_out[i].query)};
        queries[i] = path_set_parse(set, &t, t.bytes, dx);
        ck_assert_msg(queries[i] != NULL, "%s", laid_out[i].query);
    }
    struct buf text = BUF_INIT;
    buf_z(&text, "{\"k\": {\"x\": {\"a\": 1}, \"y\": {\"b\": 1}}, \"l\": ["
                 "{\"a\": 1, \"b\": 2}, {\"aa\": 1, \"b\": {\"c\": [3]}}, {\"b\": 1}, "
                 "[\"a\"], {\"b\": {\"c\": [3]}, \"a\": 2}, {\"\": 1, \"a\": 1}, {");
    for (int i = 0; i < 40; i++)
        buf_fmt(&text, "\"m%d\": 1, ", i);
    buf_z(&text, "\"z\": 1}, 7]}");
    const struct json *root = read(buf_view(&text).p);
    struct path_env env = {.a = a, .known = path_known_new(a, set)};
    for (size_t i = 0; i < NROWS; i++) {
        struct path_nodes nodes;
        struct buf b = BUF_INIT;
        ck_assert(path_run(queries[i], root, &env, &nodes));
        for (size_t k = 0; k < nodes.n; k++) {
            const struct path_step *step = path_step_at(nodes.v[k].step, 1);
            buf_z(&b, k ? " " : "");
            if (step->key.p)
                buf_str(&b, step->key);
            else
                buf_fmt(&b, "%zu", step->index);
        }
        ck_assert_msg(str_eq(buf_view(&b), str_from(laid_out[i].paths)), "%s: %s",
                      laid_out[i].query, b.p);
        buf_free(&b);
    }
    buf_free(&text);
}
END_TEST

/* clang-format off */
static const struct { const char *query; size_t skip; const char *pointer; } pointers[] = {
    {"$",                    0, ""},
    {"$.o['k~/'][0]",        0, "/o/k~0~1/0"},
    {"$.o['k~/'][0]",        1, "/k~0~1/0"},
    {"$.o['k~/'][0]",        3, ""},
    {"$.o['k~/'][0]",        9, ""},
    {"$['']",                0, "/"},
};
/* clang-format on */
START_TEST(writes_pointers)
{
    struct path_env env = {.a = a};
    struct path_nodes nodes;
    ck_assert(
        path_run(parse(str_from(pointers[_i].query)), read(DOCUMENT), &env, &nodes));
    ck_assert_uint_eq(nodes.n, 1);
    struct buf b = BUF_INIT;
    path_pointer(&b, nodes.v[0].step, pointers[_i].skip);
    ck_assert_str_eq(buf_dup(a, &b).p, pointers[_i].pointer);
    buf_free(&b);
    for (size_t i = 0, n = path_depth(nodes.v[0].step); i < n; i++)
        ck_assert_uint_eq(path_depth(path_step_at(nodes.v[0].step, i)), i + 1);
}
END_TEST

/* clang-format off */
static const struct { const char *query, *canonical; } canonicals[] = {
    {"$.a..b[1, 'c' ,-2]",        "$['a']..['b'][1, 'c', -2]"},
    {"$[:2][1::-1][?@ .a]",       "$[:2:1][1::-1][?@['a']]"},
    {"$[?(@.a)]",                 "$[?@['a']]"},
    {"$[?!(@.a==1.50)]",          "$[?!(@['a'] == 1.50)]"},
    {"$[?((@.a&&@.b)||@.c)&&(1<=@.d)]", "$[?(@['a'] && @['b'] || @['c']) && 1 <= @['d']]"},
    {"$[?count( @.* )>=2&&match(@.a,\"x'\")]", "$[?count(@[*]) >= 2 && match(@['a'], 'x\\'')]"},
    {"$[?@==true||@==false||@==null]", "$[?@ == true || @ == false || @ == null]"},
    {"$[?both(@.a&&@.b,!@.c)]",   "$[?both(@['a'] && @['b'], !@['c'])]"},
};
/* clang-format on */
START_TEST(writes_canonical_queries)
{
    struct buf b = BUF_INIT;
    path_canonical(&b, parse(str_from(canonicals[_i].query)));
    ck_assert_str_eq(buf_dup(a, &b).p, canonicals[_i].canonical);
    buf_clear(&b);
    path_canonical(&b, parse(str_from(canonicals[_i].canonical)));
    ck_assert_str_eq(buf_dup(a, &b).p, canonicals[_i].canonical);
    buf_free(&b);
}
END_TEST

static const struct {
    const char *query, *names;
} prefixes[] = {
    {"$.a['b'].c", "a b c"},
    {"$.a[0].b", "a"},
    {"$.a[*].b", "a"},
    {"$..a", ""},
    {"$['a','b']", ""},
    {"$.a.b.c.d", "a b c"},
    {"$", ""},
    {"$.a[?@.b].c", "a"},
};
START_TEST(gives_prefix)
{
    struct str names[3];
    size_t n = path_prefix(parse(str_from(prefixes[_i].query)), names, 3);
    struct str all = STR("");
    for (size_t i = 0; i < n; i++)
        all = str_fmt(a, "%s%s%.*s", all.p, i ? " " : "", STR_ARG(names[i]));
    ck_assert_str_eq(all.p, prefixes[_i].names);
}
END_TEST

START_TEST(gives_literals)
{
    static const char query[] = "$.a[?@.b == param('x') && both(@[?@ < param(\"y\")], "
                                "!(param(@.c) == 1 || @ == param('\\u007a')))]";
    struct str names[3];
    size_t offsets[3];
    struct path *p = parse(str_from(query));
    ck_assert_uint_eq(path_literals(p, "param", names, offsets, 3), 3);
    ck_assert(str_eq(names[0], STR("x")) && str_eq(names[1], STR("y")));
    ck_assert(str_eq(names[2], STR("z")));
    ck_assert_uint_eq(offsets[0], (size_t)(strstr(query, "'x'") - query));
    ck_assert_uint_eq(offsets[1], (size_t)(strstr(query, "\"y\"") - query));
    ck_assert_uint_eq(path_literals(p, "param", names, offsets, 0), 3);
    ck_assert_uint_eq(path_literals(p, "glob", names, offsets, 3), 0);
}
END_TEST

/* path_any looks no further than the first node: the counter is asked once. */
static void run_asked(const struct path_env *env, const struct path_arg *args,
                      struct path_arg *result)
{
    (void)args;
    ++*(size_t *)env->ctx;
    result->logical = true;
}
START_TEST(any_stops_early)
{
    static const struct path_func asked[] = {
        {"asked", PATH_LOGICAL, 1, {PATH_VALUE}, run_asked, ""}};
    struct text text = {STR("q"), STR("$..[?asked(@)]")};
    struct path *p = path_parse(a, &text, text.bytes, asked, 1, dx);
    size_t times = 0;
    struct path_env env = {.a = a, .ctx = &times};
    const struct json *root = read(DOCUMENT);
    ck_assert(path_any(p, root, &env));
    ck_assert_uint_eq(times, 1);
    struct path_nodes nodes;
    ck_assert(path_run(p, root, &env, &nodes));
    ck_assert_uint_eq(times, 1 + nodes.n);
    ck_assert(!path_any(p, NULL, &env));
    /* A query of a set is tested once for each root. */
    struct path_set *set = path_set_new(a, asked, 1);
    p = path_set_parse(set, &text, text.bytes, dx);
    times = 0;
    env.known = path_known_new(a, set);
    ck_assert(path_any(p, root, &env) && path_any(p, root, &env));
    ck_assert_uint_eq(times, 1);
}
END_TEST

/* More work than is allowed ends with what was found so far. */
static const char *const endless[] = {
    "$[?@ < 0 || $[?@ < 0 || $[?@ < 0 || $[?@ < 0]]]]",
    "$[?@ < 0 || $[?@ < 0 || $[?@ < 0 || count($[*]) < 0]]]",
    "$[?@ < 0 || $[?@ < 0 || $[?@ < 0 || $[?@ == -1 && $ == 1]]]]",
    "$[0,?@ < 0 || $[?@ < 0 || $[?@ < 0 || $[?length($) < @]]]]",
    "$[0][?search(@, '(a+)+$')]",
    "$[?search($[0][0], '(a+)+$')]",
    "$[?!search($[0][0], $[0][1])]",
    "$[?@ < 0 || $[?@ < 0 || $[?@ < 0 || is_two(count($[0]))]]]",
    "$[?@ < 0 || $[?@ < 0 || $[?@ < 0 || is_two(depth($[*]))]]]",
};
START_TEST(bounds_of_work)
{
    struct buf b = BUF_INIT;
    buf_z(&b, "[[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\",\"(a+)+$\"]");
    for (int i = 0; i < 300; i++)
        buf_z(&b, ",1");
    buf_z(&b, "]");
    struct path_env env = {.a = a};
    const struct json *root = read(buf_dup(a, &b).p);
    buf_free(&b);
    struct path *p = parse(str_from(endless[_i]));
    struct path_nodes nodes;
    bool found;
    ck_assert(!path_run(p, root, &env, &nodes));
    ck_assert_uint_eq(nodes.n, endless[_i][2] == '0' && endless[_i][3] == ',');
    ck_assert_int_eq(path_test(p, root, &env, &found), nodes.n);
    ck_assert_int_eq(found, nodes.n);
    ck_assert_int_eq(path_any(p, root, &env), nodes.n);
}
END_TEST

/* The deepest document and the longest query go through on a small stack. */
START_TEST(deep_documents)
{
    struct buf b = BUF_INIT;
    buf_repeat(&b, '[', JSON_MAX_DEPTH);
    buf_repeat(&b, ']', JSON_MAX_DEPTH);
    const struct json *root = read(buf_dup(a, &b).p);
    buf_free(&b);
    struct path_env env = {.a = a};
    struct path_nodes nodes;
    ck_assert(path_run(parse(STR("$..*")), root, &env, &nodes));
    ck_assert_uint_eq(nodes.n, JSON_MAX_DEPTH - 1);
    ck_assert_uint_eq(path_depth(nodes.v[nodes.n - 1].step), JSON_MAX_DEPTH - 1);
    ck_assert(path_run(parse(STR("$..[?count(@..[?count(@..*) > 1]) == 1]")), root, &env,
                       &nodes));
}
END_TEST

/* clang-format off */
static const struct { const char *pattern, *fault; } patterns[] = {
    {"",            "ok"},
    {"a|",          "ok"},
    {"()*|[-a]|[a-]|[^-]|[--]", "ok"},
    {"\\p{L}\\P{Zs}[\\p{Lu}a-z]{2}{", "25"},
    {"^a$",         "ok"},
    {"[a^$.]",      "ok"},
    {"a{2}b{2,}c{0,3}", "ok"},
    {"é{2}[à-ü]",   "ok"},
    {"a**",         "2"},
    {"a*?",         "2"},
    {"a++",         "2"},
    {"*",           "0"},
    {"(?:a)",       "1"},
    {"(*UTF)a",     "1"},
    {"a)",          "1"},
    {"b(a",         "1"},
    {"[",           "0"},
    {"[]",          "0"},
    {"[^]",         "0"},
    {"[a",          "0"},
    {"[b-a]",       "1"},
    {"[a-\\p{L}]",  "1"},
    {"[a[b]",       "2"},
    {"[a-b-c]",     "4"},
    {"[[:alpha:]]", "1"},
    {"]",           "0"},
    {"}",           "0"},
    {"a{",          "2"},
    {"a{1",         "3"},
    {"a{,2}",       "2"},
    {"a{3,2}",      "1"},
    {"a{65536}",    "2"},
    {"a{65535}",    "ok"},
    {"\\",          "0"},
    {"\\d",         "0"},
    {"a\\Qb",       "1"},
    {"\\$",         "0"},
    {"\\p{Cs}",     "0"},
    {"\\p{Greek}",  "0"},
    {"\\pL",        "0"},
    {"\\p{",        "0"},
    {"\xFF",        "0"},
    {"((a{9999}){9999}){9999}", "0"},
};
/* clang-format on */
START_TEST(checks_patterns)
{
    struct iregexp_fault fault;
    const struct regex *re = regex_new(a, str_from(patterns[_i].pattern), true, &fault);
    ck_assert_str_eq(re ? "ok" : str_fmt(a, "%zu", fault.pos).p, patterns[_i].fault);
}
END_TEST

START_TEST(deep_patterns)
{
    struct iregexp_fault fault;
    struct buf b = BUF_INIT;
    buf_repeat(&b, '(', IREGEXP_MAX_DEPTH);
    buf_repeat(&b, ')', IREGEXP_MAX_DEPTH);
    ck_assert_ptr_nonnull(regex_new(a, buf_view(&b), true, &fault));
    buf_clear(&b);
    buf_repeat(&b, '(', 5000);
    ck_assert_ptr_null(regex_new(a, buf_view(&b), true, &fault));
    ck_assert_uint_eq(fault.pos, IREGEXP_MAX_DEPTH);
    buf_repeat(&b, 'a', 6000);
    ck_assert_ptr_null(regex_new(a, buf_view(&b), true, &fault));
    buf_free(&b);
}
END_TEST

/* A dot leaves out line ends; $ is the very end; bytes that are no text match nothing. */
static const struct {
    const char *pattern, *subject;
    enum regex_result whole, part;
} matches[] = {
    {".", "\n", REGEX_NO, REGEX_NO},
    {".", "\r", REGEX_NO, REGEX_NO},
    {"a$", "a\n", REGEX_NO, REGEX_NO},
    {"a|ab", "ab", REGEX_YES, REGEX_YES},
    {"b", "abc", REGEX_NO, REGEX_YES},
    {".", "\xC3\xA9", REGEX_YES, REGEX_YES},
    {"(a|aa)*b|a+", "aaaaaaaaaaaaaaaaaaa", REGEX_YES, REGEX_YES}, /* needs more steps */
    {".*", "a\xFF", REGEX_NO, REGEX_NO},
    {"", "", REGEX_YES, REGEX_YES},
    {"[^a]", "\n", REGEX_YES, REGEX_YES},
    {"(a+)+", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", REGEX_CUT, REGEX_YES},
};
START_TEST(runs_patterns)
{
    struct regex_scratch *scratch = NULL;
    struct str pattern = str_from(matches[_i].pattern);
    struct str subject = str_from(matches[_i].subject);
    size_t budget = 50000;
    ck_assert_int_eq(regex_run_text(pattern, true, &scratch, subject, &budget),
                     matches[_i].whole);
    ck_assert_int_eq(regex_run_text(pattern, false, &scratch, subject, &budget),
                     matches[_i].part);
    budget = 9;
    ck_assert_int_eq(regex_run_text(pattern, false, &scratch, subject, &budget),
                     REGEX_CUT);
    regex_scratch_free(scratch);
}
END_TEST

/* One compiled path in several threads, each with an arena of its own. */
struct job {
    const struct path *p;
    const struct json *root;
    size_t found[64];
};
static void run_job(void *ctx, size_t item, unsigned worker)
{
    (void)worker;
    struct job *job = ctx;
    struct path_env env = {.a = arena_new()};
    struct path_nodes nodes;
    if (path_run(job->p, job->root, &env, &nodes))
        job->found[item] = nodes.n;
    arena_free(env.a);
}
START_TEST(runs_in_threads)
{
    struct job job = {.p = parse(STR("$..[?match(@, 'x.?') || search(@, $.e)]")),
                      .root = read("{\"e\":\"z\",\"a\":[\"x\",\"xy\",\"azb\",1]}")};
    threads_for(64, 4, run_job, &job);
    for (size_t i = 0; i < 64; i++)
        ck_assert_uint_eq(job.found[i], 4);
}
END_TEST

START_TEST(lists_functions)
{
    size_t n;
    const struct path_func *f = path_functions(&n);
    ck_assert_uint_eq(n, 5);
    ck_assert_str_eq(f[0].name, "length");
    ck_assert_str_eq(f[4].name, "value");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("path");
    TCase *c = tcase_create("path");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, setup, teardown);
    unit_rows(c, rejects_with_place, bad);
    unit_rows(c, bounds_of_queries, large);
    unit_rows(c, says_what_to_do, advice);
    tcase_add_test(c, place_in_a_file);
    unit_rows(c, selects_with_paths, selects);
    tcase_add_test(c, selects_with_a_set);
    tcase_add_test(c, selects_from_what_is_laid_out);
    unit_rows(c, writes_pointers, pointers);
    unit_rows(c, writes_canonical_queries, canonicals);
    unit_rows(c, gives_prefix, prefixes);
    tcase_add_test(c, gives_literals);
    tcase_add_test(c, any_stops_early);
    unit_rows(c, bounds_of_work, endless);
    tcase_add_test(c, deep_documents);
    unit_rows(c, checks_patterns, patterns);
    tcase_add_test(c, deep_patterns);
    unit_rows(c, runs_patterns, matches);
    tcase_add_test(c, runs_in_threads);
    tcase_add_test(c, lists_functions);
    suite_add_tcase(s, c);
    return unit_run(s, "path");
}
