/* OSCAL 1.1.3 assessment-results: an observation for each test, a finding for each
 * control, a resource for each evidence file. */
#include "render/machine.h"
#include "render/machine_facts.h"
#include "render/machine_oscal.h"

#include "base/arena.h"
#include "base/when.h"
#include "report/derive.h"

#include <string.h>

struct oscal {
    struct emit e;
    const struct report *r;
    char tool[UUID_TEXT], plan[UUID_TEXT];
    char (*subjects)[UUID_TEXT]; /* by number; empty for those not tested */
    char (*evidence)[UUID_TEXT]; /* by number */
    char (*tests)[UUID_TEXT];    /* observations, by index */
    struct arena *a;             /* for names; freed at the end */
};

static void identify(struct oscal *o)
{
    const struct report *r = o->r;
    machine_uuid(o->tool, "tool", &r->version, 1);
    machine_uuid(o->plan, "plan", &r->catalog.sha256, 1);
    o->subjects = arena_array(o->a, r->subjects.n, UUID_TEXT);
    o->evidence = arena_array(o->a, r->evidence.n, UUID_TEXT);
    o->tests = arena_array(o->a, r->tests.n, UUID_TEXT);
    for (size_t i = 0; i < r->evidence.n; i++)
        machine_uuid(o->evidence[i], "evidence",
                     (struct str[]){r->evidence.v[i].path, r->evidence.v[i].sha256}, 2);
    for (size_t i = 0; i < r->subjects.n; i++) {
        const struct report_subject *s = &r->subjects.v[i];
        if (s->tested)
            machine_uuid(o->subjects[i], "subject", (struct str[]){s->type, s->arn}, 2);
    }
    for (size_t i = 0; i < r->tests.n; i++) {
        const struct report_test *t = &r->tests.v[i];
        const struct report_spot *s = machine_spot(t);
        machine_uuid(o->tests[i], "observation",
                     (struct str[]){t->check->id, t->subject->arn,
                                    s ? s->evidence->sha256 : STR("")},
                     3);
    }
}

/* What makes this document another one: catalog, evidence, time, settings, and verdicts.
 */
static void document_uuid(struct oscal *o, const char *kind)
{
    const struct report *r = o->r;
    struct buf all = BUF_INIT;
    for (size_t i = 0; i < r->params.n; i++)
        buf_fmt(&all, "%.*s=%.*s\n", STR_ARG(r->params.v[i].name),
                STR_ARG(r->params.v[i].value));
    for (size_t i = 0; i < r->tests.n; i++)
        buf_c(&all, (char)('a' + (int)machine_verdict(&r->tests.v[i])));
    buf_fmt(&all, "\n%lld", (long long)machine_as_of(r));
    oscal_uuid(
        &o->e, "uuid", kind,
        (struct str[]){r->catalog.sha256, r->evidence_sha256, r->version, buf_view(&all)},
        4);
    buf_free(&all);
}

static void reference(struct emit *e, const char *list, const char *key, const char *uuid)
{
    emit_open(e, list, '[');
    emit_open(e, NULL, '{');
    emit_z(e, key, uuid);
    emit_close(e);
    emit_close(e);
}

static void inventory(struct oscal *o)
{
    struct emit *e = &o->e;
    emit_open(e, "inventory-items", '[');
    for (size_t i = 0; i < o->r->subjects.n; i++) {
        const struct report_subject *s = &o->r->subjects.v[i];
        if (!s->tested)
            continue;
        emit_open(e, NULL, '{');
        emit_z(e, "uuid", o->subjects[i]);
        emit_md_or(e, "description",
                   str_fmt(o->a, "%.*s %.*s", STR_ARG(s->type),
                           STR_ARG(s->name.n ? s->name : s->arn)),
                   "resource");
        emit_open(e, "props", '[');
        oscal_prop(e, false, "asset-id", s->arn);
        oscal_prop(e, true, "resource-type",
                   str_from(machine_resource_row(s->type)->cloudformation));
        oscal_prop(e, true, "aws-account-id", s->account);
        oscal_prop(e, true, "aws-region", s->region);
        emit_close(e);
        emit_close(e);
    }
    emit_close(e);
}

static void local_definitions(struct oscal *o)
{
    struct emit *e = &o->e;
    emit_open(e, "local-definitions", '{');
    inventory(o);
    emit_open(e, "assessment-assets", '{');
    emit_open(e, "components", '[');
    emit_open(e, NULL, '{');
    emit_z(e, "uuid", o->tool);
    emit_z(e, "type", "software");
    emit_z(e, "title", "kdaudit");
    emit_z(e, "description", "Judges collected AWS API answers by a control catalog.");
    emit_open(e, "props", '[');
    oscal_prop(e, false, "version", o->r->version);
    emit_close(e);
    emit_open(e, "status", '{');
    emit_z(e, "state", "operational");
    emit_close(e);
    emit_close(e);
    emit_close(e);
    emit_open(e, "assessment-platforms", '[');
    emit_open(e, NULL, '{');
    oscal_uuid(e, "uuid", "platform", &o->r->version, 1);
    emit_z(e, "title", "kdaudit run");
    reference(e, "uses-components", "component-uuid", o->tool);
    emit_close(e);
    emit_close(e);
    emit_close(e);
    emit_close(e);
}

static void reviewed_controls(struct oscal *o)
{
    struct emit *e = &o->e;
    emit_open(e, "reviewed-controls", '{');
    emit_open(e, "control-selections", '[');
    emit_open(e, NULL, '{');
    emit_open(e, "include-controls", '[');
    for (size_t i = 0; i < o->r->controls.n; i++) {
        emit_open(e, NULL, '{');
        oscal_id(e, "control-id", o->r->controls.v[i].id, "");
        emit_close(e);
    }
    emit_close(e);
    if (!o->r->controls.n) {
        emit_keep(e, "include-all", '{');
        emit_close(e);
    }
    emit_close(e);
    emit_close(e);
    emit_close(e);
}

static void evidence_place(void *ctx, const struct report_spot *s,
                           const struct report_finding *f)
{
    struct oscal *o = ctx;
    struct emit *e = &o->e;
    char href[UUID_TEXT + 1] = "#";
    memcpy(href + 1, o->evidence[s->evidence - o->r->evidence.v], UUID_TEXT);
    emit_open(e, NULL, '{');
    emit_z(e, "href", href);
    struct str what = f && f->message.n ? f->message : s->evidence->kind;
    emit_md_or(e, "description", what, "evidence");
    emit_open(e, "props", '[');
    oscal_prop(e, true, "json-pointer", s->pointer);
    if (s->line)
        oscal_prop(e, true, "place", str_fmt(o->a, "%u:%u", s->line, s->column));
    oscal_prop(e, true, "sha256", s->evidence->sha256);
    if (f) {
        oscal_prop(e, true, "actual", f->actual);
        oscal_prop(e, true, "expected", f->expected);
    }
    emit_close(e);
    emit_close(e);
}

static void evidence_missing(struct oscal *o, const struct report_finding *f)
{
    struct emit *e = &o->e;
    emit_open(e, NULL, '{');
    emit_md_or(e, "description", f->message, "Evidence is missing.");
    emit_open(e, "props", '[');
    oscal_prop(e, true, "missing-evidence", f->kind);
    oscal_prop(e, true, "command", f->command);
    emit_close(e);
    emit_close(e);
}

static void props(struct emit *e, const struct machine_fact *facts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        oscal_prop(e, true, facts[i].name, facts[i].value);
}

/* When what was observed must be looked at again: the end of the waiver or attestation
 * that it rests on; WHEN_NONE without one in force. */
static int64_t expires(const struct report_test *t)
{
    struct machine_waiver w = machine_waiver(t);
    bool held = machine_waived(t) || t->basis == BASIS_ATTESTED;
    return held ? machine_waiver_end(&w) : WHEN_NONE;
}

static void observation(struct oscal *o, size_t i)
{
    struct emit *e = &o->e;
    const struct report_test *t = &o->r->tests.v[i];
    const struct verdict_row *v = machine_verdict_row(machine_verdict(t));
    struct str name = derive_test_name(o->a, t);
    struct machine_fact facts[MACHINE_FACTS_MAX];
    emit_open(e, NULL, '{');
    emit_z(e, "uuid", o->tests[i]);
    emit_md_or(e, "title", name, "test");
    emit_md_or(e, "description",
               str_fmt(o->a, "%.*s%.*s", STR_ARG(machine_prefix(o->a, t)),
                       STR_ARG(machine_message(o->a, t))),
               v->name);
    emit_open(e, "props", '[');
    oscal_prop(e, true, "check-id", t->check->id);
    oscal_prop(e, true, "result", str_from(v->name));
    oscal_prop(e, true, "reason", str_from(machine_reason(t)));
    oscal_prop(e, true, "severity", str_from(severity_name(t->check->severity)));
    if (t->more_findings)
        oscal_prop(e, true, "more-findings", str_fmt(o->a, "%u", t->more_findings));
    props(e, facts, machine_test_facts(o->a, t, facts));
    emit_close(e);
    emit_open(e, "methods", '[');
    /* A test that needs a person was made by none of the methods yet; with an
     * attestation, by looking at a document. */
    emit_z(e, NULL,
           t->result == RESULT_MANUAL   ? "UNKNOWN"
           : t->basis == BASIS_ATTESTED ? "EXAMINE"
                                        : "TEST");
    emit_close(e);
    emit_open(e, "types", '[');
    emit_z(e, NULL, "control-objective");
    emit_close(e);
    emit_open(e, "origins", '[');
    emit_open(e, NULL, '{');
    emit_open(e, "actors", '[');
    emit_open(e, NULL, '{');
    emit_z(e, "type", "tool");
    emit_z(e, "actor-uuid", o->tool);
    emit_close(e);
    emit_close(e);
    emit_close(e);
    emit_close(e);
    emit_open(e, "subjects", '[');
    emit_open(e, NULL, '{');
    emit_z(e, "subject-uuid", o->subjects[t->subject - o->r->subjects.v]);
    emit_z(e, "type", "inventory-item");
    emit_md(e, "title", t->subject->name.n ? t->subject->name : t->subject->arn);
    emit_close(e);
    emit_close(e);
    emit_open(e, "relevant-evidence", '[');
    machine_spots(t, evidence_place, o);
    for (size_t j = 0; j < t->findings.n; j++)
        if (!t->findings.v[j].spot.evidence)
            evidence_missing(o, &t->findings.v[j]);
    emit_close(e);
    emit_time(e, "collected", machine_collected(o->r, t));
    emit_time(e, "expires", expires(t));
    emit_close(e);
}

static void risk_uuid(const struct report_test *t, char out[UUID_TEXT])
{
    machine_uuid(out, "risk", (struct str[]){t->check->id, t->subject->arn}, 2);
}

/* A waived fail is a risk that somebody accepted. */
static void risk(struct oscal *o, size_t i)
{
    struct emit *e = &o->e;
    const struct report_test *t = &o->r->tests.v[i];
    struct machine_waiver w = machine_waiver(t);
    char uuid[UUID_TEXT];
    if (!machine_waived(t))
        return;
    risk_uuid(t, uuid);
    emit_open(e, NULL, '{');
    emit_z(e, "uuid", uuid);
    emit_md_or(e, "title", derive_test_name(o->a, t), "test");
    emit_md_or(e, "description", machine_message(o->a, t), "A test fails.");
    emit_md_or(e, "statement", w.reason, "Accepted.");
    emit_open(e, "props", '[');
    oscal_prop(e, true, "approved-by", w.by);
    oscal_prop(e, true, "ticket", w.ticket);
    emit_close(e);
    emit_z(e, "status", "deviation-approved");
    emit_time(e, "deadline", machine_waiver_end(&w));
    reference(e, "related-observations", "observation-uuid", o->tests[i]);
    emit_close(e);
}

struct outcome {
    bool satisfied;
    const char *reason, *remarks;
    bool not_applicable;
};

static struct outcome outcome_of(const struct report_counts *c)
{
    if (c->fail)
        return (struct outcome){.reason = "fail"};
    if (c->unknown || c->error)
        return (struct outcome){.reason = "other",
                                .remarks = "Evidence does not decide every test."};
    if (c->manual)
        return (struct outcome){.reason = "other", .remarks = "Needs a person."};
    if (c->pass)
        return (struct outcome){.satisfied = true, .reason = "pass"};
    if (c->not_applicable)
        return (struct outcome){
            .satisfied = true, .reason = "other", .not_applicable = true};
    return (struct outcome){.reason = "other",
                            .remarks = "No resource in the evidence was tested."};
}

static void related(struct oscal *o, const struct report_control *c)
{
    struct emit *e = &o->e;
    emit_open(e, "related-observations", '[');
    for (size_t i = 0; i < c->checks.n; i++)
        for (size_t j = 0; j < c->checks.v[i].tests.n; j++) {
            emit_open(e, NULL, '{');
            emit_z(e, "observation-uuid",
                   o->tests[c->checks.v[i].tests.v[j] - o->r->tests.v]);
            emit_close(e);
        }
    emit_close(e);
    emit_open(e, "related-risks", '[');
    for (size_t i = 0; i < c->checks.n; i++)
        for (size_t j = 0; j < c->checks.v[i].tests.n; j++) {
            char uuid[UUID_TEXT];
            if (!machine_waived(c->checks.v[i].tests.v[j]))
                continue;
            risk_uuid(c->checks.v[i].tests.v[j], uuid);
            emit_open(e, NULL, '{');
            emit_z(e, "risk-uuid", uuid);
            emit_close(e);
        }
    emit_close(e);
}

static void finding(struct oscal *o, const struct report_control *c)
{
    struct emit *e = &o->e;
    const struct report_counts *n = &c->counts;
    struct outcome out = outcome_of(n);
    emit_open(e, NULL, '{');
    oscal_uuid(e, "uuid", "finding",
               (struct str[]){c->id, o->r->catalog.sha256, o->r->evidence_sha256}, 3);
    emit_md_or(e, "title", str_fmt(o->a, "%.*s %.*s", STR_ARG(c->id), STR_ARG(c->title)),
               "Control");
    emit_md(e, "description",
            str_fmt(o->a,
                    "%u tests: %u passed, %u failed (%u of them waived), %u unknown, "
                    "%u manual, %u not applicable, %u broke.",
                    n->total, n->pass, n->fail, n->waived, n->unknown, n->manual,
                    n->not_applicable, n->error));
    emit_open(e, "target", '{');
    emit_z(e, "type", "objective-id");
    oscal_id(e, "target-id", c->id, "_obj");
    emit_open(e, "status", '{');
    emit_z(e, "state", out.satisfied ? "satisfied" : "not-satisfied");
    emit_z(e, "reason", out.reason);
    emit_z(e, "remarks", out.remarks);
    emit_close(e);
    if (out.not_applicable) {
        emit_open(e, "implementation-status", '{');
        emit_z(e, "state", "not-applicable");
        emit_close(e);
    }
    emit_close(e);
    related(o, c);
    emit_close(e);
}

static void result(struct oscal *o)
{
    const struct report *r = o->r;
    struct emit *e = &o->e;
    struct machine_fact facts[MACHINE_FACTS_MAX];
    emit_open(e, NULL, '{');
    document_uuid(o, "result");
    emit_z(e, "title", "Automated evaluation of AWS evidence");
    emit_z(e, "description",
           "Checks of the catalog, judged on collected answers of AWS APIs.");
    emit_time(e, "start", machine_as_of(r));
    emit_time(e, "end", machine_as_of(r));
    emit_open(e, "props", '[');
    oscal_prop(e, true, "tool-version", r->version);
    oscal_prop(e, true, "verdict", str_from(r->verdict));
    oscal_prop(e, true, "catalog-sha256", r->catalog.sha256);
    oscal_prop(e, true, "evidence-sha256", r->evidence_sha256);
    oscal_prop(e, true, "waivers-sha256", r->waivers_sha256);
    props(e, facts, machine_run_facts(o->a, r, facts));
    for (size_t i = 0; i < r->params.n; i++)
        oscal_prop(e, true, "parameter",
                   str_fmt(o->a, "%.*s=%.*s", STR_ARG(r->params.v[i].name),
                           STR_ARG(r->params.v[i].value)));
    emit_close(e);
    if (r->redacted)
        emit_z(e, "remarks",
               "Redacted: account ids, names, principals and addresses in the evidence "
               "were masked before it was judged.");
    local_definitions(o);
    reviewed_controls(o);
    emit_open(e, "observations", '[');
    for (size_t i = 0; i < r->tests.n; i++)
        observation(o, i);
    emit_close(e);
    emit_open(e, "risks", '[');
    for (size_t i = 0; i < r->tests.n; i++)
        risk(o, i);
    emit_close(e);
    emit_open(e, "findings", '[');
    for (size_t i = 0; i < r->controls.n; i++)
        finding(o, &r->controls.v[i]);
    emit_close(e);
    emit_close(e);
}

static void resource(struct oscal *o, size_t i)
{
    const struct report_evidence *ev = &o->r->evidence.v[i];
    struct emit *e = &o->e;
    struct buf uri = BUF_INIT;
    machine_uri(&uri, ev->path);
    emit_open(e, NULL, '{');
    emit_z(e, "uuid", o->evidence[i]);
    emit_md_or(e, "title", ev->path, "evidence");
    emit_open(e, "props", '[');
    oscal_prop(e, false, "type", STR("evidence"));
    oscal_prop(e, true, "kind", ev->kind);
    oscal_prop(e, true, "state", str_from(ev->state));
    oscal_prop(e, true, "aws-account-id", ev->account);
    oscal_prop(e, true, "aws-region", ev->region);
    emit_close(e);
    emit_open(e, "rlinks", '[');
    emit_open(e, NULL, '{');
    emit_z(e, "href", uri.n ? uri.p : "evidence");
    emit_z(e, "media-type",
           str_ends(ev->path, STR(".gz")) ? "application/gzip" : "application/json");
    if (machine_sha256(ev->sha256)) {
        emit_open(e, "hashes", '[');
        emit_open(e, NULL, '{');
        emit_z(e, "algorithm", "SHA-256");
        emit_line(e, "value", ev->sha256);
        emit_close(e);
        emit_close(e);
    }
    emit_close(e);
    emit_close(e);
    emit_close(e);
    buf_free(&uri);
}

static void plan(struct oscal *o)
{
    struct emit *e = &o->e;
    emit_open(e, NULL, '{');
    emit_z(e, "uuid", o->plan);
    emit_z(e, "title", "Automated check set");
    emit_z(e, "description",
           "The control catalog with its checks: what was planned to be assessed.");
    emit_open(e, "props", '[');
    oscal_prop(e, false, "type", STR("plan"));
    oscal_prop(e, false, "version", o->r->catalog.version);
    oscal_prop(e, true, "catalog-id", o->r->catalog.id);
    oscal_prop(e, true, "catalog-sha256", o->r->catalog.sha256);
    emit_close(e);
    emit_open(e, "rlinks", '[');
    emit_open(e, NULL, '{');
    emit_z(e, "href", "oscal-catalog.json");
    emit_z(e, "media-type", "application/json");
    emit_close(e);
    emit_close(e);
    emit_close(e);
}

void machine_oscal_results(struct buf *out, const struct report *r)
{
    struct oscal o = {.e = EMIT_TO(out, 5), .r = r, .a = arena_new()};
    struct emit *e = &o.e;
    identify(&o);
    char href[UUID_TEXT + 1] = "#";
    memcpy(href + 1, o.plan, UUID_TEXT);
    emit_open(e, NULL, '{');
    emit_open(e, "assessment-results", '{');
    document_uuid(&o, "document");
    oscal_metadata(e, r, STR("kdaudit assessment results"),
                   when_text(o.a, machine_as_of(r)));
    emit_open(e, "import-ap", '{');
    emit_z(e, "href", href);
    emit_z(e, "remarks",
           "There is no OSCAL assessment plan: the resource stands for the check set.");
    emit_close(e);
    emit_open(e, "results", '[');
    result(&o);
    emit_close(e);
    emit_open(e, "back-matter", '{');
    emit_open(e, "resources", '[');
    plan(&o);
    for (size_t i = 0; i < r->evidence.n; i++)
        resource(&o, i);
    emit_close(e);
    emit_close(e);
    emit_close(e);
    emit_close(e);
    emit_done(e);
    arena_free(o.a);
}
