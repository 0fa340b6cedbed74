/* Any bytes as a policy document of every kind: read, place, lint, expand, judge. */
#include "base/arena.h"
#include "base/file.h"
#include "iam/lint.h"
#include "iam/risk.h"
#include "iam/trust.h"
#include "json/json.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct actions *the_table(void)
{
    static struct actions *table;
    if (!table) {
        struct arena *a = arena_new(); /* lives as long as the program */
        struct str data;
        struct diag *dx = diag_new(a);
        bool ok =
            file_read(a, "controls/iam-actions.json", STR("iam-actions.json"), dx, &data);
        assert(ok);
        table = actions_open(a, data, dx);
        assert(table);
    }
    return table;
}

static void one_kind(struct arena *a, const struct policy_source *source)
{
    struct iam *x = iam_new(a, the_table());
    const struct policy *p = policy_read(a, source);
    struct policy_issues found = {0};
    lint_policy(x, p, &found);
    for (size_t i = 0; i < p->issues.n; i++) {
        struct origin at = p->issues.v[i].at;
        assert(!at.text || at.pos + at.len <= at.text->bytes.n);
    }
    struct effective_input in = {&p, 1, false, NULL, 0};
    struct effective *e = effective_grants(x, &in);
    struct risk_options options = {0};
    risks_of(x, e, &options);
    static const struct trust_view view = {
        {"111122223333", 12},
        {"kinesisanalytics.amazonaws.com", 30},
        {"arn:aws:kinesisanalytics:us-east-1:111122223333:"
         "application/a",
         61},
        NULL,
        0};
    if (policy_kind_has_principal(source->kind))
        trust_read(x, p, &view);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *a = arena_new();
    struct text t = {STR("fuzz.json"),
                     str_dup(a, (struct str){(const char *)bytes, size})};
    struct diag *dx = diag_new(a);
    struct policy_source s = {.text = &t, .node = json_read(a, &t, dx)};
    if (s.node) {
        static const enum policy_kind kinds[] = {POLICY_IDENTITY_INLINE, POLICY_TRUST,
                                                 POLICY_RESOURCE, POLICY_RCP};
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            s.kind = kinds[i];
            one_kind(a, &s);
        }
    }
    arena_free(a);
    return 0;
}
