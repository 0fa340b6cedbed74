/* HDF, the Heimdall Data Format (InSpec's exec-json): a control for each check, since
 * severity belongs to checks; our controls are its groups. */
#include "render/machine.h"
#include "render/machine_emit.h"
#include "render/machine_facts.h"
#include "render/machine_map.h"

#include "base/arena.h"
#include "report/derive.h"

enum { FACT_BYTES = 1024 };

/* The reader calls a control with impact 0 not applicable, whatever its results but
 * errors. A check that applies to nothing must read so, and not as one never reviewed. */
static bool applies(const struct report_check *c)
{
    return c->counts.total > c->counts.not_applicable;
}

/* The reader takes a whole control as waived: only when no other test of it is open. */
static bool waived(const struct report_check *c)
{
    return c->counts.waived && c->counts.fail == c->counts.waived && !c->counts.unknown &&
           !c->counts.error && !c->counts.manual;
}

static void waiver(struct emit *e, const struct report_check *c)
{
    for (size_t i = 0; i < c->tests.n; i++) {
        if (machine_verdict(c->tests.v[i]) != VERDICT_WAIVED)
            continue;
        struct machine_waiver w = machine_waiver(c->tests.v[i]);
        emit_open(e, "waiver_data", '{');
        emit_bool(e, "run", true);
        emit_bool(e, "skipped_due_to_waiver", false);
        emit_line(e, "justification", w.reason);
        emit_line(e, "expiration_date", w.until);
        emit_line(e, "message", w.by);
        emit_close(e);
        return;
    }
}

static void label(struct emit *e, const char *name, struct str data)
{
    if (!str_trim(data).n)
        return;
    emit_open(e, NULL, '{');
    emit_z(e, "label", name);
    emit_block(e, "data", data);
    emit_close(e);
}

static void tags(struct emit *e, const struct report_check *c)
{
    emit_keep(e, "tags", '{');
    emit_open(e, "nist", '[');
    for (size_t i = 0; i < c->references.n; i++)
        if (str_has(c->references.v[i].framework, STR("800-53")))
            emit_line(e, NULL, c->references.v[i].id);
    emit_close(e);
    emit_z(e, "severity", severity_name(c->severity));
    emit_line(e, "control", c->control->id);
    emit_close(e);
}

static void result(struct emit *e, struct arena *a, const struct report *r,
                   const struct report_test *t)
{
    const struct verdict_row *v = machine_verdict_row(machine_verdict(t));
    bool skipped = v->hdf[0] == 's';
    struct str text = str_fmt(a, "%.*s%.*s", STR_ARG(machine_prefix(a, t)),
                              STR_ARG(machine_message(a, t)));
    struct machine_fact facts[MACHINE_FACTS_MAX];
    const struct report_spot *s = machine_spot(t);
    emit_open(e, NULL, '{');
    emit_z(e, "status", v->hdf);
    emit_line_or(e, "code_desc", derive_test_name(a, t), "test");
    emit_line(e, skipped ? "skip_message" : "message", text);
    if (s)
        emit_line(e, "exception", v->hdf[0] == 'e' ? derive_spot_place(a, s) : STR(""));
    emit_num(e, "run_time", 0);
    emit_time(e, "start_time", machine_collected(r, t));
    emit_line(e, "resource", t->subject->type);
    emit_line(e, "resource_id", t->subject->arn);
    machine_facts_emit(e, facts, machine_test_facts(a, t, facts), "kdaudit_", '_',
                       FACT_BYTES);
    emit_close(e);
}

static void control(struct emit *e, struct arena *a, const struct report *r,
                    const struct report_check *c)
{
    emit_open(e, NULL, '{');
    emit_line_or(e, "id", c->id, "check");
    emit_line(e, "title", c->title);
    emit_line(e, "desc", c->expected);
    emit_open(e, "descriptions", '[');
    label(e, "check", c->prose);
    label(e, "fix", c->remedy);
    label(e, "rationale", c->control->rationale);
    emit_close(e);
    double impact = machine_severity_row(c->severity)->hdf_impact;
    emit_decimal(e, "impact", applies(c) ? impact : 0);
    emit_keep(e, "refs", '[');
    emit_close(e);
    tags(e, c);
    emit_keep(e, "source_location", '{');
    emit_close(e);
    if (waived(c))
        waiver(e, c);
    emit_keep(e, "results", '[');
    for (size_t i = 0; i < c->tests.n; i++)
        result(e, a, r, c->tests.v[i]);
    emit_close(e);
    emit_close(e);
}

static void groups(struct emit *e, const struct report *r)
{
    emit_keep(e, "groups", '[');
    for (size_t i = 0; i < r->controls.n; i++) {
        const struct report_control *c = &r->controls.v[i];
        emit_open(e, NULL, '{');
        emit_line_or(e, "id", c->id, "control");
        emit_line(e, "title", c->title);
        emit_keep(e, "controls", '[');
        for (size_t j = 0; j < c->checks.n; j++)
            emit_line_or(e, NULL, c->checks.v[j].id, "check");
        emit_close(e);
        emit_close(e);
    }
    emit_close(e);
}

static void attributes(struct emit *e, const struct report *r)
{
    emit_keep(e, "attributes", '[');
    for (size_t i = 0; i < r->params.n; i++) {
        emit_open(e, NULL, '{');
        emit_line(e, "name", r->params.v[i].name);
        emit_open(e, "options", '{');
        emit_line(e, "value", r->params.v[i].value);
        emit_line(e, "description", r->params.v[i].help);
        emit_close(e);
        emit_close(e);
    }
    emit_close(e);
}

static void profile(struct emit *e, struct arena *a, const struct report *r)
{
    emit_open(e, NULL, '{');
    emit_line_or(e, "name", r->catalog.id, "catalog");
    emit_line(e, "title", r->catalog.title);
    emit_line(e, "version", r->catalog.version);
    emit_line_or(e, "sha256", r->catalog.sha256, "unknown");
    emit_keep(e, "supports", '[');
    emit_close(e);
    attributes(e, r);
    groups(e, r);
    emit_z(e, "status", "loaded");
    emit_keep(e, "controls", '[');
    for (size_t i = 0; i < r->checks.n; i++)
        control(e, a, r, r->checks.v[i]);
    emit_close(e);
    emit_close(e);
}

/* What holds for the whole run, where converters to HDF keep what it has no member for.
 */
static void auxiliary(struct emit *e, struct arena *a, const struct report *r)
{
    struct machine_fact facts[MACHINE_FACTS_MAX];
    emit_open(e, "passthrough", '{');
    emit_open(e, "auxiliary_data", '[');
    emit_open(e, NULL, '{');
    emit_z(e, "name", "kdaudit");
    emit_open(e, "data", '{');
    machine_facts_emit(e, facts, machine_run_facts(a, r, facts), "", '_', FACT_BYTES);
    machine_waivers_emit(e, r);
    emit_close(e);
    emit_close(e);
    emit_close(e);
    emit_close(e);
}

void machine_hdf(struct buf *out, const struct report *r)
{
    struct emit e = EMIT_TO(out, 6);
    struct arena *a = arena_new();
    emit_open(&e, NULL, '{');
    emit_open(&e, "platform", '{');
    emit_z(&e, "name", "kdaudit");
    emit_line_or(&e, "release", r->version, "unknown");
    if (r->accounts.n == 1)
        emit_line(&e, "target_id", r->accounts.v[0].id);
    emit_close(&e);
    emit_line_or(&e, "version", r->version, "unknown");
    emit_open(&e, "statistics", '{');
    emit_num(&e, "duration", 0);
    emit_close(&e);
    emit_open(&e, "profiles", '[');
    profile(&e, a, r);
    emit_close(&e);
    auxiliary(&e, a, r);
    emit_close(&e);
    emit_done(&e);
    arena_free(a);
}
