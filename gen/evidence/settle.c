/* Complete documents from each other. */
#include "evidence/settle.h"

#include "base/map.h"
#include "evidence/message.h"
#include "evidence/recognise.h"
#include "json/json.h"

#include <string.h>

/* Does it tell of accounts and regions? One without a subject does, too. */
static bool tells(const struct document *d)
{
    return d->op && (document_state_usable(d->state) || d->state == DOCUMENT_UNBOUND);
}

static struct str folder_of(struct str path)
{
    size_t slash = str_find_last(path, '/');
    return slash == (size_t)-1 ? STR("") : str_sub(path, 0, slash);
}

static bool is_kind(const struct document *d, const char *kind)
{
    return d->op && strcmp(d->op->kind, kind) == 0;
}

/* The one value that all documents share; empty when there are several or none. */
struct only {
    struct str value;
    bool several;
};

static void only_add(struct only *o, struct str value)
{
    if (!value.n || o->several)
        return;
    if (!o->value.n)
        o->value = value;
    else
        o->several = !str_eq(o->value, value);
}

static struct str only_value(const struct only *o)
{
    return o->several || !o->value.n ? STR("") : o->value;
}

static void fill_accounts(struct arena *a, struct evidence *ev)
{
    struct map callers = MAP_INIT; /* folder -> account's str */
    struct only account = {0}, region = {0};
    for (size_t i = 0; i < ev->n; i++) {
        struct document *d = ev->v[i];
        if (!tells(d))
            continue;
        only_add(&account, d->account);
        if (d->op && !d->op->global && !str_eq(d->region, STR("global")))
            only_add(&region, d->region);
        if (d->state == DOCUMENT_ANSWER && is_kind(d, "sts:GetCallerIdentity"))
            *map_put(a, &callers, folder_of(d->path)) = &d->account;
    }
    for (size_t i = 0; i < ev->n; i++) {
        struct document *d = ev->v[i];
        if (!tells(d))
            continue;
        if (!d->account.n) {
            const struct str *caller = NULL;
            for (struct str f = folder_of(d->path); callers.n && !caller;
                 f = folder_of(f)) {
                caller = map_get(&callers, f);
                if (!f.n)
                    break;
            }
            d->account = caller ? *caller : only_value(&account);
            if (!d->name.n && !d->op->listing &&
                (strcmp(d->op->subject, "account") == 0 ||
                 strcmp(d->op->subject, "catalog") == 0))
                d->name = d->account;
        }
        if (!d->region.n)
            d->region = only_value(&region);
    }
}

static void fill_partitions(struct arena *a, struct evidence *ev)
{
    struct map by_account = MAP_INIT;
    void **slot = NULL;
    struct str account = STR("");
    for (size_t i = 0; i < ev->n; i++) {
        struct document *d = ev->v[i];
        if (!d->partition.n || !d->account.n)
            continue;
        if (!slot || !str_eq(account, d->account)) /* most are those of the one before */
            slot = map_put(a, &by_account, d->account);
        account = d->account;
        *slot = &d->partition;
    }
    for (size_t i = 0; i < ev->n; i++) {
        struct document *d = ev->v[i];
        if (d->partition.n)
            continue;
        const struct str *same = map_get(&by_account, d->account);
        d->partition = recognise_partition(d->region);
        if (!d->partition.n)
            d->partition = same ? *same : STR("aws");
    }
}

/* generate-service-last-accessed-details names the role and gives the job; the answer to
 * the job names neither. */
static void bind_jobs(struct arena *a, struct evidence *ev, struct diag *dx)
{
    struct map jobs = MAP_INIT;
    for (size_t i = 0; i < ev->n; i++) {
        struct document *d = ev->v[i];
        if (d->state == DOCUMENT_ANSWER && d->name.n && d->name2.n &&
            is_kind(d, "iam:GenerateServiceLastAccessedDetails"))
            *map_put(a, &jobs, d->name2) = d;
    }
    for (size_t i = 0; i < ev->n; i++) {
        struct document *d = ev->v[i];
        if (d->state != DOCUMENT_ANSWER || d->name.n || !d->op ||
            !str_has(str_from(d->op->param), STR("job-id")))
            continue;
        const struct document *job = map_get(&jobs, d->name2);
        if (job)
            d->name = job->name;
        else if (d->name2.n && str_find_char(d->name2, '-') != 8)
            d->name = d->name2; /* no job's id: people write the role there */
        else
            recognise_fate(a, d, DOCUMENT_UNBOUND, &EVI_UNBOUND, 0, dx,
                           "no generate-service-last-accessed-details answer has "
                           "job \"%.*s\"",
                           STR_ARG(d->name2));
    }
}

static bool take_time(void *ctx, const struct json *n)
{
    int64_t *newest = ctx, when;
    bool read = json_is(n, JSON_NUMBER) ? when_number(json_num(n), &when)
                                        : when_read(json_str(n), &when);
    if (read && when > *newest)
        *newest = when;
    return true;
}

static void find_newest(struct evidence *ev)
{
    ev->newest = WHEN_NONE;
    for (size_t i = 0; i < ev->n; i++)
        if (ev->v[i]->collected > ev->newest)
            ev->newest = ev->v[i]->collected;
    if (ev->newest != WHEN_NONE)
        return;
    for (size_t i = 0; i < ev->n; i++) {
        const struct document *d = ev->v[i];
        if (d->state != DOCUMENT_ANSWER)
            continue;
        struct str words = str_from(d->op->time), word;
        while (words.n) {
            str_cut(words, ' ', &word, &words);
            shape_each(d->root, word, take_time, &ev->newest);
        }
    }
}

void settle(struct arena *a, struct evidence *ev, struct diag *dx)
{
    fill_accounts(a, ev);
    bind_jobs(a, ev, dx);
    fill_partitions(a, ev);
    find_newest(ev);
    ev->size_bytes = 0;
    for (size_t i = 0; i < ev->n; i++)
        ev->size_bytes += ev->v[i]->size_bytes;
}
