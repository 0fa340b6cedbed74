/* Fuzz the readers of packs: any files under any names are a bag to check; the first is
 * read as each of the tag files and masked, too. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "pack/check.h"
#include "pack/index.h"
#include "pack/manifest.h"
#include "pack/name.h"
#include "pack/redact_mask.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES_MAX = 64 };

/* "path LF bytes NUL path LF bytes ..." */
static size_t split(struct str all, struct pack_input *out)
{
    size_t n = 0;
    bool more = all.n > 0;
    while (more && n < FILES_MAX) {
        struct str one;
        more = str_cut(all, '\0', &one, &all);
        out[n] = (struct pack_input){.kind = FILE_KIND_REGULAR};
        str_cut(one, '\n', &out[n].path, &out[n].bytes);
        n++;
    }
    return n;
}

static void read_alone(struct arena *a, struct str bytes, struct diag *dx)
{
    struct text t = {STR("x"), str_dup(a, bytes)};
    struct manifest m = {0};
    struct buf out = BUF_INIT, again = BUF_INIT;
    size_t times;
    manifest_read(a, &t, &m, dx);
    bag_info_get(a, t.bytes, STR("Payload-Oxum"), &times);
    bag_info_line(&out, STR("Contact-Name"), t.bytes);
    buf_clear(&out);
    struct pack_index *ix = pack_index_read(a, &t, dx);
    if (ix) {
        /* What was written reads back and is written alike. */
        pack_index_write(&out, ix);
        struct text own = {STR("own"), buf_dup(a, &out)};
        struct pack_index *same = pack_index_read(a, &own, dx);
        assert(same);
        pack_index_write(&again, same);
        assert(str_eq(own.bytes, buf_view(&again)));
        buf_clear(&out);
    }
    struct mask k = {.a = a, .key = STR("0123456789abcdef"), .index = bytes.n % 2 == 1};
    mask_learn(&k, t.bytes);
    mask_learn_path(&k, t.bytes);
    mask_text(&k, t.bytes, &out);
    mask_path(&k, t.bytes, &out);
    buf_free(&out);
    buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    struct pack_input inputs[FILES_MAX];
    struct pack_names names = {0};
    size_t n = split((struct str){(const char *)data, size}, inputs);
    struct pack *p = pack_of_memory(a, inputs, n, dx);
    assert(p);
    if (check_bag(a, p, dx))
        check_index(a, p, dx);
    for (size_t i = 0; i < n; i++) {
        struct str name = pack_name(a, &names, STR("data/evidence"), inputs[i].path);
        assert(!pack_path_fault(name));
    }
    if (n)
        read_alone(a, inputs[0].bytes, dx);
    arena_free(a);
    return 0;
}
