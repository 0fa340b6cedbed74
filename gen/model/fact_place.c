/* Where facts rest: the `at` of a fact names a document and a pointer in it. Where the
 * value stands there is what `at` is about (json_about), when that is known: looking for
 * it again, for each finding that cites the fact, is a walk through a large document. */
#include "model/fact.h"

/* pointer outlives the facts. */
static struct json *place(struct fact *f, const struct document *doc, struct str pointer,
                          size_t pos)
{
    if (!doc)
        return NULL;
    reads_note(doc);
    struct json *at = json_new_object(f->a);
    json_set_about(at, pos);
    json_set_literal(at, "document", json_new_view(f->a, doc->path));
    json_set_literal(at, "pointer", json_new_view(f->a, pointer));
    return at;
}

static void add(struct json *object, struct json *at)
{
    if (at)
        json_set_literal(object, "at", at);
}

void fact_at(struct fact *f, struct json *object, const struct document *doc,
             struct str pointer)
{
    fact_at_known(f, object, doc, pointer, 0);
}

void fact_at_known(struct fact *f, struct json *object, const struct document *doc,
                   struct str pointer, size_t pos)
{
    if (doc)
        add(object, place(f, doc, str_dup(f->a, pointer), pos));
}

void fact_at_link(struct fact *f, struct json *object, const struct link *l)
{
    add(object, place(f, l->doc, l->pointer, 0));
}

void fact_at_exhibit(struct fact *f, struct json *object, const struct exhibit *x,
                     const char *below)
{
    if (!x)
        return;
    struct str pointer = x->pointer;
    if (below[0] && x->node)
        pointer = STR_CAT(f->a, pointer, str_from(below));
    add(object, place(f, x->doc, pointer, 0));
}

/* A policy in a string is shown as the string that holds it. */
struct str fact_statement_pointer(const struct policy_statement *st)
{
    return st->policy->embedded ? st->policy->source.pointer : st->pointer;
}

size_t fact_statement_pos(const struct policy_statement *st)
{
    return json_pos(st->policy->embedded ? st->policy->source.node : st->node);
}

struct json *fact_place_statement(struct fact *f, const struct policy_statement *st)
{
    return place(f, fact_document(st->policy->source.text),
                 str_dup(f->a, fact_statement_pointer(st)), fact_statement_pos(st));
}

void fact_at_statement(struct fact *f, struct json *object,
                       const struct policy_statement *st)
{
    add(object, fact_place_statement(f, st));
}
