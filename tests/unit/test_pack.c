/* Unit tests of gen/pack: names, tag files, index, and that no change to a pack passes.
 */
#include "unit.h"

#include "pack/check.h"
#include "pack/manifest.h"
#include "pack/message.h"
#include "pack/name.h"
#include "pack_kit.h"

#include <string.h>

static struct arena *a;
static struct diag *dx;

static void setup(void)
{
    a = arena_new();
    dx = diag_new(a);
}

static void teardown(void)
{
    arena_free(a);
}

#define A50 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"

static const struct {
    const char *path;
    bool ok;
} paths[] = {
    {"a", true},
    {"data/evidence/111122223333/us-east-1/kms/x~y_3A.json", true},
    {A50 A50, true},
    {"d/" A50 A50, true},
    {"", false},
    {"/a", false},
    {"a/", false},
    {"a//b", false},
    {"a/./b", false},
    {"a/../b", false},
    {"..", false},
    {"../a", false},
    {".hidden", false},
    {"a/-x", false},
    {"~/a", false},
    {"a.", false},
    {"a b", false},
    {"a%2e", false},
    {"a\\b", false},
    {"a\nb", false},
    {"caf\xc3\xa9", false},
    {"a:b", false},
    {"con", false},
    {"a/NUL.json", false},
    {"a/nulls.json", true},
    {A50 A50 "x", false},
    {A50 "/" A50 "/a", false},
    {A50 "/" A50 A50, true},
};
START_TEST(path_rules)
{
    const char *fault = pack_path_fault(str_from(paths[_i].path));
    ck_assert_msg((fault == NULL) == paths[_i].ok, "%s: %s", paths[_i].path, fault);
}
END_TEST

START_TEST(path_with_nul)
{
    ck_assert_ptr_nonnull(pack_path_fault(STR("a\0b")));
}
END_TEST

static const struct {
    const char *name, *path; /* '#' in path: 12 hex digits */
} names[] = {
    {"x.json", "d/x.json"},
    {"111122223333/us-east-1/kms/list-keys.json",
     "d/111122223333/us-east-1/kms/list-keys.json"},
    {"bucket policy.json", "d/bucket_policy_#.json"},
    {"../../etc/passwd", "d/etc_#/passwd_#"},
    {".hidden.json", "d/_hidden_#.json"},
    {"-rf.err", "d/_rf_#.err"},
    {"caf\xc3\xa9/x.json.gz", "d/caf___#/x_#.json.gz"},
    {"con.json", "d/_con_#.json"},
    {"a%2e.json", "d/a_2e_#.json"},
    {"kms/" A50 A50 "y.json", "d/kms/" A50 "aaaaaaaaaa_#.json"},
    {A50 "/" A50 "/x.json", "d/aaaaaaaaaabbbbbbbbbbcccc_#/x_#.json"},
};
/* Does got match want, where '#' stands for 12 hex digits? */
static bool matches(const char *want, const char *got)
{
    for (; *want; want++) {
        if (*want == '#') {
            if (strspn(got, "0123456789abcdef") < 12)
                return false;
            got += 12;
        } else if (*want != *got++) {
            return false;
        }
    }
    return !*got;
}
START_TEST(new_names)
{
    struct pack_names taken = {0};
    struct str got = pack_name(a, &taken, STR("d"), str_from(names[_i].name));
    ck_assert_msg(matches(names[_i].path, got.p), "%s gives %s", names[_i].name, got.p);
    ck_assert_ptr_null(pack_path_fault(got));
}
END_TEST

START_TEST(names_stay_apart)
{
    struct pack_names taken = {0};
    struct str x = pack_name(a, &taken, STR("d"), STR("X.json"));
    struct str y = pack_name(a, &taken, STR("d"), STR("x.json"));
    struct str z = pack_name(a, &taken, STR("d"), STR("X.json"));
    ck_assert(!str_eq_nocase(x, y) && !str_eq_nocase(y, z) && !str_eq_nocase(x, z));
    /* An answer and its error stay together. */
    struct str j = pack_name(a, &taken, STR("d"), STR("a b.json"));
    struct str e = pack_name(a, &taken, STR("d"), STR("a b.err"));
    ck_assert(str_eq(str_sub(j, 0, j.n - 5), str_sub(e, 0, e.n - 4)));
}
END_TEST

#define H64 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static const struct {
    const char *text, *error;
} manifests[] = {
    {"", "ok"},
    {H64 "  a\n" H64 "  b\n", "ok"},
    {H64 "  a", "1:1 PAK-106"},
    {H64 " a\n", "1:1 PAK-106"},
    {H64 " *a\n", "1:1 PAK-106"},
    {H64 "\ta\n", "1:1 PAK-106"},
    {"BA" H64 "  a\n", "1:1 PAK-106"},
    {H64 "  a\n" H64 "  a\n", "2:1 PAK-106"},
    {H64 "  b\n" H64 "  a\n", "2:1 PAK-106"},
    {H64 "  a\n\n", "2:1 PAK-106"},
    {H64 "  a\r\n", "1:1 PAK-106"},
    {H64 "  ../a\n", "1:1 PAK-106"},
    {H64 "  a%0Ab\n", "1:1 PAK-106"},
    {"\\" H64 "  a\n", "1:1 PAK-106"},
};
START_TEST(manifest_lines)
{
    struct text t = {STR("m"), str_from(manifests[_i].text)};
    struct manifest m = {0};
    manifest_read(a, &t, &m, dx);
    ck_assert_str_eq(unit_first_error(a, dx).p, manifests[_i].error);
}
END_TEST

static const struct {
    const char *label, *value;
    bool ok;
} infos[] = {
    {"Source-Organization", "Example", true},
    {"Contact-Name", "A B", true},
    {"Payload-Oxum", "1.1", false},
    {"External-Identifier", "x", false},
    {"Contact-Name", " ", false},
    {"X: y", "z", false},
};
START_TEST(info_labels)
{
    const char *fault =
        bag_info_fault(str_from(infos[_i].label), str_from(infos[_i].value));
    ck_assert_int_eq(fault == NULL, infos[_i].ok);
}
END_TEST

START_TEST(info_lines)
{
    struct buf b = BUF_INIT;
    size_t times;
    const char *long_text = "one two three four five six seven eight nine ten eleven "
                            "twelve thirteen fourteen fifteen";
    bag_info_line(&b, STR("External-Description"), str_from(long_text));
    bag_info_line(&b, STR("Contact-Name"), STR("a\nPayload-Oxum: 0.0"));
    struct str got = bag_info_get(a, buf_view(&b), STR("external-description"), &times);
    ck_assert_uint_eq(times, 1);
    ck_assert(str_eq(got, str_from(long_text)));
    bag_info_get(a, buf_view(&b), STR("Payload-Oxum"), &times);
    ck_assert_uint_eq(times, 0);
    struct str rest = buf_view(&b), line;
    while (str_cut(rest, '\n', &line, &rest))
        ck_assert_uint_le(line.n, 79);
    buf_free(&b);
}
END_TEST

/* The first error of a pack: its code, or "ok". */
static const char *verdict(const struct pack_input *v, size_t n)
{
    struct diag *said = diag_new(a);
    struct pack *p = pack_of_memory(a, v, n, said);
    if (p && check_bag(a, p, said))
        check_index(a, p, said);
    const char *code = diag_first(said, DIAG_ERROR);
    return code ? code : "ok";
}

START_TEST(whole_pack_is_good)
{
    size_t n;
    struct pack_input *v = kit_inputs(a, kit_bag(a, NULL), &n);
    ck_assert_str_eq(verdict(v, n), "ok");
}
END_TEST

/* The Statement is made of the tag manifest's hash and the results, and compared with
 * them when the evidence is judged again (suite_pack). */
static bool is_hashed(struct str path)
{
    return !str_starts(path, STR("attestation/"));
}

START_TEST(every_byte_counts)
{
    size_t n;
    struct pack_input *v = kit_inputs(a, kit_bag(a, NULL), &n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < v[i].bytes.n && is_hashed(v[i].path); k++) {
            struct str whole = v[i].bytes;
            char *copy = (char *)str_dup(a, whole).p;
            for (int how = 0; how < 3; how++) {
                copy[k] = (char)(whole.p[k] ^ (how == 0 ? 1 : how == 1 ? 0x20 : 0x80));
                v[i].bytes = (struct str){copy, whole.n};
                ck_assert_msg(strcmp(verdict(v, n), "ok") != 0, "%.*s byte %zu",
                              STR_ARG(v[i].path), k);
            }
            v[i].bytes = str_fmt(a, "%.*s%.*s", (int)k + 1, whole.p, /* one more there */
                                 STR_ARG(str_sub(whole, k, whole.n)));
            ck_assert_msg(strcmp(verdict(v, n), "ok") != 0, "%.*s longer at %zu",
                          STR_ARG(v[i].path), k);
            v[i].bytes = str_sub(whole, 0, k); /* cut there */
            ck_assert_msg(strcmp(verdict(v, n), "ok") != 0, "%.*s cut at %zu",
                          STR_ARG(v[i].path), k);
            v[i].bytes = whole;
        }
}
END_TEST

START_TEST(every_file_counts)
{
    size_t n;
    struct pack_input *v = kit_inputs(a, kit_bag(a, NULL), &n);
    for (size_t i = 0; i < n; i++) {
        struct pack_input whole = v[i];
        v[i] = v[n - 1];
        ck_assert_msg(strcmp(verdict(v, n - 1), "ok") != 0, "%.*s removed",
                      STR_ARG(whole.path));
        v[i] = whole;
        v[i].path = str_fmt(a, "%.*sx", STR_ARG(whole.path));
        ck_assert_msg(strcmp(verdict(v, n), "ok") != 0, "%.*s renamed",
                      STR_ARG(whole.path));
        v[i] = whole;
        v[i].kind = FILE_KIND_LINK;
        ck_assert_str_eq(verdict(v, n), "PAK-103");
        v[i].kind = FILE_KIND_OTHER;
        ck_assert_str_eq(verdict(v, n), "PAK-103");
        v[i] = whole;
        v[i].bytes = str_fmt(a, "%.*s\n", STR_ARG(whole.bytes));
        ck_assert_msg(!is_hashed(whole.path) || strcmp(verdict(v, n), "ok") != 0,
                      "%.*s grown", STR_ARG(whole.path));
        v[i] = whole;
    }
}
END_TEST

static const struct {
    const char *path, *code;
} strangers[] = {
    {"fetch.txt", "PAK-104"},
    {"Fetch.txt", "PAK-104"},
    {"data/evidence/more.json", "PAK-108"},
    {"data/more", "PAK-108"},
    {"manifest-sha512.txt", "PAK-111"},
    {"tagmanifest-md5.txt", "PAK-111"},
    {"notes.txt", "PAK-111"},
    {"signatures/other.sig", "PAK-111"},
    {"signatures/tagmanifest-sha256.txt.sig", "ok"},
    {"signatures/tagmanifest-sha256.txt.tsr", "ok"},
    {"data/results.json", "PAK-115"},
    {"data/Results.json", "PAK-102"},
    {"DATA/results.json", "PAK-102"},
    {"readme.txt", "PAK-102"},
    {"../x", "PAK-101"},
    {"/etc/passwd", "PAK-101"},
    {"data/../x", "PAK-101"},
    {"data/%2e%2e/x", "PAK-101"},
    {"data//x", "PAK-101"},
    {"data/.keep", "PAK-101"},
    {".DS_Store", "PAK-101"},
    {"data/aux", "PAK-101"},
    {"data/" A50 A50 A50 A50 A50, "PAK-101"},
    {"data/a\\..\\b", "PAK-101"},
    {"data/caf\xc3\xa9", "PAK-101"},
    {"attestation", "PAK-111"},
    {"attestation/Test-result.intoto.json", "PAK-102"},
};
START_TEST(no_stranger_passes)
{
    size_t n;
    struct pack_input *v = kit_inputs(a, kit_bag(a, NULL), &n);
    v[n] = (struct pack_input){str_from(strangers[_i].path), STR("x"), FILE_KIND_REGULAR};
    ck_assert_str_eq(verdict(v, n + 1), strangers[_i].code);
}
END_TEST

/* Indexes that are in a bag whose hashes all fit. */
static const struct {
    const char *index, *code;
} indexes[] = {
    {"", "JSN-113"},
    {"{}", "PAK-130"},
    {"{\"kdaudit\": \"results\", \"format\": 1}", "PAK-130"},
    {"{\"kdaudit\": \"pack\", \"format\": 2}", "PAK-130"},
    {"{\"kdaudit\": \"pack\", \"format\": 1, \"as_of\": \"then\"}", "PAK-130"},
    {"{\"kdaudit\": \"pack\", \"format\": 1, \"as_of\": \"2026-01-01\"}", "PAK-130"},
    {"{\"kdaudit\": \"pack\", \"format\": 1, \"as_of\": \"2026-01-01\", \"files\": [], "
     "\"parts\": [], \"parameters\": [1]}",
     "PAK-130"},
    {"{\"kdaudit\": \"pack\", \"format\": 1, \"as_of\": \"2026-01-01\", \"files\": [], "
     "\"parts\": [{\"path\": \"results.json\", \"bytes\": 1.5}], \"parameters\": []}",
     "PAK-130"},
    {"{\"kdaudit\": \"pack\", \"format\": 1, \"as_of\": \"2026-01-01\", \"files\": [], "
     "\"parts\": [], \"parameters\": []}",
     "PAK-131"},
    {"{\"kdaudit\": \"pack\", \"format\": 1, \"as_of\": \"2026-01-01\", \"files\": [], "
     "\"parts\": [{\"path\": \"../README.txt\", \"bytes\": 8}], \"parameters\": []}",
     "PAK-132"},
    {"{\"kdaudit\": \"pack\", \"format\": 1, \"as_of\": \"2026-01-01\", \"files\": [], "
     "\"parts\": [{\"path\": \"results.json\", \"bytes\": 8}], \"parameters\": []}",
     "PAK-133"},
};
START_TEST(index_must_fit)
{
    size_t n;
    struct pack_input *v = kit_inputs(a, kit_bag(a, indexes[_i].index), &n);
    ck_assert_str_eq(verdict(v, n), indexes[_i].code);
}
END_TEST

/* Every message of verify belongs to a stage, and so to an exit code. */
static const struct {
    const struct diag_kind *kind;
    enum pack_stage stage;
} stages[] = {
    {&PAK_BAD_PATH, PACK_STRUCTURE},
    {&PAK_TWICE, PACK_STRUCTURE},
    {&PAK_CHANGED, PACK_HASH},
    {&PAK_INFO, PACK_HASH},
    {&PAK_INDEX_MISSES, PACK_INDEX},
    {&PAK_RESULTS_DIFFER, PACK_RESULTS},
    {&PAK_SIGNATURE_ABSENT, PACK_SIGNATURE},
    {&PAK_CHANGING, PACK_STAGES},
};
START_TEST(stage_of_code)
{
    ck_assert_int_eq(pack_stage_of(stages[_i].kind->code), stages[_i].stage);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("pack");
    TCase *t = tcase_create("pack");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    unit_rows(t, path_rules, paths);
    tcase_add_test(t, path_with_nul);
    unit_rows(t, new_names, names);
    tcase_add_test(t, names_stay_apart);
    unit_rows(t, manifest_lines, manifests);
    unit_rows(t, info_labels, infos);
    tcase_add_test(t, info_lines);
    tcase_add_test(t, whole_pack_is_good);
    tcase_add_test(t, every_byte_counts);
    tcase_add_test(t, every_file_counts);
    unit_rows(t, no_stranger_passes, strangers);
    unit_rows(t, index_must_fit, indexes);
    unit_rows(t, stage_of_code, stages);
    suite_add_tcase(s, t);
    return unit_run(s, "pack");
}
