/* Principals of trust and resource policies: who is meant. IAM User Guide, "AWS JSON
 * policy elements: Principal". */
#pragma once
#include "base/str.h"

struct arena;

enum principal_kind {
    PRINCIPAL_EVERYONE, /* "*", {"AWS": "*"} */
    PRINCIPAL_ACCOUNT,  /* 111122223333, or its :root: the account's identity policies */
    PRINCIPAL_ROLE,
    PRINCIPAL_USER,
    PRINCIPAL_SESSION,   /* sts assumed-role or federated-user */
    PRINCIPAL_SERVICE,   /* name.amazonaws.com */
    PRINCIPAL_FEDERATED, /* SAML or OIDC provider */
    PRINCIPAL_CANONICAL, /* S3 canonical user id */
    PRINCIPAL_DEAD,      /* AROA..., AIDA...: what AWS shows when it was deleted */
    PRINCIPAL_MALFORMED  /* matches nobody, or is refused */
};

struct principal {
    enum principal_kind kind;
    struct str value;   /* as written */
    struct str account; /* twelve digits, or empty */
    struct str name;    /* role, user (last part of the path), session's role, service */
    struct str session; /* of a session */
};

/* Read one value of Principal; key is "AWS", "Service", "Federated" or "CanonicalUser"; a
 * bare "*" has key "AWS". Borrows value. */
struct principal principal_read(struct str key, struct str value);

const char *principal_kind_name(enum principal_kind kind);

/* Does the principal of a policy stand for the caller? caller is an ARN of a role, user,
 * session or account, or a service name. A role stands for all its sessions; an account
 * is answered by principal_delegates. */
bool principal_is(const struct principal *p, struct str caller);
/* Is it this service ("kinesisanalytics.amazonaws.com"), under one of its names? */
bool principal_is_service(const struct principal *p, struct str service);

/* Does the policy leave the decision to identity policies of the caller's account? */
bool principal_delegates(const struct principal *p, struct str account);
