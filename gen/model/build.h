/* What the files of gen/model share while a model is being made. */
#pragma once
#include "model/naming.h"
#include "model/model.h"

struct answers_how;
struct buf;

struct build {
    struct arena *a;
    struct arena *keep; /* what links hold; a itself, unless early */
    struct model *m;
    struct diag *dx;
    unsigned threads;
    bool early; /* on several threads: only subjects with a known ARN are certain */
    bool open;  /* early: what was asked for is not certain, and must be asked again */
    const struct answers_how *how; /* exhibits.c: by number of the operation */
    size_t order; /* of the name at hand, among those that its subject's evidence has */
    struct map aliases; /* "account|region|alias/x" -> struct str *: key ARN */
    struct map brokers; /* host of a Kafka broker -> its cluster */
    struct map jobs;    /* job id of service last accessed details -> struct str *: ARN */
    struct map words;   /* ARN as names of files spell it -> its subject */
};

/* The subject with this naming, made when there is none. KMS aliases are resolved. Early:
 * only one that is there already; else NULL, and b is open. */
struct subject *build_subject(struct build *b, const struct naming *n);

/* The subject of type that a reference names: an ARN, or a name that stands where says.
 * Known names win over made ones. NULL when ref is empty or not a name. Early: NULL too,
 * and b is open, when the ARN is not known. */
struct subject *build_reference(struct build *b, const char *type, struct str ref,
                                const struct place_in_aws *where);

/* Add a piece of evidence to s. */
struct exhibit *build_exhibit(struct build *b, struct subject *s,
                              const struct document *doc, const struct json *node,
                              struct str pointer);

/* The answers of several operations, as they stand in the evidence. */
struct documents documents_of(struct arena *a, const struct model *m,
                              const char *const *kinds, size_t n);

/* qsort, for what is mostly in order already, which is seen in one pass. */
void build_sort(void *v, size_t n, size_t size,
                int (*compare)(const void *x, const void *y));

/* exhibits.c: documents to subjects and exhibits, then of each kind the usable one. */
void build_exhibits(struct build *b);

/* links.c: what fields of answers name. */
void build_role_links(struct build *b); /* only the subjects: names come after */
void build_links(struct build *b);
/* Add a link, once for its name and end, which b->order then decides; not when l.to is
 * NULL or b open. */
void build_link(struct build *b, struct subject *from, struct link l);

/* clues.c: the hosts of Kafka clusters, before properties are asked which they name. */
void build_brokers(struct build *b);

/* facts.c: of each subject all facts (reads: see subject_view_read), and what those of
 * all subjects rest on: first what needs the evidence only; then, with m->shared, who may
 * change what, and beside it, with an arena of its own, all that takes less time. */
struct json *facts_of(struct arena *a, const struct subject *s, struct reads *reads);
struct shared *facts_prepare(struct arena *a, const struct model *m,
                             const struct model_options *options, unsigned threads,
                             struct diag *dx);
void build_changers(struct model *m, struct arena *a, unsigned threads);
void build_indexes(struct model *m, struct arena *a, unsigned threads);

/* Which of the jobs that compute facts of a type made this one, as bits; and from which
 * groups of documents (reads.h) a job works, as bits too. */
uint32_t facts_jobs(const char *type, struct str fact);
unsigned facts_groups(unsigned job);

/* subject_command for a region of choice (of an account, whose kinds are regional) and a
 * second name (of a policy, a version); both may be empty. */
struct str build_command(struct arena *a, const struct subject *s, const char *kind,
                         struct str region, struct str name2);

/* Where names in the evidence of s stand: its account and region. */
struct place_in_aws subject_place(const struct subject *s);

/* Order of a type in reports. */
size_t subject_type_order(const char *type);
/* The type's name as it stands in the table, NULL when it is none. */
const char *subject_type_name(struct str type);
