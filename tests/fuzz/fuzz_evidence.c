/* Any files: up to four, each a line with its path and then its bytes, apart by U+001E.
 * Every one ends up with a state, and with a reason when it is not usable. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "evidence/evidence.h"
#include "json/json.h"

#include <stdlib.h>

enum { FILES_MAX = 4, INNER_MAX = 200 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool ok)
{
    if (!ok)
        abort();
}

/* Try every string of the tree as JSON inside JSON. */
static void try_inner(struct arena *a, const struct document *d, const struct json *n,
                      unsigned *left)
{
    const struct text *text = NULL;
    if (!*left)
        return;
    --*left;
    if (evidence_inner(a, d, n, &text))
        demand(text && text->bytes.n);
    for (const struct json *c = json_first(n); c; c = json_next(c))
        try_inner(a, d, c, left);
}

static void check(struct arena *a, const struct document *d)
{
    unsigned left = INNER_MAX;
    bool usable = d->state <= DOCUMENT_ERROR;
    demand(usable || (d->why.n && d->why_code.n));
    demand(!usable || d->op);
    demand((d->state == DOCUMENT_ANSWER) <= (d->root != NULL));
    demand(!d->partial || d->partial_key.n);
    demand(d->sha256.n == 64 || d->state == DOCUMENT_INVALID ||
           d->state == DOCUMENT_REFUSED);
    if (d->state != DOCUMENT_ANSWER)
        return;
    try_inner(a, d, d->root, &left);
    evidence_credential_report(a, d->root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct evidence_input in[FILES_MAX] = {0};
    struct str rest = {(const char *)data, size}, one;
    size_t n = 0;
    while (rest.n && n < FILES_MAX) {
        str_cut(rest, '\x1E', &one, &rest);
        str_cut(one, '\n', &in[n].path, &in[n].bytes);
        n++;
    }
    struct diag *dx = diag_new(a), *again = diag_new(a);
    struct evidence *ev = evidence_load_memory(a, in, n, dx);
    struct evidence *twice = evidence_load_memory(a, in, n, again);
    demand(ev && twice && ev->n == twice->n && diag_len(dx) == diag_len(again));
    for (size_t i = 0; i < ev->n; i++) {
        check(a, ev->v[i]);
        demand(ev->v[i]->state == twice->v[i]->state);
        demand(ev->v[i]->op == twice->v[i]->op);
        demand(str_eq(ev->v[i]->name, twice->v[i]->name));
    }
    struct buf out = BUF_INIT;
    diag_print(dx, &out, false);
    buf_free(&out);
    arena_free(a);
    return 0;
}
