/* The function extensions that the queries of checks may use: text, times, ARNs,
 * parameters. */
#include "base/when.h"
#include "catalog/catalog.h"
#include "json/json.h"
#include "json/path.h"

static struct str text_of(const struct path_arg *arg)
{
    return json_is(arg->value.node, JSON_STRING) ? json_str(arg->value.node)
                                                 : (struct str){0};
}

static bool both_text(const struct path_arg *args)
{
    return json_is(args[0].value.node, JSON_STRING) &&
           json_is(args[1].value.node, JSON_STRING);
}

static void give_text(const struct path_env *env, struct path_arg *out, struct str s)
{
    out->value.node = json_new_str(env->a, s);
}

static void run_glob(const struct path_env *env, const struct path_arg *args,
                     struct path_arg *out)
{
    (void)env;
    out->logical = both_text(args) && str_glob(text_of(&args[1]), text_of(&args[0]));
}

static void run_glob_nocase(const struct path_env *env, const struct path_arg *args,
                            struct path_arg *out)
{
    out->logical = both_text(args) && str_glob(str_lower(env->a, text_of(&args[1])),
                                               str_lower(env->a, text_of(&args[0])));
}

/* Is it text that matches some pattern of a list (or the one pattern)? */
static void run_glob_any(const struct path_env *env, const struct path_arg *args,
                         struct path_arg *out)
{
    (void)env;
    const struct json *list = args[1].value.node;
    out->logical = false;
    if (!json_is(args[0].value.node, JSON_STRING))
        return;
    if (json_is(list, JSON_STRING))
        out->logical = str_glob(json_str(list), text_of(&args[0]));
    if (!json_is(list, JSON_ARRAY))
        return;
    for (const struct json *n = json_first(list); n && !out->logical; n = json_next(n))
        out->logical =
            json_is(n, JSON_STRING) && str_glob(json_str(n), text_of(&args[0]));
}

static void run_age_days(const struct path_env *env, const struct path_arg *args,
                         struct path_arg *out)
{
    const struct query_ctx *ctx = env->ctx;
    const struct json *n = args[0].value.node;
    int64_t when;
    bool known = json_is(n, JSON_NUMBER)   ? when_number(json_num(n), &when)
                 : json_is(n, JSON_STRING) ? when_read(json_str(n), &when)
                                           : false;
    out->value.node = NULL;
    if (known && ctx && ctx->now != WHEN_NONE)
        out->value.node = json_new_num(env->a, (double)when_days(when, ctx->now));
}

static void run_param(const struct path_env *env, const struct path_arg *args,
                      struct path_arg *out)
{
    const struct query_ctx *ctx = env->ctx;
    const struct param *p =
        ctx && ctx->catalog ? map_get(&ctx->catalog->params, text_of(&args[0])) : NULL;
    out->value.node = p ? p->value : NULL;
}

static void run_lower(const struct path_env *env, const struct path_arg *args,
                      struct path_arg *out)
{
    out->value.node = NULL;
    if (json_is(args[0].value.node, JSON_STRING))
        give_text(env, out, str_lower(env->a, text_of(&args[0])));
}

static void run_starts(const struct path_env *env, const struct path_arg *args,
                       struct path_arg *out)
{
    (void)env;
    out->logical = both_text(args) && str_starts(text_of(&args[0]), text_of(&args[1]));
}

static void run_ends(const struct path_env *env, const struct path_arg *args,
                     struct path_arg *out)
{
    (void)env;
    out->logical = both_text(args) && str_ends(text_of(&args[0]), text_of(&args[1]));
}

static void run_contains(const struct path_env *env, const struct path_arg *args,
                         struct path_arg *out)
{
    (void)env;
    out->logical = both_text(args) && str_has(text_of(&args[0]), text_of(&args[1]));
}

static void run_one_of(const struct path_env *env, const struct path_arg *args,
                       struct path_arg *out)
{
    (void)env;
    const struct json *value = args[0].value.node, *list = args[1].value.node;
    out->logical = false;
    if (!value || !list)
        return;
    if (!json_is(list, JSON_ARRAY)) {
        out->logical = json_equal(value, list);
        return;
    }
    for (const struct json *n = json_first(list); n && !out->logical; n = json_next(n))
        out->logical = json_equal(value, n);
}

/* Part i (from 0: "arn") of an ARN; the sixth keeps its colons. */
static bool arn_part(struct str arn, unsigned i, struct str *part)
{
    struct str rest = arn;
    if (!str_starts(arn, STR("arn:")))
        return false;
    for (unsigned k = 0; k < 5; k++) {
        struct str head;
        if (!str_cut(rest, ':', &head, &rest))
            return false;
        if (k == i)
            *part = head;
    }
    if (i == 5)
        *part = rest;
    return true;
}

static void give_part(const struct path_env *env, const struct path_arg *args, unsigned i,
                      struct path_arg *out)
{
    struct str part;
    out->value.node = NULL;
    if (arn_part(text_of(&args[0]), i, &part))
        give_text(env, out, part);
}

static void run_arn_service(const struct path_env *env, const struct path_arg *args,
                            struct path_arg *out)
{
    give_part(env, args, 2, out);
}

static void run_arn_region(const struct path_env *env, const struct path_arg *args,
                           struct path_arg *out)
{
    give_part(env, args, 3, out);
}

static void run_arn_account(const struct path_env *env, const struct path_arg *args,
                            struct path_arg *out)
{
    give_part(env, args, 4, out);
}

static void run_arn_resource(const struct path_env *env, const struct path_arg *args,
                             struct path_arg *out)
{
    give_part(env, args, 5, out);
}

/* clang-format off */
static const struct path_func rows[] = {
    {"age_days", PATH_VALUE, 1, {PATH_VALUE}, run_age_days,
     "whole days from a time to the time of the report; nothing when it is no time"},
    {"arn_account", PATH_VALUE, 1, {PATH_VALUE}, run_arn_account,
     "the account in an ARN; nothing when it is no ARN"},
    {"arn_region", PATH_VALUE, 1, {PATH_VALUE}, run_arn_region,
     "the region in an ARN; nothing when it is no ARN"},
    {"arn_resource", PATH_VALUE, 1, {PATH_VALUE}, run_arn_resource,
     "the last part of an ARN, with its colons; nothing when it is no ARN"},
    {"arn_service", PATH_VALUE, 1, {PATH_VALUE}, run_arn_service,
     "the service in an ARN; nothing when it is no ARN"},
    {"contains", PATH_LOGICAL, 2, {PATH_VALUE, PATH_VALUE}, run_contains,
     "the first text has the second somewhere in it"},
    {"ends", PATH_LOGICAL, 2, {PATH_VALUE, PATH_VALUE}, run_ends,
     "the first text ends with the second"},
    {"glob", PATH_LOGICAL, 2, {PATH_VALUE, PATH_VALUE}, run_glob,
     "the text matches the pattern: * is any run of characters, ? is one"},
    {"glob_any", PATH_LOGICAL, 2, {PATH_VALUE, PATH_VALUE}, run_glob_any,
     "the text matches some pattern of the list"},
    {"glob_nocase", PATH_LOGICAL, 2, {PATH_VALUE, PATH_VALUE}, run_glob_nocase,
     "as glob, without regard to the case of ASCII letters"},
    {"lower", PATH_VALUE, 1, {PATH_VALUE}, run_lower,
     "the text with ASCII letters in lower case; nothing when it is no text"},
    {"one_of", PATH_LOGICAL, 2, {PATH_VALUE, PATH_VALUE}, run_one_of,
     "the value is an element of the list (or equals it, when it is no list)"},
    {"param", PATH_VALUE, 1, {PATH_VALUE}, run_param,
     "the value of a parameter of the catalog"},
    {"starts", PATH_LOGICAL, 2, {PATH_VALUE, PATH_VALUE}, run_starts,
     "the first text starts with the second"},
};
/* clang-format on */

const struct path_func *catalog_functions(size_t *n)
{
    *n = sizeof rows / sizeof *rows;
    return rows;
}
