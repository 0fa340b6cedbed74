/* Sets of IAM actions. */
#include "iam/actionset.h"

#include "base/arena.h"

static uint64_t word(const struct action_set *s, uint32_t i)
{
    return i >= s->lo && i < s->hi ? s->words[i - s->lo] : 0;
}

struct action_set action_set_rows(struct arena *a, uint32_t first, uint32_t count)
{
    if (!count)
        return (struct action_set){0};
    uint32_t lo = first / 64, hi = (first + count - 1) / 64 + 1;
    uint64_t *w = arena_alloc8(a, (hi - lo) * sizeof *w);
    for (uint32_t i = lo; i < hi; i++) {
        uint64_t bits = UINT64_MAX;
        if (i == lo)
            bits &= UINT64_MAX << (first % 64);
        if (i == hi - 1 && (first + count) % 64)
            bits &= UINT64_MAX >> (64 - (first + count) % 64);
        w[i - lo] = bits;
    }
    return (struct action_set){.words = w, .lo = lo, .hi = hi};
}

struct action_set action_set_of(struct arena *a, const uint32_t *rows, size_t n)
{
    uint32_t lo = UINT32_MAX, hi = 0;
    for (size_t i = 0; i < n; i++) {
        lo = rows[i] / 64 < lo ? rows[i] / 64 : lo;
        hi = rows[i] / 64 + 1 > hi ? rows[i] / 64 + 1 : hi;
    }
    if (!n)
        return (struct action_set){0};
    uint64_t *w = arena_alloc8(a, (hi - lo) * sizeof *w);
    for (size_t i = 0; i < n; i++)
        w[rows[i] / 64 - lo] |= UINT64_C(1) << (rows[i] % 64);
    return (struct action_set){.words = w, .lo = lo, .hi = hi};
}

struct action_set action_set_other(struct arena *a, struct str name)
{
    struct action_others *o = ARENA_NEW(a, struct action_others);
    struct str *names = ARENA_NEW(a, struct str);
    *names = name;
    *o = (struct action_others){.names = names, .n = 1};
    return (struct action_set){.others = o};
}

static const struct action_others none; /* of a set without */

static const struct action_others *others_of(const struct action_set *s)
{
    return s->others ? s->others : &none;
}

static bool listed(const struct action_others *o, struct str name)
{
    for (size_t i = 0; i < o->n; i++)
        if (str_eq(o->names[i], name))
            return true;
    return false;
}

static bool has(const struct action_others *o, struct str name)
{
    return listed(o, name) != o->all_but;
}

bool action_set_has_other(const struct action_set *s, struct str name)
{
    return has(others_of(s), name);
}

/* The first row of the words from here on. */
uint32_t action_set_next_word(const struct action_set *s, uint32_t word)
{
    for (uint32_t i = word < s->lo ? s->lo : word; i < s->hi; i++)
        if (s->words[i - s->lo])
            return i * 64 + (uint32_t)__builtin_ctzll(s->words[i - s->lo]);
    return UINT32_MAX;
}

size_t action_set_count(const struct action_set *s)
{
    size_t n = 0;
    for (uint32_t i = s->lo; i < s->hi; i++)
        if (s->words[i - s->lo]) /* most are empty: sets name few services */
            n += (size_t)__builtin_popcountll(s->words[i - s->lo]);
    return n;
}

size_t action_set_count_in(const struct action_set *s, uint32_t first, uint32_t end)
{
    size_t n = 0;
    for (uint32_t i = first / 64; i * 64 < end; i++) {
        uint64_t w = word(s, i);
        if (i == first / 64)
            w &= UINT64_MAX << (first % 64);
        if (end - i * 64 < 64)
            w &= UINT64_MAX >> (64 - (end - i * 64));
        n += (size_t)__builtin_popcountll(w);
    }
    return n;
}

enum how { OR, AND, MINUS };

static bool keep(enum how how, bool x, bool y)
{
    return how == OR ? x || y : how == AND ? x && y : x && !y;
}

/* A name stays listed when its membership differs from that of all names not listed. */
static const struct action_others *join_others(struct arena *a, enum how how,
                                               const struct action_set *x,
                                               const struct action_set *y)
{
    const struct action_others *p = others_of(x), *q = others_of(y);
    if (p == q && p == &none)
        return NULL;
    struct action_others *out = ARENA_NEW(a, struct action_others);
    struct str *names = ARENA_ARRAY(a, struct str, p->n + q->n);
    out->names = names;
    out->all_but = keep(how, p->all_but, q->all_but);
    for (size_t i = 0; i < p->n + q->n; i++) {
        struct str name = i < p->n ? p->names[i] : q->names[i - p->n];
        if (i >= p->n && listed(p, name))
            continue;
        if (keep(how, has(p, name), has(q, name)) != out->all_but)
            names[out->n++] = name;
    }
    return out->n || out->all_but ? out : NULL;
}

static uint64_t both(enum how how, uint64_t p, uint64_t q)
{
    return how == OR ? p | q : how == AND ? p & q : p & ~q;
}

/* Rows of the two from word lo up to hi, into out. Sets never change, so rows that come
 * out as they went in are shared, and none take no room. */
static void join_rows(struct arena *a, enum how how, const struct action_set *x,
                      const struct action_set *y, uint32_t lo, uint32_t hi,
                      struct action_set *out)
{
    bool is_x = x->lo >= lo && x->hi <= hi;
    bool is_y = how != MINUS && y->lo >= lo && y->hi <= hi;
    uint32_t first = hi, last = lo;
    for (uint32_t i = lo; i < hi; i++) {
        uint64_t p = word(x, i), q = word(y, i), w = both(how, p, q);
        is_x = is_x && w == p;
        is_y = is_y && w == q;
        if (w) {
            first = first == hi ? i : first;
            last = i + 1;
        }
    }
    if (first >= last)
        return;
    if (is_x || is_y) {
        const struct action_set *same = is_x ? x : y;
        out->words = same->words;
        out->lo = same->lo;
        out->hi = same->hi;
        return;
    }
    uint64_t *w = arena_alloc8(a, (last - first) * sizeof *w);
    for (uint32_t i = first; i < last; i++)
        w[i - first] = both(how, word(x, i), word(y, i));
    out->words = w;
    out->lo = first;
    out->hi = last;
}

static inline struct action_set join(struct arena *a, enum how how, struct action_set x,
                                     struct action_set y)
{
    bool no_x = x.lo == x.hi && !x.others, no_y = y.lo == y.hi && !y.others;
    if (no_y || no_x)
        return how == OR              ? (no_x ? y : x)
               : how == MINUS && no_y ? x
                                      : (struct action_set){0};
    struct action_set out = {0};
    if (!x.others && !y.others && how != OR && (x.lo >= y.hi || y.lo >= x.hi))
        return how == MINUS ? x : out; /* apart, as sets of two services are */
    out.others = join_others(a, how, &x, &y);
    uint32_t lo = x.lo, hi = x.hi;
    if (how == OR && y.lo < y.hi) {
        lo = lo == hi || y.lo < lo ? y.lo : lo;
        hi = y.hi > hi ? y.hi : hi;
    } else if (how == AND) {
        lo = y.lo > lo ? y.lo : lo;
        hi = y.hi < hi ? y.hi : hi;
    }
    if (lo < hi)
        join_rows(a, how, &x, &y, lo, hi, &out);
    return out;
}

struct action_set action_set_or(struct arena *a, struct action_set x, struct action_set y)
{
    return join(a, OR, x, y);
}

struct action_set action_set_sum(struct arena *a, const struct action_set *const *v,
                                 size_t n)
{
    struct action_set out = {0};
    uint32_t lo = UINT32_MAX, hi = 0;
    bool rows = n > 2;
    for (size_t i = 0; i < n; i++) {
        rows = rows && !v[i]->others;
        if (v[i]->lo < v[i]->hi) {
            lo = v[i]->lo < lo ? v[i]->lo : lo;
            hi = v[i]->hi > hi ? v[i]->hi : hi;
        }
    }
    if (!rows) {
        for (size_t i = 0; i < n; i++)
            out = action_set_or(a, out, *v[i]);
        return out;
    }
    if (lo >= hi)
        return out;
    uint64_t *w = arena_alloc8(a, (hi - lo) * sizeof *w);
    for (size_t i = 0; i < n; i++)
        for (uint32_t k = v[i]->lo; k < v[i]->hi; k++)
            w[k - lo] |= v[i]->words[k - v[i]->lo];
    return (struct action_set){.words = w, .lo = lo, .hi = hi};
}

struct action_set action_set_and(struct arena *a, struct action_set x,
                                 struct action_set y)
{
    return join(a, AND, x, y);
}

struct action_set action_set_minus(struct arena *a, struct action_set x,
                                   struct action_set y)
{
    return join(a, MINUS, x, y);
}

bool action_set_within_others(const struct action_set *x, const struct action_set *y)
{
    const struct action_others *p = others_of(x), *q = others_of(y);
    if (p->all_but && !q->all_but)
        return false;
    for (size_t i = 0; i < p->n; i++)
        if (has(p, p->names[i]) && !has(q, p->names[i]))
            return false;
    for (size_t i = 0; i < q->n; i++)
        if (has(p, q->names[i]) && !has(q, q->names[i]))
            return false;
    return true;
}

bool action_sets_meet_others(const struct action_set *x, const struct action_set *y)
{
    const struct action_others *p = others_of(x), *q = others_of(y);
    if (p->all_but && q->all_but)
        return true;
    for (size_t i = 0; i < p->n; i++)
        if (has(p, p->names[i]) && has(q, p->names[i]))
            return true;
    for (size_t i = 0; i < q->n; i++)
        if (has(p, q->names[i]) && has(q, q->names[i]))
            return true;
    return false;
}
