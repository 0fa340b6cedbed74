/* README.txt of a pack. */
#include "pack/readme.h"

#include "base/buf.h"
#include "base/when.h"

#include <string.h>

/* clang-format off */
/* Start of a path below the pack, and what is there; a pack need not have it all. */
static const struct { const char *path, *what; } contents[] = {
    {"data/reports/report.html", "start here: the verdict, for people (and report.md)"},
    {"data/evidence/",           "the answers of AWS as they were collected, byte for byte"},
    {"data/index.json",          "where each of them came from, its size and SHA-256"},
    {"data/results.json",        "every test with its result and the evidence it rests on"},
    {"data/reports/",            "the same for people (HTML, Markdown) and for CI (JUnit)"},
    {"data/catalog/",            "the controls and checks that were used"},
    {"data/waivers.json",        "findings that were accepted, and checks attested, until when"},
    {"data/documents/",          "the signed documents of those attestations"},
    {"data/baseline.json",       "earlier results: what they have too is called known"},
    {"data/templates/",          "what the reports were made with"},
    {"data/collector/",          "the collectors' own index files"},
    {"attestation/",             "in-toto Statement: the results, and this pack's hash"},
    {"signatures/",              "signatures over tagmanifest-sha256.txt, when it is signed"},
};
static const char following[] =
    "To follow a finding: the report and results.json name the file, the line and the JSON\n"
    "pointer that it rests on, with the file's SHA-256; the file is in data/evidence/ under\n"
    "that name. To follow a pass: the same.\n\n";
static const char checking[] =
    "How to check it without kdaudit\n"
    "\n"
    "In the folder that holds this file (on macOS write shasum -a 256 for sha256sum):\n"
    "\n"
    "1. Nothing was changed or removed. Both print nothing when all is well:\n"
    "\n"
    "  sha256sum -c --quiet --strict tagmanifest-sha256.txt\n"
    "  sha256sum -c --quiet --strict manifest-sha256.txt\n"
    "\n"
    "2. Nothing was added: no file that is in no manifest, no link, no empty folder. Both\n"
    "   print nothing when all is well:\n"
    "\n"
    "  (find data ! -type d; cut -c 67- manifest-sha256.txt) | sort | uniq -u\n"
    "  find . ! -type f ! -type d; find . -type d -empty\n"
    "\n"
    "   %zu files are in data/.\n"
    "\n"
    "3. It is the pack that you were told of. This prints the pack id, which stands for every\n"
    "   byte above; kdaudit printed it when the pack was made:\n"
    "\n"
    "  sha256sum tagmanifest-sha256.txt\n"
    "\n"
    "4. It is signed by whom it must be, if it is signed (OpenSSH 8.2 or newer). Get the\n"
    "   signer's public key from the signer, not from the pack, and write it into a file\n"
    "   allowed_signers, on one line:\n"
    "\n"
    "     audit@example.com namespaces=\"kdaudit-pack@1\" ssh-ed25519 AAAA...\n"
    "\n"
    "  ssh-keygen -Y verify -f allowed_signers -I audit@example.com -n kdaudit-pack@1 \\\n"
    "      -s signatures/tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt\n"
    "\n"
    "   Without such a file this prints the key's fingerprint, for the signer to confirm:\n"
    "\n"
    "  ssh-keygen -Y check-novalidate -n kdaudit-pack@1 \\\n"
    "      -s signatures/tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt\n"
    "\n"
    "5. attestation/ names the same pack id. It is in no manifest, since it has their hash:\n"
    "   trust it no more than the signature over it, if it is signed elsewhere.\n"
    "\n"
    "How to check it with kdaudit\n"
    "\n"
    "  kdaudit verify .        all of the above, and judges the evidence again: its catalog\n"
    "                          must give the results in this pack, byte for byte\n"
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
    "small file can test the guess against it. Signed documents of attestations are left out;\n"
    "of a baseline its checks, masked ARNs and results alone are kept.\n";
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

/* Does the pack have something there, or may it get it? */
static bool holds(const struct pack_index *ix, struct str path)
{
    struct str below;
    if (!str_starts(path, STR("data/")))
        return true;
    below = str_sub(path, 5, path.n);
    if (str_eq(below, STR("index.json")) || str_eq(below, STR("evidence/")))
        return true;
    for (size_t i = 0; i < ix->parts.n; i++)
        if (str_starts(ix->parts.v[i].path, below))
            return true;
    return false;
}

void pack_readme(struct buf *out, const struct pack_index *ix, const struct report *r)
{
    struct arena *a = arena_new();
    const struct report_counts *c = &r->counts;
    const char *before = "  ";
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
    buf_z(out, "What is in it\n\n");
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++)
        if (holds(ix, str_from(contents[i].path)))
            buf_fmt(out, "  %-26s%s\n", contents[i].path,
                    ix->redacted && strcmp(contents[i].path, "data/evidence/") == 0
                        ? "the answers of AWS, with names masked (see below)"
                        : contents[i].what);
    buf_c(out, '\n');
    buf_z(out, following);
    if (ix->redacted) {
        buf_z(out, redaction);
        buf_z(out, str_eq(ix->redaction_key, STR("given")) ? given_key : derived_key);
    }
    buf_fmt(out, checking, ix->entries.n + ix->parts.n + 1);
    arena_free(a);
}
