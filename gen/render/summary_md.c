/* The summary for CI: a step summary, or a comment on a pull request. */
#include "render/summary_md.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/when.h"
#include "render/machine_facts.h"
#include "render/machine_map.h"
#include "report/derive.h"
#include "tmpl/tmpl.h"

#include <string.h>

enum {
    CELL_BYTES = 240, /* of one value, before it is escaped */
    TAIL_BYTES = 240, /* kept free for what says what is left out */
};

/* s, or its beginning and an ellipsis. */
static struct str shortened(struct arena *a, struct str s)
{
    if (s.n <= CELL_BYTES)
        return s;
    size_t n = CELL_BYTES;
    while (n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return str_fmt(a, "%.*s…", (int)n, s.p);
}

static void cell(struct buf *out, struct arena *a, struct str value)
{
    if (value.n)
        escape_write(out, ESCAPE_MD_CELL, shortened(a, value));
    buf_z(out, " | ");
}

static void words(struct buf *out, struct arena *a, struct str value)
{
    escape_write(out, ESCAPE_MD, shortened(a, value));
    buf_z(out, " |");
}

static struct str subject(struct arena *a, const struct report_test *t)
{
    const struct report_subject *s = t->subject;
    struct str name = s->name.n && !s->ambiguous ? s->name : s->arn;
    return str_fmt(a, "%.*s/%.*s %.*s", STR_ARG(s->account), STR_ARG(s->region),
                   STR_ARG(name));
}

/* A row of what is open. */
static void open_row(struct buf *out, struct arena *a, const struct report_test *t)
{
    const struct report_spot *s = machine_spot(t);
    const struct verdict_row *v = machine_verdict_row(machine_verdict(t));
    buf_fmt(out, "| **%s** | %s | ", v->name, severity_name(t->check->severity));
    cell(out, a, t->check->id);
    cell(out, a, subject(a, t));
    cell(out, a, s ? derive_spot_place(a, s) : STR(""));
    bool expired = t->disposition == DISPOSITION_WAIVER_EXPIRED;
    words(out, a,
          str_fmt(a, "%.*s%.*s", STR_ARG(expired ? machine_prefix(a, t) : STR("")),
                  STR_ARG(machine_message(a, t))));
    buf_c(out, '\n');
}

/* A row of a folded list. */
static void quiet_row(struct buf *out, struct arena *a, const struct report_test *t)
{
    struct machine_waiver w = machine_waiver(t);
    bool waived = machine_waived(t), known = t->disposition == DISPOSITION_KNOWN;
    buf_z(out, "| ");
    cell(out, a, t->check->id);
    cell(out, a, subject(a, t));
    words(out, a,
          str_fmt(a, "%.*s%.*s",
                  STR_ARG(waived || known ? machine_prefix(a, t) : STR("")),
                  STR_ARG(waived && w.reason.n ? w.reason : machine_message(a, t))));
    buf_c(out, '\n');
}

static bool is_open(const struct report_test *t)
{
    return report_open(t) && t->result != RESULT_MANUAL;
}

static bool is_passed(const struct report_test *t)
{
    return t->result == RESULT_PASS;
}

static bool is_accepted(const struct report_test *t)
{
    return !report_open(t) && (t->result == RESULT_FAIL || t->result == RESULT_UNKNOWN);
}

static bool is_not_applicable(const struct report_test *t)
{
    return t->result == RESULT_NOT_APPLICABLE;
}

static bool is_manual(const struct report_test *t)
{
    return t->result == RESULT_MANUAL;
}

/* clang-format off */
/* The folded lists in the order of the page, and which goes first when room is short. */
static const struct list {
    const char *title;
    bool (*holds)(const struct report_test *t);
    int drop;
} lists[] = {
    {"Needs a person",    is_manual,         3},
    {"Waived and known",  is_accepted,       1},
    {"Not applicable",    is_not_applicable, 2},
    {"Passed",            is_passed,         0},
};
/* clang-format on */
enum { LISTS = sizeof lists / sizeof *lists };

struct summary {
    const struct report *r;
    struct arena *a;
    struct buf head, rows, fold[LISTS];
    size_t max, nrows, nopen; /* rows that are written, and tests that are open */
    bool dropped[LISTS];
};

/* "fail" as a word of a heading: letters and blanks alone make the same anchor anywhere.
 */
static const char *verdict_word(const struct report *r)
{
    return strcmp(r->verdict, "nothing-judged") == 0 ? "nothing judged" : r->verdict;
}

static void head(struct summary *s)
{
    const struct report *r = s->r;
    const struct report_counts *c = &r->counts;
    struct buf *out = &s->head;
    buf_fmt(out, "\n## kdaudit %s\n\n", verdict_word(r));
    escape_write(out, ESCAPE_MD, derive_report_verdict_sentence(s->a, r));
    buf_z(out, ".\n\n| failed | unknown | broken | needs a person | waived | known | "
               "passed | not applicable | score |\n"
               "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    buf_fmt(out, "| %u | %u | %u | %u | %u | %u | %u | %u | ",
            c->fail - c->waived - c->known, c->unknown, c->error, c->manual, c->waived,
            c->known, c->pass, c->not_applicable);
    if (c->scored)
        buf_fmt(out, "%u |\n\n", c->score);
    else
        buf_z(out, "none |\n\n");
    if (c->scored && r->waivers.n)
        buf_fmt(out, "Without the waivers the score is %u.\n\n", c->score_unwaived);
    if (r->redacted)
        buf_z(out, "Redacted: account ids, names, principals and addresses in the "
                   "evidence were masked before it was judged.\n\n");
    buf_z(out, "Catalog ");
    struct str catalog =
        str_fmt(s->a, "%.*s %.*s", STR_ARG(r->catalog.id), STR_ARG(r->catalog.version));
    escape_write(out, ESCAPE_MD_CODE, shortened(s->a, catalog));
    buf_fmt(out, ", %u evidence files, as of ", r->evidence.n);
    escape_write(out, ESCAPE_MD_CODE, when_text(s->a, machine_as_of(r)));
    buf_z(out, ".\n");
}

/* Rows until they alone would be more than all the room: the rest cannot be written. */
static void rows(struct summary *s)
{
    const struct report *r = s->r;
    for (size_t i = 0; i < r->attention.n; i++) {
        if (!is_open(r->attention.v[i]))
            continue;
        s->nopen++;
        if (s->rows.n > s->max)
            continue;
        if (!s->nrows++)
            buf_z(&s->rows,
                  "\n| result | severity | check | subject | evidence | says |\n"
                  "| --- | --- | --- | --- | --- | --- |\n");
        open_row(&s->rows, s->a, r->attention.v[i]);
    }
}

static void fold(struct summary *s, size_t which)
{
    const struct report *r = s->r;
    const struct list *l = &lists[which];
    struct buf *out = &s->fold[which];
    size_t n = 0;
    for (size_t i = 0; i < r->tests.n; i++)
        n += l->holds(&r->tests.v[i]);
    if (!n)
        return;
    buf_fmt(out,
            "\n<details><summary>%s: %zu</summary>\n\n| check | subject | says |\n"
            "| --- | --- | --- |\n",
            l->title, n);
    for (size_t i = 0; i < r->tests.n && out->n <= s->max; i++)
        if (l->holds(&r->tests.v[i]))
            quiet_row(out, s->a, &r->tests.v[i]);
    buf_z(out, "\n</details>\n");
}

static size_t total(const struct summary *s)
{
    size_t n = s->head.n + s->rows.n;
    for (size_t i = 0; i < LISTS; i++)
        n += s->dropped[i] ? 0 : s->fold[i].n;
    return n;
}

/* Take off the last row, and the head of the table with the last but it. */
static void take_row(struct summary *s)
{
    if (!--s->nrows) {
        buf_clear(&s->rows);
        return;
    }
    size_t end = str_find_last(str_sub(buf_view(&s->rows), 0, s->rows.n - 1), '\n') + 1;
    s->rows.n = end;
    s->rows.p[end] = '\0';
}

/* Leave out until it fits. True when something is left out. */
static bool fit(struct summary *s)
{
    if (total(s) <= s->max && s->nrows == s->nopen)
        return false;
    size_t room = s->max > TAIL_BYTES ? s->max - TAIL_BYTES : 0;
    for (int drop = 0; drop < LISTS && total(s) > room; drop++)
        for (size_t i = 0; i < LISTS; i++)
            if (lists[i].drop == drop && s->fold[i].n)
                s->dropped[i] = true;
    while (s->nrows && total(s) > room)
        take_row(s);
    return true;
}

static void tail(struct buf *out, const struct summary *s)
{
    bool first = true;
    if (s->nrows < s->nopen)
        buf_fmt(out, "\n%zu more rows are left out here: see results.json.\n",
                s->nopen - s->nrows);
    for (size_t i = 0; i < LISTS; i++) {
        if (!s->dropped[i])
            continue;
        buf_z(out, first ? "\nLists left out here: " : ", ");
        buf_z(out, lists[i].title);
        first = false;
    }
    if (!first)
        buf_z(out, ".\n");
}

void summary_md(struct buf *out, const struct report *r, size_t max_bytes)
{
    struct summary s = {.r = r, .a = arena_new(), .max = max_bytes};
    head(&s);
    rows(&s);
    for (size_t i = 0; i < LISTS; i++)
        fold(&s, i);
    bool left = fit(&s);
    buf_str(out, buf_view(&s.head));
    buf_str(out, buf_view(&s.rows));
    if (left)
        tail(out, &s);
    for (size_t i = 0; i < LISTS; i++)
        if (!s.dropped[i])
            buf_str(out, buf_view(&s.fold[i]));
    buf_free(&s.head);
    buf_free(&s.rows);
    for (size_t i = 0; i < LISTS; i++)
        buf_free(&s.fold[i]);
    arena_free(s.a);
}
