/* Where a node of a subject's view comes from: document, JSON Pointer, bytes. */
#include "assess/judge.h"

#include "json/json.h"

#include <string.h>

/* pos: of what stands at pointer; 0 when nothing does. */
static struct spot place(const struct document *d, struct str pointer, size_t pos)
{
    struct spot s = {.doc = d, .pointer = pointer};
    size_t len;
    if (pointer.n && !evidence_report_place(d, pointer, &s.pos, &len))
        s.pos = pos;
    return s;
}

struct spot spot_of_proof(struct proof *p)
{
    const struct exhibit *x = p->exhibit;
    if (!p->placed && x)
        p->spot = place(x->doc, x->pointer, json_pos(x->node));
    p->placed = true;
    return p->spot;
}

/* The node at pointer in d. A subject's own part of a document is where most facts lead:
 * starting there spares a walk through the lists of a large one. */
static const struct json *follow(const struct hearing *h, const struct document *d,
                                 struct str pointer)
{
    for (size_t i = 0; i < h->s->exhibits.n; i++) {
        const struct exhibit *x = &h->s->exhibits.v[i];
        struct str rest = str_sub(pointer, x->pointer.n, pointer.n);
        if (x->doc == d && x->node && str_starts(pointer, x->pointer) &&
            (!rest.n || rest.p[0] == '/'))
            return json_pointer(x->node, rest);
    }
    return d->root ? json_pointer(d->root, pointer) : NULL;
}

static size_t find_pos(const struct hearing *h, const struct document *d,
                       struct str pointer)
{
    const struct json *node = follow(h, d, pointer);
    /* A place inside JSON that stands in a string: the string is the nearest one. */
    while (!node && pointer.n) {
        size_t slash = str_find_last(pointer, '/');
        pointer = str_sub(pointer, 0, slash == (size_t)-1 ? 0 : slash);
        node = follow(h, d, pointer);
    }
    return json_pos(node);
}

static const struct document *document_named(const struct bench *b,
                                             const struct hearing *h, struct str path)
{
    for (size_t i = 0; i < h->s->exhibits.n; i++)
        if (str_eq(h->s->exhibits.v[i].doc->path, path))
            return h->s->exhibits.v[i].doc;
    return b->m ? map_get(&b->m->documents, path) : NULL;
}

/* A place that a fact said it is about: the path of its document, which is one text for
 * all facts, and the byte there. Several checks cite one statement, and several roles one
 * policy. Such places are kept in a table by both, the last one of each slot. */
struct known_spot {
    const char *path;
    struct spot spot;
};
enum { SPOT_SLOTS = 1 << 10 };

static struct known_spot *slot_of(struct bench *b, struct str path, size_t pos)
{
    if (!b->spots)
        b->spots = ARENA_ARRAY(b->rows, struct known_spot, SPOT_SLOTS);
    return &b->spots[(pos ^ (uintptr_t)path.p) * 2654435761 >> 12 & (SPOT_SLOTS - 1)];
}

static struct spot find_spot(struct bench *b, const struct hearing *h,
                             const struct json *at, struct str path, size_t pos)
{
    struct str pointer = json_str(json_get(at, STR("pointer")));
    const struct document *d = path.n ? document_named(b, h, path) : NULL;
    if (!d)
        return (struct spot){0};
    return place(d, words_keep(b, pointer), pos ? pos : find_pos(h, d, pointer));
}

struct spot spot_of_at(struct bench *b, const struct hearing *h, const struct json *at)
{
    struct str path = json_str(json_get(at, STR("document")));
    size_t pos = json_about(at);
    if (!pos)
        return find_spot(b, h, at, path, pos);
    struct known_spot *known = slot_of(b, path, pos);
    if (known->path != path.p || known->spot.pos != pos)
        *known = (struct known_spot){path.p, find_spot(b, h, at, path, pos)};
    return known->spot;
}

/* The fact that the node is, or is part of: the innermost one with "at". */
static struct spot of_fact(struct bench *b, struct hearing *h, const struct path_node *n)
{
    const struct json *in = h->view, *at = json_get(n->node, STR("at"));
    size_t depth = at ? 0 : path_depth(n->step) - 1; /* the last leads to the node */
    for (size_t i = 0; i < depth && in; i++) {
        const struct path_step *step = path_step_at(n->step, i);
        in = step->key.p ? json_get(in, step->key) : json_at(in, step->index);
        const struct json *inner = json_get(in, STR("at"));
        at = inner ? inner : at;
    }
    return at ? spot_of_at(b, h, at) : (struct spot){0};
}

static struct spot of_link(const struct bench *b, const struct hearing *h,
                           struct str name, struct str arn)
{
    (void)b;
    for (size_t i = 0; i < h->s->links.n; i++) {
        const struct link *l = &h->s->links.v[i];
        if (!str_eq(str_from(l->name), name) || (arn.n && !str_eq(l->to->arn, arn)) ||
            !l->doc)
            continue;
        return place(l->doc, l->pointer, json_pos(follow(h, l->doc, l->pointer)));
    }
    return (struct spot){0};
}

/* The exhibit that a node below $.evidence stands in, and how many steps lead to it. */
static const struct exhibit *exhibit_of(const struct hearing *h,
                                        const struct path_node *n, size_t *steps)
{
    const struct path_step *kind = path_step_at(n->step, 1);
    const struct json *value = json_get(json_get(h->view, STR("evidence")), kind->key);
    const struct exhibit *first = NULL;
    size_t number = 0;
    bool list = json_is(value, JSON_ARRAY);
    const struct path_step *item =
        list && path_depth(n->step) > 2 ? path_step_at(n->step, 2) : NULL;
    *steps = item ? 3 : 2;
    for (size_t i = 0; i < h->s->exhibits.n; i++) {
        const struct exhibit *x = &h->s->exhibits.v[i];
        if (!str_eq(str_from(x->kind), kind->key) || x->doc->state == DOCUMENT_INVALID)
            continue;
        if (!first)
            first = x;
        if (item && number++ == item->index)
            return x;
    }
    return first;
}

struct spot spot_of_node(struct bench *b, struct hearing *h, const struct path_node *n)
{
    struct spot spot = {0};
    size_t depth = path_depth(n->step), steps;
    struct str top = depth ? path_step_at(n->step, 0)->key : STR("");
    if (str_eq(top, STR("facts"))) {
        spot = of_fact(b, h, n);
    } else if (depth > 1 && str_eq(top, STR("links"))) {
        spot = of_link(b, h, path_step_at(n->step, 1)->key,
                       depth > 2 ? json_str(n->node) : STR(""));
    } else if (depth > 1 && str_eq(top, STR("evidence"))) {
        const struct exhibit *x = exhibit_of(h, n, &steps);
        if (!x)
            return spot;
        buf_clear(&b->buf);
        buf_str(&b->buf, x->pointer);
        path_pointer(&b->buf, n->step, steps);
        bool known = x->node && x->doc->state == DOCUMENT_ANSWER;
        spot = place(x->doc, words_keep(b, buf_view(&b->buf)),
                     known ? json_pos(n->node) : 0);
    }
    return spot;
}
