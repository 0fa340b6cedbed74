/* IAM policies: documents into statements that keep their place. */
#include "iam/policy.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "iam/policy_text.h"
#include "json/json.h"

/* clang-format off */
static const struct diag_kind
    UNREADABLE     = {"IAM-110", DIAG_ERROR, "the policy is not JSON",
                      "collect the policy again, or mend the file"},
    NOT_POLICY     = {"IAM-111", DIAG_ERROR, "this is not a policy document",
                      "a policy is one object with Version and Statement"},
    NO_STATEMENT   = {"IAM-112", DIAG_ERROR, "the policy has no Statement",
                      "names of elements are exact: write Statement, an object or an array"},
    UNKNOWN_MEMBER = {"IAM-113", DIAG_ERROR, "no element of a policy has this name",
                      "use the names of the policy grammar, in their exact case"},
    BAD_VERSION    = {"IAM-114", DIAG_ERROR, "the policy version does not exist",
                      "write \"2012-10-17\""},
    BAD_EFFECT     = {"IAM-116", DIAG_ERROR, "Effect is neither Allow nor Deny",
                      "write exactly \"Allow\" or \"Deny\""},
    ONE_ACTION     = {"IAM-117", DIAG_ERROR, "a statement takes exactly one of Action and NotAction",
                      "give the statement one of the two"},
    ONE_RESOURCE   = {"IAM-118", DIAG_ERROR, "the statement's Resource does not fit this kind of policy",
                      "identity policies take exactly one of Resource and NotResource, trust policies none"},
    ONE_PRINCIPAL  = {"IAM-119", DIAG_ERROR, "the statement's Principal does not fit this kind of policy",
                      "trust and resource policies take exactly one of Principal and NotPrincipal, others none"},
    WRONG_TYPE     = {"IAM-120", DIAG_ERROR, "the value has a type that policies do not take here",
                      "use a text, or an array of texts"},
    BAD_OPERATOR   = {"IAM-121", DIAG_ERROR, "there is no such condition operator",
                      "use an operator of the IAM User Guide's list"},
    EMPTY_LIST     = {"IAM-122", DIAG_WARNING, "the list is empty",
                      "remove the statement, or say what it is about"},
    BAD_SID        = {"IAM-123", DIAG_ERROR, "Sid takes letters and digits only",
                      "rename the statement"},
    TOO_LARGE      = {"IAM-124", DIAG_ERROR, "the policy is larger than any that AWS takes",
                      "split it"},
    BAD_PRINCIPAL  = {"IAM-125", DIAG_ERROR, "no principal is written like this",
                      "name an account, a role, a user or a service; wildcards only as \"*\""};
/* clang-format on */

static const struct diag_kind *const kinds[] = {
    &UNREADABLE, &NOT_POLICY,   &NO_STATEMENT, &UNKNOWN_MEMBER, &BAD_VERSION,
    &BAD_EFFECT, &ONE_ACTION,   &ONE_RESOURCE, &ONE_PRINCIPAL,  &WRONG_TYPE,
    &EMPTY_LIST, &BAD_OPERATOR, &BAD_SID,      &TOO_LARGE,      &BAD_PRINCIPAL,
};

const struct diag_kind *const *policy_issue_kinds(size_t *n)
{
    *n = sizeof kinds / sizeof *kinds;
    return kinds;
}

/* clang-format off */
static const struct {
    const char *name;
    bool principal;
    enum arn_use use;
} kind_rows[POLICY_KINDS] = {
    [POLICY_IDENTITY_INLINE]  = {"inline policy",            false, ARN_IN_IDENTITY},
    [POLICY_IDENTITY_MANAGED] = {"managed policy",           false, ARN_IN_IDENTITY},
    [POLICY_BOUNDARY]         = {"permissions boundary",     false, ARN_IN_IDENTITY},
    [POLICY_TRUST]            = {"trust policy",             true,  ARN_IN_RESOURCE},
    [POLICY_RESOURCE]         = {"resource policy",          true,  ARN_IN_RESOURCE},
    [POLICY_SCP]              = {"service control policy",   false, ARN_IN_SCP},
    [POLICY_RCP]              = {"resource control policy",  true,  ARN_IN_RCP},
    [POLICY_SESSION]          = {"session policy",           false, ARN_IN_IDENTITY},
};
/* clang-format on */

const char *policy_kind_name(enum policy_kind kind)
{
    return kind_rows[kind].name;
}

bool policy_kind_has_principal(enum policy_kind kind)
{
    return kind_rows[kind].principal;
}

enum arn_use policy_kind_arn_use(enum policy_kind kind)
{
    return kind_rows[kind].use;
}

/* The elements of a statement. */
enum element {
    SID,
    EFFECT,
    PRINCIPAL,
    NOT_PRINCIPAL,
    ACTION,
    NOT_ACTION,
    RESOURCE,
    NOT_RESOURCE,
    CONDITION,
    ELEMENTS
};
static const struct str elements[ELEMENTS] = {
    STR("Sid"),          STR("Effect"),      STR("Principal"),
    STR("NotPrincipal"), STR("Action"),      STR("NotAction"),
    STR("Resource"),     STR("NotResource"), STR("Condition")};

/* What reading one policy carries along. */
struct reader {
    struct arena *a;
    struct policy *p;
    const struct json *has[ELEMENTS]; /* of the statement at hand */
};

/* What values belong to; below Condition the whole pointer is put together for a fault
 * only. */
struct owner {
    struct str element, key;
};

static void fault(struct reader *r, const struct diag_kind *kind,
                  struct policy_statement *st, struct str element, size_t i,
                  struct str detail)
{
    policy_issue_add(r->a, r->p, &r->p->issues, kind, st, element, i, detail);
    if (kind->level == DIAG_ERROR && st && kind != &BAD_SID)
        st->broken = true;
}

/* A text, or a number or Boolean where conditions take them. */
static bool scalar(const struct json *n, bool loose, struct str *out)
{
    enum json_type t = json_type(n);
    if (t == JSON_STRING)
        *out = json_str(n);
    else if (loose && (t == JSON_NUMBER || t == JSON_TRUE || t == JSON_FALSE))
        *out = json_scalar(n);
    else
        return false;
    return true;
}

static void fault_of(struct reader *r, const struct diag_kind *kind,
                     struct policy_statement *st, struct owner of, size_t i)
{
    struct buf path = BUF_INIT;
    buf_str(&path, of.element);
    if (of.key.p)
        json_pointer_add(&path, of.key);
    fault(r, kind, st, buf_dup(r->a, &path), i, STR(""));
    buf_free(&path);
}

/* One value or an array of them. */
static const struct str *values(struct reader *r, struct policy_statement *st,
                                const struct json *node, struct owner of, bool loose,
                                size_t *n)
{
    bool array = json_is(node, JSON_ARRAY);
    *n = 0;
    struct str *v = ARENA_ARRAY(r->a, struct str, array ? json_size(node) : 1);
    if (!array) {
        if (scalar(node, loose, &v[0]))
            *n = 1;
        else
            fault_of(r, &WRONG_TYPE, st, of, SIZE_MAX);
        return v;
    }
    size_t i = 0;
    for (const struct json *c = json_first(node); c; c = json_next(c), i++) {
        if (scalar(c, loose, &v[*n]))
            (*n)++;
        else
            fault_of(r, &WRONG_TYPE, st, of, i);
    }
    if (i == 0)
        fault_of(r, &EMPTY_LIST, st, of, SIZE_MAX);
    return v;
}

static void read_effect(struct reader *r, struct policy_statement *st)
{
    const struct json *n = r->has[EFFECT];
    struct str s = json_str(n);
    if (str_eq(s, STR("Deny")))
        st->effect = POLICY_DENY;
    else if (!str_eq(s, STR("Allow")))
        fault(r, &BAD_EFFECT, st, n ? STR("Effect") : STR(""), SIZE_MAX, s);
}

static void read_sid(struct reader *r, struct policy_statement *st)
{
    const struct json *n = r->has[SID];
    if (!n)
        return;
    if (!json_is(n, JSON_STRING)) {
        fault(r, &WRONG_TYPE, st, STR("Sid"), SIZE_MAX, STR(""));
        return;
    }
    st->sid = json_str(n);
    /* Services with resource policies take more characters in a Sid. */
    if (r->p->source.kind == POLICY_RESOURCE)
        return;
    for (size_t i = 0; i < st->sid.n; i++) {
        char c = st->sid.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (c >= '0' && c <= '9'))) {
            fault(r, &BAD_SID, st, STR("Sid"), SIZE_MAX, STR(""));
            return;
        }
    }
}

static void read_actions(struct reader *r, struct policy_statement *st)
{
    const struct json *yes = r->has[ACTION], *no = r->has[NOT_ACTION];
    if (!yes == !no) {
        fault(r, &ONE_ACTION, st, STR(""), SIZE_MAX, STR(""));
        return;
    }
    st->not_action = no != NULL;
    st->actions = values(r, st, yes ? yes : no,
                         (struct owner){.element = elements[yes ? ACTION : NOT_ACTION]},
                         false, &st->nactions);
}

static void read_resources(struct reader *r, struct policy_statement *st)
{
    const struct json *yes = r->has[RESOURCE], *no = r->has[NOT_RESOURCE];
    enum policy_kind kind = r->p->source.kind;
    bool optional = kind == POLICY_RESOURCE || kind == POLICY_TRUST;
    if ((yes && no) || (!yes && !no && !optional) ||
        (kind == POLICY_TRUST && (yes || no)))
        fault(r, &ONE_RESOURCE, st,
              kind == POLICY_TRUST ? (yes ? STR("Resource") : STR("NotResource"))
                                   : STR(""),
              SIZE_MAX, STR(""));
    if (!yes == !no)
        return;
    st->has_resource = true;
    st->not_resource = no != NULL;
    st->resources =
        values(r, st, yes ? yes : no,
               (struct owner){.element = elements[yes ? RESOURCE : NOT_RESOURCE]}, false,
               &st->nresources);
}

static void add_principal(struct reader *r, struct policy_statement *st,
                          struct principal *v, struct str key, struct str value,
                          struct str element, size_t i)
{
    struct principal one = principal_read(key, value);
    if (one.kind == PRINCIPAL_MALFORMED) {
        /* It admits nobody; under NotPrincipal it would shut nobody out. */
        bool was = st->broken;
        fault(r, &BAD_PRINCIPAL, st, element, i, value);
        st->broken = was || st->not_principal;
    }
    v[st->nprincipals++] = one;
}

static void read_principal_object(struct reader *r, struct policy_statement *st,
                                  const struct json *node, struct str element)
{
    size_t most = 0;
    for (const struct json *c = json_first(node); c; c = json_next(c))
        most += json_is(c, JSON_ARRAY) ? json_size(c) : 1;
    struct principal *v = ARENA_ARRAY(r->a, struct principal, most);
    st->principals = v;
    for (const struct json *c = json_first(node); c; c = json_next(c)) {
        struct str key = json_key(c);
        struct str at = STR_CAT(r->a, element, STR("/"), key);
        if (!str_eq(key, STR("AWS")) && !str_eq(key, STR("Service")) &&
            !str_eq(key, STR("Federated")) && !str_eq(key, STR("CanonicalUser"))) {
            fault(r, &UNKNOWN_MEMBER, st, element, SIZE_MAX, key);
            continue;
        }
        size_t n;
        const struct str *list =
            values(r, st, c, (struct owner){.element = at}, false, &n);
        for (size_t i = 0; i < n; i++)
            add_principal(r, st, v, key, list[i], at,
                          json_is(c, JSON_ARRAY) ? i : SIZE_MAX);
    }
    if (!most)
        fault(r, &EMPTY_LIST, st, element, SIZE_MAX, STR(""));
}

static void read_principals(struct reader *r, struct policy_statement *st)
{
    const struct json *yes = r->has[PRINCIPAL], *no = r->has[NOT_PRINCIPAL];
    bool wanted = policy_kind_has_principal(r->p->source.kind);
    if ((yes && no) || wanted != (yes || no)) {
        fault(r, &ONE_PRINCIPAL, st, STR(""), SIZE_MAX, STR(""));
        return;
    }
    if (!wanted)
        return;
    st->has_principal = true;
    st->not_principal = no != NULL;
    struct str element = no ? STR("NotPrincipal") : STR("Principal");
    const struct json *node = yes ? yes : no;
    if (json_is(node, JSON_OBJECT)) {
        read_principal_object(r, st, node, element);
    } else if (json_is(node, JSON_STRING)) {
        struct principal *v = ARENA_NEW(r->a, struct principal);
        st->principals = v;
        add_principal(r, st, v, STR("AWS"), json_str(node), element, SIZE_MAX);
        if (v[0].kind != PRINCIPAL_EVERYONE && v[0].kind != PRINCIPAL_MALFORMED)
            fault(r, &BAD_PRINCIPAL, st, element, SIZE_MAX, json_str(node));
    } else {
        fault(r, &WRONG_TYPE, st, element, SIZE_MAX, STR(""));
    }
}

static void read_operator(struct reader *r, struct policy_statement *st,
                          const struct json *block, struct condition *v)
{
    struct str at = STR_CAT(r->a, STR("Condition/"), json_key(block));
    struct condition like = {0};
    if (!condition_operator(json_key(block), &like)) {
        bool was = st->broken;
        fault(r, &BAD_OPERATOR, st, at, SIZE_MAX, json_key(block));
        st->broken = was; /* the condition itself is unknown; the rest is read */
    }
    if (!json_is(block, JSON_OBJECT)) {
        fault(r, &WRONG_TYPE, st, at, SIZE_MAX, STR("an operator holds keys and values"));
        return;
    }
    for (const struct json *c = json_first(block); c; c = json_next(c)) {
        struct condition *one = &v[st->nconditions++];
        *one = like;
        one->key = json_key(c);
        one->node = c;
        one->values = values(r, st, c, (struct owner){at, one->key}, true, &one->nvalues);
    }
}

static void read_conditions(struct reader *r, struct policy_statement *st)
{
    const struct json *node = r->has[CONDITION];
    if (!node)
        return;
    if (!json_is(node, JSON_OBJECT)) {
        fault(r, &WRONG_TYPE, st, STR("Condition"), SIZE_MAX, STR("it is an object"));
        return;
    }
    size_t most = 0;
    for (const struct json *c = json_first(node); c; c = json_next(c))
        most += json_size(c);
    struct condition *v = ARENA_ARRAY(r->a, struct condition, most);
    st->conditions = v;
    for (const struct json *c = json_first(node); c; c = json_next(c))
        read_operator(r, st, c, v);
}

static bool one_of(struct str s, const char *const *names)
{
    for (; *names; names++)
        if (str_eq(s, str_from(*names)))
            return true;
    return false;
}

static void find_elements(struct reader *r, struct policy_statement *st)
{
    memset(r->has, 0, sizeof r->has);
    for (const struct json *c = json_first(st->node); c; c = json_next(c)) {
        struct str key = json_key(c);
        size_t i = 0;
        while (i < ELEMENTS && !str_eq(key, elements[i]))
            i++;
        if (i == ELEMENTS)
            fault(r, &UNKNOWN_MEMBER, st, STR(""), SIZE_MAX, key);
        else if (!r->has[i])
            r->has[i] = c;
    }
}

static void read_statement(struct reader *r, struct policy_statement *st)
{
    if (!json_is(st->node, JSON_OBJECT)) {
        fault(r, &WRONG_TYPE, st, STR(""), SIZE_MAX, STR("a statement is an object"));
        return;
    }
    find_elements(r, st);
    read_sid(r, st);
    read_effect(r, st);
    read_principals(r, st);
    read_actions(r, st);
    read_resources(r, st);
    read_conditions(r, st);
}

/* More than are read? Counting them visits memory far apart, so only where a text is
 * long enough for so many. */
static bool too_many(const struct policy *p, const struct json *statements)
{
    bool long_enough = !p->text || p->chars_with_space / 2 > POLICY_MAX_STATEMENTS;
    return long_enough && json_size(statements) > POLICY_MAX_STATEMENTS;
}

static void read_statements(struct reader *r, const struct json *node)
{
    enum { MOSTLY = 8 };
    struct policy *p = r->p;
    bool array = json_is(node, JSON_ARRAY);
    if (array && !json_first(node))
        fault(r, &EMPTY_LIST, NULL, STR("Statement"), SIZE_MAX, STR(""));
    if (array && too_many(p, node)) {
        fault(r, &TOO_LARGE, NULL, STR("Statement"), SIZE_MAX, STR(""));
        p->unreadable = true;
        return;
    }
    VEC(struct policy_statement) list = {0};
    list.v = ARENA_ARRAY(r->a, struct policy_statement, MOSTLY);
    list.cap = MOSTLY;
    for (const struct json *c = array ? json_first(node) : node; c;
         c = array ? json_next(c) : NULL) {
        struct policy_statement *st = vec_push(r->a, &list);
        st->policy = p;
        st->index = list.n - 1;
        st->node = c;
        st->pointer = array ? STR_CAT(r->a, p->source.pointer, STR("/Statement/"),
                                      str_uint(r->a, st->index))
                            : STR_CAT(r->a, p->source.pointer, STR("/Statement"));
        p->statements = list.v;
        p->nstatements = list.n;
        read_statement(r, st);
        p->faulty = p->faulty || st->broken;
    }
}

static void read_version(struct reader *r)
{
    struct policy *p = r->p;
    const struct json *n = json_get(p->root, STR("Version"));
    p->version = n ? json_str(n) : STR("2008-10-17");
    p->variables = str_eq(p->version, STR("2012-10-17"));
    if (n && !p->variables && !str_eq(p->version, STR("2008-10-17")))
        fault(r, &BAD_VERSION, NULL, STR("Version"), SIZE_MAX, p->version);
}

static void read_root(struct reader *r)
{
    static const char *const names[] = {"Version", "Id", "Statement", NULL};
    struct policy *p = r->p;
    if (!json_is(p->root, JSON_OBJECT)) {
        fault(r, &NOT_POLICY, NULL, STR(""), SIZE_MAX, STR(""));
        p->unreadable = true;
        return;
    }
    for (const struct json *c = json_first(p->root); c; c = json_next(c))
        if (!one_of(json_key(c), names))
            fault(r, &UNKNOWN_MEMBER, NULL, STR(""), SIZE_MAX, json_key(c));
    read_version(r);
    p->id = json_str(json_get(p->root, STR("Id")));
    const struct json *statements = json_get(p->root, STR("Statement"));
    if (!statements) {
        fault(r, &NO_STATEMENT, NULL, STR(""), SIZE_MAX, STR(""));
        p->unreadable = true;
        return;
    }
    read_statements(r, statements);
}

struct policy *policy_read(struct arena *a, const struct policy_source *source)
{
    struct policy *p = ARENA_NEW(a, struct policy);
    struct reader r = {.a = a, .p = p};
    p->source = *source;
    struct str wrong = STR("");
    if (policy_text_open(a, p, &wrong)) {
        if (p->chars_with_space > POLICY_MAX_BYTES) {
            fault(&r, &TOO_LARGE, NULL, STR(""), SIZE_MAX, STR(""));
            p->unreadable = true;
        } else {
            read_root(&r);
        }
    } else {
        fault(&r, wrong.n ? &UNREADABLE : &NOT_POLICY, NULL, STR(""), SIZE_MAX, wrong);
        p->unreadable = true;
    }
    p->faulty = p->faulty || p->unreadable;
    return p;
}

void policy_report(const struct policy *p, struct diag *dx)
{
    for (size_t i = 0; i < p->issues.n; i++) {
        const struct policy_issue *is = &p->issues.v[i];
        if (is->detail.n)
            diag_at(dx, is->kind, is->at, "%.*s", STR_ARG(is->detail));
        else
            diag_at(dx, is->kind, is->at, NULL);
    }
}

struct str policy_statement_name(struct arena *a, const struct policy_statement *st)
{
    const struct policy_source *s = &st->policy->source;
    struct str sid = st->sid.n ? str_fmt(a, " (%.*s)", STR_ARG(st->sid)) : STR("");
    struct str name = s->name.n ? str_fmt(a, " %.*s", STR_ARG(s->name)) : STR("");
    return str_fmt(a, "statement %zu%.*s of %s%.*s", st->index + 1, STR_ARG(sid),
                   policy_kind_name(s->kind), STR_ARG(name));
}
