/* Any bytes through every escaper: nothing may be left that means something to the
 * format. */
#include "base/buf.h"
#include "base/utf8.h"
#include "tmpl/tmpl.h"

#include <assert.h>
#include <string.h>

/* clang-format off */
static const struct {
    enum escape how;
    const char *never;  /* characters that may not appear */
    const char *joined; /* nor this */
} rows[] = {
    {ESCAPE_TEXT,          "\n",              NULL},
    {ESCAPE_HTML,          "\n<>\"'",         NULL},
    {ESCAPE_HTML_BLOCK,    "<>\"'",           NULL},
    {ESCAPE_HTML_CONTENT,  "\n<>",            NULL},
    {ESCAPE_XML,           "\n<>\"'",         NULL},
    {ESCAPE_CDATA,         "",                "]]>"},
    {ESCAPE_CDATA_SPLIT,   "",                NULL},
    {ESCAPE_XML_CONTENT,   "",                NULL},
    {ESCAPE_MD,            "\n*_`<>[]\\|{}",  NULL},
    {ESCAPE_MD_CODE,       "\n",              "[["},
    {ESCAPE_MD_CELL,       "\n",              "<<"},
    {ESCAPE_MD_BLOCK,      "",                NULL},
    {ESCAPE_MD_BLOCK_TEXT, "",                NULL},
    {ESCAPE_MEDIAWIKI,     "\n<>\"'[]{}|=*:", NULL},
    {ESCAPE_URL,           "\n <>\"'()[]\\`", NULL},
    {ESCAPE_JSON,          "\n<>&",           NULL},
    {ESCAPE_CSV,           "\n",              NULL},
    {ESCAPE_PROSE_HTML,    "<>\"'",           NULL},
    {ESCAPE_PROSE_MD,      "",                NULL},
};
/* clang-format on */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str s = {(const char *)bytes, size};
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buf_clear(&out);
        escape_write(&out, rows[i].how, s);
        struct str w = buf_view(&out);
        assert(utf8_check(w) == w.n);
        for (size_t k = 0; k < w.n; k++) {
            unsigned char c = (unsigned char)w.p[k];
            assert((c >= 0x20 && c != 0x7F) || c == '\n');
            assert(!strchr(rows[i].never, c));
        }
        assert(!rows[i].joined || !str_has(w, str_from(rows[i].joined)));
        /* A second value of the same kind, right after the first. */
        escape_write(&out, rows[i].how, s);
        assert(!rows[i].joined || rows[i].how != ESCAPE_CDATA ||
               !str_has(buf_view(&out), STR("]]>")));
    }
    buf_free(&out);
    return 0;
}
