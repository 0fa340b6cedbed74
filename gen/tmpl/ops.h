/* A compiled template as parse and render share it: parts, and their operations in one
 * flat list each. */
#pragma once
#include "base/arena.h"
#include "base/map.h"
#include "tmpl/tmpl.h"

enum op_kind {
    OP_TEXT,
    OP_VALUE,    /* {{name}} */
    OP_RAW,      /* {{{name}}} and {{&name}} */
    OP_SECTION,  /* {{#name}} */
    OP_INVERTED, /* {{^name}} */
    OP_PARTIAL,  /* {{>name}} */
};

/* A name cut at its dots: none for ".", so that it means the innermost context. */
struct name {
    struct str text;
    const struct str *parts;
    size_t n;
};

struct op {
    unsigned char kind;
    bool bol;        /* text: begins a line of the source, so a partial's indent is due */
    bool standalone; /* partial: indents what it includes */
    uint32_t pos, len;       /* of the text, or of the tag, in the part's source */
    uint32_t end;            /* the operation after it; sections: after the last inside */
    uint32_t number;         /* among all operations of the set */
    uint32_t indent;         /* standalone partial: bytes of white space before the tag */
    const struct name *name; /* values and sections */
    const struct tmpl_mode *mode; /* section whose name is one of options->modes */
    const struct part *part;      /* partial; NULL: there is none, and that is fine */
};

/* The template itself, or one partial. */
struct part {
    const struct text *text;
    struct op *ops;
    size_t n, cap;
    unsigned char mark;
    struct str name; /* of a partial */
};

struct tmpl_set {
    VEC(struct part *) parts; /* a template, then the partials that it first used; ... */
    size_t nops;              /* of all parts */
    struct map names;         /* text to struct name */
    struct map partials;
};

struct tmpl {
    struct tmpl_options options;
    struct tmpl_set *set;
    size_t from, to; /* its parts in the set; those that others had first are not there */
};
