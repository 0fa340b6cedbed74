/* Read results.json back into a report, by the same tables that wrote it. */
#include "report/results.h"

#include "base/diag.h"
#include "base/when.h"
#include "json/json.h"
#include "report/fields.h"

#include <string.h>

/* clang-format off */
static const struct diag_kind NOT_RESULTS = {"RES-101", DIAG_ERROR, "not a results.json of kdaudit",
    "give the results.json that `kdaudit report -f json` wrote"};
static const struct diag_kind OTHER_FORMAT = {"RES-102", DIAG_ERROR, "results.json has another format number",
    "write it again with this version of kdaudit, or read it with the version that wrote it"};
static const struct diag_kind WRONG_TYPE = {"RES-103", DIAG_ERROR, "value is of the wrong type",
    "do not edit results.json by hand; write it again"};
static const struct diag_kind DANGLING = {"RES-104", DIAG_ERROR, "reference leads nowhere",
    "do not edit results.json by hand; write it again"};
static const struct diag_kind UNKNOWN_WORD = {"RES-105", DIAG_ERROR, "unknown word",
    "do not edit results.json by hand; write it again"};
/* clang-format on */

struct reading {
    struct arena *a;
    const struct text *text;
    struct diag *dx;
    struct report *r;
    struct map checks, subjects;
    bool resolve;              /* references may be looked up now */
    struct report_test *tests; /* by subject, as they stand in the file */
    size_t ntests, room;
    size_t nchecks;
    bool ok;
};

static void fault(struct reading *rd, const struct diag_kind *kind, const struct json *n,
                  const char *name)
{
    diag_at(rd->dx, kind, json_origin(n, rd->text), "\"%s\"", name);
    rd->ok = false;
}

static void read_thing(struct reading *rd, const struct shape *s, const struct json *n,
                       void *thing);

static void *target(struct reading *rd, const struct shape *s, const struct json *n)
{
    if (strcmp(s->name, "check") == 0)
        return map_get(&rd->checks, json_str(n));
    if (strcmp(s->name, "subject") == 0)
        return map_get(&rd->subjects, json_str(n));
    double number = json_num(n);
    if (!json_is(n, JSON_NUMBER) || number < 0)
        return NULL;
    struct report *r = rd->r;
    if (strcmp(s->name, "evidence") == 0 && number < (double)r->evidence.n)
        return &r->evidence.v[(size_t)number];
    if (strcmp(s->name, "use") == 0 && number < (double)r->uses.n)
        return &r->uses.v[(size_t)number];
    if (strcmp(s->name, "excerpt") == 0 && number < (double)r->excerpts.n)
        return &r->excerpts.v[(size_t)number];
    if (strcmp(s->name, "waiver") == 0 && number < (double)r->waivers.n)
        return &r->waivers.v[(size_t)number];
    return NULL;
}

static void read_ref(struct reading *rd, const struct field *f, const struct json *n,
                     void *p)
{
    if (!rd->resolve)
        return;
    void *found = target(rd, f->shape, n);
    if (!found)
        fault(rd, &DANGLING, n, f->name);
    *(void **)p = found;
}

/* The array may stand already, from the pass that made the things others refer to. */
static void read_list(struct reading *rd, const struct field *f, const struct json *n,
                      void *p)
{
    struct report_list *l = p;
    if (!json_is(n, JSON_ARRAY)) {
        fault(rd, &WRONG_TYPE, n, f->name);
        return;
    }
    size_t count = json_size(n);
    if (!l->v || l->n != count) {
        l->v = arena_array(rd->a, count, f->shape->size);
        l->n = l->cap = (uint32_t)count;
    }
    size_t i = 0;
    for (const struct json *item = json_first(n); item; item = json_next(item), i++)
        read_thing(rd, f->shape, item, (char *)l->v + i * f->shape->size);
}

/* The tests of a subject: the first pass only makes room for them. */
static void read_tests(struct reading *rd, const struct field *f, const struct json *n,
                       const struct report_subject *subject)
{
    if (!rd->resolve)
        rd->room += json_size(n);
    if (!json_is(n, JSON_ARRAY) || json_size(n) > rd->room - rd->ntests) {
        fault(rd, &WRONG_TYPE, n, f->name);
        return;
    }
    for (const struct json *item = json_first(n); item && rd->resolve;
         item = json_next(item)) {
        struct report_test *t = &rd->tests[rd->ntests++];
        t->subject = subject;
        read_thing(rd, f->shape, item, t);
    }
}

static void read_word(struct reading *rd, const struct field *f, const struct json *n,
                      void *p)
{
    struct str word = json_str(n);
    for (int i = 0; f->words[i]; i++)
        if (str_eq(word, str_from(f->words[i]))) {
            if (f->kind == FIELD_WORD)
                *(unsigned char *)p = (unsigned char)i;
            else
                *(const char **)p = f->words[i];
            return;
        }
    fault(rd, &UNKNOWN_WORD, n, f->name);
}

static bool read_number(const struct json *n, double max, double *v)
{
    *v = json_num(n);
    return json_is(n, JSON_NUMBER) && *v >= 0 && *v <= max;
}

static void read_field(struct reading *rd, const struct field *f, const struct json *n,
                       void *thing)
{
    void *p = (char *)thing + f->offset;
    double v;
    bool right = true;
    switch (f->kind) {
    case FIELD_STR:
        right = json_is(n, JSON_STRING);
        *(struct str *)p = json_str(n);
        break;
    case FIELD_UINT:
        right = read_number(n, UINT32_MAX, &v);
        *(uint32_t *)p = right ? (uint32_t)v : 0;
        break;
    case FIELD_SIZE:
        right = read_number(n, 9e15, &v);
        *(uint64_t *)p = right ? (uint64_t)v : 0;
        break;
    case FIELD_BOOL:
        right = json_is(n, JSON_TRUE) || json_is(n, JSON_FALSE);
        *(bool *)p = json_bool(n);
        break;
    case FIELD_TIME:
        right = when_read(json_str(n), (int64_t *)p);
        break;
    case FIELD_Z:
    case FIELD_WORD:
        read_word(rd, f, n, p);
        break;
    case FIELD_THING:
        read_thing(rd, f->shape, n, p);
        break;
    case FIELD_REF:
        read_ref(rd, f, n, p);
        break;
    case FIELD_LIST:
        read_list(rd, f, n, p);
        break;
    case FIELD_REFS:
        read_tests(rd, f, n, thing);
        break;
    default:
        break;
    }
    if (!right)
        fault(rd, &WRONG_TYPE, n, f->name);
}

static void read_thing(struct reading *rd, const struct shape *s, const struct json *n,
                       void *thing)
{
    if (!json_is(n, JSON_OBJECT)) {
        fault(rd, &WRONG_TYPE, n, s->name);
        return;
    }
    for (size_t i = 0; i < s->n; i++)
        if (s->fields[i].stored && s->fields[i].kind == FIELD_TIME)
            *(int64_t *)(void *)((char *)thing + s->fields[i].offset) = WHEN_NONE;
    for (const struct json *m = json_first(n); m; m = json_next(m)) {
        const struct field *f = shape_field(s, json_key(m));
        if (f && f->stored)
            read_field(rd, f, m, thing);
    }
}

static void read_member(struct reading *rd, const struct json *root, const char *name)
{
    const struct field *f = shape_field(report_shape(), str_from(name));
    const struct json *n = json_get(root, str_from(name));
    if (n)
        read_field(rd, f, n, rd->r);
}

static void map_targets(struct reading *rd)
{
    struct report *r = rd->r;
    for (size_t i = 0; i < r->controls.n; i++)
        for (size_t j = 0; j < r->controls.v[i].checks.n; j++) {
            struct report_check *check = &r->controls.v[i].checks.v[j];
            check->number = (uint32_t)rd->nchecks++;
            *map_put(rd->a, &rd->checks, check->id) = check;
        }
    for (size_t i = 0; i < r->subjects.n; i++)
        *map_put(rd->a, &rd->subjects, r->subjects.v[i].arn) = &r->subjects.v[i];
}

/* Every struct that stands for something else must name it. */
static void require_targets(struct reading *rd, const struct json *root)
{
    struct report *r = rd->r;
    for (size_t i = 0; i < r->evidence.n; i++)
        if (r->evidence.v[i].number != i || !r->evidence.v[i].state)
            fault(rd, &DANGLING, json_get(root, STR("evidence")), "number");
    for (size_t i = 0; i < r->uses.n; i++) {
        bool lost = r->uses.v[i].number != i;
        for (size_t j = 0; j < r->uses.v[i].needed.n; j++)
            lost = lost || !r->uses.v[i].needed.v[j].check;
        for (size_t j = 0; j < r->uses.v[i].facts.n; j++)
            lost = lost || !r->uses.v[i].facts.v[j].check;
        if (lost)
            fault(rd, &DANGLING, json_get(root, STR("uses")), "check");
    }
    for (size_t i = 0; i < r->excerpts.n; i++)
        if (r->excerpts.v[i].number != i)
            fault(rd, &DANGLING, json_get(root, STR("excerpts")), "number");
    for (size_t i = 0; i < r->waivers.n; i++)
        if (r->waivers.v[i].number != i || !r->waivers.v[i].kind)
            fault(rd, &DANGLING, json_get(root, STR("waivers")), "number");
    for (size_t i = 0; i < rd->ntests; i++)
        if (!rd->tests[i].check)
            fault(rd, &DANGLING, json_get(root, STR("subjects")), "check");
    for (size_t i = 0; i < r->applications.n; i++)
        if (!r->applications.v[i].subject)
            fault(rd, &DANGLING, json_get(root, STR("applications")), "subject");
    for (size_t i = 0; i < r->access.n; i++)
        for (size_t j = 0; j < r->access.v[i].applications.n; j++)
            if (!r->access.v[i].applications.v[j].application)
                fault(rd, &DANGLING, json_get(root, STR("access")), "application");
    for (size_t i = 0; i < r->proposals.n; i++)
        if (!r->proposals.v[i].role)
            fault(rd, &DANGLING, json_get(root, STR("proposals")), "role");
    for (size_t i = 0; i < r->subjects.n; i++)
        for (size_t j = 0; j < r->subjects.v[i].links.n; j++)
            if (!r->subjects.v[i].links.v[j].to)
                fault(rd, &DANGLING, json_get(root, STR("subjects")), "to");
}

/* From the order of subjects to that of checks, then subjects. */
static void sort_tests(struct reading *rd)
{
    size_t *at = ARENA_ARRAY(rd->a, size_t, rd->nchecks + 1);
    struct report_test *sorted = ARENA_ROOM(rd->a, struct report_test, rd->ntests);
    for (size_t i = 0; i < rd->ntests; i++)
        at[rd->tests[i].check->number + 1]++;
    for (size_t i = 1; i < rd->nchecks; i++)
        at[i] += at[i - 1];
    for (size_t i = 0; i < rd->ntests; i++)
        sorted[at[rd->tests[i].check->number]++] = rd->tests[i];
    rd->r->tests.v = sorted;
    rd->r->tests.n = rd->ntests;
}

/* Was there such a member? Then what stands here is more than zeros. */
static bool given(const struct field *f, const void *p)
{
    switch (f->kind) {
    case FIELD_STR:
        return ((const struct str *)p)->p;
    case FIELD_LIST:
        return ((const struct report_list *)p)->v;
    case FIELD_THING:
        for (size_t i = 0; i < f->shape->n; i++)
            if (f->shape->fields[i].stored && field_truth(&f->shape->fields[i], p))
                return true;
        return false;
    default:
        return true;
    }
}

/* Fill in what was left out because it follows from the rest. */
static void fill_implied(struct arena *a, const struct shape *s, void *thing,
                         const void *outer)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];
        void *p = (char *)thing + f->offset;
        if (!f->implied || f->text || given(f, p))
            continue;
        const void *value = f->implied(a, thing, outer);
        if (value && f->kind == FIELD_STR)
            *(struct str *)p = *(const struct str *)value;
        else if (value && f->kind == FIELD_LIST)
            *(struct report_list *)p = *(const struct report_list *)value;
        else if (value)
            memcpy(p, value, f->shape->size);
    }
}

static void fill_tests(struct arena *a, struct report *r)
{
    const struct field *tests = shape_field(&report_shape_subject, STR("tests"));
    const struct field *findings = shape_field(tests->shape, STR("findings"));
    for (size_t i = 0; i < r->tests.n; i++) {
        struct report_test *t = &r->tests.v[i];
        for (size_t j = 0; j < t->findings.n; j++)
            fill_implied(a, findings->shape, &t->findings.v[j], t);
        fill_implied(a, tests->shape, t, r);
    }
}

bool results_is(const struct text *text)
{
    struct str head = str_sub(text->bytes, 0, 64);
    return str_has(head, STR("\"kdaudit\": \"results\""));
}

struct report *results_read(struct arena *a, const struct text *text, struct diag *dx)
{
    struct json *root = json_read(a, text, dx);
    if (!root)
        return NULL;
    if (!str_eq(json_str(json_get(root, STR("kdaudit"))), STR("results"))) {
        diag_file(dx, &NOT_RESULTS, text->name, NULL);
        return NULL;
    }
    const struct json *format = json_get(root, STR("format"));
    if (json_num(format) != REPORT_FORMAT) {
        diag_at(dx, &OTHER_FORMAT, json_origin(format ? format : root, text),
                "it has %.*s, this version reads %d", STR_ARG(json_scalar(format)),
                REPORT_FORMAT);
        return NULL;
    }
    struct reading rd = {
        .a = a, .text = text, .dx = dx, .r = ARENA_NEW(a, struct report), .ok = true};
    read_member(&rd, root, "uses");
    read_member(&rd, root, "evidence");
    read_member(&rd, root, "excerpts");
    read_member(&rd, root, "waivers");
    read_member(&rd, root, "controls");
    read_member(&rd, root, "subjects");
    map_targets(&rd);
    rd.tests = ARENA_ARRAY(a, struct report_test, rd.room);
    rd.resolve = true;
    if (rd.ok)
        read_thing(&rd, report_shape(), root, rd.r);
    if (rd.ok)
        require_targets(&rd, root);
    if (!rd.ok)
        return NULL;
    sort_tests(&rd);
    fill_tests(a, rd.r);
    report_finish(a, rd.r, 1);
    return rd.r;
}
