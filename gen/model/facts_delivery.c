/* Facts of a delivery stream: its buffer, its destinations, what it holds in clear text.
 * Firehose Developer Guide, "Data protection". */
#include "model/fact.h"

#include "base/buf.h"

#include <string.h>

#define DESCRIBE "firehose:DescribeDeliveryStream"
#define BASE "/DeliveryStreamDescription"

static void encryption(struct fact *f, const struct exhibit *x, const struct json *n)
{
    const struct json *sse = json_get(n, STR("DeliveryStreamEncryptionConfiguration"));
    struct str type = json_str(json_get(n, STR("DeliveryStreamType")));
    struct str status = json_str(json_get(sse, STR("Status")));
    struct str key_type = json_str(json_get(sse, STR("KeyType")));
    const struct link *key = subject_link(f->s, "key");
    bool direct = str_eq(type, STR("DirectPut"));
    /* ENABLING_FAILED may leave an older key in force: that is not known. */
    const char *encrypted = str_eq(status, STR("ENABLED"))            ? "yes"
                            : str_eq(status, STR("ENABLING"))         ? "transition"
                            : str_eq(status, STR("ENABLING_FAILED"))  ? "unknown"
                            : str_eq(status, STR("DISABLING_FAILED")) ? "unknown"
                                                                      : "no";
    struct json *o = fact_object(f, "encryption");
    fact_view(f, o, "type", type);
    fact_view(f, o, "status", status.n ? status : STR("DISABLED"));
    fact_bool(f, o, "applies", direct);
    fact_z(f, o, "encrypted", encrypted);
    fact_view(f, o, "key_type", key_type);
    fact_view(f, o, "key_arn", key ? key->to->arn : STR(""));
    fact_z(f, o, "customer_key", fact_yes(str_eq(key_type, STR("CUSTOMER_MANAGED_CMK"))));
    fact_at_exhibit(f, o, x, sse ? BASE "/DeliveryStreamEncryptionConfiguration" : BASE);
    if (direct && strcmp(encrypted, "unknown") == 0)
        fact_undecided(f, "encryption", x->doc, x->pointer,
                       str_fmt(f->a, "its encryption status is %.*s", STR_ARG(status)));
}

/* One S3 location of a destination. */
static void location(struct fact *f, struct json *list, const struct exhibit *x,
                     const struct json *s3, struct str kind, bool backup,
                     const char *secrets, struct str pointer)
{
    struct naming bucket;
    const struct json *enc = json_get(s3, STR("EncryptionConfiguration"));
    struct str key = json_str(json_dig(enc, "KMSEncryptionConfig", "AWSKMSKeyARN", NULL));
    struct str arn = json_str(json_get(s3, STR("BucketARN")));
    struct json *o = fact_item(f, list);
    fact_view(f, o, "kind", kind);
    fact_view(f, o, "bucket", naming_of_arn(f->a, arn, &bucket) ? bucket.name : STR(""));
    fact_view(f, o, "bucket_arn", arn);
    fact_z(f, o, "encryption", key.n ? "kms" : "none-requested");
    fact_bool(f, o, "backup", backup);
    fact_view(f, o, "key", key);
    fact_z(f, o, "secret_manager", secrets);
    fact_at(f, o, x->doc, pointer);
}

/* Destinations that take a secret. */
static const char *secret_manager(struct str kind, const struct json *n)
{
    static const char *const takes[] = {"Redshift", "Splunk", "HttpEndpoint",
                                        "Snowflake"};
    const struct json *enabled =
        json_dig(n, "SecretsManagerConfiguration", "Enabled", NULL);
    for (size_t i = 0; i < sizeof takes / sizeof *takes; i++)
        if (str_starts(kind, str_from(takes[i])))
            return fact_yes(json_bool(enabled));
    return "not-applicable";
}

static void destination(struct fact *f, struct json *list, struct json *credentials,
                        const struct exhibit *x, const struct json *n, struct str base,
                        bool extended)
{
    struct str name = json_key(n), kind = name;
    if (!json_is(n, JSON_OBJECT) || !str_ends(name, STR("DestinationDescription")))
        return;
    kind.n -= strlen("DestinationDescription");
    /* Both are shown for S3 and say the same: count once. */
    if (str_eq(kind, STR("S3")) && extended)
        return;
    struct str pointer = str_fmt(f->a, "%.*s/%.*s", STR_ARG(base), STR_ARG(name));
    const char *secrets = secret_manager(kind, n);
    if (json_get(n, STR("BucketARN")))
        location(f, list, x, n, kind, false, secrets, pointer);
    const struct json *s3 = json_get(n, STR("S3DestinationDescription"));
    if (s3)
        location(f, list, x, s3, kind, false, secrets,
                 str_fmt(f->a, "%.*s/S3DestinationDescription", STR_ARG(pointer)));
    if (!json_get(n, STR("BucketARN")) && !s3) {
        struct json *o = fact_item(f, list);
        fact_view(f, o, "kind", kind);
        fact_z(f, o, "secret_manager", secrets);
        fact_at(f, o, x->doc, pointer);
    }
    const struct json *backup = json_get(n, STR("S3BackupDescription"));
    if (backup)
        location(f, list, x, backup, kind, true, "not-applicable",
                 str_fmt(f->a, "%.*s/S3BackupDescription", STR_ARG(pointer)));
    struct str token = json_str(json_get(n, STR("HECToken")));
    if (token.n)
        facts_credential(f, credentials, "destination", STR("HECToken"), token, x->doc,
                         str_fmt(f->a, "%.*s/HECToken", STR_ARG(pointer)));
    struct str url = json_str(json_get(n, STR("ClusterJDBCURL")));
    if (url.n)
        facts_credential(f, credentials, "destination", STR("ClusterJDBCURL"), url,
                         x->doc, str_fmt(f->a, "%.*s/ClusterJDBCURL", STR_ARG(pointer)));
    size_t i = 0;
    for (const struct json *a =
             json_first(json_dig(n, "RequestConfiguration", "CommonAttributes", NULL));
         a; a = json_next(a), i++)
        facts_credential(f, credentials, "destination",
                         json_str(json_get(a, STR("AttributeName"))),
                         json_str(json_get(a, STR("AttributeValue"))), x->doc,
                         str_fmt(f->a,
                                 "%.*s/RequestConfiguration/CommonAttributes/%zu/"
                                 "AttributeValue",
                                 STR_ARG(pointer), i));
}

void facts_delivery(struct fact *f)
{
    const struct exhibit *x = subject_exhibit(f->s, DESCRIBE);
    const struct json *n = x ? json_get(x->node, STR("DeliveryStreamDescription")) : NULL;
    if (!n)
        return;
    encryption(f, x, n);
    struct json *list = fact_list(f, "destinations");
    struct json *credentials = fact_list(f, "credentials");
    size_t i = 0;
    for (const struct json *d = json_first(json_get(n, STR("Destinations"))); d;
         d = json_next(d), i++) {
        struct str base =
            str_fmt(f->a, "%.*s" BASE "/Destinations/%zu", STR_ARG(x->pointer), i);
        bool extended = json_get(d, STR("ExtendedS3DestinationDescription")) != NULL;
        for (const struct json *m = json_is(d, JSON_OBJECT) ? json_first(d) : NULL; m;
             m = json_next(m))
            destination(f, list, credentials, x, m, base, extended);
    }
}
