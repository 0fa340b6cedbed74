/* The messages of packs: PAK-1nn, in one table so that each code means one thing. */
#pragma once
#include "base/diag.h"

/* What kind of failure verify met; the exit code tells the lowest. */
enum pack_stage {
    PACK_STRUCTURE, /* the bag is not as it must be, PAK-10n */
    PACK_HASH,      /* bytes are not what the manifests say, PAK-12n */
    PACK_INDEX,     /* index.json and the files disagree, PAK-13n */
    PACK_RESULTS,   /* the evidence does not give these results, PAK-14n */
    PACK_SIGNATURE, /* PAK-15n */
    PACK_STAGES
};

/* clang-format off */
extern const struct diag_kind
    PAK_BAD_PATH, PAK_TWINS, PAK_NOT_PLAIN, PAK_FETCH, PAK_MISSING_PART, PAK_BAD_LINE,
    PAK_DECLARATION, PAK_NOT_LISTED, PAK_NOT_THERE, PAK_WRONG_LIST, PAK_STRAY, PAK_TOO_LARGE,
    PAK_BAD_ARCHIVE, PAK_BASE, PAK_TWICE, PAK_EMPTY_FOLDER,
    PAK_CHANGED, PAK_OXUM, PAK_INFO,
    PAK_INDEX_UNREADABLE, PAK_INDEX_MISSES, PAK_INDEX_EXTRA, PAK_INDEX_DIFFERS,
    PAK_CANNOT_JUDGE, PAK_RESULTS_DIFFER, PAK_STATEMENT_DIFFERS,
    PAK_SIGNATURE_BAD, PAK_SIGNATURE_ABSENT, PAK_KEYGEN,
    PAK_CHANGING, PAK_NO_TIME, PAK_BAD_INFO, PAK_ARCHIVE_BROKE, PAK_WEAK_KEY;
/* clang-format on */

/* The stage that a code belongs to; PACK_STAGES for messages of writing. */
enum pack_stage pack_stage_of(const char *code);
