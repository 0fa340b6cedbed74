/* What the evidence of a bucket says, for its own facts and for those of its users. */
#pragma once

#include "base/str.h"

struct exhibit;
struct fact;
struct subject;

/* Words: yes, no, unknown; versioning: Enabled, Suspended, never, unknown. */
struct bucket_state {
    const char *policy, *acl; /* open to everyone */
    const char *blocked;      /* public access blocked: yes, no, partly, unknown */
    const char *public;       /* open to everyone in effect */
    const char *why;          /* of public */
    const char *encrypted, *versioning, *acl_disabled;
    const struct exhibit *public_at, *versioning_at;
};

/* Work it out from the bucket's and its account's evidence. */
struct bucket_state bucket_state(const struct fact *f, const struct subject *s);

/* A statement of a bucket policy that refuses requests without TLS. */
struct tls_rule {
    bool enforced;  /* for the bucket and all its objects, all actions, everybody */
    struct str sid; /* of the statement */
};
struct tls_rule bucket_tls(struct fact *f, const struct subject *s);

/* Does the resource policy of s admit everyone without a condition that narrows: yes, no,
 * unknown? (access.c) */
const char *access_public(const struct fact *f, const struct subject *s);
