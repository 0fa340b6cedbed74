/* Load evidence: find the files, read and recognise them with several threads, settle. */
#include "evidence/evidence.h"

#include "base/diag.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/gzip.h"
#include "base/map.h"
#include "base/threads.h"
#include "evidence/find.h"
#include "evidence/index.h"
#include "evidence/message.h"
#include "evidence/name.h"
#include "evidence/recognise.h"
#include "evidence/settle.h"
#include "json/focus.h"
#include "json/json.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { WORKERS_MAX = 64, MANY_FILES = 2000 /* for a thread */ };

/* One file. */
struct source {
    struct str shown; /* path as reports show it */
    struct str typed; /* path as the user typed it, and how it is opened */
    const struct evidence_input *input; /* that holds it; NULL: the file at typed */
    bool must, drop;
    bool error; /* what a call wrote to its standard error, by the name */
    bool quiet; /* an empty one stands beside it */
    const struct index_entry *entry;
    struct source *same_stem; /* another one without an entry of its own */
    bool read;                /* then: */
    struct str bytes, sha256;
    uint64_t size_bytes;
};

struct sources {
    struct source *v;
    size_t n, cap;
};

struct worker {
    struct arena *a, *trees;
    struct json_room *room; /* for trees */
    struct diag *dx;
    struct file_near *near;
    struct name_folders folders; /* of the file before */
};

struct load {
    struct arena *a;
    struct recogniser rx;
    struct source *sources;
    struct document **documents;
    struct diag **said; /* what each file's reading recorded; NULL nothing */
    struct worker workers[WORKERS_MAX];
    const struct evidence_options *options;
    size_t n;
    atomic_size_t done;
};

static int by_shown(const void *x, const void *y)
{
    const struct source *a = x, *b = y;
    int c = str_cmp(a->shown, b->shown);
    return c ? c : str_cmp(a->typed, b->typed);
}

static bool source_bytes(struct arena *a, struct file_near *near, const struct source *s,
                         struct diag *dx, struct str *packed, struct str *bytes)
{
    const struct evidence_input *input = s->input;
    if (!input)
        return file_read_both(a, near, s->typed.p, s->typed, dx, packed, bytes);
    *packed = input->bytes;
    if (input->read && !input->read(input->ctx, a, packed, dx))
        return false;
    if (!gzip_is(*packed)) {
        /* A tree keeps pointing into its text, which must end in NUL. */
        *bytes = input->read || input->lasting ? *packed : str_dup(a, *packed);
        return true;
    }
    if (gzip_inflate(a, *packed, FILE_MAX_BYTES, bytes) == GZIP_OK)
        return true;
    diag_file(dx, &FILE_CANNOT_READ, s->typed, "the gzip data is damaged");
    return false;
}

static bool source_read(const struct load *l, const struct worker *w, struct source *s)
{
    struct str packed = STR("");
    if (!s->read && source_bytes(w->a, w->near, s, w->dx, &packed, &s->bytes)) {
        s->sha256 = l->rx.focus ? STR("") : digest_hex(w->a, packed);
        s->size_bytes = packed.n;
        s->read = true;
    }
    return s->read;
}

static void drop_sources(struct sources *all)
{
    size_t kept = 0;
    for (size_t i = 0; i < all->n; i++)
        if (!all->v[i].drop)
            all->v[kept++] = all->v[i];
    all->n = kept;
}

static bool is_named_index(const struct source *s)
{
    return str_ends(s->typed, STR("/index.json")) || str_eq(s->typed, STR("index.json"));
}

static size_t depth_of(struct str path)
{
    size_t n = 0;
    for (size_t i = 0; i < path.n; i++)
        n += path.p[i] == '/';
    return n;
}

/* Read the indexes, outer ones first so that a nearer one wins, and mark them as not of
 * the evidence. */
static void read_indexes(struct arena *a, struct arena *keep, struct sources *all,
                         struct map *entries, struct diag *dx)
{
    VEC(struct text *) found = {0};
    for (size_t i = 0; i < all->n; i++) {
        struct source *s = &all->v[i];
        struct str packed, bytes;
        s->drop = is_named_index(s) && source_bytes(a, NULL, s, dx, &packed, &bytes) &&
                  index_is(s->typed, bytes);
        if (!s->drop)
            continue;
        struct text *t = ARENA_NEW(a, struct text);
        *t = (struct text){s->typed, bytes};
        *vec_push(a, &found) = t;
    }
    size_t deepest = 0;
    for (size_t i = 0; i < found.n; i++)
        if (depth_of(found.v[i]->name) > deepest)
            deepest = depth_of(found.v[i]->name);
    for (size_t depth = 0; found.n && depth <= deepest; depth++)
        for (size_t i = 0; i < found.n; i++)
            if (depth_of(found.v[i]->name) == depth)
                index_read(a, keep, found.v[i], entries, dx);
}

static bool is_empty(const struct source *s)
{
    const struct evidence_input *in = s->input;
    if (in)
        return (in->read ? in->size_bytes : in->bytes.n) == 0;
    return !s->must && file_is_empty(s->typed.p);
}

/* The answer and the standard error of one call. */
struct pair {
    struct source *answer, *error;
};

/* x.json and x.err belong together: a call that failed wrote the second, one that did not
 * left it empty or wrote warnings to it. Few files are errors: only those are looked up
 * among the others. */
static void pair_errors(struct arena *a, struct sources *all)
{
    struct map pairs = MAP_INIT;
    for (size_t i = 0; i < all->n; i++) {
        struct source *s = &all->v[i];
        s->error = !s->drop && name_kind_of(s->shown) == NAME_ERROR;
        if (!s->error)
            continue;
        void **slot = map_put(a, &pairs, name_stem(s->typed));
        if (!*slot)
            *slot = ARENA_NEW(a, struct pair);
        ((struct pair *)*slot)->error = s;
    }
    for (size_t i = 0; pairs.n && i < all->n; i++) {
        struct source *s = &all->v[i];
        struct pair *p =
            s->error || s->drop ? NULL : map_get(&pairs, name_stem(s->typed));
        if (!p)
            continue;
        bool fine = s->entry && s->entry->exit_code == 0;
        p->answer = s;
        s->quiet = is_empty(p->error);
        s->drop = !fine && !s->quiet && is_empty(s);
    }
    for (size_t i = 0; pairs.n && i < all->n; i++) {
        struct source *s = &all->v[i];
        if (!s->error)
            continue;
        const struct pair *p = map_get(&pairs, name_stem(s->typed));
        /* Warnings beside an answer of nothing are not a failure. */
        bool fine = s->entry && s->entry->exit_code == 0 && p->answer;
        s->drop = fine || is_empty(s) || (p->answer && !is_empty(p->answer));
    }
}

/* Give each source its entry: that of its path, else the last one of its stem. */
static void use_entries(struct arena *a, struct sources *all, const struct map *entries,
                        struct diag *dx)
{
    struct map others = MAP_INIT; /* stem -> sources without an entry of their path */
    for (size_t i = 0; entries->n && i < all->n; i++) {
        struct source *s = &all->v[i];
        if (s->drop)
            continue;
        struct index_entry *e = map_get(entries, s->typed);
        s->entry = e;
        if (e) {
            e->used = true;
            continue;
        }
        void **slot = map_put(a, &others, name_stem(s->typed));
        s->same_stem = *slot;
        *slot = s;
    }
    for (size_t i = entries->n; others.n && i > 0; i--) {
        struct index_entry *e = entries->entries[i - 1].value;
        struct source *s = map_get(&others, name_stem(entries->entries[i - 1].key));
        e->used = e->used || (s && !s->entry);
        for (; s && !s->entry; s = s->same_stem)
            s->entry = e;
    }
    for (size_t i = 0; i < entries->n; i++) {
        const struct index_entry *e = entries->entries[i].value;
        if (!e->used && name_kind_of(e->path) != NAME_OTHER)
            diag_at(dx, &EVI_INDEX_MISSING, e->at, "%.*s", STR_ARG(e->path));
    }
}

/* What the files mean needs the index, which takes long to read and to find them in, on
 * one thread; their bytes and digests do not. So the other threads read files meanwhile.
 */
struct ahead {
    struct load *l;
    struct sources *all; /* none moves: files to drop are only marked */
    struct arena *a;
    struct diag *dx;
    atomic_bool over;
};

static void read_ahead(void *ctx, size_t item, unsigned number)
{
    struct ahead *h = ctx;
    struct worker *w = &h->l->workers[number];
    if (item == 0) {
        struct map entries = MAP_INIT;
        read_indexes(h->a, h->l->a, h->all, &entries, h->dx);
        use_entries(h->a, h->all, &entries, h->dx);
        pair_errors(h->a, h->all);
        atomic_store(&h->over, true);
        return;
    }
    struct source *s = &h->all->v[item - 1];
    if (atomic_load(&h->over) || is_named_index(s))
        return;
    if (!source_read(h->l, w, s))
        w->dx = diag_new(w->a); /* it is tried again, and said then */
}

static bool any_index(const struct sources *all)
{
    for (size_t i = 0; i < all->n; i++)
        if (is_named_index(&all->v[i]))
            return true;
    return false;
}

/* Into order: the walk mostly gives it already. */
static void sort_sources(struct sources *all)
{
    size_t i = 1;
    while (i < all->n && by_shown(&all->v[i - 1], &all->v[i]) <= 0)
        i++;
    if (i < all->n)
        qsort(all->v, all->n, sizeof *all->v, by_shown);
}

static void read_one(void *ctx, size_t i, unsigned number)
{
    struct load *l = ctx;
    struct worker *w = &l->workers[number];
    struct source *s = &l->sources[i];
    struct document *d = l->documents[i];
    size_t before = diag_len(w->dx);
    struct recognise_hints hints = {
        .entry = s->entry, .quiet = s->quiet, .near = &w->folders};
    d->number = i;
    d->path = s->shown;
    d->text.name = s->typed;
    if (source_read(l, w, s)) {
        d->sha256 = s->sha256;
        d->size_bytes = s->size_bytes;
        d->text.bytes = s->bytes;
        recognise(w->a, w->room, &l->rx, &hints, d, w->dx);
    } else {
        recognise_unread(w->a, &l->rx, &hints, d, w->dx);
    }
    if (diag_len(w->dx) > before) {
        l->said[i] = w->dx;
        w->dx = diag_new(w->a);
    }
    size_t done = atomic_fetch_add(&l->done, 1) + 1;
    if (number == 0 && done < l->n && l->options && l->options->progress)
        l->options->progress(l->options->progress_ctx, done, l->n);
}

static unsigned make_workers(struct load *l, size_t files)
{
    unsigned n =
        l->options && l->options->threads ? l->options->threads : threads_available();
    n = n > WORKERS_MAX ? WORKERS_MAX : n;
    for (unsigned i = 0; i < n; i++) {
        l->workers[i].a = arena_new();
        l->workers[i].trees = arena_new();
        if (files / n > MANY_FILES) {
            arena_expect_much(l->workers[i].a);
            arena_expect_much(l->workers[i].trees);
        }
        l->workers[i].room = json_room_new(l->workers[i].a, l->workers[i].trees);
        l->workers[i].dx = diag_new(l->workers[i].a);
        l->workers[i].near = file_near_new(l->workers[i].a);
    }
    return n;
}

/* own: for what is needed until all files are read. */
static struct evidence *load(struct arena *a, struct arena *own, struct sources *all,
                             const struct evidence_options *options, struct diag *dx)
{
    struct evidence *ev = ARENA_NEW(a, struct evidence);
    ev->newest = WHEN_NONE;
    ev->trees = arena_new();
    arena_adopt(a, ev->trees);
    if (!all->n) {
        diag_file(dx, &EVI_NOTHING_TO_READ, STR(""), NULL);
        return ev;
    }
    sort_sources(all);
    struct load *l = ARENA_NEW(own, struct load);
    *l = (struct load){.a = a, .sources = all->v, .options = options};
    if (options && options->nnames) {
        static const char *const lists[] = {"UserDetailList", "GroupDetailList",
                                            "RoleDetailList", "Policies", NULL};
        struct json_focus *focus = ARENA_NEW(a, struct json_focus);
        *focus = (struct json_focus){
            .lists = lists, .names = options->names, .n = options->nnames};
        l->rx.focus = focus;
    }
    unsigned threads = make_workers(l, all->n);
    struct ahead ahead = {l, all, own, dx, false};
    threads_for(any_index(all) ? all->n + 1 : 1, threads, read_ahead, &ahead);
    drop_sources(all);
    diag_settle(dx); /* the texts of the indexes go, of those that cannot be used, too */
    l->n = all->n;
    name_index_build(a, &l->rx.names);
    shape_index_build(a, &l->rx.shapes);
    struct document *documents = ARENA_ARRAY(a, struct document, all->n);
    l->documents = ARENA_ARRAY(a, struct document *, all->n);
    l->said = ARENA_ARRAY(own, struct diag *, all->n);
    for (size_t i = 0; i < all->n; i++)
        l->documents[i] = &documents[i];
    threads_for(all->n, threads, read_one, l);
    if (options && options->progress)
        options->progress(options->progress_ctx, all->n, all->n);
    for (unsigned i = 0; i < threads; i++) {
        file_near_close(l->workers[i].near);
        json_room_free(l->workers[i].room);
        arena_adopt(a, l->workers[i].a);
        arena_adopt(ev->trees, l->workers[i].trees);
    }
    bool any = false;
    for (size_t i = 0; i < all->n; i++) {
        if (l->said[i])
            diag_merge(dx, l->said[i]);
        any = any || (l->documents[i]->op && l->documents[i]->state != DOCUMENT_REFUSED);
    }
    ev->v = l->documents;
    ev->n = ev->cap = all->n;
    settle(a, ev, dx);
    if (!any)
        diag_file(dx, &EVI_NOTHING_RECOGNISED, STR(""), "%zu file%s looked at", all->n,
                  all->n == 1 ? "" : "s");
    return ev;
}

void evidence_forget(const struct evidence *ev)
{
    for (size_t i = 0; i < ev->n; i++)
        ev->v[i]->root = NULL;
    arena_clear(ev->trees);
}

struct evidence *evidence_load(struct arena *a, const char *const *paths, size_t n,
                               const struct evidence_options *options, struct diag *dx)
{
    struct evidence_files found = {0};
    struct arena *own = arena_new();
    if (!evidence_find(a, own, paths, n, options ? options->threads : 0, &found, dx)) {
        arena_free(own);
        return NULL;
    }
    struct sources all = {ARENA_ARRAY(own, struct source, found.n), found.n, found.n};
    for (size_t i = 0; i < found.n; i++)
        all.v[i] = (struct source){
            .shown = found.v[i].shown,
            .typed = found.v[i].typed,
            .must = found.v[i].must,
        };
    struct evidence *ev = load(a, own, &all, options, dx);
    arena_free(own);
    return ev;
}

struct evidence *evidence_load_inputs(struct arena *a,
                                      const struct evidence_input *inputs, size_t n,
                                      const struct evidence_options *options,
                                      struct diag *dx)
{
    struct arena *own = arena_new();
    struct sources all = {ARENA_ARRAY(own, struct source, n), n, n};
    for (size_t i = 0; i < n; i++)
        all.v[i] = (struct source){
            .shown = inputs[i].path,
            .typed = inputs[i].path,
            .input = &inputs[i],
        };
    struct evidence *ev = load(a, own, &all, options, dx);
    arena_free(own);
    return ev;
}

struct evidence *evidence_load_memory(struct arena *a,
                                      const struct evidence_input *inputs, size_t n,
                                      struct diag *dx)
{
    struct evidence_options one = {.threads = 1};
    struct evidence_input *kept = ARENA_ARRAY(a, struct evidence_input, n + 1);
    for (size_t i = 0; i < n; i++) {
        kept[i] = inputs[i];
        kept[i].path = str_dup(a, inputs[i].path);
    }
    return evidence_load_inputs(a, kept, n, &one, dx);
}
