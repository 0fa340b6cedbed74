/* One file being looked at: what recognise.c and bind.c share. */
#pragma once
#include "evidence/message.h"
#include "evidence/recognise.h"

struct look {
    struct arena *a;
    struct json_room *room;
    const struct recogniser *rx;
    const struct recognise_hints *hints;
    struct document *d;
    struct diag *dx;
    struct name_guess guess;
    bool explicit_name; /* home layout or index: the qualifiers are the options' values */
};

/* Give the file's document its state and reason. */
#define FATE(l, state, kind, pos, ...)                                                   \
    recognise_fate((l)->a, (l)->d, (state), &(kind), (pos), (l)->dx, __VA_ARGS__)

/* Bind the document to its subject: the answer's own word first, then what the index or
 * the name says was asked for. It may refuse the document, or leave it unbound. */
void bind_document(struct look *l);

/* A document that cannot be used is still about what its name says: the tests that needed
 * it are undecided, and say so. */
void bind_unusable(struct look *l);

/* Set partial when the answer says that it goes on. */
void bind_partial(struct look *l);

/* Is the string an ARN of this service? Empty when it is no ARN. */
struct str bind_arn_service(struct str s);
