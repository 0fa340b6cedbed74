/* Facts of trails and event data stores: status, selectors, data events, bucket, key. */
#include "model/coverage.h"
#include "model/fact.h"
#include "model/storage.h"

#include "base/when.h"

#include <string.h>

static const struct coverage *coverage_of(const struct fact *f)
{
    for (size_t i = 0; i < f->sh->ncoverage; i++)
        if (f->sh->coverage[i].subject == f->s)
            return &f->sh->coverage[i];
    return NULL;
}

/* A time member as text, and its age in days. */
static void time_member(struct fact *f, struct json *o, const char *key,
                        const char *age_key, const struct json *n)
{
    int64_t when;
    if (!n || !when_read(json_scalar(n), &when))
        return;
    fact_view(f, o, key, when_text(f->a, when));
    if (age_key)
        fact_age(f, o, age_key, "status", when);
}

static void error_member(struct fact *f, struct json *o, const char *key,
                         const struct json *node, const char *member)
{
    fact_view(f, o, key, json_str(json_get(node, str_from(member))));
}

static void status(struct fact *f, const struct coverage *c)
{
    struct json *o = fact_object(f, "status");
    fact_z(f, o, "logging", c->logging);
    const struct exhibit *x = subject_exhibit(f->s, "cloudtrail:GetTrailStatus");
    const struct json *n = x ? x->node : NULL;
    if (strcmp(c->kind, "trail") != 0) {
        x = store_exhibit(f->s);
        if (x)
            fact_view(f, o, "status", json_str(json_get(x->node, STR("Status"))));
        fact_at_exhibit(f, o, x, "");
        return;
    }
    time_member(f, o, "latest_delivery", "delivery_age_days",
                json_get(n, STR("LatestDeliveryTime")));
    time_member(f, o, "latest_digest", NULL,
                json_get(n, STR("LatestDigestDeliveryTime")));
    error_member(f, o, "delivery_error", n, "LatestDeliveryError");
    error_member(f, o, "digest_error", n, "LatestDigestDeliveryError");
    error_member(f, o, "logs_error", n, "LatestCloudWatchLogsDeliveryError");
    time_member(f, o, "started", NULL, json_get(n, STR("StartLoggingTime")));
    time_member(f, o, "stopped", NULL, json_get(n, STR("StopLoggingTime")));
    fact_at_exhibit(f, o, x, "");
}

static void selectors(struct fact *f, const struct coverage *c, const struct json *node)
{
    struct json *o = fact_object(f, "selectors"), *list;
    fact_z(f, o, "writes", c->writes);
    fact_z(f, o, "reads", c->reads);
    fact_view(f, o, "why", c->why);
    fact_bool(f, o, "kms_excluded", c->kms_excluded);
    list = json_set_literal(o, "excluded", json_new_array(f->a));
    for (const struct json *n = json_first(json_get(node, STR("EventSelectors"))); n;
         n = json_next(n))
        for (const struct json *e =
                 json_first(json_get(n, STR("ExcludeManagementEventSources")));
             e; e = json_next(e))
            json_push(list, json_new_ref(f->a, e));
    for (const struct json *n = json_first(json_get(node, STR("AdvancedEventSelectors")));
         n; n = json_next(n))
        for (const struct json *e = json_first(json_get(n, STR("FieldSelectors"))); e;
             e = json_next(e))
            if (str_eq(json_str(json_get(e, STR("Field"))), STR("eventSource")))
                for (const struct json *v = json_first(json_get(e, STR("NotEquals"))); v;
                     v = json_next(v))
                    json_push(list, json_new_ref(f->a, v));
    fact_at(f, o, c->doc, c->pointer);
}

/* One data event selector. */
static void data_event(struct fact *f, struct json *list, struct str type, bool all,
                       const char *read_write, const struct coverage *c)
{
    struct json *o = fact_item(f, list);
    fact_view(f, o, "type", type);
    fact_z(f, o, "scope", all ? "all" : "arns");
    fact_z(f, o, "read_write", read_write);
    fact_at(f, o, c->doc, c->pointer);
}

static void data_events_basic(struct fact *f, struct json *list, const struct json *entry,
                              const struct coverage *c)
{
    struct str rw = json_str(json_get(entry, STR("ReadWriteType")));
    const char *word = str_eq(rw, STR("ReadOnly"))    ? "read"
                       : str_eq(rw, STR("WriteOnly")) ? "write"
                                                      : "all";
    for (const struct json *d = json_first(json_get(entry, STR("DataResources"))); d;
         d = json_next(d)) {
        bool all = false;
        for (const struct json *v = json_first(json_get(d, STR("Values"))); v;
             v = json_next(v)) {
            struct str s = json_str(v);
            /* "arn:aws:s3" stands for every object, "arn:aws:lambda" every function. */
            struct arn_parts parts;
            all = all || (str_starts(s, STR("arn:")) && !arn_parts_read(s, &parts));
        }
        data_event(f, list, json_str(json_get(d, STR("Type"))), all, word, c);
    }
}

static void data_events_advanced(struct fact *f, struct json *list,
                                 const struct json *entry, const struct coverage *c)
{
    struct str type = STR("");
    bool data = false, all = true;
    const char *word = "all";
    for (const struct json *n = json_first(json_get(entry, STR("FieldSelectors"))); n;
         n = json_next(n)) {
        struct str field = json_str(json_get(n, STR("Field")));
        struct str first = json_str(json_first(json_get(n, STR("Equals"))));
        if (str_eq(field, STR("eventCategory")))
            data = str_eq(first, STR("Data"));
        else if (str_eq(field, STR("resources.type")))
            type = first;
        else if (str_eq(field, STR("readOnly")))
            word = str_eq(first, STR("true")) ? "read" : "write";
        else
            all = false;
    }
    if (data)
        data_event(f, list, type, all, word, c);
}

static void data_events(struct fact *f, const struct coverage *c, const struct json *node)
{
    struct json *list = fact_list(f, "data_events");
    for (const struct json *n = json_first(json_get(node, STR("EventSelectors"))); n;
         n = json_next(n))
        data_events_basic(f, list, n, c);
    for (const struct json *n = json_first(json_get(node, STR("AdvancedEventSelectors")));
         n; n = json_next(n))
        data_events_advanced(f, list, n, c);
}

/* Alarms with actions on the log group that a trail writes to. */
static size_t alarms_on(const struct fact *f, const struct subject *group)
{
    size_t n = 0;
    const struct subject *account = account_subject(f->m, group->account);
    const char *kind = "logs:DescribeMetricFilters";
    const struct exhibit *x = account ? subject_exhibit(account, kind) : NULL;
    for (; exhibit_goes_on(account, x, kind); x++)
        for (const struct json *m = json_first(json_get(x->node, STR("metricFilters")));
             m; m = json_next(m))
            n += str_eq(x->doc->region, group->region) &&
                 str_eq(json_str(json_get(m, STR("logGroupName"))), group->name);
    return n;
}

/* What would tell how the trail's bucket is protected. */
static void ask_bucket(struct fact *f, const struct subject *bucket,
                       const struct bucket_state *state)
{
    static const char *const kinds[] = {"s3:GetBucketPolicyStatus",
                                        "s3:GetPublicAccessBlock", "s3:GetBucketAcl",
                                        "s3:GetBucketEncryption"};
    for (size_t i = 0; i < 4; i++) {
        const char *side = i < 3 ? state->public : state->encrypted;
        if (strcmp(side, "unknown") == 0 && subject_missing(f->m, bucket, kinds[i]))
            fact_unknown(f, "bucket", bucket, kinds[i], STR(""),
                         i < 3
                             ? "whether the trail's bucket is public is not in evidence"
                             : "how the trail's bucket is encrypted is not in evidence");
    }
}

/* Do the selectors of another trail, whose log files are kept elsewhere, or of an event
 * data store take every read and write of the bucket's objects? What lands in the same
 * bucket goes with it. asked: one of which that is not in evidence, or NULL. */
static const struct subject *recorder(const struct fact *f, const struct subject *bucket,
                                      const struct coverage **asked)
{
    struct str objects = str_fmt(f->scratch, "%.*s/", STR_ARG(bucket->arn));
    *asked = NULL;
    for (size_t i = 0; i < f->sh->ncoverage; i++) {
        const struct coverage *c = &f->sh->coverage[i];
        const struct link *own = subject_link(c->subject, "bucket");
        bool here = c->multi_region || str_eq(c->region, bucket->region);
        if (c->subject == f->s || (own && own->to == bucket) || !here ||
            strcmp(c->logging, "no") == 0 || !coverage_sure(f->m, c, bucket))
            continue;
        struct taken t = selectors_take(c->selectors, STR("AWS::S3::Object"), objects);
        bool known = strcmp(c->logging, "yes") == 0;
        if (known && t.reads && t.writes)
            return c->subject;
        if ((t.reads && t.writes) || (!c->selectors && strcmp(c->writes, "unknown") == 0))
            *asked = c;
    }
    return NULL;
}

static void ask_recorder(struct fact *f, const struct coverage *c)
{
    bool trail = strcmp(c->kind, "trail") == 0;
    bool status = strcmp(c->logging, "unknown") == 0;
    fact_unknown(f, "bucket_access", c->subject,
                 !trail   ? "cloudtrail:GetEventDataStore"
                 : status ? "cloudtrail:GetTrailStatus"
                          : "cloudtrail:GetEventSelectors",
                 STR(""),
                 "whether another trail records what is done with the objects of the "
                 "trail's bucket is not in evidence");
}

/* Who reads the log files, or does away with them, has to show somewhere. */
static void bucket_access(struct fact *f, const struct subject *bucket)
{
    const struct exhibit *x = subject_exhibit(bucket, "s3:GetBucketLogging");
    bool known = x && document_answers(x->doc);
    struct str target = json_str(
        json_dig(known ? x->node : NULL, "LoggingEnabled", "TargetBucket", NULL));
    const struct coverage *asked;
    const struct subject *by = recorder(f, bucket, &asked);
    struct json *o = fact_object(f, "bucket_access");
    fact_view(f, o, "arn", bucket->arn);
    fact_view(f, o, "name", bucket->name);
    fact_z(f, o, "logged", known ? fact_yes(target.n > 0) : "unknown");
    fact_view(f, o, "target", target);
    fact_z(f, o, "recorded", by ? "yes" : asked ? "unknown" : "no");
    fact_view(f, o, "by", by ? by->arn : STR(""));
    fact_at_exhibit(f, o, known ? x : NULL, "");
    if (by || target.n)
        return;
    if (!known)
        fact_unknown(f, "bucket_access", bucket, "s3:GetBucketLogging", STR(""),
                     "whether access to the trail's bucket is logged is not in evidence");
    if (asked)
        ask_recorder(f, asked);
}

static void destinations(struct fact *f)
{
    const struct exhibit *x = trail_exhibit(f->s);
    const struct link *bucket = subject_link(f->s, "bucket");
    const struct link *key = subject_link(f->s, "key");
    const struct link *group = subject_link(f->s, "log-group");
    struct json *o;
    if (bucket) {
        o = fact_object(f, "bucket");
        fact_view(f, o, "arn", bucket->to->arn);
        fact_view(f, o, "name", bucket->to->name);
        struct bucket_state state = bucket_state(f, bucket->to);
        fact_z(f, o, "public", state.public);
        fact_z(f, o, "encrypted", state.encrypted);
        fact_z(f, o, "versioning", state.versioning);
        fact_at_link(f, o, bucket);
        ask_bucket(f, bucket->to, &state);
        bucket_access(f, bucket->to);
    }
    fact_view(f, f->facts, "key", key ? key->to->arn : STR(""));
    o = fact_object(f, "cloudwatch");
    fact_view(f, o, "log_group", group ? group->to->arn : STR(""));
    fact_num(f, o, "alarms", group ? (double)alarms_on(f, group->to) : 0);
    if (group)
        fact_at_link(f, o, group);
    else
        fact_at_exhibit(f, o, x, "");
}

static void covers(struct fact *f, const struct coverage *c)
{
    struct json *list = fact_list(f, "covers");
    const struct area *area = NULL;
    bool here = false;
    for (size_t i = 0; i < f->m->n; i++) {
        const struct subject *s = f->m->v[i];
        if (!subject_is(s, "application"))
            break; /* applications come first */
        if (area != f->sh->areas[i])
            here = coverage_concerns(f->m, c, s) &&
                   (c->multi_region || str_eq(c->region, s->region));
        area = f->sh->areas[i];
        if (here)
            json_push(list, json_new_view(f->a, s->arn));
    }
}

void facts_trail(struct fact *f)
{
    const struct coverage *c = coverage_of(f);
    if (!c)
        return;
    bool trail = strcmp(c->kind, "trail") == 0;
    const struct exhibit *x = trail ? trail_exhibit(f->s) : store_exhibit(f->s);
    const struct json *node = trail ? trail_node(f->s) : x ? x->node : NULL;
    const struct json *sel =
        trail ? subject_answer(f->s, "cloudtrail:GetEventSelectors") : node;
    status(f, c);
    selectors(f, c, sel);
    data_events(f, c, sel);
    fact_bool(f, f->facts, "multi_region", c->multi_region);
    fact_bool(f, f->facts, "organization", c->organization);
    fact_view(f, f->facts, "home_region", c->region);
    if (trail) {
        fact_bool(f, f->facts, "validation",
                  json_bool(json_get(node, STR("LogFileValidationEnabled"))));
        fact_bool(f, f->facts, "global_events",
                  json_bool(json_get(node, STR("IncludeGlobalServiceEvents"))));
        destinations(f);
    } else {
        const struct link *key = subject_link(f->s, "key");
        fact_view(f, f->facts, "key", key ? key->to->arn : STR(""));
        fact_num(f, f->facts, "retention_days",
                 json_num(json_get(node, STR("RetentionPeriod"))));
        fact_bool(f, f->facts, "termination_protection",
                  json_bool(json_get(node, STR("TerminationProtectionEnabled"))));
    }
    covers(f, c);
    if (strcmp(c->writes, "unknown") == 0)
        fact_unknown(f, "selectors", f->s,
                     trail ? "cloudtrail:GetEventSelectors"
                           : "cloudtrail:GetEventDataStore",
                     STR(""), "which events it takes is not in evidence");
    if (strcmp(c->logging, "unknown") == 0)
        fact_unknown(f, "status", f->s,
                     trail ? "cloudtrail:GetTrailStatus" : "cloudtrail:GetEventDataStore",
                     STR(""), "whether it logs now is not in evidence");
}
