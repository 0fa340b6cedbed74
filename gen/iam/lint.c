/* Policy lint: names, resources, shapes and sizes. */
#include "iam/lint.h"

#include "base/utf8.h"
#include "iam/evaluate.h"
#include "iam/lint_kinds.h"
#include "iam/narrow.h"
#include "json/json.h"

#define K(name, code, level, what, mend)                                                 \
    const struct diag_kind LINT_##name = {code, level, what, mend};
LINT_KINDS(K)
#undef K

#define K(name, code, level, what, mend) &LINT_##name,
static const struct diag_kind *const kinds[] = {LINT_KINDS(K)};
#undef K

const struct diag_kind *const *lint_kinds(size_t *n)
{
    *n = sizeof kinds / sizeof *kinds;
    return kinds;
}

enum { PAIRS_MAX = 200 };

void lint_say(struct lint *l, const struct diag_kind *kind,
              const struct policy_statement *st, struct str element, size_t i,
              struct str detail)
{
    policy_issue_add(l->x->a, l->p, l->out, kind, st, element, i, detail);
}

/* IAM User Guide, "IAM and AWS STS quotas" (seen 2026-05); quotas move, so only a
 * warning. White space does not count but in SCPs and RCPs. */
/* clang-format off */
static const struct {
    size_t chars;
    enum policy_kind kind;
    bool with_space;
} quotas[] = {
    {10240, POLICY_IDENTITY_INLINE,  false},
    {6144,  POLICY_IDENTITY_MANAGED, false},
    {6144,  POLICY_BOUNDARY,         false},
    {2048,  POLICY_TRUST,            false},
    {20480, POLICY_RESOURCE,         false},
    {10240, POLICY_SCP,              true},
    {5120,  POLICY_RCP,              true},
    {2048,  POLICY_SESSION,          false},
};
/* clang-format on */

static void check_size(struct lint *l)
{
    for (size_t i = 0; i < sizeof quotas / sizeof *quotas; i++) {
        if (quotas[i].kind != l->p->source.kind)
            continue;
        if (!quotas[i].with_space && l->p->json.n <= quotas[i].chars)
            continue; /* without its space it is no longer */
        size_t n = quotas[i].with_space ? l->p->chars_with_space : policy_chars(l->p);
        if (n > quotas[i].chars)
            lint_say(l, &LINT_OVER_QUOTA, NULL, STR(""), SIZE_MAX,
                     str_fmt(l->x->a, "%zu of %zu characters", n, quotas[i].chars));
    }
}

/* A text behind JSON's escapes: its first character that policies do not take; 0. */
static uint32_t bad_character(struct str s)
{
    for (uint32_t cp; s.n; s = str_sub(s, utf8_len(s), s.n)) {
        while (s.n && (unsigned char)s.p[0] - 0x20u < 0x5F)
            s = str_sub(s, 1, s.n);
        if (s.n && (!utf8_decode(s, &cp) || cp > 0xFF))
            return cp;
        if (!s.n)
            break;
    }
    return 0;
}

static void check_escaped(struct lint *l, const struct policy_statement *st,
                          const struct str *v, size_t n, struct str element)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t cp = bad_character(v[i]);
        if (!cp)
            continue;
        lint_say(l, &LINT_BAD_CHARACTER, st, element, i, str_fmt(l->x->a, "U+%04X", cp));
        return;
    }
}

/* How many bytes at the start of s are ASCII: most at a time. */
static size_t ascii_len(struct str s)
{
    const uint64_t high = 0x8080808080808080u;
    size_t i = 0;
    for (uint64_t v[4]; i + sizeof v <= s.n; i += sizeof v) {
        memcpy(v, s.p + i, sizeof v);
        if ((v[0] | v[1] | v[2] | v[3]) & high)
            break;
    }
    while (i < s.n && (unsigned char)s.p[i] < 0x80)
        i++;
    return i;
}

static void check_characters(struct lint *l)
{
    const struct text *t = l->p->text;
    if (!t || !l->p->root)
        return;
    size_t from = json_pos(l->p->root);
    struct str s = str_sub(t->bytes, from, from + json_len(l->p->root, t));
    bool escaped = str_find_char(s, '\\') != (size_t)-1 && str_has(s, STR("\\u"));
    for (size_t i = 0; escaped && i < l->p->nstatements; i++) {
        const struct policy_statement *st = &l->p->statements[i];
        check_escaped(l, st, st->actions, st->nactions,
                      st->not_action ? STR("NotAction") : STR("Action"));
        check_escaped(l, st, st->resources, st->nresources,
                      st->not_resource ? STR("NotResource") : STR("Resource"));
    }
    /* Whatever is not written as an escape is above ASCII: control characters stand
     * between the texts of JSON only, and those are blanks. */
    for (uint32_t cp; (s = str_sub(s, ascii_len(s), s.n)).n;
         s = str_sub(s, utf8_len(s), s.n)) {
        if (utf8_decode(s, &cp) && cp <= 0xFF)
            continue;
        lint_say(l, &LINT_BAD_CHARACTER, NULL, STR(""), SIZE_MAX,
                 str_fmt(l->x->a, "U+%04X", cp));
        return;
    }
}

static void check_top(struct lint *l)
{
    if (!json_get(l->p->root, STR("Version")))
        lint_say(l, &LINT_NO_VERSION, NULL, STR(""), SIZE_MAX, STR(""));
    check_size(l);
    check_characters(l);
    /* Some services' resource policies repeat Sids. */
    struct map seen = MAP_INIT;
    for (size_t i = 0; i < l->p->nstatements; i++) {
        const struct policy_statement *st = &l->p->statements[i];
        if (!st->sid.n) {
            if (json_get(st->node, STR("Sid")) && !st->broken)
                lint_say(l, &LINT_EMPTY_SID, st, STR("Sid"), SIZE_MAX, STR(""));
            continue;
        }
        void **slot = map_put(l->x->a, &seen, st->sid);
        if (*slot && l->p->source.kind != POLICY_RESOURCE)
            lint_say(l, &LINT_SAME_SID, st, STR("Sid"), SIZE_MAX, st->sid);
        *slot = (void *)st;
    }
}

static void check_action_text(struct lint *l, const struct rule *rule, size_t i)
{
    struct str text = rule->st->actions[i], near = STR("");
    struct str element = rule->not_action ? STR("NotAction") : STR("Action");
    const struct diag_kind *kind = NULL;
    switch (rule->texts[i]->kind) {
    case ACTION_TEXT_ALL:
        if (str_find_char(text, ':') != (size_t)-1)
            kind = &LINT_BAD_ACTION;
        break;
    case ACTION_TEXT_KNOWN:
        break;
    case ACTION_TEXT_UNKNOWN_SERVICE:
        kind = &LINT_UNKNOWN_SERVICE;
        near = actions_nearest(l->x->a, l->x->table, text);
        break;
    case ACTION_TEXT_UNKNOWN_ACTION:
        /* The guide for SQL applications prints it, and their console writes it. */
        if (str_eq_nocase(text, STR("firehose:Get*")))
            break;
        kind = rule->texts[i]->set.others ? &LINT_UNKNOWN_ACTION : &LINT_EMPTY_PATTERN;
        near = actions_nearest(l->x->a, l->x->table, text);
        break;
    case ACTION_TEXT_DEAD:
        kind = &LINT_DEAD_ACTION;
        break;
    case ACTION_TEXT_MALFORMED:
        kind = &LINT_BAD_ACTION;
        break;
    }
    if (!kind)
        return;
    struct str detail = str_fmt(l->x->a, "\"%.*s\"", STR_ARG(text));
    if (near.n)
        detail =
            str_fmt(l->x->a, "%.*s; did you mean %.*s?", STR_ARG(detail), STR_ARG(near));
    if (rule->st->effect == POLICY_DENY && !rule->not_action)
        detail = str_fmt(l->x->a, "%.*s: this Deny protects nothing", STR_ARG(detail));
    else if (rule->not_action)
        detail = str_fmt(l->x->a, "%.*s: it excludes nothing", STR_ARG(detail));
    lint_say(l, kind, rule->st, element, i, detail);
}

static void check_actions(struct lint *l, const struct rule *rule)
{
    const struct policy_statement *st = rule->st;
    struct arena *a = l->x->a;
    for (size_t i = 0; i < st->nactions; i++)
        check_action_text(l, rule, i);
    bool look = !rule->apart && st->nactions <= PAIRS_MAX;
    for (size_t i = 0; look && i < st->nactions; i++) {
        const struct action_set *s = &rule->texts[i]->set;
        for (size_t k = 0; k < st->nactions; k++) {
            const struct action_set *t = &rule->texts[k]->set;
            if (k == i || !action_set_meets(*s, *t) || !action_set_within(*s, *t) ||
                (k > i && action_set_within(*t, *s)))
                continue;
            lint_say(l, &LINT_REDUNDANT_ACTION, st,
                     rule->not_action ? STR("NotAction") : STR("Action"), i,
                     str_fmt(a, "\"%.*s\" is in \"%.*s\"", STR_ARG(st->actions[i]),
                             STR_ARG(st->actions[k])));
            break;
        }
    }
}

static void check_variables(struct lint *l, const struct policy_statement *st,
                            struct str text, struct str element, size_t i)
{
    size_t at = str_find(text, STR("${"));
    if (at == (size_t)-1)
        return;
    if (!l->p->variables) {
        lint_say(l, &LINT_DEAD_VARIABLE, st, element, i, text);
        return;
    }
    struct str rest = str_sub(text, at + 2, text.n), key;
    if (!str_cut(rest, '}', &key, NULL) || !key.n ||
        str_find_char(key, '{') != (size_t)-1 ||
        (str_find_char(key, ' ') != (size_t)-1 &&
         str_find_char(key, ',') == (size_t)-1)) {
        lint_say(l, &LINT_BAD_VARIABLE, st, element, i, text);
        return;
    }
    struct action_key known;
    str_cut(key, ',', &key, NULL);
    if (str_starts(key, STR("aws:")) && !actions_global_key(l->x->table, key, &known))
        lint_say(l, &LINT_UNKNOWN_VARIABLE, st, element, i, key);
}

static void check_resources(struct lint *l, const struct rule *rule)
{
    const struct policy_statement *st = rule->st;
    struct str element = rule->not_resource ? STR("NotResource") : STR("Resource");
    for (size_t i = 0; st->has_resource && i < st->nresources; i++) {
        const struct arn_pattern *r = rule->resources[i];
        check_variables(l, st, st->resources[i], element, i);
        if (!r->any && (r->nothing || r->incomplete))
            lint_say(l, &LINT_BAD_ARN, st, element, i, st->resources[i]);
        else if (!r->any && !pattern_is_literal(r->part[ARN_SERVICE]))
            lint_say(l, &LINT_WILD_SERVICE, st, element, i, st->resources[i]);
        else if (!r->any)
            lint_arn(l, rule, i, element);
        for (size_t k = 0; k < st->nresources && st->nresources <= PAIRS_MAX; k++) {
            const struct arn_pattern *q = rule->resources[k];
            if (k == i || r->nothing || r->variables || q->variables ||
                arn_within(r, q) != PATTERN_YES ||
                (k > i && arn_within(q, r) == PATTERN_YES))
                continue;
            lint_say(l, &LINT_REDUNDANT_RESOURCE, st, element, i,
                     str_fmt(l->x->a, "\"%.*s\" is in \"%.*s\"", STR_ARG(r->text),
                             STR_ARG(q->text)));
            break;
        }
    }
}

/* A wildcard always brings actions that fit no resource of the statement. Worth a word is
 * only the bucket without its objects: a good part would live on what lies below. */
static bool lacks_children(struct lint *l, const struct rule *rule,
                           struct action_set dead, size_t all)
{
    for (size_t i = 0; i < rule->nresources; i++) {
        struct str text = rule->resources[i]->text;
        if (str_ends(text, STR("*")))
            continue;
        struct str below = str_fmt(l->x->a, "%.*s/*", STR_ARG(text));
        struct action_set more = iam_taking(
            l->x, dead,
            iam_arn(l->x, below, policy_kind_arn_use(l->p->source.kind), false));
        if (action_set_count(&more) * 5 >= all)
            return true;
    }
    return false;
}

/* Actions by text, none of whose resources is in the statement. */
static void check_dead(struct lint *l, const struct rule *rule)
{
    const struct policy_statement *st = rule->st;
    struct arena *a = l->x->a;
    if (!st->has_resource || rule->not_resource || rule->not_action)
        return;
    struct action_set live = {0};
    for (size_t i = 0; i < rule->nresources; i++) {
        if (rule->resources[i]->any)
            return;
        live = action_set_or(a, live,
                             rule->taken
                                 ? rule->taken[i]
                                 : iam_taking(l->x, rule->actions, rule->resources[i]));
    }
    for (size_t i = 0; i < st->nactions; i++) {
        const struct action_set *s = &rule->texts[i]->set;
        if (action_set_within(*s, live))
            continue;
        struct action_set dead = action_set_minus(a, *s, live);
        size_t n = action_set_count(&dead), all = action_set_count(s);
        const struct action *first = actions_get(l->x->table, action_set_next(&dead, 0));
        if (!n || !first || (n < all && !lacks_children(l, rule, dead, all)))
            continue;
        lint_say(l, &LINT_DEAD_GRANT, st, STR("Action"), i,
                 str_fmt(a, "\"%.*s\": %zu of %zu actions, such as %.*s",
                         STR_ARG(st->actions[i]), n, all,
                         STR_ARG(action_text(a, first))));
    }
}

static void check_shape(struct lint *l, const struct rule *rule)
{
    const struct policy_statement *st = rule->st;
    if (st->effect != POLICY_ALLOW)
        return;
    bool guard = l->p->source.kind == POLICY_SCP || l->p->source.kind == POLICY_BOUNDARY;
    if (rule->not_action && !guard)
        lint_say(l, &LINT_ALLOW_NOT_ACTION, st, STR("NotAction"), SIZE_MAX, STR(""));
    if (rule->not_resource && !guard)
        lint_say(l, &LINT_ALLOW_NOT_RESOURCE, st, STR("NotResource"), SIZE_MAX, STR(""));
    if (st->not_principal)
        lint_say(l, &LINT_ALLOW_NOT_PRINCIPAL, st, STR("NotPrincipal"), SIZE_MAX,
                 STR(""));
    bool any = rule->not_resource;
    for (size_t i = 0; i < rule->nresources && !any; i++) {
        struct pattern r = rule->resources[i]->part[ARN_RESOURCE];
        any = rule->resources[i]->any || pattern_matches(r, STR("role/*")) ||
              (r.n && r.t[0] == PATTERN_STAR);
    }
    if (!any || guard || st->has_principal)
        return;
    unsigned by = rule->narrowing.by;
    const struct action_set *pass = iam_actions(l->x, STR("iam:PassRole"));
    const struct action_set *link = iam_actions(l->x, STR("iam:CreateServiceLinkedRole"));
    if (action_set_meets(rule->actions, *pass) && !(by & NARROW_PASSED_TO))
        lint_say(l, &LINT_PASS_ANY_ROLE, st, STR(""), SIZE_MAX, STR(""));
    if (action_set_meets(rule->actions, *link) && !(by & (NARROW_OTHER | NARROW_REAL)))
        lint_say(l, &LINT_LINK_ANY_ROLE, st, STR(""), SIZE_MAX, STR(""));
}

static bool fits_trust(const struct principal *p, struct str action)
{
    static const char *const free_of[] = {"sts:TagSession", "sts:SetSourceIdentity",
                                          "sts:SetContext"};
    for (size_t i = 0; i < sizeof free_of / sizeof *free_of; i++)
        if (evaluate_action(action, str_from(free_of[i])))
            return true;
    bool saml =
        p->kind == PRINCIPAL_FEDERATED && str_has(p->value, STR(":saml-provider/"));
    if (saml)
        return evaluate_action(action, STR("sts:AssumeRoleWithSAML"));
    if (p->kind == PRINCIPAL_FEDERATED)
        return evaluate_action(action, STR("sts:AssumeRoleWithWebIdentity"));
    return evaluate_action(action, STR("sts:AssumeRole"));
}

static void check_principals(struct lint *l, const struct rule *rule)
{
    const struct policy_statement *st = rule->st;
    struct str element = st->not_principal ? STR("NotPrincipal") : STR("Principal");
    for (size_t i = 0; i < st->nprincipals; i++)
        if (st->principals[i].kind == PRINCIPAL_DEAD)
            lint_say(l, &LINT_DEAD_PRINCIPAL, st, element, SIZE_MAX,
                     st->principals[i].value);
    if (st->effect != POLICY_ALLOW || st->not_principal)
        return;
    unsigned by = rule->narrowing.by;
    const unsigned source = NARROW_SOURCE_ARN | NARROW_SOURCE_ACCOUNT | NARROW_SOURCE_ORG;
    for (size_t i = 0; i < st->nprincipals; i++) {
        const struct principal *p = &st->principals[i];
        if (p->kind == PRINCIPAL_SERVICE && !(by & source)) {
            lint_say(l, &LINT_NO_SOURCE, st, element, SIZE_MAX, p->value);
            break;
        }
        if (p->kind == PRINCIPAL_FEDERATED && !(by & NARROW_FEDERATION)) {
            lint_say(l, &LINT_NO_CLAIM, st, element, SIZE_MAX, p->value);
            break;
        }
    }
    for (size_t k = 0; l->p->source.kind == POLICY_TRUST && k < st->nactions; k++) {
        bool fits = !st->nprincipals;
        for (size_t i = 0; i < st->nprincipals && !fits; i++)
            fits = fits_trust(&st->principals[i], st->actions[k]);
        if (!fits)
            lint_say(l, &LINT_TRUST_ACTION, st, STR("Action"), k, st->actions[k]);
    }
}

static void check_rcp(struct lint *l, const struct rule *rule)
{
    const struct policy_statement *st = rule->st;
    if (l->p->source.kind != POLICY_RCP)
        return;
    const char *wrong = NULL;
    if (st->effect != POLICY_DENY)
        wrong = "Effect is not Deny";
    else if (st->not_principal || st->nprincipals != 1 ||
             st->principals[0].kind != PRINCIPAL_EVERYONE)
        wrong = "Principal is not \"*\"";
    else if (rule->not_action)
        wrong = "NotAction";
    for (size_t i = 0; !wrong && i < st->nactions; i++) {
        struct str prefix, name;
        bool colon = str_cut(st->actions[i], ':', &prefix, &name);
        if (!colon)
            wrong = "Action is a bare *";
        else if (!actions_in_rcp(l->x->table, prefix))
            wrong = "the service does not take part in RCPs";
    }
    if (wrong)
        lint_say(l, &LINT_RCP_FORM, st, STR(""), SIZE_MAX, str_from(wrong));
}

static bool same_statement(const struct rule *r, const struct rule *q)
{
    const struct policy_statement *s = r->st, *t = q->st;
    if (s->effect != t->effect || s->nconditions != t->nconditions || s->has_principal ||
        t->has_principal || r->not_resource != q->not_resource ||
        r->nresources != q->nresources)
        return false;
    for (size_t i = 0; i < r->nresources; i++)
        if (r->resources[i] != q->resources[i])
            return false;
    return action_set_within(r->actions, q->actions) &&
           action_set_within(q->actions, r->actions) &&
           json_equal(json_get(s->node, STR("Condition")),
                      json_get(t->node, STR("Condition")));
}

static void check_repeats(struct lint *l, const struct rules *rules)
{
    for (size_t i = 1; i < rules->n && rules->n <= PAIRS_MAX; i++)
        for (size_t k = 0; k < i; k++)
            if (!rules->v[i].st->broken && !rules->v[k].st->broken &&
                same_statement(&rules->v[i], &rules->v[k])) {
                lint_say(l, &LINT_REDUNDANT_STATEMENT, rules->v[i].st, STR(""), SIZE_MAX,
                         str_fmt(l->x->a, "statement %zu", k + 1));
                break;
            }
}

void lint_policy(struct iam *x, const struct policy *p, struct policy_issues *out)
{
    struct lint l = {x, p, out};
    if (p->unreadable)
        return;
    check_top(&l);
    const struct rules *rules = iam_rules(x, p);
    for (size_t i = 0; i < rules->n; i++) {
        const struct rule *rule = &rules->v[i];
        if (rule->st->broken)
            continue;
        check_actions(&l, rule);
        check_resources(&l, rule);
        check_dead(&l, rule);
        check_shape(&l, rule);
        check_principals(&l, rule);
        check_rcp(&l, rule);
        lint_conditions(&l, rule);
    }
    check_repeats(&l, rules);
}
