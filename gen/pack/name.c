/* Names inside a pack. */
#include "pack/name.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"

#include <string.h>

enum { KEEP_BYTES = 60, HASH_DIGITS = 12, FOLDERS_KEEP_BYTES = 24 };

/* clang-format off */
/* Endings that mean something to the reader of evidence, longest first. */
static const char *const endings[] = {
    ".json.gz", ".stderr", ".json", ".csv", ".err", ".log", ".out", ".txt", ".gz",
};
/* Names that Windows keeps for devices, whatever their ending. */
static const char *const devices[] = {
    "aux", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con", "lpt1",
    "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul", "prn",
};
/* clang-format on */

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("._~-", c));
}

static bool is_device(struct str segment)
{
    struct str stem = str_sub(segment, 0, str_find_char(segment, '.'));
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (str_eq_nocase(stem, str_from(devices[i])))
            return true;
    return false;
}

static const char *segment_fault(struct str s)
{
    if (!s.n)
        return "it has an empty part";
    if (str_eq(s, STR(".")) || str_eq(s, STR("..")))
        return "it has a part . or ..";
    if (strchr(".-~", s.p[0]))
        return "a part starts with '.', '-' or '~'";
    if (s.p[s.n - 1] == '.')
        return "a part ends with '.'";
    if (s.n > PACK_SEGMENT_MAX)
        return "a part is longer than 100 bytes";
    if (is_device(s))
        return "a part is the name of a device on Windows";
    return NULL;
}

const char *pack_path_fault(struct str path)
{
    if (!path.n)
        return "it is empty";
    if (path.p[0] == '/')
        return "it is absolute";
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] != '/' && !letter(path.p[i]))
            return path.p[i] == '%'    ? "it is percent-encoded"
                   : path.p[i] == '\\' ? "it has a backslash"
                   : path.p[i] == '\0' ? "it has a NUL"
                                       : "it has bytes other than A-Z a-z 0-9 . _ ~ - /";
    struct str rest = path, part;
    bool more = true;
    while (more) {
        more = str_cut(rest, '/', &part, &rest);
        const char *fault = segment_fault(part);
        if (fault)
            return fault;
    }
    size_t slash = str_find_last(path, '/');
    if (slash != (size_t)-1 && slash > PACK_FOLDER_MAX)
        return "its folders take more than 90 bytes";
    return path.n > PACK_PATH_MAX ? "it is longer than 200 bytes" : NULL;
}

static size_t ending_at(struct str name)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct str e = str_from(endings[i]);
        if (name.n > e.n && str_ends(name, e) && name.p[name.n - e.n - 1] != '/')
            return name.n - e.n;
    }
    return name.n;
}

/* Append s with bytes outside the alphabet as '_', at most max bytes of it. */
static void add_plain(struct buf *out, struct str s, size_t max)
{
    for (size_t i = 0; i < s.n && i < max; i++) {
        char c = s.p[i];
        bool first = !i && strchr(".-~", c);
        buf_c(out, letter(c) && !first ? c : '_');
    }
}

/* The name with its oddities replaced and a hash of all of it: its folders, when they are
 * allowed as they are, stay. */
static struct str renamed(struct arena *a, struct str folder, struct str name,
                          unsigned round)
{
    struct buf out = BUF_INIT;
    size_t end = ending_at(name), slash = str_find_last(name, '/');
    struct str stem = str_sub(name, 0, end), folders = STR(""), last = stem;
    if (slash != (size_t)-1) {
        folders = str_sub(name, 0, slash);
        last = str_sub(stem, slash + 1, stem.n);
    }
    buf_fmt(&out, "%.*s/%.*s/x", STR_ARG(folder), STR_ARG(folders));
    bool keep = folders.n && !pack_path_fault(buf_view(&out));
    buf_clear(&out);
    buf_fmt(&out, "%.*s/", STR_ARG(folder));
    if (keep)
        buf_fmt(&out, "%.*s/", STR_ARG(folders));
    else if (folders.n) {
        struct str hash = digest_hex(a, folders);
        add_plain(&out, str_sub(folders, str_find_last(folders, '/') + 1, folders.n),
                  FOLDERS_KEEP_BYTES);
        buf_fmt(&out, "_%.*s/", HASH_DIGITS, hash.p);
    }
    struct str hash =
        digest_hex(a, round ? str_fmt(a, "%.*s/%u", STR_ARG(stem), round) : stem);
    if (is_device(last))
        buf_c(&out, '_');
    add_plain(&out, last, KEEP_BYTES);
    buf_fmt(&out, "_%.*s%.*s", HASH_DIGITS, hash.p, STR_ARG(str_sub(name, end, name.n)));
    struct str s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

static bool take(struct arena *a, struct pack_names *names, struct str path)
{
    if (pack_path_fault(path))
        return false;
    void **slot = map_put(a, &names->taken, str_lower(a, path));
    if (*slot)
        return false;
    *slot = (void *)path.p;
    return true;
}

struct str pack_name(struct arena *a, struct pack_names *names, struct str folder,
                     struct str name)
{
    struct str path = str_fmt(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name));
    for (unsigned round = 0; !take(a, names, path); round++)
        path = renamed(a, folder, name, round);
    return path;
}
