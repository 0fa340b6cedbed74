/* What conditions really narrow: judged by key, operator and value, not by presence. */
#pragma once
#include "iam/policy.h"

/* What a condition ties a statement to. */
enum narrow_by {
    NARROW_SOURCE_ARN = 1 << 0,
    NARROW_SOURCE_ACCOUNT = 1 << 1,
    NARROW_SOURCE_ORG = 1 << 2,
    NARROW_PRINCIPAL_ORG = 1 << 3,
    NARROW_PRINCIPAL_ARN = 1 << 4,
    NARROW_PRINCIPAL_ACCOUNT = 1 << 5,
    NARROW_PRINCIPAL_TAG = 1 << 6,
    NARROW_EXTERNAL_ID = 1 << 7,
    NARROW_VPC = 1 << 8, /* VPC or endpoint */
    NARROW_IP = 1 << 9,
    NARROW_MFA = 1 << 10,
    NARROW_VIA_SERVICE = 1 << 11, /* kms:ViaService, encryption context, CalledVia */
    NARROW_PASSED_TO = 1 << 12,   /* iam:PassedToService */
    NARROW_RESOURCE = 1 << 13,    /* account, organization or tag of the resource */
    NARROW_DATA = 1 << 14,        /* s3:prefix, dynamodb:LeadingKeys */
    NARROW_FEDERATION = 1 << 15,  /* sub, aud of a provider */
    NARROW_WEAK = 1 << 16, /* TLS, region, user agent, time: no limit on who or what */
    NARROW_OTHER = 1 << 17 /* some other key, with a value */
};

/* Those that are a real limit on who may use a grant. */
enum {
    NARROW_WHO = NARROW_SOURCE_ARN | NARROW_SOURCE_ACCOUNT | NARROW_SOURCE_ORG |
                 NARROW_PRINCIPAL_ORG | NARROW_PRINCIPAL_ARN | NARROW_PRINCIPAL_ACCOUNT |
                 NARROW_VPC,
    NARROW_REAL = NARROW_WHO | NARROW_EXTERNAL_ID | NARROW_VIA_SERVICE |
                  NARROW_PASSED_TO | NARROW_RESOURCE | NARROW_DATA | NARROW_FEDERATION |
                  NARROW_PRINCIPAL_TAG | NARROW_IP
};

enum narrow_effect {
    NARROW_HOLDS,  /* it limits */
    NARROW_HOLLOW, /* present, but everyone meets it: wildcards, IfExists, negated */
    NARROW_NEVER,  /* no request can meet it: StringEquals with a star */
};

/* Judge one condition of an Allow. *by says what kind its key is. */
enum narrow_effect narrow_judge(struct arena *a, const struct condition *c,
                                bool variables, enum narrow_by *by);

/* All conditions of a statement together. */
struct narrowing {
    unsigned by;     /* of those that hold */
    unsigned hollow; /* of those that only look like it */
    bool never;      /* some condition can never hold: the statement is dead */
    const struct condition *first_hollow, *first_never;
    const enum narrow_effect *effects; /* of each condition */
    const struct str *accounts;        /* twelve-digit accounts that the values name */
    size_t naccounts;
    bool unnamed_accounts; /* some value limits without naming an account */
};
struct narrowing narrow_statement(struct arena *a, const struct policy_statement *st);

/* The words for a set of narrow_by bits: "aws:SourceArn, aws:SourceAccount". */
struct str narrow_names(struct arena *a, unsigned by);
