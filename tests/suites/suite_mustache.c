/* The Mustache spec's required modules, each case as its authors wrote it. */
#include "../unit/unit.h"

#include "base/file.h"
#include "json/json.h"
#include "tmpl/tmpl.h"

#include <stdio.h>

static const char *const modules[] = {"comments", "delimiters", "interpolation",
                                      "inverted", "partials",   "sections"};

struct set {
    struct arena *a;
    const struct json *partials;
};

static const struct text *partial(void *ctx, struct str name)
{
    const struct set *set = ctx;
    const struct json *n = json_get(set->partials, name);
    if (!n)
        return NULL;
    struct text *t = ARENA_NEW(set->a, struct text);
    *t = (struct text){name, json_str(n)};
    return t;
}

static bool run(struct arena *a, const struct json *test, struct buf *out,
                struct diag *dx)
{
    struct set set = {a, json_get(test, STR("partials"))};
    struct text *text = ARENA_NEW(a, struct text);
    *text = (struct text){STR("template"), json_str(json_get(test, STR("template")))};
    struct tmpl_options opt = {
        .escape = ESCAPE_HTML, .partial = partial, .partial_ctx = &set};
    struct tmpl_data data = tmpl_json_data();
    struct tmpl *t = tmpl_parse(a, text, &opt, dx);
    return t &&
           tmpl_render(t, &data, tmpl_json_view(json_get(test, STR("data"))), out, dx);
}

static const struct json *read_module(struct arena *a, const char *name, struct diag *dx)
{
    const char *path = unit_shared(str_fmt(a, "suites/mustache-spec/%s.json", name).p);
    struct text *file = ARENA_NEW(a, struct text);
    file->name = str_from(name);
    if (!path || !file_read(a, path, file->name, dx, &file->bytes))
        return NULL;
    return json_get(json_read(a, file, dx), STR("tests"));
}

int main(void)
{
    unsigned long passed = 0, failed = 0;
    if (!unit_shared("suites/mustache-spec"))
        return unit_report("mustache", 0, 0, 136);
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
        const struct json *tests = read_module(a, modules[i], dx);
        failed += !tests;
        for (const struct json *test = json_first(tests); test; test = json_next(test)) {
            buf_clear(&out);
            struct str want = json_str(json_get(test, STR("expected")));
            if (run(a, test, &out, dx) && str_eq(buf_view(&out), want)) {
                passed++;
                continue;
            }
            failed++;
            printf("%s: %.*s\n  want %.*s\n  got  %.*s\n", modules[i],
                   STR_ARG(json_str(json_get(test, STR("name")))), STR_ARG(want),
                   STR_ARG(buf_view(&out)));
        }
    }
    buf_clear(&out);
    diag_print(dx, &out, false);
    if (out.n)
        puts(out.p);
    buf_free(&out);
    arena_free(a);
    return unit_report("mustache", passed, failed, 0);
}
