/* Read a control's Markdown: its sections by heading, each as the text it holds. */
#include "catalog/reader.h"

#include "base/text.h"

/* A heading: its level, its text, and where it stands. */
struct heading {
    int level;
    struct str title;
    struct origin at;
};

struct scan {
    const struct text *text;
    size_t pos;
    char fence; /* inside a fenced block of this character */
};

/* The next line; false at the end. *h has level 0 when the line is no heading. */
static bool next_line(struct scan *s, struct heading *h, size_t *start)
{
    struct str all = s->text->bytes;
    if (s->pos >= all.n)
        return false;
    *start = s->pos;
    struct str line = str_sub(all, s->pos, all.n);
    size_t end = str_find_char(line, '\n');
    line = end == (size_t)-1 ? line : str_sub(line, 0, end);
    s->pos += line.n + 1;
    *h = (struct heading){.at = {s->text, *start, line.n}};
    struct str bare = str_trim(line);
    if (str_starts(bare, STR("```")) || str_starts(bare, STR("~~~"))) {
        if (!s->fence)
            s->fence = bare.p[0];
        else if (s->fence == bare.p[0])
            s->fence = 0;
    }
    if (s->fence)
        return true;
    int level = 0;
    while ((size_t)level < line.n && line.p[level] == '#')
        level++;
    if (level && level <= 6 && (size_t)level < line.n && line.p[level] == ' ') {
        h->level = level;
        h->title = str_trim(str_sub(line, (size_t)level, line.n));
    }
    return true;
}

static struct check *check_named(const struct control *control, struct str title)
{
    struct str id;
    str_cut(title, ' ', &id, NULL);
    for (size_t i = 0; i < control->checks.n; i++)
        if (str_eq(control->checks.v[i]->id, id))
            return control->checks.v[i];
    return NULL;
}

/* Where the text under a heading goes; NULL when it goes nowhere. */
static struct str *slot(struct control *control, struct check **check,
                        const struct heading *h)
{
    if (h->level == 2) {
        *check = check_named(control, h->title);
        if (str_eq(h->title, STR("Practice")))
            return &control->statement;
        if (str_eq(h->title, STR("Why it matters")))
            return &control->rationale;
        if (str_eq(h->title, STR("How it is tested")))
            return &control->prose;
        return NULL;
    }
    if (h->level != 3 || !*check)
        return NULL;
    if (str_eq(h->title, STR("How it is tested")))
        return &(*check)->prose;
    if (str_eq(h->title, STR("Remedy")))
        return &(*check)->remedy;
    return NULL;
}

static void missing(struct reader *r, const struct text *t, struct str s, struct str what,
                    const char *section)
{
    if (!s.n)
        diag_file(r->dx, &CAT_NO_PROSE, t->name, "\"%s\" of %.*s", section,
                  STR_ARG(what));
}

void reader_prose(struct reader *r, const struct text *t, struct control *control)
{
    struct scan s = {.text = t};
    struct heading h;
    struct str *into = NULL;
    struct check *check = NULL;
    size_t start = 0, from = 0;
    while (next_line(&s, &h, &start)) {
        if (!h.level || h.level > 3)
            continue;
        if (into)
            *into = str_trim(str_sub(t->bytes, from, start));
        from = s.pos;
        into = slot(control, &check, &h);
        bool known = into || (h.level == 2 && check) ||
                     (h.level == 1 && str_starts(h.title, control->id));
        if (!known)
            diag_at(r->dx, &CAT_STRAY_PROSE, h.at, "\"%.*s\"", STR_ARG(h.title));
        else if (into && into->n)
            diag_at(r->dx, &CAT_STRAY_PROSE, h.at, "\"%.*s\" stands here a second time",
                    STR_ARG(h.title));
    }
    if (into)
        *into = str_trim(str_sub(t->bytes, from, t->bytes.n));
    missing(r, t, control->statement, control->id, "Practice");
    missing(r, t, control->rationale, control->id, "Why it matters");
    missing(r, t, control->prose, control->id, "How it is tested");
    for (size_t i = 0; i < control->checks.n; i++) {
        missing(r, t, control->checks.v[i]->prose, control->checks.v[i]->id,
                "How it is tested");
        missing(r, t, control->checks.v[i]->remedy, control->checks.v[i]->id, "Remedy");
    }
}
