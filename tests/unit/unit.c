/* What every test program shares. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int unit_report(const char *name, unsigned long passed, unsigned long failed,
                unsigned long skipped)
{
    printf("%s: %lu passed, %lu failed, %lu skipped\n", name, passed, failed, skipped);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int unit_run(Suite *suite, const char *name)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int run = srunner_ntests_run(runner), failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return unit_report(name, (unsigned long)(run - failed), (unsigned long)failed, 0);
}

struct str unit_first_error(struct arena *a, const struct diag *dx)
{
    for (size_t i = 0; i < diag_len(dx); i++) {
        struct diag_view v = diag_get(dx, i);
        if (v.level == DIAG_ERROR)
            return str_fmt(a, "%u:%u %s", v.place.line, v.place.column, v.code);
    }
    return STR("ok");
}

const char *unit_shared(const char *below)
{
    static char path[4096];
    const char *root = getenv("KDAUDIT_SHARED");
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", root && *root ? root : "../shared", below);
    return stat(path, &st) == 0 ? path : NULL;
}
