/* Judge a role with other policies: its evidence is replaced, the rest is kept. */
#include "assess/trial.h"

#include "base/buf.h"
#include "base/diag.h"
#include "json/json.h"
#include "json/write.h"

#include <stdlib.h>
#include <string.h>

#define DETAILS "iam:GetAccountAuthorizationDetails"

/* Answers that say which policies a role has. */
static const char *const replaced[] = {"iam:GetRole", "iam:GetRolePolicy",
                                       "iam:ListAttachedRolePolicies",
                                       "iam:ListRolePolicies"};

struct work {
    struct arena *a;
    const struct subject *role;
    struct evidence *ev;
    struct evidence_input *inputs;
    size_t ninputs;
};

/* Is the document an answer about the role's policies? */
static bool is_replaced(const struct work *w, const struct document *d)
{
    bool kind = false;
    for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++)
        kind = kind || (d->op && strcmp(d->op->kind, replaced[i]) == 0);
    for (size_t i = 0; kind && i < w->role->exhibits.n; i++)
        if (w->role->exhibits.v[i].doc == d)
            return true;
    return false;
}

/* The account's details without the role. */
static const struct json *without(const struct work *w, const struct json *root)
{
    struct json *out = json_new_object(w->a);
    for (const struct json *m = json_first(root); m; m = json_next(m)) {
        if (!str_eq(json_key(m), STR("RoleDetailList"))) {
            json_set(w->a, out, json_key(m), json_new_ref(w->a, m));
            continue;
        }
        struct json *list = json_set(w->a, out, json_key(m), json_new_array(w->a));
        for (const struct json *r = json_first(m); r; r = json_next(r))
            if (!str_eq(json_str(json_get(r, STR("Arn"))), w->role->arn))
                json_push(list, json_new_ref(w->a, r));
    }
    return out;
}

static void keep(struct work *w, const struct document *d)
{
    struct document *copy = ARENA_NEW(w->a, struct document);
    *copy = *d;
    if (d->op && d->root && strcmp(d->op->kind, DETAILS) == 0)
        copy->root = without(w, d->root);
    *vec_push(w->a, w->ev) = copy;
}

static void add_input(struct work *w, const char *operation, struct str name2,
                      const struct json *root)
{
    struct arena *a = w->a;
    struct buf text = BUF_INIT;
    json_write(&text, root, true, false);
    w->inputs[w->ninputs++] = (struct evidence_input){
        .path = str_fmt(a, "proposal/%.*s/global/iam/%s~%.*s%s%.*s.json",
                        STR_ARG(w->role->account), operation, STR_ARG(w->role->name),
                        name2.n ? "~" : "", STR_ARG(name2)),
        .bytes = buf_dup(a, &text)};
    buf_free(&text);
}

/* What is known of the role itself, with another trust policy. */
static void add_role(struct work *w, const struct json *trust)
{
    struct arena *a = w->a;
    const struct json *old =
        json_get(subject_answer(w->role, "iam:GetRole"), STR("Role"));
    struct json *root = json_new_object(a);
    struct json *r = json_set(a, root, STR("Role"), json_new_object(a));
    if (!old)
        old = subject_answer(w->role, DETAILS);
    json_set_str(a, r, STR("RoleName"), w->role->name);
    json_set_str(a, r, STR("Arn"), w->role->arn);
    static const char *const left_out[] = {"RoleName", "Arn", "AssumeRolePolicyDocument",
                                           "RolePolicyList", "AttachedManagedPolicies"};
    for (const struct json *m = json_first(old); m; m = json_next(m)) {
        bool out = false;
        for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
            out = out || str_eq(json_key(m), str_from(left_out[i]));
        if (!out)
            json_set(a, r, json_key(m), json_new_ref(a, m));
    }
    json_set(a, r, STR("AssumeRolePolicyDocument"), json_new_ref(a, trust));
    add_input(w, "get-role", STR(""), root);
}

static bool add_policies(struct work *w, const struct str *policies, size_t n)
{
    struct arena *a = w->a;
    struct json *names = json_new_object(a), *none = json_new_object(a);
    struct json *list = json_set(a, names, STR("PolicyNames"), json_new_array(a));
    for (size_t i = 0; i < n; i++) {
        struct text *t = ARENA_NEW(a, struct text);
        *t = (struct text){STR("proposal"), policies[i]};
        const struct json *doc = json_read(a, t, diag_new(a));
        if (!doc)
            return false;
        struct str name = str_fmt(a, "proposal-%zu", i + 1);
        struct json *root = json_new_object(a);
        json_set_str(a, root, STR("RoleName"), w->role->name);
        json_set_str(a, root, STR("PolicyName"), name);
        json_set(a, root, STR("PolicyDocument"), json_new_ref(a, doc));
        json_push(list, json_new_str(a, name));
        add_input(w, "get-role-policy", name, root);
    }
    add_input(w, "list-role-policies", STR(""), names);
    json_set(a, none, STR("AttachedPolicies"), json_new_array(a));
    add_input(w, "list-attached-role-policies", STR(""), none);
    return true;
}

static int by_path(const void *p, const void *q)
{
    const struct document *const *x = p, *const *y = q;
    return str_cmp((*x)->path, (*y)->path);
}

/* Evidence of the role's account with the new answers in place of the old ones. */
static bool replace(struct work *w, const struct model *m, const struct str *policies,
                    size_t n, struct str trust)
{
    struct text *t = ARENA_NEW(w->a, struct text);
    *t = (struct text){STR("proposal"), trust};
    const struct json *doc = json_read(w->a, t, diag_new(w->a));
    if (!doc)
        return false;
    w->inputs = ARENA_ARRAY(w->a, struct evidence_input, n + 3);
    add_role(w, doc);
    if (!add_policies(w, policies, n))
        return false;
    struct evidence *new =
        evidence_load_memory(w->a, w->inputs, w->ninputs, diag_new(w->a));
    for (size_t i = 0; i < new->n; i++) {
        new->v[i]->account = w->role->account;
        new->v[i]->region = STR("global");
        new->v[i]->partition = w->role->partition;
        new->v[i]->collected = m->now;
        *vec_push(w->a, w->ev) = new->v[i];
    }
    for (size_t i = 0; i < m->evidence->n; i++) {
        const struct document *d = m->evidence->v[i];
        bool own = !d->account.n || str_eq(d->account, w->role->account);
        if (own && !is_replaced(w, d))
            keep(w, d);
    }
    qsort(w->ev->v, w->ev->n, sizeof *w->ev->v, by_path);
    for (size_t i = 0; i < w->ev->n; i++)
        w->ev->v[i]->number = i;
    return true;
}

/* Does it rest on a policy that is new, and not on what stays as it was? */
static bool rests_on_new(const struct spot *s)
{
    if (!s->doc || !s->doc->op || !str_starts(s->doc->path, STR("proposal/")))
        return false;
    return strcmp(s->doc->op->kind, "iam:GetRolePolicy") == 0 ||
           str_starts(s->pointer, STR("/Role/AssumeRolePolicyDocument"));
}

static void judge(struct trial *t, struct arena *a, const struct model *m,
                  const struct catalog *c, const struct subject *role, struct diag *dx)
{
    const struct json *view = subject_view(a, role);
    for (size_t i = 0; i < c->controls.n; i++)
        for (size_t k = 0; k < c->controls.v[i]->checks.n; k++) {
            const struct check *check = c->controls.v[i]->checks.v[k];
            if (strcmp(check->subject, role->type) != 0)
                continue;
            struct test test = assess_one(a, m, c, check, role, view, m->now, dx);
            t->judged += test.result == RESULT_PASS || test.result == RESULT_FAIL;
            for (size_t f = 0; test.result == RESULT_FAIL && f < test.nfindings; f++)
                if (rests_on_new(&test.findings[f].spot))
                    *vec_push(a, &t->v) =
                        (struct trial_finding){check, test.findings[f].message};
        }
    t->done = true;
}

struct trial *trial_role(struct arena *a, const struct model *m, const struct catalog *c,
                         const struct subject *role, const struct str *policies, size_t n,
                         struct str trust, struct diag *dx)
{
    struct trial *t = ARENA_NEW(a, struct trial);
    struct work w = {.a = a, .role = role, .ev = ARENA_NEW(a, struct evidence)};
    w.ev->newest = m->evidence->newest;
    if (!replace(&w, m, policies, n, trust))
        return t;
    struct model_options o = {.now = m->now, .threads = 1, .actions = c->actions};
    const struct model *trial = model_build(a, w.ev, &o, diag_new(a));
    const struct subject *then = trial ? model_find(trial, role->arn) : NULL;
    if (then)
        judge(t, a, trial, c, then, dx);
    return t;
}
