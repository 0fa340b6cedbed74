/* Read a control catalog: the files of its folder, then everything in them. */
#include "catalog/reader.h"

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "json/path.h"

#include <string.h>

static struct str base_name(struct str path)
{
    size_t slash = str_find_last(path, '/');
    return slash == (size_t)-1 ? path : str_sub(path, slash + 1, path.n);
}

static const struct text *find_file(struct reader *r, struct str name)
{
    for (size_t i = 0; i < r->nfiles; i++) {
        if (!str_eq(base_name(r->files[i].name), name))
            continue;
        r->used[i] = true;
        return &r->files[i];
    }
    return NULL;
}

static void frameworks(struct reader *r, const struct text *t, const struct json *list)
{
    for (const struct json *n = json_first(list); n; n = json_next(n)) {
        if (!reader_keys(r, t, n, "framework"))
            continue;
        struct framework *f = vec_push(r->a, &r->c->frameworks);
        *f = (struct framework){.id = json_str(json_get(n, STR("id"))),
                                .title = json_str(json_get(n, STR("title"))),
                                .url = json_str(json_get(n, STR("url")))};
        struct str key = str_fmt(r->a, "framework %.*s", STR_ARG(f->id));
        reader_id(r, key, reader_at(json_get(n, STR("id")), t));
    }
}

/* What JUnit files call the control: two that become equal would hide each other. */
static void class_name(struct reader *r, struct str id, struct origin at)
{
    char *name = str_z(r->a, id);
    for (char *p = name; *p; p++)
        if (!reader_id_ok((struct str){p, 1}, "_-"))
            *p = '_';
    void **slot = map_put(r->a, &r->classes, str_from(name));
    if (*slot) {
        diag_at(r->dx, &CAT_SAME_CLASS, at, "\"%s\"", name);
        diag_note(r->dx, *(struct origin *)*slot, "the other one");
        return;
    }
    struct origin *first = ARENA_NEW(r->a, struct origin);
    *first = at;
    *slot = first;
}

static void read_control(struct reader *r, struct str id, struct origin named)
{
    const struct text *t = find_file(r, str_fmt(r->a, "%.*s.json", STR_ARG(id)));
    const struct text *md = find_file(r, str_fmt(r->a, "%.*s.md", STR_ARG(id)));
    if (!t)
        diag_at(r->dx, &CAT_NO_FILE, named, "%.*s.json", STR_ARG(id));
    if (!md)
        diag_at(r->dx, &CAT_NO_FILE, named, "%.*s.md", STR_ARG(id));
    if (!t)
        return;
    const struct json *root = json_read(r->a, t, r->dx);
    if (!root) {
        r->failed = true;
        return;
    }
    if (!reader_keys(r, t, root, "control"))
        return;
    struct control *c = ARENA_NEW(r->a, struct control);
    const struct json *own = json_get(root, STR("id"));
    c->id = json_str(own);
    c->origin = reader_at(own, t);
    c->title = json_str(json_get(root, STR("title")));
    c->source = json_str(json_get(root, STR("source")));
    if (!str_eq(c->id, id))
        diag_at(r->dx, &CAT_BAD_ID, c->origin, "\"%.*s\" in the file of %.*s",
                STR_ARG(c->id), STR_ARG(id));
    struct references refs = reader_references(r, t, json_get(root, STR("references")));
    memcpy(&c->references, &refs, sizeof refs);
    *vec_push(r->a, &r->c->controls) = c;
    const struct json *checks = json_get(root, STR("checks"));
    for (const struct json *n = json_first(checks); n; n = json_next(n))
        reader_check(r, t, c, n);
    if (!json_size(checks))
        diag_at(r->dx, &CAT_NO_CHECKS, reader_at(checks, t), "%.*s has no checks",
                STR_ARG(c->id));
    if (md)
        reader_prose(r, md, c);
}

static void controls(struct reader *r, const struct text *t, const struct json *list)
{
    for (const struct json *n = json_first(list); n; n = json_next(n)) {
        struct str id = json_str(n);
        struct origin at = reader_at(n, t);
        if (!reader_id_ok(id, "-_.") || str_starts(id, STR("."))) {
            diag_at(r->dx, &CAT_BAD_ID, at, "\"%.*s\"", STR_ARG(id));
            continue;
        }
        reader_id(r, id, at);
        class_name(r, id, at);
        read_control(r, id, at);
    }
    if (!json_size(list))
        diag_at(r->dx, &CAT_NO_CHECKS, reader_at(list, t), "the catalog has no controls");
}

static void read_catalog(struct reader *r, const struct text *t, const struct json *root)
{
    struct catalog *c = r->c;
    const struct json *id = json_get(root, STR("id"));
    c->id = json_str(id);
    c->version = json_str(json_get(root, STR("version")));
    c->title = json_str(json_get(root, STR("title")));
    c->source = json_str(json_get(root, STR("source")));
    if (!reader_id_ok(c->id, "-") || !str_eq(c->id, str_lower(r->a, c->id)))
        diag_at(r->dx, &CAT_BAD_ID, reader_at(id, t),
                "\"%.*s\": a catalog's id has lower-case letters, digits and -",
                STR_ARG(c->id));
    frameworks(r, t, json_get(root, STR("frameworks")));
    reader_params(r, t, json_get(root, STR("parameters")));
    reader_age(r, t, json_get(root, STR("max_age")));
    controls(r, t, json_get(root, STR("controls")));
}

/* A parameter that nothing uses is most likely misspelt somewhere. */
static void unused_params(struct reader *r)
{
    for (size_t i = 0; i < r->c->params.n; i++) {
        const struct param *p = r->c->params.entries[i].value;
        bool used = !p || p == r->age.max_age;
        for (size_t k = 0; k < r->c->checks.n && !used; k++)
            for (size_t m = 0; m < r->c->checks.v[k]->params.n; m++)
                used |= r->c->checks.v[k]->params.v[m] == p;
        if (!used)
            diag_at(r->dx, &CAT_UNUSED_PARAM, p->origin, "\"%.*s\"", STR_ARG(p->name));
    }
}

void catalog_seal(struct arena *a, struct catalog *c)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < c->files.n; i++) {
        const struct text *t = c->files.v[i];
        buf_str(&b, digest_hex(a, t->bytes));
        buf_z(&b, "  ");
        buf_str(&b, base_name(t->name));
        buf_c(&b, '\n');
    }
    c->sha256 = digest_hex(a, buf_view(&b));
    buf_free(&b);
}

static void stray_files(struct reader *r)
{
    for (size_t i = 0; i < r->nfiles; i++)
        if (!r->used[i] && !str_ends(r->files[i].name, STR("README.md")) &&
            !str_ends(r->files[i].name, STR(".schema.json")))
            diag_file(r->dx, &CAT_STRAY_FILE, r->files[i].name, NULL);
}

static struct catalog *load(struct arena *a, const struct text *files, size_t n,
                            struct str where, struct diag *dx)
{
    struct reader r = {.a = a, .dx = dx, .files = files, .nfiles = n};
    size_t nfuncs;
    const struct path_func *funcs = catalog_functions(&nfuncs);
    r.c = ARENA_NEW(a, struct catalog);
    r.c->queries = path_set_new(a, funcs, nfuncs);
    r.used = ARENA_ARRAY(a, bool, n);
    size_t before = diag_count(dx, DIAG_ERROR);
    const struct text *t = find_file(&r, STR("catalog.json"));
    if (!t) {
        diag_file(dx, &CAT_NO_FILE, where, "catalog.json");
        return NULL;
    }
    const struct text *actions = find_file(&r, STR("iam-actions.json"));
    if (actions)
        r.c->actions = actions->bytes;
    const struct json *root = json_read(a, t, dx);
    if (!root || !reader_keys(&r, t, root, "catalog"))
        return NULL;
    read_catalog(&r, t, root);
    stray_files(&r);
    if (r.failed || diag_count(dx, DIAG_ERROR) > before)
        return NULL;
    unused_params(&r);
    for (size_t i = 0; i < n; i++)
        if (r.used[i])
            *vec_push(a, &r.c->files) = &files[i];
    return r.c;
}

struct catalog *catalog_load_memory(struct arena *a, const struct text *files, size_t n,
                                    struct diag *dx)
{
    return load(a, files, n, STR("the catalog"), dx);
}

struct catalog *catalog_load(struct arena *a, const char *folder, struct diag *dx)
{
    struct file_list list = {0};
    if (!file_walk(a, folder, dx, &list))
        return NULL;
    struct text *files = ARENA_ARRAY(a, struct text, list.n);
    size_t n = 0;
    bool ok = true;
    for (size_t i = 0; i < list.n; i++) {
        struct str name = list.v[i].relative;
        if (str_find_char(name, '/') != (size_t)-1 ||
            !(str_ends(name, STR(".json")) || str_ends(name, STR(".md"))))
            continue;
        struct text *t = &files[n];
        t->name = list.v[i].path;
        if (file_read(a, str_z(a, t->name), t->name, dx, &t->bytes))
            n++;
        else
            ok = false;
    }
    struct catalog *c = load(a, files, n, str_from(folder), dx);
    return ok ? c : NULL;
}

const struct check *catalog_check(const struct catalog *c, struct str id)
{
    for (size_t i = 0; i < c->checks.n; i++)
        if (str_eq_nocase(c->checks.v[i]->id, id))
            return c->checks.v[i];
    return NULL;
}

const struct control *catalog_control(const struct catalog *c, struct str id)
{
    for (size_t i = 0; i < c->controls.n; i++)
        if (str_eq_nocase(c->controls.v[i]->id, id))
            return c->controls.v[i];
    return NULL;
}
