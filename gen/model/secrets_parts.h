/* What finding a secret in a value (secrets.c) and in a text (secrets_text.c) share. */
#pragma once
#include "model/secrets.h"

enum {
    KEY_ID_BYTES = 20,
    RUN_MIN_BYTES = 20, /* of every token and key that its form alone gives away */
};

/* Classes of bytes; a byte may be in several. */
enum {
    ALNUM = 1,
    BASE64 = 2, /* also '+', '/' and '=' */
    RUN = 4,    /* what else a token may hold: '-', '_', '.' */
    BARE = 8,   /* of a word without quotes: what splits no other */
    SPACE = 16,
    EQUALS = 32,
    AT = 64,
    COLON = 128,
    QUOTE = 256, /* and the backslash before it */
};
extern const uint16_t secret_class[256];

static inline bool secret_is(char c, unsigned classes)
{
    return (secret_class[(unsigned char)c] & classes) != 0;
}

/* secret_find, and the classes of the value's bytes. */
struct secret secret_look(struct str name, struct str value, unsigned *classes);

/* How many of each a text has. */
struct letters {
    size_t upper, lower, digit, slash, hex;
};
struct letters secret_letters(struct str s);

/* Written by people where a secret would stand: <...>, ${...}, EXAMPLE, xxxx. */
bool secret_placeholder(struct str s);
