/* The tables of risky actions. */
#pragma once
#include "iam/risk.h"

/* A path: members are joined by spaces, alternatives of one member by |. */
struct risk_path {
    const char *id, *members;
    const char *passed_to; /* service that takes the passed role; NULL: no PassRole */
    bool needs_target, by_analogy;
    const char *what;
};
const struct risk_path *risk_paths(size_t *n);

/* Single actions or patterns of a kind, in "service:Name" form, NULL at the end. */
const char *const *risk_list(enum risk_kind kind);
