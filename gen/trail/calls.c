/* Records of all services to the calls of a few roles. */
#include "trail/calls.h"

#include "base/buf.h"
#include "base/threads.h"
#include "json/json.h"
#include "trail/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY = 24 * 60 * 60, MAX_ROWS = 4096 };

/* Days with records of one account and region. */
struct days {
    struct str account, region;
    VEC(int32_t) days;
};

/* What one document gives. */
struct batch {
    struct arena *a;
    const struct document *doc;
    const struct map *wanted;
    VEC(struct trail_caller *) list;
    struct map callers;
    VEC(struct days *) list_days;
    struct map days;
    struct map sources, data;
};

/* What a call is about, where the record does not list it: the parameter that names it,
 * and its ARN. %P %R %A: partition, region, account; %N: the value. */
static const struct resource_row {
    const char *source, *parameter, *arn;
} resource_rows[] = {
    /* clang-format off */
    {"dynamodb",       "tableName",          "arn:%P:dynamodb:%R:%A:table/%N"},
    {"firehose",       "deliveryStreamName", "arn:%P:firehose:%R:%A:deliverystream/%N"},
    {"kinesis",        "consumerARN",        "%N"},
    {"kinesis",        "streamARN",          "%N"},
    {"kinesis",        "streamName",         "arn:%P:kinesis:%R:%A:stream/%N"},
    {"kms",            "keyId",              "arn:%P:kms:%R:%A:key/%N"},
    {"lambda",         "functionName",       "arn:%P:lambda:%R:%A:function:%N"},
    {"logs",           "logGroupName",       "arn:%P:logs:%R:%A:log-group:%N:*"},
    {"logs",           "logGroupIdentifier", "arn:%P:logs:%R:%A:log-group:%N:*"},
    {"s3",             "bucketName",         "arn:%P:s3:::%N"},
    {"secretsmanager", "secretId",           "arn:%P:secretsmanager:%R:%A:secret:%N-??????"},
    {"sns",            "topicArn",           "%N"},
    {"sqs",            "queueName",          "arn:%P:sqs:%R:%A:%N"},
    {"sts",            "roleArn",            "%N"},
    /* clang-format on */
};

/* Where a record stands. */
struct site {
    struct str partition, region, account;
};

static struct str fill(struct arena *a, const char *form, const struct site *at,
                       struct str value)
{
    struct buf b = BUF_INIT;
    /* Many parameters take a name or an ARN. */
    if (str_starts(value, STR("arn:"))) {
        const char *star = strstr(form, ":*");
        buf_str(&b, value);
        buf_z(&b, star && !str_ends(value, STR(":*")) ? star : "");
        form = "";
    }
    for (const char *c = form; *c; c++) {
        if (*c != '%') {
            buf_c(&b, *c);
            continue;
        }
        c++;
        buf_str(&b, *c == 'P'   ? at->partition
                    : *c == 'R' ? at->region
                    : *c == 'A' ? at->account
                                : value);
    }
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

/* An object stands for its bucket's objects: rights are not given by object. */
static struct str widen(struct arena *a, struct str arn)
{
    size_t slash = str_find_char(arn, '/');
    return str_has(arn, STR(":s3:::")) && slash != (size_t)-1
               ? str_fmt(a, "%.*s/*", STR_ARG(str_sub(arn, 0, slash)))
               : arn;
}

static struct str resource_of(struct arena *a, const struct json *record,
                              struct str service, const struct site *at)
{
    for (const struct json *r = json_first(json_get(record, STR("resources"))); r;
         r = json_next(r)) {
        struct str arn = records_text(r, "ARN");
        if (arn.n && !str_has(records_text(r, "type"), STR("IAM::Role")))
            return widen(a, arn);
    }
    const struct json *in = json_get(record, STR("requestParameters"));
    for (size_t i = 0; i < sizeof resource_rows / sizeof *resource_rows; i++) {
        const struct resource_row *row = &resource_rows[i];
        struct str value = records_text(in, row->parameter);
        if (!str_eq(service, str_from(row->source)) || !value.n)
            continue;
        struct str arn = fill(a, row->arn, at, value);
        return records_text(in, "key").n && str_eq(service, STR("s3"))
                   ? str_fmt(a, "%.*s/*", STR_ARG(arn))
                   : arn;
    }
    return STR("");
}

static bool is_denial(struct str code)
{
    static const char *const words[] = {"AccessDenied", "Unauthorized", "NotAuthorized",
                                        "AuthorizationError", "Forbidden"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_has_nocase(code, str_from(words[i])))
            return true;
    return false;
}

/* The word behind marker in a message; empty when it is not there. */
static struct str word_behind(struct str s, const char *marker)
{
    size_t at = str_find(s, str_from(marker));
    if (at == (size_t)-1)
        return STR("");
    size_t from = at + strlen(marker), to = from;
    while (to < s.n && (unsigned char)s.p[to] > ' ' && !strchr("\"',;", s.p[to]))
        to++;
    return str_sub(s, from, to);
}

/* "... is not authorized to perform: kinesis:PutRecords on resource: arn:... because" */
static void read_refusal(struct arena *a, const struct json *record,
                         struct trail_call *call)
{
    struct str message = records_text(record, "errorMessage"), prefix, name;
    struct str action = word_behind(message, "to perform: ");
    struct str arn = word_behind(message, "on resource: ");
    if (!str_cut(action, ':', &prefix, &name) || !prefix.n || !name.n)
        return;
    call->source = str_fmt(a, "%.*s.amazonaws.com", STR_ARG(prefix));
    call->name = name;
    if (str_starts(arn, STR("arn:")))
        call->resource = widen(a, arn);
}

static struct trail_caller *caller_of(struct batch *b, struct str arn)
{
    struct trail_caller *c = map_get(&b->callers, arn);
    if (c)
        return c;
    c = ARENA_NEW(b->a, struct trail_caller);
    c->arn = str_dup(b->a, arn);
    *map_put(b->a, &b->callers, c->arn) = c;
    *vec_push(b->a, &b->list) = c;
    return c;
}

static struct str keep(struct arena *a, struct str s)
{
    return s.n ? str_dup(a, s) : STR("");
}

/* Count the call with those that are like it. Indexes, since the list moves as it grows.
 */
static void add(struct arena *a, struct trail_caller *c, const struct trail_call *call)
{
    struct buf key = BUF_INIT;
    buf_fmt(&key, "%.*s|%.*s|%.*s|%c", STR_ARG(call->source), STR_ARG(call->name),
            STR_ARG(call->resource), call->denied ? 'd' : ' ');
    size_t *index = map_get(&c->rows, buf_view(&key));
    if (!index && c->n < MAX_ROWS) {
        index = ARENA_NEW(a, size_t);
        *index = c->n;
        *map_put(a, &c->rows, buf_dup(a, &key)) = index;
        struct trail_call *row = vec_push(a, c);
        *row = *call;
        row->source = keep(a, call->source);
        row->name = keep(a, call->name);
        row->resource = keep(a, call->resource);
        row->pointer = keep(a, call->pointer);
    } else if (index) {
        struct trail_call *row = &c->v[*index];
        row->count += call->count;
        bool later = call->last > row->last ||
                     (call->last == row->last && call->doc->number < row->doc->number);
        if (later) {
            row->last = call->last;
            row->doc = call->doc;
            row->pointer = keep(a, call->pointer);
        }
    }
    buf_free(&key);
}

static void note_day(struct batch *b, const struct site *at, int64_t when)
{
    char id[96];
    struct str key = {id, 0};
    int n =
        snprintf(id, sizeof id, "%.*s|%.*s", STR_ARG(at->account), STR_ARG(at->region));
    if (n <= 0 || (size_t)n >= sizeof id)
        return;
    key.n = (size_t)n;
    struct days *d = map_get(&b->days, key);
    if (!d) {
        d = ARENA_NEW(b->a, struct days);
        d->account = str_dup(b->a, at->account);
        d->region = str_dup(b->a, at->region);
        *map_put(b->a, &b->days, str_dup(b->a, key)) = d;
        *vec_push(b->a, &b->list_days) = d;
    }
    int32_t day = (int32_t)(when / DAY);
    for (size_t i = d->days.n; i-- > 0 && i + 4 > d->days.n;)
        if (d->days.v[i] == day)
            return;
    *vec_push(b->a, &d->days) = day;
}

static void note_source(struct batch *b, struct map *map, struct str source,
                        struct str account)
{
    char id[160];
    int n = snprintf(id, sizeof id, "%.*s|%.*s", STR_ARG(account), STR_ARG(source));
    struct str key = {id, n > 0 ? (size_t)n : 0};
    if (n <= 0 || (size_t)n >= sizeof id || map_get(map, key))
        return;
    *map_put(b->a, map, str_dup(b->a, key)) = b;
}

static struct site site_of(const struct batch *b, const struct json *record)
{
    struct site at = {b->doc->partition, records_text(record, "awsRegion"),
                      records_text(record, "recipientAccountId")};
    if (!at.partition.n)
        at.partition = STR("aws");
    if (!at.region.n)
        at.region = b->doc->region;
    if (!at.account.n)
        at.account = b->doc->account;
    return at;
}

static struct str issuer_of(const struct json *record)
{
    const struct json *who = json_get(record, STR("userIdentity"));
    return str_eq(records_text(who, "type"), STR("AssumedRole"))
               ? json_str(json_dig(who, "sessionContext", "sessionIssuer", "arn", NULL))
               : STR("");
}

static void read_record(struct batch *b, struct arena *scratch, const struct json *record,
                        struct str pointer)
{
    int64_t when;
    struct str source = records_text(record, "eventSource"), arn = issuer_of(record),
               service;
    if (!source.n || !when_read(records_text(record, "eventTime"), &when))
        return;
    struct site at = site_of(b, record);
    const struct json *management = json_get(record, STR("managementEvent"));
    note_day(b, &at, when);
    note_source(b, &b->sources, source, STR(""));
    if (str_eq(records_text(record, "eventCategory"), STR("Data")) ||
        (management && !json_bool(management)))
        note_source(b, &b->data, source, at.account);
    if (!arn.n || !map_get(b->wanted, arn))
        return;
    str_cut(source, '.', &service, NULL);
    struct trail_call call = {.source = source,
                              .name = records_text(record, "eventName"),
                              .denied = is_denial(records_text(record, "errorCode")),
                              .count = 1,
                              .last = when,
                              .doc = b->doc,
                              .pointer = pointer};
    call.resource = resource_of(scratch, record, service, &at);
    if (call.denied)
        read_refusal(scratch, record, &call);
    add(b->a, caller_of(b, arn), &call);
}

/* Could the record in the text be a call of a wanted role? Parsing it costs more. */
static bool may_be_wanted(const struct batch *b, struct str text)
{
    size_t at = str_find(text, STR("\"sessionIssuer\""));
    if (at == (size_t)-1)
        return false;
    text = str_sub(text, at, text.n);
    at = str_find(text, STR("\"arn\""));
    if (at == (size_t)-1)
        return true;
    text = str_sub(text, at + 5, text.n);
    size_t open = str_find_char(text, '"');
    struct str arn = str_sub(text, open + 1, text.n);
    size_t close = str_find_char(arn, '"');
    return open == (size_t)-1 || close == (size_t)-1 ||
           map_get(b->wanted, str_sub(arn, 0, close)) != NULL;
}

/* lookup-events: each event holds its record as text. */
static void read_event(struct batch *b, struct arena *scratch, const struct json *n,
                       size_t index)
{
    const struct json *inside = json_get(n, STR("CloudTrailEvent"));
    struct str source = records_text(n, "EventSource");
    struct site at = site_of(b, NULL);
    int64_t when;
    if (source.n && when_read(json_scalar(json_get(n, STR("EventTime"))), &when)) {
        note_day(b, &at, when);
        note_source(b, &b->sources, source, STR(""));
    }
    if (json_is(inside, JSON_STRING) && !may_be_wanted(b, json_str(inside)))
        return;
    struct str pointer = records_pointer(scratch, b->doc, index);
    const struct text *text;
    const struct json *record =
        evidence_inner_at(scratch, b->doc, inside, pointer, &text);
    if (record)
        read_record(b, scratch, record, pointer);
}

static void read_row(void *ctx, struct arena *scratch, const struct json *n, size_t index)
{
    struct batch *b = ctx;
    if (records_lookup(b->doc))
        read_event(b, scratch, n, index);
    else
        read_record(b, scratch, n, records_pointer(scratch, b->doc, index));
}

/* Were only some events asked for, or are there more than the answer has? */
static bool is_part(const struct batch *b)
{
    return records_lookup(b->doc) &&
           (b->doc->partial || b->sources.n < 2 ||
            json_get(b->doc->parameters, STR("lookup-attributes")) ||
            str_has(b->doc->path, STR("AttributeKey")));
}

static void work(void *ctx, size_t item, unsigned worker)
{
    struct batch *b = (struct batch *)ctx + item;
    (void)worker;
    records_walk(b->doc, read_row, b);
}

static int by_day(const void *x, const void *y)
{
    int32_t a = *(const int32_t *)x, b = *(const int32_t *)y;
    return (a > b) - (a < b);
}

static int by_call(const void *x, const void *y)
{
    const struct trail_call *a = x, *b = y;
    int c = str_cmp(a->source, b->source);
    if (!c)
        c = str_cmp(a->name, b->name);
    if (!c)
        c = str_cmp(a->resource, b->resource);
    return c ? c : (int)a->denied - (int)b->denied;
}

/* The last run of days without a gap. */
static struct trail_reach reach_of(struct days *d)
{
    qsort(d->days.v, d->days.n, sizeof *d->days.v, by_day);
    size_t i = d->days.n - 1;
    while (i > 0 && d->days.v[i] - d->days.v[i - 1] <= 1)
        i--;
    return (struct trail_reach){d->account, d->region, (int64_t)d->days.v[i] * DAY,
                                ((int64_t)d->days.v[d->days.n - 1] + 1) * DAY};
}

static void merge(struct arena *a, struct trail_calls *t, const struct batch *b,
                  struct map *all)
{
    for (size_t i = 0; i < b->list.n; i++) {
        const struct trail_caller *from = b->list.v[i];
        struct trail_caller *to = map_get(&t->callers, from->arn);
        if (!to) {
            to = ARENA_NEW(a, struct trail_caller);
            to->arn = from->arn;
            *map_put(a, &t->callers, to->arn) = to;
        }
        for (size_t k = 0; k < from->n; k++)
            add(a, to, &from->v[k]);
    }
    for (size_t i = 0; i < b->data.n; i++)
        *map_put(a, &t->data, b->data.entries[i].key) = t;
    for (size_t i = 0; i < b->list_days.n && !is_part(b); i++) {
        struct days *from = b->list_days.v[i];
        struct days *to = map_get(all, b->days.entries[i].key);
        if (!to)
            to = *map_put(a, all, b->days.entries[i].key) = from;
        for (size_t k = 0; k < from->days.n && to != from; k++)
            *vec_push(a, &to->days) = from->days.v[k];
    }
}

struct trail_calls *trail_calls_read(struct arena *a, const struct evidence *ev,
                                     const struct map *callers, unsigned threads)
{
    struct trail_calls *t = ARENA_NEW(a, struct trail_calls);
    size_t n = 0, holders = 0;
    for (size_t i = 0; i < ev->n; i++)
        holders += records_in(ev->v[i]);
    struct batch *batches = ARENA_ARRAY(a, struct batch, holders + 1);
    struct map days = MAP_INIT;
    for (size_t i = 0; i < ev->n && callers->n; i++) {
        const struct document *d = ev->v[i];
        if (!records_in(d))
            continue;
        batches[n] = (struct batch){.a = arena_new(), .doc = d, .wanted = callers};
        arena_adopt(a, batches[n++].a);
    }
    threads_for(n, threads, work, batches);
    for (size_t i = 0; i < n; i++)
        merge(a, t, &batches[i], &days);
    for (size_t i = 0; i < t->callers.n; i++) {
        struct trail_caller *c = t->callers.entries[i].value;
        qsort(c->v, c->n, sizeof *c->v, by_call);
    }
    t->reach = ARENA_ARRAY(a, struct trail_reach, days.n + 1);
    for (size_t i = 0; i < days.n; i++)
        t->reach[t->nreach++] = reach_of(days.entries[i].value);
    return t;
}
