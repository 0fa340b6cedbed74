/* What a pass says of a resource, from the check's words. */
#include "catalog/pass.h"

enum { PARTS = 9 };

static const struct str *member(const struct pass_names *of, struct str name)
{
    if (str_eq(name, STR("name")))
        return &of->name;
    if (str_eq(name, STR("account")))
        return &of->account;
    if (str_eq(name, STR("region")))
        return &of->region;
    return str_eq(name, STR("arn")) ? &of->arn : NULL;
}

/* Literal texts and members by turns; 0: words name something else, or too much. */
static size_t split(struct str words, const struct pass_names *of,
                    struct str parts[static PARTS])
{
    size_t n = 0, at;
    while ((at = str_find(words, STR("{{"))) != (size_t)-1) {
        size_t end = str_find(words, STR("}}"));
        const struct str *value =
            end == (size_t)-1 ? NULL : member(of, str_sub(words, at + 2, end));
        if (!value || n + 2 >= PARTS)
            return 0;
        parts[n++] = str_sub(words, 0, at);
        parts[n++] = *value;
        words = str_sub(words, end + 2, words.n);
    }
    parts[n++] = words;
    return n;
}

bool pass_is_plain(struct str words)
{
    struct str parts[PARTS], none = STR("");
    return words.n && split(words, &(struct pass_names){none, none, none, none}, parts);
}

struct str pass_says(struct arena *a, struct str words, const struct pass_names *of)
{
    struct str parts[PARTS];
    size_t n = split(words, of, parts);
    return n ? str_cat(a, parts, n) : STR("");
}
