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
    NEED_KINDS
};
const char *need_kind_name(enum need_kind kind);

struct need_target {
    enum need_kind kind;
    enum need_grade grade;
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
    bool properties_known; /* EnvironmentProperties are in evidence (also when empty) */
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
};

struct needs {
    struct need *v;
    size_t n, cap;
    const struct need_app *app;
};

/* The needed rows, in order of targets; the same row only once (the surest). */
struct needs *needs_of(struct iam *x, const struct need_app *app);

/* The actions of all needs. */
struct action_set needs_actions(struct iam *x, const struct needs *needs);

/* Is every need covered by some grant? Walk: the first need at or after *from that none
 * covers (reach WHOLE, ignoring conditions that the service meets); NULL at the end. */
const struct need *needs_missing(const struct needs *needs, const struct effective *e,
                                 size_t *from);

/* Does the grant cover the need; are they apart? Exceptions of the table are consulted.
 */
enum rule_reach need_covered(const struct need *need, const struct grant *g);
