/* Areas: what is alike for all applications of an account in one region, worked out once:
 * which trails may record their calls, and what that says of them. */
#include "model/coverage.h"
#include "model/fact.h"

static bool lies_in(const struct area *area, const struct subject *app)
{
    return str_eq(area->region, app->region) && str_eq(area->account, app->account) &&
           str_eq(area->partition, app->partition);
}

static void read_covers(struct arena *a, const struct shared *sh,
                        const struct subject *app, struct area *area)
{
    area->covers = ARENA_ARRAY(a, struct area_cover, sh->ncoverage);
    for (size_t i = 0; i < sh->ncoverage; i++) {
        const struct coverage *c = &sh->coverage[i];
        if (coverage_concerns(sh->m, c, app))
            area->covers[area->ncovers++] =
                (struct area_cover){c, coverage_sure(sh->m, c, app)};
    }
}

static const struct area *read_area(struct arena *a, const struct shared *sh,
                                    const struct subject *app)
{
    struct area *area = ARENA_NEW(a, struct area);
    area->partition = app->partition;
    area->account = app->account;
    area->region = app->region;
    read_covers(a, sh, app, area);
    /* Without evidence of the account each application is asked about by itself. */
    if (account_subject(sh->m, app->account)) {
        struct fact f = {.a = a, .scratch = a, .sh = sh, .m = sh->m, .s = app};
        f.area = area;
        f.facts = json_new_object(a);
        facts_trails(&f);
        area->facts = f.facts;
    }
    return area;
}

void areas_read(struct arena *a, struct shared *sh)
{
    const struct model *m = sh->m;
    while (sh->napplications < m->n && subject_is(m->v[sh->napplications], "application"))
        sh->napplications++; /* they come first */
    sh->areas = ARENA_ARRAY(a, const struct area *, sh->napplications);
    /* They stand by ARN: those of an area together. */
    for (size_t i = 0; i < sh->napplications; i++)
        sh->areas[i] = i && lies_in(sh->areas[i - 1], m->v[i])
                           ? sh->areas[i - 1]
                           : read_area(a, sh, m->v[i]);
}

const struct subject *application_recorder(const struct subject *app, size_t i)
{
    const struct shared *sh = app->model->shared;
    const struct area *area = sh ? sh->areas[app->number] : NULL;
    return area && i < area->ncovers ? area->covers[i].by->subject : NULL;
}
