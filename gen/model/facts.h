/* The facts that the model computes, as a table: docs print it, the catalog checks
 * queries by it. */
#pragma once
#include <stddef.h>

/* One fact of a subject type. */
struct fact_row {
    const char *subject; /* type, or "*" for every type */
    const char *fact;    /* member of facts */
    const char *form;    /* "list", "object" or "text" */
    const char *fields;  /* its members (of a list: of each item), separated by spaces; ""
                            for a text (also a number or boolean) and a list of texts */
    const char *help;    /* one sentence */
};
const struct fact_row *fact_rows(size_t *n);
