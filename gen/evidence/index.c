/* Read index.json of the home layout. */
#include "evidence/index.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/when.h"
#include "evidence/message.h"
#include "json/json.h"

enum { HEAD_MAX = 4096 };

bool index_is(struct str path, struct str bytes)
{
    struct str head = str_sub(bytes, 0, HEAD_MAX);
    return (str_ends(path, STR("/index.json")) || str_eq(path, STR("index.json"))) &&
           (str_has(head, STR("\"files\"")) || str_has(head, STR("\"format\"")));
}

/* folder/path, or empty when path would leave the folder. */
static struct str below(struct arena *a, struct str folder, struct str path)
{
    struct str part, rest = path;
    if (!path.n || path.p[0] == '/')
        return STR("");
    while (rest.n) {
        str_cut(rest, '/', &part, &rest);
        if (str_eq(part, STR("..")) || str_eq(part, STR(".")) || !part.n)
            return STR("");
    }
    return folder.n ? str_fmt(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(path)) : path;
}

static int64_t whole(const struct json *n, int64_t otherwise)
{
    double v = json_num(n);
    return json_is(n, JSON_NUMBER) && v >= 0 && v <= 255 ? (int64_t)v : otherwise;
}

static struct str value(const struct json *file, const char *name)
{
    return json_str(json_get(file, str_from(name)));
}

static void read_entry(struct arena *a, const struct text *text, const struct json *f,
                       struct str folder, struct map *by_path, struct diag *dx)
{
    struct str path = below(a, folder, json_str(json_get(f, STR("path"))));
    int64_t when;
    if (!path.n) {
        diag_at(dx, &EVI_INDEX_ENTRY, json_origin(f, text), NULL);
        return;
    }
    struct index_entry *e = ARENA_NEW(a, struct index_entry);
    *e = (struct index_entry){
        .path = path,
        .account = value(f, "account"),
        .region = value(f, "region"),
        .service = value(f, "service"),
        .operation = value(f, "operation"),
        .parameters = json_get(f, STR("parameters")),
        .collected = WHEN_NONE,
        .exit_code = whole(json_get(f, STR("exit_code")), EXIT_UNKNOWN),
        .error_code = value(f, "error_code"),
        .error_message = value(f, "error_message"),
        .at = {text, json_pos(f), 1},
    };
    if (when_read(json_scalar(json_get(f, STR("collected"))), &when))
        e->collected = when;
    *map_put(a, by_path, e->path) = e;
}

static bool read_entries(struct arena *a, const struct text *text,
                         const struct json *root, struct map *by_path, struct diag *dx)
{
    const struct json *format = json_get(root, STR("format"));
    const struct json *files = json_get(root, STR("files"));
    if (!root) {
        diag_file(dx, &EVI_INDEX_UNUSABLE, text->name, "it is not JSON");
        return false;
    }
    if (!json_is(format, JSON_NUMBER) || json_num(format) != 1) {
        diag_at(dx, &EVI_INDEX_UNUSABLE, json_origin(format ? format : root, text),
                "\"format\" must be 1");
        return false;
    }
    if (!json_is(files, JSON_ARRAY)) {
        diag_at(dx, &EVI_INDEX_UNUSABLE, json_origin(files ? files : root, text),
                "\"files\" must be a list");
        return false;
    }
    size_t slash = str_find_last(text->name, '/');
    struct str folder = slash == (size_t)-1 ? STR("") : str_sub(text->name, 0, slash);
    for (const struct json *f = json_first(files); f; f = json_next(f))
        read_entry(a, text, f, folder, by_path, dx);
    return true;
}

bool index_read(struct arena *a, const struct text *text, struct map *by_path,
                struct diag *dx)
{
    return read_entries(a, text, json_read(a, text, dx), by_path, dx);
}

static char plain(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* "--policy-arn", "policy_arn" and "PolicyArn" are one option. */
static bool same_option(struct str x, struct str y)
{
    size_t i = 0, j = 0;
    for (;;) {
        while (i < x.n && (x.p[i] == '-' || x.p[i] == '_'))
            i++;
        while (j < y.n && (y.p[j] == '-' || y.p[j] == '_'))
            j++;
        if (i == x.n || j == y.n)
            return i == x.n && j == y.n;
        if (plain(x.p[i++]) != plain(y.p[j++]))
            return false;
    }
}

struct str index_parameter(struct arena *a, const struct json *parameters,
                           struct str option)
{
    for (const struct json *c = json_is(parameters, JSON_OBJECT) ? json_first(parameters)
                                                                 : NULL;
         c; c = json_next(c)) {
        if (!same_option(json_key(c), option))
            continue;
        if (!json_is(c, JSON_ARRAY))
            return json_scalar(c);
        struct buf joined = BUF_INIT;
        for (const struct json *e = json_first(c); e; e = json_next(e)) {
            if (joined.n)
                buf_c(&joined, ',');
            buf_str(&joined, json_scalar(e));
        }
        struct str s = buf_dup(a, &joined);
        buf_free(&joined);
        return s;
    }
    return STR("");
}
