/* What the policies of a role say of keys, put down in a few words. */
#include "model/key_rights.h"

const char *const key_actions[KEY_ACTIONS] = {"kms:Decrypt", "kms:GenerateDataKey"};

const struct action_set *key_rights_actions(struct iam *x)
{
    return iam_actions_all(x, key_actions, KEY_ACTIONS);
}

const struct key_rights *key_rights_of(struct arena *a, struct iam *x,
                                       const struct identity *id,
                                       const struct effective *e)
{
    struct key_rights *out = ARENA_NEW(a, struct key_rights);
    const struct action *act[KEY_ACTIONS];
    for (size_t k = 0; k < KEY_ACTIONS; k++)
        act[k] = iam_action(x, str_from(key_actions[k]));
    out->incomplete = e->incomplete;
    out->inline_listed = id->inline_listed;
    for (size_t i = 0; i < e->n; i++) {
        const struct grant *g = &e->v[i];
        struct key_grant one = {.variables = g->st->policy->variables,
                                .conditional = g->conditional};
        bool any = false;
        for (size_t k = 0; k < KEY_ACTIONS; k++) {
            one.granted[k] = act[k] && action_set_has(&g->actions, act[k]->row);
            one.unsure[k] = act[k] && action_set_has(&g->unsure, act[k]->row);
            any = any || one.granted[k];
        }
        if (!any)
            continue;
        /* The pattern of a limit is read by other rules. */
        one.odd = g->negated || g->narrowed ? g : NULL;
        one.resource = str_dup(a, g->r->text);
        out->odd = out->odd || one.odd;
        *vec_push(a, &out->grants) = one;
    }
    return out;
}

enum rule_reach key_grant_reach(struct iam *x, const struct key_grant *g,
                                const struct arn_pattern *key)
{
    return g->odd
               ? grant_reach(g->odd, key)
               : arn_reach(iam_arn(x, g->resource, ARN_IN_IDENTITY, g->variables), key);
}
