/* Unit tests of gen/catalog: what a good catalog becomes, what each fault is called and
 * where it is shown, parameters, and the functions of queries. */
#include "unit.h"

#include "base/when.h"
#include "catalog/catalog.h"
#include "json/json.h"
#include "json/path.h"

#include <stdio.h>
#include <stdlib.h>
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

#define CATALOG                                                                          \
    "{\"id\":\"own\",\"version\":\"1\",\"title\":\"Own\",\"source\":\"https://"          \
    "x.example\",\n"                                                                     \
    "\"frameworks\":[{\"id\":\"fw\",\"title\":\"F\",\"url\":\"https://f.example\"}],\n"  \
    "\"parameters\":{\"days\":{\"type\":\"integer\",\"default\":90,\"min\":1,\"help\":"  \
    "\"h\"},\n"                                                                          \
    "\"names\":{\"type\":\"list\",\"default\":[\"a\"],\"help\":\"h\"},\n"                \
    "\"mode\":{\"type\":\"string\",\"default\":\"x\",\"choices\":[\"x\",\"y\"],"         \
    "\"help\":\"h\"},\n"                                                                 \
    "\"on\":{\"type\":\"boolean\",\"default\":false,\"help\":\"h\"}},\n"                 \
    "\"max_age\":\"days\",\"controls\":[\"C-1\"]}"
#define HEAD                                                                             \
    "{\"id\":\"C-1\",\"title\":\"T\",\"source\":\"https://x.example\",\"checks\":[\n"
#define CHECK(members)                                                                   \
    HEAD                                                                                 \
        "{\"id\":\"C-1.1\",\"title\":\"t\",\"severity\":\"low\",\"subject\":\"stream\"," \
        "\"expected\":\"e\"," members "}]}"
#define JUDGED "\"require\":\"$.facts.uses\",\"message\":\"m\""
#define PROSE                                                                            \
    "# C-1 T\n## Practice\np\n## Why it matters\nw\n## How it is tested\nh\n"            \
    "## C-1.1 t\n### How it is tested\nht\n```sh\n# no heading\n```\n### Remedy\nr\n"

static struct catalog *load3(const char *catalog, const char *control, const char *prose)
{
    struct text *files = ARENA_ARRAY(a, struct text, 3);
    size_t n = 0;
    if (catalog)
        files[n++] = (struct text){STR("catalog.json"), str_from(catalog)};
    if (control)
        files[n++] = (struct text){STR("c/C-1.json"), str_from(control)};
    if (prose)
        files[n++] = (struct text){STR("c/C-1.md"), str_from(prose)};
    return catalog_load_memory(a, files, n, dx);
}

START_TEST(reads_all)
{
    struct catalog *c = load3(
        CATALOG,
        CHECK("\"needs\":[\"kinesis:DescribeStream|kinesis:DescribeStreamSummary\","
              "{\"kind\":\"kms:DescribeKey\",\"max_age_days\":7,\"optional\":true}],"
              "\"references\":{\"fw\":[\"1\",\"2\"]},\"command\":\"do {{arn}}\","
              "\"basis\":{\"kind\":\"inherited\",\"source\":\"https://b.example\"},"
              "\"applies\":\"$.facts.uses[?@.use]\",\"at\":\"$.facts.encryption\","
              "\"require\":\"$.facts.access[?@.sid < param('days') && "
              "one_of(@.kind, param('names')) && @.account == param('mode') && "
              "param('on') == true]\",\"message\":\"m {{principal}}\"}"
              ",{\"id\":\"C-1.2\",\"title\":\"t\",\"severity\":\"high\","
              "\"subject\":\"role\",\"expected\":\"e\",\"manual\":true"),
        PROSE "## C-1.2 t\n### How it is tested\nx\n### Remedy\ny");
    if (!c) {
        struct buf out = BUF_INIT;
        diag_print(dx, &out, false);
        ck_abort_msg("%s", out.p);
    }
    ck_assert_uint_eq(c->checks.n, 2);
    const struct check *k = catalog_check(c, STR("c-1.1"));
    ck_assert(k && !k->manual && c->checks.v[1]->manual);
    ck_assert_int_eq(k->severity, SEVERITY_LOW);
    ck_assert_str_eq(k->subject, "stream");
    ck_assert_uint_eq(k->needs.n, 2);
    ck_assert_str_eq(k->needs.v[0].kinds[1], "kinesis:DescribeStreamSummary");
    ck_assert_int_eq(need_max_age_days(&k->needs.v[0]), 90);
    ck_assert_int_eq(need_max_age_days(&k->needs.v[1]), 7);
    ck_assert(k->needs.v[1].optional);
    ck_assert_uint_eq(k->params.n, 4);
    ck_assert_uint_eq(k->facts.n, 1);
    ck_assert(k->applies_elsewhere && str_eq(k->at_facts.v[0], STR("encryption")));
    ck_assert(str_eq(k->basis, STR("inherited")));
    ck_assert(str_eq(k->prose, STR("ht\n```sh\n# no heading\n```")));
    ck_assert(str_eq(k->remedy, STR("r")));
    ck_assert(str_eq(c->controls.v[0]->statement, STR("p")));
    ck_assert_uint_eq(k->references.n, 2);
    catalog_seal(a, c);
    ck_assert_uint_eq(c->sha256.n, 64);
    ck_assert(catalog_control(c, STR("c-1")) == c->controls.v[0]);
    ck_assert(!catalog_check(c, STR("C-1.9")) && !catalog_control(c, STR("C-2")));
    ck_assert_uint_eq(diag_len(dx), 0);
}
END_TEST

/* Which facts undecided looks at. */
static const struct {
    const char *query, *facts;
} doubts[] = {
    {"$.facts.access[?@.sid]", "access"},
    {"$.facts.unknown[?@.about == 'access']", "access"},
    {"$.facts.unknown[?@.about == 'access'] ", NULL},
    {"$.facts.unknown[?@.about == 'access' || @.about == 'uses']", "unknown"},
    {"$.facts.unknown[?@.about != 'access']", "unknown"},
    {"$.facts.unknown", "unknown"},
    {"$.facts.uses[?!$.facts.unknown[?@.about == 'access']]", "uses access"},
};

START_TEST(undecided_facts)
{
    struct str check =
        str_fmt(a, CHECK("%s,\"undecided\":\"%s\""), JUDGED, doubts[_i].query);
    const struct catalog *c = load3(CATALOG, check.p, PROSE);
    ck_assert(!c == !doubts[_i].facts);
    struct str facts = str_from(doubts[_i].facts ? doubts[_i].facts : ""), fact;
    size_t n = 0;
    for (const struct check *k = c ? c->checks.v[0] : NULL; facts.n; n++) {
        str_cut(facts, ' ', &fact, &facts);
        ck_assert(n < k->undecided_facts.n && str_eq(k->undecided_facts.v[n], fact));
    }
    ck_assert(!c || n == c->checks.v[0]->undecided_facts.n);
}
END_TEST

/* clang-format off */
static const struct {
    const char *what, *catalog, *control, *prose, *code;
} bad[] = {
    {"no catalog.json", NULL, CHECK(JUDGED), PROSE, "0:0 CAT-101"},
    {"no control file", CATALOG, NULL, PROSE, "7:30 CAT-101"},
    {"no prose file", CATALOG, CHECK(JUDGED), NULL, "7:30 CAT-101"},
    {"not JSON", "{", CHECK(JUDGED), PROSE, "1:2 JSN-102"},
    {"key missing", CATALOG, HEAD "{\"id\":\"C-1.1\",\"title\":\"t\",\"severity\":\"low\",\"expected\":\"e\"," JUDGED "}]}", PROSE, "2:1 CAT-102"},
    {"no message", CATALOG, CHECK("\"require\":\"$.a\""), PROSE, "2:7 CAT-102"},
    {"wrong type", CATALOG, CHECK(JUDGED ",\"manual\":\"no\""), PROSE, "2:126 CAT-103"},
    {"empty title", CATALOG, HEAD "{\"id\":\"C-1.1\",\"title\":\" \",\"severity\":\"low\",\"subject\":\"stream\",\"expected\":\"e\"," JUDGED "}]}", PROSE, "2:23 CAT-103"},
    {"basis of another kind", CATALOG, CHECK(JUDGED ",\"basis\":{\"kind\":\"believed\",\"source\":\"s\"}"), PROSE, "2:133 CAT-103"},
    {"id twice", CATALOG, CHECK(JUDGED "},{\"id\":\"C-1.1\",\"title\":\"t\",\"severity\":\"low\",\"subject\":\"stream\",\"expected\":\"e\"," JUDGED), PROSE, "2:124 CAT-104"},
    {"unknown key", CATALOG, CHECK(JUDGED ",\"mesage\":\"x\""), PROSE, "2:117 CAT-105"},
    {"id of another control", CATALOG, HEAD "{\"id\":\"C-2.1\",\"title\":\"t\",\"severity\":\"low\",\"subject\":\"stream\",\"expected\":\"e\"," JUDGED "}]}", PROSE, "2:7 CAT-106"},
    {"unknown severity", CATALOG, HEAD "{\"id\":\"C-1.1\",\"title\":\"t\",\"severity\":\"hihg\",\"subject\":\"stream\",\"expected\":\"e\"," JUDGED "}]}", PROSE, "2:38 CAT-107"},
    {"unknown subject", CATALOG, HEAD "{\"id\":\"C-1.1\",\"title\":\"t\",\"severity\":\"low\",\"subject\":\"steam\",\"expected\":\"e\"," JUDGED "}]}", PROSE, "2:54 CAT-108"},
    {"unknown kind", CATALOG, CHECK(JUDGED ",\"needs\":[\"kinesis:DescribeSteam\"]"), PROSE, "2:126 CAT-109"},
    {"both require and forbid", CATALOG, CHECK(JUDGED ",\"forbid\":\"$.a\""), PROSE, "2:7 CAT-110"},
    {"neither", CATALOG, CHECK("\"message\":\"m\""), PROSE, "2:7 CAT-110"},
    {"manual with a query", CATALOG, CHECK(JUDGED ",\"manual\":true"), PROSE, "2:7 CAT-110"},
    {"bad query", CATALOG, CHECK("\"require\":\"$.a[?@.sid =]\",\"message\":\"m\""), PROSE, "2:100 JPA-123"},
    {"unknown function", CATALOG, CHECK("\"require\":\"$[?globb(@, 'a')]\",\"message\":\"m\""), PROSE, "JPA"},
    {"unknown parameter", CATALOG, CHECK("\"require\":\"$[?@ == param('dayz')]\",\"message\":\"m\""), PROSE, "2:103 CAT-111"},
    {"unknown age parameter", CATALOG, CHECK(JUDGED ",\"needs\":[{\"kind\":\"kms:DescribeKey\",\"max_age_days\":\"dayz\"}]"), PROSE, "CAT-111"},
    {"list as a number", CATALOG, CHECK("\"require\":\"$[?@ < param('names')]\",\"message\":\"m\""), PROSE, "CAT-112"},
    {"text as a number", CATALOG, CHECK("\"require\":\"$[?param('mode') >= @]\",\"message\":\"m\""), PROSE, "CAT-112"},
    {"number as a list", CATALOG, CHECK("\"require\":\"$[?one_of(@, param('days'))]\",\"message\":\"m\""), PROSE, "CAT-112"},
    {"list compared", CATALOG, CHECK("\"require\":\"$[?@ == param('names')]\",\"message\":\"m\""), PROSE, "CAT-112"},
    {"age by a list", CATALOG, CHECK(JUDGED ",\"needs\":[{\"kind\":\"kms:DescribeKey\",\"max_age_days\":\"names\"}]"), PROSE, "CAT-112"},
    {"prose missing", CATALOG, CHECK(JUDGED), "# C-1\n## Practice\np\n## Why it matters\nw\n## How it is tested\nh\n## C-1.1\n### How it is tested\nx\n", "0:0 CAT-113"},
    {"stray section", CATALOG, CHECK(JUDGED), PROSE "## C-1.9 x\n", "16:1 CAT-114"},
    {"section twice", CATALOG, CHECK(JUDGED), PROSE "### Remedy\nr\n", "16:1 CAT-114"},
    {"unknown framework", CATALOG, CHECK(JUDGED ",\"references\":{\"fv\":[\"1\"]}"), PROSE, "2:131 CAT-115"},
    {"age out of range", CATALOG, CHECK(JUDGED ",\"needs\":[{\"kind\":\"kms:DescribeKey\",\"max_age_days\":-1}]"), PROSE, "CAT-117"},
    {"no checks", CATALOG, HEAD "]}", "# C-1\n## Practice\np\n## Why it matters\nw\n## How it is tested\nh\n", "1:63 CAT-120"},
    {"bad template", CATALOG, CHECK("\"require\":\"$.a\",\"message\":\"{{a\""), PROSE, "TPL"},
    {"place of a bad template", CATALOG, CHECK("\"require\":\"$.a\",\"message\":\"{{a\""), PROSE, "CAT-121"},
    {"unknown fact", CATALOG, CHECK("\"require\":\"$.facts.acess[*]\",\"message\":\"m\""), PROSE, "2:97 CAT-122"},
    {"unknown fact in words", CATALOG, CHECK("\"require\":\"$.a\",\"message\":\"{{facts.acess.count}}\""), PROSE, "1:1 CAT-122"},
    {"unknown member", CATALOG, CHECK("\"require\":\"$.facts.access[?@.princpal]\",\"message\":\"m\""), PROSE, "2:107 CAT-123"},
    {"unknown name in words", CATALOG, CHECK("\"require\":\"$.facts.access\",\"message\":\"of {{princpal}}\""), PROSE, "1:4 CAT-123"},
    {"unknown parameter in words", CATALOG, CHECK("\"require\":\"$.facts.access\",\"message\":\"{{param.dayz}}\""), PROSE, "1:1 CAT-111"},
    {"default of another type", "{\"id\":\"own\",\"version\":\"1\",\"title\":\"t\",\"source\":\"s\",\"controls\":[\"C-1\"],\n\"parameters\":{\"p\":{\"type\":\"integer\",\"default\":\"x\",\"help\":\"h\"}}}", CHECK(JUDGED), PROSE, "2:47 CAT-103"},
    {"default out of range", "{\"id\":\"own\",\"version\":\"1\",\"title\":\"t\",\"source\":\"s\",\"controls\":[\"C-1\"],\n\"parameters\":{\"p\":{\"type\":\"integer\",\"default\":5,\"min\":6,\"help\":\"h\"}}}", CHECK(JUDGED), PROSE, "2:47 CAT-117"},
    {"no controls", "{\"id\":\"own\",\"version\":\"1\",\"title\":\"t\",\"source\":\"s\",\"controls\":[]}", NULL, NULL, "1:63 CAT-120"},
    {"id with a slash", "{\"id\":\"own\",\"version\":\"1\",\"title\":\"t\",\"source\":\"s\",\"controls\":[\"../x\"]}", NULL, NULL, "1:64 CAT-106"},
    {"catalog id in capitals", "{\"id\":\"OWN\",\"version\":\"1\",\"title\":\"t\",\"source\":\"s\",\"controls\":[\"C-1\"]}", CHECK(JUDGED), PROSE, "1:7 CAT-106"},
    {"same class name", "{\"id\":\"own\",\"version\":\"1\",\"title\":\"t\",\"source\":\"s\",\"controls\":[\"C-1\",\"C.x\",\"C_x\"]}", CHECK(JUDGED), PROSE, "CAT-118"},
};
/* clang-format on */
START_TEST(rejects_with_place)
{
    ck_assert_ptr_null(load3(bad[_i].catalog, bad[_i].control, bad[_i].prose));
    bool found = false;
    struct buf seen = BUF_INIT;
    for (size_t i = 0; i < diag_len(dx); i++) {
        struct diag_view v = diag_get(dx, i);
        struct str s = str_fmt(a, "%u:%u %s", v.place.line, v.place.column, v.code);
        found |= str_has(s, str_from(bad[_i].code));
        buf_fmt(&seen, "%.*s; ", STR_ARG(s));
    }
    ck_assert_msg(found, "%s: %s, not %s", bad[_i].what, seen.p, bad[_i].code);
    buf_free(&seen);
}
END_TEST

START_TEST(says_near_name)
{
    load3(CATALOG, CHECK(JUDGED ",\"mesage\":\"x\",\"needs\":[\"kms:DescribKey\"]"),
          PROSE);
    struct buf out = BUF_INIT;
    diag_print(dx, &out, false);
    ck_assert_ptr_nonnull(strstr(out.p, "did you mean \"message\"?"));
    ck_assert_ptr_nonnull(strstr(out.p, "did you mean \"kms:DescribeKey\"?"));
    buf_free(&out);
}
END_TEST

/* Warnings leave the catalog usable. */
START_TEST(warns)
{
    struct text files[] = {
        {STR("catalog.json"), STR(CATALOG)}, {STR("C-1.json"), STR(CHECK(JUDGED))},
        {STR("C-1.md"), STR(PROSE)},         {STR("C-9.json"), STR("{}")},
        {STR("README.md"), STR("")},
    };
    ck_assert_ptr_nonnull(catalog_load_memory(a, files, 5, dx));
    size_t stray = 0, unused = 0;
    for (size_t i = 0; i < diag_len(dx); i++) {
        stray += !strcmp(diag_get(dx, i).code, "CAT-116");
        unused += !strcmp(diag_get(dx, i).code, "CAT-119");
    }
    ck_assert_uint_eq(stray, 1);
    ck_assert_uint_eq(unused, 3);
}
END_TEST

static const struct {
    const char *set, *code, *value;
} sets[] = {
    {"days=30", NULL, "30"},        {" days =30", NULL, "30"},
    {"on=true", NULL, "true"},      {"on=No", NULL, "false"},
    {"mode=y", NULL, "y"},          {"names=x, y,,z", NULL, "x"},
    {"days", "CAT-201", NULL},      {"dayz=3", "CAT-202", NULL},
    {"days=many", "CAT-203", NULL}, {"on=perhaps", "CAT-203", NULL},
    {"days=0", "CAT-204", NULL},    {"mode=z", "CAT-204", NULL},
};
START_TEST(sets_params)
{
    struct catalog *c = load3(CATALOG, CHECK(JUDGED), PROSE);
    struct diag *own = diag_new(a);
    struct str set = str_from(sets[_i].set), name;
    bool ok = catalog_set_param(a, c, set, own);
    ck_assert_int_eq(ok, sets[_i].code == NULL);
    if (!ok) {
        ck_assert_str_eq(diag_first(own, DIAG_ERROR), sets[_i].code);
        return;
    }
    str_cut(set, '=', &name, NULL);
    const struct param *p = map_get(&c->params, str_trim(name));
    const struct json *v = p->type == PARAM_LIST ? json_first(p->value) : p->value;
    struct str got =
        json_is(v, JSON_NUMBER) ? str_fmt(a, "%g", json_num(v)) : json_scalar(v);
    ck_assert(
        str_eq(json_is(v, JSON_STRING) ? json_str(v) : got, str_from(sets[_i].value)));
    if (p->type == PARAM_LIST)
        ck_assert_uint_eq(json_size(p->value), 3);
}
END_TEST

/* A query over {"v": ...}: does it select v? */
static const struct {
    const char *query, *value;
    bool selects;
} calls[] = {
    {"$[?glob(@, 'a*c')]", "\"abc\"", true},
    {"$[?glob(@, 'a*c')]", "\"ABC\"", false},
    {"$[?glob(@, 'a*c')]", "7", false},
    {"$[?glob_nocase(@, 'A*C')]", "\"abc\"", true},
    {"$[?glob_any(@, param('names'))]", "\"a\"", true},
    {"$[?glob_any(@, param('names'))]", "\"b\"", false},
    {"$[?glob_any(@, 'b*')]", "\"bcd\"", true},
    {"$[?age_days(@) == 10]", "\"2026-11-13T10:00:00Z\"", true},
    {"$[?age_days(@) == 10]", "1794564000", true},
    {"$[?age_days(@) < 0]", "\"2026-11-30T10:00:00Z\"", true},
    {"$[?age_days(@) == 0]", "\"never\"", false},
    {"$[?age_days(@) == 0]", "null", false},
    {"$[?@ == param('days')]", "90", true},
    {"$[?@ == param('nothing')]", "90", false},
    {"$[?lower(@) == 'abc']", "\"AbC\"", true},
    {"$[?lower(@) == 'abc']", "3", false},
    {"$[?starts(@, 'ab')]", "\"abc\"", true},
    {"$[?ends(@, 'bc')]", "\"abc\"", true},
    {"$[?contains(@, 'b')]", "\"abc\"", true},
    {"$[?contains(@, 'x')]", "\"abc\"", false},
    {"$[?one_of(@, param('names'))]", "\"a\"", true},
    {"$[?one_of('a', @)]", "[\"b\",\"a\"]", true},
    {"$[?one_of('a', @)]", "\"a\"", true},
    {"$[?one_of('a', @.x)]", "{}", false},
    {"$[?arn_service(@) == 'iam']", "\"arn:aws:iam::111122223333:role/a\"", true},
    {"$[?arn_region(@) == '']", "\"arn:aws:iam::111122223333:role/a\"", true},
    {"$[?arn_account(@) == '111122223333']", "\"arn:aws:iam::111122223333:role/a\"",
     true},
    {"$[?arn_resource(@) == 'secret:a:b']", "\"arn:aws:s:r:1:secret:a:b\"", true},
    {"$[?arn_account(@) == '']", "\"arn:aws\"", false},
    {"$[?arn_account(@) == '']", "\"role/a\"", false},
};
START_TEST(functions)
{
    struct catalog *c = load3(CATALOG, CHECK(JUDGED), PROSE);
    struct text t = {STR("q"), str_from(calls[_i].query)};
    size_t n;
    const struct path_func *funcs = catalog_functions(&n);
    struct path *p = path_parse(a, &t, t.bytes, funcs, n, dx);
    ck_assert_ptr_nonnull(p);
    struct text doc = {STR("d"), str_fmt(a, "{\"v\": %s}", calls[_i].value)};
    const struct json *root = json_read(a, &doc, dx);
    struct query_ctx ctx = {.catalog = c};
    when_read(STR("2026-11-23T10:00:00Z"), &ctx.now);
    struct path_env env = {a, &ctx, NULL};
    ck_assert_int_eq(path_any(p, root, &env), calls[_i].selects);
}
END_TEST

static char *slurp(const char *path)
{
    FILE *f = fopen(path, "rb");
    ck_assert_ptr_nonnull(f);
    char *text = ARENA_ARRAY(a, char, 1 << 17);
    text[fread(text, 1, (1 << 17) - 1, f)] = 0;
    fclose(f);
    return text;
}

/* controls/README.md tells of every key and every function, and of nothing that is not.
 */
START_TEST(readme_lists_all)
{
    const char *text = slurp("controls/README.md");
    size_t n;
    const struct catalog_key *keys = catalog_keys(&n);
    for (size_t i = 0; i < n; i++) {
        struct str row = str_fmt(a, "| `%s` | %s |", keys[i].name, keys[i].help);
        ck_assert_msg(strstr(text, row.p) != NULL, "not in controls/README.md: %s",
                      row.p);
    }
    const struct path_func *funcs = catalog_functions(&n);
    for (size_t i = 0; i < n; i++) {
        struct str row = str_fmt(a, "| %s |", funcs[i].help);
        ck_assert_msg(strstr(text, row.p) != NULL, "not in controls/README.md: %s",
                      row.p);
    }
}
END_TEST

/* The example check of controls/README.md is one that the reader takes. */
START_TEST(readme_example)
{
    char *text = slurp("controls/README.md");
    char *from = strstr(text, "{\n     \"id\": \"KDA-3.30\"");
    ck_assert_ptr_nonnull(from);
    *strstr(from, "```") = 0;
    struct text files[] = {
        {STR("catalog.json"),
         STR("{\"id\":\"own\",\"version\":\"1\",\"title\":\"t\",\"source\":\"s\","
             "\"controls\":[\"KDA-3\"]}")},
        {STR("KDA-3.json"),
         str_fmt(a, "{\"id\":\"KDA-3\",\"title\":\"t\",\"source\":\"s\",\"checks\":[%s]}",
                 from)},
        {STR("KDA-3.md"),
         STR("## Practice\np\n## Why it matters\nw\n## How it is tested\nh\n"
             "## KDA-3.30\n### How it is tested\nx\n### Remedy\ny\n")},
    };
    ck_assert_ptr_nonnull(catalog_load_memory(a, files, 3, dx));
    ck_assert_uint_eq(diag_len(dx), 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("catalog");
    TCase *t = tcase_create("catalog");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, reads_all);
    unit_rows(t, undecided_facts, doubts);
    unit_rows(t, rejects_with_place, bad);
    tcase_add_test(t, says_near_name);
    tcase_add_test(t, warns);
    unit_rows(t, sets_params, sets);
    unit_rows(t, functions, calls);
    tcase_add_test(t, readme_lists_all);
    tcase_add_test(t, readme_example);
    suite_add_tcase(s, t);
    return unit_run(s, "catalog");
}
