/* Operations that are known and not evidence, each with the reason. */
#pragma once
#include "base/str.h"

struct json;

struct unused {
    const char *service; /* CLI word; "*" any of the table of operations */
    const char *command; /* glob over the CLI's command */
    const char *shape;   /* words of the shape language that give it away; "" none */
    const char *why;     /* "it records a change, not a state" */
    bool secret;         /* the file holds a credential: it should be deleted */
};

/* The row of a command, or NULL: one that names the service, else a general one. */
const struct unused *unused_of_command(struct str service, struct str command);

/* Only a row that names the service. */
const struct unused *unused_special(struct str service, struct str command);

/* The row whose shape root has, or NULL. Only shapes that nothing else has are here. */
const struct unused *unused_of_shape(const struct json *root);

const struct unused *unused_rows(size_t *n);
