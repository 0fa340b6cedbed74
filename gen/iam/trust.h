/* Who a trust or resource policy lets in: every Allow taken apart, principal by
 * principal, with what its conditions really narrow. */
#pragma once
#include "iam/narrow.h"
#include "iam/request.h"
#include "iam/rules.h"

/* From whose side the policy is read. */
struct trust_view {
    struct str account;    /* that owns the role or resource */
    struct str service;    /* expected: "kinesisanalytics.amazonaws.com"; may be empty */
    struct str source_arn; /* what the service sends: the application's ARN; or empty */
    const struct str *known; /* accounts that count as ours, beside account */
    size_t nknown;
};

enum trust_class {
    TRUST_EVERYONE,    /* "*" */
    TRUST_OWN_SERVICE, /* the expected service */
    TRUST_OTHER_SERVICE,
    TRUST_OWN_ACCOUNT,   /* root of the owner: its identity policies decide */
    TRUST_OWN_IDENTITY,  /* a role, user or session of the owner's account */
    TRUST_KNOWN_ACCOUNT, /* anything of a known account */
    TRUST_FOREIGN,       /* anything of an account that is not known */
    TRUST_FEDERATED,
    TRUST_CANONICAL,
    TRUST_DEAD,      /* a deleted principal */
    TRUST_MALFORMED, /* admits nobody */
    TRUST_ALL_BUT,   /* NotPrincipal with Allow */
    TRUST_CLASSES
};
const char *trust_class_name(enum trust_class c);

enum trust_weight { TRUST_FINE, TRUST_LOW, TRUST_MEDIUM, TRUST_HIGH, TRUST_CRITICAL };
const char *trust_weight_name(enum trust_weight w); /* "none", "low", ..., "critical" */

/* One Allow and one of its principals (of NotPrincipal: one entry, principal NULL). */
struct trust_entry {
    const struct policy_statement *st;
    const struct principal *principal;
    size_t number; /* of the principal in the statement */
    enum trust_class class;
    struct narrowing narrowing;
    bool open;      /* everyone, and nothing that limits who: public */
    bool crosses;   /* lets in an account that is not known, by principal or condition */
    bool unguarded; /* a service without SourceArn, SourceAccount or SourceOrg */
    bool any_of_account; /* service: SourceAccount only, or a SourceArn over all resources
                          */
    /* Does the statement hold for source_arn and its account? NO: the application cannot
     * come in by it. UNKNOWN without source_arn, or when other keys matter. */
    enum truth admits;
    const struct condition *refused_by; /* when admits is NO */
    enum trust_weight weight;
    const char *why; /* one clause for people, or NULL when fine */
};

struct trust {
    struct trust_entry *v;
    size_t n, cap;
    bool faulty; /* the policy cannot be read whole: may let in others */
    enum truth
        service_admitted; /* can the expected service take the role for source_arn */
};

/* Take a trust or resource policy apart. */
struct trust *trust_read(struct iam *x, const struct policy *p,
                         const struct trust_view *view);
