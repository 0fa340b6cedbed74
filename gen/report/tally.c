/* Counts of tests, and the order of the worst. */
#include "report/tally.h"

/* clang-format off */
static const uint32_t weights[] = {
    [SEVERITY_INFO] = 0, [SEVERITY_LOW] = 1, [SEVERITY_MEDIUM] = 3,
    [SEVERITY_HIGH] = 5, [SEVERITY_CRITICAL] = 10,
};
/* clang-format on */

int report_rank(enum result result, enum disposition disposition)
{
    bool accepted = disposition_accepts(disposition);
    switch (result) {
    case RESULT_FAIL:
        return accepted ? 4 : 0;
    case RESULT_ERROR:
        return accepted ? 4 : 1;
    case RESULT_UNKNOWN:
        return accepted ? 4 : 2;
    case RESULT_MANUAL:
        return 3;
    case RESULT_PASS:
        return 5;
    case RESULT_NOT_APPLICABLE:
        break;
    }
    return 6;
}

bool report_open(const struct report_test *t)
{
    return report_rank(t->result, t->disposition) <= 3;
}

static uint32_t *severity_count(struct report_counts *c, enum severity s)
{
    switch (s) {
    case SEVERITY_CRITICAL:
        return &c->critical;
    case SEVERITY_HIGH:
        return &c->high;
    case SEVERITY_MEDIUM:
        return &c->medium;
    case SEVERITY_LOW:
        return &c->low;
    case SEVERITY_INFO:
        break;
    }
    return &c->info;
}

static void count_test(struct report_counts *c, const struct report_test *t)
{
    c->total++;
    switch (t->result) {
    case RESULT_PASS:
        c->pass++;
        c->judged++;
        break;
    case RESULT_FAIL:
        c->fail++;
        c->judged++;
        break;
    case RESULT_UNKNOWN:
        c->unknown++;
        break;
    case RESULT_MANUAL:
        c->manual++;
        break;
    case RESULT_NOT_APPLICABLE:
        c->not_applicable++;
        break;
    case RESULT_ERROR:
        c->error++;
        break;
    }
    if (t->result == RESULT_UNKNOWN || t->result == RESULT_ERROR)
        c->accepted_unknown += disposition_accepts(t->disposition);
    if (t->result != RESULT_FAIL)
        return;
    if (t->disposition == DISPOSITION_WAIVED)
        c->waived++;
    else if (t->disposition == DISPOSITION_KNOWN)
        c->known++;
    else
        ++*severity_count(c, t->check->severity);
}

/* Weights of the tests that count for a score: all, passed, and accepted by a waiver. */
static void weigh(struct tally *sum, const struct report_test *t)
{
    if (t->result == RESULT_NOT_APPLICABLE || t->result == RESULT_MANUAL)
        return;
    uint32_t w = weights[t->check->severity];
    sum->all += w;
    if (t->result == RESULT_PASS)
        sum->good += w;
    else if (t->disposition == DISPOSITION_WAIVED)
        sum->waived += w;
}

unsigned tally_class_of(const struct report_test *t)
{
    return ((unsigned)t->result * TALLY_DISPOSITIONS + t->disposition) *
               TALLY_SEVERITIES +
           t->check->severity;
}

/* Parts of `worst`, from the lowest bit. */
enum { WORST_RESULT_BITS = 8, WORST_NUMBER_BITS = 32 };

static struct tally_class read_class(const struct report_test *t)
{
    int rank = report_rank(t->result, t->disposition);
    struct tally_class c = {.open = report_open(t),
                            .accepted = disposition_accepts(t->disposition)};
    c.order =
        (unsigned)rank * TALLY_SEVERITIES + (SEVERITY_CRITICAL - t->check->severity);
    count_test(&c.one.counts, t);
    weigh(&c.one, t);
    c.one.worst = (uint64_t)(TALLY_ORDERS - c.order)
                      << (WORST_NUMBER_BITS + WORST_RESULT_BITS) |
                  t->result;
    return c;
}

const struct tally_class *tally_classes(struct arena *a)
{
    struct tally_class *v = ARENA_ARRAY(a, struct tally_class, TALLY_CLASSES);
    struct report_check check = {0};
    struct report_test t = {.check = &check};
    for (unsigned i = 0; i < TALLY_CLASSES; i++) {
        unsigned rest = i / TALLY_SEVERITIES;
        check.severity = (enum severity)(i % TALLY_SEVERITIES);
        t.disposition = (enum disposition)(rest % TALLY_DISPOSITIONS);
        t.result = (enum result)(rest / TALLY_DISPOSITIONS);
        v[i] = read_class(&t);
    }
    return v;
}

static void add(struct tally *to, const struct tally *from, uint64_t worst)
{
    report_counts_add(&to->counts, &from->counts);
    to->all += from->all;
    to->good += from->good;
    to->waived += from->waived;
    if (worst > to->worst)
        to->worst = worst;
}

void tally_test(struct tally *t, const struct tally_class *class, size_t number)
{
    uint64_t first = (uint64_t)(UINT32_MAX - (uint32_t)number) << WORST_RESULT_BITS;
    add(t, &class->one, class->one.worst | first);
}

void report_counts_add(struct report_counts *to, const struct report_counts *from)
{
    to->pass += from->pass;
    to->fail += from->fail;
    to->unknown += from->unknown;
    to->manual += from->manual;
    to->not_applicable += from->not_applicable;
    to->error += from->error;
    to->accepted_unknown += from->accepted_unknown;
    to->waived += from->waived;
    to->known += from->known;
    to->critical += from->critical;
    to->high += from->high;
    to->medium += from->medium;
    to->low += from->low;
    to->info += from->info;
    to->total += from->total;
    to->judged += from->judged;
}

void tally_add(struct tally *to, const struct tally *from)
{
    add(to, from, from->worst);
}

enum result tally_worst(const struct tally *t)
{
    return (enum result)(t->worst & ((1u << WORST_RESULT_BITS) - 1));
}

struct report_counts tally_counts(const struct tally *t)
{
    struct report_counts c = t->counts;
    c.scored = c.judged > 0 && t->all > 0;
    if (c.scored) {
        c.score = (uint32_t)((t->good + t->waived) * 100 / t->all);
        c.score_unwaived = (uint32_t)(t->good * 100 / t->all);
    }
    return c;
}
