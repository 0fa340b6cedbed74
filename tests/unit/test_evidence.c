/* Unit tests of gen/evidence: recognising, binding, and refusing single documents. */
#include "unit.h"

#include "evidence/evidence.h"
#include "evidence/message.h"
#include "evidence/name.h"
#include "evidence/recognise.h"
#include "evidence/shape.h"
#include "json/json.h"

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

static const char *const states[] = {"answer",  "empty",        "error",  "invalid",
                                     "unbound", "unrecognised", "refused"};

/* What became of the first document: "state kind account region name name2 code". */
static const char *fate(const struct evidence *ev)
{
    const struct document *d = ev->v[0];
    const char *kind = d->op ? d->op->kind : "-";
    struct str code = d->state == DOCUMENT_ERROR ? d->error_code : d->why_code;
    return str_fmt(a, "%s %s %.*s %.*s %.*s %.*s%s%.*s", states[d->state], kind,
                   STR_ARG(d->account), STR_ARG(d->region), STR_ARG(d->name),
                   STR_ARG(d->name2), code.n ? " " : "", STR_ARG(code))
        .p;
}

static struct evidence *one(const char *path, const char *bytes)
{
    struct evidence_input in = {str_from(path), str_from(bytes)};
    return evidence_load_memory(a, &in, 1, diag_new(a));
}

#define HOME "111122223333/us-east-1/"
#define STREAM                                                                           \
    "{\"StreamDescriptionSummary\":{\"StreamARN\":\"arn:aws:kinesis:us-east-1:"          \
    "111122223333:stream/orders\"}}"
#define STREAM_FATE                                                                      \
    "answer kinesis:DescribeStreamSummary 111122223333 us-east-1 "                       \
    "arn:aws:kinesis:us-east-1:111122223333:stream/orders "

static const struct {
    const char *path, *bytes, *fate;
} documents[] = {
    /* by name, in the styles that people write */
    {HOME "kinesis/describe-stream-summary~orders.json", STREAM, STREAM_FATE},
    {"kinesis-describe-stream-summary-orders.json", STREAM, STREAM_FATE},
    {"describe_stream_summary.json", STREAM, STREAM_FATE},
    {"DescribeStreamSummary.json", STREAM, STREAM_FATE},
    {"orders.describe-stream-summary.json", STREAM, STREAM_FATE},
    {"stuff.json", STREAM, STREAM_FATE},
    {"stuff", STREAM, STREAM_FATE},
    {HOME "s3api/get-bucket-policy~my-bucket.json", "{\"Policy\":\"{}\"}",
     "answer s3:GetBucketPolicy 111122223333 us-east-1 my-bucket "},
    {"s3api-get-bucket-policy-my-bucket.json", "{\"Policy\":\"{}\"}",
     "answer s3:GetBucketPolicy   my-bucket "},
    {"get-bucket-policy_my-bucket.json", "{\"Policy\":\"{}\"}",
     "answer s3:GetBucketPolicy   my-bucket "},
    {"my-bucket_get_bucket_policy.json", "{\"Policy\":\"{}\"}",
     "answer s3:GetBucketPolicy   my-bucket "},
    /* by shape alone it could be any of five */
    {"stuff.json", "{\"Policy\":\"{}\"}", "unrecognised -     EVI-111"},
};
START_TEST(recognised)
{
    ck_assert_str_eq(fate(one(documents[_i].path, documents[_i].bytes)),
                     documents[_i].fate);
}
END_TEST

START_TEST(table_is_sorted)
{
    size_t n;
    const struct operation *rows = operation_rows(&n);
    for (size_t i = 0; i < n; i++) {
        if (i)
            ck_assert_int_lt(strcmp(rows[i - 1].kind, rows[i].kind), 0);
        ck_assert_ptr_eq(operation_of_kind(str_from(rows[i].kind)), &rows[i]);
        ck_assert_ptr_eq(
            operation_of_command(str_from(rows[i].service), str_from(rows[i].command)),
            &rows[i]);
        ck_assert(operation_service(str_from(rows[i].service)).n > 0);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("evidence");
    TCase *c = tcase_create("evidence");
    tcase_add_checked_fixture(c, setup, teardown);
    unit_rows(c, recognised, documents);
    tcase_add_test(c, table_is_sorted);
    suite_add_tcase(s, c);
    return unit_run(s, "evidence");
}
