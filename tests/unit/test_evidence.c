/* Unit tests of gen/evidence: recognising, binding, and refusing single documents. */
#include "unit.h"

#include "base/buf.h"
#include "evidence/evidence.h"
#include "evidence/failure.h"
#include "evidence/home.h"
#include "evidence/message.h"
#include "evidence/name.h"
#include "evidence/recognise.h"
#include "evidence/shape.h"
#include "json/json.h"

#include <string.h>

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}

static void teardown(void)
{
    arena_free(a);
}

static const char *const states[] = {"answer",  "empty",        "error",  "invalid",
                                     "unbound", "unrecognised", "refused"};

/* What became of the first document: "state kind account region name name2 code". */
static const char *fate(const struct evidence *ev)
{
    const struct document *d = ev->v[0];
    const char *kind = d->op ? d->op->kind : "-";
    struct str code = d->state == DOCUMENT_ERROR ? d->error_code : d->why_code;
    return str_fmt(a, "%s %s %.*s %.*s %.*s %.*s%s%.*s", states[d->state], kind,
                   STR_ARG(d->account), STR_ARG(d->region), STR_ARG(d->name),
                   STR_ARG(d->name2), code.n ? " " : "", STR_ARG(code))
        .p;
}

static struct evidence *one(const char *path, const char *bytes)
{
    struct evidence_input in = {.path = str_from(path), .bytes = str_from(bytes)};
    return evidence_load_memory(a, &in, 1, diag_new(a));
}

#define HOME "111122223333/us-east-1/"
#define GLOBAL "111122223333/global/"
#define STREAM_ARN "arn:aws:kinesis:us-east-1:111122223333:stream/orders"
#define STREAM "{\"StreamDescriptionSummary\":{\"StreamARN\":\"" STREAM_ARN "\",\"x\":1}}"
#define STREAM_FATE                                                                      \
    "answer kinesis:DescribeStreamSummary 111122223333 us-east-1 " STREAM_ARN " "
#define APP_ARN "arn:aws:kinesisanalytics:us-east-1:111122223333:application/orders"
#define POLICY "{\"Policy\":\"{}\"}"
#define ROLE "arn:aws:iam::111122223333:role/x/orders"
#define FAILED                                                                           \
    "\nAn error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy "         \
    "operation: The bucket policy does not exist\n"

/* clang-format off */
static const struct {
    const char *path, *bytes, *fate;
} documents[] = {
    /* By name, in the styles that people write, and by shape. */
    {HOME "kinesis/describe-stream-summary~orders.json", STREAM, STREAM_FATE},
    {"kinesis-describe-stream-summary-orders.json", STREAM, STREAM_FATE},
    {"describe_stream_summary.json", STREAM, STREAM_FATE},
    {"DescribeStreamSummary.json", STREAM, STREAM_FATE},
    {"describeStreamSummary-orders.JSON", STREAM, STREAM_FATE},
    {"orders.describe-stream-summary.json", STREAM, STREAM_FATE},
    {"kinesis/describe-stream-summary.txt", STREAM, STREAM_FATE},
    {"aws kinesis describe-stream-summary (2).json", STREAM, STREAM_FATE},
    {"stuff.json", STREAM, STREAM_FATE},
    {"stuff", STREAM, STREAM_FATE},
    {"stream-summary-orders.json", STREAM, STREAM_FATE},
    {HOME "s3api/get-bucket-policy~my-bucket.json", POLICY, "answer s3:GetBucketPolicy 111122223333 us-east-1 my-bucket "},
    {"s3api-get-bucket-policy-my-bucket.json", POLICY, "answer s3:GetBucketPolicy   my-bucket "},
    {"get-bucket-policy_my-bucket.json", POLICY, "answer s3:GetBucketPolicy   my-bucket "},
    {"my-bucket_get_bucket_policy.json", POLICY, "answer s3:GetBucketPolicy   my-bucket "},
    {"bucket-policy-my-bucket.json", POLICY, "answer s3:GetBucketPolicy   my-bucket "},
    {"111122223333-us-east-1-get-bucket-policy-b.json", POLICY, "answer s3:GetBucketPolicy 111122223333 us-east-1 b "},
    {"get-bucket-policy-b-eu-west-1.json", POLICY, "answer s3:GetBucketPolicy   b-eu-west-1 "},
    {"get-bucket-policy-1.json", POLICY, "unbound s3:GetBucketPolicy     EVI-115"},
    {"aws-s3api-get-bucket-policy.json", POLICY, "unbound s3:GetBucketPolicy     EVI-115"},
    {"2026-11-20-s3api-get-bucket-policy.json", POLICY, "unbound s3:GetBucketPolicy     EVI-115"},
    {"get-bucket-policy-b-20261120.json", POLICY, "answer s3:GetBucketPolicy   b "},
    {"get-bucket-policy-b_2026-11-20.json", POLICY, "answer s3:GetBucketPolicy   b "},
    {"01-get-bucket-policy-logs.json", POLICY, "answer s3:GetBucketPolicy   logs "},
    {"get-bucket-policy-my-s3.json", POLICY, "answer s3:GetBucketPolicy   my-s3 "},
    {"prod/iam/list-users.json", "{\"Users\":[]}", "answer iam:ListUsers  global  "},
    {HOME "iam/get-role~orders.json", "{\"Role\":{\"RoleName\":\"orders\",\"Arn\":\"" ROLE "\"}}", "answer iam:GetRole 111122223333 global " ROLE " "},
    {GLOBAL "iam/get-role-policy~r~p.json", "{\"RoleName\":\"r\",\"PolicyName\":\"p\",\"PolicyDocument\":{}}", "answer iam:GetRolePolicy 111122223333 global r p"},
    {GLOBAL "iam/get-policy-version~arn_3Aaws_3Aiam_3A_3Aaws_3Apolicy_2FReadOnlyAccess~v9.json", "{\"PolicyVersion\":{\"VersionId\":\"v9\",\"Document\":{}}}", "answer iam:GetPolicyVersion 111122223333 global arn:aws:iam::aws:policy/ReadOnlyAccess v9"},
    {HOME "s3api/head-object~b~a_2Fb.jar.json", "{\"ETag\":\"x\",\"ContentLength\":1}", "answer s3:HeadObject 111122223333 us-east-1 b a/b.jar"},
    {GLOBAL "s3control/get-public-access-block~111122223333.json", "{\"PublicAccessBlockConfiguration\":{}}", "answer s3control:GetPublicAccessBlock 111122223333 global 111122223333 "},
    {"get-public-access-block-111122223333.json", "{\"PublicAccessBlockConfiguration\":{}}", "answer s3control:GetPublicAccessBlock 111122223333 global 111122223333 "},
    {"get-public-access-block-b.json", "{\"PublicAccessBlockConfiguration\":{}}", "answer s3:GetPublicAccessBlock   b "},
    {"get-resource-policy~arn_3Aaws_3Akinesis_3Aus-east-1_3A111122223333_3Astream_2Forders.json", POLICY, "answer kinesis:GetResourcePolicy   " STREAM_ARN " "},
    {GLOBAL "sts/get-caller-identity.json", "{\"UserId\":\"AIDA\",\"Account\":\"111122223333\",\"Arn\":\"arn:aws:iam::111122223333:user/x\"}", "answer sts:GetCallerIdentity 111122223333 global 111122223333 "},
    {GLOBAL "iam/get-account-summary.json", "{\"SummaryMap\":{\"Users\":1}}", "answer iam:GetAccountSummary 111122223333 global 111122223333 "},
    /* CloudTrail's own trees, and what they are not. */
    {"AWSLogs/o-abc/111122223333/CloudTrail/us-east-1/2026/01/02/111122223333_CloudTrail_us-east-1_20260102T0000Z_abcdefghijklmnop.json", "{\"Records\":[{\"eventID\":\"1\",\"eventName\":\"X\",\"recipientAccountId\":\"111122223333\"}]}", "answer cloudtrail:Records 111122223333 us-east-1  "},
    {"AWSLogs/111122223333/CloudTrail/us-east-1/x.json", "{\"Records\":[{\"eventID\":\"1\",\"eventName\":\"X\",\"recipientAccountId\":\"444455556666\"}]}", "refused cloudtrail:Records 111122223333 us-east-1   EVI-116"},
    {"AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/01/02/111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_20260102T000000Z.json", "{\"digestS3Object\":\"x\",\"digestEndTime\":\"2026-01-02T00:00:00Z\",\"logFiles\":[]}", "answer cloudtrail:Digest 111122223333 us-east-1  "},
    {"AWSLogs/111122223333/Config/us-east-1/2026/1/2/ConfigSnapshot/111122223333_Config_us-east-1_ConfigSnapshot_20260102T000000Z_x.json", "{\"fileVersion\":\"1.0\",\"configurationItems\":[]}", "refused - 111122223333 us-east-1   EVI-120"},
    /* Partitions come along. */
    {"aws-cn.json", "{\"StreamDescriptionSummary\":{\"StreamARN\":\"arn:aws-cn:kinesis:cn-north-1:111122223333:stream/s\"}}", "answer kinesis:DescribeStreamSummary 111122223333 cn-north-1 arn:aws-cn:kinesis:cn-north-1:111122223333:stream/s "},
    {"012345678901/us-gov-west-1/kinesis/list-streams.json", "{\"StreamNames\":[\"x\"]}", "answer kinesis:ListStreams 012345678901 us-gov-west-1  "},
    /* Errors that the service answered. */
    {HOME "s3api/get-bucket-policy~b.err", FAILED, "error s3:GetBucketPolicy 111122223333 us-east-1 b  NoSuchBucketPolicy"},
    {HOME "s3api/get-bucket-policy~b.json", FAILED, "error s3:GetBucketPolicy 111122223333 us-east-1 b  NoSuchBucketPolicy"},
    {HOME "s3api/get-bucket-policy~b.err", "\naws: [ERROR]: An error occurred (AccessDenied) when calling the GetBucketPolicy operation: denied\n\nAdditional error details:\nx: y\n", "error s3:GetBucketPolicy 111122223333 us-east-1 b  AccessDenied"},
    {HOME "s3api/get-bucket-policy~b.err", "{\"Error\":{\"Code\":\"AccessDenied\",\"Message\":\"m\"}}", "error s3:GetBucketPolicy 111122223333 us-east-1 b  AccessDenied"},
    {HOME "s3api/get-bucket-policy~b.json", "{\"Error\":{\"Code\":\"AccessDenied\",\"Message\":\"m\"}}", "error s3:GetBucketPolicy 111122223333 us-east-1 b  AccessDenied"},
    {HOME "s3api/get-bucket-policy~b.err", "Code: AccessDenied\nMessage: 'm'\n", "error s3:GetBucketPolicy 111122223333 us-east-1 b  AccessDenied"},
    {HOME "s3api/get-bucket-policy~b.err", "Unable to locate credentials. You can configure credentials by running \"aws configure\".\n", "error s3:GetBucketPolicy 111122223333 us-east-1 b  NoCredentials"},
    {"b.err", FAILED, "unbound s3:GetBucketPolicy     EVI-115"},
    {HOME "s3api/get-bucket-acl~b.err", FAILED, "refused s3:GetBucketAcl 111122223333 us-east-1 b  EVI-112"},
    {HOME "s3api/get-bucket-acl~b.err", "something went wrong\n", "error s3:GetBucketAcl 111122223333 us-east-1 b "},
    {"x.err", "something went wrong\n", "unrecognised -     EVI-110"},
    {HOME "rds/describe-db-instances.err", "An error occurred (X) when calling the DescribeDBInstances operation: y", "unrecognised - 111122223333 us-east-1   EVI-110"},
    /* Zero bytes. */
    {HOME "s3api/get-bucket-versioning~b.json", "", "invalid s3:GetBucketVersioning 111122223333 us-east-1 b  EVI-122"},
    {HOME "kinesis/list-streams.json", "", "invalid kinesis:ListStreams 111122223333 us-east-1   EVI-122"},
    {"x.json", "", "unrecognised -     EVI-110"},
    {"x.json", " \n", "unrecognised -     EVI-110"},
    /* Shapes that several operations share, that lost their top, that belong to others. */
    {"stuff.json", POLICY, "unrecognised -     EVI-111"},
    {"stuff.json", "{\"Tags\":[]}", "unrecognised -     EVI-111"},
    {"stuff.json", "{\"Status\":\"Enabled\"}", "unrecognised -     EVI-111"},
    {"get-resource-policy.json", POLICY, "unrecognised -     EVI-111"},
    {"stuff.json", "{\"a\":1}", "unrecognised -     EVI-110"},
    {"stuff.json", "[]", "unrecognised -     EVI-110"},
    {"stuff.json", "{\"Version\":\"2012-10-17\",\"Statement\":[]}", "unrecognised -     EVI-110"},
    {"stuff.json", "{\"StreamARN\":\"" STREAM_ARN "\",\"EncryptionType\":\"NONE\"}", "refused -     EVI-113"},
    {HOME "kinesis/describe-stream-summary~orders.json", "{\"StreamARN\":\"" STREAM_ARN "\"}", "refused kinesis:DescribeStreamSummary 111122223333 us-east-1 orders  EVI-113"},
    {HOME "kinesis/list-streams.json", "[\"a\",\"b\"]", "refused kinesis:ListStreams 111122223333 us-east-1   EVI-113"},
    {HOME "s3api/get-bucket-policy-status~b.json", "true", "refused s3:GetBucketPolicyStatus 111122223333 us-east-1 b  EVI-113"},
    {HOME "iam/list-users.json", "[{\"UserName\":\"x\"}]", "refused iam:ListUsers 111122223333 global   EVI-113"},
    {HOME "kinesis/describe-stream-summary~orders.json", "{\"Streams\":1}", "invalid kinesis:DescribeStreamSummary 111122223333 us-east-1 orders  EVI-114"},
    {HOME "kinesis/list-streams.json", STREAM, "refused kinesis:ListStreams 111122223333 us-east-1   EVI-112"},
    {"list-findings.json", "{\"findings\":[{\"id\":\"i\",\"resourceType\":\"t\",\"findingType\":\"ExternalAccess\"}]}", "refused accessanalyzer:ListFindings     EVI-112"},
    {HOME "s3api/get-bucket-policy~b.json", "{\"Version\":\"2012-10-17\",\"Statement\":[]}", "refused s3:GetBucketPolicy 111122223333 us-east-1 b  EVI-113"},
    /* Mixed up. */
    {GLOBAL "s3control/get-public-access-block~444455556666.json", "{\"PublicAccessBlockConfiguration\":{}}", "refused s3control:GetPublicAccessBlock 111122223333 global 444455556666  EVI-116"},
    {"444455556666/us-east-1/kinesis/describe-stream-summary~orders.json", STREAM, "refused kinesis:DescribeStreamSummary 444455556666 us-east-1 orders  EVI-116"},
    {"111122223333/eu-west-1/kinesis/describe-stream-summary~orders.json", STREAM, "refused kinesis:DescribeStreamSummary 111122223333 eu-west-1 orders  EVI-116"},
    {HOME "kinesis/describe-stream-summary~invoices.json", STREAM, "refused kinesis:DescribeStreamSummary 111122223333 us-east-1 invoices  EVI-123"},
    /* Asked by ARN across accounts: foreign, not mixed up. */
    {"444455556666/us-east-1/kinesis/describe-stream-summary~arn_3Aaws_3Akinesis_3Aus-east-1_3A111122223333_3Astream_2Forders.json", STREAM, "answer kinesis:DescribeStreamSummary 444455556666 us-east-1 " STREAM_ARN " "},
    /* Known, and not evidence. */
    {HOME "iam/create-role~x.json", "{\"Role\":{\"RoleName\":\"orders\",\"Arn\":\"" ROLE "\"}}", "refused - 111122223333 us-east-1   EVI-118"},
    {"kinesis-put-record.json", "{\"ShardId\":\"x\"}", "refused -     EVI-118"},
    {HOME "kinesis/list-shards~x.json", "{\"Shards\":[]}", "refused - 111122223333 us-east-1   EVI-118"},
    {"x.json", "{\"ARN\":\"a\",\"Name\":\"n\",\"SecretString\":\"s\"}", "refused -     EVI-119"},
    {HOME "secretsmanager/get-secret-value-orders.json", "{\"x\":1}", "refused - 111122223333 us-east-1   EVI-119"},
    {"iam/generate-organizations-access-report.json", "{\"JobId\":\"x\"}", "refused -     EVI-118"},
    {"sts-assume-role.json", "{\"Credentials\":{\"SecretAccessKey\":\"x\",\"SessionToken\":\"y\"}}", "refused -     EVI-119"},
    {HOME "kinesisanalytics/describe-application~orders.json", "{\"ApplicationDetail\":{\"ApplicationARN\":\"" APP_ARN "\",\"InputDescriptions\":[]}}", "refused kinesisanalytics:DescribeApplication 111122223333 us-east-1 orders  EVI-117"},
    {"x.json", "{\"ApplicationSummaries\":[{\"ApplicationARN\":\"" APP_ARN "\"}],\"HasMoreApplications\":false}", "refused -     EVI-117"},
    /* Cut short. */
    {HOME "kinesis/list-streams.json", "{\"StreamNames\":[],\"NextToken\":\"x\"}", "answer kinesis:ListStreams 111122223333 us-east-1  "},
    /* Not JSON at all, in every way. */
    {HOME "kinesis/list-streams.json", "nonsense", "invalid kinesis:ListStreams 111122223333 us-east-1   JSN-"},
    {HOME "kinesis/list-streams.json", "{\"StreamNames\":[", "invalid kinesis:ListStreams 111122223333 us-east-1   JSN-"},
    {HOME "kinesis/list-streams.json", "{\"StreamNames\":[\"\xFF\"]}", "invalid kinesis:ListStreams 111122223333 us-east-1   JSN-"},
    {HOME "kinesis/list-streams.json", "{\"StreamNames\":[],\"StreamNames\":[]}", "invalid kinesis:ListStreams 111122223333 us-east-1   JSN-"},
    {HOME "kinesis/list-streams.json", "{\"StreamNames\":[\"a\\u0000b\"]}", "invalid kinesis:ListStreams 111122223333 us-east-1   JSN-"},
    {HOME "kinesis/list-streams.json", "{} {}", "invalid kinesis:ListStreams 111122223333 us-east-1   JSN-"},
    {HOME "kinesis/list-streams.json", "------\n|  ListStreams  |\n", "invalid kinesis:ListStreams 111122223333 us-east-1   EVI-126"},
    {HOME "kinesis/list-streams.json", "StreamNames:\n- orders\n", "invalid kinesis:ListStreams 111122223333 us-east-1   EVI-126"},
    {HOME "kinesis/list-streams.json", "\xEF\xBB\xBF{\"StreamNames\":[]}", "answer kinesis:ListStreams 111122223333 us-east-1  "},
    {HOME "kinesis/list-streams.json.gz", "\x1F\x8Bnone", "invalid kinesis:ListStreams 111122223333 us-east-1   FIL-101"},
    /* The credential report, decoded. */
    {"credential_report.csv", "user,arn,user_creation_time\n<root_account>,x,y\n", "answer iam:GetCredentialReport  global  "},
    {GLOBAL "iam/get-credential-report.json", "{\"Content\":\"dXNlcixhcm4K\",\"ReportFormat\":\"text/csv\"}", "answer iam:GetCredentialReport 111122223333 global 111122223333 "},
    {GLOBAL "iam/get-credential-report.json", "{\"Content\":\"aGVsbG8=\",\"ReportFormat\":\"text/csv\"}", "invalid iam:GetCredentialReport 111122223333 global 111122223333  EVI-127"},
    {GLOBAL "iam/x.csv", "a,b\n", "unrecognised - 111122223333 global   EVI-110"},
};
/* clang-format on */
START_TEST(recognised)
{
    const char *want = documents[_i].fate;
    const char *is = fate(one(documents[_i].path, documents[_i].bytes));
    /* Of the JSON reader's codes only whose they are matters here. */
    if (str_ends(str_from(want), STR("JSN-")))
        ck_assert_msg(strncmp(is, want, strlen(want)) == 0, "%s", is);
    else
        ck_assert_str_eq(is, want);
}
END_TEST

/* Answers that go on elsewhere: B7 and B8 of the CLI's oddities. */
static const struct {
    const char *more, *key;
} leftovers[] = {
    {"\"NextToken\":\"x\"", "NextToken"},
    {"\"nextToken\":\"x\"", "nextToken"},
    {"\"NextMarker\":\"x\"", "NextMarker"},
    {"\"IsTruncated\":true,\"Marker\":\"x\"", "IsTruncated"},
    {"\"Truncated\":true", "Truncated"},
    {"\"HasMoreStreams\":true", "HasMoreStreams"},
    {"\"HasMoreDeliveryStreams\":true", "HasMoreDeliveryStreams"},
    {"\"Inner\":{\"HasMoreShards\":true}", "HasMoreShards"},
    {"\"HasMoreStreams\":false", ""},
    {"\"IsTruncated\":false", ""},
    {"\"NextToken\":null", ""},
    {"\"NextToken\":\"\"", ""},
};
START_TEST(goes_on)
{
    const char *bytes = str_fmt(a, "{\"StreamNames\":[],%s}", leftovers[_i].more).p;
    const struct document *d = one(HOME "kinesis/list-streams.json", bytes)->v[0];
    ck_assert_int_eq(d->state, DOCUMENT_ANSWER);
    ck_assert_int_eq(d->partial, leftovers[_i].key[0] != '\0');
    ck_assert_str_eq(str_z(a, d->partial_key), leftovers[_i].key);
}
END_TEST

/* clang-format off */
static const struct { const char *in, *want; } failures[] = {
    {"An error occurred (AccessDenied) when calling the GetRole operation: User: x is not allowed\n", "AccessDenied|GetRole|User: x is not allowed"},
    {"\n\naws: [ERROR]: An error occurred (NoSuchBucket) when calling the GetBucketAcl operation: no\n\nAdditional error details:\nBucketName: b\n", "NoSuchBucket|GetBucketAcl|no"},
    {"An error occurred (ThrottlingException) when calling the LookupEvents operation (reached max retries: 4): Rate exceeded", "ThrottlingException|LookupEvents|Rate exceeded"},
    {"An error occurred (404) when calling the HeadObject operation: Not Found", "404|HeadObject|Not Found"},
    {"warning: x\nAn error occurred (A) when calling the B operation: C", "A|B|C"},
    {"{\"Code\": \"AccessDenied\", \"Message\": \"m\"}", "AccessDenied||m"},
    {"{\"Error\": {\"Code\": \"AccessDenied\", \"Message\": \"m\"}}", "AccessDenied||m"},
    {"Code: AccessDenied\nMessage: \"m\"", "AccessDenied||m"},
    {"Could not connect to the endpoint URL: \"https://x/\"", "EndpointConnectionError||Could not connect to the endpoint URL: \"https://x/\""},
    {"You must specify a region. You can also configure", "NoRegion||You must specify a region. You can also configure"},
    {"The config profile (x) could not be found", "ProfileNotFound||The config profile (x) could not be found"},
    {"usage: aws [options] <command>", "ParamValidation||usage: aws [options] <command>"},
    {"bash: aws: command not found", "CommandNotFound||bash: aws: command not found"},
    {"hello", ""},
    {"", ""},
    {") when calling the X operation: y", ""},
    {"(A) when calling the ", ""},
    {"{\"a\":", ""},
};
/* clang-format on */
START_TEST(failure_texts)
{
    struct failure f;
    bool is = failure_read(a, str_from(failures[_i].in), &f);
    struct str got = is ? str_fmt(a, "%.*s|%.*s|%.*s", STR_ARG(f.code),
                                  STR_ARG(f.operation), STR_ARG(f.message))
                        : STR("");
    ck_assert_str_eq(str_z(a, got), failures[_i].want);
}
END_TEST

/* JSON inside strings. */
static const struct {
    const char *value, *key, *want;
} inners[] = {
    {"{\"k\":\"v\"}", "k", "v"},
    {"\"{\\\"k\\\":\\\"v\\\"}\"", "k", "v"},
    {"\" \\n{\\\"k\\\":\\\"v\\\"}\"", "k", "v"},
    {"\"%7B%22k%22%3A%22v+w%22%7D\"", "k", "v+w"},
    {"\"%7b%22k%22%3a%22a%20b%22%7d\"", "k", "a b"},
    {"\"%0A%7B%22k%22%3A%22v%22%7D\"", "k", "v"},
    {"\"%7B%22k%22\"", "k", NULL},
    {"\"%zz\"", "k", NULL},
    {"\"\"", "k", NULL},
    {"\"plain\"", "k", NULL},
    {"\"{\\\"k\\\":1,\\\"k\\\":2}\"", "k", NULL},
    {"7", "k", NULL},
    {"null", "k", NULL},
};
START_TEST(inner_json)
{
    const char *doc =
        str_fmt(a, "{\"x\":{},\"a/b\":[0,{\"Policy\":%s}]}", inners[_i].value).p;
    const struct document *d = one("x.json", doc)->v[0];
    const struct json *node = json_pointer(d->root, STR("/a~1b/1/Policy"));
    const struct text *text = NULL;
    const struct json *in = evidence_inner(a, d, node, &text);
    if (!inners[_i].want) {
        ck_assert_ptr_null(in);
        return;
    }
    ck_assert_str_eq(str_z(a, json_str(json_get(in, str_from(inners[_i].key)))),
                     inners[_i].want);
    ck_assert_str_eq(str_z(a, text->name), inners[_i].value[0] == '{'
                                               ? "x.json"
                                               : "x.json (inside /a~1b/1/Policy)");
}
END_TEST

#define HEADER "user,arn,user_creation_time,access_key_1_active"
static const struct {
    const char *content, *want; /* of the second row's access_key_1_active; NULL: none */
} reports[] = {
    {HEADER "\n<root_account>,a,t,false\nalice,a,t,true\n", "true"},
    {HEADER "\r\n<root_account>,a,t,false\r\nalice,a,t,true\r\n", "true"},
    {HEADER ",additional_credentials_info\nx,a,t,false,n\n\"a,\"\"b\",a,t,true,\"x\ny\"",
     "true"},
    {"dXNlcixhcm4sYWNjZXNzX2tleV8xX2FjdGl2ZQp4LGEsZmFsc2UKeSxhLHRydWUK", "true"},
    {HEADER "\nx,a,t,false\nshort\n", ""},
    {HEADER "\nx,a,t,false\ntoo,many,a,true,b,c,d\n", "true"},
    {"aGVsbG8=", NULL},
    {"%%%", NULL},
    {"", NULL},
};
START_TEST(credential_reports)
{
    struct json *answer = json_new_object(a);
    json_set_str(a, answer, STR("Content"), str_from(reports[_i].content));
    struct json *rows = evidence_credential_report(a, answer);
    if (!reports[_i].want) {
        ck_assert_ptr_null(rows);
        return;
    }
    ck_assert_uint_eq(json_size(rows), 2);
    struct str is = json_str(json_get(json_at(rows, 1), STR("access_key_1_active")));
    ck_assert_str_eq(str_z(a, is), reports[_i].want);
}
END_TEST

/* What a file's fate is worth: the one rule that lists, verdicts and reports go by. */
static const struct {
    const char *path, *bytes;
    bool usable, answers;
    enum document_trouble trouble;
} worths[] = {
    {HOME "kinesis/list-streams.json", "{\"StreamNames\":[]}", true, true,
     DOCUMENT_SOUND},
    {HOME "s3api/get-bucket-policy~b.err", FAILED, true, true, DOCUMENT_SOUND},
    {HOME "s3api/get-bucket-policy~b.json", "{\"Error\":{\"Code\":\"AccessDenied\"}}",
     true, false, DOCUMENT_DENIED},
    {HOME "s3api/get-bucket-policy~b.json", "{\"Error\":{\"Code\":\"MethodNotAllowed\"}}",
     true, false, DOCUMENT_DENIED},
    {HOME "s3api/get-bucket-policy~b.json", "{\"Error\":{\"Code\":\"SlowDown\"}}", true,
     false, DOCUMENT_BROKEN},
    {HOME "kinesis/list-streams.json", "{", false, false, DOCUMENT_BROKEN},
    {"get-bucket-policy.json", POLICY, false, false, DOCUMENT_BROKEN},
    {"stuff.json", "{}", false, false, DOCUMENT_BROKEN},
    {"kinesis-put-record.json", "{\"ShardId\":\"x\"}", false, false, DOCUMENT_BROKEN},
};
START_TEST(worth)
{
    const struct document *d = one(worths[_i].path, worths[_i].bytes)->v[0];
    const char *word = document_state_name(d->state);
    ck_assert_int_eq(document_state_usable(d->state), worths[_i].usable);
    ck_assert_int_eq(document_state_name_usable(str_from(word)), worths[_i].usable);
    ck_assert_int_eq(document_answers(d), worths[_i].answers);
    ck_assert_int_eq(document_trouble(d), worths[_i].trouble);
    ck_assert(!document_state_name_usable(STR("fine")));
}
END_TEST

/* Where a row of a credential report stands. */
static const struct {
    const char *path, *bytes, *pointer, *text;
} places[] = {
    {"r.csv", "user,arn,user_creation_time\nx,a,b\n\"y\nz\",c,d\n", "/Content/0",
     "x,a,b"},
    {"r.csv", "user,arn,user_creation_time\r\n\r\nx,a,b\r\n", "/Content/0", "x,a,b"},
    {"r.csv", "user,arn,user_creation_time\nx,a,b\n\"y\nz\",c,d\n", "/Content/1",
     "\"y\nz\",c,d"},
    {"r.csv", "\xEF\xBB\xBFuser,arn,user_creation_time\nx,a,b\n", "/Content",
     "user,arn,user_creation_time"},
    {GLOBAL "iam/get-credential-report.json",
     "{\"Content\": \"dXNlcixhcm4K\", \"ReportFormat\": \"text/csv\"}", "/Content/7",
     "\"dXNlcixhcm4K\""},
    {GLOBAL "iam/get-credential-report.json",
     "{\"Content\": \"dXNlcixhcm4K\", \"ReportFormat\": \"text/csv\"}", "/GeneratedTime",
     NULL},
    {HOME "kinesis/list-streams.json", "{\"StreamNames\":[]}", "/Content/1", NULL},
};
START_TEST(report_place)
{
    const struct document *d = one(places[_i].path, places[_i].bytes)->v[0];
    size_t pos = 0, len = 0;
    bool is = evidence_report_place(d, str_from(places[_i].pointer), &pos, &len);
    ck_assert_int_eq(is, places[_i].text != NULL);
    if (is)
        ck_assert_str_eq(str_z(a, str_sub(d->text.bytes, pos, pos + len)),
                         places[_i].text);
}
END_TEST

static const struct {
    const char *region, *partition;
} partitions[] = {
    {"us-east-1", "aws"},
    {"cn-north-1", "aws-cn"},
    {"us-gov-west-1", "aws-us-gov"},
    {"us-iso-east-1", "aws-iso"},
    {"us-isob-east-1", "aws-iso-b"},
    {"eusc-de-east-1", "aws-eusc"},
    {"eu-isoe-west-1", "aws-iso-e"},
    {"global", ""},
};
START_TEST(partition_of_region)
{
    struct str region = str_from(partitions[_i].region);
    ck_assert(name_is_region(region));
    ck_assert_str_eq(str_z(a, recognise_partition(region)), partitions[_i].partition);
}
END_TEST

static struct str with(struct str s, char from, char to)
{
    struct str copy = str_dup(a, s);
    for (char *p = (char *)copy.p; *p; p++)
        if (*p == from)
            *p = to;
    return copy;
}

/* Every operation is found in every style of naming, and its qualifier with it. */
START_TEST(styles)
{
    struct name_index ix;
    size_t n;
    const struct operation *rows = operation_rows(&n);
    name_index_build(a, &ix);
    for (size_t i = 0; i < n; i++) {
        struct str service = str_from(rows[i].service),
                   command = str_from(rows[i].command);
        struct str name, flat = with(command, '-', '_');
        if (str_find_char(command, '-') == (size_t)-1)
            continue; /* log files and digests have names of their own */
        str_cut(str_from(rows[i].kind), ':', NULL, &name);
        const struct str paths[] = {
            str_fmt(a, "%.*s/%.*s.json", STR_ARG(service), STR_ARG(command)),
            str_fmt(a, "%.*s/%.*s~Some.Thing.json", STR_ARG(service), STR_ARG(command)),
            str_fmt(a, "%.*s/%.*s.json", STR_ARG(service), STR_ARG(name)),
            str_fmt(a, "%.*s-%.*s.json", STR_ARG(service), STR_ARG(command)),
            str_fmt(a, "%.*s_%.*s.json.gz", STR_ARG(service), STR_ARG(flat)),
            str_fmt(a, "%.*s.%.*s.txt", STR_ARG(service), STR_ARG(name)),
            str_fmt(a, "%.*s-%.*s-Some.Thing.json", STR_ARG(service), STR_ARG(command)),
            str_fmt(a, "aws_%.*s_%.*s_Some.Thing.json", STR_ARG(service), STR_ARG(flat)),
        };
        for (size_t k = 0; k < sizeof paths / sizeof *paths; k++) {
            struct name_guess g;
            bool found = false;
            name_read(a, &ix, paths[k], &(struct name_folders){0}, &g);
            for (size_t j = 0; j < g.nops; j++)
                found = found || g.ops[j] == &rows[i];
            ck_assert_msg(found && !g.unused, "%s: %.*s", rows[i].kind,
                          STR_ARG(paths[k]));
            bool qualified = str_has(paths[k], STR("Some.Thing"));
            ck_assert_msg(str_eq(g.name, qualified ? STR("Some.Thing") : STR("")),
                          "%.*s: \"%.*s\"", STR_ARG(paths[k]), STR_ARG(g.name));
        }
    }
}
END_TEST

/* What home_path writes, name_read reads. */
static const struct {
    const char *service, *command, *region, *first, *second, *path;
} homes[] = {
    {"sts", "get-caller-identity", "", "", "",
     "111122223333/global/sts/get-caller-identity"},
    {"kinesis", "describe-stream-summary", "us-east-1", "orders", "",
     "111122223333/us-east-1/kinesis/describe-stream-summary~orders"},
    {"iam", "get-role-policy", "", "my_role", "a=b",
     "111122223333/global/iam/get-role-policy~my_5Frole~a_3Db"},
    {"logs", "describe-log-groups", "eu-west-1", "/a~b/../'$(x)\n\xC3\xA9", "",
     "111122223333/eu-west-1/logs/describe-log-groups~"
     "_2Fa_7Eb_2F.._2F_27_24_28x_29_0A_C3_A9"},
};

START_TEST(home_paths)
{
    struct str values[2] = {str_from(homes[_i].first), str_from(homes[_i].second)};
    struct str path = home_path(a, STR("111122223333"), str_from(homes[_i].region),
                                str_from(homes[_i].service), str_from(homes[_i].command),
                                values, (size_t)(values[0].n > 0) + (values[1].n > 0));
    ck_assert_str_eq(path.p, homes[_i].path);
    struct name_index ix;
    struct name_guess g;
    name_index_build(a, &ix);
    name_read(a, &ix, str_fmt(a, "%s.json", path.p), &(struct name_folders){0}, &g);
    ck_assert_uint_eq(g.nops, 1);
    ck_assert_str_eq(g.ops[0]->command, homes[_i].command);
    ck_assert(str_eq(g.name, values[0]) && str_eq(g.name2, values[1]));
    ck_assert(str_eq(g.account, STR("111122223333")));
}
END_TEST

START_TEST(home_of_a_long_name)
{
    struct buf s = BUF_INIT;
    buf_repeat(&s, 'x', 300);
    struct str name = buf_view(&s);
    struct str path = home_path(a, STR("111122223333"), STR("global"), STR("iam"),
                                STR("get-role"), &name, 1);
    struct name_index ix;
    struct name_guess g;
    name_index_build(a, &ix);
    name_read(a, &ix, path, &(struct name_folders){0}, &g);
    ck_assert(g.cut);
    ck_assert_uint_lt(path.n, 140);
    buf_free(&s);
}
END_TEST

START_TEST(messages_are_sorted)
{
    size_t n;
    const struct diag_kind *const *all = evidence_messages(&n);
    for (size_t i = 1; i < n; i++)
        ck_assert_int_lt(strcmp(all[i - 1]->code, all[i]->code), 0);
}
END_TEST

START_TEST(table_is_sorted)
{
    size_t n;
    const struct operation *rows = operation_rows(&n);
    for (size_t i = 0; i < n; i++) {
        if (i)
            ck_assert_int_lt(strcmp(rows[i - 1].kind, rows[i].kind), 0);
        ck_assert_ptr_eq(operation_of_kind(str_from(rows[i].kind)), &rows[i]);
        ck_assert_ptr_eq(
            operation_of_command(str_from(rows[i].service), str_from(rows[i].command)),
            &rows[i]);
        ck_assert(operation_service(str_from(rows[i].service)).n > 0);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("evidence");
    TCase *c = tcase_create("evidence");
    tcase_add_checked_fixture(c, setup, teardown);
    unit_rows(c, recognised, documents);
    unit_rows(c, goes_on, leftovers);
    unit_rows(c, failure_texts, failures);
    unit_rows(c, worth, worths);
    unit_rows(c, report_place, places);
    unit_rows(c, inner_json, inners);
    unit_rows(c, credential_reports, reports);
    unit_rows(c, partition_of_region, partitions);
    unit_rows(c, home_paths, homes);
    tcase_add_test(c, home_of_a_long_name);
    tcase_add_test(c, styles);
    tcase_add_test(c, messages_are_sorted);
    tcase_add_test(c, table_is_sorted);
    suite_add_tcase(s, c);
    return unit_run(s, "evidence");
}
