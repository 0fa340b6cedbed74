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

enum { OF_SUBJECT = sizeof of_subject / sizeof *of_subject };

static bool row_fits(const struct fact_row *row, const char *type)
{
    return !strcmp(row->subject, "*") || !strcmp(row->subject, type);
}

static void learn(struct arena *a, struct map *names, struct str name)
{
    *map_put(a, names, name) = names;
}

/* The names for a type, gathered when it is first asked for. */
static const struct known *known_of(struct reader *r, const char *type)
{
    for (size_t i = 0; i < r->known.n; i++)
        if (r->known.v[i]->type == type)
            return r->known.v[i];
    struct known *k = ARENA_NEW(r->a, struct known);
    k->type = type;
    *vec_push(r->a, &r->known) = k;
    for (size_t i = 0; i < OF_SUBJECT; i++)
        learn(r->a, &k->members, str_from(of_subject[i]));
    size_t n;
    const struct fact_row *rows = fact_rows(&n);
    for (size_t i = 0; i < n; i++) {
        if (!row_fits(&rows[i], type))
            continue;
        learn(r->a, &k->facts, str_from(rows[i].fact));
        struct str rest = str_from(rows[i].fields), head;
        while (rest.n) {
            str_cut(rest, ' ', &head, &rest);
            learn(r->a, &k->members, head);
        }
    }
    return k;
}

/* Record that names has no such name; the nearest that it has is shown. */
static void missing(struct reader *r, const struct diag_kind *kind,
                    const struct map *names, struct str name, struct origin at,
                    const char *type)
{
    const char **list = ARENA_ARRAY(r->a, const char *, names->n);
    for (size_t i = 0; i < names->n; i++)
        list[i] = str_z(r->a, names->entries[i].key);
    struct str near = reader_near(r->a, name, list, names->n);
    diag_at(r->dx, kind, at, "\"%.*s\" of %s %s%.*s", STR_ARG(name), reader_article(type),
            type, STR_ARG(near));
}

static void want_fact(struct reader *r, const struct check *c, struct str name,
                      struct origin at)
{
    const struct known *k = known_of(r, c->subject);
    if (!map_get(&k->facts, name))
        missing(r, &CAT_NO_FACT, &k->facts, name, at, c->subject);
}

static void want_member(struct reader *r, const struct check *c, struct str name,
                        struct origin at)
{
    const struct known *k = known_of(r, c->subject);
    if (!map_get(&k->members, name))
        missing(r, &CAT_NO_NAME, &k->members, name, at, c->subject);
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
        if (s.src.p[i] != '$' && s.src.p[i] != '@')
            continue;
        struct str rest = str_sub(s.src, i, s.src.n);
        bool fact = str_starts(rest, STR("$.facts."));
        if (!fact && (raw || !str_starts(rest, STR("@."))))
            continue;
        size_t at = i + (fact ? 8 : 2);
        struct str name = name_at(s.src, at);
        struct origin place = {s.text, base + at, name.n};
        if (!name.n)
            continue;
        if (fact)
            want_fact(r, c, name, place);
        else
            want_member(r, c, name, place);
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
        want_fact(r, all->c, second, u->at);
    } else if (!all->raw) {
        want_member(r, all->c, first, u->at);
    }
}

void reader_template_names(struct reader *r, struct check *c, const struct tmpl *compiled)
{
    struct uses all = {r, c, c->raw};
    if (*c->subject)
        tmpl_uses(compiled, use, &all);
}
