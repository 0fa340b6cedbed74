/* Connector options in SQL text: CREATE TABLE name (...) WITH ('key' = 'value', ...). */
#include "model/properties.h"

#include "base/map.h"

#include <ctype.h>
#include <string.h>

/* More than inline code of 102,400 bytes, the most that the service takes, has room for.
 */
enum { SQL_MAX_TABLES = 20000, SQL_MAX_PAIRS = 20000 };

enum kind { END, WORD, TEXT, SIGN };

struct token {
    enum kind kind;
    struct str text; /* TEXT: without its quotes */
    size_t pos;
};

struct lexer {
    struct str code;
    size_t at;
};

/* Skip white space and comments, of SQL and of the notes around it. */
static void skip(struct lexer *l)
{
    while (l->at < l->code.n) {
        struct str rest = str_sub(l->code, l->at, l->code.n);
        size_t end;
        if (isspace((unsigned char)rest.p[0])) {
            l->at++;
        } else if (str_starts(rest, STR("--"))) {
            end = str_find_char(rest, '\n');
            l->at = end == (size_t)-1 ? l->code.n : l->at + end;
        } else if (str_starts(rest, STR("/*"))) {
            end = str_find(rest, STR("*/"));
            l->at = end == (size_t)-1 ? l->code.n : l->at + end + 2;
        } else {
            return;
        }
    }
}

static bool word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '`' || c == '$' ||
           (unsigned char)c >= 0x80;
}

static struct token next(struct lexer *l)
{
    skip(l);
    struct token t = {.kind = END, .pos = l->at};
    if (l->at >= l->code.n)
        return t;
    size_t from = l->at;
    char c = l->code.p[from];
    if (c == '\'' || c == '"') {
        size_t to = from + 1;
        while (to < l->code.n && l->code.p[to] != c)
            to++;
        t = (struct token){TEXT, str_sub(l->code, from + 1, to), from + 1};
        l->at = to < l->code.n ? to + 1 : to;
    } else if (word_char(c)) {
        while (l->at < l->code.n && word_char(l->code.p[l->at]))
            l->at++;
        t = (struct token){WORD, str_sub(l->code, from, l->at), from};
    } else {
        t = (struct token){SIGN, str_sub(l->code, from, from + 1), from};
        l->at++;
    }
    return t;
}

static bool word(const struct token *t, const char *w)
{
    return t->kind == WORD && str_eq_nocase(t->text, str_from(w));
}

static bool sign(const struct token *t, char c)
{
    return t->kind == SIGN && t->text.p[0] == c;
}

/* A table's name without quotes and catalog: `db`.`orders` is orders. */
static struct str table_name(struct token t)
{
    size_t dot = str_find_last(t.text, '.');
    struct str name = dot == (size_t)-1 ? t.text : str_sub(t.text, dot + 1, t.text.n);
    while (name.n && name.p[0] == '`')
        name = str_sub(name, 1, name.n);
    while (name.n && name.p[name.n - 1] == '`')
        name.n--;
    return name;
}

/* The name after CREATE [TEMPORARY] TABLE [IF NOT EXISTS], or INSERT INTO. */
static struct str name_after(struct lexer *l)
{
    struct token t = next(l);
    while (word(&t, "IF") || word(&t, "NOT") || word(&t, "EXISTS") || word(&t, "TABLE"))
        t = next(l);
    return t.kind == WORD || t.kind == TEXT ? table_name(t) : STR("");
}

/* The pairs up to the closing parenthesis. */
static void read_pairs(struct arena *a, struct lexer *l, struct property_group *g)
{
    struct token key = next(l);
    while (key.kind == TEXT && g->pairs.n < SQL_MAX_PAIRS) {
        struct token t = next(l);
        if (!sign(&t, '='))
            return;
        struct token value = next(l);
        if (value.kind != TEXT)
            return;
        struct property *p = vec_push(a, &g->pairs);
        *p = (struct property){key.text, value.text, value.pos};
        t = next(l);
        if (!sign(&t, ','))
            return;
        key = next(l);
    }
}

struct property_groups sql_tables(struct arena *a, struct str code)
{
    struct property_groups out = {0};
    struct map sinks = MAP_INIT;
    struct lexer l = {.code = code};
    struct str name = STR("");
    for (struct token t = next(&l); t.kind != END; t = next(&l)) {
        if (word(&t, "TABLE")) {
            name = name_after(&l);
        } else if (word(&t, "INTO")) {
            struct str into = name_after(&l);
            if (into.n)
                *map_put(a, &sinks, str_lower(a, into)) = &sinks;
        } else if (word(&t, "WITH") && out.n < SQL_MAX_TABLES) {
            struct token open = next(&l);
            if (!sign(&open, '('))
                continue;
            struct property_group *g = vec_push(a, &out);
            g->id = g->table = name;
            read_pairs(a, &l, g);
        }
    }
    for (size_t i = 0; i < out.n; i++)
        out.v[i].sink = map_get(&sinks, str_lower(a, out.v[i].table)) != NULL;
    return out;
}
