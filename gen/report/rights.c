/* What the report says of rights: who may touch the applications, and the policies that
 * roles should have. */
#include "report/rights.h"

#include "base/buf.h"
#include "base/threads.h"
#include "model/holders.h"
#include "model/proposal.h"
#include "report/masked.h"

#include <stdlib.h>
#include <string.h>

enum { APPLICATIONS_KEPT = 1000, NAMES_SHOWN = 3 };

static void add_text(struct buf *b, const char *between, struct str s)
{
    buf_z(b, b->n ? between : "");
    buf_str(b, s);
}

static struct str taken(struct arena *a, struct buf *b)
{
    struct str s = buf_dup(a, b);
    buf_free(b);
    return s;
}

static void build_row(struct arena *a, struct report *r, const struct holders_row *from)
{
    struct report_access *to = vec_push(a, &r->access);
    unsigned has = from->what.rights;
    struct buf actions = BUF_INIT;
    for (size_t i = 0; i < from->nactions; i++)
        add_text(&actions, ", ", from->actions[i]);
    *to = (struct report_access){
        .account = from->account,
        .actions = taken(a, &actions),
        .pass = str_from(right_pass_name(from->what.pass)),
        .code = has >> RIGHT_CODE & 1,
        .dashboard = has >> RIGHT_URL & 1,
        .delete = has >> RIGHT_DELETE & 1,
        .write = has >> RIGHT_WRITE & 1,
        .tagging = has >> RIGHT_TAGGING & 1,
        .read = has >> RIGHT_READ & 1,
        .list = has >> RIGHT_LIST & 1,
        .permissions = has >> RIGHT_PERMISSIONS & 1,
        .admin = from->what.admin,
        .conditional = from->what.conditional,
        .all = from->all,
    };
    for (size_t i = 0; i < from->applications.n && i < APPLICATIONS_KEPT; i++)
        vec_push(a, &to->applications)->application =
            &r->subjects.v[from->applications.v[i]->number];
    to->more_applications = (uint32_t)(from->applications.n - to->applications.n);
    for (size_t i = 0; i < from->who.n && i < REPORT_HOLDERS; i++)
        *vec_push(a, &to->holders) = (struct report_holder){
            .arn = from->who.v[i].subject->arn,
            .name = from->who.v[i].subject->name,
            .kind = str_from(from->who.v[i].subject->type),
            .via = str_dup(a, from->who.v[i].via),
            .members = (uint32_t)from->who.v[i].members,
        };
    to->more_holders = (uint32_t)(from->who.n - to->holders.n);
}

void report_build_access(struct arena *a, struct report *r, const struct model *m)
{
    struct arena *own = arena_new(); /* far more rows than are kept */
    const struct holders *h = model_holders(own, m);
    size_t accounts = 0;
    for (size_t i = 0; i < h->rows.n; i++)
        accounts += !i || !str_eq(h->rows.v[i].account, h->rows.v[i - 1].account);
    size_t most = accounts ? REPORT_ACCESS / accounts + 1 : 0, kept = 0;
    for (size_t i = 0; i < h->rows.n; i++) {
        if (i && !str_eq(h->rows.v[i].account, h->rows.v[i - 1].account))
            kept = 0;
        if (kept++ < most)
            build_row(a, r, &h->rows.v[i]);
        else
            r->access_more++;
    }
    arena_free(own);
}

/* A role with something to mend, and how grave it is. */
struct candidate {
    const struct subject *role;
    unsigned gravity;
};

static int by_gravity(const void *p, const void *q)
{
    const struct candidate *x = p, *y = q;
    if (x->gravity != y->gravity)
        return x->gravity > y->gravity ? -1 : 1;
    return x->role->number < y->role->number ? -1 : x->role->number > y->role->number;
}

static struct candidate *candidates(struct arena *a, const struct assessment *as,
                                    size_t *n)
{
    static const unsigned weights[] = {[SEVERITY_INFO] = 0,
                                       [SEVERITY_LOW] = 1,
                                       [SEVERITY_MEDIUM] = 10,
                                       [SEVERITY_HIGH] = 100,
                                       [SEVERITY_CRITICAL] = 1000};
    unsigned *sums = ARENA_ARRAY(a, unsigned, as->model->n + 1);
    struct candidate *v = ARENA_ARRAY(a, struct candidate, as->model->n + 1);
    for (size_t i = 0; i < as->n; i++) {
        const struct test *t = &as->tests[i];
        if (t->result == RESULT_FAIL && strcmp(t->subject->type, "role") == 0)
            sums[t->subject->number] += weights[t->check->severity];
    }
    *n = 0;
    for (size_t i = 0; i < as->model->n; i++)
        if (sums[i])
            v[(*n)++] = (struct candidate){as->model->v[i], sums[i]};
    if (*n)
        qsort(v, *n, sizeof *v, by_gravity);
    return v;
}

/* Line by line, as excerpts are. */
static struct str masked(struct arena *a, struct masked_lines *lines, struct str diff)
{
    struct buf all = BUF_INIT;
    struct str rest = str_dup(lines->a, diff), line;
    while (rest.n) {
        str_cut(rest, '\n', &line, &rest);
        buf_str(&all, masked_line(lines, line));
        buf_c(&all, '\n');
    }
    return taken(a, &all);
}

/* Roles whose proposals are made side by side. */
struct batch {
    struct report *r;
    const struct assessment *as;
    const struct candidate *roles;
    struct report_proposal *made; /* one for each; without a role: nothing to propose */
    struct arena **arenas;        /* of the workers: what stays */
    struct arena **works;
    struct masked_lines *lines;
};

static void propose(void *ctx, size_t item, unsigned worker)
{
    const struct batch *b = ctx;
    const struct subject *role = b->roles[item].role;
    struct arena *a = b->arenas[worker];
    struct proposal *p;
    struct str diff = proposal_diff_of(b->works[worker], b->as->model, role, &p);
    struct buf unproved = BUF_INIT, unknown = BUF_INIT;
    const struct minimal *both[] = {p->permissions, p->trust};
    for (size_t k = 0; diff.n && k < 2; k++)
        for (size_t i = 0; i < both[k]->nunproved; i++)
            add_text(&unproved, "; ", both[k]->unproved[i]);
    for (size_t i = 0; i < p->ndoubts; i++)
        add_text(&unknown, "; ", str_from(p->doubts[i]));
    struct buf command = BUF_INIT;
    buf_z(&command, "kdaudit policy EVIDENCE --role ");
    buf_shell(&command, role->arn);
    buf_z(&command, " -o proposal");
    if (diff.n)
        b->made[item] = (struct report_proposal){
            .role = &b->r->subjects.v[role->number],
            .diff = masked(a, &b->lines[worker], diff),
            .not_known = buf_dup(a, &unknown),
            .unproved = buf_dup(a, &unproved),
            .command = buf_dup(a, &command),
        };
    buf_free(&unproved);
    buf_free(&unknown);
    buf_free(&command);
    arena_rewind(b->works[worker]);
}

void report_build_proposals(struct arena *a, struct report *r,
                            const struct assessment *as, unsigned threads)
{
    size_t n;
    if (!as->model->shared || !as->model->shared->actions)
        return;
    struct arena *work = arena_new();
    struct candidate *v = candidates(work, as, &n);
    struct batch b = {.r = r, .as = as};
    b.arenas = arena_new_workers(a, threads);
    b.works = arena_new_workers(work, threads);
    b.lines = masked_lines_new(work, threads);
    for (size_t i = 0; i < n && r->proposals.n < REPORT_PROPOSALS;) {
        size_t room = REPORT_PROPOSALS - r->proposals.n;
        size_t many = n - i < room ? n - i : room;
        b.roles = v + i;
        b.made = ARENA_ARRAY(work, struct report_proposal, many);
        threads_for(many, threads, propose, &b);
        for (size_t k = 0; k < many; k++)
            if (b.made[k].role)
                *vec_push(a, &r->proposals) = b.made[k];
        i += many;
    }
    masked_lines_free(b.lines, threads);
    arena_free(work);
}

void report_rights_finish(struct arena *a, struct report *r)
{
    struct map accounts = MAP_INIT;
    for (size_t i = 0; i < r->accounts.n; i++)
        *map_put(a, &accounts, r->accounts.v[i].id) = &r->accounts.v[i];
    for (size_t i = 0; i < r->access.n; i++) {
        const struct report_access *row = &r->access.v[i];
        struct report_account *account = map_get(&accounts, row->account);
        if (account)
            *vec_push(a, &account->access) = row;
        for (size_t k = 0; row->all && account && k < account->applications.n; k++)
            *vec_push(
                a, &((struct report_application *)account->applications.v[k])->access) =
                row;
        for (size_t k = 0; k < row->applications.n; k++) {
            const struct report_subject *s = row->applications.v[k].application;
            if (s && s->application)
                *vec_push(a, &s->application->access) = row;
        }
    }
    for (size_t i = 0; i < r->proposals.n; i++) {
        const struct report_proposal *p = &r->proposals.v[i];
        struct report_account *account = map_get(&accounts, p->role->account);
        ((struct report_subject *)p->role)->proposal = p;
        if (account)
            *vec_push(a, &account->proposals) = p;
    }
}

struct str derive_access_held(struct arena *a, const void *thing)
{
    (void)a;
    return ((const struct report_access *)thing)->conditional ? STR("if") : STR("yes");
}

struct str derive_access_rights(struct arena *a, const void *thing)
{
    const struct report_access *r = thing;
    const bool has[] = {r->code,    r->dashboard, r->delete, r->write,
                        r->tagging, r->read,      r->list,   r->permissions};
    struct buf b = BUF_INIT;
    for (int i = 0; i < RIGHTS; i++)
        if (has[i])
            add_text(&b, ", ", str_from(right_name((enum right)i)));
    return taken(a, &b);
}

struct str derive_access_via(struct arena *a, const void *thing)
{
    const struct report_access *r = thing;
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < r->holders.n; i++) {
        bool have = false;
        for (size_t k = 0; k < i && !have; k++)
            have = str_eq(r->holders.v[k].via, r->holders.v[i].via);
        if (!have)
            add_text(&b, ", ", r->holders.v[i].via);
    }
    return taken(a, &b);
}

struct str derive_access_where(struct arena *a, const void *thing)
{
    const struct report_access *r = thing;
    struct buf b = BUF_INIT;
    if (r->all)
        return STR("all of the account");
    for (size_t i = 0; i < r->applications.n && i < NAMES_SHOWN; i++)
        add_text(&b, ", ", r->applications.v[i].application->name);
    size_t all = (size_t)r->applications.n + r->more_applications;
    if (all > NAMES_SHOWN)
        buf_fmt(&b, " and %zu more", all - NAMES_SHOWN);
    return taken(a, &b);
}

struct str derive_access_who(struct arena *a, const void *thing)
{
    const struct report_access *r = thing;
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < r->holders.n && i < NAMES_SHOWN; i++) {
        add_text(&b, ", ", r->holders.v[i].kind);
        buf_c(&b, ' ');
        buf_str(&b, r->holders.v[i].name);
    }
    size_t all = (size_t)r->holders.n + r->more_holders;
    if (all > NAMES_SHOWN)
        buf_fmt(&b, " and %zu more", all - NAMES_SHOWN);
    return taken(a, &b);
}

bool derive_holder_group(const void *thing)
{
    return str_eq(((const struct report_holder *)thing)->kind, STR("group"));
}

struct str derive_proposal_anchor(struct arena *a, const void *thing)
{
    const struct report_proposal *p = thing;
    return str_fmt(a, "policy-%012llx",
                   (unsigned long long)(str_hash(p->role->arn) & 0xFFFFFFFFFFFFu));
}

bool derive_proposal_proved(const void *thing)
{
    return !((const struct report_proposal *)thing)->unproved.n;
}

size_t derive_proposal_lines(struct arena *a, const void *thing, void **items)
{
    const struct report_proposal *p = thing;
    VEC(struct report_diff_line) v = {0};
    struct str rest = p->diff, line;
    while (rest.n) {
        str_cut(rest, '\n', &line, &rest);
        bool head = str_starts(line, STR("--- ")) || str_starts(line, STR("+++ ")) ||
                    str_starts(line, STR("@@ ")) || str_starts(line, STR("# "));
        *vec_push(a, &v) =
            (struct report_diff_line){line, !head && str_starts(line, STR("+")),
                                      !head && str_starts(line, STR("-")), head};
    }
    *items = v.v;
    return v.n;
}

size_t derive_application_top_access(struct arena *a, const void *thing, void **items)
{
    const struct report_application *app = thing;
    size_t n = app->access.n < REPORT_TOP_ACCESS ? app->access.n : REPORT_TOP_ACCESS;
    struct report_access *v = ARENA_ARRAY(a, struct report_access, n + 1);
    for (size_t i = 0; i < n; i++)
        v[i] = *app->access.v[i];
    *items = v;
    return n;
}

size_t derive_report_top_access(struct arena *a, const void *thing, void **items)
{
    (void)a;
    const struct report *r = thing;
    *items = r->access.v;
    return r->access.n < REPORT_TOP_ACCESS ? r->access.n : REPORT_TOP_ACCESS;
}

size_t derive_report_top_proposals(struct arena *a, const void *thing, void **items)
{
    (void)a;
    const struct report *r = thing;
    *items = r->proposals.v;
    return r->proposals.n < REPORT_TOP_PROPOSALS ? r->proposals.n : REPORT_TOP_PROPOSALS;
}
