/* Read only what a question is about of a document with very many elements. */
#include "json/focus.h"

#include "base/arena.h"
#include "base/map.h"

/* Shorter lists are read whole: there is little to gain. A string that is longer names
 * nothing. */
enum { LIST_MIN_BYTES = 1 << 16, NAME_MAX_BYTES = 256 };

/* One element of a list: values[from, to). */
struct element {
    size_t from, to;
    bool wanted;
    bool first; /* stays: it shows what the list holds */
};

struct work {
    struct arena *a;
    struct scan *s;
    struct str bytes;
    struct map names;
    VEC(struct element) v;
};

static bool is_string(const struct work *w, const struct scan_value *v)
{
    return w->bytes.p[v->pos] == '"';
}

static struct str string(const struct work *w, const struct scan_value *v)
{
    return str_sub(w->bytes, v->pos + 1, v->pos + v->len - 1);
}

static void read_list(struct work *w, size_t list)
{
    size_t end = scan_behind(w->s, list);
    for (size_t i = list + 1; i < end;) {
        size_t next = scan_behind(w->s, i);
        if (w->bytes.p[w->s->values[i].pos] == '{')
            *vec_push(w->a, &w->v) = (struct element){i, next, false, i == list + 1};
        i = next;
    }
}

static void read_lists(struct work *w, const struct json_focus *focus)
{
    size_t min = focus->min_bytes ? focus->min_bytes : LIST_MIN_BYTES;
    for (size_t i = 1; i < w->s->n; i = scan_behind(w->s, i)) {
        const struct scan_value *v = &w->s->values[i];
        struct str name = str_sub(w->bytes, v->name, v->name + v->name_len);
        for (size_t k = 0; focus->lists[k]; k++)
            if (v->len >= min && w->bytes.p[v->pos] == '[' &&
                str_eq(name, str_from(focus->lists[k])))
                read_list(w, i);
    }
}

/* Does one of its own members say a wanted name? What is escaped may say anything. */
static bool says_name(const struct work *w, const struct element *e)
{
    for (size_t i = e->from + 1; i < e->to; i = scan_behind(w->s, i)) {
        const struct scan_value *v = &w->s->values[i];
        if (is_string(w, v) && (v->escaped || map_get(&w->names, string(w, v))))
            return true;
    }
    return false;
}

/* What a wanted element names is wanted too: ARNs anywhere, and the elements of a list of
 * names. False when that cannot be read off. */
static bool take_names(struct work *w, const struct element *e)
{
    for (size_t i = e->from + 1; i < e->to; i++) {
        const struct scan_value *v = &w->s->values[i];
        if (!is_string(w, v) || v->len > NAME_MAX_BYTES)
            continue;
        if (v->escaped)
            return false;
        if (!v->name_len || str_starts(string(w, v), STR("arn:")))
            *map_put(w->a, &w->names, string(w, v)) = w;
    }
    return true;
}

/* Until nothing new is named. */
static bool choose(struct work *w)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < w->v.n; i++) {
            struct element *e = &w->v.v[i];
            if (e->wanted || !says_name(w, e))
                continue;
            e->wanted = more = true;
            if (!take_names(w, e))
                return false;
        }
    }
    return true;
}

static void leave_out(struct work *w)
{
    struct scan *s = w->s;
    size_t kept = 0, from = 0;
    for (size_t i = 0; i < w->v.n; i++) {
        const struct element *e = &w->v.v[i];
        if (e->wanted || e->first)
            continue;
        s->values[e->from].left_out = true;
        while (from <= e->from)
            s->values[kept++] = s->values[from++];
        from = e->to;
    }
    while (from < s->n)
        s->values[kept++] = s->values[from++];
    s->n = kept;
}

void focus_cut(struct scan *s, struct str bytes, const struct json_focus *focus)
{
    struct work w = {.a = arena_new(), .s = s, .bytes = bytes};
    for (size_t i = 0; i < focus->n; i++)
        *map_put(w.a, &w.names, focus->names[i]) = &w;
    if (s->n && bytes.p[s->values[0].pos] == '{')
        read_lists(&w, focus);
    if (w.v.n && choose(&w))
        leave_out(&w);
    arena_free(w.a);
}
