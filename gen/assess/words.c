/* What a test says: messages and commands from the check's templates. */
#include "assess/judge.h"

#include "json/json.h"
#include "json/write.h"
#include "tmpl/tmpl.h"

#include <string.h>

const struct diag_kind
    ASS_LIMIT = {"ASS-101", DIAG_ERROR,
                 "a query went past a limit, so nothing was judged",
                 "make the query narrower, or give less evidence at once"},
    ASS_WORDS =
        {"ASS-102", DIAG_WARNING, "a message cannot be written",
         "use names that the selected node or the subject has; the result stands"},
    ASS_COMMAND = {"ASS-103", DIAG_WARNING, "a command cannot be written",
                   "use names that the selected node or the subject has; it is left out"};

/* What views of the provider stand for. */
static const char ROOT, NODE, JOIN, COUNT, PARAMS, FACTS;

struct source {
    const struct json *node, *view;
    const struct catalog *catalog;
    bool shell;
    struct buf *value; /* where one is written that does not stand as text in the data */
};

enum { LIST_SHOWS = 5, MESSAGE_MAX_BYTES = 1000 };

static enum view_is is(void *ctx, struct view v)
{
    (void)ctx;
    if (v.kind == &ROOT || v.kind == &PARAMS || v.kind == &FACTS)
        return VIEW_THING;
    if (v.kind == &COUNT)
        return VIEW_TEXT;
    const struct json *n = v.p;
    if (v.kind == &JOIN)
        return json_size(n) ? VIEW_TEXT : VIEW_NOTHING;
    switch (n ? json_type(n) : JSON_NULL) {
    case JSON_NULL:
        return VIEW_NOTHING;
    case JSON_FALSE:
        return VIEW_FALSE;
    case JSON_STRING:
        return json_str(n).n ? VIEW_TEXT : VIEW_NOTHING;
    case JSON_ARRAY:
        return json_size(n) ? VIEW_LIST : VIEW_NOTHING;
    case JSON_OBJECT:
        return VIEW_THING;
    default:
        return VIEW_TEXT;
    }
}

static struct view node_view(const struct json *n)
{
    return (struct view){.p = n ? json_target(n) : NULL, .kind = &NODE};
}

static bool get_root(const struct source *s, struct str name, struct view *out)
{
    const struct json *n = json_get(s->node, name);
    if (!n && str_eq(name, STR("value")))
        n = s->node;
    if (!n && str_eq(name, STR("subject")))
        n = s->view;
    if (!n)
        n = json_get(s->view, name);
    *out = node_view(n);
    if (!n && str_eq(name, STR("param")))
        *out = (struct view){.p = s->catalog, .kind = &PARAMS};
    else if (n && str_eq(name, STR("facts")))
        out->kind = &FACTS;
    /* Members are left out when unset, in answers and facts alike: a name that nothing
     * has says nothing. */
    return true;
}

static bool get(void *ctx, struct view v, struct str name, struct view *out)
{
    if (v.kind == &ROOT)
        return get_root(ctx, name, out);
    if (v.kind == &PARAMS) {
        const struct param *p = map_get(&((const struct catalog *)v.p)->params, name);
        *out = node_view(p ? p->value : NULL);
        return p != NULL;
    }
    if (v.kind == &FACTS) {
        *out = node_view(json_get(v.p, name));
        return true;
    }
    if (v.kind != &NODE)
        return false;
    if (json_is(v.p, JSON_ARRAY)) {
        bool list = str_eq(name, STR("list")), count = str_eq(name, STR("count"));
        *out = (struct view){.p = v.p, .kind = list ? &JOIN : &COUNT};
        return list || count;
    }
    const struct json *n = json_get(v.p, name);
    *out = node_view(n);
    return n != NULL;
}

static size_t count(void *ctx, struct view v)
{
    (void)ctx;
    return json_size(v.p);
}

static struct view item(void *ctx, struct view v, size_t i)
{
    (void)ctx;
    return node_view(json_at(v.p, i));
}

void words_scalar(struct buf *out, const struct json *n)
{
    struct str s = json_is(n, JSON_STRING) ? json_str(n) : json_scalar(n);
    if (!s.n && json_is(n, JSON_NUMBER))
        json_write_num(out, json_num(n));
    else
        buf_str(out, s);
}

static void write_list(struct buf *out, const struct json *list)
{
    size_t n = 0, size = json_size(list);
    for (const struct json *e = json_first(list); e && n < LIST_SHOWS;
         e = json_next(e), n++) {
        buf_z(out, n ? ", " : "");
        words_scalar(out, e);
    }
    if (size > n)
        buf_fmt(out, " and %zu more", size - n);
}

static struct str text(void *ctx, struct arena *a, struct view v)
{
    const struct source *src = ctx;
    struct buf *out = src->value;
    struct str s;
    buf_clear(out);
    if (v.kind == &NODE && json_is(v.p, JSON_STRING)) {
        s = json_str(v.p);
    } else {
        if (v.kind == &COUNT)
            buf_int(out, (int64_t)json_size(v.p));
        else if (v.kind == &JOIN)
            write_list(out, v.p);
        else
            words_scalar(out, v.p);
        s = buf_view(out);
    }
    if (!src->shell)
        return s;
    s = s.p == out->p ? str_dup(a, s) : s;
    buf_clear(out);
    buf_shell(out, s);
    return buf_view(out);
}

struct str words_cut(struct arena *a, struct str s, size_t max)
{
    if (s.n <= max)
        return s;
    size_t cut = max - sizeof "…" + 1;
    while (cut && ((unsigned char)s.p[cut] & 0xC0) == 0x80)
        cut--;
    return str_fmt(a, "%.*s…", (int)cut, s.p);
}

struct str words_keep(struct bench *b, struct str s)
{
    if (!s.n)
        return STR("");
    void **slot = map_put(b->rows, &b->texts, s);
    if (!*slot) {
        struct map_entry *e = &b->texts.entries[b->texts.n - 1];
        e->key = str_dup(b->keep, s);
        *slot = (void *)e->key.p;
    }
    return (struct str){*slot, s.n};
}

struct str words_say(struct bench *b, const struct hearing *h, const struct check *c,
                     const struct tmpl *t, const struct json *node, bool shell)
{
    struct source source = {node, h->view, b->catalog, shell, &b->value};
    struct tmpl_data data = {.ctx = &source,
                             .is = is,
                             .get = get,
                             .count = count,
                             .item = item,
                             .text = text,
                             .scratch = b->scratch};
    struct diag *own = diag_new(b->scratch);
    buf_clear(&b->buf);
    if (tmpl_render(t, &data, (struct view){.kind = &ROOT}, &b->buf, own))
        return shell ? words_keep(b, buf_view(&b->buf))
                     : str_dup(b->keep, words_cut(b->scratch, buf_view(&b->buf),
                                                  MESSAGE_MAX_BYTES));
    struct diag_view first = diag_get(own, 0);
    diag_at(b->dx, shell ? &ASS_COMMAND : &ASS_WORDS, c->origin, "%.*s on %.*s: %.*s",
            STR_ARG(c->id), STR_ARG(h->s->arn), STR_ARG(first.message));
    return STR("");
}

struct str words_command(struct bench *b, struct hearing *h, const struct check *c,
                         const struct json *node)
{
    /* What the node has of that name comes first. */
    if (!c->command_number || json_get(node, STR("subject")))
        return words_say(b, h, c, c->command, node, true);
    if (!h->commands)
        h->commands = ARENA_ARRAY(b->scratch, struct str, b->catalog->commands.n);
    struct str *said = &h->commands[c->command_number - 1];
    if (!said->n)
        *said = words_say(b, h, c, c->command, node, true);
    return *said;
}
