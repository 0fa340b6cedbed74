/* Condition operators: reading their names. */
#include "iam/condition.h"

/* clang-format off */
static const struct op {
    struct str name;
    enum condition_family family;
    enum condition_compare compare;
    bool negated;
} ops[] = {
    {STR("ArnEquals"),                 CONDITION_ARN,     COMPARE_LIKE,          false},
    {STR("ArnLike"),                   CONDITION_ARN,     COMPARE_LIKE,          false},
    {STR("ArnNotEquals"),              CONDITION_ARN,     COMPARE_LIKE,          true},
    {STR("ArnNotLike"),                CONDITION_ARN,     COMPARE_LIKE,          true},
    {STR("BinaryEquals"),              CONDITION_BINARY,  COMPARE_EQUAL,         false},
    {STR("Bool"),                      CONDITION_BOOL,    COMPARE_EQUAL,         false},
    {STR("DateEquals"),                CONDITION_DATE,    COMPARE_EQUAL,         false},
    {STR("DateGreaterThan"),           CONDITION_DATE,    COMPARE_GREATER,       false},
    {STR("DateGreaterThanEquals"),     CONDITION_DATE,    COMPARE_GREATER_EQUAL, false},
    {STR("DateLessThan"),              CONDITION_DATE,    COMPARE_LESS,          false},
    {STR("DateLessThanEquals"),        CONDITION_DATE,    COMPARE_LESS_EQUAL,    false},
    {STR("DateNotEquals"),             CONDITION_DATE,    COMPARE_EQUAL,         true},
    {STR("IpAddress"),                 CONDITION_IP,      COMPARE_EQUAL,         false},
    {STR("NotIpAddress"),              CONDITION_IP,      COMPARE_EQUAL,         true},
    {STR("Null"),                      CONDITION_NULL,    COMPARE_EQUAL,         false},
    {STR("NumericEquals"),             CONDITION_NUMERIC, COMPARE_EQUAL,         false},
    {STR("NumericGreaterThan"),        CONDITION_NUMERIC, COMPARE_GREATER,       false},
    {STR("NumericGreaterThanEquals"),  CONDITION_NUMERIC, COMPARE_GREATER_EQUAL, false},
    {STR("NumericLessThan"),           CONDITION_NUMERIC, COMPARE_LESS,          false},
    {STR("NumericLessThanEquals"),     CONDITION_NUMERIC, COMPARE_LESS_EQUAL,    false},
    {STR("NumericNotEquals"),          CONDITION_NUMERIC, COMPARE_EQUAL,         true},
    {STR("StringEquals"),              CONDITION_STRING,  COMPARE_EQUAL,         false},
    {STR("StringEqualsIgnoreCase"),    CONDITION_STRING,  COMPARE_EQUAL_NOCASE,  false},
    {STR("StringLike"),                CONDITION_STRING,  COMPARE_LIKE,          false},
    {STR("StringNotEquals"),           CONDITION_STRING,  COMPARE_EQUAL,         true},
    {STR("StringNotEqualsIgnoreCase"), CONDITION_STRING,  COMPARE_EQUAL_NOCASE,  true},
    {STR("StringNotLike"),             CONDITION_STRING,  COMPARE_LIKE,          true},
};
/* clang-format on */

enum { OPS = sizeof ops / sizeof *ops };

const char *condition_operator_name(size_t i)
{
    return i < OPS ? ops[i].name.p : NULL;
}

static bool cut_prefix(struct str *s, struct str prefix)
{
    if (!str_eq_nocase(str_sub(*s, 0, prefix.n), prefix))
        return false;
    *s = str_sub(*s, prefix.n, s->n);
    return true;
}

bool condition_operator(struct str text, struct condition *out)
{
    out->op = text;
    out->family = CONDITION_UNKNOWN;
    struct str base = text, tail = STR("IfExists");
    if (cut_prefix(&base, STR("ForAllValues:")))
        out->set = CONDITION_ALL_VALUES;
    else if (cut_prefix(&base, STR("ForAnyValue:")))
        out->set = CONDITION_ANY_VALUE;
    if (base.n > tail.n && str_eq_nocase(str_sub(base, base.n - tail.n, base.n), tail)) {
        out->if_exists = true;
        base.n -= tail.n;
    }
    for (size_t i = 0; i < OPS; i++) {
        if (base.n != ops[i].name.n || !str_eq_nocase(base, ops[i].name))
            continue;
        if (ops[i].family == CONDITION_NULL && out->if_exists)
            return false;
        out->family = ops[i].family;
        out->compare = ops[i].compare;
        out->negated = ops[i].negated;
        return true;
    }
    return false;
}

bool condition_holds_without_key(const struct condition *c)
{
    if (c->family == CONDITION_NULL) {
        if (c->set != CONDITION_PLAIN)
            return c->set == CONDITION_ALL_VALUES;
        for (size_t i = 0; i < c->nvalues; i++)
            if (str_eq_nocase(c->values[i], STR("true")))
                return true;
        return false;
    }
    if (c->set == CONDITION_ANY_VALUE)
        return c->if_exists;
    return c->set == CONDITION_ALL_VALUES || c->if_exists || c->negated;
}
