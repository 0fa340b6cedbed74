/* Check a pack that was read: the bag, its hashes, its index. */
#pragma once
#include "pack/open.h"

struct pack_index;

/* The bag is complete and nothing else (PAK-10n, PAK-11n), and every byte is as the
 * manifests say (PAK-12n). Stricter than RFC 8493: the tag manifest must be there and
 * list the four other tag files, and nothing may stand in the bag that kdaudit does not
 * put there. False after recording. */
bool check_bag(struct arena *a, struct pack *p, struct diag *dx);

/* index.json and the files say the same (PAK-13n). NULL after recording. Its entries are
 * left out. */
struct pack_index *check_index(struct arena *a, const struct pack *p, struct diag *dx);
