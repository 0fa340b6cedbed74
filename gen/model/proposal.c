/* The policies that a role should have, beside those that it has. */
#include "model/proposal.h"

#include "base/buf.h"
#include "base/unified.h"
#include "json/write.h"

#include <string.h>

#define SERVICE "kinesisanalytics.amazonaws.com"

/* IAM and STS quotas (IAM User Guide, 2026): characters of one managed policy, and how
 * many of them a role may have. */
enum { MANAGED_CHARS = 6144, MANAGED_MOST = 10, CAUSES_SHOWN = 3 };

static void doubt(struct proposal *p, const char *clause)
{
    for (size_t i = 0; i < p->ndoubts; i++)
        if (strcmp(p->doubts[i], clause) == 0)
            return;
    if (p->ndoubts < sizeof p->doubts / sizeof *p->doubts)
        p->doubts[p->ndoubts++] = clause;
}

/* One application of several: its needs alone. */
static void only_for(struct arena *a, struct proposal *p, const struct fact *f,
                     const struct subject *app)
{
    struct rights *r = p->rights;
    const struct subject **one = ARENA_ARRAY(a, const struct subject *, 1);
    bool described;
    one[0] = app;
    p->apps = one;
    p->napps = 1;
    if (r->napps == 1 && r->apps[0] == app)
        return;
    struct need_app *need = ARENA_NEW(a, struct need_app);
    *need = rights_app(f, app, p->role, &described);
    r->undescribed = described ? NULL : app;
    r->needs = needs_of(r->iam, need);
    r->comparison =
        described ? compare_needs(r->iam, r->effective, r->needs, false) : NULL;
    /* Whose use it was cannot be told apart. */
    r->proposal.nused = 0;
}

/* "excess: s3:DeleteBucket and 12 more; overbroad: s3:GetObject" */
static struct str why_of(struct arena *a, const struct comparison *c,
                         const struct policy_statement *st)
{
    struct buf b = BUF_INIT;
    size_t shown = 0;
    for (size_t i = 0; i < c->n && shown < CAUSES_SHOWN; i++) {
        const struct compare_row *r = &c->v[i];
        if (r->st != st || r->verdict == COMPARE_FITS)
            continue;
        size_t n = action_set_count(&r->actions) + action_set_nothers(&r->actions),
               named = 0;
        buf_fmt(&b, "%s%s: ", shown++ ? "; " : "", compare_verdict_name(r->verdict));
        for (size_t k = 0; k < 3 && r->worst[k].n; k++, named++) {
            buf_z(&b, k ? ", " : "");
            buf_str(&b, r->worst[k]);
        }
        if (n > named)
            buf_fmt(&b, " and %zu more", n - named);
    }
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

static void read_fates(struct arena *a, struct proposal *p)
{
    VEC(struct proposal_fate) v = {0};
    const struct identity *id = p->rights->identity;
    for (size_t i = 0; i < id->held.n; i++) {
        const struct policy *policy = id->held.v[i].policy;
        bool boundary = strcmp(id->held.v[i].kind, "boundary") == 0;
        for (size_t k = 0; policy && !boundary && k < policy->nstatements; k++) {
            const struct policy_statement *st = &policy->statements[k];
            if (st->broken || st->effect != POLICY_ALLOW)
                continue;
            *vec_push(a, &v) =
                (struct proposal_fate){st, minimal_fate_of(p->rights->comparison, st),
                                       why_of(a, p->rights->comparison, st)};
        }
    }
    p->fates = v.v;
    p->nfates = v.n;
}

/* What a boundary does not allow, no policy of the role can grant. */
static bool bounded_away(const struct rights *r)
{
    for (size_t i = 0; i < r->identity->held.n; i++) {
        const struct held *h = &r->identity->held.v[i];
        if (strcmp(h->kind, "boundary") != 0 || !h->policy || h->policy->faulty)
            continue;
        struct effective_input in = {&h->policy, 1, false, NULL, 0};
        struct effective *e = effective_grants(r->iam, &in);
        for (size_t k = 0; k < r->needs->n; k++)
            if (r->needs->v[k].must && need_missing(r->needs, &r->needs->v[k], e))
                return true;
    }
    return false;
}

static void read_doubts(struct proposal *p)
{
    const struct rights *r = p->rights;
    if (bounded_away(r))
        doubt(p, "the role's permissions boundary does not allow all that is needed: "
                 "widen it, or the proposal has no effect there");
    if (r->effective->incomplete)
        doubt(p, "some policy of the role is not in evidence or cannot be read: its "
                 "Denies are not kept, and what is needed may be granted already");
    if (!r->needs->accounted)
        doubt(p, "the configuration does not account for all that the code reads and "
                 "writes: add what it opens beside it");
    if (!r->use_known)
        doubt(p, "no evidence of what the role used: rights that only the code asks for "
                 "are not seen");
}

static void propose(struct arena *a, struct proposal *p)
{
    struct rights *r = p->rights;
    struct str *arns = ARENA_ARRAY(a, struct str, p->napps + 1);
    p->permissions = minimal_policy(r->iam, r->needs, r->effective, &r->proposal);
    if (p->permissions->ndocuments > 1) {
        /* The quota of inline policies is one for all of them together. */
        r->proposal.max_chars = MANAGED_CHARS;
        p->managed = true;
        p->permissions = minimal_policy(r->iam, r->needs, r->effective, &r->proposal);
    }
    if (p->permissions->ndocuments > MANAGED_MOST)
        doubt(p, "it takes more than 10 managed policies, which is as many as a role may "
                 "have unless AWS allows more");
    for (size_t i = 0; i < p->napps; i++)
        arns[i] = p->apps[i]->arn;
    p->trust = minimal_trust(r->iam, arns, p->napps, STR(SERVICE));
    struct str *names = ARENA_ARRAY(a, struct str, p->permissions->ndocuments);
    for (size_t i = 0; i < p->permissions->ndocuments; i++)
        names[i] = i ? str_fmt(a, "%.*s-minimal-%zu", STR_ARG(p->role->name), i + 1)
                     : str_fmt(a, "%.*s-minimal", STR_ARG(p->role->name));
    p->names = names;
}

static struct proposal *make(struct arena *a, const struct model *m, struct iam *x,
                             const struct subject *role, const struct subject *app,
                             bool only_must)
{
    struct proposal *p = ARENA_NEW(a, struct proposal);
    struct fact f = {.a = a, .scratch = a, .iam = x, .sh = m->shared, .m = m, .s = role};
    p->role = role;
    p->rights = rights_read(&f, role, 0);
    p->apps = p->rights->apps;
    p->napps = p->rights->napps;
    if (app)
        only_for(a, p, &f, app);
    p->undescribed = p->rights->undescribed;
    if (p->undescribed || !p->napps || !p->rights->comparison)
        return p;
    p->rights->proposal.only_must = only_must;
    read_doubts(p);
    propose(a, p);
    read_fates(a, p);
    return p;
}

struct proposal *proposal_make(struct arena *a, const struct model *m, struct str actions,
                               const struct subject *role, const struct subject *app,
                               bool only_must, struct diag *dx)
{
    struct iam *x = model_iam(a, m, actions, dx);
    return x ? make(a, m, x, role, app, only_must) : NULL;
}

struct str proposal_diff_of(struct arena *a, const struct model *m,
                            const struct subject *role, struct proposal **out)
{
    struct desk *desk;
    struct iam *x = fact_iam_lend(m->shared, a, &desk);
    *out = make(a, m, x, role, NULL, false);
    struct str diff = proposal_diff(a, *out);
    fact_iam_return(m->shared, desk);
    (*out)->rights->iam = NULL;
    return diff;
}

static struct str indented(struct arena *a, const struct json *n)
{
    struct buf b = BUF_INIT;
    json_write(&b, n, true, false);
    if (b.n && b.p[b.n - 1] != '\n')
        buf_c(&b, '\n');
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

static struct str file_name(struct arena *a, struct str role, struct str policy)
{
    return str_fmt(a, "%.*s/%.*s.json", STR_ARG(role), STR_ARG(policy));
}

static void detach(struct buf *out, const struct held *h)
{
    buf_z(out, "# detach ");
    buf_str(out, h->arn.n ? h->arn : h->name);
    buf_z(out, h->aws ? " (managed by AWS)\n" : "\n");
}

static void diff_trust(struct arena *a, struct buf *out, const struct proposal *p)
{
    struct fact f = {.a = a, .scratch = a, .m = p->role->model};
    const struct exhibit *x;
    struct str pointer, old = STR(""), name = STR("");
    const struct json *n =
        identity_member(&f, p->role, "AssumeRolePolicyDocument", &x, &pointer);
    if (n) {
        struct policy_source s = {
            .text = &x->doc->text, .pointer = pointer, .node = n, .kind = POLICY_TRUST};
        const struct policy *now = policy_read(a, &s);
        old = now->root ? indented(a, now->root) : STR("");
        name = file_name(a, p->role->name, STR("trust"));
    }
    unified_diff(out, name, old, file_name(a, p->role->name, STR("trust")),
                 p->trust->texts[0]);
}

struct str proposal_diff(struct arena *a, const struct proposal *p)
{
    struct buf out = BUF_INIT;
    size_t next = 0;
    if (!p->permissions)
        return STR("");
    const struct identity *id = p->rights->identity;
    for (size_t i = 0; i < id->held.n; i++)
        if (strcmp(id->held.v[i].kind, "managed") == 0)
            detach(&out, &id->held.v[i]);
    for (size_t i = 0; i < id->held.n; i++) {
        const struct held *h = &id->held.v[i];
        bool editable = strcmp(h->kind, "boundary") != 0 && !h->aws;
        if (!editable || !h->policy || !h->policy->root)
            continue;
        bool paired = next < p->permissions->ndocuments;
        unified_diff(&out, file_name(a, p->role->name, h->name),
                     indented(a, h->policy->root),
                     paired ? file_name(a, p->role->name, p->names[next]) : STR(""),
                     paired ? p->permissions->texts[next] : STR(""));
        next += paired;
    }
    for (; next < p->permissions->ndocuments; next++)
        unified_diff(&out, STR(""), STR(""), file_name(a, p->role->name, p->names[next]),
                     p->permissions->texts[next]);
    diff_trust(a, &out, p);
    struct str s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}
