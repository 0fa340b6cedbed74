/* Names that only templates know: computed when they are asked for. */
#include "base/buf.h"
#include "base/digest.h"
#include "base/utf8.h"
#include "render/junit.h"
#include "render/marks.h"
#include "render/picture.h"
#include "render/report_view.h"
#include "render/wiki.h"

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
    return page_of_control(a, thing);
}

static struct str account_file(struct arena *a, const void *thing)
{
    return page_of_account(a, thing);
}

/* Templates can only repeat over a list, not ask whether it has items. */
#define HAS(function, type, list)                                                        \
    static bool function(const void *thing)                                              \
    {                                                                                    \
        return ((const struct type *)thing)->list.n > 0;                                 \
    }
HAS(account_has_applications, report_account, applications)
HAS(application_has_attention, report_application, attention)
HAS(application_has_calls, report_application, calls)
HAS(check_has_attention, report_check, attention)
HAS(check_has_quiet, report_check, quiet)
HAS(check_has_references, report_check, references)
HAS(check_has_prose, report_check, prose)
HAS(check_has_remedy, report_check, remedy)
HAS(control_has_references, report_control, references)
HAS(test_has_findings, report_test, findings)
HAS(reference_linked, report_reference, url)
HAS(subject_has_links, report_subject, links)
HAS(account_has_evidence, report_account, evidence)
HAS(report_has_accepted, report, accepted_tests)
HAS(report_has_applications, report, applications)
HAS(report_has_attention, report, attention)
HAS(report_has_access, report, access)
HAS(account_has_access, report_account, access)
HAS(application_has_access, report_application, access)
HAS(report_has_proposals, report, proposals)
HAS(account_has_proposals, report_account, proposals)
HAS(report_has_calls, report, calls)
HAS(report_has_evidence, report, evidence)
static bool report_has_frameworks(const void *thing)
{
    const struct report *r = thing;
    bool any = false;
    for (size_t i = 0; i < r->controls.n && !any; i++) {
        any = r->controls.v[i].references.n > 0;
        for (size_t j = 0; j < r->controls.v[i].checks.n && !any; j++)
            any = r->controls.v[i].checks.v[j].references.n > 0;
    }
    return any;
}
HAS(report_has_loose_evidence, report, loose_evidence)
HAS(report_has_loose_subjects, report, loose_subjects)
HAS(report_has_waivers, report, waivers)
HAS(report_has_params, report, params)

static bool access_more_holders(const void *thing)
{
    return ((const struct report_access *)thing)->more_holders > 0;
}

static bool report_access_cut(const void *thing)
{
    return ((const struct report *)thing)->access_more > 0;
}

static bool diff_line_plain(const void *thing)
{
    const struct report_diff_line *l = thing;
    return !l->added && !l->removed && !l->head;
}

static struct str counts_mark(struct arena *a, const void *thing)
{
    (void)a;
    return str_from(mark_of(thing));
}

static bool counts_undecided(const void *thing)
{
    const struct report_counts *c = thing;
    return c->unknown + c->error > 0;
}

static bool counts_failed(const void *thing)
{
    const struct report_counts *c = thing;
    return c->fail > c->waived + c->known;
}

static bool counts_manual(const void *thing)
{
    return ((const struct report_counts *)thing)->manual > 0;
}

static bool counts_accepted(const void *thing)
{
    const struct report_counts *c = thing;
    return c->waived + c->known > 0;
}

/* What a folded list holds: "4 passed, 1 waived". */
static struct str counts_quiet(struct arena *a, const void *thing)
{
    const struct report_counts *c = thing;
    const struct {
        uint32_t n;
        const char *word;
    } parts[] = {{c->pass, "passed"},
                 {c->not_applicable, "not applicable"},
                 {c->waived, "waived"},
                 {c->known, "known"}};
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].n)
            buf_fmt(&out, "%s%u %s", out.n ? ", " : "", parts[i].n, parts[i].word);
    struct str text = buf_dup(a, &out);
    buf_free(&out);
    return text;
}

static bool counts_passed(const void *thing)
{
    return ((const struct report_counts *)thing)->pass > 0;
}

static struct str counts_words(struct arena *a, const void *thing)
{
    return mark_words(a, thing);
}

static bool call_refused(const void *thing)
{
    const struct report_call *c = thing;
    return c->outcome.n && !str_eq(c->outcome, STR("success"));
}

/* A row for each application: what a short report can show. */
static bool report_few_applications(const void *thing)
{
    enum { ROWS_MAX = 50 };
    size_t n = ((const struct report *)thing)->applications.n;
    return n > 0 && n <= ROWS_MAX;
}

static bool check_attention_cut(const void *thing)
{
    const struct report_check *c = thing;
    return c->attention.n > c->first_attention.n;
}

static struct str check_more_attention(struct arena *a, const void *thing)
{
    const struct report_check *c = thing;
    return str_uint(a, c->attention.n - c->first_attention.n);
}

static struct str check_more_quiet(struct arena *a, const void *thing)
{
    const struct report_check *c = thing;
    return str_uint(a, c->quiet.n - c->first_quiet.n);
}

static bool check_top_cut(const void *thing)
{
    const struct report_check *c = thing;
    return c->attention.n > c->top_attention.n;
}

static bool waiver_unused(const void *thing)
{
    return ((const struct report_waiver *)thing)->used == 0;
}

static bool subject_shared(const void *thing)
{
    return ((const struct report_subject *)thing)->applications.n > 1;
}

static bool subject_used(const void *thing)
{
    return ((const struct report_subject *)thing)->applications.n > 0;
}

static bool subject_more_used(const void *thing)
{
    return ((const struct report_subject *)thing)->applications.n > REPORT_TOP_USERS;
}

static struct str subject_more_users(struct arena *a, const void *thing)
{
    return str_fmt(a, "%u",
                   ((const struct report_subject *)thing)->applications.n -
                       REPORT_TOP_USERS);
}

static bool application_access_cut(const void *thing)
{
    return ((const struct report_application *)thing)->access.n > REPORT_TOP_ACCESS;
}

static struct str application_more_access(struct arena *a, const void *thing)
{
    return str_fmt(a, "%u",
                   ((const struct report_application *)thing)->access.n -
                       REPORT_TOP_ACCESS);
}

static bool check_quiet_cut(const void *thing)
{
    const struct report_check *c = thing;
    return c->quiet.n > c->first_quiet.n;
}

static bool report_accepted_cut(const void *thing)
{
    const struct report *r = thing;
    return r->accepted_tests.n > r->accepted_top.n;
}

static bool report_attention_cut(const void *thing)
{
    return ((const struct report *)thing)->attention_more > 0;
}

static bool report_evidence_cut(const void *thing)
{
    return ((const struct report *)thing)->evidence.n > REPORT_TOP_EVIDENCE;
}

static bool report_many_accounts(const void *thing)
{
    return ((const struct report *)thing)->accounts.n > 1;
}

/* Pictures and lists of resources are most of an account's page: left out where they
 * would be too many. */
static bool account_pictured(const void *thing)
{
    enum { PICTURES_MAX = 200 };
    return ((const struct report_account *)thing)->applications.n <= PICTURES_MAX;
}

static bool test_accepted(const void *thing)
{
    return disposition_accepts(((const struct report_test *)thing)->disposition);
}

static bool test_one_command(const void *thing)
{
    return ((const struct report_test *)thing)->command.n > 0;
}

static bool test_other_expected(const void *thing)
{
    const struct report_test *t = thing;
    bool other = false;
    for (size_t i = 0; i < t->findings.n && !other; i++)
        other = !str_eq(t->findings.v[i].expected, t->check->expected);
    return other;
}

static struct str test_state(struct arena *a, const void *thing)
{
    (void)a;
    const struct report_test *t = thing;
    return str_from(t->disposition == DISPOSITION_WAIVED  ? "waived"
                    : t->disposition == DISPOSITION_KNOWN ? "known"
                                                          : result_name(t->result));
}

static bool test_more(const void *thing)
{
    return ((const struct report_test *)thing)->more_findings > 0;
}

/* Numbers of the applications concerned, for the script's filter; "*" when there are so
 * many that the list would be most of the page. */
static struct str test_applications(struct arena *a, const void *thing)
{
    const struct report_subject *s = ((const struct report_test *)thing)->subject;
    if (s->applications.n > 40)
        return STR("*");
    struct str text = STR("");
    for (size_t i = 0; i < s->applications.n; i++)
        text = STR_CAT(a, text, i ? STR(" ") : STR(""),
                       str_uint(a, s->applications.v[i]->number));
    return text;
}

static struct str subject_type_title(struct arena *a, const void *thing)
{
    (void)a;
    return mark_type(((const struct report_subject *)thing)->type);
}

static struct str subject_used_by(struct arena *a, const void *thing)
{
    enum { SHOWN = 3 };
    const struct report_subject *s = thing;
    struct str text = STR("");
    for (size_t i = 0; i < s->applications.n && i < SHOWN; i++) {
        struct str name = s->applications.v[i]->subject->name;
        text = i ? STR_CAT(a, text, STR(", "), name) : name;
    }
    if (s->applications.n > SHOWN)
        text = STR_CAT(a, text, STR(" and "), str_uint(a, s->applications.n - SHOWN),
                       STR(" more"));
    return text;
}

static struct str page_title(struct arena *a, const void *thing)
{
    (void)a;
    const struct page *p = thing;
    return p->sheet ? p->sheet->title : STR("");
}

static bool page_has_contents(const void *thing)
{
    const struct page *p = thing;
    return p->wiki && p->wiki->dialect->contents;
}

static struct str page_contents(struct arena *a, const void *thing)
{
    (void)a;
    const struct page *p = thing;
    return p->wiki ? str_from(p->wiki->dialect->contents) : STR("");
}

static bool page_folds(const void *thing)
{
    const struct page *p = thing;
    return p->wiki && p->wiki->dialect->folds;
}

/* What a page of a wiki has to list. */
#define LISTED(function, has)                                                            \
    static bool function(const void *thing)                                              \
    {                                                                                    \
        const struct wiki_page *s = ((const struct page *)thing)->sheet;                 \
        return s && s->has > 0;                                                          \
    }
LISTED(page_has_accounts, accounts.n)
LISTED(page_has_applications, applications.n)
LISTED(page_has_below, below.n)
LISTED(page_has_evidence, evidence.n)
LISTED(page_has_more_accounts, more_accounts)
LISTED(page_has_more_applications, more_applications)
LISTED(page_has_more_resources, more_resources)
LISTED(page_has_more_tests, more_tests)
LISTED(page_has_resources, resources.n)
LISTED(page_has_subjects, subjects.n)
LISTED(page_has_tests, tests.n)
LISTED(page_has_waivers, waivers.n)

/* clang-format off */
/* Sorted by shape, then name. */
static const struct extra rows[] = {
    {"access",      "has_more_holders",      NULL,               access_more_holders,        false, "there are identities that are not listed"},
    {"account",     "has_access",            NULL,               account_has_access,         false, "somebody may touch its applications"},
    {"account",     "has_applications",      NULL,               account_has_applications,   false, "it has applications"},
    {"account",     "has_evidence",          NULL,               account_has_evidence,       false, "there are evidence files of it"},
    {"account",     "has_proposals",         NULL,               account_has_proposals,      false, "some of its roles should have other policies"},
    {"account",     "link_close",            NULL,               NULL,                       true,  "wiki: ends that link"},
    {"account",     "link_open",             NULL,               NULL,                       true,  "wiki: begins a link to it"},
    {"account",     "page_file",             account_file,       NULL,                       false, "file of its page in a split report"},
    {"account",     "pictured",              NULL,               account_pictured,           false, "it has at most 200 applications, so that pictures do not fill its page"},
    {"application", "has_access",            NULL,               application_has_access,     false, "somebody may touch it"},
    {"application", "has_attention",         NULL,               application_has_attention,  false, "it has tests to act on"},
    {"application", "has_calls",             NULL,               application_has_calls,      false, "it has recorded API calls"},
    {"application", "has_more_access",       NULL,               application_access_cut,     false, "top_access leaves rows out"},
    {"application", "link_close",            NULL,               NULL,                       true,  "wiki: ends that link"},
    {"application", "link_open",             NULL,               NULL,                       true,  "wiki: begins a link to it"},
    {"application", "more_access",           application_more_access, NULL,                  false, "how many rows it leaves out"},
    {"application", "picture",               picture_svg,        NULL,                       true,  "it and what it depends on, as SVG"},
    {"application", "picture_across",        picture_svg_across, NULL,                       true,  "the same with links to the pages of a split report"},
    {"call",        "refused",               NULL,               call_refused,               false, "the service answered with an error"},
    {"check",       "attention_cut",         NULL,               check_attention_cut,        false, "first_attention leaves tests out"},
    {"check",       "has_attention",         NULL,               check_has_attention,        false, "it has tests to act on"},
    {"check",       "has_prose",             NULL,               check_has_prose,            false, "it says how it is tested"},
    {"check",       "has_quiet",             NULL,               check_has_quiet,            false, "it has tests that pass, do not apply, or are accepted"},
    {"check",       "has_references",        NULL,               check_has_references,       false, "it serves requirements of frameworks"},
    {"check",       "has_remedy",            NULL,               check_has_remedy,           false, "it says how to mend it"},
    {"check",       "link_close",            NULL,               NULL,                       true,  "wiki: ends that link"},
    {"check",       "link_open",             NULL,               NULL,                       true,  "wiki: begins a link to it"},
    {"check",       "more_attention",        check_more_attention, NULL,                     false, "how many tests first_attention leaves out"},
    {"check",       "more_quiet",            check_more_quiet,   NULL,                       false, "how many tests first_quiet leaves out"},
    {"check",       "quiet_cut",             NULL,               check_quiet_cut,            false, "first_quiet leaves tests out"},
    {"check",       "top_cut",               NULL,               check_top_cut,              false, "top_attention leaves tests out"},
    {"check",       "wiki_anchor",           NULL,               NULL,                       true,  "wiki: id of that heading"},
    {"check",       "wiki_heading",          NULL,               NULL,                       true,  "wiki: its heading, which links find"},
    {"control",     "has_references",        NULL,               control_has_references,     false, "it serves requirements of frameworks"},
    {"control",     "junit_class",           control_word,       NULL,                       false, "its id as the last part of a JUnit class name"},
    {"control",     "junit_errors",          junit_errors,       NULL,                       false, "tests that JUnit calls errors"},
    {"control",     "junit_failures",        junit_failures,     NULL,                       false, "tests that JUnit calls failures"},
    {"control",     "junit_id",              junit_suite_id,     NULL,                       false, "number of its suite"},
    {"control",     "junit_name",            junit_suite_name,   NULL,                       false, "name of its suite"},
    {"control",     "junit_skipped",         junit_skipped,      NULL,                       false, "tests that JUnit calls skipped"},
    {"control",     "junit_tested",          NULL,               junit_suite_tested,         false, "it has a suite: at least one test"},
    {"control",     "link_close",            NULL,               NULL,                       true,  "wiki: ends that link"},
    {"control",     "link_open",             NULL,               NULL,                       true,  "wiki: begins a link to it"},
    {"control",     "page_file",             control_file,       NULL,                       false, "file of its page in a split report"},
    {"counts",      "has_accepted",          NULL,               counts_accepted,            false, "at least one fail is waived or known"},
    {"counts",      "has_fail",              NULL,               counts_failed,              false, "at least one open fail"},
    {"counts",      "has_manual",            NULL,               counts_manual,              false, "at least one test needs a person"},
    {"counts",      "has_pass",              NULL,               counts_passed,              false, "at least one test passes"},
    {"counts",      "has_unknown",           NULL,               counts_undecided,           false, "at least one unknown or error"},
    {"counts",      "mark",                  counts_mark,        NULL,                       false, "fail, unknown, pass, or none: for a class or a shape"},
    {"counts",      "quiet_words",           counts_quiet,       NULL,                       false, "tests that need no action, in words"},
    {"counts",      "words",                 counts_words,       NULL,                       false, "the worst with numbers, in words"},
    {"diff_line",   "plain",                 NULL,               diff_line_plain,            false, "the line stays as it is"},
    {"evidence",    "link_close",            NULL,               NULL,                       true,  "wiki: ends that link"},
    {"evidence",    "link_open",             NULL,               NULL,                       true,  "wiki: begins a link to it"},
    {"page",        "contents",              page_contents,      NULL,                       true,  "wiki: what asks for it"},
    {"page",        "folds",                 NULL,               page_folds,                 false, "wiki: the dialect can fold text away"},
    {"page",        "has_contents",          NULL,               page_has_contents,          false, "wiki: a page must ask for its table of contents"},
    {"page",        "has_more_accounts",     NULL,               page_has_more_accounts,     false, "wiki: it leaves accounts out"},
    {"page",        "has_more_applications", NULL,               page_has_more_applications, false, "wiki: it leaves applications out"},
    {"page",        "has_more_resources",    NULL,               page_has_more_resources,    false, "wiki: it leaves resources out"},
    {"page",        "has_more_tests",        NULL,               page_has_more_tests,        false, "wiki: it leaves tests out"},
    {"page",        "has_page_accounts",     NULL,               page_has_accounts,          false, "wiki: it lists accounts"},
    {"page",        "has_page_applications", NULL,               page_has_applications,      false, "wiki: it lists applications"},
    {"page",        "has_page_below",        NULL,               page_has_below,             false, "wiki: pages belong to it"},
    {"page",        "has_page_evidence",     NULL,               page_has_evidence,          false, "wiki: it lists evidence files"},
    {"page",        "has_page_resources",    NULL,               page_has_resources,         false, "wiki: it lists resources"},
    {"page",        "has_page_subjects",     NULL,               page_has_subjects,          false, "wiki: it tells of resources in full"},
    {"page",        "has_page_tests",        NULL,               page_has_tests,             false, "wiki: it lists tests"},
    {"page",        "has_page_waivers",      NULL,               page_has_waivers,           false, "wiki: it lists waivers"},
    {"page",        "junit_package",         page_package,       NULL,                       false, "package of all suites"},
    {"page",        "junit_timestamp",       page_timestamp,     NULL,                       false, "as_of without a zone"},
    {"page",        "page_title",            page_title,         NULL,                       false, "wiki: title of the page"},
    {"page",        "script",                page_script,        NULL,                       true,  "html/script.js"},
    {"page",        "script_hash",           page_script_hash,   NULL,                       false, "its SHA-256 for the Content-Security-Policy"},
    {"page",        "split",                 NULL,               page_split,                 false, "the report has several pages"},
    {"page",        "style",                 page_style,         NULL,                       true,  "html/style.css"},
    {"page",        "style_hash",            page_style_hash,    NULL,                       false, "its SHA-256 for the Content-Security-Policy"},
    {"reference",   "linked",                NULL,               reference_linked,           false, "it has a URL"},
    {"report",      "accepted_cut",          NULL,               report_accepted_cut,        false, "accepted_top leaves tests out"},
    {"report",      "access_cut",            NULL,               report_access_cut,          false, "there are rows of access that are not kept"},
    {"report",      "attention_cut",         NULL,               report_attention_cut,       false, "attention_top leaves tests out"},
    {"report",      "evidence_cut",          NULL,               report_evidence_cut,        false, "top_evidence leaves files out"},
    {"report",      "few_applications",      NULL,               report_few_applications,    false, "1 to 50 applications: short reports list them"},
    {"report",      "has_accepted",          NULL,               report_has_accepted,        false, "there are tests that are waived or known"},
    {"report",      "has_access",            NULL,               report_has_access,          false, "somebody may touch applications"},
    {"report",      "has_applications",      NULL,               report_has_applications,    false, "there are applications"},
    {"report",      "has_attention",         NULL,               report_has_attention,       false, "there are tests to act on"},
    {"report",      "has_calls",             NULL,               report_has_calls,           false, "there are recorded API calls"},
    {"report",      "has_evidence",          NULL,               report_has_evidence,        false, "there are evidence files"},
    {"report",      "has_frameworks",        NULL,               report_has_frameworks,      false, "checks serve requirements of frameworks"},
    {"report",      "has_loose_evidence",    NULL,               report_has_loose_evidence,  false, "there are evidence files of no account"},
    {"report",      "has_loose_subjects",    NULL,               report_has_loose_subjects,  false, "there are resources of no account"},
    {"report",      "has_params",            NULL,               report_has_params,          false, "the catalog has parameters"},
    {"report",      "has_proposals",         NULL,               report_has_proposals,       false, "some roles should have other policies"},
    {"report",      "has_waivers",           NULL,               report_has_waivers,         false, "a file of waivers and attestations was given"},
    {"report",      "many_accounts",         NULL,               report_many_accounts,       false, "more than one account was judged"},
    {"subject",     "has_links",             NULL,               subject_has_links,          false, "it depends on something"},
    {"subject",     "has_more_users",        NULL,               subject_more_used,          false, "top_applications leaves applications out"},
    {"subject",     "href",                  NULL,               NULL,                       false, "a link to its row in the table of resources, on whichever page it is"},
    {"subject",     "link_close",            NULL,               NULL,                       true,  "wiki: ends that link"},
    {"subject",     "link_open",             NULL,               NULL,                       true,  "wiki: begins a link to it"},
    {"subject",     "more_users",            subject_more_users, NULL,                       false, "how many it leaves out"},
    {"subject",     "page_file",             NULL,               NULL,                       false, "file of its account's page in a split report; empty on that page"},
    {"subject",     "shared",                NULL,               subject_shared,             false, "more than one application depends on it"},
    {"subject",     "type_title",            subject_type_title, NULL,                       false, "its type as people call it"},
    {"subject",     "used",                  NULL,               subject_used,               false, "an application depends on it"},
    {"subject",     "used_by",               subject_used_by,    NULL,                       false, "names of the applications that depend on it, at most 3"},
    {"subject",     "wiki_anchor",           NULL,               NULL,                       true,  "wiki: id of that heading"},
    {"subject",     "wiki_heading",          NULL,               NULL,                       true,  "wiki: its heading, which links find"},
    {"test",        "accepted",              NULL,               test_accepted,              false, "waived, or known from the baseline"},
    {"test",        "application_numbers",   test_applications,  NULL,                       false, "numbers of the applications concerned; * for more than 40"},
    {"test",        "has_findings",          NULL,               test_has_findings,          false, "it has findings"},
    {"test",        "href",                  NULL,               NULL,                       false, "a link to it; in a split report to its check"},
    {"test",        "junit_error",           NULL,               junit_is_error,             false, "JUnit calls it an error"},
    {"test",        "junit_failure",         NULL,               junit_is_failure,           false, "JUnit calls it a failure"},
    {"test",        "junit_file",            junit_file,         NULL,                       false, "evidence file that it points at first"},
    {"test",        "junit_has_file",        NULL,               junit_has_file,             false, "it points at an evidence file"},
    {"test",        "junit_has_line",        NULL,               junit_has_line,             false, "it points at a line"},
    {"test",        "junit_has_waiver",      NULL,               junit_has_waiver,           false, "a waiver or attestation covers it"},
    {"test",        "junit_line",            junit_line,         NULL,                       false, "line in that file"},
    {"test",        "junit_message",         junit_message,      NULL,                       false, "one line"},
    {"test",        "junit_name",            junit_case_name,    NULL,                       false, "name of the case, the same in every run"},
    {"test",        "junit_sha256",          junit_sha256,       NULL,                       false, "SHA-256 of that file"},
    {"test",        "junit_skip",            NULL,               junit_is_skipped,           false, "JUnit calls it skipped"},
    {"test",        "junit_skip_text",       junit_skip_text,    NULL,                       false, "the line again; the facts too when it is waived or known"},
    {"test",        "junit_text",            junit_text,         NULL,                       false, "the line again, then the facts"},
    {"test",        "junit_type",            junit_type,         NULL,                       false, "NonCompliant, EvidenceMissing, ..."},
    {"test",        "junit_verdict",         junit_verdict,      NULL,                       false, "result, or waived or known"},
    {"test",        "junit_waiver",          junit_waiver,       NULL,                       false, "why it was accepted"},
    {"test",        "link_close",            NULL,               NULL,                       true,  "wiki: ends that link"},
    {"test",        "link_open",             NULL,               NULL,                       true,  "wiki: begins a link to it"},
    {"test",        "more",                  NULL,               test_more,                  false, "there are findings that are not listed"},
    {"test",        "one_command",           NULL,               test_one_command,           false, "its findings are several and share its command"},
    {"test",        "other_expected",        NULL,               test_other_expected,        false, "a finding of it expects something else than its check says"},
    {"test",        "state",                 test_state,         NULL,                       false, "its result, or waived or known"},
    {"test",        "wiki_anchor",           NULL,               NULL,                       true,  "wiki: id of that heading"},
    {"test",        "wiki_heading",          NULL,               NULL,                       true,  "wiki: its heading, which links find"},
    {"waiver",      "unused",                NULL,               waiver_unused,              false, "it covers no test"},
    {"wiki_page",   "link_close",            NULL,               NULL,                       true,  "wiki: ends that link"},
    {"wiki_page",   "link_open",             NULL,               NULL,                       true,  "wiki: begins a link to it"},
};
/* clang-format on */

const struct extra *extra_rows(size_t *n)
{
    *n = sizeof rows / sizeof *rows;
    return rows;
}
