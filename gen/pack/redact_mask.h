/* Masks: which words of a text name somebody or something, and what stands for them. */
#pragma once
#include "base/arena.h"
#include "base/map.h"

struct buf;

struct mask {
    struct arena *a;
    struct str key;
    struct map names; /* whole names met: what to mask wherever it stands */
    struct map words; /* word -> its mask */
    bool index;       /* the text is an index.json: its paths are masked as paths */
};

/* Note the names that a text holds: parts of ARNs, values of members such as RoleName. */
void mask_learn(struct mask *m, struct str text);
/* The same for a file's path of the home layout: its qualifiers. */
void mask_learn_path(struct mask *m, struct str path);

/* Append text with every name, account id, address and id masked; how many values. The
 * form of JSON is kept: only bytes inside of values change. */
size_t mask_text(struct mask *m, struct str s, struct buf *out);
/* A file's path; what is masked is stored as text, so an ending .gz goes. */
void mask_path(struct mask *m, struct str path, struct buf *out);
