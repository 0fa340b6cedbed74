/* What pages share: how results are shown, what the pages are called. */
#include "render/marks.h"

#include "model/model.h"
#include "render/junit.h"

const char *mark_of(const struct report_counts *c)
{
    if (c->fail > c->waived + c->known)
        return "fail";
    if (c->unknown || c->error)
        return "unknown";
    return c->judged ? "pass" : "none";
}

struct str mark_words(struct arena *a, const struct report_counts *c)
{
    uint32_t fails = c->fail - c->waived - c->known, open = c->unknown + c->error;
    if (fails && open)
        return STR_CAT(a, str_uint(a, fails), STR(" failed, "), str_uint(a, open),
                       STR(" unknown"));
    if (fails)
        return STR_CAT(a, str_uint(a, fails), STR(" failed"));
    if (open)
        return STR_CAT(a, str_uint(a, open), STR(" unknown"));
    if (c->pass)
        return STR_CAT(a, str_uint(a, c->pass), STR(" passed"));
    if (c->waived || c->known)
        return str_fmt(a, "%u accepted", c->waived + c->known);
    return c->manual  ? STR("needs a person")
           : c->total ? STR("not applicable")
                      : STR("not tested");
}

struct str mark_type(struct str type)
{
    size_t n;
    const struct subject_type *rows = subject_type_rows(&n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(type, str_from(rows[i].name)))
            return str_from(rows[i].title);
    return type;
}

struct str page_of_control(struct arena *a, const struct report_control *control)
{
    return STR_CAT(a, STR("control-"), junit_word(a, control->id), STR(".html"));
}

struct str page_of_account(struct arena *a, const struct report_account *account)
{
    return STR_CAT(a, STR("account-"), junit_word(a, account->id), STR(".html"));
}

struct str page_of_subject(struct arena *a, const struct report_subject *s)
{
    return s->home ? page_of_account(a, s->home) : STR("report.html");
}
