/* Unit tests of masking: what is masked, what stays, and that all fits together after. */
#include "unit.h"

#include "base/digest.h"
#include "pack/redact.h"
#include "pack/redact_mask.h"

#include <string.h>

static struct arena *a;
static struct diag *dx;

static void setup(void)
{
    a = arena_new();
    dx = diag_new(a);
}

static void teardown(void)
{
    arena_free(a);
}

#define KEY STR("a key for tests only")

static struct str masked(struct mask *m, const char *text)
{
    struct buf out = BUF_INIT;
    mask_text(m, str_from(text), &out);
    struct str s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

/* Names that a first file teaches, for all rows. */
static const char lesson[] =
    "{\"Arn\": \"arn:aws:iam::111122223333:role/path/orders-flink\",\n"
    " \"StreamARN\": \"arn:aws:kinesis:us-east-1:111122223333:stream/orders\",\n"
    " \"B\": \"arn:aws:s3:::orders-lake\", \"UserName\": \"ines.weber\",\n"
    " \"S\": \"arn:aws:secretsmanager:us-east-1:111122223333:secret:pay-api-Xq7Lm2\",\n"
    " \"Buckets\": [{\"Name\": \"code-bucket\"}, {\"Name\": \"StreamName\"}]}";

static struct mask taught(void)
{
    struct mask m = {.a = a, .key = KEY};
    mask_learn(&m, str_from(lesson));
    return m;
}

/* What must not be there any more; what must still be there. */
static const struct {
    const char *text, *gone, *kept;
} rows[] = {
    {"\"Account\": \"111122223333\"", "111122223333", "\"Account\": \""},
    {"\"Size\": 111122223333444", "", "111122223333444"},
    {"arn:aws:iam::111122223333:role/path/orders-flink", "orders", ":role/"},
    {"arn:aws:iam::111122223333:root", "1111", ":root"},
    {"arn:aws:iam::aws:policy/AmazonS3FullAccess", "x!", "aws:policy/AmazonS3FullAccess"},
    {"arn:aws:iam::111122223333:role/aws-service-role/kafka.amazonaws.com/"
     "AWSServiceRoleForKafka",
     "1111", "role/aws-service-role/kafka.amazonaws.com/AWSServiceRoleForKafka"},
    {"arn:aws:s3:::orders-lake/enriched/x.json", "enriched", "arn:aws:s3:::"},
    {"arn:aws:s3:::${aws:username}/x", "x!", "${aws:username}"},
    {"arn:aws:kinesis:*:111122223333:stream/*", "1111", "arn:aws:kinesis:*:"},
    {"arn:aws:logs:us-east-1:111122223333:log-group:/aws/kinesis-analytics/"
     "orders-flink:*",
     "orders", "log-group:/aws/kinesis-analytics/"},
    {"\"stream\": \"orders\"", "orders", "\"stream\": \""},
    {"\"text\": \"reorders nothing\"", "x!", "reorders nothing"},
    {"\"orders\": 1", "x!", "\"orders\": 1"},
    {"\"RoleName\": \"unheard-of\"", "unheard", "\"RoleName\": \""},
    {"\"role-name\": \"unheard-of\"", "unheard", "\"role-name\": \""},
    {"{\\\"userName\\\":\\\"unheard\\\",\\\"x\\\":\\\"y\\\"}", "unheard",
     "\\\"x\\\":\\\"y\\\""},
    {"\"d\": \"by\\northers\\norders\\n\"", "\\norders", "\\northers"},
    {"\"who\": \"ines.weber\"", "weber", "\"who\": \""},
    {"mail me@example.org now", "example", "mail "},
    {"\"k\": \"AKIAIOSFODNN7SAMPLE\"", "IOSFODNN7", "\"AKIA"},
    {"\"p\": \"AROAUKPYLYZMGODLAGDIB:ines.weber\"", "UKPYLYZM", "\"AROA"},
    {"\"ip\": \"203.0.113.77\"", "203.0.113", "\"198.1"},
    {"\"ip\": \"10.1.2.3/32\"", "10.1.2.3", "\"10."},
    {"\"ip\": \"192.168.7.9\"", "7.9", "\"192.168."},
    {"\"ip\": \"0.0.0.0/0\"", "x!", "\"0.0.0.0/0\""},
    {"\"ip\": \"::/0\"", "x!", "\"::/0\""},
    {"\"ip\": \"2001:470:1::25\"", "470", "2001:db8::"},
    {"\"t\": \"2026-11-20T09:14:52Z\"", "x!", "2026-11-20T09:14:52Z"},
    {"\"v\": \"aws-cli/2.31.0 lang/python#3.13.7\"", "x!", "aws-cli/2.31.0"},
    {"\"a\": \"kinesis:PutRecord\", \"s\": \"kinesis.amazonaws.com\"", "x!",
     "\"kinesis:PutRecord\", \"s\": \"kinesis.amazonaws.com\""},
    {"\"h\": \"orders-lake.s3.us-east-1.amazonaws.com\"", "lake",
     ".s3.us-east-1.amazonaws.com"},
    {"\"f\": \"code-bucket\", \"d\": \"StreamName\"", "code-", "\"StreamName\""},
    {"arn:aws:kinesis", "x!", "arn:aws:kinesis"},
    {"\"\\", "x!", "\"\\"},
    {"\\u00", "x!", "\\u00"},
};
START_TEST(masks)
{
    struct mask m = taught();
    struct str got = masked(&m, rows[_i].text);
    ck_assert_msg(!*rows[_i].gone || !str_has(got, str_from(rows[_i].gone)), "%s -> %s",
                  rows[_i].text, got.p);
    ck_assert_msg(str_has(got, str_from(rows[_i].kept)), "%s -> %s", rows[_i].text,
                  got.p);
}
END_TEST

START_TEST(same_value_same_mask)
{
    struct mask m = taught();
    struct str arn = masked(&m, "arn:aws:kinesis:us-east-1:111122223333:stream/orders");
    struct str glob = masked(&m, "arn:aws:kinesis:*:111122223333:stream/orders*");
    struct str name = masked(&m, "orders"), lake = masked(&m, "orders-lake");
    ck_assert(str_ends(arn, name));
    ck_assert(str_has(glob, name));
    ck_assert(str_starts(lake, name)); /* word by word: orders* still covers it */
    ck_assert(str_glob(glob, arn));
    struct mask other = taught();
    other.key = STR("quite another key");
    ck_assert(!str_eq(name, masked(&other, "orders")));
}
END_TEST

/* Secrets' ARNs end in six characters more than the name; readers count them. */
START_TEST(secrets_keep_their_form)
{
    struct mask m = taught();
    struct str arn =
        masked(&m, "arn:aws:secretsmanager:us-east-1:111122223333:secret:pay-api-Xq7Lm2");
    struct str name = masked(&m, "pay-api");
    struct str head = str_sub(arn, 0, arn.n - 7);
    ck_assert_int_eq(arn.p[arn.n - 7], '-');
    ck_assert(str_ends(head, name));
}
END_TEST

static const struct {
    const char *path, *gone, *kept;
} paths[] = {
    {"111122223333/us-east-1/kinesis/describe-stream~orders.json", "orders",
     "/us-east-1/kinesis/describe-stream~"},
    {"x/get-role~arn_3Aaws_3Aiam_3A_3A111122223333_3Arole_2Forders-flink.err", "orders",
     "_3Aaws_3Aiam_3A_3A"},
    {"x/list-tags~arn_3Aaws_3Ax_3A111122223333_3Aapplication_2Forders-f~adc7f6ce91.json",
     "orders-f", ".json"},
    {"x/list-tags~arn_3Aaws_3Ax_3A111122223333_3Aapplication_2Forders-f~adc7f6ce91.json",
     "adc7f6ce91", "~"},
    {"a/describe-stream~orders.json.gz", ".gz", ".json"},
};
START_TEST(masks_paths)
{
    struct mask m = taught();
    struct buf out = BUF_INIT;
    mask_path(&m, str_from(paths[_i].path), &out);
    ck_assert_msg(!str_has(buf_view(&out), str_from(paths[_i].gone)), "%s", out.p);
    ck_assert_msg(!str_has(buf_view(&out), STR("1111")), "%s", out.p);
    ck_assert_msg(str_has(buf_view(&out), str_from(paths[_i].kept)), "%s", out.p);
    buf_free(&out);
}
END_TEST

/* A credential report is CSV as base64 in a member. */
START_TEST(masks_credential_report)
{
    struct mask m = {.a = a, .key = KEY};
    const char *csv = "user,arn,mfa_active\nbob.jones,arn:aws:iam::111122223333:user/"
                      "bob.jones,true\n";
    struct str text = str_fmt(a, "{\"Content\": \"%s\", \"ReportFormat\": \"text/csv\"}",
                              base64_encode(a, str_from(csv)).p);
    mask_learn(&m, text);
    struct str got = masked(&m, text.p), body, rest;
    ck_assert(str_ends(got, STR("\", \"ReportFormat\": \"text/csv\"}")));
    str_cut(str_sub(got, strlen("{\"Content\": \""), got.n), '"', &body, &rest);
    struct str plain = base64_decode(a, body);
    ck_assert(str_starts(plain, STR("user,arn,mfa_active\n")));
    ck_assert(!str_has(plain, STR("jones")) && str_ends(plain, STR(",true\n")));
}
END_TEST

START_TEST(files_keep_their_hashes)
{
    struct gathered g = {0};
    *vec_push(a, &g.files) = (struct gathered_file){
        .name = STR("x/describe-stream~orders.json"),
        .bytes = str_from(lesson),
        .sha256 = digest_hex(a, str_from(lesson)),
        .size_bytes = strlen(lesson),
    };
    struct str bytes;
    struct str given[] = {STR("known_accounts=111122223333"),
                          STR("{\"subject\": \"*:stream/orders*\"}")};
    struct redact_also also = {given, 2};
    ck_assert(redact(a, &g, STR(""), &also, dx));
    ck_assert(str_starts(given[0], STR("known_accounts=")));
    ck_assert(!str_has(given[0], STR("1111")) && !str_has(given[1], STR("orders")));
    const struct gathered_file *f = g.files.v;
    ck_assert(str_eq(f->original_sha256, digest_hex(a, str_from(lesson))));
    ck_assert(gather_read(f, a, &bytes, dx));
    ck_assert(str_eq(f->sha256, digest_hex(a, bytes)) && f->size_bytes == bytes.n);
    ck_assert_uint_gt(f->masked, 3);
    ck_assert(!str_has(bytes, STR("orders")) && !str_has(f->name, STR("orders")));
}
END_TEST

START_TEST(weak_key_is_refused)
{
    struct gathered g = {0};
    struct redact_also also = {0};
    ck_assert(!redact(a, &g, STR("short"), &also, dx));
    ck_assert_str_eq(diag_first(dx, DIAG_ERROR), "PAK-164");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("pack_redact");
    TCase *t = tcase_create("pack_redact");
    tcase_add_checked_fixture(t, setup, teardown);
    unit_rows(t, masks, rows);
    tcase_add_test(t, same_value_same_mask);
    tcase_add_test(t, secrets_keep_their_form);
    unit_rows(t, masks_paths, paths);
    tcase_add_test(t, masks_credential_report);
    tcase_add_test(t, files_keep_their_hashes);
    tcase_add_test(t, weak_key_is_refused);
    suite_add_tcase(s, t);
    return unit_run(s, "pack_redact");
}
