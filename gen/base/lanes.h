/* Sixteen bytes of a text, looked at together: compare them as one would a byte, join
 * what comes of it with | and &, and ask whether anything is there. What is beyond ASCII
 * is below zero. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef signed char lanes __attribute__((vector_size(16)));

static inline lanes lanes_at(const char *p)
{
    lanes v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline bool lanes_any(lanes found)
{
    uint64_t half[2];
    memcpy(half, &found, sizeof half);
    return half[0] | half[1];
}
