/* Event selectors of trails and event data stores. */
#pragma once
#include "base/str.h"

struct coverage;
struct exhibit;
struct fact;
struct json;
struct model;
struct subject;

/* What selectors take of the Flink service's calls: 0 no, 1 partial, 2 yes. */
struct selectors {
    int writes, reads;
    bool drops_service; /* a selector leaves the service out by name */
    bool kms_excluded;  /* key use by other services does not show */
};

/* Read EventSelectors or AdvancedEventSelectors of an answer; with neither, the default
 * of the service. */
struct selectors selectors_read(const struct json *node);
const char *selectors_word(int degree);

/* The newest exhibit that describes a trail (describe-trails or get-trail), and the
 * description in it; of an event data store (get before list). NULL when there is none.
 */
const struct exhibit *trail_exhibit(const struct subject *s);
const struct json *trail_node(const struct subject *s);
const struct exhibit *store_exhibit(const struct subject *s);

/* May the trail record calls in the account of s: its own, or an organization's? sure:
 * evidence of the account itself shows it. */
bool coverage_concerns(const struct model *m, const struct coverage *c,
                       const struct subject *s);
bool coverage_sure(const struct model *m, const struct coverage *c,
                   const struct subject *s);

/* Which data events of one resource the selectors take: all reads, all writes. type: as
 * selectors name it ("AWS::Kinesis::Stream"); arn: of the resource, or with a '/' at its
 * end what the ARNs of its parts start with ("arn:aws:s3:::bucket/"). */
struct taken {
    bool reads, writes;
};
struct taken selectors_take(const struct json *node, struct str type, struct str arn);

/* Does some trail or store of the account of s take all data events of this resource type
 * ("AWS::S3::Object"), of all resources, and is it on? */
bool coverage_data(const struct fact *f, const struct subject *s, const char *type);
