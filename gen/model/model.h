/* The model: AWS resources under audit, what evidence there is of each, how they hang
 * together, and the facts that need code. Checks query it; it judges nothing. */
#pragma once
#include "base/arena.h"
#include "base/map.h"
#include "evidence/evidence.h"
#include "model/reads.h"

struct diag;
struct json;
struct subject;
struct organization;
struct shared;
struct trail;
struct trail_event;

/* One piece of evidence of a subject: a whole answer or a part of one. */
struct exhibit {
    const char *kind; /* "kinesis:DescribeStreamSummary" */
    const struct document *doc;
    const struct json *node; /* the part about this subject; NULL for EMPTY and ERROR */
    struct str pointer;      /* JSON Pointer of node in doc */
};

struct link {
    const char *name; /* "role", "code-bucket", "source-stream", "key", ... */
    struct subject *from, *to;
    const char *use; /* what for: "source", "sink", "code", "log", "key", ... */
    struct str via;  /* the field, or "property GROUP/KEY", or "inline code" */
    const struct document *doc; /* where it is named */
    struct str pointer;
    size_t order; /* among the names in its subject's evidence */
};

/* A name in a subject's configuration that may mean several things, or none known. */
struct doubt {
    struct str what; /* sentence */
    const struct document *doc;
    struct str pointer;
};

/* Is it audited? Applications, the accounts and users around them, trails and event data
 * stores are, and everything that these are known to use, over any number of links. What
 * an application uses that nobody described is not known: then what it might use may be
 * (unseen_user). */
enum scope { SCOPE_OUT, SCOPE_MAYBE, SCOPE_IN };

struct subject {
    size_t number;    /* index in model.v */
    const char *type; /* "application", "role", "stream", ... (subject_types) */
    struct str arn;   /* always set; made from type, name, account when not named */
    struct str name, account, region, partition;
    enum scope scope;
    unsigned order; /* of its type, in subject_type_rows */
    /* An application that may use it too, since nobody described that one: of its account
     * and region; of a role, when its trust policy lets the service in. Or NULL. */
    const struct subject *unseen_user;
    bool foreign;     /* in an account of which there is no evidence */
    bool listed_only; /* an inventory or a link names it; no evidence of its own */
    VEC(struct exhibit) exhibits;     /* sorted by kind, then document number */
    VEC(struct link) links;           /* to others, sorted by name, then ARN */
    VEC(const struct link *) used_by; /* links to it: from applications first */
    VEC(struct doubt) doubts;         /* what its configuration names, but not clearly */
    struct json *facts; /* of a subject of no model; subject_view works out the others */
    struct events *events; /* CloudTrail's of what was done to it; or NULL */
    const struct model *model;
};

/* Applications of one account, by ARN: so those of a region stand together. */
struct applications {
    VEC(const struct subject *) list;
    struct map services; /* as ARNs name them, that they and what they use are of */
};

/* Events of one subject, newest first. */
struct events {
    VEC(const struct trail_event *) list;
};

/* What an application is: by its description, or what the list of applications says. */
struct brief {
    const char *family; /* "flink", "sql", "studio", "other" */
    struct str runtime, status, mode;
    double version;
    bool described;
    const struct exhibit *at; /* NULL: neither is in evidence */
};

/* Documents that answer one operation, in order. */
struct documents {
    VEC(const struct document *) list;
};

struct model {
    const struct evidence *evidence;
    struct subject **v; /* sorted by type (order of subject_types), then ARN */
    size_t n, cap;
    struct map by_arn;      /* also by alias ARN for keys */
    struct map by_name;     /* "type|account|region|name" -> subject; see model_named */
    struct map undescribed; /* account, and "account|region" -> the first application of
                               it of which there is no description */
    struct map accounts;    /* account id -> its subject, where there is evidence of it */
    struct map aws_keys;    /* ARNs of keys that an alias alias/aws/... stands for */
    struct map shown;    /* "trail ARN|account": the account's describe-trails shows it */
    struct trail *trail; /* CloudTrail records of the Flink service */
    const struct organization *organization; /* its policies, as far as they are known */
    struct shared *shared;                   /* what facts of all subjects rest on */
    int64_t now;                             /* the time that ages are counted to */
    struct map documents;                    /* path -> struct document */
    struct map applications;                 /* account -> struct applications */
    struct documents *answers;               /* by number of the operation */
    struct reads_marks marks;                /* what documents were read for */
};

/* Build the model. now: what --as-of gave, or evidence->newest. actions: the bytes of
 * controls/iam-actions.json. What does not fit together is recorded as MOD-1xx warnings.
 */
struct model_options {
    int64_t now;
    unsigned threads;
    struct str actions;
    bool bare; /* subjects, exhibits and links only: facts stay empty (questions) */
};
struct model *model_build(struct arena *a, const struct evidence *ev,
                          const struct model_options *options, struct diag *dx);

/* Let the trees of the evidence go, with the exhibits' nodes that stand in them: for when
 * nothing more is asked of m but who is there, and where. */
void model_forget(const struct model *m);

/* Tells s from all others of its model, in few bytes: for sets of subjects. */
static inline struct str subject_id(const struct subject *s)
{
    return (struct str){(const char *)&s->number, sizeof s->number};
}
static inline bool subject_is(const struct subject *s, const char *type)
{
    return str_is(s->type, type);
}

/* The subject with this ARN, or whose name is exactly this and unique; NULL otherwise. */
const struct subject *model_find(const struct model *m, struct str arn_or_name);

/* The subject of type with this name in an account and region ("" for global ones); NULL
 * when there is none or the name is not unique there. */
struct subject *model_named(const struct model *m, const char *type, struct str account,
                            struct str region, struct str name);

/* The exhibit of kind about s: the newest usable one, NULL when there is none. With
 * several (kinds that are many) the first; they stand together, so count on while
 * exhibit_goes_on. */
const struct exhibit *subject_exhibit(const struct subject *s, const char *kind);
/* Is x, NULL or one beyond an exhibit of s, one of this kind? */
bool exhibit_goes_on(const struct subject *s, const struct exhibit *x, const char *kind);
/* Its node when it is an answer; NULL for none, EMPTY and ERROR. */
const struct json *subject_answer(const struct subject *s, const char *kind);
/* Does the configuration itself name it? Properties and code may name anything. */
bool link_configured(const struct link *l);
/* The documents of an operation, whatever their state. */
const struct documents *model_documents(const struct model *m, const char *kind);
/* The applications of an account; NULL when there are none. */
const struct applications *account_applications(const struct model *m,
                                                struct str account);
const struct brief *application_brief(const struct subject *app);
/* The trails and event data stores that may record calls of an application: the i-th,
 * NULL when there are no more. */
const struct subject *application_recorder(const struct subject *app, size_t i);
/* The first link of s with this name, NULL when there is none. */
const struct link *subject_link(const struct subject *s, const char *name);

/* What checks query about s, as a JSON object in arena a (evidence by reference): type,
 * arn, name, account, region, partition, foreign, listed_only, evidence {kind: answer or
 * [answers]}, links {name: [arn]}, facts. An error answer is {"Error": {"Code": ...,
 * "Message": ...}}, an empty one {}. Kinds of which one subject has several answers
 * (operation->many), and of an account all regional kinds, are lists. */
struct json *subject_view(struct arena *a, const struct subject *s);
/* The same; reads (NULL: nobody asks) then says from what its facts were read. */
struct json *subject_view_read(struct arena *a, const struct subject *s,
                               struct reads *reads);

/* The types in report order, with a word for headings and help. */
struct subject_type {
    const char *name, *title, *plural;
};
const struct subject_type *subject_type_rows(size_t *n);

/* Evidence that would be needed of s for kind: the aws command that collects it, with
 * real names filled in. Empty when the kind is unknown. */
struct str subject_command(struct arena *a, const struct subject *s, const char *kind);

/* Why evidence of kind about s is missing or not whole: "absent", "denied", "invalid",
 * "truncated" or "foreign"; NULL when it is there, or there is no such kind. */
const char *subject_missing(const struct model *m, const struct subject *s,
                            const char *kind);
