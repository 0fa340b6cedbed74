/* Work on many items with a few threads; the result never depends on how many. */
#pragma once
#include <stddef.h>

/* Processors that this process may use, at least 1. */
unsigned threads_available(void);

/* How many of n items a thread should take at once: as many as `most` when there are
 * plenty, few enough that a handful of items is shared too. */
size_t threads_batch(size_t n, unsigned threads, size_t most);

/* Call work(ctx, item, worker) for every item 0..n-1, each once, from at most threads
 * threads (0: all processors); worker is 0..threads-1 and never runs twice at a time.
 * Items start in order. Returns when all are done. */
void threads_for(size_t n, unsigned threads,
                 void (*work)(void *ctx, size_t item, unsigned worker), void *ctx);

/* The same; what work made of an item its thread then gives to take, which is called for
 * the items in order, one at a time, while others work. */
void threads_in_order(size_t n, unsigned threads,
                      void (*work)(void *ctx, size_t item, unsigned worker),
                      void (*take)(void *ctx, size_t item, unsigned worker), void *ctx);

/* Work beside the rest. */
struct aside;

/* Call work(ctx) in a thread of its own, or at once when threads (0: all processors) are
 * one or no thread can be started. */
struct aside *aside_begin(unsigned threads, void (*work)(void *ctx), void *ctx);
/* Wait until it is done. Frees it. */
void aside_end(struct aside *s);
