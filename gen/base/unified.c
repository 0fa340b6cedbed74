/* Unified diffs: the longest common subsequence of lines, by a table of all pairs. */
#include "base/unified.h"

#include "base/arena.h"
#include "base/buf.h"

#include <stdlib.h>

enum { AROUND = 3, MOST_PAIRS = 4 << 20 };

struct lines {
    VEC(struct str) v;
    bool ends; /* the last line has its line feed */
};

struct edit {
    char sign; /* ' ', '-', '+' */
    struct str line;
    bool open; /* last line without a line feed */
};

struct script {
    struct arena *a;
    VEC(struct edit) v;
    const struct lines *old, *new;
};

static struct lines cut(struct arena *a, struct str text)
{
    struct lines l = {.ends = str_ends(text, STR("\n"))};
    struct str rest = text, line;
    while (rest.n) {
        str_cut(rest, '\n', &line, &rest);
        *vec_push(a, &l.v) = line;
    }
    return l;
}

static void add(struct script *s, char sign, const struct lines *from, size_t i)
{
    *vec_push(s->a, &s->v) =
        (struct edit){sign, from->v.v[i], i + 1 == from->v.n && !from->ends};
}

/* A last line without its line feed is another line. */
static bool same(const struct script *s, size_t i, size_t k)
{
    bool open_old = i + 1 == s->old->v.n && !s->old->ends;
    bool open_new = k + 1 == s->new->v.n && !s->new->ends;
    return open_old == open_new && str_eq(s->old->v.v[i], s->new->v.v[k]);
}

/* Lines [i, n) and [k, m), whose ends differ. */
static void between(struct script *s, size_t i, size_t n, size_t k, size_t m)
{
    size_t wide = m - k + 1;
    uint16_t *longest = NULL; /* of the tails that begin at a pair */
    if (n - i < UINT16_MAX && m - k < UINT16_MAX && (n - i + 1) * wide <= MOST_PAIRS)
        longest = calloc((n - i + 1) * wide, sizeof *longest);
    for (size_t x = n - i; longest && x-- > 0;)
        for (size_t y = m - k; y-- > 0;) {
            uint16_t down = longest[(x + 1) * wide + y],
                     right = longest[x * wide + y + 1];
            longest[x * wide + y] = same(s, i + x, k + y)
                                        ? (uint16_t)(longest[(x + 1) * wide + y + 1] + 1)
                                    : down >= right ? down
                                                    : right;
        }
    size_t x = 0, y = 0;
    while (i + x < n || k + y < m) {
        if (longest && i + x < n && k + y < m && same(s, i + x, k + y)) {
            add(s, ' ', s->old, i + x++);
            y++;
        } else if (i + x < n &&
                   (!longest || k + y >= m ||
                    longest[(x + 1) * wide + y] >= longest[x * wide + y + 1])) {
            add(s, '-', s->old, i + x++);
        } else {
            add(s, '+', s->new, k + y++);
        }
    }
    free(longest);
}

static void compare(struct script *s)
{
    size_t n = s->old->v.n, m = s->new->v.n, head = 0, tail = 0;
    while (head < n && head < m && same(s, head, head))
        head++;
    while (tail < n - head && tail < m - head && same(s, n - 1 - tail, m - 1 - tail))
        tail++;
    for (size_t i = 0; i < head; i++)
        add(s, ' ', s->old, i);
    between(s, head, n - tail, head, m - tail);
    for (size_t i = n - tail; i < n; i++)
        add(s, ' ', s->old, i);
}

/* "12,5", "12" for one line; a range of none names the line before it. */
static void range(struct buf *out, size_t first, size_t n)
{
    buf_fmt(out, "%zu", n ? first + 1 : first);
    if (n != 1)
        buf_fmt(out, ",%zu", n);
}

/* Where the hunk that holds the change at i ends: changes closer than twice the lines
 * around belong together. */
static size_t hunk_end(const struct script *s, size_t i)
{
    size_t last = i;
    for (size_t k = i; k < s->v.n && k - last <= 2 * AROUND + 1; k++)
        if (s->v.v[k].sign != ' ')
            last = k;
    size_t end = last + 1 + AROUND;
    return end < s->v.n ? end : s->v.n;
}

static void hunk(struct buf *out, const struct script *s, size_t from, size_t to,
                 size_t old, size_t new)
{
    size_t nold = 0, nnew = 0;
    for (size_t i = from; i < to; i++) {
        nold += s->v.v[i].sign != '+';
        nnew += s->v.v[i].sign != '-';
    }
    buf_z(out, "@@ -");
    range(out, old, nold);
    buf_z(out, " +");
    range(out, new, nnew);
    buf_z(out, " @@\n");
    for (size_t i = from; i < to; i++) {
        buf_c(out, s->v.v[i].sign);
        buf_str(out, s->v.v[i].line);
        buf_z(out, s->v.v[i].open ? "\n\\ No newline at end of file\n" : "\n");
    }
}

static void name(struct buf *out, const char *sign, struct str s)
{
    buf_z(out, sign);
    buf_str(out, s.n ? s : STR("/dev/null"));
    buf_c(out, '\n');
}

void unified_diff(struct buf *out, struct str old_name, struct str old,
                  struct str new_name, struct str new)
{
    struct arena *a = arena_new();
    struct lines x = cut(a, old), y = cut(a, new);
    struct script s = {.a = a, .old = &x, .new = &y};
    bool headed = false;
    compare(&s);
    size_t at_old = 0, at_new = 0;
    for (size_t i = 0; i < s.v.n;) {
        size_t change = i;
        while (change < s.v.n && s.v.v[change].sign == ' ')
            change++;
        if (change == s.v.n)
            break;
        size_t from = change - i > AROUND ? change - AROUND : i;
        at_old += from - i;
        at_new += from - i;
        if (!headed) {
            name(out, "--- ", old_name);
            name(out, "+++ ", new_name);
            headed = true;
        }
        size_t to = hunk_end(&s, change);
        hunk(out, &s, from, to, at_old, at_new);
        for (; from < to; from++) {
            at_old += s.v.v[from].sign != '+';
            at_new += s.v.v[from].sign != '-';
        }
        i = to;
    }
    arena_free(a);
}
