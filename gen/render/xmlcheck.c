/* Check XML and HTML: the one file that includes libxml2. */
#include "render/xmlcheck.h"

#include "base/diag.h"
#include "base/text.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlschemas.h>
#include <limits.h>
#include <string.h>

/* clang-format off */
static const struct diag_kind NOT_WELL_FORMED = {"RND-110", DIAG_ERROR, "the rendered page is not well-formed",
    "correct the template: every tag closed, attributes quoted, & written as &amp;"};
static const struct diag_kind NOT_VALID = {"RND-111", DIAG_ERROR, "the rendered JUnit XML is not valid",
    "correct the template: templates/junit/junit.xsd says what JUnit readers accept"};
static const struct diag_kind BAD_SCHEMA = {"RND-112", DIAG_ERROR, "the schema cannot be used",
    "restore junit/junit.xsd in the template folder"};
/* clang-format on */

struct check {
    const struct text *text;
    const struct diag_kind *kind;
    struct diag *dx;
    unsigned errors;
    bool broken; /* not well-formed: whatever follows only follows from that */
};

enum { ERRORS_MAX = 20 };

#if LIBXML_VERSION >= 21200
typedef const xmlError *fault;
#else
typedef xmlErrorPtr fault;
#endif

static void on_error(void *ctx, fault e)
{
    struct check *c = ctx;
    if (e->level < XML_ERR_ERROR || c->errors++ >= ERRORS_MAX || c->broken)
        return;
    c->broken = e->level == XML_ERR_FATAL;
    struct str message = str_trim(str_from(e->message));
    size_t pos = text_line_start(c->text, e->line > 0 ? (uint32_t)e->line : 1);
    diag_at(c->dx, c->kind, (struct origin){c->text, pos, 1}, "%.*s", STR_ARG(message));
}

/* libxml2 reads piece by piece: given the whole it would make a copy, and these files are
 * large. */
static int read_piece(void *ctx, char *to, int room)
{
    struct str *rest = ctx;
    size_t n = rest->n < (size_t)room ? rest->n : (size_t)room;
    if (n)
        memcpy(to, rest->p, n);
    *rest = str_sub(*rest, n, rest->n);
    return (int)n;
}

static void start(void *ctx, const xmlChar *name, const xmlChar *prefix,
                  const xmlChar *uri, int nns, const xmlChar **ns, int nattrs, int ndef,
                  const xmlChar **attrs)
{
    (void)ctx, (void)name, (void)prefix, (void)uri, (void)nns, (void)ns, (void)nattrs;
    (void)ndef, (void)attrs;
}

static void end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)ctx, (void)name, (void)prefix, (void)uri;
}

/* A handler that builds nothing: large pages need no tree. */
static xmlSAXHandler quiet_sax(void)
{
    xmlSAXHandler sax;
    memset(&sax, 0, sizeof sax);
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = start;
    sax.endElementNs = end;
    return sax;
}

static bool well_formed(const struct text *text, const struct diag_kind *kind,
                        struct diag *dx)
{
    struct check c = {text, kind, dx, 0, false};
    bool ok = false;
    struct str rest = text->bytes;
    xmlSAXHandler sax = quiet_sax();
    xmlParserCtxtPtr px = NULL;
    if (text->bytes.n > INT_MAX) {
        diag_file(dx, kind, text->name, "it is larger than 2 GiB");
        return false;
    }
    xmlInitParser();
    px = xmlCreateIOParserCtxt(NULL, NULL, read_piece, NULL, &rest,
                               XML_CHAR_ENCODING_UTF8);
    if (!px)
        goto done;
    *px->sax = sax;
    sax.serror = NULL;
    px->sax->serror = on_error;
    px->userData = &c;
    xmlCtxtUseOptions(px, XML_PARSE_NONET | XML_PARSE_HUGE);
    px->sax->serror = on_error;
    xmlParseDocument(px);
    ok = px->wellFormed == 1;
    if (!ok && !c.errors)
        diag_file(dx, kind, text->name, NULL);
done:
    if (px) {
        if (px->myDoc)
            xmlFreeDoc(px->myDoc);
        px->myDoc = NULL;
        xmlFreeParserCtxt(px);
    }
    return ok;
}

bool xml_check(const struct text *text, struct diag *dx)
{
    return well_formed(text, &NOT_WELL_FORMED, dx);
}

bool xml_check_schema(const struct text *text, const struct text *schema, struct diag *dx)
{
    struct check bad = {schema, &BAD_SCHEMA, dx, 0, false},
                 c = {text, &NOT_VALID, dx, 0, false};
    struct str rest = text->bytes;
    bool ok = false;
    xmlSchemaPtr parsed = NULL;
    xmlSchemaValidCtxtPtr valid = NULL;
    xmlParserInputBufferPtr in = NULL;
    /* The schema's reader would print faults of its XML to standard error. */
    if (!well_formed(schema, &BAD_SCHEMA, dx))
        return false;
    xmlSchemaParserCtxtPtr px =
        xmlSchemaNewMemParserCtxt(schema->bytes.p, (int)schema->bytes.n);
    if (!px)
        goto done;
    xmlSchemaSetParserStructuredErrors(px, on_error, &bad);
    parsed = xmlSchemaParse(px);
    if (!parsed) {
        if (!bad.errors)
            diag_file(dx, &BAD_SCHEMA, schema->name, NULL);
        goto done;
    }
    valid = xmlSchemaNewValidCtxt(parsed);
    in = xmlParserInputBufferCreateIO(read_piece, NULL, &rest, XML_CHAR_ENCODING_UTF8);
    if (!valid || !in)
        goto done;
    xmlSchemaSetValidStructuredErrors(valid, on_error, &c);
    xmlSAXHandler sax = quiet_sax();
    sax.serror = on_error;
    /* A stream: the document is never held as a tree. It frees `in`. */
    int r = xmlSchemaValidateStream(valid, in, XML_CHAR_ENCODING_UTF8, &sax, &c);
    in = NULL;
    ok = r == 0 && c.errors == 0;
    if (!ok && !c.errors)
        diag_file(dx, &NOT_VALID, text->name, NULL);
done:
    if (in)
        xmlFreeParserInputBuffer(in);
    if (valid)
        xmlSchemaFreeValidCtxt(valid);
    if (parsed)
        xmlSchemaFree(parsed);
    if (px)
        xmlSchemaFreeParserCtxt(px);
    return ok;
}
