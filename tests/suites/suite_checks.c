/* The checks of controls/ on the subjects of tests/checks/: one file per check, its cases
 * as rows. Every check needs a case that passes, one that fails, and one where evidence
 * is missing; a manual check one that is manual. */
#include "../unit/unit.h"

#include "assess/assess.h"
#include "base/file.h"
#include "base/when.h"
#include "catalog/catalog.h"
#include "evidence/operation.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>

static struct arena *a;
static unsigned long passed, failed;

static void fault(struct str check, struct str name, const char *what, struct str detail)
{
    failed++;
    printf("%.*s, %.*s: %s: %.*s\n", STR_ARG(check), STR_ARG(name), what,
           STR_ARG(detail));
}

/* One answer as a document of its own in the case file's text. */
static void add_exhibit(struct subject *s, const struct text *t, const struct json *node,
                        struct str state, int64_t now)
{
    const struct operation *op = operation_of_kind(json_key(node));
    if (!op)
        return;
    struct document *d = ARENA_NEW(a, struct document);
    d->path = str_fmt(a, "%s.json", op->kind);
    d->text = *t;
    d->op = op;
    d->root = node;
    d->collected = now;
    d->state = DOCUMENT_ANSWER;
    if (str_eq(state, STR("denied"))) {
        d->state = DOCUMENT_ERROR;
        d->error_code = STR("AccessDenied");
    } else if (str_eq(state, STR("failed"))) {
        d->state = DOCUMENT_ERROR;
        d->error_code = STR("ThrottlingException");
    } else if (str_eq(state, STR("invalid"))) {
        d->state = DOCUMENT_INVALID;
    } else if (str_eq(state, STR("truncated"))) {
        d->partial = true;
    } else if (str_eq(state, STR("stale"))) {
        d->collected = now - 10000LL * 86400;
    }
    struct exhibit *x = vec_push(a, &s->exhibits);
    for (; x > s->exhibits.v && strcmp(x[-1].kind, op->kind) > 0; x--) /* by kind */
        *x = x[-1];
    *x = (struct exhibit){.kind = op->kind, .doc = d};
    x->node = d->state == DOCUMENT_ANSWER ? node : NULL;
}

static struct subject *subject_of(const struct text *t, const struct json *n, int64_t now)
{
    const struct json *view = json_get(n, STR("subject"));
    struct subject *s = ARENA_NEW(a, struct subject);
    size_t types;
    const struct subject_type *rows = subject_type_rows(&types);
    s->type = "";
    for (size_t i = 0; i < types; i++)
        if (str_eq(json_str(json_get(view, STR("type"))), str_from(rows[i].name)))
            s->type = rows[i].name;
    s->arn = json_str(json_get(view, STR("arn")));
    s->name = json_str(json_get(view, STR("name")));
    s->account = json_str(json_get(view, STR("account")));
    s->region = json_str(json_get(view, STR("region")));
    s->partition = STR("aws");
    s->foreign = json_bool(json_get(view, STR("foreign")));
    for (const struct json *e = json_first(json_get(view, STR("evidence"))); e;
         e = json_next(e)) {
        struct str state = json_str(json_get(json_get(n, STR("states")), json_key(e)));
        add_exhibit(s, t, e, state, now);
    }
    return s;
}

static void reset_params(struct catalog *c)
{
    for (size_t i = 0; i < c->params.n; i++) {
        struct param *p = c->params.entries[i].value;
        p->value = p->fallback;
    }
}

static bool set_params(struct catalog *c, const struct json *params, struct diag *dx)
{
    reset_params(c);
    for (const struct json *p = json_first(params); p; p = json_next(p)) {
        struct str assignment =
            str_fmt(a, "%.*s=%.*s", STR_ARG(json_key(p)), STR_ARG(json_str(p)));
        if (!catalog_set_param(a, c, assignment, dx))
            return false;
    }
    return true;
}

static bool right(const struct test *t, const struct json *n, struct str id,
                  struct str name)
{
    struct str result = json_str(json_get(n, STR("result")));
    struct str reason = json_str(json_get(n, STR("reason")));
    struct str message = json_str(json_get(n, STR("message")));
    struct str got = str_from(result_name(t->result));
    if (!str_eq(got, result)) {
        fault(id, name, "result",
              str_fmt(a, "%.*s (%.*s)", STR_ARG(got), STR_ARG(t->message)));
        return false;
    }
    got = str_from(reason_name(t->reason));
    if ((reason.n && !str_eq(got, reason)) ||
        (t->result == RESULT_UNKNOWN) == (t->reason == REASON_NONE)) {
        fault(id, name, "reason", got);
        return false;
    }
    struct str words = assess_message(a, t);
    if (!words.n || !str_has(words, message)) {
        fault(id, name, "message", words);
        return false;
    }
    const struct json *findings = json_get(n, STR("findings"));
    if (findings && (double)t->nfindings != json_num(findings)) {
        fault(id, name, "findings", str_fmt(a, "%u", t->nfindings));
        return false;
    }
    bool says = t->result == RESULT_FAIL || t->result == RESULT_UNKNOWN;
    if (says != (t->nfindings > 0)) {
        fault(id, name, "findings", STR("none, or too many"));
        return false;
    }
    return true;
}

static void run_case(struct catalog *c, const struct check *check, const struct text *t,
                     const struct json *n, unsigned *seen)
{
    struct diag *dx = diag_new(a);
    struct str name = json_str(json_get(n, STR("name")));
    int64_t now;
    when_read(STR("2026-11-23T10:00:00Z"), &now);
    struct subject *s = subject_of(t, n, now);
    if (!set_params(c, json_get(n, STR("params")), dx) ||
        strcmp(s->type, check->subject) != 0) {
        fault(check->id, name, "case", STR("bad parameter or type of subject"));
        return;
    }
    struct test test =
        assess_one(a, NULL, c, check, s, json_get(n, STR("subject")), now, dx);
    for (size_t i = 0; i < diag_len(dx); i++)
        fault(check->id, name, diag_get(dx, i).code, diag_get(dx, i).message);
    *seen |= 1u << test.result;
    if (right(&test, n, check->id, name))
        passed++;
}

static void run_check(struct catalog *c, const struct check *check)
{
    struct diag *dx = diag_new(a);
    struct text t = {.name = str_fmt(a, "tests/checks/%.*s.json", STR_ARG(check->id))};
    const struct json *root = NULL;
    unsigned seen = 0;
    if (file_read(a, str_z(a, t.name), t.name, dx, &t.bytes))
        root = json_read(a, &t, dx);
    if (!root || !str_eq(json_str(json_get(root, STR("check"))), check->id)) {
        fault(check->id, STR("file"), "cannot be used", t.name);
        return;
    }
    for (const struct json *n = json_first(json_get(root, STR("cases"))); n;
         n = json_next(n))
        run_case(c, check, &t, n, &seen);
    unsigned wanted = 1u << RESULT_PASS | 1u << RESULT_FAIL | 1u << RESULT_UNKNOWN;
    if (check->manual)
        wanted = 1u << RESULT_MANUAL;
    if (check->applies)
        wanted |= 1u << RESULT_NOT_APPLICABLE;
    if (check->manual && !check->applies)
        wanted = 1u << RESULT_MANUAL;
    for (unsigned r = 0; r <= RESULT_ERROR; r++)
        if (wanted & ~seen & 1u << r)
            fault(check->id, STR("cases"), "none has the result",
                  str_from(result_name((enum result)r)));
}

int main(void)
{
    a = arena_new();
    struct diag *dx = diag_new(a);
    struct catalog *c = catalog_load(a, "controls", dx);
    if (diag_len(dx)) {
        struct buf out = BUF_INIT;
        diag_print(dx, &out, false);
        printf("%s", out.p);
        buf_free(&out);
        failed += diag_len(dx);
    }
    for (size_t i = 0; c && i < c->checks.n; i++)
        run_check(c, c->checks.v[i]);
    arena_free(a);
    return unit_report("suite_checks", passed, failed, 0);
}
