/* controls, templates, completion, man, version: what kdaudit knows about itself. */
#include "base/buf.h"
#include "base/diag.h"
#include "catalog/catalog.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "json/path.h"
#include "json/write.h"
#include "model/facts.h"
#include "render/render.h"
#include "report/results.h"
#include "report/version.h"

/* clang-format off */
static const struct diag_kind UNKNOWN_ID = {"CLI-120", DIAG_ERROR, "no control or check has this id",
    "kdaudit controls lists them"};
static const struct diag_kind UNKNOWN_SHELL = {"CLI-121", DIAG_ERROR, "unknown shell",
    "give one of bash, zsh, fish"};
static const struct diag_kind EXTRA_OPERAND = {"CLI-122", DIAG_ERROR, "too many operands",
    "see kdaudit COMMAND --help"};
/* clang-format on */

static int print(struct buf *out, int code)
{
    terminal_print(buf_view(out));
    buf_free(out);
    return code;
}

static int too_many(const struct invocation *in, size_t allowed)
{
    if (in->noperands <= allowed)
        return 0;
    diag_file(in->dx, &EXTRA_OPERAND, STR(""), "\"%s\"", in->operands[allowed]);
    return EXIT_USAGE;
}

static void list_controls(struct buf *out, const struct catalog *c)
{
    buf_fmt(out, "%.*s %.*s: %.*s\n", STR_ARG(c->id), STR_ARG(c->version),
            STR_ARG(c->title));
    for (size_t i = 0; i < c->controls.n; i++) {
        const struct control *k = c->controls.v[i];
        buf_fmt(out, "\n%-9.*s %.*s\n", STR_ARG(k->id), STR_ARG(k->title));
        for (size_t j = 0; j < k->checks.n; j++) {
            const struct check *x = k->checks.v[j];
            buf_fmt(out, "  %-9.*s %-8s  %-16s %.*s\n", STR_ARG(x->id),
                    severity_name(x->severity), x->subject, STR_ARG(x->title));
        }
    }
}

static void references(struct buf *out, const struct reference *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_fmt(out, "%s%.*s %.*s", i ? ", " : "references: ", STR_ARG(v[i].framework),
                STR_ARG(v[i].id));
    if (n)
        buf_c(out, '\n');
}

static void explain_control(struct buf *out, const struct control *k)
{
    buf_fmt(out, "%.*s  %.*s\n\n%.*s\n", STR_ARG(k->id), STR_ARG(k->title),
            STR_ARG(str_trim(k->statement)));
    if (k->rationale.n)
        buf_fmt(out, "\nwhy it matters\n\n%.*s\n", STR_ARG(str_trim(k->rationale)));
    buf_c(out, '\n');
    references(out, k->references.v, k->references.n);
    if (k->source.n)
        buf_fmt(out, "source: %.*s\n", STR_ARG(k->source));
    buf_z(out, "\nchecks:\n");
    for (size_t j = 0; j < k->checks.n; j++)
        buf_fmt(out, "  %-9.*s %-8s  %.*s\n", STR_ARG(k->checks.v[j]->id),
                severity_name(k->checks.v[j]->severity), STR_ARG(k->checks.v[j]->title));
}

/* NAME=VALUE as --param takes it. */
static void explain_params(struct buf *out, const struct check *x)
{
    for (size_t i = 0; i < x->params.n; i++) {
        const struct param *p = x->params.v[i];
        buf_fmt(out, "%s%.*s=", i ? "          " : "params:   ", STR_ARG(p->name));
        json_write(out, p->value, false, false);
        if (!json_equal(p->value, p->fallback)) {
            buf_z(out, " (default ");
            json_write(out, p->fallback, false, false);
            buf_c(out, ')');
        }
        buf_fmt(out, " (%s): %.*s\n", param_type_name(p->type), STR_ARG(p->help));
    }
}

static void explain_check(struct buf *out, const struct check *x)
{
    buf_fmt(out, "%.*s  %.*s\n\nseverity: %s\nlooks at: %s\nexpected: %.*s\n",
            STR_ARG(x->id), STR_ARG(x->title), severity_name(x->severity), x->subject,
            STR_ARG(x->expected));
    for (size_t i = 0; i < x->needs.n; i++) {
        const struct check_need *need = &x->needs.v[i];
        buf_z(out, i ? "          " : "evidence: ");
        for (size_t j = 0; j < 4 && need->kinds[j]; j++)
            buf_fmt(out, "%s%s", j ? " or " : "", need->kinds[j]);
        if (need->max_age_days)
            buf_fmt(out, ", at most %lld days old", (long long)need->max_age_days);
        buf_z(out, need->optional ? " (optional)\n" : "\n");
    }
    explain_params(out, x);
    if (x->basis.n)
        buf_fmt(out, "basis:    %.*s (%.*s)\n", STR_ARG(x->basis),
                STR_ARG(x->basis_source));
    buf_fmt(out, "\nhow it is tested\n\n%.*s\n\nhow to mend it\n\n%.*s\n\n",
            STR_ARG(str_trim(x->prose)), STR_ARG(str_trim(x->remedy)));
    references(out, x->references.v, x->references.n);
}

static void list_functions(struct buf *out)
{
    size_t n;
    const struct path_func *rows = catalog_functions(&n);
    static const char *const kinds[] = {"value", "logical", "nodes"};
    for (size_t i = 0; i < n; i++) {
        struct buf call = BUF_INIT;
        buf_fmt(&call, "%s(", rows[i].name);
        for (size_t j = 0; j < rows[i].nargs; j++)
            buf_fmt(&call, "%s%s", j ? ", " : "", kinds[rows[i].args[j]]);
        buf_fmt(&call, ") -> %s", kinds[rows[i].result]);
        buf_fmt(out, "%-38.*s %s\n", STR_ARG(buf_view(&call)), rows[i].help);
        buf_free(&call);
    }
}

static void list_facts(struct buf *out)
{
    size_t n;
    const struct fact_row *rows = fact_rows(&n);
    for (size_t i = 0; i < n; i++)
        buf_fmt(out, "%-16s %-20s %s\n%-37s %s\n", rows[i].subject, rows[i].fact,
                rows[i].help, "", rows[i].fields);
}

int command_controls(const struct invocation *in)
{
    struct buf out = BUF_INIT;
    struct run r = {0};
    int code = too_many(in, 1);
    if (code)
        return code;
    if (in->functions || in->all) {
        if (in->functions)
            list_functions(&out);
        if (in->all)
            list_facts(&out);
        return print(&out, EXIT_OK);
    }
    code = run_catalog(in, &r);
    if (code)
        return code;
    if (in->check) {
        buf_fmt(&out,
                "%.*s %.*s: %zu controls, %zu checks, %zu parameters: no fault found\n",
                STR_ARG(r.catalog->id), STR_ARG(r.catalog->version),
                r.catalog->controls.n, r.catalog->checks.n, r.catalog->params.n);
        return print(&out, EXIT_OK);
    }
    if (!in->noperands) {
        list_controls(&out, r.catalog);
        return print(&out, EXIT_OK);
    }
    struct str id = str_from(in->operands[0]);
    const struct control *k = catalog_control(r.catalog, id);
    const struct check *x = catalog_check(r.catalog, id);
    if (!k && !x) {
        diag_file(in->dx, &UNKNOWN_ID, STR(""), "\"%s\"", in->operands[0]);
        return EXIT_USAGE;
    }
    if (k)
        explain_control(&out, k);
    else
        explain_check(&out, x);
    return print(&out, EXIT_OK);
}

int command_templates(const struct invocation *in)
{
    struct buf out = BUF_INIT;
    struct templates *t;
    int code = too_many(in, 0);
    if (code)
        return code;
    if (in->schema)
        results_schema(&out);
    else if (!in->check)
        render_names(&out, in->all);
    if (in->check) {
        code = run_templates(in, TEMPLATES_ALL, &t);
        if (!code && !templates_try(in->a, t, in->dx))
            code = EXIT_BAD_CATALOG;
        if (code)
            return code;
        buf_z(&out, "templates: no fault found\n");
    }
    return print(&out, EXIT_OK);
}

int command_completion(const struct invocation *in)
{
    struct buf out = BUF_INIT;
    if (in->noperands == 1 && help_completion(&out, str_from(in->operands[0])))
        return print(&out, EXIT_OK);
    diag_file(in->dx, &UNKNOWN_SHELL, STR(""), "\"%s\"",
              in->noperands ? in->operands[0] : "");
    return EXIT_USAGE;
}

int command_man(const struct invocation *in)
{
    struct buf out = BUF_INIT;
    int code = too_many(in, 0);
    if (code)
        return code;
    help_man(&out);
    return print(&out, EXIT_OK);
}

int command_version(const struct invocation *in)
{
    struct buf out = BUF_INIT;
    int code = too_many(in, 0);
    if (code)
        return code;
    buf_z(&out, "kdaudit " KDAUDIT_VERSION "\n");
    return print(&out, EXIT_OK);
}
