/* Decide what one file of evidence is, by its name, its index entry and its shape. */
#include "evidence/recognise.h"

#include "base/buf.h"
#include "evidence/failure.h"
#include "evidence/look.h"
#include "evidence/unused.h"
#include "json/json.h"

#include <string.h>

enum { SHOWN_MAX = 4, HEAD_MAX = 256 };

/* clang-format off */
static const struct { const char *prefix, *partition; } partitions[] = {
    {"cn-",     "aws-cn"},
    {"eu-isoe", "aws-iso-e"},
    {"eusc-",   "aws-eusc"},
    {"us-gov-", "aws-us-gov"},
    {"us-iso-", "aws-iso"},
    {"us-isob", "aws-iso-b"},
    {"us-isof", "aws-iso-f"},
};
/* clang-format on */

struct str recognise_partition(struct str region)
{
    if (!region.n || str_eq(region, STR("global")))
        return STR("");
    for (size_t i = 0; i < sizeof partitions / sizeof *partitions; i++)
        if (str_starts(region, str_from(partitions[i].prefix)))
            return str_from(partitions[i].partition);
    return STR("aws");
}

void recognise_fate(struct arena *a, struct document *d, enum document_state state,
                    const struct diag_kind *kind, size_t pos, struct diag *dx,
                    const char *fmt, ...)
{
    struct str detail = STR("");
    if (fmt) {
        va_list ap;
        va_start(ap, fmt);
        detail = str_vfmt(a, fmt, ap);
        va_end(ap);
    }
    d->state = state;
    d->why_code = str_from(kind->code);
    d->why = str_fmt(a, "%s%s%.*s; to mend: %s", kind->what, detail.n ? ": " : "",
                     STR_ARG(detail), kind->mend);
    if (d->text.bytes.n)
        diag_at(dx, kind, (struct origin){&d->text, pos, 1}, detail.n ? "%.*s" : NULL,
                STR_ARG(detail));
    else
        diag_file(dx, kind, d->text.name, detail.n ? "%.*s" : NULL, STR_ARG(detail));
}

/* The kinds of some rows, for a message: "a, b or c". */
static struct str list_kinds(struct arena *a, const struct operation *const *ops,
                             size_t n)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < n && i < SHOWN_MAX; i++) {
        if (i)
            buf_z(&b, i + 1 == n ? " or " : ", ");
        buf_z(&b, ops[i]->kind);
    }
    if (n > SHOWN_MAX)
        buf_z(&b, ", ...");
    struct str s = buf_dup(a, &b);
    buf_free(&b);
    return s;
}

/* Is there a table in the credential report? */
static bool holds_report(const struct document *d)
{
    struct arena *scratch = arena_new();
    bool is = evidence_credential_report(scratch, d->root) != NULL;
    arena_free(scratch);
    return is;
}

static void accept(struct look *l, const struct operation *op)
{
    struct document *d = l->d;
    d->op = op;
    d->state = DOCUMENT_ANSWER;
    bind_document(l);
    if (d->state != DOCUMENT_ANSWER)
        return;
    if (strcmp(op->kind, "iam:GetCredentialReport") == 0 && !holds_report(d)) {
        FATE(l, DOCUMENT_INVALID, EVI_BAD_REPORT,
             json_pos(json_get(d->root, STR("Content"))), NULL);
        return;
    }
    bind_partial(l);
    int64_t when;
    if (d->collected == WHEN_NONE &&
        when_read(json_scalar(json_get(d->root, STR("GeneratedTime"))), &when))
        d->collected = when;
}

/* The part of the top keys of root that op's shape names. */
static size_t coverage(const struct operation *op, const struct json *root)
{
    size_t n = 0;
    struct str words = str_from(op->top), word;
    while (words.n) {
        str_cut(words, ' ', &word, &words);
        struct str key = word;
        for (size_t i = 0; i < word.n; i++)
            if (strchr(".[:!?/", word.p[i])) {
                key = str_sub(word, 0, i);
                break;
            }
        n += key.n && json_get(root, key) != NULL;
    }
    return n;
}

/* Of rows that fit equally by shape, those that say most about root. */
static size_t best_covered(const struct operation **ops, size_t n,
                           const struct json *root)
{
    size_t best = 0, kept = 0;
    for (size_t i = 0; i < n; i++) {
        size_t c = coverage(ops[i], root);
        if (c > best) {
            best = c;
            kept = 0;
        }
        if (c == best)
            ops[kept++] = ops[i];
    }
    return kept;
}

/* One command of several services: the service that the asked-for ARN names, the account
 * form of get-public-access-block. */
static size_t by_asked(const struct look *l, const struct operation **ops, size_t n)
{
    struct str asked = l->guess.name, service = bind_arn_service(asked);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct str prefix;
        str_cut(str_from(ops[i]->kind), ':', &prefix, NULL);
        bool account = strcmp(ops[i]->param, "account-id") == 0;
        bool of_account =
            name_is_account(asked) || (!asked.n && l->guess.account_in_name);
        bool fits = service.n               ? str_eq(prefix, service)
                    : asked.n || of_account ? account == of_account
                                            : true;
        if (fits)
            ops[kept++] = ops[i];
    }
    return kept ? kept : n;
}

static void refuse_unused(struct look *l, const struct unused *u)
{
    const struct diag_kind *kind =
        u->secret                                                      ? &EVI_HOLDS_SECRET
        : str_starts(str_from(u->command), STR("kinesisanalytics-v1")) ? &EVI_OLD_API
        : strcmp(u->command, "config-snapshot") == 0 ? &EVI_CONFIG_SNAPSHOT
                                                     : &EVI_NOT_EVIDENCE;
    recognise_fate(l->a, l->d, DOCUMENT_REFUSED, kind, 0, l->dx, "%s", u->why);
}

/* get-bucket-policy --query Policy --output text prints the policy itself. */
static bool is_policy_op(const struct operation *op)
{
    struct str top = str_from(op->top);
    return str_starts(top, STR("Policy:s")) || str_has(top, STR("ResourcePolicy:s")) ||
           str_has(top, STR("PolicyDocument"));
}

/* The answer fits no operation that the name allows: say which way it went wrong. */
static void explain_misfit(struct look *l)
{
    struct document *d = l->d;
    const struct operation *found[SHAPE_MAX];
    size_t n = shape_candidates(&l->rx->shapes, d->root, found, SHAPE_MAX);
    const struct operation *op = l->guess.ops[0];
    struct str names = list_kinds(l->a, l->guess.ops, l->guess.nops);
    const struct unused *u = unused_of_shape(d->root);
    if (u) {
        refuse_unused(l, u);
    } else if (n && !shape_weak(found[0])) {
        n = best_covered(found, n, d->root);
        FATE(l, DOCUMENT_REFUSED, EVI_NAME_AND_CONTENT, 0,
             "the name says %.*s, the content looks like %.*s", STR_ARG(names),
             STR_ARG(list_kinds(l->a, found, n)));
    } else if (!json_is(d->root, JSON_OBJECT) || shape_inner(op, d->root) ||
               (json_get(d->root, STR("Statement")) && is_policy_op(op))) {
        FATE(l, DOCUMENT_REFUSED, EVI_QUERIED, 0, "%s answers with other keys on top",
             op->kind);
    } else {
        FATE(l, DOCUMENT_INVALID, EVI_WRONG_SHAPE, 0, "%.*s", STR_ARG(names));
    }
    d->op = op;
}

/* No name helps: the shape alone. */
static void by_shape(struct look *l)
{
    struct document *d = l->d;
    const struct operation *found[SHAPE_MAX];
    const struct unused *u = unused_of_shape(d->root);
    if (u) {
        refuse_unused(l, u);
        return;
    }
    size_t n = shape_candidates(&l->rx->shapes, d->root, found, SHAPE_MAX);
    bool weak = n && shape_weak(found[0]);
    while (n && !weak && shape_weak(found[n - 1]))
        n--;
    n = best_covered(found, n, d->root);
    if (n > 1)
        n = by_asked(l, found, n);
    if (n == 1 && !weak) {
        accept(l, found[0]);
        return;
    }
    if (n) {
        FATE(l, DOCUMENT_UNRECOGNISED, EVI_AMBIGUOUS, 0, "%.*s",
             STR_ARG(list_kinds(l->a, found, n)));
        return;
    }
    size_t rows;
    const struct operation *all = operation_rows(&rows);
    for (size_t i = 0; i < rows; i++)
        if (shape_inner(&all[i], d->root)) {
            FATE(l, DOCUMENT_REFUSED, EVI_QUERIED, 0, "it looks like the inside of %s",
                 all[i].kind);
            return;
        }
    FATE(l, DOCUMENT_UNRECOGNISED, EVI_UNRECOGNISED, 0, NULL);
}

/* The row whose kind ends in this operation, if the name allows it. */
static const struct operation *op_of_error(const struct look *l, struct str operation,
                                           bool *disagree)
{
    const struct name_guess *g = &l->guess;
    const struct operation *only = NULL;
    size_t rows, fit = 0;
    const struct operation *all = operation_rows(&rows);
    *disagree = false;
    if (!operation.n)
        return g->nops == 1 ? g->ops[0] : NULL;
    for (size_t i = 0; i < g->nops; i++) {
        struct str name;
        str_cut(str_from(g->ops[i]->kind), ':', NULL, &name);
        if (str_eq(name, operation)) {
            only = g->ops[i];
            fit++;
        }
    }
    if (g->nops && !g->loose) {
        *disagree = fit == 0;
        return fit == 1 ? only : NULL;
    }
    for (size_t i = 0, same = 0; i < rows; i++) {
        struct str name;
        str_cut(str_from(all[i].kind), ':', NULL, &name);
        if (str_eq(name, operation))
            only = ++same == 1 ? &all[i] : NULL;
    }
    return only;
}

static void take_failure(struct look *l, const struct failure *f)
{
    struct document *d = l->d;
    bool disagree;
    d->op = op_of_error(l, f->operation, &disagree);
    d->error_code = str_dup(l->a, f->code);
    d->error_message = str_dup(l->a, f->message);
    if (disagree) {
        d->op = l->guess.ops[0];
        FATE(l, DOCUMENT_REFUSED, EVI_NAME_AND_CONTENT, 0,
             "the name says %s, the error is of %.*s", d->op->kind,
             STR_ARG(f->operation));
        return;
    }
    if (!d->op) {
        if (l->guess.unused)
            refuse_unused(l, l->guess.unused);
        else if (l->guess.nops > 1)
            FATE(l, DOCUMENT_UNRECOGNISED, EVI_AMBIGUOUS, 0, "%.*s",
                 STR_ARG(list_kinds(l->a, l->guess.ops, l->guess.nops)));
        else
            FATE(l, DOCUMENT_UNRECOGNISED, EVI_UNRECOGNISED, 0, "an error of %.*s",
                 STR_ARG(f->operation.n ? f->operation : STR("no operation known")));
        return;
    }
    d->state = DOCUMENT_ERROR;
    bind_document(l);
    if (d->state == DOCUMENT_ERROR && !f->code.n)
        FATE(l, DOCUMENT_ERROR, EVI_NO_ERROR_CODE, 0, NULL);
}

/* An index entry that says the call failed. */
static bool failed_by_index(const struct look *l, struct failure *f)
{
    const struct index_entry *e = l->hints->entry;
    if (!e || (e->exit_code <= 0 && !e->error_code.n))
        return false;
    if (!f->code.n)
        f->code = e->error_code;
    if (!f->message.n)
        f->message = e->error_message;
    return true;
}

static void take_empty(struct look *l)
{
    struct document *d = l->d;
    const struct index_entry *e = l->hints->entry;
    struct failure f = {STR(""), STR(""), STR("")};
    if (failed_by_index(l, &f)) {
        take_failure(l, &f);
        return;
    }
    const struct operation *op = l->guess.nops == 1 ? l->guess.ops[0] : NULL;
    if (!op) {
        FATE(l, DOCUMENT_UNRECOGNISED, EVI_UNRECOGNISED, 0, "the file is empty");
        return;
    }
    d->op = op;
    if (!l->hints->quiet && (!e || e->exit_code != 0)) {
        FATE(l, DOCUMENT_INVALID, EVI_EMPTY_UNKNOWN, 0, "%s", op->kind);
        return;
    }
    if (!op->empty_ok[0]) {
        FATE(l, DOCUMENT_INVALID, EVI_EMPTY_ANSWER, 0, "%s", op->kind);
        return;
    }
    d->state = DOCUMENT_EMPTY;
    bind_document(l);
}

/* A credential report as CSV stands for the answer that carries it. */
static bool take_report(struct look *l)
{
    struct document *d = l->d;
    struct str s = d->text.bytes;
    if (str_starts(s, STR("\xEF\xBB\xBF")))
        s = str_sub(s, 3, s.n);
    struct str head;
    str_cut(str_sub(s, 0, HEAD_MAX), '\n', &head, NULL);
    if (!str_starts(head, STR("user,arn,user_creation_time")) &&
        !str_starts(head, STR("\"user\",\"arn\",")))
        return false;
    struct json *root = json_new_object(l->a);
    json_set_str(l->a, root, STR("Content"), s);
    json_set_str(l->a, root, STR("ReportFormat"), STR("text/csv"));
    d->root = root;
    accept(l, operation_of_kind(STR("iam:GetCredentialReport")));
    return true;
}

/* --output table, text or yaml; the reader's own message would only name a character. */
static bool other_output(struct str bytes)
{
    struct str s = str_trim(str_sub(bytes, 0, HEAD_MAX));
    return str_starts(s, STR("+--")) || str_starts(s, STR("|  ")) ||
           str_starts(s, STR("---")) ||
           (s.n && s.p[0] >= 'A' && s.p[0] <= 'Z' &&
            (str_has(s, STR("\t")) || str_has(s, STR(":\n"))));
}

/* The first thing that dx says after its first n records, as d's reason. */
static void reason_from(struct look *l, const struct diag *dx, size_t n)
{
    if (diag_len(dx) <= n)
        return;
    struct diag_view v = diag_get(dx, n);
    l->d->why = str_fmt(l->a, "%.*s; to mend: %s", STR_ARG(v.message), v.mend);
    l->d->why_code = str_from(v.code);
}

static void take_json(struct look *l)
{
    struct document *d = l->d;
    size_t before = diag_len(l->dx);
    struct failure f;
    d->root = json_read_focused(l->a, l->room, &d->text, l->rx->focus, l->dx);
    if (!d->root) {
        d->state = DOCUMENT_INVALID;
        d->op = l->guess.nops == 1 ? l->guess.ops[0] : NULL;
        d->why = STR("not JSON");
        reason_from(l, l->dx, before);
        return;
    }
    const struct operation *fit[NAME_OPS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < l->guess.nops; i++)
        if (shape_matches(l->guess.ops[i], d->root))
            fit[n++] = l->guess.ops[i];
    if (n > 1)
        n = by_asked(l, fit, n);
    if (n > 1)
        n = best_covered(fit, n, d->root);
    if (n == 1)
        accept(l, fit[0]);
    else if (failure_json(d->root, &f))
        take_failure(l, &f);
    else if (n > 1)
        FATE(l, DOCUMENT_UNRECOGNISED, EVI_AMBIGUOUS, 0, "%.*s",
             STR_ARG(list_kinds(l->a, fit, n)));
    else if (l->guess.nops && !l->guess.loose)
        explain_misfit(l);
    else if (l->guess.unused)
        refuse_unused(l, l->guess.unused);
    else
        by_shape(l);
}

/* What the index says, unless the path says the same or it says nothing. */
static void take_text(struct arena *a, struct str *to, struct str said)
{
    if (said.n && !str_eq(*to, said))
        *to = str_dup(a, said);
}

/* The index names the operation outright. It goes before the document does, but
 * for the parameters: what else is wanted of it is copied. */
static void take_entry(struct look *l)
{
    const struct index_entry *e = l->hints->entry;
    struct document *d = l->d;
    d->collected = WHEN_NONE;
    if (!e)
        return;
    d->collected = e->collected;
    d->parameters = e->parameters;
    take_text(l->a, &l->guess.account, e->account);
    take_text(l->a, &l->guess.region, e->region);
    const struct operation *op = name_operation(&l->rx->names, e->service, e->operation);
    if (op && !(l->guess.nops == 1 && l->guess.ops[0] == op)) {
        l->guess.ops[0] = op;
        l->guess.nops = 1;
        l->guess.name = l->guess.name2 = STR("");
    }
    l->guess.loose = l->guess.loose && !op;
    l->explicit_name = op != NULL;
}

/* All that is known before the bytes are looked at. False when it contradicts itself. */
static bool begin(struct look *l)
{
    struct document *d = l->d;
    d->account = d->region = d->partition = d->name = d->name2 = STR("");
    d->error_code = d->error_message = d->partial_key = d->why = d->why_code = STR("");
    name_read(l->a, &l->rx->names, d->text.name, l->hints->near, &l->guess);
    l->explicit_name = l->guess.exact;
    struct str account = l->guess.account, region = l->guess.region;
    take_entry(l);
    d->account = l->guess.account.n ? l->guess.account : STR("");
    d->region = l->guess.region.n ? l->guess.region : STR("");
    d->op = l->guess.nops == 1 ? l->guess.ops[0] : NULL;
    if ((!account.n || str_eq(account, d->account)) &&
        (!region.n || str_eq(region, d->region)))
        return true;
    FATE(l, DOCUMENT_REFUSED, EVI_MIXED_UP, 0,
         "the path says %.*s %.*s, the index %.*s %.*s", STR_ARG(account),
         STR_ARG(region), STR_ARG(d->account), STR_ARG(d->region));
    return false;
}

void recognise_unread(struct arena *a, const struct recogniser *rx,
                      const struct recognise_hints *hints, struct document *d,
                      struct diag *dx)
{
    struct look l = {.a = a, .rx = rx, .hints = hints, .d = d, .dx = dx};
    size_t n = diag_len(dx);
    if (!begin(&l))
        return;
    d->state = DOCUMENT_INVALID;
    d->why = STR("cannot be read");
    reason_from(&l, dx, n ? n - 1 : 0);
    d->sha256 = STR("");
    bind_unusable(&l);
}

void recognise(struct arena *a, struct json_room *room, const struct recogniser *rx,
               const struct recognise_hints *hints, struct document *d, struct diag *dx)
{
    struct look l = {.a = a, .room = room, .rx = rx, .hints = hints, .d = d, .dx = dx};
    struct failure f;
    if (!begin(&l))
        return;
    d->op = NULL;
    if (!str_trim(d->text.bytes).n) {
        take_empty(&l);
    } else if (l.guess.kind == NAME_ERROR || failure_is(d->text.bytes)) {
        if (!failure_read(a, d->text.bytes, &f))
            f = (struct failure){STR(""), STR(""), STR("")};
        failed_by_index(&l, &f);
        take_failure(&l, &f);
    } else if (take_report(&l)) {
        return;
    } else if (l.guess.kind == NAME_CSV) {
        FATE(&l, DOCUMENT_UNRECOGNISED, EVI_UNRECOGNISED, 0,
             "of CSV files only IAM's credential report is evidence");
    } else if (other_output(d->text.bytes)) {
        d->op = l.guess.nops == 1 ? l.guess.ops[0] : NULL;
        FATE(&l, DOCUMENT_INVALID, EVI_NOT_JSON_OUTPUT, 0, NULL);
    } else {
        take_json(&l);
    }
    if (d->state == DOCUMENT_INVALID || d->state == DOCUMENT_REFUSED)
        bind_unusable(&l);
}
