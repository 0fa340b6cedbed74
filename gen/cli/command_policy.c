/* policy: the policies that the role of an application should have, with the proof. */
#include "assess/trial.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/proposal_text.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "json/json.h"

#include <string.h>

/* clang-format off */
static const struct diag_kind BAD_POLICY_FORMAT = {"CLI-190", DIAG_ERROR, "unknown format of a proposal",
    "use -f policy, -f trust, -f json, -f markdown or -f diff"};
static const struct diag_kind NO_APPLICATION = {"CLI-191", DIAG_ERROR, "no such application in the evidence",
    "give the name or ARN of one that `kdaudit model EVIDENCE` lists"};
static const struct diag_kind WHICH_APPLICATION = {"CLI-192", DIAG_ERROR, "several applications are meant",
    "give the ARN of one of them with --application, or a role with --role"};
static const struct diag_kind NO_ROLE = {"CLI-193", DIAG_ERROR, "no such role of the application",
    "give with --role one of the roles that it runs as"};
static const struct diag_kind UNDESCRIBED = {"CLI-194", DIAG_ERROR, "what the application needs is not in evidence",
    "collect the description of the application, and run again"};
static const struct diag_kind NOT_PROVED = {"CLI-195", DIAG_WARNING, "the proposal is not proved",
    "read what could not be proved, and complete the evidence or the policy by hand"};
/* clang-format on */

static bool is(const struct subject *s, const char *type)
{
    return strcmp(s->type, type) == 0;
}

static bool called(const struct subject *s, const char *what)
{
    return str_eq(s->arn, str_from(what)) || str_eq(s->name, str_from(what));
}

static void list(const struct invocation *in, const struct model *m, const char *type,
                 const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        bool shown = is(m->v[i], type) && (!name || called(m->v[i], name));
        if (shown && n++ < 10)
            diag_note(in->dx, (struct origin){0}, "%.*s", STR_ARG(m->v[i]->arn));
    }
    if (n > 10)
        diag_note(in->dx, (struct origin){0}, "and %zu more", n - 10);
}

/* The one of its type that is meant; NULL after a message. Without a name, the only one.
 */
static const struct subject *find(const struct invocation *in, const struct model *m,
                                  const char *type, const char *name,
                                  const struct diag_kind *none)
{
    const struct subject *found = NULL;
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++)
        if (is(m->v[i], type) && (!name || called(m->v[i], name))) {
            found = m->v[i];
            n++;
        }
    if (n == 1)
        return found;
    diag_file(in->dx, n ? &WHICH_APPLICATION : none, STR(""), "%s", name ? name : "");
    list(in, m, type, n ? name : NULL);
    return NULL;
}

/* The role that the application runs as, or the one that was asked for. */
static const struct subject *role_of(const struct invocation *in,
                                     const struct subject *app)
{
    const struct subject *first = NULL;
    for (size_t i = 0; i < app->links.n; i++) {
        const struct link *l = &app->links.v[i];
        if (!is(l->to, "role") || strcmp(l->name, "property") == 0 ||
            strcmp(l->name, "inline-code") == 0)
            continue;
        if (in->role ? called(l->to, in->role) : strcmp(l->name, "role") == 0)
            return l->to;
        first = first ? first : l->to;
    }
    if (first && !in->role)
        return first;
    diag_file(in->dx, first || in->role ? &NO_ROLE : &UNDESCRIBED, STR(""), "%.*s",
              STR_ARG(first ? str_from(in->role) : app->arn));
    for (size_t i = 0; first && i < app->links.n; i++)
        if (is(app->links.v[i].to, "role"))
            diag_note(in->dx, (struct origin){0}, "%.*s",
                      STR_ARG(app->links.v[i].to->arn));
    return NULL;
}

/* Whom the proposal is for. */
static int choose(const struct invocation *in, const struct model *m,
                  const struct subject **role, const struct subject **app)
{
    *app = NULL;
    if (in->role && !in->application) {
        *role = find(in, m, "role", in->role, &NO_ROLE);
        return *role ? 0 : EXIT_USAGE;
    }
    *app = find(in, m, "application", in->application, &NO_APPLICATION);
    if (!*app)
        return EXIT_USAGE;
    *role = role_of(in, *app);
    return *role ? 0 : in->role ? EXIT_USAGE : EXIT_NO_INPUT;
}

static bool write_file(const struct invocation *in, struct str name, struct str bytes)
{
    return file_write(file_join(in->a, str_from(in->output), name), bytes, in->dx);
}

/* The policies as files that the AWS CLI takes, and what is to be said of them. */
static int write_folder(const struct invocation *in, const struct proposal_report *r)
{
    const struct proposal *p = r->proposal;
    struct buf text = BUF_INIT;
    if (!file_make_folder(in->output, in->dx))
        return EXIT_CANNOT_CREATE;
    bool ok = true;
    for (size_t i = 0; ok && i < p->permissions->ndocuments; i++)
        ok = write_file(in, str_fmt(in->a, "%.*s.json", STR_ARG(p->names[i])),
                        p->permissions->texts[i]);
    ok = ok && write_file(in, STR("trust.json"), p->trust->texts[0]);
    ok = ok && write_file(in, STR("changes.diff"), proposal_diff(in->a, p));
    proposal_markdown(&text, in->a, r);
    ok = ok && write_file(in, STR("proposal.md"), buf_view(&text));
    buf_free(&text);
    return ok ? 0 : run_output_code(in);
}

static bool print(const struct invocation *in, const struct proposal_report *r,
                  struct str format)
{
    const struct proposal *p = r->proposal;
    struct buf out = BUF_INIT;
    bool known = true;
    if (str_eq(format, STR("policy")))
        proposal_permissions(&out, in->a, p);
    else if (str_eq(format, STR("trust")))
        buf_str(&out, p->trust->texts[0]);
    else if (str_eq(format, STR("json")))
        proposal_json(&out, in->a, r);
    else if (str_eq(format, STR("markdown")))
        proposal_markdown(&out, in->a, r);
    else if (str_eq(format, STR("diff")))
        buf_str(&out, proposal_diff(in->a, p));
    else
        known = false;
    if (known && r->proposal)
        terminal_print(buf_view(&out));
    buf_free(&out);
    return known;
}

static bool known_format(struct str s)
{
    static const char *const names[] = {"policy", "trust", "json", "markdown", "diff"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(s, str_from(names[i])))
            return true;
    return false;
}

/* The third part of the proof: what the catalog would say of the role. */
static void try_checks(const struct invocation *in, const struct run *run,
                       struct proposal_report *r)
{
    const struct proposal *p = r->proposal;
    r->trial = trial_role(in->a, run->model, run->catalog, p->role, p->permissions->texts,
                          p->permissions->ndocuments, p->trust->texts[0], in->dx);
}

static int verdict(const struct invocation *in, const struct proposal_report *r)
{
    if (!proposal_proved(r)) {
        diag_file(in->dx, &NOT_PROVED, STR(""), "%.*s", STR_ARG(r->proposal->role->arn));
        return EXIT_FAILED;
    }
    return r->proposal->ndoubts ? EXIT_UNDECIDED : EXIT_OK;
}

static int undescribed(const struct invocation *in, const struct proposal *p,
                       const struct subject *role)
{
    const struct subject *s = p->undescribed ? p->undescribed : role;
    diag_file(in->dx, &UNDESCRIBED, STR(""), "%.*s", STR_ARG(s->arn));
    struct str command =
        subject_command(in->a, s, "kinesisanalytics:DescribeApplication");
    if (p->undescribed)
        diag_note(in->dx, (struct origin){0}, "%.*s", STR_ARG(command));
    return EXIT_NO_INPUT;
}

int command_policy(const struct invocation *in)
{
    struct run run = {0};
    struct proposal_report r = {0};
    const struct subject *role, *app;
    struct str format = in->nformats ? in->formats[0] : STR("policy");
    if (in->nformats > 1 || !known_format(format)) {
        diag_file(in->dx, &BAD_POLICY_FORMAT, STR(""), "\"%.*s\"", STR_ARG(format));
        return EXIT_USAGE;
    }
    int code = run_model(in, in->noperands, &run);
    if (!code)
        code = choose(in, run.model, &role, &app);
    if (code)
        return code;
    r.proposal = proposal_make(in->a, run.model, run.catalog->actions, role, app,
                               in->only_certain, in->dx);
    if (!r.proposal)
        return EXIT_BAD_CATALOG;
    if (!r.proposal->permissions)
        return undescribed(in, r.proposal, role);
    try_checks(in, &run, &r);
    if (in->output)
        code = write_folder(in, &r);
    else
        print(in, &r, format);
    if (code)
        return code;
    struct buf said = BUF_INIT;
    proposal_text(&said, in->a, &r);
    if (!in->quiet)
        terminal_error(buf_view(&said));
    buf_free(&said);
    return verdict(in, &r);
}
