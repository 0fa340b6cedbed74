/* Mask who and where in evidence: account ids, names of resources and principals, IP
 * addresses, e-mail addresses, key and principal ids. The same value gets the same mask
 * in all files of a pack, so that evidence still fits together. */
#pragma once
#include "pack/gather.h"

enum { REDACT_KEY_MIN = 16 };

/* What the user gave beside the evidence, and must still fit it: masked in place. */
struct redact_also {
    struct str *texts;
    size_t n;
};

/* Mask all files: their names at once, their bytes whenever gather_read gives them; each
 * keeps hash and size of what it was. key: secret bytes; empty: derived from all the
 * evidence together, so that the same evidence gives the same pack. False after recording
 * PAK-165. What stays: words of AWS (services, regions, actions, types, AWS's own roles
 * and policies), sizes, times, numbers, and free text that names nothing masked. A name
 * is masked word by word, so that "orders*" still covers "orders-enriched". */
bool redact(struct arena *a, struct gathered *files, struct str key,
            struct redact_also *also, struct diag *dx);

/* The bytes of a file that redact has seen, masked; in arena a. */
struct str redact_again(struct arena *a, const struct gathered_file *f, struct str bytes);
