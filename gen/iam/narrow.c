/* What conditions really narrow. */
#include "iam/narrow.h"

#include "base/buf.h"

/* clang-format off */
static const struct {
    struct str key; /* a trailing * takes any rest */
    enum narrow_by by;
} keys[] = {
    {STR("aws:CalledVia*"),            NARROW_VIA_SERVICE},
    {STR("aws:CurrentTime"),           NARROW_WEAK},
    {STR("aws:EpochTime"),             NARROW_WEAK},
    {STR("aws:MultiFactorAuth*"),      NARROW_MFA},
    {STR("aws:PrincipalAccount"),      NARROW_PRINCIPAL_ACCOUNT},
    {STR("aws:PrincipalArn"),          NARROW_PRINCIPAL_ARN},
    {STR("aws:PrincipalIsAWSService"), NARROW_WEAK},
    {STR("aws:PrincipalOrgID"),        NARROW_PRINCIPAL_ORG},
    {STR("aws:PrincipalOrgPaths"),     NARROW_PRINCIPAL_ORG},
    {STR("aws:PrincipalServiceName*"), NARROW_PRINCIPAL_ARN},
    {STR("aws:PrincipalTag/*"),        NARROW_PRINCIPAL_TAG},
    {STR("aws:PrincipalType"),         NARROW_WEAK},
    {STR("aws:Referer"),               NARROW_WEAK},
    {STR("aws:RequestedRegion"),       NARROW_WEAK},
    {STR("aws:ResourceAccount"),       NARROW_RESOURCE},
    {STR("aws:ResourceOrg*"),          NARROW_RESOURCE},
    {STR("aws:ResourceTag/*"),         NARROW_RESOURCE},
    {STR("aws:SecureTransport"),       NARROW_WEAK},
    {STR("aws:SourceAccount"),         NARROW_SOURCE_ACCOUNT},
    {STR("aws:SourceArn"),             NARROW_SOURCE_ARN},
    {STR("aws:SourceIp"),              NARROW_IP},
    {STR("aws:SourceOrg*"),            NARROW_SOURCE_ORG},
    {STR("aws:SourceOwner"),           NARROW_SOURCE_ACCOUNT},
    {STR("aws:SourceVpc*"),            NARROW_VPC},
    {STR("aws:UserAgent"),             NARROW_WEAK},
    {STR("aws:ViaAWSService"),         NARROW_WEAK},
    {STR("aws:VpceAccount"),           NARROW_VPC},
    {STR("aws:VpceOrg*"),              NARROW_VPC},
    {STR("aws:VpcSourceIp"),           NARROW_IP},
    {STR("aws:userid"),                NARROW_PRINCIPAL_ARN},
    {STR("dynamodb:LeadingKeys"),      NARROW_DATA},
    {STR("ec2:Subnet*"),               NARROW_RESOURCE},
    {STR("ec2:Vpc*"),                  NARROW_RESOURCE},
    {STR("iam:PassedToService"),       NARROW_PASSED_TO},
    {STR("iam:AssociatedResourceArn"), NARROW_PASSED_TO},
    {STR("kms:CallerAccount"),         NARROW_PRINCIPAL_ACCOUNT},
    {STR("kms:EncryptionContext*"),    NARROW_VIA_SERVICE},
    {STR("kms:GrantIsForAWSResource"), NARROW_WEAK},
    {STR("kms:ViaService"),            NARROW_VIA_SERVICE},
    {STR("s3:DataAccessPointAccount"), NARROW_PRINCIPAL_ACCOUNT},
    {STR("s3:ResourceAccount"),        NARROW_RESOURCE},
    {STR("s3:TlsVersion"),             NARROW_WEAK},
    {STR("s3:prefix"),                 NARROW_DATA},
    {STR("s3:x-amz-*"),                NARROW_WEAK},
    {STR("secretsmanager:ResourceTag/*"), NARROW_RESOURCE},
    {STR("sts:ExternalId"),            NARROW_EXTERNAL_ID},
};

static const struct {
    enum narrow_by by;
    const char *name;
} names[] = {
    {NARROW_SOURCE_ARN,        "aws:SourceArn"},
    {NARROW_SOURCE_ACCOUNT,    "aws:SourceAccount"},
    {NARROW_SOURCE_ORG,        "aws:SourceOrgID"},
    {NARROW_PRINCIPAL_ORG,     "aws:PrincipalOrgID"},
    {NARROW_PRINCIPAL_ARN,     "aws:PrincipalArn"},
    {NARROW_PRINCIPAL_ACCOUNT, "aws:PrincipalAccount"},
    {NARROW_PRINCIPAL_TAG,     "aws:PrincipalTag"},
    {NARROW_EXTERNAL_ID,       "sts:ExternalId"},
    {NARROW_VPC,               "aws:SourceVpce"},
    {NARROW_IP,                "aws:SourceIp"},
    {NARROW_MFA,               "aws:MultiFactorAuthPresent"},
    {NARROW_VIA_SERVICE,       "kms:ViaService"},
    {NARROW_PASSED_TO,         "iam:PassedToService"},
    {NARROW_RESOURCE,          "aws:ResourceAccount"},
    {NARROW_DATA,              "s3:prefix"},
    {NARROW_FEDERATION,        "provider claims"},
    {NARROW_WEAK,              "weak conditions"},
    {NARROW_OTHER,             "other conditions"},
};
/* clang-format on */

struct str narrow_names(struct arena *a, unsigned by)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (by & names[i].by)
            buf_fmt(&b, "%s%s", b.n ? ", " : "", names[i].name);
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

/* Is it the key of a row, in any case? The last letters first: few rows share one. */
static bool is_key(struct str key, struct str row)
{
    bool open = row.p[row.n - 1] == '*';
    row.n -= open;
    return (open ? key.n >= row.n : key.n == row.n) &&
           ((key.p[row.n - 1] ^ row.p[row.n - 1]) & ~0x20) == 0 &&
           str_eq_nocase(str_sub(key, 0, row.n), row);
}

static enum narrow_by kind_of(struct str key)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (is_key(key, keys[i].key))
            return keys[i].by;
    size_t colon = str_find_last(key, ':');
    struct str tail = colon == (size_t)-1 ? key : str_sub(key, colon + 1, key.n);
    if (str_eq_nocase(tail, STR("sub")) || str_eq_nocase(tail, STR("aud")) ||
        str_eq_nocase(tail, STR("amr")) || str_eq_nocase(tail, STR("oaud")))
        return NARROW_FEDERATION;
    return NARROW_OTHER;
}

static bool has_wildcard(struct str s)
{
    return str_find_char(s, '*') != (size_t)-1 || str_find_char(s, '?') != (size_t)-1;
}

/* Wide open: an ARN whose account can be anybody's and whose resource names nothing. */
static bool wide(const struct arn_pattern *p)
{
    if (p->any)
        return true;
    if (p->nothing)
        return false;
    struct pattern account = p->part[ARN_ACCOUNT], resource = p->part[ARN_RESOURCE];
    if (account.n && pattern_is_literal(account))
        return false;
    bool named = resource.n && resource.t[0] < PATTERN_STAR;
    return account.n || !named; /* arn:aws:s3:::bucket names no account, but a bucket */
}

static bool wide_arn(struct arena *a, struct str value)
{
    struct arn_pattern p = arn_pattern_make(a, value, ARN_IN_CONDITION, false);
    return wide(&p);
}

static enum narrow_effect judge_value(struct arena *a, const struct condition *c,
                                      enum narrow_by by, struct str value, bool variables)
{
    bool variable = variables && str_has(value, STR("${"));
    bool wild = has_wildcard(value) && !variable;
    switch (c->family) {
    case CONDITION_STRING:
        if (c->compare != COMPARE_LIKE) {
            /* A literal star: no account, ARN or organization is spelt with one. */
            return wild ? NARROW_NEVER : NARROW_HOLDS;
        }
        if (by == NARROW_SOURCE_ARN || by == NARROW_PRINCIPAL_ARN)
            return str_starts(value, STR("arn:")) && !wide_arn(a, value) ? NARROW_HOLDS
                   : wild                                                ? NARROW_HOLLOW
                                                                         : NARROW_HOLDS;
        if (by == NARROW_SOURCE_ACCOUNT || by == NARROW_PRINCIPAL_ACCOUNT)
            return wild ? NARROW_HOLLOW : NARROW_HOLDS;
        if (wild && (value.p[0] == '*' || value.p[0] == '?'))
            return value.n == 1 || str_eq(value, STR("**")) || by == NARROW_FEDERATION ||
                           by == NARROW_PRINCIPAL_ORG
                       ? NARROW_HOLLOW
                       : NARROW_HOLDS;
        if (by == NARROW_PRINCIPAL_ORG && wild)
            return value.n < 6 ? NARROW_HOLLOW : NARROW_HOLDS;
        return NARROW_HOLDS;
    case CONDITION_ARN: {
        if (variable)
            return NARROW_HOLDS;
        struct arn_pattern p = arn_pattern_make(a, value, ARN_IN_CONDITION, false);
        return p.nothing ? NARROW_NEVER : wide(&p) ? NARROW_HOLLOW : NARROW_HOLDS;
    }
    case CONDITION_IP:
        return str_ends(value, STR("/0")) ? NARROW_HOLLOW : NARROW_HOLDS;
    default:
        return NARROW_HOLDS;
    }
}

enum narrow_effect narrow_judge(struct arena *a, const struct condition *c,
                                bool variables, enum narrow_by *by)
{
    *by = kind_of(c->key);
    if (c->family == CONDITION_NULL || c->family == CONDITION_UNKNOWN ||
        condition_holds_without_key(c))
        return NARROW_HOLLOW;
    if (c->family == CONDITION_BOOL && *by == NARROW_MFA)
        return c->nvalues && str_eq_nocase(c->values[0], STR("true")) ? NARROW_HOLDS
                                                                      : NARROW_HOLLOW;
    bool all_never = c->nvalues > 0;
    for (size_t i = 0; i < c->nvalues; i++) {
        enum narrow_effect one = judge_value(a, c, *by, c->values[i], variables);
        if (one == NARROW_HOLLOW)
            return NARROW_HOLLOW;
        all_never = all_never && one == NARROW_NEVER;
    }
    return all_never ? NARROW_NEVER : NARROW_HOLDS;
}

/* The accounts that a value names: itself, or an ARN's account part. */
static bool account_of(struct str value, struct str *out)
{
    *out = arn_is_account(value) ? value : arn_part(value, ARN_ACCOUNT);
    return arn_is_account(*out);
}

struct narrowing narrow_statement(struct arena *a, const struct policy_statement *st)
{
    struct narrowing n = {0};
    VEC(struct str) accounts = {0};
    if (!st->nconditions)
        return n;
    enum narrow_effect *effects = ARENA_ARRAY(a, enum narrow_effect, st->nconditions);
    n.effects = effects;
    for (size_t i = 0; i < st->nconditions; i++) {
        const struct condition *c = &st->conditions[i];
        enum narrow_by by;
        enum narrow_effect effect = narrow_judge(a, c, st->policy->variables, &by);
        effects[i] = effect;
        if (effect == NARROW_NEVER) {
            n.never = true;
            n.first_never = n.first_never ? n.first_never : c;
        } else if (effect == NARROW_HOLLOW) {
            n.hollow |= by;
            n.first_hollow = n.first_hollow ? n.first_hollow : c;
        } else {
            n.by |= by;
            struct str account;
            for (size_t k = 0; (by & NARROW_WHO) && k < c->nvalues; k++) {
                if (account_of(c->values[k], &account))
                    *vec_push(a, &accounts) = account;
                else
                    n.unnamed_accounts = true;
            }
        }
    }
    n.accounts = accounts.v;
    n.naccounts = accounts.n;
    return n;
}
