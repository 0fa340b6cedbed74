/* Check XML and HTML before anybody sees it, by libxml2. */
#pragma once
#include "base/str.h"

struct diag;
struct text;

/* Is text well-formed XML (HTML is written so that it is)? Records RND-110 with the
 * place. */
bool xml_check(const struct text *text, struct diag *dx);

/* Is text valid under the XML Schema? Records RND-111 (invalid) or RND-112 (bad schema).
 * Neither reads anything but the two texts: no network, no entities. */
bool xml_check_schema(const struct text *text, const struct text *schema,
                      struct diag *dx);
