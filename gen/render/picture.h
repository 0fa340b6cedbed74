/* A picture of an application: the application in the middle, what it depends on around
 * it. */
#pragma once
#include "base/str.h"

struct arena;

/* Draw a struct report_application as SVG for inside an HTML page: well-formed XML, no
 * style attributes, no ids but those made from its anchor, colours by class (m-pass,
 * m-fail, m-unknown, m-none) and currentColor, every result also by shape and word. Each
 * resource is a link to "#" + its anchor. Above PICTURE_MAX_NODES resources those of one
 * type become one node, so that the picture's size is bounded. */
enum { PICTURE_MAX_NODES = 24 };
struct str picture_svg(struct arena *a, const void *application);

/* The same for a page of a split report: links name the page that holds the resource. */
struct str picture_svg_across(struct arena *a, const void *application);
