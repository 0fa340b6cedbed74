/* Granted minus needed. */
#include "iam/compare.h"

const char *compare_verdict_name(enum compare_verdict v)
{
    static const char *const names[COMPARE_VERDICTS] = {
        "fits",           "excess", "unaccounted", "overbroad",
        "wrong-resource", "dead",   "missing"};
    return names[v];
}

const char *compare_severity_name(enum compare_severity s)
{
    static const char *const names[] = {"info", "low", "medium", "high", "critical"};
    return names[s];
}

struct work {
    struct iam *x;
    const struct effective *e;
    const struct needs *needs;
    struct action_set open; /* that nothing accounts for, and code may need */
    struct comparison *out;
};

/* clang-format off */
/* What code of an application may open without a trace in its configuration. */
static const char *const open_families[] = {
    "aoss:APIAccessAll", "aps:RemoteWrite", "cassandra:Modify", "cassandra:Select", "cloudwatch:PutMetricData",
    "dynamodb:Batch*", "dynamodb:Describe*", "dynamodb:Get*", "dynamodb:PutItem", "dynamodb:Query",
    "dynamodb:Scan", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "es:ESHttp*", "firehose:Put*",
    "firehose:Describe*", "glue:Get*", "kafka-cluster:*", "kafka:Describe*", "kafka:GetBootstrapBrokers",
    "kinesis:Describe*", "kinesis:Get*", "kinesis:List*", "kinesis:Put*", "kinesis:SubscribeToShard",
    "kinesis:RegisterStreamConsumer", "kinesis:DeregisterStreamConsumer", "kms:Decrypt", "kms:GenerateDataKey",
    "lambda:InvokeFunction", "rds-data:*", "rds-db:connect", "s3:AbortMultipartUpload", "s3:DeleteObject",
    "s3:GetBucketLocation", "s3:GetObject", "s3:GetObjectVersion", "s3:List*", "s3:PutObject",
    "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "sns:Publish", "sqs:GetQueue*",
    "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:SendMessage", "ssm:GetParameter*", "sts:AssumeRole",
    "timestream:WriteRecords", "timestream:DescribeEndpoints",
};
/* clang-format on */

static const struct action_set *open_actions(struct iam *x)
{
    return iam_actions_all(x, open_families,
                           sizeof open_families / sizeof *open_families);
}

/* Seven grades of an action by itself, before its resource is looked at. */
static int find_grade(const struct work *w, const struct action *act)
{
    if (risk_lists(w->x, RISK_ESCALATION, act->row))
        return 6;
    if (act->level == ACTION_PERMISSIONS || act->manages)
        return 5;
    if (risk_lists(w->x, RISK_DATA, act->row) ||
        risk_lists(w->x, RISK_TAMPER, act->row) ||
        risk_lists(w->x, RISK_CREDENTIALS, act->row) ||
        (act->level == ACTION_WRITE && action_set_has(open_actions(w->x), act->row)))
        return 4;
    switch (act->level) {
    case ACTION_WRITE:
        return 3;
    case ACTION_TAGGING:
        return 2;
    case ACTION_READ:
        return 1;
    default:
        return 0;
    }
}

/* The same few actions come again with every role. */
static int grade_of(const struct work *w, const struct action *act)
{
    struct iam_cache *c = w->x->cache;
    if (!c->grades)
        c->grades = ARENA_ARRAY(c->a, unsigned char, actions_count(w->x->table));
    if (!c->grades[act->row])
        c->grades[act->row] = (unsigned char)(find_grade(w, act) + 1);
    return c->grades[act->row] - 1;
}

static enum compare_severity severity_of(int grade)
{
    static const enum compare_severity by_grade[] = {
        COMPARE_INFO,   COMPARE_LOW,  COMPARE_LOW,     COMPARE_MEDIUM,
        COMPARE_MEDIUM, COMPARE_HIGH, COMPARE_CRITICAL};
    return by_grade[grade < 0 ? 0 : grade > 6 ? 6 : grade];
}

/* Needs of one action, each against one grant. */
static enum compare_verdict judge(const struct work *w, const struct grant *g,
                                  uint32_t row)
{
    bool any = false, meets = false;
    const struct action *act = actions_get(w->x->table, row);
    const struct need *need;
    for (uint32_t i = w->needs->first[row % NEED_SLOTS]; i; i = need->next) {
        need = &w->needs->v[i - 1];
        if (need->row != row)
            continue;
        any = true;
        /* Where the need itself is everything (a guide's *), every grant of it fits. */
        if (need->star_only || act->ntypes == 0 || need->r->any ||
            (!g->negated && arn_within(g->r, need->r) == PATTERN_YES))
            return COMPARE_FITS;
        meets = meets || need_covered(need, g) != RULE_NONE;
    }
    if (any)
        return meets ? COMPARE_OVERBROAD : COMPARE_WRONG_RESOURCE;
    return action_set_has(&w->open, row) ? COMPARE_UNACCOUNTED : COMPARE_EXCESS;
}

/* A grant that is the union of several needs fits them together: no single one contains
 * it, so ask whether every need inside keeps it from being strictly wider. */
static bool is_union(const struct work *w, const struct grant *g, uint32_t row)
{
    struct pattern q[32];
    size_t n = 0;
    for (size_t i = 0; i < w->needs->n && n < 32 && !g->negated && !g->r->any; i++) {
        const struct need *need = &w->needs->v[i];
        if (need->row == row && grant_reach(g, need->r) == RULE_WHOLE) {
            bool same = true;
            for (int k = 0; k < ARN_RESOURCE; k++)
                same = same &&
                       pattern_within(g->r->part[k], need->r->part[k]) == PATTERN_YES;
            if (same)
                q[n++] = need->r->part[ARN_RESOURCE];
        }
    }
    return n > 1 && pattern_within_any(g->r->part[ARN_RESOURCE], q, n) == PATTERN_YES;
}

static struct compare_row *row_for(struct work *w, const struct policy_statement *st,
                                   size_t text, enum compare_verdict verdict)
{
    for (size_t i = w->out->n; i-- > 0;) {
        struct compare_row *r = &w->out->v[i];
        if (r->st != st)
            break;
        if (r->text == text && r->verdict == verdict)
            return r;
    }
    struct compare_row *r = vec_push(w->x->a, w->out);
    r->st = st;
    r->text = text;
    r->verdict = verdict;
    r->everywhere = false;
    return r;
}

static void add_text(struct arena *a, const struct str **v, size_t *n, struct str s)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq((*v)[i], s))
            return;
    struct str *more = ARENA_ARRAY(a, struct str, *n + 1);
    for (size_t i = 0; i < *n; i++)
        more[i] = (*v)[i];
    more[(*n)++] = s;
    *v = more;
}

/* Put the verdict on a set of rows of one grant into the rows of the result. */
static void settle(struct work *w, const struct grant *g, struct action_set set,
                   size_t text, enum compare_verdict verdict)
{
    struct arena *a = w->x->a;
    if (action_set_empty(&set))
        return;
    struct compare_row *r = row_for(w, g->st, text, verdict);
    r->actions = action_set_or(a, r->actions, set);
    for (size_t i = 0; g->negated && i < g->rule->nresources; i++)
        add_text(a, &r->resources, &r->nresources,
                 str_fmt(a, "not %.*s", STR_ARG(g->rule->resources[i]->text)));
    if (!g->negated)
        add_text(a, &r->resources, &r->nresources, g->r->text);
    r->unsure = r->unsure || action_set_meets(set, g->unsure);
    r->conditional = (g->rule->narrowing.by & NARROW_REAL) != 0;
    r->everywhere = r->everywhere || grant_everywhere(g);
}

static enum compare_verdict verdict_on(const struct work *w, const struct grant *g,
                                       uint32_t row)
{
    enum compare_verdict v = judge(w, g, row);
    return v == COMPARE_OVERBROAD && is_union(w, g, row) ? COMPARE_FITS : v;
}

/* The actions of one text. */
static void compare_text(struct work *w, const struct grant *g, struct action_set mine,
                         size_t text)
{
    struct arena *a = w->x->a;
    /* Most rows of a wide grant are needed by nothing: take those out first. */
    struct action_set asked = action_set_and(a, mine, w->needs->actions);
    struct action_set rest = action_set_minus(a, mine, asked);
    if (!action_set_empty(&rest)) {
        settle(w, g, action_set_minus(a, rest, w->open), text, COMPARE_EXCESS);
        settle(w, g, action_set_and(a, rest, w->open), text, COMPARE_UNACCOUNTED);
    }
    for (uint32_t row = action_set_next(&asked, 0); row != UINT32_MAX;
         row = action_set_next(&asked, row + 1))
        settle(w, g, action_set_rows(a, row, 1), text, verdict_on(w, g, row));
}

/* The texts of a statement in turn; each row counts for the first text that brings it. */
static void compare_grant(struct work *w, const struct grant *g)
{
    struct arena *a = w->x->a;
    struct action_set left = action_set_minus(a, g->actions, g->folded), dead = g->dead;
    if (g->st->not_action) {
        settle(w, g, dead, SIZE_MAX, COMPARE_DEAD);
        compare_text(w, g, left, SIZE_MAX);
        return;
    }
    for (size_t t = 0; t < g->st->nactions; t++) {
        const struct action_set *s = &g->rule->texts[t]->set;
        if (action_set_meets(dead, *s)) {
            settle(w, g, action_set_and(a, dead, *s), t, COMPARE_DEAD);
            if (!g->rule->apart)
                dead = action_set_minus(a, dead, *s);
        }
        if (!action_set_meets(left, *s))
            continue;
        uint32_t row = action_set_single(s);
        if (row != UINT32_MAX) /* most texts name one action */
            settle(w, g, *s, t, verdict_on(w, g, row));
        else
            compare_text(w, g, action_set_and(a, left, *s), t);
        if (!g->rule->apart)
            left = action_set_minus(a, left, *s);
    }
}

/* What the row should say instead. */
static void name_needs(struct work *w, struct compare_row *r)
{
    struct arena *a = w->x->a;
    VEC(const struct need *) v = {0};
    for (size_t i = 0; i < w->needs->n; i++) {
        const struct need *need = &w->needs->v[i];
        if (need->row == ACTION_NONE || !action_set_has(&r->actions, need->row))
            continue;
        *vec_push(a, &v) = need;
        add_text(a, &r->instead, &r->ninstead, need->resource);
    }
    r->needs = v.v;
    r->nneeds = v.n;
}

static void weigh(struct work *w, struct compare_row *r)
{
    struct arena *a = w->x->a;
    int best[3] = {-1, -1, -1};
    bool broad = action_set_count(&r->actions) > 2000;
    r->star_only = !action_set_empty(&r->actions);
    const struct action_set *iam = iam_actions(w->x, STR("iam:*"));
    struct action_set look = broad ? action_set_and(a, r->actions, *iam) : r->actions;
    const struct action *act = NULL;
    for (uint32_t row = action_set_next(&look, 0); row != UINT32_MAX;
         row = action_set_next(&look, row + 1)) {
        act = actions_get_near(w->x->table, act, row);
        int grade = grade_of(w, act);
        r->star_only = r->star_only && !broad && act->ntypes == 0;
        for (int k = 0; k < 3; k++)
            if (grade > best[k]) {
                for (int m = 2; m > k; m--) {
                    best[m] = best[m - 1];
                    r->worst[m] = r->worst[m - 1];
                }
                best[k] = grade;
                r->worst[k] = action_text(a, act);
                break;
            }
    }
    int grade = best[0];
    if (broad)
        grade = grade < 5 ? 5 : grade;
    grade -= !r->everywhere && !r->star_only;
    grade -= r->conditional;
    r->severity = severity_of(grade);
    if (r->verdict == COMPARE_UNACCOUNTED || r->verdict == COMPARE_DEAD)
        r->severity = COMPARE_LOW;
}

static void find_missing(struct work *w)
{
    for (size_t i = 0; i < w->needs->n; i++) {
        const struct need *need = &w->needs->v[i];
        if (!need->must || !need_missing(w->needs, need, w->e))
            continue;
        struct compare_row *r = vec_push(w->x->a, w->out);
        r->verdict = COMPARE_MISSING;
        r->severity = need->grade == NEED_CERTAIN ? COMPARE_MEDIUM : COMPARE_LOW;
        r->text = SIZE_MAX;
        r->worst[0] = need->action;
        r->needs = ARENA_NEW(w->x->a, const struct need *);
        r->needs[0] = need;
        r->nneeds = 1;
        add_text(w->x->a, &r->instead, &r->ninstead, need->resource);
        r->ninstead = 1;
    }
}

struct comparison *compare_needs(struct iam *x, const struct effective *e,
                                 const struct needs *needs, bool use_known)
{
    struct comparison *out = ARENA_NEW(x->a, struct comparison);
    struct work w = {.x = x, .e = e, .needs = needs, .out = out};
    if (!needs->accounted && !use_known)
        w.open = *open_actions(x);
    out->upper_bound = e->upper_bound;
    /* Nearly all: what grows is copied again and again. */
    for (size_t i = 0; i < e->n; i++)
        out->cap += e->v[i].st->nactions;
    out->v = ARENA_ARRAY(x->a, struct compare_row, out->cap);
    for (size_t i = 0; i < e->n; i++)
        compare_grant(&w, &e->v[i]);
    for (size_t i = 0; i < out->n; i++) {
        struct compare_row *r = &out->v[i];
        if (r->verdict == COMPARE_OVERBROAD || r->verdict == COMPARE_WRONG_RESOURCE)
            name_needs(&w, r);
        if (r->verdict != COMPARE_FITS)
            weigh(&w, r);
    }
    find_missing(&w);
    return out;
}
