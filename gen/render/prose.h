/* Catalog prose (Markdown) as safe HTML and what is like it, by cmark. */
#pragma once
#include "base/str.h"

struct buf;

/* Append markdown (CommonMark) as HTML that is also well-formed XML: raw HTML and images
 * left out, links only https, http and mailto. At most 64 KiB are rendered. */
void prose_html(struct buf *out, struct str markdown);

/* The same in Confluence's storage format: nothing but elements that it has, without
 * attributes of style. */
void prose_storage(struct buf *out, struct str markdown);

/* The same as wikitext: text means nothing, structure is HTML that MediaWiki takes. */
void prose_wikitext(struct buf *out, struct str markdown);
