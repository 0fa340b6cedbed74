/* The table of messages of gen/evidence. */
#include "evidence/message.h"

/* clang-format off */
const struct diag_kind EVI_NOTHING_TO_READ = {"EVI-101", DIAG_ERROR, "no evidence files",
    "name the folder or the files that hold what the aws command printed"};
const struct diag_kind EVI_NOTHING_RECOGNISED = {"EVI-102", DIAG_ERROR, "no file was recognised as evidence",
    "name files SERVICE/OPERATION.json or SERVICE-OPERATION-NAME.json; `kdaudit evidence` says why for each"};
const struct diag_kind EVI_INDEX_UNUSABLE = {"EVI-103", DIAG_WARNING, "index.json cannot be used",
    "mend it as samples/README.md shows, or remove it; the files are recognised by name and shape meanwhile"};
const struct diag_kind EVI_INDEX_MISSING = {"EVI-104", DIAG_WARNING, "index.json names a file that is not there",
    "collect it again, or take it out of the index"};
const struct diag_kind EVI_INDEX_ENTRY = {"EVI-105", DIAG_WARNING, "entry of index.json has no usable path",
    "give \"path\" relative to the index's folder, with '/' and without '..'"};
const struct diag_kind EVI_UNRECOGNISED = {"EVI-110", DIAG_WARNING, "no operation answers like this",
    "name the file SERVICE-OPERATION.json after the aws command that printed it, or remove it"};
const struct diag_kind EVI_AMBIGUOUS = {"EVI-111", DIAG_WARNING, "several operations answer like this",
    "name the file SERVICE-OPERATION-NAME.json after the aws command that printed it"};
const struct diag_kind EVI_NAME_AND_CONTENT = {"EVI-112", DIAG_WARNING, "name and content disagree",
    "check what the file holds, then rename it or collect it again"};
const struct diag_kind EVI_QUERIED = {"EVI-113", DIAG_WARNING, "the answer lost its top key",
    "collect it again without --query and without a filter behind a pipe"};
const struct diag_kind EVI_WRONG_SHAPE = {"EVI-114", DIAG_WARNING, "not the shape of the operation's answer",
    "collect it again with --output json and without --query"};
const struct diag_kind EVI_UNBOUND = {"EVI-115", DIAG_WARNING, "nothing says what this answer is about",
    "put the option's value into the name, OPERATION~VALUE.json, or into index.json"};
const struct diag_kind EVI_MIXED_UP = {"EVI-116", DIAG_WARNING, "account or region differ from the path's",
    "move the file to the folder of its account and region, or collect it again"};
const struct diag_kind EVI_OLD_API = {"EVI-117", DIAG_WARNING, "answer of the old Kinesis Analytics API",
    "collect it with aws kinesisanalyticsv2"};
const struct diag_kind EVI_NOT_EVIDENCE = {"EVI-118", DIAG_WARNING, "answer is not used as evidence",
    "remove it; `kdaudit evidence` lists the operations that count"};
const struct diag_kind EVI_HOLDS_SECRET = {"EVI-119", DIAG_WARNING, "file may hold a credential",
    "delete it from the evidence, and rotate the credential if the file was shared"};
const struct diag_kind EVI_CONFIG_SNAPSHOT = {"EVI-120", DIAG_WARNING, "AWS Config snapshot",
    "collect the operations themselves; `kdaudit evidence` lists the commands"};
const struct diag_kind EVI_EMPTY_ANSWER = {"EVI-121", DIAG_WARNING, "answer is empty",
    "collect it again; this operation never answers nothing"};
const struct diag_kind EVI_EMPTY_UNKNOWN = {"EVI-122", DIAG_WARNING, "file is empty, and nothing says whether the call succeeded",
    "collect it again and keep the exit code in index.json, or standard error in a .err file beside it"};
const struct diag_kind EVI_OTHER_SUBJECT = {"EVI-123", DIAG_WARNING, "answer is about something else than its name says",
    "check what the file holds, then rename it or collect it again"};
const struct diag_kind EVI_NO_ERROR_CODE = {"EVI-124", DIAG_WARNING, "failed call without an error code",
    "collect it again and keep all of standard error"};
const struct diag_kind EVI_CUT_SHORT = {"EVI-125", DIAG_WARNING, "answer is cut short",
    "collect it again without --max-items and --no-paginate"};
const struct diag_kind EVI_NOT_JSON_OUTPUT = {"EVI-126", DIAG_WARNING, "output of the aws command, but not JSON",
    "collect it again with --output json"};
const struct diag_kind EVI_BAD_REPORT = {"EVI-127", DIAG_WARNING, "credential report cannot be read",
    "collect it again: aws iam get-credential-report"};
/* clang-format on */

static const struct diag_kind *const all[] = {
    &EVI_NOTHING_TO_READ, &EVI_NOTHING_RECOGNISED,
    &EVI_INDEX_UNUSABLE,  &EVI_INDEX_MISSING,
    &EVI_INDEX_ENTRY,     &EVI_UNRECOGNISED,
    &EVI_AMBIGUOUS,       &EVI_NAME_AND_CONTENT,
    &EVI_QUERIED,         &EVI_WRONG_SHAPE,
    &EVI_UNBOUND,         &EVI_MIXED_UP,
    &EVI_OLD_API,         &EVI_NOT_EVIDENCE,
    &EVI_HOLDS_SECRET,    &EVI_CONFIG_SNAPSHOT,
    &EVI_EMPTY_ANSWER,    &EVI_EMPTY_UNKNOWN,
    &EVI_OTHER_SUBJECT,   &EVI_NO_ERROR_CODE,
    &EVI_CUT_SHORT,       &EVI_NOT_JSON_OUTPUT,
    &EVI_BAD_REPORT,
};

const struct diag_kind *const *evidence_messages(size_t *n)
{
    *n = sizeof all / sizeof *all;
    return all;
}
