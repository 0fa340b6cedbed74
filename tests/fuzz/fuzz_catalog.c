/* Read whatever comes as a catalog; judge a subject with it when it can be read: both
 * must end, and a catalog that is refused says why. */
#include "assess/assess.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "catalog/catalog.h"
#include "json/json.h"

#include <assert.h>

static const struct str view = STR(
    "{\"type\":\"stream\",\"arn\":\"arn:aws:kinesis:us-east-1:111122223333:stream/s\","
    "\"name\":\"s\",\"evidence\":{\"kinesis:DescribeStreamSummary\":{\"a\":[1,\"x\"]}},"
    "\"links\":{},\"facts\":{\"uses\":[{\"application\":\"a\"}],\"encryption\":{\"key\":"
    "true},"
    "\"unknown\":[]}}");

/* The input: catalog.json, a line "===", C-1.json, a line "===", C-1.md. */
static size_t cut(struct arena *a, struct str in, struct text files[3])
{
    static const struct str names[] = {STR("catalog.json"), STR("C-1.json"),
                                       STR("C-1.md")};
    size_t n = 0;
    while (n < 3) {
        size_t at = str_find(in, STR("\n===\n"));
        struct str part = at == (size_t)-1 ? in : str_sub(in, 0, at);
        files[n] = (struct text){names[n], str_dup(a, part)};
        n++;
        if (at == (size_t)-1)
            break;
        in = str_sub(in, at + 5, in.n);
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 16)
        return 0;
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    struct text files[3], own = {STR("view"), view};
    size_t n = cut(a, (struct str){(const char *)data, size}, files);
    struct catalog *c = catalog_load_memory(a, files, n, dx);
    assert(c || diag_count(dx, DIAG_ERROR) > 0);
    const struct json *root = json_read(a, &own, diag_new(a));
    struct subject s = {.type = "stream", .arn = STR("arn"), .name = STR("s")};
    for (size_t i = 0; c && i < c->checks.n && i < 8; i++) {
        struct test t = assess_one(a, NULL, c, c->checks.v[i], &s, root, 1763892000, dx);
        assert(t.message.n);
        assert((t.result == RESULT_UNKNOWN) == (t.reason != REASON_NONE));
        assert((t.result == RESULT_FAIL || t.result == RESULT_UNKNOWN) ==
               (t.nfindings > 0));
    }
    struct buf out = BUF_INIT;
    diag_print(dx, &out, false);
    buf_free(&out);
    arena_free(a);
    return 0;
}
