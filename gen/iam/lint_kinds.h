/* The messages of the policy lint, shared by its files. */
#pragma once
#include "iam/lint.h"

#define LINT_KINDS(K)                                                                    \
    K(NO_VERSION, "IAM-130", DIAG_WARNING, "the policy has no Version",                  \
      "write \"2012-10-17\": without it variables are plain text")                       \
    K(DEAD_VARIABLE, "IAM-131", DIAG_WARNING,                                            \
      "the variable is plain text in this Version", "write Version \"2012-10-17\"")      \
    K(SAME_SID, "IAM-132", DIAG_WARNING, "two statements have the same Sid",             \
      "give each statement a Sid of its own")                                            \
    K(UNKNOWN_SERVICE, "IAM-133", DIAG_WARNING, "no service has this prefix",            \
      "correct the prefix; the table's date is in the documentation")                    \
    K(UNKNOWN_ACTION, "IAM-134", DIAG_WARNING, "the service has no action of this name", \
      "correct the name, or remove it")                                                  \
    K(DEAD_ACTION, "IAM-135", DIAG_WARNING, "the text matches no action",                \
      "one action per text, without white space or commas")                              \
    K(BAD_ACTION, "IAM-136", DIAG_ERROR, "an action is service:Name",                    \
      "write the service's prefix without wildcards, a colon, and the name")             \
    K(EMPTY_PATTERN, "IAM-137", DIAG_WARNING, "the pattern matches no action",           \
      "correct the pattern, or remove it")                                               \
    K(BAD_ARN, "IAM-138", DIAG_WARNING, "the resource is not an ARN of six parts",       \
      "write arn:partition:service:region:account:resource, or *")                       \
    K(DEAD_GRANT, "IAM-139", DIAG_WARNING,                                               \
      "no resource of the statement fits the action",                                    \
      "name a resource of the action's types, or * where it takes none")                 \
    K(WILD_SERVICE, "IAM-140", DIAG_WARNING, "the ARN's service is a wildcard",          \
      "name the service")                                                                \
    K(ALLOW_NOT_ACTION, "IAM-142", DIAG_WARNING,                                         \
      "Allow with NotAction grants everything else, in every service, also to come",     \
      "list the actions that are meant")                                                 \
    K(ALLOW_NOT_RESOURCE, "IAM-143", DIAG_WARNING,                                       \
      "Allow with NotResource grants every other resource", "list the resources")        \
    K(ALLOW_NOT_PRINCIPAL, "IAM-144", DIAG_WARNING,                                      \
      "Allow with NotPrincipal admits everyone else", "list the principals")             \
    K(UNKNOWN_KEY, "IAM-145", DIAG_WARNING,                                              \
      "none of the statement's actions has this condition key",                          \
      "use a key that the actions support")                                              \
    K(KEY_TYPE, "IAM-146", DIAG_WARNING, "the operator does not fit the key's type",     \
      "use an operator of the key's type")                                               \
    K(SET_ON_SINGLE, "IAM-147", DIAG_WARNING,                                            \
      "the set operator stands on a key that has one value",                             \
      "drop the prefix: ForAllValues holds when the key is absent")                      \
    K(PLAIN_ON_MANY, "IAM-148", DIAG_WARNING,                                            \
      "the key has several values in one request", "use ForAnyValue or ForAllValues")    \
    K(STAR_WITHOUT_LIKE, "IAM-149", DIAG_WARNING,                                        \
      "the wildcard is a plain character for this operator",                             \
      "use StringLike or ArnLike")                                                       \
    K(OPEN_WITHOUT_KEY, "IAM-150", DIAG_WARNING,                                         \
      "the Allow also holds for requests without the key",                               \
      "use the plain positive operator, or add Null false for the key")                  \
    K(HOLLOW, "IAM-151", DIAG_WARNING, "the condition limits nobody",                    \
      "name accounts, ARNs or networks without wildcards in front")                      \
    K(BAD_VALUE, "IAM-152", DIAG_WARNING, "the value is none of the operator's type",    \
      "correct the value: the condition never matches it")                               \
    K(NULL_SET, "IAM-153", DIAG_WARNING,                                                 \
      "Null with a set operator has one fixed outcome", "drop the prefix")               \
    K(OVER_QUOTA, "IAM-154", DIAG_WARNING, "the policy is larger than its usual quota",  \
      "split it, or have the quota raised")                                              \
    K(PASS_ANY_ROLE, "IAM-155", DIAG_WARNING, "iam:PassRole names no roles",             \
      "name the roles, and the service in iam:PassedToService")                          \
    K(LINK_ANY_ROLE, "IAM-156", DIAG_WARNING,                                            \
      "iam:CreateServiceLinkedRole names no service",                                    \
      "name the service-linked role's ARN")                                              \
    K(REDUNDANT_ACTION, "IAM-157", DIAG_NOTE,                                            \
      "another text of the statement includes it", "remove it")                          \
    K(REDUNDANT_RESOURCE, "IAM-158", DIAG_NOTE,                                          \
      "another resource of the statement includes it", "remove it")                      \
    K(REDUNDANT_STATEMENT, "IAM-159", DIAG_NOTE, "an earlier statement says the same",   \
      "remove one of them")                                                              \
    K(TRUST_ACTION, "IAM-160", DIAG_WARNING,                                             \
      "a trust policy takes sts actions that fit its principal",                         \
      "AssumeRole for AWS and Service, AssumeRoleWithSAML or AssumeRoleWithWebIdentity " \
      "for providers")                                                                   \
    K(RCP_FORM, "IAM-161", DIAG_ERROR, "a resource control policy does not take this",   \
      "Deny, Principal \"*\", Action with a service that RCPs cover")                    \
    K(NO_SOURCE, "IAM-162", DIAG_WARNING,                                                \
      "a service is admitted for any account's resources (confused deputy)",             \
      "add aws:SourceAccount and aws:SourceArn")                                         \
    K(NO_CLAIM, "IAM-163", DIAG_WARNING,                                                 \
      "the provider's users are admitted without a claim",                               \
      "add conditions on the provider's sub and aud")                                    \
    K(SAME_KEY, "IAM-164", DIAG_WARNING, "two keys of one operator differ only by case", \
      "join their values under one key")                                                 \
    K(BAD_VARIABLE, "IAM-166", DIAG_WARNING, "the variable is not complete",             \
      "write ${key} or ${key, 'default'}")                                               \
    K(BAD_CHARACTER, "IAM-167", DIAG_WARNING,                                            \
      "the character is none that policies take",                                        \
      "use U+0020 to U+00FF, tab, line feed and carriage return")                        \
    K(PRIVATE_IP, "IAM-168", DIAG_WARNING, "aws:SourceIp never is a private address",    \
      "use aws:VpcSourceIp, or the public address")                                      \
    K(EMPTY_SID, "IAM-169", DIAG_NOTE, "the Sid is empty",                               \
      "remove it, or name the statement")                                                \
    K(DEAD_PRINCIPAL, "IAM-170", DIAG_WARNING, "the principal was deleted",              \
      "remove it: a new one of that name does not match")                                \
    K(ARN_PART, "IAM-171", DIAG_WARNING, "the ARN has a part that no resource has",      \
      "write the resource's own partition, region and account")                          \
    K(HOST_BITS, "IAM-172", DIAG_NOTE,                                                   \
      "the network's address has bits beyond its prefix",                                \
      "write its first address, or /32 for one address")                                 \
    K(EMPTY_CONDITION, "IAM-173", DIAG_NOTE,                                             \
      "the condition is empty and limits nothing",                                       \
      "remove it, or write what it was to say")                                          \
    K(REDUNDANT_VALUE, "IAM-174", DIAG_NOTE,                                             \
      "another value of the condition includes it", "remove it")                         \
    K(UNKNOWN_VARIABLE, "IAM-175", DIAG_WARNING,                                         \
      "no request has a key of this variable's name",                                    \
      "use a key that requests have: without a value the text matches nothing")          \
    K(OLD_KEY, "IAM-176", DIAG_WARNING, "the condition key is replaced by others",       \
      "use aws:PrincipalArn for who calls, aws:SourceArn for what a service acts for")   \
    K(TAG_DENIED, "IAM-177", DIAG_WARNING,                                               \
      "a service of the Deny has no such tags in its requests: it denies nothing there", \
      "deny that service's actions without the tag, or in a statement of their own")     \
    K(TAG_ALLOWED, "IAM-178", DIAG_NOTE,                                                 \
      "a service of the Allow has no such tags in its requests: it allows nothing "      \
      "there",                                                                           \
      "allow that service's actions in a statement of their own, or leave them out")

#define K(name, code, level, what, mend) extern const struct diag_kind LINT_##name;
LINT_KINDS(K)
#undef K

/* What the two files pass along. */
struct lint {
    struct iam *x;
    const struct policy *p;
    struct policy_issues *out;
};
void lint_say(struct lint *l, const struct diag_kind *kind,
              const struct policy_statement *st, struct str element, size_t i,
              struct str detail);

/* The parts of one resource of a statement. */
void lint_arn(struct lint *l, const struct rule *rule, size_t i, struct str element);

/* Conditions of one statement. */
void lint_conditions(struct lint *l, const struct rule *rule);
