/* The words of a JSONPath (RFC 9535, appendix A), and the table of its messages. */
#include "json/path_lex.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
const struct diag_kind path_faults[] = {
    [FAULT_ROOT] = {"JPA-101", DIAG_ERROR, "query does not start with $",
        "a query starts at the document's root: write $ first, as in $.name"},
    [FAULT_UTF8] = {"JPA-102", DIAG_ERROR, "query is not UTF-8",
        "save the file as UTF-8"},
    [FAULT_AFTER] = {"JPA-103", DIAG_ERROR, "query goes on where it should end",
        "go on with .name, [\"name\"], [0], [*], [?test] or .."},
    [FAULT_BLANK] = {"JPA-104", DIAG_ERROR, "blank where none is allowed",
        "take the blank out: none may stand before or after the query, behind a dot, "
        "between a function's name and its parenthesis, nor inside the brackets of a path "
        "that is compared"},
    [FAULT_UNCLOSED_STRING] = {"JPA-105", DIAG_ERROR, "string is not closed",
        "end it with the quote that it starts with"},
    [FAULT_ESCAPE] = {"JPA-106", DIAG_ERROR, "bad escape in a string",
        "use \\\\ \\/ \\b \\f \\n \\r \\t, the string's own quote after a backslash, or "
        "\\uXXXX (characters above U+FFFF as a pair of surrogates)"},
    [FAULT_STRING_CHAR] = {"JPA-107", DIAG_ERROR, "control character in a string",
        "write it as an escape: \\n, \\t, \\u0001"},
    [FAULT_INTEGER] = {"JPA-108", DIAG_ERROR, "bad index",
        "write a whole number from -9007199254740991 to 9007199254740991, without leading "
        "zeros and not -0"},
    [FAULT_SELECTOR] = {"JPA-109", DIAG_ERROR, "no selector here",
        "inside [ ] write a quoted name, an index, a slice start:end:step, * or ?test"},
    [FAULT_BRACKET] = {"JPA-110", DIAG_ERROR, "brackets are not closed",
        "put , or ] after the selector"},
    [FAULT_NAME] = {"JPA-111", DIAG_ERROR, "no name after the dot",
        "write a name of letters, digits and _, or *; put any other name in brackets and "
        "quotes: [\"a-b\"]"},
    [FAULT_FUNCTION] = {"JPA-112", DIAG_ERROR, "unknown function",
        "use one of those that `kdaudit controls --functions` lists"},
    [FAULT_ARG_COUNT] = {"JPA-113", DIAG_ERROR, "wrong number of arguments",
        "give the function as many arguments as it declares"},
    [FAULT_ARG_KIND] = {"JPA-114", DIAG_ERROR, "argument of the wrong kind",
        "a value is a literal, a path to one node, or a function that gives a value; nodes "
        "are any path; a logical is a test"},
    [FAULT_RESULT_KIND] = {"JPA-115", DIAG_ERROR, "result of a function misused",
        "compare what gives a value; test alone what gives nodes or true and false"},
    [FAULT_NOT_SINGLE] = {"JPA-116", DIAG_ERROR, "compared path may select several nodes",
        "compare a path of names and indexes only, or wrap it: value(..), count(..)"},
    [FAULT_LITERAL_TEST] = {"JPA-117", DIAG_ERROR, "literal used as a test",
        "compare it with something: @.name == \"x\""},
    [FAULT_EXPRESSION] = {"JPA-118", DIAG_ERROR, "no expression here",
        "write a path that starts with @ or $, a function call, a number, a quoted string, "
        "true, false or null"},
    [FAULT_DEPTH] = {"JPA-119", DIAG_ERROR, "query is nested too deep",
        "nest filters, parentheses, calls and ! at most 32 deep"},
    [FAULT_SIZE] = {"JPA-120", DIAG_ERROR, "query is too long",
        "at most 65536 bytes, and 128 steps in one path"},
    [FAULT_NUMBER] = {"JPA-121", DIAG_ERROR, "bad number",
        "write numbers as JSON does, in the range of a double"},
    [FAULT_COMPARE_LOGICAL] = {"JPA-122", DIAG_ERROR, "true and false cannot be compared",
        "compare paths, literals and function values; to negate a comparison write "
        "!(@.a == 1), or turn the operator round"},
    [FAULT_OPERATOR] = {"JPA-123", DIAG_ERROR, "unknown operator",
        "there are == != < <= > >= && || and !; for patterns match() and search()"},
    [FAULT_PAREN] = {"JPA-124", DIAG_ERROR, "parentheses are not closed",
        "put ) after the expression, or , and the next argument"},
    [FAULT_PATTERN] = {"JPA-125", DIAG_WARNING, "pattern is no I-Regexp: it matches nothing",
        "write it as RFC 9485 allows: no ^ $ tricks, \\d, \\w, look-around or lazy repeats"},
};
/* clang-format on */

struct origin path_origin(const struct path_reader *r, size_t pos, size_t len)
{
    return (struct origin){.text = r->text, .pos = r->base + pos, .len = len};
}

bool path_fail(struct path_reader *r, enum path_fault fault, size_t pos, size_t len)
{
    diag_at(r->dx, &path_faults[fault], path_origin(r, pos, len), NULL);
    return false;
}

int path_peek(const struct path_reader *r, size_t n)
{
    return n < r->s.n - r->i ? (unsigned char)r->s.p[r->i + n] : -1;
}

bool path_take(struct path_reader *r, char c)
{
    if (path_peek(r, 0) != (unsigned char)c)
        return false;
    r->i++;
    return true;
}

void path_blanks(struct path_reader *r)
{
    while (r->i < r->s.n && r->s.p[r->i] && strchr(" \t\n\r", r->s.p[r->i]))
        r->i++;
}

size_t path_point_len(const struct path_reader *r, size_t pos)
{
    size_t n = utf8_len(str_sub(r->s, pos, r->s.n));
    return n ? n : 1;
}

bool path_is_name_start(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

bool path_is_digit(int c)
{
    return c >= '0' && c <= '9';
}

struct str path_name(struct path_reader *r)
{
    size_t from = r->i;
    while (path_is_name_start(path_peek(r, 0)) || path_is_digit(path_peek(r, 0)))
        r->i++;
    return str_sub(r->s, from, r->i);
}

static size_t digits(struct path_reader *r)
{
    size_t from = r->i;
    while (path_is_digit(path_peek(r, 0)))
        r->i++;
    return r->i - from;
}

bool path_integer(struct path_reader *r, int64_t *out)
{
    static const int64_t most = 9007199254740991; /* 2^53 - 1, as in I-JSON */
    size_t from = r->i;
    bool minus = path_take(r, '-');
    size_t first = r->i, n = digits(r);
    struct str all = str_sub(r->s, from, r->i);
    bool zero_first = n && r->s.p[first] == '0';
    if (n == 0 || (zero_first && (n > 1 || minus)) || !str_int(all, out) || *out > most ||
        *out < -most)
        return path_fail(r, FAULT_INTEGER, from, all.n);
    return true;
}

bool path_number(struct path_reader *r, struct str *source, double *out)
{
    size_t from = r->i;
    path_take(r, '-');
    size_t first = r->i, n = digits(r);
    bool ok = n == 1 || (n > 1 && r->s.p[first] != '0');
    if (path_take(r, '.'))
        ok &= digits(r) > 0;
    if (path_take(r, 'e') || path_take(r, 'E')) {
        if (!path_take(r, '-'))
            path_take(r, '+');
        ok &= digits(r) > 0;
    }
    *source = str_dup(r->a, str_sub(r->s, from, r->i));
    *out = ok ? strtod(source->p, NULL) : 0;
    return (ok && isfinite(*out)) || path_fail(r, FAULT_NUMBER, from, source->n);
}

/* Four hex digits at r->i. */
static bool hex4(struct path_reader *r, uint32_t *out)
{
    *out = 0;
    for (size_t k = 0; k < 4; k++) {
        int c = path_peek(r, k);
        int v = path_is_digit(c)       ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : -1;
        if (v < 0)
            return false;
        *out = *out << 4 | (uint32_t)v;
    }
    r->i += 4;
    return true;
}

/* \uXXXX, one or a pair; r stands behind the u. */
static bool unicode_escape(struct path_reader *r, uint32_t *cp)
{
    if (!hex4(r, cp))
        return false;
    if (*cp < 0xD800 || *cp > 0xDFFF)
        return true;
    uint32_t low;
    if (*cp > 0xDBFF || !path_take(r, '\\') || !path_take(r, 'u') || !hex4(r, &low) ||
        low < 0xDC00 || low > 0xDFFF)
        return false;
    *cp = 0x10000 + ((*cp & 0x3FF) << 10 | (low & 0x3FF));
    return true;
}

/* An escape; r stands behind the backslash. */
static bool escape(struct path_reader *r, struct buf *out, char quote)
{
    static const char letters[] = "bfnrt/\\", meanings[] = "\b\f\n\r\t/\\";
    size_t from = r->i - 1;
    int c = path_peek(r, 0);
    if (c < 0)
        return path_fail(r, FAULT_UNCLOSED_STRING, from, 1);
    size_t len = path_point_len(r, r->i);
    r->i += len;
    const char *at = c ? strchr(letters, c) : NULL;
    uint32_t cp = (unsigned char)quote;
    if (at)
        cp = (unsigned char)meanings[at - letters];
    else if (c == 'u' ? !unicode_escape(r, &cp) : c != quote)
        return path_fail(r, FAULT_ESCAPE, from, c == 'u' ? r->i - from : 1 + len);
    buf_point(out, cp);
    return true;
}

bool path_string(struct path_reader *r, struct str *out)
{
    size_t from = r->i;
    char quote = r->s.p[r->i++];
    struct buf b = BUF_INIT;
    bool ok = true, escaped = false;
    while (ok && path_peek(r, 0) != quote) {
        int c = path_peek(r, 0);
        if (c < 0) {
            ok = path_fail(r, FAULT_UNCLOSED_STRING, from, 1);
        } else if (c < 0x20) {
            ok = path_fail(r, FAULT_STRING_CHAR, r->i, 1);
        } else if (c == '\\') {
            if (!escaped)
                buf_str(&b, str_sub(r->s, from + 1, r->i));
            escaped = true;
            r->i++;
            ok = escape(r, &b, quote);
        } else {
            if (escaped)
                buf_c(&b, (char)c);
            r->i++;
        }
    }
    if (ok) {
        *out = escaped ? buf_dup(r->a, &b) : str_sub(r->s, from + 1, r->i);
        r->i++;
    }
    buf_free(&b);
    return ok;
}
