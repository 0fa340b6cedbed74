/* JSON trees: strict reading, places, lookup, building. The only users of cJSON are
 * json.c (which holds every tree) and nobody else; a struct json is one of its nodes. */
#pragma once
#include "base/text.h"

struct buf;

struct arena;
struct diag;
struct json;

enum json_type {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

enum {
    JSON_MAX_DEPTH = 200,     /* nesting of arrays and objects */
    JSON_MAX_BYTES = 1 << 30, /* of one document */
};

/* Read one strict RFC 8259 document: UTF-8, no duplicate keys (after unescaping), no NUL
 * in strings, numbers in a double's range, depth at most JSON_MAX_DEPTH, nothing after
 * it. A UTF-8 BOM is skipped; UTF-16 is named in the message. text   the document; its
 * bytes must be followed by a NUL byte and outlive the tree. Returns NULL after recording
 * JSN-1xx in dx with the place. The tree lives in arena a. */
struct json *json_read(struct arena *a, const struct text *text, struct diag *dx);

/* Where many documents are read, one after the other: their nodes lie in an arena of
 * their own, and the room that reading takes is kept for the next. The
 * caller frees that before a, where the rest lies. */
struct json_room;
struct json_room *json_room_new(struct arena *a, struct arena *nodes);
void json_room_free(struct json_room *room);

/* The same there; the nodes may go before a and the text do: texts and names outlive
 * them. Elements of long lists that focus does not want are null: where only few of very
 * many are asked about. focus may be NULL. */
struct json_focus;
struct json *json_read_focused(struct arena *a, struct json_room *room,
                               const struct text *text, const struct json_focus *focus,
                               struct diag *dx);

/* A document that is one long list: all of it but the elements of the root's member
 * `list`, which is empty then; and the elements, one by one, NULL at the end. Their nodes
 * lie in the room's arena, which the caller may clear between them. */
struct json *json_read_outline(struct arena *a, struct json_room *room,
                               const struct text *text, struct str list, struct diag *dx);
const struct json *json_next_element(struct arena *a, struct json_room *room,
                                     const struct text *text);

enum json_type json_type(const struct json *n);
bool json_is(const struct json *n, enum json_type type); /* false for NULL */

/* Children in document order. NULL at the end, for scalars, and for NULL. */
const struct json *json_first(const struct json *n);
const struct json *json_next(const struct json *n);
size_t json_size(const struct json *n); /* number of children; walks them */

/* Member name of an object's child; empty for others. Valid as long as the tree. */
struct str json_key(const struct json *n);

/* The member with exactly this name, or NULL (also for NULL and non-objects). */
const struct json *json_get(const struct json *n, struct str key);
/* For each child of list, in order, its members with n names, no two of them the same: in
 * out, n for each, which stay as they are where it has none. One walk through each child.
 */
void json_table(const struct json *list, const struct str *names, size_t n,
                const struct json **out);
/* Descend by member names: json_path(n, "A", "B", NULL). */
const struct json *json_dig(const struct json *n, ...) __attribute__((sentinel));
const struct json *json_at(const struct json *n, size_t index);

/* Values. The wrong type gives the empty text, 0, or false. */
struct str json_str(const struct json *n);
double json_num(const struct json *n);
bool json_bool(const struct json *n);
/* A string's text, a number's source text, "true" or "false"; empty for the rest.
 * Borrowed: a number's text stands in the text that it was read from. */
struct str json_scalar(const struct json *n);

/* Offset of the value's first byte in the text it was read from. Built nodes: 0. */
size_t json_pos(const struct json *n);
/* Length in bytes of the value that starts at json_pos, found by scanning text. */
size_t json_len(const struct json *n, const struct text *text);
struct origin json_origin(const struct json *n, const struct text *text);
/* Offset of the member name's opening quote before the value at pos; pos itself when
 * none. */
size_t json_key_pos(const struct text *text, size_t pos);

/* Deep equality: numbers by value, objects without regard to order (RFC 9535, 2.3.5.2.2).
 */
bool json_equal(const struct json *x, const struct json *y);
/* The same, looking at no more than *left values, which are taken off it; false too when
 * that were not enough, which leaves 0. */
bool json_equal_within(const struct json *x, const struct json *y, size_t *left);

/* JSON Pointer (RFC 6901): follow one; NULL when it leads nowhere. */
const struct json *json_pointer(const struct json *root, struct str pointer);
/* Append one reference token, escaped, to a pointer being written. */
void json_pointer_add(struct buf *out, struct str token);

/* Building. Keys and strings are copied into a, a NUL inside as U+FFFD. Each node has one
 * parent. Trees that json_read made may be added to as well. */
struct json *json_new_object(struct arena *a);
struct json *json_new_array(struct arena *a);
struct json *json_new_str(struct arena *a, struct str s);
/* An integer up to 2^53 prints as one; infinity and NaN become null. */
struct json *json_new_num(struct arena *a, double v);
struct json *json_new_bool(struct arena *a, bool v);
struct json *json_new_null(struct arena *a);
/* A node that shows another tree's value here without copying it; has its offset. Every
 * function above looks through it. What target gains later shows too. */
struct json *json_new_ref(struct arena *a, const struct json *target);
/* What a ref shows, or n itself. */
const struct json *json_target(const struct json *n);
/* Texts that are not copied: they must outlive the tree and hold no NUL, as a literal, or
 * what json_str gives of a document. */
struct json *json_new_view(struct arena *a, struct str s);
static inline struct json *json_new_literal(struct arena *a, const char *z)
{
    return json_new_view(a, (struct str){z, strlen(z)});
}
/* The byte of some text that a built object is about; 0 until it is said, and for what
 * was read. */
void json_set_about(struct json *object, size_t pos);
size_t json_about(const struct json *n);
/* Give object a member (not checked for duplicates), array an element; returns value. */
struct json *json_set(struct arena *a, struct json *object, struct str key,
                      struct json *value);
struct json *json_push(struct json *array, struct json *value);
/* json_set with a name that is not copied: a literal, whose length is known beforehand.
 */
struct json *json_set_named(struct json *object, struct str key, struct json *value);
static inline struct json *json_set_literal(struct json *object, const char *key,
                                            struct json *value)
{
    return json_set_named(object, (struct str){key, strlen(key)}, value);
}
/* A copy of the tree in a, which needs neither the tree nor its text. */
struct json *json_copy(struct arena *a, const struct json *n);
/* Shorthands. */
void json_set_str(struct arena *a, struct json *object, struct str key, struct str v);
void json_set_num(struct arena *a, struct json *object, struct str key, double v);
void json_set_bool(struct arena *a, struct json *object, struct str key, bool v);
