/* Unit tests of gen/iam/minimal: the proposal, its proof, and its fixpoint. */
#include "iam_make.h"

#include "iam/minimal.h"

static struct arena *a;
static struct iam *x;

static void setup(void)
{
    a = arena_new();
    x = iam_new(a, iam_table(a));
}

static void teardown(void)
{
    arena_free(a);
}

#define R "us-east-1:111122223333:"
#define ROLE "arn:aws:iam::111122223333:role/r"
#define APP "arn:aws:kinesisanalytics:" R "application/orders"

/* A target of every kind, with and without a customer key. */
static const char *const places[NEED_KINDS] = {
    [NEED_CODE] = "arn:aws:s3:::code/app.jar",
    [NEED_CODE_VERSION] = "arn:aws:s3:::code/app.jar",
    [NEED_LOG_STREAM] = "arn:aws:logs:" R "log-group:/aws/app:log-stream:s",
    [NEED_VPC] = "",
    [NEED_STREAM_SOURCE] = "arn:aws:kinesis:" R "stream/in",
    [NEED_STREAM_FANOUT] = "arn:aws:kinesis:" R "stream/fan",
    [NEED_STREAM_SINK] = "arn:aws:kinesis:" R "stream/out",
    [NEED_STREAM] = "arn:aws:kinesis:" R "stream/both",
    [NEED_FIREHOSE_SOURCE] = "arn:aws:firehose:" R "deliverystream/in",
    [NEED_FIREHOSE_SINK] = "arn:aws:firehose:" R "deliverystream/out",
    [NEED_BUCKET_SOURCE] = "arn:aws:s3:::in/prefix",
    [NEED_BUCKET_SINK] = "arn:aws:s3:::out",
    [NEED_BUCKET] = "arn:aws:s3:::both/prefix/",
    [NEED_OBJECT] = "arn:aws:s3:::ref/table.csv",
    [NEED_MSK] = "arn:aws:kafka:" R "cluster/c/u-1",
    [NEED_MSK_SOURCE] = "arn:aws:kafka:" R "cluster/d/u-1",
    [NEED_MSK_SINK] = "arn:aws:kafka:" R "cluster/e/u-1",
    [NEED_MSK_LOOKUP] = "arn:aws:kafka:" R "cluster/c/u-1",
    [NEED_TABLE_SINK] = "arn:aws:dynamodb:" R "table/t",
    [NEED_TABLE_STREAM] = "arn:aws:dynamodb:" R "table/t",
    [NEED_NETWORK] = "arn:aws:ec2:" R "subnet/subnet-1",
    [NEED_TABLE] = "arn:aws:dynamodb:" R "table/u",
    [NEED_QUEUE_SINK] = "arn:aws:sqs:" R "q",
    [NEED_TOPIC_SINK] = "arn:aws:sns:" R "t",
    [NEED_SECRET] = "arn:aws:secretsmanager:" R "secret:db",
    [NEED_ROLE] = "arn:aws:iam::444455556666:role/reader",
    [NEED_LAMBDA] = "arn:aws:lambda:" R "function:f",
    [NEED_CATALOG] = "arn:aws:glue:" R "database/db",
    [NEED_PROMETHEUS] = "arn:aws:aps:" R "workspace/ws-1",
    [NEED_OPENSEARCH] = "arn:aws:es:" R "domain/d",
    [NEED_KEY] = "arn:aws:kms:" R "key/2",
};

static struct needs *needs_with(enum need_kind from, enum need_kind to, bool key)
{
    struct need_target *t = ARENA_ARRAY(a, struct need_target, NEED_KINDS);
    struct need_app *app = ARENA_NEW(a, struct need_app);
    for (int k = from; k <= (int)to; k++) {
        ck_assert(places[k] != NULL);
        t[app->ntargets++] = (struct need_target){
            .kind = (enum need_kind)k,
            .arn = str_from(places[k]),
            .why = STR("test"),
            .kms_key = key ? STR("arn:aws:kms:" R "key/1") : STR("")};
    }
    app->arn = STR(APP);
    app->targets = t;
    app->properties_known = true;
    return needs_of(x, app);
}

static struct str reasons(const struct minimal *m)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < m->nunproved; i++)
        buf_fmt(&b, "%.*s; ", STR_ARG(m->unproved[i]));
    buf_c(&b, '\0');
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

/* Each kind alone, and all of them together: proved, which includes the fixpoint (the
 * proposal passes its own audit). */
START_TEST(proves_itself)
{
    struct minimal_options o = {.role_arn = STR(ROLE)};
    bool all = _i == NEED_USE;
    struct needs *needs = needs_with(all ? 0 : (enum need_kind)_i,
                                     all ? NEED_KEY : (enum need_kind)_i, _i % 2 || all);
    struct minimal *m = minimal_policy(x, needs, NULL, &o);
    ck_assert_msg(m->proved, "%.*s", STR_ARG(str_sub(reasons(m), 0, 900)));
    ck_assert_uint_le(m->ndocuments, all ? 3 : 1);
    for (size_t i = 0; i < m->nstatements; i++)
        ck_assert(m->statements[i].sid.n && m->statements[i].why.n);
}
END_TEST

START_TEST(splits_by_size)
{
    struct minimal_options o = {.role_arn = STR(ROLE), .max_chars = 1200};
    struct minimal *m = minimal_policy(x, needs_with(0, NEED_KEY, true), NULL, &o);
    ck_assert_msg(m->proved, "%s", reasons(m).p);
    ck_assert_uint_gt(m->ndocuments, 3);
    for (size_t i = 0; i < m->ndocuments; i++) {
        struct text t = {STR("p"), m->texts[i]};
        struct policy_source s = {.text = &t, .node = json_read(a, &t, diag_new(a))};
        ck_assert_uint_le(policy_chars(policy_read(a, &s)), 1200);
    }
}
END_TEST

START_TEST(keeps_denies_and_use)
{
    struct policy *now = iam_statements(
        a,
        "{'Sid':'NoDelete','Effect':'Deny','Action':'kinesis:Delete*','Resource':'*'},"
        "{'Effect':'Allow','Action':'kinesis:*','Resource':'*'}",
        POLICY_IDENTITY_INLINE);
    const struct policy *v = now;
    struct effective_input in = {&v, 1, false, NULL, 0};
    struct effective *present = effective_grants(x, &in);
    const struct policy_statement *deny = &now->statements[0];
    static const struct minimal_use used[] = {
        {{"kinesis:ListStreams", 19}, {"", 0}},
        {{"sqs:SendMessage", 15},
         {"arn:aws:sqs:" R "q", sizeof "arn:aws:sqs:" R "q" - 1}},
        {{"sqs:GetQueueUrl", 15}, {"", 0}},
    };
    struct minimal_options o = {
        .role_arn = STR(ROLE), .used = used, .nused = 3, .denies = &deny, .ndenies = 1};
    struct needs *needs = needs_with(NEED_STREAM_SOURCE, NEED_STREAM_SOURCE, false);
    struct minimal *m = minimal_policy(x, needs, present, &o);
    ck_assert_msg(m->proved, "%s", reasons(m).p);
    ck_assert(str_has(m->texts[0], STR("\"NoDelete\"")));
    ck_assert(str_has(m->texts[0], STR("\"kinesis:ListStreams\"")));
    ck_assert(str_has(m->texts[0], STR("\"sqs:SendMessage\"")));
    ck_assert_uint_eq(m->nleft_out, 1);
    ck_assert_uint_eq(m->added, 1);
    struct comparison *c = compare_needs(x, present, needs, true);
    ck_assert_int_eq(minimal_fate_of(c, &now->statements[1]), MINIMAL_NARROW);
}
END_TEST

/* Who has the proposal already is proposed the same, and nothing of it is too much. */
START_TEST(fixpoint)
{
    struct needs *needs = needs_with(0, NEED_KEY, true);
    struct minimal_options o = {.role_arn = STR(ROLE), .max_chars = 100000};
    struct minimal *m = minimal_policy(x, needs, NULL, &o);
    ck_assert_uint_eq(m->ndocuments, 1);
    struct text *t = ARENA_NEW(a, struct text);
    *t = (struct text){STR("proposal"), m->texts[0]};
    struct policy_source s = {.text = t, .kind = POLICY_IDENTITY_INLINE};
    s.node = json_read(a, t, diag_new(a));
    const struct policy *now = policy_read(a, &s);
    struct effective_input in = {&now, 1, false, NULL, 0};
    struct effective *present = effective_grants(x, &in);
    struct minimal *again = minimal_policy(x, needs, present, &o);
    ck_assert(again->proved == m->proved);
    ck_assert_uint_eq(again->added, 0);
    size_t same = 0; /* libcheck cannot print texts this long */
    while (same < m->texts[0].n && again->texts[0].p[same] == m->texts[0].p[same])
        same++;
    ck_assert_msg(same == m->texts[0].n, "differs at: %.300s / %.300s",
                  again->texts[0].p + same, m->texts[0].p + same);
    struct comparison *c = compare_needs(x, present, needs, true);
    for (size_t i = 0; i < c->n; i++)
        ck_assert_msg(c->v[i].verdict == COMPARE_FITS, "%s %s",
                      compare_verdict_name(c->v[i].verdict), c->v[i].worst[0].p);
    for (size_t i = 0; i < now->nstatements; i++)
        ck_assert_int_eq(minimal_fate_of(c, &now->statements[i]), MINIMAL_KEEP);
}
END_TEST

/* What the code may do or not is left out where the role does without it today. */
START_TEST(leaves_out_what_is_not_granted)
{
    struct needs *needs = needs_with(NEED_STREAM_SINK, NEED_STREAM_SINK, false);
    const struct policy *now =
        iam_statements(a,
                       "{'Effect':'Allow','Action':['kinesis:PutRecords','kinesis:"
                       "ListShards'],'Resource':'"
                       "arn:aws:kinesis:" R "stream/*'}",
                       POLICY_IDENTITY_INLINE);
    struct effective_input in = {&now, 1, false, NULL, 0};
    struct effective *present = effective_grants(x, &in);
    struct minimal_options o = {.role_arn = STR(ROLE)};
    struct minimal *m = minimal_policy(x, needs, present, &o);
    ck_assert_msg(m->proved, "%s", reasons(m).p);
    ck_assert(str_has(m->texts[0], STR("kinesis:PutRecords")));
    ck_assert(str_has(m->texts[0], STR("kinesis:ListShards")));
    ck_assert(!str_has(m->texts[0], STR("kinesis:PutRecord\"")));
    ck_assert(!str_has(m->texts[0], STR("kinesis:DescribeStream\"")));
    present->incomplete = true; /* what is not known may grant it */
    ck_assert(str_has(minimal_policy(x, needs, present, &o)->texts[0],
                      STR("kinesis:DescribeStream\"")));
}
END_TEST

/* More resources of one kind than a document holds: several statements. */
START_TEST(deals_resources_out)
{
    enum { MANY = 300 };
    struct need_target *v = ARENA_ARRAY(a, struct need_target, MANY);
    for (size_t i = 0; i < MANY; i++)
        v[i] = (struct need_target){
            .kind = NEED_QUEUE_SINK,
            .why = STR("test"),
            .arn = str_fmt(a, "arn:aws:sqs:us-east-1:111122223333:queue-%zu", i)};
    struct need_app app = {STR(APP), v, MANY, true, false};
    struct minimal_options o = {.role_arn = STR(ROLE), .max_chars = 6144};
    struct minimal *m = minimal_policy(x, needs_of(x, &app), NULL, &o);
    ck_assert_msg(m->proved, "%s", reasons(m).p);
    ck_assert_uint_gt(m->ndocuments, 2);
    for (size_t i = 0; i < m->ndocuments; i++) {
        struct text *t = ARENA_NEW(a, struct text);
        *t = (struct text){STR("proposal"), m->texts[i]};
        struct policy_source s = {.text = t, .kind = POLICY_IDENTITY_INLINE};
        s.node = json_read(a, t, diag_new(a));
        ck_assert_uint_le(policy_chars(policy_read(a, &s)), 6144);
    }
}
END_TEST

START_TEST(trust)
{
    struct minimal *m = minimal_trust(x, &(struct str){APP, sizeof APP - 1}, 1,
                                      STR("kinesisanalytics.amazonaws.com"));
    ck_assert_msg(m->proved, "%s", reasons(m).p);
    ck_assert(str_has(m->texts[0], STR(APP)));
    ck_assert(!minimal_trust(x, &(struct str){"nonsense", 8}, 1, STR("x"))->proved);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("iam_minimal");
    TCase *tc = tcase_create("minimal");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, proves_itself, 0, NEED_USE + 1);
    tcase_add_test(tc, splits_by_size);
    tcase_add_test(tc, keeps_denies_and_use);
    tcase_add_test(tc, fixpoint);
    tcase_add_test(tc, leaves_out_what_is_not_granted);
    tcase_add_test(tc, deals_resources_out);
    tcase_add_test(tc, trust);
    suite_add_tcase(s, tc);
    return unit_run(s, "iam_minimal");
}
