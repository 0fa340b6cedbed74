/* Read only what a question is about of a document with very many elements: the others
 * become null, so that what stays keeps its place and its index. */
#pragma once
#include "json/scan.h"

/* What a question is about. */
struct json_focus {
    const char *const
        *lists;              /* members of the root, NULL at the end: arrays of objects */
    const struct str *names; /* an element with such a string as a member is wanted */
    size_t n;
    size_t min_bytes; /* shorter lists are read whole; 0: 64 KiB */
};

/* Cut a document that scan_text took down to the wanted elements of its lists, and to
 * those that have a member which a wanted one names, directly or not (a role's policies,
 * a user's groups). Marks the other elements in s as left out, and drops what they hold.
 */
void focus_cut(struct scan *s, struct str bytes, const struct json_focus *focus);
