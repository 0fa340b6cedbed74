/* Facts of accounts and users: access keys, root, public access block, analyzers, alarms.
 */
#include "model/fact.h"

#include "base/buf.h"
#include "base/when.h"

#include <string.h>

#define REPORT "iam:GetCredentialReport"

/* Does an application of the account work with this service? Then a key that was used
 * there may well be a workload's. Some names of IAM differ from those in ARNs. */
static const char *is_application_service(const struct fact *f, struct str account,
                                          struct str service)
{
    static const char *const others[][2] = {{"kafka-cluster", "kafka"},
                                            {"kinesisanalyticsv2", "kinesisanalytics"},
                                            {"opensearch", "es"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_eq(service, str_from(others[i][0])))
            service = str_from(others[i][1]);
    const struct applications *apps = account_applications(f->m, account);
    bool is = apps && map_get(&apps->services, service);
    /* What an application works with is not known without its description. */
    bool open = service.n && map_get(&f->m->undescribed, account);
    return is ? "yes" : open ? "unknown" : "no";
}

/* What is known of one access key, from whichever source. */
struct key {
    struct str id, status, created, last_used, service, region;
    bool active;
    const struct document *doc;
    struct str pointer;
};

static struct str known(struct str s)
{
    static const char *const none[] = {"N/A", "no_information", "not_supported"};
    for (size_t i = 0; i < 3; i++)
        if (str_eq(s, str_from(none[i])))
            return STR("");
    return s;
}

static void write_key(struct fact *f, struct json *list, const struct key *k,
                      const struct subject *user, bool name_user)
{
    struct json *o = fact_item(f, list);
    int64_t when;
    bool created = when_read(k->created, &when);
    struct str last = k->id.n > 4 ? str_sub(k->id, k->id.n - 4, k->id.n) : STR("");
    if (name_user)
        fact_view(f, o, "user", user->name);
    /* An id alone is no secret, but a report need not spread it. */
    fact_view(f, o, "id",
              k->id.n >= 16 ? str_fmt(f->a, "%.*s…%.*s", 4, k->id.p, STR_ARG(last))
                            : k->id);
    fact_view(f, o, "status", k->status);
    fact_bool(f, o, "active", k->active);
    fact_view(f, o, "created", created ? when_text(f->a, when) : STR(""));
    if (created)
        fact_age(f, o, "age_days", "access_keys", when);
    bool used = when_read(k->last_used, &when);
    fact_view(f, o, "last_used", used ? when_text(f->a, when) : STR(""));
    if (used)
        fact_age(f, o, "last_used_days", NULL, when);
    fact_view(f, o, "last_service", known(k->service));
    fact_view(f, o, "last_region", known(k->region));
    fact_z(f, o, "used_by_application_services",
           is_application_service(f, user->account, known(k->service)));
    fact_at(f, o, k->doc, k->pointer);
}

static const struct json *last_used_of(const struct subject *user, struct str id)
{
    const char *kind = "iam:GetAccessKeyLastUsed";
    const struct exhibit *x = subject_exhibit(user, kind);
    for (; exhibit_goes_on(user, x, kind); x++)
        if (str_eq(x->doc->name2, id))
            return json_get(x->node, STR("AccessKeyLastUsed"));
    return NULL;
}

static struct str cell(const struct json *row, const char *prefix, int i,
                       const char *name)
{
    struct buf key = BUF_INIT;
    buf_fmt(&key, "%s%d%s", prefix, i, name);
    struct str v = json_str(json_get(row, buf_view(&key)));
    buf_free(&key);
    return v;
}

/* One of the two keys of a row of the credential report: without id. */
static struct key report_key(struct fact *f, const struct part *row, int i)
{
    struct str active = cell(row->node, "access_key_", i, "_active");
    struct key k = {
        .id = str_fmt(f->a, "%d", i),
        .active = str_eq_nocase(active, STR("true")),
        .created = cell(row->node, "access_key_", i, "_last_rotated"),
        .last_used = cell(row->node, "access_key_", i, "_last_used_date"),
        .service = cell(row->node, "access_key_", i, "_last_used_service"),
        .region = cell(row->node, "access_key_", i, "_last_used_region"),
        .doc = row->doc,
        .pointer = row->pointer,
    };
    k.status = k.active ? STR("Active") : STR("Inactive");
    return k;
}

/* Do two rows of a user say the same of a key? */
static bool same_key(const struct key *x, const struct key *y)
{
    return x->active == y->active && str_eq(x->created, y->created) &&
           str_eq(x->last_used, y->last_used) && str_eq(x->service, y->service);
}

/* The keys of a user's rows, each once. */
static void report_keys(struct fact *f, struct json *list, const struct parts *rows,
                        const struct subject *user, bool name_user)
{
    for (size_t r = 0; r < rows->list.n; r++)
        for (int i = 1; i <= 2; i++) {
            struct key k = report_key(f, &rows->list.v[r], i);
            bool again = false;
            for (size_t p = 0; p < r && !again; p++) {
                struct key before = report_key(f, &rows->list.v[p], i);
                again = same_key(&before, &k);
            }
            if (!again && (k.active || known(k.created).n))
                write_key(f, list, &k, user, name_user);
        }
}

static const struct parts *report_rows(const struct fact *f, struct str account,
                                       struct str user)
{
    struct buf key = BUF_INIT;
    buf_fmt(&key, "%.*s|%.*s", STR_ARG(account), STR_ARG(user));
    const struct parts *rows = map_get(&f->sh->reports, buf_view(&key));
    buf_free(&key);
    return rows;
}

/* When and where a key was last used, by the report: the key that was made when this one
 * was. */
static bool used_by_report(struct fact *f, const struct parts *rows, struct key *k)
{
    int64_t made, when;
    if (!rows || !when_read(k->created, &made))
        return false;
    for (size_t r = 0; r < rows->list.n; r++)
        for (int i = 1; i <= 2; i++) {
            struct key other = report_key(f, &rows->list.v[r], i);
            if (!when_read(other.created, &when) || when != made)
                continue;
            k->last_used = other.last_used;
            k->service = other.service;
            k->region = other.region;
            return true;
        }
    return false;
}

void facts_user_keys(struct fact *f, struct json *list, const struct subject *user,
                     bool name_user)
{
    const struct exhibit *x = subject_exhibit(user, "iam:ListAccessKeys");
    const struct parts *rows = report_rows(f, user->account, user->name);
    if (!x || !x->node) {
        if (rows)
            report_keys(f, list, rows, user, name_user);
        return;
    }
    size_t i = 0;
    for (const struct json *n = json_first(json_get(x->node, STR("AccessKeyMetadata")));
         n; n = json_next(n), i++) {
        struct key k = {.id = json_str(json_get(n, STR("AccessKeyId"))),
                        .status = json_str(json_get(n, STR("Status"))),
                        .created = json_scalar(json_get(n, STR("CreateDate"))),
                        .doc = x->doc};
        const struct json *last = last_used_of(user, k.id);
        k.active = str_eq(k.status, STR("Active"));
        k.last_used = json_scalar(json_get(last, STR("LastUsedDate")));
        k.service = json_str(json_get(last, STR("ServiceName")));
        k.region = json_str(json_get(last, STR("Region")));
        bool by_report = !last && used_by_report(f, rows, &k);
        k.pointer = str_fmt(f->a, "%.*s/AccessKeyMetadata/%zu", STR_ARG(x->pointer), i);
        write_key(f, list, &k, user, name_user);
        if (!last && k.active && !by_report && !name_user)
            fact_unknown_part(
                f, "access_keys", user, "iam:GetAccessKeyLastUsed", k.id,
                "when and where an active access key was last used is not in "
                "evidence");
    }
}

void facts_user(struct fact *f)
{
    facts_user_keys(f, fact_list(f, "access_keys"), f->s, false);
}

static void root_keys(struct fact *f)
{
    const struct exhibit *x = subject_exhibit(f->s, "iam:GetAccountSummary");
    const struct json *n =
        x ? json_dig(x->node, "SummaryMap", "AccountAccessKeysPresent", NULL) : NULL;
    const struct parts *rows = report_rows(f, f->s->account, STR("<root_account>"));
    struct json *o = fact_object(f, "root_keys");
    if (n) {
        fact_z(f, o, "present", fact_yes(json_num(n) > 0));
        fact_z(f, o, "source", "account summary");
        fact_at_exhibit(f, o, x, "/SummaryMap/AccountAccessKeysPresent");
    } else if (rows) {
        bool on = false;
        for (size_t r = 0; r < rows->list.n; r++)
            on = on || report_key(f, &rows->list.v[r], 1).active ||
                 report_key(f, &rows->list.v[r], 2).active;
        fact_z(f, o, "present", fact_yes(on));
        fact_z(f, o, "source", "credential report");
        fact_at(f, o, rows->list.v[0].doc, rows->list.v[0].pointer);
    } else {
        fact_z(f, o, "present", "unknown");
        fact_z(f, o, "source", "");
        fact_unknown(f, "root_keys", f->s, "iam:GetAccountSummary", STR(""),
                     "whether the root user has access keys is not in evidence");
    }
}

static void all_keys(struct fact *f)
{
    struct json *list = fact_list(f, "access_keys");
    for (size_t i = 0; i < f->m->n; i++) {
        const struct subject *s = f->m->v[i];
        if (strcmp(s->type, "user") == 0 && str_eq(s->account, f->s->account))
            facts_user_keys(f, list, s, true);
    }
}

/* How many keys of a user are active; false when that is not known. */
static bool active_keys(struct fact *f, const struct subject *user, size_t *n)
{
    const struct exhibit *x = subject_exhibit(user, "iam:ListAccessKeys");
    const struct parts *rows = report_rows(f, user->account, user->name);
    const struct json *list = x ? json_get(x->node, STR("AccessKeyMetadata")) : NULL;
    *n = 0;
    for (const struct json *k = json_first(list); k; k = json_next(k))
        *n += str_eq(json_str(json_get(k, STR("Status"))), STR("Active"));
    for (size_t r = 0; !list && rows && r < rows->list.n; r++) {
        size_t both = (size_t)report_key(f, &rows->list.v[r], 1).active +
                      report_key(f, &rows->list.v[r], 2).active;
        *n = both > *n ? both : *n;
    }
    return list || rows;
}

/* Users with more than one active key: one of them is forgotten, or shared. */
static void double_keys(struct fact *f)
{
    struct json *list = fact_list(f, "double_keys");
    for (size_t i = 0; i < f->m->n; i++) {
        const struct subject *s = f->m->v[i];
        size_t n;
        if (strcmp(s->type, "user") != 0 || !str_eq(s->account, f->s->account))
            continue;
        if (!active_keys(f, s, &n)) {
            fact_unknown(f, "double_keys", s, "iam:ListAccessKeys", STR(""),
                         "a user's access keys are not in evidence");
            continue;
        }
        if (n < 2)
            continue;
        const struct exhibit *x = subject_exhibit(s, "iam:ListAccessKeys");
        struct json *o = fact_item(f, list);
        fact_view(f, o, "user", s->name);
        fact_num(f, o, "keys", (double)n);
        fact_at_exhibit(f, o, x && x->node ? x : subject_exhibit(s, REPORT), "");
    }
}

static void public_access(struct fact *f)
{
    const struct exhibit *x = subject_exhibit(f->s, "s3control:GetPublicAccessBlock");
    if (!x || !document_answers(x->doc))
        return;
    static const char *const names[][2] = {
        {"block_public_acls", "BlockPublicAcls"},
        {"ignore_public_acls", "IgnorePublicAcls"},
        {"block_public_policy", "BlockPublicPolicy"},
        {"restrict_public_buckets", "RestrictPublicBuckets"}};
    const struct json *n = json_get(x->node, STR("PublicAccessBlockConfiguration"));
    struct json *o = fact_object(f, "public_access_block");
    bool all = true;
    for (size_t i = 0; i < 4; i++) {
        bool on = json_bool(json_get(n, str_from(names[i][1])));
        fact_bool(f, o, names[i][0], on);
        all = all && on;
    }
    fact_bool(f, o, "all", all);
    fact_at_exhibit(f, o, x, n ? "/PublicAccessBlockConfiguration" : "");
}

static void applications(struct fact *f)
{
    struct json *o = fact_object(f, "applications");
    struct json *missing = json_new_array(f->a), *regions = json_new_array(f->a);
    const struct applications *apps = account_applications(f->m, f->s->account);
    size_t listed = apps ? apps->list.n : 0, described = 0;
    struct str last = STR("");
    for (size_t i = 0; i < listed; i++) {
        const struct subject *s = apps->list.v[i];
        if (subject_answer(s, "kinesisanalytics:DescribeApplication"))
            described++;
        else
            json_push(missing, json_new_view(f->a, s->arn));
        if (!str_eq(last, s->region))
            json_push(regions, json_new_view(f->a, s->region));
        last = s->region;
    }
    const struct exhibit *x = subject_exhibit(f->s, "kinesisanalytics:ListApplications");
    fact_num(f, o, "listed", (double)listed);
    fact_num(f, o, "described", (double)described);
    json_set_literal(o, "regions", regions);
    json_set_literal(o, "undescribed", missing);
    fact_at_exhibit(f, o, x, "");
}

static void analyzers(struct fact *f)
{
    const char *kind = "accessanalyzer:ListAnalyzers";
    struct json *list = fact_list(f, "analyzers");
    const struct exhibit *x = subject_exhibit(f->s, kind);
    for (; exhibit_goes_on(f->s, x, kind); x++) {
        size_t i = 0;
        for (const struct json *n = json_first(json_get(x->node, STR("analyzers"))); n;
             n = json_next(n), i++) {
            struct str type = json_str(json_get(n, STR("type")));
            struct str status = json_str(json_get(n, STR("status")));
            struct json *o = fact_item(f, list);
            fact_view(f, o, "arn", json_str(json_get(n, STR("arn"))));
            fact_view(f, o, "type", type);
            fact_view(f, o, "status", status);
            fact_view(f, o, "region", x->doc->region);
            fact_bool(f, o, "external",
                      str_eq(type, STR("ACCOUNT")) || str_eq(type, STR("ORGANIZATION")));
            fact_bool(f, o, "active", str_eq(status, STR("ACTIVE")));
            fact_at(f, o, x->doc, str_fmt(f->a, "/analyzers/%zu", i));
        }
    }
}

/* Is there an active analyzer for external access in the region? x: the region's answer.
 */
static bool watched(const struct exhibit *x)
{
    for (const struct json *n = json_first(json_get(x->node, STR("analyzers"))); n;
         n = json_next(n)) {
        struct str type = json_str(json_get(n, STR("type")));
        if (str_eq(json_str(json_get(n, STR("status"))), STR("ACTIVE")) &&
            (str_eq(type, STR("ACCOUNT")) || str_eq(type, STR("ORGANIZATION"))))
            return true;
    }
    return false;
}

static void region(struct fact *f, struct json *list, struct str name, size_t count)
{
    const char *kind = "accessanalyzer:ListAnalyzers";
    const struct exhibit *x = account_exhibit(f->m, f->s->account, kind, name);
    bool yes = x && watched(x);
    bool no = x && !yes && document_answers(x->doc) && !x->doc->partial;
    struct json *o = fact_item(f, list);
    fact_view(f, o, "region", name);
    fact_num(f, o, "applications", (double)count);
    fact_z(f, o, "analyzer", yes ? "yes" : no ? "no" : "unknown");
    fact_at_exhibit(f, o, x, "");
    if (!yes && !no)
        fact_unknown(f, "regions", f->s, kind, name,
                     "analyzers of a region with applications are not in evidence");
}

/* The regions in which the account has applications. */
static void regions(struct fact *f)
{
    struct json *list = fact_list(f, "regions");
    const struct applications *apps = account_applications(f->m, f->s->account);
    const struct subject *last = NULL;
    size_t count = 0;
    for (size_t i = 0; apps && i < apps->list.n; i++) {
        const struct subject *s = apps->list.v[i];
        if (last && !str_eq(last->region, s->region)) {
            region(f, list, last->region, count);
            count = 0;
        }
        last = s;
        count++;
    }
    if (last)
        region(f, list, last->region, count);
}

/* Does the alarm do anything? */
static bool tells(const struct json *alarm)
{
    return json_bool(json_get(alarm, STR("ActionsEnabled"))) &&
           json_size(json_get(alarm, STR("AlarmActions")));
}

/* The alarm on a metric in a region: one with actions, if there is one. */
static const struct json *alarm_of(const struct fact *f, struct str region,
                                   struct str space, struct str metric)
{
    const char *kind = "cloudwatch:DescribeAlarms";
    const struct exhibit *x = subject_exhibit(f->s, kind);
    const struct json *found = NULL;
    for (; exhibit_goes_on(f->s, x, kind); x++)
        for (const struct json *n = json_first(json_get(x->node, STR("MetricAlarms"))); n;
             n = json_next(n))
            if (str_eq(x->doc->region, region) &&
                str_eq(json_str(json_get(n, STR("MetricName"))), metric) &&
                str_eq(json_str(json_get(n, STR("Namespace"))), space)) {
                found = n;
                if (tells(n))
                    return n;
            }
    return found;
}

static void alarm(struct fact *f, struct json *list, const struct exhibit *x,
                  const struct json *filter, size_t i)
{
    const struct json *t = json_first(json_get(filter, STR("metricTransformations")));
    const struct json *n =
        alarm_of(f, x->doc->region, json_str(json_get(t, STR("metricNamespace"))),
                 json_str(json_get(t, STR("metricName"))));
    struct str pattern = json_str(json_get(filter, STR("filterPattern")));
    struct json *o = fact_item(f, list);
    fact_view(f, o, "filter", json_str(json_get(filter, STR("filterName"))));
    fact_view(f, o, "pattern", pattern);
    fact_view(f, o, "log_group", json_str(json_get(filter, STR("logGroupName"))));
    fact_view(f, o, "region", x->doc->region);
    fact_view(f, o, "alarm", json_str(json_get(n, STR("AlarmName"))));
    fact_bool(f, o, "actions_enabled", tells(n));
    fact_bool(f, o, "watches_service", str_has(pattern, STR("kinesisanalytics")));
    fact_bool(f, o, "watches_trail",
              str_has(pattern, STR("StopLogging")) ||
                  str_has(pattern, STR("DeleteTrail")) ||
                  str_has(pattern, STR("cloudtrail.amazonaws.com")));
    fact_at(f, o, x->doc, str_fmt(f->a, "/metricFilters/%zu", i));
}

static void alarms(struct fact *f)
{
    const char *kind = "logs:DescribeMetricFilters";
    struct json *list = fact_list(f, "alarms");
    const struct exhibit *x = subject_exhibit(f->s, kind);
    for (; exhibit_goes_on(f->s, x, kind); x++) {
        size_t i = 0;
        for (const struct json *n = json_first(json_get(x->node, STR("metricFilters")));
             n; n = json_next(n), i++)
            alarm(f, list, x, n, i);
    }
}

void facts_account_keys(struct fact *f)
{
    root_keys(f);
    all_keys(f);
    double_keys(f);
}

void facts_account(struct fact *f)
{
    public_access(f);
    applications(f);
    analyzers(f);
    regions(f);
    alarms(f);
}
