/* The text of a policy: an object in its file, or decoded from a string, and the way back
 * from a byte of it to the file. */
#pragma once
#include "iam/policy.h"

/* Set p's text, root and sizes from its source. False when there is no tree: *wrong says
 * why, empty when the node is no document at all. */
bool policy_text_open(struct arena *a, struct policy *p, struct str *wrong);

/* Walks a decoded text and the string that it came from side by side, forward. */
struct policy_cursor {
    const struct policy *p;
    size_t inner, outer;
};
struct policy_cursor policy_cursor(const struct policy *p);

/* Where node stands in the file. Cheap when asked in document order. */
struct origin policy_cursor_origin(struct policy_cursor *c, const struct json *node);
