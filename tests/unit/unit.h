/* What every test program shares: run a libcheck suite and print one line of counts. */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/str.h"

#include <check.h>

/* Run the suite; print "NAME: N passed, N failed, N skipped" last; the exit code for
 * main. */
int unit_run(Suite *suite, const char *name);

/* For suite programs that count by themselves. */
int unit_report(const char *name, unsigned long passed, unsigned long failed,
                unsigned long skipped);

/* "line:column CODE" of the first error in dx, or "ok": what rows of bad input compare.
 */
struct str unit_first_error(struct arena *a, const struct diag *dx);

/* A path below the folder that holds the public suites, or NULL when it is not there: the
 * caller reports "skipped". KDAUDIT_SHARED names the folder; ../shared beside the
 * checkout is the default. */
const char *unit_shared(const char *below);

/* Run a test once for each row of a table; the row's index is _i. */
#define unit_rows(tcase, test, table)                                                    \
    tcase_add_loop_test(tcase, test, 0, (int)(sizeof(table) / sizeof *(table)))
