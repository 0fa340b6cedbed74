/* OSCAL 1.1.3 catalog, and what both OSCAL models share. Limits that the schema does not
 * show: the metaschema's lists of names, one value per property, and no empty lists. */
#include "render/machine_oscal.h"

#include "render/machine.h"

void oscal_id(struct emit *e, const char *key, struct str id, const char *suffix)
{
    struct buf token = BUF_INIT;
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
        bool inner = (c >= '0' && c <= '9') || c == '.' || c == '-';
        if (i == 0 && inner)
            buf_c(&token, '_');
        if (upper)
            buf_c(&token, (char)(c + ('a' - 'A')));
        else
            buf_c(&token, lower || inner ? c : '_');
    }
    if (!token.n)
        buf_c(&token, '_');
    buf_z(&token, suffix);
    emit_z(e, key, token.p);
    buf_free(&token);
}

void oscal_prop(struct emit *e, bool ours, const char *name, struct str value)
{
    if (!str_trim(value).n)
        return;
    emit_open(e, NULL, '{');
    emit_z(e, "name", name);
    emit_z(e, "ns", ours ? MACHINE_NS : NULL);
    emit_line_or(e, "value", value, "-");
    emit_close(e);
}

void oscal_uuid(struct emit *e, const char *key, const char *kind,
                const struct str *parts, size_t n)
{
    char uuid[UUID_TEXT];
    machine_uuid(uuid, kind, parts, n);
    emit_z(e, key, uuid);
}

void oscal_metadata(struct emit *e, const struct report *r, struct str title,
                    struct str version)
{
    emit_open(e, "metadata", '{');
    emit_md_or(e, "title", title, "Control catalog");
    emit_time(e, "last-modified", machine_as_of(r));
    emit_line_or(e, "version", version, "unknown");
    emit_z(e, "oscal-version", "1.1.3");
    emit_close(e);
}

static struct str first_of(struct str x, struct str y, const char *otherwise)
{
    if (str_trim(x).n)
        return x;
    return str_trim(y).n ? y : str_from(otherwise);
}

static void references(struct emit *e, const struct report_reference *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool said = false;
        for (size_t j = 0; j < i && !said; j++)
            said = str_eq(v[i].framework, v[j].framework) && str_eq(v[i].id, v[j].id);
        if (said || !str_trim(v[i].id).n)
            continue;
        emit_open(e, NULL, '{');
        emit_z(e, "name", "reference");
        emit_z(e, "ns", MACHINE_NS);
        oscal_id(e, "class", v[i].framework, "");
        emit_line_or(e, "value", v[i].id, "-");
        emit_close(e);
    }
}

/* A link to where something is published; anything but a web address is left out. */
static void link_to(struct emit *e, struct str url, const char *rel)
{
    if (!str_starts(url, STR("https://")) && !str_starts(url, STR("http://")))
        return;
    struct str scheme, rest;
    str_cut(url, ':', &scheme, &rest);
    struct buf href = BUF_INIT;
    buf_fmt(&href, "%.*s://", STR_ARG(scheme));
    machine_uri(&href, rest);
    emit_open(e, "links", '[');
    emit_open(e, NULL, '{');
    emit_z(e, "href", href.p);
    emit_z(e, "rel", rel);
    emit_close(e);
    emit_close(e);
    buf_free(&href);
}

static void objective(struct emit *e, const struct report_check *c)
{
    emit_open(e, NULL, '{');
    oscal_id(e, "id", c->id, "_check");
    emit_z(e, "name", "assessment-objective");
    emit_md(e, "title", c->title);
    emit_open(e, "props", '[');
    oscal_prop(e, false, "label", c->id);
    oscal_prop(e, true, "severity", str_from(severity_name(c->severity)));
    oscal_prop(e, true, "subject-type", c->subject_type);
    oscal_prop(e, true, "basis", c->basis);
    references(e, c->references.v, c->references.n);
    emit_close(e);
    emit_md_or(e, "prose", first_of(c->expected, c->title, ""), "It holds.");
    emit_close(e);
}

static void part(struct emit *e, const struct report_control *c, const char *suffix,
                 const char *name, struct str prose)
{
    emit_open(e, NULL, '{');
    oscal_id(e, "id", c->id, suffix);
    emit_z(e, "name", name);
    emit_block(e, "prose", prose);
    emit_close(e);
}

static void control(struct emit *e, const struct report_control *c)
{
    emit_open(e, NULL, '{');
    oscal_id(e, "id", c->id, "");
    emit_z(e, "class", "control");
    emit_md_or(e, "title", first_of(c->title, c->id, ""), "Control");
    emit_open(e, "props", '[');
    oscal_prop(e, false, "label", c->id);
    references(e, c->references.v, c->references.n);
    emit_close(e);
    link_to(e, c->source, "related");
    emit_open(e, "parts", '[');
    struct str statement = first_of(c->statement, c->title, "The checks below hold.");
    part(e, c, "_smt", "statement", statement);
    if (str_trim(c->rationale).n)
        part(e, c, "_gdn", "guidance", c->rationale);
    emit_open(e, NULL, '{');
    oscal_id(e, "id", c->id, "_obj");
    emit_z(e, "name", "assessment-objective");
    emit_z(e, "prose", "Determine whether every check below holds for every resource.");
    emit_open(e, "parts", '[');
    for (size_t i = 0; i < c->checks.n; i++)
        objective(e, &c->checks.v[i]);
    emit_close(e);
    emit_close(e);
    emit_close(e);
    emit_close(e);
}

static void parameters(struct emit *e, const struct report *r)
{
    emit_open(e, "params", '[');
    for (size_t i = 0; i < r->params.n; i++) {
        emit_open(e, NULL, '{');
        oscal_id(e, "id", r->params.v[i].name, "");
        emit_md(e, "label", r->params.v[i].name);
        emit_md(e, "usage", r->params.v[i].help);
        emit_open(e, "values", '[');
        emit_line(e, NULL, r->params.v[i].value);
        emit_close(e);
        emit_close(e);
    }
    emit_close(e);
}

void machine_oscal_catalog(struct buf *out, const struct report *r)
{
    const struct report_catalog *c = &r->catalog;
    struct emit e = EMIT_TO(out, 6);
    emit_open(&e, NULL, '{');
    emit_open(&e, "catalog", '{');
    struct buf params = BUF_INIT;
    for (size_t i = 0; i < r->params.n; i++)
        buf_fmt(&params, "%.*s=%.*s\n", STR_ARG(r->params.v[i].name),
                STR_ARG(r->params.v[i].value));
    struct str identity[] = {c->id, c->version, c->sha256, buf_view(&params)};
    oscal_uuid(&e, "uuid", "catalog", identity, 4);
    buf_free(&params);
    oscal_metadata(&e, r, first_of(c->title, c->id, "Control catalog"), c->version);
    parameters(&e, r);
    emit_open(&e, "groups", '[');
    emit_open(&e, NULL, '{');
    oscal_id(&e, "id", c->id, "");
    emit_z(&e, "class", "family");
    emit_md_or(&e, "title", first_of(c->title, c->id, ""), "Controls");
    emit_open(&e, "controls", '[');
    for (size_t i = 0; i < r->controls.n; i++)
        control(&e, &r->controls.v[i]);
    emit_close(&e);
    emit_close(&e);
    emit_close(&e);
    emit_close(&e);
    emit_close(&e);
    emit_done(&e);
}
