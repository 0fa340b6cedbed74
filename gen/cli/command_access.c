/* access: who may do what to which application. */
#include "base/buf.h"
#include "base/diag.h"
#include "base/map.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "json/json.h"
#include "json/write.h"
#include "model/holders.h"
#include "tmpl/tmpl.h"

#include <string.h>

enum { NAME_WIDTH = 32, APPLICATIONS_SHOWN = 8, HOLDERS_SHOWN = 20 };

/* clang-format off */
static const struct diag_kind BAD_ACCESS_FORMAT = {"CLI-170", DIAG_ERROR, "unknown format of the matrix",
    "use -f text, -f csv or -f json"};
/* clang-format on */

/* One identity on one application. */
struct entry {
    const struct subject *application;
    const struct json *item; /* of the fact `holders` */
};

/* What is not known of n applications alike. */
struct same {
    const struct entry *first;
    size_t n;
};

struct matrix {
    struct arena *a;
    const struct holders *holders;
    VEC(struct entry) rows;      /* by application, then as the fact has them */
    VEC(struct entry) undecided; /* items of facts.unknown about them */
    size_t applications;
};

static struct str text_of(const struct entry *e, const char *member)
{
    return json_str(json_get(e->item, str_from(member)));
}

/* What is not known; and with rows, each identity on each application. */
static void collect(struct matrix *m, const struct model *model, bool rows)
{
    for (size_t i = 0; i < model->n; i++) {
        const struct subject *s = model->v[i];
        if (strcmp(s->type, "application") != 0)
            continue;
        m->applications++;
        const struct json *facts = json_get(subject_view(m->a, s), STR("facts"));
        const struct json *list = json_get(facts, STR("holders"));
        for (const struct json *n = json_first(list); n && rows; n = json_next(n))
            *vec_push(m->a, &m->rows) = (struct entry){s, n};
        list = json_get(facts, STR("unknown"));
        for (const struct json *n = json_first(list); n; n = json_next(n))
            if (str_eq(json_str(json_get(n, STR("about"))), STR("holders")))
                *vec_push(m->a, &m->undecided) = (struct entry){s, n};
    }
}

/* The texts of a list, with commas. */
static struct str joined(struct arena *a, const struct entry *e, const char *member)
{
    struct buf out = BUF_INIT;
    const struct json *list = json_get(e->item, str_from(member));
    for (const struct json *v = json_first(list); v; v = json_next(v)) {
        buf_z(&out, out.n ? ", " : "");
        buf_str(&out, json_str(v));
    }
    struct str s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

static struct str yes(const struct entry *e, const char *member)
{
    return json_bool(json_get(e->item, str_from(member))) ? STR("yes") : STR("no");
}

static const char *const columns[] = {"code", "url",  "stop", "write", "tag",
                                      "read", "list", "perm", "pass"};

static const char legend[] =
    "\ncode: replace what runs, or what it reads and writes\n"
    "url: open the dashboard or notebook; stop: stop or delete it\n"
    "perm: give itself or others what they lack\n"
    "pass: roles that it may hand to the service, so that code runs as them: own (only\n"
    "      the application's), named, any\n"
    "if: on a condition, or where a Deny or limit may take it away\n";

static void head(struct buf *out)
{
    buf_fmt(out, "  %-*s", NAME_WIDTH, "");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        buf_fmt(out, " %s", columns[i]);
    buf_c(out, '\n');
}

static void marks(struct buf *out, const struct holding *h)
{
    for (int i = 0; i < RIGHTS; i++)
        buf_fmt(out, " %-*s", (int)strlen(columns[i]),
                !(h->rights >> i & 1) ? "-"
                : h->conditional      ? "if"
                                      : "yes");
    buf_fmt(out, " %s", h->pass == PASS_NONE ? "-" : right_pass_name(h->pass));
}

static void who(struct buf *out, struct arena *a, const struct holders_row *row, size_t i)
{
    const struct holder *h = &row->who.v[i];
    struct str name = utf8_visible(a, h->subject->name);
    size_t wide = utf8_columns(name), room = NAME_WIDTH - 6;
    buf_fmt(out, "  %-5s %.*s", h->subject->type, STR_ARG(name));
    if (wide > room)
        buf_fmt(out, "\n  %-*s", NAME_WIDTH, "");
    else
        buf_fmt(out, "%-*s", (int)(room - wide), "");
    if (i)
        buf_z(out, " the same");
    else
        marks(out, &row->what);
    buf_z(out, "\n        by ");
    utf8_vis(out, h->via);
    if (strcmp(h->subject->type, "group") == 0)
        buf_fmt(out, "; %zu user%s", h->members, h->members == 1 ? "" : "s");
    if (!i && row->what.admin)
        buf_z(out, "; administrator");
    buf_c(out, '\n');
}

static bool same_place(const struct holders_row *x, const struct holders_row *y)
{
    if (!str_eq(x->account, y->account) || x->applications.n != y->applications.n)
        return false;
    for (size_t i = 0; i < x->applications.n; i++)
        if (x->applications.v[i] != y->applications.v[i])
            return false;
    return true;
}

static void place(struct buf *out, const struct holders_row *row)
{
    buf_fmt(out, "account %.*s: ", STR_ARG(row->account));
    if (row->all)
        buf_z(out, "all applications");
    size_t n = row->applications.n;
    if (n > 1)
        buf_fmt(out, "%zu applications", n);
    for (size_t i = 0; i < n && i < APPLICATIONS_SHOWN; i++) {
        const struct subject *s = row->applications.v[i];
        buf_z(out, n > 1 ? "\n  " : "application ");
        utf8_vis(out, s->name);
        buf_fmt(out, " (%.*s)", STR_ARG(s->region));
    }
    if (n > APPLICATIONS_SHOWN)
        buf_fmt(out, "\n  and %zu more", n - APPLICATIONS_SHOWN);
    buf_c(out, '\n');
}

/* What is not known, once for all applications that it is the same for. */
static void as_undecided(struct buf *out, const struct matrix *m)
{
    struct map seen = MAP_INIT;
    for (size_t i = 0; i < m->undecided.n; i++) {
        const struct entry *e = &m->undecided.v[i];
        struct str key = str_fmt(m->a, "%.*s %.*s", STR_ARG(e->application->account),
                                 STR_ARG(text_of(e, "what")));
        void **slot = map_put(m->a, &seen, key);
        if (!*slot)
            *slot = ARENA_NEW(m->a, struct same);
        struct same *same = *slot;
        same->first = same->first ? same->first : e;
        same->n++;
    }
    for (size_t i = 0; i < seen.n; i++) {
        const struct same *same = seen.entries[i].value;
        buf_z(out, i ? "" : "\nnot known:\n");
        buf_fmt(out, "  account %.*s, %zu application%s: ",
                STR_ARG(same->first->application->account), same->n,
                same->n == 1 ? "" : "s");
        utf8_vis(out, text_of(same->first, "what"));
        if (text_of(same->first, "command").n) {
            buf_z(out, "\n      ");
            utf8_vis(out, text_of(same->first, "command"));
        }
        buf_c(out, '\n');
    }
}

/* Rows over the same applications stand together: under the first of them. */
static void as_text(struct buf *out, const struct matrix *m)
{
    const struct holders *h = m->holders;
    bool *done = ARENA_ARRAY(m->a, bool, h->rows.n + 1);
    for (size_t i = 0; i < h->rows.n; i++) {
        const struct holders_row *first = &h->rows.v[i];
        if (done[i])
            continue;
        buf_z(out, i ? "\n" : "");
        place(out, first);
        head(out);
        for (size_t k = i; k < h->rows.n; k++) {
            const struct holders_row *row = &h->rows.v[k];
            if (done[k] || !same_place(first, row))
                continue;
            done[k] = true;
            for (size_t n = 0; n < row->who.n && n < HOLDERS_SHOWN; n++)
                who(out, m->a, row, n);
            if (row->who.n > HOLDERS_SHOWN)
                buf_fmt(out, "  and %zu more with the same rights\n",
                        row->who.n - HOLDERS_SHOWN);
        }
    }
    if (h->rows.n)
        buf_z(out, legend);
    else
        buf_fmt(out,
                "nobody in the evidence holds a right over any of %zu applications\n",
                m->applications);
    as_undecided(out, m);
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
    const struct str names[] = {
        STR("application"), STR("identity"),    STR("kind"),      STR("level"),
        STR("rights"),      STR("conditional"), STR("pass_role"), STR("passes"),
        STR("admin"),       STR("actions"),     STR("via"),
    };
    csv_row(out, names, sizeof names / sizeof *names);
    for (size_t i = 0; i < m->rows.n; i++) {
        const struct entry *e = &m->rows.v[i];
        const struct str cells[] = {
            e->application->arn,        text_of(e, "identity"),    text_of(e, "kind"),
            text_of(e, "level"),        joined(m->a, e, "rights"), yes(e, "conditional"),
            text_of(e, "pass_role"),    joined(m->a, e, "passes"), yes(e, "admin"),
            joined(m->a, e, "actions"), joined(m->a, e, "via"),
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
        for (const struct json *x = json_first(v[i].item); x; x = json_next(x))
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
    collect(&m, r.model, csv || json);
    m.holders = model_holders(in->a, r.model);
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
