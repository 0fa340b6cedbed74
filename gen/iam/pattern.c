/* Wildcard patterns: match, intersection and containment. */
#include "iam/pattern.h"

#include "base/arena.h"
#include "base/bits.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <string.h>

/* The first search is small, since nearly all are; the second has room for the rest. */
enum { FEW_STATES = 128, MAX_STATES = 20000, MAX_BITS = 4096, MAX_CELLS = 1 << 22 };

/* Every run of wildcards as all its ? and then at most one *: equal runs, equal tokens.
 */
static size_t settle(uint32_t *t, size_t n)
{
    size_t out = 0;
    for (size_t i = 0; i < n;) {
        if (t[i] != PATTERN_STAR && t[i] != PATTERN_ONE) {
            t[out++] = t[i++];
            continue;
        }
        bool star = false;
        for (; i < n && (t[i] == PATTERN_STAR || t[i] == PATTERN_ONE); i++) {
            if (t[i] == PATTERN_STAR)
                star = true;
            else
                t[out++] = PATTERN_ONE;
        }
        if (star)
            t[out++] = PATTERN_STAR;
    }
    return out;
}

/* The first code point of s as a token, and s behind it. A bad byte is U+FFFD. */
static inline uint32_t next_token(struct str *s, bool wild)
{
    uint32_t cp = (unsigned char)s->p[0];
    size_t len = cp < 0x80 ? 1 : utf8_decode(*s, &cp);
    if (!len) {
        cp = 0xFFFD;
        len = 1;
    }
    s->p += len;
    s->n -= len;
    if (wild && cp == '*')
        return PATTERN_STAR;
    return wild && cp == '?' ? PATTERN_ONE : cp;
}

/* Inline, so that what is not asked for costs nothing: it passes every byte. */
static inline struct pattern read(uint32_t *t, struct str text, bool wild, bool lower)
{
    uint32_t *out = t;
    bool literal = true;
    while (text.n) {
        const char *p = text.p, *end = p + text.n;
        uint32_t c = 0;
        for (; p < end; p++) { /* nearly all of it */
            c = (unsigned char)*p;
            if (c > '?' ? c >= 0x80 : c == '*' || c == '?')
                break;
            *out++ = lower && c - 'A' < 26 ? c + 32 : c;
        }
        text = (struct str){p, (size_t)(end - p)};
        if (!text.n)
            break;
        c = next_token(&text, wild);
        literal = literal && c < PATTERN_STAR;
        *out++ = c;
    }
    size_t n = (size_t)(out - t);
    return (struct pattern){t, (uint32_t)(literal ? n : settle(t, n)), literal};
}

struct pattern pattern_make(struct arena *a, struct str text, bool wild)
{
    return read(ARENA_ARRAY(a, uint32_t, text.n + 1), text, wild, false);
}

struct pattern pattern_make_in(uint32_t *room, struct str text, bool lower)
{
    return lower ? read(room, text, true, true) : read(room, text, true, false);
}

struct pattern pattern_make_variables(struct arena *a, struct str text, bool *variables)
{
    uint32_t *t = ARENA_ARRAY(a, uint32_t, text.n + 1);
    size_t n = 0;
    *variables = false;
    for (struct str s = text; s.n;) {
        bool opens = str_starts(s, STR("${"));
        size_t close = opens ? str_find_char(s, '}') : (size_t)-1;
        if (close == (size_t)-1) {
            t[n++] = next_token(&s, true);
            continue;
        }
        if (close == 3 && (s.p[2] == '*' || s.p[2] == '?' || s.p[2] == '$')) {
            t[n++] = (unsigned char)s.p[2];
        } else {
            t[n++] = PATTERN_STAR;
            *variables = true;
        }
        s = str_sub(s, close + 1, s.n);
    }
    struct pattern p = {.t = t, .n = (uint32_t)settle(t, n)};
    p.literal = pattern_is_literal(p);
    return p;
}

/* Greedy: a later star never needs an earlier one to give back. */
bool pattern_matches(struct pattern p, struct str text)
{
    size_t i = 0, star = (size_t)-1;
    struct str s = text, mark = text;
    while (s.n) {
        struct str rest = s;
        uint32_t cp = next_token(&rest, false);
        if (i < p.n && p.t[i] == PATTERN_STAR) {
            star = i++;
            mark = s;
        } else if (i < p.n && (p.t[i] == PATTERN_ONE || p.t[i] == cp)) {
            i++;
            s = rest;
        } else if (star != (size_t)-1) {
            i = star + 1;
            mark = str_sub(mark, utf8_len(mark), mark.n);
            s = mark;
        } else {
            return false;
        }
    }
    while (i < p.n && p.t[i] == PATTERN_STAR)
        i++;
    return i == p.n;
}

bool pattern_is_any(struct pattern p)
{
    return p.n == 1 && p.t[0] == PATTERN_STAR;
}

bool pattern_is_literal(struct pattern p)
{
    for (size_t i = 0; i < p.n && !p.literal; i++)
        if (p.t[i] >= PATTERN_STAR)
            return false;
    return true;
}

struct str pattern_text(struct arena *a, struct pattern p)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < p.n; i++) {
        if (p.t[i] >= PATTERN_STAR)
            buf_c(&b, p.t[i] == PATTERN_STAR ? '*' : '?');
        else
            buf_point(&b, p.t[i]);
    }
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

static bool share(uint32_t x, uint32_t y)
{
    return x == y || x == PATTERN_ONE || y == PATTERN_ONE;
}

/* Does q take p, whose tokens are read as letters: a star of q swallows any of them, ?
 * any but a star, a letter itself? Sound for every p, and exact when p is literal. */
static bool plainly_within(struct pattern p, struct pattern q)
{
    size_t i = 0, j = 0, star = (size_t)-1, mark = 0;
    while (i < p.n) {
        if (j < q.n && q.t[j] == PATTERN_STAR) {
            star = j++;
            mark = i;
        } else if (j < q.n && p.t[i] != PATTERN_STAR &&
                   (q.t[j] == PATTERN_ONE || q.t[j] == p.t[i])) {
            i++;
            j++;
        } else if (star != (size_t)-1) {
            j = star + 1;
            i = ++mark;
        } else {
            return false;
        }
    }
    while (j < q.n && q.t[j] == PATTERN_STAR)
        j++;
    return j == q.n;
}

/* Most parts of two ARNs are the same. */
static bool same(struct pattern p, struct pattern q)
{
    return p.n == q.n && memcmp(p.t, q.t, p.n * sizeof *p.t) == 0;
}

/* Row by row over p: reach[j] says that the rests p[i..] and q[j..] can still agree,
 * walked from the end. A star may be left, or swallow one token of the other side. */
enum pattern_answer pattern_meets(struct pattern p, struct pattern q)
{
    size_t from = 0;
    if (p.literal && q.literal)
        return same(p, q) ? PATTERN_YES : PATTERN_NO;
    if (pattern_is_any(p) || pattern_is_any(q))
        return PATTERN_YES;
    while (from < p.n && from < q.n && p.t[from] != PATTERN_STAR &&
           q.t[from] != PATTERN_STAR) {
        if (!share(p.t[from], q.t[from]))
            return PATTERN_NO;
        from++;
    }
    p = (struct pattern){p.t + from, p.n - (uint32_t)from, p.literal};
    q = (struct pattern){q.t + from, q.n - (uint32_t)from, q.literal};
    if (pattern_is_any(p) || pattern_is_any(q))
        return PATTERN_YES;
    if (p.n > PATTERN_MAX_TOKENS || q.n > PATTERN_MAX_TOKENS ||
        ((size_t)p.n + 1) * (q.n + 1) > MAX_CELLS)
        return PATTERN_UNPROVED;
    while (p.n && q.n && p.t[p.n - 1] != PATTERN_STAR && q.t[q.n - 1] != PATTERN_STAR)
        if (!share(p.t[--p.n], q.t[--q.n]))
            return PATTERN_NO;
    /* Most resources name one thing: then one walk does. */
    if (pattern_is_literal(p))
        return plainly_within(p, q) ? PATTERN_YES : PATTERN_NO;
    if (pattern_is_literal(q))
        return plainly_within(q, p) ? PATTERN_YES : PATTERN_NO;

    bool rows[2][PATTERN_MAX_TOKENS + 1];
    for (size_t i = p.n + 1; i-- > 0;) {
        bool *here = rows[i & 1], *below = rows[(i + 1) & 1];
        for (size_t j = q.n + 1; j-- > 0;) {
            bool ps = i < p.n && p.t[i] == PATTERN_STAR;
            bool qs = j < q.n && q.t[j] == PATTERN_STAR;
            bool ok = i == p.n && j == q.n;
            if (ps)
                ok = below[j] || (j < q.n && here[j + 1]);
            if (!ok && qs)
                ok = here[j + 1] || (i < p.n && below[j]);
            if (!ok && i < p.n && j < q.n && !ps && !qs && share(p.t[i], q.t[j]))
                ok = below[j + 1];
            here[j] = ok;
        }
    }
    return rows[0][0] ? PATTERN_YES : PATTERN_NO;
}

/* The positions that the patterns of q can be in, as bits over all of them at once. */
struct search {
    const struct pattern *q;
    size_t nq, bits, words;
    uint64_t *accept;
    struct {
        uint32_t at; /* position in p */
        uint64_t *set;
    } * states;
    size_t nstates, max_states;
    uint32_t *slots; /* hash table of states, by index + 1 */
    size_t nslots;
};

/* Being before a star is also being behind it. */
static void close_over(const struct search *s, uint64_t *w)
{
    size_t base = 0;
    for (size_t k = 0; k < s->nq; k++) {
        for (size_t j = 0; j < s->q[k].n; j++)
            if (s->q[k].t[j] == PATTERN_STAR && bits_has(w, base + j))
                bits_set(w, base + j + 1);
        base += s->q[k].n + 1;
    }
}

/* The positions after one more letter (PATTERN_ONE: a letter that occurs nowhere). */
static void step(const struct search *s, const uint64_t *from, uint32_t letter,
                 uint64_t *to)
{
    memset(to, 0, s->words * sizeof *to);
    size_t base = 0;
    for (size_t k = 0; k < s->nq; k++) {
        for (size_t j = 0; j < s->q[k].n; j++) {
            if (!bits_has(from, base + j))
                continue;
            uint32_t t = s->q[k].t[j];
            if (t == PATTERN_STAR)
                bits_set(to, base + j);
            else if (t == PATTERN_ONE || t == letter)
                bits_set(to, base + j + 1);
        }
        base += s->q[k].n + 1;
    }
    close_over(s, to);
}

/* Note the state when it is new; false when there is no room for more. */
static bool visit(struct search *s, uint32_t at, const uint64_t *set)
{
    uint64_t h = UINT64_C(1469598103934665603) ^ at;
    for (size_t i = 0; i < s->words; i++)
        h = (h ^ set[i]) * UINT64_C(1099511628211);
    h ^= h >> 29;
    size_t slot = h & (s->nslots - 1);
    for (; s->slots[slot]; slot = (slot + 1) & (s->nslots - 1)) {
        size_t k = s->slots[slot] - 1;
        if (s->states[k].at == at &&
            memcmp(s->states[k].set, set, s->words * sizeof *set) == 0)
            return true;
    }
    if (s->nstates == s->max_states)
        return false;
    uint64_t *copy = s->accept + (s->nstates + 1) * s->words;
    memcpy(copy, set, s->words * sizeof *set);
    s->states[s->nstates].at = at;
    s->states[s->nstates].set = copy;
    s->slots[slot] = (uint32_t)++s->nstates;
    return true;
}

static bool accepted(const struct search *s, const uint64_t *set)
{
    for (size_t i = 0; i < s->words; i++)
        if (set[i] & s->accept[i])
            return true;
    return false;
}

/* Letters that a token of p can stand for, as far as q can tell them apart. */
static size_t alphabet(struct arena *a, const struct search *s, struct pattern p,
                       uint32_t **out)
{
    size_t most = p.n + s->bits + 1, n = 0;
    uint32_t *v = ARENA_ARRAY(a, uint32_t, most);
    v[n++] = PATTERN_ONE;
    for (size_t k = 0; k < s->nq; k++)
        for (size_t j = 0; j < s->q[k].n; j++) {
            uint32_t t = s->q[k].t[j];
            bool known = t >= PATTERN_STAR;
            for (size_t i = 0; i < n && !known; i++)
                known = v[i] == t;
            if (!known)
                v[n++] = t;
        }
    *out = v;
    return n;
}

static enum pattern_answer explore(struct arena *a, struct search *s, struct pattern p)
{
    uint32_t *letters;
    size_t nletters = alphabet(a, s, p, &letters);
    uint64_t *next = ARENA_ARRAY(a, uint64_t, s->words);
    size_t base = 0;
    for (size_t k = 0; k < s->nq; k++) {
        bits_set(next, base);
        base += s->q[k].n + 1;
        bits_set(s->accept, base - 1);
    }
    close_over(s, next);
    if (!visit(s, 0, next))
        return PATTERN_UNPROVED;
    size_t work = 0;
    for (size_t k = 0; k < s->nstates; k++) {
        uint32_t at = s->states[k].at;
        const uint64_t *set = s->states[k].set;
        if (at == p.n) {
            if (!accepted(s, set))
                return PATTERN_NO;
            continue;
        }
        uint32_t t = p.t[at];
        bool open = t >= PATTERN_STAR;
        if (t == PATTERN_STAR && !visit(s, at + 1, set))
            return PATTERN_UNPROVED;
        for (size_t i = 0; i < (open ? nletters : 1); i++) {
            if ((work += s->words) > MAX_CELLS)
                return PATTERN_UNPROVED;
            step(s, set, open ? letters[i] : t, next);
            if (!visit(s, t == PATTERN_STAR ? at : at + 1, next))
                return PATTERN_UNPROVED;
        }
    }
    return PATTERN_YES;
}

static enum pattern_answer search(struct search *s, struct pattern p, size_t states)
{
    struct arena *a = arena_new();
    s->max_states = states;
    s->nstates = 0;
    s->accept = ARENA_ARRAY(a, uint64_t, s->words * (states + 1));
    s->states = arena_array(a, states, sizeof *s->states);
    for (s->nslots = 64; s->nslots < 2 * states;)
        s->nslots *= 2;
    s->slots = ARENA_ARRAY(a, uint32_t, s->nslots);
    enum pattern_answer answer = explore(a, s, p);
    arena_free(a);
    return answer;
}

/* One of p's texts that no q takes, found by trying two: wildcards as a letter that
 * stands nowhere, and stars as nothing. */
static bool plainly_outside(struct pattern p, const struct pattern *q, size_t n)
{
    enum { LETTER = 0x10FFFF, SAMPLE_MAX_TOKENS = 256 };
    uint32_t t[SAMPLE_MAX_TOKENS];
    for (int stars = 0; p.n <= SAMPLE_MAX_TOKENS && stars < 2; stars++) {
        struct pattern sample = {.t = t};
        for (size_t i = 0; i < p.n; i++)
            if (p.t[i] != PATTERN_STAR || stars)
                t[sample.n++] = p.t[i] < PATTERN_STAR ? p.t[i] : LETTER;
        bool taken = false;
        for (size_t i = 0; i < n && !taken; i++)
            taken = plainly_within(sample, q[i]);
        if (!taken)
            return true;
    }
    return false;
}

static bool has_star(struct pattern p)
{
    for (size_t i = 0; i < p.n; i++)
        if (p.t[i] == PATTERN_STAR)
            return true;
    return false;
}

enum pattern_answer pattern_within_any(struct pattern p, const struct pattern *q,
                                       size_t n)
{
    size_t bits = 0;
    bool stars = false;
    for (size_t i = 0; i < n; i++) {
        if (pattern_is_any(q[i]) || same(p, q[i]) || plainly_within(p, q[i]))
            return PATTERN_YES;
        stars = stars || has_star(q[i]);
        bits += q[i].n + 1;
    }
    /* Without a star q holds no text that is longer than it. */
    if (pattern_is_literal(p) || (has_star(p) && !stars))
        return PATTERN_NO;
    if (plainly_outside(p, q, n))
        return PATTERN_NO;
    if (bits > MAX_BITS || p.n > PATTERN_MAX_TOKENS)
        return PATTERN_UNPROVED;

    struct search s = {.q = q, .nq = n, .bits = bits, .words = bits_words(bits)};
    enum pattern_answer answer = search(&s, p, FEW_STATES);
    return answer == PATTERN_UNPROVED ? search(&s, p, MAX_STATES) : answer;
}

enum pattern_answer pattern_within(struct pattern p, struct pattern q)
{
    if (q.literal)
        return same(p, q) ? PATTERN_YES : PATTERN_NO;
    return pattern_within_any(p, &q, 1);
}
