/* The text of a policy: decode it, find places in it, point at its elements. */
#include "iam/policy_text.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "json/json.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A percent code at the start of s: its byte, or -1. */
static int percent(struct str s)
{
    if (s.n < 3 || s.p[0] != '%' || hex(s.p[1]) < 0 || hex(s.p[2]) < 0)
        return -1;
    return hex(s.p[1]) * 16 + hex(s.p[2]);
}

static struct str percent_decode(struct arena *a, struct str s)
{
    char *out = arena_alloc8(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; n++) {
        int c = percent(str_sub(s, i, i + 3));
        out[n] = c < 0 ? s.p[i] : (char)c;
        i += c < 0 ? 1 : 3;
    }
    return (struct str){out, n};
}

/* IAM's quotas do not count white space between the tokens. */
size_t policy_chars(const struct policy *p)
{
    struct str json = p->json;
    size_t chars = 0;
    bool inside = false;
    for (size_t i = 0; i < json.n; i++) {
        char c = json.p[i];
        bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (inside && c == '\\' && i + 1 < json.n) {
            chars += 2;
            i++;
            continue;
        }
        if (c == '"')
            inside = !inside;
        chars += inside || !space;
    }
    return chars;
}

static void set_json(struct policy *p, struct str json)
{
    p->json = json;
    p->chars_with_space = json.n;
}

static bool open_string(struct arena *a, struct policy *p, const struct json *node,
                        struct str *wrong)
{
    struct str s = json_str(node), trimmed = str_trim(s);
    p->embedded = true;
    if (!trimmed.n)
        return false;
    p->percent = trimmed.p[0] == '%';
    struct text *t = ARENA_NEW(a, struct text);
    t->name = p->source.text ? p->source.text->name : STR("<policy>");
    t->bytes = p->percent ? percent_decode(a, s) : str_dup(a, s);
    p->text = t;
    p->chars_with_space = t->bytes.n;
    if (t->bytes.n > POLICY_MAX_BYTES)
        return true;
    struct diag *dx = diag_new(a);
    p->root = json_read(a, t, dx);
    if (p->root) {
        set_json(p, t->bytes);
        return true;
    }
    *wrong = STR("the text in the string");
    if (diag_len(dx)) {
        struct diag_view v = diag_get(dx, 0);
        *wrong = str_fmt(a, "line %u, column %u of the text in the string: %.*s",
                         v.place.line, v.place.column, STR_ARG(v.message));
    }
    return false;
}

bool policy_text_open(struct arena *a, struct policy *p, struct str *wrong)
{
    const struct json *node = p->source.node ? json_target(p->source.node) : NULL;
    if (!node)
        return false;
    if (json_is(node, JSON_STRING))
        return open_string(a, p, node, wrong);
    p->text = p->source.text;
    p->root = node;
    if (p->text)
        set_json(p, str_sub(p->text->bytes, json_pos(node),
                            json_pos(node) + json_len(node, p->text)));
    return true;
}

/* Walks a decoded text and the string that it came from side by side. */
struct cursor {
    const struct policy *p;
    size_t inner, outer;
};

/* One character of a JSON string at the start of raw: bytes it takes, bytes it means. */
static size_t string_unit(struct str raw, size_t *means, char *byte)
{
    *means = 1;
    *byte = raw.p[0];
    if (raw.p[0] != '\\' || raw.n < 2)
        return 1;
    if (raw.p[1] != 'u' || raw.n < 6)
        return 2;
    uint32_t cp = 0;
    for (size_t i = 2; i < 6; i++)
        cp = cp * 16 + (uint32_t)(hex(raw.p[i]) & 15);
    *byte = cp < 0x80 ? (char)cp : 0;
    if (cp >= 0xD800 && cp < 0xDC00 && raw.n >= 12) {
        *means = 4;
        return 12;
    }
    *means = cp < 0x80 ? 1 : cp < 0x800 ? 2 : 3;
    return 6;
}

/* Go on by one character of the decoded text. */
static bool advance(struct cursor *c)
{
    struct str bytes = c->p->source.text->bytes;
    size_t means;
    char byte;
    if (c->outer >= bytes.n || bytes.p[c->outer] == '"')
        return false;
    c->outer += string_unit(str_sub(bytes, c->outer, bytes.n), &means, &byte);
    if (c->p->percent && byte == '%')
        for (int i = 0; i < 2 && c->outer < bytes.n; i++)
            c->outer += string_unit(str_sub(bytes, c->outer, bytes.n), &means, &byte);
    c->inner += means;
    return true;
}

static size_t outer_of(struct cursor *c, size_t inner)
{
    while (c->inner < inner && advance(c))
        ;
    return c->outer;
}

struct origin policy_origin(const struct policy *p, const struct json *node)
{
    if (!node || !p->root) {
        const struct json *whole = p->source.node;
        return whole && p->source.text ? json_origin(whole, p->source.text)
                                       : (struct origin){.text = p->source.text};
    }
    if (!p->source.text)
        return (struct origin){0};
    if (!p->embedded)
        return json_origin(node, p->source.text);
    struct cursor c = {.p = p, .outer = json_pos(json_target(p->source.node)) + 1};
    size_t from = json_pos(node), len = json_len(node, p->text);
    size_t start = outer_of(&c, from);
    return (struct origin){p->source.text, start, outer_of(&c, from + len) - start};
}

struct origin policy_statement_origin(const struct policy_statement *st)
{
    return policy_origin(st->policy, st->node);
}

struct str policy_pointer(struct arena *a, const struct policy *p, struct str below)
{
    return STR_CAT(a, p->source.pointer, below);
}

/* The node of an element of st: elements below Condition and Principal are pointers. */
static const struct json *element_node(const struct policy_statement *st,
                                       struct str element, size_t i)
{
    const struct json *n = st->node;
    while (element.n && n) {
        struct str head, tail;
        bool more = str_cut(element, '/', &head, &tail);
        if (str_has(head,
                    STR("~"))) { /* an escaped name: take the child that it spells */
            const struct json *c = json_first(n);
            for (; c; c = json_next(c)) {
                struct buf b = BUF_INIT;
                json_pointer_add(&b, json_key(c));
                bool same = str_eq(str_sub(buf_view(&b), 1, b.n), head);
                buf_free(&b);
                if (same)
                    break;
            }
            n = c;
        } else {
            n = json_get(n, head);
        }
        element = more ? tail : STR("");
    }
    if (n && i != SIZE_MAX && json_is(n, JSON_ARRAY))
        n = json_at(n, i);
    return n;
}

struct str policy_element_pointer(struct arena *a, const struct policy_statement *st,
                                  struct str element, size_t i)
{
    struct str base =
        element.n ? STR_CAT(a, st->pointer, STR("/"), element) : st->pointer;
    if (i == SIZE_MAX || !json_is(element_node(st, element, SIZE_MAX), JSON_ARRAY))
        return base;
    return STR_CAT(a, base, STR("/"), str_uint(a, i));
}

struct origin policy_element_origin(const struct policy_statement *st, struct str element,
                                    size_t i)
{
    const struct json *n = element_node(st, element, i);
    return policy_origin(st->policy, n ? n : st->node);
}

void policy_issue_add(struct arena *a, const struct policy *p, struct policy_issues *list,
                      const struct diag_kind *kind, const struct policy_statement *st,
                      struct str element, size_t i, struct str detail)
{
    if (list->n >= POLICY_MAX_ISSUES)
        return;
    struct policy_issue *is = vec_push(a, list);
    is->kind = kind;
    is->detail = detail;
    is->statement = st ? st->index : SIZE_MAX;
    if (st) {
        is->at = policy_element_origin(st, element, i);
        is->pointer = policy_element_pointer(a, st, element, i);
    } else {
        is->at = policy_origin(p, element.n ? json_get(p->root, element) : p->root);
        is->pointer = element.n ? str_fmt(a, "%.*s/%.*s", STR_ARG(p->source.pointer),
                                          STR_ARG(element))
                                : p->source.pointer;
    }
}
