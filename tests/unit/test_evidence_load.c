/* Unit tests of gen/evidence: many files together, folders on disk, hostile trees. */
#include "unit.h"

#include "evidence/evidence.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena *a;
static struct diag *dx;
static char root[64]; /* a temporary folder, emptied afterwards */

static void setup(void)
{
    a = arena_new();
    dx = diag_new(a);
    strcpy(root, "/tmp/kdaudit-evidence-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
}

static void teardown(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    ck_assert_int_eq(system(command), 0);
    arena_free(a);
}

static const char *const states[] = {"answer",  "empty",        "error",  "invalid",
                                     "unbound", "unrecognised", "refused"};

static void add_code(struct buf *b, const char *code)
{
    struct str s = str_from(code);
    if (!str_has(buf_view(b), s))
        buf_fmt(b, " %s", code);
}

/* All documents, "path state kind name;" each, then the codes of all records, each once.
 */
static const char *summary(const struct evidence *ev)
{
    struct buf b = BUF_INIT, codes = BUF_INIT;
    for (size_t i = 0; ev && i < ev->n; i++) {
        const struct document *d = ev->v[i];
        ck_assert_uint_eq(d->number, i);
        ck_assert(d->state <= DOCUMENT_ERROR || d->why.n);
        buf_fmt(&b, "%.*s %s %s %.*s;", STR_ARG(d->path), states[d->state],
                d->op ? d->op->kind : "-", STR_ARG(d->name));
    }
    for (size_t i = 0; i < diag_len(dx); i++)
        add_code(&codes, diag_get(dx, i).code);
    buf_str(&b, buf_view(&codes));
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    buf_free(&codes);
    return s.p;
}

#define STREAM(account, name)                                                            \
    "{\"StreamDescriptionSummary\":{\"StreamARN\":\"arn:aws:kinesis:us-east-1:" account  \
    ":stream/" name "\"}}"
#define ACL "{\"Owner\":{\"ID\":\"x\"},\"Grants\":[]}"
#define INDEX(entries) "{\"format\":1,\"files\":[" entries "]}"
#define FAILED                                                                           \
    "An error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy "           \
    "operation: x"

/* clang-format off */
static const struct {
    struct { const char *path, *bytes; } files[4];
    const char *want;
} sets[] = {
    {{{NULL, NULL}}, " EVI-101"},
    {{{"x.json", "{}"}}, "x.json unrecognised - ; EVI-110 EVI-102"},
    /* A failed call: empty answer and .err belong together. */
    {{{"s3api/get-bucket-policy~b.json", ""}, {"s3api/get-bucket-policy~b.err", FAILED}},
     "s3api/get-bucket-policy~b.err error s3:GetBucketPolicy b;"},
    {{{"s3api/get-bucket-versioning~b.json", ""}, {"s3api/get-bucket-versioning~b.err", ""}},
     "s3api/get-bucket-versioning~b.json empty s3:GetBucketVersioning b;"},
    {{{"s3api/get-bucket-acl~b.json", ""}, {"s3api/get-bucket-acl~b.err", ""}},
     "s3api/get-bucket-acl~b.json invalid s3:GetBucketAcl b; EVI-121"},
    {{{"s3api/get-bucket-acl~b.json", ACL}, {"s3api/get-bucket-acl~b.err", "warning: x"}},
     "s3api/get-bucket-acl~b.json answer s3:GetBucketAcl b;"},
    /* The index binds, dates, and tells how calls ended. */
    {{{"d/one.json", ACL}, {"d/index.json", INDEX("{\"path\":\"one.json\",\"service\":\"s3api\",\"operation\":\"get-bucket-acl\",\"parameters\":{\"bucket\":\"b\"},\"exit_code\":0}")}},
     "d/one.json answer s3:GetBucketAcl b;"},
    /* The index names what stands here unpacked: each by its own entry. */
    {{{"d/one.json", ACL}, {"d/two.json", ACL}, {"d/index.json", INDEX("{\"path\":\"one.json.gz\",\"service\":\"s3api\",\"operation\":\"get-bucket-acl\",\"parameters\":{\"bucket\":\"b1\"}},{\"path\":\"two.json.gz\",\"service\":\"s3api\",\"operation\":\"get-bucket-acl\",\"parameters\":{\"bucket\":\"b2\"}}")}},
     "d/one.json answer s3:GetBucketAcl b1;d/two.json answer s3:GetBucketAcl b2;"},
    {{{"d/s3api/get-bucket-logging~b.json", ""}, {"index.json", INDEX("{\"path\":\"d/s3api/get-bucket-logging~b.json\",\"exit_code\":0}")}},
     "d/s3api/get-bucket-logging~b.json empty s3:GetBucketLogging b;"},
    {{{"d/s3api/get-bucket-logging~b.json", ""}, {"index.json", INDEX("{\"path\":\"d/s3api/get-bucket-logging~b.json\",\"exit_code\":254,\"error_code\":\"AccessDenied\"}")}},
     "d/s3api/get-bucket-logging~b.json error s3:GetBucketLogging b;"},
    {{{"d/s3api/get-bucket-logging~b.json", ""}, {"index.json", INDEX("{\"path\":\"d/s3api/get-bucket-logging~b.json\",\"exit_code\":254}")}},
     "d/s3api/get-bucket-logging~b.json error s3:GetBucketLogging b; EVI-124"},
    {{{"s3api/get-bucket-acl~b.json", ACL}, {"index.json", INDEX("{\"path\":\"gone.json\"}")}},
     "s3api/get-bucket-acl~b.json answer s3:GetBucketAcl b; EVI-104"},
    {{{"s3api/get-bucket-acl~b.json", ACL}, {"index.json", INDEX("{\"path\":\"../x.json\"},{\"path\":\"/x\"},7")}},
     "s3api/get-bucket-acl~b.json answer s3:GetBucketAcl b; EVI-105"},
    {{{"s3api/get-bucket-acl~b.json", ACL}, {"index.json", "{\"format\":2,\"files\":[]}"}},
     "s3api/get-bucket-acl~b.json answer s3:GetBucketAcl b; EVI-103"},
    {{{"s3api/get-bucket-acl~b.json", ACL}, {"index.json", "{\"format\":1,\"files\":{}}"}},
     "s3api/get-bucket-acl~b.json answer s3:GetBucketAcl b; EVI-103"},
    {{{"s3api/get-bucket-acl~b.json", ACL}, {"index.json", "{\"format\":1,"}},
     "s3api/get-bucket-acl~b.json answer s3:GetBucketAcl b; JSN-102 EVI-103"},
    {{{"111122223333/us-east-1/s3api/get-bucket-acl~b.json", ACL}, {"index.json", INDEX("{\"path\":\"111122223333/us-east-1/s3api/get-bucket-acl~b.json\",\"account\":\"444455556666\"}")}},
     "111122223333/us-east-1/s3api/get-bucket-acl~b.json refused s3:GetBucketAcl ; EVI-116 EVI-102"},
    {{{"d/s3api/get-bucket-logging~b.json", ""}, {"d/s3api/get-bucket-logging~b.err", "DeprecationWarning: x"}, {"index.json", INDEX("{\"path\":\"d/s3api/get-bucket-logging~b.json\",\"exit_code\":0}")}},
     "d/s3api/get-bucket-logging~b.json empty s3:GetBucketLogging b;"},
    /* The nearer index wins. */
    {{{"d/one.json", ACL}, {"index.json", INDEX("{\"path\":\"d/one.json\",\"service\":\"s3api\",\"operation\":\"get-bucket-acl\",\"parameters\":{\"bucket\":\"far\"}}")}, {"d/index.json", INDEX("{\"path\":\"one.json\",\"service\":\"s3api\",\"operation\":\"get-bucket-acl\",\"parameters\":{\"--bucket\":[\"near\"]}}")}},
     "d/one.json answer s3:GetBucketAcl near;"},
    /* A job's answer is about what the job was begun for. */
    {{{"iam/generate-service-last-accessed-details~role_2Fx.json", "{\"JobId\":\"aaaaaaaa-1\"}"}, {"iam/get-service-last-accessed-details~aaaaaaaa-1.json", "{\"JobStatus\":\"COMPLETED\",\"ServicesLastAccessed\":[]}"}},
     "iam/generate-service-last-accessed-details~role_2Fx.json answer iam:GenerateServiceLastAccessedDetails role/x;iam/get-service-last-accessed-details~aaaaaaaa-1.json answer iam:GetServiceLastAccessedDetails role/x;"},
    {{{"iam/get-service-last-accessed-details~aaaaaaaa-1.json", "{\"JobStatus\":\"COMPLETED\",\"ServicesLastAccessed\":[]}"}},
     "iam/get-service-last-accessed-details~aaaaaaaa-1.json unbound iam:GetServiceLastAccessedDetails ; EVI-115"},
    {{{"iam/get-service-last-accessed-details~orders.json", "{\"JobStatus\":\"IN_PROGRESS\",\"ServicesLastAccessed\":[]}"}},
     "iam/get-service-last-accessed-details~orders.json answer iam:GetServiceLastAccessedDetails orders; EVI-125"},
    /* The account of a pile without folders is its caller's. */
    {{{"caller.json", "{\"UserId\":\"x\",\"Account\":\"111122223333\",\"Arn\":\"arn:aws:iam::111122223333:root\"}"}, {"summary.json", "{\"SummaryMap\":{}}"}},
     "caller.json answer sts:GetCallerIdentity 111122223333;summary.json answer iam:GetAccountSummary 111122223333;"},
    {{{"a.json", STREAM("111122223333", "s")}, {"b.json", STREAM("444455556666", "s")}, {"summary.json", "{\"SummaryMap\":{}}"}},
     "a.json answer kinesis:DescribeStreamSummary arn:aws:kinesis:us-east-1:111122223333:stream/s;b.json answer kinesis:DescribeStreamSummary arn:aws:kinesis:us-east-1:444455556666:stream/s;summary.json answer iam:GetAccountSummary ;"},
    /* The same answer twice: both stay. */
    {{{"s3api/get-bucket-acl~b.json", ACL}, {"old/s3api/get-bucket-acl~b.json", ACL}},
     "old/s3api/get-bucket-acl~b.json answer s3:GetBucketAcl b;s3api/get-bucket-acl~b.json answer s3:GetBucketAcl b;"},
};
/* clang-format on */
START_TEST(sets_of_files)
{
    struct evidence_input in[4];
    size_t n = 0;
    for (; n < 4 && sets[_i].files[n].path; n++)
        in[n] = (struct evidence_input){.path = str_from(sets[_i].files[n].path),
                                        .bytes = str_from(sets[_i].files[n].bytes)};
    ck_assert_str_eq(summary(evidence_load_memory(a, in, n, dx)), sets[_i].want);
}
END_TEST

static void put(const char *path, const char *bytes)
{
    struct buf b = BUF_INIT;
    buf_fmt(&b, "mkdir -p \"$(dirname '%s/%s')\"", root, path);
    ck_assert_int_eq(system(b.p), 0);
    buf_clear(&b);
    buf_fmt(&b, "%s/%s", root, path);
    FILE *f = fopen(b.p, "wb");
    ck_assert_ptr_nonnull(f);
    fputs(bytes, f);
    fclose(f);
    buf_free(&b);
}

static void run(const char *format)
{
    struct buf b = BUF_INIT;
    buf_fmt(&b, "cd '%s' && %s", root, format);
    ck_assert_int_eq(system(b.p), 0);
    buf_free(&b);
}

static const char *load_root(void)
{
    const char *path = root;
    return summary(evidence_load(a, &path, 1, NULL, dx));
}

START_TEST(empty_folder)
{
    ck_assert_str_eq(load_root(), " EVI-101");
}
END_TEST

START_TEST(nothing_of_use)
{
    put("README.md", "# hello");
    put("picture.png", "x");
    ck_assert_str_eq(load_root(), " EVI-101");
}
END_TEST

START_TEST(missing_path)
{
    const char *path = "/nonexistent/evidence";
    ck_assert_ptr_null(evidence_load(a, &path, 1, NULL, dx));
    ck_assert_str_eq(diag_first(dx, DIAG_ERROR), "FIL-101");
}
END_TEST

START_TEST(strange_tree)
{
    put("s3api/get-bucket-acl~b.json", ACL);
    put("folder.json/s3api/get-bucket-acl~c.json", ACL);
    run("mkfifo pipe.json && ln -s . loop && ln -s nowhere gone.json && mkdir none.json");
    ck_assert_str_eq(load_root(),
                     "folder.json/s3api/get-bucket-acl~c.json answer s3:GetBucketAcl c;"
                     "s3api/get-bucket-acl~b.json answer s3:GetBucketAcl b;"
                     " FIL-109 FIL-106 FIL-105");
}
END_TEST

START_TEST(unreadable_file)
{
    put("s3api/get-bucket-acl~b.json", ACL);
    put("s3api/get-bucket-acl~c.json.gz", "\x1F\x8B not gzip");
    ck_assert_str_eq(load_root(),
                     "s3api/get-bucket-acl~b.json answer s3:GetBucketAcl b;"
                     "s3api/get-bucket-acl~c.json.gz invalid s3:GetBucketAcl c; FIL-104");
}
END_TEST

START_TEST(packed_file)
{
    put("s3api/get-bucket-acl~b.json", ACL);
    run("gzip -n s3api/get-bucket-acl~b.json");
    const char *path = root;
    struct evidence *ev = evidence_load(a, &path, 1, NULL, dx);
    ck_assert_str_eq(summary(ev),
                     "s3api/get-bucket-acl~b.json.gz answer s3:GetBucketAcl b;");
    /* Digest and size are those of the file as it is, not of what it holds. */
    ck_assert_uint_ne(ev->v[0]->size_bytes, strlen(ACL));
    ck_assert_uint_eq(ev->v[0]->sha256.n, 64);
}
END_TEST

START_TEST(a_million_levels)
{
    run("head -c 1000000 /dev/zero | tr '\\0' '[' > deep.json");
    run("head -c 1000000 /dev/zero > zero.json");
    run("printf '\\377\\376{\\0}\\0' > list-streams.json");
    ck_assert_str_eq(load_root(), "deep.json invalid - ;"
                                  "list-streams.json invalid kinesis:ListStreams ;"
                                  "zero.json invalid - ; JSN-110 JSN-112 JSN-109");
}
END_TEST

START_TEST(pack)
{
    put("bagit.txt", "BagIt-Version: 1.0\n");
    put("manifest-sha256.txt", "x");
    put("data/reports/results.json", "{}");
    put("data/evidence/111122223333/us-east-1/s3api/get-bucket-acl~b.json", ACL);
    put("data/index.json", INDEX("{\"path\":\"evidence/111122223333/us-east-1/s3api/"
                                 "get-bucket-acl~b.json\",\"collected\":"
                                 "\"2026-11-20T09:00:00Z\",\"exit_code\":0}"));
    const char *path = root;
    struct evidence *ev = evidence_load(a, &path, 1, NULL, dx);
    ck_assert_str_eq(summary(ev), "data/evidence/111122223333/us-east-1/s3api/"
                                  "get-bucket-acl~b.json answer s3:GetBucketAcl b;");
    ck_assert_str_eq(when_text(a, ev->newest).p, "2026-11-20T09:00:00Z");
}
END_TEST

START_TEST(one_file_and_several)
{
    put("x/s3api/get-bucket-acl~b.json", ACL);
    put("y/x/s3api/get-bucket-acl~b.json", ACL);
    put("z.json", ACL);
    char p[3][128];
    snprintf(p[0], sizeof p[0], "%s/x/", root);
    snprintf(p[1], sizeof p[1], "%s/y/x", root);
    snprintf(p[2], sizeof p[2], "%s/z.json", root);
    const char *paths[] = {p[0], p[1], p[2]};
    ck_assert_str_eq(summary(evidence_load(a, paths, 3, NULL, dx)),
                     "x(2)/s3api/get-bucket-acl~b.json answer s3:GetBucketAcl b;"
                     "x/s3api/get-bucket-acl~b.json answer s3:GetBucketAcl b;"
                     "z.json unbound s3:GetBucketAcl ; EVI-115");
}
END_TEST

static void count(void *ctx, size_t done, size_t total)
{
    ck_assert_uint_le(done, total);
    ++*(size_t *)ctx;
}

/* The result never depends on the number of threads. */
START_TEST(threads)
{
    const char *path = "samples/quickstart";
    struct stat st;
    if (stat(path, &st) != 0)
        return;
    const char *first = NULL;
    for (unsigned n = 1; n <= 8; n *= 2) {
        size_t calls = 0;
        struct evidence_options options = {
            .threads = n, .progress = count, .progress_ctx = &calls};
        dx = diag_new(a);
        struct evidence *ev = evidence_load(a, &path, 1, &options, dx);
        const char *now = summary(ev);
        struct buf b = BUF_INIT;
        diag_print(dx, &b, false);
        now = str_fmt(a, "%s\n%.*s", now, STR_ARG(buf_view(&b))).p;
        buf_free(&b);
        ck_assert_uint_gt(calls, 0);
        ck_assert_uint_gt(ev->n, 80);
        if (first)
            ck_assert_str_eq(now, first);
        first = now;
    }
}
END_TEST

/* Without collection times the newest time inside counts; never a file's own. */
static const struct {
    const char *path, *bytes, *newest;
} times[] = {
    {"cloudtrail/get-trail-status~t.json",
     "{\"IsLogging\":true,\"LatestDeliveryTime\":1454022144.869}",
     "2016-01-28T23:02:24Z"},
    {"cloudtrail/get-trail-status~t.json",
     "{\"IsLogging\":true,\"LatestDeliveryTime\":\"2021-11-18T09:41:02-08:00\"}",
     "2021-11-18T17:41:02Z"},
    {"lookup-events.json",
     "{\"Events\":[{\"EventId\":\"1\",\"EventTime\":\"2026-01-01\"},{\"EventId\":\"2\","
     "\"EventTime\":\"2026-01-03\"}]}",
     "2026-01-03T00:00:00Z"},
    {"get-credential-report.json",
     "{\"Content\":\"dXNlcixhcm4K\",\"GeneratedTime\":\"2026-01-03T00:00:00+00:00\"}",
     "2026-01-03T00:00:00Z"},
    {"s3api/get-bucket-acl~b.json", ACL, ""},
};
START_TEST(newest_time)
{
    struct evidence_input in = {.path = str_from(times[_i].path),
                                .bytes = str_from(times[_i].bytes)};
    struct evidence *ev = evidence_load_memory(a, &in, 1, dx);
    ck_assert_str_eq(when_text(a, ev->newest).p, times[_i].newest);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("evidence_load");
    TCase *c = tcase_create("evidence_load");
    tcase_add_checked_fixture(c, setup, teardown);
    unit_rows(c, sets_of_files, sets);
    tcase_add_test(c, empty_folder);
    tcase_add_test(c, nothing_of_use);
    tcase_add_test(c, missing_path);
    tcase_add_test(c, strange_tree);
    tcase_add_test(c, unreadable_file);
    tcase_add_test(c, packed_file);
    tcase_add_test(c, a_million_levels);
    tcase_add_test(c, pack);
    tcase_add_test(c, one_file_and_several);
    tcase_add_test(c, threads);
    unit_rows(c, newest_time, times);
    suite_add_tcase(s, c);
    return unit_run(s, "evidence_load");
}
