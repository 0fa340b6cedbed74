/* Unit tests of gen/iam/needs, compare and risk: what is granted, needed and risky. */
#include "iam_make.h"

#include "iam/compare.h"
#include "iam/risk_table.h"

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
#define APP "arn:aws:kinesisanalytics:" R "application/orders"
#define IN "arn:aws:kinesis:" R "stream/in"
#define OUT "arn:aws:kinesis:" R "stream/out"
#define CODE "arn:aws:s3:::code/app.jar"
#define LOG "arn:aws:logs:" R "log-group:/aws/app:log-stream:s"
#define KEY "arn:aws:kms:" R "key/1"
#define ROLE "arn:aws:iam::111122223333:role/orders"

static struct need_app *the_app(bool properties_known)
{
    static const struct need_target targets[] = {
        {.kind = NEED_CODE, .arn = {CODE, sizeof CODE - 1}},
        {.kind = NEED_LOG_STREAM, .arn = {LOG, sizeof LOG - 1}},
        {.kind = NEED_STREAM_SOURCE,
         .grade = NEED_INDICATED,
         .arn = {IN, sizeof IN - 1},
         .kms_key = {KEY, sizeof KEY - 1}},
        {.kind = NEED_STREAM_SINK, .grade = NEED_INDICATED, .arn = {OUT, sizeof OUT - 1}},
        {.kind = NEED_VPC},
    };
    struct need_app *app = ARENA_NEW(a, struct need_app);
    *app = (struct need_app){.arn = {APP, sizeof APP - 1},
                             .targets = targets,
                             .ntargets = sizeof targets / sizeof *targets,
                             .properties_known = properties_known};
    return app;
}

static struct effective *grants_of(const char *statements)
{
    const struct policy **p = ARENA_NEW(a, const struct policy *);
    *p = iam_statements(a, statements, POLICY_IDENTITY_INLINE);
    struct effective_input in = {p, 1, false, NULL, 0};
    return effective_grants(x, &in);
}

/* Every action that a table names exists. */
START_TEST(tables_name_real_actions)
{
    size_t n, bad = 0;
    const struct risk_path *paths = risk_paths(&n);
    struct buf wrong = BUF_INIT;
    for (size_t i = 0; i < n; i++) {
        struct str list = str_from(paths[i].members), word, one;
        while (list.n) {
            str_cut(list, ' ', &word, &list);
            while (word.n) {
                str_cut(word, '|', &one, &word);
                if (!actions_find(x->table, one))
                    buf_fmt(&wrong, " %.*s", STR_ARG(one));
            }
        }
    }
    static const enum risk_kind kinds[] = {RISK_CREDENTIALS, RISK_DATA, RISK_EXPOSURE,
                                           RISK_TAMPER, RISK_SELF};
    for (size_t k = 0; k < 5; k++)
        for (const char *const *z = risk_list(kinds[k]); *z; z++)
            if (action_set_empty(iam_actions(x, str_from(*z))) ||
                iam_actions(x, str_from(*z))->others)
                buf_fmt(&wrong, " %s", *z);
    struct need_app app = {.arn = {APP, sizeof APP - 1}};
    for (int k = 0; k < NEED_USE; k++) {
        struct need_target t = {
            .kind = (enum need_kind)k,
            .arn = STR("arn:aws:kafka:us-east-1:111122223333:cluster/c/u"),
            .kms_key = STR(KEY)};
        app.targets = &t;
        app.ntargets = 1;
        struct needs *needs = needs_of(x, &app);
        ck_assert_msg(needs->n > 0, "%s", need_kind_name(t.kind));
        for (size_t i = 0; i < needs->n; i++)
            if (needs->v[i].row == ACTION_NONE)
                buf_fmt(&wrong, " %.*s", STR_ARG(needs->v[i].action));
    }
    ck_assert_msg(wrong.n == bad, "unknown:%s", wrong.p);
    buf_free(&wrong);
}
END_TEST

#define ALLOW(action, resource)                                                          \
    "{'Effect':'Allow','Action':" action ",'Resource':" resource "}"
#define LEAST                                                                                                                                                                         \
    ALLOW("'s3:GetObject'", "'" CODE "'")                                                                                                                                             \
    "," ALLOW("'logs:DescribeLogGroups'", "'arn:aws:logs:" R "log-group:*'") "," ALLOW("'logs:DescribeLogStreams'", "'arn:aws:logs:" R "log-group:/aws/app:log-stream:*'") "," ALLOW( \
        "'logs:PutLogEvents'",                                                                                                                                                        \
        "'" LOG                                                                                                                                                                       \
        "'") "," ALLOW("['kinesis:DescribeStreamSummary','kinesis:ListShards','kinesis:"                                                                                              \
                       "GetShardIterator','kinesis:GetRecords']",                                                                                                                     \
                       "'" IN "'") "," ALLOW("['kinesis:DescribeStreamSummary','"                                                                                                     \
                                             "kinesis:PutRecords']",                                                                                                                  \
                                             "'" OUT                                                                                                                                  \
                                             "'") ","                                                                                                                                 \
                                                  "{'Effect':'Allow','Action':'kms:"                                                                                                  \
                                                  "Decrypt','Resource':'" KEY                                                                                                         \
                                                  "','Condition':{'StringEquals':{'kms:"                                                                                              \
                                                  "ViaService':'kinesis.us-east-1."                                                                                                   \
                                                  "amazonaws.com'}}}," ALLOW(                                                                                                         \
                                                      "['ec2:DescribeVpcs','ec2:"                                                                                                     \
                                                      "DescribeSubnets','ec2:"                                                                                                        \
                                                      "DescribeSecurityGroups','ec2:"                                                                                                 \
                                                      "DescribeDhcpOptions','ec2:"                                                                                                    \
                                                      "DescribeNetworkInterfaces','ec2:"                                                                                              \
                                                      "CreateNetworkInterface','ec2:"                                                                                                 \
                                                      "CreateNetworkInterfacePermission"                                                                                              \
                                                      "','ec2:DeleteNetworkInterface']",                                                                                              \
                                                      "'*'")

/* clang-format off */
static const struct {
    const char *statements;
    bool properties_known;
    const char *rows; /* verdict severity worst, of all that is not "fits" */
} compares[] = {
    {LEAST, true, ""},
    {LEAST, false, ""},
    {LEAST "," ALLOW("'kinesis:GetRecords'", "'*'"), true, "overbroad medium kinesis:GetRecords"},
    {LEAST "," ALLOW("'kinesis:GetRecords'", "'arn:aws:kinesis:" R "stream/*'"), true, "overbroad medium kinesis:GetRecords"},
    {LEAST "," ALLOW("'kinesis:GetRecords'", "'arn:aws:kinesis:" R "stream/old'"), true, "wrong-resource medium kinesis:GetRecords"},
    {LEAST "," ALLOW("'dynamodb:GetItem'", "'arn:aws:dynamodb:" R "table/t'"), true, "excess medium dynamodb:GetItem"},
    {LEAST "," ALLOW("'dynamodb:GetItem'", "'arn:aws:dynamodb:" R "table/t'"), false, "unaccounted low dynamodb:GetItem"},
    {LEAST "," ALLOW("'iam:PutRolePolicy'", "'*'"), true, "excess critical iam:PutRolePolicy"},
    {LEAST "," ALLOW("'iam:PutRolePolicy'", "'" ROLE "'"), true, "excess high iam:PutRolePolicy"},
    {LEAST "," ALLOW("'ec2:DescribeInstances'", "'*'"), true, "excess info ec2:DescribeInstances"},
    {LEAST "," ALLOW("'ec2:DescribeInstances'", "'arn:aws:ec2:" R "instance/i'"), true, "dead low ec2:DescribeInstances"},
    {LEAST "," ALLOW("'s3:GetObject'", "'arn:aws:s3:::other'"), true, "dead low s3:GetObject"},
    {LEAST "," "{'Effect':'Deny','Action':'s3:GetObject','Resource':'*'}", true, "missing medium s3:GetObject"},
};
/* clang-format on */
START_TEST(compare)
{
    struct needs *needs = needs_of(x, the_app(compares[_i].properties_known));
    struct comparison *c =
        compare_needs(x, grants_of(compares[_i].statements), needs, false);
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < c->n; i++)
        if (c->v[i].verdict != COMPARE_FITS)
            buf_fmt(&b, "%s%s %s %.*s", b.n ? "; " : "",
                    compare_verdict_name(c->v[i].verdict),
                    compare_severity_name(c->v[i].severity), STR_ARG(c->v[i].worst[0]));
    buf_c(&b, '\0');
    ck_assert_str_eq(b.p, compares[_i].rows);
    buf_free(&b);
}
END_TEST

START_TEST(groups_by_cause)
{
    struct needs *needs = needs_of(x, the_app(true));
    struct comparison *c =
        compare_needs(x, grants_of(ALLOW("['kinesis:*','s3:*']", "'*'")), needs, false);
    size_t over = 0, excess = 0;
    for (size_t i = 0; i < c->n; i++) {
        const struct compare_row *r = &c->v[i];
        if (r->verdict == COMPARE_OVERBROAD && r->text == 0) {
            over++;
            ck_assert_uint_eq(r->ninstead, 2);
            ck_assert(str_eq(r->instead[0], STR(IN)));
        }
        excess += r->verdict == COMPARE_EXCESS;
    }
    ck_assert_uint_eq(over, 1);
    ck_assert_uint_eq(excess, 2);
}
END_TEST

/* clang-format off */
static const struct {
    const char *statements;
    const char *ids; /* of risks that nothing covers, but data */
} risky[] = {
    {LEAST, ""},
    {ALLOW("'*'", "'*'"), "admin"},
    {"{'Effect':'Allow','NotAction':'bogus:*','Resource':'*'}", "admin"},
    {"{'Effect':'Allow','NotAction':'kinesis:*','Resource':'*'}", "admin"},
    {ALLOW("'iam:PutRolePolicy'", "'*'"), "iam-PutRolePolicy exposure"},
    {ALLOW("'iam:PassRole'", "'*'"), "exposure"},
    {ALLOW("'iam:PassRole'", "'*'") "," ALLOW("'ec2:RunInstances'", "'*'"), "pass-ec2-RunInstances exposure"},
    {ALLOW("'iam:PassRole'", "'" ROLE "'") "," ALLOW("'ec2:RunInstances'", "'*'"), "exposure"},
    {"{'Effect':'Allow','Action':'iam:PassRole','Resource':'*','Condition':{'StringEquals':{'iam:PassedToService':'lambda.amazonaws.com'}}}," ALLOW("'ec2:RunInstances'", "'*'"), "exposure"},
    {"{'Effect':'Allow','Action':'iam:PassRole','Resource':'*','Condition':{'StringEquals':{'iam:PassedToService':'ec2.amazonaws.com'}}}," ALLOW("'ec2:RunInstances'", "'*'"), "pass-ec2-RunInstances exposure"},
    {ALLOW("'iam:PassRole'", "'*'") "," ALLOW("'ec2:RunInstances'", "'*'") ",{'Effect':'Deny','Action':'ec2:RunInstances','Resource':'*'}", "exposure"},
    {ALLOW("'kinesisanalytics:*'", "'*'") "," ALLOW("'iam:PassRole'", "'*'"), "kinesisanalytics-UpdateApplication kinesisanalytics-CreateApplicationPresignedUrl kinesisanalytics-RollbackApplication pass-kinesisanalytics exposure self"},
    {ALLOW("'s3:PutObject'", "'arn:aws:s3:::code/*'"), "code-write"},
    {ALLOW("'s3:PutObject'", "'arn:aws:s3:::other/*'"), ""},
    {ALLOW("'sts:AssumeRole'", "'arn:aws:iam::999988887777:role/x'"), "sts-AssumeRole credentials"},
    {ALLOW("'kinesis:DeleteStream'", "'*'"), "tamper"},
    {ALLOW("'iam:*'", "'*'"), "iam-all credentials exposure"},
};
/* clang-format on */
START_TEST(risks)
{
    struct str code = STR(CODE);
    struct risk_options options = {.role_arn = STR(ROLE), .codes = &code, .ncodes = 1};
    if (_i == 0)
        options.expected = needs_of(x, the_app(true))->actions;
    struct risks *r = risks_of(x, grants_of(risky[_i].statements), &options);
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < r->n; i++)
        if (!r->v[i].covered && r->v[i].kind != RISK_DATA)
            buf_fmt(&b, "%s%s", b.n ? " " : "", r->v[i].id);
    buf_c(&b, '\0');
    ck_assert_str_eq(b.p, risky[_i].ids);
    buf_free(&b);
}
END_TEST

/* The role of samples/hardened is written by hand to be least: it fits as a whole, and
 * its trust and risks are clean. */
START_TEST(hardened_role_fits)
{
#define KMS "arn:aws:kms:" R "key/0526f89b-09c5-4e37-bae6-f54be82f3f79"
    static const struct {
        enum need_kind kind;
        const char *arn, *key;
    } rows[] = {
        {NEED_CODE,
         "arn:aws:s3:::orders-artifacts-111122223333/releases/orders-flink-2.5.0.jar",
         KMS},
        {NEED_LOG_STREAM,
         "arn:aws:logs:" R "log-group:/aws/kinesis-analytics/orders-flink:log-stream:"
         "kinesis-analytics-log-stream",
         ""},
        {NEED_STREAM_SOURCE, "arn:aws:kinesis:" R "stream/orders", KMS},
        {NEED_STREAM_SINK, "arn:aws:kinesis:" R "stream/orders-enriched", KMS},
        {NEED_FIREHOSE_SINK, "arn:aws:firehose:" R "deliverystream/orders-audit", ""},
        {NEED_TABLE_SINK, "arn:aws:dynamodb:" R "table/orders-state", ""},
        {NEED_BUCKET_SINK, "arn:aws:s3:::orders-lake-111122223333/enriched/", KMS},
        {NEED_SECRET, "arn:aws:secretsmanager:" R "secret:orders/customers-db", KMS},
        {NEED_SECRET, "arn:aws:secretsmanager:" R "secret:orders/payment-api", KMS},
        {NEED_VPC, "", ""},
    };
    enum { N = sizeof rows / sizeof *rows };
    struct need_target targets[N] = {0};
    for (size_t i = 0; i < N; i++)
        targets[i] = (struct need_target){.kind = rows[i].kind,
                                          .arn = str_from(rows[i].arn),
                                          .kms_key = str_from(rows[i].key)};
    struct need_app app = {
        .arn = STR(APP), .targets = targets, .ntargets = N, .properties_known = true};
    struct text t = {STR("role"), STR("")};
    struct diag *dx = diag_new(a);
    const char *path = "samples/hardened/111122223333/global/iam/"
                       "get-role-policy~orders-flink-role~orders-flink.json";
    ck_assert(file_read(a, path, t.name, dx, &t.bytes));
    struct policy_source s = {.text = &t,
                              .node =
                                  json_get(json_read(a, &t, dx), STR("PolicyDocument")),
                              .pointer = STR("/PolicyDocument")};
    const struct policy *p = policy_read(a, &s);
    ck_assert(!p->faulty && p->issues.n == 0);
    struct effective_input in = {&p, 1, false, NULL, 0};
    struct effective *e = effective_grants(x, &in);
    struct needs *needs = needs_of(x, &app);
    struct comparison *c = compare_needs(x, e, needs, false);
    for (size_t i = 0; i < c->n; i++)
        ck_assert_msg(c->v[i].verdict == COMPARE_FITS, "%s %.*s",
                      compare_verdict_name(c->v[i].verdict), STR_ARG(c->v[i].worst[0]));
    struct risk_options options = {.expected = needs->actions};
    ck_assert_uint_eq(risks_of(x, e, &options)->n, 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("iam_needs");
    TCase *tc = tcase_create("needs");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, tables_name_real_actions);
    unit_rows(tc, compare, compares);
    tcase_add_test(tc, groups_by_cause);
    unit_rows(tc, risks, risky);
    tcase_add_test(tc, hardened_role_fits);
    suite_add_tcase(s, tc);
    return unit_run(s, "iam_needs");
}
