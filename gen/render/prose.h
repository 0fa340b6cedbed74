/* Catalog prose (Markdown) as safe HTML, by cmark. */
#pragma once
#include "base/str.h"

struct buf;

/* Append markdown (CommonMark) as HTML that is also well-formed XML: raw HTML and images
 * left out, links only https, http and mailto. At most 64 KiB are rendered. */
void prose_html(struct buf *out, struct str markdown);
