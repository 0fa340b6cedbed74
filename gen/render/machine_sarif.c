/* SARIF 2.1.0 (OASIS), within the limits of GitHub code scanning. */
#include "render/machine.h"
#include "render/machine_emit.h"
#include "render/machine_facts.h"
#include "render/machine_map.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/when.h"
#include "render/junit.h"

enum {
    TEXT_BYTES = 1024, /* what the reader takes of a description */
    NAME_BYTES = 255,
    MAX_RELATED = 20, /* further places of one result */
    RULE_LINES = 4,
};

struct sarif {
    struct emit e;
    const struct report *r;
    bool all;         /* every test, not alerts alone */
    struct map about; /* ARN -> its first evidence: where there is no other place */
    struct arena *a;
};

/* A title as a name in Pascal case: what rules are called. */
static void rule_name(struct emit *e, struct str title)
{
    struct buf name = BUF_INIT;
    bool start = true;
    for (size_t i = 0; i < title.n && name.n < NAME_BYTES; i++) {
        char c = title.p[i];
        bool lower = c >= 'a' && c <= 'z';
        bool word = lower || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (word)
            buf_c(&name, start && lower ? (char)(c - ('a' - 'A')) : c);
        start = !word;
    }
    emit_z(e, "name", name.p);
    buf_free(&name);
}

static void message(struct emit *e, const char *key, struct str text,
                    const char *otherwise)
{
    emit_open(e, key, '{');
    emit_cut(e, "text", str_trim(text).n ? text : str_from(otherwise), TEXT_BYTES);
    emit_close(e);
}

static void rule(struct emit *e, const struct report_check *c)
{
    const struct severity_row *s = machine_severity_row(c->severity);
    const struct report_control *control = c->control;
    struct str full = c->expected.n ? c->expected : control->statement;
    struct buf id = BUF_INIT;
    machine_rule_id(&id, c);
    emit_open(e, NULL, '{');
    emit_line(e, "id", buf_view(&id));
    rule_name(e, c->title);
    message(e, "shortDescription", c->title, id.p);
    message(e, "fullDescription", str_trim(full).n ? full : c->title, id.p);
    emit_open(e, "help", '{');
    struct str remedy = str_trim(c->remedy).n ? c->remedy : full;
    emit_block(e, "text", str_trim(remedy).n ? remedy : buf_view(&id));
    emit_block(e, "markdown", c->remedy);
    emit_close(e);
    emit_open(e, "defaultConfiguration", '{');
    emit_z(e, "level", s->sarif_level);
    emit_close(e);
    emit_open(e, "properties", '{');
    emit_open(e, "tags", '[');
    emit_z(e, NULL, "security");
    emit_z(e, NULL, "aws");
    emit_line(e, NULL, control->id);
    emit_close(e);
    emit_z(e, "precision", "very-high");
    emit_z(e, "problem.severity", s->sarif_problem);
    emit_z(e, "security-severity", s->sarif_security);
    emit_close(e);
    emit_close(e);
    buf_free(&id);
}

static void physical(struct sarif *s, const struct report_spot *spot,
                     const struct report_subject *subject)
{
    struct emit *e = &s->e;
    const struct report_evidence *ev = spot ? spot->evidence : NULL;
    if (!ev)
        ev = map_get(&s->about, subject->arn);
    struct buf uri = BUF_INIT;
    if (ev)
        machine_uri(&uri, ev->path);
    uint32_t line = spot && spot->line ? spot->line : 1;
    uint32_t column = spot && spot->column ? spot->column : 1;
    emit_open(e, "physicalLocation", '{');
    emit_open(e, "artifactLocation", '{');
    emit_z(e, "uri", uri.n ? uri.p : "results.json");
    emit_close(e);
    emit_open(e, "region", '{');
    emit_num(e, "startLine", line);
    emit_num(e, "startColumn", column);
    emit_num(e, "endLine", line);
    emit_num(e, "endColumn", (int64_t)column + 1);
    emit_close(e);
    emit_close(e);
    buf_free(&uri);
}

static void related(struct sarif *s, const struct report_test *t)
{
    struct emit *e = &s->e;
    const struct report_spot *first = machine_spot(t);
    emit_open(e, "relatedLocations", '[');
    for (size_t i = 0, n = 0; i < t->findings.n && n < MAX_RELATED; i++) {
        const struct report_finding *f = &t->findings.v[i];
        if (!f->spot.evidence || &f->spot == first)
            continue;
        emit_open(e, NULL, '{');
        emit_num(e, "id", (int64_t)++n);
        physical(s, &f->spot, t->subject);
        message(e, "message", f->message, "another place");
        emit_close(e);
    }
    emit_close(e);
}

static void suppressions(struct sarif *s, const struct report_test *t)
{
    struct emit *e = &s->e;
    struct machine_waiver w = machine_waiver(t);
    if (!machine_waived(t))
        return;
    emit_open(e, "suppressions", '[');
    emit_open(e, NULL, '{');
    emit_z(e, "kind", "external");
    emit_z(e, "status", "accepted");
    emit_cut(e, "justification", w.reason, TEXT_BYTES);
    emit_open(e, "properties", '{');
    emit_line(e, "by", w.by);
    emit_line(e, "until", w.until);
    emit_line(e, "ticket", w.ticket);
    emit_close(e);
    emit_close(e);
    emit_close(e);
}

/* A level other than "none" goes with the kind "fail" alone (SARIF 3.27.10). Code
 * scanning ignores the kind and shows nothing at level "none", so there an undecided test
 * is a warning of the default kind that says what it is; elsewhere it is open. */
static void kind_and_level(struct sarif *s, const struct report_test *t, enum verdict v)
{
    const struct verdict_row *row = machine_verdict_row(v);
    bool undecided = v == VERDICT_UNKNOWN || v == VERDICT_ERROR;
    bool fail = row->sarif_kind[0] == 'f';
    if (s->all || fail)
        emit_z(&s->e, "kind", row->sarif_kind);
    if (fail)
        emit_z(&s->e, "level", machine_severity_row(t->check->severity)->sarif_level);
    else if (s->all || !undecided)
        emit_z(&s->e, "level", "none");
    else
        emit_z(&s->e, "level", v == VERDICT_ERROR ? "error" : "warning");
}

static void one_result(struct sarif *s, const struct report_test *t)
{
    struct emit *e = &s->e;
    enum verdict v = machine_verdict(t);
    const struct verdict_row *row = machine_verdict_row(v);
    char print[2 * DIGEST_BYTES + 1];
    struct buf text = BUF_INIT;
    machine_fingerprint(t, print);
    emit_open(e, NULL, '{');
    machine_rule_id(&text, t->check);
    emit_line(e, "ruleId", buf_view(&text));
    emit_num(e, "ruleIndex", t->check->number);
    kind_and_level(s, t, v);
    struct str name = t->subject->name.n ? t->subject->name : t->subject->arn;
    buf_clear(&text);
    struct arena *a = s->a;
    struct machine_fact facts[MACHINE_FACTS_MAX];
    buf_fmt(&text, "%.*s%.*s: %.*s", STR_ARG(machine_prefix(a, t)), STR_ARG(name),
            STR_ARG(machine_message(a, t)));
    message(e, "message", buf_view(&text), row->name);
    emit_open(e, "locations", '[');
    emit_open(e, NULL, '{');
    physical(s, machine_spot(t), t->subject);
    emit_open(e, "logicalLocations", '[');
    emit_open(e, NULL, '{');
    emit_line(e, "fullyQualifiedName", t->subject->arn);
    emit_z(e, "kind", "resource");
    emit_close(e);
    emit_close(e);
    emit_close(e);
    emit_close(e);
    related(s, t);
    emit_open(e, "partialFingerprints", '{');
    buf_clear(&text);
    buf_fmt(&text, "%.16s:1", print);
    emit_z(e, "primaryLocationLineHash", text.p);
    emit_z(e, "kdaudit/v1", print);
    emit_close(e);
    if (s->r->counts.known)
        emit_z(e, "baselineState", v == VERDICT_KNOWN ? "unchanged" : "new");
    suppressions(s, t);
    emit_open(e, "properties", '{');
    emit_z(e, "verdict", row->name);
    emit_z(e, "reason", machine_reason(t));
    emit_line(e, "account", t->subject->account);
    emit_line(e, "region", t->subject->region);
    machine_facts_emit(e, facts, machine_test_facts(a, t, facts), "", '-', TEXT_BYTES);
    emit_close(e);
    emit_close(e);
    buf_free(&text);
}

/* Results for alerts come worst first, so that a limit leaves out the least. Gives the
 * number left out. */
static size_t results(struct sarif *s)
{
    const struct report *r = s->r;
    size_t n = 0, left = 0;
    emit_keep(&s->e, "results", '[');
    for (size_t i = 0; s->all && i < r->tests.n; i++)
        one_result(s, &r->tests.v[i]);
    for (size_t i = 0; !s->all && i < r->attention.n; i++) {
        if (!machine_verdict_row(machine_verdict(r->attention.v[i]))->sarif_alert ||
            machine_waived(r->attention.v[i]))
            continue;
        if (n < SARIF_MAX_RESULTS) {
            one_result(s, r->attention.v[i]);
            n++;
        } else
            left++;
    }
    /* What the baseline has too is not open, but its alert must stay. */
    for (size_t i = 0; !s->all && r->counts.known && i < r->tests.n; i++) {
        if (machine_verdict(&r->tests.v[i]) != VERDICT_KNOWN)
            continue;
        if (n < SARIF_MAX_RESULTS) {
            one_result(s, &r->tests.v[i]);
            n++;
        } else
            left++;
    }
    emit_close(&s->e);
    return left;
}

static void invocation(struct sarif *s, size_t left)
{
    struct emit *e = &s->e;
    emit_open(e, "invocations", '[');
    emit_open(e, NULL, '{');
    emit_bool(e, "executionSuccessful", true);
    emit_time(e, "endTimeUtc", machine_as_of(s->r));
    if (left) {
        emit_open(e, "toolExecutionNotifications", '[');
        emit_open(e, NULL, '{');
        emit_z(e, "level", "warning");
        struct str text =
            str_fmt(s->a,
                    "%zu more results are left out: code scanning takes %d. See "
                    "results.json.",
                    left, SARIF_MAX_RESULTS);
        message(e, "message", text, "");
        emit_close(e);
        emit_close(e);
    }
    emit_close(e);
    emit_close(e);
}

/* What holds for the whole run: in a property bag, since SARIF has no member for it. */
static void run_properties(struct sarif *s)
{
    struct emit *e = &s->e;
    struct machine_fact facts[MACHINE_FACTS_MAX];
    emit_open(e, "properties", '{');
    machine_facts_emit(e, facts, machine_run_facts(s->a, s->r, facts), "", '-',
                       TEXT_BYTES);
    machine_waivers_emit(e, s->r);
    emit_close(e);
}

static void driver(struct sarif *s)
{
    struct emit *e = &s->e;
    emit_open(e, "tool", '{');
    emit_open(e, "driver", '{');
    emit_z(e, "name", "kdaudit");
    emit_line_or(e, "version", s->r->version, "unknown");
    emit_keep(e, "rules", '[');
    for (size_t i = 0; i < s->r->checks.n; i++)
        rule(e, s->r->checks.v[i]);
    emit_close(e);
    emit_close(e);
    emit_close(e);
}

static void sarif(struct buf *out, const struct report *r, bool all)
{
    struct sarif s = {.e = EMIT_TO(out, RULE_LINES), .r = r, .all = all};
    struct emit *e = &s.e;
    s.a = arena_new();
    for (size_t i = 0; i < r->evidence.n; i++) {
        void **first = map_put(s.a, &s.about, r->evidence.v[i].subject);
        if (!*first && r->evidence.v[i].subject.n)
            *first = (void *)&r->evidence.v[i];
    }
    emit_open(e, NULL, '{');
    emit_z(e, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    emit_z(e, "version", "2.1.0");
    emit_open(e, "runs", '[');
    emit_open(e, NULL, '{');
    driver(&s);
    emit_open(e, "automationDetails", '{');
    struct str word = junit_word(s.a, r->catalog.id);
    struct str id = STR_CAT(s.a, STR("kdaudit/"), word.n ? word : STR("catalog"),
                            STR("/"), when_text(s.a, machine_as_of(r)));
    emit_line(e, "id", id);
    emit_close(e);
    emit_z(e, "columnKind", "unicodeCodePoints");
    size_t left = results(&s);
    invocation(&s, left);
    run_properties(&s);
    emit_close(e);
    emit_close(e);
    emit_close(e);
    emit_done(e);
    arena_free(s.a);
}

void machine_sarif(struct buf *out, const struct report *r)
{
    sarif(out, r, false);
}

void machine_sarif_all(struct buf *out, const struct report *r)
{
    sarif(out, r, true);
}
