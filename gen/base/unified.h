/* Unified diffs: two texts, line by line. */
#pragma once
#include "base/str.h"

struct arena;
struct buf;

/* Append the differences between two texts in the form of diff -u (POSIX.1-2017, diff,
 * "Unified"): headers with the two names, hunks with three lines around. Nothing when the
 * texts are equal. An empty name stands for a text that is not there: /dev/null. Texts of
 * which a table of all pairs of lines would be too large are given as one that goes and
 * one that comes. */
void unified_diff(struct buf *out, struct str old_name, struct str old,
                  struct str new_name, struct str new);
