/* A report to try templates on. */
#pragma once
#include "report/report.h"

/* A report that has every field of every shape: each list with items, each word at least
 * once, each text with the characters that outputs must escape; bare: every list empty,
 * every truth false. Made from the tables in report_fields.c, judged by nobody. NULL
 * after recording RES-1xx, which would be a fault in the tables. */
struct report *report_exemplar(struct arena *a, bool bare, struct diag *dx);
