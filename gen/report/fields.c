/* Fields of the report's structs: reading any of them by its row. */
#include "report/fields.h"

#include "base/when.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const void *at(const struct field *f, const void *thing)
{
    return (const char *)thing + f->offset;
}

static int by_name(const void *key, const void *row)
{
    const struct str *name = key;
    return str_cmp(*name, str_from(((const struct field *)row)->name));
}

const struct field *shape_field(const struct shape *s, struct str name)
{
    return s->n ? bsearch(&name, s->fields, s->n, sizeof *s->fields, by_name) : NULL;
}

struct str field_text(struct arena *a, const struct field *f, const void *thing)
{
    const void *p = at(f, thing);
    switch (f->kind) {
    case FIELD_STR:
        return f->text && !((const struct str *)p)->n ? f->text(a, thing)
                                                      : *(const struct str *)p;
    case FIELD_Z:
        return str_from(*(const char *const *)p);
    case FIELD_UINT:
        return str_uint(a, *(const uint32_t *)p);
    case FIELD_SIZE:
        return str_uint(a, *(const uint64_t *)p);
    case FIELD_BOOL:
        return *(const bool *)p ? STR("true") : STR("false");
    case FIELD_TIME:
        return when_text(a, *(const int64_t *)p);
    case FIELD_WORD:
        return str_from(f->words[field_word(f, thing)]);
    case FIELD_TEXT:
        return f->text(a, thing);
    case FIELD_FLAG:
        return f->flag(thing) ? STR("true") : STR("false");
    default:
        return STR("");
    }
}

bool field_truth(const struct field *f, const void *thing)
{
    const void *p = at(f, thing);
    switch (f->kind) {
    case FIELD_STR:
        return ((const struct str *)p)->n > 0 || f->text;
    case FIELD_Z:
        return *(const char *const *)p != NULL;
    case FIELD_UINT:
        return *(const uint32_t *)p != 0;
    case FIELD_SIZE:
        return *(const uint64_t *)p != 0;
    case FIELD_BOOL:
        return *(const bool *)p;
    case FIELD_TIME:
        return *(const int64_t *)p != WHEN_NONE;
    case FIELD_FLAG:
        return f->flag(thing);
    case FIELD_LIST:
    case FIELD_REFS:
        return field_count(f, thing) > 0;
    case FIELD_THING:
    case FIELD_REF:
        return field_thing(f, thing) != NULL;
    case FIELD_WORD:
    case FIELD_MADE:
    case FIELD_TEXT:
        break;
    }
    return true;
}

size_t field_count(const struct field *f, const void *thing)
{
    return ((const struct report_list *)at(f, thing))->n;
}

const void *field_item(const struct field *f, const void *thing, size_t i)
{
    const struct report_list *l = at(f, thing);
    if (f->kind == FIELD_REFS)
        return ((void *const *)l->v)[i];
    return (const char *)l->v + i * f->shape->size;
}

const void *field_thing(const struct field *f, const void *thing)
{
    if (f->kind == FIELD_THING)
        return at(f, thing);
    return *(const void *const *)at(f, thing);
}

static bool same_things(const struct shape *s, const void *x, const void *y)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->fields[i].stored &&
            !field_same(&s->fields[i], at(&s->fields[i], x), at(&s->fields[i], y)))
            return false;
    return true;
}

bool field_same(const struct field *f, const void *x, const void *y)
{
    const struct report_list *l = x, *r = y;
    switch (f->kind) {
    case FIELD_STR:
        return str_eq(*(const struct str *)x, *(const struct str *)y);
    case FIELD_UINT:
        return *(const uint32_t *)x == *(const uint32_t *)y;
    case FIELD_REF:
        return *(const void *const *)x == *(const void *const *)y;
    case FIELD_THING:
        return memcmp(x, y, f->shape->size) == 0 || same_things(f->shape, x, y);
    case FIELD_LIST:
        if (l->n != r->n)
            return false;
        for (size_t i = 0; i < l->n && l->v != r->v; i++)
            if (!same_things(f->shape, (const char *)l->v + i * f->shape->size,
                             (const char *)r->v + i * f->shape->size))
                return false;
        return true;
    default:
        assert(!"no such field is implied");
        return false;
    }
}
