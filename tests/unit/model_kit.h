/* Evidence made by hand, for tests of the model: what the reader would hand over. */
#pragma once
#include "iam_table.h"
#include "unit.h"

#include "base/when.h"
#include "evidence/evidence.h"
#include "json/json.h"
#include "json/write.h"
#include "model/model.h"

#include <stdlib.h>
#include <string.h>

#define ACCT "111122223333"
#define REGION "us-east-1"

struct kit {
    struct arena *a;
    struct diag *dx;
    struct evidence ev;
    struct model *m;
    const char *account, *region;
    struct str actions; /* bytes of the action table; empty: none */
};

__attribute__((unused)) static struct kit kit_new(void)
{
    struct kit k = {.a = arena_new(), .account = ACCT, .region = REGION};
    k.dx = diag_new(k.a);
    k.ev.newest = WHEN_NONE;
    return k;
}

/* The same, with the table of actions. */
__attribute__((unused)) static struct kit kit_new_with_actions(void)
{
    struct kit k = kit_new();
    k.actions = iam_table_bytes(k.a);
    return k;
}

/* One document; json NULL for an empty one. */
__attribute__((unused)) static struct document *kit_add(struct kit *k, const char *kind,
                                                        const char *name,
                                                        const char *name2,
                                                        const char *json)
{
    struct document *d = ARENA_NEW(k->a, struct document);
    const struct operation *op = operation_of_kind(str_from(kind));
    ck_assert_msg(op != NULL, "no operation %s", kind);
    k->ev.v = arena_grow(k->a, k->ev.v, k->ev.n, &k->ev.cap, sizeof *k->ev.v);
    d->number = k->ev.n;
    k->ev.v[k->ev.n++] = d;
    d->path = str_fmt(k->a, "%03zu-%s.json", d->number, op->command);
    d->text.name = d->path;
    d->text.bytes = str_dup(k->a, str_from(json));
    d->sha256 = d->path;
    d->op = op;
    d->account = str_from(k->account);
    d->region = op->global ? STR("global") : str_from(k->region);
    d->partition = STR("aws");
    d->name = str_from(name);
    d->name2 = str_from(name2);
    d->collected = WHEN_NONE;
    d->state = json ? DOCUMENT_ANSWER : DOCUMENT_EMPTY;
    if (json) {
        struct diag *dx = diag_new(k->a);
        d->root = json_read(k->a, &d->text, dx);
        ck_assert_msg(d->root != NULL, "bad JSON in the test: %s: %s",
                      diag_first(dx, DIAG_ERROR), json);
    }
    return d;
}

__attribute__((unused)) static struct document *kit_error(struct kit *k, const char *kind,
                                                          const char *name,
                                                          const char *code)
{
    struct document *d = kit_add(k, kind, name, "", NULL);
    d->state = DOCUMENT_ERROR;
    d->error_code = str_from(code);
    return d;
}

__attribute__((unused)) static const struct model *kit_build_at(struct kit *k,
                                                                int64_t now)
{
    struct model_options o = {.threads = 1, .actions = k->actions, .now = now};
    k->m = model_build(k->a, &k->ev, &o, k->dx);
    return k->m;
}

__attribute__((unused)) static const struct model *kit_build(struct kit *k)
{
    int64_t now;
    when_read(STR("2026-11-20T00:00:00Z"), &now);
    return kit_build_at(k, now);
}

__attribute__((unused)) static const struct subject *kit_find(struct kit *k,
                                                              const char *name)
{
    const struct subject *s = model_find(k->m, str_from(name));
    ck_assert_msg(s != NULL, "no subject %s", name);
    return s;
}

/* JSON of the node at pointer in the subject's view; "" when there is none. */
__attribute__((unused)) static const char *kit_view(struct kit *k, const char *name,
                                                    const char *pointer)
{
    struct json *view = subject_view(k->a, kit_find(k, name));
    const struct json *n = json_pointer(view, str_from(pointer));
    struct buf out = BUF_INIT;
    if (n)
        json_write(&out, n, false, false);
    struct str s = buf_dup(k->a, &out);
    buf_free(&out);
    return s.p;
}
