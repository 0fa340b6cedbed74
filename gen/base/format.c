/* Write the plain formats of printf: %s %.*s %c %d %u %x %%, the numbers with l, ll or z,
 * a width, and zeros before them. */
#include "base/format.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_MAX = 20, WIDTH_MAX = 64 }; /* digits of 64 bits; wider is not plain */

struct writing {
    char *to;
    size_t room, n;
    va_list ap;
};

static void put(struct writing *w, const char *p, size_t n)
{
    size_t left = w->n < w->room ? w->room - w->n : 0;
    if (left)
        memcpy(w->to + w->n, p, n < left ? n : left);
    w->n += n;
}

static void put_number(struct writing *w, uint64_t v, bool minus, unsigned base,
                       const char *digits, bool zeros, size_t width)
{
    char text[WIDTH_MAX + NUMBER_MAX];
    size_t end = sizeof text, i = end;
    do {
        text[--i] = digits[v % base];
        v /= base;
    } while (v);
    while (zeros && end - i + minus < width)
        text[--i] = '0';
    if (minus)
        text[--i] = '-';
    while (end - i < width)
        text[--i] = ' ';
    put(w, text + i, end - i);
}

/* The longs of a number's argument: -1 for z. */
static int length_of(const char **fmt)
{
    int longs = 0;
    if (**fmt == 'z') {
        (*fmt)++;
        return -1;
    }
    for (; **fmt == 'l'; (*fmt)++)
        longs++;
    return longs;
}

/* A number, its width and length standing at fmt. The format's rest; NULL: not plain. */
static const char *number(struct writing *w, const char *fmt)
{
    bool zeros = *fmt == '0';
    size_t width = 0;
    for (; *fmt >= '0' && *fmt <= '9' && width < WIDTH_MAX; fmt++)
        width = width * 10 + (size_t)(*fmt - '0');
    int longs = length_of(&fmt);
    if (width >= WIDTH_MAX || longs > 2 || !*fmt || !strchr("duxX", *fmt) ||
        (*fmt == 'd' && longs < 0))
        return NULL;
    if (*fmt == 'd') {
        int64_t v = longs == 2   ? va_arg(w->ap, long long)
                    : longs == 1 ? va_arg(w->ap, long)
                                 : va_arg(w->ap, int);
        uint64_t size = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
        put_number(w, size, v < 0, 10, "0123456789", zeros, width);
        return fmt + 1;
    }
    uint64_t v = longs < 0    ? va_arg(w->ap, size_t)
                 : longs == 2 ? va_arg(w->ap, unsigned long long)
                 : longs == 1 ? va_arg(w->ap, unsigned long)
                              : va_arg(w->ap, unsigned);
    put_number(w, v, false, *fmt == 'u' ? 10 : 16,
               *fmt == 'X' ? "0123456789ABCDEF" : "0123456789abcdef", zeros, width);
    return fmt + 1;
}

/* The conversion at fmt, behind its '%'. The format's rest; NULL: not plain. */
static const char *conversion(struct writing *w, const char *fmt)
{
    bool cut = fmt[0] == '.' && fmt[1] == '*' && fmt[2] == 's';
    if (cut || *fmt == 's') {
        int most = cut ? va_arg(w->ap, int) : INT_MAX;
        const char *s = va_arg(w->ap, const char *);
        if (most < 0 || !s)
            return most == 0 ? fmt + 3 : NULL;
        put(w, s, cut ? strnlen(s, (size_t)most) : strlen(s));
        return fmt + (cut ? 3 : 1);
    }
    if (*fmt == 'c') {
        char c = (char)va_arg(w->ap, int);
        put(w, &c, 1);
        return fmt + 1;
    }
    if (*fmt == '%') {
        put(w, "%", 1);
        return fmt + 1;
    }
    return number(w, fmt);
}

static bool plain(struct writing *w, const char *fmt)
{
    while (*fmt) {
        const char *percent = fmt;
        while (*percent && *percent != '%')
            percent++;
        put(w, fmt, (size_t)(percent - fmt));
        fmt = percent;
        if (!*fmt)
            break;
        fmt = conversion(w, fmt + 1);
        if (!fmt)
            return false;
    }
    if (w->room)
        w->to[w->n < w->room ? w->n : w->room - 1] = '\0';
    return w->n <= INT_MAX;
}

int format_text(char *to, size_t room, const char *fmt, va_list ap)
{
    struct writing w = {.to = to, .room = room};
    va_copy(w.ap, ap);
    bool done = plain(&w, fmt);
    va_end(w.ap);
    return done ? (int)w.n : vsnprintf(to, room, fmt, ap);
}
