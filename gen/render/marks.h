/* What pages share: how results are shown (a word for the class and shape, a few words to
 * read) and what the pages are called. */
#pragma once
#include "report/report.h"

/* The mark of a group of tests: "fail", "unknown", "pass", "none". */
const char *mark_of(const struct report_counts *c);

/* The same with numbers: "2 failed, 1 unknown", "3 passed", "not tested". */
struct str mark_words(struct arena *a, const struct report_counts *c);

/* A type of resource as people call it: "Kinesis stream". */
struct str mark_type(struct str type);

/* The files of a split report: of a control, of an account, and of the page that holds a
 * resource. */
struct str page_of_control(struct arena *a, const struct report_control *control);
struct str page_of_account(struct arena *a, const struct report_account *account);
struct str page_of_subject(struct arena *a, const struct report_subject *s);
