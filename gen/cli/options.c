/* Read the command line by the tables. */
#include "cli/options.h"

#include "base/arena.h"
#include "base/buf.h"
#include "cli/commands.h"
#include "cli/terminal.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_MAX_OPTS = 40, NEAR = 3, THREADS_LIMIT = 64 };

const char *options_nearest(struct str word, const char *(*row)(size_t i))
{
    const char *best = NULL;
    unsigned best_distance = NEAR;
    for (size_t i = 0; row(i); i++) {
        unsigned d = str_distance(word, str_from(row(i)), NEAR);
        if (d < best_distance && d < str_from(row(i)).n) {
            best = row(i);
            best_distance = d;
        }
    }
    return best;
}

struct str options_suggest(struct arena *a, struct str word, const char *(*row)(size_t i))
{
    const char *near = options_nearest(word, row);
    return near ? str_fmt(a, "; did you mean %s?", near) : STR("");
}

/* The long name of the options of c nearest to what was typed (without dashes). */
static const char *nearest_option(const struct command *c, struct str typed)
{
    const char *best = NULL;
    unsigned best_distance = NEAR;
    for (size_t i = 0; i < c->nopts; i++) {
        unsigned d = str_distance(typed, str_from(c->opts[i].name), NEAR);
        if (d < best_distance) {
            best = c->opts[i].name;
            best_distance = d;
        }
    }
    return best;
}

static int usage(const struct command *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static int usage(const struct command *c, const char *fmt, ...)
{
    struct buf b = BUF_INIT;
    char line[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    buf_fmt(&b, "kdaudit: %s\n  to mend: see kdaudit %s --help\n", line, c->name);
    terminal_error(buf_view(&b));
    buf_free(&b);
    return EXIT_USAGE;
}

static int unknown_option(const struct command *c, const char *typed)
{
    struct str name = str_from(typed);
    while (name.n && name.p[0] == '-')
        name = str_sub(name, 1, name.n);
    str_cut(name, '=', &name, NULL);
    const char *near = nearest_option(c, name);
    if (near)
        return usage(c, "unknown option %s; did you mean --%s?", typed, near);
    return usage(c, "unknown option %s", typed);
}

static int add_formats(struct invocation *in, const char *list)
{
    struct str rest = str_from(list), one;
    bool more = true;
    while (more) {
        more = str_cut(rest, ',', &one, &rest);
        one = str_trim(one);
        if (!one.n)
            continue;
        if (in->nformats == sizeof in->formats / sizeof *in->formats)
            return usage(in->command, "too many formats");
        in->formats[in->nformats++] = one;
    }
    return 0;
}

static int set_number(struct invocation *in, const char *name, const char *arg,
                      int64_t max, int64_t *out)
{
    if (str_int(str_from(arg), out) && *out >= 1 && *out <= max)
        return 0;
    return usage(in->command, "--%s takes a number from 1 to %lld, not \"%s\"", name,
                 (long long)max, arg);
}

static int set(struct invocation *in, int id, const char *arg)
{
    int64_t n;
    int code = 0;
    switch (id) {
    case OPT_OUTPUT:
        in->output = arg;
        break;
    case OPT_FORMAT:
        code = add_formats(in, arg);
        break;
    case OPT_WAIVERS:
        in->waivers = arg;
        break;
    case OPT_REASON:
        in->reason = arg;
        break;
    case OPT_APPROVER:
        in->approver = arg;
        break;
    case OPT_UNTIL:
        in->until = arg;
        break;
    case OPT_TICKET:
        in->ticket = arg;
        break;
    case OPT_DOCUMENT:
        in->document = arg;
        break;
    case OPT_SIGN:
        in->sign = arg;
        break;
    case OPT_INFO:
        if (in->ninfo == sizeof in->info / sizeof *in->info)
            return usage(in->command, "too many lines for bag-info.txt");
        in->info[in->ninfo++] = arg;
        break;
    case OPT_REDACT_KEY:
        in->redact_key = arg;
        in->redact = true;
        break;
    case OPT_DIALECT:
        in->dialect = arg;
        break;
    case OPT_PRUNE:
        in->prune = true;
        break;
    case OPT_FORCE:
        in->force = true;
        break;
    case OPT_REDACT:
        in->redact = true;
        break;
    case OPT_ALLOWED_SIGNERS:
        in->allowed_signers = arg;
        break;
    case OPT_IDENTITY:
        in->identity = arg;
        break;
    case OPT_PRINCIPAL:
        in->principal = arg;
        break;
    case OPT_ACTION:
        in->action = arg;
        break;
    case OPT_RESOURCE:
        in->resource = arg;
        break;
    case OPT_CONTEXT:
        if (in->ncontext == sizeof in->context / sizeof *in->context)
            return usage(in->command, "too many --context options");
        in->context[in->ncontext++] = arg;
        break;
    case OPT_APPLICATION:
        in->application = arg;
        break;
    case OPT_ROLE:
        in->role = arg;
        break;
    case OPT_CERTAIN:
        in->only_certain = true;
        break;
    case OPT_POLICY:
        if (in->npolicies == sizeof in->policies / sizeof *in->policies)
            return usage(in->command, "too many --policy options");
        in->policies[in->npolicies++] = arg;
        break;
    case OPT_SESSION:
        if (in->nsessions == sizeof in->sessions / sizeof *in->sessions)
            return usage(in->command, "too many --session options");
        in->sessions[in->nsessions++] = arg;
        break;
    case OPT_BASELINE:
        in->baseline = arg;
        break;
    case OPT_CONTROLS:
        in->controls = arg;
        break;
    case OPT_TEMPLATES:
        in->templates = arg;
        break;
    case OPT_AS_OF:
        in->as_of = arg;
        break;
    case OPT_PARAM:
        if (in->nparams == sizeof in->params / sizeof *in->params)
            return usage(in->command, "too many parameters");
        in->params[in->nparams++] = arg;
        break;
    case OPT_FAIL_ON:
        in->fail_on = arg;
        break;
    case OPT_COLOUR:
        if (strcmp(arg, "auto") != 0 && strcmp(arg, "always") != 0 &&
            strcmp(arg, "never") != 0)
            return usage(in->command, "--colour takes auto, always or never, not \"%s\"",
                         arg);
        in->colour = arg;
        break;
    case OPT_THREADS:
        code = set_number(in, "threads", arg, THREADS_LIMIT, &n);
        in->threads = code ? 0 : (unsigned)n;
        break;
    case OPT_MAX_BYTES:
        code = set_number(in, "max-bytes", arg, UINT32_MAX, &n);
        in->max_bytes = code ? 0 : (uint32_t)n;
        break;
    case OPT_CSV_BOM:
        in->csv_bom = true;
        break;
    case OPT_JUNIT_EXTENDED:
        in->junit_extended = true;
        break;
    case OPT_JUNIT_SPLIT:
        code = set_number(in, "junit-split", arg, UINT32_MAX, &n);
        in->junit_split = code ? 0 : (uint32_t)n;
        break;
    case OPT_EXIT_ZERO:
        in->exit_zero = true;
        break;
    case OPT_QUIET:
        in->quiet = true;
        break;
    case OPT_CHECK:
        in->check = true;
        break;
    case OPT_FUNCTIONS:
        in->functions = true;
        break;
    case OPT_ALL:
        in->all = true;
        break;
    case OPT_SCHEMA:
        in->schema = true;
        break;
    case OPT_MISSING:
        in->missing = true;
        break;
    case OPT_PROGRESS:
        in->progress = 1;
        break;
    default:
        break;
    }
    return code;
}

/* getopt's own form of the table. */
static void to_getopt(const struct command *c, struct option *longs, char *shorts)
{
    size_t n = 0;
    shorts[n++] = ':'; /* a missing argument is told apart from an unknown option */
    for (size_t i = 0; i < c->nopts; i++) {
        const struct opt *o = &c->opts[i];
        longs[i] = (struct option){o->name, o->arg ? required_argument : no_argument,
                                   NULL, o->id};
        if (o->letter) {
            shorts[n++] = o->letter;
            if (o->arg)
                shorts[n++] = ':';
        }
    }
    shorts[n] = '\0';
}

static int id_of(const struct command *c, int got)
{
    for (size_t i = 0; i < c->nopts; i++)
        if (c->opts[i].letter && c->opts[i].letter == got)
            return c->opts[i].id;
    return got;
}

int options_read(const struct command *c, int argc, char **argv, struct invocation *in)
{
    struct option longs[LONG_MAX_OPTS + 1] = {0};
    char shorts[2 * LONG_MAX_OPTS + 3];
    to_getopt(c, longs, shorts);
    in->command = c;
    in->progress = -1;
    opterr = 0;
    optind = 1;
    for (int got; (got = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        const char *typed = argv[optind > 1 ? optind - 1 : 1];
        if (got == '?' && optopt && optopt < 256) {
            char name[3] = {'-', (char)optopt, 0};
            return unknown_option(c, name);
        }
        if (got == '?')
            return unknown_option(c, typed);
        if (got == ':')
            return usage(c, "option %s needs a value", typed);
        int id = id_of(c, got);
        if (id == OPT_HELP) {
            struct buf out = BUF_INIT;
            help_command(&out, c);
            terminal_print(buf_view(&out));
            buf_free(&out);
            return -1;
        }
        int code = set(in, id, optarg);
        if (code)
            return code;
    }
    in->operands = (const char *const *)argv + optind;
    in->noperands = (size_t)(argc - optind);
    return 0;
}
