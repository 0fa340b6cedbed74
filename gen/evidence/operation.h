/* The AWS operations whose answers are evidence: one row each. Adding a service is rows.
 */
#pragma once
#include "base/str.h"

/* A row of the table in operation.c, sorted by kind. Pages: the AWS CLI reference of
 * each. Columns without anything to say hold "".
 *
 * top    the shape of the answer: words that must all hold, separated by spaces. A word
 *        is a path of member names, A.B or A[].B (array; its first element stands for
 *        all, an empty array holds), with a type behind ':' (s text, n number, b boolean,
 *        o object), '?' behind it when it may be absent, '!' before a name that must not
 *        be there, '/' between alternatives. "weak" first: the shape is too common to be
 *        recognised without the operation's name.
 * bind   paths to the subject's ARN or name and, after a space, to the second name; '-'
 *        for none; '/' between alternatives, tried in order. Of a listing: to its items.
 * param  CLI options whose values a file name's qualifiers give, in their order; "-"
 * first when the only option gives the second name (an access key id, a job id). args
 * options of the command that collects it, without --region. {name}, {name2}, {arn},
 * {account}, {url}: of the subject. {analyzer}, {id}, {ids}, {job}, {service}, {actions},
 * {resources}, {type}, {start}, {end}: for the reader. time   paths to times inside, for
 * evidence->newest. */
struct operation {
    const char *kind; /* "kinesis:DescribeStreamSummary": how catalog and model name it */
    const char *service; /* CLI words: "kinesis" */
    const char *command; /* "describe-stream-summary" */
    const char *action;  /* IAM action that the call takes; "" when none */
    const char *top; /* top keys of the answer, by which its shape is known; see above */
    const char *subject;   /* type of the subject that the answer is about: "stream"; of a
                              listing: type of its items, or "account" */
    const char *bind;      /* where the answer names that subject; "" when it does not */
    const char *param;     /* CLI option that the file name or index must give then */
    const char *args;      /* options of the command to collect it, with {names} */
    const char *empty_ok;  /* "empty": a zero-byte answer means "nothing configured" */
    const char *no_config; /* error codes that are answers: "NoSuchBucketPolicy" */
    const char *time;      /* times named inside */
    bool global;           /* IAM, S3 lists: once per account */
    bool listing; /* an inventory: each item is (also) evidence of its own subject */
    bool many;    /* several answers about one subject: role policies, versions */
    bool roams;   /* its answers may name subjects of other accounts or regions */
};

/* The row of a kind, or of CLI words; NULL when there is none. */
const struct operation *operation_of_kind(struct str kind);
const struct operation *operation_of_command(struct str service, struct str command);

/* Is this error code an answer of op ("nothing is configured"), not a failure? */
bool operation_answers(const struct operation *op, struct str error_code);

/* All rows, for tables and tests. */
const struct operation *operation_rows(size_t *n);

/* The CLI's word for a service that people also call otherwise: "s3" gives "s3api"; empty
 * when the word names no service of the table. */
struct str operation_service(struct str word);
