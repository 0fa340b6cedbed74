/* What the JSONPath suites share: read a suite's "tests" array; compare what a query
 * gave. */
#pragma once
#include "base/file.h"
#include "base/utf8.h"
#include "json/json.h"
#include "json/path.h"
#include "json/write.h"
#include "../unit/unit.h"

#include <stdio.h>
#include <string.h>

/* Our reader refuses U+0000 in strings, and the suites hold it: it travels as U+F8FF,
 * which they do not hold. */
#define SUITE_NUL "\xEF\xA3\xBF"

static struct str suite_hide_nul(struct arena *a, struct str in)
{
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < in.n; i++) {
        if (in.p[i] != '\\') {
            buf_c(&out, in.p[i]);
        } else if (str_starts(str_sub(in, i, in.n), STR("\\u0000"))) {
            buf_z(&out, SUITE_NUL);
            i += 5;
        } else {
            buf_str(&out, str_sub(in, i, i + 2));
            i++;
        }
    }
    struct str s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

static inline struct str suite_text(struct arena *a, const struct json *n)
{
    struct str in = json_str(n);
    size_t at = str_find(in, STR(SUITE_NUL));
    if (at == (size_t)-1)
        return in;
    struct str s =
        str_fmt(a, "%.*s%c%.*s", (int)at, in.p, 0, (int)(in.n - at - 3), in.p + at + 3);
    return s;
}

/* The array "tests" of a suite's file; NULL, and *there false, when the suite is absent.
 */
static const struct json *suite_tests(struct arena *a, const char *below, bool *there)
{
    const char *file = unit_shared(below);
    *there = file != NULL;
    struct diag *dx = diag_new(a);
    struct text *text = arena_alloc(a, sizeof *text);
    text->name = str_from(below);
    if (!file || !file_read(a, file, text->name, dx, &text->bytes))
        return NULL;
    text->bytes = suite_hide_nul(a, text->bytes);
    const struct json *tests = json_get(json_read(a, text, dx), STR("tests"));
    if (!tests)
        printf("%s: %s\n", below, unit_first_error(a, dx).p);
    return tests;
}

/* Compile a query that stands alone. */
static inline struct path *suite_path(struct arena *a, struct str query)
{
    struct text *text = arena_alloc(a, sizeof *text);
    *text = (struct text){STR("query"), query};
    return path_parse(a, text, query, NULL, 0, diag_new(a));
}

/* Are the nodes' values, or their normalized paths, those of the array? */
static inline bool suite_same_values(const struct path_nodes *nodes,
                                     const struct json *want)
{
    size_t i = 0;
    for (const struct json *n = json_first(want); n; n = json_next(n), i++)
        if (i >= nodes->n || !json_equal(nodes->v[i].node, n))
            return false;
    return i == nodes->n;
}

static inline bool suite_same_paths(const struct path_nodes *nodes,
                                    const struct json *want)
{
    size_t i = 0;
    bool same = true;
    struct buf b = BUF_INIT;
    for (const struct json *n = json_first(want); n && same; n = json_next(n), i++) {
        buf_clear(&b);
        if (i < nodes->n)
            path_normalized(&b, nodes->v[i].step);
        same = i < nodes->n && str_eq(buf_view(&b), json_str(n));
    }
    buf_free(&b);
    return same && i == nodes->n;
}
