/* evidence and model: what was read, what is missing, what checks see. */
#include "base/buf.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/map.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "json/json.h"
#include "json/write.h"
#include "model/secrets.h"

#include <string.h>

/* clang-format off */
static const struct diag_kind NO_SUBJECT = {"CLI-130", DIAG_ERROR, "no such resource in the evidence",
    "kdaudit model EVIDENCE lists the resources; give an ARN, or a name that is unique"};
static const struct diag_kind BAD_LIST_FORMAT = {"CLI-131", DIAG_ERROR, "unknown list format",
    "use -f text or -f json"};
/* clang-format on */

static void row_text(struct buf *out, struct arena *a, const struct document *d)
{
    buf_fmt(out, "%-12s %-44s ", document_state_name(d->state),
            d->op ? d->op->kind : "-");
    utf8_vis(out, d->name.n ? d->name : STR("-"));
    if (d->name2.n) {
        buf_c(out, ' ');
        utf8_vis(out, d->name2);
    }
    buf_fmt(out, "\n             %s  %llu bytes  ",
            d->collected == WHEN_NONE ? "time not recorded"
                                      : when_text(a, d->collected).p,
            (unsigned long long)d->size_bytes);
    utf8_vis(out, d->path);
    if (d->partial) {
        buf_z(out, "\n             only a part: ");
        utf8_vis(out, d->partial_key);
        buf_z(out, " says that more pages exist");
    }
    if (d->error_code.n) {
        buf_z(out, "\n             answered with error ");
        utf8_vis(out, d->error_code);
    }
    buf_c(out, '\n');
}

static void unusable_text(struct buf *out, const struct document *d)
{
    buf_fmt(out, "%-12s ", document_state_name(d->state));
    utf8_vis(out, d->text.name); /* as typed: it is to be found and mended */
    buf_z(out, "\n             ");
    utf8_vis(out, d->why);
    if (d->why_code.n)
        buf_fmt(out, " [%.*s]", STR_ARG(d->why_code));
    buf_c(out, '\n');
}

/* Evidence that checks of what is in scope need and that is not there, each once. */
struct gaps {
    struct arena *a;
    const struct model *model;
    VEC(struct missing) rows;
    struct map seen;
};

static void add_gap(struct gaps *g, const struct subject *s, const char *kind)
{
    struct missing row;
    struct str key = str_fmt(g->a, "%s %.*s", kind, STR_ARG(s->arn));
    if (map_get(&g->seen, key) || !subject_missing(g->model, s, kind, &row))
        return;
    *map_put(g->a, &g->seen, key) = g;
    *vec_push(g->a, &g->rows) = row;
}

static bool any_there(const struct model *m, const struct subject *s,
                      const struct check_need *need)
{
    struct missing row;
    for (size_t i = 0; i < 4 && need->kinds[i]; i++)
        if (!subject_missing(m, s, need->kinds[i], &row))
            return true;
    return false;
}

static void find_gaps(struct gaps *g, const struct model *m, const struct catalog *c)
{
    for (size_t i = 0; i < m->n; i++)
        for (size_t j = 0; j < c->checks.n; j++) {
            const struct check *check = c->checks.v[j];
            if (m->v[i]->scope != SCOPE_IN || strcmp(check->subject, m->v[i]->type) != 0)
                continue;
            for (size_t k = 0; k < check->needs.n; k++)
                if (!any_there(m, m->v[i], &check->needs.v[k]))
                    add_gap(g, m->v[i], check->needs.v[k].kinds[0]);
        }
}

static void gaps_text(struct buf *out, const struct gaps *g)
{
    for (size_t i = 0; i < g->rows.n; i++) {
        const struct missing *x = &g->rows.v[i];
        struct str command = subject_command(g->a, x->subject, x->op->kind);
        buf_fmt(out, "# %s: %s ", x->reason, x->subject->type);
        utf8_vis(out, x->subject->name.n ? x->subject->name : x->subject->arn);
        if (x->subject->account.n)
            buf_fmt(out, " (account %.*s)", STR_ARG(x->subject->account));
        if (*x->op->action)
            buf_fmt(out, ", takes %s", x->op->action);
        buf_c(out, '\n');
        utf8_vis(out, command);
        buf_c(out, '\n');
    }
}

static struct json *gaps_json(struct arena *a, const struct gaps *g)
{
    struct json *list = json_new_array(a);
    for (size_t i = 0; i < g->rows.n; i++) {
        const struct missing *x = &g->rows.v[i];
        struct json *row = json_push(list, json_new_object(a));
        json_set_str(a, row, STR("kind"), str_from(x->op->kind));
        json_set_str(a, row, STR("reason"), str_from(x->reason));
        json_set_str(a, row, STR("subject"), x->subject->arn);
        json_set_str(a, row, STR("account"), x->subject->account);
        json_set_str(a, row, STR("region"), x->subject->region);
        json_set_str(a, row, STR("action"), str_from(x->op->action));
        json_set_str(a, row, STR("command"), subject_command(a, x->subject, x->op->kind));
    }
    return list;
}

static struct json *files_json(struct arena *a, const struct evidence *ev)
{
    struct json *list = json_new_array(a);
    for (size_t i = 0; i < ev->n; i++) {
        const struct document *d = ev->v[i];
        struct json *row = json_push(list, json_new_object(a));
        json_set_str(a, row, STR("path"), d->path);
        json_set_str(a, row, STR("state"), str_from(document_state_name(d->state)));
        json_set_str(a, row, STR("kind"), str_from(d->op ? d->op->kind : ""));
        json_set_str(a, row, STR("name"), d->name);
        json_set_str(a, row, STR("account"), d->account);
        json_set_str(a, row, STR("region"), d->region);
        json_set_str(a, row, STR("collected"), when_text(a, d->collected));
        json_set_num(a, row, STR("size_bytes"), (double)d->size_bytes);
        json_set_str(a, row, STR("sha256"), d->sha256);
        json_set_bool(a, row, STR("partial"), d->partial);
        json_set_str(a, row, STR("error_code"), d->error_code);
        json_set_str(a, row, STR("why"), d->why);
        json_set_str(a, row, STR("why_code"), d->why_code);
    }
    return list;
}

static void evidence_text(struct buf *out, struct arena *a, const struct evidence *ev,
                          const struct gaps *g)
{
    size_t good = 0;
    for (size_t i = 0; i < ev->n; i++)
        good += document_state_usable(ev->v[i]->state);
    buf_fmt(out, "recognised: %zu of %zu files\n\n", good, ev->n);
    for (size_t i = 0; i < ev->n; i++)
        if (document_state_usable(ev->v[i]->state))
            row_text(out, a, ev->v[i]);
    if (good < ev->n)
        buf_fmt(out, "\nnot usable: %zu files\n\n", ev->n - good);
    for (size_t i = 0; i < ev->n; i++)
        if (!document_state_usable(ev->v[i]->state))
            unusable_text(out, ev->v[i]);
    buf_fmt(out, "\nmissing: %zu answer%s%s\n\n", g->rows.n, g->rows.n == 1 ? "" : "s",
            g->rows.n ? ", collected by these commands" : "");
    gaps_text(out, g);
}

int command_evidence(const struct invocation *in)
{
    struct run r = {0};
    bool as_json = in->nformats == 1 && str_eq(in->formats[0], STR("json"));
    if (in->nformats > 1 ||
        (in->nformats && !as_json && !str_eq(in->formats[0], STR("text")))) {
        diag_file(in->dx, &BAD_LIST_FORMAT, STR(""), "\"%.*s\"", STR_ARG(in->formats[0]));
        return EXIT_USAGE;
    }
    int code = run_model(in, in->noperands, &r);
    if (code)
        return code;
    struct gaps g = {.a = in->a, .model = r.model};
    find_gaps(&g, r.model, r.catalog);
    struct buf out = BUF_INIT;
    if (as_json) {
        struct json *root = json_new_object(in->a);
        if (!in->missing)
            json_set(in->a, root, STR("files"), files_json(in->a, r.evidence));
        json_set(in->a, root, STR("missing"), gaps_json(in->a, &g));
        json_write(&out, root, true, false);
        buf_c(&out, '\n');
    } else if (in->missing) {
        gaps_text(&out, &g);
    } else {
        evidence_text(&out, in->a, r.evidence, &g);
    }
    terminal_print(buf_view(&out));
    buf_free(&out);
    return r.evidence->n ? EXIT_OK : EXIT_NO_INPUT;
}

static void list_model(struct buf *out, const struct model *m)
{
    for (size_t i = 0; i < m->n; i++) {
        const struct subject *s = m->v[i];
        buf_fmt(out, "%-18s ", s->type);
        utf8_vis(out, s->arn);
        buf_fmt(out, "  %zu answers, %zu links%s%s\n", s->exhibits.n, s->links.n,
                s->foreign ? ", foreign account" : "",
                s->listed_only ? ", no evidence of its own" : "");
    }
}

int command_model(const struct invocation *in)
{
    struct run r = {0};
    /* The last operand may name a resource instead of a file. */
    size_t files = in->noperands;
    const char *last = files > 1 ? in->operands[files - 1] : NULL;
    if (last && file_type(last) == FILE_ABSENT)
        files--;
    else
        last = NULL;
    int code = run_model(in, files, &r);
    if (code)
        return code;
    struct buf out = BUF_INIT;
    if (!last) {
        list_model(&out, r.model);
    } else {
        const struct subject *s = model_find(r.model, str_from(last));
        if (!s) {
            diag_file(in->dx, &NO_SUBJECT, STR(""), "\"%s\"", last);
            return EXIT_USAGE;
        }
        struct buf raw = BUF_INIT;
        json_write(&raw, subject_view(in->a, s), true, false);
        secret_mask_json(&out, buf_view(&raw));
        buf_c(&out, '\n');
        buf_free(&raw);
    }
    terminal_print(buf_view(&out));
    buf_free(&out);
    return r.evidence->n ? EXIT_OK : EXIT_NO_INPUT;
}
