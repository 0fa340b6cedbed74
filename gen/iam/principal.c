/* Principals of trust and resource policies. */
#include "iam/principal.h"

#include "iam/arn.h"

const char *principal_kind_name(enum principal_kind kind)
{
    static const char *const names[] = {"everyone", "account",  "role",      "user",
                                        "session",  "service",  "federated", "canonical",
                                        "dead-id",  "malformed"};
    return names[kind];
}

/* IAM unique ids: four letters for the kind, then 12 or more of A-Z and 2-7 (seen with
 * other digits too). IAM User Guide, "IAM identifiers". */
static bool is_unique_id(struct str s)
{
    static const char *const kinds[] = {"AROA", "AIDA", "AGPA", "ANPA", "ASCA", "APKA"};
    if (s.n < 16 || s.n > 128)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'A' && s.p[i] <= 'Z') && !(s.p[i] >= '0' && s.p[i] <= '9'))
            return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_starts(s, str_from(kinds[i])))
            return true;
    return false;
}

static struct str last_of_path(struct str s)
{
    size_t at = str_find_last(s, '/');
    return at == (size_t)-1 ? s : str_sub(s, at + 1, s.n);
}

static bool has_wildcard(struct str s)
{
    return str_find_char(s, '*') != (size_t)-1 || str_find_char(s, '?') != (size_t)-1;
}

static void read_arn(const struct arn *arn, struct principal *out)
{
    struct str service = arn->part[ARN_SERVICE], rest = arn->part[ARN_RESOURCE], tail;
    out->account = arn->part[ARN_ACCOUNT];
    if (!arn_is_account(out->account) || arn->part[ARN_REGION].n || has_wildcard(rest))
        return;
    if (str_eq(service, STR("iam"))) {
        if (str_eq(rest, STR("root")))
            out->kind = PRINCIPAL_ACCOUNT;
        else if (str_starts(rest, STR("role/")))
            out->kind = PRINCIPAL_ROLE;
        else if (str_starts(rest, STR("user/")))
            out->kind = PRINCIPAL_USER;
        else if (str_starts(rest, STR("saml-provider/")) ||
                 str_starts(rest, STR("oidc-provider/")))
            out->kind = PRINCIPAL_FEDERATED;
        out->name = last_of_path(rest);
        if (!out->name.n)
            out->kind = PRINCIPAL_MALFORMED;
    } else if (str_eq(service, STR("sts"))) {
        if (str_starts(rest, STR("assumed-role/"))) {
            str_cut(str_sub(rest, 13, rest.n), '/', &out->name, &tail);
            out->session = tail;
            out->kind = tail.n ? PRINCIPAL_SESSION : PRINCIPAL_MALFORMED;
        } else if (str_starts(rest, STR("federated-user/"))) {
            out->session = last_of_path(rest);
            out->kind = PRINCIPAL_SESSION;
        }
    }
}

static bool is_service(struct str s)
{
    return !has_wildcard(s) &&
           (str_ends(s, STR(".amazonaws.com")) || str_ends(s, STR(".amazonaws.com.cn")) ||
            str_ends(s, STR(".amazon.com")) || str_ends(s, STR(".amazonaws.eu")) ||
            str_ends(s, STR(".c2s.ic.gov")) || str_ends(s, STR(".sc2s.sgov.gov")) ||
            str_ends(s, STR(".aws.internal")));
}

struct principal principal_read(struct str key, struct str value)
{
    struct principal p = {.kind = PRINCIPAL_MALFORMED, .value = value};
    struct arn arn;
    if (str_eq(key, STR("Service"))) {
        p.name = value;
        if (str_eq(value, STR("*")))
            p.kind = PRINCIPAL_EVERYONE;
        else if (is_service(value))
            p.kind = PRINCIPAL_SERVICE;
    } else if (str_eq(key, STR("Federated"))) {
        p.name = value;
        if (arn_split(value, &arn))
            read_arn(&arn, &p);
        else if (value.n && !has_wildcard(value) &&
                 str_find_char(value, '.') != (size_t)-1)
            p.kind = PRINCIPAL_FEDERATED;
        else if (str_eq(value, STR("*")))
            p.kind = PRINCIPAL_EVERYONE;
    } else if (str_eq(key, STR("CanonicalUser"))) {
        if (value.n && !has_wildcard(value))
            p.kind = PRINCIPAL_CANONICAL;
    } else if (str_eq(value, STR("*"))) {
        p.kind = PRINCIPAL_EVERYONE;
    } else if (arn_is_account(value)) {
        p.kind = PRINCIPAL_ACCOUNT;
        p.account = value;
    } else if (is_unique_id(value)) {
        p.kind = PRINCIPAL_DEAD;
    } else if (arn_split(value, &arn)) {
        read_arn(&arn, &p);
    }
    return p;
}

/* "x.amazonaws.com.cn" is x in China, where some services go by that name, some not. */
static struct str plain_service(struct str s)
{
    return str_ends(s, STR(".amazonaws.com.cn")) ? str_sub(s, 0, s.n - 3) : s;
}

bool principal_is_service(const struct principal *p, struct str service)
{
    return p->kind == PRINCIPAL_SERVICE &&
           str_eq_nocase(plain_service(p->value), plain_service(service));
}

bool principal_is(const struct principal *p, struct str caller)
{
    if (p->kind == PRINCIPAL_EVERYONE || str_eq(p->value, caller) ||
        principal_is_service(p, caller))
        return true;
    if (p->kind != PRINCIPAL_ROLE)
        return false;
    struct principal c = principal_read(STR("AWS"), caller);
    return c.kind == PRINCIPAL_SESSION && c.name.n && str_eq(p->account, c.account) &&
           str_eq(p->name, c.name);
}

bool principal_delegates(const struct principal *p, struct str account)
{
    return p->kind == PRINCIPAL_ACCOUNT && str_eq(p->account, account);
}
