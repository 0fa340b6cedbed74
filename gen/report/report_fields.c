/* The tables of the report: every field that results.json and templates know. */
#include "report/fields.h"

#include "report/derive.h"
#include "report/rights.h"

static const char *const severities[] = {"info", "low",      "medium",
                                         "high", "critical", NULL};
static const char *const results[] = {"pass",           "fail",  "unknown", "manual",
                                      "not-applicable", "error", NULL};
static const char *const reasons[] = {"",          "absent",    "denied",
                                      "truncated", "stale",     "invalid",
                                      "foreign",   "undecided", NULL};
static const char *const dispositions[] = {"open", "waived", "waiver-expired", "known",
                                           NULL};
static const char *const bases[] = {"", "attested", NULL};
static const char *const waiver_kinds[] = {"waiver", "attestation", NULL};
static const char *const verdicts[] = {"fail", "unknown", "pass", "nothing-judged", NULL};
static const char *const evidence_states[] = {
    "answer", "empty", "error", "invalid", "unbound", "unrecognised", "refused", NULL};

static const struct shape shape_counts;
static const struct shape shape_reference;
static const struct shape shape_param;
static const struct shape shape_catalog;
static const struct shape shape_evidence;
static const struct shape shape_looker;
static const struct shape shape_use;
static const struct shape shape_spot;
static const struct shape shape_excerpt_line;
static const struct shape shape_excerpt;
static const struct shape shape_waiver;
static const struct shape shape_finding;
static const struct shape shape_check;
static const struct shape shape_control;
static const struct shape shape_link;
static const struct shape shape_test;
static const struct shape shape_call;
static const struct shape shape_cell;
static const struct shape shape_application;
static const struct shape shape_account;
static const struct shape shape_report;

/* clang-format off */

static const struct field counts_fields[] = {
    {.name = "accepted_unknown", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, accepted_unknown),
     .help = "undecided tests that a waiver or the baseline accepts"},
    {.name = "applicable", .kind = FIELD_TEXT, .text = derive_counts_applicable,
     .help = "all tests but the not applicable"},
    {.name = "clean", .kind = FIELD_FLAG, .flag = derive_counts_clean,
     .help = "nothing is open: no fail, unknown, manual, or error"},
    {.name = "critical", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, critical),
     .help = "open fails of critical severity"},
    {.name = "error", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, error),
     .help = "checks that broke"},
    {.name = "fail", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, fail),
     .help = "tests that fail, waived and known ones too"},
    {.name = "fail_share", .kind = FIELD_TEXT, .text = derive_counts_fail_share,
     .help = "failed tests, per mille"},
    {.name = "high", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, high),
     .help = "open fails of high severity"},
    {.name = "info", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, info),
     .help = "open fails of no severity"},
    {.name = "judged", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, judged),
     .help = "tests that pass or fail"},
    {.name = "known", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, known),
     .help = "fails that the baseline has too"},
    {.name = "low", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, low),
     .help = "open fails of low severity"},
    {.name = "manual", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, manual),
     .help = "tests that need a person"},
    {.name = "medium", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, medium),
     .help = "open fails of medium severity"},
    {.name = "not_applicable", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, not_applicable),
     .help = "tests that do not apply"},
    {.name = "open_fail", .kind = FIELD_TEXT, .text = derive_counts_open_fail,
     .help = "fails that no waiver or baseline accepts"},
    {.name = "pass", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, pass),
     .help = "tests that pass"},
    {.name = "pass_share", .kind = FIELD_TEXT, .text = derive_counts_pass_share,
     .help = "passed tests, per mille of all applicable ones"},
    {.name = "score", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, score),
     .help = "severity-weighted share of tests that pass, 0 to 100"},
    {.name = "score_unwaived", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, score_unwaived),
     .help = "the score if waived fails counted as fails"},
    {.name = "scored", .kind = FIELD_BOOL, .offset = offsetof(struct report_counts, scored),
     .help = "something was judged, so the score means something"},
    {.name = "total", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, total),
     .help = "all tests"},
    {.name = "unknown", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, unknown),
     .help = "tests that the evidence cannot decide"},
    {.name = "unknown_share", .kind = FIELD_TEXT, .text = derive_counts_unknown_share,
     .help = "undecided tests (unknown, manual, error), per mille"},
    {.name = "waived", .kind = FIELD_UINT, .offset = offsetof(struct report_counts, waived),
     .help = "fails accepted by a waiver in force"},
};
static const struct shape shape_counts = {
    .name = "counts", .help = "numbers of tests by result", .size = sizeof(struct report_counts), .key = NULL,
    .fields = counts_fields, .n = sizeof counts_fields / sizeof *counts_fields,
};

static const struct field reference_fields[] = {
    {.name = "framework", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_reference, framework),
     .help = "short name of the framework"},
    {.name = "id", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_reference, id),
     .help = "the requirement"},
    {.name = "title", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_reference, title),
     .help = "its full name"},
    {.name = "url", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_reference, url),
     .help = "where it is published"},
};
static const struct shape shape_reference = {
    .name = "reference", .help = "a requirement of a framework that a control or check serves", .size = sizeof(struct report_reference), .key = NULL,
    .fields = reference_fields, .n = sizeof reference_fields / sizeof *reference_fields,
};

static const struct field param_fields[] = {
    {.name = "changed", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_param, changed),
     .help = "the value is not the default"},
    {.name = "fallback", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_param, fallback),
     .help = "the default"},
    {.name = "help", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_param, help),
     .help = "what it changes"},
    {.name = "name", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_param, name),
     .help = "its name"},
    {.name = "value", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_param, value),
     .help = "the value that this run used"},
};
static const struct shape shape_param = {
    .name = "param", .help = "a parameter of the catalog", .size = sizeof(struct report_param), .key = NULL,
    .fields = param_fields, .n = sizeof param_fields / sizeof *param_fields,
};

static const struct field catalog_fields[] = {
    {.name = "id", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_catalog, id),
     .help = "its id"},
    {.name = "sha256", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_catalog, sha256),
     .help = "SHA-256 over its files"},
    {.name = "source", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_catalog, source),
     .help = "where its practices are published"},
    {.name = "title", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_catalog, title),
     .help = "its title"},
    {.name = "version", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_catalog, version),
     .help = "its version"},
};
static const struct shape shape_catalog = {
    .name = "catalog", .help = "the control catalog that was used", .size = sizeof(struct report_catalog), .key = NULL,
    .fields = catalog_fields, .n = sizeof catalog_fields / sizeof *catalog_fields,
};

static const struct field looker_fields[] = {
    {.name = "check", .kind = FIELD_REF, .stored = true, .offset = offsetof(struct report_looker, check), .shape = &shape_check,
     .help = "the check"},
};
static const struct shape shape_looker = {
    .name = "looker", .help = "a check that looked at evidence files", .size = sizeof(struct report_looker), .key = NULL,
    .fields = looker_fields, .n = sizeof looker_fields / sizeof *looker_fields,
};

static const struct field use_fields[] = {
    {.name = "facts", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report_use, facts), .shape = &shape_looker,
     .help = "checks that looked at facts which were worked out from it, among others"},
    {.name = "names", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_use, names),
     .help = "it says which resources there are, how they hang together, or what other answers are about"},
    {.name = "needed", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report_use, needed), .shape = &shape_looker,
     .help = "checks that need the answer itself"},
    {.name = "number", .kind = FIELD_UINT, .stored = true, .offset = offsetof(struct report_use, number),
     .help = "its number, from 0"},
    {.name = "shown", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_use, shown),
     .help = "reports tell what it says of applications, calls, or who may touch them"},
};
static const struct shape shape_use = {
    .name = "use", .help = "what evidence files were used for", .size = sizeof(struct report_use), .key = "number",
    .fields = use_fields, .n = sizeof use_fields / sizeof *use_fields,
};

static const struct field evidence_fields[] = {
    {.name = "account", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_evidence, account),
     .help = "account"},
    {.name = "collected", .kind = FIELD_TIME, .stored = true, .offset = offsetof(struct report_evidence, collected),
     .help = "time collected"},
    {.name = "error_code", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_evidence, error_code),
     .help = "error that the service answered"},
    {.name = "kind", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_evidence, kind),
     .help = "AWS operation that answered"},
    {.name = "number", .kind = FIELD_UINT, .stored = true, .offset = offsetof(struct report_evidence, number),
     .help = "its number in this report"},
    {.name = "partial", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_evidence, partial),
     .help = "the answer is cut: more pages exist"},
    {.name = "path", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_evidence, path),
     .help = "where it stands in the evidence"},
    {.name = "region", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_evidence, region),
     .help = "region, or global"},
    {.name = "sha256", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_evidence, sha256),
     .help = "SHA-256 of its bytes as collected"},
    {.name = "short_sha256", .kind = FIELD_TEXT, .text = derive_evidence_short_sha,
     .help = "first 12 digits of the hash"},
    {.name = "size", .kind = FIELD_TEXT, .text = derive_evidence_size,
     .help = "size in words"},
    {.name = "size_bytes", .kind = FIELD_SIZE, .stored = true, .offset = offsetof(struct report_evidence, size_bytes),
     .help = "size as collected"},
    {.name = "state", .kind = FIELD_Z, .stored = true, .offset = offsetof(struct report_evidence, state), .words = evidence_states,
     .help = "what became of it"},
    {.name = "subject", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_evidence, subject),
     .help = "resource that it is about"},
    {.name = "unusable", .kind = FIELD_FLAG, .flag = derive_evidence_unusable,
     .help = "it could not be used"},
    {.name = "use", .kind = FIELD_REF, .stored = true, .offset = offsetof(struct report_evidence, use), .shape = &shape_use,
     .help = "what it was used for beside the results that point into it"},
    {.name = "used", .kind = FIELD_UINT, .stored = true, .offset = offsetof(struct report_evidence, used),
     .help = "number of tests that rest on it"},
    {.name = "used_for", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_evidence, used_for),
     .help = "what it was used for: the checks whose results point into it, and those that read it; or that none did"},
    {.name = "why", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_evidence, why),
     .help = "why it could not be used"},
    {.name = "why_code", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_evidence, why_code),
     .help = "code of that message"},
};
static const struct shape shape_evidence = {
    .name = "evidence", .help = "one evidence file", .size = sizeof(struct report_evidence), .key = "number",
    .fields = evidence_fields, .n = sizeof evidence_fields / sizeof *evidence_fields,
};

static const struct field spot_fields[] = {
    {.name = "column", .kind = FIELD_UINT, .stored = true, .offset = offsetof(struct report_spot, column),
     .help = "column, from 1"},
    {.name = "evidence", .kind = FIELD_REF, .stored = true, .offset = offsetof(struct report_spot, evidence), .shape = &shape_evidence,
     .help = "the file"},
    {.name = "known", .kind = FIELD_FLAG, .flag = derive_spot_known,
     .help = "there is such a place"},
    {.name = "line", .kind = FIELD_UINT, .stored = true, .offset = offsetof(struct report_spot, line),
     .help = "line, from 1"},
    {.name = "place", .kind = FIELD_TEXT, .text = derive_spot_place,
     .help = "file:line:column"},
    {.name = "pointer", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_spot, pointer),
     .help = "JSON Pointer of the value"},
};
static const struct shape shape_spot = {
    .name = "spot", .help = "a place in an evidence file", .size = sizeof(struct report_spot), .key = NULL,
    .fields = spot_fields, .n = sizeof spot_fields / sizeof *spot_fields,
};

static const struct field excerpt_line_fields[] = {
    {.name = "marked", .kind = FIELD_BOOL, .offset = offsetof(struct report_excerpt_line, marked),
     .help = "the finding is about this line"},
    {.name = "number", .kind = FIELD_UINT, .offset = offsetof(struct report_excerpt_line, number),
     .help = "line number"},
    {.name = "text", .kind = FIELD_STR, .offset = offsetof(struct report_excerpt_line, text),
     .help = "the line, secrets masked"},
};
static const struct shape shape_excerpt_line = {
    .name = "excerpt_line", .help = "one line of an excerpt", .size = sizeof(struct report_excerpt_line), .key = NULL,
    .fields = excerpt_line_fields, .n = sizeof excerpt_line_fields / sizeof *excerpt_line_fields,
};

static const struct field excerpt_fields[] = {
    {.name = "first_line", .kind = FIELD_UINT, .stored = true, .offset = offsetof(struct report_excerpt, first_line),
     .help = "number of the first line"},
    {.name = "lines", .kind = FIELD_MADE, .shape = &shape_excerpt_line, .made = derive_excerpt_lines,
     .help = "the lines, one by one"},
    {.name = "mark_line", .kind = FIELD_UINT, .offset = offsetof(struct report_excerpt, spot.line),
     .help = "number of the line that the finding is about"},
    {.name = "number", .kind = FIELD_UINT, .stored = true, .offset = offsetof(struct report_excerpt, number),
     .help = "its number, from 0"},
    {.name = "numbered", .kind = FIELD_TEXT, .text = derive_excerpt_numbered,
     .help = "the lines with their numbers and a mark"},
    {.name = "spot", .kind = FIELD_THING, .stored = true, .offset = offsetof(struct report_excerpt, spot), .shape = &shape_spot,
     .help = "what the first finding on that line points at"},
    {.name = "text", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_excerpt, text),
     .help = "the lines, secrets masked"},
};
static const struct shape shape_excerpt = {
    .name = "excerpt", .help = "lines of an evidence file around a finding", .size = sizeof(struct report_excerpt), .key = "number",
    .fields = excerpt_fields, .n = sizeof excerpt_fields / sizeof *excerpt_fields,
};

static const struct field waiver_fields[] = {
    {.name = "by", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_waiver, by),
     .help = "who approved or attested"},
    {.name = "document", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_waiver, document),
     .help = "signed document"},
    {.name = "expired", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_waiver, expired),
     .help = "it holds no longer"},
    {.name = "id", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_waiver, id),
     .help = "check or control that it is for"},
    {.name = "kind", .kind = FIELD_Z, .stored = true, .offset = offsetof(struct report_waiver, kind), .words = waiver_kinds,
     .help = "waiver or attestation"},
    {.name = "number", .kind = FIELD_UINT, .stored = true, .offset = offsetof(struct report_waiver, number),
     .help = "its number, from 0"},
    {.name = "reason", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_waiver, reason),
     .help = "why, or what was stated"},
    {.name = "sha256", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_waiver, sha256),
     .help = "SHA-256 of that document"},
    {.name = "subject", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_waiver, subject),
     .help = "resources that it covers (glob)"},
    {.name = "ticket", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_waiver, ticket),
     .help = "ticket"},
    {.name = "until", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_waiver, until),
     .help = "last day that it holds"},
    {.name = "used", .kind = FIELD_UINT, .offset = offsetof(struct report_waiver, used),
     .help = "tests that it covers"},
};
static const struct shape shape_waiver = {
    .name = "waiver", .help = "a waiver or attestation that was given", .size = sizeof(struct report_waiver), .key = "number",
    .fields = waiver_fields, .n = sizeof waiver_fields / sizeof *waiver_fields,
};

static const struct field finding_fields[] = {
    {.name = "actual", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_finding, actual),
     .help = "the value found"},
    {.name = "command", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_finding, command), .implied = derive_finding_command,
     .help = "command that mends it, or that collects what is missing; in results.json left out when it is the test's"},
    {.name = "excerpt", .kind = FIELD_REF, .stored = true, .offset = offsetof(struct report_finding, excerpt), .shape = &shape_excerpt,
     .help = "the evidence around it"},
    {.name = "expected", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_finding, expected), .implied = derive_finding_expected,
     .help = "what is expected; in results.json left out when it is the check's"},
    {.name = "kind", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_finding, kind),
     .help = "kind of evidence that is missing"},
    {.name = "message", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_finding, message), .implied = derive_finding_message,
     .help = "one sentence; in results.json left out when it says that evidence of kind is not there"},
    {.name = "spot", .kind = FIELD_THING, .stored = true, .offset = offsetof(struct report_finding, spot), .shape = &shape_spot, .implied = derive_finding_spot,
     .help = "where; in results.json left out when it is the excerpt's"},
};
static const struct shape shape_finding = {
    .name = "finding", .help = "what a failing or undecided test says", .size = sizeof(struct report_finding), .key = NULL,
    .fields = finding_fields, .n = sizeof finding_fields / sizeof *finding_fields,
};

static const struct field check_fields[] = {
    {.name = "anchor", .kind = FIELD_TEXT, .text = derive_check_anchor,
     .help = "id for links within a page"},
    {.name = "attention", .kind = FIELD_REFS, .offset = offsetof(struct report_check, attention), .shape = &shape_test,
     .help = "tests to act on, worst first"},
    {.name = "basis", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_check, basis),
     .help = "\"inherited\" when the service always does it"},
    {.name = "basis_source", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_check, basis_source),
     .help = "page that says so"},
    {.name = "control", .kind = FIELD_REF, .offset = offsetof(struct report_check, control), .shape = &shape_control,
     .help = "its control"},
    {.name = "counts", .kind = FIELD_THING, .offset = offsetof(struct report_check, counts), .shape = &shape_counts,
     .help = "its tests by result"},
    {.name = "expected", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_check, expected),
     .help = "what is expected"},
    {.name = "first_attention", .kind = FIELD_REFS, .offset = offsetof(struct report_check, first_attention), .shape = &shape_test,
     .help = "the worst 100 tests to act on"},
    {.name = "first_quiet", .kind = FIELD_REFS, .offset = offsetof(struct report_check, first_quiet), .shape = &shape_test,
     .help = "the first 100 of quiet"},
    {.name = "id", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_check, id),
     .help = "its id"},
    {.name = "manual", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_check, manual),
     .help = "needs a person"},
    {.name = "number", .kind = FIELD_UINT, .offset = offsetof(struct report_check, number),
     .help = "its place in the catalog, from 0"},
    {.name = "pass", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_check, pass),
     .help = "what a pass says, with names of the resource's members in braces; when left out, expected"},
    {.name = "prose", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_check, prose),
     .help = "how it is tested (Markdown)"},
    {.name = "quiet", .kind = FIELD_REFS, .offset = offsetof(struct report_check, quiet), .shape = &shape_test,
     .help = "tests that pass, do not apply, or are waived"},
    {.name = "references", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report_check, references), .shape = &shape_reference,
     .help = "requirements that it serves"},
    {.name = "remedy", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_check, remedy),
     .help = "how to mend it (Markdown)"},
    {.name = "severity", .kind = FIELD_WORD, .stored = true, .offset = offsetof(struct report_check, severity), .words = severities,
     .help = "critical, high, medium, low, or info"},
    {.name = "subject_type", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_check, subject_type),
     .help = "type of resource that it looks at"},
    {.name = "tested", .kind = FIELD_FLAG, .flag = derive_check_tested,
     .help = "it has at least one test"},
    {.name = "tests", .kind = FIELD_REFS, .offset = offsetof(struct report_check, tests), .shape = &shape_test,
     .help = "its tests, by resource"},
    {.name = "title", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_check, title),
     .help = "its title"},
    {.name = "top_attention", .kind = FIELD_REFS, .offset = offsetof(struct report_check, top_attention), .shape = &shape_test,
     .help = "the worst 10 tests to act on"},
};
static const struct shape shape_check = {
    .name = "check", .help = "one check of a control", .size = sizeof(struct report_check), .key = "id",
    .fields = check_fields, .n = sizeof check_fields / sizeof *check_fields,
};

static const struct field control_fields[] = {
    {.name = "anchor", .kind = FIELD_TEXT, .text = derive_control_anchor,
     .help = "id for links within a page"},
    {.name = "checks", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report_control, checks), .shape = &shape_check,
     .help = "its checks"},
    {.name = "counts", .kind = FIELD_THING, .offset = offsetof(struct report_control, counts), .shape = &shape_counts,
     .help = "its tests by result"},
    {.name = "id", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_control, id),
     .help = "its id"},
    {.name = "number", .kind = FIELD_UINT, .offset = offsetof(struct report_control, number),
     .help = "its place in the catalog, from 0"},
    {.name = "rationale", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_control, rationale),
     .help = "why it matters (Markdown)"},
    {.name = "references", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report_control, references), .shape = &shape_reference,
     .help = "requirements that it serves"},
    {.name = "source", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_control, source),
     .help = "page of the practice"},
    {.name = "statement", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_control, statement),
     .help = "what it demands (Markdown)"},
    {.name = "title", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_control, title),
     .help = "its title"},
    {.name = "verdict", .kind = FIELD_TEXT, .text = derive_control_verdict,
     .help = "pass, fail, unknown, or nothing-judged"},
};
static const struct shape shape_control = {
    .name = "control", .help = "one practice", .size = sizeof(struct report_control), .key = "id",
    .fields = control_fields, .n = sizeof control_fields / sizeof *control_fields,
};

static const struct field link_fields[] = {
    {.name = "name", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_link, name),
     .help = "what for: role, key, code-bucket, ..."},
    {.name = "to", .kind = FIELD_REF, .stored = true, .offset = offsetof(struct report_link, to), .shape = &report_shape_subject,
     .help = "the other resource"},
};
static const struct shape shape_link = {
    .name = "link", .help = "a resource that a resource depends on", .size = sizeof(struct report_link), .key = NULL,
    .fields = link_fields, .n = sizeof link_fields / sizeof *link_fields,
};

static const struct field subject_fields[] = {
    {.name = "account", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_subject, account),
     .help = "its account"},
    {.name = "anchor", .kind = FIELD_TEXT, .text = derive_subject_anchor,
     .help = "id for links within a page"},
    {.name = "applications", .kind = FIELD_REFS, .offset = offsetof(struct report_subject, applications), .shape = &shape_application,
     .help = "applications that depend on it"},
    {.name = "arn", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_subject, arn),
     .help = "its ARN"},
    {.name = "attention", .kind = FIELD_REFS, .offset = offsetof(struct report_subject, attention), .shape = &shape_test,
     .help = "its tests to act on"},
    {.name = "counts", .kind = FIELD_THING, .offset = offsetof(struct report_subject, counts), .shape = &shape_counts,
     .help = "its tests by result"},
    {.name = "foreign", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_subject, foreign),
     .help = "in an account of which there is no evidence"},
    {.name = "links", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report_subject, links), .shape = &shape_link,
     .help = "what it depends on"},
    {.name = "listed_only", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_subject, listed_only),
     .help = "named, but without evidence of its own"},
    {.name = "name", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_subject, name),
     .help = "its name"},
    {.name = "number", .kind = FIELD_UINT, .offset = offsetof(struct report_subject, number),
     .help = "its place in the report, from 0"},
    {.name = "proposal", .kind = FIELD_REF, .offset = offsetof(struct report_subject, proposal), .shape = &report_shape_proposal,
     .help = "the policies that it should have, when it is a role with something to mend"},
    {.name = "region", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_subject, region),
     .help = "its region, or global"},
    {.name = "spots", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report_subject, spots), .shape = &shape_spot,
     .help = "what its passes rest on that name no places of their own"},
    {.name = "tested", .kind = FIELD_BOOL, .offset = offsetof(struct report_subject, tested),
     .help = "it has at least one test"},
    {.name = "tests", .kind = FIELD_REFS, .stored = true, .offset = offsetof(struct report_subject, tests), .shape = &shape_test,
     .help = "its tests"},
    {.name = "top_applications", .kind = FIELD_MADE, .shape = &shape_application, .made = derive_subject_top_applications,
     .help = "the first 10 of applications"},
    {.name = "type", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_subject, type),
     .help = "its type"},
    {.name = "worst", .kind = FIELD_WORD, .offset = offsetof(struct report_subject, worst), .words = results,
     .help = "its worst result"},
};
const struct shape report_shape_subject = {
    .name = "subject", .help = "a resource under audit", .size = sizeof(struct report_subject), .key = "arn",
    .fields = subject_fields, .n = sizeof subject_fields / sizeof *subject_fields,
};

static const struct field test_fields[] = {
    {.name = "anchor", .kind = FIELD_TEXT, .text = derive_test_anchor,
     .help = "id for links within a page"},
    {.name = "basis", .kind = FIELD_WORD, .stored = true, .offset = offsetof(struct report_test, basis), .words = bases,
     .help = "attested when a person vouches for the result; else it rests on the evidence"},
    {.name = "check", .kind = FIELD_REF, .stored = true, .offset = offsetof(struct report_test, check), .shape = &shape_check,
     .help = "the check"},
    {.name = "command", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_test, command),
     .help = "the command of all its findings, when they are several and share one"},
    {.name = "cut", .kind = FIELD_FLAG, .flag = derive_test_cut,
     .help = "top_findings leaves findings out"},
    {.name = "disposition", .kind = FIELD_WORD, .stored = true, .offset = offsetof(struct report_test, disposition), .words = dispositions, .usual = true,
     .help = "open (when left out), waived, waiver-expired, or known"},
    {.name = "findings", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report_test, findings), .shape = &shape_finding,
     .help = "what is wrong, each with its place"},
    {.name = "first_finding", .kind = FIELD_MADE, .shape = &shape_finding, .made = derive_test_first_finding,
     .help = "the first of them, when there is one"},
    {.name = "has_reason", .kind = FIELD_FLAG, .flag = derive_test_has_reason,
     .help = "it has a reason"},
    {.name = "is_error", .kind = FIELD_FLAG, .flag = derive_test_is_error,
     .help = "result is error"},
    {.name = "is_expired", .kind = FIELD_FLAG, .flag = derive_test_is_expired,
     .help = "its waiver has expired"},
    {.name = "is_fail", .kind = FIELD_FLAG, .flag = derive_test_is_fail,
     .help = "result is fail"},
    {.name = "is_known", .kind = FIELD_FLAG, .flag = derive_test_is_known,
     .help = "the baseline has it too"},
    {.name = "is_manual", .kind = FIELD_FLAG, .flag = derive_test_is_manual,
     .help = "result is manual"},
    {.name = "is_not_applicable", .kind = FIELD_FLAG, .flag = derive_test_is_na,
     .help = "result is not-applicable"},
    {.name = "is_pass", .kind = FIELD_FLAG, .flag = derive_test_is_pass,
     .help = "result is pass"},
    {.name = "is_unknown", .kind = FIELD_FLAG, .flag = derive_test_is_unknown,
     .help = "result is unknown"},
    {.name = "is_waived", .kind = FIELD_FLAG, .flag = derive_test_is_waived,
     .help = "a waiver in force accepts it"},
    {.name = "known_since", .kind = FIELD_TIME, .stored = true, .offset = offsetof(struct report_test, known_since),
     .help = "known: when the first run that had it was judged"},
    {.name = "message", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_test, message), .text = derive_test_says, .implied = derive_test_message,
     .help = "one sentence; in results.json left out when it follows from the first finding or, without one, from the result and the check"},
    {.name = "more_findings", .kind = FIELD_UINT, .stored = true, .offset = offsetof(struct report_test, more_findings),
     .help = "findings that are not listed"},
    {.name = "name", .kind = FIELD_TEXT, .text = derive_test_name,
     .help = "check, account/region and short resource: stable between runs"},
    {.name = "open", .kind = FIELD_FLAG, .flag = derive_test_open,
     .help = "somebody must act on it"},
    {.name = "other_findings", .kind = FIELD_MADE, .shape = &shape_finding, .made = derive_test_other_findings,
     .help = "the second and third"},
    {.name = "reason", .kind = FIELD_WORD, .stored = true, .offset = offsetof(struct report_test, reason), .words = reasons,
     .help = "why it is unknown"},
    {.name = "result", .kind = FIELD_WORD, .stored = true, .offset = offsetof(struct report_test, result), .words = results,
     .help = "pass, fail, unknown, manual, not-applicable, or error"},
    {.name = "spots", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report_test, spots), .shape = &shape_spot, .implied = derive_test_spots,
     .help = "what a pass rests on; in results.json left out when it is the resource's"},
    {.name = "subject", .kind = FIELD_REF, .offset = offsetof(struct report_test, subject), .shape = &report_shape_subject,
     .help = "the resource"},
    {.name = "top_findings", .kind = FIELD_MADE, .shape = &shape_finding, .made = derive_test_top_findings,
     .help = "the first 3 findings"},
    {.name = "waiver", .kind = FIELD_REF, .stored = true, .offset = offsetof(struct report_test, waiver), .shape = &shape_waiver,
     .help = "waiver or attestation that covers it"},
};
static const struct shape shape_test = {
    .name = "test", .help = "one check on one resource", .size = sizeof(struct report_test), .key = NULL,
    .fields = test_fields, .n = sizeof test_fields / sizeof *test_fields,
};

static const struct field call_fields[] = {
    {.name = "application", .kind = FIELD_REF, .stored = true, .offset = offsetof(struct report_call, application), .shape = &report_shape_subject,
     .help = "the application; absent when the call is on something that it rests on"},
    {.name = "class", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_call, class),
     .help = "sensitive, destructive, operational, or read"},
    {.name = "credentials", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_call, credentials),
     .help = "role, long-term, root, ..."},
    {.name = "event", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_call, event),
     .help = "what: the API call"},
    {.name = "ip", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_call, ip),
     .help = "IP address or service it came from"},
    {.name = "outcome", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_call, outcome),
     .help = "success, or the error"},
    {.name = "principal_type", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_call, principal_type),
     .help = "kind of identity"},
    {.name = "spot", .kind = FIELD_THING, .stored = true, .offset = offsetof(struct report_call, spot), .shape = &shape_spot,
     .help = "where it is recorded"},
    {.name = "subject", .kind = FIELD_REF, .stored = true, .offset = offsetof(struct report_call, subject), .shape = &report_shape_subject,
     .help = "what the call is about"},
    {.name = "time", .kind = FIELD_TIME, .stored = true, .offset = offsetof(struct report_call, time),
     .help = "when"},
    {.name = "user_agent", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_call, user_agent),
     .help = "program that called"},
    {.name = "who", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_call, who),
     .help = "who, in short"},
};
static const struct shape shape_call = {
    .name = "call", .help = "one API call, as CloudTrail recorded it", .size = sizeof(struct report_call), .key = NULL,
    .fields = call_fields, .n = sizeof call_fields / sizeof *call_fields,
};

static const struct field cell_fields[] = {
    {.name = "control", .kind = FIELD_REF, .offset = offsetof(struct report_cell, control), .shape = &shape_control,
     .help = "the control"},
    {.name = "counts", .kind = FIELD_THING, .offset = offsetof(struct report_cell, counts), .shape = &shape_counts,
     .help = "tests by result"},
    {.name = "mark", .kind = FIELD_TEXT, .text = derive_cell_mark,
     .help = "pass, fail, unknown, or none: for a class or a shape"},
    {.name = "summary", .kind = FIELD_TEXT, .text = derive_cell_summary,
     .help = "worst result with numbers, in words"},
    {.name = "tested", .kind = FIELD_BOOL, .offset = offsetof(struct report_cell, tested),
     .help = "there is at least one test"},
    {.name = "worst", .kind = FIELD_WORD, .offset = offsetof(struct report_cell, worst), .words = results,
     .help = "worst result"},
};
static const struct shape shape_cell = {
    .name = "cell", .help = "one control on one application or account", .size = sizeof(struct report_cell), .key = NULL,
    .fields = cell_fields, .n = sizeof cell_fields / sizeof *cell_fields,
};

static const struct field application_fields[] = {
    {.name = "access", .kind = FIELD_REFS, .offset = offsetof(struct report_application, access), .shape = &report_shape_access,
     .help = "who may touch it, the gravest rights first"},
    {.name = "anchor", .kind = FIELD_TEXT, .text = derive_application_anchor,
     .help = "id for links within a page"},
    {.name = "attention", .kind = FIELD_REFS, .offset = offsetof(struct report_application, attention), .shape = &shape_test,
     .help = "tests to act on, worst first"},
    {.name = "calls", .kind = FIELD_REFS, .offset = offsetof(struct report_application, calls), .shape = &shape_call,
     .help = "recorded API calls on it and on what it rests on, newest first"},
    {.name = "cells", .kind = FIELD_LIST, .offset = offsetof(struct report_application, cells), .shape = &shape_cell,
     .help = "its row of the matrix"},
    {.name = "counts", .kind = FIELD_THING, .offset = offsetof(struct report_application, counts), .shape = &shape_counts,
     .help = "tests of it and its resources"},
    {.name = "described", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_application, described),
     .help = "its description is in evidence"},
    {.name = "family", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_application, family),
     .help = "flink, sql, studio, or other"},
    {.name = "judged", .kind = FIELD_BOOL, .offset = offsetof(struct report_application, judged),
     .help = "at least one of its tests was judged"},
    {.name = "mode", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_application, mode),
     .help = "STREAMING or INTERACTIVE"},
    {.name = "number", .kind = FIELD_UINT, .offset = offsetof(struct report_application, number),
     .help = "its place in the report, from 0"},
    {.name = "runtime", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_application, runtime),
     .help = "runtime environment"},
    {.name = "status", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_application, status),
     .help = "status"},
    {.name = "subject", .kind = FIELD_REF, .stored = true, .offset = offsetof(struct report_application, subject), .shape = &report_shape_subject,
     .help = "the application as a resource"},
    {.name = "subjects", .kind = FIELD_REFS, .offset = offsetof(struct report_application, subjects), .shape = &report_shape_subject,
     .help = "what it depends on, itself first"},
    {.name = "top_access", .kind = FIELD_MADE, .shape = &report_shape_access, .made = derive_application_top_access,
     .help = "the first 50 rows of access"},
    {.name = "top_calls", .kind = FIELD_MADE, .shape = &shape_call, .made = derive_application_top_calls,
     .help = "the newest 25 of its calls"},
    {.name = "verdict", .kind = FIELD_TEXT, .text = derive_application_verdict,
     .help = "pass, fail, unknown, or nothing-judged"},
};
static const struct shape shape_application = {
    .name = "application", .help = "one application and what it depends on", .size = sizeof(struct report_application), .key = "subject",
    .fields = application_fields, .n = sizeof application_fields / sizeof *application_fields,
};

static const struct field account_fields[] = {
    {.name = "access", .kind = FIELD_REFS, .offset = offsetof(struct report_account, access), .shape = &report_shape_access,
     .help = "who may touch its applications, the gravest rights first"},
    {.name = "applications", .kind = FIELD_REFS, .offset = offsetof(struct report_account, applications), .shape = &shape_application,
     .help = "its applications"},
    {.name = "cells", .kind = FIELD_LIST, .offset = offsetof(struct report_account, cells), .shape = &shape_cell,
     .help = "its row of the matrix"},
    {.name = "counts", .kind = FIELD_THING, .offset = offsetof(struct report_account, counts), .shape = &shape_counts,
     .help = "its tests by result"},
    {.name = "evidence", .kind = FIELD_REFS, .offset = offsetof(struct report_account, evidence), .shape = &shape_evidence,
     .help = "evidence files of it"},
    {.name = "id", .kind = FIELD_STR, .offset = offsetof(struct report_account, id),
     .help = "account id"},
    {.name = "proposals", .kind = FIELD_REFS, .offset = offsetof(struct report_account, proposals), .shape = &report_shape_proposal,
     .help = "policies that its roles should have"},
    {.name = "subjects", .kind = FIELD_REFS, .offset = offsetof(struct report_account, subjects), .shape = &report_shape_subject,
     .help = "its resources"},
};
static const struct shape shape_account = {
    .name = "account", .help = "one AWS account", .size = sizeof(struct report_account), .key = NULL,
    .fields = account_fields, .n = sizeof account_fields / sizeof *account_fields,
};

static const struct field report_fields[] = {
    {.name = "accepted_tests", .kind = FIELD_REFS, .offset = offsetof(struct report, accepted_tests), .shape = &shape_test,
     .help = "all tests that are waived or known, worst first"},
    {.name = "accepted_top", .kind = FIELD_REFS, .offset = offsetof(struct report, accepted_top), .shape = &shape_test,
     .help = "the worst 50 of them"},
    {.name = "access", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report, access), .shape = &report_shape_access,
     .help = "who may touch the applications"},
    {.name = "access_more", .kind = FIELD_UINT, .stored = true, .offset = offsetof(struct report, access_more),
     .help = "rows of access that are not kept"},
    {.name = "accounts", .kind = FIELD_LIST, .offset = offsetof(struct report, accounts), .shape = &shape_account,
     .help = "accounts"},
    {.name = "applications", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report, applications), .shape = &shape_application,
     .help = "applications"},
    {.name = "applications_described", .kind = FIELD_UINT, .offset = offsetof(struct report, applications_described),
     .help = "applications whose description is in evidence"},
    {.name = "applications_judged", .kind = FIELD_UINT, .offset = offsetof(struct report, applications_judged),
     .help = "applications with at least one judged test"},
    {.name = "applications_listed", .kind = FIELD_UINT, .stored = true, .offset = offsetof(struct report, applications_listed),
     .help = "applications that exist, as far as evidence says"},
    {.name = "as_of", .kind = FIELD_TIME, .stored = true, .offset = offsetof(struct report, as_of),
     .help = "time that ages are counted to"},
    {.name = "attention", .kind = FIELD_REFS, .offset = offsetof(struct report, attention), .shape = &shape_test,
     .help = "all tests to act on, worst first"},
    {.name = "attention_more", .kind = FIELD_UINT, .offset = offsetof(struct report, attention_more),
     .help = "tests to act on that attention_top leaves out"},
    {.name = "attention_top", .kind = FIELD_REFS, .offset = offsetof(struct report, attention_top), .shape = &shape_test,
     .help = "the worst 50 of them"},
    {.name = "calls", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report, calls), .shape = &shape_call,
     .help = "recorded API calls on applications and on what they rest on"},
    {.name = "catalog", .kind = FIELD_THING, .stored = true, .offset = offsetof(struct report, catalog), .shape = &shape_catalog,
     .help = "the catalog used"},
    {.name = "checks", .kind = FIELD_REFS, .offset = offsetof(struct report, checks), .shape = &shape_check,
     .help = "all checks"},
    {.name = "controls", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report, controls), .shape = &shape_control,
     .help = "practices with their checks"},
    {.name = "counts", .kind = FIELD_THING, .offset = offsetof(struct report, counts), .shape = &shape_counts,
     .help = "all tests by result"},
    {.name = "date", .kind = FIELD_TEXT, .text = derive_report_date,
     .help = "day of as_of"},
    {.name = "evidence", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report, evidence), .shape = &shape_evidence,
     .help = "evidence files"},
    {.name = "evidence_files", .kind = FIELD_TEXT, .text = derive_report_evidence_files,
     .help = "number of evidence files"},
    {.name = "evidence_sha256", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report, evidence_sha256),
     .help = "SHA-256 over the list of evidence hashes"},
    {.name = "evidence_unusable", .kind = FIELD_UINT, .offset = offsetof(struct report, evidence_unusable),
     .help = "evidence files that could not be used"},
    {.name = "evidence_used", .kind = FIELD_UINT, .offset = offsetof(struct report, evidence_used),
     .help = "evidence files that tests rest on"},
    {.name = "excerpts", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report, excerpts), .shape = &shape_excerpt,
     .help = "lines of evidence that findings show, each once"},
    {.name = "failed", .kind = FIELD_FLAG, .flag = derive_report_failed,
     .help = "the verdict is fail"},
    {.name = "format", .kind = FIELD_UINT, .stored = true, .offset = offsetof(struct report, format),
     .help = "format number of results.json"},
    {.name = "frameworks", .kind = FIELD_MADE, .shape = &shape_reference, .made = derive_report_frameworks,
     .help = "frameworks that checks serve, one requirement of each"},
    {.name = "loose_evidence", .kind = FIELD_REFS, .offset = offsetof(struct report, loose_evidence), .shape = &shape_evidence,
     .help = "evidence files of no account in accounts"},
    {.name = "loose_subjects", .kind = FIELD_REFS, .offset = offsetof(struct report, loose_subjects), .shape = &report_shape_subject,
     .help = "resources of no account in accounts"},
    {.name = "nothing_judged", .kind = FIELD_FLAG, .flag = derive_report_nothing,
     .help = "nothing was judged"},
    {.name = "params", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report, params), .shape = &shape_param,
     .help = "parameters of the catalog"},
    {.name = "passed", .kind = FIELD_FLAG, .flag = derive_report_passed,
     .help = "the verdict is pass"},
    {.name = "proposals", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report, proposals), .shape = &report_shape_proposal,
     .help = "policies that the worst 50 roles should have"},
    {.name = "redacted", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report, redacted),
     .help = "names, accounts and addresses in the evidence were masked"},
    {.name = "subjects", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report, subjects), .shape = &report_shape_subject,
     .help = "resources under audit"},
    {.name = "tests", .kind = FIELD_LIST, .offset = offsetof(struct report, tests), .shape = &shape_test,
     .help = "all tests"},
    {.name = "top_access", .kind = FIELD_MADE, .shape = &report_shape_access, .made = derive_report_top_access,
     .help = "the first 50 rows of access"},
    {.name = "top_calls", .kind = FIELD_MADE, .shape = &shape_call, .made = derive_report_top_calls,
     .help = "the first 50 calls"},
    {.name = "top_evidence", .kind = FIELD_MADE, .shape = &shape_evidence, .made = derive_report_top_evidence,
     .help = "the first 1000 evidence files"},
    {.name = "top_proposals", .kind = FIELD_MADE, .shape = &report_shape_proposal, .made = derive_report_top_proposals,
     .help = "the first 5 proposals"},
    {.name = "undecided", .kind = FIELD_FLAG, .flag = derive_report_undecided,
     .help = "the verdict is unknown"},
    {.name = "uses", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report, uses), .shape = &shape_use,
     .help = "what evidence files were used for"},
    {.name = "verdict", .kind = FIELD_Z, .offset = offsetof(struct report, verdict), .words = verdicts,
     .help = "fail, unknown, pass, or nothing-judged"},
    {.name = "verdict_sentence", .kind = FIELD_TEXT, .text = derive_report_verdict_sentence,
     .help = "the verdict as a sentence"},
    {.name = "version", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report, version),
     .help = "version of kdaudit"},
    {.name = "waivers", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report, waivers), .shape = &shape_waiver,
     .help = "waivers and attestations"},
    {.name = "waivers_sha256", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report, waivers_sha256),
     .help = "SHA-256 of the file of waivers and attestations that was given"},
};
static const struct shape shape_report = {
    .name = "report", .help = "the whole report", .size = sizeof(struct report), .key = NULL,
    .fields = report_fields, .n = sizeof report_fields / sizeof *report_fields,
};
/* clang-format on */

const struct shape *report_shape(void)
{
    return &shape_report;
}
