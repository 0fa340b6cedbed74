/* Conditions of a statement: operators, keys, values. IAM User Guide, "IAM JSON policy
 * elements: Condition operators". */
#pragma once
#include "base/str.h"
#include "iam/arn.h"

struct arena;
struct json;

enum condition_set { CONDITION_PLAIN, CONDITION_ALL_VALUES, CONDITION_ANY_VALUE };

enum condition_family {
    CONDITION_STRING,
    CONDITION_NUMERIC,
    CONDITION_DATE,
    CONDITION_BOOL,
    CONDITION_BINARY,
    CONDITION_IP,
    CONDITION_ARN,
    CONDITION_NULL,
    CONDITION_UNKNOWN /* no such operator */
};

enum condition_compare {
    COMPARE_EQUAL,
    COMPARE_EQUAL_NOCASE,
    COMPARE_LIKE,
    COMPARE_LESS,
    COMPARE_LESS_EQUAL,
    COMPARE_GREATER,
    COMPARE_GREATER_EQUAL
};

/* One key under one operator. */
struct condition {
    enum condition_set set;
    enum condition_family family;
    enum condition_compare compare;
    bool negated, if_exists;
    struct str op; /* as written */
    struct str key;
    const struct str *values;
    size_t nvalues;
    const struct json *node; /* the value or array */
};

/* Read an operator's name: prefix, base, IfExists; compares without case. False (family
 * CONDITION_UNKNOWN) when there is none of that name. */
bool condition_operator(struct str text, struct condition *out);

/* The i-th operator name, NULL behind the last: for "did you mean". */
const char *condition_operator_name(size_t i);

/* Does the condition hold for requests that do not carry its key? */
bool condition_holds_without_key(const struct condition *c);
