/* Policies from JSON in a test, with ' for ". */
#pragma once
#include "iam_table.h"
#include "iam/policy.h"
#include "json/json.h"

static inline struct policy *iam_policy(struct arena *a, const char *json,
                                        enum policy_kind kind)
{
    struct text *t = ARENA_NEW(a, struct text);
    char *copy = str_z(a, str_from(json));
    for (char *c = copy; *c; c++)
        if (*c == '\'')
            *c = '"';
    *t = (struct text){STR("policy.json"), str_from(copy)};
    struct diag *dx = diag_new(a);
    struct policy_source s = {.text = t, .node = json_read(a, t, dx), .kind = kind};
    ck_assert_msg(s.node != NULL, "test data: %s", copy);
    return policy_read(a, &s);
}

/* The same from statements alone. */
static inline struct policy *iam_statements(struct arena *a, const char *statements,
                                            enum policy_kind kind)
{
    struct str json = str_fmt(a, "{'Version':'2012-10-17','Statement':[%s]}", statements);
    return iam_policy(a, json.p, kind);
}
