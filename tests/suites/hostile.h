/* What the suites of hostile strings share: the strings, and the count of what held. */
#pragma once
#include "../unit/unit.h"

#include "base/file.h"
#include "json/json.h"
#include "tmpl/tmpl.h"

#include <libxml/tree.h>
#include <stdio.h>
#include <string.h>

enum { RANDOM_STRINGS = 3000, SHOWN_FAILURES = 20 };

/* Pieces that mean something to a parser somewhere; joined at random. */
static const char *const fragments[] = {
    "`",
    "``",
    "```",
    "~~~",
    "|",
    "\\|",
    "\\",
    "\\\\|",
    "<",
    ">",
    "<b>",
    "</td>",
    "<!--",
    "-->",
    "&amp;",
    "&#124;",
    "&",
    "[",
    "]",
    "(",
    ")",
    "[a](b)",
    "![a](b)",
    "[[a]]",
    "<<T()>>",
    "*",
    "**",
    "_",
    "__",
    "~~",
    "#",
    "# ",
    "- ",
    "+ ",
    "1. ",
    "1) ",
    "> ",
    "===",
    "---",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "    ",
    " ",
    "@me",
    "a@b.cc",
    "#1",
    "www.a.bc",
    "http:",
    "//a.bc",
    "https://x",
    "mailto:a",
    "$a$",
    ":tada:",
    "]]>",
    "]]",
    "<![CDATA[",
    "\"",
    "'",
    "=1",
    "+1",
    "\x1B[31m",
    "\x7F",
    "\xFF",
    "\xC3",
    "\xE2\x80\xAE",
    "\xE2\x80\x8B",
    "\xEF\xBF\xBF",
    "é",
    "漢",
    "{{a}}",
    "<script>",
    "</script>",
    "</code>",
    "javascript:x",
    "&colon;",
};

static struct str written(struct arena *a, enum escape how, struct str s)
{
    struct buf out = BUF_INIT;
    escape_write(&out, how, s);
    s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

static struct str seen(struct arena *a, struct str s)
{
    return written(a, ESCAPE_TEXT, s);
}

static struct str seen_lines(struct arena *a, struct str s)
{
    return written(a, ESCAPE_PROSE_MD, s);
}

/* s with every from written as to. */
static struct str replaced(struct arena *a, struct str s, struct str from, struct str to)
{
    struct buf out = BUF_INIT;
    for (size_t at; (at = str_find(s, from)) != (size_t)-1;) {
        buf_str(&out, str_sub(s, 0, at));
        buf_str(&out, to);
        s = str_sub(s, at + from.n, s.n);
    }
    buf_str(&out, s);
    s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

/* Where a link leads, as the reader understands it: nowhere but these. */
static bool leads_well(const char *url)
{
    struct str u = str_from(url);
    size_t colon = str_find_char(u, ':'), stop = strcspn(url, "/?#");
    return !str_starts(u, STR("//")) &&
           (colon == (size_t)-1 || colon > stop ||
            str_eq_nocase(str_sub(u, 0, colon), STR("https")) ||
            str_eq_nocase(str_sub(u, 0, colon), STR("http")) ||
            str_eq_nocase(str_sub(u, 0, colon), STR("mailto")));
}

/* The text of an XML node and all below it. */
static struct str content(struct arena *a, const xmlNode *n)
{
    xmlChar *c = xmlNodeGetContent(n);
    struct str s = str_dup(a, str_from((const char *)c));
    xmlFree(c);
    return s;
}

static bool named(const xmlNode *n, const char *name)
{
    return n && n->type == XML_ELEMENT_NODE && !strcmp((const char *)n->name, name);
}

struct strings {
    VEC(struct str);
};

/* One way of writing a string and reading it back. */
struct check {
    const char *name;
    bool (*run)(struct arena *a, struct str s);
};

struct tally {
    unsigned long passed, failed;
};

static void count(struct arena *a, struct tally *tally, bool ok, const char *name,
                  struct str s)
{
    tally->passed += ok;
    tally->failed += !ok;
    if (!ok && tally->failed <= SHOWN_FAILURES)
        printf("%s: %.*s\n", name, STR_ARG(seen(a, s)));
}

static void add(struct arena *a, struct strings *all, struct str s)
{
    *vec_push(a, all) = s;
}

static void add_random(struct arena *a, struct strings *all)
{
    uint32_t x = 2463534242u; /* xorshift32: the same strings in every run */
    for (int i = 0; i < RANDOM_STRINGS; i++) {
        struct buf s = BUF_INIT;
        for (int k = 1 + i % 9; k > 0; k--) {
            x ^= x << 13, x ^= x >> 17, x ^= x << 5;
            buf_z(&s, fragments[x % (sizeof fragments / sizeof *fragments)]);
        }
        add(a, all, buf_dup(a, &s));
        buf_free(&s);
    }
}

static struct str file(struct arena *a, const char *below, struct diag *dx)
{
    const char *path = unit_shared(below);
    struct str bytes = STR("");
    if (path)
        file_read(a, path, str_from(below), dx, &bytes);
    return bytes;
}

/* False when the suites are not there. */
static bool add_suites(struct arena *a, struct strings *all)
{
    struct diag *dx = diag_new(a);
    struct text *blns = ARENA_NEW(a, struct text);
    *blns = (struct text){STR("blns"), file(a, "suites/blns/blns.json", dx)};
    struct str lines[] = {
        file(a, "suites/hostile-markup/h5sc-vectors.txt", dx),
        file(a, "suites/hostile-markup/payloadbox-xss-payload-list.txt", dx),
    };
    if (!blns->bytes.n || !lines[0].n || !lines[1].n)
        return false;
    for (const struct json *n = json_first(json_read(a, blns, dx)); n; n = json_next(n))
        add(a, all, json_str(n));
    struct str line;
    for (size_t i = 0; i < 2; i++)
        while (lines[i].n) {
            str_cut(lines[i], '\n', &line, &lines[i]);
            /* Most of h5sc's vectors share one line. */
            for (size_t at; (at = str_find(line, STR("<div id="))) != (size_t)-1;) {
                add(a, all, str_sub(line, 0, at));
                line = str_sub(line, at + 1, line.n);
            }
            add(a, all, line);
        }
    return true;
}

/* The strings; *skipped grows when the suites are not there. */
static struct strings strings_read(struct arena *a, unsigned long *skipped)
{
    struct strings all = {0};
    add(a, &all, STR(""));
    add_random(a, &all);
    *skipped += !add_suites(a, &all);
    return all;
}

static void run_checks(const struct strings *all, const struct check *checks, size_t n,
                       struct tally *tally)
{
    for (size_t i = 0; i < all->n; i++) {
        struct arena *own = arena_new();
        for (size_t k = 0; k < n; k++)
            count(own, tally, checks[k].run(own, all->v[i]), checks[k].name, all->v[i]);
        arena_free(own);
    }
}
