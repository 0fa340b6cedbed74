/* Find what is missing, say where each answer belongs, and list it. */
#include "cli/gaps.h"

#include "assess/assess.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/utf8.h"
#include "catalog/catalog.h"
#include "evidence/home.h"
#include "evidence/name.h"
#include "evidence/operation.h"
#include "json/json.h"
#include "json/write.h"
#include "model/model.h"

#include <string.h>

enum { FIRST_ARGUMENT = 3, QUALIFIERS_MAX = 4 }; /* after "aws SERVICE COMMAND" */

/* Words of a command as buf_shell wrote it; NULL, or why it cannot be taken apart. */
static const char *split_words(struct arena *a, struct gap *x)
{
    struct str s = x->finding->command;
    struct buf word = BUF_INIT;
    bool quoted = false, open = false;
    const char *hold = NULL;
    for (size_t i = 0; i <= s.n; i++) {
        char c = i < s.n ? s.p[i] : ' ';
        if (c == '\'') {
            quoted = !quoted;
        } else if (c == '\\' && !quoted && i + 1 < s.n) {
            buf_c(&word, s.p[++i]);
        } else if (c == ' ' && !quoted) {
            if (x->nwords == GAP_WORDS_MAX)
                hold = "it is too long to be taken apart";
            else
                x->words[x->nwords++] = buf_dup(a, &word);
            buf_clear(&word);
        } else {
            open = open || (c == '<' && !quoted);
            buf_c(&word, c);
        }
    }
    buf_free(&word);
    return open ? "fill in what stands in <>" : hold;
}

static bool is_option(struct str word)
{
    return str_starts(word, STR("--"));
}

/* May the word stand as the value of an option? The CLI takes others for options, and
 * reads files and pages that a value names. */
static bool is_value(struct str word, struct str option)
{
    static const char *const readers[] = {"file://", "fileb://", "http://", "https://"};
    bool url = str_eq(option, STR("--queue-url"));
    for (size_t i = 0; i < sizeof readers / sizeof *readers && !url; i++)
        if (str_starts(word, str_from(readers[i])))
            return false;
    return word.n > 0 && word.p[0] != '-';
}

/* Does each word stand where args, the table's, has it? Options of the table are options;
 * what names filled in are values. */
static bool words_fit(const struct gap *x)
{
    struct str args = str_from(x->op->args), want, before = STR("");
    size_t i = FIRST_ARGUMENT;
    while (args.n) {
        str_cut(args, ' ', &want, &args);
        if (i == x->nwords || (is_option(want) ? !str_eq(x->words[i], want)
                                               : !is_value(x->words[i], before)))
            return false;
        before = want;
        i++;
    }
    struct str rest = i < x->nwords ? x->words[i] : STR("");
    return str_eq(rest, STR("--region")) || str_eq(rest, STR("--output"));
}

static struct str value_of(const struct gap *x, struct str option)
{
    for (size_t i = FIRST_ARGUMENT; i + 1 < x->nwords; i++)
        if (is_option(x->words[i]) &&
            str_eq(str_sub(x->words[i], 2, x->words[i].n), option))
            return x->words[i + 1];
    return STR("");
}

/* What tells its file from others: values of the options that the operation's row names;
 * of calls that are made several times about one account, all values. */
static size_t qualifiers(const struct gap *x, struct str *out)
{
    struct str options = str_from(x->op->param), option;
    size_t n = 0;
    while (options.n && n < QUALIFIERS_MAX) {
        str_cut(options, ' ', &option, &options);
        struct str value = value_of(x, option);
        if (value.n)
            out[n++] = value;
    }
    for (size_t i = FIRST_ARGUMENT; !*x->op->param && x->op->many && i < x->nwords; i++)
        if (str_eq(x->words[i], STR("--region")) || str_eq(x->words[i], STR("--output")))
            break;
        else if (!is_option(x->words[i]) && n < QUALIFIERS_MAX)
            out[n++] = x->words[i];
    return n;
}

/* Its own account; of what has none in its name, that of who uses it. */
static struct str account_to_ask(const struct model *m, const struct subject *s)
{
    if (s && s->account.n)
        return s->account;
    for (size_t i = 0; s && i < s->used_by.n; i++)
        if (s->used_by.v[i]->from->account.n)
            return s->used_by.v[i]->from->account;
    return m->accounts.n == 1 ? m->accounts.entries[0].key : STR("");
}

/* Does stem differ from file in its one qualifier alone, and is it a word for any shell?
 */
static bool same_place(struct str stem, struct str file)
{
    size_t tilde = str_find_char(file, '~');
    if (tilde == (size_t)-1 || !str_starts(stem, str_sub(file, 0, tilde + 1)))
        return false;
    struct str name = str_sub(stem, tilde + 1, stem.n);
    for (size_t i = 0; i < name.n; i++)
        if (!home_plain(name.p[i]) && name.p[i] != '_')
            return false;
    return name.n > 0;
}

/* An answer about the same resource that is of no use stays where it is when it stands in
 * the home layout: the new one takes its place, however the resource was named then. */
static void place_again(struct gap *x)
{
    const struct document *d = x->finding->spot.doc;
    if (!d || d->op != x->op)
        return;
    struct str stem = name_stem(d->path);
    if (*x->op->param && !strchr(x->op->param, ' ') && same_place(stem, x->file))
        x->file = stem;
    if (!str_eq(stem, x->file) && d->name.n && !x->op->listing)
        x->instead = d;
}

static const char *place(struct arena *a, const struct model *m, struct gap *x)
{
    const char *hold = split_words(a, x);
    if (x->nwords > FIRST_ARGUMENT)
        x->op = operation_of_command(x->words[1], x->words[2]);
    x->account = account_to_ask(m, x->subject);
    struct str command = x->finding->command, region = value_of(x, STR("region"));
    if (hold)
        return hold;
    if (!x->op || !words_fit(x) || !str_eq(utf8_visible(a, command), command))
        return "a name in it would not reach AWS as it is";
    if (!x->account.n)
        return "nothing says in which account";
    /* The service finds the bucket, in whatever region it is. */
    if (!region.n && !x->op->global && strcmp(x->op->service, "s3api") != 0)
        return "nothing says in which region";
    if (!name_is_account(x->account) || (region.n && !name_is_region(region)))
        return "its account or region is none that AWS has";
    struct str values[QUALIFIERS_MAX];
    size_t n = qualifiers(x, values);
    x->file = home_path(a, x->account, region, x->words[1], x->words[2], values, n);
    place_again(x);
    return NULL;
}

struct found {
    struct gaps gaps;
    VEC(struct gap *) rows;
    struct map seen;
};

static void add_gap(struct found *w, const struct test *t, const struct finding *f)
{
    if (!f->kind || !f->command.n)
        return;
    struct arena *a = w->gaps.a;
    void **slot = map_put(a, &w->seen, f->command);
    struct gap *row = *slot;
    if (!row) {
        *slot = row = ARENA_NEW(a, struct gap);
        *row = (struct gap){.finding = f,
                            .op = operation_of_kind(str_from(f->kind)),
                            .subject = model_find(w->gaps.model, f->about),
                            .check = t->check};
        row->hold = place(a, w->gaps.model, row);
        *vec_push(a, &w->rows) = row;
    }
    row->tests++;
}

struct gaps *gaps_find(struct arena *a, const struct model *m,
                       const struct assessment *as)
{
    struct found *w = ARENA_NEW(a, struct found);
    *w = (struct found){.gaps = {.a = a, .model = m}};
    for (size_t i = 0; i < as->n; i++)
        for (uint32_t k = 0;
             as->tests[i].result == RESULT_UNKNOWN && k < as->tests[i].nfindings; k++)
            add_gap(w, &as->tests[i], &as->tests[i].findings[k]);
    w->gaps.v = w->rows.v;
    w->gaps.n = w->rows.n;
    return &w->gaps;
}

void gap_reason(struct buf *out, const struct gap *x)
{
    const struct subject *s = x->subject;
    buf_fmt(out, "%s: ", reason_name(x->finding->reason));
    if (s)
        buf_fmt(out, "%s ", s->type);
    utf8_vis(out, s && s->name.n ? s->name : x->finding->about);
    if (s && s->account.n && strcmp(s->type, "account") != 0)
        buf_fmt(out, " (account %.*s)", STR_ARG(s->account));
    if (x->op && *x->op->action)
        buf_fmt(out, ", takes %s", x->op->action);
    buf_fmt(out, "; %.*s", STR_ARG(x->check->id));
    if (x->tests > 1)
        buf_fmt(out, " and %zu more test%s wait", x->tests - 1, x->tests > 2 ? "s" : "");
    else
        buf_z(out, " waits");
    buf_z(out, " for it");
    if (x->instead) {
        buf_z(out, ", instead of ");
        utf8_vis(out, x->instead->path);
    }
}

/* Folders that hold evidence already need not be made. */
static struct map known_folders(const struct gaps *g)
{
    struct map folders = MAP_INIT;
    const struct evidence *ev = g->model->evidence;
    for (size_t i = 0; i < ev->n; i++) {
        struct str path = ev->v[i]->path;
        size_t slash = str_find_last(path, '/');
        if (slash != (size_t)-1)
            *map_put(g->a, &folders, str_sub(path, 0, slash)) = ev->v[i];
    }
    return folders;
}

void gaps_text(struct buf *out, const struct gaps *g)
{
    struct map folders = known_folders(g);
    for (size_t i = 0; i < g->n; i++) {
        const struct gap *x = g->v[i];
        buf_z(out, "# ");
        gap_reason(out, x);
        buf_c(out, '\n');
        if (x->hold) {
            buf_fmt(out, "# %s: ", x->hold);
            utf8_vis(out, x->finding->command);
            buf_c(out, '\n');
            continue;
        }
        struct str folder = str_sub(x->file, 0, str_find_last(x->file, '/'));
        void **slot = map_put(g->a, &folders, folder);
        if (!*slot)
            buf_fmt(out, "mkdir -p %.*s\n", STR_ARG(folder));
        *slot = (void *)x;
        buf_fmt(out, "%.*s \\\n    >%.*s.json 2>%.*s.err\n", STR_ARG(x->finding->command),
                STR_ARG(x->file), STR_ARG(x->file));
    }
}

struct json *gaps_json(struct arena *a, const struct gaps *g)
{
    struct json *list = json_new_array(a);
    for (size_t i = 0; i < g->n; i++) {
        const struct gap *x = g->v[i];
        const struct subject *s = x->subject;
        struct json *row = json_push(list, json_new_object(a));
        json_set_str(a, row, STR("kind"), str_from(x->finding->kind));
        json_set_str(a, row, STR("reason"), str_from(reason_name(x->finding->reason)));
        json_set_str(a, row, STR("subject"), x->finding->about);
        json_set_str(a, row, STR("account"), x->account);
        json_set_str(a, row, STR("region"), s ? s->region : STR(""));
        json_set_str(a, row, STR("action"), str_from(x->op ? x->op->action : ""));
        json_set_str(a, row, STR("command"), x->finding->command);
        json_set_str(a, row, STR("file"),
                     x->hold ? STR("") : str_fmt(a, "%.*s.json", STR_ARG(x->file)));
        json_set_str(a, row, STR("hold"), str_from(x->hold));
        json_set_str(a, row, STR("check"), x->check->id);
        json_set_num(a, row, STR("tests"), (double)x->tests);
    }
    return list;
}
