/* Counts of tests, with the weights of their score and the worst of them. They add up:
 * what resources show makes what applications and accounts show. */
#pragma once
#include "report/report.h"

struct tally {
    struct report_counts counts;     /* but for the scores */
    uint64_t all, good, waived;      /* weights of tests that count for a score */
    const struct report_test *worst; /* NULL: there are none */
};

void tally_test(struct tally *t, const struct report_test *test);
void tally_add(struct tally *to, const struct tally *from);

/* The counts, with the scores. */
struct report_counts tally_counts(const struct tally *t);

/* Below 0 when x comes before y: the worse one, the graver one, then in the order of
 * checks and subjects. */
int tally_order(const struct report_test *x, const struct report_test *y);
