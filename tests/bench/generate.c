/* Write the evidence of a large organisation from two samples of one application each:
 * the application many times over, with names, accounts and keys of its own; buckets,
 * keys and secrets that a team's applications share; the rest once for each account; one
 * index. usage: generate FAULTY SOUND OUT APPLICATIONS */
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/map.h"
#include "json/json.h"
#include "json/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of ten teams two are like the faulty sample: about 12 findings an application. */
enum {
    PER_ACCOUNT = 500,
    PER_TEAM = 20,
    CALLS_EVERY = 2, /* of so many applications one was changed lately */
    FIRST_ACCOUNT = 100000000,
    TURNS = 10,
    FAULTY = 2
};

enum level { PER_ALL, PER_ACCOUNTS, PER_TEAMS, PER_APPLICATIONS, LEVELS };

/* Files by the start of their path below the account; what no row names is left out. */
static const struct {
    const char *start;
    enum level level;
} places[] = {
    /* clang-format off */
    {"us-east-1/dynamodb/describe-table",                         PER_TEAMS},
    {"us-east-1/firehose/describe-delivery-stream",               PER_TEAMS},
    {"us-east-1/kinesis/describe-stream-summary",                 PER_APPLICATIONS},
    {"us-east-1/kinesisanalyticsv2/describe-application~",        PER_APPLICATIONS},
    {"us-east-1/kinesisanalyticsv2/list-application-snapshots",   PER_APPLICATIONS},
    {"us-east-1/ec2/describe-security-groups",                    PER_TEAMS},
    {"us-east-1/kms/describe-key",                                PER_TEAMS},
    {"us-east-1/kms/get-key-policy",                              PER_TEAMS},
    {"us-east-1/kms/get-key-rotation-status",                     PER_TEAMS},
    {"us-east-1/kms/list-grants",                                 PER_TEAMS},
    {"us-east-1/s3api/",                                          PER_TEAMS},
    {"us-east-1/secretsmanager/",                                 PER_TEAMS},
    {"global/iam/generate-credential-report",                     PER_ACCOUNTS},
    {"global/iam/get-account-summary",                            PER_ACCOUNTS},
    {"global/iam/get-credential-report",                          PER_ACCOUNTS},
    {"global/s3control/",                                         PER_ACCOUNTS},
    {"global/sts/",                                               PER_ACCOUNTS},
    {"us-east-1/accessanalyzer/list-analyzers",                   PER_ACCOUNTS},
    {"us-east-1/cloudtrail/describe-trails",                      PER_ACCOUNTS},
    {"us-east-1/cloudtrail/get-",                                 PER_ACCOUNTS},
    {"us-east-1/cloudtrail/list-event-data-stores",               PER_ACCOUNTS},
    {"us-east-1/cloudtrail/lookup-events~AttributeKey_3DEventName", PER_ACCOUNTS},
    {"us-east-1/cloudtrail/lookup-events~AttributeKey_3DReadOnly", PER_ACCOUNTS},
    {"us-east-1/cloudwatch/describe-alarms",                      PER_ACCOUNTS},
    {"us-east-1/kms/list-aliases",                                PER_ACCOUNTS},
    {"us-east-1/logs/describe-metric-filters",                    PER_ACCOUNTS},
    {"us-east-1/sns/",                                            PER_ACCOUNTS},
    /* clang-format on */
};

/* Answers that list something of every application: the account has one of each. Items
 * are the application's when they name it, and else the account's. */
static const struct {
    const char *file, *lists[4];
} inventories[] = {
    {"global/iam/get-account-authorization-details.json",
     {"UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"}},
    {"us-east-1/kinesisanalyticsv2/list-applications.json", {"ApplicationSummaries"}},
    {"us-east-1/cloudtrail/lookup-events~AttributeKey_3DEventSource_2CAttributeValue_"
     "3Dkinesisanalytics.amazonaws.com.json",
     {"Events"}},
    {"us-east-1/logs/describe-log-groups~_2Faws_2Fkinesis-analytics_2Forders-flink.json",
     {"logGroups"}},
    {"us-east-1/logs/describe-log-groups~_2Faws_2Fkinesisfirehose_2Forders-audit.json",
     {"logGroups"}},
};
enum { INVENTORIES = sizeof inventories / sizeof *inventories };

struct file {
    struct str path, bytes; /* path below the account folder */
    struct str entry;       /* the index's, as text; "" when there is none */
};

struct sample {
    VEC(struct file) files[LEVELS];
    struct map entries; /* of the index: path -> struct json */
};

struct world {
    struct arena *a;
    struct diag *dx;
    const char *out;
    FILE *index;
    bool indexed;
    struct sample samples[2]; /* faulty, sound */
    const struct json *inventory[2][INVENTORIES];
    struct str inventory_entry[2][INVENTORIES];
};

struct who {
    unsigned account, team, app;
};

static void die(const struct world *w, const char *what)
{
    struct buf b = BUF_INIT;
    diag_print(w->dx, &b, false);
    fprintf(stderr, "%s%s\n", b.p ? b.p : "", what);
    exit(1);
}

/* s with what tells the sample's application, team and account apart from the others'
 * replaced. */
static struct str personal(struct arena *a, struct str s, struct who who)
{
    const struct {
        const char *from;
        struct str to;
    } changes[] = {
        {"orders-artifacts", str_fmt(a, "t%04u-artifacts", who.team)},
        {"orders-lake", str_fmt(a, "t%04u-lake", who.team)},
        {"orders-audit-firehose", str_fmt(a, "t%04u-audit-firehose", who.team)},
        {"orders-audit", str_fmt(a, "t%04u-audit", who.team)},
        {"orders-state", str_fmt(a, "t%04u-state", who.team)},
        {"orders-cloudtrail", str_fmt(a, "a%03u-cloudtrail", who.account)},
        {"orders/", str_fmt(a, "t%04u/", who.team)},
        {"orders_2F", str_fmt(a, "t%04u_2F", who.team)},
        {"orders", str_fmt(a, "o%05u", who.app)},
        {"111122223333", str_fmt(a, "%09u222", FIRST_ACCOUNT + who.account)},
        {"a3f54f26", str_fmt(a, "1%07x", who.team)},
        {"0526f89b", str_fmt(a, "2%07x", who.team)},
        {"10c33dcf", str_fmt(a, "3%07x", who.team)},
        {"defecaee", str_fmt(a, "4%07x", who.team)},
    };
    struct buf b = BUF_INIT;
    size_t done = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!memchr("oa1d0", s.p[i], 5))
            continue;
        for (size_t j = 0; j < sizeof changes / sizeof *changes; j++) {
            if (!str_starts(str_sub(s, i, s.n), str_from(changes[j].from)))
                continue;
            buf_str(&b, str_sub(s, done, i));
            buf_str(&b, changes[j].to);
            done = i + strlen(changes[j].from);
            i = done - 1;
            break;
        }
    }
    buf_str(&b, str_sub(s, done, s.n));
    struct str out = buf_dup(a, &b);
    buf_free(&b);
    return out;
}

static struct str written(struct arena *a, const struct json *n, bool pretty)
{
    struct buf b = BUF_INIT;
    json_write(&b, n, pretty, false);
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

static const struct json *read_json(struct world *w, struct str path)
{
    struct text *t = ARENA_NEW(w->a, struct text);
    t->name = path;
    if (!file_read(w->a, path.p, path, w->dx, &t->bytes))
        die(w, "cannot read the sample");
    const struct json *root = json_read(w->a, t, w->dx);
    if (!root)
        die(w, "the sample is no JSON");
    return root;
}

static void read_sample(struct world *w, const char *folder, int kind)
{
    struct sample *s = &w->samples[kind];
    struct file_list list = {0};
    if (!file_walk(w->a, folder, w->dx, &list))
        die(w, "cannot read the sample");
    const struct json *index = read_json(w, str_fmt(w->a, "%s/index.json", folder));
    for (const struct json *e = json_first(json_get(index, STR("files"))); e;
         e = json_next(e))
        *map_put(w->a, &s->entries, json_str(json_get(e, STR("path")))) = (void *)e;
    for (size_t i = 0; i < list.n; i++) {
        struct file f = {0};
        if (!str_cut(list.v[i].relative, '/', NULL, &f.path))
            continue;
        const struct json *entry = map_get(&s->entries, list.v[i].relative);
        f.entry = entry ? written(w->a, entry, false) : STR("");
        for (int j = 0; j < INVENTORIES; j++)
            if (str_eq(f.path, str_from(inventories[j].file))) {
                w->inventory[kind][j] = read_json(w, list.v[i].path);
                w->inventory_entry[kind][j] = f.entry;
            }
        enum level level = PER_ALL;
        for (size_t j = 0; j < sizeof places / sizeof *places; j++)
            if (str_starts(f.path, str_from(places[j].start)))
                level = places[j].level;
        if (level == PER_TEAMS && str_has(f.path, STR("orders-cloudtrail")))
            level = PER_ACCOUNTS;
        if (level == PER_ALL)
            continue;
        if (!file_read(w->a, list.v[i].path.p, list.v[i].path, w->dx, &f.bytes))
            die(w, "cannot read the sample");
        *vec_push(w->a, &s->files[level]) = f;
    }
}

static void save(struct world *w, struct arena *a, struct who who, const struct file *f)
{
    struct str path = str_fmt(a, "%s/%09u222/%.*s", w->out, FIRST_ACCOUNT + who.account,
                              STR_ARG(f->path));
    struct str folder = str_sub(path, 0, str_find_last(path, '/'));
    FILE *out = fopen(path.p, "wb");
    if (!out) {
        if (!file_make_folder(str_z(a, folder), w->dx))
            die(w, "cannot make a folder");
        out = fopen(path.p, "wb");
    }
    if (!out || fwrite(f->bytes.p, 1, f->bytes.n, out) != f->bytes.n || fclose(out) != 0)
        die(w, "cannot write");
    if (f->entry.n)
        fprintf(w->index, "%s\n%.*s", w->indexed ? "," : "", STR_ARG(f->entry));
    w->indexed |= f->entry.n > 0;
}

static void save_level(struct world *w, int kind, enum level level, struct who who)
{
    struct arena *a = arena_new();
    const struct sample *s = &w->samples[kind];
    for (size_t i = 0; i < s->files[level].n; i++) {
        const struct file *f = &s->files[level].v[i];
        save(w, a, who,
             &(struct file){personal(a, f->path, who), personal(a, f->bytes, who),
                            personal(a, f->entry, who)});
    }
    arena_free(a);
}

static int kind_of(unsigned team)
{
    return team % TURNS >= FAULTY;
}

/* Does an item of an inventory belong to the application, to the team, or, when to none,
 * to the account? Of its calls only what changed it, or the calls would be most of the
 * evidence. */
static enum level level_of(struct str item)
{
    if (str_has(item, STR("\"EventName\"")))
        return str_has(item, STR("\"UpdateApplication\"")) ? PER_APPLICATIONS
                                                           : PER_ACCOUNTS;
    if (str_has(item, STR("\"orders-audit-firehose\"")) ||
        str_has(item, STR("kinesisfirehose/orders-audit\"")))
        return PER_TEAMS;
    return str_has(item, STR("\"orders-flink")) || str_has(item, STR("/orders-flink\""))
               ? PER_APPLICATIONS
               : PER_ACCOUNTS;
}

/* An item, with an event's id, which no other event may have, made the application's. */
static void add_item(struct buf *out, struct arena *a, struct str text, struct str id,
                     unsigned app)
{
    struct str own = str_fmt(a, "%08x%.*s", app, STR_ARG(str_sub(id, 8, id.n)));
    while (id.n && text.n) {
        size_t at = 0;
        while (at < text.n && !str_starts(str_sub(text, at, text.n), id))
            at++;
        buf_str(out, str_sub(text, 0, at));
        if (at < text.n)
            buf_str(out, own);
        text = str_sub(text, at + id.n, text.n);
    }
    buf_str(out, text);
}

/* The items of one list: the account's own, then each application's. */
static void add_items(struct buf *out, struct world *w, int inventory, const char *list,
                      struct who first, unsigned n)
{
    size_t items = 0;
    for (unsigned i = 0; i < n; i++) {
        struct arena *a = arena_new();
        struct who who = {first.account, first.team + i / PER_TEAM, first.app + i};
        const struct json *from =
            json_get(w->inventory[kind_of(who.team)][inventory], str_from(list));
        for (const struct json *j = json_first(from); j; j = json_next(j)) {
            struct str text = written(a, j, true);
            enum level level = level_of(text);
            bool call = json_get(j, STR("EventId")) != NULL;
            unsigned every = level == PER_TEAMS          ? PER_TEAM
                             : level != PER_APPLICATIONS ? n
                             : call                      ? CALLS_EVERY
                                                         : 1;
            if (i % every)
                continue;
            buf_z(out, items++ ? ",\n" : "\n");
            add_item(out, a, personal(a, text, who),
                     json_str(json_get(j, STR("EventId"))), who.app);
        }
        arena_free(a);
    }
}

static void save_inventory(struct world *w, int i, struct who first, unsigned n)
{
    struct arena *a = arena_new();
    struct buf b = BUF_INIT;
    for (int k = 0; k < 4 && inventories[i].lists[k]; k++) {
        buf_fmt(&b, "%s\n\"%s\": [", k ? "," : "{", inventories[i].lists[k]);
        add_items(&b, w, i, inventories[i].lists[k], first, n);
        buf_z(&b, "]");
    }
    buf_z(&b, "\n}\n");
    struct file f = {.path = personal(a, str_from(inventories[i].file), first),
                     .bytes = buf_view(&b),
                     .entry = personal(a, w->inventory_entry[0][i], first)};
    save(w, a, first, &f);
    buf_free(&b);
    arena_free(a);
}

static void write_account(struct world *w, struct who first, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        struct who who = {first.account, first.team + i / PER_TEAM, first.app + i};
        save_level(w, kind_of(who.team), PER_APPLICATIONS, who);
        if (i % PER_TEAM == 0)
            save_level(w, kind_of(who.team), PER_TEAMS, who);
    }
    save_level(w, first.account % 2, PER_ACCOUNTS, first);
    for (int i = 0; i < INVENTORIES; i++)
        save_inventory(w, i, first, n);
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    struct world w = {.a = a, .dx = diag_new(a)};
    if (argc != 5) {
        fprintf(stderr, "usage: generate FAULTY SOUND OUT APPLICATIONS\n");
        return 2;
    }
    read_sample(&w, argv[1], 0);
    read_sample(&w, argv[2], 1);
    w.out = argv[3];
    if (!file_make_folder(w.out, w.dx) ||
        !(w.index = fopen(str_fmt(a, "%s/index.json", w.out).p, "wb")))
        die(&w, "cannot make the folder");
    fputs("{\n  \"format\": 1,\n  \"files\": [", w.index);
    unsigned total = (unsigned)atoi(argv[4]), n;
    for (struct who who = {0}; who.app < total; who.app += n, who.account++) {
        n = total - who.app < PER_ACCOUNT ? total - who.app : PER_ACCOUNT;
        who.team = who.app / PER_TEAM;
        write_account(&w, who, n);
    }
    fputs("\n  ]\n}\n", w.index);
    bool ok = !ferror(w.index) && fclose(w.index) == 0;
    arena_free(a);
    return !ok;
}
