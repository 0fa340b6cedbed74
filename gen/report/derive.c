/* Computed texts and truths of the report. */
#include "report/derive.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/when.h"
#include "catalog/pass.h"
#include "evidence/evidence.h"

#include <string.h>

/* Lower-case letters, digits and single hyphens: what stays the same as an id everywhere.
 */
static struct str anchor(struct arena *a, const char *prefix, struct str id)
{
    char *p = arena_alloc8(a, strlen(prefix) + id.n + 1);
    size_t n = strlen(prefix);
    memcpy(p, prefix, n);
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + ('a' - 'A'));
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (word || p[n - 1] != '-')
            p[n++] = word ? c : '-';
    }
    return (struct str){p, n};
}

/* ARNs are long and may hold anything: their id is a hash, the same in every run. */
static struct str arn_anchor(struct arena *a, struct str prefix,
                             const struct report_subject *s)
{
    enum { DIGITS = 12 };
    char *p = arena_alloc8(a, prefix.n + DIGITS + 1);
    memcpy(p, prefix.p, prefix.n);
    for (unsigned i = 0; i < DIGITS; i++)
        p[prefix.n + i] = "0123456789abcdef"[s->arn_hash >> 4 * (DIGITS - 1 - i) & 0xF];
    return (struct str){p, prefix.n + DIGITS};
}

static struct str share(struct arena *a, uint32_t part, const struct report_counts *c)
{
    uint32_t all = c->total - c->not_applicable;
    return str_fmt(a, "%u", all ? (unsigned)((uint64_t)part * 1000 / all) : 0);
}

struct str derive_counts_pass_share(struct arena *a, const void *thing)
{
    const struct report_counts *c = thing;
    return share(a, c->pass + c->waived, c);
}

struct str derive_counts_fail_share(struct arena *a, const void *thing)
{
    const struct report_counts *c = thing;
    return share(a, c->fail - c->waived, c);
}

struct str derive_counts_unknown_share(struct arena *a, const void *thing)
{
    const struct report_counts *c = thing;
    return share(a, c->unknown + c->manual + c->error, c);
}

struct str derive_counts_applicable(struct arena *a, const void *thing)
{
    const struct report_counts *c = thing;
    return str_fmt(a, "%u", c->total - c->not_applicable);
}

struct str derive_counts_open_fail(struct arena *a, const void *thing)
{
    const struct report_counts *c = thing;
    return str_fmt(a, "%u", c->fail - c->waived - c->known);
}

bool derive_counts_clean(const void *thing)
{
    const struct report_counts *c = thing;
    return c->fail == c->waived + c->known && !c->manual &&
           c->unknown + c->error == c->accepted_unknown;
}

bool derive_evidence_unusable(const void *thing)
{
    const struct report_evidence *e = thing;
    return !document_state_name_usable(str_from(e->state));
}

struct str derive_evidence_size(struct arena *a, const void *thing)
{
    const struct report_evidence *e = thing;
    if (e->size_bytes < 10000)
        return STR_CAT(a, str_uint(a, e->size_bytes), STR(" bytes"));
    if (e->size_bytes < 10000000)
        return STR_CAT(a, str_uint(a, e->size_bytes / 1000), STR(" kB"));
    return STR_CAT(a, str_uint(a, e->size_bytes / 1000000), STR(" MB"));
}

struct str derive_evidence_short_sha(struct arena *a, const void *thing)
{
    (void)a;
    return str_sub(((const struct report_evidence *)thing)->sha256, 0, 12);
}

struct str derive_spot_place(struct arena *a, const void *thing)
{
    const struct report_spot *s = thing;
    if (!s->evidence)
        return STR("");
    if (!s->line)
        return s->evidence->path;
    return STR_CAT(a, s->evidence->path, STR(":"), str_uint(a, s->line), STR(":"),
                   str_uint(a, s->column));
}

bool derive_spot_known(const void *thing)
{
    return ((const struct report_spot *)thing)->evidence != NULL;
}

size_t report_excerpt_lines(struct arena *a, const struct report_excerpt *x,
                            struct report_excerpt_line **lines)
{
    size_t n = 0, cap = 0;
    struct str rest = x->text;
    *lines = NULL;
    for (bool more = rest.n > 0; more; n++) {
        struct str line;
        more = str_cut(rest, '\n', &line, &rest);
        *lines = arena_grow(a, *lines, n, &cap, sizeof **lines);
        uint32_t number = x->first_line + (uint32_t)n;
        (*lines)[n] = (struct report_excerpt_line){number, line, number == x->spot.line};
    }
    return n;
}

size_t derive_excerpt_lines(struct arena *a, const void *thing, void **items)
{
    struct report_excerpt_line *lines;
    size_t n = report_excerpt_lines(a, thing, &lines);
    *items = lines;
    return n;
}

struct str derive_excerpt_numbered(struct arena *a, const void *thing)
{
    struct report_excerpt_line *lines;
    size_t n = report_excerpt_lines(a, thing, &lines);
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < n; i++)
        buf_fmt(&out, "%s%s%5u | %.*s", i ? "\n" : "", lines[i].marked ? ">" : " ",
                lines[i].number, STR_ARG(lines[i].text));
    struct str s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

/* ---- what results.json need not repeat for each finding and test ---- */

static const void *text_value(struct arena *a, struct str text)
{
    struct str *value = ARENA_NEW(a, struct str);
    *value = text;
    return value;
}

const void *derive_finding_command(struct arena *a, const void *thing, const void *outer)
{
    (void)a, (void)thing;
    return &((const struct report_test *)outer)->command;
}

const void *derive_finding_expected(struct arena *a, const void *thing, const void *outer)
{
    (void)a, (void)thing;
    return &((const struct report_test *)outer)->check->expected;
}

const void *derive_finding_message(struct arena *a, const void *thing, const void *outer)
{
    const struct report_finding *f = thing;
    const struct report_subject *s = ((const struct report_test *)outer)->subject;
    if (!f->kind.n)
        return NULL;
    return text_value(a, STR_CAT(a, f->kind, STR(" of "), s->name.n ? s->name : s->arn,
                                 STR(ASSESS_ABSENT)));
}

const void *derive_finding_spot(struct arena *a, const void *thing, const void *outer)
{
    (void)a, (void)outer;
    const struct report_excerpt *x = ((const struct report_finding *)thing)->excerpt;
    return x ? &x->spot : NULL;
}

/* Nothing when the check's words for a pass name more than members of the subject. */
static const void *pass_message(struct arena *a, const struct report_check *c,
                                const struct report_subject *s)
{
    struct pass_names of = {s->name, s->account, s->region, s->arn};
    struct str says = pass_says(a, c->pass, &of);
    return !c->pass.n ? &c->expected : says.n ? text_value(a, says) : NULL;
}

const void *derive_test_message(struct arena *a, const void *thing, const void *outer)
{
    (void)outer;
    static const struct str not_applicable = STR(ASSESS_NOT_APPLICABLE);
    const struct report_test *t = thing;
    if (t->result == RESULT_NOT_APPLICABLE)
        return &not_applicable;
    if (t->result == RESULT_PASS)
        return pass_message(a, t->check, t->subject);
    if (t->result == RESULT_MANUAL)
        return text_value(a, STR_CAT(a, t->check->title, STR(ASSESS_MANUAL)));
    if (!t->findings.n)
        return NULL;
    return text_value(a, assess_sum_up(a, t->findings.v[0].message,
                                       (uint32_t)t->findings.n - 1 + t->more_findings));
}

struct str report_message(struct arena *a, const struct report_test *t)
{
    const struct str *implied = t->message.n ? NULL : derive_test_message(a, t, NULL);
    return implied ? *implied : t->message;
}

struct str derive_test_says(struct arena *a, const void *thing)
{
    return report_message(a, thing);
}

const void *derive_test_spots(struct arena *a, const void *thing, const void *outer)
{
    (void)a, (void)outer;
    const struct report_test *t = thing;
    return t->result == RESULT_PASS ? &t->subject->spots : NULL;
}

struct str derive_check_anchor(struct arena *a, const void *thing)
{
    return anchor(a, "check-", ((const struct report_check *)thing)->id);
}

bool derive_check_tested(const void *thing)
{
    return ((const struct report_check *)thing)->tests.n > 0;
}

struct str derive_control_anchor(struct arena *a, const void *thing)
{
    return anchor(a, "c-", ((const struct report_control *)thing)->id);
}

struct str derive_control_verdict(struct arena *a, const void *thing)
{
    (void)a;
    return str_from(report_verdict(&((const struct report_control *)thing)->counts));
}

struct str derive_subject_anchor(struct arena *a, const void *thing)
{
    return arn_anchor(a, STR("s-"), thing);
}

struct str derive_application_anchor(struct arena *a, const void *thing)
{
    return arn_anchor(a, STR("a-"), ((const struct report_application *)thing)->subject);
}

struct str derive_application_verdict(struct arena *a, const void *thing)
{
    (void)a;
    return str_from(report_verdict(&((const struct report_application *)thing)->counts));
}

size_t derive_application_top_calls(struct arena *a, const void *thing, void **items)
{
    enum { SHOWN = 25 };
    const struct report_application *app = thing;
    size_t n = app->calls.n < SHOWN ? app->calls.n : SHOWN;
    struct report_call *v = ARENA_ARRAY(a, struct report_call, n);
    for (size_t i = 0; i < n; i++)
        v[i] = *app->calls.v[i];
    *items = v;
    return n;
}

size_t derive_subject_top_applications(struct arena *a, const void *thing, void **items)
{
    const struct report_subject *s = thing;
    size_t n =
        s->applications.n < REPORT_TOP_USERS ? s->applications.n : REPORT_TOP_USERS;
    struct report_application *v = ARENA_ARRAY(a, struct report_application, n);
    for (size_t i = 0; i < n; i++)
        v[i] = *s->applications.v[i];
    *items = v;
    return n;
}

struct str derive_test_anchor(struct arena *a, const void *thing)
{
    const struct report_test *t = thing;
    struct str check = anchor(a, "t-", t->check->id);
    return arn_anchor(a, STR_CAT(a, check, STR("-")), t->subject);
}

struct str derive_test_name(struct arena *a, const void *thing)
{
    const struct report_test *t = thing;
    const struct report_subject *s = t->subject;
    struct str name = s->name.n && !s->ambiguous ? s->name : s->arn;
    return STR_CAT(a, t->check->id, STR(" "), s->account, STR("/"), s->region, STR(" "),
                   name);
}

size_t derive_test_top_findings(struct arena *a, const void *thing, void **items)
{
    (void)a;
    const struct report_test *t = thing;
    *items = t->findings.v;
    return t->findings.n < REPORT_TOP_FINDINGS ? t->findings.n : REPORT_TOP_FINDINGS;
}

size_t derive_test_first_finding(struct arena *a, const void *thing, void **items)
{
    (void)a;
    const struct report_test *t = thing;
    *items = t->findings.v;
    return t->findings.n > 0;
}

size_t derive_test_other_findings(struct arena *a, const void *thing, void **items)
{
    size_t n = derive_test_top_findings(a, thing, items);
    if (!n)
        return 0;
    *items = (struct report_finding *)*items + 1;
    return n - 1;
}

bool derive_test_cut(const void *thing)
{
    const struct report_test *t = thing;
    return t->findings.n > REPORT_TOP_FINDINGS || t->more_findings;
}

#define RESULT_FLAG(function, value)                                                     \
    bool function(const void *thing)                                                     \
    {                                                                                    \
        return ((const struct report_test *)thing)->result == (value);                   \
    }
RESULT_FLAG(derive_test_is_pass, RESULT_PASS)
RESULT_FLAG(derive_test_is_fail, RESULT_FAIL)
RESULT_FLAG(derive_test_is_unknown, RESULT_UNKNOWN)
RESULT_FLAG(derive_test_is_manual, RESULT_MANUAL)
RESULT_FLAG(derive_test_is_na, RESULT_NOT_APPLICABLE)
RESULT_FLAG(derive_test_is_error, RESULT_ERROR)

bool derive_test_open(const void *thing)
{
    return report_open(thing);
}

bool derive_test_is_waived(const void *thing)
{
    return ((const struct report_test *)thing)->disposition == DISPOSITION_WAIVED;
}

bool derive_test_is_known(const void *thing)
{
    return ((const struct report_test *)thing)->disposition == DISPOSITION_KNOWN;
}

bool derive_test_is_expired(const void *thing)
{
    return ((const struct report_test *)thing)->disposition == DISPOSITION_WAIVER_EXPIRED;
}

bool derive_test_has_reason(const void *thing)
{
    return ((const struct report_test *)thing)->reason != REASON_NONE;
}

struct str derive_cell_summary(struct arena *a, const void *thing)
{
    const struct report_cell *cell = thing;
    const struct report_counts *c = &cell->counts;
    uint32_t fails = c->fail - c->waived - c->known,
             open = c->unknown + c->error - c->accepted_unknown;
    if (!cell->tested)
        return STR("no tests");
    if (fails && open)
        return str_fmt(a, "%u failed, %u unknown", fails, open);
    if (fails)
        return str_fmt(a, "%u failed", fails);
    if (open)
        return str_fmt(a, "%u unknown", open);
    if (c->pass)
        return str_fmt(a, "%u passed", c->pass);
    return c->manual ? STR("needs a person") : STR("not applicable");
}

struct str derive_cell_mark(struct arena *a, const void *thing)
{
    (void)a;
    const struct report_cell *cell = thing;
    const char *v = cell->tested ? report_verdict(&cell->counts) : "none";
    return str_from(strcmp(v, "nothing-judged") == 0 ? "none" : v);
}

size_t derive_report_top_calls(struct arena *a, const void *thing, void **items)
{
    (void)a;
    const struct report *r = thing;
    *items = r->calls.v;
    return r->calls.n < REPORT_TOP_CALLS ? r->calls.n : REPORT_TOP_CALLS;
}

size_t derive_report_top_evidence(struct arena *a, const void *thing, void **items)
{
    (void)a;
    const struct report *r = thing;
    *items = r->evidence.v;
    return r->evidence.n < REPORT_TOP_EVIDENCE ? r->evidence.n : REPORT_TOP_EVIDENCE;
}

size_t derive_report_frameworks(struct arena *a, const void *thing, void **items)
{
    const struct report *r = thing;
    struct map seen = MAP_INIT;
    VEC(struct report_reference) found = {0};
    for (size_t i = 0; i < r->controls.n; i++) {
        const struct report_control *c = &r->controls.v[i];
        for (size_t k = 0; k <= c->checks.n; k++) {
            size_t n = k ? c->checks.v[k - 1].references.n : c->references.n;
            const struct report_reference *v =
                k ? c->checks.v[k - 1].references.v : c->references.v;
            for (size_t j = 0; j < n; j++) {
                void **slot = map_put(a, &seen, v[j].framework);
                if (!*slot)
                    *vec_push(a, &found) = v[j];
                *slot = (void *)r;
            }
        }
    }
    *items = found.v;
    return found.n;
}

bool derive_report_nothing(const void *thing)
{
    return strcmp(((const struct report *)thing)->verdict, "nothing-judged") == 0;
}

bool derive_report_failed(const void *thing)
{
    return strcmp(((const struct report *)thing)->verdict, "fail") == 0;
}

bool derive_report_undecided(const void *thing)
{
    return strcmp(((const struct report *)thing)->verdict, "unknown") == 0;
}

bool derive_report_passed(const void *thing)
{
    return strcmp(((const struct report *)thing)->verdict, "pass") == 0;
}

struct str derive_report_verdict_sentence(struct arena *a, const void *thing)
{
    const struct report *r = thing;
    const struct report_counts *c = &r->counts;
    uint32_t fails = c->fail - c->waived - c->known,
             open = c->unknown + c->error - c->accepted_unknown;
    if (derive_report_nothing(r))
        return STR("Nothing was judged: the evidence decides no test");
    if (fails)
        return str_fmt(a, "%u of %u tests failed, %u could not be decided", fails,
                       c->total - c->not_applicable, open);
    if (open)
        return str_fmt(a, "No test failed, but %u of %u could not be decided", open,
                       c->total - c->not_applicable);
    return str_fmt(a, "All %u judged tests passed%s", c->judged,
                   c->waived ? " or are waived" : "");
}

struct str derive_report_date(struct arena *a, const void *thing)
{
    return when_date(a, ((const struct report *)thing)->as_of);
}

struct str derive_report_evidence_files(struct arena *a, const void *thing)
{
    return str_fmt(a, "%u", ((const struct report *)thing)->evidence.n);
}
