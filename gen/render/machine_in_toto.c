/* in-toto Statement v1 with a test-result v0.1 predicate, unsigned. */
#include "render/machine.h"
#include "render/machine_emit.h"
#include "render/machine_facts.h"
#include "render/machine_map.h"

#include "base/arena.h"
#include "render/junit.h"
#include "report/results.h"

enum { FACT_BYTES = 1024 };

static void digest(struct emit *e, const char *name, struct str sha256)
{
    if (!machine_sha256(sha256))
        return;
    emit_open(e, NULL, '{');
    emit_z(e, "name", name);
    emit_open(e, "digest", '{');
    emit_line(e, "sha256", sha256);
    emit_close(e);
    emit_close(e);
}

/* The file of waivers, and what stands in it. */
static void waivers(struct emit *e, const struct report *r)
{
    if (!machine_sha256(r->waivers_sha256))
        return;
    emit_open(e, NULL, '{');
    emit_z(e, "name", "waivers");
    emit_open(e, "digest", '{');
    emit_line(e, "sha256", r->waivers_sha256);
    emit_close(e);
    emit_open(e, "annotations", '{');
    machine_waivers_emit(e, r);
    emit_close(e);
    emit_close(e);
}

static void configuration(struct emit *e, struct arena *a, const struct report *r)
{
    struct buf tool = BUF_INIT;
    struct machine_fact facts[MACHINE_FACTS_MAX];
    buf_z(&tool, "pkg:generic/kdaudit@");
    machine_uri(&tool, r->version.n ? r->version : STR("unknown"));
    emit_open(e, "configuration", '[');
    digest(e, "catalog", r->catalog.sha256);
    digest(e, "evidence", r->evidence_sha256);
    waivers(e, r);
    emit_open(e, NULL, '{');
    emit_z(e, "name", "kdaudit");
    emit_z(e, "uri", tool.p);
    emit_open(e, "annotations", '{');
    machine_facts_emit(e, facts, machine_run_facts(a, r, facts), "", '_', FACT_BYTES);
    emit_close(e);
    emit_close(e);
    emit_close(e);
    buf_free(&tool);
}

static enum in_toto_list list_of(const struct report_test *t)
{
    if (machine_waived(t))
        return LIST_WARNED;
    return machine_verdict_row(machine_verdict(t))->in_toto;
}

static void list(struct emit *e, struct arena *a, const struct report *r,
                 const char *name, enum in_toto_list which)
{
    emit_keep(e, name, '[');
    for (size_t i = 0; i < r->tests.n; i++) {
        const struct report_test *t = &r->tests.v[i];
        if (list_of(t) != which)
            continue;
        emit_line(e, NULL,
                  STR_CAT(a, junit_word(a, t->check->control->id), STR(" "),
                          junit_case_name(a, t)));
    }
    emit_close(e);
}

/* A run that judged nothing did not pass. */
static const char *result_of(const struct report *r)
{
    bool warned = false;
    for (size_t i = 0; i < r->tests.n; i++) {
        enum in_toto_list list = list_of(&r->tests.v[i]);
        if (list == LIST_FAILED)
            return "FAILED";
        warned = warned || list == LIST_WARNED;
    }
    if (!r->counts.judged)
        return "FAILED";
    return warned ? "WARNED" : "PASSED";
}

void machine_in_toto_of(struct buf *out, const struct report *r,
                        const struct machine_subject *subjects, size_t n)
{
    struct emit e = EMIT_TO(out, 3);
    struct arena *a = arena_new();
    emit_open(&e, NULL, '{');
    emit_z(&e, "_type", "https://in-toto.io/Statement/v1");
    emit_open(&e, "subject", '[');
    for (size_t i = 0; i < n; i++) {
        emit_open(&e, NULL, '{');
        emit_line(&e, "name", subjects[i].name);
        emit_open(&e, "digest", '{');
        emit_line(&e, "sha256", subjects[i].sha256);
        emit_close(&e);
        emit_close(&e);
    }
    emit_close(&e);
    emit_z(&e, "predicateType", "https://in-toto.io/attestation/test-result/v0.1");
    emit_open(&e, "predicate", '{');
    emit_z(&e, "result", result_of(r));
    configuration(&e, a, r);
    list(&e, a, r, "passedTests", LIST_PASSED);
    list(&e, a, r, "warnedTests", LIST_WARNED);
    list(&e, a, r, "failedTests", LIST_FAILED);
    emit_close(&e);
    emit_close(&e);
    emit_done(&e);
    arena_free(a);
}

void machine_in_toto(struct buf *out, const struct report *r)
{
    struct arena *a = arena_new();
    struct buf json = BUF_INIT;
    results_write(&json, r);
    struct machine_subject s = {STR("results.json"), digest_hex(a, buf_view(&json))};
    machine_in_toto_of(out, r, &s, 1);
    buf_free(&json);
    arena_free(a);
}
