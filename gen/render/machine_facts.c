/* What each format says of a run and of a test beside its verdict. */
#include "render/machine_facts.h"

#include "base/when.h"
#include "render/machine_emit.h"
#include "render/machine_map.h"

static struct str count(struct arena *a, uint32_t n)
{
    return str_fmt(a, "%u", n);
}

static struct str run_redacted(struct arena *a, const struct report *r)
{
    (void)a;
    return r->redacted ? STR("true") : STR("");
}

static struct str run_score(struct arena *a, const struct report *r)
{
    return r->counts.scored ? count(a, r->counts.score) : STR("");
}

static struct str run_score_unwaived(struct arena *a, const struct report *r)
{
    return r->counts.scored ? count(a, r->counts.score_unwaived) : STR("");
}

static uint32_t accepted(const struct report *r, enum disposition how)
{
    uint32_t n = 0;
    for (size_t i = 0; i < r->tests.n; i++)
        n += r->tests.v[i].disposition == how;
    return n;
}

static struct str run_waived(struct arena *a, const struct report *r)
{
    uint32_t n = accepted(r, DISPOSITION_WAIVED);
    return n ? count(a, n) : STR("");
}

static struct str run_known(struct arena *a, const struct report *r)
{
    uint32_t n = accepted(r, DISPOSITION_KNOWN);
    return n ? count(a, n) : STR("");
}

static const struct report_waiver *waiver_of(const struct report_test *t)
{
    static const struct report_waiver none;
    return t->waiver ? t->waiver : &none;
}

static bool is_attestation(const struct report_test *t)
{
    return t->waiver && t->waiver->kind && t->waiver->kind[0] == 'a';
}

static struct str test_basis(struct arena *a, const struct report_test *t)
{
    (void)a;
    return t->basis == BASIS_ATTESTED ? STR("attested") : STR("");
}

static struct str test_known(struct arena *a, const struct report_test *t)
{
    bool known = t->disposition == DISPOSITION_KNOWN && t->known_since != WHEN_NONE;
    return known ? when_date(a, t->known_since) : STR("");
}

static struct str test_waiver(struct arena *a, const struct report_test *t)
{
    (void)a;
    return is_attestation(t) ? STR("") : waiver_of(t)->reason;
}

static struct str test_attestation(struct arena *a, const struct report_test *t)
{
    (void)a;
    return is_attestation(t) ? waiver_of(t)->reason : STR("");
}

static struct str test_by(struct arena *a, const struct report_test *t)
{
    (void)a;
    return waiver_of(t)->by;
}

static struct str test_until(struct arena *a, const struct report_test *t)
{
    (void)a;
    return waiver_of(t)->until;
}

static struct str test_expired(struct arena *a, const struct report_test *t)
{
    (void)a;
    return waiver_of(t)->expired ? STR("true") : STR("");
}

static struct str test_ticket(struct arena *a, const struct report_test *t)
{
    (void)a;
    return waiver_of(t)->ticket;
}

static struct str test_document(struct arena *a, const struct report_test *t)
{
    (void)a;
    return waiver_of(t)->document;
}

static struct str test_document_sha256(struct arena *a, const struct report_test *t)
{
    (void)a;
    return waiver_of(t)->sha256;
}

/* clang-format off */
static const struct { const char *name; struct str (*text)(struct arena *a, const struct report *r); } run_facts[] = {
    {"redacted",              run_redacted},
    {"score",                 run_score},
    {"score-without-waivers", run_score_unwaived},
    {"waived",                run_waived},
    {"known",                 run_known},
};
static const struct { const char *name; struct str (*text)(struct arena *a, const struct report_test *t); } test_facts[] = {
    {"basis",           test_basis},
    {"known-since",     test_known},
    {"waiver",          test_waiver},
    {"attestation",     test_attestation},
    {"accepted-by",     test_by},
    {"accepted-until",  test_until},
    {"expired",         test_expired},
    {"ticket",          test_ticket},
    {"document",        test_document},
    {"document-sha256", test_document_sha256},
};
/* clang-format on */

size_t machine_run_facts(struct arena *a, const struct report *r,
                         struct machine_fact out[MACHINE_FACTS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof run_facts / sizeof *run_facts; i++) {
        struct str value = run_facts[i].text(a, r);
        if (str_trim(value).n)
            out[n++] = (struct machine_fact){run_facts[i].name, value};
    }
    return n;
}

size_t machine_test_facts(struct arena *a, const struct report_test *t,
                          struct machine_fact out[MACHINE_FACTS_MAX])
{
    size_t n = 0;
    if (!t->waiver && t->disposition == DISPOSITION_OPEN)
        return 0;
    for (size_t i = 0; i < sizeof test_facts / sizeof *test_facts; i++) {
        struct str value = test_facts[i].text(a, t);
        if (str_trim(value).n)
            out[n++] = (struct machine_fact){test_facts[i].name, value};
    }
    return n;
}

void machine_facts_emit(struct emit *e, const struct machine_fact *facts, size_t n,
                        const char *prefix, char joint, size_t max_bytes)
{
    for (size_t i = 0; i < n; i++) {
        struct buf key = BUF_INIT;
        buf_z(&key, prefix);
        size_t from = key.n;
        buf_z(&key, facts[i].name);
        for (size_t j = from; j < key.n; j++)
            if (key.p[j] == '-')
                key.p[j] = joint;
        emit_cut(e, key.p, facts[i].value, max_bytes);
        buf_free(&key);
    }
}

void machine_waivers_emit(struct emit *e, const struct report *r)
{
    emit_open(e, "waivers", '[');
    for (size_t i = 0; i < r->waivers.n; i++) {
        const struct report_waiver *w = &r->waivers.v[i];
        emit_open(e, NULL, '{');
        emit_z(e, "kind", w->kind);
        emit_line(e, "id", w->id);
        emit_line(e, "subject", w->subject);
        emit_line(e, "reason", w->reason);
        emit_line(e, "by", w->by);
        emit_line(e, "until", w->until);
        emit_line(e, "ticket", w->ticket);
        emit_line(e, "document", w->document);
        emit_line(e, "document_sha256", w->sha256);
        emit_bool(e, "expired", w->expired);
        emit_num(e, "tests", w->used);
        emit_close(e);
    }
    emit_close(e);
}

struct str machine_prefix(struct arena *a, const struct report_test *t)
{
    const struct report_waiver *w = waiver_of(t);
    struct str known = test_known(a, t);
    if (t->disposition == DISPOSITION_WAIVED && w->until.n)
        return str_fmt(a, "Waived until %.*s by %.*s: ", STR_ARG(w->until),
                       STR_ARG(w->by.n ? w->by : STR("nobody named")));
    if (t->disposition == DISPOSITION_WAIVED)
        return STR("Waived: ");
    if (t->disposition == DISPOSITION_WAIVER_EXPIRED && w->until.n)
        return str_fmt(a, "Waiver expired after %.*s: ", STR_ARG(w->until));
    if (known.n)
        return str_fmt(a, "Known since %.*s: ", STR_ARG(known));
    if (t->disposition == DISPOSITION_KNOWN)
        return STR("Known: ");
    return str_from(machine_verdict_row(machine_verdict(t))->prefix);
}
