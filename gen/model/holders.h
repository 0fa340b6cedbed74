/* Who holds which rights over an application: every user, group and role of accounts
 * whose authorization details are in evidence. */
#pragma once
#include "base/arena.h"
#include "model/model.h"

/* What a right lets one do, the gravest first. */
enum right {
    RIGHT_CODE,    /* replace what runs, or what it reads and writes */
    RIGHT_URL,     /* open the dashboard or the notebook */
    RIGHT_DELETE,  /* stop it, take it or a part of it away */
    RIGHT_WRITE,   /* the other calls of access level Write */
    RIGHT_TAGGING, /* AWS's own levels */
    RIGHT_READ,
    RIGHT_LIST,
    RIGHT_PERMISSIONS, /* give itself or others what it lacks */
    RIGHTS
};
const char *right_name(enum right r);

/* Roles that it may hand to the service: with RIGHT_CODE, whose rights its code gets. */
enum right_pass { PASS_NONE, PASS_OWN, PASS_NAMED, PASS_ANY };
const char *right_pass_name(enum right_pass p); /* "none", "own", "named", "any" */

/* What one identity holds over one application. */
struct holding {
    const struct subject *who;
    uint64_t calls;  /* which actions of the service, in an order of its own */
    unsigned rights; /* bits 1 << enum right */
    enum right_pass pass;
    bool admin;       /* may write policies of roles everywhere */
    bool everywhere;  /* no grant names an application: the same for all of the account */
    bool conditional; /* every grant has a condition, or a Deny or limit nearby */
    size_t members;   /* users of a group */
};

struct holder {
    const struct subject *subject;
    struct str via; /* the policies that give it */
    size_t members; /* users of a group */
};

/* Identities with the same rights over the same applications. */
struct holders_row {
    struct str account;
    struct holding what; /* who: the first */
    const struct str *actions;
    size_t nactions;
    VEC(struct holder) who;
    VEC(const struct subject *) applications; /* none when all */
    bool all;                                 /* every application of the account */
};
struct holders {
    VEC(struct holders_row) rows; /* by account, then the gravest first */
};

/* All of the model. Lives in arena a. */
struct holders *model_holders(struct arena *a, const struct model *m);
