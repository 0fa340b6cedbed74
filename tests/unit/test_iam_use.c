/* Unit tests of gen/iam/use: what evidence of use says, and what it cannot say. */
#include "iam_make.h"

#include "iam/use.h"

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

enum { DAY = 86400, NOW = 400 * DAY };

static const struct use_event events[] = {
    {{"kinesis.amazonaws.com", 21},
     {"DescribeStreamSummary", 21},
     {"arn:s", 5},
     390 * DAY,
     false},
    {{"kinesis.amazonaws.com", 21},
     {"DescribeStreamSummary", 21},
     {"arn:s", 5},
     391 * DAY,
     false},
    {{"kinesis.amazonaws.com", 21},
     {"DescribeStreamSummary", 21},
     {"arn:t", 5},
     392 * DAY,
     true},
    {{"kinesis.amazonaws.com", 21}, {"ListStreams", 11}, {"", 0}, 392 * DAY, true},
    {{"s3.amazonaws.com", 16}, {"CopyObject", 10}, {"arn:o", 5}, 380 * DAY, false},
};

static const struct str data_s3[] = {{"s3", 2}};

/* clang-format off */
static const struct {
    const char *action;
    bool trail, last_accessed;
    int64_t created;
    enum use_sight sight;
    enum use_value value;
} rows[] = {
    {"kinesis:DescribeStreamSummary", true, false, 0, USE_MANAGEMENT, USE_USED},
    {"kinesis:ListStreams", true, false, 0, USE_MANAGEMENT, USE_DENIED},
    {"kinesis:DescribeLimits", true, false, 0, USE_MANAGEMENT, USE_UNUSED},
    {"kinesis:DescribeLimits", false, false, 0, USE_MANAGEMENT, USE_UNKNOWN},
    {"kinesis:DescribeLimits", true, false, 350 * DAY, USE_MANAGEMENT, USE_UNKNOWN},
    {"kinesis:GetRecords", true, false, 0, USE_DATA, USE_UNKNOWN},
    {"s3:GetObject", true, false, 0, USE_DATA, USE_USED},
    {"s3:PutObject", true, false, 0, USE_DATA, USE_USED},
    {"s3:DeleteObject", true, false, 0, USE_DATA, USE_UNUSED},
    {"iam:PassRole", true, false, 0, USE_NEVER, USE_UNKNOWN},
    {"kafka-cluster:ReadData", true, false, 0, USE_NEVER, USE_UNKNOWN},
    {"sqs:SendMessage", false, true, 0, USE_DATA, USE_UNUSED},
    {"sqs:SendMessage", false, true, 350 * DAY, USE_DATA, USE_UNKNOWN},
    {"ec2:DescribeVpcs", false, true, 0, USE_MANAGEMENT, USE_ATTEMPTED},
    {"ec2:RunInstances", false, true, 0, USE_MANAGEMENT, USE_UNUSED},
    {"ec2:StopInstances", false, true, 0, USE_MANAGEMENT, USE_UNKNOWN},
};
/* clang-format on */

static struct use *index_for(bool trail, bool last_accessed, int64_t created)
{
    static const struct use_tracked tracked[] = {{{"DescribeVpcs", 12}, 399 * DAY},
                                                 {{"RunInstances", 12}, WHEN_NONE}};
    static const struct use_service services[] = {
        {{"sqs", 3}, WHEN_NONE, NULL, 0},
        {{"ec2", 3}, 399 * DAY, tracked, 2},
    };
    struct use_evidence *ev = ARENA_NEW(a, struct use_evidence);
    *ev = (struct use_evidence){.events = events,
                                .nevents = trail ? sizeof events / sizeof *events : 0,
                                .from = trail ? 300 * DAY : WHEN_NONE,
                                .to = trail ? (int64_t)NOW : WHEN_NONE,
                                .data_services = data_s3,
                                .ndata_services = 1,
                                .has_last_accessed = last_accessed,
                                .services = services,
                                .nservices = 2,
                                .role_created = created,
                                .now = NOW};
    return use_index(x, ev);
}

START_TEST(one_action)
{
    struct use *u = index_for(rows[_i].trail, rows[_i].last_accessed, rows[_i].created);
    uint32_t row = actions_find(x->table, str_from(rows[_i].action))->row;
    struct use_row r = use_of(x, u, row);
    ck_assert_int_eq(r.sight, rows[_i].sight);
    ck_assert_str_eq(use_value_name(r.value), use_value_name(rows[_i].value));
    ck_assert(r.why[0] != '\0');
}
END_TEST

START_TEST(sets)
{
    struct use *u = index_for(true, true, 0);
    struct use_row r =
        use_of(x, u, actions_find(x->table, STR("kinesis:DescribeStreamSummary"))->row);
    ck_assert_uint_eq(r.events, 2);
    ck_assert_uint_eq(r.nresources, 1);
    ck_assert_int_eq(r.last, 391 * DAY);
    const struct action_set *sqs = iam_actions(x, STR("sqs:*"));
    struct action_set unused = use_filter(x, u, *sqs, USE_UNUSED);
    ck_assert(action_set_within(*sqs, unused));
    /* Every value is a part of the whole. */
    struct action_set all = actions_all(a, x->table);
    size_t sum = 0;
    for (int v = USE_USED; v <= USE_UNKNOWN; v++) {
        struct action_set part = use_filter(x, u, all, (enum use_value)v);
        sum += action_set_count(&part);
    }
    ck_assert_uint_eq(sum, actions_count(x->table));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("iam_use");
    TCase *tc = tcase_create("use");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 30);
    unit_rows(tc, one_action, rows);
    tcase_add_test(tc, sets);
    suite_add_tcase(s, tc);
    return unit_run(s, "iam_use");
}
