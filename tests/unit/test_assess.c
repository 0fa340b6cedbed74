/* Unit tests of gen/assess: the order of the questions, places, words, many subjects by
 * several threads. The checks of controls/ have tests of their own in suite_checks. */
#include "unit.h"

#include "assess/assess.h"
#include "base/when.h"
#include "catalog/catalog.h"
#include "evidence/operation.h"
#include "json/json.h"

#include <string.h>

static struct arena *a;
static struct diag *dx;
static int64_t now;

static void setup(void)
{
    a = arena_new();
    dx = diag_new(a);
    when_read(STR("2026-11-23T10:00:00Z"), &now);
}

static void teardown(void)
{
    arena_free(a);
}

#define CATALOG                                                                          \
    "{\"id\":\"own\",\"version\":\"1\",\"title\":\"Own\",\"source\":\"s\","              \
    "\"parameters\":"                                                                    \
    "{\"p\":{\"type\":\"integer\",\"default\":7,\"help\":\"h\"}},\"controls\":[\"C-1\"]" \
    "}"
#define PROSE                                                                            \
    "## Practice\np\n## Why it matters\nw\n## How it is tested\nh\n## C-1.1\n### How "   \
    "it "                                                                                \
    "is tested\nx\n### Remedy\ny\n"

/* A catalog of one check on streams. */
static struct catalog *catalog_of(const char *members)
{
    struct text *files = ARENA_ARRAY(a, struct text, 3);
    files[0] = (struct text){STR("catalog.json"), STR(CATALOG)};
    files[1].name = STR("C-1.json");
    files[1].bytes =
        str_fmt(a,
                "{\"id\":\"C-1\",\"title\":\"T\",\"source\":\"s\",\"checks\":[{\"id\":"
                "\"C-1.1\",\"title\":\"Title\",\"severity\":\"low\",\"subject\":"
                "\"stream\",\"expected\":\"good\",%s}]}",
                members);
    files[2] = (struct text){STR("C-1.md"), STR(PROSE)};
    struct diag *own = diag_new(a); /* it warns of the parameter that nothing uses */
    struct catalog *c = catalog_load_memory(a, files, 3, own);
    if (!c) {
        struct buf out = BUF_INIT;
        diag_print(own, &out, false);
        ck_abort_msg("%s", out.p);
    }
    return c;
}

#define SUMMARY                                                                          \
    "{\"StreamDescriptionSummary\": {\"KeyId\": \"k\", \"EncryptionType\": \"NONE\",\n"  \
    " \"Tags\": [\"AKIAQ4X7ZLM2N5P6R7ST\", \"é\"]}}"

static struct document *document(enum document_state state, const char *bytes)
{
    struct document *d = ARENA_NEW(a, struct document);
    d->path = STR("s.json");
    d->text = (struct text){d->path, str_dup(a, str_from(bytes))};
    d->op = operation_of_kind(STR("kinesis:DescribeStreamSummary"));
    d->state = state;
    d->collected = now;
    d->root = state == DOCUMENT_ANSWER ? json_read(a, &d->text, dx) : NULL;
    return d;
}

static struct subject *stream_subject(const char *name, struct document *d,
                                      const char *facts)
{
    struct subject *s = ARENA_NEW(a, struct subject);
    size_t n;
    const struct subject_type *types = subject_type_rows(&n);
    for (size_t i = 0; i < n; i++)
        if (!strcmp(types[i].name, "stream"))
            s->type = types[i].name;
    s->name = str_from(name);
    s->arn = str_fmt(a, "arn:aws:kinesis:us-east-1:111122223333:stream/%s", name);
    s->account = STR("111122223333");
    s->region = STR("us-east-1");
    s->partition = STR("aws");
    if (d)
        *vec_push(a, &s->exhibits) =
            (struct exhibit){.kind = d->op->kind, .doc = d, .node = d->root};
    struct text t = {STR("facts"), str_from(facts)};
    s->facts = json_read(a, &t, dx);
    ck_assert_ptr_nonnull(s->facts);
    return s;
}

static struct test judge_one(struct catalog *c, const struct subject *s)
{
    return assess_one(a, NULL, c, c->checks.v[0], s, subject_view(a, s), now, dx);
}

#define NEEDS "\"needs\":[\"kinesis:DescribeStreamSummary\"],\"message\":\"m\","

#define X10 "0,0,0,0,0,0,0,0,0,0"
#define X60 X10 "," X10 "," X10 "," X10 "," X10 "," X10

/* The order of the questions. state: A answer, E denied, T truncated, S stale, I invalid,
 * N no such thing, F foreign, - absent. */
/* clang-format off */
static const struct {
    const char *what, *check, *facts;
    char state;
    const char *result, *reason;
} orders[] = {
    {"forbid selects nothing", NEEDS "\"forbid\":\"$.facts.access[*]\"", "{\"access\":[]}", 'A', "pass", "none"},
    {"forbid selects", NEEDS "\"forbid\":\"$.facts.access[*]\"", "{\"access\":[1]}", 'A', "fail", "none"},
    {"forbid selects, evidence absent", NEEDS "\"forbid\":\"$.facts.access[*]\"", "{\"access\":[1]}", '-', "fail", "none"},
    {"forbid selects, evidence truncated", NEEDS "\"forbid\":\"$.facts.access[*]\"", "{\"access\":[1]}", 'T', "fail", "none"},
    {"forbid selects, evidence stale", NEEDS "\"forbid\":\"$.facts.access[*]\"", "{\"access\":[1]}", 'S', "unknown", "stale"},
    {"nothing, evidence absent", NEEDS "\"forbid\":\"$.facts.access[*]\"", "{\"access\":[]}", '-', "unknown", "absent"},
    {"nothing, evidence denied", NEEDS "\"forbid\":\"$.facts.access[*]\"", "{\"access\":[]}", 'E', "unknown", "denied"},
    {"nothing, evidence truncated", NEEDS "\"forbid\":\"$.facts.access[*]\"", "{\"access\":[]}", 'T', "unknown", "truncated"},
    {"nothing, evidence invalid", NEEDS "\"forbid\":\"$.facts.access[*]\"", "{\"access\":[]}", 'I', "unknown", "invalid"},
    {"nothing, the call failed", NEEDS "\"forbid\":\"$.facts.access[*]\"", "{\"access\":[]}", 'N', "unknown", "invalid"},
    {"nothing, another account", NEEDS "\"forbid\":\"$.facts.access[*]\"", "{\"access\":[]}", 'F', "unknown", "foreign"},
    {"truncated is enough", "\"needs\":[{\"kind\":\"kinesis:DescribeStreamSummary\",\"partial\":true}],\"message\":\"m\",\"forbid\":\"$.facts.access[*]\"", "{\"access\":[]}", 'T', "pass", "none"},
    {"optional and absent", "\"needs\":[{\"kind\":\"kinesis:DescribeStreamSummary\",\"optional\":true}],\"message\":\"m\",\"forbid\":\"$.facts.access[*]\"", "{\"access\":[]}", '-', "pass", "none"},
    {"optional but denied", "\"needs\":[{\"kind\":\"kinesis:DescribeStreamSummary\",\"optional\":true}],\"message\":\"m\",\"forbid\":\"$.facts.access[*]\"", "{\"access\":[]}", 'E', "unknown", "denied"},
    {"another kind does", "\"needs\":[\"kinesis:DescribeStream|kinesis:DescribeStreamSummary\"],\"message\":\"m\",\"forbid\":\"$.facts.access[*]\"", "{\"access\":[]}", 'A', "pass", "none"},
    {"the other kind says more", "\"needs\":[\"kinesis:DescribeStream|kinesis:DescribeStreamSummary\"],\"message\":\"m\",\"forbid\":\"$.facts.access[*]\"", "{\"access\":[]}", 'E', "unknown", "denied"},
    {"old enough", "\"needs\":[{\"kind\":\"kinesis:DescribeStreamSummary\",\"max_age_days\":\"p\"}],\"message\":\"m\",\"forbid\":\"$.facts.access[*]\"", "{\"access\":[]}", 'A', "pass", "none"},
    {"require selects", NEEDS "\"require\":\"$.facts.access[*]\"", "{\"access\":[1]}", 'A', "pass", "none"},
    {"require selects nothing", NEEDS "\"require\":\"$.facts.access[*]\"", "{\"access\":[]}", 'A', "fail", "none"},
    {"require, evidence absent", NEEDS "\"require\":\"$.facts.access[*]\"", "{\"access\":[]}", '-', "unknown", "absent"},
    {"require selects, truncated", NEEDS "\"require\":\"$.facts.access[*]\"", "{\"access\":[1]}", 'T', "unknown", "truncated"},
    {"fact is not there", NEEDS "\"forbid\":\"$.facts.access[*]\"", "{}", 'A', "unknown", "undecided"},
    {"fact in doubt", NEEDS "\"forbid\":\"$.facts.access[*]\"", "{\"access\":[],\"unknown\":[{\"about\":\"access\",\"reason\":\"denied\",\"what\":\"w\"}]}", 'A', "unknown", "denied"},
    {"another fact in doubt", NEEDS "\"forbid\":\"$.facts.access[*]\"", "{\"access\":[],\"unknown\":[{\"about\":\"encryption\",\"reason\":\"denied\",\"what\":\"w\"}]}", 'A', "pass", "none"},
    {"doubt that was waved off", NEEDS "\"forbid\":\"$.facts['access'][*]\"", "{\"access\":[],\"unknown\":[{\"about\":\"access\",\"reason\":\"denied\",\"what\":\"w\"}]}", 'A', "pass", "none"},
    {"undecided selects", NEEDS "\"undecided\":\"$.facts.encryption\",\"forbid\":\"$.facts.access[*]\"", "{\"access\":[],\"encryption\":1}", 'A', "unknown", "undecided"},
    {"undecided, but forbidden", NEEDS "\"undecided\":\"$.facts.encryption\",\"forbid\":\"$.facts.access[*]\"", "{\"access\":[1],\"encryption\":1}", 'A', "fail", "none"},
    {"require fails, at in doubt", NEEDS "\"at\":\"$.facts.encryption\",\"require\":\"$.facts.access[*]\"", "{\"access\":[],\"encryption\":[],\"unknown\":[{\"about\":\"encryption\",\"reason\":\"absent\",\"what\":\"w\"}]}", 'A', "unknown", "absent"},
    {"require holds, at in doubt", NEEDS "\"at\":\"$.facts.encryption\",\"require\":\"$.facts.access[*]\"", "{\"access\":[1],\"encryption\":[],\"unknown\":[{\"about\":\"encryption\",\"reason\":\"absent\",\"what\":\"w\"}]}", 'A', "pass", "none"},
    {"does not apply", NEEDS "\"applies\":\"$.facts.encryption[*]\",\"forbid\":\"$.facts.access[*]\"", "{\"access\":[1],\"encryption\":[]}", 'A', "not-applicable", "none"},
    {"applies is not known", NEEDS "\"applies\":\"$.facts.encryption[*]\",\"forbid\":\"$.facts.access[*]\"", "{\"access\":[1],\"encryption\":[]}", '-', "unknown", "absent"},
    {"applies is in doubt", NEEDS "\"applies\":\"$.facts.encryption[*]\",\"forbid\":\"$.facts.access[*]\"", "{\"encryption\":[],\"unknown\":[{\"about\":\"encryption\",\"reason\":\"odd\",\"what\":\"w\"}]}", 'A', "unknown", "undecided"},
    {"applies was decided", NEEDS "\"applies\":\"$.facts[?@ == $.facts.encryption && @.in_transition == true]\",\"forbid\":\"$.facts.access[*]\"", "{\"encryption\":{\"in_transition\":false}}", '-', "not-applicable", "none"},
    {"nothing uses it", NEEDS "\"applies\":\"$.facts.uses[*]\",\"forbid\":\"$.facts.access[*]\"", "{\"uses\":[]}", '-', "not-applicable", "none"},
    {"manual", "\"manual\":true", "{}", '-', "manual", "none"},
    {"manual that does not apply", "\"manual\":true,\"applies\":\"$.facts.uses[*]\"", "{\"uses\":[]}", '-', "not-applicable", "none"},
    {"a query without end", NEEDS "\"forbid\":\"$.facts.access[?@ == 1 || $.facts.access[?@ == 1 || $.facts.access[?@ == 1 || $.facts.access[?@ == 1]]]]\"", "{\"access\":[" X60 "]}", 'A', "error", "none"},
};
/* clang-format on */
START_TEST(order)
{
    struct catalog *c = catalog_of(orders[_i].check);
    if (c->checks.v[0]->needs.n && orders[_i].state == 'S')
        c->checks.v[0]->needs.v[0].max_age_days = 30;
    struct document *d = NULL;
    switch (orders[_i].state) {
    case 'E':
    case 'N':
        d = document(DOCUMENT_ERROR, "");
        d->error_code = orders[_i].state == 'E' ? STR("AccessDeniedException")
                                                : STR("ThrottlingException");
        break;
    case 'I':
        d = document(DOCUMENT_INVALID, "{");
        break;
    case 'A':
    case 'T':
    case 'S':
        d = document(DOCUMENT_ANSWER, SUMMARY);
        d->partial = orders[_i].state == 'T';
        d->collected = orders[_i].state == 'S' ? now - 31 * 86400LL : now;
        break;
    default:
        break;
    }
    struct subject *s = stream_subject("orders", d, orders[_i].facts);
    s->foreign = orders[_i].state == 'F';
    struct test t = judge_one(c, s);
    ck_assert_msg(!strcmp(result_name(t.result), orders[_i].result), "%s: %s",
                  orders[_i].what, result_name(t.result));
    ck_assert_msg(!strcmp(reason_name(t.reason), orders[_i].reason), "%s: %s",
                  orders[_i].what, reason_name(t.reason));
    ck_assert_uint_gt(assess_message(a, &t).n, 0);
    bool says = t.result == RESULT_FAIL || t.result == RESULT_UNKNOWN;
    ck_assert_msg(says == (t.nfindings > 0), "%s", orders[_i].what);
    if (t.result == RESULT_ERROR)
        ck_assert_str_eq(diag_first(dx, DIAG_ERROR), "ASS-101");
    else
        ck_assert_uint_eq(diag_len(dx), 0);
}
END_TEST

START_TEST(missing_says_command)
{
    struct catalog *c = catalog_of(NEEDS "\"require\":\"$.facts.access\"");
    struct test t = judge_one(c, stream_subject("orders", NULL, "{}"));
    ck_assert_uint_eq(t.nfindings, 1);
    ck_assert_str_eq(t.findings[0].kind, "kinesis:DescribeStreamSummary");
    ck_assert(str_has(t.findings[0].command, STR("aws kinesis describe-stream-summary")));
    ck_assert(str_has(t.findings[0].command, STR("orders")));
    ck_assert_ptr_null(t.findings[0].spot.doc);
}
END_TEST

/* What a finding points at, and what it shows of it. */
/* clang-format off */
static const struct {
    const char *query, *facts, *pointer, *text, *actual;
} places[] = {
    {"$.evidence['kinesis:DescribeStreamSummary'].StreamDescriptionSummary.KeyId", "{}",
     "/StreamDescriptionSummary/KeyId", "\"k\"", "\"k\""},
    {"$.evidence['kinesis:DescribeStreamSummary'].StreamDescriptionSummary.Tags[1]", "{}",
     "/StreamDescriptionSummary/Tags/1", "\"é\"", "\"é\""},
    {"$.facts['x'][*]", "{\"x\":[{\"n\":1,\"at\":{\"document\":\"s.json\",\"pointer\":\"/StreamDescriptionSummary/KeyId\"}}]}",
     "/StreamDescriptionSummary/KeyId", "\"k\"", "{\"n\":1}"},
    {"$.facts['x'].y", "{\"x\":{\"y\":true,\"at\":{\"document\":\"s.json\",\"pointer\":\"/StreamDescriptionSummary/KeyId/inner/0\"}}}",
     "/StreamDescriptionSummary/KeyId/inner/0", "\"k\"", "true"},
    {"$.facts['x'][0]", "{\"x\":[1.50]}", "", NULL, "1.50"},
    {"$.facts['x'].y", "{\"x\":{\"y\":null,\"at\":{\"document\":\"gone.json\",\"pointer\":\"/a\"}}}", "", NULL, "null"},
    {"$.name", "{}", "", NULL, "\"orders\""},
    {"$.links", "{}", "", NULL, "{}"},
};
/* clang-format on */
START_TEST(place)
{
    struct catalog *c =
        catalog_of(str_fmt(a, NEEDS "\"forbid\":\"%s\"", places[_i].query).p);
    struct document *d = document(DOCUMENT_ANSWER, SUMMARY);
    struct test t = judge_one(c, stream_subject("orders", d, places[_i].facts));
    ck_assert_int_eq(t.result, RESULT_FAIL);
    const struct finding *f = &t.findings[0];
    ck_assert_ptr_eq(f->spot.doc, d);
    ck_assert_msg(str_eq(f->spot.pointer, str_from(places[_i].pointer)), "%.*s",
                  STR_ARG(f->spot.pointer));
    struct str text = str_sub(d->text.bytes, f->spot.pos, d->text.bytes.n);
    ck_assert_msg(str_starts(text, str_from(places[_i].text ? places[_i].text : SUMMARY)),
                  "%.*s", STR_ARG(text));
    ck_assert_msg(str_eq(f->actual, str_from(places[_i].actual)), "%.*s",
                  STR_ARG(f->actual));
}
END_TEST

START_TEST(masks_and_cuts)
{
    struct catalog *c = catalog_of(
        NEEDS "\"forbid\":\"$.evidence['kinesis:DescribeStreamSummary'].*.Tags\"");
    struct test t =
        judge_one(c, stream_subject("orders", document(DOCUMENT_ANSWER, SUMMARY), "{}"));
    ck_assert(!str_has(t.findings[0].actual, STR("Q4X7ZLM2")));
    struct buf facts = BUF_INIT;
    buf_z(&facts, "{\"x\":\"");
    buf_repeat(&facts, 'e', 196);
    buf_z(&facts, "ééééééééé\"}");
    c = catalog_of(NEEDS "\"forbid\":\"$.facts['x']\"");
    t = judge_one(c,
                  stream_subject("orders", document(DOCUMENT_ANSWER, SUMMARY), facts.p));
    ck_assert_uint_le(t.findings[0].actual.n, 200);
    ck_assert(str_ends(t.findings[0].actual, STR("e…")));
    buf_free(&facts);
}
END_TEST

/* Messages and commands. */
/* clang-format off */
static const struct {
    const char *members, *facts, *message, *command, *code;
} words[] = {
    {"\"message\":\"{{a}} of {{name}}, {{subject.name}}: {{param.p}}\"", "{\"x\":[{\"a\":\"A\",\"name\":\"N\"}]}", "A of N, orders: 7", "", NULL},
    {"\"message\":\"{{l.list}} ({{l.count}})\"", "{\"x\":[{\"l\":[\"a\",2,true,\"d\",\"e\",\"f\",\"g\"]}]}", "a, 2, true, d, e and 2 more (7)", "", NULL},
    {"\"message\":\"[{{nothing}}{{#nothing}}x{{/nothing}}{{^nothing}}y{{/nothing}}{{facts.access}}]\"", "{\"x\":[{}]}", "[y]", "", NULL},
    {"\"message\":\"{{value}} here (and more)\"", "{\"x\":[5]}", "5 here (and more)", "", NULL},
    {"\"message\":\"m\"", "{\"x\":[1,2,3]}", "m (and 2 more)", "", NULL},
    {"\"message\":\"m\",\"command\":\"do {{a}} {{b}}\"", "{\"x\":[{\"a\":\"x; rm -rf 'y'\",\"b\":\"arn:aws:s3:::b\"}]}", "m", "do 'x; rm -rf '\\''y'\\''' arn:aws:s3:::b", NULL},
    {"\"message\":\"{{l}}\"", "{\"x\":[{\"l\":[1]}]}", "Title: this does not hold.", "", "ASS-102"},
    {"\"message\":\"m\",\"command\":\"{{l}}\"", "{\"x\":[{\"l\":[1]}]}", "m", "", "ASS-103"},
};
/* clang-format on */
START_TEST(says)
{
    struct catalog *c =
        catalog_of(str_fmt(a, "%s,\"at\":\"$.evidence.x\",\"forbid\":\"$.facts['x'][*]\"",
                           words[_i].members)
                       .p);
    struct test t = judge_one(
        c, stream_subject("orders", document(DOCUMENT_ANSWER, SUMMARY), words[_i].facts));
    ck_assert_int_eq(t.result, RESULT_FAIL);
    ck_assert_msg(str_eq(t.message, str_from(words[_i].message)), "%.*s",
                  STR_ARG(t.message));
    ck_assert_msg(str_eq(t.findings[0].command, str_from(words[_i].command)), "%.*s",
                  STR_ARG(t.findings[0].command));
    ck_assert(words[_i].code
                  ? diag_len(dx) == 1 && !strcmp(diag_get(dx, 0).code, words[_i].code)
                  : diag_len(dx) == 0);
}
END_TEST

START_TEST(pass_has_places)
{
    struct catalog *c = catalog_of(
        NEEDS
        "\"pass\":\"{{name}} is fine\",\"require\":\"$.evidence['kinesis:"
        "DescribeStreamSummary'].StreamDescriptionSummary['KeyId','EncryptionType']\"");
    struct test t =
        judge_one(c, stream_subject("orders", document(DOCUMENT_ANSWER, SUMMARY), "{}"));
    ck_assert_int_eq(t.result, RESULT_PASS);
    ck_assert_uint_eq(t.nspots, 2);
    ck_assert(
        str_eq(t.spots[1].pointer, STR("/StreamDescriptionSummary/EncryptionType")));
    ck_assert_uint_eq(t.message.n, 0);
    ck_assert(str_eq(assess_message(a, &t), STR("orders is fine")));
    c = catalog_of(NEEDS "\"forbid\":\"$.nothing\"");
    t = judge_one(c, stream_subject("orders", document(DOCUMENT_ANSWER, SUMMARY), "{}"));
    ck_assert_uint_eq(t.nspots, 1);
    ck_assert_uint_eq(t.spots[0].pos, 0);
    ck_assert(str_eq(t.message, STR("good")));
}
END_TEST

/* Two answers of a kind about one subject: which of them decides. */
/* clang-format off */
static const struct {
    const char *kind, *type, *states; /* A answer, E denied, T truncated, O old */
    const char *reason;
} pairs[] = {
    {"kinesis:DescribeStreamSummary", "stream", "AE", "none"},
    {"kinesis:DescribeStreamSummary", "stream", "EA", "none"},
    {"kinesis:DescribeStreamSummary", "stream", "OA", "none"},
    {"kinesis:DescribeStreamSummary", "stream", "AO", "none"},
    {"kinesis:DescribeStreamSummary", "stream", "OO", "stale"},
    {"kinesis:DescribeStreamSummary", "stream", "EE", "denied"},
    {"iam:GetRolePolicy", "role", "AA", "none"},
    {"iam:GetRolePolicy", "role", "AE", "denied"},
    {"iam:GetRolePolicy", "role", "EA", "denied"},
    {"iam:GetRolePolicy", "role", "AO", "stale"},
    {"iam:GetRolePolicy", "role", "TA", "truncated"},
    {"accessanalyzer:ListAnalyzers", "account", "AE", "denied"},
    {"accessanalyzer:ListAnalyzers", "account", "AT", "truncated"},
    {"iam:GetAccountSummary", "account", "EA", "none"},
};
/* clang-format on */
START_TEST(several_answers)
{
    struct catalog *c = catalog_of(
        str_fmt(a,
                "\"needs\":[{\"kind\":\"%s\",\"max_age_days\":30}],\"message\":\"m\","
                "\"forbid\":\"$.facts['x'][*]\"",
                pairs[_i].kind)
            .p);
    struct subject *s = stream_subject("orders", NULL, "{\"x\":[]}");
    s->type = pairs[_i].type;
    for (const char *state = pairs[_i].states; *state; state++) {
        struct document *d =
            document(*state == 'E' ? DOCUMENT_ERROR : DOCUMENT_ANSWER, "{}");
        d->op = operation_of_kind(str_from(pairs[_i].kind));
        d->error_code = *state == 'E' ? STR("AccessDenied") : STR("");
        d->partial = *state == 'T';
        d->collected = *state == 'O' ? now - 40 * 86400LL : now;
        *vec_push(a, &s->exhibits) =
            (struct exhibit){.kind = d->op->kind, .doc = d, .node = d->root};
    }
    struct test t = judge_one(c, s);
    ck_assert_msg(!strcmp(reason_name(t.reason), pairs[_i].reason), "%s %s: %s",
                  pairs[_i].kind, pairs[_i].states, reason_name(t.reason));
}
END_TEST

START_TEST(many_findings)
{
    struct catalog *c = catalog_of(NEEDS "\"forbid\":\"$.facts['x'][*]\"");
    struct buf facts = BUF_INIT;
    buf_z(&facts, "{\"x\":[0");
    for (int i = 1; i < 250; i++)
        buf_fmt(&facts, ",%d", i);
    buf_z(&facts, "]}");
    struct test t = judge_one(
        c, stream_subject("orders", document(DOCUMENT_ANSWER, SUMMARY), facts.p));
    ck_assert_uint_eq(t.nfindings, TEST_MAX_FINDINGS);
    ck_assert_uint_eq(t.more_findings, 150);
    ck_assert(str_eq(t.findings[99].actual, STR("99")));
    ck_assert(str_eq(t.message, STR("m (and 249 more)")));
    buf_free(&facts);
}
END_TEST

/* Many subjects: every test has its place, whatever the number of threads. */
START_TEST(threads)
{
    struct catalog *c = catalog_of(
        "\"message\":\"{{name}} {{value}}\",\"forbid\":\"$.facts['x'][?@ > 0]\"");
    struct model m = {.now = now};
    enum { SUBJECTS = 1000, OUT = SUBJECTS - 2 }; /* that one is judged by none */
    m.n = SUBJECTS;
    m.v = ARENA_ARRAY(a, struct subject *, SUBJECTS);
    for (size_t i = 0; i < SUBJECTS; i++) {
        m.v[i] = stream_subject(str_fmt(a, "s%zu", i).p, NULL,
                                str_fmt(a, "{\"x\":[%zu]}", i % 3).p);
        m.v[i]->number = i;
        m.v[i]->scope = i == OUT ? SCOPE_OUT : i == OUT + 1 ? SCOPE_MAYBE : SCOPE_IN;
    }
    for (unsigned n = 1; n <= 4; n++) {
        struct assessment *as = assess(a, &m, c, n, dx);
        ck_assert_uint_eq(as->n, SUBJECTS - 1);
        for (size_t i = 0; i < as->n; i++) {
            const struct test *t = &as->tests[i];
            size_t at = i < OUT ? i : i + 1;
            ck_assert_ptr_eq(t->subject, m.v[at]);
            ck_assert_int_eq(t->result, at % 3 ? RESULT_FAIL : RESULT_PASS);
            struct str message = str_fmt(a, "s%zu %zu", at, at % 3);
            ck_assert(at % 3 == 0 || str_eq(t->message, message));
        }
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("assess");
    TCase *t = tcase_create("assess");
    tcase_add_checked_fixture(t, setup, teardown);
    unit_rows(t, order, orders);
    tcase_add_test(t, missing_says_command);
    unit_rows(t, place, places);
    tcase_add_test(t, masks_and_cuts);
    unit_rows(t, says, words);
    tcase_add_test(t, pass_has_places);
    unit_rows(t, several_answers, pairs);
    tcase_add_test(t, many_findings);
    tcase_add_test(t, threads);
    suite_add_tcase(s, t);
    return unit_run(s, "assess");
}
