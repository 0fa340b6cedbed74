/* Sets of small numbers: a bit for each, in words. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The words of a set of numbers below n. */
static inline size_t bits_words(size_t n)
{
    return (n + 63) / 64;
}

static inline void bits_set(uint64_t *words, size_t number)
{
    words[number / 64] |= UINT64_C(1) << (number % 64);
}

static inline bool bits_has(const uint64_t *words, size_t number)
{
    return words[number / 64] >> (number % 64) & 1;
}
