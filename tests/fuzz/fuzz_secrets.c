/* Any text, cut anywhere: masking ends, and no secret that is found in the text, or that
 * we put there under a secret's name, is in what comes out. */
#include "base/buf.h"
#include "model/secrets.h"

#include <stdlib.h>
#include <string.h>

#define KEY_ID "AKIARTX3GSDS4USAMPLE"
#define PASSWORD "q7Rz2LmX9vTb"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(void *ctx, struct secret s)
{
    (void)s;
    ++*(size_t *)ctx;
}

static void must_hide(const struct buf *out, const char *secret)
{
    if (out->p && strstr(out->p, secret))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct buf out = BUF_INIT, with = BUF_INIT;
    size_t n = 0;
    if (str_has(text, STR(KEY_ID)) || str_has(text, STR(PASSWORD)))
        return 0; /* not ours: it may stand in a longer word, which is no secret */
    secret_scan(text, count, &n);
    secret_mask_json(&out, text);
    buf_clear(&out);
    secret_mask(&out, STR("password"), text);
    /* A pretty-printed document around it: its lines stand by themselves. */
    buf_str(&with, str_sub(text, 0, size / 2));
    buf_z(&with, "\n  \"db.password\": \"" PASSWORD "\",\n  \"id\": \"" KEY_ID "\",\n");
    size_t start = with.n;
    buf_z(&with, "  \"aws.credentials.provider.basic.secretkey\": \"" PASSWORD "\"\n");
    buf_str(&with, str_sub(text, size / 2, size));
    buf_clear(&out);
    secret_mask_json(&out, str_sub(buf_view(&with), start, with.n));
    if (!memchr(data, '"', size) && !memchr(data, '\'', size) && !memchr(data, '`', size))
        must_hide(&out, PASSWORD);
    buf_clear(&out);
    secret_mask_json(&out, buf_view(&with));
    must_hide(&out, KEY_ID);
    buf_free(&with);
    buf_free(&out);
    return 0;
}
