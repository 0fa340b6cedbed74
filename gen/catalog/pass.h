/* What a pass says where the check's words for it name members of the resource alone:
 * then nobody need keep the sentence, which is the same for each of thousands but for
 * these. */
#pragma once
#include "base/str.h"

/* The members that words may name, in double braces. */
struct pass_names {
    struct str name, account, region, arn;
};

/* Do words (a check's "pass", Mustache) name nothing else? */
bool pass_is_plain(struct str words);

/* The sentence; the empty text when words are not plain. In arena a. */
struct str pass_says(struct arena *a, struct str words, const struct pass_names *of);
