/* Wildcard patterns of policies: * is any run of characters, ? exactly one. Which texts
 * match, do two patterns share a text, does one hold every text of another. */
#pragma once
#include "base/str.h"

struct arena;

enum {
    PATTERN_STAR = 0x110000, /* tokens above the last code point */
    PATTERN_ONE,
    PATTERN_MAX_TOKENS = 4096, /* longer patterns get PATTERN_UNPROVED from the algebra */
};

/* A pattern as tokens: a code point, PATTERN_STAR or PATTERN_ONE. */
struct pattern {
    const uint32_t *t;
    uint32_t n;
    bool literal; /* no wildcard in it; false says nothing */
};

enum pattern_answer { PATTERN_NO, PATTERN_YES, PATTERN_UNPROVED };

/* The tokens of text; * and ? are wildcards when wild is true. Runs of wildcards are put
 * in one form (every ? first, then one *). Lives in arena a. */
struct pattern pattern_make(struct arena *a, struct str text, bool wild);

/* The same with wildcards, in room for text.n tokens; lower: ASCII letters in lower
 * case. */
struct pattern pattern_make_in(uint32_t *room, struct str text, bool lower);

/* The pattern of text whose variables are replaced (IAM User Guide, "Policy elements:
 * variables and tags"): ${*}, ${?} and ${$} are the characters themselves, any other
 * ${...} becomes * (some text that is not known here). *variables tells whether there was
 * one. */
struct pattern pattern_make_variables(struct arena *a, struct str text, bool *variables);

/* Does the text (all of it literal) match? */
bool pattern_matches(struct pattern p, struct str text);

/* Is there a text that both match? Exact up to PATTERN_MAX_TOKENS. */
enum pattern_answer pattern_meets(struct pattern p, struct pattern q);

/* Does q match every text that p matches? Exact until the search has met too many states
 * (exponential only for many stars); then PATTERN_UNPROVED. */
enum pattern_answer pattern_within(struct pattern p, struct pattern q);

/* The same for a union: does some of q[0..n) match, for every text that p matches? */
enum pattern_answer pattern_within_any(struct pattern p, const struct pattern *q,
                                       size_t n);

/* Only stars: matches everything. */
bool pattern_is_any(struct pattern p);

/* No wildcard at all. */
bool pattern_is_literal(struct pattern p);

/* The pattern as text: wildcards as * and ?. Lossy for literal stars. */
struct str pattern_text(struct arena *a, struct pattern p);
