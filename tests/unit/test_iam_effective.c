/* Unit tests of gen/iam/effective: what Allows come to after Denies and limits. */
#include "iam_make.h"

#include "iam/effective.h"

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

#define STREAM "arn:aws:kinesis:us-east-1:111122223333:stream/in"

/* What becomes of one action on one resource: "yes", "unsure", "no", "dead". */
static const char *fate(const struct effective *e, const char *action, const char *arn)
{
    const struct action *act = actions_find(x->table, str_from(action));
    ck_assert_msg(act != NULL, "%s", action);
    struct arn_pattern r = arn_pattern_make(a, str_from(arn), ARN_IN_IDENTITY, false);
    const char *best = "no";
    enum rule_reach reach;
    size_t from = 0;
    const struct grant *g;
    while ((g = effective_on(e, act->row, &r, &from, &reach))) {
        if (reach == RULE_WHOLE && !action_set_has(&g->unsure, act->row) &&
            !g->conditional)
            return "yes";
        best = "unsure";
    }
    for (size_t i = 0; i < e->n && *best == 'n'; i++)
        if (action_set_has(&e->v[i].dead, act->row))
            best = "dead";
    return best;
}

#define ALLOW(action, resource)                                                          \
    "{'Effect':'Allow','Action':'" action "','Resource':'" resource "'}"
#define DENY(action, resource)                                                           \
    "{'Effect':'Deny','Action':'" action "','Resource':'" resource "'}"
#define IF(st, cond) "{'Condition':{" cond "}," st
#define MFA "'Bool':{'aws:MultiFactorAuthPresent':'true'}"

/* clang-format off */
static const struct {
    const char *identity, *boundary, *action, *arn, *fate;
} rows[] = {
    {ALLOW("kinesis:*", "*"), NULL, "kinesis:GetRecords", STREAM, "yes"},
    {ALLOW("kinesis:*", STREAM), NULL, "kinesis:GetRecords", STREAM, "yes"},
    {ALLOW("kinesis:*", STREAM), NULL, "kinesis:ListStreams", "*", "dead"},
    {ALLOW("s3:*", "arn:aws:s3:::b"), NULL, "s3:GetObject", "arn:aws:s3:::b/k", "dead"},
    {"{'Effect':'Allow','Action':'s3:*','Resource':['arn:aws:s3:::b','arn:aws:s3:::b/*']}", NULL, "s3:GetObject", "arn:aws:s3:::b/k", "yes"},
    {"{'Effect':'Allow','Action':'s3:*','Resource':['arn:aws:s3:::b','arn:aws:s3:::b/*']}", NULL, "s3:ListBucket", "arn:aws:s3:::b", "yes"},
    {ALLOW("*", "*") "," DENY("kinesis:GetRecords", "*"), NULL, "kinesis:GetRecords", STREAM, "no"},
    {ALLOW("*", "*") "," DENY("kinesis:*", "arn:aws:kinesis:*:*:*"), NULL, "kinesis:GetRecords", STREAM, "no"},
    {ALLOW("*", "*") "," DENY("kinesis:*", "arn:aws:kinesis:*:*:stream/other"), NULL, "kinesis:GetRecords", STREAM, "unsure"},
    {ALLOW("*", STREAM) "," DENY("kinesis:*", "arn:aws:kinesis:*:*:stream/other"), NULL, "kinesis:GetRecords", STREAM, "yes"},
    {ALLOW("*", "*") ",{'Effect':'Deny','Action':'*','Resource':'*','Condition':{" MFA "}}", NULL, "kinesis:GetRecords", STREAM, "unsure"},
    {ALLOW("*", "*") ",{'Effect':'Deny','NotAction':'kinesis:*','Resource':'*'}", NULL, "kinesis:GetRecords", STREAM, "yes"},
    {ALLOW("*", "*") ",{'Effect':'Deny','NotAction':'kinesis:*','Resource':'*'}", NULL, "s3:GetObject", "arn:aws:s3:::b/k", "no"},
    {ALLOW("*", "*") ",{'Effect':'Deny','Action':'*','NotResource':'" STREAM "'}", NULL, "kinesis:GetRecords", STREAM, "unsure"},
    {ALLOW("*", STREAM) ",{'Effect':'Deny','Action':'*','NotResource':'" STREAM "'}", NULL, "kinesis:GetRecords", STREAM, "yes"},
    {"{'Effect':'Allow','NotAction':'kinesis:*','Resource':'*'}", NULL, "kinesis:GetRecords", STREAM, "no"},
    {"{'Effect':'Allow','NotAction':'kinesis:*','Resource':'*'}", NULL, "iam:PassRole", "arn:aws:iam::111122223333:role/x", "yes"},
    {"{'Effect':'Allow','NotAction':'bogus:*','Resource':'*'}", NULL, "kinesis:GetRecords", STREAM, "yes"},
    {"{'Effect':'Allow','Action':'kinesis:*','NotResource':'" STREAM "'}", NULL, "kinesis:GetRecords", STREAM, "no"},
    {"{'Effect':'Allow','Action':'kinesis:*','NotResource':'" STREAM "'}", NULL, "kinesis:GetRecords", STREAM "2", "yes"},
    {"{'Effect':'Allow','Action':'kinesis:*','NotResource':'" STREAM "'}," DENY("kinesis:*", "*"), NULL, "kinesis:GetRecords", STREAM "2", "no"},
    {"{'Effect':'Allow','Action':'kinesis:*','NotResource':'" STREAM "'}," DENY("kinesis:*", STREAM), NULL, "kinesis:GetRecords", STREAM "2", "yes"},
    {"{'Effect':'Allow','Action':'kinesis:*','Resource':'*','Condition':{" MFA "}}", NULL, "kinesis:GetRecords", STREAM, "unsure"},
    {ALLOW("kinesis:GetRecords ", "*"), NULL, "kinesis:GetRecords", STREAM, "no"},
    {ALLOW("kinesis:*", "*"), ALLOW("kinesis:Get*", "*"), "kinesis:GetRecords", STREAM, "yes"},
    {ALLOW("kinesis:*", "*"), ALLOW("kinesis:Get*", "*"), "kinesis:PutRecord", STREAM, "no"},
    {ALLOW("kinesis:*", "*"), ALLOW("kinesis:*", STREAM), "kinesis:PutRecord", STREAM, "yes"},
    {ALLOW("kinesis:*", "*"), ALLOW("kinesis:*", STREAM), "kinesis:PutRecord", STREAM "2", "no"},
    {ALLOW("kinesis:*", "*"), ALLOW("*", "*") "," DENY("kinesis:Put*", "*"), "kinesis:PutRecord", STREAM, "no"},
    {ALLOW("kinesis:*", "*"), "{'Effect':'Allow','NotAction':'iam:*','Resource':'*'}", "kinesis:PutRecord", STREAM, "yes"},
    {ALLOW("kinesis:*", "*"), "{'Effect':'Allow','Action':'*','Resource':'*','Condition':{" MFA "}}", "kinesis:PutRecord", STREAM, "unsure"},
    {ALLOW("kinesis:*", STREAM), ALLOW("kinesis:*", "arn:aws:kinesis:*:*:stream/other"), "kinesis:PutRecord", STREAM, "no"},
    {ALLOW("kinesis:*", "*"), "{'Effect':'allow','Action':'*','Resource':'*'}", "kinesis:PutRecord", STREAM, "unsure"},
    {"{'Effect':'allow','Action':'*','Resource':'*'}", NULL, "kinesis:PutRecord", STREAM, "no"},
    {ALLOW("s3:*", "arn:aws:s3:::${aws:username}/*"), NULL, "s3:GetObject", "arn:aws:s3:::ann/x", "unsure"},
    {ALLOW("s3:*", "*") "," DENY("s3:*", "arn:aws:s3:::${aws:username}/*"), NULL, "s3:GetObject", "arn:aws:s3:::ann/x", "unsure"},
};
/* clang-format on */

static struct effective *work_out(const char *identity, const char *boundary)
{
    const struct policy *own = iam_statements(a, identity, POLICY_IDENTITY_INLINE);
    const struct policy *edge =
        boundary ? iam_statements(a, boundary, POLICY_BOUNDARY) : NULL;
    struct effective_limit limit = {"permissions boundary", &edge, 1, false};
    struct effective_input in = {&own, 1, false, &limit, boundary != NULL};
    return effective_grants(x, &in);
}

START_TEST(grants)
{
    struct effective *e = work_out(rows[_i].identity, rows[_i].boundary);
    ck_assert_str_eq(fate(e, rows[_i].action, rows[_i].arn), rows[_i].fate);
}
END_TEST

START_TEST(says_what_it_does_not_know)
{
    struct effective *e =
        work_out("{'Effect':'allow','Action':'*','Resource':'*'}", NULL);
    ck_assert(e->incomplete && e->upper_bound);
    ck_assert_uint_eq(e->nbroken, 1);
    ck_assert_uint_eq(e->n, 0);
    const struct policy *own =
        iam_statements(a, ALLOW("kinesis:*", "*"), POLICY_IDENTITY_INLINE);
    struct effective_limit limit = {"permissions boundary", NULL, 0, true};
    struct effective_input in = {&own, 1, true, &limit, 1};
    e = effective_grants(x, &in);
    ck_assert(e->incomplete && e->upper_bound);
    ck_assert_uint_eq(e->nunknown, 2);
    ck_assert_str_eq(fate(e, "kinesis:GetRecords", STREAM), "yes");
}
END_TEST

START_TEST(folds_what_is_said_twice)
{
    struct effective *e =
        work_out(ALLOW("kinesis:Get*", STREAM) "," ALLOW("kinesis:*", "*"), NULL);
    ck_assert_uint_eq(e->n, 2);
    ck_assert(action_set_within(e->v[0].actions, e->v[0].folded));
    ck_assert(action_set_empty(&e->v[1].folded));
    size_t atoms = 0, folded = 0;
    for (struct atom at = {0}; effective_next(x, e, &at); atoms++)
        folded += at.folded;
    ck_assert_uint_eq(atoms, 47 + folded);
    ck_assert_uint_eq(folded, action_set_count(&e->v[0].actions));
}
END_TEST

/* Properties: order, splitting and repetition change nothing; an Allow more never takes
 * away, a Deny more never adds; NotAction is Action of the complement. */
static const char *const pool[] = {
    ALLOW("kinesis:*", "*"),
    ALLOW("s3:Get*", "arn:aws:s3:::b/*"),
    ALLOW("*", STREAM),
    DENY("kinesis:Put*", "*"),
    DENY("s3:*", "arn:aws:s3:::b/*"),
    "{'Effect':'Allow','NotAction':['iam:*','s3:*'],'Resource':'*'}",
    "{'Effect':'Deny','NotAction':'kinesis:*','Resource':'*'}",
    "{'Effect':'Allow','Action':['kinesis:GetRecords','KINESIS:getrecords'],'NotResource'"
    ":'" STREAM "'}",
};
enum { POOL = sizeof pool / sizeof *pool };

static struct str join(const char *const *v, size_t n)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%s%s", i ? "," : "", v[i]);
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

START_TEST(properties)
{
    for (size_t mask = 0; mask < 1 << POOL; mask += 3) {
        const char *some[POOL + 1], *back[POOL + 1];
        size_t n = 0;
        for (size_t i = 0; i < POOL; i++)
            if (mask >> i & 1)
                some[n++] = pool[i];
        for (size_t i = 0; i < n; i++)
            back[i] = some[n - 1 - i];
        struct effective *e = work_out(join(some, n).p, NULL);
        struct effective *r = work_out(join(back, n).p, NULL);
        ck_assert(action_set_within(e->actions, r->actions));
        ck_assert(action_set_within(r->actions, e->actions));
        some[n] = DENY("s3:GetObject", "*");
        struct effective *less = work_out(join(some, n + 1).p, NULL);
        ck_assert(action_set_within(less->actions, e->actions));
        some[n] = ALLOW("sqs:*", "*");
        struct effective *more = work_out(join(some, n + 1).p, NULL);
        ck_assert(action_set_within(e->actions, more->actions));
    }
}
END_TEST

/* The same policy written another way grants the same. */
/* clang-format off */
static const struct {
    const char *one, *other;
} same[] = {
    {ALLOW("kinesis:GetRecords", "*"), "{'Effect':'Allow','Action':['kinesis:GetRecords'],'Resource':['*']}"},
    {ALLOW("kinesis:GetRecords", "*"), ALLOW("KINESIS:GETRECORDS", "*")},
    {ALLOW("kinesis:GetRecords", "*"), ALLOW("kinesis:GetRecords", "*") "," ALLOW("kinesis:GetRecords", "*")},
    {"{'Effect':'Allow','Action':['kinesis:GetRecords','s3:GetObject'],'Resource':'*'}", ALLOW("s3:GetObject", "*") "," ALLOW("kinesis:GetRecords", "*")},
    {"{'Effect':'Allow','Action':['kinesis:GetRecords','s3:GetObject'],'Resource':'*'}", "{'Resource':'*','Action':['s3:GetObject','kinesis:GetRecords'],'Effect':'Allow'}"},
    {"{'Effect':'Allow','Action':'s3:GetObject','Resource':['arn:aws:s3:::a/*','arn:aws:s3:::b/*']}", ALLOW("s3:GetObject", "arn:aws:s3:::b/*") "," ALLOW("s3:GetObject", "arn:aws:s3:::a/*")},
    {ALLOW("*", "*"), "{'Effect':'Allow','NotAction':'bogus:x','Resource':'*'}"},
    {"{'Effect':'Allow','NotAction':'kinesis:*','Resource':'*'}", ALLOW("*", "*") "," DENY("kinesis:*", "*")},
    {ALLOW("kinesis:*", "*") ",{'Effect':'Deny','NotAction':'kinesis:Get*','Resource':'*'}", ALLOW("kinesis:Get*", "*")},
    {"{'Effect':'Allow','Action':[],'Resource':'*'}", "{'Effect':'Deny','Action':'*','Resource':'*'}"},
    {"{'Effect':'Allow','NotAction':[],'Resource':'*'}", ALLOW("*", "*")},
};
/* clang-format on */
START_TEST(means_the_same)
{
    struct effective *e = work_out(same[_i].one, NULL),
                     *f = work_out(same[_i].other, NULL);
    ck_assert_uint_eq(action_set_count(&e->actions), action_set_count(&f->actions));
    struct action_set p = e->actions, q = f->actions;
    p.others = q.others = NULL;
    ck_assert(action_set_within(p, q) && action_set_within(q, p));
}
END_TEST

/* Expanding every text to single actions and back to a set is the identity. */
START_TEST(expand_and_back)
{
    static const char *const texts[] = {"kinesis:*", "s3:Get*", "*", "ec2:Describe*s"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct action_set *s = iam_actions(x, str_from(texts[i]));
        struct action_set back = {0};
        for (uint32_t r = action_set_next(s, 0); r != UINT32_MAX && r < 4000;
             r = action_set_next(s, r + 1)) {
            struct action_set one;
            ck_assert_int_eq(actions_expand(a, x->table,
                                            action_text(a, actions_get(x->table, r)),
                                            &one),
                             ACTION_TEXT_KNOWN);
            back = action_set_or(a, back, one);
        }
        struct action_set want = action_set_and(a, *s, action_set_rows(a, 0, 4000));
        want.others = NULL;
        ck_assert(action_set_within(want, back) && action_set_within(back, want));
    }
}
END_TEST

/* One statement for each action says what one for all of them says, on every resource. */
START_TEST(split_by_action)
{
    static const char *const texts[] = {"kinesis:*", "sqs:Send*", "kinesis:?et*"};
    static const char *const places[] = {STREAM, "*", "arn:aws:kinesis:*:*:stream/*"};
    for (size_t i = 0; i < 9; i++) {
        const char *text = texts[i % 3], *place = places[i / 3];
        const struct action_set *s = iam_actions(x, str_from(text));
        struct buf each = BUF_INIT;
        for (uint32_t r = action_set_next(s, 0); r != UINT32_MAX;
             r = action_set_next(s, r + 1))
            buf_fmt(&each, "%s{'Effect':'Allow','Action':'%s','Resource':'%s'}",
                    each.n ? "," : "", action_text(a, actions_get(x->table, r)).p, place);
        struct effective *one = work_out(
            str_fmt(a, "{'Effect':'Allow','Action':'%s','Resource':'%s'}", text, place).p,
            NULL);
        struct effective *all = work_out(each.p, NULL);
        ck_assert(action_set_within(one->actions, all->actions));
        ck_assert(action_set_within(all->actions, one->actions));
        for (uint32_t r = action_set_next(s, 0); r != UINT32_MAX;
             r = action_set_next(s, r + 1)) {
            const char *name = action_text(a, actions_get(x->table, r)).p;
            ck_assert_str_eq(fate(one, name, STREAM), fate(all, name, STREAM));
        }
        buf_free(&each);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("iam_effective");
    TCase *tc = tcase_create("effective");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 30);
    unit_rows(tc, grants, rows);
    tcase_add_test(tc, says_what_it_does_not_know);
    tcase_add_test(tc, folds_what_is_said_twice);
    tcase_add_test(tc, properties);
    unit_rows(tc, means_the_same, same);
    tcase_add_test(tc, expand_and_back);
    tcase_add_test(tc, split_by_action);
    suite_add_tcase(s, tc);
    return unit_run(s, "iam_effective");
}
