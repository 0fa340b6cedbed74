/* CloudTrail records to events: parsed, told apart, each once. */
#include "trail/trail.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/map.h"
#include "base/threads.h"
#include "json/json.h"
#include "trail/records.h"

#include <stdlib.h>
#include <string.h>

static const struct diag_kind BAD_RECORD = {
    "TRL-101", DIAG_WARNING, "a CloudTrail record cannot be read",
    "collect the events again; the rest of the file is used"};
static const struct diag_kind BAD_VERSION = {
    "TRL-102", DIAG_WARNING, "a CloudTrail record has a version that is not known",
    "use a newer kdaudit; records of version 1 are used"};

#define SERVICE "kinesisanalytics.amazonaws.com"

/* A late or corrected record names the one that it replaces. */
struct correction {
    struct str original;
    struct str id; /* of the record that corrects */
};

/* What one document gives. */
struct batch {
    struct arena *a;
    const struct document *doc;
    VEC(struct trail_event) events;
    VEC(struct correction) corrections;
    size_t records, bad, bad_version;
    struct str example; /* pointer of the first bad one */
    int64_t oldest, newest;
};

static struct str keep(struct batch *b, struct str s)
{
    return s.n ? str_dup(b->a, s) : STR("");
}

/* Major version 1, both halves decimal: 1.08 and 1.11 are both of it. */
static bool version_known(struct str version)
{
    struct str major, minor;
    int64_t m, n;
    if (!version.n)
        return true;
    return str_cut(version, '.', &major, &minor) && str_int(major, &m) &&
           str_int(minor, &n) && m == 1;
}

/* How the caller proved who it is: what P2 asks. */
static const char *credentials_of(const struct json *identity, struct str type)
{
    struct str key = records_text(identity, "accessKeyId");
    if (str_eq(type, STR("Root")))
        return "root";
    if (str_eq(type, STR("IAMUser")))
        return str_starts(key, STR("ASIA")) ? "temporary" : "long-term";
    if (str_eq(type, STR("AssumedRole")) || str_eq(type, STR("Role")))
        return "role";
    if (str_eq(type, STR("FederatedUser")) || str_eq(type, STR("SAMLUser")) ||
        str_eq(type, STR("WebIdentityUser")) || str_eq(type, STR("IdentityCenterUser")))
        return "federated";
    if (str_eq(type, STR("AWSService")))
        return "service";
    /* AwsServiceEvent records have no type, only who invoked them. */
    if (!type.n && records_text(identity, "invokedBy").n)
        return "service";
    return "unknown";
}

/* Name to show: a user's name, role and session, a service, an account. */
static struct str who_of(struct batch *b, const struct json *identity, struct str type,
                         struct str arn)
{
    struct str name = records_text(identity, "userName");
    if (str_eq(type, STR("Root")))
        return str_fmt(b->a, "root of %.*s",
                       STR_ARG(records_text(identity, "accountId")));
    if (str_eq(name, STR("HIDDEN_DUE_TO_SECURITY_REASONS")))
        name = STR("");
    size_t colon = str_find_last(arn, ':');
    struct str tail = colon == (size_t)-1 ? STR("") : str_sub(arn, colon + 1, arn.n);
    /* assumed-role/ROLE/SESSION shows as ROLE/SESSION. */
    size_t slash = str_find_char(tail, '/');
    if (slash != (size_t)-1)
        tail = str_sub(tail, slash + 1, tail.n);
    static const char *const rest[] = {"invokedBy", "principalId", "credentialId",
                                       "accountId"};
    if (!name.n)
        name = tail;
    for (size_t i = 0; !name.n && i < sizeof rest / sizeof *rest; i++)
        name = records_text(identity, rest[i]);
    if (!name.n)
        name = records_text(json_get(identity, STR("onBehalfOf")), "userId");
    return keep(b, name);
}

static struct str principal_of(struct batch *b, const struct json *identity)
{
    static const char *const ids[] = {"arn", "invokedBy", "principalId", "accountId"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct str s = records_text(identity, ids[i]);
        if (s.n)
            return keep(b, s);
    }
    return STR("");
}

/* The application that a call is about. */
static struct str application_of(struct batch *b, const struct json *record)
{
    const struct json *in = json_get(record, STR("requestParameters"));
    const struct json *out = json_get(record, STR("responseElements"));
    struct str arns[] = {
        records_text(out, "applicationARN"),
        records_text(json_get(out, STR("applicationDetail")), "applicationARN"),
        records_text(json_get(out, STR("applicationSummary")), "applicationARN"),
        records_text(in, "resourceARN"),
        records_text(in, "resourceArn"),
        records_text(in, "applicationName"),
    };
    for (size_t i = 0; i < sizeof arns / sizeof *arns; i++)
        if (arns[i].n)
            return keep(b, arns[i]);
    for (const struct json *r = json_first(json_get(record, STR("resources"))); r;
         r = json_next(r)) {
        struct str arn = records_text(r, "ARN");
        if (str_has(arn, STR(":application/")))
            return keep(b, arn);
    }
    return STR("");
}

/* What a call of another service is about: a name or an ARN. */
static struct str about_of(struct batch *b, const struct json *record,
                           const struct trail_neighbour *row)
{
    const struct json *in = json_get(record, STR("requestParameters"));
    struct str name = records_text(in, row->member);
    /* Newer calls name a stream by ARN. */
    if (!name.n && strcmp(row->type, "stream") == 0)
        name = records_text(in, "streamARN");
    if (str_has(name, STR("://"))) /* a queue's URL */
        name = str_sub(name, str_find_last(name, '/') + 1, name.n);
    for (const struct json *r = json_first(json_get(record, STR("resources")));
         r && !name.n; r = json_next(r))
        name = records_text(r, "ARN");
    return keep(b, name);
}

static void note_time(struct batch *b, int64_t when)
{
    if (b->oldest == WHEN_NONE || when < b->oldest)
        b->oldest = when;
    if (b->newest == WHEN_NONE || when > b->newest)
        b->newest = when;
}

static void bad_record(struct batch *b, struct str pointer)
{
    if (!b->bad++)
        b->example = str_dup(b->a, pointer);
}

/* One record of any service; only calls of the Flink service are kept. */
static void read_record(struct batch *b, const struct json *record, struct str pointer)
{
    b->records++;
    struct str time = records_text(record, "eventTime");
    int64_t when;
    if (!json_is(record, JSON_OBJECT) || !when_read(time, &when)) {
        bad_record(b, pointer);
        return;
    }
    if (!version_known(records_text(record, "eventVersion"))) {
        b->bad_version++;
        return;
    }
    note_time(b, when);
    struct str source = records_text(record, "eventSource");
    const struct trail_neighbour *row =
        trail_neighbour(source, records_text(record, "eventName"));
    if (!row && !str_eq(source, STR(SERVICE)))
        return;
    const struct json *identity = json_get(record, STR("userIdentity"));
    struct str type = records_text(identity, "type");
    /* Services take the roles that they are given all the time. */
    if (row && strcmp(row->source, "sts") == 0 &&
        strcmp(credentials_of(identity, type), "service") == 0)
        return;
    struct str error = records_text(record, "errorCode");
    struct str original =
        records_text(json_get(record, STR("addendum")), "originalEventID");
    const struct json *read_only = json_get(record, STR("readOnly"));
    struct trail_event *e = vec_push(b->a, &b->events);
    *e = (struct trail_event){
        .when = when,
        .time = when_text(b->a, when),
        .id = keep(b, records_text(record, "eventID")),
        .name = keep(b, records_text(record, "eventName")),
        .source = row ? keep(b, source) : STR(SERVICE),
        .region = keep(b, records_text(record, "awsRegion")),
        .account = keep(b, records_text(record, "recipientAccountId")),
        .ip = keep(b, records_text(record, "sourceIPAddress")),
        .agent = keep(b, records_text(record, "userAgent")),
        .who = who_of(b, identity, type, records_text(identity, "arn")),
        .principal = principal_of(b, identity),
        .principal_type = keep(b, type),
        .credentials = credentials_of(identity, type),
        .type = row ? row->type : "application",
        .about = row ? about_of(b, record, row) : application_of(b, record),
        .doc = b->doc,
        .pointer = str_dup(b->a, pointer),
    };
    e->kind = row ? row->kind : trail_class(e->name);
    e->read_only = read_only ? json_bool(read_only) : e->kind == EVENT_READ;
    /* A probe that KMS makes when a key is assigned: it was to be refused. */
    e->failed = error.n && !str_eq(error, STR("DryRunOperationException"));
    e->outcome = e->failed ? keep(b, error) : STR("success");
    e->late = json_get(record, STR("addendum")) != NULL;
    if (!e->account.n)
        e->account = b->doc->account;
    if (!e->region.n)
        e->region = b->doc->region;
    if (original.n)
        *vec_push(b->a, &b->corrections) = (struct correction){keep(b, original), e->id};
}

/* lookup-events: each event holds its record as text. */
static void read_event(struct batch *b, struct arena *scratch, const struct json *n,
                       size_t index)
{
    /* Events of other services are told by the row itself: no need to parse them. */
    struct str source = records_text(n, "EventSource");
    if (source.n && !str_eq(source, STR(SERVICE)) &&
        !trail_neighbour(source, records_text(n, "EventName"))) {
        int64_t when;
        b->records++;
        if (when_read(json_scalar(json_get(n, STR("EventTime"))), &when))
            note_time(b, when);
        return;
    }
    struct str pointer = records_pointer(scratch, b->doc, index);
    const struct text *text;
    const struct json *record = evidence_inner_at(
        scratch, b->doc, json_get(n, STR("CloudTrailEvent")), pointer, &text);
    if (record) {
        read_record(b, record, pointer);
    } else {
        b->records++;
        bad_record(b, pointer);
    }
}

static void read_row(void *ctx, struct arena *scratch, const struct json *n, size_t index)
{
    struct batch *b = ctx;
    if (records_lookup(b->doc))
        read_event(b, scratch, n, index);
    else
        read_record(b, n, records_pointer(scratch, b->doc, index));
}

static void work(void *ctx, size_t item, unsigned worker)
{
    struct batch *b = (struct batch *)ctx + item;
    (void)worker;
    records_walk(b->doc, read_row, b);
}

static int newest_first(const void *x, const void *y)
{
    const struct trail_event *l = x, *r = y;
    if (l->when != r->when)
        return l->when > r->when ? -1 : 1;
    int c = str_cmp(l->id, r->id);
    if (!c)
        c = str_cmp(l->account, r->account);
    if (!c && l->doc != r->doc)
        c = l->doc->number < r->doc->number ? -1 : 1;
    return c ? c : str_cmp(l->pointer, r->pointer);
}

static void report(const struct batch *b, struct diag *dx)
{
    if (b->bad)
        diag_file(dx, &BAD_RECORD, b->doc->text.name, "%zu of %zu, first at %.*s", b->bad,
                  b->records, STR_ARG(b->example));
    if (b->bad_version)
        diag_file(dx, &BAD_VERSION, b->doc->text.name, "%zu of %zu", b->bad_version,
                  b->records);
}

/* Take over what a batch holds: each eventID once, corrected ones left out. */
static void merge(struct arena *a, struct trail *t, const struct batch *b,
                  struct map *seen, const struct map *corrected)
{
    t->records += b->records;
    if (b->oldest != WHEN_NONE && (t->oldest == WHEN_NONE || b->oldest < t->oldest))
        t->oldest = b->oldest;
    if (b->newest != WHEN_NONE && (t->newest == WHEN_NONE || b->newest > t->newest))
        t->newest = b->newest;
    for (size_t i = 0; i < b->events.n; i++) {
        const struct trail_event *e = &b->events.v[i];
        /* A corrected record may keep its id: then the correction is the one that says
         * so itself. */
        const struct str *by = e->id.n ? map_get(corrected, e->id) : NULL;
        if (by && (!str_eq(*by, e->id) || !e->late)) {
            t->replaced++;
            continue;
        }
        void **slot = e->id.n ? map_put(a, seen, e->id) : NULL;
        if (slot && *slot) {
            t->duplicates++;
            continue;
        }
        if (slot)
            *slot = t;
        t->v[t->n++] = *e;
    }
}

struct trail *trail_read(struct arena *a, const struct evidence *ev, unsigned threads,
                         struct diag *dx)
{
    struct trail *t = ARENA_NEW(a, struct trail);
    size_t n = 0, events = 0, holders = 0;
    for (size_t i = 0; i < ev->n; i++)
        holders += records_in(ev->v[i]);
    struct batch *batches = ARENA_ARRAY(a, struct batch, holders + 1);
    t->oldest = t->newest = WHEN_NONE;
    for (size_t i = 0; i < ev->n; i++) {
        const struct document *d = ev->v[i];
        if (!records_in(d))
            continue;
        struct batch *b = &batches[n++];
        b->doc = d;
        b->a = arena_new();
        b->oldest = b->newest = WHEN_NONE;
        arena_adopt(a, b->a);
    }
    threads_for(n, threads, work, batches);
    struct map seen = MAP_INIT, corrected = MAP_INIT;
    for (size_t i = 0; i < n; i++) {
        const struct batch *b = &batches[i];
        report(b, dx);
        events += b->events.n;
        for (size_t k = 0; k < b->corrections.n; k++)
            *map_put(a, &corrected, b->corrections.v[k].original) =
                &b->corrections.v[k].id;
    }
    t->v = ARENA_ARRAY(a, struct trail_event, events ? events : 1);
    for (size_t i = 0; i < n; i++)
        merge(a, t, &batches[i], &seen, &corrected);
    if (t->n > 1)
        qsort(t->v, t->n, sizeof *t->v, newest_first);
    return t;
}
