/* Every policy in the AWS CLI's own examples, wherever it stands: read whole, judged. */
#include "../unit/unit.h"

#include "base/file.h"
#include "iam/lint.h"
#include "iam/risk.h"
#include "json/json.h"

#include <stdio.h>

struct tally {
    struct arena *a;
    struct actions *table;
    const struct text *text;
    unsigned long passed, failed;
};

static enum policy_kind kind_of(const struct json *node)
{
    const struct json *st = json_get(node, STR("Statement"));
    if (json_is(st, JSON_ARRAY))
        st = json_first(st);
    if (!json_get(st, STR("Principal")) && !json_get(st, STR("NotPrincipal")))
        return POLICY_IDENTITY_MANAGED;
    return json_get(st, STR("Resource")) ? POLICY_RESOURCE : POLICY_TRUST;
}

static void judge(struct tally *t, const struct json *node, enum policy_kind kind)
{
    struct policy_source s = {.text = t->text, .node = node, .kind = kind};
    struct arena *a = arena_new();
    struct iam *x = iam_new(a, t->table);
    const struct policy *p = policy_read(a, &s);
    if (p->root && json_is(node, JSON_STRING)) {
        s.kind = kind_of(p->root);
        p = policy_read(a, &s);
    }
    struct policy_issues found = {0};
    lint_policy(x, p, &found);
    struct effective_input in = {&p, 1, false, NULL, 0};
    struct effective *e = effective_grants(x, &in);
    struct risk_options options = {0};
    risks_of(x, e, &options);
    bool whole = !p->unreadable;
    for (size_t i = 0; i < p->nstatements; i++)
        whole = whole && policy_statement_origin(&p->statements[i]).len > 0;
    if (whole) {
        t->passed++;
    } else {
        t->failed++;
        printf("%.*s: %s\n", STR_ARG(t->text->name),
               p->issues.n ? p->issues.v[0].kind->what : "no place");
    }
    arena_free(a);
}

static void look(struct tally *t, const struct json *node, int depth)
{
    if (json_is(node, JSON_OBJECT) && json_get(node, STR("Statement"))) {
        judge(t, node, kind_of(node));
        return;
    }
    struct str s = json_str(node);
    if (json_is(node, JSON_STRING) &&
        (str_has(s, STR("\"Statement\"")) || str_has(s, STR("%22Statement%22"))) &&
        (str_starts(str_trim(s), STR("{")) || str_starts(s, STR("%7B")))) {
        judge(t, node, POLICY_IDENTITY_MANAGED);
        return;
    }
    for (const struct json *c = json_first(node); c && depth < 50; c = json_next(c))
        look(t, c, depth + 1);
}

int main(void)
{
    const char *folder = unit_shared("suites/aws-cli-examples");
    if (!folder)
        return unit_report("iam_examples", 0, 0, 1);
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    struct str table;
    struct file_list files = {0};
    if (!file_read(a, "controls/iam-actions.json", STR("iam-actions.json"), dx, &table) ||
        !file_walk(a, folder, dx, &files))
        return unit_report("iam_examples", 0, 1, 0);
    struct tally t = {.a = a, .table = actions_open(a, table, dx)};
    for (size_t i = 0; i < files.n; i++) {
        struct text *text = ARENA_NEW(a, struct text);
        struct diag *quiet = diag_new(a);
        text->name = files.v[i].relative;
        if (!str_ends(text->name, STR(".json")) ||
            !file_read(a, str_z(a, files.v[i].path), text->name, quiet, &text->bytes))
            continue;
        t.text = text;
        const struct json *root = json_read(a, text, quiet);
        if (root)
            look(&t, root, 0);
    }
    int status = unit_report("iam_examples", t.passed, t.failed, 0);
    arena_free(a);
    return status;
}
