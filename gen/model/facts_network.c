/* Facts of VPCs and security groups: inbound rules that admit the whole internet. And of
 * any subject: findings of Access Analyzer and Macie. */
#include "model/fact.h"

#include <string.h>

#define GROUPS "ec2:DescribeSecurityGroups"

static void rule(struct fact *f, struct json *list, const struct subject *group,
                 const struct exhibit *x, const struct json *n, struct str cidr, size_t i)
{
    if (!str_eq(cidr, STR("0.0.0.0/0")) && !str_eq(cidr, STR("::/0")))
        return;
    struct str protocol = json_str(json_get(n, STR("IpProtocol")));
    bool all = str_eq(protocol, STR("-1"));
    struct json *o = fact_item(f, list);
    fact_view(f, o, "group", group->name);
    fact_view(f, o, "protocol", all ? STR("all") : protocol);
    fact_num(f, o, "from_port", all ? 0 : json_num(json_get(n, STR("FromPort"))));
    fact_num(f, o, "to_port", all ? 65535 : json_num(json_get(n, STR("ToPort"))));
    fact_view(f, o, "cidr", cidr);
    fact_at(f, o, x->doc,
            str_fmt(f->a, "%.*s/IpPermissions/%zu", STR_ARG(x->pointer), i));
}

static void group(struct fact *f, struct json *list, const struct subject *s)
{
    const struct exhibit *x = subject_exhibit(s, GROUPS);
    size_t i = 0;
    for (const struct json *n =
             json_first(json_get(x ? x->node : NULL, STR("IpPermissions")));
         n; n = json_next(n), i++) {
        for (const struct json *r = json_first(json_get(n, STR("IpRanges"))); r;
             r = json_next(r))
            rule(f, list, s, x, n, json_str(json_get(r, STR("CidrIp"))), i);
        for (const struct json *r = json_first(json_get(n, STR("Ipv6Ranges"))); r;
             r = json_next(r))
            rule(f, list, s, x, n, json_str(json_get(r, STR("CidrIpv6"))), i);
    }
}

void facts_network(struct fact *f)
{
    struct json *list = fact_list(f, "open");
    if (subject_is(f->s, "security-group")) {
        group(f, list, f->s);
        return;
    }
    /* Of a VPC: the groups that applications in it use. */
    const struct subject *last = NULL;
    for (size_t i = 0; i < f->s->used_by.n; i++) {
        const struct subject *app = f->s->used_by.v[i]->from;
        if (!subject_is(app, "application") || app == last)
            continue;
        last = app;
        for (size_t k = 0; k < app->links.n; k++)
            if (strcmp(app->links.v[k].name, "security-group") == 0)
                group(f, list, app->links.v[k].to);
    }
}

/* Has this finding been written already (list-findings and list-findings-v2)? */
static bool written(const struct json *list, struct str id)
{
    for (const struct json *n = json_first(list); n; n = json_next(n))
        if (str_eq(json_str(json_get(n, STR("finding"))), id))
            return true;
    return false;
}

static void exposure(struct fact *f, struct json *list, const struct part *p)
{
    const struct json *n = p->node;
    struct str id = json_str(json_get(n, STR("id")));
    struct str status = json_str(json_get(n, STR("status")));
    struct str type = json_str(json_get(n, STR("findingType")));
    if (!str_eq(status, STR("ACTIVE")) || written(list, id))
        return;
    const struct json *who = json_first(json_get(n, STR("principal")));
    struct json *o = fact_item(f, list);
    fact_view(f, o, "finding", id);
    fact_view(f, o, "type", type.n ? type : STR("ExternalAccess"));
    fact_bool(f, o, "public", json_bool(json_get(n, STR("isPublic"))));
    fact_view(f, o, "principal", json_str(who));
    fact_view(f, o, "status", status);
    fact_at(f, o, p->doc, p->pointer);
}

static void macie(struct fact *f, const struct parts *parts)
{
    struct json *list = fact_list(f, "sensitive_findings");
    for (size_t i = 0; parts && i < parts->list.n; i++) {
        const struct part *p = &parts->list.v[i];
        struct str type = json_str(json_get(p->node, STR("type")));
        if (!str_has(type, STR("Credentials")) ||
            json_bool(json_get(p->node, STR("archived"))))
            continue;
        const struct json *count = json_get(p->node, STR("count"));
        struct json *o = fact_item(f, list);
        fact_z(f, o, "source", "macie");
        fact_view(f, o, "type", type);
        fact_view(f, o, "severity",
                  json_str(json_dig(p->node, "severity", "description", NULL)));
        fact_view(f, o, "title", json_str(json_get(p->node, STR("title"))));
        fact_view(
            f, o, "object",
            json_str(json_dig(p->node, "resourcesAffected", "s3Object", "key", NULL)));
        fact_num(f, o, "count", count ? json_num(count) : 1);
        fact_at(f, o, p->doc, p->pointer);
    }
}

static void ask_findings(struct fact *f, const struct analyzer *x)
{
    const char *kind = "accessanalyzer:ListFindingsV2";
    const struct subject *account = account_subject(f->m, x->account);
    if (x->command.n)
        fact_unknown_asked(f, "exposures", account, kind, x->what.p, x->command);
    else
        fact_unknown(f, "exposures", account, kind, x->region, x->what.p);
}

/* Analyzers that look at f->s: those of its account, in its region when it has one. */
static size_t watched(struct fact *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->sh->analyzers.n; i++) {
        const struct analyzer *x = &f->sh->analyzers.v[i];
        if (!str_eq(x->account, f->s->account) ||
            (region_is(f->s->region) && !str_eq(x->region, f->s->region)))
            continue;
        n++;
        if (!x->read)
            ask_findings(f, x);
    }
    return n;
}

void facts_exposure(struct fact *f)
{
    const struct parts *parts = map_get(&f->sh->findings, f->s->arn);
    bool alias = str_starts(f->s->name, STR("alias/"));
    size_t watchers = watched(f);
    /* Findings name keys: which one an alias stands for would have to be known. */
    if (alias && watchers && !str_starts(f->s->name, STR("alias/aws/")))
        fact_unknown(f, "exposures", f->s, "kms:DescribeKey", STR(""),
                     "which key the alias stands for is not in evidence");
    if (subject_is(f->s, "bucket") && watchers && !region_is(f->s->region))
        fact_unknown(f, "exposures", f->s, "s3:GetBucketLocation", STR(""),
                     "where the bucket is, and so which analyzer looks at it, is not in "
                     "evidence");
    if (parts || (watchers && !alias)) {
        struct json *list = fact_list(f, "exposures");
        for (size_t i = 0; parts && i < parts->list.n; i++)
            exposure(f, list, &parts->list.v[i]);
    }
    if (subject_is(f->s, "bucket") && map_get(&f->sh->scanned, f->s->account))
        macie(f, map_get(&f->sh->macie, f->s->arn));
}
