/* Write the evidence of a large organisation: the quickstart sample's application, many
 * times over, with names, accounts and keys of their own. usage: generate SAMPLE OUT
 * APPLICATIONS */
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/file.h"
#include "json/json.h"
#include "json/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PER_ACCOUNT = 500, FIRST_ACCOUNT = 100000000 };

/* Files that each application has, by the start of their path below the account. */
static const char *const per_application[] = {
    "us-east-1/dynamodb/describe-table",
    "us-east-1/firehose/describe-delivery-stream",
    "us-east-1/kinesis/describe-stream-summary",
    "us-east-1/kinesisanalyticsv2/describe-application~",
    "us-east-1/kinesisanalyticsv2/list-application-snapshots",
    "us-east-1/kms/describe-key",
    "us-east-1/kms/get-key-policy",
    "us-east-1/kms/get-key-rotation-status",
    "us-east-1/s3api/get-bucket-encryption~orders-artifacts",
    "us-east-1/s3api/get-bucket-encryption~orders-lake",
    "us-east-1/s3api/get-bucket-policy~orders-lake",
    "us-east-1/s3api/get-public-access-block~orders-artifacts",
    "us-east-1/secretsmanager/describe-secret",
};
/* Files that each account has once. */
static const char *const per_account[] = {
    "global/iam/get-account-summary",
    "global/sts/get-caller-identity",
    "us-east-1/accessanalyzer/list-analyzers",
    "us-east-1/cloudtrail/describe-trails",
    "us-east-1/cloudtrail/get-event-selectors",
    "us-east-1/cloudtrail/get-trail-status",
    "us-east-1/kms/list-aliases",
    "us-east-1/s3api/get-bucket-encryption~orders-cloudtrail",
    "us-east-1/s3api/get-bucket-policy~orders-cloudtrail",
};

struct file {
    struct str path, bytes; /* path below the account folder */
};

struct world {
    struct arena *a;
    struct diag *dx;
    const char *out;
    VEC(struct file) application, account;
    struct str role, policy, log_group; /* one item of each list, as JSON */
};

static void die(const struct world *w, const char *what)
{
    struct buf b = BUF_INIT;
    diag_print(w->dx, &b, false);
    fprintf(stderr, "%s%s\n", b.p ? b.p : "", what);
    exit(1);
}

/* s with what tells the sample's application and account apart from the others' replaced.
 */
static struct str personal(struct arena *a, struct str s, unsigned account, unsigned app)
{
    char name[16], id[16], key[16];
    snprintf(name, sizeof name, "o%05u", app % 100000);
    snprintf(id, sizeof id, "%09u222", FIRST_ACCOUNT + account);
    snprintf(key, sizeof key, "%08x", app);
    const struct {
        struct str from, to;
    } changes[] = {
        {STR("orders"), str_from(name)},
        {STR("111122223333"), str_from(id)},
        {STR("a3f54f26"), str_from(key)},
    };
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < s.n;) {
        size_t j = 0;
        while (j < 3 && !str_starts(str_sub(s, i, s.n), changes[j].from))
            j++;
        if (j == 3) {
            buf_c(&b, s.p[i++]);
            continue;
        }
        buf_str(&b, changes[j].to);
        i += changes[j].from.n;
    }
    struct str done = buf_dup(a, &b);
    buf_free(&b);
    return done;
}

static void pick(struct world *w, const struct file_entry *e, struct str below)
{
    const struct {
        const char *const *rows;
        size_t n;
    } lists[] = {
        {per_application, sizeof per_application / sizeof *per_application},
        {per_account, sizeof per_account / sizeof *per_account},
    };
    for (int l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l].n; i++) {
            if (!str_starts(below, str_from(lists[l].rows[i])))
                continue;
            struct file f = {.path = below};
            if (!file_read(w->a, e->path.p, e->path, w->dx, &f.bytes))
                die(w, "cannot read the sample");
            if (l == 0)
                *vec_push(w->a, &w->application) = f;
            else
                *vec_push(w->a, &w->account) = f;
        }
}

/* The item of a list whose member is the name, written as the CLI would. */
static struct str item(struct world *w, const char *path, const char *list,
                       const char *member, const char *name)
{
    struct text t = {str_from(path), STR("")};
    if (!file_read(w->a, path, t.name, w->dx, &t.bytes))
        die(w, "cannot read the sample");
    const struct json *root = json_read(w->a, &t, w->dx);
    for (const struct json *n = json_first(json_get(root, str_from(list))); n;
         n = json_next(n)) {
        if (!str_eq(json_str(json_get(n, str_from(member))), str_from(name)))
            continue;
        struct buf b = BUF_INIT;
        json_write(&b, n, true, false);
        struct str s = buf_dup(w->a, &b);
        buf_free(&b);
        return s;
    }
    die(w, list);
    return STR("");
}

static void save(struct world *w, struct arena *a, unsigned account, struct str below,
                 struct str bytes)
{
    struct str path =
        str_fmt(a, "%s/%09u222/%.*s", w->out, FIRST_ACCOUNT + account, STR_ARG(below));
    struct str folder = str_sub(path, 0, str_find_last(path, '/'));
    FILE *f = fopen(path.p, "wb");
    if (!f) {
        if (!file_make_folder(str_z(a, folder), w->dx))
            die(w, "cannot make a folder");
        f = fopen(path.p, "wb");
    }
    if (!f || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f) != 0)
        die(w, "cannot write");
}

static void save_list(struct world *w, unsigned account, unsigned first, unsigned n,
                      const char *below, const char *head, struct str one,
                      const char *tail)
{
    struct arena *a = arena_new();
    struct buf b = BUF_INIT;
    buf_z(&b, head);
    for (unsigned i = 0; i < n; i++) {
        buf_z(&b, i ? ",\n" : "\n");
        buf_str(&b, personal(a, one, account, first + i));
    }
    buf_z(&b, tail);
    save(w, a, account, str_from(below), buf_view(&b));
    buf_free(&b);
    arena_free(a);
}

static void write_account(struct world *w, unsigned account, unsigned first, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        struct arena *a = arena_new();
        for (size_t j = 0; j < w->application.n; j++)
            save(w, a, account, personal(a, w->application.v[j].path, account, first + i),
                 personal(a, w->application.v[j].bytes, account, first + i));
        arena_free(a);
    }
    struct arena *a = arena_new();
    for (size_t j = 0; j < w->account.n; j++)
        save(w, a, account, personal(a, w->account.v[j].path, account, first),
             personal(a, w->account.v[j].bytes, account, first));
    arena_free(a);
    struct buf tail = BUF_INIT;
    struct arena *p = arena_new();
    buf_z(&tail,
          "],\n\"UserDetailList\": [], \"GroupDetailList\": [], \"Policies\": [\n");
    for (unsigned i = 0; i < n; i++) {
        buf_z(&tail, i ? ",\n" : "");
        buf_str(&tail, personal(p, w->policy, account, first + i));
    }
    buf_z(&tail, "]}\n");
    save_list(w, account, first, n, "global/iam/get-account-authorization-details.json",
              "{\"RoleDetailList\": [", w->role, tail.p);
    save_list(w, account, first, n, "us-east-1/logs/describe-log-groups.json",
              "{\"logGroups\": [", w->log_group, "]}\n");
    arena_free(p);
    buf_free(&tail);
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    struct world w = {.a = a, .dx = diag_new(a)};
    struct file_list list = {0};
    if (argc != 4) {
        fprintf(stderr, "usage: generate SAMPLE OUT APPLICATIONS\n");
        return 2;
    }
    w.out = argv[2];
    if (!file_walk(a, argv[1], w.dx, &list))
        die(&w, "cannot read the sample");
    for (size_t i = 0; i < list.n; i++) {
        struct str below;
        if (str_cut(list.v[i].relative, '/', NULL, &below))
            pick(&w, &list.v[i], below);
    }
    struct str root = str_fmt(a, "%s/111122223333/", argv[1]);
    const char *details =
        str_fmt(a, "%sglobal/iam/get-account-authorization-details.json", root.p).p;
    w.role = item(&w, details, "RoleDetailList", "RoleName", "orders-flink-role");
    w.policy = item(&w, details, "Policies", "PolicyName", "orders-flink-policy");
    w.log_group =
        item(&w,
             str_fmt(a,
                     "%sus-east-1/logs/"
                     "describe-log-groups~_2Faws_2Fkinesis-analytics_2Forders-flink"
                     ".json",
                     root.p)
                 .p,
             "logGroups", "logGroupName", "/aws/kinesis-analytics/orders-flink");
    unsigned total = (unsigned)atoi(argv[3]);
    for (unsigned first = 0, account = 0; first < total; first += PER_ACCOUNT, account++)
        write_account(&w, account, first,
                      total - first < PER_ACCOUNT ? total - first : PER_ACCOUNT);
    arena_free(a);
    return 0;
}
