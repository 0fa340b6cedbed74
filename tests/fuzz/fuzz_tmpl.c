/* Compile whatever comes as a template and render it: both must end, in any mode. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "json/json.h"
#include "tmpl/tmpl.h"

#include <assert.h>

/* The input: a template, a line "===", and the data as JSON. */
struct input {
    struct text main, data;
};

static const struct tmpl_mode modes[] = {
    {"code", ESCAPE_MD_CODE, ""},
    {"block", ESCAPE_MD_BLOCK, ""},
    {"cdata", ESCAPE_CDATA, ""},
};

static const struct text *partial(void *ctx, struct str name)
{
    static const struct text row = {{"row", 3}, {"{{#l}}\n - {{.}}\n{{/l}}\n", 22}};
    const struct input *in = ctx;
    return str_eq(name, STR("self")) ? &in->main : str_eq(name, STR("row")) ? &row : NULL;
}

static void run(struct arena *a, struct input *in, const struct json *root, bool strict)
{
    struct tmpl_options opt = {.escape = strict ? ESCAPE_HTML : ESCAPE_MD,
                               .modes = modes,
                               .nmodes = sizeof modes / sizeof *modes,
                               .strict = strict,
                               .partial = partial,
                               .partial_ctx = in,
                               .max_bytes = 1 << 16,
                               .max_steps = 1 << 12};
    struct diag *dx = diag_new(a);
    struct tmpl *t = tmpl_parse(a, &in->main, &opt, dx);
    assert((t == NULL) == (diag_count(dx, DIAG_ERROR) > 0));
    struct buf out = BUF_INIT;
    if (t) {
        struct tmpl_data data = tmpl_json_data();
        bool ok = tmpl_render(t, &data, tmpl_json_view(root), &out, dx);
        assert(ok == !diag_count(dx, DIAG_ERROR));
    }
    buf_clear(&out);
    diag_print(dx, &out, false);
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *a = arena_new();
    struct str all = str_dup(a, (struct str){(const char *)bytes, size});
    size_t cut = str_find(all, STR("\n===\n"));
    struct input in = {{STR("main"), str_sub(all, 0, cut)}, {STR("data"), STR("{}")}};
    if (cut != (size_t)-1)
        in.data.bytes = str_sub(all, cut + 5, all.n);
    const struct json *root = json_read(a, &in.data, diag_new(a));
    run(a, &in, root, true);
    run(a, &in, root, false);
    arena_free(a);
    return 0;
}
