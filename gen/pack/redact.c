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
static struct str text_of(struct arena *a, const struct gathered_file *f)
{
    struct str text;
    if (gzip_is(f->bytes) && gzip_inflate(a, f->bytes, INFLATED_MAX, &text) == GZIP_OK)
        return text;
    return f->bytes;
}

static void derive_key(const struct gathered *files, unsigned char key[DIGEST_BYTES])
{
    struct digest *d = digest_begin();
    digest_add(d, STR("kdaudit redaction\n"));
    for (size_t i = 0; i < files->files.n; i++)
        digest_add(d, files->files.v[i].bytes);
    digest_end(d, key);
}

bool redact(struct arena *a, struct gathered *files, struct str key,
            struct redact_also *also, struct diag *dx)
{
    unsigned char derived[DIGEST_BYTES];
    struct buf out = BUF_INIT;
    struct mask m = {.a = a, .key = key};
    if (key.n && key.n < REDACT_KEY_MIN) {
        diag_file(dx, &PAK_WEAK_KEY, STR(""), "it has %zu bytes", key.n);
        return false;
    }
    if (!key.n) {
        derive_key(files, derived);
        m.key = (struct str){(const char *)derived, sizeof derived};
    }
    for (size_t i = 0; i < files->files.n; i++) {
        struct arena *scratch = arena_new();
        mask_learn(&m, text_of(scratch, &files->files.v[i]));
        arena_free(scratch);
    }
    for (size_t i = 0; i < files->files.n; i++)
        mask_learn_path(&m, files->files.v[i].name);
    for (size_t i = 0; i < files->files.n; i++) {
        struct gathered_file *f = &files->files.v[i];
        struct arena *scratch = arena_new();
        f->original_sha256 = f->sha256;
        f->original_size_bytes = f->bytes.n;
        buf_clear(&out);
        m.index = f->index;
        f->masked = (uint32_t)mask_text(&m, text_of(scratch, f), &out);
        f->bytes = buf_dup(a, &out);
        f->sha256 = digest_hex(a, f->bytes);
        buf_clear(&out);
        mask_path(&m, f->name, &out);
        f->name = buf_dup(a, &out);
        f->path = NULL;
        arena_free(scratch);
    }
    m.index = false;
    for (size_t i = 0; i < also->n; i++) {
        buf_clear(&out);
        mask_text(&m, also->texts[i], &out);
        also->texts[i] = buf_dup(a, &out);
    }
    buf_free(&out);
    gather_sort(files);
    return true;
}
