/* Risky grants: sets of actions that together hand over more than they seem to. */
#pragma once
#include "iam/effective.h"
#include "iam/narrow.h"

enum risk_kind {
    RISK_ADMIN,       /* every action on everything */
    RISK_ESCALATION,  /* a path to other identities' rights */
    RISK_CREDENTIALS, /* hands out credentials */
    RISK_EXPOSURE,    /* changes who may do what */
    RISK_DATA,        /* reads data */
    RISK_TAMPER,      /* destroys data, keys, logs or trails */
    RISK_SELF,        /* manages the service that runs the application itself */
    RISK_KINDS
};
const char *risk_kind_name(enum risk_kind kind);

/* One action of a path and the grant that gives it. */
struct risk_member {
    struct str action; /* "prefix:Name", or a pattern for what is all of it */
    uint32_t row;      /* in the table; ACTION_NONE for a pattern */
    const struct grant *grant;
    size_t
        text; /* index in the statement's actions that causes it; SIZE_MAX: NotAction */
};

struct risk {
    enum risk_kind kind;
    const char *id;   /* stable: "pass-kinesisanalytics", "iam-PutRolePolicy" */
    const char *what; /* one clause for people */
    const struct risk_member *members;
    size_t nmembers;
    bool on_everything; /* the members' resources are not named */
    bool conditional;   /* some member only under a condition or with a Deny nearby */
    bool needs_target;  /* depends on what other roles or resources there are */
    bool by_analogy;    /* our own reasoning; in no published list */
    bool covered;       /* an "admin" or "iam:*" risk already says it */
};

struct risks {
    struct risk *v; /* in order of kind, then of the tables */
    size_t n, cap;
};

struct risk_options {
    struct str role_arn; /* the principal itself: passing or assuming it gains nothing */
    const struct str *codes; /* objects that hold the applications' code */
    size_t ncodes;
    const struct str *own; /* ARNs of the applications that run as the role: what it may
                              do to them only leads to no other role */
    size_t nown;
    struct action_set expected; /* that the application needs: lists leave them out */
};

/* Find the risks in what is granted. A path counts only when every member is granted, and
 * iam:PassRole only for roles other than its own that the path's service may take. */
struct risks *risks_of(struct iam *x, const struct effective *e,
                       const struct risk_options *options);

/* Is the action in the list of a kind (credentials, data, tampering; exposure: level P or
 * marked)? For grading single atoms. */
bool risk_lists(struct iam *x, enum risk_kind kind, uint32_t row);

/* No resource is named: only wildcards, or a type and then wildcards. */
bool grant_everywhere(const struct grant *g);

/* The text of the statement that brings a row in; SIZE_MAX for NotAction. */
size_t rule_cause(const struct rule *rule, uint32_t row);
