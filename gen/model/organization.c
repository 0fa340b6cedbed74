/* Policies of an organization, put together from answers about policies, targets and
 * parents. */
#include "model/organization.h"

#include "base/diag.h"
#include "evidence/operation.h"
#include "json/json.h"
#include "model/build.h"

#include <string.h>

enum { MAX_LEVELS = 12 }; /* root, five units, account; more is a loop */

enum kind { SERVICES, RESOURCES, KINDS };

static const struct kind_row {
    const char *type, *what, *whole; /* whole: the policy that AWS attaches at first */
    enum policy_kind policy;
} kinds[KINDS] = {
    {"SERVICE_CONTROL_POLICY", "service control policies", "p-FullAWSAccess", POLICY_SCP},
    {"RESOURCE_CONTROL_POLICY", "resource control policies", "p-RCPFullAWSAccess",
     POLICY_RCP},
};

/* One policy. */
struct scp {
    struct str id, name;
    const struct policy *text; /* NULL: not in evidence */
};

/* What hangs on an account, a unit or a root. */
struct target {
    struct str id, parent;
    struct {
        VEC(struct scp *) v;
        bool known; /* the list is whole */
        const struct document *doc;
    } of[KINDS];
    bool is_root, types_known;
    bool on[KINDS]; /* root: the type is enabled */
};

struct account {
    struct organization_limits limits;
    VEC(struct organization_level) levels;
};

struct organization {
    struct arena *a;
    struct map policies; /* id -> struct scp */
    struct map targets;  /* id -> struct target */
    struct map free;     /* account that nothing binds -> anything */
    struct map accounts; /* account -> struct account */
    struct organization_limits unknown;
};

static bool is(const struct document *d, const char *kind)
{
    return strcmp(d->op->kind, kind) == 0;
}

static struct str member(const struct json *n, const char *key)
{
    return json_str(json_get(n, str_from(key)));
}

static struct scp *policy_of(struct organization *o, struct str id)
{
    void **slot = map_put(o->a, &o->policies, id);
    if (!*slot)
        *slot = ARENA_NEW(o->a, struct scp);
    struct scp *p = *slot;
    p->id = id;
    return p;
}

static struct target *target_of(struct organization *o, struct str id)
{
    void **slot = map_put(o->a, &o->targets, id);
    if (!*slot)
        *slot = ARENA_NEW(o->a, struct target);
    struct target *t = *slot;
    t->id = id;
    return t;
}

static void attach(struct organization *o, struct target *t, enum kind k, struct scp *p)
{
    for (size_t i = 0; i < t->of[k].v.n; i++)
        if (t->of[k].v.v[i] == p)
            return;
    *vec_push(o->a, &t->of[k].v) = p;
}

static bool kind_named(struct str type, enum kind *out)
{
    for (int k = 0; k < KINDS; k++)
        if (str_eq(type, str_from(kinds[k].type))) {
            *out = (enum kind)k;
            return true;
        }
    return false;
}

/* What a call was asked about: its file's name, or the index. */
static struct str asked(const struct document *d, const char *option)
{
    return d->name.n ? d->name : member(d->parameters, option);
}

/* The same of a target: an account, when nothing else is said, is the file's own. */
static struct str asked_target(const struct document *d, const char *option)
{
    struct str id = asked(d, option);
    return id.n ? id : d->account;
}

static void read_policy(struct organization *o, const struct document *d)
{
    const struct json *policy = json_get(d->root, STR("Policy"));
    const struct json *summary = json_get(policy, STR("PolicySummary"));
    const struct json *content = json_get(policy, STR("Content"));
    enum kind k;
    if (!content || !member(summary, "Id").n || !kind_named(member(summary, "Type"), &k))
        return;
    struct scp *p = policy_of(o, member(summary, "Id"));
    struct policy_source source = {.text = &d->text,
                                   .pointer = STR("/Policy/Content"),
                                   .node = content,
                                   .name = member(summary, "Name"),
                                   .arn = member(summary, "Arn"),
                                   .kind = kinds[k].policy};
    p->name = source.name;
    p->text = policy_read(o->a, &source);
}

/* The policies of one target. An empty list is of resource control policies, or of a type
 * that is not in use: service control policies are never none. */
static void read_attached(struct organization *o, const struct document *d)
{
    struct str id = asked_target(d, "target-id");
    enum kind k = RESOURCES;
    if (!id.n)
        return;
    struct target *t = target_of(o, id);
    const struct json *list = json_get(d->root, STR("Policies"));
    bool typed = kind_named(member(d->parameters, "filter"), &k) ||
                 kind_named(member(json_first(list), "Type"), &k);
    for (const struct json *n = json_first(list); n; n = json_next(n)) {
        enum kind own = k;
        if (!kind_named(member(n, "Type"), &own) || !member(n, "Id").n)
            continue;
        struct scp *p = policy_of(o, member(n, "Id"));
        p->name = member(n, "Name");
        attach(o, t, own, p);
    }
    if (typed && !d->partial) {
        t->of[k].known = true;
        t->of[k].doc = d;
    }
}

static void read_targets(struct organization *o, const struct document *d)
{
    struct str id = asked(d, "policy-id");
    if (!id.n)
        return;
    struct scp *p = policy_of(o, id);
    enum kind k = p->text && p->text->source.kind == POLICY_RCP ? RESOURCES : SERVICES;
    for (const struct json *n = json_first(json_get(d->root, STR("Targets"))); n;
         n = json_next(n))
        if (member(n, "TargetId").n && p->text)
            attach(o, target_of(o, member(n, "TargetId")), k, p);
}

static void read_parents(struct organization *o, const struct document *d)
{
    struct str child = asked_target(d, "child-id");
    const struct json *parent = json_first(json_get(d->root, STR("Parents")));
    struct str id = member(parent, "Id");
    if (!child.n || !id.n)
        return;
    target_of(o, child)->parent = id;
    if (str_eq(member(parent, "Type"), STR("ROOT")))
        target_of(o, id)->is_root = true;
}

static void read_roots(struct organization *o, const struct document *d)
{
    for (const struct json *n = json_first(json_get(d->root, STR("Roots"))); n;
         n = json_next(n)) {
        struct str id = member(n, "Id");
        if (!id.n)
            continue;
        struct target *t = target_of(o, id);
        t->is_root = t->types_known = true;
        for (const struct json *p = json_first(json_get(n, STR("PolicyTypes"))); p;
             p = json_next(p)) {
            enum kind k;
            if (kind_named(member(p, "Type"), &k))
                t->on[k] = str_eq(member(p, "Status"), STR("ENABLED"));
        }
    }
}

/* The management account, or all of an organization for bills only. */
static void read_organization(struct organization *o, const struct document *d)
{
    const struct json *org = json_get(d->root, STR("Organization"));
    struct str master = member(org, "MasterAccountId");
    if (d->state == DOCUMENT_ERROR &&
        str_eq(d->error_code, STR("AWSOrganizationsNotInUseException")))
        *map_put(o->a, &o->free, d->account) = o;
    if (str_eq(member(org, "FeatureSet"), STR("CONSOLIDATED_BILLING")) && d->account.n)
        *map_put(o->a, &o->free, d->account) = o;
    if (master.n)
        *map_put(o->a, &o->free, master) = o;
}

/* The policy that AWS attaches at first allows everything; nobody collects its text. */
static const struct policy *allow_everything(struct organization *o, enum kind k)
{
    static const char *const texts[KINDS] = {
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"
        "\"*\",\"Resource\":\"*\"}]}",
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
        "\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}",
    };
    struct text *t = ARENA_NEW(o->a, struct text);
    *t = (struct text){str_sub(str_from(kinds[k].whole), 2, 99), str_from(texts[k])};
    struct policy_source source = {.text = t,
                                   .node = json_read(o->a, t, diag_new(o->a)),
                                   .name = t->name,
                                   .kind = kinds[k].policy};
    return policy_read(o->a, &source);
}

/* One level as a limit: of policies whose text is not there, nothing can be said. */
static void add_level(struct organization *o, struct account *account,
                      const struct target *t, enum kind k, struct effective_limit *out)
{
    size_t n = t->of[k].v.n;
    const struct policy **texts = ARENA_ARRAY(o->a, const struct policy *, n + 1);
    struct str *names = ARENA_ARRAY(o->a, struct str, n + 1);
    struct organization_level *level = vec_push(o->a, &account->levels);
    *out = (struct effective_limit){.policies = texts};
    out->missing = !t->of[k].known;
    for (size_t i = 0; i < n; i++) {
        const struct scp *p = t->of[k].v.v[i];
        names[i] = p->name;
        if (p->text)
            texts[out->n++] = p->text;
        else
            out->missing = true;
    }
    /* Denies count by themselves; allowing is RCPFullAWSAccess's, which is always there.
     */
    if (k == RESOURCES && !out->missing && !out->n)
        texts[out->n++] = allow_everything(o, k);
    *level = (struct organization_level){.target = t->id,
                                         .resources = k == RESOURCES,
                                         .known = !out->missing,
                                         .names = names,
                                         .nnames = n,
                                         .doc = t->of[k].doc};
}

static const char *words(struct organization *o, enum kind k, bool missing)
{
    return str_z(o->a, str_fmt(o->a, "%s %s", kinds[k].what,
                               missing ? "are not in evidence" : "do not allow it"));
}

/* All levels from the account up to the root. */
static void read_levels(struct organization *o, struct account *account, struct str id,
                        enum kind k, const struct effective_limit **limits, size_t *n)
{
    struct effective_limit *v = ARENA_ARRAY(o->a, struct effective_limit, MAX_LEVELS + 1);
    const struct target *t = map_get(&o->targets, id);
    bool whole = false;
    size_t before = account->levels.n;
    *limits = v;
    while (t && *n < MAX_LEVELS && !whole) {
        if (t->is_root && t->types_known && !t->on[k]) {
            /* The type is not in use in the organization. */
            account->levels.n = before;
            *n = 0;
            return;
        }
        add_level(o, account, t, k, &v[(*n)++]);
        whole = t->is_root;
        t = t->parent.n ? map_get(&o->targets, t->parent) : NULL;
    }
    if (!whole)
        v[(*n)++] = (struct effective_limit){.missing = true};
    for (size_t i = 0; i < *n; i++)
        v[i].what = words(o, k, v[i].missing);
}

const struct organization *organization_read(struct arena *a, const struct model *m)
{
    static const struct {
        const char *kind;
        void (*read)(struct organization *, const struct document *);
    } readers[] = {
        {"organizations:DescribePolicy", read_policy}, /* first: it says the type */
        {"organizations:ListPoliciesForTarget", read_attached},
        {"organizations:ListTargetsForPolicy", read_targets},
        {"organizations:ListParents", read_parents},
        {"organizations:ListRoots", read_roots},
        {"organizations:DescribeOrganization", read_organization},
    };
    struct organization *o = ARENA_NEW(a, struct organization);
    o->a = a;
    for (size_t r = 0; r < sizeof readers / sizeof *readers; r++) {
        const struct documents *of = model_documents(m, readers[r].kind);
        for (size_t i = 0; i < of->list.n; i++) {
            const struct document *d = of->list.v[i];
            bool error =
                d->state == DOCUMENT_ERROR && is(d, "organizations:DescribeOrganization");
            reads_note(d);
            if (d->state == DOCUMENT_ANSWER || error)
                readers[r].read(o, d);
        }
    }
    for (int k = 0; k < KINDS; k++) {
        struct scp *p = policy_of(o, str_from(kinds[k].whole));
        if (!p->text)
            p->text = allow_everything(o, (enum kind)k);
    }
    for (size_t i = 0; i < m->accounts.n; i++) {
        struct str id = m->accounts.entries[i].key;
        struct account *account = ARENA_NEW(a, struct account);
        *map_put(a, &o->accounts, id) = account;
        if (map_get(&o->free, id))
            continue;
        read_levels(o, account, id, SERVICES, &account->limits.services,
                    &account->limits.nservices);
        read_levels(o, account, id, RESOURCES, &account->limits.resources,
                    &account->limits.nresources);
    }
    struct account nobody = {0};
    read_levels(o, &nobody, STR(""), SERVICES, &o->unknown.services,
                &o->unknown.nservices);
    read_levels(o, &nobody, STR(""), RESOURCES, &o->unknown.resources,
                &o->unknown.nresources);
    return o;
}

struct organization_limits organization_limits(const struct organization *o,
                                               struct str account)
{
    const struct account *known = map_get(&o->accounts, account);
    return known ? known->limits : o->unknown;
}

const struct organization_level *organization_levels(const struct organization *o,
                                                     struct str account, size_t *n)
{
    const struct account *known = map_get(&o->accounts, account);
    *n = known ? known->levels.n : 0;
    return known ? known->levels.v : NULL;
}

bool organization_binds(struct str principal)
{
    return !str_has(principal, STR(":role/aws-service-role/"));
}
