/* A comparison in words: for a terminal, a pull request, a program. */
#include "report/diff.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "json/write.h"
#include "tmpl/tmpl.h"

enum {
    STILL_SHOWN = 20,
    SUBJECTS_SHOWN = 50,
    CELL_BYTES = 240,
    MARKDOWN_BYTES =
        59000 /* a comment takes 65,536 characters; the rest says what is left */
};

/* clang-format off */
static const struct {
    const char *title, *colour;
} heads[CHANGES] = {
    [CHANGE_NEW]      = {"New", "31"},
    [CHANGE_EXPIRED]  = {"Waiver expired", "31"},
    [CHANGE_UNKNOWN]  = {"Newly unknown", "33"},
    [CHANGE_STILL]    = {"Still open", "90"},
    [CHANGE_WAIVED]   = {"Newly waived", "36"},
    [CHANGE_FIXED]    = {"Fixed", "32"},
    [CHANGE_DECIDED]  = {"Newly decided", "32"},
    [CHANGE_EVIDENCE] = {"Evidence changed, result the same", "90"},
};
/* clang-format on */

static const struct report_test *shown(const struct diff_row *row)
{
    return row->after ? row->after : row->before;
}

static void text_row(struct buf *out, const struct diff_row *row)
{
    const struct report_test *t = shown(row);
    buf_fmt(out, "  %-9.*s %-8s ", STR_ARG(t->check->id),
            severity_name(t->check->severity));
    utf8_vis(out, t->subject->name.n ? t->subject->name : t->subject->arn);
    buf_z(out, ": ");
    utf8_vis(out, row->message);
    buf_c(out, '\n');
}

static void text_subjects(struct buf *out, const char *title,
                          const struct report_subject *const *v, size_t n)
{
    if (n)
        buf_fmt(out, "\n%s: %zu\n", title, n);
    for (size_t i = 0; i < n && i < SUBJECTS_SHOWN; i++) {
        buf_z(out, "  ");
        utf8_vis(out, v[i]->arn);
        buf_c(out, '\n');
    }
    if (n > SUBJECTS_SHOWN)
        buf_fmt(out, "  and %zu more\n", n - SUBJECTS_SHOWN);
}

void diff_text(struct buf *out, const struct diff *d, bool colour)
{
    buf_fmt(out, "%s: score %u -> %u", d->worse ? "WORSE" : "not worse",
            d->before->counts.score, d->after->counts.score);
    for (int c = 0; c < CHANGES; c++)
        if (d->counts[c])
            buf_fmt(out, ", %s %zu", change_name((enum change)c), d->counts[c]);
    buf_c(out, '\n');
    int last = -1;
    size_t in_group = 0;
    for (size_t i = 0; i < d->rows.n; i++) {
        enum change c = d->rows.v[i].change;
        if ((int)c != last) {
            buf_fmt(out, colour ? "\n\033[%sm%s: %zu\033[0m\n" : "\n%.0s%s: %zu\n",
                    heads[c].colour, heads[c].title, d->counts[c]);
            in_group = 0;
        }
        last = (int)c;
        bool quiet = c == CHANGE_STILL || c == CHANGE_EVIDENCE;
        if (++in_group <= STILL_SHOWN || !quiet)
            text_row(out, &d->rows.v[i]);
        else if (in_group == STILL_SHOWN + 1)
            buf_fmt(out, "  and %zu more\n", d->counts[c] - STILL_SHOWN);
    }
    text_subjects(out, "Resources that appeared", d->appeared.v, d->appeared.n);
    text_subjects(out, "Resources that vanished", d->vanished.v, d->vanished.n);
}

/* A value from evidence, shortened: a comment has little room. */
static void cell(struct buf *out, struct str s)
{
    size_t n = s.n < CELL_BYTES ? s.n : CELL_BYTES;
    while (n < s.n && n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    escape_write(out, ESCAPE_MD_CELL, str_sub(s, 0, n));
    if (n < s.n)
        buf_z(out, "…");
}

static void markdown_row(struct buf *out, const struct diff_row *row)
{
    const struct report_test *t = shown(row);
    buf_z(out, "| ");
    cell(out, t->check->id);
    buf_fmt(out, " | %s | ", severity_name(t->check->severity));
    cell(out, t->subject->arn);
    buf_z(out, " | ");
    cell(out, row->message);
    buf_z(out, " |\n");
}

static void markdown_group(struct buf *out, const struct diff *d, enum change c)
{
    size_t left = 0;
    buf_fmt(out,
            "\n### %s\n\n| check | severity | resource | says |\n|---|---|---|---|\n",
            heads[c].title);
    for (size_t i = 0; i < d->rows.n; i++) {
        if (d->rows.v[i].change != c)
            continue;
        size_t before = out->n;
        markdown_row(out, &d->rows.v[i]);
        if (out->n <= MARKDOWN_BYTES)
            continue;
        out->n = before; /* whole rows only */
        out->p[before] = '\0';
        left++;
    }
    if (left)
        buf_fmt(out, "\n%zu more are left out here: see `kdaudit diff -f json`.\n", left);
}

/* Fits the comment of a pull request, and is never cut inside a table. */
void diff_markdown(struct buf *out, const struct diff *d)
{
    struct buf page = BUF_INIT;
    buf_fmt(&page,
            "## kdaudit comparison\n\n**%s.** Score %u to %u.\n\n| change | tests "
            "|\n|---|---|\n",
            d->worse ? "Worse" : "Not worse", d->before->counts.score,
            d->after->counts.score);
    for (int c = 0; c < CHANGES; c++)
        buf_fmt(&page, "| %s | %zu |\n", heads[c].title, d->counts[c]);
    for (int c = 0; c < CHANGES; c++)
        if (d->counts[c] && c != CHANGE_EVIDENCE && c != CHANGE_STILL)
            markdown_group(&page, d, (enum change)c);
    buf_fmt(&page, "\nResources: %zu appeared, %zu vanished.\n", d->appeared.n,
            d->vanished.n);
    buf_str(out, buf_view(&page));
    buf_free(&page);
}

static void json_member(struct buf *out, const char *name, struct str v, bool comma)
{
    buf_fmt(out, "%s\"%s\": ", comma ? ", " : "", name);
    json_write_str(out, v);
}

static void json_subjects(struct buf *out, const char *name,
                          const struct report_subject *const *v, size_t n)
{
    buf_fmt(out, ",\n  \"%s\": [", name);
    for (size_t i = 0; i < n; i++) {
        buf_z(out, i ? ",\n    " : "\n    ");
        json_write_str(out, v[i]->arn);
    }
    buf_z(out, n ? "\n  ]" : "]");
}

void diff_json(struct buf *out, const struct diff *d)
{
    buf_fmt(out,
            "{\n  \"kdaudit\": \"diff\",\n  \"worse\": %s,\n  \"score_before\": %u,\n"
            "  \"score_after\": %u,\n  \"counts\": {",
            d->worse ? "true" : "false", d->before->counts.score, d->after->counts.score);
    for (int c = 0; c < CHANGES; c++)
        buf_fmt(out, "%s\"%s\": %zu", c ? ", " : "", change_name((enum change)c),
                d->counts[c]);
    buf_z(out, "},\n  \"tests\": [");
    for (size_t i = 0; i < d->rows.n; i++) {
        const struct diff_row *row = &d->rows.v[i];
        const struct report_test *t = shown(row);
        buf_z(out, i ? ",\n    {" : "\n    {");
        json_member(out, "change", str_from(change_name(row->change)), false);
        json_member(out, "check", t->check->id, true);
        json_member(out, "subject", t->subject->arn, true);
        json_member(out, "severity", str_from(severity_name(t->check->severity)), true);
        if (row->before)
            json_member(out, "before", str_from(result_name(row->before->result)), true);
        if (row->after)
            json_member(out, "after", str_from(result_name(row->after->result)), true);
        json_member(out, "message", row->message, true);
        buf_c(out, '}');
    }
    buf_z(out, d->rows.n ? "\n  ]" : "]");
    json_subjects(out, "appeared", d->appeared.v, d->appeared.n);
    json_subjects(out, "vanished", d->vanished.v, d->vanished.n);
    buf_z(out, "\n}\n");
}
