/* Packs of the samples: verified by kdaudit after every kind of change and forgery, and
 * by others (bagit-python, sha256sum, ssh-keygen) as they are. */
#include "../unit/unit.h"

#include "base/digest.h"
#include "base/file_stream.h"
#include "base/when.h"
#include "catalog/catalog.h"
#include "pack/build.h"
#include "pack/index.h"
#include "pack/sign.h"
#include "pack/verify.h"
#include "render/render.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned long passed, failed, skipped;

static bool expect(bool ok, const char *what, const char *detail)
{
    if (ok) {
        passed++;
    } else {
        failed++;
        printf("pack: %s: %s\n", what, detail);
    }
    return ok;
}

/* A bag in the making below folder, closed but not given its name yet. */
static struct bag *build(struct arena *a, const char *folder, const char *sample,
                         bool with_redaction)
{
    struct diag *dx = diag_new(a);
    struct pack_made made;
    struct bag *b = ARENA_NEW(a, struct bag);
    struct render_options render = {0};
    struct catalog *c = catalog_load(a, "controls", dx);
    struct templates *t = templates_load(a, "templates", TEMPLATES_ALL, dx);
    if (c)
        catalog_seal(a, c);
    struct pack_options o = {
        .evidence = &sample,
        .nevidence = 1,
        .catalog = c,
        .templates = t,
        .template_folder = "templates",
        .as_of = WHEN_NONE,
        .render = &render,
        .redact = with_redaction,
    };
    b->a = a;
    if (c && t && bag_open(b, folder, dx) && pack_build(a, &o, b, &made, dx))
        return b;
    const char *code = diag_first(dx, DIAG_ERROR);
    expect(false, sample, code ? code : "cannot be packed");
    return NULL;
}

/* The bag's files in memory, as a reader meets them. */
static struct pack_input *files_of(struct arena *a, const struct bag *b)
{
    struct diag *dx = diag_new(a);
    struct pack_input *v = ARENA_ARRAY(a, struct pack_input, b->items.n + 1);
    for (size_t i = 0; i < b->items.n; i++) {
        const struct bag_item *item = &b->items.v[i];
        v[i] = (struct pack_input){item->path, item->bytes, FILE_KIND_REGULAR};
        if (item->file)
            file_read_raw(a, item->file, item->path, dx, &v[i].bytes);
        else if (item->read)
            item->read(item->ctx, a, &v[i].bytes, dx);
    }
    return v;
}

static enum pack_stage verify(const struct pack_input *v, size_t n, const char **code)
{
    struct arena *a = arena_new();
    struct diag *dx = diag_new(a);
    struct pack_verified out;
    struct pack *p = pack_of_memory(a, v, n, dx);
    enum pack_stage stage = p ? pack_verify_read(a, p, 1, &out, dx) : PACK_STRUCTURE;
    *code = diag_first(dx, DIAG_ERROR);
    arena_free(a);
    return stage;
}

static void every_file(const struct bag *b, struct pack_input *v)
{
    const char *code;
    for (size_t i = 0; i < b->items.n; i++) {
        struct pack_input whole = v[i];
        struct arena *a = arena_new();
        if (whole.bytes.n) {
            char *copy = (char *)str_dup(a, whole.bytes).p;
            copy[whole.bytes.n / 2] ^= 1;
            v[i].bytes.p = copy;
            expect(verify(v, b->items.n, &code) != PACK_STAGES, "byte changed",
                   whole.path.p);
        }
        v[i] = v[b->items.n - 1];
        expect(verify(v, b->items.n - 1, &code) != PACK_STAGES, "removed", whole.path.p);
        v[i] = whole;
        arena_free(a);
    }
}

/* A pack in which find became change in one file, all hashes and the index made right
 * again: what somebody with more than a text editor would do. */
static const struct {
    const char *path, *find, *change;
    enum pack_stage stage;
} forgeries[] = {
    {"data/evidence/111122223333/us-east-1/kinesis/describe-stream-summary~orders.json",
     "\"NONE\"", "\"KMS\"", PACK_RESULTS},
    {"data/results.json", "\"fail\"", "\"pass\"", PACK_RESULTS},
    {"data/results.json", "\"version\": \"", "\"version\": \"9", PACK_RESULTS},
    {"data/catalog/KDA-3.json", "\"severity\": \"high\"", "\"severity\": \"info\"",
     PACK_RESULTS},
    {"data/catalog/KDA-3.json", "{", "(", PACK_RESULTS},
    {"data/index.json", "\"as_of\": \"2026-", "\"as_of\": \"2027-", PACK_RESULTS},
    {"data/index.json", "\"parameters\": []", "\"parameters\": [\"max_key_age_days=1\"]",
     PACK_RESULTS},
    {"data/index.json", "\"parameters\": []", "\"parameters\": [\"none_such=1\"]",
     PACK_RESULTS},
    {"data/index.json", "\"region\": \"us-east-1\"", "\"region\": \"eu-west-1\"",
     PACK_RESULTS},
    {"data/reports/report.md", "❌", "✅", PACK_STAGES}, /* said by its hash alone */
    {"attestation/test-result.intoto.json", "FAILED", "PASSED", PACK_RESULTS},
};

static struct str replaced(struct arena *a, struct str s, const char *find,
                           const char *change)
{
    size_t at = str_find(s, str_from(find));
    if (at == (size_t)-1)
        return s;
    return str_fmt(a, "%.*s%s%.*s", (int)at, s.p, change,
                   STR_ARG(str_sub(s, at + strlen(find), s.n)));
}

static struct str forged_index(struct arena *a, struct str index, struct str path,
                               struct str bytes)
{
    struct text t = {STR("index.json"), index};
    struct pack_index *ix = pack_index_read(a, &t, diag_new(a));
    struct buf out = BUF_INIT;
    if (!ix)
        return index;
    for (size_t i = 0; i < ix->entries.n; i++)
        if (str_eq(ix->entries.v[i].path, str_sub(path, 5, path.n))) {
            ix->entries.v[i].sha256 = digest_hex(a, bytes);
            ix->entries.v[i].size_bytes = bytes.n;
        }
    for (size_t i = 0; i < ix->parts.n; i++)
        if (str_eq(ix->parts.v[i].path, str_sub(path, 5, path.n))) {
            ix->parts.v[i].sha256 = digest_hex(a, bytes);
            ix->parts.v[i].size_bytes = bytes.n;
        }
    pack_index_write(&out, ix);
    struct str s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

static void forge(const struct bag *whole, const struct pack_input *v, size_t row)
{
    struct arena *a = arena_new();
    struct bag b = {.a = a, .base = whole->base, .time = whole->time};
    struct str path = str_from(forgeries[row].path), changed = STR(""), late = STR("");
    const char *code;
    for (size_t i = 0; i < whole->items.n; i++)
        if (str_eq(v[i].path, path)) {
            changed = replaced(a, v[i].bytes, forgeries[row].find, forgeries[row].change);
            expect(!str_eq(changed, v[i].bytes), "nothing to forge in", path.p);
        }
    struct str id = STR("");
    for (size_t i = 0; i < whole->items.n; i++) {
        struct str bytes = str_eq(v[i].path, path) ? changed : v[i].bytes;
        if (str_eq(v[i].path, STR("data/index.json"))) {
            if (!str_eq(v[i].path, path))
                bytes = forged_index(a, bytes, path, changed);
            id = digest_hex(a, bytes);
        }
        if (str_starts(v[i].path, STR("attestation/")))
            late = bytes;
        else if (str_starts(v[i].path, STR("data/")) ||
                 str_eq(v[i].path, STR("README.txt")))
            bag_add(&b, v[i].path, bytes);
    }
    struct bag_info info = {STR("External-Identifier"),
                            str_fmt(a, "kdaudit:%.*s", STR_ARG(id))};
    bag_close(&b, &info, 1);
    /* It is not signed either: it names the new tag manifest. */
    late = replaced(a, late, whole->id.p, b.id.p);
    bag_add(&b, STR("attestation/test-result.intoto.json"), late);
    struct pack_input *forged = files_of(a, &b);
    enum pack_stage stage = verify(forged, b.items.n, &code);
    expect(stage == forgeries[row].stage, str_fmt(a, "forged %s", path.p).p,
           str_fmt(a, "stage %d, %s", (int)stage, code ? code : "good").p);
    arena_free(a);
}

/* Run a shell line; its exit code. */
static int shell(const char *line)
{
    int status = system(line);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A python that has bagit; NULL when there is none. */
static const char *bagit_python(void)
{
    static const char *const tries[] = {"build/venv/bin/python3", "python3",
                                        "/usr/bin/python3"};
    static char line[256];
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        snprintf(line, sizeof line, "%s -c 'import bagit' 2>/dev/null", tries[i]);
        if (shell(line) == 0)
            return tries[i];
    }
    return NULL;
}

static void others(struct arena *a, struct bag *b, const char *folder)
{
    struct diag *dx = diag_new(a);
    const char *pack = str_fmt(a, "%s/pack", folder).p;
    const char *key = str_fmt(a, "%s/key", folder).p;
    bool signing = sign_possible(a);
    struct str signature;
    if (signing) {
        shell(str_fmt(a, "ssh-keygen -q -t ed25519 -N '' -C x -f %s", key).p);
        if (expect(sign_make(a, key, b->tag_manifest, &signature, dx), "sign", key))
            bag_add(b, STR("signatures/tagmanifest-sha256.txt.sig"), signature);
    }
    if (!expect(bag_write(b, pack, dx), "write", pack))
        return;
    expect(shell(str_fmt(a,
                         "cd %s && sha256sum -c --quiet --strict tagmanifest-sha256.txt "
                         "&& sha256sum -c --quiet --strict manifest-sha256.txt",
                         pack)
                     .p) == 0,
           "sha256sum -c", pack);
    const char *python = bagit_python();
    if (!python) {
        printf("pack: no python with bagit: skipped\n");
        skipped++;
    } else {
        expect(shell(str_fmt(a,
                             "%s -c 'import bagit, sys; bagit.Bag(sys.argv[1])."
                             "validate()' %s",
                             python, pack)
                         .p) == 0,
               "bagit-python validates", pack);
    }
    if (!signing) {
        printf("pack: no ssh-keygen: skipped\n");
        skipped++;
        return;
    }
    const char *line =
        str_fmt(
            a,
            "cd %s && echo \"me@example.com namespaces=\\\"kdaudit-pack@1\\\" "
            "$(cut -d' ' -f1,2 key.pub)\" >allowed && ssh-keygen -Y verify -f allowed "
            "-I me@example.com -n kdaudit-pack@1 -s "
            "pack/signatures/tagmanifest-sha256.txt.sig "
            "<pack/tagmanifest-sha256.txt >/dev/null",
            folder)
            .p;
    expect(shell(line) == 0, "ssh-keygen -Y verify, as README.txt says", pack);
    const char *allowed = str_fmt(a, "%s/allowed", folder).p;
    struct str who;
    struct str tags = b->tag_manifest;
    expect(sign_check(a, allowed, NULL, tags, signature, &who, dx) &&
               str_eq(who, STR("me@example.com")),
           "signer found", "another or none");
    expect(sign_check(a, allowed, "me@example.com", tags, signature, &who, dx), "signer",
           "me@example.com");
    expect(!sign_check(a, allowed, "you@example.com", tags, signature, &who, dx),
           "another signer", "passes");
    char *copy = (char *)str_dup(a, tags).p;
    copy[3] ^= 1;
    struct str other = {copy, tags.n};
    expect(!sign_check(a, allowed, NULL, other, signature, &who, dx), "changed manifest",
           "passes");
    expect(!sign_look(a, other, signature, &who, dx), "changed manifest",
           "passes a look");
    expect(sign_look(a, tags, signature, &who, dx), "a look at the signature", "fails");
    copy = (char *)str_dup(a, signature).p;
    copy[signature.n / 2] = copy[signature.n / 2] == 'A' ? 'B' : 'A';
    other = (struct str){copy, signature.n};
    expect(!sign_look(a, tags, other, &who, dx), "changed signature", "passes a look");
    expect(!sign_check(a, allowed, NULL, tags, STR(""), &who, dx), "no signature",
           "passes");
    expect(!sign_make(a, allowed, tags, &other, dx), "no key", "signs");
    expect(strcmp(diag_first(dx, DIAG_ERROR), "PAK-150") == 0, "code",
           diag_first(dx, DIAG_ERROR));
}

/* The most memory that a command took, in KB; 0 when it broke. */
static long peak_kb(const char *const *args)
{
    struct rusage used;
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
        execv(args[0], (char *const *)args);
        _exit(127);
    }
    if (wait4(pid, &status, 0, &used) != pid || !WIFEXITED(status))
        return 0;
    return WEXITSTATUS(status) == 0 ? used.ru_maxrss : 0;
}

/* Files of any size that no control asks for, and the quickstart sample. */
static void write_many(struct arena *a, const char *to, int files, int bytes)
{
    struct diag *dx = diag_new(a);
    const char *tags = str_fmt(a, "%s/111122223333/us-east-1/logs", to).p;
    shell(str_fmt(a, "mkdir -p %s && cp -R samples/quickstart/. %s", tags, to).p);
    struct str filler = str_fmt(a, "{\"tags\": {\"n\": \"%0*d\"}}\n", bytes, 0);
    for (int i = 0; i < files; i++) {
        FILE *f = fopen(
            str_fmt(a, "%s/list-tags-for-resource~arn_3Aaws_3Alogs_3A%d.json", tags, i).p,
            "w");
        if (f) {
            fwrite(filler.p, 1, filler.n, f);
            fclose(f);
        }
    }
    expect(diag_len(dx) == 0, "many files", to);
}

/* What pack and verify take on top of report does not grow with the size of files, and
 * little with their number. */
static void memory(struct arena *a)
{
    enum { MANY = 100000, FEW = 2000, LARGE = 20000, KB_A_FILE = 4, KB_MORE = 64 << 10 };
    static const struct {
        int files, bytes;
    } rows[] = {{MANY, 1}, {FEW, LARGE}};
    const char *kdaudit = getenv("KDAUDIT");
    char folder[] = "/dev/shm/kdaudit-memory-XXXXXX";
    if (!kdaudit || !strstr(kdaudit, "/release/") || !mkdtemp(folder)) {
        printf(
            "pack: memory is looked at in the release build, with /dev/shm: skipped\n");
        skipped++;
        return;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *e = str_fmt(a, "%s/e%zu", folder, i).p;
        const char *out = str_fmt(a, "%s/out%zu", folder, i).p;
        const char *packed = str_fmt(a, "%s/p%zu.tar", folder, i).p;
        write_many(a, e, rows[i].files, rows[i].bytes);
        long report = peak_kb(
            (const char *[]){kdaudit, "report", e, "-o", out, "-q", "--exit-zero", NULL});
        long pack =
            peak_kb((const char *[]){kdaudit, "pack", e, "-o", packed, "-q", NULL});
        long again = peak_kb((const char *[]){kdaudit, "verify", packed, "-q", NULL});
        long most = report + (long)rows[i].files * KB_A_FILE + KB_MORE;
        const char *said = str_fmt(a,
                                   "%d files of %d bytes: report %ld KB, pack %ld, "
                                   "verify %ld",
                                   rows[i].files, rows[i].bytes, report, pack, again)
                               .p;
        expect(report && pack && pack < most, "memory of pack", said);
        expect(again && again < most, "memory of verify", said);
        shell(str_fmt(a, "rm -rf %s %s %s", e, out, packed).p);
    }
    file_remove_tree(folder);
}

int main(void)
{
    char folder[] = "/tmp/kdaudit-suite-pack-XXXXXX";
    struct arena *a = arena_new();
    const char *code;
    enum pack_stage stage;
    if (!mkdtemp(folder))
        return EXIT_FAILURE;
    struct bag *b =
        build(a, str_fmt(a, "%s/pack", folder).p, "samples/quickstart", false);
    if (b) {
        struct pack_input *v = files_of(a, b);
        stage = verify(v, b->items.n, &code);
        expect(stage == PACK_STAGES, "whole", code ? code : "");
        every_file(b, v);
        for (size_t i = 0; i < sizeof forgeries / sizeof *forgeries; i++)
            forge(b, v, i);
        others(a, b, folder);
    }
    b = build(a, str_fmt(a, "%s/masked", folder).p, "samples/quickstart", true);
    if (b) {
        struct pack_input *v = files_of(a, b);
        stage = verify(v, b->items.n, &code);
        expect(stage == PACK_STAGES, "redacted", code ? code : "");
        for (size_t i = 0; i < b->items.n; i++)
            if (str_starts(v[i].path, STR("data/evidence/")) ||
                str_starts(v[i].path, STR("data/re")))
                expect(!str_has(v[i].bytes, STR("111122223333")) &&
                           !str_has(v[i].bytes, STR("deploy-bot")) &&
                           !str_has(v[i].path, STR("orders")),
                       "not masked", v[i].path.p);
    }
    file_remove_tree(folder);
    memory(a);
    arena_free(a);
    return unit_report("suite_pack", passed, failed, skipped);
}
