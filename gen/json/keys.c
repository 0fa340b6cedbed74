/* The member names of the objects that a scan stands in. */
#include "json/keys.h"

#include "base/arena.h"
#include "json/unescape.h"

#include <stdlib.h>
#include <string.h>

void keys_free(struct keys *k)
{
    free(k->hashes);
    free(k->v);
    *k = (struct keys){0};
}

/* The name s itself, or its unescaped text, which out holds. */
static struct str plain(struct buf *out, struct str s)
{
    if (!s.n || !memchr(s.p, '\\', s.n))
        return s;
    json_unescape(out, s);
    return buf_view(out);
}

/* Order of two names by their unescaped bytes. */
static int compare(struct str a, struct str b)
{
    struct buf x = BUF_INIT, y = BUF_INIT;
    int c = str_cmp(plain(&x, a), plain(&y, b));
    buf_free(&x);
    buf_free(&y);
    return c;
}

static uint32_t hash_name(struct str s, bool escaped)
{
    if (!escaped)
        return str_mix(s);
    struct buf out = BUF_INIT;
    json_unescape(&out, s);
    uint32_t h = str_mix(buf_view(&out));
    buf_free(&out);
    return h;
}

static struct str name(struct str bytes, struct key key)
{
    return (struct str){bytes.p + key.pos, key.len};
}

const struct key *keys_add(struct keys *k, struct key_set *set, struct str bytes,
                           struct key key, bool escaped)
{
    struct str s = name(bytes, key);
    uint32_t h = hash_name(s, escaped);
    uint64_t bit = (uint64_t)1 << (h & 63);
    if (set->bloom & bit && k->n - set->first < KEYS_SEARCH_MAX)
        for (size_t i = set->first; i < k->n; i++)
            if (k->hashes[i] == h && compare(name(bytes, k->v[i]), s) == 0)
                return &k->v[i];
    set->bloom |= bit;
    if (k->n == k->cap) {
        k->cap = k->cap ? k->cap * 2 : 64;
        k->hashes = mem_realloc(k->hashes, k->cap * sizeof *k->hashes);
        k->v = mem_realloc(k->v, k->cap * sizeof *k->v);
    }
    k->hashes[k->n] = h;
    k->v[k->n++] = key;
    return NULL;
}

struct sorted {
    const char *bytes;
    uint32_t hash;
    struct key key;
};

static int same(const struct sorted *a, const struct sorted *b)
{
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return compare((struct str){a->bytes + a->key.pos, a->key.len},
                   (struct str){b->bytes + b->key.pos, b->key.len});
}

/* By hash, then name, then place: equal names stand side by side, the first one first. */
static int by_name(const void *x, const void *y)
{
    const struct sorted *a = x, *b = y;
    int c = same(a, b);
    return c ? c : (a->key.pos > b->key.pos) - (a->key.pos < b->key.pos);
}

bool keys_close(struct keys *k, const struct key_set *set, struct str bytes,
                struct key *first, struct key *again)
{
    size_t n = k->n - set->first;
    bool ok = true;
    if (n > KEYS_SEARCH_MAX) {
        struct sorted *rows = mem_alloc(n * sizeof *rows);
        for (size_t i = 0; i < n; i++)
            rows[i] =
                (struct sorted){bytes.p, k->hashes[set->first + i], k->v[set->first + i]};
        qsort(rows, n, sizeof *rows, by_name);
        for (size_t i = 1; i < n; i++)
            if (same(&rows[i - 1], &rows[i]) == 0 &&
                (ok || rows[i].key.pos < again->pos)) {
                *first = rows[i - 1].key;
                *again = rows[i].key;
                ok = false;
            }
        free(rows);
    }
    k->n = set->first;
    return ok;
}
