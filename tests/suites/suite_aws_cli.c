/* The AWS CLI's own example outputs: every block is recognised and bound, or refused with
 * a reason; by shape alone nothing is taken for another operation's answer. */
#include "../unit/unit.h"

#include "base/file.h"
#include "evidence/evidence.h"
#include "evidence/unused.h"

#include <stdio.h>
#include <string.h>

static unsigned long passed, failed;
static unsigned long counts[DOCUMENT_REFUSED + 1];

static void expect(bool ok, struct str file, const char *what, const struct document *d)
{
    if (ok) {
        passed++;
        return;
    }
    failed++;
    printf("%.*s: %s: state %d, %s, %.*s\n", STR_ARG(file), what, (int)d->state,
           d->op ? d->op->kind : "no operation", STR_ARG(d->why));
}

/* Published without what makes it an answer: it is invalid, with that reason. */
static const char *const misses[] = {
    "iam/iam_get-credential-report_1.json", /* no Content */
};

static bool is_miss(struct str file)
{
    for (size_t i = 0; i < sizeof misses / sizeof *misses; i++)
        if (str_eq(file, str_from(misses[i])))
            return true;
    return false;
}

static bool has_reason(const struct document *d)
{
    return d->state <= DOCUMENT_ERROR || (d->why.n && d->why_code.n);
}

/* Load one block under a name. */
static const struct document *load(struct arena *a, struct str name, struct str bytes)
{
    struct evidence_input in = {.path = name, .bytes = bytes};
    return evidence_load_memory(a, &in, 1, diag_new(a))->v[0];
}

/* "iam/iam_get-role_1.json" gives "iam" and "get-role". */
static bool split(struct str file, struct str *service, struct str *command)
{
    struct str rest;
    if (!str_cut(file, '/', service, &rest) || !str_cut(rest, '_', NULL, &rest))
        return false;
    size_t end = str_find_last(rest, '_');
    *command = end == (size_t)-1 ? rest : str_sub(rest, 0, end);
    return true;
}

static void check_output(struct arena *a, struct str file, struct str bytes)
{
    struct str service, command;
    if (!split(file, &service, &command))
        return;
    const struct operation *op = operation_of_command(service, command);
    const struct document *d = load(a, file, bytes);
    counts[d->state]++;
    expect(has_reason(d), file, "no reason", d);
    if (is_miss(file))
        expect(d->state == DOCUMENT_INVALID && d->op == op, file, "known miss", d);
    else if (op)
        expect(d->op == op &&
                   (d->state == DOCUMENT_ANSWER || d->state == DOCUMENT_UNBOUND),
               file, "not recognised", d);
    else
        expect(d->state == DOCUMENT_REFUSED && unused_of_command(service, command), file,
               "not refused", d);
    const struct document *shape = load(a, STR("block.json"), bytes);
    expect(has_reason(shape), file, "by shape: no reason", shape);
    /* The answer of create-role is one of get-role, too: the service must be the same. */
    expect(shape->state != DOCUMENT_ANSWER ||
               str_eq(str_from(shape->op->service), service),
           file, "by shape: mistaken", shape);
}

static void check_other(struct arena *a, struct str file, struct str bytes, bool json)
{
    const struct document *d = load(a, file, bytes);
    expect(has_reason(d), file, "no reason", d);
    if (!json)
        expect(d->state != DOCUMENT_ANSWER, file, "not JSON, yet an answer", d);
}

int main(void)
{
    const char *root = unit_shared("suites/aws-cli-examples");
    if (!root) {
        printf("the AWS CLI's examples are not here\n");
        return unit_report("suite_aws_cli", 0, 0, 1);
    }
    struct arena *outer = arena_new();
    struct str folder = str_dup(outer, str_from(root)), index = STR(""), line;
    struct diag *dx = diag_new(outer);
    const char *path = file_join(outer, folder, STR("INDEX.tsv"));
    if (!file_read(outer, path, str_from(path), dx, &index))
        return unit_report("suite_aws_cli", 0, 1, 0);
    str_cut(index, '\n', NULL, &index); /* the headings */
    while (index.n) {
        struct arena *a = arena_new();
        struct str file, kind, bytes;
        str_cut(index, '\n', &line, &index);
        if (str_cut(line, '\t', &file, &kind)) {
            str_cut(kind, '\t', &kind, NULL);
            path = file_join(a, folder, file);
            if (!file_read(a, path, str_from(path), dx, &bytes))
                failed++;
            else if (str_eq(kind, STR("output")))
                check_output(a, file, bytes);
            else
                check_other(a, file, bytes, !str_starts(kind, STR("not-json")));
        }
        arena_free(a);
    }
    printf("outputs: %lu answers, %lu unbound, %lu refused, %lu others\n",
           counts[DOCUMENT_ANSWER], counts[DOCUMENT_UNBOUND], counts[DOCUMENT_REFUSED],
           counts[DOCUMENT_EMPTY] + counts[DOCUMENT_ERROR] + counts[DOCUMENT_INVALID] +
               counts[DOCUMENT_UNRECOGNISED]);
    arena_free(outer);
    return unit_report("suite_aws_cli", passed, failed, 0);
}
