/* What a file's path says: the operation, what was asked for, account, region. */
#pragma once
#include "base/map.h"
#include "evidence/operation.h"

struct unused;

/* What is read from a file, by the end of its name. */
enum name_kind {
    NAME_JSON,  /* .json, .json.gz: an answer, or it is invalid */
    NAME_ERROR, /* .err, .stderr: the CLI's standard error */
    NAME_CSV,   /* .csv: a credential report */
    NAME_TEXT,  /* .txt, .out, .log, no ending: an answer if it looks like one */
    NAME_OTHER, /* not evidence by its ending: passed over in folders */
};

enum { NAME_OPS_MAX = 8 };
struct name_guess {
    enum name_kind kind;
    const struct operation *ops[NAME_OPS_MAX]; /* the name fits these; 0 or 1 mostly */
    size_t nops;
    const struct unused *unused; /* an operation that is not evidence; NULL */
    bool exact; /* SERVICE/OPERATION~QUALIFIER: the home layout, so the qualifiers are
                   the options' very values */
    bool loose; /* only the noun was found ("bucket-policy"): the shape decides */
    bool account_in_name; /* the account stood in the file's name, not in a folder's */
    bool cut; /* the first qualifier was too long for a file name and lost its end */
    struct str name, name2;     /* qualifiers, decoded; "" none */
    struct str account, region; /* "" when the path does not say */
};

/* The commands of the table by name; built once for a run, then only read. */
struct name_index {
    struct map by_command; /* command, and command without its verb -> rows */
};
void name_index_build(struct arena *a, struct name_index *ix);

/* operation_of_command, by the index. */
const struct operation *name_operation(const struct name_index *ix, struct str service,
                                       struct str command);

/* What the folders of a path say: the same of all files in one. */
struct name_folders {
    struct str path; /* each with its slash; p is NULL when none was read */
    struct str account, region, service;
};

/* Read a path ('/'-separated). Layout: formats of many accounts; see samples/README.md.
 * near is what the path read before said: that of a file in the same folder is taken from
 * there, so that all of a folder share the text of one account, too. */
void name_read(struct arena *a, const struct name_index *ix, struct str path,
               struct name_folders *near, struct name_guess *out);

/* Only the kind, by the end of the name. */
enum name_kind name_kind_of(struct str path);

/* The path without its endings: what an answer and its .err have in common. */
struct str name_stem(struct str path);

/* A qualifier as written in a file name, _HH decoded; s itself when nothing changes. */
struct str name_decode(struct arena *a, struct str s);

bool name_is_account(struct str s); /* 12 digits */
bool name_is_region(
    struct str s); /* us-east-1, us-gov-west-1, us-isob-east-1; "global" */
