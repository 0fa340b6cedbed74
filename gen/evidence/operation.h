/* The AWS operations whose answers are evidence: one row each. Adding a service is rows.
 */
#pragma once
#include "base/str.h"

/* A row of the table in operation.c, sorted by kind. Pages: the AWS CLI reference of
 * each. */
struct operation {
    const char *kind; /* "kinesis:DescribeStreamSummary": how catalog and model name it */
    const char *service; /* CLI words: "kinesis" */
    const char *command; /* "describe-stream-summary" */
    const char *action;  /* IAM action that the call takes; "" when none */
    const char *top; /* top keys of the answer, by which its shape is known; see below */
    const char *subject;   /* type of the subject that the answer is about: "stream" */
    const char *bind;      /* where the answer names that subject; "" when it does not */
    const char *param;     /* CLI option that the file name or index must give then */
    const char *args;      /* options of the command to collect it, with {names} */
    const char *empty_ok;  /* "empty": a zero-byte answer means "nothing configured" */
    const char *no_config; /* error codes that are answers: "NoSuchBucketPolicy" */
    bool global;           /* IAM, S3 lists: once per account */
    bool listing; /* an inventory: each item is (also) evidence of its own subject */
    bool many;    /* several answers about one subject: role policies, versions */
};

/* The row of a kind, or of CLI words; NULL when there is none. */
const struct operation *operation_of_kind(struct str kind);
const struct operation *operation_of_command(struct str service, struct str command);

/* All rows, for tables and tests. */
const struct operation *operation_rows(size_t *n);
