/* A proposed policy in words: for a terminal, as Markdown, as JSON. */
#pragma once
#include "model/proposal.h"

struct buf;
struct trial;

struct proposal_report {
    const struct proposal *proposal;
    const struct trial *trial; /* what the checks would say */
};

/* All three parts of the proof hold. */
bool proposal_proved(const struct proposal_report *r);

/* The permissions: one document, or an array of several. */
void proposal_permissions(struct buf *out, struct arena *a, const struct proposal *p);
/* Each statement with its reason, what is proved, what is not. */
void proposal_text(struct buf *out, struct arena *a, const struct proposal_report *r);
void proposal_markdown(struct buf *out, struct arena *a, const struct proposal_report *r);
void proposal_json(struct buf *out, struct arena *a, const struct proposal_report *r);
