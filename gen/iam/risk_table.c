/* The tables of risky actions: facts gathered from public research on IAM privilege
 * escalation (Rhino Security Labs 2018, cloudsplaining, prowler, pathfinding.cloud), and
 * a few by analogy, marked so. */
#include "iam/risk_table.h"

/* clang-format off */
static const struct risk_path paths[] = {
    {"iam-AddUserToGroup",               "iam:AddUserToGroup", NULL, false, false, "joins a group and gains its rights"},
    {"iam-AttachGroupPolicy",            "iam:AttachGroupPolicy", NULL, false, false, "attaches any policy to a group"},
    {"iam-AttachRolePolicy",             "iam:AttachRolePolicy", NULL, false, false, "attaches any policy to a role"},
    {"iam-AttachUserPolicy",             "iam:AttachUserPolicy", NULL, false, false, "attaches any policy to a user"},
    {"iam-CreateAccessKey",              "iam:CreateAccessKey", NULL, false, false, "makes access keys for a user"},
    {"iam-CreateLoginProfile",           "iam:CreateLoginProfile", NULL, false, false, "gives a user a console password"},
    {"iam-CreatePolicyVersion",          "iam:CreatePolicyVersion", NULL, false, false, "rewrites a managed policy"},
    {"iam-DeleteUserPermissionsBoundary", "iam:DeleteUserPermissionsBoundary", NULL, false, false, "removes a permissions boundary"},
    {"iam-PutGroupPolicy",               "iam:PutGroupPolicy", NULL, false, false, "writes a group's inline policy"},
    {"iam-PutRolePolicy",                "iam:PutRolePolicy", NULL, false, false, "writes a role's inline policy"},
    {"iam-PutUserPolicy",                "iam:PutUserPolicy", NULL, false, false, "writes a user's inline policy"},
    {"iam-SetDefaultPolicyVersion",      "iam:SetDefaultPolicyVersion", NULL, false, false, "puts an older version of a policy in force"},
    {"iam-UpdateAssumeRolePolicy",       "iam:UpdateAssumeRolePolicy", NULL, false, false, "rewrites who may take a role"},
    {"iam-UpdateLoginProfile",           "iam:UpdateLoginProfile", NULL, false, false, "resets a user's console password"},

    {"lambda-UpdateFunctionCode",        "lambda:UpdateFunctionCode", NULL, true, false, "replaces the code that runs with a function's role"},
    {"lambda-UpdateFunctionConfiguration", "lambda:UpdateFunctionConfiguration", NULL, true, false, "changes a function's layers or handler"},
    {"cloudformation-UpdateStack",       "cloudformation:UpdateStack", NULL, true, false, "changes a stack with the stack's role"},
    {"cloudformation-ExecuteChangeSet",  "cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet", NULL, true, false, "changes a stack with the stack's role"},
    {"codebuild-StartBuild",             "codebuild:StartBuild|codebuild:StartBuildBatch", NULL, true, false, "runs a build with the project's role"},
    {"batch-SubmitJob",                  "batch:SubmitJob", NULL, true, false, "runs a job with the job's role"},
    {"apprunner-UpdateService",          "apprunner:UpdateService", NULL, true, false, "replaces the code of a service that has a role"},
    {"codedeploy-CreateDeployment",      "codedeploy:CreateDeployment codedeploy:GetDeploymentConfig codedeploy:RegisterApplicationRevision", NULL, true, false, "deploys code onto instances that have a role"},
    {"ec2-ModifyInstanceAttribute",      "ec2:ModifyInstanceAttribute ec2:StartInstances ec2:StopInstances", NULL, true, false, "rewrites the user data of an instance that has a role"},
    {"ec2-CreateLaunchTemplateVersion",  "ec2:CreateLaunchTemplateVersion ec2:ModifyLaunchTemplate", NULL, true, false, "changes what new instances run with their role"},
    {"ec2-SendSSHPublicKey",             "ec2-instance-connect:SendSSHPublicKey ec2:DescribeInstances", NULL, true, false, "logs in to an instance that has a role"},
    {"ecs-ExecuteCommand",               "ecs:ExecuteCommand ecs:DescribeTasks", NULL, true, false, "runs commands in a task that has a role"},
    {"ssm-SendCommand",                  "ssm:SendCommand", NULL, true, false, "runs commands on instances that have a role"},
    {"ssm-StartSession",                 "ssm:StartSession", NULL, true, false, "opens a shell on instances that have a role"},
    {"glue-UpdateDevEndpoint",           "glue:UpdateDevEndpoint", NULL, true, false, "adds a key to an endpoint that has a role"},
    {"sagemaker-CreatePresignedNotebookInstanceUrl", "sagemaker:CreatePresignedNotebookInstanceUrl", NULL, true, false, "opens a notebook that has a role"},
    {"sagemaker-LifecycleConfig",        "sagemaker:CreateNotebookInstanceLifecycleConfig sagemaker:StopNotebookInstance sagemaker:UpdateNotebookInstance sagemaker:StartNotebookInstance", NULL, true, false, "plants a start script in a notebook that has a role"},
    {"sso-AttachManagedPolicy",          "sso:AttachManagedPolicyToPermissionSet", NULL, true, false, "widens a permission set"},
    {"sso-PutInlinePolicy",              "sso:PutInlinePolicyToPermissionSet", NULL, true, false, "widens a permission set"},
    {"states-UpdateStateMachine",        "states:UpdateStateMachine states:StartExecution", NULL, true, false, "runs own steps with a state machine's role"},
    {"bedrock-StartCodeInterpreter",     "bedrock-agentcore:StartCodeInterpreterSession bedrock-agentcore:InvokeCodeInterpreter", NULL, true, false, "runs code with an interpreter's role"},
    {"bedrock-InvokeAgentRuntimeCommand", "bedrock-agentcore:InvokeAgentRuntimeCommand", NULL, true, false, "runs commands with an agent's role"},
    {"bedrock-BrowserSession",           "bedrock-agentcore:StartBrowserSession bedrock-agentcore:ConnectBrowserAutomationStream", NULL, true, false, "drives a browser that has a role"},
    {"sts-AssumeRole",                   "sts:AssumeRole", NULL, true, false, "takes other roles whose trust admits it"},

    {"kinesisanalytics-UpdateApplication", "kinesisanalytics:UpdateApplication", NULL, true, true, "replaces the code of an application that runs with another role"},
    {"kinesisanalytics-CreateApplicationPresignedUrl", "kinesisanalytics:CreateApplicationPresignedUrl", NULL, true, true, "opens a Studio notebook or Flink dashboard"},
    {"kinesisanalytics-RollbackApplication", "kinesisanalytics:RollbackApplication", NULL, true, true, "brings an older version back"},

    {"pass-kinesisanalytics",            "iam:PassRole kinesisanalytics:CreateApplication kinesisanalytics:StartApplication", "kinesisanalytics.amazonaws.com", false, false, "runs an application of its own with another role"},
    {"pass-ec2-RunInstances",            "iam:PassRole ec2:RunInstances", "ec2.amazonaws.com", false, false, "starts an instance with another role"},
    {"pass-ec2-RequestSpotInstances",    "iam:PassRole ec2:RequestSpotInstances", "ec2.amazonaws.com", false, false, "starts an instance with another role"},
    {"pass-autoscaling",                 "iam:PassRole autoscaling:CreateLaunchConfiguration autoscaling:CreateAutoScalingGroup|autoscaling:UpdateAutoScalingGroup", "ec2.amazonaws.com", false, false, "starts instances with another role"},
    {"pass-lambda",                      "iam:PassRole lambda:CreateFunction lambda:InvokeFunction|lambda:AddPermission|lambda:CreateEventSourceMapping", "lambda.amazonaws.com", false, false, "runs a function with another role"},
    {"pass-glue-CreateDevEndpoint",      "iam:PassRole glue:CreateDevEndpoint", "glue.amazonaws.com", false, false, "opens an endpoint with another role"},
    {"pass-glue-CreateSession",          "iam:PassRole glue:CreateSession glue:RunStatement", "glue.amazonaws.com", false, false, "runs statements with another role"},
    {"pass-glue-job",                    "iam:PassRole glue:CreateJob|glue:UpdateJob glue:StartJobRun|glue:CreateTrigger", "glue.amazonaws.com", false, false, "runs a job with another role"},
    {"pass-cloudformation-CreateStack",  "iam:PassRole cloudformation:CreateStack", "cloudformation.amazonaws.com", false, false, "builds a stack with another role"},
    {"pass-cloudformation-CreateStackSet", "iam:PassRole cloudformation:CreateStackSet cloudformation:CreateStackInstances", "cloudformation.amazonaws.com", false, false, "builds stacks with another role"},
    {"pass-cloudformation-UpdateStackSet", "iam:PassRole cloudformation:UpdateStackSet", "cloudformation.amazonaws.com", false, false, "changes stacks with another role"},
    {"pass-codebuild",                   "iam:PassRole codebuild:CreateProject codebuild:StartBuild|codebuild:StartBuildBatch", "codebuild.amazonaws.com", false, false, "runs a build with another role"},
    {"pass-codestar",                    "iam:PassRole codestar:CreateProject", "codestar.amazonaws.com", false, false, "makes a project with another role"},
    {"pass-datapipeline",                "iam:PassRole datapipeline:CreatePipeline datapipeline:PutPipelineDefinition datapipeline:ActivatePipeline", "datapipeline.amazonaws.com", false, false, "runs a pipeline with another role"},
    {"pass-elasticmapreduce",            "iam:PassRole elasticmapreduce:RunJobFlow", "elasticmapreduce.amazonaws.com", false, false, "starts a cluster with another role"},
    {"pass-emr-serverless",              "iam:PassRole emr-serverless:CreateApplication emr-serverless:StartJobRun", "emr-serverless.amazonaws.com", false, false, "runs a job with another role"},
    {"pass-ecs-RunTask",                 "iam:PassRole ecs:RunTask", "ecs-tasks.amazonaws.com", false, false, "runs a task with another role"},
    {"pass-ecs-StartTask",               "iam:PassRole ecs:StartTask", "ecs-tasks.amazonaws.com", false, false, "runs a task with another role"},
    {"pass-ecs-CreateService",           "iam:PassRole ecs:RegisterTaskDefinition ecs:CreateService", "ecs-tasks.amazonaws.com", false, false, "runs a service with another role"},
    {"pass-sagemaker-CreateNotebookInstance", "iam:PassRole sagemaker:CreateNotebookInstance", "sagemaker.amazonaws.com", false, false, "opens a notebook with another role"},
    {"pass-sagemaker-CreateTrainingJob", "iam:PassRole sagemaker:CreateTrainingJob", "sagemaker.amazonaws.com", false, false, "runs a job with another role"},
    {"pass-sagemaker-CreateProcessingJob", "iam:PassRole sagemaker:CreateProcessingJob", "sagemaker.amazonaws.com", false, false, "runs a job with another role"},
    {"pass-braket",                      "iam:PassRole braket:CreateJob", "braket.amazonaws.com", false, false, "runs a job with another role"},
    {"pass-states",                      "iam:PassRole states:CreateStateMachine states:StartExecution", "states.amazonaws.com", false, false, "runs a state machine with another role"},
    {"pass-scheduler",                   "iam:PassRole scheduler:CreateSchedule", "scheduler.amazonaws.com", false, false, "schedules calls with another role"},
    {"pass-ssm",                         "iam:PassRole ssm:CreateDocument ssm:StartAutomationExecution", "ssm.amazonaws.com", false, false, "runs an automation with another role"},
    {"pass-apprunner",                   "iam:PassRole apprunner:CreateService", "tasks.apprunner.amazonaws.com", false, false, "runs a service with another role"},
    {"pass-cognito-identity",            "iam:PassRole cognito-identity:SetIdentityPoolRoles", "cognito-identity.amazonaws.com", false, false, "hands a role to an identity pool"},
    {"pass-gamelift",                    "iam:PassRole gamelift:CreateBuild gamelift:CreateFleet gamelift:RequestUploadCredentials", "gamelift.amazonaws.com", false, false, "runs a fleet with another role"},
    {"pass-imagebuilder",                "iam:PassRole imagebuilder:CreateComponent imagebuilder:CreateImageRecipe imagebuilder:CreateInfrastructureConfiguration imagebuilder:CreateImage", "ec2.amazonaws.com", false, false, "builds an image with another role"},
    {"pass-omics",                       "iam:PassRole omics:CreateWorkflow omics:StartRun s3:GetObject", "omics.amazonaws.com", false, false, "runs a workflow with another role"},
};

static const char *const credentials[] = {
    "airflow:CreateCliToken", "airflow:CreateWebLoginToken", "appsync:CreateApiKey", "appsync:ListApiKeys",
    "athena:GetSession", "chime:CreateApiKey", "cloud9:CreateEnvironmentSSH", "cloud9:CreateEnvironmentToken",
    "codeartifact:GetAuthorizationToken", "codepipeline:PollForJobs", "cognito-identity:GetCredentialsForIdentity",
    "cognito-identity:GetOpenIdToken", "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
    "cognito-idp:DescribeUserPoolClient", "cognito-idp:GetSigningCertificate", "connect:GetFederationToken",
    "connect:ListSecurityKeys", "ec2-instance-connect:SendSSHPublicKey", "ec2:GetPasswordData",
    "ecr-public:GetAuthorizationToken", "ecr:GetAuthorizationToken",
    "emr-containers:GetManagedEndpointSessionCredentials", "finspace-api:GetProgrammaticAccessCredentials",
    "gamelift:GetComputeAccess", "gamelift:GetComputeAuthToken", "gamelift:GetInstanceAccess",
    "gamelift:RequestUploadCredentials", "grafana:CreateWorkspaceApiKey", "iam:CreateAccessKey",
    "iam:CreateLoginProfile", "iam:CreateServiceSpecificCredential", "iam:ResetServiceSpecificCredential",
    "iam:UpdateAccessKey", "license-manager:GetAccessToken", "lightsail:CreateBucketAccessKey",
    "lightsail:DownloadDefaultKeyPair", "lightsail:GetInstanceAccessDetails",
    "lightsail:GetRelationalDatabaseMasterUserPassword", "mediapackage:RotateChannelCredentials",
    "mediapackage:RotateIngestEndpointCredentials", "rds-db:connect", "redshift-serverless:GetCredentials",
    "redshift:GetClusterCredentials", "redshift:GetClusterCredentialsWithIAM", "s3:GetDataAccess",
    "snowball:GetJobUnlockCode", "storagegateway:DescribeChapCredentials", "sts:AssumeRole",
    "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:GetFederationToken", "sts:GetSessionToken",
    NULL};

static const char *const data[] = {
    "aoss:APIAccessAll", "athena:GetQueryResults", "cassandra:Select", "dynamodb:BatchGetItem",
    "dynamodb:ExportTableToPointInTime", "dynamodb:GetItem", "dynamodb:GetRecords", "dynamodb:PartiQLSelect",
    "dynamodb:Query", "dynamodb:Scan", "ebs:GetSnapshotBlock", "ec2:CreateSnapshot", "ec2:GetConsoleOutput",
    "elasticache:Connect", "es:ESHttpGet", "es:ESHttpPost", "glue:GetConnection", "glue:GetTable",
    "kafka-cluster:ReadData", "kinesis:GetRecords", "kinesis:SubscribeToShard", "kms:Decrypt", "kms:ReEncryptFrom",
    "lambda:GetFunction", "logs:FilterLogEvents", "logs:GetLogEvents", "logs:GetLogRecord", "logs:GetQueryResults",
    "logs:StartQuery", "logs:Unmask", "memorydb:Connect", "neptune-db:ReadDataViaQuery", "rds-data:BatchExecuteStatement",
    "rds-data:ExecuteStatement", "rds:CreateDBSnapshot", "redshift-data:ExecuteStatement",
    "redshift-data:GetStatementResult", "s3:GetObject", "s3:GetObjectTorrent", "s3:GetObjectVersion",
    "secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue", "sqs:ReceiveMessage", "ssm:GetParameter",
    "ssm:GetParameterHistory", "ssm:GetParameters", "ssm:GetParametersByPath", "timestream:Select",
    NULL};

static const char *const exposure[] = {
    "ec2:ModifyImageAttribute", "ec2:ModifySnapshotAttribute", "logs:PutSubscriptionFilter", "rds:ModifyDBSnapshotAttribute",
    "sns:SetTopicAttributes", "sqs:SetQueueAttributes",
    NULL};

static const char *const tamper[] = {
    "cloudtrail:DeleteTrail", "cloudtrail:PutEventSelectors", "cloudtrail:StopLogging", "cloudtrail:UpdateTrail",
    "config:DeleteConfigurationRecorder", "config:StopConfigurationRecorder", "dynamodb:DeleteTable",
    "guardduty:DeleteDetector", "kafka:DeleteCluster", "kinesis:DecreaseStreamRetentionPeriod",
    "kinesis:DeleteStream", "kinesis:MergeShards", "kinesis:SplitShard", "kinesis:StopStreamEncryption",
    "kinesis:UpdateShardCount", "kms:DisableKey", "kms:ScheduleKeyDeletion", "logs:DeleteLogGroup",
    "logs:DeleteLogStream", "logs:PutRetentionPolicy", "s3:DeleteBucket", "s3:DeleteObject",
    "s3:DeleteObjectVersion", "s3:PutBucketVersioning", "s3:PutLifecycleConfiguration", "sqs:PurgeQueue",
    NULL};
/* clang-format on */

const struct risk_path *risk_paths(size_t *n)
{
    *n = sizeof paths / sizeof *paths;
    return paths;
}

const char *const *risk_list(enum risk_kind kind)
{
    static const char *const none[] = {NULL};
    static const char *const self[] = {"kinesisanalytics:*", NULL};
    switch (kind) {
    case RISK_CREDENTIALS:
        return credentials;
    case RISK_DATA:
        return data;
    case RISK_EXPOSURE:
        return exposure;
    case RISK_TAMPER:
        return tamper;
    case RISK_SELF:
        return self;
    default:
        return none;
    }
}
