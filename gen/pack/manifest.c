/* Write and read the tag files of a bag. */
#include "pack/manifest.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "pack/message.h"
#include "pack/name.h"

enum { HEX_DIGITS = 64, FOLD_COLUMNS = 79, LINE_FAULTS_MAX = 20, VALUE_MAX = 1000 };

/* clang-format off */
/* Labels that RFC 8493, 2.2.2 reserves and that a user knows better than kdaudit. */
static const char *const user_labels[] = {
    "Bag-Count", "Bag-Group-Identifier", "Contact-Email", "Contact-Name", "Contact-Phone",
    "External-Description", "Internal-Sender-Description", "Internal-Sender-Identifier",
    "Organization-Address", "Source-Organization",
};
/* clang-format on */

void manifest_line(struct buf *out, struct str sha256, struct str path)
{
    buf_fmt(out, "%.*s  %.*s\n", STR_ARG(sha256), STR_ARG(path));
}

static bool is_hex(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
            return false;
    return s.n == HEX_DIGITS;
}

/* What is wrong with a line, and its entry. */
static const char *line_fault(struct str line, struct str before,
                              struct manifest_entry *out)
{
    out->sha256 = str_sub(line, 0, HEX_DIGITS);
    out->path = str_sub(line, HEX_DIGITS + 2, line.n);
    if (!is_hex(out->sha256))
        return "it does not start with 64 lower-case hex digits";
    if (!str_eq(str_sub(line, HEX_DIGITS, HEX_DIGITS + 2), STR("  ")))
        return "two spaces must stand after the hash";
    const char *fault = pack_path_fault(out->path);
    if (fault)
        return fault;
    int order = before.n ? str_cmp(before, out->path) : -1;
    return order == 0  ? "the line before names the same path"
           : order > 0 ? "it is not in order"
                       : NULL;
}

bool manifest_read(struct arena *a, const struct text *text, struct manifest *out,
                   struct diag *dx)
{
    struct str rest = text->bytes, line, before = STR("");
    unsigned faults = 0;
    while (rest.n && faults < LINE_FAULTS_MAX) {
        size_t pos = (size_t)(rest.p - text->bytes.p);
        struct manifest_entry e = {.pos = pos};
        const char *fault = NULL;
        if (!str_cut(rest, '\n', &line, &rest))
            fault = "the last line does not end in LF";
        const char *other = line_fault(line, before, &e);
        if (other)
            fault = other;
        if (fault) {
            diag_at(dx, &PAK_BAD_LINE, (struct origin){text, pos, 1}, "%s", fault);
            faults++;
            continue;
        }
        *vec_push(a, &out->entries) = e;
        before = e.path;
    }
    return !faults;
}

/* Values go on one line each, folded at spaces; what cannot be seen is made visible. */
void bag_info_line(struct buf *out, struct str label, struct str value)
{
    struct buf seen = BUF_INIT;
    utf8_vis(&seen, value);
    struct str rest = str_trim(buf_view(&seen)), word;
    size_t column = label.n + 1;
    bool more = rest.n > 0;
    buf_fmt(out, "%.*s:", STR_ARG(label));
    while (more) {
        more = str_cut(rest, ' ', &word, &rest);
        size_t columns = utf8_columns(word);
        if (column + 1 + columns > FOLD_COLUMNS && column > label.n + 1) {
            buf_z(out, "\n ");
            column = 1;
        }
        buf_c(out, ' ');
        buf_str(out, word);
        column += 1 + columns;
    }
    buf_c(out, '\n');
    buf_free(&seen);
}

struct str bag_info_get(struct arena *a, struct str text, struct str label, size_t *times)
{
    struct str rest = text, line, name, value, found = STR("");
    bool inside = false;
    *times = 0;
    while (rest.n) {
        str_cut(rest, '\n', &line, &rest);
        if (line.n && (line.p[0] == ' ' || line.p[0] == '\t')) {
            if (inside)
                found = str_fmt(a, "%.*s %.*s", STR_ARG(found), STR_ARG(str_trim(line)));
            continue;
        }
        inside = str_cut(line, ':', &name, &value) && str_eq_nocase(name, label);
        if (inside && !(*times)++)
            found = str_trim(value);
    }
    return found;
}

const char *bag_info_fault(struct str label, struct str value)
{
    bool known = false;
    for (size_t i = 0; i < sizeof user_labels / sizeof *user_labels; i++)
        known |= str_eq(label, str_from(user_labels[i]));
    if (!known)
        return "the label is none that RFC 8493 has for the sender";
    if (!str_trim(value).n)
        return "the value is empty";
    return value.n > VALUE_MAX ? "the value is longer than 1000 bytes" : NULL;
}
