/* A hash map from text to pointer: open addressing over an array of entries. */
#include "base/map.h"

#include "base/arena.h"

/* The slot that holds key, or the empty one where it belongs. Keys are compared only
 * where their hashes are equal: reading one is a visit to memory far away. */
static size_t slot_of(const struct map *m, struct str key, uint32_t h)
{
    size_t i = h & (m->nslots - 1);
    while (m->slots[i].number && (m->slots[i].hash != h ||
                                  !str_eq(m->entries[m->slots[i].number - 1].key, key)))
        i = (i + 1) & (m->nslots - 1);
    return i;
}

/* More slots. Their hashes say where all belong: no key is read. */
static void grow(struct arena *a, struct map *m, size_t nslots)
{
    const struct map_slot *old = m->slots;
    size_t n = m->nslots;
    m->nslots = nslots;
    m->slots = ARENA_ARRAY(a, struct map_slot, m->nslots);
    for (size_t k = 0; k < n; k++) {
        size_t i = old[k].hash & (m->nslots - 1);
        if (!old[k].number)
            continue;
        while (m->slots[i].number)
            i = (i + 1) & (m->nslots - 1);
        m->slots[i] = old[k];
    }
}

void map_expect(struct arena *a, struct map *m, size_t n)
{
    size_t nslots = 16;
    while (nslots < (n + 1) * 2)
        nslots *= 2;
    if (nslots > m->nslots)
        grow(a, m, nslots);
    if (!m->cap) {
        m->entries = ARENA_ARRAY(a, struct map_entry, n);
        m->cap = n;
    }
}

void *map_get(const struct map *m, struct str key)
{
    if (!m->nslots)
        return NULL;
    size_t i = slot_of(m, key, str_mix(key));
    return m->slots[i].number ? m->entries[m->slots[i].number - 1].value : NULL;
}

void **map_put(struct arena *a, struct map *m, struct str key)
{
    if ((m->n + 1) * 2 > m->nslots)
        grow(a, m, m->nslots ? m->nslots * 2 : 16);
    uint32_t h = str_mix(key);
    size_t i = slot_of(m, key, h);
    if (!m->slots[i].number) {
        m->entries = arena_grow(a, m->entries, m->n, &m->cap, sizeof *m->entries);
        m->entries[m->n] = (struct map_entry){key, NULL};
        m->slots[i] = (struct map_slot){h, (uint32_t)++m->n};
    }
    return &m->entries[m->slots[i].number - 1].value;
}

void **map_put_copy(struct arena *a, struct map *m, struct str key)
{
    size_t n = m->n;
    void **value = map_put(a, m, key);
    if (m->n > n)
        m->entries[n].key = str_dup(a, key);
    return value;
}
