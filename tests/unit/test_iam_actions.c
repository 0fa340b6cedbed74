/* Unit tests of gen/iam/actions, actionset and arn. */
#include "iam_table.h"

static struct arena *a;
static struct actions *table;

static void setup(void)
{
    a = arena_new();
    table = iam_table(a);
}

static void teardown(void)
{
    arena_free(a);
}

START_TEST(whole_table)
{
    ck_assert_str_eq(str_z(a, actions_date(table)), "2026-09-26");
    ck_assert_uint_eq(actions_count(table), 22091);
    size_t services = 0, star_only = 0, levels[ACTION_LEVELS] = {0}, listed = 0,
           marked = 0;
    const struct action_service *sv;
    for (; (sv = actions_service_at(table, services)); services++)
        for (uint32_t i = 0; i < sv->count; i++) {
            const struct action *act = &sv->actions[i];
            ck_assert_uint_eq(act->row, sv->first + i);
            ck_assert(act->name.n > 0);
            ck_assert_ptr_eq(actions_get(table, act->row), act);
            star_only += act->ntypes == 0;
            marked += act->manages;
            listed += act->permission_only;
            levels[act->level]++;
        }
    ck_assert_uint_eq(services, 456);
    ck_assert_uint_eq(star_only, 6724);
    ck_assert_uint_eq(marked, 204);
    ck_assert_uint_eq(listed, 1385);
    ck_assert_uint_eq(levels[ACTION_PERMISSIONS], 425);
    size_t counted[ACTION_LEVELS];
    struct action_set all = actions_all(a, table);
    actions_levels(table, &all, counted);
    for (size_t i = 0; i < ACTION_LEVELS; i++)
        ck_assert_uint_eq(counted[i], levels[i]);
}
END_TEST

static const struct {
    const char *text;
    enum action_text_kind kind;
    size_t rows, others;
} expands[] = {
    {"*", ACTION_TEXT_ALL, 22091, 0},
    {"**", ACTION_TEXT_ALL, 22091, 0},
    {"*:*", ACTION_TEXT_ALL, 22091, 0},
    {"kinesis:GetRecords", ACTION_TEXT_KNOWN, 1, 0},
    {"KINESIS:getrecords", ACTION_TEXT_KNOWN, 1, 0},
    {"kinesis:*", ACTION_TEXT_KNOWN, 47, 0},
    {"kinesis:Put*", ACTION_TEXT_KNOWN, 3, 0},
    {"kinesis:PutRecor?", ACTION_TEXT_KNOWN, 1, 0},
    {"kinesis:Bogus", ACTION_TEXT_UNKNOWN_ACTION, 0, 1},
    {"kinesis:Bogus*", ACTION_TEXT_UNKNOWN_ACTION, 0, 0},
    {"bogus:Do", ACTION_TEXT_UNKNOWN_SERVICE, 0, 1},
    {"bogus:*", ACTION_TEXT_UNKNOWN_SERVICE, 0, 0},
    {"s3:", ACTION_TEXT_DEAD, 0, 0},
    {"s3:GetObject ", ACTION_TEXT_DEAD, 0, 0},
    {"s3:GetObject,PutObject", ACTION_TEXT_DEAD, 0, 0},
    {"iam*:Get*", ACTION_TEXT_MALFORMED, 0, 0},
    {"*:Get*", ACTION_TEXT_MALFORMED, 0, 0},
    {"s3", ACTION_TEXT_MALFORMED, 0, 0},
    {"", ACTION_TEXT_MALFORMED, 0, 0},
    {":x", ACTION_TEXT_MALFORMED, 0, 0},
};
START_TEST(expand)
{
    struct action_set s;
    ck_assert_int_eq(actions_expand(a, table, str_from(expands[_i].text), &s),
                     expands[_i].kind);
    ck_assert_uint_eq(action_set_count(&s), expands[_i].rows);
    ck_assert_uint_eq(action_set_nothers(&s), expands[_i].others);
}
END_TEST

/* Every set operation against the same on plain arrays. */
START_TEST(set_algebra)
{
    static const char *const texts[] = {"kinesis:*", "kinesis:Get*", "s3:*",  "bogus:X",
                                        "*",         "zocalo:*",     "a2c:*", "",
                                        "bogus:Y"};
    enum { N = sizeof texts / sizeof *texts };
    struct str x_name = STR("bogus:x"), z_name = STR("bogus:z");
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            struct action_set x, y;
            actions_expand(a, table, str_from(texts[i]), &x);
            actions_expand(a, table, str_from(texts[j]), &y);
            struct action_set o = action_set_or(a, x, y), n = action_set_and(a, x, y),
                              m = action_set_minus(a, x, y);
            bool within = true, meets = false, good = true;
            for (uint32_t r = 0; r < actions_count(table); r++) {
                bool p = action_set_has(&x, r), q = action_set_has(&y, r);
                good = good && action_set_has(&o, r) == (p || q);
                good = good && action_set_has(&n, r) == (p && q);
                good = good && action_set_has(&m, r) == (p && !q);
                within = within && (!p || q);
                meets = meets || (p && q);
            }
            ck_assert(good);
            struct str names[] = {x_name, STR("bogus:y"), z_name};
            for (size_t k = 0; k < 3; k++) {
                bool p = action_set_has_other(&x, names[k]),
                     q = action_set_has_other(&y, names[k]);
                ck_assert(action_set_has_other(&o, names[k]) == (p || q));
                ck_assert(action_set_has_other(&n, names[k]) == (p && q));
                ck_assert(action_set_has_other(&m, names[k]) == (p && !q));
                within = within && (!p || q);
                meets = meets || (p && q);
            }
            ck_assert(action_set_within(x, y) == within);
            ck_assert(action_set_meets(x, y) == meets);
            ck_assert(action_set_empty(&m) == within);
        }
}
END_TEST

static const struct {
    const char *action, *resource;
    bool takes;
} takes[] = {
    {"s3:GetObject", "arn:aws:s3:::b", false},
    {"s3:GetObject", "arn:aws:s3:::b*", true},
    {"s3:GetObject", "arn:aws:s3:::b/*", true},
    {"s3:ListBucket", "arn:aws:s3:::b/*", false},
    {"s3:ListBucket", "arn:aws:s3:::b", true},
    {"s3:ListAllMyBuckets", "arn:aws:s3:::*", false},
    {"s3:ListAllMyBuckets", "*", true},
    {"kinesis:GetRecords", "arn:aws:kinesis:us-east-1:111122223333:stream/x", true},
    {"kinesis:SubscribeToShard", "arn:aws:kinesis:us-east-1:111122223333:stream/x",
     false},
    {"kinesis:SubscribeToShard",
     "arn:aws:kinesis:us-east-1:111122223333:stream/x/consumer/y:1", true},
    {"kinesis:GetRecords", "arn:aws:kinesis:us-east-1:111122223333:stream/x/consumer/y:1",
     false},
    {"kinesis:DeregisterStreamConsumer",
     "arn:aws:kinesis:us-east-1:111122223333:stream/x", true},
    {"kinesis:GetRecords", "arn:aws:kinesis", true},
    {"kinesis:GetRecords", "arn:aws:s3", false},
    {"logs:PutLogEvents", "arn:aws:logs:us-east-1:111122223333:log-group:g", false},
    {"logs:PutLogEvents", "arn:aws:logs:us-east-1:111122223333:log-group:g:*", true},
    {"logs:DescribeLogGroups", "arn:aws:logs:us-east-1:111122223333:log-group:*", true},
    {"ec2:DescribeVpcs", "arn:aws:ec2:us-east-1:111122223333:vpc/*", false},
    {"iam:PassRole", "arn:aws:iam::111122223333:role/x", true},
};
START_TEST(takes_resource)
{
    const struct action *act = actions_find(table, str_from(takes[_i].action));
    ck_assert(act != NULL);
    struct arn_pattern p =
        arn_pattern_make(a, str_from(takes[_i].resource), ARN_IN_IDENTITY, true);
    ck_assert_int_eq(action_takes(act, &p), takes[_i].takes);
}
END_TEST

/* clang-format off */
static const struct {
    enum arn_use use;
    const char *pattern, *arn;
    bool variables, matches;
} arns[] = {
    {ARN_IN_IDENTITY, "*", "arn:aws:s3:::b", true, true},
    {ARN_IN_IDENTITY, "*", "*", true, true},
    {ARN_IN_IDENTITY, "arn:aws:s3:::*", "*", true, false},
    {ARN_IN_IDENTITY, "arn:aws:sqs", "arn:aws:sqs:us-east-1:111122223333:q", true, true},
    {ARN_IN_RESOURCE, "arn:aws:sqs", "arn:aws:sqs:us-east-1:111122223333:q", true, false},
    {ARN_IN_RESOURCE, "arn:aws:sqs:*", "arn:aws:sqs:us-east-1:111122223333:q", true, true},
    {ARN_IN_SCP, "arn:aws:sqs:*", "arn:aws:sqs:us-east-1:111122223333:q", true, true},
    {ARN_IN_SCP, "arn:aws:sqs", "arn:aws:sqs:us-east-1:111122223333:q", true, false},
    {ARN_IN_RCP, "arn:aws:sqs:*", "arn:aws:sqs:us-east-1:111122223333:q", true, false},
    {ARN_IN_IDENTITY, "arn:aws:kinesis:*:111122223333:stream/a", "arn:aws:kinesis:us-east-1:111122223333:stream/a", true, true},
    {ARN_IN_IDENTITY, "arn:aws:kinesis:*:stream/a", "arn:aws:kinesis:us-east-1:111122223333:stream/a", true, false},
    {ARN_IN_IDENTITY, "arn:aws:kinesis::111122223333:*", "arn:aws:kinesis:us-east-1:111122223333:stream/a", true, false},
    {ARN_IN_IDENTITY, "arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y:z", true, true},
    {ARN_IN_IDENTITY, "arn:aws:s3:::B/*", "arn:aws:s3:::b/x", true, false},
    {ARN_IN_IDENTITY, "arn:AWS:S3:::b/*", "arn:aws:s3:::b/x", true, true},
    {ARN_IN_IDENTITY, "arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::ann/x", true, true},
    {ARN_IN_IDENTITY, "arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::ann/x", false, false},
    {ARN_IN_IDENTITY, "s3:::b", "arn:aws:s3:::b", true, false},
    {ARN_IN_IDENTITY, "arn:*:s3:::b", "arn:aws-us-gov:s3:::b", true, true},
    {ARN_IN_IDENTITY, "", "arn:aws:s3:::b", true, false},
    {ARN_IN_CONDITION, "arn:aws:sqs", "arn:aws:sqs:us-east-1:111122223333:q", false, false},
};
/* clang-format on */
START_TEST(arn_match)
{
    struct arn_pattern p =
        arn_pattern_make(a, str_from(arns[_i].pattern), arns[_i].use, arns[_i].variables);
    ck_assert_int_eq(arn_matches(&p, str_from(arns[_i].arn)), arns[_i].matches);
}
END_TEST

static const struct {
    const char *p, *q;
    enum pattern_answer meets, within;
} pairs[] = {
    {"*", "arn:aws:s3:::*", PATTERN_YES, PATTERN_NO},
    {"arn:aws:s3:::b/*", "arn:aws:s3:::b*", PATTERN_YES, PATTERN_YES},
    {"arn:aws:s3:::*/x", "arn:aws:s3:::b/*", PATTERN_YES, PATTERN_NO},
    {"arn:aws:s3:::a", "arn:aws:s3:::b", PATTERN_NO, PATTERN_NO},
    {"arn:aws:kinesis:us-*:*:stream/x", "arn:aws:kinesis:*:*:stream/*", PATTERN_YES,
     PATTERN_YES},
    {"nonsense", "arn:aws:s3:::b", PATTERN_NO, PATTERN_YES},
};
START_TEST(arn_algebra)
{
    struct arn_pattern p =
        arn_pattern_make(a, str_from(pairs[_i].p), ARN_IN_IDENTITY, true);
    struct arn_pattern q =
        arn_pattern_make(a, str_from(pairs[_i].q), ARN_IN_IDENTITY, true);
    ck_assert_int_eq(arn_meets(&p, &q), pairs[_i].meets);
    ck_assert_int_eq(arn_within(&p, &q), pairs[_i].within);
}
END_TEST

static const struct {
    const char *text, *near;
} nearest[] = {
    {"kinesis:GetRecord", "kinesis:GetRecords"},
    {"kinesys:GetRecords", "kinesis:GetRecords"},
    {"s3:GetObjekt", "s3:GetObject"},
    {"zzzzzzzz:Do", ""},
    {"s3:Unrelated", ""},
};
START_TEST(did_you_mean)
{
    struct str near = actions_nearest(a, table, str_from(nearest[_i].text));
    ck_assert_str_eq(str_z(a, near), nearest[_i].near);
}
END_TEST

static const struct {
    const char *action, *key;
    bool known;
    char type;
    bool many;
} keys[] = {
    {"s3:GetObject", "aws:SourceIp", true, 'I', false},
    {"s3:GetObject", "AWS:tagkeys", true, 'S', true},
    {"s3:GetObject", "s3:ExistingObjectTag/team", true, 'S', false},
    {"s3:ListBucket", "s3:prefix", true, 'S', false},
    {"kinesis:GetRecords", "s3:prefix", false, 0, false},
    {"kinesis:GetRecords", "aws:ResourceTag/x", true, 'S', false},
    {"kms:Decrypt", "kms:ViaService", true, 'S', false},
    {"iam:PassRole", "iam:PassedToService", true, 'S', false},
    {"iam:PassRole", "aws:nonsense", false, 0, false},
};
START_TEST(condition_keys)
{
    const struct action *act = actions_find(table, str_from(keys[_i].action));
    struct action_key k = {0};
    ck_assert_int_eq(actions_key(table, act, str_from(keys[_i].key), &k), keys[_i].known);
    ck_assert_int_eq(k.type, keys[_i].type);
    ck_assert_int_eq(k.many, keys[_i].many);
}
END_TEST

static const struct {
    const char *source, *name, *actions;
} events[] = {
    {"s3.amazonaws.com", "ListObjectsV2", "s3:ListBucket"},
    {"s3.amazonaws.com", "CopyObject", "s3:PutObject s3:GetObject"},
    {"s3.amazonaws.com", "GetObject", "s3:GetObject"},
    {"monitoring.amazonaws.com", "PutMetricData", "cloudwatch:PutMetricData"},
    {"lambda.amazonaws.com", "CreateFunction20150331", "lambda:CreateFunction"},
    {"lambda.amazonaws.com", "UpdateFunctionCode20150331v2", "lambda:UpdateFunctionCode"},
    {"kinesis.amazonaws.com", "GetRecords", "kinesis:GetRecords"},
};
START_TEST(actions_of_events)
{
    size_t n;
    const struct str *v = actions_of_event(a, table, str_from(events[_i].source),
                                           str_from(events[_i].name), &n);
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%s%.*s", i ? " " : "", STR_ARG(v[i]));
    ck_assert_str_eq(b.p, events[_i].actions);
    buf_free(&b);
}
END_TEST

/* clang-format off */
static const char *const bad_tables[] = {
    "",
    "{}",
    "{\n\"_\":{\"date\":\"2026-01-01\"}\n}",
    "{\n\"_\":{\"date\":\"2026-01-01\"},\n\"b\":{\"n\":\"1 0 0 0\"}\n}",
    "{\n\"_\":{\"date\":\"2026-01-01\"},\n\"b\":{\"n\":\"1 0 0 0 -1\"}\n}",
    "{\n\"_\":{\"date\":\"2026-01-01\"},\n\"b\":{\"n\":\"1 0 0 0 0\"},\n\"a\":{\"n\":\"0 0 0 0 0\"}\n}",
    "{\n\"a\":{\"n\":\"1 0 0 0 0\"}\n}",
    "{\nnonsense\n}",
};
/* clang-format on */
START_TEST(refuses_table)
{
    struct diag *dx = diag_new(a);
    ck_assert_ptr_null(actions_open(a, str_from(bad_tables[_i]), dx));
    ck_assert_str_eq(diag_first(dx, DIAG_ERROR), "IAM-101");
}
END_TEST

/* A line that promises more than it holds gives nameless actions, never a crash. */
START_TEST(short_line)
{
    struct diag *dx = diag_new(a);
    struct actions *t = actions_open(
        a,
        STR("{\n\"_\":{\"date\":\"2026-01-01\"},\n\"x\":{\"n\":\"3 0 0 0 0\",\"k\":\"a\","
            "\"a\":[[\"L\",\"One\"],[\"L\",\"Two\",\"none*\"]]}\n}"),
        dx);
    ck_assert(t != NULL);
    ck_assert(actions_find(t, STR("x:One")) != NULL);
    ck_assert_uint_eq(actions_service(t, STR("X"))->count, 3);
    ck_assert(actions_find(t, STR("x:Two")) == NULL);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("iam_actions");
    TCase *tc = tcase_create("actions");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, whole_table);
    unit_rows(tc, expand, expands);
    tcase_add_test(tc, set_algebra);
    unit_rows(tc, takes_resource, takes);
    unit_rows(tc, arn_match, arns);
    unit_rows(tc, arn_algebra, pairs);
    unit_rows(tc, did_you_mean, nearest);
    unit_rows(tc, condition_keys, keys);
    unit_rows(tc, actions_of_events, events);
    unit_rows(tc, refuses_table, bad_tables);
    tcase_add_test(tc, short_line);
    suite_add_tcase(s, tc);
    return unit_run(s, "iam_actions");
}
