/* wiki: the report as the pages of a wiki. */
#include "base/buf.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "render/wiki_folder.h"
#include "report/results.h"

#include <string.h>

/* clang-format off */
static const struct diag_kind NO_FOLDER = {"CLI-220", DIAG_ERROR, "wiki needs a folder",
    "give one with -o; a checkout of the wiki's repository is what it is made for"};
static const struct diag_kind NO_DIALECT = {"CLI-221", DIAG_ERROR, "unknown dialect of a wiki",
    "give --dialect azure, bitbucket, confluence, github, gitlab or mediawiki"};
static const struct diag_kind JUDGED = {"CLI-222", DIAG_ERROR, "a results.json is judged already",
    "give the evidence instead, or leave out --waivers, --baseline, --controls, --param and --as-of"};
/* clang-format on */

static const char *dialect_name(size_t i)
{
    size_t n;
    const struct wiki_dialect *rows = wiki_dialect_rows(&n);
    return i < n ? rows[i].name : NULL;
}

static const struct wiki_dialect *pick_dialect(const struct invocation *in)
{
    struct str name = str_from(in->dialect);
    const struct wiki_dialect *d = wiki_dialect_find(name);
    if (d)
        return d;
    struct str near = options_suggest(in->a, name, dialect_name);
    if (!name.n)
        diag_file(in->dx, &NO_DIALECT, STR(""), "none given");
    else
        diag_file(in->dx, &NO_DIALECT, STR(""), "\"%s\"%.*s", in->dialect, STR_ARG(near));
    return NULL;
}

/* The report: of one results.json, or of evidence that is judged first. */
static int load(const struct invocation *in, struct report **report)
{
    struct run r = {0};
    int code = 0;
    const struct text *text =
        in->noperands == 1 ? run_results_text(in, in->operands[0], &code) : NULL;
    if (text &&
        (in->waivers || in->baseline || in->controls || in->nparams || in->as_of)) {
        diag_file(in->dx, &JUDGED, text->name, NULL);
        return EXIT_USAGE;
    }
    if (text) {
        *report = results_read(in->a, text, in->dx);
        return *report ? 0 : EXIT_NO_INPUT;
    }
    if (!code)
        code = run_report(in, in->noperands, &r);
    *report = r.report;
    return code;
}

static void said(const struct invocation *in, const struct wiki_update *u)
{
    struct buf out = BUF_INIT;
    buf_fmt(&out, "%s: %u pages: %u written, %u as they were", in->output, u->pages,
            u->written, u->same);
    if (u->edited)
        buf_fmt(&out, ", %u changed by somebody and left alone", u->edited);
    if (u->removed)
        buf_fmt(&out, "; %u removed", u->removed);
    if (u->vanished)
        buf_fmt(&out, "; %u about what is gone", u->vanished);
    buf_c(&out, '\n');
    terminal_print(buf_view(&out));
    buf_free(&out);
}

int command_wiki(const struct invocation *in)
{
    struct templates *t;
    struct report *r = NULL;
    int code = run_operands(in, in->noperands);
    if (code)
        return code;
    if (!in->output || strcmp(in->output, "-") == 0) {
        diag_file(in->dx, &NO_FOLDER, STR(""), NULL);
        return EXIT_USAGE;
    }
    const struct wiki_dialect *dialect = pick_dialect(in);
    if (!dialect)
        return EXIT_USAGE;
    code = run_templates(in, TEMPLATES_WIKI, &t);
    if (!code)
        code = load(in, &r);
    if (code)
        return code;
    struct wiki_update u = {
        .prune = in->prune, .force = in->force, .threads = in->threads};
    struct wiki *w = wiki_plan(in->a, r, dialect);
    bool ok = wiki_update(in->a, w, t, in->output, &u, in->dx);
    if (!in->quiet && u.pages)
        said(in, &u);
    if (ok)
        return EXIT_OK;
    code = run_output_code(in);
    return code ? code : u.faulty ? EXIT_BAD_CATALOG : EXIT_CANNOT_CREATE;
}
