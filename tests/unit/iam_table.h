/* The project's own table of IAM actions, for tests. */
#pragma once
#include "base/file.h"
#include "iam/actions.h"
#include "unit.h"

static inline struct str iam_table_bytes(struct arena *a)
{
    struct str bytes;
    ck_assert(file_read(a, "controls/iam-actions.json", STR("iam-actions.json"),
                        diag_new(a), &bytes));
    return bytes;
}

static inline struct actions *iam_table(struct arena *a)
{
    struct actions *t = actions_open(a, iam_table_bytes(a), diag_new(a));
    ck_assert(t != NULL);
    return t;
}
