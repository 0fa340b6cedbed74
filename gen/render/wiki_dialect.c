/* The dialects of wikis: names of pages and files, links, ids of headings. */
#include "render/wiki.h"

#include "base/arena.h"
#include "base/buf.h"

/* clang-format off */
/* Sources of each column: formats.md 2.1, 2.2, 2.7. */
static const struct wiki_dialect rows[] = {
    /* name        form             home    sidebar     title_prefix   root anchor prefix      hyphen tree  order  contents      folds */
    {"azure",      WIKI_MARKDOWN,   "Home", NULL,       "",            "/", "",                "%2D", true,  true,  "[[_TOC_]]",  true,  "Azure DevOps: a folder to publish as code wiki, with .order files"},
    {"bitbucket",  WIKI_MARKDOWN,   "Home", NULL,       "",            "",  "markdown-header-","-",   false, false, "[TOC]",      false, "Bitbucket Cloud: the wiki's own repository"},
    {"confluence", WIKI_CONFLUENCE, "Home", NULL,       "kdaudit / ",  "",  "",                "-",   false, false, NULL,         true,  "Confluence storage format, for its REST interface"},
    {"github",     WIKI_MARKDOWN,   "Home", "_Sidebar", "",            "",  "",                "-",   false, false, NULL,         true,  "GitHub: the repository NAME.wiki.git"},
    {"gitlab",     WIKI_MARKDOWN,   "home", "_sidebar", "",            "/", "",                "-",   true,  false, NULL,         true,  "GitLab: the repository NAME.wiki.git"},
    {"mediawiki",  WIKI_MEDIAWIKI,  "Home", NULL,       "Kdaudit/",    "",  "",                "-",   false, false, NULL,         false, "MediaWiki: files for importTextFiles.php --prefix Kdaudit/"},
};
static const char *const endings[] = {
    [WIKI_MARKDOWN] = ".md", [WIKI_CONFLUENCE] = ".xml", [WIKI_MEDIAWIKI] = ".wiki",
};
/* clang-format on */

const struct wiki_dialect *wiki_dialect_rows(size_t *n)
{
    *n = sizeof rows / sizeof *rows;
    return rows;
}

const struct wiki_dialect *wiki_dialect_find(struct str name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq(name, str_from(rows[i].name)))
            return &rows[i];
    return NULL;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

struct str wiki_word(struct arena *a, struct str s)
{
    char *p = arena_alloc8(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = is_word(s.p[i]) ? s.p[i] : s.p[i] == ' ' ? ' ' : '-';
        bool joint = n == 0 || !is_word(p[n - 1]);
        if (is_word(c) || !joint)
            p[n++] = c;
    }
    while (n && !is_word(p[n - 1]))
        n--;
    p[n] = '\0';
    return (struct str){p, n};
}

/* The title as a file is called: its characters need no other care in any dialect. */
static void put_name(struct buf *out, const struct wiki_dialect *d, struct str title)
{
    for (size_t i = 0; i < title.n; i++)
        if (title.p[i] == ' ')
            buf_c(out, d->form == WIKI_MEDIAWIKI ? '_' : '-');
        else if (title.p[i] == '-')
            buf_z(out, d->hyphen);
        else
            buf_c(out, title.p[i]);
}

struct str wiki_path(struct arena *a, const struct wiki_dialect *d, enum wiki_kind kind,
                     struct str title, const struct wiki_page *up)
{
    struct buf out = BUF_INIT;
    struct str ending = str_from(endings[d->form]);
    /* Pages of the first page stand beside it, others in the folder of theirs. */
    if (d->tree && up && up->kind != WIKI_HOME) {
        buf_str(&out, str_sub(up->path, 0, up->path.n - ending.n));
        buf_c(&out, '/');
    }
    if (kind == WIKI_HOME)
        buf_z(&out, d->home);
    else if (kind == WIKI_SIDEBAR)
        buf_z(&out, d->sidebar);
    else
        put_name(&out, d, title);
    buf_str(&out, ending);
    struct str path = buf_dup(a, &out);
    buf_free(&out);
    return path;
}

struct str wiki_target(struct arena *a, const struct wiki_dialect *d, struct str path,
                       struct str title)
{
    if (d->form != WIKI_MARKDOWN)
        return str_fmt(a, "%s%.*s", d->title_prefix, STR_ARG(title));
    return str_fmt(a, "%s%.*s", d->link_root, (int)(path.n - strlen(endings[d->form])),
                   path.p);
}

struct str wiki_anchor(struct arena *a, const struct wiki_dialect *d, struct str heading)
{
    struct str lower = str_lower(a, heading);
    char *p = (char *)lower.p;
    for (size_t i = 0; i < lower.n; i++)
        if (p[i] == ' ')
            p[i] = '-';
    return str_fmt(a, "%s%.*s", d->anchor_prefix, STR_ARG(lower));
}

struct str wiki_open(struct arena *a, const struct wiki *w, const struct wiki_page *from,
                     struct wiki_place to)
{
    if (!to.page)
        return STR("");
    const struct wiki_dialect *d = w->dialect;
    bool here = to.page == from && to.heading.n;
    struct str at = to.heading.n ? wiki_anchor(a, d, to.heading) : STR("");
    struct str target = here ? STR("") : to.page->target;
    const char *hash = at.n ? "#" : "";
    if (d->form == WIKI_MEDIAWIKI)
        return str_fmt(a, "[[%.*s%s%.*s|", STR_ARG(target), hash, STR_ARG(at));
    if (d->form == WIKI_MARKDOWN)
        return STR("[");
    return str_fmt(a, "<ac:link%s%.*s%s>%s%.*s%s<ac:link-body>",
                   at.n ? " ac:anchor=\"" : "", STR_ARG(at), at.n ? "\"" : "",
                   here ? "" : "<ri:page ri:content-title=\"", STR_ARG(target),
                   here ? "" : "\"/>");
}

struct str wiki_close(struct arena *a, const struct wiki *w, const struct wiki_page *from,
                      struct wiki_place to)
{
    if (!to.page)
        return STR("");
    if (w->dialect->form == WIKI_MEDIAWIKI)
        return STR("]]");
    if (w->dialect->form == WIKI_CONFLUENCE)
        return STR("</ac:link-body></ac:link>");
    struct str at = to.heading.n ? wiki_anchor(a, w->dialect, to.heading) : STR("");
    bool here = to.page == from && at.n;
    return str_fmt(a, "](%.*s%s%.*s)", STR_ARG(here ? STR("") : to.page->target),
                   at.n ? "#" : "", STR_ARG(at));
}
