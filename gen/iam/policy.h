/* IAM policy documents of every kind, read into statements that keep their place. What
 * cannot be read is an issue, never a silent grant or denial. Grammar: IAM User Guide,
 * "Grammar of the IAM JSON policy language". */
#pragma once
#include "base/arena.h"
#include "base/diag.h"
#include "iam/condition.h"
#include "iam/principal.h"

struct json;

enum policy_kind {
    POLICY_IDENTITY_INLINE,
    POLICY_IDENTITY_MANAGED,
    POLICY_BOUNDARY,
    POLICY_TRUST,
    POLICY_RESOURCE,
    POLICY_SCP,
    POLICY_RCP,
    POLICY_SESSION,
    POLICY_KINDS
};

/* "inline policy", "managed policy", "permissions boundary", ... */
const char *policy_kind_name(enum policy_kind kind);

/* Does the kind carry Principal; how do its short ARNs count? */
bool policy_kind_has_principal(enum policy_kind kind);
enum arn_use policy_kind_arn_use(enum policy_kind kind);

/* Where a policy document stands. node: the object itself, or a string that holds it as
 * JSON or as percent-encoded JSON (RFC 3986). */
struct policy_source {
    const struct text *text; /* the file */
    struct str pointer;      /* JSON Pointer of node in it */
    const struct json *node;
    struct str name, arn; /* of the policy, or of the resource that it guards */
    enum policy_kind kind;
};

enum policy_effect { POLICY_ALLOW, POLICY_DENY };

struct policy;

/* One thing wrong with a policy. Through text in a string of JSON the pointer goes on as
 * if the string were the value. */
struct policy_issue {
    const struct diag_kind *kind; /* code, level, what, mend */
    struct str detail;            /* may be empty */
    struct str pointer;
    struct origin at;
    size_t statement; /* index, or SIZE_MAX: the whole policy */
};
struct policy_issues {
    struct policy_issue *v;
    size_t n, cap;
};

struct policy_statement {
    const struct policy *policy;
    size_t index;
    struct str sid; /* empty: none */
    enum policy_effect effect;
    bool broken; /* a fault hides what it says: it neither grants nor denies, it is
                    unknown */

    bool has_principal, not_principal;
    const struct principal *principals;
    size_t nprincipals;

    bool not_action;
    const struct str *actions;
    size_t nactions;

    bool has_resource,
        not_resource; /* has_resource false: the resource itself is meant */
    const struct str *resources;
    size_t nresources;

    const struct condition *conditions;
    size_t nconditions;

    const struct json *node;
    struct str pointer;
};

struct policy {
    struct policy_source source;
    struct str version; /* "2012-10-17", "2008-10-17" (also when missing) */
    bool variables;     /* Version 2012-10-17: ${...} counts */
    struct str id;
    const struct policy_statement *statements;
    size_t nstatements;
    bool unreadable; /* no statement could be read: everything it decides is unknown */
    bool faulty;     /* unreadable, or some statement is broken */
    struct policy_issues issues;
    const struct text *text; /* the JSON: of the file, or decoded from the string */
    const struct json *root; /* NULL when unreadable */
    struct str json;         /* its text as JSON; empty when there is no tree */
    size_t chars_with_space; /* what SCP quotas count */
    bool embedded, percent;  /* text was decoded from a string, from percent codes */
};

enum {
    POLICY_MAX_STATEMENTS = 10000,
    POLICY_MAX_ISSUES = 200,
    POLICY_MAX_BYTES = 1 << 20, /* of one document; AWS's largest quota is 20,480 */
};

/* Read one policy. Never NULL: what is wrong is in its issues (IAM-11x). Lives in arena a
 * and borrows the source's text and tree. */
struct policy *policy_read(struct arena *a, const struct policy_source *source);

/* Characters without white space: what IAM's quotas count. */
size_t policy_chars(const struct policy *p);

/* The place and the pointer of an element below the policy's root. */
struct origin policy_origin(const struct policy *p, const struct json *node);
struct str policy_pointer(struct arena *a, const struct policy *p, struct str below);

/* Where a statement stands. */
struct origin policy_statement_origin(const struct policy_statement *st);

/* Pointer and place of an element of a statement ("Action", "Condition/Bool"), or of the
 * i-th value of it; i SIZE_MAX: the element itself. */
struct str policy_element_pointer(struct arena *a, const struct policy_statement *st,
                                  struct str element, size_t i);
struct origin policy_element_origin(const struct policy_statement *st, struct str element,
                                    size_t i);

/* Hand the issues of p to dx. */
void policy_report(const struct policy *p, struct diag *dx);

/* "statement 2 (AllowRead) of managed policy Team" for messages. */
struct str policy_statement_name(struct arena *a, const struct policy_statement *st);

/* Record one issue at an element of a statement (empty: the statement), or with st NULL
 * at a member of the policy. At most POLICY_MAX_ISSUES are kept. */
void policy_issue_add(struct arena *a, const struct policy *p, struct policy_issues *list,
                      const struct diag_kind *kind, const struct policy_statement *st,
                      struct str element, size_t i, struct str detail);

/* The kinds that the reader records, for documentation and tests. */
const struct diag_kind *const *policy_issue_kinds(size_t *n);
