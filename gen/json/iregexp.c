/* I-Regexp (RFC 9485): check a pattern and write it for PCRE2. */
#include "json/iregexp.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <string.h>

struct reader {
    struct str s;
    size_t i;
    struct buf *out;
    struct iregexp_fault *fault;
};

static bool fail(struct reader *r, size_t pos, const char *why)
{
    *r->fault = (struct iregexp_fault){pos, why};
    return false;
}

static int peek(const struct reader *r)
{
    return r->i < r->s.n ? (unsigned char)r->s.p[r->i] : -1;
}

static void copy(struct reader *r, size_t from)
{
    if (r->out)
        buf_str(r->out, str_sub(r->s, from, r->i));
}

/* Step over one code point; pattern is known to be UTF-8. */
static uint32_t point(struct reader *r)
{
    uint32_t cp = 0;
    r->i += utf8_decode(str_sub(r->s, r->i, r->s.n), &cp);
    return cp;
}

/* The general categories, each with its second letters (RFC 9485, section 4: no Cs). */
static const char *const categories[] = {
    "Llmotu", "Mcen", "Ndlo", "Pcdefios", "Sckmo", "Zlps", "Ccfno",
};

/* \p{Lu} or \P{Lu}; r stands behind the p. */
static bool category(struct reader *r, size_t start)
{
    static const char *const why =
        "\\p and \\P take a general category in braces, such as "
        "\\p{Lu}; scripts and blocks are no I-Regexp";
    struct str rest = str_sub(r->s, r->i, r->s.n);
    if (rest.n < 3 || rest.p[0] != '{')
        return fail(r, start, why);
    for (size_t k = 0; k < sizeof categories / sizeof *categories; k++) {
        if (rest.p[1] != categories[k][0])
            continue;
        if (rest.p[2] == '}') {
            r->i += 3;
            return true;
        }
        if (rest.n > 3 && rest.p[3] == '}' && rest.p[2] != '\0' &&
            strchr(categories[k] + 1, rest.p[2])) {
            r->i += 4;
            return true;
        }
    }
    return fail(r, start, why);
}

/* An escape; r stands at the backslash. *cp is its character, *is_set tells \p and \P. */
static bool escape(struct reader *r, uint32_t *cp, bool *is_set)
{
    size_t start = r->i++;
    int c = peek(r);
    *is_set = c == 'p' || c == 'P';
    if (c < 0)
        return fail(r, start, "the pattern ends after a backslash");
    r->i++;
    if (*is_set)
        return category(r, start);
    if (c == 0 || !strchr("()*+-.?[\\]^nrt{|}", c))
        return fail(r, start,
                    "no escape of I-Regexp; there are \\n \\r \\t \\p{..} \\P{..} "
                    "and a backslash before ( ) * + - . ? [ \\ ] ^ { | }");
    *cp = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : (uint32_t)c;
    return true;
}

/* One character of a class, plain or escaped, or a category. */
static bool class_char(struct reader *r, uint32_t *cp, bool *is_set)
{
    *is_set = false;
    int c = peek(r);
    if (c == '\\')
        return escape(r, cp, is_set);
    if (c == '[')
        return fail(r, r->i, "a [ inside a character class is written \\[");
    if (c == '-')
        return fail(r, r->i, "a - inside a character class is written \\-");
    *cp = point(r);
    return true;
}

/* [..]; r stands behind the opening bracket, which is at start. */
static bool class(struct reader *r, size_t start)
{
    if (peek(r) == '^')
        r->i++;
    bool empty = true;
    if (peek(r) == '-') {
        r->i++;
        empty = false;
    }
    while (peek(r) != ']') {
        size_t from = r->i;
        if (peek(r) < 0)
            return fail(r, start, "the character class is not closed");
        if (peek(r) == '-' && r->i + 1 < r->s.n && r->s.p[r->i + 1] == ']') {
            r->i++;
            break;
        }
        uint32_t lo, hi;
        bool is_set;
        if (!class_char(r, &lo, &is_set))
            return false;
        empty = false;
        if (is_set || peek(r) != '-' || r->i + 1 >= r->s.n || r->s.p[r->i + 1] == ']')
            continue;
        r->i++;
        if (!class_char(r, &hi, &is_set))
            return false;
        if (is_set)
            return fail(r, from, "a range of characters cannot end in a category");
        if (hi < lo)
            return fail(r, from, "the range of characters runs backwards");
    }
    if (empty)
        return fail(r, start, "the character class is empty");
    r->i++;
    copy(r, start);
    return true;
}

/* Digits of a quantifier; false when none stand here or they are too many. */
static bool repeat_count(struct reader *r, unsigned *n)
{
    size_t from = r->i;
    *n = 0;
    while (peek(r) >= '0' && peek(r) <= '9') {
        *n = *n * 10 + (unsigned)(peek(r) - '0');
        r->i++;
        if (*n > IREGEXP_MAX_REPEAT)
            return fail(r, from, "a repeat count may be 65535 at most");
    }
    return r->i > from || fail(r, from, "a digit is missing");
}

/* {2}, {2,}, {2,5}; r stands behind the brace. */
static bool braces(struct reader *r, size_t start)
{
    unsigned lo, hi;
    if (!repeat_count(r, &lo))
        return false;
    if (peek(r) == ',') {
        r->i++;
        if (peek(r) != '}') {
            if (!repeat_count(r, &hi))
                return false;
            if (hi < lo)
                return fail(r, start, "the most is less than the least");
        }
    }
    if (peek(r) != '}')
        return fail(r, r->i, "a } is missing");
    r->i++;
    copy(r, start);
    return true;
}

bool iregexp_check(struct str pattern, struct buf *pcre, struct iregexp_fault *fault)
{
    struct reader r = {.s = pattern, .out = pcre, .fault = fault};
    if (pattern.n > IREGEXP_MAX_BYTES)
        return fail(&r, 0, "the pattern is longer than 10000 bytes");
    if (utf8_check(pattern) < pattern.n)
        return fail(&r, utf8_check(pattern), "the pattern is not UTF-8");
    size_t opened[IREGEXP_MAX_DEPTH], depth = 0;
    bool atom = false; /* something stands before that a quantifier can repeat */
    while (r.i < pattern.n) {
        size_t start = r.i;
        int c = peek(&r);
        uint32_t cp;
        bool is_set, was_atom = atom;
        atom = true;
        switch (c) {
        case '(':
            if (depth == IREGEXP_MAX_DEPTH)
                return fail(&r, start, "groups are nested deeper than 100");
            opened[depth++] = start;
            r.i++;
            copy(&r, start);
            atom = false;
            break;
        case ')':
            if (depth == 0)
                return fail(&r, start,
                            "this ) closes nothing; a plain one is written \\)");
            depth--;
            r.i++;
            copy(&r, start);
            break;
        case '|':
            r.i++;
            copy(&r, start);
            atom = false;
            break;
        case '*':
        case '+':
        case '?':
        case '{':
            if (!was_atom)
                return fail(&r, start,
                            "nothing to repeat here (groups have no (?..) forms, and "
                            "repeats no lazy or possessive ones); a plain * + ? { is "
                            "written with a backslash before it");
            r.i++;
            if (c == '{' && !braces(&r, start))
                return false;
            if (c != '{')
                copy(&r, start);
            atom = false;
            break;
        case '[':
            r.i++;
            if (!class(&r, start))
                return false;
            break;
        case '\\':
            if (!escape(&r, &cp, &is_set))
                return false;
            copy(&r, start);
            break;
        case '.':
            r.i++;
            if (pcre)
                buf_z(pcre, "[^\\n\\r]");
            break;
        case ']':
        case '}':
            return fail(&r, start, "a plain ] or } is written \\] or \\}");
        default:
            point(&r);
            copy(&r, start);
        }
    }
    if (depth)
        return fail(&r, opened[depth - 1], "the group is not closed");
    return true;
}
