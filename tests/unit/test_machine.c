/* Unit tests of the machine formats: OSCAL, SARIF, OCSF, HDF, ASFF, in-toto, CSV. With
 * MACHINE_DIR set, every format of every sample is also written there, for the schema
 * checks of tests/machine. */
#include "machine_kit.h"
#include "unit.h"

#include "base/digest.h"
#include "base/utf8.h"
#include "cli/options.h"
#include "json/json.h"
#include "render/machine.h"
#include "render/machine_emit.h"
#include "render/machine_map.h"
#include "render/render.h"
#include "report/results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *file;
    void (*write)(struct buf *out, const struct report *r);
} formats[] = {
    {"oscal", "oscal-assessment-results.json", machine_oscal_results},
    {"oscal-catalog", "oscal-catalog.json", machine_oscal_catalog},
    {"sarif", "results.sarif", machine_sarif},
    {"sarif-all", "results-all.sarif", machine_sarif_all},
    {"ocsf", "results.ocsf.ndjson", machine_ocsf},
    {"hdf", "results.hdf.json", machine_hdf},
    {"asff", "results.asff.json", machine_asff},
    {"in-toto", "test-result.intoto.json", machine_in_toto},
    {"csv", "results.csv", machine_csv},
};

static struct str written(size_t format, const struct report *r)
{
    struct buf out = BUF_INIT;
    formats[format].write(&out, r);
    struct str s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

static size_t format_named(const char *name)
{
    size_t i = 0;
    while (strcmp(formats[i].name, name) != 0)
        i++;
    return i;
}

/* Nothing invisible in any output, well-formed UTF-8, and JSON as our reader takes it. */
static void check_output(size_t format, struct str out)
{
    ck_assert_uint_eq(utf8_check(out), out.n);
    struct buf seen = BUF_INIT;
    utf8_vis_lines(&seen, out);
    bool csv = strcmp(formats[format].name, "csv") == 0;
    if (!csv)
        ck_assert_msg(str_eq(buf_view(&seen), out), "%s has something invisible",
                      formats[format].name);
    buf_free(&seen);
    bool lines = strcmp(formats[format].name, "ocsf") == 0;
    struct str one = out;
    for (bool more = !csv; more;) {
        more = lines && str_cut(out, '\n', &one, &out) && out.n;
        if (!one.n)
            continue;
        struct text t = {str_from(formats[format].name), str_dup(a, one)};
        ck_assert_msg(json_read(a, &t, dx) != NULL, "%s: %s\n%.300s",
                      formats[format].name, unit_first_error(a, dx).p, one.p);
    }
}

static void save(const char *sample, size_t format, struct str out)
{
    const char *folder = getenv("MACHINE_DIR");
    if (!folder)
        return;
    struct str path = str_fmt(a, "%s/%s.%s", folder, sample, formats[format].file);
    FILE *f = fopen(path.p, "wb");
    ck_assert_msg(f != NULL, "cannot write %s", path.p);
    fwrite(out.p, 1, out.n, f);
    fclose(f);
}

START_TEST(writes_every)
{
    struct report *r = sample_every();
    struct str out = written((size_t)_i, r);
    check_output((size_t)_i, out);
    ck_assert(str_eq(out, written((size_t)_i, r)));
    save("every", (size_t)_i, out);
}
END_TEST

START_TEST(writes_empty)
{
    struct str out = written((size_t)_i, sample_empty());
    check_output((size_t)_i, out);
    save("empty", (size_t)_i, out);
}
END_TEST

START_TEST(writes_hostile)
{
    struct report *r = sample_hostile((size_t)_i);
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        struct str out = written(f, r);
        check_output(f, out);
        save(str_fmt(a, "hostile-%02d", _i).p, f, out);
    }
}
END_TEST

/* clang-format off */
/* What stands where in the sample of every verdict. ~ begins a line of NDJSON: its
 * number, from 0. */
static const struct { const char *format, *pointer, *value; } values[] = {
    {"oscal", "/assessment-results/metadata/oscal-version", "1.1.3"},
    {"oscal", "/assessment-results/metadata/version", "2026-11-23T10:00:00Z"},
    {"oscal", "/assessment-results/results/0/reviewed-controls/control-selections/0/include-controls/2/control-id", "k-3"},
    {"oscal", "/assessment-results/results/0/observations/0/collected", "2026-11-20T08:00:00Z"},
    {"oscal", "/assessment-results/results/0/observations/0/relevant-evidence/0/props/0/value", "/Role"},
    {"oscal", "/assessment-results/results/0/observations/1/props/1/value", "fail"},
    {"oscal", "/assessment-results/results/0/observations/5/props/2/value", "absent"},
    {"oscal", "/assessment-results/results/0/observations/6/methods/0", "UNKNOWN"},
    {"oscal", "/assessment-results/results/0/findings/0/target/target-id", "k-1_obj"},
    {"oscal", "/assessment-results/results/0/findings/0/target/status/state", "not-satisfied"},
    {"oscal", "/assessment-results/results/0/findings/0/target/status/reason", "fail"},
    {"oscal", "/assessment-results/results/0/findings/1/target/status/reason", "other"},
    {"oscal", "/assessment-results/results/0/findings/2/target/status/state", "not-satisfied"},
    {"oscal", "/assessment-results/results/0/observations/2/expires", "2027-01-31T23:59:59Z"},
    {"oscal", "/assessment-results/results/0/observations/12/methods/0", "EXAMINE"},
    {"oscal", "/assessment-results/results/0/observations/12/expires", "2027-02-28T23:59:59Z"},
    {"oscal", "/assessment-results/results/0/props/5/name", "redacted"},
    {"oscal", "/assessment-results/results/0/props/7/name", "score-without-waivers"},
    {"oscal", "/assessment-results/results/0/props/7/value", "22"},
    {"oscal", "/assessment-results/results/0/risks/0/status", "deviation-approved"},
    {"oscal", "/assessment-results/results/0/risks/0/statement", "Moves in May"},
    {"oscal", "/assessment-results/results/0/risks/0/deadline", "2027-01-31T23:59:59Z"},
    {"oscal", "/assessment-results/back-matter/resources/1/rlinks/0/href", "ev/a%20b%231.json"},
    {"oscal", "/assessment-results/back-matter/resources/2/rlinks/0/href", "javascript%3Aalert%281%29%E2%80%AE.gz"},
    {"oscal", "/assessment-results/back-matter/resources/2/rlinks/0/media-type", "application/gzip"},
    {"oscal-catalog", "/catalog/groups/0/controls/0/parts/0/id", "k-1_smt"},
    {"oscal-catalog", "/catalog/groups/0/controls/0/parts/0/prose", "Roles are *narrow*.\n\n- so"},
    {"oscal-catalog", "/catalog/groups/0/controls/1/parts/0/prose", "Second"},
    {"oscal-catalog", "/catalog/groups/0/controls/0/parts/2/parts/1/id", "k-1.2_check"},
    {"oscal-catalog", "/catalog/params/0/values/0", "90"},
    {"sarif", "/runs/0/results/0/ruleId", "K-1.1"},
    {"sarif", "/runs/0/results/0/level", "error"},
    {"sarif", "/runs/0/results/0/locations/0/physicalLocation/region/startLine", "7"},
    {"sarif", "/runs/0/results/0/relatedLocations/0/id", "1"},
    {"sarif", "/runs/0/tool/driver/rules/4/id", "K-3.other_check"},
    {"sarif", "/runs/0/tool/driver/rules/0/properties/security-severity", "9.5"},
    {"sarif", "/runs/0/properties/redacted", "true"},
    {"sarif", "/runs/0/properties/score", "51"},
    {"sarif", "/runs/0/properties/score-without-waivers", "22"},
    {"sarif", "/runs/0/properties/waivers/0/reason", "Moves in May"},
    {"sarif-all", "/runs/0/results/2/suppressions/0/properties/by", "Ada"},
    {"sarif-all", "/runs/0/results/2/suppressions/0/properties/until", "2027-01-31"},
    {"sarif-all", "/runs/0/results/3/properties/known-since", "2026-10-01"},
    {"sarif-all", "/runs/0/results/12/properties/basis", "attested"},
    {"sarif-all", "/runs/0/results/12/properties/document-sha256", "67efb7ab1dc9922ab3db88bb5c5be3447987b458ed9566a09464b9ab730e3206"},
    {"sarif", "/runs/0/automationDetails/id", "kdaudit/kda/2026-11-23T10:00:00Z"},
    {"sarif-all", "/runs/0/results/0/kind", "pass"},
    {"sarif-all", "/runs/0/results/0/level", "none"},
    {"sarif-all", "/runs/0/results/2/suppressions/0/status", "accepted"},
    {"sarif-all", "/runs/0/results/2/suppressions/0/justification", "Moves in May"},
    {"sarif-all", "/runs/0/results/3/baselineState", "unchanged"},
    {"sarif-all", "/runs/0/results/5/kind", "open"},
    {"sarif-all", "/runs/0/results/5/level", "none"},
    {"sarif-all", "/runs/0/results/6/kind", "review"},
    {"sarif-all", "/runs/0/results/9/kind", "notApplicable"},
    {"ocsf", "~0/compliance/status_id", "1"},
    {"ocsf", "~0/severity_id", "1"},
    {"ocsf", "~1/compliance/status_id", "3"},
    {"ocsf", "~1/severity_id", "5"},
    {"ocsf", "~1/time", "1795428000000"},
    {"ocsf", "~1/resources/0/cloud_partition", "aws-cn"},
    {"ocsf", "~2/status_id", "3"},
    {"ocsf", "~2/unmapped/kdaudit_accepted_until", "2027-01-31"},
    {"ocsf", "~3/unmapped/kdaudit_known_since", "2026-10-01"},
    {"ocsf", "~12/unmapped/kdaudit_basis", "attested"},
    {"ocsf", "~0/unmapped/kdaudit_run_redacted", "true"},
    {"ocsf", "~0/unmapped/kdaudit_run_score", "51"},
    {"ocsf", "~0/unmapped/kdaudit_run_score_without_waivers", "22"},
    {"ocsf", "~5/compliance/status_id", "2"},
    {"ocsf", "~5/compliance/status", "Warning"},
    {"ocsf", "~5/evidences/0/data/missing", "kinesisanalyticsv2:DescribeApplication"},
    {"ocsf", "~6/compliance/status_id", "99"},
    {"ocsf", "~6/compliance/status", "Manual"},
    {"ocsf", "~9/compliance/status", "Not Applicable"},
    {"hdf", "/profiles/0/controls/0/impact", "0.9"},
    {"hdf", "/profiles/0/controls/0/tags/nist/0", "AC-3"},
    {"hdf", "/profiles/0/controls/3/impact", "0"},
    {"hdf", "/profiles/0/controls/0/results/0/status", "failed"},
    {"hdf", "/profiles/0/groups/0/controls/1", "K-1.2"},
    {"hdf", "/profiles/0/controls/0/results/2/message", "Waived until 2027-01-31 by Ada: w"},
    {"hdf", "/profiles/0/controls/0/results/2/kdaudit_waiver", "Moves in May"},
    {"hdf", "/passthrough/auxiliary_data/0/data/redacted", "true"},
    {"hdf", "/passthrough/auxiliary_data/0/data/score_without_waivers", "22"},
    {"hdf", "/passthrough/auxiliary_data/0/data/waivers/0/by", "Ada"},
    {"asff", "/0/Compliance/Status", "PASSED"},
    {"asff", "/0/Severity/Label", "INFORMATIONAL"},
    {"asff", "/0/ProductArn", "arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default"},
    {"asff", "/1/ProductArn", "arn:aws-cn:securityhub:cn-north-1:111122223333:product/111122223333/default"},
    {"asff", "/1/Resources/0/Type", "AwsS3Bucket"},
    {"asff", "/2/Workflow/Status", "SUPPRESSED"},
    {"asff", "/2/ProductFields/kdaudit~1waiver", "Moves in May"},
    {"asff", "/2/ProductFields/kdaudit~1accepted-by", "Ada"},
    {"asff", "/2/ProductFields/kdaudit~1accepted-until", "2027-01-31"},
    {"asff", "/2/ProductFields/kdaudit~1run-score-without-waivers", "22"},
    {"asff", "/2/ProductFields/kdaudit~1run-redacted", "true"},
    {"asff", "/2/Description", "Waived until 2027-01-31 by Ada: w"},
    {"asff", "/3/Description", "Known since 2026-10-01: since"},
    {"asff", "/2/Resources/0/Id", "AWS::::Account:111122223333"},
    {"asff", "/5/Compliance/Status", "WARNING"},
    {"asff", "/9/Compliance/Status", "NOT_AVAILABLE"},
    {"asff", "/9/AwsAccountId", "111122223333"},
    {"in-toto", "/predicateType", "https://in-toto.io/attestation/test-result/v0.1"},
    {"in-toto", "/subject/0/name", "results.json"},
    {"in-toto", "/predicate/result", "FAILED"},
    {"in-toto", "/predicate/passedTests/0", "K-1 K-1.1 111122223333/global r"},
    {"in-toto", "/predicate/warnedTests/0", "K-1 K-1.1 111122223333/global 111122223333"},
    {"in-toto", "/predicate/configuration/2/name", "waivers"},
    {"in-toto", "/predicate/configuration/2/annotations/waivers/0/reason", "Moves in May"},
    {"in-toto", "/predicate/configuration/3/uri", "pkg:generic/kdaudit@1.0.0"},
    {"in-toto", "/predicate/configuration/3/annotations/score_without_waivers", "22"},
    {"in-toto", "/predicate/configuration/3/annotations/redacted", "true"},
};
/* clang-format on */

START_TEST(holds)
{
    struct str out = written(format_named(values[_i].format), sample_every());
    const char *pointer = values[_i].pointer;
    if (*pointer == '~') {
        long number = strtol(pointer + 1, (char **)&pointer, 10);
        struct str line = out;
        for (long i = 0; i <= number; i++)
            ck_assert(str_cut(out, '\n', &line, &out));
        out = line;
    }
    struct text t = {STR("out"), str_dup(a, out)};
    const struct json *root = json_read(a, &t, dx);
    ck_assert_ptr_nonnull(root);
    const struct json *n = json_pointer(root, str_from(pointer));
    ck_assert_msg(n != NULL, "%s %s is not there", values[_i].format, pointer);
    struct str got = str_dup(a, json_scalar(n));
    ck_assert_str_eq(got.p, values[_i].value);
}
END_TEST

/* clang-format off */
static const struct { enum result result; enum disposition disposition; enum verdict verdict; } mapped[] = {
    {RESULT_PASS,           DISPOSITION_OPEN,           VERDICT_PASS},
    {RESULT_FAIL,           DISPOSITION_OPEN,           VERDICT_FAIL},
    {RESULT_FAIL,           DISPOSITION_WAIVER_EXPIRED, VERDICT_FAIL},
    {RESULT_FAIL,           DISPOSITION_WAIVED,         VERDICT_WAIVED},
    {RESULT_FAIL,           DISPOSITION_KNOWN,          VERDICT_KNOWN},
    {RESULT_UNKNOWN,        DISPOSITION_OPEN,           VERDICT_UNKNOWN},
    {RESULT_UNKNOWN,        DISPOSITION_WAIVED,         VERDICT_UNKNOWN},
    {RESULT_MANUAL,         DISPOSITION_OPEN,           VERDICT_MANUAL},
    {RESULT_NOT_APPLICABLE, DISPOSITION_OPEN,           VERDICT_NOT_APPLICABLE},
    {RESULT_ERROR,          DISPOSITION_OPEN,           VERDICT_ERROR},
};
/* clang-format on */

START_TEST(maps)
{
    struct report_test t = {.result = mapped[_i].result,
                            .disposition = mapped[_i].disposition};
    ck_assert_int_eq(machine_verdict(&t), mapped[_i].verdict);
}
END_TEST

/* Only a pass and what does not apply may look satisfied anywhere. */
START_TEST(never_green)
{
    const struct verdict_row *v = machine_verdict_row((enum verdict)_i);
    bool good = _i == VERDICT_PASS, quiet = good || _i == VERDICT_NOT_APPLICABLE;
    ck_assert_int_eq(v->oscal_satisfied, quiet);
    ck_assert_int_eq(v->ocsf_status == 1, good);
    ck_assert_int_eq(strcmp(v->hdf, "passed") == 0, good);
    ck_assert_int_eq(strcmp(v->asff, "PASSED") == 0, good);
    ck_assert_int_eq(v->in_toto == LIST_PASSED, good);
    ck_assert_int_eq(strcmp(v->sarif_kind, "pass") == 0, good);
}
END_TEST

START_TEST(uuids)
{
    static const unsigned char dns[UUID_BYTES] = {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad,
                                                  0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0,
                                                  0x4f, 0xd4, 0x30, 0xc8};
    unsigned char url[UUID_BYTES];
    char out[UUID_TEXT], again[UUID_TEXT];
    digest_uuid5(dns, STR("www.example.com"), out);
    ck_assert_str_eq(out, "2ed6657d-e927-568b-95e1-2665a8aea6a2"); /* RFC 9562, A.4 */
    memcpy(url, dns, sizeof url);
    url[3] = 0x11;
    digest_uuid5(url, STR(MACHINE_NS), out);
    ck_assert_str_eq(out, "f6dad0c7-af9c-5af9-bf65-fe64af800c07"); /* ours */
    machine_uuid(out, "x", (struct str[]){STR("ab"), STR("c")}, 2);
    machine_uuid(again, "x", (struct str[]){STR("a"), STR("bc")}, 2);
    ck_assert_str_ne(out, again);
}
END_TEST

START_TEST(emits)
{
    struct buf out = BUF_INIT;
    struct emit e = EMIT_TO(&out, 1);
    emit_open(&e, NULL, '{');
    emit_open(&e, "gone", '[');
    emit_open(&e, NULL, '{');
    emit_line(&e, "empty", STR(" \xC2\xA0 "));
    emit_close(&e);
    emit_close(&e);
    emit_keep(&e, "kept", '[');
    emit_close(&e);
    emit_cut(&e, "cut", STR("abc\xC3\xA9xyz"), 7);
    emit_line(&e, "line", STR("\xE3\x80\x80 a\nb \xC2\xA0"));
    emit_block(&e, "block", STR("\na\r\nb\n"));
    emit_open(&e, "list", '[');
    emit_num(&e, NULL, 1);
    emit_decimal(&e, NULL, 0.5);
    emit_bool(&e, NULL, false);
    emit_close(&e);
    emit_time(&e, "never", INT64_MIN);
    emit_time(&e, "late", INT64_MAX);
    emit_close(&e);
    emit_done(&e);
    ck_assert_str_eq(out.p,
                     "{\n \"kept\": [],\n \"cut\": \"abc…\",\n \"line\": \"a␊b\",\n"
                     " \"block\": \"a\\nb\",\n \"list\": [1,0.5,false],\n"
                     " \"late\": \"2999-12-31T23:59:59Z\"\n}\n");
    buf_free(&out);
}
END_TEST

START_TEST(csv_is_harmless)
{
    struct report *r = sample_hostile((size_t)_i);
    struct str out = written(format_named("csv"), r), line;
    size_t lines = 0;
    while (out.n) {
        ck_assert(str_cut(out, '\n', &line, &out));
        ck_assert(str_ends(line, STR("\r")));
        lines++;
        size_t fields = 0;
        for (size_t i = 0; i + 1 < line.n; i++) {
            ck_assert_int_eq(line.p[i], '"'); /* of the field */
            fields++;
            size_t first = i + 1;
            while (line.p[first] == ' ')
                first++;
            ck_assert_msg(!line.p[first] || !strchr("=+-@\t\r", line.p[first]), "%.*s",
                          STR_ARG(line));
            for (i++; line.p[i] != '"' || line.p[i + 1] == '"'; i++)
                i += line.p[i] == '"';
            i++; /* the comma */
        }
        ck_assert_uint_eq(fields, 24);
    }
    ck_assert_uint_eq(lines, 2);
}
END_TEST

START_TEST(in_toto_subjects)
{
    struct report *r = sample_empty();
    struct machine_subject s[] = {
        {STR("tagmanifest-sha256.txt"), digest_hex(a, STR("x"))},
        {STR("other"), digest_hex(a, STR("y"))}};
    struct buf out = BUF_INIT;
    machine_in_toto_of(&out, r, s, 2);
    struct text t = {STR("out"), buf_view(&out)};
    const struct json *root = json_read(a, &t, dx);
    ck_assert(str_eq(json_str(json_pointer(root, STR("/subject/1/digest/sha256"))),
                     s[1].sha256));
    /* Nothing was judged: no pass. */
    ck_assert(
        str_eq(json_str(json_pointer(root, STR("/predicate/result"))), STR("FAILED")));
    buf_free(&out);
}
END_TEST

START_TEST(sarif_limit)
{
    struct report *r = sample_every();
    const struct report_test *fail = r->attention.v[0];
    struct report_test **many =
        ARENA_ARRAY(a, struct report_test *, SARIF_MAX_RESULTS + 2);
    for (size_t i = 0; i < SARIF_MAX_RESULTS + 2; i++)
        many[i] = (struct report_test *)fail;
    r->attention.v = many;
    r->attention.n = SARIF_MAX_RESULTS + 2;
    r->counts.known = 0;
    struct str out = written(format_named("sarif"), r);
    struct text t = {STR("out"), out};
    const struct json *root = json_read(a, &t, dx);
    ck_assert_uint_eq(json_size(json_pointer(root, STR("/runs/0/results"))),
                      SARIF_MAX_RESULTS);
    struct str said = json_str(
        json_pointer(root, STR("/runs/0/invocations/0/toolExecutionNotifications/0"
                               "/message/text")));
    ck_assert(str_starts(said, STR("2 more results")));
}
END_TEST

/* Help and completion of --format name the rows of render/formats.c. */
START_TEST(options_name_formats)
{
    static const char *const commands[] = {"report", "render"};
    const struct command *c = command_find(str_from(commands[_i]));
    struct buf names = BUF_INIT;
    size_t n;
    const struct format *rows = format_rows(&n);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&names, "%s%s", i ? " " : "", rows[i].name);
    for (size_t i = 0; i < c->nopts; i++)
        if (c->opts[i].id == OPT_FORMAT) {
            ck_assert_str_eq(c->opts[i].values, names.p);
            for (size_t j = 0; j < n; j++)
                ck_assert_ptr_nonnull(strstr(c->opts[i].help, rows[j].name));
        }
    buf_free(&names);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("machine");
    TCase *tc = tcase_create("machine");
    int n = (int)(sizeof formats / sizeof *formats);
    int nhostile = (int)(sizeof hostile / sizeof *hostile);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, writes_every, 0, n);
    tcase_add_loop_test(tc, writes_empty, 0, n);
    tcase_add_loop_test(tc, writes_hostile, 0, nhostile);
    tcase_add_loop_test(tc, csv_is_harmless, 0, nhostile);
    unit_rows(tc, holds, values);
    unit_rows(tc, maps, mapped);
    tcase_add_loop_test(tc, never_green, 0, VERDICTS);
    tcase_add_loop_test(tc, options_name_formats, 0, 2);
    tcase_add_test(tc, uuids);
    tcase_add_test(tc, emits);
    tcase_add_test(tc, in_toto_subjects);
    tcase_add_test(tc, sarif_limit);
    suite_add_tcase(s, tc);
    return unit_run(s, "machine");
}
