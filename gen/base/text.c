/* Places in a text: line and column of an offset. */
#include "base/text.h"

#include "base/arena.h"

#include <string.h>

static uint32_t column_of(struct str line_part)
{
    uint32_t col = 1;
    for (size_t i = 0; i < line_part.n; i++)
        col += ((unsigned char)line_part.p[i] & 0xC0) != 0x80;
    return col;
}

struct place text_place(const struct text *t, size_t pos)
{
    if (pos > t->bytes.n)
        pos = t->bytes.n;
    uint32_t line = 1;
    size_t start = 0, at;
    while ((at = str_find_char(str_sub(t->bytes, start, pos), '\n')) != (size_t)-1) {
        start += at + 1;
        line++;
    }
    return (struct place){line, column_of(str_sub(t->bytes, start, pos))};
}

struct str text_line(const struct text *t, size_t pos, size_t *start)
{
    if (pos > t->bytes.n)
        pos = t->bytes.n;
    size_t from = str_find_last(str_sub(t->bytes, 0, pos), '\n') + 1; /* none is -1 */
    size_t len = str_find_char(str_sub(t->bytes, from, t->bytes.n), '\n');
    if (start)
        *start = from;
    struct str line =
        str_sub(t->bytes, from, len == (size_t)-1 ? t->bytes.n : from + len);
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

size_t text_line_start(const struct text *t, uint32_t line)
{
    size_t start = 0;
    for (; line > 1; line--) {
        size_t at = str_find_char(str_sub(t->bytes, start, t->bytes.n), '\n');
        if (at == (size_t)-1)
            return t->bytes.n;
        start += at + 1;
    }
    return start;
}

struct text_index *text_index_new(struct arena *a, const struct text *t)
{
    struct text_index *ix = ARENA_NEW(a, struct text_index);
    ix->text = t;
    ix->lines = 1;
    const char *from = t->bytes.p, *end = from + t->bytes.n, *p = from;
    while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
        ix->lines++;
        p++;
    }
    ix->starts = ARENA_ARRAY(a, uint32_t, ix->lines);
    p = from;
    for (size_t line = 1; line < ix->lines; line++) {
        p = (const char *)memchr(p, '\n', (size_t)(end - p)) + 1;
        ix->starts[line] = (uint32_t)(p - from);
    }
    return ix;
}

struct place text_index_place(const struct text_index *ix, size_t pos)
{
    if (pos > ix->text->bytes.n)
        pos = ix->text->bytes.n;
    size_t lo = 0, hi = ix->lines; /* starts[lo] <= pos < starts[hi] */
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (ix->starts[mid] <= pos)
            lo = mid;
        else
            hi = mid;
    }
    return (struct place){(uint32_t)lo + 1,
                          column_of(str_sub(ix->text->bytes, ix->starts[lo], pos))};
}
