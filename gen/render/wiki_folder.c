/* Bring a wiki's folder up to date. */
#include "render/wiki_folder.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/digest.h"
#include "base/file_stream.h"
#include "base/map.h"
#include "base/text.h"
#include "base/threads.h"
#include "json/json.h"
#include "json/write.h"

#include <stdatomic.h>
#include <string.h>

enum {
    LIST_FORMAT = 1,
    KEPT_MAX_BYTES = 64 << 20, /* of rendered pages; others are rendered twice */
    NAMED_MAX = 3,             /* vanished pages that the message names */
};

/* clang-format off */
static const struct diag_kind BAD_LIST = {"WIK-101", DIAG_ERROR, "the list of our pages cannot be used",
    "restore it from the wiki's history; or remove it, and every page counts as somebody else's"};
static const struct diag_kind OTHER_DIALECT = {"WIK-102", DIAG_ERROR, "the folder holds a wiki in another dialect",
    "give another folder with -o"};
static const struct diag_kind GONE = {"WIK-103", DIAG_WARNING, "pages are about what is no longer in the evidence",
    "--prune removes them"};
static const struct diag_kind EDITED = {"WIK-104", DIAG_ERROR, "somebody changed this page; it was left as it is",
    "move what was added to a page of its own, or write over it with --force"};
static const struct diag_kind EDITED_GONE = {"WIK-105", DIAG_WARNING, "somebody changed this page; it was not removed",
    "remove it by hand, or with --prune --force"};
static const struct diag_kind KEPT = {"WIK-106", DIAG_WARNING, "nothing was judged, so no page was removed",
    "see what became of the evidence: kdaudit evidence; --prune --force removes them all the same"};
/* clang-format on */
enum state { SAME, WRITE, WRITTEN, KEEP };

/* A page of this run, or one of the list that this run has not. */
struct item {
    const struct wiki_page *page; /* NULL: gone */
    struct str path, title, up;
    struct str listed; /* hash of what we wrote before; empty: not ours */
    struct str hash;   /* of what we write now */
    struct str bytes;  /* the same, when memory allows */
    enum state state;
    bool edited, ok, faulty;
    struct arena *a;
    struct diag *dx;
};

struct update {
    struct arena *a;
    const struct wiki *w;
    const struct templates *t;
    struct str folder;
    struct wiki_update *u;
    struct item *v;
    size_t n, gone;    /* items; of them, the last so many are gone */
    struct map before; /* path -> hash as listed, JSON strings */
    const struct json *list;
    atomic_size_t kept_bytes;
};

/* May a path of the list be touched? It must look like one that we write: the list is a
 * file that others can write, too. */
static bool good_path(struct str path)
{
    struct str rest = path, part;
    bool more = true;
    while (more) {
        more = str_cut(rest, '/', &part, &rest);
        if (!part.n || (part.p[0] == '.' && !str_eq(part, STR(".order"))))
            return false;
        for (size_t i = 0; i < part.n; i++) {
            char c = part.p[i];
            bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9');
            if (!word && !strchr("-_.%", c))
                return false;
        }
    }
    return true;
}

/* Read the list of an earlier run, if there is one. */
static bool read_list(struct update *up, struct diag *dx)
{
    const char *path = file_join(up->a, up->folder, STR(WIKI_LIST));
    if (file_type(path) == FILE_ABSENT)
        return true;
    struct text *text = ARENA_NEW(up->a, struct text);
    text->name = str_from(path);
    if (!file_read_raw(up->a, path, text->name, dx, &text->bytes))
        return false;
    struct json *list = json_read(up->a, text, dx);
    if (!list)
        return false;
    if (json_num(json_get(list, STR("kdaudit-wiki"))) != LIST_FORMAT) {
        diag_at(dx, &BAD_LIST, json_origin(list, text), "it is of another version");
        return false;
    }
    struct str dialect = json_str(json_get(list, STR("dialect")));
    if (!str_eq(dialect, str_from(up->w->dialect->name))) {
        diag_file(dx, &OTHER_DIALECT, up->folder, "%.*s, not %s", STR_ARG(dialect),
                  up->w->dialect->name);
        return false;
    }
    up->list = json_get(list, STR("pages"));
    for (const struct json *p = json_first(up->list); p; p = json_next(p)) {
        struct str name = json_str(json_get(p, STR("path")));
        if (!good_path(name)) {
            diag_at(dx, &BAD_LIST, json_origin(p, text), "\"%.*s\" is no page of ours",
                    STR_ARG(name));
            return false;
        }
        *map_put(up->a, &up->before, name) = (void *)p;
    }
    return true;
}

static struct str listed_hash(const struct update *up, struct str path)
{
    return json_str(json_get(map_get(&up->before, path), STR("sha256")));
}

/* Items: the pages of this run in order, then those of the list that it has not. */
static void collect(struct update *up)
{
    struct map now = MAP_INIT;
    size_t n = up->w->pages.n;
    up->v = ARENA_ARRAY(up->a, struct item, n + up->before.n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct wiki_page *page = up->w->pages.v[i];
        const struct wiki_page *above = page->kind == WIKI_ORDER ? NULL : page->up;
        struct item *it = &up->v[up->n++];
        *map_put(up->a, &now, page->path) = it;
        /* Titles as the wiki shows them: in Markdown links name the path instead. */
        bool by_title = up->w->dialect->form != WIKI_MARKDOWN;
        *it = (struct item){.page = page,
                            .path = page->path,
                            .title = by_title ? page->target : page->title,
                            .up = !above     ? STR("")
                                  : by_title ? above->target
                                             : above->title,
                            .listed = listed_hash(up, page->path)};
    }
    for (size_t i = 0; i < up->before.n; i++) {
        struct str path = up->before.entries[i].key;
        const struct json *p = up->before.entries[i].value;
        if (map_get(&now, path))
            continue;
        up->gone++;
        up->v[up->n++] = (struct item){.path = path,
                                       .title = json_str(json_get(p, STR("title"))),
                                       .up = json_str(json_get(p, STR("parent"))),
                                       .listed = listed_hash(up, path)};
    }
}

/* The hash of a page without regard to how its lines end: git may have changed that. */
static struct str page_hash(struct arena *a, struct str bytes)
{
    if (str_find_char(bytes, '\r') == (size_t)-1)
        return digest_hex(a, bytes);
    char *p = arena_alloc8(a, bytes.n);
    size_t n = 0;
    for (size_t i = 0; i < bytes.n; i++)
        if (bytes.p[i] != '\r' || i + 1 == bytes.n || bytes.p[i + 1] != '\n')
            p[n++] = bytes.p[i];
    return digest_hex(a, (struct str){p, n});
}

/* Compare an item with what stands in the folder. */
static bool compare(const struct update *up, struct item *it)
{
    const char *path = file_join(it->a, up->folder, it->path);
    struct str stands;
    it->state = it->page ? WRITE : SAME;
    if (file_type(path) == FILE_ABSENT) {
        it->listed = it->page ? it->listed : STR("");
        return true;
    }
    struct arena *scratch = arena_new();
    bool ok = file_read_raw(scratch, path, str_from(path), it->dx, &stands);
    if (ok) {
        struct str hash = page_hash(scratch, stands);
        if (it->page && str_eq(hash, it->hash))
            it->state = SAME;
        else
            it->edited = !str_eq(hash, it->listed);
        if (it->edited && !up->u->force)
            it->state = KEEP;
    }
    arena_free(scratch);
    return ok;
}

static void look_at(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    struct update *up = ctx;
    struct item *it = &up->v[i];
    struct buf bytes = BUF_INIT;
    it->ok = true;
    if (it->page) {
        it->ok = wiki_render(it->a, up->w, up->t, it->page, &bytes, it->dx);
        it->faulty = !it->ok;
        it->hash = digest_hex(it->a, buf_view(&bytes));
    }
    it->ok = it->ok && compare(up, it);
    if (it->ok && it->page && it->state == WRITE &&
        atomic_fetch_add(&up->kept_bytes, bytes.n) + bytes.n <= KEPT_MAX_BYTES)
        it->bytes = buf_dup(it->a, &bytes);
    buf_free(&bytes);
}

static bool write_bytes(const struct update *up, struct item *it, struct str bytes)
{
    const char *path = file_join(it->a, up->folder, it->path);
    struct file_out *f = file_out_open(it->a, path, it->dx);
    if (!f)
        return false;
    /* Thousands of pages: the wiki's own repository keeps what was there before. */
    file_out_unsynced(f);
    bool ok = file_out_write(f, bytes);
    return file_out_close(f, ok) && ok;
}

static void write_item(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    struct update *up = ctx;
    struct item *it = &up->v[i];
    struct buf again = BUF_INIT;
    if (!it->page || it->state != WRITE)
        return;
    struct str bytes = it->bytes;
    if (!bytes.n) {
        it->ok = wiki_render(it->a, up->w, up->t, it->page, &again, it->dx);
        bytes = buf_view(&again);
    }
    it->ok = it->ok && write_bytes(up, it, bytes);
    buf_free(&again);
}

/* Run one step over all items; false when any of them failed. */
static bool each(struct update *up, void (*step)(void *ctx, size_t i, unsigned worker),
                 struct diag *dx)
{
    for (size_t i = 0; i < up->n; i++)
        up->v[i].dx = diag_new(up->v[i].a);
    threads_for(up->n, up->u->threads, step, up);
    bool ok = true;
    for (size_t i = 0; i < up->n; i++) {
        /* A fault of a template is in every page that it makes: once is enough. */
        if (!up->v[i].faulty || !up->u->faulty)
            diag_merge(dx, up->v[i].dx);
        ok &= up->v[i].ok;
        up->u->faulty |= up->v[i].faulty;
    }
    return ok;
}

static bool make_folders(struct update *up, struct diag *dx)
{
    struct map made = MAP_INIT;
    if (!file_make_folder(str_z(up->a, up->folder), dx))
        return false;
    for (size_t i = 0; i < up->n - up->gone; i++) {
        size_t slash = str_find_last(up->v[i].path, '/');
        struct str below = str_sub(up->v[i].path, 0, slash);
        if (slash == (size_t)-1 || up->v[i].state != WRITE || map_get(&made, below))
            continue;
        *map_put(up->a, &made, below) = up;
        if (!file_make_folder(file_join(up->a, up->folder, below), dx))
            return false;
    }
    return true;
}

/* What vanished: counted, or removed when it is as we wrote it. */
static void prune(struct update *up, struct diag *dx)
{
    struct buf names = BUF_INIT;
    struct wiki_update *u = up->u;
    bool judged = strcmp(up->w->report->verdict, "nothing-judged") != 0;
    bool remove = u->prune && (judged || u->force);
    for (size_t i = up->n - up->gone; i < up->n; i++) {
        struct item *it = &up->v[i];
        if (!it->listed.n)
            continue;
        if (remove && it->state == KEEP) {
            diag_file(dx, &EDITED_GONE, str_from(file_join(up->a, up->folder, it->path)),
                      NULL);
        } else if (remove && file_remove_below(str_z(up->a, up->folder), it->path)) {
            it->listed = STR("");
            u->removed++;
            continue;
        }
        if (u->vanished++ < NAMED_MAX)
            buf_fmt(&names, "%s%.*s", names.n ? ", " : "", STR_ARG(it->path));
    }
    if (u->vanished && !remove)
        diag_file(dx, u->prune ? &KEPT : &GONE, up->folder, "%u, %s%s", u->vanished,
                  names.p, u->vanished > NAMED_MAX ? ", ..." : "");
    buf_free(&names);
}

static void list_page(struct buf *out, const struct item *it, struct str hash)
{
    buf_z(out, out->p[out->n - 1] == '[' ? "\n" : ",\n");
    buf_z(out, "{\"path\": ");
    json_write_str(out, it->path);
    buf_z(out, ", \"title\": ");
    json_write_str(out, it->title);
    if (it->up.n) {
        buf_z(out, ", \"parent\": ");
        json_write_str(out, it->up);
    }
    buf_z(out, ", \"sha256\": ");
    json_write_str(out, hash);
    if (!it->page)
        buf_z(out, ", \"gone\": true");
    buf_c(out, '}');
}

/* The list of what is ours now; a page that we left alone is ours as we wrote it. */
static bool write_list(struct update *up, struct diag *dx)
{
    const char *path = file_join(up->a, up->folder, STR(WIKI_LIST));
    struct buf out = BUF_INIT;
    struct str stands;
    buf_fmt(&out, "{\"kdaudit-wiki\": %d, \"dialect\": \"%s\", \"pages\": [", LIST_FORMAT,
            up->w->dialect->name);
    for (size_t i = 0; i < up->n; i++) {
        const struct item *it = &up->v[i];
        struct str hash =
            !it->page || !it->ok || it->state == KEEP ? it->listed : it->hash;
        if (hash.n)
            list_page(&out, it, hash);
    }
    buf_z(&out, "\n]}\n");
    bool same = file_type(path) == FILE_REGULAR &&
                file_read_raw(up->a, path, str_from(path), dx, &stands) &&
                str_eq(stands, buf_view(&out));
    bool ok = same || file_write(path, buf_view(&out), dx);
    buf_free(&out);
    return ok;
}

static bool count(struct update *up, struct diag *dx)
{
    struct wiki_update *u = up->u;
    for (size_t i = 0; i < up->n - up->gone; i++) {
        const struct item *it = &up->v[i];
        u->pages++;
        u->written += (it->state == WRITE || it->state == WRITTEN) && it->ok;
        u->same += it->state == SAME;
        u->edited += it->state == KEEP;
        if (it->state == KEEP)
            diag_file(dx, &EDITED, str_from(file_join(up->a, up->folder, it->path)),
                      NULL);
    }
    return !u->edited;
}

bool wiki_update(struct arena *a, const struct wiki *w, const struct templates *t,
                 const char *folder, struct wiki_update *u, struct diag *dx)
{
    struct update up = {.a = a, .w = w, .t = t, .folder = str_from(folder), .u = u};
    if (file_type(folder) == FILE_REGULAR)
        return file_make_folder(folder, dx);
    if (!read_list(&up, dx))
        return false;
    collect(&up);
    for (size_t i = 0; i < up.n; i++) {
        up.v[i].a = arena_new();
        arena_adopt(a, up.v[i].a);
    }
    if (!each(&up, look_at, dx) || !make_folders(&up, dx))
        return false;
    /* Where the first cannot be written none can, and once is enough to say so. */
    size_t first = 0;
    while (first < up.n && up.v[first].state != WRITE)
        first++;
    if (first < up.n) {
        write_item(&up, first, 0);
        diag_merge(dx, up.v[first].dx);
        if (!up.v[first].ok)
            return false;
        up.v[first].state = WRITTEN;
    }
    bool ok = each(&up, write_item, dx);
    prune(&up, dx);
    ok &= write_list(&up, dx);
    return count(&up, dx) && ok;
}
