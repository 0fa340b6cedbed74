/* A hash map from text to pointer, in an arena; remembers the order of insertion. */
#pragma once
#include "base/str.h"

struct arena;

struct map_entry {
    struct str key; /* borrowed: the caller keeps it alive */
    void *value;
};

struct map_slot {
    uint32_t hash;
    uint32_t number; /* of the entry, from 1; 0: free */
};

struct map {
    struct map_entry *entries; /* in order of insertion, n of them */
    size_t n, cap;
    struct map_slot *slots;
    size_t nslots;
};

#define MAP_INIT ((struct map){0})

/* Make room for n keys at once: growing to that moves everything several times. */
void map_expect(struct arena *a, struct map *m, size_t n);

/* The value of key, or NULL. */
void *map_get(const struct map *m, struct str key);

/* The place for key's value, made (holding NULL) when key is new. Valid until the next
 * put. */
void **map_put(struct arena *a, struct map *m, struct str key);
/* The same; of a new key a keeps a copy. */
void **map_put_copy(struct arena *a, struct map *m, struct str key);
