/* The template set of one folder: read, compiled, checked. */
#pragma once
#include "render/render.h"
#include "tmpl/tmpl.h"

/* The part of a path in the folder ("html/report.html"), 0 for none. */
unsigned templates_part(struct str path);

/* A compiled template by its path in the folder ("html/report.html"); NULL when the
 * folder does not have it (recorded when it was loaded). */
const struct tmpl *templates_get(const struct templates *t, const char *path);

/* The bytes of a file that is no template: "html/style.css". */
struct str templates_file(const struct templates *t, const char *path);
