/* Times: read what AWS and its CLI print, and write RFC 3339 in UTC. Seconds since 1970.
 */
#pragma once
#include "base/str.h"

struct arena;

#define WHEN_NONE INT64_MIN /* no time known */

/* Read one time: ISO 8601 with Z, +hh:mm, +hhmm or no zone (then UTC), optional fraction;
 * a date alone; or a number as text: seconds, with optional fraction, or milliseconds
 * when above 1e11. Years 1970 to 9999. False when it is none. */
bool when_read(struct str s, int64_t *out);

/* The same rule for a number as JSON gave it. */
bool when_number(double n, int64_t *out);

/* "2026-11-23T10:00:00Z", or "" for WHEN_NONE. */
struct str when_text(struct arena *a, int64_t when);
struct str when_date(struct arena *a, int64_t when); /* "2026-11-23" */

/* Whole days from then to now; negative when then lies ahead; 0 when one is not known. */
int64_t when_days(int64_t then, int64_t now);
