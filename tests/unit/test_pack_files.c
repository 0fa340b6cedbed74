/* Unit tests of packs on disk: folder and archives, equal bytes, hostile archives,
 * evidence that changes, many files. */
#include "unit.h"

#include "base/file_stream.h"
#include "pack/archive.h"
#include "pack/check.h"
#include "pack/message.h"
#include "pack_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena *a;
static struct diag *dx;
static char folder[64];

static void setup(void)
{
    a = arena_new();
    dx = diag_new(a);
    snprintf(folder, sizeof folder, "/tmp/kdaudit-pack-XXXXXX");
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
    if (_i == 0)
        return;
    struct bag *b = kit_bag(a, NULL);
    ck_assert(bag_write(b, at(forms[_i]), dx));
    struct str whole = bytes_of(at(forms[_i]));
    char *copy = (char *)str_dup(a, whole).p;
    size_t step = whole.n / 400 + 1;
    for (size_t k = 0; k < whole.n; k += step) {
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
            ck_assert(str_eq(p->v[i]->sha256, b->items.v[i].sha256));
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
    tcase_add_test(t, links_in_a_folder_are_refused);
    tcase_add_test(t, linked_folder_is_refused);
    unit_rows(t, hostile_entries, entries);
    tcase_add_test(t, nothing_is_overwritten);
    unit_rows(t, evidence_must_not_change, changes);
    unit_rows(t, no_archive, unreadable);
    tcase_add_test(t, large_reports_stay_out_of_memory);
    suite_add_tcase(s, t);
    return unit_run(s, "pack_files");
}
