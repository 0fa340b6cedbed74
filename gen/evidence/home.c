/* Write the paths of the home layout. */
#include "evidence/home.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"

/* A name takes 255 bytes with operation and ending. What is cut can be bound by an index
 * or by the answer alone, so names are cut later than samples/README.md would: there they
 * have to fit into a pack as they are. */
enum { WHOLE_BYTES = 180, CUT_BYTES = 80, CUT_DIGITS = 10 };

bool home_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '-';
}

void home_qualifier(struct buf *out, struct arena *a, struct str s)
{
    size_t from = out->n;
    for (size_t i = 0; i < s.n && out->n - from <= WHOLE_BYTES; i++)
        if (home_plain(s.p[i]))
            buf_c(out, s.p[i]);
        else
            buf_fmt(out, "_%02X", (unsigned char)s.p[i]);
    if (out->n - from <= WHOLE_BYTES)
        return;
    out->n = from + CUT_BYTES;
    buf_fmt(out, "~%.*s", CUT_DIGITS, digest_hex(a, s).p);
}

struct str home_path(struct arena *a, struct str account, struct str region,
                     struct str service, struct str command, const struct str *qualifiers,
                     size_t n)
{
    struct buf out = BUF_INIT;
    if (!region.n)
        region = STR("global");
    buf_fmt(&out, "%.*s/%.*s/%.*s/%.*s", STR_ARG(account), STR_ARG(region),
            STR_ARG(service), STR_ARG(command));
    for (size_t i = 0; i < n; i++) {
        buf_c(&out, '~');
        home_qualifier(&out, a, qualifiers[i]);
    }
    struct str path = buf_dup(a, &out);
    buf_free(&out);
    return path;
}
