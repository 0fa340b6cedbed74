/* Facts of an application: what it is, runs as, reads and writes, and who records it. */
#include "model/coverage.h"
#include "model/fact.h"
#include "model/storage.h"

#include "base/threads.h"
#include "base/when.h"
#include "evidence/operation.h"

#include <string.h>

#define DESCRIBE "kinesisanalytics:DescribeApplication"
#define CONF "/ApplicationDetail/ApplicationConfigurationDescription"

enum { BATCH = 64 }; /* applications that a worker takes at once */

static const struct json *detail_of(const struct subject *s)
{
    return json_get(subject_answer(s, DESCRIBE), STR("ApplicationDetail"));
}

static const char *family_of(struct str runtime)
{
    return str_starts(runtime, STR("FLINK"))      ? "flink"
           : str_starts(runtime, STR("SQL"))      ? "sql"
           : str_starts(runtime, STR("ZEPPELIN")) ? "studio"
                                                  : "other";
}

static struct brief read_brief(const struct subject *s)
{
    const struct exhibit *x = subject_exhibit(s, DESCRIBE);
    const struct json *n = x ? json_get(x->node, STR("ApplicationDetail")) : NULL;
    bool described = n != NULL;
    if (!n) {
        x = subject_exhibit(s, "kinesisanalytics:ListApplications");
        n = x ? x->node : NULL;
    }
    struct str runtime = json_str(json_get(n, STR("RuntimeEnvironment")));
    return (struct brief){.family = family_of(runtime),
                          .runtime = runtime,
                          .status = json_str(json_get(n, STR("ApplicationStatus"))),
                          .mode = json_str(json_get(n, STR("ApplicationMode"))),
                          .version = json_num(json_get(n, STR("ApplicationVersionId"))),
                          .described = described,
                          .at = x};
}

static void read_briefs(void *ctx, size_t item, unsigned worker)
{
    const struct shared *sh = ctx;
    (void)worker;
    struct reads_for before = reads_group(&sh->m->marks, READS_REPORT);
    for (size_t i = item * BATCH; i < (item + 1) * BATCH && i < sh->napplications; i++)
        sh->briefs[i] = read_brief(sh->m->v[i]);
    reads_begin(before);
}

void briefs_read(struct arena *a, struct shared *sh, unsigned threads)
{
    sh->briefs = ARENA_ARRAY(a, struct brief, sh->napplications);
    threads_for((sh->napplications + BATCH - 1) / BATCH, threads, read_briefs, sh);
}

const struct brief *application_brief(const struct subject *app)
{
    static const struct brief none = {.family = ""};
    const struct shared *sh = app->model->shared;
    return sh ? &sh->briefs[app->number] : &none;
}

static void identity(struct fact *f)
{
    const struct brief *b = application_brief(f->s);
    struct json *o = fact_object(f, "identity");
    if (b->at)
        reads_note(b->at->doc);
    fact_z(f, o, "family", b->family);
    fact_view(f, o, "runtime", b->runtime);
    fact_view(f, o, "status", b->status);
    fact_view(f, o, "mode", b->mode);
    fact_num(f, o, "version", b->version);
    fact_bool(f, o, "described", b->described);
    fact_at_exhibit(f, o, b->at, b->described ? "/ApplicationDetail" : "");
}

/* Does a complete list of the account's roles leave this one out? */
static bool roles_listed(const struct fact *f, struct str account)
{
    static const char *const kinds[] = {"iam:ListRoles",
                                        "iam:GetAccountAuthorizationDetails"};
    static const char *const lists[] = {"Roles", "RoleDetailList"};
    for (size_t i = 0; i < 2; i++) {
        const struct subject *s = account_subject(f->m, account);
        const struct exhibit *x = s ? subject_exhibit(s, kinds[i]) : NULL;
        for (; exhibit_goes_on(s, x, kinds[i]); x++)
            /* With a filter for other things the list is empty, which is not "none". */
            if (x->node && !x->doc->partial &&
                json_size(json_get(x->node, str_from(lists[i]))))
                return true;
    }
    return false;
}

static const char *role_exists(const struct fact *f, const struct subject *role)
{
    const struct exhibit *x = subject_exhibit(role, "iam:GetRole");
    if (x && x->node)
        return "yes";
    if (x && str_eq(x->doc->error_code, STR("NoSuchEntity")))
        return "no";
    if (subject_answer(role, "iam:GetAccountAuthorizationDetails") ||
        subject_answer(role, "iam:ListRoles"))
        return "yes";
    for (size_t i = 0; i < role->exhibits.n; i++)
        if (str_eq(role->exhibits.v[i].doc->error_code, STR("NoSuchEntity")) &&
            strcmp(role->exhibits.v[i].kind, "iam:GetRolePolicy") != 0) {
            reads_note(role->exhibits.v[i].doc);
            return "no";
        }
    for (size_t i = 0; i < role->exhibits.n; i++)
        if (document_answers(role->exhibits.v[i].doc)) {
            reads_note(role->exhibits.v[i].doc);
            return "yes"; /* its policies were listed */
        }
    return roles_listed(f, role->account) ? "no" : "unknown";
}

static void role(struct fact *f, struct json *list, const struct link *l)
{
    const struct subject *r = l->to;
    struct json *o = fact_item(f, list);
    const char *exists = role_exists(f, r);
    fact_view(f, o, "arn", r->arn);
    fact_view(f, o, "name", r->name);
    fact_z(f, o, "use", l->use);
    fact_view(f, o, "account", r->account);
    fact_bool(f, o, "own_account", str_eq(r->account, f->s->account));
    fact_z(f, o, "exists", exists);
    struct json *with = json_set_literal(o, "shared_with", json_new_array(f->a));
    const struct subject *last = NULL;
    for (size_t i = 0; i < r->used_by.n; i++) {
        const struct link *u = r->used_by.v[i];
        if (!subject_is(u->from, "application") || u->from == f->s || u->from == last ||
            !link_configured(u))
            continue;
        last = u->from;
        json_push(with, json_new_view(f->a, last->arn));
    }
    fact_bool(f, o, "shared", last != NULL);
    fact_at_link(f, o, l);
    if (strcmp(exists, "unknown") == 0)
        fact_unknown(f, "roles", r, "iam:GetRole", STR(""),
                     "whether the role exists is not in evidence");
}

static void dependency(struct fact *f, struct json *list, const struct link *l)
{
    const struct subject *to = l->to;
    struct json *o = fact_item(f, list);
    fact_z(f, o, "type", to->type);
    fact_view(f, o, "arn", to->arn);
    fact_view(f, o, "name", to->name);
    fact_z(f, o, "use", l->use);
    fact_z(f, o, "link", l->name);
    fact_view(f, o, "via", l->via);
    fact_view(f, o, "account", to->account);
    fact_view(f, o, "region", to->region);
    fact_bool(f, o, "foreign", to->foreign);
    fact_bool(f, o, "own_account", !to->account.n || str_eq(to->account, f->s->account));
    fact_bool(f, o, "cross_region",
              region_is(to->region) && !str_eq(to->region, f->s->region));
    fact_at_link(f, o, l);
}

static void links(struct fact *f)
{
    struct json *roles = fact_list(f, "roles");
    struct json *dependencies = fact_list(f, "dependencies");
    for (size_t i = 0; i < f->s->links.n; i++) {
        const struct link *l = &f->s->links.v[i];
        if (subject_is(l->to, "role") && link_configured(l))
            role(f, roles, l);
        else
            dependency(f, dependencies, l);
    }
    for (size_t i = 0; i < f->s->doubts.n; i++) {
        const struct doubt *d = &f->s->doubts.v[i];
        fact_undecided(f, "dependencies", d->doc, d->pointer, d->what);
    }
}

static void code(struct fact *f, const struct exhibit *x)
{
    const struct json *conf =
        json_get(detail_of(f->s), STR("ApplicationConfigurationDescription"));
    const struct json *n = json_get(conf, STR("ApplicationCodeConfigurationDescription"));
    const struct json *s3 = json_dig(n, "CodeContentDescription",
                                     "S3ApplicationCodeLocationDescription", NULL);
    const struct link *bucket = subject_link(f->s, "code-bucket");
    struct json *list = fact_list(f, "code");
    struct json *o = fact_item(f, list);
    struct str type = json_str(json_get(n, STR("CodeContentType")));
    fact_z(f, o, "type",
           str_eq(type, STR("ZIPFILE"))     ? "zip"
           : str_eq(type, STR("PLAINTEXT")) ? "text"
                                            : "none");
    fact_view(f, o, "bucket", bucket ? bucket->to->name : STR(""));
    fact_view(f, o, "bucket_arn", bucket ? bucket->to->arn : STR(""));
    fact_view(f, o, "key", json_str(json_get(s3, STR("FileKey"))));
    bool pinned = json_str(json_get(s3, STR("ObjectVersion"))).n > 0;
    fact_bool(f, o, "pinned", pinned);
    const char *versioning = "unknown";
    if (bucket)
        versioning = bucket_state(f, bucket->to).versioning;
    fact_z(f, o, "versioning", versioning);
    bool unknown = strcmp(versioning, "unknown") == 0;
    /* Inline code is part of the application's versions. */
    const char *safe = !bucket || pinned || strcmp(versioning, "Enabled") == 0 ? "yes"
                       : unknown                                               ? "unknown"
                                                                               : "no";
    fact_z(f, o, "protected", safe);
    fact_at_exhibit(f, o, x,
                    s3  ? CONF "/ApplicationCodeConfigurationDescription/"
                               "CodeContentDescription/"
                               "S3ApplicationCodeLocationDescription"
                    : n ? CONF "/ApplicationCodeConfigurationDescription"
                        : "/ApplicationDetail");
    if (strcmp(safe, "unknown") == 0)
        fact_unknown(f, "code", bucket->to, "s3:GetBucketVersioning", STR(""),
                     "whether the code bucket keeps versions is not in evidence");
}

static void logging(struct fact *f, const struct exhibit *x)
{
    struct json *list = fact_list(f, "logging");
    const struct json *detail = detail_of(f->s);
    const struct json *conf =
        json_get(detail, STR("ApplicationConfigurationDescription"));
    struct str level =
        json_str(json_dig(conf, "FlinkApplicationConfigurationDescription",
                          "MonitoringConfigurationDescription", "LogLevel", NULL));
    if (!level.n)
        level =
            json_str(json_dig(conf, "ZeppelinApplicationConfigurationDescription",
                              "MonitoringConfigurationDescription", "LogLevel", NULL));
    size_t i = 0;
    for (const struct json *n =
             json_first(json_get(detail, STR("CloudWatchLoggingOptionDescriptions")));
         n; n = json_next(n), i++) {
        struct str arn = json_str(json_get(n, STR("LogStreamARN")));
        struct naming group;
        struct json *o = fact_item(f, list);
        fact_view(f, o, "log_stream", arn);
        if (naming_of_arn(f->a, arn, &group)) {
            fact_view(f, o, "log_group", group.name);
            fact_view(f, o, "log_group_arn", group.arn);
        }
        fact_view(f, o, "level", level);
        fact_at(f, o, x->doc,
                str_fmt(f->a,
                        "%.*s/ApplicationDetail/CloudWatchLoggingOptionDescriptions/%zu",
                        STR_ARG(x->pointer), i));
    }
}

static void encryption(struct fact *f, const struct exhibit *x)
{
    const struct json *n =
        json_dig(detail_of(f->s), "ApplicationConfigurationDescription",
                 "ApplicationEncryptionConfigurationDescription", NULL);
    const struct link *key = subject_link(f->s, "key");
    struct str type = json_str(json_get(n, STR("KeyType")));
    struct json *o = fact_object(f, "encryption");
    fact_view(f, o, "key_type", type.n ? type : STR("absent"));
    fact_view(f, o, "key", key ? key->to->arn : STR(""));
    fact_at_exhibit(f, o, x,
                    n ? CONF "/ApplicationEncryptionConfigurationDescription"
                      : "/ApplicationDetail");
}

static void snapshots(struct fact *f)
{
    const struct exhibit *x =
        subject_exhibit(f->s, "kinesisanalytics:ListApplicationSnapshots");
    if (!x || !x->node)
        return;
    struct json *list = fact_list(f, "snapshots");
    size_t i = 0;
    for (const struct json *n = json_first(json_get(x->node, STR("SnapshotSummaries")));
         n; n = json_next(n), i++) {
        const struct json *enc =
            json_get(n, STR("ApplicationEncryptionConfigurationDescription"));
        struct str type = json_str(json_get(enc, STR("KeyType")));
        int64_t when = WHEN_NONE;
        struct json *o = fact_item(f, list);
        when_read(json_scalar(json_get(n, STR("SnapshotCreationTimestamp"))), &when);
        fact_view(f, o, "name", json_str(json_get(n, STR("SnapshotName"))));
        fact_view(f, o, "status", json_str(json_get(n, STR("SnapshotStatus"))));
        fact_view(f, o, "key_type", type.n ? type : STR("absent"));
        fact_view(f, o, "key", json_str(json_get(enc, STR("KeyId"))));
        fact_view(f, o, "created", when_text(f->a, when));
        fact_at(f, o, x->doc,
                STR_CAT(f->a, x->pointer, STR("/SnapshotSummaries/"), str_uint(f->a, i)));
    }
}

static bool is(const char *word, const char *other)
{
    return strcmp(word, other) == 0;
}

/* What all trails together say about one kind of call. */
struct covered {
    bool yes, unknown;
};

static void weigh(struct covered *c, bool region, bool sure, const char *logging,
                  const char *takes)
{
    if (!region || is(logging, "no") || is(takes, "no"))
        return;
    if (sure && is(logging, "yes") && is(takes, "yes"))
        c->yes = true;
    else if (!sure || is(logging, "unknown") || is(takes, "unknown"))
        c->unknown = true;
}

/* Were the region's trails and event data stores listed, so that absence counts? */
static bool trails_listed(struct fact *f, const char *about)
{
    static const char *const kinds[] = {"cloudtrail:DescribeTrails",
                                        "cloudtrail:ListEventDataStores"};
    bool all = true;
    for (size_t i = 0; i < 2; i++) {
        const struct exhibit *x =
            account_exhibit(f->m, f->s->account, kinds[i], f->s->region);
        if (x && document_answers(x->doc) && !x->doc->partial)
            continue;
        all = false;
        const struct subject *account = account_subject(f->m, f->s->account);
        fact_unknown(f, about, account ? account : f->s, kinds[i], f->s->region,
                     i ? "event data stores of the region are not in evidence"
                       : "trails of the region are not in evidence");
    }
    return all;
}

static const char *conclude(const struct covered *c, bool listed)
{
    return c->yes ? "yes" : c->unknown || !listed ? "unknown" : "no";
}

/* The operation that says whether it logs, or else what it records. */
static const char *told_by(const struct coverage *c, bool logging)
{
    return !is(c->kind, "trail") ? "cloudtrail:GetEventDataStore"
           : logging             ? "cloudtrail:GetTrailStatus"
                                 : "cloudtrail:GetEventSelectors";
}

void facts_trails(struct fact *f)
{
    struct json *list = fact_list(f, "trails");
    struct covered writes = {0}, reads = {0};
    for (size_t i = 0; i < f->area->ncovers; i++) {
        const struct coverage *c = f->area->covers[i].by;
        bool sure = f->area->covers[i].sure;
        bool region = c->multi_region || str_eq(c->region, f->s->region);
        struct json *o = fact_item(f, list);
        fact_view(f, o, "trail", c->subject->arn);
        fact_view(f, o, "name", c->subject->name);
        fact_z(f, o, "kind", c->kind);
        fact_bool(f, o, "covers_region", region);
        fact_z(f, o, "logging", c->logging);
        fact_z(f, o, "writes", c->writes);
        fact_z(f, o, "reads", c->reads);
        fact_view(f, o, "why", c->why);
        fact_bool(f, o, "organization", c->organization);
        fact_bool(f, o, "own_account", str_eq(c->subject->account, f->s->account));
        fact_bool(
            f, o, "validation",
            json_bool(json_get(trail_node(c->subject), STR("LogFileValidationEnabled"))));
        fact_at(f, o, c->doc, c->pointer);
        weigh(&writes, region, sure, c->logging, c->writes);
        weigh(&reads, region, sure, c->logging, c->reads);
        if (region && (is(c->logging, "unknown") || is(c->writes, "unknown")))
            fact_unknown(f, "trails", c->subject, told_by(c, is(c->logging, "unknown")),
                         STR(""), "what the trail records is not in evidence");
    }
    bool listed = (writes.yes && reads.yes) || trails_listed(f, "trails");
    fact_z(f, f->facts, "covered_writes", conclude(&writes, listed));
    fact_z(f, f->facts, "covered_reads", conclude(&reads, listed));
}

static void trails(struct fact *f)
{
    if (!f->area->facts) {
        facts_trails(f);
        return;
    }
    fact_share(f, f->area->facts, "trails");
    fact_share(f, f->area->facts, "covered_writes");
    fact_share(f, f->area->facts, "covered_reads");
}

/* What all trails together record of the calls that read and write the data of one stream
 * or bucket. */
struct data_calls {
    const struct link *link;
    struct covered reads, writes;
};

static const char *data_type(const struct subject *s)
{
    return is(s->type, "stream")   ? "AWS::Kinesis::Stream"
           : is(s->type, "bucket") ? "AWS::S3::Object"
                                   : NULL;
}

static void weigh_data(const struct fact *f, struct data_calls *d)
{
    const struct subject *to = d->link->to;
    bool bucket = is(to->type, "bucket");
    struct str arn = bucket ? str_fmt(f->scratch, "%.*s/", STR_ARG(to->arn)) : to->arn;
    struct str region = region_is(to->region) ? to->region : f->s->region;
    for (size_t i = 0; i < f->area->ncovers; i++) {
        const struct coverage *c = f->area->covers[i].by;
        bool sure = f->area->covers[i].sure;
        bool here = c->multi_region || str_eq(c->region, region);
        struct taken t = selectors_take(c->selectors, str_from(data_type(to)), arn);
        /* Without selectors of its own a trail takes management events only. */
        bool unknown = !c->selectors && is(c->writes, "unknown");
        weigh(&d->reads, here, sure, c->logging, unknown ? "unknown" : fact_yes(t.reads));
        weigh(&d->writes, here, sure, c->logging,
              unknown ? "unknown" : fact_yes(t.writes));
    }
}

static void data_events(struct fact *f)
{
    struct json *list = fact_list(f, "data_events");
    struct data_calls *v = ARENA_ARRAY(f->scratch, struct data_calls, f->s->links.n + 1);
    struct map seen = {0};
    size_t n = 0;
    bool all = true;
    for (size_t i = 0; i < f->s->links.n; i++) {
        const struct link *l = &f->s->links.v[i];
        if (!data_type(l->to))
            continue;
        void **slot = map_put(f->scratch, &seen, subject_id(l->to));
        if (*slot)
            continue;
        *slot = f;
        v[n] = (struct data_calls){.link = l};
        weigh_data(f, &v[n]);
        all = all && v[n].reads.yes && v[n].writes.yes;
        n++;
    }
    bool listed = all || trails_listed(f, "data_events");
    for (size_t i = 0; i < n; i++) {
        const struct link *l = v[i].link;
        struct json *o = fact_item(f, list);
        fact_z(f, o, "type", l->to->type);
        fact_view(f, o, "arn", l->to->arn);
        fact_view(f, o, "name", l->to->name);
        fact_z(f, o, "resource", data_type(l->to));
        fact_z(f, o, "reads", conclude(&v[i].reads, listed));
        fact_z(f, o, "writes", conclude(&v[i].writes, listed));
        fact_at_link(f, o, l);
    }
    for (size_t i = 0; i < f->area->ncovers && !all; i++) {
        const struct coverage *c = f->area->covers[i].by;
        if (is(c->writes, "unknown"))
            fact_unknown(f, "data_events", c->subject, told_by(c, false), STR(""),
                         "what the trail records is not in evidence");
        else if (is(c->logging, "unknown"))
            fact_unknown(f, "data_events", c->subject, told_by(c, true), STR(""),
                         "whether the trail logs is not in evidence");
    }
}

void facts_application(struct fact *f)
{
    const struct exhibit *x = subject_exhibit(f->s, DESCRIBE);
    identity(f);
    links(f);
    snapshots(f);
    if (!detail_of(f->s))
        return;
    code(f, x);
    logging(f, x);
    encryption(f, x);
    facts_configuration(f, x);
}

void facts_recorded(struct fact *f)
{
    trails(f);
    if (detail_of(f->s))
        data_events(f);
}
