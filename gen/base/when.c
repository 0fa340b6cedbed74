/* Times: RFC 3339 and epoch numbers to seconds and back, without the C library's zones.
 */
#include "base/when.h"

#include "base/arena.h"

enum { DAY_SECONDS = 86400, YEAR_MIN = 1970, YEAR_MAX = 9999 };

/* Days since 1970-01-01 of a Gregorian date; the era arithmetic of Howard Hinnant's
 * days_from_civil (public description). */
static int64_t days_from_date(int64_t y, unsigned m, unsigned d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    unsigned yoe = (unsigned)(y - era * 400);
    unsigned doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + (int64_t)doe - 719468;
}

static void date_from_days(int64_t z, int64_t *y, unsigned *m, unsigned *d)
{
    z += 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    unsigned doe = (unsigned)(z - era * 146097);
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;
    *d = doy - (153 * mp + 2) / 5 + 1;
    *m = mp < 10 ? mp + 3 : mp - 9;
    *y = (int64_t)yoe + era * 400 + (*m <= 2);
}

static unsigned month_days(int64_t y, unsigned m)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return days[m - 1] + (m == 2 && leap);
}

/* Take exactly n digits from the front of s. */
static bool digits(struct str *s, size_t n, unsigned *out)
{
    if (s->n < n)
        return false;
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (s->p[i] < '0' || s->p[i] > '9')
            return false;
        *out = *out * 10 + (unsigned)(s->p[i] - '0');
    }
    *s = str_sub(*s, n, s->n);
    return true;
}

static bool take(struct str *s, char c)
{
    if (!s->n || s->p[0] != c)
        return false;
    *s = str_sub(*s, 1, s->n);
    return true;
}

/* "", "Z", "+hh:mm", "-hhmm": seconds east of UTC. */
static bool zone(struct str s, int64_t *east)
{
    *east = 0;
    if (!s.n || str_eq_nocase(s, STR("Z")))
        return true;
    bool minus = s.p[0] == '-';
    unsigned h, m;
    if (!take(&s, minus ? '-' : '+') || !digits(&s, 2, &h))
        return false;
    take(&s, ':');
    if (!digits(&s, 2, &m) || s.n || h > 23 || m > 59)
        return false;
    *east = (int64_t)(h * 3600 + m * 60) * (minus ? -1 : 1);
    return true;
}

static bool read_iso(struct str s, int64_t *out)
{
    unsigned y, mo, d, h = 0, mi = 0, sec = 0, ignored;
    if (!digits(&s, 4, &y) || !take(&s, '-') || !digits(&s, 2, &mo) || !take(&s, '-') ||
        !digits(&s, 2, &d))
        return false;
    if (y < YEAR_MIN || mo < 1 || mo > 12 || d < 1 || d > month_days(y, mo))
        return false;
    int64_t east = 0;
    if (s.n) {
        if (!take(&s, 'T') && !take(&s, 't') && !take(&s, ' '))
            return false;
        if (!digits(&s, 2, &h) || !take(&s, ':') || !digits(&s, 2, &mi))
            return false;
        if (take(&s, ':') && !digits(&s, 2, &sec))
            return false;
        if (take(&s, '.')) {
            if (!digits(&s, 1, &ignored))
                return false;
            while (digits(&s, 1, &ignored)) {
            }
        }
        if (h > 23 || mi > 59 || sec > 60 || !zone(s, &east))
            return false;
    }
    *out = days_from_date(y, mo, d) * DAY_SECONDS + h * 3600 + mi * 60 + sec - east;
    return true;
}

bool when_number(double n, int64_t *out)
{
    if (!(n >= 0) || n > 2.6e14)
        return false;
    *out = (int64_t)(n > 1e11 ? n / 1000 : n);
    return true;
}

bool when_read(struct str s, int64_t *out)
{
    s = str_trim(s);
    if (s.n >= 10 && s.p[4] == '-')
        return read_iso(s, out);
    struct str whole, fraction;
    int64_t v;
    str_cut(s, '.', &whole, &fraction);
    for (size_t i = 0; i < fraction.n; i++)
        if (fraction.p[i] < '0' || fraction.p[i] > '9')
            return false;
    return str_int(whole, &v) && when_number((double)v, out);
}

struct str when_date(struct arena *a, int64_t when)
{
    return str_sub(when_text(a, when), 0, 10);
}

/* Write n as so many digits, which it has at most. Gives their end. */
static char *put_digits(char *to, unsigned n, size_t many)
{
    for (size_t i = many; i-- > 0; n /= 10)
        to[i] = (char)('0' + n % 10);
    return to + many;
}

struct str when_text(struct arena *a, int64_t when)
{
    static const struct str form = STR("0000-00-00T00:00:00Z");
    if (when == WHEN_NONE)
        return STR("");
    int64_t days = when / DAY_SECONDS, rest = when % DAY_SECONDS, y;
    if (rest < 0) {
        rest += DAY_SECONDS;
        days--;
    }
    unsigned m, d;
    date_from_days(days, &y, &m, &d);
    if (y < 0 || y > YEAR_MAX)
        return STR("");
    unsigned seconds = (unsigned)rest;
    struct str text = str_dup(a, form);
    char *to = (char *)text.p;
    to = put_digits(to, (unsigned)y, 4) + 1;
    to = put_digits(to, m, 2) + 1;
    to = put_digits(to, d, 2) + 1;
    to = put_digits(to, seconds / 3600, 2) + 1;
    to = put_digits(to, seconds / 60 % 60, 2) + 1;
    put_digits(to, seconds % 60, 2);
    return text;
}

int64_t when_days(int64_t then, int64_t now)
{
    if (then == WHEN_NONE || now == WHEN_NONE)
        return 0;
    int64_t s = now - then;
    return s >= 0 ? s / DAY_SECONDS : -((-s + DAY_SECONDS - 1) / DAY_SECONDS);
}
