/* CloudTrail: who called the Flink service, when, from where, with what outcome. Records
 * from lookup-events answers and from log files. Format: CloudTrail User Guide, "record
 * contents". */
#pragma once
#include "base/arena.h"
#include "evidence/evidence.h"

struct diag;

/* What a call does to an application. */
enum event_class {
    EVENT_READ,        /* looks */
    EVENT_OPERATIONAL, /* starts, tags, takes a snapshot */
    EVENT_SENSITIVE,   /* code, role, network, data, or a way in */
    EVENT_DESTRUCTIVE, /* deletes or stops */
    EVENT_OTHER,       /* a call that the table does not know */
};
const char *event_class_name(enum event_class c); /* "read", ..., "operational" */

/* One record. Texts are borrowed from the documents or live in the trail's arena. */
struct trail_event {
    int64_t when;
    struct str time;            /* as recorded, ISO 8601 in UTC */
    struct str id;              /* eventID: unique */
    struct str name;            /* "UpdateApplication" */
    struct str source;          /* "kinesisanalytics.amazonaws.com" */
    struct str region, account; /* awsRegion; recipientAccountId */
    struct str ip;              /* an address, or a service's name */
    struct str agent;           /* userAgent */
    struct str outcome;         /* "success", or the error code */
    struct str who;             /* shown: user, role and session, service */
    struct str principal;       /* ARN, or id, or service */
    struct str principal_type;  /* userIdentity.type; "" when missing */
    const char *credentials;    /* "role", "long-term", "temporary", "root", "service",
                                   "federated", "unknown" */
    enum event_class kind;
    bool read_only, failed;
    bool late;        /* has an addendum: delivered late, or corrected */
    const char *type; /* of what the call is about: "application", "trail", ... */
    struct str about; /* its name or ARN; may be empty */
    const struct document *doc;
    struct str pointer; /* of the record in doc */
};

struct trail {
    struct trail_event *v; /* newest first, then by id */
    size_t n;
    size_t records;    /* read, before duplicates went and services were told apart */
    size_t duplicates; /* same eventID */
    size_t replaced;   /* late or corrected records (addendum) took their place */
    int64_t oldest, newest; /* of all records; WHEN_NONE without any */
};

/* All calls of the Flink service (kinesisanalytics) in the evidence, and those of other
 * services that change what applications rest on (trail_neighbour). threads 0: all
 * processors; the result does not depend on it. What cannot be read is recorded as
 * TRL-1xx warnings and left out. Lives in arena a. */
struct trail *trail_read(struct arena *a, const struct evidence *ev, unsigned threads,
                         struct diag *dx);

/* The class of a call by its name, without regard to versions behind it. */
enum event_class trail_class(struct str event_name);

/* One row of the class table, for help and tests. */
struct trail_event_row {
    const char *name;
    enum event_class kind;
    bool read_only; /* as IAM classes it */
};
const struct trail_event_row *trail_event_rows(size_t *n);

/* One call of another service that changes something applications rest on. */
struct trail_neighbour {
    const char *source, *event; /* "kms", "DisableKey" */
    const char *type, *member;  /* the subject, and what names it in requestParameters */
    enum event_class kind;
};
const struct trail_neighbour *trail_neighbour_rows(size_t *n); /* sorted */
/* The row for a record's eventSource and eventName; NULL when there is none. */
const struct trail_neighbour *trail_neighbour(struct str source, struct str event);
