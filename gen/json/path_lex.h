/* The words of a JSONPath: blanks, names, numbers, strings; and how faults are told. */
#pragma once
#include "json/path_form.h"

#include "base/diag.h"

struct path_reader {
    struct arena *a;
    const struct text *text;
    size_t base;   /* of the query in text */
    struct str s;  /* the query: UTF-8 */
    size_t i;      /* the next byte */
    size_t depth;  /* nesting now */
    bool relative; /* the filter that is read has an @ of its own */
    const struct path_func *funcs;
    size_t nfuncs;
    struct path_set *set; /* NULL: the query is in none */
    size_t sheet;         /* of the filter that is read; 0: none */
    struct diag *dx;
};

enum path_fault {
    FAULT_ROOT,
    FAULT_UTF8,
    FAULT_AFTER,
    FAULT_BLANK,
    FAULT_UNCLOSED_STRING,
    FAULT_ESCAPE,
    FAULT_STRING_CHAR,
    FAULT_INTEGER,
    FAULT_SELECTOR,
    FAULT_BRACKET,
    FAULT_NAME,
    FAULT_FUNCTION,
    FAULT_ARG_COUNT,
    FAULT_ARG_KIND,
    FAULT_RESULT_KIND,
    FAULT_NOT_SINGLE,
    FAULT_LITERAL_TEST,
    FAULT_EXPRESSION,
    FAULT_DEPTH,
    FAULT_SIZE,
    FAULT_NUMBER,
    FAULT_COMPARE_LOGICAL,
    FAULT_OPERATOR,
    FAULT_PAREN,
    FAULT_PATTERN
};
extern const struct diag_kind path_faults[];

struct origin path_origin(const struct path_reader *r, size_t pos, size_t len);

/* Record a fault without further detail; false, so that it can be returned. */
bool path_fail(struct path_reader *r, enum path_fault fault, size_t pos, size_t len);

/* The byte n ahead, or -1 behind the end. */
int path_peek(const struct path_reader *r, size_t n);
bool path_take(struct path_reader *r, char c); /* step over c if it stands here */
void path_blanks(struct path_reader *r);
size_t path_point_len(const struct path_reader *r, size_t pos); /* of the code point */

bool path_is_name_start(int c); /* bytes above 0x7F too: the query is UTF-8 */
bool path_is_digit(int c);

/* The words; each stands at its first byte, and records its fault. */
struct str path_name(struct path_reader *r);
bool path_integer(struct path_reader *r, int64_t *out);
bool path_number(struct path_reader *r, struct str *source, double *out);
bool path_string(struct path_reader *r, struct str *out);
