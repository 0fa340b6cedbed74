/* Any bytes: the reader refuses them with one error, or writes them so that they read
 * back the same, with every place inside the text. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "json/focus.h"
#include "json/json.h"
#include "json/write.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool ok)
{
    if (!ok)
        abort();
}

/* Every value starts at its place, ends inside the text, and reads alone as itself. */
static void check_places(struct arena *a, const struct json *n, const struct text *t)
{
    struct origin o = json_origin(n, t);
    demand(o.len > 0 && o.pos + o.len <= t->bytes.n);
    struct text part = {STR("part"), str_dup(a, str_sub(t->bytes, o.pos, o.pos + o.len))};
    const struct json *alone = json_read(a, &part, diag_new(a));
    demand(json_equal(alone, n));
    size_t name = json_key_pos(t, o.pos);
    demand(name == o.pos || t->bytes.p[name] == '"');
    for (const struct json *c = json_first(n); c; c = json_next(c)) {
        demand(json_get(n, json_key(c)) == (json_is(n, JSON_OBJECT) ? c : NULL));
        if (t->bytes.n < 2000)
            check_places(a, c, t);
    }
}

/* Read for a question, a document keeps its shape: what stays is as it was, what goes is
 * null. */
static void check_focused(struct arena *a, const struct json *n, const struct text *t)
{
    static const char *const lists[] = {"a", "b", "Roles", NULL};
    static const struct str names[] = {{"a", 1}, {"r", 1}};
    struct json_focus focus = {lists, names, 2, 1};
    struct json_room *room = json_room_new(a, a);
    const struct json *less = json_read_focused(a, room, t, &focus, diag_new(a));
    json_room_free(room);
    demand(less != NULL && json_size(less) == json_size(n));
    const struct json *x = json_first(n), *y = json_first(less);
    for (; x; x = json_next(x), y = json_next(y)) {
        demand(str_eq(json_key(x), json_key(y)) && json_pos(x) == json_pos(y));
        demand(json_size(x) == json_size(y));
        const struct json *u = json_first(x), *v = json_first(y);
        for (; u; u = json_next(u), v = json_next(v))
            demand(json_pos(u) == json_pos(v) &&
                   (json_is(v, JSON_NULL) || json_equal(u, v)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    char *copy = malloc(size + 1);
    demand(copy != NULL);
    if (size)
        memcpy(copy, data, size);
    copy[size] = '\0';
    struct text t = {STR("t.json"), {copy, size}};
    struct buf out = BUF_INIT;
    const struct json *n = json_read(a, &t, dx);
    demand(diag_count(dx, DIAG_ERROR) == (n ? 0 : 1));
    diag_print(dx, &out, false);
    if (n) {
        check_places(a, n, &t);
        check_focused(a, n, &t);
        for (int indent = 0; indent < 2; indent++) {
            buf_clear(&out);
            json_write(&out, n, indent, indent);
            struct text again = {STR("again.json"), buf_view(&out)};
            demand(json_equal(n, json_read(a, &again, dx)));
        }
    }
    buf_free(&out);
    free(copy);
    arena_free(a);
    return 0;
}
