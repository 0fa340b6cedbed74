/* Excerpts: each line of evidence that findings point at, cut out and masked once. */
#include "report/excerpts.h"

#include "base/threads.h"
#include "report/masked.h"

enum {
    AROUND = 2, /* lines before and after the place */
    LINE_BYTES = 160,
    /* Masked before it is cut, so that a cut never hides what a secret is. */
    MASKED_BYTES = LINE_BYTES * 16,
    BLOCK = 32, /* lines that a worker takes at once: a long one takes long to mask */
};

/* A line of a document; one place on it leads there. The first two are its key. */
struct line {
    uint32_t document, number;
    const struct text *text;
    size_t pos;
    const struct report_spot *spot;
};

struct job {
    struct arena *const *arenas; /* one for each worker */
    struct masked_lines *masked; /* and so here */
    struct report *r;
    const struct line *lines; /* of each excerpt */
};

/* A line without its end, cut to a readable length at a character. */
static struct str cut_line(struct arena *a, struct str line)
{
    if (line.n <= LINE_BYTES)
        return line;
    size_t n = LINE_BYTES;
    while (n > 0 && ((unsigned char)line.p[n] & 0xC0) == 0x80)
        n--;
    return str_fmt(a, "%.*s…", (int)n, line.p);
}

static void cut_out(struct arena *a, struct masked_lines *masked, const struct line *line,
                    struct report_excerpt *x)
{
    struct str bytes = line->text->bytes, parts[2 * (2 * AROUND + 1)];
    size_t start, n = 0;
    x->spot = *line->spot;
    x->first_line = line->number > AROUND ? line->number - AROUND : 1;
    text_line(line->text, line->pos, &start);
    for (uint32_t up = line->number; up > x->first_line; up--) /* to the line above */
        start = str_find_last(str_sub(bytes, 0, start - 1), '\n') + 1;
    for (uint32_t i = x->first_line; i <= line->number + AROUND && start < bytes.n; i++) {
        struct str s = text_line(line->text, start, NULL);
        if (n)
            parts[n++] = STR("\n");
        parts[n++] = cut_line(a, masked_line(masked, str_sub(s, 0, MASKED_BYTES)));
        size_t end = str_find_char(str_sub(bytes, start, bytes.n), '\n');
        start = end == (size_t)-1 ? bytes.n : start + end + 1;
    }
    x->text = str_cat(a, parts, n);
}

static void cut_block(void *ctx, size_t block, unsigned worker)
{
    const struct job *job = ctx;
    size_t to = (block + 1) * BLOCK;
    for (size_t i = block * BLOCK; i < to && i < job->r->excerpts.n; i++)
        cut_out(job->arenas[worker], &job->masked[worker], &job->lines[i],
                &job->r->excerpts.v[i]);
}

static size_t count_findings(const struct assessment *as)
{
    size_t n = 0;
    for (size_t i = 0; i < as->n; i++)
        n += as->tests[i].nfindings;
    return n;
}

/* The different lines that findings stand on, n of them, and which[] of them each finding
 * does; NO_LINE for those that stand nowhere. */
enum { NO_LINE = UINT32_MAX };
static size_t collect(struct arena *a, const struct assessment *as,
                      const struct report *r, size_t findings, struct line *lines,
                      uint32_t *which)
{
    struct map known = MAP_INIT;
    size_t n = 0, at = 0;
    map_expect(a, &known, findings);
    for (size_t i = 0; i < as->n; i++)
        for (size_t j = 0; j < as->tests[i].nfindings; j++, at++) {
            const struct spot *spot = &as->tests[i].findings[j].spot;
            const struct report_spot *shown = &r->tests.v[i].findings.v[j].spot;
            which[at] = NO_LINE;
            if (!shown->line)
                continue;
            lines[n] = (struct line){spot->doc->number, shown->line, &spot->doc->text,
                                     spot->pos, shown};
            struct str key = {(const char *)&lines[n], 2 * sizeof(uint32_t)};
            void **slot = map_put(a, &known, key);
            if (!*slot)
                *slot = &lines[n++];
            which[at] = (uint32_t)((struct line *)*slot - lines);
        }
    return n;
}

void excerpts_build(struct arena *const *arenas, unsigned threads,
                    const struct assessment *as, struct report *r)
{
    struct arena *own = arena_new();
    size_t findings = count_findings(as), at = 0;
    struct line *lines = ARENA_ROOM(own, struct line, findings);
    uint32_t *which = ARENA_ROOM(own, uint32_t, findings);
    size_t n = collect(own, as, r, findings, lines, which);
    r->excerpts.v = ARENA_ROOM(arenas[0], struct report_excerpt, n);
    r->excerpts.n = n;
    struct masked_lines *masked = masked_lines_new(own, threads);
    struct job job = {arenas, masked, r, lines};
    threads_for((n + BLOCK - 1) / BLOCK, threads, cut_block, &job);
    masked_lines_free(masked, threads);
    for (size_t i = 0; i < n; i++)
        r->excerpts.v[i].number = (uint32_t)i;
    for (size_t i = 0; i < as->n; i++)
        for (size_t j = 0; j < as->tests[i].nfindings; j++, at++)
            if (which[at] != NO_LINE)
                r->tests.v[i].findings.v[j].excerpt = &r->excerpts.v[which[at]];
    arena_free(own);
}
