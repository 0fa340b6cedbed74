/* README.txt of a pack: for the auditor who has nothing but the pack. */
#pragma once
#include "pack/index.h"
#include "report/report.h"

void pack_readme(struct buf *out, const struct pack_index *ix, const struct report *r);
