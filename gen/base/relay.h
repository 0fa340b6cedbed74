/* Two steps side by side: one thread makes pieces of text, another works on them. */
#pragma once
#include "base/str.h"

struct relay;

/* take gets each piece; when it gives false, nothing more is given to it. The thread
 * begins with the second piece, and only when threads (0: all processors) are more than
 * one; else take is called at once. */
struct relay *relay_new(unsigned threads, bool (*take)(void *ctx, struct str bytes),
                        void *ctx);
/* Copies bytes for the thread; waits while a piece is still to be taken. False when take
 * has given false, as far as is known. Of the form of take: relay is a struct relay. */
bool relay_put(void *relay, struct str bytes);
/* Wait for the last piece. False when take gave false. Frees it. */
bool relay_end(struct relay *r);
