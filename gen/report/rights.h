/* What the report says of rights: who may touch the applications, and the policies that
 * roles should have. */
#pragma once
#include "report/report.h"

/* Fill r->proposals from the assessment, with at most threads threads. They refer to
 * r->subjects, by number, which need not be filled in yet. */
void report_build_proposals(struct arena *a, struct report *r,
                            const struct assessment *as, unsigned threads);

/* Fill r->access, in the same way. m may have forgotten its trees. */
void report_build_access(struct arena *a, struct report *r, const struct model *m);

/* What follows from them: lists of applications, accounts, and roles. */
void report_rights_finish(struct arena *a, struct report *r);

struct str derive_access_held(struct arena *a, const void *thing);
struct str derive_access_rights(struct arena *a, const void *thing);
struct str derive_access_via(struct arena *a, const void *thing);
struct str derive_access_where(struct arena *a, const void *thing);
struct str derive_access_who(struct arena *a, const void *thing);
bool derive_holder_group(const void *thing);
struct str derive_proposal_anchor(struct arena *a, const void *thing);
bool derive_proposal_proved(const void *thing);
size_t derive_proposal_lines(struct arena *a, const void *thing, void **items);
size_t derive_application_top_access(struct arena *a, const void *thing, void **items);
size_t derive_report_top_access(struct arena *a, const void *thing, void **items);
size_t derive_report_top_proposals(struct arena *a, const void *thing, void **items);
