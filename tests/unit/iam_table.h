/* The project's own table of IAM actions, for tests. */
#pragma once
#include "base/file.h"
#include "iam/actions.h"
#include "unit.h"

static inline struct actions *iam_table(struct arena *a)
{
    struct str bytes;
    struct diag *dx = diag_new(a);
    ck_assert(
        file_read(a, "controls/iam-actions.json", STR("iam-actions.json"), dx, &bytes));
    struct actions *t = actions_open(a, bytes, dx);
    ck_assert(t != NULL);
    return t;
}
