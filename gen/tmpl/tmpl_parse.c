/* Compile a Mustache template (spec 1.4) and its partials into flat lists of operations.
 */
#include "base/arena.h"
#include "base/diag.h"
#include "base/utf8.h"
#include "tmpl/ops.h"

#include <string.h>

/* clang-format off */
static const struct diag_kind
    OPEN_TAG      = {"TPL-101", DIAG_ERROR, "tag is never closed",
                     "write the closing delimiter after the name"},
    OPEN_SECTION  = {"TPL-102", DIAG_ERROR, "section is never closed",
                     "write its end tag, {{/name}}, after what belongs to it"},
    STRAY_END     = {"TPL-103", DIAG_ERROR, "end tag closes no open section",
                     "end sections in the reverse order of their start, each once"},
    BAD_DELIMITER = {"TPL-104", DIAG_ERROR, "delimiters are not two words",
                     "write {{=OPEN CLOSE=}}; neither may hold white space or \"=\""},
    BAD_NAME      = {"TPL-105", DIAG_ERROR, "tag holds no good name",
                     "write one name without white space, its parts joined by single dots"},
    NO_PARTIAL    = {"TPL-106", DIAG_ERROR, "there is no such partial",
                     "name a partial of this template set; a partial is never a path"},
    CIRCLE        = {"TPL-107", DIAG_ERROR, "partial includes itself",
                     "break the circle; use a section to repeat something"},
    TOO_DEEP      = {"TPL-108", DIAG_ERROR, "sections or partials are nested too deep",
                     "nest at most 32 of them"},
    TOO_LARGE     = {"TPL-109", DIAG_ERROR, "template is too large",
                     "keep each template and partial below 16 MiB"},
    NOT_UTF8      = {"TPL-110", DIAG_ERROR, "template is not UTF-8",
                     "save the file as UTF-8"};
/* clang-format on */

struct parser {
    struct arena *a;
    struct tmpl *t;
    struct diag *dx;
    struct part *part;
    struct str src;
    struct str open, close; /* delimiters in force */
    size_t start, pos;      /* of the first byte after a BOM; of the next to read */
    bool is_partial;
    uint32_t sections[TMPL_MAX_DEPTH]; /* open ones */
    size_t depth;
    bool ok;
};

/* A tag as it stands in the source. */
struct tag {
    char type; /* one of # ^ / > = ! & { or 0 for a value */
    size_t pos, end;
    struct str content; /* trimmed */
};

static struct origin origin(const struct parser *p, size_t pos, size_t len)
{
    return (struct origin){.text = p->part->text, .pos = pos, .len = len};
}

static struct op *op_new(struct parser *p, enum op_kind kind, size_t pos, size_t end)
{
    struct part *part = p->part;
    part->ops = arena_grow(p->a, part->ops, part->n, &part->cap, sizeof *part->ops);
    struct op *o = &part->ops[part->n++];
    *o = (struct op){.kind = (unsigned char)kind,
                     .pos = (uint32_t)pos,
                     .len = (uint32_t)(end - pos),
                     .end = (uint32_t)part->n,
                     .number = (uint32_t)(p->t->set->nops + part->n - 1)};
    return o;
}

static void text(struct parser *p, size_t from, size_t to, bool bol)
{
    /* An empty text at the start of a line is where a partial's indent goes. */
    if (from < to || (bol && p->is_partial))
        op_new(p, OP_TEXT, from, to)->bol = bol;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The name with this text, made at its first use; NULL when it is none. */
static const struct name *name_get(struct parser *p, struct str s)
{
    void **slot = map_put(p->a, &p->t->set->names, s);
    struct name *name = *slot;
    if (name)
        return name;
    *slot = name = ARENA_NEW(p->a, struct name);
    name->text = s;
    if (str_eq(s, STR(".")))
        return name;
    size_t n = 1;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '.';
    struct str *parts = ARENA_ARRAY(p->a, struct str, n);
    for (size_t i = 0; i < n; i++) {
        str_cut(s, '.', &parts[i], &s);
        /* One address for one word, whether it stands alone or in a dotted name. */
        if (n > 1 && parts[i].n)
            parts[i] = name_get(p, parts[i])->text;
    }
    name->parts = parts;
    name->n = n;
    return name;
}

static bool name_ok(struct str s, bool dots)
{
    bool dot = dots;
    if (!s.n || (dots && str_eq(s, STR("."))))
        return s.n > 0;
    for (size_t i = 0; i < s.n; i++) {
        if (strchr(" \t\r\n\f\v", s.p[i]))
            return false;
        if (dots && dot && s.p[i] == '.')
            return false;
        dot = s.p[i] == '.';
    }
    return !dots || !dot;
}

static void section_end(struct parser *p, const struct tag *tag)
{
    struct origin at = origin(p, tag->pos, tag->end - tag->pos);
    if (!p->depth) {
        diag_at(p->dx, &STRAY_END, at, "\"%.*s\"", STR_ARG(tag->content));
        p->ok = false;
        return;
    }
    struct op *open = &p->part->ops[p->sections[p->depth - 1]];
    if (!str_eq(open->name->text, tag->content)) {
        diag_at(p->dx, &STRAY_END, at, "\"%.*s\", where \"%.*s\" is open",
                STR_ARG(tag->content), STR_ARG(open->name->text));
        diag_note(p->dx, origin(p, open->pos, open->len), "the open section began here");
        p->ok = false;
    }
    open->end = (uint32_t)p->part->n;
    p->depth--;
}

static void section_start(struct parser *p, const struct tag *tag)
{
    struct op *o =
        op_new(p, tag->type == '#' ? OP_SECTION : OP_INVERTED, tag->pos, tag->end);
    o->name = name_get(p, tag->content);
    const struct tmpl_options *opt = &p->t->options;
    for (size_t i = 0; tag->type == '#' && i < opt->nmodes; i++)
        if (str_eq(tag->content, str_from(opt->modes[i].name)))
            o->mode = &opt->modes[i];
    p->sections[p->depth++] = (uint32_t)p->part->n - 1;
}

/* The part for a partial's name, made at its first use; NULL when there is none. */
static struct part *partial_get(struct parser *p, struct str name)
{
    struct tmpl_set *set = p->t->set;
    const struct tmpl_options *opt = &p->t->options;
    struct part *part = map_get(&set->partials, name);
    const struct text *found =
        !part && opt->partial ? opt->partial(opt->partial_ctx, name) : NULL;
    if (!found)
        return part;
    part = ARENA_NEW(p->a, struct part);
    part->text = found;
    part->name = name;
    *map_put(p->a, &set->partials, name) = part;
    *vec_push(p->a, &set->parts) = part;
    return part;
}

static void partial(struct parser *p, const struct tag *tag, bool alone, size_t indent)
{
    const struct part *part = partial_get(p, tag->content);
    if (!part && p->t->options.strict) {
        diag_at(p->dx, &NO_PARTIAL, origin(p, tag->pos, tag->end - tag->pos), "\"%.*s\"",
                STR_ARG(tag->content));
        p->ok = false;
    }
    struct op *o = op_new(p, OP_PARTIAL, tag->pos, tag->end);
    o->part = part;
    o->standalone = alone;
    o->indent = alone ? (uint32_t)indent : 0;
}

static void set_delimiters(struct parser *p, const struct tag *tag)
{
    size_t n = 0;
    while (n < tag->content.n && !strchr(" \t\r\n\f\v", tag->content.p[n]))
        n++;
    struct str open = str_sub(tag->content, 0, n);
    struct str close = str_trim(str_sub(tag->content, n, tag->content.n));
    if (!name_ok(open, false) || !name_ok(close, false) ||
        str_find_char(tag->content, '=') != (size_t)-1) {
        diag_at(p->dx, &BAD_DELIMITER, origin(p, tag->pos, tag->end - tag->pos), NULL);
        p->ok = false;
        return;
    }
    p->open = open;
    p->close = close;
}

/* Read the tag that begins at pos. False when it never ends. */
static bool tag_read(struct parser *p, size_t pos, struct tag *tag)
{
    size_t at = pos + p->open.n;
    *tag = (struct tag){.pos = pos};
    if (at < p->src.n && strchr("#^/>=!&{", p->src.p[at]) && p->src.p[at])
        tag->type = p->src.p[at++];
    struct str rest = str_sub(p->src, at, p->src.n);
    size_t inner = 0, outer;
    if (tag->type == '=' || tag->type == '{') {
        /* The closing delimiter counts only right after = or }. */
        char twin = tag->type == '=' ? '=' : '}';
        for (;; inner++) {
            size_t found = str_find(str_sub(rest, inner, rest.n), p->close);
            if (found == (size_t)-1)
                return false;
            inner += found;
            if (inner && rest.p[inner - 1] == twin)
                break;
        }
        /* }}}} would end one byte early: the twin is the last one before the end. */
        outer = inner + p->close.n;
        inner--;
    } else {
        inner = str_find(rest, p->close);
        if (inner == (size_t)-1)
            return false;
        outer = inner + p->close.n;
    }
    tag->content = str_trim(str_sub(rest, 0, inner));
    tag->end = at + outer;
    return true;
}

static bool tag_ok(struct parser *p, const struct tag *tag)
{
    struct origin at = origin(p, tag->pos, tag->end - tag->pos);
    if (tag->type == '!' || tag->type == '=')
        return true;
    if (!name_ok(tag->content, tag->type != '>'))
        diag_at(p->dx, &BAD_NAME, at, "\"%.*s\"", STR_ARG(tag->content));
    else if ((tag->type == '#' || tag->type == '^') && p->depth == TMPL_MAX_DEPTH)
        diag_at(p->dx, &TOO_DEEP, at, NULL);
    else
        return true;
    p->ok = false;
    return false;
}

/* After a bad section tag the nesting is lost: say no more about this part. */
static bool tag_fatal(const struct tag *tag)
{
    return tag->type == '#' || tag->type == '^' || tag->type == '/';
}

static void tag_run(struct parser *p, const struct tag *tag, bool alone, size_t indent)
{
    switch (tag->type) {
    case '#':
    case '^':
        section_start(p, tag);
        break;
    case '/':
        section_end(p, tag);
        break;
    case '>':
        partial(p, tag, alone, indent);
        break;
    case '=':
        set_delimiters(p, tag);
        break;
    case '!':
        break;
    default:
        op_new(p, tag->type ? OP_RAW : OP_VALUE, tag->pos, tag->end)->name =
            name_get(p, tag->content);
    }
}

/* Offset after the line end that follows pos, when only blanks lie between; else 0. */
static size_t line_end(struct str src, size_t pos)
{
    while (pos < src.n && is_blank(src.p[pos]))
        pos++;
    if (pos == src.n)
        return pos;
    if (src.p[pos] == '\r' && pos + 1 < src.n && src.p[pos + 1] == '\n')
        pos++;
    return src.p[pos] == '\n' ? pos + 1 : 0;
}

/* One stretch of text and the tag after it. False at the end of the source. */
static bool step(struct parser *p)
{
    size_t from = p->pos;
    bool bol = from == p->start || p->src.p[from - 1] == '\n';
    size_t found = str_find(str_sub(p->src, from, p->src.n), p->open);
    size_t to = found == (size_t)-1 ? p->src.n : from + found;
    size_t blank = to; /* start of the blanks right before the tag */
    while (blank > from && is_blank(p->src.p[blank - 1]))
        blank--;
    bool first = blank > from ? p->src.p[blank - 1] == '\n' : bol;
    struct tag tag;
    if (to == p->src.n) {
        text(p, from, to, bol && from < to);
        return false;
    }
    if (!tag_read(p, to, &tag)) {
        diag_at(p->dx, &OPEN_TAG, origin(p, to, p->open.n), NULL);
        p->ok = false;
        p->depth = 0; /* sections that lack their end follow from it */
        return false;
    }
    size_t after = first && tag.type && tag.type != '&' && tag.type != '{'
                       ? line_end(p->src, tag.end)
                       : 0;
    if (after)
        text(p, from, blank, bol && from < blank);
    else
        text(p, from, to, bol);
    /* Text that ends in a line feed: the tag begins a line, which the indent needs. */
    if (!after && p->is_partial && to > from && p->src.p[to - 1] == '\n')
        text(p, to, to, true);
    p->pos = after ? after : tag.end;
    if (tag_ok(p, &tag))
        tag_run(p, &tag, after > 0, to - blank);
    else if (tag_fatal(&tag)) {
        p->depth = 0;
        return false;
    }
    return true;
}

/* Room for the operations of most texts at once: each tag, and the text before it. */
static void expect_ops(struct parser *p, struct str bytes)
{
    size_t n = 1, at;
    while ((at = str_find(bytes, STR("{{"))) != (size_t)-1) {
        n += 2;
        bytes = str_sub(bytes, at + 2, bytes.n);
    }
    p->part->ops = ARENA_ARRAY(p->a, struct op, n);
    p->part->cap = n;
}

static void part_parse(struct parser *p)
{
    struct str bytes = p->part->text->bytes;
    if (bytes.n > TMPL_MAX_TEXT_BYTES) {
        diag_at(p->dx, &TOO_LARGE, origin(p, 0, 0), NULL);
        p->ok = false;
        return;
    }
    size_t bad = utf8_check(bytes);
    if (bad < bytes.n) {
        diag_at(p->dx, &NOT_UTF8, origin(p, bad, 1), NULL);
        p->ok = false;
        return;
    }
    p->src = bytes;
    p->pos = p->start = str_starts(bytes, STR("\xEF\xBB\xBF")) ? 3 : 0;
    p->open = STR("{{");
    p->close = STR("}}");
    p->depth = 0;
    expect_ops(p, bytes);
    while (step(p))
        continue;
    while (p->depth) {
        const struct op *open = &p->part->ops[p->sections[--p->depth]];
        diag_at(p->dx, &OPEN_SECTION, origin(p, open->pos, open->len), "\"%.*s\"",
                STR_ARG(open->name->text));
        p->ok = false;
    }
}

/* Walk the partials below part; one that is met again while open is a circle. */
static void circles(struct parser *p, struct part *part, unsigned depth)
{
    enum { NEW, OPEN, DONE };
    part->mark = OPEN;
    for (size_t i = 0; i < part->n; i++) {
        const struct op *o = &part->ops[i];
        if (o->kind != OP_PARTIAL || !o->part || o->part->mark == DONE)
            continue;
        struct origin at = {.text = part->text, .pos = o->pos, .len = o->len};
        if (o->part->mark == NEW && depth < TMPL_MAX_DEPTH) {
            circles(p, map_get(&p->t->set->partials, o->part->name), depth + 1);
            continue;
        }
        diag_at(p->dx, o->part->mark == OPEN ? &CIRCLE : &TOO_DEEP, at, "\"%.*s\"",
                STR_ARG(o->part->name));
        p->ok = false;
    }
    part->mark = DONE;
}

struct tmpl_set *tmpl_set_new(struct arena *a)
{
    return ARENA_NEW(a, struct tmpl_set);
}

struct tmpl *tmpl_parse(struct arena *a, const struct text *text_main,
                        const struct tmpl_options *options, struct diag *dx)
{
    struct tmpl *t = ARENA_NEW(a, struct tmpl);
    struct tmpl_set *set = options->set ? options->set : tmpl_set_new(a);
    t->options = *options;
    if (!t->options.max_bytes)
        t->options.max_bytes = TMPL_MAX_BYTES;
    if (!t->options.max_steps)
        t->options.max_steps = TMPL_MAX_STEPS;
    t->set = set;
    t->from = set->parts.n;
    struct part *whole = *vec_push(a, &set->parts) = ARENA_NEW(a, struct part);
    whole->text = text_main;
    struct parser p = {.a = a, .t = t, .dx = dx, .ok = true};
    for (size_t i = t->from; i < set->parts.n; i++) { /* parsing finds more of them */
        p.part = set->parts.v[i];
        p.is_partial = i > t->from;
        part_parse(&p);
        set->nops += p.part->n;
    }
    t->to = set->parts.n;
    if (p.ok && options->strict)
        circles(&p, whole, 0);
    return p.ok ? t : NULL;
}

void tmpl_uses(const struct tmpl *t, void (*use)(void *ctx, const struct tmpl_use *u),
               void *ctx)
{
    for (size_t i = t->from; i < t->to; i++) {
        const struct part *part = t->set->parts.v[i];
        for (size_t k = 0; k < part->n; k++) {
            const struct op *o = &part->ops[k];
            if (!o->name || !o->name->n || (o->mode && t->options.strict))
                continue;
            struct tmpl_use u = {
                .name = o->name->text,
                .at = {.text = part->text, .pos = o->pos, .len = o->len},
                .section = o->kind == OP_SECTION || o->kind == OP_INVERTED,
                .raw = o->kind == OP_RAW,
            };
            use(ctx, &u);
        }
    }
}
