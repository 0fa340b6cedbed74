/* Help, man page and completions, from the tables of commands and options. */
#include "base/buf.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "report/version.h"

#include <string.h>

enum { OPTION_COLUMN = 26, TEXT_COLUMNS = 80 };

/* clang-format off */
static const struct {
    int code;
    const char *meaning;
} exits[] = {
    {0,   "judged, and nothing in --fail-on"},
    {1,   "at least one open fail (or one whose waiver has expired)"},
    {2,   "no such fail, but tests that the evidence cannot decide"},
    {3,   "nothing was judged"},
    {10, "verify: not a pack as it must be: a file is missing, added, linked, or badly named"},
    {11, "verify: a file's bytes are not what the manifests say"},
    {12, "verify: index.json and the files disagree"},
    {13, "verify: the evidence, judged again, does not give these results"},
    {14, "verify: the signature is bad or missing"},
    {64,  "usage: the command line is wrong"},
    {65,  "the catalog or a template is wrong"},
    {66,  "the input cannot be read"},
    {70,  "a fault in kdaudit itself"},
    {71,  "out of memory"},
    {73,  "an output cannot be created"},
    {74,  "reading or writing failed"},
    {130, "interrupted (129, 143: hung up, terminated)"},
};
/* clang-format on */

/* Text wrapped at TEXT_COLUMNS, each line after the first indented; the cursor stands in
 * column `at`. */
static void wrap(struct buf *out, struct str text, size_t at, size_t indent)
{
    bool first = true;
    while (text.n) {
        struct str word;
        str_cut(text, ' ', &word, &text);
        if (!first && at + 1 + word.n > TEXT_COLUMNS) {
            buf_c(out, '\n');
            buf_repeat(out, ' ', indent);
            at = indent;
            first = true;
        }
        if (!first) {
            buf_c(out, ' ');
            at++;
        }
        buf_str(out, word);
        at += word.n;
        first = false;
    }
    buf_c(out, '\n');
}

static void option_words(struct buf *out, const struct opt *o)
{
    if (o->letter)
        buf_fmt(out, "-%c, ", o->letter);
    else
        buf_z(out, "    ");
    buf_fmt(out, "--%s", o->name);
    if (o->arg)
        buf_fmt(out, " %s", o->arg);
}

static void help_option(struct buf *out, const struct opt *o)
{
    struct buf left = BUF_INIT;
    buf_z(&left, "  ");
    option_words(&left, o);
    buf_str(out, buf_view(&left));
    if (left.n + 2 > OPTION_COLUMN)
        buf_c(out, '\n');
    buf_repeat(out, ' ',
               left.n + 2 > OPTION_COLUMN ? OPTION_COLUMN : OPTION_COLUMN - left.n);
    wrap(out, str_from(o->help), OPTION_COLUMN, OPTION_COLUMN);
    buf_free(&left);
}

static bool example(struct str *rest, struct str *command, struct str *what)
{
    struct str line;
    if (!rest->n)
        return false;
    str_cut(*rest, '\n', &line, rest);
    str_cut(line, '\t', command, what);
    return true;
}

void help_command(struct buf *out, const struct command *c)
{
    buf_fmt(out, "usage: kdaudit %s [OPTIONS]%s%s\n\n", c->name, *c->operands ? " " : "",
            c->operands);
    struct buf intro = BUF_INIT;
    buf_fmt(&intro, "%c%s.", c->line[0] - 'a' + 'A', c->line + 1);
    if (*c->text)
        buf_fmt(&intro, " %s", c->text);
    wrap(out, buf_view(&intro), 0, 0);
    buf_free(&intro);
    buf_z(out, "\noptions:\n");
    for (size_t i = 0; i < c->nopts; i++)
        help_option(out, &c->opts[i]);
    struct str rest = str_from(c->examples), command, what;
    if (rest.n)
        buf_z(out, "\nexamples:\n");
    while (example(&rest, &command, &what))
        buf_fmt(out, "  %.*s\n      %.*s\n", STR_ARG(command), STR_ARG(what));
}

void help_all(struct buf *out)
{
    size_t n;
    const struct command *rows = command_rows(&n);
    buf_z(
        out,
        "kdaudit turns collected AWS evidence into audit documents: it judges the four\n"
        "security best practices for Amazon Managed Service for Apache Flink (Kinesis\n"
        "Data Analytics) and reports as Markdown, HTML and JUnit XML.\n\n"
        "usage: kdaudit COMMAND [OPTIONS] [OPERANDS]\n\ncommands:\n");
    for (size_t i = 0; i < n; i++)
        buf_fmt(out, "  %-11s %s\n", rows[i].name, rows[i].line);
    buf_z(
        out,
        "\nstart with:\n"
        "  kdaudit report EVIDENCE          judge a folder of AWS CLI output\n"
        "  kdaudit report EVIDENCE -o out   write all reports into out/\n"
        "  kdaudit evidence EVIDENCE        see what is recognised and what is missing\n"
        "  kdaudit COMMAND --help           everything about one command\n\nexit "
        "codes:\n");
    for (size_t i = 0; i < sizeof exits / sizeof *exits; i++)
        buf_fmt(out, "  %3d  %s\n", exits[i].code, exits[i].meaning);
}

/* Text in troff: backslashes and hyphens escaped, no line starts with a control
 * character. */
static void troff(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\')
            buf_z(out, "\\e");
        else if (s.p[i] == '-')
            buf_z(out, "\\-");
        else if ((s.p[i] == '.' || s.p[i] == '\'') && (!i || s.p[i - 1] == '\n'))
            buf_fmt(out, "\\&%c", s.p[i]);
        else
            buf_c(out, s.p[i]);
    }
}

static void man_command(struct buf *out, const struct command *c)
{
    buf_fmt(out, ".SS kdaudit %s", c->name);
    if (*c->operands) {
        buf_c(out, ' ');
        troff(out, str_from(c->operands));
    }
    buf_c(out, '\n');
    buf_fmt(out, "%c", c->line[0] - 'a' + 'A');
    troff(out, str_from(c->line + 1));
    buf_z(out, ".\n");
    if (*c->text) {
        troff(out, str_from(c->text));
        buf_c(out, '\n');
    }
    for (size_t i = 0; i < c->nopts; i++) {
        struct buf words = BUF_INIT;
        option_words(&words, &c->opts[i]);
        buf_z(out, ".TP\n.B ");
        troff(out, str_trim(buf_view(&words)));
        buf_c(out, '\n');
        troff(out, str_from(c->opts[i].help));
        buf_c(out, '\n');
        buf_free(&words);
    }
}

void help_man(struct buf *out)
{
    size_t n;
    const struct command *rows = command_rows(&n);
    buf_z(out,
          ".TH KDAUDIT 1 \"\" \"kdaudit " KDAUDIT_VERSION "\" \"User Commands\"\n"
          ".SH NAME\nkdaudit \\- audit managed Apache Flink from collected AWS evidence\n"
          ".SH SYNOPSIS\n.B kdaudit\n.I COMMAND\n[OPTIONS] [OPERANDS]\n"
          ".SH DESCRIPTION\nkdaudit turns collected AWS evidence (JSON as the AWS CLI "
          "printed it) into audit documents. A control catalog encodes the four security "
          "best practices for Amazon Managed Service for Apache Flink; the evidence is "
          "judged by it, offline, and the results are rendered as Markdown, HTML and "
          "JUnit XML. The same input gives the same bytes.\n.SH COMMANDS\n");
    for (size_t i = 0; i < n; i++)
        man_command(out, &rows[i]);
    buf_z(out, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < sizeof exits / sizeof *exits; i++)
        buf_fmt(out, ".TP\n.B %d\n%s\n", exits[i].code, exits[i].meaning);
    buf_z(
        out,
        ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nno colours when set and not empty\n"
        ".TP\n.B SOURCE_DATE_EPOCH\nthe time that ages are counted to, in seconds since "
        "1970, when \\-\\-as\\-of is not given\n"
        ".TP\n.B KDAUDIT_DATA\nfolder that holds controls/ and templates/\n"
        ".SH EXAMPLES\n");
    for (size_t i = 0; i < n; i++) {
        struct str rest = str_from(rows[i].examples), command, what;
        while (example(&rest, &command, &what)) {
            buf_z(out, ".TP\n.B ");
            troff(out, command);
            buf_c(out, '\n');
            troff(out, what);
            buf_c(out, '\n');
        }
    }
}

static void bash_completion(struct buf *out, const struct command *rows, size_t n)
{
    buf_z(out, "# bash completion for kdaudit; made by `kdaudit completion bash`\n"
               "_kdaudit() {\n    local cur=${COMP_WORDS[COMP_CWORD]} "
               "prev=${COMP_WORDS[COMP_CWORD-1]}\n"
               "    COMPREPLY=()\n    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        "
               "COMPREPLY=($(compgen -W '");
    for (size_t i = 0; i < n; i++)
        buf_fmt(out, "%s ", rows[i].name);
    buf_z(out, "--help --version' -- \"$cur\"))\n        return\n    fi\n    case "
               "${COMP_WORDS[1]}:$prev in\n");
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < rows[i].nopts; j++) {
            const struct opt *o = &rows[i].opts[j];
            if (!o->values)
                continue;
            buf_fmt(out, "    %s:--%s", rows[i].name, o->name);
            if (o->letter)
                buf_fmt(out, "|%s:-%c", rows[i].name, o->letter);
            if (strcmp(o->values, "DIR") == 0 || strcmp(o->values, "FILE") == 0)
                buf_fmt(out, ") COMPREPLY=($(compgen -%c -- \"$cur\")); return ;;\n",
                        o->values[0] == 'D' ? 'd' : 'f');
            else
                buf_fmt(out, ") COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n",
                        o->values);
        }
    buf_z(out, "    esac\n    case $cur in\n    -*) ;;\n    *) COMPREPLY=($(compgen -f "
               "-- \"$cur\")); return ;;\n    esac\n"
               "    case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; i < n; i++) {
        buf_fmt(out, "    %s) COMPREPLY=($(compgen -W '", rows[i].name);
        for (size_t j = 0; j < rows[i].nopts; j++)
            buf_fmt(out, "%s--%s", j ? " " : "", rows[i].opts[j].name);
        buf_z(out, "' -- \"$cur\")) ;;\n");
    }
    buf_z(out, "    esac\n}\ncomplete -o filenames -F _kdaudit kdaudit\n");
}

/* Text inside single quotes of a shell, brackets and colons escaped for zsh's _arguments.
 */
static void quoted(struct buf *out, const char *text, bool zsh)
{
    for (; *text; text++) {
        if (*text == '\'')
            buf_z(out, zsh ? "'\\''" : "\\'");
        else if (zsh && strchr("[]:\\", *text))
            buf_fmt(out, "\\%c", *text);
        else
            buf_c(out, *text);
    }
}

static void zsh_completion(struct buf *out, const struct command *rows, size_t n)
{
    buf_z(out, "#compdef kdaudit\n# zsh completion for kdaudit; made by `kdaudit "
               "completion zsh`\n"
               "_kdaudit() {\n    local -a commands\n    commands=(\n");
    for (size_t i = 0; i < n; i++) {
        buf_fmt(out, "        '%s:", rows[i].name);
        quoted(out, rows[i].line, true);
        buf_z(out, "'\n");
    }
    buf_z(out, "    )\n    if (( CURRENT == 2 )); then\n        _describe command "
               "commands\n        return\n    fi\n"
               "    case $words[2] in\n");
    for (size_t i = 0; i < n; i++) {
        buf_fmt(out, "    %s)\n        shift words; (( CURRENT-- ))\n        _arguments",
                rows[i].name);
        for (size_t j = 0; j < rows[i].nopts; j++) {
            const struct opt *o = &rows[i].opts[j];
            if (o->letter)
                buf_fmt(out, " \\\n            {-%c,--%s%s}'[", o->letter, o->name,
                        o->arg ? "=" : "");
            else
                buf_fmt(out, " \\\n            '--%s%s[", o->name, o->arg ? "=" : "");
            quoted(out, o->help, true);
            buf_c(out, ']');
            if (o->arg && o->values && strcmp(o->values, "DIR") == 0)
                buf_fmt(out, ":%s:_files -/", o->arg);
            else if (o->arg && o->values && strcmp(o->values, "FILE") == 0)
                buf_fmt(out, ":%s:_files", o->arg);
            else if (o->arg && o->values)
                buf_fmt(out, ":%s:(%s)", o->arg, o->values);
            else if (o->arg)
                buf_fmt(out, ":%s:", o->arg);
            buf_c(out, '\'');
        }
        buf_z(out, " \\\n            '*:file:_files'\n        ;;\n");
    }
    buf_z(out, "    esac\n}\n_kdaudit \"$@\"\n");
}

static void fish_completion(struct buf *out, const struct command *rows, size_t n)
{
    buf_z(out, "# fish completion for kdaudit; made by `kdaudit completion fish`\n");
    for (size_t i = 0; i < n; i++) {
        buf_fmt(out, "complete -c kdaudit -n __fish_use_subcommand -f -a %s -d '",
                rows[i].name);
        quoted(out, rows[i].line, false);
        buf_z(out, "'\n");
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < rows[i].nopts; j++) {
            const struct opt *o = &rows[i].opts[j];
            buf_fmt(out, "complete -c kdaudit -n '__fish_seen_subcommand_from %s' -l %s",
                    rows[i].name, o->name);
            if (o->letter)
                buf_fmt(out, " -s %c", o->letter);
            if (o->arg)
                buf_z(out, " -r");
            if (o->values && strcmp(o->values, "DIR") != 0 &&
                strcmp(o->values, "FILE") != 0)
                buf_fmt(out, " -f -a '%s'", o->values);
            buf_z(out, " -d '");
            quoted(out, o->help, false);
            buf_z(out, "'\n");
        }
}

bool help_completion(struct buf *out, struct str shell)
{
    size_t n;
    const struct command *rows = command_rows(&n);
    if (str_eq(shell, STR("bash")))
        bash_completion(out, rows, n);
    else if (str_eq(shell, STR("zsh")))
        zsh_completion(out, rows, n);
    else if (str_eq(shell, STR("fish")))
        fish_completion(out, rows, n);
    else
        return false;
    return true;
}
