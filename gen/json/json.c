/* JSON trees: the one file that knows cJSON.
 *
 * A struct json is a cJSON node. Some of its fields mean more here than there:
 *   type         above cJSON's own bits: the length of string, the member's name
 *   string       the name, not ended by a NUL when it stands in the document
 *   valueint     offset of the value's first byte in the text (cJSON's use of it, a
 *                number cut to int, is banned)
 *   valuestring  of a string its text, inside the document where that says it as it is;
 *                of a number its source text, inside the document or, when built, in the
 *                arena: what the writer prints, since doubles lose digits
 *   valuedouble  of a string the length of its text; of an array or object that was read,
 *                its length in the document; of a built one, below 0: json_about
 *   prev         of a first child: the last child, as cJSON keeps it, to append quickly
 * cJSON makes the nodes, the scanner says of what: cJSON's own parser would read every
 * byte a second time, copy each string, and let by what the scanner refuses. */
#include "json/json.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "json/focus.h"
#include "json/scan.h"
#include "json/unescape.h"
#include "json/write.h"

#include <assert.h>
#include <cJSON.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(JSON_MAX_BYTES <= INT32_MAX, "offsets are kept in an int");

/* A node that shows another one. */
struct ref {
    cJSON node; /* its type is marked cJSON_IsReference */
    const cJSON *target;
};

/* Names longer than this are found by their NUL, which is added. */
enum { TYPE_BITS = 10, NAME_MAX_LEN = (1 << 21) - 1 };

/* cJSON's hooks hold for the whole process and take no context, so they find the arena of
 * the tree being made here; trees may be read in many threads at once. */
static _Thread_local struct arena *nodes_of;

static void *hook_take(size_t n)
{
    return arena_alloc8(nodes_of, n);
}

static void hook_keep(void *p)
{
    (void)p; /* goes with its arena */
}

static void set_hooks(void)
{
    cJSON_InitHooks(&(cJSON_Hooks){hook_take, hook_keep});
}

/* What n shows. */
static const cJSON *real(const struct json *n)
{
    const cJSON *c = (const cJSON *)n;
    return c && c->type & cJSON_IsReference ? ((const struct ref *)c)->target : c;
}

static const struct json *node(const cJSON *c)
{
    return (const struct json *)c;
}

static inline void set_name(cJSON *c, const char *name, size_t len)
{
    c->string = (char *)name;
    c->type |= (int)(len < NAME_MAX_LEN ? len : NAME_MAX_LEN) << TYPE_BITS;
}

static inline void append(cJSON *parent, cJSON *c)
{
    assert(!(parent->type & cJSON_IsReference) && !c->next && !c->prev);
    if (parent->child) {
        c->prev = parent->child->prev;
        c->prev->next = c;
    } else {
        parent->child = c;
    }
    parent->child->prev = c;
}

/* The double of a number's source text. Most are short integers, which are exact. */
static double number(const char *p)
{
    enum { EXACT_DIGITS = 15 };
    const char *digits = p + (*p == '-'), *at = digits;
    uint64_t v = 0;
    for (; *at >= '0' && *at <= '9' && at - digits <= EXACT_DIGITS; at++)
        v = v * 10 + (uint64_t)(*at - '0');
    if (at - digits > EXACT_DIGITS || *at == '.' || *at == 'e' || *at == 'E')
        return strtod(p, NULL);
    return *p == '-' ? -(double)v : (double)v;
}

/* What is being read, and the room to undo escapes in. */
struct reading {
    struct arena *a;
    const char *bytes;
    struct buf plain;
};

/* The inside of a string or name in the document; of one with escapes a copy without. */
static struct str inside(struct reading *r, size_t pos, size_t len, bool escaped)
{
    struct str s = {r->bytes + pos, len};
    if (!escaped)
        return s;
    buf_clear(&r->plain);
    json_unescape(&r->plain, s);
    return buf_dup(r->a, &r->plain);
}

/* The node of what the scan found: cJSON makes it, and it shows the document's bytes. */
static cJSON *make(struct reading *r, const struct scan_value *v)
{
    const char *p = r->bytes + v->pos;
    cJSON *c;
    if (v->left_out)
        return cJSON_CreateNull();
    switch (*p) {
    case '{':
        c = cJSON_CreateObject();
        c->valuedouble = v->len;
        return c;
    case '[':
        c = cJSON_CreateArray();
        c->valuedouble = v->len;
        return c;
    case '"': {
        struct str s = inside(r, v->pos + 1, v->len - 2, v->escaped);
        c = cJSON_CreateStringReference(s.p);
        c->type = cJSON_String; /* no reference as we know them */
        c->valuedouble = (double)s.n;
        return c;
    }
    case 't':
        return cJSON_CreateTrue();
    case 'f':
        return cJSON_CreateFalse();
    case 'n':
        return cJSON_CreateNull();
    default:
        c = cJSON_CreateNumber(number(p));
        c->valuestring = (char *)p;
        return c;
    }
}

/* Values from..to of a scan, but for those of the gap. */
struct part {
    size_t from, to;
    size_t gap_from, gap_to;
};

/* The tree of a part of a document that was scanned; NULL when there is none. */
static struct json *build_tree(struct arena *a, const struct text *text,
                               const struct scan *s, struct part part)
{
    struct reading r = {.a = a, .bytes = text->bytes.p};
    struct {
        cJSON *node;
        size_t end;
    } up[JSON_MAX_DEPTH];
    size_t depth = 0;
    cJSON *root = NULL;
    for (size_t i = part.from; i < part.to; i++) {
        if (i == part.gap_from && i < part.gap_to) {
            i = part.gap_to - 1;
            continue;
        }
        const struct scan_value *v = &s->values[i];
        while (depth && v->pos >= up[depth - 1].end)
            depth--;
        cJSON *c = make(&r, v);
        c->valueint = (int)v->pos;
        if (v->name) {
            struct str name = inside(&r, v->name, v->name_len, v->name_escaped);
            if (name.n >= NAME_MAX_LEN && !v->name_escaped)
                name = str_dup(a, name);
            set_name(c, name.p, name.n);
        }
        if (depth)
            append(up[depth - 1].node, c);
        else
            root = c;
        if (c->type & (cJSON_Object | cJSON_Array)) {
            assert(depth < JSON_MAX_DEPTH);
            up[depth].node = c;
            up[depth++].end = (size_t)v->pos + v->len;
        }
    }
    buf_free(&r.plain);
    return (struct json *)root;
}

struct json_room {
    struct arena *nodes;
    struct scan scan;
    size_t at, end; /* values of the list whose elements are asked for one by one */
};

struct json_room *json_room_new(struct arena *a, struct arena *nodes)
{
    struct json_room *room = ARENA_NEW(a, struct json_room);
    *room = (struct json_room){nodes, SCAN_INIT, 0, 0};
    return room;
}

void json_room_free(struct json_room *room)
{
    scan_free(&room->scan);
}

static struct json *build_part(struct arena *a, struct json_room *room,
                               const struct text *text, struct part part)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_hooks);
    nodes_of = room->nodes;
    struct json *root = build_tree(a, text, &room->scan, part);
    nodes_of = NULL;
    return root;
}

struct json *json_read_focused(struct arena *a, struct json_room *room,
                               const struct text *text, const struct json_focus *focus,
                               struct diag *dx)
{
    if (!scan_text(&room->scan, text, dx))
        return NULL;
    if (focus)
        focus_cut(&room->scan, text->bytes, focus);
    return build_part(a, room, text, (struct part){.to = room->scan.n});
}

struct json *json_read_outline(struct arena *a, struct json_room *room,
                               const struct text *text, struct str list, struct diag *dx)
{
    const struct scan *s = &room->scan;
    struct reading r = {.a = a, .bytes = text->bytes.p};
    room->at = room->end = 0;
    if (!scan_text(&room->scan, text, dx))
        return NULL;
    for (size_t i = 1, next; i < s->n; i = next) {
        const struct scan_value *v = &s->values[i];
        next = scan_behind(s, i);
        if (!v->name || text->bytes.p[v->pos] != '[' ||
            !str_eq(inside(&r, v->name, v->name_len, v->name_escaped), list))
            continue;
        room->at = i + 1;
        room->end = next;
    }
    buf_free(&r.plain);
    return build_part(a, room, text, (struct part){0, s->n, room->at, room->end});
}

const struct json *json_next_element(struct arena *a, struct json_room *room,
                                     const struct text *text)
{
    size_t from = room->at;
    if (from == room->end)
        return NULL;
    room->at = scan_behind(&room->scan, from);
    return build_part(a, room, text, (struct part){.from = from, .to = room->at});
}

struct json *json_read(struct arena *a, const struct text *text, struct diag *dx)
{
    struct json_room room = {a, SCAN_INIT, 0, 0};
    struct json *root = json_read_focused(a, &room, text, NULL, dx);
    json_room_free(&room);
    return root;
}

enum json_type json_type(const struct json *n)
{
    /* By the number of cJSON's bit. */
    static const unsigned char types[] = {JSON_FALSE,  JSON_TRUE,   JSON_NULL,
                                          JSON_NUMBER, JSON_STRING, JSON_ARRAY,
                                          JSON_OBJECT};
    return (enum json_type)types[__builtin_ctz((unsigned)real(n)->type)];
}

bool json_is(const struct json *n, enum json_type type)
{
    return n && json_type(n) == type;
}

static bool is(const cJSON *c, int type)
{
    return c && (c->type & 0xFF) == type;
}

const struct json *json_first(const struct json *n)
{
    const cJSON *c = real(n);
    return c ? node(c->child) : NULL;
}

const struct json *json_next(const struct json *n)
{
    return n ? node(((const cJSON *)n)->next) : NULL;
}

size_t json_size(const struct json *n)
{
    size_t size = 0;
    for (n = json_first(n); n; n = json_next(n))
        size++;
    return size;
}

static struct str name_of(const cJSON *c)
{
    size_t len = (unsigned)c->type >> TYPE_BITS;
    if (len == NAME_MAX_LEN)
        len = strlen(c->string);
    return (struct str){c->string ? c->string : "", len};
}

struct str json_key(const struct json *n)
{
    return n ? name_of((const cJSON *)n) : STR("");
}

const struct json *json_get(const struct json *n, struct str key)
{
    const cJSON *c = real(n);
    if (!is(c, cJSON_Object))
        return NULL;
    /* The lengths first, which stand in the nodes: few names share one. */
    size_t len = key.n < NAME_MAX_LEN ? key.n : NAME_MAX_LEN;
    for (c = c->child; c; c = c->next)
        if ((unsigned)c->type >> TYPE_BITS == len && str_eq(name_of(c), key))
            return node(c);
    return NULL;
}

/* The place of name among n names; n: it is none of them. */
static size_t place_of(struct str name, const struct str *names, size_t n)
{
    size_t i = 0;
    while (i < n && !str_eq(names[i], name))
        i++;
    return i;
}

void json_table(const struct json *list, const struct str *names, size_t n,
                const struct json **out)
{
    /* Items that the same code made have the same names in the same order: most members
     * go where the one at their place in the item before went. */
    enum { BEFORE = 32 };
    struct {
        struct str name;
        size_t at;
    } before[BEFORE] = {{{0}, 0}};
    for (list = json_first(list); list; list = json_next(list), out += n) {
        const cJSON *c = real(list);
        c = is(c, cJSON_Object) ? c->child : NULL;
        for (size_t i = 0; c; c = c->next, i++) {
            struct str name = name_of(c);
            size_t at;
            if (i < BEFORE && before[i].name.p == name.p && before[i].name.n == name.n) {
                at = before[i].at;
            } else {
                at = place_of(name, names, n);
                if (i < BEFORE) {
                    before[i].name = name;
                    before[i].at = at;
                }
            }
            if (at < n)
                out[at] = node(c);
        }
    }
}

const struct json *json_dig(const struct json *n, ...)
{
    va_list ap;
    va_start(ap, n);
    for (const char *key; n && (key = va_arg(ap, const char *));)
        n = json_get(n, str_from(key));
    va_end(ap);
    return n;
}

const struct json *json_at(const struct json *n, size_t index)
{
    for (n = json_first(n); n && index; n = json_next(n))
        index--;
    return n;
}

struct str json_str(const struct json *n)
{
    const cJSON *c = real(n);
    return is(c, cJSON_String) ? (struct str){c->valuestring, (size_t)c->valuedouble}
                               : STR("");
}

double json_num(const struct json *n)
{
    const cJSON *c = real(n);
    return is(c, cJSON_Number) ? c->valuedouble : 0;
}

bool json_bool(const struct json *n)
{
    return is(real(n), cJSON_True);
}

struct str json_scalar(const struct json *n)
{
    const cJSON *c = real(n);
    if (is(c, cJSON_Number))
        return (struct str){c->valuestring, scan_number_len(c->valuestring)};
    return is(c, cJSON_True)    ? STR("true")
           : is(c, cJSON_False) ? STR("false")
                                : json_str(n);
}

size_t json_pos(const struct json *n)
{
    return n ? (size_t)real(n)->valueint : 0;
}

size_t json_len(const struct json *n, const struct text *text)
{
    const cJSON *c = real(n);
    if (!c || !text)
        return 0;
    if (c->valuedouble > 0 && (is(c, cJSON_Array) || is(c, cJSON_Object)))
        return (size_t)c->valuedouble;
    if (is(c, cJSON_String) && c->valuestring == text->bytes.p + c->valueint + 1)
        return (size_t)c->valuedouble + 2;
    return scan_value_len(text->bytes, (size_t)c->valueint);
}

struct origin json_origin(const struct json *n, const struct text *text)
{
    return (struct origin){text, json_pos(n), json_len(n, text)};
}

size_t json_key_pos(const struct text *text, size_t pos)
{
    return scan_name_pos(text->bytes, pos);
}

/* Members in order of their names. */
static int by_key(const void *x, const void *y)
{
    return str_cmp(json_key(*(const struct json *const *)x),
                   json_key(*(const struct json *const *)y));
}

static const struct json **sorted(const struct json *n, size_t size)
{
    const struct json **v = mem_alloc(size * sizeof(struct json *)), **at = v;
    for (n = json_first(n); n; n = json_next(n))
        *at++ = n;
    qsort(v, size, sizeof *v, by_key);
    return v;
}

enum { EQUAL_MAX_DEPTH = 10 * JSON_MAX_DEPTH }; /* trees shown in trees nest deeper */

static bool equal(const struct json *x, const struct json *y, unsigned depth,
                  size_t *left);

/* The same names in another order, perhaps: sorting keeps big objects cheap. */
static bool equal_sorted(const struct json *x, const struct json *y, unsigned depth,
                         size_t *left)
{
    if (!json_get(y, json_key(json_first(x)))) /* most that differ, in one walk */
        return false;
    size_t n = json_size(x);
    *left -= n < *left ? n : *left;
    if (n != json_size(y) || !*left)
        return false;
    const struct json **v = sorted(x, n), **w = sorted(y, n);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++)
        ok = str_eq(json_key(v[i]), json_key(w[i])) && equal(v[i], w[i], depth, left);
    free(v);
    free(w);
    return ok;
}

static bool equal_members(const struct json *x, const struct json *y, unsigned depth,
                          size_t *left)
{
    const struct json *p = json_first(x), *q = json_first(y);
    for (; p && q && str_eq(json_key(p), json_key(q)); p = json_next(p), q = json_next(q))
        if (!equal(p, q, depth, left))
            return false;
    return p && q ? equal_sorted(x, y, depth, left) : !p && !q;
}

static bool equal(const struct json *x, const struct json *y, unsigned depth,
                  size_t *left)
{
    enum json_type type = json_type(x);
    if (type != json_type(y) || depth > EQUAL_MAX_DEPTH || !*left)
        return false;
    --*left;
    if (real(x) == real(y))
        return true;
    switch (type) {
    case JSON_NUMBER:
        return json_num(x) == json_num(y);
    case JSON_STRING:
        return str_eq(json_str(x), json_str(y));
    case JSON_OBJECT:
        return equal_members(x, y, depth + 1, left);
    case JSON_ARRAY:
        for (x = json_first(x), y = json_first(y); x && y;
             x = json_next(x), y = json_next(y))
            if (!equal(x, y, depth + 1, left))
                return false;
        return !x && !y;
    default:
        return true;
    }
}

bool json_equal_within(const struct json *x, const struct json *y, size_t *left)
{
    return real(x) == real(y) || (x && y && equal(x, y, 0, left));
}

bool json_equal(const struct json *x, const struct json *y)
{
    size_t left = SIZE_MAX;
    return json_equal_within(x, y, &left);
}

/* Does the name equal the reference token, in which ~1 is a slash and ~0 a tilde? */
static bool token_is(struct str token, struct str name)
{
    size_t i = 0;
    for (size_t j = 0; j < name.n; j++, i++) {
        if (i == token.n)
            return false;
        char c = token.p[i];
        if (c == '~')
            c = token.p[++i] == '1' ? '/' : '~';
        if (c != name.p[j])
            return false;
    }
    return i == token.n;
}

static bool token_valid(struct str token)
{
    for (size_t i = 0; i < token.n; i++)
        if (token.p[i] == '~' &&
            (i + 1 == token.n || (token.p[i + 1] != '0' && token.p[i + 1] != '1')))
            return false;
    return true;
}

static const struct json *element(const struct json *n, struct str token)
{
    size_t index = 0;
    if (!token.n || token.n > 10 || (token.n > 1 && token.p[0] == '0'))
        return NULL;
    for (size_t i = 0; i < token.n; i++) {
        if (token.p[i] < '0' || token.p[i] > '9')
            return NULL;
        index = index * 10 + (size_t)(token.p[i] - '0');
    }
    return json_at(n, index);
}

const struct json *json_pointer(const struct json *root, struct str pointer)
{
    const struct json *n = root;
    while (n && pointer.n) {
        struct str token;
        if (pointer.p[0] != '/')
            return NULL;
        pointer = str_sub(pointer, 1, pointer.n);
        size_t len = str_find_char(pointer, '/');
        token = str_sub(pointer, 0, len);
        pointer = str_sub(pointer, token.n, pointer.n);
        if (json_is(n, JSON_ARRAY)) {
            n = element(n, token);
            continue;
        }
        if (str_find_char(token, '~') == (size_t)-1) {
            n = json_get(n, token);
            continue;
        }
        if (!token_valid(token))
            return NULL;
        for (n = json_is(n, JSON_OBJECT) ? json_first(n) : NULL;
             n && !token_is(token, json_key(n));)
            n = json_next(n);
    }
    return n;
}

void json_pointer_add(struct buf *out, struct str token)
{
    buf_c(out, '/');
    while (token.n) {
        size_t plain = 0;
        while (plain < token.n && token.p[plain] != '~' && token.p[plain] != '/')
            plain++;
        buf_str(out, str_sub(token, 0, plain));
        if (plain < token.n)
            buf_z(out, token.p[plain] == '~' ? "~0" : "~1");
        token = str_sub(token, plain + 1, token.n);
    }
}

static inline cJSON *build(struct arena *a, int type)
{
    cJSON *c = arena_alloc8(a, sizeof *c);
    c->type = type;
    return c;
}

/* A copy of s, which no NUL breaks: one inside becomes U+FFFD. */
static struct str copy(struct arena *a, struct str s)
{
    if (!s.n || !memchr(s.p, '\0', s.n))
        return str_dup(a, s);
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i])
            buf_c(&out, s.p[i]);
        else
            buf_point(&out, 0xFFFD);
    }
    s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

struct json *json_new_object(struct arena *a)
{
    return (struct json *)build(a, cJSON_Object);
}

struct json *json_new_array(struct arena *a)
{
    return (struct json *)build(a, cJSON_Array);
}

struct json *json_new_view(struct arena *a, struct str s)
{
    cJSON *c = build(a, cJSON_String);
    c->valuestring = (char *)(s.p ? s.p : "");
    c->valuedouble = (double)s.n;
    return (struct json *)c;
}

struct json *json_new_str(struct arena *a, struct str s)
{
    return json_new_view(a, copy(a, s));
}

struct json *json_new_num(struct arena *a, double v)
{
    static const char digits[] = "0\0001\0002\0003\0004\0005\0006\0007\0008\0009";
    if (!isfinite(v))
        return json_new_null(a);
    cJSON *c = build(a, cJSON_Number);
    c->valuedouble = v;
    if (v >= 0 && v < INT32_MAX && v == (int)v && !signbit(v)) {
        /* Most are counts of few things. */
        c->valuestring =
            v < 10 ? (char *)&digits[2 * (int)v] : (char *)str_uint(a, (uint64_t)v).p;
        return (struct json *)c;
    }
    struct buf text = BUF_INIT;
    json_write_num(&text, v);
    c->valuestring = str_z(a, buf_view(&text));
    buf_free(&text);
    return (struct json *)c;
}

struct json *json_new_bool(struct arena *a, bool v)
{
    return (struct json *)build(a, v ? cJSON_True : cJSON_False);
}

struct json *json_new_null(struct arena *a)
{
    return (struct json *)build(a, cJSON_NULL);
}

struct json *json_new_ref(struct arena *a, const struct json *target)
{
    struct ref *r = arena_alloc8(a, sizeof *r);
    r->target = real(target);
    r->node.type = (r->target->type & 0xFF) | cJSON_IsReference;
    return (struct json *)&r->node;
}

const struct json *json_target(const struct json *n)
{
    return node(real(n));
}

void json_set_about(struct json *object, size_t pos)
{
    assert(is((const cJSON *)object, cJSON_Object) && pos <= INT32_MAX);
    ((cJSON *)object)->valuedouble = -(double)pos;
}

size_t json_about(const struct json *n)
{
    const cJSON *c = real(n);
    return is(c, cJSON_Object) && c->valuedouble < 0 ? (size_t)-c->valuedouble : 0;
}

struct json *json_set(struct arena *a, struct json *object, struct str key,
                      struct json *value)
{
    assert(is((const cJSON *)object, cJSON_Object));
    key = copy(a, key);
    set_name((cJSON *)value, key.p, key.n);
    append((cJSON *)object, (cJSON *)value);
    return value;
}

struct json *json_set_named(struct json *object, struct str key, struct json *value)
{
    assert(is((cJSON *)object, cJSON_Object));
    set_name((cJSON *)value, key.p, key.n);
    append((cJSON *)object, (cJSON *)value);
    return value;
}

struct json *json_push(struct json *array, struct json *value)
{
    assert(is((cJSON *)array, cJSON_Array));
    append((cJSON *)array, (cJSON *)value);
    return value;
}

struct json *json_copy(struct arena *a, const struct json *n)
{
    struct json *to;
    switch (json_type(n)) {
    case JSON_STRING:
        return json_new_str(a, json_str(n));
    case JSON_NUMBER: {
        cJSON *c = build(a, cJSON_Number);
        c->valuestring = str_z(a, json_scalar(n));
        c->valuedouble = json_num(n);
        return (struct json *)c;
    }
    case JSON_ARRAY:
        to = json_new_array(a);
        for (n = json_first(n); n; n = json_next(n))
            json_push(to, json_copy(a, n));
        return to;
    case JSON_OBJECT:
        to = json_new_object(a);
        for (n = json_first(n); n; n = json_next(n))
            json_set(a, to, json_key(n), json_copy(a, n));
        return to;
    default:
        return (struct json *)build(a, real(n)->type & 0xFF);
    }
}

void json_set_str(struct arena *a, struct json *object, struct str key, struct str v)
{
    json_set(a, object, key, json_new_str(a, v));
}

void json_set_num(struct arena *a, struct json *object, struct str key, double v)
{
    json_set(a, object, key, json_new_num(a, v));
}

void json_set_bool(struct arena *a, struct json *object, struct str key, bool v)
{
    json_set(a, object, key, json_new_bool(a, v));
}
