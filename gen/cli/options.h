/* Commands and their options: one table each for parser, --help, man page and
 * completions. */
#pragma once
#include "base/str.h"

struct buf;

enum opt_id {
    OPT_HELP = 256,
    OPT_VERSION,
    OPT_OUTPUT,
    OPT_FORMAT,
    OPT_CONTROLS,
    OPT_TEMPLATES,
    OPT_AS_OF,
    OPT_PARAM,
    OPT_FAIL_ON,
    OPT_EXIT_ZERO,
    OPT_THREADS,
    OPT_PROGRESS,
    OPT_COLOUR,
    OPT_QUIET,
    OPT_MAX_BYTES,
    OPT_JUNIT_EXTENDED,
    OPT_JUNIT_SPLIT,
    OPT_CSV_BOM,
    OPT_CHECK,
    OPT_FUNCTIONS,
    OPT_ALL,
    OPT_SCHEMA,
    OPT_MISSING,
    OPT_WAIVERS,
    OPT_BASELINE,
    OPT_REASON,
    OPT_APPROVER,
    OPT_UNTIL,
    OPT_TICKET,
    OPT_DOCUMENT,
    OPT_SIGN,
    OPT_INFO,
    OPT_REDACT,
    OPT_REDACT_KEY,
    OPT_ALLOWED_SIGNERS,
    OPT_IDENTITY,
    OPT_PRINCIPAL,
    OPT_ACTION,
    OPT_RESOURCE,
    OPT_CONTEXT,
    OPT_POLICY,
    OPT_SESSION,
    OPT_APPLICATION,
    OPT_ROLE,
    OPT_CERTAIN,
    OPT_DIALECT,
    OPT_PRUNE,
    OPT_FORCE,
};

struct opt {
    char letter; /* 0: none */
    const char *name;
    const char *arg; /* NULL: a switch */
    int id;
    const char *values; /* words that it takes, for completion; "FILE" or "DIR"; NULL */
    const char *help;
};

struct invocation;
struct command {
    const char *name;
    const char *operands; /* "EVIDENCE..." */
    const char *line;     /* what it does, in one line */
    const char *text;     /* what a newcomer must know, a paragraph or two */
    const char *examples; /* lines of "command\texplanation\n" */
    const struct opt *opts;
    size_t nopts;
    int (*run)(const struct invocation *in);
};
const struct command *command_rows(size_t *n); /* sorted for help; report first */
const struct command *command_find(struct str name);

/* What the user asked for. Values are borrowed from argv. */
struct invocation {
    const struct command *command;
    const char *const *operands;
    size_t noperands;
    const char *output, *waivers, *baseline, *reason, *approver, *until, *ticket,
        *document, *principal, *action, *resource, *controls, *templates, *as_of,
        *fail_on, *colour;
    struct str formats[32];
    size_t nformats;
    const char *params[64];
    size_t nparams;
    const char *info[16]; /* LABEL=VALUE for bag-info.txt */
    size_t ninfo;
    const char *sign, *redact_key, *allowed_signers, *identity;
    bool redact;
    const char *application, *role; /* of policy */
    bool only_certain;
    const char *dialect;
    bool prune, force;
    const char *context[64], *policies[64], *sessions[16];
    size_t ncontext, npolicies, nsessions;
    unsigned threads;
    uint32_t max_bytes, junit_split;
    bool junit_extended, csv_bom;
    bool exit_zero, quiet, check, functions, all, schema, missing;
    int progress; /* -1: on long runs, on a terminal */
    struct arena *a;
    struct diag *dx;
};

/* Read argv[1..] for command c. Returns 0, or the exit code (0 < code: usage error,
 * message already on standard error; -1: help was printed, exit 0). */
int options_read(const struct command *c, int argc, char **argv, struct invocation *in);

/* Nearest word of a table to what the user typed; NULL when none is near. */
const char *options_nearest(struct str word, const char *(*row)(size_t i));
/* The same as the end of a message: "; did you mean X?", or "". */
struct str options_suggest(struct arena *a, struct str word,
                           const char *(*row)(size_t i));

void help_all(struct buf *out);                              /* kdaudit --help */
void help_command(struct buf *out, const struct command *c); /* kdaudit CMD --help */
void help_man(struct buf *out);                              /* troff, for man(1) */
bool help_completion(struct buf *out, struct str shell);     /* bash, zsh, fish */
