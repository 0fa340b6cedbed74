/* Arenas: chunks of zeroed memory, handed out in order and freed at once.
 *
 * Large chunks are huge pages. Those that one stage has freed are kept for the next: on a
 * virtual machine a page that is new to it takes up to fifty times as long to get as to
 * clear one that it has. They are cleared as they are handed out, while they are about to
 * be used anyway. */
#include "base/arena.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum {
    CHUNK_FIRST_BYTES = 1 << 11,
    CHUNK_MAX_BYTES = 1 << 20,
    OWN_BYTES = 1 << 18,   /* from here on memory goes back to the system when freed */
    HUGE_BYTES = 1 << 21,  /* a huge page, and the chunks of large arenas */
    SPARE_MAX = 112,       /* huge pages kept for later */
    CLEAR_BYTES = 1 << 15, /* cleared ahead of what is given out */
    HEAD_BYTES = 64, /* before a chunk's room: what is a cache line large lies in one */
    EXIT_NO_MEMORY = 71
};

/* The head of a chunk. */
struct chunk {
    struct chunk *next;
    size_t size_bytes; /* of its room */
};

/* So that a chunk with its head fills a huge page. */
enum { CHUNK_HUGE_BYTES = HUGE_BYTES - HEAD_BYTES };

struct arena {
    char *at, *end; /* zeroed and free */
    char *limit;    /* free to here, but not zeroed */
    struct chunk *chunks;
    struct arena *adopted, *sibling;
    size_t next_bytes, size_bytes;
};

static _Noreturn void no_memory(void)
{
    /* Nothing may be allocated here, so no diagnostics: one fixed line. */
    fputs("kdaudit: out of memory\n  to mend: give it fewer files at once, or more "
          "memory\n",
          stderr);
    _Exit(EXIT_NO_MEMORY);
}

/* Ask for huge pages where many small ones would be touched one by one: a third of the
 * time that a large file takes to read goes there. Only a hint. */
static void *hint(void *p, size_t n)
{
    size_t before = (HUGE_BYTES - (uintptr_t)p % HUGE_BYTES) % HUGE_BYTES;
    size_t whole = n > before ? (n - before) / HUGE_BYTES * HUGE_BYTES : 0;
    if (n >= 2 * HUGE_BYTES && whole)
        madvise((char *)p + before, whole, MADV_HUGEPAGE);
    return p;
}

#ifdef __GLIBC__
/* Let the heap be a huge page, which takes as long to get as fifty small ones met one by
 * one. It is moved up to where one can begin, but for the few bytes that malloc writes
 * when it starts: where a small page is already, no huge one comes. */
static void heap_begin(void)
{
    enum { FIRST_BYTES = 1 << 13, PAD_BYTES = 1 << 17 /* as malloc would have it */ };
    char *top = sbrk(0);
    size_t before = -((uintptr_t)top + FIRST_BYTES) % HUGE_BYTES;
    if (sbrk((intptr_t)before) != top)
        return;
    mallopt(M_TOP_PAD, HUGE_BYTES + FIRST_BYTES);
    void *volatile first = malloc(1);
    free(first);
    mallopt(M_TOP_PAD, PAD_BYTES);
    madvise(top + before + FIRST_BYTES, HUGE_BYTES, MADV_HUGEPAGE);
}
#endif

void mem_setup(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, OWN_BYTES);
    mallopt(M_TRIM_THRESHOLD, 2 * HUGE_BYTES);
    heap_begin();
#endif
}

void *mem_alloc(size_t n)
{
    void *p = malloc(n ? n : 1);
    if (!p)
        no_memory();
    return p;
}

void *mem_realloc(void *p, size_t n)
{
    p = realloc(p, n ? n : 1);
    if (!p)
        no_memory();
    return hint(p, n);
}

struct arena *arena_new(void)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a)
        no_memory();
    a->next_bytes = CHUNK_FIRST_BYTES;
    return a;
}

static void free_adopted(struct arena *a)
{
    while (a->adopted) {
        struct arena *child = a->adopted;
        a->adopted = child->sibling;
        child->sibling = NULL;
        arena_free(child);
    }
}

/* The huge pages that are kept. */
static struct {
    pthread_mutex_t lock;
    struct chunk *first;
    size_t n;
} spare = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* A huge page that was used before; NULL when there is none. */
static struct chunk *spare_take(void)
{
    pthread_mutex_lock(&spare.lock);
    struct chunk *c = spare.first;
    if (c) {
        spare.first = c->next;
        spare.n--;
    }
    pthread_mutex_unlock(&spare.lock);
    return c;
}

/* Keep the huge page at p. False when there are enough. */
static bool spare_keep(char *p)
{
    struct chunk *c = (struct chunk *)(void *)p;
    pthread_mutex_lock(&spare.lock);
    bool keep = spare.n < SPARE_MAX;
    if (keep) {
        c->next = spare.first;
        spare.first = c;
        spare.n++;
    }
    pthread_mutex_unlock(&spare.lock);
    return keep;
}

static size_t whole_pages(size_t n)
{
    return n + -n % (size_t)sysconf(_SC_PAGESIZE);
}

/* n zeroed bytes that start at a huge page. */
static char *map_new(size_t n)
{
    if (n > SIZE_MAX - HUGE_BYTES)
        no_memory();
    char *p = mmap(NULL, n + HUGE_BYTES, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        no_memory();
    size_t before = -(uintptr_t)p % HUGE_BYTES;
    if (before)
        munmap(p, before);
    p += before;
    n = whole_pages(n);
    munmap(p + n, HUGE_BYTES - before);
    madvise(p, n, MADV_HUGEPAGE);
    return p;
}

/* The same, but the first *used bytes hold anything: they are spare pages, moved there,
 * which copies nothing. */
static void *map_huge(size_t n, size_t *used)
{
    struct chunk *c = n >= HUGE_BYTES ? spare_take() : NULL;
    *used = c ? HUGE_BYTES : 0;
    if (c && n == HUGE_BYTES)
        return c;
    char *p = map_new(n);
    for (char *to = p; c; to += HUGE_BYTES) {
        if (mremap(c, HUGE_BYTES, HUGE_BYTES, MREMAP_MAYMOVE | MREMAP_FIXED, to) != to)
            no_memory();
        *used = (size_t)(to - p) + HUGE_BYTES;
        c = n - *used >= HUGE_BYTES ? spare_take() : NULL;
    }
    return p;
}

static void unmap_huge(void *mapped, size_t n)
{
    char *p = mapped;
    while (n >= HUGE_BYTES && spare_keep(p)) {
        p += HUGE_BYTES;
        n -= HUGE_BYTES;
    }
    if (n)
        munmap(p, whole_pages(n));
}

/* Is a chunk of so many bytes mapped, and not malloc's? Checkers of leaks do not look for
 * pointers in what is mapped. */
static bool is_mapped(size_t bytes)
{
#ifdef __SANITIZE_ADDRESS__
    return bytes == SIZE_MAX;
#else
    return bytes >= CHUNK_HUGE_BYTES;
#endif
}

static char *room_of(struct chunk *c)
{
    return (char *)c + HEAD_BYTES;
}

static void free_chunks(struct chunk *c)
{
    while (c) {
        struct chunk *next = c->next;
        if (is_mapped(c->size_bytes))
            unmap_huge(c, HEAD_BYTES + c->size_bytes);
        else
            free(c);
        c = next;
    }
}

void arena_clear(struct arena *a)
{
    free_adopted(a);
    free_chunks(a->chunks);
    a->chunks = NULL;
    a->at = a->end = a->limit = NULL;
    a->size_bytes = 0;
    a->next_bytes = CHUNK_FIRST_BYTES;
}

void arena_rewind(struct arena *a)
{
    struct chunk *c = a->chunks;
    char *start = c ? room_of(c) : NULL;
    if (a->at == start && !a->adopted)
        return;
    if (!c || a->limit != start + c->size_bytes) {
        arena_clear(a); /* the last chunk holds one large thing */
        return;
    }
    free_adopted(a);
    free_chunks(c->next);
    c->next = NULL;
    a->size_bytes = c->size_bytes;
    memset(start, 0, (size_t)(a->at - start));
    a->at = start;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    arena_clear(a);
    free(a);
}

void arena_expect_much(struct arena *a)
{
    a->next_bytes = CHUNK_HUGE_BYTES;
}

/* Room for n bytes in a chunk of its own (large n) or in a new current chunk. */
static char *chunk_new(struct arena *a, size_t n, bool zeroed)
{
    if (n > SIZE_MAX / 2)
        no_memory();
    /* What is large never ends a chunk early, it has its own. */
    bool alone = n > a->next_bytes / 4;
    size_t bytes = alone ? n : a->next_bytes, size = HEAD_BYTES + bytes, used = 0;
    struct chunk *c = is_mapped(bytes) ? map_huge(size, &used) : calloc(1, size);
    if (!c)
        no_memory();
    c->size_bytes = bytes;
    a->size_bytes += bytes;
    c->next = a->chunks;
    a->chunks = c;
    char *p = room_of(c);
    if (used && zeroed)
        memset(p, 0, used - HEAD_BYTES < n ? used - HEAD_BYTES : n);
    if (bytes > n) {
        a->at = p + n;
        a->limit = p + bytes;
        a->end = used ? a->at : a->limit;
        a->next_bytes =
            a->next_bytes < CHUNK_MAX_BYTES ? a->next_bytes * 2 : CHUNK_HUGE_BYTES;
    }
    return p;
}

/* Where n bytes begin in a's room; NULL when it ends before they do. */
static inline char *place(const struct arena *a, const char *end, size_t n, size_t align)
{
    size_t pad = -(uintptr_t)a->at & (align - 1), room = (size_t)(end - a->at);
    return room < pad || room - pad < n ? NULL : a->at + pad;
}

/* Clear what comes next in a used chunk, up to `to` at least. */
static void clear_to(struct arena *a, char *to)
{
    size_t n = (size_t)(to - a->end), most = (size_t)(a->limit - a->end);
    n = n > CLEAR_BYTES ? n : most < CLEAR_BYTES ? most : CLEAR_BYTES;
    memset(a->end, 0, n);
    a->end += n;
}

static __attribute__((noinline)) void *take_more(struct arena *a, size_t n, size_t align)
{
    char *p = place(a, a->limit, n, align);
    if (!p)
        return chunk_new(a, n, true);
    clear_to(a, p + n);
    a->at = p + n;
    return p;
}

static inline void *take(struct arena *a, size_t n, size_t align)
{
    n += n == 0;
    char *p = place(a, a->end, n, align);
    if (!p)
        return take_more(a, n, align);
    a->at = p + n;
    return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
    return take(a, n, _Alignof(max_align_t));
}

void *arena_alloc8(struct arena *a, size_t n)
{
    return take(a, n, 8);
}

/* The same without clearing it. */
static inline void *take_any(struct arena *a, size_t n, size_t align)
{
    n += n == 0;
    char *p = place(a, a->limit, n, align);
    if (!p)
        return chunk_new(a, n, false);
    a->at = p + n;
    if (a->end < a->at)
        a->end = a->at;
    return p;
}

void *arena_bytes(struct arena *a, size_t n)
{
    return take_any(a, n, 1);
}

/* Bytes of n items. */
static size_t bytes_of(size_t n, size_t size)
{
    if (size && n > SIZE_MAX / 2 / size)
        no_memory();
    return n * size;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    return take(a, bytes_of(n, size), _Alignof(max_align_t));
}

void *arena_room(struct arena *a, size_t n, size_t size)
{
    return take_any(a, bytes_of(n, size), _Alignof(max_align_t));
}

void arena_adopt(struct arena *a, struct arena *child)
{
    child->sibling = a->adopted;
    a->adopted = child;
}

struct arena **arena_new_workers(struct arena *a, unsigned n)
{
    struct arena **v = ARENA_ARRAY(a, struct arena *, n);
    for (unsigned i = 0; i < n; i++)
        arena_adopt(a, v[i] = arena_new());
    return v;
}

size_t arena_size_bytes(const struct arena *a)
{
    size_t n = a->size_bytes;
    for (const struct arena *c = a->adopted; c; c = c->sibling)
        n += arena_size_bytes(c);
    return n;
}

void *arena_double(struct arena *a, void *v, size_t cap, size_t size)
{
    size_t more = cap ? cap : ARENA_FEW;
    if (cap > UINT32_MAX / 2) /* lists count their room in as little as 32 bits */
        no_memory();
    /* The last thing in the chunk grows where it is. */
    if (v && (char *)v + cap * size == a->at &&
        (size_t)(a->limit - a->at) / size >= more) {
        char *to = a->at + more * size;
        if (to > a->end)
            clear_to(a, to);
        a->at = to;
        return v;
    }
    void *bigger = arena_array(a, cap + more, size);
    if (cap)
        memcpy(bigger, v, cap * size);
    return bigger;
}
