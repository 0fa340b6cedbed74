/* The calls of the Flink service, by what they do to an application. */
#include "trail/trail.h"

#include <string.h>

/* clang-format off */
static const struct trail_event_row rows[] = {
    {"AddApplicationCloudWatchLoggingOption",           EVENT_OPERATIONAL, false},
    {"AddApplicationInput",                             EVENT_SENSITIVE,   false},
    {"AddApplicationInputProcessingConfiguration",      EVENT_SENSITIVE,   false},
    {"AddApplicationOutput",                            EVENT_SENSITIVE,   false},
    {"AddApplicationReferenceDataSource",               EVENT_SENSITIVE,   false},
    {"AddApplicationVpcConfiguration",                  EVENT_SENSITIVE,   false},
    {"CreateApplication",                               EVENT_SENSITIVE,   false},
    /* A URL into the dashboard or notebook: code runs as the role. IAM calls it Read. */
    {"CreateApplicationPresignedUrl",                   EVENT_SENSITIVE,   true},
    {"CreateApplicationSnapshot",                       EVENT_OPERATIONAL, false},
    {"DeleteApplication",                               EVENT_DESTRUCTIVE, false},
    {"DeleteApplicationCloudWatchLoggingOption",        EVENT_DESTRUCTIVE, false},
    {"DeleteApplicationInputProcessingConfiguration",   EVENT_DESTRUCTIVE, false},
    {"DeleteApplicationOutput",                         EVENT_DESTRUCTIVE, false},
    {"DeleteApplicationReferenceDataSource",            EVENT_DESTRUCTIVE, false},
    {"DeleteApplicationSnapshot",                       EVENT_DESTRUCTIVE, false},
    {"DeleteApplicationVpcConfiguration",               EVENT_SENSITIVE,   false},
    {"DescribeApplication",                             EVENT_READ,        true},
    {"DescribeApplicationOperation",                    EVENT_READ,        true},
    {"DescribeApplicationSnapshot",                     EVENT_READ,        true},
    {"DescribeApplicationVersion",                      EVENT_READ,        true},
    /* Reads data from a stream with a role of the caller's choice. */
    {"DiscoverInputSchema",                             EVENT_SENSITIVE,   true},
    {"GetApplicationState",                             EVENT_READ,        true},
    {"ListApplicationOperations",                       EVENT_READ,        true},
    {"ListApplicationSnapshots",                        EVENT_READ,        true},
    {"ListApplicationVersions",                         EVENT_READ,        true},
    {"ListApplications",                                EVENT_READ,        true},
    {"ListTagsForResource",                             EVENT_READ,        true},
    {"RollbackApplication",                             EVENT_SENSITIVE,   false},
    {"StartApplication",                                EVENT_OPERATIONAL, false},
    {"StopApplication",                                 EVENT_DESTRUCTIVE, false},
    {"TagResource",                                     EVENT_OPERATIONAL, false},
    {"UntagResource",                                   EVENT_OPERATIONAL, false},
    {"UpdateApplication",                               EVENT_SENSITIVE,   false},
    {"UpdateApplicationMaintenanceConfiguration",       EVENT_OPERATIONAL, false},
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof *rows };

const struct trail_event_row *trail_event_rows(size_t *n)
{
    *n = ROWS;
    return rows;
}

enum event_class trail_class(struct str name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (str_eq(name, str_from(rows[i].name)))
            return rows[i].kind;
    return EVENT_OTHER;
}

const char *event_class_name(enum event_class c)
{
    static const char *const names[] = {"read", "operational", "sensitive", "destructive",
                                        "other"};
    return names[c];
}
