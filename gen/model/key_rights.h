/* What the policies of a role say of keys, in a few words: these are noted when its
 * policies are read for its rights over applications, so that keys, of which each asks
 * about many roles, need not read them again. */
#pragma once
#include "model/identity.h"

/* The actions on keys that applications need of their roles. */
enum key_action { KEY_DECRYPT, KEY_GENERATE, KEY_ACTIONS };
extern const char *const key_actions[KEY_ACTIONS]; /* "kms:Decrypt", ... */

/* A grant of some of them. */
struct key_grant {
    struct str resource; /* pattern of an identity policy */
    bool variables;      /* replace them in it */
    bool conditional;
    bool granted[KEY_ACTIONS], unsure[KEY_ACTIONS];
    const struct grant *odd; /* no such pattern says what is granted, but this; or NULL */
};

struct key_rights {
    VEC(struct key_grant) grants;
    bool incomplete, inline_listed; /* as in struct effective, struct identity */
    bool odd;                       /* some grant is: good as long as the grants are */
};

/* All of them, as a set to put into x->only; lives as long as x's cache. */
const struct action_set *key_rights_actions(struct iam *x);

/* What the grants e of id come to, in arena a. */
const struct key_rights *key_rights_of(struct arena *a, struct iam *x,
                                       const struct identity *id,
                                       const struct effective *e);

/* How what a grant of them takes lies to a key. x: for its pattern. */
enum rule_reach key_grant_reach(struct iam *x, const struct key_grant *g,
                                const struct arn_pattern *key);
