/* A picture of an application: the application in the middle, groups of what it depends
 * on in a column at either side, a line from the one to the others. */
#include "render/picture.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "model/model.h"
#include "render/marks.h"
#include "report/derive.h"
#include "tmpl/tmpl.h"

#include <string.h>

/* All lengths in units of the view box, about CSS pixels. */
enum {
    WIDTH = 960,
    CARD_WIDTH = 330,
    CARD_HEAD = 30,
    CARD_FOOT = 8,
    CARD_GAP = 14,
    NODE_HEIGHT = 40,
    CENTRE_WIDTH = 200,
    CENTRE_HEIGHT = 104,
    EDGE = 4,          /* around everything, for strokes */
    NAME_COLUMNS = 36, /* of text that fit beside the mark */
    CENTRE_COLUMNS = 22,
    SPOKEN_MAX = 8, /* resources that the description names for each result */
};

/* Where types stand. Types without a row are drawn in the last group. */
enum { LEFT, RIGHT };
static const struct group {
    const char *title;
    int side;
    const char *types; /* separated by spaces, in order */
} groups[] = {
    {"Identity", LEFT, "role user group policy account"},
    {"Keys and secrets", LEFT, "key secret"},
    {"Logs and trails", LEFT, "log-group trail event-data-store"},
    {"Data", RIGHT,
     "stream delivery-stream bucket table queue topic cluster domain function catalog "
     "database"},
    {"Network", RIGHT, "vpc security-group vpc-endpoint"},
    {"Other", RIGHT, ""},
};
enum { GROUPS = sizeof groups / sizeof *groups };

/* One box with a mark: a resource, or all resources of a type. */
struct node {
    const struct report_subject *subject; /* the first one of several */
    struct report_counts counts;
    uint32_t several; /* how many it stands for, when more than one */
};

struct card {
    const struct group *group;
    VEC(struct node) nodes;
    int x, y, height;
    const char *mark; /* the worst of its nodes */
};

struct drawing {
    struct arena *a;
    struct buf *out;
    const struct report_application *app;
    struct card cards[GROUPS];
    int height;
    bool across; /* links go to other pages too */
};

static void write_text(struct buf *out, struct str s)
{
    escape_write(out, ESCAPE_HTML, s);
}

/* s in at most max columns: the middle of a long name says least. */
static struct str shorten(struct arena *a, struct str s, size_t max)
{
    struct str v = utf8_visible(a, s);
    if (utf8_columns(v) <= max)
        return v;
    size_t head = 0, tail = v.n, columns = 0;
    while (columns < max * 3 / 5) {
        size_t n = utf8_len(str_sub(v, head, v.n));
        columns += utf8_columns(str_sub(v, head, head + n));
        head += n;
    }
    for (;;) {
        size_t from = tail - 1;
        while (from > head && ((unsigned char)v.p[from] & 0xC0) == 0x80)
            from--;
        columns += utf8_columns(str_sub(v, from, tail));
        if (from <= head || columns > max - 1)
            break;
        tail = from;
    }
    return str_fmt(a, "%.*s…%.*s", STR_ARG(str_sub(v, 0, head)),
                   STR_ARG(str_sub(v, tail, v.n)));
}

static size_t group_of(struct str type)
{
    size_t i = 0;
    while (i < GROUPS - 1 && !str_has_word(str_from(groups[i].types), type))
        i++;
    return i;
}

static const struct subject_type *type_row(struct str type)
{
    size_t n;
    const struct subject_type *rows = subject_type_rows(&n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(type, str_from(rows[i].name)))
            return &rows[i];
    return &rows[n - 1];
}

/* Types in the order of their group, resources of a type in report order. */
static void place_subject(struct drawing *d, const struct report_subject *s, bool fold)
{
    struct card *card = &d->cards[group_of(s->type)];
    size_t i = 0;
    while (fold && i < card->nodes.n && !str_eq(card->nodes.v[i].subject->type, s->type))
        i++;
    if (!fold || i == card->nodes.n) {
        *vec_push(d->a, &card->nodes) = (struct node){.subject = s, .counts = s->counts};
        return;
    }
    struct node *node = &card->nodes.v[i];
    node->several = node->several ? node->several + 1 : 2;
    report_counts_add(&node->counts, &s->counts);
}

/* Stable, and short lists: by insertion, types in the group's order. */
static size_t type_order(const struct group *g, struct str type)
{
    struct str rest = str_from(g->types), head;
    size_t i = 0;
    bool more = true;
    for (; more; i++) {
        more = str_cut(rest, ' ', &head, &rest);
        if (str_eq(head, type))
            break;
    }
    return i;
}

static void sort_nodes(struct card *card)
{
    for (size_t i = 1; i < card->nodes.n; i++) {
        struct node node = card->nodes.v[i];
        size_t order = type_order(card->group, node.subject->type), j = i;
        while (j > 0 &&
               type_order(card->group, card->nodes.v[j - 1].subject->type) > order) {
            card->nodes.v[j] = card->nodes.v[j - 1];
            j--;
        }
        card->nodes.v[j] = node;
    }
}

static int badness(const char *mark)
{
    return strcmp(mark, "fail") == 0      ? 3
           : strcmp(mark, "unknown") == 0 ? 2
           : strcmp(mark, "pass") == 0    ? 1
                                          : 0;
}

static void measure(struct drawing *d)
{
    int y[2] = {EDGE, EDGE};
    for (size_t i = 0; i < GROUPS; i++) {
        struct card *card = &d->cards[i];
        if (!card->nodes.n)
            continue;
        sort_nodes(card);
        card->mark = "none";
        for (size_t j = 0; j < card->nodes.n; j++) {
            const char *mark = mark_of(&card->nodes.v[j].counts);
            if (badness(mark) > badness(card->mark))
                card->mark = mark;
        }
        card->x = card->group->side == LEFT ? EDGE : WIDTH - EDGE - CARD_WIDTH;
        card->y = y[card->group->side];
        card->height = CARD_HEAD + (int)card->nodes.n * NODE_HEIGHT + CARD_FOOT;
        y[card->group->side] += card->height + CARD_GAP;
    }
    int most = y[LEFT] > y[RIGHT] ? y[LEFT] : y[RIGHT];
    d->height = most - CARD_GAP + EDGE;
    if (d->height < CENTRE_HEIGHT + 2 * EDGE)
        d->height = CENTRE_HEIGHT + 2 * EDGE;
    /* The shorter column stands in the middle of the height. */
    for (size_t i = 0; i < GROUPS; i++)
        if (d->cards[i].nodes.n)
            d->cards[i].y += (d->height + CARD_GAP - EDGE - y[groups[i].side]) / 2;
}

/* A shape for each result, so that nobody needs the colour: circle with a tick, octagon
 * with a cross, triangle with a question mark, dashed circle. */
static void draw_mark(struct buf *out, const char *mark, int x, int y)
{
    buf_fmt(out,
            "<g class=\"k m-%s\" transform=\"translate(%d %d)\" fill=\"none\" "
            "stroke=\"currentColor\" stroke-width=\"1.6\" stroke-linecap=\"round\" "
            "stroke-linejoin=\"round\">",
            mark, x, y);
    switch (badness(mark)) {
    case 3:
        buf_z(out, "<path d=\"M-3.3-8h6.6L8-3.3v6.6L3.3 8h-6.6L-8 3.3v-6.6z\"/>"
                   "<path d=\"M-2.8-2.8 2.8 2.8M2.8-2.8-2.8 2.8\"/>");
        break;
    case 2:
        buf_z(out, "<path d=\"M0-8 9 7.5H-9z\"/><path d=\"M-2-.8a2 2 0 1 1 2.6 "
                   "2.1q-.6.2-.6 1M0 4.9v.1\"/>");
        break;
    case 1:
        buf_z(out, "<circle r=\"8\"/><path d=\"M-3.6.2-1 2.9 3.8-2.6\"/>");
        break;
    default:
        buf_z(out, "<circle r=\"8\" stroke-dasharray=\"2.5 3\"/>");
    }
    buf_z(out, "</g>");
}

static void draw_text(struct buf *out, const char *class, int x, int y, int size,
                      struct str s)
{
    buf_fmt(out,
            "<text class=\"%s\" x=\"%d\" y=\"%d\" font-size=\"%d\" "
            "fill=\"currentColor\">",
            class, x, y, size);
    write_text(out, s);
    buf_z(out, "</text>");
}

static struct str node_name(struct arena *a, const struct node *n)
{
    const struct report_subject *s = n->subject;
    if (n->several)
        return str_fmt(a, "%u %s", n->several, type_row(s->type)->plural);
    return shorten(a, s->name.n ? s->name : s->arn, NAME_COLUMNS);
}

static struct str node_line(struct arena *a, const struct node *n)
{
    struct str what = mark_words(a, &n->counts);
    if (n->several)
        return what;
    return str_fmt(a, "%s · %.*s%s", type_row(n->subject->type)->title, STR_ARG(what),
                   n->subject->foreign ? " · other account" : "");
}

static void draw_node(struct drawing *d, const struct node *n, int x, int y)
{
    buf_z(d->out, "<a href=\"");
    if (d->across && !n->several)
        write_text(d->out, page_of_subject(d->a, n->subject));
    buf_c(d->out, '#');
    write_text(d->out, n->several ? derive_application_anchor(d->a, d->app)
                                  : derive_subject_anchor(d->a, n->subject));
    buf_fmt(d->out,
            "\"><rect class=\"n\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\" "
            "fill=\"none\"/>",
            x + 6, y + 1, CARD_WIDTH - 12, NODE_HEIGHT - 2);
    draw_mark(d->out, mark_of(&n->counts), x + 26, y + NODE_HEIGHT / 2);
    draw_text(d->out, "t", x + 44, y + 17, 13, node_name(d->a, n));
    draw_text(d->out, "w", x + 44, y + 32, 11, node_line(d->a, n));
    buf_z(d->out, "</a>\n");
}

static void draw_card(struct drawing *d, const struct card *card)
{
    buf_fmt(d->out,
            "<g><rect class=\"c\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"10\" "
            "fill=\"none\" stroke=\"currentColor\" stroke-opacity=\".25\"/>\n",
            card->x, card->y, CARD_WIDTH, card->height);
    draw_text(d->out, "h", card->x + 16, card->y + 20, 11, str_from(card->group->title));
    buf_c(d->out, '\n');
    for (size_t i = 0; i < card->nodes.n; i++)
        draw_node(d, &card->nodes.v[i], card->x,
                  card->y + CARD_HEAD + (int)i * NODE_HEIGHT);
    buf_z(d->out, "</g>\n");
}

/* From the side of the middle box to the side of the card. */
static void draw_line(struct drawing *d, const struct card *card)
{
    bool left = card->group->side == LEFT;
    int from = WIDTH / 2 + (left ? -CENTRE_WIDTH / 2 : CENTRE_WIDTH / 2);
    int to = left ? card->x + CARD_WIDTH : card->x;
    int middle = (from + to) / 2, y = d->height / 2, end = card->y + card->height / 2;
    const char *dash = strcmp(card->mark, "unknown") == 0 ? "5 4"
                       : strcmp(card->mark, "none") == 0  ? "2 4"
                                                          : NULL;
    buf_fmt(d->out,
            "<path class=\"e m-%s\" d=\"M%d %dC%d %d %d %d %d %d\" fill=\"none\" "
            "stroke=\"currentColor\" stroke-width=\"1.5\"",
            card->mark, from, y, middle, y, middle, end, to, end);
    if (dash)
        buf_fmt(d->out, " stroke-dasharray=\"%s\"", dash);
    buf_z(d->out, "/>\n");
}

static void draw_centre(struct drawing *d)
{
    const struct report_application *app = d->app;
    int x = (WIDTH - CENTRE_WIDTH) / 2, y = (d->height - CENTRE_HEIGHT) / 2;
    const char *mark = mark_of(&app->counts);
    buf_fmt(d->out,
            "<g><rect class=\"a m-%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
            "rx=\"14\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/>\n",
            mark, x, y, CENTRE_WIDTH, CENTRE_HEIGHT);
    struct str name = app->subject->name.n ? app->subject->name : app->subject->arn;
    draw_text(d->out, "h", x + 18, y + 26, 11, STR("Application"));
    draw_text(d->out, "b", x + 18, y + 48, 15, shorten(d->a, name, CENTRE_COLUMNS));
    draw_text(d->out, "w", x + 18, y + 66, 11,
              app->runtime.n ? shorten(d->a, app->runtime, 28) : STR("not described"));
    draw_mark(d->out, mark, x + 26, y + 84);
    draw_text(d->out, "w", x + 42, y + 88, 12, mark_words(d->a, &app->counts));
    buf_z(d->out, "</g>\n");
}

/* What the picture shows, for those who do not see it. */
static void speak(struct drawing *d, const char *mark, const char *word)
{
    unsigned n = 0, more = 0;
    for (size_t i = 1; i < d->app->subjects.n; i++) {
        const struct report_subject *s = d->app->subjects.v[i];
        if (strcmp(mark_of(&s->counts), mark) != 0)
            continue;
        if (n == SPOKEN_MAX) {
            more++;
            continue;
        }
        buf_fmt(d->out, "%s", n++ ? ", " : word);
        write_text(d->out, str_from(type_row(s->type)->title));
        buf_c(d->out, ' ');
        write_text(d->out, shorten(d->a, s->name.n ? s->name : s->arn, NAME_COLUMNS));
    }
    if (more)
        buf_fmt(d->out, " and %u more", more);
    if (n)
        buf_z(d->out, ". ");
}

static void draw_head(struct drawing *d)
{
    struct str id = derive_application_anchor(d->a, d->app);
    const struct report_subject *s = d->app->subject;
    buf_fmt(d->out,
            "<svg class=\"pic\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
            "role=\"group\" aria-labelledby=\"%.*s-pt\" aria-describedby=\"%.*s-pd\" "
            "font-family=\"system-ui, sans-serif\">\n<title id=\"%.*s-pt\">",
            WIDTH, d->height, WIDTH, d->height, STR_ARG(id), STR_ARG(id), STR_ARG(id));
    write_text(d->out, shorten(d->a, s->name.n ? s->name : s->arn, 80));
    buf_fmt(d->out, " and what it depends on</title>\n<desc id=\"%.*s-pd\">",
            STR_ARG(id));
    buf_fmt(d->out, "%u resources. ", d->app->subjects.n ? d->app->subjects.n - 1 : 0);
    speak(d, "fail", "Failed: ");
    speak(d, "unknown", "Unknown: ");
    speak(d, "pass", "Passed: ");
    buf_z(d->out, "</desc>\n");
}

static struct str draw_all(struct arena *a, const void *application, bool across)
{
    struct buf out = BUF_INIT;
    struct drawing d = {.a = a, .out = &out, .app = application, .across = across};
    for (size_t i = 0; i < GROUPS; i++)
        d.cards[i].group = &groups[i];
    bool fold = d.app->subjects.n > PICTURE_MAX_NODES + 1;
    for (size_t i = 1; i < d.app->subjects.n; i++) /* the first is the application */
        place_subject(&d, d.app->subjects.v[i], fold);
    measure(&d);
    draw_head(&d);
    for (size_t i = 0; i < GROUPS; i++)
        if (d.cards[i].nodes.n)
            draw_line(&d, &d.cards[i]);
    draw_centre(&d);
    for (size_t i = 0; i < GROUPS; i++)
        if (d.cards[i].nodes.n)
            draw_card(&d, &d.cards[i]);
    buf_z(&out, "</svg>");
    struct str s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

struct str picture_svg(struct arena *a, const void *application)
{
    return draw_all(a, application, false);
}

struct str picture_svg_across(struct arena *a, const void *application)
{
    return draw_all(a, application, true);
}
