/* What a report consists of, as tables: they drive results.json (writing, reading,
 * schema), the names that templates may use, and their help. */
#pragma once
#include "report/report.h"

enum field_kind {
    FIELD_STR,   /* struct str */
    FIELD_Z,     /* const char *: one of a fixed set of words */
    FIELD_UINT,  /* uint32_t */
    FIELD_SIZE,  /* uint64_t */
    FIELD_BOOL,  /* bool */
    FIELD_TIME,  /* int64_t seconds, WHEN_NONE for none; RFC 3339 in JSON and in text */
    FIELD_WORD,  /* packed enum: a byte, with a table of words */
    FIELD_THING, /* a struct inside this one */
    FIELD_REF,   /* pointer to a struct; JSON holds its key (see shape.key) */
    FIELD_LIST,  /* REPORT_LIST of structs */
    FIELD_REFS,  /* REPORT_LIST of pointers; JSON holds the structs, which stand nowhere
                    else there */
    FIELD_MADE,  /* computed list of structs, never stored */
    FIELD_TEXT,  /* computed text, never stored */
    FIELD_FLAG,  /* computed truth, never stored */
};

struct shape;
struct field {
    const char *name;
    enum field_kind kind;
    bool stored; /* part of results.json */
    size_t offset;
    const struct shape *shape; /* THING, REF, LIST, REFS */
    const char *const *words;  /* WORD, Z: ends with NULL */
    bool usual; /* WORD: the first word is usual; results.json leaves it out */
    /* What it is when results.json leaves it out, from the struct and the one that holds
     * it: a value of the field's type. No function, or NULL from it: empty. */
    const void *(*implied)(struct arena *a, const void *thing, const void *outer);
    /* TEXT: what it says; STR: what it says when the struct says nothing. */
    struct str (*text)(struct arena *a, const void *thing);
    bool (*flag)(const void *thing);
    size_t (*made)(struct arena *a, const void *thing, void **items);
    const char *help;
};
struct shape {
    const char *name;
    const char *help;
    size_t size;
    const char *key; /* field whose value stands for the struct in a FIELD_REF */
    const struct field *fields; /* sorted by name */
    size_t n;
};

/* Shapes that stand in another file than those that hold them. */
extern const struct shape report_shape_access, report_shape_proposal,
    report_shape_subject;

/* The shape of struct report: the root of results.json and of templates. */
const struct shape *report_shape(void);

/* A field of a shape by name; NULL when there is none. */
const struct field *shape_field(const struct shape *s, struct str name);

/* The word of a FIELD_WORD. */
static inline unsigned field_word(const struct field *f, const void *thing)
{
    return ((const unsigned char *)thing)[f->offset];
}

/* The text of a field that holds one value (STR, Z, UINT, SIZE, TIME, WORD, TEXT, BOOL).
 */
struct str field_text(struct arena *a, const struct field *f, const void *thing);
/* Is it there: non-empty text or list, number not 0, true? */
bool field_truth(const struct field *f, const void *thing);
/* Any list. */
struct report_list {
    void *v;
    uint32_t n, cap;
};
/* LIST and REFS (MADE: call made). */
size_t field_count(const struct field *f, const void *thing);
const void *field_item(const struct field *f, const void *thing, size_t i);
/* THING and REF; NULL for an empty REF. */
const void *field_thing(const struct field *f, const void *thing);
/* Are two values of a field the same in all that results.json holds (STR, UINT, THING,
 * REF, LIST: those that others imply)? */
bool field_same(const struct field *f, const void *x, const void *y);
