/* The value that a finding shows: JSON on one line, bounded, its secrets masked. */
#include "assess/judge.h"

#include "json/json.h"
#include "json/write.h"
#include "model/secrets.h"

enum { ACTUAL_MAX_BYTES = 200, ACTUAL_MAX_DEPTH = 8, SECRET_MIN_BYTES = 20 };

struct writer {
    struct buf *out;
    const struct check *check;
    /* Facts never hold secrets, and most of their texts are words and ARNs; what is long
     * enough to be a key is looked at all the same. */
    bool fact;
};

static void write_value(const struct writer *w, struct str name, const struct json *n,
                        int depth);

static void write_string(const struct writer *w, struct str name, struct str s)
{
    if (w->fact && (s.n < SECRET_MIN_BYTES || str_starts(s, STR("arn:")))) {
        json_write_str(w->out, s);
        return;
    }
    struct buf masked = BUF_INIT;
    secret_mask(&masked, w->fact ? STR("") : name, s);
    json_write_str(w->out, buf_view(&masked));
    buf_free(&masked);
}

/* Of the selected node itself (depth 0) only the members that the check shows. */
static bool is_shown(const struct writer *w, struct str name, int depth)
{
    const struct check *c = w->check;
    if (depth)
        return true;
    for (size_t i = 0; i < c->show.n; i++)
        if (str_eq(c->show.v[i], name))
            return true;
    return !c->show.n && !str_eq(name, STR("at"));
}

/* It stops soon after the limit, however large the value. */
static void write_members(const struct writer *w, const struct json *n, int depth)
{
    bool first = true;
    buf_c(w->out, '{');
    for (const struct json *m = json_first(n); m && w->out->n <= ACTUAL_MAX_BYTES;
         m = json_next(m)) {
        struct str name = json_key(m);
        if (!is_shown(w, name, depth))
            continue;
        if (!first)
            buf_c(w->out, ',');
        first = false;
        json_write_str(w->out, name);
        buf_c(w->out, ':');
        write_value(w, name, m, depth + 1);
    }
    buf_c(w->out, '}');
}

static void write_elements(const struct writer *w, struct str name, const struct json *n,
                           int depth)
{
    buf_c(w->out, '[');
    for (const struct json *e = json_first(n); e && w->out->n <= ACTUAL_MAX_BYTES;) {
        write_value(w, name, e, depth + 1);
        e = json_next(e);
        if (e)
            buf_c(w->out, ',');
    }
    buf_c(w->out, ']');
}

static void write_value(const struct writer *w, struct str name, const struct json *n,
                        int depth)
{
    switch (depth > ACTUAL_MAX_DEPTH ? JSON_NULL : json_type(n)) {
    case JSON_OBJECT:
        write_members(w, n, depth);
        break;
    case JSON_ARRAY:
        write_elements(w, name, n, depth);
        break;
    case JSON_STRING:
        write_string(w, name, json_str(n));
        break;
    case JSON_NULL:
        buf_z(w->out, "null");
        break;
    default:
        words_scalar(w->out, n);
    }
}

struct str words_actual(struct bench *b, const struct check *c, const struct path_node *n)
{
    struct str name = n->step && n->step->key.p ? n->step->key : STR("");
    struct writer w = {&b->buf, c, false};
    w.fact = n->step && str_eq(path_step_at(n->step, 0)->key, STR("facts"));
    buf_clear(&b->buf);
    write_value(&w, name, n->node, 0);
    return words_keep(b, words_cut(b->scratch, buf_view(&b->buf), ACTUAL_MAX_BYTES));
}
