/* Fuzz target: the first line is a query, the rest a document; compile, print, run, by
 * itself and as one of a set. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "json/path.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was written must be read again: a canonical query, and every node's own path. */
static struct path *again(struct arena *a, const struct buf *written)
{
    struct text text = {STR("again"), buf_dup(a, written)};
    struct path *p = path_parse(a, &text, text.bytes, NULL, 0, diag_new(a));
    /* Canonical blanks and brackets may take a query of the greatest length beyond it. */
    if (!p && written->n <= PATH_MAX_BYTES)
        abort();
    return p;
}

static void check_nodes(struct arena *a, const struct json *root,
                        const struct path_nodes *nodes, struct buf *b)
{
    struct path_env env = {.a = a};
    for (size_t i = 0; i < nodes->n && i < 16; i++) {
        struct path_nodes one;
        buf_clear(b);
        path_normalized(b, nodes->v[i].step);
        struct path *p =
            nodes->v[i].step && path_depth(nodes->v[i].step) > PATH_MAX_SEGMENTS
                ? NULL
                : again(a, b);
        if (p && (!path_run(p, root, &env, &one) || one.n != 1 ||
                  one.v->node != nodes->v[i].node))
            abort();
        buf_clear(b);
        path_pointer(b, nodes->v[i].step, 0);
        if (json_pointer(root, buf_view(b)) != nodes->v[i].node)
            abort();
    }
}

/* In a set, where lists that several filters look at are laid out, the same is found. */
static void check_set(struct arena *a, const struct path *p, const struct text *query,
                      const struct json *root, const struct path_nodes *nodes)
{
    struct buf b = BUF_INIT;
    path_canonical(&b, p);
    struct str canonical = buf_dup(a, &b), rest = str_sub(canonical, 1, canonical.n);
    struct text texts[] = {
        *query,
        {STR("canonical"), canonical},
        {STR("with a blank"), str_fmt(a, "$ %.*s", STR_ARG(rest))},
        {STR("with a tab"), str_fmt(a, "$\t%.*s", STR_ARG(rest))},
    };
    struct path_set *set = path_set_new(a, NULL, 0);
    struct path *queries[4];
    for (size_t i = 0; i < 4; i++)
        queries[i] = path_set_parse(set, &texts[i], texts[i].bytes, diag_new(a));
    struct path_env env = {.a = a, .known = path_known_new(a, set)};
    for (size_t i = 0; i < 4; i++) {
        struct path_nodes found;
        if (!queries[i]) /* too long, or nothing but $ with a blank behind it */
            continue;
        if (!path_run(queries[i], root, &env, &found) || found.n != nodes->n)
            abort();
        for (size_t k = 0; k < found.n; k++)
            if (found.v[k].node != nodes->v[k].node)
                abort();
    }
    buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    struct buf b = BUF_INIT;
    struct str query, document;
    str_cut(str_dup(a, (struct str){(const char *)data, size}), '\n', &query, &document);
    struct text query_text = {STR("query"), query}, text = {STR("document"), document};
    struct path *p = path_parse(a, &query_text, query, NULL, 0, dx);
    struct json *root = p && size < 4096 ? json_read(a, &text, dx) : NULL;
    diag_print(dx, &b, false);
    buf_clear(&b);
    if (p) {
        path_canonical(&b, p);
        again(a, &b);
    } else if (!diag_count(dx, DIAG_ERROR)) {
        abort();
    }
    struct path_env env = {.a = a};
    struct path_nodes nodes;
    bool found;
    if (root && path_run(p, root, &env, &nodes)) {
        if (!path_test(p, root, &env, &found) || found != (nodes.n > 0))
            abort();
        check_nodes(a, root, &nodes, &b);
        check_set(a, p, &query_text, root, &nodes);
    }
    buf_free(&b);
    arena_free(a);
    return 0;
}
