/* Sixteen bytes of a text, looked at together: compare them as one would a byte, join
 * what comes of it with | and &, and ask whether anything is there. What is beyond ASCII
 * is below zero. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef signed char lanes __attribute__((vector_size(16)));
enum { LANES = sizeof(lanes) };

static inline lanes lanes_at(const char *p)
{
    lanes v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Fewer bytes than sixteen, 1 at least: each of them, some more than once, in no order.
 * Only what stands there is read. */
static inline lanes lanes_few(const char *p, size_t n)
{
    lanes v;
    uint64_t half[2];
    if (n >= sizeof half[0]) {
        memcpy(&half[0], p, sizeof half[0]);
        memcpy(&half[1], p + n - sizeof half[1], sizeof half[1]);
    } else if (n >= sizeof(uint32_t)) {
        uint32_t ends[2];
        memcpy(&ends[0], p, sizeof ends[0]);
        memcpy(&ends[1], p + n - sizeof ends[1], sizeof ends[1]);
        half[0] = half[1] = ends[0] | (uint64_t)ends[1] << 32;
    } else {
        const unsigned char *u = (const unsigned char *)p;
        half[0] = half[1] =
            UINT64_C(0x0101010101010000) * u[0] | (uint64_t)u[n / 2] << 8 | u[n - 1];
    }
    memcpy(&v, half, sizeof v);
    return v;
}

static inline bool lanes_any(lanes found)
{
    uint64_t half[2];
    memcpy(half, &found, sizeof half);
    return half[0] | half[1];
}
