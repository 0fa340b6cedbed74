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

/* folder (and its slash) and path, or empty when path would leave the folder. */
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
    const struct str parts[] = {folder, path};
    return folder.n ? str_cat(a, parts, 2) : path;
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

/* What reading an index needs. */
struct reading {
    struct arena *a, *keep;
    const struct text *text;
    struct str folder;
    struct map *by_path;
    struct diag *dx;
};

static void read_entry(const struct reading *r, const struct json *f)
{
    struct str path = below(r->a, r->folder, json_str(json_get(f, STR("path"))));
    const struct json *parameters = json_get(f, STR("parameters"));
    int64_t when;
    if (!path.n) {
        diag_at(r->dx, &EVI_INDEX_ENTRY, json_origin(f, r->text), NULL);
        return;
    }
    struct index_entry *e = ARENA_NEW(r->a, struct index_entry);
    *e = (struct index_entry){
        .path = path,
        .account = value(f, "account"),
        .region = value(f, "region"),
        .service = value(f, "service"),
        .operation = value(f, "operation"),
        .parameters = parameters ? json_copy(r->keep, parameters) : NULL,
        .collected = WHEN_NONE,
        .exit_code = whole(json_get(f, STR("exit_code")), EXIT_UNKNOWN),
        .error_code = value(f, "error_code"),
        .error_message = value(f, "error_message"),
        .at = {r->text, json_pos(f), 1},
    };
    if (when_read(json_scalar(json_get(f, STR("collected"))), &when))
        e->collected = when;
    *map_put(r->a, r->by_path, e->path) = e;
}

/* May its entries be used? */
static bool usable(const struct text *text, const struct json *root, struct diag *dx)
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
    return true;
}

bool index_read(struct arena *a, struct arena *keep, const struct text *text,
                struct map *by_path, struct diag *dx)
{
    size_t slash = str_find_last(text->name, '/');
    const struct reading r = {.a = a,
                              .keep = keep,
                              .text = text,
                              .folder = str_sub(text->name, 0, slash + 1),
                              .by_path = by_path,
                              .dx = dx};
    /* An entry at a time: the nodes of all would take three times the room of the text.
     */
    struct arena *nodes = arena_new();
    struct json_room *room = json_room_new(a, nodes);
    bool ok = usable(text, json_read_outline(a, room, text, STR("files"), dx), dx);
    arena_rewind(nodes);
    for (const struct json *f; ok && (f = json_next_element(a, room, text));
         arena_rewind(nodes))
        read_entry(&r, f);
    json_room_free(room);
    arena_free(nodes);
    return ok;
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
