/* The keys of a catalog's objects, and the messages about them. */
#include "catalog/reader.h"

#include "base/buf.h"

#include <string.h>

/* clang-format off */
const struct diag_kind
    CAT_NO_FILE = {"CAT-101", DIAG_ERROR, "the catalog lacks a file",
        "a catalog has catalog.json, and CONTROL.json and CONTROL.md for each control that it lists"},
    CAT_MISSING_KEY = {"CAT-102", DIAG_ERROR, "a key is missing",
        "add it; controls/README.md lists the keys"},
    CAT_BAD_VALUE = {"CAT-103", DIAG_ERROR, "a value is of the wrong kind",
        "see controls/README.md for what the key takes"},
    CAT_SAME_ID = {"CAT-104", DIAG_ERROR, "an id is used twice",
        "give each control and each check an id of its own; upper and lower case count as the same"},
    CAT_UNKNOWN_KEY = {"CAT-105", DIAG_ERROR, "no such key",
        "remove or correct it; controls/README.md lists the keys"},
    CAT_BAD_ID = {"CAT-106", DIAG_ERROR, "an id is not well formed",
        "a control is called like KDA-3, its checks like KDA-3.2"},
    CAT_NO_SEVERITY = {"CAT-107", DIAG_ERROR, "no such severity",
        "use critical, high, medium, low, or info"},
    CAT_NO_SUBJECT = {"CAT-108", DIAG_ERROR, "no such type of subject",
        "`kdaudit controls --facts` lists the types"},
    CAT_NO_KIND = {"CAT-109", DIAG_ERROR, "no such kind of evidence",
        "write SERVICE:Operation, as in kinesis:DescribeStreamSummary"},
    CAT_NO_JUDGEMENT = {"CAT-110", DIAG_ERROR, "a check needs exactly one of require and forbid",
        "require: a query that must select something; forbid: one that must select nothing"},
    CAT_NO_PARAM = {"CAT-111", DIAG_ERROR, "no such parameter",
        "declare it under parameters in catalog.json, with type, default and help"},
    CAT_PARAM_TYPE = {"CAT-112", DIAG_ERROR, "a parameter is used as another type than it has",
        "compare integers by < and >, look into lists by one_of or glob_any"},
    CAT_NO_PROSE = {"CAT-113", DIAG_ERROR, "prose is missing",
        "write the section in the control's Markdown file"},
    CAT_STRAY_PROSE = {"CAT-114", DIAG_ERROR, "a section belongs to nothing",
        "sections: Practice, Why it matters, How it is tested, and one per check with How it is tested and Remedy"},
    CAT_NO_FRAMEWORK = {"CAT-115", DIAG_ERROR, "no such framework",
        "declare it under frameworks in catalog.json, with id, title and url"},
    CAT_STRAY_FILE = {"CAT-116", DIAG_WARNING, "a file belongs to no control",
        "list its control under controls in catalog.json, or remove the file"},
    CAT_RANGE = {"CAT-117", DIAG_ERROR, "a number is out of range",
        "see controls/README.md for the range"},
    CAT_SAME_CLASS = {"CAT-118", DIAG_ERROR, "two controls get the same class name in JUnit files",
        "make their ids differ in letters, digits, - or _"},
    CAT_UNUSED_PARAM = {"CAT-119", DIAG_WARNING, "no check uses this parameter",
        "use or remove it"},
    CAT_NO_CHECKS = {"CAT-120", DIAG_ERROR, "nothing to judge",
        "a catalog has at least one control, a control at least one check"},
    CAT_HERE = {"CAT-121", DIAG_ERROR, "the text of this value cannot be used",
        "the message before says what is wrong in it"},
    CAT_NO_FACT = {"CAT-122", DIAG_ERROR, "no such fact",
        "`kdaudit controls --facts` lists the facts of each type of subject"},
    CAT_NO_NAME = {"CAT-123", DIAG_ERROR, "nothing that the check looks at has this name",
        "use a member that `kdaudit controls --facts` lists for this type of subject, or one of the subject itself"},
    CAT_ASSIGN = {"CAT-201", DIAG_ERROR, "a parameter is not set like this",
        "write --param NAME=VALUE"},
    CAT_ASSIGN_NAME = {"CAT-202", DIAG_ERROR, "the catalog has no such parameter",
        "catalog.json lists them under parameters"},
    CAT_ASSIGN_TYPE = {"CAT-203", DIAG_ERROR, "the value is not of the parameter's type",
        "boolean: true or false; integer: digits; list: VALUE,VALUE"},
    CAT_ASSIGN_RANGE = {"CAT-204", DIAG_ERROR, "the value is not one that the parameter takes",
        "catalog.json says which values it takes"};

enum {
    TEXT = 1 << JSON_STRING,
    NUMBER = 1 << JSON_NUMBER,
    BOOL = 1 << JSON_TRUE,
    LIST = 1 << JSON_ARRAY,
    OBJECT = 1 << JSON_OBJECT,
    ANY = TEXT | NUMBER | BOOL | LIST
};

static const struct catalog_key rows[] = {
    {"catalog", "id", TEXT, true, "short name of the catalog: lower-case letters, digits, -"},
    {"catalog", "version", TEXT, true, "version of the catalog"},
    {"catalog", "title", TEXT, true, "title of the catalog"},
    {"catalog", "source", TEXT, true, "address of the page that names the practices"},
    {"catalog", "frameworks", LIST, false, "frameworks that references name"},
    {"catalog", "parameters", OBJECT, false, "name of each parameter, and what it is"},
    {"catalog", "max_age", TEXT | NUMBER, false,
     "greatest age of evidence in days, where a need gives none: a number, or the name of an integer parameter; 0 is any age"},
    {"catalog", "controls", LIST, true, "ids of the controls, in order; each has ID.json and ID.md"},
    {"framework", "id", TEXT, true, "how references name it"},
    {"framework", "title", TEXT, true, "its title"},
    {"framework", "url", TEXT, true, "its address"},
    {"parameter", "type", TEXT, true, "boolean, integer, string, or list (of strings)"},
    {"parameter", "default", ANY, true, "its value unless --param NAME=VALUE gives another"},
    {"parameter", "help", TEXT, true, "what it tunes, in one sentence"},
    {"parameter", "min", NUMBER, false, "least value of an integer"},
    {"parameter", "max", NUMBER, false, "greatest value of an integer"},
    {"parameter", "choices", LIST, false, "the values that a string may have"},
    {"control", "id", TEXT, true, "id of the control: the name of its files"},
    {"control", "title", TEXT, true, "title of the control"},
    {"control", "source", TEXT, true, "address of the practice"},
    {"control", "references", OBJECT, false, "framework: list of its ids"},
    {"control", "checks", LIST, true, "the checks"},
    {"check", "id", TEXT, true, "id of the control, a dot, and a number that never changes"},
    {"check", "title", TEXT, true, "what is asserted, as a sentence without its full stop"},
    {"check", "severity", TEXT, true, "critical, high, medium, low, or info"},
    {"check", "subject", TEXT, true, "type of the subjects that it judges, one test each"},
    {"check", "needs", LIST, false, "kinds of evidence without which the test is unknown"},
    {"check", "applies", TEXT, false, "query; when it selects nothing, the test is not-applicable"},
    {"check", "require", TEXT, false, "query that must select something"},
    {"check", "forbid", TEXT, false, "query that must select nothing; each node selected is a finding"},
    {"check", "undecided", TEXT, false, "query; what it selects makes a test that would pass unknown"},
    {"check", "at", TEXT, false, "query for what to point at, instead of what was selected"},
    {"check", "show", LIST, false, "members of the selected node that a finding prints; all when left out"},
    {"check", "message", TEXT, false, "what a finding says: Mustache over the selected node, then the subject"},
    {"check", "pass", TEXT, false, "what a pass says: Mustache over the subject"},
    {"check", "expected", TEXT, true, "what good looks like, in words"},
    {"check", "command", TEXT, false, "command that mends it: Mustache, values quoted for a shell"},
    {"check", "basis", OBJECT, false, "why the service itself sees to it"},
    {"check", "manual", BOOL, false, "true: a person has to judge, and to attest"},
    {"check", "references", OBJECT, false, "framework: list of its ids"},
    {"basis", "kind", TEXT, true, "inherited: the service always does it"},
    {"basis", "source", TEXT, true, "address of the page that says so"},
    {"need", "kind", TEXT, true, "SERVICE:Operation; alternatives are separated by |"},
    {"need", "max_age_days", TEXT | NUMBER, false,
     "greatest age: days, or the name of an integer parameter; 0 is any age"},
    {"need", "optional", BOOL, false, "true: its absence does not make the test unknown"},
    {"need", "partial", BOOL, false, "true: a truncated answer is enough"},
};
/* clang-format on */

const struct catalog_key *catalog_keys(size_t *n)
{
    *n = sizeof rows / sizeof *rows;
    return rows;
}

struct origin reader_at(const struct json *n, const struct text *t)
{
    return json_origin(n, t);
}

struct origin reader_key_at(const struct json *n, const struct text *t)
{
    size_t pos = json_key_pos(t, json_pos(n));
    return (struct origin){t, pos, json_key(n).n + 2};
}

const char *reader_article(const char *noun)
{
    return *noun && strchr("aeiou", *noun) ? "an" : "a";
}

struct str reader_near(struct arena *a, struct str s, const char *const *names, size_t n)
{
    unsigned best = 4;
    const char *near = NULL;
    for (size_t i = 0; i < n; i++) {
        unsigned d = str_distance(s, str_from(names[i]), 3);
        if (d < best && d < strlen(names[i])) {
            best = d;
            near = names[i];
        }
    }
    return near ? str_fmt(a, "; did you mean \"%s\"?", near) : STR("");
}

static bool fits(const struct json *n, unsigned types)
{
    enum json_type t = json_type(n);
    return types & (1u << (t == JSON_FALSE ? JSON_TRUE : t));
}

/* "a text or a number" of a bit set. */
static struct str wanted(struct arena *a, unsigned types)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {{TEXT, "text"},
                 {NUMBER, "a number"},
                 {BOOL, "true or false"},
                 {LIST, "a list"},
                 {OBJECT, "an object"}};
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!(types & names[i].bit))
            continue;
        if (out.n)
            buf_z(&out, " or ");
        buf_z(&out, names[i].name);
    }
    struct str s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

/* The rows of one kind of object stand together. */
static const struct catalog_key *rows_of(const char *what, const struct catalog_key **end)
{
    size_t n = sizeof rows / sizeof *rows, i = 0;
    while (i < n && strcmp(rows[i].object, what) != 0)
        i++;
    const struct catalog_key *first = &rows[i];
    while (i < n && strcmp(rows[i].object, what) == 0)
        i++;
    *end = rows + i;
    return first;
}

static const struct catalog_key *row_of(const struct catalog_key *row,
                                        const struct catalog_key *end, struct str name)
{
    while (row < end && !str_eq(str_from(row->name), name))
        row++;
    return row < end ? row : NULL;
}

static void unknown_key(struct reader *r, const struct text *t, const struct json *n,
                        const char *what)
{
    const char *names[sizeof rows / sizeof *rows];
    size_t count = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!strcmp(rows[i].object, what))
            names[count++] = rows[i].name;
    struct str key = json_key(n), near = reader_near(r->a, key, names, count);
    diag_at(r->dx, &CAT_UNKNOWN_KEY, reader_key_at(n, t), "\"%.*s\" in a %s%.*s",
            STR_ARG(key), what, STR_ARG(near));
}

bool reader_keys(struct reader *r, const struct text *t, const struct json *object,
                 const char *what)
{
    bool ok = true;
    if (!json_is(object, JSON_OBJECT)) {
        diag_at(r->dx, &CAT_BAD_VALUE, reader_at(object, t), "a %s is an object", what);
        return false;
    }
    const struct catalog_key *end, *first = rows_of(what, &end);
    bool given[sizeof rows / sizeof *rows] = {false};
    for (const struct json *n = json_first(object); n; n = json_next(n)) {
        const struct catalog_key *row = row_of(first, end, json_key(n));
        if (row)
            given[row - rows] = true;
        if (!row) {
            unknown_key(r, t, n, what);
        } else if (!fits(n, row->types)) {
            struct str w = wanted(r->a, row->types);
            diag_at(r->dx, &CAT_BAD_VALUE, reader_at(n, t), "\"%s\" takes %.*s",
                    row->name, STR_ARG(w));
            ok = false;
        } else if (row->types == TEXT && row->required && !str_trim(json_str(n)).n) {
            diag_at(r->dx, &CAT_BAD_VALUE, reader_at(n, t), "\"%s\" is empty", row->name);
            ok = false;
        }
    }
    for (const struct catalog_key *row = first; row < end; row++) {
        if (!row->required || given[row - rows])
            continue;
        diag_at(r->dx, &CAT_MISSING_KEY, (struct origin){t, json_pos(object), 1},
                "\"%s\" of %s %s", row->name, reader_article(what), what);
        ok = false;
    }
    return ok;
}

bool reader_id_ok(struct str s, const char *extra)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool letter = (c | 32) >= 'a' && (c | 32) <= 'z', digit = c >= '0' && c <= '9';
        if (!letter && !digit && (!c || !strchr(extra, c)))
            return false;
    }
    return s.n > 0 && s.n <= 64;
}

void reader_id(struct reader *r, struct str id, struct origin at)
{
    void **slot = map_put(r->a, &r->ids, str_lower(r->a, id));
    if (*slot) {
        diag_at(r->dx, &CAT_SAME_ID, at, "\"%.*s\"", STR_ARG(id));
        diag_note(r->dx, *(struct origin *)*slot, "first used here");
        return;
    }
    struct origin *first = ARENA_NEW(r->a, struct origin);
    *first = at;
    *slot = first;
}

struct references reader_references(struct reader *r, const struct text *t,
                                    const struct json *object)
{
    struct references out = {0};
    for (const struct json *f = json_first(object); f; f = json_next(f)) {
        bool known = false;
        for (size_t i = 0; i < r->c->frameworks.n; i++)
            known |= str_eq(r->c->frameworks.v[i].id, json_key(f));
        if (!known) {
            diag_at(r->dx, &CAT_NO_FRAMEWORK, reader_key_at(f, t), "\"%.*s\"",
                    STR_ARG(json_key(f)));
            continue;
        }
        if (!json_is(f, JSON_ARRAY) || !json_size(f))
            diag_at(r->dx, &CAT_BAD_VALUE, reader_at(f, t), "a list of ids belongs here");
        for (const struct json *id = json_first(f); id; id = json_next(id)) {
            if (!json_is(id, JSON_STRING) || !json_str(id).n) {
                diag_at(r->dx, &CAT_BAD_VALUE, reader_at(id, t), "an id is text");
                continue;
            }
            struct reference *ref = vec_push(r->a, &out);
            *ref = (struct reference){json_key(f), json_str(id)};
        }
    }
    return out;
}
