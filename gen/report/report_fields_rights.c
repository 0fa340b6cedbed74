/* The tables of the report that are about rights: who may touch the applications, and the
 * policies that roles should have. */
#include "report/fields.h"

#include "report/rights.h"

/* clang-format off */

static const struct field access_on_fields[] = {
    {.name = "application", .kind = FIELD_REF, .stored = true, .offset = offsetof(struct report_access_on, application), .shape = &report_shape_subject,
     .help = "the application"},
};
static const struct shape shape_access_on = {
    .name = "access_on", .help = "an application that a row of access is about", .size = sizeof(struct report_access_on), .key = NULL,
    .fields = access_on_fields, .n = sizeof access_on_fields / sizeof *access_on_fields,
};

static const struct field holder_fields[] = {
    {.name = "arn", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_holder, arn),
     .help = "its ARN"},
    {.name = "group", .kind = FIELD_FLAG, .flag = derive_holder_group,
     .help = "it is a group"},
    {.name = "kind", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_holder, kind),
     .help = "user, group, or role"},
    {.name = "members", .kind = FIELD_UINT, .stored = true, .offset = offsetof(struct report_holder, members),
     .help = "users of the group"},
    {.name = "name", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_holder, name),
     .help = "its name"},
    {.name = "via", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_holder, via),
     .help = "policies that give it the rights"},
};
static const struct shape shape_holder = {
    .name = "holder", .help = "a user, group or role that may touch applications", .size = sizeof(struct report_holder), .key = NULL,
    .fields = holder_fields, .n = sizeof holder_fields / sizeof *holder_fields,
};

static const struct field access_fields[] = {
    {.name = "account", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_access, account),
     .help = "the account"},
    {.name = "actions", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_access, actions),
     .help = "the actions of the service that they may call"},
    {.name = "admin", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_access, admin),
     .help = "they may write policies of roles everywhere"},
    {.name = "all", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_access, all),
     .help = "it is about all applications of the account"},
    {.name = "applications", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report_access, applications), .shape = &shape_access_on,
     .help = "the applications, when not all"},
    {.name = "code", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_access, code),
     .help = "they may replace what runs, or what it reads and writes"},
    {.name = "conditional", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_access, conditional),
     .help = "all of it only on a condition, or where a Deny or limit may take it away"},
    {.name = "dashboard", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_access, dashboard),
     .help = "they may open its dashboard or notebook"},
    {.name = "delete", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_access, delete),
     .help = "they may stop or delete it"},
    {.name = "held", .kind = FIELD_TEXT, .text = derive_access_held,
     .help = "yes, or if when conditional"},
    {.name = "holders", .kind = FIELD_LIST, .stored = true, .offset = offsetof(struct report_access, holders), .shape = &shape_holder,
     .help = "the identities, at most 20"},
    {.name = "list", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_access, list),
     .help = "they may list applications"},
    {.name = "more_applications", .kind = FIELD_UINT, .stored = true, .offset = offsetof(struct report_access, more_applications),
     .help = "applications that are not listed"},
    {.name = "more_holders", .kind = FIELD_UINT, .stored = true, .offset = offsetof(struct report_access, more_holders),
     .help = "identities that are not listed"},
    {.name = "pass", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_access, pass),
     .help = "roles that they may hand to the service: none, own (the application's), named, any"},
    {.name = "permissions", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_access, permissions),
     .help = "they may give themselves or others what they lack"},
    {.name = "read", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_access, read),
     .help = "they may read its configuration"},
    {.name = "rights", .kind = FIELD_TEXT, .text = derive_access_rights,
     .help = "the rights in words"},
    {.name = "tagging", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_access, tagging),
     .help = "they may change its tags"},
    {.name = "via", .kind = FIELD_TEXT, .text = derive_access_via,
     .help = "the policies that give them the rights"},
    {.name = "where", .kind = FIELD_TEXT, .text = derive_access_where,
     .help = "the applications in words"},
    {.name = "who", .kind = FIELD_TEXT, .text = derive_access_who,
     .help = "the identities in words"},
    {.name = "write", .kind = FIELD_BOOL, .stored = true, .offset = offsetof(struct report_access, write),
     .help = "they may make other changes"},
};
const struct shape report_shape_access = {
    .name = "access", .help = "identities with the same rights over the same applications", .size = sizeof(struct report_access), .key = NULL,
    .fields = access_fields, .n = sizeof access_fields / sizeof *access_fields,
};

static const struct field diff_line_fields[] = {
    {.name = "added", .kind = FIELD_BOOL, .offset = offsetof(struct report_diff_line, added),
     .help = "the line is new"},
    {.name = "head", .kind = FIELD_BOOL, .offset = offsetof(struct report_diff_line, head),
     .help = "a name, or the place of what follows"},
    {.name = "removed", .kind = FIELD_BOOL, .offset = offsetof(struct report_diff_line, removed),
     .help = "the line goes"},
    {.name = "text", .kind = FIELD_STR, .offset = offsetof(struct report_diff_line, text),
     .help = "the line, with its sign"},
};
static const struct shape shape_diff_line = {
    .name = "diff_line", .help = "one line of a difference", .size = sizeof(struct report_diff_line), .key = NULL,
    .fields = diff_line_fields, .n = sizeof diff_line_fields / sizeof *diff_line_fields,
};

static const struct field proposal_fields[] = {
    {.name = "anchor", .kind = FIELD_TEXT, .text = derive_proposal_anchor,
     .help = "id for links within a page"},
    {.name = "command", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_proposal, command),
     .help = "command that writes it"},
    {.name = "diff", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_proposal, diff),
     .help = "unified difference to the present policies"},
    {.name = "lines", .kind = FIELD_MADE, .shape = &shape_diff_line, .made = derive_proposal_lines,
     .help = "the difference, line by line"},
    {.name = "not_known", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_proposal, not_known),
     .help = "why it may be incomplete"},
    {.name = "proved", .kind = FIELD_FLAG, .flag = derive_proposal_proved,
     .help = "all that is needed is allowed, and nothing else"},
    {.name = "role", .kind = FIELD_REF, .stored = true, .offset = offsetof(struct report_proposal, role), .shape = &report_shape_subject,
     .help = "the role"},
    {.name = "unproved", .kind = FIELD_STR, .stored = true, .offset = offsetof(struct report_proposal, unproved),
     .help = "what could not be proved"},
};
const struct shape report_shape_proposal = {
    .name = "proposal", .help = "the policies that a role should have, beside those that it has", .size = sizeof(struct report_proposal), .key = NULL,
    .fields = proposal_fields, .n = sizeof proposal_fields / sizeof *proposal_fields,
};

/* clang-format on */
