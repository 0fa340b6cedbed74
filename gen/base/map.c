/* A hash map from text to pointer: open addressing over an array of entries. */
#include "base/map.h"

#include "base/arena.h"

#include <string.h>

/* By eight bytes at a time: ARNs are long. */
static uint64_t hash(struct str s)
{
    uint64_t h = 0xcbf29ce484222325u ^ s.n, part;
    while (s.n >= sizeof part) {
        memcpy(&part, s.p, sizeof part);
        h = (h ^ part) * 0x9e3779b97f4a7c15u;
        h ^= h >> 32;
        s = str_sub(s, sizeof part, s.n);
    }
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    return h ^ h >> 29;
}

/* The slot that holds key, or the empty one where it belongs. Slots hold index + 1. */
static size_t slot_of(const struct map *m, struct str key)
{
    size_t i = (size_t)hash(key) & (m->nslots - 1);
    while (m->slots[i] && !str_eq(m->entries[m->slots[i] - 1].key, key))
        i = (i + 1) & (m->nslots - 1);
    return i;
}

void *map_get(const struct map *m, struct str key)
{
    if (!m->nslots)
        return NULL;
    size_t i = slot_of(m, key);
    return m->slots[i] ? m->entries[m->slots[i] - 1].value : NULL;
}

void **map_put(struct arena *a, struct map *m, struct str key)
{
    if ((m->n + 1) * 2 > m->nslots) {
        m->nslots = m->nslots ? m->nslots * 2 : 16;
        m->slots = ARENA_ARRAY(a, uint32_t, m->nslots);
        for (size_t i = 0; i < m->n; i++)
            m->slots[slot_of(m, m->entries[i].key)] = (uint32_t)i + 1;
    }
    size_t i = slot_of(m, key);
    if (!m->slots[i]) {
        m->entries = arena_grow(a, m->entries, m->n, &m->cap, sizeof *m->entries);
        m->entries[m->n] = (struct map_entry){key, NULL};
        m->slots[i] = (uint32_t)++m->n;
    }
    return &m->entries[m->slots[i] - 1].value;
}
