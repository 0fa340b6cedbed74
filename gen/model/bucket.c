/* What the evidence of a bucket says: public, versioned, encrypted, TLS only. S3 User
 * Guide, "Blocking public access" and "The meaning of public". */
#include "model/fact.h"
#include "model/storage.h"

#include "evidence/evidence.h"
#include "evidence/operation.h"

#include <string.h>

/* The four switches of a public access block: 1 on, 0 off, -1 unknown. */
struct block {
    int acls, ignore, policy, restrict_;
};

static int flag(const struct json *conf, const char *name)
{
    return json_bool(json_get(conf, str_from(name)));
}

/* From a bucket's or an account's answer; an error that says "none" is all off. */
static struct block read_block(const struct exhibit *x)
{
    const struct json *conf =
        x ? json_get(x->node, STR("PublicAccessBlockConfiguration")) : NULL;
    if (conf)
        return (struct block){
            flag(conf, "BlockPublicAcls"), flag(conf, "IgnorePublicAcls"),
            flag(conf, "BlockPublicPolicy"), flag(conf, "RestrictPublicBuckets")};
    if (x && document_answers(x->doc))
        return (struct block){0, 0, 0, 0};
    return (struct block){-1, -1, -1, -1};
}

/* The effect of two layers: on when either is. */
static int either(int x, int y)
{
    return x == 1 || y == 1 ? 1 : x < 0 || y < 0 ? -1 : 0;
}

static const char *block_word(const struct block *b)
{
    int all[] = {b->acls, b->ignore, b->policy, b->restrict_}, on = 0, unknown = 0;
    for (size_t i = 0; i < 4; i++) {
        on += all[i] == 1;
        unknown += all[i] < 0;
    }
    return on == 4 ? "yes" : unknown ? "unknown" : on ? "partly" : "no";
}

/* Grants to everyone, or to everyone with an AWS account. */
static const char *acl_word(const struct subject *s, const struct exhibit *x)
{
    const struct exhibit *own = subject_exhibit(s, "s3:GetBucketOwnershipControls");
    const struct json *rule =
        json_first(json_dig(own ? own->node : NULL, "OwnershipControls", "Rules", NULL));
    if (str_eq(json_str(json_get(rule, STR("ObjectOwnership"))),
               STR("BucketOwnerEnforced")))
        return "no";
    if (!x || !x->node)
        return "unknown";
    for (const struct json *n = json_first(json_get(x->node, STR("Grants"))); n;
         n = json_next(n)) {
        struct str uri = json_str(json_dig(n, "Grantee", "URI", NULL));
        if (str_ends(uri, STR("/groups/global/AllUsers")) ||
            str_ends(uri, STR("/groups/global/AuthenticatedUsers")))
            return "yes";
    }
    return "no";
}

static bool answers(const struct exhibit *x)
{
    return x && document_answers(x->doc);
}

static const char *policy_word(const struct fact *f, const struct subject *s,
                               const struct exhibit **at)
{
    const struct exhibit *status = subject_exhibit(s, "s3:GetBucketPolicyStatus");
    const struct exhibit *policy = subject_exhibit(s, "s3:GetBucketPolicy");
    const struct json *public =
        status ? json_dig(status->node, "PolicyStatus", "IsPublic", NULL) : NULL;
    if (public) {
        *at = status;
        return fact_yes(json_bool(public));
    }
    if (answers(policy) && !policy->node) {
        *at = policy;
        return "no"; /* NoSuchBucketPolicy */
    }
    if (answers(status)) {
        *at = status;
        return "no";
    }
    *at = policy;
    if (policy && policy->node)
        return access_public(f, s);
    return "unknown";
}

struct bucket_state bucket_state(const struct fact *f, const struct subject *s)
{
    struct bucket_state out = {.public = "unknown", .why = ""};
    const struct exhibit *block = subject_exhibit(s, "s3:GetPublicAccessBlock");
    const struct exhibit *acl = subject_exhibit(s, "s3:GetBucketAcl");
    const struct exhibit *account =
        account_exhibit(f->m, s->account, "s3control:GetPublicAccessBlock", STR(""));
    struct block own = read_block(block), all = read_block(account);
    struct block b = {either(own.acls, all.acls), either(own.ignore, all.ignore),
                      either(own.policy, all.policy),
                      either(own.restrict_, all.restrict_)};
    out.blocked = block_word(&b);
    out.policy = policy_word(f, s, &out.public_at);
    out.acl = acl_word(s, acl);
    bool policy_yes = strcmp(out.policy, "yes") == 0;
    bool acl_yes = strcmp(out.acl, "yes") == 0;
    bool policy_no = strcmp(out.policy, "no") == 0 || b.restrict_ == 1;
    bool acl_no = strcmp(out.acl, "no") == 0 || b.ignore == 1;
    if ((policy_yes && b.restrict_ == 0) || (acl_yes && b.ignore == 0)) {
        out.public = "yes";
        out.why = policy_yes && b.restrict_ == 0
                      ? "its policy admits everyone and RestrictPublicBuckets is off"
                      : "its ACL admits everyone and IgnorePublicAcls is off";
        if (!policy_yes || b.restrict_ != 0)
            out.public_at = acl;
    } else if (policy_no && acl_no) {
        out.public = "no";
        out.why = b.restrict_ == 1 && b.ignore == 1
                      ? "public access is blocked"
                      : "neither its policy nor its ACL admits everyone";
        if (b.restrict_ == 1 && b.ignore == 1)
            out.public_at = own.restrict_ == 1 ? block : account;
    } else {
        out.why = "policy, ACL or public access block are not in evidence";
    }
    if (!out.public_at)
        out.public_at = block ? block : acl ? acl : account;

    const struct exhibit *v = subject_exhibit(s, "s3:GetBucketVersioning");
    struct str status = v ? json_str(json_get(v->node, STR("Status"))) : STR("");
    out.versioning_at = v;
    out.versioning = !answers(v)                        ? "unknown"
                     : str_eq(status, STR("Enabled"))   ? "Enabled"
                     : str_eq(status, STR("Suspended")) ? "Suspended"
                                                        : "never";
    const struct exhibit *enc = subject_exhibit(s, "s3:GetBucketEncryption");
    out.encrypted = !answers(enc) ? "unknown" : fact_yes(enc->node != NULL);
    const struct exhibit *own_x = subject_exhibit(s, "s3:GetBucketOwnershipControls");
    const struct json *rule = json_first(
        json_dig(own_x ? own_x->node : NULL, "OwnershipControls", "Rules", NULL));
    out.acl_disabled =
        rule ? fact_yes(str_eq(json_str(json_get(rule, STR("ObjectOwnership"))),
                               STR("BucketOwnerEnforced")))
        : answers(own_x) ? "no"
                         : "unknown";
    return out;
}

/* One value or a list of them holds word. */
static bool holds(const struct json *n, struct str word, bool nocase)
{
    if (json_is(n, JSON_ARRAY)) {
        for (const struct json *c = json_first(n); c; c = json_next(c))
            if (holds(c, word, nocase))
                return true;
        return false;
    }
    struct str s = json_scalar(n);
    return nocase ? str_eq_nocase(s, word) : str_eq(s, word);
}

static bool everybody(const struct json *principal)
{
    if (json_is(principal, JSON_STRING))
        return str_eq(json_str(principal), STR("*"));
    return holds(json_get(principal, STR("AWS")), STR("*"), false);
}

/* Condition {"Bool": {"aws:SecureTransport": "false"}} and nothing besides. */
static bool without_tls(const struct json *condition)
{
    const struct json *op = json_first(condition);
    const struct json *key = json_first(op);
    if (!op || json_next(op) || !key || json_next(key))
        return false;
    struct str name = json_key(op);
    return (str_eq_nocase(name, STR("Bool")) ||
            str_eq_nocase(name, STR("BoolIfExists"))) &&
           str_eq_nocase(json_key(key), STR("aws:SecureTransport")) &&
           holds(key, STR("false"), true);
}

static bool covers_bucket(struct fact *f, const struct subject *s, const struct json *res)
{
    struct str objects = str_fmt(f->a, "%.*s/*", STR_ARG(s->arn));
    struct str both = str_fmt(f->a, "%.*s*", STR_ARG(s->arn));
    return holds(res, STR("*"), false) || holds(res, both, false) ||
           (holds(res, s->arn, false) && holds(res, objects, false));
}

struct tls_rule bucket_tls(struct fact *f, const struct subject *s)
{
    struct tls_rule out = {0};
    const struct exhibit *x = subject_exhibit(s, "s3:GetBucketPolicy");
    const struct text *text;
    const struct json *policy =
        x && x->node
            ? evidence_inner(f->a, x->doc, json_get(x->node, STR("Policy")), &text)
            : NULL;
    const struct json *list = json_get(policy, STR("Statement"));
    const struct json *n = json_is(list, JSON_ARRAY) ? json_first(list) : list;
    for (; n; n = list == n ? NULL : json_next(n)) {
        const struct json *action = json_get(n, STR("Action"));
        if (!str_eq(json_str(json_get(n, STR("Effect"))), STR("Deny")) ||
            !everybody(json_get(n, STR("Principal"))) ||
            !without_tls(json_get(n, STR("Condition"))))
            continue;
        out.sid = json_str(json_get(n, STR("Sid")));
        if ((holds(action, STR("s3:*"), true) || holds(action, STR("*"), true)) &&
            covers_bucket(f, s, json_get(n, STR("Resource")))) {
            out.enforced = true;
            break;
        }
    }
    return out;
}
