/* One file: what it is, what it is about, or why it cannot be used. */
#pragma once
#include "evidence/evidence.h"
#include "evidence/index.h"
#include "evidence/name.h"
#include "evidence/shape.h"

struct diag;
struct diag_kind;
struct json_room;

/* What all files share; read only while threads work. */
struct recogniser {
    struct name_index names;
    struct shape_index shapes;
    const struct json_focus *focus; /* NULL: documents are read whole */
};

/* What is known of a file beside its bytes. */
struct recognise_hints {
    const struct index_entry *entry; /* NULL: not in an index */
    bool quiet;                /* an empty .err stands beside it: the call succeeded */
    struct name_folders *near; /* of the file looked at before in this thread */
};

/* Decide d: text (bytes inflated), path and size_bytes are set; all else is filled in.
 * Strings live in a or in the text, the tree where room has it. */
void recognise(struct arena *a, struct json_room *room, const struct recogniser *rx,
               const struct recognise_hints *hints, struct document *d, struct diag *dx);

/* The same for a file whose bytes could not be read: the reason stands in dx already. */
void recognise_unread(struct arena *a, const struct recogniser *rx,
                      const struct recognise_hints *hints, struct document *d,
                      struct diag *dx);

/* Give d its state and reason; used by the steps that look at several files, too. */
void recognise_fate(struct arena *a, struct document *d, enum document_state state,
                    const struct diag_kind *kind, size_t pos, struct diag *dx,
                    const char *fmt, ...) __attribute__((format(printf, 7, 8)));

/* The partition of a region: "cn-north-1" is in "aws-cn"; empty for "" and "global". */
struct str recognise_partition(struct str region);
