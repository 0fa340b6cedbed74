/* Statements made ready to reason with: actions as sets, resources as compiled patterns.
 * One context keeps what was compiled, since the same policies hang on many roles. */
#pragma once
#include "base/map.h"
#include "iam/actions.h"
#include "iam/narrow.h"

struct asks;

/* What was compiled: of actions kept as long as the context, of policies and resources
 * until it is started again. */
struct iam_cache {
    struct arena *a, *work;
    struct map texts; /* text of an action -> struct action_text */
    struct map sets;  /* address of what a set is made of -> struct action_set */
    struct map arns[ARN_USES][2]; /* text -> struct arn_pattern; beside those whose
                                     variables are replaced */
    struct map policies;          /* address, and that of only -> struct rules */
    const struct asks **asks;     /* by kind of target: what it needs (needs.c) */
    struct map keys;       /* text of a condition key -> struct action_key, or none */
    unsigned char *grades; /* by row: grade of the action + 1 (compare.c); 0: not asked */
    const struct action_set *paths; /* beside risk_paths: what each requires (risk.c) */
};

/* Belongs to one thread; several contexts may share a table. */
struct iam {
    struct arena *a; /* of results */
    struct actions *table;
    struct iam_cache *cache;
    /* Who asks about few actions names them here: then statements that have none of them
     * are passed over. NULL: none is. */
    const struct action_set *only;
};
struct iam *iam_new(struct arena *a, struct actions *table);

/* Start again, on other policies, with results in arena work: what is known of actions
 * stays. For going through many subjects, each in the same small memory. */
void iam_restart(struct iam *x, struct arena *work);

/* The same context with its results in another arena: for going through many principals
 * and freeing what is not kept. Policies must outlive x all the same. */
struct iam *iam_with(struct iam *x, struct arena *results);

/* What one text of an Action element stands for. */
struct action_text {
    struct action_set set;
    enum action_text_kind kind;
};

struct rule {
    const struct policy_statement *st;
    bool passed; /* over: nothing of it is compiled, but its actions perhaps */
    const struct action_text *const *texts;     /* of its actions */
    struct action_set actions;                  /* of NotAction: the complement */
    bool apart;                                 /* no two texts share an action */
    bool not_action;                            /* open-ended: grows with AWS */
    const struct arn_pattern *const *resources; /* from iam_arn: equal texts, equal
                                                   addresses */
    size_t nresources;
    const struct action_set *taken; /* beside resources: the actions that fit each */
    bool not_resource;              /* everything but resources */
    bool variables;                 /* some pattern stands for a text not known here */
    struct narrowing narrowing;     /* what its conditions narrow */
};

struct rules {
    const struct policy *policy;
    const struct rule *v; /* one per statement, same index */
    size_t n;
};

/* The rules of p, compiled once per context. A broken statement's rule is empty. */
const struct rules *iam_rules(struct iam *x, const struct policy *p);

/* The compiled pattern of a text under the rules of a use, kept in the context. */
const struct arn_pattern *iam_arn(struct iam *x, struct str text, enum arn_use use,
                                  bool variables);

/* What one text stands for, kept in the context; and just its actions. */
const struct action_text *iam_text(struct iam *x, struct str text);
const struct action_set *iam_actions(struct iam *x, struct str text);

/* The global condition key of a text (actions_global_key), kept in the context; NULL:
 * there is none. */
const struct action_key *iam_global_key(struct iam *x, struct str text);

/* The action that a text names; NULL for a pattern and for one that is not known. */
const struct action *iam_action(struct iam *x, struct str text);

/* The actions of many texts, which never change: kept under their address. */
const struct action_set *iam_actions_all(struct iam *x, const char *const *texts,
                                         size_t n);
/* A set that the caller makes once per context, of what lives in x->cache->a: NULL when
 * it is not made yet. */
const struct action_set *iam_kept(struct iam *x, const void *key);
const struct action_set *iam_keep(struct iam *x, const void *key, struct action_set set);

/* How the resources of a rule lie to a pattern r. */
enum rule_reach {
    RULE_NONE,  /* no resource of r is meant */
    RULE_SOME,  /* some are, or it cannot be proved that all are */
    RULE_WHOLE, /* all of r is meant */
};
enum rule_reach rule_reach(const struct rule *rule, const struct arn_pattern *r);
/* The same of one pattern p that a policy names. */
enum rule_reach arn_reach(const struct arn_pattern *p, const struct arn_pattern *r);

/* The part of s whose actions can meet a resource that p matches (action_takes), and the
 * part all of whose resource types lie inside p. */
struct action_set iam_taking(struct iam *x, struct action_set s,
                             const struct arn_pattern *p);
struct action_set iam_inside(struct iam *x, struct action_set s,
                             const struct arn_pattern *p);
