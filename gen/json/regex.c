/* Regular expressions by PCRE2: the only file that includes pcre2.h. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "json/regex.h"

#include "base/arena.h"
#include "base/buf.h"

#include <pcre2.h>

struct regex {
    pcre2_code *code;
    bool whole;
};

struct regex_scratch {
    struct arena *a; /* the compiled last, below, and this struct */
    pcre2_match_data *data;
    pcre2_match_context *limits;
    struct arena *last_arena;
    const struct regex *last;
    struct str last_pattern; /* p NULL when there is none */
    bool last_whole;
};

static void *take(size_t n, void *a)
{
    return arena_alloc(a, n);
}

/* What PCRE2 took from an arena goes with the arena. */
static void leave(void *p, void *a)
{
    (void)p, (void)a;
}

const struct regex *regex_new(struct arena *a, struct str pattern, bool whole,
                              struct iregexp_fault *fault)
{
    const struct regex *re = NULL;
    struct buf pcre = BUF_INIT;
    buf_z(&pcre, whole ? "\\A(?:" : "");
    if (!iregexp_check(pattern, &pcre, fault))
        goto done;
    buf_z(&pcre, whole ? ")\\z" : "");
    pcre2_general_context *in_arena = pcre2_general_context_create(take, leave, a);
    pcre2_compile_context *how = pcre2_compile_context_create(in_arena);
    int error;
    size_t at;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pcre.p, pcre.n,
                                     PCRE2_UTF | PCRE2_UCP | PCRE2_NO_AUTO_CAPTURE |
                                         PCRE2_DOLLAR_ENDONLY,
                                     &error, &at, how);
    if (!code) {
        /* The grammar was right, so what is left is size: (a{9999}){9999}. */
        *fault = (struct iregexp_fault){0, "the pattern's repeats make it too large"};
        goto done;
    }
    struct regex *made = ARENA_NEW(a, struct regex);
    made->code = code;
    made->whole = whole;
    re = made;
done:
    buf_free(&pcre);
    return re;
}

static struct regex_scratch *scratch_of(struct regex_scratch **scratch)
{
    if (!*scratch) {
        struct arena *a = arena_new();
        *scratch = ARENA_NEW(a, struct regex_scratch);
        (*scratch)->a = a;
    }
    return *scratch;
}

void regex_scratch_free(struct regex_scratch *s)
{
    if (!s)
        return;
    pcre2_match_data_free(s->data);
    pcre2_match_context_free(s->limits);
    arena_free(s->last_arena);
    arena_free(s->a);
}

/* One try with a limit of steps for each place of the text where a match may start. */
static int try(struct regex_scratch *s, const struct regex *re, struct str subject,
               uint32_t steps)
{
    pcre2_set_match_limit(s->limits, steps);
    pcre2_set_depth_limit(s->limits, steps);
    return pcre2_match(re->code, (PCRE2_SPTR)(subject.n ? subject.p : ""), subject.n, 0,
                       0, s->data, s->limits);
}

static bool spend(size_t *budget, size_t cost)
{
    bool enough = *budget >= cost;
    *budget = enough ? *budget - cost : 0;
    return enough;
}

enum regex_result regex_run(const struct regex *re, struct regex_scratch **scratch,
                            struct str subject, size_t *budget)
{
    struct regex_scratch *s = scratch_of(scratch);
    /* Match data grow with what a match needs, so malloc holds them and not the arena. */
    if (!s->data)
        s->data = pcre2_match_data_create(1, NULL);
    if (!s->limits) {
        s->limits = pcre2_match_context_create(NULL);
        if (s->limits)
            pcre2_set_heap_limit(s->limits, REGEX_HEAP_LIMIT_KB);
    }
    /* PCRE2 counts the steps anew at each place where a match may start. */
    size_t places = re->whole ? 1 : subject.n + 1;
    if (!s->data || !s->limits || !spend(budget, 10 + subject.n / 64 + places / 4))
        return REGEX_CUT;
    int rc = try(s, re, subject, REGEX_FEW_STEPS);
    if ((rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT) &&
        spend(budget, 10000 + places * 25))
        rc = try(s, re, subject, REGEX_MOST_STEPS);
    if (rc >= 0)
        return REGEX_YES;
    bool is_utf8 = rc > PCRE2_ERROR_UTF8_ERR1 || rc < PCRE2_ERROR_UTF8_ERR21;
    return rc == PCRE2_ERROR_NOMATCH || !is_utf8 ? REGEX_NO : REGEX_CUT;
}

enum regex_result regex_run_text(struct str pattern, bool whole,
                                 struct regex_scratch **scratch, struct str subject,
                                 size_t *budget)
{
    struct regex_scratch *s = scratch_of(scratch);
    if (!s->last_pattern.p || s->last_whole != whole ||
        !str_eq(s->last_pattern, pattern)) {
        if (!spend(budget, 100 + pattern.n))
            return REGEX_CUT;
        arena_free(s->last_arena);
        s->last_arena = arena_new();
        struct iregexp_fault fault;
        s->last = regex_new(s->last_arena, pattern, whole, &fault);
        s->last_pattern = str_dup(s->last_arena, pattern);
        s->last_whole = whole;
    }
    return s->last ? regex_run(s->last, scratch, subject, budget) : REGEX_NO;
}
