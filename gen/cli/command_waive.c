/* waive: write a waiver or an attestation for a finding into a waiver file. */
#include "base/buf.h"
#include "base/diag.h"
#include "base/file_stream.h"
#include "catalog/waiver.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "json/json.h"
#include "json/write.h"

/* clang-format off */
static const struct diag_kind TWO_OPERANDS = {"CLI-150", DIAG_ERROR, "waive takes a check and a resource",
    "kdaudit waive KDA-1.2 arn:aws:iam::111122223333:role/orders --reason ... --approver ... --until 2027-01-31"};
static const struct diag_kind NOT_GIVEN = {"CLI-151", DIAG_ERROR, "a waiver must say why, who and until when",
    "give --reason, --approver and --until"};
/* clang-format on */

/* What an attestation calls its document: its path as seen from the waiver file. */
static struct str document_name(const struct invocation *in)
{
    struct str waivers = str_from(in->waivers), document = str_from(in->document);
    struct str folder = str_sub(waivers, 0, str_find_last(waivers, '/') + 1);
    return str_starts(document, folder) ? str_sub(document, folder.n, document.n)
                                        : document;
}

static struct json *attestation(const struct invocation *in)
{
    struct arena *a = in->a;
    struct json *n = json_new_object(a);
    struct str sha256;
    uint64_t size_bytes;
    if (!file_sha256(a, in->document, str_from(in->document), in->dx, &sha256,
                     &size_bytes))
        return NULL;
    json_set_str(a, n, STR("check"), str_from(in->operands[0]));
    json_set_str(a, n, STR("subject"), str_from(in->operands[1]));
    json_set_str(a, n, STR("statement"), str_from(in->reason));
    json_set_str(a, n, STR("by"), str_from(in->approver));
    json_set_str(a, n, STR("until"), str_from(in->until));
    json_set_str(a, n, STR("document"), document_name(in));
    json_set_str(a, n, STR("sha256"), sha256);
    return n;
}

static struct json *waiver(const struct invocation *in, const struct run *r)
{
    struct arena *a = in->a;
    struct json *n = json_new_object(a);
    struct str id = str_from(in->operands[0]);
    bool control = catalog_control(r->catalog, id) != NULL;
    json_set_str(a, n, control ? STR("control") : STR("check"), id);
    json_set_str(a, n, STR("subject"), str_from(in->operands[1]));
    json_set_str(a, n, STR("reason"), str_from(in->reason));
    json_set_str(a, n, STR("approver"), str_from(in->approver));
    json_set_str(a, n, STR("until"), str_from(in->until));
    if (in->ticket)
        json_set_str(a, n, STR("ticket"), str_from(in->ticket));
    return n;
}

/* The file as it is, or an empty one when there is none yet. */
static int load(const struct invocation *in, const struct run *r, struct json **root)
{
    struct text *text = ARENA_NEW(in->a, struct text);
    *text = (struct text){str_from(in->waivers ? in->waivers : "-"),
                          STR("{\"waivers\": []}")};
    if (in->waivers && file_type(in->waivers) != FILE_ABSENT) {
        if (!file_read(in->a, in->waivers, text->name, in->dx, &text->bytes))
            return EXIT_NO_INPUT;
        if (!waivers_read(in->a, text, r->catalog, in->dx))
            return EXIT_BAD_CATALOG;
    }
    *root = json_read(in->a, text, in->dx);
    return *root ? 0 : EXIT_BAD_CATALOG;
}

static bool same_member(const struct json *x, const struct json *y, const char *name)
{
    return str_eq(json_str(json_get(x, str_from(name))),
                  json_str(json_get(y, str_from(name))));
}

/* The file with entry in it, in the place of the one for the same finding if there is
 * one: it is renewed, not doubled. */
static struct json *renewed(struct arena *a, const struct json *root, struct str name,
                            const struct json *list, struct json *entry)
{
    struct json *all = json_new_object(a), *entries = json_new_array(a);
    bool placed = false;
    for (const struct json *n = json_first(list); n; n = json_next(n)) {
        bool same = same_member(n, entry, "check") && same_member(n, entry, "control") &&
                    same_member(n, entry, "subject");
        if (!same)
            json_push(entries, json_new_ref(a, n));
        else if (!placed)
            json_push(entries, entry);
        placed |= same;
    }
    if (!placed)
        json_push(entries, entry);
    for (const struct json *m = json_first(root); m; m = json_next(m))
        json_set(a, all, json_key(m),
                 str_eq(json_key(m), name) ? entries : json_new_ref(a, m));
    if (!list)
        json_set(a, all, name, entries);
    return all;
}

int command_waive(const struct invocation *in)
{
    struct run r = {0};
    struct json *root;
    if (in->noperands != 2) {
        diag_file(in->dx, &TWO_OPERANDS, STR(""), "%zu operands", in->noperands);
        return EXIT_USAGE;
    }
    if (!in->reason || !in->approver || !in->until) {
        diag_file(in->dx, &NOT_GIVEN, STR(""), NULL);
        return EXIT_USAGE;
    }
    int code = run_catalog(in, &r);
    if (!code)
        code = load(in, &r, &root);
    if (code)
        return code;
    struct str name = in->document ? STR("attestations") : STR("waivers");
    struct json *list = (struct json *)json_get(root, name);
    struct json *entry = in->document ? attestation(in) : waiver(in, &r);
    if (!entry)
        return EXIT_NO_INPUT;
    root = renewed(in->a, root, name, list, entry);
    struct buf out = BUF_INIT;
    json_write(&out, root, true, false);
    buf_c(&out, '\n');
    /* What is written must be a file that `report --waivers` takes. */
    struct text *text = ARENA_NEW(in->a, struct text);
    *text = (struct text){STR("the new entry"), buf_dup(in->a, &out)};
    bool ok = waivers_read(in->a, text, r.catalog, in->dx) != NULL;
    if (ok)
        ok = file_write(in->waivers ? in->waivers : "-", text->bytes, in->dx);
    buf_free(&out);
    return ok ? EXIT_OK : run_output_code(in) ? run_output_code(in) : EXIT_USAGE;
}
