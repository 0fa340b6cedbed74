/* Write the authorization details of a large account: roles, users, groups and managed
 * policies, as `aws iam get-account-authorization-details` prints them, and one
 * application that runs as the first role.
 * usage: authorize FOLDER [ROLES [POLICIES]] */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ACCOUNT "111122223333"
#define PLACE "us-east-1:" ACCOUNT

static uint64_t seed = 88172645463325252u;

/* xorshift64: the same account in every run. */
static unsigned pick(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed % n);
}

/* What a real account's policies are made of: some wide, most not. */
static const struct {
    const char *actions, *resource;
} kinds[] = {
    {"\"s3:GetObject\",\"s3:PutObject\",\"s3:DeleteObject\"",
     "arn:aws:s3:::team-%u-data/*"},
    {"\"s3:ListBucket\",\"s3:GetBucketLocation\"", "arn:aws:s3:::team-%u-data"},
    {"\"s3:*\"", "arn:aws:s3:::team-%u-*"},
    {"\"kinesis:GetRecords\",\"kinesis:GetShardIterator\",\"kinesis:DescribeStream\","
     "\"kinesis:ListShards\"",
     "arn:aws:kinesis:" PLACE ":stream/team-%u"},
    {"\"kinesis:Put*\"", "arn:aws:kinesis:" PLACE ":stream/team-%u-*"},
    {"\"logs:CreateLogStream\",\"logs:PutLogEvents\",\"logs:CreateLogGroup\"",
     "arn:aws:logs:" PLACE ":log-group:/team/%u:*"},
    {"\"ec2:Describe*\"", "*"},
    {"\"ec2:StartInstances\",\"ec2:StopInstances\",\"ec2:TerminateInstances\"",
     "arn:aws:ec2:" PLACE ":instance/i-%08x"},
    {"\"dynamodb:*\"", "arn:aws:dynamodb:" PLACE ":table/team-%u-*"},
    {"\"sqs:SendMessage\",\"sqs:ReceiveMessage\",\"sqs:DeleteMessage\"",
     "arn:aws:sqs:" PLACE ":team-%u"},
    {"\"sns:Publish\"", "arn:aws:sns:" PLACE ":team-%u"},
    {"\"kms:Decrypt\",\"kms:GenerateDataKey*\"",
     "arn:aws:kms:" PLACE ":key/%08x-0000-4000-8000-000000000000"},
    {"\"secretsmanager:GetSecretValue\"",
     "arn:aws:secretsmanager:" PLACE ":secret:team/%u-??????"},
    {"\"ssm:GetParameter*\"", "arn:aws:ssm:" PLACE ":parameter/team/%u/*"},
    {"\"lambda:*\"", "arn:aws:lambda:" PLACE ":function:team-%u-*"},
    {"\"iam:PassRole\"", "arn:aws:iam::" ACCOUNT ":role/team-%u-*"},
    {"\"iam:Get*\",\"iam:List*\"", "*"},
    {"\"cloudformation:*\"", "arn:aws:cloudformation:" PLACE ":stack/team-%u-*/*"},
    {"\"cloudwatch:PutMetricData\"", "*"},
    {"\"kinesisanalytics:DescribeApplication\",\"kinesisanalytics:UpdateApplication\"",
     "arn:aws:kinesisanalytics:" PLACE ":application/team-%u"},
    {"\"kinesisanalytics:*\"",
     "arn:aws:kinesisanalytics:" PLACE ":application/team-%u-*"},
    {"\"glue:Get*\",\"glue:BatchGet*\"", "*"},
    {"\"sts:AssumeRole\"", "arn:aws:iam::444455556666:role/team-%u"},
    {"\"*\"", "*"},
};
enum { KINDS = sizeof kinds / sizeof *kinds, WIDE = 1 /* the last are rare */ };

static void statement(FILE *f, unsigned team)
{
    unsigned kind = pick(400) ? pick(KINDS - WIDE) : KINDS - 1;
    fprintf(f, "{\"Effect\":\"%s\",\"Action\":[%s],\"Resource\":\"",
            pick(25) ? "Allow" : "Deny", kinds[kind].actions);
    fprintf(f, kinds[kind].resource, team); // NOLINT: formats of the table above
    fputs("\"", f);
    if (!pick(12))
        fputs(",\"Condition\":{\"StringEquals\":{\"aws:RequestedRegion\":\"us-east-1\"}}",
              f);
    fputs("}", f);
}

static void document(FILE *f, unsigned team, unsigned statements)
{
    fputs("{\"Version\":\"2012-10-17\",\"Statement\":[", f);
    for (unsigned i = 0; i < statements; i++) {
        fputs(i ? ",\n" : "\n", f);
        statement(f, team);
    }
    fputs("]}", f);
}

static void role(FILE *f, unsigned i, unsigned policies)
{
    unsigned team = i / 12, attached = 1 + pick(4);
    fprintf(f,
            "%s{\"Path\":\"/\",\"RoleName\":\"team-%u-%u\",\"RoleId\":\"AROA%016u\","
            "\"Arn\":\"arn:aws:iam::" ACCOUNT ":role/team-%u-%u\",\"CreateDate\":"
            "\"2025-01-01T00:00:00+00:00\",\"AssumeRolePolicyDocument\":{\"Version\":"
            "\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{"
            "\"Service\":\"%s.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]},"
            "\"InstanceProfileList\":[],\"RolePolicyList\":[",
            i ? ",\n" : "\n", team, i, i, team, i, i % 4 ? "lambda" : "kinesisanalytics");
    for (unsigned k = 0, n = pick(3); k < n; k++) {
        fprintf(f, "%s{\"PolicyName\":\"inline-%u\",\"PolicyDocument\":", k ? "," : "",
                k);
        document(f, team, 1 + pick(6));
        fputs("}", f);
    }
    fputs("],\"AttachedManagedPolicies\":[", f);
    for (unsigned k = 0; k < attached; k++) {
        unsigned p = (i * 7 + k * 131 + pick(3)) % policies;
        fprintf(f,
                "%s{\"PolicyName\":\"policy-%u\",\"PolicyArn\":\"arn:aws:iam::" ACCOUNT
                ":policy/policy-%u\"}",
                k ? "," : "", p, p);
    }
    fputs(
        "],\"Tags\":[],\"RoleLastUsed\":{\"LastUsedDate\":\"2026-11-01T00:00:00+00:00\","
        "\"Region\":\"us-east-1\"}}",
        f);
}

static void policy(FILE *f, unsigned i)
{
    fprintf(f,
            "%s{\"PolicyName\":\"policy-%u\",\"PolicyId\":\"ANPA%016u\",\"Arn\":"
            "\"arn:aws:iam::" ACCOUNT ":policy/policy-%u\",\"Path\":\"/\","
            "\"DefaultVersionId\":\"v2\",\"AttachmentCount\":4,\"IsAttachable\":true,"
            "\"PolicyVersionList\":[{\"Document\":",
            i ? ",\n" : "\n", i, i, i);
    document(f, i % 250, 4 + pick(24));
    fputs(",\"VersionId\":\"v2\",\"IsDefaultVersion\":true,\"CreateDate\":"
          "\"2025-06-01T00:00:00+00:00\"},{\"Document\":",
          f);
    document(f, i % 250, 3 + pick(10));
    fputs(",\"VersionId\":\"v1\",\"IsDefaultVersion\":false,\"CreateDate\":"
          "\"2025-01-01T00:00:00+00:00\"}]}",
          f);
}

static FILE *create(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        exit(1);
    }
    return f;
}

int main(int argc, char **argv)
{
    unsigned roles = argc > 2 ? (unsigned)atoi(argv[2]) : 3000;
    unsigned policies = argc > 3 ? (unsigned)atoi(argv[3]) : 1500;
    if (argc < 2 || !roles || !policies) {
        fputs("usage: authorize FOLDER [ROLES [POLICIES]]\n", stderr);
        return 64;
    }
    mkdir(argv[1], 0777);
    FILE *f = create(argv[1], "get-account-authorization-details.json");
    fputs("{\"UserDetailList\":[],\"GroupDetailList\":[],\"RoleDetailList\":[", f);
    for (unsigned i = 0; i < roles; i++)
        role(f, i, policies);
    fputs("],\"Policies\":[", f);
    for (unsigned i = 0; i < policies; i++)
        policy(f, i);
    fputs("]}\n", f);
    fclose(f);
    f = create(argv[1], "describe-application.json");
    fputs("{\"ApplicationDetail\":{\"ApplicationARN\":\"arn:aws:kinesisanalytics:" PLACE
          ":application/team-0\",\"ApplicationName\":\"team-0\",\"RuntimeEnvironment\":"
          "\"FLINK-1_20\",\"ServiceExecutionRole\":\"arn:aws:iam::" ACCOUNT
          ":role/team-0-0\",\"ApplicationStatus\":\"RUNNING\",\"ApplicationVersionId\":1,"
          "\"ApplicationMode\":\"STREAMING\",\"ApplicationConfigurationDescription\":{}}}"
          "\n",
          f);
    return fclose(f) ? 1 : 0;
}
