/* Bind documents to their subjects, accounts, regions and partitions. */
#include "base/arena.h"
#include "evidence/look.h"
#include "json/json.h"

#include <string.h>

/* clang-format off */
/* Keys that say an answer goes on; those of the second kind only when true. */
static const struct { const char *key; bool flag; } leftovers[] = {
    {"HasMoreDeliveryStreams", true},
    {"HasMoreDestinations",    true},
    {"HasMoreShards",          true},
    {"HasMoreStreams",         true},
    {"HasMoreTags",            true},
    {"IsTruncated",            true},
    {"NextContinuationToken",  false},
    {"NextMarker",             false},
    {"NextToken",              false},
    {"Truncated",              true},
    {"nextToken",              false},
};
/* clang-format on */

struct arn {
    struct str partition, service, region, account, resource;
};

static bool arn_read(struct str s, struct arn *out)
{
    struct str word;
    if (!str_cut(s, ':', &word, &s) || !str_eq(word, STR("arn")))
        return false;
    return str_cut(s, ':', &out->partition, &s) && str_cut(s, ':', &out->service, &s) &&
           str_cut(s, ':', &out->region, &s) &&
           str_cut(s, ':', &out->account, &out->resource);
}

/* The last part of an ARN, URL or path: what both spellings of a name end in. */
static struct str last_part(struct str s)
{
    size_t slash = str_find_last(s, '/'), colon = str_find_last(s, ':');
    size_t cut = slash == (size_t)-1                    ? colon
                 : colon == (size_t)-1 || colon < slash ? slash
                                                        : colon;
    return cut == (size_t)-1 ? s : str_sub(s, cut + 1, s.n);
}

/* May asked (what the name or index gave) and found (what the answer names) be the same
 * thing? Aliases of keys cannot be told from here. */
static bool same_thing(struct str asked, struct str found)
{
    struct str x = last_part(asked), y = last_part(found);
    if (str_has(asked, STR("alias/")) || str_eq(asked, found) || str_eq_nocase(x, y))
        return true;
    /* A secret's ARN ends in its name, '-', and six characters more. */
    return str_has(found, STR(":secret:")) &&
           str_has(found, str_sub(asked, 0, asked.n)) && y.n > x.n;
}

static struct str first_word(struct str *words)
{
    struct str word;
    str_cut(*words, ' ', &word, words);
    return str_eq(word, STR("-")) ? STR("") : word;
}

/* What was asked for, from the index or the file name: two values at most. */
static void read_asked(const struct look *l, const struct operation *op, struct str *name,
                       struct str *name2)
{
    const struct json *given = l->d->parameters;
    struct str options = str_from(op->param);
    struct str first = first_word(&options), second = first_word(&options);
    bool skip = str_starts(str_from(op->param), STR("- "));
    *name = skip || l->guess.cut ? STR("") : l->guess.name;
    *name2 = skip ? l->guess.name : l->guess.name2;
    struct str from_index = first.n ? index_parameter(l->a, given, first) : STR("");
    if (from_index.n)
        *name = from_index;
    from_index = second.n ? index_parameter(l->a, given, second) : STR("");
    if (from_index.n)
        *name2 = from_index;
    if (!first.n && !op->listing && !skip)
        *name = STR("");
}

static bool about_account(const struct operation *op)
{
    return strcmp(op->subject, "account") == 0 || strcmp(op->subject, "catalog") == 0;
}

/* Account, region and partition, from the path, the index and the answer's own ARN. False
 * when they disagree. */
static bool place_document(struct look *l, const struct json *node, struct str asked)
{
    struct document *d = l->d;
    struct arn arn = {0};
    struct str found = json_scalar(node);
    bool named = arn_read(found, &arn);
    if (!named && name_is_account(found))
        arn.account = found;
    else if (!named && d->op && strcmp(d->op->param, "account-id") == 0)
        arn.account = asked;
    bool own = d->op && !d->op->roams && (!str_eq(asked, found) || !named);
    if (own && name_is_account(arn.account) && d->account.n &&
        !str_eq(arn.account, d->account)) {
        FATE(l, DOCUMENT_REFUSED, EVI_MIXED_UP, json_pos(node),
             "the path says account %.*s, %s %.*s", STR_ARG(d->account),
             node ? "the answer" : "the name", STR_ARG(arn.account));
        return false;
    }
    if (own && arn.region.n && name_is_region(d->region) &&
        !str_eq(d->region, STR("global")) && !str_eq(arn.region, d->region)) {
        FATE(l, DOCUMENT_REFUSED, EVI_MIXED_UP, json_pos(node),
             "the path says region %.*s, %s %.*s", STR_ARG(d->region), "the answer",
             STR_ARG(arn.region));
        return false;
    }
    if (!d->account.n && own && name_is_account(arn.account))
        d->account = arn.account;
    if (!d->region.n && own && arn.region.n)
        d->region = arn.region;
    if (d->op && d->op->global)
        d->region = STR("global");
    if (named && arn.partition.n)
        d->partition = arn.partition;
    if (!d->partition.n)
        d->partition = recognise_partition(d->region);
    return true;
}

/* Bind to the subject: the answer's own word first, then what was asked for. */
void bind_document(struct look *l)
{
    struct document *d = l->d;
    const struct operation *op = d->op;
    struct str words = str_from(op->bind), asked, asked2;
    struct str first = first_word(&words), second = first_word(&words);
    const struct json *node = shape_first(d->root, first);
    struct str found = json_scalar(node),
               found2 = json_scalar(shape_first(d->root, second));
    read_asked(l, op, &asked, &asked2);
    if (!place_document(l, node, asked))
        return;
    d->name2 = found2.n ? found2 : asked2;
    if (op->listing) {
        d->name = asked;
        return;
    }
    if (found.n && asked.n && l->explicit_name && !about_account(op) &&
        !same_thing(asked, found)) {
        FATE(l, DOCUMENT_REFUSED, EVI_OTHER_SUBJECT, json_pos(node),
             "the name says \"%.*s\", the answer \"%.*s\"", STR_ARG(asked),
             STR_ARG(found));
        return;
    }
    d->name = found.n ? found : asked;
    if (!d->name.n && about_account(op))
        d->name = d->account;
    struct arn arn;
    if (!found.n && arn_read(asked, &arn) && !d->partition.n)
        d->partition = arn.partition;
    /* Some calls give a job's id: evidence.c finds whose job it was. */
    if (!d->name.n && !about_account(op) && !str_has(str_from(op->param), STR("job-id")))
        FATE(l, DOCUMENT_UNBOUND, EVI_UNBOUND, 0, "%s needs --%.*s", op->kind,
             STR_ARG(str_from(op->param[0] ? op->param : "?")));
}

void bind_unusable(struct look *l)
{
    struct document *d = l->d;
    if (!d->op || d->name.n)
        return;
    read_asked(l, d->op, &d->name, &d->name2);
    struct arn arn;
    if (arn_read(d->name, &arn))
        d->partition = arn.partition;
    if (!d->name.n && !d->op->listing && about_account(d->op))
        d->name = d->account;
    if (d->op->global)
        d->region = STR("global");
}

/* The first of the table that n has. Answers have few members: those are looked up in the
 * table, not its rows in the answer. */
static const struct json *find_leftover(const struct json *n, struct str *key)
{
    size_t best = sizeof leftovers / sizeof *leftovers;
    const struct json *found = NULL;
    for (const struct json *c = json_first(n); c; c = json_next(c)) {
        struct str name = json_key(c);
        for (size_t i = 0; i < best; i++)
            if (*leftovers[i].key == *name.p &&
                str_eq(name, str_from(leftovers[i].key)) &&
                (leftovers[i].flag ? json_bool(c) : json_scalar(c).n > 0)) {
                best = i;
                found = c;
                *key = str_from(leftovers[i].key);
            }
    }
    return found;
}

void bind_partial(struct look *l)
{
    struct document *d = l->d;
    struct str key;
    const struct json *v = find_leftover(d->root, &key);
    /* HasMoreDestinations and HasMoreShards stand one level deeper. */
    for (const struct json *c = json_first(d->root); c && !v; c = json_next(c))
        if (json_is(c, JSON_OBJECT)) {
            v = find_leftover(c, &key);
            break;
        }
    const struct json *job = json_get(d->root, STR("JobStatus"));
    if (json_str(job).n && !str_eq(json_str(job), STR("COMPLETED"))) {
        v = job;
        key = STR("JobStatus");
    }
    if (!v)
        return;
    d->partial = true;
    d->partial_key = key;
    diag_at(l->dx, &EVI_CUT_SHORT, json_origin(v, &d->text), "%.*s", STR_ARG(key));
}

struct str bind_arn_service(struct str s)
{
    struct arn arn;
    return arn_read(s, &arn) ? arn.service : STR("");
}
