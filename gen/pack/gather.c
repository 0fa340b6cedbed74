/* Find and read the evidence to pack. */
#include "pack/gather.h"

#include "base/diag.h"
#include "base/digest.h"
#include "base/file.h"
#include "evidence/find.h"
#include "evidence/index.h"

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

bool gather(struct arena *a, struct arena *raw, const char *const *paths, size_t n,
            struct gathered *out, struct diag *dx)
{
    struct evidence_files found = {0};
    if (!evidence_find(a, paths, n, &found, dx))
        return false;
    for (size_t i = 0; i < found.n; i++) {
        const struct evidence_file *f = &found.v[i];
        struct gathered_file *g = vec_push(a, &out->files);
        bool standard = str_eq(f->typed, STR("-"));
        g->name = own_name(f->shown);
        g->path = standard ? NULL : f->typed.p;
        if (!file_read_raw(standard ? a : raw, f->typed.p, f->typed, dx, &g->bytes))
            return false;
        g->sha256 = digest_hex(a, g->bytes);
        g->index = index_is(f->shown, g->bytes);
    }
    gather_sort(out);
    return true;
}
