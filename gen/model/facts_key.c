/* Facts of a KMS key: who manages it, whether it can be used, whether it is rotated. */
#include "model/fact.h"

#include "base/when.h"
#include "evidence/operation.h"

#include <string.h>

static const char *rotation(struct fact *f, const struct json *meta, bool customer)
{
    const struct exhibit *x = subject_exhibit(f->s, "kms:GetKeyRotationStatus");
    if (!customer)
        return "yes"; /* AWS rotates its own */
    struct str spec = json_str(json_get(meta, STR("KeySpec")));
    struct str origin = json_str(json_get(meta, STR("Origin")));
    if (!spec.n)
        spec = json_str(json_get(meta, STR("CustomerMasterKeySpec")));
    if ((spec.n && !str_eq(spec, STR("SYMMETRIC_DEFAULT"))) ||
        (origin.n && !str_eq(origin, STR("AWS_KMS"))))
        return "not-applicable";
    const struct json *on = x ? json_get(x->node, STR("KeyRotationEnabled")) : NULL;
    if (on)
        return fact_yes(json_bool(on));
    return x && document_answers(x->doc) ? "not-applicable" : "unknown";
}

static bool one_of(struct str s, const char *const *words)
{
    for (; *words; words++)
        if (str_eq(s, str_from(*words)))
            return true;
    return false;
}

void facts_key(struct fact *f)
{
    static const char *const usable[] = {"Enabled", "Creating", "Updating", NULL};
    const struct exhibit *x = subject_exhibit(f->s, "kms:DescribeKey");
    const struct json *meta = x ? json_get(x->node, STR("KeyMetadata")) : NULL;
    bool aws = str_starts(f->s->name, STR("alias/aws/")) ||
               map_get(&f->m->aws_keys, f->s->arn) != NULL;
    if (!meta && !aws)
        return;
    struct json *o = fact_object(f, "state");
    struct str manager = json_str(json_get(meta, STR("KeyManager")));
    struct str state = json_str(json_get(meta, STR("KeyState")));
    bool customer = str_eq(manager, STR("CUSTOMER"));
    const char *rotated = rotation(f, meta, customer);
    fact_view(f, o, "manager", meta ? manager : STR("AWS"));
    fact_bool(f, o, "customer", customer);
    fact_view(f, o, "state", state.n ? state : STR("Enabled"));
    fact_bool(f, o, "usable", !state.n || one_of(state, usable));
    fact_bool(f, o, "pending_deletion",
              str_eq(state, STR("PendingDeletion")) ||
                  str_eq(state, STR("PendingReplicaDeletion")));
    int64_t when = WHEN_NONE;
    if (when_read(json_scalar(json_get(meta, STR("DeletionDate"))), &when))
        fact_view(f, o, "deletion_date", when_text(f->a, when));
    fact_z(f, o, "rotation", rotated);
    fact_view(f, o, "spec", json_str(json_get(meta, STR("KeySpec"))));
    fact_view(f, o, "origin", json_str(json_get(meta, STR("Origin"))));
    fact_bool(f, o, "foreign", f->s->foreign);
    fact_at_exhibit(f, o, x, "/KeyMetadata");
    if (strcmp(rotated, "unknown") == 0)
        fact_unknown(f, "state", f->s, "kms:GetKeyRotationStatus", STR(""),
                     "whether the key is rotated is not in evidence");
}
