/* Unit tests of gen/tmpl: what templates mean, and a row with its place for every
 * message. The spec's own cases are in tests/suites/suite_mustache.c. */
#include "unit.h"

#include "base/relay.h"
#include "base/threads.h"
#include "json/json.h"
#include "tmpl/tmpl.h"

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
    const char *name, *text;
} partials[] = {
    {"row", "- {{name}}\n"},
    {"deep", "{{>deep2}}"},
    {"deep2", "[{{#code}}{{name}}{{/code}}]"},
    {"self", "{{#more}}{{>self}}{{/more}}"},
    {"ping", "{{>pong}}"},
    {"pong", "\n {{>ping}}"},
    {"broken", "x\n{{name"},
    {"endless", "{{>endless}}"},
    {"two", "one {{name}}\n\n{{#list}}\n{{.}};\n{{/list}}\n  {{>row}}\nend"},
    {"inline", "<\n{{>row}}>"},
    {"bomb", "{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}"},
};

static const struct text *partial(void *ctx, struct str name)
{
    (void)ctx;
    for (size_t i = 0; i < sizeof partials / sizeof *partials; i++)
        if (str_eq(name, str_from(partials[i].name))) {
            struct text *t = ARENA_NEW(a, struct text);
            *t = (struct text){name, str_from(partials[i].text)};
            return t;
        }
    return NULL;
}

static const struct tmpl_mode modes[] = {
    {"code", ESCAPE_MD_CODE, "a code span"},
    {"prose", ESCAPE_PROSE_HTML, "catalog prose"},
    {"cdata", ESCAPE_CDATA, "inside CDATA"},
};

static void prose(struct buf *out, struct str markdown)
{
    buf_fmt(out, "<p>%.*s</p>", STR_ARG(markdown));
}

/* Only a value that begins with "<b>" is safe. */
static bool safe(void *ctx, struct view v)
{
    (void)ctx;
    return str_starts(json_str(v.p), STR("<b>"));
}

static struct str nearest(void *ctx, struct view v, struct str name)
{
    (void)ctx;
    for (const struct json *n = json_first(v.p); n; n = json_next(n))
        if (str_distance(json_key(n), name, 2) <= 2)
            return json_key(n);
    return STR("");
}

static struct view view_of(struct diag *dx, const char *json)
{
    struct text *t = ARENA_NEW(a, struct text);
    *t = (struct text){STR("data"), str_from(json)};
    return tmpl_json_view(json_read(a, t, dx));
}

static struct tmpl *compile(const char *template, bool strict, struct diag *dx)
{
    struct text *t = ARENA_NEW(a, struct text);
    *t = (struct text){STR("t"), str_from(template)};
    struct tmpl_options opt = {.escape = ESCAPE_HTML,
                               .modes = modes,
                               .nmodes = sizeof modes / sizeof *modes,
                               .strict = strict,
                               .partial = partial,
                               .prose = prose,
                               .max_bytes = 1 << 20,
                               .max_steps = 1 << 16};
    return tmpl_parse(a, t, &opt, dx);
}

/* What the template writes, or "line:column CODE" of its first error. */
static const char *run(const char *template, const char *json, bool strict)
{
    struct diag *dx = diag_new(a);
    struct tmpl_data data = tmpl_json_data();
    data.safe = safe;
    data.nearest = nearest;
    struct view root = view_of(dx, json);
    struct tmpl *t = compile(template, strict, dx);
    struct buf out = BUF_INIT;
    bool ok = t && tmpl_render(t, &data, root, &out, dx);
    struct str said = ok ? buf_dup(a, &out) : unit_first_error(a, dx);
    ck_assert(ok == !diag_count(dx, DIAG_ERROR));
    buf_free(&out);
    return str_z(a, said);
}

/* clang-format off */
static const struct {
    const char *in, *json, *out;
} good[] = {
    {"",                          "{}",                        ""},
    {"\xEF\xBB\xBF{{!c}}\nx",     "{}",                        "x"},
    {"{{a}}",                     "{\"a\":\"<&>\\\"'\"}",      "&lt;&amp;&gt;&quot;&#39;"},
    {"{{a}}",                     "{\"a\":\"x\\u202ey\"}",     "x&lt;U+202E&gt;y"},
    {"{{a}} {{b}} {{c}}|",        "{\"a\":true,\"b\":false,\"c\":null}", "true false |"},
    {"{{#a}}yes{{/a}}",           "{\"a\":0}",                 "yes"},
    {"{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\":\"\"}",          "no"},
    {"{{#a}}{{b}}{{/a}}",         "{\"a\":[{},{\"b\":1}],\"b\":2}", "21"},
    {"{{{a}}}{{&a}}",             "{\"a\":\"<b>x\"}",          "<b>x<b>x"},
    {"{{#code}}{{a}}{{/code}}",   "{\"a\":\"x`y\"}",           "``x`y``"},
    {"{{#code}}`{{/code}}{{a}}",  "{\"a\":\"<\"}",             "`&lt;"},
    {"{{#code}}\n{{a}}\n{{/code}}\n", "{\"a\":\"x\"}",         "`x`\n"},
    {"{{#prose}}{{a}}{{/prose}}", "{\"a\":\"x\"}",             "<p>x</p>"},
    {"{{#cdata}}{{a}}>{{/cdata}}","{\"a\":\"x]]\"}",           "x]] >"},
    {"{{#cdata}}{{a}}]>{{/cdata}}","{\"a\":\"x]\"}",           "x] ]>"},
    {"{{#cdata}}{{a}}{{b}}{{/cdata}}","{\"a\":\"]\",\"b\":\"]>\"}", "]] >"},
    {"{{#cdata}}{{a}}]]>{{/cdata}}","{\"a\":\"[[]]\"}",        "[[]]]]>"},
    {"{{>deep}}",                 "{\"name\":\"<\"}",          "[`<`]"},
    {"{{#code}}{{>row}}{{/code}}","{\"name\":\"<\"}",          "- `<`\n"},
    {"{{#a}}\n  {{>row}}\n{{/a}}","{\"a\":[{\"name\":1},{\"name\":2}]}", "  - 1\n  - 2\n"},
    {" {{>two}}\n|",              "{\"name\":1,\"list\":[\"a\",\"b\"]}",
                                  " one 1\n \n a;\n b;\n   - 1\n end|"},
    {" {{>inline}}\n",            "{\"name\":1}",              " <\n - 1\n>"},
    {"  {{>inline}} x\n",         "{\"name\":1}",              "  <\n- 1\n> x\n"},
    {"{{=<% %>=}}<%a%><%{a}%><%={{ }}=%>{{a}}", "{\"a\":\"<b>\"}", "&lt;b&gt;<b>&lt;b&gt;"},
    {"{{a}}}",                    "{\"a\":1}",                 "1}"},
    {"{a} }} {{ a }}",            "{\"a\":1}",                 "{a} }} 1"},
    {"{{!\n}}\n{{#a}}\n{{/a}}",   "{\"a\":1}",                 ""},
};
/* clang-format on */
START_TEST(renders)
{
    ck_assert_str_eq(run(good[_i].in, good[_i].json, true), good[_i].out);
}
END_TEST

#define FOUR(x) x x x x
#define DEEP FOUR(FOUR("{{#a}}{{#a}}")) "{{#a}}" FOUR(FOUR("{{/a}}{{/a}}")) "{{/a}}"

/* clang-format off */
static const struct {
    const char *in, *json, *err;
} bad[] = {
    {"a\n {{name",             "{}",           "2:2 TPL-101"},
    {"{{#a}}{{{name}}",        "{}",           "1:7 TPL-101"},
    {"{{=a b}}",               "{}",           "1:1 TPL-101"},
    {"é {{#a}}",               "{}",           "1:3 TPL-102"},
    {"{{#a}}\n{{#b}}{{/b}}",   "{}",           "1:1 TPL-102"},
    {"{{/a}}",                 "{}",           "1:1 TPL-103"},
    {"{{#a}}{{/b}}{{/a}}",     "{}",           "1:7 TPL-103"},
    {"{{=a=}}",                "{}",           "1:1 TPL-104"},
    {"{{= a b c =}}",          "{}",           "1:1 TPL-104"},
    {"{{==}}",                 "{}",           "1:1 TPL-104"},
    {"{{=a= =b=}}",            "{}",           "1:1 TPL-104"},
    {"{{}}",                   "{}",           "1:1 TPL-105"},
    {"{{a b}}",                "{}",           "1:1 TPL-105"},
    {"{{a..b}}",               "{}",           "1:1 TPL-105"},
    {"{{.a}}",                 "{}",           "1:1 TPL-105"},
    {"{{a.}}",                 "{}",           "1:1 TPL-105"},
    {"{{..}}",                 "{}",           "1:1 TPL-105"},
    {"{{# }}{{/ }}",           "{}",           "1:1 TPL-105"},
    {"{{> }}",                 "{}",           "1:1 TPL-105"},
    {"x {{>none}}",            "{}",           "1:3 TPL-106"},
    {"{{>../row}}",            "{}",           "1:1 TPL-106"},
    {"{{>self}}",              "{}",           "1:10 TPL-107"},
    {"{{>ping}}",              "{}",           "2:2 TPL-107"},
    {DEEP,                     "{\"a\":1}",    "1:193 TPL-108"},
    {"ab\xFF",                 "{}",           "1:3 TPL-110"},
    {"{{>broken}}",            "{}",           "2:1 TPL-101"},
    {"\n {{b}}",               "{\"a\":1}",    "2:2 TPL-201"},
    {"{{a.b}}",                "{\"a\":{}}",   "1:1 TPL-201"},
    {"{{#b}}{{/b}}",           "{\"a\":1}",    "1:1 TPL-201"},
    {"{{^code}}{{/code}}",     "{\"a\":1}",    "1:1 TPL-201"},
    {"{{code}}",               "{\"a\":1}",    "1:1 TPL-201"},
    {"{{a}}{{{a}}}",           "{\"a\":\"x\"}", "1:6 TPL-202"},
    {"{{&a}}",                 "{\"a\":\"x\"}", "1:1 TPL-202"},
    {"{{a}}",                  "{\"a\":[]}",   "1:1 TPL-203"},
    {"{{a}}",                  "{\"a\":{}}",   "1:1 TPL-203"},
    {"{{#code}}{{.}}{{/code}}", "{}",          "1:10 TPL-203"},
};
/* clang-format on */
START_TEST(refuses_with_place)
{
    ck_assert_str_eq(run(bad[_i].in, bad[_i].json, true), bad[_i].err);
}
END_TEST

/* What the spec asks for and strict mode refuses. */
static const struct {
    const char *in, *json, *out;
} loose[] = {
    {"[{{b}}{{a.b}}{{>none}}{{{a}}}]", "{\"a\":[1]}", "[]"},
    {"{{{a}}}", "{\"a\":\"<\"}", "<"},
    {"{{#code}}{{a}}{{/code}}", "{\"a\":\"<\"}", "`<`"},
    {"{{#code}}{{a}}{{/code}}", "{\"a\":\"<\",\"code\":1}", "&lt;"},
    {"{{>self}}", "{\"more\":[{\"more\":[]}]}", ""},
    {"{{>endless}}", "{}", "1:1 TPL-204"},
    {"{{>bomb}}", "{\"l\":[1,2,3,4,5,6,7,8]}", "1:31 TPL-206"},
};
START_TEST(without_strict)
{
    ck_assert_str_eq(run(loose[_i].in, loose[_i].json, false), loose[_i].out);
}
END_TEST

START_TEST(refuses_large)
{
    struct buf big = BUF_INIT;
    buf_repeat(&big, 'x', TMPL_MAX_TEXT_BYTES + 1);
    ck_assert_str_eq(run(big.p, "{}", true), "1:1 TPL-109");
    buf_free(&big);
}
END_TEST

START_TEST(refuses_large_output)
{
    struct buf list = BUF_INIT, t = BUF_INIT;
    buf_z(&list, "{\"l\":[1");
    for (int i = 1; i < 20; i++)
        buf_z(&list, ",1");
    buf_z(&list, "]}");
    buf_z(&t, "{{#l}}");
    buf_repeat(&t, 'x', 1 << 16);
    buf_z(&t, "{{/l}}");
    ck_assert_str_eq(run(t.p, list.p, true), "1:7 TPL-205");
    buf_free(&list);
    buf_free(&t);
}
END_TEST

/* One message for one tag, however often it runs, with the nearest name. */
START_TEST(unknown_name_once)
{
    struct diag *dx = diag_new(a);
    struct tmpl_data data = tmpl_json_data();
    data.nearest = nearest;
    struct view root =
        view_of(dx, "{\"verdict\":1,\"l\":[{\"id\":2},{},{}],\"o\":{\"id\":1}}");
    struct tmpl *t =
        compile("{{#l}}{{verdct}}{{/l}}{{o.ix}}{{zzzzz}}{{#coda}}{{/coda}}", true, dx);
    struct buf out = BUF_INIT;
    ck_assert(!tmpl_render(t, &data, root, &out, dx));
    buf_free(&out);
    ck_assert_uint_eq(diag_len(dx), 4);
    ck_assert(
        str_has(diag_get(dx, 0).message, STR("\"verdct\"; did you mean \"verdict\"?")));
    ck_assert(str_has(diag_get(dx, 1).message, STR("\"o.ix\"; did you mean \"id\"?")));
    ck_assert(str_ends(diag_get(dx, 2).message, STR("\"zzzzz\"")));
    ck_assert(str_has(diag_get(dx, 3).message, STR("\"coda\"; did you mean \"code\"?")));
}
END_TEST

static void collect(void *ctx, const struct tmpl_use *u)
{
    buf_fmt(ctx, "%s%s%.*s@%zu ", u->section ? "#" : "", u->raw ? "&" : "",
            STR_ARG(u->name), u->at.pos);
}

START_TEST(uses)
{
    struct diag *dx = diag_new(a);
    struct tmpl *t =
        compile("{{#code}}{{a.b}}{{{c}}}{{/code}}{{^d}}{{.}}{{/d}}{{>row}}", true, dx);
    struct buf out = BUF_INIT;
    tmpl_uses(t, collect, &out);
    ck_assert_str_eq(out.p, "a.b@9 &c@16 #d@32 name@2 ");
    buf_free(&out);
}
END_TEST

struct job {
    const struct tmpl *t;
    struct view root;
    struct buf out[8];
    bool ok[8];
};

static void render_job(void *ctx, size_t item, unsigned worker)
{
    (void)worker;
    struct job *j = ctx;
    struct tmpl_data data = tmpl_json_data();
    struct arena *own = arena_new();
    j->ok[item] = tmpl_render(j->t, &data, j->root, &j->out[item], diag_new(own));
    arena_free(own);
}

START_TEST(many_threads)
{
    struct diag *dx = diag_new(a);
    struct buf json = BUF_INIT;
    buf_z(&json, "{\"rows\":[0");
    for (int i = 1; i < 2000; i++)
        buf_fmt(&json, ",%d", i);
    buf_z(&json, "],\"name\":\"n\"}");
    struct job j = {
        .t = compile("{{#rows}}\n {{.}} {{>row}}\n  {{>two}}\n{{/rows}}", false, dx),
        .root = view_of(dx, json.p)};
    ck_assert_ptr_nonnull(j.t);
    threads_for(8, 4, render_job, &j);
    for (int i = 0; i < 8; i++) {
        ck_assert(j.ok[i]);
        ck_assert(str_eq(buf_view(&j.out[i]), buf_view(&j.out[0])));
    }
    for (int i = 0; i < 8; i++)
        buf_free(&j.out[i]);
    buf_free(&json);
}
END_TEST

/* Pieces, made and taken side by side or not, are the same bytes; each but the last ends
 * with a line. */
struct pieces {
    struct buf all;
    size_t n, stop_after;
    bool broken;
};

static bool take_piece(void *ctx, struct str bytes)
{
    struct pieces *p = ctx;
    p->broken |= p->all.n && p->all.p[p->all.n - 1] != '\n';
    buf_str(&p->all, bytes);
    return ++p->n != p->stop_after;
}

START_TEST(in_pieces)
{
    struct diag *dx = diag_new(a);
    struct buf json = BUF_INIT, whole = BUF_INIT;
    buf_z(&json, "{\"rows\":[0");
    for (int i = 1; i < 6000; i++)
        buf_fmt(&json, ",%d", i);
    buf_z(&json, "],\"name\":\"n]]\"}");
    const struct tmpl *t =
        compile("{{#rows}}\n {{.}} {{#cdata}}{{name}}{{/cdata}}> "
                "a longer line of text, so that there are several pieces\n{{/rows}}.",
                false, dx);
    struct tmpl_data data = tmpl_json_data();
    ck_assert(tmpl_render(t, &data, view_of(dx, json.p), &whole, dx));
    for (unsigned threads = 1; threads <= 2; threads++)
        for (size_t stop = 0; stop < 3; stop++) {
            struct pieces p = {.stop_after = stop};
            struct relay *relay = relay_new(threads, take_piece, &p);
            bool ok = tmpl_stream(t, &data, view_of(dx, json.p), relay_put, relay, dx);
            ok = relay_end(relay) && ok;
            ck_assert_int_eq(ok, stop == 0);
            ck_assert(!p.broken);
            ck_assert(stop ? p.n == stop && str_starts(buf_view(&whole), buf_view(&p.all))
                           : p.n > 2 && str_eq(buf_view(&whole), buf_view(&p.all)));
            buf_free(&p.all);
        }
    buf_free(&json);
    buf_free(&whole);
}
END_TEST

/* A share and what stands around it, parted by bars; and what is its own. */
struct shown {
    struct buf all, mine;
    bool last;
};

static bool take_share(void *ctx, struct str bytes, bool mine)
{
    struct shown *s = ctx;
    if (mine != s->last)
        buf_c(&s->all, '|');
    s->last = mine;
    buf_str(&s->all, bytes);
    if (mine)
        buf_str(&s->mine, bytes);
    return true;
}

static const struct {
    const char *template;
    size_t from, to;
    const char *all;
} shares[] = {
    {"<{{#s}}[{{#rows}}{{.}}{{/rows}}]{{/s}}>", 0, 2, "|<[12|]>"},
    {"<{{#s}}[{{#rows}}{{.}}{{/rows}}]{{/s}}>", 2, 4, "<[1|3][4|]>"},
    {"<{{#s}}[{{#rows}}{{.}}{{/rows}}]{{/s}}>", 4, SIZE_MAX, "<[1][4|][][56]>"},
    {"<{{#s}}[{{#rows}}{{.}}{{/rows}}]{{/s}}>", 9, SIZE_MAX, "<[1]>"},
    {"{{#s}}{{#rows}}{{#s}}{{#rows}}{{.}}{{/rows}}{{/s}}{{/rows}}{{/s}}", 1, 2,
     "1|123412356"},
    {"{{#s}}{{#cdata}}{{#rows}}{{name}}{{/rows}}{{/cdata}}> {{/s}}", 1, 3, "]]|]]]]| > "},
    {"no list", 0, 1, "|no list"},
};

START_TEST(in_shares)
{
    struct diag *dx = diag_new(a);
    struct buf whole = BUF_INIT, parts = BUF_INIT;
    struct tmpl_data data = tmpl_json_data();
    struct view root =
        view_of(dx, "{\"s\":[{\"rows\":[1,2,3]},{\"rows\":[4]},{},{\"rows\":[5,6]}],"
                    "\"rows\":[],\"name\":\"]]\"}");
    const struct tmpl *t = compile(shares[_i].template, false, dx);
    ck_assert(tmpl_render(t, &data, root, &whole, dx));
    for (size_t size = 0; size < 8; size++) {
        buf_clear(&parts);
        for (size_t from = 0; from < 8; from += size ? size : 8) {
            struct tmpl_share share = {STR("rows"), size ? from : shares[_i].from,
                                       size ? from + size : shares[_i].to};
            struct shown shown = {0};
            ck_assert(tmpl_stream_share(t, &data, root, &share, take_share, &shown, dx));
            if (size)
                buf_str(&parts, buf_view(&shown.mine));
            else
                ck_assert_str_eq(shown.all.p, shares[_i].all);
            buf_free(&shown.all);
            buf_free(&shown.mine);
        }
        if (size)
            ck_assert_str_eq(parts.p, whole.p);
    }
    buf_free(&whole);
    buf_free(&parts);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("tmpl");
    TCase *c = tcase_create("tmpl");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    unit_rows(c, renders, good);
    unit_rows(c, refuses_with_place, bad);
    unit_rows(c, without_strict, loose);
    tcase_add_test(c, refuses_large);
    tcase_add_test(c, refuses_large_output);
    tcase_add_test(c, unknown_name_once);
    tcase_add_test(c, uses);
    tcase_add_test(c, many_threads);
    tcase_add_test(c, in_pieces);
    unit_rows(c, in_shares, shares);
    suite_add_tcase(s, c);
    return unit_run(s, "tmpl");
}
