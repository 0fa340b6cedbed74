/* The terminal summary of a report. */
#include "cli/summary.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "base/when.h"
#include "render/machine_facts.h"
#include "report/derive.h"
#include "report/report.h"

#include <string.h>

enum {
    ROWS_AROUND = 14,
    TESTS_MIN = 5,
    TESTS_MAX = 30,
    BAR_CELLS = 20,
    COLUMNS_MIN = 40
};

static const char RED[] = "31", GREEN[] = "32", YELLOW[] = "33", GREY[] = "90",
                  BOLD[] = "1";

struct pen {
    struct buf *out;
    const struct summary_options *o;
    struct arena *a;
};

static void paint(const struct pen *p, const char *colour, struct str s)
{
    if (p->o->colour)
        buf_fmt(p->out, "\033[%sm", colour);
    utf8_vis(p->out, s);
    if (p->o->colour)
        buf_z(p->out, "\033[0m");
}

/* s, cut to columns with an ellipsis, padded when pad. */
static void fit(const struct pen *p, const char *colour, struct str s, size_t columns,
                bool pad)
{
    struct buf seen = BUF_INIT;
    utf8_vis(&seen, s);
    struct str v = buf_view(&seen);
    size_t width = utf8_columns(v);
    if (width > columns) {
        size_t to = 0;
        while (to < v.n && utf8_columns(str_sub(v, 0, to)) < columns - 1)
            to += utf8_len(str_sub(v, to, v.n));
        v = str_fmt(p->a, "%.*s…", (int)to, v.p);
        width = utf8_columns(v);
    } else {
        v = str_dup(p->a, v);
    }
    paint(p, colour, v);
    if (pad && width < columns)
        buf_repeat(p->out, ' ', columns - width);
    buf_free(&seen);
}

static const char *verdict_colour(const char *verdict)
{
    return strcmp(verdict, "pass") == 0   ? GREEN
           : strcmp(verdict, "fail") == 0 ? RED
                                          : YELLOW;
}

static void heading(const struct pen *p, const struct report *r)
{
    static const struct {
        const char *verdict, *word;
    } words[] = {{"pass", "PASS"},
                 {"fail", "FAIL"},
                 {"unknown", "UNKNOWN"},
                 {"nothing-judged", "NOTHING JUDGED"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].verdict, r->verdict) == 0)
            paint(p, verdict_colour(r->verdict), str_from(words[i].word));
    if (r->counts.scored)
        buf_fmt(p->out, "  score %u of 100", r->counts.score);
    if (r->counts.scored && r->waivers.n)
        buf_fmt(p->out, ", without the waivers %u", r->counts.score_unwaived);
    buf_z(p->out, "  ");
    paint(p, BOLD, derive_report_verdict_sentence(p->a, r));
    buf_fmt(p->out,
            ".\napplications: listed %u, described %u, judged %u; evidence files: %u, "
            "not usable %u; as of %s\n\n",
            r->applications_listed, r->applications_described, r->applications_judged,
            r->evidence.n, r->evidence_unusable,
            r->as_of == WHEN_NONE ? "no known time" : when_text(p->a, r->as_of).p);
}

static void bar(const struct pen *p, const struct report_counts *c)
{
    uint32_t all = c->total - c->not_applicable;
    uint32_t open = c->unknown + c->error + c->manual;
    uint32_t fails = c->fail - c->waived;
    size_t red = all ? ((size_t)fails * BAR_CELLS + all - 1) / all : 0;
    size_t yellow = all ? ((size_t)open * BAR_CELLS + all - 1) / all : 0;
    if (red + yellow > BAR_CELLS)
        yellow = BAR_CELLS - (red < BAR_CELLS ? red : BAR_CELLS);
    if (red > BAR_CELLS)
        red = BAR_CELLS;
    size_t green = all ? BAR_CELLS - red - yellow : 0;
    struct {
        size_t n;
        const char *cell, *colour;
    } parts[] = {{red, "#", RED}, {yellow, "?", YELLOW}, {green, "=", GREEN}};
    for (size_t i = 0; i < 3; i++) {
        struct buf cells = BUF_INIT;
        for (size_t j = 0; j < parts[i].n; j++)
            buf_z(&cells, parts[i].cell);
        if (cells.n)
            paint(p, parts[i].colour, buf_view(&cells));
        buf_free(&cells);
    }
    buf_repeat(p->out, ' ', BAR_CELLS - red - yellow - green);
}

static void number(const struct pen *p, uint32_t n, const char *colour)
{
    struct str s = str_fmt(p->a, "%5u", n);
    if (n)
        paint(p, colour, s);
    else
        paint(p, GREY, s);
}

static void controls(const struct pen *p, const struct report *r)
{
    size_t title = p->o->columns > 80 ? p->o->columns - 60 : 22;
    if (title > 60)
        title = 60;
    fit(p, GREY, STR("practice"), 7 + title, true);
    buf_repeat(p->out, ' ', BAR_CELLS + 1);
    paint(p, GREY, STR(" fail unkn. pass  n/a"));
    buf_c(p->out, '\n');
    for (size_t i = 0; i < r->controls.n; i++) {
        const struct report_control *c = &r->controls.v[i];
        fit(p, BOLD, c->id, 6, true);
        buf_c(p->out, ' ');
        fit(p, "0", c->title, title - 1, true);
        buf_c(p->out, ' ');
        bar(p, &c->counts);
        buf_c(p->out, ' ');
        number(p, c->counts.fail - c->counts.waived - c->counts.known, RED);
        number(p, c->counts.unknown + c->counts.error + c->counts.manual, YELLOW);
        number(p, c->counts.pass + c->counts.waived + c->counts.known, GREEN);
        number(p, c->counts.not_applicable, GREY);
        buf_c(p->out, '\n');
    }
    buf_c(p->out, '\n');
}

static void attention_row(const struct pen *p, const struct report_test *t)
{
    static const char *const marks[] = {"pass", "FAIL", "unkn", "hand", "n/a", "ERR"};
    const char *colour = t->result == RESULT_FAIL ? RED : YELLOW;
    fit(p, colour, str_from(marks[t->result]), 5, true);
    fit(p, GREY, str_from(severity_name(t->check->severity)), 9, true);
    fit(p, BOLD, t->check->id, 9, true);
    size_t rest = p->o->columns > COLUMNS_MIN ? p->o->columns - 23 : COLUMNS_MIN;
    struct str name = t->subject->name.n ? t->subject->name : t->subject->arn;
    bool expired = t->disposition == DISPOSITION_WAIVER_EXPIRED;
    struct str what =
        str_fmt(p->a, "%.*s%.*s", STR_ARG(expired ? machine_prefix(p->a, t) : STR("")),
                STR_ARG(report_message(p->a, t)));
    /* Room is short: most messages name their subject themselves, where it is seen. */
    size_t at = str_find(what, name);
    if (at == (size_t)-1 || at + name.n >= rest)
        what = str_fmt(p->a, "%.*s: %.*s", STR_ARG(name), STR_ARG(what));
    fit(p, "0", what, rest, false);
    buf_c(p->out, '\n');
}

static void attention(const struct pen *p, const struct report *r)
{
    size_t room =
        p->o->rows > ROWS_AROUND + TESTS_MIN ? p->o->rows - ROWS_AROUND : TESTS_MIN;
    if (room > TESTS_MAX)
        room = TESTS_MAX;
    size_t shown = r->attention.n < room ? r->attention.n : room;
    for (size_t i = 0; i < shown; i++)
        attention_row(p, r->attention.v[i]);
    if (shown < r->attention.n)
        paint(p, GREY, str_fmt(p->a, "and %zu more", r->attention.n - shown));
    if (shown < r->attention.n)
        buf_c(p->out, '\n');
    if (shown)
        buf_c(p->out, '\n');
}

void summary_write(struct buf *out, const struct report *r,
                   const struct summary_options *o)
{
    struct pen p = {.out = out, .o = o, .a = arena_new()};
    heading(&p, r);
    controls(&p, r);
    attention(&p, r);
    if (o->folder)
        buf_fmt(out, "reports: %s\n", o->folder);
    else
        buf_z(out,
              "next: -o DIR writes the full reports; kdaudit controls ID explains a "
              "check;\n"
              "      kdaudit evidence lists what is missing and how to collect it\n");
    arena_free(p.a);
}
