/* One strict pass over a JSON document (RFC 8259), before any library sees it.
 *
 * The text ends with a NUL byte, which no rule of the grammar takes, so single bytes are
 * read without asking whether the end is reached; only wide reads ask. */
#include "json/scan.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/utf8.h"
#include "json/json.h"
#include "json/keys.h"
#include "json/scan_fault.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* An open array or object. */
struct level {
    const char *open;
    size_t value; /* its number */
    bool object;
    struct key_set names;
};

struct scanner {
    const struct text *text;
    const char *start, *end;
    struct diag *dx;
    struct scan *out;
    struct scan_value next; /* name of the value that comes next */
    size_t depth;           /* open levels */
    struct level *levels;
};

static struct origin at(const struct scanner *s, const char *p, size_t len)
{
    return (struct origin){s->text, (size_t)(p - s->text->bytes.p), len};
}

/* Where the document ends too early: name what is open. */
static void *cut(struct scanner *s, const char *expected)
{
    diag_at(s->dx, &scan_faults[SCAN_CUT], at(s, s->end, 0), "expected %s", expected);
    if (s->depth) {
        const struct level *l = &s->levels[s->depth - 1];
        diag_note(s->dx, at(s, l->open, 1), "this %s is not closed",
                  l->object ? "object" : "array");
    }
    return NULL;
}

static void *unexpected(struct scanner *s, const char *p, const char *expected)
{
    if (p == s->end)
        return cut(s, expected);
    scan_unexpected(s->dx, s->text, p, expected);
    return NULL;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Past white space. Indentation is most of a pretty-printed document. */
static inline const char *skip_space(const char *p, const char *end)
{
    if ((unsigned char)*p > ' ')
        return p;
    if (is_space(*p) && (unsigned char)p[1] > ' ')
        return p + 1;
#ifdef __SSE2__
    while (end - p >= 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i space =
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8(' ')),
                                      _mm_cmpeq_epi8(x, _mm_set1_epi8('\n'))),
                         _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('\r')),
                                      _mm_cmpeq_epi8(x, _mm_set1_epi8('\t'))));
        unsigned other = ~(unsigned)_mm_movemask_epi8(space) & 0xFFFF;
        if (other)
            return p + __builtin_ctz(other);
        p += 16;
    }
#else
    const uint64_t spaces = 0x2020202020202020u;
    while (is_space(*p)) {
        uint64_t x;
        p++;
        while (end - p >= 8 && (memcpy(&x, p, 8), x == spaces))
            p += 8;
    }
#endif
    while (is_space(*p))
        p++;
    return p;
}

/* Past string bytes that need no second look: printable ASCII but quote and backslash. */
static inline const char *skip_plain(const char *p, const char *end)
{
#ifdef __SSE2__
    while (end - p >= 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
        /* Compared with signs, bytes from 0x80 lie below the space too. */
        __m128i stop = _mm_or_si128(_mm_cmplt_epi8(x, _mm_set1_epi8(' ')),
                                    _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('"')),
                                                 _mm_cmpeq_epi8(x, _mm_set1_epi8('\\'))));
        unsigned mask = (unsigned)_mm_movemask_epi8(stop);
        if (mask)
            return p + __builtin_ctz(mask);
        p += 16;
    }
#else
    /* Eight bytes at once: each test sets the high bit of a byte that fails it (and may
     * set bits above one that fails: the loop below looks again). */
    const uint64_t ones = 0x0101010101010101u, highs = ones << 7;
    while (end - p >= 8) {
        uint64_t x;
        memcpy(&x, p, 8);
        uint64_t quote = x ^ ones * '"', slash = x ^ ones * '\\';
        uint64_t low = (x - ones * ' ') & ~x;
        if (((low | ((quote - ones) & ~quote) | ((slash - ones) & ~slash) | x) & highs))
            break;
        p += 8;
    }
#endif
    while ((unsigned char)*p - 0x20u < 0x60u && *p != '"' && *p != '\\')
        p++;
    return p;
}

/* Four hex digits at p; -1 when they are not. */
static int32_t hex4(const char *p)
{
    int32_t v = 0;
    for (int i = 0; i < 4; i++) {
        unsigned c = (unsigned char)p[i];
        if (c - '0' < 10)
            c -= '0';
        else if ((c | 0x20) - 'a' < 6)
            c = (c | 0x20) - 'a' + 10;
        else
            return -1;
        v = v << 4 | (int32_t)c;
    }
    return v;
}

static const char *surrogate(struct scanner *s, const char *p)
{
    diag_at(s->dx, &scan_faults[SCAN_SURROGATE], at(s, p, 6), "\"%.6s\"", p);
    return NULL;
}

/* Past the \u escape at p. */
static const char *unicode_escape(struct scanner *s, const char *p)
{
    int32_t c = hex4(p + 2);
    if (c < 0) {
        size_t len = 2;
        while (len < 6 && p + len < s->end && (unsigned char)p[len] > ' ' &&
               p[len] != '"')
            len++;
        if (p + len == s->end)
            return cut(s, "four hex digits");
        diag_at(s->dx, &scan_faults[SCAN_ESCAPE], at(s, p, len),
                "\"%.*s\" needs four hex digits", (int)len, p);
        return NULL;
    }
    if (c == 0) {
        diag_at(s->dx, &scan_faults[SCAN_NUL], at(s, p, 6), "\"\\u0000\" in a string");
        return NULL;
    }
    if (c < 0xD800 || c > 0xDFFF)
        return p + 6;
    if (c > 0xDBFF || p[6] != '\\' || p[7] != 'u')
        return surrogate(s, p);
    int32_t low = hex4(p + 8);
    return low >= 0xDC00 && low <= 0xDFFF ? p + 12 : surrogate(s, p);
}

static void *cut_string(struct scanner *s, const char *open)
{
    diag_at(s->dx, &scan_faults[SCAN_CUT], at(s, s->end, 0), "expected \"");
    diag_note(s->dx, at(s, open, 1), "this string is not closed");
    return NULL;
}

/* Does the text end within the character at p? */
static bool cut_character(const char *p, const char *end)
{
    unsigned char c = (unsigned char)*p;
    ptrdiff_t n = c < 0xC2 || c > 0xF4 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    if (n <= end - p)
        return false;
    while (++p < end && ((unsigned char)*p & 0xC0) == 0x80)
        ;
    return p == end;
}

/* Past the run of characters beyond ASCII at p. */
static const char *beyond_ascii(struct scanner *s, const char *open, const char *p)
{
    while ((unsigned char)*p >= 0x80) {
        size_t n = utf8_decode((struct str){p, (size_t)(s->end - p)}, NULL);
        if (!n && cut_character(p, s->end))
            return cut_string(s, open);
        if (!n) {
            diag_at(s->dx, &scan_faults[SCAN_UTF8], at(s, p, 1), "byte 0x%02X",
                    (unsigned char)*p);
            return NULL;
        }
        p += n;
    }
    return p;
}

/* May the character follow a backslash, with no digits after it? */
static bool is_escape(char c)
{
    switch (c) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return true;
    default:
        return false;
    }
}

/* Past the escape, the bytes from 0x80, or to the fault that stopped skip_plain at p. */
static const char *special(struct scanner *s, const char *open, const char *p)
{
    unsigned char c = (unsigned char)*p;
    if (p == s->end || (c == '\\' && p + 1 == s->end))
        return cut_string(s, open);
    if (c == '\\') {
        if (p[1] == 'u')
            return unicode_escape(s, p);
        if (is_escape(p[1]))
            return p + 2;
        size_t n = utf8_len((struct str){p + 1, (size_t)(s->end - p - 1)});
        diag_at(s->dx, &scan_faults[SCAN_ESCAPE], at(s, p, 1 + n), "\"%.*s\"",
                (int)(1 + n), p);
        return NULL;
    }
    if (c >= 0x80)
        return beyond_ascii(s, open, p);
    if (!c) {
        diag_at(s->dx, &scan_faults[SCAN_NUL], at(s, p, 1), "in a string");
        return NULL;
    }
    diag_at(s->dx, &scan_faults[SCAN_CONTROL], at(s, p, 1), "0x%02X%s", c,
            c == '\n'   ? ", a line end"
            : c == '\t' ? ", a tab"
                        : "");
    return NULL;
}

/* Past the string whose opening quote is at p; NULL after a fault. */
static inline const char *string(struct scanner *s, const char *p, bool *escaped)
{
    const char *open = p++;
    *escaped = false;
    while (*(p = skip_plain(p, s->end)) != '"') {
        *escaped |= *p == '\\';
        p = special(s, open, p);
        if (!p)
            return NULL;
    }
    return p + 1;
}

static const char *bad_number(struct scanner *s, const char *from, const char *p,
                              const char *why)
{
    if (p == s->end)
        return cut(s, "a digit");
    while (p < s->end && (digit(*p) || ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') ||
                          *p == '+' || *p == '-' || *p == '.' || *p == '_'))
        p++;
    size_t len = (size_t)(p - from);
    diag_at(s->dx, &scan_faults[SCAN_NUMBER], at(s, from, len), "\"%.*s\" %s",
            len > 80 ? 80 : (int)len, from, why);
    return NULL;
}

/* Past the number at p; NULL after a fault. */
static inline const char *number(struct scanner *s, const char *p)
{
    const char *from = p;
    bool exponent = false;
    p += *p == '-';
    if (*p == '0' && digit(p[1]))
        return bad_number(s, from, p, "starts with a zero");
    if (!digit(*p)) {
        if (p > from && (*p | 0x20) >= 'a' && (*p | 0x20) <= 'z')
            return unexpected(s, from, "a number");
        return bad_number(s, from, p, "has no digit before the point");
    }
    while (digit(*p))
        p++;
    if (*p == '.') {
        if (!digit(*++p))
            return bad_number(s, from, p, "has no digit after the point");
        while (digit(*p))
            p++;
    }
    if ((*p | 0x20) == 'e') {
        exponent = true;
        p++;
        p += *p == '+' || *p == '-';
        if (!digit(*p))
            return bad_number(s, from, p, "has no digit in the exponent");
        while (digit(*p))
            p++;
    }
    if (((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') || *p == '.' || *p == '_' ||
        *p == '+' || *p == '-')
        return bad_number(s, from, p, "is not one number");
    if ((exponent || p - from > 300) && isinf(strtod(from, NULL))) {
        int len = p - from > 40 ? 40 : (int)(p - from);
        diag_at(s->dx, &scan_faults[SCAN_RANGE], at(s, from, (size_t)(p - from)),
                "\"%.*s\"", len, from);
        return NULL;
    }
    return p;
}

static const char *literal(struct scanner *s, const char *p, const char *word, size_t n)
{
    size_t left = (size_t)(s->end - p);
    if (left >= n && memcmp(p, word, n) == 0)
        return p + n;
    if (left < n && memcmp(p, word, left) == 0)
        return cut(s, word);
    return unexpected(s, p, "a value");
}

static void note_value(struct scanner *s, const char *p)
{
    struct scan *out = s->out;
    if (out->n == out->cap) {
        out->cap = out->cap ? out->cap * 2 : 256;
        out->values = mem_realloc(out->values, out->cap * sizeof *out->values);
    }
    s->next.pos = (uint32_t)(p - s->text->bytes.p);
    out->values[out->n++] = s->next;
    s->next = (struct scan_value){0};
}

/* The value ends before p. */
static void note_end(struct scanner *s, size_t value, const char *p)
{
    struct scan_value *v = &s->out->values[value];
    v->len = (uint32_t)(p - s->text->bytes.p) - v->pos;
}

static bool open_level(struct scanner *s, const char *p)
{
    if (s->depth == JSON_MAX_DEPTH) {
        diag_at(s->dx, &scan_faults[SCAN_DEEP], at(s, p, 1), "more than %d levels",
                JSON_MAX_DEPTH);
        return false;
    }
    struct level *l = &s->levels[s->depth++];
    l->open = p;
    l->value = s->out->n - 1;
    l->object = *p == '{';
    l->names = (struct key_set){s->out->keys.n, 0};
    return true;
}

static bool twice(struct scanner *s, struct key first, struct key again)
{
    const char *bytes = s->text->bytes.p, *p = bytes + again.pos;
    int len = again.len > 80 ? 80 : (int)again.len;
    diag_at(s->dx, &scan_faults[SCAN_TWICE], at(s, p - 1, again.len + 2), "\"%.*s\"", len,
            p);
    diag_note(s->dx, at(s, bytes + first.pos - 1, first.len + 2), "first used here");
    return false;
}

/* At the closing bracket at p. */
static bool close_level(struct scanner *s, const char *p)
{
    const struct level *l = &s->levels[--s->depth];
    struct key first, again;
    note_end(s, l->value, p + 1);
    if (!l->object ||
        keys_close(&s->out->keys, &l->names, s->text->bytes, &first, &again))
        return true;
    return twice(s, first, again);
}

static void *no_name(struct scanner *s, const char *p)
{
    if (!((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') && *p != '_')
        return unexpected(s, p, "a name in double quotes");
    diag_at(s->dx, &scan_faults[SCAN_NEARLY], at(s, p, 1), "a name without quotes");
    return NULL;
}

/* Past the member name at p, the colon, and white space; NULL after a fault. */
static inline const char *member(struct scanner *s, const char *p)
{
    bool escaped;
    if (*p != '"')
        return no_name(s, p);
    const char *name = p + 1;
    p = string(s, p, &escaped);
    if (!p)
        return NULL;
    struct key key = {(uint32_t)(name - s->text->bytes.p), (uint32_t)(p - 1 - name)};
    const struct key *first = keys_add(&s->out->keys, &s->levels[s->depth - 1].names,
                                       s->text->bytes, key, escaped);
    if (first) {
        twice(s, *first, key);
        return NULL;
    }
    s->next = (struct scan_value){
        .name = key.pos, .name_len = key.len, .name_escaped = escaped};
    p = skip_space(p, s->end);
    if (*p != ':')
        return unexpected(s, p, "\":\"");
    return skip_space(p + 1, s->end);
}

/* Past the opening bracket at p: to the first value, or to the closing bracket of an
 * empty array or object, which then holds nothing. NULL after a fault. */
static inline const char *enter(struct scanner *s, const char *p, bool *empty)
{
    bool object = *p == '{';
    if (!open_level(s, p))
        return NULL;
    p = skip_space(p + 1, s->end);
    *empty = *p == (object ? '}' : ']');
    return object && !*empty ? member(s, p) : p;
}

/* Past the comma at p: to the next value. */
static inline const char *more(struct scanner *s, const char *p)
{
    const char *comma = p;
    bool object = s->levels[s->depth - 1].object;
    p = skip_space(p + 1, s->end);
    if (*p == (object ? '}' : ']')) {
        diag_at(s->dx, &scan_faults[SCAN_TRAILING_COMMA], at(s, p, 1), NULL);
        diag_note(s->dx, at(s, comma, 1), "the comma");
        return NULL;
    }
    return object ? member(s, p) : p;
}

/* Past the closing brackets and commas after a value: to the next value, or to where the
 * document ends, with no level open. NULL after a fault. */
static inline const char *after(struct scanner *s, const char *p)
{
    while (s->depth) {
        bool object = s->levels[s->depth - 1].object;
        p = skip_space(p, s->end);
        if (*p == ',')
            return more(s, p);
        if (*p != (object ? '}' : ']'))
            return unexpected(s, p, object ? "\",\" or \"}\"" : "\",\" or \"]\"");
        if (!close_level(s, p))
            return NULL;
        p++;
    }
    return p;
}

/* Past the value at p and all that it holds; NULL after a fault. */
static const char *values(struct scanner *s, const char *p)
{
    bool empty;
    do {
        note_value(s, p);
        size_t value = s->out->n - 1;
        bool escaped = false;
        switch (*p) {
        case '"':
            p = string(s, p, &escaped);
            break;
        case '{':
        case '[':
            p = enter(s, p, &empty);
            if (p && !empty)
                continue;
            break;
        case 't':
            p = literal(s, p, "true", 4);
            break;
        case 'f':
            p = literal(s, p, "false", 5);
            break;
        case 'n':
            p = literal(s, p, "null", 4);
            break;
        case '+':
        case '.':
            p = bad_number(s, p, p, "does not start with a digit or a minus");
            break;
        default:
            p = digit(*p) || *p == '-' ? number(s, p) : unexpected(s, p, "a value");
        }
        if (!p)
            return NULL;
        note_end(s, value, p);
        s->out->values[value].escaped = escaped;
        p = after(s, p);
    } while (p && s->depth);
    return p;
}

static bool document(struct scanner *s)
{
    const char *p = skip_space(s->start, s->end);
    if (p == s->end) {
        diag_at(s->dx, &scan_faults[SCAN_EMPTY], at(s, s->start, 0), NULL);
        return false;
    }
    p = values(s, p);
    if (!p)
        return false;
    p = skip_space(p, s->end);
    if (p == s->end)
        return true;
    if (!*p)
        diag_at(s->dx, &scan_faults[SCAN_NUL], at(s, p, 1), "after the document");
    else
        diag_at(s->dx, &scan_faults[SCAN_MORE], at(s, p, 1),
                *p == '{' || *p == '[' ? "another document starts here" : NULL);
    return false;
}

/* Make room for what a document of so many bytes mostly holds. To grow would be to copy:
 * large rooms are huge pages, and those the system does not move. What is not met takes
 * no memory. */
static void expect(struct scan *out, size_t bytes)
{
    enum { VALUE_BYTES = 24, VALUES_MAX = 1 << 20 };
    size_t n = bytes / VALUE_BYTES;
    n = n < VALUES_MAX ? n : VALUES_MAX;
    if (n <= out->cap)
        return;
    free(out->values);
    out->values = mem_realloc(NULL, n * sizeof *out->values);
    out->cap = n;
}

bool scan_text(struct scan *out, const struct text *text, struct diag *dx)
{
    out->n = out->keys.n = 0;
    if (text->bytes.n > JSON_MAX_BYTES) {
        diag_at(dx, &scan_faults[SCAN_LARGE], (struct origin){text, 0, 0}, "%zu bytes",
                text->bytes.n);
        return false;
    }
    if (!text->bytes.n) {
        diag_at(dx, &scan_faults[SCAN_EMPTY], (struct origin){text, 0, 0}, NULL);
        return false;
    }
    if (scan_is_utf16(dx, text))
        return false;
    expect(out, text->bytes.n);
    size_t start = str_starts(text->bytes, STR("\xEF\xBB\xBF")) ? 3 : 0;
    struct level levels[JSON_MAX_DEPTH];
    struct scanner s = {.levels = levels,
                        .text = text,
                        .start = text->bytes.p + start,
                        .end = text->bytes.p + text->bytes.n,
                        .dx = dx,
                        .out = out};
    out->start = start;
    return document(&s);
}

void scan_free(struct scan *s)
{
    free(s->values);
    keys_free(&s->keys);
    *s = SCAN_INIT;
}

size_t scan_behind(const struct scan *s, size_t i)
{
    size_t end = (size_t)s->values[i].pos + s->values[i].len, k = i + 1;
    while (k < s->n && s->values[k].pos < end)
        k++;
    return k;
}

size_t scan_number_len(const char *p)
{
    size_t n = 0;
    while (digit(p[n]) || p[n] == '-' || p[n] == '+' || p[n] == '.' ||
           (p[n] | 0x20) == 'e')
        n++;
    return n;
}

/* Past the string at p in valid JSON. */
static const char *string_end(const char *p, const char *end)
{
    p++;
    while (p < end && *(p = skip_plain(p, end)) != '"' && p < end)
        p += *p == '\\' ? 2 : 1;
    return p < end ? p + 1 : end;
}

size_t scan_value_len(struct str bytes, size_t pos)
{
    const char *end = bytes.p + bytes.n, *p = bytes.p + pos;
    size_t depth = 0;
    if (pos >= bytes.n)
        return 0;
    do {
        char c = *p;
        if (c == '"') {
            p = string_end(p, end);
            continue;
        }
        depth += c == '{' || c == '[';
        depth -= depth && (c == '}' || c == ']');
        p++;
        /* A number or literal goes on to its end. */
        while (!depth && p < end && (digit(*p) || strchr("+-.eEaflnrstu", *p)) && *p)
            p++;
    } while (depth && p < end);
    return (size_t)(p - (bytes.p + pos));
}

size_t scan_name_pos(struct str bytes, size_t pos)
{
    size_t i = pos < bytes.n ? pos : bytes.n;
    while (i && is_space(bytes.p[i - 1]))
        i--;
    if (!i || bytes.p[i - 1] != ':')
        return pos;
    i--;
    while (i && is_space(bytes.p[i - 1]))
        i--;
    if (!i || bytes.p[i - 1] != '"')
        return pos;
    for (size_t quote = i - 1; quote-- > 0;) {
        if (bytes.p[quote] != '"')
            continue;
        size_t slashes = 0;
        while (slashes < quote && bytes.p[quote - 1 - slashes] == '\\')
            slashes++;
        if (slashes % 2 == 0)
            return quote;
        quote -= slashes;
    }
    return pos;
}
