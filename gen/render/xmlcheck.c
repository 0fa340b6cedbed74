/* Check XML and HTML: the one file that includes libxml2. */
#include "render/xmlcheck.h"

#include "base/arena.h"
#include "base/diag.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlschemas.h>
#include <string.h>

/* clang-format off */
static const struct diag_kind NOT_WELL_FORMED = {"RND-110", DIAG_ERROR, "the rendered page is not well-formed",
    "correct the template: every tag closed, attributes quoted, & written as &amp;"};
static const struct diag_kind NOT_VALID = {"RND-111", DIAG_ERROR, "the rendered JUnit XML is not valid",
    "correct the template: templates/junit/junit.xsd says what JUnit readers accept"};
static const struct diag_kind BAD_SCHEMA = {"RND-112", DIAG_ERROR, "the schema cannot be used",
    "restore junit/junit.xsd in the template folder"};
/* clang-format on */

enum {
    ERRORS_MAX = 20,
    /* libxml2 moves what it has not read yet towards the front again and again: more
     * bytes at a time make it slower. */
    CHUNK_BYTES = 1 << 15,
};

#if LIBXML_VERSION >= 21200
typedef const xmlError *fault;
#else
typedef xmlErrorPtr fault;
#endif

struct xml_check {
    struct arena *a;
    struct str name;
    struct diag *dx;
    const struct diag_kind *kind;
    struct str piece; /* being read */
    uint32_t above;   /* lines of the pieces before it */
    unsigned errors;
    bool ended;
    xmlParserCtxtPtr px;
    const struct xml_schema *schema;
    xmlSchemaValidCtxtPtr valid;
    xmlSchemaSAXPlugPtr plug;
    xmlSAXHandlerPtr handlers; /* the plug's; both are its to set until it is pulled */
    void *listener;
};

/* Line number `line` as messages show it: only this piece is at hand, so it stands below
 * as many empty lines. */
static struct origin line_origin(const struct xml_check *c, uint32_t line)
{
    uint32_t up = line > c->above ? line - c->above : 1;
    struct text piece = {c->name, c->piece};
    struct str shown = text_line(&piece, text_line_start(&piece, up), NULL);
    size_t empty = c->above + up - 1;
    char *p = arena_alloc8(c->a, empty + shown.n + 1);
    memset(p, '\n', empty);
    if (shown.n)
        memcpy(p + empty, shown.p, shown.n);
    struct text *text = ARENA_NEW(c->a, struct text);
    *text = (struct text){c->name, {p, empty + shown.n}};
    return (struct origin){text, empty, 1};
}

static void on_error(void *ctx, fault e)
{
    struct xml_check *c = ctx;
    /* Once something is wrong, more faults of the form only follow from it. */
    if (e->level < XML_ERR_ERROR || (c->errors && e->domain == XML_FROM_PARSER) ||
        c->errors++ >= ERRORS_MAX)
        return;
    struct str message = str_trim(str_from(e->message));
    diag_at(c->dx, c->kind, line_origin(c, e->line > 0 ? (uint32_t)e->line : 1), "%.*s",
            STR_ARG(message));
}

/* A handler that is told nothing, and so builds nothing: large pages need no tree. */
static xmlSAXHandler quiet_sax(void)
{
    xmlSAXHandler sax;
    memset(&sax, 0, sizeof sax);
    sax.initialized = XML_SAX2_MAGIC;
    return sax;
}

/* Faults of validity know no line of their own. */
static int where(void *ctx, const char **file, unsigned long *line)
{
    const struct xml_check *c = ctx;
    *file = NULL;
    *line = c->px->input ? (unsigned long)c->px->input->line : 0;
    return 0;
}

struct xml_schema {
    xmlSchemaPtr compiled;
};

struct xml_schema *xml_schema_read(struct arena *a, const struct text *text,
                                   struct diag *dx)
{
    struct xml_check bad = {
        .a = a, .name = text->name, .dx = dx, .kind = &BAD_SCHEMA, .piece = text->bytes};
    /* The schema's reader would print faults of its XML to standard error. */
    struct xml_check *form = xml_check_begin(a, text->name, NULL, dx);
    form->kind = &BAD_SCHEMA;
    xml_check_add(form, text->bytes);
    if (!xml_check_end(form))
        return NULL;
    xmlSchemaParserCtxtPtr px =
        xmlSchemaNewMemParserCtxt(text->bytes.p, (int)text->bytes.n);
    xmlSchemaPtr compiled = NULL;
    if (px) {
        xmlSchemaSetParserStructuredErrors(px, on_error, &bad);
        compiled = xmlSchemaParse(px);
        xmlSchemaFreeParserCtxt(px);
    }
    if (!compiled && !bad.errors)
        diag_file(dx, &BAD_SCHEMA, text->name, NULL);
    if (!compiled)
        return NULL;
    struct xml_schema *schema = ARENA_NEW(a, struct xml_schema);
    schema->compiled = compiled;
    return schema;
}

void xml_schema_free(struct xml_schema *s)
{
    xmlSchemaFree(s->compiled);
}

struct xml_check *xml_check_begin(struct arena *a, struct str name,
                                  const struct xml_schema *schema, struct diag *dx)
{
    struct xml_check *c = ARENA_NEW(a, struct xml_check);
    *c = (struct xml_check){.a = a,
                            .name = name,
                            .dx = dx,
                            .kind = schema ? &NOT_VALID : &NOT_WELL_FORMED,
                            .schema = schema};
    xmlInitParser();
    xmlSAXHandler sax = quiet_sax();
    c->px = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
    if (!c->px)
        return c;
    xmlCtxtUseOptions(c->px, XML_PARSE_NONET | XML_PARSE_HUGE);
    c->valid = schema ? xmlSchemaNewValidCtxt(schema->compiled) : NULL;
    if (!c->valid)
        return c;
    xmlSchemaSetValidStructuredErrors(c->valid, on_error, c);
    xmlSchemaValidateSetLocator(c->valid, where, c);
    /* Told that nobody else listens, the plug hands over its own handlers, instead of
     * ones that ask for each event who else is to hear of it. */
    c->plug = xmlSchemaSAXPlug(c->valid, &c->handlers, &c->listener);
    if (c->plug) {
        *c->px->sax = *c->handlers;
        c->px->userData = c->listener;
    }
    return c;
}

static bool usable(const struct xml_check *c)
{
    return c->px && (!c->schema || c->plug);
}

static void parse(struct xml_check *c, struct str bytes, bool last)
{
    /* Faults of the form are told to whoever listens in this thread. */
    xmlSetStructuredErrorFunc(c, on_error);
    xmlParseChunk(c->px, bytes.p, (int)bytes.n, last);
    xmlSetStructuredErrorFunc(NULL, NULL);
}

bool xml_check_add(struct xml_check *c, struct str bytes)
{
    c->piece = bytes;
    while (bytes.n && usable(c) && !c->errors) {
        size_t n = bytes.n < CHUNK_BYTES ? bytes.n : CHUNK_BYTES;
        parse(c, str_sub(bytes, 0, n), false);
        bytes = str_sub(bytes, n, bytes.n);
    }
    struct str line, rest = c->piece;
    while (!c->errors && str_cut(rest, '\n', &line, &rest))
        c->above++;
    return usable(c) && !c->errors;
}

void xml_check_drop(struct xml_check *c)
{
    if (c->plug)
        xmlSchemaSAXUnplug(c->plug);
    if (c->valid)
        xmlSchemaFreeValidCtxt(c->valid);
    if (c->px && c->px->myDoc)
        xmlFreeDoc(c->px->myDoc);
    if (c->px) {
        c->px->myDoc = NULL;
        xmlFreeParserCtxt(c->px);
    }
}

bool xml_check_end(struct xml_check *c)
{
    bool ok = usable(c) && !c->errors;
    if (ok) {
        c->piece = STR("");
        parse(c, c->piece, true);
        ok = !c->errors && c->px->wellFormed && (!c->valid || xmlSchemaIsValid(c->valid));
    }
    if (!ok && !c->errors)
        diag_file(c->dx, c->kind, c->name, NULL);
    xml_check_drop(c);
    return ok;
}

bool xml_check(struct arena *a, const struct text *text, struct diag *dx)
{
    struct xml_check *c = xml_check_begin(a, text->name, NULL, dx);
    xml_check_add(c, text->bytes);
    return xml_check_end(c);
}
