/* One request against all policies that bear on it. */
#include "iam/evaluate.h"

#include "iam/narrow.h"

const char *evaluate_verdict_name(enum evaluate_verdict v)
{
    static const char *const names[] = {"allowed", "explicitly denied",
                                        "implicitly denied", "depends"};
    return names[v];
}

struct work {
    struct iam *x;
    const struct evaluate_request *q;
    const struct evaluate_policies *p;
    struct request_context ctx;
    struct principal who;
    struct str account; /* of the principal */
    struct evaluation *out;
};

static bool only_stars(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '*')
            return false;
    return s.n > 0;
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* Do they differ before the first wildcard? Nearly all do, in the first few letters. */
static bool differ(struct str text, struct str action)
{
    for (size_t i = 0; i < text.n && text.p[i] != '*' && text.p[i] != '?'; i++)
        if (i >= action.n || lower(text.p[i]) != lower(action.p[i]))
            return true;
    return false;
}

bool evaluate_action(struct str text, struct str action)
{
    if (differ(text, action))
        return false;
    struct str prefix, name, want, have;
    bool colon = str_cut(text, ':', &prefix, &name);
    if (only_stars(prefix) && (!colon || only_stars(name)))
        return true;
    if (!colon || !str_cut(action, ':', &want, &have) || !str_eq_nocase(prefix, want))
        return false;
    char small[2][256];
    if (name.n > sizeof small[0] || have.n > sizeof small[1])
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (c == ' ' || c == '\t' || c == ',' || c == '\n' || c == '\r')
            return false;
        small[0][i] = lower(c);
    }
    for (size_t i = 0; i < have.n; i++)
        small[1][i] = lower(have.p[i]);
    return str_glob((struct str){small[0], name.n}, (struct str){small[1], have.n});
}

static enum truth action_holds(const struct work *w, const struct policy_statement *st)
{
    bool any = false;
    for (size_t i = 0; i < st->nactions && !any; i++)
        any = evaluate_action(st->actions[i], w->q->action);
    return any != st->not_action ? TRUTH_YES : TRUTH_NO;
}

static enum truth resource_one(const struct work *w, const struct policy_statement *st,
                               struct str text)
{
    const struct policy *p = st->policy;
    enum arn_use use = policy_kind_arn_use(p->source.kind);
    struct arn_pattern r = *iam_arn(w->x, text, use, false);
    enum truth state = TRUTH_YES;
    struct arn parts;
    if (p->variables && str_find(text, STR("${")) != (size_t)-1 &&
        arn_split(text, &parts))
        state = request_pattern(w->x->a, parts.part[ARN_RESOURCE], true, true, &w->ctx,
                                &r.part[ARN_RESOURCE]);
    bool match = arn_matches(&r, w->q->resource);
    if (state == TRUTH_YES)
        return match ? TRUTH_YES : TRUTH_NO;
    /* No value: the pattern matches nothing; in NotResource that excludes nothing sure.
     */
    if (state == TRUTH_NO)
        return st->not_resource ? TRUTH_UNKNOWN : TRUTH_NO;
    return match ? TRUTH_UNKNOWN : TRUTH_NO;
}

static enum truth resource_holds(const struct work *w, const struct policy_statement *st)
{
    if (!st->has_resource)
        return TRUTH_YES;
    enum truth any = TRUTH_NO;
    for (size_t i = 0; i < st->nresources && any != TRUTH_YES; i++)
        any = truth_or(any, resource_one(w, st, st->resources[i]));
    return st->not_resource ? truth_not(any) : any;
}

/* How a statement of a resource policy names the caller. */
struct naming {
    enum truth named;     /* the role, or the caller by some principal */
    enum truth direct;    /* session, user, or everyone narrowed by aws:PrincipalArn */
    enum truth delegated; /* the caller's account */
};

static struct naming name_caller(const struct work *w, const struct policy_statement *st)
{
    struct naming n = {TRUTH_NO, TRUTH_NO, TRUTH_NO};
    bool service = w->who.kind == PRINCIPAL_MALFORMED; /* no ARN: a service's name */
    for (size_t i = 0; i < st->nprincipals; i++) {
        const struct principal *p = &st->principals[i];
        if (p->kind == PRINCIPAL_EVERYONE) {
            unsigned by = narrow_statement(w->x->a, st).by;
            n.named = TRUTH_YES;
            n.direct =
                truth_or(n.direct, by & NARROW_PRINCIPAL_ARN ? TRUTH_YES : TRUTH_UNKNOWN);
        } else if (!service && principal_delegates(p, w->account)) {
            n.delegated = TRUTH_YES;
        } else if (principal_is(p, w->q->principal)) {
            n.named = TRUTH_YES;
            if (p->kind == PRINCIPAL_SESSION || p->kind == PRINCIPAL_USER ||
                p->kind == PRINCIPAL_SERVICE)
                n.direct = TRUTH_YES;
        } else if (p->kind == PRINCIPAL_SESSION && w->who.kind == PRINCIPAL_ROLE &&
                   str_eq(p->account, w->account) && str_eq(p->name, w->who.name)) {
            /* The role was asked about, one session of it is named. */
            n.named = truth_or(n.named, TRUTH_UNKNOWN);
            n.direct = truth_or(n.direct, TRUTH_UNKNOWN);
        }
    }
    if (!st->not_principal)
        return n;
    /* Account, role and session must all be listed to be left out. */
    enum truth listed = truth_or(n.named, n.delegated);
    enum truth out = listed == TRUTH_NO                                 ? TRUTH_YES
                     : n.named == TRUTH_YES && n.delegated == TRUTH_YES ? TRUTH_NO
                                                                        : TRUTH_UNKNOWN;
    return (struct naming){out, out, TRUTH_NO};
}

/* Action, resource and conditions; the reason is kept when it does not clearly fail. */
static enum truth holds(struct work *w, const struct policy_statement *st, enum truth who)
{
    if (st->broken)
        return TRUTH_UNKNOWN;
    enum truth t = truth_and(who, action_holds(w, st));
    if (t != TRUTH_NO)
        t = truth_and(t, resource_holds(w, st));
    if (t == TRUTH_NO)
        return t;
    const struct condition *asks = NULL;
    for (size_t i = 0; i < st->nconditions && t != TRUTH_NO; i++) {
        enum truth one =
            condition_holds(w->x->a, &st->conditions[i], &w->ctx, st->policy->variables);
        if (one == TRUTH_UNKNOWN && !asks)
            asks = &st->conditions[i];
        t = truth_and(t, one);
    }
    if (t != TRUTH_NO)
        *vec_push(w->x->a, w->out) = (struct evaluate_reason){st, t, asks};
    return t;
}

static enum truth one_effect(struct work *w, const struct policy *p,
                             enum policy_effect effect)
{
    enum truth any = p->unreadable ? TRUTH_UNKNOWN : TRUTH_NO;
    for (size_t i = 0; i < p->nstatements; i++) {
        const struct policy_statement *st = &p->statements[i];
        if (!st->broken && st->effect != effect)
            continue;
        enum truth who = TRUTH_YES;
        if (st->has_principal) {
            struct naming n = name_caller(w, st);
            who = effect == POLICY_DENY ? truth_or(n.named, n.delegated) : n.named;
        }
        any = truth_or(any, holds(w, st, who));
    }
    return any;
}

static enum truth all_effect(struct work *w, const struct policy *const *v, size_t n,
                             enum policy_effect effect)
{
    enum truth any = TRUTH_NO;
    for (size_t i = 0; i < n; i++)
        any = truth_or(any, one_effect(w, v[i], effect));
    return any;
}

static void say(struct work *w, const char *why)
{
    if (w->out->nwhy < sizeof w->out->why / sizeof *w->out->why)
        w->out->why[w->out->nwhy++] = why;
}

static void say_missing(struct work *w, const char *why)
{
    w->out->upper_bound = true;
    say(w, why);
}

/* What cannot be read neither grants nor denies: it leaves things open. */
static void say_unread(struct work *w)
{
    const struct evaluate_policies *p = w->p;
    bool faulty = p->boundary && p->boundary->faulty;
    for (size_t i = 0; i < p->nidentity; i++)
        faulty = faulty || p->identity[i]->faulty;
    for (size_t i = 0; i < p->nresource; i++)
        faulty = faulty || p->resource[i]->faulty;
    for (size_t i = 0; i < p->nsession; i++)
        faulty = faulty || p->session[i]->faulty;
    if (faulty)
        say(w, "a part of a policy cannot be read");
}

static enum truth denied(struct work *w)
{
    const struct evaluate_policies *p = w->p;
    enum truth any = all_effect(w, p->identity, p->nidentity, POLICY_DENY);
    for (size_t i = 0; i < p->nlimits; i++)
        any = truth_or(any,
                       all_effect(w, p->limits[i].policies, p->limits[i].n, POLICY_DENY));
    if (p->boundary)
        any = truth_or(any, one_effect(w, p->boundary, POLICY_DENY));
    any = truth_or(any, all_effect(w, p->resource, p->nresource, POLICY_DENY));
    return truth_or(any, all_effect(w, p->session, p->nsession, POLICY_DENY));
}

/* Organization policies and endpoints; RCPs grant by AWS's own RCPFullAWSAccess. */
static enum truth within_limits(struct work *w)
{
    enum truth all = TRUTH_YES;
    bool linked = str_has(w->q->principal, STR(":role/aws-service-role/"));
    for (size_t i = 0; i < w->p->nlimits && !linked; i++) {
        const struct effective_limit *lim = &w->p->limits[i];
        if (lim->missing) {
            say_missing(w, lim->what);
            continue;
        }
        size_t before = w->out->n;
        enum truth one = all_effect(w, lim->policies, lim->n, POLICY_ALLOW);
        if (one == TRUTH_YES)
            w->out->n = before; /* what lets it through decides nothing */
        if (one == TRUTH_NO)
            say(w, lim->what);
        all = truth_and(all, one);
    }
    return all;
}

/* What the resource's policies say to the caller. */
static struct naming resource_grants(struct work *w)
{
    struct naming all = {TRUTH_NO, TRUTH_NO, TRUTH_NO};
    for (size_t k = 0; k < w->p->nresource; k++) {
        const struct policy *p = w->p->resource[k];
        if (p->unreadable)
            all.named = all.delegated = TRUTH_UNKNOWN;
        for (size_t i = 0; i < p->nstatements; i++) {
            const struct policy_statement *st = &p->statements[i];
            if (!st->broken && st->effect != POLICY_ALLOW)
                continue;
            struct naming n = name_caller(w, st);
            enum truth t = holds(w, st, truth_or(n.named, n.delegated));
            all.named = truth_or(all.named, truth_and(t, n.named));
            all.direct = truth_or(all.direct, truth_and(t, n.direct));
            all.delegated = truth_or(all.delegated, truth_and(t, n.delegated));
        }
    }
    return all;
}

static enum truth granted(struct work *w)
{
    const struct evaluate_policies *p = w->p;
    struct naming r = resource_grants(w);
    if (w->who.kind ==
        PRINCIPAL_MALFORMED) /* a service: only the resource's policy counts */
        return p->resource_missing && r.named == TRUTH_NO ? TRUTH_UNKNOWN : r.named;
    enum truth identity = all_effect(w, p->identity, p->nidentity, POLICY_ALLOW);
    if (p->identity_missing)
        identity = truth_or(identity, TRUTH_UNKNOWN);
    enum truth limit = TRUTH_YES;
    if (p->boundary)
        limit = one_effect(w, p->boundary, POLICY_ALLOW);
    else if (p->boundary_missing)
        say_missing(w, "the permissions boundary is not in evidence");
    if (p->boundary && limit == TRUTH_NO)
        say(w, "the permissions boundary does not allow it");
    if (p->nsession) {
        enum truth session = all_effect(w, p->session, p->nsession, POLICY_ALLOW);
        if (session == TRUTH_NO)
            say(w, "the session policy does not allow it");
        limit = truth_and(limit, session);
    }
    struct str owner = w->q->resource_account;
    if (!owner.n)
        owner = arn_part(w->q->resource, ARN_ACCOUNT);
    bool same = !owner.n || str_eq(owner, w->account);
    if (p->resource_missing && (!same || p->resource_decides)) {
        say_missing(w, "the resource's policy is not in evidence");
        return truth_and(identity, limit);
    }
    if (p->resource_missing && p->resource_may_allow &&
        truth_or(identity, r.named) != TRUTH_YES) {
        say(w, "the resource's policy is not in evidence");
        r.named = truth_or(r.named, TRUTH_UNKNOWN);
    }
    enum truth past = r.direct; /* past an implicit refusal by boundary or session */
    if (!same)
        return truth_and(truth_and(identity, limit), truth_or(r.named, r.delegated));
    if (p->resource_decides)
        return truth_or(truth_or(truth_and(r.named, limit), past),
                        truth_and(r.delegated, truth_and(identity, limit)));
    return truth_or(truth_and(truth_or(identity, r.named), limit), past);
}

/* Keys that follow from the principal itself, beside those that were given. */
static void complete_context(struct work *w)
{
    struct arena *a = w->x->a;
    VEC(struct request_key) v = {0};
    for (size_t i = 0; i < w->q->context.nkeys; i++)
        *vec_push(a, &v) = w->q->context.keys[i];
    struct str arn = w->q->principal;
    if (w->who.kind == PRINCIPAL_SESSION && w->who.name.n)
        arn = str_fmt(a, "arn:%.*s:iam::%.*s:role/%.*s",
                      STR_ARG(arn_part(arn, ARN_PARTITION)), STR_ARG(w->account),
                      STR_ARG(w->who.name));
    bool user = w->who.kind == PRINCIPAL_USER;
    struct {
        const char *name;
        struct str value;
        bool known;
    } add[] = {
        {"aws:PrincipalArn", arn, w->account.n > 0},
        {"aws:PrincipalAccount", w->account, w->account.n > 0},
        {"aws:username", user ? w->who.name : STR(""),
         user || w->who.kind == PRINCIPAL_ROLE || w->who.kind == PRINCIPAL_SESSION},
        {"aws:ResourceAccount", w->q->resource_account, w->q->resource_account.n > 0},
    };
    for (size_t i = 0; i < sizeof add / sizeof *add; i++) {
        if (!add[i].known || request_find(&w->q->context, str_from(add[i].name)))
            continue;
        struct str *value = ARENA_NEW(a, struct str);
        *value = add[i].value;
        *vec_push(a, &v) =
            (struct request_key){str_from(add[i].name), value, value->n ? 1 : 0};
    }
    w->ctx = (struct request_context){v.v, v.n, w->q->context.closed};
}

struct evaluation *evaluate(struct iam *x, const struct evaluate_request *request,
                            const struct evaluate_policies *policies)
{
    struct evaluation *out = ARENA_NEW(x->a, struct evaluation);
    struct work w = {.x = x, .q = request, .p = policies, .out = out};
    w.who = principal_read(STR("AWS"), request->principal);
    if (str_eq(request->principal, STR("*"))) /* somebody of whom nothing is known */
        w.who.kind = PRINCIPAL_EVERYONE;
    w.account = w.who.account;
    complete_context(&w);
    /* STS API Reference: no permission is needed, and none can be taken away. */
    if (str_eq_nocase(request->action, STR("sts:GetCallerIdentity"))) {
        out->verdict = EVALUATE_ALLOWED;
        return out;
    }
    say_unread(&w);
    enum truth no = denied(&w);
    if (no == TRUTH_YES) {
        out->verdict = EVALUATE_DENIED;
        return out;
    }
    enum truth yes = granted(&w);
    if (yes != TRUTH_NO)
        yes = truth_and(yes, within_limits(&w));
    else
        out->upper_bound = false; /* less than nothing there is not */
    if (yes == TRUTH_NO)
        out->verdict = EVALUATE_REFUSED;
    else if (yes == TRUTH_YES && no == TRUTH_NO)
        out->verdict = EVALUATE_ALLOWED;
    else
        out->verdict = EVALUATE_DEPENDS;
    return out;
}
