/* The messages of gen/evidence, EVI-1nn. */
#pragma once
#include "base/diag.h"

extern const struct diag_kind EVI_NOTHING_TO_READ, EVI_NOTHING_RECOGNISED,
    EVI_INDEX_UNUSABLE, EVI_INDEX_MISSING, EVI_INDEX_ENTRY, EVI_UNRECOGNISED,
    EVI_AMBIGUOUS, EVI_NAME_AND_CONTENT, EVI_QUERIED, EVI_WRONG_SHAPE, EVI_UNBOUND,
    EVI_MIXED_UP, EVI_OLD_API, EVI_NOT_EVIDENCE, EVI_HOLDS_SECRET, EVI_CONFIG_SNAPSHOT,
    EVI_EMPTY_ANSWER, EVI_EMPTY_UNKNOWN, EVI_OTHER_SUBJECT, EVI_NO_ERROR_CODE,
    EVI_CUT_SHORT, EVI_NOT_JSON_OUTPUT, EVI_BAD_REPORT;

/* All of them, sorted by code, for tables and tests. */
const struct diag_kind *const *evidence_messages(size_t *n);
