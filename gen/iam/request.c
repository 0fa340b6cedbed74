/* Conditions against what is known of a request, in three values. */
#include "iam/request.h"

#include "base/arena.h"
#include "base/when.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum truth truth_and(enum truth x, enum truth y)
{
    if (x == TRUTH_NO || y == TRUTH_NO)
        return TRUTH_NO;
    return x == TRUTH_YES && y == TRUTH_YES ? TRUTH_YES : TRUTH_UNKNOWN;
}

enum truth truth_or(enum truth x, enum truth y)
{
    if (x == TRUTH_YES || y == TRUTH_YES)
        return TRUTH_YES;
    return x == TRUTH_NO && y == TRUTH_NO ? TRUTH_NO : TRUTH_UNKNOWN;
}

enum truth truth_not(enum truth x)
{
    return x == TRUTH_UNKNOWN ? x : x == TRUTH_YES ? TRUTH_NO : TRUTH_YES;
}

static enum truth truth_of(bool b)
{
    return b ? TRUTH_YES : TRUTH_NO;
}

const struct request_key *request_find(const struct request_context *ctx, struct str name)
{
    for (size_t i = 0; i < ctx->nkeys; i++)
        if (str_eq_nocase(ctx->keys[i].name, name))
            return &ctx->keys[i];
    return NULL;
}

static void append(struct arena *a, uint32_t *t, size_t *n, struct str s)
{
    struct pattern p = pattern_make(a, s, false);
    memcpy(t + *n, p.t, p.n * sizeof *t);
    *n += p.n;
}

/* ${key} or ${key, 'default'}: what it stands for. */
static enum truth variable(const struct request_context *ctx, struct str inside,
                           struct str *value)
{
    struct str key = inside, fallback = STR("");
    bool has_default = str_cut(inside, ',', &key, &fallback);
    fallback = str_trim(fallback);
    if (fallback.n >= 2 && fallback.p[0] == '\'' && fallback.p[fallback.n - 1] == '\'')
        fallback = str_sub(fallback, 1, fallback.n - 1);
    const struct request_key *k = request_find(ctx, str_trim(key));
    if (!k && !ctx->closed)
        return TRUTH_UNKNOWN;
    if (k && k->nvalues == 1) {
        *value = k->values[0];
        return TRUTH_YES;
    }
    *value = fallback;
    return truth_of(has_default);
}

/* Longest text that a pattern of s can come to. */
static size_t longest(struct str s, const struct request_context *ctx)
{
    size_t most = 0;
    for (size_t i = 0; i < ctx->nkeys; i++)
        for (size_t k = 0; k < ctx->keys[i].nvalues; k++)
            if (ctx->keys[i].values[k].n > most)
                most = ctx->keys[i].values[k].n;
    size_t n = 1, rest = s.n;
    for (size_t at; (at = str_find(str_sub(s, s.n - rest, s.n), STR("${"))) != (size_t)-1;
         n++)
        rest -= at + 2;
    return s.n + n * most + 1;
}

enum truth request_pattern(struct arena *a, struct str text, bool wild, bool variables,
                           const struct request_context *ctx, struct pattern *out)
{
    if (!variables || str_find(text, STR("${")) == (size_t)-1) {
        *out = pattern_make(a, text, wild);
        return TRUTH_YES;
    }
    uint32_t *t = ARENA_ARRAY(a, uint32_t, longest(text, ctx));
    size_t n = 0;
    enum truth state = TRUTH_YES;
    for (struct str s = text; s.n;) {
        size_t open = str_find(s, STR("${"));
        struct str tail = str_sub(s, open, s.n);
        size_t close = open == (size_t)-1 ? open : str_find_char(tail, '}');
        struct pattern plain =
            pattern_make(a, close == (size_t)-1 ? s : str_sub(s, 0, open), wild);
        memcpy(t + n, plain.t, plain.n * sizeof *t);
        n += plain.n;
        if (close == (size_t)-1)
            break;
        struct str inside = str_sub(tail, 2, close), value = STR("");
        s = str_sub(tail, close + 1, tail.n);
        if (inside.n == 1 && strchr("*?$", inside.p[0])) {
            append(a, t, &n, inside);
            continue;
        }
        enum truth one = variable(ctx, inside, &value);
        if (one == TRUTH_UNKNOWN)
            t[n++] = PATTERN_STAR;
        else
            append(a, t, &n, value);
        state = truth_and(state, one);
    }
    *out = (struct pattern){.t = t, .n = (uint32_t)n};
    return state;
}

static enum truth compare_string(struct arena *a, const struct condition *c,
                                 struct str want, struct str have,
                                 const struct request_context *ctx, bool variables)
{
    struct pattern p;
    bool like = c->compare == COMPARE_LIKE;
    bool nocase = c->compare == COMPARE_EQUAL_NOCASE;
    enum truth state =
        request_pattern(a, nocase ? str_lower(a, want) : want, like, variables, ctx, &p);
    bool match = pattern_matches(p, nocase ? str_lower(a, have) : have);
    if (state == TRUTH_YES)
        return truth_of(match);
    return state == TRUTH_UNKNOWN && match ? TRUTH_UNKNOWN : TRUTH_NO;
}

static enum truth compare_arn(struct arena *a, struct str want, struct str have,
                              const struct request_context *ctx, bool variables)
{
    struct arn_pattern p = arn_pattern_make(a, want, ARN_IN_CONDITION, false);
    enum truth state = TRUTH_YES;
    if (variables && str_find(want, STR("${")) != (size_t)-1) {
        /* Parts that a variable fills may hold colons of their own: cut first. */
        struct arn parts;
        if (!arn_split(want, &parts))
            return TRUTH_UNKNOWN;
        for (size_t i = 0; i < ARN_PARTS; i++)
            state = truth_and(
                state, request_pattern(a, parts.part[i], true, true, ctx, &p.part[i]));
    }
    bool match = arn_matches(&p, have);
    if (state == TRUTH_YES)
        return truth_of(match);
    return state == TRUTH_UNKNOWN && match ? TRUTH_UNKNOWN : TRUTH_NO;
}

static enum truth order(enum condition_compare how, double have, double want)
{
    switch (how) {
    case COMPARE_LESS:
        return truth_of(have < want);
    case COMPARE_LESS_EQUAL:
        return truth_of(have <= want);
    case COMPARE_GREATER:
        return truth_of(have > want);
    case COMPARE_GREATER_EQUAL:
        return truth_of(have >= want);
    default:
        return truth_of(have == want);
    }
}

static bool read_number(struct str s, double *out)
{
    char text[64], *end;
    if (!s.n || s.n >= sizeof text || strchr(" \t\n", s.p[0]))
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    *out = strtod(text, &end);
    return *end == '\0';
}

static enum truth compare_number(const struct condition *c, struct str want,
                                 struct str have)
{
    double x, y;
    if (!read_number(have, &x) || !read_number(want, &y))
        return TRUTH_NO;
    return order(c->compare, x, y);
}

static enum truth compare_date(const struct condition *c, struct str want,
                               struct str have)
{
    int64_t x, y;
    if (!when_read(have, &x) || !when_read(want, &y))
        return TRUTH_NO;
    return order(c->compare, (double)x, (double)y);
}

/* The address as bytes: 4 or 16 of them; 0 when it is none. */
static size_t read_ip(struct str s, unsigned char out[16])
{
    char text[64];
    if (s.n >= sizeof text)
        return 0;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    if (inet_pton(AF_INET, text, out) == 1)
        return 4;
    return inet_pton(AF_INET6, text, out) == 1 ? 16 : 0;
}

enum truth ip_within(struct str ip, struct str cidr)
{
    struct str net = cidr, tail;
    unsigned char x[16], y[16];
    bool has_bits = str_cut(cidr, '/', &net, &tail);
    size_t nx = read_ip(ip, x), ny = read_ip(net, y);
    int64_t bits = (int64_t)ny * 8;
    if (!nx || !ny ||
        (has_bits && (!str_int(tail, &bits) || bits < 0 || bits > (int64_t)ny * 8)))
        return TRUTH_UNKNOWN;
    if (nx != ny)
        return TRUTH_NO;
    for (int64_t i = 0; i < bits; i++)
        if ((x[i / 8] ^ y[i / 8]) >> (7 - i % 8) & 1)
            return TRUTH_NO;
    return TRUTH_YES;
}

static enum truth compare(struct arena *a, const struct condition *c, struct str want,
                          struct str have, const struct request_context *ctx,
                          bool variables)
{
    switch (c->family) {
    case CONDITION_STRING:
        return compare_string(a, c, want, have, ctx, variables);
    case CONDITION_ARN:
        return compare_arn(a, want, have, ctx, variables);
    case CONDITION_NUMERIC:
        return compare_number(c, want, have);
    case CONDITION_DATE:
        return compare_date(c, want, have);
    case CONDITION_BOOL:
        return truth_of(str_eq_nocase(want, have));
    case CONDITION_BINARY:
        return truth_of(str_eq(want, have));
    case CONDITION_IP:
        return ip_within(have, want);
    default:
        return TRUTH_UNKNOWN;
    }
}

/* Does one value of the request match some value of the policy (for a negated operator:
 * none of them)? */
static enum truth matches(struct arena *a, const struct condition *c, struct str have,
                          const struct request_context *ctx, bool variables)
{
    enum truth some = TRUTH_NO;
    for (size_t i = 0; i < c->nvalues && some != TRUTH_YES; i++)
        some = truth_or(some, compare(a, c, c->values[i], have, ctx, variables));
    return c->negated ? truth_not(some) : some;
}

static enum truth holds_null(const struct condition *c, const struct request_key *k)
{
    if (c->set != CONDITION_PLAIN)
        return truth_of(c->set == CONDITION_ALL_VALUES);
    bool absent = k->nvalues == 0, yes = false;
    for (size_t i = 0; i < c->nvalues; i++)
        yes = yes || str_eq_nocase(c->values[i], absent ? STR("true") : STR("false"));
    return truth_of(yes);
}

enum truth condition_holds(struct arena *a, const struct condition *c,
                           const struct request_context *ctx, bool variables)
{
    static const struct request_key absent;
    const struct request_key *k = request_find(ctx, c->key);
    /* An empty list of values: AWS's texts disagree on what it means. */
    if (c->family == CONDITION_UNKNOWN || c->nvalues == 0)
        return TRUTH_UNKNOWN;
    if (c->family == CONDITION_NULL && c->set != CONDITION_PLAIN)
        return holds_null(c, &absent);
    if (!k && !ctx->closed)
        return TRUTH_UNKNOWN;
    if (!k)
        k = &absent;
    if (c->family == CONDITION_NULL)
        return holds_null(c, k);
    if (k->nvalues == 0)
        return truth_of(condition_holds_without_key(c));
    bool all = c->set == CONDITION_ALL_VALUES;
    enum truth so_far = all ? TRUTH_YES : TRUTH_NO;
    for (size_t i = 0; i < k->nvalues; i++) {
        enum truth one = matches(a, c, k->values[i], ctx, variables);
        so_far = all ? truth_and(so_far, one) : truth_or(so_far, one);
    }
    return so_far;
}

enum truth conditions_hold(struct arena *a, const struct condition *v, size_t n,
                           const struct request_context *ctx, bool variables)
{
    enum truth all = TRUTH_YES;
    for (size_t i = 0; i < n && all != TRUTH_NO; i++)
        all = truth_and(all, condition_holds(a, &v[i], ctx, variables));
    return all;
}
