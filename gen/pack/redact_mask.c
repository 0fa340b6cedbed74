/* Masks: find what names somebody or something in a text, and replace it. Works on the
 * text, not on a tree: so all bytes but the masked ones stay, also of files that are no
 * JSON and of JSON inside of strings. */
#include "pack/redact_mask.h"

#include "base/buf.h"
#include "base/digest.h"
#include "evidence/name.h"

#include <string.h>

enum {
    ACCOUNT_DIGITS = 12,
    ID_MIN = 16,
    KEEP_TOKEN = 2,
    KEEP_DIGITS = 4,
    CUT_HASH = 10,
    VARIABLE_MAX = 128
};

/* clang-format off */
/* Members whose whole value names a resource or a principal. */
static const char *const name_keys[] = {
    "ApplicationName", "Bucket", "BucketName", "DeliveryStreamName", "DisplayName", "FileKey", "GroupName",
    "ID", "InstanceProfileName", "LogGroupName", "LogStreamName", "PolicyName", "PrincipalId", "QueueName",
    "RoleName", "RoleSessionName", "SecretId", "SecretName", "SessionName", "SnapshotName", "StreamName", "TableName",
    "TopicName", "TrailName", "UserName",
};
/* Words that say what something is: not masked wherever they stand. */
static const char *const kept[] = {
    "ABORTED", "alias", "analyzer", "application", "assumed-role", "aws", "aws-service-role", "bucket", "catalog",
    "cluster", "consumer", "database", "default", "deliverystream", "domain", "eventdatastore", "federated-user",
    "function", "group", "index", "instance-profile", "kafka", "key", "kinesis-analytics", "kinesisfirehose",
    "lambda", "log-group", "log-stream", "mfa", "msk", "policy", "queue", "role", "root", "secret",
    "security-group", "service-role", "snapshot", "stream", "sts", "table", "topic", "trail", "user", "vpc",
    "vpc-endpoint",
};
/* The kinds of unique ids of IAM: their first four letters. */
static const char *const id_prefixes[] = {
    "ABIA", "ACCA", "AGPA", "AIDA", "AIPA", "AKIA", "ANPA", "ANVA", "APKA", "AROA", "ASCA", "ASIA",
};
/* clang-format on */

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool alnum(char c)
{
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool in_name(char c)
{
    return alnum(c) || c == '_' || c == '-' || c == '.';
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!digit(s.p[i]))
            return false;
    return s.n > 0;
}

static bool is_id(struct str s)
{
    if (s.n < ID_MIN)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!digit(s.p[i]) && !(s.p[i] >= 'A' && s.p[i] <= 'Z'))
            return false;
    for (size_t i = 0; i < sizeof id_prefixes / sizeof *id_prefixes; i++)
        if (str_starts(s, str_from(id_prefixes[i])))
            return true;
    return false;
}

static bool is_hex(struct str s)
{
    bool any_digit = false;
    for (size_t i = 0; i < s.n; i++) {
        if (!digit(s.p[i]) && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
            return false;
        any_digit |= digit(s.p[i]);
    }
    return any_digit && s.n >= KEEP_DIGITS;
}

static bool is_kept(struct str run)
{
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (str_eq(run, str_from(kept[i])))
            return true;
    if (operation_service(run).n)
        return true;
    /* Names that AWS gives: service-linked roles, managed policies, service hosts. */
    return str_starts(run, STR("AWS")) || str_starts(run, STR("Amazon")) ||
           str_ends(run, STR("amazonaws.com"));
}

/* "RoleName", "roleName" and the option "role-name" are one member. */
static bool same_key(struct str key, struct str name)
{
    size_t i = 0, j = 0;
    while (i < key.n && j < name.n) {
        if (key.p[i] == '-')
            i++;
        else if ((key.p[i++] | 0x20) != (name.p[j++] | 0x20))
            return false;
    }
    return i == key.n && j == name.n;
}

static bool is_name_key(struct str key)
{
    for (size_t i = 0; i < sizeof name_keys / sizeof *name_keys; i++)
        if (same_key(key, str_from(name_keys[i])))
            return true;
    return false;
}

/* Fill out with n characters of an alphabet, drawn from the keyed digest of word. */
static void draw(const struct mask *m, struct str word, const char *alphabet, char *out,
                 size_t n)
{
    unsigned char sum[DIGEST_BYTES];
    size_t letters = strlen(alphabet);
    digest_keyed(m->key, word, sum);
    for (size_t i = 0; i < n; i++) {
        if (i && i % DIGEST_BYTES == 0)
            digest_keyed(m->key, (struct str){(const char *)sum, sizeof sum}, sum);
        out[i] = alphabet[sum[i % DIGEST_BYTES] % letters];
    }
}

/* The mask of one word: of its own kind, so that readers still take it for one. */
static struct str word_mask(struct mask *m, struct str word)
{
    struct str *known = map_get(&m->words, word);
    if (known)
        return *known;
    enum { WORD_LETTERS = 8, SECRET_LETTERS = 6 };
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz", hex[] = "0123456789abcdef";
    static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
                      digits[] = "0123456789";
    struct str *made = ARENA_NEW(m->a, struct str);
    struct str own = str_dup(m->a, word);
    char *p = (char *)str_dup(m->a, word).p;
    *made = (struct str){p, word.n};
    if (all_digits(word)) {
        draw(m, word, digits, p, word.n);
    } else if (is_id(word)) {
        draw(m, word, upper, p + 4, word.n - 4);
    } else if (is_hex(word)) {
        draw(m, word, hex, p, word.n);
    } else {
        /* The end of a secret's ARN is known by its length. */
        size_t n = word.n == SECRET_LETTERS ? SECRET_LETTERS : WORD_LETTERS;
        p = arena_alloc8(m->a, n + 1);
        *made = (struct str){p, n};
        p[0] = 'x';
        draw(m, word, letters, p + 1, n - 1);
    }
    *map_put(m->a, &m->words, own) = made;
    return *made;
}

/* Dotted quad; false when it is none. */
static bool read_ipv4(struct str run, unsigned quad[4])
{
    struct str rest = run, part;
    for (int i = 0; i < 4; i++) {
        int64_t v;
        bool more = str_cut(rest, '.', &part, &rest);
        if (more != (i < 3) || !all_digits(part) || part.n > 3 || !str_int(part, &v) ||
            v > 255)
            return false;
        quad[i] = (unsigned)v;
    }
    return true;
}

/* Addresses that mean "anywhere", "here" or a network's edge say nothing of anybody.
 * Private ones stay private: a check may ask. */
static bool mask_ipv4(struct mask *m, struct str run, struct buf *out)
{
    unsigned q[4], from = 0;
    unsigned char sum[DIGEST_BYTES];
    if (!read_ipv4(run, q) || q[0] == 0 || q[0] == 127 || q[0] == 255 || q[0] == 169)
        return false;
    digest_keyed(m->key, run, sum);
    if (q[0] == 10)
        from = 1;
    else if ((q[0] == 172 && q[1] >= 16 && q[1] < 32) || (q[0] == 192 && q[1] == 168))
        from = 2;
    else {
        /* Benchmark addresses (RFC 2544) belong to nobody. */
        q[0] = 198;
        q[1] = 18 + sum[1] % 2;
        from = 2;
    }
    for (unsigned i = from; i < 4; i++)
        q[i] = sum[i];
    buf_fmt(out, "%u.%u.%u.%u", q[0], q[1], q[2], q[3]);
    return true;
}

/* Replace every word of a name; short ones and small numbers tell nothing. */
static void mask_words(struct mask *m, struct str run, bool accounts_only,
                       struct buf *out, size_t *count)
{
    bool any = false;
    for (size_t i = 0; i < run.n;) {
        size_t n = 0;
        while (i + n < run.n && alnum(run.p[i + n]))
            n++;
        struct str word = str_sub(run, i, i + (n ? n : 1));
        bool number = all_digits(word);
        bool mask = n && (accounts_only ? number && n == ACCOUNT_DIGITS
                                        : n > KEEP_TOKEN && (!number || n > KEEP_DIGITS));
        buf_str(out, mask ? word_mask(m, word) : word);
        any |= mask;
        i += word.n;
    }
    *count += any;
}

static bool is_name(const struct mask *m, struct str run)
{
    return map_get(&m->names, run) && !is_kept(run);
}

/* A host's labels may name a bucket or a cluster. */
static void mask_labels(struct mask *m, struct str run, struct buf *out, size_t *count)
{
    struct str label;
    bool more = true;
    while (more) {
        more = str_cut(run, '.', &label, &run);
        mask_words(m, label, !is_name(m, label), out, count);
        if (more)
            buf_c(out, '.');
    }
}

static void mask_run(struct mask *m, struct str run, bool forced, struct buf *out,
                     size_t *count)
{
    if (is_id(run)) {
        buf_str(out, word_mask(m, run));
        ++*count;
    } else if (mask_ipv4(m, run, out)) {
        ++*count;
    } else {
        bool name = (forced && !is_kept(run)) || is_name(m, run);
        if (name)
            mask_words(m, run, false, out, count);
        else
            mask_labels(m, run, out, count);
    }
}

static size_t run_length(struct str s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && in_name(s.p[at + n]))
        n++;
    return n;
}

/* Bytes of an escape or of a policy variable that starts at i: copied as they are. */
static size_t verbatim(struct str s, size_t i)
{
    size_t n = 0;
    if (s.p[i] == '\\') {
        while (i + n < s.n && s.p[i + n] == '\\')
            n++;
        if (i + n < s.n && strchr("bfnrt", s.p[i + n]))
            return n + 1;
        return i + n < s.n && s.p[i + n] == 'u' ? n + 5 : n;
    }
    if (s.p[i] == '%' && i + 2 < s.n && alnum(s.p[i + 1]) && alnum(s.p[i + 2]))
        return 3;
    if (s.p[i] == '$' && i + 1 < s.n && s.p[i + 1] == '{') {
        n = str_find_char(str_sub(s, i, i + VARIABLE_MAX), '}');
        return n == (size_t)-1 ? 2 : n + 1;
    }
    return 0;
}

/* A quote with the backslashes before it: how many bytes; 0 when there is none at i. */
static size_t quote(struct str s, size_t i)
{
    size_t n = 0;
    while (i + n < s.n && s.p[i + n] == '\\')
        n++;
    return i + n < s.n && s.p[i + n] == '"' ? n + 1 : 0;
}

/* If the run that ends at i is a member's name, where its text value stands. */
static bool value_after(struct str s, size_t i, size_t *from, size_t *to)
{
    size_t q = quote(s, i);
    if (!q)
        return false;
    i += q;
    while (i < s.n && strchr(" \t\r\n", s.p[i]) && s.p[i])
        i++;
    if (i == s.n || s.p[i] != ':')
        return false;
    i++;
    while (i < s.n && strchr(" \t\r\n", s.p[i]) && s.p[i])
        i++;
    size_t open = quote(s, i);
    *from = *to = i;
    if (!open)
        return true;
    *from = *to = i + open;
    /* It ends with a quote that as many backslashes stand before. */
    while (*to < s.n) {
        size_t n = 0; /* backslashes, counted once: there may be a million */
        while (*to + n < s.n && s.p[*to + n] == '\\')
            n++;
        bool close = *to + n < s.n && s.p[*to + n] == '"';
        if (close && n + 1 <= open)
            break;
        *to += n || close ? n + close : 1;
    }
    return true;
}

/* What stands between the fifth colon of an ARN at i and its end. */
static bool arn_at(struct str s, size_t i, struct str field[6], size_t *end)
{
    if (!str_starts(str_sub(s, i, s.n), STR("arn:")) || (i && in_name(s.p[i - 1])))
        return false;
    size_t n = i;
    while (n < s.n && s.p[n] && !strchr("\"\\ \t\r\n,;()<>|'", s.p[n]))
        n++;
    struct str rest = str_sub(s, i, n);
    *end = n;
    for (int k = 0; k < 5; k++)
        if (!str_cut(rest, ':', &field[k], &rest))
            return false;
    field[5] = rest;
    return true;
}

static void learn_name(struct mask *m, struct str name)
{
    enum { NAME_MIN = 3 };
    if (name.n < NAME_MIN || is_kept(name) || all_digits(name) ||
        map_get(&m->names, name))
        return;
    struct str own = str_dup(m->a, name);
    *map_put(m->a, &m->names, own) = (void *)own.p;
}

/* Each run of a text. */
static void learn_runs(struct mask *m, struct str s)
{
    for (size_t i = 0; i < s.n;) {
        size_t n = verbatim(s, i);
        if (!n && (n = run_length(s, i)) > 0)
            learn_name(m, str_sub(s, i, i + n));
        i += n ? n : 1;
    }
}

static bool of_aws(const struct str field[6])
{
    return str_eq(field[4], STR("aws"));
}

static void learn_arn(struct mask *m, const struct str field[6])
{
    struct str name = field[5], head;
    if (of_aws(field))
        return;
    if (str_eq(field[2], STR("s3"))) { /* the bucket alone: keys are masked in place */
        str_cut(name, '/', &head, NULL);
        learn_runs(m, head);
        return;
    }
    learn_runs(m, name);
    enum { SECRET_SUFFIX = 7 };
    if (str_eq(field[2], STR("secretsmanager")) && name.n > SECRET_SUFFIX)
        learn_runs(m, str_sub(name, 0, name.n - SECRET_SUFFIX));
}

/* A credential report inside of a member: CSV as base64. */
static bool read_report(struct arena *a, struct str value, struct str *csv)
{
    *csv = base64_decode(a, value);
    return csv->p && str_starts(*csv, STR("user,arn,"));
}

static void learn_csv(struct mask *m, struct str csv)
{
    struct str line, user;
    str_cut(csv, '\n', NULL, &csv);
    while (csv.n) {
        str_cut(csv, '\n', &line, &csv);
        str_cut(line, ',', &user, NULL);
        learn_runs(m, user);
        mask_learn(m, line);
    }
}

void mask_learn(struct mask *m, struct str text)
{
    struct str field[6], csv;
    size_t end, from, to;
    if (str_starts(text, STR("user,arn,"))) {
        learn_csv(m, text);
        return;
    }
    for (size_t i = 0; i < text.n;) {
        size_t n = verbatim(text, i);
        if (!n && arn_at(text, i, field, &end)) {
            learn_arn(m, field);
            n = end - i;
        } else if (!n && (n = run_length(text, i)) > 0 &&
                   value_after(text, i + n, &from, &to)) {
            struct str key = str_sub(text, i, i + n), value = str_sub(text, from, to);
            bool plain = !str_starts(value, STR("arn:"));
            if (is_name_key(key) && plain)
                learn_runs(m, value);
            else if (str_eq(key, STR("Name")) && str_find_char(value, '-') < value.n)
                learn_runs(m, value);
            else if (str_eq(key, STR("Content"))) {
                struct arena *scratch = arena_new();
                if (read_report(scratch, value, &csv))
                    learn_csv(m, csv);
                arena_free(scratch);
            }
        }
        i += n ? n : 1;
    }
}

/* The resource of an ARN: what comes first of several parts says what it is, but not for
 * S3. */
static void mask_resource(struct mask *m, const struct str field[6], struct buf *out,
                          size_t *count)
{
    struct str s = field[5];
    bool s3 = str_eq(field[2], STR("s3"));
    for (size_t i = 0; i < s.n;) {
        size_t n = verbatim(s, i);
        if (n) {
            n = n < s.n - i ? n : s.n - i;
            buf_str(out, str_sub(s, i, i + n));
        } else if ((n = run_length(s, i)) > 0) {
            bool type = !i && !s3 && i + n < s.n && strchr("/:", s.p[n]);
            if (type || of_aws(field))
                buf_str(out, str_sub(s, i, i + n));
            else
                mask_run(m, str_sub(s, i, i + n), true, out, count);
        } else {
            buf_c(out, s.p[i]);
            n = 1;
        }
        i += n;
    }
}

static void mask_arn(struct mask *m, const struct str field[6], struct buf *out,
                     size_t *count)
{
    for (int k = 0; k < 4; k++)
        buf_fmt(out, "%.*s:", STR_ARG(field[k]));
    mask_words(m, field[4], true, out, count);
    buf_c(out, ':');
    mask_resource(m, field, out, count);
}

/* Length of an IPv6 address at i that is no part of a longer word; 0 when there is none.
 */
static size_t ipv6_at(struct str s, size_t i)
{
    size_t n = 0, colons = 0;
    bool twice = false, digits = false;
    if (i && (in_name(s.p[i - 1]) || s.p[i - 1] == ':'))
        return 0;
    for (; i + n < s.n; n++) {
        char c = s.p[i + n];
        if (c == ':') {
            colons++;
            twice |= n && s.p[i + n - 1] == ':';
        } else if (digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
            digits = true;
        } else {
            break;
        }
    }
    bool whole = i + n == s.n || !in_name(s.p[i + n]);
    return whole && digits && colons >= 2 && colons <= 7 && (twice || colons == 7) ? n
                                                                                   : 0;
}

static void mask_ipv6(struct mask *m, struct str s, struct buf *out, size_t *count)
{
    static const char hex[] = "0123456789abcdef";
    char p[13] = "";
    draw(m, s, hex, p, 12);
    /* Documentation addresses (RFC 3849) belong to nobody. */
    buf_fmt(out, "2001:db8::%.4s:%.4s:%.4s", p, p + 4, p + 8);
    ++*count;
}

static bool mask_member(struct mask *m, struct str key, struct str value, struct buf *out,
                        size_t *count)
{
    if (m->index && str_eq(key, STR("path"))) {
        mask_path(m, value, out);
        ++*count;
        return true;
    }
    if (!str_eq(key, STR("Content")))
        return false;
    struct arena *scratch = arena_new();
    struct str csv;
    bool done = read_report(scratch, value, &csv);
    if (done) {
        struct buf plain = BUF_INIT;
        *count += mask_text(m, csv, &plain);
        buf_str(out, base64_encode(scratch, buf_view(&plain)));
        buf_free(&plain);
    }
    arena_free(scratch);
    return done;
}

size_t mask_text(struct mask *m, struct str s, struct buf *out)
{
    size_t count = 0, forced_to = 0, end, from, to, n;
    struct str field[6];
    for (size_t i = 0; i < s.n; i += n) {
        if ((n = verbatim(s, i)) > 0) {
            n = n < s.n - i ? n : s.n - i;
            buf_str(out, str_sub(s, i, i + n));
        } else if (arn_at(s, i, field, &end)) {
            mask_arn(m, field, out, &count);
            n = end - i;
        } else if ((n = ipv6_at(s, i)) > 0) {
            mask_ipv6(m, str_sub(s, i, i + n), out, &count);
        } else if ((n = run_length(s, i)) > 0) {
            struct str run = str_sub(s, i, i + n);
            if (value_after(s, i + n, &from, &to)) {
                /* A member's name stays, but for an account id in it. */
                mask_words(m, run, true, out, &count);
                if (is_name_key(run))
                    forced_to = to;
                buf_str(out, str_sub(s, i + n, from));
                n = from - i;
                if (mask_member(m, run, str_sub(s, from, to), out, &count))
                    n = to - i;
                continue;
            }
            bool mail = (i + n < s.n && s.p[i + n] == '@') || (i && s.p[i - 1] == '@');
            mask_run(m, run, mail || i < forced_to, out, &count);
        } else {
            buf_c(out, s.p[i]);
            n = 1;
        }
    }
    return count;
}

static bool upper_hex(char c)
{
    return digit(c) || (c >= 'A' && c <= 'F');
}

/* In the home layout '_' and two digits stand for another byte. */
static size_t path_run(struct str s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && in_name(s.p[at + n]) &&
           !(s.p[at + n] == '_' && at + n + 2 < s.n && upper_hex(s.p[at + n + 1]) &&
             upper_hex(s.p[at + n + 2])))
        n++;
    return n;
}

/* What stands behind the first '~' of a file's name, without endings. */
static struct str qualifiers(struct str path)
{
    struct str stem = name_stem(path), tail;
    size_t slash = str_find_last(stem, '/');
    str_cut(str_sub(stem, slash == (size_t)-1 ? 0 : slash + 1, stem.n), '~', NULL, &tail);
    return tail;
}

void mask_learn_path(struct mask *m, struct str path)
{
    struct str tail = qualifiers(path);
    /* One plain name; of an ARN or a filter the text of the answer tells the names. */
    if (str_starts(tail, STR("arn_3A")) || str_has(tail, STR("_3D")))
        return;
    for (size_t i = 0; i < tail.n;) {
        size_t n = path_run(tail, i);
        struct str run = str_sub(tail, i, i + n);
        if (n)
            learn_name(m, run);
        i += n ? n : tail.p[i] == '_' ? 3 : 1;
    }
}

void mask_path(struct mask *m, struct str path, struct buf *out)
{
    if (str_ends(path, STR(".gz")))
        path.n -= 3;
    struct str tail = qualifiers(path), ending = path;
    size_t count = 0, start = tail.n ? (size_t)(tail.p - path.p) : path.n;
    path = name_stem(path);
    ending = str_sub(ending, path.n, ending.n);
    for (size_t i = 0; i < path.n;) {
        size_t n = path_run(path, i);
        struct str run = str_sub(path, i, i + n);
        bool inside = i >= start && i < start + tail.n;
        bool cut = n == CUT_HASH && i && path.p[i - 1] == '~' && is_hex(run);
        /* The end of a qualifier that was cut is no whole name, and its hash is a guess's
         * proof. */
        bool last = inside && i + n + 1 + CUT_HASH <= path.n && i + n < path.n &&
                    path.p[i + n] == '~';
        if (!n) {
            n = path.p[i] == '_' ? 3 : 1;
            n = n < path.n - i ? n : path.n - i;
            buf_str(out, str_sub(path, i, i + n));
        } else if (cut) {
            buf_str(out, word_mask(m, run));
        } else {
            mask_run(m, run, last, out, &count);
        }
        i += n;
    }
    buf_str(out, ending);
}
