/* Diagnostics: record, count, sort, print with an excerpt. */
#include "base/diag.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { DIAG_MAX = 2000, EXCERPT_MAX_POINTS = 78 };

struct note {
    struct origin at; /* text NULL: from nowhere, or settled */
    struct place place;
    struct str file; /* settled */
    struct str message;
    struct note *next;
};

struct record {
    const struct diag_kind *kind;
    struct origin at;       /* text NULL: from nowhere, or settled */
    struct place place;     /* settled */
    struct str excerpts[2]; /* settled: plain, coloured */
    struct str file, detail;
    struct note *notes;
    size_t order;
};

struct diag {
    struct arena *a;
    VEC(struct record) records;
    size_t counts[DIAG_ERROR + 1];
    size_t dropped;
};

static const char *const level_names[] = {"note", "warning", "error"};
static const char *const level_colours[] = {"\033[36m", "\033[33m", "\033[31m"};

struct diag *diag_new(struct arena *a)
{
    struct diag *dx = ARENA_NEW(a, struct diag);
    dx->a = a;
    return dx;
}

static struct record *add(struct diag *dx, const struct diag_kind *kind)
{
    dx->counts[kind->level]++;
    if (dx->records.n >= DIAG_MAX) {
        dx->dropped++;
        return NULL;
    }
    struct record *r = vec_push(dx->a, &dx->records);
    r->kind = kind;
    r->order = dx->records.n;
    return r;
}

void diag_at(struct diag *dx, const struct diag_kind *kind, struct origin at,
             const char *fmt, ...)
{
    struct record *r = add(dx, kind);
    if (!r)
        return;
    r->at = at;
    r->file = at.text ? at.text->name : STR("");
    if (fmt) {
        va_list ap;
        va_start(ap, fmt);
        r->detail = str_vfmt(dx->a, fmt, ap);
        va_end(ap);
    }
}

void diag_file(struct diag *dx, const struct diag_kind *kind, struct str name,
               const char *fmt, ...)
{
    struct record *r = add(dx, kind);
    if (!r)
        return;
    r->file = str_dup(dx->a, name);
    if (fmt) {
        va_list ap;
        va_start(ap, fmt);
        r->detail = str_vfmt(dx->a, fmt, ap);
        va_end(ap);
    }
}

void diag_note(struct diag *dx, struct origin at, const char *fmt, ...)
{
    if (dx->dropped || !dx->records.n)
        return;
    struct note *n = ARENA_NEW(dx->a, struct note);
    n->at = at;
    va_list ap;
    va_start(ap, fmt);
    n->message = str_vfmt(dx->a, fmt, ap);
    va_end(ap);
    struct note **end = &dx->records.v[dx->records.n - 1].notes;
    while (*end)
        end = &(*end)->next;
    *end = n;
}

void diag_merge(struct diag *dx, const struct diag *other)
{
    for (size_t i = 0; i < other->records.n; i++) {
        struct record *r = add(dx, other->records.v[i].kind);
        if (!r)
            continue;
        size_t order = r->order;
        *r = other->records.v[i];
        r->order = order;
    }
    dx->dropped += other->dropped;
    for (int level = DIAG_NOTE; level <= DIAG_ERROR; level++) {
        size_t kept = 0;
        for (size_t i = 0; i < other->records.n; i++)
            kept += other->records.v[i].kind->level == (enum diag_level)level;
        dx->counts[level] += other->counts[level] - kept;
    }
}

void diag_clear(struct diag *dx)
{
    *dx = (struct diag){.a = dx->a};
}

size_t diag_count(const struct diag *dx, enum diag_level level)
{
    return dx->counts[level];
}

const char *diag_first(const struct diag *dx, enum diag_level level)
{
    for (size_t i = 0; i < dx->records.n; i++)
        if (dx->records.v[i].kind->level >= level)
            return dx->records.v[i].kind->code;
    return NULL;
}

size_t diag_len(const struct diag *dx)
{
    return dx->records.n;
}

static struct place place_of(const struct record *r)
{
    return r->at.text ? text_place(r->at.text, r->at.pos) : r->place;
}

struct diag_view diag_get(const struct diag *dx, size_t i)
{
    const struct record *r = &dx->records.v[i];
    struct diag_view v = {.code = r->kind->code,
                          .level = r->kind->level,
                          .file = r->file,
                          .mend = r->kind->mend};
    v.place = place_of(r);
    v.message = r->detail.n
                    ? str_fmt(dx->a, "%s: %.*s", r->kind->what, STR_ARG(r->detail))
                    : str_from(r->kind->what);
    return v;
}

/* The line of at, cut to a window around the place, and a caret line below it. */
static void excerpt(struct buf *out, struct origin at, struct place place, bool colour)
{
    size_t start;
    struct str line = text_line(at.text, at.pos, &start);
    size_t from = 0, points = 0, target = place.column - 1;
    if (target > EXCERPT_MAX_POINTS / 2) {
        for (size_t skip = target - EXCERPT_MAX_POINTS / 2;
             from < line.n && points < skip; points++)
            from += utf8_len(str_sub(line, from, line.n));
        target -= points;
    }
    size_t to = from;
    for (size_t n = 0; to < line.n && n < EXCERPT_MAX_POINTS; n++)
        to += utf8_len(str_sub(line, to, line.n));
    struct buf seen = BUF_INIT;
    size_t caret = 0, underline = 0;
    for (size_t i = from, point = 0; i < to; point++) {
        size_t n = utf8_len(str_sub(line, i, line.n));
        size_t before = utf8_columns(buf_view(&seen));
        if (point == target)
            caret = before;
        utf8_vis(&seen, str_sub(line, i, i + n));
        i += n;
        if (start + i <= at.pos + at.len)
            underline = utf8_columns(buf_view(&seen));
    }
    if (start + from + (to - from) <= at.pos)
        caret = utf8_columns(buf_view(&seen));
    buf_fmt(out, "%6u | %s%.*s\n", place.line, from ? "…" : "", STR_ARG(buf_view(&seen)));
    buf_fmt(out, "       | %s", from ? " " : "");
    buf_repeat(out, ' ', caret);
    buf_z(out, colour ? "\033[1m^" : "^");
    if (underline > caret + 1)
        buf_repeat(out, '~', underline - caret - 1);
    buf_z(out, colour ? "\033[0m\n" : "\n");
    buf_free(&seen);
}

/* A note of its own for dx, with nothing of what the old one pointed into. */
static struct note *settle_notes(struct diag *dx, const struct note *from)
{
    struct note *first = NULL, **end = &first;
    for (; from; from = from->next) {
        struct note *n = ARENA_NEW(dx->a, struct note);
        n->message = str_dup(dx->a, from->message);
        n->place = from->at.text ? text_place(from->at.text, from->at.pos) : from->place;
        n->file = str_dup(dx->a, from->at.text ? from->at.text->name : from->file);
        *end = n;
        end = &n->next;
    }
    return first;
}

void diag_settle(struct diag *dx)
{
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < dx->records.n; i++) {
        struct record *r = &dx->records.v[i];
        r->notes = settle_notes(dx, r->notes);
        r->file = str_dup(dx->a, r->file);
        r->detail = str_dup(dx->a, r->detail);
        r->place = place_of(r);
        for (int colour = 0; colour < 2; colour++) {
            buf_clear(&out);
            if (r->at.text)
                excerpt(&out, r->at, r->place, colour);
            else
                buf_str(&out, r->excerpts[colour]);
            r->excerpts[colour] = buf_dup(dx->a, &out);
        }
        r->at.text = NULL;
    }
    buf_free(&out);
}

static void head(struct buf *out, struct str file, const struct place *place,
                 enum diag_level level, bool colour)
{
    if (file.n)
        utf8_vis(out, file);
    else
        buf_z(out, "kdaudit");
    if (place)
        buf_fmt(out, ":%u:%u", place->line, place->column);
    buf_fmt(out, ": %s%s:%s ", colour ? level_colours[level] : "", level_names[level],
            colour ? "\033[0m" : "");
}

struct sorted {
    const struct record *r;
    struct place place;
};

static int by_place(const void *x, const void *y)
{
    const struct sorted *a = x, *b = y;
    int c = str_cmp(a->r->file, b->r->file);
    if (!c)
        c = (a->place.line > b->place.line) - (a->place.line < b->place.line);
    if (!c)
        c = (a->place.column > b->place.column) - (a->place.column < b->place.column);
    if (!c)
        c = strcmp(a->r->kind->code, b->r->kind->code);
    if (!c)
        c = str_cmp(a->r->detail, b->r->detail);
    return c ? c : (a->r->order > b->r->order) - (a->r->order < b->r->order);
}

static void print_record(struct buf *out, const struct sorted *s, bool colour)
{
    const struct record *r = s->r;
    head(out, r->file, s->place.line ? &s->place : NULL, r->kind->level, colour);
    buf_z(out, r->kind->what);
    if (r->detail.n) {
        buf_z(out, ": ");
        utf8_vis(out, r->detail);
    }
    buf_fmt(out, " [%s]\n", r->kind->code);
    if (r->at.text)
        excerpt(out, r->at, s->place, colour);
    else
        buf_str(out, r->excerpts[colour]);
    for (const struct note *n = r->notes; n; n = n->next) {
        struct place p = n->place;
        if (n->at.text)
            p = text_place(n->at.text, n->at.pos);
        head(out, n->at.text ? n->at.text->name : n->file, p.line ? &p : NULL, DIAG_NOTE,
             colour);
        utf8_vis(out, n->message);
        buf_c(out, '\n');
    }
    if (r->kind->mend)
        buf_fmt(out, "  to mend: %s\n", r->kind->mend);
}

void diag_print(const struct diag *dx, struct buf *out, bool colour)
{
    struct sorted *rows = mem_alloc((dx->records.n + 1) * sizeof *rows);
    for (size_t i = 0; i < dx->records.n; i++) {
        const struct record *r = &dx->records.v[i];
        rows[i].r = r;
        rows[i].place = place_of(r);
    }
    qsort(rows, dx->records.n, sizeof *rows, by_place);
    for (size_t i = 0; i < dx->records.n; i++)
        print_record(out, &rows[i], colour);
    if (dx->dropped)
        buf_fmt(out, "kdaudit: %zu more messages are not shown\n", dx->dropped);
    free(rows);
}
