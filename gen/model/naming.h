/* Names of AWS resources: read an ARN, say which type of subject it names, and make one
 * from a type and a name. Forms: service authorization reference, "resource types". */
#pragma once
#include "base/str.h"

struct arena;

/* The parts of arn:partition:service:region:account:resource. */
struct arn_parts {
    struct str partition, service, region, account;
    struct str resource; /* keeps its colons */
};
/* Split at the first five colons. False when s is no ARN. */
bool arn_parts_read(struct str s, struct arn_parts *out);

/* Length of the ARN that starts at text.p (text starts with "arn:"), 0 when none does. */
size_t arn_span(struct str text);

/* What an ARN or a name says about a subject. */
struct naming {
    const char *type; /* "stream", ...; "other" for ARNs of services without a type */
    struct str arn;   /* canonical: S3 without key, log group without ":*", stream without
                         consumer, ... */
    struct str name, account, region, partition;
    bool alias; /* a KMS alias, not a key yet */
};

/* Where a name without account and region stands. */
struct place_in_aws {
    struct str partition, region, account;
};

/* The subject that an ARN names (assumed-role sessions name their role). False when arn
 * is none. Strings are borrowed from arn or made in a. */
bool naming_of_arn(struct arena *a, struct str arn, struct naming *out);

/* The subject of this type with this name: its ARN made by the type's form. */
struct naming naming_of_name(struct arena *a, const char *type, struct str name,
                             const struct place_in_aws *where);

/* Does s look like a region ("eu-west-1") or an account id (12 digits)? */
bool region_is(struct str s);
bool account_is(struct str s);

/* A bucket name by S3's rules (3 to 63 of a-z 0-9 . -, ends alphanumeric). */
bool bucket_name_is(struct str s);

/* The bucket of an s3://, s3a:// or s3n:// location; empty when s is none. */
struct str s3_uri_bucket(struct str s);

/* DNS name of the partition's endpoints: "amazonaws.com", "amazonaws.com.cn". */
struct str partition_dns(struct str partition);

/* Where a partition's global services (IAM) have their calls recorded: "us-east-1". */
struct str partition_home(struct str partition);
