/* Are the names that queries and templates use ones that the model knows? A misspelt one
 * would select nothing, and a check that forbids it would pass for ever. */
#include "catalog/reader.h"

#include "model/facts.h"
#include "tmpl/tmpl.h"

#include <string.h>

/* Members of every subject, and what templates have beside them. */
static const char *const of_subject[] = {
    "account",   "arn",         "evidence", "facts", "foreign", "links", "name",
    "partition", "listed_only", "region",   "type",  "param",   "value", "subject"};

enum { OF_SUBJECT = sizeof of_subject / sizeof *of_subject, NAMES_MAX = 400 };

static bool row_fits(const struct fact_row *row, const char *type)
{
    return !strcmp(row->subject, "*") || !strcmp(row->subject, type);
}

static bool word_in(const char *words, struct str word)
{
    struct str rest = str_from(words), head;
    while (rest.n) {
        str_cut(rest, ' ', &head, &rest);
        if (str_eq(head, word))
            return true;
    }
    return false;
}

static bool is_fact(const char *type, struct str name)
{
    size_t n;
    const struct fact_row *rows = fact_rows(&n);
    for (size_t i = 0; i < n; i++)
        if (row_fits(&rows[i], type) && str_eq(str_from(rows[i].fact), name))
            return true;
    return false;
}

/* Is it a member of some fact of the type, or of the subject? */
static bool is_member(const char *type, struct str name)
{
    size_t n;
    const struct fact_row *rows = fact_rows(&n);
    for (size_t i = 0; i < OF_SUBJECT; i++)
        if (str_eq(str_from(of_subject[i]), name))
            return true;
    for (size_t i = 0; i < n; i++)
        if (row_fits(&rows[i], type) && word_in(rows[i].fields, name))
            return true;
    return false;
}

static void no_fact(struct reader *r, const char *type, struct str name, struct origin at)
{
    size_t n, count = 0;
    const struct fact_row *rows = fact_rows(&n);
    const char *names[NAMES_MAX];
    for (size_t i = 0; i < n && count < NAMES_MAX; i++)
        if (row_fits(&rows[i], type))
            names[count++] = rows[i].fact;
    struct str near = reader_near(r->a, name, names, count);
    diag_at(r->dx, &CAT_NO_FACT, at, "\"%.*s\" of a %s%.*s", STR_ARG(name), type,
            STR_ARG(near));
}

static void no_name(struct reader *r, const char *type, struct str name, struct origin at)
{
    size_t n, count = 0;
    const struct fact_row *rows = fact_rows(&n);
    const char *names[NAMES_MAX];
    while (count < OF_SUBJECT) {
        names[count] = of_subject[count];
        count++;
    }
    for (size_t i = 0; i < n; i++) {
        struct str rest = row_fits(&rows[i], type) ? str_from(rows[i].fields) : STR("");
        while (rest.n && count < NAMES_MAX) {
            struct str head;
            str_cut(rest, ' ', &head, &rest);
            names[count++] = str_z(r->a, head);
        }
    }
    struct str near = reader_near(r->a, name, names, count);
    diag_at(r->dx, &CAT_NO_NAME, at, "\"%.*s\"%.*s", STR_ARG(name), STR_ARG(near));
}

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_';
}

static struct str name_at(struct str s, size_t pos)
{
    size_t end = pos;
    while (end < s.n && name_char(s.p[end]))
        end++;
    return str_sub(s, pos, end);
}

/* Names after $.facts. and, in a query that stays away from raw answers, after @. */
void reader_query_names(struct reader *r, const struct check *c, struct slice s)
{
    bool raw = str_has(s.src, STR("evidence"));
    if (!*c->subject) /* no such type: said already */
        return;
    size_t base = (size_t)(s.src.p - s.text->bytes.p);
    for (size_t i = 0; i + 2 < s.src.n; i++) {
        struct str rest = str_sub(s.src, i, s.src.n);
        bool fact = str_starts(rest, STR("$.facts."));
        if (!fact && (raw || !str_starts(rest, STR("@."))))
            continue;
        size_t at = i + (fact ? 8 : 2);
        struct str name = name_at(s.src, at);
        struct origin place = {s.text, base + at, name.n};
        if (!name.n)
            continue;
        if (fact && !is_fact(c->subject, name))
            no_fact(r, c->subject, name, place);
        else if (!fact && !is_member(c->subject, name))
            no_name(r, c->subject, name, place);
    }
}

struct uses {
    struct reader *r;
    struct check *c;
    bool raw;
};

static void use(void *ctx, const struct tmpl_use *u)
{
    const struct uses *all = ctx;
    struct reader *r = all->r;
    struct str first, rest, second;
    str_cut(u->name, '.', &first, &rest);
    str_cut(rest, '.', &second, NULL);
    if (str_eq(first, STR("param")) && second.n) {
        const struct param *p = reader_param(r, second, u->at);
        if (p)
            reader_use_param(r, all->c, p);
    } else if (str_eq(first, STR("facts")) && second.n) {
        if (!is_fact(all->c->subject, second))
            no_fact(r, all->c->subject, second, u->at);
    } else if (!all->raw && !is_member(all->c->subject, first)) {
        no_name(r, all->c->subject, first, u->at);
    }
}

void reader_template_names(struct reader *r, struct check *c, const struct tmpl *compiled)
{
    struct uses all = {r, c, c->raw};
    if (*c->subject)
        tmpl_uses(compiled, use, &all);
}
