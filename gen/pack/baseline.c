/* The baseline of a redacted pack. */
#include "pack/baseline.h"

#include "base/buf.h"
#include "report/results.h"

static bool kept(const struct report_subject *s)
{
    return str_starts(s->arn, STR("arn:"));
}

/* Results and checks stay; whatever somebody wrote or named goes. */
static void strip_test(struct report_test *t)
{
    t->message = STR("");
    t->findings.n = 0;
    t->spots.n = 0;
    t->more_findings = 0;
    t->waiver = NULL;
}

void baseline_strip(struct arena *a, struct report *r, struct redact_also *also)
{
    size_t n = 0;
    also->texts = ARENA_ARRAY(a, struct str, r->subjects.n + 1);
    also->n = 0;
    for (size_t i = 0; i < r->tests.n; i++)
        if (kept(r->tests.v[i].subject)) {
            r->tests.v[n] = r->tests.v[i];
            strip_test(&r->tests.v[n++]);
        }
    r->tests.n = n;
    for (size_t i = 0; i < r->subjects.n; i++)
        if (kept(&r->subjects.v[i]))
            also->texts[also->n++] = r->subjects.v[i].arn;
}

void baseline_write(struct buf *out, struct report *r, const struct str *arns)
{
    struct arena *a = arena_new();
    struct report_subject *all = r->subjects.v;
    struct report_subject *v = ARENA_ARRAY(a, struct report_subject, r->subjects.n + 1);
    size_t n = 0, tests = r->tests.n;
    for (size_t i = 0; i < r->subjects.n; i++) {
        if (!kept(&all[i]))
            continue;
        v[n] = (struct report_subject){.arn = arns[n], .type = all[i].type};
        all[i].number = (uint32_t)n++;
    }
    for (size_t i = 0; i < tests; i++)
        r->tests.v[i].subject = &v[r->tests.v[i].subject->number];
    /* Made anew, not cleared: what reports gain later stays out by itself. */
    struct report lean = {
        .format = r->format,
        .version = r->version,
        .as_of = r->as_of,
        .redacted = true,
        .catalog = r->catalog,
        .controls = r->controls,
        .subjects = {v, n, n},
        .tests = r->tests,
    };
    report_hand_tests(a, &lean);
    results_write(out, &lean);
    arena_free(a);
}
