/* Plan a wiki: which pages, what they are called, what stands on which. */
#include "render/wiki.h"

#include "base/digest.h"
#include "base/map.h"
#include "render/marks.h"

enum {
    HASH_DIGITS = 10,
    HOME_ROWS = 50, /* accounts or applications that the first page lists */
    SECTION_BYTES = 300,
    QUIET_TEST_BYTES = 120, /* a link to its check */
    TEST_BYTES = 500,
    FINDING_BYTES = 200,
};

struct tests {
    const struct report_test **v;
    size_t n, cap;
};
struct subjects {
    const struct report_subject **v;
    size_t n, cap;
};

struct plan {
    struct arena *a;
    const struct report *r;
    struct wiki *w;
    struct map taken; /* lower-case path -> page */
    /* By index of an account; the last is for what belongs to none. */
    struct tests *attention;
    struct subjects *resources;
};

static size_t account_of(const struct plan *p, const struct report_subject *s)
{
    return s->home ? (size_t)(s->home - p->r->accounts.v) : p->r->accounts.n;
}

static const struct report_account *account_at(const struct plan *p, size_t i)
{
    return i < p->r->accounts.n ? &p->r->accounts.v[i] : NULL;
}

/* A word of a title: short, and never nothing. */
static struct str word(struct arena *a, struct str s, const char *otherwise)
{
    struct str w = wiki_word(a, str_sub(wiki_word(a, s), 0, WIKI_TITLE_MAX));
    return w.n ? w : str_from(otherwise);
}

/* A new page; a name that is taken without regard to case gets a number. */
static struct wiki_page *add(struct plan *p, enum wiki_kind kind, struct wiki_page *up,
                             struct str title)
{
    struct wiki_page *page = ARENA_NEW(p->a, struct wiki_page);
    const struct wiki_dialect *d = p->w->dialect;
    struct str name = title;
    page->kind = kind;
    page->up = up;
    page->crumb = up && up->kind != WIKI_HOME ? up : NULL;
    for (unsigned i = 2;; i++) {
        page->path = wiki_path(p->a, d, kind, name, up);
        void **slot = map_put(p->a, &p->taken, str_lower(p->a, page->path));
        if (!*slot) {
            *slot = page;
            break;
        }
        name = str_fmt(p->a, "%.*s %u", STR_ARG(title), i);
    }
    page->title = name;
    page->target = wiki_target(p->a, d, page->path, name);
    *vec_push(p->a, &p->w->pages) = page;
    return page;
}

/* The next part of a list that last has begun. */
static struct wiki_page *add_part(struct plan *p, struct wiki_page *last,
                                  struct str title)
{
    struct wiki_page *page = add(p, last->kind, last->up, title);
    last->next = page;
    page->account = last->account;
    page->application = last->application;
    return page;
}

/* "Findings 111122223333" */
static struct str titled(struct plan *p, const char *what, size_t account)
{
    const struct report_account *of = account_at(p, account);
    struct str name =
        of ? word(p->a, of->id, "without a number") : STR("in no account here");
    return str_fmt(p->a, "%s %.*s", what, STR_ARG(name));
}

static void sort_by_account(struct plan *p)
{
    const struct report *r = p->r;
    p->attention = ARENA_ARRAY(p->a, struct tests, r->accounts.n + 1);
    p->resources = ARENA_ARRAY(p->a, struct subjects, r->accounts.n + 1);
    for (size_t i = 0; i < r->attention.n; i++)
        *vec_push(p->a, &p->attention[account_of(p, r->attention.v[i]->subject)]) =
            r->attention.v[i];
    for (size_t i = 0; i < r->subjects.n; i++) {
        const struct report_subject *s = &r->subjects.v[i];
        if (s->tested && s->applications.n != 1)
            *vec_push(p->a, &p->resources[account_of(p, s)]) = s;
    }
}

/* Give page what fits of n tests; the number that it leaves out. */
static size_t take(struct wiki_page *page, const struct report_test *const *v, size_t n,
                   size_t max)
{
    page->tests.v = (const struct report_test **)v;
    page->tests.n = n < max ? n : max;
    page->rows = (uint32_t)n;
    page->more_tests = (uint32_t)(n - page->tests.n);
    return page->more_tests;
}

static void plan_findings(struct plan *p)
{
    const struct report *r = p->r;
    struct wiki_page *top = add(p, WIKI_FINDINGS, p->w->home, STR("Findings"));
    const struct report_test *const *all =
        (const struct report_test *const *)r->attention.v;
    p->w->findings = top;
    if (r->attention.n <= WIKI_ROWS) {
        take(top, all, r->attention.n, WIKI_ROWS);
        return;
    }
    take(top, all, r->attention.n, WIKI_SHORT_ROWS);
    for (size_t i = 0; i <= r->accounts.n; i++) {
        struct wiki_page *page = NULL;
        struct str title = titled(p, "Findings", i);
        for (size_t from = 0; from < p->attention[i].n; from += WIKI_ROWS) {
            page =
                page ? add_part(p, page, title) : add(p, WIKI_FINDINGS_PART, top, title);
            page->account = account_at(p, i);
            take(page, p->attention[i].v + from, p->attention[i].n - from, WIKI_ROWS);
            page->more_tests = 0;
            page->rows = (uint32_t)page->tests.n;
            *vec_push(p->a, &top->below) = page;
        }
    }
}

static void plan_exceptions(struct plan *p)
{
    const struct report *r = p->r;
    struct wiki_page *page = add(p, WIKI_EXCEPTIONS, p->w->home, STR("Exceptions"));
    p->w->exceptions = page;
    for (size_t from = 0;; from += WIKI_ROWS) {
        size_t tests = from < r->accepted_tests.n ? r->accepted_tests.n - from : 0;
        take(page, (const struct report_test *const *)r->accepted_tests.v + from, tests,
             WIKI_ROWS);
        page->more_tests = 0;
        for (size_t i = from; i < r->waivers.n && i < from + WIKI_ROWS; i++)
            *vec_push(p->a, &page->waivers) = &r->waivers.v[i];
        if (from + WIKI_ROWS >= r->accepted_tests.n && from + WIKI_ROWS >= r->waivers.n)
            break;
        page = add_part(p, page, STR("Exceptions"));
    }
}

static void take_evidence(struct plan *p, struct wiki_page *page,
                          const struct report_evidence *e)
{
    *vec_push(p->a, &page->evidence) = e;
    page->rows = (uint32_t)page->evidence.n;
    p->w->of_evidence[e - p->r->evidence.v].page = page;
}

static void plan_evidence_of(struct plan *p, size_t account,
                             const struct report_evidence *const *v, size_t n)
{
    struct wiki_page *top = p->w->evidence, *page = NULL;
    struct str title = titled(p, "Evidence", account);
    for (size_t i = 0; i < n; i++) {
        if (i % WIKI_ROWS == 0) {
            page =
                page ? add_part(p, page, title) : add(p, WIKI_EVIDENCE_PART, top, title);
            page->account = account_at(p, account);
            *vec_push(p->a, &top->below) = page;
        }
        take_evidence(p, page, v[i]);
    }
}

static void plan_evidence(struct plan *p)
{
    const struct report *r = p->r;
    p->w->evidence = add(p, WIKI_EVIDENCE, p->w->home, STR("Evidence"));
    for (size_t i = 0; r->evidence.n <= WIKI_ROWS && i < r->evidence.n; i++)
        take_evidence(p, p->w->evidence, &r->evidence.v[i]);
    if (r->evidence.n <= WIKI_ROWS)
        return;
    for (size_t i = 0; i < r->accounts.n; i++)
        plan_evidence_of(p, i, r->accounts.v[i].evidence.v, r->accounts.v[i].evidence.n);
    plan_evidence_of(p, r->accounts.n, r->loose_evidence.v, r->loose_evidence.n);
}

/* A heading that is the only one of its id on the page. */
static struct str heading(struct plan *p, struct map *used, struct str text)
{
    bool letter = text.n && ((text.p[0] | 0x20) >= 'a' && (text.p[0] | 0x20) <= 'z');
    struct str base = letter ? text : str_fmt(p->a, "Check %.*s", STR_ARG(text));
    struct str one = base;
    for (unsigned i = 2;; i++) {
        struct str id = wiki_anchor(p->a, p->w->dialect, one);
        void **slot = map_put(p->a, used, id);
        if (!*slot) {
            *slot = p;
            return one;
        }
        one = str_fmt(p->a, "%.*s %u", STR_ARG(base), i);
    }
}

/* Headings that templates write themselves. */
static struct map new_headings(struct plan *p)
{
    static const char *const fixed[] = {"To act on",       "Depends on",
                                        "In detail",       "Shared",
                                        "API calls",       "Resources",
                                        "Why it matters",  "Checks",
                                        "Serves",          "Resource by resource",
                                        "Who may touch it"};
    struct map used = MAP_INIT;
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        heading(p, &used, str_from(fixed[i]));
    return used;
}

static void plan_controls(struct plan *p)
{
    const struct report *r = p->r;
    for (size_t i = 0; i < r->controls.n; i++) {
        const struct report_control *c = &r->controls.v[i];
        struct str id = word(p->a, c->id, "without a name");
        struct wiki_page *page =
            add(p, WIKI_CONTROL, p->w->home, str_fmt(p->a, "Control %.*s", STR_ARG(id)));
        struct map used = new_headings(p);
        page->control = c;
        p->w->of_control[i] = page;
        for (size_t j = 0; j < c->checks.n; j++)
            p->w->of_check[c->checks.v[j].number] = (struct wiki_place){
                page, heading(p, &used, word(p->a, c->checks.v[j].id, "check"))};
    }
}

/* About how many bytes the section of a resource takes. */
static size_t section_bytes(struct arena *a, const struct report_subject *s)
{
    size_t n = SECTION_BYTES + s->arn.n;
    if (s->proposal)
        n += TEST_BYTES + s->proposal->diff.n + s->proposal->command.n;
    for (size_t i = 0; i < s->tests.n; i++) {
        const struct report_test *t = s->tests.v[i];
        n += QUIET_TEST_BYTES;
        if (!report_open(t))
            continue;
        n += TEST_BYTES + report_message(a, t).n;
        for (size_t j = 0; j < t->findings.n && j < REPORT_TOP_FINDINGS; j++) {
            const struct report_finding *f = &t->findings.v[j];
            n += FINDING_BYTES + f->message.n + f->actual.n + f->expected.n +
                 f->command.n + (f->excerpt ? f->excerpt->text.n : 0) + f->spot.pointer.n;
        }
    }
    return n;
}

/* Tell of subjects in full on page and as many more parts as they take. */
static void tell(struct plan *p, struct wiki_page *page, struct str title,
                 const struct report_subject *const *v, size_t n)
{
    struct map used = new_headings(p);
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++) {
        const struct report_subject *s = v[i];
        if (s->counts.total == s->counts.not_applicable)
            continue; /* nothing to say */
        size_t more = section_bytes(p->a, s);
        if (page->subjects.n && bytes + more > WIKI_PART_BYTES) {
            struct wiki_page *above = page;
            page = add_part(p, page, title);
            if (above->kind == WIKI_RESOURCES)
                *vec_push(p->a, &page->up->below) = page;
            used = new_headings(p);
            bytes = 0;
        }
        bytes += more;
        *vec_push(p->a, &page->subjects) = s;
        page->rows = (uint32_t)page->subjects.n;
        struct str type = word(p->a, mark_type(s->type), "Resource");
        struct str name = word(p->a, s->name, "");
        p->w->of_subject[s->number] =
            (struct wiki_place){page, heading(p, &used,
                                              str_fmt(p->a, "%.*s%s%.*s", STR_ARG(type),
                                                      name.n ? " " : "", STR_ARG(name)))};
        for (size_t j = 0; j < s->tests.n; j++) {
            const struct report_test *t = s->tests.v[j];
            struct str id = word(p->a, t->check->id, "check");
            if (report_open(t))
                p->w->of_test[t - p->r->tests.v] = (struct wiki_place){
                    page, heading(p, &used,
                                  str_fmt(p->a, "%.*s%s%.*s", STR_ARG(id),
                                          name.n ? " " : "", STR_ARG(name)))};
        }
    }
}

static void plan_resources(struct plan *p, size_t account, struct wiki_page *up)
{
    const struct subjects *list = &p->resources[account];
    if (!list->n)
        return;
    struct str title = titled(p, "Resources", account);
    struct wiki_page *page = add(p, WIKI_RESOURCES, up, title);
    page->account = account_at(p, account);
    *vec_push(p->a, &up->below) = page;
    tell(p, page, title, list->v, list->n);
}

/* Titles of applications: those that would fall together get a hash of the ARN, all but
 * one that is the title's own name letter for letter. */
static struct str *application_titles(struct plan *p)
{
    const struct report *r = p->r;
    struct str *titles = ARENA_ARRAY(p->a, struct str, r->applications.n + 1);
    bool *exact = ARENA_ARRAY(p->a, bool, r->applications.n + 1);
    bool *shared = ARENA_ARRAY(p->a, bool, r->applications.n + 1);
    struct map first = MAP_INIT;
    for (size_t i = 0; i < r->applications.n; i++) {
        const struct report_subject *s = r->applications.v[i].subject;
        struct str name = word(p->a, s->name, "without a name");
        exact[i] = str_eq(name, s->name) && str_eq(name, str_lower(p->a, name));
        titles[i] = str_fmt(p->a, "Application %.*s %.*s %.*s", STR_ARG(name),
                            STR_ARG(word(p->a, s->account, "nowhere")),
                            STR_ARG(word(p->a, s->region, "global")));
        struct str path =
            wiki_path(p->a, p->w->dialect, WIKI_APPLICATION, titles[i], NULL);
        void **slot = map_put(p->a, &first, str_lower(p->a, path));
        if (*slot)
            shared[i] = *(bool *)*slot = true;
        else
            *slot = &shared[i];
    }
    for (size_t i = 0; i < r->applications.n; i++)
        if (shared[i] && !exact[i])
            titles[i] = str_fmt(p->a, "%.*s %.*s", STR_ARG(titles[i]), HASH_DIGITS,
                                digest_hex(p->a, r->applications.v[i].subject->arn).p);
    return titles;
}

static void plan_application(struct plan *p, const struct report_application *app,
                             struct wiki_page *up, struct str title)
{
    struct wiki_page *page = add(p, WIKI_APPLICATION, up, title);
    struct subjects own = {0};
    page->application = app;
    page->account = app->subject->home;
    p->w->of_application[app->number] = page;
    take(page, (const struct report_test *const *)app->attention.v, app->attention.n,
         WIKI_SHORT_ROWS);
    for (size_t i = 1; i < app->subjects.n; i++)
        if (page->resources.n < WIKI_SHORT_ROWS)
            *vec_push(p->a, &page->resources) = app->subjects.v[i];
        else
            page->more_resources++;
    for (size_t i = 0; i < app->subjects.n; i++)
        if (app->subjects.v[i]->tested && app->subjects.v[i]->applications.n == 1)
            *vec_push(p->a, &own) = app->subjects.v[i];
    p->w->of_subject[app->subject->number].page = page;
    tell(p, page, title, own.v, own.n);
}

static void plan_lists(struct plan *p, const struct report_account *account,
                       struct wiki_page *up, size_t index)
{
    struct wiki_page *page = NULL;
    struct str title = titled(p, "Applications", index);
    for (size_t i = 0; i < account->applications.n; i++) {
        if (up->applications.n < WIKI_SHORT_ROWS)
            *vec_push(p->a, &up->applications) = account->applications.v[i];
        else
            up->more_applications++;
    }
    for (size_t i = 0; up->more_applications && i < account->applications.n; i++) {
        if (i % WIKI_SHORT_ROWS == 0) {
            page = page ? add_part(p, page, title) : add(p, WIKI_APPLICATIONS, up, title);
            page->account = account;
            *vec_push(p->a, &up->below) = page;
        }
        *vec_push(p->a, &page->applications) = account->applications.v[i];
        page->rows = (uint32_t)page->applications.n;
    }
}

static void plan_accounts(struct plan *p)
{
    const struct report *r = p->r;
    struct str *titles = application_titles(p);
    struct wiki_page *home = p->w->home, *list = NULL;
    for (size_t i = 0; i < r->accounts.n; i++) {
        if (home->accounts.n < HOME_ROWS)
            *vec_push(p->a, &home->accounts) = &r->accounts.v[i];
        else
            home->more_accounts++;
    }
    for (size_t i = 0; home->more_accounts && i < r->accounts.n; i++) {
        if (i % WIKI_SHORT_ROWS == 0) {
            list = list ? add_part(p, list, STR("Accounts"))
                        : add(p, WIKI_ACCOUNTS, home, STR("Accounts"));
            p->w->accounts = p->w->accounts ? p->w->accounts : list;
        }
        *vec_push(p->a, &list->accounts) = &r->accounts.v[i];
    }
    for (size_t i = 0; i < r->accounts.n; i++) {
        const struct report_account *account = &r->accounts.v[i];
        struct wiki_page *page = add(p, WIKI_ACCOUNT, home, titled(p, "Account", i));
        page->account = account;
        p->w->of_account[i] = page;
        take(page, p->attention[i].v, p->attention[i].n, WIKI_SHORT_ROWS);
        plan_lists(p, account, page, i);
        plan_resources(p, i, page);
        for (size_t j = 0; j < account->applications.n; j++)
            plan_application(p, account->applications.v[j], page,
                             titles[account->applications.v[j]->number]);
    }
    for (size_t i = 0; i < r->applications.n; i++) {
        if (!p->w->of_application[i])
            plan_application(p, &r->applications.v[i], home, titles[i]);
        if (r->applications.n <= HOME_ROWS)
            *vec_push(p->a, &home->applications) = &r->applications.v[i];
    }
    plan_resources(p, r->accounts.n, home);
}

/* The folder of a path, without its last slash. */
static struct str folder_of(struct str path)
{
    size_t slash = str_find_last(path, '/');
    return str_sub(path, 0, slash == (size_t)-1 ? 0 : slash);
}

static void plan_order(struct plan *p)
{
    struct map folders = MAP_INIT;
    size_t n = p->w->pages.n;
    for (size_t i = 0; i < n; i++) {
        struct wiki_page *page = p->w->pages.v[i];
        struct str folder = folder_of(page->path);
        void **slot = map_put(p->a, &folders, folder);
        struct wiki_page *order = *slot;
        if (!order) {
            order = *slot = ARENA_NEW(p->a, struct wiki_page);
            order->kind = WIKI_ORDER;
            order->title = STR("order");
            order->path =
                str_fmt(p->a, "%.*s%s.order", STR_ARG(folder), folder.n ? "/" : "");
            *vec_push(p->a, &p->w->pages) = order;
        }
        *vec_push(p->a, &order->below) = page;
    }
}

struct wiki *wiki_plan(struct arena *a, const struct report *r,
                       const struct wiki_dialect *dialect)
{
    struct wiki *w = ARENA_NEW(a, struct wiki);
    struct plan p = {.a = a, .r = r, .w = w};
    w->report = r;
    w->dialect = dialect;
    w->of_control = ARENA_ARRAY(a, struct wiki_page *, r->controls.n + 1);
    w->of_account = ARENA_ARRAY(a, struct wiki_page *, r->accounts.n + 1);
    w->of_application = ARENA_ARRAY(a, struct wiki_page *, r->applications.n + 1);
    w->of_check = ARENA_ARRAY(a, struct wiki_place, r->checks.n + 1);
    w->of_subject = ARENA_ARRAY(a, struct wiki_place, r->subjects.n + 1);
    w->of_test = ARENA_ARRAY(a, struct wiki_place, r->tests.n + 1);
    w->of_evidence = ARENA_ARRAY(a, struct wiki_place, r->evidence.n + 1);
    sort_by_account(&p);
    w->home = add(&p, WIKI_HOME, NULL, STR("Home"));
    take(w->home, (const struct report_test *const *)r->attention.v, r->attention.n,
         WIKI_WORST);
    plan_findings(&p);
    plan_exceptions(&p);
    plan_evidence(&p);
    plan_controls(&p);
    plan_accounts(&p);
    if (dialect->sidebar) {
        struct wiki_page *bar = add(&p, WIKI_SIDEBAR, NULL, STR("Sidebar"));
        bar->accounts.v = w->home->accounts.v;
        bar->accounts.n = w->home->accounts.n;
        bar->applications.v = w->home->applications.v;
        bar->applications.n = w->home->applications.n;
    }
    if (dialect->order)
        plan_order(&p);
    return w;
}
