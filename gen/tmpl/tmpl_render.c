/* Run a compiled template over a data provider and write what it says, escaped. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "tmpl/ops.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct diag_kind
    UNKNOWN_NAME = {"TPL-201", DIAG_ERROR, "nothing has this name here",
                    "use a name that the data has; `kdaudit templates` lists them"},
    NOT_SAFE     = {"TPL-202", DIAG_ERROR, "value may not be printed unescaped",
                    "write {{name}}; the output's escaper then applies"},
    NOT_TEXT     = {"TPL-203", DIAG_ERROR, "value is a list or a group of names, not a text",
                    "print one of its members, or open a section with {{#name}}"},
    TOO_DEEP     = {"TPL-204", DIAG_ERROR, "sections and partials are nested too deep",
                    "nest at most 32 of them, those of partials included"},
    TOO_LARGE    = {"TPL-205", DIAG_ERROR, "output is too large",
                    "repeat less; split the report into several files"},
    TOO_MUCH     = {"TPL-206", DIAG_ERROR, "template runs too many tags",
                    "repeat fewer sections and partials inside each other"};
/* clang-format on */

enum { PARTS_MAX = 4 };

/* The contexts that are open, by kind: the innermost, and the number of those around it.
 * Where the same kinds are open, a name means the same. */
struct chain {
    uint32_t outer;
    const void *kind;
};

/* What an operation met last time: looked at again before anything is looked for. */
struct memo {
    uint32_t chain;                /* of which the rest holds; 0: nothing is known */
    uint32_t level;                /* number of the context that has the name */
    const void *member[PARTS_MAX]; /* each part of the name */
    uint32_t inside;               /* section: chain of its contents, */
    const void *inside_kind;       /* for an item of this kind */
};

struct run {
    const struct tmpl *t;
    const struct tmpl_data *data;
    struct buf *out;
    struct buf waiting; /* what is streamed, until it is shown */
    struct diag *dx;
    struct arena *scratch; /* for the texts of values, one at a time */
    bool (*part)(void *ctx, struct str bytes); /* NULL: all goes to out */
    bool (*part_of_share)(void *ctx, struct str bytes, bool mine);
    void *part_ctx;
    const struct tmpl_share *share; /* NULL: all is rendered */
    size_t done;                    /* items of its lists */
    bool mine;                      /* what is written now belongs to it */
    bool in_item;                   /* lists in an item of them are part of that item */
    struct view *stack;             /* contexts, the innermost last */
    uint32_t *chain;                /* of each, with those around it */
    size_t top;                     /* how many */
    struct memo *memos;             /* one for each operation */
    VEC(struct chain) chains;       /* number 0 is none */
    struct arena *own;              /* where both of these live */
    unsigned depth;
    enum escape how;
    size_t start, cdata_end; /* offsets in out: of the rendering, after a CDATA value */
    size_t given;            /* bytes that went out as parts and left out */
    size_t shown;            /* bytes of out that went out, but may be looked back at */
    size_t due;              /* of out, from where on a part is due or all is too much */
    size_t steps;
    struct buf indents; /* of the partials that are open, one after the other */
    size_t indent_at;   /* where the one begins that is due at the start of each line */
    unsigned char *reported; /* a bit for each operation: its fault is known */
    bool ok, stop;
};

static void fault(struct run *r, const struct part *part, const struct op *o,
                  const struct diag_kind *kind, struct str near)
{
    r->ok = false;
    uint32_t i = o->number;
    if (!r->reported) {
        r->reported = mem_alloc(r->t->set->nops / 8 + 1);
        memset(r->reported, 0, r->t->set->nops / 8 + 1);
    }
    if (r->reported[i / 8] & 1u << i % 8)
        return;
    r->reported[i / 8] |= (unsigned char)(1u << i % 8);
    struct origin at = {.text = part->text, .pos = o->pos, .len = o->len};
    if (near.n)
        diag_at(r->dx, kind, at, "\"%.*s\"; did you mean \"%.*s\"?",
                STR_ARG(o->name->text), STR_ARG(near));
    else if (o->name)
        diag_at(r->dx, kind, at, "\"%.*s\"", STR_ARG(o->name->text));
    else
        diag_at(r->dx, kind, at, NULL);
}

static void stop(struct run *r, const struct part *part, const struct op *o,
                 const struct diag_kind *kind)
{
    if (!r->stop)
        fault(r, part, o, kind, STR(""));
    r->stop = true;
}

/* The word of a name that nothing has, and what was asked for it last. */
struct miss {
    struct str word; /* empty: the name is known and leads to nothing */
    struct view scope;
    bool first; /* all contexts were asked */
};

/* The memo of an operation; NULL when this data has none. */
static inline struct memo *memo_of(const struct run *r, const struct op *o)
{
    return r->memos ? &r->memos[o->number] : NULL;
}

static uint32_t chain_of(struct run *r, uint32_t outer, const void *kind)
{
    for (size_t i = 0; i < r->chains.n; i++)
        if (r->chains.v[i].outer == outer && r->chains.v[i].kind == kind)
            return (uint32_t)i + 1;
    *vec_push(r->own, &r->chains) = (struct chain){outer, kind};
    return (uint32_t)r->chains.n;
}

/* Look where the name was found when the same kinds of things were open. */
static inline bool look_again(const struct run *r, const struct name *name,
                              const struct memo *memo, struct view *v)
{
    if (!memo || memo->chain != r->chain[r->top - 1])
        return false;
    *v = r->stack[memo->level];
    for (size_t i = 0; i < name->n; i++)
        r->data->take(r->data->ctx, v, memo->member[i]);
    return true;
}

/* Find the first part of a name, and remember where. */
static bool look_first(const struct run *r, const struct name *name, struct memo *memo,
                       struct view *v)
{
    const struct tmpl_data *d = r->data;
    size_t i = r->top;
    if (!memo) {
        while (i > 0 && !d->get(d->ctx, r->stack[i - 1], name->parts[0], v))
            i--;
        return i > 0;
    }
    const void *member = NULL;
    while (i > 0 && !(member = d->member(d->ctx, r->stack[i - 1], name->parts[0])))
        i--;
    if (!i)
        return false;
    *v = r->stack[i - 1];
    d->take(d->ctx, v, member);
    memo->chain = 0;
    memo->level = (uint32_t)i - 1;
    memo->member[0] = member;
    return true;
}

/* Find a later part of a name, and remember where. */
static bool look_in(const struct run *r, const struct name *name, size_t i,
                    struct memo *memo, struct view *v)
{
    const struct tmpl_data *d = r->data;
    if (!memo)
        return d->get(d->ctx, *v, name->parts[i], v);
    const void *member = d->member(d->ctx, *v, name->parts[i]);
    if (!member)
        return false;
    if (i < PARTS_MAX)
        memo->member[i] = member;
    d->take(d->ctx, v, member);
    return true;
}

/* Follow a name from the innermost context that knows its first word (spec: sections,
 * "name resolution"). False when there is nothing. */
static bool look(const struct run *r, const struct name *name, struct memo *memo,
                 struct view *v, struct miss *miss)
{
    const struct tmpl_data *d = r->data;
    *v = r->stack[r->top - 1];
    if (!name->n)
        return true;
    *miss = (struct miss){.word = name->parts[0], .first = true};
    if (!look_first(r, name, memo, v))
        return false;
    miss->first = false;
    for (size_t i = 1; i < name->n; i++) {
        miss->scope = *v;
        miss->word = name->parts[i];
        if (look_in(r, name, i, memo, v))
            continue;
        if (d->is(d->ctx, miss->scope) == VIEW_NOTHING)
            miss->word.n = 0;
        return false;
    }
    if (memo && name->n <= PARTS_MAX)
        memo->chain = r->chain[r->top - 1];
    return true;
}

static struct str nearest(const struct run *r, const struct miss *miss)
{
    const struct tmpl_data *d = r->data;
    if (!d->nearest)
        return STR("");
    if (!miss->first)
        return d->nearest(d->ctx, miss->scope, miss->word);
    struct str near = STR("");
    for (size_t i = r->top; i > 0 && !near.n; i--)
        near = d->nearest(d->ctx, r->stack[i - 1], miss->word);
    return near;
}

/* The mode that a section may have meant. */
static struct str nearest_mode(const struct run *r, const struct op *o)
{
    const struct tmpl_options *opt = &r->t->options;
    for (size_t i = 0; o->kind == OP_SECTION && i < opt->nmodes; i++)
        if (str_distance(o->name->text, str_from(opt->modes[i].name), 2) <= 2)
            return str_from(opt->modes[i].name);
    return STR("");
}

/* What an operation's name leads to; a strict rendering reports it when it is unknown. */
static bool find(struct run *r, const struct part *part, const struct op *o,
                 struct view *v)
{
    struct memo *memo = memo_of(r, o);
    struct miss miss;
    if (look_again(r, o->name, memo, v) || look(r, o->name, memo, v, &miss))
        return true;
    if (r->t->options.strict && miss.word.n) {
        struct str near = nearest(r, &miss);
        fault(r, part, o, &UNKNOWN_NAME, near.n ? near : nearest_mode(r, o));
    }
    return false;
}

static void indent(struct run *r)
{
    buf_str(r->out, str_sub(buf_view(&r->indents), r->indent_at, r->indents.n));
}

static void write_text(struct run *r, const struct part *part, const struct op *o)
{
    struct str s = {part->text->bytes.p + o->pos, o->len};
    /* A value that ends in ]] and a text that begins with > would end the section. */
    if (r->out->n == r->cdata_end && s.n && (s.p[0] == '>' || str_starts(s, STR("]>"))) &&
        str_ends(buf_view(r->out), s.p[0] == '>' ? STR("]]") : STR("]")))
        buf_c(r->out, ' ');
    if (r->indent_at == r->indents.n) {
        buf_str(r->out, s);
        return;
    }
    if (o->bol)
        indent(r);
    while (s.n) {
        size_t n = str_find_char(s, '\n');
        n = n == (size_t)-1 ? s.n : n + 1;
        buf_str(r->out, str_sub(s, 0, n));
        s = str_sub(s, n, s.n);
        if (s.n)
            indent(r);
    }
}

static struct str text_of(struct run *r, struct view v)
{
    if (r->data->scratch)
        return r->data->text(r->data->ctx, r->data->scratch, v);
    if (!r->scratch)
        r->scratch = arena_new();
    arena_rewind(r->scratch);
    return r->data->text(r->data->ctx, r->scratch, v);
}

static void write_value(struct run *r, const struct part *part, const struct op *o)
{
    const struct tmpl_data *d = r->data;
    struct view v;
    struct str s = STR("");
    if (find(r, part, o, &v)) {
        enum view_is is = d->is(d->ctx, v);
        if (is == VIEW_TEXT)
            s = text_of(r, v);
        else if (is == VIEW_FALSE)
            s = STR("false");
        else if (is != VIEW_NOTHING && r->t->options.strict)
            fault(r, part, o, &NOT_TEXT, STR(""));
        if (o->kind == OP_RAW && r->t->options.strict && is == VIEW_TEXT &&
            !(d->safe && d->safe(d->ctx, v))) {
            fault(r, part, o, &NOT_SAFE, STR(""));
            return;
        }
    }
    if (o->kind == OP_RAW) {
        buf_str(r->out, s);
    } else if (r->how == ESCAPE_PROSE_HTML && r->t->options.prose) {
        r->t->options.prose(r->out, s);
    } else {
        escape_write(r->out, r->how, s);
        if (r->how == ESCAPE_CDATA || r->how == ESCAPE_CDATA_SPLIT)
            r->cdata_end = r->out->n;
    }
}

static void run_ops(struct run *r, const struct part *part, size_t from, size_t to);

static void write_partial(struct run *r, const struct part *part, const struct op *o)
{
    if (!o->part)
        return;
    size_t at = r->indent_at, n = r->indents.n;
    r->indent_at = n;
    if (o->standalone) {
        /* Lines of the partial stand as deep as its tag: that far, and as far as the
         * tag's own part. An inline partial's lines stand where they fall. */
        buf_reserve(&r->indents, n - at);
        buf_str(&r->indents, str_sub(buf_view(&r->indents), at, n));
        buf_str(&r->indents, str_sub(part->text->bytes, o->pos - o->indent, o->pos));
    }
    run_ops(r, o->part, 0, o->part->n);
    r->indents.n = n;
    r->indent_at = at;
}

static void inside(struct run *r, const struct part *part, const struct op *o,
                   struct view v)
{
    struct memo *memo = memo_of(r, o);
    uint32_t outer = r->chain[r->top - 1];
    if (memo && !(memo->inside && memo->inside_kind == v.kind &&
                  r->chains.v[memo->inside - 1].outer == outer)) {
        memo->inside = chain_of(r, outer, v.kind);
        memo->inside_kind = v.kind;
    }
    r->chain[r->top] = memo ? memo->inside : 0;
    r->stack[r->top++] = v;
    run_ops(r, part, (size_t)(o - part->ops) + 1, o->end);
    r->top--;
}

/* Leave out the item that was written from offset start of out on, when nothing of it was
 * handed out: it does not belong to the share, and the first of its list stands for it.
 */
static void drop(struct run *r, size_t start)
{
    r->out->n = start;
    r->out->p[start] = '\0';
    if (r->cdata_end > start)
        r->cdata_end = (size_t)-1;
}

/* Items from up to to of a list. */
static void write_items(struct run *r, const struct part *part, const struct op *o,
                        struct view list, size_t from, size_t to)
{
    const struct tmpl_data *d = r->data;
    struct view item;
    for (size_t i = from; i < to && !r->stop; i++) {
        size_t start = r->out->n, given = r->given;
        bool others = r->share && !r->mine && i > from;
        if (++r->steps > r->t->options.max_steps)
            stop(r, part, o, &TOO_MUCH);
        item = i > from && d->next ? d->next(d->ctx, list, item, i - 1)
                                   : d->item(d->ctx, list, i);
        inside(r, part, o, item);
        if (others && !r->mine && r->given == given && r->shown <= start)
            drop(r, start);
    }
}

static bool in_parts(const struct run *r)
{
    return r->part || r->part_of_share;
}

/* Hand out what was written up to offset end of out; false from whoever takes it is the
 * end. */
static void show(struct run *r, size_t end)
{
    struct str bytes = str_sub(buf_view(r->out), r->shown, end);
    r->shown = end > r->shown ? end : r->shown;
    /* After a fault the rest is run only to find more of them. */
    if (!bytes.n || !r->ok || r->stop)
        return;
    r->stop = r->share ? !r->part_of_share(r->part_ctx, bytes, r->mine)
                       : !r->part(r->part_ctx, bytes);
}

/* So many items of the share's lists are done. */
static void set_done(struct run *r, size_t done)
{
    r->done = done;
    bool mine = done >= r->share->from && done < r->share->to;
    if (mine != r->mine)
        show(r, r->out->n);
    r->mine = mine;
}

/* Those of a list's items that the share has, and the first one, which stands for all
 * that it has not. */
static void write_share(struct run *r, const struct part *part, const struct op *o,
                        struct view list, size_t count)
{
    size_t first = r->done;
    size_t from = r->share->from > first ? r->share->from - first : 0;
    size_t to = r->share->to > first ? r->share->to - first : 0;
    from = from < count ? from : count;
    to = to < count ? to : count;
    r->in_item = true;
    if (from > 0 || to == 0)
        write_items(r, part, o, list, 0, 1);
    if (from < to)
        set_done(r, first + from);
    write_items(r, part, o, list, from, to);
    r->in_item = false;
    set_done(r, first + count);
}

static void write_section(struct run *r, const struct part *part, const struct op *o)
{
    const struct tmpl_data *d = r->data;
    struct view v;
    struct miss miss;
    bool mode = o->mode && (r->t->options.strict || !look(r, o->name, NULL, &v, &miss));
    if (mode) {
        enum escape how = r->how;
        r->how = o->mode->how;
        run_ops(r, part, (size_t)(o - part->ops) + 1, o->end);
        r->how = how;
        return;
    }
    enum view_is is = find(r, part, o, &v) ? d->is(d->ctx, v) : VIEW_NOTHING;
    size_t count = is == VIEW_LIST ? d->count(d->ctx, v) : is >= VIEW_TEXT;
    if (o->kind == OP_INVERTED) {
        if (!count)
            run_ops(r, part, (size_t)(o - part->ops) + 1, o->end);
    } else if (is == VIEW_LIST && count && r->share && !r->in_item &&
               str_eq(o->name->text, r->share->list)) {
        write_share(r, part, o, v, count);
    } else if (is == VIEW_LIST) {
        write_items(r, part, o, v, 0, count);
    } else if (count) {
        inside(r, part, o, v);
    }
}

/* Give out the lines that are whole: escapers look back in the one that is not. */
static void give(struct run *r)
{
    size_t end = str_find_last(buf_view(r->out), '\n') + 1; /* none is -1 */
    if (!end)
        return;
    show(r, end);
    memmove(r->out->p, r->out->p + end, r->out->n - end + 1);
    r->out->n -= end;
    r->shown -= end;
    r->given += end;
    r->cdata_end = r->cdata_end >= end ? r->cdata_end - end : (size_t)-1;
}

/* Set when out is to be looked at next: it may hold no more than max_bytes, less what
 * went out, and a part as soon as it is one. */
static void set_due(struct run *r)
{
    size_t most = r->t->options.max_bytes, left = most > r->given ? most - r->given : 0;
    r->due = r->start + left < r->start ? (size_t)-1 : r->start + left;
    if (in_parts(r) && r->due >= TMPL_PART_BYTES)
        r->due = TMPL_PART_BYTES - 1;
}

/* out grew past what was due. */
static void look_at_output(struct run *r, const struct part *part, const struct op *o)
{
    if (r->out->n - r->start + r->given > r->t->options.max_bytes)
        stop(r, part, o, &TOO_LARGE);
    if (in_parts(r) && r->out->n >= TMPL_PART_BYTES && !r->stop)
        give(r);
    set_due(r);
}

/* Run the operations from up to to; sections and partials among them call this again. */
static void run_ops(struct run *r, const struct part *part, size_t from, size_t to)
{
    r->depth++;
    for (size_t i = from; i < to && !r->stop; i = part->ops[i].end) {
        const struct op *o = &part->ops[i];
        if (++r->steps > r->t->options.max_steps)
            stop(r, part, o, &TOO_MUCH);
        else if (o->kind >= OP_SECTION && r->depth > TMPL_MAX_DEPTH)
            stop(r, part, o, &TOO_DEEP);
        else if (o->kind == OP_TEXT)
            write_text(r, part, o);
        else if (o->kind == OP_PARTIAL)
            write_partial(r, part, o);
        else if (o->kind == OP_VALUE || o->kind == OP_RAW)
            write_value(r, part, o);
        else
            write_section(r, part, o);
        if (r->out->n > r->due)
            look_at_output(r, part, o);
    }
    r->depth--;
}

static bool render(struct run *r, struct view root)
{
    struct view stack[TMPL_MAX_DEPTH + 1];
    uint32_t chain[TMPL_MAX_DEPTH + 1];
    r->stack = stack;
    r->chain = chain;
    stack[0] = root;
    chain[0] = 0;
    r->top = 1;
    r->how = r->t->options.escape;
    r->start = r->out->n;
    r->cdata_end = (size_t)-1;
    r->ok = true;
    set_due(r);
    if (r->data->member) {
        r->own = arena_new();
        r->memos = ARENA_ARRAY(r->own, struct memo, r->t->set->nops);
        r->chain[0] = chain_of(r, 0, root.kind);
    }
    const struct part *whole = r->t->set->parts.v[r->t->from];
    run_ops(r, whole, 0, whole->n);
    arena_free(r->own);
    arena_free(r->scratch);
    buf_free(&r->indents);
    free(r->reported);
    return r->ok;
}

bool tmpl_render(const struct tmpl *t, const struct tmpl_data *data, struct view root,
                 struct buf *out, struct diag *dx)
{
    struct run r = {.t = t, .data = data, .out = out, .dx = dx};
    return render(&r, root);
}

/* Render into parts. */
static bool stream(struct run *r, struct view root)
{
    r->out = &r->waiting;
    bool ok = render(r, root);
    show(r, r->waiting.n);
    buf_free(&r->waiting);
    return ok && !r->stop;
}

bool tmpl_stream(const struct tmpl *t, const struct tmpl_data *data, struct view root,
                 bool (*part)(void *ctx, struct str bytes), void *ctx, struct diag *dx)
{
    struct run r = {.t = t, .data = data, .dx = dx, .part = part, .part_ctx = ctx};
    return stream(&r, root);
}

bool tmpl_stream_share(const struct tmpl *t, const struct tmpl_data *data,
                       struct view root, const struct tmpl_share *share,
                       bool (*part)(void *ctx, struct str bytes, bool mine), void *ctx,
                       struct diag *dx)
{
    struct run r = {.t = t,
                    .data = data,
                    .dx = dx,
                    .part_of_share = part,
                    .part_ctx = ctx,
                    .share = share,
                    .mine = share->from == 0};
    return stream(&r, root);
}
