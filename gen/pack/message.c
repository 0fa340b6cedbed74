/* The messages of packs. */
#include "pack/message.h"

#include <string.h>

/* clang-format off */
const struct diag_kind PAK_BAD_PATH = {"PAK-101", DIAG_ERROR, "path is not allowed in a pack",
    "use the pack as kdaudit wrote it; nothing was unpacked"};
const struct diag_kind PAK_TWINS = {"PAK-102", DIAG_ERROR, "two paths differ in case only",
    "one of them would overwrite the other on some systems; get the pack again"};
const struct diag_kind PAK_NOT_PLAIN = {"PAK-103", DIAG_ERROR, "neither file nor folder",
    "a pack holds no links and no devices; get the pack again"};
const struct diag_kind PAK_FETCH = {"PAK-104", DIAG_ERROR, "fetch.txt is refused",
    "a pack that is completed from elsewhere is no evidence; get the whole pack"};
const struct diag_kind PAK_MISSING_PART = {"PAK-105", DIAG_ERROR, "part of the pack is missing",
    "get the pack again; it must hold all that README.txt of a pack lists"};
const struct diag_kind PAK_BAD_LINE = {"PAK-106", DIAG_ERROR, "line of a manifest is not as it must be",
    "64 lower-case hex digits, two spaces, a path; sorted, each path once, LF after each line"};
const struct diag_kind PAK_DECLARATION = {"PAK-107", DIAG_ERROR, "bagit.txt is not that of BagIt 1.0 in UTF-8",
    "get the pack again"};
const struct diag_kind PAK_NOT_LISTED = {"PAK-108", DIAG_ERROR, "file is in no manifest",
    "it does not belong to the pack: find out who added it"};
const struct diag_kind PAK_NOT_THERE = {"PAK-109", DIAG_ERROR, "listed file is not there",
    "find out who removed or renamed it, or get the pack again"};
const struct diag_kind PAK_WRONG_LIST = {"PAK-110", DIAG_ERROR, "manifest lists what it must not",
    "manifest-sha256.txt lists data/, tagmanifest-sha256.txt README.txt, bag-info.txt, bagit.txt and manifest-sha256.txt"};
const struct diag_kind PAK_STRAY = {"PAK-111", DIAG_ERROR, "file does not belong to a pack",
    "besides its own files a pack holds signatures/ and attestation/ only"};
const struct diag_kind PAK_TOO_LARGE = {"PAK-112", DIAG_ERROR, "pack is too large",
    "at most 2,000,000 files, 1 GiB each, and 16 GiB in all are read"};
const struct diag_kind PAK_BAD_ARCHIVE = {"PAK-113", DIAG_ERROR, "cannot read archive",
    "give a folder, a .tar.gz, .tar or .zip that holds one pack"};
const struct diag_kind PAK_BASE = {"PAK-114", DIAG_ERROR, "archive does not hold one folder",
    "all of a pack stands below one folder; archive the folder itself"};
const struct diag_kind PAK_TWICE = {"PAK-115", DIAG_ERROR, "archive holds a path twice",
    "which of them counts differs from program to program; get the pack again"};
const struct diag_kind PAK_EMPTY_FOLDER = {"PAK-116", DIAG_ERROR, "folder holds nothing",
    "no manifest can name it, so no pack has one: find out who added it"};
const struct diag_kind PAK_CHANGED = {"PAK-120", DIAG_ERROR, "file is not what the manifest says",
    "its bytes were changed after packing; get the pack again"};
const struct diag_kind PAK_OXUM = {"PAK-121", DIAG_ERROR, "Payload-Oxum is not that of data/",
    "bytes or files were added or removed; get the pack again"};
const struct diag_kind PAK_INFO = {"PAK-122", DIAG_ERROR, "bag-info.txt is not about this pack",
    "External-Identifier must be kdaudit: and the SHA-256 of data/index.json; get the pack again"};
const struct diag_kind PAK_INDEX_UNREADABLE = {"PAK-130", DIAG_ERROR, "cannot use index.json",
    "it must be as kdaudit pack writes it, of a format that this kdaudit knows"};
const struct diag_kind PAK_INDEX_MISSES = {"PAK-131", DIAG_ERROR, "file is not in index.json",
    "all evidence, catalog and waivers of a pack stand in its index; get the pack again"};
const struct diag_kind PAK_INDEX_EXTRA = {"PAK-132", DIAG_ERROR, "index.json names a file that is not there",
    "get the pack again"};
const struct diag_kind PAK_INDEX_DIFFERS = {"PAK-133", DIAG_ERROR, "index.json says otherwise about a file",
    "size and SHA-256 must be those of the file; get the pack again"};
const struct diag_kind PAK_CANNOT_JUDGE = {"PAK-140", DIAG_ERROR, "cannot judge the pack's evidence again",
    "the messages above say why; a pack made by a newer kdaudit needs that one"};
const struct diag_kind PAK_RESULTS_DIFFER = {"PAK-141", DIAG_ERROR, "the evidence does not give these results",
    "do not rely on this pack's verdicts; if another version made it, verify with that one"};
const struct diag_kind PAK_STATEMENT_DIFFERS = {"PAK-142", DIAG_ERROR, "the attestation is not that of this pack",
    "attestation/test-result.intoto.json must name this tag manifest and these results"};
const struct diag_kind PAK_SIGNATURE_BAD = {"PAK-150", DIAG_ERROR, "signature is not good",
    "the tag manifest was not signed by an allowed signer; ask whoever made the pack"};
const struct diag_kind PAK_SIGNATURE_ABSENT = {"PAK-151", DIAG_ERROR, "pack is not signed",
    "--allowed-signers needs signatures/tagmanifest-sha256.txt.sig; sign with kdaudit pack --sign"};
const struct diag_kind PAK_KEYGEN = {"PAK-152", DIAG_ERROR, "cannot sign or check with ssh-keygen",
    "install OpenSSH 8.2 or newer, and see its message above"};
const struct diag_kind PAK_CHANGING = {"PAK-160", DIAG_ERROR, "evidence changed while it was packed",
    "wait until the collector has finished, then pack again"};
const struct diag_kind PAK_NO_TIME = {"PAK-161", DIAG_ERROR, "no time to judge by",
    "give --as-of: the evidence names no time"};
const struct diag_kind PAK_BAD_INFO = {"PAK-162", DIAG_ERROR, "not a line for bag-info.txt",
    "give LABEL=VALUE with a label such as Source-Organization or Contact-Name"};
const struct diag_kind PAK_ARCHIVE_BROKE = {"PAK-163", DIAG_ERROR, "cannot write archive",
    "make room on the disk, then run it again; no half-written file was left"};
const struct diag_kind PAK_WEAK_KEY = {"PAK-164", DIAG_ERROR, "cannot use this key for masking",
    "give a file of at least 16 bytes that others cannot guess"};
/* clang-format on */

enum pack_stage pack_stage_of(const char *code)
{
    if (strncmp(code, "PAK-", 4) != 0)
        return PACK_STAGES;
    switch (code[5]) {
    case '0':
    case '1':
        return PACK_STRUCTURE;
    case '2':
        return PACK_HASH;
    case '3':
        return PACK_INDEX;
    case '4':
        return PACK_RESULTS;
    case '5':
        return PACK_SIGNATURE;
    default:
        return PACK_STAGES;
    }
}
