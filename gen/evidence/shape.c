/* Match answers against the shapes of the operation table. */
#include "evidence/shape.h"

#include "base/arena.h"
#include "json/json.h"

enum { TOP_KEYS_MAX = 64 };

/* One step off the front of a path: its key, and whether "[]" follows. */
static bool next_step(struct str *path, struct str *key, bool *list)
{
    if (!path->n)
        return false;
    size_t i = 0;
    while (i < path->n && path->p[i] != '.' && path->p[i] != '[' && path->p[i] != '!')
        i++;
    *key = str_sub(*path, 0, i);
    *path = str_sub(*path, i, path->n);
    *list = str_starts(*path, STR("[]"));
    if (*list)
        *path = str_sub(*path, 2, path->n);
    if (path->n && path->p[0] == '.')
        *path = str_sub(*path, 1, path->n);
    return true;
}

static bool type_is(const struct json *n, char type)
{
    switch (type) {
    case 's':
        return json_is(n, JSON_STRING);
    case 'n':
        return json_is(n, JSON_NUMBER);
    case 'o':
        return json_is(n, JSON_OBJECT);
    case 'b':
        return json_is(n, JSON_TRUE) || json_is(n, JSON_FALSE);
    default:
        return n != NULL;
    }
}

/* One alternative of a word: a path with an optional type and '?'. */
static bool path_holds(const struct json *n, struct str path)
{
    bool optional = str_ends(path, STR("?"));
    if (optional)
        path.n--;
    char type = 0;
    if (path.n > 2 && path.p[path.n - 2] == ':') {
        type = path.p[path.n - 1];
        path.n -= 2;
    }
    while (path.n) {
        if (path.p[0] == '!')
            return json_get(n, str_sub(path, 1, path.n)) == NULL;
        struct str key;
        bool list;
        next_step(&path, &key, &list);
        n = json_get(n, key);
        if (!n)
            return optional;
        if (!list)
            continue;
        if (!json_is(n, JSON_ARRAY))
            return false;
        if (!path.n)
            return true;
        n = json_first(n);
        if (!n)
            return true; /* an empty list says nothing about its items */
    }
    return type_is(n, type);
}

static bool word_holds(const struct json *root, struct str word)
{
    struct str one;
    while (word.n) {
        str_cut(word, '/', &one, &word);
        if (path_holds(root, one))
            return true;
    }
    return false;
}

bool shape_weak(const struct operation *op)
{
    return str_starts(str_from(op->top), STR("weak "));
}

static struct str words_of(const struct operation *op)
{
    struct str words = str_from(op->top);
    return shape_weak(op) ? str_sub(words, sizeof "weak", words.n) : words;
}

bool shape_holds(struct str words, const struct json *root)
{
    struct str word;
    if (!json_is(root, JSON_OBJECT))
        return false;
    while (words.n) {
        str_cut(words, ' ', &word, &words);
        if (!word_holds(root, word))
            return false;
    }
    return true;
}

bool shape_matches(const struct operation *op, const struct json *root)
{
    return shape_holds(words_of(op), root);
}

bool shape_inner(const struct operation *op, const struct json *root)
{
    struct str words = words_of(op), word, key;
    size_t inside = 0;
    while (words.n) {
        bool list;
        str_cut(words, ' ', &word, &words);
        str_cut(word, '/', &word, NULL);
        if (word.p[0] == '!' || !next_step(&word, &key, &list))
            continue;
        const struct json *n = root;
        if (list) {
            if (!json_is(root, JSON_ARRAY))
                return false;
            n = json_first(root);
            if (n && !word.n)
                return false; /* any array would do */
        }
        if (!n || !word.n || word.p[0] == ':')
            return false;
        if (!path_holds(n, word))
            return false;
        inside += word.p[0] != '!';
    }
    return inside > 0;
}

const struct json *shape_at(const struct json *root, struct str path)
{
    const struct json *n = root;
    struct str key;
    bool list;
    while (n && next_step(&path, &key, &list)) {
        n = json_get(n, key);
        if (n && list)
            n = json_first(n);
    }
    return n;
}

static bool each_below(const struct json *n, struct str path,
                       bool (*each)(void *ctx, const struct json *node), void *ctx)
{
    struct str key;
    bool list;
    while (n && next_step(&path, &key, &list)) {
        n = json_get(n, key);
        if (!n || !list)
            continue;
        for (n = json_first(n); n; n = json_next(n))
            if (!each_below(n, path, each, ctx))
                return false;
        return true;
    }
    return n ? each(ctx, n) : true;
}

void shape_each(const struct json *root, struct str path,
                bool (*each)(void *ctx, const struct json *node), void *ctx)
{
    each_below(root, path, each, ctx);
}

const struct json *shape_first(const struct json *root, struct str word)
{
    struct str one;
    while (word.n) {
        str_cut(word, '/', &one, &word);
        const struct json *n = shape_at(root, one);
        if (json_scalar(n).n)
            return n;
    }
    return NULL;
}

void shape_index_build(struct arena *a, struct shape_index *ix)
{
    size_t n;
    const struct operation *rows = operation_rows(&n);
    *ix = (struct shape_index){0};
    for (size_t i = 0; i < n; i++) {
        struct str word, one, key;
        bool list;
        str_cut(words_of(&rows[i]), ' ', &word, NULL);
        while (word.n) {
            str_cut(word, '/', &one, &word);
            struct str bare;
            str_cut(one, ':', &bare, NULL);
            next_step(&bare, &key, &list);
            void **slot = map_put(a, &ix->by_key, key);
            if (!*slot)
                *slot = ARENA_NEW(a, struct shape_rows);
            struct shape_rows *same = *slot;
            if (!same->n || same->v[same->n - 1] != &rows[i])
                *vec_push(a, same) = &rows[i];
        }
    }
}

size_t shape_candidates(const struct shape_index *ix, const struct json *root,
                        const struct operation **found, size_t max)
{
    size_t n = 0, keys = 0;
    if (!json_is(root, JSON_OBJECT))
        return 0;
    for (int weak = 0; weak < 2; weak++) {
        keys = 0;
        for (const struct json *c = json_first(root); c && keys < TOP_KEYS_MAX;
             c = json_next(c), keys++) {
            const struct shape_rows *same = map_get(&ix->by_key, json_key(c));
            for (size_t i = 0; same && i < same->n && n < max; i++) {
                bool known = shape_weak(same->v[i]) != (weak == 1);
                for (size_t k = 0; k < n && !known; k++)
                    known = found[k] == same->v[i];
                if (!known && shape_matches(same->v[i], root))
                    found[n++] = same->v[i];
            }
        }
    }
    return n;
}
