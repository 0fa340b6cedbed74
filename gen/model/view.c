/* What checks query about a subject, what is missing of it, and the command that collects
 * it. */
#include "model/fact.h"

#include "base/buf.h"
#include "evidence/operation.h"
#include "json/json.h"

#include <string.h>

/* An answer as it was collected, or what stands for one. */
static struct json *exhibit_view(struct arena *a, const struct exhibit *x)
{
    if (x->doc->state == DOCUMENT_ERROR) {
        struct json *error = json_new_object(a), *out = json_new_object(a);
        json_set_literal(error, "Code", json_new_str(a, x->doc->error_code));
        json_set_literal(error, "Message", json_new_str(a, x->doc->error_message));
        json_set_literal(out, "Error", error);
        return out;
    }
    return x->node ? json_new_ref(a, x->node) : json_new_object(a);
}

/* Is kind given as a list: several answers about one subject, or one of each region? */
static bool is_list(const struct subject *s, const struct exhibit *x)
{
    return x->doc->op->many ? !x->doc->op->listing || strcmp(s->type, "account") == 0
                            : strcmp(s->type, "account") == 0 && !x->doc->op->global;
}

static struct json *evidence_view(struct arena *a, const struct subject *s)
{
    struct json *out = json_new_object(a), *list = NULL;
    const char *kind = "";
    for (size_t i = 0; i < s->exhibits.n; i++) {
        const struct exhibit *x = &s->exhibits.v[i];
        if (x->doc->state == DOCUMENT_INVALID)
            continue;
        if (strcmp(kind, x->kind) != 0) {
            kind = x->kind;
            list = is_list(s, x) ? json_new_array(a) : NULL;
            json_set_literal(out, kind, list ? list : exhibit_view(a, x));
        }
        if (list)
            json_push(list, exhibit_view(a, x));
    }
    return out;
}

static struct json *links_view(struct arena *a, const struct subject *s)
{
    struct json *out = json_new_object(a), *list = NULL;
    const char *name = "";
    for (size_t i = 0; i < s->links.n; i++) {
        const struct link *l = &s->links.v[i];
        if (strcmp(name, l->name) != 0) {
            name = l->name;
            list = json_set_literal(out, name, json_new_array(a));
        }
        json_push(list, json_new_view(a, l->to->arn));
    }
    return out;
}

struct json *subject_view(struct arena *a, const struct subject *s)
{
    return subject_view_read(a, s, NULL);
}

struct json *subject_view_read(struct arena *a, const struct subject *s,
                               struct reads *reads)
{
    struct json *out = json_new_object(a);
    json_set_literal(out, "type", json_new_literal(a, s->type));
    json_set_literal(out, "arn", json_new_view(a, s->arn));
    json_set_literal(out, "name", json_new_view(a, s->name));
    json_set_literal(out, "account", json_new_view(a, s->account));
    json_set_literal(out, "region", json_new_view(a, s->region));
    json_set_literal(out, "partition", json_new_view(a, s->partition));
    json_set_literal(out, "foreign", json_new_bool(a, s->foreign));
    json_set_literal(out, "listed_only", json_new_bool(a, s->listed_only));
    json_set_literal(out, "evidence", evidence_view(a, s));
    json_set_literal(out, "links", links_view(a, s));
    struct json *facts = s->model && s->model->shared ? facts_of(a, s, reads) : NULL;
    if (!facts) /* a subject of no model: what was given to it */
        facts = s->facts ? json_new_ref(a, s->facts) : json_new_object(a);
    json_set_literal(out, "facts", facts);
    return out;
}

/* Answers that take a request first; id: the member of its answer to ask with. */
static const struct request {
    const char *kind, *first, *id;
} requests[] = {
    {"iam:GetCredentialReport", "iam:GenerateCredentialReport", ""},
    {"iam:GetServiceLastAccessedDetails", "iam:GenerateServiceLastAccessedDetails",
     "JobId"},
};

static const struct request *request_before(const char *kind)
{
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        if (strcmp(requests[i].kind, kind) == 0)
            return &requests[i];
    return NULL;
}

/* The kind to ask for now: the request, until its answer is in evidence. */
static const char *asked_first(const struct subject *s, const char *kind)
{
    const struct request *r = request_before(kind);
    return r && !subject_answer(s, r->first) ? r->first : kind;
}

/* The value of a {name} in an operation's args; false: it stays for the reader. */
static bool fill(struct buf *out, struct arena *a, const struct subject *s,
                 struct str name2, struct str name)
{
    if (str_eq(name, STR("arn"))) {
        buf_str(out, s->arn);
    } else if (str_eq(name, STR("name"))) {
        buf_str(out, s->name);
    } else if (str_eq(name, STR("name2")) && name2.n) {
        buf_str(out, name2);
    } else if (str_eq(name, STR("account"))) {
        buf_str(out, s->account);
    } else if (str_eq(name, STR("url"))) {
        struct str dns = partition_dns(s->partition);
        buf_str(out, str_fmt(a, "https://sqs.%.*s.%.*s/%.*s/%.*s", STR_ARG(s->region),
                             STR_ARG(dns), STR_ARG(s->account), STR_ARG(s->name)));
    } else {
        return false;
    }
    return true;
}

/* One word of args with its {names} filled in. */
static void fill_word(struct buf *out, struct arena *a, const struct subject *s,
                      struct str name2, struct str word)
{
    struct buf filled = BUF_INIT;
    bool open = false;
    if (str_find_char(word, '{') == (size_t)-1) {
        buf_shell(out, word);
        return;
    }
    while (word.n) {
        size_t at = str_find_char(word, '{'), end = str_find_char(word, '}');
        if (at == (size_t)-1 || end == (size_t)-1 || end < at)
            break;
        buf_str(&filled, str_sub(word, 0, at));
        struct str name = str_sub(word, at + 1, end);
        if (!fill(&filled, a, s, name2, name)) {
            /* For the reader to fill in: as people write it, <name>. */
            struct str upper = str_dup(a, name);
            buf_fmt(&filled, "<%.*s>", STR_ARG(upper));
            open = true;
        }
        word = str_sub(word, end + 1, word.n);
    }
    buf_str(&filled, word);
    if (open)
        buf_str(out, buf_view(&filled));
    else
        buf_shell(out, buf_view(&filled));
    buf_free(&filled);
}

/* An account is asked region by region: the first region with an application of which
 * there is no answer yet. */
static struct str region_to_ask(const struct subject *s, const char *kind)
{
    const struct model *m = s->model;
    const struct applications *apps =
        region_is(s->region) || !m ? NULL : account_applications(m, s->account);
    for (size_t i = 0; apps && i < apps->list.n; i++) {
        struct str region = apps->list.v[i]->region;
        if (i && str_eq(region, apps->list.v[i - 1]->region))
            continue;
        const struct exhibit *x = subject_exhibit(s, kind);
        while (exhibit_goes_on(s, x, kind) && !str_eq(x->doc->region, region))
            x++;
        if (!exhibit_goes_on(s, x, kind))
            return region;
    }
    return s->region;
}

/* What the second {name2} of a command is when nobody says: a version that exists. */
static struct str version_to_ask(struct arena *a, const struct subject *s,
                                 const char *kind)
{
    if (strcmp(kind, "kinesisanalytics:DescribeApplicationVersion") != 0)
        return STR("");
    const struct json *answer = subject_answer(s, "kinesisanalytics:DescribeApplication");
    const struct json *version =
        json_dig(answer, "ApplicationDetail", "ApplicationVersionId", NULL);
    return version ? str_dup(a, json_scalar(version)) : STR("1");
}

struct str subject_command(struct arena *a, const struct subject *s, const char *kind)
{
    return build_command(a, s, kind, region_to_ask(s, kind), version_to_ask(a, s, kind));
}

/* Brokers tell no id, in which the ARN of a cluster ends: what tells it, once for all. */
static const char *cluster_command(const struct subject *s)
{
    size_t slash = str_find_char(s->arn, '/');
    if (strcmp(s->type, "cluster") != 0 || slash == (size_t)-1 ||
        str_find_last(s->arn, '/') != slash)
        return NULL;
    const struct subject *account =
        s->model ? map_get(&s->model->accounts, s->account) : NULL;
    bool listed = account && subject_exhibit(account, "kafka:ListClustersV2");
    return listed && str_starts(s->name, STR("boot-"))
               ? "kafka get-bootstrap-brokers --cluster-arn <cluster>"
               : "kafka list-clusters-v2";
}

struct str build_command(struct arena *a, const struct subject *s, const char *kind,
                         struct str region, struct str name2)
{
    const char *cluster = cluster_command(s);
    if (cluster)
        return str_fmt(a, "aws %s --region %.*s --output json", cluster,
                       STR_ARG(s->region));
    const struct request *request = request_before(kind);
    const struct operation *op = operation_of_kind(str_from(asked_first(s, kind)));
    if (!op || strcmp(op->action, "s3:GetObject") == 0)
        return STR("");
    if (request && *request->id)
        name2 =
            json_str(json_get(subject_answer(s, request->first), str_from(request->id)));
    struct buf out = BUF_INIT;
    buf_fmt(&out, "aws %s %s", op->service, op->command);
    struct str args = str_from(op->args), word;
    while (args.n) {
        str_cut(args, ' ', &word, &args);
        buf_c(&out, ' ');
        fill_word(&out, a, s, name2, word);
    }
    if (!op->global && region_is(region))
        buf_fmt(&out, " --region %.*s", STR_ARG(region));
    buf_z(&out, " --output json");
    struct str command = buf_dup(a, &out);
    buf_free(&out);
    return command;
}

static const char *trouble_reason(const struct document *d)
{
    return document_trouble(d) == DOCUMENT_DENIED ? "denied" : "invalid";
}

/* A listing that should have named s but could not: the account's exhibits of kind in the
 * region of s. */
static const char *listing_reason(const struct model *m, const struct subject *s,
                                  const struct operation *op)
{
    const struct subject *account =
        op->listing ? map_get(&m->accounts, s->account) : NULL;
    if (!account)
        return "absent";
    const char *reason = "absent";
    const struct exhibit *x = subject_exhibit(account, op->kind);
    for (; exhibit_goes_on(account, x, op->kind); x++) {
        bool here = op->global || str_eq(x->doc->region, s->region);
        bool named = !x->doc->name.n || str_eq(x->doc->name, s->name) ||
                     str_eq(x->doc->name, s->arn);
        if (!here || !named)
            continue;
        if (!document_answers(x->doc))
            reason = trouble_reason(x->doc);
        else if (x->doc->partial)
            reason = "truncated";
    }
    return reason;
}

const char *subject_missing(const struct model *m, const struct subject *s,
                            const char *kind)
{
    const struct exhibit *x = subject_exhibit(s, kind);
    if (!x) {
        const struct operation *op = operation_of_kind(str_from(kind));
        return !op ? NULL : s->foreign ? "foreign" : listing_reason(m, s, op);
    }
    if (!document_answers(x->doc))
        return trouble_reason(x->doc);
    const char *reason = NULL;
    for (; exhibit_goes_on(s, x, kind); x++)
        if (x->doc->partial && !x->pointer.n)
            reason = "truncated";
    return reason;
}
