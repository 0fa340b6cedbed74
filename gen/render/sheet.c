/* One page: filled in, checked, handed over.
 *
 * A long one is made in shares, by as many threads as there are. A share is checked in
 * its place: between everything that does not belong to it, where each list has its first
 * item only. All shares good, the page is. For what stands behind a share is read to its
 * end both after that share and after one item in its stead; it closes the same elements,
 * so the same were open, and neither left a tag, a comment or a section unfinished. And
 * the schema knows one state alone in which a suite may end, the one that any number of
 * cases but none leads to, and more cases may follow in it (case: minOccurs 1, maxOccurs
 * unbounded, nothing counted or unique). A share that is bad is not kept: the page is
 * made again in one piece, which knows its lines and so says where. */
#include "render/sheet.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/relay.h"
#include "base/threads.h"
#include "render/templates.h"
#include "render/xmlcheck.h"

#include <stdatomic.h>

/* Items of a share: their bytes stay in a processor's own cache until they are written.
 */
enum { SHARE_ITEMS = 4096 };

/* A page on its way out: each piece is checked and handed over, and the file is kept when
 * all were good. What goes to standard output is held back until then. */
struct outlet {
    const struct sheet *sheet;
    const struct sink *sink;
    void *file; /* NULL: the pieces are held */
    struct xml_check *check;
    struct buf held;
    size_t bytes;
    bool full;
};

static bool take_piece(void *ctx, struct str bytes)
{
    struct outlet *o = ctx;
    o->bytes += bytes.n;
    o->full = o->sheet->max_bytes && o->bytes > o->sheet->max_bytes;
    if (o->full)
        return false;
    if (o->check && !xml_check_add(o->check, bytes))
        return true; /* the template may have more faults to tell of */
    if (o->file)
        return o->sink->write(o->file, bytes);
    buf_str(&o->held, bytes);
    return true;
}

bool sheet_give(const struct sink *sink, struct arena *a, struct str path,
                struct buf *bytes, struct diag *dx)
{
    void *file = sink->open(sink->ctx, a, path, dx);
    bool written = file && sink->write(file, buf_view(bytes));
    bool ok = file && sink->close(file, written) && written;
    buf_free(bytes);
    return ok;
}

/* Fill in the template; the pieces are taken beside it by another thread when threads
 * allow. */
static bool fill(const struct templates *t, const struct sheet *sheet, unsigned threads,
                 struct outlet *o, struct diag *dx)
{
    struct arena *a = arena_new();
    struct relay *relay = relay_new(threads, take_piece, o);
    struct tmpl_data data = view_data(a, &sheet->page);
    bool ok = tmpl_stream(templates_get(t, sheet->template), &data,
                          view_page(&sheet->page), relay_put, relay, dx);
    ok = relay_end(relay) && ok;
    arena_free(a);
    return ok;
}

static bool write_whole(struct arena *a, const struct press *press,
                        const struct sheet *sheet, const struct xml_schema *schema,
                        unsigned threads, bool *full, struct diag *dx)
{
    struct outlet o = {.sheet = sheet, .sink = press->sink};
    /* What the pieces meet has memory and messages of its own: it may be in a thread. */
    struct arena *side = arena_new();
    struct diag *met = diag_new(side), *said = diag_new(side);
    arena_adopt(a, side);
    bool ok = true;
    if (sheet->form != SHEET_FREE)
        o.check = xml_check_begin(side, sheet->path, schema, met);
    if (!press->options->whole) {
        o.file = press->sink->open(press->sink->ctx, side, sheet->path, met);
        ok = o.file != NULL;
    }
    ok = ok && fill(press->t, sheet, threads, &o, said);
    /* After another fault the page is not whole, and would only seem to have more. */
    if (o.check && ok)
        ok = xml_check_end(o.check);
    else if (o.check)
        xml_check_drop(o.check);
    if (o.file)
        ok = press->sink->close(o.file, ok) && ok;
    else if (ok)
        ok = sheet_give(press->sink, side, sheet->path, &o.held, met);
    buf_free(&o.held);
    if (full)
        *full = o.full;
    if (!o.full) {
        diag_merge(dx, said);
        diag_merge(dx, met);
    }
    return ok;
}

/* A page in shares. */
struct shares {
    const struct press *press;
    const struct sheet *sheet;
    const struct xml_schema *schema;
    void *file;
    size_t n;
    atomic_size_t turn; /* number of the share whose bytes are to be written next */
    bool ok;            /* of those that were taken */
    struct share {
        struct shares *all;
        size_t number;
        struct arena *a;
        struct xml_check *check;
        struct buf bytes; /* that wait for the turn */
        bool ok;
    } * at; /* one for each worker */
};

static bool write_waiting(struct share *s)
{
    bool ok = s->all->press->sink->write(s->all->file, buf_view(&s->bytes));
    buf_clear(&s->bytes);
    return ok;
}

static bool take_part(void *ctx, struct str bytes, bool mine)
{
    struct share *s = ctx;
    if (s->check && !xml_check_add(s->check, bytes))
        return false;
    if (mine && atomic_load(&s->all->turn) == s->number)
        return (!s->bytes.n || write_waiting(s)) &&
               s->all->press->sink->write(s->all->file, bytes);
    if (mine)
        buf_str(&s->bytes, bytes);
    return true;
}

static void make_share(void *ctx, size_t i, unsigned worker)
{
    struct shares *all = ctx;
    struct share *s = &all->at[worker];
    const struct sheet *sheet = all->sheet;
    struct tmpl_share share = {str_from(sheet->list), i * SHARE_ITEMS,
                               i + 1 < all->n ? (i + 1) * SHARE_ITEMS : (size_t)-1};
    struct diag *unsaid = diag_new(s->a);
    struct tmpl_data data = view_data(s->a, &sheet->page);
    s->number = i;
    s->check = sheet->form == SHEET_FREE
                   ? NULL
                   : xml_check_begin(s->a, sheet->path, all->schema, unsaid);
    s->ok = tmpl_stream_share(templates_get(all->press->t, sheet->template), &data,
                              view_page(&sheet->page), &share, take_part, s, unsaid);
    if (s->check && s->ok)
        s->ok = xml_check_end(s->check);
    else if (s->check)
        xml_check_drop(s->check);
    arena_clear(s->a);
}

static void take_share(void *ctx, size_t i, unsigned worker)
{
    struct shares *all = ctx;
    struct share *s = &all->at[worker];
    all->ok = all->ok && s->ok && write_waiting(s);
    atomic_store(&all->turn, i + 1);
}

static bool write_shares(struct arena *a, const struct press *press,
                         const struct sheet *sheet, const struct xml_schema *schema,
                         unsigned threads, struct diag *dx)
{
    struct diag *unsaid = diag_new(a);
    struct shares all = {.press = press, .sheet = sheet, .schema = schema, .ok = true};
    all.file = press->sink->open(press->sink->ctx, a, sheet->path, unsaid);
    if (!all.file)
        return false;
    threads = threads ? threads : threads_available();
    all.n = sheet->items / SHARE_ITEMS + 1;
    all.at = arena_array(a, threads, sizeof *all.at);
    for (unsigned i = 0; i < threads; i++)
        all.at[i] = (struct share){.all = &all, .a = arena_new()};
    threads_in_order(all.n, threads, make_share, take_share, &all);
    for (unsigned i = 0; i < threads; i++) {
        arena_free(all.at[i].a);
        buf_free(&all.at[i].bytes);
    }
    bool ok = press->sink->close(all.file, all.ok) && all.ok;
    if (ok)
        diag_merge(dx, unsaid);
    return ok;
}

bool sheet_write(struct arena *a, const struct press *press, const struct sheet *sheet,
                 unsigned threads, bool *full, struct diag *dx)
{
    struct xml_schema *schema = NULL;
    if (sheet->form == SHEET_JUNIT) {
        struct text *text = ARENA_NEW(a, struct text);
        *text = (struct text){STR("junit/junit.xsd"),
                              templates_file(press->t, "junit/junit.xsd")};
        schema = xml_schema_read(a, text, dx);
        if (!schema)
            return false;
    }
    bool shared = sheet->list && sheet->items > SHARE_ITEMS && !press->options->whole;
    bool ok = (shared && write_shares(a, press, sheet, schema, threads, dx)) ||
              write_whole(a, press, sheet, schema, threads, full, dx);
    if (schema)
        xml_schema_free(schema);
    return ok;
}
