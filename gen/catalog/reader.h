/* What the files of gen/catalog share while they read a catalog: the rows of keys, the
 * messages, and the state of one reading. */
#pragma once
#include "base/diag.h"
#include "catalog/catalog.h"
#include "json/json.h"

/* The names that the model knows for one type of subject; see names.c. */
struct known {
    const char *type;
    struct map facts, members;
};

struct reader {
    struct arena *a;
    struct diag *dx;
    struct catalog *c;
    const struct text *files; /* all that were given */
    size_t nfiles;
    bool *used;     /* which of them the catalog names */
    struct map ids; /* lower-case id -> struct origin */
    VEC(struct known *) known;
    struct map classes;    /* JUnit class name -> struct origin */
    struct check_need age; /* the catalog's own greatest age of evidence */
    bool failed;           /* an error was recorded that leaves no count in dx */
};

extern const struct diag_kind CAT_NO_FILE, CAT_MISSING_KEY, CAT_BAD_VALUE, CAT_SAME_ID,
    CAT_UNKNOWN_KEY, CAT_BAD_ID, CAT_NO_SEVERITY, CAT_NO_SUBJECT, CAT_NO_KIND,
    CAT_NO_JUDGEMENT, CAT_NO_PARAM, CAT_PARAM_TYPE, CAT_NO_PROSE, CAT_STRAY_PROSE,
    CAT_NO_FRAMEWORK, CAT_STRAY_FILE, CAT_RANGE, CAT_SAME_CLASS, CAT_UNUSED_PARAM,
    CAT_NO_CHECKS, CAT_HERE, CAT_NO_FACT, CAT_NO_NAME, CAT_ASSIGN, CAT_ASSIGN_NAME,
    CAT_ASSIGN_TYPE, CAT_ASSIGN_RANGE;

/* Check the members of an object against the rows for it: unknown names, missing ones,
 * wrong types. Each is recorded; false when the object cannot be read further, which an
 * unknown name does not prevent. */
bool reader_keys(struct reader *r, const struct text *t, const struct json *object,
                 const char *what);

/* The place of a value, or of the name of a member. */
struct origin reader_at(const struct json *n, const struct text *t);
struct origin reader_key_at(const struct json *n, const struct text *t);

/* "a" or "an", as the noun begins. */
const char *reader_article(const char *noun);

/* The nearest of n names to s, "; did you mean X?" or "" when none is near. */
struct str reader_near(struct arena *a, struct str s, const char *const *names, size_t n);

/* Does s read like an id: letters, digits, and what extra lists? */
bool reader_id_ok(struct str s, const char *extra);

/* Remember an id; an error when it is there already. */
void reader_id(struct reader *r, struct str id, struct origin at);

/* {"framework": ["id", ...], ...} into the VEC(struct reference) at out. */
struct references {
    struct reference *v;
    size_t n, cap;
};
struct references reader_references(struct reader *r, const struct text *t,
                                    const struct json *object);

/* The text of a JSON string as a text of its own kind: the very bytes of the file when
 * they hold no escape, so that a column is the user's column; else a copy, named so that
 * the user finds it. */
struct slice {
    const struct text *text;
    struct str src;
};

/* Check the names in a query and in a template against the facts of the check's type. */
void reader_query_names(struct reader *r, const struct check *c, struct slice s);
struct tmpl;
void reader_template_names(struct reader *r, struct check *c,
                           const struct tmpl *compiled);
/* The parameter of this name; NULL after CAT-111. use: remember that c uses it. */
const struct param *reader_param(struct reader *r, struct str name, struct origin at);
void reader_use_param(struct reader *r, struct check *c, const struct param *p);

/* Parts of the reading. */
void reader_params(struct reader *r, const struct text *t, const struct json *object);
void reader_check(struct reader *r, const struct text *t, struct control *control,
                  const struct json *n);
void reader_age(struct reader *r, const struct text *t, const struct json *n);
void reader_prose(struct reader *r, const struct text *t, struct control *control);
