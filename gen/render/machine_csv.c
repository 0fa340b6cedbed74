/* CSV (RFC 4180): a row for each test, for people with spreadsheets. */
#include "render/machine.h"
#include "render/machine_map.h"

#include "base/arena.h"
#include "base/when.h"
#include "tmpl/tmpl.h"

struct line {
    struct arena *a;
    const struct report_test *t;
    const struct report_spot *spot; /* NULL: none */
    struct machine_waiver waiver;
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
    return l->t->message;
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
};
/* clang-format on */

void machine_csv(struct buf *out, const struct report *r)
{
    enum { COLUMNS = sizeof columns / sizeof *columns };
    struct arena *a = arena_new();
    for (size_t i = 0; i < COLUMNS; i++)
        buf_fmt(out, "%s\"%s\"", i ? "," : "", columns[i].name);
    buf_z(out, "\r\n");
    for (size_t i = 0; i < r->tests.n; i++) {
        const struct report_test *t = &r->tests.v[i];
        struct line l = {a, t, machine_spot(t), machine_waiver(t)};
        for (size_t j = 0; j < COLUMNS; j++) {
            if (j)
                buf_c(out, ',');
            escape_write(out, ESCAPE_CSV, columns[j].text(&l));
        }
        buf_z(out, "\r\n");
    }
    arena_free(a);
}
