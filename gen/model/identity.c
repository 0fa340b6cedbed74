/* The policies of a role, user or group, from single answers or account details. */
#include "model/identity.h"

#include "model/organization.h"

#include "evidence/operation.h"
#include "iam/rules.h"

#include <string.h>

#define DETAILS "iam:GetAccountAuthorizationDetails"

/* Which operations speak of a type's policies. */
static const struct source {
    const char *type, *list, *get, *details, *attached, *describe, *wrap;
} sources[] = {
    /* clang-format off */
    {"role",  "iam:ListRolePolicies",  "iam:GetRolePolicy",  "RolePolicyList",  "iam:ListAttachedRolePolicies",  "iam:GetRole",  "/Role"},
    {"user",  "iam:ListUserPolicies",  "iam:GetUserPolicy",  "UserPolicyList",  "iam:ListAttachedUserPolicies",  "iam:GetUser",  "/User"},
    {"group", "iam:ListGroupPolicies", "iam:GetGroupPolicy", "GroupPolicyList", "iam:ListAttachedGroupPolicies", "iam:GetGroup", "/Group"},
    /* clang-format on */
};

static const struct source *source_of(const struct subject *s)
{
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (strcmp(sources[i].type, s->type) == 0)
            return &sources[i];
    return NULL;
}

static const struct policy *read_policy(const struct fact *f, const struct exhibit *x,
                                        const struct json *node, struct str pointer,
                                        struct str name, struct str arn,
                                        enum policy_kind kind)
{
    if (!node)
        return NULL;
    struct policy_source source = {.text = &x->doc->text,
                                   .pointer = pointer,
                                   .node = node,
                                   .name = name,
                                   .arn = arn,
                                   .kind = kind};
    return policy_read(f->scratch, &source);
}

static struct held *find(struct identity *id, struct str name)
{
    for (size_t i = 0; i < id->held.n; i++)
        if (strcmp(id->held.v[i].kind, "inline") == 0 && str_eq(id->held.v[i].name, name))
            return &id->held.v[i];
    return NULL;
}

static struct held *add_inline(const struct fact *f, struct identity *id,
                               const struct subject *of, struct str name,
                               const struct exhibit *x, struct str pointer)
{
    struct held *h = find(id, name);
    if (h && h->of == of)
        return h;
    h = vec_push(f->scratch, &id->held);
    *h = (struct held){
        .name = name, .kind = "inline", .of = of, .doc = x->doc, .pointer = pointer};
    return h;
}

static void read_inline(const struct fact *f, struct identity *id,
                        const struct subject *s, const struct source *src)
{
    struct arena *a = f->scratch;
    const struct exhibit *x = subject_exhibit(s, src->get);
    for (; exhibit_goes_on(s, x, src->get); x++) {
        struct str name = json_str(json_get(x->node, STR("PolicyName")));
        if (!name.n)
            name = x->doc->name2;
        const struct json *n = json_get(x->node, STR("PolicyDocument"));
        if (!n || !name.n)
            continue;
        struct held *h = add_inline(f, id, s, name, x, STR("/PolicyDocument"));
        h->policy = read_policy(f, x, n, STR("/PolicyDocument"), name, STR(""),
                                POLICY_IDENTITY_INLINE);
    }
    x = subject_exhibit(s, DETAILS);
    const struct json *list = json_get(x ? x->node : NULL, str_from(src->details));
    size_t i = 0;
    for (const struct json *n = json_first(list); n; n = json_next(n), i++) {
        struct str name = json_str(json_get(n, STR("PolicyName")));
        struct str pointer = STR_CAT(a, x->pointer, STR("/"), str_from(src->details),
                                     STR("/"), str_uint(a, i), STR("/PolicyDocument"));
        struct held *h = add_inline(f, id, s, name, x, pointer);
        if (!h->policy)
            h->policy = read_policy(f, x, json_get(n, STR("PolicyDocument")), pointer,
                                    name, STR(""), POLICY_IDENTITY_INLINE);
    }
    bool listed = x && x->node;
    x = subject_exhibit(s, src->list);
    i = 0;
    for (const struct json *n =
             json_first(json_get(x ? x->node : NULL, STR("PolicyNames")));
         n; n = json_next(n), i++)
        add_inline(f, id, s, json_str(n), x, str_fmt(a, "/PolicyNames/%zu", i));
    id->inline_listed = id->inline_listed &&
                        (listed || (x && document_answers(x->doc) && !x->doc->partial));
}

/* The version in force of a managed policy. */
static const struct policy *managed_text(const struct fact *f, const struct subject *p,
                                         enum policy_kind kind, struct held *h)
{
    struct arena *a = f->scratch;
    const char *get = "iam:GetPolicyVersion";
    const struct exhibit *x = subject_exhibit(p, get);
    h->version = json_str(
        json_dig(subject_answer(p, "iam:GetPolicy"), "Policy", "DefaultVersionId", NULL));
    for (; exhibit_goes_on(p, x, get); x++) {
        const struct json *v = json_get(x->node, STR("PolicyVersion"));
        struct str id = json_str(json_get(v, STR("VersionId")));
        if (!v || (h->version.n ? !str_eq(id, h->version)
                                : !json_bool(json_get(v, STR("IsDefaultVersion")))))
            continue;
        h->version = id;
        return read_policy(f, x, json_get(v, STR("Document")),
                           STR("/PolicyVersion/Document"), p->name, p->arn, kind);
    }
    x = subject_exhibit(p, DETAILS);
    size_t i = 0;
    for (const struct json *v =
             json_first(json_get(x ? x->node : NULL, STR("PolicyVersionList")));
         v; v = json_next(v), i++) {
        if (!json_bool(json_get(v, STR("IsDefaultVersion"))))
            continue;
        h->version = json_str(json_get(v, STR("VersionId")));
        struct str pointer = STR_CAT(a, x->pointer, STR("/PolicyVersionList/"),
                                     str_uint(a, i), STR("/Document"));
        return read_policy(f, x, json_get(v, STR("Document")), pointer, p->name, p->arn,
                           kind);
    }
    return NULL;
}

static void read_managed(const struct fact *f, struct identity *id,
                         const struct subject *s, const struct source *src)
{
    for (size_t i = 0; i < s->links.n; i++) {
        const struct link *l = &s->links.v[i];
        bool boundary = strcmp(l->name, "boundary") == 0;
        if (!boundary && strcmp(l->name, "managed-policy") != 0)
            continue;
        struct held *h = vec_push(f->scratch, &id->held);
        *h = (struct held){.name = l->to->name,
                           .arn = l->to->arn,
                           .kind = boundary ? "boundary" : "managed",
                           .aws = str_eq(l->to->account, STR("aws")),
                           .of = l->to,
                           .doc = l->doc,
                           .pointer = l->pointer};
        h->policy = managed_text(f, l->to,
                                 boundary ? POLICY_BOUNDARY : POLICY_IDENTITY_MANAGED, h);
    }
    const struct exhibit *x = subject_exhibit(s, src->attached);
    const struct exhibit *d = subject_exhibit(s, DETAILS);
    id->managed_listed =
        id->managed_listed &&
        ((d && d->node) || (x && document_answers(x->doc) && !x->doc->partial));
}

struct identity *identity_read(const struct fact *f, const struct subject *s)
{
    struct identity *id = ARENA_NEW(f->scratch, struct identity);
    const struct source *src = source_of(s);
    id->s = s;
    id->inline_listed = id->managed_listed = true;
    if (!src)
        return id;
    read_inline(f, id, s, src);
    read_managed(f, id, s, src);
    for (size_t i = 0; i < s->links.n; i++) {
        const struct subject *g = s->links.v[i].to;
        if (strcmp(s->links.v[i].name, "group") != 0 || !source_of(g))
            continue;
        size_t own = id->held.n;
        read_inline(f, id, g, source_of(g));
        read_managed(f, id, g, source_of(g));
        for (size_t k = own; k < id->held.n; k++)
            id->held.v[k].through = g;
    }
    return id;
}

struct effective *identity_effective(const struct fact *f, const struct identity *id)
{
    struct arena *a = f->scratch;
    const struct policy **grants = ARENA_ARRAY(a, const struct policy *, id->held.n + 1);
    struct organization_limits org =
        organization_limits(f->m->organization, id->s->account);
    struct effective_limit *limits = ARENA_ARRAY(
        a, struct effective_limit, id->held.n + org.nservices + org.nresources + 1);
    struct effective_input in = {.identity = grants, .limits = limits};
    in.identity_missing = !id->inline_listed || !id->managed_listed;
    for (size_t i = 0; i < id->held.n; i++) {
        const struct held *h = &id->held.v[i];
        if (strcmp(h->kind, "boundary") == 0) {
            struct effective_limit *l = &limits[in.nlimits++];
            const struct policy **one = ARENA_ARRAY(a, const struct policy *, 1);
            one[0] = h->policy;
            *l = (struct effective_limit){"permissions boundary", one, h->policy ? 1 : 0,
                                          !h->policy};
        } else if (h->policy) {
            grants[in.nidentity++] = h->policy;
        } else {
            in.identity_missing = true;
        }
    }
    for (size_t i = 0; organization_binds(id->s->arn) && i < org.nservices; i++)
        limits[in.nlimits++] = org.services[i];
    for (size_t i = 0; i < org.nresources; i++)
        limits[in.nlimits++] = org.resources[i];
    return effective_grants(f->iam, &in);
}

const struct json *identity_value(const struct subject *s, const char *member,
                                  const struct exhibit **x)
{
    static const char *const more[] = {DETAILS, "iam:ListRoles", "iam:ListUsers"};
    const struct source *src = source_of(s);
    const struct exhibit *own = src ? subject_exhibit(s, src->describe) : NULL;
    const struct json *n =
        own && own->node ? json_pointer(own->node, str_from(src->wrap)) : NULL;
    *x = own;
    n = json_get(n, str_from(member));
    for (size_t i = 0; !n && i < sizeof more / sizeof *more; i++) {
        *x = subject_exhibit(s, more[i]);
        n = json_get(*x ? (*x)->node : NULL, str_from(member));
    }
    return n;
}

const struct json *identity_member(const struct fact *f, const struct subject *s,
                                   const char *member, const struct exhibit **x,
                                   struct str *pointer)
{
    const struct exhibit *at;
    const struct json *n = identity_value(s, member, &at);
    if (!n)
        return NULL;
    const struct source *src = source_of(s);
    bool own = src && strcmp(at->kind, src->describe) == 0;
    *x = at;
    *pointer = own ? STR_CAT(f->scratch, str_from(src->wrap), STR("/"), str_from(member))
                   : STR_CAT(f->scratch, at->pointer, STR("/"), str_from(member));
    return n;
}
