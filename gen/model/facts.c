/* Facts: which are computed for which type, each subject by itself, when it is looked at.
 */
#include "model/rights.h"

#include "base/buf.h"
#include "base/when.h"
#include "evidence/operation.h"
#include "iam/rules.h"
#include "model/lookups.h"

#include <string.h>

#define NO_TIME "how old it is cannot be told: no evidence has a time; --as-of gives one"

enum {
    DESK_MAX_BYTES = 1 << 24, /* scratch memory that is kept */
};

enum {
    EVENTS = 1 << READS_EVENTS,
    COVERAGE = 1 << READS_COVERAGE,
    FINDINGS = 1 << READS_FINDINGS,
    CHANGERS = 1 << READS_CHANGERS,
    LIMITS = 1 << READS_LIMITS,
};

/* Who computes what, and from which of the things that are worked out for all subjects.
 * In few large jobs what one fact was read from cannot be told from what another was. */
/* clang-format off */
static const struct job {
    const char *type;  /* NULL: every type */
    const char *facts; /* names, separated by spaces; NULL: what no other of the type has */
    void (*run)(struct fact *f);
    unsigned groups;
} jobs[] = {
    {"application",      NULL,                                    facts_application, 0},
    {"application",      "covered_reads covered_writes data_events trails",
                                                                  facts_recorded,    COVERAGE},
    {"application",      "neighbours",                            facts_neighbours,  COVERAGE | EVENTS},
    {"application",      "changers holders",                      facts_changers,    CHANGERS | LIMITS},
    {"role",             NULL,                                    facts_role,        COVERAGE | EVENTS | LIMITS},
    {"user",             NULL,                                    facts_user,        FINDINGS},
    {"account",          NULL,                                    facts_account,     FINDINGS},
    {"account",          "access_keys double_keys root_keys",     facts_account_keys, FINDINGS},
    {"delivery-stream",  NULL,                                    facts_delivery,    0},
    {"key",              NULL,                                    facts_key,         0},
    {"key",              "role_use service_use",                  facts_key_use,     CHANGERS | LIMITS},
    {"trail",            NULL,                                    facts_trail,       COVERAGE},
    {"event-data-store", NULL,                                    facts_trail,       COVERAGE},
    {"vpc",              NULL,                                    facts_network,     0},
    {"security-group",   NULL,                                    facts_network,     0},
    {NULL,               "activity",                              facts_activity,    EVENTS},
    {NULL,               "uses",                                  facts_uses,        0},
    {"bucket",           "existence",                             facts_existence,   0},
    {NULL,               NULL,                                    facts_storage,     0},
    {NULL,               "exposures sensitive_findings",          facts_exposure,    FINDINGS},
    {NULL,               "access",                                facts_access,      0},
};
/* clang-format on */
enum { JOBS = sizeof jobs / sizeof *jobs };

static bool is_of(const struct job *j, const char *type)
{
    return !j->type || str_is(j->type, type);
}

/* The jobs of a type, as bits. */
static uint32_t jobs_of(const char *type)
{
    uint32_t of = 0;
    for (unsigned i = 0; i < JOBS; i++)
        of |= is_of(&jobs[i], type) ? 1u << i : 0;
    return of;
}

uint32_t facts_jobs(const char *type, struct str fact)
{
    uint32_t named = 0, rest = 0, all = jobs_of(type);
    for (unsigned i = 0; i < JOBS; i++) {
        const struct job *j = &jobs[i];
        uint32_t bit = all & 1u << i;
        rest |= j->facts ? 0 : bit;
        if (j->facts && str_has_word(str_from(j->facts), fact))
            named |= bit;
    }
    return str_eq(fact, STR("unknown")) ? all : named ? named : rest;
}

unsigned facts_groups(unsigned job)
{
    return job < JOBS ? jobs[job].groups : 0;
}

struct json *fact_list(struct fact *f, const char *name)
{
    return json_set_literal(f->facts, name, json_new_array(f->a));
}

struct json *fact_object(struct fact *f, const char *name)
{
    return json_set_literal(f->facts, name, json_new_object(f->a));
}

struct json *fact_item(struct fact *f, struct json *list)
{
    return json_push(list, json_new_object(f->a));
}

void fact_share(struct fact *f, const struct json *from, const char *name)
{
    const struct json *v = json_get(from, str_from(name));
    if (v)
        json_set_literal(f->facts, name, json_new_ref(f->a, v));
    for (v = json_first(json_get(from, STR("unknown"))); v; v = json_next(v)) {
        if (!str_eq(json_str(json_get(v, STR("about"))), str_from(name)))
            continue;
        if (!f->unknown)
            f->unknown = fact_list(f, "unknown");
        json_push(f->unknown, json_new_ref(f->a, v));
    }
}

bool fact_days(const struct fact *f, int64_t then, int64_t *days)
{
    if (f->m->now == WHEN_NONE)
        return false;
    *days = when_days(then, f->m->now);
    return true;
}

static bool is_noted(const struct fact *f, const char *about)
{
    for (const struct json *n = json_first(f->unknown); n; n = json_next(n))
        if (str_eq(json_str(json_get(n, STR("about"))), str_from(about)) &&
            str_eq(json_str(json_get(n, STR("what"))), str_from(NO_TIME)))
            return true;
    return false;
}

void fact_age(struct fact *f, struct json *o, const char *key, const char *about,
              int64_t then)
{
    int64_t days;
    if (then == WHEN_NONE)
        return;
    if (fact_days(f, then, &days))
        fact_num(f, o, key, (double)days);
    else if (about && !is_noted(f, about))
        fact_undecided(f, about, NULL, STR(""), str_from(NO_TIME));
}

const char *fact_yes(bool v)
{
    return v ? "yes" : "no";
}

static struct json *unknown_item(struct fact *f, const char *about, const char *reason,
                                 struct str what)
{
    if (!f->unknown)
        f->unknown = fact_list(f, "unknown");
    struct json *o = fact_item(f, f->unknown);
    fact_z(f, o, "about", about);
    fact_z(f, o, "reason", reason);
    fact_str(f, o, "what", what);
    return o;
}

static void unknown(struct fact *f, const char *about, const struct subject *of,
                    const char *kind, const char *what, struct str command)
{
    const char *gone = of && kind ? subject_missing(f->m, of, kind) : NULL;
    const char *reason = gone ? gone : of && of->foreign ? "foreign" : "absent";
    struct json *o = unknown_item(f, about, reason, str_from(what));
    fact_z(f, o, "kind", kind ? kind : "");
    fact_view(f, o, "subject", of ? of->arn : STR(""));
    fact_str(f, o, "command", command);
}

static struct str command_for(struct fact *f, const struct subject *of, const char *kind,
                              struct str region, struct str name2)
{
    if (!of || !kind)
        return STR("");
    return build_command(f->a, of, kind, region.n ? region : of->region, name2);
}

void fact_unknown(struct fact *f, const char *about, const struct subject *of,
                  const char *kind, struct str region, const char *what)
{
    unknown(f, about, of, kind, what, command_for(f, of, kind, region, STR("")));
}

void fact_unknown_part(struct fact *f, const char *about, const struct subject *of,
                       const char *kind, struct str name2, const char *what)
{
    unknown(f, about, of, kind, what, command_for(f, of, kind, STR(""), name2));
}

void fact_unknown_asked(struct fact *f, const char *about, const struct subject *of,
                        const char *kind, const char *what, struct str command)
{
    unknown(f, about, of, kind, what, command);
}

void fact_unseen_users(struct fact *f, const char *about)
{
    const struct subject *app = f->s->unseen_user;
    if (app)
        fact_unknown(f, about, app, "kinesisanalytics:DescribeApplication", STR(""),
                     str_fmt(f->a,
                             "%.*s is not described in evidence, so what it uses is not "
                             "known",
                             STR_ARG(app->name))
                         .p);
}

static void at_place(struct fact *f, const char *about, const char *reason,
                     const struct document *doc, struct str pointer, struct str what)
{
    struct json *o = unknown_item(f, about, reason, what);
    fact_z(f, o, "kind", "");
    fact_view(f, o, "subject", f->s->arn);
    fact_z(f, o, "command", "");
    fact_at(f, o, doc, pointer);
}

void fact_undecided(struct fact *f, const char *about, const struct document *doc,
                    struct str pointer, struct str what)
{
    at_place(f, about, "undecided", doc, pointer, what);
}

void fact_invalid(struct fact *f, const char *about, const struct document *doc,
                  struct str pointer, struct str what)
{
    at_place(f, about, "invalid", doc, pointer, what);
}

void fact_faulty_policy(struct fact *f, const char *about, const struct document *doc,
                        const struct policy *p)
{
    const struct policy_issue *s = p->issues.n ? &p->issues.v[0] : NULL;
    for (size_t i = 0; i < p->issues.n; i++)
        if (p->issues.v[i].kind->level == DIAG_ERROR) {
            s = &p->issues.v[i];
            break;
        }
    fact_invalid(f, about, doc, s ? s->pointer : p->source.pointer,
                 str_fmt(f->a, "a part of %s %.*s cannot be read%s%s",
                         policy_kind_name(p->source.kind), STR_ARG(p->source.name),
                         s ? ": " : "", s ? s->kind->what : ""));
}

const struct document *fact_document(const struct text *text)
{
    return text ? (const struct document *)(const void *)((const char *)text -
                                                          offsetof(struct document, text))
                : NULL;
}

const struct subject *account_subject(const struct model *m, struct str account)
{
    return map_get(&m->accounts, account);
}

const struct exhibit *account_exhibit(const struct model *m, struct str account,
                                      const char *kind, struct str region)
{
    const struct subject *s = account_subject(m, account);
    const struct exhibit *x = s ? subject_exhibit(s, kind) : NULL;
    for (; exhibit_goes_on(s, x, kind); x++)
        if (!region.n || str_eq(x->doc->region, region))
            return x;
    return NULL;
}

/* What a worker needs: scratch memory, used again for each subject so that it stays in
 * the processor's caches, and what is known of actions, which come again and again. */
struct desk {
    struct arena *scratch, *lasting;
    struct iam *iam; /* lives in lasting, works in scratch */
    struct desk *next;
};

/* A desk that nobody uses; NULL when there is none. */
static struct desk *desk_free(struct shared *sh)
{
    pthread_mutex_lock(&sh->lock);
    struct desk *d = sh->desks;
    if (d)
        sh->desks = d->next;
    pthread_mutex_unlock(&sh->lock);
    return d;
}

/* Fewer desks than threads: then what is compiled goes with the subject. */
static struct desk desk_take(struct shared *sh, struct desk **kept)
{
    *kept = desk_free(sh);
    struct desk d = *kept ? **kept : (struct desk){arena_new(), arena_new(), NULL, NULL};
    if (!d.iam && sh->actions)
        d.iam = iam_new(d.lasting, sh->actions);
    if (d.iam)
        iam_restart(d.iam, d.scratch);
    return d;
}

static void desk_return(struct shared *sh, struct desk d, struct desk *kept)
{
    if (!kept) {
        arena_free(d.scratch);
        arena_free(d.lasting);
        return;
    }
    arena_rewind(d.scratch);
    if (arena_size_bytes(d.lasting) > DESK_MAX_BYTES) {
        arena_clear(d.lasting);
        d.iam = NULL;
    }
    *kept = d;
    pthread_mutex_lock(&sh->lock);
    kept->next = sh->desks;
    sh->desks = kept;
    pthread_mutex_unlock(&sh->lock);
}

struct iam *fact_iam_lend(struct shared *sh, struct arena *work, struct desk **from)
{
    *from = desk_free(sh);
    if (!*from)
        return iam_new(work, sh->actions);
    if (!(*from)->iam)
        (*from)->iam = iam_new((*from)->lasting, sh->actions);
    iam_restart((*from)->iam, work);
    return (*from)->iam;
}

void fact_iam_return(struct shared *sh, struct desk *from)
{
    if (from)
        desk_return(sh, *from, from);
}

static void make_desks(struct arena *a, struct shared *sh, unsigned n)
{
    pthread_mutex_init(&sh->lock, NULL);
    struct desk *v = ARENA_ARRAY(a, struct desk, n);
    for (unsigned i = 0; i < n; i++) {
        v[i].scratch = arena_new();
        v[i].lasting = arena_new();
        arena_adopt(a, v[i].scratch);
        arena_adopt(a, v[i].lasting);
        v[i].next = sh->desks;
        sh->desks = &v[i];
    }
}

static const struct area *area_of(const struct shared *sh, const struct subject *s)
{
    return subject_is(s, "application") ? sh->areas[s->number] : NULL;
}

struct json *facts_of(struct arena *a, const struct subject *s, struct reads *reads)
{
    struct shared *sh = s->model->shared;
    struct desk *kept, desk = desk_take(sh, &kept);
    struct fact f = {.a = a,
                     .scratch = desk.scratch,
                     .iam = desk.iam,
                     .sh = sh,
                     .m = sh->m,
                     .s = s,
                     .area = area_of(sh, s),
                     .facts = json_new_object(a)};
    struct reads_for before = reads_begin((struct reads_for){0});
    for (uint32_t left = sh->jobs[s->order]; left; left &= left - 1) {
        if (reads)
            reads_begin((struct reads_for){.reads = reads, .bits = left & -left});
        jobs[__builtin_ctz(left)].run(&f);
    }
    reads_begin(before);
    desk_return(sh, desk, kept);
    return f.facts;
}

struct shared *facts_prepare(struct arena *a, const struct model *m,
                             const struct model_options *options, unsigned threads,
                             struct diag *dx)
{
    struct shared *sh = ARENA_NEW(a, struct shared);
    sh->m = m;
    size_t types;
    const struct subject_type *rows = subject_type_rows(&types);
    sh->jobs = ARENA_ARRAY(a, uint32_t, types);
    for (size_t i = 0; i < types; i++)
        sh->jobs[i] = jobs_of(rows[i].name);
    sh->trail = trail_read(a, m->evidence, threads, dx);
    if (options->actions.n)
        sh->actions = actions_open(a, options->actions, dx);
    return sh;
}

void build_indexes(struct model *m, struct arena *a, unsigned threads)
{
    static const char *const events[] = {"cloudtrail:LookupEvents", "cloudtrail:Records"};
    struct shared *sh = m->shared;
    struct reads_for before = reads_group(&m->marks, READS_FINDINGS);
    index_parts(a, sh, threads);
    reads_group(&m->marks, READS_COVERAGE);
    coverage_read(a, sh);
    areas_read(a, sh);
    reads_group(&m->marks, READS_EVENTS);
    documents_of(a, m, events, sizeof events / sizeof *events);
    reads_begin(before);
    neighbours_read(a, sh);
    sights_read(a, m, &sh->sights);
    briefs_read(a, sh, threads);
    struct map roles = rights_callers(a, m);
    sh->role_calls = trail_calls_read(a, m->evidence, &roles, threads);
}

void build_changers(struct model *m, struct arena *a, unsigned threads)
{
    struct shared *sh = m->shared;
    sh->known = ARENA_ARRAY(a, struct str, m->accounts.n + 1);
    for (size_t i = 0; i < m->accounts.n; i++)
        sh->known[sh->nknown++] = m->accounts.entries[i].key;
    changers_read(a, sh, threads);
    make_desks(a, sh, threads);
}
