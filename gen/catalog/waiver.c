/* Waivers and attestations: read and checked before anything is judged. */
#include "catalog/waiver.h"

#include "base/diag.h"
#include "base/when.h"
#include "json/json.h"

#include <string.h>

enum { DAY_SECONDS = 86400, SHA256_DIGITS = 64 };

/* clang-format off */
static const struct diag_kind WRONG_SHAPE = {"WVR-101", DIAG_ERROR, "not a waiver file",
    "write {\"waivers\": [...], \"attestations\": [...]}; see controls/README.md"};
static const struct diag_kind UNKNOWN_KEY = {"WVR-102", DIAG_ERROR, "unknown key in a waiver file",
    "remove it or correct its spelling; see controls/README.md"};
static const struct diag_kind NO_VALUE = {"WVR-103", DIAG_ERROR, "waiver lacks a value",
    "every waiver has check or control, subject, reason, approver and until"};
static const struct diag_kind UNKNOWN_ID = {"WVR-104", DIAG_ERROR, "waiver names an unknown check or control",
    "kdaudit controls lists the ids"};
static const struct diag_kind BAD_DATE = {"WVR-105", DIAG_ERROR, "not a date",
    "write the last day that it holds, in UTC, as 2027-01-31"};
static const struct diag_kind BOTH_IDS = {"WVR-106", DIAG_ERROR, "waiver names a check and a control",
    "name one of them"};
static const struct diag_kind NOT_MANUAL = {"WVR-107", DIAG_ERROR, "attestation for a check that needs none",
    "only manual checks can be attested; waive a failing one instead"};
static const struct diag_kind BAD_DIGEST = {"WVR-108", DIAG_ERROR, "not a SHA-256",
    "give the 64 hex digits that sha256sum prints for the signed document"};
static const struct diag_kind OTHER_DOCUMENT = {"WVR-109", DIAG_ERROR, "the document is not the one that was signed",
    "get the signed document back, or have the new one signed and its SHA-256 written here"};

/* Keys of an entry; a trailing * means that it must be there. */
static const char *const waiver_keys[] = {"check", "control", "subject*", "reason*", "approver*", "until*", "ticket", NULL};
static const char *const attestation_keys[] = {"check*", "subject*", "statement*", "by*", "until*", "document*", "sha256*", NULL};
static const char *const top_keys[] = {"waivers", "attestations", NULL};
/* clang-format on */

struct reading {
    struct arena *a;
    const struct text *text;
    const struct catalog *catalog;
    struct diag *dx;
    bool ok;
};

static void fault(struct reading *r, const struct diag_kind *kind, const struct json *n,
                  struct str detail)
{
    diag_at(r->dx, kind, json_origin(n, r->text), "%.*s", STR_ARG(detail));
    r->ok = false;
}

static struct str bare(const char *key)
{
    struct str s = str_from(key);
    return str_ends(s, STR("*")) ? str_sub(s, 0, s.n - 1) : s;
}

/* Only known keys, and all that must be there, each a text that is not empty. */
static void check_keys(struct reading *r, const struct json *n, const char *const *keys,
                       bool texts)
{
    for (const struct json *m = json_first(n); m; m = json_next(m)) {
        size_t i = 0;
        while (keys[i] && !str_eq(bare(keys[i]), json_key(m)))
            i++;
        if (!keys[i])
            fault(r, &UNKNOWN_KEY, m, str_fmt(r->a, "\"%.*s\"", STR_ARG(json_key(m))));
    }
    for (size_t i = 0; texts && keys[i]; i++) {
        struct str key = bare(keys[i]);
        const struct json *m = json_get(n, key);
        bool needed = key.n != strlen(keys[i]);
        if ((m && !str_trim(json_str(m)).n) || (!m && needed))
            fault(r, &NO_VALUE, m ? m : n, key);
    }
}

static int64_t read_until(struct reading *r, const struct json *n)
{
    const struct json *until = json_get(n, STR("until"));
    struct str day = json_str(until);
    int64_t when = 0; /* midnight UTC of the day */
    if (until && (day.n != 10 || !when_read(day, &when)))
        fault(r, &BAD_DATE, until, str_fmt(r->a, "\"%.*s\"", STR_ARG(day)));
    return when + DAY_SECONDS;
}

static const struct check *read_check(struct reading *r, const struct json *n)
{
    const struct json *id = json_get(n, STR("check"));
    const struct check *c = id ? catalog_check(r->catalog, json_str(id)) : NULL;
    if (id && !c)
        fault(r, &UNKNOWN_ID, id, str_fmt(r->a, "\"%.*s\"", STR_ARG(json_str(id))));
    return c;
}

static void read_waiver(struct reading *r, const struct json *n, struct waivers *w)
{
    check_keys(r, n, waiver_keys, true);
    const struct json *control = json_get(n, STR("control")),
                      *check = json_get(n, STR("check"));
    if (control && check)
        fault(r, &BOTH_IDS, n, STR(""));
    if (!control && !check)
        fault(r, &NO_VALUE, n, STR("check or control"));
    struct waiver *to = vec_push(r->a, &w->waivers);
    *to = (struct waiver){
        .check = read_check(r, n),
        .control = control ? catalog_control(r->catalog, json_str(control)) : NULL,
        .subject = json_str(json_get(n, STR("subject"))),
        .reason = json_str(json_get(n, STR("reason"))),
        .approver = json_str(json_get(n, STR("approver"))),
        .ticket = json_str(json_get(n, STR("ticket"))),
        .until = json_str(json_get(n, STR("until"))),
        .ends = read_until(r, n),
        .origin = json_origin(n, r->text),
        .number = (uint32_t)(w->waivers.n - 1),
    };
    if (control && !to->control)
        fault(r, &UNKNOWN_ID, control,
              str_fmt(r->a, "\"%.*s\"", STR_ARG(json_str(control))));
}

static bool is_digest(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("0123456789abcdef", s.p[i]))
            return false;
    return s.n == SHA256_DIGITS;
}

static void read_attestation(struct reading *r, const struct json *n, struct waivers *w)
{
    check_keys(r, n, attestation_keys, true);
    struct attestation *to = vec_push(r->a, &w->attestations);
    *to = (struct attestation){
        .check = read_check(r, n),
        .subject = json_str(json_get(n, STR("subject"))),
        .statement = json_str(json_get(n, STR("statement"))),
        .by = json_str(json_get(n, STR("by"))),
        .until = json_str(json_get(n, STR("until"))),
        .document = json_str(json_get(n, STR("document"))),
        .sha256 = json_str(json_get(n, STR("sha256"))),
        .ends = read_until(r, n),
        .origin = json_origin(n, r->text),
        .at_document = json_origin(json_get(n, STR("document")), r->text),
        .number = (uint32_t)(w->attestations.n - 1),
    };
    const struct json *digest = json_get(n, STR("sha256"));
    if (digest && !is_digest(to->sha256))
        fault(r, &BAD_DIGEST, digest, STR(""));
    if (to->check && !to->check->manual)
        fault(r, &NOT_MANUAL, json_get(n, STR("check")), to->check->id);
}

static void read_list(struct reading *r, const struct json *root, struct str key,
                      struct waivers *w,
                      void (*read)(struct reading *r, const struct json *n,
                                   struct waivers *w))
{
    const struct json *list = json_get(root, key);
    if (list && !json_is(list, JSON_ARRAY))
        fault(r, &WRONG_SHAPE, list, key);
    for (const struct json *n = json_first(list); n; n = json_next(n)) {
        if (json_is(n, JSON_OBJECT))
            read(r, n, w);
        else
            fault(r, &WRONG_SHAPE, n, key);
    }
}

struct waivers *waivers_read(struct arena *a, const struct text *text,
                             const struct catalog *catalog, struct diag *dx)
{
    struct json *root = json_read(a, text, dx);
    if (!root)
        return NULL;
    struct reading r = {a, text, catalog, dx, true};
    struct waivers *w = ARENA_NEW(a, struct waivers);
    w->text = text;
    if (!json_is(root, JSON_OBJECT)) {
        fault(&r, &WRONG_SHAPE, root, STR(""));
        return NULL;
    }
    check_keys(&r, root, top_keys, false);
    read_list(&r, root, STR("waivers"), w, read_waiver);
    read_list(&r, root, STR("attestations"), w, read_attestation);
    return r.ok ? w : NULL;
}

bool attestation_fits(const struct attestation *t, struct str sha256, struct diag *dx)
{
    if (str_eq(t->sha256, sha256))
        return true;
    diag_at(dx, &OTHER_DOCUMENT, t->at_document, "%.*s has SHA-256 %.*s",
            STR_ARG(t->document), STR_ARG(sha256));
    return false;
}

bool waiver_covers(struct str glob, struct str arn, struct str name)
{
    return str_glob(glob, arn) || (name.n && str_glob(glob, name));
}
