/* index.json: what a collector wrote down about each file of the home layout. */
#pragma once
#include "base/map.h"
#include "base/text.h"

struct diag;
struct json;

enum { EXIT_UNKNOWN = -1 };

struct index_entry {
    struct str path; /* of the file, as the user would type it */
    struct str account, region, service, operation;
    const struct json *parameters; /* object of CLI options; NULL when absent */
    int64_t collected;             /* WHEN_NONE when absent */
    int64_t exit_code;             /* EXIT_UNKNOWN when absent */
    struct str error_code, error_message;
    struct origin at;
    bool used; /* a file of this name was found */
};

/* Is this an index (format 1, a list of files)? Looks at the first bytes only. */
bool index_is(struct str path, struct str bytes);

/* Add its entries to by_path (path -> struct index_entry); those of a folder nearer to
 * the file win, so read outer ones first. Entries stand in a and borrow from text, their
 * parameters stand in keep. False after recording EVI-103. */
bool index_read(struct arena *a, struct arena *keep, const struct text *text,
                struct map *by_path, struct diag *dx);

/* The value of a CLI option in parameters ("bucket", also "--bucket" or "Bucket"); lists
 * are joined with ','. */
struct str index_parameter(struct arena *a, const struct json *parameters,
                           struct str option);
