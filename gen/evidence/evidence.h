/* Evidence: files read, recognised as answers of AWS operations, and bound to what they
 * are about. Nothing is judged here. */
#pragma once
#include "base/arena.h"
#include "base/text.h"
#include "base/when.h"
#include "evidence/operation.h"

struct diag;
struct json;

/* What became of one file. */
enum document_state {
    DOCUMENT_ANSWER,       /* recognised; root holds the answer */
    DOCUMENT_EMPTY,        /* recognised; zero bytes that mean "nothing is configured" */
    DOCUMENT_ERROR,        /* recognised; the service answered an error: error_code */
    DOCUMENT_INVALID,      /* cannot be read as JSON, or not of the operation's shape */
    DOCUMENT_UNBOUND,      /* recognised, but nothing says which resource it is about */
    DOCUMENT_UNRECOGNISED, /* no operation answers like this */
    DOCUMENT_REFUSED, /* recognised, but must not be used: mixed accounts, v1 API, ... */
};

/* "answer", "empty", "error", ...: the words of lists and reports. */
const char *document_state_name(enum document_state state);

/* Usable: recognised and bound, and the service itself said it: an answer, an empty one,
 * or an error. Counts and lists of evidence go by this. */
bool document_state_usable(enum document_state state);
/* The same by the state's word. */
bool document_state_name_usable(struct str name);

struct document {
    /* What is looked at for each subject that it is about, in one cache line. */
    const struct operation *op; /* NULL when not recognised */
    const struct json *root;    /* NULL for EMPTY, INVALID, ERROR without JSON */
    int64_t collected;          /* WHEN_NONE when not recorded */
    enum document_state state;
    bool partial;       /* leftover NextToken, IsTruncated, ...: absence proves nothing */
    size_t number;      /* index in evidence.v; stable: documents are sorted by path */
    struct str region;  /* "" when not known, or "global" */
    struct str account; /* "" when not known */
    struct str path;    /* as reports show it: relative to the argument, '/'-separated */
    struct text
        text; /* name is the path as the user typed it; bytes inflated, NUL after */
    struct str sha256;   /* of the bytes as collected (before inflating), 64 hex digits */
    uint64_t size_bytes; /* as collected */
    struct str partition; /* "aws", "aws-cn", "aws-us-gov", ... */
    struct str name;  /* the subject: ARN, or the name that the qualifier or index gave */
    struct str name2; /* second qualifier: policy name, version id */
    const struct json *parameters; /* CLI options as the index records them; or NULL */
    struct str error_code, error_message; /* DOCUMENT_ERROR */
    struct str partial_key;               /* the key that says partial */
    struct str why;      /* for INVALID .. REFUSED: one sentence, and how to mend it */
    struct str why_code; /* its message code, EVI-1nn or JSN-1nn */
};

/* Does it answer what was asked? A usable document does, but for errors other than those
 * that say "nothing is configured" (operation->no_config). Verdicts go by this. */
bool document_answers(const struct document *d);

/* Why it does not. */
enum document_trouble {
    DOCUMENT_SOUND,  /* it does */
    DOCUMENT_DENIED, /* the service refused the caller */
    DOCUMENT_BROKEN, /* another error, or not usable */
};
enum document_trouble document_trouble(const struct document *d);

struct evidence {
    struct document **v; /* sorted by path */
    size_t n, cap;
    int64_t newest; /* newest collection time; else newest time named inside; WHEN_NONE */
    uint64_t size_bytes;
    struct arena *trees; /* the nodes of all documents */
};

/* Let the trees go: root is NULL from then on. Texts and all strings stay. */
void evidence_forget(const struct evidence *ev);

struct evidence_options {
    unsigned threads; /* 0: all processors */
    void (*progress)(void *ctx, size_t done,
                     size_t total); /* may be NULL; called from one thread */
    void *progress_ctx;
    /* Of account authorization details read only what has one of these names, and what
     * that names in turn; documents then have no digest. 0: read everything. */
    const struct str *names;
    size_t nnames;
};

/* Read evidence from files, folders and "-": the home layout with or without index.json,
 * a plain pile of CLI outputs, .json.gz, a pack's data/evidence tree. What cannot be used
 * is kept with its reason and recorded in dx (EVI-1xx warnings, JSN errors); the rest
 * goes on. NULL when a path cannot be read at all. Format: design, section 4;
 * samples/README.md. */
struct evidence *evidence_load(struct arena *a, const char *const *paths, size_t n,
                               const struct evidence_options *options, struct diag *dx);

/* One document that something else than the file system holds. */
struct evidence_input {
    struct str path, bytes;
    bool lasting; /* bytes outlive the evidence and a NUL follows them: no copy is made */
    /* Instead of bytes: gives them in arena a, a NUL after them, each time it is asked;
     * false after recording why not. Asked from several threads at once. */
    bool (*read)(const void *ctx, struct arena *a, struct str *bytes, struct diag *dx);
    const void *ctx;
    uint64_t size_bytes; /* of what read gives */
};
struct evidence *evidence_load_inputs(struct arena *a,
                                      const struct evidence_input *inputs, size_t n,
                                      const struct evidence_options *options,
                                      struct diag *dx);

/* The same with one thread (tests, fuzzing). */
struct evidence *evidence_load_memory(struct arena *a,
                                      const struct evidence_input *inputs, size_t n,
                                      struct diag *dx);

/* Parse JSON that stands in a string of d (a policy, a CloudTrailEvent, percent-encoded
 * or not), or give the node itself when it is an object already. *text gets the text that
 * its places refer to: d's own, or a new one named "FILE (inside /Pointer)". NULL when it
 * is no JSON; nothing is recorded then. */
const struct json *evidence_inner(struct arena *a, const struct document *d,
                                  const struct json *node, const struct text **text);

/* The same when the caller knows node's pointer: finding it walks the siblings before it,
 * which adds up over the thousands of events of one answer. */
const struct json *evidence_inner_at(struct arena *a, const struct document *d,
                                     const struct json *node, struct str pointer,
                                     const struct text **text);

/* The credential report's CSV (base64 or plain in Content) as a JSON array of objects by
 * column name, at most EVIDENCE_REPORT_ROWS_MAX; the pointer of a row is /Content/INDEX,
 * 0 the first below the header. NULL when it is none. */
enum { EVIDENCE_REPORT_ROWS_MAX = 1000000 };
struct json *evidence_credential_report(struct arena *a, const struct json *answer);

/* Where such a pointer leads in d's text: the row of a CSV file, the Content string of an
 * answer. False when d is no credential report or pointer leads elsewhere. */
bool evidence_report_place(const struct document *d, struct str pointer, size_t *pos,
                           size_t *len);
