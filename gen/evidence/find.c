/* Find the files that are evidence. */
#include "evidence/find.h"

#include "base/file.h"
#include "evidence/name.h"

#include <string.h>

/* In a pack only data/evidence is evidence; bagit.txt says that it is one. */
static struct str pack_folder(const struct file_list *files)
{
    for (size_t i = 0; i < files->n; i++)
        if (str_eq(files->v[i].relative, STR("bagit.txt")))
            return STR("data/");
    return STR("");
}

static bool part_of_pack(struct str relative)
{
    return str_starts(relative, STR("data/evidence/")) ||
           str_eq(relative, STR("data/index.json"));
}

static struct str last_part(struct str s)
{
    while (s.n > 1 && s.p[s.n - 1] == '/')
        s.n--;
    size_t slash = str_find_last(s, '/');
    return str_sub(s, slash == (size_t)-1 ? 0 : slash + 1, s.n);
}

static bool add_path(struct arena *a, struct arena *own, unsigned threads,
                     struct evidence_files *out, const char *path, struct str label,
                     struct diag *dx)
{
    struct str typed = str_from(path);
    if (strcmp(path, "-") == 0 || file_type(path) == FILE_REGULAR) {
        *vec_push(own, out) = (struct evidence_file){
            .shown = label.n ? label : last_part(typed), .typed = typed, .must = true};
        return true;
    }
    if (file_type(path) != FILE_FOLDER) {
        struct str ignored;
        file_read(a, path, typed, dx, &ignored); /* records what is the matter */
        return false;
    }
    struct file_list files = {0};
    if (!file_walk_with(own, path, threads, dx, &files))
        return false;
    struct str pack = pack_folder(&files);
    for (size_t i = 0; i < files.n; i++) {
        const struct file_entry *f = &files.v[i];
        if (name_kind_of(f->relative) == NAME_OTHER ||
            (pack.n && !part_of_pack(f->relative)))
            continue;
        struct str full = str_dup(a, f->path);
        struct str relative = str_sub(full, full.n - f->relative.n, full.n);
        *vec_push(own, out) = (struct evidence_file){
            .shown = label.n ? str_fmt(a, "%.*s/%.*s", STR_ARG(label), STR_ARG(relative))
                             : relative,
            .typed = full,
        };
    }
    return true;
}

/* With several arguments, what tells their files apart: the last part of each path, made
 * different by a number where it must be. No more of the path: reports show no machine.
 */
static struct str label_of(struct arena *a, const char *const *paths, size_t n, size_t i)
{
    if (n < 2)
        return STR("");
    struct str own = last_part(str_from(paths[i]));
    size_t same = 0;
    for (size_t k = 0; k < i; k++)
        same += str_eq(own, last_part(str_from(paths[k])));
    return same ? str_fmt(a, "%.*s(%zu)", STR_ARG(own), same + 1) : own;
}

bool evidence_find(struct arena *a, struct arena *own, const char *const *paths, size_t n,
                   unsigned threads, struct evidence_files *out, struct diag *dx)
{
    bool ok = true;
    for (size_t i = 0; i < n; i++)
        ok = add_path(a, own, threads, out, paths[i], label_of(a, paths, n, i), dx) && ok;
    return ok;
}
