/* The report as templates see it. */
#include "render/report_view.h"

#include "base/buf.h"
#include "render/render.h"

#include <stdlib.h>
#include <string.h>

/* What a view is, in view.i. */
enum { IS_THING, IS_FIELD, IS_EXTRA, IS_MADE };

/* A computed list, made when it was asked for. */
struct made {
    const struct shape *shape;
    char *items;
    size_t n;
};

static const struct shape page_shape = {.name = "page", .help = "the page being written"};

static int compare_extra(const struct extra *x, const char *shape, struct str name)
{
    int c = strcmp(shape, x->shape);
    return c ? c : str_cmp(name, str_from(x->name));
}

const struct extra *extra_find(const char *shape, struct str name)
{
    size_t lo = 0, hi;
    const struct extra *rows = extra_rows(&hi);
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = compare_extra(&rows[mid], shape, name);
        if (c == 0)
            return &rows[mid];
        if (c < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

static enum view_is is_field(const struct field *f, const void *thing)
{
    switch (f->kind) {
    case FIELD_LIST:
    case FIELD_REFS:
        return VIEW_LIST;
    case FIELD_THING:
    case FIELD_REF:
        return field_thing(f, thing) ? VIEW_THING : VIEW_NOTHING;
    case FIELD_BOOL:
    case FIELD_FLAG:
        return field_truth(f, thing) ? VIEW_TEXT : VIEW_FALSE;
    case FIELD_UINT:
    case FIELD_SIZE:
    case FIELD_TEXT:
        return VIEW_TEXT; /* a count of 0 is worth printing */
    case FIELD_WORD:
        return f->words[*(const int *)(const void *)((const char *)thing + f->offset)][0]
                   ? VIEW_TEXT
                   : VIEW_NOTHING;
    default:
        return field_truth(f, thing) ? VIEW_TEXT : VIEW_NOTHING;
    }
}

static enum view_is view_is(void *ctx, struct view v)
{
    (void)ctx;
    if (!v.p)
        return VIEW_NOTHING;
    if (v.i == IS_FIELD)
        return is_field(v.kind, v.p);
    if (v.i == IS_MADE)
        return VIEW_LIST;
    if (v.i == IS_EXTRA) {
        const struct extra *x = v.kind;
        return x->flag && !x->flag(v.p) ? VIEW_FALSE : VIEW_TEXT;
    }
    return VIEW_THING;
}

/* A field's value as a view: things are gone into at once, so that names resolve in them.
 */
static struct view field_view(struct arena *a, const struct field *f, const void *thing)
{
    if (f->kind == FIELD_THING || f->kind == FIELD_REF)
        return (struct view){field_thing(f, thing), f->shape, IS_THING};
    if (f->kind == FIELD_MADE) {
        struct made *m = ARENA_NEW(a, struct made);
        void *items;
        m->shape = f->shape;
        m->n = f->made(a, thing, &items);
        m->items = items;
        return (struct view){m, NULL, IS_MADE};
    }
    return (struct view){thing, f, IS_FIELD};
}

static const struct shape *item_shape(struct str list)
{
    return shape_field(report_shape(), list)->shape;
}

/* What a name means in a shape. */
struct meaning {
    const struct extra *extra; /* or */
    const struct field *field; /* or, of the page */
    bool control, account;
    bool whole; /* a name of the report, asked for on the page */
};

static bool find_name(const struct shape *shape, struct str name, struct meaning *m)
{
    m->extra = extra_find(shape->name, name);
    m->field = m->extra ? NULL : shape_field(shape, name);
    return m->extra || m->field;
}

static const void *view_member(void *ctx, struct view v, struct str name)
{
    const struct shape *shape = v.kind;
    struct meaning m = {0};
    if (v.i != IS_THING || !v.p)
        return NULL;
    bool found = find_name(shape, name, &m);
    if (!found && shape == &page_shape) {
        m.control = str_eq(name, STR("page_control"));
        m.account = str_eq(name, STR("page_account"));
        m.whole = !m.control && !m.account;
        found = !m.whole || find_name(report_shape(), name, &m);
    }
    if (!found)
        return NULL;
    struct meaning *kept = ARENA_NEW(ctx, struct meaning);
    *kept = m;
    return kept;
}

static struct view view_take(void *ctx, struct view v, const void *member)
{
    const struct meaning *m = member;
    if (!v.p)
        return (struct view){0};
    const struct page *page = v.p;
    if (m->control)
        return (struct view){page->control, item_shape(STR("controls")), IS_THING};
    if (m->account)
        return (struct view){page->account, item_shape(STR("accounts")), IS_THING};
    const void *thing = m->whole ? page->report : v.p;
    return m->extra ? (struct view){thing, m->extra, IS_EXTRA}
                    : field_view(ctx, m->field, thing);
}

static size_t view_count(void *ctx, struct view v)
{
    (void)ctx;
    return v.i == IS_MADE ? ((const struct made *)v.p)->n : field_count(v.kind, v.p);
}

static struct view view_item(void *ctx, struct view v, size_t i)
{
    (void)ctx;
    if (v.i == IS_MADE) {
        const struct made *m = v.p;
        return (struct view){m->items + i * m->shape->size, m->shape, IS_THING};
    }
    const struct field *f = v.kind;
    return (struct view){field_item(f, v.p, i), f->shape, IS_THING};
}

static struct str view_text(void *ctx, struct arena *a, struct view v)
{
    (void)ctx;
    if (v.i == IS_FIELD)
        return field_text(a, v.kind, v.p);
    const struct extra *x = v.kind;
    if (v.i != IS_EXTRA)
        return STR("");
    if (x->text)
        return x->text(a, v.p);
    return x->flag(v.p) ? STR("true") : STR("false");
}

static bool view_safe(void *ctx, struct view v)
{
    (void)ctx;
    return v.i == IS_EXTRA && ((const struct extra *)v.kind)->safe;
}

/* Every shape that can be reached from the report, the page first. */
struct known {
    const struct shape *v[40];
    size_t n;
};

static void collect(struct known *k, const struct shape *s)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->v[i] == s)
            return;
    k->v[k->n++] = s;
    for (size_t i = 0; i < s->n; i++)
        if (s->fields[i].shape)
            collect(k, s->fields[i].shape);
}

static struct known all_shapes(void)
{
    struct known k = {.n = 0};
    k.v[k.n++] = &page_shape;
    collect(&k, report_shape());
    return k;
}

static const char *const page_things[] = {"page_account", "page_control"};

struct map view_names(struct arena *a)
{
    struct known k = all_shapes();
    struct map names = MAP_INIT;
    size_t n;
    const struct extra *extras = extra_rows(&n);
    for (size_t i = 0; i < k.n; i++)
        for (size_t j = 0; j < k.v[i]->n; j++)
            *map_put(a, &names, str_from(k.v[i]->fields[j].name)) = (void *)k.v[i];
    for (size_t i = 0; i < n; i++)
        *map_put(a, &names, str_from(extras[i].name)) = (void *)&extras[i];
    for (size_t i = 0; i < sizeof page_things / sizeof *page_things; i++)
        *map_put(a, &names, str_from(page_things[i])) = (void *)page_things[i];
    return names;
}

static void nearer(struct str name, const char *row, unsigned *best, struct str *found)
{
    unsigned d = str_distance(name, str_from(row), 3);
    if (d < *best) {
        *best = d;
        *found = str_from(row);
    }
}

static struct str view_nearest(void *ctx, struct view v, struct str name)
{
    (void)ctx;
    (void)v;
    unsigned best = 3;
    struct str found = STR("");
    struct known k = all_shapes();
    size_t n;
    const struct extra *extras = extra_rows(&n);
    for (size_t i = 0; i < k.n; i++)
        for (size_t j = 0; j < k.v[i]->n; j++)
            nearer(name, k.v[i]->fields[j].name, &best, &found);
    for (size_t i = 0; i < n; i++)
        nearer(name, extras[i].name, &best, &found);
    return found;
}

struct tmpl_data view_data(struct arena *a)
{
    return (struct tmpl_data){
        .ctx = a,
        .is = view_is,
        .member = view_member,
        .take = view_take,
        .count = view_count,
        .item = view_item,
        .text = view_text,
        .safe = view_safe,
        .nearest = view_nearest,
    };
}

struct view view_page(const struct page *page)
{
    return (struct view){page, &page_shape, IS_THING};
}

static const char *kind_word(const struct field *f)
{
    switch (f->kind) {
    case FIELD_LIST:
    case FIELD_REFS:
    case FIELD_MADE:
        return "list of";
    case FIELD_THING:
    case FIELD_REF:
        return "a";
    case FIELD_BOOL:
    case FIELD_FLAG:
        return "true or false";
    case FIELD_UINT:
    case FIELD_SIZE:
        return "number";
    case FIELD_TIME:
        return "time";
    default:
        return "text";
    }
}

static void name_row(struct buf *out, bool markdown, const char *name, const char *kind,
                     const char *shape, const char *help)
{
    struct buf what = BUF_INIT;
    buf_fmt(&what, "%s%s%s", kind, *shape ? " " : "", shape);
    if (markdown)
        buf_fmt(out, "| `%s` | %s | %s |\n", name, what.p, help);
    else
        buf_fmt(out, "  %-22s %-24s %s\n", name, what.p, help);
    buf_free(&what);
}

static void shape_names(struct buf *out, bool markdown, const struct shape *s)
{
    size_t n;
    const struct extra *extras = extra_rows(&n);
    if (markdown)
        buf_fmt(out, "\n### %s\n\n%s\n\n| name | is | help |\n|---|---|---|\n", s->name,
                s->help);
    else
        buf_fmt(out, "\n%s: %s\n", s->name, s->help);
    if (s == &page_shape) {
        name_row(out, markdown, "page_account", "a", "account",
                 "the account that a page of a split report is about");
        name_row(out, markdown, "page_control", "a", "control",
                 "the control that a page of a split report is about");
    }
    for (size_t i = 0; i < s->n; i++)
        name_row(out, markdown, s->fields[i].name, kind_word(&s->fields[i]),
                 s->fields[i].shape ? s->fields[i].shape->name : "", s->fields[i].help);
    for (size_t i = 0; i < n; i++)
        if (strcmp(extras[i].shape, s->name) == 0)
            name_row(out, markdown, extras[i].name,
                     extras[i].flag   ? "true or false"
                     : extras[i].safe ? "safe markup"
                                      : "text",
                     "", extras[i].help);
}

void render_names(struct buf *out, bool markdown)
{
    struct known k = all_shapes();
    for (size_t i = 0; i < k.n; i++)
        shape_names(out, markdown, k.v[i]);
}
