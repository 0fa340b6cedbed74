/* Check bytes against RFC 8259, strictly, in one pass, and note where each value stands.
 */
#pragma once
#include "base/text.h"
#include "json/keys.h"

struct diag;

/* Where a value stands, in bytes; of a member its name too, between the quotes. */
struct scan_value {
    uint32_t pos, len;
    uint32_t name, name_len;    /* 0: no member */
    bool escaped, name_escaped; /* a string or name that is not what it stands for */
    bool left_out;              /* by focus_cut: nobody asks about it */
};

/* It may be used for one document after the other: its room is kept. */
struct scan {
    size_t start;              /* of the document: past a UTF-8 byte order mark */
    struct scan_value *values; /* in document order */
    size_t n, cap;             /* of values */
    struct keys keys;
};
#define SCAN_INIT ((struct scan){0})

/* Scan one document. text's bytes must be followed by a NUL byte. Refused, beside what
 * breaks the grammar: bad UTF-8, NUL and lone surrogates in strings, numbers beyond a
 * double's range, a name twice in one object, nesting deeper than JSON_MAX_DEPTH, text
 * after the document. Takes time and memory linear in the text, whatever it holds, but
 * for objects of very many names, which are sorted. False after recording the first fault
 * in dx. out is filled in either case: the caller gives it to scan_free. */
bool scan_text(struct scan *out, const struct text *text, struct diag *dx);
void scan_free(struct scan *s);

/* The number of the first value behind values[i] and what it holds. */
size_t scan_behind(const struct scan *s, size_t i);

/* Length of the value that starts at pos in a document that scan_text took. */
size_t scan_value_len(struct str bytes, size_t pos);

/* Length of the number at p: its text, or 0. p must be followed by another byte. */
size_t scan_number_len(const char *p);

/* Offset of the opening quote of the member name before the value at pos, or pos when
 * the value is no member, in a document that scan_text took. */
size_t scan_name_pos(struct str bytes, size_t pos);
