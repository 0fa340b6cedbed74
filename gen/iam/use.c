/* Granted minus used. */
#include "iam/use.h"

#include <stdlib.h>

enum { WINDOW_DAYS = 90 };

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

static struct action_set union_of(struct iam *x, const char *const *v, size_t n)
{
    struct action_set s = {0};
    for (size_t i = 0; i < n; i++)
        s = action_set_or(x->a, s, *iam_actions(x, str_from(v[i])));
    return s;
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
    u->data = union_of(x, data_actions, sizeof data_actions / sizeof *data_actions);
    u->silent =
        union_of(x, silent_actions, sizeof silent_actions / sizeof *silent_actions);
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

static bool old_enough(const struct use_evidence *ev)
{
    int64_t days = ev->window_days ? ev->window_days : WINDOW_DAYS;
    return ev->role_created != WHEN_NONE && when_days(ev->role_created, ev->now) >= days;
}

/* Does CloudTrail evidence reach over the whole window for this action? */
static bool visible(const struct use *u, const struct action *act, enum use_sight sight)
{
    const struct use_evidence *ev = u->ev;
    int64_t days = ev->window_days ? ev->window_days : WINDOW_DAYS;
    if (sight == USE_NEVER || ev->from == WHEN_NONE || ev->to == WHEN_NONE ||
        when_days(ev->from, ev->to) < days)
        return false;
    if (sight == USE_MANAGEMENT)
        return true;
    for (size_t i = 0; i < ev->ndata_services; i++)
        if (str_eq_nocase(ev->data_services[i], act->service->prefix))
            return true;
    return false;
}

static void judge_unseen(const struct use *u, const struct action *act,
                         struct use_row *out)
{
    const struct use_service *sv = service_of(u, act->service->prefix);
    if (sv && sv->last == WHEN_NONE) {
        out->value = old_enough(u->ev) ? USE_UNUSED : USE_UNKNOWN;
        out->why = old_enough(u->ev) ? "the service was never accessed in the period"
                                     : "the role is younger than the window";
        return;
    }
    for (size_t i = 0; sv && i < sv->nactions; i++) {
        if (!str_eq_nocase(sv->actions[i].name, act->name))
            continue;
        bool never = sv->actions[i].last == WHEN_NONE;
        out->value = !never              ? USE_ATTEMPTED
                     : old_enough(u->ev) ? USE_UNUSED
                                         : USE_UNKNOWN;
        out->last = sv->actions[i].last;
        out->why = never ? "the action is tracked and was never accessed"
                         : "last accessed; whether it was allowed is not said";
        return;
    }
    if (out->sight == USE_NEVER) {
        out->why = "no record shows use of this action";
    } else if (!visible(u, act, out->sight)) {
        out->why = out->sight == USE_DATA
                       ? "a data event that no trail in evidence records"
                       : "the CloudTrail evidence does not reach over the window";
    } else {
        out->value = old_enough(u->ev) ? USE_UNUSED : USE_UNKNOWN;
        out->why = old_enough(u->ev) ? "no event in the window"
                                     : "the role is younger than the window";
    }
}

struct use_row use_of(struct iam *x, const struct use *u, uint32_t row)
{
    struct use_row out = {.value = USE_UNKNOWN, .last = WHEN_NONE, .why = ""};
    const struct action *act = actions_get(x->table, row);
    if (!act)
        return out;
    out.sight = act->permission_only || action_set_has(&u->silent, row) ? USE_NEVER
                : action_set_has(&u->data, row)                         ? USE_DATA
                                                                        : USE_MANAGEMENT;
    if (from_events(x, u, row, &out)) {
        out.value = out.events ? USE_USED : USE_DENIED;
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
