/* OCSF 1.8.0 Compliance Finding (class 2003): one object a line. Times are milliseconds.
 */
#include "render/machine.h"
#include "render/machine_emit.h"
#include "render/machine_facts.h"
#include "render/machine_map.h"

enum { FACT_BYTES = 1024 };

struct ocsf {
    struct emit e;
    const struct report *r;
    const struct machine_fact *facts; /* of the run: every event says them */
    size_t nfacts;
    struct arena *a; /* for one event */
};

static void metadata(struct ocsf *o, const struct report_test *t)
{
    struct emit *e = &o->e;
    emit_open(e, "metadata", '{');
    emit_z(e, "version", "1.8.0");
    emit_open(e, "product", '{');
    emit_z(e, "name", "kdaudit");
    emit_z(e, "vendor_name", "kdaudit");
    emit_line(e, "version", o->r->version);
    emit_close(e);
    emit_open(e, "profiles", '[');
    emit_z(e, NULL, "cloud");
    emit_close(e);
    emit_line(e, "event_code", t->check->id);
    emit_close(e);
}

static void standards(struct ocsf *o)
{
    struct emit *e = &o->e;
    const struct report_catalog *c = &o->r->catalog;
    struct buf name = BUF_INIT;
    buf_fmt(&name, "%.*s %.*s", STR_ARG(c->title.n ? c->title : c->id),
            STR_ARG(c->version));
    emit_open(e, "standards", '[');
    emit_line(e, NULL, buf_view(&name));
    emit_close(e);
    buf_free(&name);
}

static void compliance(struct ocsf *o, const struct report_test *t,
                       const struct verdict_row *v)
{
    struct emit *e = &o->e;
    const struct report_check *c = t->check;
    emit_open(e, "compliance", '{');
    emit_line(e, "control", c->control->id);
    emit_line(e, "desc", c->control->title);
    standards(o);
    emit_open(e, "requirements", '[');
    emit_line(e, NULL, c->control->id);
    for (size_t i = 0; i < c->references.n; i++) {
        struct buf id = BUF_INIT;
        buf_fmt(&id, "%.*s %.*s", STR_ARG(c->references.v[i].framework),
                STR_ARG(c->references.v[i].id));
        emit_line(e, NULL, buf_view(&id));
        buf_free(&id);
    }
    emit_close(e);
    emit_num(e, "status_id", v->ocsf_status);
    emit_z(e, "status", v->ocsf_name);
    emit_open(e, "status_details", '[');
    emit_z(e, NULL, v->name);
    emit_z(e, NULL, machine_reason(t));
    emit_line(e, NULL, machine_message(o->a, t));
    emit_close(e);
    emit_open(e, "checks", '[');
    emit_open(e, NULL, '{');
    emit_line(e, "uid", c->id);
    emit_line_or(e, "name", c->title, "check");
    emit_line(e, "desc", c->expected);
    emit_num(e, "severity_id", machine_severity_row(c->severity)->ocsf);
    emit_num(e, "status_id", v->ocsf_status);
    emit_z(e, "status", v->ocsf_name);
    standards(o);
    emit_close(e);
    emit_close(e);
    emit_close(e);
}

static void place(void *ctx, const struct report_spot *s, const struct report_finding *f)
{
    struct emit *e = ctx;
    emit_open(e, NULL, '{');
    emit_open(e, "data", '{');
    emit_line_or(e, "file", s->evidence->path, "evidence");
    emit_line(e, "sha256", s->evidence->sha256);
    emit_line(e, "pointer", s->pointer);
    if (s->line) {
        emit_num(e, "line", s->line);
        emit_num(e, "column", s->column);
    }
    if (f) {
        emit_line(e, "message", f->message);
        emit_line(e, "actual", f->actual);
        emit_line(e, "expected", f->expected);
    }
    emit_close(e);
    emit_close(e);
}

static void missing(struct emit *e, const struct report_finding *f)
{
    emit_open(e, NULL, '{');
    emit_open(e, "data", '{');
    emit_line(e, "missing", f->kind);
    emit_line(e, "message", f->message);
    emit_line(e, "command", f->command);
    emit_close(e);
    emit_close(e);
}

static void resource(struct emit *e, const struct report_subject *s)
{
    emit_open(e, "resources", '[');
    emit_open(e, NULL, '{');
    emit_line_or(e, "uid", s->arn, "unknown");
    emit_line(e, "name", s->name);
    emit_z(e, "type", machine_resource_row(s->type)->cloudformation);
    emit_line(e, "region", s->region);
    emit_line(e, "cloud_partition", machine_partition(s));
    emit_close(e);
    emit_close(e);
}

static void cloud(struct emit *e, const struct report_subject *s)
{
    emit_open(e, "cloud", '{');
    emit_z(e, "provider", "AWS");
    if (machine_account(s->account)) {
        emit_open(e, "account", '{');
        emit_line(e, "uid", s->account);
        emit_z(e, "type", "AWS Account");
        emit_num(e, "type_id", 10);
        emit_close(e);
    }
    emit_line(e, "region", s->region);
    emit_close(e);
}

/* What OCSF has no member for. */
static void unmapped(struct ocsf *o, const struct report_test *t, const char *verdict)
{
    struct emit *e = &o->e;
    struct machine_fact facts[MACHINE_FACTS_MAX];
    emit_open(e, "unmapped", '{');
    emit_z(e, "kdaudit_verdict", verdict);
    if (t->more_findings)
        emit_num(e, "kdaudit_more_findings", t->more_findings);
    machine_facts_emit(e, facts, machine_test_facts(o->a, t, facts), "kdaudit_", '_',
                       FACT_BYTES);
    machine_facts_emit(e, o->facts, o->nfacts, "kdaudit_run_", '_', FACT_BYTES);
    emit_close(e);
}

static void event(struct ocsf *o, const struct report_test *t)
{
    struct emit *e = &o->e;
    enum verdict verdict = machine_verdict(t);
    const struct verdict_row *v = machine_verdict_row(verdict);
    bool good = verdict == VERDICT_PASS || verdict == VERDICT_NOT_APPLICABLE;
    const struct severity_row *s =
        machine_severity_row(good ? SEVERITY_INFO : t->check->severity);
    int64_t now = machine_as_of(o->r) * 1000;
    char print[2 * DIGEST_BYTES + 1];
    machine_fingerprint(t, print);
    emit_open(e, NULL, '{');
    metadata(o, t);
    emit_num(e, "category_uid", 2);
    emit_z(e, "category_name", "Findings");
    emit_num(e, "class_uid", 2003);
    emit_z(e, "class_name", "Compliance Finding");
    emit_num(e, "activity_id", 1);
    emit_z(e, "activity_name", "Create");
    emit_num(e, "type_uid", 200301);
    emit_z(e, "type_name", "Compliance Finding: Create");
    emit_num(e, "time", now);
    emit_num(e, "severity_id", s->ocsf);
    emit_z(e, "severity", s->ocsf_name);
    emit_num(e, "status_id", machine_waived(t) ? 3 : 1);
    emit_z(e, "status", machine_waived(t) ? "Suppressed" : "New");
    emit_line(e, "message", machine_message(o->a, t));
    emit_open(e, "finding_info", '{');
    emit_z(e, "uid", print);
    emit_line_or(e, "title", t->check->title, "check");
    emit_line(e, "desc", machine_message(o->a, t));
    emit_num(e, "created_time", now);
    emit_close(e);
    compliance(o, t, v);
    resource(e, t->subject);
    emit_open(e, "evidences", '[');
    machine_spots(t, place, e);
    for (size_t i = 0; i < t->findings.n; i++)
        if (!t->findings.v[i].spot.evidence)
            missing(e, &t->findings.v[i]);
    emit_close(e);
    if (str_trim(t->check->remedy).n) {
        emit_open(e, "remediation", '{');
        emit_block(e, "desc", t->check->remedy);
        emit_close(e);
    }
    cloud(e, t->subject);
    unmapped(o, t, v->name);
    emit_close(e);
}

void machine_ocsf(struct buf *out, const struct report *r)
{
    struct machine_fact facts[MACHINE_FACTS_MAX];
    struct arena *a = arena_new(), *one = arena_new();
    size_t n = machine_run_facts(a, r, facts);
    for (size_t i = 0; i < r->tests.n; i++) {
        struct ocsf o = {
            .e = EMIT_TO(out, 0), .r = r, .a = one, .facts = facts, .nfacts = n};
        event(&o, &r->tests.v[i]);
        emit_done(&o.e);
        arena_rewind(one);
    }
    arena_free(one);
    arena_free(a);
}
