/* access: who may do what to which application. */
#include "base/buf.h"
#include "base/diag.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "json/json.h"
#include "json/write.h"
#include "tmpl/tmpl.h"

#include <string.h>

enum { ACTIONS_SHOWN = 4 };

/* clang-format off */
static const struct diag_kind BAD_ACCESS_FORMAT = {"CLI-170", DIAG_ERROR, "unknown format of the matrix",
    "use -f text, -f csv or -f json"};
/* clang-format on */

/* One identity on one application. */
struct entry {
    const struct subject *application;
    const struct json *changer; /* an item of the fact `changers` */
};

struct matrix {
    struct arena *a;
    VEC(struct entry) rows;      /* by application, then as the fact has them */
    VEC(struct entry) undecided; /* items of facts.unknown about changers */
    size_t applications;
};

static struct str text_of(const struct entry *e, const char *member)
{
    return json_str(json_get(e->changer, str_from(member)));
}

static void collect(struct matrix *m, const struct model *model)
{
    for (size_t i = 0; i < model->n; i++) {
        const struct subject *s = model->v[i];
        if (strcmp(s->type, "application") != 0)
            continue;
        m->applications++;
        const struct json *facts = json_get(subject_view(m->a, s), STR("facts"));
        const struct json *list = json_get(facts, STR("changers"));
        for (const struct json *n = json_first(list); n; n = json_next(n))
            *vec_push(m->a, &m->rows) = (struct entry){s, n};
        list = json_get(facts, STR("unknown"));
        for (const struct json *n = json_first(list); n; n = json_next(n))
            if (str_eq(json_str(json_get(n, STR("about"))), STR("changers")))
                *vec_push(m->a, &m->undecided) = (struct entry){s, n};
    }
}

/* The texts of a list, with commas; at most max, and how many more. */
static struct str joined(struct arena *a, const struct json *list, size_t max)
{
    struct buf out = BUF_INIT;
    size_t n = 0, all = json_size(list);
    for (const struct json *v = json_first(list); v && n < max; v = json_next(v), n++) {
        buf_z(&out, n ? ", " : "");
        buf_str(&out, json_str(v));
    }
    if (all > n)
        buf_fmt(&out, " and %zu more", all - n);
    struct str s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

static void as_text(struct buf *out, const struct matrix *m)
{
    const struct subject *last = NULL;
    for (size_t i = 0; i < m->rows.n; i++) {
        const struct entry *e = &m->rows.v[i];
        if (e->application != last) {
            buf_fmt(out, "%s", last ? "\n" : "");
            utf8_vis(out, e->application->arn);
            buf_c(out, '\n');
        }
        last = e->application;
        bool admin = json_bool(json_get(e->changer, STR("admin")));
        buf_fmt(out, "  %-7.*s %-6.*s ", STR_ARG(text_of(e, "level")),
                STR_ARG(text_of(e, "kind")));
        utf8_vis(out, text_of(e, "name"));
        buf_z(out, admin ? " (administrator)\n      " : "\n      ");
        utf8_vis(out, joined(m->a, json_get(e->changer, STR("actions")), ACTIONS_SHOWN));
        buf_z(out, "; by ");
        utf8_vis(out, joined(m->a, json_get(e->changer, STR("via")), ACTIONS_SHOWN));
        buf_c(out, '\n');
    }
    if (!m->rows.n)
        buf_fmt(out, "nobody in the evidence may change any of %zu applications\n",
                m->applications);
    for (size_t i = 0; i < m->undecided.n; i++) {
        const struct entry *e = &m->undecided.v[i];
        buf_z(out, i ? "" : "\nnot known:\n");
        buf_z(out, "  ");
        utf8_vis(out, e->application->name);
        buf_z(out, ": ");
        utf8_vis(out, text_of(e, "what"));
        if (text_of(e, "command").n) {
            buf_z(out, "\n      ");
            utf8_vis(out, text_of(e, "command"));
        }
        buf_c(out, '\n');
    }
}

static void csv_row(struct buf *out, const struct str *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf_z(out, i ? "," : "");
        escape_write(out, ESCAPE_CSV, cells[i]);
    }
    buf_z(out, "\r\n");
}

static void as_csv(struct buf *out, const struct matrix *m)
{
    const struct str head[] = {STR("application"), STR("identity"), STR("kind"),
                               STR("level"),       STR("admin"),    STR("actions"),
                               STR("via")};
    csv_row(out, head, sizeof head / sizeof *head);
    for (size_t i = 0; i < m->rows.n; i++) {
        const struct entry *e = &m->rows.v[i];
        const struct json *n = e->changer;
        const struct str cells[] = {
            e->application->arn,
            text_of(e, "identity"),
            text_of(e, "kind"),
            text_of(e, "level"),
            json_bool(json_get(n, STR("admin"))) ? STR("yes") : STR("no"),
            joined(m->a, json_get(n, STR("actions")), (size_t)-1),
            joined(m->a, json_get(n, STR("via")), (size_t)-1),
        };
        csv_row(out, cells, sizeof cells / sizeof *cells);
    }
}

static struct json *list_json(struct arena *a, const struct entry *v, size_t n)
{
    struct json *list = json_new_array(a);
    for (size_t i = 0; i < n; i++) {
        struct json *row = json_push(list, json_new_object(a));
        json_set_str(a, row, STR("application"), v[i].application->arn);
        for (const struct json *x = json_first(v[i].changer); x; x = json_next(x))
            json_set(a, row, json_key(x), json_new_ref(a, x));
    }
    return list;
}

static void as_json(struct buf *out, const struct matrix *m)
{
    struct json *root = json_new_object(m->a);
    json_set(m->a, root, STR("access"), list_json(m->a, m->rows.v, m->rows.n));
    json_set(m->a, root, STR("unknown"), list_json(m->a, m->undecided.v, m->undecided.n));
    json_write(out, root, true, false);
    buf_c(out, '\n');
}

int command_access(const struct invocation *in)
{
    struct run r = {0};
    struct str format = in->nformats ? in->formats[0] : STR("text");
    bool csv = str_eq(format, STR("csv")), json = str_eq(format, STR("json"));
    if (in->nformats > 1 || !(csv || json || str_eq(format, STR("text")))) {
        diag_file(in->dx, &BAD_ACCESS_FORMAT, STR(""), "\"%.*s\"", STR_ARG(format));
        return EXIT_USAGE;
    }
    int code = run_model(in, in->noperands, &r);
    if (code)
        return code;
    struct matrix m = {.a = in->a};
    collect(&m, r.model);
    struct buf out = BUF_INIT;
    if (csv)
        as_csv(&out, &m);
    else if (json)
        as_json(&out, &m);
    else
        as_text(&out, &m);
    terminal_print(buf_view(&out));
    buf_free(&out);
    return EXIT_OK;
}
