/* The operation table against the published service models: every path of a shape, a
 * binding or a time exists in the answer, every option in the request, and the command to
 * collect gives all that the service demands. */
#include "../unit/unit.h"

#include "base/file.h"
#include "base/map.h"
#include "evidence/operation.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>

static unsigned long passed, failed, skipped;

static void expect(bool ok, const struct operation *op, const char *what, struct str word)
{
    passed += ok;
    failed += !ok;
    if (!ok)
        printf("%s: %s: %.*s\n", op->kind, what, STR_ARG(word));
}

static const struct json *shape_of(const struct json *model, struct str name)
{
    return json_get(json_get(model, STR("shapes")), name);
}

/* Does the path lead anywhere from this structure? What '!' forbids may be of another
 * operation, so it is not looked for. */
static bool leads(const struct json *model, struct str shape, struct str path)
{
    struct str step;
    str_cut(path, '!', &path, NULL);
    str_cut(path, ':', &path, NULL);
    if (str_ends(path, STR("?")))
        path.n--;
    while (path.n) {
        str_cut(path, '.', &step, &path);
        bool list = str_ends(step, STR("[]"));
        if (list)
            step.n -= 2;
        const struct json *s = shape_of(model, shape);
        const struct json *next = json_dig(s, "members", NULL);
        if (str_eq(json_str(json_get(s, STR("type"))), STR("map")))
            next = json_get(s, STR("value"));
        else
            next = json_get(next, step);
        if (!next)
            return false;
        shape = json_str(json_get(next, STR("shape")));
        if (!list)
            continue;
        const struct json *item = json_get(shape_of(model, shape), STR("member"));
        if (!item)
            return false;
        shape = json_str(json_get(item, STR("shape")));
    }
    return true;
}

static void check_paths(const struct operation *op, const struct json *model,
                        struct str shape, const char *column)
{
    struct str words = str_from(column), word, one;
    while (words.n) {
        str_cut(words, ' ', &word, &words);
        if (str_eq(word, STR("-")) || str_eq(word, STR("weak")))
            continue;
        while (word.n) {
            str_cut(word, '/', &one, &word);
            expect(leads(model, shape, one), op, "no such member in the answer", one);
        }
    }
}

/* "--log-group-name" and "logGroupName" are one. */
static bool same_option(struct str option, struct str member)
{
    size_t i = 0, j = 0;
    for (; j < member.n; j++) {
        while (i < option.n && option.p[i] == '-')
            i++;
        if (i == option.n || (option.p[i++] | 32) != (member.p[j] | 32))
            return false;
    }
    return i == option.n;
}

static bool has_member(const struct json *members, struct str option)
{
    for (const struct json *m = json_first(members); m; m = json_next(m))
        if (same_option(option, json_key(m)))
            return true;
    return false;
}

static bool has_option(const char *args, struct str member)
{
    struct str words = str_from(args), word;
    while (words.n) {
        str_cut(words, ' ', &word, &words);
        if (str_starts(word, STR("--")) && same_option(word, member))
            return true;
    }
    return false;
}

static void check_options(const struct operation *op, const struct json *input)
{
    const struct json *members = json_get(input, STR("members"));
    struct str words = str_from(op->args), word;
    while (words.n) {
        str_cut(words, ' ', &word, &words);
        if (str_starts(word, STR("--")))
            expect(has_member(members, word), op, "no such option", word);
    }
    words = str_from(op->param);
    while (words.n) {
        str_cut(words, ' ', &word, &words);
        if (!str_eq(word, STR("-")))
            expect(has_member(members, word), op, "no such option", word);
    }
    for (const struct json *r = json_first(json_get(input, STR("required"))); r;
         r = json_next(r))
        expect(has_option(op->args, json_str(r)), op, "option is missing", json_str(r));
}

static void check_row(const struct operation *op, const struct json *model)
{
    struct str name;
    str_cut(str_from(op->kind), ':', NULL, &name);
    const struct json *operation = json_get(json_get(model, STR("operations")), name);
    if (!operation) {
        /* Log files and digests are fetched from S3; they are no answers. */
        expect(strcmp(op->action, "s3:GetObject") == 0, op, "no such operation", name);
        return;
    }
    struct str shape = json_str(json_dig(operation, "output", "shape", NULL));
    check_paths(op, model, shape, op->top);
    check_paths(op, model, shape, op->bind);
    check_paths(op, model, shape, op->time);
    struct str input = json_str(json_dig(operation, "input", "shape", NULL));
    check_options(op, shape_of(model, input));
}

int main(void)
{
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    struct map models = MAP_INIT;
    struct file_list files = {0};
    const char *root = unit_shared("schemas/aws-api");
    if (!root || !file_walk(a, root, dx, &files)) {
        printf("the service models are not here\n");
        return unit_report("suite_operations", 0, 0, 1);
    }
    size_t n;
    const struct operation *rows = operation_rows(&n);
    for (size_t i = 0; i < files.n; i++) {
        struct text *t = ARENA_NEW(a, struct text);
        t->name = files.v[i].relative;
        if (!str_ends(t->name, STR(".service-2.json")) ||
            !file_read(a, files.v[i].path.p, t->name, dx, &t->bytes))
            continue;
        struct str service;
        str_cut(t->name, '-', &service, NULL);
        *map_put(a, &models, service) = json_read(a, t, dx);
    }
    for (size_t i = 0; i < n; i++) {
        const struct json *model = map_get(&models, str_from(rows[i].service));
        if (model)
            check_row(&rows[i], model);
        else
            skipped++;
    }
    arena_free(a);
    return unit_report("suite_operations", passed, failed, skipped);
}
