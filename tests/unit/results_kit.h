/* A results.json for tests whose tests are listed apart, each with its subject: read as
 * the file has them, each with the resource that it is about. */
#pragma once
#include "base/buf.h"
#include "base/map.h"
#include "json/json.h"
#include "json/write.h"
#include "report/results.h"

/* The members of an object, without its braces; "tests" and "subject" are left out. */
static inline void results_members(struct buf *out, const struct json *object)
{
    for (const struct json *m = json_first(object); m; m = json_next(m)) {
        struct str key = json_key(m);
        if (str_eq(key, STR("tests")) || str_eq(key, STR("subject")))
            continue;
        buf_z(out, out->p[out->n - 1] == '{' ? "" : ", ");
        json_write_str(out, key);
        buf_z(out, ": ");
        json_write(out, m, false, false);
    }
}

/* The tests of each resource, as text. */
static inline struct map results_tests(struct arena *a, const struct json *tests)
{
    struct map by_subject = MAP_INIT;
    for (const struct json *t = json_first(tests); t; t = json_next(t)) {
        void **slot = map_put(a, &by_subject, json_str(json_get(t, STR("subject"))));
        struct buf *out = *slot ? *slot : ARENA_NEW(a, struct buf);
        buf_z(out, *slot ? ", {" : "{");
        results_members(out, t);
        buf_c(out, '}');
        *slot = out;
    }
    return by_subject;
}

/* What results_read gives for the same file with tests in their places. */
static inline struct report *results_of(struct arena *a, const struct text *apart,
                                        struct diag *dx)
{
    const struct json *root = json_read(a, apart, dx);
    struct map tests = results_tests(a, json_get(root, STR("tests")));
    struct text *t = ARENA_NEW(a, struct text);
    struct buf out = BUF_INIT;
    buf_c(&out, '{');
    for (const struct json *m = json_first(root); m; m = json_next(m)) {
        struct str key = json_key(m);
        if (str_eq(key, STR("tests")))
            continue;
        buf_z(&out, out.n > 1 ? ", " : "");
        json_write_str(&out, key);
        buf_z(&out, ": ");
        if (!str_eq(key, STR("subjects"))) {
            json_write(&out, m, false, false);
            continue;
        }
        buf_c(&out, '[');
        for (const struct json *s = json_first(m); s; s = json_next(s)) {
            struct buf *of = map_get(&tests, json_str(json_get(s, STR("arn"))));
            buf_z(&out, s == json_first(m) ? "{" : ", {");
            results_members(&out, s);
            if (of)
                buf_fmt(&out, ", \"tests\": [%s]", of->p);
            buf_c(&out, '}');
        }
        buf_c(&out, ']');
    }
    buf_c(&out, '}');
    for (size_t i = 0; i < tests.n; i++)
        buf_free(tests.entries[i].value);
    *t = (struct text){apart->name, buf_dup(a, &out)};
    buf_free(&out);
    return results_read(a, t, dx);
}
