/* Any bytes as operator, policy value and request value, a line each: conditions in three
 * values, and what they narrow. */
#include "base/arena.h"
#include "iam/narrow.h"
#include "iam/request.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size > 4096)
        return 0;
    struct arena *a = arena_new();
    struct str op, want, have, rest = {(const char *)bytes, size};
    str_cut(rest, '\n', &op, &rest);
    str_cut(rest, '\n', &want, &have);
    struct condition c = {.key = STR("aws:SourceArn"), .values = &want, .nvalues = 1};
    condition_operator(op, &c);
    struct request_key keys[] = {{STR("aws:SourceArn"), &have, 1}, {STR("k"), &have, 1}};
    struct request_context known = {keys, 2, false}, empty = {keys, 0, true};
    enum truth t = condition_holds(a, &c, &known, true);
    enum truth without = condition_holds(a, &c, &empty, true);
    if (c.family != CONDITION_UNKNOWN)
        assert(without == (condition_holds_without_key(&c) ? TRUTH_YES : TRUTH_NO));
    /* A negated operator is the other one's opposite, for one value. */
    if (c.family != CONDITION_NULL && c.set == CONDITION_PLAIN) {
        c.negated = !c.negated;
        assert(condition_holds(a, &c, &known, true) == truth_not(t));
    }
    enum narrow_by by;
    narrow_judge(a, &c, true, &by);
    arena_free(a);
    return 0;
}
