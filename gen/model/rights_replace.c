/* What a statement that grants too much should say instead. */
#include "model/rights.h"

#include "base/buf.h"
#include "json/json.h"
#include "json/write.h"

#include <stdlib.h>

/* One action and the resources that it is needed on. */
struct item {
    struct str action;
    VEC(struct str) resources;
    bool done;
};

struct work {
    struct arena *a;
    const struct rights *r;
    VEC(struct item) items;
};

static int by_text(const void *p, const void *q)
{
    return str_cmp(*(const struct str *)p, *(const struct str *)q);
}

static void keep(struct work *w, struct str action, struct str resource)
{
    struct item *item = NULL;
    for (size_t i = 0; i < w->items.n && !item; i++)
        if (str_eq(w->items.v[i].action, action))
            item = &w->items.v[i];
    if (!item) {
        item = vec_push(w->a, &w->items);
        item->action = action;
    }
    for (size_t i = 0; i < item->resources.n; i++)
        if (str_eq(item->resources.v[i], resource))
            return;
    *vec_push(w->a, &item->resources) = resource;
}

/* Is the need met by some other statement? Then a grant on the wrong resource is only to
 * be removed. */
static bool met(const struct rights *r, const struct need *need)
{
    for (size_t i = 0; i < r->comparison->n; i++) {
        const struct compare_row *row = &r->comparison->v[i];
        if (row->verdict == COMPARE_MISSING && row->needs[0] == need)
            return false;
    }
    return true;
}

static void read_row(struct work *w, const struct compare_row *row)
{
    struct iam *x = w->r->iam;
    bool stays = row->verdict == COMPARE_FITS || row->verdict == COMPARE_UNACCOUNTED;
    for (uint32_t i = action_set_next(&row->actions, 0); i != UINT32_MAX && stays;
         i = action_set_next(&row->actions, i + 1))
        for (size_t k = 0; k < row->nresources; k++)
            keep(w, action_text(w->a, actions_get(x->table, i)), row->resources[k]);
    bool moves =
        row->verdict == COMPARE_OVERBROAD || row->verdict == COMPARE_WRONG_RESOURCE;
    for (size_t i = 0; i < row->nneeds && moves; i++)
        if (!row->needs[i]->tolerated &&
            (row->verdict == COMPARE_OVERBROAD || !met(w->r, row->needs[i])))
            keep(w, row->needs[i]->action, row->needs[i]->resource);
}

static bool same_resources(const struct item *x, const struct item *y)
{
    bool same = x->resources.n == y->resources.n;
    for (size_t i = 0; same && i < x->resources.n; i++)
        same = str_eq(x->resources.v[i], y->resources.v[i]);
    return same;
}

static struct json *one_or_many(struct arena *a, const struct str *v, size_t n)
{
    struct json *list = json_new_array(a);
    for (size_t i = 0; i < n; i++)
        json_push(list, json_new_str(a, v[i]));
    return n == 1 ? json_new_str(a, v[0]) : list;
}

/* The actions that share their resources with first. */
static struct json *statement(struct work *w, const struct policy_statement *st,
                              size_t first, size_t number)
{
    struct arena *a = w->a;
    struct json *o = json_new_object(a);
    VEC(struct str) actions = {0};
    const struct item *lead = &w->items.v[first];
    for (size_t i = first; i < w->items.n; i++) {
        struct item *item = &w->items.v[i];
        if (item->done || !same_resources(lead, item))
            continue;
        item->done = true;
        *vec_push(a, &actions) = item->action;
    }
    qsort(actions.v, actions.n, sizeof *actions.v, by_text);
    if (st->sid.n)
        json_set_str(a, o, STR("Sid"),
                     number ? str_fmt(a, "%.*s%zu", STR_ARG(st->sid), number + 1)
                            : st->sid);
    json_set_str(a, o, STR("Effect"), STR("Allow"));
    json_set(a, o, STR("Action"), one_or_many(a, actions.v, actions.n));
    json_set(a, o, STR("Resource"), one_or_many(a, lead->resources.v, lead->resources.n));
    const struct json *when = json_get(st->node, STR("Condition"));
    if (when)
        json_set(a, o, STR("Condition"), json_new_ref(a, when));
    return o;
}

struct str rights_replacement(const struct fact *f, const struct rights *r,
                              const struct policy_statement *st)
{
    struct work w = {.a = f->scratch, .r = r};
    for (size_t i = 0; i < r->comparison->n; i++)
        if (r->comparison->v[i].st == st)
            read_row(&w, &r->comparison->v[i]);
    for (size_t i = 0; i < w.items.n; i++)
        qsort(w.items.v[i].resources.v, w.items.v[i].resources.n, sizeof(struct str),
              by_text);
    struct json *list = json_new_array(w.a), *last = NULL;
    size_t n = 0;
    for (size_t i = 0; i < w.items.n; i++)
        if (!w.items.v[i].done)
            last = json_push(list, statement(&w, st, i, n++));
    if (!n)
        return STR("");
    struct buf b = BUF_INIT;
    json_write(&b, n == 1 ? last : list, false, false);
    struct str s = buf_dup(w.a, &b);
    buf_free(&b);
    return s;
}
