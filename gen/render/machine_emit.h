/* JSON written straight into a buffer, for the machine formats: no trees, no empty
 * members. */
#pragma once
#include "base/buf.h"

enum { EMIT_MAX_DEPTH = 24 };

/* A JSON text being written. A member whose text is empty is left out, and so is an
 * object or array in which nothing was written, unless it was opened with emit_keep: what
 * OSCAL asks for (minItems 1) and others take. */
struct emit {
    struct buf *out;
    struct buf scratch;
    unsigned lines; /* items nested up to this deep begin lines of their own */
    unsigned depth, written;
    int64_t time; /* the last one written, and its text */
    char time_text[24];
    bool more; /* something stands before in the innermost open one */
    struct {
        const char *key;
        char bracket;
    } open[EMIT_MAX_DEPTH];
};

#define EMIT_TO(buf_, lines_) ((struct emit){.out = (buf_), .lines = (lines_)})

/* Open an object '{' or array '['; key is NULL inside an array and at the root. Keys are
 * literals that need no escaping. */
void emit_open(struct emit *e, const char *key, char bracket);
void emit_keep(struct emit *e, const char *key, char bracket);
void emit_close(struct emit *e);
void emit_done(struct emit *e); /* a line feed at the end; frees what e holds */

/* Untrusted text: everything invisible made visible, one line, no white space at either
 * end. */
void emit_line(struct emit *e, const char *key, struct str s);
void emit_line_or(struct emit *e, const char *key, struct str s, const char *otherwise);
/* The same, cut at a character to at most max bytes, the last of them an ellipsis. */
void emit_cut(struct emit *e, const char *key, struct str s, size_t max);
/* Several lines: line feeds stay. */
void emit_block(struct emit *e, const char *key, struct str s);
/* One line of Markdown that says s; otherwise (already Markdown) when s says nothing. */
void emit_md(struct emit *e, const char *key, struct str s);
void emit_md_or(struct emit *e, const char *key, struct str s, const char *otherwise);
/* Text of ours: nothing in it needs escaping. */
void emit_z(struct emit *e, const char *key, const char *z);
void emit_num(struct emit *e, const char *key, int64_t n);
void emit_decimal(struct emit *e, const char *key, double n);
void emit_bool(struct emit *e, const char *key, bool v);
/* RFC 3339 in UTC; left out for WHEN_NONE. */
void emit_time(struct emit *e, const char *key, int64_t when);
