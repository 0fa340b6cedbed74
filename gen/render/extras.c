/* Names that only templates know: computed when they are asked for. */
#include "base/digest.h"
#include "render/junit.h"
#include "render/report_view.h"

static struct str page_style(struct arena *a, const void *thing)
{
    (void)a;
    return ((const struct page *)thing)->style;
}

static struct str page_script(struct arena *a, const void *thing)
{
    (void)a;
    return ((const struct page *)thing)->script;
}

static struct str page_style_hash(struct arena *a, const void *thing)
{
    return digest_base64(a, ((const struct page *)thing)->style);
}

static struct str page_script_hash(struct arena *a, const void *thing)
{
    return digest_base64(a, ((const struct page *)thing)->script);
}

static bool page_split(const void *thing)
{
    return ((const struct page *)thing)->split;
}

static struct str page_package(struct arena *a, const void *thing)
{
    return junit_package(a, ((const struct page *)thing)->report);
}

static struct str page_timestamp(struct arena *a, const void *thing)
{
    return junit_timestamp(a, ((const struct page *)thing)->report);
}

static struct str control_word(struct arena *a, const void *thing)
{
    return junit_word(a, ((const struct report_control *)thing)->id);
}

static struct str control_file(struct arena *a, const void *thing)
{
    return str_fmt(a, "control-%s.html",
                   junit_word(a, ((const struct report_control *)thing)->id).p);
}

static struct str account_file(struct arena *a, const void *thing)
{
    return str_fmt(a, "account-%s.html",
                   junit_word(a, ((const struct report_account *)thing)->id).p);
}

/* clang-format off */
/* Sorted by shape, then name. */
static const struct extra rows[] = {
    {"account",     "page_file",       account_file,      NULL, false, "file of its page in a split report"},
    {"control",     "junit_class",     control_word,      NULL, false, "its id as the last part of a JUnit class name"},
    {"control",     "junit_errors",    junit_errors,      NULL, false, "tests that JUnit calls errors"},
    {"control",     "junit_failures",  junit_failures,    NULL, false, "tests that JUnit calls failures"},
    {"control",     "junit_id",        junit_suite_id,    NULL, false, "number of its suite"},
    {"control",     "junit_name",      junit_suite_name,  NULL, false, "name of its suite"},
    {"control",     "junit_skipped",   junit_skipped,     NULL, false, "tests that JUnit calls skipped"},
    {"control",     "junit_tested",    NULL, junit_suite_tested, false, "it has a suite: at least one test"},
    {"control",     "page_file",       control_file,      NULL, false, "file of its page in a split report"},
    {"page",        "junit_package",   page_package,      NULL, false, "package of all suites"},
    {"page",        "junit_timestamp", page_timestamp,    NULL, false, "as_of without a zone"},
    {"page",        "script",          page_script,       NULL, true,  "html/script.js"},
    {"page",        "script_hash",     page_script_hash,  NULL, false, "its SHA-256 for the Content-Security-Policy"},
    {"page",        "split",           NULL, page_split,        false, "the report has several pages"},
    {"page",        "style",           page_style,        NULL, true,  "html/style.css"},
    {"page",        "style_hash",      page_style_hash,   NULL, false, "its SHA-256 for the Content-Security-Policy"},
    {"test",        "junit_error",     NULL, junit_is_error,    false, "JUnit calls it an error"},
    {"test",        "junit_failure",   NULL, junit_is_failure,  false, "JUnit calls it a failure"},
    {"test",        "junit_message",   junit_message,     NULL, false, "one line"},
    {"test",        "junit_name",      junit_case_name,   NULL, false, "name of the case, the same in every run"},
    {"test",        "junit_skip",      NULL, junit_is_skipped,  false, "JUnit calls it skipped"},
    {"test",        "junit_text",      junit_text,        NULL, false, "the line again, then the facts"},
    {"test",        "junit_type",      junit_type,        NULL, false, "NonCompliant, EvidenceMissing, ..."},
};
/* clang-format on */

const struct extra *extra_rows(size_t *n)
{
    *n = sizeof rows / sizeof *rows;
    return rows;
}
