/* I-Regexp (RFC 9485): is a pattern one, and how does PCRE2 write it. */
#pragma once
#include "base/str.h"

struct buf;

enum {
    IREGEXP_MAX_DEPTH = 100,    /* nesting of groups */
    IREGEXP_MAX_REPEAT = 65535, /* of a quantifier: PCRE2's own bound */
    IREGEXP_MAX_BYTES = 10000,  /* of one pattern */
};

struct iregexp_fault {
    size_t pos;      /* byte in the pattern */
    const char *why; /* what is wrong there, without a full stop */
};

/* Check pattern against the grammar of RFC 9485, section 4, and the limits above.
 * pcre   the same pattern for PCRE2 (UTF) is appended; NULL when only the check is wanted
 * fault  what is wrong, when the result is false
 * A dot becomes [^\n\r] (section 5.4). ^ and $, ordinary characters of the grammar, are
 * left as they stand, so that PCRE2 takes them as anchors: the compliance suite of RFC
 * 9535 wants them so. */
bool iregexp_check(struct str pattern, struct buf *pcre, struct iregexp_fault *fault);
