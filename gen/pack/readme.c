/* README.txt of a pack. */
#include "pack/readme.h"

#include "base/buf.h"
#include "base/when.h"

/* clang-format off */
static const char contents[] =
    "What is in it\n"
    "\n"
    "  data/evidence/     the answers of AWS as they were collected, byte for byte%s\n"
    "  data/index.json    where each of them came from, its size and SHA-256\n"
    "  data/collector/    the collectors' own index files, if there were any\n"
    "  data/catalog/      the control catalog that was used%s\n"
    "  data/templates/    the templates that the reports were made with\n"
    "  data/results.json  every test with its result and the evidence it rests on\n"
    "  data/reports/      the same for people (HTML, Markdown) and for CI (JUnit)\n"
    "  attestation/       in-toto Statement about this pack, if there is one\n"
    "  signatures/        signatures over tagmanifest-sha256.txt, if there are any\n"
    "\n";
static const char checking[] =
    "How to check it without kdaudit\n"
    "\n"
    "In the folder that holds this file (Linux; on macOS: shasum -a 256 -c):\n"
    "\n"
    "  sha256sum -c --quiet tagmanifest-sha256.txt\n"
    "  sha256sum -c --quiet manifest-sha256.txt\n"
    "\n"
    "Silence means that no listed file was changed or removed. That none was added:\n"
    "\n"
    "  find data -type f | wc -l        must print %zu\n"
    "\n"
    "The SHA-256 of tagmanifest-sha256.txt stands for the whole pack (the pack id that\n"
    "kdaudit printed): compare it with the one you were told.\n"
    "\n"
    "If the pack is signed (needs OpenSSH 8.2 or newer; get the signer's line for\n"
    "allowed_signers from the signer, not from the pack):\n"
    "\n"
    "  ssh-keygen -Y verify -f allowed_signers -I IDENTITY -n kdaudit-pack@1 \\\n"
    "      -s signatures/tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt\n"
    "\n"
    "How to check it with kdaudit\n"
    "\n"
    "  kdaudit verify .        all of the above, and judges the evidence again\n"
    "  kdaudit report .        a new report from this evidence\n"
    "\n"
    "The pack is a BagIt 1.0 bag (RFC 8493): any BagIt program can validate it.\n";
static const char redaction[] =
    "What was masked\n"
    "\n"
    "This pack is redacted. Before anything was judged, these were replaced by masks, the\n"
    "same value by the same mask in all files: account ids, names in ARNs and in members\n"
    "such as RoleName, principals and their ids, access key ids, IP and e-mail addresses.\n"
    "Not masked: words of AWS (services, regions, actions, types, AWS's own roles and\n"
    "policies), numbers, times, free text that names none of these. Read before you share.\n"
    "The names of files, waivers and parameters are masked too. index.json keeps the SHA-256\n"
    "of each original, so that its owner can show which file it was; who can guess all of a\n"
    "small file can test the guess against it.\n";
static const char given_key[] =
    "The masks are keyed with a secret that is not in this pack (--redact-key).\n\n";
static const char derived_key[] =
    "The masks are keyed with a SHA-256 over all the original evidence: the same evidence\n"
    "gives the same pack, and who has all of that evidence can make the key again.\n\n";
/* clang-format on */

static void count(struct buf *out, uint32_t n, const char *what, const char **before)
{
    if (!n)
        return;
    buf_fmt(out, "%s%u %s", *before, n, what);
    *before = ", ";
}

void pack_readme(struct buf *out, const struct pack_index *ix, const struct report *r)
{
    struct arena *a = arena_new();
    const struct report_counts *c = &r->counts;
    const char *before = "  ";
    bool waivers = false;
    for (size_t i = 0; i < ix->parts.n; i++)
        waivers |= str_eq(ix->parts.v[i].path, STR("waivers.json"));
    buf_fmt(out,
            "Evidence pack\n=============\n\n"
            "AWS evidence about Amazon Managed Service for Apache Flink (Kinesis Data\n"
            "Analytics), judged by kdaudit %.*s with the catalog %.*s %.*s.\n"
            "Ages are counted to %s.\n\n",
            STR_ARG(ix->version), STR_ARG(ix->catalog_id), STR_ARG(ix->catalog_version),
            when_text(a, ix->as_of).p);
    buf_fmt(out, "%zu evidence files, %u tests:\n\n", ix->entries.n, c->total);
    count(out, c->pass, "pass", &before);
    count(out, c->fail, "fail", &before);
    count(out, c->waived, "of the fails waived", &before);
    count(out, c->unknown, "unknown", &before);
    count(out, c->manual, "manual", &before);
    count(out, c->error, "error", &before);
    count(out, c->not_applicable, "not applicable", &before);
    buf_fmt(out, "%s\n\n", c->total ? "" : "  none");
    buf_fmt(out, contents, ix->redacted ? ",\n                     but masked" : "",
            waivers ? ";\n                     data/waivers.json: accepted findings"
                    : "");
    if (ix->redacted) {
        buf_z(out, redaction);
        buf_z(out, str_eq(ix->redaction_key, STR("given")) ? given_key : derived_key);
    }
    buf_fmt(out, checking, ix->entries.n + ix->parts.n + 1);
    arena_free(a);
}
