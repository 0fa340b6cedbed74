/* Find the evidence to pack. */
#include "pack/gather.h"

#include "base/diag.h"
#include "base/digest.h"
#include "base/file_stream.h"
#include "evidence/find.h"
#include "evidence/index.h"
#include "pack/redact.h"

#include <stdlib.h>

static int by_name(const void *x, const void *y)
{
    const struct gathered_file *a = x, *b = y;
    return str_cmp(a->name, b->name);
}

/* Evidence that stands in a pack already keeps the place that it has there. */
static struct str own_name(struct str shown)
{
    bool packed =
        str_starts(shown, STR("data/evidence/")) || str_eq(shown, STR("data/index.json"));
    return packed ? str_sub(shown, 5, shown.n) : shown;
}

void gather_sort(struct gathered *files)
{
    if (files->files.n)
        qsort(files->files.v, files->files.n, sizeof *files->files.v, by_name);
}

static bool look_at_memory(struct arena *a, struct gathered_file *g, struct str shown)
{
    g->sha256 = digest_hex(a, g->bytes);
    g->size_bytes = g->bytes.n;
    g->index = index_is(shown, g->bytes);
    return true;
}

/* Size and hash piece by piece; what it is, by the first piece. */
static bool look_at_file(struct arena *a, struct gathered_file *g, struct str shown,
                         struct str typed, struct diag *dx)
{
    struct file_in *in = file_open_followed(typed.p, typed, dx);
    if (!in)
        return false;
    struct digest *d = digest_begin();
    unsigned char sum[DIGEST_BYTES];
    struct str piece = STR("");
    bool ok;
    while ((ok = file_next(in, &piece)) && piece.n) {
        if (!g->size_bytes)
            g->index = index_is(shown, piece);
        digest_add(d, piece);
        g->size_bytes += piece.n;
    }
    digest_end(d, sum);
    g->sha256 = digest_digits(a, sum, sizeof sum);
    file_close(in);
    if (!ok)
        diag_file(dx, &FILE_CANNOT_READ, typed, "reading broke");
    return ok;
}

static bool gather_one(struct arena *a, const struct evidence_file *f,
                       struct gathered_file *g, struct diag *dx)
{
    struct str typed = str_dup(a, f->typed), shown = str_dup(a, f->shown);
    g->name = own_name(shown);
    if (!str_eq(typed, STR("-"))) {
        g->path = typed.p;
        return look_at_file(a, g, shown, typed, dx);
    }
    return file_read_raw(a, typed.p, typed, dx, &g->bytes) && look_at_memory(a, g, shown);
}

bool gather(struct arena *a, const char *const *paths, size_t n, struct gathered *out,
            struct diag *dx)
{
    struct evidence_files found = {0};
    struct arena *scratch = arena_new();
    bool ok = evidence_find(scratch, scratch, paths, n, 1, &found, dx);
    out->files.v = ARENA_ARRAY(a, struct gathered_file, found.n);
    out->files.cap = found.n;
    for (size_t i = 0; i < found.n && ok; i++)
        ok = gather_one(a, &found.v[i], &out->files.v[out->files.n++], dx);
    diag_settle(dx);
    arena_free(scratch);
    gather_sort(out);
    return ok;
}

bool gather_read(const void *file, struct arena *a, struct str *bytes, struct diag *dx)
{
    const struct gathered_file *f = file;
    if (!f->path)
        *bytes = f->bytes;
    else if (!file_read_raw(a, f->path, str_from(f->path), dx, bytes))
        return false;
    if (f->mask)
        *bytes = redact_again(a, f, *bytes);
    return true;
}
