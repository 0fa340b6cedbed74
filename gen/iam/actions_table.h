/* Inside of the action table: shared by the file that reads it and the one that asks it.
 */
#pragma once
#include "base/map.h"
#include "iam/actions.h"

#include <pthread.h>
#include <stdatomic.h>

struct service_slot {
    struct str prefix;
    struct str line; /* the object, from { to } */
    uint32_t first, count, levels[ACTION_LEVELS];
    /* Made when they are first asked for (actions_names, actions_parse). */
    _Atomic(const void *) names, parsed;
};

struct pair {
    struct str name, value;
};

struct actions {
    struct arena *a; /* of what is parsed later; only under lock */
    pthread_mutex_t lock;
    struct str date;
    struct service_slot *slots; /* sorted by prefix */
    size_t nslots;
    struct map by_prefix;
    uint32_t rows;
    uint16_t *near; /* of every 64 rows: the service that the first belongs to */
    struct pair *globals, *sources; /* name and type; event source and prefix */
    size_t nglobals, nsources;
    struct str rcp;   /* prefixes, separated by spaces */
    struct str event; /* the object of event names */
};

/* Reading of the table's own layout, which is JSON without escapes: a pull reader, since
 * a tree of 22,000 actions would cost more than the audit. */
struct scan {
    const char *p, *end;
    bool bad;
};
bool scan_eat(struct scan *s, char c);  /* white space, then c: taken when it is there */
struct str scan_string(struct scan *s); /* sets bad when there is none */
void scan_skip(struct scan *s);         /* one value of any kind */

/* Next word of a space-separated list. */
bool scan_word(struct str *list, struct str *word);

/* The names of a service's actions in order of their rows, read once: most services are
 * only asked which rows a few names are, which takes a tenth of a parse. */
const struct str *actions_names(struct actions *t, struct service_slot *slot);

/* The service in slot i, parsed once: nearly always it is there. */
const struct action_service *actions_parse_new(struct actions *t, size_t i);
static inline const struct action_service *actions_parse(struct actions *t, size_t i)
{
    const void *p = atomic_load_explicit(&t->slots[i].parsed, memory_order_acquire);
    return p ? p : actions_parse_new(t, i);
}

/* Index of the service whose rows hold row. */
size_t actions_slot_of(const struct actions *t, uint32_t row);
