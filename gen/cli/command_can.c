/* can: is one request allowed, and which statements decide it? */
#include "base/buf.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "json/json.h"
#include "json/write.h"
#include "model/can.h"

/* clang-format off */
static const struct diag_kind INCOMPLETE = {"CLI-160", DIAG_ERROR, "the question is not complete",
    "kdaudit can EVIDENCE --principal ARN --action SERVICE:ACTION --resource ARN"};
static const struct diag_kind BAD_CONTEXT = {"CLI-161", DIAG_ERROR, "not a condition key with a value",
    "write --context aws:SourceIp=203.0.113.7; repeat for more keys or values"};
static const struct diag_kind BAD_ACTION = {"CLI-162", DIAG_ERROR, "not an action",
    "write it as service:Action, without wildcards: kinesis:GetRecords"};
static const struct diag_kind NOBODY = {"CLI-163", DIAG_ERROR, "nobody in the evidence has this name",
    "give an ARN, the name of a service such as kinesisanalytics.amazonaws.com, or a name that kdaudit model lists"};
/* clang-format on */

/* KEY=VALUE options, values of one key together. */
static bool read_context(const struct invocation *in, struct request_key **keys,
                         size_t *n)
{
    *keys = ARENA_ARRAY(in->a, struct request_key, in->ncontext + 1);
    *n = 0;
    for (size_t i = 0; i < in->ncontext; i++) {
        struct str key, value;
        if (!str_cut(str_from(in->context[i]), '=', &key, &value) || !key.n) {
            diag_file(in->dx, &BAD_CONTEXT, STR(""), "\"%s\"", in->context[i]);
            return false;
        }
        size_t j = 0;
        while (j < *n && !str_eq_nocase((*keys)[j].name, key))
            j++;
        struct str *values = ARENA_ARRAY(in->a, struct str, in->ncontext);
        size_t nvalues = j < *n ? (*keys)[j].nvalues : 0;
        for (size_t k = 0; k < nvalues; k++)
            values[k] = (*keys)[j].values[k];
        values[nvalues] = value;
        (*keys)[j] = (struct request_key){key, values, nvalues + 1};
        *n += j == *n;
    }
    return true;
}

static struct str place_of(struct arena *a, const struct policy_statement *st)
{
    struct origin at = policy_statement_origin(st);
    if (!at.text)
        return STR("");
    struct place p = text_place(at.text, at.pos);
    return str_fmt(a, "%.*s:%u:%u", STR_ARG(at.text->name), p.line, p.column);
}

static void as_text(struct buf *out, struct arena *a, const struct evaluation *e)
{
    buf_fmt(out, "%s\n", evaluate_verdict_name(e->verdict));
    for (size_t i = 0; i < e->n; i++) {
        const struct evaluate_reason *r = &e->v[i];
        buf_fmt(out, "  %s by ", r->st->effect == POLICY_DENY ? "denied" : "allowed");
        utf8_vis(out, policy_statement_name(a, r->st));
        if (r->holds == TRUTH_UNKNOWN) {
            buf_z(out, ", if its condition holds");
            if (r->asks) {
                buf_z(out, " on ");
                utf8_vis(out, r->asks->key);
            }
        }
        buf_z(out, "\n      ");
        utf8_vis(out, place_of(a, r->st));
        buf_c(out, '\n');
    }
    for (size_t i = 0; i < e->nwhy; i++)
        buf_fmt(out, "  %s\n", e->why[i]);
    if (e->upper_bound)
        buf_z(out, "  no more than this: a layer that could refuse has no evidence\n");
}

static void as_json(struct buf *out, struct arena *a, const struct evaluation *e,
                    const struct question *q)
{
    struct json *root = json_new_object(a), *list = json_new_array(a);
    json_set_str(a, root, STR("principal"), q->principal);
    json_set_str(a, root, STR("action"), q->action);
    json_set_str(a, root, STR("resource"), q->resource);
    json_set_str(a, root, STR("verdict"), str_from(evaluate_verdict_name(e->verdict)));
    json_set_bool(a, root, STR("upper_bound"), e->upper_bound);
    json_set(a, root, STR("statements"), list);
    for (size_t i = 0; i < e->n; i++) {
        const struct evaluate_reason *r = &e->v[i];
        struct json *row = json_push(list, json_new_object(a));
        json_set_str(a, row, STR("effect"),
                     r->st->effect == POLICY_DENY ? STR("Deny") : STR("Allow"));
        json_set_str(a, row, STR("statement"), policy_statement_name(a, r->st));
        json_set_str(a, row, STR("holds"),
                     r->holds == TRUTH_UNKNOWN ? STR("unknown") : STR("yes"));
        if (r->asks)
            json_set_str(a, row, STR("asks"), r->asks->key);
        json_set_str(a, row, STR("place"), place_of(a, r->st));
        json_set_str(a, row, STR("pointer"), r->st->pointer);
    }
    struct json *why = json_set(a, root, STR("why"), json_new_array(a));
    for (size_t i = 0; i < e->nwhy; i++)
        json_push(why, json_new_str(a, str_from(e->why[i])));
    json_write(out, root, true, false);
    buf_c(out, '\n');
}

/* Read policy files; NULL when one cannot be read as JSON. */
static const struct policy *const *read_files(const struct invocation *in,
                                              const char *const *files, size_t n,
                                              enum policy_kind kind)
{
    const struct policy **policies = ARENA_ARRAY(in->a, const struct policy *, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct text *text = ARENA_NEW(in->a, struct text);
        text->name = str_from(files[i]);
        if (!file_read(in->a, files[i], text->name, in->dx, &text->bytes))
            return NULL;
        struct json *node = json_read(in->a, text, in->dx);
        if (!node)
            return NULL;
        struct policy_source source = {
            .text = text, .node = node, .name = text->name, .kind = kind};
        policies[i] = policy_read(in->a, &source);
        policy_report(policies[i], in->dx);
    }
    return policies;
}

/* Bare policy files instead of evidence. */
static int from_files(const struct invocation *in, const struct question *q,
                      struct str actions, const struct evaluation **e)
{
    const struct policy *const *policies =
        read_files(in, in->policies, in->npolicies, POLICY_IDENTITY_INLINE);
    if (!policies)
        return EXIT_NO_INPUT;
    *e = policies_can(in->a, policies, in->npolicies, actions, q, in->dx);
    return *e ? 0 : EXIT_BAD_CATALOG;
}

struct names {
    struct str *v;
    size_t n, cap;
};

/* What evidence may call it: the ARN, and each of its parts. */
static void add_names(struct arena *a, struct names *names, struct str s)
{
    *vec_push(a, names) = s;
    for (size_t i = 0, from = 0; i <= s.n; i++)
        if (i == s.n || s.p[i] == ':' || s.p[i] == '/') {
            if (i > from)
                *vec_push(a, names) = str_sub(s, from, i);
            from = i + 1;
        }
}

static int from_evidence(const struct invocation *in, const struct question *q,
                         const struct evaluation **e)
{
    struct run r = {0};
    struct names names = {0};
    add_names(in->a, &names, q->principal);
    add_names(in->a, &names, q->resource);
    r.names = names.v;
    r.nnames = names.n;
    int code = run_bare_model(in, in->noperands, &r);
    if (code)
        return code;
    struct answer answer = model_can(in->a, r.model, r.catalog->actions, q, in->dx);
    *e = answer.evaluation;
    bool named = answer.principal || str_starts(q->principal, STR("arn:")) ||
                 str_has(q->principal, STR(".amazonaws.com"));
    if (!named) {
        diag_file(in->dx, &NOBODY, STR(""), "\"%.*s\"", STR_ARG(q->principal));
        return EXIT_USAGE;
    }
    return *e ? 0 : EXIT_BAD_CATALOG;
}

static bool good_action(struct str s)
{
    struct str service, name;
    return str_cut(s, ':', &service, &name) && service.n && name.n &&
           str_find_char(s, '*') == (size_t)-1 && str_find_char(s, '?') == (size_t)-1;
}

int command_can(const struct invocation *in)
{
    struct question q = {.principal = str_from(in->principal ? in->principal : ""),
                         .action = str_from(in->action ? in->action : ""),
                         .resource = str_from(in->resource ? in->resource : "*")};
    struct request_key *keys;
    if (!in->action || (!in->npolicies && (!in->principal || !in->noperands))) {
        diag_file(in->dx, &INCOMPLETE, STR(""), NULL);
        return EXIT_USAGE;
    }
    if (!good_action(q.action)) {
        diag_file(in->dx, &BAD_ACTION, STR(""), "\"%s\"", in->action);
        return EXIT_USAGE;
    }
    if (!read_context(in, &keys, &q.nkeys))
        return EXIT_USAGE;
    q.keys = keys;
    q.session = read_files(in, in->sessions, in->nsessions, POLICY_SESSION);
    q.nsession = in->nsessions;
    if (!q.session)
        return EXIT_NO_INPUT;
    const struct evaluation *e = NULL;
    struct run r = {0};
    int code = in->npolicies ? run_catalog(in, &r) : 0;
    if (!code)
        code = in->npolicies ? from_files(in, &q, r.catalog->actions, &e)
                             : from_evidence(in, &q, &e);
    if (code)
        return code;
    struct buf out = BUF_INIT;
    if (in->nformats && str_eq(in->formats[0], STR("json")))
        as_json(&out, in->a, e, &q);
    else
        as_text(&out, in->a, e);
    terminal_print(buf_view(&out));
    buf_free(&out);
    switch (e->verdict) {
    case EVALUATE_ALLOWED:
        return EXIT_OK;
    case EVALUATE_DEPENDS:
        return EXIT_UNDECIDED;
    case EVALUATE_DENIED:
    case EVALUATE_REFUSED:
        break;
    }
    return EXIT_FAILED;
}
