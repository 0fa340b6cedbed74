/* Counts of tests, with the weights of their score and the worst of them. They add up:
 * what resources show makes what applications and accounts show. */
#pragma once
#include "report/report.h"

struct tally {
    struct report_counts counts; /* but for the scores */
    uint64_t all, good, waived;  /* weights of tests that count for a score */
    uint64_t worst;              /* the higher the worse (tally_worst); 0: no test */
};

/* All that counts of a test is its class: result, disposition, severity. */
enum {
    TALLY_RESULTS = RESULT_ERROR + 1,
    TALLY_DISPOSITIONS = DISPOSITION_KNOWN + 1,
    TALLY_SEVERITIES = SEVERITY_CRITICAL + 1,
    TALLY_CLASSES = TALLY_RESULTS * TALLY_DISPOSITIONS * TALLY_SEVERITIES,
    TALLY_ORDERS = 7 * TALLY_SEVERITIES /* for each rank */
};
struct tally_class {
    struct tally one;    /* what one test adds */
    unsigned order;      /* lower comes first: worse, then graver; below TALLY_ORDERS */
    bool open, accepted; /* report_open, disposition_accepts */
};

/* TALLY_CLASSES of them, in arena a. */
const struct tally_class *tally_classes(struct arena *a);
unsigned tally_class_of(const struct report_test *t);

/* Add a test by its class. number: its place among the tests of the report, which decides
 * which of two of the same order is worse. */
void tally_test(struct tally *t, const struct tally_class *class, size_t number);
void tally_add(struct tally *to, const struct tally *from);

/* The counts, with the scores. */
struct report_counts tally_counts(const struct tally *t);

/* The result of the worst test: the graver one of those that are as bad, then the first
 * in the order of checks and subjects. RESULT_PASS when there is none. */
enum result tally_worst(const struct tally *t);
