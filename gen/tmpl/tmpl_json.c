/* JSON trees as data for templates. */
#include "base/arena.h"
#include "base/buf.h"
#include "json/json.h"
#include "json/write.h"
#include "tmpl/tmpl.h"

/* A view's p is the node in its list or object; what it shows may be another tree's. */
static const struct json *target(struct view v)
{
    return json_target(v.p);
}

static enum view_is is(void *ctx, struct view v)
{
    (void)ctx;
    const struct json *n = target(v);
    if (!n)
        return VIEW_NOTHING;
    switch (json_type(n)) {
    case JSON_NULL:
        return VIEW_NOTHING;
    case JSON_FALSE:
        return VIEW_FALSE;
    case JSON_STRING:
        return json_str(n).n ? VIEW_TEXT : VIEW_NOTHING;
    case JSON_ARRAY:
        return VIEW_LIST;
    case JSON_OBJECT:
        return VIEW_THING;
    default:
        return VIEW_TEXT;
    }
}

static bool get(void *ctx, struct view v, struct str name, struct view *out)
{
    (void)ctx;
    const struct json *n = json_get(target(v), name);
    *out = tmpl_json_view(n);
    return n != NULL;
}

static size_t count(void *ctx, struct view v)
{
    (void)ctx;
    return json_size(target(v));
}

static struct view item(void *ctx, struct view v, size_t i)
{
    (void)ctx;
    return tmpl_json_view(json_at(target(v), i));
}

static struct view next(void *ctx, struct view list, struct view at, size_t i)
{
    (void)ctx, (void)list, (void)i;
    return tmpl_json_view(json_next(at.p));
}

static struct str text(void *ctx, struct arena *a, struct view v)
{
    (void)ctx;
    const struct json *n = target(v);
    struct str s = json_is(n, JSON_STRING) ? json_str(n) : json_scalar(n);
    if (s.n || !json_is(n, JSON_NUMBER))
        return s;
    /* A number that was built, not read, has no source text. */
    struct buf out = BUF_INIT;
    json_write_num(&out, json_num(n));
    s = buf_dup(a, &out);
    buf_free(&out);
    return s;
}

struct tmpl_data tmpl_json_data(void)
{
    return (struct tmpl_data){
        .is = is, .get = get, .count = count, .item = item, .next = next, .text = text};
}

struct view tmpl_json_view(const struct json *n)
{
    return (struct view){.p = n};
}
