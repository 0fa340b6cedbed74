/* A proposed policy in words: for a terminal, as Markdown, as JSON. */
#include "cli/proposal_text.h"

#include "assess/trial.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "json/json.h"
#include "json/write.h"
#include "tmpl/tmpl.h"

#include <string.h>

bool proposal_proved(const struct proposal_report *r)
{
    const struct proposal *p = r->proposal;
    return p->permissions->proved && p->trust->proved && r->trial->done && !r->trial->v.n;
}

void proposal_permissions(struct buf *out, struct arena *a, const struct proposal *p)
{
    const struct minimal *m = p->permissions;
    if (m->ndocuments == 1) {
        buf_str(out, m->texts[0]);
        return;
    }
    struct json *all = json_new_array(a);
    for (size_t i = 0; i < m->ndocuments; i++)
        json_push(all, json_new_ref(a, m->documents[i]));
    json_write(out, all, true, false);
    buf_c(out, '\n');
}

/* Why a statement is there: its reason, and how sure that is. */
static struct str reason(struct arena *a, const struct minimal_statement *st)
{
    struct buf b = BUF_INIT;
    buf_str(&b, st->why);
    if (st->nneeds) {
        bool must = false;
        for (size_t i = 0; i < st->nneeds; i++)
            must = must || st->needs[i]->must;
        buf_fmt(&b, " (%s%s)",
                st->needs[0]->grade == NEED_CERTAIN ? "certain" : "indicated",
                must ? "" : ", if the code does it");
    }
    if (st->star_only)
        buf_z(&b, "; these actions take no other resource");
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

/* Where the evidence says it; empty when nowhere. */
static struct str place_of(struct arena *a, const struct minimal_statement *st)
{
    const struct origin at = st->nneeds ? st->needs[0]->target->at : (struct origin){0};
    if (!at.text)
        return STR("");
    struct place p = text_place(at.text, at.pos);
    return str_fmt(a, "%.*s:%u:%u", STR_ARG(at.text->name), p.line, p.column);
}

static const char *what_is_proved(const struct proposal_report *r)
{
    return proposal_proved(r) ? "proved: every right that is needed or was used is "
                                "allowed, nothing else is, and no check finds a fault"
                              : "not proved:";
}

/* What could not be proved, one clause after the other. */
struct clauses {
    VEC(struct str) v;
};

static struct clauses unproved(struct arena *a, const struct proposal_report *r)
{
    struct clauses c = {0};
    const struct minimal *both[] = {r->proposal->permissions, r->proposal->trust};
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < both[k]->nunproved; i++)
            *vec_push(a, &c.v) = both[k]->unproved[i];
    if (!r->trial->done)
        *vec_push(a, &c.v) = STR("the checks could not be tried on it");
    for (size_t i = 0; i < r->trial->v.n; i++)
        *vec_push(a, &c.v) =
            str_fmt(a, "%.*s would fail: %.*s", STR_ARG(r->trial->v.v[i].check->id),
                    STR_ARG(r->trial->v.v[i].message));
    return c;
}

static void statements_text(struct buf *out, struct arena *a, const struct minimal *m)
{
    for (size_t i = 0; i < m->nstatements; i++) {
        const struct minimal_statement *st = &m->statements[i];
        buf_z(out, "  ");
        utf8_vis(out, st->sid);
        buf_z(out, st->sid.n ? ": " : "");
        utf8_vis(out, reason(a, st));
        struct str place = place_of(a, st);
        buf_z(out, place.n ? ", " : "");
        utf8_vis(out, place);
        buf_c(out, '\n');
    }
}

void proposal_text(struct buf *out, struct arena *a, const struct proposal_report *r)
{
    const struct proposal *p = r->proposal;
    buf_z(out, "role ");
    utf8_vis(out, p->role->arn);
    for (size_t i = 0; i < p->napps; i++) {
        buf_z(out, i ? ", " : "\nfor ");
        utf8_vis(out, p->apps[i]->name);
    }
    buf_fmt(out, "\n%zu statements in %zu %s polic%s:\n", p->permissions->nstatements,
            p->permissions->ndocuments, p->managed ? "managed" : "inline",
            p->permissions->ndocuments == 1 ? "y" : "ies");
    statements_text(out, a, p->permissions);
    buf_z(out, "trust policy:\n");
    statements_text(out, a, p->trust);
    if (p->permissions->added)
        buf_fmt(out, "adds %zu rights that the role lacks now\n", p->permissions->added);
    for (size_t i = 0; i < p->permissions->nleft_out; i++) {
        buf_z(out, "left out, for no record names its resource: ");
        utf8_vis(out, p->permissions->left_out[i]);
        buf_c(out, '\n');
    }
    if (p->napps < p->rights->napps)
        buf_fmt(out, "the role serves %zu applications: give each a role of its own\n",
                p->rights->napps);
    for (size_t i = 0; i < p->ndoubts; i++)
        buf_fmt(out, "not known: %s\n", p->doubts[i]);
    buf_fmt(out, "%s\n", what_is_proved(r));
    struct clauses c = unproved(a, r);
    for (size_t i = 0; i < c.v.n; i++) {
        buf_z(out, "  ");
        utf8_vis(out, c.v.v[i]);
        buf_c(out, '\n');
    }
}

static void cell(struct buf *out, struct str s)
{
    buf_z(out, "| ");
    escape_write(out, ESCAPE_MD_CELL, s);
    buf_c(out, ' ');
}

/* A cell of prose: a bar would end it. */
static void prose_cell(struct buf *out, struct str s)
{
    buf_z(out, "| ");
    escape_write(out, ESCAPE_MD, s);
    buf_c(out, ' ');
}

static void statements_markdown(struct buf *out, struct arena *a, const struct minimal *m)
{
    buf_z(out, "| statement | why | where |\n|---|---|---|\n");
    for (size_t i = 0; i < m->nstatements; i++) {
        cell(out, m->statements[i].sid.n ? m->statements[i].sid : STR("-"));
        prose_cell(out, reason(a, &m->statements[i]));
        struct str place = place_of(a, &m->statements[i]);
        cell(out, place.n ? place : STR("-"));
        buf_z(out, "|\n");
    }
    buf_c(out, '\n');
}

static void fates_markdown(struct buf *out, struct arena *a, const struct proposal *p)
{
    if (!p->nfates)
        return;
    buf_z(out, "| now | then | why |\n|---|---|---|\n");
    for (size_t i = 0; i < p->nfates; i++) {
        const struct proposal_fate *f = &p->fates[i];
        prose_cell(out, policy_statement_name(a, f->st));
        buf_fmt(out, "| %s ", minimal_fate_name(f->fate));
        prose_cell(out, f->why);
        buf_z(out, "|\n");
    }
    buf_c(out, '\n');
}

/* A fenced block and an empty line. */
static void fence(struct buf *out, enum escape how, struct str text)
{
    escape_write(out, how, text);
    buf_c(out, '\n');
}

/* A line of a command whose %w are names, quoted for the shell, in their order. */
static void line(struct buf *out, const char *format, const struct str *words)
{
    for (const char *c = format; *c; c++) {
        if (c[0] == '%' && c[1] == 'w') {
            buf_shell(out, *words++);
            c++;
        } else {
            buf_c(out, *c);
        }
    }
    buf_c(out, '\n');
}

static void commands(struct buf *out, struct arena *a, const struct proposal *p)
{
    struct str role = p->role->name;
    const struct identity *id = p->rights->identity;
    for (size_t i = 0; i < p->permissions->ndocuments; i++) {
        struct str name = p->names[i];
        struct str file = str_fmt(a, "file://%.*s.json", STR_ARG(name));
        struct str arn =
            str_fmt(a, "arn:%.*s:iam::%.*s:policy/%.*s", STR_ARG(p->role->partition),
                    STR_ARG(p->role->account), STR_ARG(name));
        if (p->managed) {
            line(out, "aws iam create-policy --policy-name %w --policy-document %w",
                 (struct str[]){name, file});
            line(out, "aws iam attach-role-policy --role-name %w --policy-arn %w",
                 (struct str[]){role, arn});
        } else {
            line(out,
                 "aws iam put-role-policy --role-name %w --policy-name %w "
                 "--policy-document %w",
                 (struct str[]){role, name, file});
        }
    }
    line(out,
         "aws iam update-assume-role-policy --role-name %w --policy-document "
         "file://trust.json",
         (struct str[]){role});
    for (size_t i = 0; i < id->held.n; i++) {
        const struct held *h = &id->held.v[i];
        if (strcmp(h->kind, "inline") == 0)
            line(out, "aws iam delete-role-policy --role-name %w --policy-name %w",
                 (struct str[]){role, h->name});
        else if (strcmp(h->kind, "managed") == 0)
            line(out, "aws iam detach-role-policy --role-name %w --policy-arn %w",
                 (struct str[]){role, h->arn});
    }
}

void proposal_markdown(struct buf *out, struct arena *a, const struct proposal_report *r)
{
    const struct proposal *p = r->proposal;
    buf_z(out, "# Policy for ");
    escape_write(out, ESCAPE_MD_CODE, p->role->name);
    buf_z(out, "\n\nRole ");
    escape_write(out, ESCAPE_MD_CODE, p->role->arn);
    for (size_t i = 0; i < p->napps; i++) {
        buf_z(out, i ? ", " : ", for ");
        escape_write(out, ESCAPE_MD_CODE, p->apps[i]->arn);
    }
    buf_z(out, ".\n\n");
    struct clauses c = unproved(a, r);
    buf_z(out, proposal_proved(r)
                   ? "Proved: every right that is needed or was used is allowed, nothing "
                     "else is, and no check finds a fault.\n\n"
                   : "**Not proved:**\n\n");
    for (size_t i = 0; i < c.v.n; i++) {
        buf_z(out, "- ");
        escape_write(out, ESCAPE_MD, c.v.v[i]);
        buf_z(out, i + 1 < c.v.n ? "\n" : "\n\n");
    }
    for (size_t i = 0; i < p->ndoubts; i++)
        buf_fmt(out, "Not known: %s.\n\n", p->doubts[i]);
    for (size_t i = 0; i < p->permissions->nleft_out; i++) {
        buf_z(out, "Left out, for no record names its resource: ");
        escape_write(out, ESCAPE_MD_CODE, p->permissions->left_out[i]);
        buf_z(out, ".\n\n");
    }
    if (p->napps < p->rights->napps)
        buf_fmt(out,
                "The role serves %zu applications now: give each a role of its own.\n\n",
                p->rights->napps);
    buf_z(out, "## Permissions\n\n");
    statements_markdown(out, a, p->permissions);
    for (size_t i = 0; i < p->permissions->ndocuments; i++)
        fence(out, ESCAPE_MD_BLOCK, p->permissions->texts[i]);
    buf_z(out, "## Trust\n\n");
    statements_markdown(out, a, p->trust);
    fence(out, ESCAPE_MD_BLOCK, p->trust->texts[0]);
    buf_z(out, "## What changes\n\n");
    fates_markdown(out, a, p);
    fence(out, ESCAPE_MD_BLOCK_DIFF, proposal_diff(a, p));
    buf_z(out, "## Commands\n\n");
    struct buf b = BUF_INIT;
    commands(&b, a, p);
    fence(out, ESCAPE_MD_BLOCK_TEXT, buf_view(&b));
    buf_free(&b);
    out->n--; /* one line feed at the end */
    out->p[out->n] = '\0';
}

static struct json *texts(struct arena *a, const struct str *v, size_t n)
{
    struct json *list = json_new_array(a);
    for (size_t i = 0; i < n; i++)
        json_push(list, json_new_str(a, v[i]));
    return list;
}

static struct json *statements_json(struct arena *a, const struct minimal *m)
{
    struct json *list = json_new_array(a);
    for (size_t i = 0; i < m->nstatements; i++) {
        const struct minimal_statement *st = &m->statements[i];
        struct json *o = json_push(list, json_new_object(a));
        json_set_str(a, o, STR("sid"), st->sid);
        json_set_num(a, o, STR("document"), (double)st->document);
        json_set_str(a, o, STR("why"), st->why);
        json_set_bool(a, o, STR("kept"), st->kept);
        json_set_bool(a, o, STR("star_only"), st->star_only);
        struct json *needs = json_set(a, o, STR("needs"), json_new_array(a));
        for (size_t k = 0; k < st->nneeds; k++) {
            const struct need *n = st->needs[k];
            struct json *row = json_push(needs, json_new_object(a));
            json_set_str(a, row, STR("action"), n->action);
            json_set_str(a, row, STR("resource"), n->resource);
            json_set_str(a, row, STR("grade"),
                         n->grade == NEED_CERTAIN ? STR("certain") : STR("indicated"));
            json_set_bool(a, row, STR("must"), n->must);
            json_set_str(a, row, STR("source"), str_from(n->source ? n->source : ""));
            json_set_str(a, row, STR("pointer"), n->target->pointer);
            if (n->target->at.text)
                json_set_str(a, row, STR("document"), n->target->at.text->name);
        }
    }
    return list;
}

void proposal_json(struct buf *out, struct arena *a, const struct proposal_report *r)
{
    const struct proposal *p = r->proposal;
    struct clauses c = unproved(a, r);
    struct json *root = json_new_object(a);
    json_set_str(a, root, STR("role"), p->role->arn);
    struct json *apps = json_set(a, root, STR("applications"), json_new_array(a));
    for (size_t i = 0; i < p->napps; i++)
        json_push(apps, json_new_str(a, p->apps[i]->arn));
    json_set_bool(a, root, STR("proved"), proposal_proved(r));
    json_set(a, root, STR("unproved"), texts(a, c.v.v, c.v.n));
    struct json *doubts = json_set(a, root, STR("not_known"), json_new_array(a));
    for (size_t i = 0; i < p->ndoubts; i++)
        json_push(doubts, json_new_str(a, str_from(p->doubts[i])));
    json_set(a, root, STR("left_out"),
             texts(a, p->permissions->left_out, p->permissions->nleft_out));
    json_set_num(a, root, STR("added"), (double)p->permissions->added);
    json_set_bool(a, root, STR("managed"), p->managed);
    struct json *docs = json_set(a, root, STR("permissions"), json_new_array(a));
    for (size_t i = 0; i < p->permissions->ndocuments; i++) {
        struct json *o = json_push(docs, json_new_object(a));
        json_set_str(a, o, STR("name"), p->names[i]);
        json_set(a, o, STR("policy"), json_new_ref(a, p->permissions->documents[i]));
    }
    json_set(a, root, STR("statements"), statements_json(a, p->permissions));
    json_set(a, root, STR("trust"), json_new_ref(a, p->trust->documents[0]));
    struct json *fates = json_set(a, root, STR("present"), json_new_array(a));
    for (size_t i = 0; i < p->nfates; i++) {
        struct json *o = json_push(fates, json_new_object(a));
        json_set_str(a, o, STR("statement"), policy_statement_name(a, p->fates[i].st));
        json_set_str(a, o, STR("then"), str_from(minimal_fate_name(p->fates[i].fate)));
        json_set_str(a, o, STR("why"), p->fates[i].why);
        json_set_str(a, o, STR("pointer"), p->fates[i].st->pointer);
    }
    json_set_str(a, root, STR("diff"), proposal_diff(a, p));
    json_write(out, root, true, false);
    buf_c(out, '\n');
}
