/* What can be wrong with a JSON document: the table of JSN-1xx messages. */
#pragma once
#include "base/diag.h"

enum scan_fault {
    SCAN_NOT_JSON,
    SCAN_CUT,
    SCAN_NUMBER,
    SCAN_ESCAPE,
    SCAN_CONTROL,
    SCAN_UTF8,
    SCAN_TRAILING_COMMA,
    SCAN_TWICE,
    SCAN_NUL,
    SCAN_DEEP,
    SCAN_MORE,
    SCAN_UTF16,
    SCAN_EMPTY,
    SCAN_RANGE,
    SCAN_SURROGATE,
    SCAN_NEARLY,
    SCAN_LARGE,
    SCAN_FAULTS
};

/* By enum scan_fault. */
extern const struct diag_kind scan_faults[SCAN_FAULTS];

/* Record what is wrong at p, where the grammar asks for something else: named by expected
 * ("a value", "\",\" or \"}\""). Says so when the text is nearly JSON (comments, single
 * quotes, NaN) or no JSON at all. p lies in text, before its end. */
void scan_unexpected(struct diag *dx, const struct text *text, const char *p,
                     const char *expected);

/* Record text's encoding and give true when it starts like UTF-16 or UTF-32. */
bool scan_is_utf16(struct diag *dx, const struct text *text);
