/* What runtime properties and inline code name: pairs of key and value in groups. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

struct build;
struct document;
struct exhibit;
struct subject;

/* One pair. */
struct property {
    struct str key, value;
    size_t index; /* SQL: offset of the value in the code; properties: unused */
};

/* Pairs that belong together: a property group, or the WITH (...) of a table. */
struct property_group {
    struct str id;    /* group id; SQL: name of the table */
    struct str table; /* SQL: the table's name; else empty */
    bool sink;        /* SQL: something is inserted into the table */
    VEC(struct property) pairs;
};

struct property_groups {
    struct property_group *v;
    size_t n, cap;
};

/* The WITH options of the tables that SQL code (Flink or Studio) makes. */
struct property_groups sql_tables(struct arena *a, struct str code);

/* What in a text names a resource by itself. */
struct clue_word {
    enum { WORD_ARN, WORD_BUCKET, WORD_QUEUE, WORD_BROKER, WORD_DOMAIN } is;
    struct str text; /* ARN; bucket; queue: URL from its region on; the rest: host */
};

/* A pair, or code as a whole, that seems to name resources. */
struct clue {
    const struct property_group *group;
    const struct property *pair;
    VEC(struct clue_word) words;
    const char *type;  /* what the key hints at, when there are no words; else NULL */
    struct str region; /* that the pairs beside it name for it, or empty */
    const char *link;  /* "property" or "inline-code" */
    const char *use;
    struct str pointer, via; /* of the value */
};
struct clues {
    VEC(struct clue) list;
};

/* The clues in what x, an answer of describe-application, says: properties in their
 * order, then inline code. pointer and via live in keep, the rest in scratch. Any thread.
 */
void properties_read(struct arena *keep, struct arena *scratch, const struct exhibit *x,
                     struct clues *out);

/* A copy in a of all that clue_resolve asks of it, but for what keep holds. */
const struct clue *clue_copy(struct arena *a, const struct clue *c);

/* clues.c: find out which resources the clue names, as links and doubts of app. */
void clue_resolve(struct build *b, struct subject *app, const struct document *doc,
                  const struct clue *c);

/* Could value be the name of such a thing? Sample values and flags are not. */
bool property_could_name(const char *type, struct str value);
/* The value under key (without case) in a group, or empty. */
struct str property_value(const struct property_group *g, struct str key);
/* Is one of the words (the last is NULL) in s, without case? */
bool property_has(struct str s, const char *const *words);
