/* What each command does: one function each, taking what the user asked for, giving the
 * exit code. */
#pragma once

struct invocation;

/* Exit codes (README, "Exit codes"). */
enum {
    EXIT_OK = 0,
    EXIT_FAILED = 1,    /* an open or waiver-expired fail */
    EXIT_UNDECIDED = 2, /* none such, but undecided tests */
    EXIT_NOTHING = 3,   /* nothing was judged */
    EXIT_PACK = 10,     /* verify: 10 + the stage that failed first (pack/message.h) */
    EXIT_USAGE = 64,
    EXIT_BAD_CATALOG = 65, /* bad catalog, waiver or template */
    EXIT_NO_INPUT = 66,
    EXIT_INTERNAL = 70,
    EXIT_CANNOT_CREATE = 73,
    EXIT_IO = 74,
};

int command_report(const struct invocation *in);
int command_render(const struct invocation *in);
int command_diff(const struct invocation *in);
int command_evidence(const struct invocation *in);
int command_model(const struct invocation *in);
int command_pack(const struct invocation *in);
int command_verify(const struct invocation *in);
int command_controls(const struct invocation *in);
int command_templates(const struct invocation *in);
int command_completion(const struct invocation *in);
int command_man(const struct invocation *in);
int command_access(const struct invocation *in);
int command_policy(const struct invocation *in);
int command_can(const struct invocation *in);
int command_wiki(const struct invocation *in);
int command_waive(const struct invocation *in);
int command_version(const struct invocation *in);
