/* Resource policies: whom they let in. */
#include "model/fact.h"
#include "model/storage.h"

#include "iam/trust.h"

#include <string.h>

/* Where a type's resource policy stands. */
static const struct place_row {
    const char *type, *kind, *pointer;
} places[] = {
    /* clang-format off */
    {"bucket",       "s3:GetBucketPolicy",                "/Policy"},
    {"catalog",      "glue:GetResourcePolicy",            "/PolicyInJson"},
    {"cluster",      "kafka:GetClusterPolicy",            "/Policy"},
    {"domain",       "opensearch:DescribeDomain",         "/DomainStatus/AccessPolicies"},
    {"domain",       "es:DescribeElasticsearchDomain",    "/DomainStatus/AccessPolicies"},
    {"function",     "lambda:GetPolicy",                  "/Policy"},
    {"key",          "kms:GetKeyPolicy",                  "/Policy"},
    {"queue",        "sqs:GetQueueAttributes",            "/Attributes/Policy"},
    {"secret",       "secretsmanager:GetResourcePolicy",  "/ResourcePolicy"},
    {"stream",       "kinesis:GetResourcePolicy",         "/Policy"},
    {"table",        "dynamodb:GetResourcePolicy",        "/Policy"},
    {"topic",        "sns:GetTopicAttributes",            "/Attributes/Policy"},
    {"vpc-endpoint", "ec2:DescribeVpcEndpoints",          "/PolicyDocument"},
    /* clang-format on */
};

enum { PLACES = sizeof places / sizeof *places };

const struct policy *access_policy(const struct fact *f, const struct subject *s,
                                   const struct exhibit **at, struct str *pointer)
{
    for (size_t i = 0; i < PLACES; i++) {
        if (strcmp(places[i].type, s->type) != 0)
            continue;
        const struct exhibit *x = subject_exhibit(s, places[i].kind);
        const struct json *n =
            x && x->node ? json_pointer(x->node, str_from(places[i].pointer)) : NULL;
        struct str text = str_trim(json_str(n));
        /* No policy: absent, "", or "{}" as some tools answer. */
        if (!n || (json_is(n, JSON_STRING) && (!text.n || str_eq(text, STR("{}")))))
            continue;
        *at = x;
        *pointer = str_fmt(f->scratch, "%.*s%s", STR_ARG(x->pointer), places[i].pointer);
        struct policy_source source = {.text = &x->doc->text,
                                       .pointer = *pointer,
                                       .node = n,
                                       .name = s->name,
                                       .arn = s->arn,
                                       .kind = POLICY_RESOURCE};
        return policy_read(f->scratch, &source);
    }
    return NULL;
}

static struct trust *read(const struct fact *f, const struct subject *s,
                          const struct policy *p)
{
    struct trust_view view = {
        .account = s->account, .known = f->sh->known, .nknown = f->sh->nknown};
    return trust_read(f->iam, p, &view);
}

const char *access_public(const struct fact *f, const struct subject *s)
{
    const struct exhibit *x;
    struct str pointer;
    const struct policy *p = f->iam ? access_policy(f, s, &x, &pointer) : NULL;
    if (!p)
        return "unknown";
    const struct trust *t = read(f, s, p);
    for (size_t i = 0; i < t->n; i++)
        if (t->v[i].open)
            return "yes";
    return t->faulty ? "unknown" : "no";
}

struct json *fact_texts(struct fact *f, const struct str *v, size_t n)
{
    struct json *list = json_new_array(f->a);
    for (size_t i = 0; i < n; i++)
        json_push(list, json_new_str(f->a, v[i]));
    return list;
}

struct json *fact_policy_texts(struct fact *f, const struct policy *p,
                               const struct str *v, size_t n)
{
    struct json *list = json_new_array(f->a);
    for (size_t i = 0; i < n; i++)
        json_push(list, fact_of_policy(f, p, v[i]));
    return list;
}

struct json *fact_condition_keys(struct fact *f, const struct policy_statement *st)
{
    struct json *list = json_new_array(f->a);
    for (size_t i = 0; i < st->nconditions; i++)
        json_push(list, fact_of_policy(f, st->policy, st->conditions[i].key));
    return list;
}

static void entry(struct fact *f, struct json *list, const struct trust_entry *e)
{
    const struct principal *p = e->principal;
    struct str account = p ? p->account : STR("");
    struct json *o = fact_item(f, list);
    bool known = false;
    for (size_t i = 0; i < f->sh->nknown; i++)
        known = known || str_eq(f->sh->known[i], account);
    fact_str(f, o, "sid", e->st->sid);
    fact_str(f, o, "principal", p ? p->value : STR("everyone else"));
    fact_z(f, o, "kind",
           !p                          ? "everyone-but"
           : p->kind == PRINCIPAL_DEAD ? "dead"
                                       : principal_kind_name(p->kind));
    fact_str(f, o, "account", account);
    fact_bool(f, o, "own_account", account.n && str_eq(account, f->s->account));
    fact_bool(f, o, "known_account", known);
    fact_bool(f, o, "public", e->open);
    fact_bool(f, o, "foreign", e->class == TRUST_FOREIGN || e->crosses);
    /* What limits everyone must limit who: a prefix or a tag does not. */
    unsigned limits = e->open ? NARROW_IP | NARROW_PRINCIPAL_TAG : NARROW_REAL;
    fact_bool(f, o, "narrowed", (e->narrowing.by & limits) != 0);
    fact_bool(f, o, "unguarded", e->unguarded);
    fact_z(f, o, "weight", trust_weight_name(e->weight));
    if (e->why)
        fact_z(f, o, "why", e->why);
    fact_bool(f, o, "not_action", e->st->not_action);
    json_set_literal(
        o, "actions",
        fact_policy_texts(f, e->st->policy, e->st->actions, e->st->nactions));
    json_set_literal(o, "conditions", fact_condition_keys(f, e->st));
    fact_at_statement(f, o, e->st);
}

/* The answer is there and holds no policy: nobody is let in by one. */
static bool has_none(const struct subject *s)
{
    bool any = false;
    for (size_t i = 0; i < PLACES; i++) {
        const struct exhibit *x = strcmp(places[i].type, s->type) == 0
                                      ? subject_exhibit(s, places[i].kind)
                                      : NULL;
        any = any || (x && document_answers(x->doc));
    }
    return any;
}

const char *access_missing(const struct subject *s)
{
    for (size_t i = 0; i < PLACES; i++)
        if (strcmp(places[i].type, s->type) == 0)
            return has_none(s) ? NULL : places[i].kind;
    return NULL;
}

void facts_access(struct fact *f)
{
    const struct exhibit *x = NULL;
    struct str pointer;
    const struct policy *p = f->iam ? access_policy(f, f->s, &x, &pointer) : NULL;
    if (!p) {
        if (!x && has_none(f->s))
            fact_list(f, "access");
        return;
    }
    struct json *list = fact_list(f, "access");
    const struct trust *t = read(f, f->s, p);
    for (size_t i = 0; i < t->n; i++)
        entry(f, list, &t->v[i]);
    if (t->faulty)
        fact_faulty_policy(f, "access", x->doc, p);
}
