/* Facts of what applications read, write and log to: who uses it, how it is encrypted. */
#include "model/fact.h"
#include "model/storage.h"

#include "base/when.h"
#include "evidence/operation.h"

#include <string.h>

enum { USES_MAX_DEPTH = 4 };

/* A walk up the links, towards applications. */
struct climb {
    struct fact *f;
    struct json *list;
    struct map seen; /* number of a subject, and the use */
};

static void use(struct climb *c, const struct link *l, const char *what,
                const struct subject *through)
{
    struct fact *f = c->f;
    struct str id = STR_CAT(f->scratch, subject_id(l->from), str_from(what));
    void **slot = map_put(f->scratch, &c->seen, id);
    if (*slot)
        return;
    *slot = c;
    struct json *o = fact_item(f, c->list);
    bool app = subject_is(l->from, "application");
    fact_view(f, o, app ? "application" : "subject", l->from->arn);
    fact_z(f, o, "type", l->from->type);
    fact_view(f, o, "name", l->from->name);
    fact_z(f, o, "use", what);
    fact_view(f, o, "via", l->via);
    fact_view(f, o, "through", through ? through->arn : STR(""));
    fact_at_link(f, o, l);
}

/* Users of s, and applications that use it through another thing: the key of a stream. */
static void climb(struct climb *c, const struct subject *s, const char *what,
                  const struct subject *through, int depth)
{
    for (size_t i = 0; i < s->used_by.n; i++) {
        const struct link *l = s->used_by.v[i];
        bool app = subject_is(l->from, "application");
        const char *here = what ? what : subject_is(l->from, "trail") ? "trail" : l->use;
        if (app || !through)
            use(c, l, here, through);
        if (!app && depth < USES_MAX_DEPTH)
            climb(c, l->from, here, through ? through : l->from, depth + 1);
    }
}

/* Who uses it. A trail's bucket is used by the trail. */
void facts_uses(struct fact *f)
{
    static const char *const none[] = {"application", "account", "role",
                                       "policy",      "user",    "group"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (subject_is(f->s, none[i]))
            return;
    struct climb c = {.f = f, .list = fact_list(f, "uses")};
    climb(&c, f->s, NULL, NULL, 0);
    fact_unseen_users(f, "uses");
}

const char *key_customer(struct fact *f, const char *about, const struct link *key,
                         struct str ref)
{
    struct str alias = ref;
    size_t at = str_find(ref, STR(":alias/"));
    if (at != (size_t)-1)
        alias = str_sub(ref, at + 1, ref.n);
    if (str_starts(alias, STR("alias/aws/")))
        return "no";
    if (!key)
        return ref.n ? "unknown" : "no";
    const struct subject *s = key->to;
    struct str manager = json_str(json_dig(subject_answer(s, "kms:DescribeKey"),
                                           "KeyMetadata", "KeyManager", NULL));
    if (manager.n)
        return fact_yes(str_eq(manager, STR("CUSTOMER")));
    if (map_get(&f->m->aws_keys, s->arn) || str_starts(s->name, STR("alias/aws/")))
        return "no";
    if (about)
        fact_unknown(f, about, s, "kms:DescribeKey", STR(""),
                     "whether the key is customer managed is not in evidence");
    return "unknown";
}

/* key (as written), key_arn and customer_key of an encryption fact. */
static void key_members(struct fact *f, struct json *o, const char *link, struct str ref)
{
    const struct link *key = subject_link(f->s, link);
    fact_view(f, o, "key", ref);
    fact_view(f, o, "key_arn", key && ref.n ? key->to->arn : STR(""));
    fact_z(f, o, "customer_key", key_customer(f, "encryption", ref.n ? key : NULL, ref));
}

/* Is there such a bucket? Its name is free for everybody once it is gone. */
void facts_existence(struct fact *f)
{
    const char *word = "unknown";
    const struct exhibit *at = NULL;
    for (size_t i = 0; i < f->s->exhibits.n; i++) {
        const struct exhibit *x = &f->s->exhibits.v[i];
        bool gone = str_eq(x->doc->error_code, STR("NoSuchBucket"));
        if (!gone && !document_answers(x->doc))
            continue;
        word = gone ? "no" : "yes";
        at = x;
        reads_note(x->doc);
        if (gone)
            break;
    }
    struct json *o = fact_object(f, "existence");
    fact_z(f, o, "exists", word);
    fact_at_exhibit(f, o, at, "");
}

static void bucket(struct fact *f)
{
    const struct exhibit *x = subject_exhibit(f->s, "s3:GetBucketEncryption");
    struct json *o;
    if (x && document_answers(x->doc)) {
        const struct json *rule = json_first(
            json_dig(x->node, "ServerSideEncryptionConfiguration", "Rules", NULL));
        const struct json *by = json_get(rule, STR("ApplyServerSideEncryptionByDefault"));
        struct str algorithm = json_str(json_get(by, STR("SSEAlgorithm")));
        o = fact_object(f, "encryption");
        fact_view(f, o, "algorithm", algorithm.n ? algorithm : STR("none"));
        fact_bool(f, o, "kms", str_starts(algorithm, STR("aws:kms")));
        fact_bool(f, o, "bucket_key", json_bool(json_get(rule, STR("BucketKeyEnabled"))));
        key_members(f, o, "key", json_str(json_get(by, STR("KMSMasterKeyID"))));
        fact_at_exhibit(f, o, x, "");
    }
    struct bucket_state state = bucket_state(f, f->s);
    o = fact_object(f, "public");
    fact_z(f, o, "policy", state.policy);
    fact_z(f, o, "acl", state.acl);
    fact_z(f, o, "blocked", state.blocked);
    fact_z(f, o, "public", state.public);
    fact_z(f, o, "why", state.why);
    fact_at_exhibit(f, o, state.public_at, "");
    if (strcmp(state.public, "unknown") == 0) {
        static const char *const kinds[] = {
            "s3:GetPublicAccessBlock", "s3:GetBucketPolicyStatus", "s3:GetBucketAcl"};
        for (size_t i = 0; i < 3; i++)
            if (subject_missing(f->m, f->s, kinds[i]))
                fact_unknown(f, "public", f->s, kinds[i], STR(""), state.why);
    }
    x = subject_exhibit(f->s, "s3:GetBucketPolicy");
    if (x && document_answers(x->doc)) {
        struct tls_rule tls = bucket_tls(f, f->s);
        o = fact_object(f, "tls_only");
        fact_z(f, o, "enforced", fact_yes(tls.enforced));
        fact_view(f, o, "sid", tls.sid);
        fact_at_exhibit(f, o, x, x->node ? "/Policy" : "");
    }
    fact_z(f, f->facts, "versioning", state.versioning);
    fact_z(f, f->facts, "acl_disabled", state.acl_disabled);
}

static void stream(struct fact *f)
{
    const struct exhibit *x = subject_exhibit(f->s, "kinesis:DescribeStreamSummary");
    const char *below = "/StreamDescriptionSummary";
    if (!x || !x->node) {
        x = subject_exhibit(f->s, "kinesis:DescribeStream");
        below = "/StreamDescription";
    }
    if (!x || !x->node)
        return;
    const struct json *n = json_pointer(x->node, str_from(below));
    struct str type = json_str(json_get(n, STR("EncryptionType")));
    struct str status = json_str(json_get(n, STR("StreamStatus")));
    struct json *o = fact_object(f, "encryption");
    fact_view(f, o, "type", type.n ? type : STR("NONE"));
    fact_bool(f, o, "in_transition", str_eq(status, STR("UPDATING")));
    key_members(f, o, "key", json_str(json_get(n, STR("KeyId"))));
    fact_at_exhibit(f, o, x, below);
}

static void table(struct fact *f)
{
    const struct exhibit *x = subject_exhibit(f->s, "dynamodb:DescribeTable");
    const struct json *n = x ? json_get(x->node, STR("Table")) : NULL;
    if (!n)
        return;
    const struct json *sse = json_get(n, STR("SSEDescription"));
    struct str key = json_str(json_get(sse, STR("KMSMasterKeyArn")));
    struct str status = json_str(json_get(n, STR("TableStatus")));
    bool lost = json_get(sse, STR("InaccessibleEncryptionDateTime")) ||
                str_eq(status, STR("INACCESSIBLE_ENCRYPTION_CREDENTIALS"));
    struct json *o = fact_object(f, "encryption");
    key_members(f, o, "key", key);
    const char *customer = key_customer(f, NULL, subject_link(f->s, "key"), key);
    /* Without SSEDescription the table has a key that AWS owns. */
    fact_z(f, o, "kind",
           !key.n                         ? "owned"
           : strcmp(customer, "yes") == 0 ? "customer"
           : strcmp(customer, "no") == 0  ? "aws-managed"
                                          : "unknown");
    fact_bool(f, o, "accessible", !lost);
    fact_bool(f, o, "in_transition",
              str_eq(json_str(json_get(sse, STR("Status"))), STR("UPDATING")));
    fact_at_exhibit(f, o, x, sse ? "/Table/SSEDescription" : "/Table");
}

/* encryption of things that have one key reference and nothing else to say. */
static void simple(struct fact *f, const struct exhibit *x, const char *below,
                   const char *encrypted, const char *kind, struct str key)
{
    struct json *o = fact_object(f, "encryption");
    fact_z(f, o, "encrypted", encrypted);
    fact_z(f, o, "kind", kind);
    key_members(f, o, "key", key);
    fact_at_exhibit(f, o, x, below);
}

static void queue(struct fact *f)
{
    const struct exhibit *x = subject_exhibit(f->s, "sqs:GetQueueAttributes");
    /* Without --attribute-names the answer is empty and says nothing. */
    const struct json *n = x ? json_get(x->node, STR("Attributes")) : NULL;
    if (!n)
        return;
    struct str key = json_str(json_get(n, STR("KmsMasterKeyId")));
    bool managed =
        str_eq_nocase(json_scalar(json_get(n, STR("SqsManagedSseEnabled"))), STR("true"));
    if (!key.n && !managed && !json_get(n, STR("SqsManagedSseEnabled")) &&
        !json_get(n, STR("QueueArn"))) {
        fact_unknown(f, "encryption", f->s, "sqs:GetQueueAttributes", STR(""),
                     "the answer does not hold all attributes");
        return;
    }
    simple(f, x, "/Attributes", fact_yes(key.n || managed),
           key.n     ? "SSE-KMS"
           : managed ? "SSE-SQS"
                     : "none",
           key);
}

static void topic(struct fact *f)
{
    const struct exhibit *x = subject_exhibit(f->s, "sns:GetTopicAttributes");
    const struct json *n = x ? json_get(x->node, STR("Attributes")) : NULL;
    struct str key = json_str(json_get(n, STR("KmsMasterKeyId")));
    if (n)
        simple(f, x, "/Attributes", fact_yes(key.n), key.n ? "SSE-KMS" : "none", key);
}

static void log_group(struct fact *f)
{
    const struct exhibit *x = subject_exhibit(f->s, "logs:DescribeLogGroups");
    if (!x || !x->node)
        return;
    struct str key = json_str(json_get(x->node, STR("kmsKeyId")));
    simple(f, x, "", "yes", key.n ? "SSE-KMS" : "service", key);
    const struct json *days = json_get(x->node, STR("retentionInDays"));
    /* Absent means for ever: 0. */
    fact_num(f, f->facts, "retention_days", json_num(days));
}

static void secret(struct fact *f)
{
    const struct exhibit *x = subject_exhibit(f->s, "secretsmanager:DescribeSecret");
    if (!x || !x->node)
        return;
    struct str key = json_str(json_get(x->node, STR("KmsKeyId")));
    simple(f, x, "", "yes", "SSE-KMS", key);
    struct json *o = fact_object(f, "rotation");
    int64_t when = WHEN_NONE;
    fact_bool(f, o, "enabled", json_bool(json_get(x->node, STR("RotationEnabled"))));
    if (when_read(json_scalar(json_get(x->node, STR("LastRotatedDate"))), &when))
        fact_view(f, o, "last", when_text(f->a, when));
    fact_bool(f, o, "deleted",
              json_get(x->node, STR("DeletedDate")) &&
                  !json_is(json_get(x->node, STR("DeletedDate")), JSON_NULL));
    fact_at_exhibit(f, o, x, "");
}

static void domain(struct fact *f)
{
    static const char *const kinds[] = {"opensearch:DescribeDomain",
                                        "es:DescribeElasticsearchDomain",
                                        "opensearch:DescribeDomains"};
    const struct exhibit *x = NULL;
    for (size_t i = 0; i < 3 && (!x || !x->node); i++)
        x = subject_exhibit(f->s, kinds[i]);
    if (!x || !x->node)
        return;
    const struct json *n = json_get(x->node, STR("DomainStatus"));
    const char *below = n ? "/DomainStatus" : "";
    n = n ? n : x->node;
    const struct json *rest = json_get(n, STR("EncryptionAtRestOptions"));
    const struct json *end = json_get(n, STR("DomainEndpointOptions"));
    bool on = json_bool(json_get(rest, STR("Enabled")));
    simple(f, x, below, fact_yes(on), on ? "SSE-KMS" : "none",
           json_str(json_get(rest, STR("KmsKeyId"))));
    struct json *o = fact_object(f, "in_transit");
    struct str tls = json_str(json_get(end, STR("TLSSecurityPolicy")));
    fact_bool(f, o, "node_to_node",
              json_bool(json_dig(n, "NodeToNodeEncryptionOptions", "Enabled", NULL)));
    fact_bool(f, o, "https_only", json_bool(json_get(end, STR("EnforceHTTPS"))));
    fact_view(f, o, "tls_policy", tls);
    fact_bool(f, o, "tls_1_2",
              str_has(tls, STR("TLS-1-2")) || str_has(tls, STR("TLS-1-3")));
    fact_at_exhibit(f, o, x, below);
    fact_bool(f, f->facts, "public_endpoint", !json_get(n, STR("VPCOptions")));
}

static void catalog(struct fact *f)
{
    const struct exhibit *x =
        subject_exhibit(f->s, "glue:GetDataCatalogEncryptionSettings");
    const struct json *n =
        x ? json_get(x->node, STR("DataCatalogEncryptionSettings")) : NULL;
    if (!n)
        return;
    const struct json *rest = json_get(n, STR("EncryptionAtRest"));
    struct str mode = json_str(json_get(rest, STR("CatalogEncryptionMode")));
    bool on = str_starts(mode, STR("SSE-KMS"));
    simple(f, x, "/DataCatalogEncryptionSettings", fact_yes(on), on ? "SSE-KMS" : "none",
           json_str(json_get(rest, STR("SseAwsKmsKeyId"))));
    fact_bool(f, f->facts, "passwords_encrypted",
              json_bool(json_dig(n, "ConnectionPasswordEncryption",
                                 "ReturnConnectionPasswordEncrypted", NULL)));
}

/* What is known of a cluster, from whichever answer describes it. */
struct cluster {
    const struct exhibit *x;
    const char *below;       /* pointer of info in x */
    const struct json *info; /* the settings of a provisioned cluster; NULL: serverless */
    bool serverless;
};

static bool read_cluster(const struct fact *f, struct cluster *c)
{
    static const struct {
        const char *kind, *wrap;
        bool v2;
    } kinds[] = {{"kafka:DescribeClusterV2", "ClusterInfo", true},
                 {"kafka:ListClustersV2", NULL, true},
                 {"kafka:DescribeCluster", "ClusterInfo", false},
                 {"kafka:ListClusters", NULL, false}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        c->x = subject_exhibit(f->s, kinds[i].kind);
        const struct json *n = c->x ? c->x->node : NULL;
        if (kinds[i].wrap)
            n = json_get(n, str_from(kinds[i].wrap));
        c->below = kinds[i].wrap ? "/ClusterInfo" : "";
        c->serverless = kinds[i].v2 && str_eq(json_str(json_get(n, STR("ClusterType"))),
                                              STR("SERVERLESS"));
        c->info = kinds[i].v2 ? json_get(n, STR("Provisioned")) : n;
        if (c->info || c->serverless)
            return true;
    }
    return false;
}

/* Without any way to authenticate a provisioned cluster takes everybody who reaches it;
 * a serverless one takes IAM only. MSK Developer Guide, "Authentication and
 * authorization". */
static void authentication(struct fact *f, const struct cluster *c)
{
    const struct json *client = json_get(c->info, STR("ClientAuthentication"));
    const struct json *open = json_dig(client, "Unauthenticated", "Enabled", NULL);
    bool iam =
        c->serverless || json_bool(json_dig(client, "Sasl", "Iam", "Enabled", NULL));
    bool scram = json_bool(json_dig(client, "Sasl", "Scram", "Enabled", NULL));
    bool tls = json_bool(json_dig(client, "Tls", "Enabled", NULL)) ||
               json_size(json_dig(client, "Tls", "CertificateAuthorityArnList", NULL));
    struct json *o = fact_object(f, "authentication");
    fact_bool(f, o, "unauthenticated", open ? json_bool(open) : !iam && !scram && !tls);
    fact_bool(f, o, "iam", iam);
    fact_bool(f, o, "scram", scram);
    fact_bool(f, o, "tls", tls);
    fact_at_exhibit(f, o, c->x, c->below);
}

static void cluster(struct fact *f)
{
    struct cluster c;
    if (!read_cluster(f, &c))
        return;
    const struct json *info = json_get(c.info, STR("EncryptionInfo"));
    struct json *o = fact_object(f, "at_rest");
    key_members(f, o, "key",
                json_str(json_dig(info, "EncryptionAtRest", "DataVolumeKMSKeyId", NULL)));
    fact_bool(f, o, "serverless", c.serverless);
    fact_at_exhibit(f, o, c.x, c.below);
    o = fact_object(f, "in_transit");
    const struct json *transit = json_get(info, STR("EncryptionInTransit"));
    struct str broker = json_str(json_get(transit, STR("ClientBroker")));
    /* Serverless clusters take TLS only; a provisioned one without settings does too. */
    fact_view(f, o, "client_broker", broker.n ? broker : STR("TLS"));
    const struct json *inner = json_get(transit, STR("InCluster"));
    fact_bool(f, o, "in_cluster", inner ? json_bool(inner) : true);
    fact_at_exhibit(f, o, c.x, c.below);
    authentication(f, &c);
    struct str type = json_str(json_dig(c.info, "BrokerNodeGroupInfo", "ConnectivityInfo",
                                        "PublicAccess", "Type", NULL));
    fact_bool(f, f->facts, "public", type.n && !str_eq(type, STR("DISABLED")));
}

void facts_storage(struct fact *f)
{
    static const struct {
        const char *type;
        void (*run)(struct fact *f);
    } types[] = {
        {"bucket", bucket},   {"stream", stream}, {"table", table},
        {"queue", queue},     {"topic", topic},   {"log-group", log_group},
        {"secret", secret},   {"domain", domain}, {"catalog", catalog},
        {"cluster", cluster},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (subject_is(f->s, types[i].type))
            types[i].run(f);
}
