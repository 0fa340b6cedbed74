/* Write and read data/index.json. */
#include "pack/index.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/when.h"
#include "json/json.h"
#include "json/write.h"
#include "pack/message.h"

/* A member of an object on one line; the first has no comma before it. */
static void key(struct buf *out, const char *name)
{
    buf_fmt(out, "%s\"%s\": ", out->p[out->n - 1] == '{' ? "" : ", ", name);
}

static void text(struct buf *out, const char *name, struct str value)
{
    if (!value.n)
        return;
    key(out, name);
    json_write_str(out, value);
}

static void number(struct buf *out, const char *name, int64_t value)
{
    key(out, name);
    buf_int(out, value);
}

static void time(struct buf *out, struct arena *a, const char *name, int64_t value)
{
    if (value != WHEN_NONE)
        text(out, name, when_text(a, value));
}

static void write_entry(struct buf *out, struct arena *a, const struct pack_entry *e)
{
    buf_c(out, '{');
    text(out, "path", e->path);
    text(out, "name", e->name);
    text(out, "account", e->account);
    text(out, "region", e->region);
    text(out, "service", e->service);
    text(out, "operation", e->operation);
    if (e->parameters) {
        key(out, "parameters");
        json_write(out, e->parameters, false, true);
    }
    time(out, a, "collected", e->collected);
    if (e->exit_code >= 0)
        number(out, "exit_code", e->exit_code);
    text(out, "error_code", e->error_code);
    text(out, "error_message", e->error_message);
    number(out, "bytes", (int64_t)e->size_bytes);
    text(out, "sha256", e->sha256);
    if (e->original_sha256.n) {
        number(out, "masked", e->masked);
        number(out, "original_bytes", (int64_t)e->original_size_bytes);
        text(out, "original_sha256", e->original_sha256);
    }
    buf_c(out, '}');
}

static void list(struct buf *out, const char *name)
{
    buf_fmt(out, ",\n  \"%s\": [", name);
}

static void item(struct buf *out, size_t i)
{
    buf_z(out, i ? ",\n    " : "\n    ");
}

static void end(struct buf *out, size_t n)
{
    buf_z(out, n ? "\n  ]" : "]");
}

void pack_index_write(struct buf *out, const struct pack_index *ix)
{
    struct arena *a = arena_new();
    buf_fmt(out, "{\n  \"kdaudit\": \"pack\",\n  \"format\": %d,\n  \"version\": ",
            PACK_FORMAT);
    json_write_str(out, ix->version);
    buf_z(out, ",\n  \"as_of\": ");
    json_write_str(out, when_text(a, ix->as_of));
    buf_z(out, ",\n  \"catalog\": {");
    text(out, "id", ix->catalog_id);
    text(out, "version", ix->catalog_version);
    text(out, "sha256", ix->catalog_sha256);
    buf_c(out, '}');
    if (ix->redacted) {
        buf_z(out, ",\n  \"redacted\": {");
        text(out, "key", ix->redaction_key);
        buf_c(out, '}');
    }
    list(out, "parameters");
    for (size_t i = 0; i < ix->params.n; i++) {
        item(out, i);
        json_write_str(out, ix->params.v[i]);
    }
    end(out, ix->params.n);
    list(out, "parts");
    for (size_t i = 0; i < ix->parts.n; i++) {
        const struct pack_part *p = &ix->parts.v[i];
        item(out, i);
        buf_c(out, '{');
        text(out, "path", p->path);
        text(out, "name", p->name);
        number(out, "bytes", (int64_t)p->size_bytes);
        text(out, "sha256", p->sha256);
        buf_c(out, '}');
    }
    end(out, ix->parts.n);
    list(out, "files");
    for (size_t i = 0; i < ix->entries.n; i++) {
        item(out, i);
        write_entry(out, a, &ix->entries.v[i]);
    }
    end(out, ix->entries.n);
    buf_z(out, "\n}\n");
    arena_free(a);
}

struct reader {
    struct arena *a;
    const struct text *text;
    struct diag *dx;
    bool ok;
};

static void fault(struct reader *r, const struct json *n, const char *why)
{
    diag_at(r->dx, &PAK_INDEX_UNREADABLE, json_origin(n, r->text), "%s", why);
    r->ok = false;
}

static struct str get(const struct json *n, const char *name)
{
    return json_str(json_get(n, str_from(name)));
}

/* A size: what a double holds exactly, written as digits alone. */
static uint64_t get_size(struct reader *r, const struct json *n, const char *name)
{
    int64_t v;
    const struct json *m = json_get(n, str_from(name));
    if (json_is(m, JSON_NUMBER) && str_int(json_scalar(m), &v) && v >= 0)
        return (uint64_t)v;
    fault(r, n, "a size is no whole number");
    return 0;
}

static void read_entry(struct reader *r, const struct json *n, struct pack_entry *e)
{
    int64_t code;
    *e = (struct pack_entry){
        .path = get(n, "path"),
        .name = get(n, "name"),
        .sha256 = get(n, "sha256"),
        .size_bytes = get_size(r, n, "bytes"),
        .account = get(n, "account"),
        .region = get(n, "region"),
        .service = get(n, "service"),
        .operation = get(n, "operation"),
        .parameters = json_get(n, STR("parameters")),
        .collected = WHEN_NONE,
        .exit_code = -1,
        .error_code = get(n, "error_code"),
        .error_message = get(n, "error_message"),
        .original_sha256 = get(n, "original_sha256"),
        .pos = json_pos(n),
    };
    if (str_int(json_scalar(json_get(n, STR("exit_code"))), &code))
        e->exit_code = code;
    when_read(get(n, "collected"), &e->collected);
}

static const struct json *get_list(struct reader *r, const struct json *root,
                                   const char *name)
{
    const struct json *n = json_get(root, str_from(name));
    if (!json_is(n, JSON_ARRAY))
        fault(r, n ? n : root, str_fmt(r->a, "\"%s\" must be a list", name).p);
    return n;
}

static void read_lists(struct reader *r, const struct json *root, struct pack_index *ix)
{
    for (const struct json *n = json_first(get_list(r, root, "files")); n;
         n = json_next(n))
        read_entry(r, n, vec_push(r->a, &ix->entries));
    for (const struct json *n = json_first(get_list(r, root, "parts")); n;
         n = json_next(n))
        *vec_push(r->a, &ix->parts) = (struct pack_part){
            .path = get(n, "path"),
            .name = get(n, "name"),
            .sha256 = get(n, "sha256"),
            .size_bytes = get_size(r, n, "bytes"),
            .pos = json_pos(n),
        };
    for (const struct json *n = json_first(get_list(r, root, "parameters")); n;
         n = json_next(n)) {
        if (!json_is(n, JSON_STRING))
            fault(r, n, "a parameter is no text");
        *vec_push(r->a, &ix->params) = json_str(n);
    }
}

struct pack_index *pack_index_read(struct arena *a, const struct text *text,
                                   struct diag *dx)
{
    struct reader r = {.a = a, .text = text, .dx = dx, .ok = true};
    const struct json *root = json_read(a, text, dx);
    if (!root)
        return NULL;
    struct pack_index *ix = ARENA_NEW(a, struct pack_index);
    const struct json *catalog = json_get(root, STR("catalog"));
    const struct json *redacted = json_get(root, STR("redacted"));
    ix->version = get(root, "version");
    ix->catalog_id = get(catalog, "id");
    ix->catalog_version = get(catalog, "version");
    ix->catalog_sha256 = get(catalog, "sha256");
    ix->redacted = json_is(redacted, JSON_OBJECT);
    ix->redaction_key = get(redacted, "key");
    if (!str_eq(get(root, "kdaudit"), STR("pack")))
        fault(&r, root, "\"kdaudit\" must be \"pack\"");
    else if (json_num(json_get(root, STR("format"))) != PACK_FORMAT)
        fault(&r, root, "it is of a format that this kdaudit does not know");
    else if (!when_read(get(root, "as_of"), &ix->as_of))
        fault(&r, root, "\"as_of\" must be a time");
    else
        read_lists(&r, root, ix);
    return r.ok ? ix : NULL;
}

struct pack_index *pack_index_short(struct arena *a, const struct pack_index *ix)
{
    struct pack_index *to = ARENA_NEW(a, struct pack_index);
    *to = (struct pack_index){
        .version = str_dup(a, ix->version),
        .as_of = ix->as_of,
        .catalog_id = str_dup(a, ix->catalog_id),
        .catalog_version = str_dup(a, ix->catalog_version),
        .catalog_sha256 = str_dup(a, ix->catalog_sha256),
        .redacted = ix->redacted,
        .redaction_key = str_dup(a, ix->redaction_key),
    };
    for (size_t i = 0; i < ix->params.n; i++)
        *vec_push(a, &to->params) = str_dup(a, ix->params.v[i]);
    for (size_t i = 0; i < ix->parts.n; i++) {
        struct pack_part *p = vec_push(a, &to->parts);
        *p = ix->parts.v[i];
        p->path = str_dup(a, p->path);
        p->sha256 = str_dup(a, p->sha256);
        p->name = str_dup(a, p->name);
    }
    return to;
}
