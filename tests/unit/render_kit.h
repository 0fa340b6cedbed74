/* A report for tests of the renderer: made of as many applications as wanted, with one
 * word put wherever text from evidence or catalog may stand. */
#pragma once
#include "base/text.h"
#include "json/write.h"
#include "results_kit.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

struct kit {
    struct buf out;
    struct str word;
};

static inline void kit_text(struct kit *k, const char *name, const char *value)
{
    struct buf v = BUF_INIT;
    buf_z(&v, value);
    buf_str(&v, k->word);
    buf_fmt(&k->out, "\"%s\":", name);
    json_write_str(&k->out, buf_view(&v));
    buf_free(&v);
}

static inline void kit_arn(struct kit *k, const char *type, unsigned i)
{
    struct buf v = BUF_INIT;
    buf_fmt(&v, "arn:aws:x:us-east-1:%s:%s/%u", i % 2 ? "444455556666" : "111122223333",
            type, i);
    buf_str(&v, k->word);
    json_write_str(&k->out, buf_view(&v));
    buf_free(&v);
}

static inline void kit_subject(struct kit *k, const char *type, unsigned i)
{
    buf_fmt(&k->out, "{\"type\":\"%s\",\"arn\":", type);
    kit_arn(k, type, i);
    buf_fmt(&k->out, ",\"account\":\"%s\",\"region\":\"us-east-1\",",
            i % 2 ? "444455556666" : "111122223333");
    kit_text(k, "name", type);
    buf_z(&k->out, ",\"links\":[");
    if (strcmp(type, "application") == 0)
        for (unsigned j = 0; j < 2; j++) {
            buf_z(&k->out,
                  j ? ",{\"name\":\"key\",\"to\":" : "{\"name\":\"role\",\"to\":");
            kit_arn(k, j ? "key" : "role", i);
            buf_c(&k->out, '}');
        }
    buf_z(&k->out, "]}");
}

static inline void kit_test(struct kit *k, const char *check, const char *type,
                            unsigned i, const char *result)
{
    bool fail = strcmp(result, "fail") == 0 || strcmp(result, "waived") == 0;
    bool unknown = strcmp(result, "unknown") == 0;
    bool waived = strcmp(result, "waived") == 0;
    buf_fmt(&k->out, "{\"check\":\"%s\",\"result\":\"%s\",\"disposition\":\"%s\",", check,
            waived ? "fail" : result, waived ? "waived" : "open");
    kit_text(k, "message", "says ");
    if (unknown)
        buf_z(&k->out, ",\"reason\":\"denied\"");
    if (waived)
        buf_z(&k->out, ",\"waiver\":0");
    buf_z(&k->out, ",\"subject\":");
    kit_arn(k, type, i);
    if (fail || unknown) {
        buf_z(&k->out, ",\"findings\":[{");
        kit_text(k, "message", "because ");
        buf_c(&k->out, ',');
        kit_text(k, "actual", "found ");
        buf_c(&k->out, ',');
        kit_text(k, "expected", "wanted ");
        buf_c(&k->out, ',');
        kit_text(k, "command", "aws x ");
        buf_z(&k->out, ",\"spot\":{\"evidence\":0,\"line\":3,\"column\":5,");
        kit_text(k, "pointer", "/A/");
        buf_z(&k->out, "},\"excerpt\":0}],\"more_findings\":2");
    } else {
        buf_z(&k->out, ",\"spots\":[{\"evidence\":0,\"line\":1,\"column\":1}]");
    }
    buf_c(&k->out, '}');
}

static inline void kit_check(struct kit *k, const char *id, const char *severity,
                             const char *type)
{
    buf_fmt(&k->out, "{\"id\":\"%s\",\"severity\":\"%s\",\"subject_type\":\"%s\",", id,
            severity, type);
    kit_text(k, "title", "Title ");
    buf_c(&k->out, ',');
    kit_text(k, "expected", "good ");
    buf_z(&k->out,
          ",\"prose\":\"Tested *so*.\",\"remedy\":\"Mend it.\",\"basis\":\"inherited\","
          "\"basis_source\":\"https://docs.example/b\",\"references\":[{");
    kit_text(k, "framework", "nist ");
    buf_c(&k->out, ',');
    kit_text(k, "id", "AC-6 ");
    buf_z(&k->out, ",\"url\":\"https://docs.example/a\"}]}");
}

/* Two controls; of each application a role that fails or is waived, a key that passes or
 * is unknown, and the application itself that needs a person. */
static inline struct report *kit_report(struct arena *a, unsigned applications,
                                        struct str word)
{
    struct kit k = {BUF_INIT, word};
    static const char *const types[] = {"application", "key", "role"};
    buf_z(&k.out, "{\"kdaudit\":\"results\",\"format\":3,\"version\":\"1\",\"as_of\":"
                  "\"2025-06-15T12:00:00Z\",\"evidence_sha256\":\"abcd\",\"catalog\":{"
                  "\"id\":\"c\",\"version\":\"1\",\"sha256\":\"ef\",");
    kit_text(&k, "title", "Catalog ");
    buf_z(&k.out, "},\"params\":[{\"changed\":true,\"name\":\"age\",");
    kit_text(&k, "value", "9");
    buf_z(&k.out, "}],\"waivers\":[{\"number\":0,\"kind\":\"waiver\",\"id\":\"K-1\","
                  "\"until\":\"2026-01-01\",");
    kit_text(&k, "by", "someone ");
    buf_c(&k.out, ',');
    kit_text(&k, "reason", "since ");
    buf_z(&k.out,
          "}],\"evidence\":[{\"number\":0,\"sha256\":\"0123456789abcdef\",\"state\":"
          "\"answer\",\"size_bytes\":12,\"account\":\"111122223333\",");
    kit_text(&k, "path", "a/b.json");
    buf_z(&k.out, "},{\"number\":1,\"state\":\"invalid\",\"path\":\"c.json\",");
    kit_text(&k, "why", "not JSON ");
    buf_z(&k.out, "}],\"excerpts\":[{\"number\":0,\"first_line\":2,\"spot\":{"
                  "\"evidence\":0,\"line\":3},");
    kit_text(&k, "text", "two\nthree ");
    buf_z(&k.out,
          "}],\"controls\":[{\"id\":\"K-1\",\"statement\":\"Do *it*.\",\"rationale\":"
          "\"Why.\",\"source\":\"https://docs.example/c\",");
    kit_text(&k, "title", "One ");
    buf_z(&k.out, ",\"checks\":[");
    kit_check(&k, "K-1.1", "critical", "role");
    buf_c(&k.out, ',');
    kit_check(&k, "K-1.2", "low", "key");
    buf_z(&k.out, "]},{\"id\":\"K-2\",\"title\":\"Two\",\"checks\":[");
    kit_check(&k, "K-2.1", "info", "application");
    buf_z(&k.out, "]}],\"subjects\":[");
    for (unsigned t = 0; t < 3; t++)
        for (unsigned i = 0; i < applications; i++) {
            buf_z(&k.out, t || i ? "," : "");
            kit_subject(&k, types[t], i);
        }
    buf_z(&k.out, "],\"applications\":[");
    for (unsigned i = 0; i < applications; i++) {
        buf_z(&k.out, i ? ",{\"described\":true,\"subject\":"
                        : "{\"described\":true,\"subject\":");
        kit_arn(&k, "application", i);
        buf_c(&k.out, ',');
        kit_text(&k, "runtime", "FLINK-1_20");
        buf_c(&k.out, '}');
    }
    buf_z(&k.out, "],\"tests\":[");
    for (unsigned i = 0; i < applications; i++) {
        kit_test(&k, "K-1.1", "role", i, i % 3 ? "fail" : "waived");
        buf_c(&k.out, ',');
        kit_test(&k, "K-1.2", "key", i, i % 2 ? "pass" : "unknown");
        buf_c(&k.out, ',');
        kit_test(&k, "K-2.1", "application", i, "manual");
        buf_z(&k.out, i + 1 < applications ? "," : "");
    }
    buf_z(&k.out, "],\"calls\":[");
    for (unsigned i = 0; i < applications; i++) {
        buf_fmt(&k.out,
                "%s{\"time\":\"2025-06-14T08:50:00Z\",\"application\":", i ? "," : "");
        kit_arn(&k, "application", i);
        buf_c(&k.out, ',');
        kit_text(&k, "who", "role/deployer ");
        buf_c(&k.out, ',');
        kit_text(&k, "ip", "192.0.2.1 ");
        buf_c(&k.out, ',');
        kit_text(&k, "event", "StopApplication ");
        buf_c(&k.out, ',');
        kit_text(&k, "outcome", "AccessDenied ");
        buf_c(&k.out, '}');
    }
    buf_fmt(&k.out, "],\"applications_listed\":%u}", applications);
    struct diag *dx = diag_new(a);
    struct text *text = ARENA_NEW(a, struct text);
    *text = (struct text){STR("results.json"), buf_dup(a, &k.out)};
    buf_free(&k.out);
    struct report *r = results_of(a, text, dx);
    if (!r) {
        struct buf said = BUF_INIT;
        diag_print(dx, &said, false);
        fprintf(stderr, "%s", said.p);
        buf_free(&said);
    }
    return r;
}
