/* What the AWS CLI printed to standard error when a call failed. */
#pragma once
#include "base/str.h"

struct arena;
struct json;

struct failure {
    struct str code;      /* "NoSuchBucketPolicy"; "" when the text names none */
    struct str operation; /* "GetBucketPolicy"; "" when the text names none */
    struct str message;   /* one line */
};

/* Read CLI v1 and v2 error text in its formats (enhanced, legacy, json, yaml, text), and
 * the client's own complaints, which get codes of ours: NoCredentials, NoRegion,
 * ProfileNotFound, TokenExpired, EndpointConnectionError, ParamValidation,
 * CommandNotFound. False when the text is no failure. */
bool failure_read(struct arena *a, struct str text, struct failure *out);

/* The same for an answer like {"Error": {"Code": ..., "Message": ...}}. */
bool failure_json(const struct json *root, struct failure *out);

/* Does the text begin like an error of the CLI? (2>&1 puts them into the answer's file.)
 */
bool failure_is(struct str text);
