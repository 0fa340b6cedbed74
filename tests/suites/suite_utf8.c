/* utf8tests: bad byte sequences inside a JSON string are refused, good ones come back. */
#include "../unit/unit.h"

#include "base/file.h"
#include "json/json.h"

#include <stdio.h>

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* ["BYTES"], the bytes written in hex with or without spaces. */
static struct text wrapped(struct arena *a, struct str digits, bool plain)
{
    struct buf b = BUF_INIT;
    buf_z(&b, "[\"");
    if (plain)
        buf_str(&b, digits);
    int high = -1;
    for (size_t i = 0; !plain && i < digits.n; i++) {
        int d = hex(digits.p[i]);
        if (d >= 0 && high >= 0) {
            buf_c(&b, (char)(high << 4 | d));
            high = -1;
        } else if (d >= 0) {
            high = d;
        }
    }
    buf_z(&b, "\"]");
    struct text t = {STR("t.json"), buf_dup(a, &b)};
    buf_free(&b);
    return t;
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ')
            return true;
    return false;
}

/* Does a row "NUMBER:KIND:BYTES[:...]" hold? NUL and control characters are good UTF-8
 * but not good JSON: the first fault in a row names itself. */
static bool holds(struct arena *a, struct str kind, struct str digits)
{
    struct text t = wrapped(a, digits, !str_ends(kind, STR(" hex")));
    struct diag *dx = diag_new(a);
    const struct json *n = json_read(a, &t, dx);
    struct str code = str_from(diag_first(dx, DIAG_ERROR));
    struct str inside = str_sub(t.bytes, 2, t.bytes.n - 2);
    bool bad = str_starts(kind, STR("invalid")), control = has_control(inside);
    if (bad || control)
        return !n && ((bad && str_eq(code, STR("JSN-106"))) ||
                      (control &&
                       (str_eq(code, STR("JSN-105")) || str_eq(code, STR("JSN-109")))));
    return n && str_eq(json_str(json_first(n)), inside);
}

int main(void)
{
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    struct str rest, line, number, kind;
    unsigned long passed = 0, failed = 0, invalid = 0;
    const char *path = unit_shared("suites/utf8tests/utf8tests.txt");
    if (!path || !file_read(a, path, str_from(path), dx, &rest)) {
        puts("utf8tests is not beside the checkout: skipped");
        arena_free(a);
        return unit_report("suite_utf8", 0, 0, 1);
    }
    while (rest.n) {
        str_cut(rest, '\n', &line, &rest);
        if (!line.n || line.p[0] == '#' || !str_cut(line, ':', &number, &line) ||
            !str_cut(line, ':', &kind, &line))
            continue;
        kind = str_trim(kind);
        if (str_starts(kind, STR("invalid"))) {
            str_cut(line, ':', &line, NULL);
            invalid++;
        }
        if (holds(a, kind, line)) {
            passed++;
            continue;
        }
        printf("%.*s: failed\n", STR_ARG(number));
        failed++;
    }
    printf("%lu rows of bad bytes\n", invalid);
    arena_free(a);
    return unit_report("suite_utf8", passed, failed, 0);
}
