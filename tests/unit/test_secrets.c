/* Unit tests of gen/model/secrets: what is a secret, what is none, and that none shows.
 */
#include "unit.h"

#include "model/secrets.h"

#include <string.h>

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}

static void teardown(void)
{
    arena_free(a);
}

#define KEY40 "q7Rz2LmX9vTb4KcW8nYp3HsJ6dGf1AeU5oQiZrMk"
#define TOKEN                                                                            \
    "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDkQm5vZGVzIGFyZSBuaWNlIGFu"   \
    "ZCB0aGlzIGlzIG5vdCBhIHRva2VuIGF0IGFsbCBidXQgbG9va3MgbGlrZSBvbmU="

static const struct {
    const char *name, *value;
    const char *kind; /* "" none; '?' first: not certain; '-' first: placeholder */
} finds[] = {
    {"aws.credentials.provider.basic.accesskeyid", "AKIARTX3GSDS4USAMPLE",
     "aws-access-key-id"},
    {"anything", "AKIARTX3GSDS4USAMPLE", "aws-access-key-id"},
    {"", "id=AKIARTX3GSDS4USAMPLE;", "aws-access-key-id"},
    {"", "ASIARTX3GSDS4USAMPLE", "aws-temporary-access-key-id"},
    {"", "A3TXRTX3GSDS4USAMPLE", "aws-access-key-id"},
    {"", "AKIAIOSFODNN7EXAMPLE", "-aws-access-key-id"},
    {"", "AKIAI44QH8DHBSAMPL01", "-aws-access-key-id"},
    {"", "XAKIARTX3GSDS4USAMPLE", ""},
    {"", "AKIARTX3GSDS4USAMPLEX", ""},
    {"", "AKIARTX3GSDS4USAMPL", ""},
    {"", "AROARTX3GSDS4USAMPLEX", ""},
    {"", "akiartx3gsds4usample", ""},
    {"aws.credentials.provider.basic.secretkey", KEY40, "aws-secret-access-key"},
    {"aws.credentials.basic.secretkey", KEY40, "aws-secret-access-key"},
    {"aws.secretAccessKey", KEY40, "aws-secret-access-key"},
    {"AWS_SECRET_ACCESS_KEY", "short", "aws-secret-access-key"},
    {"fs.s3a.secret.key", "anything", "aws-secret-access-key"},
    {"s3.secret-key", "anything", "aws-secret-access-key"},
    {"note", KEY40, "?aws-secret-access-key"},
    {"", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "-?aws-secret-access-key"},
    {"commit", "da39a3ee5e6b4b0d3255bfef95601890afd80709", ""},
    {"path", "com/example/flink/jobs/orders/Main/abcde", ""},
    {"upper", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMN", ""},
    {"AWS_SESSION_TOKEN", "FwoGZX", "aws-session-token"},
    {"", TOKEN, "aws-session-token"},
    {"password", "hunter2!", "password"},
    {"db.password", "hunter2!", "password"},
    {"properties.ssl.keystore.password", "hunter2!", "password"},
    {"password", "${env:DB}", "-password"},
    {"password", "<your password>", "-password"},
    {"password", "xxxxxxxx", "-password"},
    {"password", "{{resolve:secretsmanager:db:SecretString:password}}", "-password"},
    {"api.key", "k-123456", "api-key"},
    {"X_API_KEY", "k-123456", "api-key"},
    {"HECToken", "0a1b2c3d-0000-1111-2222-333344445555", "token"},
    {"token", "tok-8812", "?token"},
    {"alert.url",
     "https://hooks.slack.com/services/T0AAAAAAA/B0BBBBBBB/abcdefghijklmnopqrstuvwx",
     "webhook"},
    {"", "sk_live_9aB3cD4eF5gH6iJ7kL8mN9oP", "token"},
    {"docs", "https://hooks.slack.com/services", ""},
    {"client.secret", "s3cr3t-value", "client-secret"},
    {"my.secret", "s3cr3t-value", "?secret"},
    {"secret.name", "prod/db", ""},
    {"secret.arn", "arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbCdEf", ""},
    {"credentials.secret", "prod/db", ""},
    {"keystore.secret", "prod/keystore", ""},
    {"NextToken", "eyJhIjoiYiJ9", ""},
    {"ConditionalToken", "abcdef", ""},
    {"token", "true", ""},
    {"auth.token", "org.apache.kafka.common.security.Provider", ""},
    {"url", "jdbc:postgresql://h:5432/db?user=u&password=p4ss&ssl=true", "jdbc-password"},
    {"url", "jdbc:postgresql://h:5432/db?user=u&ssl=true", ""},
    {"url", "jdbc:sqlserver://h;user=u;password=p4ss", "jdbc-password"},
    {"endpoint", "https://user:pa55@example.com/x", "url-password"},
    {"endpoint", "https://example.com:8443/a@b", ""},
    {"endpoint", "https://user@example.com", ""},
    {"sasl.jaas.config",
     "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" "
     "password=\"pw-1\";",
     "sasl-password"},
    {"sasl.jaas.config", "software.amazon.msk.auth.iam.IAMLoginModule required;", ""},
    {"", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
     "private-key"},
    {"", "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----", ""},
    {"",
     "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n"
     "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
     "private-key"},
    {"aws.credentials.provider", "BASIC", ""},
    {"aws.region", "us-east-1", ""},
    {"stream.name", "orders", ""},
    {"", "", ""},
};
START_TEST(find)
{
    struct secret s = secret_find(str_from(finds[_i].name), str_from(finds[_i].value));
    struct str got = str_fmt(a, "%s%s%s", s.kind && s.placeholder ? "-" : "",
                             s.kind && !s.certain ? "?" : "", s.kind ? s.kind : "");
    ck_assert_str_eq(got.p, finds[_i].kind);
    if (s.kind)
        ck_assert_uint_le(s.start + s.len, strlen(finds[_i].value));
}
END_TEST

static const struct {
    const char *name, *value, *shown;
} masks[] = {
    {"k", "AKIARTX3GSDS4USAMPLE", "AKIA…MPLE (masked aws-access-key-id)"},
    {"password", "hunter2!", "(masked password)"},
    {"password", "${DB}", "${DB}"},
    {"url", "jdbc:mysql://h/db?password=p4ss&x=1",
     "jdbc:mysql://h/db?password=(masked jdbc-password)&x=1"},
    {"x", "nothing here", "nothing here"},
    {"x", "AKIARTX3GSDS4USAMPLE and ASIARTX3GSDS4USAMPLE",
     "AKIA…MPLE (masked aws-access-key-id) and ASIA…MPLE (masked "
     "aws-temporary-access-key-id)"},
    {"", "", ""},
};
START_TEST(mask)
{
    struct buf out = BUF_INIT;
    secret_mask(&out, str_from(masks[_i].name), str_from(masks[_i].value));
    ck_assert_str_eq(out.p ? out.p : "", masks[_i].shown);
    buf_free(&out);
}
END_TEST

/* SECRET stands for the secret: it must not be in what comes out. */
static const struct {
    const char *lines, *secret;
} excerpts[] = {
    {"  \"password\": \"hunter2!\",\n", "hunter2!"},
    {"  \"aws.credentials.provider.basic.secretkey\": \"" KEY40 "\"\n", KEY40},
    {"{\"a\":\"{\\\"password\\\":\\\"hunter2!\\\"}\"}", "hunter2!"},
    {"{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"password\\\\\\\":\\\\\\\"hunter2!\\\\\\\"}\\\"}"
     "\"}",
     "hunter2!"},
    {"\"TextContent\": \"CREATE TABLE t WITH ('password' = 'hunter2!')\"", "hunter2!"},
    {"\"TextContent\": \"api_key=\\\"hunter2!\\\"\\nx = 1\"", "hunter2!"},
    {"\"url\": \"jdbc:mysql://h/db?password=hunter2!\"", "hunter2!"},
    {"\"url\": \"https://u:hunter2!@h/\"", "hunter2!"},
    {"er2!\",\"password\":\"hunter3\"", "er2!"},
    {"er2!\",\"password\":\"hunter3\"", "hunter3"},
    {"\"password\":\"hunter2!", "hunter2!"},
    {"\"x\": \"AKIARTX3GSDS4USAMPLE\"", "RTX3GSDS"},
    {"4USAMPLE7ABCD\",\"x\":1", "4USAMPLE7ABCD"},
    {"\"x\":\"AKIARTX3GSDS4U", "RTX3GSDS"},
    {"\"HECToken\": \"0a1b2c3d-0000\"", "0a1b2c3d"},
    {"password: hunter2!\n", "hunter2!"},
    {"export AWS_SECRET_ACCESS_KEY=" KEY40 "\n", KEY40},
    {"\"sasl.jaas.config\": \"org.PlainLoginModule required username=\\\"u\\\" "
     "password=\\\"hunter2!\\\";\"",
     "hunter2!"},
};
START_TEST(mask_excerpt)
{
    struct buf out = BUF_INIT;
    secret_mask_json(&out, str_from(excerpts[_i].lines));
    ck_assert_msg(strstr(out.p, excerpts[_i].secret) == NULL, "%s", out.p);
    ck_assert_ptr_nonnull(strstr(out.p, "masked"));
    buf_free(&out);
}
END_TEST

/* What holds no secret comes out as it went in. */
static const char *const plain[] = {
    "  \"ApplicationName\": \"orders\",\n  \"ApplicationVersionId\": 4,\n",
    "\"ServiceExecutionRole\": \"arn:aws:iam::111122223333:role/orders-flink-role\"",
    "{\"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\", \"kms:Decrypt\"]}",
    "\"aws.credentials.provider\": \"AUTO\"",
    "\"CodeSHA1\": \"da39a3ee5e6b4b0d3255bfef95601890afd80709\"",
    "\"secret.name\": \"prod/db\"",
    "      \"IncludeManagementEvents\": true,\n",
    "",
};
START_TEST(leaves_alone)
{
    struct buf out = BUF_INIT;
    secret_mask_json(&out, str_from(plain[_i]));
    ck_assert_str_eq(out.p ? out.p : "", plain[_i]);
    buf_free(&out);
}
END_TEST

static void count(void *ctx, struct secret s)
{
    struct buf *out = ctx;
    buf_fmt(out, "%s@%zu+%zu ", s.kind, s.start, s.len);
}

START_TEST(scan_places)
{
    struct buf out = BUF_INIT;
    secret_scan(STR("password = 'ab1'\ntoken: zz9\nuser='u'"), count, &out);
    ck_assert_str_eq(out.p, "password@12+3 token@24+3 ");
    buf_free(&out);
}
END_TEST

/* Thousands of secrets in one value are masked in bounded work, and none shows. */
START_TEST(many_in_one_value)
{
    struct buf in = BUF_INIT, out = BUF_INIT;
    for (int i = 0; i < 3000; i++)
        buf_z(&in, "password=hunter2&");
    secret_mask(&out, STR("url"), buf_view(&in));
    ck_assert_ptr_null(strstr(out.p, "hunter2"));
    buf_free(&in);
    buf_free(&out);
}
END_TEST

START_TEST(tag_and_account)
{
    ck_assert_uint_eq(secret_tag(a, STR("x")).n, 12);
    ck_assert(!str_eq(secret_tag(a, STR("x")), secret_tag(a, STR("y"))));
    /* Published pair: ASIAY34FZKBOKMUTVV7A is of account 609629065308. */
    ck_assert_str_eq(secret_account(a, STR("ASIAY34FZKBOKMUTVV7A")).p, "609629065308");
    ck_assert_uint_eq(secret_account(a, STR("AKIAIOSFODNN7EXAMPLE")).n, 12);
    ck_assert_uint_eq(secret_account(a, STR("AKIA18901890EXAMPLE1")).n, 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("secrets");
    TCase *t = tcase_create("all");
    tcase_add_checked_fixture(t, setup, teardown);
    unit_rows(t, find, finds);
    unit_rows(t, mask, masks);
    unit_rows(t, mask_excerpt, excerpts);
    unit_rows(t, leaves_alone, plain);
    tcase_add_test(t, scan_places);
    tcase_add_test(t, many_in_one_value);
    tcase_add_test(t, tag_and_account);
    suite_add_tcase(s, t);
    return unit_run(s, "secrets");
}
