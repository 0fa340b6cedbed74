/* Credentials in text: formats and names by which they are found, and how they are
 * masked. Formats: reference of the connectors and of IAM's identifiers. */
#include "model/secrets.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_MAX_BYTES = 120,  /* longer names are no names of secrets */
    SECRET_KEY_BYTES = 40, /* an AWS secret access key */
    KEY_ID_BYTES = 20,
    TOKEN_MIN_BYTES = 100,   /* session tokens have hundreds */
    SCAN_MAX_DEPTH = 6,      /* strings in strings */
    VALUE_MAX_SECRETS = 500, /* more in one value: the rest of it is one */
    FOUND_MIN_BYTES = 20,    /* what is found by its form alone, but for = and @ */
};

/* A name under which a secret stands: in lower case, without '.', '-', '_' and blanks. */
struct name_row {
    const char *glob;
    const char *kind; /* NULL: no secret, whatever the rows below say */
    bool certain;
};

/* clang-format off */
static const struct name_row names[] = {
    /* References and settings, not secrets. */
    {"*secretname",          NULL, false},
    {"*secretid",            NULL, false},
    {"*secretarn",           NULL, false},
    {"*secretversion*",      NULL, false},
    {"*credentialssecret",   NULL, false},
    {"*keystoresecret",      NULL, false},
    {"*truststoresecret",    NULL, false},
    {"nexttoken",            NULL, false},
    {"*conditionaltoken",    NULL, false},
    {"*continuationtoken",   NULL, false},
    {"*clienttoken",         NULL, false},
    {"*requesttoken",        NULL, false},
    {"*identitytoken",       NULL, false},
    {"starttoken",           NULL, false},
    {"*passwordlastused",    NULL, false},
    {"*passwordlastchanged", NULL, false},
    {"*returnconnectionpassword*", NULL, false},
    /* Secrets by exact names of connectors, SDKs and file systems. */
    {"*secretaccesskey",     "aws-secret-access-key", true},
    {"*secretkey",           "aws-secret-access-key", true},
    {"*sessiontoken",        "aws-session-token",     true},
    {"*securitytoken",       "aws-session-token",     true},
    {"*password",            "password",              true},
    {"*passwd",              "password",              true},
    {"pwd",                  "password",              true},
    {"*passphrase",          "password",              true},
    {"*hectoken",            "token",                 true},
    {"*apikey",              "api-key",               true},
    {"*clientsecret",        "client-secret",         true},
    {"*privatekey",          "private-key",           true},
    /* Generic names. */
    {"*accesstoken",         "token",                 false},
    {"*authtoken",           "token",                 false},
    {"*bearertoken",         "token",                 false},
    {"*apitoken",            "token",                 false},
    {"*token",               "token",                 false},
    {"*secret",              "secret",                false},
    {"*accesskey",           "access-key",            false},
    {"*credential",          "credential",            false},
    {"*authorization",       "credential",            false},
};
/* clang-format on */

static bool alnum(char c)
{
    char lower = (char)(c | 0x20);
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z');
}

static bool base64_char(char c)
{
    return alnum(c) || c == '+' || c == '/' || c == '=';
}

/* Nearly all names end otherwise, which is cheaper to see than to match. */
static bool fits(const char *glob, struct str name)
{
    char last = glob[strlen(glob) - 1];
    return (last == '*' || (name.n && name.p[name.n - 1] == last)) &&
           str_glob(str_from(glob), name);
}

/* The row for a name, NULL when it means nothing. */
static const struct name_row *name_row(struct str name)
{
    char plain[NAME_MAX_BYTES];
    size_t n = 0;
    if (!name.n || name.n > NAME_MAX_BYTES)
        return NULL;
    for (size_t i = 0; i < name.n; i++)
        if (!strchr(".-_ ", name.p[i]) && name.p[i])
            plain[n++] = (char)tolower((unsigned char)name.p[i]);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (fits(names[i].glob, (struct str){plain, n}))
            return names[i].kind ? &names[i] : NULL;
    return NULL;
}

/* Written by people where a secret would stand. */
static bool placeholder(struct str s)
{
    static const char *const words[] = {"EXAMPLE",  "changeme", "change-me", "change_me",
                                        "redacted", "your-",    "your_",     "replace",
                                        "dummy",    "masked"};
    s = str_trim(s);
    if (!s.n)
        return true;
    char first = s.p[0], last = s.p[s.n - 1];
    if ((first == '<' && last == '>') || str_starts(s, STR("${")) ||
        str_starts(s, STR("{{")) || str_starts(s, STR("$(")))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_has_nocase(s, str_from(words[i])))
            return true;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != 'x' && s.p[i] != 'X' && s.p[i] != '*' && s.p[i] != '.')
            return false;
    return true;
}

/* Bits per byte of s, by the frequency of its bytes. */
static double entropy(struct str s)
{
    unsigned count[256] = {0};
    double bits = 0;
    for (size_t i = 0; i < s.n; i++)
        count[(unsigned char)s.p[i]]++;
    for (size_t i = 0; i < 256; i++)
        if (count[i]) {
            double p = (double)count[i] / (double)s.n;
            bits -= p * log2(p);
        }
    return bits;
}

struct classes {
    size_t upper, lower, digit, slash, hex;
};

static struct classes classify(struct str s)
{
    struct classes c = {0};
    for (size_t i = 0; i < s.n; i++) {
        char x = s.p[i];
        c.upper += x >= 'A' && x <= 'Z';
        c.lower += x >= 'a' && x <= 'z';
        c.digit += x >= '0' && x <= '9';
        c.slash += x == '/';
        c.hex += isxdigit((unsigned char)x) != 0;
    }
    return c;
}

/* Could these 40 characters be a secret access key? SHA-1 in hex and paths are not. */
static bool random_40(struct str s)
{
    struct classes c = classify(s);
    return c.hex != s.n && c.upper >= 3 && c.lower >= 3 && c.digit >= 1 && c.slash <= 4 &&
           entropy(s) > 4.2;
}

/* An access key id at i: AKIA, ASIA or A3T and 16 more, by itself. */
static bool key_id_at(struct str s, size_t i)
{
    struct str rest = str_sub(s, i, s.n);
    if (rest.n < KEY_ID_BYTES || (i && alnum(s.p[i - 1])) ||
        (rest.n > KEY_ID_BYTES && alnum(rest.p[KEY_ID_BYTES])))
        return false;
    if (!str_starts(rest, STR("AKIA")) && !str_starts(rest, STR("ASIA")) &&
        !str_starts(rest, STR("A3T")))
        return false;
    for (size_t k = 0; k < KEY_ID_BYTES; k++)
        if (!isupper((unsigned char)rest.p[k]) && !isdigit((unsigned char)rest.p[k]))
            return false;
    return true;
}

/* Real key ids are base32 (A-Z, 2-7) after the prefix; documentation's often are not. */
static bool base32(struct str s)
{
    for (size_t i = 4; i < s.n; i++)
        if (!isupper((unsigned char)s.p[i]) && !(s.p[i] >= '2' && s.p[i] <= '7'))
            return false;
    return true;
}

static struct secret make(const char *kind, bool certain, struct str value, size_t start,
                          size_t len)
{
    struct str part = str_sub(value, start, start + len);
    return (struct secret){kind, placeholder(part), certain, start, part.n};
}

static struct secret find_key_id(struct str value)
{
    for (size_t i = 0; i + KEY_ID_BYTES <= value.n; i++) {
        const char *at = memchr(value.p + i, 'A', value.n - i);
        if (!at)
            break;
        i = (size_t)(at - value.p);
        if (!key_id_at(value, i))
            continue;
        struct secret s = make(value.p[i + 1] == 'S' ? "aws-temporary-access-key-id"
                                                     : "aws-access-key-id",
                               true, value, i, KEY_ID_BYTES);
        s.placeholder = s.placeholder || !base32(str_sub(value, i, i + KEY_ID_BYTES));
        return s;
    }
    return (struct secret){0};
}

/* NAME=secret inside a value: of a URL's query, a connection string, JAAS options. */
static struct secret find_option(struct str value)
{
    static const char *const options[] = {"password",   "pwd",          "passwd",
                                          "secretkey",  "accesstoken",  "sharedaccesskey",
                                          "accountkey", "clientsecret", "secret"};
    const char *last = value.n ? memrchr(value.p, '=', value.n) : NULL;
    size_t to = last ? (size_t)(last - value.p) : 0; /* every option has its = */
    for (size_t i = 0; i < to; i++) {
        if ((i && alnum(value.p[i - 1])) || !memchr("pPsSaAcC", value.p[i], 8))
            continue;
        for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
            struct str name = str_from(options[k]);
            size_t at = i + name.n;
            if (value.n <= at || !str_eq_nocase(str_sub(value, i, at), name))
                continue;
            while (at < value.n && value.p[at] == ' ')
                at++;
            if (at >= value.n || value.p[at] != '=')
                continue;
            at++;
            while (at < value.n && (value.p[at] == ' ' || value.p[at] == '\\'))
                at++;
            char quote = at < value.n && (value.p[at] == '"' || value.p[at] == '\'')
                             ? value.p[at++]
                             : 0;
            size_t end = at;
            while (end < value.n && (quote ? value.p[end] != quote && value.p[end] != '\\'
                                           : !strchr("&;, \t\r\n\"')}", value.p[end])))
                end++;
            if (end > at)
                return make(str_starts(value, STR("jdbc:"))      ? "jdbc-password"
                            : str_has(value, STR("LoginModule")) ? "sasl-password"
                                                                 : "password",
                            true, value, at, end - at);
        }
    }
    return (struct secret){0};
}

/* scheme://user:password@host */
static struct secret find_userinfo(struct str value)
{
    size_t from = 0;
    for (;;) {
        size_t at = str_find(str_sub(value, from, value.n), STR("://"));
        if (at == (size_t)-1)
            return (struct secret){0};
        size_t start = from + at + 3, colon = 0, end = start;
        while (end < value.n && !strchr("/?# \t\r\n\"'<>", value.p[end])) {
            if (value.p[end] == ':' && !colon)
                colon = end;
            if (value.p[end] == '@' && colon && colon > start && end > colon + 1)
                return make("url-password", true, value, colon + 1, end - colon - 1);
            end++;
        }
        from = start;
    }
}

static struct secret find_pem(struct str value)
{
    size_t at = str_find(value, STR("-----BEGIN "));
    if (at == (size_t)-1)
        return (struct secret){0};
    struct str rest = str_sub(value, at, value.n);
    size_t label = str_find(str_sub(rest, 0, 64), STR("PRIVATE KEY-----"));
    if (label == (size_t)-1)
        return (struct secret){0};
    size_t end = str_find(rest, STR("-----END "));
    return make("private-key", true, value, at, end == (size_t)-1 ? rest.n : end);
}

/* Tokens that their first characters give away, and long runs without a name. */
static struct secret find_token(struct str value, bool named)
{
    static const struct {
        const char *prefix, *kind;
        size_t min;
    } forms[] = {
        {"IQoJ", "aws-session-token", TOKEN_MIN_BYTES},
        {"FwoG", "aws-session-token", TOKEN_MIN_BYTES},
        {"FQoG", "aws-session-token", TOKEN_MIN_BYTES},
        {"AQoD", "aws-session-token", TOKEN_MIN_BYTES},
        {"ghp_", "token", 36},
        {"gho_", "token", 36},
        {"github_pat_", "token", 40},
        {"glpat-", "token", 20},
        {"xoxb-", "token", 20},
        {"xoxp-", "token", 20},
        {"sk_live_", "token", 24},
        {"rk_live_", "token", 24},
        {"eyJhbGciOi", "json-web-token", 40},
        /* Whoever knows such an address may post there: it is the secret. */
        {"//hooks.slack.com/services/T", "webhook", 60},
        {"hooks.slack.com/services/T", "webhook", 60},
        {"//discord.com/api/webhooks/", "webhook", 60},
    };
    for (size_t i = 0; i < value.n;) {
        if (!base64_char(value.p[i])) {
            i++;
            continue;
        }
        size_t end = i;
        while (end < value.n && (base64_char(value.p[end]) || value.p[end] == '_' ||
                                 value.p[end] == '-' || value.p[end] == '.'))
            end++;
        struct str run = str_sub(value, i, end);
        for (size_t k = 0; k < sizeof forms / sizeof *forms; k++)
            if (run.n >= forms[k].min && str_starts(run, str_from(forms[k].prefix)))
                return make(forms[k].kind, true, value, i, run.n);
        /* A secret access key has 40 characters, none of them '-', '_' or '.'. */
        size_t strict = 0;
        while (strict < run.n && base64_char(run.p[strict]))
            strict++;
        if (strict == SECRET_KEY_BYTES && strict == run.n && random_40(run))
            return make("aws-secret-access-key", named, value, i, run.n);
        i = end;
    }
    return (struct secret){0};
}

/* Values that stand under a secret's name but are none: flags, numbers, references. */
static bool harmless(struct str v)
{
    static const char *const words[] = {"true",     "false",   "null",    "none",
                                        "auto",     "basic",   "yes",     "no",
                                        "required", "enabled", "disabled"};
    v = str_trim(v);
    if (!v.n)
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(v, str_from(words[i])))
            return true;
    if (str_starts(v, STR("arn:")) || str_starts(v, STR("s3://")) ||
        str_starts(v, STR("https://")) || str_starts(v, STR("http://")) ||
        str_starts(v, STR("file:")))
        return true;
    /* Class names: org.apache.kafka.common.SomeProvider. */
    struct classes c = classify(v);
    size_t dots = 0;
    for (size_t i = 0; i < v.n; i++)
        dots += v.p[i] == '.';
    return dots >= 2 && c.upper + c.lower + dots == v.n;
}

struct secret secret_find(struct str name, struct str value)
{
    if (value.n < 3)
        return (struct secret){0};
    /* What is found without a name has a certain length. */
    if (!name.n && value.n < FOUND_MIN_BYTES && !memchr(value.p, '=', value.n) &&
        !memchr(value.p, '@', value.n))
        return (struct secret){0};
    struct secret s = find_pem(value);
    if (!s.kind)
        s = find_key_id(value);
    if (s.kind)
        return s;
    s = find_userinfo(value);
    if (!s.kind)
        s = find_option(value);
    if (s.kind)
        return s;
    const struct name_row *row = name_row(name);
    s = find_token(value, row != NULL);
    if (s.kind && !row)
        return s;
    if (!row || harmless(value))
        return s;
    return make(row->kind, row->certain, value, 0, value.n);
}

/* Scanning: quoted texts and bare words, with the name that stands before them. */
struct scan {
    struct str text; /* the whole, for offsets */
    void (*found)(void *ctx, struct secret s);
    void *ctx;
};

/* All secrets of one value that stands at offset base of the text. True when the whole
 * value was taken. */
static bool scan_value(const struct scan *sc, struct str name, struct str value)
{
    size_t base = (size_t)(value.p - sc->text.p), found = 0;
    while (value.n) {
        struct secret s = secret_find(name, value);
        /* Each is looked for in all that is left: a bound on the work. */
        if (s.kind && ++found > VALUE_MAX_SECRETS)
            s = (struct secret){"secret", false, false, 0, value.n};
        if (!s.kind)
            return false;
        size_t start = s.start, len = s.len;
        s.start += base;
        sc->found(sc->ctx, s);
        if (start == 0 && len == value.n)
            return true;
        /* What is left is judged by itself: the name spoke for the whole. */
        base += start + len;
        value = str_sub(value, start + len, value.n);
        name = STR("");
    }
    return false;
}

/* A quote with the backslashes before it: \" in a JSON text in a string. */
static size_t quote_at(struct str s, size_t i, size_t *slashes, char *quote)
{
    size_t n = 0;
    while (i + n < s.n && s.p[i + n] == '\\')
        n++;
    if (i + n >= s.n || (s.p[i + n] != '"' && s.p[i + n] != '\'' && s.p[i + n] != '`'))
        return 0;
    *slashes = n;
    *quote = s.p[i + n];
    return n + 1;
}

/* The end of the text that a quote with so many backslashes opened: offset of its closing
 * one, or s.n. */
static size_t closing(struct str s, size_t i, size_t slashes, char quote)
{
    while (i < s.n) {
        if (s.p[i] == '\\') {
            size_t n = 0;
            while (i + n < s.n && s.p[i + n] == '\\')
                n++;
            if (i + n < s.n && s.p[i + n] == quote && n == slashes)
                return i;
            i += n + (n > slashes || (i + n < s.n && s.p[i + n] != quote));
            if (n < slashes && i < s.n && s.p[i] == quote)
                return i - n;
            continue;
        }
        if (s.p[i] == quote && !slashes)
            return i;
        i++;
    }
    return s.n;
}

static bool bare(char c)
{
    switch (c) {
    case '\0':
    case ' ':
    case '\t':
    case '\n':
    case '\v':
    case '\f':
    case '\r':
    case '"':
    case '\'':
    case '`':
    case '\\':
    case '=':
    case ':':
    case ',':
    case ';':
    case '(':
    case ')':
    case '{':
    case '}':
    case '[':
    case ']':
        return false;
    default:
        return true;
    }
}

/* A bare word may hold what splits others: URLs and base64 have ':', '=' and more. */
static size_t bare_end(struct str s, size_t i)
{
    size_t end = i;
    while (end < s.n && bare(s.p[end]))
        end++;
    if (end + 2 < s.n && memcmp(s.p + end, "://", 3) == 0)
        while (end < s.n && !isspace((unsigned char)s.p[end]) &&
               !strchr("\"'`\\,)}]", s.p[end]))
            end++;
    while (end < s.n && s.p[end] == '=' && end - i >= 16 &&
           (end + 1 == s.n || !bare(s.p[end + 1])))
        end++;
    return end;
}

/* An ARN is a name: "secret:" in one is a resource type, no assignment. Where it ends,
 * and what in it might still be a value; 0 when none starts at i. */
static size_t arn_end(struct str s, size_t i, struct str *value)
{
    size_t end = i, colons = 0, from = i;
    if (!str_starts(str_sub(s, i, s.n), STR("arn:")))
        return 0;
    for (; end < s.n && !isspace((unsigned char)s.p[end]) &&
           !strchr("\"'`\\,)}]", s.p[end]);
         end++)
        if (s.p[end] == ':' && ++colons == 5)
            from = end + 1;
    *value = str_sub(s, from, end);
    if (str_starts(*value, STR("secret:")))
        *value = str_sub(*value, 7, value->n);
    return colons >= 5 ? end : 0;
}

static void scan_level(const struct scan *sc, struct str s, unsigned depth)
{
    struct str word = STR("");
    bool assigned = false;
    for (size_t i = 0; i < s.n;) {
        size_t slashes;
        char quote, c = s.p[i];
        size_t opened = quote_at(s, i, &slashes, &quote);
        struct str value;
        size_t next;
        if (!opened && (next = arn_end(s, i, &value))) {
            scan_value(sc, STR(""), value);
            word = STR("");
            assigned = false;
            i = next;
            continue;
        }
        if (opened) {
            size_t end = closing(s, i + opened, slashes, quote);
            value = str_sub(s, i + opened, end);
            next = end + (end < s.n ? slashes + 1 : 0);
        } else if (bare(c)) {
            next = bare_end(s, i);
            value = str_sub(s, i, next);
        } else {
            assigned = c == '=' || c == ':' ? word.n > 0
                                            : assigned && (isspace((unsigned char)c) ||
                                                           c == '>' || c == '\\');
            if (!assigned && !isspace((unsigned char)c) && c != '\\')
                word = STR("");
            i++;
            continue;
        }
        struct str name = assigned ? word : STR("");
        bool whole = scan_value(sc, name, value);
        if (opened && !whole && depth < SCAN_MAX_DEPTH)
            scan_level(sc, value, depth + 1);
        word = value;
        assigned = false;
        i = next > i ? next : i + 1;
    }
}

void secret_scan(struct str text, void (*found)(void *ctx, struct secret s), void *ctx)
{
    struct scan sc = {text, found, ctx};
    scan_level(&sc, text, 0);
}

/* Stretches of a text that must not be shown. */
struct spans {
    struct secret *v;
    size_t n, cap;
};

static void collect(void *ctx, struct secret s)
{
    struct spans *out = ctx;
    if (out->n == out->cap) {
        out->cap = out->cap ? out->cap * 2 : 8;
        out->v = mem_realloc(out->v, out->cap * sizeof *out->v);
    }
    out->v[out->n++] = s;
}

/* What a reader sees instead. */
static void write_masked(struct buf *out, struct str part, const char *kind)
{
    if (strstr(kind, "access-key-id") && part.n == KEY_ID_BYTES) {
        buf_str(out, str_sub(part, 0, 4));
        buf_z(out, "…");
        buf_str(out, str_sub(part, part.n - 4, part.n));
        buf_c(out, ' ');
    }
    buf_fmt(out, "(masked %s)", kind);
}

static int by_start(const void *a, const void *b)
{
    const struct secret *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->len > y->len ? -1 : x->len < y->len;
}

/* Write text with the spans replaced; overlapping ones become one. */
static void write_spans(struct buf *out, struct str text, struct spans *spans)
{
    size_t at = 0;
    if (spans->n > 1)
        qsort(spans->v, spans->n, sizeof *spans->v, by_start);
    for (size_t i = 0; i < spans->n;) {
        struct secret s = spans->v[i];
        size_t end = s.start + s.len;
        bool one = true;
        for (i++; i < spans->n && spans->v[i].start < end; i++) {
            size_t e = spans->v[i].start + spans->v[i].len;
            one = one && spans->v[i].start == s.start && e == end;
            end = e > end ? e : end;
        }
        if (s.start > at)
            buf_str(out, str_sub(text, at, s.start));
        struct str part = str_sub(text, s.start > at ? s.start : at, end);
        if (s.placeholder && placeholder(part))
            buf_str(out, part);
        else
            write_masked(out, one ? part : STR(""), s.kind);
        at = end;
    }
    buf_str(out, str_sub(text, at, text.n));
}

void secret_mask(struct buf *out, struct str name, struct str value)
{
    struct spans spans = {0};
    struct scan sc = {value, collect, &spans};
    if (!scan_value(&sc, name, value))
        scan_level(&sc, value, 1);
    write_spans(out, value, &spans);
    free(spans.v);
}

/* Does an excerpt start inside a string? Then what its first quote closes has lost its
 * name. */
static size_t cut_string(struct str s)
{
    size_t i = 0;
    while (i < s.n && s.p[i] != '"') {
        i += s.p[i] == '\\' && i + 1 < s.n ? 2 : 1;
    }
    if (i >= s.n)
        return 0;
    /* Before an opening quote stands only structure. */
    for (size_t k = 0; k < i; k++)
        if (!isspace((unsigned char)s.p[k]) && !strchr("{}[],:0123456789.-+eE", s.p[k])) {
            struct str head = str_trim(str_sub(s, 0, i));
            while (head.n && strchr(",:}] \r\n\t", head.p[head.n - 1]))
                head.n--;
            if (str_ends(head, STR("true")) || str_ends(head, STR("false")) ||
                str_ends(head, STR("null")))
                return 0;
            return i;
        }
    return 0;
}

/* Runs that touch an end of the excerpt may be a part of something longer. */
static void collect_edges(struct spans *spans, struct str s)
{
    size_t from = s.n, to = 0;
    while (from && base64_char(s.p[from - 1]))
        from--;
    while (to < s.n && base64_char(s.p[to]))
        to++;
    struct str runs[2] = {str_sub(s, from, s.n), str_sub(s, 0, to)};
    for (size_t i = 0; i < 2; i++) {
        struct classes c = classify(runs[i]);
        bool key_id =
            runs[i].n >= 8 && !c.lower &&
            (i || str_starts(runs[i], STR("AKIA")) || str_starts(runs[i], STR("ASIA")));
        bool secret = runs[i].n >= 12 && c.upper && c.lower && c.digit;
        if (key_id || secret)
            collect(spans, (struct secret){"cut-off text", false, false,
                                           (size_t)(runs[i].p - s.p), runs[i].n});
    }
}

void secret_mask_json(struct buf *out, struct str lines)
{
    struct spans spans = {0};
    struct scan sc = {lines, collect, &spans};
    scan_level(&sc, lines, 0);
    size_t cut = cut_string(lines);
    if (cut) {
        collect(&spans, (struct secret){"cut-off text", false, false, 0, cut});
        scan_level(&sc, str_sub(lines, cut + 1, lines.n), 0);
    }
    collect_edges(&spans, lines);
    write_spans(out, lines, &spans);
    free(spans.v);
}

struct str secret_tag(struct arena *a, struct str value)
{
    return str_sub(digest_hex(a, value), 0, 12);
}

struct str secret_account(struct arena *a, struct str key_id)
{
    uint64_t bits = 0;
    if (key_id.n != KEY_ID_BYTES || !base32(key_id))
        return STR("");
    /* The first six bytes are the first 48 bits: 9 characters and 3 bits of the tenth. */
    for (size_t i = 4; i < 14; i++) {
        char c = key_id.p[i];
        bits = bits << 5 | (uint64_t)(c >= 'A' && c <= 'Z' ? c - 'A' : c - '2' + 26);
    }
    uint64_t six = bits >> 2;
    return str_fmt(a, "%012llu", (unsigned long long)((six & 0x7fffffffff80ULL) >> 7));
}
