/* Clues in properties and inline code: which resources they name. Evidence decides, then
 * the words around them; what nobody can say is a doubt. */
#include "model/properties.h"

#include "model/build.h"

#include "json/json.h"

#include <string.h>

/* A clue at work. */
struct site {
    struct build *b;
    struct subject *app;
    const struct document *doc;
    const struct clue *clue;
};

static void add(const struct site *at, struct subject *to)
{
    struct link l = {.name = at->clue->link,
                     .to = to,
                     .use = at->clue->use,
                     .via = at->clue->via,
                     .doc = at->doc,
                     .pointer = at->clue->pointer};
    build_link(at->b, at->app, l);
}

static void doubt(const struct site *at, const char *what)
{
    /* Doubts stand in the order of names. */
    at->b->open = at->b->early;
    if (at->b->open)
        return;
    struct doubt *d = vec_push(at->b->a, &at->app->doubts);
    d->what = str_fmt(at->b->a, "%.*s names \"%.*s\", which may be %s",
                      STR_ARG(at->clue->via), STR_ARG(at->clue->pair->value), what);
    d->doc = at->doc;
    d->pointer = at->clue->pointer;
}

/* The hosts of one BootstrapBrokerString...: "HOST:PORT,HOST:PORT". */
static void read_brokers(struct build *b, struct subject *cluster, struct str list)
{
    struct str one, host;
    while (list.n) {
        str_cut(list, ',', &one, &list);
        str_cut(str_trim(one), ':', &host, NULL);
        if (host.n)
            *map_put(b->a, &b->brokers, host) = cluster;
    }
}

void build_brokers(struct build *b)
{
    for (size_t i = 0; i < b->m->n; i++) {
        struct subject *s = b->m->v[i];
        if (!subject_is(s, "cluster"))
            continue;
        struct reads_for before = reads_group(&b->m->marks, READS_NAMES);
        const struct json *answer = subject_answer(s, "kafka:GetBootstrapBrokers");
        reads_begin(before);
        for (const struct json *n = json_first(answer); n; n = json_next(n))
            if (str_starts(json_key(n), STR("BootstrapBrokerString")))
                read_brokers(b, s, json_str(n));
    }
}

/* A broker of MSK belongs to the cluster whose get-bootstrap-brokers names it; else
 * b-1.NAME.HASH.c2.kafka.REGION.amazonaws.com says the cluster's name, and a serverless
 * cluster, boot-ID.c1.kafka-serverless.REGION..., goes by that first label. */
static void broker(const struct site *at, struct str host)
{
    struct str first, name, rest, region;
    struct subject *s = map_get(&at->b->brokers, host);
    size_t kafka = str_find(host, STR(".kafka"));
    if (s) {
        add(at, s);
        return;
    }
    str_cut(host, '.', &first, &rest);
    str_cut(rest, '.', &name, NULL);
    str_cut(str_sub(host, kafka + 1, host.n), '.', NULL, &rest);
    str_cut(rest, '.', &region, NULL);
    if (str_starts(first, STR("boot-")))
        name = first;
    else if (!str_starts(first, STR("b-")))
        return;
    if (!region_is(region) || !name.n)
        return;
    if (at->b->early) {
        at->b->open = true;
        return;
    }
    struct place_in_aws where = {at->app->partition, region, at->app->account};
    s = model_named(at->b->m, "cluster", where.account, where.region, name);
    add(at, s ? s : build_reference(at->b, "cluster", name, &where));
}

/* OpenSearch: search-NAME-26CHARS.REGION.es.amazonaws.com, or vpc-NAME-... */
static void domain(const struct site *at, struct str host)
{
    struct str label, rest, region;
    str_cut(host, '.', &label, &rest);
    str_cut(rest, '.', &region, NULL);
    size_t head = str_starts(label, STR("search-")) ? 7
                  : str_starts(label, STR("vpc-"))  ? 4
                                                    : 0;
    size_t dash = str_find_last(label, '-');
    if (!head || dash == (size_t)-1 || dash <= head || !region_is(region))
        return;
    struct place_in_aws where = {at->app->partition, region, at->app->account};
    add(at, build_reference(at->b, "domain", str_sub(label, head, dash), &where));
}

/* A queue's URL after "://sqs.": REGION.HOST/ACCOUNT/NAME. */
static void queue(const struct site *at, struct str url)
{
    struct place_in_aws where = subject_place(at->app);
    struct str region, account, name;
    str_cut(url, '.', &region, &url);
    str_cut(url, '/', NULL, &url);
    str_cut(url, '/', &account, &name);
    if (!region_is(region) || !account_is(account) || !property_could_name("queue", name))
        return;
    struct str arn =
        str_fmt(at->b->a, "arn:%.*s:sqs:%.*s:%.*s:%.*s", STR_ARG(where.partition),
                STR_ARG(region), STR_ARG(account), STR_ARG(name));
    add(at, build_reference(at->b, "queue", arn, &where));
}

static void word(const struct site *at, const struct clue_word *w)
{
    struct place_in_aws where = subject_place(at->app);
    switch (w->is) {
    case WORD_ARN:
        add(at, build_reference(at->b, NULL, w->text, &where));
        break;
    case WORD_BUCKET:
        add(at, build_reference(at->b, "bucket", w->text, &where));
        break;
    case WORD_QUEUE:
        queue(at, w->text);
        break;
    case WORD_BROKER:
        broker(at, w->text);
        break;
    case WORD_DOMAIN:
        domain(at, w->text);
        break;
    }
}

static const char *const firehose_words[] = {"firehose", "delivery", NULL};
static const char *const dynamo_words[] = {"dynamo", "ddb", NULL};
static const char *const lake_words[] = {"iceberg", "glue", "hive",   "hudi",
                                         "catalog", "jdbc", "paimon", NULL};

/* Does the group speak of this: its id, its connector, or one of its keys? */
static bool group_hints(const struct site *at, const char *const *words)
{
    const struct property_group *g = at->clue->group;
    if (property_has(g->id, words) ||
        property_has(property_value(g, STR("connector")), words))
        return true;
    for (size_t i = 0; i < g->pairs.n; i++)
        if (property_has(g->pairs.v[i].key, words))
            return true;
    return false;
}

static bool group_has_jdbc(const struct property_group *g)
{
    for (size_t i = 0; i < g->pairs.n; i++)
        if (str_starts(g->pairs.v[i].value, STR("jdbc:")))
            return true;
    return false;
}

static struct subject *known(const struct site *at, const char *type,
                             const struct place_in_aws *where)
{
    struct naming n = naming_of_name(at->b->a, type, at->clue->pair->value, where);
    struct subject *s = map_get(&at->b->m->by_arn, n.arn);
    if (!s && at->b->early) {
        at->b->open = true;
        return NULL;
    }
    return s ? s : model_named(at->b->m, type, n.account, n.region, n.name);
}

/* stream.name is a Kinesis stream for some developers and a Firehose stream for others:
 * evidence decides, then the words around it. */
static void stream_name(const struct site *at, const struct place_in_aws *where)
{
    struct subject *stream = known(at, "stream", where);
    bool firehose = group_hints(at, firehose_words);
    struct str connector = property_value(at->clue->group, STR("connector"));
    bool kinesis = str_starts(connector, STR("kinesis")) ||
                   strcmp(at->clue->use, "source") == 0 ||
                   property_value(at->clue->group, STR("flink.stream.initpos")).n;
    struct subject *delivery =
        stream && kinesis ? NULL : known(at, "delivery-stream", where);
    if (firehose && !stream) {
        add(at, build_reference(at->b, "delivery-stream", at->clue->pair->value, where));
    } else if (stream && !delivery) {
        add(at, stream);
    } else if (delivery && !stream && !kinesis) {
        add(at, delivery);
    } else if (kinesis) {
        add(at, build_reference(at->b, "stream", at->clue->pair->value, where));
    } else {
        doubt(at, "a Kinesis stream or a Firehose stream");
    }
}

static void table_name(const struct site *at, const struct place_in_aws *where)
{
    struct subject *s = known(at, "table", where);
    bool dynamo =
        group_hints(at, dynamo_words) || property_has(at->clue->pair->key, dynamo_words);
    if (s || dynamo)
        add(at, s ? s : build_reference(at->b, "table", at->clue->pair->value, where));
    else if (!group_has_jdbc(at->clue->group) && !group_hints(at, lake_words))
        doubt(at, "a DynamoDB table or a table of something else");
}

/* A name that its key hints at. */
static void name(const struct site *at, const char *type)
{
    struct place_in_aws where = subject_place(at->app);
    struct str value = at->clue->pair->value;
    if (at->clue->region.n)
        where.region = at->clue->region;
    if (strcmp(type, "stream") == 0) {
        stream_name(at, &where);
    } else if (strcmp(type, "table") == 0) {
        table_name(at, &where);
    } else if (strcmp(type, "database") == 0) {
        static const char *const glue[] = {"glue", NULL};
        struct subject *s = known(at, type, &where);
        if (s || group_hints(at, glue))
            add(at, s ? s : build_reference(at->b, type, value, &where));
    } else {
        add(at, build_reference(at->b, type, value, &where));
    }
}

void clue_resolve(struct build *b, struct subject *app, const struct document *doc,
                  const struct clue *c)
{
    struct site at = {b, app, doc, c};
    for (size_t i = 0; i < c->words.n; i++)
        word(&at, &c->words.v[i]);
    if (c->type)
        name(&at, c->type);
}
