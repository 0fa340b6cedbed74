/* The text of a policy: an object in its file, or decoded from a string, and the way back
 * from a byte of it to the file. */
#pragma once
#include "iam/policy.h"

/* Set p's text, root and sizes from its source. False when there is no tree: *wrong says
 * why, empty when the node is no document at all. */
bool policy_text_open(struct arena *a, struct policy *p, struct str *wrong);
