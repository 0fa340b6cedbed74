/* Unit tests of gen/json/focus.c: what a question does not concern becomes null. */
#include "unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "json/focus.h"
#include "json/json.h"
#include "json/write.h"

static struct arena *a;

static void setup(void)
{
    a = arena_new();
}

static void teardown(void)
{
    arena_free(a);
}

/* {"Other":[...],"Roles":[...],"Policies":[...]}. In rows: the elements of Roles and
 * Policies, what of them stays. */
static const struct {
    const char *roles, *policies, *stays;
} rows[] = {
    {"{\"n\":\"first\"},{\"n\":\"x\"},{\"n\":\"r\"}", "{\"n\":\"r\"}",
     "[{\"n\":\"first\"},null,{\"n\":\"r\"}][{\"n\":\"r\"}]"},
    /* What a wanted element names, and what that names. */
    {"0,{\"n\":\"r\",\"l\":[{\"p\":\"arn:p\"}]},{\"n\":\"x\",\"l\":[{\"p\":\"arn:q\"}]}",
     "{\"n\":\"first\"},{\"a\":\"arn:q\"},{\"a\":\"arn:p\",\"d\":{\"r\":\"arn:s\"}},{"
     "\"a\":"
     "\"arn:s\"}",
     "[0,{\"n\":\"r\",\"l\":[{\"p\":\"arn:p\"}]},null][{\"n\":\"first\"},null,{\"a\":"
     "\"arn:"
     "p\",\"d\":{\"r\":\"arn:s\"}},{\"a\":\"arn:s\"}]"},
    /* Backwards too: a list before the one that names. */
    {"{\"n\":\"first\"},{\"a\":\"arn:g\"}", "{\"n\":\"r\",\"g\":[\"arn:g\"]}",
     "[{\"n\":\"first\"},{\"a\":\"arn:g\"}][{\"n\":\"r\",\"g\":[\"arn:g\"]}]"},
    /* A name deeper inside does not count. */
    {"{\"n\":\"first\"},{\"d\":{\"n\":\"r\"}}", "", "[{\"n\":\"first\"},null][]"},
    /* What is escaped may say anything: it stays, and nothing is left out for it. */
    {"{\"n\":\"first\"},{\"n\":\"\\u0072\"},{\"n\":\"x\"}", "",
     "[{\"n\":\"first\"},{\"n\":\"r\"},{\"n\":\"x\"}][]"},
    {"{\"n\":\"first\"},{\"n\":\"r\",\"p\":\"arn\\u003ap\"},{\"n\":\"x\"}", "",
     "[{\"n\":\"first\"},{\"n\":\"r\",\"p\":\"arn:p\"},{\"n\":\"x\"}][]"},
};

static struct json *read_focused(struct str bytes, struct text *text)
{
    static const char *const lists[] = {"Roles", "Policies", NULL};
    struct str name = STR("r");
    struct json_focus focus = {lists, &name, 1, 1};
    struct diag *dx = diag_new(a);
    *text = (struct text){STR("t"), bytes};
    struct json_room *room = json_room_new(a, a);
    struct json *root = json_read_focused(a, room, text, &focus, dx);
    json_room_free(room);
    ck_assert_msg(root != NULL, "%s", diag_first(dx, DIAG_ERROR));
    return root;
}

START_TEST(stays)
{
    struct text text;
    struct str bytes = str_fmt(
        a, "{\"Other\":[{\"n\":\"x\"},{\"n\":\"y\"}],\"Roles\":[%s],\"Policies\":[%s]}",
        rows[_i].roles, rows[_i].policies);
    struct json *root = read_focused(bytes, &text);
    struct buf out = BUF_INIT;
    json_write(&out, json_get(root, STR("Roles")), false, false);
    json_write(&out, json_get(root, STR("Policies")), false, false);
    ck_assert_str_eq(out.p, rows[_i].stays);
    buf_clear(&out);
    json_write(&out, json_get(root, STR("Other")), false, false);
    ck_assert_str_eq(out.p, "[{\"n\":\"x\"},{\"n\":\"y\"}]");
    buf_free(&out);
}
END_TEST

/* Places and indexes are those of the whole document. */
START_TEST(places)
{
    struct text text;
    struct str bytes = str_fmt(
        a, "{\"Roles\":[{\"n\":\"first\"},{\"n\":\"x\"},{\"n\":\"r\",\"v\":[1,2]}]}");
    struct json *root = read_focused(bytes, &text);
    const struct json *two = json_pointer(root, STR("/Roles/2/v/1"));
    ck_assert_ptr_nonnull(two);
    ck_assert_int_eq(bytes.p[json_pos(two)], '2');
    ck_assert(str_eq(json_scalar(two), STR("2")));
    const struct json *gone = json_pointer(root, STR("/Roles/1"));
    ck_assert(json_is(gone, JSON_NULL));
    ck_assert_int_eq(bytes.p[json_pos(gone)], '{');
}
END_TEST

/* A fault in what is left out is still a fault. */
START_TEST(faults)
{
    static const char *const lists[] = {"Roles", NULL};
    struct json_focus focus = {lists, NULL, 0, 1};
    struct diag *dx = diag_new(a);
    struct text text = {STR("t"),
                        str_fmt(a, "{\"Roles\":[{\"n\":\"first\"},{\"n\":01}]}")};
    struct json_room *room = json_room_new(a, a);
    ck_assert_ptr_null(json_read_focused(a, room, &text, &focus, dx));
    json_room_free(room);
    ck_assert_str_eq(diag_first(dx, DIAG_ERROR), "JSN-103");
}
END_TEST

/* A list read element by element: what is around it, and its elements. */
static const struct {
    const char *in, *outline, *elements;
} listed[] = {
    {"{\"files\":[{\"a\":[1]},[2],3],\"x\":[4]}", "{\"files\":[],\"x\":[4]}",
     "{\"a\":[1]};[2];3;"},
    {"{\"x\":{\"files\":[5]},\"fil\\u0065s\":[6]}",
     "{\"x\":{\"files\":[5]},\"files\":[]}", "6;"},
    {"{\"files\":[]}", "{\"files\":[]}", ""},
    {"{\"files\":7}", "{\"files\":7}", ""},
    {"[[8]]", "[[8]]", ""},
};
START_TEST(outlines)
{
    struct text text = {STR("t"), str_from(listed[_i].in)};
    struct arena *nodes = arena_new();
    struct json_room *room = json_room_new(a, nodes);
    struct buf out = BUF_INIT;
    json_write(&out, json_read_outline(a, room, &text, STR("files"), diag_new(a)), false,
               false);
    ck_assert_str_eq(out.p, listed[_i].outline);
    buf_clear(&out);
    arena_rewind(nodes);
    for (const struct json *n; (n = json_next_element(a, room, &text));) {
        json_write(&out, n, false, false);
        buf_c(&out, ';');
        arena_rewind(nodes);
    }
    ck_assert(str_eq(buf_view(&out), str_from(listed[_i].elements)));
    buf_free(&out);
    json_room_free(room);
    arena_free(nodes);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("focus");
    TCase *t = tcase_create("focus");
    tcase_add_checked_fixture(t, setup, teardown);
    unit_rows(t, stays, rows);
    tcase_add_test(t, places);
    tcase_add_test(t, faults);
    unit_rows(t, outlines, listed);
    suite_add_tcase(s, t);
    return unit_run(s, "focus");
}
