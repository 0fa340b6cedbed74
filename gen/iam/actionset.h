/* Sets of IAM actions: bits for the rows of the action table, names for those that the
 * table does not know. Sets are never changed once made. */
#pragma once
#include "base/str.h"

struct arena;

/* Actions that the table does not know. */
struct action_others {
    const struct str *names; /* lower case */
    size_t n;
    bool all_but; /* all of them but these */
};

/* Words of 64 rows from number lo up to, not including, hi; all other rows are out. */
struct action_set {
    const uint64_t *words;
    uint32_t lo, hi;
    const struct action_others *others; /* NULL: none, as nearly always */
};

struct action_set action_set_rows(struct arena *a, uint32_t first, uint32_t count);
/* These n rows, in any order. */
struct action_set action_set_of(struct arena *a, const uint32_t *rows, size_t n);
struct action_set action_set_other(struct arena *a, struct str name); /* lower case */

static inline bool action_set_has(const struct action_set *s, uint32_t row)
{
    uint32_t i = row / 64;
    return i >= s->lo && i < s->hi && (s->words[i - s->lo] >> (row % 64) & 1);
}
bool action_set_has_other(const struct action_set *s, struct str name);
/* Unknown actions that it names, to have or to leave out. */
static inline size_t action_set_nothers(const struct action_set *s)
{
    return s->others ? s->others->n : 0;
}
/* No row and no unknown action. */
static inline bool action_set_empty(const struct action_set *s)
{
    for (uint32_t i = s->lo; i < s->hi; i++)
        if (s->words[i - s->lo])
            return false;
    return !s->others;
}
size_t action_set_count(const struct action_set *s); /* rows */
/* Rows from first up to, not including, end. */
size_t action_set_count_in(const struct action_set *s, uint32_t first, uint32_t end);

struct action_set action_set_or(struct arena *a, struct action_set x,
                                struct action_set y);
/* All of n sets together. */
struct action_set action_set_sum(struct arena *a, const struct action_set *const *v,
                                 size_t n);
struct action_set action_set_and(struct arena *a, struct action_set x,
                                 struct action_set y);
/* x without y */
struct action_set action_set_minus(struct arena *a, struct action_set x,
                                   struct action_set y);

/* Is x all in y? */
bool action_set_within_others(const struct action_set *x, const struct action_set *y);
static inline bool action_set_within(struct action_set x, struct action_set y)
{
    for (uint32_t i = x.lo; i < x.hi; i++)
        if (x.words[i - x.lo] & ~(i >= y.lo && i < y.hi ? y.words[i - y.lo] : 0))
            return false;
    return !x.others || action_set_within_others(&x, &y);
}

bool action_sets_meet_others(const struct action_set *x, const struct action_set *y);
static inline bool action_set_meets(struct action_set x, struct action_set y)
{
    uint32_t lo = x.lo > y.lo ? x.lo : y.lo, hi = x.hi < y.hi ? x.hi : y.hi;
    for (uint32_t i = lo; i < hi; i++)
        if (x.words[i - x.lo] & y.words[i - y.lo])
            return true;
    return x.others && y.others && action_sets_meet_others(&x, &y);
}

/* The row of a set that is one row and nothing else; UINT32_MAX. */
static inline uint32_t action_set_single(const struct action_set *s)
{
    bool one = s->hi - s->lo == 1 && !s->others && s->words[0] &&
               !(s->words[0] & (s->words[0] - 1));
    return one ? s->lo * 64 + (uint32_t)__builtin_ctzll(s->words[0]) : UINT32_MAX;
}

/* The next row at or after from, or UINT32_MAX: for walking a set. Mostly it is in the
 * same word. */
uint32_t action_set_next_word(const struct action_set *s, uint32_t word);
static inline uint32_t action_set_next(const struct action_set *s, uint32_t from)
{
    uint32_t i = from / 64;
    uint64_t w = i >= s->lo && i < s->hi ? s->words[i - s->lo] >> (from % 64) : 0;
    return w ? from + (uint32_t)__builtin_ctzll(w) : action_set_next_word(s, i + 1);
}
