/* What can only be said once all files are read: accounts, jobs, partitions, times. */
#pragma once
#include "evidence/evidence.h"

/* Complete the documents from each other; in order, so the result is always the same:
 * - an account that neither path nor answer names is the one of get-caller-identity in
 * the same folder or above, else the only account that the evidence names;
 * - a region likewise is the only one that the evidence names;
 * - the answer of a job is bound to what the call that began the job was about;
 * - partitions follow the account's other answers, else "aws";
 * - ev->newest and ev->size_bytes. */
void settle(struct arena *a, struct evidence *ev, struct diag *dx);
