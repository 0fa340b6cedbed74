/* Worked examples of the AWS documentation, in our words: what each page says must come
 * out of the evaluator, the pattern rules and the trust reader. */
#include "iam_make.h"

#include "iam/evaluate.h"

static struct arena *a;
static struct iam *x;

static void setup(void)
{
    a = arena_new();
    x = iam_new(a, iam_table(a));
}

static void teardown(void)
{
    arena_free(a);
}

#define ADMIN "{'Effect':'Allow','Action':'*','Resource':'*'}"
#define ROLE "arn:aws:iam::111122223333:role/r"
#define USER "arn:aws:iam::111122223333:user/ann"

/* clang-format off */
static const struct {
    const char *page;
    const char *statements, *who, *action, *resource;
    const char *context; /* key=value;... all others absent */
    enum evaluate_verdict verdict;
} examples[] = {
    /* "Identity-based policy examples": deny outside named regions, but global services. */
    {"deny by region", ADMIN ",{'Effect':'Deny','NotAction':['iam:*','route53:*'],'Resource':'*','Condition':{'StringNotEquals':{'aws:RequestedRegion':['eu-central-1','eu-west-1']}}}",
     ROLE, "kinesis:ListStreams", "*", "aws:RequestedRegion=us-east-1", EVALUATE_DENIED},
    {"deny by region, inside", ADMIN ",{'Effect':'Deny','NotAction':['iam:*','route53:*'],'Resource':'*','Condition':{'StringNotEquals':{'aws:RequestedRegion':['eu-central-1','eu-west-1']}}}",
     ROLE, "kinesis:ListStreams", "*", "aws:RequestedRegion=eu-west-1", EVALUATE_ALLOWED},
    {"deny by region, global service", ADMIN ",{'Effect':'Deny','NotAction':['iam:*','route53:*'],'Resource':'*','Condition':{'StringNotEquals':{'aws:RequestedRegion':['eu-central-1','eu-west-1']}}}",
     ROLE, "iam:ListRoles", "*", "aws:RequestedRegion=us-east-1", EVALUATE_ALLOWED},
    /* "Deny based on the source IP": not when a service calls for the user. */
    {"source address", ADMIN ",{'Effect':'Deny','Action':'*','Resource':'*','Condition':{'NotIpAddress':{'aws:SourceIp':['192.0.2.0/24','203.0.113.0/24']},'Bool':{'aws:ViaAWSService':'false'}}}",
     USER, "s3:ListAllMyBuckets", "*", "aws:SourceIp=198.51.100.7;aws:ViaAWSService=false", EVALUATE_DENIED},
    {"source address, via a service", ADMIN ",{'Effect':'Deny','Action':'*','Resource':'*','Condition':{'NotIpAddress':{'aws:SourceIp':['192.0.2.0/24','203.0.113.0/24']},'Bool':{'aws:ViaAWSService':'false'}}}",
     USER, "s3:ListAllMyBuckets", "*", "aws:SourceIp=198.51.100.7;aws:ViaAWSService=true", EVALUATE_ALLOWED},
    /* "MFA": Bool does not hold without the key, BoolIfExists does. */
    {"MFA, Bool false without the key", ADMIN ",{'Effect':'Deny','Action':'*','Resource':'*','Condition':{'Bool':{'aws:MultiFactorAuthPresent':'false'}}}",
     USER, "s3:ListAllMyBuckets", "*", "", EVALUATE_ALLOWED},
    {"MFA, BoolIfExists", ADMIN ",{'Effect':'Deny','NotAction':'iam:*','Resource':'*','Condition':{'BoolIfExists':{'aws:MultiFactorAuthPresent':'false'}}}",
     USER, "s3:ListAllMyBuckets", "*", "", EVALUATE_DENIED},
    /* "Variables and tags": a home folder per user; the default of a variable. */
    {"home folder", "{'Effect':'Allow','Action':'s3:GetObject','Resource':'arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*'}",
     USER, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/ann/x", "", EVALUATE_ALLOWED},
    {"another's home folder", "{'Effect':'Allow','Action':'s3:GetObject','Resource':'arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*'}",
     USER, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/bob/x", "", EVALUATE_REFUSED},
    {"default value", "{'Effect':'Allow','Action':'s3:GetObject','Resource':'arn:aws:s3:::b/${aws:PrincipalTag/team, \\u0027company-wide\\u0027}/*'}",
     USER, "s3:GetObject", "arn:aws:s3:::b/company-wide/x", "", EVALUATE_ALLOWED},
    {"default value not used", "{'Effect':'Allow','Action':'s3:GetObject','Resource':'arn:aws:s3:::b/${aws:PrincipalTag/team, \\u0027company-wide\\u0027}/*'}",
     USER, "s3:GetObject", "arn:aws:s3:::b/yellow/x", "aws:PrincipalTag/team=yellow", EVALUATE_ALLOWED},
    /* "Single-valued vs. multivalued keys": tag keys of a request. */
    {"all tag keys allowed", "{'Effect':'Allow','Action':'ec2:CreateTags','Resource':'*','Condition':{'ForAllValues:StringEquals':{'aws:TagKeys':['environment','cost-center']}}}",
     ROLE, "ec2:CreateTags", "arn:aws:ec2:us-east-1:111122223333:instance/i-1", "aws:TagKeys=environment", EVALUATE_ALLOWED},
    {"one tag key too many", "{'Effect':'Allow','Action':'ec2:CreateTags','Resource':'*','Condition':{'ForAllValues:StringEquals':{'aws:TagKeys':['environment','cost-center']}}}",
     ROLE, "ec2:CreateTags", "arn:aws:ec2:us-east-1:111122223333:instance/i-1", "aws:TagKeys=environment,owner", EVALUATE_REFUSED},
    {"no tag key at all", "{'Effect':'Allow','Action':'ec2:CreateTags','Resource':'*','Condition':{'ForAllValues:StringEquals':{'aws:TagKeys':['environment','cost-center']}}}",
     ROLE, "ec2:CreateTags", "arn:aws:ec2:us-east-1:111122223333:instance/i-1", "", EVALUATE_ALLOWED},
    {"some tag key", "{'Effect':'Allow','Action':'ec2:CreateTags','Resource':'*','Condition':{'ForAnyValue:StringEquals':{'aws:TagKeys':['environment']}}}",
     ROLE, "ec2:CreateTags", "arn:aws:ec2:us-east-1:111122223333:instance/i-1", "", EVALUATE_REFUSED},
    /* "IfExists": instance types limited where the request has one. */
    {"IfExists, no such key", "{'Effect':'Allow','Action':'ec2:*','Resource':'*','Condition':{'StringLikeIfExists':{'ec2:InstanceType':['t1.*','t2.*']}}}",
     ROLE, "ec2:DescribeInstances", "*", "", EVALUATE_ALLOWED},
    {"IfExists, another type", "{'Effect':'Allow','Action':'ec2:*','Resource':'*','Condition':{'StringLikeIfExists':{'ec2:InstanceType':['t1.*','t2.*']}}}",
     ROLE, "ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/*", "ec2:InstanceType=m5.large", EVALUATE_REFUSED},
    /* "NotAction": all but IAM; "NotResource": all but one bucket. */
    {"NotAction", "{'Effect':'Allow','NotAction':'iam:*','Resource':'*'}", ROLE, "iam:ListRoles", "*", "", EVALUATE_REFUSED},
    {"NotResource with Deny", ADMIN ",{'Effect':'Deny','Action':'s3:*','NotResource':['arn:aws:s3:::hr','arn:aws:s3:::hr/*']}",
     ROLE, "s3:GetObject", "arn:aws:s3:::hr/payroll", "", EVALUATE_ALLOWED},
    {"NotResource with Deny, outside", ADMIN ",{'Effect':'Deny','Action':'s3:*','NotResource':['arn:aws:s3:::hr','arn:aws:s3:::hr/*']}",
     ROLE, "s3:GetObject", "arn:aws:s3:::other/x", "", EVALUATE_DENIED},
    /* "Passing a role": the service is limited. */
    {"PassedToService", "{'Effect':'Allow','Action':'iam:PassRole','Resource':'*','Condition':{'StringEquals':{'iam:PassedToService':'kinesisanalytics.amazonaws.com'}}}",
     ROLE, "iam:PassRole", "arn:aws:iam::111122223333:role/app", "iam:PassedToService=ec2.amazonaws.com", EVALUATE_REFUSED},
    /* KMS guide: a key only through one service. */
    {"ViaService", "{'Effect':'Allow','Action':'kms:Decrypt','Resource':'arn:aws:kms:us-east-1:111122223333:key/1','Condition':{'StringEquals':{'kms:ViaService':'kinesis.us-east-1.amazonaws.com'}}}",
     ROLE, "kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/1", "kms:ViaService=kinesis.us-east-1.amazonaws.com", EVALUATE_ALLOWED},
    {"ViaService, direct", "{'Effect':'Allow','Action':'kms:Decrypt','Resource':'arn:aws:kms:us-east-1:111122223333:key/1','Condition':{'StringEquals':{'kms:ViaService':'kinesis.us-east-1.amazonaws.com'}}}",
     ROLE, "kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/1", "", EVALUATE_REFUSED},
    /* "Resource": the bucket is not its objects, the objects are not the bucket. */
    {"bucket alone", "{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::b'}", ROLE, "s3:GetObject", "arn:aws:s3:::b/k", "", EVALUATE_REFUSED},
    {"objects alone", "{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::b/*'}", ROLE, "s3:ListBucket", "arn:aws:s3:::b", "", EVALUATE_REFUSED},
    /* Kinesis guide: the stream does not cover its consumers. */
    {"stream and consumer", "{'Effect':'Allow','Action':'kinesis:*','Resource':'arn:aws:kinesis:us-east-1:111122223333:stream/x'}",
     ROLE, "kinesis:SubscribeToShard", "arn:aws:kinesis:us-east-1:111122223333:stream/x/consumer/y:1", "", EVALUATE_REFUSED},
};
/* clang-format on */

static struct request_context context(const char *text)
{
    VEC(struct request_key) v = {0};
    struct str rest = str_from(text), one, list;
    while (rest.n) {
        struct request_key k = {0};
        VEC(struct str) values = {0};
        str_cut(rest, ';', &one, &rest);
        str_cut(one, '=', &k.name, &list);
        while (list.n)
            str_cut(list, ',', vec_push(a, &values), &list);
        k.values = values.v;
        k.nvalues = values.n;
        *vec_push(a, &v) = k;
    }
    return (struct request_context){v.v, v.n, true};
}

START_TEST(documentation)
{
    const struct policy *p =
        iam_statements(a, examples[_i].statements, POLICY_IDENTITY_INLINE);
    ck_assert_uint_eq(p->issues.n, 0);
    struct evaluate_policies all = {.identity = &p, .nidentity = 1};
    struct evaluate_request q = {.principal = str_from(examples[_i].who),
                                 .action = str_from(examples[_i].action),
                                 .resource = str_from(examples[_i].resource),
                                 .context = context(examples[_i].context)};
    struct evaluation *e = evaluate(x, &q, &all);
    ck_assert_msg(e->verdict == examples[_i].verdict, "%s: %s", examples[_i].page,
                  evaluate_verdict_name(e->verdict));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("iam_documentation");
    TCase *tc = tcase_create("documentation");
    tcase_add_checked_fixture(tc, setup, teardown);
    unit_rows(tc, documentation, examples);
    suite_add_tcase(s, tc);
    return unit_run(s, "iam_documentation");
}
