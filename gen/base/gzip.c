/* gzip in memory: the one file that includes libdeflate. */
#include "base/gzip.h"

#include "base/arena.h"

#include <libdeflate.h>

#include <stdlib.h>
#include <string.h>

enum { GZIP_MIN_BYTES = 18, GROW_FIRST = 8 };

bool gzip_is(struct str s)
{
    return s.n >= 2 && (unsigned char)s.p[0] == 0x1F && (unsigned char)s.p[1] == 0x8B;
}

/* One member from the front of *in, appended at out[*n]; the buffer grows to max_bytes.
 */
static enum gzip_result member(struct libdeflate_decompressor *d, struct str *in,
                               char **out, size_t *n, size_t *cap, size_t max_bytes)
{
    for (;;) {
        size_t used, wrote;
        enum libdeflate_result r = libdeflate_gzip_decompress_ex(
            d, in->p, in->n, *out + *n, *cap - *n, &used, &wrote);
        if (r == LIBDEFLATE_SUCCESS) {
            *in = str_sub(*in, used, in->n);
            *n += wrote;
            return GZIP_OK;
        }
        if (r != LIBDEFLATE_INSUFFICIENT_SPACE)
            return in->n < GZIP_MIN_BYTES ? GZIP_CUT : GZIP_BAD;
        if (*cap >= max_bytes)
            return GZIP_TOO_LARGE;
        *cap = *cap > max_bytes / 2 ? max_bytes : *cap * 2;
        *out = mem_realloc(*out, *cap);
    }
}

enum gzip_result gzip_inflate(struct arena *a, struct str s, size_t max_bytes,
                              struct str *out)
{
    enum gzip_result r = GZIP_BAD;
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    size_t n = 0, cap = s.n > max_bytes / GROW_FIRST ? max_bytes : s.n * GROW_FIRST + 64;
    char *bytes = mem_alloc(cap);
    if (!d)
        goto done;
    do {
        r = member(d, &s, &bytes, &n, &cap, max_bytes);
    } while (r == GZIP_OK && gzip_is(s));
    if (r == GZIP_OK && s.n)
        r = GZIP_BAD; /* bytes that belong to no member */
    if (r == GZIP_OK)
        *out = str_dup(a, (struct str){bytes, n});
done:
    free(bytes);
    if (d)
        libdeflate_free_decompressor(d);
    return r;
}
