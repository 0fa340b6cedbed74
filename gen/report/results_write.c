/* Write results.json, and its schema, from the report's tables. */
#include "report/results.h"

#include "base/buf.h"
#include "json/write.h"
#include "report/fields.h"

#include <string.h>

enum { PART_BYTES = 1 << 20 };

/* Where finished pieces go; part NULL: they stay in the buffer. */
struct stream {
    bool (*part)(void *ctx, struct str bytes);
    void *ctx;
    bool ok;
};

static void write_thing(struct buf *out, struct arena *a, const struct shape *s,
                        const void *thing, const void *outer);

static void write_number_or_text(struct buf *out, struct arena *a, const struct field *f,
                                 const void *thing)
{
    const void *p = (const char *)thing + f->offset;
    if (f->kind == FIELD_UINT)
        buf_int(out, *(const uint32_t *)p);
    else if (f->kind == FIELD_SIZE)
        buf_int(out, (int64_t) * (const uint64_t *)p);
    else if (f->kind == FIELD_BOOL)
        buf_z(out, *(const bool *)p ? "true" : "false");
    else
        json_write_str(out, field_text(a, f, thing));
}

/* Values that say nothing are left out: a reader takes them as empty, or as what follows
 * from the rest. */
static bool says_something(struct arena *a, const struct field *f, const void *thing,
                           const void *outer)
{
    if (f->implied)
        return !str_eq(field_text(a, f, thing), f->implied(a, thing, outer));
    if (f->kind == FIELD_WORD) {
        int word = *(const int *)(const void *)((const char *)thing + f->offset);
        return f->words[word][0] && !(f->usual && word == 0);
    }
    if (f->kind == FIELD_THING)
        for (size_t i = 0; i < f->shape->n; i++)
            if (f->shape->fields[i].stored &&
                says_something(a, &f->shape->fields[i], field_thing(f, thing), thing))
                return true;
    return f->kind != FIELD_THING && field_truth(f, thing);
}

static void write_value(struct buf *out, struct arena *a, const struct field *f,
                        const void *thing)
{
    switch (f->kind) {
    case FIELD_THING:
        write_thing(out, a, f->shape, field_thing(f, thing), thing);
        break;
    case FIELD_REF: {
        const struct field *key = shape_field(f->shape, str_from(f->shape->key));
        write_number_or_text(out, a, key, field_thing(f, thing));
        break;
    }
    case FIELD_LIST:
        buf_c(out, '[');
        for (size_t i = 0; i < field_count(f, thing); i++) {
            if (i)
                buf_z(out, ", ");
            write_thing(out, a, f->shape, field_item(f, thing, i), thing);
        }
        buf_c(out, ']');
        break;
    case FIELD_STR: /* the common case, without a copy */
        json_write_str(
            out, *(const struct str *)(const void *)((const char *)thing + f->offset));
        break;
    case FIELD_WORD:
        json_write_str(out, field_text(a, f, thing));
        break;
    default:
        write_number_or_text(out, a, f, thing);
    }
}

static void write_thing(struct buf *out, struct arena *a, const struct shape *s,
                        const void *thing, const void *outer)
{
    bool first = true;
    buf_c(out, '{');
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];
        bool is_key = s->key && strcmp(f->name, s->key) == 0;
        if (!f->stored || (!is_key && !says_something(a, f, thing, outer)))
            continue;
        if (!first)
            buf_z(out, ", ");
        first = false;
        json_write_str(out, str_from(f->name));
        buf_z(out, ": ");
        write_value(out, a, f, thing);
    }
    buf_c(out, '}');
}

/* A list of the root: one line for each item, so that two runs can be compared by line.
 */
static void write_lines(struct buf *out, struct arena *a, const struct field *f,
                        const void *thing, struct stream *stream)
{
    size_t n = field_count(f, thing);
    buf_c(out, '[');
    for (size_t i = 0; i < n; i++) {
        buf_z(out, i ? ",\n    " : "\n    ");
        write_thing(out, a, f->shape, field_item(f, thing, i), thing);
        if (stream->part && out->n >= PART_BYTES) {
            stream->ok = stream->ok && stream->part(stream->ctx, buf_view(out));
            buf_clear(out);
            arena_clear(a);
        }
    }
    buf_z(out, n ? "\n  ]" : "]");
}

static void write_report(struct buf *out, const struct report *r, struct stream *stream)
{
    const struct shape *s = report_shape();
    struct arena *a = arena_new();
    buf_c(out, '{');
    /* First, so that a reader knows at once what it has before it. */
    buf_fmt(out, "\n  \"kdaudit\": \"results\",\n  \"format\": %u", r->format);
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];
        if (!f->stored || strcmp(f->name, "format") == 0)
            continue;
        if (f->kind != FIELD_LIST && !says_something(a, f, r, NULL))
            continue;
        buf_fmt(out, ",\n  \"%s\": ", f->name);
        if (f->kind == FIELD_LIST)
            write_lines(out, a, f, r, stream);
        else
            write_value(out, a, f, r);
    }
    buf_z(out, "\n}\n");
    arena_free(a);
}

void results_write(struct buf *out, const struct report *r)
{
    struct stream none = {.ok = true};
    write_report(out, r, &none);
}

bool results_stream(const struct report *r, bool (*part)(void *ctx, struct str bytes),
                    void *ctx)
{
    struct stream stream = {part, ctx, true};
    struct buf out = BUF_INIT;
    write_report(&out, r, &stream);
    bool ok = stream.ok && part(ctx, buf_view(&out));
    buf_free(&out);
    return ok;
}

static void schema_field(struct buf *out, const struct field *f)
{
    buf_z(out, "{\"description\": ");
    json_write_str(out, str_from(f->help));
    switch (f->kind) {
    case FIELD_UINT:
    case FIELD_SIZE:
        buf_z(out, ", \"type\": \"integer\", \"minimum\": 0");
        break;
    case FIELD_BOOL:
        buf_z(out, ", \"type\": \"boolean\"");
        break;
    case FIELD_TIME:
        buf_z(out, ", \"type\": \"string\", \"format\": \"date-time\"");
        break;
    case FIELD_WORD:
    case FIELD_Z:
        buf_z(out, ", \"enum\": [");
        for (size_t i = 0, n = 0; f->words[i]; i++)
            if (f->words[i][0])
                buf_fmt(out, "%s\"%s\"", n++ ? ", " : "", f->words[i]);
        buf_c(out, ']');
        break;
    case FIELD_THING:
        buf_fmt(out, ", \"allOf\": [{\"$ref\": \"#/definitions/%s\"}]", f->shape->name);
        break;
    case FIELD_LIST:
        buf_fmt(out, ", \"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/%s\"}",
                f->shape->name);
        break;
    case FIELD_REF: {
        const struct field *key = shape_field(f->shape, str_from(f->shape->key));
        buf_fmt(out, ", \"type\": \"%s\"",
                key->kind == FIELD_UINT ? "integer" : "string");
        break;
    }
    default:
        buf_z(out, ", \"type\": \"string\"");
    }
    buf_c(out, '}');
}

static void schema_properties(struct buf *out, const struct shape *s, const char *indent)
{
    bool first = true;
    for (size_t i = 0; i < s->n; i++) {
        if (!s->fields[i].stored)
            continue;
        buf_fmt(out, "%s%s\"%s\": ", first ? "" : ",\n", indent, s->fields[i].name);
        schema_field(out, &s->fields[i]);
        first = false;
    }
}

struct shapes {
    const struct shape *v[32];
    size_t n;
};

/* All shapes below s that results.json holds, each once. */
static void collect(struct shapes *found, const struct shape *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];
        if (!f->stored || (f->kind != FIELD_THING && f->kind != FIELD_LIST))
            continue;
        size_t j = 0;
        while (j < found->n && found->v[j] != f->shape)
            j++;
        if (j < found->n)
            continue;
        found->v[found->n++] = f->shape;
        collect(found, f->shape);
    }
}

void results_schema(struct buf *out)
{
    const struct shape *root = report_shape();
    struct shapes found = {.n = 0};
    collect(&found, root);
    buf_z(out, "{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
               "  \"title\": \"kdaudit results.json\",\n"
               "  \"description\": \"Members that say nothing are left out: absent means "
               "empty, 0, or false, or what the member's description says. Readers must "
               "ignore members that they do not know.\",\n"
               "  \"type\": \"object\",\n"
               "  \"required\": [\"kdaudit\", \"format\", \"version\", \"controls\", "
               "\"evidence\", \"subjects\", \"tests\"],\n"
               "  \"properties\": {\n    \"kdaudit\": {\"const\": \"results\"},\n");
    schema_properties(out, root, "    ");
    buf_z(out, "\n  },\n  \"definitions\": {\n");
    for (size_t i = 0; i < found.n; i++) {
        buf_fmt(out,
                "    \"%s\": {\n      \"description\": \"%s\",\n      \"type\": "
                "\"object\",\n      \"properties\": {\n",
                found.v[i]->name, found.v[i]->help);
        schema_properties(out, found.v[i], "        ");
        buf_fmt(out, "\n      }\n    }%s\n", i + 1 < found.n ? "," : "");
    }
    buf_z(out, "  }\n}\n");
}
