/* The samples are what AWS sends: every answer has the published shape of its operation,
 * every recorded error reads as the CLI writes it, and each index tells the truth. */
#include "../unit/unit.h"

#include "base/file.h"
#include "base/when.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>

/* What is wrong on purpose. */
enum fault { NONE, NOT_INDEXED, NOT_JSON };
static const struct {
    const char *path;
    enum fault fault;
} planted[] = {
    {"organization/444455556666/us-east-1/dynamodb/describe-table~inventory-levels.json",
     NOT_JSON},
    {"organization/444455556666/us-east-1/s3api/"
     "get-bucket-versioning~example-analytics-code-444455556666.json",
     NOT_INDEXED},
};

/* Members that the model demands but the CLI drops when it joins pages. */
static const char *const joined[] = {"HasMoreStreams"};

struct model {
    struct str service;
    const struct json *root;
};

struct run {
    struct arena *a;
    struct diag *dx;
    struct file_list schemas; /* empty: not here */
    VEC(struct model) models;
    struct str file; /* being checked */
    bool told;       /* something about it was printed */
    bool unsure;     /* no model to compare it with */
    unsigned long passed, failed, skipped;
};

static void tell(struct run *r, struct str where, const char *what, struct str detail)
{
    printf("%.*s: %.*s: %s %.*s\n", STR_ARG(r->file), STR_ARG(where), what,
           STR_ARG(detail));
    r->told = true;
}

static const struct json *read_json(struct run *r, const char *path, struct str name)
{
    struct text *t = ARENA_NEW(r->a, struct text);
    t->name = name;
    return file_read(r->a, path, name, r->dx, &t->bytes) ? json_read(r->a, t, r->dx)
                                                         : NULL;
}

/* The service's model, or NULL when none is published here. */
static const struct json *model_of(struct run *r, struct str service)
{
    for (size_t i = 0; i < r->models.n; i++)
        if (str_eq(r->models.v[i].service, service))
            return r->models.v[i].root;
    struct model m = {service, NULL};
    struct str prefix = str_fmt(r->a, "%.*s-", STR_ARG(service));
    for (size_t i = 0; i < r->schemas.n && !m.root; i++)
        if (str_starts(r->schemas.v[i].relative, prefix))
            m.root =
                read_json(r, str_z(r->a, r->schemas.v[i].path), r->schemas.v[i].relative);
    *vec_push(r->a, &r->models) = m;
    return m.root;
}

/* "get-bucket-acl" and "GetBucketAcl" are one operation. */
static bool same_operation(struct str command, struct str name)
{
    size_t j = 0;
    for (size_t i = 0; i < command.n; i++) {
        if (command.p[i] == '-')
            continue;
        if (j == name.n ||
            !str_eq_nocase(str_sub(command, i, i + 1), str_sub(name, j, j + 1)))
            return false;
        j++;
    }
    return j == name.n;
}

static const struct json *operation_of(const struct json *model, struct str command)
{
    const struct json *n = json_first(json_get(model, STR("operations")));
    while (n && !same_operation(command, json_key(n)))
        n = json_next(n);
    return n;
}

static bool contains(const struct json *list, struct str s)
{
    for (const struct json *n = json_first(list); n; n = json_next(n))
        if (str_eq(json_str(n), s))
            return true;
    return false;
}

static bool is_joined(struct str member)
{
    for (size_t i = 0; i < sizeof joined / sizeof *joined; i++)
        if (str_eq(member, str_from(joined[i])))
            return true;
    return false;
}

static void check(struct run *r, const struct json *model, struct str name,
                  const struct json *v, struct str at);

static void check_structure(struct run *r, const struct json *model,
                            const struct json *shape, const struct json *v, struct str at)
{
    const struct json *members = json_get(shape, STR("members"));
    for (const struct json *n = json_first(v); n; n = json_next(n)) {
        struct str key = json_key(n);
        const struct json *member = json_get(members, key);
        /* --max-items leaves a token of the CLI's own at the top */
        if (!member && at.n == 0 && str_eq(key, STR("NextToken")))
            continue;
        struct str below = str_fmt(r->a, "%.*s/%.*s", STR_ARG(at), STR_ARG(key));
        if (!member)
            tell(r, below, "AWS sends no such member", STR(""));
        else
            check(r, model, json_str(json_get(member, STR("shape"))), n, below);
    }
    for (const struct json *n = json_first(json_get(shape, STR("required"))); n;
         n = json_next(n))
        if (!json_get(v, json_str(n)) && !is_joined(json_str(n)))
            tell(r, at, "lacks", json_str(n));
}

static bool is_time(const struct json *v)
{
    int64_t ignored;
    return json_is(v, JSON_NUMBER) ||
           (json_is(v, JSON_STRING) && when_read(json_str(v), &ignored));
}

static bool is_whole(const struct json *v)
{
    struct str s = json_scalar(v);
    return json_is(v, JSON_NUMBER) && str_find_char(s, '.') == (size_t)-1;
}

/* Policies of IAM are text for the service and objects in the CLI's output. */
static bool is_policy(struct str shape, const struct json *v)
{
    return json_is(v, JSON_OBJECT) && str_eq(shape, STR("policyDocumentType"));
}

static void check_scalar(struct run *r, const struct json *shape, struct str name,
                         const struct json *v, struct str at)
{
    struct str type = json_str(json_get(shape, STR("type")));
    const struct json *values = json_get(shape, STR("enum"));
    bool ok = false;
    if (str_eq(type, STR("string")) || str_eq(type, STR("blob")))
        ok = json_is(v, JSON_STRING) || is_policy(name, v);
    else if (str_eq(type, STR("boolean")))
        ok = json_is(v, JSON_TRUE) || json_is(v, JSON_FALSE);
    else if (str_eq(type, STR("integer")) || str_eq(type, STR("long")))
        ok = is_whole(v);
    else if (str_eq(type, STR("double")) || str_eq(type, STR("float")))
        ok = json_is(v, JSON_NUMBER);
    else if (str_eq(type, STR("timestamp")))
        ok = is_time(v);
    if (!ok)
        tell(r, at, "must be", type);
    else if (values && !contains(values, json_str(v)))
        tell(r, at, "is no value of its enum:", json_str(v));
}

static void check(struct run *r, const struct json *model, struct str name,
                  const struct json *v, struct str at)
{
    const struct json *shape = json_get(json_get(model, STR("shapes")), name);
    struct str type = json_str(json_get(shape, STR("type")));
    bool structure = str_eq(type, STR("structure")), map = str_eq(type, STR("map"));
    bool list = str_eq(type, STR("list"));
    if (!structure && !map && !list) {
        check_scalar(r, shape, name, v, at);
        return;
    }
    if (!json_is(v, list ? JSON_ARRAY : JSON_OBJECT)) {
        tell(r, at, "must be", type);
        return;
    }
    if (structure) {
        check_structure(r, model, shape, v, at);
        return;
    }
    struct str item = json_str(json_dig(shape, list ? "member" : "value", "shape", NULL));
    size_t i = 0;
    for (const struct json *n = json_first(v); n; n = json_next(n), i++)
        check(r, model, item, n,
              list ? str_fmt(r->a, "%.*s/%zu", STR_ARG(at), i)
                   : str_fmt(r->a, "%.*s/%.*s", STR_ARG(at), STR_ARG(json_key(n))));
}

static enum fault fault_of(struct str path)
{
    for (size_t i = 0; i < sizeof planted / sizeof *planted; i++)
        if (str_eq(path, str_from(planted[i].path)))
            return planted[i].fault;
    return NONE;
}

/* An answer: strict JSON, and of its operation's shape where the model is at hand. */
static void check_answer(struct run *r, const struct file_entry *f, struct str service,
                         struct str command)
{
    const struct json *root = NULL, *operation = NULL;
    const struct json *model = model_of(r, service);
    struct str bytes;
    if (file_read(r->a, str_z(r->a, f->path), f->relative, r->dx, &bytes) && !bytes.n)
        return;
    if (!(root = read_json(r, str_z(r->a, f->path), f->relative))) {
        tell(r, STR(""), "is no JSON", STR(""));
        return;
    }
    if (!json_is(root, JSON_OBJECT))
        tell(r, STR(""), "must be an object", STR(""));
    if (!model) {
        r->unsure = r->schemas.n == 0;
        return;
    }
    operation = operation_of(model, command);
    if (!operation)
        tell(r, STR(""), "is no operation of its service:", command);
    else
        check(r, model, json_str(json_dig(operation, "output", "shape", NULL)), root,
              STR(""));
}

/* A failure: "An error occurred (CODE) when calling the NAME operation", and the index
 * gives the same CODE. */
static void check_failure(struct run *r, const struct file_entry *f,
                          const struct json *entry, struct str command)
{
    struct str text, code = STR(""), name, rest;
    if (!file_read(r->a, str_z(r->a, f->path), f->relative, r->dx, &text))
        return;
    if (!str_cut(text, '(', NULL, &rest) || !str_cut(rest, ')', &code, &rest) ||
        !str_starts(rest, STR(" when calling the ")))
        tell(r, STR(""), "does not read like an error of the CLI", STR(""));
    rest = str_sub(rest, sizeof " when calling the " - 1, rest.n);
    str_cut(rest, ' ', &name, NULL);
    if (!same_operation(command, name))
        tell(r, STR(""), "is an error of another operation:", name);
    if (entry && !str_eq(json_str(json_get(entry, STR("error_code"))), code))
        tell(r, STR("index.json"), "gives another code than", code);
    if (entry && json_num(json_get(entry, STR("exit_code"))) == 0)
        tell(r, STR("index.json"), "says that it succeeded", STR(""));
}

/* The entry of a file; what it says agrees with the path. */
static const struct json *entry_of(struct run *r, const struct json *index,
                                   struct str path, const struct str part[4])
{
    static const char *const keys[] = {"account", "region", "service", "operation"};
    const struct json *n = json_first(json_get(index, STR("files")));
    while (n && !str_eq(json_str(json_get(n, STR("path"))), path))
        n = json_next(n);
    for (size_t i = 0; n && i < 4; i++)
        if (!str_eq(json_str(json_get(n, str_from(keys[i]))), part[i]))
            tell(r, STR("index.json"), "does not agree with the path on",
                 str_from(keys[i]));
    int64_t ignored;
    if (n && !when_read(json_str(json_get(n, STR("collected"))), &ignored))
        tell(r, STR("index.json"), "has no time collected", STR(""));
    return n;
}

static void check_file(struct run *r, const struct file_entry *f,
                       const struct json *index)
{
    struct str part[4] = {{0}}, rest = f->relative, path, file;
    str_cut(rest, '/', NULL, &rest); /* the sample */
    path = rest;
    for (size_t i = 0; i < 3; i++)
        str_cut(rest, '/', &part[i], &rest);
    file = rest;
    bool failure = str_ends(file, STR(".err"));
    part[3] = str_sub(file, 0, file.n - (failure ? 4 : 5));
    str_cut(part[3], '~', &part[3], NULL);
    r->file = f->relative;
    r->told = r->unsure = false;
    const struct json *entry = entry_of(r, index, path, part);
    if (!entry && fault_of(f->relative) != NOT_INDEXED)
        tell(r, STR("index.json"), "does not name it", STR(""));
    if (failure)
        check_failure(r, f, entry, part[3]);
    else if (fault_of(f->relative) != NOT_JSON)
        check_answer(r, f, part[2], part[3]);
    r->failed += r->told;
    r->skipped += !r->told && r->unsure;
    r->passed += !r->told && !r->unsure;
}

/* Every entry has its file, and they are sorted. */
static void check_index(struct run *r, const struct file_entry *f,
                        const struct json *index)
{
    struct str before = {0}, sample;
    str_cut(f->relative, '/', &sample, NULL);
    r->file = f->relative;
    r->told = !index;
    for (const struct json *n = json_first(json_get(index, STR("files"))); n;
         n = json_next(n)) {
        struct str path = json_str(json_get(n, STR("path")));
        const char *file =
            str_fmt(r->a, "samples/%.*s/%.*s", STR_ARG(sample), STR_ARG(path)).p;
        if (file_type(file) != FILE_REGULAR)
            tell(r, STR("files"), "names a file that is not there:", path);
        if (before.n && str_cmp(before, path) >= 0)
            tell(r, STR("files"), "is not sorted at", path);
        before = path;
    }
    r->failed += r->told;
    r->passed += !r->told;
}

int main(void)
{
    struct arena *a = arena_new();
    struct run r = {.a = a, .dx = diag_new(a)};
    struct file_list files = {0};
    const char *schemas = unit_shared("schemas/aws-api");
    const struct json *index = NULL;
    if (schemas)
        file_walk(a, str_dup(a, str_from(schemas)).p, r.dx, &r.schemas);
    if (!file_walk(a, "samples", r.dx, &files))
        r.failed++;
    /* Sorted by path, digits before letters: an index comes after its files, so it is
     * looked for when a sample begins. */
    struct str sample = {0};
    for (size_t i = 0; i < files.n; i++) {
        struct str name, rest;
        const struct file_entry *f = &files.v[i];
        if (!str_cut(f->relative, '/', &name, &rest))
            continue;
        if (!str_eq(name, sample)) {
            const char *path = str_fmt(a, "samples/%.*s/index.json", STR_ARG(name)).p;
            sample = name;
            index = file_type(path) == FILE_REGULAR ? read_json(&r, path, name) : NULL;
        }
        if (!index)
            continue;
        if (str_eq(rest, STR("index.json")))
            check_index(&r, f, index);
        else
            check_file(&r, f, index);
    }
    struct buf out = BUF_INIT;
    diag_print(r.dx, &out, false);
    if (out.n)
        puts(out.p);
    buf_free(&out);
    int status = unit_report("shapes", r.passed, r.failed, r.skipped);
    arena_free(a);
    return status;
}
