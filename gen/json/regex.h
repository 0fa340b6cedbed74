/* Regular expressions (I-Regexp, RFC 9485), run by PCRE2 with limits. */
#pragma once
#include "json/iregexp.h"

struct arena;
struct regex;         /* compiled: never changes, any thread may run it */
struct regex_scratch; /* what running needs; belongs to one thread */

enum {
    REGEX_FEW_STEPS = 1000, /* of a match at one place of the text: the usual */
    REGEX_MOST_STEPS = 100000,
    REGEX_HEAP_LIMIT_KB = 32768,
};

enum regex_result {
    REGEX_NO,
    REGEX_YES,
    REGEX_CUT, /* a limit was reached: neither is known */
};

/* Compile pattern into arena a.
 * whole  the pattern must cover the whole text (match() of RFC 9535), not a part of it
 * fault  why not, when the result is NULL */
const struct regex *regex_new(struct arena *a, struct str pattern, bool whole,
                              struct iregexp_fault *fault);

/* Does subject match? *scratch starts as NULL, is made when needed, and serves all
 * patterns of a run; the caller frees it. A subject that is not UTF-8 does not match.
 * *budget is what the run may still spend: a match takes about 10 from it, more for a
 * long subject and for a pattern that goes back often; when it is spent the result is
 * REGEX_CUT. */
enum regex_result regex_run(const struct regex *re, struct regex_scratch **scratch,
                            struct str subject, size_t *budget);

/* The same for a pattern that is known only now; the last one stays compiled in the
 * scratch. What is no I-Regexp matches nothing (RFC 9535, 2.4.6). */
enum regex_result regex_run_text(struct str pattern, bool whole,
                                 struct regex_scratch **scratch, struct str subject,
                                 size_t *budget);

void regex_scratch_free(struct regex_scratch *scratch); /* NULL is taken */
