/* What printf formats say, written by ourselves where they are plain. */
#pragma once
#include <stdarg.h>
#include <stddef.h>

/* As vsnprintf: write the text that fmt and ap say to the room bytes at to, NUL last, and
 * give its length (-1: fmt is wrong), which may be more than fits. Texts, characters and
 * whole numbers are written here, at a quarter of the library's price: the program writes
 * a million short texts. A format with anything else goes to vsnprintf. */
int format_text(char *to, size_t room, const char *fmt, va_list ap);
