/* What the escapers of escape.c and escape_md.c share. */
#pragma once
#include "base/buf.h"
#include "base/utf8.h"
#include "tmpl/tmpl.h"

/* s with everything invisible made visible: s itself, or the bytes put into tmp. */
struct str escape_vis(struct buf *tmp, struct str s);
struct str escape_vis_lines(struct buf *tmp, struct str s);

/* Append a character as a decimal reference. */
void escape_number(struct buf *out, unsigned char c);
/* Append v with every ASCII character but letters, digits and spaces as such. */
void escape_numbers(struct buf *out, struct str v);

/* Markdown (formats.md 2.5). */
void escape_md_text(struct buf *out, struct str s);
void escape_md_code(struct buf *out, struct str s);
void escape_md_cell(struct buf *out, struct str s);
void escape_md_block_json(struct buf *out, struct str s);
void escape_md_block_text(struct buf *out, struct str s);
void escape_md_block_diff(struct buf *out, struct str s);
