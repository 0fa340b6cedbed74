/* Apply waivers and attestations to what was judged. */
#include "assess/waive.h"

#include "base/diag.h"
#include "base/when.h"

enum { WIDE_FROM_TESTS = 4 }; /* fewer covered tests are never called wide */

/* clang-format off */
static const struct diag_kind UNUSED = {"WVR-121", DIAG_WARNING, "waiver or attestation covers nothing",
    "remove it: what it accepted is gone, or its subject is misspelt"};
static const struct diag_kind WIDE = {"WVR-122", DIAG_WARNING, "waiver or attestation is very wide",
    "name the resources that were looked at; new ones would be accepted unseen"};
static const struct diag_kind EXPIRED = {"WVR-123", DIAG_WARNING, "waiver or attestation has expired",
    "mend what it accepted, or have it approved again with a new date"};
/* clang-format on */

struct use {
    uint32_t covered; /* tests that it could change */
    uint32_t
        reached;   /* tests of its checks that its glob covers, whatever their result */
    uint32_t seen; /* tests of its checks */
};

static bool waivable(const struct test *t)
{
    return t->result == RESULT_FAIL || t->result == RESULT_UNKNOWN;
}

bool waiver_expired(int64_t ends, int64_t now)
{
    /* Without a known time nothing can be called in force. */
    return now == WHEN_NONE || now >= ends;
}

static void waive(struct test *t, const struct waivers *w, struct use *uses, int64_t now)
{
    for (size_t i = 0; i < w->waivers.n; i++) {
        const struct waiver *one = &w->waivers.v[i];
        bool same =
            one->check ? one->check == t->check : one->control == t->check->control;
        uses[i].seen += same;
        if (!same || !waiver_covers(one->subject, t->subject->arn, t->subject->name))
            continue;
        uses[i].reached++;
        if (!waivable(t))
            continue;
        uses[i].covered++;
        if (t->disposition == DISPOSITION_WAIVED)
            continue;
        t->waiver = one;
        t->disposition = waiver_expired(one->ends, now) ? DISPOSITION_WAIVER_EXPIRED
                                                        : DISPOSITION_WAIVED;
    }
}

static void attest(struct arena *a, struct test *t, const struct waivers *w,
                   struct use *uses, int64_t now)
{
    for (size_t i = 0; i < w->attestations.n; i++) {
        const struct attestation *one = &w->attestations.v[i];
        if (one->check != t->check)
            continue;
        uses[i].seen++;
        if (!waiver_covers(one->subject, t->subject->arn, t->subject->name))
            continue;
        uses[i].reached++;
        if (t->result != RESULT_MANUAL)
            continue;
        uses[i].covered++;
        t->attested = true;
        t->attestation = one;
        if (waiver_expired(one->ends, now)) {
            t->message = str_fmt(a, "The attestation by %.*s expired after %.*s",
                                 STR_ARG(one->by), STR_ARG(one->until));
            continue;
        }
        t->result = RESULT_PASS;
        t->message = str_fmt(a, "Attested by %.*s until %.*s: %.*s", STR_ARG(one->by),
                             STR_ARG(one->until), STR_ARG(one->statement));
    }
}

/* Would it cover a resource that nobody has looked at: most of those there are, or one
 * whatever it is called? */
static bool is_wide(const struct use *u, struct str glob)
{
    if (str_find_char(glob, '*') == (size_t)-1)
        return false;
    return (u->seen >= WIDE_FROM_TESTS && u->reached * 2 > u->seen) ||
           waiver_covers(glob, STR("arn:none:none:none:none:none"), STR("none"));
}

static void say(struct diag *dx, struct origin at, const struct use *u, bool gone,
                struct str subject, struct str until)
{
    if (!u->covered)
        diag_at(dx, &UNUSED, at, "\"%.*s\"", STR_ARG(subject));
    else if (gone)
        diag_at(dx, &EXPIRED, at, "it held until %.*s", STR_ARG(until));
    if (!gone && is_wide(u, subject))
        diag_at(dx, &WIDE, at, "\"%.*s\" covers %u of %u tests", STR_ARG(subject),
                u->reached, u->seen);
}

void waivers_apply(struct arena *a, struct assessment *as, const struct waivers *w,
                   struct diag *dx)
{
    as->waivers = w;
    struct use *waived = ARENA_ARRAY(a, struct use, w->waivers.n + 1);
    struct use *attested = ARENA_ARRAY(a, struct use, w->attestations.n + 1);
    for (size_t i = 0; i < as->n; i++) {
        waive(&as->tests[i], w, waived, as->now);
        attest(a, &as->tests[i], w, attested, as->now);
    }
    for (size_t i = 0; i < w->waivers.n; i++)
        say(dx, w->waivers.v[i].origin, &waived[i],
            waiver_expired(w->waivers.v[i].ends, as->now), w->waivers.v[i].subject,
            w->waivers.v[i].until);
    for (size_t i = 0; i < w->attestations.n; i++)
        say(dx, w->attestations.v[i].origin, &attested[i],
            waiver_expired(w->attestations.v[i].ends, as->now),
            w->attestations.v[i].subject, w->attestations.v[i].until);
}
