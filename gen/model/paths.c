/* Paths as a tree: made from a table's texts, followed through JSON. */
#include "model/paths.h"

#include "base/buf.h"
#include "json/json.h"

#include <assert.h>

static struct paths *step_of(struct arena *a, struct paths *at, struct str name)
{
    bool list = str_ends(name, STR("[]"));
    struct paths **p = &at->first;
    name.n -= list ? 2 : 0;
    for (; *p; p = &(*p)->next)
        if (str_eq((*p)->name, name) && (*p)->list == list)
            return *p;
    *p = ARENA_NEW(a, struct paths);
    **p = (struct paths){.name = name, .list = list};
    return *p;
}

void paths_add(struct arena *a, struct paths *root, const char *path, size_t row)
{
    struct str rest = str_from(path), name;
    while (rest.n) {
        str_cut(rest, '.', &name, &rest);
        root = step_of(a, root, name);
    }
    assert(!root->row); /* a table names each field once */
    root->row = row + 1;
}

/* Where the walk is: a chain up to its start, for few of the places that it passes are
 * ever written down. */
struct spot {
    const struct spot *up;
    struct str name; /* of a member; an element has none */
    size_t index;
};

struct walk {
    struct arena *a, *scratch;
    struct str start;
    struct paths_hits *out;
};

static void write_spot(struct buf *out, const struct walk *w, const struct spot *at)
{
    if (!at) {
        buf_str(out, w->start);
        return;
    }
    write_spot(out, w, at->up);
    if (at->name.p) {
        json_pointer_add(out, at->name);
    } else {
        buf_c(out, '/');
        buf_int(out, (int64_t)at->index);
    }
}

static void hit(const struct walk *w, size_t row, struct str value, const struct spot *at)
{
    struct buf pointer = BUF_INIT;
    write_spot(&pointer, w, at);
    struct paths_hit *v = vec_push(w->scratch, &w->out->list);
    size_t i = (size_t)(v - w->out->list.v);
    /* As if each path had been followed by itself, the first row first. */
    for (v = w->out->list.v; i && v[i - 1].row > row; i--)
        v[i] = v[i - 1];
    v[i] = (struct paths_hit){row, value, buf_dup(w->a, &pointer)};
    buf_free(&pointer);
}

static void behind(const struct walk *w, const struct paths *step, const struct json *n,
                   const struct spot *at);

static void enter(const struct walk *w, const struct paths *step, const struct json *n,
                  const struct spot *at)
{
    if (!step->list) {
        behind(w, step, n, at);
        return;
    }
    struct spot element = {.up = at};
    for (const struct json *c = json_is(n, JSON_ARRAY) ? json_first(n) : NULL; c;
         c = json_next(c), element.index++)
        behind(w, step, c, &element);
}

/* What stands behind a step. The depth is that of the paths: at most a dozen. */
static void behind(const struct walk *w, const struct paths *step, const struct json *n,
                   const struct spot *at)
{
    if (step->row && json_is(n, JSON_STRING))
        hit(w, step->row - 1, json_str(n), at);
    for (const struct paths *s = step->first; s; s = s->next) {
        if (str_eq(s->name, STR("*"))) {
            for (const struct json *c = json_is(n, JSON_OBJECT) ? json_first(n) : NULL; c;
                 c = json_next(c)) {
                struct spot member = {.up = at, .name = json_key(c)};
                enter(w, s, c, &member);
            }
            continue;
        }
        const struct json *c = json_get(n, s->name);
        struct spot member = {.up = at, .name = s->name};
        if (c)
            enter(w, s, c, &member);
    }
}

void paths_follow(struct arena *a, struct arena *scratch, const struct paths *root,
                  const struct json *n, struct str pointer, struct paths_hits *out)
{
    struct walk w = {a, scratch, pointer, out};
    out->list.n = 0;
    behind(&w, root, n, NULL);
}
