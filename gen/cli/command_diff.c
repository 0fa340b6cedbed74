/* diff: compare two runs. */
#include "base/buf.h"
#include "base/diag.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "pack/open.h"
#include "report/derive.h"
#include "report/diff.h"
#include "report/results.h"

#include <string.h>

/* clang-format off */
static const struct diag_kind TWO_RUNS = {"CLI-140", DIAG_ERROR, "diff takes two runs",
    "name two results.json files or folders that hold one, packs, or evidence: kdaudit diff OLD NEW"};
static const struct diag_kind BAD_DIFF_FORMAT = {"CLI-141", DIAG_ERROR, "unknown format of a comparison",
    "use -f text, -f markdown or -f json"};
/* clang-format on */

/* A results.json is read, and so is that of a pack; evidence is judged. */
static int load(const struct invocation *in, size_t i, struct report **report)
{
    const char *path = run_results_path(in, in->operands[i]);
    int code = 0;
    if (strcmp(path, "-") == 0 || pack_is(in->a, path) || file_type(path) == FILE_ABSENT)
        return run_results(in, path, report, NULL);
    const struct text *text = run_results_text(in, path, &code);
    if (text)
        *report = results_read(in->a, text, in->dx);
    if (text || code)
        return code ? code : *report ? 0 : EXIT_NO_INPUT;
    struct run r = {0};
    struct invocation one = *in;
    one.operands = &in->operands[i];
    code = run_report(&one, 1, &r);
    *report = r.report;
    return code ? code : derive_report_nothing(r.report) ? EXIT_NOTHING : 0;
}

int command_diff(const struct invocation *in)
{
    struct report *before, *after;
    struct str format = in->nformats ? in->formats[0] : STR("text");
    bool markdown = str_eq(format, STR("markdown")), json = str_eq(format, STR("json"));
    if (in->noperands != 2) {
        diag_file(in->dx, &TWO_RUNS, STR(""), "%zu given", in->noperands);
        return EXIT_USAGE;
    }
    if (in->nformats > 1 || !(markdown || json || str_eq(format, STR("text")))) {
        diag_file(in->dx, &BAD_DIFF_FORMAT, STR(""), "\"%.*s\"", STR_ARG(format));
        return EXIT_USAGE;
    }
    int code = load(in, 0, &before);
    if (!code)
        code = load(in, 1, &after);
    if (code)
        return code;
    const struct diff *d = diff_reports(in->a, before, after);
    struct buf out = BUF_INIT;
    if (markdown)
        diff_markdown(&out, d);
    else if (json)
        diff_json(&out, d);
    else
        diff_text(&out, d, terminal_colour(in, false));
    if (!in->quiet)
        terminal_print(buf_view(&out));
    buf_free(&out);
    /* What is gone got no better. */
    return d->worse ? EXIT_FAILED : derive_report_nothing(after) ? EXIT_NOTHING : EXIT_OK;
}
