/* JUnit XML: what its readers show, by the rules that hold for all of them. */
#include "render/junit.h"

#include "base/buf.h"
#include "base/digest.h"
#include "base/lanes.h"
#include "base/utf8.h"
#include "base/when.h"
#include "render/machine_facts.h"
#include "render/machine_map.h"
#include "report/derive.h"

#include <string.h>

enum {
    SUITE_NAME_BYTES = 200,
    CASE_NAME_BYTES = 240,
    CASE_NAME_KEPT = 229, /* and '~' and 10 digits of its hash */
    MESSAGE_BYTES = 200,
    TEXT_BYTES = 64 << 10,
    USUAL_BYTES = 2 << 10, /* what a text takes mostly */
};

/* s cut to at most max bytes, at a character. */
static struct str cut(struct str s, size_t max)
{
    size_t n = s.n < max ? s.n : max;
    while (n && n < s.n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return str_sub(s, 0, n);
}

/* May one of sixteen bytes at p, or two spaces of which it is the first, not be calm? */
static bool any_rough(const char *p)
{
    lanes v = lanes_at(p), next = lanes_at(p + 1);
    return lanes_any((v == '|') | (v == '`') | ((v == ' ') & (next == ' ')));
}

/* Has s no two spaces in a row, no pipe, and no back-tick? */
static bool is_calm(struct str s)
{
    size_t i = 0;
    for (; i + LANES < s.n; i += LANES)
        if (any_rough(s.p + i))
            return false;
    /* The last few, together with some before them; nothing comes after the last one. */
    if (i && any_rough(s.p + s.n - LANES - 1))
        return false;
    i = i ? s.n - 1 : 0;
    for (; i < s.n; i++)
        if (s.p[i] == '|' || s.p[i] == '`' ||
            (s.p[i] == ' ' && i + 1 < s.n && s.p[i + 1] == ' '))
            return false;
    return true;
}

/* One visible line with single spaces, without what breaks tables and code in readers. */
static struct str one_line(struct arena *a, struct str s)
{
    struct buf out = BUF_INIT;
    s = utf8_visible(a, s);
    if (is_calm(s))
        return str_trim(s);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '|')
            buf_z(&out, "¦");
        else if (s.p[i] == '`')
            buf_c(&out, '\'');
        else if (s.p[i] != ' ' || (out.n && out.p[out.n - 1] != ' '))
            buf_c(&out, s.p[i]);
    }
    struct str line = str_trim(buf_dup(a, &out));
    buf_free(&out);
    return line;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-';
}

struct str junit_word(struct arena *a, struct str id)
{
    size_t i = 0;
    while (i < id.n && is_word(id.p[i]))
        i++;
    if (i == id.n)
        return id;
    char *p = str_z(a, id);
    for (; i < id.n; i++)
        if (!is_word(p[i]))
            p[i] = '_';
    return (struct str){p, id.n};
}

struct str junit_package(struct arena *a, const struct report *r)
{
    return STR_CAT(a, STR("kdaudit."), junit_word(a, r->catalog.id));
}

struct str junit_timestamp(struct arena *a, const struct report *r)
{
    /* A time must stand here; the readers take it as UTC when it has no zone. */
    return str_sub(when_text(a, r->as_of == WHEN_NONE ? 0 : r->as_of), 0, 19);
}

bool junit_suite_tested(const void *control)
{
    return ((const struct report_control *)control)->counts.total > 0;
}

struct str junit_suite_id(struct arena *a, const void *control)
{
    const struct report_control *c = control;
    unsigned before = 0;
    for (uint32_t i = 1; i <= c->number; i++)
        before += c[-(ptrdiff_t)i].counts.total > 0;
    return str_fmt(a, "%u", before);
}

struct str junit_suite_name(struct arena *a, const void *control)
{
    const struct report_control *c = control;
    struct str name = str_fmt(a, "%.*s %.*s", STR_ARG(c->id), STR_ARG(c->title));
    struct str line = cut(one_line(a, name), SUITE_NAME_BYTES);
    return line.n ? line : STR("control"); /* a suite must have a name */
}

static struct str count(struct arena *a, uint32_t n)
{
    return str_fmt(a, "%u", n);
}

struct str junit_failures(struct arena *a, const void *control)
{
    const struct report_counts *c = &((const struct report_control *)control)->counts;
    return count(a, c->fail - c->waived - c->known);
}

struct str junit_errors(struct arena *a, const void *control)
{
    const struct report_counts *c = &((const struct report_control *)control)->counts;
    return count(a, c->unknown - c->accepted_unknown + c->error);
}

struct str junit_skipped(struct arena *a, const void *control)
{
    const struct report_counts *c = &((const struct report_control *)control)->counts;
    return count(a, c->manual + c->not_applicable + c->waived + c->known +
                        c->accepted_unknown);
}

struct str junit_case_name(struct arena *a, const void *test)
{
    struct str name = one_line(a, derive_test_name(a, test));
    if (name.n <= CASE_NAME_BYTES)
        return name;
    struct str hash = str_sub(digest_hex(a, name), 0, 10);
    return str_fmt(a, "%.*s~%.*s", STR_ARG(cut(name, CASE_NAME_KEPT)), STR_ARG(hash));
}

bool junit_is_failure(const void *test)
{
    const struct report_test *t = test;
    return t->result == RESULT_FAIL && !disposition_accepts(t->disposition);
}

bool junit_is_error(const void *test)
{
    const struct report_test *t = test;
    return (t->result == RESULT_UNKNOWN && !disposition_accepts(t->disposition)) ||
           t->result == RESULT_ERROR;
}

bool junit_is_skipped(const void *test)
{
    const struct report_test *t = test;
    return t->result != RESULT_PASS && !junit_is_failure(t) && !junit_is_error(t);
}

struct str junit_type(struct arena *a, const void *test)
{
    static const char *const types[] = {
        [REASON_NONE] = "CheckError",         [REASON_ABSENT] = "EvidenceMissing",
        [REASON_DENIED] = "EvidenceDenied",   [REASON_TRUNCATED] = "EvidenceCut",
        [REASON_STALE] = "EvidenceStale",     [REASON_INVALID] = "EvidenceInvalid",
        [REASON_FOREIGN] = "EvidenceMissing", [REASON_UNDECIDED] = "EvidenceMissing",
    };
    (void)a;
    const struct report_test *t = test;
    if (t->result == RESULT_FAIL)
        return STR("NonCompliant");
    return str_from(t->result == RESULT_ERROR ? "CheckError" : types[t->reason]);
}

struct str junit_message(struct arena *a, const void *test)
{
    const struct report_test *t = test;
    struct str message = report_message(a, t);
    message = message.n ? message : t->check->title;
    bool expired = t->disposition == DISPOSITION_WAIVER_EXPIRED;
    struct str why = junit_is_skipped(t) || expired ? machine_prefix(a, t) : STR("");
    struct str line = one_line(a, why.n ? STR_CAT(a, why, message) : message);
    if (!line.n)
        line = str_from(result_name(t->result)); /* readers show nothing else */
    if (line.n <= MESSAGE_BYTES)
        return line;
    return STR_CAT(a, cut(line, MESSAGE_BYTES - 3), STR("..."));
}

struct str junit_file(struct arena *a, const void *test)
{
    (void)a;
    const struct report_spot *s = machine_spot(test);
    return s ? s->evidence->path : STR("");
}

struct str junit_line(struct arena *a, const void *test)
{
    const struct report_spot *s = machine_spot(test);
    return s && s->line ? str_fmt(a, "%u", s->line) : STR("");
}

struct str junit_sha256(struct arena *a, const void *test)
{
    (void)a;
    const struct report_spot *s = machine_spot(test);
    return s ? s->evidence->sha256 : STR("");
}

struct str junit_verdict(struct arena *a, const void *test)
{
    (void)a;
    return str_from(machine_verdict_row(machine_verdict(test))->name);
}

struct str junit_waiver(struct arena *a, const void *test)
{
    (void)a;
    return machine_waiver(test).reason;
}

bool junit_has_file(const void *test)
{
    return machine_spot(test) != NULL;
}

bool junit_has_line(const void *test)
{
    return junit_has_file(test) && machine_spot(test)->line > 0;
}

bool junit_has_waiver(const void *test)
{
    return machine_waiver(test).reason.n > 0;
}

static void fact(struct buf *out, const char *name, struct str value)
{
    enum { COLUMN = 10 };
    size_t n = strlen(name);
    if (!value.n)
        return;
    buf_c(out, '\n');
    buf_z(out, name);
    buf_repeat(out, ' ', n < COLUMN ? COLUMN - n : 1);
    buf_str(out, value);
}

static void command_fact(struct buf *out, const struct report_finding *f)
{
    fact(out, f->kind.n ? "collect:" : "fix:", f->command);
}

static bool same_place(const struct report_spot *x, const struct report_spot *y)
{
    return x->evidence == y->evidence && x->line == y->line && x->column == y->column &&
           str_eq(x->pointer, y->pointer);
}

/* Where it is: a hash once for each file, a place that is the last one's in short. */
static void place_facts(struct buf *out, struct arena *a, const struct report_spot *s,
                        const struct report_spot *last)
{
    if (last && s->evidence && same_place(s, last)) {
        fact(out, "evidence:", STR("the same place"));
        return;
    }
    fact(out, "evidence:", derive_spot_place(a, s));
    fact(out, "pointer:", s->pointer);
    if (s->evidence && !(last && last->evidence == s->evidence))
        fact(out, "sha256:", s->evidence->sha256);
}

/* A test's findings, after what all of them share: the first few with their facts, the
 * others in one line each. */
static void finding_facts(struct buf *out, struct arena *a, const struct report_test *t)
{
    struct str expected = t->check->expected;
    fact(out, "expected:", t->findings.n > 1 ? expected : STR(""));
    if (t->command.n)
        command_fact(out, &t->findings.v[0]);
    for (size_t i = 0; i < t->findings.n && out->n < TEXT_BYTES; i++) {
        const struct report_finding *f = &t->findings.v[i];
        if (t->findings.n > 1) {
            buf_z(out, i > REPORT_TOP_FINDINGS ? "\n" : "\n\n");
            buf_int(out, (int64_t)i + 1);
            buf_z(out, ". ");
            /* The first line says what the first finding does, if it has not cut it. */
            bool said = i == 0 && str_starts(buf_view(out), f->message);
            buf_str(out, said ? STR("as above") : f->message);
        }
        if (i >= REPORT_TOP_FINDINGS)
            continue;
        place_facts(out, a, &f->spot, i ? &f[-1].spot : NULL);
        fact(out, "actual:", f->actual);
        if (t->findings.n == 1 || !str_eq(f->expected, expected))
            fact(out, "expected:", f->expected);
        if (!t->command.n)
            command_fact(out, f);
    }
}

/* Who accepted or attested it, until when, why; since when it is known. */
static void waiver_facts(struct buf *out, struct arena *a, const struct report_test *t)
{
    const struct report_waiver *w = t->waiver;
    bool known = t->disposition == DISPOSITION_KNOWN && t->known_since != WHEN_NONE;
    fact(out, "known:",
         known ? str_fmt(a, "since %.*s", STR_ARG(when_date(a, t->known_since)))
               : STR(""));
    if (!w)
        return;
    fact(out, "waiver:", w->reason);
    fact(out, "by:", w->by);
    fact(out, "until:",
         str_fmt(a, "%.*s%s", STR_ARG(w->until), w->expired ? " (expired)" : ""));
    fact(out, "ticket:", w->ticket);
}

/* Account and region, in one line when both are known. */
static void whose_facts(struct buf *out, const struct report_subject *s)
{
    fact(out, "account:", s->account);
    if (!s->account.n || !s->region.n) {
        fact(out, "region:", s->region);
        return;
    }
    buf_z(out, "  region: ");
    buf_str(out, s->region);
}

struct str junit_skip_text(struct arena *a, const void *test)
{
    return disposition_accepts(((const struct report_test *)test)->disposition)
               ? junit_text(a, test)
               : junit_message(a, test);
}

struct str junit_text(struct arena *a, const void *test)
{
    const struct report_test *t = test;
    struct buf out = BUF_INIT;
    buf_reserve(&out, USUAL_BYTES);
    buf_str(&out, junit_message(a, t));
    buf_c(&out, '\n');
    struct str control =
        STR_CAT(a, t->check->control->id, STR(" "), t->check->control->title, STR(" ("),
                str_from(severity_name(t->check->severity)), STR(")"));
    fact(&out, "control:", control);
    fact(&out, "check:", STR_CAT(a, t->check->id, STR(" "), t->check->title));
    fact(&out, "subject:", t->subject->arn);
    whose_facts(&out, t->subject);
    waiver_facts(&out, a, t);
    finding_facts(&out, a, t);
    if (t->findings.n > REPORT_TOP_FINDINGS)
        buf_fmt(&out, "\n\nplaces and commands from %d on: see results.json",
                REPORT_TOP_FINDINGS + 1);
    if (t->more_findings)
        buf_fmt(&out, "\n\nand %u more findings, see results.json", t->more_findings);
    struct str text = buf_dup(a, &out);
    buf_free(&out);
    if (text.n <= TEXT_BYTES)
        return text;
    struct str kept = cut(text, TEXT_BYTES - 64);
    return str_fmt(a, "%.*s\n[cut: %zu more bytes, see results.json]", STR_ARG(kept),
                   text.n - kept.n);
}
