/* Borrowed text: a pointer and a length, not NUL-terminated. */
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct str {
    const char *p;
    size_t n;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_ARG(s) (int)(s).n, (s).p /* for "%.*s" */

/* The text of a NUL-terminated string; NULL gives the empty text. */
static inline struct str str_from(const char *z)
{
    return z ? (struct str){z, strlen(z)} : STR("");
}

/* Inline, like the other small ones here: they are called for nearly every byte. */
static inline bool str_eq(struct str a, struct str b)
{
    /* Most that differ do so at once: no call for those. */
    return a.n == b.n && (a.n == 0 || (*a.p == *b.p && memcmp(a.p, b.p, a.n) == 0));
}
bool str_eq_nocase(struct str a, struct str b); /* ASCII letters compare without case */
static inline bool str_is(const char *a, const char *b) /* of C strings */
{
    return *a == *b && strcmp(a, b) == 0;
}
int str_cmp(struct str a, struct str b); /* by bytes, which is the order of code points */
static inline bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}
bool str_ends(struct str s, struct str suffix);

/* Offset of the first needle or byte in s, or (size_t)-1. */
size_t str_find(struct str s, struct str needle);
static inline size_t str_find_char(struct str s, char c)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    return at ? (size_t)(at - s.p) : (size_t)-1;
}
size_t str_find_last(struct str s, char c);
bool str_has(struct str s, struct str needle);
bool str_has_nocase(struct str s, struct str needle);
/* Is word, not empty, one of words, which spaces separate? One of n texts? */
bool str_has_word(struct str words, struct str word);
bool str_is_among(struct str s, const struct str *v, size_t n);

/* s[from, to), both clipped to the text. */
static inline struct str str_sub(struct str s, size_t from, size_t to)
{
    if (to > s.n)
        to = s.n;
    if (from > to)
        from = to;
    return (struct str){s.p ? s.p + from : s.p, to - from};
}
struct str str_trim(struct str s); /* without ASCII white space at both ends */

/* Split s at the first c: false (and all of s in head, tail empty) when there is none.
 * head and tail may be NULL, or point to s itself. */
static inline bool str_cut(struct str s, char c, struct str *head, struct str *tail)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    size_t n = at ? (size_t)(at - s.p) : s.n;
    if (head)
        *head = (struct str){s.p, n};
    if (tail)
        *tail = at ? (struct str){at + 1, s.n - n - 1} : STR("");
    return at != NULL;
}

/* Copies in arena a; NUL-terminated, so .p is also a C string. */
struct str str_dup(struct arena *a, struct str s);
/* Texts one after the other, and a number in decimal: what str_fmt does, for the places
 * that are passed a million times. */
struct str str_cat(struct arena *a, const struct str *parts, size_t n);
#define STR_CAT(a, ...)                                                                  \
    str_cat((a), (const struct str[]){__VA_ARGS__},                                      \
            sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))
struct str str_uint(struct arena *a, uint64_t v); /* a NUL follows it */
struct str str_fmt(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct str str_vfmt(struct arena *a, const char *fmt, va_list ap);
struct str str_lower(struct arena *a, struct str s); /* ASCII letters only */

/* A C string of s in arena a. */
char *str_z(struct arena *a, struct str s);

/* Read all of s as a decimal integer. False when it is none or does not fit. */
bool str_int(struct str s, int64_t *out);

/* FNV-1a, 64 bits: for names that stay the same, never for anything that an attacker
 * gains from. */
uint64_t str_hash(struct str s);

/* Another hash, six times as fast: for tables in memory, whose order shows nowhere. */
uint32_t str_mix(struct str s);

/* The edit distance (insert, delete, replace, swap of neighbours), at most limit + 1: for
 * "did you mean". */
unsigned str_distance(struct str a, struct str b, unsigned limit);

/* Does text match the glob pattern, where * is any run of characters and ? is exactly one
 * code point? Linear in text for a fixed pattern: only the last star is ever gone back
 * to. */
bool str_glob(struct str pattern, struct str text);
