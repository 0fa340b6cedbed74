/* Check XML and HTML before anybody sees it, by libxml2. */
#pragma once
#include "base/text.h"

struct arena;
struct diag;

/* An XML Schema, read once for any number of checks, in any threads. NULL after recording
 * RND-112 (bad schema) in dx; what messages point into lives in arena a. */
struct xml_schema;
struct xml_schema *xml_schema_read(struct arena *a, const struct text *text,
                                   struct diag *dx);
void xml_schema_free(struct xml_schema *s);

/* A document that is checked as it comes, piece by piece, each made of whole lines but
 * the last: is it well-formed XML (HTML is written so that it is), and valid under the
 * schema where there is one? Records RND-110 (not well-formed) or RND-111 (not valid) in
 * dx, with the line in a document called name; what messages point into lives in arena a.
 * Nothing but the pieces is read: no network, no entities. */
struct xml_check;
struct xml_check *xml_check_begin(struct arena *a, struct str name,
                                  const struct xml_schema *schema, struct diag *dx);
/* False when a fault was found: more of it need not come. */
bool xml_check_add(struct xml_check *c, struct str bytes);
/* Was it good from beginning to end? Frees c. */
bool xml_check_end(struct xml_check *c);
/* Free c: the rest does not come. */
void xml_check_drop(struct xml_check *c);

/* The same for a text that stands in memory, without a schema. */
bool xml_check(struct arena *a, const struct text *text, struct diag *dx);
