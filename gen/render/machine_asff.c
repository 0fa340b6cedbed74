/* ASFF, the AWS Security Finding Format (Security Hub, BatchImportFindings). Lengths are
 * those of the service model; counted in bytes here, so never too long. */
#include "render/machine.h"
#include "render/machine_emit.h"
#include "render/machine_facts.h"
#include "render/machine_map.h"

#include "base/arena.h"
#include "report/derive.h"

#include <string.h>

enum {
    ID_BYTES = 512,
    TITLE_BYTES = 256,
    DESCRIPTION_BYTES = 1024,
    REMEDY_BYTES = 512,
    FIELD_BYTES = 1024,
    MAX_REQUIREMENTS = 32,
};

/* clang-format off */
static const struct {
    const char *partition, *region;
} homes[] = {
    {"aws",        "us-east-1"}, {"aws-cn",    "cn-north-1"},   {"aws-us-gov", "us-gov-west-1"},
    {"aws-iso",    "us-iso-east-1"}, {"aws-iso-b", "us-isob-east-1"}, {"aws-eusc", "eusc-de-east-1"},
};
/* clang-format on */

/* The region of a global resource's findings, and the partition if it is none of AWS's.
 */
static void home_of(const struct report_subject *s, const char **partition,
                    struct str *region)
{
    struct str name = machine_partition(s);
    size_t i = sizeof homes / sizeof *homes;
    while (--i && !str_eq(name, str_from(homes[i].partition)))
        continue;
    *partition = homes[i].partition;
    bool place = s->region.n && s->region.n < 32;
    for (size_t j = 0; j < s->region.n && place; j++)
        place = s->region.p[j] &&
                strchr("abcdefghijklmnopqrstuvwxyz0123456789-", s->region.p[j]);
    bool regional = place && str_find_char(s->region, '-') != (size_t)-1;
    *region = regional ? s->region : str_from(homes[i].region);
}

/* The account that a finding is imported into: its own, else the first of the report. */
static struct str account_of(const struct report *r, const struct report_subject *s)
{
    if (machine_account(s->account))
        return s->account;
    for (size_t i = 0; i < r->accounts.n; i++)
        if (machine_account(r->accounts.v[i].id))
            return r->accounts.v[i].id;
    return STR("000000000000");
}

static void resource(struct emit *e, const struct report_subject *s,
                     const char *partition, struct str region)
{
    const char *type = machine_resource_row(s->type)->asff;
    bool account = str_eq(s->type, STR("account")) && machine_account(s->account);
    struct buf id = BUF_INIT;
    buf_fmt(&id, "AWS::::Account:%.*s", account ? (int)s->account.n : 0, s->account.p);
    emit_open(e, "Resources", '[');
    emit_open(e, NULL, '{');
    emit_z(e, "Type", type ? type : "Other");
    emit_line_or(e, "Id", account ? buf_view(&id) : s->arn, "unknown");
    emit_z(e, "Partition", partition);
    emit_line(e, "Region", region);
    emit_close(e);
    emit_close(e);
    buf_free(&id);
}

/* What every finding says of the run. */
struct run {
    struct machine_fact facts[MACHINE_FACTS_MAX];
    size_t n;
};

static void fields(struct emit *e, struct arena *a, const struct run *run,
                   const struct report_test *t, const char *verdict)
{
    const struct report_spot *s = machine_spot(t);
    struct machine_fact facts[MACHINE_FACTS_MAX];
    emit_open(e, "ProductFields", '{');
    emit_z(e, "kdaudit/verdict", verdict);
    emit_z(e, "kdaudit/reason", machine_reason(t));
    machine_facts_emit(e, facts, machine_test_facts(a, t, facts), "kdaudit/", '-',
                       FIELD_BYTES);
    machine_facts_emit(e, run->facts, run->n, "kdaudit/run-", '-', FIELD_BYTES);
    if (s) {
        emit_cut(e, "kdaudit/evidence", derive_spot_place(a, s), FIELD_BYTES);
        emit_cut(e, "kdaudit/evidence-sha256", s->evidence->sha256, FIELD_BYTES);
        emit_cut(e, "kdaudit/pointer", s->pointer, FIELD_BYTES);
    }
    emit_close(e);
}

static void requirements(struct emit *e, struct arena *a, const struct report *r,
                         const struct report_check *c)
{
    emit_open(e, "RelatedRequirements", '[');
    emit_line(
        e, NULL,
        str_fmt(a, "%.*s %.*s", STR_ARG(r->catalog.title), STR_ARG(c->control->id)));
    for (size_t i = 0; i < c->references.n && i + 1 < MAX_REQUIREMENTS; i++)
        emit_line(e, NULL,
                  str_fmt(a, "%.*s %.*s", STR_ARG(c->references.v[i].framework),
                          STR_ARG(c->references.v[i].id)));
    emit_close(e);
}

static void finding(struct emit *e, struct arena *a, const struct report *r,
                    const struct run *run, const struct report_test *t)
{
    enum verdict verdict = machine_verdict(t);
    const struct verdict_row *v = machine_verdict_row(verdict);
    bool good = verdict == VERDICT_PASS || verdict == VERDICT_NOT_APPLICABLE;
    struct str account = account_of(r, t->subject), region;
    const char *partition;
    char print[2 * DIGEST_BYTES + 1];
    machine_fingerprint(t, print);
    home_of(t->subject, &partition, &region);
    emit_open(e, NULL, '{');
    emit_z(e, "SchemaVersion", "2018-10-08");
    emit_z(e, "Id", str_fmt(a, "kdaudit/%s", print).p);
    emit_z(e, "ProductArn",
           str_fmt(a, "arn:%s:securityhub:%.*s:%.*s:product/%.*s/default", partition,
                   STR_ARG(region), STR_ARG(account), STR_ARG(account))
               .p);
    emit_cut(e, "GeneratorId",
             str_fmt(a, "kdaudit/%.*s/%.*s", STR_ARG(t->check->control->id),
                     STR_ARG(t->check->id)),
             ID_BYTES);
    emit_line(e, "AwsAccountId", account);
    emit_open(e, "Types", '[');
    emit_z(e, NULL,
           "Software and Configuration Checks/Industry and Regulatory Standards");
    emit_close(e);
    emit_time(e, "CreatedAt", machine_as_of(r));
    emit_time(e, "UpdatedAt", machine_as_of(r));
    emit_open(e, "Severity", '{');
    emit_z(e, "Label",
           machine_severity_row(good ? SEVERITY_INFO : t->check->severity)->asff);
    emit_close(e);
    struct str title =
        str_fmt(a, "%.*s %.*s", STR_ARG(t->check->id), STR_ARG(t->check->title));
    emit_cut(e, "Title", str_trim(title).n ? title : STR("check"), TITLE_BYTES);
    struct str text = str_fmt(a, "%.*s%.*s", STR_ARG(machine_prefix(a, t)),
                              STR_ARG(machine_message(a, t)));
    emit_cut(e, "Description", str_trim(text).n ? text : STR("-"), DESCRIPTION_BYTES);
    if (str_trim(t->check->remedy).n) {
        emit_open(e, "Remediation", '{');
        emit_open(e, "Recommendation", '{');
        emit_cut(e, "Text", t->check->remedy, REMEDY_BYTES);
        emit_close(e);
        emit_close(e);
    }
    fields(e, a, run, t, v->name);
    resource(e, t->subject, partition, region);
    emit_open(e, "Compliance", '{');
    emit_z(e, "Status", v->asff);
    requirements(e, a, r, t->check);
    emit_close(e);
    emit_open(e, "Workflow", '{');
    emit_z(e, "Status", machine_waived(t) ? "SUPPRESSED" : "NEW");
    emit_close(e);
    emit_z(e, "RecordState", "ACTIVE");
    emit_close(e);
}

void machine_asff(struct buf *out, const struct report *r)
{
    struct emit e = EMIT_TO(out, 1);
    struct arena *a = arena_new();
    struct run run;
    run.n = machine_run_facts(a, r, run.facts);
    emit_keep(&e, NULL, '[');
    for (size_t i = 0; i < r->tests.n; i++)
        finding(&e, a, r, &run, &r->tests.v[i]);
    emit_close(&e);
    emit_done(&e);
    arena_free(a);
}
