/* Places in a text: line and column of an offset. */
#include "base/text.h"

#include "base/arena.h"
#include "base/lanes.h"

#include <string.h>

enum {
    BLOCK_BYTES = 256, /* the index holds the place of every so many bytes */
    LANE_MAX = 0x7F,   /* a lane counts no further */
};

/* Of lanes from 0 to LANE_MAX, by pairs: their sums have room for all. */
static size_t sum_lanes(lanes v)
{
    const uint64_t even = 0x00FF00FF00FF00FF, ones = 0x0001000100010001;
    uint64_t half[2];
    memcpy(half, &v, sizeof half);
    uint64_t sums = (half[0] & even) + (half[0] >> 8 & even) + (half[1] & even) +
                    (half[1] >> 8 & even);
    return sums * ones >> 48;
}

/* How many bytes of s are line feeds, and how many go on with a character (10xxxxxx: with
 * a sign, below -64). */
struct tally {
    size_t feeds, inner;
};

static struct tally tally(struct str s)
{
    struct tally t = {0};
    size_t i = 0;
    while (s.n - i >= LANES) {
        lanes feeds = {0}, inner = {0};
        for (int k = 0; k < LANE_MAX && s.n - i >= LANES; k++, i += LANES) {
            lanes v = lanes_at(s.p + i);
            feeds -= v == '\n'; /* true is -1 */
            inner -= v < -64;
        }
        t.feeds += sum_lanes(feeds);
        t.inner += sum_lanes(inner);
    }
    for (; i < s.n; i++) {
        t.feeds += s.p[i] == '\n';
        t.inner += ((unsigned char)s.p[i] & 0xC0) == 0x80;
    }
    return t;
}

/* The place after bytes, which begin at p. */
static struct place place_after(struct place p, struct str bytes)
{
    struct tally all = tally(bytes);
    if (!all.feeds) {
        p.column += (uint32_t)(bytes.n - all.inner);
        return p;
    }
    struct str line = str_sub(bytes, str_find_last(bytes, '\n') + 1, bytes.n);
    size_t inner = all.inner ? tally(line).inner : 0;
    return (struct place){p.line + (uint32_t)all.feeds, (uint32_t)(line.n - inner) + 1};
}

struct place text_place(const struct text *t, size_t pos)
{
    return place_after((struct place){1, 1}, str_sub(t->bytes, 0, pos));
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
    struct place p = {1, 1};
    ix->text = t;
    ix->places = ARENA_ARRAY(a, struct place, t->bytes.n / BLOCK_BYTES + 1);
    for (size_t at = 0; at <= t->bytes.n; at += BLOCK_BYTES) {
        ix->places[at / BLOCK_BYTES] = p;
        p = place_after(p, str_sub(t->bytes, at, at + BLOCK_BYTES));
    }
    return ix;
}

struct place text_index_place(const struct text_index *ix, size_t pos)
{
    if (pos > ix->text->bytes.n)
        pos = ix->text->bytes.n;
    return place_after(ix->places[pos / BLOCK_BYTES],
                       str_sub(ix->text->bytes, pos - pos % BLOCK_BYTES, pos));
}
