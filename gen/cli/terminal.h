/* The terminal: what may be printed where, in which colours, how wide. */
#pragma once
#include "base/str.h"

struct invocation;

void terminal_print(struct str s); /* to standard output; exits 74 when that fails */
void terminal_error(struct str s); /* to standard error */

/* Print to standard error what in->dx has recorded, and clear it. */
void terminal_messages(const struct invocation *in);

/* May colours go to standard output (or error)? --colour, NO_COLOR, TERM, isatty. */
bool terminal_colour(const struct invocation *in, bool error);

unsigned terminal_columns(void); /* 80 when it is no terminal */
unsigned terminal_rows(void);

/* Show that done of total files are read, on standard error, on one line: with
 * --progress, or on a terminal when the run is a long one. terminal_progress_end wipes
 * it. */
void terminal_progress(const struct invocation *in, const char *what, size_t done,
                       size_t total);
void terminal_progress_end(const struct invocation *in);
