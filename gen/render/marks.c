/* What pages share: how results are shown, what the pages are called. */
#include "render/marks.h"

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
        return str_fmt(a, "%u failed, %u unknown", fails, open);
    if (fails)
        return str_fmt(a, "%u failed", fails);
    if (open)
        return str_fmt(a, "%u unknown", open);
    if (c->pass)
        return str_fmt(a, "%u passed", c->pass);
    if (c->waived || c->known)
        return str_fmt(a, "%u accepted", c->waived + c->known);
    return c->manual  ? STR("needs a person")
           : c->total ? STR("not applicable")
                      : STR("not tested");
}

struct str page_of_account(struct arena *a, const struct report_account *account)
{
    return str_fmt(a, "account-%s.html", junit_word(a, account->id).p);
}

struct str page_of_subject(struct arena *a, const struct report_subject *s)
{
    return s->home ? page_of_account(a, s->home) : STR("report.html");
}
