/* The commands of kdaudit and their options: the rows that everything about them comes
 * from. */
#include "cli/commands.h"

#include "cli/options.h"

#include <string.h>

/* clang-format off */
#define O_HELP      {'h', "help",      NULL,         OPT_HELP,      NULL, "show this help"}
#define O_CONTROLS  {0,   "controls",  "DIR",        OPT_CONTROLS,  "DIR", "use the control catalog in DIR"}
#define O_TEMPLATES {0,   "templates", "DIR",        OPT_TEMPLATES, "DIR", "use the templates in DIR"}
#define O_AS_OF     {0,   "as-of",     "TIME",       OPT_AS_OF,     NULL, "count ages to TIME (RFC 3339); default: SOURCE_DATE_EPOCH, else the newest evidence"}
#define O_PARAM     {'p', "param",     "NAME=VALUE", OPT_PARAM,     NULL, "set a parameter of the catalog; repeat for more"}
#define O_THREADS   {0,   "threads",   "N",          OPT_THREADS,   NULL, "use N threads; default: all processors. The result is the same"}
#define O_PROGRESS  {0,   "progress",  NULL,         OPT_PROGRESS,  NULL, "show progress even when standard error is not a terminal"}
#define O_COLOUR    {0,   "colour",    "WHEN",       OPT_COLOUR,    "auto always never", "colour the terminal output: auto, always, or never; NO_COLOR is respected"}
#define O_QUIET     {'q', "quiet",     NULL,         OPT_QUIET,     NULL, "print errors only"}
#define O_FAIL_ON   {0,   "fail-on",   "RESULTS",    OPT_FAIL_ON,   NULL, "results that make the exit code not 0; default: fail,unknown,error"}
#define O_EXIT_ZERO {0,   "exit-zero", NULL,         OPT_EXIT_ZERO, NULL, "exit 0 whatever was judged (faults of the run itself still show)"}
#define O_MAX_BYTES {0,   "max-bytes", "N",          OPT_MAX_BYTES, NULL, "above N bytes HTML becomes an index with a page for each control; the summary is cut to N (default 60000)"}
#define O_JUNIT_EXTENDED {0, "junit-extended", NULL, OPT_JUNIT_EXTENDED, NULL, "JUnit with file, line and properties of each case: more for GitLab, CircleCI, Allure; Jenkins xUnit refuses it"}
#define O_JUNIT_SPLIT {0, "junit-split", "N", OPT_JUNIT_SPLIT, NULL, "JUnit as junit-001.xml and so on, with at most N cases each (Buildkite takes 5000)"}

#define O_CSV_BOM {0, "csv-bom", NULL, OPT_CSV_BOM, NULL, "begin CSV with a byte order mark, for Excel"}

/* The names of render/formats.c; a unit test compares them. */
#define FORMATS     "asff csv hdf html in-toto json junit markdown ocsf oscal oscal-catalog sarif sarif-all summary"
#define FORMATS_HELP "formats, comma-separated: html, json, junit, markdown; summary, csv; oscal, oscal-catalog, sarif, sarif-all, ocsf, hdf, asff, in-toto"

static const struct opt report_opts[] = {
    {'o', "output", "DIR", OPT_OUTPUT, "DIR", "write the reports into DIR (\"-\": standard output, one format)"},
    {'f', "format", "NAMES", OPT_FORMAT, FORMATS, FORMATS_HELP "; default with -o: html,json,junit,markdown"},
    {'w', "waivers", "FILE", OPT_WAIVERS, "FILE", "accept what the waivers and attestations in FILE list"},
    {'b', "baseline", "FILE", OPT_BASELINE, "FILE", "mark what the results.json or pack FILE has open too as known: only new findings count"},
    O_CONTROLS, O_TEMPLATES, O_PARAM, O_AS_OF, O_FAIL_ON, O_EXIT_ZERO, O_MAX_BYTES, O_JUNIT_EXTENDED, O_JUNIT_SPLIT, O_CSV_BOM, O_THREADS,
    O_PROGRESS, O_COLOUR, O_QUIET, O_HELP,
};
static const struct opt render_opts[] = {
    {'o', "output", "DIR", OPT_OUTPUT, "DIR", "write into DIR (default \"-\": standard output, one format)"},
    {'f', "format", "NAMES", OPT_FORMAT, FORMATS, FORMATS_HELP},
    O_TEMPLATES, O_MAX_BYTES, O_JUNIT_EXTENDED, O_JUNIT_SPLIT, O_CSV_BOM, O_COLOUR, O_QUIET, O_HELP,
};
static const struct opt diff_opts[] = {
    {'f', "format", "NAME", OPT_FORMAT, "text markdown json", "text, markdown or json; default: text"},
    O_CONTROLS, O_PARAM, O_AS_OF, O_THREADS, O_COLOUR, O_QUIET, O_HELP,
};
static const struct opt waive_opts[] = {
    {'w', "waivers", "FILE", OPT_WAIVERS, "FILE", "waiver file to add to (made when it is not there); default: print to standard output"},
    {0, "reason", "TEXT", OPT_REASON, NULL, "why it is accepted"},
    {0, "approver", "NAME", OPT_APPROVER, NULL, "who accepted it"},
    {0, "until", "DATE", OPT_UNTIL, NULL, "last day that it holds, in UTC: 2027-01-31"},
    {0, "ticket", "TEXT", OPT_TICKET, NULL, "ticket that it was decided in"},
    {0, "document", "FILE", OPT_DOCUMENT, "FILE", "attest a check that needs a person instead: FILE is the signed document, whose SHA-256 is written down"},
    O_CONTROLS, O_COLOUR, O_HELP,
};
/* The names of render/wiki_dialect.c; a unit test compares them. */
#define DIALECTS "azure bitbucket confluence github gitlab mediawiki"
static const struct opt wiki_opts[] = {
    {'o', "output", "DIR", OPT_OUTPUT, "DIR", "write the pages into DIR: a checkout of the wiki's repository, or a folder to publish from"},
    {0, "dialect", "NAME", OPT_DIALECT, DIALECTS, "azure, bitbucket, confluence, github, gitlab or mediawiki"},
    {0, "prune", NULL, OPT_PRUNE, NULL, "remove our pages of what is no longer in the evidence"},
    {0, "force", NULL, OPT_FORCE, NULL, "write over (or prune) pages that somebody changed, too"},
    {'w', "waivers", "FILE", OPT_WAIVERS, "FILE", "accept what the waivers and attestations in FILE list"},
    {'b', "baseline", "FILE", OPT_BASELINE, "FILE", "mark what the results.json FILE has open too as known"},
    O_CONTROLS, O_TEMPLATES, O_PARAM, O_AS_OF, O_THREADS, O_PROGRESS, O_COLOUR, O_QUIET, O_HELP,
};
static const struct opt pack_opts[] = {
    {'o', "output", "PACK", OPT_OUTPUT, "FILE", "folder to make, or archive: FILE.tar.gz, FILE.tar, FILE.zip"},
    {'w', "waivers", "FILE", OPT_WAIVERS, "FILE", "accept what the waivers and attestations in FILE list; packed too"},
    {'b', "baseline", "FILE", OPT_BASELINE, "FILE", "mark what the results.json or pack FILE has open too as known; packed too"},
    {'f', "format", "NAMES", OPT_FORMAT, FORMATS, "reports to add to html, json, junit and markdown: csv, sarif, oscal, ..."},
    {0, "sign", "KEY", OPT_SIGN, "FILE", "sign the pack with this SSH key (ssh-keygen, namespace kdaudit-pack@1)"},
    {0, "info", "LABEL=VALUE", OPT_INFO, NULL, "line for bag-info.txt, such as Source-Organization=Example; repeat for more"},
    {0, "redact", NULL, OPT_REDACT, NULL, "mask account ids, names, principals and addresses before anything is judged"},
    {0, "redact-key", "FILE", OPT_REDACT_KEY, "FILE", "redact with the secret in FILE, so that nobody else can make the masks again"},
    O_CONTROLS, O_TEMPLATES, O_PARAM, O_AS_OF, O_MAX_BYTES, O_JUNIT_EXTENDED, O_JUNIT_SPLIT, O_CSV_BOM, O_THREADS, O_COLOUR, O_QUIET, O_HELP,
};
static const struct opt verify_opts[] = {
    {0, "allowed-signers", "FILE", OPT_ALLOWED_SIGNERS, "FILE", "demand a signature by somebody in FILE (see ALLOWED SIGNERS in ssh-keygen(1))"},
    {0, "identity", "ID", OPT_IDENTITY, NULL, "demand that it is by ID; default: any of FILE"},
    O_THREADS, O_COLOUR, O_QUIET, O_HELP,
};
static const struct opt access_opts[] = {
    {'f', "format", "NAME", OPT_FORMAT, "text csv json", "text, csv or json; default: text"},
    O_CONTROLS, O_AS_OF, O_THREADS, O_PROGRESS, O_COLOUR, O_HELP,
};
static const struct opt can_opts[] = {
    {0, "principal", "ARN", OPT_PRINCIPAL, NULL, "who asks: ARN or unique name of a role or user"},
    {0, "action", "ACTION", OPT_ACTION, NULL, "what: service:Action"},
    {0, "resource", "ARN", OPT_RESOURCE, NULL, "on what; default: *"},
    {0, "context", "KEY=VALUE", OPT_CONTEXT, NULL, "a condition key of the request; repeat for more"},
    {0, "session", "FILE", OPT_SESSION, "FILE", "a policy that the session was made with: it must allow too; repeat for more"},
    {0, "policy", "FILE", OPT_POLICY, "FILE", "evaluate bare identity policies instead of evidence; repeat for more"},
    {'f', "format", "NAME", OPT_FORMAT, "text json", "text or json; default: text"},
    O_CONTROLS, O_THREADS, O_COLOUR, O_HELP,
};
static const struct opt policy_opts[] = {
    {0, "application", "NAME", OPT_APPLICATION, NULL, "name or ARN of the application; default: the only one"},
    {0, "role", "ROLE", OPT_ROLE, NULL, "name or ARN of the role; default: the one that the application runs as. Alone: for all applications that run as it"},
    {0, "certain", NULL, OPT_CERTAIN, NULL, "leave out what depends on the code: only what the configuration demands"},
    {'o', "output", "DIR", OPT_OUTPUT, "DIR", "write the policies as files into DIR, with proposal.md and changes.diff"},
    {'f', "format", "NAME", OPT_FORMAT, "policy trust json markdown diff", "what to print: policy (the default), trust, json (both, with reasons), markdown, diff (against the present policies)"},
    O_CONTROLS, O_AS_OF, O_THREADS, O_PROGRESS, O_COLOUR, O_QUIET, O_HELP,
};
static const struct opt controls_opts[] = {
    {0, "check", NULL, OPT_CHECK, NULL, "check the catalog and say whether it can be used"},
    {0, "functions", NULL, OPT_FUNCTIONS, NULL, "list the functions that queries may use"},
    {0, "facts", NULL, OPT_ALL, NULL, "list the facts that queries may use, by type of resource"},
    O_CONTROLS, O_PARAM, O_COLOUR, O_HELP,
};
static const struct opt evidence_opts[] = {
    {0, "missing", NULL, OPT_MISSING, NULL, "list only what is missing, with the commands that collect it"},
    {'f', "format", "NAME", OPT_FORMAT, "text json script", "text, json, or script: what is missing as a shell script that collects it; default: text"},
    O_CONTROLS, O_THREADS, O_PROGRESS, O_COLOUR, O_HELP,
};
static const struct opt model_opts[] = {
    O_CONTROLS, O_AS_OF, O_THREADS, O_COLOUR, O_HELP,
};
static const struct opt templates_opts[] = {
    {0, "check", NULL, OPT_CHECK, NULL, "compile the templates and say whether they can be used"},
    {0, "schema", NULL, OPT_SCHEMA, NULL, "print the JSON Schema of results.json"},
    {0, "markdown", NULL, OPT_ALL, NULL, "print the names as Markdown"},
    O_TEMPLATES, O_COLOUR, O_HELP,
};
static const struct opt completion_opts[] = {O_HELP};
static const struct opt man_opts[] = {O_HELP};
static const struct opt version_opts[] = {O_HELP};

#define OPTS(t) t, sizeof(t) / sizeof *(t)
static const struct command commands[] = {
    {"report", "EVIDENCE...", "judge evidence and report",
     "Reads the AWS evidence in files and folders (JSON as the AWS CLI printed it), judges it by the control catalog, and "
     "reports. Without -o a summary goes to the terminal; with -o the folder gets report.md, report.html, junit.xml and "
     "results.json. Secrets in the evidence are never shown.",
     "kdaudit report evidence/\tjudge a folder, print a summary\n"
     "kdaudit report evidence/ -o out\twrite all reports into out/\n"
     "kdaudit report evidence/ -f junit -o -\tprint the JUnit file\n"
     "kdaudit report evidence/ -p max_key_age_days=30 --fail-on fail\tstricter keys, unknown does not fail\n",
     OPTS(report_opts), command_report},
    {"render", "results.json|PACK", "make another format from a results.json",
     "Every format is made from results.json alone, so an old one can be rendered again, with other templates too.",
     "kdaudit render out/results.json -f html > report.html\trender one format to standard output\n",
     OPTS(render_opts), command_render},
    {"diff", "OLD NEW", "compare two runs",
     "OLD and NEW are results.json files, folders of reports that hold one, packs (folder or archive, whose results are taken as packed after their hashes were checked), or evidence that is judged first. Says what is new, fixed, still open, newly waived and "
     "newly unknown, where only the evidence changed, and which resources appeared and vanished. Exit code 1 when anything got worse, 3 when nothing was judged.",
     "kdaudit diff last-week/results.json out/results.json\twhat changed since last week\n"
     "kdaudit diff last-year.tar.gz evidence/\tagainst what an auditor has\n"
     "kdaudit diff old/results.json new/results.json -f markdown\tfor a pull request comment\n",
     OPTS(diff_opts), command_diff},
    {"evidence", "EVIDENCE...", "show what was recognised, what not, and what is missing",
     "Lists every file with the operation and resource it was recognised as; then what could not be used and why; then what "
     "is missing, each with the IAM action that it takes and the exact aws command that collects it into the files that kdaudit knows; run it in "
     "the evidence folder. As a script (-f script) it takes profiles of the AWS CLI as arguments, calls for each account with that account's own "
     "credentials only, keeps what the service refuses as evidence, and writes down when and how each call ended.",
     "kdaudit evidence evidence/\tlist files and gaps\n"
     "kdaudit evidence evidence/ --missing\tonly the commands for what is missing\n"
     "kdaudit evidence evidence/ -f script >collect.sh\tthe same as a script: cd evidence && sh ../collect.sh\n",
     OPTS(evidence_opts), command_evidence},
    {"model", "EVIDENCE... [ARN]", "show what the checks see",
     "Prints the resources found in the evidence, or for one ARN (or unique name) the JSON document that the checks query: "
     "evidence, links and facts. Secrets are masked.",
     "kdaudit model evidence/\tlist the resources\n"
     "kdaudit model evidence/ arn:aws:iam::111122223333:role/orders-flink-role\tone resource in full\n",
     OPTS(model_opts), command_model},
    {"controls", "[ID]", "list or explain the controls and checks",
     "Lists the catalog; explains one control or check: what it demands, how it is tested, how to mend it, its parameters "
     "and references.",
     "kdaudit controls\tlist everything\n"
     "kdaudit controls KDA-3.3\texplain one check\n"
     "kdaudit controls --check --controls my-controls\tcheck a catalog of one's own\n",
     OPTS(controls_opts), command_controls},
    {"templates", "", "list the names that templates may use",
     "Copy templates/, change it, and give it with --templates. Every name that a template may use is listed here with help.",
     "kdaudit templates\tlist the names\n"
     "kdaudit templates --check --templates my-templates\tcheck templates of one's own\n",
     OPTS(templates_opts), command_templates},
    {"pack", "EVIDENCE...", "put evidence, catalog, results and reports into one pack for an auditor",
     "A pack is a BagIt bag (RFC 8493): the evidence as it was collected, byte for byte, the catalog, templates and waivers that were used, "
     "results.json, the reports, an unsigned in-toto Statement, and a README.txt that says how to check it all with sha256sum and ssh-keygen "
     "alone. The same evidence gives the same bytes. Prints the pack id: one SHA-256 that stands for every byte. Exit code 0 says that the pack was "
     "written, whatever the verdict.",
     "kdaudit pack evidence/ -o pack\tmake a folder\n"
     "kdaudit pack evidence/ -o pack.tar.gz --sign ~/.ssh/id_ed25519\tan archive, signed\n"
     "kdaudit pack evidence/ -o shared.zip --redact-key secret.key\tfor outsiders: names and accounts masked\n",
     OPTS(pack_opts), command_pack},
    {"verify", "PACK", "check a pack: its files, hashes and index, and judge its evidence again",
     "PACK is a folder or an archive; nothing is unpacked to disk. Every byte is compared with the manifests, the index with the files; then the "
     "packed evidence is judged with the packed catalog, which must give the packed results byte for byte. The exit code tells which of "
     "these failed: 10 structure, 11 hash, 12 index, 13 results, 14 signature.",
     "kdaudit verify pack.tar.gz\tcheck it, and judge again\n"
     "kdaudit verify pack --allowed-signers signers --identity audit@example.com\tand its signature\n",
     OPTS(verify_opts), command_verify},
    {"wiki", "EVIDENCE...", "write the report as the pages of a wiki",
     "Takes evidence, or the results.json of an earlier run. Writes a first page, findings, exceptions, evidence, and a page for each control, account and application, linked to one "
     "another by the rules of the dialect. The same names and bytes in every run: only what changed is written, and only the first page has the time. "
     "A list of the pages with their hashes (.kdaudit-wiki.json) stands beside them: what somebody changed since is left alone, with a message and exit code 73. "
     "Exit code 0 says that the pages were written, whatever the verdict.",
     "kdaudit wiki evidence/ -o shop.wiki --dialect github\twrite into a checkout of a GitHub wiki\n"
     "kdaudit wiki out/results.json -o pages --dialect confluence\tfrom an earlier run, in storage format\n"
     "kdaudit wiki evidence/ -o shop.wiki --dialect gitlab --prune\tand remove pages of what is gone\n",
     OPTS(wiki_opts), command_wiki},
    {"access", "EVIDENCE...", "list who may do what to which application",
     "From get-account-authorization-details: every user (with the groups' policies), group and role with any right over an application, by what it lets one do: "
     "code (replace what runs), url (open the dashboard or notebook), stop, write, tag, read, list, perm (manage permissions), pass (hand roles to the service); with the policies that grant them. "
     "Identities with the same rights stand together; csv and json have a row for each identity on each application, with its actions.",
     "kdaudit access evidence/\tthe matrix\n"
     "kdaudit access evidence/ -f csv > access.csv\tfor a spreadsheet\n",
     OPTS(access_opts), command_access},
    {"policy", "EVIDENCE...", "write the policies that an application's role should have",
     "Writes a minimal role policy and a trust policy: the rights that the configuration and properties of the application name, and those that were used, grouped by resource; "
     "Denies of the present policies are kept. Each statement is explained on standard error. The proposal proves itself: every needed and used right is allowed by "
     "the evaluator, nothing else is granted, and the checks of the catalog find no fault. "
     "Exit code 0 when that is proved, 1 when not, 2 when it is but evidence is missing that could show more.",
     "kdaudit policy evidence/ --application orders-flink > policy.json\tthe role policy\n"
     "kdaudit policy evidence/ --application orders-flink -f diff\twhat changes\n"
     "kdaudit policy evidence/ --application orders-flink -o proposal\tall of it as files\n",
     OPTS(policy_opts), command_policy},
    {"can", "[EVIDENCE...]", "say whether a request is allowed, and by which statements",
     "Evaluates one request over everything in evidence that bears on it: identity policies (of groups too), permissions boundary, and the policy of the resource. "
     "Prints allowed, denied, refused or depends, with the statements that decide it. Where a layer has no evidence the answer is an upper bound, and says so. "
     "Exit code 0 for allowed, 1 for denied or refused, 2 for depends.",
     "kdaudit can evidence/ --principal orders-flink-role --action kinesis:GetRecords --resource arn:aws:kinesis:us-east-1:111122223333:stream/orders\task about a role\n"
     "kdaudit can --policy policy.json --action s3:GetObject --resource arn:aws:s3:::bucket/key\task about a bare policy\n",
     OPTS(can_opts), command_can},
    {"waive", "CHECK RESOURCE", "accept a finding until a day, or attest a check that needs a person",
     "Adds an entry to a waiver file for `kdaudit report --waivers`. CHECK is the id of a check or control, RESOURCE an ARN, a name, or a glob over them. "
     "A waiver never changes a result: the finding stays in every report, with who accepted it and until when; after that day it fails again. An entry for the same CHECK and RESOURCE is renewed. With --document "
     "the entry is an attestation: the check, which must be one that needs a person, passes until that day, and the document must stay as it was signed.",
     "kdaudit waive KDA-3.9 alias-orders -w waivers.json --reason 'key is replaced in May' --approver 'A. Lovelace' --until 2027-05-31\taccept one finding\n"
     "kdaudit waive KDA-1.27 orders-flink -w waivers.json --document review.pdf --reason 'reviewed with the team' --approver 'A. Lovelace' --until 2027-05-31\tvouch for a check\n",
     OPTS(waive_opts), command_waive},
    {"completion", "bash|zsh|fish", "print shell completions", "", "kdaudit completion bash > ~/.local/share/bash-completion/completions/kdaudit\tinstall for bash\n",
     OPTS(completion_opts), command_completion},
    {"man", "", "print the manual page (troff)", "", "kdaudit man | man -l -\tread it\n", OPTS(man_opts), command_man},
    {"version", "", "print the version", "", "", OPTS(version_opts), command_version},
};
/* clang-format on */

const struct command *command_rows(size_t *n)
{
    *n = sizeof commands / sizeof *commands;
    return commands;
}

const struct command *command_find(struct str name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (str_eq(name, str_from(commands[i].name)))
            return &commands[i];
    return NULL;
}
