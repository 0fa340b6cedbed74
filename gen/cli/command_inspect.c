/* evidence and model: what was read, what is missing, what checks see. */
#include "assess/assess.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/gaps.h"
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
    "use -f text, -f json or -f script"};
/* clang-format on */

static void row_text(struct buf *out, struct arena *a, const struct document *d)
{
    buf_fmt(out, "%-12s %-44s ", document_state_name(d->state),
            d->op ? d->op->kind : "-");
    /* A list is about all of an account and region. */
    struct str where = d->account;
    if (where.n && d->region.n && !str_eq(d->region, STR("global")))
        where = str_fmt(a, "%.*s %.*s", STR_ARG(where), STR_ARG(d->region));
    utf8_vis(out, d->name.n ? d->name : where.n ? where : STR("-"));
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
    buf_fmt(out, "\nmissing: %zu answer%s%s\n\n", g->n, g->n == 1 ? "" : "s",
            g->n ? ", collected by these commands" : "");
    gaps_text(out, g);
}

/* The forms of the list. */
enum list_form { LIST_TEXT, LIST_JSON, LIST_SCRIPT, LIST_FORMS };

static bool list_form(const struct invocation *in, enum list_form *form)
{
    static const char *const names[LIST_FORMS] = {"text", "json", "script"};
    *form = LIST_TEXT;
    if (!in->nformats)
        return true;
    for (size_t i = 0; i < LIST_FORMS && in->nformats == 1; i++)
        if (str_eq(in->formats[0], str_from(names[i]))) {
            *form = (enum list_form)i;
            return true;
        }
    diag_file(in->dx, &BAD_LIST_FORMAT, STR(""), "\"%.*s\"", STR_ARG(in->formats[0]));
    return false;
}

static void evidence_json(struct buf *out, const struct invocation *in,
                          const struct evidence *ev, const struct gaps *g)
{
    struct json *root = json_new_object(in->a);
    if (!in->missing)
        json_set(in->a, root, STR("files"), files_json(in->a, ev));
    json_set(in->a, root, STR("missing"), gaps_json(in->a, g));
    json_write(out, root, true, false);
    buf_c(out, '\n');
}

int command_evidence(const struct invocation *in)
{
    struct run r = {0};
    enum list_form form;
    if (!list_form(in, &form))
        return EXIT_USAGE;
    int code = run_model(in, in->noperands, &r);
    if (code)
        return code;
    r.assessment = assess(in->a, r.model, r.catalog, in->threads, in->dx);
    if (!r.assessment)
        return EXIT_INTERNAL;
    const struct gaps *g = gaps_find(in->a, r.model, r.assessment);
    struct buf out = BUF_INIT;
    if (form == LIST_SCRIPT)
        gaps_script(&out, g);
    else if (form == LIST_JSON)
        evidence_json(&out, in, r.evidence, g);
    else if (in->missing)
        gaps_text(&out, g);
    else
        evidence_text(&out, in->a, r.evidence, g);
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
