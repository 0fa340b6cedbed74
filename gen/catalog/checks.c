/* Read one check of a control: queries, templates, needs, parameters. */
#include "catalog/reader.h"
#include "catalog/pass.h"

#include "evidence/operation.h"
#include "json/path.h"
#include "model/model.h"
#include "tmpl/tmpl.h"

#include <math.h>
#include <string.h>

static const char *const severities[] = {"info", "low", "medium", "high", "critical"};

const char *severity_name(enum severity s)
{
    return severities[s];
}

enum { MAX_LITERALS = 16 };

static struct slice slice_of(struct reader *r, const struct text *t, const struct json *n,
                             struct str id)
{
    struct str value = json_str(n);
    size_t pos = json_pos(n);
    struct str raw = str_sub(t->bytes, pos + 1, pos + 1 + value.n);
    if (str_eq(raw, value))
        return (struct slice){t, raw};
    struct text *own = ARENA_NEW(r->a, struct text);
    own->name = str_fmt(r->a, "%.*s (%.*s of %.*s)", STR_ARG(t->name),
                        STR_ARG(json_key(n)), STR_ARG(id));
    own->bytes = str_dup(r->a, value);
    return (struct slice){own, own->bytes};
}

/* How a parameter is used, as the text around param('x') tells. */
static bool use_fits(const struct param *p, struct str src, size_t literal)
{
    size_t open = literal;
    while (open && src.p[open - 1] != '(')
        open--;
    /* From '(' back over the name "param" and white space. */
    size_t before = open >= 6 ? open - 6 : 0;
    while (before && src.p[before - 1] == ' ')
        before--;
    char prev = before ? src.p[before - 1] : 0;
    char prev2 = before > 1 ? src.p[before - 2] : 0;
    struct str after = str_sub(src, literal, src.n);
    size_t close = str_find_char(after, ')');
    after = close == (size_t)-1 ? STR("") : str_trim(str_sub(after, close + 1, after.n));
    char next = after.n ? after.p[0] : 0;
    bool order = prev == '<' || prev == '>' ||
                 (prev == '=' && (prev2 == '<' || prev2 == '>')) || next == '<' ||
                 next == '>';
    if (order)
        return p->type == PARAM_INTEGER;
    if (prev == ',') /* second argument of one_of or glob_any, of glob */
        return p->type == PARAM_LIST || p->type == PARAM_STRING;
    bool equal = (prev == '=' && (prev2 == '=' || prev2 == '!')) ||
                 str_starts(after, STR("==")) || str_starts(after, STR("!="));
    return !equal || p->type != PARAM_LIST;
}

void reader_use_param(struct reader *r, struct check *c, const struct param *p)
{
    for (size_t i = 0; i < c->params.n; i++)
        if (c->params.v[i] == p)
            return;
    *vec_push(r->a, &c->params) = p;
}

const struct param *reader_param(struct reader *r, struct str name, struct origin at)
{
    const struct param *p = map_get(&r->c->params, name);
    if (p)
        return p;
    size_t n = r->c->params.n;
    const char **names = ARENA_ARRAY(r->a, const char *, n);
    for (size_t i = 0; i < n; i++)
        names[i] = str_z(r->a, r->c->params.entries[i].key);
    struct str near = reader_near(r->a, name, names, n);
    diag_at(r->dx, &CAT_NO_PARAM, at, "\"%.*s\"%.*s", STR_ARG(name), STR_ARG(near));
    return NULL;
}

static void query_params(struct reader *r, struct check *c, const struct path *p,
                         struct slice s)
{
    struct str literals[MAX_LITERALS];
    size_t offsets[MAX_LITERALS];
    size_t n = path_literals(p, "param", literals, offsets, MAX_LITERALS);
    for (size_t i = 0; i < n && i < MAX_LITERALS; i++) {
        size_t pos = (size_t)(s.src.p - s.text->bytes.p) + offsets[i];
        struct origin at = {s.text, pos, literals[i].n};
        const struct param *param = reader_param(r, literals[i], at);
        if (!param)
            continue;
        reader_use_param(r, c, param);
        if (!use_fits(param, s.src, offsets[i]))
            diag_at(r->dx, &CAT_PARAM_TYPE, at, "\"%.*s\" has type %s",
                    STR_ARG(literals[i]), param_type_name(param->type));
    }
}

static struct path *query(struct reader *r, const struct text *t, struct check *c,
                          const struct json *n)
{
    if (!n)
        return NULL;
    struct slice s = slice_of(r, t, n, c->id);
    struct path *p = path_set_parse(r->c->queries, s.text, s.src, r->dx);
    if (!p) {
        r->failed = true;
        return NULL;
    }
    query_params(r, c, p, s);
    reader_query_names(r, c, s);
    return p;
}

static bool name_char(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '_';
}

struct names {
    struct str *v;
    size_t n, cap;
};

static size_t name_len(struct str s)
{
    size_t len = 0;
    while (len < s.n && name_char(s.p[len]))
        len++;
    return len;
}

/* Of what stands behind $.facts.unknown: the one fact whose doubts are asked for. */
static struct str doubted(struct str s)
{
    struct str about = STR("[?@.about == '");
    if (!str_starts(s, about))
        return STR("unknown");
    s = str_sub(s, about.n, s.n);
    size_t len = name_len(s);
    return len && str_starts(str_sub(s, len, s.n), STR("']")) ? str_sub(s, 0, len)
                                                              : STR("unknown");
}

/* The facts that a query's text names as $.facts.NAME; of_doubts: and of those that could
 * not be decided, which. */
static void fact_names(struct arena *a, struct names *out, const struct json *n,
                       bool of_doubts)
{
    struct str s = json_str(n);
    for (;;) {
        size_t at = str_find(s, STR("$.facts."));
        if (at == (size_t)-1)
            return;
        s = str_sub(s, at + 8, s.n);
        size_t len = name_len(s);
        struct str name = str_sub(s, 0, len);
        if (of_doubts && str_eq(name, STR("unknown")))
            name = doubted(str_sub(s, len, s.n));
        if (len && !str_is_among(name, out->v, out->n))
            *vec_push(a, out) = name;
    }
}

static struct tmpl *template(struct reader *r, const struct text *t, struct check *c,
                             const struct json *n)
{
    static const struct tmpl_options options = {.escape = ESCAPE_NONE, .strict = true};
    if (!n)
        return NULL;
    struct text *own = ARENA_NEW(r->a, struct text);
    own->name = str_fmt(r->a, "%.*s (%.*s of %.*s)", STR_ARG(t->name),
                        STR_ARG(json_key(n)), STR_ARG(c->id));
    own->bytes = str_dup(r->a, json_str(n));
    struct tmpl *compiled = tmpl_parse(r->a, own, &options, r->dx);
    if (!compiled) {
        diag_at(r->dx, &CAT_HERE, reader_at(n, t), "\"%.*s\" is no Mustache template",
                STR_ARG(json_key(n)));
        r->failed = true;
    } else {
        reader_template_names(r, c, compiled);
    }
    return compiled;
}

static void age(struct reader *r, const struct text *t, struct check *c,
                struct check_need *need, const struct json *n)
{
    if (json_is(n, JSON_STRING)) {
        const struct param *p = reader_param(r, json_str(n), reader_at(n, t));
        if (p && p->type != PARAM_INTEGER)
            diag_at(r->dx, &CAT_PARAM_TYPE, reader_at(n, t), "\"%.*s\" has type %s",
                    STR_ARG(p->name), param_type_name(p->type));
        else if (p) {
            need->max_age = p;
            if (c)
                reader_use_param(r, c, p);
        }
    } else if (n) {
        double v = json_num(n);
        if (v < 0 || v != floor(v) || v > 100000)
            diag_at(r->dx, &CAT_RANGE, reader_at(n, t), "an age is 0 to 100000 days");
        else
            need->max_age_days = (int64_t)v;
    }
}

/* "a|b" into the need's kinds. */
static void kinds(struct reader *r, const struct text *t, struct check_need *need,
                  const struct json *n)
{
    struct str rest = json_str(n);
    size_t count = 0, nrows;
    const struct operation *rows = operation_rows(&nrows);
    do {
        struct str kind;
        str_cut(rest, '|', &kind, &rest);
        kind = str_trim(kind);
        const struct operation *op = operation_of_kind(kind);
        if (op && count < NEED_MAX_KINDS) {
            need->rows[count] = (size_t)(op - rows);
            need->kinds[count++] = op->kind;
            continue;
        }
        if (op) {
            diag_at(r->dx, &CAT_RANGE, reader_at(n, t), "at most %d alternatives",
                    NEED_MAX_KINDS);
            return;
        }
        const char **names = ARENA_ARRAY(r->a, const char *, nrows);
        for (size_t i = 0; i < nrows; i++)
            names[i] = rows[i].kind;
        struct str near = reader_near(r->a, kind, names, nrows);
        diag_at(r->dx, &CAT_NO_KIND, reader_at(n, t), "\"%.*s\"%.*s", STR_ARG(kind),
                STR_ARG(near));
    } while (rest.n);
}

static void needs(struct reader *r, const struct text *t, struct check *c,
                  const struct json *list, const struct check_need *fallback)
{
    for (const struct json *n = json_first(list); n; n = json_next(n)) {
        struct check_need *need = vec_push(r->a, &c->needs);
        *need = *fallback;
        if (json_is(n, JSON_STRING)) {
            kinds(r, t, need, n);
        } else if (reader_keys(r, t, n, "need")) {
            const struct json *max = json_get(n, STR("max_age_days"));
            if (max)
                *need = (struct check_need){0};
            age(r, t, c, need, max);
            kinds(r, t, need, json_get(n, STR("kind")));
            need->optional = json_bool(json_get(n, STR("optional")));
            need->partial = json_bool(json_get(n, STR("partial")));
        }
        if (need->max_age)
            reader_use_param(r, c, need->max_age);
    }
}

static enum severity severity(struct reader *r, const struct text *t,
                              const struct json *n)
{
    size_t count = sizeof severities / sizeof *severities;
    for (size_t i = 0; i < count; i++)
        if (str_eq(json_str(n), str_from(severities[i])))
            return (enum severity)i;
    struct str near = reader_near(r->a, json_str(n), severities, count);
    diag_at(r->dx, &CAT_NO_SEVERITY, reader_at(n, t), "\"%.*s\"%.*s",
            STR_ARG(json_str(n)), STR_ARG(near));
    return SEVERITY_INFO;
}

static const char *subject(struct reader *r, const struct text *t, const struct json *n)
{
    size_t count;
    const struct subject_type *types = subject_type_rows(&count);
    const char **names = ARENA_ARRAY(r->a, const char *, count);
    for (size_t i = 0; i < count; i++) {
        names[i] = types[i].name;
        if (str_eq(json_str(n), str_from(types[i].name)))
            return types[i].name;
    }
    struct str near = reader_near(r->a, json_str(n), names, count);
    diag_at(r->dx, &CAT_NO_SUBJECT, reader_at(n, t), "\"%.*s\"%.*s", STR_ARG(json_str(n)),
            STR_ARG(near));
    return "";
}

/* Facts about a subject that rest on evidence of others: what uses it. They decide
 * whether a check applies even when nothing of the subject itself was collected. */
static const struct str facts_of_others[] = {STR("serves"), STR("uses")};

static bool elsewhere(const struct check *c, struct str applies)
{
    if (!c->applies_facts.n || str_has(applies, STR("evidence")))
        return false;
    for (size_t i = 0; i < c->applies_facts.n; i++)
        if (!str_is_among(c->applies_facts.v[i], facts_of_others,
                          sizeof facts_of_others / sizeof *facts_of_others))
            return false;
    return true;
}

static void judgement(struct reader *r, const struct text *t, struct check *c,
                      const struct json *n)
{
    const struct json *require = json_get(n, STR("require")),
                      *forbid = json_get(n, STR("forbid")),
                      *applies = json_get(n, STR("applies")),
                      *undecided = json_get(n, STR("undecided"));
    c->manual = json_bool(json_get(n, STR("manual")));
    if ((require && forbid) || (!require && !forbid && !c->manual) ||
        (c->manual && (require || forbid)))
        diag_at(r->dx, &CAT_NO_JUDGEMENT, c->origin, "%.*s has %s", STR_ARG(c->id),
                c->manual           ? "one, but is manual"
                : require && forbid ? "both"
                                    : "neither");
    c->raw = str_has(json_str(require), STR("evidence")) ||
             str_has(json_str(forbid), STR("evidence")) ||
             str_has(json_str(json_get(n, STR("at"))), STR("evidence"));
    c->applies = query(r, t, c, applies);
    c->require = query(r, t, c, require);
    c->forbid = query(r, t, c, forbid);
    c->undecided = query(r, t, c, undecided);
    c->at = query(r, t, c, json_get(n, STR("at")));
    struct names facts = {0}, applies_facts = {0}, at_facts = {0}, doubts = {0};
    fact_names(r->a, &facts, require, false);
    fact_names(r->a, &facts, forbid, false);
    fact_names(r->a, &applies_facts, applies, false);
    fact_names(r->a, &at_facts, json_get(n, STR("at")), false);
    fact_names(r->a, &doubts, undecided, true);
    memcpy(&c->facts, &facts, sizeof facts);
    memcpy(&c->undecided_facts, &doubts, sizeof doubts);
    memcpy(&c->at_facts, &at_facts, sizeof at_facts);
    memcpy(&c->applies_facts, &applies_facts, sizeof applies_facts);
    c->applies_elsewhere = elsewhere(c, json_str(applies));
    for (const struct json *s = json_first(json_get(n, STR("show"))); s; s = json_next(s))
        if (json_is(s, JSON_STRING))
            *vec_push(r->a, &c->show) = json_str(s);
        else
            diag_at(r->dx, &CAT_BAD_VALUE, reader_at(s, t), "a name of a member is text");
}

/* Does a template name nothing but members of the subject? */
static bool of_subject(struct str words)
{
    for (size_t at; (at = str_find(words, STR("{{"))) != (size_t)-1;) {
        words = str_sub(words, at + 2, words.n);
        if (!str_starts(words, STR("subject.")))
            return false;
    }
    return true;
}

/* Checks that have the same command, which is the same for all that they find of one
 * subject, have the same number. */
static size_t command_number(struct reader *r, const struct check *c, struct str command)
{
    if (!command.n || !of_subject(command))
        return 0;
    void **first = map_put(r->a, &r->c->commands, command);
    if (*first)
        return ((const struct check *)*first)->command_number;
    *first = (void *)c;
    return r->c->commands.n;
}

static void words(struct reader *r, const struct text *t, struct check *c,
                  const struct json *n)
{
    const struct json *message = json_get(n, STR("message")),
                      *command = json_get(n, STR("command")),
                      *basis = json_get(n, STR("basis"));
    if (!message && !c->manual)
        diag_at(r->dx, &CAT_MISSING_KEY, c->origin,
                "\"message\" of a check that is not manual");
    c->message = template(r, t, c, message);
    c->pass = json_str(json_get(n, STR("pass")));
    c->pass_plain = pass_is_plain(c->pass);
    c->pass_message = template(r, t, c, json_get(n, STR("pass")));
    c->command = template(r, t, c, command);
    c->command_number = command_number(r, c, json_str(command));
    c->expected = json_str(json_get(n, STR("expected")));
    if (basis && reader_keys(r, t, basis, "basis")) {
        c->basis = json_str(json_get(basis, STR("kind")));
        c->basis_source = json_str(json_get(basis, STR("source")));
        if (!str_eq(c->basis, STR("inherited")))
            diag_at(r->dx, &CAT_BAD_VALUE, reader_at(json_get(basis, STR("kind")), t),
                    "a basis is \"inherited\"");
    }
}

void reader_check(struct reader *r, const struct text *t, struct control *control,
                  const struct json *n)
{
    bool ok = reader_keys(r, t, n, "check");
    struct str id = json_str(json_get(n, STR("id")));
    if (!ok && !id.n)
        return;
    struct origin at = reader_at(json_get(n, STR("id")), t);
    struct str tail = str_sub(id, control->id.n + 1, id.n);
    if (!str_starts(id, control->id) || id.n <= control->id.n + 1 ||
        id.p[control->id.n] != '.' || !reader_id_ok(tail, "-_"))
        diag_at(r->dx, &CAT_BAD_ID, at, "\"%.*s\" under %.*s", STR_ARG(id),
                STR_ARG(control->id));
    reader_id(r, id, at);
    struct check *c = ARENA_NEW(r->a, struct check);
    c->id = id;
    c->origin = at;
    c->title = json_str(json_get(n, STR("title")));
    c->control = control;
    c->number = r->c->checks.n;
    *vec_push(r->a, &r->c->checks) = c;
    *vec_push(r->a, &control->checks) = c;
    if (!ok) /* its members cannot be trusted; it stays for the prose to find */
        return;
    c->severity = severity(r, t, json_get(n, STR("severity")));
    c->subject = subject(r, t, json_get(n, STR("subject")));
    needs(r, t, c, json_get(n, STR("needs")), &r->age);
    judgement(r, t, c, n);
    words(r, t, c, n);
    struct references refs = reader_references(r, t, json_get(n, STR("references")));
    memcpy(&c->references, &refs, sizeof refs);
}

void reader_age(struct reader *r, const struct text *t, const struct json *n)
{
    age(r, t, NULL, &r->age, n);
}
