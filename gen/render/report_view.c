/* The report as templates see it. */
#include "render/report_view.h"

#include "base/buf.h"
#include "render/marks.h"
#include "render/render.h"
#include "render/wiki.h"
#include "report/derive.h"

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

static const struct field wiki_page_fields[] = {
    {.name = "rows",
     .kind = FIELD_UINT,
     .offset = offsetof(struct wiki_page, rows),
     .help = "items of its list that stand on it"},
    {.name = "title",
     .kind = FIELD_STR,
     .offset = offsetof(struct wiki_page, title),
     .help = "its title"},
};
static const struct shape wiki_page_shape = {
    .name = "wiki_page",
    .help = "another page of the wiki",
    .size = sizeof(struct wiki_page),
    .fields = wiki_page_fields,
    .n = sizeof wiki_page_fields / sizeof *wiki_page_fields,
};

/* What a page has of its own: a thing, a slice of a list, or a number. */
enum page_part { IN_PAGE, IN_SHEET, IN_WIKI };
struct page_row {
    const char *name;
    enum field_kind kind;
    const char *of; /* the list of the report whose shape it has; NULL: another page */
    enum page_part part;
    size_t offset;
    const char *help;
};

/* clang-format off */
#define P(member) IN_PAGE, offsetof(struct page, member)
#define S(member) IN_SHEET, offsetof(struct wiki_page, member)
#define W(member) IN_WIKI, offsetof(struct wiki, member)
static const struct page_row page_rows[] = {
    {"more_accounts",     FIELD_UINT, NULL,           S(more_accounts),     "wiki: accounts that page_accounts leaves out"},
    {"more_applications", FIELD_UINT, NULL,           S(more_applications), "wiki: applications that page_applications leaves out"},
    {"more_resources",    FIELD_UINT, NULL,           S(more_resources),    "wiki: resources that page_resources leaves out"},
    {"more_tests",        FIELD_UINT, NULL,           S(more_tests),        "wiki: tests that page_tests leaves out"},
    {"page_account",      FIELD_REF,  "accounts",     P(account),           "the account that a page of a split report or wiki is about"},
    {"page_accounts",     FIELD_REFS, "accounts",     S(accounts),          "wiki: accounts that the page lists"},
    {"page_application",  FIELD_REF,  "applications", P(application),       "the application that a page of a wiki is about"},
    {"page_applications", FIELD_REFS, "applications", S(applications),      "wiki: applications that the page lists"},
    {"page_below",        FIELD_REFS, NULL,           S(below),             "wiki: pages that belong to the page"},
    {"page_control",      FIELD_REF,  "controls",     P(control),           "the control that a page of a split report or wiki is about"},
    {"page_evidence",     FIELD_REFS, "evidence",     S(evidence),          "wiki: evidence files that the page lists"},
    {"page_resources",    FIELD_REFS, "subjects",     S(resources),         "wiki: resources that the page lists"},
    {"page_subjects",     FIELD_REFS, "subjects",     S(subjects),          "wiki: resources that the page tells of in full"},
    {"page_tests",        FIELD_REFS, "tests",        S(tests),             "wiki: tests that the page lists"},
    {"page_waivers",      FIELD_REFS, "waivers",      S(waivers),           "wiki: waivers and attestations that the page lists"},
    {"to_accounts",       FIELD_REF,  NULL,           W(accounts),          "wiki: the page of all accounts, when there is one"},
    {"to_evidence",       FIELD_REF,  NULL,           W(evidence),          "wiki: the page of the evidence"},
    {"to_exceptions",     FIELD_REF,  NULL,           W(exceptions),        "wiki: the page of waivers and attestations"},
    {"to_findings",       FIELD_REF,  NULL,           W(findings),          "wiki: the page of the findings"},
    {"to_home",           FIELD_REF,  NULL,           W(home),              "wiki: the first page"},
    {"to_next",           FIELD_REF,  NULL,           S(next),              "wiki: the next part of this page's list"},
    {"to_up",             FIELD_REF,  NULL,           S(crumb),             "wiki: the page that this one belongs to, when it is not the first"},
};
/* clang-format on */

static const struct page_row *page_row(struct str name)
{
    for (size_t i = 0; i < sizeof page_rows / sizeof *page_rows; i++)
        if (str_eq(name, str_from(page_rows[i].name)))
            return &page_rows[i];
    return NULL;
}

/* The shape of what a row leads to. */
static const struct shape *row_shape(const struct page_row *row)
{
    if (row->kind == FIELD_UINT)
        return NULL;
    return row->of ? shape_field(report_shape(), str_from(row->of))->shape
                   : &wiki_page_shape;
}

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
        return f->words[field_word(f, thing)][0] ? VIEW_TEXT : VIEW_NOTHING;
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
static void field_view(struct view *v, struct arena *a, const struct field *f,
                       const void *thing)
{
    if (f->kind == FIELD_THING || f->kind == FIELD_REF) {
        *v = (struct view){field_thing(f, thing), f->shape, IS_THING};
    } else if (f->kind == FIELD_MADE) {
        struct made *m = ARENA_NEW(a, struct made);
        void *items;
        m->shape = f->shape;
        m->n = f->made(a, thing, &items);
        m->items = items;
        *v = (struct view){m, NULL, IS_MADE};
    } else {
        *v = (struct view){thing, f, IS_FIELD};
    }
}

/* What views need beside themselves. */
struct provider {
    struct arena *a; /* for computed lists */
    const struct page *page;
    const struct shape *test; /* shape of a test */
};

/* What a name means in a shape. */
struct meaning {
    const struct extra *extra; /* or */
    const struct field *field;
    const struct page_row *row; /* of the page, whose part has this field */
    bool whole;                 /* a name of the report, asked for on the page */
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
        m.row = page_row(name);
        m.whole = !m.row;
        found = m.row || find_name(report_shape(), name, &m);
    }
    if (!found)
        return NULL;
    struct arena *a = ((struct provider *)ctx)->a;
    if (m.row) {
        struct field *f = ARENA_NEW(a, struct field);
        *f = (struct field){.name = m.row->name,
                            .kind = m.row->kind,
                            .offset = m.row->offset,
                            .shape = row_shape(m.row)};
        m.field = f;
    }
    struct meaning *kept = ARENA_NEW(a, struct meaning);
    *kept = m;
    return kept;
}

/* The struct that a row of the page is a member of. */
static const void *row_part(const struct page_row *row, const struct page *page)
{
    static const struct wiki_page no_sheet;
    static const struct wiki no_wiki;
    if (row->part == IN_SHEET)
        return page->sheet ? page->sheet : &no_sheet;
    if (row->part == IN_WIKI)
        return page->wiki ? page->wiki : &no_wiki;
    return page;
}

static void view_take(void *ctx, struct view *v, const void *member)
{
    const struct meaning *m = member;
    const void *thing = v->p;
    if (!thing) {
        *v = (struct view){0};
        return;
    }
    if (m->row)
        thing = row_part(m->row, thing);
    else if (m->whole)
        thing = ((const struct page *)thing)->report;
    if (m->extra)
        *v = (struct view){thing, m->extra, IS_EXTRA};
    else
        field_view(v, ((struct provider *)ctx)->a, m->field, thing);
}

static size_t view_count(void *ctx, struct view v)
{
    (void)ctx;
    return v.i == IS_MADE ? ((const struct made *)v.p)->n : field_count(v.kind, v.p);
}

/* Lists of tests are long, and what a test points at lies anywhere: the resource of one
 * to come, then that resource's name, are fetched from memory while those before it are
 * written: a tenth of the time that JUnit takes. */
static void fetch_ahead(const struct field *f, const void *list, size_t i)
{
    enum { FAR = 12, NEAR = 6 };
    size_t n = field_count(f, list);
    const struct report_test *far = i + FAR < n ? field_item(f, list, i + FAR) : NULL;
    const struct report_test *near = i + NEAR < n ? field_item(f, list, i + NEAR) : NULL;
    if (far) {
        __builtin_prefetch(&far->subject->name);
        __builtin_prefetch(&far->subject->ambiguous);
    }
    if (near) {
        __builtin_prefetch(near->subject->account.p);
        __builtin_prefetch(near->subject->name.p);
    }
}

static struct view view_item(void *ctx, struct view v, size_t i)
{
    if (v.i == IS_MADE) {
        const struct made *m = v.p;
        return (struct view){m->items + i * m->shape->size, m->shape, IS_THING};
    }
    const struct field *f = v.kind;
    if (f->shape == ((struct provider *)ctx)->test && f->kind == FIELD_REFS)
        fetch_ahead(f, v.p, i);
    return (struct view){field_item(f, v.p, i), f->shape, IS_THING};
}

/* The file of a resource's page, empty on that page itself. */
static struct str file_from(struct arena *a, const struct page *page,
                            const struct report_subject *s)
{
    bool here = !page->split || (page->account && s->home == page->account);
    return here ? STR("") : page_of_subject(a, s);
}

/* A name that says something else on another page: what wikis make of links and headings,
 * and where HTML's own links lead. */
static struct str text_on_page(struct arena *a, const struct page *page,
                               const struct extra *x, const void *thing)
{
    bool of_test = strcmp(x->shape, "test") == 0;
    if (strcmp(x->name, "page_file") == 0)
        return file_from(a, page, thing);
    if (strcmp(x->name, "href") == 0 && !of_test)
        return STR_CAT(a, file_from(a, page, thing), STR("#"),
                       derive_subject_anchor(a, thing));
    if (strcmp(x->name, "href") == 0 && !page->split)
        return STR_CAT(a, STR("#"), derive_test_anchor(a, thing));
    if (strcmp(x->name, "href") == 0) {
        const struct report_check *c = ((const struct report_test *)thing)->check;
        return STR_CAT(a, page_of_control(a, c->control), STR("#"),
                       derive_check_anchor(a, c));
    }
    return page->wiki ? wiki_name(a, page->wiki, page->sheet, x->name, x->shape, thing)
                      : STR("");
}

static struct str view_text(void *ctx, struct arena *a, struct view v)
{
    if (v.i == IS_FIELD)
        return field_text(a, v.kind, v.p);
    const struct extra *x = v.kind;
    const struct page *page = ((struct provider *)ctx)->page;
    if (v.i != IS_EXTRA)
        return STR("");
    if (x->text)
        return x->text(a, v.p);
    if (x->flag)
        return x->flag(v.p) ? STR("true") : STR("false");
    return text_on_page(a, page, x, v.p);
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
    k.v[k.n++] = &wiki_page_shape;
    return k;
}

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
    for (size_t i = 0; i < sizeof page_rows / sizeof *page_rows; i++)
        *map_put(a, &names, str_from(page_rows[i].name)) = (void *)&page_rows[i];
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
    for (size_t i = 0; i < sizeof page_rows / sizeof *page_rows; i++)
        nearer(name, page_rows[i].name, &best, &found);
    return found;
}

struct tmpl_data view_data(struct arena *a, const struct page *page)
{
    struct provider *p = ARENA_NEW(a, struct provider);
    *p = (struct provider){a, page, shape_field(report_shape(), STR("tests"))->shape};
    return (struct tmpl_data){
        .ctx = p,
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
        for (size_t i = 0; i < sizeof page_rows / sizeof *page_rows; i++) {
            const struct page_row *row = &page_rows[i];
            struct field f = {.kind = row->kind};
            const struct shape *leads = row_shape(row);
            name_row(out, markdown, row->name, kind_word(&f), leads ? leads->name : "",
                     row->help);
        }
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
