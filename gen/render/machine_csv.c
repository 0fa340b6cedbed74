/* CSV (RFC 4180): a row for each test, for people with spreadsheets. */
#include "render/machine.h"
#include "render/machine_facts.h"
#include "render/machine_map.h"

#include "base/arena.h"
#include "base/when.h"
#include "tmpl/tmpl.h"

#include <string.h>

struct line {
    struct arena *a;
    const struct report_test *t;
    const struct report_spot *spot; /* NULL: none */
    struct machine_waiver waiver;
    struct machine_fact facts[2 * MACHINE_FACTS_MAX]; /* of the test, then of the run */
    size_t nfacts;
};

static struct str control(const struct line *l)
{
    return l->t->check->control->id;
}

static struct str title(const struct line *l)
{
    return l->t->check->title;
}

static struct str severity(const struct line *l)
{
    return str_from(severity_name(l->t->check->severity));
}

static struct str check(const struct line *l)
{
    return l->t->check->id;
}

static struct str verdict(const struct line *l)
{
    return str_from(machine_verdict_row(machine_verdict(l->t))->name);
}

static struct str account(const struct line *l)
{
    return l->t->subject->account;
}

static struct str region(const struct line *l)
{
    return l->t->subject->region;
}

static struct str subject(const struct line *l)
{
    return l->t->subject->arn;
}

static struct str reason(const struct line *l)
{
    return report_message(l->a, l->t);
}

static struct str evidence(const struct line *l)
{
    return l->spot ? l->spot->evidence->path : STR("");
}

static struct str number(const struct line *l, uint32_t n)
{
    return n ? str_fmt(l->a, "%u", n) : STR("");
}

static struct str line_number(const struct line *l)
{
    return number(l, l->spot ? l->spot->line : 0);
}

static struct str column_number(const struct line *l)
{
    return number(l, l->spot ? l->spot->column : 0);
}

static struct str pointer(const struct line *l)
{
    return l->spot ? l->spot->pointer : STR("");
}

static struct str sha256(const struct line *l)
{
    return l->spot ? l->spot->evidence->sha256 : STR("");
}

static struct str collected(const struct line *l)
{
    return l->spot ? when_text(l->a, l->spot->evidence->collected) : STR("");
}

static struct str waiver(const struct line *l)
{
    return l->waiver.reason;
}

static struct str waiver_expires(const struct line *l)
{
    return l->waiver.until;
}

/* clang-format off */
/* text NULL: what machine_facts.c has under that name. */
static const struct {
    const char *name;
    struct str (*text)(const struct line *l);
} columns[] = {
    {"control",        control},
    {"title",          title},
    {"severity",       severity},
    {"check",          check},
    {"verdict",        verdict},
    {"account",        account},
    {"region",         region},
    {"subject",        subject},
    {"reason",         reason},
    {"evidence",       evidence},
    {"line",           line_number},
    {"column",         column_number},
    {"pointer",        pointer},
    {"sha256",         sha256},
    {"collected_at",   collected},
    {"waiver",         waiver},
    {"waiver_expires", waiver_expires},
    {"accepted-by",    NULL},
    {"ticket",         NULL},
    {"known-since",    NULL},
    {"basis",          NULL},
    {"redacted",       NULL},
    {"score",          NULL},
    {"score-without-waivers", NULL},
};
/* clang-format on */

static struct str fact(const struct line *l, const char *name)
{
    for (size_t i = 0; i < l->nfacts; i++)
        if (strcmp(l->facts[i].name, name) == 0)
            return l->facts[i].value;
    return STR("");
}

void machine_csv(struct buf *out, const struct report *r)
{
    enum { COLUMNS = sizeof columns / sizeof *columns };
    struct arena *a = arena_new();
    for (size_t i = 0; i < COLUMNS; i++) {
        buf_fmt(out, "%s\"", i ? "," : "");
        for (const char *p = columns[i].name; *p; p++)
            buf_c(out, *p == '-' ? '_' : *p);
        buf_c(out, '"');
    }
    buf_z(out, "\r\n");
    struct machine_fact run[MACHINE_FACTS_MAX];
    size_t nrun = machine_run_facts(a, r, run);
    for (size_t i = 0; i < r->tests.n; i++) {
        const struct report_test *t = &r->tests.v[i];
        struct line l = {
            .a = a, .t = t, .spot = machine_spot(t), .waiver = machine_waiver(t)};
        l.nfacts = machine_test_facts(a, t, l.facts);
        memcpy(l.facts + l.nfacts, run, nrun * sizeof *run);
        l.nfacts += nrun;
        for (size_t j = 0; j < COLUMNS; j++) {
            if (j)
                buf_c(out, ',');
            escape_write(out, ESCAPE_CSV,
                         columns[j].text ? columns[j].text(&l)
                                         : fact(&l, columns[j].name));
        }
        buf_z(out, "\r\n");
    }
    arena_free(a);
}
