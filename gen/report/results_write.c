/* Write results.json, and its schema, from the report's tables. */
#include "report/results.h"

#include "base/buf.h"
#include "json/write.h"
#include "report/fields.h"

#include <string.h>

enum { PART_BYTES = 1 << 18 };

enum { KEYS_MAX = 16 };

struct writer {
    struct buf out;
    struct arena *a; /* for one item of a list of the root */
    /* Where finished pieces go; NULL: they stay in out. */
    bool (*part)(void *ctx, struct str bytes);
    void *ctx;
    bool ok;
    /* The fields that stand for structs in references, as they were looked up. */
    const struct field *keys[KEYS_MAX];
    const struct shape *keyed[KEYS_MAX];
};

static const struct field *key_of(struct writer *w, const struct shape *s)
{
    size_t i = 0;
    while (i < KEYS_MAX && w->keyed[i] && w->keyed[i] != s)
        i++;
    if (i < KEYS_MAX && w->keyed[i])
        return w->keys[i];
    const struct field *key = shape_field(s, str_from(s->key));
    if (i < KEYS_MAX) {
        w->keyed[i] = s;
        w->keys[i] = key;
    }
    return key;
}

static void write_thing(struct writer *w, const struct shape *s, const void *thing,
                        const void *outer);

static void write_number_or_text(struct writer *w, const struct field *f,
                                 const void *thing)
{
    const void *p = (const char *)thing + f->offset;
    if (f->kind == FIELD_UINT)
        buf_int(&w->out, *(const uint32_t *)p);
    else if (f->kind == FIELD_SIZE)
        buf_int(&w->out, (int64_t) * (const uint64_t *)p);
    else if (f->kind == FIELD_BOOL)
        buf_z(&w->out, *(const bool *)p ? "true" : "false");
    else
        json_write_str(&w->out, field_text(w->a, f, thing));
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

static void write_value(struct writer *w, const struct field *f, const void *thing)
{
    switch (f->kind) {
    case FIELD_THING:
        write_thing(w, f->shape, field_thing(f, thing), thing);
        break;
    case FIELD_REF:
        write_number_or_text(w, key_of(w, f->shape), field_thing(f, thing));
        break;
    case FIELD_LIST:
        buf_c(&w->out, '[');
        for (size_t i = 0; i < field_count(f, thing); i++) {
            if (i)
                buf_str(&w->out, STR(", "));
            write_thing(w, f->shape, field_item(f, thing, i), thing);
        }
        buf_c(&w->out, ']');
        break;
    default:
        write_number_or_text(w, f, thing);
    }
}

static void write_thing(struct writer *w, const struct shape *s, const void *thing,
                        const void *outer)
{
    const struct field *key = s->key ? key_of(w, s) : NULL;
    bool first = true;
    buf_c(&w->out, '{');
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];
        if (!f->stored || (f != key && !says_something(w->a, f, thing, outer)))
            continue;
        buf_str(&w->out, first ? STR("\"") : STR(", \""));
        first = false;
        buf_z(&w->out, f->name);
        buf_str(&w->out, STR("\": "));
        write_value(w, f, thing);
    }
    buf_c(&w->out, '}');
}

/* A list of the root: one line for each item, so that two runs can be compared by line.
 */
static void write_lines(struct writer *w, const struct field *f, const void *thing)
{
    size_t n = field_count(f, thing);
    buf_c(&w->out, '[');
    for (size_t i = 0; i < n; i++) {
        buf_z(&w->out, i ? ",\n    " : "\n    ");
        write_thing(w, f->shape, field_item(f, thing, i), thing);
        arena_rewind(w->a);
        if (w->part && w->out.n >= PART_BYTES) {
            w->ok = w->ok && w->part(w->ctx, buf_view(&w->out));
            buf_clear(&w->out);
        }
    }
    buf_z(&w->out, n ? "\n  ]" : "]");
}

static void write_report(struct writer *w, const struct report *r)
{
    const struct shape *s = report_shape();
    w->a = arena_new();
    /* First, so that a reader knows at once what it has before it. */
    buf_fmt(&w->out, "{\n  \"kdaudit\": \"results\",\n  \"format\": %u", r->format);
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];
        if (!f->stored || strcmp(f->name, "format") == 0)
            continue;
        if (f->kind != FIELD_LIST && !says_something(w->a, f, r, NULL))
            continue;
        buf_fmt(&w->out, ",\n  \"%s\": ", f->name);
        if (f->kind == FIELD_LIST)
            write_lines(w, f, r);
        else
            write_value(w, f, r);
    }
    buf_z(&w->out, "\n}\n");
    arena_free(w->a);
}

void results_write(struct buf *out, const struct report *r)
{
    struct writer w = {.out = *out};
    write_report(&w, r);
    *out = w.out;
}

bool results_stream(const struct report *r, bool (*part)(void *ctx, struct str bytes),
                    void *ctx)
{
    struct writer w = {.part = part, .ctx = ctx, .ok = true};
    write_report(&w, r);
    bool ok = w.ok && part(ctx, buf_view(&w.out));
    buf_free(&w.out);
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
