/* What an application needs: rows of action and resource from its configuration. Managed
 * Service for Apache Flink Developer Guide: IAM, VPC, enhanced fan-out, Studio appendix.
 */
#pragma once
#include "iam/effective.h"

/* How sure a need is. */
enum need_grade {
    NEED_CERTAIN,   /* the service's own configuration says so */
    NEED_INDICATED, /* a property names it: the code most likely opens it */
};

/* What an application is set up to touch. */
enum need_kind {
    NEED_CODE,          /* arn: object of the code */
    NEED_CODE_VERSION,  /* the same with an object version */
    NEED_LOG_STREAM,    /* arn: log stream */
    NEED_VPC,           /* arn not used */
    NEED_NETWORK,       /* arn: subnet or security group of its interfaces */
    NEED_STREAM_SOURCE, /* arn: Kinesis stream, polled */
    NEED_STREAM_FANOUT, /* the same with enhanced fan-out */
    NEED_STREAM_SINK,
    NEED_STREAM,          /* direction not known */
    NEED_FIREHOSE_SOURCE, /* SQL applications */
    NEED_FIREHOSE_SINK,
    NEED_BUCKET_SOURCE, /* arn: bucket, or bucket/prefix */
    NEED_BUCKET_SINK,
    NEED_BUCKET,
    NEED_OBJECT, /* arn: one object: reference data */
    NEED_MSK,    /* arn: cluster, IAM access control, direction not known */
    NEED_MSK_SOURCE,
    NEED_MSK_SINK,
    NEED_MSK_LOOKUP, /* arn: cluster; the code looks brokers up */
    NEED_TABLE_SINK, /* arn: DynamoDB table */
    NEED_TABLE_STREAM,
    NEED_TABLE,
    NEED_QUEUE_SINK, /* arn: SQS queue */
    NEED_TOPIC_SINK, /* arn: SNS topic */
    NEED_SECRET,     /* arn: secret, with or without the six random characters */
    NEED_ROLE,       /* arn: role to assume */
    NEED_LAMBDA,     /* arn: function (SQL applications' processors and outputs) */
    NEED_CATALOG,    /* arn: Glue database of a Studio notebook */
    NEED_PROMETHEUS, /* arn: workspace */
    NEED_OPENSEARCH, /* arn: domain */
    NEED_KEY,        /* arn: KMS key that the code uses itself */
    NEED_USE,        /* a right that was used, by needs_add_used */
    NEED_KINDS
};
const char *need_kind_name(enum need_kind kind);

struct need_target {
    enum need_kind kind;
    enum need_grade grade;
    bool loose;         /* it is not clear what for: nothing of it is a must */
    bool kms_loose;     /* the key may be one of AWS's: no right to it is a must */
    bool kms_unknown;   /* there may be a key that evidence does not name: kms_key is a
                           pattern, and rights to it fit, but are not proposed */
    struct str arn;     /* may end in *, when only a prefix is known */
    struct str kms_key; /* ARN of the customer key that encrypts it, or empty */
    struct str why;     /* "CloudWatch logging option", "property group ConsumerConfig" */
    struct origin at;
    struct str pointer;
};

struct need_app {
    struct str arn; /* of the application: partition, region, account are taken from it */
    const struct need_target *targets;
    size_t ntargets;
    bool properties_known; /* its configuration and properties account for what the code
                              reads and writes: what they do not name is not needed */
    bool studio;
};

struct need {
    struct str action; /* "kinesis:GetRecords" */
    uint32_t row;      /* in the table, or ACTION_NONE */
    const struct arn_pattern *r;
    struct str resource; /* ARN pattern, or * for star-only actions */
    bool star_only;
    bool must;      /* the application fails without it; false: depends on its code */
    bool tolerated; /* guides grant it, nothing asks for it: fits, but is not proposed */
    struct str via; /* kms:ViaService value that suffices, or empty */
    enum need_grade grade;
    const struct need_target *target;
    const char *source; /* of the rule */
    uint32_t next;      /* as first, below */
};

enum { NEED_SLOTS = 64 }; /* needs are found by their row's last six bits */

struct needs {
    struct need *v;
    size_t n, cap;
    bool accounted;             /* of every application: properties_known */
    struct action_set actions;  /* of all of them */
    uint32_t first[NEED_SLOTS]; /* the last need of a slot: its index + 1, 0: none */
};

/* The needed rows, in order of targets; the same row only once (the surest). */
struct needs *needs_of(struct iam *x, const struct need_app *app);

/* The same for all applications that share a role. */
struct needs *needs_of_all(struct iam *x, const struct need_app *apps, size_t n);

/* A copy with rights that were used successfully: they fit, and nothing is a must. The
 * resource is an ARN pattern; empty: the record names none, so that every one may be. */
struct need_used {
    struct str action; /* "kinesis:GetRecords" */
    struct str resource;
};
struct needs *needs_with_used(struct iam *x, const struct needs *needs,
                              const struct need_used *used, size_t n);

/* Does no grant cover this one of the needs (ignoring conditions that the service meets)?
 * Where only a pattern of the resource is known, a grant on part of it may be the right
 * part, and where a grant may reach it, it is not called missing. */
bool need_missing(const struct needs *needs, const struct need *need,
                  const struct effective *e);

bool needs_met(const struct need *need, const struct effective *e);

/* Does the grant cover the need; are they apart? Exceptions of the table are consulted.
 */
enum rule_reach need_covered(const struct need *need, const struct grant *g);
