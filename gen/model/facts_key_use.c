/* Who may use a customer key: the roles of the applications that it serves, and the Flink
 * service for applications encrypted with it. KMS Developer Guide, "Key policies";
 * Managed Service for Apache Flink Developer Guide, "Key management". */
#include "model/key_rights.h"

#include "iam/trust.h"

#include <string.h>

#define DECRYPT "kms:Decrypt"
#define DESCRIBE "kms:DescribeKey"
#define GENERATE "kms:GenerateDataKey"

/* Which of the key_actions a use takes. */
enum { READS = 1 << KEY_DECRYPT, WRITES = 1 << KEY_GENERATE };

enum {
    MAX_ROWS = 1000, /* that there are more is said */
    MAX_DEPTH = 3
};

/* The key's policy, compiled. */
struct key {
    struct fact *f;
    struct iam *roles; /* for the policies of roles: only the actions below count */
    const struct policy *policy;
    const struct rules *rules;
    const struct exhibit *x;
    struct str pointer;
    const struct arn_pattern *arn;
    struct map *seen; /* ARN of a role -> struct key_rights, when they were not known */
};

enum answer { NO, CONDITIONAL, YES };

static bool takes(const struct key *k, size_t i, const struct action *act)
{
    return act && action_set_has(&k->rules->v[i].actions, act->row);
}

/* What the policy says about role and action; *delegates: it leaves it to the account's
 * identity policies, with that much certainty. */
static enum answer policy_says(const struct key *k, const struct subject *role,
                               const struct action *act, enum answer *delegates,
                               bool *denied)
{
    enum answer best = NO;
    *delegates = NO;
    *denied = false;
    for (size_t i = 0; i < k->policy->nstatements; i++) {
        const struct policy_statement *st = &k->policy->statements[i];
        if (st->broken || !takes(k, i, act))
            continue;
        enum answer sure = st->nconditions ? CONDITIONAL : YES;
        for (size_t p = 0; p < st->nprincipals; p++) {
            bool named = principal_is(&st->principals[p], role->arn);
            bool left = principal_delegates(&st->principals[p], role->account);
            if (st->effect == POLICY_DENY) {
                *denied = *denied || named || left;
            } else if (named && sure > best) {
                best = sure;
            } else if (left && sure > *delegates) {
                *delegates = sure;
            }
        }
    }
    return best;
}

static enum answer role_may(const struct key *k, const struct key_rights *rights,
                            unsigned action)
{
    enum answer best = NO;
    for (size_t i = 0; i < rights->grants.n && best < YES; i++) {
        const struct key_grant *g = &rights->grants.v[i];
        enum rule_reach reach =
            g->granted[action] ? key_grant_reach(k->f->iam, g, k->arn) : RULE_NONE;
        if (reach == RULE_NONE)
            continue;
        bool sure = !g->conditional && reach == RULE_WHOLE && !g->unsure[action];
        best = sure ? YES : CONDITIONAL;
    }
    return best;
}

/* What a role's policies come to: known, or worked out for all uses of the key. */
static const struct key_rights *rights_of(const struct key *k, const struct subject *role)
{
    const struct key_rights *known = map_get(&k->f->sh->keys, role->arn);
    if (known)
        return known;
    void **slot = map_put(k->f->scratch, k->seen, role->arn);
    if (!*slot) {
        struct fact of_role = *k->f;
        of_role.iam = k->roles;
        const struct identity *id = identity_read(k->f, role);
        *slot = (void *)key_rights_of(k->f->scratch, k->roles, id,
                                      identity_effective(&of_role, id));
    }
    return *slot;
}

/* One role for one application. use: what it takes, READS and WRITES. */
static void role_row(const struct key *k, struct json *list, const struct subject *role,
                     const struct subject *app, unsigned use)
{
    struct fact *f = k->f;
    const struct key_rights *rights = rights_of(k, role);
    enum answer worst = YES;
    bool any_denied = false;
    struct json *names = json_new_array(f->a);
    for (unsigned i = 0; i < KEY_ACTIONS; i++) {
        if (!(use >> i & 1))
            continue;
        const struct action *act = iam_action(f->iam, str_from(key_actions[i]));
        enum answer delegates;
        bool denied;
        enum answer a = policy_says(k, role, act, &delegates, &denied);
        enum answer own = role_may(k, rights, i);
        enum answer both = delegates < own ? delegates : own;
        a = both > a ? both : a;
        if (denied && a > CONDITIONAL)
            a = CONDITIONAL;
        any_denied = any_denied || denied;
        worst = a < worst ? a : worst;
        json_push(names, json_new_literal(f->a, key_actions[i]));
    }
    bool unknown = worst == NO && (rights->incomplete || k->policy->faulty);
    struct json *o = fact_item(f, list);
    fact_view(f, o, "role", role->arn);
    fact_view(f, o, "application", app->arn);
    fact_z(f, o, "allowed",
           unknown                ? "unknown"
           : worst == YES         ? "yes"
           : worst == CONDITIONAL ? "conditional"
                                  : "no");
    json_set_literal(o, "actions", names);
    fact_z(f, o, "why",
           unknown        ? "the role's policies are not all in evidence"
           : any_denied   ? "a Deny of the key policy may apply"
           : worst == YES ? "key policy and role allow it"
           : worst == CONDITIONAL
               ? "allowed under conditions only"
               : "neither the key policy nor the role's policies together allow it");
    fact_at(f, o, k->x->doc, k->pointer);
    if (unknown)
        fact_unknown(f, "role_use", role,
                     rights->inline_listed ? "iam:ListAttachedRolePolicies"
                                           : "iam:ListRolePolicies",
                     STR(""), "the role's policies are not all in evidence");
}

/* Applications below s, with what they do with it. */
struct seeker {
    const struct key *k;
    struct json *list;
    struct map seen;
};

static void seek(struct seeker *sk, const struct subject *s, int depth)
{
    for (size_t i = 0; i < s->used_by.n; i++) {
        const struct link *l = s->used_by.v[i];
        if (strcmp(l->from->type, "application") != 0) {
            /* A delivery stream's own role reads and writes behind it. */
            if (depth < MAX_DEPTH && strcmp(l->from->type, "delivery-stream") != 0 &&
                strcmp(l->from->type, "trail") != 0)
                seek(sk, l->from, depth + 1);
            continue;
        }
        /* The application's own key, and its logs, are the service's affair. */
        const struct link *role = subject_link(l->from, "role");
        if (depth == 0 || !role || strcmp(l->use, "log") == 0)
            continue;
        bool source = strcmp(l->use, "source") == 0 || strcmp(l->use, "code") == 0 ||
                      strcmp(l->use, "reference") == 0 || strcmp(s->type, "secret") == 0;
        bool sink = strcmp(l->use, "sink") == 0 && strcmp(s->type, "stream") == 0;
        unsigned use = source ? READS : sink ? WRITES : READS | WRITES;
        struct str id = STR_CAT(sk->k->f->scratch, role->to->arn, STR("|"), l->from->arn,
                                STR("|"), str_uint(sk->k->f->scratch, use));
        void **slot = map_put(sk->k->f->scratch, &sk->seen, id);
        if (*slot)
            continue;
        *slot = sk;
        if (sk->seen.n <= MAX_ROWS)
            role_row(sk->k, sk->list, role->to, l->from, use);
    }
}

/* What a service principal needs, and lacks. */
static void service_row(const struct key *k, struct json *list, const struct subject *app,
                        const char *principal, const char *const *needs)
{
    struct fact *f = k->f;
    struct json *o = fact_item(f, list);
    struct json *missing = json_new_array(f->a);
    for (; *needs; needs++) {
        struct str name = str_from(*needs);
        const struct action *act = iam_action(f->iam, name);
        bool found = false;
        for (size_t i = 0; i < k->policy->nstatements; i++) {
            const struct policy_statement *st = &k->policy->statements[i];
            if (st->effect != POLICY_ALLOW || st->broken || !takes(k, i, act))
                continue;
            for (size_t p = 0; p < st->nprincipals; p++)
                found = found || principal_is(&st->principals[p], str_from(principal));
        }
        if (!found)
            json_push(missing, json_new_literal(f->a, *needs));
    }
    fact_view(f, o, "application", app->arn);
    fact_z(f, o, "principal", principal);
    json_set_literal(o, "missing", missing);
    fact_at(f, o, k->x->doc, k->pointer);
}

static void service_use(const struct key *k)
{
    static const char *const runs[] = {DESCRIBE, GENERATE, DECRYPT, NULL};
    static const char *const stores[] = {DESCRIBE, DECRYPT,
                                         "kms:GenerateDataKeyWithoutPlaintext",
                                         "kms:CreateGrant", NULL};
    struct fact *f = k->f;
    struct json *list = NULL;
    const struct subject *last = NULL;
    for (size_t i = 0; i < f->s->used_by.n; i++) {
        const struct link *l = f->s->used_by.v[i];
        /* Snapshots keep the key that they were made under. */
        bool own = strcmp(l->name, "key") == 0 || strcmp(l->name, "snapshot-key") == 0;
        if (strcmp(l->from->type, "application") != 0 || !own || l->from == last)
            continue;
        last = l->from;
        if (!list)
            list = fact_list(f, "service_use");
        service_row(k, list, l->from, "kinesisanalytics.amazonaws.com", runs);
        service_row(k, list, l->from, "infrastructure.kinesisanalytics.amazonaws.com",
                    stores);
    }
}

void facts_key_use(struct fact *f)
{
    struct str manager = json_str(json_dig(subject_answer(f->s, "kms:DescribeKey"),
                                           "KeyMetadata", "KeyManager", NULL));
    /* Keys that AWS manages serve everybody in the account through their service. */
    if (!f->iam || !f->s->used_by.n || str_eq(manager, STR("AWS")) ||
        str_starts(f->s->name, STR("alias/aws/")) || map_get(&f->m->aws_keys, f->s->arn))
        return;
    struct map seen = MAP_INIT;
    struct key k = {.f = f, .seen = &seen};
    k.policy = access_policy(f, f->s, &k.x, &k.pointer);
    if (!k.policy) {
        fact_unknown(f, "role_use", f->s, "kms:GetKeyPolicy", STR(""),
                     "the key's policy is not in evidence");
        return;
    }
    k.rules = iam_rules(f->iam, k.policy);
    k.arn = iam_arn(f->iam, f->s->arn, ARN_IN_IDENTITY, false);
    struct iam roles = *f->iam;
    roles.only = key_rights_actions(f->iam);
    k.roles = &roles;
    struct seeker sk = {.k = &k, .list = fact_list(f, "role_use")};
    seek(&sk, f->s, 0);
    if (sk.seen.n > MAX_ROWS)
        fact_undecided(f, "role_use", k.x->doc, k.pointer,
                       str_fmt(f->a,
                               "of %zu uses of the key by applications, %d were "
                               "looked at",
                               sk.seen.n, MAX_ROWS));
    service_use(&k);
}
