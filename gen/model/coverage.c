/* What a trail or event data store records: event selectors, basic and advanced, read as
 * the service applies them to calls of the Flink service. CloudTrail User Guide, "Logging
 * management events". */
#include "model/fact.h"

#include "base/buf.h"
#include "model/coverage.h"

#include <string.h>

static const char *const words[] = {"no", "partial", "yes"};

static bool list_has(const struct json *list, struct str word)
{
    for (const struct json *n = json_first(list); n; n = json_next(n))
        if (str_eq(json_str(n), word))
            return true;
    return false;
}

static bool list_matches(const struct json *list, struct str word,
                         bool (*test)(struct str, struct str))
{
    for (const struct json *n = json_first(list); n; n = json_next(n))
        if (test(word, json_str(n)))
            return true;
    return false;
}

/* Does a field selector admit a value? All its operators must hold; in one operator any
 * value does, in a negated one none may. */
static bool admits(const struct json *field, struct str value)
{
    const struct json *equals = json_get(field, STR("Equals"));
    const struct json *not_equals = json_get(field, STR("NotEquals"));
    const struct json *starts = json_get(field, STR("StartsWith"));
    const struct json *not_starts = json_get(field, STR("NotStartsWith"));
    const struct json *ends = json_get(field, STR("EndsWith"));
    const struct json *not_ends = json_get(field, STR("NotEndsWith"));
    return (!json_size(equals) || list_has(equals, value)) &&
           !list_has(not_equals, value) &&
           (!json_size(starts) || list_matches(starts, value, str_starts)) &&
           !list_matches(not_starts, value, str_starts) &&
           (!json_size(ends) || list_matches(ends, value, str_ends)) &&
           !list_matches(not_ends, value, str_ends);
}

static const struct json *field_of(const struct json *fields, const char *name)
{
    for (const struct json *n = json_first(fields); n; n = json_next(n))
        if (str_eq(json_str(json_get(n, STR("Field"))), str_from(name)))
            return n;
    return NULL;
}

static void best(int *have, int value)
{
    if (value > *have)
        *have = value;
}

/* One entry of AdvancedEventSelectors. The name is free text and says nothing. */
static void read_advanced(struct selectors *out, const struct json *entry)
{
    const struct json *fields = json_get(entry, STR("FieldSelectors"));
    const struct json *category = field_of(fields, "eventCategory");
    if (!category || !admits(category, STR("Management")))
        return;
    int full = 2;
    bool writes = true, reads = true;
    for (const struct json *n = json_first(fields); n; n = json_next(n)) {
        struct str field = json_str(json_get(n, STR("Field")));
        if (str_eq(field, STR("eventCategory")))
            continue;
        if (str_eq(field, STR("readOnly"))) {
            writes = writes && admits(n, STR("false"));
            reads = reads && admits(n, STR("true"));
        } else if (str_eq(field, STR("eventSource"))) {
            if (!admits(n, STR("kinesisanalytics.amazonaws.com"))) {
                full = 0;
                out->drops_service = true;
            }
            if (!admits(n, STR("kms.amazonaws.com")))
                out->kms_excluded = true;
        } else {
            full = full ? 1 : 0; /* eventName, userIdentity.arn: only some events */
        }
    }
    best(&out->writes, writes ? full : 0);
    best(&out->reads, reads ? full : 0);
}

static void read_basic(struct selectors *out, const struct json *entry)
{
    if (!json_bool(json_get(entry, STR("IncludeManagementEvents"))))
        return;
    struct str type = json_str(json_get(entry, STR("ReadWriteType")));
    const struct json *not = json_get(entry, STR("ExcludeManagementEventSources"));
    bool all = !type.n || str_eq(type, STR("All"));
    bool drops = list_has(not, STR("kinesisanalytics.amazonaws.com"));
    out->kms_excluded = out->kms_excluded || list_has(not, STR("kms.amazonaws.com"));
    out->drops_service = out->drops_service || drops;
    best(&out->writes, !drops && (all || str_eq(type, STR("WriteOnly"))) ? 2 : 0);
    best(&out->reads, !drops && (all || str_eq(type, STR("ReadOnly"))) ? 2 : 0);
}

struct selectors selectors_read(const struct json *node)
{
    struct selectors out = {0};
    const struct json *basic = json_get(node, STR("EventSelectors"));
    const struct json *advanced = json_get(node, STR("AdvancedEventSelectors"));
    if (!json_size(basic) && !json_size(advanced)) {
        /* The default of a trail and of an event data store: all management events. */
        out.writes = out.reads = 2;
        return out;
    }
    for (const struct json *n = json_first(basic); n; n = json_next(n))
        read_basic(&out, n);
    for (const struct json *n = json_first(advanced); n; n = json_next(n))
        read_advanced(&out, n);
    return out;
}

const char *selectors_word(int degree)
{
    return words[degree];
}

const struct exhibit *trail_exhibit(const struct subject *s)
{
    const struct exhibit *x = subject_exhibit(s, "cloudtrail:GetTrail");
    const struct exhibit *list = subject_exhibit(s, "cloudtrail:DescribeTrails");
    if (x && x->node && (!list || x->doc->collected > list->doc->collected))
        return x;
    return list && list->node ? list : x && x->node ? x : NULL;
}

const struct json *trail_node(const struct subject *s)
{
    const struct exhibit *x = trail_exhibit(s);
    if (!x)
        return NULL;
    return strcmp(x->kind, "cloudtrail:GetTrail") == 0 ? json_get(x->node, STR("Trail"))
                                                       : x->node;
}

const struct exhibit *store_exhibit(const struct subject *s)
{
    const struct exhibit *x = subject_exhibit(s, "cloudtrail:GetEventDataStore");
    return x && x->node ? x : subject_exhibit(s, "cloudtrail:ListEventDataStores");
}

static struct str sentence(struct arena *a, const struct selectors *sel)
{
    if (sel->writes == 2 && sel->reads == 2)
        return STR("its selectors take all management events");
    if (sel->drops_service)
        return STR("its selectors leave out kinesisanalytics.amazonaws.com");
    return str_fmt(a, "its selectors take write calls: %s, read calls: %s",
                   words[sel->writes], words[sel->reads]);
}

static void settle(struct arena *a, struct coverage *c, const struct exhibit *x,
                   const struct json *node, const char *below)
{
    struct selectors sel = selectors_read(node);
    c->writes = words[sel.writes];
    c->reads = words[sel.reads];
    c->kms_excluded = sel.kms_excluded;
    c->why = sentence(a, &sel);
    c->doc = x->doc;
    c->pointer = str_fmt(a, "%.*s%s", STR_ARG(x->pointer), below);
}

static void read_trail(struct arena *a, struct coverage *c)
{
    const struct subject *s = c->subject;
    const struct exhibit *selectors = subject_exhibit(s, "cloudtrail:GetEventSelectors");
    const struct exhibit *status = subject_exhibit(s, "cloudtrail:GetTrailStatus");
    const struct exhibit *list = trail_exhibit(s);
    const struct json *node = trail_node(s);
    const struct json *custom = json_get(node, STR("HasCustomEventSelectors"));
    c->kind = "trail";
    c->selectors = selectors ? selectors->node : NULL;
    c->multi_region = json_bool(json_get(node, STR("IsMultiRegionTrail")));
    c->organization = json_bool(json_get(node, STR("IsOrganizationTrail")));
    c->region = json_str(json_get(node, STR("HomeRegion")));
    if (!c->region.n)
        c->region = s->region;
    const struct json *logging = status ? json_get(status->node, STR("IsLogging")) : NULL;
    c->logging = logging ? fact_yes(json_bool(logging)) : "unknown";
    if (selectors && selectors->node) {
        settle(a, c, selectors, selectors->node, "");
    } else if (json_is(custom, JSON_FALSE)) {
        settle(a, c, list, NULL,
               strcmp(list->kind, "cloudtrail:GetTrail") == 0 ? "/Trail" : "");
        c->why = STR("it has no event selectors of its own, so it takes all management "
                     "events");
    } else {
        c->writes = c->reads = "unknown";
        c->why = STR("its event selectors are not in evidence");
        if (list) {
            c->doc = list->doc;
            c->pointer = list->pointer;
        }
    }
}

static void read_store(struct arena *a, struct coverage *c)
{
    const struct exhibit *x = store_exhibit(c->subject);
    const struct json *node = x ? x->node : NULL;
    struct str status = json_str(json_get(node, STR("Status")));
    c->kind = "event-data-store";
    c->selectors = node;
    c->region = c->subject->region;
    c->multi_region = json_bool(json_get(node, STR("MultiRegionEnabled")));
    c->organization = json_bool(json_get(node, STR("OrganizationEnabled")));
    c->logging = !status.n ? "unknown" : fact_yes(str_eq(status, STR("ENABLED")));
    if (json_get(node, STR("AdvancedEventSelectors"))) {
        settle(a, c, x, node, "/AdvancedEventSelectors");
    } else {
        c->writes = c->reads = "unknown";
        c->why = STR("its event selectors are not in evidence");
        if (x) {
            c->doc = x->doc;
            c->pointer = x->pointer;
        }
    }
}

void coverage_read(struct arena *a, struct shared *sh)
{
    const struct model *m = sh->m;
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++)
        n += subject_is(m->v[i], "trail") || subject_is(m->v[i], "event-data-store");
    sh->coverage = ARENA_ARRAY(a, struct coverage, n ? n : 1);
    for (size_t i = 0; i < m->n; i++) {
        struct coverage *c = &sh->coverage[sh->ncoverage];
        bool trail = subject_is(m->v[i], "trail");
        if (!trail && !subject_is(m->v[i], "event-data-store"))
            continue;
        c->subject = m->v[i];
        sh->ncoverage++;
        if (trail)
            read_trail(a, c);
        else
            read_store(a, c);
    }
}

bool coverage_concerns(const struct model *m, const struct coverage *c,
                       const struct subject *s)
{
    if (str_eq(c->subject->account, s->account))
        return true;
    /* An organization's trail shows in its members' describe-trails. */
    struct buf key = BUF_INIT;
    buf_fmt(&key, "%.*s|%.*s", STR_ARG(c->subject->arn), STR_ARG(s->account));
    bool shown = map_get(&m->shown, buf_view(&key)) != NULL;
    buf_free(&key);
    return shown || (c->organization && str_eq(c->subject->partition, s->partition));
}

bool coverage_sure(const struct model *m, const struct coverage *c,
                   const struct subject *s)
{
    if (str_eq(c->subject->account, s->account))
        return true;
    struct buf key = BUF_INIT;
    buf_fmt(&key, "%.*s|%.*s", STR_ARG(c->subject->arn), STR_ARG(s->account));
    bool shown = map_get(&m->shown, buf_view(&key)) != NULL;
    buf_free(&key);
    return shown;
}

/* Does a field selector admit every ARN that starts with stem? */
static bool admits_below(const struct json *field, struct str stem)
{
    const struct json *starts = json_get(field, STR("StartsWith"));
    if (json_size(json_get(field, STR("Equals"))) ||
        json_size(json_get(field, STR("EndsWith"))) ||
        json_size(json_get(field, STR("NotEndsWith"))))
        return false;
    for (const struct json *n = json_first(json_get(field, STR("NotEquals"))); n;
         n = json_next(n))
        if (str_starts(json_str(n), stem))
            return false;
    for (const struct json *n = json_first(json_get(field, STR("NotStartsWith"))); n;
         n = json_next(n))
        if (str_starts(json_str(n), stem) || str_starts(stem, json_str(n)))
            return false;
    return !json_size(starts) || list_matches(starts, stem, str_starts);
}

static bool admits_resource(const struct json *field, struct str arn)
{
    return str_ends(arn, STR("/")) ? admits_below(field, arn) : admits(field, arn);
}

static void take_advanced(struct taken *out, const struct json *entry, struct str type,
                          struct str arn)
{
    const struct json *fields = json_get(entry, STR("FieldSelectors"));
    const struct json *category = field_of(fields, "eventCategory");
    const struct json *types = field_of(fields, "resources.type");
    if (!category || !admits(category, STR("Data")) || !types || !admits(types, type))
        return;
    bool reads = true, writes = true;
    for (const struct json *n = json_first(fields); n; n = json_next(n)) {
        struct str field = json_str(json_get(n, STR("Field")));
        if (n == category || n == types)
            continue;
        if (str_eq(field, STR("readOnly"))) {
            writes = writes && admits(n, STR("false"));
            reads = reads && admits(n, STR("true"));
        } else if (!str_eq(field, STR("resources.ARN")) || !admits_resource(n, arn)) {
            return; /* eventName, userIdentity.arn: only some events */
        }
    }
    out->reads = out->reads || reads;
    out->writes = out->writes || writes;
}

/* "arn:aws:s3" stands for every object; "arn:aws:s3:::bucket/" for those of a bucket,
 * with or without the slash. */
static bool basic_value(struct str value, struct str arn)
{
    struct arn_parts parts;
    if (str_starts(value, STR("arn:")) && !arn_parts_read(value, &parts))
        return str_starts(arn, value);
    return str_eq(value, arn) || (str_starts(arn, value) && arn.n == value.n + 1);
}

static void take_basic(struct taken *out, const struct json *entry, struct str type,
                       struct str arn)
{
    struct str rw = json_str(json_get(entry, STR("ReadWriteType")));
    for (const struct json *d = json_first(json_get(entry, STR("DataResources"))); d;
         d = json_next(d)) {
        if (!str_eq(json_str(json_get(d, STR("Type"))), type))
            continue;
        for (const struct json *v = json_first(json_get(d, STR("Values"))); v;
             v = json_next(v)) {
            bool takes = basic_value(json_str(v), arn);
            out->reads = out->reads || (takes && !str_eq(rw, STR("WriteOnly")));
            out->writes = out->writes || (takes && !str_eq(rw, STR("ReadOnly")));
        }
    }
}

struct taken selectors_take(const struct json *node, struct str type, struct str arn)
{
    struct taken out = {false, false};
    for (const struct json *n = json_first(json_get(node, STR("EventSelectors"))); n;
         n = json_next(n))
        take_basic(&out, n, type, arn);
    for (const struct json *n = json_first(json_get(node, STR("AdvancedEventSelectors")));
         n; n = json_next(n))
        take_advanced(&out, n, type, arn);
    return out;
}

/* Basic selectors: "arn:aws:s3" stands for every object. */
static bool basic_takes(const struct json *entry, struct str type)
{
    struct str rw = json_str(json_get(entry, STR("ReadWriteType")));
    if (rw.n && !str_eq(rw, STR("All")))
        return false;
    for (const struct json *d = json_first(json_get(entry, STR("DataResources"))); d;
         d = json_next(d))
        for (const struct json *v = json_first(json_get(d, STR("Values"))); v;
             v = json_next(v)) {
            struct arn_parts parts;
            if (str_eq(json_str(json_get(d, STR("Type"))), type) &&
                str_starts(json_str(v), STR("arn:")) &&
                !arn_parts_read(json_str(v), &parts))
                return true;
        }
    return false;
}

/* Advanced selectors: the type, and nothing that narrows it. */
static bool advanced_takes(const struct json *entry, struct str type)
{
    const struct json *fields = json_get(entry, STR("FieldSelectors"));
    const struct json *types = field_of(fields, "resources.type");
    return json_size(fields) == 2 &&
           list_has(json_get(field_of(fields, "eventCategory"), STR("Equals")),
                    STR("Data")) &&
           list_has(json_get(types, STR("Equals")), type);
}

bool coverage_data(const struct fact *f, const struct subject *s, const char *type)
{
    for (size_t i = 0; i < f->sh->ncoverage; i++) {
        const struct coverage *c = &f->sh->coverage[i];
        if (!coverage_concerns(f->m, c, s) || strcmp(c->logging, "yes") != 0)
            continue;
        const struct json *node = c->selectors;
        for (const struct json *n = json_first(json_get(node, STR("EventSelectors"))); n;
             n = json_next(n))
            if (basic_takes(n, str_from(type)))
                return true;
        for (const struct json *n =
                 json_first(json_get(node, STR("AdvancedEventSelectors")));
             n; n = json_next(n))
            if (advanced_takes(n, str_from(type)))
                return true;
    }
    return false;
}
