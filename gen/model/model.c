/* The model: subjects by ARN and by name, in order, with who uses whom. */
#include "model/model.h"

#include "model/build.h"
#include "model/identity.h"
#include "model/organization.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/threads.h"
#include "evidence/operation.h"
#include "json/json.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct subject_type types[] = {
    {"application",      "Application",          "applications"},
    {"role",             "IAM role",             "IAM roles"},
    {"user",             "IAM user",             "IAM users"},
    {"group",            "IAM group",            "IAM groups"},
    {"policy",           "IAM policy",           "IAM policies"},
    {"account",          "Account",              "accounts"},
    {"stream",           "Kinesis stream",       "Kinesis streams"},
    {"delivery-stream",  "Firehose stream",      "Firehose streams"},
    {"bucket",           "S3 bucket",            "S3 buckets"},
    {"table",            "DynamoDB table",       "DynamoDB tables"},
    {"queue",            "SQS queue",            "SQS queues"},
    {"topic",            "SNS topic",            "SNS topics"},
    {"cluster",          "MSK cluster",          "MSK clusters"},
    {"secret",           "Secret",               "secrets"},
    {"domain",           "OpenSearch domain",    "OpenSearch domains"},
    {"function",         "Lambda function",      "Lambda functions"},
    {"catalog",          "Glue data catalog",    "Glue data catalogs"},
    {"database",         "Glue database",        "Glue databases"},
    {"key",              "KMS key",              "KMS keys"},
    {"log-group",        "CloudWatch log group", "CloudWatch log groups"},
    {"trail",            "CloudTrail trail",     "CloudTrail trails"},
    {"event-data-store", "Event data store",     "event data stores"},
    {"vpc",              "VPC",                  "VPCs"},
    {"security-group",   "Security group",       "security groups"},
    {"vpc-endpoint",     "VPC endpoint",         "VPC endpoints"},
    {"other",            "Other resource",       "other resources"},
};
/* clang-format on */

_Static_assert(sizeof types / sizeof *types <= 32, "a set of types is a word of bits");

enum {
    TYPES = sizeof types / sizeof *types,
    BATCH = 256, /* subjects that a worker takes at once */
};

const struct subject_type *subject_type_rows(size_t *n)
{
    *n = TYPES;
    return types;
}

size_t subject_type_order(const char *type)
{
    size_t i = 0;
    while (i < TYPES - 1 && !str_is(types[i].name, type))
        i++;
    return i;
}

const char *subject_type_name(struct str type)
{
    for (size_t i = 0; i < TYPES; i++)
        if (str_eq(type, str_from(types[i].name)))
            return types[i].name;
    return NULL;
}

struct place_in_aws subject_place(const struct subject *s)
{
    return (struct place_in_aws){s->partition, s->region, s->account};
}

/* Key of the name index. Names of clusters are compared as their host names are: in lower
 * case. */
static void name_key(struct buf *key, const char *type, struct str account,
                     struct str region, struct str name)
{
    buf_z(key, type);
    buf_c(key, '|');
    buf_str(key, account);
    buf_c(key, '|');
    buf_str(key, region);
    buf_c(key, '|');
    buf_str(key, name);
    if (strcmp(type, "cluster") == 0)
        for (size_t i = 0; i < key->n; i++)
            if (key->p[i] >= 'A' && key->p[i] <= 'Z')
                key->p[i] = (char)(key->p[i] + 32);
}

/* Stands in the index where two subjects share a name. */
static struct subject several;

static void index_name(struct build *b, struct subject *s, struct str account,
                       struct str region, struct str name)
{
    struct buf key = BUF_INIT;
    name_key(&key, s->type, account, region, name);
    void **known = map_put_copy(b->a, &b->m->by_name, buf_view(&key));
    *known = !*known || *known == s ? s : &several;
    buf_free(&key);
}

struct subject *model_named(const struct model *m, const char *type, struct str account,
                            struct str region, struct str name)
{
    struct buf key = BUF_INIT;
    name_key(&key, type, account, region, name);
    struct subject *s = map_get(&m->by_name, buf_view(&key));
    buf_free(&key);
    return s == &several ? NULL : s;
}

/* A new subject, in the list and in the indexes. */
static struct subject *add_subject(struct build *b, const struct naming *n)
{
    struct model *m = b->m;
    struct subject *s = ARENA_NEW(b->a, struct subject);
    s->model = m;
    s->type = n->type;
    s->order = (unsigned)subject_type_order(n->type);
    s->arn = n->arn;
    s->name = n->name;
    s->account = n->account;
    s->region = n->region;
    s->partition = n->partition;
    s->listed_only = true;
    *map_put(b->a, &m->by_arn, s->arn) = s;
    m->v = arena_grow(b->a, m->v, m->n, &m->cap, sizeof *m->v);
    m->v[m->n++] = s;
    index_name(b, s, s->account, s->region, s->name);
    /* A trail is known by name in every region (B: shadow trails). */
    if (subject_is(s, "trail"))
        index_name(b, s, s->account, STR(""), s->name);
    return s;
}

struct subject *build_subject(struct build *b, const struct naming *n)
{
    struct subject *s = map_get(&b->m->by_arn, n->arn);
    if (s || (b->open = b->early))
        return s;
    if (n->alias) {
        struct str key = str_fmt(b->a, "%.*s|%.*s|%.*s", STR_ARG(n->account),
                                 STR_ARG(n->region), STR_ARG(n->name));
        const struct str *arn = map_get(&b->aliases, key);
        struct naming real;
        if (arn && naming_of_arn(b->a, *arn, &real) && !real.alias) {
            s = build_subject(b, &real);
            *map_put(b->a, &b->m->by_arn, n->arn) = s;
            return s;
        }
    }
    return add_subject(b, n);
}

struct subject *build_reference(struct build *b, const char *type, struct str ref,
                                const struct place_in_aws *where)
{
    struct naming n;
    ref = str_trim(ref);
    if (!ref.n || ref.n > 2048)
        return NULL;
    if (str_starts(ref, STR("arn:"))) {
        if (!naming_of_arn(b->a, ref, &n) ||
            (type && strcmp(n.type, type) != 0 && strcmp(type, "other") != 0))
            return NULL;
        /* A secret's ARN may be given without its six last characters. */
        struct subject *known = map_get(&b->m->by_arn, n.arn);
        if (!known && (b->open = b->early))
            return NULL;
        if (!known && strcmp(n.type, "secret") == 0) {
            struct str resource =
                str_sub(n.arn, str_find(n.arn, STR(":secret:")) + 8, n.arn.n);
            known = model_named(b->m, "secret", n.account, n.region, resource);
        }
        /* A session ARN gives the role's name only. */
        if (!known && strcmp(n.type, "role") == 0 && str_has(ref, STR(":assumed-role/")))
            known = model_named(b->m, "role", n.account, STR("global"), n.name);
        return known ? known : build_subject(b, &n);
    }
    n = naming_of_name(b->a, type, ref, where);
    struct subject *known = map_get(&b->m->by_arn, n.arn);
    if (!known && (b->open = b->early))
        return NULL;
    if (!known)
        known = model_named(b->m, type, n.account, n.region, n.name);
    if (!known && strcmp(type, "trail") == 0)
        known = model_named(b->m, type, n.account, STR(""), n.name);
    return known ? known : build_subject(b, &n);
}

void build_link(struct build *b, struct subject *from, struct link l)
{
    if (!l.to || l.to == from || b->open)
        return;
    l.order = b->order;
    if (l.doc)
        reads_mark(&b->m->marks, READS_NAMES, l.doc);
    for (size_t i = 0; i < from->links.n; i++) {
        struct link *have = &from->links.v[i];
        if (have->to != l.to || strcmp(have->name, l.name) != 0)
            continue;
        if (l.order < have->order)
            *have = l;
        return;
    }
    *vec_push(b->keep, &from->links) = l;
}

static int by_link(const void *x, const void *y)
{
    const struct link *l = x, *r = y;
    int c = strcmp(l->name, r->name);
    if (!c)
        c = str_cmp(l->to->arn, r->to->arn);
    return c ? c : str_cmp(l->pointer, r->pointer);
}

static int by_user(const void *x, const void *y)
{
    const struct link *l = *(const struct link *const *)x;
    const struct link *r = *(const struct link *const *)y;
    bool la = subject_is(l->from, "application");
    bool ra = subject_is(r->from, "application");
    if (la != ra)
        return la ? -1 : 1;
    int c = l->from == r->from ? 0 : str_cmp(l->from->arn, r->from->arn);
    return c ? c : strcmp(l->name, r->name);
}

void build_sort(void *v, size_t n, size_t size,
                int (*compare)(const void *x, const void *y))
{
    const char *at = v;
    size_t i = 1;
    while (i < n && compare(at + (i - 1) * size, at + i * size) <= 0)
        i++;
    if (i < n)
        qsort(v, n, size, compare);
}

/* What is done for each subject by itself: links in order, and whether it stands in an
 * account of which nothing was collected. */
static void finish_subjects(void *ctx, size_t item, unsigned worker)
{
    const struct model *m = ctx;
    const struct subject *last = NULL; /* of the same account, mostly */
    bool foreign = false;
    (void)worker;
    for (size_t i = item * BATCH; i < (item + 1) * BATCH && i < m->n; i++) {
        struct subject *s = m->v[i];
        s->number = i;
        if (!last || !str_eq(s->account, last->account))
            foreign = !map_get(&m->accounts, s->account) && account_is(s->account);
        s->foreign = foreign;
        last = s;
        build_sort(s->links.v, s->links.n, sizeof *s->links.v, by_link);
        for (size_t k = 0; k < s->links.n; k++)
            s->links.v[k].from = s;
    }
}

static void sort_users(void *ctx, size_t item, unsigned worker)
{
    const struct model *m = ctx;
    (void)worker;
    for (size_t i = item * BATCH; i < (item + 1) * BATCH && i < m->n; i++)
        build_sort(m->v[i]->used_by.v, m->v[i]->used_by.n, sizeof *m->v[i]->used_by.v,
                   by_user);
}

/* Who is linked to s, turned round. */
static void reverse_links(struct build *b)
{
    struct model *m = b->m;
    for (size_t i = 0; i < m->n; i++)
        for (size_t j = 0; j < m->v[i]->links.n; j++)
            m->v[i]->links.v[j].to->used_by.cap++;
    for (size_t i = 0; i < m->n; i++) {
        struct subject *s = m->v[i];
        for (size_t j = 0; j < s->links.n; j++) {
            struct subject *to = s->links.v[j].to;
            if (!to->used_by.v)
                to->used_by.v = ARENA_ARRAY(b->a, const struct link *, to->used_by.cap);
            to->used_by.v[to->used_by.n++] = &s->links.v[j];
        }
    }
    threads_for((m->n + BATCH - 1) / BATCH, b->threads, sort_users, m);
}

static int by_arn(const void *x, const void *y)
{
    const struct subject *const *l = x, *const *r = y;
    return str_cmp((*l)->arn, (*r)->arn);
}

/* Subjects by type, each type's from ends[type - 1] on. */
struct sorting {
    struct subject **v;
    size_t ends[TYPES];
};

static void sort_type(void *ctx, size_t type, unsigned worker)
{
    (void)worker;
    const struct sorting *st = ctx;
    size_t from = type ? st->ends[type - 1] : 0, n = st->ends[type] - from;
    build_sort(st->v + from, n, sizeof *st->v, by_arn);
}

/* Into the order of the model. */
static void sort_subjects(struct build *b)
{
    struct model *m = b->m;
    struct sorting st = {ARENA_ARRAY(b->a, struct subject *, m->n), {0}};
    size_t at[TYPES] = {0};
    for (size_t i = 0; i < m->n; i++)
        at[m->v[i]->order]++;
    for (size_t type = 0, sum = 0; type < TYPES; type++) {
        size_t n = at[type];
        at[type] = sum;
        st.ends[type] = sum += n;
    }
    for (size_t i = 0; i < m->n; i++)
        st.v[at[m->v[i]->order]++] = m->v[i];
    threads_for(TYPES, b->threads, sort_type, &st);
    m->v = st.v;
    m->cap = m->n;
    threads_for((m->n + BATCH - 1) / BATCH, b->threads, finish_subjects, m);
}

/* Applications by account. */
static void note_applications(struct build *b)
{
    struct model *m = b->m;
    for (size_t i = 0; i < m->n && subject_is(m->v[i], "application"); i++) {
        void **slot = map_put(b->a, &m->applications, m->v[i]->account);
        if (!*slot)
            *slot = ARENA_NEW(b->a, struct applications);
        struct applications *of = *slot;
        *vec_push(b->a, &of->list) = m->v[i]; /* applications come first */
    }
}

const struct applications *account_applications(const struct model *m, struct str account)
{
    return map_get(&m->applications, account);
}

bool link_configured(const struct link *l)
{
    return strcmp(l->name, "property") != 0 && strcmp(l->name, "inline-code") != 0;
}

const struct documents *model_documents(const struct model *m, const char *kind)
{
    static const struct documents none;
    const struct operation *op = operation_of_kind(str_from(kind));
    size_t n;
    return op ? &m->answers[op - operation_rows(&n)] : &none;
}

static int by_number(const void *x, const void *y)
{
    const struct document *const *l = x, *const *r = y;
    return (*l)->number < (*r)->number ? -1 : (*l)->number > (*r)->number;
}

struct documents documents_of(struct arena *a, const struct model *m,
                              const char *const *kinds, size_t n)
{
    struct documents out = {0};
    for (size_t i = 0; i < n; i++) {
        const struct documents *of = model_documents(m, kinds[i]);
        for (size_t k = 0; k < of->list.n; k++)
            if (of->list.v[k]->state == DOCUMENT_ANSWER) {
                reads_note(of->list.v[k]);
                *vec_push(a, &out.list) = of->list.v[k];
            }
    }
    if (out.list.n > 1)
        qsort(out.list.v, out.list.n, sizeof *out.list.v, by_number);
    return out;
}

/* Every account that a document stands in gets a subject. */
static void add_account(struct build *b, const struct document *d)
{
    if (!account_is(d->account) || map_get(&b->m->accounts, d->account))
        return;
    struct place_in_aws where = {d->partition, STR("global"), d->account};
    struct naming n = naming_of_name(b->a, "account", d->account, &where);
    n.name = d->account;
    struct subject *s = build_subject(b, &n);
    s->listed_only = false;
    *map_put(b->a, &b->m->accounts, d->account) = s;
}

/* Documents by operation, and the accounts that they stand in: mostly that of the one
 * before. */
static void note_documents(struct build *b)
{
    const struct evidence *ev = b->m->evidence;
    struct str last = STR("");
    size_t n;
    const struct operation *ops = operation_rows(&n);
    b->m->answers = ARENA_ARRAY(b->a, struct documents, n);
    for (size_t i = 0; i < ev->n; i++) {
        const struct document *d = ev->v[i];
        if (!d->op)
            continue;
        *vec_push(b->a, &b->m->answers[d->op - ops].list) = d;
        if (d->state == DOCUMENT_REFUSED || str_eq(d->account, last))
            continue;
        add_account(b, d);
        last = d->account;
    }
}

static void mark_linked(struct subject *s, struct build *b)
{
    VEC(struct subject *) rest = {0};
    *vec_push(b->a, &rest) = s;
    while (rest.n) {
        s = rest.v[--rest.n];
        if (s->scope == SCOPE_IN)
            continue;
        s->scope = SCOPE_IN;
        for (size_t i = 0; i < s->links.n; i++)
            if (s->links.v[i].to->scope != SCOPE_IN)
                *vec_push(b->a, &rest) = s->links.v[i].to;
    }
}

/* An application that there is, and no description of it. What only tags or events name
 * may be gone, or be named wrongly. */
static bool undescribed(const struct subject *app)
{
    static const char describe[] = "kinesisanalytics:DescribeApplication";
    return !subject_answer(app, describe) &&
           (subject_exhibit(app, describe) ||
            subject_exhibit(app, "kinesisanalytics:ListApplications"));
}

/* Is the word in any text of the value? Trees are as deep as the reader lets them be. */
static bool mentions(const struct json *n, struct str word)
{
    if (json_is(n, JSON_STRING))
        return str_has(json_str(n), word);
    for (const struct json *c = json_first(n); c; c = json_next(c))
        if (mentions(c, word))
            return true;
    return false;
}

/* Does the role's trust policy name the service? True when it is not in evidence. */
static bool may_admit_service(const struct subject *role)
{
    const struct exhibit *x;
    const struct json *trust = identity_value(role, "AssumeRolePolicyDocument", &x);
    return !trust || mentions(trust, STR("kinesisanalytics."));
}

static const struct subject *unseen_user(struct build *b, const struct subject *s)
{
    struct str place = s->account;
    if (subject_is(s, "application") || (subject_is(s, "role") && !may_admit_service(s)))
        return NULL;
    if (region_is(s->region))
        place = str_fmt(b->a, "%.*s|%.*s", STR_ARG(s->account), STR_ARG(s->region));
    return map_get(&b->m->undescribed, place);
}

static void note_undescribed(struct build *b, struct subject *app)
{
    struct str place =
        str_fmt(b->a, "%.*s|%.*s", STR_ARG(app->account), STR_ARG(app->region));
    void **account = map_put(b->a, &b->m->undescribed, app->account);
    *account = *account ? *account : app;
    void **region = map_put(b->a, &b->m->undescribed, place);
    *region = *region ? *region : app;
}

static void mark_scope(struct build *b)
{
    struct model *m = b->m;
    for (size_t i = 0; i < m->n; i++) {
        struct subject *s = m->v[i];
        bool app = subject_is(s, "application");
        if (app || subject_is(s, "trail") || subject_is(s, "event-data-store"))
            mark_linked(s, b);
        if (app && undescribed(s))
            note_undescribed(b, s);
    }
    for (size_t i = 0; i < m->n; i++) {
        struct subject *s = m->v[i];
        if (m->undescribed.n)
            s->unseen_user = unseen_user(b, s);
        if (subject_is(s, "account") || subject_is(s, "user"))
            s->scope = SCOPE_IN;
        else if (s->scope == SCOPE_OUT && s->unseen_user)
            s->scope = SCOPE_MAYBE;
    }
}

static const struct document several_documents;

/* What says which account was asked; and a document that alone speaks of a subject, or of
 * an account: without it nobody would know of them. */
static void mark_sole(struct arena *a, const struct model *m)
{
    const struct documents *callers = model_documents(m, "sts:GetCallerIdentity");
    const struct document **first = ARENA_ARRAY(a, const struct document *, m->n + 1);
    for (size_t i = 0; i < callers->list.n; i++)
        reads_mark(&m->marks, READS_NAMES, callers->list.v[i]);
    for (size_t i = 0; i < m->evidence->n; i++) {
        const struct document *d = m->evidence->v[i];
        bool speaks = d->op && d->state != DOCUMENT_REFUSED;
        const struct subject *s = speaks ? map_get(&m->accounts, d->account) : NULL;
        if (s)
            first[s->number] = first[s->number] ? &several_documents : d;
    }
    for (size_t i = 0; i < m->n; i++) {
        if (first[i] && first[i] != &several_documents)
            reads_mark(&m->marks, READS_NAMES, first[i]);
        const struct subject *s = m->v[i];
        const struct document *only = s->exhibits.n ? s->exhibits.v[0].doc : NULL;
        for (size_t k = 1; k < s->exhibits.n && only; k++)
            only = s->exhibits.v[k].doc == only ? only : NULL;
        if (only && s->scope != SCOPE_OUT)
            reads_mark(&m->marks, READS_NAMES, only);
    }
}

/* Two things that need the evidence only, side by side: who there is, and what answers
 * say by themselves. */
struct halves {
    struct build *b;
    const struct model_options *options;
    struct arena *a; /* of the second half, as the rest here */
    struct diag *dx;
    struct map documents;
    const struct organization *organization;
    struct shared *shared;
};

static void build_half(void *ctx, size_t half, unsigned worker)
{
    (void)worker;
    struct halves *h = ctx;
    const struct model *m = h->b->m;
    if (half == 0) {
        build_exhibits(h->b);
        build_links(h->b);
        return;
    }
    map_expect(h->a, &h->documents, m->evidence->n);
    for (size_t i = 0; i < m->evidence->n; i++)
        *map_put(h->a, &h->documents, m->evidence->v[i]->path) = m->evidence->v[i];
    struct reads_for before = reads_group(&h->b->m->marks, READS_LIMITS);
    h->organization = organization_read(h->a, m);
    reads_begin(before);
    if (!h->options->bare)
        h->shared = facts_prepare(h->a, m, h->options,
                                  h->b->threads > 1 ? h->b->threads - 1 : 1, h->dx);
}

/* Which subjects are of interest, and the small things that facts rest on. */
static void build_rest(void *ctx)
{
    struct halves *h = ctx;
    struct build b = *h->b;
    b.a = h->a;
    mark_scope(&b);
    if (h->options->bare)
        return;
    mark_sole(h->a, b.m);
    build_indexes(b.m, h->a, b.threads);
}

struct model *model_build(struct arena *a, const struct evidence *ev,
                          const struct model_options *options, struct diag *dx)
{
    struct model *m = ARENA_NEW(a, struct model);
    struct build b = {.a = a, .keep = a, .m = m, .dx = dx, .threads = options->threads};
    struct halves h = {&b, options, .a = arena_new()};
    if (!b.threads)
        b.threads = threads_available();
    arena_adopt(a, h.a);
    h.dx = diag_new(h.a);
    m->evidence = ev;
    m->now = options->now;
    if (!options->bare)
        m->marks = reads_marks_new(a, ev);
    map_expect(a, &m->by_arn, ev->n); /* about as many subjects as documents */
    map_expect(a, &m->by_name, ev->n);
    note_documents(&b);
    threads_for(2, b.threads, build_half, &h);
    diag_merge(dx, h.dx);
    m->documents = h.documents;
    m->organization = h.organization;
    sort_subjects(&b);
    note_applications(&b);
    reverse_links(&b);
    if (options->bare) {
        build_rest(&h);
        return m;
    }
    m->shared = h.shared;
    m->trail = h.shared->trail;
    struct aside *rest = aside_begin(b.threads, build_rest, &h);
    build_changers(m, a, b.threads);
    aside_end(rest);
    return m;
}

void model_forget(const struct model *m)
{
    for (size_t i = 0; i < m->n; i++)
        for (size_t k = 0; k < m->v[i]->exhibits.n; k++)
            m->v[i]->exhibits.v[k].node = NULL;
    evidence_forget(m->evidence);
}

const struct subject *model_find(const struct model *m, struct str arn_or_name)
{
    const struct subject *s = map_get(&m->by_arn, arn_or_name), *found = NULL;
    if (s)
        return s;
    for (size_t i = 0; i < m->n; i++) {
        if (!str_eq(m->v[i]->name, arn_or_name))
            continue;
        if (found)
            return NULL;
        found = m->v[i];
    }
    return found;
}
