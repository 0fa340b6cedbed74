/* Who holds which rights over applications: as facts, and as rows that take identities
 * with the same rights together. */
#include "model/changers.h"

#include "base/buf.h"
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

enum { DOUBTS_SHOWN = 20 };

#define DETAILS "iam:GetAccountAuthorizationDetails"

static const char *const right_names[RIGHTS] = {
    "code", "url", "delete", "write", "tagging", "read", "list", "permissions"};

const char *right_name(enum right r)
{
    return right_names[r];
}

const char *right_pass_name(enum right_pass p)
{
    static const char *const names[] = {"none", "own", "named", "any"};
    return names[p];
}

static bool reaches(const struct reach *r, struct str arn)
{
    if (!arn_matches(&r->r, arn))
        return false;
    for (size_t i = 0; i < r->nexcept; i++)
        if (arn_matches(&r->except[i], arn))
            return false;
    return true;
}

/* What its Denies leave of a grant that reaches arn. */
static uint64_t left(const struct reach *r, struct str arn)
{
    uint64_t actions = r->actions;
    for (size_t i = 0; i < r->nrefusals; i++) {
        const struct refusal *no = &r->refusals[i];
        bool named = false;
        for (size_t k = 0; k < no->n; k++)
            named = named || arn_matches(&no->r[k], arn);
        actions &= named != no->all_but ? ~no->actions : ~UINT64_C(0);
    }
    return actions;
}

/* Just the application's role, roles by name or pattern, or any? */
static enum right_pass pass_of(const struct changer *c, struct str role)
{
    enum right_pass p = PASS_NONE;
    for (size_t i = 0; i < c->passes.n; i++) {
        const struct reach *r = &c->passes.v[i];
        enum right_pass one = r->any                            ? PASS_ANY
                              : role.n && str_eq(r->text, role) ? PASS_OWN
                                                                : PASS_NAMED;
        p = one > p ? one : p;
    }
    return p;
}

static struct str role_of(const struct subject *app)
{
    for (size_t i = 0; i < app->links.n; i++)
        if (strcmp(app->links.v[i].name, "role") == 0)
            return app->links.v[i].to->arn;
    return STR("");
}

/* What c holds over the application; false: nothing. */
static bool hold(const struct calls *calls, const struct changer *c, struct str arn,
                 struct str role, struct holding *h)
{
    uint64_t sure = 0;
    *h = (struct holding){.who = c->s,
                          .admin = c->admin,
                          .everywhere = c->everywhere,
                          .members = c->members};
    for (size_t i = 0; i < c->grants.n; i++) {
        const struct reach *r = &c->grants.v[i];
        uint64_t calls_left = reaches(r, arn) ? left(r, arn) : 0;
        h->calls |= calls_left;
        sure |= r->conditional ? 0 : calls_left;
    }
    for (size_t i = 0; i < calls->n; i++)
        if (h->calls >> i & 1)
            h->rights |= 1U << calls->right[i];
    h->conditional = !sure;
    h->rights |= c->admin ? 1U << RIGHT_PERMISSIONS : 0;
    h->pass = pass_of(c, role);
    return h->calls != 0;
}

static void add_name(struct fact *f, struct json *list, struct str name)
{
    for (const struct json *n = json_first(list); n; n = json_next(n))
        if (str_eq(json_str(n), name))
            return;
    json_push(list, json_new_str(f->a, name));
}

static uint64_t lowest(uint64_t bits)
{
    return bits & (~bits + 1);
}

struct json *changer_item(struct fact *f, const struct changer *c, struct str arn,
                          struct str role)
{
    const struct calls *calls = f->sh->calls;
    const struct reach *first = NULL;
    struct holding held, *h = &held;
    if (!hold(calls, c, arn, role, h))
        return NULL;
    struct json *o = json_new_object(f->a);
    struct json *names = json_new_array(f->a), *via = json_new_array(f->a);
    struct json *rights = json_new_array(f->a), *passes = json_new_array(f->a);
    for (size_t i = 0; i < c->grants.n; i++) {
        const struct reach *r = &c->grants.v[i];
        if (!reaches(r, arn) || !left(r, arn))
            continue;
        /* The place to look at: where the gravest right comes from. */
        if (!first || lowest(r->actions) < lowest(first->actions))
            first = r;
        add_name(f, via, r->policy);
    }
    for (size_t i = 0; i < calls->n; i++)
        if (h->calls >> i & 1)
            json_push(names, json_new_str(f->a, calls->v[i]->name));
    const char *level = NULL;
    for (int r = 0; r < RIGHTS; r++)
        if (h->rights >> r & 1) {
            level = level ? level : right_names[r];
            json_push(rights, json_new_str(f->a, str_from(right_names[r])));
        }
    for (size_t i = 0; i < c->passes.n; i++)
        add_name(f, passes, c->passes.v[i].text);
    fact_str(f, o, "identity", c->s->arn);
    fact_str(f, o, "name", c->s->name);
    fact_z(f, o, "kind", c->s->type);
    json_set_literal(o, "actions", names);
    fact_z(f, o, "level", level);
    json_set_literal(o, "rights", rights);
    fact_z(f, o, "pass_role", right_pass_name(h->pass));
    json_set_literal(o, "passes", passes);
    json_set_literal(o, "via", via);
    fact_bool(f, o, "admin", c->admin);
    fact_bool(f, o, "all_applications", c->everywhere);
    fact_bool(f, o, "conditional", h->conditional);
    fact_num(f, o, "members", (double)c->members);
    fact_at_known(f, o, first->doc, first->pointer, first->pos);
    return o;
}

/* Groups speak through their users. */
static bool changes(const struct json *item)
{
    static const char *const not [] = {"read", "list", "permissions"};
    struct str level = json_str(json_get(item, STR("level")));
    for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
        if (str_eq(level, str_from(not [i])))
            return false;
    return !str_eq(json_str(json_get(item, STR("kind"))), STR("group"));
}

/* Identities of which it is not known what they may do. */
static void doubts(struct fact *f)
{
    const struct changers *list = map_get(&f->sh->doubts, f->s->account);
    static const char *const about[] = {"changers", "holders"};
    for (size_t i = 0; list && i < list->v.n && i < DOUBTS_SHOWN; i++) {
        const struct changer *c = list->v.v[i];
        struct str what = str_fmt(f->a, "%s %.*s may hold more rights over it: %.*s",
                                  c->s->type, STR_ARG(c->s->name), STR_ARG(c->doubt));
        for (size_t k = 0; k < 2; k++)
            fact_undecided(f, about[k], NULL, STR(""), what);
    }
}

void facts_changers(struct fact *f)
{
    struct json *holders = fact_list(f, "holders"), *list = fact_list(f, "changers");
    const struct exhibit *x = account_exhibit(f->m, f->s->account, DETAILS, STR(""));
    if (!f->iam)
        return;
    if (!x || !x->node) {
        const struct subject *account = account_subject(f->m, f->s->account);
        if (!account)
            return;
        fact_unknown(f, "changers", account, DETAILS, STR(""),
                     "who may change the application is not in evidence");
        fact_unknown(f, "holders", account, DETAILS, STR(""),
                     "who may touch the application is not in evidence");
        return;
    }
    const struct part *unread = map_get(&f->sh->unread, f->s->account);
    static const char *const about[] = {"changers", "holders"};
    for (size_t i = 0; unread && i < 2; i++)
        fact_invalid(f, about[i], unread->doc, unread->pointer,
                     STR("a policy of an identity of the account cannot be read, so that "
                         "it may grant rights over the application"));
    struct str role = role_of(f->s);
    struct changers near = changers_near(f->scratch, f->sh, f->s);
    doubts(f);
    for (size_t i = 0; i < near.v.n; i++) {
        const struct changer *c = near.v.v[i];
        struct json *o =
            c->item ? json_new_ref(f->a, c->item) : changer_item(f, c, f->s->arn, role);
        if (!o)
            continue;
        json_push(holders, o);
        if (changes(o))
            json_push(list, json_new_ref(f->a, o));
    }
}

/* Applications over which one identity holds the same rights. */
struct share {
    struct holding what;
    struct str account, via;
    VEC(const struct subject *) applications; /* none: all of the account */
};

struct table {
    struct arena *a, *work; /* work: of one application */
    const struct shared *sh;
    VEC(struct share *) shares;
    struct map by_right; /* identity and rights -> struct share */
    struct map rows;     /* rights and applications -> number of a row, a size_t */
    struct holders *out;
};

/* What must be the same for two identities to share a row. */
struct likeness {
    uint64_t calls;
    uint32_t who, rights, pass, flags;
};

static struct likeness likeness_of(const struct holding *h, size_t who)
{
    return (struct likeness){h->calls, (uint32_t)who, h->rights, (uint32_t)h->pass,
                             (uint32_t)h->admin * 2 + h->conditional};
}

/* The policies that give c what it holds. */
static struct str via_of(struct arena *a, const struct changer *c, struct str arn)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < c->grants.n; i++) {
        struct str name = c->grants.v[i].policy;
        if (!reaches(&c->grants.v[i], arn) || str_has(buf_view(&b), name))
            continue;
        buf_z(&b, b.n ? ", " : "");
        buf_str(&b, name);
    }
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

static struct share *share_for(struct table *t, const struct changer *c,
                               const struct holding *h, const struct subject *app,
                               struct str account)
{
    bool all = !app;
    struct likeness like = likeness_of(h, h->who->number);
    like.flags += all ? 4 : 0;
    struct str key = {(const char *)&like, sizeof like};
    void **slot = map_put_copy(t->a, &t->by_right, key);
    struct share *s = *slot;
    if (s)
        return s;
    s = *slot = ARENA_NEW(t->a, struct share);
    s->what = *h;
    s->account = account;
    s->via = via_of(t->a, c, app ? app->arn : STR("*"));
    *vec_push(t->a, &t->shares) = s;
    return s;
}

/* Those whose rights do not depend on the application: once for an account. */
static void share_all(struct table *t, struct str account)
{
    const struct changers *list = changers_of(t->a, t->sh, account);
    struct holding h;
    for (size_t i = 0; list && i < list->v.n; i++)
        if (list->v.v[i]->item && hold(t->sh->calls, list->v.v[i], STR("*"), STR(""), &h))
            share_for(t, list->v.v[i], &h, NULL, account);
}

static void share_some(struct table *t, const struct subject *app)
{
    struct changers near = changers_near(t->work, t->sh, app);
    struct str role = role_of(app);
    for (size_t i = 0; i < near.v.n; i++) {
        const struct changer *c = near.v.v[i];
        struct holding h;
        if (!c->item && hold(t->sh->calls, c, app->arn, role, &h))
            *vec_push(t->a, &share_for(t, c, &h, app, app->account)->applications) = app;
    }
}

static struct holders_row *row_for(struct table *t, const struct share *s)
{
    struct buf key = BUF_INIT;
    struct likeness like = likeness_of(&s->what, 0);
    buf_str(&key, s->account);
    buf_str(&key, (struct str){(const char *)&like, sizeof like});
    for (size_t i = 0; i < s->applications.n; i++)
        buf_str(&key, (struct str){(const char *)&s->applications.v[i]->number,
                                   sizeof s->applications.v[i]->number});
    void **slot = map_put_copy(t->a, &t->rows, buf_view(&key));
    size_t *number = *slot; /* rows move as they grow */
    if (!number) {
        number = *slot = ARENA_NEW(t->a, size_t);
        *number = t->out->rows.n;
        struct holders_row *row = vec_push(t->a, &t->out->rows);
        *row = (struct holders_row){
            .account = s->account, .what = s->what, .all = !s->applications.n};
        for (size_t i = 0; i < s->applications.n; i++)
            *vec_push(t->a, &row->applications) = s->applications.v[i];
    }
    buf_free(&key);
    return &t->out->rows.v[*number];
}

static void name_actions(struct table *t, struct holders_row *row)
{
    const struct calls *calls = t->sh->calls;
    size_t n = (size_t)__builtin_popcountll(row->what.calls);
    struct str *v = ARENA_ARRAY(t->a, struct str, n);
    for (size_t i = 0; i < calls->n; i++)
        if (row->what.calls >> i & 1)
            v[row->nactions++] = calls->v[i]->name;
    row->actions = v;
}

/* Bits the other way round: the gravest right weighs most. */
static unsigned weight(unsigned rights)
{
    unsigned w = 0;
    for (int r = 0; r < RIGHTS; r++)
        w = w << 1 | (rights >> r & 1);
    return w;
}

static int by_weight(const void *p, const void *q)
{
    const struct holders_row *x = p, *y = q;
    int order = str_cmp(x->account, y->account);
    if (order)
        return order;
    unsigned wx = weight(x->what.rights), wy = weight(y->what.rights);
    if (wx != wy)
        return wx < wy ? 1 : -1;
    if (x->all != y->all)
        return x->all ? -1 : 1;
    size_t nx = x->who.v[0].subject->number, ny = y->who.v[0].subject->number;
    if (nx != ny)
        return nx < ny ? -1 : 1;
    return x->what.calls < y->what.calls ? 1 : x->what.calls > y->what.calls ? -1 : 0;
}

struct holders *model_holders(struct arena *a, const struct model *m)
{
    struct table t = {.a = a, .sh = m->shared, .out = ARENA_NEW(a, struct holders)};
    struct map seen = MAP_INIT;
    if (!t.sh || !t.sh->calls)
        return t.out;
    t.work = arena_new();
    for (size_t i = 0; i < m->n; i++) {
        const struct subject *s = m->v[i];
        if (strcmp(s->type, "application") != 0)
            continue;
        void **known = map_put(a, &seen, s->account);
        if (!*known)
            share_all(&t, s->account);
        *known = t.out;
        share_some(&t, s);
        arena_rewind(t.work);
    }
    arena_free(t.work);
    for (size_t i = 0; i < t.shares.n; i++)
        *vec_push(a, &row_for(&t, t.shares.v[i])->who) = (struct holder){
            t.shares.v[i]->what.who, t.shares.v[i]->via, t.shares.v[i]->what.members};
    for (size_t i = 0; i < t.out->rows.n; i++)
        name_actions(&t, &t.out->rows.v[i]);
    if (t.out->rows.n)
        qsort(t.out->rows.v, t.out->rows.n, sizeof *t.out->rows.v, by_weight);
    return t.out;
}
