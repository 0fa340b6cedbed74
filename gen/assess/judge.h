/* What the files of gen/assess share: one subject before the bench, and how its evidence,
 * places and words are found. */
#pragma once
#include "assess/assess.h"
#include "assess/looks.h"
#include "base/buf.h"
#include "base/diag.h"
#include "json/path.h"

/* What there is of one kind of evidence about one subject. */
struct proof {
    const char *kind;
    enum reason reason; /* REASON_NONE: usable, as far as age is not looked at */
    bool partial;       /* usable, but not whole */
    int64_t collected;  /* WHEN_NONE when not recorded */
    struct spot spot;   /* where it is; doc NULL when there is nothing */
    bool placed;        /* spot is worked out */
    const struct exhibit *exhibit;
    struct str said; /* proof_says, which is the same for most checks; empty: not yet */
    struct str command;          /* that collects it; p NULL: not yet */
    const struct exhibit *first; /* of all of the kind, which stand together */
    size_t n;
    bool all; /* each of them counts, not the exhibit alone */
};

/* One worker's tools. */
struct bench {
    const struct model *m; /* NULL in tests */
    const struct catalog *catalog;
    struct query_ctx query;
    struct arena *keep;    /* texts of results live here */
    struct arena *rows;    /* their findings and spots here */
    struct arena *scratch; /* what one subject needs while it is judged */
    struct diag *dx;
    struct buf buf, value;
    struct map texts;         /* what words_keep keeps */
    struct known_spot *spots; /* places of facts that were asked for before (spot.c) */
    struct finding *findings; /* of the test that is judged: TEST_MAX_FINDINGS */
    struct looks *looks;      /* NULL: nobody asks */
};

/* An item of facts.unknown, and what is said of it: the same in each test that it leaves
 * undecided. */
struct unknown {
    const struct json *item;
    struct str about; /* name of the fact */
    bool said;
    struct finding finding;
};

/* One subject while it is judged. */
struct hearing {
    const struct subject *s;
    const struct json *view, *facts;
    VEC(struct unknown) unknown;
    struct path_env env;
    struct proof **proofs; /* by number of the operation; NULL: not asked for yet */
    struct spot *spots;    /* of the last pass: the next often rests on the same */
    size_t nspots;
    struct str *commands; /* by number - 1, those that were said; NULL: none yet */
};

/* Judge one check; fills *t except check, subject and disposition. */
void judge(struct bench *b, struct hearing *h, const struct check *c, struct test *t);

/* Room for proofs, in b->scratch. */
struct proof **proofs_new(struct bench *b);
/* The state of a need's alternative i, worked out once per subject. */
struct proof *proof_of(struct bench *b, struct hearing *h, const struct check_need *need,
                       size_t i);

/* The best of a need's alternatives, and why it does not do: REASON_NONE when it does.
 * Stale counts only here, since each need has its own greatest age. */
struct proof_need {
    struct proof *proof;
    enum reason reason;
};
struct proof_need proof_need(struct bench *b, struct hearing *h,
                             const struct check_need *need);

/* One sentence on what is wrong with it. */
struct str proof_says(struct bench *b, const struct hearing *h,
                      const struct check_need *need, const struct proof_need *p);
/* The command that collects it. */
struct str proof_command(struct bench *b, const struct hearing *h, struct proof *p);

/* Where a node of the view comes from. */
struct spot spot_of_node(struct bench *b, struct hearing *h, const struct path_node *n);
/* Where the "at" of a fact leads; doc NULL when it has none. */
struct spot spot_of_at(struct bench *b, const struct hearing *h, const struct json *at);
/* Where the evidence of a kind stands, place included. */
struct spot spot_of_proof(struct proof *p);

/* A template over the selected node (NULL: none), then the subject; values quoted for a
 * shell when shell. The empty text after an error, which is recorded as ASS-1xx. */
struct str words_say(struct bench *b, const struct hearing *h, const struct check *c,
                     const struct tmpl *t, const struct json *node, bool shell);

/* The check's command, which it must have, over the selected node. */
struct str words_command(struct bench *b, struct hearing *h, const struct check *c,
                         const struct json *node);

/* The value as JSON on one line: secrets masked, "at" left out, only the members that the
 * check shows, at most 200 bytes, cut at a character. */
struct str words_actual(struct bench *b, const struct check *c,
                        const struct path_node *n);

/* At most max bytes: what does not fit ends in an ellipsis, at a character; then it lies
 * in a. */
struct str words_cut(struct arena *a, struct str s, size_t max);
/* A copy that lives as long as the results. Of equal ones there is one: the same places,
 * values and commands come again in thousands of findings. */
struct str words_keep(struct bench *b, struct str s);
/* Append a string, number or boolean as people read it. */
void words_scalar(struct buf *out, const struct json *n);

extern const struct diag_kind ASS_LIMIT, ASS_WORDS, ASS_COMMAND;
