/* JSON in strings of answers, and the credential report's table. */
#include "base/buf.h"
#include "base/diag.h"
#include "base/digest.h"
#include "evidence/evidence.h"
#include "json/json.h"

#include <string.h>

enum { CSV_COLUMNS_MAX = 64 };

/* The pointer of node in the document's tree. Children stand in order of their places, so
 * each level is one walk. */
static void find_pointer(struct arena *a, const struct json *root,
                         const struct json *node, struct buf *out)
{
    size_t pos = json_pos(node);
    const struct json *n = root;
    for (int depth = 0; n && n != node && depth < JSON_MAX_DEPTH; depth++) {
        const struct json *in = NULL;
        size_t index = 0, at = 0;
        for (const struct json *c = json_first(n); c && json_pos(c) <= pos;
             c = json_next(c), index++) {
            in = c;
            at = index;
        }
        if (in)
            json_pointer_add(out, json_is(n, JSON_ARRAY) ? str_fmt(a, "%zu", at)
                                                         : json_key(in));
        n = in;
    }
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* RFC 3986 percent-encoding undone; '+' stays a plus (as IAM encodes policies). */
static struct str percent_decode(struct arena *a, struct str s)
{
    char *p = arena_alloc8(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '%' && i + 2 < s.n && hex_value(s.p[i + 1]) >= 0 &&
            hex_value(s.p[i + 2]) >= 0) {
            p[n++] = (char)(hex_value(s.p[i + 1]) * 16 + hex_value(s.p[i + 2]));
            i += 2;
        } else {
            p[n++] = s.p[i];
        }
    }
    return (struct str){p, n};
}

/* pointer NULL: found when it is needed. */
static const struct json *inner(struct arena *a, const struct document *d,
                                const struct json *node, const struct str *pointer,
                                const struct text **text)
{
    node = json_target(node);
    if (json_is(node, JSON_OBJECT) || json_is(node, JSON_ARRAY)) {
        *text = &d->text;
        return node;
    }
    if (!json_is(node, JSON_STRING))
        return NULL;
    struct str s = str_trim(json_str(node));
    if (s.n && s.p[0] == '%')
        s = percent_decode(a, s);
    else if (s.n && s.p[s.n]) /* a reader of JSON wants a NUL there */
        s = str_dup(a, s);
    struct str shown = str_trim(s);
    if (!shown.n || (shown.p[0] != '{' && shown.p[0] != '['))
        return NULL;
    struct buf name = BUF_INIT;
    buf_str(&name, d->text.name);
    buf_z(&name, " (inside ");
    if (pointer)
        buf_str(&name, *pointer);
    else
        find_pointer(a, d->root, node, &name);
    buf_c(&name, ')');
    struct text *t = ARENA_NEW(a, struct text);
    *t = (struct text){buf_dup(a, &name), s};
    buf_free(&name);
    const struct json *root = json_read(a, t, diag_new(a));
    if (root)
        *text = t;
    return root;
}

const struct json *evidence_inner(struct arena *a, const struct document *d,
                                  const struct json *node, const struct text **text)
{
    return inner(a, d, node, NULL, text);
}

const struct json *evidence_inner_at(struct arena *a, const struct document *d,
                                     const struct json *node, struct str pointer,
                                     const struct text **text)
{
    return inner(a, d, node, &pointer, text);
}

/* One field of a CSV line (RFC 4180): quotes, doubled quotes inside. *end tells what
 * stands behind it: ',' or the end of the line or text. */
static struct str csv_field(struct arena *a, struct str *rest, char *end)
{
    struct buf b = BUF_INIT;
    bool quoted = rest->n && rest->p[0] == '"';
    size_t i = quoted ? 1 : 0;
    for (; i < rest->n; i++) {
        char c = rest->p[i];
        if (quoted && c == '"') {
            if (i + 1 < rest->n && rest->p[i + 1] == '"') {
                i++;
            } else {
                quoted = false;
                continue;
            }
        } else if (!quoted && (c == ',' || c == '\n')) {
            break;
        }
        buf_c(&b, c);
    }
    *end = i < rest->n ? rest->p[i] : '\n';
    *rest = str_sub(*rest, i + 1, rest->n);
    struct str field = buf_dup(a, &b);
    buf_free(&b);
    while (field.n && *end == '\n' && field.p[field.n - 1] == '\r')
        field.n--;
    return field;
}

struct json *evidence_credential_report(struct arena *a, const struct json *answer)
{
    struct str text = json_str(json_get(answer, STR("Content")));
    if (!str_starts(text, STR("user,")) && !str_starts(text, STR("\"user\","))) {
        text = base64_decode(a, text);
        if (!text.p)
            return NULL;
    }
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_sub(text, 3, text.n);
    if (!str_starts(text, STR("user,")) && !str_starts(text, STR("\"user\",")))
        return NULL;
    struct str columns[CSV_COLUMNS_MAX];
    size_t ncolumns = 0, nrows = 0;
    char end = ',';
    while (end == ',' && ncolumns < CSV_COLUMNS_MAX)
        columns[ncolumns++] = str_trim(csv_field(a, &text, &end));
    if (end == ',')
        return NULL;
    struct json *rows = json_new_array(a);
    while (text.n && nrows < EVIDENCE_REPORT_ROWS_MAX) {
        if (text.p[0] == '\n' || text.p[0] == '\r') {
            text = str_sub(text, 1, text.n);
            continue;
        }
        struct json *row = json_new_object(a);
        end = ',';
        for (size_t i = 0; end == ','; i++) {
            struct str value = csv_field(a, &text, &end);
            if (i < ncolumns && !json_get(row, columns[i]))
                json_set_str(a, row, columns[i], value);
        }
        json_push(rows, row);
        nrows++;
    }
    return rows;
}

/* The end of the CSV line at i, behind its line end. */
static size_t csv_line_end(struct str s, size_t i)
{
    bool quoted = false;
    for (; i < s.n; i++) {
        quoted = quoted != (s.p[i] == '"');
        if (s.p[i] == '\n' && !quoted)
            return i + 1;
    }
    return s.n;
}

bool evidence_report_place(const struct document *d, struct str pointer, size_t *pos,
                           size_t *len)
{
    struct str rest, s = d->text.bytes;
    if (!d->op || strcmp(d->op->kind, "iam:GetCredentialReport") != 0 ||
        !str_starts(pointer, STR("/Content")))
        return false;
    size_t start = str_starts(s, STR("\xEF\xBB\xBF")) ? 3 : 0;
    if (start < s.n && s.p[start] != 'u' && s.p[start] != '"') {
        const struct json *content = json_get(d->root, STR("Content"));
        *pos = json_pos(content);
        *len = json_len(content, &d->text);
        return true;
    }
    int64_t row = -1; /* the header, for the whole table */
    if (str_cut(str_sub(pointer, 8, pointer.n), '/', NULL, &rest))
        str_int(rest, &row);
    size_t at = start, end = csv_line_end(s, at);
    while (row >= 0 && end < s.n) {
        at = end;
        end = csv_line_end(s, at);
        row -= end - at > 1 && s.p[at] != '\r'; /* empty lines are no rows */
    }
    *pos = at;
    *len = str_trim(str_sub(s, at, end)).n;
    return true;
}
