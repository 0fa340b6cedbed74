/* The table of operations whose answers are known and not used, with the reasons. */
#include "evidence/unused.h"

#include "evidence/shape.h"

#define CHANGE "it records a change, not the state after it"
#define DATA "it holds data or samples of it, not configuration"
#define SECRET "it holds a credential, which no evidence may"
#define CRYPTO "it is the result of a cryptographic operation, not configuration"
#define OTHER "no control asks what it answers"
#define TRIED "it judges a policy that was typed in, not one that is in force"

/* clang-format off */
static const struct unused rows[] = {
    /* service        command                        shape                          why */
    {"accessanalyzer", "check-access-not-granted",    "",                            TRIED, false},
    {"accessanalyzer", "check-no-new-access",         "",                            TRIED, false},
    {"accessanalyzer", "get-generated-policy",        "",                            "it proposes a policy; it does not show one in force", false},
    {"accessanalyzer", "*access-preview*",            "",                            TRIED, false},
    {"iam",            "create-access-key",           "AccessKey.SecretAccessKey:s", SECRET, true},
    {"iam",            "create-service-specific-credential", "ServiceSpecificCredential.ServicePassword:s", SECRET, true},
    {"iam",            "list-policies-granting-service-access", "",                  OTHER, false},
    {"iam",            "reset-service-specific-credential",  "",                     SECRET, true},
    {"iam",            "create-virtual-mfa-device",   "VirtualMFADevice.Base32StringSeed:s", SECRET, true},
    {"iam",            "decode-authorization-message","",                            "it explains one refusal, not what is allowed", false},
    {"iam",            "generate-organizations-access-report", "",                    OTHER, false},
    {"iam",            "get-context-keys-*",          "",                            OTHER, false},
    {"iam",            "simulate-custom-policy",      "",                            TRIED, false},
    {"kinesis",        "get-records",                 "",                            DATA, false},
    {"kms",            "decrypt",                     "",                            CRYPTO, true},
    {"kms",            "derive-shared-secret",        "SharedSecret:s",              CRYPTO, true},
    {"kms",            "encrypt",                     "",                            CRYPTO, false},
    {"kms",            "generate-*",                  "CiphertextBlob:s Plaintext:s",CRYPTO, true},
    {"kms",            "get-parameters-for-import",   "",                            CRYPTO, false},
    {"kms",            "get-public-key",              "",                            CRYPTO, false},
    {"kms",            "re-encrypt",                  "",                            CRYPTO, false},
    {"kms",            "sign",                        "",                            CRYPTO, false},
    {"kms",            "verify*",                     "",                            CRYPTO, false},
    {"logs",           "filter-log-events",           "",                            DATA, false},
    {"logs",           "get-log-events",              "",                            DATA, false},
    {"s3api",          "get-object*",                 "",                            DATA, false},
    {"s3api",          "list-object*",                "",                            DATA, false},
    {"s3api",          "list-parts",                  "",                            DATA, false},
    {"secretsmanager", "batch-get-secret-value",      "SecretValues[]",              SECRET, true},
    {"secretsmanager", "get-random-password",         "RandomPassword:s",            SECRET, true},
    {"secretsmanager", "get-secret-value",            "ARN:s SecretString:s",        SECRET, true},
    {"secretsmanager", "validate-resource-policy",    "",                            TRIED, false},
    {"sts",            "assume-*",                    "Credentials.SecretAccessKey:s Credentials.SessionToken:s", SECRET, true},
    {"sts",            "get-federation-token",        "",                            SECRET, true},
    {"sts",            "get-session-token",           "",                            SECRET, true},
    {"sts",            "decode-authorization-message","",                            "it explains one refusal, not what is allowed", false},
    {"*",              "add-*",                       "",                            CHANGE, false},
    {"*",              "attach-*",                    "",                            CHANGE, false},
    {"*",              "batch-*",                     "",                            CHANGE, false},
    {"*",              "cancel-*",                    "",                            CHANGE, false},
    {"*",              "change-*",                    "",                            CHANGE, false},
    {"*",              "complete-*",                  "",                            CHANGE, false},
    {"*",              "copy-*",                      "",                            CHANGE, false},
    {"*",              "create-*",                    "",                            CHANGE, false},
    {"*",              "delete-*",                    "",                            CHANGE, false},
    {"*",              "deregister-*",                "",                            CHANGE, false},
    {"*",              "detach-*",                    "",                            CHANGE, false},
    {"*",              "disable-*",                   "",                            CHANGE, false},
    {"*",              "enable-*",                    "",                            CHANGE, false},
    {"*",              "import-*",                    "",                            CHANGE, false},
    {"*",              "put-*",                       "",                            CHANGE, false},
    {"*",              "register-*",                  "",                            CHANGE, false},
    {"*",              "remove-*",                    "",                            CHANGE, false},
    {"*",              "replicate-*",                 "",                            CHANGE, false},
    {"*",              "reset-*",                     "",                            CHANGE, false},
    {"*",              "restore-*",                   "",                            CHANGE, false},
    {"*",              "rollback-*",                  "",                            CHANGE, false},
    {"*",              "rotate-*",                    "",                            CHANGE, false},
    {"*",              "schedule-*",                  "",                            CHANGE, false},
    {"*",              "set-*",                       "",                            CHANGE, false},
    {"*",              "start-*",                     "",                            CHANGE, false},
    {"*",              "stop-*",                      "",                            CHANGE, false},
    {"*",              "tag-*",                       "",                            CHANGE, false},
    {"*",              "untag-*",                     "",                            CHANGE, false},
    {"*",              "update-*",                    "",                            CHANGE, false},
    {"*",              "upload-*",                    "",                            CHANGE, false},
    {"*",              "describe-*",                  "",                            OTHER, false},
    {"*",              "get-*",                       "",                            OTHER, false},
    {"*",              "head-*",                      "",                            OTHER, false},
    {"*",              "list-*",                      "",                            OTHER, false},
    {"*",              "validate-*",                  "",                            OTHER, false},
    /* Not answers of one operation. */
    {"-",              "config-snapshot",             "configurationItems[]",        "it is an AWS Config snapshot, whose items have another shape than the services' own answers", false},
    {"-",              "kinesisanalytics-v1",         "ApplicationDetail.ApplicationARN:s ApplicationDetail!RuntimeEnvironment", "it is an answer of the old API (aws kinesisanalytics), which leaves out what the checks need", false},
    {"-",              "kinesisanalytics-v1-list",    "ApplicationSummaries[].ApplicationARN:s ApplicationSummaries[]!RuntimeEnvironment", "it is an answer of the old API (aws kinesisanalytics), which leaves out what the checks need", false},
};
/* clang-format on */

enum { NROWS = sizeof rows / sizeof *rows };

/* "get-public-key" also stands for "get-public-key-orders": names of files go on. */
static bool fits(const struct unused *row, struct str command)
{
    struct str glob = str_from(row->command);
    return str_glob(glob, command) ||
           (str_starts(command, glob) && command.p[glob.n] == '-');
}

const struct unused *unused_special(struct str service, struct str command)
{
    for (size_t i = 0; i < NROWS && service.n; i++)
        if (str_eq(str_from(rows[i].service), service) && fits(&rows[i], command))
            return &rows[i];
    return NULL;
}

const struct unused *unused_of_command(struct str service, struct str command)
{
    const struct unused *special = unused_special(service, command);
    for (size_t i = 0; i < NROWS && !special && service.n; i++)
        if (str_eq(str_from(rows[i].service), STR("*")) && fits(&rows[i], command))
            return &rows[i];
    return special;
}

const struct unused *unused_of_shape(const struct json *root)
{
    for (size_t i = 0; i < NROWS; i++)
        if (rows[i].shape[0] && shape_holds(str_from(rows[i].shape), root))
            return &rows[i];
    return NULL;
}

const struct unused *unused_rows(size_t *n)
{
    *n = NROWS;
    return rows;
}
