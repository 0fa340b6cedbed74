/* What both OSCAL models share: ids, properties, metadata. */
#pragma once
#include "render/machine_emit.h"
#include "render/machine_map.h"

/* id as an OSCAL token, in lower case, with a suffix: "kda-3", "_smt". */
void oscal_id(struct emit *e, const char *key, struct str id, const char *suffix);
/* A property; ours carry the name space, those of OSCAL (ours false) do not. Left out
 * when value says nothing. */
void oscal_prop(struct emit *e, bool ours, const char *name, struct str value);
void oscal_uuid(struct emit *e, const char *key, const char *kind,
                const struct str *parts, size_t n);
void oscal_metadata(struct emit *e, const struct report *r, struct str title,
                    struct str version);
