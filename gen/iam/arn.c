/* ARNs and ARN patterns. */
#include "iam/arn.h"

#include "base/arena.h"

#include <string.h>

static size_t cut(struct str s, struct str part[ARN_PARTS])
{
    size_t n = 0, from = 0;
    for (size_t i = 0; i < s.n && n < ARN_RESOURCE; i++)
        if (s.p[i] == ':') {
            part[n++] = (struct str){s.p + from, i - from};
            from = i + 1;
        }
    part[n++] = str_sub(s, from, s.n);
    return n;
}

bool arn_split(struct str s, struct arn *out)
{
    *out = (struct arn){0};
    return cut(s, out->part) == ARN_PARTS && str_eq(out->part[ARN_PREFIX], STR("arn"));
}

struct str arn_part(struct str s, enum arn_part part)
{
    struct arn arn;
    return arn_split(s, &arn) ? arn.part[part] : STR("");
}

bool arn_is_account(struct str s)
{
    if (s.n != 12)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

static bool has_wildcard(struct str s)
{
    return str_find_char(s, '*') != (size_t)-1 || str_find_char(s, '?') != (size_t)-1;
}

static bool only_stars(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '*')
            return false;
    return s.n > 0;
}

/* May a pattern of fewer than six parts stand here, with * for those that are missing? */
static bool may_complete(struct str text, enum arn_use use)
{
    switch (use) {
    case ARN_IN_IDENTITY:
        return true;
    case ARN_IN_RESOURCE:
        return has_wildcard(text);
    case ARN_IN_SCP:
        return str_ends(text, STR("*"));
    case ARN_IN_RCP:
    case ARN_IN_CONDITION:
    case ARN_USES:
        break;
    }
    return false;
}

static const uint32_t star[] = {PATTERN_STAR};
static const struct pattern anything = {.t = star, .n = 1};

struct arn_pattern arn_pattern_make(struct arena *a, struct str text, enum arn_use use,
                                    bool variables)
{
    struct arn_pattern p = {.text = text};
    if (only_stars(text)) {
        p.any = true;
        for (size_t i = 0; i < ARN_PARTS; i++)
            p.part[i] = anything;
        return p;
    }
    struct str part[ARN_PARTS];
    size_t n = cut(text, part);
    uint32_t *room = ARENA_ARRAY(a, uint32_t, text.n);
    p.incomplete = n < ARN_PARTS;
    p.nothing = p.incomplete && !may_complete(text, use);
    for (size_t i = 0; i < ARN_PARTS; i++) {
        if (i >= n)
            p.part[i] = anything;
        else if (i == ARN_RESOURCE && variables)
            p.part[i] = pattern_make_variables(a, part[i], &p.variables);
        else
            p.part[i] =
                pattern_make_in(room + (part[i].p - text.p), part[i], i < ARN_RESOURCE);
    }
    if (!str_eq(part[ARN_PREFIX], STR("arn")) &&
        !pattern_matches(p.part[ARN_PREFIX], STR("arn")))
        p.nothing = true;
    return p;
}

/* Compare one part without case, without a copy: parts are short. */
static bool part_matches(struct pattern p, struct str text)
{
    char lower[256];
    if (text.n > sizeof lower)
        return false;
    for (size_t i = 0; i < text.n; i++)
        lower[i] =
            (char)(text.p[i] >= 'A' && text.p[i] <= 'Z' ? text.p[i] + 32 : text.p[i]);
    return pattern_matches(p, (struct str){lower, text.n});
}

bool arn_matches(const struct arn_pattern *p, struct str text)
{
    if (p->any)
        return true;
    struct arn arn;
    if (p->nothing || !arn_split(text, &arn))
        return false;
    for (size_t i = 0; i < ARN_RESOURCE; i++)
        if (!part_matches(p->part[i], arn.part[i]))
            return false;
    return pattern_matches(p->part[ARN_RESOURCE], arn.part[ARN_RESOURCE]);
}

/* Names that differ: what most comparisons end with. */
static bool apart(const struct pattern *p, const struct pattern *q)
{
    return p->literal && q->literal &&
           (p->n != q->n || memcmp(p->t, q->t, p->n * sizeof *p->t) != 0);
}

/* What differs most, first. */
static const enum arn_part order[ARN_PARTS] = {ARN_SERVICE, ARN_RESOURCE, ARN_ACCOUNT,
                                               ARN_REGION,  ARN_PREFIX,   ARN_PARTITION};

enum pattern_answer arn_meets(const struct arn_pattern *p, const struct arn_pattern *q)
{
    if (p->nothing || q->nothing)
        return PATTERN_NO;
    if (p->any || q->any || p == q)
        return PATTERN_YES;
    if (apart(&p->part[ARN_SERVICE], &q->part[ARN_SERVICE]))
        return PATTERN_NO;
    enum pattern_answer all = PATTERN_YES;
    for (size_t i = 0; i < ARN_PARTS; i++) {
        if (order[i] == ARN_PREFIX)
            continue; /* "arn" matches both */
        enum pattern_answer one = pattern_meets(p->part[order[i]], q->part[order[i]]);
        if (one == PATTERN_NO)
            return PATTERN_NO;
        if (one == PATTERN_UNPROVED)
            all = PATTERN_UNPROVED;
    }
    return all;
}

enum pattern_answer arn_within(const struct arn_pattern *p, const struct arn_pattern *q)
{
    if (p->nothing || q->any)
        return PATTERN_YES;
    if (q->nothing || p->any)
        return PATTERN_NO;
    if (p == q)
        return PATTERN_YES;
    enum pattern_answer all = PATTERN_YES;
    for (size_t i = 0; i < ARN_PARTS; i++) {
        enum pattern_answer one = pattern_within(p->part[order[i]], q->part[order[i]]);
        if (one == PATTERN_NO)
            return PATTERN_NO;
        if (one == PATTERN_UNPROVED)
            all = PATTERN_UNPROVED;
    }
    return all;
}
