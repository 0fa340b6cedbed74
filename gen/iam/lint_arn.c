/* Policy lint: parts of ARNs that no resource has. */
#include "iam/lint_kinds.h"

#include <string.h>

static bool is_pattern(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '*' || s.p[i] == '?' || s.p[i] == '$')
            return true;
    return false;
}

static bool is_partition(struct str s)
{
    static const struct str known[] = {
        STR("aws"),       STR("aws-cn"),    STR("aws-us-gov"), STR("aws-iso"),
        STR("aws-iso-b"), STR("aws-iso-e"), STR("aws-iso-f"),  STR("aws-eusc")};
    return str_is_among(s, known, sizeof known / sizeof *known);
}

/* New regions come every year, new points of the compass do not: PLACE-DIRECTION-N. */
static bool is_region(struct str s)
{
    static const struct str directions[] = {
        STR("north"),     STR("south"),     STR("east"),
        STR("west"),      STR("central"),   STR("northeast"),
        STR("northwest"), STR("southeast"), STR("southwest")};
    size_t last = str_find_last(s, '-');
    if (last == (size_t)-1 || last + 1 == s.n)
        return false;
    for (size_t i = last + 1; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    struct str place = str_sub(s, 0, last);
    size_t dash = str_find_last(place, '-');
    return dash != (size_t)-1 && dash >= 2 &&
           str_is_among(str_sub(place, dash + 1, place.n), directions,
                        sizeof directions / sizeof *directions);
}

static bool is_account(struct str s)
{
    if (str_eq(s, STR("aws")) || str_eq(s, STR("cloudfront")))
        return true;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n == 12;
}

/* Does every resource type of the service have something in this part? */
static bool always_there(struct lint *l, struct str service, int part)
{
    const struct action_service *sv = actions_service(l->x->table, service);
    for (size_t i = 0; sv && i < sv->ntypes; i++)
        for (size_t k = 0; k < sv->types[i].npatterns; k++)
            if (!sv->types[i].patterns[k].part[part].n)
                return false;
    return sv && sv->ntypes;
}

static const char *wrong_part(struct lint *l, const struct arn *arn)
{
    struct str partition = arn->part[ARN_PARTITION], service = arn->part[ARN_SERVICE];
    struct str region = arn->part[ARN_REGION], account = arn->part[ARN_ACCOUNT];
    if (!is_pattern(partition) && !is_partition(partition))
        return "the partition";
    for (size_t i = 0; i < service.n; i++)
        if (service.p[i] >= 'A' && service.p[i] <= 'Z')
            return "the service, which is lower case,";
    if (region.n && !is_pattern(region) && !is_region(region))
        return "the region";
    if (account.n && !is_pattern(account) && !is_account(account))
        return "the account";
    if (!region.n && !is_pattern(service) && always_there(l, service, ARN_REGION))
        return "the empty region";
    if (!account.n && !is_pattern(service) && always_there(l, service, ARN_ACCOUNT))
        return "the empty account";
    if (str_find_char(arn->part[ARN_RESOURCE], '<') != (size_t)-1)
        return "a placeholder";
    return NULL;
}

void lint_arn(struct lint *l, const struct rule *rule, size_t i, struct str element)
{
    struct str text = rule->st->resources[i];
    struct arn arn;
    const char *wrong = NULL;
    if (str_eq_nocase(str_sub(text, 0, 4), STR("arn:")) && !str_starts(text, STR("arn:")))
        wrong = "the prefix, which is lower case,";
    else if (arn_split(text, &arn))
        wrong = wrong_part(l, &arn);
    if (wrong)
        lint_say(l, &LINT_ARN_PART, rule->st, element, i,
                 str_fmt(l->x->a, "%s of %.*s", wrong, STR_ARG(text)));
}
