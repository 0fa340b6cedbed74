/* Granted minus used. */
#include "iam/use.h"

#include <stdlib.h>

enum { WINDOW_DAYS = 90, REMEMBERED_DAYS = 400 };

const char *use_value_name(enum use_value v)
{
    static const char *const names[] = {"used", "attempted", "denied", "unused",
                                        "unknown"};
    return names[v];
}

/* clang-format off */
/* Data events (CloudTrail User Guide): recorded only where a trail selects them. */
static const char *const data_actions[] = {
    "cloudwatch:PutMetricData", "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:DeleteItem",
    "dynamodb:GetItem", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:PartiQL*", "dynamodb:PutItem",
    "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem", "kinesis:GetRecords", "kinesis:GetShardIterator",
    "kinesis:PutRecord", "kinesis:PutRecords", "kinesis:SubscribeToShard", "kinesis:ListShards",
    "lambda:Invoke*", "logs:PutLogEvents", "logs:GetLogEvents", "logs:FilterLogEvents", "s3:AbortMultipartUpload",
    "s3:DeleteObject*", "s3:GetObject*", "s3:ListBucket", "s3:ListBucketMultipartUploads",
    "s3:ListBucketVersions", "s3:ListMultipartUploadParts", "s3:PutObject*", "s3:RestoreObject", "sns:Publish",
    "sqs:ChangeMessageVisibility*", "sqs:DeleteMessage*", "sqs:ReceiveMessage", "sqs:SendMessage*",
};

/* Calls that leave no record at all. */
static const char *const silent_actions[] = {
    "aps:RemoteWrite", "es:ESHttp*", "execute-api:Invoke", "firehose:PutRecord", "firehose:PutRecordBatch",
    "iam:PassRole", "kafka-cluster:AlterGroup", "kafka-cluster:AlterTransactionalId", "kafka-cluster:Connect",
    "kafka-cluster:DescribeCluster", "kafka-cluster:DescribeGroup", "kafka-cluster:DescribeTopic",
    "kafka-cluster:DescribeTransactionalId", "kafka-cluster:ReadData", "kafka-cluster:WriteData",
    "kafka-cluster:WriteDataIdempotently", "rds-db:connect",
};
/* clang-format on */

/* Events of one action, successful and refused. */
struct seen {
    uint32_t row;
    const struct use_event *event;
};

struct use {
    const struct use_evidence *ev;
    struct seen *seen; /* sorted by row, then time */
    size_t nseen;
    struct action_set data, silent;
};

static int by_row(const void *p, const void *q)
{
    const struct seen *x = p, *y = q;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x->event->when > y->event->when) - (x->event->when < y->event->when);
}

struct use *use_index(struct iam *x, const struct use_evidence *ev)
{
    struct use *u = ARENA_NEW(x->a, struct use);
    VEC(struct seen) v = {0};
    u->ev = ev;
    for (size_t i = 0; i < ev->nevents; i++) {
        size_t n;
        const struct str *names = actions_of_event(x->a, x->table, ev->events[i].source,
                                                   ev->events[i].name, &n);
        for (size_t k = 0; k < n; k++) {
            uint32_t row = action_set_next(iam_actions(x, names[k]), 0);
            if (row != UINT32_MAX)
                *vec_push(x->a, &v) = (struct seen){row, &ev->events[i]};
        }
    }
    if (v.n)
        qsort(v.v, v.n, sizeof *v.v, by_row);
    u->seen = v.v;
    u->nseen = v.n;
    u->data =
        *iam_actions_all(x, data_actions, sizeof data_actions / sizeof *data_actions);
    u->silent = *iam_actions_all(x, silent_actions,
                                 sizeof silent_actions / sizeof *silent_actions);
    return u;
}

static size_t first_of(const struct use *u, uint32_t row)
{
    size_t lo = 0, hi = u->nseen;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (u->seen[mid].row < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Fill in what the events of the action say; true when there was any. */
static bool from_events(struct iam *x, const struct use *u, uint32_t row,
                        struct use_row *out)
{
    bool any = false;
    VEC(struct str) resources = {0};
    for (size_t i = first_of(u, row); i < u->nseen && u->seen[i].row == row; i++) {
        const struct use_event *e = u->seen[i].event;
        any = true;
        if (e->denied)
            continue;
        out->events++;
        out->last = e->when;
        bool known = !e->resource.n;
        for (size_t k = 0; k < resources.n && !known; k++)
            known = str_eq(resources.v[k], e->resource);
        if (!known)
            *vec_push(x->a, &resources) = e->resource;
    }
    out->resources = resources.v;
    out->nresources = resources.n;
    return any;
}

static const struct use_service *service_of(const struct use *u, struct str prefix)
{
    for (size_t i = 0; u->ev->has_last_accessed && i < u->ev->nservices; i++)
        if (str_eq_nocase(u->ev->services[i].prefix, prefix))
            return &u->ev->services[i];
    return NULL;
}

/* Days that the role is there, at most what IAM remembers; -1: not known. */
static int64_t age_days(const struct use_evidence *ev)
{
    if (ev->role_created == WHEN_NONE || ev->now == WHEN_NONE)
        return -1;
    int64_t days = when_days(ev->role_created, ev->now);
    return days < REMEMBERED_DAYS ? days : REMEMBERED_DAYS;
}

/* Services that record their events in one region of the partition only. */
static bool is_global(const struct action *act)
{
    static const char *const prefixes[] = {
        "account", "cloudfront", "globalaccelerator", "iam", "organizations", "route53",
        "sts",     "support"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (str_eq(act->service->prefix, str_from(prefixes[i])))
            return true;
    return false;
}

/* For how many days CloudTrail evidence would have shown this action; -1: not at all. */
static int64_t watched_days(const struct use *u, const struct action *act,
                            enum use_sight sight)
{
    const struct use_evidence *ev = u->ev;
    if (sight == USE_NEVER || ev->from == WHEN_NONE || ev->to == WHEN_NONE ||
        (is_global(act) && !ev->global_events))
        return -1;
    bool seen = sight == USE_MANAGEMENT;
    for (size_t i = 0; i < ev->ndata_services && !seen; i++)
        seen = str_eq_nocase(ev->data_services[i], act->service->prefix);
    return seen ? when_days(ev->from, ev->to) : -1;
}

static void idle(struct use_row *out, int64_t days, const char *why)
{
    if (days <= out->idle_days)
        return;
    out->idle_days = days;
    out->why = why;
}

static void judge_unseen(const struct use *u, const struct action *act,
                         struct use_row *out)
{
    const struct use_evidence *ev = u->ev;
    int64_t window = ev->window_days ? ev->window_days : WINDOW_DAYS, age = age_days(ev);
    int64_t watched = watched_days(u, act, out->sight);
    const struct use_service *sv = service_of(u, act->service->prefix);
    bool tracked = false;
    out->idle_days = -1;
    /* Checked inside other calls: the service it belongs to does not see it. */
    if (act->permission_only && !str_eq(act->service->prefix, STR("kafka-cluster")))
        sv = NULL;
    if (sv && sv->last == WHEN_NONE)
        idle(out, age, "the service was never accessed in the period");
    else if (sv)
        idle(out, when_days(sv->last, ev->now), "the service was last accessed then");
    for (size_t i = 0; sv && sv->last != WHEN_NONE && i < sv->nactions; i++) {
        if (!str_eq_nocase(sv->actions[i].name, act->name))
            continue;
        out->last = sv->actions[i].last;
        tracked = out->last != WHEN_NONE;
        if (tracked) {
            out->idle_days = when_days(out->last, ev->now);
            out->why = "last accessed; whether it was allowed is not said";
        } else {
            idle(out, age, "the action is tracked and was never accessed");
        }
    }
    if (!tracked)
        idle(out, watched < age ? watched : age, "no event in the records");
    out->value = out->idle_days >= window ? USE_UNUSED
                 : tracked                ? USE_ATTEMPTED
                                          : USE_UNKNOWN;
    if (out->value != USE_UNKNOWN)
        return;
    out->why = age >= 0 && age < window  ? "the role is younger than the window"
               : out->sight == USE_NEVER ? "no record shows use of this action"
               : watched >= 0 ? "the CloudTrail evidence does not reach over the window"
               : out->sight == USE_DATA
                   ? "a data event that no trail in evidence records"
                   : "the CloudTrail evidence does not reach over the window";
}

enum use_sight use_sight_of(const struct use *u, const struct action *act)
{
    return act->permission_only || action_set_has(&u->silent, act->row) ? USE_NEVER
           : action_set_has(&u->data, act->row)                         ? USE_DATA
                                                                        : USE_MANAGEMENT;
}

struct use_row use_of(struct iam *x, const struct use *u, uint32_t row)
{
    struct use_row out = {.value = USE_UNKNOWN, .last = WHEN_NONE, .why = ""};
    const struct action *act = actions_get(x->table, row);
    if (!act)
        return out;
    out.sight = use_sight_of(u, act);
    if (from_events(x, u, row, &out)) {
        out.value = out.events ? USE_USED : USE_DENIED;
        out.idle_days = out.events ? when_days(out.last, u->ev->now) : -1;
        out.why =
            out.events ? "successful calls are recorded" : "all recorded calls failed";
        return out;
    }
    judge_unseen(u, act, &out);
    return out;
}

struct action_set use_filter(struct iam *x, const struct use *u, struct action_set s,
                             enum use_value value)
{
    struct action_set out = {0};
    uint32_t row = action_set_next(&s, 0);
    while (row != UINT32_MAX) {
        const struct action *act = actions_get(x->table, row);
        if (!act)
            break;
        uint32_t end = act->service->first + act->service->count, n = end - row;
        const struct use_service *sv = service_of(u, act->service->prefix);
        size_t at = first_of(u, act->service->first);
        bool quiet = at >= u->nseen || u->seen[at].row >= end;
        if (sv && sv->last == WHEN_NONE && quiet) {
            struct action_set all =
                action_set_and(x->a, s, action_set_rows(x->a, row, n));
            if (use_of(x, u, row).value == value)
                out = action_set_or(x->a, out, all);
        } else {
            for (; row < end; row = action_set_next(&s, row + 1))
                if (use_of(x, u, row).value == value)
                    out = action_set_or(x->a, out, action_set_rows(x->a, row, 1));
        }
        row = action_set_next(&s, end);
    }
    return out;
}
