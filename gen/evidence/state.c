/* What became of a file, and what that is worth: the one place that says when evidence is
 * usable and when it answers. */
#include "evidence/evidence.h"

static const char *const names[] = {
    [DOCUMENT_ANSWER] = "answer",   [DOCUMENT_EMPTY] = "empty",
    [DOCUMENT_ERROR] = "error",     [DOCUMENT_INVALID] = "invalid",
    [DOCUMENT_UNBOUND] = "unbound", [DOCUMENT_UNRECOGNISED] = "unrecognised",
    [DOCUMENT_REFUSED] = "refused",
};

enum { NAMES = sizeof names / sizeof *names };

const char *document_state_name(enum document_state state)
{
    return names[state];
}

bool document_state_usable(enum document_state state)
{
    return state == DOCUMENT_ANSWER || state == DOCUMENT_EMPTY || state == DOCUMENT_ERROR;
}

bool document_state_name_usable(struct str name)
{
    for (size_t i = 0; i < NAMES; i++)
        if (str_eq(name, str_from(names[i])))
            return document_state_usable((enum document_state)i);
    return false;
}

bool document_answers(const struct document *d)
{
    return document_state_usable(d->state) && document_trouble(d) == DOCUMENT_SOUND;
}

/* Error codes that refuse the caller, by a part of them: each service spells its own. */
static bool refuses(struct str code)
{
    /* MethodNotAllowed: S3, to a caller of another account. */
    static const char *const words[] = {
        "AccessDenied", "Unauthorized",       "NotAuthorized",   "Forbidden",
        "AuthFailure",  "UnrecognizedClient", "MethodNotAllowed"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_has_nocase(code, str_from(words[i])))
            return true;
    return false;
}

enum document_trouble document_trouble(const struct document *d)
{
    if (d->state == DOCUMENT_ANSWER || d->state == DOCUMENT_EMPTY)
        return DOCUMENT_SOUND;
    if (d->state != DOCUMENT_ERROR)
        return DOCUMENT_BROKEN;
    return d->op && operation_answers(d->op, d->error_code) ? DOCUMENT_SOUND
           : refuses(d->error_code)                         ? DOCUMENT_DENIED
                                                            : DOCUMENT_BROKEN;
}
