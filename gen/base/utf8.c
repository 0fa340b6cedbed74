/* UTF-8: check, decode, make visible. */
#include "base/utf8.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/lanes.h"

#include <string.h>

size_t utf8_decode(struct str s, uint32_t *cp)
{
    if (!s.n)
        return 0;
    const unsigned char *p = (const unsigned char *)s.p;
    uint32_t c = p[0];
    size_t n = c < 0x80   ? 1
               : c < 0xC2 ? 0
               : c < 0xE0 ? 2
               : c < 0xF0 ? 3
               : c < 0xF5 ? 4
                          : 0;
    if (n == 0 || n > s.n)
        return 0;
    if (n > 1) {
        /* The second byte's range shuts out overlong forms, surrogates, and > U+10FFFF.
         */
        unsigned lo = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
        unsigned hi = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
        if (p[1] < lo || p[1] > hi)
            return 0;
        c &= 0x7Fu >> n;
        for (size_t i = 1; i < n; i++) {
            if ((p[i] & 0xC0) != 0x80)
                return 0;
            c = c << 6 | (p[i] & 0x3F);
        }
    }
    if (cp)
        *cp = c;
    return n;
}

size_t utf8_len(struct str s)
{
    size_t n = utf8_decode(s, NULL);
    return n ? n : s.n > 0;
}

size_t utf8_check(struct str s)
{
    size_t i = 0;
    while (i < s.n) {
        uint64_t eight;
        if (i + 8 <= s.n) {
            memcpy(&eight, s.p + i, 8);
            if (!(eight & 0x8080808080808080u)) {
                i += 8;
                continue;
            }
        }
        size_t n = utf8_decode(str_sub(s, i, s.n), NULL);
        if (!n)
            return i;
        i += n;
    }
    return s.n;
}

struct range {
    uint32_t from, to;
};

static bool in_ranges(uint32_t cp, const struct range *r, size_t n)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (cp > r[mid].to)
            lo = mid + 1;
        else if (cp < r[mid].from)
            hi = mid;
        else
            return true;
    }
    return false;
}

/* clang-format off */
/* Code points that show nothing, reorder text, or are no characters. */
static const struct range hidden[] = {
    {0x0080, 0x009F}, {0x00AD, 0x00AD}, {0x034F, 0x034F}, {0x061C, 0x061C},
    {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180E, 0x180E}, {0x200B, 0x200F},
    {0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164}, {0xFDD0, 0xFDEF},
    {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0xE0000, 0xE0FFF},
};

/* Combining marks: the blocks, not the whole property; enough to align a table. */
static const struct range zero_width[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A},
    {0x064B, 0x065F}, {0x0900, 0x0902}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A},
    {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F},
};

/* East Asian wide and emoji blocks (Unicode 15, EastAsianWidth W and F, coarse). */
static const struct range wide[] = {
    {0x1100, 0x115F}, {0x231A, 0x231B}, {0x2E80, 0x303E}, {0x3041, 0x33FF},
    {0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xA000, 0xA4CF}, {0xA960, 0xA97F},
    {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE30, 0xFE6F}, {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF},
    {0x20000, 0x3FFFD},
};
/* clang-format on */

#define IN(cp, table) in_ranges((cp), (table), sizeof(table) / sizeof *(table))

size_t utf8_columns(struct str s)
{
    size_t columns = 0;
    while (s.n) {
        uint32_t cp = 0xFFFD;
        size_t n = utf8_decode(s, &cp);
        s = str_sub(s, n ? n : 1, s.n);
        if (cp < 0x300)
            columns++;
        else if (IN(cp, wide))
            columns += 2;
        else
            columns += !IN(cp, zero_width);
    }
    return columns;
}

static void vis_point(struct buf *out, uint32_t cp)
{
    if (cp < 0x20)
        buf_point(out, 0x2400 + cp);
    else if (cp == 0x7F)
        buf_point(out, 0x2421);
    else if ((cp & 0xFFFE) == 0xFFFE || IN(cp, hidden))
        buf_fmt(out, "<U+%04X>", cp);
    else
        buf_point(out, cp);
}

size_t utf8_plain(struct str s, bool lines)
{
    size_t i = 0;
    for (size_t n = LANES; i < s.n; i += n) {
        n = s.n - i < LANES ? s.n - i : LANES;
        lanes v = n < LANES ? lanes_few(s.p + i, n) : lanes_at(s.p + i);
        lanes odd = (v < ' ') | (v == 0x7F);
        if (lanes_any(lines ? odd & (v != '\n') : odd))
            break;
    }
    while (i < s.n && ((s.p[i] >= ' ' && s.p[i] < 0x7F) || (lines && s.p[i] == '\n')))
        i++;
    return i;
}

static void vis(struct buf *out, struct str s, bool keep_lines)
{
    while (s.n) {
        size_t plain = utf8_plain(s, keep_lines);
        buf_str(out, str_sub(s, 0, plain));
        s = str_sub(s, plain, s.n);
        if (!s.n)
            break;
        uint32_t cp = 0xFFFD;
        size_t n = utf8_decode(s, &cp);
        if (keep_lines && cp == '\n')
            buf_c(out, '\n');
        else if (!keep_lines || cp != '\r' || s.n < 2 || s.p[1] != '\n')
            vis_point(out, cp);
        s = str_sub(s, n ? n : 1, s.n);
    }
}

void utf8_vis(struct buf *out, struct str s)
{
    vis(out, s, false);
}

void utf8_vis_lines(struct buf *out, struct str s)
{
    vis(out, s, true);
}

struct str utf8_visible(struct arena *a, struct str s)
{
    if (utf8_plain(s, false) == s.n)
        return s;
    struct buf out = BUF_INIT;
    utf8_vis(&out, s);
    struct str seen = buf_dup(a, &out);
    buf_free(&out);
    return seen;
}
