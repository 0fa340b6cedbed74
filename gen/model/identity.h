/* The policies of a role, user or group, wherever in evidence they stand. */
#pragma once
#include "iam/effective.h"
#include "model/fact.h"

/* One policy that hangs on an identity. */
struct held {
    struct str name, arn;        /* arn: of managed ones */
    const char *kind;            /* "inline", "managed", "boundary" */
    bool aws;                    /* managed by AWS */
    const struct policy *policy; /* NULL: its text is not in evidence */
    struct str version;          /* default version, when known */
    const struct subject *of;    /* whose evidence the text is: policy, group, or self */
    const struct subject *through; /* the group that it comes from; NULL: its own */
    const struct document *doc;    /* where it is named, or its text stands */
    struct str pointer;
};

struct identity {
    const struct subject *s;
    VEC(struct held) held;
    bool inline_listed, managed_listed; /* lists are in evidence and whole */
};

/* All that f->iam can know of the policies of s; users get their groups' too. Lives in
 * f->scratch. */
struct identity *identity_read(const struct fact *f, const struct subject *s);

/* What they come to. */
struct effective *identity_effective(const struct fact *f, const struct identity *id);

/* The member of an identity's own description, from the first that has it of get-role,
 * account details and list-roles: AssumeRolePolicyDocument, RoleLastUsed, CreateDate.
 * *x says whose; NULL, and nothing said, when there is none. */
const struct json *identity_value(const struct subject *s, const char *member,
                                  const struct exhibit **x);
/* The same with its place in *x and *pointer, which stay as they are without one. */
const struct json *identity_member(const struct fact *f, const struct subject *s,
                                   const char *member, const struct exhibit **x,
                                   struct str *pointer);
