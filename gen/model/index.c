/* Indexes that all facts share: events, findings and rows of reports, by the subject that
 * they are about. */
#include "model/fact.h"

#include "base/threads.h"

#include <ctype.h>
#include <string.h>

/* The subject that an event is about; NULL when it is not known. */
static struct subject *event_subject(struct arena *a, const struct model *m,
                                     const struct trail_event *e)
{
    struct naming n;
    if (!e->about.n)
        return NULL;
    struct subject *s = NULL;
    if (naming_of_arn(a, e->about, &n)) {
        s = map_get(&m->by_arn, n.arn);
    } else {
        static const char *const global[] = {"role", "user", "policy"};
        struct str region = strcmp(e->type, "bucket") == 0 ? STR("") : e->region;
        for (size_t i = 0; i < 3; i++)
            if (strcmp(e->type, global[i]) == 0)
                region = STR("global");
        struct place_in_aws where = {e->doc->partition, region, e->account};
        s = model_named(m, e->type, e->account, region, e->about);
        if (!s) {
            n = naming_of_name(a, e->type, e->about, &where);
            s = map_get(&m->by_arn, n.arn);
        }
    }
    return s && strcmp(s->type, e->type) == 0 ? s : NULL;
}

/* Which subject each event is about. */
static void index_events(struct arena *a, struct shared *sh)
{
    for (size_t i = 0; i < sh->trail->n; i++) {
        const struct trail_event *e = &sh->trail->v[i];
        struct subject *s = event_subject(a, sh->m, e);
        if (!s)
            continue;
        if (!s->events)
            s->events = ARENA_NEW(a, struct events);
        *vec_push(a, &s->events->list) = e;
    }
}

static void add_part(struct arena *a, struct map *map, struct str arn, struct part part)
{
    if (!arn.n)
        return;
    void **slot = map_put(a, map, arn);
    if (!*slot)
        *slot = ARENA_NEW(a, struct parts);
    struct parts *parts = *slot;
    *vec_push(a, &parts->list) = part;
}

/* The subject that a finding's resource is: objects stand for their bucket. */
static struct str subject_of(struct arena *a, struct str resource)
{
    struct naming n;
    return naming_of_arn(a, resource, &n) ? n.arn : STR("");
}

static void read_findings(struct arena *a, struct shared *sh, const struct document *d)
{
    const struct json *list = json_get(d->root, STR("findings"));
    size_t i = 0;
    for (const struct json *n = json_first(list); n; n = json_next(n), i++) {
        struct str arn = subject_of(a, json_str(json_get(n, STR("resource"))));
        struct part part = {d, n, str_fmt(a, "/findings/%zu", i)};
        add_part(a, &sh->findings, arn, part);
    }
    if (list)
        return;
    const struct json *one = json_get(d->root, STR("finding"));
    struct part part = {d, one ? one : d->root, one ? STR("/finding") : STR("")};
    add_part(a, &sh->findings,
             subject_of(a, json_str(json_get(part.node, STR("resource")))), part);
}

static void read_macie(struct arena *a, struct shared *sh, const struct document *d)
{
    size_t i = 0;
    for (const struct json *n = json_first(json_get(d->root, STR("findings"))); n;
         n = json_next(n), i++) {
        const struct json *bucket = json_dig(n, "resourcesAffected", "s3Bucket", NULL);
        struct str arn = json_str(json_get(bucket, STR("arn")));
        struct part part = {d, n, str_fmt(a, "/findings/%zu", i)};
        add_part(a, &sh->macie, subject_of(a, arn), part);
    }
}

/* May it stand in a command as it is? Evidence may say anything. */
static bool plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!isalnum((unsigned char)s.p[i]) && !strchr("-_.:/", s.p[i]))
            return false;
    return s.n > 0;
}

static struct analyzer analyzer_of(struct arena *a, const struct document *d,
                                   struct str arn)
{
    struct analyzer x = {.arn = arn, .account = d->account, .region = d->region};
    x.what = str_fmt(a, "the findings of %.*s are not in evidence", STR_ARG(arn));
    x.command = !plain(arn) || !plain(d->region)
                    ? STR("")
                    : str_fmt(a,
                              "aws accessanalyzer list-findings-v2 --analyzer-arn %.*s "
                              "--region %.*s --output json",
                              STR_ARG(arn), STR_ARG(d->region));
    return x;
}

static void list_analyzers(struct arena *a, struct shared *sh, const struct document *d)
{
    for (const struct json *n = json_first(json_get(d->root, STR("analyzers"))); n;
         n = json_next(n))
        if (str_eq(json_str(json_get(n, STR("status"))), STR("ACTIVE")))
            *vec_push(a, &sh->analyzers) =
                analyzer_of(a, d, json_str(json_get(n, STR("arn"))));
}

/* The answer says by its name, or by where it was asked, whose findings it holds. */
static void mark_read(struct shared *sh, const struct document *d)
{
    for (size_t i = 0; i < sh->analyzers.n; i++) {
        struct analyzer *x = &sh->analyzers.v[i];
        if (str_eq(x->arn, d->name) || (!d->name.n && str_eq(x->account, d->account) &&
                                        str_eq(x->region, d->region)))
            x->read = !d->partial;
    }
}

/* Rows by user; the root user is <root_account>. Of several reports the newest counts; a
 * user may stand in it more than once. */
static void read_report(struct arena *a, struct shared *sh, const struct document *d)
{
    const struct json *rows = evidence_credential_report(a, d->root);
    size_t i = 0;
    for (const struct json *n = json_first(rows); n; n = json_next(n), i++) {
        struct str user = json_str(json_get(n, STR("user")));
        struct str key = str_fmt(a, "%.*s|%.*s", STR_ARG(d->account), STR_ARG(user));
        void **slot = map_put(a, &sh->reports, key);
        struct parts *have = *slot;
        bool other = have && have->list.v[0].doc != d;
        if (other && have->list.v[0].doc->collected >= d->collected)
            continue;
        if (!have || other)
            *slot = have = ARENA_NEW(a, struct parts);
        *vec_push(a, &have->list) = (struct part){d, n, str_fmt(a, "/Content/%zu", i)};
    }
}

/* The service that the ARN of s names. All of one type are of one service, but for those
 * of no type: types has those that were here. */
static void add_service(struct arena *a, struct map *services, uint32_t *types,
                        const struct subject *s)
{
    uint32_t type = (uint32_t)1 << s->order;
    struct arn_parts parts;
    if (*types & type && !subject_is(s, "other"))
        return;
    if (!arn_parts_read(s->arn, &parts))
        return;
    *types |= type;
    *map_put(a, services, parts.service) = services;
}

struct crew {
    const struct model *m;
    struct arena **arenas; /* one for each worker */
};

/* The services of an account's applications, of what they use, and of what that uses: the
 * key of a stream, the bucket behind a delivery stream. */
static void index_services(void *ctx, size_t account, unsigned worker)
{
    const struct crew *crew = ctx;
    struct arena *a = crew->arenas[worker];
    struct applications *of = crew->m->applications.entries[account].value;
    uint32_t types = 0;
    for (size_t i = 0; i < of->list.n; i++) {
        const struct subject *app = of->list.v[i];
        add_service(a, &of->services, &types, app);
        for (size_t j = 0; j < app->links.n; j++) {
            const struct subject *to = app->links.v[j].to;
            if (subject_is(to, "role"))
                continue;
            add_service(a, &of->services, &types, to);
            for (size_t k = 0; k < to->links.n; k++)
                if (!subject_is(to->links.v[k].to, "role"))
                    add_service(a, &of->services, &types, to->links.v[k].to);
        }
    }
}

void index_parts(struct arena *a, struct shared *sh, unsigned threads)
{
    static const char *const kinds[] = {"accessanalyzer:GetFinding",
                                        "accessanalyzer:GetFindingV2",
                                        "accessanalyzer:ListAnalyzers",
                                        "accessanalyzer:ListFindings",
                                        "accessanalyzer:ListFindingsV2",
                                        "iam:GetCredentialReport",
                                        "macie2:GetFindings",
                                        "macie2:ListFindings"};
    struct crew crew = {sh->m, arena_new_workers(a, threads)};
    threads_for(sh->m->applications.n, threads, index_services, &crew);
    index_events(a, sh);
    struct documents docs = documents_of(a, sh->m, kinds, sizeof kinds / sizeof *kinds);
    for (size_t i = 0; i < docs.list.n; i++)
        if (strcmp(docs.list.v[i]->op->kind, "accessanalyzer:ListAnalyzers") == 0)
            list_analyzers(a, sh, docs.list.v[i]);
    for (size_t i = 0; i < docs.list.n; i++) {
        const struct document *d = docs.list.v[i];
        const char *kind = d->op->kind;
        if (strncmp(kind, "macie2:", 7) == 0)
            *map_put(a, &sh->scanned, d->account) = sh;
        if (strncmp(kind, "accessanalyzer:ListFindings", 27) == 0)
            mark_read(sh, d);
        if (strncmp(kind, "accessanalyzer:ListFindings", 27) == 0 ||
            strncmp(kind, "accessanalyzer:GetFinding", 25) == 0)
            read_findings(a, sh, d);
        else if (strcmp(kind, "macie2:GetFindings") == 0)
            read_macie(a, sh, d);
        else if (strcmp(kind, "iam:GetCredentialReport") == 0)
            read_report(a, sh, d);
    }
}
