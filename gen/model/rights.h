/* The rights of a role: what it may do in effect, what the applications that run as it
 * need, what it used, what of the one goes beyond the other, and what a policy for it
 * would rest on. One place for facts, for commands, and for reports.
 *
 * A command asks with model_rights. Then
 *   minimal_policy(r->iam, r->needs, r->effective, &r->proposal)
 * is the policy that the role should have (kept Denies and rights in use included), and
 *   minimal_trust(r->iam, arns, n, STR("kinesisanalytics.amazonaws.com"))
 * the trust policy for its applications. minimal_fate_of(r->comparison, st) tells what
 * becomes of a present Allow. */
#pragma once
#include "iam/minimal.h"
#include "iam/use.h"
#include "model/identity.h"

struct rights {
    struct iam *iam; /* of everything below */
    const struct subject *role;
    const struct subject *const *apps; /* that run as it, by ARN */
    size_t napps;

    /* What it may do. effective->incomplete: some policy is not in evidence or cannot be
     * read, so that it may do more; effective->upper_bound: it may do less. */
    const struct identity *identity;
    struct effective *effective;
    const struct policy *trust;     /* who may take it; NULL: not in evidence */
    const struct exhibit *trust_at; /* where it stands */

    /* What the applications need: every row with its grade (certain, indicated), its
     * target with the place that names it (at, pointer), and the rule's source. What code
     * does that no property names is the third grade, unknown: then needs->accounted is
     * false, and an unneeded data right is called unaccounted, not excess. */
    struct needs *needs;
    const struct subject
        *undescribed; /* an application whose description is not in
                         evidence, so that needs are not known; or NULL */

    /* What it used: from service last accessed data and CloudTrail records. */
    bool use_known; /* there is any such evidence */
    const struct use_evidence *use_evidence;
    struct use *use;

    /* Granted minus needed. Rights that were used successfully count as needed here.
     * NULL when undescribed: then nothing can be called excess. */
    struct comparison *comparison;

    struct minimal_options proposal; /* for minimal_policy; change only_must, max_chars */
};

/* Work out the rights of role in f->scratch. f->iam must be there. window_days: how long
 * a right must have been idle to be called unused; 0: 90. */
struct rights *rights_read(const struct fact *f, const struct subject *role,
                           int64_t window_days);

/* The same for commands: everything lives in arena a. actions: the bytes of
 * controls/iam-actions.json. m must be whole (not model_options.bare) for use to be
 * known. NULL when the table cannot be read (recorded in dx). */
struct rights *model_rights(struct arena *a, const struct model *m, struct str actions,
                            const struct subject *role, int64_t window_days,
                            struct diag *dx);

/* A context of actions for the model, in arena a: its own table, or that of actions. NULL
 * when that cannot be read (recorded in dx). */
struct iam *model_iam(struct arena *a, const struct model *m, struct str actions,
                      struct diag *dx);

/* Applications that run as role, or hand work to it (inputs, outputs, reference data of
 * SQL applications); in order of ARN. */
const struct subject *const *rights_apps(struct arena *a, const struct subject *role,
                                         size_t *n);

/* The roles that applications run as: ARN -> subject. */
struct map rights_callers(struct arena *a, const struct model *m);

/* What one application asks of one of its roles, or of its execution role (role NULL):
 * targets for needs_of, in f->scratch. *described: its description is in evidence. */
struct need_app rights_app(const struct fact *f, const struct subject *app,
                           const struct subject *role, bool *described);

/* The kind of evidence that would say with which key s is encrypted; NULL when it is in
 * evidence, or no right of a role depends on it. */
const char *rights_key_kind(const struct subject *s);

/* The trust policy of a role, read; NULL when it is not in evidence. *x and *pointer:
 * where it stands. */
const struct policy *rights_trust(const struct fact *f, const struct subject *role,
                                  const struct exhibit **x, struct str *pointer);

/* What a present Allow should say instead, as JSON text on one line: a statement, or an
 * array of them; empty when nothing of it is needed. r->comparison must be there. In
 * f->scratch. */
struct str rights_replacement(const struct fact *f, const struct rights *r,
                              const struct policy_statement *st);

/* What r->role was seen to use, for use_index; in f->scratch. */
struct use_evidence *rights_use(const struct fact *f, const struct rights *r,
                                int64_t window_days);

/* The document that an origin (of a need's target, a statement) stands in; facts have it
 * as "at", with the pointer beside the origin. */
const struct document *rights_document(struct origin at);

/* Facts of a role that rest on its rights: rights and risk, one file each. */
void facts_rights(struct fact *f, const struct rights *r);
void facts_risk(struct fact *f, const struct rights *r);
