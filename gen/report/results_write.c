/* Write results.json, and its schema, from the report's tables. */
#include "report/results.h"

#include "base/buf.h"
#include "base/threads.h"
#include "base/when.h"
#include "json/write.h"
#include "report/fields.h"

#include <assert.h>
#include <string.h>

enum { BLOCK_ITEMS = 256, SHAPES_MAX = 32, AHEAD = 3 /* items that come meanwhile */ };

/* How a shape is written: its stored fields alone, each with what its value follows.
 * Lists that stand one line an item come last, so that the line before says what they are
 * of. */
struct plan;
struct slot {
    const struct field *field;
    struct str first, label;  /* the name, quoted; the same after a comma */
    const struct plan *inner; /* THING, LIST, REFS */
    const struct field *key;  /* REF: the field that stands for the struct */
    const struct str *words;  /* WORD: quoted */
    /* Where a struct holds these bytes the value is left out; 0: it takes more to know.
     */
    size_t nothing_at, nothing_bytes;
    uint64_t nothing;
    bool always; /* others refer to the struct by it, or no word of it says nothing */
};
struct plan {
    const struct shape *shape;
    struct slot *slots;
    size_t n;
};

/* All shapes that results.json holds: read only, once made. */
struct plans {
    struct arena *a;
    struct plan v[SHAPES_MAX];
    size_t n;
};

/* One piece of the file, made by one worker. */
struct writer {
    struct buf out;
    struct arena *a; /* for one item of a list of the root */
};

static const struct plan *plan_of(struct plans *p, const struct shape *s);

static const struct str *quote_words(struct arena *a, const struct field *f)
{
    size_t n = 0;
    while (f->words[n])
        n++;
    struct str *quoted = ARENA_ARRAY(a, struct str, n);
    for (size_t i = 0; i < n; i++)
        quoted[i] = STR_CAT(a, STR("\""), str_from(f->words[i]), STR("\""));
    return quoted;
}

/* What a value holds when it is empty, and only then. */
static void know_nothing(struct slot *slot)
{
    const struct field *f = slot->field;
    slot->nothing_at = f->offset;
    switch (f->kind) {
    case FIELD_STR:
        slot->nothing_at += offsetof(struct str, n);
        slot->nothing_bytes = sizeof(size_t);
        break;
    case FIELD_LIST:
    case FIELD_REFS:
        slot->nothing_at += offsetof(struct report_list, n);
        slot->nothing_bytes = sizeof(uint32_t);
        break;
    case FIELD_REF:
        slot->nothing_bytes = sizeof(void *);
        break;
    case FIELD_UINT:
        slot->nothing_bytes = sizeof(uint32_t);
        break;
    case FIELD_WORD: /* the first alone may say nothing */
    case FIELD_BOOL:
        slot->nothing_bytes = sizeof(bool);
        break;
    case FIELD_TIME:
        slot->nothing = (uint64_t)WHEN_NONE;
        slot->nothing_bytes = sizeof(int64_t);
        break;
    default:
        break;
    }
}

static struct slot slot_of(struct plans *p, const struct shape *s, const struct field *f)
{
    struct slot slot = {.field = f};
    slot.label = STR_CAT(p->a, STR(", \""), str_from(f->name), STR("\": "));
    slot.first = str_sub(slot.label, 2, slot.label.n);
    slot.always = s->key && strcmp(s->key, f->name) == 0;
    if (f->kind == FIELD_THING || f->kind == FIELD_LIST || f->kind == FIELD_REFS)
        slot.inner = plan_of(p, f->shape);
    else if (f->kind == FIELD_REF)
        slot.key = shape_field(f->shape, str_from(f->shape->key));
    if (f->kind == FIELD_WORD) {
        slot.words = quote_words(p->a, f);
        slot.always = f->words[0][0] && !f->usual;
    }
    if (!slot.always && (!f->implied || f->text))
        know_nothing(&slot);
    return slot;
}

static const struct plan *plan_of(struct plans *p, const struct shape *s)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->v[i].shape == s)
            return &p->v[i];
    assert(p->n < SHAPES_MAX);
    struct plan *plan = &p->v[p->n++];
    plan->shape = s;
    plan->slots = ARENA_ARRAY(p->a, struct slot, s->n);
    for (int lines = 0; lines < 2; lines++)
        for (size_t i = 0; i < s->n; i++)
            if (s->fields[i].stored && (s->fields[i].kind == FIELD_REFS) == lines)
                plan->slots[plan->n++] = slot_of(p, s, &s->fields[i]);
    return plan;
}

static void write_thing(struct writer *w, const struct plan *p, const void *thing,
                        const void *outer);

static void write_number_or_text(struct writer *w, const struct field *f,
                                 const void *thing)
{
    const void *p = (const char *)thing + f->offset;
    if (f->kind == FIELD_STR)
        json_write_str(&w->out, *(const struct str *)p);
    else if (f->kind == FIELD_UINT)
        buf_int(&w->out, *(const uint32_t *)p);
    else if (f->kind == FIELD_SIZE)
        buf_int(&w->out, (int64_t) * (const uint64_t *)p);
    else if (f->kind == FIELD_BOOL)
        buf_z(&w->out, *(const bool *)p ? "true" : "false");
    else
        json_write_str(&w->out, field_text(w->a, f, thing));
}

/* What most values are. */
static bool is_left_out(const struct slot *slot, const void *thing)
{
    const char *p = (const char *)thing + slot->nothing_at;
    uint64_t eight;
    uint32_t four;
    switch (slot->nothing_bytes) {
    case sizeof(bool):
        return !*p;
    case sizeof four:
        memcpy(&four, p, sizeof four);
        return four == slot->nothing;
    case sizeof eight:
        memcpy(&eight, p, sizeof eight);
        return eight == slot->nothing;
    }
    return false;
}

/* Values that say nothing are left out: a reader takes them as empty, or as what follows
 * from the rest. */
static bool says_something(struct arena *a, const struct slot *slot, const void *thing,
                           const void *outer)
{
    const struct field *f = slot->field;
    if (slot->always || is_left_out(slot, thing))
        return slot->always;
    const void *p = (const char *)thing + f->offset;
    const void *implied = f->implied ? f->implied(a, thing, outer) : NULL;
    if (implied)
        return !field_same(f, p, implied);
    if (f->kind != FIELD_THING)
        return slot->nothing_bytes || field_truth(f, thing);
    for (size_t i = 0; i < slot->inner->n; i++)
        if (says_something(a, &slot->inner->slots[i], p, thing))
            return true;
    return false;
}

/* What a list refers to may lie far apart: have it come while others are written. */
static void fetch(const struct field *f, const void *thing, size_t i)
{
    enum { LINE_BYTES = 64 };
    if (f->kind != FIELD_REFS || i >= field_count(f, thing))
        return;
    const char *item = field_item(f, thing, i);
    for (size_t at = 0; at < f->shape->size; at += LINE_BYTES)
        __builtin_prefetch(item + at);
}

/* One line for each item, so that two runs can be compared by line. */
static const char *line_start(const struct field *f, size_t i)
{
    if (f->kind == FIELD_LIST)
        return i ? ", " : "";
    return i ? ",\n      " : "\n      ";
}

static void write_list(struct writer *w, const struct slot *slot, const void *thing)
{
    const struct field *f = slot->field;
    size_t n = field_count(f, thing);
    buf_c(&w->out, '[');
    for (size_t i = 0; i < n; i++) {
        fetch(f, thing, i + AHEAD);
        buf_z(&w->out, line_start(f, i));
        write_thing(w, slot->inner, field_item(f, thing, i), thing);
    }
    buf_z(&w->out, f->kind == FIELD_LIST ? "]" : "\n    ]");
}

static void write_value(struct writer *w, const struct slot *slot, const void *thing)
{
    const struct field *f = slot->field;
    switch (f->kind) {
    case FIELD_THING:
        write_thing(w, slot->inner, field_thing(f, thing), thing);
        break;
    case FIELD_REF:
        write_number_or_text(w, slot->key, field_thing(f, thing));
        break;
    case FIELD_WORD:
        buf_str(&w->out, slot->words[field_word(f, thing)]);
        break;
    case FIELD_LIST:
    case FIELD_REFS:
        write_list(w, slot, thing);
        break;
    default:
        write_number_or_text(w, f, thing);
    }
}

static void write_thing(struct writer *w, const struct plan *p, const void *thing,
                        const void *outer)
{
    bool first = true;
    buf_c(&w->out, '{');
    for (size_t i = 0; i < p->n; i++) {
        const struct slot *slot = &p->slots[i];
        if (!slot->always &&
            (is_left_out(slot, thing) || !says_something(w->a, slot, thing, outer)))
            continue;
        buf_str(&w->out, first ? slot->first : slot->label);
        first = false;
        write_value(w, slot, thing);
    }
    buf_c(&w->out, '}');
}

/* The file as it goes out: pieces of a long list are made by several threads, and taken
 * in their order. */
struct press {
    const struct report *r;
    const struct slot *list; /* of the root, that is written */
    struct writer *writers;  /* one for each worker; the first writes what is no list */
    bool (*part)(void *ctx, struct str bytes);
    void *ctx;
    bool ok;
};

static void write_block(void *ctx, size_t block, unsigned worker)
{
    const struct press *press = ctx;
    struct writer *w = &press->writers[worker];
    const struct field *f = press->list->field;
    size_t n = field_count(f, press->r), to = (block + 1) * BLOCK_ITEMS;
    for (size_t i = block * BLOCK_ITEMS; i < to && i < n; i++) {
        buf_z(&w->out, i ? ",\n    " : "\n    ");
        write_thing(w, press->list->inner, field_item(f, press->r, i), press->r);
        arena_rewind(w->a);
    }
}

static void take_block(void *ctx, size_t block, unsigned worker)
{
    (void)block;
    struct press *press = ctx;
    struct buf *out = &press->writers[worker].out;
    press->ok = press->ok && press->part(press->ctx, buf_view(out));
    buf_clear(out);
}

static void write_lines(struct press *press, const struct slot *list, unsigned threads)
{
    size_t n = field_count(list->field, press->r);
    struct buf *out = &press->writers[0].out;
    press->list = list;
    buf_c(out, '[');
    if (n) {
        take_block(press, 0, 0);
        threads_in_order((n + BLOCK_ITEMS - 1) / BLOCK_ITEMS, threads, write_block,
                         take_block, press);
    }
    buf_z(out, n ? "\n  ]" : "]");
}

static void write_report(struct press *press, const struct plan *root, unsigned threads)
{
    struct writer *w = &press->writers[0];
    /* First, so that a reader knows at once what it has before it. */
    buf_fmt(&w->out, "{\n  \"kdaudit\": \"results\",\n  \"format\": %u",
            press->r->format);
    for (size_t i = 0; i < root->n; i++) {
        const struct slot *slot = &root->slots[i];
        const struct field *f = slot->field;
        if (strcmp(f->name, "format") == 0 ||
            (f->kind != FIELD_LIST && !says_something(w->a, slot, press->r, NULL)))
            continue;
        buf_str(&w->out, STR(",\n  "));
        buf_str(&w->out, slot->first);
        if (f->kind == FIELD_LIST)
            write_lines(press, slot, threads);
        else
            write_value(w, slot, press->r);
    }
    buf_z(&w->out, "\n}\n");
    take_block(press, 0, 0);
}

bool results_stream(const struct report *r, unsigned threads,
                    bool (*part)(void *ctx, struct str bytes), void *ctx)
{
    struct plans plans = {.a = arena_new()};
    if (!threads)
        threads = threads_available();
    struct press press = {.r = r, .part = part, .ctx = ctx, .ok = true};
    press.writers = ARENA_ARRAY(plans.a, struct writer, threads);
    for (unsigned i = 0; i < threads; i++)
        press.writers[i].a = arena_new();
    write_report(&press, plan_of(&plans, report_shape()), threads);
    for (unsigned i = 0; i < threads; i++) {
        arena_free(press.writers[i].a);
        buf_free(&press.writers[i].out);
    }
    arena_free(plans.a);
    return press.ok;
}

static bool append(void *out, struct str bytes)
{
    buf_str(out, bytes);
    return true;
}

void results_write(struct buf *out, const struct report *r)
{
    results_stream(r, 1, append, out);
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
    case FIELD_REFS:
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
    const struct shape *v[SHAPES_MAX];
    size_t n;
};

/* All shapes below s that results.json holds, each once. */
static void collect(struct shapes *found, const struct shape *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];
        if (!f->stored ||
            (f->kind != FIELD_THING && f->kind != FIELD_LIST && f->kind != FIELD_REFS))
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
               "\"evidence\", \"subjects\"],\n"
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
