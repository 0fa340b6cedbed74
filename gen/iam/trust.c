/* Trust and resource policies: who is let in, and how narrowly. */
#include "iam/trust.h"

const char *trust_class_name(enum trust_class c)
{
    static const char *const names[TRUST_CLASSES] = {
        "everyone",       "own-service",   "other-service", "own-account",
        "own-identity",   "known-account", "foreign",       "federated",
        "canonical-user", "deleted",       "malformed",     "everyone-but",
    };
    return names[c];
}

const char *trust_weight_name(enum trust_weight w)
{
    static const char *const names[] = {"none", "low", "medium", "high", "critical"};
    return names[w];
}

struct view {
    struct iam *x;
    const struct policy *p;
    const struct trust_view *v;
    const struct rules *rules;
    struct trust *out;
};

static bool is_known(const struct trust_view *v, struct str account)
{
    if (str_eq(account, v->account))
        return true;
    for (size_t i = 0; i < v->nknown; i++)
        if (str_eq(account, v->known[i]))
            return true;
    return false;
}

static enum trust_class classify(const struct trust_view *v, const struct principal *p)
{
    switch (p->kind) {
    case PRINCIPAL_EVERYONE:
        return TRUST_EVERYONE;
    case PRINCIPAL_SERVICE:
        return v->service.n && principal_is_service(p, v->service) ? TRUST_OWN_SERVICE
                                                                   : TRUST_OTHER_SERVICE;
    case PRINCIPAL_FEDERATED:
        return TRUST_FEDERATED;
    case PRINCIPAL_CANONICAL:
        return TRUST_CANONICAL;
    case PRINCIPAL_DEAD:
        return TRUST_DEAD;
    case PRINCIPAL_MALFORMED:
        return TRUST_MALFORMED;
    default:
        break;
    }
    if (str_eq(p->account, v->account))
        return p->kind == PRINCIPAL_ACCOUNT ? TRUST_OWN_ACCOUNT : TRUST_OWN_IDENTITY;
    return is_known(v, p->account) ? TRUST_KNOWN_ACCOUNT : TRUST_FOREIGN;
}

/* A Deny to everyone outside some set narrows every Allow that it covers: the common
 * shape of "deny unless aws:PrincipalOrgID". */
static unsigned narrowed_by_deny(const struct view *w, const struct rule *allow)
{
    unsigned by = 0;
    for (size_t i = 0; i < w->rules->n; i++) {
        const struct rule *d = &w->rules->v[i];
        const struct policy_statement *st = d->st;
        if (st->broken || st->effect != POLICY_DENY || st->nprincipals != 1 ||
            st->not_principal || st->principals[0].kind != PRINCIPAL_EVERYONE ||
            !action_set_within(allow->actions, d->actions))
            continue;
        bool covers = true;
        for (size_t k = 0; k < allow->nresources && covers; k++)
            covers =
                !allow->not_resource && rule_reach(d, allow->resources[k]) == RULE_WHOLE;
        unsigned mine = 0;
        for (size_t k = 0; k < st->nconditions && covers; k++) {
            struct condition c = st->conditions[k];
            enum narrow_by one;
            bool outside = c.negated && c.set != CONDITION_ANY_VALUE;
            c.negated = c.if_exists = false;
            c.set = CONDITION_PLAIN;
            enum narrow_effect effect = narrow_judge(w->x->a, &c, w->p->variables, &one);
            if (outside && effect == NARROW_HOLDS && (one & NARROW_REAL))
                mine |= one;
            else if (!(one & NARROW_WEAK))
                covers = false;
        }
        if (covers)
            by |= mine;
    }
    return by;
}

/* What the service sends along when it acts for the application. */
static struct request_context service_request(const struct view *w,
                                              struct request_key k[3],
                                              struct str *account)
{
    *account = arn_part(w->v->source_arn, ARN_ACCOUNT);
    k[0] = (struct request_key){STR("aws:SourceArn"), &w->v->source_arn, 1};
    k[1] = (struct request_key){STR("aws:SourceAccount"), account, 1};
    return (struct request_context){k, 2, false};
}

static enum truth admits(const struct view *w, const struct policy_statement *st,
                         const struct condition **refused_by)
{
    if (!w->v->source_arn.n)
        return TRUTH_UNKNOWN;
    struct request_key k[3];
    struct str account;
    struct request_context ctx = service_request(w, k, &account);
    enum truth all = TRUTH_YES;
    for (size_t i = 0; i < st->nconditions && all != TRUTH_NO; i++) {
        all = truth_and(all, condition_holds(w->x->a, &st->conditions[i], &ctx,
                                             st->policy->variables));
        if (all == TRUTH_NO)
            *refused_by = &st->conditions[i];
    }
    return all;
}

/* aws:SourceArn whose pattern takes every resource of the service in the account. */
static bool over_all_resources(const struct view *w, const struct policy_statement *st)
{
    for (size_t i = 0; i < st->nconditions; i++) {
        const struct condition *c = &st->conditions[i];
        if (!str_eq_nocase(c->key, STR("aws:SourceArn")))
            continue;
        for (size_t k = 0; k < c->nvalues; k++) {
            struct arn_pattern p =
                arn_pattern_make(w->x->a, c->values[k], ARN_IN_CONDITION, false);
            struct pattern r = p.part[ARN_RESOURCE];
            size_t stars = 0;
            for (size_t t = 0; t < r.n; t++)
                stars += r.t[t] == PATTERN_STAR;
            bool tail = r.n && r.t[r.n - 1] == PATTERN_STAR;
            if (tail && stars == 1 &&
                (r.n == 1 || r.t[r.n - 2] == '/' || r.t[r.n - 2] == ':'))
                return true;
        }
    }
    return false;
}

static void weigh(struct trust_entry *e, enum trust_weight weight, const char *why)
{
    if (weight > e->weight) {
        e->weight = weight;
        e->why = why;
    }
}

/* A key's encryption context may name the resource that it is used for, with its account
 * (KMS Developer Guide, "Encryption context"). */
static bool names_context(const struct view *w, const struct policy_statement *st)
{
    struct str context = STR("kms:EncryptionContext:");
    for (size_t i = 0; i < st->nconditions; i++) {
        const struct condition *c = &st->conditions[i];
        enum narrow_by by;
        bool named = c->nvalues > 0 &&
                     narrow_judge(w->x->a, c, w->p->variables, &by) == NARROW_HOLDS &&
                     str_eq_nocase(str_sub(c->key, 0, context.n), context);
        for (size_t k = 0; k < c->nvalues; k++)
            named = named && arn_is_account(arn_part(c->values[k], ARN_ACCOUNT));
        if (named)
            return true;
    }
    return false;
}

static void weigh_service(const struct view *w, struct trust_entry *e)
{
    unsigned by = e->narrowing.by;
    const unsigned guards = NARROW_SOURCE_ARN | NARROW_SOURCE_ACCOUNT | NARROW_SOURCE_ORG;
    bool trust = w->p->source.kind == POLICY_TRUST;
    e->unguarded = !(by & guards) && !names_context(w, e->st);
    e->any_of_account =
        !e->unguarded && (!(by & NARROW_SOURCE_ARN) || over_all_resources(w, e->st));
    if (e->class == TRUST_OTHER_SERVICE && trust)
        weigh(e, TRUST_MEDIUM, "another service than the application's may use the role");
    if (e->unguarded)
        weigh(e, TRUST_MEDIUM,
              "the service is admitted for any account's resources (confused deputy): no "
              "aws:SourceAccount or aws:SourceArn");
    else if (e->any_of_account && e->class == TRUST_OWN_SERVICE)
        weigh(e, TRUST_LOW,
              "any resource of the account may come through the service: "
              "aws:SourceArn names none");
    if (e->class == TRUST_OWN_SERVICE && e->admits == TRUTH_NO && trust)
        weigh(e, TRUST_HIGH,
              "the condition never holds for this application: it cannot "
              "take the role by this statement");
}

static void weigh_entry(const struct view *w, struct trust_entry *e)
{
    unsigned by = e->narrowing.by;
    bool trust = w->p->source.kind == POLICY_TRUST;
    switch (e->class) {
    case TRUST_EVERYONE:
    case TRUST_ALL_BUT:
        if (e->open)
            weigh(e, TRUST_CRITICAL,
                  e->class == TRUST_ALL_BUT
                      ? "NotPrincipal with Allow admits everyone else"
                      : "everyone is admitted, and no condition limits who");
        else if (e->crosses)
            weigh(e, TRUST_HIGH, "the condition names an account that is not known");
        break;
    case TRUST_OWN_SERVICE:
    case TRUST_OTHER_SERVICE:
        weigh_service(w, e);
        break;
    case TRUST_OWN_ACCOUNT:
        if (trust && !(by & NARROW_REAL))
            weigh(
                e, TRUST_MEDIUM,
                "any identity of the account that has sts:AssumeRole may take the role");
        break;
    case TRUST_OWN_IDENTITY:
        if (trust)
            weigh(e, TRUST_LOW, "another identity of the account may take the role");
        break;
    case TRUST_KNOWN_ACCOUNT:
        if (trust && !(by & (NARROW_REAL | NARROW_MFA)))
            weigh(e, TRUST_LOW,
                  "another account of yours is admitted without a condition");
        break;
    case TRUST_FOREIGN:
        weigh(e,
              by & (NARROW_EXTERNAL_ID | NARROW_PRINCIPAL_ORG) ? TRUST_MEDIUM
                                                               : TRUST_HIGH,
              "an account that is not known is admitted");
        break;
    case TRUST_FEDERATED:
        if (!(by & NARROW_FEDERATION))
            weigh(e, TRUST_HIGH,
                  "the provider's users are admitted without a condition on "
                  "who (sub, aud)");
        break;
    case TRUST_CANONICAL:
        weigh(e, TRUST_LOW, "a canonical user id hides which account is admitted");
        break;
    case TRUST_DEAD:
        weigh(e, TRUST_LOW, "the principal was deleted: the entry admits nobody");
        break;
    case TRUST_MALFORMED:
        weigh(e, TRUST_LOW, "no principal is written like this: it admits nobody");
        break;
    case TRUST_CLASSES:
        break;
    }
}

static void add_entry(const struct view *w, const struct rule *rule,
                      const struct principal *p, size_t number)
{
    const struct policy_statement *st = rule->st;
    struct trust_entry *e = vec_push(w->x->a, w->out);
    e->st = st;
    e->principal = p;
    e->number = number;
    e->class = p ? classify(w->v, p) : TRUST_ALL_BUT;
    e->narrowing = rule->narrowing;
    e->narrowing.by |= narrowed_by_deny(w, rule);
    bool everyone = e->class == TRUST_EVERYONE || e->class == TRUST_ALL_BUT;
    e->open = everyone && !e->narrowing.never && !(e->narrowing.by & NARROW_WHO);
    e->crosses = e->class == TRUST_FOREIGN;
    for (size_t i = 0; everyone && i < e->narrowing.naccounts; i++)
        e->crosses = e->crosses || !is_known(w->v, e->narrowing.accounts[i]);
    bool service = e->class == TRUST_OWN_SERVICE || e->class == TRUST_EVERYONE;
    e->admits = service ? admits(w, st, &e->refused_by) : TRUTH_UNKNOWN;
    if (e->narrowing.never)
        weigh(e, TRUST_LOW, "a condition can never hold: the statement admits nobody");
    else
        weigh_entry(w, e);
}

/* Does some Deny stop the service for this application? */
static enum truth service_denied(const struct view *w)
{
    enum truth any = TRUTH_NO;
    for (size_t i = 0; i < w->p->nstatements; i++) {
        const struct policy_statement *st = &w->p->statements[i];
        const struct condition *refused = NULL;
        if (st->broken || st->effect != POLICY_DENY)
            continue;
        bool meant = st->not_principal;
        for (size_t k = 0; k < st->nprincipals; k++)
            if (principal_is(&st->principals[k], w->v->service))
                meant = !st->not_principal;
        if (meant)
            any = truth_or(any, st->nconditions ? admits(w, st, &refused) : TRUTH_YES);
    }
    return any;
}

struct trust *trust_read(struct iam *x, const struct policy *p,
                         const struct trust_view *view)
{
    struct trust *t = ARENA_NEW(x->a, struct trust);
    struct view w = {x, p, view, iam_rules(x, p), t};
    t->faulty = p->faulty;
    enum truth admitted = p->faulty ? TRUTH_UNKNOWN : TRUTH_NO;
    for (size_t i = 0; i < w.rules->n; i++) {
        const struct policy_statement *st = &p->statements[i];
        if (st->broken || st->effect != POLICY_ALLOW)
            continue;
        if (st->not_principal)
            add_entry(&w, &w.rules->v[i], NULL, 0);
        for (size_t k = 0; !st->not_principal && k < st->nprincipals; k++) {
            add_entry(&w, &w.rules->v[i], &st->principals[k], k);
            const struct trust_entry *e = &t->v[t->n - 1];
            if (e->class == TRUST_OWN_SERVICE || e->class == TRUST_EVERYONE)
                admitted = truth_or(admitted, st->nconditions && !view->source_arn.n
                                                  ? TRUTH_UNKNOWN
                                              : st->nconditions ? e->admits
                                                                : TRUTH_YES);
        }
    }
    t->service_admitted = view->service.n
                              ? truth_and(admitted, truth_not(service_denied(&w)))
                              : TRUTH_UNKNOWN;
    return t;
}
