/* CloudTrail records to activity and to calls of roles: a log file, and the same bytes as
 * an answer of lookup-events. */
#include "base/arena.h"
#include "base/diag.h"
#include "evidence/evidence.h"
#include "trail/calls.h"
#include "trail/trail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    struct str bytes = {(const char *)data, size};
    struct evidence_input in[] = {
        {.path = STR("111122223333/us-east-1/cloudtrail/records.json"), .bytes = bytes},
        {.path = STR("111122223333/us-east-1/cloudtrail/lookup-events.json"),
         .bytes = bytes},
    };
    struct evidence *ev = evidence_load_memory(a, in, 2, dx);
    struct map roles = MAP_INIT;
    *map_put(a, &roles, STR("arn:aws:iam::111122223333:role/r")) = a;
    trail_read(a, ev, 1, dx);
    trail_calls_read(a, ev, &roles, 1);
    arena_free(a);
    return 0;
}
