/* What the files that compute facts share: the work on one subject, and how a fact is
 * written down with the place it rests on. */
#pragma once
#include "json/json.h"
#include "model/build.h"
#include "iam/rules.h"
#include "trail/calls.h"
#include "trail/trail.h"

#include <pthread.h>

/* What a trail or event data store records, worked out once for all applications. */
struct coverage {
    const struct subject *subject;
    const char *kind; /* "trail" or "event-data-store" */
    const char *writes,
        *reads;          /* calls of the Flink service: yes, no, partial, unknown */
    const char *logging; /* yes, no, unknown */
    bool multi_region, organization, kms_excluded;
    struct str region;          /* home region */
    struct str why;             /* sentence on writes and reads */
    const struct document *doc; /* selectors, or what else it rests on */
    struct str pointer;
    const struct json *selectors; /* the answer that has them; NULL: not in evidence */
};

/* A region of an account that has applications, and what is alike for all of them. */
struct area {
    struct str partition, account, region;
    struct area_cover {
        const struct coverage *by;
        bool sure; /* coverage_sure */
    } * covers;    /* of what may record calls in the account */
    size_t ncovers;
    struct json
        *facts; /* of its trails (facts_trails); NULL: each application's differ */
};

/* A part of an answer about several subjects: a finding, a row of a report. */
struct part {
    const struct document *doc;
    const struct json *node;
    struct str pointer;
};
struct parts {
    VEC(struct part) list;
};

/* An analyzer of IAM Access Analyzer: are its findings in evidence? */
struct analyzer {
    struct str arn, account, region;
    bool read;
    struct str what, command; /* what is not known without them, and how to get them */
};

enum { STARTS_MAX = 255 }; /* bytes of a name that are looked at to find who holds it */

/* What all workers read. */
struct shared {
    const struct model *m;
    uint32_t *jobs; /* of each type, by its order: what makes its facts (facts.c) */
    struct trail *trail;
    struct map findings; /* ARN -> struct parts: findings of Access Analyzer */
    VEC(struct analyzer) analyzers;
    struct map scanned; /* account: there are findings of Macie, or the word that there
                           are none */
    struct map macie;   /* ARN of a bucket -> struct parts: findings of Macie */
    struct map reports; /* "account|user" -> struct parts: rows of the credential
                           report */
    struct coverage *coverage;
    size_t ncoverage;
    size_t napplications;
    const struct area **areas;      /* of applications, by their number */
    struct brief *briefs;           /* the same */
    struct watch_rows *watch_rows;  /* neighbours_read */
    struct map sights;              /* sights_read */
    struct trail_calls *role_calls; /* of the roles that applications run as */
    struct map changers; /* account, and how the name of an application begins -> struct
                            changers, of identities of the account */
    bool starts[STARTS_MAX + 1]; /* by length: such a beginning is there */
    struct map keys;   /* ARN of a role -> struct key_rights, where they are known */
    struct map unread; /* account -> struct part: a policy of some identity of it
                          that cannot be read */
    struct map doubts; /* account -> struct changers whose policies are not known */
    const struct calls *calls; /* of the service, in the order of its changers */
    struct actions *actions;   /* NULL when the table cannot be read */
    struct str *known;         /* accounts of which there is evidence */
    size_t nknown;
    pthread_mutex_t lock; /* of desks */
    struct desk *desks;   /* scratch memory that waits for its next subject */
};

/* The work on one subject. */
struct fact {
    struct arena *a;       /* of the worker */
    struct arena *scratch; /* goes when the batch is done */
    struct iam *iam;       /* lives in scratch; NULL without a table of actions */
    const struct shared *sh;
    const struct model *m;
    const struct subject *s;
    const struct area *area; /* of an application; else NULL */
    struct json *facts, *unknown;
};

/* New members of facts. */
struct json *fact_list(struct fact *f, const char *name);
struct json *fact_object(struct fact *f, const char *name);
/* A new object at the end of a list. */
struct json *fact_item(struct fact *f, struct json *list);

/* A fact that is in from, and what is not known about it: shown, not copied. */
void fact_share(struct fact *f, const struct json *from, const char *name);

/* fact_place.c: where a fact rests, as its member "at": document and pointer; nothing
 * without a document. */
void fact_at(struct fact *f, struct json *object, const struct document *doc,
             struct str pointer);
/* The same where it is known what byte of the document that is: found there, the value
 * need not be looked for. 0: it is not known. */
void fact_at_known(struct fact *f, struct json *object, const struct document *doc,
                   struct str pointer, size_t pos);
/* The same for where a link is named. */
void fact_at_link(struct fact *f, struct json *object, const struct link *l);
/* The same for an exhibit and a pointer below its node. */
void fact_at_exhibit(struct fact *f, struct json *object, const struct exhibit *x,
                     const char *below);
/* The same for a statement of a policy: its own place, or that of the string that holds
 * its policy. */
void fact_at_statement(struct fact *f, struct json *object,
                       const struct policy_statement *st);
struct str fact_statement_pointer(const struct policy_statement *st);
size_t fact_statement_pos(const struct policy_statement *st);
/* That as a value for several facts to refer to; NULL without a document. */
struct json *fact_place_statement(struct fact *f, const struct policy_statement *st);

/* Members of a fact; keys are literals. fact_view does not copy v, which outlives the
 * facts: it is of a subject, of a document (json_str), or in f->a. */
static inline void fact_str(struct fact *f, struct json *o, const char *key, struct str v)
{
    json_set_literal(o, key, json_new_str(f->a, v));
}
static inline void fact_view(struct fact *f, struct json *o, const char *key,
                             struct str v)
{
    json_set_literal(o, key, json_new_view(f->a, v));
}
/* A text of a policy as a value: what was decoded from a string goes with f->scratch. */
static inline struct json *fact_of_policy(struct fact *f, const struct policy *p,
                                          struct str v)
{
    return p->embedded ? json_new_str(f->a, v) : json_new_view(f->a, v);
}
/* v: a literal. */
static inline void fact_z(struct fact *f, struct json *o, const char *key, const char *v)
{
    json_set_literal(o, key, json_new_literal(f->a, v));
}
static inline void fact_num(struct fact *f, struct json *o, const char *key, double v)
{
    json_set_literal(o, key, json_new_num(f->a, v));
}
static inline void fact_bool(struct fact *f, struct json *o, const char *key, bool v)
{
    json_set_literal(o, key, json_new_bool(f->a, v));
}

/* Whole days from then to the time of the report; false when that is not known, since no
 * evidence has a time and none was given. */
bool fact_days(const struct fact *f, int64_t then, int64_t *days);
/* The same as a member; a time of WHEN_NONE has none. When it is the report's time that
 * is not known, about (a fact's name; NULL: none) cannot be decided. */
void fact_age(struct fact *f, struct json *o, const char *key, const char *about,
              int64_t then);

/* Note that something cannot be decided: what it is about (a fact's name), the evidence
 * that would settle it and of whom; kind NULL when no evidence would. The reason is
 * looked up. region: of the command to collect it; empty: the subject's. */
void fact_unknown(struct fact *f, const char *about, const struct subject *of,
                  const char *kind, struct str region, const char *what);
/* The same for a part of what the kind answers: a policy's name, a version. */
void fact_unknown_part(struct fact *f, const char *about, const struct subject *of,
                       const char *kind, struct str name2, const char *what);
/* The same with the command given: when the kind's own asks for something else. */
void fact_unknown_asked(struct fact *f, const char *about, const struct subject *of,
                        const char *kind, const char *what, struct str command);
/* The same with a reason given, at a place. */
void fact_undecided(struct fact *f, const char *about, const struct document *doc,
                    struct str pointer, struct str what);

/* Note under about (what uses the subject) that an application that is not described may
 * be a user too, if there is one (subject.unseen_user). */
void fact_unseen_users(struct fact *f, const char *about);

/* The same for evidence that is there and cannot be read. */
void fact_invalid(struct fact *f, const char *about, const struct document *doc,
                  struct str pointer, struct str what);
/* The same for a policy that is faulty: its first error. doc: where the policy is. */
void fact_faulty_policy(struct fact *f, const char *about, const struct document *doc,
                        const struct policy *p);

/* "yes" or "no". */
const char *fact_yes(bool v);

/* The account's exhibit of kind from region ("" for global kinds): the first, so that
 * others may follow while kind and region are the same. */
const struct exhibit *account_exhibit(const struct model *m, struct str account,
                                      const char *kind, struct str region);
/* The subject of an account, NULL when there is no evidence of it. */
const struct subject *account_subject(const struct model *m, struct str account);

/* Customer managed ("yes"), AWS managed or none ("no"), or "unknown": of the key that the
 * link names. ref: as written, for aliases of AWS. Notes under about what is missing. */
const char *key_customer(struct fact *f, const char *about, const struct link *key,
                         struct str ref);

/* One file for each area: they add what they know of f->s. */
void facts_application(struct fact *f);
void facts_activity(struct fact *f);
void facts_recorded(struct fact *f);
void facts_neighbours(struct fact *f);
void facts_uses(struct fact *f);
void facts_existence(struct fact *f);
void facts_storage(struct fact *f);
void facts_delivery(struct fact *f);
void facts_key(struct fact *f);
void facts_key_use(struct fact *f);
void facts_account(struct fact *f);
void facts_account_keys(struct fact *f);
void facts_user(struct fact *f);
void facts_trail(struct fact *f);
void facts_network(struct fact *f);
void facts_exposure(struct fact *f);
void facts_role(struct fact *f);
void facts_access(struct fact *f);
void facts_changers(struct fact *f);

/* facts_configuration.c: credentials and connections of an application that x describes;
 * and the credentials of one value elsewhere, into list. */
void facts_configuration(struct fact *f, const struct exhibit *x);
void facts_credential(struct fact *f, struct json *list, const char *where,
                      struct str key, struct str value, const struct document *doc,
                      struct str pointer);

/* access.c: the resource policy of s, read; NULL when it has none (in evidence). Where it
 * stands in *at and *pointer. Needs f->iam. */
const struct policy *access_policy(const struct fact *f, const struct subject *s,
                                   const struct exhibit **at, struct str *pointer);
/* The kind of evidence that would show the resource policy of s; NULL when its type has
 * none, or when it is in evidence that there is none. */
const char *access_missing(const struct subject *s);
/* Lists of texts for facts: values, and the keys of a statement's conditions. */
struct json *fact_texts(struct fact *f, const struct str *v, size_t n);
struct json *fact_policy_texts(struct fact *f, const struct policy *p,
                               const struct str *v, size_t n);
struct json *fact_condition_keys(struct fact *f, const struct policy_statement *st);

/* The document whose text this is: text must be the text of a document. */
const struct document *fact_document(const struct text *text);

/* A context with what facts have learnt of actions, its results in arena work, until it
 * is given back; *from is for that. sh->actions must be there. Any thread. */
struct iam *fact_iam_lend(struct shared *sh, struct arena *work, struct desk **from);
void fact_iam_return(struct shared *sh, struct desk *from);

/* changers.c: the actions of kinesisanalytics that change applications or open them. */
struct action_set changing_actions(struct arena *a, struct iam *x);

struct changer;
struct changers {
    VEC(const struct changer *) v; /* in order of subjects */
};

/* Identities of accounts whose authorization details are in evidence, that hold rights
 * over applications: worked out once, on several threads. */
void changers_read(struct arena *a, struct shared *sh, unsigned threads);

/* facts_account.c: a user's access keys, into list. */
void facts_user_keys(struct fact *f, struct json *list, const struct subject *user,
                     bool name_user);

/* index.c: findings, reports and events by the subject that they are about; services by
 * account. */
void index_parts(struct arena *a, struct shared *sh, unsigned threads);

/* What every trail and event data store of the model records. */
void coverage_read(struct arena *a, struct shared *sh);
/* areas.c: the areas of all applications. After coverage_read. */
void areas_read(struct arena *a, struct shared *sh);
/* facts_application.c: what each application is. */
void briefs_read(struct arena *a, struct shared *sh, unsigned threads);
/* facts_application.c: trails, covered_writes and covered_reads of f->area. */
void facts_trails(struct fact *f);
/* facts_activity.c: which calls would be about subjects of each type. */
void neighbours_read(struct arena *a, struct shared *sh);
