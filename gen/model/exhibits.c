/* Documents become exhibits: whole answers of the subject they are about, items of
 * inventories of their own subjects, and of each kind the usable one. */
#include "model/build.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/threads.h"
#include "evidence/operation.h"
#include "json/json.h"

#include <stdlib.h>
#include <ctype.h>
#include <assert.h>
#include <string.h>

static const struct diag_kind NO_ACCOUNT = {
    "MOD-101", DIAG_WARNING, "nothing says which account this answer is from",
    "put the file below a folder named after the account (12 digits), or add "
    "sts get-caller-identity"};
static const struct diag_kind NO_SUBJECT = {
    "MOD-102", DIAG_WARNING, "the name of the resource cannot be used",
    "name the file after the resource, or give the name in index.json"};

/* How the items of an answer name their subjects. */
struct item {
    const char *kind;
    const char *list; /* member that holds the items */
    const char *type;
    const char *arn, *name; /* members of an item; "" when the item is a text itself */
    bool evidence; /* an item describes its subject; false: it only says there is one */
};

/* In the order of their kinds. */
/* clang-format off */
static const struct item items[] = {
    {"cloudtrail:DescribeTrails",           "trailList",             "trail",             "TrailARN",           "Name",             true},
    {"cloudtrail:ListEventDataStores",      "EventDataStores",       "event-data-store",  "EventDataStoreArn",  "Name",             true},
    {"cloudtrail:ListTrails",               "Trails",                "trail",             "TrailARN",           "Name",             false},
    {"dynamodb:ListTables",                 "TableNames",            "table",             "",                   "",                 false},
    {"ec2:DescribeSecurityGroups",          "SecurityGroups",        "security-group",    "SecurityGroupArn",   "GroupId",          true},
    {"ec2:DescribeVpcEndpoints",            "VpcEndpoints",          "vpc-endpoint",      "",                   "VpcEndpointId",    true},
    {"ec2:DescribeVpcs",                    "Vpcs",                  "vpc",               "",                   "VpcId",            true},
    {"firehose:ListDeliveryStreams",        "DeliveryStreamNames",   "delivery-stream",   "",                   "",                 false},
    {"glue:GetDatabases",                   "DatabaseList",          "database",          "",                   "Name",             true},
    {"iam:GetAccountAuthorizationDetails",  "GroupDetailList",       "group",             "Arn",                "GroupName",        true},
    {"iam:GetAccountAuthorizationDetails",  "Policies",              "policy",            "Arn",                "PolicyName",       true},
    {"iam:GetAccountAuthorizationDetails",  "RoleDetailList",        "role",              "Arn",                "RoleName",         true},
    {"iam:GetAccountAuthorizationDetails",  "UserDetailList",        "user",              "Arn",                "UserName",         true},
    {"iam:ListGroups",                      "Groups",                "group",             "Arn",                "GroupName",        false},
    {"iam:ListPolicies",                    "Policies",              "policy",            "Arn",                "PolicyName",       false},
    {"iam:ListRoles",                       "Roles",                 "role",              "Arn",                "RoleName",         false},
    {"iam:ListUsers",                       "Users",                 "user",              "Arn",                "UserName",         true},
    {"kafka:ListClusters",                  "ClusterInfoList",       "cluster",           "ClusterArn",         "ClusterName",      true},
    {"kafka:ListClustersV2",                "ClusterInfoList",       "cluster",           "ClusterArn",         "ClusterName",      true},
    {"kinesis:ListStreams",                 "StreamNames",           "stream",            "",                   "",                 false},
    {"kinesisanalytics:ListApplications",   "ApplicationSummaries",  "application",       "ApplicationARN",     "ApplicationName",  false},
    {"kms:ListKeys",                        "Keys",                  "key",               "KeyArn",             "KeyId",            false},
    {"logs:DescribeLogGroups",              "logGroups",             "log-group",         "arn",                "logGroupName",     true},
    {"opensearch:DescribeDomains",          "DomainStatusList",      "domain",            "ARN",                "DomainName",       true},
    {"opensearch:ListDomainNames",          "DomainNames",           "domain",            "",                   "DomainName",       false},
    {"s3:ListBuckets",                      "Buckets",               "bucket",            "",                   "Name",             false},
    {"secretsmanager:ListSecrets",          "SecretList",            "secret",            "ARN",                "Name",             false},
    {"sns:ListTopics",                      "Topics",                "topic",             "TopicArn",           "",                 false},
    {"sqs:ListQueues",                      "QueueUrls",             "queue",             "",                   "",                 false},
};
/* clang-format on */

enum {
    ITEMS = sizeof items / sizeof *items,
    BATCH = 256, /* subjects that a worker takes at once */
};

/* Where the names in d stand. A pile of files of one account may leave the account to be
 * understood. */
static struct place_in_aws document_place(const struct build *b, const struct document *d)
{
    struct place_in_aws where = {d->partition, d->region, d->account};
    if (!where.account.n && b->m->accounts.n == 1) {
        const struct subject *only = b->m->accounts.entries[0].value;
        where.account = only->account;
        if (!where.partition.n)
            where.partition = only->partition;
    }
    if (!where.partition.n)
        where.partition = STR("aws");
    return where;
}

struct exhibit *build_exhibit(struct build *b, struct subject *s,
                              const struct document *doc, const struct json *node,
                              struct str pointer)
{
    struct exhibit *x = vec_push(b->a, &s->exhibits);
    *x = (struct exhibit){doc->op->kind, doc, node, pointer};
    return x;
}

/* Remember which key an alias stands for: list-aliases, and describe-key of an alias. */
static void read_alias(struct build *b, const struct place_in_aws *where,
                       struct str alias, struct str key)
{
    if (!alias.n || !key.n)
        return;
    struct naming n;
    if (str_starts(alias, STR("arn:"))) {
        if (!naming_of_arn(b->a, alias, &n) || !n.alias)
            return;
        alias = n.name;
    }
    if (!str_starts(alias, STR("alias/")))
        return;
    if (!str_starts(key, STR("arn:")))
        key = naming_of_name(b->a, "key", key, where).arn;
    struct str *arn = ARENA_NEW(b->a, struct str);
    *arn = key;
    struct str id = str_fmt(b->a, "%.*s|%.*s|%.*s", STR_ARG(where->account),
                            STR_ARG(where->region), STR_ARG(alias));
    *map_put(b->a, &b->aliases, id) = arn;
    if (str_starts(alias, STR("alias/aws/")))
        *map_put(b->a, &b->m->aws_keys, *arn) = b->m;
}

static bool kind_is(const struct document *d, const char *kind)
{
    return strcmp(d->op->kind, kind) == 0;
}

/* What must be known before names are resolved. */
static void read_indexes(struct build *b, const struct document *d)
{
    struct place_in_aws where = document_place(b, d);
    if (kind_is(d, "kms:ListAliases")) {
        for (const struct json *n = json_first(json_get(d->root, STR("Aliases"))); n;
             n = json_next(n))
            read_alias(b, &where, json_str(json_get(n, STR("AliasName"))),
                       json_str(json_get(n, STR("TargetKeyId"))));
    } else if (kind_is(d, "kms:DescribeKey")) {
        read_alias(b, &where, d->name,
                   json_str(json_dig(d->root, "KeyMetadata", "Arn", NULL)));
    } else if (kind_is(d, "iam:GenerateServiceLastAccessedDetails")) {
        struct str job = json_str(json_get(d->root, STR("JobId")));
        if (job.n && str_starts(d->name, STR("arn:"))) {
            struct str *arn = ARENA_NEW(b->a, struct str);
            *arn = d->name;
            *map_put(b->a, &b->jobs, job) = arn;
        }
    }
}

/* A queue is asked for by URL: https://HOST/ACCOUNT/NAME. */
static struct str queue_arn(struct build *b, struct str url,
                            const struct place_in_aws *where)
{
    struct str host, rest = str_sub(url, str_find(url, STR("://")) + 3, url.n), region;
    str_cut(rest, '/', &host, &rest);
    struct str account, name;
    if (!str_cut(rest, '/', &account, &name) || !account_is(account) || !name.n)
        return url;
    /* sqs.REGION.amazonaws.com, or REGION.queue.amazonaws.com of old. */
    struct str first, second;
    str_cut(host, '.', &first, &second);
    str_cut(second, '.', &second, NULL);
    region = region_is(second) ? second : region_is(first) ? first : where->region;
    return str_fmt(b->a, "arn:%.*s:sqs:%.*s:%.*s:%.*s", STR_ARG(where->partition),
                   STR_ARG(region), STR_ARG(account), STR_ARG(name));
}

static struct subject *item_subject(struct build *b, const struct item *row,
                                    const struct json *n,
                                    const struct place_in_aws *where)
{
    struct str arn = row->arn[0] ? json_str(json_get(n, str_from(row->arn))) : STR("");
    struct str name = row->name[0] ? json_str(json_get(n, str_from(row->name))) : arn;
    if (json_is(n, JSON_STRING))
        name = json_str(n);
    struct naming naming;
    if (arn.n && naming_of_arn(b->a, arn, &naming) &&
        strcmp(naming.type, row->type) == 0) {
        struct subject *s = build_subject(b, &naming);
        /* The ARN of an event data store ends in an id; people know its name. */
        if (strcmp(row->type, "event-data-store") == 0 && name.n)
            s->name = name;
        return s;
    }
    if (strcmp(row->type, "queue") == 0 && str_has(name, STR("://")))
        name = queue_arn(b, name, where);
    return name.n ? build_reference(b, row->type, name, where) : NULL;
}

/* How the answers of one operation are read. */
struct answers_how {
    const char *type; /* of the subject that one is about; NULL: the account */
    size_t first, n;  /* rows of items */
};

/* Checks of a policy's text: nothing says whose policy it is. */
static bool about_text(const struct operation *op)
{
    return strcmp(op->service, "accessanalyzer") == 0;
}

/* For each operation. */
static const struct answers_how *read_how(struct arena *a)
{
    size_t n;
    const struct operation *ops = operation_rows(&n);
    struct answers_how *v = ARENA_ARRAY(a, struct answers_how, n);
    for (size_t i = 0; i < n; i++) {
        const char *type = subject_type_name(str_from(ops[i].subject));
        bool whole = type && strcmp(type, "account") != 0 && !ops[i].listing;
        v[i].type = whole && !about_text(&ops[i]) ? type : NULL;
        for (size_t k = ITEMS; k-- > 0;)
            if (strcmp(items[k].kind, ops[i].kind) == 0) {
                v[i].first = k;
                v[i].n++;
            }
    }
    return v;
}

static const struct answers_how *how_of(const struct build *b, const struct document *d)
{
    size_t n;
    return &b->how[d->op - operation_rows(&n)];
}

/* The items of an inventory, each an exhibit of its own subject. */
static void read_items(struct build *b, const struct document *d)
{
    struct place_in_aws where = document_place(b, d);
    const struct answers_how *how = how_of(b, d);
    for (size_t i = 0; i < how->n; i++) {
        const struct item *row = &items[how->first + i];
        size_t index = 0;
        for (const struct json *n = json_first(json_get(d->root, str_from(row->list))); n;
             n = json_next(n), index++) {
            struct subject *s = item_subject(b, row, n, &where);
            if (!s)
                continue;
            reads_mark(&b->m->marks, READS_NAMES, d);
            if (subject_is(s, "bucket") && !s->account.n)
                s->account = where.account;
            s->listed_only = s->listed_only && !row->evidence;
            /* Trails of an organization stand in another account's name. */
            if (subject_is(s, "trail") && !str_eq(s->account, where.account))
                *map_put(b->a, &b->m->shown,
                         str_fmt(b->a, "%.*s|%.*s", STR_ARG(s->arn),
                                 STR_ARG(where.account))) = s;
            build_exhibit(b, s, d, n,
                          STR_CAT(b->a, STR("/"), str_from(row->list), STR("/"),
                                  str_uint(b->a, index)));
        }
    }
}

/* The users of a credential report: its rows are evidence of their keys. */
static void read_report(struct build *b, const struct document *d)
{
    const struct json *rows = evidence_credential_report(b->a, d->root);
    size_t i = 0;
    for (const struct json *n = json_first(rows); n; n = json_next(n), i++) {
        struct str user = json_str(json_get(n, STR("user")));
        struct str arn = json_str(json_get(n, STR("arn")));
        if (!user.n || str_eq(user, STR("<root_account>")))
            continue; /* the root user is the account's */
        struct place_in_aws where = document_place(b, d);
        struct subject *s = build_reference(b, "user", arn.n ? arn : user, &where);
        if (!s || strcmp(s->type, "user") != 0)
            continue;
        s->listed_only = false;
        build_exhibit(b, s, d, n, str_fmt(b->a, "/Content/%zu", i));
    }
}

/* The reference by which d names its subject: its ARN or name. */
static struct str document_reference(const struct build *b, const struct document *d)
{
    const struct str *arn = NULL;
    if (!d->name.n && d->name2.n)
        arn = map_get(&b->jobs, d->name2);
    return arn ? *arn : d->name;
}

/* An ARN as people put it into the name of a file: what no name may hold is '_'. */
static struct str file_word(struct arena *a, struct str s)
{
    struct str word = str_dup(a, s);
    for (char *p = (char *)word.p; p < word.p + word.n; p++)
        if (!isalnum((unsigned char)*p))
            *p = '_';
    return word;
}

/* The subject whose ARN a file's name spells so; what follows is a second qualifier. The
 * subjects are those that ARNs in the evidence name. */
static struct subject *spelt(struct build *b, struct str ref, struct str name2)
{
    if (!b->words.n)
        for (size_t i = 0; i < b->m->n; i++)
            *map_put(b->a, &b->words, file_word(b->a, b->m->v[i]->arn)) = b->m->v[i];
    struct str word = file_word(b->a, ref);
    struct subject *s = map_get(&b->words, word);
    if (!s && name2.n && str_ends(ref, name2) && word.n > name2.n + 1)
        s = map_get(&b->words, str_sub(word, 0, word.n - name2.n - 1));
    return s;
}

/* The whole answer as an exhibit of the subject it is about. arns: only of one that is
 * named by ARN; else false is given. */
static bool read_whole(struct build *b, const struct document *d, bool arns)
{
    const char *type = how_of(b, d)->type;
    struct place_in_aws where = document_place(b, d);
    struct str ref = document_reference(b, d);
    struct subject *s = NULL;
    if (type) {
        if (strcmp(type, "queue") == 0 && str_has(ref, STR("://")))
            ref = queue_arn(b, ref, &where);
        if (strcmp(type, "catalog") == 0)
            ref =
                str_fmt(b->a, "arn:%.*s:glue:%.*s:%.*s:catalog", STR_ARG(where.partition),
                        STR_ARG(where.region), STR_ARG(where.account));
        bool arn = str_starts(ref, STR("arn:"));
        if (!arn && arns)
            return false;
        /* One operation may ask about several types: tags, last use, findings. */
        struct naming n;
        if (arn && naming_of_arn(b->a, ref, &n) && strcmp(n.type, "other") != 0)
            type = n.type;
        if (!ref.n)
            return true; /* the evidence reader has said so: DOCUMENT_UNBOUND */
        bool word = str_starts(ref, STR("arn_aws")) || str_starts(ref, STR("arn-aws"));
        s = word ? spelt(b, ref, d->name2) : build_reference(b, type, ref, &where);
        if (!s) {
            diag_file(b->dx, &NO_SUBJECT, d->text.name, "%s \"%.*s\"", d->op->subject,
                      STR_ARG(ref));
            return true;
        }
    } else {
        s = map_get(&b->m->accounts, where.account);
        if (!s) {
            diag_file(b->dx, &NO_ACCOUNT, d->text.name, "%s", d->op->kind);
            return true;
        }
    }
    if (subject_is(s, "bucket") && (!s->account.n || document_answers(d)))
        s->account = where.account;
    /* list-tags and the like say that the thing is there; a refusal says nothing. */
    if (document_answers(d))
        s->listed_only = false;
    const struct json *node = d->state == DOCUMENT_ANSWER ? d->root : NULL;
    build_exhibit(b, s, d, node, STR(""));
    return true;
}

/* A broken answer counts too: its subject's tests are unknown for it, not for want. */
static bool counts(const struct document *d)
{
    return d->op && (document_state_usable(d->state) || d->state == DOCUMENT_INVALID);
}

/* How much an exhibit settles: an answer before a refusal before a broken file. */
static int worth(const struct exhibit *x)
{
    if (document_answers(x->doc))
        return 2;
    return x->doc->state == DOCUMENT_ERROR ? 1 : 0;
}

/* What an exhibit is of, beside its kind: version, policy name; of an account also the
 * region, for each region answers for itself. */
static int same_thing(const struct subject *s, const struct exhibit *x,
                      const struct exhibit *y)
{
    int c = strcmp(x->kind, y->kind);
    if (c)
        return c;
    bool account = strcmp(s->type, "account") == 0;
    if (account && (c = str_cmp(x->doc->region, y->doc->region)) != 0)
        return c;
    bool many = x->doc->op->many && !x->doc->op->listing;
    if ((account || many) && (c = str_cmp(x->doc->name, y->doc->name)) != 0)
        return c;
    if (many)
        return str_cmp(x->doc->name2, y->doc->name2);
    /* Pages, log files, lists with filters: each says something else. */
    return account && x->doc->op->many ? str_cmp(x->doc->sha256, y->doc->sha256) : 0;
}

/* qsort has no context: the subject whose exhibits are sorted decides through type. */
struct ranked {
    const struct subject *s;
    struct exhibit x;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    int c = same_thing(x->s, &x->x, &y->x);
    if (c)
        return c;
    if ((c = worth(&y->x) - worth(&x->x)) != 0)
        return c;
    if (x->x.doc->collected != y->x.doc->collected)
        return x->x.doc->collected > y->x.doc->collected ? -1 : 1;
    if (x->x.doc->number != y->x.doc->number)
        return x->x.doc->number < y->x.doc->number ? -1 : 1;
    return str_cmp(x->x.pointer, y->x.pointer);
}

static int by_kind(const void *a, const void *b)
{
    const struct exhibit *x = a, *y = b;
    int c = strcmp(x->kind, y->kind);
    if (c)
        return c;
    if (x->doc->number != y->doc->number)
        return x->doc->number < y->doc->number ? -1 : 1;
    return str_cmp(x->pointer, y->pointer);
}

/* Of answers to the same question keep the best: usable, then newest. */
static void settle(struct subject *s)
{
    size_t in_order = 1;
    while (in_order < s->exhibits.n &&
           strcmp(s->exhibits.v[in_order - 1].kind, s->exhibits.v[in_order].kind) < 0)
        in_order++;
    if (in_order >= s->exhibits.n)
        return; /* mostly: one answer to each */
    struct ranked *v = mem_alloc(s->exhibits.n * sizeof *v);
    for (size_t i = 0; i < s->exhibits.n; i++)
        v[i] = (struct ranked){s, s->exhibits.v[i]};
    qsort(v, s->exhibits.n, sizeof *v, by_rank);
    size_t kept = 0;
    for (size_t i = 0; i < s->exhibits.n; i++)
        if (!kept || same_thing(s, &s->exhibits.v[kept - 1], &v[i].x) != 0)
            s->exhibits.v[kept++] = v[i].x;
    s->exhibits.n = kept;
    free(v);
    qsort(s->exhibits.v, kept, sizeof *s->exhibits.v, by_kind);
}

/* Where a bucket is: its ARN does not say. */
static void place_bucket(struct subject *s)
{
    const struct exhibit *x = subject_exhibit(s, "s3:GetBucketLocation");
    struct str region = STR("");
    if (x && x->node) {
        const struct json *n = json_get(x->node, STR("LocationConstraint"));
        region = json_str(n);
        if (json_is(n, JSON_NULL))
            region = partition_home(s->partition);
        else if (str_eq(region, STR("EU")))
            region = STR("eu-west-1");
    }
    if (!region.n)
        region =
            json_str(json_get(subject_answer(s, "s3:ListBuckets"), STR("BucketRegion")));
    for (size_t i = 0; i < s->exhibits.n && !region.n; i++)
        if (region_is(s->exhibits.v[i].doc->region))
            region = s->exhibits.v[i].doc->region;
    if (region_is(region))
        s->region = region;
}

static void settle_subjects(void *ctx, size_t item, unsigned worker)
{
    const struct model *m = ctx;
    (void)worker;
    struct reads_for before = reads_group(&m->marks, READS_NAMES);
    for (size_t i = item * BATCH; i < (item + 1) * BATCH && i < m->n; i++) {
        settle(m->v[i]);
        if (subject_is(m->v[i], "bucket"))
            place_bucket(m->v[i]);
    }
    reads_begin(before);
}

void build_exhibits(struct build *b)
{
    static const char *const indexes[] = {"kms:ListAliases", "kms:DescribeKey",
                                          "iam:GenerateServiceLastAccessedDetails"};
    const struct evidence *ev = b->m->evidence;
    struct arena *own = arena_new();
    VEC(const struct document *) by_name = {0};
    for (size_t i = 1; i < ITEMS; i++)
        assert(strcmp(items[i - 1].kind, items[i].kind) <= 0);
    b->how = read_how(own);
    struct documents docs = documents_of(own, b->m, indexes, 3);
    for (size_t i = 0; i < docs.list.n; i++) {
        reads_mark(&b->m->marks, READS_NAMES, docs.list.v[i]);
        read_indexes(b, docs.list.v[i]);
    }
    for (size_t i = 0; i < ev->n; i++) {
        const struct document *d = ev->v[i];
        if (!counts(d))
            continue;
        if (d->state == DOCUMENT_ANSWER)
            read_items(b, d);
        if (d->state == DOCUMENT_ANSWER && kind_is(d, "iam:GetCredentialReport"))
            read_report(b, d);
        if (!read_whole(b, d, true))
            *vec_push(own, &by_name) = d;
    }
    build_role_links(b);
    for (size_t i = 0; i < by_name.n; i++)
        read_whole(b, by_name.v[i], false);
    arena_free(own);
    threads_for((b->m->n + BATCH - 1) / BATCH, b->threads, settle_subjects, b->m);
}

const struct exhibit *subject_exhibit(const struct subject *s, const char *kind)
{
    size_t low = 0, high = s->exhibits.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(s->exhibits.v[mid].kind, kind) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == s->exhibits.n || strcmp(s->exhibits.v[low].kind, kind) != 0)
        return NULL;
    reads_note(s->exhibits.v[low].doc);
    return &s->exhibits.v[low];
}

bool exhibit_goes_on(const struct subject *s, const struct exhibit *x, const char *kind)
{
    if (!x || x == s->exhibits.v + s->exhibits.n || strcmp(x->kind, kind) != 0)
        return false;
    reads_note(x->doc);
    return true;
}

const struct json *subject_answer(const struct subject *s, const char *kind)
{
    const struct exhibit *x = subject_exhibit(s, kind);
    return x ? x->node : NULL;
}
