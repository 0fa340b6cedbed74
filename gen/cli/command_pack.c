/* pack and verify: evidence packs for auditors. */
#include "base/buf.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/when.h"
#include "catalog/waiver.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "pack/build.h"
#include "pack/manifest.h"
#include "pack/message.h"
#include "pack/sign.h"
#include "pack/verify.h"
#include "render/render.h"

/* clang-format off */
static const struct diag_kind NO_OUTPUT = {"CLI-180", DIAG_ERROR, "pack needs a place",
    "give -o with a folder to make, or a FILE.tar.gz, FILE.tar or FILE.zip"};
static const struct diag_kind ONE_PACK = {"CLI-181", DIAG_ERROR, "verify takes one pack",
    "name the folder or archive that kdaudit pack wrote"};
static const struct diag_kind NO_EVIDENCE = {"CLI-102", DIAG_ERROR, "no evidence given",
    "name the folders or files that hold the AWS CLI's output"};
static const struct diag_kind LONE_IDENTITY = {"CLI-182", DIAG_ERROR, "--identity without --allowed-signers",
    "give the file that says whose key it is, too"};
static const struct diag_kind EMPTY_KEY = {"CLI-183", DIAG_ERROR, "the redaction key is empty",
    "put a long random secret into the file: openssl rand -hex 32"};
static const struct diag_kind UNKNOWN_REPORT = {"CLI-110", DIAG_ERROR, "unknown format",
    "see kdaudit report --help for the formats"};
/* clang-format on */

enum { FORMATS_MAX = 32, PARAMS_MAX = 64 };

static bool read_info(const struct invocation *in, struct bag_info *info)
{
    bool ok = true;
    for (size_t i = 0; i < in->ninfo; i++) {
        struct bag_info *line = &info[i];
        bool cut = str_cut(str_from(in->info[i]), '=', &line->label, &line->value);
        const char *fault =
            cut ? bag_info_fault(line->label, line->value) : "there is no '=' in it";
        if (fault)
            diag_file(in->dx, &PAK_BAD_INFO, STR(""), "\"%s\": %s", in->info[i], fault);
        ok = ok && !fault;
    }
    return ok;
}

static bool read_formats(const struct invocation *in, const struct format **formats)
{
    for (size_t i = 0; i < in->nformats; i++) {
        formats[i] = format_find(in->formats[i]);
        if (!formats[i]) {
            diag_file(in->dx, &UNKNOWN_REPORT, STR(""), "\"%.*s\"",
                      STR_ARG(in->formats[i]));
            return false;
        }
    }
    return true;
}

static int sign(const struct invocation *in, struct bag *bag)
{
    struct str signature;
    if (!in->sign)
        return 0;
    if (!sign_make(in->a, in->sign, bag->tag_manifest, &signature, in->dx))
        return EXIT_NO_INPUT;
    bag_add(bag, STR("signatures/tagmanifest-sha256.txt.sig"), signature);
    return 0;
}

static void said_packed(const struct invocation *in, const struct pack_made *made)
{
    const struct report_counts *c = &made->report->counts;
    struct buf out = BUF_INIT;
    buf_fmt(&out,
            "%s: %u evidence files, %u tests: %u pass, %u fail, %u unknown%s%s\n"
            "pack id %.*s\n",
            in->output, made->report->evidence.n, c->total, c->pass, c->fail, c->unknown,
            in->redact ? "; redacted" : "", in->sign ? "; signed" : "",
            STR_ARG(made->bag->id));
    terminal_print(buf_view(&out));
    buf_free(&out);
}

/* Catalog, waivers, templates and time, as report takes them. */
static int prepare(const struct invocation *in, struct run *r, struct templates **t,
                   struct pack_options *o)
{
    int code = run_catalog(in, r);
    if (!code && in->waivers)
        code = run_waivers(in, r);
    if (!code && in->baseline)
        code = run_results(in, in->baseline, &r->baseline, &r->baseline_text);
    if (!code)
        code = run_templates(in, TEMPLATES_ALL, t);
    if (code)
        return code;
    catalog_seal(in->a, r->catalog);
    if (!run_as_of(in, WHEN_NONE, &o->as_of))
        return EXIT_USAGE;
    if (in->redact_key && !file_read_raw(in->a, in->redact_key, str_from(in->redact_key),
                                         in->dx, &o->redact_key))
        return EXIT_NO_INPUT;
    if (in->redact_key && !str_trim(o->redact_key).n) {
        diag_file(in->dx, &EMPTY_KEY, str_from(in->redact_key), NULL);
        return EXIT_USAGE;
    }
    o->catalog = r->catalog;
    o->waivers = r->waivers ? r->waivers->text : NULL;
    o->waiver_folder = in->waivers ? run_document(in->a, in->waivers, STR(".")) : NULL;
    o->baseline = r->baseline_text;
    o->templates = *t;
    o->template_folder = in->templates ? in->templates : run_data(in, "templates");
    return 0;
}

static int output_code(const struct invocation *in, int otherwise)
{
    int code = run_output_code(in);
    return code ? code : otherwise;
}

/* Fill the bag, sign it, give it its name; nothing is left behind when that fails. */
static int make(const struct invocation *in, const struct pack_options *o,
                struct bag *bag, struct pack_made *made)
{
    if (!bag_open(bag, in->output, in->dx))
        return output_code(in, EXIT_CANNOT_CREATE);
    int code = 0;
    if (!pack_build(in->a, o, bag, made, in->dx))
        code = output_code(in, EXIT_NO_INPUT);
    if (!code)
        code = sign(in, bag);
    if (!code && !bag_write(bag, in->output, in->dx))
        code = output_code(in, EXIT_CANNOT_CREATE);
    if (code)
        bag_drop(bag);
    return code;
}

int command_pack(const struct invocation *in)
{
    const struct format *formats[FORMATS_MAX];
    struct bag_info info[PACK_INFO_MAX];
    struct str params[PARAMS_MAX];
    struct run r = {0};
    struct templates *t = NULL;
    struct pack_made made;
    struct bag bag = {.a = in->a, .making = interrupt_folder};
    struct render_options render = {.max_bytes = in->max_bytes,
                                    .junit_extended = in->junit_extended,
                                    .junit_split = in->junit_split,
                                    .csv_bom = in->csv_bom};
    struct pack_options o = {
        .evidence = in->operands,
        .nevidence = in->noperands,
        .formats = formats,
        .nformats = in->nformats,
        .info = info,
        .ninfo = in->ninfo,
        .params = params,
        .nparams = in->nparams,
        .threads = in->threads,
        .render = &render,
        .redact = in->redact,
    };
    if (!in->noperands || !in->output) {
        diag_file(in->dx, in->noperands ? &NO_OUTPUT : &NO_EVIDENCE, STR(""), NULL);
        return EXIT_USAGE;
    }
    if (!read_info(in, info) || !read_formats(in, formats))
        return EXIT_USAGE;
    for (size_t i = 0; i < in->nparams; i++)
        params[i] = str_from(in->params[i]);
    int code = prepare(in, &r, &t, &o);
    if (code)
        return code;
    code = make(in, &o, &bag, &made);
    if (code)
        return code;
    if (!in->quiet)
        said_packed(in, &made);
    return EXIT_OK;
}

/* What became of the signature: a line for the user, or false. */
static bool check_signature(const struct invocation *in, const struct pack_verified *v,
                            struct str *line)
{
    struct str who;
    *line = STR("not signed");
    if (!v->signature || !v->tag_manifest) {
        if (in->allowed_signers)
            diag_file(in->dx, &PAK_SIGNATURE_ABSENT, STR(""), NULL);
        return !in->allowed_signers;
    }
    if (in->allowed_signers) {
        if (!sign_check(in->a, in->allowed_signers, in->identity, v->tag_manifest->bytes,
                        v->signature->bytes, &who, in->dx))
            return false;
        *line = str_fmt(in->a, "signed by %.*s", STR_ARG(who));
        return true;
    }
    if (!sign_possible(in->a)) {
        *line = STR("signed, but ssh-keygen is not there to look at it");
        return true;
    }
    if (!sign_look(in->a, v->tag_manifest->bytes, v->signature->bytes, &who, in->dx))
        return false;
    *line =
        STR("signed by somebody: --allowed-signers tells whether it is who it must be");
    return true;
}

static void said_verified(const struct invocation *in, const struct pack_verified *v,
                          struct str signature)
{
    struct buf out = BUF_INIT;
    buf_fmt(&out,
            "%s: good. %zu files as packed, index right, %u tests judged again with the "
            "same results%s\n",
            in->operands[0], v->pack->n, v->report->counts.total,
            v->redacted ? " (redacted evidence)" : "");
    buf_fmt(&out, "%.*s\npack id %.*s\n", STR_ARG(signature), STR_ARG(v->id));
    terminal_print(buf_view(&out));
    buf_free(&out);
}

int command_verify(const struct invocation *in)
{
    struct pack_verified v;
    struct str signature = STR("");
    if (in->noperands != 1) {
        diag_file(in->dx, &ONE_PACK, STR(""), "%zu operands", in->noperands);
        return EXIT_USAGE;
    }
    if (in->identity && !in->allowed_signers) {
        diag_file(in->dx, &LONE_IDENTITY, STR(""), NULL);
        return EXIT_USAGE;
    }
    if (file_type(in->operands[0]) == FILE_ABSENT) {
        struct str ignored;
        file_read(in->a, in->operands[0], str_from(in->operands[0]), in->dx, &ignored);
        return EXIT_NO_INPUT;
    }
    enum pack_stage stage = pack_verify(in->a, in->operands[0], in->threads, &v, in->dx);
    bool good = check_signature(in, &v, &signature);
    if (stage == PACK_STAGES && good) {
        if (!in->quiet)
            said_verified(in, &v, signature);
        return EXIT_OK;
    }
    return EXIT_PACK + (int)(stage == PACK_STAGES ? PACK_SIGNATURE : stage);
}
