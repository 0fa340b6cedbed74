/* Borrowed text: compare, search, cut, copy, match. */
#include "base/str.h"

#include "base/arena.h"

#include <limits.h>
#include "base/format.h"
#include <string.h>

static const size_t NONE = (size_t)-1;

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, s.n), suffix);
}

size_t str_find(struct str s, struct str needle)
{
    enum { SHORT_MAX = 1 << 10 };
    if (needle.n == 0)
        return 0;
    if (s.n < needle.n)
        return NONE;
    if (s.n > SHORT_MAX) {
        const char *at = memmem(s.p, s.n, needle.p, needle.n);
        return at ? (size_t)(at - s.p) : NONE;
    }
    /* memmem first makes a table, which takes longer than to look through a short text.
     */
    const char *at = s.p, *last = s.p + (s.n - needle.n);
    while (at <= last && (at = memchr(at, *needle.p, (size_t)(last - at) + 1))) {
        if (memcmp(at, needle.p, needle.n) == 0)
            return (size_t)(at - s.p);
        at++;
    }
    return NONE;
}

size_t str_find_last(struct str s, char c)
{
    const char *at = s.n ? memrchr(s.p, c, s.n) : NULL;
    return at ? (size_t)(at - s.p) : NONE;
}

bool str_has(struct str s, struct str needle)
{
    return str_find(s, needle) != NONE;
}

bool str_has_word(struct str words, struct str word)
{
    struct str first;
    while (words.n && word.n) {
        str_cut(words, ' ', &first, &words);
        if (str_eq(first, word))
            return true;
    }
    return false;
}

bool str_is_among(struct str s, const struct str *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(s, v[i]))
            return true;
    return false;
}

bool str_has_nocase(struct str s, struct str needle)
{
    unsigned char first = needle.n ? lower(needle.p[0]) : 0;
    for (size_t i = 0; i + needle.n <= s.n; i++)
        if (!needle.n || (lower(s.p[i]) == first &&
                          str_eq_nocase(str_sub(s, i, i + needle.n), needle)))
            return true;
    return false;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.n && is_space(s.p[0]))
        s = str_sub(s, 1, s.n);
    while (s.n && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

char *str_z(struct arena *a, struct str s)
{
    char *p = arena_bytes(a, s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return p;
}

struct str str_dup(struct arena *a, struct str s)
{
    return (struct str){str_z(a, s), s.n};
}

struct str str_cat(struct arena *a, const struct str *parts, size_t n)
{
    size_t bytes = 0, at = 0;
    for (size_t i = 0; i < n; i++)
        bytes += parts[i].n;
    char *p = arena_bytes(a, bytes + 1);
    for (size_t i = 0; i < n; i++) {
        if (parts[i].n)
            memcpy(p + at, parts[i].p, parts[i].n);
        at += parts[i].n;
    }
    p[bytes] = '\0';
    return (struct str){p, bytes};
}

struct str str_uint(struct arena *a, uint64_t v)
{
    enum { DIGITS = 20 }; /* of 2^64 - 1 */
    char *end = (char *)arena_alloc8(a, DIGITS + 1) + DIGITS, *p = end;
    do {
        *--p = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    return (struct str){p, (size_t)(end - p)};
}

struct str str_vfmt(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    char most[256]; /* most texts fit: then they are formatted once, not twice */
    va_copy(again, ap);
    int n = format_text(most, sizeof most, fmt, ap);
    size_t len = n < 0 ? 0 : (size_t)n;
    char *p = arena_bytes(a, len + 1);
    if (len < sizeof most)
        memcpy(p, most, len);
    else
        format_text(p, len + 1, fmt, again);
    p[len] = '\0';
    va_end(again);
    return (struct str){p, len};
}

struct str str_fmt(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str s = str_vfmt(a, fmt, ap);
    va_end(ap);
    return s;
}

struct str str_lower(struct arena *a, struct str s)
{
    char *p = str_z(a, s);
    for (size_t i = 0; i < s.n; i++)
        p[i] = (char)lower(p[i]);
    return (struct str){p, s.n};
}

bool str_int(struct str s, int64_t *out)
{
    bool minus = s.n && s.p[0] == '-';
    if (minus)
        s = str_sub(s, 1, s.n);
    if (s.n == 0 || s.n > 19)
        return false;
    uint64_t v = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        v = v * 10 + (uint64_t)(s.p[i] - '0');
    }
    if (v > (uint64_t)INT64_MAX + minus)
        return false;
    *out = minus ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

uint64_t str_hash(struct str s)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    return h;
}

/* Sixteen bytes at a time, in two lanes that need not wait for each other; the last ones
 * may be read twice. */
uint32_t str_mix(struct str s)
{
    const uint64_t k = 0x9E3779B97F4A7C15u, l = 0xD6E8FEB86659FD93u;
    uint64_t g = l, h = s.n * k, v = 0, w = 0;
    if (s.n >= 8) {
        for (size_t i = 0; i + 16 < s.n; i += 16) {
            memcpy(&w, s.p + i, 8);
            memcpy(&v, s.p + i + 8, 8);
            h = (h ^ w) * k;
            g = (g ^ v) * l;
            h ^= h >> 29;
            g ^= g >> 31;
        }
        memcpy(&w, s.p + (s.n < 16 ? 0 : s.n - 16), 8);
        memcpy(&v, s.p + s.n - 8, 8);
    } else if (s.n >= 4) {
        uint32_t low, high;
        memcpy(&low, s.p, 4);
        memcpy(&high, s.p + s.n - 4, 4);
        w = (uint64_t)high << 32 | low;
    } else if (s.n) {
        w = (uint64_t)(unsigned char)s.p[0] << 16 | (unsigned char)s.p[s.n / 2] << 8 |
            (unsigned char)s.p[s.n - 1];
    }
    h = (h ^ w) * k ^ (g ^ v) * l;
    h ^= h >> 32;
    return (uint32_t)(h * k >> 32);
}

enum { DISTANCE_MAX_LEN = 64 };

unsigned str_distance(struct str a, struct str b, unsigned limit)
{
    if (a.n > DISTANCE_MAX_LEN || b.n > DISTANCE_MAX_LEN)
        return str_eq(a, b) ? 0 : limit + 1;
    unsigned row[3][DISTANCE_MAX_LEN + 1];
    for (unsigned j = 0; j <= b.n; j++)
        row[0][j] = j;
    for (unsigned i = 1; i <= a.n; i++) {
        unsigned *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];
        now[0] = i;
        for (unsigned j = 1; j <= b.n; j++) {
            unsigned d = up[j - 1] + (a.p[i - 1] != b.p[j - 1]);
            if (up[j] + 1 < d)
                d = up[j] + 1;
            if (now[j - 1] + 1 < d)
                d = now[j - 1] + 1;
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
                up2[j - 2] + 1 < d)
                d = up2[j - 2] + 1;
            now[j] = d;
        }
    }
    unsigned d = row[a.n % 3][b.n];
    return d > limit ? limit + 1 : d;
}

/* Length in bytes of the code point that starts at s[i]; 1 for a byte that starts none.
 */
static size_t point_len(struct str s, size_t i)
{
    size_t n = 1;
    while (i + n < s.n && ((unsigned char)s.p[i + n] & 0xC0) == 0x80)
        n++;
    return n;
}

/* A character of a pattern that stands for itself and is not in the middle of another. */
static bool is_literal(char c)
{
    return c != '*' && c != '?' && (unsigned char)c < 0x80;
}

bool str_glob(struct str pattern, struct str text)
{
    /* What stands behind the last star decides most often, and is cheaper to compare. */
    while (pattern.n && is_literal(pattern.p[pattern.n - 1])) {
        if (!text.n || text.p[text.n - 1] != pattern.p[pattern.n - 1])
            return false;
        pattern.n--;
        text.n--;
    }
    if (pattern.n == 1 && pattern.p[0] == '*')
        return true;
    size_t p = 0, t = 0, star = NONE, star_t = 0;
    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            star_t = t;
        } else if (p < pattern.n && pattern.p[p] == '?') {
            p++;
            t += point_len(text, t);
        } else if (p < pattern.n && pattern.p[p] == text.p[t]) {
            p++;
            t++;
        } else if (star != NONE) {
            p = star + 1;
            t = ++star_t;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}
