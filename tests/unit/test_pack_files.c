/* Unit tests of packs on disk: folder and archives, equal bytes, hostile archives,
 * evidence that changes, many files. */
#include "unit.h"

#include "base/file_stream.h"
#include "base/file_work.h"
#include "pack/archive.h"
#include "pack/check.h"
#include "pack/message.h"
#include "pack_kit.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena *a;
static struct diag *dx;
static char folder[64];

static void setup(void)
{
    a = arena_new();
    dx = diag_new(a);
    /* Hundreds of packs are written, each synced: memory is quicker than a disk. */
    const char *where = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(folder, sizeof folder, "%s/kdaudit-pack-XXXXXX", where);
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    arena_free(a);
    file_remove_tree(folder);
}

static char *at(const char *name)
{
    return file_join(a, str_from(folder), str_from(name));
}

static const char *verdict(const char *path)
{
    struct diag *said = diag_new(a);
    struct pack *p = pack_open(a, path, PACK_NEED_CASE, said);
    if (p && check_bag(a, p, said))
        check_index(a, p, said);
    const char *code = diag_first(said, DIAG_ERROR);
    return code ? code : "ok";
}

static struct str bytes_of(const char *path)
{
    struct str s = {0};
    ck_assert(file_read_raw(a, path, str_from(path), dx, &s));
    return s;
}

#define A10 "aaaaaaaaaa"
#define A100 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10

static const char *const forms[] = {"p", "p.tar", "p.tar.gz", "p.tgz", "p.zip"};
START_TEST(comes_back_whole)
{
    ck_assert(bag_write(kit_bag(a, NULL), at(forms[_i]), dx));
    ck_assert_str_eq(verdict(at(forms[_i])), "ok");
    ck_assert_uint_eq(diag_len(dx), 0);
}
END_TEST

START_TEST(same_bytes_twice)
{
    if (_i == 0)
        return;
    const char *other = str_fmt(a, "%s/other-%s", folder, forms[_i]).p;
    setenv("TZ", "Asia/Tokyo", 1);
    ck_assert(bag_write(kit_bag(a, NULL), at(forms[_i]), dx));
    setenv("TZ", "America/New_York", 1);
    ck_assert(bag_write(kit_bag(a, NULL), other, dx));
    ck_assert(str_eq(bytes_of(at(forms[_i])), bytes_of(other)));
}
END_TEST

/* A changed byte of an archive gives another file, or an archive that cannot be read: or
 * it lies in what no file is made of (times, padding), and then all files are right. */
START_TEST(no_byte_of_an_archive_hides_a_change)
{
    enum { ZERO_STEP = 32 };
    if (_i == 0)
        return;
    struct bag *b = kit_bag(a, NULL);
    ck_assert(bag_write(b, at(forms[_i]), dx));
    struct str whole = bytes_of(at(forms[_i]));
    char *copy = (char *)str_dup(a, whole).p;
    for (size_t k = 0; k < whole.n; k++) {
        if (!whole.p[k] && k % ZERO_STEP) /* tar pads with thousands of them */
            continue;
        copy[k] ^= 0x15;
        FILE *f = fopen(at("changed"), "wb");
        ck_assert_uint_eq(fwrite(copy, 1, whole.n, f), whole.n);
        fclose(f);
        copy[k] ^= 0x15;
        struct diag *said = diag_new(a);
        struct pack *p = pack_open(a, at("changed"), PACK_NEED_CASE, said);
        if (!p || !check_bag(a, p, said) || diag_count(said, DIAG_ERROR))
            continue;
        ck_assert_uint_eq(p->n, b->items.n);
        for (size_t i = 0; i < p->n; i++)
            ck_assert(
                str_starts(p->v[i]->path, STR("attestation/")) || /* see test_pack.c */
                str_eq(p->v[i]->sha256, b->items.v[i].sha256));
    }
}
END_TEST

START_TEST(cut_archives_are_refused)
{
    if (_i == 0)
        return;
    ck_assert(bag_write(kit_bag(a, NULL), at(forms[_i]), dx));
    struct str whole = bytes_of(at(forms[_i]));
    for (size_t n = 0; n + 1500 < whole.n; n += whole.n / 50) {
        FILE *f = fopen(at("cut"), "wb");
        ck_assert_uint_eq(fwrite(whole.p, 1, n, f), n);
        fclose(f);
        ck_assert_str_ne(verdict(at("cut")), "ok");
    }
}
END_TEST

START_TEST(links_in_a_folder_are_refused)
{
    ck_assert(bag_write(kit_bag(a, NULL), at("p"), dx));
    ck_assert_int_eq(rename(at("p/README.txt"), at("elsewhere")), 0);
    ck_assert_int_eq(symlink("../elsewhere", at("p/README.txt")), 0);
    ck_assert_str_eq(verdict(at("p")), "PAK-103");
    unlink(at("p/README.txt"));
    ck_assert_int_eq(mkfifo(at("p/README.txt"), 0600), 0);
    ck_assert_str_eq(verdict(at("p")), "PAK-103");
    unlink(at("p/README.txt"));
    ck_assert_int_eq(mkdir(at("p/README.txt"), 0700), 0);
    ck_assert_str_eq(verdict(at("p")), "PAK-116");
    rmdir(at("p/README.txt"));
    ck_assert_str_eq(verdict(at("p")), "PAK-105");
}
END_TEST

START_TEST(linked_folder_is_refused)
{
    ck_assert(bag_write(kit_bag(a, NULL), at("p"), dx));
    ck_assert_int_eq(rename(at("p/data/reports"), at("reports")), 0);
    ck_assert_int_eq(symlink("../../reports", at("p/data/reports")), 0);
    ck_assert_str_eq(verdict(at("p")), "PAK-103");
}
END_TEST

/* Entries that an unpacker would follow out of its folder. */
static const struct {
    const char *path, *code;
} entries[] = {
    {"kdaudit-pack-x/../../x", "PAK-101"},
    {"../x", "PAK-114"},
    {"/tmp/x", "PAK-114"},
    {"x", "PAK-114"},
    {"other/x", "PAK-114"},
    {"kdaudit-pack-x/fetch.txt", "PAK-104"},
    {"kdaudit-pack-x/bagit.txt", "PAK-115"},
    {"kdaudit-pack-x/BAGIT.txt", "PAK-102"},
};
START_TEST(hostile_entries)
{
    struct bag *b = kit_bag(a, NULL);
    struct archive_out *out = archive_create(at("h.tar"), ARCHIVE_TAR, 0, dx);
    ck_assert_ptr_nonnull(out);
    for (size_t i = 0; i <= b->items.n; i++) {
        bool last = i == b->items.n;
        struct str bytes = last ? STR("x") : b->items.v[i].bytes;
        struct str path = last ? str_from(entries[_i].path)
                               : str_fmt(a, "kdaudit-pack-x/%s", b->items.v[i].path.p);
        ck_assert(archive_begin(out, path, bytes.n) && archive_add(out, bytes));
    }
    ck_assert(archive_commit(out, dx));
    ck_assert_str_eq(verdict(at("h.tar")), entries[_i].code);
}
END_TEST

/* What is done to one file of a pack, in a folder and in archives. */
enum change {
    FIRST_BYTE,
    LAST_BYTE,
    CUT,
    GROWN,
    EMPTIED,
    REMOVED,
    RENAMED,
    TWIN,
    EXTRA,
    EMPTY_FOLDER,
    CHANGES
};

static void put(const char *form, struct archive_out *out, struct str path,
                struct str bytes)
{
    if (out) {
        ck_assert(archive_begin(out, str_fmt(a, "x/%.*s", STR_ARG(path)), bytes.n) &&
                  archive_add(out, bytes));
        return;
    }
    struct str full = str_from(file_join(a, str_from(at(form)), path));
    struct str above = str_sub(full, 0, str_find_last(full, '/'));
    ck_assert(file_make_folder(str_z(a, above), dx));
    FILE *f = fopen(full.p, "wb");
    ck_assert_uint_eq(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    fclose(f);
}

static void put_changed(const char *form, struct archive_out *out,
                        const struct bag_item *item, enum change change)
{
    struct str path = item->path, bytes = item->bytes;
    char *copy = (char *)str_dup(a, bytes).p;
    struct str own = {copy, bytes.n};
    switch (change) {
    case FIRST_BYTE:
        copy[0] ^= 1;
        put(form, out, path, own);
        break;
    case LAST_BYTE:
        copy[bytes.n - 1] ^= 1;
        put(form, out, path, own);
        break;
    case CUT:
        put(form, out, path, str_sub(own, 0, own.n - 1));
        break;
    case GROWN:
        put(form, out, path, str_fmt(a, "%.*s ", STR_ARG(own)));
        break;
    case EMPTIED:
        put(form, out, path, STR(""));
        break;
    case REMOVED:
        break;
    case RENAMED:
        put(form, out, str_fmt(a, "%.*s.bak", STR_ARG(path)), own);
        break;
    case TWIN:
        put(form, out, path, own);
        copy = (char *)str_dup(a, path).p;
        copy[path.n - 1] ^= 0x20; /* the last letter in the other case */
        put(form, out, (struct str){copy, path.n}, own);
        break;
    case EXTRA:
        put(form, out, path, own);
        put(form, out, str_fmt(a, "%.*s.more", STR_ARG(path)), STR(""));
        break;
    default:
        put(form, out, path, own);
        ck_assert(file_make_folder(at("c/data/none"), dx));
    }
}

static const char *const changed_forms[] = {"c", "c.tar", "c.tar.gz", "c.zip"};
START_TEST(every_change_is_caught)
{
    const char *form = changed_forms[_i];
    struct bag *b = kit_bag(a, NULL);
    size_t stem;
    enum archive_kind kind = archive_kind_of(str_from(form), &stem);
    for (size_t k = 0; k < b->items.n; k++)
        for (int change = 0; change < CHANGES; change++) {
            const struct bag_item *item = &b->items.v[k];
            bool attestation = str_starts(item->path, STR("attestation/"));
            if (change == EMPTY_FOLDER && kind != ARCHIVE_NONE)
                continue;
            if ((!item->bytes.n || attestation) && change < REMOVED)
                continue;
            file_remove_tree(at(form));
            struct archive_out *out =
                kind == ARCHIVE_NONE ? NULL : archive_create(at(form), kind, 0, dx);
            for (size_t i = 0; i < b->items.n; i++)
                if (i == k)
                    put_changed(form, out, item, (enum change)change);
                else
                    put(form, out, b->items.v[i].path, b->items.v[i].bytes);
            ck_assert(!out || archive_commit(out, dx));
            ck_assert_msg(strcmp(verdict(at(form)), "ok") != 0, "%s: %s, change %d", form,
                          item->path.p, change);
        }
}
END_TEST

/* Entries that pack never writes, by the library itself. */
static const struct {
    const char *path;
    unsigned type;
    const char *link, *code;
} crafted[] = {
    {"x/README.txt", AE_IFLNK, "/etc/passwd", "PAK-103"},
    {"x/data/more", AE_IFLNK, "../../..", "PAK-103"},
    {"x/data", AE_IFLNK, "/tmp", "PAK-103"},
    {"x/data/none", AE_IFDIR, NULL, "PAK-116"},
    {"x/data/../../up", AE_IFREG, NULL, "PAK-101"},
    {"../up", AE_IFREG, NULL, "PAK-114"},
    {"/tmp/up", AE_IFREG, NULL, "PAK-114"},
    {"x//tmp/up", AE_IFREG, NULL, "PAK-101"},
    {"x/data/%2e%2e/up", AE_IFREG, NULL, "PAK-101"},
    {"x/data/a\\b", AE_IFREG, NULL, "PAK-101"},
    {"x/data/Index.json", AE_IFREG, NULL, "PAK-102"},
    {"x/data/index.json", AE_IFREG, NULL, "PAK-115"},
    {"x/data/" A100 "/" A100 "/" A100, AE_IFREG, NULL, "PAK-101"},
    {"x/data/nul", AE_IFREG, NULL, "PAK-101"},
    {"x/data/a\xc3\xa9", AE_IFREG, NULL, "PAK-101"},
    {"y/data/index.json", AE_IFREG, NULL, "PAK-114"},
};

static void craft(const char *path, bool zip, const struct bag *b, size_t row)
{
    struct archive *ar = archive_write_new();
    ck_assert_int_eq(zip ? archive_write_set_format_zip(ar)
                         : archive_write_set_format_pax(ar),
                     ARCHIVE_OK);
    ck_assert_int_eq(archive_write_open_filename(ar, path), ARCHIVE_OK);
    for (size_t i = 0; i <= b->items.n; i++) {
        bool last = i == b->items.n;
        struct str bytes = last ? STR("") : b->items.v[i].bytes;
        struct archive_entry *e = archive_entry_new();
        archive_entry_set_pathname(e, last ? crafted[row].path
                                           : str_fmt(a, "x/%s", b->items.v[i].path.p).p);
        archive_entry_set_filetype(e, last ? crafted[row].type : AE_IFREG);
        archive_entry_set_perm(e, 0644);
        archive_entry_set_size(e, (la_int64_t)bytes.n);
        if (last && crafted[row].link)
            archive_entry_set_symlink(e, crafted[row].link);
        ck_assert_int_ge(archive_write_header(ar, e), ARCHIVE_WARN);
        archive_write_data(ar, bytes.p, bytes.n);
        archive_entry_free(e);
    }
    archive_write_close(ar);
    archive_write_free(ar);
}

START_TEST(crafted_entries_are_refused)
{
    struct bag *b = kit_bag(a, NULL);
    craft(at("h.zip"), true, b, (size_t)_i);
    ck_assert_str_eq(verdict(at("h.zip")), crafted[_i].code);
    craft(at("h.tar"), false, b, (size_t)_i);
    ck_assert_str_eq(verdict(at("h.tar")), crafted[_i].code);
}
END_TEST

/* A name in a zip's directory may hold a NUL, which C would end it at. */
START_TEST(nul_in_a_name_is_refused)
{
    struct bag *b = kit_bag(a, NULL);
    bag_add(b, STR("data/indexXjson"), STR(""));
    struct archive_out *out = archive_create(at("n.zip"), ARCHIVE_ZIP, 0, dx);
    for (size_t i = 0; i < b->items.n; i++)
        put(NULL, out, b->items.v[i].path, b->items.v[i].bytes);
    ck_assert(archive_commit(out, dx));
    struct str whole = bytes_of(at("n.zip"));
    for (size_t from = 0, p; (p = str_find(str_sub(whole, from, whole.n),
                                           STR("indexXjson"))) != (size_t)-1;) {
        ((char *)whole.p)[from + p + 5] = '\0';
        from += p;
    }
    FILE *f = fopen(at("n.zip"), "wb");
    ck_assert_uint_eq(fwrite(whole.p, 1, whole.n, f), whole.n);
    fclose(f);
    ck_assert_str_ne(verdict(at("n.zip")), "ok");
}
END_TEST

START_TEST(nothing_is_overwritten)
{
    ck_assert_int_eq(mkdir(at("p"), 0700), 0);
    ck_assert(!bag_write(kit_bag(a, NULL), at("p"), dx));
    ck_assert_str_eq(diag_first(dx, DIAG_ERROR), "FIL-122");
    ck_assert_int_eq(access(at("p.partial"), F_OK), -1);
}
END_TEST

/* A file that is no more what was judged stops the pack, and nothing is left of it. */
static const struct {
    const char *now, *form;
} changes[] = {
    {"more than it was", "p"},     {"les", "p"},     {"twas", "p"},
    {"more than it was", "p.tar"}, {"les", "p.zip"}, {"twas", "p.tar.gz"},
};
START_TEST(evidence_must_not_change)
{
    struct bag b = {.a = a, .base = STR("b")};
    FILE *f = fopen(at("e.json"), "w");
    fputs(changes[_i].now, f);
    fclose(f);
    bag_add_file(&b, STR("data/e.json"), at("e.json"), digest_hex(a, STR("that")), 4);
    bag_add(&b, STR("README.txt"), STR("x"));
    bag_close(&b, NULL, 0);
    ck_assert(!bag_write(&b, at(changes[_i].form), dx));
    ck_assert_str_eq(diag_first(dx, DIAG_ERROR), "PAK-160");
    ck_assert_int_eq(access(at(changes[_i].form), F_OK), -1);
    ck_assert_int_eq(access(str_fmt(a, "%s.partial", at(changes[_i].form)).p, F_OK), -1);
}
END_TEST

static const char *const unreadable[] = {"", "PK", "not an archive at all", "\x1f\x8b"};
START_TEST(no_archive)
{
    FILE *f = fopen(at("x.zip"), "w");
    fputs(unreadable[_i], f);
    fclose(f);
    ck_assert_str_ne(verdict(at("x.zip")), "ok");
}
END_TEST

/* Of most files the hash alone stays: memory grows with their number, not their size. */
START_TEST(large_reports_stay_out_of_memory)
{
    enum { SIZE = 1 << 20, COUNT = 40 };
    struct bag b = {.a = a, .base = STR("b")};
    char *big = arena_alloc(a, SIZE);
    memset(big, 'x', SIZE);
    for (int i = 0; i < COUNT; i++)
        bag_add(&b, str_fmt(a, "data/reports/%d.html", i), (struct str){big, SIZE});
    bag_close(&b, NULL, 0);
    ck_assert(bag_write(&b, at("big.tar.gz"), dx));
    struct arena *own = arena_new();
    ck_assert_ptr_nonnull(pack_open(own, at("big.tar.gz"), PACK_NEED_CASE, dx));
    ck_assert_uint_lt(arena_size_bytes(own), 2 << 20);
    arena_free(own);
}
END_TEST

static size_t names_there(void)
{
    struct file_list list = {0};
    file_walk(a, folder, diag_new(a), &list);
    return list.n;
}

/* What the next run finds where one is at work, was killed, or never was. */
START_TEST(work_of_the_dead_goes)
{
    char *path = at("x.parts"), *mark = at("x.parts/.kdaudit-unfinished");
    pid_t child = fork();
    if (child == 0) {
        struct file_work *w = file_work_open(a, path, dx);
        bool ok = w && file_write(at("x.parts/content/file"), STR("half"), dx);
        _exit(ok ? 0 : 1); /* as if killed: nothing is closed */
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert(file_work_left(path));
    struct file_work *w = file_work_open(a, path, dx);
    ck_assert_ptr_nonnull(w);
    ck_assert_str_eq(diag_first(dx, DIAG_WARNING), "FIL-124");
    ck_assert_int_eq(access(at("x.parts/content/file"), F_OK), -1);

    /* Alive: left alone. */
    ck_assert(file_write(at("x.parts/content/file"), STR("half"), dx));
    ck_assert_ptr_null(file_work_open(a, path, dx));
    ck_assert_str_eq(diag_first(dx, DIAG_ERROR), "FIL-123");
    ck_assert(!file_work_sweep(path, dx));
    ck_assert_int_eq(access(at("x.parts/content/file"), F_OK), 0);

    /* Done: its content has its name, and the rest is gone. */
    ck_assert(file_rename(file_work_content(w), at("x"), dx));
    file_work_close(w);
    ck_assert_int_eq(access(path, F_OK), -1);
    ck_assert_int_eq(access(at("x/file"), F_OK), 0);
    ck_assert(file_work_sweep(path, dx));

    /* Not ours: without the mark, with another one, or with something beside it. */
    static const char *const marks[] = {NULL, "", "kdaudit makes something here.\n"};
    for (size_t i = 0; i < 3; i++) {
        ck_assert(file_make_folder(path, dx));
        if (marks[i])
            ck_assert(file_write(mark, str_from(marks[i]), dx));
        ck_assert(!file_work_left(path));
        ck_assert(!file_work_sweep(path, dx));
        ck_assert_int_eq(access(path, F_OK), 0);
        file_remove_tree(path);
    }
}
END_TEST

START_TEST(work_beside_what_others_put_there)
{
    char *path = at("x.parts"), *theirs = at("x.parts/theirs");
    struct file_work *w = file_work_open(a, path, dx);
    ck_assert_ptr_nonnull(w);
    ck_assert(file_write(theirs, STR("theirs"), dx));
    file_work_close(w);
    ck_assert_int_eq(access(theirs, F_OK), 0);
    ck_assert(!file_work_sweep(path, dx));
    ck_assert_str_eq(diag_first(dx, DIAG_ERROR), "FIL-122");
    ck_assert_int_eq(access(theirs, F_OK), 0);
}
END_TEST

START_TEST(held_files)
{
    char *path = at("x.partial");
    int one = open(path, O_WRONLY | O_CREAT, 0600), two = open(path, O_WRONLY);
    ck_assert_int_eq(file_hold(one, path), FILE_HOLD_OURS);
    ck_assert_int_eq(file_hold(two, path), FILE_HOLD_BUSY);
    ck_assert_int_eq(rename(path, at("x")), 0); /* it was whole */
    close(one);
    ck_assert_int_eq(file_hold(two, path), FILE_HOLD_GONE);
    close(two);
}
END_TEST

/* A file that is being written has no name that a killed run could leave, where the file
 * system lets files be without one; what has the name stays until the new one is whole.
 */
START_TEST(files_have_a_name_when_they_are_whole)
{
    char *path = at("report");
    int fd = open(folder, O_WRONLY | O_TMPFILE, 0600);
    size_t unfinished = fd < 0 ? 1 : 0; /* report.partial */
    if (fd >= 0)
        close(fd);
    for (int keep = 0; keep < 3; keep++) { /* dropped, new, replaced */
        size_t before = names_there();
        struct str text = str_fmt(a, "text %d", keep);
        struct file_out *f = file_out_open(a, path, dx);
        ck_assert(file_out_write(f, text));
        ck_assert_uint_eq(names_there(), before + unfinished);
        ck_assert(file_out_close(f, keep > 0) == (keep > 0));
        ck_assert_uint_eq(names_there(), keep > 0);
        if (keep)
            ck_assert(str_eq(bytes_of(path), text));
    }
    ck_assert(file_make_folder(at("folder"), dx));
    ck_assert(!file_write(at("folder"), STR("text"), dx));
    ck_assert_str_eq(diag_first(dx, DIAG_ERROR), "FIL-120");
    ck_assert_uint_eq(names_there(), 1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("pack_files");
    TCase *t = tcase_create("pack_files");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, setup, teardown);
    unit_rows(t, comes_back_whole, forms);
    unit_rows(t, same_bytes_twice, forms);
    unit_rows(t, no_byte_of_an_archive_hides_a_change, forms);
    unit_rows(t, cut_archives_are_refused, forms);
    unit_rows(t, every_change_is_caught, changed_forms);
    unit_rows(t, crafted_entries_are_refused, crafted);
    tcase_add_test(t, nul_in_a_name_is_refused);
    tcase_add_test(t, links_in_a_folder_are_refused);
    tcase_add_test(t, linked_folder_is_refused);
    unit_rows(t, hostile_entries, entries);
    tcase_add_test(t, nothing_is_overwritten);
    tcase_add_test(t, files_have_a_name_when_they_are_whole);
    tcase_add_test(t, work_of_the_dead_goes);
    tcase_add_test(t, work_beside_what_others_put_there);
    tcase_add_test(t, held_files);
    unit_rows(t, evidence_must_not_change, changes);
    unit_rows(t, no_archive, unreadable);
    tcase_add_test(t, large_reports_stay_out_of_memory);
    suite_add_tcase(s, t);
    return unit_run(s, "pack_files");
}
