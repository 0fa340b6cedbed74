/* Unit tests of gen/iam/policy: forms, faults and places of policy documents. */
#include "unit.h"

#include "iam/policy.h"
#include "json/json.h"

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}

static void teardown(void)
{
    arena_free(a);
}

static struct policy *read_at(const char *json, const char *key, enum policy_kind kind)
{
    struct text *t = ARENA_NEW(a, struct text);
    *t = (struct text){STR("p.json"), str_dup(a, str_from(json))};
    struct diag *dx = diag_new(a);
    struct json *root = json_read(a, t, dx);
    ck_assert_msg(root != NULL, "test data: %s", json);
    struct policy_source s = {.text = t, .node = root, .kind = kind};
    if (key) {
        s.node = json_get(root, str_from(key));
        s.pointer = str_fmt(a, "/%s", key);
    }
    return policy_read(a, &s);
}

static struct str codes(const struct policy *p)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < p->issues.n; i++)
        buf_fmt(&b, "%s%s%.*s", i ? " " : "", p->issues.v[i].kind->code,
                STR_ARG(p->issues.v[i].pointer));
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

#define ST(members) "{\"Version\":\"2012-10-17\",\"Statement\":[{" members "}]}"
#define GOOD "\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\""

/* clang-format off */
static const struct {
    enum policy_kind kind;
    const char *json, *codes;
    bool unreadable, broken;
} forms[] = {
    {POLICY_IDENTITY_INLINE, ST(GOOD), "", false, false},
    {POLICY_IDENTITY_INLINE, "{\"Statement\":{" GOOD "}}", "", false, false},
    {POLICY_IDENTITY_INLINE, ST(GOOD ",\"Sid\":\"\""), "", false, false},
    {POLICY_IDENTITY_INLINE, "[]", "IAM-111", true, false},
    {POLICY_IDENTITY_INLINE, "7", "IAM-111", true, false},
    {POLICY_IDENTITY_INLINE, "{}", "IAM-112", true, false},
    {POLICY_IDENTITY_INLINE, "{\"statement\":[]}", "IAM-113 IAM-112", true, false},
    {POLICY_IDENTITY_INLINE, "{\"Statement\":[]}", "IAM-122/Statement", false, false},
    {POLICY_IDENTITY_INLINE, "{\"Version\":\"2020-01-01\",\"Statement\":{" GOOD "}}", "IAM-114/Version", false, false},
    {POLICY_IDENTITY_INLINE, "{\"Version\":2012,\"Statement\":{" GOOD "}}", "IAM-114/Version", false, false},
    {POLICY_IDENTITY_INLINE, ST("\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\""), "IAM-116/Statement/0/Effect", false, true},
    {POLICY_IDENTITY_INLINE, ST("\"Action\":\"*\",\"Resource\":\"*\""), "IAM-116/Statement/0", false, true},
    {POLICY_IDENTITY_INLINE, ST("\"Effect\":\"Deny\",\"Resource\":\"*\""), "IAM-117/Statement/0", false, true},
    {POLICY_IDENTITY_INLINE, ST(GOOD ",\"NotAction\":\"*\""), "IAM-117/Statement/0", false, true},
    {POLICY_IDENTITY_INLINE, ST("\"Effect\":\"Allow\",\"Action\":\"*\""), "IAM-118/Statement/0", false, true},
    {POLICY_IDENTITY_INLINE, ST(GOOD ",\"NotResource\":\"*\""), "IAM-118/Statement/0", false, true},
    {POLICY_IDENTITY_INLINE, ST(GOOD ",\"Principal\":\"*\""), "IAM-119/Statement/0", false, true},
    {POLICY_RESOURCE, ST(GOOD), "IAM-119/Statement/0", false, true},
    {POLICY_RESOURCE, ST(GOOD ",\"Principal\":\"*\",\"Sid\":\"with space\""), "", false, false},
    {POLICY_RESOURCE, ST("\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Principal\":{\"AWS\":[\"111122223333\",\"x\"]}"), "IAM-125/Statement/0/Principal/AWS/1", false, false},
    {POLICY_RESOURCE, ST("\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"NotPrincipal\":{\"AWS\":\"x\"}"), "IAM-125/Statement/0/NotPrincipal/AWS", false, true},
    {POLICY_RESOURCE, ST("\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Principal\":{}"), "IAM-122/Statement/0/Principal", false, false},
    {POLICY_RESOURCE, ST("\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Principal\":{\"Aws\":\"*\"}"), "IAM-113/Statement/0/Principal", false, true},
    {POLICY_RESOURCE, ST("\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Principal\":\"111122223333\""), "IAM-125/Statement/0/Principal", false, true},
    {POLICY_RESOURCE, ST("\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Principal\":[\"*\"]"), "IAM-120/Statement/0/Principal", false, true},
    {POLICY_TRUST, ST(GOOD ",\"Principal\":\"*\""), "IAM-118/Statement/0/Resource", false, true},
    {POLICY_IDENTITY_INLINE, ST("\"Effect\":\"Allow\",\"Action\":[\"s3:*\",7],\"Resource\":\"*\""), "IAM-120/Statement/0/Action/1", false, true},
    {POLICY_IDENTITY_INLINE, ST("\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":{\"Ref\":\"x\"}"), "IAM-120/Statement/0/Resource", false, true},
    {POLICY_IDENTITY_INLINE, ST("\"Effect\":\"Allow\",\"Action\":[],\"Resource\":\"*\""), "IAM-122/Statement/0/Action", false, false},
    {POLICY_IDENTITY_INLINE, ST(GOOD ",\"Sid\":\"a b\""), "IAM-123/Statement/0/Sid", false, false},
    {POLICY_IDENTITY_INLINE, ST(GOOD ",\"Sid\":1"), "IAM-120/Statement/0/Sid", false, true},
    {POLICY_IDENTITY_INLINE, ST(GOOD ",\"Conditon\":{}"), "IAM-113/Statement/0", false, true},
    {POLICY_IDENTITY_INLINE, ST(GOOD ",\"Condition\":{}"), "", false, false},
    {POLICY_IDENTITY_INLINE, ST(GOOD ",\"Condition\":[]"), "IAM-120/Statement/0/Condition", false, true},
    {POLICY_IDENTITY_INLINE, ST(GOOD ",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":true}}"), "", false, false},
    {POLICY_IDENTITY_INLINE, ST(GOOD ",\"Condition\":{\"Bool\":true}"), "IAM-120/Statement/0/Condition/Bool", false, true},
    {POLICY_IDENTITY_INLINE, ST(GOOD ",\"Condition\":{\"StringIs\":{\"k\":\"v\"}}"), "IAM-121/Statement/0/Condition/StringIs", false, false},
    {POLICY_IDENTITY_INLINE, ST(GOOD ",\"Condition\":{\"StringLike\":{\"aws:RequestTag/a~b\":[]}}"), "IAM-122/Statement/0/Condition/StringLike/aws:RequestTag~1a~0b", false, false},
    {POLICY_IDENTITY_INLINE, "{\"Statement\":[3]}", "IAM-120/Statement/0", false, true},
    {POLICY_IDENTITY_INLINE, "\"{\"", "IAM-110", true, false},
    {POLICY_IDENTITY_INLINE, "\"\"", "IAM-111", true, false},
    {POLICY_IDENTITY_INLINE, "\"%7B%22Statement%22%3A%5B%5D%7D\"", "IAM-122/Statement", false, false},
};
/* clang-format on */
START_TEST(reads_forms)
{
    struct policy *p = read_at(forms[_i].json, NULL, forms[_i].kind);
    ck_assert_str_eq(codes(p).p, forms[_i].codes);
    ck_assert_int_eq(p->unreadable, forms[_i].unreadable);
    ck_assert_int_eq(p->nstatements ? p->statements[0].broken : false, forms[_i].broken);
    ck_assert_int_eq(p->faulty, forms[_i].unreadable || forms[_i].broken);
    struct diag *dx = diag_new(a);
    policy_report(p, dx);
    ck_assert_uint_eq(diag_len(dx), p->issues.n);
}
END_TEST

START_TEST(too_large)
{
    struct buf b = BUF_INIT;
    buf_z(&b, "{\"Id\":\"");
    buf_repeat(&b, 'x', POLICY_MAX_BYTES);
    buf_z(&b, "\",\"Statement\":[]}");
    struct policy *p = read_at(b.p, NULL, POLICY_IDENTITY_INLINE);
    ck_assert_str_eq(codes(p).p, "IAM-124");
    ck_assert(p->unreadable);
    buf_free(&b);
}
END_TEST

/* The place of an element is in the file, whatever the document was wrapped in. */
static const struct {
    const char *json;
} wraps[] = {
    {"{\"D\":{\"Statement\":[{" GOOD "},\n{" GOOD ",\"Sid\":\"Zz\"}]}}"},
    {"{\"D\":\"{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"s3:"
     "\\u0047etObject\\\",\\\"Resource\\\":\\\"\\u00e9\\ud83d\\ude00\\\"},\\n{"
     "\\\"Effect\\\":\\\"Deny\\\",\\\"Action\\\":\\\"*\\\",\\\"Resource\\\":\\\"*\\\","
     "\\\"Sid\\\":\\\"Zz\\\"}]}\"}"},
    {"{\"D\":\"%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%"
     "22s3%"
     "3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%2C%7B%22Effect%22%3A%22Deny%22%2C%"
     "22Action%"
     "22%3A%22*%22%2C%22Resource%22%3A%22*%22%2C%22Sid%22%3A%22Zz%22%7D%5D%7D\"}"},
};
START_TEST(keeps_places)
{
    struct policy *p = read_at(wraps[_i].json, "D", POLICY_IDENTITY_MANAGED);
    ck_assert_str_eq(codes(p).p, "");
    ck_assert_uint_eq(p->nstatements, 2);
    const struct policy_statement *st = &p->statements[1];
    ck_assert_str_eq(st->pointer.p, "/D/Statement/1");
    struct origin at = policy_element_origin(st, STR("Sid"), SIZE_MAX);
    struct str shown = str_sub(at.text->bytes, at.pos, at.pos + at.len);
    ck_assert_msg(str_has(shown, STR("Zz")) && shown.n <= 10, "%.*s", STR_ARG(shown));
    at = policy_statement_origin(st);
    struct str whole = str_sub(at.text->bytes, at.pos, at.pos + at.len);
    ck_assert(str_starts(whole, STR("{")) || str_starts(whole, STR("%7B")));
    ck_assert(str_ends(whole, STR("}")) || str_ends(whole, STR("%7D")));
    ck_assert(str_starts(policy_element_pointer(a, st, STR("Action"), 0),
                         STR("/D/Statement/1/Action")));
}
END_TEST

START_TEST(sizes_without_space)
{
    struct policy *p =
        read_at("{ \"Statement\" : [ ], \"Id\": \"a b\" }", NULL, POLICY_RESOURCE);
    ck_assert_uint_eq(policy_chars(p), sizeof "{\"Statement\":[],\"Id\":\"a b\"}" - 1);
    ck_assert_uint_eq(p->chars_with_space, 34);
}
END_TEST

static const struct {
    const char *key, *value;
    enum principal_kind kind;
    const char *account, *name;
} principals[] = {
    {"AWS", "*", PRINCIPAL_EVERYONE, "", ""},
    {"AWS", "111122223333", PRINCIPAL_ACCOUNT, "111122223333", ""},
    {"AWS", "arn:aws:iam::111122223333:root", PRINCIPAL_ACCOUNT, "111122223333", "root"},
    {"AWS", "arn:aws-cn:iam::111122223333:role/p/q/R", PRINCIPAL_ROLE, "111122223333",
     "R"},
    {"AWS", "arn:aws:iam::111122223333:user/U", PRINCIPAL_USER, "111122223333", "U"},
    {"AWS", "arn:aws:sts::111122223333:assumed-role/R/S", PRINCIPAL_SESSION,
     "111122223333", "R"},
    {"AWS", "arn:aws:sts::111122223333:assumed-role/R", PRINCIPAL_MALFORMED,
     "111122223333", "R"},
    {"AWS", "arn:aws:iam::111122223333:role/*", PRINCIPAL_MALFORMED, "111122223333", ""},
    {"AWS", "AROAEXAMPLEID23456789", PRINCIPAL_DEAD, "", ""},
    {"AWS", "AIDACKCEVSQ6C2EXAMPLE", PRINCIPAL_DEAD, "", ""},
    {"AWS", "11112222333", PRINCIPAL_MALFORMED, "", ""},
    {"AWS", "", PRINCIPAL_MALFORMED, "", ""},
    {"Service", "kinesisanalytics.amazonaws.com", PRINCIPAL_SERVICE, "",
     "kinesisanalytics.amazonaws.com"},
    {"Service", "ec2.amazonaws.com.cn", PRINCIPAL_SERVICE, "", "ec2.amazonaws.com.cn"},
    {"Service", "example.com", PRINCIPAL_MALFORMED, "", "example.com"},
    {"Federated", "arn:aws:iam::111122223333:saml-provider/P", PRINCIPAL_FEDERATED,
     "111122223333", "P"},
    {"Federated", "accounts.google.com", PRINCIPAL_FEDERATED, "", "accounts.google.com"},
    {"CanonicalUser", "79a59df900b949e5", PRINCIPAL_CANONICAL, "", ""},
};
START_TEST(reads_principals)
{
    struct principal p =
        principal_read(str_from(principals[_i].key), str_from(principals[_i].value));
    ck_assert_int_eq(p.kind, principals[_i].kind);
    ck_assert(str_eq(p.account, str_from(principals[_i].account)));
    ck_assert(str_eq(p.name, str_from(principals[_i].name)));
}
END_TEST

static const struct {
    const char *text;
    bool known, if_exists, negated, without_key;
    enum condition_set set;
    enum condition_family family;
} operators[] = {
    {"StringEquals", true, false, false, false, CONDITION_PLAIN, CONDITION_STRING},
    {"stringnotlike", true, false, true, true, CONDITION_PLAIN, CONDITION_STRING},
    {"ForAllValues:StringLikeIfExists", true, true, false, true, CONDITION_ALL_VALUES,
     CONDITION_STRING},
    {"ForAnyValue:ArnEquals", true, false, false, false, CONDITION_ANY_VALUE,
     CONDITION_ARN},
    {"BoolIfExists", true, true, false, true, CONDITION_PLAIN, CONDITION_BOOL},
    {"Null", true, false, false, false, CONDITION_PLAIN, CONDITION_NULL},
    {"NullIfExists", false, true, false, true, CONDITION_PLAIN, CONDITION_UNKNOWN},
    {"NotIpAddress", true, false, true, true, CONDITION_PLAIN, CONDITION_IP},
    {"IfExists", false, false, false, false, CONDITION_PLAIN, CONDITION_UNKNOWN},
    {"", false, false, false, false, CONDITION_PLAIN, CONDITION_UNKNOWN},
};
START_TEST(reads_operators)
{
    struct condition c = {0};
    ck_assert_int_eq(condition_operator(str_from(operators[_i].text), &c),
                     operators[_i].known);
    ck_assert_int_eq(c.if_exists, operators[_i].if_exists);
    ck_assert_int_eq(c.negated, operators[_i].negated);
    ck_assert_int_eq(c.set, operators[_i].set);
    ck_assert_int_eq(c.family, operators[_i].family);
    ck_assert_int_eq(condition_holds_without_key(&c), operators[_i].without_key);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("iam_policy");
    TCase *tc = tcase_create("policy");
    tcase_add_checked_fixture(tc, setup, teardown);
    unit_rows(tc, reads_forms, forms);
    tcase_add_test(tc, too_large);
    unit_rows(tc, keeps_places, wraps);
    tcase_add_test(tc, sizes_without_space);
    unit_rows(tc, reads_principals, principals);
    unit_rows(tc, reads_operators, operators);
    suite_add_tcase(s, tc);
    return unit_run(s, "iam_policy");
}
