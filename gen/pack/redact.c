/* Mask evidence: find the names in all files, then replace them in all. */
#include "pack/redact.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/digest.h"
#include "base/gzip.h"
#include "base/map.h"
#include "pack/message.h"
#include "pack/redact_mask.h"

#include <string.h>

enum { INFLATED_MAX = 1 << 30 };

/* The text of a file: inflated, when it is gzip that can be inflated. */
static struct str text_of(struct arena *a, struct str bytes)
{
    struct str text;
    if (gzip_is(bytes) && gzip_inflate(a, bytes, INFLATED_MAX, &text) == GZIP_OK)
        return text;
    return bytes;
}

/* Of one file after the other, since all of them together may not fit the memory. */
static bool for_each(struct gathered *files,
                     void (*visit)(void *ctx, struct gathered_file *f, struct arena *a,
                                   struct str bytes),
                     void *ctx, struct diag *dx)
{
    for (size_t i = 0; i < files->files.n; i++) {
        struct arena *scratch = arena_new();
        struct str bytes;
        bool ok = gather_read(&files->files.v[i], scratch, &bytes, dx);
        if (ok)
            visit(ctx, &files->files.v[i], scratch, bytes);
        arena_free(scratch);
        if (!ok)
            return false;
    }
    return true;
}

static void add_to_key(void *ctx, struct gathered_file *f, struct arena *a,
                       struct str bytes)
{
    (void)f, (void)a;
    digest_add(ctx, bytes);
}

static void learn(void *ctx, struct gathered_file *f, struct arena *a, struct str bytes)
{
    (void)f;
    mask_learn(ctx, text_of(a, bytes));
}

static struct str masked(struct mask *m, const struct gathered_file *f, struct arena *a,
                         struct str bytes, uint32_t *count)
{
    struct buf out = BUF_INIT;
    m->index = f->index;
    *count = (uint32_t)mask_text(m, text_of(a, bytes), &out);
    struct str s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

static void note(void *ctx, struct gathered_file *f, struct arena *a, struct str bytes)
{
    struct mask *m = ctx;
    struct str text = masked(m, f, a, bytes, &f->masked);
    struct buf name = BUF_INIT;
    f->original_sha256 = f->sha256;
    f->original_size_bytes = f->size_bytes;
    f->sha256 = digest_hex(m->a, text);
    f->size_bytes = text.n;
    mask_path(m, f->name, &name);
    f->name = buf_dup(m->a, &name);
    f->mask = m;
    buf_free(&name);
}

struct str redact_again(struct arena *a, const struct gathered_file *f, struct str bytes)
{
    uint32_t count;
    return masked(f->mask, f, a, bytes, &count);
}

bool redact(struct arena *a, struct gathered *files, struct str key,
            struct redact_also *also, struct diag *dx)
{
    struct mask *m = ARENA_NEW(a, struct mask);
    *m = (struct mask){.a = a, .key = key};
    if (key.n && key.n < REDACT_KEY_MIN) {
        diag_file(dx, &PAK_WEAK_KEY, STR(""), "it has %zu bytes", key.n);
        return false;
    }
    if (!key.n) {
        unsigned char *derived = arena_alloc(a, DIGEST_BYTES);
        struct digest *d = digest_begin();
        digest_add(d, STR("kdaudit redaction\n"));
        bool ok = for_each(files, add_to_key, d, dx);
        digest_end(d, derived);
        if (!ok)
            return false;
        m->key = (struct str){(const char *)derived, DIGEST_BYTES};
    }
    if (!for_each(files, learn, m, dx))
        return false;
    for (size_t i = 0; i < files->files.n; i++)
        mask_learn_path(m, files->files.v[i].name);
    if (!for_each(files, note, m, dx))
        return false;
    m->index = false;
    for (size_t i = 0; i < also->n; i++) {
        struct buf out = BUF_INIT;
        mask_text(m, also->texts[i], &out);
        also->texts[i] = buf_dup(a, &out);
        buf_free(&out);
    }
    gather_sort(files);
    return true;
}
