/* Is the evidence that a check needs there, whole, fresh, and of the right account? */
#include "assess/judge.h"

#include "base/when.h"

#include <string.h>

static enum reason document_reason(const struct document *d)
{
    switch (document_trouble(d)) {
    case DOCUMENT_SOUND:
        return REASON_NONE;
    case DOCUMENT_DENIED:
        return REASON_DENIED;
    default:
        return REASON_INVALID;
    }
}

/* Take one exhibit into account. Of a kind with several answers about one subject (an
 * account has one of each region) each has to be good, and the oldest counts; of others
 * the newest good one does. */
static void weigh(struct proof *p, const struct exhibit *x, bool first, bool account)
{
    const struct document *d = x->doc;
    enum reason reason = document_reason(d);
    bool many = d->op && !x->pointer.n && (d->op->many || (account && !d->op->global));
    p->all = p->all || many;
    p->first = first ? x : p->first;
    p->n++;
    /* A page that breaks off says all about the items that are on it. */
    bool partial = d->partial && !(d->op && d->op->listing && x->pointer.n);
    bool better = !first && p->reason != REASON_NONE && reason == REASON_NONE;
    bool worse = !first && p->reason == REASON_NONE && reason != REASON_NONE;
    bool newer = d->collected > p->collected;
    if (first || (many ? worse : better)) {
        p->reason = reason;
        p->exhibit = x;
        p->collected = d->collected;
        p->partial = partial || (many && p->partial);
        return;
    }
    if (worse || (p->reason != REASON_NONE && !many))
        return;
    if (many) {
        p->partial |= partial;
        if (d->collected != WHEN_NONE && !newer)
            p->collected = d->collected;
    } else if (newer) {
        p->exhibit = x;
        p->collected = d->collected;
        p->partial = partial;
    }
}

static enum reason reason_named(const char *name)
{
    for (int r = REASON_NONE; r <= REASON_UNDECIDED; r++)
        if (!strcmp(reason_name((enum reason)r), name))
            return (enum reason)r;
    return REASON_ABSENT;
}

static void look(struct bench *b, struct hearing *h, struct proof *p)
{
    const struct subject *s = h->s;
    bool account = !strcmp(s->type, "account");
    const struct exhibit *x = subject_exhibit(s, p->kind);
    for (; exhibit_goes_on(s, x, p->kind); x++)
        weigh(p, x, !p->n, account);
    if (p->n) {
        p->spot.doc = p->exhibit->doc;
        p->spot.pointer = p->exhibit->pointer;
        return;
    }
    p->placed = true;
    p->reason = s->foreign ? REASON_FOREIGN : REASON_ABSENT;
    const char *gone = b->m && !s->foreign ? subject_missing(b->m, s, p->kind) : NULL;
    if (gone)
        p->reason = reason_named(gone);
}

struct proof **proofs_new(struct bench *b)
{
    size_t n;
    operation_rows(&n);
    return ARENA_ARRAY(b->scratch, struct proof *, n);
}

struct proof *proof_of(struct bench *b, struct hearing *h, const struct check_need *need,
                       size_t i)
{
    struct proof **p = &h->proofs[need->rows[i]];
    if (!*p) {
        *p = ARENA_NEW(b->scratch, struct proof);
        **p = (struct proof){.kind = need->kinds[i], .collected = WHEN_NONE};
        look(b, h, *p);
    }
    return *p;
}

static enum reason proof_reason(const struct bench *b, const struct check_need *need,
                                const struct proof *p)
{
    if (p->reason != REASON_NONE)
        return p->reason;
    int64_t max = need_max_age_days(need);
    if (max > 0 && p->collected != WHEN_NONE && b->query.now != WHEN_NONE &&
        when_days(p->collected, b->query.now) > max)
        return REASON_STALE;
    return p->partial && !need->partial ? REASON_TRUNCATED : REASON_NONE;
}

struct proof_need proof_need(struct bench *b, struct hearing *h,
                             const struct check_need *need)
{
    struct proof_need best = {0};
    for (size_t i = 0; need->kinds[i]; i++) {
        struct proof *p = proof_of(b, h, need, i);
        enum reason reason = proof_reason(b, need, p);
        if (reason == REASON_NONE)
            return (struct proof_need){p, reason};
        bool nothing = best.reason == REASON_ABSENT || best.reason == REASON_FOREIGN;
        if (!best.proof || (nothing && reason != REASON_ABSENT))
            best = (struct proof_need){p, reason};
    }
    return best;
}

static struct str say(struct bench *b, const struct hearing *h,
                      const struct check_need *need, const struct proof_need *p)
{
    const struct subject *s = h->s;
    const struct document *d = p->proof->spot.doc;
    struct str name = s->name.n ? s->name : s->arn;
    struct arena *a = b->keep;
    const char *kind = p->proof->kind;
    switch (p->reason) {
    case REASON_DENIED:
        return d && d->error_code.n
                   ? str_fmt(a, "%s of %.*s was refused when it was collected: %.*s.",
                             kind, STR_ARG(name), STR_ARG(d->error_code))
                   : str_fmt(a, "%s of %.*s was refused when it was collected.", kind,
                             STR_ARG(name));
    case REASON_TRUNCATED:
        return str_fmt(a, "%s of %.*s is not whole: what is not in it proves nothing.",
                       kind, STR_ARG(name));
    case REASON_STALE:
        return str_fmt(
            a, "%s of %.*s was collected %lld days before the report; %lld are accepted.",
            kind, STR_ARG(name), (long long)when_days(p->proof->collected, b->query.now),
            (long long)need_max_age_days(need));
    case REASON_INVALID:
        if (d && d->error_code.n)
            return str_fmt(a, "%s of %.*s failed when it was collected: %.*s.", kind,
                           STR_ARG(name), STR_ARG(d->error_code));
        return str_fmt(a, "%s of %.*s cannot be used%s%.*s", kind, STR_ARG(name),
                       d && d->why.n ? ": " : ".", STR_ARG(d ? d->why : (struct str){0}));
    case REASON_FOREIGN:
        return str_fmt(a, "%.*s is in account %.*s, of which %s is not in evidence.",
                       STR_ARG(name), STR_ARG(s->account.n ? s->account : STR("unknown")),
                       kind);
    default:
        return str_fmt(a, "%s of %.*s" ASSESS_ABSENT, kind, STR_ARG(name));
    }
}

struct str proof_says(struct bench *b, const struct hearing *h,
                      const struct check_need *need, const struct proof_need *p)
{
    struct str *said = &p->proof->said;
    /* Each check has a greatest age of its own, and may take what is not whole. */
    if (p->reason != p->proof->reason)
        return say(b, h, need, p);
    if (!said->n)
        *said = say(b, h, need, p);
    return *said;
}

/* No other subject's is the same: it is not looked for among texts that are kept. */
struct str proof_command(struct bench *b, const struct hearing *h, struct proof *p)
{
    if (!p->command.p)
        p->command = str_dup(b->keep, subject_command(b->scratch, h->s, p->kind));
    return p->command;
}
