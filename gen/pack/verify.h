/* Verify a pack: the bag, its hashes, its index, and that its evidence gives its results.
 */
#pragma once
#include "pack/message.h"
#include "pack/open.h"
#include "report/report.h"

struct pack_verified {
    struct pack *pack;
    struct str id;         /* SHA-256 of the tag manifest; empty when there is none */
    struct report *report; /* judged anew; NULL when it did not come to that */
    bool redacted;
    struct str version; /* of the kdaudit that packed */
    const struct text *tag_manifest, *signature, *attestation; /* NULL: not there */
};

/* Read and verify a folder or an archive. Gives the stage that failed first, after
 * recording what is wrong; PACK_STAGES when all is well. Later stages need the earlier
 * ones: evidence that is not what was packed is not judged. Signatures are not looked at
 * here. */
enum pack_stage pack_verify(struct arena *a, const char *path, unsigned threads,
                            struct pack_verified *out, struct diag *dx);

/* The same for a pack that was read already (tests). */
enum pack_stage pack_verify_read(struct arena *a, struct pack *p, unsigned threads,
                                 struct pack_verified *out, struct diag *dx);
