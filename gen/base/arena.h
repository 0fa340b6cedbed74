/* Memory that lives and goes together: what a stage builds, it builds in one arena. */
#pragma once
#include <stddef.h>

struct arena;

/* A new, empty arena. Ends the program with exit 71 when memory is out, like every
 * function here: out of memory is met in this file alone. One arena belongs to one thread
 * at a time. */
struct arena *arena_new(void);

/* Free a and everything allocated in it or adopted by it. NULL is taken. */
void arena_free(struct arena *a);

/* Free what a holds, but not a itself (nor its place in one that adopted it). */
void arena_clear(struct arena *a);

/* Take back what a gave out, but keep its last chunk, which grows until all of a use fits
 * in it: for many short uses, one after the other. */
void arena_rewind(struct arena *a);

/* Some megabytes will be built in a: it goes on with a huge page, where the system has
 * them, instead of with many small ones that are met one by one. */
void arena_expect_much(struct arena *a);

/* n bytes, zeroed, aligned for any type. n == 0 gives a valid, unique address. */
void *arena_alloc(struct arena *a, size_t n);

/* n zeroed bytes aligned to 8: for the many small things of a parser. */
void *arena_alloc8(struct arena *a, size_t n);

/* n bytes that hold anything, not aligned: for text that is written over them at once. */
void *arena_bytes(struct arena *a, size_t n);

/* Room for n items of size bytes, zeroed; ends the program when n * size overflows. */
void *arena_array(struct arena *a, size_t n, size_t size);

/* The same, but it holds anything: for items that are all written over. */
void *arena_room(struct arena *a, size_t n, size_t size);

/* Give child to a: it is freed when a is. How a worker thread hands over what it built.
 */
void arena_adopt(struct arena *a, struct arena *child);

/* n new arenas that a has adopted: one for each worker. */
struct arena **arena_new_workers(struct arena *a, unsigned n);

/* Bytes taken from the system by a and what it adopted. */
size_t arena_size_bytes(const struct arena *a);

/* For the start of a program: what is large goes back to the system as soon as it is
 * freed. Else the allocator learns to keep chunks of arenas, each thread its own, and
 * what one stage has freed the next cannot use. */
void mem_setup(void);

/* malloc and realloc that end the program with exit 71 when memory is out. The caller
 * frees. */
void *mem_alloc(size_t n);
void *mem_realloc(void *p, size_t n);

#define ARENA_NEW(a, T) ((T *)arena_alloc((a), sizeof(T)))
#define ARENA_ARRAY(a, T, n) ((T *)arena_array((a), (n), sizeof(T)))
#define ARENA_ROOM(a, T, n) ((T *)arena_room((a), (n), sizeof(T)))

/* A growing array in an arena: struct { T *v; size_t n, cap; }. */
#define VEC(T)                                                                           \
    struct {                                                                             \
        T *v;                                                                            \
        size_t n, cap;                                                                   \
    }

/* Append one zeroed item to the VEC at vec and give its address; earlier addresses move.
 */
#define vec_push(a, vec)                                                                 \
    ((vec)->n < (vec)->cap                                                               \
         ? (void)0                                                                       \
         : (void)((vec)->v = arena_double((a), (vec)->v, (vec)->cap, sizeof *(vec)->v),  \
                  (vec)->cap += (vec)->cap ? (vec)->cap : ARENA_FEW),                    \
     &(vec)->v[(vec)->n++])

/* The array v, which has room for cap items, with twice as much; for ARENA_FEW items when
 * there is none. What is new is zeroed. */
enum { ARENA_FEW = 2 };
void *arena_double(struct arena *a, void *v, size_t cap, size_t size);

/* The array v with room for one more item than n: v itself, or a copy twice as large. */
static inline void *arena_grow(struct arena *a, void *v, size_t n, size_t *cap,
                               size_t size)
{
    if (n < *cap)
        return v;
    v = arena_double(a, v, *cap, size);
    *cap += *cap ? *cap : ARENA_FEW;
    return v;
}
