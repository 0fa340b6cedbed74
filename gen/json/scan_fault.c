/* What can be wrong with a JSON document, in words. */
#include "json/scan_fault.h"

#include "base/utf8.h"

#include <string.h>

/* clang-format off */
const struct diag_kind scan_faults[SCAN_FAULTS] = {
    [SCAN_NOT_JSON] = {"JSN-101", DIAG_ERROR, "this is not JSON",
        "save the answer as `aws ... --output json` prints it, unchanged"},
    [SCAN_CUT] = {"JSN-102", DIAG_ERROR, "the document is cut short",
        "fetch it again; the disk may have been full, or the command stopped"},
    [SCAN_NUMBER] = {"JSN-103", DIAG_ERROR, "a number is malformed",
        "write it like -12.5e3: no leading zero or plus, digits on both sides of the point"},
    [SCAN_ESCAPE] = {"JSN-104", DIAG_ERROR, "an escape in a string is unknown",
        "write \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hex digits; a backslash itself is \\\\"},
    [SCAN_CONTROL] = {"JSN-105", DIAG_ERROR, "a control character stands in a string",
        "close the string on its line, or write the character as an escape"},
    [SCAN_UTF8] = {"JSN-106", DIAG_ERROR, "a byte is not UTF-8",
        "save the file as UTF-8"},
    [SCAN_TRAILING_COMMA] = {"JSN-107", DIAG_ERROR, "a comma stands before the closing bracket",
        "remove the comma"},
    [SCAN_TWICE] = {"JSN-108", DIAG_ERROR, "a name is used twice in one object",
        "keep one of the two: readers do not agree which of them counts"},
    [SCAN_NUL] = {"JSN-109", DIAG_ERROR, "a NUL character stands here",
        "remove it: readers cut text there, so it can hide what follows"},
    [SCAN_DEEP] = {"JSN-110", DIAG_ERROR, "the document is nested too deeply",
        "give the part that matters as a document of its own"},
    [SCAN_MORE] = {"JSN-111", DIAG_ERROR, "text follows the document",
        "keep one document per file"},
    [SCAN_UTF16] = {"JSN-112", DIAG_ERROR, "the file is not UTF-8",
        "save it as UTF-8 (PowerShell: aws ... | Out-File -Encoding utf8 FILE)"},
    [SCAN_EMPTY] = {"JSN-113", DIAG_ERROR, "the document is empty",
        "fetch it again: a command that failed leaves an empty file"},
    [SCAN_RANGE] = {"JSN-114", DIAG_ERROR, "a number is too large",
        "write it as a string: numbers reach to about 1.8e308"},
    [SCAN_SURROGATE] = {"JSN-115", DIAG_ERROR, "half of a surrogate pair is escaped",
        "write both halves, like \\ud83d\\ude00, or the character itself"},
    [SCAN_NEARLY] = {"JSN-116", DIAG_ERROR, "this is nearly JSON",
        "JSON knows double quotes, true, false, null and plain numbers, and no comments"},
    [SCAN_LARGE] = {"JSN-117", DIAG_ERROR, "the document is too large",
        "split it: one document may take 1 GiB"},
};

struct start { const char *start, *what; };

/* How texts start that are no JSON at all. */
static const struct start strangers[] = {
    {"\x1f\x8b",           "gzip data; give the file the suffix .gz"},
    {"PK\x03\x04",         "a ZIP archive; unpack it first"},
    {"<",                  "XML or HTML"},
    {"An error occurred",  "an error message of the AWS CLI; the command failed"},
    {"usage: aws",         "help of the AWS CLI; the command was wrong"},
    {"Unable to locate",   "an error message of the AWS CLI; the command failed"},
    {"---",                "YAML, or a table; ask for --output json"},
    {"|",                  "a table; ask for --output json"},
    {NULL,                 NULL},
};

/* What stands where JSON has something else, and what it was meant to be. */
static const struct start nearly[] = {
    {"'",         "text in single quotes"},
    {"`",         "text in back quotes"},
    {"\xE2\x80\x9C", "typographic quotes"},
    {"//",        "a comment"},
    {"/*",        "a comment"},
    {"#",         "a comment"},
    {"NaN",       "NaN"},
    {"nan",       "NaN"},
    {"-NaN",      "NaN"},
    {"Infinity",  "Infinity"},
    {"-Infinity", "Infinity"},
    {"inf",       "Infinity"},
    {"-inf",      "Infinity"},
    {"True",      "True; write true"},
    {"TRUE",      "TRUE; write true"},
    {"False",     "False; write false"},
    {"FALSE",     "FALSE; write false"},
    {"None",      "None; write null"},
    {"NULL",      "NULL; write null"},
    {"Null",      "Null; write null"},
    {"nil",       "nil; write null"},
    {"undefined", "undefined; write null"},
    {NULL,        NULL},
};
/* clang-format on */

/* What the row says that p starts like, or NULL. */
static const char *starts_like(const struct start *rows, struct str p)
{
    for (; rows->start; rows++)
        if (str_starts(p, str_from(rows->start)))
            return rows->what;
    return NULL;
}

static bool blank_before(const struct text *text, const char *p)
{
    for (const char *q = text->bytes.p; q < p; q++)
        if (!strchr(" \t\r\n", *q))
            return false;
    return true;
}

/* The word at p, at least one character, for the message. */
static size_t word_len(const char *p, size_t n)
{
    size_t len = 0;
    while (len < n && len < 40 &&
           ((p[len] >= '0' && p[len] <= '9') || (p[len] >= 'a' && p[len] <= 'z') ||
            (p[len] >= 'A' && p[len] <= 'Z') || p[len] == '_'))
        len++;
    return len ? len : utf8_len((struct str){p, n});
}

void scan_unexpected(struct diag *dx, const struct text *text, const char *p,
                     const char *expected)
{
    size_t pos = (size_t)(p - text->bytes.p);
    struct str rest = {p, text->bytes.n - pos};
    struct origin at = {text, pos, word_len(p, rest.n)};
    const char *what = blank_before(text, p) ? starts_like(strangers, rest) : NULL;
    if (what)
        diag_at(dx, &scan_faults[SCAN_NOT_JSON], at, "it looks like %s", what);
    else if ((what = starts_like(nearly, rest)))
        diag_at(dx, &scan_faults[SCAN_NEARLY], at, "%s, where JSON has %s", what,
                expected);
    else if (!*p)
        diag_at(dx, &scan_faults[SCAN_NUL], at, "expected %s", expected);
    else if (!utf8_decode(rest, NULL))
        diag_at(dx, &scan_faults[SCAN_UTF8], at, "byte 0x%02X", (unsigned char)*p);
    else if (*p == '"')
        diag_at(dx, &scan_faults[SCAN_NOT_JSON], at, "expected %s, not a string",
                expected);
    else
        diag_at(dx, &scan_faults[SCAN_NOT_JSON], at, "expected %s, not \"%.*s\"",
                expected, (int)at.len, p);
}

bool scan_is_utf16(struct diag *dx, const struct text *text)
{
    const unsigned char *p = (const unsigned char *)text->bytes.p;
    size_t n = text->bytes.n;
    const char *what = NULL;
    if (n < 2)
        return false;
    bool le = p[0] == 0xFF && p[1] == 0xFE, be = p[0] == 0xFE && p[1] == 0xFF;
    bool low = p[0] && !p[1] && n % 2 == 0, high = !p[0] && p[1] && n % 2 == 0;
    if (n >= 4 && (le || low) && !p[2] && !p[3])
        what = "UTF-32, low byte first";
    else if (n >= 4 && !p[0] && !p[1] &&
             ((!p[2] && p[3]) || (p[2] == 0xFE && p[3] == 0xFF)))
        what = "UTF-32, high byte first";
    else if (le || (low && (n == 2 || !p[3])))
        what = "UTF-16, low byte first";
    else if (be || (high && (n == 2 || !p[2])))
        what = "UTF-16, high byte first";
    if (!what)
        return false;
    diag_at(dx, &scan_faults[SCAN_UTF16], (struct origin){text, 0, 2}, "it is %s", what);
    return true;
}
