/* JUnit XML: the texts that its readers show, one rule each (layout: templates/junit). */
#pragma once
#include "report/report.h"

/* Of a control (struct report_control). */
struct str junit_suite_name(struct arena *a, const void *control); /* at most 200 bytes */
struct str junit_suite_id(struct arena *a,
                          const void *control); /* 0, 1, 2... of those tested */
bool junit_suite_tested(const void *control);
struct str junit_failures(struct arena *a, const void *control);
struct str junit_errors(struct arena *a, const void *control);
struct str junit_skipped(struct arena *a, const void *control);

/* Of a test (struct report_test). */
struct str junit_case_name(struct arena *a,
                           const void *test); /* stable, at most 240 bytes */
struct str junit_type(struct arena *a,
                      const void *test); /* "NonCompliant", "EvidenceMissing" */
struct str junit_message(struct arena *a,
                         const void *test); /* one line, at most 200 bytes */
struct str junit_skip_text(struct arena *a, const void *test);
struct str junit_text(struct arena *a,
                      const void *test); /* the same line, then the facts */
bool junit_is_failure(const void *test);
bool junit_is_error(const void *test);
bool junit_is_skipped(const void *test);

/* What junit-extended.xml says beside: where the test points first, "" for nowhere; its
 * verdict; and why it was accepted. */
struct str junit_file(struct arena *a, const void *test);
struct str junit_line(struct arena *a, const void *test);
struct str junit_sha256(struct arena *a, const void *test);
struct str junit_verdict(struct arena *a, const void *test);
struct str junit_waiver(struct arena *a, const void *test);
bool junit_has_file(const void *test);
bool junit_has_line(const void *test);
bool junit_has_waiver(const void *test);

/* Of the page: catalog id and time, in the forms that JUnit wants. */
struct str junit_package(struct arena *a, const struct report *r);
struct str junit_timestamp(struct arena *a, const struct report *r);

/* Parts of r with at most max tests each, in order; a control is divided only when it
 * alone has more. Each is a report of its own over the same things: its controls hold the
 * part's tests and their counts, and nothing else of it is another. Lives in arena a. */
struct report_parts {
    struct report *v;
    size_t n;
};
struct report_parts junit_split(struct arena *a, const struct report *r, uint32_t max);

/* id, or a copy with every character outside [A-Za-z0-9_-] as '_': the last dot of a
 * class name must part package and class. */
struct str junit_word(struct arena *a, struct str id);
