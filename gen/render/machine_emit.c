/* JSON written straight into a buffer, for the machine formats. */
#include "render/machine_emit.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "base/when.h"
#include "json/write.h"
#include "tmpl/tmpl.h"

#include <assert.h>
#include <stdio.h>

/* The end of the year 2999: what OSCAL takes for a time. */
#define TIME_MAX 32503679999

static void begin_item(struct emit *e, unsigned depth, const char *key)
{
    if (e->more)
        buf_c(e->out, ',');
    if (depth && depth <= e->lines) {
        buf_c(e->out, '\n');
        buf_repeat(e->out, ' ', depth);
    }
    if (key) {
        buf_c(e->out, '"');
        buf_z(e->out, key);
        buf_z(e->out, depth <= e->lines ? "\": " : "\":");
    }
}

/* Write what was opened and not yet needed. */
static void flush(struct emit *e)
{
    for (; e->written < e->depth; e->written++) {
        begin_item(e, e->written, e->open[e->written].key);
        buf_c(e->out, e->open[e->written].bracket);
        e->more = false;
    }
}

static void item(struct emit *e, const char *key)
{
    flush(e);
    begin_item(e, e->depth, key);
    e->more = true;
}

void emit_open(struct emit *e, const char *key, char bracket)
{
    assert(e->depth < EMIT_MAX_DEPTH);
    e->open[e->depth].key = key;
    e->open[e->depth].bracket = bracket;
    e->depth++;
}

void emit_keep(struct emit *e, const char *key, char bracket)
{
    emit_open(e, key, bracket);
    flush(e);
}

void emit_close(struct emit *e)
{
    assert(e->depth);
    e->depth--;
    if (e->written <= e->depth)
        return;
    e->written--;
    if (e->more && e->depth < e->lines) {
        buf_c(e->out, '\n');
        buf_repeat(e->out, ' ', e->depth);
    }
    buf_c(e->out, e->open[e->depth].bracket == '{' ? '}' : ']');
    e->more = true;
}

void emit_done(struct emit *e)
{
    assert(!e->depth);
    buf_c(e->out, '\n');
    buf_free(&e->scratch);
}

/* White space that Unicode knows beside that of ASCII, and that stays visible text. */
static size_t space_at(struct str s)
{
    uint32_t cp = 0;
    size_t n = utf8_decode(s, &cp);
    bool space = cp == ' ' || cp == 0xA0 || cp == 0x1680 ||
                 (cp >= 0x2000 && cp <= 0x200A) || cp == 0x202F || cp == 0x205F ||
                 cp == 0x3000;
    return space ? n : 0;
}

static struct str trim(struct str s)
{
    for (size_t n; (n = space_at(s));)
        s = str_sub(s, n, s.n);
    for (bool more = s.n > 0; more;) {
        size_t last = s.n - 1;
        while (last && ((unsigned char)s.p[last] & 0xC0) == 0x80)
            last--;
        more = space_at(str_sub(s, last, s.n)) && last;
        if (more)
            s = str_sub(s, 0, last);
    }
    return s;
}

static bool plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < ' ' || s.p[i] > '~')
            return false;
    return true;
}

static struct str visible_line(struct emit *e, struct str s)
{
    if (plain(s))
        return trim(s);
    buf_clear(&e->scratch);
    utf8_vis(&e->scratch, s);
    return trim(buf_view(&e->scratch));
}

static void text(struct emit *e, const char *key, struct str s)
{
    if (!s.n)
        return;
    item(e, key);
    json_write_str(e->out, s);
}

void emit_line(struct emit *e, const char *key, struct str s)
{
    text(e, key, visible_line(e, s));
}

void emit_line_or(struct emit *e, const char *key, struct str s, const char *otherwise)
{
    struct str line = visible_line(e, s);
    text(e, key, line.n ? line : str_from(otherwise));
}

void emit_cut(struct emit *e, const char *key, struct str s, size_t max)
{
    struct str line = visible_line(e, s);
    if (line.n <= max) {
        text(e, key, line);
        return;
    }
    size_t n = max - 3; /* bytes of the ellipsis */
    while (n && ((unsigned char)line.p[n] & 0xC0) == 0x80)
        n--;
    struct buf cut = BUF_INIT;
    buf_str(&cut, str_sub(line, 0, n));
    buf_z(&cut, "…");
    text(e, key, buf_view(&cut));
    buf_free(&cut);
}

void emit_block(struct emit *e, const char *key, struct str s)
{
    buf_clear(&e->scratch);
    utf8_vis_lines(&e->scratch, s);
    text(e, key, str_trim(buf_view(&e->scratch)));
}

void emit_md_or(struct emit *e, const char *key, struct str s, const char *otherwise)
{
    buf_clear(&e->scratch);
    escape_write(&e->scratch, ESCAPE_MD, s);
    struct str line = trim(buf_view(&e->scratch));
    text(e, key, line.n ? line : str_from(otherwise));
}

void emit_md(struct emit *e, const char *key, struct str s)
{
    emit_md_or(e, key, s, "");
}

void emit_z(struct emit *e, const char *key, const char *z)
{
    if (!z || !*z)
        return;
    item(e, key);
    buf_c(e->out, '"');
    buf_z(e->out, z);
    buf_c(e->out, '"');
}

void emit_num(struct emit *e, const char *key, int64_t n)
{
    item(e, key);
    buf_int(e->out, n);
}

void emit_decimal(struct emit *e, const char *key, double n)
{
    item(e, key);
    json_write_num(e->out, n);
}

void emit_bool(struct emit *e, const char *key, bool v)
{
    item(e, key);
    buf_z(e->out, v ? "true" : "false");
}

void emit_time(struct emit *e, const char *key, int64_t when)
{
    if (when == WHEN_NONE)
        return;
    if (when > TIME_MAX)
        when = TIME_MAX;
    if (when != e->time || !e->time_text[0]) {
        struct arena *a = arena_new();
        snprintf(e->time_text, sizeof e->time_text, "%s", when_text(a, when).p);
        e->time = when;
        arena_free(a);
    }
    emit_z(e, key, e->time_text);
}
