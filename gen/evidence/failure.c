/* Read the error texts of the AWS CLI, versions 1 and 2. */
#include "evidence/failure.h"

#include "base/arena.h"
#include "base/diag.h"
#include "json/json.h"

enum { LOOK_MAX = 1 << 16, HEAD_MAX = 400 };

/* Complaints of the client itself: no service answered. Tried in order. */
/* clang-format off */
static const struct { const char *has, *code; } complaints[] = {
    {"Unable to locate credentials",       "NoCredentials"},
    {"Partial credentials found",          "NoCredentials"},
    {"Error loading SSO Token",            "TokenExpired"},
    {"Token has expired",                  "TokenExpired"},
    {"SSO session associated with this",   "TokenExpired"},
    {"You must specify a region",          "NoRegion"},
    {"config profile",                     "ProfileNotFound"},
    {"Could not connect to the endpoint",  "EndpointConnectionError"},
    {"Connect timeout on endpoint",        "EndpointConnectionError"},
    {"Read timeout on endpoint",           "EndpointConnectionError"},
    {"SSL validation failed",              "EndpointConnectionError"},
    {"Parameter validation failed",        "ParamValidation"},
    {"the following arguments are required", "ParamValidation"},
    {"Unknown options",                    "ParamValidation"},
    {"Invalid choice",                     "ParamValidation"},
    {"argument operation",                 "ParamValidation"},
    {"usage: aws",                         "ParamValidation"},
    {"command not found",                  "CommandNotFound"},
};
/* clang-format on */

static struct str first_line(struct str s)
{
    s = str_trim(s);
    str_cut(s, '\n', &s, NULL);
    return str_trim(s);
}

/* "An error occurred (CODE) when calling the OPERATION operation: MESSAGE", wherever it
 * stands; v2 puts "aws: [ERROR]: " before and details after it. */
static bool read_sentence(struct str text, struct failure *out)
{
    static const char calling[] = ") when calling the ";
    size_t at = str_find(text, str_from(calling));
    if (at == (size_t)-1)
        return false;
    size_t open = str_find_last(str_sub(text, 0, at), '(');
    if (open == (size_t)-1)
        return false;
    struct str code = str_sub(text, open + 1, at);
    struct str rest = str_sub(text, at + sizeof calling - 1, text.n);
    size_t end = str_find(rest, STR(" operation"));
    if (!code.n || str_find_char(code, '\n') != (size_t)-1 || end == (size_t)-1)
        return false;
    out->code = code;
    out->operation = str_sub(rest, 0, end);
    if (str_find_char(out->operation, ' ') != (size_t)-1)
        return false;
    rest = str_sub(rest, end, rest.n);
    struct str line = first_line(rest), message;
    /* " operation (reached max retries: 4): MESSAGE" has a colon of its own. */
    size_t colon = str_find(line, STR("): "));
    if (str_has(line, STR("(reached max retries")) && colon != (size_t)-1)
        message = str_sub(line, colon + 3, line.n);
    else
        str_cut(line, ':', NULL, &message);
    out->message = str_trim(message);
    return true;
}

/* "Code: X" and "Message: Y", one a line (yaml), or "CODE<tab>MESSAGE" (text). */
static bool read_lines(struct str text, struct failure *out)
{
    struct str line;
    while (text.n) {
        struct str key, value;
        str_cut(text, '\n', &line, &text);
        if (!str_cut(line, ':', &key, &value))
            continue;
        key = str_trim(key);
        value = str_trim(value);
        if (value.n > 1 && (value.p[0] == '"' || value.p[0] == '\''))
            value = str_sub(value, 1, value.n - 1);
        if (str_eq_nocase(key, STR("Code")) && !out->code.n)
            out->code = value;
        else if (str_eq_nocase(key, STR("Message")) && !out->message.n)
            out->message = value;
        else if (str_eq_nocase(key, STR("Operation")) && !out->operation.n)
            out->operation = value;
    }
    return out->code.n > 0 && str_find_char(out->code, ' ') == (size_t)-1;
}

static bool read_complaint(struct str text, struct failure *out)
{
    for (size_t i = 0; i < sizeof complaints / sizeof *complaints; i++)
        if (str_has(text, str_from(complaints[i].has))) {
            out->code = str_from(complaints[i].code);
            out->message = first_line(text);
            return true;
        }
    return false;
}

bool failure_json(const struct json *root, struct failure *out)
{
    *out = (struct failure){STR(""), STR(""), STR("")};
    const struct json *error = json_get(root, STR("Error"));
    if (!json_is(error, JSON_OBJECT))
        error = json_get(root, STR("error"));
    /* JobStatus: get-service-last-accessed-details has an Error member of its own. */
    if (!json_is(error, JSON_OBJECT) || json_get(root, STR("JobStatus")))
        return false;
    out->code = json_str(json_get(error, STR("Code")));
    if (!out->code.n)
        out->code = json_str(json_get(error, STR("code")));
    out->message = first_line(json_str(json_get(error, STR("Message"))));
    struct str operation = json_str(json_get(root, STR("OperationName")));
    if (operation.n)
        out->operation = operation;
    return out->code.n > 0;
}

bool failure_read(struct arena *a, struct str text, struct failure *out)
{
    *out = (struct failure){STR(""), STR(""), STR("")};
    text = str_sub(text, 0, LOOK_MAX);
    if (read_sentence(text, out))
        return true;
    *out = (struct failure){STR(""), STR(""), STR("")};
    struct str s = str_trim(text);
    if (s.n && s.p[0] == '{') {
        struct text *t = ARENA_NEW(a, struct text);
        *t = (struct text){STR("stderr"), str_dup(a, s)};
        const struct json *root = json_read(a, t, diag_new(a));
        if (failure_json(root, out))
            return true;
        out->code = json_str(json_get(root, STR("Code")));
        out->message = first_line(json_str(json_get(root, STR("Message"))));
        return out->code.n > 0;
    }
    if (read_complaint(text, out))
        return true;
    *out = (struct failure){STR(""), STR(""), STR("")};
    return read_lines(text, out);
}

bool failure_is(struct str text)
{
    struct str s = str_trim(str_sub(text, 0, HEAD_MAX));
    if (!s.n || s.p[0] == '{' || s.p[0] == '[')
        return false;
    return str_starts(s, STR("An error occurred (")) ||
           str_starts(s, STR("aws: [ERROR]")) || str_starts(s, STR("aws: error")) ||
           str_starts(s, STR("usage: aws")) || str_starts(s, STR("Unable to locate ")) ||
           str_starts(s, STR("Could not connect to the endpoint")) ||
           str_starts(s, STR("Parameter validation failed")) ||
           str_starts(s, STR("You must specify a region")) ||
           str_has(s, STR(") when calling the "));
}
