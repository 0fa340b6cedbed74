/* Unit tests of gen/iam/request and evaluate: conditions and whole requests. */
#include "iam_make.h"

#include "iam/evaluate.h"

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

/* A context from "key=value;key=v1,v2;absent=" text; a trailing ! closes it. */
static struct request_context context(const char *text)
{
    VEC(struct request_key) v = {0};
    struct str rest = str_from(text), one, list;
    bool closed = str_ends(rest, STR("!"));
    rest.n -= closed;
    while (rest.n) {
        struct request_key k = {0};
        VEC(struct str) values = {0};
        str_cut(rest, ';', &one, &rest);
        str_cut(one, '=', &k.name, &list);
        while (list.n)
            str_cut(list, ',', vec_push(a, &values), &list);
        k.values = values.v;
        k.nvalues = values.n;
        *vec_push(a, &v) = k;
    }
    return (struct request_context){v.v, v.n, closed};
}

/* clang-format off */
static const struct {
    const char *op, *values, *context;
    enum truth holds;
} conditions[] = {
    {"StringEquals", "'a'", "k=a", TRUTH_YES},
    {"StringEquals", "'a'", "K=a", TRUTH_YES},
    {"StringEquals", "'a'", "k=A", TRUTH_NO},
    {"StringEquals", "['a','b']", "k=b", TRUTH_YES},
    {"StringEquals", "'a*'", "k=ab", TRUTH_NO},
    {"StringEquals", "'a'", "", TRUTH_UNKNOWN},
    {"StringEquals", "'a'", "!", TRUTH_NO},
    {"StringEquals", "'a'", "k=", TRUTH_NO},
    {"StringEqualsIfExists", "'a'", "k=", TRUTH_YES},
    {"StringEqualsIfExists", "'a'", "k=b", TRUTH_NO},
    {"StringNotEquals", "'a'", "k=", TRUTH_YES},
    {"StringNotEquals", "['a','b']", "k=b", TRUTH_NO},
    {"StringNotEquals", "['a','b']", "k=c", TRUTH_YES},
    {"StringEqualsIgnoreCase", "'A'", "k=a", TRUTH_YES},
    {"StringNotEqualsIgnoreCase", "'A'", "k=a", TRUTH_NO},
    {"StringLike", "'a*c?'", "k=abbcd", TRUTH_YES},
    {"StringNotLike", "'a*'", "k=abc", TRUTH_NO},
    {"StringLike", "'${v}/*'", "k=ann/x;v=ann", TRUTH_YES},
    {"StringLike", "'${v}/*'", "k=bob/x;v=a*", TRUTH_NO},
    {"StringLike", "'${v}/*'", "k=bob/x;v=", TRUTH_NO},
    {"StringNotLike", "'${v}/*'", "k=bob/x;v=", TRUTH_YES},
    {"StringLike", "'${v, \\'bob\\'}/*'", "k=bob/x;v=", TRUTH_YES},
    {"StringLike", "'${v}/*'", "k=bob/x", TRUTH_UNKNOWN},
    {"StringLike", "'a${*}'", "k=a*", TRUTH_YES},
    {"StringLike", "'a${*}'", "k=ab", TRUTH_NO},
    {"NumericLessThan", "5", "k=4", TRUTH_YES},
    {"NumericLessThan", "'5'", "k=5", TRUTH_NO},
    {"NumericLessThanEquals", "'5'", "k=5.0", TRUTH_YES},
    {"NumericGreaterThan", "'5'", "k=5.5", TRUTH_YES},
    {"NumericGreaterThanEquals", "'5'", "k=x", TRUTH_NO},
    {"NumericEquals", "'5'", "k=5", TRUTH_YES},
    {"NumericNotEquals", "'5'", "k=5", TRUTH_NO},
    {"DateGreaterThan", "'2026-01-01T00:00:00Z'", "k=2026-06-01T00:00:00Z", TRUTH_YES},
    {"DateLessThan", "'2026-01-01'", "k=1780272000", TRUTH_NO},
    {"DateEquals", "'1767225600'", "k=2026-01-01T00:00:00Z", TRUTH_YES},
    {"DateNotEquals", "'2026-01-01'", "k=2026-01-02", TRUTH_YES},
    {"Bool", "true", "k=true", TRUTH_YES},
    {"Bool", "'True'", "k=false", TRUTH_NO},
    {"BoolIfExists", "'true'", "k=", TRUTH_YES},
    {"BinaryEquals", "'QUJD'", "k=QUJD", TRUTH_YES},
    {"IpAddress", "'10.0.0.0/8'", "k=10.1.2.3", TRUTH_YES},
    {"IpAddress", "'10.0.0.0/8'", "k=11.1.2.3", TRUTH_NO},
    {"IpAddress", "'10.1.2.3'", "k=10.1.2.3", TRUTH_YES},
    {"IpAddress", "'2001:db8::/32'", "k=2001:db8::1", TRUTH_YES},
    {"IpAddress", "'0.0.0.0/0'", "k=2001:db8::1", TRUTH_NO},
    {"NotIpAddress", "'10.0.0.0/8'", "k=10.1.2.3", TRUTH_NO},
    {"IpAddress", "'10.0.0.0/99'", "k=10.1.2.3", TRUTH_UNKNOWN},
    {"ArnLike", "'arn:aws:sns:*:111122223333:*'", "k=arn:aws:sns:us-east-1:111122223333:t", TRUTH_YES},
    {"ArnEquals", "'arn:aws:sns:*:*:*'", "k=arn:aws:sns:us-east-1:111122223333:t", TRUTH_YES},
    {"ArnLike", "'arn:aws:sns:*'", "k=arn:aws:sns:us-east-1:111122223333:t", TRUTH_NO},
    {"ArnNotLike", "'arn:aws:sns:*:*:*'", "k=arn:aws:sqs:us-east-1:111122223333:t", TRUTH_YES},
    {"ArnLike", "'*'", "k=arn:aws:sns:us-east-1:111122223333:t", TRUTH_YES},
    {"Null", "'true'", "k=", TRUTH_YES},
    {"Null", "'false'", "k=", TRUTH_NO},
    {"Null", "false", "k=x", TRUTH_YES},
    {"Null", "'true'", "", TRUTH_UNKNOWN},
    {"ForAllValues:Null", "'true'", "", TRUTH_YES},
    {"ForAnyValue:Null", "'true'", "", TRUTH_NO},
    {"ForAllValues:StringEquals", "['a','b']", "k=a,b", TRUTH_YES},
    {"ForAllValues:StringEquals", "['a','b']", "k=a,c", TRUTH_NO},
    {"ForAllValues:StringEquals", "['a','b']", "k=", TRUTH_YES},
    {"ForAnyValue:StringEquals", "['a','b']", "k=a,c", TRUTH_YES},
    {"ForAnyValue:StringEquals", "['a','b']", "k=c", TRUTH_NO},
    {"ForAnyValue:StringEquals", "['a','b']", "k=", TRUTH_NO},
    {"ForAnyValue:StringNotEquals", "['a']", "k=a,c", TRUTH_YES},
    {"ForAllValues:StringNotEquals", "['a']", "k=b,c", TRUTH_YES},
    {"ForAllValues:StringNotEquals", "['a']", "k=a,c", TRUTH_NO},
    {"StringIs", "'a'", "k=a", TRUTH_UNKNOWN},
    {"StringEquals", "[]", "k=a", TRUTH_UNKNOWN},
};
/* clang-format on */
START_TEST(condition)
{
    const char *values = conditions[_i].values;
    struct str text =
        str_fmt(a,
                "{'Effect':'Allow','Action':'*','Resource':'*','Condition':{"
                "'%s':{'k':%s}}}",
                conditions[_i].op, values);
    struct buf b = BUF_INIT; /* \' stands for a real apostrophe */
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\\' && i + 1 < text.n && text.p[i + 1] == '\'') {
            buf_z(&b, "\\u0027");
            i++;
        } else {
            buf_c(&b, text.p[i]);
        }
    }
    struct policy *p = iam_statements(a, b.p, POLICY_IDENTITY_INLINE);
    buf_free(&b);
    struct request_context ctx = context(conditions[_i].context);
    const struct policy_statement *st = &p->statements[0];
    ck_assert_int_eq(condition_holds(a, &st->conditions[0], &ctx, true),
                     conditions[_i].holds);
}
END_TEST

#define ROLE "arn:aws:iam::111122223333:role/r"
#define SESSION "arn:aws:sts::111122223333:assumed-role/r/s"
#define USER "arn:aws:iam::111122223333:user/u"
#define OBJECT "arn:aws:s3:::b/k"
#define ALLOW "{'Effect':'Allow','Action':'s3:*','Resource':'*'}"
#define DENY "{'Effect':'Deny','Action':'s3:*','Resource':'*'}"
#define OTHER "{'Effect':'Allow','Action':'sqs:*','Resource':'*'}"
#define TO(who)                                                                          \
    "{'Effect':'Allow','Principal':" who                                                 \
    ",'Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'}"
#define NOT(who)                                                                         \
    "{'Effect':'Deny','Principal':" who                                                  \
    ",'Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'}"

/* clang-format off */
static const struct {
    const char *who, *owner, *identity, *boundary, *scp, *resource, *session;
    bool decides;
    enum evaluate_verdict verdict;
} requests[] = {
    {ROLE, "", ALLOW, NULL, NULL, NULL, NULL, false, EVALUATE_ALLOWED},
    {ROLE, "", OTHER, NULL, NULL, NULL, NULL, false, EVALUATE_REFUSED},
    {ROLE, "", ALLOW "," DENY, NULL, NULL, NULL, NULL, false, EVALUATE_DENIED},
    {ROLE, "", ALLOW, ALLOW, NULL, NULL, NULL, false, EVALUATE_ALLOWED},
    {ROLE, "", ALLOW, OTHER, NULL, NULL, NULL, false, EVALUATE_REFUSED},
    {ROLE, "", ALLOW, ALLOW "," DENY, NULL, NULL, NULL, false, EVALUATE_DENIED},
    {ROLE, "", ALLOW, NULL, OTHER, NULL, NULL, false, EVALUATE_REFUSED},
    {ROLE, "", ALLOW, NULL, ALLOW, NULL, NULL, false, EVALUATE_ALLOWED},
    {"arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/r", "", ALLOW, NULL, OTHER, NULL, NULL, false, EVALUATE_ALLOWED},
    {ROLE, "", ALLOW, NULL, NULL, NOT("'*'"), NULL, false, EVALUATE_DENIED},
    {ROLE, "", ALLOW, NULL, NULL, NOT("{'AWS':'111122223333'}"), NULL, false, EVALUATE_DENIED},
    {ROLE, "", ALLOW, NULL, NULL, NOT("{'AWS':'999988887777'}"), NULL, false, EVALUATE_ALLOWED},
    {ROLE, "", OTHER, NULL, NULL, TO("{'AWS':'" ROLE "'}"), NULL, false, EVALUATE_ALLOWED},
    {ROLE, "", OTHER, NULL, NULL, TO("{'AWS':'111122223333'}"), NULL, false, EVALUATE_REFUSED},
    {ROLE, "", OTHER, OTHER, NULL, TO("{'AWS':'" ROLE "'}"), NULL, false, EVALUATE_REFUSED},
    {SESSION, "", OTHER, OTHER, NULL, TO("{'AWS':'" SESSION "'}"), NULL, false, EVALUATE_ALLOWED},
    {SESSION, "", OTHER, NULL, NULL, TO("{'AWS':'" ROLE "'}"), NULL, false, EVALUATE_ALLOWED},
    {ROLE, "", OTHER, NULL, NULL, TO("{'AWS':'" SESSION "'}"), NULL, false, EVALUATE_DEPENDS},
    {USER, "", OTHER, OTHER, NULL, TO("{'AWS':'" USER "'}"), NULL, false, EVALUATE_ALLOWED},
    {SESSION, "", ALLOW, NULL, NULL, NULL, ALLOW, false, EVALUATE_ALLOWED},
    {SESSION, "", ALLOW, NULL, NULL, NULL, OTHER, false, EVALUATE_REFUSED},
    {ROLE, "999988887777", ALLOW, NULL, NULL, TO("{'AWS':'111122223333'}"), NULL, false, EVALUATE_ALLOWED},
    {ROLE, "999988887777", ALLOW, NULL, NULL, TO("{'AWS':'" ROLE "'}"), NULL, false, EVALUATE_ALLOWED},
    {ROLE, "999988887777", OTHER, NULL, NULL, TO("{'AWS':'" ROLE "'}"), NULL, false, EVALUATE_REFUSED},
    {ROLE, "999988887777", ALLOW, NULL, NULL, TO("{'AWS':'444455556666'}"), NULL, false, EVALUATE_REFUSED},
    {ROLE, "", ALLOW, NULL, NULL, TO("{'AWS':'111122223333'}"), NULL, true, EVALUATE_ALLOWED},
    {ROLE, "", ALLOW, NULL, NULL, TO("{'AWS':'444455556666'}"), NULL, true, EVALUATE_REFUSED},
    {ROLE, "", OTHER, NULL, NULL, TO("{'AWS':'" ROLE "'}"), NULL, true, EVALUATE_ALLOWED},
    {"logging.s3.amazonaws.com", "111122223333", OTHER, NULL, NULL, TO("{'Service':'logging.s3.amazonaws.com'}"), NULL, false, EVALUATE_ALLOWED},
    {"logging.s3.amazonaws.com", "111122223333", OTHER, NULL, NULL, TO("{'Service':'sns.amazonaws.com'}"), NULL, false, EVALUATE_REFUSED},
    {ROLE, "", "{'Effect':'Allow','Action':'s3:*','Resource':'*','Condition':{'Bool':{'aws:MultiFactorAuthPresent':'true'}}}", NULL, NULL, NULL, NULL, false, EVALUATE_DEPENDS},
    {ROLE, "", ALLOW ",{'Effect':'Deny','Action':'s3:*','Resource':'*','Condition':{'Bool':{'aws:SecureTransport':'false'}}}", NULL, NULL, NULL, NULL, false, EVALUATE_DEPENDS},
    {ROLE, "", "{'Effect':'allow','Action':'s3:*','Resource':'*'}", NULL, NULL, NULL, NULL, false, EVALUATE_DEPENDS},
    {ROLE, "", "{'Effect':'Allow','NotAction':'sqs:*','NotResource':'arn:aws:s3:::c/*'}", NULL, NULL, NULL, NULL, false, EVALUATE_ALLOWED},
    {ROLE, "", "{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::${aws:username}/*'}", NULL, NULL, NULL, NULL, false, EVALUATE_REFUSED},
    {"arn:aws:iam::111122223333:user/b", "", "{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::${aws:username}/*'}", NULL, NULL, NULL, NULL, false, EVALUATE_ALLOWED},
    {"arn:aws:iam::111122223333:user/c", "", "{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::${aws:username}/*'}", NULL, NULL, NULL, NULL, false, EVALUATE_REFUSED},
};
/* clang-format on */
START_TEST(request)
{
    const struct policy *identity =
        iam_statements(a, requests[_i].identity, POLICY_IDENTITY_INLINE);
    const struct policy *scp =
        requests[_i].scp ? iam_statements(a, requests[_i].scp, POLICY_SCP) : NULL;
    const struct policy *resource =
        requests[_i].resource ? iam_statements(a, requests[_i].resource, POLICY_RESOURCE)
                              : NULL;
    const struct policy *session =
        requests[_i].session ? iam_statements(a, requests[_i].session, POLICY_SESSION)
                             : NULL;
    struct effective_limit limit = {"service control policies", &scp, 1, false};
    struct evaluate_policies p = {
        .identity = &identity,
        .nidentity = 1,
        .limits = &limit,
        .nlimits = scp != NULL,
        .boundary = requests[_i].boundary
                        ? iam_statements(a, requests[_i].boundary, POLICY_BOUNDARY)
                        : NULL,
        .resource = &resource,
        .nresource = resource != NULL,
        .session = &session,
        .nsession = session != NULL,
        .resource_decides = requests[_i].decides,
    };
    struct evaluate_request q = {.principal = str_from(requests[_i].who),
                                 .action = STR("s3:getobject"),
                                 .resource = STR(OBJECT),
                                 .resource_account = str_from(requests[_i].owner)};
    struct evaluation *e = evaluate(x, &q, &p);
    ck_assert_str_eq(evaluate_verdict_name(e->verdict),
                     evaluate_verdict_name(requests[_i].verdict));
    if (e->verdict == EVALUATE_ALLOWED || e->verdict == EVALUATE_DENIED)
        ck_assert_uint_gt(e->n, 0);
}
END_TEST

START_TEST(not_in_evidence)
{
    const struct policy *identity = iam_statements(a, ALLOW, POLICY_IDENTITY_INLINE);
    struct effective_limit limit = {"service control policies", NULL, 0, true};
    struct evaluate_policies p = {.identity = &identity,
                                  .nidentity = 1,
                                  .limits = &limit,
                                  .nlimits = 1,
                                  .boundary_missing = true};
    struct evaluate_request q = {
        .principal = STR(ROLE), .action = STR("s3:GetObject"), .resource = STR(OBJECT)};
    struct evaluation *e = evaluate(x, &q, &p);
    ck_assert_int_eq(e->verdict, EVALUATE_ALLOWED);
    ck_assert(e->upper_bound);
    ck_assert_uint_eq(e->nwhy, 2);
    p.identity_missing = true;
    q.action = STR("sqs:SendMessage");
    ck_assert_int_eq(evaluate(x, &q, &p)->verdict, EVALUATE_DEPENDS);
    q.action = STR("sts:GetCallerIdentity");
    ck_assert_int_eq(evaluate(x, &q, &p)->verdict, EVALUATE_ALLOWED);
}
END_TEST

/* Effective grants agree with the evaluator on every combination of a small alphabet: a
 * Deny or boundary of any shape, every action, every resource. */
START_TEST(effective_agrees)
{
    static const char *const resources[] = {
        "arn:aws:kinesis:us-east-1:111122223333:stream/a",
        "arn:aws:kinesis:us-east-1:111122223333:stream/b",
        "arn:aws:kinesis:us-east-1:111122223333:stream/ab"};
    static const char *const shapes[] = {"stream/a", "stream/*", "stream/a*", "stream/?",
                                         "*"};
    static const char *const actions[] = {"kinesis:GetRecords", "kinesis:Put*", "*"};
    static const char *const asked[] = {"kinesis:GetRecords", "kinesis:PutRecord"};
    enum { SHAPES = 5, ACTIONS = 3 };
    VEC(const char *) elements = {0};
    for (int s = 0; s < SHAPES; s++)
        for (int k = 0; k < ACTIONS; k++)
            for (int neg = 0; neg < 4; neg++)
                *vec_push(a, &elements) =
                    str_fmt(a,
                            "'%s':'%s','%s':'arn:aws:kinesis:us-east-1:111122223333:%s'",
                            neg & 1 ? "NotAction" : "Action", actions[k],
                            neg & 2 ? "NotResource" : "Resource", shapes[s])
                        .p;
    size_t unproved = 0, total = 0;
    for (size_t i = 0; i < elements.n; i++)
        for (size_t j = 0; j < elements.n; j += 3)
            for (int mode = 0; mode < 2; mode++) {
                struct arena *tmp = arena_new();
                struct iam *y = iam_new(tmp, x->table);
                struct str own = str_fmt(tmp, "{'Effect':'Allow',%s}%s%s%s",
                                         elements.v[i], mode ? "" : ",{'Effect':'Deny',",
                                         mode ? "" : elements.v[j], mode ? "" : "}");
                struct str edge = str_fmt(tmp, "{'Effect':'Allow',%s}", elements.v[j]);
                const struct policy *p =
                    iam_statements(tmp, own.p, POLICY_IDENTITY_INLINE);
                const struct policy *b =
                    mode ? iam_statements(tmp, edge.p, POLICY_BOUNDARY) : NULL;
                struct effective_limit limit = {"permissions boundary", &b, 1, false};
                struct effective_input in = {&p, 1, false, &limit, b != NULL};
                struct effective *e = effective_grants(y, &in);
                struct evaluate_policies all = {
                    .identity = &p, .nidentity = 1, .boundary = b};
                for (int r = 0; r < 3; r++)
                    for (int k = 0; k < 2; k++) {
                        struct evaluate_request q = {.principal = STR(ROLE),
                                                     .action = str_from(asked[k]),
                                                     .resource = str_from(resources[r])};
                        bool allowed = evaluate(y, &q, &all)->verdict == EVALUATE_ALLOWED;
                        struct arn_pattern at =
                            arn_pattern_make(tmp, q.resource, ARN_IN_IDENTITY, false);
                        uint32_t row = actions_find(y->table, q.action)->row;
                        bool sure = false, maybe = false;
                        size_t from = 0;
                        enum rule_reach reach;
                        const struct grant *g;
                        while ((g = effective_on(e, row, &at, &from, &reach))) {
                            maybe = true;
                            sure = sure || !action_set_has(&g->unsure, row);
                        }
                        if ((sure && !allowed) || (allowed && !maybe))
                            ck_abort_msg("%s | %s: %s on %s", own.p, b ? edge.p : "",
                                         asked[k], resources[r]);
                        unproved += maybe && !sure;
                        total++;
                    }
                arena_free(tmp);
            }
    ck_assert_uint_gt(total, 10000);
    ck_assert_uint_lt(unproved, total / 4);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("iam_evaluate");
    TCase *tc = tcase_create("evaluate");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    unit_rows(tc, condition, conditions);
    unit_rows(tc, request, requests);
    tcase_add_test(tc, not_in_evidence);
    tcase_add_test(tc, effective_agrees);
    suite_add_tcase(s, tc);
    return unit_run(s, "iam_evaluate");
}
