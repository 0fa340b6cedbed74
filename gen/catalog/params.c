/* Parameters: read their declarations, set them from the command line. */
#include "catalog/reader.h"

#include <math.h>

static const char *const type_names[] = {"boolean", "integer", "string", "list"};

const char *param_type_name(enum param_type t)
{
    return type_names[t];
}

static bool type_of(const struct param *p, const struct json *v)
{
    switch (p->type) {
    case PARAM_BOOLEAN:
        return json_is(v, JSON_TRUE) || json_is(v, JSON_FALSE);
    case PARAM_INTEGER:
        return json_is(v, JSON_NUMBER) && json_num(v) == floor(json_num(v));
    case PARAM_STRING:
        return json_is(v, JSON_STRING);
    case PARAM_LIST:
        for (const struct json *n = json_first(v); n; n = json_next(n))
            if (!json_is(n, JSON_STRING))
                return false;
        return json_is(v, JSON_ARRAY);
    }
    return false;
}

/* Is v one of the values that p takes? why says which those are when not. */
static bool in_range(const struct param *p, const struct json *v, struct arena *a,
                     struct str *why)
{
    if (p->type == PARAM_INTEGER &&
        (json_num(v) < (double)p->min || json_num(v) > (double)p->max)) {
        *why = str_fmt(a, "%lld to %lld", (long long)p->min, (long long)p->max);
        return false;
    }
    if (!p->choices)
        return true;
    *why = STR("");
    for (const struct json *n = json_first(p->choices); n; n = json_next(n)) {
        if (json_equal(n, v))
            return true;
        *why = str_fmt(a, "%.*s%s%.*s", STR_ARG(*why), why->n ? ", " : "",
                       STR_ARG(json_str(n)));
    }
    return false;
}

static bool limit(struct reader *r, const struct text *t, const struct json *n,
                  int64_t *out)
{
    if (!n)
        return true;
    double v = json_num(n);
    if (v != floor(v) || fabs(v) > 1e15) {
        diag_at(r->dx, &CAT_RANGE, reader_at(n, t), "a whole number belongs here");
        return false;
    }
    *out = (int64_t)v;
    return true;
}

static void read_one(struct reader *r, const struct text *t, const struct json *n)
{
    if (!reader_keys(r, t, n, "parameter"))
        return;
    if (!reader_id_ok(json_key(n), "_"))
        diag_at(r->dx, &CAT_BAD_ID, reader_key_at(n, t),
                "a parameter's name has letters, digits and _ only");
    const struct json *type = json_get(n, STR("type"));
    struct param *p = ARENA_NEW(r->a, struct param);
    size_t i = 0, count = sizeof type_names / sizeof *type_names;
    while (i < count && !str_eq(json_str(type), str_from(type_names[i])))
        i++;
    if (i == count) {
        struct str near = reader_near(r->a, json_str(type), type_names, count);
        diag_at(r->dx, &CAT_BAD_VALUE, reader_at(type, t),
                "a type is boolean, integer, string, or list%.*s", STR_ARG(near));
        return;
    }
    const struct json *value = json_get(n, STR("default"));
    *p = (struct param){.name = json_key(n),
                        .type = (enum param_type)i,
                        .value = value,
                        .fallback = value,
                        .help = json_str(json_get(n, STR("help"))),
                        .min = 0,
                        .max = INT32_MAX,
                        .choices = json_get(n, STR("choices")),
                        .origin = reader_key_at(n, t)};
    if (!limit(r, t, json_get(n, STR("min")), &p->min) ||
        !limit(r, t, json_get(n, STR("max")), &p->max))
        return;
    struct str why;
    if (!type_of(p, value))
        diag_at(r->dx, &CAT_BAD_VALUE, reader_at(value, t), "the default is no %s",
                type_names[i]);
    else if (!in_range(p, value, r->a, &why))
        diag_at(r->dx, &CAT_RANGE, reader_at(value, t), "the parameter takes %.*s",
                STR_ARG(why));
    *map_put(r->a, &r->c->params, p->name) = p;
}

void reader_params(struct reader *r, const struct text *t, const struct json *object)
{
    for (const struct json *n = json_first(object); n; n = json_next(n))
        read_one(r, t, n);
}

static struct json *list_of(struct arena *a, struct str s)
{
    struct json *list = json_new_array(a);
    while (s.n) {
        struct str head, tail;
        str_cut(s, ',', &head, &tail);
        head = str_trim(head);
        if (head.n)
            json_push(list, json_new_str(a, head));
        s = tail;
    }
    return list;
}

static struct json *value_of(struct arena *a, enum param_type type, struct str s)
{
    int64_t i;
    switch (type) {
    case PARAM_BOOLEAN:
        if (str_eq_nocase(s, STR("true")) || str_eq_nocase(s, STR("yes")))
            return json_new_bool(a, true);
        if (str_eq_nocase(s, STR("false")) || str_eq_nocase(s, STR("no")))
            return json_new_bool(a, false);
        return NULL;
    case PARAM_INTEGER:
        return str_int(s, &i) && i > -(1LL << 50) && i < (1LL << 50)
                   ? json_new_num(a, (double)i)
                   : NULL;
    case PARAM_STRING:
        return json_new_str(a, s);
    case PARAM_LIST:
        return list_of(a, s);
    }
    return NULL;
}

bool catalog_set_param(struct arena *a, struct catalog *c, struct str assignment,
                       struct diag *dx)
{
    struct str name, text;
    if (!str_cut(assignment, '=', &name, &text)) {
        diag_file(dx, &CAT_ASSIGN, STR(""), "\"%.*s\"", STR_ARG(assignment));
        return false;
    }
    name = str_trim(name);
    struct param *p = map_get(&c->params, name);
    if (!p) {
        const char **names = ARENA_ARRAY(a, const char *, c->params.n);
        for (size_t i = 0; i < c->params.n; i++)
            names[i] = str_z(a, c->params.entries[i].key);
        struct str near = reader_near(a, name, names, c->params.n);
        diag_file(dx, &CAT_ASSIGN_NAME, STR(""), "\"%.*s\"%.*s", STR_ARG(name),
                  STR_ARG(near));
        return false;
    }
    const struct json *v = value_of(a, p->type, text);
    struct str why;
    if (!v) {
        diag_file(dx, &CAT_ASSIGN_TYPE, STR(""), "\"%.*s\" is no %s for %.*s",
                  STR_ARG(text), type_names[p->type], STR_ARG(name));
        return false;
    }
    if (!in_range(p, v, a, &why)) {
        diag_file(dx, &CAT_ASSIGN_RANGE, STR(""), "\"%.*s\"; %.*s takes %.*s",
                  STR_ARG(text), STR_ARG(name), STR_ARG(why));
        return false;
    }
    p->value = v;
    return true;
}

int64_t need_max_age_days(const struct check_need *n)
{
    return n->max_age ? (int64_t)json_num(n->max_age->value) : n->max_age_days;
}
