/* How results are shown: one word for the class and shape, a few words to read. */
#pragma once
#include "report/report.h"

/* The mark of a group of tests: "fail", "unknown", "pass", "none". */
const char *mark_of(const struct report_counts *c);

/* The same with numbers: "2 failed, 1 unknown", "3 passed", "not tested". */
struct str mark_words(struct arena *a, const struct report_counts *c);
