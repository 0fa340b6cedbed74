/* A report with one of everything, made from the tables alone: what a template may ever
 * meet, to try it on. It is written as results.json and read back, so that nothing here
 * knows a field by name but those that others refer to. */
#include "report/exemplar.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/text.h"
#include "json/write.h"
#include "report/fields.h"
#include "report/results.h"

#include <string.h>

enum {
    ITEMS = 2,    /* of a list */
    TESTS = 12,   /* of a subject: enough for every result with every disposition */
    DEPTH_MAX = 8 /* the tables nest less; a loop in them would not end otherwise */
};

struct writing {
    struct buf *out;
    bool bare; /* only what must be there */
    unsigned depth;
};

static void thing(struct writing *w, const struct shape *s, size_t i);

/* Texts that others refer to are plain; the rest hold what an output must escape. */
static void text(struct writing *w, const char *name, size_t i, bool plain)
{
    struct buf b = BUF_INIT;
    buf_fmt(&b, plain ? "%s-%zu" : "%s %zu <i>&amp;</i> \"'`|]]>*_:", name, i);
    json_write_str(w->out, buf_view(&b));
    buf_free(&b);
}

/* The key of the first thing of a shape, as the thing itself has it. */
static void reference(struct writing *w, const struct shape *s)
{
    const struct field *key = shape_field(s, str_from(s->key));
    if (key->kind == FIELD_STR)
        text(w, key->name, 0, true);
    else
        buf_z(w->out, "0");
}

static void list(struct writing *w, const struct field *f)
{
    size_t n = f->kind == FIELD_REFS ? TESTS : ITEMS;
    buf_c(w->out, '[');
    for (size_t i = 0; i < n; i++) {
        buf_z(w->out, i ? ",\n" : "");
        thing(w, f->shape, i);
    }
    buf_c(w->out, ']');
}

/* The words of a field, one after the other, from the first again. */
static const char *word(const struct field *f, size_t i)
{
    size_t n = 1; /* there is one at least */
    while (f->words[n])
        n++;
    return f->words[i % n];
}

static void value(struct writing *w, const struct shape *s, const struct field *f,
                  size_t i)
{
    bool plain = s->key && strcmp(s->key, f->name) == 0;
    switch (f->kind) {
    case FIELD_STR:
        text(w, f->name, i, plain);
        break;
    case FIELD_UINT:
    case FIELD_SIZE:
        buf_fmt(w->out, "%zu", strcmp(f->name, "format") == 0 ? REPORT_FORMAT : i);
        break;
    case FIELD_BOOL:
        buf_z(w->out, i % 2 ? "false" : "true");
        break;
    case FIELD_TIME:
        buf_z(w->out, "\"2026-11-20T09:17:51Z\"");
        break;
    case FIELD_Z:
    case FIELD_WORD:
        /* The empty word is no word: it is left out like every empty value. */
        json_write_str(w->out, str_from(word(f, i)));
        break;
    case FIELD_THING:
        thing(w, f->shape, i);
        break;
    case FIELD_REF:
        reference(w, f->shape);
        break;
    case FIELD_LIST:
    case FIELD_REFS:
        list(w, f);
        break;
    default:
        buf_z(w->out, "null");
        break;
    }
}

/* A bare report is all that an empty folder gives: what is no list, and no truth. */
static bool present(const struct writing *w, const struct field *f)
{
    if (!f->stored)
        return false;
    return !w->bare || (f->kind != FIELD_LIST && f->kind != FIELD_BOOL);
}

static void thing(struct writing *w, const struct shape *s, size_t i)
{
    bool any = false;
    buf_c(w->out, '{');
    for (size_t k = 0; k < s->n && w->depth < DEPTH_MAX; k++) {
        if (!present(w, &s->fields[k]))
            continue;
        buf_fmt(w->out, "%s\"%s\": ", any ? ", " : "", s->fields[k].name);
        any = true;
        w->depth++;
        value(w, s, &s->fields[k], i);
        w->depth--;
    }
    buf_c(w->out, '}');
}

struct report *report_exemplar(struct arena *a, bool bare, struct diag *dx)
{
    struct buf out = BUF_INIT;
    struct writing w = {.out = &out, .bare = bare};
    struct text *json = ARENA_NEW(a, struct text);
    thing(&w, report_shape(), 0);
    /* The one member that the tables do not have. */
    json->name = STR("results.json");
    json->bytes =
        str_fmt(a, "{\"kdaudit\": \"results\", %.*s", (int)out.n - 1, out.p + 1);
    buf_free(&out);
    return results_read(a, json, dx);
}
