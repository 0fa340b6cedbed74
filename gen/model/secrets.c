/* A credential in a value: formats and names by which it is found. Formats: reference of
 * the connectors and of IAM's identifiers. Nearly all values hold none, so one pass over
 * the bytes says first which forms there may be at all. */
#include "model/secrets_parts.h"

#include "base/arena.h"
#include "base/digest.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum {
    NAME_MAX_BYTES = 120,  /* longer names are no names of secrets */
    SECRET_KEY_BYTES = 40, /* an AWS secret access key */
    TOKEN_MIN_BYTES = 100, /* session tokens have hundreds */
    PEM_MIN_BYTES = 27,    /* -----BEGIN PRIVATE KEY----- */
    PEM_RUN_BYTES = 10,    /* -----BEGIN */
};

/* A name under which a secret stands: in lower case, without '.', '-', '_' and blanks. */
struct name_row {
    struct str glob;
    const char *kind;
    bool certain;
};

/* clang-format off */
/* References and settings, not secrets, whatever the rows below say. */
static const struct str references[] = {
    STR("*secretname"), STR("*secretid"), STR("*secretarn"), STR("*secretversion*"),
    STR("*credentialssecret"), STR("*keystoresecret"), STR("*truststoresecret"),
    STR("nexttoken"), STR("*conditionaltoken"), STR("*continuationtoken"),
    STR("*clienttoken"), STR("*requesttoken"), STR("*identitytoken"),
    STR("starttoken"), STR("*passwordlastused"), STR("*passwordlastchanged"),
    STR("*returnconnectionpassword*"),
};

static const struct name_row names[] = {
    /* Secrets by exact names of connectors, SDKs and file systems. */
    {STR("*secretaccesskey"),     "aws-secret-access-key", true},
    {STR("*secretkey"),           "aws-secret-access-key", true},
    {STR("*sessiontoken"),        "aws-session-token",     true},
    {STR("*securitytoken"),       "aws-session-token",     true},
    {STR("*password"),            "password",              true},
    {STR("*passwd"),              "password",              true},
    {STR("pwd"),                  "password",              true},
    {STR("*passphrase"),          "password",              true},
    {STR("*hectoken"),            "token",                 true},
    {STR("*apikey"),              "api-key",               true},
    {STR("*clientsecret"),        "client-secret",         true},
    {STR("*privatekey"),          "private-key",           true},
    /* Generic names. */
    {STR("*accesstoken"),         "token",                 false},
    {STR("*authtoken"),           "token",                 false},
    {STR("*bearertoken"),         "token",                 false},
    {STR("*apitoken"),            "token",                 false},
    {STR("*token"),               "token",                 false},
    {STR("*secret"),              "secret",                false},
    {STR("*accesskey"),           "access-key",            false},
    {STR("*credential"),          "credential",            false},
    {STR("*authorization"),       "credential",            false},
};

const uint16_t secret_class[256] = {
    [0x01 ... 0x08] = BARE, ['\t' ... '\r'] = SPACE, [0x0e ... 0x1f] = BARE,
    [' '] = SPACE,          ['!'] = BARE,           ['#' ... '&'] = BARE,
    ['"'] = QUOTE,          ['\''] = QUOTE,         ['`'] = QUOTE, ['\\'] = QUOTE,
    ['*'] = BARE,           ['+'] = BASE64 | BARE,  ['-'] = RUN | BARE,
    ['.'] = RUN | BARE,     ['/'] = BASE64 | BARE,  ['0' ... '9'] = ALNUM | BASE64 | BARE,
    [':'] = COLON,          ['<'] = BARE,           ['='] = BASE64 | EQUALS,
    ['>' ... '?'] = BARE,   ['@'] = BARE | AT,      ['A' ... 'Z'] = ALNUM | BASE64 | BARE,
    ['^'] = BARE,           ['_'] = RUN | BARE,     ['a' ... 'z'] = ALNUM | BASE64 | BARE,
    ['|'] = BARE,           ['~' ... 0xff] = BARE,
};
/* clang-format on */

/* The classes of a value's bytes. */
static unsigned classes_of(struct str value)
{
    unsigned classes = 0;
    for (size_t i = 0; i < value.n; i++)
        classes |= secret_class[(unsigned char)value.p[i]];
    return classes;
}

/* Are so many bytes of a token on end in it? Looked for from where they would end,
 * backwards: what is none there spares all before it. */
static bool has_run(struct str value, size_t min)
{
    for (size_t end = min, at; end <= value.n; end = at + min) {
        at = end;
        while (at > end - min && secret_is(value.p[at - 1], BASE64 | RUN))
            at--;
        if (at == end - min)
            return true;
    }
    return false;
}

/* Globs of names have their star, if any, in front. */
static bool name_fits(struct str glob, struct str name)
{
    return glob.p[0] == '*' ? str_ends(name, str_sub(glob, 1, glob.n))
                            : str_eq(glob, name);
}

/* The letter of a name that c is, in lower case; 0: it does not count. */
static char letter_of(char c)
{
    return (char)(c == '.' || c == '-' || c == '_' || c == ' ' ? 0
                  : c >= 'A' && c <= 'Z'                       ? c + ('a' - 'A')
                                                               : c);
}

/* Does the name end like one of names? Nearly all do not. */
static bool ends_like_secret(struct str name)
{
    static const char ends[][2] = {"al", "en", "et", "ey", "on", "rd", "se", "wd"};
    char last[2] = {0};
    size_t n = 2;
    while (name.n && n)
        if ((last[n - 1] = letter_of(name.p[--name.n])))
            n--;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (memcmp(last, ends[i], 2) == 0)
            return true;
    return false;
}

/* The row for a name, NULL when it means nothing. */
static const struct name_row *name_row(struct str name)
{
    char plain[NAME_MAX_BYTES];
    size_t n = 0;
    if (name.n > NAME_MAX_BYTES || !ends_like_secret(name))
        return NULL;
    for (size_t i = 0; i < name.n; i++)
        if ((plain[n] = letter_of(name.p[i])))
            n++;
    struct str whole = {plain, n};
    char last = n ? plain[n - 1] : 0;
    const struct name_row *row = NULL;
    for (size_t i = 0; !row && i < sizeof names / sizeof *names; i++)
        if (names[i].glob.p[names[i].glob.n - 1] == last &&
            name_fits(names[i].glob, whole))
            row = &names[i];
    for (size_t i = 0; row && i < sizeof references / sizeof *references; i++)
        if (str_glob(references[i], whole))
            return NULL;
    return row;
}

/* Written by people where a secret would stand. */
bool secret_placeholder(struct str s)
{
    static const struct str words[] = {
        STR("example"),  STR("changeme"), STR("change-me"), STR("change_me"),
        STR("redacted"), STR("your-"),    STR("your_"),     STR("replace"),
        STR("dummy"),    STR("masked")};
    s = str_trim(s);
    if (!s.n)
        return true;
    char first = s.p[0], last = s.p[s.n - 1];
    if ((first == '<' && last == '>') || str_starts(s, STR("${")) ||
        str_starts(s, STR("{{")) || str_starts(s, STR("$(")))
        return true;
    for (size_t i = 0; i < s.n; i++)
        if (memchr("ecrydm", s.p[i] | 0x20, 6))
            for (size_t k = 0; k < sizeof words / sizeof *words; k++)
                if (str_eq_nocase(str_sub(s, i, i + words[k].n), words[k]))
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

struct letters secret_letters(struct str s)
{
    struct letters c = {0};
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
    struct letters c = secret_letters(s);
    return c.hex != s.n && c.upper >= 3 && c.lower >= 3 && c.digit >= 1 && c.slash <= 4 &&
           entropy(s) > 4.2;
}

/* An access key id at i: AKIA, ASIA or A3T and 16 more, by itself. */
static bool key_id_at(struct str s, size_t i)
{
    struct str rest = str_sub(s, i, s.n);
    if (rest.n < KEY_ID_BYTES || (i && secret_is(s.p[i - 1], ALNUM)) ||
        (rest.n > KEY_ID_BYTES && secret_is(rest.p[KEY_ID_BYTES], ALNUM)))
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
    return (struct secret){kind, secret_placeholder(part), certain, start, part.n};
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
    static const struct str options[] = {
        STR("password"),   STR("pwd"),          STR("passwd"),
        STR("secretkey"),  STR("accesstoken"),  STR("sharedaccesskey"),
        STR("accountkey"), STR("clientsecret"), STR("secret")};
    const char *last = value.n ? memrchr(value.p, '=', value.n) : NULL;
    size_t to = last ? (size_t)(last - value.p) : 0; /* every option has its = */
    for (size_t i = 0; i < to; i++) {
        if ((i && secret_is(value.p[i - 1], ALNUM)) || !memchr("pPsSaAcC", value.p[i], 8))
            continue;
        for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
            struct str name = options[k];
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

/* A private key, also behind its certificate. */
static struct secret find_pem(struct str value)
{
    for (size_t at = 0, next;
         (next = str_find(str_sub(value, at, value.n), STR("-----BEGIN "))) != (size_t)-1;
         at++) {
        at += next;
        struct str rest = str_sub(value, at, value.n);
        if (!str_has(str_sub(rest, 0, 64), STR("PRIVATE KEY-----")))
            continue;
        size_t end = str_find(rest, STR("-----END "));
        return make("private-key", true, value, at, end == (size_t)-1 ? rest.n : end);
    }
    return (struct secret){0};
}

/* Tokens that their first characters give away, and long runs without a name. */
static struct secret find_token(struct str value, bool named)
{
    static const struct {
        struct str prefix;
        const char *kind;
        size_t min;
    } forms[] = {
        {STR("IQoJ"), "aws-session-token", TOKEN_MIN_BYTES},
        {STR("FwoG"), "aws-session-token", TOKEN_MIN_BYTES},
        {STR("FQoG"), "aws-session-token", TOKEN_MIN_BYTES},
        {STR("AQoD"), "aws-session-token", TOKEN_MIN_BYTES},
        {STR("ghp_"), "token", 36},
        {STR("gho_"), "token", 36},
        {STR("github_pat_"), "token", 40},
        {STR("glpat-"), "token", 20},
        {STR("xoxb-"), "token", 20},
        {STR("xoxp-"), "token", 20},
        {STR("sk_live_"), "token", 24},
        {STR("rk_live_"), "token", 24},
        {STR("eyJhbGciOi"), "json-web-token", 40},
        /* Whoever knows such an address may post there: it is the secret. */
        {STR("//hooks.slack.com/services/T"), "webhook", 60},
        {STR("hooks.slack.com/services/T"), "webhook", 60},
        {STR("//discord.com/api/webhooks/"), "webhook", 60},
    };
    for (size_t i = 0, end; i < value.n; i = end + 1) {
        end = i;
        if (!secret_is(value.p[i], BASE64))
            continue;
        while (end < value.n && secret_is(value.p[end], BASE64 | RUN))
            end++;
        struct str run = str_sub(value, i, end);
        if (run.n < RUN_MIN_BYTES)
            continue;
        for (size_t k = 0; k < sizeof forms / sizeof *forms; k++)
            if (run.n >= forms[k].min && str_starts(run, forms[k].prefix))
                return make(forms[k].kind, true, value, i, run.n);
        /* A secret access key has 40 characters, none of them '-', '_' or '.'. */
        size_t strict = 0;
        while (run.n == SECRET_KEY_BYTES && strict < run.n &&
               secret_is(run.p[strict], BASE64))
            strict++;
        if (strict == SECRET_KEY_BYTES && random_40(run))
            return make("aws-secret-access-key", named, value, i, run.n);
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
    struct letters c = secret_letters(v);
    size_t dots = 0;
    for (size_t i = 0; i < v.n; i++)
        dots += v.p[i] == '.';
    return dots >= 2 && c.upper + c.lower + dots == v.n;
}

struct secret secret_find(struct str name, struct str value)
{
    unsigned classes;
    return secret_look(name, value, &classes);
}

struct secret secret_look(struct str name, struct str value, unsigned *classes)
{
    struct secret s = {0};
    *classes = classes_of(value);
    if (value.n < 3)
        return s;
    bool run = has_run(value, RUN_MIN_BYTES);
    if (value.n >= PEM_MIN_BYTES && *classes & SPACE && has_run(value, PEM_RUN_BYTES))
        s = find_pem(value);
    if (!s.kind && run)
        s = find_key_id(value);
    if (!s.kind && *classes & AT && *classes & COLON)
        s = find_userinfo(value);
    if (!s.kind && *classes & EQUALS)
        s = find_option(value);
    if (s.kind)
        return s;
    const struct name_row *row = name_row(name);
    if (run)
        s = find_token(value, row != NULL);
    if (s.kind && !row)
        return s;
    if (!row || harmless(value))
        return s;
    return make(row->kind, row->certain, value, 0, value.n);
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
