/* Read what a file's path says about the answer in it. */
#include "evidence/name.h"

#include "base/arena.h"
#include "evidence/unused.h"

enum {
    STEM_MAX = 400,  /* bytes of a file name that are looked at */
    TOKENS_MAX = 48, /* words of it */
    COMMAND_WORDS_MAX = 8,
    CUT_BYTES = 80,  /* a longer qualifier is cut in the home layout, */
    CUT_DIGITS = 10, /* and so many digits of its hash follow */
};

/* clang-format off */
static const struct { const char *ending; enum name_kind kind; } endings[] = {
    {".json",   NAME_JSON},
    {".err",    NAME_ERROR},
    {".stderr", NAME_ERROR},
    {".csv",    NAME_CSV},
    {".txt",    NAME_TEXT},
    {".out",    NAME_TEXT},
    {".stdout", NAME_TEXT},
    {".log",    NAME_TEXT},
};
/* clang-format on */

struct rows {
    const struct operation **v;
    size_t n, cap;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool name_is_account(struct str s)
{
    if (s.n != 12)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return true;
}

bool name_is_region(struct str s)
{
    /* [a-z]{2,4}(-[a-z]+)+-[0-9]+ */
    struct str part;
    size_t parts = 0;
    if (str_eq(s, STR("global")))
        return true;
    while (s.n) {
        bool more = str_cut(s, '-', &part, &s);
        bool digits = part.n > 0, letters = part.n > 0;
        for (size_t i = 0; i < part.n; i++) {
            digits = digits && is_digit(part.p[i]);
            letters = letters && is_lower(part.p[i]);
        }
        if (!more)
            return digits && part.n <= 2 && parts >= 2;
        if (!letters || (parts == 0 && (part.n < 2 || part.n > 4)))
            return false;
        parts++;
    }
    return false;
}

static struct str base_of(struct str path)
{
    size_t slash = str_find_last(path, '/');
    return slash == (size_t)-1 ? path : str_sub(path, slash + 1, path.n);
}

static enum name_kind split_ending(struct str *base)
{
    bool packed = str_ends(*base, STR(".gz"));
    struct str s = packed ? str_sub(*base, 0, base->n - 3) : *base;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct str ending = str_from(endings[i].ending);
        if (s.n >= ending.n && str_eq_nocase(str_sub(s, s.n - ending.n, s.n), ending)) {
            *base = str_sub(s, 0, s.n - ending.n);
            return endings[i].kind;
        }
    }
    *base = s;
    size_t dot = str_find_last(s, '.');
    return packed || dot == (size_t)-1 ? NAME_TEXT : NAME_OTHER;
}

enum name_kind name_kind_of(struct str path)
{
    struct str base = base_of(path);
    return split_ending(&base);
}

struct str name_stem(struct str path)
{
    struct str base = base_of(path);
    size_t before = base.n;
    split_ending(&base);
    return str_sub(path, 0, path.n - (before - base.n));
}

struct str name_decode(struct arena *a, struct str s)
{
    if (str_find_char(s, '_') == (size_t)-1)
        return s;
    char *p = arena_alloc8(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool coded = s.p[i] == '_' && i + 2 < s.n && hex_value(s.p[i + 1]) >= 0 &&
                     hex_value(s.p[i + 2]) >= 0;
        if (coded) {
            p[n++] = (char)(hex_value(s.p[i + 1]) * 16 + hex_value(s.p[i + 2]));
            i += 2;
        } else {
            p[n++] = s.p[i];
        }
    }
    return (struct str){p, n};
}

static void add(struct arena *a, struct name_index *ix, struct str key,
                const struct operation *op)
{
    void **slot = map_put(a, &ix->by_command, key);
    if (!*slot)
        *slot = ARENA_NEW(a, struct rows);
    struct rows *same = *slot;
    *vec_push(a, same) = op;
}

void name_index_build(struct arena *a, struct name_index *ix)
{
    size_t n;
    const struct operation *rows = operation_rows(&n);
    *ix = (struct name_index){0};
    for (size_t i = 0; i < n; i++)
        add(a, ix, str_from(rows[i].command), &rows[i]);
    /* "bucket-policy" for get-bucket-policy; a noun of one word says too little. */
    for (size_t i = 0; i < n; i++) {
        struct str noun;
        if (str_cut(str_from(rows[i].command), '-', NULL, &noun) &&
            str_find_char(noun, '-') != (size_t)-1)
            add(a, ix, str_fmt(a, "*%.*s", STR_ARG(noun)), &rows[i]);
    }
}

const struct operation *name_operation(const struct name_index *ix, struct str service,
                                       struct str command)
{
    const struct rows *same = map_get(&ix->by_command, command);
    for (size_t i = 0; same && i < same->n; i++)
        if (str_eq(service, str_from(same->v[i]->service)) &&
            str_eq(command, str_from(same->v[i]->command)))
            return same->v[i];
    return NULL;
}

/* A file name as words in lower case joined by '-', and where each stands. */
struct words {
    char text[STEM_MAX + TOKENS_MAX + 2];
    size_t n;
    struct {
        size_t at, end;         /* in text */
        size_t raw_at, raw_end; /* in the name */
    } v[TOKENS_MAX];
    size_t count;
};

static void split_words(struct str stem, struct words *w)
{
    w->n = w->count = 0;
    w->text[w->n++] = '*'; /* the mark of nouns in the index */
    bool inside = false;
    for (size_t i = 0; i < stem.n && i < STEM_MAX; i++) {
        char c = stem.p[i];
        bool letter = is_lower(c) || is_upper(c) || is_digit(c);
        bool starts = letter && (!inside || (is_upper(c) && !is_upper(stem.p[i - 1])));
        if (starts) {
            if (w->count == TOKENS_MAX)
                return;
            if (w->count)
                w->text[w->n++] = '-';
            w->v[w->count].at = w->n;
            w->v[w->count].raw_at = i;
            w->count++;
        }
        if (letter) {
            w->text[w->n++] = (char)(is_upper(c) ? c + ('a' - 'A') : c);
            w->v[w->count - 1].end = w->n;
            w->v[w->count - 1].raw_end = i + 1;
        }
        inside = letter;
    }
}

static struct str words_span(const struct words *w, size_t first, size_t end)
{
    size_t at = w->v[first].at;
    return (struct str){w->text + at, w->v[end - 1].end - at};
}

/* The longest command (or noun) in the words; false when there is none. */
static bool find_command(const struct name_index *ix, struct words *w, bool noun,
                         size_t *first, size_t *end, const struct rows **found)
{
    size_t best = 0;
    for (size_t i = 0; i < w->count; i++) {
        size_t most = w->count - i < COMMAND_WORDS_MAX ? w->count - i : COMMAND_WORDS_MAX;
        for (size_t len = most; len >= 2 && len > best; len--) {
            struct str key = words_span(w, i, i + len);
            char before = w->text[w->v[i].at - 1];
            if (noun) {
                w->text[w->v[i].at - 1] = '*';
                key = (struct str){key.p - 1, key.n + 1};
            }
            const struct rows *same = map_get(&ix->by_command, key);
            w->text[w->v[i].at - 1] = before;
            if (same) {
                *found = same;
                *first = i;
                *end = i + len;
                best = len;
                break;
            }
        }
    }
    return best > 0;
}

/* A service named by the words in [from, to), or by the folder. */
static struct str find_service(const struct words *w, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        for (size_t len = 3; len >= 1; len--)
            if (i + len <= to) {
                struct str service = operation_service(words_span(w, i, i + len));
                if (service.n)
                    return service;
            }
    return (struct str){0};
}

static bool is_number(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return s.n > 0;
}

/* Words at a name's ends that say nothing about the subject: how many at this end. */
static size_t idle_words(const struct words *w, size_t from, size_t to, bool at_end,
                         bool services)
{
    size_t n = to - from;
    for (size_t len = n < 3 ? n : 3; len >= 1 && services; len--) {
        size_t first = at_end ? to - len : from;
        if (operation_service(words_span(w, first, first + len)).n)
            return len;
    }
    struct str word = at_end ? words_span(w, to - 1, to) : words_span(w, from, from + 1);
    if (str_eq(word, STR("aws")) || str_eq(word, STR("output")))
        return 1;
    /* 20261120, 20261120091500, 2026-11-20, and the number of a page or copy */
    if (is_number(word) && (word.n == 8 || word.n == 14 || (n == 1 && word.n <= 2)))
        return 1;
    size_t first = at_end && n >= 3 ? to - 3 : from;
    struct str date = n >= 3 ? words_span(w, first, first + 3) : STR("");
    return date.n == 10 && str_starts(date, STR("20")) && date.p[4] == '-' &&
                   date.p[7] == '-' && is_number(str_sub(date, 0, 4)) &&
                   is_number(str_sub(date, 5, 7)) && is_number(str_sub(date, 8, 10))
               ? 3
               : 0;
}

/* Names of buckets often end in an account and a region, which make them unique. */
static bool ends_in_place(const struct operation *op)
{
    return strcmp(op->subject, "bucket") == 0;
}

/* What is left of a name beside the operation, without service, account, region, date. */
static struct str leftover(const struct words *w, struct str stem, size_t from, size_t to,
                           bool before, struct name_guess *out)
{
    bool whole = out->nops && ends_in_place(out->ops[0]);
    while (from < to) {
        struct str head = words_span(w, from, from + 1), tail = words_span(w, to - 1, to);
        size_t idle = idle_words(w, from, to, false, before || to - from > 1);
        size_t idle_end = idle ? 0 : idle_words(w, from, to, true, before);
        if (idle || idle_end) {
            from += idle;
            to -= idle_end;
        } else if (name_is_account(head)) {
            out->account = str_sub(stem, w->v[from].raw_at, w->v[from].raw_end);
            out->account_in_name = true;
            from++;
        } else if (!whole && name_is_account(tail)) {
            out->account = str_sub(stem, w->v[to - 1].raw_at, w->v[to - 1].raw_end);
            out->account_in_name = true;
            to--;
        } else if (!whole && to - from >= 3 &&
                   name_is_region(words_span(w, to - 3, to))) {
            out->region = str_sub(stem, w->v[to - 3].raw_at, w->v[to - 1].raw_end);
            to -= 3;
        } else if (to - from >= 3 && name_is_region(words_span(w, from, from + 3))) {
            out->region = str_sub(stem, w->v[from].raw_at, w->v[from + 2].raw_end);
            from += 3;
        } else {
            return str_sub(stem, w->v[from].raw_at, w->v[to - 1].raw_end);
        }
    }
    return (struct str){0};
}

static void keep_service(struct name_guess *out, struct str service)
{
    size_t n = 0;
    for (size_t i = 0; i < out->nops; i++)
        if (str_eq(str_from(out->ops[i]->service), service))
            out->ops[n++] = out->ops[i];
    out->nops = n;
}

static void take_rows(struct name_guess *out, const struct rows *same)
{
    for (size_t i = 0; i < same->n && i < NAME_OPS_MAX; i++)
        out->ops[out->nops++] = same->v[i];
}

/* Names as people write them: kinesis-describe-stream-summary-orders,
 * orders.describe_stream_summary, DescribeStreamSummary. */
static void read_loose(const struct name_index *ix, struct str stem, struct str folder,
                       struct name_guess *out)
{
    struct words w;
    size_t first = 0, end = 0;
    const struct rows *same = NULL;
    split_words(stem, &w);
    if (!w.count)
        return;
    struct str service = find_service(&w, 0, 1);
    struct str rest = words_span(&w, service.n && w.count > 1 ? 1 : 0, w.count);
    if (!service.n)
        service = folder;
    out->unused = unused_special(service, rest);
    if (out->unused)
        return;
    if (!find_command(ix, &w, false, &first, &end, &same)) {
        out->unused = unused_of_command(service, rest);
        out->loose = !out->unused && find_command(ix, &w, true, &first, &end, &same);
        if (!out->loose)
            return;
    }
    take_rows(out, same);
    service = find_service(&w, 0, first);
    if (!service.n)
        service = folder;
    if (!service.n && out->nops > 1)
        service = find_service(&w, end, w.count);
    if (service.n)
        keep_service(out, service);
    if (!out->nops) {
        out->unused = unused_of_command(service, words_span(&w, first, end));
        return;
    }
    out->name = leftover(&w, stem, end, w.count, false, out);
    struct str before = leftover(&w, stem, 0, first, true, out);
    if (!out->name.n)
        out->name = before;
}

static bool all_hex(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (hex_value(s.p[i]) < 0)
            return false;
    return true;
}

/* OPERATION~QUALIFIER~QUALIFIER: false when the stem is no such thing. */
static bool read_exact(struct arena *a, const struct name_index *ix, struct str stem,
                       struct str service, struct name_guess *out)
{
    struct str command, first, second;
    bool qualified = str_cut(stem, '~', &command, &first);
    const struct rows *same = map_get(&ix->by_command, command);
    if (!same && qualified && service.n)
        out->unused = unused_of_command(service, command);
    if (!same)
        return out->unused != NULL;
    take_rows(out, same);
    if (service.n)
        keep_service(out, service);
    if (!qualified)
        return out->nops > 0;
    bool two = str_cut(first, '~', &first, &second);
    if (two && first.n >= CUT_BYTES && second.n >= CUT_DIGITS &&
        all_hex(str_sub(second, 0, CUT_DIGITS)) &&
        (second.n == CUT_DIGITS || second.p[CUT_DIGITS] == '~')) {
        out->cut = true;
        second = str_sub(second, CUT_DIGITS + 1, second.n);
    }
    out->exact = service.n > 0;
    out->name = name_decode(a, first);
    out->name2 = name_decode(a, second);
    return out->nops > 0;
}

/* Account and region from the folders; the service is the last folder that names one. */
static void read_folders(struct str folders, struct name_folders *out)
{
    struct str part;
    *out = (struct name_folders){.path = folders};
    while (str_cut(folders, '/', &part, &folders)) {
        out->service = operation_service(part);
        if (name_is_account(part))
            out->account = part;
        else if (name_is_region(part))
            out->region = part;
    }
}

void name_read(struct arena *a, const struct name_index *ix, struct str path,
               struct name_folders *near, struct name_guess *out)
{
    struct str base = base_of(path), folders = str_sub(path, 0, path.n - base.n);
    if (!near->path.p || !str_eq(near->path, folders))
        read_folders(folders, near);
    *out = (struct name_guess){.account = near->account, .region = near->region};
    out->kind = split_ending(&base);
    const char *log = str_has(base, STR("_CloudTrail_"))          ? "records"
                      : str_has(base, STR("_CloudTrail-Digest_")) ? "digest"
                                                                  : NULL;
    if (log) {
        take_rows(out, map_get(&ix->by_command, str_from(log)));
        return;
    }
    if (read_exact(a, ix, base, near->service, out))
        return;
    *out = (struct name_guess){
        .kind = out->kind, .account = near->account, .region = near->region};
    read_loose(ix, base, near->service, out);
}
